/* SPDX-License-Identifier: 0BSD */
/* Options applied to a socket, and read from one: the calls that are made, and what comes of them. */
#include "stage.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void options_are_set_in_the_order_of_the_table(void **state)
{
	static const struct row rows[] = {
		{ "none", "apply", "", "0" },
		{ "one", "apply no-delay", "setsockopt TCP_NODELAY 1 = 0", "0" },
		{ "as written", "apply keepalive,no-delay=off,ttl=64",
		  "setsockopt SO_KEEPALIVE 1 = 0; setsockopt TCP_NODELAY 0 = 0; setsockopt IP_TTL 64 = 0",
		  "0" },
		{ "written backwards", "apply ttl=64,no-no-delay,keepalive",
		  "setsockopt SO_KEEPALIVE 1 = 0; setsockopt TCP_NODELAY 0 = 0; setsockopt IP_TTL 64 = 0",
		  "0" },
		{ "each kind",
		  "apply bind-to-device=lo,linger=5s,send-buffer=1KiB,keepalive-count=3",
		  "setsockopt TCP_KEEPCNT 3 = 0; setsockopt SO_LINGER linger 1 5 = 0; "
		  "setsockopt SO_SNDBUF 1024 = 0; setsockopt SO_BINDTODEVICE text lo = 0",
		  "0" },
		{ "linger off, and a text that is empty", "apply linger=off,bind-to-device=",
		  "setsockopt SO_LINGER linger 0 0 = 0; setsockopt SO_BINDTODEVICE text = 0", "0" },
		{ "durations are rounded up",
		  "apply keepalive-time=1ns,keepalive-interval=1001ms,user-timeout=1us,linger=1ns",
		  "setsockopt TCP_KEEPIDLE 1 = 0; setsockopt TCP_KEEPINTVL 2 = 0; "
		  "setsockopt SO_LINGER linger 1 1 = 0; setsockopt TCP_USER_TIMEOUT 1 = 0",
		  "0" },
	};

	(void)state;
	play(&stream4, rows, COUNT(rows));
}

static void an_ipv6_socket_sets_its_own_options_and_those_of_mapped_peers(void **state)
{
	static const struct row rows[] = {
		{ "its own", "apply only-ipv6=off,multicast-ttl=2",
		  "setsockopt IPV6_V6ONLY 0 = 0; setsockopt IPV6_MULTICAST_HOPS 2 = 0", "0" },
		{ "both", "apply ttl=3,cork",
		  "setsockopt IPV6_UNICAST_HOPS 3 = 0; setsockopt IP_TTL 3 = 0; setsockopt TCP_CORK 1 = 0",
		  "0" },
		{ "the second call fails", "apply ttl=3,cork",
		  "setsockopt IPV6_UNICAST_HOPS 3 = 0; setsockopt IP_TTL 3 = EPERM",
		  "EPERM at ttl" },
	};

	(void)state;
	play(&stream6, rows, COUNT(rows));
}

static void the_first_setter_that_fails_ends_it_and_is_told(void **state)
{
	static const struct row rows[] = {
		{ "the only one", "apply priority=7", "setsockopt SO_PRIORITY 7 = EPERM",
		  "EPERM at priority" },
		{ "the first", "apply broadcast,cork", "setsockopt SO_BROADCAST 1 = ENOBUFS",
		  "ENOBUFS at broadcast" },
		{ "one between: nothing is undone", "apply keepalive,linger=0s,ttl=1",
		  "setsockopt SO_KEEPALIVE 1 = 0; setsockopt SO_LINGER linger 1 0 = EINVAL",
		  "EINVAL at linger" },
		{ "the last", "apply keepalive,congestion=none",
		  "setsockopt SO_KEEPALIVE 1 = 0; setsockopt TCP_CONGESTION text none = ENOENT",
		  "ENOENT at congestion" },
		{ "one that the kernel does not know", "apply cork,ttl=9",
		  "setsockopt IP_TTL 9 = 0; setsockopt TCP_CORK 1 = ENOPROTOOPT",
		  "ENOPROTOOPT at cork" },
	};

	(void)state;
	play(&stream4, rows, COUNT(rows));
}

static void nothing_is_set_where_one_cannot_be(void **state)
{
	static const struct row rows[] = {
		{ "out of range, the last", "apply broadcast,keepalive ttl 256", "",
		  "EINVAL at ttl" },
		{ "out of range, the first", "apply ttl=1 broadcast 2", "", "EINVAL at broadcast" },

		{ "a duration of zero", "apply keepalive keepalive-time 0", "",
		  "EINVAL at keepalive-time" },
		{ "a duration that is negative", "apply keepalive user-timeout -1", "",
		  "EINVAL at user-timeout" },
		{ "linger, negative but not off", "apply keepalive linger -2", "",
		  "EINVAL at linger" },
		{ "a text that is empty", "apply keepalive congestion 0", "",
		  "EINVAL at congestion" },
		{ "read only", "apply keepalive type 1", "", "EINVAL at type" },
		{ "beyond the table", "apply keepalive what 0", "", "EINVAL at 30" },
		{ "of the other family", "apply keepalive,only-ipv6,ttl=1", "",
		  "ENOPROTOOPT at only-ipv6" },
		{ "a value comes before the family", "apply only-ipv6 ttl 0", "", "EINVAL at ttl" },
	};

	(void)state;
	play(&stream4, rows, COUNT(rows));
}

static void a_closed_socket_makes_no_call(void **state)
{
	static const struct row rows[] = {
		{ "set", "apply keepalive", "", "EBADF" },
		{ "set nothing", "apply", "", "EBADF" },
		{ "set what cannot be", "apply keepalive ttl 0", "", "EBADF" },
		{ "read", "read_options", "", "EBADF" },
	};

	(void)state;
	play(&closed, rows, COUNT(rows));
}

