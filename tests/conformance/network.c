/* SPDX-License-Identifier: 0BSD */
/* What the cases have in common: sockets over loopback, and bytes whose order can be told. */
#include "trial.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

enum { CHUNK = 4096, FILL_MAX = 64 << 20 };

/* ---- sockets ---- */

struct vet_socket *closed_socket(struct trial *t)
{
	static struct vet_socket spare;

	if (t->socket_count < TRIAL_SOCKETS)
		return &t->sockets[t->socket_count++];
	trial_fail(t, "the case asks for more than %d sockets", (int)TRIAL_SOCKETS);
	memset(&spare, 0, sizeof(spare));
	return &spare;
}

struct vet_socket *open_family(struct trial *t, enum vet_type type, int family)
{
	struct vet_socket *s = closed_socket(t);

	if (type == VET_STREAM)
		expect(t, "making a stream socket", vet_socket_stream_on(s, t->sys, family), 0);
	else
		expect(t, "making a datagram socket", vet_socket_datagram_on(s, t->sys, family), 0);
	return s;
}

struct vet_socket *open_stream(struct trial *t)
{
	return open_family(t, VET_STREAM, t->family);
}

struct vet_socket *open_datagram(struct trial *t)
{
	return open_family(t, VET_DATAGRAM, t->family);
}

int descriptor(struct trial *t, struct vet_socket *s)
{
	int fd = vet_socket_fd(s);

	expect_true(t, "an open socket has a descriptor", fd >= 0);
	return fd;
}

void close_socket(struct trial *t, struct vet_socket *s)
{
	expect(t, "close", vet_socket_close(s), 0);
}

/* ---- addresses ---- */

static struct vet_address loopback_of(int family, uint32_t port)
{
	struct vet_ip ip = family == 4 ? vet_ipv4(127, 0, 0, 1) : vet_ipv6(0, 0, 0, 0, 0, 0, 0, 1);

	return vet_address_of(ip, port);
}

struct vet_address loopback(const struct trial *t, uint32_t port)
{
	return loopback_of(t->family, port);
}

struct vet_address other_loopback(const struct trial *t, uint32_t port)
{
	return loopback_of(t->family == 4 ? 6 : 4, port);
}

struct vet_address unspecified(const struct trial *t, uint32_t port)
{
	struct vet_ip ip = t->family == 4 ? vet_ipv4(0, 0, 0, 0) : vet_ipv6(0, 0, 0, 0, 0, 0, 0, 0);

	return vet_address_of(ip, port);
}

socklen_t socket_address(const struct vet_address *address, struct sockaddr_storage *out)
{
	memset(out, 0, sizeof(*out));
	if (address->ip.family == 4) {
		struct sockaddr_in *in = (struct sockaddr_in *)(void *)out;

		in->sin_family = AF_INET;
		in->sin_port = htons((uint16_t)address->port);
		memcpy(&in->sin_addr, address->ip.bytes, sizeof(in->sin_addr));
		return sizeof(*in);
	}
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(void *)out;

	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons((uint16_t)address->port);
	in6->sin6_scope_id = address->scope_id;
	memcpy(&in6->sin6_addr, address->ip.bytes, sizeof(in6->sin6_addr));
	return sizeof(*in6);
}

struct vet_address local_address(struct trial *t, struct vet_socket *s)
{
	struct vet_address address = { 0 };

	expect(t, "the local address", vet_socket_local_address(s, &address), 0);
	return address;
}

struct vet_address bind_loopback(struct trial *t, struct vet_socket *s)
{
	struct vet_address any = loopback(t, 0);

	expect(t, "bind to a port of loopback", vet_socket_bind(s, &any), 0);
	return local_address(t, s);
}

/* ---- connections ---- */

struct vet_socket *open_listener(struct trial *t, struct vet_address *at)
{
	struct vet_socket *listener = open_stream(t);

	*at = bind_loopback(t, listener);
	expect(t, "listen", vet_socket_listen(listener), 0);
	return listener;
}

struct vet_socket *connect_to(struct trial *t, const struct vet_address *to)
{
	struct vet_socket *s = open_family(t, VET_STREAM, to->ip.family == 6 ? 6 : 4);

	expect(t, "connect", vet_socket_connect(s, to), 0);
	return s;
}

struct vet_socket *accept_from(struct trial *t, struct vet_socket *listener)
{
	struct vet_socket *peer = closed_socket(t);

	expect(t, "accept", vet_socket_accept(listener, peer, NULL), 0);
	return peer;
}

struct pair stream_pair(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *listener = open_listener(t, &at);
	struct pair pair;

	pair.client = connect_to(t, &at);
	pair.server = accept_from(t, listener);
	return pair;
}

/* Buffers are set before connect and listen: that is when windows are agreed on (tcp(7)). */
struct pair narrow_pair(struct trial *t)
{
	struct vet_socket *listener = open_stream(t);
	struct vet_socket *client = open_stream(t);
	struct vet_address at = bind_loopback(t, listener);
	struct pair pair = { client, NULL };

