/* SPDX-License-Identifier: 0BSD */
/*
 * The simulations hold from many seeds, each run made twice; and what they check with finds
 * programs that are broken.
 *	simulations_test [SEEDS [FIRST [marks]]]
 * With "marks", every rare state of the simulator must have been reached by then.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "one_world.h"
#include "simulations.h"
#include "specimens.h"

enum {
	SEEDS = 100,
	MOST_CALLS = 2000, /* of one run */
	CLEAN_SEEDS = 100,
};

static uint64_t seeds = SEEDS, first_seed = 1;
static bool wants_marks;

static void hold(const struct vet_simulation *simulation)
{
	struct vet_simulate_options options = { 0 };
	struct vet_sim_report report;
	for (uint64_t i = 0; i < seeds; i++) {
		options.seed = first_seed + i;
		options.schedule = i % 4 == 3 ? VET_SIM_PRIORITIES : VET_SIM_UNIFORM;
		if (vet_simulate(sim, simulation, &options, &report) < 0)
			fail_msg("%s: %s\n  vetsock sim --seed %llu%s %s", simulation->name,
				 report.why, (unsigned long long)options.seed,
				 options.schedule == VET_SIM_PRIORITIES ? " --schedule priorities"
									: "",
				 simulation->name);
		if (report.calls > MOST_CALLS)
			fail_msg("%s, seed %llu: %llu calls", simulation->name,
				 (unsigned long long)options.seed,
				 (unsigned long long)report.calls);
	}
}

static void every_simulation_holds_from_every_seed_twice_the_same(void **state)
{
	size_t count;
	const struct vet_simulation *all = simulations_all(&count);
	(void)state;
	assert_true(count >= 12);
	for (size_t i = 0; i < count; i++)
		hold(&all[i]);
}

/* What they were not written for: links that are slow and lose much, hosts that crash all the time,
 * clocks that go back and forth, hardly any descriptors and memory. */
static const char *const harsh[] = {
	"loss=30%; latency=1ms..2s; duplication=30%; reordering=30%; mtu=576; random=20; short-counts; "
	"swarm; calm=20s; bound=30m",
	"random=60 within 8s; short-counts; calm=12s; bound=30m",
	"rate=20KiB; latency=10ms..100ms; loss=1%; random=5; calm=30s; bound=30m",
	"@500ms=jump * -2s; @1s=jump * 50s; @2s=jump * -10s; @3s=jump * 3s; loss=2%; random=3; "
	"calm=10s; bound=30m",
	"@100ms=memory * 8KiB for 3s; @1s=descriptors * 3 for 4s; @6s=crash * with resets for 1s; "
	"@8s=crash * for 1s; calm=10s; bound=30m",
};

static void hold_under(const struct vet_simulation *simulation, const char *text)
{
	struct vet_mischief mischief;
	struct vet_simulate_options options = { .mischief = &mischief };
	struct vet_sim_report report;
	assert_int_equal(vet_mischief_parse(&mischief, text, strlen(text), NULL), 0);
	for (uint64_t i = 0; i < (seeds + 4) / 5; i++) {
		options.seed = first_seed + i;
		if (vet_simulate(sim, simulation, &options, &report) < 0)
			fail_msg("%s: %s\n  vetsock sim --seed %llu --mischief '%s' %s",
				 simulation->name, report.why, (unsigned long long)options.seed,
				 text, simulation->name);
	}
}

static void every_simulation_holds_under_any_mischief(void **state)
{
	size_t count;
	const struct vet_simulation *all = simulations_all(&count);
	(void)state;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < sizeof harsh / sizeof harsh[0]; k++)
			hold_under(&all[i], harsh[k]);
}

static void names_are_different_and_all_say_what_they_are(void **state)
{
	size_t count;
	const struct vet_simulation *all = simulations_all(&count);
	(void)state;
	for (size_t i = 0; i < count; i++) {
		assert_non_null(all[i].what);
		assert_non_null(all[i].mischief);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(all[i].name, all[k].name);
	}
}

