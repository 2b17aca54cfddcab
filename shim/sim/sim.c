/* SPDX-License-Identifier: 0BSD */
/* Worlds, and runs of them. */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>

#include "pipe.h"

#define CALLS UINT64_C(1000000000)
#define TIME  (VET_HOURS(24) * 365 * 100)

int vet_sim_make(struct vet_sim **made)
{
	struct vet_sim *sim = calloc(1, sizeof *sim);
	*made = NULL;
	if (sim == NULL)
		return -ENOMEM;
	sim->pool = vetsim_pool_make();
	if (sim->pool == NULL) {
		free(sim);
		return -ENOMEM;
	}
	sim->due_last = &sim->due_first;
	*made = sim;
	return 0;
}

/* What is in flight and belongs to nobody; then what hosts have. */
static void clear(struct vet_sim *sim)
{
	if (sim->coroutines != NULL)
		vetsim_actors_end(sim);
	vetsim_mischief_stop(sim);
	free(sim->last_words);
	sim->last_words = NULL;
	sim->last_words_size = 0;
	while (sim->pipes != NULL)
		vetsim_pipe_free(sim->pipes);
	for (uint32_t i = 0; i < sim->hosts; i++) {
		for (struct sim_socket *s = sim->host[i]->sockets; s != NULL; s = s->next_of_host)
			if (s->node.kind == SIM_STREAM)
				s->u.stream.in = s->u.stream.out = NULL;
		vetsim_host_clear(sim->host[i], false);
		vetsim_ports_clear(&sim->host[i]->streams);
		vetsim_ports_clear(&sim->host[i]->datagrams);
	}
	while (sim->heap.count > 0) {
		struct sim_timer *timer = sim->heap.entry[0].timer;
		vetsim_heap_remove(&sim->heap, timer);
		if (timer->kind == SIM_TIMER_MESSAGE)
			vetsim_message_free(sim, (struct sim_message *)(void *)timer);
	}
	sim->due_first = NULL;
	sim->due_last = &sim->due_first;
	sim->hosts = 0;
}

void vet_sim_free(struct vet_sim *sim)
{
	if (sim == NULL)
		return;
	clear(sim);
	vetsim_actors_free(sim);
	vetsim_mischief_free(sim);
	for (uint32_t i = 0; i < sim->hosts_made; i++) {
		vetsim_ports_free(&sim->host[i]->streams);
		vetsim_ports_free(&sim->host[i]->datagrams);
		free(sim->host[i]->descriptor);
		free(sim->host[i]->again);
		free(sim->host[i]);
	}
	free(sim->host);
	free(sim->link);
	free(sim->heap.entry);
	free(sim->choices.kept);
	vetsim_pool_free(sim->pool);
	free(sim);
}

int vet_sim_start(struct vet_sim *sim, const struct vet_sim_options *options)
{
	clear(sim);
	sim->options = *options;
	if (sim->options.calls == 0)
		sim->options.calls = CALLS;
	if (sim->options.time == 0)
		sim->options.time = TIME;
	if (sim->options.tick < 0 || sim->options.time < 0 || sim->options.time > TIME ||
	    (unsigned)sim->options.schedule > VET_SIM_IN_TURN)
		return -EINVAL;
	sim->now = 0;
	sim->calls = sim->switches = sim->packets = 0;
	sim->hash = 0;
	sim->sockets = 0;
	sim->is_over = sim->is_blocked = sim->is_doubtful = false;
	sim->report = (struct vet_sim_report){ .end = VET_SIM_ENDED };
	sim->oracle = (struct sim_oracle){ .is_on = false };
	sim->heap.sequence = 0;
	sim->heap.most = 0;
	vetsim_choices_begin(&sim->choices, &sim->options);
	vetsim_links_begin(sim);
	return vetsim_actors_begin(sim);
}

uint32_t vet_sim_choose(struct vet_sim *sim, uint32_t n)
{
	return vetsim_choose(&sim->choices, VET_SIM_PROGRAM, n);
}

void vet_sim_fail(struct vet_sim *sim, const char *why)
{
	vetsim_over(sim, VET_SIM_FAILED, why);
}

const char *vet_sim_actor_name(const struct vet_sim *sim)
{
	return sim->running->name;
}

int64_t vet_sim_now(const struct vet_sim *sim)
{
	return sim->now;
}

uint64_t vet_sim_calls(const struct vet_sim *sim)
{
	return sim->calls;
}

const struct vet_sim_choice *vet_sim_tape(const struct vet_sim *sim, size_t *count)
{
	*count = sim->choices.kept_count;
	return sim->choices.kept;
}

/* ---- what has become of it ---- */

static uint64_t mixed(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

static uint64_t state_of(const struct sim_socket *s)
{
	uint64_t hash = mixed(s->serial, (uint64_t)s->node.kind << 8 | s->state);
	hash = mixed(hash, (uint64_t)s->local.port << 16 | s->remote.port);
	if (s->node.kind == SIM_STREAM && s->u.stream.in != NULL)
		hash = mixed(hash, s->u.stream.in->read << 32 ^ s->u.stream.in->arrived);
	if (s->node.kind == SIM_STREAM && s->u.stream.out != NULL)
		hash = mixed(hash, s->u.stream.out->written << 32 ^ s->u.stream.out->acknowledged);
	return hash;
}

void vet_sim_conclude(struct vet_sim *sim, struct vet_sim_report *report)
{
	struct vet_sim_report *all = &sim->report;
	all->open = 0;
	all->states = 0;
	all->memory = 0;
	for (uint32_t i = 0; i < sim->hosts; i++) {
		struct sim_socket *s = sim->host[i]->sockets;
		all->open += sim->host[i]->open; /* none of one that is down */
		all->memory += sim->host[i]->memory;
		for (; s != NULL; s = s->next_of_host)
			all->states += state_of(s);
	}
	all->calls = sim->calls;
	all->switches = sim->switches;
	all->packets = sim->packets;
	all->time = sim->now;
	all->hash = sim->hash;
	all->timers = sim->heap.most;
	if (report != NULL)
		*report = *all;
}

/* It is "main" who may wait for all others. */
static int refuse_run(struct vet_sim_report *told)
{
	if (told != NULL)
		*told = (struct vet_sim_report){
			.end = VET_SIM_FAILED,
			.why = "vet_sim_run() is for the thread that called vet_sim_start(), after it",
		};
	return -EINVAL;
}

/* "main" waits until it is alone. */
int vet_sim_run(struct vet_sim *sim, struct vet_sim_report *told)
{
	if (sim->running == NULL || sim->running->number != 0 || sim->awaited != NULL)
		return refuse_run(told);
	sim->awaited = sim->running;
	sim->running->since = sim->now;
	while (sim->living > 1 || vetsim_mischief_revives(sim))
		vetsim_block(sim);
	sim->awaited->since = -1;
	sim->awaited = NULL;
	vet_sim_conclude(sim, told);
	return sim->report.end == VET_SIM_ENDED ? 0 : -EINVAL;
}
