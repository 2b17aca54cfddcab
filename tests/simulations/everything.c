/* SPDX-License-Identifier: 0BSD */
/* Two of the simulations in one world, on the same hosts, under mischief of any kind. */
#include "subjects.h"

#include <stdlib.h>

enum { PARTS = 2 };

struct everything {
	struct {
		const struct vet_simulation *simulation;
		void *state;
	} part[PARTS];
};

static const struct vet_simulation *const parts[] = {
	&simulation_echo,      &simulation_herd,        &simulation_slow_readers,
	&simulation_partition, &simulation_three_hops,  &simulation_crashes,
	&simulation_datagrams, &simulation_cross,       &simulation_descriptors,
	&simulation_chat,      &simulation_clock_jumps,
};

enum { KINDS = sizeof parts / sizeof parts[0] };

/* No part twice: each has its own port. */
static int prepare(struct vet_sim *sim, unsigned hosts, void *state)
{
	struct everything *everything = state;
	uint32_t first = vet_sim_choose(sim, KINDS);
	uint32_t second = (first + 1 + vet_sim_choose(sim, KINDS - 1)) % KINDS;
	int result = 0;
	for (uint32_t i = 0; i < PARTS && result == 0; i++) {
		const struct vet_simulation *part = parts[i == 0 ? first : second];
		everything->part[i].simulation = part;
		everything->part[i].state = calloc(1, part->state);
		if (everything->part[i].state == NULL)
			return -ENOMEM;
		result = part->prepare(sim, hosts, everything->part[i].state);
	}
	return result;
}

static void finish(struct vet_sim *sim, void *state)
{
	struct everything *everything = state;
	for (uint32_t i = 0; i < PARTS; i++) {
		if (everything->part[i].state == NULL)
			continue;
		everything->part[i].simulation->finish(sim, everything->part[i].state);
		free(everything->part[i].state);
	}
}

const struct vet_simulation simulation_everything = {
	.name = "everything",
	.what = "two of the others at once, on the same hosts, under mischief of any kind",
	.mischief =
		"latency=500us..20ms; loss=2%; duplication=2%; reordering=2%; short-counts; swarm; "
		"random=8; calm=15s; bound=30m",
	.hosts = 3,
	.prepare = prepare,
	.finish = finish,
	.state = sizeof(struct everything),
};
