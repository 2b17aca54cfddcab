/* SPDX-License-Identifier: 0BSD */
/* What is said of every host's links holds for hosts that come later; and the last word counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "found_world.h"

enum { FIRST = 100000, HOSTS = 40 };

static struct vet_sim_host *host(void)
{
	struct vet_sim_host *made = vet_sim_add_host(sim, "host");
	assert_non_null(made);
	return made;
}

static void set(struct vet_sim_host *from, struct vet_sim_host *to, vet_duration latency)
{
	const struct vet_sim_link link = { .latency = latency };
	assert_int_equal(vet_sim_set_link(sim, from, to, &link), 0);
}

static void check(struct vet_sim_host *from, struct vet_sim_host *to, vet_duration latency)
{
	assert_true(vet_sim_get_link(sim, from, to).latency == latency);
}

static void every_host_is_also_one_to_come(void **state)
{
	struct vet_sim_host *later[HOSTS];
	(void)state;
	begin(1);
	set(near, NULL, 777);
	set(NULL, far, 888);
	for (unsigned i = 0; i < HOSTS; i++) {
		later[i] = host();
		check(near, later[i], 777);
		check(later[i], near, FIRST);
		check(later[i], far, 888);
		check(far, later[i], FIRST);
		if (i > 0)
			check(later[i - 1], later[i], FIRST);
	}
	check(near, far, 888); /* said last */
	/* Nothing of it changes with what is said of others. */
	set(later[0], later[1], 5);
	for (unsigned i = 0; i < HOSTS; i++) {
		check(near, later[i], 777);
		check(later[i], far, 888);
	}
	check(later[0], later[1], 5);
	check(later[1], later[0], FIRST);
}

static void last_word_counts_for_those_to_come(void **state)
{
	struct vet_sim_host *third;
	(void)state;
	begin(1);
	set(near, NULL, 777);
	set(NULL, NULL, 3);
	third = host();
	check(near, third, 3);
	check(near, far, 3);
	set(third, NULL, 4);
	set(NULL, third, 5);
	check(third, host(), 4);
	check(near, third, 5);
	check(far, near, 3);
	check(host(), third, 5);
}

/* Each slow link has a queue of its own, though it was said of all of them at once: what fills one
 * keeps nothing back on another. */
static void slow_links_to_come_do_not_share_a_queue(void **state)
{
	const struct vet_sim_link slow = { .latency = 1000, .rate = 1000 };
	struct vet_ip ip[2];
	char data[400] = { 0 };
	int to[2];
	(void)state;
	begin(1);
	assert_int_equal(vet_sim_set_link(sim, near, NULL, &slow), 0);
	for (unsigned i = 0; i < 2; i++) {
		struct vet_sim_host *later = host();
		ip[i] = vet_sim_host_ip(later, 4);
		(void)bound_on(vet_sim_sys(later), &ip[i], PORT);
		to[i] = connected_on(sys[0], &ip[i], PORT);
	}
	for (unsigned i = 0; i < 2; i++)
		for (unsigned j = 0; j < 2; j++)
			assert_int_equal(near_call(send, to[i], data, sizeof data, 0), 400);
	wait_for(VET_MILLISECONDS(450)); /* of 400 + 28 bytes each */
	assert_int_equal(fates[VET_SIM_ARRIVED][VET_SIM_UDP], 2);
	wait_for(VET_MILLISECONDS(450));
	assert_int_equal(fates[VET_SIM_ARRIVED][VET_SIM_UDP], 4);
}

/* One by one, as many as there may be: the table of links grows by doubling. */
static void host_by_host_there_is_no_end_of_copying(void **state)
{
	(void)state;
	begin(1);
	for (unsigned i = 2; i < VET_SIM_HOSTS; i++)
		set(host(), NULL, (vet_duration)i);
	for (unsigned i = 2; i < VET_SIM_HOSTS; i++) {
		check(vet_sim_host_at(sim, i), near, (vet_duration)i);
		check(vet_sim_host_at(sim, i), vet_sim_host_at(sim, VET_SIM_HOSTS - 1),
		      (vet_duration)i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_host_is_also_one_to_come),
		cmocka_unit_test(last_word_counts_for_those_to_come),
		cmocka_unit_test(slow_links_to_come_do_not_share_a_queue),
		cmocka_unit_test(host_by_host_there_is_no_end_of_copying),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
