/* SPDX-License-Identifier: 0BSD */
/*
 * What vetsock's own operations are explored with: each alone, in its variants, and exchanges that
 * are made of them.
 *
 * Every scenario checks what must hold whatever faults it meets (what came is a prefix of what was
 * sent, a failed making leaves a closed socket, what an error leaves usable is used), and, where it
 * met none, that all went as it should, to the byte.
 */
#ifndef VETSOCK_SCENARIOS_H
#define VETSOCK_SCENARIOS_H

#include <stddef.h>

#include <vetsock/explore.h>

/* All of them, by subject; the array is the same each time.  Not from two threads at once. */
const struct vet_scenario *scenarios_all(size_t *count);

/* The operations that they are made of. */
const struct vet_operation *scenarios_operations(size_t *count);

#endif
