/* SPDX-License-Identifier: 0BSD */
#include "scan.h"

#include <string.h>

/* ---- places, and what is wrong with them ---- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Why a byte stands in no plan at all; NULL if it may. */
static const char *foreign(char c)
{
	unsigned char byte = (unsigned char)c;

	if (byte == 0)
		return "a NUL byte is not part of a plan";
	if (byte >= 0x80)
		return "only ASCII characters are part of a plan";
	if ((byte < ' ' && !is_blank(c)) || byte == 0x7f)
		return "a control character is not part of a plan";
	return NULL;
}

bool vet_scan_take(struct vet_scan *s, char byte)
{
	bool seen = vet_scan_sees(s, byte);

	s->at += seen;
	return seen;
}

void vet_scan_skip_blanks(struct vet_scan *s)
{
	while (!vet_scan_at_end(s) && is_blank(s->text[s->at]))
		s->at++;
}

bool vet_scan_fail(struct vet_scan *s, size_t offset, size_t length, const char *reason)
{
	s->error = (struct vet_text_error){ offset, length, reason };
	return false;
}

bool vet_scan_fail_span(struct vet_scan *s, struct vet_span span, const char *reason)
{
	return vet_scan_fail(s, span.offset, span.length, reason);
}

bool vet_scan_unknown(struct vet_scan *s, struct vet_span span, const char *reason)
{
	const char *why = vet_scan_at_end(s) ? NULL : foreign(s->text[s->at]);

	return why != NULL ? vet_scan_fail(s, s->at, 1, why) : vet_scan_fail_span(s, span, reason);
}

bool vet_scan_misfit(struct vet_scan *s, const char *missing, const char *otherwise)
{
	const struct vet_span next = { s->at, 1 };

	if (vet_scan_at_end(s))
		return vet_scan_fail_span(s, next, missing);
	if (is_blank(s->text[s->at]))
		return vet_scan_fail_span(s, next, "no blank stands here");
	return vet_scan_unknown(s, next, otherwise);
}

/* ---- names ---- */

static bool is_of_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || vet_is_digit(c) || c == '_';
}

struct vet_span vet_scan_name(struct vet_scan *s)
{
	size_t start = s->at;

	while (!vet_scan_at_end(s) && is_of_name(s->text[s->at]))
		s->at++;
	return (struct vet_span){ start, s->at - start };
}

bool vet_span_begins(const struct vet_scan *s, struct vet_span span, const char *with)
{
	size_t length = strlen(with);

	return span.length >= length && memcmp(s->text + span.offset, with, length) == 0;
}

bool vet_span_is(const struct vet_scan *s, struct vet_span span, const char *name)
{
	return span.length == strlen(name) && vet_span_begins(s, span, name);
}

const char *vet_span_hint(const struct vet_scan *s, struct vet_span span,
			  const struct vet_hint *hints)
{
	while (hints->name != NULL && !vet_span_is(s, span, hints->name))
		hints++;
	return hints->reason;
}

size_t vet_span_turn(const struct vet_scan *s, struct vet_span span, char from, char to,
		     char turned[VET_TURNED_SIZE])
{
	if (span.length > VET_TURNED_SIZE)
		return 0;
	for (size_t i = 0; i < span.length; i++) {
		char c = s->text[span.offset + i];

		turned[i] = c >= from && c - from < 26 ? (char)(c - from + to) : c;
	}
	return span.length;
}

/* ---- numbers ---- */

static void add_digit(struct vet_number *number, char c)
{
	uint64_t digit = (uint64_t)(c - '0');

	number->is_huge = number->is_huge || number->value > (UINT64_MAX - digit) / 10;
	number->value = number->value * 10 + digit;
}

bool vet_scan_digits(struct vet_scan *s, struct vet_number *number)
{
	*number = (struct vet_number){ .span.offset = s->at };
	while (!vet_scan_at_end(s) && vet_is_digit(s->text[s->at]))
		add_digit(number, s->text[s->at++]);
	number->span.length = s->at - number->span.offset;
	if (number->span.length == 0 && (vet_scan_sees(s, '-') || vet_scan_sees(s, '+')))
		return vet_scan_fail(s, s->at, 1, "a number has no sign");
	if (number->span.length == 0)
		return vet_scan_misfit(s, "a number is missing", "a number is missing");
	if (number->span.length > 1 && s->text[number->span.offset] == '0')
		return vet_scan_fail_span(s, number->span, "a number has no leading zeros");
	return true;
}

bool vet_scan_number(struct vet_scan *s, struct vet_number *number)
{
	struct vet_scan whole = *s;
	struct vet_span word = vet_scan_name(&whole);
	size_t digits = 0;

	while (digits < word.length && vet_is_digit(s->text[word.offset + digits]))
		digits++;
	if (digits < word.length)
		return vet_scan_fail_span(s, word, "a number is decimal digits");
	return vet_scan_digits(s, number);
}

bool vet_number_check(struct vet_scan *s, const struct vet_number *number,
		      const struct vet_bounds *bounds)
{
	if (number->is_huge || number->value > bounds->max)
		return vet_scan_fail_span(s, number->span, bounds->above);
	if (number->value < bounds->min)
		return vet_scan_fail_span(s, number->span, bounds->below);
	return true;
}

bool vet_scan_within(struct vet_scan *s, const struct vet_bounds *bounds, uint64_t *value)
{
	struct vet_number number;

	if (!vet_scan_number(s, &number) || !vet_number_check(s, &number, bounds))
		return false;
	*value = number.value;
	return true;
}
