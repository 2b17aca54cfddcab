/* SPDX-License-Identifier: 0BSD */
#ifndef VETSOCK_SRC_DEADLINE_H
#define VETSOCK_SRC_DEADLINE_H

#include <stdint.h>

#include <vetsock/socket.h>

#define VET_NO_DEADLINE INT64_MAX

/* The deadline of a timeout that begins now on the table's clock, which is read if there is one; if it
 * cannot be read, one that has passed. */
int64_t vet_deadline_after(struct vet_sys *sys, vet_duration duration);

/* Relaxed: another thread may move the deadline at any time, and nothing else hangs on it. */
static inline int64_t vet_deadline_load(const struct vet_socket *s)
{
	return __atomic_load_n(&s->deadline, __ATOMIC_RELAXED);
}

static inline void vet_deadline_store(struct vet_socket *s, int64_t instant)
{
	__atomic_store_n(&s->deadline, instant, __ATOMIC_RELAXED);
}

static inline int64_t vet_time_difference(int64_t later, int64_t earlier)
{
	return vet_instant_difference((struct vet_instant){ later },
				      (struct vet_instant){ earlier });
}

#endif
