/* SPDX-License-Identifier: 0BSD */
/* What two do over a connection, one act after the other: the caller says which, and both do their
 * part. */
#include "cross.h"

enum {
	MUCH = 150000, /* bytes: more than the other one's window, and less than that and a buffer */
	SOME = 1000,
	PIECE = 4096,
	PATIENCE = 2, /* seconds */
	BREATH = 50,  /* milliseconds */
	LINGER = 1,   /* seconds */
	HOLD = 61,    /* likewise: longer than FIN_WAIT_2 of Linux (tcp_fin_timeout) */
	PORT_FIRST = 20000,
	PORTS = 3, /* that one after the other is used again */
};

/* ---- parts ---- */

/* A clean end is the end of all that was to come: what is cut short is reset. */
static void hear_all(struct wire *wire, uint64_t key, size_t size)
{
	unsigned char data[PIECE];
	size_t at = 0;
	ssize_t n;
	while ((n = wire_read(wire, data, sizeof data)) > 0) {
		if ((size_t)n > size - at || !play_is_filled(data, (size_t)n, key, at))
			play_fail(wire->play, "other bytes than were sent", (int64_t)at);
		at += (size_t)n;
	}
	if (n == 0 && at != size)
		play_fail(wire->play, "an end before the end", (int64_t)at);
}

/* All of it; or else a reset instead of an end. */
static int say_all(struct wire *wire, uint64_t key, size_t size)
{
	unsigned char data[PIECE];
	int result = 0;
	for (size_t at = 0; at < size && result == 0; at += PIECE) {
		size_t piece = size - at < PIECE ? size - at : PIECE;
		play_fill(data, piece, key, at);
		result = wire_write(wire, data, piece, NULL);
	}
	if (result < 0)
		wire_set(wire, vet_socket_set_linger(&wire->s, 0));
	return result;
}

static bool breathe(struct wire *wire, struct vet_sys *sys)
{
	return play_nap(wire->play, sys, BREATH);
}

/* ---- acts: `is_caller` tells which part ---- */

static void ends_first(struct wire *wire, struct vet_sys *sys, bool is_first)
{
	(void)sys;
	if (is_first) {
		if (say_all(wire, 1, SOME) == 0 && wire_end(wire) == 0)
			hear_all(wire, 2, SOME);
		return;
	}
	hear_all(wire, 1, SOME);
	(void)say_all(wire, 2, SOME);
}

static void caller_ends_first(struct wire *wire, struct vet_sys *sys, bool is_caller)
{
	ends_first(wire, sys, is_caller);
}

static void server_ends_first(struct wire *wire, struct vet_sys *sys, bool is_caller)
{
	ends_first(wire, sys, !is_caller);
}

/* Both at once. */
static void both_end(struct wire *wire, struct vet_sys *sys, bool is_caller)
{
	if (breathe(wire, sys) && say_all(wire, is_caller, SOME) == 0 && wire_end(wire) == 0)
		hear_all(wire, !is_caller, SOME);
}

/* Linger 0: the other one never hears a clean end. */
static void resets(struct wire *wire, struct vet_sys *sys, bool is_caller)
{
	unsigned char data[SOME];
	ssize_t n;
	if (is_caller) {
		wire_set(wire, vet_socket_set_linger(&wire->s, 0));
		(void)say_all(wire, 3, play_choose(wire->play, SOME));
		(void)breathe(wire, sys);
		return;
	}
	do
		n = wire_read(wire, data, sizeof data);
	while (n > 0 && breathe(wire, sys));
	if (n == 0)
		play_fail(wire->play, "a reset looks like an end", n);
}

/* The server goes without having read what there is: the caller loses what was on its way to
 * him. */
static void leaves_unread(struct wire *wire, struct vet_sys *sys, bool is_caller)
{
	if (!is_caller) {
		(void)breathe(wire, sys);
		(void)say_all(wire, 4, 100);
		return;
	}
	if (say_all(wire, 5, SOME) == 0 && breathe(wire, sys))
		(void)say_all(wire, 6, SOME);
	if (breathe(wire, sys))
		(void)wire_read(wire, &(char){ 0 }, 1);
}

