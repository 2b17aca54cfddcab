/* SPDX-License-Identifier: 0BSD */
/* Differences from the kernel that are known and documented: docs/fidelity.md lists the same. */
#include "follow.h"

#include <string.h>

const struct explained explained_rows[] = {
	{ .id = "none", .kind = "no such kind" },
};

const unsigned explained_count = sizeof(explained_rows) / sizeof(explained_rows[0]);
uint64_t explained_met[sizeof(explained_rows) / sizeof(explained_rows[0])];

static bool fits(const char *pattern, const char *kind)
{
	size_t size = strlen(pattern);
	if (size > 0 && pattern[size - 1] == '*')
		return strncmp(pattern, kind, size - 1) == 0;
	return strcmp(pattern, kind) == 0;
}

const struct explained *explained_find(const struct program *program, uint32_t step,
				       const struct answer *kernel, const struct answer *other,
				       const char *kind)
{
	for (unsigned i = 0; i < explained_count; i++) {
		const struct explained *row = &explained_rows[i];
		if (fits(row->kind, kind) &&
		    (row->when == NULL || row->when(program, step, kernel, other))) {
			explained_met[i]++;
			return row;
		}
	}
	return NULL;
}
