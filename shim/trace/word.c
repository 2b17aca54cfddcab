/* SPDX-License-Identifier: 0BSD */
/* The words of a line: text, numbers, names, strings, durations, errors; both ways. */
#include <string.h>

#include <vetsock/error.h>

#include "../../src/hash.h"
#include "text.h"

/* ---- the hash ---- */

void vet_line_hash_word(struct vet_line *line, uint64_t word)
{
	line->hash = vet_hash_word(line->hash, word);
}

/* What kind of thing it is goes first, so that no two runs of words are told apart by luck. */
void vet_line_hash(struct vet_line *line, enum vet_thing thing, uint64_t number)
{
	vet_line_hash_word(line, (uint64_t)thing << 56 | number);
}

static void hash_bytes(struct vet_line *line, enum vet_thing thing, const unsigned char *data,
		       uint64_t size)
{
	vet_line_hash(line, thing, size);
	for (uint64_t i = 0; i < size; i += 8) {
		uint64_t word = 0;
		for (unsigned j = 0; j < 8 && i + j < size; j++)
			word |= (uint64_t)data[i + j] << 8 * j;
		vet_line_hash_word(line, word);
	}
}

/* ---- writing ---- */

void vet_line_flush(struct vet_line *line)
{
	if (line->filled > 0 && line->error == 0)
		line->error = line->sink(line->context, line->piece, line->filled);
	line->filled = 0;
}

void vet_line_put(struct vet_line *line, const char *text, size_t size)
{
	if (line->sink == NULL)
		return;
	while (size > 0) {
		size_t room = sizeof line->piece - line->filled;
		size_t part = size < room ? size : room;
		memcpy(line->piece + line->filled, text, part);
		line->filled += part;
		text += part;
		size -= part;
		if (line->filled == sizeof line->piece)
			vet_line_flush(line);
	}
}

static void put_text(struct vet_line *line, const char *text)
{
	vet_line_put(line, text, strlen(text));
}

void vet_line_put_number(struct vet_line *line, uint64_t number)
{
	char digits[20];
	size_t at = sizeof digits;
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	vet_line_put(line, digits + at, sizeof digits - at);
}

/* Names are hashed as their bytes: they are the same everywhere, whatever number stands for them.
 * */
void vet_line_put_name(struct vet_line *line, const char *name)
{
	put_text(line, name);
	hash_bytes(line, VET_THING_NAME, (const unsigned char *)name, strlen(name));
}

/* The bytes of a string from 0x20 to 0x7e stand for themselves, but for these. */
static const char *escape_of(unsigned char byte)
{
	return byte == '\n' ? "\\n" : byte == '"' ? "\\\"" : byte == '\\' ? "\\\\" : NULL;
}

static bool is_plain(unsigned char byte)
{
	return byte >= 0x20 && byte <= 0x7e && byte != '"' && byte != '\\';
}

static void put_string(struct vet_line *line, const unsigned char *data, uint64_t size)
{
	static const char digits[] = "0123456789abcdef";
	if (line->sink == NULL)
		return;
	put_text(line, "\"");
	for (uint64_t i = 0; i < size; i++) {
		const char *escape = escape_of(data[i]);
		if (is_plain(data[i])) {
			char byte = (char)data[i];
			vet_line_put(line, &byte, 1);
		} else if (escape != NULL) {
			put_text(line, escape);
		} else {
			char hex[4] = { '\\', 'x', digits[data[i] >> 4], digits[data[i] & 15] };
			vet_line_put(line, hex, sizeof hex);
		}
	}
	put_text(line, "\"");
}

/* ---- reading ---- */

void vet_line_wrong(struct vet_line *line, size_t offset, size_t length, const char *reason)
{
	if (!vet_line_is_wrong(line))
		line->wrong = (struct vet_text_error){ offset, length > 0 ? length : 1, reason };
}

bool vet_line_sees(const struct vet_line *line, const char *text)
{
	size_t size = strlen(text);
	return size <= line->end - line->at && memcmp(line->text + line->at, text, size) == 0;
}

