/* SPDX-License-Identifier: 0BSD */
/* Times, side by side: in each round every variant runs once, in an order that turns from round to
 * round, and what is compared is the two times of one round. */
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
