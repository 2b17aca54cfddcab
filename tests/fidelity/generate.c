/* SPDX-License-Identifier: 0BSD */
/* Random programs: the same of a seed and an index on every machine. */
#include "generate.h"

#include <sys/socket.h>

/* SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014). */
static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

uint32_t draw(struct maker *maker, uint32_t n)
{
	return (uint32_t)((next(&maker->state) >> 32) * n >> 32);
}

bool chance(struct maker *maker, uint32_t percent)
{
	return draw(maker, 100) < percent;
}

struct step *step_add(struct maker *maker, enum vet_entry entry, uint8_t slot)
{
	struct program *program = maker->program;
	/* The last one is overwritten when there is no room: an opening may be longer. */
	if (program->count == STEPS)
		program->count--;
	program->step[program->count] = (struct step){
		.entry = (uint8_t)entry,
		.slot = slot,
		.made = SLOT_NONE,
		.length = LENGTH_RIGHT,
	};
	return &program->step[program->count++];
}

/* One of those that fit; SLOTS: none does. */
static uint8_t pick(struct maker *maker, bool (*fits)(uint8_t guess, uint8_t wanted),
		    uint8_t wanted)
{
	uint8_t found[SLOTS];
	uint32_t count = 0;
	for (uint8_t i = 0; i < SLOTS; i++)
		if (fits(maker->guess[i], wanted))
			found[count++] = i;
	return count == 0 ? SLOTS : found[draw(maker, count)];
}

static bool is_same(uint8_t guess, uint8_t wanted)
{
	return guess == wanted;
}

static bool is_other(uint8_t guess, uint8_t wanted)
{
	return guess != wanted;
}

uint8_t slot_open(struct maker *maker)
{
	uint8_t found = SLOTS;
	if (!chance(maker, 2))
		found = pick(maker, is_other, GUESS_CLOSED);
	return found < SLOTS ? found : (uint8_t)draw(maker, SLOTS);
}

uint8_t slot_closed(struct maker *maker)
{
	uint8_t found = pick(maker, is_same, GUESS_CLOSED);
	return found < SLOTS ? found : (uint8_t)draw(maker, SLOTS);
}

uint8_t slot_like(struct maker *maker, enum guess guess)
{
	uint8_t found = SLOTS;
	if (!chance(maker, 15))
		found = pick(maker, is_same, (uint8_t)guess);
	return found < SLOTS ? found : slot_open(maker);
}

uint8_t form_draw(struct maker *maker)
{
	if (maker->mix > FORM_MAPPED || chance(maker, 3))
		return (uint8_t)draw(maker, 3);
	return maker->mix;
}

void add_socket(struct maker *maker, uint8_t slot, int type, uint8_t form)
{
	struct step *step = step_add(maker, VET_CALL_socket, SLOT_NONE);
	step->made = slot;
	step->number = form == FORM_4 ? AF_INET : AF_INET6;
	step->second = type;
	maker->guess[slot] = type == SOCK_STREAM ? GUESS_FRESH : GUESS_DATAGRAM;
	maker->form[slot] = form;
	maker->pending[slot] = 0;
}

void add_bind(struct maker *maker, uint8_t slot, uint8_t host, uint8_t port)
{
	struct step *step = step_add(maker, VET_CALL_bind, slot);
	step->place = (struct place){
		.host = host,
		.form = maker->form[slot],
		.port = port,
		.length = LENGTH_RIGHT,
	};
	/* Parties have no IPv6 addresses of their own. */
	if (step->place.form == FORM_6 && host <= HOST_C)
		step->place.host = HOST_LOOP;
	if (maker->guess[slot] == GUESS_FRESH)
		maker->guess[slot] = GUESS_BOUND;
}

void add_listen(struct maker *maker, uint8_t slot, int backlog)
{
	step_add(maker, VET_CALL_listen, slot)->number = backlog;
	if (maker->guess[slot] == GUESS_BOUND)
		maker->guess[slot] = GUESS_LISTENING;
}

void add_connect_slot(struct maker *maker, uint8_t slot, uint8_t to)
{
	struct step *step = step_add(maker, VET_CALL_connect, slot);
	bool is_mapped = maker->form[slot] != FORM_4 && maker->form[to] == FORM_4;
	step->place = (struct place){
		.host = HOST_SOCKET,
		.form = is_mapped ? FORM_MAPPED : FORM_4,
		.slot = to,
		.length = LENGTH_RIGHT,
	};
	if (maker->guess[to] == GUESS_LISTENING)
		maker->pending[to]++;
	if (maker->guess[slot] >= GUESS_DATAGRAM)
		maker->guess[slot] = GUESS_PAIRED;
	else if (maker->guess[slot] != GUESS_CLOSED)
		maker->guess[slot] = GUESS_CONNECTED;
}

void add_accept(struct maker *maker, uint8_t made, uint8_t slot)
{
	struct step *step = step_add(maker, VET_CALL_accept, slot);
	step->made = made;
	if (chance(maker, 20))
		step->length = NAME_NONE;
	if (maker->pending[slot] == 0 || maker->guess[slot] != GUESS_LISTENING)
		return;
	maker->pending[slot]--;
	maker->guess[made] = GUESS_CONNECTED;
	maker->form[made] = maker->form[slot];
}

void program_generate(struct program *program, uint64_t seed, uint64_t index, uint32_t steps)
{
	static const uint8_t mixes[] = { FORM_4, FORM_4,      FORM_4, FORM_4, FORM_4,
					 FORM_6, FORM_MAPPED, 3,      3,      3 };
	struct maker maker = { .state = seed, .program = program };
	maker.state = next(&maker.state) ^ index * UINT64_C(0xd1342543de82ef95);
	program->count = 0;
	maker.mix = mixes[draw(&maker, sizeof(mixes))];
	maker.steps = steps - steps / 4 + draw(&maker, steps / 2 + 1);
	if (maker.steps > STEPS)
		maker.steps = STEPS;
	if (!chance(&maker, 25))
		add_opening(&maker);
	else
		add_socket(&maker, 0, chance(&maker, 70) ? SOCK_STREAM : SOCK_DGRAM,
			   maker.mix > FORM_MAPPED ? (uint8_t)FORM_4 : maker.mix);
	while (program->count < maker.steps)
		add_any(&maker);
}
