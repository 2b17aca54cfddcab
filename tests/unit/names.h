/* SPDX-License-Identifier: 0BSD */
/* How calls and their answers are written in scripts: errors, options, poll bits, times, addresses.
 * Nothing here uses the library under test. */
#ifndef VETSOCK_TESTS_NAMES_H
#define VETSOCK_TESTS_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct errno_name {
	const char *name;
	int number;
	bool posix; /* listed in POSIX.1-2008 <errno.h> */
};
extern const struct errno_name errno_names[];
extern const size_t errno_names_count;

enum option_shape { SHAPE_INT, SHAPE_LINGER, SHAPE_TEXT, SHAPE_GROUP };
struct option_name {
	const char *name;
	int level;
	int number;
	enum option_shape shape;
};

/* A text that is put together piece by piece, and cut (never overrun) where it is too long. */
struct text {
	char *at;
	size_t left;
};
struct text text_in(char *room, size_t size);
void text_add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Each reader returns whether the text was one of its kind, all of it. */
bool read_number(const char *text, int64_t *value);
/* "0", "10ms", "-5s", "3ns", "greatest" and "least". */
bool read_time(const char *text, int64_t *nanoseconds);
void add_time(struct text *text, int64_t nanoseconds);
/* "EINTR", "VET_EOF": minus the errno, and vetsock's own. */
bool read_error(const char *text, int64_t *error);
void add_error(struct text *text, int64_t error);
/* "IN|HUP"; "-" is no bits. */
bool read_events(const char *text, short *events);
void add_events(struct text *text, short events);
const struct option_name *option_named(const char *name);
const struct option_name *option_numbered(int level, int number);

/* "1.2.3.4:80", "[fe80::1%2]:80", "unix" (another family), "none" (no bytes); then "/N": that many
 * bytes are said to have come. */
bool read_sockaddr(const char *text, struct sockaddr_storage *address, socklen_t *length);
void add_sockaddr(struct text *text, const void *address, socklen_t length);

#endif
