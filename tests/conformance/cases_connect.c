/* SPDX-License-Identifier: 0BSD */
/* connect. */
#include "trial.h"

#include <errno.h>
#include <string.h>

enum { PENDING_ATTEMPTS = 12 };

static void mirrors(struct trial *t)
{
	struct pair pair = stream_pair(t);
	struct vet_address a = local_address(t, pair.client);
	struct vet_address b = local_address(t, pair.server);
	struct vet_address peer_of_a = { 0 };
	struct vet_address peer_of_b = { 0 };

	expect(t, "peer_address", vet_socket_peer_address(pair.client, &peer_of_a), 0);
	expect(t, "peer_address", vet_socket_peer_address(pair.server, &peer_of_b), 0);
	expect_address(t, "the connecting side's peer", &peer_of_a, &b);
	expect_address(t, "the accepted side's peer", &peer_of_b, &a);
	expect_true(t, "the local port is chosen", a.port != 0);
}

static void both_ways(struct trial *t)
{
	struct pair pair = stream_pair(t);

	write_text(t, pair.client, "question");
	expect_text(t, pair.server, "question");
	write_text(t, pair.server, "answer");
	expect_text(t, pair.client, "answer");
}

static void refused(struct trial *t)
{
	struct vet_address at = refused_address(t);
	struct vet_socket *s = open_stream(t);

	expect(t, "connect to a port where nobody listens", vet_socket_connect(s, &at),
	       -ECONNREFUSED);
	expect_true(t, "the socket is open", vet_socket_fd(s) >= 0);
}

static void refused_and_again(struct trial *t)
{
	struct vet_address no = refused_address(t);
	struct vet_address yes;
	struct vet_socket *listener = open_listener(t, &yes);
	struct vet_socket *s = open_stream(t);
	struct vet_socket *server;

	expect(t, "connect to nobody", vet_socket_connect(s, &no), -ECONNREFUSED);
	expect(t, "connect to nobody again", vet_socket_connect(s, &no), -ECONNREFUSED);
	expect(t, "connect to a listener", vet_socket_connect(s, &yes), 0);
	server = accept_from(t, listener);
	write_text(t, s, "at last");
	expect_text(t, server, "at last");
}

static void connected_already(struct trial *t)
{
	struct pair pair = stream_pair(t);
	struct vet_address same = local_address(t, pair.server);
	struct vet_address another = refused_address(t);
	unsigned long before = calls_made(t);

	expect(t, "connect again", vet_socket_connect(pair.client, &same), -EISCONN);
	expect(t, "connect elsewhere", vet_socket_connect(pair.client, &another), -EISCONN);
	expect_calls(t, "connect of a connection", before, 0);
	write_text(t, pair.client, "unharmed");
	expect_text(t, pair.server, "unharmed");
}

static void listening_already(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *listener = open_listener(t, &at);
	struct vet_address another = refused_address(t);
	unsigned long before = calls_made(t);

	expect(t, "connect of a listener", vet_socket_connect(listener, &another), -EISCONN);
	expect_calls(t, "connect of a listener", before, 0);
	(void)connect_to(t, &at);
	(void)accept_from(t, listener);
}

static void refused_without_a_call(struct trial *t)
{
	struct vet_socket *s = open_stream(t);
	struct vet_address other = other_loopback(t, 9);
	struct vet_address none = { 0 };
	struct vet_address large = loopback(t, 65536);
	unsigned long before = calls_made(t);

	expect(t, "an address of the other family", vet_socket_connect(s, &other), -EAFNOSUPPORT);
	expect(t, "no address", vet_socket_connect(s, &none), -EAFNOSUPPORT);
	expect(t, "port 65536", vet_socket_connect(s, &large), -EINVAL);
	expect_calls(t, "connect", before, 0);
}

static void port_zero(struct trial *t)
{
	struct vet_address at = loopback(t, 0);

	expect_either(t, "connect to port 0", vet_socket_connect(open_stream(t), &at),
		      -ECONNREFUSED, -EADDRNOTAVAIL);
}

