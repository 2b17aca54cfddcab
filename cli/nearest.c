/* SPDX-License-Identifier: 0BSD */
#include "cli.h"

#include <string.h>

#include "../src/scan.h"

const char *cli_nearest(const char *typed, const char *const *names, size_t count)
{
	const char *nearest = NULL;
	size_t best = 0, size = strlen(typed);
	struct vet_typo typo;

	if (size == 0 || size > VET_TYPO_MAX)
		return NULL;
	vet_typo_begin(&typo, typed, size);
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(names[i]);
		size_t changes = vet_typo_distance(&typo, names[i], length);

		/* Half of the name must be right: further off it would be a guess. */
		if (changes * 2 <= length && (nearest == NULL || changes < best)) {
			nearest = names[i];
			best = changes;
		}
	}
	return nearest;
}
