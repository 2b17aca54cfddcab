/* SPDX-License-Identifier: 0BSD */
#include "scan.h"

#include <string.h>

/* ---- places, and what is wrong with them ---- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

const char *vet_scan_foreign(char c)
{
	unsigned char byte = (unsigned char)c;

	if (byte == 0)
		return "a NUL byte cannot stand here";
	if (byte >= 0x80)
		return "only ASCII characters can stand here";
	if ((byte < ' ' && !is_blank(c)) || byte == 0x7f)
		return "a control character cannot stand here";
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
	const char *why = vet_scan_at_end(s) ? NULL : vet_scan_foreign(s->text[s->at]);

	return why != NULL ? vet_scan_fail(s, s->at, 1, why) : vet_scan_fail_span(s, span, reason);
}

bool vet_scan_misfit(struct vet_scan *s, const char *missing, const char *otherwise)
{
	const struct vet_span next = { s->at, 1 };

	if (vet_scan_at_end(s))
		return vet_scan_fail_span(s, next, missing);
	if (vet_scan_sees(s, '\n') || vet_scan_sees(s, '\r'))
		return vet_scan_fail_span(s, next, "no line end stands here");
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
	size_t start = s->at, at = start;

	while (at < s->size && is_of_name(s->text[at]))
		at++;
	s->at = at;
	return (struct vet_span){ start, at - start };
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

void vet_typo_begin(struct vet_typo *typo, const char *name, size_t size)
{
	*typo = (struct vet_typo){ .size = size };
	for (size_t i = 0; i < size; i++)
		typo->places[(uint8_t)name[i]] |= UINT64_C(1) << i;
}

/* Column by column of Levenshtein's table, of which only the steps from one place to the next one
 * down are kept, as bits, for they are never more than 1 (Myers, "A fast bit-vector algorithm", J.
 * ACM 46.3, 1999): what fuzzers write is a name so rarely that this has to be quick. */
size_t vet_typo_distance(const struct vet_typo *typo, const char *name, size_t length)
{
	uint64_t up = UINT64_MAX, down = 0, last = UINT64_C(1) << (typo->size - 1);
	size_t changes = typo->size;

	for (size_t i = 0; i < length; i++) {
		uint64_t same = typo->places[(uint8_t)name[i]] | down;
		uint64_t flat = (((same & up) + up) ^ up) | same;
		uint64_t right = down | ~(flat | up), left = up & flat;

		changes += (right & last) != 0;
		changes -= (left & last) != 0;
		right = right << 1 | 1;
		up = left << 1 | ~(same | right);
		down = right & same;
	}
	return changes;
}

/* ---- numbers ---- */

static void add_digit(struct vet_number *number, char c)
{
	uint64_t digit = (uint64_t)(c - '0');

	number->is_huge = number->is_huge || number->value > (UINT64_MAX - digit) / 10;
	number->value = number->value * 10 + digit;
}

void vet_scan_run(struct vet_scan *s, struct vet_number *number)
{
	/* Not kept where they are given: nobody knows that they are apart. */
	struct vet_number run = { .span.offset = s->at };
	size_t at = s->at;

	while (at < s->size && vet_is_digit(s->text[at]))
		add_digit(&run, s->text[at++]);
	run.span.length = at - s->at;
	s->at = at;
	*number = run;
}

