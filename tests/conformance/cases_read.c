/* SPDX-License-Identifier: 0BSD */
/* read, read_into, read_exact. */
#include "trial.h"

#include <errno.h>
#include <string.h>

static void what_has_come(struct trial *t)
{
	struct pair pair = stream_pair(t);
	char data[16] = { 0 };

	write_text(t, pair.client, "abc");
	expect(t, "read of 16", vet_socket_read(pair.server, data, sizeof(data)), 3);
	expect_bytes(t, "the bytes, and what is behind them", data, "abc\0\0", 5);
}

static void part_by_part(struct trial *t)
{
	struct pair pair = stream_pair(t);
	char data[16] = { 0 };

	write_text(t, pair.client, "abcdef");
	expect(t, "read of 4", vet_socket_read(pair.server, data, 4), 4);
	expect_bytes(t, "the first part", data, "abcd\0", 5);
	expect(t, "read of 4 more", vet_socket_read(pair.server, data, 4), 2);
	expect_bytes(t, "the rest", data, "efcd", 4);
}

static void data_then_end(struct trial *t)
{
	struct pair pair = stream_pair(t);

	write_text(t, pair.client, "all of it");
	close_socket(t, pair.client);
	expect_text(t, pair.server, "all ");
	expect_text(t, pair.server, "of it");
	expect_end(t, pair.server);
	expect_end(t, pair.server);
}

static void nothing_wanted(struct trial *t)
{
	struct pair pair = stream_pair(t);
	unsigned long before = calls_made(t);
	char byte;

	expect(t, "read of nothing", vet_socket_read(pair.server, &byte, 0), 0);
	expect_calls(t, "read of nothing", before, 0);
	write_text(t, pair.client, "x");
	expect_text(t, pair.server, "x");
}

static void nothing_came(struct trial *t)
{
	struct pair pair = stream_pair(t);
	char byte;

	vet_socket_timeout_after(pair.server, VET_MILLISECONDS(2));
	expect(t, "read of nothing within 2 ms", vet_socket_read(pair.server, &byte, 1),
	       VET_EDEADLINE);
	vet_socket_reset_deadline(pair.server);
	write_text(t, pair.client, "late");
	expect_text(t, pair.server, "late");
}

static void ready_is_one_call(struct trial *t)
{
	struct pair pair = stream_pair(t);
	unsigned long before;
	char data[4];

	write_text(t, pair.client, "abcd");
	(void)wait_for(t, descriptor(t, pair.server), POLLIN);
	vet_socket_timeout_after(pair.server, VET_SECONDS(1));
	before = calls_made(t);
	expect(t, "read", vet_socket_read(pair.server, data, sizeof(data)), 4);
	expect_calls(t, "a read of what is there", before, 1);
}

static void was_reset(struct trial *t)
{
	struct pair pair = stream_pair(t);
	char byte;

	reset_by(t, pair.client, pair.server);
	expect(t, "read", vet_socket_read(pair.server, &byte, 1), -ECONNRESET);
	expect(t, "read again: the error was told", vet_socket_read(pair.server, &byte, 1), 0);
}

static void not_connected(struct trial *t)
{
	char byte;

	expect(t, "read of a fresh stream", vet_socket_read(open_stream(t), &byte, 1), -ENOTCONN);
}

static void of_a_listener(struct trial *t)
{
	struct vet_address at;
	char byte;

	expect(t, "read of a listener", vet_socket_read(open_listener(t, &at), &byte, 1),
	       -ENOTCONN);
}

static void into_a_buffer(struct trial *t)
{
	struct pair pair = stream_pair(t);
	struct vet_buffer buffer = { 0 };

	write_text(t, pair.client, "abc");
	expect(t, "read_into", vet_socket_read_into(pair.server, &buffer, 100), 3);
	write_text(t, pair.client, "def");
	expect(t, "read_into", vet_socket_read_into(pair.server, &buffer, 100), 3);
	expect(t, "its size", (int64_t)buffer.size, 6);
	if (!t->decided)
		expect_bytes(t, "its bytes", buffer.data, "abcdef", 6);
	close_socket(t, pair.client);
	expect(t, "read_into at the end", vet_socket_read_into(pair.server, &buffer, 100), 0);
	expect(t, "its size", (int64_t)buffer.size, 6);
	vet_buffer_free(&buffer);
}

