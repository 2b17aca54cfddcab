/* SPDX-License-Identifier: 0BSD */
/* shutdown, of one half or both. */
#include "trial.h"

#include <errno.h>

static void writing_half(struct trial *t)
{
	struct pair pair = stream_pair(t);

	write_text(t, pair.client, "last words");
	expect(t, "shutdown_write", vet_socket_shutdown_write(pair.client), 0);
	expect_text(t, pair.server, "last words");
	expect_end(t, pair.server);
	write_text(t, pair.server, "heard");
	expect_text(t, pair.client, "heard");
}

static void both_halves_one_by_one(struct trial *t)
{
	struct pair pair = stream_pair(t);

	expect(t, "shutdown_write", vet_socket_shutdown_write(pair.client), 0);
	expect_end(t, pair.server);
	expect(t, "shutdown_write of the peer", vet_socket_shutdown_write(pair.server), 0);
	expect_end(t, pair.client);
	expect_end(t, pair.server);
}

static void reading_half(struct trial *t)
{
	struct pair pair = stream_pair(t);

	expect(t, "shutdown_read", vet_socket_shutdown_read(pair.client), 0);
	expect_end(t, pair.client);
	write_text(t, pair.client, "still writing");
	expect_text(t, pair.server, "still writing");
}

static void both_halves(struct trial *t)
{
	struct pair pair = stream_pair(t);

	expect(t, "shutdown", vet_socket_shutdown(pair.client), 0);
	expect_end(t, pair.client);
	expect(t, "write", vet_socket_write(pair.client, "x", 1, NULL), -EPIPE);
	expect_end(t, pair.server);
}

static void not_connected(struct trial *t)
{
	expect(t, "shutdown", vet_socket_shutdown(open_stream(t)), -ENOTCONN);
	expect(t, "shutdown_read", vet_socket_shutdown_read(open_stream(t)), -ENOTCONN);
	expect(t, "shutdown_write", vet_socket_shutdown_write(open_stream(t)), -ENOTCONN);
}

static void twice(struct trial *t)
{
	struct pair pair = stream_pair(t);

	expect(t, "shutdown_write", vet_socket_shutdown_write(pair.client), 0);
	expect_either(t, "shutdown_write again", vet_socket_shutdown_write(pair.client), 0,
		      -ENOTCONN);
}

static void socket_stays(struct trial *t)
{
	struct pair pair = stream_pair(t);
	struct vet_address before = local_address(t, pair.client);
	struct vet_address after;

	expect(t, "shutdown", vet_socket_shutdown(pair.client), 0);
	expect_true(t, "it still has its descriptor", vet_socket_fd(pair.client) >= 0);
	after = local_address(t, pair.client);
	expect(t, "the port stays", after.port, before.port);
}

static void while_full(struct trial *t)
{
	struct pair pair = narrow_pair(t);
	uint64_t written = fill_stream(t, pair.client);

	expect(t, "shutdown_write of a full stream", vet_socket_shutdown_write(pair.client), 0);
	expect_stream(t, pair.server, (size_t)written, 0);
	expect_end(t, pair.server);
}

static void of_datagrams(struct trial *t)
{
	struct pair pair = datagram_pair(t);

	expect(t, "shutdown_write", vet_socket_shutdown_write(pair.client), 0);
	expect(t, "write", vet_socket_write(pair.client, "x", 1, NULL), -EPIPE);
}

static const struct conformance_case cases[] = {
	{ "shutdown/write",
	  "after shutdown for writing the peer reads all, then the end, and answers",
	  "POSIX shutdown, SHUT_WR; RFC 9293 3.6", MUST, BOTH, writing_half, NULL },
	{ "shutdown/one-by-one", "either side ends its own half", "RFC 9293 3.6", MUST, BOTH,
	  both_halves_one_by_one, NULL },
	{ "shutdown/read", "after shutdown for reading read is at the end, and write works",
	  "POSIX shutdown, SHUT_RD", MUST, BOTH, reading_half, NULL },
	{ "shutdown/both", "after shutdown of both halves nothing moves any more",
	  "POSIX shutdown, SHUT_RDWR", MUST, BOTH, both_halves, NULL },
	{ "shutdown/not-connected", "a fresh stream is ENOTCONN", "POSIX shutdown, ENOTCONN", MUST,
	  BOTH, not_connected, NULL },
	{ "shutdown/twice", "shutting down again is 0 or ENOTCONN", "POSIX shutdown", MUST, BOTH,
	  twice, NULL },
	{ "shutdown/stays-open", "the socket stays open, and bound", "POSIX shutdown", MUST, BOTH,
	  socket_stays, NULL },
	{ "shutdown/full", "what was taken before shutdown still arrives", "RFC 9293 3.6", MUST,
	  BOTH, while_full, NULL },
	{ "shutdown/datagram", "a datagram socket shut down for writing is EPIPE",
	  "POSIX shutdown; send, EPIPE", MUST, BOTH, of_datagrams, NULL },
};

const struct conformance_group conformance_shutdown = CONFORMANCE_GROUP(cases);
