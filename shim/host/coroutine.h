/* SPDX-License-Identifier: 0BSD */
/*
 * Coroutines: stacks that take turns in one thread.  Four functions (make, switch, destroy, self) over
 * a pool of stacks that are used again.  Three kinds, all that this system has can be had at once:
 *
 *	switch    a few instructions that keep what a function must keep: x86-64, i386, AArch64
 *	ucontext  makecontext(3), swapcontext(3): the GNU C library; a system call each time
 *	thread    a thread each, of which one has the baton: everywhere
 *
 * Each stack has a page below it that nobody may touch: who overflows it dies at once.
 */
#ifndef VETSOCK_HOST_COROUTINE_H
#define VETSOCK_HOST_COROUTINE_H

#include <stddef.h>

struct vet_coroutine;
struct vet_coroutines; /* a pool; all of it is of one thread */

enum vet_coroutine_kind {
	VET_COROUTINE_BEST,
	VET_COROUTINE_SWITCH,
	VET_COROUTINE_UCONTEXT,
	VET_COROUTINE_THREAD,
};

/* A pool whose stacks have `stack_size` bytes, rounded up to pages.  0; -EINVAL: this system has no
 * coroutines of that kind; -ENOMEM. */
int vet_coroutines_make(struct vet_coroutines **made, enum vet_coroutine_kind kind,
			size_t stack_size);
/* Without coroutines but the caller's own.  NULL is fine. */
void vet_coroutines_free(struct vet_coroutines *pool);

/* One that will call run(argument) when it is first switched to.  run must not return: its last act is
 * to switch to another one.  0; -ENOMEM or -EAGAIN: no more stacks, or threads, can be had. */
int vet_coroutine_make(struct vet_coroutines *pool, struct vet_coroutine **made,
		       void (*run)(void *argument), void *argument);
/* Suspends `from`, which runs, and goes on with `to`.  errno goes with each. */
void vet_coroutine_switch(struct vet_coroutines *pool, struct vet_coroutine *from,
			  struct vet_coroutine *to);
/* Of one that does not run: ended or not, its stack is used again.  What it had on it is gone. */
void vet_coroutine_destroy(struct vet_coroutines *pool, struct vet_coroutine *coroutine);
/* The one that stands for the caller's own stack: the same each time, part of the pool. */
int vet_coroutine_self(struct vet_coroutines *pool, struct vet_coroutine **made);

/* Stacks that the pool has mapped so far, in use or not. */
size_t vet_coroutines_stacks(const struct vet_coroutines *pool);

#endif
