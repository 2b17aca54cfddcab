/* SPDX-License-Identifier: 0BSD */
/* What the reader and the printer of programs share: which operands each call takes, in order. */
#ifndef FIDELITY_TEXT_H
#define FIDELITY_TEXT_H

#include "program.h"

enum operand {
	OPERAND_END,
	OPERAND_FAMILY,   /* 4, 6 or "#" and a number */
	OPERAND_TYPE,     /* stream, datagram, raw or "#" and a number */
	OPERAND_PROTOCOL, /* a number; nothing: 0 */
	OPERAND_PLACE,    /* an address */
	OPERAND_NUMBER,
	OPERAND_HOW,    /* read, write, both or "#" and a number */
	OPERAND_NAME,   /* room for a name: nothing (all), "/" and a number, "noname" */
	OPERAND_PEEK,   /* nothing, or "peek" */
	OPERAND_OPTION, /* its name */
	OPERAND_VALUE,  /* a number, or two with a comma */
	OPERAND_LENGTH, /* nothing, or "/" and a number */
	OPERAND_PARTS,  /* numbers with commas */
	OPERAND_OFFSET, /* "@" and a number */
	OPERAND_POLLED, /* slots, "-" for a negative descriptor, each with ":" and events by commas;
			   no ":" is all of them */
	OPERAND_LIMIT,  /* "@" and milliseconds; nothing: 0 */
};

enum { OPERANDS = 3 };

/* Text that grows up to its room, and is cut there. */
struct out {
	char *text;
	size_t size, used;
};

__attribute__((format(printf, 2, 3))) void put(struct out *out, const char *format, ...);

/* The operands of a call, and whether it names a socket and makes one. */
struct call_form {
	uint8_t entry;
	bool names, makes;
	uint8_t operand[OPERANDS + 1];
};

/* NULL: no step is of that entry. */
const struct call_form *call_form(unsigned entry);

struct word {
	const char *text;
	int32_t number;
};

/* Words of families, types, directions, hosts, poll events: each ends with a NULL text. */
extern const struct word family_words[], type_words[], how_words[], event_words[];
/* By enum place_host, without HOST_SOCKET. */
extern const char *const host_words[HOSTS];

#endif
