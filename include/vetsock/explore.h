/* SPDX-License-Identifier: 0BSD */
/*
 * The explorer: runs a program that uses a table of system calls under every lawful fault, one at a
 * time, in pairs, in triples, and tells which of them break it.
 *
 *	static void my_client(struct vet_trial *trial)
 *	{
 *		struct vet_sys *sys = vet_trial_sys(trial);
 *		... what the client does, on sys; then, as an assertion:
 *		vet_trial_check(trial, all is well or the client said that it is not);
 *	}
 *	static const struct vet_scenario scenario = {
 *		.name = "my client", .run = my_client, .deadline = VET_SECONDS(10),
 *	};
 *	vet_explore(&scenario, 1, NULL, &report);
 *
 * The program is run again and again, over a fault layer (fault.h) over a world in memory (peer.h),
 * and must do the same each time that it gets the same answers.  After each run it is checked,
 * whatever it is, that
 *  - no descriptor is left open, none was closed twice or used after it was closed;
 *  - no memory of the table's realloc is left;
 *  - it did not spin: turn without anything happening, no byte, no time, no signal;
 *  - it came to an end, and was not stuck;
 *  - where a deadline was promised, it was kept: no wait goes beyond it, and after the clock has
 *    shown it (or later) an operation makes at most one more try of a call, and no wait (a program
 *    that does not tell its operations apart has eight such tries on a descriptor);
 *  - what it sent is what the world expects, as far as it got; and all of that if
 *    vet_trial_sent_all() says so;
 *  - each operation's result is one that its documentation allows (vet_trial_begin(), _end());
 *  - `done` is what the table really took (vet_trial_done());
 *  - its own checks held (vet_trial_check()).
 *
 * A program that does not end is ended: after 1,000 calls that moved no bytes (100 if it has not
 * promised a deadline; or 20 times those of the run without faults, if that is more; or 1,000,000
 * of any kind, as in the run without faults) the clock jumps past every deadline; after as many
 * more every call fails with EIO, but for those that give back; after as many more the run is
 * abandoned from inside a call (longjmp: what it had from malloc() is lost).  One that makes no
 * call at all is abandoned by a watchdog, the only use of real time: its scenario ends there (what it was in the middle of, as malloc(), stays so).
 *
 * A scenario must come back: one that leaves by a jump of its own leaves the watchdog on, and every
 * later vet_explore() gives -EBUSY.
 *
 * libvetsock-shim.  One thread; the watchdog uses SIGALRM and the timer of it while exploring, and
 * puts back what was there.
 */
#ifndef VETSOCK_EXPLORE_H
#define VETSOCK_EXPLORE_H

#include <vetsock/catalogue.h>
#include <vetsock/peer.h>
#include <vetsock/plan.h>
#include <vetsock/time.h>

VET_BEGIN_DECLS

/* ---- what is explored ---- */

struct vet_trial; /* one run, while it lasts */

/* Where to look in a world, without a call. */
struct vet_world_view {
	struct vet_sys *sys;          /* its table, for the program */
	const int64_t *clock;         /* what `now` of it would tell */
	const int64_t *tick;          /* what the next call takes of it */
	const uint64_t *taken;        /* bytes that the program has sent so far, */
	const uint64_t *given;        /* and received */
	const uint32_t *blocks;       /* of its realloc, not given back */
	const bool *is_blocked;       /* a poll that nothing could end gave -EDEADLK */
	int there;                    /* descriptors below it were not made by the program */
};

struct vet_scenario {
	const char *name; /* "echo within a deadline": unique among those explored together */
	void (*run)(struct vet_trial *trial);
	struct vet_world world;
	/* The program is done so much virtual time after its start, or gives up; 0: it makes no
	 * such promise.  vet_trial_deadline() says it more finely. */
	vet_duration deadline;
	/* Also in every way of cutting so many bytes that are sent, and received, into pieces; 0
	 * and 0: not.  At most 16 each. */
	unsigned split_out, split_in;
	const void *context; /* for run, by vet_trial_context(), and for begin */
	/* A world of its own, in place of the peer and `world`: begins a run in which nothing is left
	 * of the one before, the same each time, and fills in *view.  0, or a negative error: it cannot
	 * be explored.  NULL: the peer.  (A simulated network: vet_sim_view(), simulate.h.) */
	int (*begin)(const void *context, struct vet_world_view *view);
};

