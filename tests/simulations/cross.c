/* SPDX-License-Identifier: 0BSD */
/*
 * What is rare between two sockets: both connect to each other at once; one connects to itself; the
 * halves close in either order; a close that resets, that lingers, that leaves data unread; a port
 * that is used again; a listener that closes with callers in its queue.
 */
#include "cross.h"

enum {
	MEETINGS = 3,
	ATTEMPTS = 6, /* of a meeting */
	BEAT = 200,   /* milliseconds: attempts begin at its multiples, so that both do at once */
	MEETING_PORT = 170,
	SELF_PORT = 180,
	FICKLE_PORT = 190,
	CALLS = 4,    /* to the fickle listener */
	PATIENCE = 1, /* seconds */
	NIGHT = 65,   /* likewise: longer than TIME_WAIT of Linux */
	NIGHTS = 20,
};

/* ---- two connect to each other ---- */

static bool next_beat(struct play *play, struct vet_sys *sys)
{
	const vet_duration beat = VET_MILLISECONDS(BEAT);
	return play_pause(sys, beat - vet_sim_now(play->sim) % beat);
}

/* Each says who he is, and hears who the other one is. */
static int greet(struct meeter *meeter, struct wire *wire)
{
	const struct request self = { .number = meeter->number, .value = meeter->met, .size = 100 };
	struct request other;
	int result = request_send(wire, &self);
	result = result < 0 ? result : request_receive(wire, &other);
	if (result < 0)
		return result;
	play_check(meeter->play, other.number == 1 - meeter->number);
	result = wire_end(wire);
	if (result == 0 && wire_read(wire, &(char){ 0 }, 1) > 0)
		play_fail(meeter->play, "more than a greeting", 1);
	return 0;
}

static int meet(struct meeter *meeter, struct vet_sys *sys)
{
	uint16_t port = (uint16_t)(MEETING_PORT + meeter->met);
	struct vet_address own = vet_address_of(vet_sim_host_ip(meeter->host, 4), port);
	struct vet_address to = vet_address_of(vet_sim_host_ip(meeter->other, 4), port);
	struct wire wire;
	int result = wire_stream(&wire, meeter->play, sys, 4);
	if (result < 0)
		return result;
	wire_set(&wire, vet_socket_set_reuse_address(&wire.s, true));
	wire_limit(&wire, VET_SECONDS(PATIENCE));
	result = wire_bind(&wire, &own);
	result = result < 0 ? result : wire_connect(&wire, &to);
	result = result < 0 ? result : greet(meeter, &wire);
	wire_close(&wire);
	return result;
}

/* One of two may have met the other though the other has not met him: neither insists. */
void cross_run_meeter(struct vet_sys *sys, void *context)
{
	struct meeter *meeter = context;
	while (meeter->met < MEETINGS) {
		int result = next_beat(meeter->play, sys) ? meet(meeter, sys) : -EIO;
		if (play_is_over(result))
			return;
		if (result == 0 || ++meeter->attempts % ATTEMPTS == 0)
			meeter->met++;
	}
	play_done(meeter->play, &meeter->is_done);
}

/* ---- one connects to itself ---- */

static int reflect(struct play *play, struct vet_sys *sys, const struct vet_address *self)
{
	const struct request said = { .number = 77, .size = 500 };
	struct request heard;
	struct wire wire;
	int result = wire_stream(&wire, play, sys, self->ip.family);
	if (result < 0)
		return result;
	wire_set(&wire, vet_socket_set_reuse_address(&wire.s, true));
	wire_limit(&wire, VET_SECONDS(PATIENCE));
	result = wire_bind(&wire, self);
	result = result < 0 ? result : wire_connect(&wire, self);
	result = result < 0 ? result : request_send(&wire, &said);
	result = result < 0 ? result : request_receive(&wire, &heard);
	if (result == 0) {
		play_check(play, heard.number == said.number);
		(void)wire_end(&wire);
		play_check(play, wire_read(&wire, &heard, 1) == 0);
	}
	wire_close(&wire);
	return result;
}

void cross_run_narcissus(struct vet_sys *sys, void *context)
{
	struct cross *cross = context;
	struct again again = { &cross->play, sys, 0 };
	struct vet_address self =
		vet_address_of(play_choose(&cross->play, 2) == 0 ? vet_ipv4(127, 0, 0, 1)
								 : vet_sim_host_ip(cross->left, 6),
			       SELF_PORT);
	int result;
	while ((result = reflect(&cross->play, sys, &self)) < 0) {
		if (play_is_over(result) || !again_later(&again))
			return;
		self.port++; /* the last one is in TIME_WAIT, maybe */
	}
	play_done(&cross->play, &cross->is_reflected);
}

