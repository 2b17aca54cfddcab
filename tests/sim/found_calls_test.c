/* SPDX-License-Identifier: 0BSD */
/* Arguments that calls refuse: parts of a gather write, addresses of hosts, links, tapes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include <vetsock/simulate.h>

#include "found_world.h"

enum { PARTS_MOST = 1024 }; /* Linux's UIO_MAXIOV */

static void gather_write_has_a_most(void **state)
{
	static char bytes[PARTS_MOST + 1];
	static struct iovec parts[PARTS_MOST + 1];
	struct vet_ip ip;
	int fd[2], datagram;
	(void)state;
	for (unsigned i = 0; i <= PARTS_MOST; i++)
		parts[i] = (struct iovec){ &bytes[i], 1 };
	begin(1);
	connected_pair(fd);
	ip = vet_sim_host_ip(far, 4);
	datagram = connected_on(sys[0], &ip, PORT);
	for (int i = 0; i < 2; i++) {
		int to = i == 0 ? fd[0] : datagram;
		assert_int_equal(near_call(sendv, to, parts, PARTS_MOST + 1, 0), -EMSGSIZE);
		assert_int_equal(near_call(sendv, to, parts, -1, 0), -EMSGSIZE);
		assert_int_equal(near_call(sendv, to, parts, 0, 0), 0);
		assert_int_equal(near_call(sendv, to, parts, PARTS_MOST, 0), PARTS_MOST);
	}
	assert_int_equal(near_call(sendv, 99, parts, -1, 0), -EBADF);
	wait_for(VET_MILLISECONDS(1));
	assert_int_equal(far_call(recv, fd[1], bytes, sizeof bytes, 0), PARTS_MOST);
}

/* ---- addresses ---- */

static void address_that_is_no_hosts_is_refused(void **state)
{
	const struct {
		const char *name;
		struct vet_ip ip;
		int want;
	} rows[] = {
		{ "broadcast", vet_ipv4(255, 255, 255, 255), -EINVAL },
		{ "broadcast of the network", vet_ipv4(10, 255, 255, 255), -EINVAL },
		{ "0.0.0.0/8", vet_ipv4(0, 0, 0, 5), -EINVAL },
		{ "0.0.0.0", vet_ipv4(0, 0, 0, 0), -EINVAL },
		{ "240.0.0.0/4", vet_ipv4(240, 0, 0, 5), -EINVAL },
		{ "multicast", vet_ipv4(224, 0, 0, 5), -EINVAL },
		{ "loopback", vet_ipv4(127, 0, 0, 5), -EINVAL },
		{ "::", vet_ipv6(0, 0, 0, 0, 0, 0, 0, 0), -EINVAL },
		{ "::1", vet_ipv6(0, 0, 0, 0, 0, 0, 0, 1), -EINVAL },
		{ "multicast, IPv6", vet_ipv6(0xff02, 0, 0, 0, 0, 0, 0, 5), -EINVAL },
		{ "mapped", vet_ipv6(0, 0, 0, 0, 0, 0xffff, 0x0b00, 5), -EINVAL },
		{ "no family", { 0, { 0 } }, -EINVAL },
		{ "its own", vet_ipv4(10, 0, 0, 1), -EADDRINUSE },
		{ "the other's", vet_ipv4(10, 0, 0, 2), -EADDRINUSE },
		{ "one's to come", vet_ipv4(10, 0, 0, 3), -EADDRINUSE },
		{ "the last one's", vet_ipv4(10, 0, 3, 232), -EADDRINUSE },
		{ "one's to come, IPv6", vet_ipv6(0xfd00, 0, 0, 0, 0, 0, 0, 3), -EADDRINUSE },
		{ "behind the last one's", vet_ipv4(10, 0, 3, 233), 0 },
		{ "another network's", vet_ipv4(192, 168, 0, 1), 0 },
		{ "once more", vet_ipv4(192, 168, 0, 1), -EADDRINUSE },
	};
	(void)state;
	begin(1);
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
		check_result(rows[i].name, "vet_sim_add_ip()", vet_sim_add_ip(near, &rows[i].ip),
			     rows[i].want);
}

