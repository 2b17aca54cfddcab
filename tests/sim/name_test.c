/* SPDX-License-Identifier: 0BSD */
/* Addresses of the simulator, inside and outside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include <vetsock/vetsock.h>

#include "../../shim/sim/name.h"

static struct sim_ip inside(const char *text)
{
	struct vet_ip ip;
	assert_int_equal(vet_ip_parse(text, strlen(text), &ip), 0);
	return vetsim_ip_of(&ip);
}

static void an_address_is_two_numbers_and_comes_back(void **state)
{
	static const struct {
		const char *text, *outside;
		uint64_t high, low;
	} rows[] = {
		{ "0.0.0.0", "0.0.0.0", 0, UINT64_C(0xffff00000000) },
		{ "1.2.3.254", "1.2.3.254", 0, UINT64_C(0xffff010203fe) },
		{ "::", "::", 0, 0 },
		{ "::1", "::1", 0, 1 },
		{ "::ffff:127.0.0.1", "127.0.0.1", 0, UINT64_C(0xffff7f000001) },
		{ "::127.0.0.1", "::7f00:1", 0, UINT64_C(0x7f000001) },
		{ "fd00:1:2:3:4:5:6:7", "fd00:1:2:3:4:5:6:7", UINT64_C(0xfd00000100020003),
		  UINT64_C(0x4000500060007) },
		{ "fe80::ffff:1.2.3.4", "fe80::ffff:102:304", UINT64_C(0xfe80) << 48,
		  UINT64_C(0xffff01020304) },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sim_ip ip = inside(rows[i].text);
		struct vet_ip outside = vetsim_ip_outside(ip);
		char text[64];
		assert_true(ip.high == rows[i].high && ip.low == rows[i].low);
		assert_true(vet_ip_format(&outside, text, sizeof text) >= 0);
		assert_string_equal(text, rows[i].outside);
	}
}

static void classes_are_as_the_standards_have_them(void **state)
{
	static const struct {
		const char *text;
		bool is_v4, is_any, is_loopback, is_multicast, needs_scope;
	} rows[] = {
		{ "0.0.0.0", true, true, false, false, false },
		{ "::", false, true, false, false, false },
		{ "127.0.0.1", true, false, true, false, false },
		{ "127.255.255.255", true, false, true, false, false },
		{ "126.255.255.255", true, false, false, false, false },
		{ "128.0.0.0", true, false, false, false, false },
		{ "::1", false, false, true, false, false },
		{ "::ffff:127.0.0.1", true, false, true, false, false },
		{ "223.255.255.255", true, false, false, false, false },
		{ "224.0.0.0", true, false, false, true, false },
		{ "239.255.255.255", true, false, false, true, false },
		{ "240.0.0.0", true, false, false, false, false },
		{ "fe7f::1", false, false, false, false, false },
		{ "fe80::1", false, false, false, false, true },
		{ "febf::1", false, false, false, false, true },
		{ "fec0::1", false, false, false, false, false },
		{ "ff01::1", false, false, false, true, true },
		{ "ff12::1", false, false, false, true, true },
		{ "ff05::1", false, false, false, true, false },
		{ "ff0e::1", false, false, false, true, false },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sim_ip ip = inside(rows[i].text);
		assert_int_equal(sim_ip_is_v4(ip), rows[i].is_v4);
		assert_int_equal(sim_ip_is_any(ip), rows[i].is_any);
		assert_int_equal(sim_ip_is_loopback(ip), rows[i].is_loopback);
		assert_int_equal(vetsim_ip_is_multicast(ip), rows[i].is_multicast);
		assert_int_equal(vetsim_ip_needs_scope(ip), rows[i].needs_scope);
	}
}

static void the_family_is_what_is_long_enough_to_say(void **state)
{
	const struct sockaddr_in in = { .sin_family = AF_INET };
	const struct sockaddr *address = (const struct sockaddr *)(const void *)&in;
	(void)state;
	assert_int_equal(vetsim_sockaddr_family(address, 0), AF_UNSPEC);
	assert_int_equal(vetsim_sockaddr_family(address, 1), AF_UNSPEC);
	assert_int_equal(vetsim_sockaddr_family(address, 2), AF_INET);
	assert_int_equal(vetsim_sockaddr_family(address, sizeof in), AF_INET);
}

static void what_is_written_reads_back(void **state)
{
	static const struct {
		const char *text;
		int family;
	} rows[] = {
		{ "1.2.3.4", 4 }, { "1.2.3.4", 6 }, { "0.0.0.0", 4 }, { "::", 6 }, { "fe80::1", 6 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sim_name name = { inside(rows[i].text), 0, 0x1234 }, back;
		struct sockaddr_in6 room; /* aligned for both */
		struct sockaddr *address = (struct sockaddr *)(void *)&room;
		socklen_t length = sizeof room;
		name.scope = rows[i].family == 6 ? 2 : 0;
		memset(&room, 0xa5, sizeof room);
		vetsim_name_write(&name, rows[i].family, address, &length);
		assert_int_equal(length, rows[i].family == 4 ? sizeof(struct sockaddr_in)
							     : sizeof(struct sockaddr_in6));
		assert_int_equal(vetsim_sockaddr_family(address, length),
				 rows[i].family == 4 ? AF_INET : AF_INET6);
		assert_int_equal(vetsim_sockaddr_scope(address, length), name.scope);
		assert_int_equal(vetsim_sockaddr_scope(address, length - 1), 0);
		vetsim_name_read(&back, address);
		assert_true(sim_name_equal(&back, &name));
		assert_int_equal(back.scope, 0);
	}
}

