/* SPDX-License-Identifier: 0BSD */
/* Rule 8, of bytes that come in by a stream, and rule 9, of datagrams that come in. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void rule_8_read_gives_what_came_and_0_at_the_end(void **state)
{
	static const struct row rows[] = {
		{ "all", "read 8", "recv 8 = 8", "8" },
		{ "some", "read 8", "recv 8 = 3", "3" },
		{ "one", "read 8; read 8", "recv 8 = 1; recv 8 = EINTR; recv 8 = 1", "1; 1" },
		{ "the end", "read 8", "recv 8 = 0", "0" },
		{ "nothing wanted: no call", "read 0", "", "0" },
		{ "one after the other", "read 8; read 8; read 8",
		  "recv 8 = 3; recv 8 = 5; recv 8 = 0", "3; 5; 0" },
		{ "wait, then the end", "read 8",
		  "recv 8 = EAGAIN; poll IN forever = IN|HUP; recv 8 = 0", "0" },
		{ "a greater size than one call may be given", "read 2147483648",
		  "recv 2147479552 = 5", "5" },
		{ "a count that cannot be", "read 8", "recv 8 = 9 beyond", "EIO" },
	};
	(void)state;
	play(&stream4, rows, COUNT(rows));
}

static void rule_8_read_exact_gives_all_or_says_how_much_came(void **state)
{
	static const struct row rows[] = {
		{ "all at once", "read_exact 8", "recv 8 = 8", "0 done 8" },
		{ "a byte at a time", "read_exact 3", "recv 3 = 1; recv 2 = 1; recv 1 = 1",
		  "0 done 3" },
		{ "nothing wanted: no call", "read_exact 0", "", "0 done 0" },
		{ "signal and wait between", "read_exact 8",
		  "recv 8 = 3; recv 5 = EINTR; recv 5 = EAGAIN; poll IN forever = IN; recv 5 = 5",
		  "0 done 8" },
		{ "the end at once", "read_exact 8", "recv 8 = 0", "VET_EOF done 0" },
		{ "the end too early", "read_exact 8", "recv 8 = 7; recv 1 = 0", "VET_EOF done 7" },
		{ "reset after three bytes", "read_exact 8", "recv 8 = 3; recv 5 = ECONNRESET",
		  "ECONNRESET done 3" },
		{ "nobody asks, and all is done", "read_exact 8 blind", "recv 8 = 8", "0" },
		{ "nobody asks how much was done", "read_exact 8 blind", "recv 8 = 7; recv 1 = 0",
		  "VET_EOF" },
		{ "a count that cannot be", "read_exact 8", "recv 8 = 3; recv 5 = 6 beyond",
		  "EIO done 3" },
	};
	(void)state;
	play(&stream4, rows, COUNT(rows));
	for (int n = 1; n < 8; n++)
		play_made(&stream6, "read_exact 8", "0 done 8", "recv 8 = %d; recv %d = %d", n,
			  8 - n, 8 - n);
}

static void rule_8_read_all_keeps_what_came_and_peeks_beyond_its_limit(void **state)
{
	static const struct row rows[] = {
		{ "nothing", "read_all 8", "realloc 8 = 0; recv 8 = 0", "0 held 0" },
		{ "less than the limit", "read_all 100",
		  "realloc 100 = 0; recv 100 = 60; recv 40 = 30; recv 10 = 0", "0 held 90" },
		{ "exactly the limit", "read_all 8", "realloc 8 = 0; recv 8 = 8; recv 1 peek = 0",
		  "0 held 8" },
		{ "more: the rest stays", "read_all 8; read 5",
		  "realloc 8 = 0; recv 8 = 8; recv 1 peek = 1; recv 5 = 5", "EFBIG held 8; 5" },
		{ "the peek waits and is interrupted", "read_all 8",
		  "realloc 8 = 0; recv 8 = 8; recv 1 peek = EAGAIN; poll IN forever = IN; recv 1 peek = EINTR; recv 1 peek = 0",
		  "0 held 8" },
		{ "the peek meets a reset", "read_all 8",
		  "realloc 8 = 0; recv 8 = 8; recv 1 peek = ECONNRESET", "ECONNRESET held 8" },
		{ "the peek meets the deadline", "deadline_at 10ms; read_all 8",
		  "realloc 8 = 0; recv 8 = 8; recv 1 peek = EAGAIN; now = 10ms",
		  "VET_EDEADLINE held 8" },
		{ "a limit of zero, at the end", "read_all 0", "recv 1 peek = 0", "0 held 0" },
		{ "a limit of zero, before it", "read_all 0", "recv 1 peek = 1", "EFBIG held 0" },
		{ "grows geometrically, no further than the limit", "read_all 20000",
		  "realloc 4096 = 0; recv 4096 = 4096; realloc 8192 = 0; recv 4096 = 4096; realloc 16384 = 0; recv 8192 = 8192; realloc 20000 = 0; recv 3616 = 3616; recv 1 peek = 0",
		  "0 held 20000" },
		{ "no memory at first", "read_all 100", "realloc 100 = ENOMEM", "ENOMEM held 0" },
		{ "no memory later: what had come is kept", "read_all 20000; read 8",
		  "realloc 4096 = 0; recv 4096 = 4096; realloc 8192 = ENOMEM; recv 8 = 8",
		  "ENOMEM held 4096; 8" },
		{ "a reset keeps what had come", "read_all 100",
		  "realloc 100 = 0; recv 100 = 60; recv 40 = ECONNRESET", "ECONNRESET held 60" },
		{ "appends to what is held", "read_into 8; read_all 100",
		  "realloc 8 = 0; recv 8 = 8; realloc 108 = 0; recv 100 = 20; recv 80 = 0",
		  "8 held 8; 0 held 28" },
		{ "appends within the room there is", "read_into 8; read_all 4",
		  "realloc 8 = 0; recv 8 = 4; recv 4 = 3; recv 1 = 0", "4 held 4; 0 held 7" },
		{ "never reads past its limit though there is room", "read_into 100; read_all 8",
		  "realloc 100 = 0; recv 100 = 4; recv 8 = 8; recv 1 peek = 1",
		  "4 held 4; EFBIG held 12" },
		{ "a count that cannot be", "read_all 8", "realloc 8 = 0; recv 8 = 9 beyond",
		  "EIO held 0" },
	};
	(void)state;
	play(&stream4, rows, COUNT(rows));
}

static void rule_8_read_into_appends_and_grows(void **state)
{
	static const struct row rows[] = {
		{ "once", "read_into 8", "realloc 8 = 0; recv 8 = 5", "5 held 5" },
		{ "again: only what is missing", "read_into 8; read_into 8",
		  "realloc 8 = 0; recv 8 = 5; realloc 13 = 0; recv 8 = 8", "5 held 5; 8 held 13" },
		{ "again, with room enough", "read_into 8; read_into 3",
		  "realloc 8 = 0; recv 8 = 5; recv 3 = 3", "5 held 5; 3 held 8" },
		{ "emptied, the memory stays", "read_into 8; empty_buffer; read_into 8",
		  "realloc 8 = 0; recv 8 = 8; recv 8 = 4", "8 held 8; 4 held 4" },
		{ "the end", "read_into 8; read_into 8",
		  "realloc 8 = 0; recv 8 = 5; realloc 13 = 0; recv 8 = 0", "5 held 5; 0 held 5" },
		{ "no memory: no recv", "read_into 8", "realloc 8 = ENOMEM", "ENOMEM held 0" },
		{ "no memory: the buffer as it was", "read_into 8; read_into 8",
		  "realloc 8 = 0; recv 8 = 5; realloc 13 = ENOMEM", "5 held 5; ENOMEM held 5" },
		{ "nothing wanted: no call", "read_into 0", "", "0 held 0" },
		{ "a greater size than one call may be given", "read_into 2147483648",
		  "realloc 2147479552 = ENOMEM", "ENOMEM held 0" },
		{ "an error after progress", "read_into 8; read_into 8",
		  "realloc 8 = 0; recv 8 = 8; realloc 16 = 0; recv 8 = ECONNRESET",
		  "8 held 8; ECONNRESET held 8" },
	};
	(void)state;
	play(&stream4, rows, COUNT(rows));
}

/* 0 is the end. */
static void rule_8_every_short_count_is_given_as_it_came(void **state)
{
	(void)state;
	for (int n = 0; n <= 8; n++) {
		char count[16], held[32], from[32];
		snprintf(count, sizeof count, "%d", n);
		snprintf(held, sizeof held, "%d held %d", n, n);
		snprintf(from, sizeof from, "%d from none", n);
		play_made(&stream4, "read 8", count, "recv 8 = %d", n);
		play_made(&stream6, "read 8", count,
			  "recv 8 = EINTR; recv 8 = EAGAIN; poll IN forever = IN; recv 8 = %d", n);
		play_made(&stream4, "read_into 8", held, "realloc 8 = 0; recv 8 = %d", n);
		play_made(&stream4, "receive_from 8", from, "recvfrom 8 = %d", n);
	}
}