/* ---- for its run ---- */

VET_API struct vet_sys *vet_trial_sys(struct vet_trial *trial);
VET_API const void *vet_trial_context(const struct vet_trial *trial);

/* From now on, until a time, none (VET_DURATION_MAX): the promise of a deadline. */
VET_API void vet_trial_deadline(struct vet_trial *trial, vet_duration from_now);

/* The scenario's own checks: the run has failed.  The first failure counts. */
VET_API void vet_trial_fail(struct vet_trial *trial, const char *why);
#define VET_TRIAL_TEXT_OF(x) #x
#define VET_TRIAL_TEXT(x)    VET_TRIAL_TEXT_OF(x)
#define vet_trial_check(trial, condition) \
	((condition) \
		 ? (void)0 \
		 : vet_trial_fail(trial, __FILE__ ":" VET_TRIAL_TEXT(__LINE__) ": " #condition))

/* An operation: what the calls are made for, until the next one begins.  The errors that it may
 * give are those that the catalogue says are passed on of the calls in `calls` (bits: 1 <<
 * VET_CALL_...), and those in `errors`; 0 and NULL: any.
 * It must stay until vet_explore() returns; one without a name is none. */
struct vet_operation {
	const char *name; /* "vet_socket_write" */
	uint32_t calls;
	const char *errors; /* "VET_EDEADLINE EIO": names with a blank between */
	/* It does with each error what the catalogue says that vetsock does: a single one that is
	 * retried, waited for or passed over is none that it may give, and one that is passed on is
	 * none that it may keep to itself. */
	bool gets_over;
};
VET_API void vet_trial_begin(struct vet_trial *trial, const struct vet_operation *operation);
/* Its result, which is checked (negative: an error) and returned. */
VET_API int64_t vet_trial_end(struct vet_trial *trial, int64_t result);
/* That it says it moved `done` bytes since it began: out, or in. */
VET_API void vet_trial_done(struct vet_trial *trial, uint64_t done);
/* The program says that it has sent all that it was to. */
VET_API void vet_trial_sent_all(struct vet_trial *trial);

/* No more faults in this run; what is broken stays broken. */
VET_API void vet_trial_calm(struct vet_trial *trial);
/* Whether a fault of this run lasts, or has broken a connection or an attempt: else, after
 * vet_trial_calm(), all must go well. */
VET_API bool vet_trial_is_broken(const struct vet_trial *trial);
/* Whether any rule of the plan has fired so far: else, all must go well. */
VET_API bool vet_trial_is_faulted(const struct vet_trial *trial);

/* ---- exploring ---- */

enum {
	VET_CHECK_NONE,
	VET_CHECK_LEAK,   /* a descriptor was left open */
	VET_CHECK_CLOSED, /* closed twice, or used after it was closed, or never handed out */
	VET_CHECK_MEMORY, /* memory was left */
	VET_CHECK_SPIN,
	VET_CHECK_STUCK,   /* waits for ever for what does not come */
	VET_CHECK_ENDLESS, /* does not end */
	VET_CHECK_SILENT,  /* makes no call and does not end */
	VET_CHECK_DEADLINE,
	VET_CHECK_BYTES, /* sent what was not expected, or not all that it said */
	VET_CHECK_DONE,
	VET_CHECK_ERROR,    /* an error that the operation does not document */
	VET_CHECK_OWN,      /* a check of the scenario */
	VET_CHECK_UNFIRED,  /* a rule of a plan given by hand never fired */
	VET_CHECK_UNSTEADY, /* the same answers, and another run */
	VET_CHECK_COUNT
};
VET_API const char *vet_check_name(unsigned check); /* "leak" */

struct vet_violation {
	const struct vet_scenario *scenario;
	unsigned check; /* VET_CHECK_... */
	char message[256];
	struct vet_plan plan; /* nothing can be taken away from it */
};

struct vet_explore_options {
	unsigned depth; /* rules at once; 0: 1.  VET_EXPLORE_BASE: only without faults */
	/* This deep where the run without faults has at most 20 calls; 0: no deeper. */
	unsigned deepest;
	uint64_t budget;             /* runs at most of each scenario; 0: no limit */
	const struct vet_plan *plan; /* only this one; NULL: every */
	bool unlawful;               /* the plan may leave the catalogue */
	bool splits; /* also every way of cutting, of scenarios that have split_out or split_in */
	unsigned shard, shards; /* the shard'th (from 1) of `shards` parts; 0, 0: all */
	unsigned violations;    /* to look for in each scenario; 0: 8 */
	/* The text of every call of the last run, as the program sees it (trace.h); NULL: not. */
	int (*trace)(void *context, const char *text, size_t size);
	/* Called after every 1,024 runs (NULL: not): how much of the scenario is done (its faults,
	 * then its splits), in thousandths.  Not 0: this scenario stops here. */
	int (*progress)(void *context, const struct vet_scenario *scenario, unsigned thousandths);
	/* Called for each violation as it is found (NULL: not). */
	void (*found)(void *context, const struct vet_violation *violation);
	/* Called at the end for each cell of fault coverage (NULL: not): an operation (NULL: calls
	 * that belong to none), and what its call may lawfully give. */
	void (*cell)(void *context, const struct vet_operation *operation,
		     const struct vet_lawful *row, bool fired);
	void *context;
	/* Before each run its plan is stored here (NULL: not): in memory that another process
	 * shares, it tells what a program was under that has crashed. */
	struct vet_plan *running;
};
enum { VET_EXPLORE_BASE = 1000 };

struct vet_explore_report {
	uint64_t scenarios, runs, calls;
	uint64_t violations;
	uint64_t
		like_known; /* runs that failed like a violation that was told: the same check, with the
				* same faults at whatever calls */
	uint64_t traces;       /* distinct */
	uint64_t cells, fired; /* of fault coverage: (operation, call, lawful result) */
	uint64_t hash;         /* the sum of the hashes of all traces but those of closing runs */
	uint64_t split_runs;   /* of `runs`, by cutting */
	uint64_t closing_runs; /* of `runs`, for cells that had not fired */
	uint64_t ended;        /* runs that the explorer ended, as endless faults make them */
	/* Not made: */
	uint64_t no_change;     /* the rule would have changed nothing, or (made) did not */
	uint64_t beyond_window; /* more than six free calls after the first of a lasting fault */
	uint64_t beyond_log;    /* behind the 512th call of a run */
	uint64_t beyond_budget; /* runs that the budget (or the caller) cut off */
};

/* Explores scenarios.  The number of violations (at most INT_MAX), or a negative error: -ENOMEM;
 * -EBUSY: it is exploring already, and this comes from inside a scenario; -EINVAL: the options
 * contradict one another, a scenario has more than 16 bytes to split, or one fails without any
 * fault (told by `found`).  *report (may be NULL) is added to, so that one report can sum several. */
VET_API VET_CHECKED int vet_explore(const struct vet_scenario *scenarios, size_t count,
				    const struct vet_explore_options *options,
				    struct vet_explore_report *report);

/* What a plug-in (a shared object that brings scenarios, for `vetsock explore --load`) exports
 * under the name "vetsock_scenarios": it is given the caller's VET_SYS_VERSION and returns its
 * scenarios, good until the program ends, with their number in *count; or NULL if it has none for
 * that version. */
typedef const struct vet_scenario *(*vet_scenarios_plugin)(uint32_t version, size_t *count);

VET_END_DECLS

#endif
