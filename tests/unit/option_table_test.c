/* SPDX-License-Identifier: 0BSD */
/* The option table, column by column, as option.h and the manual pages have it; and that each range
 * is the one that its setter keeps to. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cmocka.h>

enum { BOTH = VET_OPTION_ON_IPV4 | VET_OPTION_ON_IPV6 };

/* help: a word that it must have. */
static const struct vet_option rows[] = {
	{ "broadcast",
	  "broadcast",
	  VET_OPTION_FLAG,
	  BOTH,
	  0,
	  1,
	  0,
	  { SOL_SOCKET, SO_BROADCAST },
	  { SOL_SOCKET, SO_BROADCAST },
	  { 0, -1 },
	  "SO_BROADCAST" },
	{ "keepalive",
	  "keepalive",
	  VET_OPTION_FLAG,
	  BOTH,
	  0,
	  1,
	  0,
	  { SOL_SOCKET, SO_KEEPALIVE },
	  { SOL_SOCKET, SO_KEEPALIVE },
	  { 0, -1 },
	  "SO_KEEPALIVE" },
	{ "keepalive_time",
	  "keepalive-time",
	  VET_OPTION_DURATION,
	  BOTH,
	  1,
	  32767,
	  VET_SECONDS(1),
	  { IPPROTO_TCP, TCP_KEEPIDLE },
	  { IPPROTO_TCP, TCP_KEEPIDLE },
	  { 0, -1 },
	  "TCP_KEEPIDLE" },
	{ "keepalive_interval",
	  "keepalive-interval",
	  VET_OPTION_DURATION,
	  BOTH,
	  1,
	  32767,
	  VET_SECONDS(1),
	  { IPPROTO_TCP, TCP_KEEPINTVL },
	  { IPPROTO_TCP, TCP_KEEPINTVL },
	  { 0, -1 },
	  "TCP_KEEPINTVL" },
	{ "keepalive_count",
	  "keepalive-count",
	  VET_OPTION_INTEGER,
	  BOTH,
	  1,
	  127,
	  0,
	  { IPPROTO_TCP, TCP_KEEPCNT },
	  { IPPROTO_TCP, TCP_KEEPCNT },
	  { 0, -1 },
	  "TCP_KEEPCNT" },
	{ "linger",
	  "linger",
	  VET_OPTION_LINGER,
	  BOTH,
	  0,
	  INT32_MAX,
	  VET_SECONDS(1),
	  { SOL_SOCKET, SO_LINGER },
	  { SOL_SOCKET, SO_LINGER },
	  { 0, -1 },
	  "SO_LINGER" },
	{ "no_delay",
	  "no-delay",
	  VET_OPTION_FLAG,
	  BOTH,
	  0,
	  1,
	  0,
	  { IPPROTO_TCP, TCP_NODELAY },
	  { IPPROTO_TCP, TCP_NODELAY },
	  { 0, -1 },
	  "TCP_NODELAY" },
	{ "only_ipv6",
	  "only-ipv6",
	  VET_OPTION_FLAG,
	  VET_OPTION_ON_IPV6,
	  0,
	  1,
	  0,
	  { 0, -1 },
	  { IPPROTO_IPV6, IPV6_V6ONLY },
	  { 0, -1 },
	  "IPV6_V6ONLY" },
	{ "receive_buffer_size",
	  "receive-buffer",
	  VET_OPTION_SIZE,
	  BOTH,
	  0,
	  INT32_MAX,
	  0,
	  { SOL_SOCKET, SO_RCVBUF },
	  { SOL_SOCKET, SO_RCVBUF },
	  { 0, -1 },
	  "SO_RCVBUF" },
	{ "send_buffer_size",
	  "send-buffer",
	  VET_OPTION_SIZE,
	  BOTH,
	  0,
	  INT32_MAX,
	  0,
	  { SOL_SOCKET, SO_SNDBUF },
	  { SOL_SOCKET, SO_SNDBUF },
	  { 0, -1 },
	  "SO_SNDBUF" },
	{ "reuse_address",
	  "reuse-address",
	  VET_OPTION_FLAG,
	  BOTH,
	  0,
	  1,
	  0,
	  { SOL_SOCKET, SO_REUSEADDR },
	  { SOL_SOCKET, SO_REUSEADDR },
	  { 0, -1 },
	  "SO_REUSEADDR" },
	{ "reuse_port",
	  "reuse-port",
	  VET_OPTION_FLAG,
	  BOTH,
	  0,
	  1,
	  0,
	  { SOL_SOCKET, SO_REUSEPORT },
	  { SOL_SOCKET, SO_REUSEPORT },
	  { 0, -1 },
	  "SO_REUSEPORT" },
	{ "ttl",
	  "ttl",
	  VET_OPTION_INTEGER,
	  BOTH,
	  1,
	  255,
	  0,
	  { IPPROTO_IP, IP_TTL },
	  { IPPROTO_IPV6, IPV6_UNICAST_HOPS },
	  { IPPROTO_IP, IP_TTL },
	  "IP_TTL" },
	{ "user_timeout",
	  "user-timeout",
	  VET_OPTION_DURATION,
	  BOTH,
	  0,
	  INT32_MAX,
	  VET_MILLISECONDS(1),
	  { IPPROTO_TCP, TCP_USER_TIMEOUT },
	  { IPPROTO_TCP, TCP_USER_TIMEOUT },
	  { 0, -1 },
	  "TCP_USER_TIMEOUT" },
	{ "receive_low_water",
	  "receive-low-water",
	  VET_OPTION_SIZE,
	  BOTH,
	  1,
	  INT32_MAX,
	  0,
	  { SOL_SOCKET, SO_RCVLOWAT },
	  { SOL_SOCKET, SO_RCVLOWAT },
	  { 0, -1 },
	  "SO_RCVLOWAT" },
	{ "type_of_service",
	  "type-of-service",
	  VET_OPTION_INTEGER,
	  BOTH,
	  0,
	  255,
	  0,
	  { IPPROTO_IP, IP_TOS },
	  { IPPROTO_IPV6, IPV6_TCLASS },
	  { IPPROTO_IP, IP_TOS },
	  "IP_TOS" },
	{ "multicast_ttl",
	  "multicast-ttl",
	  VET_OPTION_INTEGER,
	  BOTH,
	  0,
	  255,
	  0,
	  { IPPROTO_IP, IP_MULTICAST_TTL },
	  { IPPROTO_IPV6, IPV6_MULTICAST_HOPS },
	  { 0, -1 },
	  "IP_MULTICAST_TTL" },
	{ "multicast_loop",
	  "multicast-loop",
	  VET_OPTION_FLAG,
	  BOTH,
	  0,
	  1,
	  0,
	  { IPPROTO_IP, IP_MULTICAST_LOOP },
	  { IPPROTO_IPV6, IPV6_MULTICAST_LOOP },
	  { 0, -1 },
	  "IP_MULTICAST_LOOP" },
	{ "quick_ack",
	  "quick-ack",
	  VET_OPTION_FLAG,
	  BOTH,
	  0,
	  1,
	  0,
	  { IPPROTO_TCP, TCP_QUICKACK },
	  { IPPROTO_TCP, TCP_QUICKACK },
	  { 0, -1 },
	  "TCP_QUICKACK" },
	{ "cork",
	  "cork",
	  VET_OPTION_FLAG,
	  BOTH,
	  0,
	  1,
	  0,
	  { IPPROTO_TCP, TCP_CORK },
	  { IPPROTO_TCP, TCP_CORK },
	  { 0, -1 },
	  "TCP_CORK" },
	{ "defer_accept",
	  "defer-accept",
	  VET_OPTION_DURATION,
	  BOTH,
	  0,
	  INT32_MAX,
	  VET_SECONDS(1),
	  { IPPROTO_TCP, TCP_DEFER_ACCEPT },
	  { IPPROTO_TCP, TCP_DEFER_ACCEPT },
	  { 0, -1 },
	  "TCP_DEFER_ACCEPT" },
	{ "fast_open",
	  "fast-open",
	  VET_OPTION_INTEGER,
	  BOTH,
	  0,
	  INT32_MAX,
	  0,
	  { IPPROTO_TCP, TCP_FASTOPEN },
	  { IPPROTO_TCP, TCP_FASTOPEN },
	  { 0, -1 },
	  "TCP_FASTOPEN" },
	{ "congestion",
	  "congestion",
	  VET_OPTION_TEXT,
	  BOTH,
	  1,
	  15,
	  0,
	  { IPPROTO_TCP, TCP_CONGESTION },
	  { IPPROTO_TCP, TCP_CONGESTION },
	  { 0, -1 },
	  "TCP_CONGESTION" },
	{ "bind_to_device",
	  "bind-to-device",
	  VET_OPTION_TEXT,
	  BOTH,
	  0,
	  15,
	  0,
	  { SOL_SOCKET, SO_BINDTODEVICE },
	  { SOL_SOCKET, SO_BINDTODEVICE },
	  { 0, -1 },
	  "SO_BINDTODEVICE" },
	{ "priority",
	  "priority",
	  VET_OPTION_INTEGER,
	  BOTH,
	  0,
	  INT32_MAX,
	  0,
	  { SOL_SOCKET, SO_PRIORITY },
	  { SOL_SOCKET, SO_PRIORITY },
	  { 0, -1 },
	  "SO_PRIORITY" },
	{ "error",
	  "error",
	  VET_OPTION_ERROR,
	  BOTH | VET_OPTION_READ_ONLY,
	  INT32_MIN,
	  0,
	  0,
	  { SOL_SOCKET, SO_ERROR },
	  { SOL_SOCKET, SO_ERROR },
	  { 0, -1 },
	  "SO_ERROR" },
	{ "type",
	  "type",
	  VET_OPTION_INTEGER,
	  BOTH | VET_OPTION_READ_ONLY,
	  0,
	  INT32_MAX,
	  0,
	  { SOL_SOCKET, SO_TYPE },
	  { SOL_SOCKET, SO_TYPE },
	  { 0, -1 },
	  "SO_TYPE" },
	{ "domain",
	  "domain",
	  VET_OPTION_INTEGER,
	  BOTH | VET_OPTION_READ_ONLY,
	  0,
	  INT32_MAX,
	  0,
	  { SOL_SOCKET, SO_DOMAIN },
	  { SOL_SOCKET, SO_DOMAIN },
	  { 0, -1 },
	  "SO_DOMAIN" },
	{ "protocol",
	  "protocol",
	  VET_OPTION_INTEGER,
	  BOTH | VET_OPTION_READ_ONLY,
	  0,
	  INT32_MAX,
	  0,
	  { SOL_SOCKET, SO_PROTOCOL },
	  { SOL_SOCKET, SO_PROTOCOL },
	  { 0, -1 },
	  "SO_PROTOCOL" },
	{ "accepting",
	  "accepting",
	  VET_OPTION_FLAG,
	  BOTH | VET_OPTION_READ_ONLY,
	  0,
	  1,
	  0,
	  { SOL_SOCKET, SO_ACCEPTCONN },
	  { SOL_SOCKET, SO_ACCEPTCONN },
	  { 0, -1 },
	  "SO_ACCEPTCONN" },
};

