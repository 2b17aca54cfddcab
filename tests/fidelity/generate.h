/* SPDX-License-Identifier: 0BSD */
/* The generator's own: what it draws from, and what it believes of the sockets so far. */
#ifndef FIDELITY_GENERATE_H
#define FIDELITY_GENERATE_H

#include "program.h"

/* What a socket may be, if the calls before did what they usually do: only for weights. */
enum guess {
	GUESS_CLOSED,
	GUESS_FRESH,
	GUESS_BOUND,
	GUESS_LISTENING,
	GUESS_CONNECTED,
	GUESS_DATAGRAM,
	GUESS_PAIRED, /* a datagram socket with a peer */
};

struct maker {
	uint64_t state; /* of the random numbers */
	struct program *program;
	uint32_t steps;
	uint8_t guess[SLOTS];
	uint8_t form[SLOTS];    /* enum place_form that its addresses have */
	uint8_t pending[SLOTS]; /* connections that a listener may have */
	uint8_t mix;            /* the form that most sockets of the program have; 3: any */
};

/* One of n, from 0. */
uint32_t draw(struct maker *maker, uint32_t n);
/* Whether a thing of `percent` percent happens. */
bool chance(struct maker *maker, uint32_t percent);

/* Adds a step; returns it, filled with what every call has. */
struct step *step_add(struct maker *maker, enum vet_entry entry, uint8_t slot);

/* A socket of about that guess; a closed or any one, now and then. */
uint8_t slot_like(struct maker *maker, enum guess guess);
uint8_t slot_open(struct maker *maker);
uint8_t slot_closed(struct maker *maker);
uint8_t form_draw(struct maker *maker);

void add_socket(struct maker *maker, uint8_t slot, int type, uint8_t form);
void add_bind(struct maker *maker, uint8_t slot, uint8_t host, uint8_t port);
void add_listen(struct maker *maker, uint8_t slot, int backlog);
void add_connect_slot(struct maker *maker, uint8_t slot, uint8_t to);
void add_accept(struct maker *maker, uint8_t made, uint8_t slot);

/* The first calls of a program (generate_open.c), and one more (generate_step.c). */
void add_opening(struct maker *maker);
void add_any(struct maker *maker);

#endif
