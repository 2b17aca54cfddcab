/* SPDX-License-Identifier: 0BSD */
/*
 * Questions by datagrams: they are lost, doubled, overtaken, cut by who reads too little, and meet
 * a port that nobody has.  Each has a number, and is asked until it is answered; the answer is the
 * one to that number, from whom it was asked, and whole.
 */
#include "datagrams.h"

enum {
	WAIT = 120, /* milliseconds for an answer, until it is asked again */
	PAUSE = 60, /* between questions */
	SHORT = 40, /* bytes that a hasty reader reads */
	FLOOD = 12, /* datagrams in a row */
	FLOOD_SIZE = 900,
};

/* ---- a client ---- */

static struct vet_address server_of(const struct datagrams_client *client)
{
	int family = client->is_mapped ? 4 : client->family;
	struct vet_ip ip = vet_sim_host_ip(client->datagrams->host, family);
	return vet_address_of(client->is_mapped ? vet_ip_to_ipv6_mapped(&ip) : ip, DATAGRAMS_PORT);
}

/* An answer to an earlier question has come late, or twice: it is passed over.  1: the one. */
static int look_at(struct datagrams_client *client, const unsigned char *data, size_t size,
		   const struct request *question)
{
	struct play *play = &client->datagrams->play;
	struct request answer;
	if (!datagrams_get(play, data, size, &answer))
		return 1;
	play_check(play, answer.number <= question->number);
	if (answer.number != question->number)
		return 0;
	play_check(play, answer.value == datagrams_answer(question));
	play_check(play, answer.size == (uint64_t)question->left % DATAGRAMS_MOST);
	return 1;
}

/* Nobody but the server answers. */
static void check_from(struct datagrams_client *client, const struct vet_address *from)
{
	struct vet_address server = server_of(client);
	play_check(&client->datagrams->play, vet_address_equal(from, &server));
}

/* 1: it is answered; 0: not by this datagram. */
static int hear(struct datagrams_client *client, struct wire *wire, const struct request *question)
{
	unsigned char data[REQUEST_HEAD + DATAGRAMS_MOST];
	size_t room = play_choose(&client->datagrams->play, 8) == 0 ? SHORT : sizeof data;
	struct vet_address from;
	bool truncated;
	ssize_t n = wire_receive_from(wire, data, room, &from, &truncated);
	if (n < 0)
		return (int)n;
	check_from(client, &from);
	play_check(&client->datagrams->play, !truncated || (size_t)n == room);
	if (n == 0)
		return 0; /* what was said without a word, before */
	return truncated ? 0 : look_at(client, data, (size_t)n, question);
}

/* Asks once, and listens for a while. */
static int ask_once(struct datagrams_client *client, struct wire *wire,
		    const struct request *question)
{
	unsigned char data[REQUEST_HEAD + DATAGRAMS_MOST];
	struct vet_address to = server_of(client);
	size_t size = datagrams_put(data, question);
	ssize_t n;
	int result = 0;
	wire_limit(wire, VET_MILLISECONDS(WAIT));
	if (play_choose(&client->datagrams->play, 6) == 0)
		size = 0;
	n = wire_send_to(wire, data, size, client->is_connected ? NULL : &to);
	play_check(&client->datagrams->play, n < 0 || (size_t)n == size);
	if (n < 0)
		return (int)n;
	while (result == 0)
		result = hear(client, wire, question);
	return result;
}

/* An error is of one datagram; what is refused is asked again after a while. */
static int ask(struct datagrams_client *client, struct wire *wire, struct vet_sys *sys)
{
	struct play *play = &client->datagrams->play;
	struct again again = { play, sys, 0 };
	const struct request question = {
		.number = (uint64_t)client->number << 32 | client->answered,
		.value = play_choose(play, 1000),
		.left = play_choose(play, DATAGRAMS_MOST),
		.size = play_choose(play, 100),
	};
	int result;
	while ((result = ask_once(client, wire, &question)) < 0)
		if (play_is_over(result) || (result != VET_EDEADLINE && !again_later(&again)))
			return -EIO;
	client->answered++;
	return 0;
}

static int make(struct datagrams_client *client, struct wire *wire, struct vet_sys *sys)
{
	struct vet_address to = server_of(client);
	int result = wire_datagram(wire, &client->datagrams->play, sys, client->family);
	if (result < 0)
		return result;
	if (client->is_connected)
		result = wire_connect(wire, &to);
	if (result < 0)
		wire_close(wire);
	return result;
}

