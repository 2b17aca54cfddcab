/* SPDX-License-Identifier: 0BSD */
/* A bar on a terminal, for what takes longer than a second. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

struct progress {
	bool possible; /* stderr is a terminal */
	bool drawn;
	double start;
	size_t count;
};

void progress_begin(struct progress *progress, size_t count);
/* Draws `done` of the count and a name, if it is time for that. */
void progress_show(struct progress *progress, size_t done, const char *name);
/* Takes the bar away, so that lines can be printed. */
void progress_clear(struct progress *progress);

#endif
