/* SPDX-License-Identifier: 0BSD */
/* The pool of stacks, and what every kind of switch is wrapped in. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "coroutine_kind.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "coroutine_watch.h"

struct vet_coroutines {
	const struct vet_coroutine_backend *backend;
	struct vet_coroutine *unused;
	size_t stack_size, page, stacks;
	struct vet_coroutine self;
};

static const struct vet_coroutine_backend *backend_of(enum vet_coroutine_kind kind)
{
	switch (kind) {
	case VET_COROUTINE_SWITCH:
		return vet_coroutine_by_switch();
	case VET_COROUTINE_UCONTEXT:
		return vet_coroutine_by_ucontext();
	case VET_COROUTINE_THREAD:
		return vet_coroutine_by_thread();
	case VET_COROUTINE_BEST:
		if (vet_coroutine_by_switch() != NULL)
			return vet_coroutine_by_switch();
		return vet_coroutine_by_ucontext() != NULL ? vet_coroutine_by_ucontext()
							   : vet_coroutine_by_thread();
	default:
		return NULL;
	}
}

int vet_coroutines_make(struct vet_coroutines **made, enum vet_coroutine_kind kind,
			size_t stack_size)
{
	const struct vet_coroutine_backend *backend = backend_of(kind);
	struct vet_coroutines *pool;
	long page = sysconf(_SC_PAGESIZE);
	*made = NULL;
	if (backend == NULL)
		return -EINVAL;
	pool = calloc(1, sizeof *pool);
	if (pool == NULL)
		return -ENOMEM;
	pool->backend = backend;
	pool->page = page > 0 ? (size_t)page : 4096;
	pool->stack_size = (stack_size + pool->page - 1) / pool->page * pool->page;
	pool->self.backend = backend;
	*made = pool;
	return 0;
}

/* ---- stacks ---- */

/* A guard page below; the coroutine's own record on top. */
static struct vet_coroutine *map_stack(struct vet_coroutines *pool)
{
	size_t size = pool->stack_size + pool->page;
	struct vet_coroutine *coroutine;
	char *lowest = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
	if (lowest == MAP_FAILED)
		return NULL;
	if (mprotect(lowest, pool->page, PROT_NONE) != 0) {
		(void)munmap(lowest, size);
		return NULL;
	}
	coroutine = (struct vet_coroutine *)(void *)(lowest + size -
						     ((sizeof *coroutine + 63) & ~(size_t)63));
	coroutine->stack = lowest + pool->page;
	coroutine->stack_size = (size_t)((char *)coroutine - (char *)coroutine->stack);
	coroutine->valgrind = watch_stack(coroutine->stack, coroutine->stack_size);
	pool->stacks++;
	return coroutine;
}

static void unmap_stack(struct vet_coroutines *pool, struct vet_coroutine *coroutine)
{
	char *lowest = (char *)coroutine->stack - pool->page;
	unwatch_stack(coroutine->valgrind);
	(void)munmap(lowest, pool->stack_size + pool->page);
	pool->stacks--;
}

void vet_coroutines_free(struct vet_coroutines *pool)
{
	if (pool == NULL)
		return;
	while (pool->unused != NULL) {
		struct vet_coroutine *next = pool->unused->next;
		unmap_stack(pool, pool->unused);
		pool->unused = next;
	}
	if (pool->self.u.own != NULL)
		pool->backend->release(&pool->self);
	free(pool);
}

size_t vet_coroutines_stacks(const struct vet_coroutines *pool)
{
	return pool->stacks;
}

/* ---- coroutines ---- */

int vet_coroutine_make(struct vet_coroutines *pool, struct vet_coroutine **made,
		       void (*run)(void *argument), void *argument)
{
	struct vet_coroutine *coroutine = pool->unused;
	int result;
	if (coroutine != NULL)
		pool->unused = coroutine->next;
	else if ((coroutine = map_stack(pool)) == NULL)
		return -ENOMEM;
	coroutine->backend = pool->backend;
	coroutine->run = run;
	coroutine->argument = argument;
	coroutine->fake_stack = NULL;
	coroutine->error = 0;
	coroutine->is_over = false;
	coroutine->fiber = pool->backend->has_threads ? NULL : watch_make();
	result = pool->backend->prepare(coroutine);
	if (result < 0) {
		watch_destroy(coroutine->fiber);
		coroutine->next = pool->unused;
		pool->unused = coroutine;
		return result;
	}
	*made = coroutine;
	return 0;
}

void vet_coroutine_destroy(struct vet_coroutines *pool, struct vet_coroutine *coroutine)
{
	if (coroutine == &pool->self)
		return;
	pool->backend->release(coroutine);
	watch_destroy(coroutine->fiber);
	watch_abandon(coroutine->stack, coroutine->stack_size);
	coroutine->next = pool->unused;
	pool->unused = coroutine;
}

int vet_coroutine_self(struct vet_coroutines *pool, struct vet_coroutine **made)
{
	struct vet_coroutine *self = &pool->self;
	if (self->fiber == NULL && !pool->backend->has_threads)
		self->fiber = watch_current();
	if (self->u.own == NULL) {
		int result = pool->backend->prepare(self);
		if (result < 0)
			return result;
	}
	*made = self;
	return 0;
}

/* Sanitizers are told before and after; the last switch of one that ends tells that it does. */
void vet_coroutine_switch(struct vet_coroutines *pool, struct vet_coroutine *from,
			  struct vet_coroutine *to)
{
	from->error = errno;
	if (!pool->backend->has_threads)
		watch_leave(from, to);
	pool->backend->go(from, to);
	if (!pool->backend->has_threads)
		watch_arrive(from);
	errno = from->error;
}

void vet_coroutine_begin(struct vet_coroutine *coroutine)
{
	if (!coroutine->backend->has_threads)
		watch_arrive(coroutine);
	errno = 0;
	coroutine->run(coroutine->argument);
	abort(); /* it must not return: there is nowhere to go */
}
