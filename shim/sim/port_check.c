/* SPDX-License-Identifier: 0BSD */
/* Whether a port can be had, as Linux 6.18 decides it (inet_csk_get_port(), udp_lib_get_port()).
 * All sockets are of one user. */
#include "port_table.h"

static bool is_any6(struct sim_ip ip)
{
	return sim_ip_equal(ip, SIM_IPV6_ANY);
}

static bool is_any4(struct sim_ip ip)
{
	return sim_ip_equal(ip, SIM_IPV4_ANY);
}

/* What Linux has as IPv4 address of every socket. */
static uint32_t v4_of(struct sim_ip ip)
{
	return (uint32_t)(sim_ip_is_v4(ip) || is_any6(ip) ? ip : SIM_IPV4_FOR_IPV6).low;
}

static bool meet_as_v4(const struct sim_claim *a, const struct sim_claim *b, bool a_is_any,
		       bool b_is_any)
{
	uint32_t x = v4_of(a->ip), y = v4_of(b->ip);
	if (b->only_ipv6)
		return false;
	return x == y || (a_is_any && x == 0) || (b_is_any && y == 0);
}

bool vetsim_claims_meet(const struct sim_claim *a, const struct sim_claim *b, bool a_is_any,
			bool b_is_any)
{
	bool a_is_v4 = sim_ip_is_v4(a->ip), b_is_v4 = sim_ip_is_v4(b->ip);
	if (a->family == 4 || (a_is_v4 && b_is_v4))
		return meet_as_v4(a, b, a_is_any, b_is_any);
	if (is_any6(b->ip) && b_is_any && !(b->only_ipv6 && a_is_v4))
		return true;
	if (is_any6(a->ip) && a_is_any && !(a->only_ipv6 && b_is_v4))
		return true;
	return sim_ip_equal(a->ip, b->ip);
}

bool vetsim_port_are_alike(const struct sim_socket *a, const struct sim_socket *b)
{
	struct sim_claim x = sim_claim_of(a), y = sim_claim_of(b);
	return x.family == y.family && x.only_ipv6 == y.only_ipv6 &&
	       a->options.device == b->options.device && vetsim_claims_meet(&x, &y, false, false);
}

/* Both on interfaces (SO_BINDTODEVICE), and not the same. */
static bool are_apart(const struct sim_socket *a, const struct sim_socket *b)
{
	return a->options.device != 0 && b->options.device != 0 &&
	       a->options.device != b->options.device;
}

/* ---- streams ---- */

/* Of a stream that asks for one address, only those are looked at that have it or all of them; else
 * everybody (inet_use_hash2_on_bind()): not the same where an IPv6 connection has 127.0.0.6. */
static bool stream_meets(const struct sim_claim *a, const struct sim_claim *b)
{
	bool a_is_v4 = sim_ip_is_v4(a->ip);
	if (is_any6(a->ip) || is_any4(a->ip))
		return vetsim_claims_meet(a, b, true, true);
	if (b->only_ipv6 && a_is_v4)
		return false;
	return sim_ip_equal(a->ip, b->ip) || is_any6(b->ip) || (is_any4(b->ip) && a_is_v4);
}

/* socket(7): SO_REUSEADDR of both lets both in, unless the other listens; or SO_REUSEPORT of
 * both. */
static bool stream_refuses(const struct sim_socket *s, const struct sim_socket *other,
			   enum sim_strictness strictness)
{
	if (are_apart(s, other))
		return false;
	if (strictness == SIM_ALONE)
		return true;
	if (s->options.reuse_address && other->options.reuse_address && other->state != SIM_LISTEN)
		return false;
	return !s->options.reuse_port || !other->options.reuse_port;
}

/* Linux's sk_reuseport_match(). */
static bool is_open_to(const struct sim_port *port, const struct sim_socket *s,
		       const struct sim_claim *claim)
{
	return port->is_open && s->options.reuse_port && !s->binding.is_grouped &&
	       vetsim_claims_meet(&port->open, claim, true, false);
}

static int check_stream(const struct sim_socket *s, const struct sim_claim *claim,
			const struct sim_port *port, enum sim_strictness strictness)
{
	if (strictness == SIM_SHARED && is_open_to(port, s, claim))
		return 0;
	for (const struct sim_socket *o = port->first; o != NULL; o = o->binding.next) {
		struct sim_claim other;
		if (o == s || !stream_refuses(s, o, strictness))
			continue;
		other = sim_claim_of(o);
		if (stream_meets(claim, &other))
			return -EADDRINUSE;
	}
	return 0;
}

/* ---- datagrams ---- */

/* Linux's udp_lib_lport_inuse(): with SO_REUSEPORT the first that would let it in decides; but not
 * where a port is chosen. */
static int check_datagram(const struct sim_socket *s, const struct sim_claim *claim,
			  const struct sim_port *port, enum sim_strictness strictness)
{
	for (const struct sim_socket *o = port->first; o != NULL; o = o->binding.next) {
		struct sim_claim other;
		if (o == s || are_apart(s, o) ||
		    (s->options.reuse_address && o->options.reuse_address))
			continue;
		other = sim_claim_of(o);
		if (!vetsim_claims_meet(claim, &other, true, true))
			continue;
		if (!s->options.reuse_port || !o->options.reuse_port)
			return -EADDRINUSE;
		if (strictness == SIM_SHARED)
			return 0;
	}
	return 0;
}

int vetsim_port_check(const struct sim_socket *s, const struct sim_claim *claim, uint16_t number,
		      enum sim_strictness strictness)
{
	const struct sim_port *port = vetsim_port_find(sim_ports_of(s), number);
	if (port == NULL)
		return 0;
	return s->node.kind == SIM_STREAM ? check_stream(s, claim, port, strictness)
					  : check_datagram(s, claim, port, strictness);
}

/* Linux's inet_csk_update_fastreuse(). */
void vetsim_port_let_in(const struct sim_socket *s, const struct sim_claim *claim)
{
	struct sim_port *port = s->binding.port;
	if (!s->options.reuse_port) {
		port->is_open = false;
	} else if (!is_open_to(port, s, claim)) {
		port->is_open = true;
		port->open = *claim;
	}
}
