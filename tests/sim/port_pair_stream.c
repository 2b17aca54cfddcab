/* SPDX-License-Identifier: 0BSD */
/* Connections of both worlds, and how they end. */
#include "port_pair.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- connections ---- */

static struct pair *pair_of(const struct sim_socket *s)
{
	for (struct pair *p = pairs; p < pairs + SLOTS; p++)
		if (p->s == s)
			return p;
	return NULL;
}

static int take_from(const struct pair *listener)
{
	int fd = -1;
	for (int i = 0; fd < 0 && i < LATE; i++) {
		fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK);
		if (fd < 0 && errno == EAGAIN)
			usleep(200);
	}
	return fd;
}

/* The connection is accepted where the simulator says that it is; or by another of its group. */
static void accept_from(struct pair *client, struct sim_socket *expected)
{
	struct pair *child = vacant(), *from = pair_of(expected);
	struct pollfd polled[SLOTS];
	for (unsigned i = 0; i < SLOTS; i++)
		polled[i] = (struct pollfd){ .fd = -1, .events = POLLIN };
	for (unsigned i = 0; i < SLOTS; i++)
		if (pairs[i].s != NULL && pairs[i].fd >= 0 && pairs[i].s->state == SIM_LISTEN)
			polled[i].fd = pairs[i].fd;
	if (poll(polled, SLOTS, LATE) > 0)
		for (unsigned i = 0; i < SLOTS; i++)
			if (polled[i].revents != 0)
				from = &pairs[i];
	if (from->s != expected && !are_one_group(from->s, expected)) {
		note("   accepted by %d; the simulator: %d\n", number_of(from),
		     number_of(pair_of(expected)));
		differ = true;
	}
	child->fd = take_from(from);
	if (child->fd < 0) {
		note("   nobody has it\n");
		differ = true;
		return;
	}
	child->s = port_socket(SIM_STREAM, from->s->family);
	child->s->options = from->s->options;
	child->s->options.only_ipv6 = vetsim_option_only_ipv6(from->s);
	child->s->options.is_child = true;
	child->s->local = client->s->remote;
	child->s->remote = client->s->local;
	child->s->state = SIM_ESTABLISHED;
	child->peer = client;
	client->peer = child;
	note("   accepted: %d\n", number_of(child));
	if (vetsim_port_inherit(child->s, from->s) != 0)
		differ = true;
}

static void refused_by_nobody(struct pair *p, const union port_sockaddr *a, socklen_t length)
{
	struct sim_socket *s = p->s;
	int kernel = -EALREADY;
	for (int i = 0; kernel == -EALREADY && i < LATE; i++) {
		kernel = answer(connect(p->fd, &a->any, length));
		if (kernel == -EALREADY)
			usleep(200);
	}
	note("   again");
	compare(CONNECT, kernel, -ECONNREFUSED);
	s->state = SIM_CLOSED;
	vetsim_port_disconnect(s);
	if (!s->binding.is_explicit_port)
		vetsim_port_release(s);
	s->remote.port = 0;
	if (!s->binding.is_explicit_address)
		s->local.ip = s->bound_ip = s->family == 4 ? SIM_IPV4_ANY : SIM_IPV6_ANY;
}

static void attempt(struct pair *p, const union port_sockaddr *a, socklen_t length)
{
	struct sim_socket *s = p->s, *listener;
	struct sim_ip before = s->local.ip;
	struct sim_name to = name_of(a);
	int kernel = answer(connect(p->fd, &a->any, length)), simulator;
	lead(p);
	s->remote = to;
	if (sim_ip_is_any(s->bound_ip))
		s->local.ip = source_of(to.ip);
	listener = vetsim_port_listener(&port_host, &s->remote, &s->local);
	simulator = vetsim_port_connect(s);
	if (simulator == 0)
		listener = vetsim_port_listener(&port_host, &s->remote, &s->local);
	if (kernel == -EINPROGRESS || kernel == -ECONNREFUSED)
		kernel = 0;
	compare(CONNECT, kernel, simulator);
	if (simulator < 0) {
		s->local.ip = before;
		s->remote.port = 0;
		return;
	}
	s->state = SIM_ESTABLISHED;
	compare_names(p);
	if (differ)
		return;
	if (listener != NULL)
		accept_from(p, listener);
	else
		refused_by_nobody(p, a, length);
}

void step_connect(struct port_random *random, struct pair *p)
{
	struct sim_socket *s = p->s;
	bool v4 = s->family == 4 || port_below(random, 2);
	char text[64];
	socklen_t length;
	union port_sockaddr a;
	struct sim_name to;
	if (s->state != SIM_CLOSED || p->peer != NULL || s->remote.port != 0 || vacant() == NULL)
		return;
	snprintf(text, sizeof text, "%s%s", s->family == 6 && v4 ? "::ffff:" : "",
		 v4 ? ip_of[port_below(random, 2)] : "::1");
	a = port_address(s->family, text, port_of[port_below(random, 5) == 0], &length);
	to = name_of(&a);
	/* To itself is a matter of streams, not of ports.  And Linux's stream of IPv6 that was
	 * refused by IPv4 never gets an answer of IPv6 any more. */
	if (!can_reach(s, to.ip) || (p->tried != 0 && p->tried != (v4 ? 4 : 6)) ||
	    (s->binding.port != NULL && s->local.port == to.port))
		return;
	note("%d: connect(%s, %u)", number_of(p), text, to.port);
	p->tried = v4 ? 4 : 6;
	attempt(p, &a, length);
}

/* ---- the end of a socket ---- */

/* The other end has a connection that is over. */
static void reset_peer(struct pair *peer)
{
	struct sim_socket *s = peer->s;
	struct pollfd told = { .fd = peer->fd };
	(void)poll(&told, 1, LATE);
	vetsim_port_disconnect(s);
	s->state = SIM_CLOSED;
	if (!s->binding.is_explicit_port)
		vetsim_port_release(s);
}

/* Who closes first stays, without a descriptor: then in TIME_WAIT. */
static void close_connection(struct pair *p, bool reset)
{
	struct pair *peer = p->peer;
	const struct linger at_once = { 1, 0 };
	if (peer->fd < 0) { /* it was closed before: both ends are, in order */
		close(p->fd);
		peer->s->state = SIM_TIME_WAIT;
		peer->s->u.stream.end_at = port_sim.now + VET_SECONDS(60);
		forget(p);
		return;
	}
	if (reset) {
		if (setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) < 0)
			abort();
		close(p->fd);
		reset_peer(peer);
		forget(p);
		return;
	}
	close(p->fd);
	p->fd = -1;
	p->s->state = SIM_FIN_WAIT_2;
}

void step_close(struct port_random *random, struct pair *p)
{
	bool reset = port_below(random, 3) == 0;
	note("%d: close%s", number_of(p), p->peer != NULL && reset ? " with linger 0" : "");
	compare(CLOSE, 0, 0);
	if (p->peer != NULL) {
		close_connection(p, reset);
		return;
	}
	close(p->fd);
	forget(p);
}
