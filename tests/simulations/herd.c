/* SPDX-License-Identifier: 0BSD */
/*
 * A thundering herd: workers of one host wait for one listener, of which each has a descriptor;
 * clients come in bursts.  Of those that one connection wakes all but one find nothing.
 */
#include "subjects.h"

enum {
	WORKERS = 5,
	MOST_WORK = 4, /* requests of a client */
	BACKLOG = 2,
	PATIENCE = 4,    /* seconds */
	LOOK_AROUND = 3, /* seconds */
	SHED = 50,       /* milliseconds */
	BURST = 300,     /* milliseconds between bursts */
	PORT = 80,
};

struct herd_client {
	struct herd *herd;
	uint32_t number, work, done;
	uint32_t
		served[MOST_WORK]; /* how often the herd has done it: what a server keeps on disk */
	int family;
	bool is_done;
};

struct herd {
	struct play play;
	struct vet_sim_host *host;
	struct wire listener; /* shared, as between threads */
	uint32_t users;       /* workers that have it */
	bool is_making;       /* one of them is about to */
	uint32_t clients;
	struct herd_client client[PLAY_HOSTS];
};

/* What was done once is not done again: it is only answered. */
static void work_once(struct herd *herd, const struct request *request)
{
	uint32_t number = (uint32_t)(request->number >> 32), k = (uint32_t)request->number;
	if (number >= herd->clients || k >= MOST_WORK) {
		play_fail(&herd->play, "a request that nobody made", (int64_t)request->number);
		return;
	}
	if (herd->client[number].served[k] == 0)
		herd->client[number].served[k]++;
}

static void serve(struct herd *herd, struct wire *wire)
{
	struct request request;
	wire_limit(wire, VET_SECONDS(PATIENCE));
	while (request_receive(wire, &request) == 0) {
		work_once(herd, &request);
		request.value++;
		if (request_send(wire, &request) < 0)
			break;
		wire_limit(wire, VET_SECONDS(PATIENCE));
	}
	wire_close(wire);
}

static void leave(struct herd *herd)
{
	if (--herd->users == 0)
		wire_close(&herd->listener);
}

static bool make_listener(struct herd *herd, struct vet_sys *sys)
{
	int result;
	herd->is_making = true;
	result = wire_listen(&herd->listener, &herd->play, sys, PORT, BACKLOG);
	herd->is_making = false;
	return result == 0;
}

/* The first worker makes the listener, the others get a descriptor of it.  Negative: the worker
 * is to return. */
static int join(struct herd *herd, struct vet_sys *sys, struct wire *own)
{
	struct again again = { &herd->play, sys, 0 };
	int result;
	while (herd->is_making)
		if (!play_pause(sys, VET_MILLISECONDS(SHED)))
			return -ECANCELED;
	if (herd->users == 0 && !make_listener(herd, sys))
		return -ECANCELED;
	herd->users++;
	*own = (struct wire){ .play = &herd->play };
	while ((result = vet_socket_try_clone(&herd->listener.s, &own->s)) < 0) {
		if (play_is_over(result) || !again_later(&again)) {
			leave(herd);
			return -ECANCELED;
		}
	}
	return 0;
}

static void run_worker(struct vet_sys *sys, void *context)
{
	struct herd *herd = context;
	struct again again = { &herd->play, sys, 0 };
	struct wire own, wire;
	int result = 0;
	if (join(herd, sys, &own) < 0)
		return;
	while (herd->play.left > 0 && !play_is_over(result)) {
		wire_limit(&own, VET_SECONDS(LOOK_AROUND));
		result = wire_accept(&own, &wire);
		if (result == 0 || result == VET_EDEADLINE)
			again.tries = 0;
		if (result == 0)
			serve(herd, &wire);
		else if (result != VET_EDEADLINE && !again_later(&again))
			break;
	}
	wire_close(&own);
	leave(herd);
}

static int ask(struct herd_client *client, struct wire *wire)
{
	struct request request = {
		.number = (uint64_t)client->number << 32 | client->done,
		.value = client->done,
		.size = play_choose(&client->herd->play, 256),
	};
	struct request answer;
	int result;
	wire_limit(wire, VET_SECONDS(PATIENCE));
	result = request_send(wire, &request);
	result = result < 0 ? result : request_receive(wire, &answer);
	if (result < 0)
		return result;
	play_check(&client->herd->play, answer.number == request.number);
	play_check(&client->herd->play, answer.value == request.value + 1);
	client->done++;
	return 0;
}

/* A connection for each request, or one for all that are left. */
static int visit(struct herd_client *client, struct vet_sys *sys)
{
	struct herd *herd = client->herd;
	struct vet_address at = vet_address_of(vet_sim_host_ip(herd->host, client->family), PORT);
	struct wire wire;
	int result = wire_dial(&wire, &herd->play, sys, &at, VET_SECONDS(PATIENCE));
	if (result < 0)
		return result;
	do
		result = ask(client, &wire);
	while (result == 0 && client->done < client->work && play_choose(&herd->play, 3) > 0);
	wire_close(&wire);
	return result;
}

static void run_client(struct vet_sys *sys, void *context)
{
	struct herd_client *client = context;
	struct play *play = &client->herd->play;
	struct again again = { play, sys, 0 };
	int result = 0;
	/* All at once, or in two bursts. */
	if (!play_pause(sys, play_choose(play, 2) == 0 ? VET_MILLISECONDS(BURST)
						       : VET_MILLISECONDS(2 * BURST)))
		return;
	while (client->done < client->work && !play_is_over(result)) {
		result = visit(client, sys);
		if (result < 0 && !again_later(&again))
			return;
	}
	if (client->done == client->work)
		play_done(play, &client->is_done);
}

static int begin_client(struct herd *herd, uint32_t i)
{
	struct herd_client *client = &herd->client[i];
	client->herd = herd;
	client->number = i;
	client->work = play_between(&herd->play, 1, MOST_WORK);
	client->family = play_choose(&herd->play, 2) == 0 ? 4 : 6;
	return play_actor(play_name(&herd->play, "client", i), "client", run_client, client);
}

static int prepare(struct vet_sim *sim, unsigned hosts, void *state)
{
	struct herd *herd = state;
	uint32_t workers;
	int result = 0;
	herd->play.sim = sim;
	herd->host = play_host(&herd->play, "server");
	herd->clients = herd->play.left = play_share(hosts, 1, PLAY_HOSTS);
	workers = play_between(&herd->play, 2, WORKERS);
	for (uint32_t i = 0; i < workers && result == 0; i++)
		result = play_actor(herd->host, "worker", run_worker, herd);
	for (uint32_t i = 0; i < herd->clients && result == 0; i++)
		result = begin_client(herd, i);
	return result;
}

static void finish(struct vet_sim *sim, void *state)
{
	const struct herd *herd = state;
	for (uint32_t i = 0; i < herd->clients; i++)
		for (uint32_t k = 0; k < herd->client[i].work; k++)
			vet_sim_check(sim, herd->client[i].served[k] == 1);
}

const struct vet_simulation simulation_herd = {
	.name = "herd",
	.what = "workers wait for one listener with a short queue, clients come in bursts; every request "
		"is served, and once",
	.mischief = "latency=200us..3ms; loss=1%; swarm; short-counts; calm=20s; bound=60s",
	.hosts = 7,
	.prepare = prepare,
	.finish = finish,
	.state = sizeof(struct herd),
};
