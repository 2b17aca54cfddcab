/* SPDX-License-Identifier: 0BSD */
#include "heap.h"

#include <stdlib.h>

static bool is_before(const struct sim_heap_entry *a, const struct sim_heap_entry *b)
{
	return a->at < b->at || (a->at == b->at && a->sequence < b->sequence);
}

static void put(struct sim_heap *heap, uint32_t at, const struct sim_heap_entry *entry)
{
	heap->entry[at] = *entry;
	entry->timer->place = at + 1;
}

static void move_up(struct sim_heap *heap, uint32_t at, const struct sim_heap_entry *entry)
{
	while (at > 0 && is_before(entry, &heap->entry[(at - 1) / 2])) {
		put(heap, at, &heap->entry[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	put(heap, at, entry);
}

static void move_down(struct sim_heap *heap, uint32_t at, const struct sim_heap_entry *entry)
{
	for (;;) {
		uint32_t child = 2 * at + 1;
		if (child >= heap->count)
			break;
		if (child + 1 < heap->count &&
		    is_before(&heap->entry[child + 1], &heap->entry[child]))
			child++;
		if (!is_before(&heap->entry[child], entry))
			break;
		put(heap, at, &heap->entry[child]);
		at = child;
	}
	put(heap, at, entry);
}

static bool grow(struct sim_heap *heap)
{
	uint32_t capacity = heap->capacity == 0 ? 16 : heap->capacity * 2;
	void *moved = realloc(heap->entry, capacity * sizeof *heap->entry);
	if (moved == NULL)
		return false;
	heap->entry = moved;
	heap->capacity = capacity;
	return true;
}

bool vetsim_heap_set(struct sim_heap *heap, struct sim_timer *timer, int64_t at)
{
	struct sim_heap_entry entry = { at, heap->sequence++, timer };
	uint32_t place;
	if (timer->place != 0) {
		place = timer->place - 1;
		if (heap->entry[place].at <= at) /* a later sequence number: never earlier */
			move_down(heap, place, &entry);
		else
			move_up(heap, place, &entry);
		return true;
	}
	if (heap->count == heap->capacity && !grow(heap))
		return false;
	move_up(heap, heap->count++, &entry);
	if (heap->count > heap->most)
		heap->most = heap->count;
	return true;
}

void vetsim_heap_remove(struct sim_heap *heap, struct sim_timer *timer)
{
	struct sim_heap_entry last;
	uint32_t place = timer->place;
	if (place == 0)
		return;
	timer->place = 0;
	last = heap->entry[--heap->count];
	if (place - 1 == heap->count)
		return;
	if (place > 1 && is_before(&last, &heap->entry[place / 2 - 1]))
		move_up(heap, place - 1, &last);
	else
		move_down(heap, place - 1, &last);
}

struct sim_timer *vetsim_heap_take(struct sim_heap *heap, int64_t now)
{
	struct sim_timer *first;
	if (heap->count == 0 || heap->entry[0].at > now)
		return NULL;
	first = heap->entry[0].timer;
	vetsim_heap_remove(heap, first);
	return first;
}
