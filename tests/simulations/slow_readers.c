/* SPDX-License-Identifier: 0BSD */
/*
 * A server has much to say, and its readers sleep: windows close and open, writes end by their
 * deadline with a part done, and go on from there.
 */
#include "subjects.h"

#include <stdlib.h>

enum {
	LEAST = 20000, /* bytes of a reader's file */
	MOST = 120000,
	PIECE = 8192,
	READ = 16384,
	NAP = 700,       /* milliseconds at most */
	SHORT = 250,     /* milliseconds: a write's deadline */
	IMPATIENCE = 80, /* so many of them without a byte are enough */
	PATIENCE = 20,   /* seconds */
};

struct slow_reader {
	struct slow_readers *slow;
	uint32_t number;
	uint64_t size, has;   /* bytes of its file, and that it has of it */
	unsigned char *bytes; /* of the file on the server */
	bool wants_file;      /* by send_file */
	int64_t buffer;       /* its own, of the socket; 0: as it is */
	int family;
	bool is_done;
};

struct slow_readers {
	struct play play;
	struct service service;
	uint32_t readers;
	int64_t send_buffer;
	struct slow_reader reader[PLAY_HOSTS];
};

/* ---- the server ---- */

/* From a file of its host; *done goes on from where the last attempt ended. */
static int push_file(struct wire *wire, struct vet_sim_host *host, const struct slow_reader *reader,
		     uint64_t at, uint64_t *done)
{
	struct vet_sys *sys = vet_sim_sys(host);
	int file = vet_sim_file(host, reader->bytes, reader->size);
	int result;
	*done = 0;
	if (file < 0)
		return file;
	result = wire_send_file(wire, file, (int64_t)at, (int64_t)(reader->size - at), done);
	(void)(sys->calls->close)(sys, file);
	return result;
}

static int push_piece(struct wire *wire, const struct slow_reader *reader, uint64_t at,
		      uint64_t *done)
{
	size_t size = reader->size - at < PIECE ? (size_t)(reader->size - at) : PIECE, written = 0;
	int result = wire_write(wire, reader->bytes + at, size, &written);
	play_check(wire->play, written <= size && (result != 0 || written == size));
	*done = written;
	return result;
}

/* A deadline that passes is no error here: what was done is done. */
static void push(struct service *service, struct wire *wire, const struct slow_reader *reader,
		 uint64_t at)
{
	uint32_t fruitless = 0;
	int result = 0;
	while (at < reader->size && (result == 0 || result == VET_EDEADLINE)) {
		uint64_t done;
		wire_limit(wire, VET_MILLISECONDS(SHORT));
		if (reader->wants_file)
			result = push_file(wire, service->host, reader, at, &done);
		else
			result = push_piece(wire, reader, at, &done);
		play_check(wire->play, done <= reader->size - at);
		at += done;
		fruitless = done > 0 ? 0 : fruitless + 1;
		if (fruitless == IMPATIENCE)
			return;
	}
}

/* It is told who asks, and from which byte on. */
static void serve(struct service *service, struct wire *wire, struct vet_sys *sys)
{
	struct slow_readers *slow = service->context;
	struct request request;
	(void)sys;
	if (slow->send_buffer > 0)
		wire_set(wire, vet_socket_set_send_buffer_size(&wire->s, slow->send_buffer));
	wire_limit(wire, VET_SECONDS(PATIENCE));
	if (request_receive(wire, &request) < 0)
		return;
	if (request.number < slow->readers && request.value <= slow->reader[request.number].size)
		push(service, wire, &slow->reader[request.number], request.value);
	else
		play_fail(&slow->play, "a request that nobody made", (int64_t)request.number);
}

/* ---- the readers ---- */

static int nap(struct slow_reader *reader, struct vet_sys *sys)
{
	struct play *play = &reader->slow->play;
	if (play_choose(play, 3) > 0)
		return 0;
	return play_nap(play, sys, NAP) ? 0 : -EIO;
}

