/* SPDX-License-Identifier: 0BSD */
/*
 * The fault layer: stands over any table and does what a plan says (plan.h).
 *
 *	struct vet_fault fault;
 *	struct vet_sys *sys = vet_fault_start(&fault, vet_sys_host(), &plan, 0);
 *	... the program, on sys ...
 *	if (vet_fault_unfired(&fault, NULL) > 0)
 *		... the plan did not test what it was written for ...
 *
 * What it injects is a world: it follows each descriptor's phase in an automaton of its own (clones
 * included), and once a fault was fatal it answers as a kernel would: the error once, then recv 0,
 * send EPIPE, poll HUP.  An injected fault keeps real effects: a short send passes the shortened
 * part on, a failing close closes, connect=EINTR has begun, accept=ECONNABORTED takes a connection
 * away.  After an injected EAGAIN the descriptor is not ready in that direction for 1 ms of the
 * first later poll (or as long as that may wait, if less); after one that lasts for ever, never.
 *
 * Time: `delay` and `timeout` wait through the table below (a poll without descriptors): in no time
 * over a virtual clock, really over a real one.  `jump` and `freeze` change what this table's clock
 * shows, and nothing else.
 *
 * Over a real kernel the phases are what the calls through this layer have shown: an
 * over-approximation, where others share the descriptors.  Descriptors from VET_FAULT_DESCRIPTORS
 * on, and adopted ones, are followed as far as their calls tell: adopted ones are taken for
 * connected streams until a call shows otherwise, and those beyond have no phase and no D.  Of one
 * poll the first VET_FAULT_DESCRIPTORS descriptors are looked at.
 *
 * libvetsock-shim.  No allocation.  One thread at a time.
 */
#ifndef VETSOCK_FAULT_H
#define VETSOCK_FAULT_H

#include <vetsock/catalogue.h>
#include <vetsock/layer.h>
#include <vetsock/plan.h>

VET_BEGIN_DECLS

enum {
	VET_FAULT_DESCRIPTORS = 1024, /* numbers below this are followed */
	VET_FAULT_ACTS = 256,         /* the last so many acts are kept */
	VET_FAULT_UNLAWFUL = 1 << 0,  /* a flag: the plan may leave the catalogue */
};

/* What was done to one call. */
struct vet_fault_act {
	uint64_t call;       /* which call through this layer, from 1 */
	uint64_t nth;        /* which of its name */
	uint32_t rule;       /* index in the plan */
	uint32_t descriptor; /* D; 0: none */
	uint32_t entry;
	uint32_t unused;
	int64_t result; /* what the caller got */
};

/* One open file description, as its calls have shown it. */
struct vet_fault_description {
	uint8_t kind, phase; /* VET_KIND_..., VET_PHASE_... */
	uint8_t broken; /* by a fault, and answered for here: 0 no, 1 a connection, 2 a listener, 3 an
			   attempt to connect, 4 one that was shut down after that */
	uint8_t is_bound, is_ipv6;
	uint8_t read_over, write_over; /* shut down, or ended */
	uint8_t read_ended;            /* by a fault */
	uint8_t hidden_in, hidden_out; /* from poll: 0, 1 for a while, 2 for ever */
	uint8_t is_adopted;
	uint8_t has_peeked; /* at bytes that are still to be received */
	uint8_t untold;     /* that the attempt came to be: 1 connect has still to say so, 2 and the
			   table below will not */
	int32_t pending;    /* a negative errno that is still to be told; 0: none */
	uint64_t in, out;   /* bytes so far */
};

