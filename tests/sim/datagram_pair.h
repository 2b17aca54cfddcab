/* SPDX-License-Identifier: 0BSD */
/* The kernel's table and a simulated host's, with datagram sockets in pairs: the same calls on both,
 * and what differs. */
#ifndef VETSOCK_TESTS_SIM_DATAGRAM_PAIR_H
#define VETSOCK_TESTS_SIM_DATAGRAM_PAIR_H

#include <netinet/in.h>

#include "../../shim/sim/world.h"

enum {
	SLOTS = 4,
	PORTS = 3, /* of a sequence's own */
};

enum { KERNEL, SIMULATOR, SIDES };

struct side {
	struct vet_sys *sys;
	int file;
	int fd[SLOTS];
};

/* A name with its length, in front of room that must stay as it was. */
struct named {
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		unsigned char bytes[64];
	} u;
	socklen_t length;
};

extern struct vet_sim *sim;
extern struct side sides[SIDES];
extern uint8_t family[SLOTS]; /* of an open one; 0: it is closed */
extern uint64_t state;        /* what is drawn from */
extern uint32_t own_ip;       /* the first of two, 127.a.b.c */
extern uint16_t own_port;
extern bool differs;
extern int64_t answers[SIDES]; /* to the last call */
extern unsigned long calls, refused;
/* What has been done, as text. */
extern char lines[16384];
extern size_t lines_size;

uint32_t below(uint32_t n);
__attribute__((format(printf, 1, 2))) void note(const char *format, ...);
void compare(const char *what, int64_t kernel, int64_t simulator);
void compare_answers(void);

/* Some room for a name. */
void named_begin(struct named name[SIDES]);
void compare_named(const struct named name[SIDES]);
void compare_local(unsigned slot); /* getsockname */

/* For a socket; one in so many is where another socket is. */
void some_address(unsigned slot, struct named *name, uint32_t one_in);
void note_address(const struct named *name);
/* Whether a socket has an address of IPv6, and no other.  To IPv4 Linux has it as 127.0.0.6
 * (LOOPBACK4_IPV6), which shows where it sends by ::ffff:0.0.0.0, and when IPV6_V6ONLY, that its
 * bind had set, is cleared after its dissolution.  The simulator does not know that: neither is
 * compared. */
bool is_of_ipv6(unsigned slot);

/* Between the two: the simulator chooses the port that the kernel chose. */
void lead(unsigned slot, int64_t result);

/* The call on both: `c` and `fd` are the side's. */
#define BOTH(slot, expression) \
	do { \
		for (int side = 0; side < SIDES; side++) { \
			struct vet_sys *sys = sides[side].sys; \
			const struct vet_sys_calls *c = sys->calls; \
			int fd = sides[side].fd[slot]; \
			(void)fd; \
			if (side == SIMULATOR) \
				lead(slot, answers[KERNEL]); \
			answers[side] = (expression); \
		} \
		compare_answers(); \
	} while (0)

#endif
