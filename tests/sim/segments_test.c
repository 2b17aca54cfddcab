/* SPDX-License-Identifier: 0BSD */
/*
 * What each segment of a simulated connection says is true: seen from outside, by an observer.  Its
 * sender acknowledges what has arrived and no more, keeps to the window that he was told, never
 * takes a window back; every segment with content arrives once, and in its place (RFC 9293 3.4,
 * 3.8.6).
 *	segments_test [SEEDS]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simulations.h"

enum { SEEDS = 100, FLOWS = 4096, UNDER_WAY = 65536, CLAIMS = 64, NEAR = 1 << 22 };

/* One direction; positions are beyond its SYN. */
struct flow {
	struct vet_address source, destination;
	const struct vet_sim_host *from;
	uint32_t initial;
	uint32_t sent, arrived; /* with the end, which counts as one */
	uint32_t edge, told; /* of the window: as its sender has heard, as its receiver has said */
	bool is_told;
};

/* What a segment said that must have come true when its moment is over: an arrival is told after
 * what answers it. */
struct claim {
	struct flow *flow;
	uint64_t number;
	uint32_t upto;
	bool is_window; /* it was sent up to there; else it has arrived */
};

struct watch {
	struct vet_sim *sim;
	struct flow flow[FLOWS];
	uint32_t flows;
	struct {
		struct flow *flow, *back;
		uint32_t size;
	} packet[UNDER_WAY]; /* by its number: of these names there may be another connection
				when it arrives */
	struct claim claim[CLAIMS];
	uint32_t claims;
	int64_t time; /* of the claims */
	char why[160];
};

static bool is_of(const struct flow *flow, const struct vet_address *source,
		  const struct vet_address *destination)
{
	return vet_address_equal(&flow->source, source) &&
	       vet_address_equal(&flow->destination, destination);
}

/* The last one of these names, on that host where it is given, that the sequence number can be of:
 * there may be another connection by now. */
static struct flow *find(struct watch *watch, const struct vet_address *source,
			 const struct vet_address *destination, const struct vet_sim_host *from,
			 uint32_t sequence)
{
	for (uint32_t i = watch->flows; i > 0; i--)
		if (is_of(&watch->flow[i - 1], source, destination) &&
		    (from == NULL || watch->flow[i - 1].from == from) &&
		    sequence - watch->flow[i - 1].initial < NEAR)
			return &watch->flow[i - 1];
	return NULL;
}

static void say(struct watch *watch, uint64_t number, const char *what)
{
	if (watch->why[0] == '\0')
		(void)snprintf(watch->why, sizeof watch->why, "packet %llu at %lld: %s",
			       (unsigned long long)number, (long long)watch->time, what);
}

static void claim(struct watch *watch, struct flow *flow, uint64_t number, uint32_t upto,
		  bool is_window)
{
	if (watch->claims < CLAIMS)
		watch->claim[watch->claims++] = (struct claim){ flow, number, upto, is_window };
}

static void look_at_claims(struct watch *watch)
{
	for (uint32_t i = 0; i < watch->claims; i++) {
		const struct claim *c = &watch->claim[i];
		if (c->is_window && c->upto > c->flow->edge)
			say(watch, c->number, "it is beyond the window");
		if (!c->is_window && c->upto > c->flow->arrived)
			say(watch, c->number, "it acknowledges what has not arrived");
	}
	watch->claims = 0;
}

/* With its first SYN: another connection of the same names is another flow. */
static void begin(struct watch *watch, const struct vet_sim_packet *packet)
{
	struct flow *flow = find(watch, &packet->source, &packet->destination, packet->from,
				 packet->sequence + 1);
	if ((flow != NULL && flow->initial == packet->sequence + 1) || watch->flows == FLOWS)
		return;
	watch->flow[watch->flows++] = (struct flow){
		.source = packet->source,
		.destination = packet->destination,
		.from = packet->from,
		.initial = packet->sequence + 1,
	};
}

/* The answers of hosts that know of no connection say what they knew last. */
static void look_at_answer(struct watch *watch, struct flow *back,
			   const struct vet_sim_packet *packet)
{
	uint32_t upto = packet->acknowledgement - back->initial;
	if (upto >= NEAR) /* of another connection of these names */
		return;
	claim(watch, back, packet->number, upto, false);
	/* Who answers without a connection has no window. */
	if ((packet->flags & VET_SIM_RST) || packet->window == 0)
		return;
	if (back->is_told && upto + packet->window < back->told &&
	    back->told - (upto + packet->window) > 1) /* an end fills none of it */
		say(watch, packet->number, "its window goes back");
	if (!back->is_told || upto + packet->window > back->told)
		back->told = upto + packet->window;
	back->is_told = true;
}

