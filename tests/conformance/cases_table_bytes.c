/* SPDX-License-Identifier: 0BSD */
/* The table itself: the entries that move bytes. */
#include "trial.h"

#include <errno.h>
#include <string.h>

static void recv_gives_what_is_there(struct trial *t)
{
	struct pair pair = stream_pair(t);
	int fd = descriptor(t, pair.server);
	char data[16] = { 0 };

	write_text(t, pair.client, "abc");
	(void)wait_for(t, fd, POLLIN);
	expect(t, "recv of 16", (t->sys->calls->recv)(t->sys, fd, data, sizeof(data), 0), 3);
	expect_bytes(t, "the bytes", data, "abc\0", 4);
}

static void recv_is_zero_at_the_end(struct trial *t)
{
	struct pair pair = stream_pair(t);
	int fd = descriptor(t, pair.server);
	char byte;

	close_socket(t, pair.client);
	(void)wait_for(t, fd, POLLIN);
	expect(t, "recv", (t->sys->calls->recv)(t->sys, fd, &byte, 1, 0), 0);
	expect(t, "recv again", (t->sys->calls->recv)(t->sys, fd, &byte, 1, 0), 0);
}

static void peek_leaves_the_bytes(struct trial *t)
{
	struct pair pair = stream_pair(t);
	int fd = descriptor(t, pair.server);
	char data[2] = { 0 };

	write_text(t, pair.client, "xy");
	(void)wait_for(t, fd, POLLIN);
	expect(t, "recv, MSG_PEEK", (t->sys->calls->recv)(t->sys, fd, data, 1, MSG_PEEK), 1);
	expect_bytes(t, "what was seen", data, "x", 1);
	expect_text(t, pair.server, "xy");
}

static void sendv_gathers(struct trial *t)
{
	struct pair pair = stream_pair(t);
	char one[] = "ab";
	char three[] = "cde";
	struct iovec parts[] = { { one, 2 }, { NULL, 0 }, { three, 3 } };

	expect(t, "sendv of three parts",
	       (t->sys->calls->sendv)(t->sys, descriptor(t, pair.client), parts, 3, 0), 5);
	expect_text(t, pair.server, "abcde");
}

static void sendv_makes_one_datagram(struct trial *t)
{
	struct pair pair = datagram_pair(t);
	char data[8] = { 0 };
	char one[] = "ab";
	char two[] = "cde";
	struct iovec parts[] = { { one, 2 }, { two, 3 } };

	expect(t, "sendv of two parts",
	       (t->sys->calls->sendv)(t->sys, descriptor(t, pair.client), parts, 2, 0), 5);
	expect(t, "the datagram", vet_socket_read(pair.server, data, sizeof(data)), 5);
	expect_bytes(t, "its bytes", data, "abcde", 5);
}

/* Each way to write, after shutdown for writing.  The runner counts signals. */
static void writing_raises_no_signal(struct trial *t)
{
	struct pair pair = stream_pair(t);
	int fd = descriptor(t, pair.client);
	char x[] = "x";
	struct iovec part = { x, 1 };
	int64_t offset = 0;

	expect(t, "shutdown", (t->sys->calls->shutdown)(t->sys, fd, SHUT_WR), 0);
	expect(t, "send", (t->sys->calls->send)(t->sys, fd, "x", 1, 0), -EPIPE);
	expect(t, "sendv", (t->sys->calls->sendv)(t->sys, fd, &part, 1, 0), -EPIPE);
	expect(t, "sendto", (t->sys->calls->sendto)(t->sys, fd, "x", 1, 0, NULL, 0), -EPIPE);
	if (VET_SYS_HAS(t->sys, sendfile))
		expect(t, "sendfile",
		       (t->sys->calls->sendfile)(t->sys, fd, make_file(t, 8), &offset, 8), -EPIPE);
}