static void same_number(struct vet_option_number got, struct vet_option_number want)
{
	assert_int_equal(got.name, want.name);
	if (want.name != -1)
		assert_int_equal(got.level, want.level);
}

static void each_row_is_as_documented(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct vet_option *got = vet_option_at(i), *want = &rows[i];
		assert_non_null(got);
		assert_string_equal(got->name, want->name);
		assert_string_equal(got->text, want->text);
		print_message("  %s\n", want->name);
		assert_int_equal(got->kind, want->kind);
		assert_int_equal(got->flags, want->flags);
		assert_int_equal(got->min, want->min);
		assert_int_equal(got->max, want->max);
		assert_int_equal(got->unit, want->unit);
		same_number(got->ipv4, want->ipv4);
		same_number(got->ipv6, want->ipv6);
		same_number(got->mapped, want->mapped);
		assert_non_null(strstr(got->help, want->help));
	}
	assert_null(vet_option_at(COUNT(rows)));
	assert_null(vet_option_at(SIZE_MAX));
}

static void an_option_is_found_by_its_whole_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_ptr_equal(vet_option_find(rows[i].name, strlen(rows[i].name)),
				 vet_option_at(i));
	assert_null(vet_option_find("tt", 2));
	assert_null(vet_option_find("ttls", 4));
	assert_null(vet_option_find("TTL", 3));
	assert_null(vet_option_find("", 0));
	assert_non_null(vet_option_find("ttl of which no more is read", 3));
}

