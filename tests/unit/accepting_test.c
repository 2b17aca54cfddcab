/* SPDX-License-Identifier: 0BSD */
/* Rule 6: accept. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* Each says that a connection died in the queue (accept(2), "Error handling"; POSIX accept()). */
static const char *const passed_over[] = { "ECONNABORTED", "EPROTO",     "ENETDOWN",
					   "ENETUNREACH",  "EHOSTDOWN",  "EHOSTUNREACH",
					   "ENONET",       "ENOPROTOOPT" };

static void rule_6_accept_passes_over_connections_that_died_in_the_queue(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(passed_over); i++) {
		const char *e = passed_over[i];
		play_made(&listener, "accept", "0 from 1.2.3.4:80",
			  "accept = %s; accept = fd 1.2.3.4:80", e);
		play_made(&listener, "accept", "0 from 1.2.3.4:80",
			  "accept = %s x4; accept = fd 1.2.3.4:80", e);
		play_made(
			&listener, "accept", "0 from 1.2.3.4:80",
			"accept = %s x5; poll - 1ms = 0; poll IN forever = IN; accept = fd 1.2.3.4:80",
			e);
		play_made(
			&listener, "accept", "0 from 1.2.3.4:80",
			"accept = %s; accept = EAGAIN; poll IN forever = IN; accept = fd 1.2.3.4:80",
			e);
		play_made(
			&listener, "accept", "0 from 1.2.3.4:80",
			"accept = EAGAIN; poll IN forever = IN; accept = %s; accept = EAGAIN; poll IN forever = IN; accept = fd 1.2.3.4:80",
			e);
		play_made(&listener, "deadline_at 10ms; accept", "VET_EDEADLINE from none",
			  "accept = %s; now = 9ms; accept = %s; now = 10ms; accept = %s", e, e, e);
		play_made(
			&listener, "deadline_at 10ms; accept", "0 from 1.2.3.4:80",
			"( accept = %s; now = 1ms ) x4; accept = %s; now = 2ms; poll - 1ms = 0; now = 3ms; poll IN 7ms = IN; accept = fd 1.2.3.4:80",
			e, e);
	}
}

static void rule_6_a_storm_of_dead_connections_costs_no_processor_time(void **state)
{
	static const struct row rows[] = {
		{ "each turn from the fifth on sleeps", "accept",
		  "accept = ECONNABORTED x5; poll - 1ms = 0; poll IN forever = IN; accept = ECONNABORTED; poll - 2ms = 0; poll IN forever = IN; accept = EPROTO; poll - 4ms = 0; poll IN forever = IN; accept = fd 1.2.3.4:80",
		  "0 from 1.2.3.4:80" },
		{ "64 ms at most", "accept",
		  "accept = ECONNABORTED x5; poll - 1ms = 0; poll IN forever = IN; accept = EPROTO; poll - 2ms = 0; poll IN forever = IN; accept = EPROTO; poll - 4ms = 0; poll IN forever = IN; accept = EPROTO; poll - 8ms = 0; poll IN forever = IN; "
		  "accept = EPROTO; poll - 16ms = 0; poll IN forever = IN; accept = EPROTO; poll - 32ms = 0; poll IN forever = IN; ( accept = EPROTO; poll - 64ms = 0; poll IN forever = IN ) x100; accept = fd 1.2.3.4:80",
		  "0 from 1.2.3.4:80" },
		{ "one that is lost to another process is a turn too", "accept",
		  "accept = EAGAIN; poll IN forever = IN; ( accept = EAGAIN; poll IN forever = IN ) x4; accept = EAGAIN; poll - 1ms = 0; poll IN forever = IN; accept = fd 1.2.3.4:80",
		  "0 from 1.2.3.4:80" },
		{ "the deadline ends it", "deadline_at 10ms; accept",
		  "( accept = ECONNABORTED; now = 9ms ) x4; accept = ECONNABORTED; now = 9500us; poll - 500us = 0; now = 10ms; accept = ECONNABORTED",
		  "VET_EDEADLINE from none" },
	};
	(void)state;
	play(&listener, rows, COUNT(rows));
}

