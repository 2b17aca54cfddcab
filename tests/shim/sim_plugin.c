/* SPDX-License-Identifier: 0BSD */
/* Simulations for the tests of the command line, and (VETSOCK_TEST_PLUGIN) what a plug-in may do
 * wrong. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <vetsock/shim.h>
#include <vetsock/vetsock.h>

enum { ROLLS = 10, SIDES = 6 };

/* Waits for a datagram that nobody sends. */
static void wait_for_ever(struct vet_sys *sys, void *context)
{
	struct vet_socket s;
	(void)context;
	if (vet_socket_datagram_on(&s, sys, 4) == 0 && vet_socket_read(&s, &(char){ 0 }, 1) >= 0)
		abort();
	(void)vet_socket_close(&s);
}

/* Throws dice, and fails when the last one is not the first side. */
static void throw_dice(struct vet_sys *sys, void *context)
{
	struct vet_sim *const *sim = context;
	uint32_t last = 0;
	(void)sys;
	for (int i = 0; i < ROLLS; i++)
		last = vet_sim_choose(*sim, SIDES);
	if (last != 0)
		vet_sim_fail(*sim, "the last of the dice\tfell badly");
}

static int prepare(struct vet_sim *sim, vet_sim_run_function run, void *state, const char *name)
{
	struct vet_sim_host *host = vet_sim_add_host(sim, "table");
	*(struct vet_sim **)state = sim;
	return host == NULL ? -ENOMEM : vet_sim_actor(host, name, run, state);
}

static int prepare_waiting(struct vet_sim *sim, unsigned hosts, void *state)
{
	(void)hosts;
	return prepare(sim, wait_for_ever, state, "patient");
}

static int prepare_dice(struct vet_sim *sim, unsigned hosts, void *state)
{
	(void)hosts;
	return prepare(sim, throw_dice, state, "gambler");
}

static int prepare_nothing(struct vet_sim *sim, unsigned hosts, void *state)
{
	(void)sim;
	(void)hosts;
	(void)state;
	return -ENOSPC;
}

static const struct vet_simulation simulations[] = {
	{ .name = "waiting",
	  .what = "one waits for what nobody sends",
	  .prepare = prepare_waiting,
	  .state = sizeof(struct vet_sim *) },
	{ .name = "dice", .prepare = prepare_dice, .state = sizeof(struct vet_sim *) },
	{ .name = "unprepared", .prepare = prepare_nothing },
};

VET_API const struct vet_simulation *vetsock_simulations(uint32_t version, size_t *count);
const struct vet_simulation *vetsock_simulations(uint32_t version, size_t *count)
{
	const char *how = getenv("VETSOCK_TEST_PLUGIN");
	*count = sizeof(simulations) / sizeof(simulations[0]);
	if (how != NULL && strcmp(how, "none") == 0)
		return NULL;
	return version == VET_SYS_VERSION ? simulations : NULL;
}
