/* SPDX-License-Identifier: 0BSD */
#define _POSIX_C_SOURCE 200809L /* fmemopen */

#include "report.h"

#include <stdio.h>

#include "text.h"

bool outcome_failed(const struct outcome *outcome)
{
	return outcome->result.verdict == CONFORMANCE_FAILED &&
	       outcome->one->level == CONFORMANCE_MUST;
}

const char *outcome_verdict(const struct outcome *outcome)
{
	switch (outcome->result.verdict) {
	case CONFORMANCE_HELD:
		return "held";
	case CONFORMANCE_SKIPPED:
		return "skipped";
	case CONFORMANCE_FAILED:
		break;
	}
	return outcome_failed(outcome) ? "failed" : "not held";
}

const char *case_level(const struct conformance_case *one)
{
	return one->level == CONFORMANCE_MUST ? "must" : "may";
}

void again_text(const struct run *run, const struct conformance_case *one, char *text, size_t size)
{
	FILE *out = fmemopen(text, size, "w");

	text[0] = '\0';
	if (out == NULL)
		return;
	fputs("vetsock conform --on ", out);
	cli_put_word(out, run->on);
	fprintf(out, " --case %s", one->id);
	(void)fclose(out);
	text[size - 1] = '\0';
}
