/* SPDX-License-Identifier: 0BSD */
/*
 * The explorer's search: which plans are made, in which order, and where it stops.
 *
 * interface_index has five errors in the catalogue, each for once and for ever, and none that
 * changes what the next call gives: so the numbers are known.  Of n calls, base: 1 run; single
 * rules: 10 n; of k rules, all but the last for one call (after one for ever no call is free):
 * 10 * 5^(k-1) times the ways to choose k calls.
 */
#include "explorer.h"

#include <string.h>

/* ---- programs ---- */

static int calls_of(const struct vet_trial *trial)
{
	return *(const int *)vet_trial_context(trial);
}

static void asks(struct vet_trial *trial)
{
	for (int i = calls_of(trial); i > 0; i--)
		(void)raw_index(trial);
}

static void fails_with_any(struct vet_trial *trial)
{
	for (int i = calls_of(trial); i > 0; i--)
		vet_trial_check(trial, raw_index(trial) == 1);
}

/* A bug at each call. */
static void fails_with_each(struct vet_trial *trial)
{
	static const char *const why[] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j" };
	for (int i = 0; i < calls_of(trial); i++)
		if (raw_index(trial) != 1)
			vet_trial_fail(trial, why[i]);
}

/* ---- what is run ---- */

enum { PLANS = 1024, TEXT_ROOM = 128 };

/* The plans in the order in which they came first. */
static struct {
	struct vet_plan running;
	char text[PLANS][TEXT_ROOM];
	uint32_t rules[PLANS];
	unsigned count;
	bool differs; /* a run was none of its plan */
} seen;

static void see_plan(void)
{
	const char *text = explorer_text(&seen.running);
	for (unsigned i = 0; i < seen.count; i++)
		if (strcmp(seen.text[i], text) == 0)
			return;
	assert_true(seen.count < PLANS && strlen(text) < TEXT_ROOM);
	seen.rules[seen.count] = seen.running.count;
	memcpy(seen.text[seen.count++], text, strlen(text) + 1);
}

/* What call n of its name gives under the plan, where that is an error or nothing. */
static int64_t wanted(uint64_t n, int64_t otherwise)
{
	for (uint32_t i = 0; i < seen.running.count; i++)
		if (n >= seen.running.rules[i].from && n <= seen.running.rules[i].to)
			return seen.running.rules[i].argument;
	return otherwise;
}

static void asks_and_is_seen(struct vet_trial *trial)
{
	see_plan();
	for (int i = 1; i <= calls_of(trial); i++)
		seen.differs |= raw_index(trial) != wanted((uint64_t)i, 1);
}

static const struct explored *explore_seen(int calls, unsigned depth)
{
	struct vet_explore_options options = { .depth = depth, .running = &seen.running };
	memset(&seen, 0, sizeof seen);
	return explore_one(asks_and_is_seen, &calls, &options);
}

/* ---- numbers ---- */

static void the_runs_of_each_depth_are_those_that_are_counted_by_hand(void **state)
{
	static const struct {
		int calls;
		unsigned depth, deepest;
		uint64_t runs, traces, fired; /* 0: not looked at */
	} rows[] = {
		{ 3, VET_EXPLORE_BASE, 0, 1, 1, 0 },
		{ 3, 0, 0, 31, 26, 5 },
		{ 3, 1, 0, 31, 26, 5 },
		{ 3, 2, 0, 181, 116, 5 },
		{ 3, 3, 0, 431, 216, 5 },
		{ 3, 4, 0, 431, 216, 5 },
		{ 4, 4, 0, 1 + 40 + 300 + 1000 + 1250, 1296, 5 },
		{ 3, 1, 3, 431, 216, 5 },
		{ 3, 2, 1, 181, 116, 5 },
		{ 20, 1, 2, 1 + 200 + 9500, 0, 5 }, /* a short run */
		{ 21, 1, 2, 1 + 210, 0, 5 },        /* and one that is not */
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct vet_explore_options options = {
			.depth = rows[i].depth,
			.deepest = rows[i].deepest,
		};
		const struct explored *explored = explore_one(asks, &rows[i].calls, &options);
		const struct vet_explore_report *report = &explored->report;
		assert_int_equal(explored->result, 0);
		assert_int_equal(report->runs, rows[i].runs);
		assert_int_equal(report->calls, rows[i].runs * (uint64_t)rows[i].calls);
		if (rows[i].traces != 0)
			assert_int_equal(report->traces, rows[i].traces);
		assert_int_equal(report->cells, 5);
		assert_int_equal(report->fired, rows[i].fired);
		assert_int_equal(report->closing_runs + report->no_change + report->ended, 0);
		assert_int_equal(report->beyond_window + report->beyond_budget, 0);
		assert_int_equal(report->scenarios, 1);
	}
}