/* How a full stream looks: to send, and to poll. */
static void send_when_full(struct trial *t)
{
	struct pair pair = narrow_pair(t);
	struct pollfd one = { .fd = descriptor(t, pair.client), .events = POLLOUT };
	uint64_t written = fill_stream(t, pair.client);

	expect(t, "send", (t->sys->calls->send)(t->sys, one.fd, "x", 1, 0), -EAGAIN);
	expect(t, "poll of the full stream", (t->sys->calls->poll)(t->sys, &one, 1, 0), 0);
	expect_stream(t, pair.server, (size_t)written, 0);
	expect_true(t, "poll says POLLOUT when there is room again",
		    wait_for(t, one.fd, POLLOUT) & POLLOUT);
	expect(t, "send", (t->sys->calls->send)(t->sys, one.fd, "x", 1, 0), 1);
}

static void recvfrom_says_truncated(struct trial *t)
{
	struct pair pair = datagram_pair(t);
	int fd = descriptor(t, pair.server);
	int truncated = -1;
	char data[5] = { 0 };

	write_text(t, pair.client, "12345");
	(void)wait_for(t, fd, POLLIN);
	expect(t, "recvfrom of 3",
	       (t->sys->calls->recvfrom)(t->sys, fd, data, 3, 0, NULL, NULL, &truncated), 3);
	expect_true(t, "it says that the rest was dropped", truncated > 0);
	write_text(t, pair.client, "12345");
	(void)wait_for(t, fd, POLLIN);
	expect(t, "recvfrom of 5",
	       (t->sys->calls->recvfrom)(t->sys, fd, data, 5, 0, NULL, NULL, &truncated), 5);
	expect(t, "truncated, for one that fits", truncated, 0);
}

static void recvfrom_tells_the_sender(struct trial *t)
{
	struct vet_socket *server = open_datagram(t);
	struct vet_socket *client = open_datagram(t);
	struct vet_address to = bind_loopback(t, server);
	struct vet_address from = bind_loopback(t, client);
	struct sockaddr_storage want, got;
	struct sockaddr *address = (struct sockaddr *)&got;
	socklen_t length = socket_address(&to, &got);
	int truncated = -1;
	char data[4];

	expect(t, "sendto",
	       (t->sys->calls->sendto)(t->sys, descriptor(t, client), "hi", 2, 0, address, length),
	       2);
	(void)wait_for(t, descriptor(t, server), POLLIN);
	memset(&got, 0, sizeof(got));
	length = sizeof(got);
	expect(t, "recvfrom",
	       (t->sys->calls->recvfrom)(t->sys, descriptor(t, server), data, sizeof(data), 0,
					 address, &length, &truncated),
	       2);
	expect(t, "the length of its address", length, socket_address(&from, &want));
	expect(t, "the family of its address", got.ss_family, want.ss_family);
	/* The port lies at the same place in both families (POSIX netinet/in.h). */
	expect_bytes(t, "its port", (char *)&got + 2, (char *)&want + 2, 2);
}

static void pread_has_its_own_offset(struct trial *t)
{
	int file = make_file(t, 100);
	unsigned char data[64];

	expect(t, "pread at 90", (t->sys->calls->pread)(t->sys, file, data, 64, 90), 10);
	expect_pattern(t, "the bytes at 90", data, 10, 90);
	expect(t, "pread at 7", (t->sys->calls->pread)(t->sys, file, data, 5, 7), 5);
	expect_pattern(t, "the bytes at 7", data, 5, 7);
	expect(t, "pread at the end", (t->sys->calls->pread)(t->sys, file, data, 5, 100), 0);
	expect(t, "pread behind the end", (t->sys->calls->pread)(t->sys, file, data, 5, 5000), 0);
}

static void sendfile_moves_the_given_offset(struct trial *t)
{
	struct pair pair = stream_pair(t);
	int fd = descriptor(t, pair.client);
	int file = make_file(t, 100);
	int64_t offset = 10;

	if (!VET_SYS_HAS(t->sys, sendfile)) {
		skip(t, "the table has no sendfile");
		return;
	}
	expect(t, "sendfile of 30 at 10", (t->sys->calls->sendfile)(t->sys, fd, file, &offset, 30),
	       30);
	expect(t, "the offset", offset, 40);
	expect(t, "sendfile of the rest",
	       (t->sys->calls->sendfile)(t->sys, fd, file, &offset, 1000), 60);
	expect(t, "the offset", offset, 100);
	expect(t, "sendfile at the end", (t->sys->calls->sendfile)(t->sys, fd, file, &offset, 1000),
	       0);
	expect(t, "the offset", offset, 100);
	expect_stream(t, pair.server, 90, 10);
}

