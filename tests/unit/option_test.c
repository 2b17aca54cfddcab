/* SPDX-License-Identifier: 0BSD */
/* Rule 13: options, what they are called, how they are rounded, and what is refused before any
 * call. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Each option once: set to something, and got again, on IPv4 and on IPv6. */
static void rule_13_each_option_is_set_and_got_by_one_call(void **state)
{
	static const struct option_row {
		const char *name, *value, *call4, *call6, *raw; /* raw: as the system holds it */
	} rows[] = {
		{ "broadcast", "1", "SO_BROADCAST", "SO_BROADCAST", "1" },
		{ "keepalive", "1", "SO_KEEPALIVE", "SO_KEEPALIVE", "1" },
		{ "no_delay", "0", "TCP_NODELAY", "TCP_NODELAY", "0" },
		{ "only_ipv6", "1", NULL, "IPV6_V6ONLY", "1" },
		{ "reuse_address", "1", "SO_REUSEADDR", "SO_REUSEADDR", "1" },
		{ "reuse_port", "1", "SO_REUSEPORT", "SO_REUSEPORT", "1" },
		{ "multicast_loop", "0", "IP_MULTICAST_LOOP", "IPV6_MULTICAST_LOOP", "0" },
		{ "quick_ack", "1", "TCP_QUICKACK", "TCP_QUICKACK", "1" },
		{ "cork", "1", "TCP_CORK", "TCP_CORK", "1" },
		{ "keepalive_count", "9", "TCP_KEEPCNT", "TCP_KEEPCNT", "9" },
		{ "receive_buffer_size", "65536", "SO_RCVBUF", "SO_RCVBUF", "65536" },
		{ "send_buffer_size", "2147483647", "SO_SNDBUF", "SO_SNDBUF", "2147483647" },
		{ "receive_low_water", "100", "SO_RCVLOWAT", "SO_RCVLOWAT", "100" },
		{ "multicast_ttl", "0", "IP_MULTICAST_TTL", "IPV6_MULTICAST_HOPS", "0" },
		{ "fast_open", "5", "TCP_FASTOPEN", "TCP_FASTOPEN", "5" },
		{ "priority", "6", "SO_PRIORITY", "SO_PRIORITY", "6" },
		{ "keepalive_time", "30s", "TCP_KEEPIDLE", "TCP_KEEPIDLE", "30" },
		{ "keepalive_interval", "7s", "TCP_KEEPINTVL", "TCP_KEEPINTVL", "7" },
		{ "user_timeout", "1500ms", "TCP_USER_TIMEOUT", "TCP_USER_TIMEOUT", "1500" },
		{ "defer_accept", "3s", "TCP_DEFER_ACCEPT", "TCP_DEFER_ACCEPT", "3" },
	};
	char act[128], want[64];
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct option_row *row = &rows[i];
		snprintf(act, sizeof act, "set %s %s; get %s", row->name, row->value, row->name);
		snprintf(want, sizeof want, "0; 0 %s", row->value);
		if (row->call4 != NULL)
			play_made(&stream4, act, want,
				  "setsockopt %s %s = 0; getsockopt %s = value %s", row->call4,
				  row->raw, row->call4, row->raw);
		play_made(&stream6, act, want, "setsockopt %s %s = 0; getsockopt %s = value %s",
			  row->call6, row->raw, row->call6, row->raw);
	}
}

