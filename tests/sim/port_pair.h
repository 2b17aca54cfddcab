/* SPDX-License-Identifier: 0BSD */
/* Sockets of the kernel and of the simulator in pairs: the same calls on both, and what differs. */
#ifndef VETSOCK_TESTS_SIM_PORT_PAIR_H
#define VETSOCK_TESTS_SIM_PORT_PAIR_H

#include "port_world.h"

enum {
	SLOTS = 14, /* 6 that the sequence opens, and what comes of connections */
	LATE = 50,  /* milliseconds that the kernel may take to deliver */
};

/* A socket of both worlds; fd -1 and s not NULL: it has no descriptor, and lives on. */
struct pair {
	int fd;
	struct sim_socket *s;
	struct pair *peer;
	bool has_heard; /* while it was connected */
	uint8_t tried;  /* the family of where it was connected to first */
};

extern struct pair pairs[SLOTS];
extern int sender[2]; /* of IPv4, IPv6 */
extern union port_sockaddr sender_at[2];
extern char ip_of[2][16]; /* 127.a.b.c, of this sequence alone */
extern uint16_t port_of[2], sender_port, range_low, range_high;

enum call { SOCKET, OPTION, BIND, LISTEN, CONNECT, DATAGRAM_CONNECT, SEND, CLOSE };

/* What has been done, so far and in this sequence; a sequence ends as soon as something differs. */
enum { CALLS = CLOSE + 1 };
extern const char *const call_names[CALLS];
extern unsigned long calls, refused, heard, differences, explained;
extern unsigned long counted[CALLS][2];
extern char lines[8192];
extern size_t lines_size;
extern bool differ;

__attribute__((format(printf, 1, 2))) void note(const char *format, ...);
/* What both answered, after a note of the call: 0 or minus the errno. */
void compare(enum call call, int kernel, int simulator);
int answer(int result);

const char *pick_ip(struct port_random *random, uint8_t family);
struct sim_name name_of(const union port_sockaddr *a);
/* The kernel's port is the one to choose. */
void lead(const struct pair *p);
/* The local names are the same. */
void compare_names(const struct pair *p);

struct pair *vacant(void); /* NULL: none */
int number_of(const struct pair *p);
bool can_reach(const struct sim_socket *s, struct sim_ip ip);
struct sim_ip source_of(struct sim_ip to);
bool are_one_group(const struct sim_socket *a, const struct sim_socket *b);
void forget(struct pair *p);

/* ---- steps ---- */

void step_datagram_connect(struct port_random *random, struct pair *p);
void step_send(struct port_random *random);
void step_connect(struct port_random *random, struct pair *p);
void step_close(struct port_random *random, struct pair *p);

#endif
