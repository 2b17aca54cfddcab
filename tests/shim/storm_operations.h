/* SPDX-License-Identifier: 0BSD */
/* Every operation of vetsock that waits, as one function each: for the storms. */
#ifndef STORM_OPERATIONS_H
#define STORM_OPERATIONS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <vetsock/vetsock.h>

enum { SIZE = 8 }; /* bytes that each moves; a print one more */

enum kind { STREAM, DATAGRAM, LISTENER, FRESH };

struct operation {
	const char *name;
	enum kind kind;
	/* 0 or an error; it checks all else that it is given. */
	int64_t (*run)(struct vet_socket *s);
	/* The call that is interrupted; NULL: the wait alone is. */
	const char *call;
	const char *waits; /* the rule that makes it wait; "": there is nothing yet anyway */
	unsigned spends; /* other calls of the table below before that: memory, the file's bytes */
	bool is_out;     /* it sends */
	bool lacks_sendfile;
	bool is_read_all; /* it asks once more, at the end */
	bool is_print;
};

extern const struct operation operations[];
extern const size_t operation_count;
/* What is sent and received: as the file has it, and a newline. */
extern unsigned char pattern[SIZE + 1];
void pattern_fill(void);

/* Where all is sent and connected. */
struct vet_address somewhere(void);

#endif
