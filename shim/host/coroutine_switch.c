/* SPDX-License-Identifier: 0BSD */
/* The switch that is written by hand (coroutine_*.S): what is on a new stack when it is first switched
 * to. */
#include "coroutine_kind.h"

#include <stdint.h>
#include <string.h>

/* Pushes what a function must keep, stores where it lies, and takes up what lies at `to`. */
void vet_coroutine_swap(void **from, void *to);
/* Where a new coroutine begins: calls vet_coroutine_begin() with what the frame holds. */
void vet_coroutine_enter(void);

/* In words, from the top of the frame: see the .S file of each machine. */
#if defined VET_WITHOUT_FIBERS
#elif defined __x86_64__
enum { WORDS = 8, ARGUMENT = 1, RETURN = 7, CONTROL = 0 }; /* mxcsr and x87, r12..r15, rbx, rbp */
#define CONTROL_WORD UINT64_C(0x0000037f00001f80)
#elif defined __i386__
enum { WORDS = 6, ARGUMENT = 1, RETURN = 5, CONTROL = 0 }; /* x87 and mxcsr, ebx, esi, edi, ebp */
#define CONTROL_WORD UINT32_C(0x037f)
#elif defined __aarch64__
enum { WORDS = 22, ARGUMENT = 0, RETURN = 11, CONTROL = -1 }; /* x19..x29, x30, d8..d15 */
#define CONTROL_WORD 0
#endif

#ifdef CONTROL_WORD

static int prepare(struct vet_coroutine *coroutine)
{
	void (*enter)(void) = vet_coroutine_enter;
	uintptr_t *frame;
	if (coroutine->stack == NULL)
		return 0;
	/* Below the record, aligned as a call leaves it. */
	frame = (uintptr_t *)(void *)((char *)coroutine->stack +
				      (coroutine->stack_size & ~(size_t)15) - 64) -
		WORDS;
	memset(frame, 0, WORDS * sizeof *frame);
	if (CONTROL >= 0)
		frame[CONTROL] = (uintptr_t)CONTROL_WORD;
	frame[ARGUMENT] = (uintptr_t)coroutine;
	memcpy(&frame[RETURN], &enter, sizeof enter);
	coroutine->u.top = frame;
	return 0;
}

static void go(struct vet_coroutine *from, struct vet_coroutine *to)
{
	vet_coroutine_swap(&from->u.top, to->u.top);
}

static void release(struct vet_coroutine *coroutine)
{
	coroutine->u.top = NULL;
}

const struct vet_coroutine_backend *vet_coroutine_by_switch(void)
{
	static const struct vet_coroutine_backend backend = { "switch", false, prepare, go,
							      release };
	return &backend;
}

#else

const struct vet_coroutine_backend *vet_coroutine_by_switch(void)
{
	return NULL;
}

#endif