static const struct row accepted[] = {
	{ "who it is", "accept; other; fd; family; kind; deadline", "accept = fd 1.2.3.4:80",
	  "0 from 1.2.3.4:80; 2; 4; 1; 0 at greatest" },
	{ "descriptor 0 is one", "accept; other; fd; close",
	  "accept = fd0 1.2.3.4:80; close #2 = 0", "0 from 1.2.3.4:80; 2; 0" },
	{ "descriptor 0 after a wait", "accept; other; fd",
	  "accept = EAGAIN; poll IN forever = IN; accept = fd0 1.2.3.4:80",
	  "0 from 1.2.3.4:80; 2" },
	{ "descriptor 0 with a peer of another family", "accept",
	  "accept = fd0 [::1]:80; close #2 = 0", "EAFNOSUPPORT from none" },
	{ "nobody asks who", "accept blind", "accept = fd", "0" },
	{ "nobody asks who, after a wait", "accept blind",
	  "accept = EAGAIN; poll IN forever = IN; accept = fd", "0" },
	{ "the peer has no deadline of its own", "deadline_at 10ms; accept; other; deadline",
	  "accept = fd 1.2.3.4:80", "0 from 1.2.3.4:80; 0 at greatest" },
	{ "the peer sends and closes", "accept; other; write 8; close",
	  "accept = fd 1.2.3.4:80; send #2 8 = 8; close #2 = 0", "0 from 1.2.3.4:80; 0 done 8; 0" },
	{ "one after the other", "accept; other; close; other; accept",
	  "accept = fd 1.2.3.4:80; close #2 = 0; accept = fd 1.2.3.5:81",
	  "0 from 1.2.3.4:80; 0; 0 from 1.2.3.5:81" },
	{ "into an open socket: no call", "accept; accept", "accept = fd 1.2.3.4:80",
	  "0 from 1.2.3.4:80; EINVAL from none" },
	{ "a peer of another family is closed", "accept; other; fd",
	  "accept = fd [::1]:80; close #2 = 0", "EAFNOSUPPORT from none; EBADF" },
	{ "so is one whose address is too short", "accept",
	  "accept = fd 1.2.3.4:80/15; close #2 = 0", "EAFNOSUPPORT from none" },
	{ "and one without any", "accept", "accept = fd none; close #2 = EINTR",
	  "EAFNOSUPPORT from none" },
	{ "a length beyond the room", "accept", "accept = fd 1.2.3.4:80/200", "0 from 1.2.3.4:80" },
	{ "no descriptor left: the listener is intact", "accept; accept",
	  "accept = EMFILE; accept = fd 1.2.3.4:80", "EMFILE from none; 0 from 1.2.3.4:80" },
	{ "a failed accept leaves the peer closed", "accept; other; fd", "accept = ENFILE",
	  "ENFILE from none; EBADF" },
};

static const struct row accepted_on_ipv6[] = {
	{ "a zone", "listen; accept; other; family", "listen 65535 = 0; accept = fd [fe80::1%2]:80",
	  "0; 0 from [fe80::1%2]:80; 6" },
	{ "a mapped peer stays IPv6", "listen; accept",
	  "listen 65535 = 0; accept = fd [::ffff:1.2.3.4]:80", "0; 0 from [::ffff:1.2.3.4]:80" },
	{ "a peer of IPv4 is closed", "listen; accept",
	  "listen 65535 = 0; accept = fd 1.2.3.4:80; close #2 = 0", "0; EAFNOSUPPORT from none" },
};

static void rule_6_accept_makes_the_peer_and_says_who_it_is(void **state)
{
	(void)state;
	play(&listener, accepted, COUNT(accepted));
	play(&stream6, accepted_on_ipv6, COUNT(accepted_on_ipv6));
}

static void rule_6_a_listener_that_was_shut_down_ends_accept(void **state)
{
	static const struct row rows[] = {
		{ "Linux says EINVAL itself", "accept",
		  "accept = EAGAIN; poll IN forever = IN|HUP; accept = EINVAL",
		  "EINVAL from none" },
		{ "HUP without IN, and still EAGAIN", "accept",
		  "accept = EAGAIN; poll IN forever = HUP; accept = EAGAIN", "EINVAL from none" },
		{ "HUP with ERR, and still EAGAIN", "accept",
		  "accept = EAGAIN; poll IN forever = ERR|HUP; accept = EAGAIN",
		  "EINVAL from none" },
		{ "HUP with IN is no end", "accept",
		  "accept = EAGAIN; poll IN forever = IN|HUP; accept = EAGAIN; poll IN forever = IN; accept = fd 1.2.3.4:80",
		  "0 from 1.2.3.4:80" },
		{ "HUP without IN, a dead connection, and EAGAIN: the HUP is of the past", "accept",
		  "accept = EAGAIN; poll IN forever = HUP; accept = ECONNABORTED; accept = EAGAIN; poll IN forever = IN; accept = fd 1.2.3.4:80",
		  "0 from 1.2.3.4:80" },
		{ "HUP without IN, and yet a connection", "accept",
		  "accept = EAGAIN; poll IN forever = HUP; accept = fd 1.2.3.4:80",
		  "0 from 1.2.3.4:80" },
		{ "never asked to listen", "accept", "accept = EINVAL", "EINVAL from none" },
	};
	(void)state;
	play(&listener, rows, COUNT(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule_6_accept_passes_over_connections_that_died_in_the_queue),
		cmocka_unit_test(rule_6_a_storm_of_dead_connections_costs_no_processor_time),
		cmocka_unit_test(rule_6_accept_makes_the_peer_and_says_who_it_is),
		cmocka_unit_test(rule_6_a_listener_that_was_shut_down_ends_accept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