/* None of 8 and all 8 are rows of read_all above. */
static void rule_8_read_all_goes_on_after_every_short_count(void **state)
{
	(void)state;
	for (int n = 1; n < 8; n++) {
		char held[32];
		snprintf(held, sizeof held, "0 held %d", n);
		play_made(&stream4, "read_all 8", held, "realloc 8 = 0; recv 8 = %d; recv %d = 0",
			  n, 8 - n);
		play_made(&stream6, "read_all 8", "0 held 8",
			  "realloc 8 = 0; recv 8 = %d; recv %d = %d; recv 1 peek = 0", n, 8 - n,
			  8 - n);
	}
}

static void rule_8_exact_and_all_are_not_for_datagrams(void **state)
{
	static const struct row rows[] = {
		{ "read_exact", "read_exact 8", "", "EOPNOTSUPP done 0" },
		{ "read_exact of nothing", "read_exact 0", "", "EOPNOTSUPP done 0" },
		{ "read_all", "read_all 8", "", "EOPNOTSUPP held 0" },
	};
	(void)state;
	play(&datagram4, rows, COUNT(rows));
	play(&raw6, rows, COUNT(rows));
}

static void rule_9_a_datagram_is_received_whole_or_says_that_it_was_cut(void **state)
{
	static const struct row rows[] = {
		{ "read", "read 8", "recvfrom 8 = 5", "5" },
		{ "read, empty", "read 8", "recvfrom 8 = 0", "0" },
		{ "read of nothing takes one", "read 0", "recvfrom 0 = 0", "0" },
		{ "read of nothing cuts one", "read 0", "recvfrom 0 = 0 truncated", "EMSGSIZE" },
		{ "read, cut", "read 8", "recvfrom 8 = 8 truncated", "EMSGSIZE" },
		{ "read_into", "read_into 8", "realloc 8 = 0; recvfrom 8 = 5", "5 held 5" },
		{ "read_into, cut", "read_into 8", "realloc 8 = 0; recvfrom 8 = 8 truncated",
		  "EMSGSIZE held 0" },
		{ "read_into of nothing takes one", "read_into 0", "recvfrom 0 = 0", "0 held 0" },
		{ "receive_from", "receive_from 8", "recvfrom 8 = 5 1.2.3.4:80",
		  "5 from 1.2.3.4:80" },
		{ "receive_from, empty", "receive_from 8", "recvfrom 8 = 0 1.2.3.4:80",
		  "0 from 1.2.3.4:80" },
		{ "receive_from of nothing takes one", "receive_from 0",
		  "recvfrom 0 = 0 1.2.3.4:80 truncated", "0 from 1.2.3.4:80 truncated" },
		{ "receive_from, cut", "receive_from 8", "recvfrom 8 = 8 1.2.3.4:80 truncated",
		  "8 from 1.2.3.4:80 truncated" },
		{ "nobody asks who and whether", "receive_from 8 blind", "recvfrom 8 = 8 truncated",
		  "8" },
		{ "no sender", "receive_from 8", "recvfrom 8 = 5 none", "5 from none" },
		{ "a sender of IPv6", "receive_from 8", "recvfrom 8 = 5 [::1]:80",
		  "EAFNOSUPPORT from none" },
		{ "a sender of another family", "receive_from 8", "recvfrom 8 = 5 unix",
		  "EAFNOSUPPORT from none" },
		{ "a sender that is too short", "receive_from 8", "recvfrom 8 = 5 1.2.3.4:80/7",
		  "EAFNOSUPPORT from none" },
		{ "a sender said to be longer than the room", "receive_from 8",
		  "recvfrom 8 = 5 1.2.3.4:80/200", "5 from 1.2.3.4:80" },
		{ "the second try has its room anew", "receive_from 8",
		  "recvfrom 8 = EINTR; recvfrom 8 = EAGAIN; poll IN|RDHUP forever = IN; recvfrom 8 = 5 1.2.3.4:80",
		  "5 from 1.2.3.4:80" },
		{ "a count that cannot be", "receive_from 8", "recvfrom 8 = 9 beyond",
		  "EIO from none" },
		{ "a count that cannot be, into a buffer", "read_into 8",
		  "realloc 8 = 0; recvfrom 8 = 9 beyond", "EIO held 0" },
		{ "refused earlier", "receive_from 8", "recvfrom 8 = ECONNREFUSED",
		  "ECONNREFUSED from none" },
		{ "a greater size than one call may be given", "receive_from 2147483648",
		  "recvfrom 2147479552 = 5 1.2.3.4:80", "5 from 1.2.3.4:80" },
	};
	(void)state;
	play(&datagram4, rows, COUNT(rows));
}

