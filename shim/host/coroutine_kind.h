/* SPDX-License-Identifier: 0BSD */
/* What the kinds of coroutines have in common, for one another. */
#ifndef VETSOCK_HOST_COROUTINE_KIND_H
#define VETSOCK_HOST_COROUTINE_KIND_H

#include <stdbool.h>
#include <stddef.h>

#include "coroutine.h"

/* gcc's thread sanitizer has the functions for fibers, and hangs in them (gcc 12): threads it is. */
#if defined __SANITIZE_THREAD__ && !defined __clang__
#define VET_WITHOUT_FIBERS
#endif

/* It stands at the top of its own stack; the kind's own part is behind it. */
struct vet_coroutine {
	const struct vet_coroutine_backend *backend;
	struct vet_coroutine *next; /* in the pool */
	void (*run)(void *argument);
	void *argument;
	void *stack; /* the lowest byte that may be touched; NULL: the caller's own */
	size_t stack_size;
	void *fiber;      /* of a thread sanitizer */
	void *fake_stack; /* of an address sanitizer, while it is suspended */
	unsigned valgrind; /* the number that Valgrind gave the stack */
	int error;         /* errno, while it is suspended */
	bool is_over;      /* it will not be switched to any more */
	/* The kind's own. */
	union {
		void *top; /* switch: where its registers lie */
		void *own; /* the others: memory of theirs */
	} u;
};

struct vet_coroutine_backend {
	const char *name;
	bool has_threads; /* sanitizers follow by themselves */
	/* Of one whose run, argument and stack are set: what it needs to be switched to. */
	int (*prepare)(struct vet_coroutine *coroutine);
	void (*go)(struct vet_coroutine *from, struct vet_coroutine *to);
	/* Of one that does not run: gives back what prepare took. */
	void (*release)(struct vet_coroutine *coroutine);
};

/* What a coroutine does first: it never returns. */
void vet_coroutine_begin(struct vet_coroutine *coroutine);

/* NULL: this system has none. */
const struct vet_coroutine_backend *vet_coroutine_by_switch(void);
const struct vet_coroutine_backend *vet_coroutine_by_ucontext(void);
const struct vet_coroutine_backend *vet_coroutine_by_thread(void);

#endif