static void keeps_what_was_bound(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *listener = open_listener(t, &at);
	struct vet_socket *s = open_stream(t);
	struct vet_address bound = bind_loopback(t, s);
	struct vet_address from = { 0 };

	expect(t, "connect", vet_socket_connect(s, &at), 0);
	expect(t, "accept", vet_socket_accept(listener, closed_socket(t), &from), 0);
	expect_address(t, "who connected", &from, &bound);
}

static void to_itself(struct trial *t)
{
	struct vet_socket *s = open_stream(t);
	struct vet_address at = bind_loopback(t, s);
	struct vet_address peer = { 0 };

	expect(t, "connect to itself", vet_socket_connect(s, &at), 0);
	expect(t, "peer_address", vet_socket_peer_address(s, &peer), 0);
	expect_address(t, "its peer", &peer, &at);
	write_text(t, s, "echo");
	expect_text(t, s, "echo");
}

/* A connection that nobody answers: the queue of a listener that never accepts is full. */
static struct vet_socket *pending(struct trial *t, struct vet_address *at)
{
	struct vet_socket *listener = open_stream(t);

	*at = bind_loopback(t, listener);
	expect(t, "listen", vet_socket_listen_backlog(listener, 0), 0);
	for (int i = 0; i < PENDING_ATTEMPTS && !t->decided; i++) {
		struct vet_socket *s = open_stream(t);
		int result;

		vet_socket_timeout_after(s, VET_MILLISECONDS(2));
		result = vet_socket_connect(s, at);
		if (result == VET_EDEADLINE)
			return s;
		if (result < 0)
			break;
	}
	skip(t, "connections to a full queue do not stay pending here");
	return open_stream(t);
}

static void pending_goes_on(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *s = pending(t, &at);
	unsigned long before = calls_of(t, LEDGER_connect);

	vet_socket_timeout_after(s, VET_MILLISECONDS(2));
	expect(t, "connect again", vet_socket_connect(s, &at), VET_EDEADLINE);
	expect(t, "calls of connect", (int64_t)(calls_of(t, LEDGER_connect) - before), 0);
	close_socket(t, s);
}

static void pending_elsewhere(struct trial *t)
{
	struct vet_address at, another;
	struct vet_socket *s = pending(t, &at);
	unsigned long before;

	another = refused_address(t);
	before = calls_made(t);
	expect(t, "connect elsewhere", vet_socket_connect(s, &another), -EALREADY);
	expect_calls(t, "connect elsewhere", before, 0);
}

/* The attempt may be done at once, or live on; if it is under way, one poll looks whether it is done. */
static void expired_deadline(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *listener = open_listener(t, &at);
	struct vet_socket *s = open_stream(t);
	unsigned long before = calls_of(t, LEDGER_poll);
	int result;

	vet_socket_timeout_after(s, -1);
	result = vet_socket_connect(s, &at);
	expect_either(t, "connect", result, 0, VET_EDEADLINE);
	expect_true(t, "an attempt under way is looked at once",
		    result == 0 || calls_of(t, LEDGER_poll) - before == 1);
	vet_socket_reset_deadline(s);
	expect(t, "connect again", vet_socket_connect(s, &at), result == 0 ? -EISCONN : 0);
	(void)accept_from(t, listener);
}

static void datagram_has_one_peer(struct trial *t)
{
	struct pair pair = datagram_pair(t);
	struct vet_address to = local_address(t, pair.server);
	struct vet_socket *stranger = open_datagram(t);
	char data[16] = { 0 };

	(void)bind_loopback(t, stranger);
	expect(t, "send_to of a stranger", vet_socket_send_to(stranger, "strange", 7, &to), 7);
	write_text(t, pair.client, "known");
	expect(t, "read", vet_socket_read(pair.server, data, sizeof(data)), 5);
	expect_bytes(t, "what the peer sent", data, "known", 5);
}

