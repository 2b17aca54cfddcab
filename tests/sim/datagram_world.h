/* SPDX-License-Identifier: 0BSD */
/* Two hosts, and short forms of the calls that tests of their datagrams make. */
#ifndef VETSOCK_TESTS_SIM_DATAGRAM_WORLD_H
#define VETSOCK_TESTS_SIM_DATAGRAM_WORLD_H

#include <netinet/in.h>

#include <vetsock/ip.h>
#include <vetsock/sim.h>

enum {
	PORT = 7000,
	COUNT = 100, /* sent in a row */
	LARGEST = 9000,
};

union name {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

extern struct vet_sim *sim;
extern struct vet_sim_host *near, *far;
extern struct vet_sys *sys[2]; /* of near, of far */
/* Packets that were seen, by fate and protocol; the numbers of the last of datagrams. */
extern unsigned fates[VET_SIM_DROPPED + 1][256];
extern uint64_t sent_number, arrived_number;

int set_up(void **state);
int tear_down(void **state);
/* A new run, with both hosts. */
void begin(uint64_t seed);

socklen_t name_of(const struct vet_ip *ip, uint16_t port, union name *name);
int open_on(struct vet_sys *on, int family, int type, int protocol);
int bound_on(struct vet_sys *on, const struct vet_ip *ip, uint16_t port);
int connected_on(struct vet_sys *on, const struct vet_ip *ip, uint16_t port);
void wait_for(vet_duration time);
int take_error(struct vet_sys *on, int fd); /* SO_ERROR */
void set_number(struct vet_sys *on, int fd, int level, int name, int value);
void link_both(const struct vet_sim_link *link); /* from near to far */

void check_range(const char *row, const char *what, unsigned got, unsigned least, unsigned most);
void check_result(const char *row, const char *what, int got, int wanted);

#endif
