/* SPDX-License-Identifier: 0BSD */
/* bind(2), and ports for those that did without it.  Ports below 1024 are for everybody: simulated
 * programs are root (CAP_NET_BIND_SERVICE). */
#include "port_table.h"

#include <netinet/in.h>

enum {
	SIN6_LEAST = 24,     /* a sockaddr_in6 without its scope: RFC 2133, SIN6_LEN_RFC2133 */
	SOCKADDR_MOST = 128, /* sizeof(struct sockaddr_storage): longer ones are EINVAL */
};

/* ---- which addresses ---- */

/* IPv4 lets streams, too, be bound to multicast and broadcast addresses (Linux's
 * inet_addr_type()). */
static bool may_have_v4(const struct sim_socket *s, struct sim_ip ip)
{
	return s->options.free_bind || s->options.transparent || sim_ip_is_any(ip) ||
	       (uint32_t)ip.low == UINT32_MAX || vetsim_ip_is_multicast(ip) ||
	       vetsim_host_has(s->host, ip);
}

/* Each host has ::1 on its loopback; the addresses of a link are of its other interface alone. */
static bool may_have_v6(const struct sim_socket *s, struct sim_ip ip)
{
	int32_t on =
		sim_ip_equal(ip, SIM_IPV6_LOOP) ? SIM_INTERFACE_LOOPBACK : SIM_INTERFACE_ETHERNET;
	bool is_of_interface = sim_ip_is_loopback(ip) || vetsim_ip_needs_scope(ip);
	if (s->options.free_bind || s->options.transparent || vetsim_ip_is_multicast(ip))
		return true;
	if (is_of_interface && s->options.device != 0 && s->options.device != on)
		return false;
	return vetsim_host_has(s->host, ip);
}

static bool has_interface(const struct sim_socket *s)
{
	return s->options.device >= 0 && s->options.device < SIM_INTERFACES;
}

static int check_v6(struct sim_socket *s, const struct sim_name *name)
{
	/* An address of a link says nothing without it (RFC 4007 6): the scope, which replaces what
	 * SO_BINDTODEVICE said, even though it may not exist. */
	if (vetsim_ip_needs_scope(name->ip)) {
		if (name->scope != 0)
			s->options.device = (int32_t)name->scope;
		if (s->options.device == 0)
			return -EINVAL;
	}
	if (!has_interface(s))
		return -ENODEV;
	return may_have_v6(s, name->ip) ? 0 : -EADDRNOTAVAIL;
}

static int check_mapped(const struct sim_socket *s, const struct sim_name *name)
{
	if (s->node.kind == SIM_RAW)
		return -EADDRNOTAVAIL; /* Linux's rawv6_bind(): IPv6 alone */
	if (vetsim_option_only_ipv6(s))
		return -EINVAL;
	if (!has_interface(s))
		return -ENODEV;
	return may_have_v4(s, name->ip) ? 0 : -EADDRNOTAVAIL;
}

static int check_ip(struct sim_socket *s, const struct sim_name *name)
{
	if (s->family == 4)
		return may_have_v4(s, name->ip) ? 0 : -EADDRNOTAVAIL;
	if (sim_ip_is_v4(name->ip))
		return check_mapped(s, name);
	return sim_ip_is_any(name->ip) ? 0 : check_v6(s, name);
}

/* ---- the argument ---- */

/* As inet_bind() and raw_bind(): AF_UNSPEC with 0.0.0.0 is taken for AF_INET; raw sockets do not
 * look at the family. */
static int read_v4(const struct sim_socket *s, struct sim_name *name,
		   const struct sockaddr *address, socklen_t length)
{
	int family = vetsim_sockaddr_family(address, length);
	struct sockaddr_in in;
	if (length < sizeof in)
		return -EINVAL;
	memcpy(&in, address, sizeof in);
	in.sin_family = AF_INET;
	vetsim_name_read(name, (const struct sockaddr *)(const void *)&in);
	if (s->node.kind == SIM_RAW || family == AF_INET)
		return 0;
	return family == AF_UNSPEC && sim_ip_is_any(name->ip) ? 0 : -EAFNOSUPPORT;
}

static int read_v6(const struct sim_socket *s, struct sim_name *name,
		   const struct sockaddr *address, socklen_t length)
{
	if (length < SIN6_LEAST)
		return -EINVAL;
	if (vetsim_sockaddr_family(address, length) != AF_INET6)
		return s->node.kind == SIM_RAW ? -EINVAL : -EAFNOSUPPORT;
	vetsim_name_read(name, address);
	name->scope = vetsim_sockaddr_scope(address, length);
	if (s->node.kind == SIM_STREAM && !sim_ip_is_v4(name->ip) &&
	    vetsim_ip_is_multicast(name->ip))
		return -EINVAL;
	return 0;
}

/* ---- bind ---- */

static bool is_alone(struct sim_socket *s, const struct sim_claim *claim, uint16_t number)
{
	return vetsim_port_check(s, claim, number, SIM_ALONE) == 0;
}

