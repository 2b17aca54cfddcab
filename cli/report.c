/* SPDX-License-Identifier: 0BSD */
#include "report.h"

#include <stdio.h>
#include <string.h>

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

static bool is_plain(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_-./+:@%,=";

	return text[0] != '\0' && text[strspn(text, plain)] == '\0';
}

/* In single quotes a shell takes everything as it is, but the single quote (POSIX 2.2.2). */
static void quote(const char *text, char *quoted, size_t size)
{
	size_t used = 0;

	if (is_plain(text)) {
		(void)snprintf(quoted, size, "%s", text);
		return;
	}
	quoted[used++] = '\'';
	for (; *text != '\0' && used + 6 < size; text++) {
		const char *piece = *text == '\'' ? "'\\''" : (char[]){ *text, '\0' };

		memcpy(quoted + used, piece, strlen(piece));
		used += strlen(piece);
	}
	quoted[used++] = '\'';
	quoted[used] = '\0';
}

void again_text(const struct run *run, const struct conformance_case *one, char *text, size_t size)
{
	char on[256];

	quote(run->on, on, sizeof(on));
	(void)snprintf(text, size, "vetsock conform --on %s --case %s", on, one->id);
}