static void each_plan_is_made_once_and_the_program_gets_what_it_says(void **state)
{
	(void)state;
	assert_int_equal(explore_seen(3, 3)->report.runs, 431);
	assert_int_equal(seen.count, 431);
	assert_false(seen.differs);
	assert_string_equal(seen.text[0], "");
	assert_string_equal(seen.text[1], "interface_index@1=ENODEV");
	assert_string_equal(seen.text[2], "interface_index=ENODEV");
	assert_string_equal(seen.text[30], "interface_index@3+=ENOMEM");
	assert_string_equal(seen.text[31], "interface_index@1=ENODEV; interface_index@2=ENODEV");
}

static void single_faults_come_before_pairs(void **state)
{
	(void)state;
	assert_int_equal(explore_seen(3, 2)->report.runs, 181);
	assert_int_equal(seen.count, 181);
	for (unsigned i = 1; i < seen.count; i++)
		assert_true(seen.rules[i - 1] <= seen.rules[i]);
}

/* ---- a fault that lasts ---- */

/* Fails if the clock never comes, and of eight calls the nth alone does not. */
static void needs_the_clock_or_the_nth(struct vet_trial *trial)
{
	bool fails = raw_now(trial) < 0;
	for (int i = 1; i <= 8; i++)
		fails &= (raw_index(trial) < 0) == (i == calls_of(trial));
	fails &= raw_now(trial) < 0;
	vet_trial_check(trial, !fails);
}

/* Three faults of the clock may last; after each two of the eight calls are too far. */
static void of_a_fault_that_lasts_six_calls_are_looked_at(void **state)
{
	static const char *const told[] = {
		"own 'now=EINVAL; interface_index@1=ENODEV'",
		"own 'now=EINVAL; interface_index@6=ENODEV'",
		"",
	};
	static const int nth[] = { 1, 6, 7 };
	struct vet_explore_options options = { .depth = 2 };
	(void)state;
	for (size_t i = 0; i < COUNT(nth); i++) {
		const struct explored *explored =
			explore_one(needs_the_clock_or_the_nth, &nth[i], &options);
		assert_string_equal(explored->told, told[i]);
		assert_int_equal(explored->report.beyond_window, 6);
	}
}

static void behind_the_log_no_call_has_a_rule(void **state)
{
	static const int calls = 600;
	struct vet_explore_options options = { .budget = 10 };
	const struct explored *explored = explore_one(asks, &calls, &options);
	(void)state;
	assert_int_equal(explored->report.beyond_budget, 1 + 512 * 10 - 10);
	assert_int_equal(explored->report.beyond_log, 600 - 512);
}

/* ---- counts ---- */

static void receives(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	see_plan();
	if (fd < 0)
		return;
	(void)raw_recv(trial, fd, (size_t)calls_of(trial));
	(void)raw_close(trial, fd);
}

/* The short counts of the plans, for one call and from it on: "1 6 11". */
static const char *counts(const char *after)
{
	static char text[64];
	text[0] = '\0';
	for (unsigned i = 0; i < seen.count; i++) {
		const char *at = strstr(seen.text[i], "=short:");
		if (at == NULL || strncmp(seen.text[i], after, strlen(after)) != 0)
			continue;
		(void)strncat(text, at + strlen("=short:"), 8);
		(void)strncat(text, " ", 2);
	}
	return text;
}

static void short_counts_are_the_least_the_half_and_all_but_one(void **state)
{
	static const struct {
		int size;
		const char *counts;
	} rows[] = { { 1, "" },       { 2, "1 " },       { 3, "1 2 " },    { 4, "1 2 3 " },
		     { 5, "1 2 4 " }, { 12, "1 6 11 " }, { 64, "1 6 11 " } };
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct vet_explore_options options = { .running = &seen.running };
		const struct vet_scenario scenario = {
			.name = "receives",
			.run = receives,
			.world = { .manner = VET_PEER_SOURCE, .sends = TEXT, .sends_size = 12 },
			.context = &rows[i].size,
		};
		memset(&seen, 0, sizeof seen);
		assert_int_equal(explore(&scenario, 1, &options)->result, 0);
		assert_string_equal(counts("recv@1="), rows[i].counts);
		assert_string_equal(counts("recv="), rows[i].counts);
	}
}

/* ---- where it stops ---- */

static void a_budget_cuts_runs_off_and_counts_them(void **state)
{
	static const int calls = 3;
	const struct vet_scenario two[] = {
		{ .name = "one", .run = asks, .context = &calls },
		{ .name = "two", .run = asks, .context = &calls },
	};
	struct vet_explore_options options = { .budget = 10 };
	const struct explored *explored = explore(two, 2, &options);
	(void)state;
	assert_int_equal(explored->result, 0);
	assert_int_equal(explored->report.runs, 20); /* 10 each */
	assert_int_equal(explored->report.beyond_budget, 2 * (31 - 10));
	options.budget = 31;
	explored = explore(two, 2, &options);
	assert_int_equal(explored->report.runs, 62);
	assert_int_equal(explored->report.beyond_budget, 0);
}

