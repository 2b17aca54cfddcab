/* SPDX-License-Identifier: 0BSD */
/* Clones, closing, and the memory of buffers. */
#include "trial.h"

#include <errno.h>
#include <string.h>

enum { ATTEMPTS = 5 };

static struct vet_socket *clone_of(struct trial *t, struct vet_socket *s)
{
	struct vet_socket *clone = closed_socket(t);

	expect(t, "try_clone", vet_socket_try_clone(s, clone), 0);
	return clone;
}

static void clone_is_the_same_stream(struct trial *t)
{
	struct pair pair = stream_pair(t);
	struct vet_socket *clone = clone_of(t, pair.client);

	expect_true(t, "a clone has another descriptor",
		    vet_socket_fd(clone) != vet_socket_fd(pair.client));
	expect(t, "its family", vet_socket_family(clone), t->family);
	expect(t, "its kind", vet_socket_kind(clone), VET_STREAM);
	write_text(t, pair.client, "one ");
	write_text(t, clone, "two");
	expect_text(t, pair.server, "one two");
	write_text(t, pair.server, "three");
	expect_text(t, pair.client, "th");
	expect_text(t, clone, "ree");
}

static void clone_is_connected(struct trial *t)
{
	struct pair pair = stream_pair(t);
	struct vet_address peer = local_address(t, pair.server);
	struct vet_socket *clone = clone_of(t, pair.client);
	unsigned long before = calls_of(t, LEDGER_connect);

	expect(t, "connect of the clone", vet_socket_connect(clone, &peer), -EISCONN);
	expect(t, "calls of connect", (int64_t)(calls_of(t, LEDGER_connect) - before), 0);
}

static void clone_outlives(struct trial *t)
{
	struct pair pair = stream_pair(t);
	struct vet_socket *clone = clone_of(t, pair.client);
	char byte;

	close_socket(t, pair.client);
	vet_socket_timeout_after(pair.server, VET_MILLISECONDS(1));
	expect(t, "read, while the clone is open", vet_socket_read(pair.server, &byte, 1),
	       VET_EDEADLINE);
	vet_socket_reset_deadline(pair.server);
	write_text(t, clone, "still here");
	expect_text(t, pair.server, "still here");
	close_socket(t, clone);
	expect_end(t, pair.server);
}

static void clone_has_no_deadline(struct trial *t)
{
	struct vet_socket *s = open_stream(t);
	struct vet_socket *clone;

	vet_socket_timeout_after(s, VET_SECONDS(1));
	clone = clone_of(t, s);
	expect(t, "the deadline of the clone", vet_socket_deadline(clone).nanoseconds,
	       vet_instant_never().nanoseconds);
}

static void clone_into_open(struct trial *t)
{
	struct vet_socket *s = open_stream(t);
	struct vet_socket *other = open_stream(t);
	int fd = vet_socket_fd(other);
	unsigned long before = calls_made(t);

	expect(t, "try_clone into an open socket", vet_socket_try_clone(s, other), -EINVAL);
	expect_calls(t, "try_clone", before, 0);
	expect(t, "the open one is as it was", vet_socket_fd(other), fd);
}

static void clone_shares_half_closes(struct trial *t)
{
	struct pair pair = stream_pair(t);
	struct vet_socket *clone = clone_of(t, pair.client);

	expect(t, "shutdown_write of the clone", vet_socket_shutdown_write(clone), 0);
	expect_end(t, pair.server);
	expect(t, "write through the original", vet_socket_write(pair.client, "x", 1, NULL),
	       -EPIPE);
}

static void clone_shares_options(struct trial *t)
{
	struct vet_socket *s = open_stream(t);
	struct vet_socket *clone = clone_of(t, s);
	bool value = false;

	expect(t, "set_keepalive of the clone", vet_socket_set_keepalive(clone, true), 0);
	expect(t, "keepalive of the original", vet_socket_keepalive(s, &value), 0);
	expect_true(t, "the original has it too", value);
}

static void clone_accepts(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *listener = open_listener(t, &at);
	struct vet_socket *clone = clone_of(t, listener);

	close_socket(t, listener);
	(void)connect_to(t, &at);
	(void)accept_from(t, clone);
}

static void close_is_one_call(struct trial *t)
{
	struct vet_socket *s = open_stream(t);
	unsigned long before = calls_made(t);

	close_socket(t, s);
	expect_calls(t, "close", before, 1);
	expect(t, "close again", vet_socket_close(s), -EBADF);
	expect_calls(t, "close again", before, 1);
	expect(t, "fd", vet_socket_fd(s), -EBADF);
}

static void close_delivers(struct trial *t)
{
	struct pair pair = stream_pair(t);

	write_text(t, pair.client, "last words");
	close_socket(t, pair.client);
	expect_text(t, pair.server, "last words");
	expect_end(t, pair.server);
	expect_end(t, pair.server);
}

static void close_without_linger_time_resets(struct trial *t)
{
	struct pair pair = stream_pair(t);
	char byte;

	reset_by(t, pair.client, pair.server);
	expect(t, "read", vet_socket_read(pair.server, &byte, 1), -ECONNRESET);
}

static void close_with_unread_bytes_resets(struct trial *t)
{
	struct pair pair = stream_pair(t);
	char byte;

	write_text(t, pair.server, "never read");
	(void)wait_for(t, descriptor(t, pair.client), POLLIN);
	close_socket(t, pair.client);
	expect(t, "read", vet_socket_read(pair.server, &byte, 1), -ECONNRESET);
}

