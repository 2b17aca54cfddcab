/* SPDX-License-Identifier: 0BSD */
/* accept. */
#include "trial.h"

#include <errno.h>
#include <string.h>

static void tells_who_connected(struct trial *t)
{
	struct vet_address at, from, want, local;
	struct vet_socket *listener = open_listener(t, &at);
	struct vet_socket *client = connect_to(t, &at);
	struct vet_socket *server = closed_socket(t);

	expect(t, "accept", vet_socket_accept(listener, server, &from), 0);
	want = local_address(t, client);
	expect_address(t, "who connected", &from, &want);
	local = local_address(t, server);
	expect_address(t, "the accepted side's own address", &local, &at);
	expect_true(t, "it has a descriptor of its own",
		    vet_socket_fd(server) != vet_socket_fd(listener));
}

static void accepted_is_a_socket(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *listener = open_listener(t, &at);
	struct vet_socket *client = connect_to(t, &at);
	struct vet_address peer = local_address(t, client);
	struct vet_socket *server;
	unsigned long before;

	vet_socket_timeout_after(listener, VET_SECONDS(2));
	server = accept_from(t, listener);
	expect(t, "its family", vet_socket_family(server), t->family);
	expect(t, "its kind", vet_socket_kind(server), VET_STREAM);
	expect(t, "its deadline", vet_socket_deadline(server).nanoseconds,
	       vet_instant_never().nanoseconds);
	before = calls_made(t);
	expect(t, "connect, which it is already", vet_socket_connect(server, &peer), -EISCONN);
	expect_calls(t, "connect of what was accepted", before, 0);
}

static void nobody_came(struct trial *t)
{
	struct vet_address at;
	struct vet_address from = loopback(t, 1);
	struct vet_socket *listener = open_listener(t, &at);
	struct vet_socket *server = closed_socket(t);

	vet_socket_timeout_after(listener, VET_MILLISECONDS(2));
	expect(t, "accept of nobody", vet_socket_accept(listener, server, &from), VET_EDEADLINE);
	expect(t, "the peer is closed", vet_socket_fd(server), -EBADF);
	expect(t, "the address is none", from.ip.family, 0);
	vet_socket_reset_deadline(listener);
	(void)connect_to(t, &at);
	(void)accept_from(t, listener);
}

static void into_an_open_socket(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *listener = open_listener(t, &at);
	struct vet_socket *open = open_stream(t);
	int fd = vet_socket_fd(open);
	unsigned long before;

	(void)connect_to(t, &at);
	before = calls_made(t);
	expect(t, "accept into an open socket", vet_socket_accept(listener, open, NULL), -EINVAL);
	expect_calls(t, "accept", before, 0);
	expect(t, "the open one is as it was", vet_socket_fd(open), fd);
	(void)accept_from(t, listener);
}

static void not_listening(struct trial *t)
{
	struct vet_socket *s = open_stream(t);

	(void)bind_loopback(t, s);
	expect(t, "accept of a stream that does not listen",
	       vet_socket_accept(s, closed_socket(t), NULL), -EINVAL);
}

static void of_datagrams(struct trial *t)
{
	struct vet_socket *s = open_datagram(t);

	(void)bind_loopback(t, s);
	expect(t, "accept of a datagram socket", vet_socket_accept(s, closed_socket(t), NULL),
	       -EOPNOTSUPP);
}

static void listener_that_was_shut_down(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *listener = open_listener(t, &at);

	expect(t, "shutdown of a listener", vet_socket_shutdown(listener), 0);
	expect(t, "accept", vet_socket_accept(listener, closed_socket(t), NULL), -EINVAL);
}

static void data_before_accept(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *listener = open_listener(t, &at);
	struct vet_socket *client = connect_to(t, &at);
	struct vet_socket *server;

	write_text(t, client, "early");
	close_socket(t, client);
	server = accept_from(t, listener);
	expect_text(t, server, "early");
	expect_end(t, server);
}

/* Either the dead connection is handed out and says so, or it is passed over. */
static void reset_before_accept(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *listener = open_listener(t, &at);
	struct vet_socket *client = connect_to(t, &at);
	struct vet_socket *server = closed_socket(t);
	char byte;
	int result;

	expect(t, "linger 0", vet_socket_set_linger(client, 0), 0);
	close_socket(t, client);
	vet_socket_timeout_after(listener, VET_MILLISECONDS(5));
	result = vet_socket_accept(listener, server, NULL);
	expect_either(t, "accept", result, 0, VET_EDEADLINE);
	if (result == 0)
		expect(t, "read", vet_socket_read(server, &byte, 1), -ECONNRESET);
	vet_socket_reset_deadline(listener);
	(void)connect_to(t, &at);
	(void)accept_from(t, listener);
}

