/* SPDX-License-Identifier: 0BSD */
/* Datagrams between hosts: what links do to them, and what is said of those that find nobody.
 * Beside the kernel, on one host: datagram_kernel_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "datagram_world.h"

/* ---- what links do ---- */

static const struct link_case {
	const char *name;
	struct vet_sim_link link;
	uint32_t size; /* of each: from 1 on */
	/* Of COUNT: how many come at all, how many more than once, how many after a
   * later one. */
	unsigned least, most, least_twice, most_twice, least_late, most_late;
} link_cases[] = {
	{ "a good link", { .latency = 100000 }, 8, 100, 100, 0, 0, 0, 0 },
	{ "no latency", { .latency = 0 }, 8, 100, 100, 0, 0, 0, 0 },
	{ "a slow link", { .latency = 100000, .rate = 10000 }, 8, 100, 100, 0, 0, 0, 0 },
	{ "all are lost", { .loss = 1000000 }, 8, 0, 0, 0, 0, 0, 0 },
	{ "half are lost", { .loss = 500000 }, 8, 25, 75, 0, 0, 0, 0 },
	{ "it is down", { .is_down = true }, 8, 0, 0, 0, 0, 0, 0 },
	{ "all come twice", { .duplication = 1000000 }, 8, 100, 100, 100, 100, 0, 0 },
	{ "half come twice", { .duplication = 500000 }, 8, 100, 100, 25, 75, 0, 0 },
	{ "half are held back",
	  { .latency = 100000, .reordering = 500000 },
	  8,
	  100,
	  100,
	  0,
	  0,
	  25,
	  75 },
	{ "all are held back",
	  { .latency = 100000, .reordering = 1000000 },
	  8,
	  100,
	  100,
	  0,
	  0,
	  0,
	  0 },
	{ "jitter", { .latency = 100000, .jitter = 10000000 }, 8, 100, 100, 0, 0, 50, 99 },
	{ "large ones in fragments", { .latency = 100000 }, LARGEST, 100, 100, 0, 0, 0, 0 },
	/* 0.9 to the 7th, and to the 16th. */
	{ "fragments are lost", { .loss = 100000 }, LARGEST, 30, 65, 0, 0, 0, 0 },
	{ "smaller ones more often", { .loss = 100000, .mtu = 620 }, LARGEST, 6, 32, 0, 0, 0, 0 },
	{ "larger ones never", { .loss = 100000, .mtu = 9100 }, LARGEST, 80, 99, 0, 0, 0, 0 },
};

struct seen {
	unsigned times[COUNT];
	unsigned come, twice, late;
	int last;
};

/* Each is as it was sent, by whom it was sent. */
static void receive_all(int fd, uint32_t size, const union name *from, struct seen *seen)
{
	static unsigned char data[LARGEST + 1];
	union name name;
	for (;;) {
		socklen_t length = sizeof name;
		ssize_t n = (sys[1]->calls->recvfrom)(sys[1], fd, data, sizeof data, 0, &name.any,
						      &length, NULL);
		if (n == -EAGAIN)
			return;
		assert_int_equal(n, size);
		assert_memory_equal(&name, from, length);
		assert_true(data[0] < COUNT);
		for (uint32_t i = 1; i < size; i++)
			assert_int_equal(data[i], (data[0] + i) % 256);
		seen->come += seen->times[data[0]] == 0;
		seen->twice += seen->times[data[0]]++ == 1;
		seen->late += data[0] < seen->last;
		if (data[0] > seen->last)
			seen->last = data[0];
	}
}

