/* SPDX-License-Identifier: 0BSD */
/* The log of one run: every call of every host, and every packet, as a line each. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <vetsock/trace.h>
#include <vetsock/vetsock.h>

#include "simulate.h"

/* The trace of one host's table. */
struct logged {
	struct vet_trace trace;
	struct simulate_log *log;
	struct vet_sim_host *host;
	bool is_within; /* a line */
};

struct simulate_log {
	struct simulating *simulating;
	struct vet_sim *sim; /* once it runs */
	struct vet_sim_observer observer;
	struct logged **of;
	size_t count;
};

/* Whether a step, of an actor, is among those that are asked for. */
static bool is_wanted(const struct simulate_log *log, uint64_t step, const char *actor)
{
	const char *only = log->simulating->request->actor;
	bool is_it = only == NULL || strcmp(only, actor) == 0;

	log->simulating->told_actor |= is_it;
	return is_it && step >= log->simulating->from && step <= log->simulating->until;
}

static void put_place(uint64_t step, int64_t time, const char *who)
{
	printf("%8" PRIu64 " %6" PRId64 ".%09" PRId64 " %-12s ", step, time / 1000000000,
	       time % 1000000000, who);
}

/* A trace begins with a line that says what it is: of no use here.  A long line comes in pieces. */
static int put_call(void *context, const char *text, size_t size)
{
	static const char title[] = "vetsock trace ";
	struct logged *logged = context;
	bool goes_on = logged->is_within;
	struct vet_sim *sim = logged->log->sim;
	const char *actor = vet_sim_actor_name(sim);

	if (size >= sizeof(title) - 1 && memcmp(text, title, sizeof(title) - 1) == 0)
		return 0;
	logged->is_within = size > 0 && text[size - 1] != '\n';
	if (!is_wanted(logged->log, vet_sim_calls(sim), actor))
		return 0;
	if (!goes_on) {
		put_place(vet_sim_calls(sim), vet_sim_now(sim), actor);
		printf("%s: ", vet_sim_host_name(logged->host));
	}
	printf("%.*s", (int)size, text);
	return 0;
}

static int trace_host(struct simulate_log *log, struct vet_sim_host *host)
{
	struct logged *logged = calloc(1, sizeof(*logged));

	if (logged == NULL)
		return -ENOMEM;
	logged->log = log;
	logged->host = host;
	log->of[log->count++] = logged;
	vet_sim_set_sys(host, vet_trace_start(&logged->trace, vet_sim_sys(host), put_call, logged));
	return 0;
}

static int trace_hosts(struct vet_sim *sim, void *context)
{
	struct simulate_log *log = context;
	struct vet_sim_host *host;
	int result = 0;

	log->sim = sim;
	log->of = calloc(VET_SIM_HOSTS, sizeof(struct logged *));
	if (log->of == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; result == 0 && (host = vet_sim_host_at(sim, i)) != NULL; i++)
		result = trace_host(log, host);
	return result;
}

/* ---- what no call tells ---- */

static void put_address(const struct vet_address *address)
{
	char text[VET_ADDRESS_TEXT_SIZE];

	if (vet_address_format(address, text, sizeof(text)) > 0)
		fputs(text, stdout);
}

static void put_packet(const struct vet_sim_packet *packet)
{
	static const char *const fates[] = {
		[VET_SIM_SENT] = "goes",       [VET_SIM_LOST] = "is lost",
		[VET_SIM_DOUBLED] = "goes twice", [VET_SIM_ARRIVED] = "arrives",
		[VET_SIM_DROPPED] = "is dropped",
	};
	static const char flags[] = "FSRP.";
	size_t size = packet->part[0].iov_len + packet->part[1].iov_len;

	printf("packet %" PRIu64 " %s: ", packet->number, fates[packet->fate]);
	put_address(&packet->source);
	fputs(" > ", stdout);
	put_address(&packet->destination);
	fputc(' ', stdout);
	for (unsigned i = 0; packet->protocol == VET_SIM_TCP && i < sizeof(flags) - 1; i++)
		if (packet->flags >> i & 1)
			fputc(flags[i], stdout);
	if (size > 0)
		printf(" %zu bytes", size);
	if (packet->attempt > 0)
		printf(", attempt %" PRIu32, packet->attempt + 1);
	fputc('\n', stdout);
}

static const char *text_of(const struct vet_sim_event *event)
{
	switch (event->kind) {
	case VET_SIM_ACTOR_BEGINS:
		return "begins";
	case VET_SIM_ACTOR_ENDS:
		return "ends";
	case VET_SIM_HOST_CRASHES:
		return "crashes";
	case VET_SIM_HOST_RESTARTS:
		return "is up again";
	case VET_SIM_LINK_CHANGES:
		return "a link changes";
	case VET_SIM_CLOCK_JUMPS:
		return "its clock jumps";
	default:
		return event->name == NULL ? "" : event->name;
	}
}

static void put_event(void *context, const struct vet_sim_event *event)
{
	const struct simulate_log *log = context;
	bool is_of_host = event->kind >= VET_SIM_HOST_CRASHES && event->host != NULL;

	if (!is_wanted(log, event->step, event->actor_name))
		return;
	put_place(event->step, event->time,
		  event->kind == VET_SIM_PACKET ? "-" : event->actor_name);
	if (event->kind == VET_SIM_PACKET)
		put_packet(event->packet);
	else
		printf("%s%s%s\n", is_of_host ? vet_sim_host_name(event->host) : "",
		       is_of_host ? " " : "", text_of(event));
}

struct simulate_log *simulate_log_begin(struct simulating *simulating)
{
	struct simulate_log *log = calloc(1, sizeof(*log));

	if (log == NULL)
		return NULL;
	log->simulating = simulating;
	log->observer = (struct vet_sim_observer){
		.event = put_event,
		.context = log,
		.wants = ~(1U << VET_SIM_CALL | 1U << VET_SIM_ACTOR_WAITS |
			   1U << VET_SIM_ACTOR_GOES_ON),
	};
	simulating->options.observer = &log->observer;
	simulating->options.prepared = trace_hosts;
	simulating->options.context = log;
	return log;
}

void simulate_log_end(struct simulate_log *log)
{
	if (log == NULL)
		return;
	for (size_t i = 0; i < log->count; i++)
		free(log->of[i]);
	free(log->of);
	free(log);
}
