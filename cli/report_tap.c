/* SPDX-License-Identifier: 0BSD */
/* Test Anything Protocol, version 13. */
#include "report.h"

#include <stdio.h>

enum { AGAIN_SIZE = 384 };

/* A number sign would begin a directive. */
static void print_description(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '#' || *text == '\\')
			putchar('\\');
		putchar((unsigned char)*text < 0x20 ? ' ' : *text);
	}
}

/* A double-quoted scalar of YAML. */
static void print_yaml(const char *key, const char *text)
{
	printf("  %s: \"", key);
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < 0x20) {
			printf("\\x%02x", (unsigned char)*text);
			continue;
		}
		if (*text == '"' || *text == '\\')
			putchar('\\');
		putchar(*text);
	}
	puts("\"");
}

static void begin(const struct run *run)
{
	printf("TAP version 13\n1..%zu\n", run->count);
}

static void diagnose(const struct run *run, const struct outcome *outcome)
{
	char again[AGAIN_SIZE];

	again_text(run, outcome->one, again, sizeof(again));
	puts("  ---");
	print_yaml("message", outcome->result.message);
	print_yaml("what", outcome->one->what);
	print_yaml("clause", outcome->one->clause);
	print_yaml("again", again);
	puts("  ...");
}

/* What may hold and does not is what TAP calls TODO: told, and not counted as a failure. */
static void finish_one(const struct run *run, const struct outcome *outcome)
{
	bool failed = outcome->result.verdict == CONFORMANCE_FAILED;

	printf("%s %zu - ", failed ? "not ok" : "ok", (size_t)(outcome - run->outcomes) + 1);
	print_description(outcome->one->id);
	if (outcome->result.verdict == CONFORMANCE_SKIPPED) {
		fputs(" # SKIP ", stdout);
		print_description(outcome->result.message);
	} else if (failed && !outcome_failed(outcome)) {
		fputs(" # TODO may hold, need not", stdout);
	}
	putchar('\n');
	if (failed)
		diagnose(run, outcome);
}

const struct report report_tap = { "tap", begin, finish_one, NULL, NULL };