static void run_link_case(const struct link_case *row, uint64_t seed, int family, struct seen *seen)
{
	static unsigned char data[LARGEST];
	struct vet_ip ip, own;
	union name from;
	socklen_t length = sizeof from;
	int to, fd;
	begin(seed);
	link_both(&row->link);
	ip = vet_sim_host_ip(far, family);
	own = vet_sim_host_ip(near, family);
	to = bound_on(sys[1], &ip, PORT);
	set_number(sys[1], to, SOL_SOCKET, SO_RCVBUF, 2000000);
	fd = connected_on(sys[0], &ip, PORT);
	assert_int_equal((sys[0]->calls->getsockname)(sys[0], fd, &from.any, &length), 0);
	assert_int_equal(length, name_of(&own, ntohs(from.in.sin_port), &from));
	*seen = (struct seen){ .last = -1 };
	for (unsigned i = 0; i < COUNT; i++) {
		for (uint32_t j = 0; j < row->size; j++)
			data[j] = (unsigned char)(i + j);
		assert_int_equal((sys[0]->calls->send)(sys[0], fd, data, row->size, 0), row->size);
	}
	receive_all(to, row->size, &from, seen);
	assert_true(seen->come == 0 || row->link.latency == 0); /* nothing is there at once */
	wait_for(VET_SECONDS(2));
	receive_all(to, row->size, &from, seen);
}

static void a_link_does_to_datagrams_what_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof link_cases / sizeof link_cases[0]; i++)
		for (int family = 4; family <= 6; family += 2) {
			const struct link_case *row = &link_cases[i];
			struct seen seen;
			run_link_case(row, 4711, family, &seen);
			check_range(row->name, "came", seen.come, row->least, row->most);
			check_range(row->name, "came twice", seen.twice, row->least_twice,
				    row->most_twice);
			/* The second of two is no late one, but it may look so. */
			if (row->link.duplication == 0)
				check_range(row->name, "came late", seen.late, row->least_late,
					    row->most_late);
			assert_int_equal(fates[VET_SIM_SENT][VET_SIM_UDP] +
						 fates[VET_SIM_LOST][VET_SIM_UDP],
					 COUNT);
			assert_int_equal(fates[VET_SIM_ARRIVED][VET_SIM_UDP],
					 fates[VET_SIM_SENT][VET_SIM_UDP] +
						 fates[VET_SIM_DOUBLED][VET_SIM_UDP]);
		}
}

static void what_is_under_way_when_a_link_is_cut_is_gone(void **state)
{
	struct vet_ip ip;
	int to, fd;
	char byte;
	(void)state;
	begin(1);
	link_both(&(struct vet_sim_link){ .latency = 1000000 });
	ip = vet_sim_host_ip(far, 4);
	to = bound_on(sys[1], &ip, PORT);
	fd = connected_on(sys[0], &ip, PORT);
	assert_int_equal((sys[0]->calls->send)(sys[0], fd, "a", 1, 0), 1);
	link_both(&(struct vet_sim_link){ .latency = 1000000, .is_down = true });
	wait_for(VET_SECONDS(1));
	link_both(&(struct vet_sim_link){ .latency = 1000000 });
	assert_int_equal((sys[0]->calls->send)(sys[0], fd, "b", 1, 0), 1);
	wait_for(VET_SECONDS(1));
	assert_int_equal((sys[1]->calls->recv)(sys[1], to, &byte, 1, 0), 1);
	assert_int_equal(byte, 'b');
	assert_int_equal((sys[1]->calls->recv)(sys[1], to, &byte, 1, 0), -EAGAIN);
	assert_int_equal(fates[VET_SIM_DROPPED][VET_SIM_UDP], 1);
	assert_int_equal(sent_number, arrived_number);
}

/* ---- nobody ---- */

enum { FAR = 1, OWN, LOOPBACK, STRANGER, BEYOND };

static const struct nobody_case {
	const char *name;
	int where;
	bool is_connected, is_crashed, is_answer_lost;
	int sent;                   /* what send says */
	int error;                  /* SO_ERROR, then */
	vet_duration after, before; /* told by then, and not yet then; 0: there is no waiting */
} nobody_cases[] = {
	{ "another host", FAR, true, false, false, 1, ECONNREFUSED, VET_MICROSECONDS(201),
	  VET_MICROSECONDS(199) },
	{ "no peer, nothing told", FAR, false, false, false, 1, 0, VET_SECONDS(9), 0 },
	{ "the answer is lost", FAR, true, false, true, 1, 0, VET_SECONDS(9), 0 },
	{ "a host that is down", FAR, true, true, false, 1, 0, VET_SECONDS(9), 0 },
	{ "its own address: at once", OWN, true, false, false, 1, ECONNREFUSED, 0, 0 },
	{ "the loopback: at once", LOOPBACK, true, false, false, 1, ECONNREFUSED, 0, 0 },
	/* Linux asks a neighbour three times, a second each. */
	{ "no such neighbour", STRANGER, true, false, false, 1, EHOSTUNREACH,
	  VET_MILLISECONDS(3001), VET_MILLISECONDS(2999) },
	{ "no such neighbour, no peer", STRANGER, false, false, false, 1, 0, VET_SECONDS(9), 0 },
	{ "no such network", BEYOND, false, false, false, -ENETUNREACH, 0, 0, 0 },
};