/* The server's close waits until all has gone, or a second: and the caller may be longer in
 * reading. */
static void lingers(struct wire *wire, struct vet_sys *sys, bool is_caller)
{
	if (is_caller) {
		bool is_slow = play_choose(wire->play, 3) == 1;
		if (is_slow ? play_pause(sys, VET_SECONDS(LINGER) * 3 / 2) : breathe(wire, sys))
			hear_all(wire, 7, MUCH);
		return;
	}
	wire_set(wire, vet_socket_set_linger(&wire->s, VET_SECONDS(LINGER)));
	(void)say_all(wire, 7, MUCH);
}

/* Nothing more is heard, though the other one may speak, and yet all may be said. */
static void shuts_reading(struct wire *wire, struct vet_sys *sys, bool is_caller)
{
	if (!is_caller) {
		/* A reset is told once: to who speaks, then. */
		if (play_choose(wire->play, 2) == 0 ||
		    (breathe(wire, sys) && say_all(wire, 10, SOME) == 0))
			hear_all(wire, 8, SOME);
		return;
	}
	if (vet_socket_shutdown_read(&wire->s) == 0 && wire_read(wire, &(char){ 0 }, 1) > 0)
		play_fail(wire->play, "bytes after reading was shut", 1);
	if (say_all(wire, 8, SOME) == 0)
		(void)play_pause(sys, VET_MILLISECONDS(2 * BREATH));
}

/* A clone goes; the connection stays, until the last one has gone. */
static void is_cloned(struct wire *wire, struct vet_sys *sys, bool is_caller)
{
	struct wire clone = { .play = wire->play, .due = INT64_MAX };
	if (vet_socket_try_clone(&wire->s, &clone.s) == 0)
		wire_close(&clone);
	ends_first(wire, sys, is_caller);
}

/* Has nothing more to say, and does not go: who has gone waits for his end no longer than a
 * minute. */
static void holds_on(struct wire *wire, struct vet_sys *sys, bool is_caller)
{
	if (is_caller) {
		(void)say_all(wire, 9, SOME);
		return;
	}
	hear_all(wire, 9, SOME);
	(void)play_pause(sys, VET_SECONDS(HOLD));
}

static void (*const acts[])(struct wire *wire, struct vet_sys *sys, bool is_caller) = {
	caller_ends_first, server_ends_first, both_end,  resets,   leaves_unread,
	lingers,           shuts_reading,     is_cloned, holds_on,
};

enum { ACTS = sizeof acts / sizeof acts[0] };

static void serve(struct service *service, struct wire *wire, struct vet_sys *sys)
{
	struct request request;
	(void)service;
	wire_limit(wire, VET_SECONDS(PATIENCE));
	if (request_receive(wire, &request) == 0 && request.value < ACTS)
		acts[request.value](wire, sys, false);
	else /* a clean end would be one of an act that was played */
		wire_set(wire, vet_socket_set_linger(&wire->s, 0));
}

/* ---- the caller ---- */

/* From any port; or from one that was used before, and whose connection may be in TIME_WAIT yet. */
static int set_out(struct cross *cross, struct vet_sys *sys, struct wire *wire)
{
	struct vet_address to = service_at(&cross->service, 4);
	struct vet_address from = vet_address_of(vet_sim_host_ip(cross->left, 4), 0);
	int result = wire_stream(wire, &cross->play, sys, 4);
	if (result < 0)
		return result;
	wire_limit(wire, VET_SECONDS(PATIENCE));
	if (play_choose(&cross->play, 2) == 1) {
		from.port = PORT_FIRST + cross->port;
		wire_set(wire, vet_socket_set_reuse_address(&wire->s, true));
		result = wire_bind(wire, &from);
	}
	result = result < 0 ? result : wire_connect(wire, &to);
	if (result < 0)
		wire_close(wire);
	if (result == -EADDRINUSE || result == -EADDRNOTAVAIL)
		cross->port = (uint16_t)((cross->port + 1) % PORTS);
	return result;
}

