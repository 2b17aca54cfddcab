/* SPDX-License-Identifier: 0BSD */
/*
 * Hosts' clocks jump while deadlines run.  No deadline passes before its time by the world's clock
 * but where the host's own clock says so, and none after its time but where that clock went back.
 */
#include "subjects.h"

enum {
	ROUNDS = 6,
	PATIENCE = 550, /* milliseconds at most that a client waits: twice of it is less than passes
			  * between two of the steps back that it is to meet */
	DELAY = 600,    /* likewise, that the server takes */
	IDLE = 3,       /* seconds */
	TRIES = 40,     /* for a round */
	STORM = 10,     /* microseconds that the time is asked for, */
	STORM_CALLS = 1000, /* and as many calls at most */
};

struct clock_jumps_client {
	struct clock_jumps *jumps;
	uint32_t number, round, passed;
	bool is_done;
};

struct clock_jumps {
	struct play play;
	struct service service;
	uint32_t clients;
	struct clock_jumps_client client[PLAY_HOSTS];
};

/* Answers after a while, which the request says. */
static void serve(struct service *service, struct wire *wire, struct vet_sys *sys)
{
	struct request request;
	(void)service;
	for (;;) {
		wire_limit(wire, VET_SECONDS(IDLE));
		if (request_receive(wire, &request) < 0 ||
		    !play_pause(sys, (vet_duration)request.value))
			return;
		wire_limit(wire, VET_SECONDS(IDLE));
		if (request_send(wire, &request) < 0)
			return;
	}
}

/* Hears answers until the one to this request, or its deadline: those to earlier ones, which were
 * waited for in vain, come first. */
static int hear(struct play *play, struct wire *wire, const struct request *asked)
{
	struct request answer;
	int result;
	do
		result = request_receive(wire, &answer);
	while (result == 0 && answer.number < asked->number);
	if (result == 0)
		play_check(play, answer.number == asked->number && answer.size == asked->size);
	return result;
}

/* A deadline that passes within an answer leaves the rest of it to come: the connection is of no
 * more use, but for one that has heard nothing. */
static int ask(struct clock_jumps_client *client, struct wire *wire, uint32_t attempt)
{
	struct play *play = &client->jumps->play;
	const struct request request = {
		.number = (uint64_t)client->number << 32 | client->round << 16 | attempt,
		.value = (uint64_t)play_span(play, 0, DELAY),
		.size = play_choose(play, 16),
	};
	int result;
	wire_limit(wire, play_span(play, 1, PATIENCE));
	result = request_send(wire, &request);
	return result < 0 ? result : hear(play, wire, &request);
}

/* Half of the deadlines are of the table's own clock alone: a sleep that cannot be shorter. */
static bool sleep_exactly(struct play *play, struct vet_sys *sys)
{
	vet_duration nap = play_span(play, 0, PATIENCE);
	int64_t begun = vet_sim_now(play->sim), slept;
	if (!play_pause(sys, nap))
		return false;
	slept = vet_sim_now(play->sim) - begun;
	if (slept < nap || slept > nap + PLAY_LATE)
		play_fail(play, "a sleep was not as long as it was to be, in nanoseconds",
			  slept - nap);
	return true;
}

/* Again and again, without a pause: each call takes the longer, so that one who waits for a time in
 * this way sees it come. */
static bool ask_the_time(struct play *play, struct vet_sys *sys)
{
	int64_t until = vet_sim_now(play->sim) + VET_MICROSECONDS(STORM), now;
	int result = 0;
	for (int i = 0; i < STORM_CALLS && vet_sim_now(play->sim) < until && result == 0; i++)
		result = (sys->calls->now)(sys, &now);
	play_check(play, result != 0 || vet_sim_now(play->sim) >= until);
	return result == 0;
}

static int run_rounds(struct clock_jumps_client *client, struct vet_sys *sys)
{
	struct play *play = &client->jumps->play;
	struct vet_address to = service_at(&client->jumps->service, 4);
	struct wire wire;
	int result = wire_dial(&wire, play, sys, &to, VET_MILLISECONDS(PATIENCE));
	if (result < 0)
		return result;
	for (uint32_t i = 0; client->round < ROUNDS && result == 0 && i < TRIES; i++) {
		result = ask(client, &wire, i);
		client->passed += result == VET_EDEADLINE;
		client->round += result == 0 || result == VET_EDEADLINE;
		if (!(play_choose(play, 8) == 1 ? ask_the_time : sleep_exactly)(play, sys))
			result = -EIO;
	}
	wire_close(&wire);
	return result;
}

static void run_client(struct vet_sys *sys, void *context)
{
	struct clock_jumps_client *client = context;
	struct play *play = &client->jumps->play;
	struct again again = { play, sys, 0 };
	while (client->round < ROUNDS) {
		int result = run_rounds(client, sys);
		if (play_is_over(result) || (result < 0 && !again_later(&again)))
			return;
	}
	play_done(play, &client->is_done);
}

static int prepare(struct vet_sim *sim, unsigned hosts, void *state)
{
	struct clock_jumps *jumps = state;
	struct play *play = &jumps->play;
	int result;
	play->sim = sim;
	play->is_exact = true;
	jumps->clients = play->left = play_share(hosts, 1, PLAY_HOSTS);
	jumps->service = (struct service){ .play = play, .serve = serve, .port = 120 };
	result = service_begin(&jumps->service, play_host(play, "server"), "server");
	for (uint32_t i = 0; i < jumps->clients && result == 0; i++) {
		struct clock_jumps_client *client = &jumps->client[i];
		client->jumps = jumps;
		client->number = i;
		result = play_actor(play_name(play, "client", i), "client", run_client, client);
	}
	return result;
}

static void finish(struct vet_sim *sim, void *state)
{
	const struct clock_jumps *jumps = state;
	for (uint32_t i = 0; i < jumps->clients; i++)
		vet_sim_check(sim, jumps->client[i].round == ROUNDS);
}

const struct vet_simulation simulation_clock_jumps = {
	.name = "clock-jumps",
	.what = "clocks jump while deadlines run; none passes early or late by the world's clock and the "
		"host's",
	.mischief = "latency=1ms..10ms; loss=1%; @400ms=jump * 40s; @800ms=jump * -2s; "
		    "@1500ms=jump server 300ms; @2s=jump * -90s; @2600ms=jump * 200ms; random=4; "
		    "calm=6s; bound=30s",
	.hosts = 4,
	.prepare = prepare,
	.finish = finish,
	.state = sizeof(struct clock_jumps),
};
