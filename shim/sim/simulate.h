/* SPDX-License-Identifier: 0BSD */
#ifndef VETSOCK_SIM_SIMULATE_H
#define VETSOCK_SIM_SIMULATE_H

#include <vetsock/simulate.h>

/* vet_simulate(), once. */
int vetsim_run_once(struct vet_sim *sim, const struct vet_simulation *simulation,
		    const struct vet_simulate_options *options, struct vet_sim_report *report);

#endif
