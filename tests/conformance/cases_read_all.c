/* SPDX-License-Identifier: 0BSD */
/* read_all. */
#include "trial.h"

#include <errno.h>

enum { LARGE = 30000 };

/* A connection on which a text is all that comes. */
static struct vet_socket *whole_stream(struct trial *t, const char *text)
{
	struct pair pair = stream_pair(t);

	write_text(t, pair.client, text);
	close_socket(t, pair.client);
	return pair.server;
}

static void expect_buffer(struct trial *t, struct vet_buffer *buffer, const char *want, size_t size)
{
	expect(t, "bytes in the buffer", (int64_t)buffer->size, (int64_t)size);
	if (!t->decided)
		expect_bytes(t, "its bytes", buffer->data, want, size);
	vet_buffer_free(buffer);
}

static void until_the_end(struct trial *t)
{
	struct vet_buffer buffer = { 0 };
	struct vet_socket *s = whole_stream(t, "abcdef");

	expect(t, "read_all", vet_socket_read_all(s, &buffer, 100), 0);
	expect_buffer(t, &buffer, "abcdef", 6);
	expect_end(t, s);
}

static void nothing_at_all(struct trial *t)
{
	struct vet_buffer buffer = { 0 };

	expect(t, "read_all of an empty stream",
	       vet_socket_read_all(whole_stream(t, ""), &buffer, 100), 0);
	expect(t, "bytes in the buffer", (int64_t)buffer.size, 0);
	vet_buffer_free(&buffer);
}

static void behind_what_is_there(struct trial *t)
{
	struct vet_buffer buffer = { 0 };
	struct vet_socket *s = whole_stream(t, "abcdef");

	expect(t, "read_into", vet_socket_read_into(s, &buffer, 2), 2);
	expect(t, "read_all", vet_socket_read_all(s, &buffer, 4), 0);
	expect_buffer(t, &buffer, "abcdef", 6);
}

static void as_much_as_allowed(struct trial *t)
{
	struct vet_buffer buffer = { 0 };

	expect(t, "read_all of 6, at most 6",
	       vet_socket_read_all(whole_stream(t, "abcdef"), &buffer, 6), 0);
	expect_buffer(t, &buffer, "abcdef", 6);
}

static void more_than_allowed(struct trial *t)
{
	struct vet_buffer buffer = { 0 };
	struct vet_socket *s = whole_stream(t, "abcdef");

	expect(t, "read_all of 6, at most 5", vet_socket_read_all(s, &buffer, 5), -EFBIG);
	expect_buffer(t, &buffer, "abcde", 5);
	expect_text(t, s, "f");
	expect_end(t, s);
}

static void none_allowed(struct trial *t)
{
	struct vet_buffer buffer = { 0 };
	struct vet_socket *s = whole_stream(t, "a");

	expect(t, "read_all of 1, at most 0", vet_socket_read_all(s, &buffer, 0), -EFBIG);
	expect(t, "bytes in the buffer", (int64_t)buffer.size, 0);
	expect_text(t, s, "a");
	expect(t, "read_all of 0, at most 0", vet_socket_read_all(s, &buffer, 0), 0);
	vet_buffer_free(&buffer);
}

static void not_ended_in_time(struct trial *t)
{
	struct pair pair = stream_pair(t);
	struct vet_buffer buffer = { 0 };

	write_text(t, pair.client, "abc");
	(void)wait_for(t, descriptor(t, pair.server), POLLIN);
	vet_socket_timeout_after(pair.server, VET_MILLISECONDS(2));
	expect(t, "read_all", vet_socket_read_all(pair.server, &buffer, 100), VET_EDEADLINE);
	expect_buffer(t, &buffer, "abc", 3);
}

static void ended_by_a_reset(struct trial *t)
{
	struct pair pair = stream_pair(t);
	struct vet_buffer buffer = { 0 };

	reset_by(t, pair.client, pair.server);
	expect(t, "read_all", vet_socket_read_all(pair.server, &buffer, 100), -ECONNRESET);
	vet_buffer_free(&buffer);
}

