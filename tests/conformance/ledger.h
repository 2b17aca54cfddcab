/* SPDX-License-Identifier: 0BSD */
/*
 * A table over the table that is tried: passes every call on, counts it, keeps the list of what is
 * open, and looks at each answer.  It is what makes a case safe to run: no case can wait longer or
 * call more often than it allows, and after the first thing that went wrong it lets nothing through
 * but the giving back of what is held.
 */
#ifndef LEDGER_H
#define LEDGER_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vetsock/sys.h>
#include <vetsock/time.h>

#define LEDGER_NAME(name, required) LEDGER_##name,
enum ledger_entry {
	VET_SYS_ENTRIES(LEDGER_NAME) LEDGER_ENTRIES,
};
#undef LEDGER_NAME

enum { LEDGER_DESCRIPTORS = 64 };

struct ledger {
	struct vet_sys sys;
	struct vet_sys_calls calls; /* without the optional entries that `next` lacks */
	struct vet_sys *next;
	struct vet_instant end; /* nothing waits beyond it */
	bool cut;               /* nothing is let through any more */
	bool refuse_memory;     /* realloc answers -ENOMEM */
	bool out_of_time;
	const volatile sig_atomic_t *hung; /* see struct conformance_environment */
	const char *violation;             /* the first breach of the table's contract, or NULL */
	enum ledger_entry culprit;
	unsigned long made[LEDGER_ENTRIES];
	unsigned long made_in_all;
	int open[LEDGER_DESCRIPTORS];
	size_t open_count;
	long blocks; /* of memory */
};

/* `end` is read off the table's clock: 0, or what the clock answered. */
int ledger_init(struct ledger *ledger, struct vet_sys *next, vet_duration patience);
/* Closes what is still open; returns how many descriptors that were. */
size_t ledger_close_all(struct ledger *ledger);
const char *ledger_entry_name(enum ledger_entry entry);

#endif
