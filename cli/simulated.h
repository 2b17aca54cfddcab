/* SPDX-License-Identifier: 0BSD */
/* The simulator as a table among others: a host alone, with its loopback. */
#ifndef CLI_SIMULATED_H
#define CLI_SIMULATED_H

#include "conformance.h"

/* Its table, good until the program ends; NULL: why not has been said on stderr. */
struct vet_sys *cli_simulated(void);
/* Files of it in place of the system's, for cases that run on it. */
void cli_simulated_files(struct conformance_environment *environment);

#endif
