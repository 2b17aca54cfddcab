/* SPDX-License-Identifier: 0BSD */
/*
 * `vetsock parse` without --kind: what a text looks like.  The first rule that fits decides.
 *
 *  1. "://" anywhere: an endpoint.
 *  2. It begins with '[', ':', '.' or a digit: an address or an IP address, by rule 7.
 *  3. It begins with "seed:": a plan.
 *  4. Its first word (letters, digits, '-', '_') has '@', '#' or, maybe behind blanks, '=' behind it:
 *     that is an item of a plan or of options.  A plan with '@' and '#', which no name of an option
 *     has behind it; with '=', what the word is, or nearest to, of the calls and the options;
 *     options if it is near to none.
 *  5. Its first word has ',' or nothing behind it: options, but for a word alone that is near to no
 *     option's name: "localhost" is a host.
 *  6. Any other text with '=' and without '/': a plan ("*=pass").
 *  7. A bracket, or a dot and then the only colon: an address; what is wrong with it is wrong with an
 *     address.  All else: an IP address, whose parser says of hosts that names are not resolved.
 *
 * Blanks at the beginning are passed over in 3 to 5: a plan may have them.
 */
#include <string.h>

#include <vetsock/layer.h>

#include "cli.h"
#include "parse.h"

static bool begins(const char *text, size_t size, const char *with)
{
	return size >= strlen(with) && memcmp(text, with, strlen(with)) == 0;
}

static bool is_endpoint(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (begins(text + i, size - i, "://"))
			return true;
	return false;
}

static bool is_address(const char *text, size_t size)
{
	const char *colon = memchr(text, ':', size);
	size_t before = colon != NULL ? (size_t)(colon - text) : 0;

	if (size > 0 && text[0] == '[')
		return true;
	return colon != NULL && memchr(text, '.', before) != NULL &&
	       memchr(colon + 1, ':', size - before - 1) == NULL;
}

static size_t count_of(const char *text, size_t size, const char *bytes)
{
	size_t n = 0;

	while (n < size && text[n] != '\0' && strchr(bytes, text[n]) != NULL)
		n++;
	return n;
}

/* Whether the name is that of a call or of an option, or like one, in capitals too, for the parsers
 * say what is wrong with these; CLI_TEXT_KINDS: neither. */
static enum cli_text_kind nearest_kind(const char *word, size_t size)
{
	const char *names[VET_CALL_COUNT + VET_INDEX_ROOM];
	size_t count = 0;
	char typed[VET_OPTIONS_TEXT_SIZE];
	const char *nearest;

	if (size >= sizeof typed)
		return CLI_TEXT_KINDS;
	for (size_t i = 0; i < size; i++)
		typed[i] = word[i] >= 'A' && word[i] <= 'Z' ? (char)(word[i] - 'A' + 'a') : word[i];
	typed[size] = '\0';
	for (; count < VET_CALL_COUNT; count++)
		names[count] = vet_entry_name((unsigned)count);
	for (size_t i = 0; vet_option_at(i) != NULL; i++)
		names[count++] = vet_option_at(i)->text;
	nearest = cli_nearest(typed, names, count);
	if (nearest == NULL)
		return CLI_TEXT_KINDS;
	return vet_entry_find(nearest, strlen(nearest)) >= 0 ? CLI_TEXT_PLAN : CLI_TEXT_OPTIONS;
}

/* The same of a flag's name behind "no-". */
static enum cli_text_kind kind_of_word(const char *word, size_t size)
{
	enum cli_text_kind kind = nearest_kind(word, size);

	if (kind == CLI_TEXT_KINDS && begins(word, size, "no-"))
		kind = nearest_kind(word + 3, size - 3);
	return kind;
}

/* Rules 3 to 5; CLI_TEXT_KINDS: none of them fits. */
static enum cli_text_kind kind_by_word(const char *text, size_t size)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-_";
	size_t start = count_of(text, size, " \t");
	size_t word = count_of(text + start, size - start, letters);
	size_t behind = start + word;
	size_t blanks = count_of(text + behind, size - behind, " \t");
	enum cli_text_kind near = kind_of_word(text + start, word);

	if (begins(text + start, size - start, "seed:"))
		return CLI_TEXT_PLAN;
	if (word == 0)
		return CLI_TEXT_KINDS;
	if (behind + blanks < size && text[behind + blanks] == '=')
		return near == CLI_TEXT_PLAN ? CLI_TEXT_PLAN : CLI_TEXT_OPTIONS;
	if (behind == size)
		return near == CLI_TEXT_OPTIONS ? CLI_TEXT_OPTIONS : CLI_TEXT_KINDS;
	if (text[behind] == '@' || text[behind] == '#')
		return CLI_TEXT_PLAN;
	return text[behind] == ',' ? CLI_TEXT_OPTIONS : CLI_TEXT_KINDS;
}

enum cli_text_kind cli_guess_kind(const char *text, size_t size)
{
	if (is_endpoint(text, size))
		return CLI_TEXT_ENDPOINT;
	if (size > 0 && count_of(text, 1, "[:.0123456789") == 0) {
		enum cli_text_kind kind = kind_by_word(text, size);

		if (kind != CLI_TEXT_KINDS)
			return kind;
		if (memchr(text, '=', size) != NULL && memchr(text, '/', size) == NULL)
			return CLI_TEXT_PLAN;
	}
	return is_address(text, size) ? CLI_TEXT_ADDRESS : CLI_TEXT_IP;
}
