/* SPDX-License-Identifier: 0BSD */
/*
 * A program for the tests of traces: rows, each a call, what a table answers, and the line that
 * stands for both.  The rows are run over a table that answers from them, or over any other.
 */
#ifndef VETSOCK_TESTS_TRACE_ROWS_H
#define VETSOCK_TESTS_TRACE_ROWS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>

#include <vetsock/trace.h>

/* Descriptors in rows are numbers of handing out, from 1; and these. */
enum { FOREIGN = 100000, NONE = -1 };

/* What a table puts where; each is left alone if it is not there. */
struct answer {
	int64_t result;
	const char *bytes; /* received, or a value */
	size_t size;
	const void *address;
	socklen_t size_of_address;
	socklen_t said; /* the length of an address or a value; 0: the natural one */
	int64_t number; /* time, offset, whether a datagram was cut */
	short revents[3];
	bool is_empty; /* the length is said to be 0 */
};

struct row {
	const char *line;
	struct vet_call call;
	struct answer answer;
	socklen_t room;
	int64_t before; /* an offset */
};

/* Where the rows' calls have their things. */
struct memory {
	unsigned char data[128];
	struct sockaddr_storage address;
	socklen_t length;
	int truncated;
	int64_t number;
	struct pollfd descriptors[3];
	void *block;
};
extern struct memory memory;

extern const struct row rows[];
extern const size_t rows_count;

/* A lowest layer that answers the rows one after the other; what it is asked must be theirs. */
struct fake {
	struct vet_layer layer;
	const struct row *rows;
	size_t at, count;
	int next_fd;
};
struct vet_sys *fake_start(struct fake *fake, const struct row *rows, size_t count);

/* Runs rows over a table.  Calls `after` after each (NULL: not). */
void rows_run(struct vet_sys *sys, const struct row *rows, size_t count,
	      void (*after)(const struct row *row, int64_t result));

/* The text of a trace as it grows. */
struct kept {
	char *text;
	size_t size, room;
	unsigned pieces;
	size_t greatest; /* piece */
};
int keep(void *kept, const char *text, size_t size);
void kept_free(struct kept *kept);

/* A copy in a block of exactly that size, so that a byte too far is found. */
char *exactly(const char *text, size_t size);

/* Records rows over the fake table: the text and the hash. */
uint64_t rows_record(const struct row *rows, size_t count, struct kept *kept);
/* The lines that the rows should give, heading included. */
void rows_expect(const struct row *rows, size_t count, struct kept *kept);

#endif
