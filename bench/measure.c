/* SPDX-License-Identifier: 0BSD */
#define _GNU_SOURCE

#include "measure.h"

#include <stdlib.h>
#include <time.h>

enum { TESTED, REFERENCE, AGAIN, BLOCKED, RUNS };

enum { SLICES = 8 };

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

/* The time of one operation; `count` are done. */
static int time_slice(const struct bench_case *c, struct fixture *f, double *nanoseconds)
{
	int64_t start = clock_nanoseconds();
	int error = bench_case_run(c, f, c->count);
	*nanoseconds = (double)(clock_nanoseconds() - start) / c->count;
	return error;
}

/* The least times of a round; the first slice of each warms it up and does not count. */
static int run_slices(const struct bench_case *c, struct fixture *fixtures, double *least)
{
	int error = 0;
	for (int i = 0; i < RUNS * (1 + SLICES) && error == 0; i++) {
		int run = (i + i / RUNS) % RUNS;
		double time;
		error = time_slice(c, &fixtures[run], &time);
		if (i < 2 * RUNS || time < least[run])
			least[run] = time;
	}
	return error;
}

static int time_round(const struct bench_case *c, double *least)
{
	struct fixture fixtures[RUNS];
	int opened = 0, error = 0;
	while (opened < RUNS && error == 0) {
		error = fixture_open(&fixtures[opened], c->kind, runs[opened], 0);
		opened += error == 0;
	}
	if (error == 0)
		error = run_slices(c, fixtures, least);
	while (opened > 0)
		fixture_close(&fixtures[--opened]);
	return error;
}

int measure(const struct bench_case *c, int rounds, struct comparison *result)
{
	static double times[RUNS][MOST_ROUNDS];
	for (int round = 0; round < rounds; round++) {
		double least[RUNS];
		int error = time_round(c, least);
		if (error < 0)
			return error;
		for (int run = 0; run < RUNS; run++)
			times[run][round] = least[run] / (run == REFERENCE ? 1 : least[REFERENCE]);
	}
	result->raw = spread_of(times[REFERENCE], rounds);
	result->vetsock = spread_of(times[TESTED], rounds);
	result->noise = spread_of(times[AGAIN], rounds);
	result->blocking = spread_of(times[BLOCKED], rounds);
	return 0;
}
