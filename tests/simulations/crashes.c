/* SPDX-License-Identifier: 0BSD */
/*
 * A server that keeps accounts crashes and comes back, and so do its clients.  A payment has a
 * number, so that one that is asked again is booked once; connections whose other side is gone are
 * found out by keepalive (the server's) and the user timeout (the clients').
 */
#include "subjects.h"

enum {
	PAYMENTS = 12,
	CLIENTS = 16,
	PATIENCE = 3,  /* seconds */
	KEEPALIVE = 2, /* seconds, of silence and between probes */
	PAUSE = 900,   /* milliseconds between payments, at most */
};

struct crashes_client {
	struct crashes *crashes;
	uint32_t number;
	uint32_t paid;             /* payments that were confirmed */
	uint64_t sum;              /* of them */
	uint32_t amount[PAYMENTS]; /* 0: none chosen yet */
	bool is_done;
};

/* What the server has on its disk. */
struct account {
	uint32_t booked; /* payments */
	uint64_t balance;
};

struct crashes {
	struct play play;
	struct service service;
	uint32_t clients;
	struct account account[CLIENTS];
	struct crashes_client client[CLIENTS];
};

/* ---- the server ---- */

/* A payment is booked if it is the next one; an earlier one was booked before, and is confirmed. */
static void book(struct crashes *crashes, struct request *request)
{
	uint32_t client = (uint32_t)(request->number >> 32), k = (uint32_t)request->number;
	struct account *account = &crashes->account[client < CLIENTS ? client : 0];
	if (client >= crashes->clients || k > account->booked || k >= PAYMENTS) {
		play_fail(&crashes->play, "a payment out of turn", (int64_t)request->number);
		return;
	}
	if (k == account->booked) {
		account->booked++;
		account->balance += request->value;
	}
	request->value = account->balance;
}

/* Waits as long as it takes: keepalive alone ends what is dead. */
static void serve(struct service *service, struct wire *wire, struct vet_sys *sys)
{
	struct crashes *crashes = service->context;
	struct request request;
	(void)sys;
	wire_set(wire, vet_socket_set_keepalive(&wire->s, true));
	wire_set(wire, vet_socket_set_keepalive_time(&wire->s, VET_SECONDS(KEEPALIVE)));
	wire_set(wire, vet_socket_set_keepalive_interval(&wire->s, VET_SECONDS(KEEPALIVE)));
	wire_set(wire, vet_socket_set_keepalive_count(&wire->s, 2));
	for (;;) {
		wire_no_limit(wire);
		if (request_receive(wire, &request) < 0)
			return;
		book(crashes, &request);
		wire_limit(wire, VET_SECONDS(PATIENCE));
		if (request_send(wire, &request) < 0)
			return;
	}
}

/* ---- a client ---- */

static int pay(struct crashes_client *client, struct wire *wire)
{
	struct play *play = &client->crashes->play;
	uint32_t *amount = &client->amount[client->paid];
	struct request request = { .number = (uint64_t)client->number << 32 | client->paid },
		       answer;
	int result;
	if (*amount == 0)
		*amount = play_between(play, 1, 1000); /* written down before it is asked */
	request.value = *amount;
	request.size = *amount % 97;
	wire_limit(wire, VET_SECONDS(PATIENCE));
	result = request_send(wire, &request);
	result = result < 0 ? result : request_receive(wire, &answer);
	if (result < 0)
		return result;
	client->sum += *amount;
	client->paid++;
	play_check(play, answer.number == request.number);
	play_check(play, answer.value == client->sum);
	return 0;
}

static int visit(struct crashes_client *client, struct vet_sys *sys)
{
	struct play *play = &client->crashes->play;
	struct vet_address to =
		service_at(&client->crashes->service, client->number % 2 == 0 ? 4 : 6);
	struct wire wire;
	int result = wire_dial(&wire, play, sys, &to, VET_SECONDS(PATIENCE));
	if (result < 0)
		return result;
	wire_set(&wire, vet_socket_set_user_timeout(&wire.s, VET_SECONDS(KEEPALIVE)));
	wire_set(&wire, vet_socket_set_keepalive(&wire.s, true));
	while (client->paid < PAYMENTS && result == 0) {
		result = pay(client, &wire);
		if (!play_nap(play, sys, PAUSE))
			result = -EIO;
	}
	wire_close(&wire);
	return result;
}

static void run_client(struct vet_sys *sys, void *context)
{
	struct crashes_client *client = context;
	struct play *play = &client->crashes->play;
	struct again again = { play, sys, 0 };
	while (client->paid < PAYMENTS) {
		int result = visit(client, sys);
		if (play_is_over(result) || (result < 0 && !again_later(&again)))
			return;
	}
	play_done(play, &client->is_done);
}

/* ---- the stage ---- */

static int prepare(struct vet_sim *sim, unsigned hosts, void *state)
{
	struct crashes *crashes = state;
	struct play *play = &crashes->play;
	int result;
	play->sim = sim;
	crashes->clients = play->left = play_share(hosts, 1, CLIENTS);
	crashes->service = (struct service){
		.play = play,
		.serve = serve,
		.context = crashes,
		.port = 130,
		.backlog = 4,
	};
	result = service_begin(&crashes->service, play_host(play, "server"), "server");
	for (uint32_t i = 0; i < crashes->clients && result == 0; i++) {
		struct crashes_client *client = &crashes->client[i];
		client->crashes = crashes;
		client->number = i;
		result = play_actor(play_name(play, "client", i), "client", run_client, client);
	}
	return result;
}

static void finish(struct vet_sim *sim, void *state)
{
	const struct crashes *crashes = state;
	for (uint32_t i = 0; i < crashes->clients; i++) {
		vet_sim_check(sim, crashes->client[i].paid == PAYMENTS);
		vet_sim_check(sim, crashes->account[i].booked == PAYMENTS);
		vet_sim_check(sim, crashes->account[i].balance == crashes->client[i].sum);
	}
}

const struct vet_simulation simulation_crashes = {
	.name = "crashes",
	.what = "a server of accounts and its clients crash and come back; every payment is booked once",
	.mischief = "latency=1ms..10ms; loss=1%; @700ms=crash server for 400ms; "
		    "@2s=crash server with resets for 100ms; @3500ms=crash server for 3s; "
		    "@9s=crash client-3; random=6; calm=15s; bound=60s",
	.hosts = 4,
	.prepare = prepare,
	.finish = finish,
	.state = sizeof(struct crashes),
};
