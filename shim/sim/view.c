/* SPDX-License-Identifier: 0BSD */
/* A simulated host as a world of the explorer's. */
#include <vetsock/simulate.h>

#include "world.h"

int vet_sim_view(struct vet_sim_host *host, struct vet_world_view *view)
{
	struct vet_sim *sim = host->sim;
	*view = (struct vet_world_view){
		.sys = vet_sim_sys(host),
		.clock = &sim->now,
		.tick = sim->options.tick != 0 ? &sim->options.tick : &sim->running->tick,
		.taken = &host->taken,
		.given = &host->given,
		.blocks = &host->blocks,
		.is_blocked = &sim->is_blocked,
		.there = (int)host->descriptors,
	};
	return 0;
}
