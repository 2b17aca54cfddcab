/* SPDX-License-Identifier: 0BSD */
/* Ports of the simulator: single facts, each of which the kernel has too (port_kernel_test.c). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>

#include "port_world.h"

enum { A = 1, P = 2, V = 4, L = 8 }; /* SO_REUSEADDR, SO_REUSEPORT, IPV6_V6ONLY; it listens then */

static struct sim_name name(const char *ip, uint16_t port)
{
	struct sim_name is;
	union port_sockaddr a = port_address(strchr(ip, ':') == NULL ? 4 : 6, ip, port, NULL);
	vetsim_name_read(&is, &a.any);
	return is;
}

static struct sim_socket *opened(enum sim_kind kind, uint8_t family, unsigned how)
{
	struct sim_socket *s = port_socket(kind, family);
	s->options.reuse_address = (how & A) != 0;
	s->options.reuse_port = (how & P) != 0;
	s->options.only_ipv6 = (how & V) != 0;
	return s;
}

static int bound(struct sim_socket *s, const char *ip, uint16_t port, unsigned how)
{
	int result = port_bind(s, ip, port);
	if (result == 0 && (how & L))
		result = vetsim_port_listen(s);
	if (result == 0 && (how & L))
		s->state = SIM_LISTEN;
	return result;
}

static struct sim_socket *made(enum sim_kind kind, uint8_t family, const char *ip, uint16_t port,
			       unsigned how)
{
	struct sim_socket *s = opened(kind, family, how);
	assert_int_equal(bound(s, ip, port, how), 0);
	return s;
}

static int set_up(void **state)
{
	(void)state;
	port_world_begin();
	port_host.ip[0] = name("10.0.0.1", 0).ip;
	port_host.ip[1] = name("fd00::1", 0).ip;
	port_host.ip[2] = name("fe80::1", 0).ip;
	port_host.ips = 3;
	return port_sim.pool == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
	(void)state;
	port_world_end();
	port_choices = NULL;
	return 0;
}

/* ---- bind ---- */

static void two_may_have_one_port_or_not(void **state)
{
	static const struct {
		const char *why, *first, *second;
		unsigned how_first, how_second;
		int stream, datagram;
	} rows[] = {
		{ "the same", "127.0.0.1", "127.0.0.1", 0, 0, -EADDRINUSE, -EADDRINUSE },
		{ "another", "127.0.0.1", "127.0.0.2", 0, 0, 0, 0 },
		{ "any after one", "127.0.0.1", "0.0.0.0", 0, 0, -EADDRINUSE, -EADDRINUSE },
		{ "one after any", "0.0.0.0", "127.0.0.1", 0, 0, -EADDRINUSE, -EADDRINUSE },
		{ "both reuse", "127.0.0.1", "127.0.0.1", A, A, 0, 0 },
		{ "only the second", "127.0.0.1", "127.0.0.1", 0, A, -EADDRINUSE, -EADDRINUSE },
		{ "only the first", "127.0.0.1", "127.0.0.1", A, 0, -EADDRINUSE, -EADDRINUSE },
		{ "the first listens", "127.0.0.1", "127.0.0.1", A | L, A, -EADDRINUSE, 0 },
		{ "both reuse the port", "127.0.0.1", "127.0.0.1", P, P, 0, 0 },
		{ "both listen", "127.0.0.1", "127.0.0.1", P | L, P | L, 0, 0 },
		{ "one of each", "127.0.0.1", "127.0.0.1", A, P, -EADDRINUSE, -EADDRINUSE },
		{ "dual", "::", "0.0.0.0", 0, 0, -EADDRINUSE, -EADDRINUSE },
		{ "dual, one", "::", "127.0.0.1", 0, 0, -EADDRINUSE, -EADDRINUSE },
		{ "IPv6 alone", "::", "0.0.0.0", V, 0, 0, 0 },
		{ "IPv6 alone, second", "0.0.0.0", "::", 0, V, 0, 0 },
		{ "dual, second", "0.0.0.0", "::", 0, 0, -EADDRINUSE, -EADDRINUSE },
		{ "one of IPv6", "::1", "0.0.0.0", 0, 0, 0, 0 },
		{ "mapped", "::ffff:127.0.0.1", "127.0.0.1", 0, 0, -EADDRINUSE, -EADDRINUSE },
		{ "mapped, another", "::ffff:127.0.0.1", "127.0.0.2", 0, 0, 0, 0 },
		{ "mapped any", "::ffff:0.0.0.0", "127.0.0.2", 0, 0, -EADDRINUSE, -EADDRINUSE },
		{ "mapped any, IPv6", "::ffff:0.0.0.0", "::1", 0, 0, 0, 0 },
	};
	(void)state;
	for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
		size_t at = i / 2;
		bool is_stream = i % 2 == 0;
		enum sim_kind kind = is_stream ? SIM_STREAM : SIM_DATAGRAM;
		unsigned but = is_stream ? 0 : L;
		uint8_t first = strchr(rows[at].first, ':') == NULL ? 4 : 6;
		uint8_t second = strchr(rows[at].second, ':') == NULL ? 4 : 6;
		struct sim_socket *a =
			made(kind, first, rows[at].first, 80, rows[at].how_first & ~but);
		struct sim_socket *b = opened(kind, second, rows[at].how_second);
		int want = is_stream ? rows[at].stream : rows[at].datagram;
		int got = bound(b, rows[at].second, 80, rows[at].how_second & ~but);
		if (got != want)
			fail_msg("%s, %s: %d", rows[at].why, is_stream ? "streams" : "datagrams",
				 got);
		port_socket_end(a);
		port_socket_end(b);
	}
	assert_int_equal(port_host.streams.ports + port_host.datagrams.ports, 0);
}

