/* SPDX-License-Identifier: 0BSD */
/* Text from anywhere, as terminals, shells and JSON can take it. */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

#include <vetsock/text.h>

/* The text with what no terminal can show as \xNN; no line end. */
void cli_put_text(FILE *out, const char *text, size_t size);
/* Carets under what is wrong in a text that cli_put_text() has put above, the reason, a line end.
 * */
void cli_put_carets(FILE *out, const char *text, size_t size, const struct vet_text_error *error);

/* The text as one word of a shell's: in quotes, or (word) only if it needs them. */
void cli_put_quoted(FILE *out, const char *text);
void cli_put_word(FILE *out, const char *text);

/* JSON has no bytes: one that belongs to no UTF-8 character becomes the character of its number. */
json_t *cli_json_text(const char *text, size_t size);
/* On stdout, in lines; it is taken.  False: it is NULL (no memory), or cannot be written. */
bool cli_json_print(json_t *root);

#endif
