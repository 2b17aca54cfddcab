/* SPDX-License-Identifier: 0BSD */
/*
 * From a plan that fails to one from which nothing can be taken away: by itself, so that the plan
 * to begin with can be any, which the search would not find first.
 */
#include "explorer.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "../../shim/explore/search.h"
#include "../../shim/host/watchdog.h"

/* ---- programs ---- */

/* Sends twelve bytes, so many at a time, over interruptions, and writes down what came of it. */
struct sending {
	int fd;
	unsigned calls, interrupted_at; /* the last of them */
	ssize_t first;                  /* that was sent */
	ssize_t done;
};

static struct sending send_all(struct vet_trial *trial, ssize_t piece)
{
	struct sending sending = { .fd = raw_dial(trial) };
	while (sending.fd >= 0 && sending.done < TEXT_SIZE) {
		ssize_t left = TEXT_SIZE - sending.done;
		ssize_t n = raw_send(trial, sending.fd, (size_t)(left < piece ? left : piece));
		sending.calls++;
		if (n == -EINTR)
			sending.interrupted_at = sending.calls;
		else if (n <= 0)
			break;
		if (n > 0 && sending.done == 0)
			sending.first = n;
		sending.done += n > 0 ? n : 0;
	}
	if (sending.fd >= 0)
		(void)raw_close(trial, sending.fd);
	return sending;
}

/* A short count of 1, and the third call interrupted; the clock is nothing to it. */
static void fails_by_two(struct vet_trial *trial)
{
	struct sending sending;
	(void)raw_now(trial);
	sending = send_all(trial, 4);
	(void)raw_now(trial);
	vet_trial_check(trial, sending.first != 1 || sending.interrupted_at != 3);
}

/* Interrupted once after a short count: its number is nothing to it. */
static void fails_by_a_part_and_a_signal(struct vet_trial *trial)
{
	struct sending sending = send_all(trial, TEXT_SIZE);
	vet_trial_check(trial, sending.first == TEXT_SIZE || sending.interrupted_at == 0);
}

static void fails_from_three_on(struct vet_trial *trial)
{
	struct sending sending = send_all(trial, TEXT_SIZE);
	vet_trial_check(trial, sending.first < 3 || sending.first == TEXT_SIZE);
}

/* Of three calls any fails. */
static void fails_with_any(struct vet_trial *trial)
{
	for (int i = 0; i < 3; i++)
		vet_trial_check(trial, raw_index(trial) == 1);
}

static void fails_at_the_second(struct vet_trial *trial)
{
	(void)raw_index(trial);
	vet_trial_check(trial, raw_index(trial) == 1);
}

static void fails_with_the_second_and_the_third(struct vet_trial *trial)
{
	bool second;
	(void)raw_index(trial);
	second = raw_index(trial) < 0;
	vet_trial_check(trial, raw_index(trial) > 0 || !second);
}

/* In two ways: two bugs. */
static void fails_twice(struct vet_trial *trial)
{
	bool is_late = raw_now(trial) < 0;
	if (raw_index(trial) < 0)
		vet_trial_fail(trial, is_late ? "late" : "in time");
}

/* A number is only another one because of the rule before it: one call is made again. */
static void fails_at_the_next(struct vet_trial *trial)
{
	if (raw_index(trial) < 0)
		(void)raw_index(trial);
	vet_trial_check(trial, raw_now(trial) >= 0 || raw_index(trial) > 0);
}

/* The watchdog's time passes at once. */
static void is_silent(struct vet_trial *trial)
{
	(void)raw_now(trial);
	if (raw_index(trial) < 0)
		for (;;)
			(void)raise(SIGALRM);
}

/* ---- shrinking ---- */

static char message[256];

