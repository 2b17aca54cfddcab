/* SPDX-License-Identifier: 0BSD */
/*
 * One line of a trace, while it is written or read.
 *
 * The grammar is written once, and runs both ways: each function below either puts a value (into
 * the text and into the hash) or takes it from the text, as `is_reading` says.  So what is written
 * is what is read, and the hash knows what the text knows and nothing else.
 *
 * Only one text stands for a value; any other is refused, because no call could ever match it.
 */
#ifndef VETSOCK_TRACE_TEXT_H
#define VETSOCK_TRACE_TEXT_H

#include <stdbool.h>

#include <vetsock/trace.h>

#include "../../src/print.h"

enum {
	/* The descriptors that a replay hands out: beyond those of any system, so that none is taken
	   for a file or for one that the program brings along. */
	VET_REPLAY_BASE = 1 << 30,
	VET_REPLAY_FOREIGN =
		VET_REPLAY_BASE - 1, /* stands for one in a text that is only looked at */
};

/* What the value of an option is. */
enum vet_shape {
	VET_SHAPE_INT,
	VET_SHAPE_ERRNO, /* these three are ints too */
	VET_SHAPE_TYPE,
	VET_SHAPE_FAMILY,
	VET_SHAPE_LINGER,
	VET_SHAPE_GROUP,
	VET_SHAPE_BYTES,
};

/* Of what a call changes: what it was before. */
struct vet_before {
	bool has_room;   /* somewhere to put an address, or a value, of at most `room` bytes */
	bool has_offset; /* sendfile's */
	bool has_block;  /* realloc's was not NULL */
	bool tells;      /* recvfrom is to tell whether a datagram was cut */
	uint32_t room;
	int64_t offset;
};

struct vet_line {
	struct vet_trace_names *names;
	struct vet_call *call;
	struct vet_before before;
	int64_t result;
	enum vet_shape shape; /* of an option */
	bool is_reading;

	/* writing */
	uint64_t hash;
	vet_trace_sink sink; /* NULL: only the hash is made */
	void *context;
	int error; /* of the sink; nothing is given to it any more */
	size_t filled;

	/* reading */
	struct vet_scan in; /* to the end of the line; error.reason NULL: nothing wrong so far */
	size_t asked;       /* where the descriptors of a poll are, as they were asked for */
	bool is_filling; /* what is answered goes where the call says; else it is only looked at */

	char piece[256]; /* what the sink is given next; not cleared */
};

/* ---- lines: text.c ---- */

extern const char vet_trace_heading[]; /* the first line of every trace, with its end */

/* Ready to write (without sink, from hash 0), or to read from `at` to `end`. */
void vet_line_write(struct vet_line *line, struct vet_trace_names *names, struct vet_call *call);
void vet_line_read(struct vet_line *line, struct vet_trace_names *names, struct vet_call *call,
		   const char *text, size_t at, size_t end);

struct vet_before vet_line_before(const struct vet_call *call);
/* The call and its arguments; the answer.  The mark " = " stands between them. */
void vet_line_call(struct vet_line *line);
void vet_line_mark(struct vet_line *line);
void vet_line_answer(struct vet_line *line);
/* Reads a line from its beginning to its end into a call that has no memory. */
void vet_line_check(struct vet_line *line);
/* What the sink has not been given yet. */
void vet_line_flush(struct vet_line *line);

/* ---- what each call is made of: ask.c, answer.c ---- */

void vet_ask_descriptor(struct vet_line *line);
void vet_ask_socket(struct vet_line *line);
void vet_ask_to(struct vet_line *line);
void vet_ask_listen(struct vet_line *line);
void vet_ask_shutdown(struct vet_line *line);
void vet_ask_name(struct vet_line *line);
void vet_ask_getsockopt(struct vet_line *line);
void vet_ask_setsockopt(struct vet_line *line);
void vet_ask_recv(struct vet_line *line);
void vet_ask_recvfrom(struct vet_line *line);
void vet_ask_send(struct vet_line *line);
void vet_ask_sendto(struct vet_line *line);
void vet_ask_sendv(struct vet_line *line);
void vet_ask_pread(struct vet_line *line);
void vet_ask_sendfile(struct vet_line *line);
void vet_ask_poll(struct vet_line *line);
void vet_ask_nothing(struct vet_line *line);
void vet_ask_realloc(struct vet_line *line);
void vet_ask_interface_index(struct vet_line *line);
void vet_answer_count(struct vet_line *line);
void vet_answer_accept(struct vet_line *line);
void vet_answer_name(struct vet_line *line);
void vet_answer_getsockopt(struct vet_line *line);
void vet_answer_recv(struct vet_line *line);
void vet_answer_recvfrom(struct vet_line *line);
void vet_answer_pread(struct vet_line *line);
void vet_answer_sendfile(struct vet_line *line);
void vet_answer_poll(struct vet_line *line);
void vet_answer_now(struct vet_line *line);