static struct vet_ip ip_of(int where, int family)
{
	switch (where) {
	case FAR:
		return vet_sim_host_ip(far, family);
	case OWN:
		return vet_sim_host_ip(near, family);
	case LOOPBACK:
		return family == 4 ? vet_ipv4(127, 0, 0, 1) : vet_ipv6(0, 0, 0, 0, 0, 0, 0, 1);
	case STRANGER:
		return family == 4 ? vet_ipv4(10, 9, 9, 9) : vet_ipv6(0xfd00, 0, 0, 0, 0, 0, 9, 9);
	default: /* for examples: RFC 5737, RFC 3849 */
		return family == 4 ? vet_ipv4(192, 0, 2, 1)
				   : vet_ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
	}
}

static void run_nobody_case(const struct nobody_case *row, int family)
{
	struct vet_ip ip;
	union name to;
	socklen_t length;
	int fd, sent;
	begin(1);
	if (row->is_crashed)
		vet_sim_crash(far, VET_SIM_SILENT);
	if (row->is_answer_lost)
		assert_int_equal(
			vet_sim_set_link(sim, far, near, &(struct vet_sim_link){ .is_down = true }),
			0);
	ip = ip_of(row->where, family);
	length = name_of(&ip, PORT, &to);
	if (row->is_connected) {
		fd = connected_on(sys[0], &ip, PORT);
		sent = (int)(sys[0]->calls->send)(sys[0], fd, "x", 1, 0);
	} else {
		fd = open_on(sys[0], family, SOCK_DGRAM, 0);
		sent = (int)(sys[0]->calls->sendto)(sys[0], fd, "x", 1, 0, &to.any, length);
	}
	check_result(row->name, "send", sent, row->sent);
	if (row->before > 0) {
		wait_for(row->before);
		check_result(row->name, "too early", take_error(sys[0], fd), 0);
	}
	if (row->after > 0)
		wait_for(row->after - (row->before > 0 ? row->before : 0));
	check_result(row->name, "told", take_error(sys[0], fd), row->error);
	check_result(row->name, "told again", take_error(sys[0], fd), 0);
	if (row->error != 0)
		assert_int_equal(fates[VET_SIM_ARRIVED][VET_SIM_ICMP], 1);
}

static void whoever_sends_to_nobody_is_told_if_he_has_that_peer(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof nobody_cases / sizeof nobody_cases[0]; i++)
		for (int family = 4; family <= 6; family += 2)
			run_nobody_case(&nobody_cases[i], family);
}

/* ---- what a seed decides ---- */

static uint64_t hash_of(uint64_t seed)
{
	static const struct link_case row = { .name = "all at once",
					      .link = { .latency = 100000,
							.jitter = 1000000,
							.loss = 200000,
							.duplication = 200000,
							.reordering = 200000 },
					      .size = 100 };
	struct vet_sim_report report;
	struct seen seen;
	run_link_case(&row, seed, 6, &seen);
	vet_sim_conclude(sim, &report);
	return report.hash;
}

static void the_same_seed_has_the_same_fate_for_each(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		uint64_t hash = hash_of(seed);
		assert_int_equal(hash_of(seed), hash);
		assert_int_not_equal(hash_of(seed + 1000), hash);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_link_does_to_datagrams_what_it_says),
		cmocka_unit_test(what_is_under_way_when_a_link_is_cut_is_gone),
		cmocka_unit_test(whoever_sends_to_nobody_is_told_if_he_has_that_peer),
		cmocka_unit_test(the_same_seed_has_the_same_fate_for_each),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
