/* SPDX-License-Identifier: 0BSD */
/* Making sockets, and taking descriptors over and letting them go. */
#include "trial.h"

#include <errno.h>
#include <string.h>

/* For experiments: no other program has a use for it (RFC 3692 2.1). */
enum { RAW_PROTOCOL = 253 };

static void stream_is_open(struct trial *t)
{
	struct vet_socket *s = open_stream(t);

	(void)descriptor(t, s);
	expect(t, "its family", vet_socket_family(s), t->family);
	expect(t, "its kind", vet_socket_kind(s), VET_STREAM);
}

static void datagram_is_open(struct trial *t)
{
	struct vet_socket *s = open_datagram(t);

	(void)descriptor(t, s);
	expect(t, "its family", vet_socket_family(s), t->family);
	expect(t, "its kind", vet_socket_kind(s), VET_DATAGRAM);
}

static bool open_raw(struct trial *t, struct vet_socket *s)
{
	int result = vet_socket_raw_on(s, t->sys, t->family, RAW_PROTOCOL);

	if (result == -EPERM || result == -EACCES || result == -EPROTONOSUPPORT)
		skip_error(t, "a raw socket needs a privilege", result);
	return expect(t, "making a raw socket", result, 0);
}

static void raw_carries_packets(struct trial *t)
{
	struct vet_socket *s = closed_socket(t);
	struct vet_address to = loopback(t, 0);
	struct vet_address from;
	char data[256];
	ssize_t size;

	if (!open_raw(t, s))
		return;
	expect(t, "its kind", vet_socket_kind(s), VET_RAW);
	expect(t, "bind", vet_socket_bind(s, &to), 0);
	expect(t, "send_to", vet_socket_send_to(s, "payload", 7, &to), 7);
	size = vet_socket_receive_from(s, data, sizeof(data), &from, NULL);
	/* IPv4 raw sockets receive the IP header too (raw(7)), IPv6 ones do not (RFC 3542 3). */
	if (expect(t, "receive_from", size, t->family == 4 ? 27 : 7))
		expect_bytes(t, "the payload", data + size - 7, "payload", 7);
	expect_address(t, "the sender", &from, &to);
}

static void raw_protocol_has_a_range(struct trial *t)
{
	static const int64_t outside[] = { -1, 256, INT64_C(0x100000001), INT64_MIN };
	struct vet_socket *s = closed_socket(t);
	unsigned long before = calls_made(t);

	for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++)
		expect(t, "a protocol out of range",
		       vet_socket_raw_on(s, t->sys, t->family, outside[i]), -EINVAL);
	expect_calls(t, "protocols out of range", before, 0);
	expect(t, "it is closed", vet_socket_fd(s), -EBADF);
}

static void family_is_4_or_6(struct trial *t)
{
	static const int families[] = { 0, 1, 5, 7, 10, -4, 260 };
	struct vet_socket *s = closed_socket(t);
	unsigned long before = calls_made(t);

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		expect(t, "a stream of an unknown family",
		       vet_socket_stream_on(s, t->sys, families[i]), -EAFNOSUPPORT);
		expect(t, "a datagram socket of an unknown family",
		       vet_socket_datagram_on(s, t->sys, families[i]), -EAFNOSUPPORT);
	}
	expect_calls(t, "unknown families", before, 0);
	expect(t, "it is closed", vet_socket_fd(s), -EBADF);
}

static void tables_are_checked(struct trial *t)
{
	struct vet_sys_calls calls = *t->sys->calls;
	struct vet_sys broken = { &calls };
	struct vet_socket *s = closed_socket(t);

	expect(t, "no table", vet_socket_stream_on(s, NULL, t->family), VET_ETABLE);
	calls.size = offsetof(struct vet_sys_calls, realloc);
	expect(t, "a table that is too short", vet_socket_stream_on(s, &broken, t->family),
	       VET_ETABLE);
	calls.size = sizeof(calls);
	calls.accept = NULL;
	expect(t, "a table without accept", vet_socket_stream_on(s, &broken, t->family),
	       VET_ETABLE);
	calls.accept = t->sys->calls->accept;
	calls.version = VET_SYS_VERSION + 1;
	expect(t, "a table of another version", vet_socket_stream_on(s, &broken, t->family),
	       VET_ETABLE);
	expect(t, "it is closed", vet_socket_fd(s), -EBADF);
}

static void descriptors_differ(struct trial *t)
{
	int one = descriptor(t, open_stream(t));
	int two = descriptor(t, open_stream(t));
	int three = descriptor(t, open_datagram(t));

	expect_true(t, "three sockets have three descriptors",
		    one != two && two != three && one != three);
}

