/* SPDX-License-Identifier: 0BSD */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "datagram_world.h"

struct vet_sim *sim;
struct vet_sim_host *near, *far;
struct vet_sys *sys[2];
unsigned fates[VET_SIM_DROPPED + 1][256];
uint64_t sent_number, arrived_number;

static void see(void *context, const struct vet_sim_event *event)
{
	(void)context;
	fates[event->packet->fate][event->packet->protocol]++;
	if (event->packet->protocol != VET_SIM_UDP)
		return;
	if (event->packet->fate == VET_SIM_SENT)
		sent_number = event->packet->number;
	if (event->packet->fate == VET_SIM_ARRIVED)
		arrived_number = event->packet->number;
}

void begin(uint64_t seed)
{
	static const struct vet_sim_observer observer = { .event = see,
							  .wants = 1U << VET_SIM_PACKET };
	const struct vet_sim_options options = { .seed = seed, .observer = &observer };
	assert_int_equal(vet_sim_start(sim, &options), 0);
	memset(fates, 0, sizeof fates);
	near = vet_sim_add_host(sim, "near");
	far = vet_sim_add_host(sim, "far");
	assert_non_null(near);
	assert_non_null(far);
	sys[0] = vet_sim_sys(near);
	sys[1] = vet_sim_sys(far);
}

int set_up(void **state)
{
	(void)state;
	return vet_sim_make(&sim);
}

int tear_down(void **state)
{
	(void)state;
	vet_sim_free(sim);
	return 0;
}

/* ---- calls ---- */

socklen_t name_of(const struct vet_ip *ip, uint16_t port, union name *name)
{
	memset(name, 0, sizeof *name);
	if (ip->family == 4) {
		name->in.sin_family = AF_INET;
		name->in.sin_port = htons(port);
		memcpy(&name->in.sin_addr, ip->bytes, 4);
		return sizeof name->in;
	}
	name->in6.sin6_family = AF_INET6;
	name->in6.sin6_port = htons(port);
	memcpy(&name->in6.sin6_addr, ip->bytes, 16);
	return sizeof name->in6;
}

int open_on(struct vet_sys *on, int family, int type, int protocol)
{
	int domain = family == 4 ? AF_INET : AF_INET6;
	int fd = (on->calls->socket)(on, domain, type, protocol);
	assert_true(fd >= 0);
	return fd;
}

int bound_on(struct vet_sys *on, const struct vet_ip *ip, uint16_t port)
{
	union name name;
	socklen_t length = name_of(ip, port, &name);
	int fd = open_on(on, ip->family, SOCK_DGRAM, 0);
	assert_int_equal((on->calls->bind)(on, fd, &name.any, length), 0);
	return fd;
}

int connected_on(struct vet_sys *on, const struct vet_ip *ip, uint16_t port)
{
	union name name;
	socklen_t length = name_of(ip, port, &name);
	int fd = open_on(on, ip->family, SOCK_DGRAM, 0);
	assert_int_equal((on->calls->connect)(on, fd, &name.any, length), 0);
	return fd;
}

void wait_for(vet_duration time)
{
	assert_int_equal((sys[0]->calls->poll)(sys[0], NULL, 0, time), 0);
}

int take_error(struct vet_sys *on, int fd)
{
	int error = -1;
	socklen_t length = sizeof error;
	assert_int_equal((on->calls->getsockopt)(on, fd, SOL_SOCKET, SO_ERROR, &error, &length), 0);
	return error;
}

void set_number(struct vet_sys *on, int fd, int level, int name, int value)
{
	assert_int_equal((on->calls->setsockopt)(on, fd, level, name, &value, sizeof value), 0);
}

void link_both(const struct vet_sim_link *link)
{
	assert_int_equal(vet_sim_set_link(sim, near, far, link), 0);
}

void check_range(const char *row, const char *what, unsigned got, unsigned least, unsigned most)
{
	if (got < least || got > most)
		fail_msg("%s: %s %u, not %u to %u", row, what, got, least, most);
}

void check_result(const char *row, const char *what, int got, int wanted)
{
	if (got != wanted)
		fail_msg("%s: %s: %d, not %d", row, what, got, wanted);
}
