/* SPDX-License-Identifier: 0BSD */
/* The peer: each call of its table, and the answers that a kernel gives. */
#include "fault_check.h"

#include <errno.h>
#include <string.h>

#include <vetsock/peer.h>

#include "caller.h"

#define ALL "IN|OUT|RDHUP 0"

/* clang-format off */
static const struct fault_row streams[] = {
	{ "fresh", "", "socket", "poll " ALL "; recv 1; send 1; shutdown WR; accept; getpeername; error; getsockname", "1 OUT|HUP, ENOTCONN, EPIPE, ENOTCONN, EINVAL, ENOTCONN, 0, 0 INET/16", 0, 0, 0 },
	{ "connected", "", CONNECTED, "poll " ALL "; recv 1; recv 0; send 0; connect; listen; accept; bind; getpeername; getsockname; error; send 3; recv 0; recv 3", "1 OUT, EAGAIN, EAGAIN, 0, EISCONN, EINVAL, EINVAL, EINVAL, 0 INET/16, 0 INET/16, 0, 3, 0, 3", 0, 0, 0 },
	{ "connected, IPv6", "", "socket 6; connect", "poll " ALL "; getsockname; getpeername", "1 OUT|HUP, 0 INET6/28, ENOTCONN", 0, 0, 0 },
	{ "it echoes", "", CONNECTED, "send 9; poll " ALL "; peek 4; recv 4; recv 9; recv 9; poll " ALL, "9, 1 IN|OUT, 4, 4, 5, EAGAIN, 1 OUT", 0, 0, 0 },
	{ "in all ways", "", CONNECTED, "sendto 2; sendv 1+0+2; sendfile 4; recvfrom 99; took", "2, 3, 4, 9 other/0, 9", 0, 0, 0 },
	{ "ten thousand bytes, and more", "", CONNECTED, "9x send 4000; recv 5000; send 4000; send 5000; 8x recv 5000; took", "4000, 4000, 4000, 4000, 4000, 4000, 4000, 4000, 768, 5000, 4000, 1000, 5000, 5000, 5000, 5000, 5000, 5000, 2768, EAGAIN, 37768", 0, 0, 0 },
	{ "full, it is not writable", "", CONNECTED "; 9x send 4000", "poll OUT 1ms; send 1; recv 1; poll OUT 1ms; send 9; poll OUT 0", "0, EAGAIN, 1, 1 OUT, 1, 0", 0, 0, 0 },
	{ "ended here, it ends there", "", CONNECTED, "send 3; shutdown WR; poll " ALL "; send 1; recv 9; recv 9; getpeername; shutdown WR; connect", "3, 0, 1 IN|OUT|HUP|RDHUP, EPIPE, 3, 0, ENOTCONN, ENOTCONN, EISCONN", 0, 0, 0 },
	{ "a talker ends no sooner", "", CONNECTED, "recv 9; recv 9; poll " ALL "; shutdown WR; recv 9; poll " ALL, "8, EAGAIN, 1 OUT, 0, 0, 1 IN|OUT|HUP|RDHUP", 0, TALKER, 0 },
	{ "a source ends", "", CONNECTED, "poll " ALL "; recv 5; recv 5; recv 5; poll " ALL "; send 5; getpeername; took", "1 IN|OUT|RDHUP, 5, 3, 0, 1 IN|OUT|RDHUP, 5, 0 INET/16, 5", 0, SOURCE, 0 },
	{ "and both are over then", "", CONNECTED, "recv 9; shutdown WR; poll " ALL "; getpeername; shutdown RDWR; recv 1; send 1", "8, 0, 1 IN|OUT|HUP|RDHUP, ENOTCONN, ENOTCONN, 0, EPIPE", 0, SOURCE, 0 },
	{ "shut for reading", "", CONNECTED, "shutdown RD; poll " ALL "; recv 1; send 1; getpeername; recv 9; recv 9; shutdown RD", "0, 1 IN|OUT|RDHUP, 0, 1, 0 INET/16, 1, 0, 0", 0, 0, 0 },
	{ "shut both ways, which takes time to arrive", "", "socket; connect; poll OUT never", "shutdown RDWR; poll " ALL "; getpeername; shutdown RDWR; recv 1; send 1; poll sleep 20ms; getpeername; shutdown RDWR", "0, 1 IN|OUT|HUP|RDHUP, 0 INET/16, 0, 0, EPIPE, 0, ENOTCONN, ENOTCONN", 0, LATE, 0 },
	{ "dissolved and connected anew", "", CONNECTED, "send 3; recv 3; send 2; connect none; poll " ALL "; recv 1; connect; recv 1; took", "3, 3, 2, 0, 1 OUT|HUP, ENOTCONN, 0, EAGAIN, 5", 0, 0, 0 },
	{ "a source sends to each connection", "", CONNECTED "; recv 9; connect none; connect", "recv 0; poll IN 0", "0, 1 IN", 0, SOURCE, 0 },
	{ "bound", "", "socket", "bind; bind; listen; listen; bind", "0, EINVAL, 0, 0, EINVAL", 0, 0, 0 },
	{ "the end is read with no room too", "", CONNECTED "; shutdown WR", "recv 0", "0", 0, 0, 0 },
	{ "closed", "", CONNECTED, "close; close; send 1; recv 1; poll IN 0; dup; accept; getpeername; shutdown WR; error", "0, EBADF, EBADF, EBADF, 1 NVAL, EBADF, EBADF, EBADF, EBADF, failed EBADF", 0, 0, 0 },
	{ "a clone", "", CONNECTED, "dup; send 3; close; recv#2 3; send#2 1; close#2; recv#2 1", "#2, 3, 0, 3, 1, 0, EBADF", 0, 0, 0 },
	{ "one made elsewhere", "", "", "adopt 901; adopt 3; adopt 902; send 3; recv 3; getpeername; close; adopt 901", "#1, EBADF, EBADF, 3, 3, 0 INET/16, 0, EBADF", 0, 0, 0 },
};

