/* SPDX-License-Identifier: 0BSD */
/* bind and listen. */
#include "trial.h"

#include <errno.h>

enum { ATTEMPTS = 5 };

static void port_zero_chooses(struct trial *t)
{
	struct vet_address one = bind_loopback(t, open_stream(t));
	struct vet_address two = bind_loopback(t, open_stream(t));
	struct vet_address want = loopback(t, one.port);

	expect_true(t, "the port is not 0", one.port != 0);
	expect_address(t, "the address", &one, &want);
	expect_true(t, "another socket gets another port", one.port != two.port);
}

static void datagram_port_zero_chooses(struct trial *t)
{
	struct vet_address one = bind_loopback(t, open_datagram(t));
	struct vet_address two = bind_loopback(t, open_datagram(t));

	expect_true(t, "the port is not 0", one.port != 0);
	expect_true(t, "another socket gets another port", one.port != two.port);
}

static void in_use_stream(struct trial *t)
{
	struct vet_address at;

	(void)open_listener(t, &at);
	expect(t, "bind to a listener's address", vet_socket_bind(open_stream(t), &at),
	       -EADDRINUSE);
}

static void in_use_datagram(struct trial *t)
{
	struct vet_address at = bind_loopback(t, open_datagram(t));

	expect(t, "bind to a bound address", vet_socket_bind(open_datagram(t), &at), -EADDRINUSE);
}

static void bound_twice(struct trial *t)
{
	struct vet_socket *s = open_stream(t);
	struct vet_address at = bind_loopback(t, s);
	struct vet_address any = loopback(t, 0);
	struct vet_address now;

	expect(t, "bind again", vet_socket_bind(s, &any), -EINVAL);
	now = local_address(t, s);
	expect_address(t, "the address stays", &now, &at);
}

/* Addresses that are nobody's: they are for documentation (RFC 5737, RFC 3849). */
static void foreign_address(struct trial *t)
{
	struct vet_ip ip =
		t->family == 4 ? vet_ipv4(192, 0, 2, 1) : vet_ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
	struct vet_address at = vet_address_of(ip, 0);

	expect(t, "bind to somebody else's address", vet_socket_bind(open_stream(t), &at),
	       -EADDRNOTAVAIL);
}

/* Each address that is refused before any call. */
static void refused_without_a_call(struct trial *t)
{
	struct vet_socket *s = open_stream(t);
	struct vet_address other = other_loopback(t, 0);
	struct vet_address none = { 0 };
	struct vet_address large = loopback(t, 65536);
	struct vet_address larger = loopback(t, UINT32_MAX);
	unsigned long before = calls_made(t);

	expect(t, "an address of the other family", vet_socket_bind(s, &other), -EAFNOSUPPORT);
	expect(t, "no address", vet_socket_bind(s, &none), -EAFNOSUPPORT);
	expect(t, "port 65536", vet_socket_bind(s, &large), -EINVAL);
	expect(t, "port 4294967295", vet_socket_bind(s, &larger), -EINVAL);
	expect_calls(t, "bind", before, 0);
}

static void ipv4_has_no_zone(struct trial *t)
{
	struct vet_socket *s = open_family(t, VET_DATAGRAM, 4);
	struct vet_address at = vet_address_of(vet_ipv4(127, 0, 0, 1), 0);
	unsigned long before = calls_made(t);

	at.scope_id = 1;
	expect(t, "an IPv4 address with a zone", vet_socket_bind(s, &at), -EINVAL);
	expect_calls(t, "bind", before, 0);
}

static void any_address(struct trial *t)
{
	struct vet_socket *listener = open_stream(t);
	struct vet_address any = unspecified(t, 0);
	struct vet_address at, to;

	expect(t, "bind to any address", vet_socket_bind(listener, &any), 0);
	expect(t, "listen", vet_socket_listen(listener), 0);
	at = local_address(t, listener);
	any.port = at.port;
	expect_address(t, "the address stays unspecified", &at, &any);
	to = loopback(t, at.port);
	(void)connect_to(t, &to);
	(void)accept_from(t, listener);
}

/* Another program may hold the port in the other protocol: that is not held against the table. */
static void protocols_are_apart(struct trial *t)
{
	int result = -EADDRINUSE;

	for (int i = 0; i < ATTEMPTS && result == -EADDRINUSE && !t->decided; i++) {
		struct vet_address at = bind_loopback(t, open_stream(t));

		result = vet_socket_bind(open_datagram(t), &at);
	}
	expect(t, "bind of a datagram socket to the port of a stream", result, 0);
}