static void sendfile_leaves_the_files_offset(struct trial *t)
{
	struct pair pair = stream_pair(t);
	int file = make_file(t, 100);
	int64_t offset = 10;
	unsigned char byte;

	if (t->environment->file_offset == NULL) {
		skip(t, "the environment cannot tell a file's offset");
		return;
	}
	expect(t, "pread", (t->sys->calls->pread)(t->sys, file, &byte, 1, 50), 1);
	if (VET_SYS_HAS(t->sys, sendfile))
		expect(t, "sendfile",
		       (t->sys->calls->sendfile)(t->sys, descriptor(t, pair.client), file, &offset,
						 30),
		       30);
	expect(t, "the file's own offset", t->environment->file_offset(t->environment, file), 0);
}

static void empty_datagram_is_not_eagain(struct trial *t)
{
	struct pair pair = datagram_pair(t);
	int fd = descriptor(t, pair.server);
	char byte;

	expect(t, "send of nothing",
	       (t->sys->calls->send)(t->sys, descriptor(t, pair.client), "", 0, 0), 0);
	(void)wait_for(t, fd, POLLIN);
	expect(t, "recvfrom", (t->sys->calls->recvfrom)(t->sys, fd, &byte, 1, 0, NULL, NULL, NULL),
	       0);
	expect(t, "recvfrom again",
	       (t->sys->calls->recvfrom)(t->sys, fd, &byte, 1, 0, NULL, NULL, NULL), -EAGAIN);
}

static const struct conformance_case cases[] = {
	{ "table/recv-short", "recv gives what is there, not what was asked for", "POSIX recv",
	  MUST, BOTH, recv_gives_what_is_there, NULL },
	{ "table/recv-end", "recv is 0 at the end of the stream, and stays 0", "POSIX recv", MUST,
	  BOTH, recv_is_zero_at_the_end, NULL },
	{ "table/recv-peek", "MSG_PEEK shows bytes and leaves them", "POSIX recv, MSG_PEEK", MUST,
	  BOTH, peek_leaves_the_bytes, NULL },
	{ "table/sendv-gathers", "sendv sends its parts in order, empty ones included",
	  "POSIX sendmsg", MUST, BOTH, sendv_gathers, NULL },
	{ "table/sendv-datagram", "the parts of a sendv are one datagram", "POSIX sendmsg", MUST,
	  BOTH, sendv_makes_one_datagram, NULL },
	{ "table/no-signal", "writing to a stream that is shut gives EPIPE and raises no SIGPIPE",
	  "sys.h send; POSIX send, MSG_NOSIGNAL", MUST, BOTH, writing_raises_no_signal, NULL },
	{ "table/send-full", "a full stream says EAGAIN and no POLLOUT, until it is read",
	  "POSIX send, poll", MUST, BOTH, send_when_full, NULL },
	{ "table/recvfrom-truncated", "recvfrom says whether the rest of a datagram was dropped",
	  "sys.h recvfrom; POSIX recvmsg, MSG_TRUNC", MUST, BOTH, recvfrom_says_truncated, NULL },
	{ "table/recvfrom-sender", "recvfrom tells the sender's address and its length",
	  "POSIX recvfrom", MUST, BOTH, recvfrom_tells_the_sender, NULL },
	{ "table/recvfrom-empty", "an empty datagram is 0, and taken", "POSIX recvfrom; RFC 768",
	  MUST, BOTH, empty_datagram_is_not_eagain, NULL },
	{ "table/pread", "pread reads at its offset, and is 0 from the end on", "POSIX pread", MUST,
	  ONCE, pread_has_its_own_offset, NULL },
	{ "table/sendfile", "sendfile starts at the given offset and moves it by what was sent",
	  "sys.h sendfile; sendfile(2)", MUST, BOTH, sendfile_moves_the_given_offset, NULL },
	{ "table/file-offset", "neither pread nor sendfile moves the file's own offset",
	  "POSIX pread; sendfile(2)", MUST, ONCE, sendfile_leaves_the_files_offset, NULL },
};

const struct conformance_group conformance_table_bytes = CONFORMANCE_GROUP(cases);
