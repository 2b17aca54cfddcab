/* SPDX-License-Identifier: 0BSD */
/* Who goes on, and when: actors, and the time that passes while nobody can. */
#include "pipe.h"

#include <stdio.h>
#include <stdlib.h>

enum { STACK = 262144, STACK_LEAST = 16384, PRIORITY_CHANGES = 64 };

/* ---- the ring of those that can go on ---- */

static struct sim_actor **place(const struct vet_sim *sim, uint32_t index)
{
	return &sim->runnable[(sim->runnable_first + index) & (sim->runnable_room - 1)];
}

/* There is room for as many as there are actors: actor_room is a power of 2, and the ring as large. */
void vetsim_wake_actor(struct vet_sim *sim, struct sim_actor *actor)
{
	if (actor->is_runnable || !actor->is_waiting)
		return;
	actor->is_waiting = false;
	actor->is_runnable = true;
	*place(sim, sim->runnables++) = actor;
}

/* Takes one out.  The first moves into its place: 0 is who was woken first, always. */
static struct sim_actor *taken(struct vet_sim *sim, uint32_t index)
{
	struct sim_actor *actor = *place(sim, index);
	*place(sim, index) = *place(sim, 0);
	sim->runnable_first++;
	sim->runnables--;
	actor->is_runnable = false;
	return actor;
}

/* ---- the schedule ---- */

static uint32_t highest(const struct vet_sim *sim)
{
	uint32_t best = 0;
	for (uint32_t i = 1; i < sim->runnables; i++)
		if ((*place(sim, i))->priority > (*place(sim, best))->priority)
			best = i;
	return best;
}

/* Random priorities that change now and then find what needs a few unlikely orders (Burckhardt et
 * al., A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs, 2010). */
static uint32_t by_priority(struct vet_sim *sim)
{
	uint32_t best = highest(sim);
	if (vetsim_chance(&sim->choices, VET_SIM_SCHEDULE, 1, PRIORITY_CHANGES)) {
		(*place(sim, best))->priority =
			vetsim_choose(&sim->choices, VET_SIM_SCHEDULE, UINT32_MAX);
		best = highest(sim);
	}
	return best;
}

static struct sim_actor *next_of(struct vet_sim *sim)
{
	switch (sim->options.schedule) {
	case VET_SIM_PRIORITIES:
		return taken(sim, by_priority(sim));
	case VET_SIM_IN_TURN:
		return taken(sim, 0);
	case VET_SIM_UNIFORM:
	default:
		return taken(sim, vetsim_choose(&sim->choices, VET_SIM_SCHEDULE, sim->runnables));
	}
}

static void bury(struct vet_sim *sim)
{
	struct sim_actor *corpse = sim->corpse;
	if (corpse == NULL || corpse == sim->running)
		return;
	sim->corpse = NULL;
	vet_coroutine_destroy(sim->coroutines, corpse->coroutine);
	corpse->coroutine = NULL;
	corpse->next = sim->spare;
	sim->spare = corpse;
}

static void go_on_with(struct vet_sim *sim, struct sim_actor *next)
{
	struct sim_actor *before = sim->running;
	if (next == before)
		return;
	sim->running = next;
	sim->switches++;
	vet_coroutine_switch(sim->coroutines, before->coroutine, next->coroutine);
	bury(sim);
}

/* ---- time ---- */

void vetsim_settle(struct vet_sim *sim)
{
	for (;;) {
		struct sim_pipe *pipe = sim->due_first;
		struct sim_timer *timer;
		if (pipe != NULL) {
			vetsim_pipe_due(pipe);
			continue;
		}
		timer = vetsim_heap_take(&sim->heap, sim->now);
		if (timer == NULL)
			return;
		vetsim_timer_due(sim, timer);
	}
}

void vetsim_timer_due(struct vet_sim *sim, struct sim_timer *timer)
{
	switch (timer->kind) {
	case SIM_TIMER_ACTOR:
		vetsim_wake_actor(sim, (struct sim_actor *)(void *)timer);
		break;
	case SIM_TIMER_PIPE:
		vetsim_pipe_due((struct sim_pipe *)(void *)timer);
		break;
	case SIM_TIMER_SOCKET:
		vetsim_stream_due(sim_socket_of_timer(timer));
		break;
	case SIM_TIMER_MESSAGE:
		vetsim_message_due((struct sim_message *)(void *)timer);
		break;
	case SIM_TIMER_WORLD:
		vetsim_mischief_due(sim);
		break;
	default:
		break;
	}
}

/* Nobody can go on: to the next that happens.  False: nothing ever does. */
static bool pass_time(struct vet_sim *sim)
{
	int64_t next = sim->due_first != NULL ? sim->now : sim_heap_next(&sim->heap);
	if (next == INT64_MAX)
		return false;
	if (next > sim->options.time) {
		vetsim_over(sim, VET_SIM_TIME, "the run's time is used up");
		return true;
	}
	if (next > sim->now)
		sim->now = next;
	vetsim_settle(sim);
	return true;
}

