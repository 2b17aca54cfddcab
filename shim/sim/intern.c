/* SPDX-License-Identifier: 0BSD */
#include "intern.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 64 };

/* FNV-1a. */
static uint32_t hash_of(const unsigned char *bytes, size_t size)
{
	uint32_t hash = UINT32_C(2166136261);
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * UINT32_C(16777619);
	return hash ^ hash >> 15;
}

const unsigned char *vetsim_interned(const struct sim_intern *intern, uint32_t number, size_t *size)
{
	*size = intern->begin[number + 1] - intern->begin[number];
	return intern->bytes + intern->begin[number];
}

/* Where it is, or would be. */
static uint32_t *find(const struct sim_intern *intern, const unsigned char *bytes, size_t size)
{
	uint32_t at = hash_of(bytes, size) & (intern->slots - 1);
	for (;; at = (at + 1) & (intern->slots - 1)) {
		size_t length;
		const unsigned char *other;
		if (intern->slot[at] == 0)
			return &intern->slot[at];
		other = vetsim_interned(intern, intern->slot[at] - 1, &length);
		if (length == size && memcmp(other, bytes, size) == 0)
			return &intern->slot[at];
	}
}

/* The table is never more than half full. */
static bool grow_table(struct sim_intern *intern)
{
	uint32_t slots = intern->slots == 0 ? 2 * ROOM : intern->slots * 2;
	uint32_t *slot;
	if (intern->count < intern->slots / 2)
		return true;
	slot = calloc(slots, sizeof *slot);
	if (slot == NULL)
		return false;
	free(intern->slot);
	intern->slot = slot;
	intern->slots = slots;
	for (uint32_t i = 0; i < intern->count; i++) {
		size_t size;
		const unsigned char *bytes = vetsim_interned(intern, i, &size);
		*find(intern, bytes, size) = i + 1;
	}
	return true;
}

static bool grow_list(struct sim_intern *intern)
{
	uint32_t room = intern->count_room == 0 ? ROOM : intern->count_room * 2;
	size_t *begin;
	if (intern->count + 1 < intern->count_room)
		return true;
	begin = realloc(intern->begin, room * sizeof *begin);
	if (begin == NULL)
		return false;
	begin[intern->count] = intern->size;
	intern->begin = begin;
	intern->count_room = room;
	return true;
}

static bool grow_bytes(struct sim_intern *intern, size_t size)
{
	size_t room = intern->room == 0 ? 16 * ROOM : intern->room * 2;
	unsigned char *bytes;
	if (size <= intern->room - intern->size && intern->bytes != NULL)
		return true;
	while (room - intern->size < size)
		room *= 2;
	bytes = realloc(intern->bytes, room);
	if (bytes == NULL)
		return false;
	intern->bytes = bytes;
	intern->room = room;
	return true;
}

uint32_t vetsim_intern(struct sim_intern *intern, const void *bytes, size_t size)
{
	uint32_t *slot;
	if (!grow_table(intern))
		return SIM_INTERN_NONE;
	slot = find(intern, bytes, size);
	if (*slot != 0)
		return *slot - 1;
	if (!grow_list(intern) || !grow_bytes(intern, size))
		return SIM_INTERN_NONE;
	if (size > 0)
		memcpy(intern->bytes + intern->size, bytes, size);
	intern->size += size;
	*slot = ++intern->count;
	intern->begin[intern->count] = intern->size;
	return intern->count - 1;
}

void vetsim_intern_free(struct sim_intern *intern)
{
	free(intern->bytes);
	free(intern->begin);
	free(intern->slot);
	memset(intern, 0, sizeof *intern);
}
