/* SPDX-License-Identifier: 0BSD */
/* What vet_simulate() returns and leaves: the tape, what cannot be prepared, what is shrunk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <vetsock/simulate.h>

#include "one_world.h"

static unsigned prepares, runs, finishes; /* how often each was called */

static int begin(void **state)
{
	(void)state;
	prepares = runs = finishes = 0;
	return 0;
}

/* ---- simulations ---- */

static void choose(struct vet_sys *sys, void *context)
{
	uint32_t chosen = vet_sim_choose(sim, 1000);
	(void)context;
	runs++;
	(void)(sys->calls->poll)(sys, NULL, 0, (int64_t)chosen);
}

/* Breaks if the second choice is 7: in one of ten runs. */
static void break_now_and_then(struct vet_sys *sys, void *context)
{
	choose(sys, context);
	if (vet_sim_choose(sim, 10) == 7)
		vet_sim_fail(sim, "it was seven");
}

static int prepare_with(struct vet_sim *on, vet_sim_run_function run, unsigned actors)
{
	struct vet_sim_host *host = vet_sim_add_host(on, "host");
	prepares++;
	for (unsigned i = 0; i < actors; i++)
		if (host == NULL || vet_sim_actor(host, "actor", run, NULL) < 0)
			return -ENOMEM;
	return 0;
}

static int prepare(struct vet_sim *on, unsigned hosts, void *state)
{
	(void)hosts;
	(void)state;
	return prepare_with(on, choose, 3);
}

static int prepare_to_break(struct vet_sim *on, unsigned hosts, void *state)
{
	(void)hosts;
	(void)state;
	return prepare_with(on, break_now_and_then, 1);
}

static int answer; /* of the two that follow */

static int prepare_in_vain(struct vet_sim *on, unsigned hosts, void *state)
{
	(void)prepare(on, hosts, state);
	return answer;
}

static int prepared_in_vain(struct vet_sim *on, void *context)
{
	(void)on;
	(void)context;
	return answer;
}

static void finish(struct vet_sim *on, void *state)
{
	(void)on;
	(void)state;
	finishes++;
}

static const struct vet_simulation good = { .name = "good", .prepare = prepare, .finish = finish };
static const struct vet_simulation breaking = { .name = "breaking", .prepare = prepare_to_break };

/* ---- tests ---- */

static void tape_is_kept_though_the_run_is_made_twice(void **state)
{
	struct vet_simulate_options options = { .seed = 1, .record = true };
	struct vet_sim_report twice, once, again;
	struct vet_sim_choice *tape;
	size_t count, count_once;
	(void)state;
	assert_int_equal(vet_simulate(sim, &good, &options, &twice), 0);
	assert_int_equal(runs, 6);
	(void)vet_sim_tape(sim, &count);
	assert_true(count >= 3);
	options.once = true;
	assert_int_equal(vet_simulate(sim, &good, &options, &once), 0);
	assert_true(once.hash == twice.hash);
	(void)vet_sim_tape(sim, &count_once);
	assert_int_equal(count, count_once);
	tape = malloc(count * sizeof *tape);
	assert_non_null(tape);
	memcpy(tape, vet_sim_tape(sim, &count), count * sizeof *tape);
	options = (struct vet_simulate_options){ .seed = 99, .tape = tape, .tape_size = count };
	assert_int_equal(vet_simulate(sim, &good, &options, &again), 0);
	assert_true(again.hash == once.hash);
	free(tape);
}

/* Not 0, of prepare or of prepared, is what comes back; and nothing is run. */
static void run_that_cannot_begin_is_not_made(void **state)
{
	static const struct vet_simulation vain = { .name = "vain", .prepare = prepare_in_vain };
	static const int answers[] = { 1, 7, -ENOSPC, -EINVAL };
	(void)state;
	for (unsigned i = 0; i < 4 * sizeof answers / sizeof answers[0]; i++) {
		bool is_prepare = (i & 1) != 0;
		const struct vet_simulate_options options = {
			.seed = 1,
			.once = (i & 2) != 0,
			.prepared = is_prepare ? NULL : prepared_in_vain,
		};
		struct vet_sim_report report;
		answer = answers[i / 4];
		runs = 0;
		assert_int_equal(vet_simulate(sim, is_prepare ? &vain : &good, &options, &report),
				 answer);
		assert_string_equal(report.why, "the simulation cannot be prepared");
		assert_int_equal(report.end, VET_SIM_FAILED);
		assert_int_equal(runs, 0);
	}
}

static void each_run_is_finished_once(void **state)
{
	const struct vet_simulate_options options = { .seed = 1 };
	struct vet_sim_report report;
	(void)state;
	assert_int_equal(vet_simulate(sim, &good, &options, &report), 0);
	assert_int_equal(prepares, 2);
	assert_int_equal(finishes, 2);
}

static int prepared_calls;

static int count_prepared(struct vet_sim *on, void *context)
{
	(void)on;
	(void)context;
	prepared_calls++;
	return 0;
}

static void count_event(void *context, const struct vet_sim_event *event)
{
	(void)event;
	++*(unsigned *)context;
}

/* Whoever watches the run that the caller asked for hears nothing of those that shrinking tries. */
static void shrinking_is_neither_watched_nor_prepared_anew(void **state)
{
	unsigned events = 0;
	const struct vet_sim_observer observer = { .event = count_event, .context = &events };
	struct vet_simulate_options options = { .observer = &observer,
						.prepared = count_prepared,
						.once = true };
	struct vet_sim_choice *tape;
	struct vet_sim_report report;
	size_t count;
	(void)state;
	prepared_calls = 0;
	do
		options.seed++;
	while (options.seed < 200 && vet_simulate(sim, &breaking, &options, &report) == 0);
	assert_string_equal(report.why, "it was seven");
	assert_int_equal(prepared_calls, (int)options.seed);
	assert_true(events > 0);
	events = 0;
	assert_int_equal(vet_simulate_shrink(sim, &breaking, &options, 100, &report, &tape, &count),
			 0);
	assert_int_equal(prepared_calls, (int)options.seed);
	assert_int_equal(events, 0);
	/* One choice is enough. */
	assert_int_equal(count, 1);
	assert_int_equal(tape[0].stream, VET_SIM_PROGRAM);
	assert_int_equal(tape[0].value, 7);
	assert_string_equal(report.why, "it was seven");
	free(tape);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(tape_is_kept_though_the_run_is_made_twice, begin),
		cmocka_unit_test_setup(run_that_cannot_begin_is_not_made, begin),
		cmocka_unit_test_setup(each_run_is_finished_once, begin),
		cmocka_unit_test_setup(shrinking_is_neither_watched_nor_prepared_anew, begin),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
