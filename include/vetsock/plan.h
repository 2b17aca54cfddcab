/* SPDX-License-Identifier: 0BSD */
/*
 * Fault plans: which calls of a table are to go otherwise than they would, and how.  One small
 * language, the same on the command line, in tests, in bug reports and in fuzzers.
 *
 *	send@2=short:1; recv@1-3=EINTR; getsockopt@1=value:ECONNREFUSED; poll@2=events:OUT|HUP
 *
 *	plan   = [ item { ";" item } ]      item = "seed:" N | rule
 *	rule   = call [ "#" D ] [ "@" when ] "=" action [ " after" ]
 *	call   = the name of an entry | "*" (each call for which the action is lawful)
 *	when   = N | N "-" M | N "+" | N "%" | "byte:" N             none: every call
 *	action = ERRNO | "short:" N | "zero" | "timeout" | "spurious" | "events:" E { "|" E }
 *	       | "value:" ( N | ERRNO ) | "length:" N | "family:" N | "delay:" T
 *	       | "jump:" [ "-" ] T | "freeze" | "signal:" NAME | "pass"
 *
 * Blanks (space, tab, line ends) around ";" and "=", and at both ends, are free; before "after"
 * there is one or more; elsewhere there is none.  No item at all is the plan that changes nothing.
 * An empty item is an error.  Numbers are decimal digits without sign; leading zeros are refused.
 *
 * seed:N   0 to 18446744073709551615; said once, anywhere.
 * call#D   Only calls on the Dth descriptor that was handed out, from 1 to 4294967295; of poll, its
 *          first one.  Not with socket, pread, now, realloc and interface_index, which are on none.
 * @when    Calls are counted from 1, per name (of "*": all), and per D where one is given; calls
 *          that were answered otherwise count too.  N-M, N+: up to the Mth, and for ever.
 *          Counts, of bytes too, go up to 9223372036854775807; a range does not run backwards.
 *          N%: each call with that chance, 1 to 100, drawn from the stream of its rule and the
 *          plan's seed (0 if none is said), the same on every machine.  byte:N: the call that would
 *          move byte N (from 1) of what is sent, or received, through that descriptor: of recv,
 *          recvfrom, send, sendto, sendv, sendfile and "*".
 * ERRNO    The call fails with it.  Errors are named, never numbered; vetsock's own are refused.
 * short:N  At most N bytes are asked for, 1 to 9223372036854775807; only where that is less than
 *          the caller asked.
 * zero     0 bytes: of recv, pread and sendfile the end, of send nothing taken; of poll, 0 before
 *          the limit has passed.
 * timeout  poll lets its whole limit pass and gives 0; a poll without limit is left alone.
 * spurious poll reports what it was asked for, but RDHUP, of its first descriptor, whatever holds.
 * events:E poll reports these, IN PRI OUT ERR HUP NVAL RDHUP, each once, of its first descriptor.
 * value:X  getsockopt answers this int, 0 to 2147483647 (of an errno, its number); interface_index
 *          this index, a number.
 * length:N, family:N    The length (0 to 2147483647), the address family (0 to 65535) of an address
 *          (or value) that is answered.
 * delay:T  T passes in the call, before it is made.  T: one whole number with ns, us, ms, s, m or
 *          h, 0 to 9223372036854775807 ns; with its unit, 0 too.
 * jump:T   The clock of this table is T further from then on (the call, any, is made); -T: back.
 * freeze   The clock of this table stands still from then on.
 * signal:S The signal is raised, so that handlers run, and the call is made; a poll then fails with
 *          EINTR, as signal(7) says that it always does.  By name, with or without SIG: HUP INT
 *          QUIT USR1 USR2 PIPE ALRM TERM CHLD CONT URG IO WINCH VTALRM PROF.  Those that nobody
 *          catches, that stop the program or that say that it is at fault are refused.
 * pass     The call is made as it is: a shield against the rules after this one.
 * after    The call of the table below is made first, and its result replaced: with an ERRNO, zero,
 *          spurious, events and value.  Not with short (it changes what is asked), timeout (it
 *          waits in place of the call: "zero after" makes it first), length and family (of those
 *          the call is made first anyway), nor with delay, jump, freeze, signal and pass (these
 *          keep the result).
 *
 * Which calls have which action, "*" has all:
 *	ERRNO delay jump freeze signal pass   every call
 *	short                                 recv recvfrom send sendto sendv pread sendfile
 *	zero                                  these and poll
 *	timeout spurious events               poll
 *	value                                 getsockopt interface_index
 *	length                                getsockopt getsockname getpeername accept recvfrom
 *	family                                getsockname getpeername accept recvfrom
 *
 * Canonical text: items joined by "; ", the seed first, no other blanks but the one before "after";
 * no "@when" for every call ("@1+" too), N for N-N; the name of an errno that its number has first
 * (EAGAIN), events in the order above, signals without SIG, a duration in the greatest unit that
 * divides it ("0s").
 *
 * The first rule that matches a call acts.  A rule that would change nothing leaves the call to the
 * rules after it, as far as that can be told before the call is made, and has not fired.
 *
 * libvetsock-shim.  Values; no allocation; any thread.
 */