static void into_no_memory(struct trial *t)
{
	struct pair pair = stream_pair(t);
	struct vet_buffer buffer = { 0 };
	unsigned long before;

	write_text(t, pair.client, "abc");
	expect(t, "read_into", vet_socket_read_into(pair.server, &buffer, 1), 1);
	t->ledger.refuse_memory = true;
	before = calls_of(t, LEDGER_recv);
	expect(t, "read_into", vet_socket_read_into(pair.server, &buffer, 1 << 20), -ENOMEM);
	expect(t, "calls of recv", (int64_t)(calls_of(t, LEDGER_recv) - before), 0);
	expect(t, "its size", (int64_t)buffer.size, 1);
	t->ledger.refuse_memory = false;
	expect_text(t, pair.server, "bc");
	vet_buffer_free(&buffer);
}

static void every_byte_value(struct trial *t)
{
	struct pair pair = stream_pair(t);
	unsigned char all[256];
	unsigned char got[256];
	size_t done = 0;

	for (int i = 0; i < 256; i++)
		all[i] = (unsigned char)i;
	expect(t, "write", vet_socket_write(pair.client, all, sizeof(all), NULL), 0);
	expect(t, "read_exact", vet_socket_read_exact(pair.server, got, sizeof(got), &done), 0);
	expect_bytes(t, "all 256 values", got, all, done);
}

static void exactly(struct trial *t)
{
	struct pair pair = stream_pair(t);

	write_text(t, pair.client, "one");
	write_text(t, pair.client, "two");
	write_text(t, pair.client, "three");
	expect_text(t, pair.server, "onetwothr");
	expect_text(t, pair.server, "ee");
}

static void exactly_nothing(struct trial *t)
{
	struct pair pair = stream_pair(t);
	unsigned long before = calls_made(t);
	size_t done = 1;
	char byte;

	expect(t, "read_exact of nothing", vet_socket_read_exact(pair.server, &byte, 0, &done), 0);
	expect(t, "done", (int64_t)done, 0);
	expect_calls(t, "read_exact of nothing", before, 0);
}

static void exactly_too_much(struct trial *t)
{
	struct pair pair = stream_pair(t);
	char data[10] = { 0 };
	size_t done = 99;

	write_text(t, pair.client, "abc");
	close_socket(t, pair.client);
	expect(t, "read_exact of 10", vet_socket_read_exact(pair.server, data, 10, &done), VET_EOF);
	expect(t, "done", (int64_t)done, 3);
	expect_bytes(t, "what came", data, "abc\0", 4);
	done = 99;
	expect(t, "read_exact at the end", vet_socket_read_exact(pair.server, data, 1, &done),
	       VET_EOF);
	expect(t, "done at the end", (int64_t)done, 0);
}

static void exactly_too_late(struct trial *t)
{
	struct pair pair = stream_pair(t);
	char data[10] = { 0 };
	size_t done = 99;

	write_text(t, pair.client, "abc");
	vet_socket_timeout_after(pair.server, VET_MILLISECONDS(2));
	expect(t, "read_exact of 10", vet_socket_read_exact(pair.server, data, 10, &done),
	       VET_EDEADLINE);
	vet_socket_reset_deadline(pair.server);
	/* What had not come within 2 ms comes now: nothing is lost in between. */
	write_text(t, pair.client, "defghij");
	expect(t, "read_exact of the rest",
	       vet_socket_read_exact(pair.server, data + (done < 3 ? done : 3),
				     10 - (done < 3 ? done : 3), NULL),
	       0);
	expect_true(t, "done is no more than what was sent", done <= 3);
	expect_bytes(t, "all of it", data, "abcdefghij", 10);
}

static void exactly_until_a_reset(struct trial *t)
{
	struct pair pair = stream_pair(t);
	char data[10];
	size_t done = 99;

	write_text(t, pair.client, "abc");
	expect_text(t, pair.server, "abc");
	reset_by(t, pair.client, pair.server);
	expect(t, "read_exact", vet_socket_read_exact(pair.server, data, 10, &done), -ECONNRESET);
	expect(t, "done", (int64_t)done, 0);
}