bool vet_line_takes(struct vet_line *line, const char *text)
{
	bool sees = vet_line_sees(line, text);
	if (sees)
		line->at += strlen(text);
	return sees;
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_of_word(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || is_digit(byte) ||
	       byte == '_' || byte == '.';
}

size_t vet_line_word(const struct vet_line *line)
{
	size_t size = 0;
	while (line->at + size < line->end && is_of_word(line->text[line->at + size]))
		size++;
	return size;
}

/* The digits that come; their number is returned, 0 if something is wrong. */
static size_t take_digits(struct vet_line *line, uint64_t *value, uint64_t greatest)
{
	size_t begin = line->at, size = 0;
	bool fits = true;
	*value = 0;
	for (; begin + size < line->end && is_digit(line->text[begin + size]); size++) {
		unsigned digit = (unsigned char)line->text[begin + size] - (unsigned)'0';
		fits = fits && *value <= (UINT64_MAX - digit) / 10;
		*value = *value * 10 + digit;
	}
	if (size == 0)
		vet_line_wrong(line, begin, 1, "a number is missing here");
	else if (size > 1 && line->text[begin] == '0')
		vet_line_wrong(line, begin, size, "a number has no leading zeros");
	else if (!fits || *value > greatest)
		vet_line_wrong(line, begin, size, "the number is too large here");
	line->at += size;
	return vet_line_is_wrong(line) ? 0 : size;
}

/* ---- both ways ---- */

void vet_line_literal(struct vet_line *line, const char *text)
{
	if (!line->is_reading)
		put_text(line, text);
	else if (!vet_line_is_wrong(line) && !vet_line_takes(line, text))
		vet_line_wrong(line, line->at, 1,
			       text[0] == ' ' ? "a blank is missing here"
					      : "another character is expected here");
}

bool vet_line_choice(struct vet_line *line, bool is_chosen, const char *text)
{
	if (line->is_reading)
		return !vet_line_is_wrong(line) && vet_line_takes(line, text);
	vet_line_hash(line, VET_THING_CHOICE, is_chosen);
	if (is_chosen)
		put_text(line, text);
	return is_chosen;
}

void vet_line_unsigned(struct vet_line *line, uint64_t *value, uint64_t greatest)
{
	if (line->is_reading) {
		if (vet_line_is_wrong(line) || take_digits(line, value, greatest) == 0)
			*value = 0;
		return;
	}
	vet_line_hash(line, VET_THING_NUMBER, 0);
	vet_line_hash_word(line, *value);
	vet_line_put_number(line, *value);
}

/* A number and its sign: how far it is from 0. */
static uint64_t distance(int64_t value)
{
	return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

static int64_t take_signed(struct vet_line *line, int64_t least, int64_t greatest)
{
	uint64_t value = 0;
	size_t begin = line->at;
	bool is_negative = vet_line_takes(line, "-");
	if (is_negative && least >= 0)
		vet_line_wrong(line, begin, 1, "a negative number cannot stand here");
	if (take_digits(line, &value, is_negative ? distance(least) : (uint64_t)greatest) == 0)
		return 0;
	if (is_negative && value == 0)
		vet_line_wrong(line, begin, line->at - begin, "0 has no sign");
	return is_negative ? -(int64_t)(value - 1) - 1 : (int64_t)value;
}

static void put_signed(struct vet_line *line, int64_t value)
{
	if (value < 0)
		put_text(line, "-");
	vet_line_put_number(line, distance(value));
}

void vet_line_signed(struct vet_line *line, int64_t *value, int64_t least, int64_t greatest)
{
	if (line->is_reading) {
		*value = vet_line_is_wrong(line) ? 0 : take_signed(line, least, greatest);
		return;
	}
	vet_line_hash(line, VET_THING_NUMBER, 0);
	vet_line_hash_word(line, (uint64_t)*value);
	put_signed(line, *value);
}

void vet_line_int(struct vet_line *line, int *value)
{
	int64_t wide = *value;
	vet_line_signed(line, &wide, INT32_MIN, INT32_MAX);
	*value = (int)wide;
}

/* A trace of a machine with 64 bits may not fit one with 32. */
void vet_line_size(struct vet_line *line, size_t *value)
{
	uint64_t wide = *value;
	vet_line_unsigned(line, &wide, SIZE_MAX);
	*value = (size_t)wide;
}

static int hex_digit(char byte)
{
	if (is_digit(byte))
		return byte - '0';
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* What a backslash begins: the byte, or -1 if something is wrong. */
static int take_escape(struct vet_line *line)
{
	size_t begin = line->at++;
	size_t left = line->end - line->at;
	char kind = '\0';
	if (left > 0)
		kind = line->text[line->at++];
	if (kind == 'n' || kind == '"' || kind == '\\')
		return kind == 'n' ? '\n' : kind;
	int high = left >= 3 ? hex_digit(line->text[begin + 2]) : -1;
	int low = left >= 3 ? hex_digit(line->text[begin + 3]) : -1;
	if (kind != 'x' || high < 0 || low < 0) {
		vet_line_wrong(line, begin, left >= 1 ? 2 : 1,
			       "an escape is \\n, \\\", \\\\ or \\x and two digits (0-9, a-f)");
		return -1;
	}
	unsigned byte = (unsigned)high << 4 | (unsigned)low;
	line->at = begin + 4;
	if (is_plain((unsigned char)byte) || escape_of((unsigned char)byte) != NULL)
		vet_line_wrong(line, begin, 4, "this byte is written without \\x");
	return (int)byte;
}

/* The byte of a string that comes, or -1 if something is wrong. */
static int take_byte(struct vet_line *line)
{
	if (line->text[line->at] == '\\')
		return take_escape(line);
	unsigned char byte = (unsigned char)line->text[line->at];
	if (!is_plain(byte)) {
		vet_line_wrong(line, line->at, 1, "this byte is written with \\x");
		return -1;
	}
	line->at++;
	return byte;
}

static uint64_t take_string(struct vet_line *line, unsigned char *data, uint64_t size)
{
	size_t begin = line->at;
	uint64_t count = 0;
	if (!vet_line_takes(line, "\"")) {
		vet_line_wrong(line, begin, 1, "a string in double quotes is missing here");
		return 0;
	}
	while (line->at < line->end && line->text[line->at] != '"') {
		int byte = take_byte(line);
		if (vet_line_is_wrong(line))
			return 0;
		if (data != NULL && count < size)
			data[count] = (unsigned char)byte;
		count++;
	}
	if (!vet_line_takes(line, "\""))
		vet_line_wrong(line, begin, line->end - begin, "the string has no end");
	return count;
}

uint64_t vet_line_bytes(struct vet_line *line, void *data, uint64_t size)
{
	if (line->is_reading)
		return vet_line_is_wrong(line) ? 0 : take_string(line, data, size);
	hash_bytes(line, VET_THING_BYTES, data, size);
	put_string(line, data, size);
	return size;
}

/* ---- durations ---- */

static const struct unit {
	const char *name;
	uint64_t nanoseconds;
} units[] = { { "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 } };
enum { UNITS = sizeof units / sizeof units[0] };

static const struct unit *unit_of(uint64_t nanoseconds)
{
	unsigned best = 0;
	while (nanoseconds > 0 && best + 1 < UNITS &&
	       nanoseconds % units[best + 1].nanoseconds == 0)
		best++;
	return &units[best];
}

static const struct unit *take_unit(struct vet_line *line)
{
	size_t size = vet_line_word(line);
	for (unsigned i = 0; i < UNITS; i++)
		if (size == strlen(units[i].name) && vet_line_takes(line, units[i].name))
			return &units[i];
	vet_line_wrong(line, line->at, size, "a unit of time is ns, us, ms or s");
	return NULL;
}

static int64_t take_duration(struct vet_line *line)
{
	uint64_t value = 0;
	size_t begin = line->at;
	bool is_negative = vet_line_takes(line, "-");
	if (take_digits(line, &value, UINT64_C(1) << 63) == 0)
		return 0;
	const struct unit *unit = take_unit(line);
	if (unit == NULL)
		return 0;
	uint64_t most = (uint64_t)INT64_MAX + is_negative;
	if (value > most / unit->nanoseconds)
		vet_line_wrong(line, begin, line->at - begin, "the time is too long");
	else if (unit_of(value * unit->nanoseconds) != unit)
		vet_line_wrong(line, begin, line->at - begin,
			       "a time is written in the greatest unit that fits, and 0 as 0ns");
	else if (is_negative && value == 0)
		vet_line_wrong(line, begin, line->at - begin, "0 has no sign");
	if (vet_line_is_wrong(line))
		return 0;
	value *= unit->nanoseconds;
	return is_negative ? -(int64_t)(value - 1) - 1 : (int64_t)value;
}

void vet_line_duration(struct vet_line *line, int64_t *nanoseconds)
{
	if (line->is_reading) {
		*nanoseconds = vet_line_is_wrong(line) ? 0 : take_duration(line);
		return;
	}
	uint64_t value = distance(*nanoseconds);
	const struct unit *unit = unit_of(value);
	vet_line_hash(line, VET_THING_NUMBER, 1);
	vet_line_hash_word(line, (uint64_t)*nanoseconds);
	put_signed(line, *nanoseconds < 0 ? -(int64_t)(value / unit->nanoseconds - 1) - 1
					  : (int64_t)(value / unit->nanoseconds));
	put_text(line, unit->name);
}

/* ---- errors ---- */

static const char *error_name(int64_t error)
{
	const char *name = "UNKNOWN";
	if (error < 0 && error >= INT32_MIN)
		name = vet_error_name((int)error);
	return strcmp(name, "UNKNOWN") != 0 ? name : NULL;
}

static int64_t take_error(struct vet_line *line)
{
	size_t begin = line->at, size = vet_line_word(line);
	const char *text = line->text + begin;
	if (vet_line_takes(line, "error:")) {
		int64_t number = take_signed(line, -INT64_MAX, INT64_MAX);
		if (error_name(-number) != NULL)
			vet_line_wrong(line, begin, line->at - begin, "this error has a name");
		if (number == 0)
			vet_line_wrong(line, begin, line->at - begin, "0 is no error");
		return -number;
	}
	int error = vet_error_from_name(text, size);
	const char *name = error_name(error);
	/* Two names may share a number (EAGAIN, EWOULDBLOCK): only one is written. */
	if (error == 0)
		vet_line_wrong(line, begin, size, "there is no error of this name");
	else if (name == NULL || strlen(name) != size || memcmp(name, text, size) != 0)
		vet_line_wrong(line, begin, size, "this error goes by another name here");
	line->at += size;
	return error;
}

void vet_line_error(struct vet_line *line, int64_t *error)
{
	if (line->is_reading) {
		*error = vet_line_is_wrong(line) ? 0 : take_error(line);
		return;
	}
	const char *name = error_name(*error);
	if (name != NULL) {
		vet_line_put_name(line, name);
		return;
	}
	vet_line_put_name(line, "error:");
	/* No call of any table gives INT64_MIN, whose opposite does not exist. */
	int64_t number = *error > INT64_MIN ? -*error : INT64_MAX;
	vet_line_signed(line, &number, 0, 0);
}
