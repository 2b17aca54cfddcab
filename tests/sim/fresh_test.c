/* SPDX-License-Identifier: 0BSD */
/*
 * A seed gives the same run in a new world as in one that has had many: nothing of them is left in
 * the memory that is used again.  So the seed line of a long search says enough.
 *	fresh_test [SEEDS]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "simulations.h"

enum { SEEDS = 50 };

static uint64_t seeds = SEEDS;

static void run(struct vet_sim *sim, const struct vet_simulation *simulation, uint64_t seed,
		struct vet_sim_report *report)
{
	struct vet_simulate_options options = { .seed = seed, .once = true };
	assert_int_equal(vet_simulate(sim, simulation, &options, report), 0);
}

static void run_anew(const struct vet_simulation *simulation, uint64_t seed,
		     struct vet_sim_report *report)
{
	struct vet_sim *sim;
	assert_int_equal(vet_sim_make(&sim), 0);
	run(sim, simulation, seed, report);
	vet_sim_free(sim);
}

static void a_used_world_is_as_a_new_one(void **state)
{
	struct vet_sim_report used, new;
	struct vet_sim *sim;
	size_t count;
	const struct vet_simulation *all = simulations_all(&count);
	(void)state;
	assert_int_equal(vet_sim_make(&sim), 0);
	for (uint64_t seed = 1; seed <= seeds; seed++)
		for (size_t i = 0; i < count; i++) {
			run(sim, &all[i], seed, &used);
			run_anew(&all[i], seed, &new);
			if (used.hash != new.hash || used.states != new.states)
				fail_msg("%s, seed %llu: a new world gives another run",
					 all[i].name, (unsigned long long)seed);
		}
	vet_sim_free(sim);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_used_world_is_as_a_new_one),
	};
	if (argc > 1)
		seeds = strtoull(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
