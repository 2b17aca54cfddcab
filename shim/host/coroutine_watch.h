/* SPDX-License-Identifier: 0BSD */
/* What sanitizers and Valgrind need to be told of stacks that take turns.  The functions of the
 * sanitizers are weak: they are there where one is. */
#ifndef VETSOCK_HOST_COROUTINE_WATCH_H
#define VETSOCK_HOST_COROUTINE_WATCH_H

#include "coroutine_kind.h"

#ifdef VET_HAVE_VALGRIND
#include <valgrind/valgrind.h>
#endif

__attribute__((weak)) void __sanitizer_start_switch_fiber(void **fake_stack, const void *bottom,
							  size_t size);
__attribute__((weak)) void __sanitizer_finish_switch_fiber(void *fake_stack, const void **bottom,
							   size_t *size);
__attribute__((weak)) void __asan_unpoison_memory_region(void const volatile *memory, size_t size);
__attribute__((weak)) void *__tsan_get_current_fiber(void);
__attribute__((weak)) void *__tsan_create_fiber(unsigned flags);
__attribute__((weak)) void __tsan_destroy_fiber(void *fiber);
__attribute__((weak)) void __tsan_switch_to_fiber(void *fiber, unsigned flags);

static inline unsigned watch_stack(void *stack, size_t size)
{
#ifdef VET_HAVE_VALGRIND
	return (unsigned)VALGRIND_STACK_REGISTER(stack, (char *)stack + size - 1);
#else
	(void)stack;
	(void)size;
	return 0;
#endif
}

static inline void unwatch_stack(unsigned number)
{
#ifdef VET_HAVE_VALGRIND
	VALGRIND_STACK_DEREGISTER(number);
#else
	(void)number;
#endif
}

static inline void *watch_make(void)
{
	return __tsan_create_fiber == NULL ? NULL : __tsan_create_fiber(0);
}

static inline void watch_destroy(void *fiber)
{
	if (fiber != NULL)
		__tsan_destroy_fiber(fiber);
}

static inline void *watch_current(void)
{
	return __tsan_get_current_fiber == NULL ? NULL : __tsan_get_current_fiber();
}

/* What an abandoned function left poisoned on the stack is nobody's any more. */
static inline void watch_abandon(void *stack, size_t size)
{
	if (__asan_unpoison_memory_region != NULL)
		__asan_unpoison_memory_region(stack, size);
}

/* A stack that is the thread's own has no bounds that are known here: the sanitizer told them when
 * it was first left. */
static inline void watch_leave(struct vet_coroutine *from, struct vet_coroutine *to)
{
	if (__sanitizer_start_switch_fiber != NULL)
		__sanitizer_start_switch_fiber(from->is_over ? NULL : &from->fake_stack, to->stack,
					       to->stack_size);
	if (to->fiber != NULL)
		__tsan_switch_to_fiber(to->fiber, 0);
}

static inline void watch_arrive(struct vet_coroutine *here)
{
	if (__sanitizer_finish_switch_fiber != NULL)
		__sanitizer_finish_switch_fiber(here->fake_stack, NULL, NULL);
}

#endif
