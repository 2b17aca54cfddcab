/* SPDX-License-Identifier: 0BSD */
/*
 * A long transfer, and the network parts in its midst: for less, and for more, than the patience of
 * either side.  Whoever comes back goes on from the byte that the other one has.
 */
#include "subjects.h"

enum {
	LEAST = 100000, /* bytes */
	MOST = 400000,
	PIECE = 8192,
	PATIENCE = 6,  /* seconds of silence until a side gives a connection up */
	KEEPALIVE = 2, /* seconds */
	PAUSE = 60,    /* milliseconds between pieces, at most */
};

struct partition {
	struct play play;
	struct service service;
	uint64_t size;
	uint64_t kept;   /* bytes that the receiver has, in order: on its disk */
	uint32_t keeper; /* the connection that may add to them: the newest */
	uint32_t visits;
	bool by_user_timeout; /* the sender's system gives up; else its own deadline */
	bool is_known;        /* the sender has heard that all is there */
	bool is_done;
};

/* ---- the receiver ---- */

static int keep(struct partition *partition, const unsigned char *data, size_t n)
{
	if (n > partition->size - partition->kept ||
	    !play_is_filled(data, n, partition->size, partition->kept)) {
		play_fail(&partition->play, "not the byte that is missing",
			  (int64_t)partition->kept);
		return -EPROTO;
	}
	partition->kept += n;
	return 0;
}

static int watch(struct wire *wire)
{
	int result = vet_socket_set_keepalive(&wire->s, true);
	result = result < 0 ? result
			    : vet_socket_set_keepalive_time(&wire->s, VET_SECONDS(KEEPALIVE));
	result = result < 0 ? result
			    : vet_socket_set_keepalive_interval(&wire->s, VET_SECONDS(KEEPALIVE));
	return result < 0 ? result : vet_socket_set_keepalive_count(&wire->s, 2);
}

/* It says what it has, and takes the rest.  An older connection has nothing more to add. */
static void serve(struct service *service, struct wire *wire, struct vet_sys *sys)
{
	struct partition *partition = service->context;
	uint32_t self = ++partition->keeper;
	struct request has = { .number = self, .value = partition->kept };
	unsigned char data[PIECE];
	ssize_t n = 1;
	(void)sys;
	wire_limit(wire, VET_SECONDS(PATIENCE));
	if (watch(wire) < 0 || request_send(wire, &has) < 0)
		return;
	wire_no_limit(wire); /* keepalive ends what is dead */
	while (n > 0 && partition->kept < partition->size) {
		n = wire_read(wire, data, sizeof data);
		if (partition->keeper != self || (n > 0 && keep(partition, data, (size_t)n) < 0))
			return;
	}
	has.value = partition->kept;
	wire_limit(wire, VET_SECONDS(PATIENCE));
	if (partition->kept == partition->size && request_send(wire, &has) == 0)
		(void)wire_end(wire);
}

/* ---- the sender ---- */

static int push(struct partition *partition, struct wire *wire, struct vet_sys *sys, uint64_t at)
{
	unsigned char data[PIECE];
	int result = 0;
	while (at < partition->size && result == 0) {
		size_t size = partition->size - at < PIECE ? (size_t)(partition->size - at) : PIECE;
		size_t done = 0;
		play_fill(data, size, partition->size, at);
		if (!partition->by_user_timeout)
			wire_limit(wire, VET_SECONDS(PATIENCE));
		result = wire_write(wire, data, size, &done);
		play_check(&partition->play, result < 0 || done == size);
		at += done;
		if (!play_nap(&partition->play, sys, PAUSE))
			return -EIO;
	}
	return result;
}

static int transfer(struct partition *partition, struct wire *wire, struct vet_sys *sys)
{
	struct request has;
	int result = request_receive(wire, &has);
	if (result < 0)
		return result;
	play_check(&partition->play, has.value <= partition->size);
	if (partition->by_user_timeout)
		wire_no_limit(wire);
	result = push(partition, wire, sys, has.value);
	if (result < 0)
		return result;
	wire_limit(wire, VET_SECONDS(PATIENCE));
	if (has.value < partition->size)
		result = request_receive(wire, &has);
	if (result == 0)
		partition->is_known = has.value == partition->size;
	return result;
}

static int visit(struct partition *partition, struct vet_sys *sys)
{
	struct vet_address at = service_at(&partition->service, 4);
	struct wire wire;
	int result = wire_dial(&wire, &partition->play, sys, &at, VET_SECONDS(PATIENCE));
	if (result < 0)
		return result;
	partition->visits++;
	if (partition->by_user_timeout)
		result = vet_socket_set_user_timeout(&wire.s, VET_SECONDS(PATIENCE));
	if (result == 0)
		result = watch(&wire);
	if (result == 0)
		result = transfer(partition, &wire, sys);
	wire_close(&wire);
	return result;
}

static void run_sender(struct vet_sys *sys, void *context)
{
	struct partition *partition = context;
	struct again again = { &partition->play, sys, 0 };
	int result = 0;
	while (!partition->is_known && !play_is_over(result)) {
		result = visit(partition, sys);
		if (!partition->is_known && !again_later(&again))
			return;
	}
	if (partition->is_known)
		play_done(&partition->play, &partition->is_done);
}

/* ---- the stage ---- */

static int prepare(struct vet_sim *sim, unsigned hosts, void *state)
{
	struct partition *partition = state;
	struct play *play = &partition->play;
	int result;
	(void)hosts;
	play->sim = sim;
	play->left = 1;
	partition->size = play_between(play, LEAST, MOST);
	partition->by_user_timeout = play_choose(play, 2) == 1;
	partition->service = (struct service){
		.play = play,
		.serve = serve,
		.context = partition,
		.port = 100,
	};
	result = service_begin(&partition->service, play_host(play, "server"), "receiver");
	if (result < 0)
		return result;
	return play_actor(play_host(play, "client"), "sender", run_sender, partition);
}

static void finish(struct vet_sim *sim, void *state)
{
	const struct partition *partition = state;
	vet_sim_check(sim, partition->kept == partition->size && partition->is_known);
}

const struct vet_simulation simulation_partition = {
	.name = "partition",
	.what = "a long transfer, parted for less and for more than its patience, goes on from the byte "
		"that the receiver has",
	.mischief = "latency=2ms..10ms; loss=1%; rate=200KiB; short-counts; "
		    "@300ms=partition client | server for 1s; @2s=cut client -> server for 2s; "
		    "@5s=partition client for 15s; random=2; calm=30s; bound=60s",
	.hosts = 2,
	.prepare = prepare,
	.finish = finish,
	.state = sizeof(struct partition),
};