static void where_it_failed_need_not_be_asked(void **state)
{
	struct vet_options options = { .given = UINT64_C(1) << 40 };
	struct vet_socket s = { 0 };
	size_t failed = 77;

	(void)state;
	assert_int_equal(vet_options_apply(&s, &options, &failed), -EBADF);
	assert_true(failed == VET_NO_OPTION);
	assert_int_equal(vet_options_apply(&s, &options, NULL), -EBADF);
	assert_int_equal(vet_options_read(&s, &options, NULL), -EBADF);
	assert_true(options.given == 0);
}

/* ---- read ---- */

#define BASE \
	"getsockopt SO_BROADCAST = value 0; getsockopt SO_KEEPALIVE = value 1; " \
	"getsockopt TCP_KEEPIDLE = value 7200; getsockopt TCP_KEEPINTVL = value 75; " \
	"getsockopt TCP_KEEPCNT = value 9; "
#define REST4 \
	"getsockopt TCP_NODELAY = value 4; getsockopt SO_RCVBUF = value 131072; " \
	"getsockopt SO_SNDBUF = value 16384; getsockopt SO_REUSEADDR = value 0; " \
	"getsockopt SO_REUSEPORT = ENOPROTOOPT; getsockopt IP_TTL = value 64; " \
	"getsockopt TCP_USER_TIMEOUT = value 0; getsockopt SO_RCVLOWAT = value 1; " \
	"getsockopt IP_TOS = value 0; getsockopt IP_MULTICAST_TTL = value 1; " \
	"getsockopt IP_MULTICAST_LOOP = value 1; getsockopt TCP_QUICKACK = EOPNOTSUPP; " \
	"getsockopt TCP_CORK = value 0; getsockopt TCP_DEFER_ACCEPT = value 0; " \
	"getsockopt TCP_FASTOPEN = value 0; getsockopt TCP_CONGESTION = text cubic; " \
	"getsockopt SO_BINDTODEVICE = text length 0; getsockopt SO_PRIORITY = value 0"
#define TEXT4(time, linger) \
	"0 broadcast=off,keepalive,keepalive-time=" time \
	",keepalive-interval=75s,keepalive-count=9," linger \
	"no-delay,receive-buffer=128KiB,send-buffer=16KiB,reuse-address=off,ttl=64," \
	"user-timeout=0s,receive-low-water=1,type-of-service=0,multicast-ttl=1,multicast-loop," \
	"cork=off,defer-accept=0s,fast-open=0,congestion=cubic,bind-to-device=,priority=0"

static void what_can_be_set_is_read_and_what_is_not_known_left_out(void **state)
{
	static const struct row rows[] = {
		{ "linger off", "read_options", BASE "getsockopt SO_LINGER = linger 0 5; " REST4,
		  TEXT4("2h", "linger=off,") },
		{ "linger", "read_options", BASE "getsockopt SO_LINGER = linger 1 5; " REST4,
		  TEXT4("2h", "linger=5s,") },
		{ "linger is not known", "read_options",
		  BASE "getsockopt SO_LINGER = ENOPROTOOPT; " REST4, TEXT4("2h", "") },
	};

	(void)state;
	play(&stream4, rows, COUNT(rows));
}

static void an_ipv6_socket_reads_its_own(void **state)
{
	(void)state;
	play_made(&stream6, "read_options", "EPERM at ttl",
		  BASE "getsockopt SO_LINGER = linger 1 0; getsockopt TCP_NODELAY = value 0; "
		       "getsockopt IPV6_V6ONLY = value 1; getsockopt SO_RCVBUF = value 1; "
		       "getsockopt SO_SNDBUF = value 1; getsockopt SO_REUSEADDR = value 0; "
		       "getsockopt SO_REUSEPORT = value 1; getsockopt IPV6_UNICAST_HOPS = %s",
		  "EPERM");
}

static void a_getter_that_fails_ends_it_with_nothing_read(void **state)
{
	static const struct row rows[] = {
		{ "the first", "read_options", "getsockopt SO_BROADCAST = EACCES",
		  "EACCES at broadcast" },
		{ "a value of an impossible size", "read_options",
		  BASE "getsockopt SO_LINGER = linger 1 5 length 3", "EIO at linger" },
		{ "a value that no text gives is read all the same", "read_options",
		  "getsockopt SO_BROADCAST = value 0; getsockopt SO_KEEPALIVE = value 1; "
		  "getsockopt TCP_KEEPIDLE = value 40000; getsockopt TCP_KEEPINTVL = value 75; "
		  "getsockopt TCP_KEEPCNT = value 9; getsockopt SO_LINGER = linger 0 0; " REST4,
		  "0 (no text)" },
	};

	(void)state;
	play(&stream4, rows, COUNT(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_are_set_in_the_order_of_the_table),
		cmocka_unit_test(an_ipv6_socket_sets_its_own_options_and_those_of_mapped_peers),
		cmocka_unit_test(the_first_setter_that_fails_ends_it_and_is_told),
		cmocka_unit_test(nothing_is_set_where_one_cannot_be),
		cmocka_unit_test(a_closed_socket_makes_no_call),
		cmocka_unit_test(where_it_failed_need_not_be_asked),
		cmocka_unit_test(what_can_be_set_is_read_and_what_is_not_known_left_out),
		cmocka_unit_test(an_ipv6_socket_reads_its_own),
		cmocka_unit_test(a_getter_that_fails_ends_it_with_nothing_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
