/* SPDX-License-Identifier: 0BSD */
/* The table itself: descriptors, addresses, options, waiting, time and memory. */
#include "trial.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

enum { POLL_TURNS = 100, READINGS = 200 };

static void complete(struct trial *t)
{
	const char *why = "";

	if (vet_sys_check(t->environment->sys, &why) != 0)
		trial_fail(t, "the table is refused: %s", why);
}

/* Every entry that takes a socket, on a descriptor that is none. */
static void bad_descriptor(struct trial *t)
{
	const struct vet_sys_calls *c = t->sys->calls;
	struct sockaddr_storage storage;
	struct vet_address at = loopback(t, 1);
	socklen_t length = socket_address(&at, &storage);
	struct sockaddr *address = (struct sockaddr *)&storage;
	struct iovec part = { &storage, 1 };
	int value = 0;
	socklen_t size = sizeof(value);

	expect(t, "adopt", (c->adopt)(t->sys, -1), -EBADF);
	expect(t, "dup", (c->dup)(t->sys, -1), -EBADF);
	expect(t, "bind", (c->bind)(t->sys, -1, address, length), -EBADF);
	expect(t, "connect", (c->connect)(t->sys, -1, address, length), -EBADF);
	expect(t, "listen", (c->listen)(t->sys, -1, 1), -EBADF);
	expect(t, "accept", (c->accept)(t->sys, -1, NULL, NULL), -EBADF);
	expect(t, "shutdown", (c->shutdown)(t->sys, -1, SHUT_WR), -EBADF);
	expect(t, "getsockopt", (c->getsockopt)(t->sys, -1, SOL_SOCKET, SO_TYPE, &value, &size),
	       -EBADF);
	expect(t, "setsockopt",
	       (c->setsockopt)(t->sys, -1, SOL_SOCKET, SO_KEEPALIVE, &value, sizeof(value)),
	       -EBADF);
	expect(t, "recv", (c->recv)(t->sys, -1, &value, 1, 0), -EBADF);
	expect(t, "send", (c->send)(t->sys, -1, &value, 1, 0), -EBADF);
	expect(t, "recvfrom", (c->recvfrom)(t->sys, -1, &value, 1, 0, NULL, NULL, NULL), -EBADF);
	expect(t, "sendto", (c->sendto)(t->sys, -1, &value, 1, 0, address, length), -EBADF);
	expect(t, "sendv", (c->sendv)(t->sys, -1, &part, 1, 0), -EBADF);
	length = sizeof(storage);
	expect(t, "getsockname", (c->getsockname)(t->sys, -1, address, &length), -EBADF);
	expect(t, "getpeername", (c->getpeername)(t->sys, -1, address, &length), -EBADF);
}

static void accept_does_not_block(struct trial *t)
{
	struct vet_address at;
	int fd = descriptor(t, open_listener(t, &at));

	expect(t, "accept of nobody", (t->sys->calls->accept)(t->sys, fd, NULL, NULL), -EAGAIN);
}

static void recv_does_not_block(struct trial *t)
{
	struct pair pair = stream_pair(t);
	char byte;

	expect(t, "recv on the connecting side",
	       (t->sys->calls->recv)(t->sys, descriptor(t, pair.client), &byte, 1, 0), -EAGAIN);
	expect(t, "recv on the accepted side",
	       (t->sys->calls->recv)(t->sys, descriptor(t, pair.server), &byte, 1, 0), -EAGAIN);
}

static void recvfrom_does_not_block(struct trial *t)
{
	struct vet_socket *s = open_datagram(t);
	char byte;

	(void)bind_loopback(t, s);
	expect(t, "recvfrom of nothing",
	       (t->sys->calls->recvfrom)(t->sys, descriptor(t, s), &byte, 1, 0, NULL, NULL, NULL),
	       -EAGAIN);
}

static void dup_is_another_descriptor(struct trial *t)
{
	struct pair pair = stream_pair(t);
	int fd = (t->sys->calls->dup)(t->sys, descriptor(t, pair.client));
	char byte;

	if (!expect_true(t, "dup gives a descriptor", fd >= 0))
		return;
	expect_true(t, "dup gives another one", fd != vet_socket_fd(pair.client));
	expect(t, "recv of nothing", (t->sys->calls->recv)(t->sys, fd, &byte, 1, 0), -EAGAIN);
	close_socket(t, pair.client);
	expect(t, "send on the duplicate", (t->sys->calls->send)(t->sys, fd, "x", 1, 0), 1);
	expect_text(t, pair.server, "x");
	expect(t, "close", (t->sys->calls->close)(t->sys, fd), 0);
}

