/* SPDX-License-Identifier: 0BSD */
/* Any bytes as the mischief of a simulated world.
 * Aims at: vet_mischief_parse, vet_mischief_format */
#include <string.h>

#include <vetsock/mischief.h>

#include "fuzz.h"

static int parse(const char *text, size_t size, void *mischief, struct vet_text_error *error)
{
	return vet_mischief_parse(mischief, text, size, error);
}

static int format(const void *mischief, char *text, size_t size)
{
	return vet_mischief_format(mischief, text, size);
}

/* It has no padding, and what is not used of it is zero. */
static bool equal(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct vet_mischief)) == 0;
}

static const struct vet_fuzz_language language = {
	sizeof(struct vet_mischief), VET_MISCHIEF_TEXT_SIZE, parse, format, equal,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct vet_mischief mischief;

	(void)vet_fuzz_round_trip(&language, (const char *)data, size, &mischief);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	return vet_fuzz_mutate_tokens("mischief", ';', data, size, max_size, seed);
}
