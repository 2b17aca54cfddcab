/* SPDX-License-Identifier: 0BSD */
/* The names of options in texts, and what is said of a name that is none. */
#include <string.h>

#include "option_table.h"
#include "options.h"

/* ---- the table's ---- */

struct name {
	size_t length, whole; /* of its text, and of its setter's name */
	const char *near;     /* NULL: only read, so no advice */
};

#define NEAR(text)                  "there is no option of this name; did you mean '" text "'?"
#define IF_BOTH(near)               near
#define IF_VET_OPTION_ON_IPV6(near) near
#define IF_READ_ONLY(near)          NULL
#define NAME(name, text, kind, flags, ...) \
	{ sizeof text - 1, sizeof #name - 1, IF_##flags(NEAR(text)) },
static const struct name names[] = { VET_OPTIONS(NAME) };

/* Whether it is the name with '-' for '_'. */
static bool is_spelled(const char *text, size_t size, const char *name)
{
	size_t i = 0;

	while (i < size && text[i] == (name[i] == '_' ? '-' : name[i]))
		i++;
	return i == size;
}

static size_t find(const char *text, size_t size)
{
	for (size_t i = 0; i < VET_INDEX_COUNT; i++) {
		const struct vet_option *o = &vet_option_table[i];

		if (names[i].length == size && memcmp(o->text, text, size) == 0)
			return i;
		if (names[i].whole == size && is_spelled(text, size, o->name))
			return i;
	}
	return VET_NO_OPTION;
}

size_t vet_options_find(const char *text, size_t size, bool *is_off)
{
	size_t index = find(text, size);

	*is_off = index == VET_NO_OPTION && size > 3 && memcmp(text, "no-", 3) == 0;
	return *is_off ? find(text + 3, size - 3) : index;
}

/* ---- none ---- */

static const char no_name[] = "there is no option of this name";

/* The name that is the least changed so far. */
struct guess {
	const char *text;
	size_t size;
	size_t changes;
	const char *reason;
};

/* How many bytes must be changed, inserted or removed in one place to make one of the other. */
static size_t distance(const char *a, size_t size, const char *b, size_t length)
{
	size_t least = size < length ? size : length, most = size < length ? length : size;
	size_t before = 0, behind = 0;

	while (before < least && a[before] == b[before])
		before++;
	while (before + behind < least && a[size - behind - 1] == b[length - behind - 1])
		behind++;
	return most - before - behind;
}

static void consider(struct guess *guess, const char *name, size_t length, const char *reason)
{
	size_t changes = distance(guess->text, guess->size, name, length);

	/* Half of the name must be right: further off it would be a guess. */
	if (changes > length / 2 || changes >= guess->changes)
		return;
	guess->changes = changes;
	guess->reason = reason;
}

static const char *explain_nearest(const char *text, size_t size,
				   const struct vet_other_item *other)
{
	struct guess guess = { text, size, SIZE_MAX, no_name };

	for (size_t i = 0; i < VET_INDEX_COUNT; i++)
		if (names[i].near != NULL)
			consider(&guess, vet_option_table[i].text, names[i].length, names[i].near);
	if (other != NULL)
		consider(&guess, other->name, strlen(other->name), other->near);
	return guess.reason;
}

const char *vet_options_explain_name(const struct vet_scan *s, struct vet_span name,
				     const struct vet_other_item *other)
{
	char text[VET_TURNED_SIZE];
	const char *typed = s->text + name.offset;
	size_t size = vet_span_turn(s, name, 'A', 'a', text), index = VET_NO_OPTION;
	bool is_off = false, is_small = memcmp(text, typed, size) == 0;

	for (size_t i = 0; i < size; i++)
		text[i] = text[i] == '_' ? '-' : text[i];
	if (memcmp(text, typed, size) != 0)
		index = vet_options_find(text, size, &is_off);
	if (index == VET_NO_OPTION)
		return explain_nearest(text, size, other);
	if (!is_small)
		return "the names of options are written in small letters";
	return is_off || names[index].near == NULL ? "'-' stands in a name, and no '_'"
						   : names[index].near;
}
