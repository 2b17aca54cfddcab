/* SPDX-License-Identifier: 0BSD */
/* What is told of a run: to an observer, and to its hash. */
#include "world.h"

#define NAME(name, text) text,
static const char *const names[] = { SIM_MARK_LIST(NAME) };

const char *vet_sim_mark_name(unsigned mark)
{
	return mark < SIM_MARKS ? names[mark] : NULL;
}

uint64_t vet_sim_mark_count(const struct vet_sim *sim, unsigned mark)
{
	return mark < SIM_MARKS ? sim->marks[mark] : 0;
}

static void send_event(struct vet_sim *sim, struct vet_sim_event *event)
{
	event->time = sim->now;
	event->step = sim->calls;
	sim->options.observer->event(sim->options.observer->context, event);
}

void vetsim_mark(struct vet_sim *sim, enum sim_mark mark)
{
	sim->marks[mark]++;
	if (sim_watched(sim, VET_SIM_MARK))
		send_event(sim, &(struct vet_sim_event){
					.kind = VET_SIM_MARK,
					.actor = sim->running->number,
					.actor_name = sim->running->name,
					.name = names[mark],
				});
}

void vetsim_packet(struct vet_sim *sim, struct vet_sim_packet *packet)
{
	if (sim_watched(sim, VET_SIM_PACKET))
		send_event(sim, &(struct vet_sim_event){
					.kind = VET_SIM_PACKET,
					.actor = sim->running->number,
					.actor_name = sim->running->name,
					.host = packet->from,
					.other = packet->to,
					.packet = packet,
				});
}

void vetsim_event(struct vet_sim *sim, enum vet_sim_event_kind kind, const struct sim_actor *actor,
		  const struct vet_sim_host *host)
{
	send_event(sim, &(struct vet_sim_event){
				.kind = kind,
				.actor = actor->number,
				.actor_name = actor->name,
				.host = host,
				.name = kind == VET_SIM_FAILURE ? sim->report.why : NULL,
			});
}

void vetsim_link_event(struct vet_sim *sim, const struct vet_sim_host *from,
		       const struct vet_sim_host *to)
{
	send_event(sim, &(struct vet_sim_event){
				.kind = VET_SIM_LINK_CHANGES,
				.actor = sim->running->number,
				.actor_name = sim->running->name,
				.host = from,
				.other = to,
			});
}

/* A layer over the host's table: calls as values are made only where somebody looks. */
static int64_t watched(struct vet_layer *layer, struct vet_call *call)
{
	struct vet_sim_host *host = sim_host_of(layer->next);
	struct sim_actor *actor = host->sim->running;
	int64_t result = vet_call_make(layer->next, call);
	send_event(host->sim, &(struct vet_sim_event){
				      .kind = VET_SIM_CALL,
				      .actor = actor->number,
				      .actor_name = actor->name,
				      .host = host,
				      .call = call,
				      .result = result,
			      });
	return result;
}

void vetsim_watch_host(struct vet_sim_host *host)
{
	if (sim_watched(host->sim, VET_SIM_CALL))
		host->upper = vet_layer_over(&host->watch, &host->sys, watched);
}
