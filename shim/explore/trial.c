/* SPDX-License-Identifier: 0BSD */
/* One run, and what its scenario may ask of it. */
#include "trial.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <vetsock/error.h>

#include "../call/call.h"
#include "../host/watchdog.h"

static const int64_t far_away = VET_HOURS(24 * 365 * 100);

static int64_t clock_of(const struct vet_trial *trial)
{
	return vet_instant_add((struct vet_instant){ *trial->world.clock }, trial->fault.shift)
		.nanoseconds;
}

/* ---- a program that does not end ---- */

/* It may make so many calls, or many times those that it makes without faults. */
static void limit(struct vet_trial *trial, uint64_t calls)
{
	uint64_t many =
		trial->calls_of_base > 0 ? TIMES_BASE * trial->calls_of_base : CALLS_AT_MOST;
	calls = many > calls ? many : calls;
	if (trial->is_played) /* each operation has calls of its own */
		trial->limit = 0;
	trial->limit = calls > trial->limit ? calls : trial->limit;
}

/* What a program needs to give back what it has. */
static bool gives_back(const struct vet_call *call)
{
	return call->entry == VET_CALL_close || call->entry == VET_CALL_now ||
	       (call->entry == VET_CALL_realloc && call->u.block.size == 0);
}

static void escalate(struct vet_trial *trial)
{
	trial->stage++;
	trial->has_outlasted |= trial->stage == 2 && trial->deadline != INT64_MAX;
	if (trial->stage == 1)
		trial->fault.shift =
			vet_instant_add((struct vet_instant){ trial->fault.shift }, far_away)
				.nanoseconds;
	if (trial->stage == 3)
		siglongjmp(trial->escape, 1);
}

/* ---- the witness ---- */

static void mix(struct vet_trial *trial, uint64_t word)
{
	uint64_t hash = (trial->hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	trial->hash = hash ^ hash >> 29;
}

static uint64_t bits_of(short events)
{
	static const short bits[] = { POLLIN, POLLPRI, POLLOUT, POLLERR, POLLHUP, POLLNVAL };
	uint64_t word = 0;
	for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++)
		word |= events & bits[i] ? UINT64_C(1) << i : 0;
	return word;
}

/* Descriptors by D, errors and bits of poll by their names: the same on every machine. */
static void hash_call(struct vet_trial *trial, const struct vet_call *call, int64_t result)
{
	uint64_t word = call->entry | (uint64_t)trial->fault.number << 8 |
			(uint64_t)trial->fault.asked << 20;
	if (call->entry == VET_CALL_poll) {
		mix(trial, (uint64_t)call->u.poll.nanoseconds);
		if (call->u.poll.count > 0)
			word |= bits_of(call->u.poll.descriptors[0].events) << 20 |
				(result > 0 ? bits_of(call->u.poll.descriptors[0].revents) << 32
					    : 0);
	} else if (call->entry == VET_CALL_now && result == 0) {
		mix(trial, (uint64_t)*call->u.nanoseconds);
	}
	mix(trial, word);
	if (result < 0)
		mix(trial, vet_coverage_rank(trial->coverage, result));
	else /* a descriptor has a number of its own kind */
		mix(trial, (VET_BIT(socket) | VET_BIT(accept) | VET_BIT(dup) | VET_BIT(adopt)) >>
						   call->entry &
					   1
				   ? trial->fault.handed_out
				   : (uint64_t)result);
}

static void note_injection(struct vet_trial *trial, const struct vet_lawful *row)
{
	if (row->action != VET_ACTION_ERROR)
		return;
	if (trial->injections++ == 0)
		trial->injected = row->argument;
	/* What the operation asked in passing, or what is passed on only if it lasts, it need not tell. */
	trial->was_asking |= ((VET_BIT(getpeername) | VET_BIT(now)) >> row->entry & 1) ||
			     row->handling == VET_HANDLING_ASKS || !(row->lasts & VET_LASTS_ONCE);
	trial->may_pass_on |=
		row->argument == trial->injected &&
		(row->handling == VET_HANDLING_PASSES_ON || row->handling == VET_HANDLING_ASKS);
}

static bool can_fail(const struct vet_trial *trial)
{
	return !trial->fault.is_calm && trial->stage == 0;
}

static void keep(struct vet_trial *trial, const struct vet_call *call, int64_t result)
{
	size_t asked = trial->fault.asked;
	struct seen beyond, *seen = trial->calls <= LOG ? &trial->log[trial->calls - 1] : &beyond;
	seen->at = trial->fault.situation;
	seen->nth = (uint32_t)trial->fault.counts[call->entry];
	seen->asked = asked < UINT32_MAX ? (uint32_t)asked : UINT32_MAX;
	seen->result = result;
	seen->acted = can_fail(trial) ? (int16_t)trial->fault.acted : CANNOT;
	seen->operation = trial->operation;
	seen->events = 0;
	if (call->entry == VET_CALL_poll && call->u.poll.count > 0)
		seen->events = (uint16_t)call->u.poll.descriptors[0].events;
	if (seen->acted == NOBODY)
		vet_coverage_see(trial, seen);
	else if (seen->acted >= 0 && trial->fault.row != NULL)
		vet_coverage_fire(trial, seen, trial->fault.row);
}

