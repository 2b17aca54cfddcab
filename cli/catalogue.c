/* SPDX-License-Identifier: 0BSD */
/* vetsock catalogue: prints the catalogue of lawful faults. */
#include "cli.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <popt.h>

#include <vetsock/catalogue.h>
#include <vetsock/error.h>
#include <vetsock/plan.h>

static const char command[] = "vetsock catalogue";

enum { TEXT_SIZE = CLI_LAWFUL_SIZE };

struct request {
	const char *call; /* NULL: all */
	int json;
};

/* ---- words ---- */

struct word {
	unsigned bit;
	const char *name;
};

static const struct word kinds[] = {
	{ VET_KIND_STREAM, "stream" },
	{ VET_KIND_DATAGRAM, "datagram" },
	{ VET_KIND_RAW, "raw" },
	{ VET_KIND_OTHER, "other" },
	{ 0, NULL },
};
static const struct word phases[] = {
	{ VET_PHASE_FRESH, "fresh" },
	{ VET_PHASE_LISTENING, "listening" },
	{ VET_PHASE_CONNECTING, "connecting" },
	{ VET_PHASE_CONNECTED, "connected" },
	{ VET_PHASE_FAILED, "failed" },
	{ VET_PHASE_DEAD, "dead" },
	{ 0, NULL },
};
static const struct word needs[] = {
	{ VET_NEEDS_BYTES, "bytes" },
	{ VET_NEEDS_LIMIT, "limit" },
	{ VET_NEEDS_WAIT, "wait" },
	{ VET_NEEDS_IN, "in" },
	{ VET_NEEDS_OUT, "out" },
	{ VET_NEEDS_DESCRIPTOR, "descriptor" },
	{ VET_NEEDS_SO_ERROR, "so-error" },
	{ VET_NEEDS_BOUND, "bound" },
	{ VET_NEEDS_UNBOUND, "unbound" },
	{ VET_NEEDS_READABLE, "readable" },
	{ VET_NEEDS_WRITABLE, "writable" },
	{ VET_NEEDS_IPV6, "ipv6" },
	{ VET_NEEDS_OPTION, "option" },
	{ VET_NEEDS_NO_PEER, "no-peer" },
	{ VET_NEEDS_MORE, "more" },
	{ VET_NEEDS_UNSEEN, "unseen" },
	{ 0, NULL },
};
static const struct word lasts[] = {
	{ VET_LASTS_ONCE, "once" },
	{ VET_LASTS_FOR_EVER, "for ever" },
	{ 0, NULL },
};

static void append(char *text, const char *more)
{
	size_t used = strlen(text);

	(void)snprintf(text + used, TEXT_SIZE - used, "%s", more);
}

/* The names of the bits, with something between them. */
static const char *join(char *text, const struct word *words, unsigned bits, const char *between)
{
	text[0] = '\0';
	for (; words->name != NULL; words++) {
		if ((bits & words->bit) == 0)
			continue;
		if (text[0] != '\0')
			append(text, between);
		append(text, words->name);
	}
	return text;
}

/* What has an argument of the caller's is no rule of a plan yet. */
static const char *const open_actions[VET_ACTION_COUNT] = {
	[VET_ACTION_SHORT] = "short:N",
	[VET_ACTION_DELAY] = "delay:T",
	[VET_ACTION_JUMP] = "jump:T",
};

const char *cli_lawful_text(const struct vet_lawful *row, char text[CLI_LAWFUL_SIZE])
{
	const struct vet_plan plan = {
		.count = 1,
		.rules = { { .entry = row->entry,
			     .action = row->action,
			     .after = row->after,
			     .from = 1,
			     .to = UINT64_MAX,
			     .argument = row->argument } },
	};
	char rule[2 * CLI_LAWFUL_SIZE];
	const char *result = open_actions[row->action];

	if (result == NULL)
		result =
			vet_plan_format(&plan, rule, sizeof(rule)) > 0 ? strchr(rule, '=') + 1 : "";
	(void)snprintf(text, CLI_LAWFUL_SIZE, "%s", result);
	return text;
}

static const char *kinds_text(const struct vet_lawful *row, char *text)
{
	unsigned other = row->kinds & VET_KIND_OTHER;

	if ((row->kinds & VET_KIND_SOCKET) == VET_KIND_SOCKET) {
		(void)snprintf(text, TEXT_SIZE, "any socket%s", other ? ", other" : "");
		return text;
	}
	return join(text, kinds, row->kinds, ", ");
}

static const char *phases_text(const struct vet_lawful *row, char *text)
{
	if (row->phases == VET_PHASE_ANY) {
		(void)snprintf(text, TEXT_SIZE, "any");
		return text;
	}
	return join(text, phases, row->phases, ", ");
}

static const char *lasts_text(const struct vet_lawful *row, char *text)
{
	if (row->lasts == VET_LASTS_EITHER) {
		(void)snprintf(text, TEXT_SIZE, "either");
		return text;
	}
	return join(text, lasts, row->lasts, ", ");
}

/* ---- for people ---- */

static void print_line(const char *call, const char *result, const char *kind, const char *phase,
		       const char *need, const char *effect, const char *last, const char *stays,
		       const char *does, const char *clause)
{
	printf("%-15s %-34s %-17s %-36s %-28s %-6s %-8s %-15s %-11s %s\n", call, result, kind,
	       phase, need, effect, last, stays, does, clause);
}