static void connections_do_not_mix(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *listener = open_listener(t, &at);
	struct vet_socket *one = connect_to(t, &at);
	struct vet_socket *first = accept_from(t, listener);
	struct vet_socket *two = connect_to(t, &at);
	struct vet_socket *second = accept_from(t, listener);

	write_text(t, one, "one");
	write_text(t, two, "two");
	write_text(t, second, "zwei");
	write_text(t, first, "eins");
	expect_text(t, second, "two");
	expect_text(t, first, "one");
	expect_text(t, one, "eins");
	expect_text(t, two, "zwei");
}

static void outlives_its_listener(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *listener = open_listener(t, &at);
	struct vet_socket *client = connect_to(t, &at);
	struct vet_socket *server = accept_from(t, listener);

	close_socket(t, listener);
	write_text(t, client, "still here");
	expect_text(t, server, "still here");
}

static void expired_deadline_takes_who_waits(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *listener = open_listener(t, &at);

	(void)connect_to(t, &at);
	(void)wait_for(t, descriptor(t, listener), POLLIN);
	vet_socket_timeout_after(listener, -1);
	(void)accept_from(t, listener);
}

static void many_after_each_other(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *listener = open_listener(t, &at);

	for (int i = 0; i < 8 && !t->decided; i++) {
		struct vet_socket *client = connect_to(t, &at);
		struct vet_socket *server = accept_from(t, listener);

		write_text(t, server, "hello");
		close_socket(t, server);
		expect_text(t, client, "hello");
		expect_end(t, client);
		close_socket(t, client);
	}
}

static const struct conformance_case cases[] = {
	{ "accept/peer", "accept tells who connected, on a descriptor of its own", "POSIX accept",
	  MUST, BOTH, tells_who_connected, NULL },
	{ "accept/connected", "what is accepted is a connected stream without deadline",
	  "socket.h vet_socket_accept", MUST, BOTH, accepted_is_a_socket, NULL },
	{ "accept/deadline", "nobody within the deadline is VET_EDEADLINE, and the listener intact",
	  "socket.h Waiting", MUST, BOTH, nobody_came, NULL },
	{ "accept/expired-deadline", "who waits already is accepted though the deadline passed",
	  "socket.h Waiting", MUST, BOTH, expired_deadline_takes_who_waits, NULL },
	{ "accept/into-open", "accepting into an open socket is EINVAL without a call",
	  "socket.h vet_socket_accept", MUST, ONCE, into_an_open_socket, NULL },
	{ "accept/not-listening", "a stream that does not listen is EINVAL", "POSIX accept, EINVAL",
	  MUST, BOTH, not_listening, NULL },
	{ "accept/datagram", "a datagram socket is EOPNOTSUPP", "POSIX accept, EOPNOTSUPP", MUST,
	  BOTH, of_datagrams, NULL },
	{ "accept/shut-down", "a listener that was shut down is EINVAL",
	  "socket.h vet_socket_accept; shutdown(2) on Linux", MAY, BOTH,
	  listener_that_was_shut_down, NULL },
	{ "accept/data-first", "bytes sent before accept are there after it",
	  "POSIX accept, connect", MUST, BOTH, data_before_accept, NULL },
	{ "accept/reset-first", "a connection reset before accept breaks nothing",
	  "accept(2), Error handling; POSIX accept, ECONNABORTED", MUST, BOTH, reset_before_accept,
	  NULL },
	{ "accept/no-mixing", "connections of one listener keep their bytes apart", "RFC 9293 3.4",
	  MUST, BOTH, connections_do_not_mix, NULL },
	{ "accept/outlives-listener", "an accepted connection outlives its listener",
	  "POSIX accept, close", MUST, BOTH, outlives_its_listener, NULL },
	{ "accept/many", "one listener serves one connection after the other", "POSIX accept", MUST,
	  BOTH, many_after_each_other, NULL },
};

const struct conformance_group conformance_accept = CONFORMANCE_GROUP(cases);
