/* SPDX-License-Identifier: 0BSD */
/* Coroutines by makecontext(3), where the C library has it. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "coroutine_kind.h"

#if defined VET_HAVE_UCONTEXT && !defined VET_WITHOUT_FIBERS

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <ucontext.h>

/* makecontext hands on numbers of type int: a pointer in two of them. */
static void enter(unsigned high, unsigned low)
{
	uint64_t address = (uint64_t)high << 32 | low;
	vet_coroutine_begin((struct vet_coroutine *)(uintptr_t)address);
}

/* getcontext is a system call (the signal mask): once a stack, not once a coroutine. */
static int equip(struct vet_coroutine *coroutine, size_t stack_size)
{
	ucontext_t *context = malloc(sizeof *context);
	(void)stack_size;
	if (context == NULL)
		return -ENOMEM;
	if (getcontext(context) != 0) {
		free(context);
		return -ENOMEM;
	}
	coroutine->u.own = context;
	return 0;
}

static void strip(struct vet_coroutine *coroutine)
{
	free(coroutine->u.own);
	coroutine->u.own = NULL;
}

static void rewind_context(struct vet_coroutine *coroutine)
{
	ucontext_t *context = coroutine->u.own;
	uint64_t address = (uintptr_t)coroutine;
	context->uc_stack.ss_sp = (void *)(uintptr_t)coroutine->stack;
	context->uc_stack.ss_size = coroutine->stack_size;
	context->uc_link = NULL;
	/* POSIX: a cast, since the function's parameters are those that follow. */
	makecontext(context, (void (*)(void))enter, 2, (unsigned)(address >> 32),
		    (unsigned)(address & UINT32_MAX));
}

/* Fails where the stack is too small for it (POSIX: ENOMEM), which it never is on Linux. */
static void swap(ucontext_t *from, ucontext_t *to)
{
	if (swapcontext(from, to) != 0)
		abort();
}

#if defined __i386__ && defined __SSE__

/* The GNU C library leaves out SSE's control word on i386: a new coroutine begins with the one of
 * whoever goes to it, and comes back to its own. */
static void go(struct vet_coroutine *from, struct vet_coroutine *to)
{
	unsigned control = __builtin_ia32_stmxcsr();
	swap(from->u.own, to->u.own);
	__builtin_ia32_ldmxcsr(control);
}

#else

static void go(struct vet_coroutine *from, struct vet_coroutine *to)
{
	swap(from->u.own, to->u.own);
}

#endif

const struct vet_coroutine_backend *vet_coroutine_by_ucontext(void)
{
	static const struct vet_coroutine_backend backend = {
		"ucontext", false, equip, strip, rewind_context, go,
	};
	return &backend;
}

#else

const struct vet_coroutine_backend *vet_coroutine_by_ucontext(void)
{
	return NULL;
}

#endif