/* One value of a number, size or duration, set on IPv4: taken, or refused before any call. */
static void try_value(const struct vet_option *row, const char *call, int64_t value, bool taken)
{
	char act[128];
	const char *unit = row->kind != VET_OPTION_DURATION ? ""
			   : row->unit == VET_SECONDS(1)    ? "s"
							    : "ms";
	(void)snprintf(act, sizeof act, "set %s %lld%s", row->name, (long long)value, unit);
	if (taken)
		play_made(&stream4, act, "0", "setsockopt %s %lld = 0", call, (long long)value);
	else
		play_made(&stream4, act, "EINVAL", "%s", "");
}

static void the_least_and_the_greatest_are_taken_and_one_beyond_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct vet_option *row = &rows[i];
		bool counts = row->kind == VET_OPTION_INTEGER || row->kind == VET_OPTION_SIZE ||
			      row->kind == VET_OPTION_DURATION;
		if (!counts || row->flags & VET_OPTION_READ_ONLY)
			continue;
		try_value(row, row->help, row->min, true);
		try_value(row, row->help, row->max, true);
		try_value(row, row->help, row->min - 1, false);
		try_value(row, row->help, row->max + 1, false);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_is_as_documented),
		cmocka_unit_test(an_option_is_found_by_its_whole_name),
		cmocka_unit_test(the_least_and_the_greatest_are_taken_and_one_beyond_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
