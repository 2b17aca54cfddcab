/* SPDX-License-Identifier: 0BSD */
/* How well a deadline is kept. */
#ifndef BENCH_DEADLINE_H
#define BENCH_DEADLINE_H

#include "measure.h"

enum { DEADLINE_MILLISECONDS = 10, TRICKLE_LIMIT_MILLISECONDS = 40 };

/* By how many nanoseconds a receive that nobody answers ends after its 10 ms: vetsock, and ppoll
 * called by hand. */
struct lateness {
	struct spread late;
	double least, most;
};

/* 64 bytes wanted within 40 ms from a peer that sends one every 8 ms. */
struct trickle {
	double milliseconds;
	size_t arrived;
};

/* Both 0 or a negative error. */
int measure_lateness(int rounds, struct lateness *vetsock, struct lateness *raw);
int measure_trickle(struct trickle *vetsock, struct trickle *rcvtimeo);

#endif
