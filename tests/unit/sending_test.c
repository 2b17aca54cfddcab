/* SPDX-License-Identifier: 0BSD */
/* Rule 7, of bytes that go out of a stream, and rule 9, of datagrams that go out. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void rule_7_write_sends_every_byte_once_whatever_the_short_counts(void **state)
{
	static const struct row rows[] = {
		{ "all at once", "write 8", "send 8 = 8", "0 done 8" },
		{ "a byte at a time", "write 4", "send 4 = 1; send 3 = 1; send 2 = 1; send 1 = 1",
		  "0 done 4" },
		{ "no bytes make no call", "write 0", "", "0 done 0" },
		{ "a signal before and after progress", "write 8",
		  "send 8 = EINTR; send 8 = 3; send 5 = EINTR; send 5 = 5", "0 done 8" },
		{ "short, wait, rest", "deadline_at 10ms; write 8",
		  "send 8 = 3; send 5 = EAGAIN; now = 0; poll OUT 10ms = OUT; send 5 = 5",
		  "0 done 8" },
		{ "short, wait, reset", "write 8",
		  "send 8 = 3; send 5 = EAGAIN; poll OUT forever = ERR|HUP; send 5 = ECONNRESET",
		  "ECONNRESET done 3" },
		{ "never writable again", "deadline_at 10ms; write 8",
		  "send 8 = 3; send 5 = EAGAIN; now = 0; poll OUT 10ms = 0; now = 10ms",
		  "VET_EDEADLINE done 3" },
		{ "one deadline for all of it", "deadline_at 10ms; write 8",
		  "send 8 = EAGAIN; now = 2ms; poll OUT 8ms = OUT; send 8 = 3; send 5 = EAGAIN; now = 7ms; poll OUT 3ms = OUT; send 5 = 5",
		  "0 done 8" },
		{ "two writes, one stream", "write 8; write 5",
		  "send 8 = 8; send 5 = 2; send 3 = 3", "0 done 8; 0 done 5" },
		{ "nobody asks, and all is done", "write 8 blind", "send 8 = 8", "0" },
		{ "nobody asks, and nothing is wanted", "write 0 blind", "", "0" },
		{ "nobody asks how much was done", "write 8 blind", "send 8 = 3; send 5 = EPIPE",
		  "EPIPE" },
		{ "a greater size than one call may be given", "write 2147483648",
		  "send 2147479552 = EPIPE", "EPIPE done 0" },
		{ "a count that cannot be", "write 8", "send 8 = 9 beyond", "EIO done 0" },
		{ "a count that cannot be, after progress", "write 8",
		  "send 8 = 3; send 5 = 6 beyond", "EIO done 3" },
	};
	(void)state;
	play(&stream4, rows, COUNT(rows));
}

static void rule_7_every_short_count_is_followed_by_exactly_the_rest(void **state)
{
	(void)state;
	for (int n = 1; n < 8; n++) {
		play_made(&stream4, "write 8", "0 done 8", "send 8 = %d; send %d = %d", n, 8 - n,
			  8 - n);
		play_made(
			&stream6, "write 8", "0 done 8",
			"send 8 = %d; send %d = EINTR; send %d = EAGAIN; poll OUT forever = OUT; send %d = %d",
			n, 8 - n, 8 - n, 8 - n, 8 - n);
		play_made(&stream4, "send_file_range 0 8", "0 done 8",
			  "sendfile @0 8 = %d; sendfile @%d %d = %d", n, n, 8 - n, 8 - n);
	}
	for (int first = 1; first < 7; first++)
		for (int second = 1; first + second < 8; second++)
			play_made(&stream4, "write 8", "0 done 8",
				  "send 8 = %d; send %d = %d; send %d = %d", first, 8 - first,
				  second, 8 - first - second, 8 - first - second);
}

static void rule_7_write_some_returns_what_one_call_took(void **state)
{
	static const struct row rows[] = {
		{ "all", "write_some 8", "send 8 = 8", "8" },
		{ "some", "write_some 8", "send 8 = 3", "3" },
		{ "after a wait", "write_some 8",
		  "send 8 = EAGAIN; poll OUT forever = OUT; send 8 = 3", "3" },
		{ "one, after a wait", "write_some 8",
		  "send 8 = EAGAIN; poll OUT forever = OUT; send 8 = 1", "1" },
		{ "one at once", "write_some 8", "send 8 = 1", "1" },
		{ "no bytes make no call", "write_some 0", "", "0" },
		{ "a greater size than one call may be given", "write_some 2147483648",
		  "send 2147479552 = 5", "5" },
		{ "none, then some", "write_some 8",
		  "send 8 = 0; poll OUT forever = OUT; send 8 = 3", "3" },
		{ "none twice", "write_some 8", "send 8 = 0; poll OUT forever = OUT; send 8 = 0",
		  "EIO" },
		{ "a count that cannot be", "write_some 8", "send 8 = 9 beyond", "EIO" },
	};
	(void)state;
	play(&stream4, rows, COUNT(rows));
}

/* None of 8 is no count of a stream: rule 4. */
static void rule_7_write_some_and_send_to_return_every_short_count(void **state)
{
	(void)state;
	for (int n = 1; n <= 8; n++) {
		char want[16];
		snprintf(want, sizeof want, "%d", n);
		play_made(&stream4, "write_some 8", want, "send 8 = %d", n);
		play_made(&stream6, "write_some 8", want,
			  "send 8 = EINTR; send 8 = EAGAIN; poll OUT forever = OUT; send 8 = %d",
			  n);
		play_made(&stream4, "send_to 8 1.2.3.4:80", want, "sendto 8 1.2.3.4:80 = %d", n);
		play_made(
			&stream6, "send_to 8 [::1]:80", want,
			"sendto 8 [::1]:80 = EINTR; sendto 8 [::1]:80 = EAGAIN; poll OUT forever = OUT; sendto 8 [::1]:80 = %d",
			n);
	}
}

