/* SPDX-License-Identifier: 0BSD */
#include "pool.h"

#include <stdlib.h>

/* A block that is not in use is not to be touched: where there is an address sanitizer, it looks. */
__attribute__((weak)) void __asan_poison_memory_region(void const volatile *memory, size_t size);
__attribute__((weak)) void __asan_unpoison_memory_region(void const volatile *memory, size_t size);

/* Classes of 2^6 to 2^20 bytes; what is larger comes from the C library each time. */
enum { FIRST_BITS = 6, CLASSES = 15 };

struct block {
	struct block *next;
};

struct sim_pool {
	struct block *unused[CLASSES];
};

struct sim_pool *vetsim_pool_make(void)
{
	return calloc(1, sizeof(struct sim_pool));
}

static unsigned class_of(size_t size)
{
	unsigned class = 0;
	while ((size_t)1 << (class + FIRST_BITS) < size)
		class ++;
	return class;
}

void *vetsim_pool_take(struct sim_pool *pool, size_t size, uint32_t *room)
{
	unsigned class = class_of(size);
	struct block *block;
	if (room != NULL)
		*room = UINT32_C(1) << (class + FIRST_BITS);
	if (class >= CLASSES || pool->unused[class] == NULL)
		return malloc((size_t)1 << (class + FIRST_BITS));
	block = pool->unused[class];
	if (__asan_unpoison_memory_region != NULL)
		__asan_unpoison_memory_region(block, (size_t)1 << (class + FIRST_BITS));
	pool->unused[class] = block->next;
	return block;
}

void vetsim_pool_give(struct sim_pool *pool, void *block, size_t size)
{
	unsigned class = class_of(size);
	struct block *unused = block;
	if (block == NULL)
		return;
	if (class >= CLASSES) {
		free(block);
		return;
	}
	unused->next = pool->unused[class];
	pool->unused[class] = unused;
	if (__asan_poison_memory_region != NULL)
		__asan_poison_memory_region(unused, (size_t)1 << (class + FIRST_BITS));
}

void vetsim_pool_free(struct sim_pool *pool)
{
	if (pool == NULL)
		return;
	for (unsigned i = 0; i < CLASSES; i++) {
		while (pool->unused[i] != NULL) {
			struct block *block =
				vetsim_pool_take(pool, (size_t)1 << (i + FIRST_BITS), NULL);
			free(block);
		}
	}
	free(pool);
}
