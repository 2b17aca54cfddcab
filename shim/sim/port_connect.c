/* SPDX-License-Identifier: 0BSD */
/* Ports of connections: many may share one, as long as no two have both names in common. */
#include "port_table.h"

enum { TIME_WAIT_SECONDS = 60 };

/* How long somebody has been in TIME_WAIT. */
static int64_t waited(const struct sim_socket *left)
{
	return left->host->sim->now - (left->u.stream.end_at - VET_SECONDS(TIME_WAIT_SECONDS));
}

/* Linux's tcp_twsk_unique(): what bind(2) was given is taken from TIME_WAIT (time stamps tell the
 * connections apart: RFC 7323 appendix B.2); a port that is chosen only after a second, on the
 * loopback (net.ipv4.tcp_tw_reuse 2, tcp_tw_reuse_delay 1000). */
static bool gives_way(const struct sim_socket *old, bool is_choice)
{
	if (old->state != SIM_TIME_WAIT)
		return false;
	if (!is_choice)
		return true;
	return (sim_ip_is_loopback(old->local.ip) || sim_ip_is_loopback(old->remote.ip)) &&
	       waited(old) > VET_SECONDS(1);
}

static bool can_have(const struct sim_socket *s, uint16_t number, bool is_choice,
		     struct sim_socket **old)
{
	const struct sim_name local = { .ip = s->local.ip, .port = number };
	*old = vetsim_port_connection(s->host, &local, &s->remote);
	return *old == NULL || gives_way(*old, is_choice);
}

/* Connect chooses no port that somebody has by bind or listen. */
static bool is_unique(struct sim_socket *s, const struct sim_claim *claim, uint16_t number)
{
	const struct sim_port *port = vetsim_port_find(sim_ports_of(s), number);
	struct sim_socket *old;
	(void)claim;
	return port == NULL || (port->owned == 0 && can_have(s, number, true, &old));
}

static int choose(struct sim_socket *s)
{
	uint16_t number = vetsim_port_choose(s, SIM_CONNECT, NULL, is_unique);
	struct sim_socket *old;
	int result;
	if (number == 0)
		return -EADDRNOTAVAIL;
	s->binding.is_shared = true;
	result = vetsim_port_enter(s, number);
	if (result < 0) {
		s->binding.is_shared = false;
		return result;
	}
	if (can_have(s, number, true, &old) && old != NULL)
		vetsim_port_release(old);
	return 0;
}

static int keep(struct sim_socket *s)
{
	struct sim_socket *old;
	if (!can_have(s, s->local.port, false, &old))
		return -EADDRNOTAVAIL;
	if (old != NULL)
		vetsim_port_release(old);
	return 0;
}

int vetsim_port_connect(struct sim_socket *s)
{
	bool is_bound = s->binding.port != NULL;
	int result = is_bound ? keep(s) : choose(s);
	if (result == 0)
		result = vetsim_port_join(s);
	if (result < 0 && !is_bound)
		vetsim_port_release(s);
	return result;
}

int vetsim_port_inherit(struct sim_socket *child, struct sim_socket *listener)
{
	int result;
	/* What bind gave a listener is not its child's to keep, but for the address (Linux's
	 * sk_clone()). */
	child->binding.is_explicit_address = listener->binding.is_explicit_address;
	child->binding.is_shared = listener->binding.is_shared;
	result = vetsim_port_enter(child, child->local.port);
	if (result == 0)
		result = vetsim_port_join(child);
	if (result < 0)
		vetsim_port_release(child);
	return result;
}