static int read_on(struct slow_reader *reader, struct wire *wire, struct vet_sys *sys)
{
	struct play *play = &reader->slow->play;
	unsigned char data[READ];
	while (reader->has < reader->size) {
		ssize_t n;
		wire_limit(wire, VET_SECONDS(PATIENCE));
		n = wire_read(wire, data, 1 + play_choose(play, READ));
		if (n <= 0)
			return n == 0 ? VET_EOF : (int)n;
		if ((uint64_t)n > reader->size - reader->has ||
		    !play_is_filled(data, (size_t)n, reader->number, reader->has))
			play_fail(play, "other bytes than the file has", (int64_t)reader->has);
		reader->has += (uint64_t)n;
		/* What it has been promised already, the sender may use (RFC 9293 3.8.6). */
		if (play_choose(play, 30) == 1)
			wire_set(wire, vet_socket_set_receive_buffer_size(&wire->s, READ));
		if (nap(reader, sys) < 0)
			return -EIO;
	}
	wire_limit(wire, VET_SECONDS(PATIENCE));
	if (wire_read(wire, data, 1) > 0)
		play_fail(play, "more than the file has", (int64_t)reader->has);
	return 0;
}

static int visit(struct slow_reader *reader, struct vet_sys *sys)
{
	struct play *play = &reader->slow->play;
	struct vet_address at = service_at(&reader->slow->service, reader->family);
	const struct request request = { .number = reader->number, .value = reader->has };
	struct wire wire;
	int result = wire_stream(&wire, play, sys, reader->family);
	if (result < 0)
		return result;
	if (reader->buffer > 0)
		wire_set(&wire, vet_socket_set_receive_buffer_size(&wire.s, reader->buffer));
	wire_limit(&wire, VET_SECONDS(PATIENCE));
	result = wire_connect(&wire, &at);
	result = result < 0 ? result : request_send(&wire, &request);
	result = result < 0 ? result : read_on(reader, &wire, sys);
	wire_close(&wire);
	return result;
}

static void run_reader(struct vet_sys *sys, void *context)
{
	struct slow_reader *reader = context;
	struct play *play = &reader->slow->play;
	struct again again = { play, sys, 0 };
	int result;
	while (reader->has < reader->size && (result = visit(reader, sys)) < 0)
		if (play_is_over(result) || !again_later(&again))
			return;
	if (reader->has == reader->size)
		play_done(play, &reader->is_done);
}

/* ---- the stage ---- */

static int begin_reader(struct slow_readers *slow, uint32_t i)
{
	struct slow_reader *reader = &slow->reader[i];
	struct play *play = &slow->play;
	reader->slow = slow;
	reader->number = i;
	reader->size = play_between(play, LEAST, MOST);
	reader->wants_file = play_choose(play, 2) == 1;
	reader->buffer = (int64_t)play_choose(play, 4) * 8192;
	reader->family = play_choose(play, 2) == 0 ? 4 : 6;
	reader->bytes = malloc((size_t)reader->size);
	if (reader->bytes == NULL)
		return -ENOMEM;
	play_fill(reader->bytes, (size_t)reader->size, i, 0);
	return play_actor(play_name(play, "reader", i), "reader", run_reader, reader);
}

static int prepare(struct vet_sim *sim, unsigned hosts, void *state)
{
	struct slow_readers *slow = state;
	int result;
	slow->play.sim = sim;
	slow->readers = slow->play.left = play_share(hosts, 1, PLAY_HOSTS);
	slow->send_buffer = (int64_t)play_choose(&slow->play, 3) * 16384;
	slow->service = (struct service){
		.play = &slow->play,
		.serve = serve,
		.context = slow,
		.port = 90,
	};
	result = service_begin(&slow->service, play_host(&slow->play, "server"), "server");
	for (uint32_t i = 0; i < slow->readers && result == 0; i++)
		result = begin_reader(slow, i);
	return result;
}

static void finish(struct vet_sim *sim, void *state)
{
	struct slow_readers *slow = state;
	for (uint32_t i = 0; i < slow->readers; i++) {
		vet_sim_check(sim, slow->reader[i].has == slow->reader[i].size);
		free(slow->reader[i].bytes);
	}
}

const struct vet_simulation simulation_slow_readers = {
	.name = "slow-readers",
	.what = "a server pushes much to readers that sleep; windows close, writes end by their deadline "
		"and go on from the byte that was done",
	.mischief =
		"latency=1ms..5ms; loss=1%; rate=4MiB; swarm; short-counts; calm=30s; bound=90s",
	.hosts = 3,
	.prepare = prepare,
	.finish = finish,
	.state = sizeof(struct slow_readers),
};
