/* SPDX-License-Identifier: 0BSD */
/*
 * The catalogue of lawful faults: what each call of the table may give, by POSIX.1-2008 or the
 * manual of Linux, in which situation, with what effect, and what vetsock then does.
 *
 * libvetsock-shim.  Constant data; any thread.
 */
#ifndef VETSOCK_CATALOGUE_H
#define VETSOCK_CATALOGUE_H

#include <vetsock/layer.h>
#include <vetsock/plan.h>

VET_BEGIN_DECLS

/* What is named by the call. */
enum {
	VET_KIND_STREAM = 1 << 0,
	VET_KIND_DATAGRAM = 1 << 1,
	VET_KIND_RAW = 1 << 2,
	VET_KIND_OTHER = 1 << 3, /* no socket: a file, the clock, memory, a sleep */
	VET_KIND_MESSAGES = VET_KIND_DATAGRAM | VET_KIND_RAW,
	VET_KIND_SOCKET = VET_KIND_STREAM | VET_KIND_MESSAGES,
};

/* Where a socket is in its life, as the calls on it (clones included) have shown. */
enum {
	VET_PHASE_FRESH = 1 << 0, /* made; bound or not */
	VET_PHASE_LISTENING = 1 << 1,
	VET_PHASE_CONNECTING = 1 << 2, /* an attempt is under way, or ended unseen */
	VET_PHASE_CONNECTED = 1 << 3,  /* a stream has a connection; a datagram socket a peer */
	VET_PHASE_FAILED = 1 << 4,     /* an attempt has failed, its error not told yet */
	VET_PHASE_DEAD = 1 << 5,       /* a connection, or a listener, is over */
	VET_PHASE_ANY = (1 << 6) - 1,
	VET_PHASE_ALIVE = VET_PHASE_ANY & ~(VET_PHASE_FAILED | VET_PHASE_DEAD),
};

/* What else a row may need to hold of the call. */
enum {
	VET_NEEDS_BYTES = 1 << 0,      /* it asks to move one byte or more */
	VET_NEEDS_LIMIT = 1 << 1,      /* poll: it may wait, and not for ever */
	VET_NEEDS_WAIT = 1 << 2,       /* poll: it may wait */
	VET_NEEDS_IN = 1 << 3,         /* poll: of its first descriptor, whether it can be read */
	VET_NEEDS_OUT = 1 << 4,        /* poll: or written */
	VET_NEEDS_DESCRIPTOR = 1 << 5, /* poll: it names one */
	VET_NEEDS_SO_ERROR = 1 << 6,   /* getsockopt: of SO_ERROR */
	VET_NEEDS_BOUND = 1 << 7,      /* bind has been called with success */
	VET_NEEDS_UNBOUND = 1 << 8,
	VET_NEEDS_READABLE = 1 << 9,  /* not shut down for reading, nor at its end */
	VET_NEEDS_WRITABLE = 1 << 10, /* not shut down for writing */
	VET_NEEDS_IPV6 = 1 << 11,
	VET_NEEDS_OPTION = 1 << 12,  /* getsockopt, setsockopt: another than SO_ERROR */
	VET_NEEDS_NO_PEER = 1 << 13, /* a stream that has, and is getting, none */
	VET_NEEDS_MORE = 1 << 14,    /* it would move two bytes or more: it can be cut */
	VET_NEEDS_UNSEEN = 1 << 15,  /* no bytes were peeked at that are still to be received */
};

/* What has happened below when the caller gets the answer. */
enum vet_effect {
	VET_EFFECT_NONE,  /* nothing */
	VET_EFFECT_WHOLE, /* the call: close(2) has closed */
	VET_EFFECT_PART,  /* the call, for fewer bytes */
	VET_EFFECT_BEGUN, /* connect(2) is under way */
	VET_EFFECT_TAKEN, /* accept(2) took one connection out of the queue, and lost it */
};

