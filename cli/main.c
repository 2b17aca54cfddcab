/* SPDX-License-Identifier: 0BSD */
/* The `vetsock` command: finds the subcommand and hands over. */
#include "cli.h"
#include "options.h"
#include "parse.h"

#include <stdio.h>
#include <string.h>

#include <vetsock/vetsock.h>

const char *cli_program = "vetsock";

static const struct subcommand {
	const char *name;
	const char *full_name; /* what it is given as argv[0] */
	const char *help;
	int (*run)(int argc, const char **argv);
} subcommands[] = {
	{ "catalogue", "vetsock catalogue", "tell what each system call may lawfully give",
	  cli_catalogue },
	{ "conform", "vetsock conform", "run the conformance cases against a table of system calls",
	  cli_conform },
	{ "explore", "vetsock explore",
	  "run programs under every lawful fault, and tell what breaks", cli_explore },
	{ "options", "vetsock options", "tell the options of sockets, and how they are written",
	  cli_options },
	{ "parse", "vetsock parse",
	  "say what an address, options, an endpoint or a plan is, or where it is wrong",
	  cli_parse },
	{ "sim", "vetsock sim", "run programs on a network in memory, under loss, partitions and crashes",
	  cli_simulate },
};

enum { SUBCOMMANDS = sizeof(subcommands) / sizeof(subcommands[0]) };

static void print_help(FILE *out)
{
	fputs("Usage: vetsock SUBCOMMAND [OPTION...]\n"
	      "       vetsock --help | --version\n"
	      "\n"
	      "Subcommands:\n",
	      out);
	for (size_t i = 0; i < SUBCOMMANDS; i++)
		fprintf(out, "  %-10s %s\n", subcommands[i].name, subcommands[i].help);
	fputs("\n"
	      "vetsock SUBCOMMAND --help tells the options of each.\n"
	      "Exit status: 0 all held, 1 something did not, 2 wrong usage.\n",
	      out);
}

static int unknown(const char *typed)
{
	const char *names[SUBCOMMANDS];
	const char *nearest;

	for (size_t i = 0; i < SUBCOMMANDS; i++)
		names[i] = subcommands[i].name;
	nearest = cli_nearest(typed, names, SUBCOMMANDS);
	fprintf(stderr, "vetsock: there is no subcommand '%s'", typed);
	if (nearest != NULL)
		fprintf(stderr, "; did you mean '%s'?\n", nearest);
	else
		fputs("; vetsock --help lists them\n", stderr);
	return CLI_USAGE;
}

int main(int argc, char **argv)
{
	const char **arguments = (const char **)argv;

	if (argc < 2) {
		print_help(stderr);
		return CLI_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_help(stdout);
		return CLI_HELD;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("vetsock " VETSOCK_VERSION);
		return CLI_HELD;
	}
	cli_program = argv[0];
	for (size_t i = 0; i < SUBCOMMANDS; i++) {
		if (strcmp(argv[1], subcommands[i].name) == 0) {
			arguments[1] = subcommands[i].full_name;
			return subcommands[i].run(argc - 1, arguments + 1);
		}
	}
	return unknown(argv[1]);
}