/* The members are vetsock's own; it is large (some 80 KiB). */
struct vet_fault {
	struct vet_layer layer;
	const struct vet_plan *plan;
	unsigned flags;
	uint32_t generation;
	uint64_t calls;                  /* through this layer */
	uint64_t counts[VET_CALL_COUNT]; /* per name */
	int64_t shift;                   /* of the clock */
	int64_t frozen_at;
	int64_t lateness; /* delays and jumps that were injected, in all */
	bool is_frozen;
	bool is_calm;
	bool has_any; /* a rule of the plan is for "*" */
	bool has_broken;
	uint32_t handed_out; /* descriptors */
	uint32_t descriptions_used;
	uint32_t acts; /* so far */
	/* Of the last call: what the catalogue looks at, its D, the rule that acted (-1: none), and
	 * the row that allowed it (NULL: none). */
	struct vet_situation situation;
	uint32_t number;
	int32_t acted;
	const struct vet_lawful *row;
	const struct vet_lawful *row_of[VET_PLAN_RULES]; /* the row that allowed each rule last */
	size_t asked;                                    /* bytes, of the last call */
	int8_t first_rule[VET_CALL_COUNT]; /* by entry: where its rules begin; -1: it has none */
	int8_t next_rule[VET_PLAN_RULES];
	uint64_t fired[VET_PLAN_RULES];
	uint64_t matched[VET_PLAN_RULES]; /* calls that a rule with #D has counted */
	uint64_t draws[VET_PLAN_RULES];   /* the state of each rule's random stream */
	/* A plan that grows in the run (tape.h): from call `asks_at` on, `ask` is asked before each
	 * call that no rule acts on for a rule for just that call.  UINT64_MAX: never. */
	struct vet_plan *growing;
	uint64_t asks_at;
	bool (*ask)(void *context, const struct vet_call *call, struct vet_rule *rule);
	void *ask_context;
	bool has_looked; /* below, whether the call would block */
	struct vet_fault_act log[VET_FAULT_ACTS];
	struct {
		uint32_t generation; /* another one than the layer's: not open */
		uint32_t number;     /* D */
		uint32_t description;
	} descriptors[VET_FAULT_DESCRIPTORS];
	struct vet_fault_description descriptions[VET_FAULT_DESCRIPTORS];
};

/*
 * Makes *fault a layer over `next` that does what the plan says; both must outlive it.  Returns its
 * table; NULL: a rule is nowhere lawful and flags lack VET_FAULT_UNLAWFUL (vet_plan_lawful() says
 * which), or next was refused (vet_sys_check()).  Without that flag a rule acts only where the
 * catalogue allows it: elsewhere it leaves the call alone.
 */
VET_API struct vet_sys *vet_fault_start(struct vet_fault *fault, struct vet_sys *next,
					const struct vet_plan *plan, unsigned flags);
/* The same again, over the same table: another run, with this plan; nothing is left of the one
 * before.  Faster than starting anew, and the plan is not looked at. */
VET_API void vet_fault_restart(struct vet_fault *fault, const struct vet_plan *plan);

/* Whether every rule is lawful somewhere; if not, *first (unless NULL) is the index of the first
 * that is not. */
VET_API bool vet_plan_lawful(const struct vet_plan *plan, size_t *first);

/* How many rules have never fired; if any, *first (unless NULL) is the index of the first. */
VET_API size_t vet_fault_unfired(const struct vet_fault *fault, size_t *first);
/* How often a rule has fired. */
VET_API uint64_t vet_fault_fired(const struct vet_fault *fault, size_t rule);

/* What was done, from the first act that is still kept (index 0) on: NULL behind the last. */
VET_API const struct vet_fault_act *vet_fault_act_at(const struct vet_fault *fault, size_t index);
/* One act as text: "call 7, send 2 of #1, rule 1 'send@2=short:1': 1".  Returns its length, or
 * -ENOSPC. */
VET_API VET_CHECKED int vet_fault_act_format(const struct vet_fault *fault,
					     const struct vet_fault_act *act, char *text,
					     size_t size);

/* No more faults from now on; what they broke stays broken, and readiness is shown again. */
VET_API void vet_fault_calm(struct vet_fault *fault);

VET_END_DECLS

#endif
