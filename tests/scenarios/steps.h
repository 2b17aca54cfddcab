/* SPDX-License-Identifier: 0BSD */
/* What scenarios are made of: operations that are told to the explorer, with the checks that hold
 * of each of them everywhere. */
#ifndef VETSOCK_SCENARIOS_STEPS_H
#define VETSOCK_SCENARIOS_STEPS_H

#include <errno.h>
#include <string.h>

#include <vetsock/option.h>
#include <vetsock/socket.h>
#include <vetsock/sys.h>

#include "operations.h"
#include "scenarios.h"

/* STEP(t, write, &s, "x", 1, &done) is vet_socket_write(&s, "x", 1, &done), told to the explorer;
 * its result, as int64_t. */
#define STEP(trial, verb, ...) \
	(vet_trial_begin((trial), &operations[OPERATION_##verb]), \
	 vet_trial_end((trial), vet_socket_##verb(__VA_ARGS__)))
/* The same of an operation without a result. */
#define STEP_VOID(trial, verb, ...) \
	(vet_trial_begin((trial), &operations[OPERATION_##verb]), vet_socket_##verb(__VA_ARGS__), \
	 (void)vet_trial_end((trial), 0))

/* What must hold if nothing went wrong; what must hold whatever happened is vet_trial_check().  The
 * condition comes first: it may be a step. */
#define expect(trial, condition) \
	((condition) || vet_trial_is_faulted(trial) \
		 ? (void)0 \
		 : vet_trial_fail(trial, __FILE__ ":" VET_TRIAL_TEXT(__LINE__) ": " #condition))

/* SET_AND_GET(t, &s, no_delay, bool, true): what was set is got. */
#define SET_AND_GET(t, s, option, type, value) \
	do { \
		type got = (value); \
		int64_t set = STEP(t, set_##option, s, value); \
		expect(t, set == 0); \
		int64_t r = STEP(t, option, s, &got); \
		expect(t, r == 0); \
		vet_trial_check(t, set < 0 || r < 0 || got == (value)); \
	} while (0)

/* How a scenario goes about: its context, by which one function serves several scenarios.  None:
 * IPv4, without deadline. */
struct terms {
	int family;            /* 0: 4 */
	vet_duration deadline; /* of all that is done with its socket; 0: none */
	bool raw;              /* raw sockets in place of datagram sockets */
};
extern const struct terms on_ipv6;
extern const struct terms within_10_ms; /* more than anything takes without faults */
extern const struct terms on_raw, on_raw_of_ipv6, raw_within_10_ms;

/* What comes in. */
enum { INBOX = 128 };
struct inbox {
	const void *due; /* what the peer sends */
	size_t due_size;
	size_t size; /* of which so much has come */
	unsigned char data[INBOX];
};
#define INBOX_OF(text) \
	{ \
		.due = (text), .due_size = sizeof(text) - 1 \
	}

/* vet_peer_byte(0) to vet_peer_byte(PATTERN - 1): a file's beginning.  scenarios_all() fills it. */
enum { PATTERN = 20480 };
extern unsigned char pattern[PATTERN];

/* ---- sockets: true, or *s is not usable (open or not) ---- */

struct vet_address step_server(const struct vet_trial *t); /* where the peer is */
struct vet_address step_own(const struct vet_trial *t);    /* what is bound */
bool step_stream(struct vet_trial *t, struct vet_socket *s);
bool step_datagram(struct vet_trial *t, struct vet_socket *s);
bool step_connected(struct vet_trial *t, struct vet_socket *s); /* a stream, made */
bool step_bound(struct vet_trial *t, struct vet_socket *s);     /* a datagram socket, made */
bool step_listening(struct vet_trial *t, struct vet_socket *s); /* a stream, made */
/* A stream, made, whose attempt to connect has outlived a deadline: the peer must have a latency.
 * Without deadline now, and without a promise of one (connecting.c looks at that): a fault that lasts
 * may keep it.  True too if a fault has ended the attempt, or let it come to be. */
bool step_pending(struct vet_trial *t, struct vet_socket *s);
/* In calm, after whatever an operation on such a stream came to: it can be connected, and is.  False:
 * a fault has broken it. */
bool step_connect_after_all(struct vet_trial *t, struct vet_socket *s);
/* Takes the next connection.  On failure *peer is closed. */
int64_t step_accept(struct vet_trial *t, struct vet_socket *s, struct vet_socket *peer,
		    struct vet_address *from);
/* If it is open. */
void step_close(struct vet_trial *t, struct vet_socket *s);

/* ---- time ---- */

/* The socket's deadline, which the explorer then holds it to. */
void step_deadline(struct vet_trial *t, struct vet_socket *s, vet_duration from_now);
/* From here on there are no faults and is no deadline.  Whether all must go well then. */
bool step_calm(struct vet_trial *t, struct vet_socket *s);

/* ---- bytes ---- */

/* Appends what came, and checks it.  step_rest(): to the end, all that was due, in calm. */
int64_t step_read(struct vet_trial *t, struct vet_socket *s, struct inbox *in, size_t size);
int64_t step_read_exact(struct vet_trial *t, struct vet_socket *s, struct inbox *in, size_t size);
void step_rest(struct vet_trial *t, struct vet_socket *s, struct inbox *in);
/* The same of a buffer: what is in it is a prefix of what was due. */
int64_t step_read_into(struct vet_trial *t, struct vet_socket *s, struct vet_buffer *buffer,
		       size_t size, const void *due, size_t due_size);
int64_t step_read_all(struct vet_trial *t, struct vet_socket *s, struct vet_buffer *buffer,
		      size_t limit, const void *due, size_t due_size);
void step_free(struct vet_trial *t, struct vet_buffer *buffer);

/* On a stream.  *done is how many bytes of `data` were sent before the call, and after it: so the
 * rest can be sent after an error.  The result is 0 or an error. */
int64_t step_write(struct vet_trial *t, struct vet_socket *s, const void *data, size_t size,
		   size_t *done);
/* What an error has left, in calm. */
void step_write_rest(struct vet_trial *t, struct vet_socket *s, const void *data, size_t size,
		     size_t done);

/* ---- the scenarios, by subject ---- */

/* The beginning of a row: { NAMED("read what is there", once), .world = { ... } } */
#define NAMED(title, function) .name = (title), .run = (function)

struct subject {
	const struct vet_scenario *scenarios;
	size_t count;
};
#define SUBJECT(array) \
	{ \
		array, sizeof(array) / sizeof((array)[0]) \
	}

extern const struct subject making, connecting, accepting, reading, buffering, writing, datagrams,
	files, options, addresses, exchanges, watching, attempting, states, adopting, opening;

#endif
