/* SPDX-License-Identifier: 0BSD */
/* The tables of the language of fault plans. */
#include <limits.h>
#include <signal.h>

#include "../../src/os.h" /* POLLRDHUP */
#include "../call/call.h"
#include "plan_text.h"

/* Plans are compared as bytes. */
_Static_assert(sizeof(struct vet_rule) == 8 + 3 * sizeof(uint64_t), "a rule has padding");
_Static_assert(sizeof(struct vet_plan) ==
		       2 * sizeof(uint64_t) + VET_PLAN_RULES * sizeof(struct vet_rule),
	       "a plan has padding");
_Static_assert(VET_CALL_COUNT < 32, "an entry has no bit");

#define EVERY    ((UINT32_C(1) << VET_CALL_COUNT) - 1)
#define BYTES    (VET_CALLS_IN | VET_CALLS_OUT)
#define COUNTED  (BYTES | VET_BIT(pread)) /* those that give how many bytes they moved */
#define NAMING   (VET_BIT(getsockname) | VET_BIT(getpeername) | VET_BIT(accept) | VET_BIT(recvfrom))
#define NO_LIMIT INT64_MIN, INT64_MAX

static const char made_anyway[] = "the call is made anyway, and its result kept";
static const char asked_for[] = "a short count is asked for: the result is the call's own";
static const char in_place[] = "'timeout' waits in place of the call: 'zero after' makes it first";
static const char changed[] = "the call is made first anyway, and this part of its answer changed";

/* A length and a value are an int's, as POSIX recommends of a socklen_t; sa_family_t has 16 bits
 * at most. */
/* clang-format off */
const struct vet_plan_action vet_plan_actions[VET_ACTION_COUNT] = {
	[VET_ACTION_ERROR] = { NULL, VET_FORM_ERROR, NULL, EVERY, NO_LIMIT, NULL, NULL, NULL },
	[VET_ACTION_SHORT] = { "short", VET_FORM_NUMBER, asked_for, COUNTED, 1, VET_PLAN_COUNT_MAX,
		"only a call that gives a count of bytes can be short",
		"short:0 would be zero",
		"a count is at most 9223372036854775807" },
	[VET_ACTION_ZERO] = { "zero", VET_FORM_NOTHING, NULL, COUNTED | VET_BIT(poll), 0, 0,
		"only poll, and a call that gives a count of bytes, can give zero", NULL, NULL },
	[VET_ACTION_TIMEOUT] = { "timeout", VET_FORM_NOTHING, in_place, VET_BIT(poll), 0, 0,
		"'timeout' is poll's alone", NULL, NULL },
	[VET_ACTION_SPURIOUS] = { "spurious", VET_FORM_NOTHING, NULL, VET_BIT(poll), 0, 0,
		"'spurious' is poll's alone", NULL, NULL },
	[VET_ACTION_EVENTS] = { "events", VET_FORM_EVENTS, NULL, VET_BIT(poll), NO_LIMIT,
		"'events' are poll's alone", NULL, NULL },
	[VET_ACTION_VALUE] = { "value", VET_FORM_VALUE, NULL,
		VET_BIT(getsockopt) | VET_BIT(interface_index), 0, INT_MAX,
		"only getsockopt and interface_index give a value", NULL,
		"a value is at most 2147483647" },
	[VET_ACTION_VALUE_OF] = { "value", VET_FORM_ERROR, NULL, VET_BIT(getsockopt), NO_LIMIT,
		"the index of an interface is a number", NULL, NULL },
	[VET_ACTION_LENGTH] = { "length", VET_FORM_NUMBER, changed,
		NAMING | VET_BIT(getsockopt), 0, INT_MAX,
		"only a call that gives an address or an option gives a length", NULL,
		"a length is at most 2147483647" },
	[VET_ACTION_FAMILY] = { "family", VET_FORM_NUMBER, changed, NAMING, 0, UINT16_MAX,
		"only a call that gives an address gives a family", NULL,
		"an address family is at most 65535" },
	[VET_ACTION_DELAY] = { "delay", VET_FORM_TIME, made_anyway, EVERY, 0, INT64_MAX,
		NULL, NULL, NULL },
	[VET_ACTION_JUMP] = { "jump", VET_FORM_TIME, made_anyway, EVERY,
		-INT64_MAX, INT64_MAX, NULL, NULL, NULL },
	[VET_ACTION_FREEZE] = { "freeze", VET_FORM_NOTHING, made_anyway, EVERY, 0, 0,
		NULL, NULL, NULL },
	[VET_ACTION_SIGNAL] = { "signal", VET_FORM_SIGNAL, made_anyway, EVERY, NO_LIMIT,
		NULL, NULL, NULL },
	[VET_ACTION_PASS] = { "pass", VET_FORM_NOTHING, made_anyway, EVERY, 0, 0,
		NULL, NULL, NULL },
};
/* clang-format on */

/* socket, now, realloc and interface_index name none, and pread names a file, which no table hands
 * out. */
const uint32_t vet_plan_on_descriptor = VET_CALLS_OF_A_SOCKET | VET_BIT(poll);
const uint32_t vet_plan_of_bytes = BYTES;

const struct vet_plan_name vet_plan_events[] = {
	{ "IN", POLLIN },   { "PRI", POLLPRI },   { "OUT", POLLOUT },     { "ERR", POLLERR },
	{ "HUP", POLLHUP }, { "NVAL", POLLNVAL }, { "RDHUP", POLLRDHUP }, { NULL, 0 },
};

/* Those that a program may get at any time and live: caught or ignored by whoever cares. */
const struct vet_plan_name vet_plan_signals[] = {
	{ "HUP", SIGHUP },     { "INT", SIGINT },       { "QUIT", SIGQUIT }, { "USR1", SIGUSR1 },
	{ "USR2", SIGUSR2 },   { "PIPE", SIGPIPE },     { "ALRM", SIGALRM }, { "TERM", SIGTERM },
	{ "CHLD", SIGCHLD },   { "CONT", SIGCONT },     { "URG", SIGURG },   { "IO", SIGIO },
	{ "WINCH", SIGWINCH }, { "VTALRM", SIGVTALRM }, { "PROF", SIGPROF }, { NULL, 0 },
};

bool vet_plan_is_one_of(unsigned entry, uint32_t entries)
{
	return entry == VET_CALL_ANY || (entry < VET_CALL_COUNT && (entries >> entry & 1) != 0);
}

bool vet_action_fits(unsigned entry, unsigned action)
{
	return action < VET_ACTION_COUNT &&
	       vet_plan_is_one_of(entry, vet_plan_actions[action].entries);
}
