/* SPDX-License-Identifier: 0BSD */
/* The explorer's options and figures: shards, cuts, hashes, cells; and the watchdog. */
#include "explorer.h"

#include <signal.h>
#include <string.h>
#include <sys/time.h>

#include <vetsock/fault.h>

/* ---- programs ---- */

static void asks_three_times(struct vet_trial *trial)
{
	for (int i = 0; i < 3; i++)
		(void)raw_index(trial);
}

static void looks_twice(struct vet_trial *trial)
{
	(void)raw_now(trial);
	(void)raw_now(trial);
}

static void talks(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	(void)raw_send(trial, fd, TEXT_SIZE);
	(void)raw_recv(trial, fd, TEXT_SIZE);
	(void)raw_close(trial, fd);
}

/* What only a fault brings about is fired in a run of its own. */
static void asks_after_an_error(struct vet_trial *trial)
{
	if (raw_now(trial) < 0)
		(void)raw_index(trial);
}

/* Of the last one the shards have closing runs of their own. */
static const struct vet_scenario some[] = {
	{ .name = "asks", .run = asks_three_times },
	{ .name = "looks", .run = looks_twice },
	{ .name = "talks", .run = talks },
	{ .name = "asks later", .run = asks_after_an_error },
};

/* ---- options ---- */

