/* SPDX-License-Identifier: 0BSD */
/* The operations that are compared, each written with vetsock and with raw calls. */
#ifndef BENCH_CASES_H
#define BENCH_CASES_H

#include "fixture.h"

struct bench_case {
	const char *name;
	const char *operation; /* what is counted as one */
	enum fixture_kind kind;
	int count;    /* operations of one slice: some milliseconds */
	int multiple; /* counts are multiples of this */
	/* Calls that the case itself makes for each operation, in all variants alike. */
	double own_calls;
	/* Do `count` operations: 0 or a negative error. */
	int (*vetsock)(struct fixture *f, long count);
	int (*raw)(struct fixture *f, long count);
};

/* Ends with a case without name. */
extern const struct bench_case bench_cases[];

const struct bench_case *bench_case_find(const char *name);

/* The operations of a case, in the way of the fixture's variant. */
int bench_case_run(const struct bench_case *c, struct fixture *f, long count);

#endif
