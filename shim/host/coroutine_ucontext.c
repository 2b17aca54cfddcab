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
	uintptr_t address = (uintptr_t)((uint64_t)high << 32 | low);
	vet_coroutine_begin((struct vet_coroutine *)address);
}

static int prepare(struct vet_coroutine *coroutine)
{
	ucontext_t *context = malloc(sizeof *context);
	uint64_t address = (uintptr_t)coroutine;
	if (context == NULL)
		return -ENOMEM;
	if (getcontext(context) != 0) {
		free(context);
		return -errno;
	}
	if (coroutine->stack != NULL) {
		context->uc_stack.ss_sp = coroutine->stack;
		context->uc_stack.ss_size = coroutine->stack_size;
		context->uc_link = NULL;
		makecontext(context, (void (*)(void))enter, 2, (unsigned)(address >> 32),
			    (unsigned)address);
	}
	coroutine->u.own = context;
	return 0;
}

static void go(struct vet_coroutine *from, struct vet_coroutine *to)
{
	if (swapcontext(from->u.own, to->u.own) != 0)
		abort(); /* ENOMEM: there is not enough stack left to say so */
}

static void release(struct vet_coroutine *coroutine)
{
	free(coroutine->u.own);
	coroutine->u.own = NULL;
}

const struct vet_coroutine_backend *vet_coroutine_by_ucontext(void)
{
	static const struct vet_coroutine_backend backend = { "ucontext", false, prepare, go,
							      release };
	return &backend;
}

#else

const struct vet_coroutine_backend *vet_coroutine_by_ucontext(void)
{
	return NULL;
}

#endif
