/* SPDX-License-Identifier: 0BSD */
#include "hashes.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST = 1024, LARGE = 1 << 16 };

static void put(uint64_t *slot, size_t room, uint64_t hash, size_t *count)
{
	size_t i = (size_t)(hash * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (room - 1);
	while (slot[i] != 0 && slot[i] != hash)
		i = (i + 1) & (room - 1);
	*count += slot[i] == 0;
	slot[i] = hash;
}

static bool grow(struct hashes *hashes)
{
	size_t room = hashes->room == 0 ? LEAST : 2 * hashes->room, count = 0;
	uint64_t *slot = calloc(room, sizeof *slot);
	if (slot == NULL)
		return false;
	for (size_t i = 0; i < hashes->room; i++)
		if (hashes->slot[i] != 0)
			put(slot, room, hashes->slot[i], &count);
	free(hashes->slot);
	hashes->slot = slot;
	hashes->room = room;
	return true;
}

void vet_hashes_clear(struct hashes *hashes)
{
	if (hashes->room > LARGE) { /* better anew than cleared each time */
		free(hashes->slot);
		hashes->slot = NULL;
		hashes->room = 0;
	}
	if (hashes->count > 0 && hashes->room > 0)
		memset(hashes->slot, 0, hashes->room * sizeof *hashes->slot);
	hashes->count = 0;
}

bool vet_hashes_add(struct hashes *hashes, uint64_t hash)
{
	if (2 * hashes->count >= hashes->room && !grow(hashes))
		return false;
	put(hashes->slot, hashes->room, hash | (hash == 0), &hashes->count);
	return true;
}

void vet_hashes_end(struct hashes *hashes)
{
	free(hashes->slot);
}
