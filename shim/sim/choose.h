/* SPDX-License-Identifier: 0BSD */
/* Choices: one of n, 0 the dullest, from named streams; drawn from a seed or read from a tape. */
#ifndef VETSOCK_SIM_CHOOSE_H
#define VETSOCK_SIM_CHOOSE_H

#include <vetsock/sim.h>

struct sim_choices {
	uint64_t state[VET_SIM_STREAMS];   /* of each stream's generator */
	uint64_t index[VET_SIM_STREAMS];   /* choices made */
	const struct vet_sim_choice *tape; /* NULL: drawn */
	size_t tape_size, tape_at[VET_SIM_STREAMS];
	bool record;
	struct vet_sim_choice *kept;
	size_t kept_count, kept_capacity;
};

void vetsim_choices_begin(struct sim_choices *choices, const struct vet_sim_options *options);
/* One of n, each as likely; of n 0 and 1 it is 0, and none is drawn. */
uint32_t vetsim_choose(struct sim_choices *choices, enum vet_sim_stream stream, uint32_t n);
/* 1 with a probability of `of` in `in`, else 0.  With `of` 0 none is drawn. */
bool vetsim_chance(struct sim_choices *choices, enum vet_sim_stream stream, uint32_t of,
		   uint32_t in);

#endif
