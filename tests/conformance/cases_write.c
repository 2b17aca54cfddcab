/* SPDX-License-Identifier: 0BSD */
/* write, write_some, print, flush. */
#include "trial.h"

#include <errno.h>
#include <string.h>

enum { LARGE = 200000, PART = 4096 };

typedef int (*writer)(struct vet_socket *s, const void *data, size_t size, size_t *done);

static int write_some(struct vet_socket *s, const void *data, size_t size, size_t *done)
{
	ssize_t result = vet_socket_write_some(s, data, size);

	*done = result > 0 ? (size_t)result : 0;
	return result < 0 ? (int)result : 0;
}

/* Gives more than fits to a connection with small buffers, again and again from where `done` says,
 * and reads in between: each byte must come once, in its place.  `whole` counts print's newline. */
static void pump(struct trial *t, writer write, size_t whole)
{
	static unsigned char data[LARGE + 1];
	struct pair pair = narrow_pair(t);
	size_t taken = 0, came = 0;

	fill_pattern(data, LARGE, 0);
	data[LARGE] = '\n';
	vet_socket_timeout_after(pair.client, 0);
	while (came < whole && !t->decided) {
		unsigned char part[PART];
		size_t done = 0;
		ssize_t size;

		if (taken < whole)
			expect_either(t, "writing more than fits",
				      write(pair.client, data + taken, LARGE - taken, &done), 0,
				      VET_EDEADLINE);
		taken += done;
		size = vet_socket_read(pair.server, part, sizeof(part));
		if (!expect_true(t, "no more comes than was taken",
				 size > 0 && came + (size_t)size <= taken))
			return;
		expect_bytes(t, "the bytes that came", part, data + came, (size_t)size);
		came += (size_t)size;
	}
	expect(t, "bytes that were taken", (int64_t)taken, (int64_t)whole);
	close_socket(t, pair.client);
	expect_end(t, pair.server);
}

static void write_more_than_fits(struct trial *t)
{
	pump(t, vet_socket_write, LARGE);
}

static void write_some_more_than_fits(struct trial *t)
{
	pump(t, write_some, LARGE);
}

static void print_more_than_fits(struct trial *t)
{
	pump(t, vet_socket_print, LARGE + 1);
}

static void all_is_written(struct trial *t)
{
	struct pair pair = stream_pair(t);
	unsigned char data[20000];
	size_t done = 0;

	fill_pattern(data, sizeof(data), 0);
	expect(t, "write", vet_socket_write(pair.client, data, sizeof(data), &done), 0);
	expect(t, "done", (int64_t)done, sizeof(data));
	expect_stream(t, pair.server, sizeof(data), 0);
	close_socket(t, pair.client);
	expect_end(t, pair.server);
}

static void nothing_is_written(struct trial *t)
{
	struct pair pair = stream_pair(t);
	unsigned long before = calls_made(t);
	size_t done = 1;

	expect(t, "write of nothing", vet_socket_write(pair.client, "", 0, &done), 0);
	expect(t, "done", (int64_t)done, 0);
	expect(t, "write_some of nothing", vet_socket_write_some(pair.client, "", 0), 0);
	expect_calls(t, "writing nothing", before, 0);
}

static void ready_is_one_call(struct trial *t)
{
	struct pair pair = stream_pair(t);
	unsigned long before;

	vet_socket_timeout_after(pair.client, VET_SECONDS(1));
	before = calls_made(t);
	write_text(t, pair.client, "one call");
	expect_calls(t, "a write for which there is room", before, 1);
}

static void full_within_a_deadline(struct trial *t)
{
	struct pair pair = narrow_pair(t);
	uint64_t written = fill_stream(t, pair.client);
	size_t done = 1;

	vet_socket_timeout_after(pair.client, VET_MILLISECONDS(2));
	expect(t, "write into a full stream", vet_socket_write(pair.client, "x", 1, &done),
	       VET_EDEADLINE);
	expect(t, "done", (int64_t)done, 0);
	expect(t, "write_some into a full stream", vet_socket_write_some(pair.client, "x", 1),
	       VET_EDEADLINE);
	vet_socket_reset_deadline(pair.client);
	expect_stream(t, pair.server, (size_t)written, 0);
	write_text(t, pair.client, "room again");
	expect_text(t, pair.server, "room again");
}

static void after_shutdown(struct trial *t)
{
	struct pair pair = stream_pair(t);
	size_t done = 1;

	expect(t, "shutdown_write", vet_socket_shutdown_write(pair.client), 0);
	expect(t, "write", vet_socket_write(pair.client, "x", 1, &done), -EPIPE);
	expect(t, "write: done", (int64_t)done, 0);
	done = 1;
	expect(t, "print", vet_socket_print(pair.client, "x", 1, &done), -EPIPE);
	expect(t, "print: done", (int64_t)done, 0);
	expect(t, "write_some", vet_socket_write_some(pair.client, "x", 1), -EPIPE);
}

static void to_a_peer_that_reset(struct trial *t)
{
	struct pair pair = stream_pair(t);

	reset_by(t, pair.server, pair.client);
	expect_either(t, "write", vet_socket_write(pair.client, "x", 1, NULL), -ECONNRESET, -EPIPE);
	expect(t, "write again", vet_socket_write(pair.client, "x", 1, NULL), -EPIPE);
}