static void an_address_must_be_the_hosts(void **state)
{
	static const struct {
		const char *ip;
		uint32_t scope;
		unsigned how;
		int stream, datagram, raw;
	} rows[] = {
		{ "127.9.9.9", 0, 0, 0, 0, 0 },
		{ "10.0.0.1", 0, 0, 0, 0, 0 },
		{ "10.0.0.2", 0, 0, -EADDRNOTAVAIL, -EADDRNOTAVAIL, -EADDRNOTAVAIL },
		{ "224.0.0.1", 0, 0, 0, 0, 0 },
		{ "255.255.255.255", 0, 0, 0, 0, 0 },
		{ "0.0.0.9", 0, 0, -EADDRNOTAVAIL, -EADDRNOTAVAIL, -EADDRNOTAVAIL },
		{ "::1", 0, 0, 0, 0, 0 },
		{ "fd00::1", 0, 0, 0, 0, 0 },
		{ "fd00::2", 0, 0, -EADDRNOTAVAIL, -EADDRNOTAVAIL, -EADDRNOTAVAIL },
		{ "ff0e::1", 0, 0, -EINVAL, 0, 0 },
		{ "ff02::1", 0, 0, -EINVAL, -EINVAL, -EINVAL },
		{ "ff02::1", 2, 0, -EINVAL, 0, 0 },
		{ "fe80::1", 0, 0, -EINVAL, -EINVAL, -EINVAL },
		{ "fe80::1", 2, 0, 0, 0, 0 },
		{ "fe80::1", 1, 0, -EADDRNOTAVAIL, -EADDRNOTAVAIL, -EADDRNOTAVAIL },
		{ "fe80::1", 9, 0, -ENODEV, -ENODEV, -ENODEV },
		{ "::ffff:127.0.0.1", 0, 0, 0, 0, -EADDRNOTAVAIL },
		{ "::ffff:127.0.0.1", 0, V, -EINVAL, -EINVAL, -EADDRNOTAVAIL },
		{ "::ffff:10.0.0.2", 0, 0, -EADDRNOTAVAIL, -EADDRNOTAVAIL, -EADDRNOTAVAIL },
	};
	static const enum sim_kind kinds[] = { SIM_STREAM, SIM_DATAGRAM, SIM_RAW };
	(void)state;
	for (size_t i = 0; i < 3 * sizeof rows / sizeof rows[0]; i++) {
		size_t at = i / 3;
		uint8_t family = strchr(rows[at].ip, ':') == NULL ? 4 : 6;
		const int want[] = { rows[at].stream, rows[at].datagram, rows[at].raw };
		struct sim_socket *s = opened(kinds[i % 3], family, rows[at].how);
		socklen_t length;
		union port_sockaddr a = port_address(family, rows[at].ip, 80, &length);
		int got;
		if (family == 6)
			a.in6.sin6_scope_id = rows[at].scope;
		got = vetsim_bind(s, &a.any, length);
		if (got != want[i % 3])
			fail_msg("%s%%%u, %zu: %d", rows[at].ip, rows[at].scope, i % 3, got);
		if (got == 0) /* again: for raw sockets alone */
			assert_int_equal(vetsim_bind(s, &a.any, length), i % 3 == 2 ? 0 : -EINVAL);
		port_socket_end(s);
	}
}