static void rule_9_a_datagram_of_every_size_is_given_as_it_came(void **state)
{
	(void)state;
	for (int n = 0; n <= 8; n++) {
		char count[16], held[32], from4[32], from6[32];
		snprintf(count, sizeof count, "%d", n);
		snprintf(held, sizeof held, "%d held %d", n, n);
		snprintf(from4, sizeof from4, "%d from 1.2.3.4:80", n);
		snprintf(from6, sizeof from6, "%d from [::1]:80", n);
		play_made(&datagram4, "read 8", count, "recvfrom 8 = %d", n);
		play_made(&datagram4, "read_into 8", held, "realloc 8 = 0; recvfrom 8 = %d", n);
		play_made(&datagram4, "receive_from 8", from4, "recvfrom 8 = %d 1.2.3.4:80", n);
		play_made(&datagram6, "receive_from 8", from6, "recvfrom 8 = %d [::1]:80", n);
	}
}

static void rule_9_senders_of_ipv6_and_streams_without_sender(void **state)
{
	static const struct row on_ipv6[] = {
		{ "a zone", "receive_from 8", "recvfrom 8 = 5 [fe80::1%2]:80",
		  "5 from [fe80::1%2]:80" },
		{ "a mapped sender stays IPv6", "receive_from 8",
		  "recvfrom 8 = 5 [::ffff:1.2.3.4]:80", "5 from [::ffff:1.2.3.4]:80" },
		{ "a sender of IPv4", "receive_from 8", "recvfrom 8 = 5 1.2.3.4:80",
		  "EAFNOSUPPORT from none" },
		{ "a sender of another family", "receive_from 8", "recvfrom 8 = 5 unix",
		  "EAFNOSUPPORT from none" },
		{ "a sender that is too short", "receive_from 8", "recvfrom 8 = 5 [::1]:80/27",
		  "EAFNOSUPPORT from none" },
		{ "a length of one byte", "receive_from 8", "recvfrom 8 = 5 [::1]:80/1",
		  "EAFNOSUPPORT from none" },
	};
	static const struct row on_stream[] = {
		{ "some", "receive_from 8", "recvfrom 8 = 5", "5 from none" },
		{ "the end", "receive_from 8", "recvfrom 8 = 0", "0 from none" },
		{ "nothing wanted: no call", "receive_from 0", "", "0 from none" },
	};
	(void)state;
	play(&datagram6, on_ipv6, COUNT(on_ipv6));
	play(&stream4, on_stream, COUNT(on_stream));
}