static void adopt_gives_a_working_descriptor(struct trial *t)
{
	struct pair pair = stream_pair(t);
	int fd = (t->sys->calls->adopt)(t->sys, vet_socket_release(pair.client));
	char byte;

	if (!expect_true(t, "adopt gives a descriptor", fd >= 0))
		return;
	expect(t, "recv of nothing", (t->sys->calls->recv)(t->sys, fd, &byte, 1, 0), -EAGAIN);
	expect(t, "send", (t->sys->calls->send)(t->sys, fd, "x", 1, 0), 1);
	expect_text(t, pair.server, "x");
	expect(t, "close", (t->sys->calls->close)(t->sys, fd), 0);
}

static void connect_is_under_way(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *listener = open_listener(t, &at);
	struct vet_socket *s = open_stream(t);
	struct sockaddr_storage storage;
	socklen_t length = socket_address(&at, &storage);
	struct sockaddr *address = (struct sockaddr *)&storage;
	int fd = descriptor(t, s);
	int result = (t->sys->calls->connect)(t->sys, fd, address, length);

	expect_either(t, "connect", result == -EINTR ? -EINPROGRESS : result, 0, -EINPROGRESS);
	expect_true(t, "poll says POLLOUT", wait_for(t, fd, POLLOUT) & POLLOUT);
	length = sizeof(storage);
	expect(t, "getpeername", (t->sys->calls->getpeername)(t->sys, fd, address, &length), 0);
	(void)accept_from(t, listener);
}

static void failed_connect_is_told_once(struct trial *t)
{
	struct vet_address at = refused_address(t);
	struct sockaddr_storage storage;
	socklen_t length = socket_address(&at, &storage);
	int fd = descriptor(t, open_stream(t));
	int result = (t->sys->calls->connect)(t->sys, fd, (struct sockaddr *)&storage, length);
	int error = 0;

	if (result == -ECONNREFUSED)
		return;
	expect(t, "connect", result == -EINTR ? -EINPROGRESS : result, -EINPROGRESS);
	(void)wait_for(t, fd, POLLOUT);
	length = sizeof(error);
	expect(t, "getsockopt SO_ERROR",
	       (t->sys->calls->getsockopt)(t->sys, fd, SOL_SOCKET, SO_ERROR, &error, &length), 0);
	expect(t, "the pending error", -error, -ECONNREFUSED);
	(void)(t->sys->calls->getsockopt)(t->sys, fd, SOL_SOCKET, SO_ERROR, &error, &length);
	expect(t, "the pending error, asked again", error, 0);
}

static void names_without_a_connection(struct trial *t)
{
	struct sockaddr_storage storage;
	socklen_t length = sizeof(storage);
	int fd = descriptor(t, open_stream(t));

	expect(t, "getpeername",
	       (t->sys->calls->getpeername)(t->sys, fd, (struct sockaddr *)&storage, &length),
	       -ENOTCONN);
	expect(t, "shutdown", (t->sys->calls->shutdown)(t->sys, fd, SHUT_RDWR), -ENOTCONN);
}

static void getsockname_in_a_short_buffer(struct trial *t)
{
	struct vet_socket *s = open_stream(t);
	struct vet_address at = bind_loopback(t, s);
	struct sockaddr_storage whole;
	socklen_t right = socket_address(&at, &whole);
	unsigned char buffer[sizeof(whole)];
	socklen_t length = 4;

	memset(buffer, 0xaa, sizeof(buffer));
	expect(t, "getsockname",
	       (t->sys->calls->getsockname)(t->sys, descriptor(t, s),
					    (struct sockaddr *)(void *)buffer, &length),
	       0);
	expect(t, "the length, which is the whole address's", length, right);
	expect_bytes(t, "the part that fits", buffer, &whole, 4);
	expect_true(t, "nothing is written behind the buffer", buffer[4] == 0xaa);
}

static void getsockopt_says_the_size(struct trial *t)
{
	int fd = descriptor(t, open_datagram(t));
	int value[2] = { -1, -1 };
	socklen_t length = sizeof(value);

	expect(t, "getsockopt SO_TYPE",
	       (t->sys->calls->getsockopt)(t->sys, fd, SOL_SOCKET, SO_TYPE, value, &length), 0);
	expect(t, "the length of the value", length, sizeof(int));
	expect(t, "the type", value[0], SOCK_DGRAM);
}

