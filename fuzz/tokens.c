/* SPDX-License-Identifier: 0BSD */
/* A text changed by whole words and whole items, where a change of bytes mostly leaves no word whole. */
#include <string.h>

#include "fuzz.h"

/* libFuzzer's own mutation of bytes; other fuzzers may have none. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

struct text {
	uint8_t *data;
	size_t size, max;
	uint64_t random;
	char end; /* of an item */
};

struct part {
	size_t at, size;
};

/* xorshift64*; n is above 0. */
static size_t pick(struct text *t, size_t n)
{
	t->random ^= t->random >> 12;
	t->random ^= t->random << 25;
	t->random ^= t->random >> 27;
	return (size_t)((t->random * UINT64_C(2685821657736338717) >> 33) % n);
}

static bool is_of_word(uint8_t byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= 'a' && byte <= 'z') || byte == '_';
}

/* The word around a random place; or the one byte there, or none in an empty text. */
static struct part pick_token(struct text *t)
{
	size_t from = t->size > 0 ? pick(t, t->size) : 0, to = from;

	while (to < t->size && is_of_word(t->data[to]))
		to++;
	while (from < to && from > 0 && is_of_word(t->data[from - 1]))
		from--;
	return (struct part){ from, to > from ? to - from : t->size > 0 };
}

/* The item around a random place, with its end. */
static struct part pick_item(struct text *t)
{
	size_t from = t->size > 0 ? pick(t, t->size) : 0, to = from;

	while (from > 0 && t->data[from - 1] != (uint8_t)t->end)
		from--;
	while (to < t->size && t->data[to++] != (uint8_t)t->end)
		;
	return (struct part){ from, to - from };
}

/* Puts bytes, which are not of the text itself, where a part is; leaves it as it is if there is no room. */
static void replace(struct text *t, struct part part, const void *bytes, size_t size)
{
	size_t behind = part.at + part.size;

	if (t->size - part.size + size > t->max)
		return;
	memmove(t->data + part.at + size, t->data + behind, t->size - behind);
	if (size > 0)
		memcpy(t->data + part.at, bytes, size);
	t->size += size - part.size;
}

static void put_word(struct text *t, const char *target, struct part where)
{
	static const char *words[VET_FUZZ_WORDS];
	static size_t count;
	const char *word;

	if (count == 0)
		count = vet_fuzz_words(target, words);
	must(count > 0);
	word = words[pick(t, count)];
	replace(t, where, word, strlen(word));
}

/* Copies an item before another one, or in its place. */
static void copy_item(struct text *t, bool stays)
{
	uint8_t copy[512];
	struct part from = pick_item(t), to = pick_item(t);

	if (from.size > sizeof(copy))
		return;
	if (from.size > 0)
		memcpy(copy, t->data + from.at, from.size);
	if (stays)
		to.size = 0;
	replace(t, to, copy, from.size);
}

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

/* The last digit of a word that begins with a number, one up or down: limits are one apart. */
static void step_number(struct text *t)
{
	struct part token = pick_token(t);
	size_t digits = 0;
	uint8_t *last;

	while (digits < token.size && is_digit(t->data[token.at + digits]))
		digits++;
	if (digits == 0)
		return;
	last = t->data + token.at + digits - 1;
	*last = (uint8_t)('0' + (*last - '0' + (pick(t, 2) ? 1 : 9)) % 10);
}

static void change(struct text *t, const char *target)
{
	struct part token = pick_token(t);

	switch (pick(t, 8)) {
	case 0:
	case 1:
		put_word(t, target, token);
		break;
	case 2:
		put_word(t, target, (struct part){ token.at, 0 });
		break;
	case 3:
		replace(t, token, NULL, 0);
		break;
	case 4:
		copy_item(t, true);
		break;
	case 5:
		copy_item(t, false);
		break;
	case 6:
		replace(t, pick_item(t), NULL, 0);
		break;
	default:
		step_number(t);
	}
}

size_t vet_fuzz_mutate_tokens(const char *target, char end, uint8_t *data, size_t size,
			      size_t max_size, unsigned seed)
{
	struct text t = { data, size, max_size, (UINT64_C(1) << 32) + seed, end };
	size_t changes = 1 + pick(&t, 4);

	if (LLVMFuzzerMutate != NULL && pick(&t, 3) == 0)
		return LLVMFuzzerMutate(data, size, max_size);
	while (changes-- > 0)
		change(&t, target);
	return t.size;
}
