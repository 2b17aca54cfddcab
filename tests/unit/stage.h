/* SPDX-License-Identifier: 0BSD */
/*
 * Rows of tests: what is done with a socket, what its table of system calls is asked for and gives,
 * and what comes of it, each as text.
 *
 *	{ "short, wait, rest", "write 8", "send 8 = 3; send 5 = EAGAIN; poll OUT forever = OUT; send 5 = 5",
 *	  "0 done 8" }
 *
 * An act is a function of the library without its vet_socket_, with its arguments; acts_socket.c,
 * acts_bytes.c and acts_option.c list them.  Its result is the count or the error by name, then what else it gives:
 * "done 8", "from 1.2.3.4:80", "truncated", a value.  Several are separated by ";".  Whatever is sent
 * and received, the bytes are checked too, and `done` against what the table really took.
 */
#ifndef VETSOCK_TESTS_STAGE_H
#define VETSOCK_TESTS_STAGE_H

#include <vetsock/vetsock.h>

#include "names.h"
#include "script.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct row {
	const char *name; /* read by a person when the row fails */
	const char *act;
	const char *script;
	const char *want;
};

/* What was done before the row. */
struct given {
	const char *act;
	const char *script;
	bool lacks_sendfile;
};
extern const struct given closed, stream4, stream6, datagram4, datagram6, raw6, connected, listener;
extern const struct given stream4_lacking_sendfile;

/* Plays all rows and fails the test if one of them does, after printing each that did. */
void play(const struct given *given, const struct row *rows, size_t count);
/* The same for one row made of pieces: its script is a format. */
void play_made(const struct given *given, const char *act, const char *want, const char *script,
	       ...) __attribute__((format(printf, 4, 5)));
/* NULL, or the report of the row's failure in constant memory, until the next. */
const char *play_row(const struct given *given, const struct row *row);

/* ---- for the acts alone ---- */

enum { STAGE_BYTES = 1 << 17, STAGE_ARGUMENTS = 4 };

struct stage {
	struct script script;
	struct vet_socket sockets[2];
	struct vet_socket *socket, *other;
	struct vet_buffer buffer;
	size_t buffer_starts; /* where in the received stream the buffer's first byte was */
	struct text result;
	char result_room[512];
	char words[STAGE_ARGUMENTS + 1][96]; /* the act, then its arguments, "" if absent */
};

struct act {
	const char *name;
	void (*run)(struct stage *stage);
};
extern const struct act socket_acts[], byte_acts[], option_acts[]; /* each ends with a NULL */

/* The result: a count, or an error by its name. */
void stage_say(struct stage *stage, int64_t value);
void stage_say_address(struct stage *stage, const struct vet_address *address);
int64_t stage_number(const struct stage *stage, int argument);
int64_t stage_time(const struct stage *stage, int argument);
struct vet_address stage_address(const struct stage *stage, int argument);

#endif