static const struct fault_row late[] = {
	{ "connecting", "", "socket; connect", "poll " ALL "; recv 1; send 1; connect; getpeername; error; listen; accept; poll OUT never; clock; connect; connect", "0, EAGAIN, EAGAIN, EALREADY, ENOTCONN, 0, EINVAL, EINVAL, 1 OUT, 10ms, 0, EISCONN", 0, LATE, 0 },
	{ "seen by connect", "", "socket; connect", "poll sleep 9ms; connect; poll sleep 1ms; connect; connect", "0, EALREADY, 0, 0, EISCONN", 0, LATE, 0 },
	{ "seen by poll, and then by connect", "", "socket; connect; poll OUT never; send 1", "connect; connect", "0, EISCONN", 0, LATE, 0 },
	{ "echoed late", "", "socket; connect; poll OUT never", "send 3; recv 3; poll IN 9ms; recv 3; poll IN never; recv 3; clock", "3, EAGAIN, 0, EAGAIN, 1 IN, 3, 10ms", 0, LATE, 0 },
	{ "what came before is there", "", "socket; connect; poll OUT never", "send 3; poll sleep 10ms; send 2; recv 9; recv 9; poll IN never; recv 9; clock", "3, 0, 2, 3, EAGAIN, 1 IN, 2, 20ms", 0, LATE, 0 },
	{ "the end comes late", "", "socket; connect; poll OUT never", "shutdown WR; recv 1; poll IN never; recv 1; clock", "0, EAGAIN, 1 IN|HUP, 0, 10ms", 0, LATE, 0 },
	{ "what is not asked for does not end a wait", "", "socket; connect; poll OUT never", "send 3; poll none 25ms; clock; poll IN 0", "3, 0, 25ms, 1 IN", 0, LATE, 0 },
	{ "a limit ends a wait", "", "socket; connect", "poll OUT 4ms; clock; poll OUT 100ms; clock", "0, 4ms, 1 OUT, 10ms", 0, LATE, 0 },
	{ "one connection each latency", "", LISTENING, "accept; poll IN never; clock; accept; accept; poll IN never; poll IN never; accept; poll IN never; accept; poll IN 1s; accept; clock", "EAGAIN, 1 IN, 10ms, #2, EAGAIN, 1 IN, 1 IN, #3, 1 IN, #4, 0, EAGAIN, 1030ms", 0, LATE, 0 },
	{ "listening twice does not begin the queue anew", "", LISTENING, "poll IN never; listen; accept; poll IN never; clock", "1 IN, 0, #2, 1 IN, 20ms", 0, LATE, 0 },
	{ "datagrams come late too", "", DATAGRAM, "send 3; recv 3; poll IN never; recv 3; clock", "3, EAGAIN, 1 IN, 3, 10ms", 0, LATE, 0 },
	{ "several descriptors", "", "socket; connect; socket datagram; connect#2; socket; listen#3", "poll sleep 5ms; send#2 1; poll#1+2+3 IN|OUT never; poll#3+1 IN never; clock", "0, 1, 1 none/OUT/none, 1 IN/none, 10ms", 0, LATE, 0 },
};

