/* SPDX-License-Identifier: 0BSD */
/* Datagrams: send_to, receive_from, and what read, write and print do on a datagram socket. */
#include "trial.h"

#include <errno.h>
#include <string.h>

enum { LARGE = 60000, TOO_LARGE = 70000 };

/* Two bound sockets that are not connected. */
struct ends {
	struct pair pair;
	struct vet_address client, server;
};

static struct ends open_ends(struct trial *t)
{
	struct ends ends;

	ends.pair.client = open_datagram(t);
	ends.pair.server = open_datagram(t);
	ends.client = bind_loopback(t, ends.pair.client);
	ends.server = bind_loopback(t, ends.pair.server);
	return ends;
}

static void send_text(struct trial *t, struct ends *ends, const char *text)
{
	expect(t, "send_to",
	       vet_socket_send_to(ends->pair.client, text, strlen(text), &ends->server),
	       (int64_t)strlen(text));
}

/* The next datagram is this text, whole, from the client. */
static void expect_datagram(struct trial *t, struct ends *ends, const char *text)
{
	char data[64] = { 0 };
	struct vet_address from = { 0 };
	bool truncated = true;

	expect(t, "receive_from",
	       vet_socket_receive_from(ends->pair.server, data, sizeof(data), &from, &truncated),
	       (int64_t)strlen(text));
	expect_bytes(t, "the datagram", data, text, strlen(text));
	expect_address(t, "its sender", &from, &ends->client);
	expect_true(t, "it is not truncated", !truncated);
}

static void arrives(struct trial *t)
{
	struct ends ends = open_ends(t);

	send_text(t, &ends, "hello");
	expect_datagram(t, &ends, "hello");
}

static void boundaries(struct trial *t)
{
	struct ends ends = open_ends(t);

	send_text(t, &ends, "one");
	send_text(t, &ends, "");
	send_text(t, &ends, "three");
	expect_datagram(t, &ends, "one");
	expect_datagram(t, &ends, "");
	expect_datagram(t, &ends, "three");
}

static void large_datagram(struct trial *t)
{
	static unsigned char data[LARGE], got[LARGE + 1];
	struct ends ends = open_ends(t);
	bool truncated = true;

	fill_pattern(data, sizeof(data), 0);
	expect(t, "send_to of 60,000 bytes",
	       vet_socket_send_to(ends.pair.client, data, sizeof(data), &ends.server), LARGE);
	expect(t, "receive_from",
	       vet_socket_receive_from(ends.pair.server, got, sizeof(got), NULL, &truncated),
	       LARGE);
	expect_bytes(t, "its bytes", got, data, sizeof(data));
	expect_true(t, "it is not truncated", !truncated);
}

static void too_large(struct trial *t)
{
	static const unsigned char data[TOO_LARGE];
	struct ends ends = open_ends(t);
	size_t done = 1;

	expect(t, "send_to of 70,000 bytes",
	       vet_socket_send_to(ends.pair.client, data, sizeof(data), &ends.server), -EMSGSIZE);
	expect(t, "connect", vet_socket_connect(ends.pair.client, &ends.server), 0);
	expect(t, "write of 70,000 bytes",
	       vet_socket_write(ends.pair.client, data, sizeof(data), &done), -EMSGSIZE);
	expect(t, "done", (int64_t)done, 0);
	write_text(t, ends.pair.client, "small");
	expect_datagram(t, &ends, "small");
}

static void refused_without_a_call(struct trial *t)
{
	struct vet_socket *s = open_datagram(t);
	struct vet_address other = other_loopback(t, 9);
	struct vet_address large = loopback(t, 65536);
	unsigned long before = calls_made(t);

	expect(t, "an address of the other family", vet_socket_send_to(s, "x", 1, &other),
	       -EAFNOSUPPORT);
	expect(t, "port 65536", vet_socket_send_to(s, "x", 1, &large), -EINVAL);
	expect_calls(t, "send_to", before, 0);
}

static void nobody_to_send_to(struct trial *t)
{
	struct vet_socket *s = open_datagram(t);

	expect_either(t, "write without a peer", vet_socket_write(s, "x", 1, NULL), -EDESTADDRREQ,
		      -ENOTCONN);
}

static void elsewhere_when_connected(struct trial *t)
{
	struct pair pair = datagram_pair(t);
	struct vet_socket *third = open_datagram(t);
	struct vet_address to = bind_loopback(t, third);
	ssize_t result = vet_socket_send_to(pair.client, "aside", 5, &to);
	char data[8];

	expect_either(t, "send_to another than the peer", result, 5, -EISCONN);
	if (result == 5)
		expect(t, "read", vet_socket_read(third, data, sizeof(data)), 5);
}

static void port_zero(struct trial *t)
{
	struct vet_address to = loopback(t, 0);

	expect_either(t, "send_to port 0", vet_socket_send_to(open_datagram(t), "x", 1, &to),
		      -EINVAL, -EADDRNOTAVAIL);
}

