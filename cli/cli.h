/* SPDX-License-Identifier: 0BSD */
/* What the parts of the `vetsock` command have in common. */
#ifndef CLI_H
#define CLI_H

#include <stddef.h>

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

/* The name that is most like a mistyped one; NULL if none is near. */
const char *cli_nearest(const char *typed, const char *const *names, size_t count);

#endif