/* What becomes of a plan, which must fail to begin with. */
static const char *shrunk(void (*run)(struct vet_trial *trial), const char *text)
{
	static const struct vet_explore_options options;
	struct vet_scenario scenario = { .name = "one", .run = run };
	struct vet_violation violation = { .scenario = &scenario, .plan = explorer_plan(text) };
	struct search *search = calloc(1, sizeof *search);
	struct vet_explore_report report = { 0 };
	assert_non_null(search);
	search->options = &options;
	search->report = &report;
	vet_coverage_begin(&search->coverage);
	vet_trial_prepare(&search->trial, &scenario, &search->coverage);
	assert_int_equal(vet_watchdog_start(), 0);
	assert_int_equal(vet_search_try(search, &search->plan), VET_CHECK_NONE);
	search->trial.calls_of_base = search->trial.calls;
	violation.check = vet_search_try(search, &violation.plan);
	assert_int_not_equal(violation.check, VET_CHECK_NONE);
	memcpy(violation.message, search->trial.message, sizeof violation.message);
	vet_search_shrink(search, &violation);
	vet_watchdog_stop();
	memcpy(message, violation.message, sizeof message);
	/* It is none of the search's runs. */
	assert_int_equal(report.runs + report.violations + search->runs, 0);
	vet_peer_finish(&search->trial.peer);
	vet_coverage_end(&search->coverage);
	free(search);
	return explorer_text(&violation.plan);
}

struct shrink_row {
	const char *name;
	void (*run)(struct vet_trial *trial);
	const char *plan, *shrunk;
};

static void check_shrunk(const struct shrink_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *text = shrunk(rows[i].run, rows[i].plan);
		if (strcmp(text, rows[i].shrunk) != 0)
			fail_msg("%s: %s\n  not: %s", rows[i].name, text, rows[i].shrunk);
	}
}

/* clang-format off */
static const struct shrink_row removed[] = {
	{ "nothing to be taken away", fails_by_two, "send@1=short:1; send@3=EINTR", "send@1=short:1; send@3=EINTR" },
	{ "in another order", fails_by_two, "send@3=EINTR; send@1=short:1", "send@3=EINTR; send@1=short:1" },
	{ "the first of three", fails_by_two, "now@1=EINVAL; send@1=short:1; send@3=EINTR", "send@1=short:1; send@3=EINTR" },
	{ "the second", fails_by_two, "send@1=short:1; send@2=short:2; send@3=EINTR", "send@1=short:1; send@3=EINTR" },
	{ "the last", fails_by_two, "send@1=short:1; send@3=EINTR; now@2=delay:1h", "send@1=short:1; send@3=EINTR" },
	{ "two of four", fails_by_two, "now@1=jump:1h; send@1=short:1; send@3=EINTR; now@2=EINVAL", "send@1=short:1; send@3=EINTR" },
	{ "one that never fires", fails_by_two, "send@1=short:1; send@3=EINTR; recv=EINTR", "send@1=short:1; send@3=EINTR" },
	{ "all but one", fails_with_any, "interface_index@1=ENFILE; interface_index@2=EMFILE; interface_index@3=ENODEV", "interface_index@1=ENODEV" },
};

/* Without the rule that is gone the calls have other numbers. */
static const struct shrink_row renumbered[] = {
	{ "one before", fails_at_the_next, "interface_index@1=EMFILE; now@1=EINVAL; interface_index@3=ENODEV", "now@1=EINVAL; interface_index@2=ENODEV" },
	{ "interrupted before", fails_by_a_part_and_a_signal, "send@1=EINTR; send@2=short:1", "send@1=EINTR; send@2=short:1" },
	{ "interrupted often", fails_by_a_part_and_a_signal, "send@1=EINTR; send@2=EINTR; send@3=EINTR; send@4=short:1", "send@2=EINTR; send@1=short:1" },
};

