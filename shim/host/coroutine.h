/* SPDX-License-Identifier: 0BSD */
/*
 * Coroutines: stacks that take turns, of which one runs at a time.  Four functions (make,
 * switch, destroy, self) over a pool of stacks that are used again.  Three kinds, of which all
 * that this system has can be had at once:
 *
 *	switch    a few instructions that keep what a function must keep: x86-64, i386, AArch64
 *	ucontext  makecontext(3), swapcontext(3): the GNU C library; a system call each time
 *	thread    a thread each, of which one has the baton: everywhere
 *
 * Below each stack is a page that nobody may touch: who overflows it dies at once.
 *
 * What goes with a coroutine: its stack, the registers that a function keeps, errno.  Signals
 * are those of the thread; its mask is one for all with `switch`, and each has its own with the
 * other two.
 */
#ifndef VETSOCK_HOST_COROUTINE_H
#define VETSOCK_HOST_COROUTINE_H

#include <stddef.h>

struct vet_coroutine;
struct vet_coroutines; /* a pool; all of it is of one thread */

enum vet_coroutine_kind {
	VET_COROUTINE_BEST, /* the first of these that this system has */
	VET_COROUTINE_SWITCH,
	VET_COROUTINE_UCONTEXT,
	VET_COROUTINE_THREAD,
};

/* A pool whose stacks have `stack_size` bytes, rounded up to pages.  0; -EINVAL: this system has no
 * coroutines of that kind, or none of that size; -ENOMEM. */
int vet_coroutines_make(struct vet_coroutines **made, enum vet_coroutine_kind kind,
			size_t stack_size);
/* Called by the caller's own coroutine when all others have been destroyed.  NULL is fine. */
void vet_coroutines_free(struct vet_coroutines *pool);

/* One that will call run(argument) when it is first switched to, with errno 0.  run has nowhere to
 * return to: its last act is to switch to another one, which destroys it; if it does return, the
 * program is aborted.  0; -ENOMEM, -EAGAIN: no more stacks (each takes two of Linux's
 * vm.max_map_count, 65,530), or threads, can be had; those that there are work on. */
int vet_coroutine_make(struct vet_coroutines *pool, struct vet_coroutine **made,
		       void (*run)(void *argument), void *argument);
/* Suspends `from`, which runs, and goes on with `to`.  errno goes with each. */
void vet_coroutine_switch(struct vet_coroutines *pool, struct vet_coroutine *from,
			  struct vet_coroutine *to);
/* Of one that does not run, has ended or not: its functions never return, and its stack is used
 * again. */
void vet_coroutine_destroy(struct vet_coroutines *pool, struct vet_coroutine *coroutine);
/* The one that stands for the caller's own stack: the same each time, part of the pool.  0 or
 * -ENOMEM. */
int vet_coroutine_self(struct vet_coroutines *pool, struct vet_coroutine **made);

/* "switch", "ucontext" or "thread". */
const char *vet_coroutines_name(const struct vet_coroutines *pool);
/* Stacks that the pool has, in use or not. */
size_t vet_coroutines_stacks(const struct vet_coroutines *pool);

#endif