static const struct fault_row waits[] = {
	{ "a sleep", "", "", "poll sleep 0; clock; poll sleep 5s; clock", "0, 0, 0, 5s", 0, 0, 0 },
	{ "a sleep without end", "", "", "poll sleep never; blocked", "EDEADLK, yes", 0, 0, 0 },
	{ "nothing can come", "", CONNECTED, "poll IN 5s; clock; blocked; poll IN never; blocked; poll OUT never", "0, 5s, no, EDEADLK, yes, 1 OUT", 0, 0, 0 },
	{ "of a listener", "", LISTENING "; 3x accept", "poll IN never; blocked", "EDEADLK, yes", 0, 0, 0 },
	{ "of a talker that has talked", "", CONNECTED "; recv 9", "poll IN never; blocked", "EDEADLK, yes", 0, TALKER, 0 },
	{ "of a datagram socket", "", DATAGRAM, "poll IN never; blocked", "EDEADLK, yes", 0, 0, 0 },
	{ "no such descriptor", "", CONNECTED "; close", "poll IN|OUT never", "1 NVAL", 0, 0, 0 },
};

static const struct fault_row listeners[] = {
	{ "a listener", "", "socket; bind; listen", "poll " ALL "; recv 1; send 1; getpeername; listen; error; shutdown WR; accept name; accept; accept; accept; poll IN 0", "1 IN, ENOTCONN, EPIPE, ENOTCONN, 0, 0, 0, #2 INET/16, #3, #4, EAGAIN, 0", 0, 0, 0 },
	{ "of IPv6", "", "socket 6; listen", "accept name; getsockname#2; getpeername#2", "#2 INET6/28, 0 INET6/28, 0 INET6/28", 0, 0, 0 },
	{ "what is accepted is connected", "", LISTENING "; accept; accept", "send#2 3; recv#3 3; recv#2 3; connect#2; listen#2; poll#2 " ALL, "3, EAGAIN, 3, EISCONN, EINVAL, 1 OUT", 0, 0, 0 },
	{ "shut down", "", LISTENING, "shutdown RD; accept; poll " ALL "; recv 1; send 1; shutdown RD; listen; accept", "0, EINVAL, 1 OUT|HUP, ENOTCONN, EPIPE, ENOTCONN, 0, #2", 0, 0, 0 },
	{ "dissolved", "", LISTENING, "connect none; accept; poll " ALL "; connect; send 1", "0, EINVAL, 1 OUT|HUP, 0, 1", 0, 0, 0 },
	{ "shut for writing it listens on", "", LISTENING, "shutdown WR; poll IN 0; accept", "0, 1 IN, #2", 0, 0, 0 },
	{ "connect of a listener", "", LISTENING, "connect", "EISCONN", 0, 0, 0 },
};