static const struct shrink_row lowered[] = {
	{ "the least count", fails_from_three_on, "send@1=short:5", "send@1=short:3" },
	{ "which it is", fails_from_three_on, "send@1=short:3", "send@1=short:3" },
	{ "the least of all", fails_by_a_part_and_a_signal, "send@1=short:6; send@2=EINTR", "send@1=short:1; send@2=EINTR" },
	{ "two counts", fails_from_three_on, "send@1=short:8; send@2=short:2", "send@1=short:3" },
	{ "the first call", fails_with_any, "interface_index@3=EMFILE", "interface_index@1=EMFILE" },
	{ "for one call", fails_with_any, "interface_index=EMFILE", "interface_index@1=EMFILE" },
	{ "for one call, and the first", fails_with_any, "interface_index@2+=EMFILE", "interface_index@1=EMFILE" },
	{ "for a later one", fails_at_the_second, "interface_index=EMFILE", "interface_index@2=EMFILE" },
	{ "for one is not enough", fails_with_the_second_and_the_third, "interface_index=EMFILE", "interface_index=EMFILE" },
	{ "for ever from the first on", fails_with_the_second_and_the_third, "interface_index@2+=EMFILE", "interface_index=EMFILE" },
	{ "the one before is no other", fails_with_the_second_and_the_third, "interface_index@2=EMFILE; interface_index@3=ENODEV", "interface_index@2=EMFILE; interface_index@3=ENODEV" },
};

static const struct shrink_row silent[] = {
	{ "a useless rule", is_silent, "now@1=EINVAL; interface_index@1=ENODEV", "interface_index@1=ENODEV" },
	{ "no number", is_silent, "now@1=EINVAL; interface_index=ENODEV", "interface_index=ENODEV" },
};
/* clang-format on */

static void no_rule_is_left_that_can_be_taken_away(void **state)
{
	(void)state;
	check_shrunk(removed, COUNT(removed));
}

static void the_others_are_renumbered(void **state)
{
	(void)state;
	check_shrunk(renumbered, COUNT(renumbered));
}

static void numbers_are_lowered(void **state)
{
	(void)state;
	check_shrunk(lowered, COUNT(lowered));
}

static void of_a_silent_program_only_rules_go(void **state)
{
	(void)state;
	explorer_skip_without_silent();
	check_shrunk(silent, COUNT(silent));
}

/* A check of the program's own is another one if it says something else. */
static void another_bug_is_not_taken_for_it(void **state)
{
	(void)state;
	assert_string_equal(shrunk(fails_twice, "now@1=EINVAL; interface_index@1=ENODEV"),
			    "now@1=EINVAL; interface_index@1=ENODEV");
	assert_string_equal(message, "late");
	assert_string_equal(shrunk(fails_twice, "now@1=delay:1h; interface_index=ENODEV"),
			    "interface_index@1=ENODEV");
	assert_string_equal(message, "in time");
}

/* ---- as the search finds it ---- */

static void what_is_found_is_shrunk(void **state)
{
	static const struct {
		void (*run)(struct vet_trial *trial);
		unsigned depth;
		const char *told;
	} rows[] = {
		{ fails_by_two, 2, "own 'send@1=short:1; send@3=EINTR'" },
		{ fails_by_two, 3, "own 'send@1=short:1; send@3=EINTR'" },
		{ fails_from_three_on, 1, "own 'send@1=short:3'" },
		{ fails_with_the_second_and_the_third, 1, "own 'interface_index=ENODEV'" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct vet_explore_options options = { .depth = rows[i].depth };
		assert_string_equal(explore_one(rows[i].run, NULL, &options)->told, rows[i].told);
	}
}

static void what_is_found_of_a_silent_program_too(void **state)
{
	struct vet_explore_options options = { .depth = 2 };
	(void)state;
	explorer_skip_without_silent();
	assert_string_equal(explore_one(is_silent, NULL, &options)->told,
			    "silent 'interface_index@1=ENODEV'");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_rule_is_left_that_can_be_taken_away),
		cmocka_unit_test(the_others_are_renumbered),
		cmocka_unit_test(numbers_are_lowered),
		cmocka_unit_test(of_a_silent_program_only_rules_go),
		cmocka_unit_test(another_bug_is_not_taken_for_it),
		cmocka_unit_test(what_is_found_is_shrunk),
		cmocka_unit_test(what_is_found_of_a_silent_program_too),
	};
	explorer_arguments(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
