/* SPDX-License-Identifier: 0BSD */
#include "option_table.h"

#include <string.h>

/* clang-format off */
#define ROW(name, kind, flags, least, greatest, unit, ipv4, ipv6, mapped, help) \
	{ #name, VET_OPTION_##kind, flags, least, greatest, unit, ipv4, ipv6, mapped, help },
/* clang-format on */

const struct vet_option vet_option_table[VET_OPTION_COUNT] = { VET_OPTIONS(ROW) };

const struct vet_option *vet_option_at(size_t index)
{
	return index < VET_OPTION_COUNT ? &vet_option_table[index] : NULL;
}

const struct vet_option *vet_option_find(const char *name, size_t size)
{
	for (size_t i = 0; i < VET_OPTION_COUNT; i++) {
		const struct vet_option *o = &vet_option_table[i];
		if (strlen(o->name) == size && memcmp(o->name, name, size) == 0)
			return o;
	}
	return NULL;
}
