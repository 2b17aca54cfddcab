/* SPDX-License-Identifier: 0BSD */
/* Timers: a heap ordered by (time, sequence number), from which any can be removed. */
#ifndef VETSOCK_SIM_HEAP_H
#define VETSOCK_SIM_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sim_timer_kind {
	SIM_TIMER_ACTOR,   /* of struct sim_actor: its poll's limit */
	SIM_TIMER_PIPE,    /* of struct sim_pipe: its first segment arrives, or is sent again */
	SIM_TIMER_SOCKET,  /* of struct sim_socket: the earliest of what it waits for */
	SIM_TIMER_MESSAGE, /* of struct sim_message: it arrives */
	SIM_TIMER_WORLD,   /* of struct vet_sim: the next of its script */
};

struct sim_timer {
	uint32_t place; /* in the heap, from 1; 0: in none */
	uint32_t kind;
};

struct sim_heap {
	struct sim_heap_entry {
		int64_t at;
		uint64_t sequence;
		struct sim_timer *timer;
	} *entry;
	uint32_t count, capacity, most;
	uint64_t sequence; /* of the next */
};

/* At a time, in place of when it was to be.  False: no memory. */
bool vetsim_heap_set(struct sim_heap *heap, struct sim_timer *timer, int64_t at);
void vetsim_heap_remove(struct sim_heap *heap, struct sim_timer *timer);
/* The first, taken out, if it is due at that time; NULL. */
struct sim_timer *vetsim_heap_take(struct sim_heap *heap, int64_t now);
/* INT64_MAX: there is none. */
static inline int64_t sim_heap_next(const struct sim_heap *heap)
{
	return heap->count == 0 ? INT64_MAX : heap->entry[0].at;
}

#endif
