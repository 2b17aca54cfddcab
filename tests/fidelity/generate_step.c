/* SPDX-License-Identifier: 0BSD */
/* One more random call of a program: any, in any order, with bad arguments now and then. */
#include "generate.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* ---- arguments ---- */

/* A size to move: mostly few bytes; enough to fill buffers now and then. */
static int32_t size(struct maker *maker)
{
	switch (draw(maker, 20)) {
	case 0:
		return 0;
	case 1:
	case 2:
	case 3:
		return 1;
	case 4:
	case 5:
		return (int32_t)(1000 + draw(maker, 9000));
	case 6:
		return (int32_t)(20000 + draw(maker, 60000));
	case 7:
		return 400000;
	default:
		return (int32_t)(2 + draw(maker, 60));
	}
}

static int16_t room(struct maker *maker)
{
	static const uint8_t rooms[] = { 0, 2, 4, 8, 16, 16, 28 };
	return chance(maker, 80) ? LENGTH_RIGHT : (int16_t)rooms[draw(maker, sizeof(rooms))];
}

static uint8_t some_port(struct maker *maker)
{
	uint32_t kind = draw(maker, 10);
	if (kind < 2)
		return PORT_0;
	if (kind < 5)
		return (uint8_t)(PORT_OF + draw(maker, SLOTS));
	return (uint8_t)(PORT_P0 + draw(maker, PORTS));
}

static struct place some_place(struct maker *maker, uint8_t slot)
{
	static const uint8_t hosts[] = {
		HOST_A,      HOST_A,      HOST_A,      HOST_A,     HOST_B,       HOST_B,
		HOST_C,      HOST_ANY,    HOST_ANY,    HOST_LOOP,  HOST_FOREIGN, HOST_SOCKET,
		HOST_SOCKET, HOST_SOCKET, HOST_UNSPEC, HOST_ALIEN,
	};
	static const uint8_t lengths[] = { 0, 1, 2, 4, 8, 15, 16, 20, 24, 27, 28, 128 };
	struct place place = { .length = LENGTH_RIGHT };
	place.host = hosts[draw(maker, sizeof(hosts))];
	place.form = chance(maker, 90) ? maker->form[slot] : (uint8_t)draw(maker, 3);
	if (place.host == HOST_SOCKET) {
		place.slot = slot_open(maker);
		place.form = maker->form[slot] != FORM_4 && maker->form[place.slot] == FORM_4
				     ? FORM_MAPPED
				     : FORM_4;
	} else if (place.host < HOST_SOCKET) {
		place.port = some_port(maker);
	} else {
		place.form = FORM_4;
	}
	if (place.form == FORM_6 && place.host <= HOST_C)
		place.host = HOST_LOOP;
	if (chance(maker, 4))
		place.length = (int16_t)lengths[draw(maker, sizeof(lengths))];
	return place;
}

/* An option for the kind of socket; any, now and then. */
static uint8_t some_option(struct maker *maker, uint8_t slot)
{
	uint8_t kind = maker->guess[slot] >= GUESS_DATAGRAM ? OPTION_DATAGRAM : OPTION_STREAM;
	uint8_t family = maker->form[slot] == FORM_4 ? OPTION_4 : OPTION_6;
	bool any = chance(maker, 10);
	uint32_t sum = 0, point;
	for (unsigned i = 0; i < option_count; i++)
		if (any || option_rows[i].kinds & (kind | family))
			sum += option_rows[i].weight;
	point = draw(maker, sum);
	for (unsigned i = 0; i < option_count; i++) {
		if (!any && !(option_rows[i].kinds & (kind | family)))
			continue;
		if (point < option_rows[i].weight)
			return (uint8_t)i;
		point -= option_rows[i].weight;
	}
	return 0;
}

/* ---- calls ---- */

static void any_socket(struct maker *maker)
{
	uint8_t slot = slot_closed(maker);
	int type = chance(maker, 65) ? SOCK_STREAM : SOCK_DGRAM;
	struct step *step;
	add_socket(maker, slot, type, form_draw(maker));
	if (!chance(maker, 12))
		return;
	step = &maker->program->step[maker->program->count - 1];
	switch (draw(maker, 4)) {
	case 0:
		step->number = chance(maker, 50) ? 0 : 77;
		break;
	case 1:
		step->second = chance(maker, 50) ? 0 : SOCK_RDM;
		break;
	case 2:
		step->third = IPPROTO_UDP;
		break;
	default:
		step->third = IPPROTO_TCP;
		break;
	}
}

static void any_bind(struct maker *maker)
{
	uint8_t slot = slot_like(maker, GUESS_FRESH);
	struct step *step = step_add(maker, VET_CALL_bind, slot);
	step->place = some_place(maker, slot);
	if (maker->guess[slot] == GUESS_FRESH)
		maker->guess[slot] = GUESS_BOUND;
}

