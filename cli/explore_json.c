/* SPDX-License-Identifier: 0BSD */
/* What the explorer found, as one JSON object: the same each time, but for what has "seconds" in
 * its name, or "second". */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <vetsock/vetsock.h>

#include "cli.h"
#include "explore.h"
#include "text.h"

static json_t *text_of(const char *text)
{
	return cli_json_text(text, strlen(text));
}

static json_t *number_of(uint64_t number)
{
	return json_integer((json_int_t)number);
}

/* JSON's numbers are for many readers doubles. */
static json_t *hash_of(uint64_t hash)
{
	char text[17];

	(void)snprintf(text, sizeof(text), "%016" PRIx64, hash);
	return json_string(text);
}

static void set(json_t *object, const char *key, json_t *value)
{
	(void)json_object_set_new(object, key, value);
}

/* ---- figures ---- */

static void set_figures(json_t *object, const struct vet_explore_report *r)
{
	const struct {
		const char *key;
		uint64_t value;
	} figures[] = {
		{ "runs", r->runs },
		{ "split_runs", r->split_runs },
		{ "closing_runs", r->closing_runs },
		{ "ended", r->ended },
		{ "calls", r->calls },
		{ "traces", r->traces },
		{ "cells", r->cells },
		{ "fired", r->fired },
		{ "no_change", r->no_change },
		{ "beyond_window", r->beyond_window },
		{ "beyond_log", r->beyond_log },
		{ "beyond_budget", r->beyond_budget },
	};

	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		set(object, figures[i].key, number_of(figures[i].value));
	set(object, "hash", hash_of(r->hash));
}

static json_t *outcome_object(const struct outcome *outcome)
{
	json_t *object = json_object();

	set(object, "name", text_of(outcome->scenario->name));
	set(object, "violations",
	    number_of(outcome->report.violations + (outcome->trouble != NULL)));
	set_figures(object, &outcome->report);
	if (outcome->trace != NULL)
		set(object, "trace", cli_json_text(outcome->trace, outcome->trace_size));
	set(object, "seconds", json_real(outcome->seconds));
	return object;
}

/* ---- violations ---- */

static json_t *plan_text(const struct vet_plan *plan)
{
	char text[VET_PLAN_TEXT_SIZE];

	if (plan == NULL || vet_plan_format(plan, text, sizeof(text)) < 0)
		return json_null();
	return json_string(text);
}

static json_t *again_text(const struct exploration *exploration,
			  const struct vet_scenario *scenario, const struct vet_plan *plan)
{
	char *again = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&again, &size);
	json_t *text = NULL;

	if (out == NULL)
		return NULL;
	explore_put_again(out, exploration, scenario, plan);
	if (fclose(out) == 0)
		text = cli_json_text(again, size);
	free(again);
	return text;
}

static json_t *failure(const struct exploration *exploration, const struct vet_scenario *scenario,
		       const char *check, const char *message, const struct vet_plan *plan)
{
	json_t *object = json_object();

	set(object, "scenario", text_of(scenario->name));
	set(object, "check", text_of(check));
	set(object, "message", text_of(message));
	set(object, "plan", plan_text(plan));
	set(object, "again", again_text(exploration, scenario, plan));
	return object;
}

static void append_failures(json_t *list, const struct exploration *exploration,
			    const struct outcome *outcome)
{
	const struct vet_plan *given = exploration->options.plan;

	for (size_t i = 0; i < outcome->violation_count; i++) {
		const struct vet_violation *one = &outcome->violations[i];

		(void)json_array_append_new(list, failure(exploration, outcome->scenario,
							  vet_check_name(one->check), one->message,
							  given != NULL ? given : &one->plan));
	}
	if (outcome->trouble != NULL)
		(void)json_array_append_new(list,
					    failure(exploration, outcome->scenario,
						    outcome->trouble, outcome->trouble_message,
						    explore_trouble_plan(exploration, outcome)));
}

/* ---- all ---- */