static const struct row durations[] = {
	{ "a nanosecond", "set keepalive_time 1ns", "setsockopt TCP_KEEPIDLE 1 = 0", "0" },
	{ "a second and a nanosecond", "set keepalive_time 1000000001ns",
	  "setsockopt TCP_KEEPIDLE 2 = 0", "0" },
	{ "a second", "set keepalive_interval 1s", "setsockopt TCP_KEEPINTVL 1 = 0", "0" },
	{ "zero is refused", "set keepalive_time 0; set keepalive_interval 0", "",
	  "EINVAL; EINVAL" },
	{ "negative, but not a second", "set keepalive_time -1ns", "", "EINVAL" },
	{ "the greatest", "set keepalive_time 32767s", "setsockopt TCP_KEEPIDLE 32767 = 0", "0" },
	{ "and a nanosecond more", "set keepalive_time 32767000000001ns", "", "EINVAL" },
	{ "the greatest duration of all",
	  "set keepalive_time greatest; set user_timeout greatest; set linger greatest", "",
	  "EINVAL; EINVAL; EINVAL" },
	{ "milliseconds", "set user_timeout 1ns; set user_timeout 1000001ns; set user_timeout 0",
	  "setsockopt TCP_USER_TIMEOUT 1 = 0; setsockopt TCP_USER_TIMEOUT 2 = 0; setsockopt TCP_USER_TIMEOUT 0 = 0",
	  "0; 0; 0" },
	{ "milliseconds, the greatest",
	  "set user_timeout 2147483647ms; set user_timeout 2147483648ms",
	  "setsockopt TCP_USER_TIMEOUT 2147483647 = 0", "0; EINVAL" },
	{ "seconds that may be zero",
	  "set defer_accept 0; set defer_accept 1ms; set defer_accept -1s",
	  "setsockopt TCP_DEFER_ACCEPT 0 = 0; setsockopt TCP_DEFER_ACCEPT 1 = 0", "0; 0; EINVAL" },
	{ "a getter gives what the system holds", "get keepalive_time; get user_timeout",
	  "getsockopt TCP_KEEPIDLE = value 7200; getsockopt TCP_USER_TIMEOUT = value 2147483647",
	  "0 7200s; 0 2147483647ms" },
	{ "linger off", "set linger off; get linger",
	  "setsockopt SO_LINGER linger 0 0 = 0; getsockopt SO_LINGER = linger 0 5", "0; 0 off" },
	{ "linger zero: reset at close", "set linger 0; get linger",
	  "setsockopt SO_LINGER linger 1 0 = 0; getsockopt SO_LINGER = linger 1 0", "0; 0 0" },
	{ "linger of a nanosecond is no reset", "set linger 1ns",
	  "setsockopt SO_LINGER linger 1 1 = 0", "0" },
	{ "linger", "set linger 5s; get linger",
	  "setsockopt SO_LINGER linger 1 5 = 0; getsockopt SO_LINGER = linger 1 5", "0; 0 5s" },
	{ "linger, the greatest", "set linger 2147483647s; set linger 2147483648s",
	  "setsockopt SO_LINGER linger 1 2147483647 = 0", "0; EINVAL" },
	{ "linger, negative but not off", "set linger -2ns; set linger -1s", "", "EINVAL; EINVAL" },
	{ "linger of a time that cannot be", "get linger", "getsockopt SO_LINGER = linger 1 -5",
	  "EIO" },
	{ "linger that the system does not know", "get linger; set linger 5s",
	  "getsockopt SO_LINGER = ENOPROTOOPT; setsockopt SO_LINGER linger 1 5 = ENOPROTOOPT",
	  "ENOPROTOOPT; ENOPROTOOPT" },
	{ "another way in which Linux says so", "get linger; get no_delay",
	  "getsockopt SO_LINGER = EOPNOTSUPP; getsockopt TCP_NODELAY = EOPNOTSUPP",
	  "ENOPROTOOPT; ENOPROTOOPT" },
	{ "linger longer than its room", "get linger", "getsockopt SO_LINGER = linger 1 5 length 9",
	  "EIO" },
	{ "linger of an impossible size", "get linger",
	  "getsockopt SO_LINGER = linger 1 5 length 4", "EIO" },
};

static void rule_13_durations_are_rounded_up_and_never_become_zero(void **state)
{
	(void)state;
	play(&stream4, durations, COUNT(durations));
}