static void datagram_changes_its_peer(struct trial *t)
{
	struct pair pair = datagram_pair(t);
	struct vet_socket *third = open_datagram(t);
	struct vet_address at = bind_loopback(t, third);
	struct vet_address peer = { 0 };
	char data[16] = { 0 };

	expect(t, "connect to another", vet_socket_connect(pair.client, &at), 0);
	expect(t, "peer_address", vet_socket_peer_address(pair.client, &peer), 0);
	expect_address(t, "the peer", &peer, &at);
	write_text(t, pair.client, "moved");
	expect(t, "read", vet_socket_read(third, data, sizeof(data)), 5);
}

static void datagram_that_nobody_wants(struct trial *t)
{
	struct vet_socket *s = open_datagram(t);
	struct vet_socket *gone = open_datagram(t);
	struct vet_address at = bind_loopback(t, gone);
	char byte;

	close_socket(t, gone);
	expect(t, "connect", vet_socket_connect(s, &at), 0);
	write_text(t, s, "anybody?");
	expect(t, "read", vet_socket_read(s, &byte, 1), -ECONNREFUSED);
}

static const struct conformance_case cases[] = {
	{ "connect/mirror", "each side's peer is the other side's own address",
	  "POSIX connect, getpeername", MUST, BOTH, mirrors, NULL },
	{ "connect/both-ways", "a connection carries bytes both ways", "RFC 9293 3.8", MUST, BOTH,
	  both_ways, NULL },
	{ "connect/refused-late", "a port where nobody listens is ECONNREFUSED",
	  "POSIX connect, ECONNREFUSED; RFC 9293 3.10.7.1", MUST, BOTH, refused, NULL },
	{ "connect/refused-again", "after a refusal the same socket connects elsewhere",
	  "socket.h vet_socket_connect", MUST, BOTH, refused_and_again, NULL },
	{ "connect/connected", "connecting a connection is EISCONN without a call",
	  "socket.h vet_socket_connect; POSIX connect, EISCONN", MUST, BOTH, connected_already,
	  NULL },
	{ "connect/listening", "connecting a listener is EISCONN without a call",
	  "socket.h vet_socket_connect", MUST, BOTH, listening_already, NULL },
	{ "connect/address-refused",
	  "another family and a port above 65535 are refused without a call",
	  "socket.h addresses and connections", MUST, BOTH, refused_without_a_call, NULL },
	{ "connect/port-zero", "port 0 is nobody's", "RFC 6335 6", MUST, BOTH, port_zero, NULL },
	{ "connect/bound-first", "connect keeps the local address that was bound", "POSIX connect",
	  MUST, BOTH, keeps_what_was_bound, NULL },
	{ "connect/itself", "a stream that connects to itself is connected to itself",
	  "RFC 9293 3.5 (simultaneous open)", MAY, BOTH, to_itself, NULL },
	{ "connect/pending", "after VET_EDEADLINE the same connect waits on, without a new attempt",
	  "socket.h vet_socket_connect; POSIX connect", MUST, BOTH, pending_goes_on, NULL },
	{ "connect/pending-elsewhere", "a pending connection goes nowhere else: EALREADY, no call",
	  "socket.h vet_socket_connect; POSIX connect, EALREADY", MUST, BOTH, pending_elsewhere,
	  NULL },
	{ "connect/expired-deadline", "an expired deadline tries, and the attempt lives on",
	  "socket.h Waiting, vet_socket_connect", MUST, BOTH, expired_deadline, NULL },
	{ "connect/datagram-peer", "a connected datagram socket hears its peer alone",
	  "POSIX connect", MUST, BOTH, datagram_has_one_peer, NULL },
	{ "connect/datagram-change", "a datagram socket may connect to another peer",
	  "POSIX connect", MUST, BOTH, datagram_changes_its_peer, NULL },
	{ "connect/datagram-refused", "a datagram to a port that is nobody's is ECONNREFUSED later",
	  "RFC 1122 4.1.3.3; udp(7)", MUST, BOTH, datagram_that_nobody_wants, NULL },
};

const struct conformance_group conformance_connect = CONFORMANCE_GROUP(cases);
