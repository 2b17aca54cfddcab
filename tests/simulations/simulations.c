/* SPDX-License-Identifier: 0BSD */
#include "simulations.h"

#include "subjects.h"

static const struct vet_simulation *const subjects[] = {
	&simulation_echo,        &simulation_herd,       &simulation_slow_readers,
	&simulation_partition,   &simulation_three_hops, &simulation_clock_jumps,
	&simulation_crashes,     &simulation_datagrams,  &simulation_cross,
	&simulation_descriptors, &simulation_chat,       &simulation_everything,
};

enum { SUBJECTS = sizeof subjects / sizeof subjects[0] };

static struct vet_simulation all[SUBJECTS];

const struct vet_simulation *simulations_all(size_t *count)
{
	for (size_t i = 0; i < SUBJECTS; i++)
		all[i] = *subjects[i];
	*count = SUBJECTS;
	return all;
}
