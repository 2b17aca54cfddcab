/* SPDX-License-Identifier: 0BSD */
/* Rule 5: connect, and what a socket remembers of it. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct row answers[] = {
	{ "at once", "connect 1.2.3.4:80", "connect 1.2.3.4:80 = 0", "0" },
	{ "refused at once", "connect 1.2.3.4:80", "connect 1.2.3.4:80 = ECONNREFUSED",
	  "ECONNREFUSED" },
	{ "EAGAIN is no reason to wait: no local port is free", "connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EAGAIN", "EAGAIN" },
	{ "under way, then there", "connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; poll OUT forever = OUT; getpeername = 0 1.2.3.4:80",
	  "0" },
	{ "a signal: under way too", "connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINTR; poll OUT forever = OUT; getpeername = 0 1.2.3.4:80", "0" },
	{ "a peer whose address says nothing is a peer", "connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; poll OUT forever = OUT; getpeername = 0 none", "0" },
	{ "refused later", "connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; poll OUT forever = OUT|ERR|HUP; getpeername = ENOTCONN; getsockopt SO_ERROR = value ECONNREFUSED",
	  "ECONNREFUSED" },
	{ "given up by the kernel: not the deadline", "deadline_at 10s; connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; now = 0; poll OUT 10s = OUT|ERR|HUP; getpeername = ENOTCONN; getsockopt SO_ERROR = value ETIMEDOUT",
	  "ETIMEDOUT" },
	{ "someone else was told why: HUP", "connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; poll OUT forever = OUT|HUP; getpeername = ENOTCONN; getsockopt SO_ERROR = value 0",
	  "ENOTCONN" },
	{ "someone else was told why: ERR", "connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; poll OUT forever = OUT|ERR; getpeername = EINVAL; getsockopt SO_ERROR = value 0",
	  "ENOTCONN" },
	{ "spurious, then there", "connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; poll OUT forever = OUT; getpeername = ENOTCONN; getsockopt SO_ERROR = value 0; poll OUT forever = OUT; getpeername = 0 1.2.3.4:80",
	  "0" },
	{ "spurious again and again: rule 4", "connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; ( poll OUT forever = OUT; getpeername = ENOTCONN; getsockopt SO_ERROR = value 0 ) x5; poll - 1ms = 0; poll OUT forever = OUT; getpeername = ENOTCONN; getsockopt SO_ERROR = value 0; poll - 2ms = 0; poll OUT forever = OUT; getpeername = 0 1.2.3.4:80",
	  "0" },
	{ "the peer cannot be asked for: nothing is known",
	  "connect 1.2.3.4:80; connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; poll OUT forever = OUT; getpeername = ENOBUFS; getsockopt SO_ERROR = value 0; poll OUT forever = OUT; getpeername = 0 1.2.3.4:80",
	  "ENOBUFS; 0" },
	{ "poll says NVAL", "connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; poll OUT forever = NVAL", "EBADF" },
	{ "signals while it is under way", "connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINTR; poll OUT forever = EINTR x5; poll OUT forever = OUT; getpeername = 0 1.2.3.4:80",
	  "0" },
	{ "SO_ERROR cannot be got", "connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; poll OUT forever = OUT; getpeername = ENOTCONN; getsockopt SO_ERROR = ENOBUFS",
	  "ENOBUFS" },
	{ "SO_ERROR of an impossible size", "connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; poll OUT forever = OUT; getpeername = ENOTCONN; getsockopt SO_ERROR = value 0 length 2",
	  "EIO" },
	{ "SO_ERROR that is no errno", "connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; poll OUT forever = OUT; getpeername = ENOTCONN; getsockopt SO_ERROR = value -5",
	  "EIO" },
	{ "SO_ERROR beyond every errno", "connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; poll OUT forever = OUT; getpeername = ENOTCONN; getsockopt SO_ERROR = value 5000",
	  "EIO" },
};

static void rule_5_the_calls_answer_is_the_answer_unless_it_is_under_way(void **state)
{
	(void)state;
	play(&stream4, answers, COUNT(answers));
}

static const struct row deadlines[] = {
	{ "in time", "deadline_at 10ms; connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; now = 2ms; poll OUT 8ms = OUT; getpeername = 0 1.2.3.4:80",
	  "0" },
	{ "never", "deadline_at 10ms; connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; now = 2ms; poll OUT 8ms = 0; now = 10ms",
	  "VET_EDEADLINE" },
	{ "expired: one poll all the same, in vain", "deadline_at 10ms; connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; now = 10ms; poll OUT 0 = 0", "VET_EDEADLINE" },
	{ "expired: one poll, and it is there", "deadline_at 10ms; connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINTR; now = 10ms; poll OUT 0 = OUT; getpeername = 0 1.2.3.4:80",
	  "0" },
	{ "expired: one poll, interrupted", "deadline_at 10ms; connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; now = 10ms; poll OUT 0 = EINTR", "VET_EDEADLINE" },
	{ "expired and spurious", "deadline_at 10ms; connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; now = 10ms; poll OUT 0 = OUT; getpeername = ENOTCONN; getsockopt SO_ERROR = value 0",
	  "VET_EDEADLINE" },
	{ "expired, yet refused", "deadline_at 10ms; connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; now = 10ms; poll OUT 0 = OUT|ERR; getpeername = ENOTCONN; getsockopt SO_ERROR = value ECONNREFUSED",
	  "ECONNREFUSED" },
	{ "expired after fruitless turns: one poll, no sleep",
	  "deadline_at 10ms; connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; ( now = 0; poll OUT 10ms = OUT; getpeername = ENOTCONN; getsockopt SO_ERROR = value 0 ) x5; now = 10ms; poll OUT 0 = 0",
	  "VET_EDEADLINE" },
	{ "an expired deadline does not matter to what needs no wait",
	  "deadline_at least; connect 1.2.3.4:80", "connect 1.2.3.4:80 = 0", "0" },
	{ "again, to the same address: waits anew, no call of connect",
	  "deadline_at 10ms; connect 1.2.3.4:80; deadline_at 20ms; connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; now = 0; poll OUT 10ms = 0; now = 10ms; now = 10ms; poll OUT 10ms = OUT; getpeername = 0 1.2.3.4:80",
	  "VET_EDEADLINE; 0" },
	{ "again and again, expired each time",
	  "deadline_at 10ms; connect 1.2.3.4:80; connect 1.2.3.4:80; connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; ( now = 10ms; poll OUT 0 = 0 ) x3",
	  "VET_EDEADLINE; VET_EDEADLINE; VET_EDEADLINE" },
	{ "again, to another address",
	  "deadline_at 10ms; connect 1.2.3.4:80; connect 1.2.3.4:81; connect 1.2.3.5:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; now = 10ms; poll OUT 0 = 0",
	  "VET_EDEADLINE; EALREADY; EALREADY" },
	{ "a clock that fails leaves it under way",
	  "deadline_at 10ms; connect 1.2.3.4:80; reset_deadline; connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; now = EIO; poll OUT forever = OUT; getpeername = 0 1.2.3.4:80",
	  "EIO; 0" },
	{ "so does a poll without memory", "connect 1.2.3.4:80; connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; poll OUT forever = ENOMEM; poll OUT forever = OUT; getpeername = 0 1.2.3.4:80",
	  "ENOMEM; 0" },
	{ "a clone knows of it",
	  "deadline_at 10ms; connect 1.2.3.4:80; try_clone; other; connect 1.2.3.4:80; connect 1.2.3.4:81",
	  "connect 1.2.3.4:80 = EINPROGRESS; now = 10ms; poll OUT 0 = 0; dup = fd; poll #2 OUT forever = OUT; getpeername #2 = 0 1.2.3.4:80",
	  "VET_EDEADLINE; 0; 0; EISCONN" },
	{ "close gives it up", "deadline_at 10ms; connect 1.2.3.4:80; close; connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; now = 10ms; poll OUT 0 = 0; close = 0",
	  "VET_EDEADLINE; 0; EBADF" },
};

static void rule_5_a_deadline_leaves_the_attempt_under_way(void **state)
{
	(void)state;
	play(&stream4, deadlines, COUNT(deadlines));
}

static void rule_5_a_socket_remembers_that_it_is_connected_or_has_tried(void **state)
{
	static const struct row rows[] = {
		{ "connected already: no call", "connect 1.2.3.4:80; connect 1.2.3.4:80",
		  "connect 1.2.3.4:80 = 0", "0; EISCONN" },
		{ "connected later, to another: no call", "connect 1.2.3.4:80; connect 1.2.3.4:81",
		  "connect 1.2.3.4:80 = EINPROGRESS; poll OUT forever = OUT; getpeername = 0 1.2.3.4:80",
		  "0; EISCONN" },
		{ "listening: no call", "listen; connect 1.2.3.4:80", "listen 65535 = 0",
		  "0; EISCONN" },
		{ "a listen that failed changes nothing", "listen; connect 1.2.3.4:80",
		  "listen 65535 = EADDRINUSE; connect 1.2.3.4:80 = 0", "EADDRINUSE; 0" },
		{ "what was accepted is connected", "listen; accept; other; connect 1.2.3.4:80",
		  "listen 65535 = 0; accept = fd 1.2.3.4:80", "0; 0 from 1.2.3.4:80; EISCONN" },
		{ "after a failure it may try again, elsewhere",
		  "connect 1.2.3.4:80; connect 1.2.3.5:80",
		  "connect 1.2.3.4:80 = ECONNREFUSED; connect 1.2.3.5:80 = 0", "ECONNREFUSED; 0" },
		{ "after a later failure too", "connect 1.2.3.4:80; connect 1.2.3.5:80",
		  "connect 1.2.3.4:80 = EINPROGRESS; poll OUT forever = ERR; getpeername = ENOTCONN; getsockopt SO_ERROR = value ECONNREFUSED; connect 1.2.3.5:80 = 0",
		  "ECONNREFUSED; 0" },
		{ "after a failure, ECONNABORTED only clears it away",
		  "connect 1.2.3.4:80; connect 1.2.3.5:80",
		  "connect 1.2.3.4:80 = ECONNREFUSED; connect 1.2.3.5:80 = ECONNABORTED; connect 1.2.3.5:80 = 0",
		  "ECONNREFUSED; 0" },
		{ "and then it may be under way", "connect 1.2.3.4:80; connect 1.2.3.5:80",
		  "connect 1.2.3.4:80 = ECONNREFUSED; connect 1.2.3.5:80 = ECONNABORTED; connect 1.2.3.5:80 = EINPROGRESS; poll OUT forever = OUT; getpeername = 0 1.2.3.5:80",
		  "ECONNREFUSED; 0" },
		{ "ECONNABORTED twice is the answer", "connect 1.2.3.4:80; connect 1.2.3.5:80",
		  "connect 1.2.3.4:80 = ECONNREFUSED; connect 1.2.3.5:80 = ECONNABORTED x2",
		  "ECONNREFUSED; ECONNABORTED" },
		{ "ECONNABORTED at the first attempt is the answer", "connect 1.2.3.4:80",
		  "connect 1.2.3.4:80 = ECONNABORTED", "ECONNABORTED" },
		{ "a clone of one that failed has tried too",
		  "connect 1.2.3.4:80; try_clone; other; connect 1.2.3.4:80",
		  "connect 1.2.3.4:80 = ECONNREFUSED; dup = fd; getpeername #2 = ENOTCONN; connect #2 1.2.3.4:80 = ECONNABORTED; connect #2 1.2.3.4:80 = 0",
		  "ECONNREFUSED; 0; 0" },
		{ "a clone made before it failed: Linux clears that away first",
		  "try_clone; connect 1.2.3.4:80; other; connect 1.2.3.4:80",
		  "dup = fd; getpeername = ENOTCONN; connect 1.2.3.4:80 = ECONNREFUSED; getpeername #2 = ENOTCONN; connect #2 1.2.3.4:80 = ECONNABORTED; connect #2 1.2.3.4:80 = 0",
		  "0; ECONNREFUSED; 0" },
		{ "a clone made before it connected: Linux would say 0",
		  "try_clone; connect 1.2.3.4:80; other; connect 1.2.3.5:80; connect 1.2.3.5:80",
		  "dup = fd; getpeername = ENOTCONN; connect 1.2.3.4:80 = 0; getpeername #2 = 0 1.2.3.4:80",
		  "0; 0; EISCONN; EISCONN" },
		{ "another family: no call", "connect [::1]:80", "", "EAFNOSUPPORT" },
		{ "no address: no call", "connect none", "", "EAFNOSUPPORT" },
		{ "a port that is none: no call", "connect 1.2.3.4:65536", "", "EINVAL" },
		{ "IPv4 with a zone: no call", "connect 1.2.3.4%2:80", "", "EINVAL" },
	};
	(void)state;
	play(&stream4, rows, COUNT(rows));
}

static void rule_5_other_kinds_and_families_connect_too(void **state)
{
	static const struct row on_datagram[] = {
		{ "again and again", "connect 1.2.3.4:80; connect 1.2.3.5:80",
		  "connect 1.2.3.4:80 = 0; connect 1.2.3.5:80 = 0", "0; 0" },
		{ "unreachable, then reachable", "connect 1.2.3.4:80; connect 1.2.3.5:80",
		  "connect 1.2.3.4:80 = ENETUNREACH; connect 1.2.3.5:80 = 0", "ENETUNREACH; 0" },
	};
	static const struct row on_ipv6[] = {
		{ "IPv6", "connect [::1]:80", "connect [::1]:80 = 0", "0" },
		{ "a zone", "connect [fe80::1%2]:80",
		  "connect [fe80::1%2]:80 = EINPROGRESS; poll OUT forever = OUT; getpeername = 0 [fe80::1%2]:80",
		  "0" },
		{ "another zone is another address",
		  "deadline_at 10ms; connect [fe80::1%2]:80; connect [fe80::1%3]:80",
		  "connect [fe80::1%2]:80 = EINPROGRESS; now = 10ms; poll OUT 0 = 0",
		  "VET_EDEADLINE; EALREADY" },
		{ "IPv4: no call", "connect 1.2.3.4:80", "", "EAFNOSUPPORT" },
	};
	(void)state;
	play(&datagram4, on_datagram, COUNT(on_datagram));
	play(&stream6, on_ipv6, COUNT(on_ipv6));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule_5_the_calls_answer_is_the_answer_unless_it_is_under_way),
		cmocka_unit_test(rule_5_a_deadline_leaves_the_attempt_under_way),
		cmocka_unit_test(rule_5_a_socket_remembers_that_it_is_connected_or_has_tried),
		cmocka_unit_test(rule_5_other_kinds_and_families_connect_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
