/* SPDX-License-Identifier: 0BSD */
/* Programs that wait for the kernel's slow timers, all at once. */
#ifndef FIDELITY_SLOW_H
#define FIDELITY_SLOW_H

#include <stdio.h>

#include "follow.h"

enum { SLOW_PROGRAMS = 1000 };

struct slow {
	uint32_t count;
	int64_t longest;              /* milliseconds that one of them waits at most */
	uint32_t line[SLOW_PROGRAMS]; /* where it stood */
	struct program program[SLOW_PROGRAMS];
};

/* One a line; empty lines and those that begin with # are none.  0, or -EINVAL and it was said. */
int slow_read(struct slow *slow, FILE *in);

/* Each twice on the kernel, all at once, then on the simulator, and those that differ up to twice more;
 * prints what still does.  0, or minus an
 * errno: it could not be run. */
int slow_run(struct place_to_run *kernel, struct place_to_run *simulator, const struct slow *slow,
	     struct tally *tally, bool shows_progress);

#endif
