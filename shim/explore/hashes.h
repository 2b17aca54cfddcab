/* SPDX-License-Identifier: 0BSD */
/* A set of hashes that only grows: how many different traces there were. */
#ifndef VETSOCK_EXPLORE_HASHES_H
#define VETSOCK_EXPLORE_HASHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hashes {
	uint64_t *slot; /* 0: free */
	size_t room, count;
};

void vet_hashes_clear(struct hashes *hashes);
/* False: there is no memory for it. */
bool vet_hashes_add(struct hashes *hashes, uint64_t hash);
void vet_hashes_end(struct hashes *hashes);

#endif
