/* SPDX-License-Identifier: 0BSD */
/*
 * What every parser shares: a place in a text, the names, numbers and durations that can stand
 * there, and how to say that the text is wrong.  Nothing here needs a terminator, allocates, or asks
 * the locale.
 *
 * libvetsock and libvetsock-shim each have a copy of their own: it is no part of their interface.
 */
#ifndef VETSOCK_SRC_SCAN_H
#define VETSOCK_SRC_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vetsock/text.h>

struct vet_scan {
	const char *text;
	size_t size;
	size_t at; /* the next byte to read */
	struct vet_text_error error;
};

/* Some of the text. */
struct vet_span {
	size_t offset, length;
};

struct vet_number {
	struct vet_span span;
	uint64_t value;
	bool is_huge; /* beyond UINT64_MAX */
};

struct vet_bounds {
	uint64_t min, max;
	const char *below, *above;
};

/* What to say of a name that means something elsewhere; the last, without name, is for the rest. */
struct vet_hint {
	const char *name;
	const char *reason;
};

/* ---- places.  What returns false has filled in the error, so that a reader can give up in one
 * line. ---- */

static inline bool vet_scan_at_end(const struct vet_scan *s)
{
	return s->at == s->size;
}

static inline bool vet_scan_sees(const struct vet_scan *s, char byte)
{
	return s->at < s->size && s->text[s->at] == byte;
}

static inline bool vet_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Hexadecimal digits, each as its value + 1; 0 is none.  Where they are read, so that no call and no
 * table of addresses stands in between: an IPv6 address is made of them. */
static const uint8_t vet_hex_digits[256] = {
	['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
	['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
	['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

/* Whether the next byte is this one, which is then passed. */
bool vet_scan_take(struct vet_scan *s, char byte);
/* Spaces, tabs and line ends. */
void vet_scan_skip_blanks(struct vet_scan *s);

bool vet_scan_fail(struct vet_scan *s, size_t offset, size_t length, const char *reason);
bool vet_scan_fail_span(struct vet_scan *s, struct vet_span span, const char *reason);
/* Why a byte stands in no text at all (NUL, control characters, what is not ASCII); NULL if it may. */
const char *vet_scan_foreign(char byte);
/* Blames a span, unless the next byte can stand in no text: then that. */
bool vet_scan_unknown(struct vet_scan *s, struct vet_span span, const char *reason);
/* Blames the next byte: for what it is, or with `otherwise`; at the end of the text, `missing`. */
bool vet_scan_misfit(struct vet_scan *s, const char *missing, const char *otherwise);

/* ---- names: letters, digits and '_' ---- */

/* May be empty. */
struct vet_span vet_scan_name(struct vet_scan *s);
bool vet_span_is(const struct vet_scan *s, struct vet_span span, const char *name);
bool vet_span_begins(const struct vet_scan *s, struct vet_span span, const char *with);
const char *vet_span_hint(const struct vet_scan *s, struct vet_span span,
			  const struct vet_hint *hints);

enum { VET_TURNED_SIZE = 24 }; /* no call and no error has a longer name */

/* A span in the other case, letters from `from` on turned into those from `to` on: its length, 0 if
 * it is longer than any name. */
size_t vet_span_turn(const struct vet_scan *s, struct vet_span span, char from, char to,
		     char turned[VET_TURNED_SIZE]);

/* A name that is none, to be compared with some that are. */
struct vet_typo {
	uint64_t places[256]; /* of each byte, as bits */
	size_t size;
};
enum { VET_TYPO_MAX = 64 };

/* size: from 1 to VET_TYPO_MAX. */
void vet_typo_begin(struct vet_typo *typo, const char *name, size_t size);
/* How many bytes must be inserted, removed or changed to make it of the name, or the name of it. */
size_t vet_typo_distance(const struct vet_typo *typo, const char *name, size_t length);

/* ---- numbers: decimal digits, without sign and leading zeros ---- */

/* As many digits as there are, none too, leading zeros too. */
void vet_scan_run(struct vet_scan *s, struct vet_number *number);
/* What comes after the digits is the caller's. */
bool vet_scan_digits(struct vet_scan *s, struct vet_number *number);
/* No letter follows. */
bool vet_scan_number(struct vet_scan *s, struct vet_number *number);
bool vet_number_check(struct vet_scan *s, const struct vet_number *number,
		      const struct vet_bounds *bounds);
bool vet_scan_within(struct vet_scan *s, const struct vet_bounds *bounds, uint64_t *value);

/* ---- quantities: a number and its unit, without a blank between them ---- */

struct vet_unit {
	const char *name;
	uint64_t factor;
	const char *printed; /* NULL: not printed */
};

/* What a quantity is of. */
struct vet_measure {
	const struct vet_unit *units; /* the greatest first; the last has no name */
	const char *zero;             /* how 0 is printed */
	const char *alone;            /* why a number has to have one; NULL: it need not */
	const char *fraction;
	const char *above;            /* beyond what is asked for */
	const char *two;              /* numbers, or units */
	const struct vet_hint *hints; /* of a unit that there is not */
};

extern const struct vet_measure vet_duration_measure; /* in nanoseconds, up to 2^63 */
extern const struct vet_measure vet_size_measure;     /* in bytes */

/* *value is at most `max`. */
bool vet_scan_quantity(struct vet_scan *s, const struct vet_measure *measure, uint64_t max,
		       uint64_t *value);

#endif
