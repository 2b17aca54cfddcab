/* SPDX-License-Identifier: 0BSD */
/* The canonical text of options. */
#include <errno.h>

#include "option_table.h"
#include "options.h"

/* The longest value: a text, or a number of 64 bits and its unit. */
#define NUMBER_ROOM                        (sizeof "9223372036854775807GiB")
#define ROOM(name, text, kind, flags, ...) VET_IF_SET_##flags(sizeof text + NUMBER_ROOM, 0) +
/* clang-format off */
_Static_assert(VET_OPTIONS(ROOM) 1 <= VET_OPTIONS_TEXT_SIZE, "there is room for the longest text");
_Static_assert(VET_OPTION_TEXT_SIZE <= NUMBER_ROOM, "a number is longer than a text");
/* clang-format on */

static void put_value(struct vet_printer *out, const struct vet_option *o,
		      const union vet_option_value *value)
{
	uint64_t number = (uint64_t)value->number;

	if (o->kind == VET_OPTION_TEXT)
		vet_put(out, value->text);
	else if (o->kind == VET_OPTION_FLAG || value->number == VET_LINGER_OFF)
		vet_put(out, "off");
	else if (o->kind == VET_OPTION_SIZE)
		vet_put_quantity(out, &vet_size_measure, number);
	else if (o->kind == VET_OPTION_INTEGER)
		vet_put_number(out, number);
	else
		vet_put_quantity(out, &vet_duration_measure, number);
}

static void put_option(struct vet_printer *out, const struct vet_option *o,
		       const union vet_option_value *value)
{
	vet_put(out, o->text);
	if (o->kind == VET_OPTION_FLAG && value->number != 0)
		return;
	vet_put_bytes(out, "=", 1);
	put_value(out, o, value);
}

void vet_put_options(struct vet_printer *out, const char *first, const char *separator,
		     const struct vet_options *options)
{
	const char *before = first;

	for (size_t i = 0; i < VET_INDEX_COUNT; i++) {
		if ((options->given >> i & 1) == 0)
			continue;
		vet_put(out, before);
		put_option(out, &vet_option_table[i], &options->value[i]);
		before = separator;
	}
}

static void put(struct vet_printer *out, const void *options)
{
	vet_put_options(out, "", ",", options);
}

int vet_options_format(const struct vet_options *options, char *text, size_t size)
{
	if (!vet_are_options(options))
		return vet_print_refuse(text, size, -EINVAL);
	return vet_print(put, options, text, size);
}
