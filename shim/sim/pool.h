/* SPDX-License-Identifier: 0BSD */
/* Blocks of memory that are used again: a run of the simulator asks the C library for none that one
 * before has given back. */
#ifndef VETSOCK_SIM_POOL_H
#define VETSOCK_SIM_POOL_H

#include <stddef.h>
#include <stdint.h>

struct sim_pool;

struct sim_pool *vetsim_pool_make(void); /* NULL: no memory */
void vetsim_pool_free(struct sim_pool *pool);
/* At least `size` bytes, aligned for anything, of any content; *room (may be NULL) is how many: a
 * power of 2, from 64 on.  NULL: no memory. */
void *vetsim_pool_take(struct sim_pool *pool, size_t size, uint32_t *room);
/* The size that was asked for, or the room that was given. */
void vetsim_pool_give(struct sim_pool *pool, void *block, size_t size);

#endif