static void unknown_option(struct trial *t)
{
	int fd = descriptor(t, open_stream(t));
	int value = 1;
	socklen_t length = sizeof(value);

	expect(t, "getsockopt",
	       (t->sys->calls->getsockopt)(t->sys, fd, SOL_SOCKET, 0x7ffe, &value, &length),
	       -ENOPROTOOPT);
	expect(t, "setsockopt",
	       (t->sys->calls->setsockopt)(t->sys, fd, SOL_SOCKET, 0x7ffe, &value, sizeof(value)),
	       -ENOPROTOOPT);
}

static int64_t clock_of(struct trial *t)
{
	int64_t now = 0;

	expect(t, "now", (t->sys->calls->now)(t->sys, &now), 0);
	return now;
}

static void clock_never_goes_back(struct trial *t)
{
	int64_t last = clock_of(t);

	for (int i = 0; i < READINGS && !t->decided; i++) {
		int64_t now = clock_of(t);

		expect_true(t, "a later reading of the clock is not less", now >= last);
		last = now;
	}
}

static void poll_of_nothing_sleeps(struct trial *t)
{
	int64_t start = clock_of(t);
	int turns = 0;

	/* Each may be early; all together must get there. */
	while (!t->decided && clock_of(t) < start + VET_MILLISECONDS(2) && turns++ < POLL_TURNS)
		expect(t, "poll of no descriptors",
		       (t->sys->calls->poll)(t->sys, NULL, 0, VET_MILLISECONDS(2)), 0);
	expect_true(t, "polls of 2 ms each move the clock by 2 ms", turns < POLL_TURNS);
}

static void poll_is_not_early(struct trial *t)
{
	/* Just under a whole millisecond, and often: a delay hides what was cut off, but not each time. */
	static const int64_t limits[] = { 1,      999,    1000001, 1999999, 999999, 999999,
					  999999, 999999, 999999,  999999,  999999, 999999 };
	struct pollfd one = { .fd = descriptor(t, open_stream(t)) };

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]) && !t->decided; i++) {
		int64_t start = clock_of(t);

		expect(t, "poll for no event", (t->sys->calls->poll)(t->sys, &one, 0, limits[i]),
		       0);
		expect_true(t, "poll takes its time, rounded up if need be",
			    clock_of(t) - start >= limits[i]);
	}
}

static void poll_of_zero_returns(struct trial *t)
{
	struct pair pair = stream_pair(t);
	struct pollfd one = { .fd = descriptor(t, pair.client), .events = POLLIN };
	int64_t start = clock_of(t);

	expect(t, "poll with 0", (t->sys->calls->poll)(t->sys, &one, 1, 0), 0);
	expect_true(t, "it reports no event", one.revents == 0);
	expect_true(t, "it does not wait", clock_of(t) - start < VET_SECONDS(1));
}

/* Past the ledger, which sets a limit to every wait: what is ready already is no wait. */
static void poll_without_limit(struct trial *t)
{
	struct vet_sys *sys = t->environment->sys;
	struct pair pair = stream_pair(t);
	struct pollfd one = { .fd = descriptor(t, pair.server), .events = POLLIN };

	write_text(t, pair.client, "x");
	(void)wait_for(t, one.fd, POLLIN);
	if (t->decided)
		return;
	expect(t, "poll without limit", (sys->calls->poll)(sys, &one, 1, -1), 1);
	expect_true(t, "it reports POLLIN", one.revents == POLLIN);
}

static void poll_reports_each(struct trial *t)
{
	struct pair pair = stream_pair(t);
	struct pollfd both[] = {
		{ .fd = descriptor(t, pair.client), .events = POLLIN | POLLOUT },
		{ .fd = descriptor(t, pair.server), .events = POLLIN },
	};
	int ready;

	ready = (t->sys->calls->poll)(t->sys, both, 2, VET_MILLISECONDS(1));
	expect(t, "how many are ready", ready, 1);
	expect_true(t, "the first is writable and no more", both[0].revents == POLLOUT);
	expect_true(t, "the second is not readable", both[1].revents == 0);
	write_text(t, pair.client, "x");
	(void)wait_for(t, both[1].fd, POLLIN);
	ready = (t->sys->calls->poll)(t->sys, both, 2, VET_MILLISECONDS(1));
	expect(t, "how many are ready now", ready, 2);
	expect_true(t, "the second is readable and no more", both[1].revents == POLLIN);
}