static void say_deadlock(struct vet_sim *sim)
{
	struct sim_actor *actor = NULL;
	char why[128];
	for (uint32_t i = 0; i < sim->actors && actor == NULL; i++)
		if (sim->actor[i]->is_waiting && sim->actor[i] != sim->awaited)
			actor = sim->actor[i];
	(void)snprintf(why, sizeof why, "all are blocked for good, \"%s\" among them",
		       actor == NULL ? "main" : actor->name);
	vetsim_over(sim, VET_SIM_DEADLOCK, why);
}

/* Whoever has been woken, and has his turn; it may be the caller. */
static struct sim_actor *chosen(struct vet_sim *sim)
{
	while (sim->runnables == 0)
		if (!pass_time(sim))
			say_deadlock(sim);
	return next_of(sim);
}

void vetsim_block(struct vet_sim *sim)
{
	struct sim_actor *self = sim->running;
	self->is_waiting = true;
	if (sim_watched(sim, VET_SIM_ACTOR_WAITS))
		vetsim_event(sim, VET_SIM_ACTOR_WAITS, self, self->host);
	go_on_with(sim, chosen(sim));
	if (sim_watched(sim, VET_SIM_ACTOR_GOES_ON))
		vetsim_event(sim, VET_SIM_ACTOR_GOES_ON, self, self->host);
}

void vetsim_yield(struct vet_sim *sim)
{
	struct sim_actor *self = sim->running;
	if (sim->runnables == 0)
		return;
	/* 0, the dullest, is that the same goes on; in turn, nobody is passed over for ever. */
	if (sim->options.schedule == VET_SIM_UNIFORM &&
	    vetsim_choose(&sim->choices, VET_SIM_SCHEDULE, sim->runnables + 1) == 0)
		return;
	self->is_waiting = true;
	vetsim_wake_actor(sim, self);
	go_on_with(sim, next_of(sim));
}

void vetsim_over(struct vet_sim *sim, enum vet_sim_end end, const char *why)
{
	if (!sim->is_over) {
		vetsim_keep_words(sim);
		sim->is_over = true;
		sim->report.end = end;
		(void)snprintf(sim->report.why, sizeof sim->report.why, "%s", why);
		if (sim_watched(sim, VET_SIM_FAILURE))
			vetsim_event(sim, VET_SIM_FAILURE, sim->running, NULL);
	}
	for (uint32_t i = 0; i < sim->actors; i++)
		vetsim_wake_actor(sim, sim->actor[i]);
}

/* ---- their lives ---- */

/* The running actor has ended, well or not: another goes on, and this one never does. */
static void leave(struct vet_sim *sim)
{
	struct sim_actor *self = sim->running;
	self->has_ended = true;
	sim->living--;
	self->host->actors--;
	sim->corpse = self;
	if (sim_watched(sim, VET_SIM_ACTOR_ENDS))
		vetsim_event(sim, VET_SIM_ACTOR_ENDS, self, self->host);
	if (sim->living == 1 && sim->awaited != NULL)
		vetsim_wake_actor(sim, sim->awaited);
	go_on_with(sim, chosen(sim));
}

void vetsim_abandon(struct vet_sim *sim)
{
	struct sim_actor *self = sim->running;
	if (self->number == 0) /* main: it is the caller's own thread, and must come back by itself */
		return;
	vetsim_forget_waiters(self);
	sim->report.abandoned++;
	leave(sim);
}

static void begin(void *argument)
{
	struct sim_actor *self = argument;
	struct vet_sim *sim = self->host->sim;
	bury(sim);
	if (sim_watched(sim, VET_SIM_ACTOR_BEGINS))
		vetsim_event(sim, VET_SIM_ACTOR_BEGINS, self, self->host);
	self->run(self->host->upper, self->context);
	leave(sim);
}

/* Room in the list of actors, and in the ring: both as large. */
static bool make_room(struct vet_sim *sim)
{
	uint32_t room = sim->actor_room == 0 ? 8 : sim->actor_room * 2;
	struct sim_actor **ring, **actor;
	if (sim->actors < sim->actor_room)
		return true;
	actor = realloc(sim->actor, room * sizeof(struct sim_actor *));
	if (actor == NULL)
		return false;
	sim->actor = actor;
	ring = malloc(room * sizeof(struct sim_actor *));
	if (ring == NULL)
		return false;
	for (uint32_t i = 0; i < sim->runnables; i++)
		ring[i] = *place(sim, i);
	free(sim->runnable);
	sim->runnable = ring;
	sim->runnable_first = 0;
	sim->runnable_room = sim->actor_room = room;
	return true;
}

