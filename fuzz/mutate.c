/* SPDX-License-Identifier: 0BSD */
/* Mutation of a tape: by whole deeds at the front, and whole faults (a gap and a choice) at the back. */
#include <string.h>

#include "behaviour.h"

/* libFuzzer's own; other drivers lack it. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

enum { FAULT = 2 };

static uint32_t draw(unsigned *seed)
{
	*seed = *seed * 1103515245U + 12345U;
	return *seed >> 8;
}

/* A piece of the tape that can go, come twice, or be written anew. */
struct piece {
	size_t at, size;
};

/* False: there is none. */
static bool choose_piece(size_t size, unsigned *seed, struct piece *piece)
{
	size_t deeds, fault;
	if (size < VET_FUZZ_WORLD + VET_FUZZ_DEED)
		return false;
	deeds = (size - VET_FUZZ_WORLD) / VET_FUZZ_DEED;
	fault = FAULT * (draw(seed) % (size / (2 * FAULT)) + 1);
	if (draw(seed) % 2 == 0)
		*piece = (struct piece){ VET_FUZZ_WORLD + VET_FUZZ_DEED * (draw(seed) % deeds),
					 VET_FUZZ_DEED };
	else
		*piece = (struct piece){ size - fault, FAULT };
	return true;
}

static void fill(uint8_t *data, const struct piece *piece, unsigned *seed)
{
	for (size_t i = 0; i < piece->size; i++)
		data[piece->at + i] = (uint8_t)draw(seed);
	if (piece->size == FAULT) /* the gap is read first, from behind; a small one, as a rule */
		data[piece->at + 1] &= 15;
}

static size_t take_out(uint8_t *data, size_t size, const struct piece *piece)
{
	size_t after = piece->at + piece->size;
	memmove(data + piece->at, data + after, size - after);
	return size - piece->size;
}

/* Once more, before itself. */
static size_t double_it(uint8_t *data, size_t size, size_t max_size, const struct piece *piece)
{
	if (size + piece->size > max_size)
		return size;
	memmove(data + piece->at + piece->size, data + piece->at, size - piece->at);
	return size + piece->size;
}

static size_t by_bytes(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	if (LLVMFuzzerMutate != NULL)
		return LLVMFuzzerMutate(data, size, max_size);
	if (size > 0)
		data[draw(&seed) % size] = (uint8_t)draw(&seed);
	return size;
}

size_t vet_fuzz_mutate_tape(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	struct piece piece;
	if (draw(&seed) % 4 == 0 || !choose_piece(size, &seed, &piece))
		return by_bytes(data, size, max_size, seed);
	switch (draw(&seed) % 5) {
	case 0:
		return take_out(data, size, &piece);
	case 1:
		return double_it(data, size, max_size, &piece);
	case 2:
		size = double_it(data, size, max_size, &piece);
		fill(data, &piece, &seed);
		return size;
	case 3:
		data[piece.at + draw(&seed) % piece.size] = (uint8_t)draw(&seed);
		return size;
	default:
		fill(data, &piece, &seed);
		return size;
	}
}