static void no_deadline_at_first(struct trial *t)
{
	expect(t, "the deadline of a new socket", vet_socket_deadline(open_stream(t)).nanoseconds,
	       vet_instant_never().nanoseconds);
}

static void closed_for_bytes(struct trial *t)
{
	struct vet_socket *s = closed_socket(t);
	struct vet_address at = loopback(t, 1);
	struct vet_buffer buffer = { 0 };
	unsigned long before = calls_made(t);
	size_t done = 1;
	uint64_t sent = 1;
	char byte = 0;

	expect(t, "read", vet_socket_read(s, &byte, 1), -EBADF);
	expect(t, "read of nothing", vet_socket_read(s, &byte, 0), -EBADF);
	expect(t, "read_into", vet_socket_read_into(s, &buffer, 1), -EBADF);
	expect(t, "read_exact", vet_socket_read_exact(s, &byte, 1, &done), -EBADF);
	expect(t, "read_all", vet_socket_read_all(s, &buffer, 1), -EBADF);
	expect(t, "write", vet_socket_write(s, &byte, 1, &done), -EBADF);
	expect(t, "write: done", (int64_t)done, 0);
	expect(t, "write_some", vet_socket_write_some(s, &byte, 1), -EBADF);
	expect(t, "print", vet_socket_print(s, &byte, 1, &done), -EBADF);
	expect(t, "send_to", vet_socket_send_to(s, &byte, 1, &at), -EBADF);
	expect(t, "receive_from", vet_socket_receive_from(s, &byte, 1, NULL, NULL), -EBADF);
	expect(t, "send_file", vet_socket_send_file(s, 0, &sent), -EBADF);
	expect(t, "send_file: done", (int64_t)sent, 0);
	expect_calls(t, "a closed socket", before, 0);
}

static void closed_for_the_rest(struct trial *t)
{
	struct vet_socket *s = closed_socket(t);
	struct vet_socket *other = closed_socket(t);
	struct vet_address at = loopback(t, 1);
	unsigned long before = calls_made(t);
	int64_t value;

	expect(t, "bind", vet_socket_bind(s, &at), -EBADF);
	expect(t, "listen", vet_socket_listen(s), -EBADF);
	expect(t, "accept", vet_socket_accept(s, other, NULL), -EBADF);
	expect(t, "connect", vet_socket_connect(s, &at), -EBADF);
	expect(t, "shutdown", vet_socket_shutdown(s), -EBADF);
	expect(t, "try_clone", vet_socket_try_clone(s, other), -EBADF);
	expect(t, "set_ttl", vet_socket_set_ttl(s, 64), -EBADF);
	expect(t, "ttl", vet_socket_ttl(s, &value), -EBADF);
	expect(t, "peer_address", vet_socket_peer_address(s, &at), -EBADF);
	expect(t, "local_address", vet_socket_local_address(s, &at), -EBADF);
	expect(t, "the address is none", at.ip.family, 0);
	expect(t, "fd", vet_socket_fd(s), -EBADF);
	expect(t, "release", vet_socket_release(s), -EBADF);
	expect(t, "close", vet_socket_close(s), -EBADF);
	expect_calls(t, "a closed socket", before, 0);
}

static void adopted_stream(struct trial *t)
{
	struct pair pair = stream_pair(t);
	struct vet_address peer = local_address(t, pair.server);
	struct vet_socket *s = closed_socket(t);
	unsigned long before;

	expect(t, "adopt", vet_socket_adopt(s, t->sys, vet_socket_release(pair.client)), 0);
	expect(t, "its family", vet_socket_family(s), t->family);
	expect(t, "its kind", vet_socket_kind(s), VET_STREAM);
	before = calls_made(t);
	expect(t, "connect, which it is already", vet_socket_connect(s, &peer), -EISCONN);
	expect_calls(t, "connect of what was adopted", before, 0);
	write_text(t, s, "adopted");
	expect_text(t, pair.server, "adopted");
}

static void adopted_listener(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *listener = open_listener(t, &at);
	struct vet_socket *s = closed_socket(t);
	unsigned long before;

	expect(t, "adopt", vet_socket_adopt(s, t->sys, vet_socket_release(listener)), 0);
	before = calls_made(t);
	expect(t, "connect of a listener", vet_socket_connect(s, &at), -EISCONN);
	expect_calls(t, "connect of a listener", before, 0);
	(void)connect_to(t, &at);
	(void)accept_from(t, s);
}

static void adopted_fresh(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *listener = open_listener(t, &at);
	struct vet_socket *s = closed_socket(t);

	expect(t, "adopt", vet_socket_adopt(s, t->sys, vet_socket_release(open_stream(t))), 0);
	expect(t, "connect", vet_socket_connect(s, &at), 0);
	(void)accept_from(t, listener);
}