static void the_argument_is_looked_at(void **state)
{
	static const struct {
		enum sim_kind kind;
		uint8_t of, is; /* families */
		int says;
		const char *ip;
		socklen_t length;
		int want;
	} rows[] = {
		{ SIM_STREAM, 4, 4, AF_INET, "127.0.0.1", 15, -EINVAL },
		{ SIM_STREAM, 4, 4, AF_INET, "127.0.0.1", 128, 0 },
		{ SIM_STREAM, 4, 4, AF_INET, "127.0.0.1", 129, -EINVAL },
		{ SIM_STREAM, 4, 4, AF_UNSPEC, "0.0.0.0", 16, 0 },
		{ SIM_STREAM, 4, 4, AF_UNSPEC, "127.0.0.1", 16, -EAFNOSUPPORT },
		{ SIM_STREAM, 4, 6, AF_INET6, "::1", 28, -EAFNOSUPPORT },
		{ SIM_STREAM, 6, 4, AF_INET, "127.0.0.1", 16, -EINVAL },
		{ SIM_STREAM, 6, 4, AF_INET, "127.0.0.1", 28, -EAFNOSUPPORT },
		{ SIM_STREAM, 6, 6, AF_INET6, "::1", 23, -EINVAL },
		{ SIM_STREAM, 6, 6, AF_INET6, "::1", 24, 0 },
		{ SIM_STREAM, 6, 6, AF_UNSPEC, "::", 28, -EAFNOSUPPORT },
		{ SIM_RAW, 4, 4, AF_UNSPEC, "127.0.0.1", 16, 0 },
		{ SIM_RAW, 6, 6, AF_UNSPEC, "::1", 28, -EINVAL },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sim_socket *s = port_socket(rows[i].kind, rows[i].of);
		struct sockaddr_storage room = { .ss_family = AF_UNSPEC };
		union port_sockaddr a = port_address(rows[i].is, rows[i].ip, 80, NULL);
		int got;
		a.any.sa_family = (sa_family_t)rows[i].says;
		memcpy(&room, &a, sizeof a);
		got = vetsim_bind(s, (struct sockaddr *)(void *)&room, rows[i].length);
		if (got != rows[i].want)
			fail_msg("row %zu: %d", i, got);
		port_socket_end(s);
	}
}

/* What was remembered of SO_REUSEPORT lets in whom the others would not. */
static void options_count_when_the_port_is_asked_for(void **state)
{
	struct sim_socket *a = made(SIM_STREAM, 4, "127.0.0.1", 80, A);
	struct sim_socket *b = opened(SIM_STREAM, 4, A);
	(void)state;
	a->options.reuse_address = false;
	assert_int_equal(port_bind(b, "127.0.0.1", 80), -EADDRINUSE);
	a->options.reuse_address = true;
	assert_int_equal(port_bind(b, "127.0.0.1", 80), 0);
	port_socket_end(a);
	port_socket_end(b);
	a = made(SIM_STREAM, 4, "127.0.0.1", 80, P);
	b = opened(SIM_STREAM, 4, P);
	a->options.reuse_port = false;
	assert_int_equal(port_bind(b, "127.0.0.1", 80), 0);
	port_socket_end(a);
	port_socket_end(b);
}

/* Linux has 127.0.0.6 as the IPv4 address of a connection of IPv6, and looks at it where any is
 * asked for: not where 127.0.0.6 is. */