static void broadcast_is_asked_for(struct trial *t)
{
	struct vet_address to = vet_address_of(vet_ipv4(127, 255, 255, 255), 9);

	expect(t, "send_to a broadcast address", vet_socket_send_to(open_datagram(t), "x", 1, &to),
	       -EACCES);
}

static void to_itself(struct trial *t)
{
	struct vet_socket *s = open_datagram(t);
	struct vet_address at = bind_loopback(t, s);
	struct vet_address from = { 0 };
	char data[8];

	expect(t, "send_to itself", vet_socket_send_to(s, "me", 2, &at), 2);
	expect(t, "receive_from", vet_socket_receive_from(s, data, sizeof(data), &from, NULL), 2);
	expect_address(t, "the sender", &from, &at);
}

static void truncated_says_so(struct trial *t)
{
	struct ends ends = open_ends(t);
	char data[5] = { 0 };
	bool truncated = false;

	send_text(t, &ends, "123456789");
	send_text(t, &ends, "next");
	expect(t, "receive_from of 4",
	       vet_socket_receive_from(ends.pair.server, data, 4, NULL, &truncated), 4);
	expect_bytes(t, "what fits", data, "1234\0", 5);
	expect_true(t, "it is truncated", truncated);
	expect_datagram(t, &ends, "next");
}

static void exact_room_is_enough(struct trial *t)
{
	struct ends ends = open_ends(t);
	char data[4];
	bool truncated = true;

	send_text(t, &ends, "1234");
	expect(t, "receive_from of 4",
	       vet_socket_receive_from(ends.pair.server, data, 4, NULL, &truncated), 4);
	expect_true(t, "it is not truncated", !truncated);
}

static void size_zero_takes_one(struct trial *t)
{
	struct ends ends = open_ends(t);
	bool truncated = false;

	send_text(t, &ends, "first");
	send_text(t, &ends, "second");
	expect(t, "receive_from of 0",
	       vet_socket_receive_from(ends.pair.server, NULL, 0, NULL, &truncated), 0);
	expect_true(t, "it is truncated", truncated);
	expect_datagram(t, &ends, "second");
}

static void nothing_came(struct trial *t)
{
	struct ends ends = open_ends(t);
	struct vet_address from = ends.client;
	char byte;

	vet_socket_timeout_after(ends.pair.server, VET_MILLISECONDS(2));
	expect(t, "receive_from of nothing",
	       vet_socket_receive_from(ends.pair.server, &byte, 1, &from, NULL), VET_EDEADLINE);
	expect(t, "the family of the sender", from.ip.family, 0);
	vet_socket_reset_deadline(ends.pair.server);
	send_text(t, &ends, "late");
	expect_datagram(t, &ends, "late");
}

static void shut_down_for_reading(struct trial *t)
{
	struct pair pair = datagram_pair(t);
	char byte;

	expect(t, "shutdown_read", vet_socket_shutdown_read(pair.server), 0);
	expect(t, "receive_from", vet_socket_receive_from(pair.server, &byte, 1, NULL, NULL),
	       VET_EOF);
	expect(t, "read", vet_socket_read(pair.server, &byte, 1), VET_EOF);
}

static void from_a_stream(struct trial *t)
{
	struct pair pair = stream_pair(t);
	struct vet_address from = loopback(t, 9);
	bool truncated = true;
	char data[8];

	write_text(t, pair.client, "abc");
	expect(t, "receive_from of a stream",
	       vet_socket_receive_from(pair.server, data, sizeof(data), &from, &truncated), 3);
	expect(t, "the family of the sender", from.ip.family, 0);
	expect_true(t, "it is not truncated", !truncated);
}

static void read_takes_one(struct trial *t)
{
	struct ends ends = open_ends(t);
	char data[16] = { 0 };

	send_text(t, &ends, "one");
	send_text(t, &ends, "");
	send_text(t, &ends, "two");
	expect(t, "read", vet_socket_read(ends.pair.server, data, sizeof(data)), 3);
	expect_bytes(t, "the datagram", data, "one\0", 4);
	expect(t, "read of the empty one", vet_socket_read(ends.pair.server, data, sizeof(data)),
	       0);
	expect_datagram(t, &ends, "two");
}

static void read_of_too_little(struct trial *t)
{
	struct ends ends = open_ends(t);
	char data[4];

	send_text(t, &ends, "too long");
	send_text(t, &ends, "next");
	expect(t, "read of 4", vet_socket_read(ends.pair.server, data, sizeof(data)), -EMSGSIZE);
	expect_datagram(t, &ends, "next");
}

static void read_of_size_zero(struct trial *t)
{
	struct ends ends = open_ends(t);

	send_text(t, &ends, "");
	send_text(t, &ends, "next");
	expect(t, "read of 0", vet_socket_read(ends.pair.server, NULL, 0), 0);
	expect_datagram(t, &ends, "next");
}

