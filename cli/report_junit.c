/* SPDX-License-Identifier: 0BSD */
/* JUnit's XML, as continuous integration reads it. */
#include "report.h"

#include <stdio.h>
#include <string.h>

enum { AGAIN_SIZE = 384 };

static const char *entity(char c)
{
	switch (c) {
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '&':
		return "&amp;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

/* The document says that it is ASCII, and what XML 1.0 does not allow at all becomes a question
 * mark: all this is for people to read. */
static void print_escaped(const char *text)
{
	for (; *text != '\0'; text++) {
		const char *name = entity(*text);
		unsigned char byte = (unsigned char)*text;

		if (name != NULL)
			fputs(name, stdout);
		else
			putchar(byte < 0x20 || byte > 0x7e ? '?' : byte);
	}
}

static void print_attribute(const char *name, const char *value)
{
	printf(" %s=\"", name);
	print_escaped(value);
	putchar('"');
}

static void print_failure(const struct run *run, const struct outcome *outcome)
{
	char again[AGAIN_SIZE];

	again_text(run, outcome->one, again, sizeof(again));
	fputs("    <failure", stdout);
	print_attribute("message", outcome->result.message);
	putchar('>');
	print_escaped(outcome->one->what);
	fputs("\nsaid in: ", stdout);
	print_escaped(outcome->one->clause);
	fputs("\nagain: ", stdout);
	print_escaped(again);
	puts("</failure>");
}

/* JUnit knows no "may": what need not hold and does not is told as skipped, with its message. */
static void print_case(const struct run *run, const struct outcome *outcome)
{
	const char *id = outcome->one->id;
	size_t length = strcspn(id, "/");
	char group[64];

	(void)snprintf(group, sizeof(group), "%.*s", (int)length, id);
	fputs("  <testcase", stdout);
	print_attribute("classname", group);
	print_attribute("name", id + length + (id[length] == '/'));
	printf(" time=\"%.6f\">\n", outcome->seconds);
	if (outcome_failed(outcome)) {
		print_failure(run, outcome);
	} else if (outcome->result.verdict != CONFORMANCE_HELD) {
		char message[CONFORMANCE_MESSAGE_SIZE + 16];

		(void)snprintf(message, sizeof(message), "%s: %s", outcome_verdict(outcome),
			       outcome->result.message);
		fputs("    <skipped", stdout);
		print_attribute("message", message);
		puts("/>");
	}
	puts("  </testcase>");
}

static void end(const struct run *run)
{
	char name[256];

	(void)snprintf(name, sizeof(name), "vetsock conform --on %s", run->on);
	puts("<?xml version=\"1.0\" encoding=\"US-ASCII\"?>");
	fputs("<testsuites>\n <testsuite", stdout);
	print_attribute("name", name);
	printf(" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" time=\"%.6f\">\n",
	       run->count, run->failed, run->skipped + run->not_held, run->seconds);
	for (size_t i = 0; i < run->finished; i++)
		print_case(run, &run->outcomes[i]);
	puts(" </testsuite>\n</testsuites>");
}

const struct report report_junit = { "junit", NULL, NULL, end, NULL };
