/* SPDX-License-Identifier: 0BSD */
/* What must hold of every run, whatever program it is. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include <vetsock/error.h>

#include "../call/call.h"
#include "trial.h"

static const char *const names[] = {
	"none",     "leak",  "closed", "memory", "spin", "stuck",   "endless",  "silent",
	"deadline", "bytes", "done",   "error",  "own",  "unfired", "unsteady",
};
_Static_assert(sizeof names / sizeof names[0] == VET_CHECK_COUNT, "each check has a name");

const char *vet_check_name(unsigned check)
{
	return check < VET_CHECK_COUNT ? names[check] : "unknown";
}

/* The first failure counts: what follows may follow from it. */
void vet_check_failed(struct vet_trial *trial, unsigned check, const char *format, ...)
{
	va_list list;
	if (trial->check != VET_CHECK_NONE)
		return;
	trial->check = check;
	va_start(list, format);
	(void)vsnprintf(trial->message, sizeof trial->message, format, list);
	va_end(list);
}

void vet_check_begin(struct vet_trial *trial)
{
	trial->check = VET_CHECK_NONE;
	trial->message[0] = '\0';
	trial->was_blocked = trial->is_excused = trial->says_all_sent = false;
	trial->idle = 0;
	trial->open = 0;
	trial->generation++;
}

/* ---- the ledger ---- */

static bool is_known(const struct vet_trial *trial, int fd)
{
	return (unsigned)fd < VET_FAULT_DESCRIPTORS &&
	       trial->ledger[fd].generation == trial->generation;
}

/* What the world has without the program's doing. */
static bool is_there(const struct vet_trial *trial, int fd)
{
	if (trial->scenario->begin != NULL)
		return fd >= 0 && fd < trial->world.there;
	return fd == VET_PEER_FILE || fd == VET_PEER_FOREIGN;
}

static void look_up(struct vet_trial *trial, const struct vet_call *call, int fd)
{
	const char *entry = vet_entry_name(call->entry);
	if (is_known(trial, fd) ? trial->ledger[fd].is_open : is_there(trial, fd))
		return;
	if (!is_known(trial, fd))
		vet_check_failed(trial, VET_CHECK_CLOSED, "%s of %d, which was never handed out",
				 entry, fd);
	else if (call->entry == VET_CALL_close)
		vet_check_failed(trial, VET_CHECK_CLOSED, "a descriptor is closed twice");
	else
		vet_check_failed(trial, VET_CHECK_CLOSED, "%s after the descriptor was closed",
				 entry);
}

static void look_up_all(struct vet_trial *trial, const struct vet_call *call)
{
	uint32_t bit = UINT32_C(1) << call->entry;
	if (call->entry == VET_CALL_poll) {
		for (nfds_t i = 0; i < call->u.poll.count; i++)
			if (call->u.poll.descriptors[i].fd >= 0)
				look_up(trial, call, call->u.poll.descriptors[i].fd);
	} else if (bit & VET_CALLS_OF_A_SOCKET) {
		look_up(trial, call, call->fd);
	}
}

static void write_down(struct vet_trial *trial, const struct vet_call *call, int64_t result)
{
	switch (call->entry) {
	case VET_CALL_socket:
	case VET_CALL_accept:
	case VET_CALL_dup:
	case VET_CALL_adopt:
		if ((uint64_t)result >= VET_FAULT_DESCRIPTORS)
			return;
		/* What is given to adopt may have been handed out here before. */
		trial->open += !is_known(trial, (int)result) || !trial->ledger[result].is_open;
		trial->ledger[result].generation = trial->generation;
		trial->ledger[result].is_open = true;
		return;
	case VET_CALL_close:
		if (!is_known(trial, call->fd) || !trial->ledger[call->fd].is_open)
			return;
		trial->open--;
		trial->ledger[call->fd].is_open = false;
		return;
	default:
		return;
	}
}

/* ---- the deadline ---- */

enum { UNMARKED_TRIES = 8 };

#define TRIES (VET_CALLS_IN | VET_CALLS_OUT | VET_BIT(accept) | VET_BIT(connect))

static bool has_promised(const struct vet_trial *trial)
{
	return trial->deadline != INT64_MAX && trial->stage == 0;
}