static void rule_13_what_is_out_of_range_is_refused_before_any_call(void **state)
{
	static const struct row rows[] = {
		{ "a ttl", "set ttl 0; set ttl 256; set ttl -1; set ttl 4294967297", "",
		  "EINVAL; EINVAL; EINVAL; EINVAL" },
		{ "a type of service", "set type_of_service -1; set type_of_service 256", "",
		  "EINVAL; EINVAL" },
		{ "a multicast ttl", "set multicast_ttl -1; set multicast_ttl 256", "",
		  "EINVAL; EINVAL" },
		{ "a count of probes", "set keepalive_count 0; set keepalive_count 128", "",
		  "EINVAL; EINVAL" },
		{ "a size", "set receive_buffer_size -1; set send_buffer_size 2147483648", "",
		  "EINVAL; EINVAL" },
		{ "a low water", "set receive_low_water 0; set receive_low_water 2147483648", "",
		  "EINVAL; EINVAL" },
		{ "a number of connections", "set fast_open -1; set fast_open 4294967296", "",
		  "EINVAL; EINVAL" },
		{ "a priority", "set priority -1; set priority 2147483648", "", "EINVAL; EINVAL" },
		{ "the least that is in range",
		  "set ttl 1; set type_of_service 0; set multicast_ttl 0; set keepalive_count 1; set receive_buffer_size 0",
		  "setsockopt IP_TTL 1 = 0; setsockopt IP_TOS 0 = 0; setsockopt IP_MULTICAST_TTL 0 = 0; setsockopt TCP_KEEPCNT 1 = 0; setsockopt SO_RCVBUF 0 = 0",
		  "0; 0; 0; 0; 0" },
		{ "the greatest that is in range",
		  "set ttl 255; set type_of_service 255; set multicast_ttl 255; set keepalive_count 127; set receive_low_water 2147483647",
		  "setsockopt IP_TTL 255 = 0; setsockopt IP_TOS 255 = 0; setsockopt IP_MULTICAST_TTL 255 = 0; setsockopt TCP_KEEPCNT 127 = 0; setsockopt SO_RCVLOWAT 2147483647 = 0",
		  "0; 0; 0; 0; 0" },
	};
	(void)state;
	play(&stream4, rows, COUNT(rows));
}

static const struct row hops_on_stream[] = {
	{ "ttl", "set ttl 9; get ttl",
	  "setsockopt IPV6_UNICAST_HOPS 9 = 0; setsockopt IP_TTL 9 = 0; getsockopt IPV6_UNICAST_HOPS = value 9",
	  "0; 0 9" },
	{ "type of service", "set type_of_service 8; get type_of_service",
	  "setsockopt IPV6_TCLASS 8 = 0; setsockopt IP_TOS 8 = 0; getsockopt IPV6_TCLASS = value 8",
	  "0; 0 8" },
	{ "the first fails: no second", "set ttl 9", "setsockopt IPV6_UNICAST_HOPS 9 = EINVAL",
	  "EINVAL" },
	{ "only_ipv6 refuses the second: ignored", "set ttl 9",
	  "setsockopt IPV6_UNICAST_HOPS 9 = 0; setsockopt IP_TTL 9 = ENOPROTOOPT; getsockopt IPV6_V6ONLY = value 1",
	  "0" },
	{ "or with EINVAL", "set ttl 9",
	  "setsockopt IPV6_UNICAST_HOPS 9 = 0; setsockopt IP_TTL 9 = EINVAL; getsockopt IPV6_V6ONLY = value 1",
	  "0" },
	{ "there may be mapped peers: the answer", "set ttl 9",
	  "setsockopt IPV6_UNICAST_HOPS 9 = 0; setsockopt IP_TTL 9 = EINVAL; getsockopt IPV6_V6ONLY = value 0",
	  "EINVAL" },
	{ "nobody knows: the answer", "set ttl 9",
	  "setsockopt IPV6_UNICAST_HOPS 9 = 0; setsockopt IP_TTL 9 = ENOPROTOOPT; getsockopt IPV6_V6ONLY = ENOBUFS",
	  "ENOPROTOOPT" },
	{ "another error is the answer", "set type_of_service 9",
	  "setsockopt IPV6_TCLASS 9 = 0; setsockopt IP_TOS 9 = EPERM", "EPERM" },
};

static const struct row hops_on_raw[] = {
	{ "a raw socket has no mapped peers", "set ttl 9",
	  "setsockopt IPV6_UNICAST_HOPS 9 = 0; setsockopt IP_TTL 9 = ENOPROTOOPT", "0" },
	{ "another error is the answer", "set ttl 9",
	  "setsockopt IPV6_UNICAST_HOPS 9 = 0; setsockopt IP_TTL 9 = ENOBUFS", "ENOBUFS" },
};

static const struct row hops_on_ipv4[] = {
	{ "one call on IPv4", "set ttl 9; get ttl; set type_of_service 8; get type_of_service",
	  "setsockopt IP_TTL 9 = 0; getsockopt IP_TTL = value 9; setsockopt IP_TOS 8 = 0; getsockopt IP_TOS = value 8",
	  "0; 0 9; 0; 0 8" },
	{ "whose error is the answer", "set ttl 9", "setsockopt IP_TTL 9 = ENOPROTOOPT",
	  "ENOPROTOOPT" },
	{ "only_ipv6 is none of it: no call", "set only_ipv6 1; get only_ipv6", "",
	  "ENOPROTOOPT; ENOPROTOOPT" },
};