static void a_connection_of_ipv6_is_in_the_way_of_any_alone(void **state)
{
	struct sim_socket *listener = made(SIM_STREAM, 6, "::", 80, L);
	struct sim_socket *child = port_socket(SIM_STREAM, 6), *s;
	static const struct {
		const char *ip;
		int want;
	} rows[] = { { "127.0.0.6", 0 }, { "127.0.0.5", 0 }, { "0.0.0.0", -EADDRINUSE } };
	(void)state;
	child->local = name("::1", 80);
	child->remote = name("::1", 40000);
	child->state = SIM_ESTABLISHED;
	assert_int_equal(vetsim_port_inherit(child, listener), 0);
	port_socket_end(listener);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		s = port_socket(SIM_STREAM, 4);
		assert_int_equal(port_bind(s, rows[i].ip, 80), rows[i].want);
		port_socket_end(s);
	}
	port_socket_end(child);
}

/* ---- ports that are chosen ---- */

static void bind_prefers_odd_ports_and_connect_even_ones(void **state)
{
	struct sim_socket *s[4];
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		s[i] = port_socket(SIM_STREAM, 4);
		if (i < 2) {
			assert_int_equal(port_bind(s[i], "127.0.0.1", 0), 0);
		} else {
			s[i]->local.ip = SIM_IPV4_LOOP;
			s[i]->remote = name("127.0.0.1", 80);
			assert_int_equal(vetsim_port_connect(s[i]), 0);
		}
		assert_int_equal(s[i]->local.port,
				 (size_t)VET_SIM_PORT_FIRST + (i < 2) + i % 2 * 2);
	}
	for (size_t i = 0; i < 4; i++)
		port_socket_end(s[i]);
}

static int connected(struct sim_socket **s, uint16_t low, uint16_t high, const char *to)
{
	*s = port_socket(SIM_STREAM, 4);
	(*s)->options.port_range = (int32_t)((uint32_t)high << 16 | low);
	(*s)->local.ip = SIM_IPV4_LOOP;
	(*s)->remote = name(to, 80);
	return vetsim_port_connect(*s);
}

static void one_port_serves_many_destinations_but_not_one_twice(void **state)
{
	struct sim_socket *s[6];
	(void)state;
	assert_int_equal(connected(&s[0], 40000, 40001, "127.0.0.1"), 0);
	assert_int_equal(connected(&s[1], 40000, 40001, "127.0.0.1"), 0);
	assert_int_equal(connected(&s[2], 40000, 40001, "127.0.0.1"), -EADDRNOTAVAIL);
	assert_int_equal(connected(&s[3], 40000, 40001, "127.0.0.2"), 0);
	assert_int_equal(connected(&s[4], 40000, 40001, "127.0.0.2"), 0);
	s[5] = port_socket(SIM_STREAM, 4);
	s[5]->options.port_range = (int32_t)(40001U << 16 | 40000U);
	assert_int_equal(port_bind(s[5], "0.0.0.0", 0), -EADDRINUSE);
	assert_int_equal(vetsim_port_listen(s[5]), -EADDRINUSE);
	assert_true(s[0]->local.port != s[1]->local.port && s[3]->local.port != s[4]->local.port);
	for (size_t i = 0; i < 6; i++)
		port_socket_end(s[i]);
	assert_int_equal(port_host.streams.ports, 0);
}

static void datagrams_without_a_port_left_are_told_to_try_again(void **state)
{
	struct sim_socket *a = port_socket(SIM_DATAGRAM, 4), *b = port_socket(SIM_DATAGRAM, 4);
	(void)state;
	a->options.port_range = b->options.port_range = (int32_t)(40000U << 16 | 40000U);
	assert_int_equal(vetsim_port_autobind(a), 0);
	assert_int_equal(a->local.port, 40000);
	assert_int_equal(vetsim_port_autobind(b), -EAGAIN);
	assert_int_equal(port_bind(b, "127.0.0.1", 0), -EADDRINUSE);
	port_socket_end(a);
	port_socket_end(b);
}

static void connect_leaves_ports_alone_that_bind_has(void **state)
{
	struct sim_socket *a = made(SIM_STREAM, 4, "127.0.0.9", 40000, 0), *b, *c;
	(void)state;
	assert_int_equal(connected(&b, 40000, 40000, "127.0.0.1"), -EADDRNOTAVAIL);
	port_socket_end(a);
	assert_int_equal(connected(&c, 40000, 40000, "127.0.0.1"), 0);
	port_socket_end(b);
	port_socket_end(c);
}