static void write_is_one(struct trial *t)
{
	struct ends ends = open_ends(t);
	size_t done = 9;

	expect(t, "connect", vet_socket_connect(ends.pair.client, &ends.server), 0);
	write_text(t, ends.pair.client, "one");
	expect(t, "write of an empty one", vet_socket_write(ends.pair.client, "", 0, &done), 0);
	expect(t, "done", (int64_t)done, 0);
	expect(t, "write_some", vet_socket_write_some(ends.pair.client, "three", 5), 5);
	expect_datagram(t, &ends, "one");
	expect_datagram(t, &ends, "");
	expect_datagram(t, &ends, "three");
}

static void print_is_one(struct trial *t)
{
	struct ends ends = open_ends(t);
	size_t done = 0;

	expect(t, "connect", vet_socket_connect(ends.pair.client, &ends.server), 0);
	expect(t, "print", vet_socket_print(ends.pair.client, "line", 4, &done), 0);
	expect(t, "done", (int64_t)done, 5);
	expect_datagram(t, &ends, "line\n");
}

static const struct conformance_case cases[] = {
	{ "send-to/arrives", "a datagram arrives whole, and tells its sender",
	  "POSIX sendto, recvfrom; RFC 768", MUST, BOTH, arrives, NULL },
	{ "send-to/boundaries", "datagrams stay apart, the empty one too", "RFC 768; udp(7)", MUST,
	  BOTH, boundaries, NULL },
	{ "send-to/large", "60,000 bytes are one datagram", "RFC 768; udp(7)", MUST, BOTH,
	  large_datagram, NULL },
	{ "send-to/too-large", "what no datagram can hold is EMSGSIZE", "POSIX sendto, EMSGSIZE",
	  MUST, BOTH, too_large, NULL },
	{ "send-to/address-refused",
	  "another family and a port above 65535 are refused without a call",
	  "socket.h addresses and connections", MUST, BOTH, refused_without_a_call, NULL },
	{ "send-to/no-peer", "writing without a peer is EDESTADDRREQ or ENOTCONN",
	  "POSIX send, EDESTADDRREQ, ENOTCONN", MUST, BOTH, nobody_to_send_to, NULL },
	{ "send-to/connected", "a connected socket sends elsewhere, or says EISCONN",
	  "POSIX sendto, EISCONN", MUST, BOTH, elsewhere_when_connected, NULL },
	{ "send-to/port-zero", "port 0 is nobody's", "RFC 6335 6", MAY, BOTH, port_zero, NULL },
	{ "send-to/broadcast", "without the option a broadcast address is EACCES",
	  "POSIX SO_BROADCAST; ip(7)", MAY, ONCE, broadcast_is_asked_for, NULL },
	{ "send-to/itself", "a datagram socket can send to itself", "RFC 1122 3.2.1.3 (g)", MUST,
	  BOTH, to_itself, NULL },
	{ "receive-from/truncated", "a datagram cut short says so, and the next is whole",
	  "POSIX recvmsg, MSG_TRUNC", MUST, BOTH, truncated_says_so, NULL },
	{ "receive-from/exact", "a datagram that just fits is not truncated",
	  "POSIX recvmsg, MSG_TRUNC", MUST, BOTH, exact_room_is_enough, NULL },
	{ "receive-from/size-zero", "receiving 0 bytes takes one datagram",
	  "socket.h vet_socket_read", MUST, BOTH, size_zero_takes_one, NULL },
	{ "receive-from/deadline", "nothing within the deadline is VET_EDEADLINE, from nobody",
	  "socket.h Waiting", MUST, BOTH, nothing_came, NULL },
	{ "receive-from/shut-down", "a datagram socket shut down for reading is VET_EOF",
	  "socket.h vet_socket_read; POSIX shutdown", MUST, BOTH, shut_down_for_reading, NULL },
	{ "receive-from/stream", "a stream has no sender", "POSIX recvfrom", MUST, BOTH,
	  from_a_stream, NULL },
	{ "datagram/read", "read takes one datagram, an empty one too", "POSIX recv, SOCK_DGRAM",
	  MUST, BOTH, read_takes_one, NULL },
	{ "datagram/read-truncated", "a datagram that does not fit into read is EMSGSIZE, and lost",
	  "socket.h vet_socket_read", MUST, BOTH, read_of_too_little, NULL },
	{ "datagram/read-zero", "reading 0 bytes takes one datagram", "socket.h vet_socket_read",
	  MUST, BOTH, read_of_size_zero, NULL },
	{ "datagram/write", "each write is one datagram, an empty one too", "RFC 768; POSIX send",
	  MUST, BOTH, write_is_one, NULL },
	{ "datagram/print", "a print is one datagram with its newline",
	  "socket.h vet_socket_print; POSIX sendmsg", MUST, BOTH, print_is_one, NULL },
};

const struct conformance_group conformance_datagram = CONFORMANCE_GROUP(cases);