static void run_client(struct vet_sys *sys, void *context)
{
	struct datagrams_client *client = context;
	struct play *play = &client->datagrams->play;
	struct again again = { play, sys, 0 };
	struct wire wire;
	int result;
	while ((result = make(client, &wire, sys)) < 0)
		if (play_is_over(result) || !again_later(&again))
			return;
	while (client->answered < DATAGRAMS_QUESTIONS && result == 0) {
		result = ask(client, &wire, sys);
		if (!play_nap(play, sys, PAUSE))
			result = -EIO;
	}
	wire_close(&wire);
	if (result == 0)
		play_done(play, &client->is_done);
}

/* ---- one who asks where nobody is ---- */

/* The next call tells it; or nothing does, if the word of it is lost. */
static int probe(struct play *play, struct wire *wire)
{
	char byte = 0;
	ssize_t n = wire_send_to(wire, &byte, 1, NULL);
	if (n == 1)
		n = wire_receive_from(wire, &byte, 1, NULL, NULL);
	if (n >= 0)
		play_fail(play, "nobody answers", n);
	return (int)n;
}

/* More than its buffer holds, to who does not read: what there is no room for is lost, and that is
 * all. */
static void flood(struct play *play, struct wire *wire, const struct vet_address *to)
{
	unsigned char data[FLOOD_SIZE] = { 0 };
	ssize_t n = 0;
	for (uint32_t i = 0; i < FLOOD && n >= 0; i++)
		n = wire_send_to(wire, data, sizeof data, to);
	play_check(play, n < 0 || n == FLOOD_SIZE);
}

static void run_prober(struct vet_sys *sys, void *context)
{
	struct datagrams *datagrams = context;
	struct play *play = &datagrams->play;
	struct vet_ip ip = vet_sim_host_ip(datagrams->host, 6);
	struct vet_address closed = vet_address_of(ip, DATAGRAMS_CLOSED_PORT);
	struct vet_address sink = vet_address_of(ip, DATAGRAMS_SINK_PORT);
	struct again again = { play, sys, 0 };
	struct wire wire;
	int result;
	while ((result = wire_datagram(&wire, play, sys, 6)) < 0)
		if (play_is_over(result) || !again_later(&again))
			return;
	if (play_nap(play, sys, PAUSE))
		flood(play, &wire, &sink);
	wire_limit(&wire, VET_MILLISECONDS(WAIT));
	result = wire_connect(&wire, &closed);
	for (uint32_t i = 0; i < 3 && !play_is_over(result); i++)
		result = probe(play, &wire);
	wire_close(&wire);
	if (!play_is_over(result))
		play_done(play, &datagrams->is_probed);
}

/* ---- the stage ---- */

static int begin_client(struct datagrams *datagrams, uint32_t i)
{
	struct datagrams_client *client = &datagrams->client[i];
	struct play *play = &datagrams->play;
	client->datagrams = datagrams;
	client->number = i;
	client->family = play_choose(play, 2) == 0 ? 4 : 6;
	client->is_mapped = client->family == 6 && play_choose(play, 2) == 1;
	client->is_connected = play_choose(play, 2) == 1;
	return play_actor(play_name(play, "client", i), "client", run_client, client);
}

static int prepare(struct vet_sim *sim, unsigned hosts, void *state)
{
	struct datagrams *datagrams = state;
	struct play *play = &datagrams->play;
	int result;
	play->sim = sim;
	datagrams->host = play_host(play, "server");
	datagrams->clients = play_share(hosts, 1, DATAGRAMS_CLIENTS);
	play->left = datagrams->clients + 1;
	result = play_actor(datagrams->host, "server", datagrams_serve, datagrams);
	if (result == 0)
		result = play_actor(datagrams->host, "helper", datagrams_help, datagrams);
	if (result == 0)
		result = play_actor(datagrams->host, "sink", datagrams_sink, datagrams);
	for (uint32_t i = 0; i < datagrams->clients && result == 0; i++)
		result = begin_client(datagrams, i);
	if (result == 0)
		result = play_actor(play_name(play, "client", 0), "prober", run_prober, datagrams);
	return result;
}

static void finish(struct vet_sim *sim, void *state)
{
	const struct datagrams *datagrams = state;
	for (uint32_t i = 0; i < datagrams->clients; i++) {
		vet_sim_check(sim, datagrams->client[i].answered == DATAGRAMS_QUESTIONS);
		vet_sim_check(sim, datagrams->client[i].booked == DATAGRAMS_QUESTIONS);
	}
}

const struct vet_simulation simulation_datagrams = {
	.name = "datagrams",
	.what = "questions and answers by datagrams, lost, doubled, overtaken, cut and refused: each is "
		"answered, and counted once",
	.mischief = "latency=1ms..20ms; loss=5%; duplication=10%; reordering=10%; swarm; "
		    "random=1 within 2s; calm=15s; bound=60s",
	.hosts = 5,
	.prepare = prepare,
	.finish = finish,
	.state = sizeof(struct datagrams),
};