static void rule_4_a_datagram_socket_shut_down_for_reading_ends(void **state)
{
	static const struct row rows[] = {
		{ "HUP and nothing there", "read 8",
		  "recvfrom 8 = EAGAIN; poll IN|RDHUP forever = IN|HUP; recvfrom 8 = EAGAIN",
		  "VET_EOF" },
		{ "RDHUP and nothing there", "receive_from 8",
		  "recvfrom 8 = EAGAIN; poll IN|RDHUP forever = IN|RDHUP; recvfrom 8 = EAGAIN",
		  "VET_EOF from none" },
		{ "HUP and something there", "read 8",
		  "recvfrom 8 = EAGAIN; poll IN|RDHUP forever = IN|HUP; recvfrom 8 = 5", "5" },
		{ "a signal in between", "read 8",
		  "recvfrom 8 = EAGAIN; poll IN|RDHUP forever = HUP; recvfrom 8 = EINTR; recvfrom 8 = EAGAIN",
		  "VET_EOF" },
		{ "not by an older poll", "read 8",
		  "recvfrom 8 = EAGAIN; poll IN|RDHUP forever = IN; recvfrom 8 = EAGAIN; poll IN|RDHUP forever = RDHUP; recvfrom 8 = EAGAIN",
		  "VET_EOF" },
		{ "an error is no end", "read 8",
		  "recvfrom 8 = EAGAIN; poll IN|RDHUP forever = ERR; recvfrom 8 = EAGAIN; poll IN|RDHUP forever = IN; recvfrom 8 = 5",
		  "5" },
		{ "into a buffer", "read_into 8",
		  "realloc 8 = 0; recvfrom 8 = EAGAIN; poll IN|RDHUP forever = IN|HUP; recvfrom 8 = EAGAIN",
		  "VET_EOF held 0" },
	};
	static const struct row on_stream[] = {
		{ "a stream waits on: its end is 0", "read 8",
		  "recv 8 = EAGAIN; poll IN forever = IN|HUP; recv 8 = EAGAIN; poll IN forever = IN|HUP; recv 8 = 0",
		  "0" },
		{ "by receive_from too", "receive_from 8",
		  "recvfrom 8 = EAGAIN; poll IN forever = IN|HUP; recvfrom 8 = EAGAIN; poll IN forever = IN|HUP; recvfrom 8 = 0",
		  "0 from none" },
	};
	(void)state;
	play(&datagram4, rows, COUNT(rows));
	play(&stream4, on_stream, COUNT(on_stream));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule_8_read_gives_what_came_and_0_at_the_end),
		cmocka_unit_test(rule_8_read_exact_gives_all_or_says_how_much_came),
		cmocka_unit_test(rule_8_read_all_keeps_what_came_and_peeks_beyond_its_limit),
		cmocka_unit_test(rule_8_read_into_appends_and_grows),
		cmocka_unit_test(rule_8_every_short_count_is_given_as_it_came),
		cmocka_unit_test(rule_8_read_all_goes_on_after_every_short_count),
		cmocka_unit_test(rule_8_exact_and_all_are_not_for_datagrams),
		cmocka_unit_test(rule_9_a_datagram_is_received_whole_or_says_that_it_was_cut),
		cmocka_unit_test(rule_9_a_datagram_of_every_size_is_given_as_it_came),
		cmocka_unit_test(rule_9_senders_of_ipv6_and_streams_without_sender),
		cmocka_unit_test(rule_4_a_datagram_socket_shut_down_for_reading_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
