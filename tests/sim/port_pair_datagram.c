/* SPDX-License-Identifier: 0BSD */
/* Datagrams of both worlds: connect and its dissolution, and who hears what. */
#include "port_pair.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

static uint32_t message;

static void dissolve(struct pair *p)
{
	struct sim_socket *s = p->s;
	const struct sockaddr none = { .sa_family = AF_UNSPEC };
	note("%d: connect(AF_UNSPEC)", number_of(p));
	compare(DATAGRAM_CONNECT, answer(connect(p->fd, &none, sizeof none)), 0);
	s->state = SIM_CLOSED;
	s->options.device = 0; /* Linux's __udp_disconnect() */
	s->remote.port = 0;
	if (!s->binding.is_explicit_address) {
		s->local.ip = s->bound_ip = s->family == 4 ? SIM_IPV4_ANY : SIM_IPV6_ANY;
		if (s->binding.is_explicit_port)
			vetsim_port_moved(s);
	}
	if (!s->binding.is_explicit_port) {
		vetsim_port_release(s);
		s->local.port = 0;
	}
}

void step_datagram_connect(struct port_random *random, struct pair *p)
{
	struct sim_socket *s = p->s;
	bool v4 = s->family == 4 || port_below(random, 2);
	char text[64];
	socklen_t length;
	union port_sockaddr a;
	struct sim_name to;
	int kernel, simulator;
	if (port_below(random, 5) == 0) {
		dissolve(p);
		return;
	}
	snprintf(text, sizeof text, "%s%s", s->family == 6 && v4 ? "::ffff:" : "",
		 !v4                     ? "::1"
		 : port_below(random, 3) ? ip_of[0]
					 : ip_of[1]);
	a = port_address(s->family, text, port_below(random, 4) == 0 ? port_of[1] : sender_port,
			 &length);
	to = name_of(&a);
	if (!can_reach(s, to.ip) ||
	    (s->state == SIM_ESTABLISHED && sim_ip_is_v4(s->remote.ip) != v4))
		return;
	note("%d: connect(%s, %u)", number_of(p), text, to.port);
	kernel = answer(connect(p->fd, &a.any, length));
	lead(p);
	simulator = vetsim_port_autobind(s);
	compare(DATAGRAM_CONNECT, kernel, simulator);
	if (simulator < 0)
		return;
	s->remote = to;
	s->state = SIM_ESTABLISHED;
	if (sim_ip_is_any(s->local.ip)) {
		s->local.ip = source_of(to.ip);
		vetsim_port_moved(s);
	}
	compare_names(p);
}

static struct pair *receiver(bool *is_late)
{
	for (struct pair *p = pairs; p < pairs + SLOTS; p++) {
		uint32_t got = 0;
		if (p->s == NULL || p->fd < 0 || p->s->node.kind != SIM_DATAGRAM)
			continue;
		while (recv(p->fd, &got, sizeof got, 0) == (ssize_t)sizeof got) {
			if (got == message)
				return p;
			*is_late = true;
		}
	}
	return NULL;
}

/* Explained: Linux prefers who has heard something on this CPU while it was connected
 * (sk_incoming_cpu), which is no matter of calls; and a socket that was connected first, and
 * then came into a group, does not keep the group from choosing (has_conns), which the simulator
 * does not remember. */
static bool is_group_of_connected(const struct sim_socket *got, const struct sim_socket *expected)
{
	return got->binding.is_grouped && expected != NULL && expected->binding.is_grouped &&
	       expected->state == SIM_ESTABLISHED && vetsim_port_are_alike(got, expected);
}

/* From the sender: who hears it?  Of a group with SO_REUSEPORT any does. */
void step_send(struct port_random *random)
{
	bool is_v4 = port_below(random, 3) != 0;
	const char *ip = !is_v4                       ? "::1"
			 : port_below(random, 5) == 0 ? "127.0.0.1"
						      : ip_of[port_below(random, 2)];
	uint16_t port = port_of[port_below(random, 5) == 0];
	socklen_t length;
	union port_sockaddr to = port_address(is_v4 ? 4 : 6, ip, port, &length);
	struct sim_name destination = name_of(&to), source = name_of(&sender_at[!is_v4]);
	struct sim_socket *expected = vetsim_port_datagram(&port_host, &destination, &source);
	struct pair *got = NULL;
	bool is_late = false;
	int waits = expected != NULL ? LATE : 1;
	message++;
	note("send to %s %u", ip, port);
	(void)sendto(sender[!is_v4], &message, sizeof message, 0, &to.any, length);
	for (int i = 0; got == NULL && i < waits; i++) {
		got = receiver(&is_late);
		if (got == NULL && expected != NULL)
			usleep(1000);
	}
	heard += got != NULL;
	compare(SEND, got != NULL ? 0 : -EAGAIN, expected != NULL ? 0 : -EAGAIN);
	if (got != NULL && got->s->state == SIM_ESTABLISHED)
		got->has_heard = true;
	if (got == NULL || got->s == expected || are_one_group(got->s, expected))
		return;
	if (got->has_heard || is_group_of_connected(got->s, expected)) {
		explained++;
		return;
	}
	note("   the kernel: %d\n", number_of(got));
	for (unsigned i = 0; i < SLOTS; i++)
		if (pairs[i].s == expected)
			note("   the simulator: %u\n", i);
	differ = true;
}