static const struct fault_row datagrams[] = {
	{ "fresh", "", "socket datagram", "poll " ALL "; recv 1; send 1; listen; accept; getpeername", "1 OUT, EAGAIN, EDESTADDRREQ, EOPNOTSUPP, EOPNOTSUPP, ENOTCONN", 0, 0, 0 },
	{ "fresh, shut down: done all the same", "", "socket datagram", "shutdown RDWR; poll " ALL "; recv 1; sendto 1", "ENOTCONN, 1 IN|OUT|HUP|RDHUP, EAGAIN, EPIPE", 0, 0, 0 },
	{ "unconnected, one gets an echo", "", "socket datagram", "sendto 3; poll " ALL "; recvfrom 9; getpeername; send 1", "3, 1 IN|OUT, 3 INET/16, ENOTCONN, EDESTADDRREQ", 0, 0, 0 },
	{ "boundaries are kept", "", DATAGRAM, "send 3; send 2; sendv 1+3; recv 9; recv 9; recv 1; recv 9", "3, 2, 4, 3, 2, 1, EAGAIN", 0, 0, 0 },
	{ "truncation is said", "", DATAGRAM, "send 5; recvfrom 3; recvfrom 3", "5, 3 INET/16 truncated, EAGAIN", 0, 0, 0 },
	{ "not where all fits", "", DATAGRAM, "send 3; recvfrom 3", "3, 3 INET/16", 0, 0, 0 },
	{ "a peek takes none", "", DATAGRAM, "send 3; send 2; peek 2; peek 9; recv 9; peek 9; recv 9; peek 9", "3, 2, 2, 3, 3, 2, 2, EAGAIN", 0, 0, 0 },
	{ "nor of a talker's own", "", DATAGRAM, "peek 9; recv 9; recv 0; recv 9", "8, 8, 0, EAGAIN", 0, TALKER, 0 },
	{ "an empty one is one", "", DATAGRAM, "send 0; send 2; poll IN 0; recvfrom 0; recvfrom 9", "0, 2, 1 IN, 0 INET/16, 2 INET/16", 0, 0, 0 },
	{ "none is taken with no room", "", DATAGRAM, "send 2; recvfrom 0; recv 1", "2, 0 INET/16 truncated, EAGAIN", 0, 0, 0 },
	{ "too long", "", DATAGRAM, "send 2048; send 2049; sendto 2049", "2048, EMSGSIZE, EMSGSIZE", 0, 0, 0 },
	{ "of the wrong family", "", "socket datagram6", "sendto 1", "EAFNOSUPPORT", 0, 0, 0 },
	{ "sent elsewhere, the peer is the same", "", DATAGRAM, "sendto 2; getpeername; recv 2", "2, 0 INET/16, 2", 0, 0, 0 },
	{ "a talker's own", "", DATAGRAM, "recvfrom 9; recv 0; recv 9; send 3; recv 9; took", "8 INET/16, 0, EAGAIN, 3, EAGAIN, 3", 0, TALKER, 0 },
	{ "unconnected, they come from somewhere", "", "socket datagram", "recvfrom 9", "8 INET/16", 0, TALKER, 0 },
	{ "shut for reading", "", DATAGRAM, "shutdown RD; poll " ALL "; recv 1; send 1; shutdown WR; poll " ALL "; send 1", "0, 1 IN|OUT|RDHUP, EAGAIN, 1, 0, 1 IN|OUT|HUP|RDHUP, EPIPE", 0, 0, 0 },
	{ "dissolved", "", DATAGRAM, "connect none; getpeername; send 1; connect; send 1", "0, ENOTCONN, EDESTADDRREQ, 0, 1", 0, 0, 0 },
	{ "lost where there is no room", "", DATAGRAM "; 20x send 2000", "poll OUT 0; 17x recv 3000; took", "1 OUT, 2000, 2000, 2000, 2000, 2000, 2000, 2000, 2000, 2000, 2000, 2000, 2000, 2000, 2000, 2000, 2000, EAGAIN, 40000", 0, 0, 0 },
};