/* 0, -EADDRINUSE or -ENOMEM: the port, or (0) one that is chosen. */
static int take(struct sim_socket *s, const struct sim_claim *claim, uint16_t number)
{
	int result = 0;
	if (number == 0)
		number = vetsim_port_choose(s, SIM_BIND, claim, is_alone);
	else
		result = vetsim_port_check(s, claim, number, SIM_SHARED);
	if (number == 0)
		result = -EADDRINUSE;
	if (result == 0)
		result = vetsim_port_enter(s, number);
	if (result < 0)
		return result;
	if (s->node.kind == SIM_STREAM)
		vetsim_port_let_in(s, claim);
	return 0;
}

static bool is_source(struct sim_ip ip)
{
	uint32_t number = (uint32_t)ip.low;
	return !sim_ip_is_v4(ip) || (!vetsim_ip_is_multicast(ip) && number != UINT32_MAX &&
				     number != UINT32_C(0x7fffffff));
}

/* A stream that is bound to many takes a source of its own when it connects (Linux: inet_saddr is 0
 * then), as if it were bound to none. */
static void have_ip(struct sim_socket *s, struct sim_ip ip, uint32_t scope)
{
	s->bound_ip = s->local.ip = ip;
	s->local.scope = scope;
	if (s->node.kind == SIM_STREAM && !is_source(ip))
		s->bound_ip = SIM_IPV4_ANY;
}

static int bind_port(struct sim_socket *s, const struct sim_name *name)
{
	bool is_v6_alone = !sim_ip_is_any(name->ip) && !sim_ip_is_v4(name->ip);
	struct sim_claim claim = { name->ip, s->family, vetsim_option_only_ipv6(s) || is_v6_alone };
	int result = 0;
	/* IP_BIND_ADDRESS_NO_PORT leaves the choice to connect (ip(7)). */
	if (name->port != 0 || !s->options.bind_without_port)
		result = take(s, &claim, name->port);
	if (result < 0)
		have_ip(s, s->family == 4 ? SIM_IPV4_ANY : SIM_IPV6_ANY, 0);
	else if (is_v6_alone)
		s->options.only_ipv6 = true; /* Linux: for good, and IPV6_V6ONLY tells */
	return result;
}

int vetsim_bind(struct sim_socket *s, const struct sockaddr *address, socklen_t length)
{
	bool is_raw = s->node.kind == SIM_RAW;
	struct sim_name name = { .scope = 0 };
	int result;
	if (length > SOCKADDR_MOST)
		return -EINVAL;
	result = s->family == 4 ? read_v4(s, &name, address, length)
				: read_v6(s, &name, address, length);
	/* IPv4 looks at the address first, and IPv6 at the state of the socket. */
	if (result == 0 && s->family == 4 && !is_raw)
		result = check_ip(s, &name);
	if (result == 0 && (s->state != SIM_CLOSED || (!is_raw && s->binding.port != NULL)))
		result = -EINVAL;
	if (result == 0 && (s->family == 6 || is_raw))
		result = check_ip(s, &name);
	if (result == 0 && !is_raw)
		result = bind_port(s, &name);
	if (result < 0)
		return result;
	have_ip(s, name.ip, vetsim_ip_needs_scope(name.ip) ? (uint32_t)s->options.device : 0);
	if (is_raw)
		return 0;
	if (s->binding.port == NULL)
		s->local.port = 0;
	s->binding.is_explicit_port = s->binding.is_explicit_port || name.port != 0;
	s->binding.is_explicit_address =
		s->binding.is_explicit_address ||
		!sim_ip_equal(name.ip, s->family == 4 ? SIM_IPV4_ANY : SIM_IPV6_ANY);
	if (s->node.kind == SIM_DATAGRAM && s->binding.port != NULL)
		vetsim_port_hear(s);
	return 0;
}

int vetsim_port_autobind(struct sim_socket *s)
{
	struct sim_claim claim = sim_claim_of(s);
	int result;
	if (s->binding.port != NULL || s->node.kind == SIM_RAW)
		return 0;
	result = take(s, &claim, 0);
	if (s->node.kind == SIM_STREAM)
		return result;
	if (result == 0)
		vetsim_port_hear(s);
	return result < 0 ? -EAGAIN : 0; /* Linux's inet_autobind() says nothing else */
}

/* Linux asks for the port once more, as who is to listen. */
int vetsim_port_listen(struct sim_socket *s)
{
	struct sim_claim claim = sim_claim_of(s);
	int result;
	if (s->binding.port == NULL) {
		result = take(s, &claim, 0);
	} else {
		result = vetsim_port_check(s, &claim, s->local.port, SIM_SHARED);
		if (result == 0)
			vetsim_port_let_in(s, &claim);
	}
	if (result < 0)
		return result;
	vetsim_port_disconnect(s);
	vetsim_port_hear(s);
	return 0;
}