/* A slot: one that another has left, or a new one.  NULL: no memory. */
static struct sim_actor *slot(struct vet_sim *sim)
{
	struct sim_actor *actor = sim->spare;
	if (actor != NULL) {
		sim->spare = actor->next;
		return actor;
	}
	if (!make_room(sim))
		return NULL;
	if (sim->actors < sim->actors_made)
		return sim->actor[sim->actors++];
	actor = calloc(1, sizeof *actor);
	if (actor == NULL)
		return NULL;
	actor->number = sim->actors;
	sim->actor[sim->actors++] = actor;
	sim->actors_made = sim->actors;
	return actor;
}

/* All but what stays from one use to the next. */
static void name_actor(struct sim_actor *actor, struct vet_sim_host *host, const char *name)
{
	actor->timer = (struct sim_timer){ .kind = SIM_TIMER_ACTOR };
	actor->coroutine = NULL;
	actor->host = host;
	sim_name_copy(actor->name, name);
	actor->is_waiting = actor->has_ended = actor->was_crashed = actor->is_runnable = false;
	actor->priority = 0;
	actor->tick = 1;
	actor->idle = actor->stopped_calls = 0;
	actor->waiters = 0;
	actor->since = -1;
}

int vet_sim_actor(struct vet_sim_host *host, const char *name, vet_sim_run_function run,
		  void *context)
{
	struct vet_sim *sim = host->sim;
	struct sim_actor *actor;
	int result;
	if (sim->living > VET_SIM_ACTORS) /* main is one more */
		return -EAGAIN;
	actor = slot(sim);
	if (actor == NULL)
		return -ENOMEM;
	name_actor(actor, host, name);
	actor->run = run;
	actor->context = context;
	result = vet_coroutine_make(sim->coroutines, &actor->coroutine, begin, actor);
	if (result < 0) {
		actor->has_ended = true;
		actor->next = sim->spare;
		sim->spare = actor;
		return result == -ENOMEM ? -EAGAIN : result; /* no more stacks can be had */
	}
	if (sim->options.schedule == VET_SIM_PRIORITIES)
		actor->priority = vetsim_choose(&sim->choices, VET_SIM_SCHEDULE, UINT32_MAX);
	sim->living++;
	sim->report.actors++;
	host->actors++;
	actor->is_waiting = true;
	vetsim_wake_actor(sim, actor);
	return 0;
}

int vetsim_actors_begin(struct vet_sim *sim)
{
	static const enum vet_coroutine_kind kinds[] = {
		[VET_SIM_BEST] = VET_COROUTINE_BEST,
		[VET_SIM_SWITCH] = VET_COROUTINE_SWITCH,
		[VET_SIM_UCONTEXT] = VET_COROUTINE_UCONTEXT,
		[VET_SIM_THREADS] = VET_COROUTINE_THREAD,
	};
	uint32_t stack = sim->options.stack == 0 ? STACK : sim->options.stack;
	int result = 0;
	if ((unsigned)sim->options.coroutines > VET_SIM_THREADS)
		return -EINVAL;
	if (sim->coroutines != NULL &&
	    (sim->coroutine_kind != sim->options.coroutines || sim->stack != stack)) {
		vet_coroutines_free(sim->coroutines);
		sim->coroutines = NULL;
	}
	if (sim->coroutines == NULL)
		result = vet_coroutines_make(&sim->coroutines, kinds[sim->options.coroutines],
					     stack < STACK_LEAST ? STACK_LEAST : stack);
	sim->coroutine_kind = sim->options.coroutines;
	sim->stack = stack;
	sim->runnable_first = sim->runnables = sim->actors = 0;
	sim->spare = sim->corpse = sim->awaited = NULL;
	sim->living = 1;
	if (result == 0)
		sim->running = slot(sim);
	if (result < 0 || sim->running == NULL)
		return result < 0 ? result : -ENOMEM;
	name_actor(sim->running, NULL, "main");
	return vet_coroutine_self(sim->coroutines, &sim->running->coroutine);
}

void vetsim_actors_end(struct vet_sim *sim)
{
	for (uint32_t i = 0; i < sim->actors; i++) {
		struct sim_actor *actor = sim->actor[i];
		if (actor->coroutine != NULL)
			vet_coroutine_destroy(sim->coroutines, actor->coroutine);
		actor->coroutine = NULL;
	}
	sim->actors = 0;
}

void vetsim_actors_free(struct vet_sim *sim)
{
	vet_coroutines_free(sim->coroutines);
	for (uint32_t i = 0; i < sim->actors_made; i++) {
		free(sim->actor[i]->waiter);
		free(sim->actor[i]);
	}
	free(sim->actor);
	free(sim->runnable);
}
