/* SPDX-License-Identifier: 0BSD */
/*
 * What seeds decide: every simulation, from so many seeds, and the sum of the hashes of all runs:
 * the same for every compiler, machine and way of switching between actors.
 *	simulation_hash [SEEDS [switch|ucontext|threads]]
 * The last line ends with the hash.  Status 77: there are no such coroutines here.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vetsock/simulate.h>

#include "simulations.h"

enum { SEEDS = 50, SKIPPED = 77 };

static enum vet_sim_coroutines kind_of(const char *name)
{
	if (strcmp(name, "switch") == 0)
		return VET_SIM_SWITCH;
	if (strcmp(name, "ucontext") == 0)
		return VET_SIM_UCONTEXT;
	return strcmp(name, "threads") == 0 ? VET_SIM_THREADS : VET_SIM_BEST;
}

static int is_missing(struct vet_sim *sim, enum vet_sim_coroutines kind)
{
	const struct vet_sim_options options = { .coroutines = kind };
	return vet_sim_start(sim, &options) == -EINVAL;
}

int main(int argc, char **argv)
{
	struct vet_simulate_options options = { .once = true };
	uint64_t seeds = argc > 1 ? strtoull(argv[1], NULL, 10) : SEEDS;
	unsigned long long runs = 0, calls = 0, hash = 0, states = 0;
	struct vet_sim_report report;
	struct vet_sim *sim;
	size_t count;
	const struct vet_simulation *all = simulations_all(&count);
	if (argc > 2)
		options.coroutines = kind_of(argv[2]);
	if (vet_sim_make(&sim) < 0)
		return 1;
	if (is_missing(sim, options.coroutines)) {
		printf("skipped: this system has no coroutines by %s\n", argv[2]);
		vet_sim_free(sim);
		return SKIPPED;
	}
	for (size_t i = 0; i < count; i++) {
		for (options.seed = 1; options.seed <= seeds; options.seed++) {
			if (vet_simulate(sim, &all[i], &options, &report) < 0) {
				printf("%s, seed %llu: %s\n", all[i].name,
				       (unsigned long long)options.seed, report.why);
				return 1;
			}
			runs++;
			calls += report.calls;
			hash += report.hash * (2 * i + 1);
			states += report.states;
		}
	}
	vet_sim_free(sim);
	printf("%zu simulations, %llu runs, %llu calls (hash %016llx)\n", count, runs, calls,
	       hash ^ states << 1);
	return 0;
}
