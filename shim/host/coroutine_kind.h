/* SPDX-License-Identifier: 0BSD */
/* What the kinds of coroutines have in common, for one another. */
#ifndef VETSOCK_HOST_COROUTINE_KIND_H
#define VETSOCK_HOST_COROUTINE_KIND_H

#include <stdbool.h>
#include <stddef.h>

#include "coroutine.h"

/* The thread sanitizer of gcc 12 takes 400 us and 0.8 MB for each new fiber (clang's: 6 us, 5
 * KB), and a new coroutine is a new fiber; threads last as long as the pool. */
#if defined __SANITIZE_THREAD__ && !defined __clang__
#define VET_WITHOUT_FIBERS
#endif

struct vet_coroutine {
	struct vet_coroutines *pool;
	struct vet_coroutine *next; /* of those that nobody uses */
	void (*run)(void *argument);
	void *argument;
	const void *stack; /* the lowest byte; NULL: not (yet) known, the thread's own */
	size_t stack_size;
	void *fiber;       /* of a thread sanitizer */
	void *fake_stack;  /* of an address sanitizer, while it is suspended */
	unsigned valgrind; /* the number that Valgrind gave the stack */
	int error;         /* errno, while it is suspended */
	/* The kind's own; NULL: it has none yet. */
	union {
		void *top; /* switch: where its registers lie */
		void *own; /* the others: memory of theirs */
	} u;
};

struct vet_coroutine_backend {
	const char *name;
	bool has_threads; /* they bring their stacks, and sanitizers follow by themselves */
	/* What it needs as long as the pool lives.  stack_size 0: it is the caller's own.
	 * 0 or a negative errno. */
	int (*equip)(struct vet_coroutine *coroutine, size_t stack_size);
	void (*strip)(struct vet_coroutine *coroutine);
	/* The next switch to it begins it anew, whatever it was in the middle of. */
	void (*rewind)(struct vet_coroutine *coroutine);
	void (*go)(struct vet_coroutine *from, struct vet_coroutine *to);
};

/* What a coroutine does first, on its stack: it never returns. */
void vet_coroutine_begin(struct vet_coroutine *coroutine);

/* NULL: this system has none. */
const struct vet_coroutine_backend *vet_coroutine_by_switch(void);
const struct vet_coroutine_backend *vet_coroutine_by_ucontext(void);
const struct vet_coroutine_backend *vet_coroutine_by_thread(void);

#endif