/* In the order of the wire, whatever the machine's. */
static void bytes_are_in_the_order_of_the_network(void **state)
{
	static const unsigned char want[] = { 0x12, 0x34, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0 };
	const struct sim_name name = { inside("1.2.3.4"), 0, 0x1234 };
	unsigned char bytes[sizeof(struct sockaddr_in)];
	struct sockaddr_in in;
	socklen_t length = sizeof in;
	(void)state;
	vetsim_name_write(&name, 4, (struct sockaddr *)(void *)&in, &length);
	memcpy(bytes, &in, sizeof in);
	assert_memory_equal(bytes + 2, want, sizeof want);
}

/* getsockname(2): what does not fit is cut, and the length says how long it is. */
static void a_short_room_gets_the_beginning(void **state)
{
	const struct sim_name name = { inside("fd00::1"), 0, 80 };
	struct sockaddr_in6 whole;
	socklen_t whole_length = sizeof whole;
	(void)state;
	vetsim_name_write(&name, 6, (struct sockaddr *)(void *)&whole, &whole_length);
	for (socklen_t room = 0; room <= sizeof whole; room++) {
		struct sockaddr_in6 cut;
		unsigned char bytes[sizeof cut];
		socklen_t length = room;
		memset(&cut, 0xa5, sizeof cut);
		vetsim_name_write(&name, 6, (struct sockaddr *)(void *)&cut, &length);
		assert_int_equal(length, sizeof whole);
		memcpy(bytes, &cut, sizeof cut);
		assert_memory_equal(bytes, &whole, room);
		for (size_t i = room; i < sizeof bytes; i++)
			assert_int_equal(bytes[i], 0xa5);
	}
}

static void a_name_outside_is_an_address(void **state)
{
	const struct sim_name name = { inside("fe80::1"), 2, 80 };
	struct vet_address address = vetsim_name_outside(&name);
	char text[VET_ADDRESS_TEXT_SIZE];
	(void)state;
	assert_true(vet_address_format(&address, text, sizeof text) >= 0);
	assert_string_equal(text, "[fe80::1%2]:80");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_two_numbers_and_comes_back),
		cmocka_unit_test(classes_are_as_the_standards_have_them),
		cmocka_unit_test(the_family_is_what_is_long_enough_to_say),
		cmocka_unit_test(what_is_written_reads_back),
		cmocka_unit_test(bytes_are_in_the_order_of_the_network),
		cmocka_unit_test(a_short_room_gets_the_beginning),
		cmocka_unit_test(a_name_outside_is_an_address),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
