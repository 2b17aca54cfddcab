/* SPDX-License-Identifier: 0BSD */
/*
 * A server's host runs out of descriptors, and of memory.  It keeps one descriptor in reserve: with
 * it, it takes whoever waits and sends him away, so that nobody waits in vain; then it recovers.
 */
#include "subjects.h"

enum {
	ERRANDS = 5,  /* of a client */
	MOST = 3000,  /* bytes of one */
	PATIENCE = 3, /* seconds */
	LOITER = 300, /* milliseconds that a client keeps its connection before it asks */
	PAUSE = 50,   /* milliseconds */
};

struct descriptors_client {
	struct descriptors *descriptors;
	uint32_t number, done;
	bool is_done;
};

struct descriptors {
	struct play play;
	struct service service;
	struct wire reserve;
	uint32_t shed;
	uint32_t clients;
	struct descriptors_client client[PLAY_HOSTS];
};

/* ---- the server ---- */

/* Has a descriptor in reserve, if there is one to be had. */
static void reserve(struct descriptors *descriptors, struct vet_sys *sys)
{
	if (vet_socket_fd(&descriptors->reserve.s) < 0 && descriptors->play.left > 0)
		(void)wire_datagram(&descriptors->reserve, &descriptors->play, sys, 4);
}

static void give_up_reserve(struct descriptors *descriptors)
{
	if (vet_socket_fd(&descriptors->reserve.s) >= 0)
		wire_close(&descriptors->reserve);
}

/* One that waits is taken and let go: the place of the reserve is enough for that. */
static bool shed(struct service *service, struct wire *listener, struct vet_sys *sys)
{
	struct descriptors *descriptors = service->context;
	struct wire wire;
	int result;
	give_up_reserve(descriptors);
	wire_limit(listener, 0);
	result = wire_accept(listener, &wire);
	if (result == 0) {
		descriptors->shed++;
		wire_close(&wire);
	}
	reserve(descriptors, sys);
	return !play_is_over(result) && play_pause(sys, VET_MILLISECONDS(PAUSE));
}

static void check_errand(struct descriptors *descriptors, const struct vet_buffer *buffer)
{
	struct request errand = { 0 };
	if (buffer->size >= REQUEST_HEAD)
		request_get(buffer->data, &errand);
	if (buffer->size != (size_t)REQUEST_HEAD + errand.size ||
	    !play_is_filled(buffer->data + REQUEST_HEAD, errand.size, errand.number, 0))
		play_fail(&descriptors->play, "an errand came other than it was sent",
			  (int64_t)buffer->size);
}

/* An errand is all that comes until its end, in memory of the host; what there is no memory for is
 * dropped, and asked again. */
static void serve(struct service *service, struct wire *wire, struct vet_sys *sys)
{
	struct descriptors *descriptors = service->context;
	struct vet_buffer buffer = { .sys = sys };
	int result;
	reserve(descriptors, sys);
	wire_limit(wire, VET_SECONDS(PATIENCE));
	result = vet_socket_read_all(&wire->s, &buffer, REQUEST_HEAD + MOST);
	if (result == 0 && buffer.size > 0) {
		check_errand(descriptors, &buffer);
		(void)wire_write(wire, buffer.data, REQUEST_HEAD, NULL);
	} else if (result == -EFBIG) {
		play_fail(&descriptors->play, "an errand is too long", (int64_t)buffer.size);
	}
	vet_buffer_free(&buffer);
}

/* ---- a client ---- */

static int run_errand(struct descriptors_client *client, struct wire *wire, struct vet_sys *sys)
{
	struct play *play = &client->descriptors->play;
	struct request errand = {
		.number = (uint64_t)client->number << 32 | client->done,
		.size = play_choose(play, MOST),
	};
	unsigned char head[REQUEST_HEAD];
	struct request answer;
	int result;
	if (!play_nap(play, sys, LOITER))
		return -EIO;
	wire_limit(wire, VET_SECONDS(PATIENCE));
	result = request_send(wire, &errand);
	if (result < 0) /* no memory for more of it: what was cut short is reset, and no end */
		wire_set(wire, vet_socket_set_linger(&wire->s, 0));
	result = result < 0 ? result : wire_end(wire);
	result = result < 0 ? result : wire_read_exact(wire, head, sizeof head);
	if (result < 0)
		return result;
	request_get(head, &answer);
	play_check(play, answer.number == errand.number && answer.size == errand.size);
	client->done++;
	return 0;
}

static void run_client(struct vet_sys *sys, void *context)
{
	struct descriptors_client *client = context;
	struct play *play = &client->descriptors->play;
	struct again again = { play, sys, 0 };
	struct vet_address to = service_at(&client->descriptors->service, 4);
	while (client->done < ERRANDS) {
		struct wire wire;
		int result = wire_dial(&wire, play, sys, &to, VET_SECONDS(PATIENCE));
		if (result == 0) {
			result = run_errand(client, &wire, sys);
			wire_close(&wire);
		}
		if (play_is_over(result) || (result < 0 && !again_later(&again)))
			return;
	}
	play_done(play, &client->is_done);
}

/* The reserve outlives no server: the host's own actor gives it back. */
static void run_housekeeper(struct vet_sys *sys, void *context)
{
	struct descriptors *descriptors = context;
	while (descriptors->play.left > 0 && play_pause(sys, VET_SECONDS(1)))
		;
	give_up_reserve(descriptors);
}

static int prepare(struct vet_sim *sim, unsigned hosts, void *state)
{
	struct descriptors *descriptors = state;
	struct play *play = &descriptors->play;
	struct vet_sim_host *server;
	int result;
	play->sim = sim;
	server = play_host(play, "server");
	descriptors->reserve.play = play;
	descriptors->clients = play->left = play_share(hosts, 1, PLAY_HOSTS);
	descriptors->service = (struct service){
		.play = play,
		.serve = serve,
		.shed = shed,
		.context = descriptors,
		.port = 140,
	};
	result = service_begin(&descriptors->service, server, "server");
	if (result == 0)
		result = play_actor(server, "housekeeper", run_housekeeper, descriptors);
	for (uint32_t i = 0; i < descriptors->clients && result == 0; i++) {
		struct descriptors_client *client = &descriptors->client[i];
		client->descriptors = descriptors;
		client->number = i;
		result = play_actor(play_name(play, "client", i), "client", run_client, client);
	}
	return result;
}

static void finish(struct vet_sim *sim, void *state)
{
	const struct descriptors *descriptors = state;
	for (uint32_t i = 0; i < descriptors->clients; i++)
		vet_sim_check(sim, descriptors->client[i].done == ERRANDS);
}

const struct vet_simulation simulation_descriptors = {
	.name = "descriptors",
	.what = "a server's host runs out of descriptors and memory; it sheds, recovers, and all is done "
		"in the end",
	.mischief =
		"latency=1ms..10ms; short-counts; @100ms=descriptors server 4 for 1500ms; "
		"@2s=memory server 4KiB for 1s; @3s=descriptors client-1 1 for 500ms; random=3; "
		"calm=10s; bound=40s",
	.hosts = 6,
	.prepare = prepare,
	.finish = finish,
	.state = sizeof(struct descriptors),
};
