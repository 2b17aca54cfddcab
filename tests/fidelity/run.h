/* SPDX-License-Identifier: 0BSD */
/* Running a program on a table of system calls, and what it answered. */
#ifndef FIDELITY_RUN_H
#define FIDELITY_RUN_H

#include <netinet/in.h>

#include "program.h"

enum {
	NAME_ROOM = 128,
	VALUE_ROOM = 16,
	EPHEMERALS = 32,
	FILE_SIZE = 100000,
	LARGEST = 524288 /* bytes that a call moves, at most */
};

/* What a run has for itself: no other run may have it. */
struct ground {
	uint32_t party[PARTIES]; /* IPv4 addresses, in host order */
	uint16_t port[PORTS];
};

/* What a call answered, in a form that two runs of a program share: addresses and ports are
 * symbolic, descriptors 0. */
struct answer {
	int64_t result;
	uint64_t bytes; /* a hash of those that it read */
	int32_t length; /* of the name, or of the option's value, that it gave; -1: it gave none */
	int32_t local_length; /* of getsockname after a call that may bind; -1: not asked */
	int32_t truncated;    /* recvfrom */
	int32_t offset;       /* sendfile: where the next one goes on */
	struct sockaddr_in6 name, local; /* the bytes behind `length` are 0 */
	unsigned char value[VALUE_ROOM];
	short revents[SLOTS];
	/* Not compared: */
	uint16_t port; /* the local port after the call, as it really is: it may have chosen it */
	uint8_t kind;  /* OPTION_STREAM, OPTION_DATAGRAM, or 0: of the socket */
	uint8_t state; /* of tcp(7), TCP_INFO: asked for where the run `watches` */
	/* Compared about: milliseconds that the call took, in a program that waits. */
	int32_t elapsed;
	int32_t at; /* milliseconds since the program began, when it returned */
};

/* What stands for parties and ports in answers: no run has them as its own. */
enum { SYMBOL_PARTY = 0x7ffffff0, SYMBOL_PORT = 10, SYMBOL_EPHEMERAL = 20 };

struct run;

/* Where a program runs. */
struct side {
	struct vet_sys *sys;
	int file; /* a descriptor of FILE_SIZE bytes: what file_byte says */
	/* Called before each call: what led (NULL: nobody) and the revents it gave, by descriptor
	 * (NULL: of a poll that waits, when they came is to be compared).  May be NULL. */
	void (*before)(struct side *side, const struct answer *led, const struct pollfd *polled);
	/* Nothing that is sent to a descriptor arrives any more, or it does again.  0 or minus an errno. */
	int (*deafen)(struct side *side, int fd, bool deaf);
	bool watches;
};

/* ---- bytes (pattern.c) ---- */

/* What a side's file has there. */
unsigned char file_byte(uint32_t position);
/* LARGEST bytes that a description, by its number, sends from a position on: each has its own. */
const void *pattern_bytes(uint32_t stream, uint32_t position);
/* A hash of bytes that were read: 0 of none. */
uint64_t pattern_hash(const unsigned char *bytes, size_t size);

struct run {
	struct side *side;
	const struct program *program;
	struct ground ground;
	int fd[SLOTS];
	uint8_t stream[SLOTS]; /* which description it is of: they are numbered */
	uint8_t kind[SLOTS];
	uint32_t sent[STEPS + 1]; /* bytes that a description has taken */
	uint16_t port[STEPS + 1]; /* the local port of a description, as was last seen */
	uint8_t streams;
	/* Ports that the system chose, in the order of their appearance: of streams, datagrams. */
	uint16_t ephemeral[2][EPHEMERALS];
	uint8_t ephemerals[2];
	/* Two choices of a port happened to be the same one: another run will differ. */
	bool is_coincidence;
	bool waits;    /* some of its steps do */
	int64_t began; /* then: when, in milliseconds */
	void *block;
};

void run_begin(struct run *run, struct side *side, const struct program *program,
	       const struct ground *ground);
/* Makes the call of a step; led: what another run answered to it, or NULL. */
void run_step(struct run *run, uint32_t step, const struct answer *led, struct answer *answer);
/* Closes what is open. */
void run_end(struct run *run);

/* ---- names (name.c) ---- */

/* The address of a step, as bytes of the size that is returned; *pointer is NULL for HOST_NONE. */
socklen_t place_make(struct run *run, const struct place *place, struct sockaddr_storage *storage,
		     const struct sockaddr **pointer);
/* A name that the system gave for a socket of a kind (0: streams, 1: datagrams), made symbolic: as
 * far as `length` bytes of it are there. */
void name_normalise(struct run *run, int kind, const struct sockaddr_storage *given,
		    socklen_t length, struct sockaddr_in6 *name);

/* ---- answers (answer.c) ---- */

/* Whether a step of it waits; and for how long in all, at most, in milliseconds (what close(2) may
 * linger is left out). */
int64_t program_waits(const struct program *program);

/* What differs between two answers to a step, as a word; NULL: nothing. */
const char *answer_differs(const struct step *step, const struct answer *a, const struct answer *b);
/* As text: "ECONNREFUSED", "5", "0 A:p0 16". */
void answer_print(const struct step *step, const struct answer *answer, char *text, size_t size);
/* Its result as a class: the error's name, "0", "all", "part" or "n". */
const char *answer_class(const struct step *step, const struct answer *answer);
/* Of two answers that differ, in which way, without their numbers: "connect result: 0 / EINVAL". */
void answer_kind(const struct step *step, const struct answer *a, const struct answer *b,
		 char *text, size_t size);
const char *state_name(const struct answer *answer);

#endif