static void any_listen(struct maker *maker)
{
	static const int8_t backlogs[] = { 0, 1, 2, 5, -1, 100 };
	add_listen(maker, slot_like(maker, GUESS_BOUND), backlogs[draw(maker, sizeof(backlogs))]);
}

static void any_connect(struct maker *maker)
{
	uint8_t slot = slot_like(maker, chance(maker, 60) ? GUESS_FRESH : GUESS_BOUND);
	if (chance(maker, 60)) {
		add_connect_slot(maker, slot, slot_like(maker, GUESS_LISTENING));
		return;
	}
	step_add(maker, VET_CALL_connect, slot)->place = some_place(maker, slot);
	if (maker->guess[slot] == GUESS_DATAGRAM)
		maker->guess[slot] = GUESS_PAIRED;
}

static void any_accept(struct maker *maker)
{
	uint8_t made = slot_closed(maker), slot = slot_like(maker, GUESS_LISTENING);
	for (uint8_t i = 0; i < SLOTS; i++)
		if (maker->pending[i] > 0 && chance(maker, 70))
			slot = i;
	add_accept(maker, made, slot);
	maker->program->step[maker->program->count - 1].length = room(maker);
}

static void any_shutdown(struct maker *maker)
{
	static const uint8_t hows[] = { SHUT_RD, SHUT_RD,   SHUT_WR, SHUT_WR, SHUT_WR,
					SHUT_WR, SHUT_RDWR, 3,       77 };
	uint8_t slot = slot_like(maker, GUESS_CONNECTED);
	step_add(maker, VET_CALL_shutdown, slot)->number = hows[draw(maker, sizeof(hows))];
}

static void any_close(struct maker *maker)
{
	uint8_t slot = slot_open(maker);
	step_add(maker, VET_CALL_close, slot);
	maker->guess[slot] = GUESS_CLOSED;
}

/* Linger of no time: close(2) resets (socket(7), SO_LINGER; RFC 9293 3.10.4, ABORT). */
static void reset(struct maker *maker)
{
	uint8_t slot = slot_like(maker, GUESS_CONNECTED);
	struct step *step = step_add(maker, VET_CALL_setsockopt, slot);
	step->option = (uint8_t)option_find("SO_LINGER", 9);
	step->number = 1;
	if (chance(maker, 60)) {
		step_add(maker, VET_CALL_close, slot);
		maker->guess[slot] = GUESS_CLOSED;
	} else if (chance(maker, 50)) {
		step_add(maker, VET_CALL_connect, slot)->place =
			(struct place){ .host = HOST_UNSPEC, .length = LENGTH_RIGHT };
	}
}

static void any_dup(struct maker *maker)
{
	uint8_t slot = slot_open(maker), made = slot_closed(maker);
	step_add(maker, VET_CALL_dup, slot)->made = made;
	if (maker->guess[slot] == GUESS_CLOSED)
		return;
	maker->guess[made] = maker->guess[slot];
	maker->form[made] = maker->form[slot];
}

static void any_name(struct maker *maker)
{
	enum vet_entry entry = chance(maker, 50) ? VET_CALL_getsockname : VET_CALL_getpeername;
	step_add(maker, entry, slot_open(maker))->length = room(maker);
}

static void any_getsockopt(struct maker *maker)
{
	static const uint8_t lengths[] = { 0, 1, 2, 3, 4, 7, 8, 16 };
	uint8_t slot = slot_open(maker);
	struct step *step = step_add(maker, VET_CALL_getsockopt, slot);
	step->option = some_option(maker, slot);
	/* What it reads depends on how long ago a segment came (Linux's tcp_event_data_sent). */
	if (strcmp(option_rows[step->option].name, "TCP_QUICKACK") == 0)
		step->option = 0;
	if (chance(maker, 10))
		step->length = (int16_t)lengths[draw(maker, sizeof(lengths))];
}

static void any_setsockopt(struct maker *maker)
{
	static const uint8_t lengths[] = { 0, 1, 2, 3, 7, 8 };
	uint8_t slot = slot_open(maker);
	struct step *step = step_add(maker, VET_CALL_setsockopt, slot);
	const struct option_row *row;
	step->option = some_option(maker, slot);
	row = &option_rows[step->option];
	step->number = row->value[draw(maker, (uint32_t)row->values)];
	if (row->size == 8)
		/* With a time close(2) would wait, on a non-blocking socket too. */
		step->second = step->number == 0 && chance(maker, 50) ? 60 : 0;
	if (chance(maker, 8))
		step->length = (int16_t)lengths[draw(maker, sizeof(lengths))];
}

