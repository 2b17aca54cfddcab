/* SPDX-License-Identifier: 0BSD */
/* The search: every lawful fault at every call, one at a time, in pairs, in triples. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../host/watchdog.h"
#include "search.h"

enum { SPLIT_BYTES = 16, WINDOW = 6, SHORT_RUN = 20 };

/* ---- plans ---- */

/* Where the last rule first acted; LOG: it did not, or behind the log. */
static uint32_t first_act(const struct vet_trial *trial, uint32_t rule)
{
	uint32_t logged = vet_trial_logged(trial);
	for (uint32_t i = 0; i < logged; i++)
		if (trial->log[i].acted == (int)rule)
			return i;
	return LOG;
}

/* What every shard sees is counted by the first. */
static bool counts_here(const struct search *search)
{
	return search->plan.count > 0 || search->options->shards <= 1 ||
	       search->options->shard == 1;
}

/* How many of the calls from `first` on may have a rule of their own. */
static uint32_t free_calls(const struct vet_trial *trial, uint32_t first, uint32_t until)
{
	uint32_t count = 0;
	for (uint32_t i = first; i < until; i++)
		count += trial->log[i].acted == NOBODY;
	return count;
}

/* A fault that lasts goes on in the same way: only the first calls after it are looked at. */
static uint32_t end_of_window(const struct vet_trial *trial, uint32_t first, uint32_t until)
{
	uint32_t left = WINDOW;
	while (first < until && left > 0)
		left -= trial->log[first++].acted == NOBODY;
	return first;
}

/* What this run has shown, for rules on top of it. */
static void keep(struct search *search, uint32_t first, bool lasts)
{
	const struct vet_trial *trial = &search->trial;
	struct level *level = &search->level[search->plan.count];
	uint32_t logged = vet_trial_logged(trial);
	level->first = first;
	level->until = lasts ? end_of_window(trial, first, logged) : logged;
	search->report->beyond_window += free_calls(trial, level->until, logged);
	if (counts_here(search))
		search->report->beyond_log += trial->calls - logged;
	memcpy(level->log, trial->log, level->until * sizeof *level->log);
}

static void expand(struct search *search);

/* The run is made once more, for what it shows. */
static void go_deeper(struct search *search, bool lasts)
{
	uint32_t last = search->plan.count - 1, act;
	if (search->is_stopped || vet_search_try(search, &search->plan) != VET_CHECK_NONE ||
	    search->trial.fault.fired[last] == 0)
		return;
	act = first_act(&search->trial, last);
	if (act == LOG)
		return;
	keep(search, act + 1, lasts);
	expand(search);
}

/* In a first pass each rule is tried, in a second one what comes on top of it: so the plans with
 * the fewest rules are found first. */
static void try_rule(struct search *search, const struct vet_rule *rule)
{
	uint32_t last = search->plan.count;
	if (last == 0 && !vet_search_is_mine(search))
		return;
	search->plan.rules[last] = *rule;
	search->plan.count = last + 1;
	if (search->is_deepening) {
		go_deeper(search, rule->to == UINT64_MAX);
	} else if (search->is_stopped) {
		search->report->beyond_budget++;
	} else if (vet_search_run(search)) {
		search->report->no_change += search->trial.fault.fired[last] == 0;
	}
	search->plan.count = last;
	memset(&search->plan.rules[last], 0, sizeof search->plan.rules[last]);
}

/* A rule for one call, and one from then on. */
static void try_durations(struct search *search, const struct vet_lawful *row,
			  const struct seen *seen, int64_t argument)
{
	for (int for_ever = 0; for_ever < 2; for_ever++) {
		struct vet_rule rule = vet_row_rule(row, seen->nth, for_ever != 0, argument);
		if (row->lasts & (for_ever ? VET_LASTS_FOR_EVER : VET_LASTS_ONCE))
			try_rule(search, &rule);
	}
}

/* Of a count: the least, the half, and one less than all. */
static void try_counts(struct search *search, const struct vet_lawful *row, const struct seen *seen)
{
	int64_t all = seen->result;
	try_durations(search, row, seen, 1);
	if (all / 2 > 1)
		try_durations(search, row, seen, all / 2);
	if (all - 1 > 1 && all - 1 != all / 2)
		try_durations(search, row, seen, all - 1);
}