/* The peer is gone without having read all: its system answers the bytes with a reset. */
static void to_a_peer_that_closed(struct trial *t)
{
	struct pair pair = stream_pair(t);

	close_socket(t, pair.server);
	expect_end(t, pair.client);
	expect(t, "the first write", vet_socket_write(pair.client, "x", 1, NULL), 0);
	(void)wait_for(t, descriptor(t, pair.client), 0);
	expect_either(t, "the next write", vet_socket_write(pair.client, "x", 1, NULL), -EPIPE,
		      -ECONNRESET);
}

static void not_connected(struct trial *t)
{
	expect_either(t, "write to a fresh stream", vet_socket_write(open_stream(t), "x", 1, NULL),
		      -EPIPE, -ENOTCONN);
}

static void to_a_peer_half_closed(struct trial *t)
{
	struct pair pair = stream_pair(t);

	expect(t, "shutdown_write of the peer", vet_socket_shutdown_write(pair.server), 0);
	expect_end(t, pair.client);
	write_text(t, pair.client, "you still listen");
	expect_text(t, pair.server, "you still listen");
}

static void without_done(struct trial *t)
{
	struct pair pair = stream_pair(t);

	expect(t, "write", vet_socket_write(pair.client, "ab", 2, NULL), 0);
	expect(t, "print", vet_socket_print(pair.client, "c", 1, NULL), 0);
	expect_text(t, pair.server, "abc\n");
}

static void a_line(struct trial *t)
{
	struct pair pair = stream_pair(t);
	unsigned long before = calls_made(t);
	size_t done = 0;

	expect(t, "print", vet_socket_print(pair.client, "a line", 6, &done), 0);
	expect(t, "done", (int64_t)done, 7);
	expect_calls(t, "a print for which there is room", before, 1);
	expect(t, "print of nothing", vet_socket_print(pair.client, NULL, 0, &done), 0);
	expect(t, "done", (int64_t)done, 1);
	expect_text(t, pair.server, "a line\n\n");
}

static void flush_does_nothing(struct trial *t)
{
	struct pair pair = stream_pair(t);
	unsigned long before = calls_made(t);

	expect(t, "flush", vet_socket_flush(pair.client), 0);
	expect_calls(t, "flush", before, 0);
}

static const struct conformance_case cases[] = {
	{ "write/all", "write is done when every byte was taken, in order", "POSIX send", MUST,
	  BOTH, all_is_written, NULL },
	{ "write/more-than-fits", "no byte is lost or sent twice, however often the stream is full",
	  "POSIX send; socket.h vet_socket_write", MUST, BOTH, write_more_than_fits, NULL },
	{ "write/nothing", "writing no bytes is done without a call", "socket.h vet_socket_write",
	  MUST, ONCE, nothing_is_written, NULL },
	{ "write/one-call", "writing where there is room is one call, deadline or not",
	  "socket.h Waiting", MUST, ONCE, ready_is_one_call, NULL },
	{ "write/deadline", "a full stream is VET_EDEADLINE, and as usable when it is read",
	  "socket.h Waiting", MUST, BOTH, full_within_a_deadline, NULL },
	{ "write/after-shutdown", "after shutdown for writing it is EPIPE", "POSIX send, EPIPE",
	  MUST, BOTH, after_shutdown, NULL },
	{ "write/peer-reset", "to a peer that reset it is ECONNRESET or EPIPE, then EPIPE",
	  "POSIX send, ECONNRESET, EPIPE", MUST, BOTH, to_a_peer_that_reset, NULL },
	{ "write/peer-closed", "to a peer that closed it fails from the second write on",
	  "RFC 9293 3.10.7.1; POSIX send, EPIPE", MUST, BOTH, to_a_peer_that_closed, NULL },
	{ "write/not-connected", "a fresh stream is ENOTCONN or EPIPE",
	  "POSIX send, ENOTCONN; tcp(7)", MUST, BOTH, not_connected, NULL },
	{ "write/half-closed", "a peer that has ended its half still reads", "RFC 9293 3.6", MUST,
	  BOTH, to_a_peer_half_closed, NULL },
	{ "write/no-done", "done may be NULL", "socket.h done", MUST, ONCE, without_done, NULL },
	{ "write/some", "write_some says how much was taken, never more or less",
	  "POSIX send; socket.h vet_socket_write_some", MUST, BOTH, write_some_more_than_fits,
	  NULL },
	{ "print/line", "print sends the data and a newline in one call",
	  "socket.h vet_socket_print; POSIX sendmsg", MUST, BOTH, a_line, NULL },
	{ "print/more-than-fits", "a gather write may be cut anywhere and goes on there",
	  "POSIX sendmsg; socket.h vet_socket_print", MUST, BOTH, print_more_than_fits, NULL },
	{ "print/flush", "flush is 0 and makes no call", "socket.h vet_socket_flush", MUST, ONCE,
	  flush_does_nothing, NULL },
};

const struct conformance_group conformance_write = CONFORMANCE_GROUP(cases);
