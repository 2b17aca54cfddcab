/* SPDX-License-Identifier: 0BSD */
#include "option_table.h"

#include <string.h>

/* clang-format off */
#define ROW(name, text, kind, flags, least, greatest, unit, ipv4, ipv6, mapped, help) \
	{ #name, text, VET_OPTION_##kind, flags, least, greatest, unit, ipv4, ipv6, mapped, help },

/* The public enumeration is written out, so that it can be read; this is the table's order. */
#define PLACE(name, ...) PLACE_##name,
enum { VET_OPTIONS(PLACE) PLACE_COUNT };
#define IN_ORDER(name, ...) \
	_Static_assert((int)VET_INDEX_##name == PLACE_##name, "the enumeration has the table's order");
VET_OPTIONS(IN_ORDER)
_Static_assert((int)VET_INDEX_COUNT == PLACE_COUNT, "the enumeration has each option");
_Static_assert(VET_INDEX_COUNT <= VET_INDEX_ROOM && VET_INDEX_ROOM < 64, "there is room");
/* clang-format on */

const struct vet_option vet_option_table[VET_INDEX_COUNT] = { VET_OPTIONS(ROW) };

const struct vet_option *vet_option_at(size_t index)
{
	return index < VET_INDEX_COUNT ? &vet_option_table[index] : NULL;
}

const struct vet_option *vet_option_find(const char *name, size_t size)
{
	for (size_t i = 0; i < VET_INDEX_COUNT; i++) {
		const struct vet_option *o = &vet_option_table[i];
		if (strlen(o->name) == size && memcmp(o->name, name, size) == 0)
			return o;
	}
	return NULL;
}