static void expand_call(struct search *search, const struct seen *seen)
{
	size_t first, count = vet_lawful_of(seen->at.entry, &first);
	for (size_t i = first; i < first + count; i++) {
		const struct vet_lawful *row = vet_lawful_at(i);
		if (!vet_lawful_applies(row, &seen->at))
			continue;
		if (!vet_row_would_fire(row, seen))
			search->report->no_change += !search->is_deepening && counts_here(search);
		else if (row->action == VET_ACTION_SHORT)
			try_counts(search, row, seen);
		else
			try_durations(search, row, seen, vet_row_argument(row));
	}
}

static void expand_calls(struct search *search)
{
	uint32_t depth = search->plan.count;
	struct level *level = &search->level[depth];
	for (uint32_t i = level->first; i < level->until; i++) {
		if (depth == 0)
			search->thousandths = 1000 * i / level->until;
		if (level->log[i].acted == NOBODY)
			expand_call(search, &level->log[i]);
	}
}

/* One rule more, at each call that was seen later than the last rule's; then one more on top. */
static void expand(struct search *search)
{
	bool was_deepening = search->is_deepening;
	uint64_t child = search->child;
	search->is_deepening = false;
	expand_calls(search);
	if (search->plan.count + 1 < search->depth) {
		search->child = child;
		search->is_deepening = true;
		expand_calls(search);
	}
	search->is_deepening = was_deepening;
}

/* ---- cells that no plan has fired ---- */

/* Each was possible in some run: that run's plan and the rule for it.  What those runs show is
 * looked at in turn. */
static void close_coverage(struct search *search)
{
	struct coverage *coverage = &search->coverage;
	uint64_t hash = search->report->hash; /* what follows may differ between shards */
	for (size_t i = 0; i < coverage->witness_count && !search->is_stopped; i++) {
		const struct witness *witness = &coverage->witnesses[i];
		if (coverage->fired[witness->operation][witness->row])
			continue;
		if (search->options->shards > 1 && witness->rules <= search->depth)
			continue; /* in reach of the search, and so another shard's */
		memset(&search->plan, 0, sizeof search->plan);
		search->plan.count = witness->rules;
		memcpy(search->plan.rules, witness->rule,
		       witness->rules * sizeof *search->plan.rules);
		(void)vet_search_run(search);
		search->report->closing_runs++;
	}
	memset(&search->plan, 0, sizeof search->plan);
	search->report->hash = hash;
	coverage->witness_count = 0;
}

/* ---- one scenario ---- */

/* The run without faults, twice.  False: nothing can be explored. */
static bool run_base(struct search *search)
{
	struct vet_trial *trial = &search->trial;
	uint64_t hash;
	if (vet_search_try(search, &search->plan) != VET_CHECK_NONE) {
		vet_search_violate(search, trial->check, trial->message);
		return false;
	}
	hash = trial->hash;
	trial->calls_of_base = trial->calls;
	if (vet_search_try(search, &search->plan) != VET_CHECK_NONE || trial->hash != hash) {
		vet_search_violate(
			search, VET_CHECK_UNSTEADY,
			"run a second time with the same answers it does something else");
		return false;
	}
	if (search->options->shards <= 1 || search->options->shard == 1)
		vet_search_count(search);
	return true;
}

static int sink(void *context, const char *text, size_t size)
{
	const struct vet_explore_options *options = context;
	return options->trace(options->context, text, size);
}

/* Only the plan that is given. */
static void run_given(struct search *search)
{
	const struct vet_explore_options *options = search->options;
	char rule[VET_PLAN_TEXT_SIZE], message[256];
	struct vet_plan one = { .count = 1 };
	size_t first;
	unsigned check;
	search->plan = *options->plan;
	check = vet_trial_run(&search->trial, &search->plan, options->trace == NULL ? NULL : sink,
			      (void *)(uintptr_t)options);
	vet_search_count(search);
	if (check != VET_CHECK_NONE) {
		vet_search_violate(search, check, search->trial.message);
	} else if (vet_fault_unfired(&search->trial.fault, &first) > 0) {
		one.rules[0] = search->plan.rules[first];
		if (vet_plan_format(&one, rule, sizeof rule) < 0)
			rule[0] = '\0';
		(void)snprintf(message, sizeof message, "rule %zu, '%.100s', never fired",
			       first + 1, rule);
		vet_search_violate(search, VET_CHECK_UNFIRED, message);
	}
}