/* Leaves the listener's port in TIME_WAIT: the side that closes first waits (RFC 9293 3.6.1).  Linux
 * asks that both who bind have the option (socket(7), SO_REUSEADDR). */
static void reuse_after_time_wait(struct trial *t)
{
	struct vet_socket *listener = open_stream(t);
	struct vet_socket *again = open_stream(t);
	struct vet_socket *client, *server;
	struct vet_address at;

	expect(t, "reuse_address", vet_socket_set_reuse_address(listener, true), 0);
	at = bind_loopback(t, listener);
	expect(t, "listen", vet_socket_listen(listener), 0);
	client = connect_to(t, &at);
	server = accept_from(t, listener);
	close_socket(t, server);
	expect_end(t, client);
	close_socket(t, client);
	close_socket(t, listener);
	expect(t, "reuse_address", vet_socket_set_reuse_address(again, true), 0);
	expect(t, "bind", vet_socket_bind(again, &at), 0);
	expect(t, "listen", vet_socket_listen(again), 0);
}

static void reuse_port_shares(struct trial *t)
{
	struct vet_socket *one = open_datagram(t);
	struct vet_socket *two = open_datagram(t);
	struct vet_address at;
	int result = vet_socket_set_reuse_port(one, true);

	if (result == -ENOPROTOOPT)
		skip_error(t, "reuse_port", result);
	expect(t, "reuse_port", result, 0);
	expect(t, "reuse_port", vet_socket_set_reuse_port(two, true), 0);
	at = bind_loopback(t, one);
	expect(t, "bind of a second socket", vet_socket_bind(two, &at), 0);
}

static void whole_loopback_net(struct trial *t)
{
	struct vet_address at = vet_address_of(vet_ipv4(127, 1, 2, 3), 0);

	expect(t, "bind to 127.1.2.3", vet_socket_bind(open_stream(t), &at), 0);
}

static void accepting_after_listen(struct trial *t)
{
	struct vet_socket *s = open_stream(t);
	bool value = true;

	(void)bind_loopback(t, s);
	expect(t, "accepting", vet_socket_accepting(s, &value), 0);
	expect_true(t, "it does not accept before listen", !value);
	expect(t, "listen", vet_socket_listen(s), 0);
	expect(t, "accepting", vet_socket_accepting(s, &value), 0);
	expect_true(t, "it accepts after listen", value);
}

static void listening_unbound(struct trial *t)
{
	struct vet_socket *s = open_stream(t);

	expect(t, "listen of an unbound stream", vet_socket_listen(s), 0);
	expect_true(t, "it has got a port", local_address(t, s).port != 0);
}

static void datagrams_do_not_listen(struct trial *t)
{
	struct vet_socket *s = open_datagram(t);

	(void)bind_loopback(t, s);
	expect(t, "listen of a datagram socket", vet_socket_listen(s), -EOPNOTSUPP);
}

static void connections_do_not_listen(struct trial *t)
{
	expect(t, "listen of a connection", vet_socket_listen(stream_pair(t).client), -EINVAL);
}

static void backlog_has_a_range(struct trial *t)
{
	static const int64_t outside[] = { -1, INT64_C(1) << 31, INT64_C(1) << 32, INT64_MIN };
	struct vet_socket *s = open_stream(t);
	unsigned long before = calls_made(t);

	for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++)
		expect(t, "a backlog out of range", vet_socket_listen_backlog(s, outside[i]),
		       -EINVAL);
	expect_calls(t, "listen", before, 0);
}

static void greatest_backlog(struct trial *t)
{
	struct vet_socket *s = open_stream(t);
	struct vet_address at = bind_loopback(t, s);

	expect(t, "listen", vet_socket_listen_backlog(s, INT32_MAX), 0);
	(void)connect_to(t, &at);
	(void)accept_from(t, s);
}

static void backlog_of_none(struct trial *t)
{
	struct vet_socket *s = open_stream(t);
	struct vet_address at = bind_loopback(t, s);

	expect(t, "listen", vet_socket_listen_backlog(s, 0), 0);
	(void)connect_to(t, &at);
	(void)accept_from(t, s);
}

static void listening_again(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *s = open_listener(t, &at);

	expect(t, "listen again", vet_socket_listen_backlog(s, 3), 0);
	(void)connect_to(t, &at);
	(void)accept_from(t, s);
}