static const struct fault_row rest[] = {
	{ "a file", "", CONNECTED, "pread 0; pread 99; pread 200; 2x sendfile 60; sendfile 1; took", "0, 99, 100, 60, 40, 0, 100", 0, 0, 0 },
	{ "interfaces", "", "", "interface lo; interface eth0; interface eth1", "1, 2, ENODEV", 0, 0, 0 },
	{ "memory", "", "", "realloc 0; realloc 9; realloc 99; realloc 0; realloc 0", "0, 0, 0, 0, 0", 0, 0, 0 },
	{ "options", "", "socket; socket datagram", "type; type#2; set; set; error", "1, 2, 0, 0, 0", 0, 0, 0 },
	{ "24 sockets", "", "24x socket", "socket; dup; close; socket; adopt 901", "ENFILE, #25, 0, ENFILE, EBADF", 0, 0, 0 },
	{ "one of them made elsewhere", "", "23x socket; adopt 901", "socket; dup; send#24 1", "ENFILE, #25, 1", 0, 0, 0 },
	{ "64 descriptors", "", "socket; 63x dup", "dup; socket; close; dup#2", "EMFILE, EMFILE, 0, EMFILE", 0, 0, 0 },
	{ "none for what waits", "", "socket; listen; socket; 62x dup#2", "accept; poll IN 0", "EMFILE, 1 IN", 0, 0, 0 },
	{ "no socket for what waits", "", "24x socket; listen", "accept; poll IN 0", "ENFILE, 1 IN", 0, 0, 0 },
};
/* clang-format on */

static void streams_answer_as_a_kernel_does(void **state)
{
	(void)state;
	CHECK_ROWS(streams);
}

static void what_is_late_comes_late(void **state)
{
	(void)state;
	CHECK_ROWS(late);
}

static void who_waits_is_woken_or_blocked(void **state)
{
	(void)state;
	CHECK_ROWS(waits);
}

static void a_listener_has_a_queue(void **state)
{
	(void)state;
	CHECK_ROWS(listeners);
}

static void datagrams_are_whole(void **state)
{
	(void)state;
	CHECK_ROWS(datagrams);
}

static void files_interfaces_memory_and_limits(void **state)
{
	(void)state;
	CHECK_ROWS(rest);
}

/* ---- what rows do not show ---- */

static struct vet_peer peer;
static struct caller caller;

static struct vet_sys *begin(const struct vet_world *world)
{
	struct vet_sys *sys = vet_peer_start(&peer, world);
	caller_begin(&caller, sys);
	caller.began = vet_peer_now(&peer);
	return sys;
}

static int64_t reading(struct vet_sys *sys)
{
	int64_t now = -1;
	assert_int_equal((sys->calls->now)(sys, &now), 0);
	return now;
}

static void a_fixed_tick_passes_at_each_call(void **state)
{
	const struct vet_world world = { .tick = VET_MICROSECONDS(1) };
	struct vet_sys *sys = begin(&world);
	(void)state;
	assert_int_equal(vet_peer_now(&peer), VET_SECONDS(1000));
	for (int i = 1; i <= 3000; i++)
		assert_int_equal(reading(sys), VET_SECONDS(1000) + i * VET_MICROSECONDS(1));
	caller_prepare(&caller, "socket; connect; recv 1; close");
	assert_int_equal(vet_peer_now(&peer), VET_SECONDS(1000) + VET_MICROSECONDS(3004));
}

