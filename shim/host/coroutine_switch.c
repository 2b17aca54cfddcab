/* SPDX-License-Identifier: 0BSD */
/* The switch that is written by hand (coroutine_*.S): what is on a new stack when it is first
 * switched to. */
#include "coroutine_kind.h"

#include <stdint.h>
#include <string.h>

/* Where vet_coroutine_swap() finds what a function must keep, from the lowest address: the .S
 * file of each machine says the same.  `enter` is the return address. */
#if defined VET_WITHOUT_FIBERS || !defined __ELF__
#elif defined __x86_64__ && defined __LP64__
#define HAS_SWITCH
struct frame {
	uint32_t mxcsr, x87;
	struct vet_coroutine *r12;
	uint64_t r13, r14, r15, rbx, rbp;
	void (*enter)(void);
	uint64_t above[2]; /* keeps what is above aligned as a function expects it */
};
#define ARGUMENT r12
/* As a process begins: all exceptions masked, to nearest (System V ABI, 3.4.1). */
#define CONTROL  .mxcsr = 0x1f80, .x87 = 0x037f,
#elif defined __i386__
#define HAS_SWITCH
struct frame {
	uint32_t mxcsr, x87;
	struct vet_coroutine *ebx;
	uint32_t esi, edi, ebp;
	void (*enter)(void);
	uint32_t above[5];
};
#define ARGUMENT ebx
#define CONTROL  .mxcsr = 0x1f80, .x87 = 0x037f,
#elif defined __aarch64__ && defined __LP64__
#define HAS_SWITCH
struct frame {
	struct vet_coroutine *x19;
	uint64_t x20_to_x29[10];
	void (*enter)(void);
	uint64_t d8_to_d15[8], fpcr, unused;
};
#define ARGUMENT x19
#define CONTROL
#endif

#ifdef HAS_SWITCH

_Static_assert(sizeof(struct frame) % 16 == 0, "the stack is aligned to 16 bytes");

/* Pushes the frame, stores where it lies, and takes up the one at `to`. */
void vet_coroutine_swap(void **from, void *to);
/* Calls vet_coroutine_begin() with the frame's argument. */
void vet_coroutine_enter(void);

static int equip(struct vet_coroutine *coroutine, size_t stack_size)
{
	(void)stack_size;
	coroutine->u.top = NULL;
	return 0;
}

static void strip(struct vet_coroutine *coroutine)
{
	coroutine->u.top = NULL;
}

static void rewind_stack(struct vet_coroutine *coroutine)
{
	const struct frame frame = { CONTROL.ARGUMENT = coroutine, .enter = vet_coroutine_enter };
	char *end = (char *)(uintptr_t)coroutine->stack + coroutine->stack_size;
	coroutine->u.top = end - sizeof frame;
	memcpy(coroutine->u.top, &frame, sizeof frame);
}

static void go(struct vet_coroutine *from, struct vet_coroutine *to)
{
	vet_coroutine_swap(&from->u.top, to->u.top);
}

const struct vet_coroutine_backend *vet_coroutine_by_switch(void)
{
	static const struct vet_coroutine_backend backend = {
		"switch", false, equip, strip, rewind_stack, go,
	};
	return &backend;
}

#else

const struct vet_coroutine_backend *vet_coroutine_by_switch(void)
{
	return NULL;
}

#endif