/* What stays. */
enum vet_latch {
	VET_LATCH_NONE,
	VET_LATCH_END,  /* the stream has ended: recv gives 0 from now on */
	VET_LATCH_DEAD, /* the connection is over, and this told why: recv 0, send EPIPE, poll HUP */
	VET_LATCH_ERROR,   /* the same, but why is still to be told, by the next call that can */
	VET_LATCH_FAILED,  /* the attempt to connect has failed, and this told why */
	VET_LATCH_REFUSED, /* the same, but why is still to be told */
	VET_LATCH_SHUT,    /* the listener was shut down by another thread: accept gives EINVAL */
};

/* What an operation of vetsock does with it. */
enum vet_handling {
	VET_HANDLING_RETRIES, /* makes the call again at once */
	VET_HANDLING_WAITS,   /* waits in poll, then makes the call again */
	VET_HANDLING_GOES_ON, /* makes the call for the rest; or looks at the clock and polls on */
	VET_HANDLING_PASSES_OVER, /* accept: takes the next connection */
	VET_HANDLING_FALLS_BACK,  /* send_file: goes on with pread and send */
	VET_HANDLING_ASKS,        /* connect: asks for the peer, or the error */
	VET_HANDLING_ENDS,        /* takes it for the end of the stream or file */
	VET_HANDLING_PASSES_ON,   /* gives it to the caller */
};

/* How long it may go on. */
enum { VET_LASTS_ONCE = 1 << 0, VET_LASTS_FOR_EVER = 1 << 1, VET_LASTS_EITHER = 3 };

struct vet_lawful {
	uint8_t entry;    /* enum vet_entry */
	uint8_t action;   /* enum vet_action: ERROR, SHORT, ZERO, TIMEOUT, SPURIOUS, EVENTS, VALUE,
			     VALUE_OF, DELAY or JUMP */
	uint8_t after;    /* as a rule of a plan: with " after" */
	uint8_t kinds;    /* VET_KIND_...: any of these */
	uint8_t phases;   /* VET_PHASE_...: any of these; of VET_KIND_OTHER not looked at */
	uint8_t effect;   /* enum vet_effect */
	uint8_t lasts;    /* VET_LASTS_... */
	uint8_t latch;    /* enum vet_latch */
	uint8_t handling; /* enum vet_handling */
	uint16_t needs;   /* VET_NEEDS_...: all of these */
	int64_t argument; /* as in struct vet_rule; SHORT: 0, any; DELAY, JUMP: what exploring takes */
	const char *clause; /* "POSIX recv(): ECONNRESET; recv(2)" */
};

/* The rows, grouped by entry in the table's order: NULL from the index after the last on. */
VET_API const struct vet_lawful *vet_lawful_at(size_t index);
/* The rows of an entry are *first to *first + the result. */
VET_API size_t vet_lawful_of(unsigned entry, size_t *first);

/* A call, as far as the catalogue looks at it. */
struct vet_situation {
	uint8_t entry;
	uint8_t kind;  /* one of VET_KIND_... */
	uint8_t phase; /* one of VET_PHASE_... */
	uint8_t unused;
	uint16_t holds; /* VET_NEEDS_... that hold */
	uint16_t unused_too;
};

/* Whether a row applies there. */
VET_API bool vet_lawful_applies(const struct vet_lawful *row, const struct vet_situation *at);
/* Whether a row allows the rule's action (for its entry or "*") for that call. */
VET_API bool vet_lawful_allows(const struct vet_lawful *row, const struct vet_rule *rule,
			       const struct vet_situation *at);
/* The first row that allows the rule's action for that call, as long as the rule lasts; NULL: it is
 * not lawful there.  Of a delay, a jump forward or a short count any argument is allowed where a
 * row allows one; N-M calls, and N% of
 * them, are some single ones; what stays happens once to each socket, however long the rule lasts.
 * `pass` and `signal` are lawful everywhere and have no rows: NULL too. */
VET_API const struct vet_lawful *vet_lawful_find(const struct vet_rule *rule,
						 const struct vet_situation *at);
/* The rule's action, for some call in some situation; a rule for "*": for some entry. */
VET_API bool vet_lawful_anywhere(const struct vet_rule *rule);

/* What a row is called in tables: "begun", "stays ended", "retries". */
VET_API const char *vet_effect_name(unsigned effect);
VET_API const char *vet_latch_name(unsigned latch);
VET_API const char *vet_handling_name(unsigned handling);

VET_END_DECLS

#endif
