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

/* Numbers and durations are printed where they will stand. */
enum { QUANTITY_SIZE = 1 + 20 + 2 };

static struct vet_printer printer_of_quantity(struct vet_line *line)
{
	if (sizeof line->piece - line->filled <= QUANTITY_SIZE)
		vet_line_flush(line);
	return (struct vet_printer){ line->piece, line->filled };
}

void vet_line_put_number(struct vet_line *line, uint64_t number)
{
	if (line->sink == NULL)
		return;
	struct vet_printer out = printer_of_quantity(line);
	vet_put_number(&out, number);
	line->filled = out.length;
}

/* Names are hashed as their bytes: they are the same everywhere, whatever number stands for them.
 * */
void vet_line_put_name(struct vet_line *line, const char *name)
{
	put_text(line, name);
	hash_bytes(line, VET_THING_NAME, (const unsigned char *)name, strlen(name));
}

enum { ESCAPE_SIZE = 4 };

static bool is_plain(unsigned char byte)
{
	return byte >= 0x20 && byte <= 0x7e && byte != '"' && byte != '\\';
}

/* How a byte is written that does not stand for itself in a string, and how much text that is; 0: it
 * does. */
static size_t print_escape(unsigned char byte, char text[ESCAPE_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	if (is_plain(byte))
		return 0;
	text[0] = '\\';
	text[1] = byte == '\n' ? 'n' : (char)byte;
	if (byte == '\n' || byte == '"' || byte == '\\')
		return 2;
	text[1] = 'x';
	text[2] = digits[byte >> 4];
	text[3] = digits[byte & 15];
	return 4;
}

static void put_string(struct vet_line *line, const unsigned char *data, uint64_t size)
{
	char text[ESCAPE_SIZE];
	if (line->sink == NULL)
		return;
	put_text(line, "\"");
	for (uint64_t i = 0; i < size; i++) {
		uint64_t begin = i;
		while (i < size && is_plain(data[i]))
			i++;
		vet_line_put(line, (const char *)data + begin, (size_t)(i - begin));
		if (i < size)
			vet_line_put(line, text, print_escape(data[i], text));
	}
	put_text(line, "\"");
}

/* ---- reading ---- */

void vet_line_wrong(struct vet_line *line, size_t offset, size_t length, const char *reason)
{
	if (vet_line_is_wrong(line))
		return;
	if (length == 0)
		(void)vet_scan_unknown(&line->in, (struct vet_span){ offset, 1 }, reason);
	else
		(void)vet_scan_fail(&line->in, offset, length, reason);
}

void vet_line_same(struct vet_line *line, size_t begin, const char *text, size_t size)
{
	size_t length = line->in.at - begin;
	if (length != size || memcmp(line->in.text + begin, text, size) != 0)
		vet_line_wrong(line, begin, length, "this is written in another way");
}

bool vet_line_takes(struct vet_line *line, const char *text)
{
	size_t at = line->in.at;
	for (; *text != '\0'; text++)
		if (at == line->in.size || line->in.text[at++] != *text)
			return false;
	line->in.at = at;
	return true;
}

bool vet_line_sees(const struct vet_line *line, const char *text)
{
	size_t size = strlen(text);
	return size <= line->in.size - line->in.at &&
	       memcmp(line->in.text + line->in.at, text, size) == 0;
}

size_t vet_line_word(const struct vet_line *line)
{
	struct vet_scan ahead = line->in;
	do
		(void)vet_scan_name(&ahead);
	while (vet_scan_take(&ahead, '.'));
	return ahead.at - line->in.at;
}

/* 0 if something is wrong, as it may have been before. */
static uint64_t take_number(struct vet_line *line, uint64_t greatest)
{
	const struct vet_bounds bounds = { 0, greatest, NULL, "the number is too large here" };
	struct vet_number number;
	if (vet_line_is_wrong(line) || !vet_scan_digits(&line->in, &number) ||
	    !vet_number_check(&line->in, &number, &bounds))
		return 0;
	return number.value;
}

/* ---- both ways ---- */

void vet_line_literal(struct vet_line *line, const char *text)
{
	if (!line->is_reading)
		put_text(line, text);
	else if (!vet_line_is_wrong(line) && !vet_line_takes(line, text))
		vet_line_wrong(line, line->in.at, 0,
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
		*value = take_number(line, greatest);
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

static int64_t with_sign(uint64_t magnitude, bool is_negative)
{
	return (int64_t)(is_negative ? 0 - magnitude : magnitude);
}

/* Where no negative number can stand, no number has a sign. */
static int64_t take_signed(struct vet_line *line, int64_t least, int64_t greatest)
{
	size_t begin = line->in.at;
	bool is_negative = least < 0 && vet_scan_take(&line->in, '-');
	uint64_t value = take_number(line, is_negative ? distance(least) : (uint64_t)greatest);
	if (is_negative && value == 0)
		vet_line_wrong(line, begin, line->in.at - begin, "0 has no sign");
	return with_sign(value, is_negative);
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

/* What a backslash begins; 0 if that is nothing. */
static size_t read_escape(const unsigned char *text, size_t size, unsigned char *byte)
{
	if (size >= 2 && (text[1] == 'n' || text[1] == '"' || text[1] == '\\')) {
		*byte = text[1] == 'n' ? '\n' : text[1];
		return 2;
	}
	if (size < 4 || text[1] != 'x' || !vet_hex_digits[text[2]] || !vet_hex_digits[text[3]])
		return 0;
	*byte = (unsigned char)((vet_hex_digits[text[2]] - 1) << 4 | (vet_hex_digits[text[3]] - 1));
	return 4;
}

static unsigned char take_escape(struct vet_line *line)
{
	size_t begin = line->in.at, left = line->in.size - begin;
	unsigned char byte = 0;
	char text[ESCAPE_SIZE];
	line->in.at += read_escape((const unsigned char *)line->in.text + begin, left, &byte);
	if (line->in.at == begin)
		vet_line_wrong(line, begin, left >= 2 ? 2 : 1,
			       "an escape is \\n, \\\", \\\\ or \\x and two digits (0-9, a-f)");
	vet_line_same(line, begin, text, print_escape(byte, text));
	return byte;
}

/* The byte of a string that comes; any if something is wrong. */
static unsigned char take_byte(struct vet_line *line)
{
	unsigned char byte = (unsigned char)line->in.text[line->in.at];
	if (byte == '\\')
		return take_escape(line);
	if (!is_plain(byte))
		vet_line_wrong(line, line->in.at, 0, "this byte is written with \\x");
	line->in.at++;
	return byte;
}

static uint64_t take_string(struct vet_line *line, unsigned char *data, uint64_t size)
{
	size_t begin = line->in.at;
	uint64_t count = 0;
	if (!vet_scan_take(&line->in, '"')) {
		vet_line_wrong(line, begin, 0, "a string in double quotes is missing here");
		return 0;
	}
	while (!vet_scan_at_end(&line->in) && !vet_scan_sees(&line->in, '"')) {
		unsigned char byte = take_byte(line);
		if (vet_line_is_wrong(line))
			return 0;
		if (data != NULL && count < size)
			data[count] = byte;
		count++;
	}
	if (!vet_scan_take(&line->in, '"'))
		vet_line_wrong(line, begin, line->in.size - begin, "the string has no end");
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

static void print_duration(struct vet_printer *out, int64_t nanoseconds)
{
	vet_put_bytes(out, "-", nanoseconds < 0);
	vet_put_quantity(out, &vet_duration_measure, distance(nanoseconds));
}

static int64_t take_duration(struct vet_line *line)
{
	char text[QUANTITY_SIZE];
	struct vet_printer canonical = { text, 0 };
	size_t begin = line->in.at;
	bool is_negative = vet_scan_take(&line->in, '-');
	uint64_t value = 0;
	if (!vet_scan_quantity(&line->in, &vet_duration_measure, (uint64_t)INT64_MAX + is_negative,
			       &value))
		return 0;
	print_duration(&canonical, with_sign(value, is_negative));
	vet_line_same(line, begin, text, canonical.length);
	return with_sign(value, is_negative);
}

void vet_line_duration(struct vet_line *line, int64_t *nanoseconds)
{
	if (line->is_reading) {
		*nanoseconds = vet_line_is_wrong(line) ? 0 : take_duration(line);
		return;
	}
	vet_line_hash(line, VET_THING_NUMBER, 1);
	vet_line_hash_word(line, (uint64_t)*nanoseconds);
	if (line->sink == NULL)
		return;
	struct vet_printer out = printer_of_quantity(line);
	print_duration(&out, *nanoseconds);
	line->filled = out.length;
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
	size_t begin = line->in.at, size = vet_line_word(line);
	const char *text = line->in.text + begin;
	if (vet_line_takes(line, "error:")) {
		int64_t number = take_signed(line, -INT64_MAX, INT64_MAX);
		if (error_name(-number) != NULL)
			vet_line_wrong(line, begin, line->in.at - begin, "this error has a name");
		if (number == 0)
			vet_line_wrong(line, begin, line->in.at - begin, "0 is no error");
		return -number;
	}
	int error = vet_error_from_name(text, size);
	const char *name = error_name(error);
	/* Two names may share a number (EAGAIN, EWOULDBLOCK): only one is written. */
	if (error == 0)
		vet_line_wrong(line, begin, size, "no error has this name");
	else if (name == NULL || strlen(name) != size || memcmp(name, text, size) != 0)
		vet_line_wrong(line, begin, size, "this error goes by another name here");
	line->in.at += size;
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