/* The posix table's poll rounds up to milliseconds, and so may a program. */
static const int64_t rounding = VET_MILLISECONDS(1);

static void judge_wait(struct vet_trial *trial, int64_t limit)
{
	int64_t left = vet_instant_difference((struct vet_instant){ trial->deadline },
					      (struct vet_instant){ trial->known });
	if (limit == 0)
		return;
	if (trial->has_expired)
		vet_check_failed(trial, VET_CHECK_DEADLINE,
				 "it waits after the clock has shown the deadline");
	else if (limit < 0)
		vet_check_failed(trial, VET_CHECK_DEADLINE,
				 "it waits without limit, though there is a deadline");
	else if (limit - rounding > left)
		vet_check_failed(trial, VET_CHECK_DEADLINE,
				 "it waits %" PRId64 " ns with %" PRId64 " ns left", limit,
				 left > 0 ? left : 0);
}

static uint32_t tries_of(const struct vet_trial *trial, int fd)
{
	return is_known(trial, fd) && trial->ledger[fd].tries_of == trial->operations
		       ? trial->ledger[fd].tries
		       : 0;
}

/* Where no operations are told apart, one may have shown the deadline, and each that follows has a
 * try of its own before it looks. */
static unsigned tries_allowed(const struct vet_trial *trial)
{
	return trial->operation == 0 ? UNMARKED_TRIES : 1;
}

static void judge_deadline(struct vet_trial *trial, const struct vet_call *call)
{
	if (call->entry == VET_CALL_poll)
		judge_wait(trial, call->u.poll.nanoseconds);
	else if ((UINT32_C(1) << call->entry & TRIES) && trial->has_expired &&
		 tries_of(trial, call->fd) >= tries_allowed(trial))
		vet_check_failed(trial, VET_CHECK_DEADLINE,
				 "more than one try of %s after the clock has shown the deadline",
				 vet_entry_name(call->entry));
}

/* A reading that comes late: a promise begins when the program first looks at the clock. */
static void read_clock(struct vet_trial *trial, int64_t now)
{
	if (!trial->has_read_clock && now > trial->known &&
	    trial->deadline < INT64_MAX - (now - trial->known))
		trial->deadline += now - trial->known;
	trial->has_read_clock = true;
	trial->known = now;
	if (now >= trial->deadline)
		trial->has_expired = true;
}

static void follow_time(struct vet_trial *trial, const struct vet_call *call, int64_t result,
			int64_t passed)
{
	if (call->entry == VET_CALL_now && result == 0)
		read_clock(trial, *call->u.nanoseconds);
	else if (call->entry == VET_CALL_poll && call->u.poll.nanoseconds != 0 && passed > 0)
		trial->known =
			vet_instant_add((struct vet_instant){ trial->known }, passed).nanoseconds;
	if (trial->has_expired && (UINT32_C(1) << call->entry & TRIES) &&
	    (result == -EAGAIN || result == -EINTR) && is_known(trial, call->fd)) {
		trial->ledger[call->fd].tries = tries_of(trial, call->fd) + 1;
		trial->ledger[call->fd].tries_of = trial->operations;
	}
}

/* ---- spinning, and being stuck ---- */

/* Something that cannot go on for ever by itself: bytes moved, a descriptor came or went, time
 * passed, a signal came. */
static bool has_happened(const struct vet_call *call, int64_t result, int64_t passed)
{
	uint32_t bit = UINT32_C(1) << call->entry;
	if (result == -EINTR)
		return true;
	if (call->entry == VET_CALL_poll)
		return passed > 0;
	if (vet_call_moved(call, result))
		return true;
	if (bit & (VET_BIT(socket) | VET_BIT(accept) | VET_BIT(dup) | VET_BIT(adopt)))
		return result >= 0;
	return call->entry == VET_CALL_close ||
	       (call->entry == VET_CALL_connect && (result == 0 || result == -EINPROGRESS));
}

/* What a program does that turns in vain: it polls, it looks at the clock, its calls fail or move
 * nothing.  That an option was set, or memory found, is neither this nor that. */
static bool is_in_vain(const struct vet_call *call, int64_t result)
{
	uint32_t bit = UINT32_C(1) << call->entry;
	if ((bit & VET_CALLS_IN) && (call->u.in.flags & MSG_PEEK))
		return true;
	return result < 0 || call->entry == VET_CALL_poll || call->entry == VET_CALL_now ||
	       (result == 0 && (bit & (VET_CALLS_IN | VET_CALLS_OUT | VET_BIT(pread))));
}