/* The time without what faults have added; unsigned, because a clock may be anywhere. */
static uint64_t lived(const struct vet_trial *trial)
{
	return (uint64_t)*trial->world.clock - (uint64_t)trial->fault.lateness;
}

static int64_t make(struct vet_layer *layer, struct vet_call *call)
{
	struct vet_trial *trial = (struct vet_trial *)layer;
	uint64_t before;
	int64_t result;
	trial->calls++;
	if (++trial->in_vain > trial->limit * (trial->stage + 1) ||
	    trial->calls > (uint64_t)CALLS_AT_MOST * (trial->stage + 1))
		escalate(trial);
	vet_check_before(trial, call);
	if (trial->stage == 2 && !gives_back(call))
		return call->entry == VET_CALL_poll ? -ENOMEM : -EIO;
	before = lived(trial) + (uint64_t)*trial->world.tick;
	result = trial->fault.layer.make(&trial->fault.layer, call);
	if (vet_call_moved(call, result)) /* then it goes on */
		trial->in_vain = trial->is_played ? 0 : trial->in_vain - 1;
	hash_call(trial, call, result);
	if (trial->fault.acted >= 0 && trial->fault.row != NULL && can_fail(trial))
		note_injection(trial, trial->fault.row);
	if (!trial->is_played)
		keep(trial, call, result);
	vet_check_after(trial, call, result, (int64_t)(lived(trial) - before));
	return result;
}

uint32_t vet_trial_logged(const struct vet_trial *trial)
{
	return trial->calls < LOG ? (uint32_t)trial->calls : LOG;
}

/* ---- a run ---- */

void vet_trial_prepare(struct vet_trial *trial, const struct vet_scenario *scenario,
		       struct coverage *coverage)
{
	trial->scenario = scenario;
	trial->coverage = coverage;
	trial->calls_of_base = 0;
}

static int begin_world(struct vet_trial *trial)
{
	struct vet_peer *peer = &trial->peer;
	if (trial->scenario->begin != NULL)
		return trial->scenario->begin(trial->scenario->context, &trial->world);
	trial->world = (struct vet_world_view){
		.sys = vet_peer_start(peer, &trial->scenario->world),
		.clock = &peer->clock,
		.tick = &peer->tick,
		.taken = &peer->taken,
		.given = &peer->given,
		.blocks = &peer->blocks,
		.is_blocked = &peer->is_blocked,
	};
	return 0;
}

static bool start(struct vet_trial *trial, const struct vet_plan *plan)
{
	trial->world_error = begin_world(trial);
	if (trial->world_error < 0)
		return false;
	if (!trial->is_started) /* what is not lawful was refused before */
		(void)vet_fault_start(&trial->fault, trial->world.sys, plan, VET_FAULT_UNLAWFUL);
	else
		vet_fault_restart(&trial->fault, plan);
	trial->is_started = true;
	trial->fault.flags = trial->flags;
	/* Worlds differ in what their tables have. */
	(void)vet_layer_over(&trial->fault.layer, trial->world.sys, trial->fault.layer.make);
	(void)vet_layer_over(&trial->layer, &trial->fault.layer.sys, make);
	trial->plan = plan;
	trial->calls = trial->in_vain = trial->limit = 0;
	trial->hash = UINT64_C(0x243f6a8885a308d3);
	trial->stage = 0;
	trial->has_outlasted = false;
	trial->operation = 0;
	trial->taken = trial->given = 0;
	vet_check_begin(trial);
	vet_trial_deadline(trial, trial->scenario->deadline > 0 ? trial->scenario->deadline
								: VET_DURATION_MAX);
	return true;
}

static void stop_watching(const struct vet_trial *trial)
{
	if (!trial->is_played)
		vet_watchdog_end();
}

unsigned vet_trial_run(struct vet_trial *trial, const struct vet_plan *plan, vet_trace_sink sink,
		       void *context)
{
	if (!start(trial, plan)) {
		trial->check = VET_CHECK_NONE;
		vet_check_failed(trial, VET_CHECK_OWN, "its world cannot begin: %s",
				 vet_error_name(trial->world_error));
		return trial->check;
	}
	trial->trace.layer.sys.calls = NULL;
	if (sink != NULL)
		(void)vet_trace_start(&trial->trace, &trial->layer.sys, sink, context);
	switch (sigsetjmp(trial->escape, 0)) {
	case 0:
		if (!trial->is_played)
			vet_watchdog_begin(&trial->calls, &trial->escape);
		trial->scenario->run(trial);
		stop_watching(trial);
		vet_check_end(trial);
		break;
	case WATCHDOG_JUMP:
		vet_check_failed(trial, VET_CHECK_SILENT,
				 "it does not end, and makes no call any more (after %llu calls)",
				 (unsigned long long)trial->calls);
		break;
	default:
		stop_watching(trial);
		vet_check_failed(trial, VET_CHECK_ENDLESS,
				 "it does not end: after %llu calls, many of which "
				 "failed, it still makes calls",
				 (unsigned long long)trial->calls);
	}
	return trial->check;
}

