/* SPDX-License-Identifier: 0BSD */
/* How many datagrams have room, which are too long for a link, and where raw ones are heard. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "datagram_world.h"

/* ---- room ---- */

/* As measured on Linux 6.18. */
static const struct room_case {
	const char *name;
	int family;
	int buffer;     /* SO_RCVBUF, which is doubled */
	uint32_t first; /* the size of the first */
	uint32_t size;  /* of the others */
	unsigned held;  /* of a hundred */
} room_cases[] = {
	{ "the least buffer", 4, 1, 1, 1, 2 },
	{ "one that is too large has room alone", 4, 1, 9000, 1, 1 },
	{ "none beside it", 4, 4000, 7000, 1, 1 },
	{ "small ones", 4, 20000, 1, 1, 48 },
	{ "the largest of a small block", 4, 20000, 197, 197, 48 },
	{ "one byte more", 4, 20000, 198, 198, 31 },
	{ "the largest of a small block, IPv6", 6, 20000, 184, 184, 48 },
	{ "one byte more, IPv6", 6, 20000, 185, 185, 31 },
	{ "pages", 4, 20000, 17000, 1, 27 },
	{ "none at all", 4, 20000, 0, 0, 48 },
};

static void run_room_case(const struct room_case *row)
{
	static unsigned char data[20000];
	struct vet_ip ip =
		row->family == 4 ? vet_ipv4(127, 0, 0, 1) : vet_ipv6(0, 0, 0, 0, 0, 0, 0, 1);
	unsigned held = 0;
	int to, fd;
	ssize_t n;
	begin(1);
	to = bound_on(sys[0], &ip, PORT);
	set_number(sys[0], to, SOL_SOCKET, SO_RCVBUF, row->buffer);
	fd = connected_on(sys[0], &ip, PORT);
	for (unsigned i = 0; i < COUNT; i++) {
		uint32_t size = i == 0 ? row->first : row->size;
		n = (sys[0]->calls->send)(sys[0], fd, data, size, 0);
		assert_int_equal(n, size); /* whoever sends is not told */
	}
	while ((n = (sys[0]->calls->recv)(sys[0], to, data, sizeof data, 0)) >= 0)
		assert_int_equal(n, held++ == 0 ? row->first : row->size);
	assert_int_equal(n, -EAGAIN);
	check_range(row->name, "held", held, row->held, row->held);
	assert_int_equal(fates[VET_SIM_DROPPED][VET_SIM_UDP], COUNT - held);
}

static void what_has_no_room_is_dropped(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof room_cases / sizeof room_cases[0]; i++)
		run_room_case(&room_cases[i]);
}

/* Linux gives the room back in batches: of 48 that fill a buffer of 40,000,
 * when 13 are read. */
static void room_comes_back_when_a_quarter_is_read(void **state)
{
	struct vet_ip ip = vet_ipv4(127, 0, 0, 1);
	int to, fd;
	char byte;
	(void)state;
	begin(1);
	to = bound_on(sys[0], &ip, PORT);
	set_number(sys[0], to, SOL_SOCKET, SO_RCVBUF, 20000);
	fd = connected_on(sys[0], &ip, PORT);
	for (unsigned i = 0; i < 48; i++)
		assert_int_equal((sys[0]->calls->send)(sys[0], fd, "x", 1, 0), 1);
	for (unsigned read = 1; read <= 13; read++) {
		assert_int_equal((sys[0]->calls->recv)(sys[0], to, &byte, 1, 0), 1);
		assert_int_equal((sys[0]->calls->send)(sys[0], fd, "x", 1, 0), 1);
		assert_int_equal(fates[VET_SIM_DROPPED][VET_SIM_UDP], read < 13 ? read : 12);
	}
}

/* ---- not to be cut ---- */