static struct {
	unsigned times, stop_at, last;
	const char *name;
} looked;

static int look_on(void *context, const struct vet_scenario *scenario, unsigned thousandths)
{
	assert_non_null(context);
	assert_in_range(thousandths, looked.last, 1000);
	looked.last = thousandths;
	looked.name = scenario->name;
	return ++looked.times == looked.stop_at;
}

static void whoever_looks_on_may_stop_it(void **state)
{
	static const int calls = 300;
	struct vet_explore_options options = { .progress = look_on };
	const struct explored *explored;
	(void)state;
	memset(&looked, 0, sizeof looked);
	assert_int_equal(explore_one(asks, &calls, &options)->report.runs, 3001);
	assert_int_equal(looked.times, 2);
	assert_int_equal(looked.last, 1000 * 204 / 300); /* run 2,048 is of call 205 */
	assert_string_equal(looked.name, "one");
	memset(&looked, 0, sizeof looked);
	looked.stop_at = 2;
	explored = explore_one(asks, &calls, &options);
	assert_int_equal(explored->report.runs, 2048);
	assert_int_equal(explored->report.beyond_budget, 3001 - 2048);
}

static void it_stops_after_so_many_violations(void **state)
{
	static const int calls = 10, three = 3;
	struct vet_explore_options options = { .violations = 2 };
	const struct explored *explored = explore_one(fails_with_each, &three, &options);
	(void)state;
	assert_int_equal(explored->result, 2);
	assert_string_equal(explored->told,
			    "own 'interface_index@1=ENODEV', own 'interface_index@2=ENODEV'");
	assert_int_equal(explored->report.runs, 1 + 10 + 1);
	assert_int_equal(explored->report.beyond_budget, 31 - 12);
	assert_int_equal(explore_one(fails_with_each, &calls, NULL)->result, 8);
	options.violations = 64;
	assert_int_equal(explore_one(fails_with_each, &calls, &options)->result, 10);
}

/* ---- which violations are the same ---- */

static void one_bug_under_five_errors_is_told_once(void **state)
{
	static const int calls = 3;
	struct vet_explore_options options = { .depth = 3 };
	const struct explored *explored = explore_one(fails_with_any, &calls, &options);
	(void)state;
	assert_string_equal(explored->told, "own 'interface_index@1=ENODEV'");
	assert_int_equal(explored->result, 1);
	assert_int_equal(explored->report.like_known, 29);
	assert_int_equal(explored->report.runs, 31); /* on top of what fails nothing is tried */
}

static void two_bugs_at_two_places_are_told_both(void **state)
{
	static const int calls = 2;
	const struct explored *explored = explore_one(fails_with_each, &calls, NULL);
	(void)state;
	assert_string_equal(explored->told,
			    "own 'interface_index@1=ENODEV', own 'interface_index@2=ENODEV'");
	assert_string_equal(explored->violation[0].message, "a");
	assert_string_equal(explored->violation[1].message, "b");
	assert_int_equal(explored->report.like_known, 18);
}

/* One of the clock's, and one of the others', whichever comes first. */
static void fails_with_two(struct vet_trial *trial)
{
	int clocks = 0, others = 0;
	for (int i = 0; i < 2; i++) {
		clocks += raw_now(trial) < 0;
		others += raw_index(trial) < 0;
	}
	vet_trial_check(trial, clocks == 0 || others == 0);
}

static void two_faults_in_another_order_are_the_same(void **state)
{
	struct vet_explore_options options = { .depth = 2 };
	const struct explored *explored = explore_one(fails_with_two, NULL, &options);
	(void)state;
	assert_string_equal(explored->told, "own 'now@1=EINVAL; interface_index@1=ENODEV'");
	assert_true(explored->report.like_known > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_runs_of_each_depth_are_those_that_are_counted_by_hand),
		cmocka_unit_test(each_plan_is_made_once_and_the_program_gets_what_it_says),
		cmocka_unit_test(single_faults_come_before_pairs),
		cmocka_unit_test(of_a_fault_that_lasts_six_calls_are_looked_at),
		cmocka_unit_test(behind_the_log_no_call_has_a_rule),
		cmocka_unit_test(short_counts_are_the_least_the_half_and_all_but_one),
		cmocka_unit_test(a_budget_cuts_runs_off_and_counts_them),
		cmocka_unit_test(whoever_looks_on_may_stop_it),
		cmocka_unit_test(it_stops_after_so_many_violations),
		cmocka_unit_test(one_bug_under_five_errors_is_told_once),
		cmocka_unit_test(two_bugs_at_two_places_are_told_both),
		cmocka_unit_test(two_faults_in_another_order_are_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
