/* SPDX-License-Identifier: 0BSD */
/* A socket of the kernel and a simulated one, to which the same is done; differences are counted. */
#ifndef VETSOCK_TESTS_SIM_OPTION_PAIR_H
#define VETSOCK_TESTS_SIM_OPTION_PAIR_H

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

enum pair_kind { PAIR_STREAM, PAIR_DATAGRAM, PAIR_RAW };
enum pair_state {
	PAIR_FRESH,
	PAIR_BOUND,
	PAIR_LISTENING,
	PAIR_CONNECTED,
	PAIR_ACCEPTED,
	PAIR_STATES
};

struct pair {
	enum pair_kind kind;
	int family;
	enum pair_state state;
	int real, simulated;
	int real_other, simulated_other; /* the listener or peer of it; -1 */
	bool was_set;                    /* both have taken a value */
	char history[512];               /* what was set, to be shown with a difference */
};

struct random {
	uint64_t state;
};

/* One of n. */
static inline uint32_t random_of(struct random *random, uint32_t n)
{
	random->state =
		random->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(random->state >> 33) % n;
}

/* False: it cannot be tested here, and why is printed. */
bool pair_begin(void);
/* Prints figures.  Whether all was equal, or explained. */
bool pair_end(void);

bool pair_has(enum pair_kind kind, enum pair_state state);
void pair_make(struct pair *pair, enum pair_kind kind, int family, enum pair_state state);
/* Another connects to the listener of it, and is accepted. */
void pair_accept(struct pair *pair, struct pair *listener);
void pair_close(struct pair *pair);
void pair_set(struct pair *pair, int level, int name, const void *value, int length);
void pair_get(struct pair *pair, int level, int name, int length);
/* Gets all options. */
void pair_compare(struct pair *pair);
/* The simulator knows it not, and says so: docs/simulation.md. */
bool is_not_modelled(int level, int name, enum pair_kind kind, int family);
/* Of a listener: a connection cannot come to be, or not at once, once it is set. */
bool keeps_from_connecting(int level, int name);

#endif
