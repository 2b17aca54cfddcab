/* SPDX-License-Identifier: 0BSD */
/* What fuzz targets share: how they say that something did not hold, and what holds of every parser. */
#ifndef VETSOCK_FUZZ_H
#define VETSOCK_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vetsock/options.h>
#include <vetsock/text.h>

/* What every target is: it returns 0, or ends the program. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program, having said what did not hold and where, unless it holds. */
#define must(holds) ((holds) ? (void)0 : vet_fuzz_broken(__FILE__, __LINE__, #holds))
_Noreturn void vet_fuzz_broken(const char *file, int line, const char *what);

/* After a failure on a text of `size` bytes: there is a reason, and its place lies in the text or just
 * behind it.  After a success: all is zero. */
void vet_fuzz_check_error(const struct vet_text_error *error, size_t size);
void vet_fuzz_check_success(const struct vet_text_error *error);

/* A parser and its printer. */
struct vet_fuzz_language {
	size_t size; /* of a value, at most VET_FUZZ_VALUE */
	size_t room; /* for the longest canonical text and its NUL, at most VET_FUZZ_TEXT */
	int (*parse)(const char *text, size_t size, void *value, struct vet_text_error *error);
	int (*format)(const void *value, char *text, size_t size);
	bool (*equal)(const void *a, const void *b);
};
enum { VET_FUZZ_VALUE = 8192, VET_FUZZ_TEXT = 81920 };

/*
 * Whether a text is one of the language; the value is its, or all zero.  Then holds: a text that is
 * none has an error in the right form; the value of one that is has a canonical text, that fits where
 * it just fits and nowhere else, and is read back as the same value with the same text.
 */
bool vet_fuzz_round_trip(const struct vet_fuzz_language *language, const char *text, size_t size,
			 void *value);
/* The second half alone: of a value that has a text. */
void vet_fuzz_check_value(const struct vet_fuzz_language *language, const void *value);

/* What a number does not use of its union does not count. */
bool vet_fuzz_same_options(const struct vet_options *a, const struct vet_options *b);

/* ---- words: words.c ---- */

enum { VET_FUZZ_WORDS = 512 };
/* The words of a target's language, from the tables that the parsers themselves use: their number, 0
 * for a target whose input is no text. */
size_t vet_fuzz_words(const char *target, const char *words[VET_FUZZ_WORDS]);

/* ---- mutation by words: tokens.c ---- */

/* A text changed by whole words, or whole items (what ends with `end`): its new size.  The same seed
 * gives the same change. */
size_t vet_fuzz_mutate_tokens(const char *target, char end, uint8_t *data, size_t size,
			      size_t max_size, unsigned seed);

#endif