/* A seed decides: another one gives another run. */
static void other_seeds_give_other_runs(void **state)
{
	size_t count;
	const struct vet_simulation *all = simulations_all(&count);
	struct vet_simulate_options options = { .once = true };
	struct vet_sim_report report, other;
	(void)state;
	for (size_t i = 0; i < count; i++) {
		options.seed = 1;
		assert_int_equal(vet_simulate(sim, &all[i], &options, &report), 0);
		options.seed = 2;
		assert_int_equal(vet_simulate(sim, &all[i], &options, &other), 0);
		assert_true(report.hash != other.hash);
	}
}

/* Runs after the simulations. */
static void every_rare_state_was_reached(void **state)
{
	unsigned missing = 0;
	(void)state;
	for (unsigned i = 0; wants_marks && vet_sim_mark_name(i) != NULL; i++) {
		if (vet_sim_mark_count(sim, i) > 0)
			continue;
		print_error("not reached: %s\n", vet_sim_mark_name(i));
		missing++;
	}
	assert_int_equal(missing, 0);
	if (!wants_marks)
		skip();
}

/* ---- specimens ---- */

static const struct specimen {
	const char *name;
	const struct vet_simulation *simulation;
	enum specimen_bug bug;
	const char *mischief;
	bool is_quiet;   /* nothing may fail in it */
	unsigned within; /* so many seeds it is found */
	const char *why; /* what it is found by */
} specimens[] = {
	{ .name = "a short write is taken for a whole one",
	  .simulation = &specimen_courier,
	  .bug = BUG_SHORT_WRITE,
	  .mischief = "short-counts; calm=10s; bound=30s",
	  .is_quiet = true,
	  .within = 20,
	  .why = "a parcel has other bytes than were sent" },
	{ .name = "closes with unread data, and its answer is lost",
	  .simulation = &specimen_courier,
	  .bug = BUG_UNREAD,
	  .mischief = "latency=1ms..5ms; calm=10s; bound=30s",
	  .is_quiet = true,
	  .within = 20,
	  .why = "a parcel fails though nothing is wrong" },
	{ .name = "what is asked again is done again",
	  .simulation = &specimen_courier,
	  .bug = BUG_NO_NUMBER,
	  .mischief = "latency=1ms..5ms; @50ms=cut server -> client for 5s; calm=10s; bound=30s",
	  .within = 50,
	  .why = "kept[i] == 1" },
	{ .name = "a reset is taken for the end",
	  .simulation = &specimen_courier,
	  .bug = BUG_RESET_IS_END,
	  .mischief = "latency=1ms..5ms; rate=20KiB; @50ms=crash client with resets for 1s; "
		      "calm=10s; bound=30s",
	  .within = 50,
	  .why = "a parcel ends before its end" },
	{ .name = "each hop gives itself the whole time",
	  .simulation = &specimen_relay,
	  .bug = BUG_DEADLINE_ANEW,
	  .mischief = "latency=1ms..5ms; calm=10s; bound=30s",
	  .within = 10,
	  .why = "a hop was given more time than there was" },
	{ .name = "one EMFILE, and nobody is served any more",
	  .simulation = &specimen_courier,
	  .bug = BUG_ACCEPT_DIES,
	  .mischief = "@1ms=descriptors server 1 for 1s; calm=10s; bound=30s",
	  .within = 10,
	  .why = "not done 30s after" },
	{ .name = "an error path forgets to close",
	  .simulation = &specimen_courier,
	  .bug = BUG_LEAK,
	  .mischief = "latency=1ms..5ms; rate=20KiB; @50ms=crash client with resets for 1s; "
		      "calm=10s; bound=30s",
	  .within = 50,
	  .why = "descriptors were left open" },
};

enum { SPECIMENS = sizeof specimens / sizeof specimens[0] };