static void rule_7_print_is_one_gather_write_that_may_be_cut_anywhere(void **state)
{
	static const struct row rows[] = {
		{ "all at once", "print 7", "sendv 7+1 = 8", "0 done 8" },
		{ "only the newline", "print 0", "sendv 1 = 1", "0 done 1" },
		{ "a byte at a time", "print 3",
		  "sendv 3+1 = 1; sendv 2+1 = 1; sendv 1+1 = 1; sendv 1 = 1", "0 done 4" },
		{ "a signal between the parts", "print 3",
		  "sendv 3+1 = 3; sendv 1 = EINTR; sendv 1 = 1", "0 done 4" },
		{ "the peer goes before the newline", "print 3", "sendv 3+1 = 3; sendv 1 = EPIPE",
		  "EPIPE done 3" },
		{ "nobody asks how much was done", "print 3 blind", "sendv 3+1 = 4", "0" },
		{ "SIZE_MAX bytes, more than can be counted: no call", "print -1", "",
		  "EINVAL done 0" },
		{ "a greater size than one call may be given", "print 2147483648",
		  "sendv 2147479552 = EPIPE", "EPIPE done 0" },
		{ "the greatest that one call may be given, and the newline", "print 2147479552",
		  "sendv 2147479552 = EPIPE", "EPIPE done 0" },
		{ "one less", "print 2147479551", "sendv 2147479551+1 = EPIPE", "EPIPE done 0" },
		{ "a count that cannot be", "print 3", "sendv 3+1 = 5 beyond", "EIO done 0" },
		{ "a count that cannot be, after progress", "print 3",
		  "sendv 3+1 = 2; sendv 1+1 = 3 beyond", "EIO done 2" },
		{ "none twice", "print 3", "sendv 3+1 = 0; poll OUT forever = OUT; sendv 3+1 = 0",
		  "EIO done 0" },
		{ "flushing does nothing", "print 3; flush", "sendv 3+1 = 4", "0 done 4; 0" },
	};
	(void)state;
	play(&stream4, rows, COUNT(rows));
	for (int n = 1; n < 7; n++)
		play_made(&stream4, "print 7", "0 done 8", "sendv 7+1 = %d; sendv %d+1 = %d", n,
			  7 - n, 8 - n);
}

