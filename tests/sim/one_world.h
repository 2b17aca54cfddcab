/* SPDX-License-Identifier: 0BSD */
/* The world of a test program: made before its tests, freed after them. */
#ifndef VETSOCK_TESTS_SIM_ONE_WORLD_H
#define VETSOCK_TESTS_SIM_ONE_WORLD_H

#include <vetsock/sim.h>

static struct vet_sim *sim;

static int set_up(void **state)
{
	(void)state;
	return vet_sim_make(&sim);
}

static int tear_down(void **state)
{
	(void)state;
	vet_sim_free(sim);
	return 0;
}

#endif