static const struct whole_case {
	const char *name;
	int family, level, option, value;
	uint32_t mtu;
	bool is_own;
	size_t size;
	bool is_too_long;
} whole_cases[] = {
	{ "as Linux has it at first", 4, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_WANT, 0, false,
	  1473, false },
	{ "it fits", 4, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO, 0, false, 1472, false },
	{ "a byte too long", 4, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO, 0, false, 1473, true },
	{ "for a probe, too", 4, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE, 0, false, 1473,
	  true },
	{ "omit", 4, IPPROTO_IP, IP_MTU_DISCOVER, 5, 0, false, 1473, false },
	{ "a larger link", 4, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO, 9000, false, 8972,
	  false },
	{ "and a byte", 4, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO, 9000, false, 8973, true },
	{ "the loopback takes all", 4, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO, 0, true, 60000,
	  false },
	{ "IPv6 fits", 6, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DO, 0, false, 1452,
	  false },
	{ "IPv6 does not", 6, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DO, 0, false, 1453,
	  true },
	{ "don't fragment", 6, IPPROTO_IPV6, IPV6_DONTFRAG, 1, 0, false, 1453, true },
	{ "do", 6, IPPROTO_IPV6, IPV6_DONTFRAG, 0, 0, false, 1453, false },
};

static void a_datagram_that_is_not_to_be_cut_is_too_long_for_a_link(void **state)
{
	static unsigned char data[60000];
	(void)state;
	for (size_t i = 0; i < sizeof whole_cases / sizeof whole_cases[0]; i++) {
		const struct whole_case *row = &whole_cases[i];
		struct vet_ip ip;
		int fd, n;
		begin(1);
		link_both(&(struct vet_sim_link){ .latency = 1000, .mtu = row->mtu });
		ip = vet_sim_host_ip(row->is_own ? near : far, row->family);
		fd = connected_on(sys[0], &ip, PORT);
		set_number(sys[0], fd, row->level, row->option, row->value);
		n = (int)(sys[0]->calls->send)(sys[0], fd, data, row->size, 0);
		check_result(row->name, "send", n, row->is_too_long ? -EMSGSIZE : (int)row->size);
		assert_int_equal(fates[VET_SIM_SENT][VET_SIM_UDP], row->is_too_long ? 0 : 1);
	}
}

/* ---- raw ---- */

enum { EXPERIMENT = 253 }; /* RFC 3692, RFC 4727 */

static void raw_datagrams_are_heard_on_their_own_host_alone(void **state)
{
	struct vet_ip own, other;
	union name to, from;
	socklen_t length, from_length = sizeof from;
	unsigned char data[64];
	int a, b, c;
	(void)state;
	begin(1);
	own = vet_sim_host_ip(near, 4);
	other = vet_sim_host_ip(far, 4);
	a = open_on(sys[0], 4, SOCK_RAW, EXPERIMENT);
	b = open_on(sys[0], 4, SOCK_RAW, EXPERIMENT + 1);
	c = open_on(sys[1], 4, SOCK_RAW, EXPERIMENT);
	length = name_of(&own, 0, &to);
	assert_int_equal((sys[0]->calls->sendto)(sys[0], a, "hello", 5, 0, &to.any, length), 5);
	length = name_of(&other, 0, &to);
	assert_int_equal((sys[0]->calls->sendto)(sys[0], a, "hello", 5, 0, &to.any, length), 5);
	wait_for(VET_SECONDS(1));
	/* An IPv4 header comes with it (raw(7)). */
	assert_int_equal((sys[0]->calls->recvfrom)(sys[0], a, data, sizeof data, 0, &from.any,
						   &from_length, NULL),
			 25);
	assert_int_equal(data[0], 0x45);
	assert_int_equal(data[9], EXPERIMENT);
	assert_memory_equal(data + 12, own.bytes, 4);
	assert_memory_equal(data + 16, own.bytes, 4);
	assert_memory_equal(data + 20, "hello", 5);
	assert_memory_equal(&from.in.sin_addr, own.bytes, 4);
	assert_int_equal((sys[0]->calls->recv)(sys[0], a, data, sizeof data, 0), -EAGAIN);
	assert_int_equal((sys[0]->calls->recv)(sys[0], b, data, sizeof data, 0), -EAGAIN);
	assert_int_equal((sys[1]->calls->recv)(sys[1], c, data, sizeof data, 0), -EAGAIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_has_no_room_is_dropped),
		cmocka_unit_test(room_comes_back_when_a_quarter_is_read),
		cmocka_unit_test(a_datagram_that_is_not_to_be_cut_is_too_long_for_a_link),
		cmocka_unit_test(raw_datagrams_are_heard_on_their_own_host_alone),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