static void first_address_is_of_one_host_alone(void **state)
{
	struct vet_ip third = vet_ipv4(10, 0, 0, 3);
	struct vet_sys *on;
	int to, from;
	char byte;
	(void)state;
	begin(1);
	assert_int_equal(vet_sim_add_ip(far, &third), -EADDRINUSE);
	on = vet_sim_sys(vet_sim_add_host(sim, "third"));
	to = bound_on(on, &third, PORT);
	from = connected_on(sys[1], &third, PORT);
	assert_int_equal(far_call(send, from, "x", 1, 0), 1);
	wait_for(VET_MILLISECONDS(1));
	assert_int_equal((on->calls->recv)(on, to, &byte, 1, 0), 1);
}

/* ---- links ---- */

static void link_beyond_its_range_is_refused(void **state)
{
	const vet_duration day = VET_HOURS(24);
	const struct {
		const char *name;
		struct vet_sim_link link;
		int want;
	} rows[] = {
		{ "latency of a day", { .latency = day }, 0 },
		{ "latency of more", { .latency = day + 1 }, -EINVAL },
		{ "latency below 0", { .latency = -1 }, -EINVAL },
		{ "latency without end", { .latency = INT64_MAX }, -EINVAL },
		{ "jitter of a day", { .jitter = day }, 0 },
		{ "jitter of more", { .jitter = day + 1 }, -EINVAL },
		{ "jitter below 0", { .jitter = -1 }, -EINVAL },
		{ "all is lost", { .loss = 1000000 }, 0 },
		{ "more than all", { .loss = 1000001 }, -EINVAL },
		{ "all twice", { .duplication = 1000000 }, 0 },
		{ "more than all twice", { .duplication = UINT32_MAX }, -EINVAL },
		{ "all late", { .reordering = 1000000 }, 0 },
		{ "more than all late", { .reordering = 1000001 }, -EINVAL },
		{ "least MTU", { .mtu = 576 }, 0 },
		{ "less", { .mtu = 575 }, -EINVAL },
		{ "greatest MTU", { .mtu = 65535 }, 0 },
		{ "more MTU", { .mtu = 65536 }, -EINVAL },
	};
	(void)state;
	begin(1);
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct vet_sim_link before = vet_sim_get_link(sim, near, far), after;
		check_result(rows[i].name, "vet_sim_set_link()",
			     vet_sim_set_link(sim, near, far, &rows[i].link), rows[i].want);
		after = vet_sim_get_link(sim, near, far);
		check_result(rows[i].name, "MTU", (int)after.mtu,
			     (int)(rows[i].want == 0 ? rows[i].link.mtu : before.mtu));
		assert_true(after.latency ==
			    (rows[i].want == 0 ? rows[i].link.latency : before.latency));
	}
}

/* ---- tapes ---- */

static void tape_that_is_refused_has_a_reason(void **state)
{
	static const char *const texts[] = {
		"loss:18446744073709551616=1",
		"loss:1=4294967296",
		"loss:1=0",
		"loss:7=1 loss:7=2",
		"loss:-1=1",
		"nope:1=1",
		"loss",
		"loss:1",
		"loss:1=",
		"=",
		"loss:01=1",
	};
	struct vet_sim_choice tape[4];
	(void)state;
	for (unsigned i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct vet_text_error error = { 0 };
		size_t count = 9;
		check_result(
			texts[i], "vet_sim_tape_parse()",
			vet_sim_tape_parse(texts[i], strlen(texts[i]), tape, 4, &count, &error),
			-EINVAL);
		if (error.reason == NULL || error.reason[0] == '\0')
			fail_msg("%s: there is no reason", texts[i]);
		check_result(texts[i], "choices", (int)count, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gather_write_has_a_most),
		cmocka_unit_test(address_that_is_no_hosts_is_refused),
		cmocka_unit_test(first_address_is_of_one_host_alone),
		cmocka_unit_test(link_beyond_its_range_is_refused),
		cmocka_unit_test(tape_that_is_refused_has_a_reason),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
