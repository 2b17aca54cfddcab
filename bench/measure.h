/* SPDX-License-Identifier: 0BSD */
/*
 * Times, side by side.  In each round every variant runs for a slice of some milliseconds, in turns,
 * eight times over; the least of its times counts, because whatever else the machine does can only
 * add.  What is compared is the times of one round.
 */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stdint.h>

#include "cases.h"

enum { MOST_ROUNDS = 1001 };

/* Of many values: the middle one, and those between which the middle half lies. */
struct spread {
	double low, median, high;
};

struct comparison {
	struct spread raw;      /* nanoseconds of one operation */
	struct spread vetsock;  /* vetsock / raw */
	struct spread noise;    /* raw once more / raw */
	struct spread blocking; /* raw calls on blocking descriptors / raw */
};

/* Sorts the values. */
struct spread spread_of(double *values, int count);

int64_t clock_nanoseconds(void);

/* 0 or a negative error. */
int measure(const struct bench_case *c, int rounds, struct comparison *result);

#endif
