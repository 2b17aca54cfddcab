/* SPDX-License-Identifier: 0BSD */
/* A request with one deadline over two hops: the front passes on what is left of it, or, as the
 * specimen, as much as it had itself. */
#include "specimens.h"

enum {
	REQUESTS = 6,
	GIVEN = 400, /* milliseconds */
	THINK = 100, /* likewise, that the front thinks, at most */
	IDLE = 2,    /* seconds */
};

struct relay {
	struct play play;
	struct service front, back;
	int64_t due;       /* the client's, by the world's clock */
	int64_t sent_at;   /* by the front */
	int64_t under_way; /* so long was it between client and front */
	uint32_t asked;
	bool is_done;
};

static void serve_back(struct service *service, struct wire *wire, struct vet_sys *sys)
{
	struct relay *relay = service->context;
	struct request request;
	int64_t now;
	(void)sys;
	wire_limit(wire, VET_SECONDS(IDLE));
	if (request_receive(wire, &request) < 0)
		return;
	wire_limit(wire, request.left);
	now = vet_sim_now(relay->play.sim);
	if (request.number == relay->asked &&
	    wire->due > relay->due + relay->under_way + (now - relay->sent_at) + PLAY_LATE)
		play_fail(&relay->play, "a hop was given more time than there was",
			  wire->due - relay->due);
	(void)request_send(wire, &request);
}

/* The same deadline for the connection to the back as for the one from the client. */
static int pass_on(struct relay *relay, struct wire *wire, struct vet_sys *sys,
		   struct request *request)
{
	struct vet_address to = service_at(&relay->back, 4);
	struct vet_instant now;
	struct wire next;
	int result = wire_stream(&next, &relay->play, sys, 4);
	if (result < 0)
		return result;
	if (specimen_bug == BUG_DEADLINE_ANEW) {
		wire_limit(&next, request->left);
	} else {
		vet_socket_deadline_at(&next.s, vet_socket_deadline(&wire->s));
		next.due = wire->due;
	}
	result = wire_connect(&next, &to);
	result = result < 0 ? result : vet_socket_now(&next.s, &now);
	if (result == 0) {
		request->left = vet_instant_difference(vet_socket_deadline(&next.s), now);
		relay->sent_at = vet_sim_now(relay->play.sim);
		result = request_send(&next, request);
	}
	result = result < 0 ? result : request_receive(&next, request);
	wire_close(&next);
	return result;
}

static void serve_front(struct service *service, struct wire *wire, struct vet_sys *sys)
{
	struct relay *relay = service->context;
	struct request request;
	wire_limit(wire, VET_SECONDS(IDLE));
	if (request_receive(wire, &request) < 0)
		return;
	wire_limit(wire, request.left);
	if (request.number == relay->asked)
		relay->under_way = wire->due - relay->due;
	if (play_nap(&relay->play, sys, THINK) && pass_on(relay, wire, sys, &request) == 0)
		(void)request_send(wire, &request);
}

static int ask(struct relay *relay, struct vet_sys *sys)
{
	struct vet_address to = service_at(&relay->front, 4);
	struct request request = { .number = relay->asked, .left = VET_MILLISECONDS(GIVEN) },
		       answer;
	struct wire wire;
	int result = wire_dial(&wire, &relay->play, sys, &to, VET_MILLISECONDS(GIVEN));
	if (result < 0)
		return result;
	relay->due = wire.due;
	request.left = wire.due - vet_sim_now(relay->play.sim);
	result = request_send(&wire, &request);
	result = result < 0 ? result : request_receive(&wire, &answer);
	wire_close(&wire);
	return result;
}

static void run_client(struct vet_sys *sys, void *context)
{
	struct relay *relay = context;
	for (; relay->asked < REQUESTS; relay->asked++)
		if (play_is_over(ask(relay, sys)) || !play_nap(&relay->play, sys, GIVEN))
			return;
	play_done(&relay->play, &relay->is_done);
}

static int prepare(struct vet_sim *sim, unsigned hosts, void *state)
{
	struct relay *relay = state;
	struct play *play = &relay->play;
	int result;
	(void)hosts;
	play->sim = sim;
	play->left = 1;
	relay->front = (struct service){
		.play = play,
		.serve = serve_front,
		.context = relay,
		.port = 210,
	};
	relay->back = (struct service){
		.play = play,
		.serve = serve_back,
		.context = relay,
		.port = 211,
	};
	result = service_begin(&relay->front, play_host(play, "front"), "front");
	if (result == 0)
		result = service_begin(&relay->back, play_host(play, "back"), "back");
	return result < 0 ? result
			  : play_actor(play_host(play, "client"), "client", run_client, relay);
}

const struct vet_simulation specimen_relay = {
	.name = "relay",
	.hosts = 3,
	.prepare = prepare,
	.state = sizeof(struct relay),
};
