/* SPDX-License-Identifier: 0BSD */
/* Rows of calls (caller.h) through the fault layer over the peer, and what must come of them. */
#ifndef FAULT_CHECK_H
#define FAULT_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <vetsock/fault.h>

/* All have three connections in each listener's queue, and a file of 100 bytes. */
enum fault_world {
	ECHO,   /* echoes at once */
	LATE,   /* echoes 10 ms later, and connects so late */
	SOURCE, /* sends 8 bytes, then ends */
	TALKER, /* sends 8 bytes, or two datagrams of 8 */
};

struct fault_row {
	const char *name;
	const char *plan;
	const char *given;  /* calls of which nothing is said */
	const char *script; /* and those that are looked at; besides calls:
			     * took      bytes that the peer has been sent: "wrong" if not as expected
			     * clock     virtual time that has passed in the script
			     * blocked   a poll could not end
			     * calm      vet_fault_calm() */
	const char *want;
	size_t unfired; /* rules */
	enum fault_world world;
	unsigned flags; /* of vet_fault_start() */
};

/* What is given as a rule. */
#define CONNECTED "socket; connect"
#define LISTENING "socket; listen"
#define DATAGRAM  "socket datagram; connect"
#define ANYHOW    VET_FAULT_UNLAWFUL

/* What the word `caught` says; NULL: there is no such word. */
extern int (*fault_caught)(void);
void fault_check_rows(const struct fault_row *rows, size_t count);
#define CHECK_ROWS(rows) fault_check_rows(rows, sizeof(rows) / sizeof(rows)[0])

/* The plan of a text, which must be right; it stays until the next call. */
const struct vet_plan *fault_plan(const char *text);
struct vet_peer;
/* A peer at its beginning. */
struct vet_sys *fault_peer(enum fault_world world, struct vet_peer **peer);

#endif
