/* SPDX-License-Identifier: 0BSD */
#include "cli.h"

#include <string.h>

enum { NAME_MAX_SIZE = 128 };

static size_t least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* How many bytes must be inserted, removed or changed to make one name of the other (Levenshtein).
 * Both are shorter than NAME_MAX_SIZE. */
static size_t distance(const char *a, const char *b)
{
	size_t row[NAME_MAX_SIZE];
	size_t width = strlen(b);

	for (size_t j = 0; j <= width; j++)
		row[j] = j;
	for (size_t i = 0; a[i] != '\0'; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < width; j++) {
			size_t above = row[j + 1];

			row[j + 1] = least(above + 1, row[j] + 1, diagonal + (a[i] != b[j]));
			diagonal = above;
		}
	}
	return row[width];
}

const char *cli_nearest(const char *typed, const char *const *names, size_t count)
{
	const char *nearest = NULL;
	size_t best = 0;

	if (strlen(typed) >= NAME_MAX_SIZE)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t changes;

		if (strlen(names[i]) >= NAME_MAX_SIZE)
			continue;
		changes = distance(typed, names[i]);

		/* Half of the name must be right: further off it would be a guess. */
		if (changes * 2 <= strlen(names[i]) && (nearest == NULL || changes < best)) {
			nearest = names[i];
			best = changes;
		}
	}
	return nearest;
}
