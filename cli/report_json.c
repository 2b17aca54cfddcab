/* SPDX-License-Identifier: 0BSD */
/* One JSON object. */
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

enum { AGAIN_SIZE = 384, TEXT_SIZE = 512 };

/* A path may be no UTF-8, which JSON must be (RFC 8259 8.1). */
static json_t *text_of(const char *text)
{
	json_t *value = json_string(text);
	char safe[TEXT_SIZE];
	size_t i = 0;

	if (value != NULL)
		return value;
	for (; text[i] != '\0' && i + 1 < sizeof(safe); i++)
		safe[i] = (unsigned char)text[i] > 0x7e ? '?' : text[i];
	safe[i] = '\0';
	return json_string(safe);
}

static json_t *case_object(const struct conformance_case *one)
{
	return json_pack("{s:s, s:s, s:s, s:s}", "id", one->id, "level", case_level(one), "what",
			 one->what, "clause", one->clause);
}

static json_t *outcome_object(const struct run *run, const struct outcome *outcome)
{
	json_t *object = case_object(outcome->one);
	char again[AGAIN_SIZE];

	again_text(run, outcome->one, again, sizeof(again));
	(void)json_object_set_new(object, "verdict", json_string(outcome_verdict(outcome)));
	if (outcome->result.message[0] != '\0')
		(void)json_object_set_new(object, "message", text_of(outcome->result.message));
	(void)json_object_set_new(object, "seconds", json_real(outcome->seconds));
	(void)json_object_set_new(object, "again", text_of(again));
	return object;
}

static void print(json_t *root)
{
	if (root == NULL || json_dumpf(root, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) < 0) {
		fputs("vetsock conform: the report could not be made or written\n", stderr);
		exit(EXIT_FAILURE);
	}
	putchar('\n');
	json_decref(root);
}

static void end(const struct run *run)
{
	json_t *cases = json_array();

	for (size_t i = 0; i < run->finished; i++)
		(void)json_array_append_new(cases, outcome_object(run, &run->outcomes[i]));
	print(json_pack("{s:o, s:s, s:I, s:I, s:I, s:I, s:f, s:o}", "on", text_of(run->on),
			"version", VETSOCK_VERSION, "held", (json_int_t)run->held, "failed",
			(json_int_t)run->failed, "not_held", (json_int_t)run->not_held, "skipped",
			(json_int_t)run->skipped, "seconds", run->seconds, "cases", cases));
}

static void list(const struct run *run)
{
	json_t *cases = json_array();

	for (size_t i = 0; i < run->count; i++)
		(void)json_array_append_new(cases, case_object(run->outcomes[i].one));
	print(json_pack("{s:s, s:o}", "version", VETSOCK_VERSION, "cases", cases));
}

const struct report report_json = { "json", NULL, NULL, end, list };