static void options_that_contradict_one_another_are_refused(void **state)
{
	static const struct vet_plan unlawful = {
		.count = 1,
		.rules = { { .entry = VET_CALL_interface_index,
			     .action = VET_ACTION_ERROR,
			     .from = 1,
			     .to = 1,
			     .argument = -EPIPE } },
	};
	static const struct {
		const char *name;
		struct vet_explore_options options;
		int result;
	} rows[] = {
		{ "none", { .depth = 0 }, 0 },
		{ "a shard of none", { .shard = 1 }, -EINVAL },
		{ "no shard of two", { .shards = 2 }, -EINVAL },
		{ "the third of two", { .shard = 3, .shards = 2 }, -EINVAL },
		{ "the second of two", { .shard = 2, .shards = 2 }, 0 },
		{ "too deep", { .depth = 5 }, -EINVAL },
		{ "deep", { .depth = 4 }, 0 },
		{ "deeper than the deepest", { .deepest = 5 }, -EINVAL },
		{ "more than can be told", { .violations = 65 }, -EINVAL },
		{ "all that can", { .violations = 64 }, 0 },
		{ "an unlawful plan", { .plan = &unlawful }, -EINVAL },
		{ "which is asked for", { .plan = &unlawful, .unlawful = true }, 0 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct explored *explored =
			explore_one(asks_three_times, NULL, &rows[i].options);
		if (explored->result != rows[i].result)
			fail_msg("%s: %d", rows[i].name, explored->result);
		assert_int_equal(explored->report.runs > 0, rows[i].result == 0);
	}
}

static char traced[512];

static int keep_trace(void *context, const char *text, size_t size)
{
	size_t length = strlen(traced);
	assert_non_null(context);
	assert_true(length + size < sizeof traced);
	memcpy(traced + length, text, size);
	return 0;
}

static void the_run_of_a_plan_is_traced(void **state)
{
	struct vet_plan plan = explorer_plan("interface_index@2=EMFILE");
	struct vet_explore_options options = { .plan = &plan, .trace = keep_trace };
	(void)state;
	traced[0] = '\0';
	assert_int_equal(explore_one(asks_three_times, NULL, &options)->result, 0);
	assert_non_null(strstr(traced, "EMFILE"));
	assert_null(strstr(strstr(traced, "EMFILE") + 1, "EMFILE"));
}

/* ---- figures ---- */

static void a_report_sums_several(void **state)
{
	struct vet_explore_options options = { .depth = 2 };
	const struct vet_explore_report once = explore(some, 3, &options)->report;
	struct vet_explore_report twice = { 0 };
	const uint64_t *one = (const uint64_t *)&once, *two = (const uint64_t *)&twice;
	(void)state;
	assert_int_equal(vet_explore(some, 3, &options, &twice), 0);
	assert_int_equal(vet_explore(some, 3, &options, &twice), 0);
	assert_int_equal(once.scenarios, 3);
	for (size_t i = 0; i < sizeof once / sizeof *one; i++)
		assert_int_equal(two[i], 2 * one[i]);
}

static void the_hash_is_the_same_in_another_order(void **state)
{
	const struct vet_scenario turned[] = { some[2], some[0], some[1] };
	struct vet_explore_options options = { .depth = 2 };
	const uint64_t hash = explore(some, 3, &options)->report.hash;
	uint64_t sum = 0;
	(void)state;
	assert_int_equal(explore(turned, 3, &options)->report.hash, hash);
	for (size_t i = 0; i < 3; i++)
		sum += explore(&some[i], 1, &options)->report.hash;
	assert_int_equal(sum, hash);
	assert_int_not_equal(explore(some, 2, &options)->report.hash, hash);
}

static const struct vet_operation asking = { .name = "asking" };

static void asks_in_an_operation(struct vet_trial *trial)
{
	(void)raw_index(trial);
	vet_trial_begin(trial, &asking);
	(void)vet_trial_end(trial, raw_index(trial));
	(void)raw_index(trial);
}

static struct {
	unsigned cells[2], fired[2]; /* of no operation, and of asking */
	int64_t errors;
} cells;

static void see_cell(void *context, const struct vet_operation *operation,
		     const struct vet_lawful *row, bool fired)
{
	assert_non_null(context);
	assert_true(operation == NULL || operation == &asking);
	assert_int_equal(row->entry, VET_CALL_interface_index);
	cells.cells[operation != NULL]++;
	cells.fired[operation != NULL] += fired;
	cells.errors += row->argument;
}

static void each_cell_is_told_and_whether_it_fired(void **state)
{
	struct vet_explore_options options = { .cell = see_cell };
	const struct explored *explored;
	(void)state;
	memset(&cells, 0, sizeof cells);
	explored = explore_one(asks_in_an_operation, NULL, &options);
	assert_int_equal(explored->report.cells, 10);
	assert_int_equal(explored->report.fired, 10);
	assert_int_equal(cells.cells[0], 5);
	assert_int_equal(cells.cells[1], 5);
	assert_int_equal(cells.fired[0] + cells.fired[1], 10);
	assert_int_equal(cells.errors, -2 * (ENODEV + EMFILE + ENFILE + ENOBUFS + ENOMEM));
	options.depth = VET_EXPLORE_BASE;
	memset(&cells, 0, sizeof cells);
	explored = explore_one(asks_in_an_operation, NULL, &options);
	assert_int_equal(explored->report.cells, 10);
	assert_int_equal(explored->report.fired, 0);
	assert_int_equal(cells.cells[0] + cells.cells[1], 10);
	assert_int_equal(cells.fired[0] + cells.fired[1], 0);
}

static void what_no_plan_has_fired_is_fired_at_the_end(void **state)
{
	struct vet_explore_options options = { .depth = 1 };
	const struct explored *explored = explore_one(asks_after_an_error, NULL, &options);
	(void)state;
	assert_int_equal(explored->report.closing_runs, 5);
	assert_int_equal(explored->report.fired, explored->report.cells);
	options.depth = 2;
	explored = explore_one(asks_after_an_error, NULL, &options);
	assert_int_equal(explored->report.closing_runs, 0);
	assert_int_equal(explored->report.fired, explored->report.cells);
}

/* ---- shards ---- */

static struct vet_explore_report in_shards(const struct vet_scenario *scenarios, size_t count,
					   struct vet_explore_options options)
{
	struct vet_explore_report sum = { 0 };
	options.shards = 3;
	for (options.shard = 1; options.shard <= 3; options.shard++) {
		uint64_t before = sum.runs;
		assert_int_equal(vet_explore(scenarios, count, &options, &sum), 0);
		assert_true(sum.runs > before);
	}
	return sum;
}

static void the_shards_are_the_whole(void **state)
{
	static const struct {
		size_t first, count;
	} rows[] = { { 0, 3 }, { 0, 4 }, { 3, 1 } };
	(void)state;
	for (unsigned depth = 1; depth <= 3; depth++) {
		for (size_t i = 0; i < COUNT(rows); i++) {
			struct vet_explore_options options = { .depth = depth };
			const struct vet_scenario *first = &some[rows[i].first];
			struct vet_explore_report sum = in_shards(first, rows[i].count, options);
			const struct vet_explore_report *whole =
				&explore(first, rows[i].count, &options)->report;
			assert_int_equal(sum.runs - sum.closing_runs,
					 whole->runs - whole->closing_runs);
			assert_int_equal(sum.hash, whole->hash);
			assert_int_equal(sum.no_change, whole->no_change);
		}
	}
}

/* ---- cutting ---- */

enum { SIX = 6, WAYS = 1 << (SIX - 1) };

/* Bit N of a way: a piece ends behind byte N. */
static struct {
	unsigned out, in;
} way;
static unsigned seen[WAYS][WAYS];

/* Moves six bytes: bits of where it was cut; or more, if it did not get that far. */
static unsigned move_six(struct vet_trial *trial, int fd, bool out)
{
	unsigned bits = 0;
	for (ssize_t done = 0, n; done < SIX; done += n) {
		char data[SIX] = { 0 };
		n = out ? CALL(trial, send, fd, data, (size_t)(SIX - done), 0)
			: CALL(trial, recv, fd, data, (size_t)(SIX - done), 0);
		if (n <= 0)
			return WAYS;
		if (done + n < SIX)
			bits |= 1U << (done + n - 1);
	}
	return bits;
}

static void sends_and_receives_six(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	way.out = move_six(trial, fd, true);
	way.in = way.out < WAYS ? move_six(trial, fd, false) : WAYS;
	if (way.in < WAYS)
		seen[way.out][way.in]++;
	(void)raw_close(trial, fd);
}

static struct vet_explore_report explore_cut(struct vet_scenario scenario, bool splits)
{
	struct vet_explore_options options = { .splits = splits };
	const struct explored *explored = explore(&scenario, 1, &options);
	assert_int_equal(explored->result, 0);
	return explored->report;
}

/* With the cuts each way is there once more than without. */
static void each_way_of_cutting_is_made_once(void **state)
{
	static const struct vet_scenario six = {
		.name = "six",
		.run = sends_and_receives_six,
		.split_out = SIX,
		.split_in = SIX,
	};
	static unsigned without[WAYS][WAYS];
	struct vet_explore_report report;
	(void)state;
	memset(seen, 0, sizeof seen);
	assert_int_equal(explore_cut(six, false).split_runs, 0);
	memcpy(without, seen, sizeof seen);
	memset(seen, 0, sizeof seen);
	report = explore_cut(six, true);
	assert_int_equal(report.split_runs, WAYS * WAYS);
	for (size_t i = 0; i < WAYS; i++)
		for (size_t j = 0; j < WAYS; j++)
			assert_int_equal(seen[i][j], without[i][j] + 1);
	assert_int_equal(in_shards(&six, 1, (struct vet_explore_options){ .splits = true }).hash,
			 report.hash);
	assert_int_equal(
		in_shards(&six, 1, (struct vet_explore_options){ .splits = true }).split_runs,
		WAYS * WAYS);
}

static void gathers(struct vet_trial *trial)
{
	char text[] = TEXT;
	struct iovec parts[] = { { text, 5 }, { text + 5, 4 }, { text + 9, 3 } };
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	for (size_t i = 0; i < 3;) {
		ssize_t n = CALL(trial, sendv, fd, parts + i, (int)(3 - i), 0);
		if (n <= 0)
			break;
		for (; i < 3 && (size_t)n >= parts[i].iov_len; i++)
			n -= (ssize_t)parts[i].iov_len;
		if (i < 3) {
			parts[i].iov_base = (char *)parts[i].iov_base + n;
			parts[i].iov_len -= (size_t)n;
		}
	}
	(void)raw_close(trial, fd);
}

static void cuts_are_as_many_as_the_bytes_allow(void **state)
{
	static const struct {
		void (*run)(struct vet_trial *trial);
		unsigned out, in;
		uint64_t runs;
	} rows[] = {
		{ gathers, 12, 0, 2048 },   { gathers, 12, 12, 2048 }, /* it receives none */
		{ talks, 5, 3, 16 * 4 },    { talks, 1, 0, 1 },
		{ talks, 0, 12, 2048 },     { talks, 0, 0, 0 },
		{ looks_twice, 12, 12, 0 }, { asks_three_times, 12, 0, 0 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct vet_scenario scenario = {
			.name = "cut",
			.run = rows[i].run,
			.world = { .expects = TEXT, .expects_size = TEXT_SIZE },
			.split_out = rows[i].out,
			.split_in = rows[i].in,
		};
		uint64_t runs = explore_cut(scenario, false).runs;
		struct vet_explore_report report = explore_cut(scenario, true);
		assert_int_equal(report.split_runs, rows[i].runs);
		assert_int_equal(report.runs, runs + rows[i].runs);
	}
}

static void more_than_16_bytes_are_not_cut(void **state)
{
	static const struct vet_scenario rows[] = {
		{ .name = "out", .run = asks_three_times, .split_out = 17 },
		{ .name = "in", .run = asks_three_times, .split_in = 17 },
	};
	static const struct vet_scenario most = {
		.name = "most", .run = asks_three_times, .split_out = 16, .split_in = 16
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(vet_explore(&rows[i], 1, NULL, NULL), -EINVAL);
	assert_int_equal(vet_explore(&most, 1, NULL, NULL), 0);
}

/* ---- the watchdog ---- */

static void catch_alarm(int number)
{
	(void)number;
}

static void what_was_there_is_put_back(void **state)
{
	struct sigaction action = { .sa_handler = catch_alarm }, before, after;
	struct itimerval timer = { { 77, 0 }, { 1000, 0 } }, timer_before, now;
	(void)state;
	assert_int_equal(sigaction(SIGALRM, &action, &before), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &timer, &timer_before), 0);
	assert_int_equal(explore_one(asks_three_times, NULL, NULL)->result, 0);
	assert_int_equal(setitimer(ITIMER_REAL, &timer_before, &now), 0);
	assert_int_equal(sigaction(SIGALRM, &before, &after), 0);
	assert_ptr_equal(after.sa_handler, catch_alarm);
	assert_int_equal(now.it_interval.tv_sec, 77);
	assert_int_equal(now.it_interval.tv_usec, 0);
	assert_in_range(now.it_value.tv_sec, 900, 1000);
}

/* After an error it makes no call any more: for a second, in real time. */
static void is_silent(struct vet_trial *trial)
{
	volatile bool ends = raw_index(trial) == 1;
	while (!ends)
		continue;
}

static void a_program_that_makes_no_call_is_named(void **state)
{
	static const struct vet_scenario two[] = {
		{ .name = "silent", .run = is_silent },
		{ .name = "asks", .run = asks_three_times },
	};
	const struct explored *explored;
	(void)state;
	explorer_skip_without_silent();
	explored = explore(two, 2, NULL);
	assert_string_equal(explored->told, "silent 'interface_index@1=ENODEV'");
	assert_string_equal(explored->violation[0].scenario->name, "silent");
	assert_non_null(strstr(explored->violation[0].message, "makes no call any more"));
	assert_int_equal(explored->report.runs, 2 + 31); /* its scenario ends, the next begins */
	assert_int_equal(explored->report.beyond_budget, 9);
}

/* The same in no time: the watchdog comes again and again. */
static void is_silent_at_once(struct vet_trial *trial)
{
	if (raw_index(trial) < 0)
		for (;;)
			(void)raise(SIGALRM);
}

static void its_signal_may_be_blocked(void **state)
{
	sigset_t alarm_alone, before, after;
	(void)state;
	explorer_skip_without_silent();
	(void)sigemptyset(&alarm_alone);
	(void)sigaddset(&alarm_alone, SIGALRM);
	assert_int_equal(sigprocmask(SIG_BLOCK, &alarm_alone, &before), 0);
	assert_string_equal(explore_one(is_silent_at_once, NULL, NULL)->told,
			    "silent 'interface_index@1=ENODEV'");
	assert_int_equal(sigprocmask(SIG_SETMASK, &before, &after), 0);
	assert_int_equal(sigismember(&after, SIGALRM), 1);
}

/* An exploration from within one: refused, and the outer one goes on, watched. */
static void explores(struct vet_trial *trial)
{
	static const struct vet_scenario inner = { .name = "inner", .run = asks_three_times };
	struct vet_explore_report report = { 0 };
	vet_trial_check(trial, vet_explore(&inner, 1, NULL, &report) == -EBUSY);
	vet_trial_check(trial, report.runs == 0);
	is_silent_at_once(trial);
}

static void one_exploration_goes_on_at_a_time(void **state)
{
	(void)state;
	explorer_skip_without_silent();
	assert_string_equal(explore_one(explores, NULL, NULL)->told,
			    "silent 'interface_index@1=ENODEV'");
	assert_int_equal(explore_one(asks_three_times, NULL, NULL)->report.runs, 31);
}

/* Each time that the watchdog comes there has been a call. */
static void is_slow(struct vet_trial *trial)
{
	for (int i = 0; i < 50; i++) {
		(void)raw_index(trial);
		(void)raise(SIGALRM);
	}
}

static void a_program_that_is_slow_is_not(void **state)
{
	struct vet_explore_options options = { .depth = VET_EXPLORE_BASE };
	const struct explored *explored = explore_one(is_slow, NULL, &options);
	(void)state;
	assert_string_equal(explored->told, "");
	assert_int_equal(explored->report.calls, 50);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_that_contradict_one_another_are_refused),
		cmocka_unit_test(the_run_of_a_plan_is_traced),
		cmocka_unit_test(a_report_sums_several),
		cmocka_unit_test(the_hash_is_the_same_in_another_order),
		cmocka_unit_test(each_cell_is_told_and_whether_it_fired),
		cmocka_unit_test(what_no_plan_has_fired_is_fired_at_the_end),
		cmocka_unit_test(the_shards_are_the_whole),
		cmocka_unit_test(each_way_of_cutting_is_made_once),
		cmocka_unit_test(cuts_are_as_many_as_the_bytes_allow),
		cmocka_unit_test(more_than_16_bytes_are_not_cut),
		cmocka_unit_test(what_was_there_is_put_back),
		cmocka_unit_test(a_program_that_makes_no_call_is_named),
		cmocka_unit_test(its_signal_may_be_blocked),
		cmocka_unit_test(one_exploration_goes_on_at_a_time),
		cmocka_unit_test(a_program_that_is_slow_is_not),
	};
	explorer_arguments(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