static void adopted_datagram(struct trial *t)
{
	struct vet_socket *s = closed_socket(t);

	expect(t, "adopt", vet_socket_adopt(s, t->sys, vet_socket_release(open_datagram(t))), 0);
	expect(t, "its family", vet_socket_family(s), t->family);
	expect(t, "its kind", vet_socket_kind(s), VET_DATAGRAM);
}

static void adopting_nothing(struct trial *t)
{
	struct vet_socket *s = closed_socket(t);

	expect(t, "adopt of -1", vet_socket_adopt(s, t->sys, -1), -EBADF);
	expect(t, "it is closed", vet_socket_fd(s), -EBADF);
}

static void adopting_a_file(struct trial *t)
{
	struct vet_socket *s = closed_socket(t);
	int file = make_file(t, 3);
	char byte;

	expect(t, "adopt of a file", vet_socket_adopt(s, t->sys, file), -ENOTSOCK);
	expect(t, "it is closed", vet_socket_fd(s), -EBADF);
	expect(t, "the file is still open", (t->sys->calls->pread)(t->sys, file, &byte, 1, 0), 1);
}

static void released_is_open(struct trial *t)
{
	struct pair pair = stream_pair(t);
	int fd = descriptor(t, pair.client);

	expect(t, "release", vet_socket_release(pair.client), fd);
	expect(t, "the socket", vet_socket_fd(pair.client), -EBADF);
	expect(t, "send", (t->sys->calls->send)(t->sys, fd, "x", 1, 0), 1);
	expect_text(t, pair.server, "x");
	expect(t, "close", (t->sys->calls->close)(t->sys, fd), 0);
}

static const struct conformance_case cases[] = {
	{ "socket/stream", "a stream socket is open, and says what it is", "POSIX socket", MUST,
	  BOTH, stream_is_open, NULL },
	{ "socket/datagram", "a datagram socket is open, and says what it is", "POSIX socket", MUST,
	  BOTH, datagram_is_open, NULL },
	{ "socket/raw", "a raw socket sends a packet of its protocol and receives it",
	  "POSIX socket, SOCK_RAW; raw(7)", MAY, BOTH, raw_carries_packets, NULL },
	{ "socket/raw-protocol", "a protocol that is none is EINVAL without a call",
	  "socket.h vet_socket_raw", MUST, ONCE, raw_protocol_has_a_range, NULL },
	{ "socket/family-unknown", "a family but 4 and 6 is EAFNOSUPPORT without a call",
	  "socket.h vet_socket_stream", MUST, ONCE, family_is_4_or_6, NULL },
	{ "socket/table-refused", "a table that cannot be used is VET_ETABLE",
	  "sys.h vet_sys_check", MUST, ONCE, tables_are_checked, NULL },
	{ "socket/descriptors-differ", "each open socket has a descriptor of its own",
	  "POSIX 2.6 file descriptor allocation", MUST, ONCE, descriptors_differ, NULL },
	{ "socket/no-deadline", "a new socket has no deadline", "socket.h vet_socket_stream", MUST,
	  ONCE, no_deadline_at_first, NULL },
	{ "socket/closed-bytes", "reading and writing a closed socket is EBADF without a call",
	  "socket.h Results", MUST, ONCE, closed_for_bytes, NULL },
	{ "socket/closed-rest", "anything else on a closed socket is EBADF without a call",
	  "socket.h Results", MUST, ONCE, closed_for_the_rest, NULL },
	{ "adopt/stream", "an adopted connection is known to be one, and works",
	  "socket.h vet_socket_adopt", MUST, BOTH, adopted_stream, NULL },
	{ "adopt/listener", "an adopted listener is known to be one, and accepts",
	  "socket.h vet_socket_adopt", MUST, BOTH, adopted_listener, NULL },
	{ "adopt/fresh", "an adopted fresh stream can connect", "socket.h vet_socket_adopt", MUST,
	  BOTH, adopted_fresh, NULL },
	{ "adopt/datagram", "an adopted datagram socket is known to be one",
	  "socket.h vet_socket_adopt", MUST, BOTH, adopted_datagram, NULL },
	{ "adopt/bad-descriptor", "a descriptor that is none is EBADF", "socket.h vet_socket_adopt",
	  MUST, ONCE, adopting_nothing, NULL },
	{ "adopt/not-a-socket", "a file is ENOTSOCK and stays open",
	  "POSIX getsockopt, ENOTSOCK; socket.h vet_socket_adopt", MUST, ONCE, adopting_a_file,
	  NULL },
	{ "release/stays-open", "a released descriptor stays open, and its socket is closed",
	  "socket.h vet_socket_release", MUST, ONCE, released_is_open, NULL },
};

const struct conformance_group conformance_socket = CONFORMANCE_GROUP(cases);