static void rule_4_a_stream_that_takes_none_of_something_twice_is_an_error(void **state)
{
	static const struct row rows[] = {
		{ "once", "write 8", "send 8 = 0; poll OUT forever = OUT; send 8 = 8", "0 done 8" },
		{ "twice", "write 8", "send 8 = 0; poll OUT forever = OUT; send 8 = 0",
		  "EIO done 0" },
		{ "twice, with a signal between", "write 8",
		  "send 8 = 0; poll OUT forever = OUT; send 8 = EINTR; send 8 = 0", "EIO done 0" },
		{ "twice, with a wait between", "write 8",
		  "send 8 = 0; poll OUT forever = OUT; send 8 = EAGAIN; poll OUT forever = OUT; send 8 = 0",
		  "EIO done 0" },
		{ "twice, with progress between", "write 8",
		  "send 8 = 0; poll OUT forever = OUT; send 8 = 3; send 5 = 0; poll OUT forever = OUT; send 5 = 5",
		  "0 done 8" },
		{ "after progress", "write 8",
		  "send 8 = 3; send 5 = 0; poll OUT forever = OUT; send 5 = 0", "EIO done 3" },
		{ "waits within the deadline", "deadline_at 10ms; write 8",
		  "send 8 = 0; now = 1ms; poll OUT 9ms = 0; now = 10ms", "VET_EDEADLINE done 0" },
		{ "to an address", "send_to 8 1.2.3.4:80",
		  "sendto 8 1.2.3.4:80 = 0; poll OUT forever = OUT; sendto 8 1.2.3.4:80 = 0",
		  "EIO" },
	};
	(void)state;
	play(&stream4, rows, COUNT(rows));
}

static void rule_9_a_datagram_is_sent_by_one_call(void **state)
{
	static const struct row rows[] = {
		{ "write", "write 8", "send 8 = 8", "0 done 8" },
		{ "write, empty", "write 0", "send 0 = 0", "0 done 0" },
		{ "write, cut", "write 8", "send 8 = 3", "EMSGSIZE done 3" },
		{ "write, cut to nothing", "write 8", "send 8 = 0", "EMSGSIZE done 0" },
		{ "write, too large", "write 65508", "send 65508 = EMSGSIZE", "EMSGSIZE done 0" },
		{ "write, larger than any call", "write 2147483648", "", "EMSGSIZE done 0" },
		{ "write, the greatest for any call", "write 2147479552",
		  "send 2147479552 = EMSGSIZE", "EMSGSIZE done 0" },
		{ "send_to, the greatest for any call", "send_to 2147479552 1.2.3.4:80",
		  "sendto 2147479552 1.2.3.4:80 = EMSGSIZE", "EMSGSIZE" },
		{ "print, the greatest for any call", "print 2147479551",
		  "sendv 2147479551+1 = EMSGSIZE", "EMSGSIZE done 0" },
		{ "write_some", "write_some 8", "send 8 = 8", "8" },
		{ "write_some, empty", "write_some 0", "send 0 = 0", "0" },
		{ "write_some, cut", "write_some 8", "send 8 = 3", "3" },
		{ "print", "print 7", "sendv 7+1 = 8", "0 done 8" },
		{ "print, empty", "print 0", "sendv 0+1 = 1", "0 done 1" },
		{ "print, cut", "print 7", "sendv 7+1 = 7", "EMSGSIZE done 7" },
		{ "print, larger than any call", "print 2147483647", "", "EMSGSIZE done 0" },
		{ "print, the greatest with its newline", "print 2147479552", "",
		  "EMSGSIZE done 0" },
		{ "send_to", "send_to 8 1.2.3.4:80", "sendto 8 1.2.3.4:80 = 8", "8" },
		{ "send_to, empty", "send_to 0 1.2.3.4:80", "sendto 0 1.2.3.4:80 = 0", "0" },
		{ "send_to, cut", "send_to 8 1.2.3.4:80", "sendto 8 1.2.3.4:80 = 3", "3" },
		{ "send_to, larger than any call", "send_to 2147483648 1.2.3.4:80", "",
		  "EMSGSIZE" },
		{ "write, a count that cannot be", "write 8", "send 8 = 9 beyond", "EIO done 0" },
		{ "write after a wait, a count that cannot be", "write 8",
		  "send 8 = EINTR; send 8 = 9 beyond", "EIO done 0" },
		{ "print, a count that cannot be", "print 7", "sendv 7+1 = 9 beyond",
		  "EIO done 0" },
		{ "send_to, a count that cannot be", "send_to 8 1.2.3.4:80",
		  "sendto 8 1.2.3.4:80 = 9 beyond", "EIO" },
		{ "nobody asks how much was done", "write 8 blind; print 7 blind",
		  "send 8 = 8; sendv 7+1 = 3", "0; EMSGSIZE" },
		{ "send_to, refused earlier", "send_to 8 1.2.3.4:80",
		  "sendto 8 1.2.3.4:80 = ECONNREFUSED", "ECONNREFUSED" },
		{ "send_to an address of the other family", "send_to 8 [::1]:80", "",
		  "EAFNOSUPPORT" },
		{ "send_to no address", "send_to 8 none", "", "EAFNOSUPPORT" },
		{ "send_to a port that is none", "send_to 8 1.2.3.4:65536", "", "EINVAL" },
		{ "send_to IPv4 with a zone", "send_to 8 1.2.3.4%2:80", "", "EINVAL" },
		{ "send_to the greatest port", "send_to 8 1.2.3.4:65535",
		  "sendto 8 1.2.3.4:65535 = 8", "8" },
	};
	(void)state;
	play(&datagram4, rows, COUNT(rows));
}