static void print_row(const struct vet_lawful *row)
{
	char result[TEXT_SIZE], kind[TEXT_SIZE], phase[TEXT_SIZE], need[TEXT_SIZE], last[TEXT_SIZE];

	print_line(vet_entry_name(row->entry), cli_lawful_text(row, result), kinds_text(row, kind),
		   phases_text(row, phase), join(need, needs, row->needs, ", "),
		   vet_effect_name(row->effect), lasts_text(row, last), vet_latch_name(row->latch),
		   vet_handling_name(row->handling), row->clause);
}

static void print_table(size_t first, size_t count)
{
	print_line("call", "result", "kinds", "phases", "needs", "effect", "lasts", "stays",
		   "vetsock", "clause");
	for (size_t i = first; i < first + count; i++)
		print_row(vet_lawful_at(i));
	if (count == 0)
		puts("(none: no fault of this call is lawful)");
}

/* ---- for programs ---- */

static json_t *names_of(const struct word *words, unsigned bits)
{
	json_t *names = json_array();

	for (; words->name != NULL; words++)
		if (bits & words->bit)
			(void)json_array_append_new(names, json_string(words->name));
	return names;
}

static json_t *row_object(const struct vet_lawful *row)
{
	char result[TEXT_SIZE];
	json_t *object = json_pack(
		"{s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:s, s:s, s:s}", "call",
		vet_entry_name(row->entry), "result", cli_lawful_text(row, result), "kinds",
		names_of(kinds, row->kinds), "phases", names_of(phases, row->phases), "needs",
		names_of(needs, row->needs), "effect", vet_effect_name(row->effect), "lasts",
		names_of(lasts, row->lasts), "stays", vet_latch_name(row->latch), "handling",
		vet_handling_name(row->handling), "clause", row->clause);

	if (object != NULL &&
	    (row->action == VET_ACTION_ERROR || row->action == VET_ACTION_VALUE_OF))
		(void)json_object_set_new(object, "error",
					  json_string(vet_error_name((int)row->argument)));
	return object;
}

/* False: there is no memory, or the output is closed. */
static bool print_json(size_t first, size_t count)
{
	json_t *rows = json_array();
	json_t *root = json_pack("{s:o}", "catalogue", rows);
	bool printed;

	for (size_t i = first; i < first + count; i++)
		(void)json_array_append_new(rows, row_object(vet_lawful_at(i)));
	printed = root != NULL && json_array_size(rows) == count &&
		  json_dumpf(root, stdout, JSON_INDENT(1)) == 0;
	if (printed)
		putchar('\n');
	json_decref(root);
	return printed;
}

/* ---- the command ---- */

static int unknown_call(const char *typed)
{
	const char *names[VET_CALL_COUNT];
	const char *nearest;

	for (unsigned entry = 0; entry < VET_CALL_COUNT; entry++)
		names[entry] = vet_entry_name(entry);
	nearest = cli_nearest(typed, names, VET_CALL_COUNT);
	fprintf(stderr, "%s: there is no call '%s'", command, typed);
	if (nearest != NULL)
		fprintf(stderr, "; did you mean '%s'?\n", nearest);
	else
		fputs(" in the table of system calls\n", stderr);
	return CLI_USAGE;
}

static int obey(const struct request *request)
{
	size_t first = 0, count = 0;
	bool printed = true;

	if (request->call != NULL) {
		int entry = vet_entry_find(request->call, strlen(request->call));

		if (entry < 0)
			return unknown_call(request->call);
		count = vet_lawful_of((unsigned)entry, &first);
	} else {
		while (vet_lawful_at(count) != NULL)
			count++;
	}
	if (request->json)
		printed = print_json(first, count);
	else
		print_table(first, count);
	if (fflush(stdout) == 0 && !ferror(stdout) && printed)
		return CLI_HELD;
	fprintf(stderr, "%s: the catalogue could not be written\n", command);
	return CLI_BROKE;
}

/* 0, or CLI_USAGE with the reason on stderr. */
static int read_options(poptContext context)
{
	int result = poptGetNextOpt(context);

	if (result < -1) {
		fprintf(stderr, "%s: %s: %s\n", command,
			poptBadOption(context, POPT_BADOPTION_NOALIAS), poptStrerror(result));
	} else if (poptPeekArg(context) != NULL) {
		fprintf(stderr, "%s: '%s' is one argument too many\n", command,
			poptPeekArg(context));
	} else {
		return 0;
	}
	fprintf(stderr, "%s --help tells the options\n", command);
	return CLI_USAGE;
}

int cli_catalogue(int argc, const char **argv)
{
	char *call = NULL;
	struct request request = { 0 };
	const struct poptOption options[] = {
		{ "call", '\0', POPT_ARG_STRING, &call, 0,
		  "only what this call of the table may give, as 'connect'", "NAME" },
		{ "json", '\0', POPT_ARG_NONE, &request.json, 0, "as one JSON object", NULL },
		POPT_AUTOHELP POPT_TABLEEND,
	};
	poptContext context = poptGetContext("vetsock", argc, argv, options, 0);
	int status = read_options(context);

	request.call = call;
	if (status == 0)
		status = obey(&request);
	free(call);
	(void)poptFreeContext(context);
	return status;
}
