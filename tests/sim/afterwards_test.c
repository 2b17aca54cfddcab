/* SPDX-License-Identifier: 0BSD */
/*
 * Nothing is left: when every actor of a simulation has returned and the network has had the time
 * that its timers ask for, no host has a socket, a port or bytes that count as buffered, and
 * nothing is under way.
 *	afterwards_test [SEEDS]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "../../shim/sim/pipe.h"
#include "../../shim/sim/port_table.h"

#include "simulations.h"

enum { SEEDS = 100, TIMERS = 1000000 };

static uint64_t seeds = SEEDS;

/* Until no timer is held any more, but for the world's own. */
static void let_all_pass(struct vet_sim *sim)
{
	vetsim_mischief_stop(sim);
	vetsim_settle(sim);
	for (uint32_t i = 0; i < TIMERS && sim->heap.count > 0; i++) {
		struct sim_timer *first = sim->heap.entry[0].timer;
		if (sim->heap.entry[0].at > sim->now)
			sim->now = sim->heap.entry[0].at;
		if (first->kind == SIM_TIMER_WORLD)
			vetsim_heap_remove(&sim->heap, first);
		vetsim_settle(sim);
	}
}

static unsigned actor_timers(const struct vet_sim *sim)
{
	unsigned count = 0;
	for (uint32_t i = 0; i < sim->heap.count; i++)
		count += sim->heap.entry[i].timer->kind == SIM_TIMER_ACTOR;
	return count;
}

/* NULL: nothing. */
static const char *what_is_left(const struct vet_sim *sim)
{
	if (sim->heap.count > 0)
		return "timers";
	if (sim->pipes != NULL || sim->due_first != NULL)
		return "pipes";
	for (uint32_t i = 0; i < sim->hosts; i++) {
		const struct vet_sim_host *host = sim->host[i];
		if (host->sockets != NULL)
			return "a socket";
		if (host->streams.ports != 0 || host->datagrams.ports != 0)
			return "a port";
		if (host->streams.connected != 0)
			return "a connection";
		if (host->buffered != 0)
			return "bytes that count as buffered";
	}
	return NULL;
}

/* What is owned of a port is those in it that are not there by connect (port.c). */
static const char *wrong_port(const struct sim_ports *ports)
{
	for (uint32_t i = 0; i < ports->buckets; i++)
		for (const struct sim_port *p = ports->bucket[i]; p != NULL; p = p->next) {
			uint32_t owned = 0;
			for (const struct sim_socket *s = p->first; s != NULL; s = s->binding.next)
				owned += !s->binding.is_shared;
			if (owned != p->owned)
				return "a port whose owners are counted wrong";
		}
	return NULL;
}

static const char *wrong_ports(const struct vet_sim *sim)
{
	const char *wrong = NULL;
	for (uint32_t i = 0; i < sim->hosts && wrong == NULL; i++) {
		wrong = wrong_port(&sim->host[i]->streams);
		if (wrong == NULL)
			wrong = wrong_port(&sim->host[i]->datagrams);
	}
	return wrong;
}

static void look_at(struct vet_sim *sim, const struct vet_simulation *simulation, uint64_t seed)
{
	const char *left = actor_timers(sim) > 0 ? "the timer of an actor that has returned"
						 : wrong_ports(sim);
	if (left == NULL) {
		let_all_pass(sim);
		left = what_is_left(sim);
	}
	if (left != NULL)
		fail_msg("%s, seed %llu: there is left: %s", simulation->name,
			 (unsigned long long)seed, left);
}

static void nothing_is_left_when_all_have_returned(void **state)
{
	struct vet_simulate_options options = { .once = true };
	struct vet_sim_report report;
	struct vet_sim *sim;
	size_t count;
	const struct vet_simulation *all = simulations_all(&count);
	(void)state;
	assert_int_equal(vet_sim_make(&sim), 0);
	for (size_t i = 0; i < count; i++)
		for (options.seed = 1; options.seed <= seeds; options.seed++) {
			assert_int_equal(vet_simulate(sim, &all[i], &options, &report), 0);
			look_at(sim, &all[i], options.seed);
		}
	vet_sim_free(sim);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_left_when_all_have_returned),
	};
	if (argc > 1)
		seeds = strtoull(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