static void rule_9_write_some_and_send_to_return_every_count_of_a_datagram(void **state)
{
	(void)state;
	for (int n = 0; n <= 8; n++) {
		char want[16];
		snprintf(want, sizeof want, "%d", n);
		play_made(&datagram4, "write_some 8", want, "send 8 = %d", n);
		play_made(&datagram4, "send_to 8 1.2.3.4:80", want, "sendto 8 1.2.3.4:80 = %d", n);
		play_made(&datagram6, "send_to 8 [::1]:80", want, "sendto 8 [::1]:80 = %d", n);
	}
}

static void rule_9_datagrams_of_ipv6_and_streams_to_an_address(void **state)
{
	static const struct row on_ipv6[] = {
		{ "send_to a zone", "send_to 8 [fe80::1%2]:80", "sendto 8 [fe80::1%2]:80 = 8",
		  "8" },
		{ "send_to a mapped address", "send_to 8 [::ffff:1.2.3.4]:80",
		  "sendto 8 [::ffff:1.2.3.4]:80 = 8", "8" },
		{ "send_to IPv4", "send_to 8 1.2.3.4:80", "", "EAFNOSUPPORT" },
	};
	static const struct row on_stream[] = {
		{ "some are enough", "send_to 8 1.2.3.4:80", "sendto 8 1.2.3.4:80 = 3", "3" },
		{ "no bytes make no call", "send_to 0 1.2.3.4:80", "", "0" },
		{ "a greater size than one call may be given", "send_to 2147483648 1.2.3.4:80",
		  "sendto 2147479552 1.2.3.4:80 = 5", "5" },
		{ "one is enough", "send_to 8 1.2.3.4:80; send_to 8 1.2.3.4:80",
		  "sendto 8 1.2.3.4:80 = 1; sendto 8 1.2.3.4:80 = EINTR; sendto 8 1.2.3.4:80 = 1",
		  "1; 1" },
		{ "some are enough after a signal", "send_to 8 1.2.3.4:80",
		  "sendto 8 1.2.3.4:80 = EINTR; sendto 8 1.2.3.4:80 = 3", "3" },
		{ "a count that cannot be", "send_to 8 1.2.3.4:80",
		  "sendto 8 1.2.3.4:80 = 9 beyond", "EIO" },
		{ "connected", "send_to 8 1.2.3.4:80", "sendto 8 1.2.3.4:80 = EISCONN", "EISCONN" },
	};
	(void)state;
	play(&datagram6, on_ipv6, COUNT(on_ipv6));
	play(&stream4, on_stream, COUNT(on_stream));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule_7_write_sends_every_byte_once_whatever_the_short_counts),
		cmocka_unit_test(rule_7_every_short_count_is_followed_by_exactly_the_rest),
		cmocka_unit_test(rule_7_write_some_returns_what_one_call_took),
		cmocka_unit_test(rule_7_write_some_and_send_to_return_every_short_count),
		cmocka_unit_test(rule_7_print_is_one_gather_write_that_may_be_cut_anywhere),
		cmocka_unit_test(rule_4_a_stream_that_takes_none_of_something_twice_is_an_error),
		cmocka_unit_test(rule_9_a_datagram_is_sent_by_one_call),
		cmocka_unit_test(rule_9_write_some_and_send_to_return_every_count_of_a_datagram),
		cmocka_unit_test(rule_9_datagrams_of_ipv6_and_streams_to_an_address),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