static void look_at_sent(struct watch *watch, const struct vet_sim_packet *packet)
{
	struct flow *flow, *back;
	uint32_t size = (uint32_t)(packet->part[0].iov_len + packet->part[1].iov_len);
	if (packet->flags & VET_SIM_SYN)
		begin(watch, packet);
	flow = find(watch, &packet->source, &packet->destination, packet->from,
		    packet->sequence + ((packet->flags & VET_SIM_SYN) != 0) + packet->is_keepalive);
	if (packet->attempt > 0 && !(packet->flags & VET_SIM_SYN)) /* of the same as at first */
		flow = watch->packet[packet->number % UNDER_WAY].flow;
	back = (packet->flags & VET_SIM_ACK) == 0
		       ? NULL
		       : find(watch, &packet->destination, &packet->source,
			      packet->from == packet->to ? NULL : packet->to,
			      packet->acknowledgement);
	watch->packet[packet->number % UNDER_WAY].flow = flow;
	watch->packet[packet->number % UNDER_WAY].back = back;
	watch->packet[packet->number % UNDER_WAY].size = size;
	if (flow == NULL)
		return;
	if (back != NULL && back != flow && (packet->flags & VET_SIM_ACK))
		look_at_answer(watch, back, packet);
	if (packet->flags & (VET_SIM_SYN | VET_SIM_RST) || packet->is_keepalive)
		return;
	if (packet->sequence - flow->initial >= NEAR)
		return;
	if (packet->attempt == 0 && packet->sequence - flow->initial != flow->sent &&
	    (size > 0 || (packet->flags & VET_SIM_FIN)))
		say(watch, packet->number, "it does not begin where the last one ended");
	if (packet->attempt == 0 && (size > 0 || (packet->flags & VET_SIM_FIN)))
		flow->sent = packet->sequence - flow->initial + size +
			     ((packet->flags & VET_SIM_FIN) != 0);
	if (size > 0 && back != flow)
		claim(watch, flow, packet->number, packet->sequence - flow->initial + size, true);
}

static void look_at_arrived(struct watch *watch, const struct vet_sim_packet *packet)
{
	struct flow *flow = watch->packet[packet->number % UNDER_WAY].flow;
	struct flow *back = watch->packet[packet->number % UNDER_WAY].back;
	uint32_t size = watch->packet[packet->number % UNDER_WAY].size;
	if (packet->flags & VET_SIM_RST)
		return;
	if (back != NULL && (packet->flags & VET_SIM_ACK) &&
	    packet->acknowledgement - back->initial < NEAR &&
	    packet->acknowledgement - back->initial + packet->window > back->edge)
		back->edge = packet->acknowledgement - back->initial + packet->window;
	if (flow == NULL || (packet->flags & VET_SIM_SYN) || packet->is_keepalive)
		return;
	if ((size == 0 && !(packet->flags & VET_SIM_FIN)) ||
	    packet->sequence - flow->initial >= NEAR)
		return;
	if (packet->sequence - flow->initial != flow->arrived)
		say(watch, packet->number, "it arrives twice, or out of its place");
	flow->arrived =
		packet->sequence - flow->initial + size + ((packet->flags & VET_SIM_FIN) != 0);
}

static void see(void *context, const struct vet_sim_event *event)
{
	struct watch *watch = context;
	const struct vet_sim_packet *packet = event->packet;
	if (event->time != watch->time)
		look_at_claims(watch);
	watch->time = event->time;
	if (packet->protocol != VET_SIM_TCP)
		return;
	if (packet->fate == VET_SIM_ARRIVED)
		look_at_arrived(watch, packet);
	else if (packet->fate == VET_SIM_SENT || packet->fate == VET_SIM_LOST)
		look_at_sent(watch, packet);
}

int main(int argc, char **argv)
{
	struct watch *watch = calloc(1, sizeof *watch);
	struct vet_sim_observer observer = { see, watch, 1U << VET_SIM_PACKET };
	struct vet_simulate_options options = { .once = true, .observer = &observer };
	uint64_t seeds = argc > 1 ? strtoull(argv[1], NULL, 10) : SEEDS;
	struct vet_sim_report report;
	size_t count;
	const struct vet_simulation *all = simulations_all(&count);
	int failed = 0;
	if (watch == NULL || vet_sim_make(&watch->sim) < 0)
		return 1;
	for (size_t i = 0; i < count; i++) {
		for (options.seed = 1; options.seed <= seeds; options.seed++) {
			watch->flows = watch->claims = 0;
			watch->why[0] = '\0';
			if (vet_simulate(watch->sim, &all[i], &options, &report) < 0)
				(void)snprintf(watch->why, sizeof watch->why, "run: %.100s",
					       report.why);
			if (watch->why[0] == '\0')
				continue;
			printf("%s, seed %llu: %s\n", all[i].name, (unsigned long long)options.seed,
			       watch->why);
			failed++;
			break;
		}
	}
	vet_sim_free(watch->sim);
	free(watch);
	printf("%zu simulations, %llu seeds, %d failed\n", count, (unsigned long long)seeds,
	       failed);
	return failed > 0;
}
