/* SPDX-License-Identifier: 0BSD */
/*
 * One run of a program: the world in memory, the fault layer over it, and on top the witness, which
 * sees each call as the program does, keeps the ledger, and says what must not be.
 */
#ifndef VETSOCK_EXPLORE_TRIAL_H
#define VETSOCK_EXPLORE_TRIAL_H

#include <setjmp.h>

#include <vetsock/explore.h>
#include <vetsock/fault.h>
#include <vetsock/tape.h>
#include <vetsock/trace.h>

#include "coverage.h"

enum {
	LOG = 512, /* calls of a run that are kept */
	/* before the clock jumps: */
	CALLS_AT_LEAST = 100,
	CALLS_TO_A_DEADLINE = 1000,
	CALLS_AT_MOST = 1000000, /* with those that move bytes; so many in the run without faults */
	TIMES_BASE = 20,
	SPIN_CALLS = 64, /* in a row in which nothing happens */
};

enum {
	NOBODY = -1 /* none did */,
	CANNOT = -2 /* and none could: in calm, or near a forced end */
};

/* A call as it was seen. */
struct seen {
	struct vet_situation at;
	uint32_t nth;   /* of its name */
	uint32_t asked; /* bytes; at most UINT32_MAX */
	int64_t result;
	int16_t acted; /* the rule that did; or: */
	uint16_t operation;
	uint32_t events; /* of poll: those that its first descriptor asked for */
};

/* What is fixed while a run goes on: where a jump may come back from the program. */
struct vet_trial {
	struct vet_layer layer; /* the witness */
	const struct vet_scenario *scenario;
	const struct vet_plan *plan;
	struct coverage *coverage;
	uint64_t calls_of_base; /* of the run without faults */
	uint64_t limit;         /* calls until the clock jumps */
	unsigned flags;         /* of the fault layer */
	bool is_started;
	bool is_played; /* by a player: without watchdog, log and coverage, each operation with
			   calls of its own */
	struct vet_tape *tape; /* NULL: none */

	/* of this run */
	uint64_t calls;
	uint64_t in_vain; /* of them: those that moved no bytes */
	uint64_t hash;
	unsigned stage;   /* 1: the clock has jumped, 2: every call fails, 3: abandoned */
	unsigned check;   /* VET_CHECK_NONE, or what has failed */
	bool was_blocked; /* poll waited for what can never come: it was ended by an error */
	bool is_excused;  /* and a fault is why */
	bool says_all_sent;
	unsigned idle; /* calls in a row in which nothing happened */
	unsigned open; /* descriptors */
	uint32_t generation;
	int64_t deadline;    /* the promise; INT64_MAX: none */
	bool has_outlasted;  /* it went on though a promised deadline had long passed */
	int64_t known;       /* the time, as far as the program can know it */
	bool has_read_clock; /* since the promise */
	bool has_expired;    /* the clock has shown the deadline */
	uint16_t operation;
	uint64_t operations;   /* begun so far; and deadlines promised */
	uint64_t taken, given; /* before this operation */
	/* The first error that a fault gave one of its calls, how often, and whether ever as one
	 * that it may pass on. */
	int64_t injected;
	unsigned injections;
	bool may_pass_on;
	bool was_asking; /* in passing: the clock, whether there is a peer */
	char message[256];
	struct {
		uint32_t generation;
		bool is_open;
		uint32_t
			tries; /* that have come to nothing since the clock has shown the deadline */
		uint64_t tries_of; /* the operation that they belong to */
	} ledger[VET_FAULT_DESCRIPTORS];
	struct seen log[LOG];

	sigjmp_buf escape;
	struct vet_fault fault;
	struct vet_peer peer; /* the world, unless the scenario has one of its own */
	struct vet_world_view world;
	int world_error; /* it could not begin */
	struct vet_trace trace;
};

void vet_trial_prepare(struct vet_trial *trial, const struct vet_scenario *scenario,
		       struct coverage *coverage);
/* Runs the program once under a plan: what failed (VET_CHECK_NONE: nothing), with trial->message.
 * */
unsigned vet_trial_run(struct vet_trial *trial, const struct vet_plan *plan, vet_trace_sink sink,
		       void *context);
/* How many calls of the last run the log has. */
uint32_t vet_trial_logged(const struct vet_trial *trial);

/* check.c */
void vet_check_begin(struct vet_trial *trial);
void vet_check_before(struct vet_trial *trial, const struct vet_call *call);
/* `passed`: what a wait took of the clock, without what faults did to it. */
void vet_check_after(struct vet_trial *trial, const struct vet_call *call, int64_t result,
		     int64_t passed);
void vet_check_end(struct vet_trial *trial);
void vet_check_failed(struct vet_trial *trial, unsigned check, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