bool vet_scan_digits(struct vet_scan *s, struct vet_number *number)
{
	vet_scan_run(s, number);
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

/* ---- quantities ---- */

static const struct vet_unit times[] = {
	{ "h", UINT64_C(3600000000000), "h" },
	{ "m", UINT64_C(60000000000), "m" },
	{ "s", UINT64_C(1000000000), "s" },
	{ "ms", UINT64_C(1000000), "ms" },
	{ "us", UINT64_C(1000), "us" },
	{ "ns", UINT64_C(1), "ns" },
	{ NULL, 0, NULL },
};
static const char which_time[] = "a duration has a unit: ns, us, ms, s, m or h";
static const struct vet_hint no_time[] = {
	{ "sec", "seconds are written s" },
	{ "secs", "seconds are written s" },
	{ "S", "seconds are written s" },
	{ "min", "minutes are written m" },
	{ "M", "minutes are written m" },
	{ "d", "days are written as hours: 24h" },
	{ "msec", "milliseconds are written ms" },
	{ "usec", "microseconds are written us" },
	{ "B", which_time },
	{ NULL, which_time },
};
const struct vet_measure vet_duration_measure = {
	.units = times,
	.zero = "0s",
	.alone = which_time,
	.fraction = "a duration is a whole number: 1500ms for 1.5s",
	.above = "a duration is at most 9223372036854775807ns: 292 years",
	.two = "a duration is one number and one unit",
	.hints = no_time,
};

static const struct vet_unit sizes[] = {
	{ "GiB", UINT64_C(1) << 30, "GiB" },
	{ "GB", UINT64_C(1000000000), NULL },
	{ "MiB", UINT64_C(1) << 20, "MiB" },
	{ "MB", UINT64_C(1000000), NULL },
	{ "KiB", UINT64_C(1) << 10, "KiB" },
	{ "kB", UINT64_C(1000), NULL },
	{ "B", 1, "" },
	{ NULL, 0, NULL },
};
static const char either_kilo[] = "this could be 1024 or 1000 bytes: KiB or kB";
static const char either_mega[] = "this could be 1048576 or 1000000 bytes: MiB or MB";
static const char either_giga[] = "this could be 2^30 or 10^9 bytes: GiB or GB";
static const struct vet_hint no_size[] = {
	{ "k", either_kilo },
	{ "K", either_kilo },
	{ "KB", either_kilo },
	{ "kb", either_kilo },
	{ "Kb", either_kilo },
	{ "kib", either_kilo },
	{ "kiB", either_kilo },
	{ "m", either_mega },
	{ "M", either_mega },
	{ "mb", either_mega },
	{ "Mb", either_mega },
	{ "mib", either_mega },
	{ "g", either_giga },
	{ "G", either_giga },
	{ "gb", either_giga },
	{ "Gb", either_giga },
	{ "gib", either_giga },
	{ NULL, "a size has a unit B, kB, KiB, MB, MiB, GB or GiB, or none" },
};
const struct vet_measure vet_size_measure = {
	.units = sizes,
	.zero = "0",
	.fraction = "a size is a whole number: 1536KiB for 1.5MiB",
	.above = "a size is at most 9223372036854775807 bytes",
	.two = "a size is one number and one unit",
	.hints = no_size,
};

static bool has_digit(const struct vet_scan *s, struct vet_span name)
{
	size_t at = name.offset, end = name.offset + name.length;

	while (at < end && !vet_is_digit(s->text[at]))
		at++;
	return at < end;
}

/* The unit behind a number, by what it multiplies it. */
static bool scan_unit(struct vet_scan *s, const struct vet_measure *measure, uint64_t *factor)
{
	struct vet_span name = vet_scan_name(s), next = { s->at, 1 };
	const struct vet_unit *unit = measure->units;

	*factor = 1;
	if (name.length == 0 && vet_scan_sees(s, '.'))
		return vet_scan_fail_span(s, next, measure->fraction);
	if (name.length == 0)
		return measure->alone == NULL || vet_scan_unknown(s, next, measure->alone);
	while (unit->name != NULL && !vet_span_is(s, name, unit->name))
		unit++;
	if (unit->name == NULL)
		return vet_scan_unknown(
			s, name,
			has_digit(s, name) ? measure->two : vet_span_hint(s, name, measure->hints));
	*factor = unit->factor;
	return true;
}

bool vet_scan_quantity(struct vet_scan *s, const struct vet_measure *measure, uint64_t max,
		       uint64_t *value)
{
	struct vet_number number;
	size_t start = s->at;
	uint64_t factor;

	if (!vet_scan_digits(s, &number) || !scan_unit(s, measure, &factor))
		return false;
	if (number.is_huge || number.value > max / factor)
		return vet_scan_fail(s, start, s->at - start, measure->above);
	*value = number.value * factor;
	return true;
}