/* ---- one who seeks nobody ---- */

/* SYN after SYN is lost, as nobody has the address: the user timeout gives up, or else his host
 * does. */
void cross_run_seeker(struct vet_sys *sys, void *context)
{
	struct cross *cross = context;
	struct play *play = &cross->play;
	struct again again = { play, sys, 0 };
	struct vet_address nobody = vet_address_of(vet_ipv4(10, 0, 200, 1), SELF_PORT);
	struct wire wire;
	int result;
	while ((result = wire_stream(&wire, play, sys, 4)) < 0)
		if (play_is_over(result) || !again_later(&again))
			return;
	if (play_choose(play, 2) == 0)
		wire_set(&wire, vet_socket_set_user_timeout(&wire.s, VET_SECONDS(PATIENCE)));
	result = wire_connect(&wire, &nobody);
	if (result == 0)
		play_fail(play, "nobody answers", result);
	wire_close(&wire);
	if (!play_is_over(result))
		play_done(play, &cross->has_sought);
}

/* ---- one who comes when all is over ---- */

static int bind_anew(struct play *play, struct vet_sys *sys, const struct vet_address *address)
{
	struct wire wire;
	int result = wire_stream(&wire, play, sys, 4);
	if (result < 0)
		return result;
	result = wire_bind(&wire, address);
	wire_close(&wire);
	return result;
}

/* Long after the last connection its port is free again, without a word about using it again. */
void cross_run_watchman(struct vet_sys *sys, void *context)
{
	struct cross *cross = context;
	struct play *play = &cross->play;
	struct vet_address port = vet_address_of(vet_sim_host_ip(cross->left, 4), MEETING_PORT);
	int result = -EADDRINUSE;
	while (play->left > 0)
		if (!play_pause(sys, VET_SECONDS(PATIENCE)))
			return;
	for (uint32_t i = 0; i < NIGHTS && result < 0; i++) {
		if (!play_pause(sys, VET_SECONDS(NIGHT)))
			return;
		result = bind_anew(play, sys, &port);
		if (play_is_over(result))
			return;
	}
	if (result < 0)
		play_fail(play, "a port that was used is never free again", result);
}

/* ---- a listener that goes ---- */

/* Listens, lets callers queue up, takes one or none, and is gone again. */
void cross_run_fickle(struct vet_sys *sys, void *context)
{
	struct cross *cross = context;
	struct play *play = &cross->play;
	struct wire listener, wire;
	while (cross->fickle_calls > 0) {
		if (wire_listen(&listener, play, sys, FICKLE_PORT, play_choose(play, 2)) < 0)
			return;
		(void)play_nap(play, sys, 100);
		wire_limit(&listener, play_span(play, 0, 50));
		if (play_choose(play, 2) == 1 && wire_accept(&listener, &wire) == 0)
			wire_close(&wire);
		wire_close(&listener);
		if (!play_nap(play, sys, 50))
			return;
	}
	play_done(play, &cross->is_fickle_done);
}

/* All that may befall him is that he is refused, reset, let go, or left waiting. */
static int call(struct cross *cross, struct vet_sys *sys)
{
	struct vet_address to = vet_address_of(vet_sim_host_ip(cross->right, 4), FICKLE_PORT);
	struct wire wire;
	char byte = 0;
	int result = wire_dial(&wire, &cross->play, sys, &to, VET_MILLISECONDS(400));
	if (result < 0)
		return result;
	/* He that cannot wait is gone before he is heard. */
	if (play_choose(&cross->play, 3) == 0) {
		wire_set(&wire, vet_socket_set_linger(&wire.s, 0));
	} else {
		result = wire_write(&wire, &byte, 1, NULL);
		if (result == 0 && wire_read(&wire, &byte, 1) > 0)
			play_fail(&cross->play, "a byte that nobody sent", byte);
	}
	wire_close(&wire);
	return result;
}

void cross_run_caller(struct vet_sys *sys, void *context)
{
	struct cross_caller *caller = context;
	struct cross *cross = caller->cross;
	while (caller->calls < CALLS) {
		if (play_is_over(call(cross, sys)))
			return;
		caller->calls++;
		if (!play_nap(&cross->play, sys, 60))
			return;
	}
	cross->fickle_calls -= !caller->is_done;
	play_done(&cross->play, &caller->is_done);
}