/* ---- words: word.c ---- */

/* Says what is wrong, if it is the first thing.  length 0: the next byte, which may be one that can
 * stand in no text. */
void vet_line_wrong(struct vet_line *line, size_t offset, size_t length, const char *reason);
static inline bool vet_line_is_wrong(const struct vet_line *line)
{
	return line->in.error.reason != NULL;
}
/* Reading: whether this is what comes next; and steps over it, if so. */
bool vet_line_sees(const struct vet_line *line, const char *text);
bool vet_line_takes(struct vet_line *line, const char *text);
/* Reading: how long the word is that begins here: letters, digits, '_' and '.'. */
size_t vet_line_word(const struct vet_line *line);

/* Text that says nothing that is not known: it is not hashed. */
void vet_line_literal(struct vet_line *line, const char *text);
/* Reading: whether what stands from `begin` on is this; else it is wrong, as no call is written so. */
void vet_line_same(struct vet_line *line, size_t begin, const char *text, size_t size);
/* One of two ways in which the text goes on: only this one says so.  Returns whether it does. */
bool vet_line_choice(struct vet_line *line, bool is_chosen, const char *text);
void vet_line_put_name(struct vet_line *line, const char *name);
void vet_line_signed(struct vet_line *line, int64_t *value, int64_t least, int64_t greatest);
void vet_line_unsigned(struct vet_line *line, uint64_t *value, uint64_t greatest);
void vet_line_int(struct vet_line *line, int *value);
void vet_line_size(struct vet_line *line, size_t *value);
/* A quoted string.  Reading: at most `size` bytes go to `data` (may be NULL), the number of all is
 * returned. */
uint64_t vet_line_bytes(struct vet_line *line, void *data, uint64_t size);
/* As in a plan, or negative. */
void vet_line_duration(struct vet_line *line, int64_t *nanoseconds);
/* A negative error by its name, "error:N" if it has none. */
void vet_line_error(struct vet_line *line, int64_t *error);

/* Hash: what kind of thing comes, with a number below 2^56; and its words. */
enum vet_thing {
	VET_THING_ENTRY = 1,
	VET_THING_CHOICE,
	VET_THING_NAME,
	VET_THING_NUMBER,
	VET_THING_BYTES,
	VET_THING_DESCRIPTOR,
	VET_THING_FILE,
	VET_THING_IP,
	VET_THING_EVENTS,
};
void vet_line_hash(struct vet_line *line, enum vet_thing thing, uint64_t number);
void vet_line_hash_word(struct vet_line *line, uint64_t word);
void vet_line_put(struct vet_line *line, const char *text, size_t size);
void vet_line_put_number(struct vet_line *line, uint64_t number);

/* ---- names: name.c ---- */

/* INET, STREAM, RDWR, PEEK; "family:N", "type:N", "how:N", "flags:N" where there is no name. */
void vet_line_family(struct vet_line *line, int *family);
void vet_line_type(struct vet_line *line, int *type);
void vet_line_how(struct vet_line *line, int *how);
void vet_line_flags(struct vet_line *line, int *flags);
/* "TCP_NODELAY"; "level:N name:N".  Returns what its value is. */
enum vet_shape vet_line_option(struct vet_line *line, int *level, int *name);
/* "IN|HUP"; "-" is none, "bits:N" those without a name. */
void vet_line_events(struct vet_line *line, short *events);

/* ---- numbers of descriptors: number.c ---- */

void vet_numbers_start(struct vet_trace_names *names);
void vet_numbers_close(struct vet_trace_names *names, int fd);
/* "#3", "foreign", "none" (a negative one). */
void vet_line_descriptor(struct vet_line *line, int *fd);
/* "#3", "file 1", "none". */
void vet_line_file(struct vet_line *line, int *file);
/* What a call hands out, as its result. */
void vet_line_handed_out(struct vet_line *line);

/* ---- addresses and values of options: value.c ---- */

/* The room of what a call is given: it may be of any length, and not be there at all. */
#define VET_ROOM_OF_ARGUMENT UINT32_MAX
/* *length: what the call was given, or says; room: how much of it there may be. */
void vet_line_address(struct vet_line *line, struct sockaddr *address, uint32_t room,
		      socklen_t *length);
void vet_line_value(struct vet_line *line, enum vet_shape shape, void *value, uint32_t room,
		    socklen_t *length);

#endif
