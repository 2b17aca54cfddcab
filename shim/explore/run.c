/* SPDX-License-Identifier: 0BSD */
/* One run of the search: made, counted, and judged. */
#include <stdio.h>
#include <string.h>

#include "search.h"

enum { RUNS_BETWEEN = 1024, VIOLATIONS = 8 };

static uint64_t scramble(uint64_t word)
{
	word = (word ^ word >> 31) * UINT64_C(0x9e3779b97f4a7c15);
	return word ^ word >> 29;
}

void vet_search_count(struct search *search)
{
	struct vet_trial *trial = &search->trial;
	search->runs++;
	search->report->runs++;
	search->report->calls += trial->calls;
	search->report->hash += scramble(trial->hash);
	search->report->ended += trial->stage > 0 || trial->was_blocked;
	if (!vet_hashes_add(&search->hashes, trial->hash))
		search->coverage.has_failed = true;
}

static void show_plan(const struct search *search, const struct vet_plan *plan)
{
	struct vet_plan *running = search->options->running;
	if (running == NULL)
		return;
	running->count = 0; /* until all of it is there */
	memcpy(running->rules, plan->rules, plan->count * sizeof *running->rules);
	running->count = plan->count;
}

unsigned vet_search_try(struct search *search, const struct vet_plan *plan)
{
	show_plan(search, plan);
	return vet_trial_run(&search->trial, plan, NULL, NULL);
}

/* Of errors and counts one stands for the others of its call. */
static bool is_same_rule(const struct vet_rule *a, const struct vet_rule *b)
{
	return a->entry == b->entry && a->action == b->action &&
	       (a->argument == b->argument || a->action == VET_ACTION_SHORT ||
		a->action == VET_ACTION_ERROR || a->action == VET_ACTION_VALUE_OF);
}

bool vet_search_is_same(const struct vet_violation *violation, unsigned check, const char *message)
{
	if (check != violation->check)
		return false;
	return check != VET_CHECK_OWN || strcmp(message, violation->message) == 0;
}

static bool has_rule(const struct vet_plan *plan, const struct vet_rule *rule)
{
	for (uint32_t i = 0; i < plan->count; i++)
		if (is_same_rule(&plan->rules[i], rule))
			return true;
	return false;
}

/* The plan has each rule of one that was found before, wherever: its failure is that one's. */
static bool is_known(const struct search *search, const struct vet_plan *plan, unsigned check)
{
	for (unsigned i = 0; i < search->found_count; i++) {
		const struct vet_violation *known = &search->found[i];
		uint32_t had = 0;
		for (uint32_t j = 0; j < known->plan.count; j++)
			had += has_rule(plan, &known->plan.rules[j]);
		if (had == known->plan.count &&
		    vet_search_is_same(known, check, search->trial.message))
			return true;
	}
	return false;
}

static void tell(struct search *search, const struct vet_violation *violation)
{
	unsigned most = search->options->violations != 0 ? search->options->violations : VIOLATIONS;
	most = most < FOUND ? most : FOUND;
	search->report->violations++;
	search->found[search->found_count++] = *violation;
	if (search->options->found != NULL)
		search->options->found(search->options->context, violation);
	if (search->found_count >= most || violation->check == VET_CHECK_SILENT)
		search->is_stopped = true;
}

void vet_search_violate(struct search *search, unsigned check, const char *message)
{
	struct vet_violation violation = { .scenario = search->trial.scenario, .check = check };
	violation.plan.seed = search->plan.seed;
	violation.plan.has_seed = search->plan.has_seed;
	violation.plan.count = search->plan.count;
	memcpy(violation.plan.rules, search->plan.rules,
	       search->plan.count * sizeof search->plan.rules[0]);
	(void)snprintf(violation.message, sizeof violation.message, "%s", message);
	tell(search, &violation);
}

/* What fails must fail again: else it is no fault of the plan's. */
static bool is_steady(struct search *search, unsigned check)
{
	uint64_t hash = search->trial.hash;
	return vet_search_try(search, &search->plan) == check && search->trial.hash == hash;
}

/* A violation in a run: shrunk, and told unless it was before. */
static void handle_violation(struct search *search, unsigned check)
{
	struct vet_violation violation = { .scenario = search->trial.scenario, .check = check };
	if (is_known(search, &search->plan, check)) {
		search->report->like_known++;
		return;
	}
	if (check != VET_CHECK_SILENT && !is_steady(search, check)) {
		vet_search_violate(
			search, VET_CHECK_UNSTEADY,
			"it failed, and run again with the same answers it does something else");
		search->is_stopped = true;
		return;
	}
	memcpy(violation.message, search->trial.message, sizeof violation.message);
	violation.plan.count = search->plan.count;
	memcpy(violation.plan.rules, search->plan.rules,
	       search->plan.count * sizeof search->plan.rules[0]);
	vet_search_shrink(search, &violation);
	memcpy(search->trial.message, violation.message, sizeof violation.message);
	if (is_known(search, &violation.plan, check))
		search->report->like_known++;
	else
		tell(search, &violation);
}

/* Whoever looks on is told now and then, and may say stop. */
static void look_at_budget(struct search *search)
{
	const struct vet_explore_options *options = search->options;
	if (options->budget != 0 && search->runs >= options->budget)
		search->is_stopped = true;
	if (options->progress != NULL && search->runs % RUNS_BETWEEN == 0 &&
	    options->progress(options->context, search->trial.scenario, search->thousandths) != 0)
		search->is_stopped = true;
}

bool vet_search_run(struct search *search)
{
	unsigned check;
	show_plan(search, &search->plan);
	check = vet_trial_run(&search->trial, &search->plan, NULL, NULL);
	vet_search_count(search);
	look_at_budget(search);
	if (check == VET_CHECK_NONE)
		return true;
	handle_violation(search, check);
	return false;
}

bool vet_search_is_mine(struct search *search)
{
	unsigned shards = search->options->shards;
	uint64_t child = search->child++;
	return shards <= 1 || child % shards == search->options->shard - 1;
}
