/* SPDX-License-Identifier: 0BSD */
/*
 * Programs worth looking at on a simulated network: clients and servers written with vetsock, under
 * the mischief that each of them is about.  Every one holds under any other mischief as well: what
 * fails is tried again, told apart by its number where it must happen once, and given up by a
 * deadline; and when all is calm, all is done.
 */
#ifndef VETSOCK_SIMULATIONS_H
#define VETSOCK_SIMULATIONS_H

#include <stddef.h>

#include <vetsock/simulate.h>

/* All of them; the array is the same each time. */
const struct vet_simulation *simulations_all(size_t *count);

#endif