/* From 1 ns on the tick doubles after every 8 calls of now. */
static void the_other_tick_doubles(void **state)
{
	const struct vet_world world = { .tick = 0 };
	struct vet_sys *sys = begin(&world);
	int64_t tick = 1, clock = VET_SECONDS(1000);
	(void)state;
	for (int i = 0; i < 8 * 40; i++) {
		tick *= i > 0 && i % 8 == 0 ? 2 : 1;
		clock += tick;
		assert_int_equal(reading(sys), clock);
	}
}

static void any_deadline_comes_within_500_readings(void **state)
{
	const struct vet_world world = { .tick = 0 };
	struct vet_sys *sys = begin(&world);
	int calls = 0;
	(void)state;
	while (reading(sys) < INT64_MAX / 2 && calls < 1000)
		calls++;
	assert_in_range(calls, 400, 500);
	assert_int_equal(reading(sys), INT64_MAX / 2); /* in 146 years, and there it stays */
}

/* What happens makes the tick small again: bytes moved, descriptors made, time waited. */
static void the_tick_begins_anew_when_something_happens(void **state)
{
	static const struct {
		const char *script;
		bool happened;
	} rows[] = {
		{ "send 1", true },         { "recv 1", true },       { "dup", true },
		{ "socket", true },         { "poll IN 1ms", true },  { "sendfile 1", true },
		{ "shutdown WR", true },    { "getpeername", false }, { "peek 1", false },
		{ "poll OUT 1ms", false },  { "poll IN 0", false },   { "send 0", false },
		{ "realloc 9", false },     { "pread 9", false },     { "close", false },
		{ "recv 9; recv 9", true }, { "error", false },
	};
	const struct vet_world world = { .file_size = 10 };
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct vet_sys *sys = begin(&world);
		int64_t before, tick;
		caller_prepare(&caller, "socket; connect; send 5");
		if (strcmp(rows[i].script, "poll IN 1ms") == 0)
			caller_prepare(&caller, "recv 5");
		for (int n = 0; n < 8 * 20; n++)
			(void)reading(sys);
		caller_prepare(&caller, rows[i].script);
		before = vet_peer_now(&peer);
		tick = reading(sys) - before;
		if ((tick == 1) != rows[i].happened)
			fail_msg("'%s': the tick is %lld", rows[i].script, (long long)tick);
		if (!rows[i].happened)
			assert_int_equal(tick, INT64_C(1) << 20);
	}
	vet_peer_finish(&peer);
}

static void a_window_is_taken_at_a_time(void **state)
{
	const struct vet_world slow = { .window = 10, .latency = VET_MILLISECONDS(3) };
	const struct vet_world at_once = { .window = 10 };
	(void)state;
	begin(&slow);
	caller_prepare(&caller, "socket; connect; poll OUT never");
	assert_string_equal(caller_make(&caller,
					"send 4; poll OUT 0; send 9; send 1; poll OUT 1ms; "
					"poll OUT never; send 20; send 1; now"),
			    "4, 1 OUT, 6, EAGAIN, 0, 1 OUT, 10, EAGAIN, 6ms");
	begin(&at_once);
	caller_prepare(&caller, "socket; connect");
	assert_string_equal(
		caller_make(&caller, "send 99; sendv 9+9; poll OUT never; sendv 9+9; now"),
		"10, EAGAIN, 1 OUT, 10, 1ms");
}

