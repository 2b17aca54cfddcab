/* SPDX-License-Identifier: 0BSD */
/* The bytes that programs send, and the sums of those that they read. */
#include "run.h"

#include <string.h>

enum { PATTERN = 1048573 }; /* a prime: what the streams carry, again and again */

static unsigned char pattern[PATTERN + LARGEST];

unsigned char file_byte(uint32_t position)
{
	return (unsigned char)(position * 131 >> 3 ^ position >> 11);
}

static void pattern_make(void)
{
	uint32_t state = 1;
	if (pattern[0] != 0)
		return;
	for (uint32_t i = 0; i < PATTERN; i++) {
		state = state * 1664525 + 1013904223;
		pattern[i] = (unsigned char)(state >> 24 | 1);
	}
	memcpy(pattern + PATTERN, pattern, LARGEST);
}

const void *pattern_bytes(uint32_t stream, uint32_t position)
{
	pattern_make();
	return pattern + (stream * UINT32_C(90001) + position) % PATTERN;
}

uint64_t pattern_hash(const unsigned char *bytes, size_t size)
{
	uint64_t sum = size, word;
	for (; size >= sizeof(word); bytes += sizeof(word), size -= sizeof(word)) {
		memcpy(&word, bytes, sizeof(word));
		sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		sum ^= sum >> 29;
	}
	for (; size > 0; bytes++, size--)
		sum = (sum ^ *bytes) * UINT64_C(0x9e3779b97f4a7c15);
	return sum;
}
