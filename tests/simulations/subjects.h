/* SPDX-License-Identifier: 0BSD */
/* The simulations, each in a file of its own. */
#ifndef VETSOCK_SIMULATIONS_SUBJECTS_H
#define VETSOCK_SIMULATIONS_SUBJECTS_H

#include "play.h"

extern const struct vet_simulation simulation_echo, simulation_herd, simulation_slow_readers,
	simulation_partition, simulation_three_hops, simulation_clock_jumps, simulation_crashes,
	simulation_datagrams, simulation_cross, simulation_descriptors, simulation_chat,
	simulation_everything;

#endif