static void rule_13_ttl_and_type_of_service_reach_mapped_peers_too(void **state)
{
	(void)state;
	play(&stream6, hops_on_stream, COUNT(hops_on_stream));
	play(&datagram6, hops_on_stream, COUNT(hops_on_stream));
	play(&raw6, hops_on_raw, COUNT(hops_on_raw));
	play(&datagram4, hops_on_ipv4, COUNT(hops_on_ipv4));
}

static void rule_13_what_a_getter_cannot_get_is_an_error(void **state)
{
	static const struct row rows[] = {
		{ "a flag of one byte", "get multicast_loop",
		  "getsockopt IP_MULTICAST_LOOP = value 1 length 1", "0 1" },
		{ "a flag is any number but zero", "get broadcast; get broadcast",
		  "getsockopt SO_BROADCAST = value 32; getsockopt SO_BROADCAST = value 0",
		  "0 1; 0 0" },
		{ "a flag of an impossible size", "get broadcast",
		  "getsockopt SO_BROADCAST = value 0 length 8", "EIO" },
		{ "a number of an impossible size", "get ttl",
		  "getsockopt IP_TTL = value 64 length 2", "EIO" },
		{ "a number of no size", "get ttl", "getsockopt IP_TTL = value 64 length 0",
		  "EIO" },
		{ "a duration of an impossible size", "get keepalive_time",
		  "getsockopt TCP_KEEPIDLE = value 64 length 3", "EIO" },
		{ "a system that does not know it", "get cork; set cork 1",
		  "getsockopt TCP_CORK = ENOPROTOOPT; setsockopt TCP_CORK 1 = ENOPROTOOPT",
		  "ENOPROTOOPT; ENOPROTOOPT" },
		{ "a flag, refused", "get broadcast", "getsockopt SO_BROADCAST = ENOBUFS",
		  "ENOBUFS" },
		{ "no error", "get error", "getsockopt SO_ERROR = value 0", "0 0" },
		{ "an error", "get error", "getsockopt SO_ERROR = value ECONNRESET",
		  "0 ECONNRESET" },
		{ "the greatest errno that can be", "get error", "getsockopt SO_ERROR = value 4999",
		  "0 -4999" },
		{ "an error beyond every errno", "get error", "getsockopt SO_ERROR = value 5000",
		  "EIO" },
		{ "an error that is none", "get error", "getsockopt SO_ERROR = value -1", "EIO" },
		{ "whether it listens", "get accepting", "getsockopt SO_ACCEPTCONN = value 1",
		  "0 1" },
		{ "type, domain, protocol as the system numbers them",
		  "get type; get domain; get protocol",
		  "getsockopt SO_TYPE = value 7; getsockopt SO_DOMAIN = value 8; getsockopt SO_PROTOCOL = value 9",
		  "0 7; 0 8; 0 9" },
	};
	(void)state;
	play(&stream4, rows, COUNT(rows));
}