static void look_for_spin(struct vet_trial *trial, const struct vet_call *call, int64_t result,
			  int64_t passed)
{
	if (has_happened(call, result, passed))
		trial->idle = 0;
	else if (is_in_vain(call, result) && ++trial->idle == SPIN_CALLS && trial->stage == 0)
		vet_check_failed(trial, VET_CHECK_SPIN,
				 "it spins: %d calls in a row in which nothing happened, the last "
				 "of them %s",
				 SPIN_CALLS, vet_entry_name(call->entry));
}

/* A fault is why nothing comes: readiness that is hidden for ever, a connection that was lost. */
static bool is_hidden(const struct vet_trial *trial)
{
	for (uint32_t i = 0; i < trial->fault.descriptions_used; i++)
		if (trial->fault.descriptions[i].hidden_in == 2 ||
		    trial->fault.descriptions[i].hidden_out == 2)
			return true;
	return false;
}

static void look_for_block(struct vet_trial *trial)
{
	if (!*trial->world.is_blocked || trial->was_blocked)
		return;
	trial->was_blocked = true;
	if (!trial->is_excused && !is_hidden(trial))
		vet_check_failed(trial, VET_CHECK_STUCK,
				 "it waits for ever for what does not come");
}

/* ---- before, after, at the end ---- */

void vet_check_before(struct vet_trial *trial, const struct vet_call *call)
{
	look_up_all(trial, call);
	if (has_promised(trial))
		judge_deadline(trial, call);
}

void vet_check_after(struct vet_trial *trial, const struct vet_call *call, int64_t result,
		     int64_t passed)
{
	write_down(trial, call, result);
	if (has_promised(trial))
		follow_time(trial, call, result, passed);
	look_for_spin(trial, call, result, passed);
	if (trial->fault.acted >= 0 && trial->fault.row != NULL &&
	    trial->fault.row->effect == VET_EFFECT_TAKEN)
		trial->is_excused = true;
	if (result == -EDEADLK)
		look_for_block(trial);
}

static bool has_lasting_fault(const struct vet_trial *trial)
{
	for (uint32_t i = 0; i < trial->plan->count; i++)
		if (trial->fault.fired[i] > 1)
			return true;
	return is_hidden(trial);
}

static void check_end_of_run(struct vet_trial *trial)
{
	/* Without a promise a fault that lasts for ever may well keep a program for ever. */
	if (trial->stage < 2)
		return;
	if (trial->has_outlasted)
		vet_check_failed(trial, VET_CHECK_ENDLESS,
				 "it goes on though the deadline has long passed: it only ended "
				 "when every call failed");
	else if (!has_lasting_fault(trial))
		vet_check_failed(trial, VET_CHECK_ENDLESS,
				 "it goes on and on: it only ended when every call failed");
}

static void check_bytes(struct vet_trial *trial)
{
	uint64_t at;
	const char *finding;
	if (trial->scenario->begin != NULL)
		return; /* what its world expects is its own to check */
	finding = vet_peer_finding(&trial->peer, &at);
	if (finding != NULL)
		vet_check_failed(trial, VET_CHECK_BYTES, "%s: byte %" PRIu64 " (from 0)", finding,
				 at);
	else if (trial->says_all_sent && trial->peer.complete == 0 &&
		 trial->scenario->world.expects_size > 0)
		vet_check_failed(trial, VET_CHECK_BYTES,
				 "it says that all was sent: %" PRIu64 " of %zu bytes were",
				 trial->peer.taken, trial->scenario->world.expects_size);
}

void vet_check_end(struct vet_trial *trial)
{
	if (trial->open > 0)
		vet_check_failed(trial, VET_CHECK_LEAK, "%u descriptor%s left open", trial->open,
				 trial->open == 1 ? " was" : "s were");
	if (*trial->world.blocks > 0)
		vet_check_failed(trial, VET_CHECK_MEMORY, "%" PRIu32 " block%s of memory left",
				 *trial->world.blocks, *trial->world.blocks == 1 ? "" : "s");
	check_bytes(trial);
	check_end_of_run(trial);
}
