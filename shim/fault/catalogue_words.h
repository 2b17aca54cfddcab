/* SPDX-License-Identifier: 0BSD */
/* The words in which the rows of the catalogue are written: for catalogue_rows.c alone. */
#ifndef VETSOCK_FAULT_CATALOGUE_WORDS_H
#define VETSOCK_FAULT_CATALOGUE_WORDS_H

#include <vetsock/catalogue.h>

#include "../../src/os.h"

enum {
	/* kinds */
	STREAM = VET_KIND_STREAM,
	DATAGRAM = VET_KIND_DATAGRAM,
	RAW = VET_KIND_RAW,
	MESSAGES = VET_KIND_MESSAGES,
	SOCKET = VET_KIND_SOCKET,
	OTHER = VET_KIND_OTHER,
	EVERY = VET_KIND_SOCKET | VET_KIND_OTHER,
	/* phases */
	FRESH = VET_PHASE_FRESH,
	LISTENING = VET_PHASE_LISTENING,
	CONNECTING = VET_PHASE_CONNECTING,
	CONNECTED = VET_PHASE_CONNECTED,
	FAILED = VET_PHASE_FAILED,
	DEAD = VET_PHASE_DEAD,
	ANY = VET_PHASE_ANY,
	OPEN = VET_PHASE_FRESH | VET_PHASE_CONNECTED,      /* of messages */
	LIVE = VET_PHASE_CONNECTING | VET_PHASE_CONNECTED, /* of a stream */
	ATTEMPT = VET_PHASE_CONNECTING | VET_PHASE_FAILED,
	/* needs */
	BYTES = VET_NEEDS_BYTES,
	MORE = VET_NEEDS_MORE,
	LIMIT = VET_NEEDS_LIMIT,
	WAIT = VET_NEEDS_WAIT,
	DESCRIPTOR = VET_NEEDS_DESCRIPTOR,
	SO_ERROR_ASKED = VET_NEEDS_SO_ERROR,
	OPTION = VET_NEEDS_OPTION,
	BOUND = VET_NEEDS_BOUND,
	UNBOUND = VET_NEEDS_UNBOUND,
	READABLE = VET_NEEDS_READABLE,
	UNSEEN = VET_NEEDS_UNSEEN,
	WRITABLE = VET_NEEDS_WRITABLE,
	IPV6 = VET_NEEDS_IPV6,
	/* lasts */
	ONCE = VET_LASTS_ONCE,
	EVER = VET_LASTS_FOR_EVER,
	EITHER = VET_LASTS_EITHER,
};

#define HOUR INT64_C(3600000000000)

/* What is given: action, after, argument. */
#define ERR(name)      VET_ACTION_ERROR, 0, -(name)
#define ERR_LATE(name) VET_ACTION_ERROR, 1, -(name)
#define CUT            VET_ACTION_SHORT, 0, 0
#define ZERO           VET_ACTION_ZERO, 0, 0
#define TIMEOUT        VET_ACTION_TIMEOUT, 0, 0
#define SPURIOUS       VET_ACTION_SPURIOUS, 0, 0
#define EVENTS(bits)   VET_ACTION_EVENTS, 0, bits
#define VALUE(number)  VET_ACTION_VALUE, 0, number
#define VALUE_OF(name) VET_ACTION_VALUE_OF, 0, -(name)
#define DELAY          VET_ACTION_DELAY, 0, HOUR
#define JUMP           VET_ACTION_JUMP, 0, HOUR

/* entry, what is given, kinds, phases, needs, effect, lasts, latch, handling, clause */
#define ROW(...) ROW_OF(__VA_ARGS__)
#define ROW_OF(call, act, late, value, kind, phase, need, done, last, stays, does, text) \
	{ \
		.entry = VET_CALL_##call, .action = act, .after = late, .argument = value, \
		.kinds = kind, .phases = phase, .needs = need, .effect = VET_EFFECT_##done, \
		.lasts = last, .latch = VET_LATCH_##stays, .handling = VET_HANDLING_##does, \
		.clause = text \
	}

/* An error: nothing has happened, it may last or not, nothing stays, the caller gets it. */
#define PASSED_ON(call, name, kind, phase, need, text) \
	ROW(call, ERR(name), kind, phase, need, NONE, EITHER, NONE, PASSES_ON, text)
/* An error that says why the connection is over. */
#define FATAL(call, name, need, text) \
	ROW(call, ERR(name), STREAM, CONNECTED, need, NONE, ONCE, DEAD, PASSES_ON, text)
/* The error of an attempt to connect that nobody has asked about: the first call tells it. */
#define UNTOLD(call, name, text) \
	ROW(call, ERR(name), STREAM, ATTEMPT, 0, NONE, ONCE, FAILED, PASSES_ON, text)
/* A datagram sent earlier came to nothing (ICMP): told once, to a socket that has a peer. */
#define REFLECTED(call, name, kind, text) \
	ROW(call, ERR(name), kind, CONNECTED, 0, NONE, ONCE, NONE, PASSES_ON, text)
/* The same three, by SO_ERROR. */
#define TOLD(name, kind, phase, stays, text) \
	ROW(getsockopt, VALUE_OF(name), kind, phase, SO_ERROR_ASKED, NONE, ONCE, stays, PASSES_ON, \
	    text)
#define CONNECTION_OVER(name, text)     TOLD(name, STREAM, CONNECTED, DEAD, text)
#define ATTEMPT_FAILED(name, text)      TOLD(name, STREAM, ATTEMPT, FAILED, text)
#define DATAGRAM_LOST(name, kind, text) TOLD(name, kind, CONNECTED, NONE, text)

#define POSIX(call, name) "POSIX " #call "(): " #name

/* No call is promised to return in any time: the thread may wait for a processor, the process be
 * stopped, the machine suspended. */
#define LATENESS(call, kind) \
	ROW(call, DELAY, kind, ANY, 0, NONE, EITHER, NONE, GOES_ON, \
	    "POSIX 2.8.4 (process scheduling): a thread runs when it is scheduled")

#endif
