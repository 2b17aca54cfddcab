/* SPDX-License-Identifier: 0BSD */
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* ---- for terminals ---- */

static int columns(char c)
{
	return c == '\\' ? 2 : c >= ' ' && c <= '~' ? 1 : 4;
}

void cli_put_text(FILE *out, const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (text[i] == '\\')
			fprintf(out, "\\\\");
		else if (columns(text[i]) == 1)
			fprintf(out, "%c", text[i]);
		else
			fprintf(out, "\\x%02x", (unsigned)(unsigned char)text[i]);
	}
}

static void put_times(FILE *out, char c, int times)
{
	while (times-- > 0)
		(void)fputc(c, out);
}

void cli_put_carets(FILE *out, const char *text, size_t size, const struct vet_text_error *error)
{
	size_t end = error->offset + error->length;

	for (size_t i = 0; i < error->offset; i++)
		put_times(out, ' ', columns(text[i]));
	for (size_t i = error->offset; i < end; i++)
		put_times(out, '^', i < size ? columns(text[i]) : 1);
	fprintf(out, " %s\n", error->reason);
}

/* ---- for shells ---- */

/* In single quotes a shell takes everything as it is, but the single quote (POSIX 2.2.2). */
void cli_put_quoted(FILE *out, const char *text)
{
	(void)fputc('\'', out);
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			(void)fputs("'\\''", out);
		else
			(void)fputc(*text, out);
	}
	(void)fputc('\'', out);
}

void cli_put_word(FILE *out, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_-./+:@%,=";

	if (text[0] != '\0' && text[strspn(text, plain)] == '\0')
		(void)fputs(text, out);
	else
		cli_put_quoted(out, text);
}

/* ---- for JSON ---- */

/* How many bytes the UTF-8 character takes that the text begins with; 0 if it begins with none. */
static size_t character_size(const char *text, size_t size)
{
	for (size_t n = 1; n <= size && n <= 4; n++) {
		json_t *one = json_stringn(text, n);

		if (one != NULL) {
			json_decref(one);
			return n;
		}
	}
	return 0;
}

json_t *cli_json_text(const char *text, size_t size)
{
	json_t *whole = json_stringn(text, size);
	char *out;
	size_t length = 0;

	if (whole != NULL)
		return whole;
	out = malloc(2 * size + 1);
	if (out == NULL)
		return NULL;
	for (size_t at = 0, n; at < size; at += n) {
		unsigned byte = (unsigned char)text[at];

		n = character_size(text + at, size - at);
		if (n == 0) {
			out[length++] = (char)(0xc0 | byte >> 6);
			out[length++] = (char)(0x80 | (byte & 0x3f));
			n = 1;
			continue;
		}
		memcpy(out + length, text + at, n);
		length += n;
	}
	whole = json_stringn(out, length);
	free(out);
	return whole;
}

bool cli_json_print(json_t *root)
{
	bool is_printed = root != NULL &&
			  json_dumpf(root, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) == 0;

	if (is_printed)
		(void)putchar('\n');
	json_decref(root);
	return is_printed;
}
