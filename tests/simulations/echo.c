/* SPDX-License-Identifier: 0BSD */
/* Clients ask an echo, each message its own bytes; what goes wrong is asked again. */
#include "subjects.h"

enum { MOST_MESSAGES = 5, MOST_BYTES = 6000, PIECE = 2048, PATIENCE = 5 };

struct echo_client {
	struct play_echo *echo;
	uint64_t key;      /* of its first message */
	uint32_t messages; /* that it wants answered */
	uint32_t answered;
	bool is_done;
	uint32_t size[MOST_MESSAGES];
	int family;
};

struct play_echo {
	struct play play;
	struct service service;
	uint32_t clients;
	struct echo_client client[PLAY_HOSTS];
};

/* What comes goes back, until its end. */
static void serve(struct service *service, struct wire *wire, struct vet_sys *sys)
{
	unsigned char data[PIECE];
	ssize_t n;
	(void)service;
	(void)sys;
	for (;;) {
		wire_limit(wire, VET_SECONDS(PATIENCE));
		n = wire_read(wire, data, sizeof data);
		if (n <= 0 || wire_write(wire, data, (size_t)n, NULL) < 0)
			return;
	}
}

static int hear(const struct echo_client *client, struct wire *wire, uint64_t key, uint32_t from,
		uint32_t size)
{
	unsigned char data[PIECE];
	int result = wire_read_exact(wire, data, size);
	if (result == 0 && !play_is_filled(data, size, key, from))
		play_fail(&client->echo->play, "the echo is not what was said, from byte", from);
	return result;
}

/* What print adds. */
static int hear_newline(const struct echo_client *client, struct wire *wire)
{
	char byte = 0;
	int result = wire_read_exact(wire, &byte, 1);
	if (result == 0 && byte != '\n')
		play_fail(&client->echo->play, "the echo of a line has another end", byte);
	return result;
}

/* Piece by piece, so that neither side ever waits for the other with both windows full. */
static int say(const struct echo_client *client, struct wire *wire)
{
	uint64_t key = client->key + client->answered;
	uint32_t size = client->size[client->answered], piece;
	unsigned char data[PIECE];
	int result = 0;
	for (uint32_t at = 0; at < size && result == 0; at += piece) {
		piece = size - at < PIECE ? size - at : PIECE;
		play_fill(data, piece, key, at);
		result = at + piece < size ? wire_write(wire, data, piece, NULL)
					   : wire_print(wire, data, piece);
		if (result == 0)
			result = hear(client, wire, key, at, piece);
	}
	return result == 0 ? hear_newline(client, wire) : result;
}

/* All that is left to say over one connection; 0: nothing is left. */
static int talk(struct echo_client *client, struct wire *wire)
{
	unsigned char byte;
	int result = 0;
	while (client->answered < client->messages && result == 0) {
		wire_limit(wire, VET_SECONDS(PATIENCE));
		result = say(client, wire);
		if (result == 0)
			client->answered++;
	}
	if (result == 0 && wire_end(wire) == 0 && wire_read(wire, &byte, 1) > 0)
		play_fail(&client->echo->play, "the echo says more than it was told", byte);
	return result;
}

static void run_client(struct vet_sys *sys, void *context)
{
	struct echo_client *client = context;
	struct play *play = &client->echo->play;
	struct again again = { play, sys, 0 };
	struct vet_address to = service_at(&client->echo->service, client->family);
	struct wire wire;
	int result;
	if (client->is_done)
		return; /* a crash met it at its very end: nobody may be there any more to be asked */
	do {
		result = wire_dial(&wire, play, sys, &to, VET_SECONDS(PATIENCE));
		if (result == 0) {
			result = talk(client, &wire);
			wire_close(&wire);
		}
	} while (result < 0 && !play_is_over(result) && again_later(&again));
	if (result == 0)
		play_done(play, &client->is_done);
}

static int begin_client(struct play_echo *echo, uint32_t i)
{
	struct echo_client *client = &echo->client[i];
	client->echo = echo;
	client->key = (uint64_t)i << 32;
	client->messages = play_between(&echo->play, 1, MOST_MESSAGES);
	client->family = play_choose(&echo->play, 2) == 0 ? 4 : 6;
	for (uint32_t k = 0; k < client->messages; k++)
		client->size[k] =
			1 + play_choose(&echo->play, play_choose(&echo->play, MOST_BYTES) + 1);
	return play_actor(play_name(&echo->play, "client", i), "client", run_client, client);
}

static int prepare(struct vet_sim *sim, unsigned hosts, void *state)
{
	struct play_echo *echo = state;
	int result;
	echo->play.sim = sim;
	echo->clients = echo->play.left = play_share(hosts, 1, PLAY_HOSTS);
	echo->service = (struct service){ .play = &echo->play, .serve = serve, .port = 7 };
	result = service_begin(&echo->service, play_host(&echo->play, "server"), "server");
	for (uint32_t i = 0; i < echo->clients && result == 0; i++)
		result = begin_client(echo, i);
	return result;
}

static void finish(struct vet_sim *sim, void *state)
{
	const struct play_echo *echo = state;
	for (uint32_t i = 0; i < echo->clients; i++)
		vet_sim_check(sim, echo->client[i].answered == echo->client[i].messages);
}

const struct vet_simulation simulation_echo = {
	.name = "echo",
	.what = "clients ask an echo over links that lose; each hears every byte that it said, in order",
	.mischief = "latency=1ms..20ms; loss=2%; swarm; short-counts; calm=20s; bound=60s",
	.hosts = 4,
	.prepare = prepare,
	.finish = finish,
	.state = sizeof(struct play_echo),
};