/* How the run ends: "" if it holds. */
static void run(const struct specimen *specimen, enum specimen_bug bug, uint64_t seed,
		struct vet_sim_report *report)
{
	struct vet_mischief mischief;
	struct vet_text_error error;
	struct vet_simulate_options options = { .seed = seed, .mischief = &mischief };
	if (vet_mischief_parse(&mischief, specimen->mischief, strlen(specimen->mischief), &error) <
	    0)
		fail_msg("%s: %s", specimen->mischief, error.reason);
	specimen_bug = bug;
	specimen_is_quiet = specimen->is_quiet;
	if (vet_simulate(sim, specimen->simulation, &options, report) == 0)
		assert_string_equal(report->why, "");
	else
		assert_string_not_equal(report->why, "");
}

static void each_planted_bug_is_found_by_what_is_to_find_it(void **state)
{
	struct vet_sim_report report;
	(void)state;
	for (size_t i = 0; i < SPECIMENS; i++) {
		bool found = false;
		for (uint64_t seed = 1; seed <= specimens[i].within && !found; seed++) {
			run(&specimens[i], specimens[i].bug, seed, &report);
			if (report.why[0] == '\0')
				continue;
			found = strstr(report.why, specimens[i].why) != NULL;
			if (!found)
				fail_msg("%s, seed %llu: found, but as: %s", specimens[i].name,
					 (unsigned long long)seed, report.why);
		}
		if (!found)
			fail_msg("%s: not found in %u seeds", specimens[i].name,
				 specimens[i].within);
	}
}

/* The same programs without the bug, in the same worlds. */
static void nothing_is_found_where_nothing_is_planted(void **state)
{
	struct vet_sim_report report;
	(void)state;
	for (size_t i = 0; i < SPECIMENS; i++) {
		for (uint64_t seed = 1; seed <= CLEAN_SEEDS; seed++) {
			run(&specimens[i], BUG_NONE, seed, &report);
			if (report.why[0] != '\0')
				fail_msg("%s, seed %llu: %s", specimens[i].name,
					 (unsigned long long)seed, report.why);
		}
	}
}

/* What is found is made small, and the small run still breaks in the same way. */
static void what_is_found_shrinks_to_a_tape_that_breaks_again(void **state)
{
	const struct specimen *specimen = &specimens[2];
	struct vet_mischief mischief;
	struct vet_simulate_options options = { .mischief = &mischief };
	struct vet_sim_report report = { 0 }, small;
	struct vet_sim_choice *tape;
	size_t count;
	(void)state;
	assert_int_equal(
		vet_mischief_parse(&mischief, specimen->mischief, strlen(specimen->mischief), NULL),
		0);
	specimen_bug = specimen->bug;
	specimen_is_quiet = false;
	do
		options.seed++;
	while (vet_simulate(sim, specimen->simulation, &options, &report) == 0 &&
	       options.seed < 100);
	assert_non_null(strstr(report.why, specimen->why));
	assert_int_equal(vet_simulate_shrink(sim, specimen->simulation, &options, 200, &small,
					     &tape, &count),
			 0);
	options.tape = tape;
	options.tape_size = count;
	assert_int_equal(vet_simulate(sim, specimen->simulation, &options, &report), -EINVAL);
	assert_non_null(strstr(report.why, specimen->why));
	free(tape);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_simulation_holds_from_every_seed_twice_the_same),
		cmocka_unit_test(every_rare_state_was_reached),
		cmocka_unit_test(every_simulation_holds_under_any_mischief),
		cmocka_unit_test(names_are_different_and_all_say_what_they_are),
		cmocka_unit_test(other_seeds_give_other_runs),
		cmocka_unit_test(each_planted_bug_is_found_by_what_is_to_find_it),
		cmocka_unit_test(nothing_is_found_where_nothing_is_planted),
		cmocka_unit_test(what_is_found_shrinks_to_a_tape_that_breaks_again),
	};
	if (argc > 1)
		seeds = strtoull(argv[1], NULL, 10);
	if (argc > 2)
		first_seed = strtoull(argv[2], NULL, 10);
	wants_marks = argc > 3 && strcmp(argv[3], "marks") == 0;
	if (getenv("VETSOCK_SLOW") != NULL && seeds > 5)
		seeds = 5;
	printf("simulations_test %llu %llu\n", (unsigned long long)seeds,
	       (unsigned long long)first_seed);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