/* An act is played out whatever becomes of it: what it owes is checked on the way. */
static int play_act(struct cross *cross, struct vet_sys *sys)
{
	uint32_t act = play_choose(&cross->play, ACTS);
	const struct request request = { .number = cross->played, .value = act, .size = 10 };
	struct wire wire;
	int result = set_out(cross, sys, &wire);
	if (result < 0)
		return result;
	result = request_send(&wire, &request);
	if (result == 0)
		acts[act](&wire, sys, true);
	wire_close(&wire);
	return result;
}

static void run_player(struct vet_sys *sys, void *context)
{
	struct cross *cross = context;
	struct again again = { &cross->play, sys, 0 };
	while (cross->played < CROSS_PLAYED) {
		int result = play_act(cross, sys);
		if (play_is_over(result) || (result < 0 && !again_later(&again)))
			return;
		cross->played += result == 0;
	}
	play_done(&cross->play, &cross->is_played);
}

/* ---- the stage ---- */

static int begin_actors(struct cross *cross)
{
	int result = play_actor(cross->left, "narcissus", cross_run_narcissus, cross);
	if (result == 0)
		result = play_actor(cross->left, "player", run_player, cross);
	if (result == 0)
		result = play_actor(cross->right, "fickle", cross_run_fickle, cross);
	if (result == 0)
		result = play_actor(cross->left, "seeker", cross_run_seeker, cross);
	/* Most runs are short. */
	if (result == 0 && play_choose(&cross->play, 4) == 1)
		result = play_actor(cross->left, "watchman", cross_run_watchman, cross);
	for (uint32_t i = 0; i < 2 && result == 0; i++) {
		struct vet_sim_host *host = i == 0 ? cross->left : cross->right;
		cross->meeter[i] = (struct meeter){
			.play = &cross->play,
			.host = host,
			.other = i == 0 ? cross->right : cross->left,
			.number = i,
		};
		result = play_actor(host, "meeter", cross_run_meeter, &cross->meeter[i]);
	}
	for (uint32_t i = 0; i < CROSS_CALLERS && result == 0; i++) {
		cross->caller[i].cross = cross;
		result = play_actor(cross->left, "caller", cross_run_caller, &cross->caller[i]);
	}
	return result;
}

static int prepare(struct vet_sim *sim, unsigned hosts, void *state)
{
	struct cross *cross = state;
	int result;
	(void)hosts;
	cross->play.sim = sim;
	cross->left = play_host(&cross->play, "client");
	cross->right = play_host(&cross->play, "server");
	if (cross->left == NULL || cross->right == NULL)
		return -ENOMEM;
	cross->fickle_calls = CROSS_CALLERS;
	cross->play.left = CROSS_CALLERS + 6; /* narcissus, player, seeker, fickle, two who meet */
	cross->service = (struct service){ .play = &cross->play, .serve = serve, .port = 160 };
	result = service_begin(&cross->service, cross->right, "server");
	return result < 0 ? result : begin_actors(cross);
}

static void finish(struct vet_sim *sim, void *state)
{
	const struct cross *cross = state;
	vet_sim_check(sim, cross->play.left == 0);
	vet_sim_check(sim, cross->played == CROSS_PLAYED);
}

const struct vet_simulation simulation_cross = {
	.name = "cross",
	.what = "simultaneous connects, connects to itself, half closes, resets, lingering, ports used "
		"again, listeners that go: whatever comes is right, and a clean end is the end of all",
	.mischief =
		"latency=1ms..10ms; loss=2%; swarm; short-counts; random=1 within 3s; calm=15s; "
		"bound=30m",
	.hosts = 2,
	.prepare = prepare,
	.finish = finish,
	.state = sizeof(struct cross),
};
