/* SPDX-License-Identifier: 0BSD */
/* A courier brings parcels, each with a head and a body; the receiver hands out a receipt
 * for what has come whole, to its end, and keeps a list of what he has. */
#include "specimens.h"

enum {
	PARCELS = 4,
	BODY = 3000, /* bytes */
	PIECE = 500,
	BREATH = 20,     /* milliseconds between pieces, at most */
	PATIENCE = 2,    /* seconds */
	LOOK_AROUND = 1, /* seconds */
	PAUSE = 50,      /* milliseconds */
	PORT = 200,
};

enum specimen_bug specimen_bug;
bool specimen_is_quiet;

struct courier {
	struct play play;
	struct vet_sim_host *server;
	uint32_t brought;
	uint32_t kept[PARCELS]; /* how often the receiver has put it on his list */
	bool is_done;
};

/* ---- the receiver ---- */

static void keep(struct courier *courier, const struct request *parcel)
{
	if (parcel->number >= PARCELS)
		play_fail(&courier->play, "a parcel that nobody sent", (int64_t)parcel->number);
	else if (courier->kept[parcel->number] == 0 || specimen_bug == BUG_NO_NUMBER)
		courier->kept[parcel->number]++;
}

/* 0: it is whole. */
static int take_body(struct courier *courier, struct wire *wire, const struct request *parcel)
{
	unsigned char data[BODY];
	uint64_t size = specimen_bug == BUG_UNREAD ? parcel->value / 2 : parcel->value, at = 0;
	ssize_t n;
	while (at < size && (n = wire_read(wire, data, (size_t)(size - at))) != 0) {
		if (n < 0 && specimen_bug == BUG_RESET_IS_END)
			break;
		if (n < 0)
			return (int)n;
		if (!play_is_filled(data, (size_t)n, parcel->number, at))
			play_fail(&courier->play, "a parcel has other bytes than were sent", n);
		at += (uint64_t)n;
	}
	if (at != size)
		play_fail(&courier->play, "a parcel ends before its end", (int64_t)at);
	return 0;
}

static int take_parcel(struct courier *courier, struct wire *wire)
{
	struct request parcel;
	int result;
	wire_limit(wire, VET_SECONDS(PATIENCE));
	result = request_receive(wire, &parcel);
	result = result < 0 ? result : take_body(courier, wire, &parcel);
	if (result < 0)
		return result;
	keep(courier, &parcel);
	return request_send(wire, &parcel);
}

/* True: it goes on. */
static bool receive_one(struct courier *courier, struct wire *listener, struct vet_sys *sys)
{
	struct wire wire;
	int result;
	wire_limit(listener, VET_SECONDS(LOOK_AROUND));
	result = wire_accept(listener, &wire);
	if (result == 0) {
		result = take_parcel(courier, &wire);
		if (result >= 0 || specimen_bug != BUG_LEAK)
			wire_close(&wire);
		return !play_is_over(result);
	}
	if (result == VET_EDEADLINE)
		return true;
	return specimen_bug != BUG_ACCEPT_DIES && play_pause(sys, VET_MILLISECONDS(PAUSE));
}

static void run_receiver(struct vet_sys *sys, void *context)
{
	struct courier *courier = context;
	struct wire listener;
	if (wire_listen(&listener, &courier->play, sys, PORT, 8) < 0)
		return;
	while (courier->play.left > 0 && receive_one(courier, &listener, sys))
		;
	wire_close(&listener);
}

/* ---- the courier ---- */

static int send_piece(struct wire *wire, const unsigned char *data, size_t size)
{
	ssize_t n;
	if (specimen_bug != BUG_SHORT_WRITE)
		return wire_write(wire, data, size, NULL);
	n = vet_socket_write_some(&wire->s, data, size);
	return n < 0 ? (int)n : 0;
}

/* Piece by piece, as he has them. */
static int send_body(struct courier *courier, struct wire *wire, struct vet_sys *sys,
		     const struct request *parcel)
{
	unsigned char data[PIECE];
	uint64_t size = parcel->value, piece;
	int result = 0;
	for (uint64_t at = 0; at < size && result == 0; at += piece) {
		piece = size - at < PIECE ? size - at : PIECE;
		play_fill(data, (size_t)piece, parcel->number, at);
		result = send_piece(wire, data, (size_t)piece);
		if (result == 0 && !play_nap(&courier->play, sys, BREATH))
			result = -EIO;
	}
	/* Half a parcel does not end like a whole one. */
	if (result < 0)
		wire_set(wire, vet_socket_set_linger(&wire->s, 0));
	else
		(void)wire_end(wire);
	return result;
}

static int bring(struct courier *courier, struct vet_sys *sys)
{
	struct vet_address to = vet_address_of(vet_sim_host_ip(courier->server, 4), PORT);
	const struct request parcel = {
		.number = courier->brought,
		.value = 1 + play_choose(&courier->play, BODY),
	};
	struct request receipt;
	struct wire wire;
	int result = wire_dial(&wire, &courier->play, sys, &to, VET_SECONDS(PATIENCE));
	if (result < 0)
		return result;
	result = request_send(&wire, &parcel);
	result = result < 0 ? result : send_body(courier, &wire, sys, &parcel);
	result = result < 0 ? result : request_receive(&wire, &receipt);
	if (result < 0 && !play_is_over(result) && specimen_is_quiet)
		play_fail(&courier->play, "a parcel fails though nothing is wrong", result);
	wire_close(&wire);
	return result;
}

static void run_courier(struct vet_sys *sys, void *context)
{
	struct courier *courier = context;
	struct again again = { &courier->play, sys, 0 };
	while (courier->brought < PARCELS) {
		int result = bring(courier, sys);
		if (play_is_over(result) || (result < 0 && !again_later(&again)))
			return;
		courier->brought += result == 0;
	}
	play_done(&courier->play, &courier->is_done);
}

static int prepare(struct vet_sim *sim, unsigned hosts, void *state)
{
	struct courier *courier = state;
	int result;
	(void)hosts;
	courier->play.sim = sim;
	courier->play.left = 1;
	courier->server = play_host(&courier->play, "server");
	result = play_actor(courier->server, "receiver", run_receiver, courier);
	if (result < 0)
		return result;
	return play_actor(play_host(&courier->play, "client"), "courier", run_courier, courier);
}

static void finish(struct vet_sim *sim, void *state)
{
	const struct courier *courier = state;
	for (uint32_t i = 0; i < PARCELS; i++)
		vet_sim_check(sim, courier->kept[i] == 1);
}

const struct vet_simulation specimen_courier = {
	.name = "courier",
	.hosts = 2,
	.prepare = prepare,
	.finish = finish,
	.state = sizeof(struct courier),
};