/* Somebody else may take the port in between: that is not held against the table, once or twice. */
static void close_frees_the_port(struct trial *t)
{
	int result = -EADDRINUSE;

	for (int i = 0; i < ATTEMPTS && result == -EADDRINUSE && !t->decided; i++) {
		struct vet_address at;
		struct vet_socket *listener = open_listener(t, &at);

		close_socket(t, listener);
		result = vet_socket_bind(open_stream(t), &at);
	}
	expect(t, "bind to the port of a listener that was closed", result, 0);
}

static void close_ends_the_queue(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *listener = open_listener(t, &at);
	struct vet_socket *s = connect_to(t, &at);
	char byte;

	close_socket(t, listener);
	expect(t, "read of a connection that nobody accepted", vet_socket_read(s, &byte, 1),
	       -ECONNRESET);
}

static void buffer_is_given_back(struct trial *t)
{
	struct pair pair = stream_pair(t);
	struct vet_buffer buffer = { 0 };

	write_text(t, pair.client, "abc");
	expect(t, "read_into", vet_socket_read_into(pair.server, &buffer, 10), 3);
	expect_true(t, "the buffer has room", buffer.capacity >= 3 && buffer.data != NULL);
	expect_true(t, "the buffer knows its table", buffer.sys == t->sys);
	vet_buffer_free(&buffer);
	expect_true(t, "it is all zero",
		    buffer.data == NULL && buffer.size == 0 && buffer.capacity == 0 &&
			    buffer.sys == NULL);
	expect(t, "pieces of memory", t->ledger.blocks, 0);
}

static void buffer_that_is_empty(struct trial *t)
{
	struct vet_buffer buffer = { 0 };
	unsigned long before = calls_made(t);

	vet_buffer_free(&buffer);
	expect_calls(t, "freeing an empty buffer", before, 0);
}

static void buffer_is_used_again(struct trial *t)
{
	struct pair pair = stream_pair(t);
	struct vet_buffer buffer = { 0 };
	unsigned long before;

	write_text(t, pair.client, "abcdef");
	expect(t, "read_into", vet_socket_read_into(pair.server, &buffer, 3), 3);
	before = calls_of(t, LEDGER_realloc);
	buffer.size = 0;
	expect(t, "read_into again", vet_socket_read_into(pair.server, &buffer, 3), 3);
	expect(t, "calls of realloc", (int64_t)(calls_of(t, LEDGER_realloc) - before), 0);
	if (!t->decided)
		expect_bytes(t, "its bytes", buffer.data, "def", 3);
	vet_buffer_free(&buffer);
}

static const struct conformance_case cases[] = {
	{ "clone/same-stream", "a clone is another descriptor of the same stream",
	  "POSIX fcntl F_DUPFD_CLOEXEC", MUST, BOTH, clone_is_the_same_stream, NULL },
	{ "clone/connected", "the clone of a connection knows that it is connected",
	  "socket.h vet_socket_connect", MUST, ONCE, clone_is_connected, NULL },
	{ "clone/outlives", "the stream ends when its last descriptor is closed, not before",
	  "POSIX close", MUST, BOTH, clone_outlives, NULL },
	{ "clone/no-deadline", "a clone has no deadline", "socket.h vet_socket_try_clone", MUST,
	  ONCE, clone_has_no_deadline, NULL },
	{ "clone/into-open", "cloning into an open socket is EINVAL without a call",
	  "socket.h vet_socket_try_clone", MUST, ONCE, clone_into_open, NULL },
	{ "clone/shutdown-shared", "shutting a clone down shuts the original down",
	  "POSIX shutdown", MUST, BOTH, clone_shares_half_closes, NULL },
	{ "clone/options-shared", "an option set through a clone is the original's too",
	  "POSIX setsockopt", MUST, ONCE, clone_shares_options, NULL },
	{ "clone/listener", "the clone of a listener accepts, when the original is closed too",
	  "POSIX accept", MUST, BOTH, clone_accepts, NULL },
	{ "close/once", "close is one call, and a second close none", "socket.h vet_socket_close",
	  MUST, ONCE, close_is_one_call, NULL },
	{ "close/delivers", "what was written before close arrives, and then the end",
	  "POSIX close; RFC 9293 3.6", MUST, BOTH, close_delivers, NULL },
	{ "close/linger-zero", "close with a linger of 0 resets the connection",
	  "socket(7) SO_LINGER; RFC 9293 3.10.7", MUST, BOTH, close_without_linger_time_resets,
	  NULL },
	{ "close/unread", "close with unread bytes resets the connection", "RFC 1122 4.2.2.13", MAY,
	  BOTH, close_with_unread_bytes_resets, NULL },
	{ "close/frees-port", "the port of a closed listener can be bound again", "POSIX close",
	  MUST, BOTH, close_frees_the_port, NULL },
	{ "close/ends-queue", "closing a listener resets the connections in its queue",
	  "RFC 9293 3.10.4", MAY, BOTH, close_ends_the_queue, NULL },
	{ "buffer/free", "a freed buffer is empty and its memory given back",
	  "buffer.h vet_buffer_free", MUST, ONCE, buffer_is_given_back, NULL },
	{ "buffer/free-empty", "freeing an empty buffer makes no call", "buffer.h vet_buffer_free",
	  MUST, ONCE, buffer_that_is_empty, NULL },
	{ "buffer/reuse", "a buffer emptied by its size keeps its memory", "buffer.h", MUST, ONCE,
	  buffer_is_used_again, NULL },
};

const struct conformance_group conformance_lifetime = CONFORMANCE_GROUP(cases);
