/* SPDX-License-Identifier: 0BSD */
/* Differences from the kernel that are known and documented: docs/fidelity.md lists the same. */
#include "follow.h"

#include <string.h>

/* Each has a section of its name in docs/fidelity.md. */
const struct explained explained_rows[] = {
	{ .id = "measured-window",
	  .kind = "getsockopt TCP_MAXSEG value: 0 / 0",
	  .goes_on = true,
	  .why = "of a connection that has carried bytes it follows a measure of the kernel's memory" },
	{ .id = "measured-window",
	  .kind = "getsockopt TCP_WINDOW_CLAMP value: 0 / 0",
	  .goes_on = true,
	  .why = "likewise" },
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