static void poll_reports_the_end(struct trial *t)
{
	struct pair pair = stream_pair(t);
	int fd = descriptor(t, pair.server);

	close_socket(t, pair.client);
	expect_true(t, "poll says POLLIN at the end of the stream",
		    wait_for(t, fd, POLLIN) & POLLIN);
}

static void poll_reports_a_connection(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *listener = open_listener(t, &at);
	struct pollfd one = { .fd = descriptor(t, listener), .events = POLLIN };

	expect(t, "poll of an idle listener", (t->sys->calls->poll)(t->sys, &one, 1, 0), 0);
	(void)connect_to(t, &at);
	expect_true(t, "poll says POLLIN", wait_for(t, one.fd, POLLIN) & POLLIN);
	(void)accept_from(t, listener);
}

static void poll_reports_a_reset(struct trial *t)
{
	struct pair pair = stream_pair(t);

	reset_by(t, pair.client, pair.server);
	expect_true(t, "poll says POLLERR or POLLHUP, though not asked for",
		    wait_for(t, descriptor(t, pair.server), 0) & (POLLERR | POLLHUP));
}

static void poll_knows_closed_descriptors(struct trial *t)
{
	int fd = vet_socket_release(open_stream(t));
	struct pollfd one = { .fd = fd, .events = POLLIN };

	expect(t, "close", (t->sys->calls->close)(t->sys, fd), 0);
	expect(t, "poll", (t->sys->calls->poll)(t->sys, &one, 1, 0), 1);
	expect_true(t, "it reports POLLNVAL", one.revents == POLLNVAL);
}

static void memory_grows_and_shrinks(struct trial *t)
{
	void *memory = NULL;
	unsigned char want[64];

	fill_pattern(want, sizeof(want), 0);
	expect(t, "64 bytes", (t->sys->calls->realloc)(t->sys, &memory, sizeof(want)), 0);
	if (t->decided || memory == NULL)
		return;
	memcpy(memory, want, sizeof(want));
	expect(t, "100,000 bytes", (t->sys->calls->realloc)(t->sys, &memory, 100000), 0);
	expect_bytes(t, "what was in it", memory, want, sizeof(want));
	expect(t, "10 bytes", (t->sys->calls->realloc)(t->sys, &memory, 10), 0);
	expect_bytes(t, "what is left", memory, want, 10);
	expect(t, "0 bytes", (t->sys->calls->realloc)(t->sys, &memory, 0), 0);
	expect_true(t, "the pointer is NULL", memory == NULL);
	expect(t, "0 bytes of nothing", (t->sys->calls->realloc)(t->sys, &memory, 0), 0);
}

/* A quarter of what can be addressed: on 32 bits a system may really have it. */
static void memory_that_there_is_not(struct trial *t)
{
	void *memory = NULL;
	void *before;
	int result;

	expect(t, "8 bytes", (t->sys->calls->realloc)(t->sys, &memory, 8), 0);
	if (t->decided || memory == NULL)
		return;
	memcpy(memory, "as it is", 8);
	before = memory;
	result = (t->sys->calls->realloc)(t->sys, &memory, SIZE_MAX / 4);
	if (result == 0)
		skip(t, "this system has a quarter of all addressable memory to give");
	expect(t, "a quarter of all memory", result, -ENOMEM);
	expect_true(t, "the pointer is as it was", memory == before);
	if (!t->decided)
		expect_bytes(t, "the memory is as it was", memory, "as it is", 8);
	(void)(t->sys->calls->realloc)(t->sys, &memory, 0);
}

static void unknown_interface(struct trial *t)
{
	if (!VET_SYS_HAS(t->sys, interface_index)) {
		skip(t, "the table has no interface_index");
		return;
	}
	expect(t, "interface_index", (t->sys->calls->interface_index)(t->sys, "no-such-if0"),
	       -ENODEV);
}

