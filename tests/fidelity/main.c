/* SPDX-License-Identifier: 0BSD */
/* fidelity: random programs of calls, run on the kernel and then on the simulator, which must do
 * the same. */
#include "command.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <vetsock/error.h>

static const char usage[] =
	"Usage: fidelity [OPTION...]\n"
	"\n"
	"  --seed N          of the random programs (1)\n"
	"  --programs N      how many (20000)\n"
	"  --shard I/N       of each N the Ith alone\n"
	"  --steps N         calls of a program, about (24)\n"
	"  --program TEXT    this program alone, as a table; - reads programs, one a line\n"
	"  --file FILE       its programs, one a line\n"
	"  --slow FILE       likewise, all at once: for those that wait\n"
	"  --kernel-only     the kernel twice, and nobody follows\n"
	"  --histogram       what the kernel answered, and the catalogue beside it\n"
	"  --stop-after N    kinds of differences (20)\n"
	"  --verbose         print programs that the kernel does not run twice the same\n"
	"\n"
	"Exit status: 0 no unexplained difference, 1 some, 2 wrong usage or it could not run, 77 --slow without a\n"
	"network of its own.\n";

enum {
	SEED = 1,
	PROGRAMS,
	SHARD,
	STEPS_OF,
	PROGRAM,
	PROGRAM_FILE,
	SLOW_FILE,
	KERNEL_ONLY,
	HISTOGRAM,
	STOP_AFTER,
	VERBOSE,
	HELP
};

static const struct option options[] = {
	{ "seed", required_argument, NULL, SEED },
	{ "programs", required_argument, NULL, PROGRAMS },
	{ "shard", required_argument, NULL, SHARD },
	{ "steps", required_argument, NULL, STEPS_OF },
	{ "program", required_argument, NULL, PROGRAM },
	{ "file", required_argument, NULL, PROGRAM_FILE },
	{ "slow", required_argument, NULL, SLOW_FILE },
	{ "kernel-only", no_argument, NULL, KERNEL_ONLY },
	{ "histogram", no_argument, NULL, HISTOGRAM },
	{ "stop-after", required_argument, NULL, STOP_AFTER },
	{ "verbose", no_argument, NULL, VERBOSE },
	{ "help", no_argument, NULL, HELP },
	{ NULL, 0, NULL, 0 },
};

static bool number(const char *text, uint64_t least, uint64_t most, uint64_t *found)
{
	char *end;
	errno = 0;
	*found = strtoull(text, &end, 10);
	return errno == 0 && end != text && *end == '\0' && text[0] != '-' && *found >= least &&
	       *found <= most;
}

static bool shard(const char *text, struct command *command)
{
	char first[24];
	const char *slash = strchr(text, '/');
	size_t size = slash == NULL ? sizeof(first) : (size_t)(slash - text);
	if (size >= sizeof(first))
		return false;
	memcpy(first, text, size);
	first[size] = '\0';
	return number(slash + 1, 1, 1000000, &command->shards) &&
	       number(first, 1, command->shards, &command->shard);
}

static bool option(int chosen, struct command *command)
{
	switch (chosen) {
	case SEED:
		return number(optarg, 0, UINT64_MAX, &command->seed);
	case PROGRAMS:
		return number(optarg, 1, UINT64_MAX, &command->programs);
	case STEPS_OF:
		return number(optarg, 1, STEPS, &command->steps);
	case STOP_AFTER:
		return number(optarg, 1, KINDS, &command->stop_after);
	case SHARD:
		return shard(optarg, command);
	case PROGRAM:
		command->text = optarg;
		return true;
	case PROGRAM_FILE:
		command->file = optarg;
		return true;
	case SLOW_FILE:
		command->slow = optarg;
		return true;
	case KERNEL_ONLY:
		command->kernel_only = true;
		return true;
	case HISTOGRAM:
		command->histogram = true;
		return true;
	case VERBOSE:
		command->verbose = true;
		return true;
	default:
		return false;
	}
}

enum { SLOW = 100 };

int main(int argc, char **argv)
{
	struct command command = {
		.seed = 1,
		.programs = 20000,
		.shard = 1,
		.shards = 1,
		.steps = 24,
		.stop_after = 20,
	};
	int chosen, result;
	while ((chosen = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (chosen == HELP) {
			fputs(usage, stdout);
			return 0;
		}
		if (!option(chosen, &command)) {
			fputs(usage, stderr);
			return 2;
		}
	}
	if (optind < argc) {
		fputs(usage, stderr);
		return 2;
	}
	if (getenv("VETSOCK_SLOW") != NULL && command.programs > SLOW) {
		printf("VETSOCK_SLOW: one program of %d\n", SLOW);
		command.programs /= SLOW;
	}
	result = command_run(&command);
	if (result < 0) {
		fprintf(stderr, "fidelity: %s\n", vet_error_message(result));
		return 2;
	}
	return result;
}
