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
#define NAME(name, text, kind, flags, ...) \
	{ sizeof text - 1, sizeof #name - 1, VET_IF_SET_##flags(NEAR(text), NULL) },
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
	struct vet_typo typo;
	size_t limit; /* a nearer one has fewer changes */
	const char *reason;
};

static void consider(struct guess *guess, const char *name, size_t length, const char *reason)
{
	/* Half of the name must be right: further off it would be a guess. */
	size_t limit = length / 2 < guess->limit ? length / 2 + 1 : guess->limit, changes;

	/* The bytes that one has more than the other are changes; this is quick. */
	if (guess->typo.size >= length + limit || length >= guess->typo.size + limit)
		return;
	changes = vet_typo_distance(&guess->typo, name, length);
	if (changes >= limit)
		return;
	guess->limit = changes;
	guess->reason = reason;
}

/* What options are called elsewhere, as far from their names here. */
static const struct vet_hint elsewhere[] = {
	{ "sndbuf", NEAR("send-buffer") },
	{ "so-sndbuf", NEAR("send-buffer") },
	{ "rcvbuf", NEAR("receive-buffer") },
	{ "so-rcvbuf", NEAR("receive-buffer") },
	{ "rcvlowat", NEAR("receive-low-water") },
	{ "keepidle", NEAR("keepalive-time") },
	{ "keepintvl", NEAR("keepalive-interval") },
	{ "keepcnt", NEAR("keepalive-count") },
	{ "tcp-nodelay", NEAR("no-delay") },
	{ "delay", NEAR("no-delay") },
	{ "v6only", NEAR("only-ipv6") },
	{ "ipv6-v6only", NEAR("only-ipv6") },
	{ "tos", NEAR("type-of-service") },
	{ "tclass", NEAR("type-of-service") },
	{ "hops", NEAR("ttl") },
	{ "hop-limit", NEAR("ttl") },
	{ "device", NEAR("bind-to-device") },
	{ "timeout", NEAR("user-timeout") },
	{ NULL, NULL },
};

static const char *explain_nearest(const char *text, size_t size,
				   const struct vet_other_item *other)
{
	const struct vet_scan name = { .text = text, .size = size };
	struct guess guess;

	if (size == 0) /* it is longer than any name */
		return no_name;
	guess.reason = vet_span_hint(&name, (struct vet_span){ 0, size }, elsewhere);
	if (guess.reason != NULL)
		return guess.reason;
	guess.limit = SIZE_MAX;
	guess.reason = no_name;
	vet_typo_begin(&guess.typo, text, size);
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
