/* SPDX-License-Identifier: 0BSD */
/* The bytes of a tape as choices. */
#include <vetsock/tape.h>

void vet_tape_begin(struct vet_tape *tape, const void *bytes, size_t size)
{
	tape->bytes = bytes;
	tape->front = 0;
	tape->back = size;
}

static uint32_t next_byte(struct vet_tape *tape, enum vet_tape_stream stream)
{
	if (tape->front == tape->back)
		return 0;
	return tape->bytes[stream == VET_TAPE_PROGRAM ? tape->front++ : --tape->back];
}

uint32_t vet_tape_choose(struct vet_tape *tape, enum vet_tape_stream stream, uint32_t n)
{
	unsigned size = n <= 1 ? 0 : n <= 0x100 ? 1 : n <= 0x10000 ? 2 : 4;
	uint32_t value = 0;
	for (unsigned i = 0; i < size; i++)
		value |= next_byte(tape, stream) << 8 * i;
	return size == 0 ? 0 : value % n;
}