static void another_byte_than_expected_is_a_finding(void **state)
{
	static const struct {
		const char *script;
		size_t expected; /* bytes of the pattern */
		int64_t changed; /* which of them is another; -1: none */
		int64_t at;      /* of the finding; -1: there is none */
		uint32_t complete;
	} rows[] = {
		{ "send 5", 9, -1, -1, 0 },
		{ "send 5; send 4", 9, -1, -1, 1 },
		{ "send 9; send 1", 9, -1, 9, 1 },
		{ "send 10", 9, -1, 9, 0 },
		{ "send 5", 9, 3, 3, 0 },
		{ "send 2; sendv 1+1+1", 9, 4, 4, 0 },
		{ "send 4; send 0; sendfile 5", 9, 8, 8, 1 },
		{ "send 5", 9, 5, -1, 0 },
		{ "send 3; socket; connect#2; send#2 9", 9, -1, -1, 1 },
		{ "send 9; socket; connect#2; send#2 9", 9, -1, -1, 2 },
		{ "send 9; socket; connect#2; send#2 9", 9, 0, 0, 2 },
	};
	unsigned char expected[9];
	struct vet_world world = { .expects = expected, .file_size = 100 };
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint64_t at = 4711;
		for (size_t j = 0; j < sizeof expected; j++)
			expected[j] =
				(unsigned char)(vet_peer_byte(j) ^ ((int64_t)j == rows[i].changed));
		world.expects_size = rows[i].expected;
		begin(&world);
		caller_prepare(&caller, "socket; connect");
		caller_prepare(&caller, rows[i].script);
		if ((vet_peer_finding(&peer, &at) != NULL) != (rows[i].at >= 0) ||
		    (rows[i].at >= 0 && at != (uint64_t)rows[i].at) ||
		    peer.complete != rows[i].complete)
			fail_msg("row %zu, '%s': %s at %llu, %u complete", i, rows[i].script,
				 vet_peer_finding(&peer, NULL) != NULL ? "a finding" : "none",
				 (unsigned long long)at, peer.complete);
	}
}

/* AddressSanitizer: that there is so much memory nowhere is an answer. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static void blocks_of_memory_are_counted(void **state)
{
	const struct vet_world world = { .tick = 0 };
	struct vet_sys *sys = begin(&world);
	void *block[VET_PEER_BLOCKS + 1] = { NULL };
	void *foreign = &block;
	(void)state;
	for (int i = 0; i < VET_PEER_BLOCKS; i++) {
		assert_int_equal((sys->calls->realloc)(sys, &block[i], 10), 0);
		memset(block[i], i, 10);
	}
	assert_int_equal(peer.blocks, VET_PEER_BLOCKS);
	assert_int_equal((sys->calls->realloc)(sys, &block[VET_PEER_BLOCKS], 10), -ENOMEM);
	assert_null(block[VET_PEER_BLOCKS]);
	assert_int_equal((sys->calls->realloc)(sys, &block[7], 100000), 0); /* it may grow */
	for (int i = 0; i < 10; i++)
		assert_int_equal(((unsigned char *)block[7])[i], 7);
	assert_int_equal((sys->calls->realloc)(sys, &block[3], SIZE_MAX / 2 - 100), -ENOMEM);
	assert_int_equal(*(unsigned char *)block[3], 3); /* as it was */
	assert_int_equal((sys->calls->realloc)(sys, &block[3], 0), 0);
	assert_null(block[3]);
	assert_int_equal(peer.blocks, VET_PEER_BLOCKS - 1);
	assert_int_equal((sys->calls->realloc)(sys, &foreign, 10), -EINVAL);
	assert_int_equal((sys->calls->realloc)(sys, &block[VET_PEER_BLOCKS], SIZE_MAX / 2 - 100),
			 -ENOMEM);
	assert_null(block[VET_PEER_BLOCKS]);
	assert_int_equal(peer.blocks, VET_PEER_BLOCKS - 1);
	assert_int_equal((sys->calls->realloc)(sys, &block[VET_PEER_BLOCKS], 10), 0);
	vet_peer_finish(&peer); /* LeakSanitizer looks at the rest */
	assert_int_equal(peer.blocks, 0);
}

static void a_world_without_sendfile_lacks_it(void **state)
{
	struct vet_world world = { .lacks_sendfile = true };
	(void)state;
	assert_false(VET_SYS_HAS(begin(&world), sendfile));
	assert_int_equal(vet_sys_check(&peer.layer.sys, NULL), 0);
	world.lacks_sendfile = false;
	assert_true(VET_SYS_HAS(begin(&world), sendfile));
	assert_true(VET_SYS_HAS(begin(&world), interface_index));
}

