/* SPDX-License-Identifier: 0BSD */
/* Second threads, forked children, storms of signals, and namespaces of the network. */
#ifndef WORKER_H
#define WORKER_H

#include <pthread.h>
#include <stdatomic.h>

#include "kernel.h"

/* ---- threads ---- */

struct worker {
	pthread_t thread;
	_Atomic int id; /* the kernel's number of the thread; 0 until it runs */
	void (*run)(void *);
	void *data;
};

/* The thread takes no signals: those of a storm are all for the caller.  Its checks fail the test
 * when it is joined. */
void worker_start(struct worker *worker, void (*run)(void *), void *data);
void worker_join(struct worker *worker);
/* Waits until the thread sleeps in the kernel, as one does that is inside a waiting operation. */
void worker_wait_asleep(struct worker *worker);

/* ---- children ---- */

enum { CHILD_HELD = 0, CHILD_FAILED = 1, CHILD_SKIPPED = 77 };

/* Runs a function in a forked child, where SIGPIPE and all else is at its default: the test fails
 * if a check of the child does or a signal ends it, and is skipped if the child exits as skipped
 * (which says why). */
void in_child(void (*run)(const struct world *), const struct world *world);

/* The same, in a new namespace of the network in which the shell commands were run (NULL ends them);
 * skipped where that may not be. */
void in_namespace(const char *const *commands, void (*run)(const struct world *),
		  const struct world *world);
/* A command of the shell inside the namespace; a child that cannot run it is skipped. */
void shell(const char *command);

/* A loopback that carries so slowly that senders have to wait. */
extern const char *const slow_loopback[];
/* The same, where a datagram of 1,000 bytes takes half a second. */
extern const char *const very_slow_loopback[];
/* Sends what a slow loopback lets pass at once, so that all that follows waits its turn. */
void fill_loopback(const struct world *world);

/* ---- storms: a signal every 100 microseconds whose handler interrupts calls (no SA_RESTART) ---- */

void storm_start(void);
/* Waits for that many signals more: for helpers that let the storm rage over an operation. */
void storm_endure(unsigned signals);
/* Ends it; how many signals there were. */
unsigned storm_stop(void);

#endif
