/* SPDX-License-Identifier: 0BSD */
/* What the parts of the `vetsock` command have in common. */
#ifndef CLI_H
#define CLI_H

#include <stddef.h>

#include <vetsock/catalogue.h>

/* The exit status of every subcommand. */
enum {
	CLI_HELD = 0,  /* all held */
	CLI_BROKE = 1, /* something did not */
	CLI_USAGE = 2, /* the command line is wrong */
};

/* `vetsock catalogue`; argv[0] is "vetsock catalogue". */
int cli_catalogue(int argc, const char **argv);

/* `vetsock conform`; argv[0] is "vetsock conform". */
int cli_conform(int argc, const char **argv);

/* `vetsock explore`; argv[0] is "vetsock explore". */
int cli_explore(int argc, const char **argv);

/* `vetsock sim`; argv[0] is "vetsock sim". */
int cli_simulate(int argc, const char **argv);

extern const char *cli_program; /* the command's own name, as it was typed */

/* What a row of the catalogue gives, as a plan writes it: "EINTR", "short:N".  Returns text. */
enum { CLI_LAWFUL_SIZE = 64 };
const char *cli_lawful_text(const struct vet_lawful *row, char text[CLI_LAWFUL_SIZE]);

/* The name that is most like a mistyped one; NULL if none is near. */
const char *cli_nearest(const char *typed, const char *const *names, size_t count);

#endif
