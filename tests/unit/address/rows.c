/* SPDX-License-Identifier: 0BSD */
/* What the tests of addresses share. */
#include "rows.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

unsigned pick(uint64_t *state, unsigned bound)
{
	return (unsigned)(next_random(state) >> 32) % bound;
}

uint64_t test_seed(void)
{
	const char *given = getenv("VETSOCK_TEST_SEED");
	uint64_t seed = given != NULL ? strtoull(given, NULL, 0) : 5952;

	print_message("VETSOCK_TEST_SEED=%" PRIu64 "\n", seed);
	return seed;
}

unsigned repetitions(unsigned count)
{
	return getenv("VETSOCK_SLOW") != NULL ? count / 20 : count;
}

bool same_error(const char *name, const struct vet_text_error *got,
		const struct vet_text_error *want)
{
	const char *reason = got->reason != NULL ? got->reason : "(none)";
	const char *wanted = want->reason != NULL ? want->reason : "(none)";

	if (got->offset == want->offset && got->length == want->length &&
	    strcmp(reason, wanted) == 0)
		return true;
	print_error("%s: got %zu+%zu \"%s\", want %zu+%zu \"%s\"\n", name, got->offset, got->length,
		    reason, want->offset, want->length, wanted);
	return false;
}

/* As text.h promises. */
bool in_bounds(const struct vet_text_error *error, size_t size)
{
	if (error->reason == NULL || error->length == 0 || error->offset > size)
		return false;
	return error->offset == size ? error->length == 1 : error->length <= size - error->offset;
}

char *exact_copy(const char *text, size_t size)
{
	char *copy = malloc(size);

	if (size > 0) {
		assert_non_null(copy);
		memcpy(copy, text, size);
	}
	return copy;
}
