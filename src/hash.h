/* SPDX-License-Identifier: 0BSD */
/* One step of the hash of values: the same on every machine, because it only ever sees 64-bit words
 * that were put together field by field. */
#ifndef VETSOCK_SRC_HASH_H
#define VETSOCK_SRC_HASH_H

#include <stdint.h>

/*
 * Two rounds of shift and multiplication by odd constants (the first 64 bits of the fractions of pi
 * and e, the latter made odd).  Each step can be undone, so that equal seeds and different words
 * never meet in one step; two rounds, and a shift before the first, because in one round alone a
 * flipped top bit stays a flipped top bit, whatever the seed is.
 */
static inline uint64_t vet_hash_word(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) + UINT64_C(0x9e3779b97f4a7c15); /* so that 0 does not stay 0 */
	hash = (hash ^ hash >> 31) * UINT64_C(0x243f6a8885a308d3);
	hash = (hash ^ hash >> 29) * UINT64_C(0xb7e151628aed2a6b);
	return hash ^ hash >> 32;
}

#endif
