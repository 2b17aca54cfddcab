/* SPDX-License-Identifier: 0BSD */
/* The pool of stacks, and what every kind of switch is wrapped in. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "coroutine.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "coroutine_kind.h"
#include "coroutine_watch.h"

struct vet_coroutines {
	const struct vet_coroutine_backend *backend;
	struct vet_coroutine *unused;
	struct vet_coroutine *unguarded; /* stacks that could be neither completed nor given back */
	struct vet_coroutine *left;      /* the one that was last switched from */
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
	long page = sysconf(_SC_PAGESIZE);
	struct vet_coroutines *pool;
	*made = NULL;
	if (backend == NULL || page <= 0 || stack_size == 0 || stack_size > SIZE_MAX / 2)
		return -EINVAL;
	pool = calloc(1, sizeof *pool);
	if (pool == NULL)
		return -ENOMEM;
	pool->backend = backend;
	pool->page = (size_t)page;
	pool->stack_size = (stack_size + pool->page - 1) / pool->page * pool->page;
	pool->self.pool = pool;
	*made = pool;
	return 0;
}

const char *vet_coroutines_name(const struct vet_coroutines *pool)
{
	return pool->backend->name;
}

size_t vet_coroutines_stacks(const struct vet_coroutines *pool)
{
	return pool->stacks;
}

/* ---- stacks ---- */

static bool unmap(const struct vet_coroutines *pool, const struct vet_coroutine *coroutine)
{
	char *lowest = (char *)(uintptr_t)coroutine->stack - pool->page;
	return munmap(lowest, pool->page + pool->stack_size) == 0;
}

/* Where there can be no more mappings (mmap(2): ENOMEM), giving one back may need one more too:
 * it is kept until others are gone. */
static int map_stack(struct vet_coroutines *pool, struct vet_coroutine *coroutine)
{
	char *lowest = mmap(NULL, pool->page + pool->stack_size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
	if (lowest == MAP_FAILED) {
		free(coroutine);
		return -ENOMEM;
	}
	coroutine->stack = lowest + pool->page;
	coroutine->stack_size = pool->stack_size;
	if (mprotect(lowest, pool->page, PROT_NONE) == 0) {
		watch_stack(coroutine);
		return 0;
	}
	if (unmap(pool, coroutine)) {
		free(coroutine);
	} else {
		coroutine->next = pool->unguarded;
		pool->unguarded = coroutine;
	}
	return -ENOMEM;
}

/* Those that could not be given back. */
static struct vet_coroutine *unmap_all(struct vet_coroutines *pool, struct vet_coroutine *list)
{
	struct vet_coroutine *kept = NULL;
	while (list != NULL) {
		struct vet_coroutine *next = list->next;
		if (unmap(pool, list)) {
			free(list);
		} else {
			list->next = kept;
			kept = list;
		}
		list = next;
	}
	return kept;
}

/* ---- coroutines ---- */

static struct vet_coroutine *first_of(struct vet_coroutine **list)
{
	struct vet_coroutine *first = *list;
	if (first != NULL)
		*list = first->next;
	return first;
}

static void push(struct vet_coroutine **list, struct vet_coroutine *coroutine)
{
	coroutine->next = *list;
	*list = coroutine;
}

static int make_unused(struct vet_coroutines *pool)
{
	const struct vet_coroutine_backend *backend = pool->backend;
	struct vet_coroutine *coroutine;
	int result = 0;
	if (pool->stacks >= watch_limit(backend->has_threads))
		return -EAGAIN;
	coroutine = calloc(1, sizeof *coroutine);
	if (coroutine == NULL)
		return -ENOMEM;
	coroutine->pool = pool;
	if (!backend->has_threads)
		result = map_stack(pool, coroutine);
	if (result < 0)
		return result;
	result = backend->equip(coroutine, pool->stack_size);
	if (result == 0) {
		pool->stacks++;
		push(&pool->unused, coroutine);
		return 0;
	}
	if (backend->has_threads) {
		free(coroutine);
	} else {
		unwatch_stack(coroutine);
		push(&pool->unguarded, coroutine);
	}
	return result;
}

int vet_coroutine_make(struct vet_coroutines *pool, struct vet_coroutine **made,
		       void (*run)(void *argument), void *argument)
{
	struct vet_coroutine *coroutine;
	int result = pool->unused == NULL ? make_unused(pool) : 0;
	*made = NULL;
	if (result < 0)
		return result;
	coroutine = first_of(&pool->unused);
	coroutine->run = run;
	coroutine->argument = argument;
	coroutine->error = 0;
	if (!pool->backend->has_threads)
		watch_rewind(coroutine);
	pool->backend->rewind(coroutine);
	*made = coroutine;
	return 0;
}

void vet_coroutine_destroy(struct vet_coroutines *pool, struct vet_coroutine *coroutine)
{
	if (coroutine == &pool->self)
		return;
	if (!pool->backend->has_threads)
		watch_destroy(coroutine);
	push(&pool->unused, coroutine);
}

int vet_coroutine_self(struct vet_coroutines *pool, struct vet_coroutine **made)
{
	struct vet_coroutine *self = &pool->self;
	int result = self->u.own == NULL ? pool->backend->equip(self, 0) : 0;
	*made = result < 0 ? NULL : self;
	if (!pool->backend->has_threads)
		watch_self(self);
	return result;
}

void vet_coroutines_free(struct vet_coroutines *pool)
{
	struct vet_coroutine *coroutine, *kept = NULL;
	if (pool == NULL)
		return;
	while ((coroutine = first_of(&pool->unused)) != NULL) {
		pool->backend->strip(coroutine);
		if (pool->backend->has_threads) {
			free(coroutine);
		} else {
			unwatch_stack(coroutine);
			push(&kept, coroutine);
		}
	}
	/* When those are gone, there is room to give back the others. */
	kept = unmap_all(pool, kept);
	kept = unmap_all(pool, kept);
	(void)unmap_all(pool, pool->unguarded);
	if (pool->self.u.own != NULL)
		pool->backend->strip(&pool->self);
	free(pool);
}

/* Sanitizers are told before and after: of one that begins, vet_coroutine_begin() tells them. */
void vet_coroutine_switch(struct vet_coroutines *pool, struct vet_coroutine *from,
			  struct vet_coroutine *to)
{
	from->error = errno;
	pool->left = from;
	if (!pool->backend->has_threads) {
		watch_leave(from, to);
		pool->backend->go(from, to);
		watch_arrive(from, pool->left);
	} else {
		pool->backend->go(from, to);
	}
	errno = from->error;
}

void vet_coroutine_begin(struct vet_coroutine *coroutine)
{
	struct vet_coroutines *pool = coroutine->pool;
	if (!pool->backend->has_threads)
		watch_arrive(coroutine, pool->left);
	errno = 0;
	coroutine->run(coroutine->argument);
	(void)fputs("vetsock: a coroutine returned, and there is nothing to return to\n", stderr);
	abort();
}