static void queue_is_in_order(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *listener = open_listener(t, &at);
	struct vet_socket *client[3];

	for (int i = 0; i < 3; i++)
		client[i] = connect_to(t, &at);
	for (int i = 0; i < 3; i++) {
		struct vet_address want = local_address(t, client[i]);
		struct vet_address from = { 0 };

		expect(t, "accept", vet_socket_accept(listener, closed_socket(t), &from), 0);
		expect_address(t, "who connected first is accepted first", &from, &want);
	}
}

static const struct conformance_case cases[] = {
	{ "bind/port-zero", "port 0 becomes a free port, another one each time",
	  "POSIX bind; ip(7)", MUST, BOTH, port_zero_chooses, NULL },
	{ "bind/port-zero-datagram", "port 0 becomes a free port for datagrams too",
	  "POSIX bind; ip(7)", MUST, BOTH, datagram_port_zero_chooses, NULL },
	{ "bind/in-use", "a listener's address is EADDRINUSE", "POSIX bind, EADDRINUSE", MUST, BOTH,
	  in_use_stream, NULL },
	{ "bind/in-use-datagram", "a bound datagram address is EADDRINUSE",
	  "POSIX bind, EADDRINUSE", MUST, BOTH, in_use_datagram, NULL },
	{ "bind/twice", "binding again is EINVAL and changes nothing", "POSIX bind, EINVAL", MUST,
	  BOTH, bound_twice, NULL },
	{ "bind/foreign", "an address of no interface is EADDRNOTAVAIL",
	  "POSIX bind, EADDRNOTAVAIL", MUST, BOTH, foreign_address, NULL },
	{ "bind/address-refused",
	  "another family and a port above 65535 are refused without a call",
	  "socket.h addresses and connections", MUST, BOTH, refused_without_a_call, NULL },
	{ "bind/ipv4-zone", "an IPv4 address with a zone is EINVAL without a call",
	  "socket.h addresses and connections", MUST, ONCE, ipv4_has_no_zone, NULL },
	{ "bind/any", "the unspecified address is reached through loopback",
	  "POSIX netinet/in.h INADDR_ANY; RFC 3493 3.8", MUST, BOTH, any_address, NULL },
	{ "bind/protocols-apart", "a port of TCP and the same port of UDP are two",
	  "RFC 9293 3.4; RFC 768", MUST, BOTH, protocols_are_apart, NULL },
	{ "bind/reuse-time-wait", "with reuse_address a port in TIME_WAIT can be bound",
	  "POSIX SO_REUSEADDR; socket(7)", MUST, BOTH, reuse_after_time_wait, NULL },
	{ "bind/reuse-port", "with reuse_port two sockets have one address",
	  "socket(7) SO_REUSEPORT", MAY, BOTH, reuse_port_shares, NULL },
	{ "bind/loopback-net", "all of 127.0.0.0/8 is loopback", "RFC 1122 3.2.1.3 (g)", MAY, ONCE,
	  whole_loopback_net, NULL },
	{ "listen/accepting", "a socket accepts from listen on, not before",
	  "POSIX listen; SO_ACCEPTCONN", MUST, BOTH, accepting_after_listen, NULL },
	{ "listen/unbound", "listen without bind chooses a port", "ip(7)", MAY, BOTH,
	  listening_unbound, NULL },
	{ "listen/datagram", "a datagram socket does not listen: EOPNOTSUPP",
	  "POSIX listen, EOPNOTSUPP", MUST, BOTH, datagrams_do_not_listen, NULL },
	{ "listen/connected", "a connection does not listen: EINVAL", "POSIX listen, EINVAL", MUST,
	  BOTH, connections_do_not_listen, NULL },
	{ "listen/backlog-range", "a backlog out of range is EINVAL without a call",
	  "socket.h vet_socket_listen_backlog", MUST, ONCE, backlog_has_a_range, NULL },
	{ "listen/backlog-greatest", "the greatest backlog is cut to what the system has",
	  "POSIX listen", MUST, ONCE, greatest_backlog, NULL },
	{ "listen/backlog-zero", "a backlog of 0 still lets one connection in", "POSIX listen", MAY,
	  BOTH, backlog_of_none, NULL },
	{ "listen/again", "a listener may listen again with another backlog", "listen(2)", MAY,
	  BOTH, listening_again, NULL },
	{ "listen/order", "connections are accepted in the order in which they were made",
	  "POSIX accept", MUST, BOTH, queue_is_in_order, NULL },
};

const struct conformance_group conformance_bind = CONFORMANCE_GROUP(cases);
