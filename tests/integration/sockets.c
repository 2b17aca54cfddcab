/* SPDX-License-Identifier: 0BSD */
/* Sockets on loopback, in the states that the tests begin with. */
#include "kernel.h"

#include <errno.h>

struct vet_address loopback(int family, uint32_t port)
{
	return vet_address_of(
		family == 4 ? vet_ipv4(127, 0, 0, 1) : vet_ipv6(0, 0, 0, 0, 0, 0, 0, 1), port);
}

void patient(struct vet_socket *s)
{
	vet_socket_timeout_after(s, slow_run() ? VET_SECONDS(200) : VET_SECONDS(20));
}

static void bind_loopback(const struct world *world, struct vet_socket *s,
			  struct vet_address *where)
{
	struct vet_address any_port = loopback(world->family, 0);
	MUST(vet_socket_bind(s, &any_port));
	MUST(vet_socket_local_address(s, where));
	patient(s);
}

void listener_open(const struct world *world, struct vet_socket *listener,
		   struct vet_address *where)
{
	MUST(vet_socket_stream_on(listener, world->sys, world->family));
	bind_loopback(world, listener, where);
	MUST(vet_socket_listen(listener));
}

void datagram_open(const struct world *world, struct vet_socket *s, struct vet_address *where)
{
	MUST(vet_socket_datagram_on(s, world->sys, world->family));
	bind_loopback(world, s, where);
}

/* buffer: bytes of the buffers between the two, 0 for the system's own choice. */
static void pair_make(const struct world *world, struct pair *pair, int64_t buffer)
{
	struct vet_socket listener;
	struct vet_address where;

	*pair = (struct pair){ 0 };
	listener_open(world, &listener, &where);
	MUST(vet_socket_stream_on(&pair->near, world->sys, world->family));
	patient(&pair->near);
	if (buffer > 0) {
		/* What is accepted inherits the listener's, and the window follows from it. */
		MUST(vet_socket_set_receive_buffer_size(&listener, buffer));
		MUST(vet_socket_set_send_buffer_size(&pair->near, buffer));
	}
	MUST(vet_socket_connect(&pair->near, &where));
	MUST(vet_socket_accept(&listener, &pair->far, NULL));
	patient(&pair->far);
	MUST(vet_socket_close(&listener));
}

void pair_open(const struct world *world, struct pair *pair)
{
	pair_make(world, pair, 0);
}

void pair_open_small(const struct world *world, struct pair *pair)
{
	pair_make(world, pair, 16 * 1024);
}

void pair_close(struct pair *pair)
{
	MUST(vet_socket_close(&pair->near));
	MUST(vet_socket_close(&pair->far));
}

void refused_open(const struct world *world, struct vet_socket holders[2],
		  struct vet_address *where)
{
	/* Bound and not listening: nobody else gets the port, and streams are reset. */
	MUST(vet_socket_stream_on(&holders[0], world->sys, world->family));
	bind_loopback(world, &holders[0], where);
	/* Connected to itself: it takes no other's datagrams, so that those meet no socket. */
	MUST(vet_socket_datagram_on(&holders[1], world->sys, world->family));
	MUST(vet_socket_bind(&holders[1], where));
	MUST(vet_socket_connect(&holders[1], where));
}

void refused_close(struct vet_socket holders[2])
{
	MUST(vet_socket_close(&holders[0]));
	MUST(vet_socket_close(&holders[1]));
}

void full_listener_open(const struct world *world, struct vet_socket *listener,
			struct vet_socket fillers[2], struct vet_address *where)
{
	MUST(vet_socket_stream_on(listener, world->sys, world->family));
	bind_loopback(world, listener, where);
	/* Linux holds one connection more than the backlog, and drops the SYNs of others. */
	MUST(vet_socket_listen_backlog(listener, 0));
	MUST(vet_socket_stream_on(&fillers[0], world->sys, world->family));
	MUST(vet_socket_connect(&fillers[0], where));
	MUST(vet_socket_stream_on(&fillers[1], world->sys, world->family));
	vet_socket_timeout_after(&fillers[1], 0);
	SAME(vet_socket_connect(&fillers[1], where), VET_EDEADLINE);
}