static void rule_13_texts_are_bytes_without_a_terminator(void **state)
{
	static const struct row rows[] = {
		{ "set and got", "set congestion cubic; get congestion",
		  "setsockopt TCP_CONGESTION text cubic = 0; getsockopt TCP_CONGESTION = text cubic length 16",
		  "0; 5 cubic" },
		{ "got without a terminator", "get congestion",
		  "getsockopt TCP_CONGESTION = text cubic length 5", "5 cubic" },
		{ "the longest", "set congestion abcdefghijklmno; get congestion",
		  "setsockopt TCP_CONGESTION text abcdefghijklmno = 0; getsockopt TCP_CONGESTION = text abcdefghijklmno",
		  "0; 15 abcdefghijklmno" },
		{ "the shortest", "set congestion a", "setsockopt TCP_CONGESTION text a = 0", "0" },
		{ "too long",
		  "set congestion abcdefghijklmnop; set bind_to_device abcdefghijklmnop", "",
		  "EINVAL; EINVAL" },
		{ "an empty one is no congestion control", "set congestion", "", "EINVAL" },
		{ "but any device", "set bind_to_device; get bind_to_device",
		  "setsockopt SO_BINDTODEVICE text = 0; getsockopt SO_BINDTODEVICE = text length 0",
		  "0; 0 " },
		{ "a device", "set bind_to_device eth0; get bind_to_device",
		  "setsockopt SO_BINDTODEVICE text eth0 = 0; getsockopt SO_BINDTODEVICE = text eth0",
		  "0; 4 eth0" },
		{ "room for it and its terminator", "get congestion 6",
		  "getsockopt TCP_CONGESTION = text cubic", "5 cubic" },
		{ "too little room: nothing is written", "get congestion 5; get congestion 0",
		  "getsockopt TCP_CONGESTION = text cubic x2",
		  "ENOSPC untouched; ENOSPC untouched" },
		{ "longer than any", "get congestion",
		  "getsockopt TCP_CONGESTION = text cubic length 64", "5 cubic" },
		{ "longer than its room", "get congestion",
		  "getsockopt TCP_CONGESTION = text cubic length 65", "EIO untouched" },
		{ "no such congestion control", "set congestion none",
		  "setsockopt TCP_CONGESTION text none = ENOENT", "ENOENT" },
		{ "not to be got", "get bind_to_device", "getsockopt SO_BINDTODEVICE = ENOPROTOOPT",
		  "ENOPROTOOPT untouched" },
	};
	struct vet_socket s = { .fd = 0 };
	struct script script;
	(void)state;
	play(&stream4, rows, COUNT(rows));
	script_start(&script, true);
	script_follow(&script, "socket INET STREAM 0 = fd");
	assert_int_equal(vet_socket_stream_on(&s, &script.sys, 4), 0);
	assert_string_equal(vet_error_name(vet_socket_set_congestion(&s, "cu\0bic", 6)), "EINVAL");
	assert_null(script_verdict(&script));
}

static void rule_13_groups_are_joined_and_left_by_one_call(void **state)
{
	static const struct row on_ipv4[] = {
		{ "join", "join 224.0.0.251:0 2",
		  "setsockopt IP.MCAST_JOIN_GROUP group 2 224.0.0.251:0 = 0", "0" },
		{ "leave", "leave 239.1.2.3:0 0",
		  "setsockopt IP.MCAST_LEAVE_GROUP group 0 239.1.2.3:0 = 0", "0" },
		{ "joined already", "join 224.0.0.251:0 2",
		  "setsockopt IP.MCAST_JOIN_GROUP group 2 224.0.0.251:0 = EADDRINUSE",
		  "EADDRINUSE" },
		{ "not a group: no call", "join 223.255.255.255:0 0; leave 240.0.0.0:0 0", "",
		  "EINVAL; EINVAL" },
		{ "of the other family: no call", "join [ff02::1]:0 0; leave [ff02::1]:0 0", "",
		  "EAFNOSUPPORT; EAFNOSUPPORT" },
		{ "no address: no call", "join none 0", "", "EAFNOSUPPORT" },
	};
	static const struct row on_ipv6[] = {
		{ "join", "join [ff02::fb]:0 3",
		  "setsockopt IPV6.MCAST_JOIN_GROUP group 3 [ff02::fb]:0 = 0", "0" },
		{ "leave", "leave [ff02::fb]:0 3",
		  "setsockopt IPV6.MCAST_LEAVE_GROUP group 3 [ff02::fb]:0 = EADDRNOTAVAIL",
		  "EADDRNOTAVAIL" },
		{ "not a group: no call", "join [fe80::1]:0 0", "", "EINVAL" },
		{ "of the other family: no call", "join 224.0.0.1:0 0", "", "EAFNOSUPPORT" },
	};
	(void)state;
	play(&datagram4, on_ipv4, COUNT(on_ipv4));
	play(&datagram6, on_ipv6, COUNT(on_ipv6));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule_13_each_option_is_set_and_got_by_one_call),
		cmocka_unit_test(rule_13_durations_are_rounded_up_and_never_become_zero),
		cmocka_unit_test(rule_13_what_is_out_of_range_is_refused_before_any_call),
		cmocka_unit_test(rule_13_ttl_and_type_of_service_reach_mapped_peers_too),
		cmocka_unit_test(rule_13_what_a_getter_cannot_get_is_an_error),
		cmocka_unit_test(rule_13_texts_are_bytes_without_a_terminator),
		cmocka_unit_test(rule_13_groups_are_joined_and_left_by_one_call),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
