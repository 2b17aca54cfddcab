/* SPDX-License-Identifier: 0BSD */
/* The specimens as a shared object, for `vetsock explore --load`. */
#include "specimens.h"

#include <stdio.h>

enum { MOST = 256, NAME_SIZE = 64 };

VET_API const struct vet_scenario *vetsock_scenarios(uint32_t version, size_t *count);

/* "short-write-ignored" is the broken version, "short-write-ignored/fixed" the other one. */
const struct vet_scenario *vetsock_scenarios(uint32_t version, size_t *count)
{
	static struct vet_scenario scenarios[MOST];
	static char names[MOST][NAME_SIZE];
	const struct specimen *at;
	*count = 0;
	if (version != VET_SYS_VERSION)
		return NULL;
	for (size_t i = 0; (at = specimen_at(i)) != NULL && *count + 2 <= MOST; i++) {
		(void)snprintf(names[*count], NAME_SIZE, "%s/fixed", at->name);
		scenarios[*count + 1] = specimen_scenario(at, true, names[*count]);
		scenarios[*count] = specimen_scenario(at, false, at->name);
		*count += 2;
	}
	return scenarios;
}