static void time_wait_gives_way_after_a_second_on_the_loopback(void **state)
{
	static const struct {
		const char *to, *from;
		int64_t waited;
		bool is_bound;
		int want;
	} rows[] = {
		{ "127.0.0.1", "127.0.0.1", VET_SECONDS(1), false, -EADDRNOTAVAIL },
		{ "127.0.0.1", "127.0.0.1", VET_SECONDS(1) + 1, false, 0 },
		{ "10.0.0.2", "10.0.0.1", VET_SECONDS(30), false, -EADDRNOTAVAIL },
		{ "10.0.0.2", "10.0.0.1", 0, true, 0 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sim_socket *old = port_socket(SIM_STREAM, 4),
				  *s = port_socket(SIM_STREAM, 4);
		old->options.port_range = s->options.port_range = (int32_t)(40000U << 16 | 40000U);
		old->options.reuse_address = s->options.reuse_address = true;
		old->local.ip = s->local.ip = name(rows[i].from, 0).ip;
		old->remote = s->remote = name(rows[i].to, 80);
		assert_int_equal(vetsim_port_connect(old), 0);
		old->state = SIM_TIME_WAIT;
		old->u.stream.end_at = port_sim.now + VET_SECONDS(60) - rows[i].waited;
		if (rows[i].is_bound)
			assert_int_equal(port_bind(s, rows[i].from, 40000), 0);
		assert_int_equal(vetsim_port_connect(s), rows[i].want);
		assert_true((old->binding.port == NULL) == (rows[i].want == 0));
		assert_true(vetsim_port_connection(&port_host, &old->local, &old->remote) ==
			    (rows[i].want == 0 ? s : old));
		port_socket_end(old);
		port_socket_end(s);
	}
}

static void the_kernels_choice_is_followed_where_it_is_lawful(void **state)
{
	struct sim_socket *a = port_socket(SIM_STREAM, 4), *b = port_socket(SIM_STREAM, 4);
	(void)state;
	port_sim.oracle.is_on = true;
	port_sim.oracle.port = 50000;
	assert_int_equal(port_bind(a, "127.0.0.1", 0), 0);
	assert_int_equal(a->local.port, 50000);
	assert_int_equal(port_bind(b, "127.0.0.1", 0), 0);
	assert_int_not_equal(b->local.port, 50000);
	port_socket_end(b);
	b = port_socket(SIM_STREAM, 4);
	port_sim.oracle.port = 80; /* no ephemeral one */
	assert_int_equal(port_bind(b, "127.0.0.1", 0), 0);
	assert_in_range(b->local.port, VET_SIM_PORT_FIRST, VET_SIM_PORT_LAST);
	port_socket_end(a);
	port_socket_end(b);
}

/* ---- who hears ---- */

static void the_most_particular_hears(void **state)
{
	struct sim_socket *any6 = made(SIM_DATAGRAM, 6, "::", 80, A);
	struct sim_socket *any = made(SIM_DATAGRAM, 4, "0.0.0.0", 80, A);
	struct sim_socket *one = made(SIM_DATAGRAM, 4, "127.0.0.1", 80, A);
	struct sim_socket *peer = made(SIM_DATAGRAM, 4, "127.0.0.1", 80, A);
	struct sim_socket *last = made(SIM_DATAGRAM, 4, "127.0.0.1", 80, A);
	const struct {
		const char *to, *from;
		uint16_t from_port;
		struct sim_socket *who;
	} rows[] = {
		{ "127.0.0.2", "127.0.0.1", 9, any },
		{ "127.0.0.1", "127.0.0.1", 9, last },
		{ "127.0.0.1", "127.0.0.1", 7, peer },
		{ "127.0.0.1", "127.0.0.3", 7, last },
		{ "::1", "::1", 9, any6 },
	};
	struct sim_name nobody = name("127.0.0.1", 81), from = name("127.0.0.1", 9);
	(void)state;
	peer->state = SIM_ESTABLISHED;
	peer->remote = name("127.0.0.1", 7);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sim_name local = name(rows[i].to, 80);
		struct sim_name remote = name(rows[i].from, rows[i].from_port);
		assert_ptr_equal(vetsim_port_datagram(&port_host, &local, &remote), rows[i].who);
	}
	assert_null(vetsim_port_datagram(&port_host, &nobody, &from));
	port_socket_end(any);
	port_socket_end(one);
	port_socket_end(peer);
	port_socket_end(last);
	nobody.port = 80; /* IPv4 is heard by `::` */
	assert_ptr_equal(vetsim_port_datagram(&port_host, &nobody, &from), any6);
	any6->options.only_ipv6 = true;
	assert_null(vetsim_port_datagram(&port_host, &nobody, &from));
	port_socket_end(any6);
}

