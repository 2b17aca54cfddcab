/* SPDX-License-Identifier: 0BSD */
/*
 * What the simulations have in common: bytes that say where they belong, sockets whose deadlines
 * and errors are looked after, requests with a number, trying again, servers.
 */
#ifndef VETSOCK_SIMULATIONS_PLAY_H
#define VETSOCK_SIMULATIONS_PLAY_H

#include <errno.h>
#include <string.h>

#include <vetsock/simulate.h>
#include <vetsock/vetsock.h>

enum {
	PLAY_HOSTS = 64, /* that a simulation makes use of */
	PLAY_LATE =
		1000000, /* nanoseconds: what calls themselves take, ticks of a busy moment included */
};

/* One performance: the first member of each simulation's state. */
struct play {
	struct vet_sim *sim;
	uint32_t
		left; /* of those that want something: who serves them goes on until there is none */
	bool is_exact; /* each wire looks at its host's clock when an operation begins */
};

/* ---- the stage (play.c) ---- */

/* The host of that name: a new one, or one that another simulation of this world has made. */
struct vet_sim_host *play_host(struct play *play, const char *name);
/* Likewise: name-1, name-2, ..., for a number from 0. */
struct vet_sim_host *play_name(struct play *play, const char *name, uint32_t number);
/* An actor on it.  0, or the error of vet_sim_actor(). */
int play_actor(struct vet_sim_host *host, const char *name, vet_sim_run_function run,
	       void *context);
/* How many of `hosts` are beside the `others`: at least 1, at most `most`. */
uint32_t play_share(unsigned hosts, unsigned others, uint32_t most);

uint32_t play_choose(struct play *play, uint32_t n);
uint32_t play_between(struct play *play, uint32_t least, uint32_t most); /* both included */
/* The run has failed; the text begins with the name of whoever says so. */
void play_fail(struct play *play, const char *what, int64_t number);
#define play_check(play, condition) vet_sim_check((play)->sim, condition)

/* The host has crashed, or the run is over: an actor that hears this returns. */
static inline bool play_is_over(int64_t result)
{
	return result == -EIO || result == -ECANCELED;
}

/* So many milliseconds, both included. */
vet_duration play_span(struct play *play, uint32_t least, uint32_t most);
/* Sleeps.  False: the actor is to return. */
bool play_pause(struct vet_sys *sys, vet_duration duration);
/* Sleeps up to so many milliseconds. */
bool play_nap(struct play *play, struct vet_sys *sys, uint32_t most);
/* One that wanted something has it, or has given it up: told once, though an actor that a crash
 * met in this moment is started again. */
void play_done(struct play *play, bool *is_done);

/* ---- bytes ---- */

/* The byte at a place of the stream that has this key; no two places look alike for long. */
unsigned char play_byte(uint64_t key, uint64_t place);
void play_fill(void *data, size_t size, uint64_t key, uint64_t place);
bool play_is_filled(const void *data, size_t size, uint64_t key, uint64_t place);

/* ---- trying again ---- */

struct again {
	struct play *play;
	struct vet_sys *sys;
	uint32_t tries;
};

/* Waits a little: 20 ms and twice as long each time, up to a second, and as much more at random.
 * False: the actor is to return. */
bool again_later(struct again *again);

/* ---- sockets that are looked after (wire.c) ---- */

/* Each operation of a wire fails the run if it gives an error that cannot be there, or a
 * deadline that was not kept: too early, or too late. */
struct wire {
	struct play *play;
	struct vet_socket s;
	int64_t due; /* its deadline by the world's clock */
};

/* Each: as the operation of vetsock.  On failure it is closed. */
int wire_stream(struct wire *wire, struct play *play, struct vet_sys *sys, int family);
int wire_datagram(struct wire *wire, struct play *play, struct vet_sys *sys, int family);
/* Connected within so much, which stays its deadline; or closed. */
int wire_dial(struct wire *wire, struct play *play, struct vet_sys *sys,
	      const struct vet_address *to, vet_duration within);
/* Listens on the port at all addresses, of both families; tried until it succeeds.  Negative: the
 * actor is to return. */
int wire_listen(struct wire *wire, struct play *play, struct vet_sys *sys, uint16_t port,
		int64_t backlog);
/* What setting an option has given: what only asks for a little is no reason to stop. */
void wire_set(struct wire *wire, int result);
void wire_limit(struct wire *wire, vet_duration within);
void wire_no_limit(struct wire *wire);
/* Whether the host's clock has not jumped since the deadline was set: then it is the world's,
 * too. */
bool wire_is_steady(struct wire *wire);
int wire_bind(struct wire *wire, const struct vet_address *address);
int wire_connect(struct wire *wire, const struct vet_address *to);
int wire_accept(struct wire *listener, struct wire *wire);
ssize_t wire_read(struct wire *wire, void *data, size_t size);
int wire_read_exact(struct wire *wire, void *data, size_t size);
int wire_write(struct wire *wire, const void *data, size_t size, size_t *done);
int wire_print(struct wire *wire, const void *data, size_t size);
int wire_send_file(struct wire *wire, int file, int64_t offset, int64_t count, uint64_t *done);
ssize_t wire_send_to(struct wire *wire, const void *data, size_t size,
		     const struct vet_address *to);
ssize_t wire_receive_from(struct wire *wire, void *data, size_t size, struct vet_address *from,
			  bool *truncated);
int wire_end(struct wire *wire); /* its half */
void wire_close(struct wire *wire);

/* ---- requests (request.c) ---- */

/* What a request or an answer begins with, in network order. */
struct request {
	uint64_t number; /* the same when it is asked again */
	uint64_t value;  /* what it is about */
	int64_t left;    /* nanoseconds until it is of no more use */
	uint32_t size;   /* of the bytes that follow: of the stream with the number's key */
};

enum { REQUEST_HEAD = 28, REQUEST_BODY = 4096 };

int request_send(struct wire *wire, const struct request *request);
/* Every byte of it was looked at: what is not as it was sent fails the run. */
int request_receive(struct wire *wire, struct request *request);
void request_put(unsigned char head[REQUEST_HEAD], const struct request *request);
void request_get(const unsigned char head[REQUEST_HEAD], struct request *request);

/* ---- servers (service.c) ---- */

enum { SERVICE_SESSIONS = 16 };

struct service;

struct session {
	struct service *service;
	struct wire wire;
	bool is_taken, has_begun;
};

/* Accepts until nobody is left that wants something; each connection is given to `serve`, in an
 * actor of its own, or by one after the other. */
struct service {
	struct play *play;
	void (*serve)(struct service *service, struct wire *wire, struct vet_sys *sys);
	/* What is done when accept has no descriptor or memory left; false: the actor is to return.
	 * NULL: it waits for better times. */
	bool (*shed)(struct service *service, struct wire *listener, struct vet_sys *sys);
	void *context;
	uint16_t port;
	bool is_alone;
	int64_t backlog;
	struct vet_sim_host *host;
	uint64_t accepted;
	struct session session[SERVICE_SESSIONS];
};

/* Its actor, on the host.  0 or an error. */
int service_begin(struct service *service, struct vet_sim_host *host, const char *name);
struct vet_address service_at(const struct service *service, int family);

#endif
