/* SPDX-License-Identifier: 0BSD */
/* The forms in which a run of conformance cases is told: one table of functions each. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "conformance.h"

struct outcome {
	const struct conformance_case *one;
	struct conformance_result result;
	double seconds;
};

/* What came of the cases that ran so far. */
struct run {
	const char *on;
	struct outcome *outcomes;
	size_t count;    /* of the cases that were chosen */
	size_t finished; /* so far */
	size_t held, failed, not_held, skipped;
	double seconds;
};

struct report {
	const char *name;
	/* Each is called in its turn; NULL: nothing to say then. */
	void (*begin)(const struct run *run);
	void (*finish_one)(const struct run *run, const struct outcome *outcome);
	void (*end)(const struct run *run);
	/* Tells the cases without running them; NULL: this form has no way to. */
	void (*list)(const struct run *run);
};

extern const struct report report_table, report_tap, report_junit, report_json;

/* "held", "failed", "not held" (a may that failed) or "skipped". */
const char *outcome_verdict(const struct outcome *outcome);
bool outcome_failed(const struct outcome *outcome); /* a must that failed */
const char *case_level(const struct conformance_case *one);
/* The command that runs one case again, quoted for a shell. */
void again_text(const struct run *run, const struct conformance_case *one, char *text, size_t size);

#endif
