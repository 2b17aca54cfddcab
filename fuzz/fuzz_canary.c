/* SPDX-License-Identifier: 0BSD */
/* A bug that is planted here on purpose: a fuzzer that does not find it within seconds is not to be
 * believed when it finds nothing elsewhere.  Never part of a normal run.
 * Aims at: nothing (the bug is in this file) */
#include "fuzz.h"

/* A block: "VT", how many bytes follow, and these; nobody looks whether they are there. */
static unsigned sum_of_block(const uint8_t *data, size_t size)
{
	unsigned sum = 0;

	if (size < 3 || data[0] != 'V' || data[1] != 'T')
		return 0;
	for (unsigned i = 0; i < data[2]; i++)
		sum += data[3 + i];
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	must(sum_of_block(data, size) <= 255 * 255); /* so that the reading is not spared */
	return 0;
}
