/* SPDX-License-Identifier: 0BSD */
/*
 * A request with one deadline over three hops: client, front, middle, back.  Each hop is told how
 * much time is left, gives its own sockets that much and not more, and passes on what is left
 * then.  So nobody works for somebody who has given up, but for what the request itself was under
 * way.
 */
#include "subjects.h"

enum {
	HOPS = 3,
	REQUESTS = 4, /* of a client */
	CLIENTS = 8,
	LEAST = 30, /* milliseconds that a client gives */
	MOST = 900,
	WORK = 60,  /* milliseconds, at most, that the last hop works */
	THINK = 20, /* likewise, that the others think before they pass it on */
	IDLE = 4,   /* seconds */
};

struct three_hops_client {
	struct three_hops *hops;
	uint32_t number, asked, answered, late;
	bool is_done;
};

/* What the world knows of a request, and no hop does. */
struct three_hops_trace {
	int64_t due;     /* of who asks now, by the world's clock */
	int64_t sent_at; /* when it was sent on */
	uint32_t hop;    /* that it was sent to */
	bool is_known;   /* no clock has jumped that it was measured with */
};

struct three_hops {
	struct play play;
	struct service service[HOPS];
	uint32_t clients;
	struct three_hops_client client[CLIENTS];
	struct three_hops_trace trace[CLIENTS][REQUESTS];
};

static uint64_t answer_to(const struct request *request)
{
	return request->number * 31 + request->value * request->value;
}

static struct three_hops_trace *trace_of(struct three_hops *hops, uint64_t number)
{
	uint32_t client = (uint32_t)(number >> 32), k = (uint32_t)number;
	if (client < hops->clients && k < REQUESTS)
		return &hops->trace[client][k];
	play_fail(&hops->play, "a request that nobody made", (int64_t)number);
	return NULL;
}

/* ---- a hop ---- */

/* Its deadline: what it was told is left, from now on.  Whoever asked cannot be given more than
 * he has himself, but for the time that the request was under way. */
static bool take_over(struct three_hops *hops, uint32_t hop, struct wire *wire,
		      const struct request *request)
{
	struct three_hops_trace *trace = trace_of(hops, request->number);
	if (trace == NULL)
		return false;
	if (request->left <= 0)
		return false; /* too late: whoever asked has gone, or is about to */
	wire_limit(wire, request->left);
	if (trace->hop != hop || !trace->is_known)
		return true;
	if (wire->due > trace->due + (vet_sim_now(hops->play.sim) - trace->sent_at) + PLAY_LATE)
		play_fail(&hops->play, "a hop was given more time than there was, in nanoseconds",
			  wire->due - trace->due);
	return true;
}

/* Passes on what is left by the socket's own deadline, on this host's clock. */
static int pass_on(struct three_hops *hops, uint32_t hop, struct wire *wire, struct wire *next,
		   struct request *request)
{
	struct three_hops_trace *trace = trace_of(hops, request->number);
	struct vet_instant now;
	int result = vet_socket_now(&wire->s, &now);
	if (result < 0)
		return result;
	request->left = vet_instant_difference(vet_socket_deadline(&wire->s), now);
	if (request->left <= 0)
		return VET_EDEADLINE;
	trace->hop = hop;
	trace->is_known = wire_is_steady(wire) && (hop == 0 || trace->is_known);
	trace->due = wire->due;
	trace->sent_at = vet_sim_now(hops->play.sim);
	return request_send(next, request);
}

/* The next hop's connection has the same deadline as the one that the request came by. */
static int ask_next(struct three_hops *hops, uint32_t hop, struct wire *wire, struct vet_sys *sys,
		    struct request *request)
{
	struct vet_address to = service_at(&hops->service[hop], 4);
	const uint64_t number = request->number;
	struct wire next;
	int result = wire_stream(&next, &hops->play, sys, 4);
	if (result < 0)
		return result;
	vet_socket_deadline_at(&next.s, vet_socket_deadline(&wire->s));
	next.due = wire->due;
	result = wire_connect(&next, &to);
	result = result < 0 ? result : pass_on(hops, hop, wire, &next, request);
	result = result < 0 ? result : request_receive(&next, request);
	wire_close(&next);
	if (result == 0)
		play_check(&hops->play, request->number == number);
	return result;
}