/* ---- for the scenario ---- */

struct vet_sys *vet_trial_sys(struct vet_trial *trial)
{
	return trial->trace.layer.sys.calls != NULL ? &trial->trace.layer.sys : &trial->layer.sys;
}

uint32_t vet_trial_choose(struct vet_trial *trial, uint32_t n)
{
	return trial->tape == NULL ? 0 : vet_tape_choose(trial->tape, VET_TAPE_PROGRAM, n);
}

struct vet_tape *vet_trial_tape(struct vet_trial *trial)
{
	return trial->tape;
}

const void *vet_trial_context(const struct vet_trial *trial)
{
	return trial->scenario->context;
}

void vet_trial_deadline(struct vet_trial *trial, vet_duration from_now)
{
	trial->known = clock_of(trial);
	trial->deadline = from_now == VET_DURATION_MAX
				  ? INT64_MAX
				  : vet_instant_add((struct vet_instant){ trial->known }, from_now)
					    .nanoseconds;
	trial->has_read_clock = trial->has_expired = false;
	trial->operations++;
	/* Whoever looks at the clock reaches a deadline within 500 calls (peer.h). */
	limit(trial, trial->deadline == INT64_MAX ? CALLS_AT_LEAST : CALLS_TO_A_DEADLINE);
}

/* Whatever it gives then is the explorer's doing. */
static bool was_ended(const struct vet_trial *trial)
{
	return trial->stage > 0 || trial->was_blocked;
}

void vet_trial_fail(struct vet_trial *trial, const char *why)
{
	if (was_ended(trial)) /* what it finds then may follow from that */
		return;
	vet_check_failed(trial, VET_CHECK_OWN, "%s", why);
}

void vet_trial_begin(struct vet_trial *trial, const struct vet_operation *operation)
{
	bool is_named = operation != NULL && operation->name != NULL;
	trial->operation = is_named ? vet_coverage_operation(trial->coverage, operation) : 0;
	trial->injections = 0;
	trial->may_pass_on = trial->was_asking = false;
	trial->taken = *trial->world.taken;
	trial->given = *trial->world.given;
	trial->has_expired = false; /* it has not looked at the clock yet */
	trial->operations++;
	trial->idle = 0; /* nor turned */
	if (trial->is_played)
		trial->in_vain = 0;
}

int64_t vet_trial_end(struct vet_trial *trial, int64_t result)
{
	const struct vet_operation *operation = trial->coverage->operations[trial->operation];
	if (result < 0 && operation != NULL && !was_ended(trial) &&
	    !vet_coverage_allows(trial->coverage, trial->operation, result))
		vet_check_failed(trial, VET_CHECK_ERROR, "%s gave %s, which it does not document",
				 operation->name, vet_error_name((int)result));
	if (result < 0 && operation != NULL && operation->gets_over && !was_ended(trial) &&
	    trial->injections == 1 && result == trial->injected && !trial->may_pass_on)
		vet_check_failed(trial, VET_CHECK_ERROR,
				 "%s gave up for a single %s, which it is to get over",
				 operation->name, vet_error_name((int)result));
	if (operation != NULL && operation->gets_over && !was_ended(trial) && result >= 0 &&
	    trial->injections == 1 && trial->may_pass_on && !trial->was_asking)
		vet_check_failed(trial, VET_CHECK_ERROR, "%s did not pass on %s", operation->name,
				 vet_error_name((int)trial->injected));
	trial->operation = 0;
	return result;
}

void vet_trial_done(struct vet_trial *trial, uint64_t done)
{
	uint64_t out = *trial->world.taken - trial->taken, in = *trial->world.given - trial->given;
	uint64_t moved = out > 0 ? out : in;
	if (done != moved)
		vet_check_failed(trial, VET_CHECK_DONE,
				 "it says that %llu bytes were moved, and %llu were",
				 (unsigned long long)done, (unsigned long long)moved);
}

void vet_trial_sent_all(struct vet_trial *trial)
{
	trial->says_all_sent = true;
}

void vet_trial_calm(struct vet_trial *trial)
{
	vet_fault_calm(&trial->fault);
}

bool vet_trial_is_broken(const struct vet_trial *trial)
{
	return trial->fault.has_broken || trial->is_excused || was_ended(trial);
}

bool vet_trial_is_faulted(const struct vet_trial *trial)
{
	return trial->fault.acts > 0;
}