#ifndef VETSOCK_PLAN_H
#define VETSOCK_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vetsock/attributes.h>
#include <vetsock/text.h>

VET_BEGIN_DECLS

enum vet_action {
	VET_ACTION_ERROR, /* argument: the negative errno */
	VET_ACTION_SHORT, /* argument: N, at least 1 */
	VET_ACTION_ZERO,  /* of the others without a note: 0 */
	VET_ACTION_TIMEOUT,
	VET_ACTION_SPURIOUS,
	VET_ACTION_EVENTS,   /* argument: the bits of poll */
	VET_ACTION_VALUE,    /* argument: the int */
	VET_ACTION_VALUE_OF, /* argument: the negative errno whose number is the value */
	VET_ACTION_LENGTH,   /* argument: N */
	VET_ACTION_FAMILY,   /* argument: N */
	VET_ACTION_DELAY,    /* argument: nanoseconds, at least 0 */
	VET_ACTION_JUMP,     /* argument: nanoseconds, of either sign */
	VET_ACTION_FREEZE,
	VET_ACTION_SIGNAL, /* argument: the number of the signal */
	VET_ACTION_PASS,
	VET_ACTION_COUNT
};

enum vet_when {
	VET_WHEN_CALLS,   /* from..to, from 1; to UINT64_MAX: for ever */
	VET_WHEN_PERCENT, /* from: 1 to 100; to: 0 */
	VET_WHEN_BYTE,    /* from: the byte, from 1; to: 0 */
};

enum {
	VET_PLAN_RULES = 64,       /* the most that a plan holds */
	VET_CALL_ANY = 0xff,       /* `entry` of "*" */
	VET_PLAN_TEXT_SIZE = 8192, /* room for the longest canonical text, its NUL included */
};

struct vet_rule {
	uint8_t entry;       /* enum vet_entry, or VET_CALL_ANY */
	uint8_t action;      /* enum vet_action */
	uint8_t when;        /* enum vet_when */
	uint8_t after;       /* 0 or 1 */
	uint32_t descriptor; /* D; 0: any */
	uint64_t from, to;
	int64_t argument;
};

/* All zero is the plan that changes nothing. */
struct vet_plan {
	uint64_t seed;
	uint32_t has_seed; /* 0 or 1 */
	uint32_t count;
	struct vet_rule rules[VET_PLAN_RULES];
};

/*
 * Reads a plan from `size` bytes, all of them.  0, or -EINVAL with *plan all zero and *error (may
 * be NULL) saying where and why: also for an action that the call does not have ("'timeout' is
 * poll's alone"), a name that nothing has, a number that does not fit, a range that runs backwards,
 * a second seed, more than VET_PLAN_RULES rules.
 */
VET_API VET_CHECKED int vet_plan_parse(const char *text, size_t size, struct vet_plan *plan,
				       struct vet_text_error *error);

/* Prints the canonical text, which parses back to the same value, and a NUL.  Its length without
 * the NUL; -ENOSPC if `size` is too small (nothing is written but, if size is not 0, a NUL);
 * -EINVAL for a plan that no text gives; rules from `count` on are not looked at. */
VET_API VET_CHECKED int vet_plan_format(const struct vet_plan *plan, char *text, size_t size);

/* Whether an entry has an action at all (short for socket, timeout for send: no).  VET_CALL_ANY:
 * whether some entry has it.  false for numbers that are no entry or action. */
VET_API bool vet_action_fits(unsigned entry, unsigned action);

VET_END_DECLS

#endif