static void exactly_without_done(struct trial *t)
{
	struct pair pair = stream_pair(t);
	char data[3];

	write_text(t, pair.client, "abc");
	expect(t, "read_exact", vet_socket_read_exact(pair.server, data, 3, NULL), 0);
	close_socket(t, pair.client);
	expect(t, "read_exact at the end", vet_socket_read_exact(pair.server, data, 3, NULL),
	       VET_EOF);
}

static void exactly_a_datagram(struct trial *t)
{
	struct pair pair = datagram_pair(t);
	unsigned long before;
	size_t done = 1;
	char data[3];

	write_text(t, pair.client, "abc");
	before = calls_made(t);
	expect(t, "read_exact", vet_socket_read_exact(pair.server, data, 3, &done), -EOPNOTSUPP);
	expect(t, "done", (int64_t)done, 0);
	expect_calls(t, "read_exact of datagrams", before, 0);
}

static const struct conformance_case cases[] = {
	{ "read/what-came", "read gives what has come, not what was asked for", "POSIX recv", MUST,
	  BOTH, what_has_come, NULL },
	{ "read/parts", "what one read leaves the next one gets", "POSIX recv, SOCK_STREAM", MUST,
	  BOTH, part_by_part, NULL },
	{ "read/end", "all that was sent before the end comes before it",
	  "POSIX recv; RFC 9293 3.6", MUST, BOTH, data_then_end, NULL },
	{ "read/nothing", "reading no bytes is 0 without a call", "socket.h vet_socket_read", MUST,
	  ONCE, nothing_wanted, NULL },
	{ "read/deadline", "nothing within the deadline is VET_EDEADLINE, and the stream as usable",
	  "socket.h Waiting", MUST, BOTH, nothing_came, NULL },
	{ "read/one-call", "reading what is there is one call, deadline or not", "socket.h Waiting",
	  MUST, ONCE, ready_is_one_call, NULL },
	{ "read/reset", "a reset is ECONNRESET once, and then the end", "POSIX recv, ECONNRESET",
	  MUST, BOTH, was_reset, NULL },
	{ "read/not-connected", "a fresh stream is ENOTCONN", "POSIX recv, ENOTCONN", MUST, BOTH,
	  not_connected, NULL },
	{ "read/listener", "a listener is ENOTCONN", "POSIX recv, ENOTCONN", MUST, BOTH,
	  of_a_listener, NULL },
	{ "read/into", "read_into appends to its buffer", "socket.h vet_socket_read_into", MUST,
	  BOTH, into_a_buffer, NULL },
	{ "read/into-no-memory", "without memory read_into is ENOMEM and takes nothing",
	  "socket.h vet_socket_read_into", MUST, ONCE, into_no_memory, NULL },
	{ "read/every-byte", "all 256 values of a byte pass as they are", "RFC 9293 3.8", MUST,
	  BOTH, every_byte_value, NULL },
	{ "read-exact/pieces", "read_exact joins pieces and leaves the rest",
	  "socket.h vet_socket_read_exact", MUST, BOTH, exactly, NULL },
	{ "read-exact/nothing", "reading exactly nothing is done without a call",
	  "socket.h vet_socket_read_exact", MUST, ONCE, exactly_nothing, NULL },
	{ "read-exact/end", "a stream that ends before is VET_EOF, with what came",
	  "socket.h vet_socket_read_exact", MUST, BOTH, exactly_too_much, NULL },
	{ "read-exact/deadline", "a deadline in the middle loses no byte", "socket.h Waiting, done",
	  MUST, BOTH, exactly_too_late, NULL },
	{ "read-exact/reset", "a reset is ECONNRESET, not the end", "POSIX recv, ECONNRESET", MUST,
	  BOTH, exactly_until_a_reset, NULL },
	{ "read-exact/no-done", "done may be NULL", "socket.h done", MUST, ONCE,
	  exactly_without_done, NULL },
	{ "read-exact/datagram", "on a datagram socket it is EOPNOTSUPP without a call",
	  "socket.h vet_socket_read_exact", MUST, ONCE, exactly_a_datagram, NULL },
};

const struct conformance_group conformance_read = CONFORMANCE_GROUP(cases);