static void nothing_of_a_run_is_left(void **state)
{
	static const char *const scripts[] = {
		"socket; connect; send 9; recv 3; dup; poll IN never; shutdown WR; realloc 99",
		"socket 6; listen; accept; accept; send 9; poll IN 5s; set; now",
		"socket datagram; send 1; connect; send 3; send 4; recv 9; poll sleep never; now",
		"adopt 901; send 3; recv 3; set; close; type; interface lo",
	};
	const struct vet_world worlds[] = {
		{ .connections = 2 },
		{ .connections = 1, .latency = VET_MILLISECONDS(1) },
		{ .manner = VET_PEER_SOURCE, .sends = "abc", .sends_size = 3, .datagrams = 1 },
	};
	char first[4][3][CALLER_SAYS];
	(void)state;
	for (int i = 0; i < 4; i++)
		for (int j = 0; j < 3; j++) {
			memset(&peer, 0, sizeof peer);
			begin(&worlds[j]);
			strcpy(first[i][j], caller_make(&caller, scripts[i]));
			vet_peer_finish(&peer);
		}
	for (int n = 0; n < 100; n++) {
		int i = n * 7 % 4, j = (n * 5 + n / 12) % 3;
		begin(&worlds[j]);
		assert_string_equal(caller_make(&caller, scripts[i]), first[i][j]);
		assert_null(vet_peer_finding(&peer, NULL));
		begin(&worlds[j]);
		assert_int_equal(vet_peer_taken(&peer), 0);
		assert_int_equal(vet_peer_given(&peer), 0);
		assert_int_equal(peer.blocks, 0);
		assert_false(vet_peer_is_blocked(&peer));
	}
	vet_peer_finish(&peer);
}

static void bytes_are_counted(void **state)
{
	const struct vet_world world = { .tick = 0 };
	(void)state;
	begin(&world);
	caller_prepare(&caller,
		       "socket; connect; send 9; peek 9; recv 4; socket datagram; sendto#2 7; "
		       "recv#2 3");
	assert_int_equal(vet_peer_taken(&peer), 16);
	assert_int_equal(vet_peer_given(&peer), 7);
}

static bool are_the_same(uint64_t i, uint64_t j, int size)
{
	while (size > 0 && vet_peer_byte(i) == vet_peer_byte(j)) {
		size--;
		i++;
		j++;
	}
	return size == 0;
}

/* So that a byte that is left out, or a piece that is sent twice, is seen. */
static void the_pattern_does_not_repeat_soon(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 20000; i++) {
		assert_false(are_the_same(i, i + 1, 1));
		for (uint64_t j = i + 2; j < i + 300; j++)
			assert_false(are_the_same(i, j, 4));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams_answer_as_a_kernel_does),
		cmocka_unit_test(what_is_late_comes_late),
		cmocka_unit_test(who_waits_is_woken_or_blocked),
		cmocka_unit_test(a_listener_has_a_queue),
		cmocka_unit_test(datagrams_are_whole),
		cmocka_unit_test(files_interfaces_memory_and_limits),
		cmocka_unit_test(a_fixed_tick_passes_at_each_call),
		cmocka_unit_test(the_other_tick_doubles),
		cmocka_unit_test(any_deadline_comes_within_500_readings),
		cmocka_unit_test(the_tick_begins_anew_when_something_happens),
		cmocka_unit_test(a_window_is_taken_at_a_time),
		cmocka_unit_test(another_byte_than_expected_is_a_finding),
		cmocka_unit_test(blocks_of_memory_are_counted),
		cmocka_unit_test(a_world_without_sendfile_lacks_it),
		cmocka_unit_test(nothing_of_a_run_is_left),
		cmocka_unit_test(bytes_are_counted),
		cmocka_unit_test(the_pattern_does_not_repeat_soon),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
