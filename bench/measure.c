/* SPDX-License-Identifier: 0BSD */
#define _GNU_SOURCE

#include "measure.h"

#include <stdlib.h>
#include <time.h>

enum { TESTED, REFERENCE, AGAIN, BLOCKED, RUNS };

static const enum variant runs[RUNS] = { VETSOCK, RAW, RAW, BLOCKING };

int64_t clock_nanoseconds(void)
{
	struct timespec now;
	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		abort();
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

struct spread spread_of(double *values, int count)
{
	qsort(values, (size_t)count, sizeof(*values), by_value);
	return (struct spread){ values[count / 4], values[count / 2],
				values[count - 1 - count / 4] };
}

/* The time of one operation.  A tenth of them goes before, unmeasured, to warm everything up. */
static int time_one(const struct bench_case *c, enum variant variant, double *nanoseconds)
{
	struct fixture f;
	long warm_up = (c->count / 10 + c->multiple - 1) / c->multiple * c->multiple;
	int error = fixture_open(&f, c->kind, variant, 0);
	if (error < 0)
		return error;
	error = bench_case_run(c, &f, warm_up);
	int64_t start = clock_nanoseconds();
	if (error == 0)
		error = bench_case_run(c, &f, c->count);
	*nanoseconds = (double)(clock_nanoseconds() - start) / c->count;
	fixture_close(&f);
	return error;
}

int measure(const struct bench_case *c, int rounds, struct comparison *result)
{
	static double times[RUNS][MOST_ROUNDS];
	int error = 0;
	for (int round = 0; round < rounds; round++)
		for (int i = 0; i < RUNS && error == 0; i++) {
			int run = (round + i) % RUNS;
			error = time_one(c, runs[run], &times[run][round]);
		}
	if (error < 0)
		return error;
	for (int run = 0; run < RUNS; run++)
		for (int round = 0; round < rounds && run != REFERENCE; round++)
			times[run][round] /= times[REFERENCE][round];
	result->raw = spread_of(times[REFERENCE], rounds);
	result->vetsock = spread_of(times[TESTED], rounds);
	result->noise = spread_of(times[AGAIN], rounds);
	result->blocking = spread_of(times[BLOCKED], rounds);
	return 0;
}
