/* SPDX-License-Identifier: 0BSD */
/*
 * Programs of calls, to be run on the kernel and on whatever is to do the same.
 *
 * A program is a line of text, one step after the other:
 *
 *	s0=socket 4 stream; s0 bind A:p0; s0 listen 5; s1=socket 4 stream; s1 connect s0;
 *	s2=s0 accept; s1 send 5; s2 recv 100; s1 shutdown write; poll s1 s2:in; s2 close
 *
 * Sockets are in slots s0 to s5; what was in a slot that is filled again is closed.  All that
 * differs from run to run is symbolic: parties A, B and C have addresses that no other run has, p0
 * to p3 are ports that no other run has, sN as a port is the one that the socket has.  So a step
 * means the same after others have been taken out.
 *
 * "poll s1:in @500" waits 500 ms at most, "poll @500" that long.  The option "deaf":
 * nothing that is sent to the socket arrives any more, until it is set to 0.
 *
 *	address = host [ ":" port ] [ "/" length ]
 *	host    = A | B | C | any | loop | foreign   of IPv4; with "6" behind it (not A, B, C) of
 *	          IPv6; with "m:" before it mapped into IPv6 | sN (all of that socket's name) | m:sN
 *	          | unspec (family AF_UNSPEC) | alien (AF_UNIX) | none (a null pointer)
 *	port    = 0 | p0 ... p3 | sN
 */
#ifndef FIDELITY_PROGRAM_H
#define FIDELITY_PROGRAM_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vetsock/layer.h>
#include <vetsock/text.h>

enum {
	SLOTS = 6,
	PARTIES = 3,
	PORTS = 4,
	STEPS = 64,        /* of a program, at most */
	PARTS = 4,         /* of a gather write */
	LENGTH_RIGHT = -1, /* of an address or option: the length that it has */
	NAME_NONE = -2,    /* accept, recvfrom: no room for a name at all */
	SLOT_FILE = SLOTS, /* pread: not a socket, but the file */
	SLOT_NONE = SLOTS + 1,
	LONGEST = 90000,     /* milliseconds that a program may wait, in all */
	PROGRAM_TEXT = 8192, /* room for any program's text */
};

enum place_host {
	HOST_A,
	HOST_B,
	HOST_C,
	HOST_ANY,
	HOST_LOOP,
	HOST_FOREIGN,
	HOST_SOCKET,
	HOST_UNSPEC,
	HOST_ALIEN,
	HOST_NONE,
	HOSTS
};

enum place_form { FORM_4, FORM_6, FORM_MAPPED };

/* PORT_0: none; PORT_P0 + n: the run's own; PORT_OF + slot: what that socket has. */
enum { PORT_0, PORT_P0, PORT_OF = PORT_P0 + PORTS };

/* An address of a call. */
struct place {
	uint8_t host; /* enum place_host */
	uint8_t form; /* enum place_form */
	uint8_t port;
	uint8_t slot;   /* of HOST_SOCKET */
	int16_t length; /* that is said; LENGTH_RIGHT */
};

/* What poll is asked for, unless a step says less. */
enum {
	ALL_EVENTS = POLLIN | POLLPRI | POLLOUT | POLLERR | POLLHUP | POLLNVAL | POLLRDNORM |
		     POLLRDBAND | POLLWRNORM | POLLWRBAND | POLLRDHUP,
};

struct polled {
	uint8_t slot; /* SLOT_NONE: a negative descriptor */
	short events;
};

/* One call.  What `entry` does not take is zero. */
struct step {
	uint8_t entry;  /* enum vet_entry */
	uint8_t slot;   /* that it names; SLOT_NONE */
	uint8_t made;   /* that it fills: socket, accept, dup; SLOT_NONE */
	uint8_t option; /* index of option_rows */
	bool peek;
	uint8_t count;  /* of parts or polled */
	int16_t length; /* room for a name; of an option's value; LENGTH_RIGHT, NAME_NONE */
	int32_t number, second,
		third; /* size, backlog, how; offset; domain, type and protocol; value;
			  milliseconds that poll may wait */
	struct place place;
	union {
		int32_t part[PARTS];
		struct polled polled[SLOTS];
	} u;
};

struct program {
	uint32_t count;
	struct step step[STEPS];
};

/* Reads a line.  0, or -EINVAL and *error. */
int program_parse(struct program *program, const char *text, struct vet_text_error *error);
/* Writes one, of at most PROGRAM_TEXT bytes; step_print a step alone. */
void program_print(const struct program *program, char *text, size_t size);
void step_print(const struct step *step, char *text, size_t size);

/* The program of a seed and an index: the same on every machine.  About `steps` calls. */
void program_generate(struct program *program, uint64_t seed, uint64_t index, uint32_t steps);

/* ---- options ---- */

struct option_row {
	const char *name;
	int level, option;
	uint8_t size;   /* of its value: 4, or 8 for a pair of numbers (linger) */
	uint8_t kinds;  /* OPTION_STREAM, ...: where the generator asks for it */
	uint8_t weight; /* how often */
	int8_t values;  /* of value[] */
	int32_t value[6];
};

/* The row "deaf" is no option, but what is at the socket's ear. */
enum { LEVEL_DEAF = -1 };
enum { OPTION_STREAM = 1, OPTION_DATAGRAM = 2, OPTION_4 = 4, OPTION_6 = 8, OPTION_ANY = 15 };

extern const struct option_row option_rows[];
extern const unsigned option_count;
/* The index of a name, or -1. */
int option_find(const char *name, size_t size);

#endif