static void a_group_shares_what_arrives(void **state)
{
	enum { MEMBERS = 4, ARRIVALS = 4000 };
	struct sim_socket *s[MEMBERS];
	unsigned got[MEMBERS] = { 0 };
	struct sim_name local = name("127.0.0.1", 80);
	(void)state;
	for (size_t i = 0; i < MEMBERS; i++)
		s[i] = made(SIM_STREAM, 4, "127.0.0.1", 80, P | L);
	for (unsigned i = 0; i < ARRIVALS; i++) {
		struct sim_name remote = name("127.0.0.1", (uint16_t)(10000 + i));
		const struct sim_socket *who = vetsim_port_listener(&port_host, &local, &remote);
		assert_ptr_equal(vetsim_port_listener(&port_host, &local, &remote), who);
		for (size_t j = 0; j < MEMBERS; j++)
			got[j] += s[j] == who;
	}
	for (size_t i = 0; i < MEMBERS; i++) {
		assert_in_range(got[i], ARRIVALS / MEMBERS - 150, ARRIVALS / MEMBERS + 150);
		port_socket_end(s[i]);
	}
}

/* ---- many ---- */

static void connections_of_one_port_are_found_one_by_one(void **state)
{
	enum { MANY = 10000 };
	struct sim_socket *listener = made(SIM_STREAM, 4, "0.0.0.0", 80, L);
	struct sim_socket **s = calloc(MANY, sizeof *s);
	(void)state;
	assert_non_null(s);
	for (uint32_t i = 0; i < MANY; i++) {
		s[i] = port_socket(SIM_STREAM, 4);
		s[i]->local = name("10.0.0.1", 80);
		s[i]->remote = name("10.0.0.2", (uint16_t)(20000 + i));
		s[i]->state = SIM_ESTABLISHED;
		assert_int_equal(vetsim_port_inherit(s[i], listener), 0);
	}
	for (uint32_t i = 0; i < MANY; i++) {
		assert_ptr_equal(vetsim_port_connection(&port_host, &s[i]->local, &s[i]->remote),
				 s[i]);
		assert_ptr_equal(vetsim_port_listener(&port_host, &s[i]->local, &s[i]->remote),
				 listener);
	}
	vetsim_port_disconnect(listener);
	assert_null(vetsim_port_listener(&port_host, &s[0]->local, &s[0]->remote));
	for (uint32_t i = 0; i < MANY; i++) {
		struct sim_name local = s[i]->local, remote = s[i]->remote;
		port_socket_end(s[i]);
		assert_null(vetsim_port_connection(&port_host, &local, &remote));
	}
	free(s);
	port_socket_end(listener);
	assert_int_equal(port_host.streams.ports + port_host.streams.connected, 0);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(two_may_have_one_port_or_not),
		TEST(an_address_must_be_the_hosts),
		TEST(the_argument_is_looked_at),
		TEST(options_count_when_the_port_is_asked_for),
		TEST(a_connection_of_ipv6_is_in_the_way_of_any_alone),
		TEST(bind_prefers_odd_ports_and_connect_even_ones),
		TEST(one_port_serves_many_destinations_but_not_one_twice),
		TEST(datagrams_without_a_port_left_are_told_to_try_again),
		TEST(connect_leaves_ports_alone_that_bind_has),
		TEST(time_wait_gives_way_after_a_second_on_the_loopback),
		TEST(the_kernels_choice_is_followed_where_it_is_lawful),
		TEST(the_most_particular_hears),
		TEST(a_group_shares_what_arrives),
		TEST(connections_of_one_port_are_found_one_by_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