static uint8_t mover(struct maker *maker)
{
	uint32_t kind = draw(maker, 10);
	if (kind < 7)
		return slot_like(maker, GUESS_CONNECTED);
	return kind < 8 ? slot_like(maker, GUESS_PAIRED) : slot_open(maker);
}

static void any_send(struct maker *maker)
{
	step_add(maker, VET_CALL_send, mover(maker))->number = size(maker);
}

static void any_recv(struct maker *maker)
{
	struct step *step = step_add(maker, VET_CALL_recv, mover(maker));
	step->number = chance(maker, 40) ? 500000 : size(maker);
	step->peek = chance(maker, 15);
}

static void any_recvfrom(struct maker *maker)
{
	uint8_t slot = chance(maker, 30) ? mover(maker) : slot_like(maker, GUESS_DATAGRAM);
	struct step *step = step_add(maker, VET_CALL_recvfrom, slot);
	step->number = chance(maker, 50) ? 70000 : size(maker);
	step->peek = chance(maker, 15);
	step->length = chance(maker, 10) ? NAME_NONE : room(maker);
}

static void any_sendto(struct maker *maker)
{
	uint8_t slot = slot_like(maker, chance(maker, 80) ? GUESS_DATAGRAM : GUESS_CONNECTED);
	struct step *step = step_add(maker, VET_CALL_sendto, slot);
	step->number = size(maker);
	step->place = some_place(maker, slot);
	if (chance(maker, maker->guess[slot] == GUESS_CONNECTED ? 60 : 20))
		step->place = (struct place){ .host = HOST_NONE, .length = LENGTH_RIGHT };
}

static void any_sendv(struct maker *maker)
{
	struct step *step = step_add(maker, VET_CALL_sendv, mover(maker));
	step->count = (uint8_t)(1 + draw(maker, PARTS));
	for (unsigned i = 0; i < step->count; i++)
		step->u.part[i] = size(maker);
}

static void any_file(struct maker *maker)
{
	bool sends = chance(maker, 75);
	struct step *step = step_add(maker, sends ? VET_CALL_sendfile : VET_CALL_pread,
				     sends || chance(maker, 30) ? mover(maker) : SLOT_FILE);
	step->number = size(maker);
	step->second = (int32_t)draw(maker, 4) * 30000;
}

static void any_poll(struct maker *maker)
{
	static const short some[] = {
		0, POLLIN, POLLOUT, POLLRDHUP, POLLHUP, POLLRDNORM, POLLWRNORM
	};
	struct step *step = step_add(maker, VET_CALL_poll, SLOT_NONE);
	uint32_t count = chance(maker, 60) ? 1 : draw(maker, SLOTS + 1);
	for (uint32_t i = 0; i < count; i++) {
		struct polled *polled = &step->u.polled[step->count++];
		polled->slot = chance(maker, 2) ? SLOT_NONE : slot_open(maker);
		polled->events = (short)ALL_EVENTS;
		if (chance(maker, 15))
			polled->events = some[draw(maker, sizeof(some) / sizeof(some[0]))];
	}
}

static void any_other(struct maker *maker)
{
	switch (draw(maker, 4)) {
	case 0:
		step_add(maker, VET_CALL_adopt, slot_open(maker));
		break;
	case 1:
		step_add(maker, VET_CALL_now, SLOT_NONE);
		break;
	case 2:
		step_add(maker, VET_CALL_realloc, SLOT_NONE)->number = size(maker);
		break;
	default:
		step_add(maker, VET_CALL_interface_index, SLOT_NONE)->number =
			(int32_t)draw(maker, 2);
		break;
	}
}

void add_any(struct maker *maker)
{
	static const struct {
		uint8_t weight;
		void (*add)(struct maker *maker);
	} calls[] = {
		{ 14, any_send },    { 15, any_recv },    { 10, any_poll },
		{ 7, any_shutdown }, { 7, any_close },    { 8, any_getsockopt },
		{ 6, any_accept },   { 6, any_connect },  { 6, any_setsockopt },
		{ 4, any_socket },   { 4, any_bind },     { 3, any_listen },
		{ 3, any_name },     { 4, any_recvfrom }, { 4, any_sendto },
		{ 2, any_sendv },    { 3, reset },        { 2, any_dup },
		{ 2, any_file },     { 1, any_other },
	};
	uint32_t sum = 0, point, i = 0, open = 0;
	for (size_t j = 0; j < SLOTS; j++)
		open += maker->guess[j] != GUESS_CLOSED;
	if (open < 2 && chance(maker, 50)) {
		any_socket(maker);
		return;
	}
	for (size_t j = 0; j < sizeof(calls) / sizeof(calls[0]); j++)
		sum += calls[j].weight;
	point = draw(maker, sum);
	while (point >= calls[i].weight)
		point -= calls[i++].weight;
	calls[i].add(maker);
}