static unsigned depth_of(const struct search *search)
{
	const struct vet_explore_options *options = search->options;
	unsigned depth = options->depth == 0 ? 1 : options->depth;
	if (options->depth == VET_EXPLORE_BASE)
		return 0;
	if (search->trial.calls_of_base <= SHORT_RUN && options->deepest > depth)
		depth = options->deepest;
	return depth < DEEPEST ? depth : DEEPEST;
}

static void begin_one(struct search *search, const struct vet_scenario *scenario)
{
	search->runs = search->child = search->found_count = 0;
	search->is_stopped = false;
	search->thousandths = 0;
	memset(&search->plan, 0, sizeof search->plan);
	vet_hashes_clear(&search->hashes);
	vet_trial_prepare(&search->trial, scenario, &search->coverage);
	search->trial.flags = search->options->unlawful ? VET_FAULT_UNLAWFUL : 0;
	search->report->scenarios++;
}

static void run_all(struct search *search)
{
	search->depth = depth_of(search);
	keep(search, 0, false);
	if (search->depth > 0)
		expand(search);
	if (search->options->splits && search->options->depth != VET_EXPLORE_BASE)
		vet_search_splits(search);
	if (search->depth > 0)
		close_coverage(search);
}

/* Whether it can be explored at all. */
static bool explore_one(struct search *search, const struct vet_scenario *scenario)
{
	bool holds;
	begin_one(search, scenario);
	holds = run_base(search);
	if (holds && search->options->plan != NULL)
		run_given(search);
	else if (holds)
		run_all(search);
	search->report->traces += search->hashes.count;
	vet_peer_finish(&search->trial.peer);
	return holds;
}

/* ---- all of them ---- */

static bool are_consistent(const struct vet_explore_options *options)
{
	if (options->shards != 0 && (options->shard < 1 || options->shard > options->shards))
		return false;
	if (options->shards == 0 && options->shard != 0)
		return false;
	if (options->depth > DEEPEST && options->depth != VET_EXPLORE_BASE)
		return false;
	if (options->plan != NULL && options->plan->count > VET_PLAN_RULES)
		return false;
	return options->deepest <= DEEPEST && options->violations <= FOUND &&
	       (options->plan == NULL || options->unlawful || vet_plan_lawful(options->plan, NULL));
}

static bool can_be_cut(const struct vet_scenario *scenarios, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (scenarios[i].split_out > SPLIT_BYTES || scenarios[i].split_in > SPLIT_BYTES)
			return false;
	return true;
}

static void tell_cells(const struct search *search)
{
	const struct coverage *coverage = &search->coverage;
	if (search->options->cell == NULL)
		return;
	for (size_t i = 0; i < coverage->operation_count; i++)
		for (size_t j = 0; j < coverage->row_count; j++)
			if (coverage->observed[i][j])
				search->options->cell(search->options->context,
						      coverage->operations[i], vet_lawful_at(j),
						      coverage->fired[i][j]);
}

static int explore_all(struct search *search, const struct vet_scenario *scenarios, size_t count)
{
	uint64_t cells, fired, violations = search->report->violations;
	bool can_all = true;
	int error = vet_watchdog_start();
	if (error < 0)
		return error;
	for (size_t i = 0; i < count && !search->coverage.has_failed; i++)
		can_all &= explore_one(search, &scenarios[i]);
	vet_watchdog_stop();
	vet_coverage_count(&search->coverage, &cells, &fired);
	search->report->cells += cells;
	search->report->fired += fired;
	tell_cells(search);
	if (search->coverage.has_failed)
		return -ENOMEM;
	violations = search->report->violations - violations;
	return !can_all ? -EINVAL : violations < INT_MAX ? (int)violations : INT_MAX;
}

int vet_explore(const struct vet_scenario *scenarios, size_t count,
		const struct vet_explore_options *options, struct vet_explore_report *report)
{
	static const struct vet_explore_options defaults;
	struct vet_explore_report unasked = { 0 };
	struct search *search;
	int result;
	options = options != NULL ? options : &defaults;
	if (!are_consistent(options) || !can_be_cut(scenarios, count))
		return -EINVAL;
	search = calloc(1, sizeof *search);
	if (search == NULL)
		return -ENOMEM;
	search->options = options;
	search->report = report != NULL ? report : &unasked;
	vet_coverage_begin(&search->coverage);
	result = explore_all(search, scenarios, count);
	vet_coverage_end(&search->coverage);
	vet_hashes_end(&search->hashes);
	free(search);
	return result;
}
