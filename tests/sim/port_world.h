/* SPDX-License-Identifier: 0BSD */
/* One host made by hand, for tests of its ports: what the rest of the simulator would do is
 * stubs. */
#ifndef VETSOCK_TESTS_SIM_PORT_WORLD_H
#define VETSOCK_TESTS_SIM_PORT_WORLD_H

#include <netinet/in.h>

#include "../../shim/sim/port_table.h"

struct port_random {
	uint64_t state;
};

uint32_t port_below(struct port_random *random, uint32_t n);

extern struct vet_sim port_sim;
extern struct vet_sim_host port_host;
/* What choices are drawn from; NULL: each is 0. */
extern struct port_random *port_choices;

void port_world_begin(void);
void port_world_end(void);
struct sim_socket *port_socket(enum sim_kind kind, uint8_t family);
/* Released, and freed. */
void port_socket_end(struct sim_socket *s);

union port_sockaddr {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

/* "1.2.3.4" or "::1", for a socket of the family (4, 6); *length may be NULL. */
union port_sockaddr port_address(uint8_t family, const char *ip, uint16_t port, socklen_t *length);
int port_bind(struct sim_socket *s, const char *ip, uint16_t port);

#endif