static const struct conformance_case cases[] = {
	{ "table/complete", "the table has its version, its size and every required entry",
	  "sys.h vet_sys_check", MUST, ONCE, complete, NULL },
	{ "table/bad-descriptor", "every entry refuses a descriptor that is none with EBADF",
	  "POSIX bind, connect, ... ERRORS", MUST, ONCE, bad_descriptor, NULL },
	{ "table/accept-non-blocking", "accept on an idle listener answers EAGAIN at once",
	  "sys.h socket; POSIX accept", MUST, BOTH, accept_does_not_block, NULL },
	{ "table/recv-non-blocking", "recv of nothing answers EAGAIN on both ends of a connection",
	  "sys.h socket, accept; POSIX recv", MUST, BOTH, recv_does_not_block, NULL },
	{ "table/recvfrom-non-blocking", "recvfrom of nothing answers EAGAIN",
	  "sys.h socket; POSIX recvfrom", MUST, BOTH, recvfrom_does_not_block, NULL },
	{ "table/dup-independent", "a duplicate is non-blocking and outlives its original",
	  "sys.h dup; POSIX fcntl F_DUPFD", MUST, ONCE, dup_is_another_descriptor, NULL },
	{ "table/adopt", "what adopt gives is non-blocking and works", "sys.h adopt", MUST, ONCE,
	  adopt_gives_a_working_descriptor, NULL },
	{ "table/connect-under-way", "connect is done or EINPROGRESS, then poll says POLLOUT",
	  "POSIX connect, EINPROGRESS", MUST, BOTH, connect_is_under_way, NULL },
	{ "table/connect-error-once", "SO_ERROR gives why a connection failed, and then 0",
	  "POSIX connect; POSIX 2.10.16 SO_ERROR", MUST, BOTH, failed_connect_is_told_once, NULL },
	{ "table/not-connected", "getpeername and shutdown of a fresh stream are ENOTCONN",
	  "POSIX getpeername, shutdown", MUST, BOTH, names_without_a_connection, NULL },
	{ "table/getsockname-short", "an address is cut to the buffer and its whole length told",
	  "POSIX getsockname", MUST, BOTH, getsockname_in_a_short_buffer, NULL },
	{ "table/getsockopt-size", "getsockopt sets the length to that of the value",
	  "POSIX getsockopt", MUST, ONCE, getsockopt_says_the_size, NULL },
	{ "table/option-unknown", "an option that nobody knows is ENOPROTOOPT",
	  "POSIX getsockopt, setsockopt", MUST, ONCE, unknown_option, NULL },
	{ "table/clock-monotonic", "the clock never goes back", "sys.h now; POSIX clock_gettime",
	  MUST, ONCE, clock_never_goes_back, NULL },
	{ "table/poll-sleeps", "poll without descriptors sleeps on the table's own clock",
	  "sys.h poll, now", MUST, ONCE, poll_of_nothing_sleeps, NULL },
	{ "table/poll-never-early", "poll that reports nothing has taken all its time",
	  "POSIX poll (timeouts are rounded up)", MAY, ONCE, poll_is_not_early, NULL },
	{ "table/poll-zero", "poll with 0 looks and does not wait", "POSIX poll", MUST, ONCE,
	  poll_of_zero_returns, NULL },
	{ "table/poll-forever", "poll without limit reports what is ready", "POSIX poll", MUST,
	  ONCE, poll_without_limit, NULL },
	{ "table/poll-each", "poll reports each descriptor on its own, and counts them",
	  "POSIX poll", MUST, BOTH, poll_reports_each, NULL },
	{ "table/poll-end", "the end of a stream is POLLIN", "POSIX poll; poll(2)", MUST, BOTH,
	  poll_reports_the_end, NULL },
	{ "table/poll-connection", "a connection to accept is POLLIN", "POSIX poll, accept", MUST,
	  BOTH, poll_reports_a_connection, NULL },
	{ "table/poll-reset", "a reset is POLLERR or POLLHUP, asked for or not", "POSIX poll", MUST,
	  BOTH, poll_reports_a_reset, NULL },
	{ "table/poll-closed", "a closed descriptor is POLLNVAL", "POSIX poll", MUST, ONCE,
	  poll_knows_closed_descriptors, NULL },
	{ "table/realloc", "memory grows and shrinks with its contents, and 0 frees it",
	  "sys.h realloc", MUST, ONCE, memory_grows_and_shrinks, NULL },
	{ "table/realloc-refused", "memory that there is not is ENOMEM, all as it was",
	  "sys.h realloc; POSIX realloc", MUST, ONCE, memory_that_there_is_not, NULL },
	{ "table/interface-unknown", "an interface that is not there is ENODEV",
	  "sys.h interface_index; if_nametoindex(3)", MUST, ONCE, unknown_interface, NULL },
};

const struct conformance_group conformance_table = CONFORMANCE_GROUP(cases);