/* Works, if there is time for it. */
static int work(struct three_hops *hops, struct wire *wire, struct vet_sys *sys,
		struct request *request)
{
	vet_duration takes = play_span(&hops->play, 0, WORK);
	struct vet_instant now;
	int result = vet_socket_now(&wire->s, &now);
	if (result < 0)
		return result;
	if (vet_instant_difference(vet_socket_deadline(&wire->s), now) <= takes)
		return VET_EDEADLINE;
	if (!play_pause(sys, takes))
		return -EIO;
	if (vet_sim_now(hops->play.sim) > wire->due + PLAY_LATE && wire_is_steady(wire))
		play_fail(&hops->play, "work was done after the deadline, in nanoseconds",
			  vet_sim_now(hops->play.sim) - wire->due);
	request->value = answer_to(request);
	return 0;
}

static int handle(struct three_hops *hops, uint32_t hop, struct wire *wire, struct vet_sys *sys,
		  struct request *request)
{
	if (hop == HOPS - 1)
		return work(hops, wire, sys, request);
	if (!play_nap(&hops->play, sys, THINK))
		return -EIO;
	return ask_next(hops, hop + 1, wire, sys, request);
}

static void serve(struct service *service, struct wire *wire, struct vet_sys *sys)
{
	struct three_hops *hops = service->context;
	uint32_t hop = (uint32_t)(service - hops->service);
	struct request request;
	wire_limit(wire, VET_SECONDS(IDLE));
	if (request_receive(wire, &request) < 0 || !take_over(hops, hop, wire, &request))
		return;
	if (handle(hops, hop, wire, sys, &request) == 0)
		(void)request_send(wire, &request);
}

/* ---- the client ---- */

/* Asks once: the right answer in time, or an error in time. */
static int ask(struct three_hops_client *client, uint32_t number, struct vet_sys *sys)
{
	struct three_hops *hops = client->hops;
	struct play *play = &hops->play;
	struct request request = {
		.number = (uint64_t)client->number << 32 | number,
		.value = play_choose(play, 1000),
		.size = play_choose(play, 64),
	};
	const struct request asked = request;
	struct wire self; /* who asks has no connection to take the deadline from */
	int64_t begun = vet_sim_now(play->sim);
	int result = wire_stream(&self, play, sys, 4);
	if (result < 0)
		return result;
	wire_limit(&self, play_span(play, LEAST, MOST));
	result = ask_next(hops, 0, &self, sys, &request);
	if (vet_sim_now(play->sim) > self.due + PLAY_LATE && wire_is_steady(&self))
		play_fail(play, "a client waited longer than it wanted, in nanoseconds",
			  vet_sim_now(play->sim) - begun);
	if (result == 0)
		play_check(play, request.value == answer_to(&asked));
	wire_close(&self);
	return result;
}

static void run_client(struct vet_sys *sys, void *context)
{
	struct three_hops_client *client = context;
	struct play *play = &client->hops->play;
	while (client->asked < REQUESTS) {
		/* Written down before: one that a crash met is not asked again. */
		int result = ask(client, client->asked++, sys);
		client->answered += result == 0;
		client->late += result < 0;
		if (!play_nap(play, sys, MOST))
			return;
	}
	play_done(play, &client->is_done);
}

/* ---- the stage ---- */

static int begin_hop(struct three_hops *hops, uint32_t hop)
{
	static const char *const names[HOPS] = { "front", "middle", "back" };
	hops->service[hop] = (struct service){
		.play = &hops->play,
		.serve = serve,
		.context = hops,
		.port = (uint16_t)(110 + hop),
	};
	return service_begin(&hops->service[hop], play_host(&hops->play, names[hop]), names[hop]);
}

static int prepare(struct vet_sim *sim, unsigned hosts, void *state)
{
	struct three_hops *hops = state;
	int result = 0;
	hops->play.sim = sim;
	hops->clients = hops->play.left = play_share(hosts, HOPS, CLIENTS);
	for (uint32_t i = 0; i < HOPS && result == 0; i++)
		result = begin_hop(hops, i);
	for (uint32_t i = 0; i < hops->clients && result == 0; i++) {
		struct three_hops_client *client = &hops->client[i];
		client->hops = hops;
		client->number = i;
		result = play_actor(play_name(&hops->play, "client", i), "client", run_client,
				    client);
	}
	return result;
}

static void finish(struct vet_sim *sim, void *state)
{
	const struct three_hops *hops = state;
	for (uint32_t i = 0; i < hops->clients; i++)
		vet_sim_check(sim, hops->client[i].answered + hops->client[i].late == REQUESTS);
}

const struct vet_simulation simulation_three_hops = {
	.name = "three-hops",
	.what = "a request has one deadline over three hops; nobody works after it, the answer is right "
		"or the error in time",
	.mischief =
		"latency=1ms..15ms; loss=2%; swarm; @500ms=front->middle: latency=50ms..200ms for 1s; "
		"calm=10s; bound=30s",
	.hosts = 6,
	.prepare = prepare,
	.finish = finish,
	.state = sizeof(struct three_hops),
};