/* `row`: its place in the catalogue, from 0, as `vetsock catalogue --json` tells it. */
static json_t *cell_object(const struct cells_of *one, size_t row)
{
	const struct vet_lawful *lawful = vet_lawful_at(row);
	char text[CLI_LAWFUL_SIZE];

	return json_pack("{s:o, s:s, s:s, s:I, s:s, s:b}", "operation", text_of(one->operation),
			 "call", vet_entry_name(lawful->entry), "result",
			 cli_lawful_text(lawful, text), "row", (json_int_t)row, "clause",
			 lawful->clause, "fired", one->rows[row] == CELL_FIRED);
}

static json_t *coverage_of(const struct exploration *exploration)
{
	json_t *list = json_array();

	for (size_t i = 0; i < exploration->cells.count; i++)
		for (size_t j = 0; j < explore_rows(); j++)
			if (exploration->cells.of[i].rows[j] != CELL_NONE)
				(void)json_array_append_new(
					list, cell_object(&exploration->cells.of[i], j));
	return list;
}

static void set_request(json_t *object, const struct exploration *exploration)
{
	const struct vet_explore_options *options = &exploration->options;

	set(object, "version", json_string(VETSOCK_VERSION));
	if (options->plan != NULL) {
		set(object, "plan", plan_text(options->plan));
		return;
	}
	set(object, "depth", number_of(options->depth == VET_EXPLORE_BASE ? 0 : options->depth));
	set(object, "deepest", number_of(options->deepest));
	set(object, "shard", number_of(options->shards == 0 ? 1 : options->shard));
	set(object, "shards", number_of(options->shards == 0 ? 1 : options->shards));
}

static uint64_t a_second(uint64_t count, double seconds)
{
	return seconds > 0 ? (uint64_t)((double)count / seconds) : 0;
}

bool explore_tell_json(const struct exploration *exploration)
{
	const struct vet_explore_report *r = &exploration->report;
	json_t *object = json_object(), *scenarios = json_array(), *violations = json_array();

	for (size_t i = 0; i < exploration->count; i++) {
		const struct outcome *outcome = &exploration->outcomes[i];

		(void)json_array_append_new(scenarios, outcome_object(outcome));
		append_failures(violations, exploration, outcome);
	}
	set_request(object, exploration);
	set_figures(object, r);
	set(object, "seconds", json_real(exploration->seconds));
	set(object, "runs_per_second", number_of(a_second(r->runs, exploration->seconds)));
	set(object, "calls_per_second", number_of(a_second(r->calls, exploration->seconds)));
	set(object, "violations", violations);
	set(object, "scenarios", scenarios);
	if (exploration->request->coverage)
		set(object, "coverage", coverage_of(exploration));
	return cli_json_print(object);
}

/* ---- the list ---- */

static json_t *world_object(const struct vet_world *world)
{
	static const char *const manners[] = { "echo", "source", "talker" };
	unsigned manner = (unsigned)world->manner;

	return json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:I}", "manner",
			 manner < 3 ? manners[manner] : "unknown", "sends",
			 (json_int_t)world->sends_size, "expects", (json_int_t)world->expects_size,
			 "latency", (json_int_t)world->latency, "window", (json_int_t)world->window,
			 "connections", (json_int_t)world->connections, "datagrams",
			 (json_int_t)world->datagrams, "file_size", (json_int_t)world->file_size,
			 "sendfile", !world->lacks_sendfile, "tick", (json_int_t)world->tick);
}

bool explore_list_json(const struct exploration *exploration)
{
	json_t *list = json_array();

	for (size_t i = 0; i < exploration->count; i++) {
		const struct vet_scenario *one = exploration->outcomes[i].scenario;

		(void)json_array_append_new(list, json_pack("{s:o, s:I, s:I, s:I, s:o}", "name",
							    text_of(one->name), "deadline",
							    (json_int_t)one->deadline, "split_out",
							    (json_int_t)one->split_out, "split_in",
							    (json_int_t)one->split_in, "world",
							    world_object(&one->world)));
	}
	return cli_json_print(json_pack("{s:s, s:o}", "version", VETSOCK_VERSION, "scenarios", list));
}