static void without_memory(struct trial *t)
{
	struct vet_buffer buffer = { 0 };
	struct vet_socket *s = whole_stream(t, "abc");

	t->ledger.refuse_memory = true;
	expect(t, "read_all", vet_socket_read_all(s, &buffer, 100), -ENOMEM);
	t->ledger.refuse_memory = false;
	expect(t, "read_all again", vet_socket_read_all(s, &buffer, 100), 0);
	expect_buffer(t, &buffer, "abc", 3);
}

static void many_bytes(struct trial *t)
{
	unsigned char data[LARGE];
	struct pair pair = stream_pair(t);
	struct vet_buffer buffer = { 0 };
	unsigned long before;

	fill_pattern(data, sizeof(data), 0);
	expect(t, "write", vet_socket_write(pair.client, data, sizeof(data), NULL), 0);
	close_socket(t, pair.client);
	before = calls_of(t, LEDGER_realloc);
	expect(t, "read_all", vet_socket_read_all(pair.server, &buffer, SIZE_MAX), 0);
	expect(t, "bytes in the buffer", (int64_t)buffer.size, LARGE);
	if (!t->decided)
		expect_pattern(t, "its bytes", buffer.data, buffer.size, 0);
	expect_true(t, "the buffer grows in large steps",
		    calls_of(t, LEDGER_realloc) - before <= 16);
	vet_buffer_free(&buffer);
}

static void of_datagrams(struct trial *t)
{
	struct vet_buffer buffer = { 0 };
	struct vet_socket *s = open_datagram(t);
	unsigned long before = calls_made(t);

	expect(t, "read_all", vet_socket_read_all(s, &buffer, 100), -EOPNOTSUPP);
	expect_calls(t, "read_all of datagrams", before, 0);
}

static const struct conformance_case cases[] = {
	{ "read-all/whole", "read_all appends all that comes until the end",
	  "socket.h vet_socket_read_all", MUST, BOTH, until_the_end, NULL },
	{ "read-all/empty", "an empty stream is no error", "socket.h vet_socket_read_all", MUST,
	  BOTH, nothing_at_all, NULL },
	{ "read-all/appends", "the limit counts what comes, not what was in the buffer",
	  "socket.h vet_socket_read_all", MUST, ONCE, behind_what_is_there, NULL },
	{ "read-all/limit", "as many bytes as the limit are no error",
	  "socket.h vet_socket_read_all", MUST, BOTH, as_much_as_allowed, NULL },
	{ "read-all/beyond-limit", "one byte more is EFBIG, and still to be read",
	  "socket.h vet_socket_read_all; POSIX recv, MSG_PEEK", MUST, BOTH, more_than_allowed,
	  NULL },
	{ "read-all/limit-zero", "a limit of 0 asks whether anything comes",
	  "socket.h vet_socket_read_all", MUST, ONCE, none_allowed, NULL },
	{ "read-all/deadline", "no end within the deadline is VET_EDEADLINE, with what came",
	  "socket.h Waiting", MUST, BOTH, not_ended_in_time, NULL },
	{ "read-all/reset", "a reset is ECONNRESET, not the end", "POSIX recv, ECONNRESET", MUST,
	  BOTH, ended_by_a_reset, NULL },
	{ "read-all/no-memory", "without memory it is ENOMEM, and the bytes still to be read",
	  "socket.h vet_socket_read_all", MUST, ONCE, without_memory, NULL },
	{ "read-all/large", "many bytes come whole, and the buffer grows in large steps",
	  "socket.h vet_socket_read_all", MUST, BOTH, many_bytes, NULL },
	{ "read-all/datagram", "on a datagram socket it is EOPNOTSUPP without a call",
	  "socket.h vet_socket_read_all", MUST, ONCE, of_datagrams, NULL },
};

const struct conformance_group conformance_read_all = CONFORMANCE_GROUP(cases);
