/* SPDX-License-Identifier: 0BSD */
/* What sanitizers and Valgrind need to be told of stacks that take turns.  The functions of the
 * sanitizers are weak: they are there where one is. */
#ifndef VETSOCK_HOST_COROUTINE_WATCH_H
#define VETSOCK_HOST_COROUTINE_WATCH_H

#include <stdint.h>

#include "coroutine_kind.h"

#ifdef VET_HAVE_VALGRIND
#include <valgrind/memcheck.h>
#include <valgrind/valgrind.h>
#endif

/* sanitizer/common_interface_defs.h, asan_interface.h, tsan_interface.h, which a compiler may
 * lack. */
__attribute__((weak)) void __sanitizer_start_switch_fiber(void **fake_stack, const void *bottom,
							  size_t size);
__attribute__((weak)) void __sanitizer_finish_switch_fiber(void *fake_stack, const void **bottom,
							   size_t *size);
__attribute__((weak)) void __asan_unpoison_memory_region(void const volatile *memory, size_t size);
__attribute__((weak)) void *__tsan_get_current_fiber(void);
__attribute__((weak)) void *__tsan_create_fiber(unsigned flags);
__attribute__((weak)) void __tsan_destroy_fiber(void *fiber);
__attribute__((weak)) void __tsan_switch_to_fiber(void *fiber, unsigned flags);

/* ---- of a stack that is mapped ---- */

/* How many there may be in a pool.  Sanitizers and Valgrind keep something of each, and end the
 * program where they can keep no more, so it is told before: TSan knows 8,128 threads and fibers;
 * ASan maps memory for each stack; Valgrind (3.19) knows 500 threads and 30,000 mappings. */
static inline size_t watch_limit(bool of_threads)
{
#ifdef VET_HAVE_VALGRIND
	if (RUNNING_ON_VALGRIND)
		return of_threads ? 400 : 2000;
#endif
	(void)of_threads;
	if (__tsan_create_fiber != NULL)
		return 2000;
	return __sanitizer_start_switch_fiber != NULL ? 8000 : SIZE_MAX;
}

static inline void watch_stack(struct vet_coroutine *coroutine)
{
#ifdef VET_HAVE_VALGRIND
	const char *lowest = coroutine->stack;
	coroutine->valgrind =
		(unsigned)VALGRIND_STACK_REGISTER(lowest, lowest + coroutine->stack_size - 1);
#else
	(void)coroutine;
#endif
}

static inline void unwatch_stack(const struct vet_coroutine *coroutine)
{
#ifdef VET_HAVE_VALGRIND
	VALGRIND_STACK_DEREGISTER(coroutine->valgrind);
#else
	(void)coroutine;
#endif
}

/* ---- of one that begins anew ---- */

/* What lay on the stack is nobody's any more: what abandoned functions left poisoned, and what
 * Valgrind saw popped. */
static inline void watch_rewind(struct vet_coroutine *coroutine)
{
	if (__asan_unpoison_memory_region != NULL)
		__asan_unpoison_memory_region(coroutine->stack, coroutine->stack_size);
#ifdef VET_HAVE_VALGRIND
	(void)VALGRIND_MAKE_MEM_UNDEFINED(coroutine->stack, coroutine->stack_size);
#endif
	if (__tsan_create_fiber != NULL)
		coroutine->fiber = __tsan_create_fiber(0);
}

/* The fake stack of one that will not go on can be freed only as that of the one that runs: this
 * function is on that stack for a moment, as far as the sanitizer sees, and must have nothing
 * there. */
__attribute__((noinline, no_sanitize("address"))) static void
watch_free_fake_stack(struct vet_coroutine *coroutine)
{
	void *own;
	const void *stack;
	size_t size;
	__sanitizer_start_switch_fiber(&own, coroutine->stack, coroutine->stack_size);
	__sanitizer_finish_switch_fiber(coroutine->fake_stack, &stack, &size);
	__sanitizer_start_switch_fiber(NULL, stack, size);
	__sanitizer_finish_switch_fiber(own, NULL, NULL);
	coroutine->fake_stack = NULL;
}

static inline void watch_destroy(struct vet_coroutine *coroutine)
{
	if (coroutine->fake_stack != NULL)
		watch_free_fake_stack(coroutine);
	if (coroutine->fiber != NULL)
		__tsan_destroy_fiber(coroutine->fiber);
	coroutine->fiber = NULL;
}

/* ---- of a switch ---- */

/* The bounds of the caller's own stack are learned when it is first left. */
static inline void watch_self(struct vet_coroutine *self)
{
	self->stack = NULL;
	self->stack_size = 0;
	if (__tsan_get_current_fiber != NULL)
		self->fiber = __tsan_get_current_fiber();
}

static inline void watch_leave(struct vet_coroutine *from, struct vet_coroutine *to)
{
	if (__sanitizer_start_switch_fiber != NULL)
		__sanitizer_start_switch_fiber(&from->fake_stack, to->stack, to->stack_size);
	if (to->fiber != NULL)
		__tsan_switch_to_fiber(to->fiber, 0);
}

static inline void watch_arrive(struct vet_coroutine *here, struct vet_coroutine *left)
{
	const void *stack;
	size_t size;
	if (__sanitizer_finish_switch_fiber == NULL)
		return;
	__sanitizer_finish_switch_fiber(here->fake_stack, &stack, &size);
	here->fake_stack = NULL;
	if (left->stack == NULL) {
		left->stack = stack;
		left->stack_size = size;
	}
}

#endif