	expect(t, "a small receive buffer", vet_socket_set_receive_buffer_size(listener, 1024), 0);
	expect(t, "a small send buffer", vet_socket_set_send_buffer_size(client, 1024), 0);
	expect(t, "listen", vet_socket_listen(listener), 0);
	expect(t, "connect", vet_socket_connect(client, &at), 0);
	pair.server = accept_from(t, listener);
	return pair;
}

struct pair datagram_pair(struct trial *t)
{
	struct pair pair;
	struct vet_address client, server;

	pair.client = open_datagram(t);
	pair.server = open_datagram(t);
	client = bind_loopback(t, pair.client);
	server = bind_loopback(t, pair.server);
	expect(t, "connect a datagram socket", vet_socket_connect(pair.client, &server), 0);
	expect(t, "connect a datagram socket", vet_socket_connect(pair.server, &client), 0);
	return pair;
}

struct vet_address refused_address(struct trial *t)
{
	return bind_loopback(t, open_stream(t));
}

void reset_by(struct trial *t, struct vet_socket *s, struct vet_socket *other)
{
	expect(t, "linger 0", vet_socket_set_linger(s, 0), 0);
	close_socket(t, s);
	(void)wait_for(t, descriptor(t, other), POLLIN);
}

short wait_for(struct trial *t, int fd, short events)
{
	struct pollfd one = { .fd = fd, .events = events };
	int result = 0;

	/* poll may end early; the ledger ends the case if it always does. */
	while (!t->ledger.cut && (result == 0 || result == -EINTR)) {
		one.revents = 0;
		result = (t->sys->calls->poll)(t->sys, &one, 1, VET_SECONDS(1));
	}
	expect(t, "poll", result, 1);
	return one.revents;
}

/* ---- bytes ---- */

/* Differs from its neighbours, and from the byte a chunk away: loss, repetition and mixing show. */
static unsigned char pattern(uint64_t position)
{
	return (unsigned char)((position * 167 + (position >> 8) * 13 + (position >> 16)) & 0xff);
}

void fill_pattern(void *data, size_t size, uint64_t position)
{
	unsigned char *bytes = data;

	for (size_t i = 0; i < size; i++)
		bytes[i] = pattern(position + i);
}

void expect_pattern(struct trial *t, const char *what, const void *data, size_t size,
		    uint64_t position)
{
	unsigned char want[CHUNK];
	const unsigned char *bytes = data;

	for (size_t at = 0; at < size && !t->decided; at += sizeof(want)) {
		size_t part = size - at < sizeof(want) ? size - at : sizeof(want);

		fill_pattern(want, part, position + at);
		expect_bytes(t, what, bytes + at, want, part);
	}
}

void write_text(struct trial *t, struct vet_socket *s, const char *text)
{
	size_t done = 0;

	expect(t, "write", vet_socket_write(s, text, strlen(text), &done), 0);
	expect(t, "write: done", (int64_t)done, (int64_t)strlen(text));
}

void expect_text(struct trial *t, struct vet_socket *s, const char *text)
{
	char got[CHUNK] = { 0 };
	size_t done = 0;

	expect(t, "read_exact", vet_socket_read_exact(s, got, strlen(text), &done), 0);
	expect(t, "read_exact: done", (int64_t)done, (int64_t)strlen(text));
	expect_bytes(t, "what was read", got, text, strlen(text));
}

void expect_end(struct trial *t, struct vet_socket *s)
{
	char byte;

	expect(t, "read at the end of the stream", vet_socket_read(s, &byte, 1), 0);
}

void expect_stream(struct trial *t, struct vet_socket *s, size_t size, uint64_t position)
{
	unsigned char got[CHUNK];

	for (size_t at = 0; at < size && !t->decided; at += sizeof(got)) {
		size_t part = size - at < sizeof(got) ? size - at : sizeof(got);
		size_t done = 0;

		expect(t, "read_exact", vet_socket_read_exact(s, got, part, &done), 0);
		expect_pattern(t, "what was read", got, done, position + at);
	}
}

uint64_t fill_stream(struct trial *t, struct vet_socket *s)
{
	unsigned char data[CHUNK];
	uint64_t written = 0;
	int result = 0;

	vet_socket_timeout_after(s, 0);
	while (result == 0 && written < FILL_MAX) {
		size_t done = 0;

		fill_pattern(data, sizeof(data), written);
		result = vet_socket_write(s, data, sizeof(data), &done);
		written += done;
	}
	vet_socket_reset_deadline(s);
	expect(t, "writing until no more is taken", result, VET_EDEADLINE);
	return written;
}

int make_file(struct trial *t, size_t size)
{
	unsigned char data[65536];
	int file;

	fill_pattern(data, size, 0);
	file = t->environment->make_file(t->environment, data, size);
	if (expect_true(t, "a file can be made", file >= 0))
		t->files[t->file_count++] = file;
	return file;
}
