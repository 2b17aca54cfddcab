/* SPDX-License-Identifier: 0BSD */
/* The table of ports, for the files that decide and look things up in it. */
#ifndef VETSOCK_SIM_PORT_TABLE_H
#define VETSOCK_SIM_PORT_TABLE_H

#include "world.h"

/* An address that a socket has, or asks for. */
struct sim_claim {
	struct sim_ip ip;
	uint8_t family;
	bool only_ipv6;
};

/* A port that somebody has. */
struct sim_port {
	struct sim_port *next; /* in its bucket */
	uint16_t number;
	uint32_t owned; /* by so many whose port connect did not choose: then it chooses another */
	struct sim_socket *first;  /* all, in the order in which they are asked */
	struct sim_socket *hearer; /* listeners or datagram sockets, as they are looked at */
	/* The address of the last that SO_REUSEPORT let in: who asks for the same need not ask the
	 * others (Linux's fastreuseport). */
	bool is_open;
	struct sim_claim open;
};

/* A choice of a port needs an address that nobody has; bind(2) and listen(2) may share one. */
enum sim_strictness { SIM_SHARED, SIM_ALONE };

static inline struct sim_ports *sim_ports_of(const struct sim_socket *s)
{
	return s->node.kind == SIM_STREAM ? &s->host->streams : &s->host->datagrams;
}

/* NULL: nobody has it. */
struct sim_port *vetsim_port_find(const struct sim_ports *ports, uint16_t number);
/* 0 or -ENOMEM; local.port says it from now on. */
int vetsim_port_enter(struct sim_socket *socket, uint16_t number);
/* It hears what arrives for its port. */
void vetsim_port_hear(struct sim_socket *socket);
/* A place in the table of connections; there is room.  0 or -ENOMEM. */
int vetsim_port_join(struct sim_socket *socket);
/* Of two names: the same on every machine. */
uint32_t vetsim_port_hash(const struct sim_name *local, const struct sim_name *remote);

/* Whether two sockets that hear are of one group: what arrives is shared among them. */
bool vetsim_port_are_alike(const struct sim_socket *a, const struct sim_socket *b);
/* Whether one may have the other's address, be it any; `::` and 0.0.0.0 of a or b then count as all
 * that they stand for. */
bool vetsim_claims_meet(const struct sim_claim *a, const struct sim_claim *b, bool a_is_any,
			bool b_is_any);

static inline struct sim_claim sim_claim_of(const struct sim_socket *s)
{
	return (struct sim_claim){ s->local.ip, s->family, vetsim_option_only_ipv6(s) };
}

/* Whether the socket may have that port at that address: 0 or -EADDRINUSE. */
int vetsim_port_check(const struct sim_socket *socket, const struct sim_claim *claim,
		      uint16_t number, enum sim_strictness strictness);
/* It has: others with SO_REUSEPORT may follow it, or not any more. */
void vetsim_port_let_in(const struct sim_socket *socket, const struct sim_claim *claim);

typedef bool (*sim_port_test)(struct sim_socket *socket, const struct sim_claim *claim,
			      uint16_t number);
/* A port that passes the test, from those that Linux would take for bind(2) or connect(2); 0:
 * none. */
enum sim_chooser { SIM_BIND, SIM_CONNECT };
uint16_t vetsim_port_choose(struct sim_socket *socket, enum sim_chooser chooser,
			    const struct sim_claim *claim, sim_port_test test);

#endif
