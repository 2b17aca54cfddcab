/* SPDX-License-Identifier: 0BSD */
/* For people: a line a case, and more where something did not hold. */
#include "report.h"

#include <stdio.h>
#include <string.h>

enum { AGAIN_SIZE = 384 };

static bool same_group(const struct outcome *a, const struct outcome *b)
{
	size_t length = strcspn(a->one->id, "/");

	return strncmp(a->one->id, b->one->id, length + 1) == 0;
}

static void begin(const struct run *run)
{
	printf("%zu conformance cases on %s\n", run->count, run->on);
}

static void finish_one(const struct run *run, const struct outcome *outcome)
{
	const struct conformance_case *one = outcome->one;
	char again[AGAIN_SIZE];

	if (outcome == run->outcomes || !same_group(outcome - 1, outcome))
		putchar('\n');
	printf("%-8s  %-4s  %-34s  %s\n",
	       outcome_failed(outcome) ? "FAILED" : outcome_verdict(outcome), case_level(one),
	       one->id, one->what);
	if (outcome->result.verdict != CONFORMANCE_FAILED)
		return;
	again_text(run, one, again, sizeof(again));
	printf("          %s\n"
	       "          said in: %s\n"
	       "          again:   %s\n",
	       outcome->result.message, one->clause, again);
}

/* The cases of one verdict, with what they have to say. */
static void remarks(const struct run *run, const char *title, const char *verdict)
{
	bool first = true;

	for (size_t i = 0; i < run->finished; i++) {
		const struct outcome *o = &run->outcomes[i];

		if (o->result.message[0] == '\0' || strcmp(outcome_verdict(o), verdict) != 0)
			continue;
		if (first)
			printf("%s:\n", title);
		first = false;
		printf("  %-34s  %s\n", o->one->id, o->result.message);
	}
}

/* All that held over one family alone did so for one reason. */
static void remark_on_held(const struct run *run)
{
	const struct outcome *first = NULL;
	size_t count = 0;

	for (size_t i = 0; i < run->finished; i++) {
		const struct outcome *o = &run->outcomes[i];

		if (o->result.verdict != CONFORMANCE_HELD || o->result.message[0] == '\0')
			continue;
		first = first == NULL ? o : first;
		count++;
	}
	if (first != NULL)
		printf("%zu of them %s\n", count, first->result.message);
}

static void end(const struct run *run)
{
	printf("\non %s: %zu held, %zu failed, %zu skipped", run->on, run->held, run->failed,
	       run->skipped);
	if (run->not_held > 0)
		printf(", %zu not held (may)", run->not_held);
	printf(" (%.2f s)\n", run->seconds);
	remark_on_held(run);
	remarks(run, "failed", "failed");
	remarks(run, "not held, and need not", "not held");
	remarks(run, "skipped", "skipped");
}

static void list(const struct run *run)
{
	for (size_t i = 0; i < run->count; i++) {
		const struct conformance_case *one = run->outcomes[i].one;

		printf("%-4s  %-34s  %s [%s]\n", case_level(one), one->id, one->what, one->clause);
	}
}

const struct report report_table = { "table", begin, finish_one, end, list };
