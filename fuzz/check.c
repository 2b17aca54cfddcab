/* SPDX-License-Identifier: 0BSD */
#include "fuzz.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void vet_fuzz_broken(const char *file, int line, const char *what)
{
	(void)fprintf(stderr, "%s:%d: this does not hold: %s\n", file, line, what);
	abort();
}

void vet_fuzz_check_error(const struct vet_text_error *error, size_t size)
{
	must(error->reason != NULL && error->reason[0] != '\0');
	must(error->offset <= size && error->length > 0);
	must(error->offset == size ? error->length == 1 : error->length <= size - error->offset);
}

void vet_fuzz_check_success(const struct vet_text_error *error)
{
	must(error->reason == NULL && error->length == 0 && error->offset == 0);
}

static char printed[VET_FUZZ_TEXT];
static char again[VET_FUZZ_TEXT + 1];
static _Alignas(max_align_t) unsigned char back[VET_FUZZ_VALUE];
static const _Alignas(max_align_t) unsigned char zero[VET_FUZZ_VALUE];

/* What a printer may not touch. */
static const char untouched = 0x7f;

/* Where all but the last byte fits, nothing is printed. */
static void check_too_small(const struct vet_fuzz_language *language, const void *value,
			    size_t size)
{
	again[0] = untouched;
	again[size] = untouched;
	must(language->format(value, again, size) == -ENOSPC);
	must(again[size] == untouched && (size == 0 || again[0] == '\0'));
}

void vet_fuzz_check_value(const struct vet_fuzz_language *language, const void *value)
{
	struct vet_text_error error;
	int length = language->format(value, printed, language->room);
	size_t size = (size_t)length;

	must(length >= 0 && size < language->room && strlen(printed) == size);
	check_too_small(language, value, size);
	memset(back, 0xa5, language->size);
	must(language->parse(printed, size, back, &error) == 0);
	vet_fuzz_check_success(&error);
	must(language->equal(value, back));
	again[size + 1] = untouched;
	must(language->format(back, again, size + 1) == length);
	must(memcmp(printed, again, size + 1) == 0 && again[size + 1] == untouched);
}

bool vet_fuzz_round_trip(const struct vet_fuzz_language *language, const char *text, size_t size,
			 void *value)
{
	struct vet_text_error error = { size + 1, 0, NULL };
	int result;

	must(language->size <= VET_FUZZ_VALUE && language->room <= VET_FUZZ_TEXT);
	memset(value, 0xa5, language->size);
	result = language->parse(text, size, value, &error);
	if (result != 0) {
		must(result == -EINVAL);
		must(language->equal(value, zero));
		vet_fuzz_check_error(&error, size);
		return false;
	}
	vet_fuzz_check_success(&error);
	vet_fuzz_check_value(language, value);
	return true;
}

bool vet_fuzz_same_options(const struct vet_options *a, const struct vet_options *b)
{
	const struct vet_option *o;

	if (memcmp(a, b, sizeof(*a)) == 0)
		return true;
	for (size_t i = 0; (o = vet_option_at(i)) != NULL; i++) {
		bool is_text = (a->given >> i & 1) != 0 && o->kind == VET_OPTION_TEXT;

		if (memcmp(&a->value[i], &b->value[i],
			   is_text ? sizeof(a->value[i].text) : sizeof(a->value[i].number)) != 0)
			return false;
	}
	return a->given == b->given;
}
