/* SPDX-License-Identifier: 0BSD */
/* Strings of bytes that come again and again, by number. */
#ifndef VETSOCK_SIM_INTERN_H
#define VETSOCK_SIM_INTERN_H

#include <stddef.h>
#include <stdint.h>

#define SIM_INTERN_NONE UINT32_MAX

/* All zero: none yet. */
struct sim_intern {
	unsigned char *bytes; /* of all, one after the other */
	size_t size, room;
	size_t *begin;  /* of each; and the end of the last */
	uint32_t *slot; /* a table of numbers, from 1; its size is a power of 2 */
	uint32_t count, count_room, slots;
};

/* The number of a string, from 0 in the order in which they came first.  SIM_INTERN_NONE: no
 * memory. */
uint32_t vetsim_intern(struct sim_intern *intern, const void *bytes, size_t size);
const unsigned char *vetsim_interned(const struct sim_intern *intern, uint32_t number,
				     size_t *size);
void vetsim_intern_free(struct sim_intern *intern);

#endif
