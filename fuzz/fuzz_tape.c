/* SPDX-License-Identifier: 0BSD */
/* Any bytes as the tape of a simulated run.
 * Aims at: vet_sim_tape_parse, vet_sim_tape_format */
#include <string.h>

#include <vetsock/simulate.h>

#include "fuzz.h"

enum { CHOICES = 64, TEXT = 64 * 64 };

struct tape {
	struct vet_sim_choice choice[CHOICES];
	size_t count;
};

static int parse(const char *text, size_t size, void *value, struct vet_text_error *error)
{
	struct tape *tape = value;

	return vet_sim_tape_parse(text, size, tape->choice, CHOICES, &tape->count, error);
}

static int format(const void *value, char *text, size_t size)
{
	const struct tape *tape = value;

	return (int)vet_sim_tape_format(tape->choice, tape->count, text, size);
}

static bool equal(const void *a, const void *b)
{
	const struct tape *one = a, *other = b;

	return one->count == other->count &&
	       memcmp(one->choice, other->choice, one->count * sizeof(one->choice[0])) == 0;
}

static const struct vet_fuzz_language language = {
	sizeof(struct tape), TEXT, parse, format, equal,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct tape tape;

	(void)vet_fuzz_round_trip(&language, (const char *)data, size, &tape);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	return vet_fuzz_mutate_tokens("tape", ' ', data, size, max_size, seed);
}
