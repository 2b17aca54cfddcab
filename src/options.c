/* SPDX-License-Identifier: 0BSD */
/* Options set on a socket, and read from one, all together. */
#include "options.h"

#include <errno.h>

#include "option.h"
#include "option_table.h"
#include "socket.h"

/* ---- which values a text gives ---- */

static bool is_zero(const union vet_option_value *value)
{
	uint64_t words[2];

	_Static_assert(sizeof words == sizeof *value, "a value is two words");
	memcpy(words, value, sizeof words);
	return (words[0] | words[1]) == 0;
}

static bool is_text(const struct vet_option *o, const char text[VET_OPTION_TEXT_SIZE])
{
	size_t size = 0, end;

	while (size < VET_OPTION_TEXT_SIZE && vet_is_of_text(text[size]))
		size++;
	for (end = size; end < VET_OPTION_TEXT_SIZE && text[end] == '\0'; end++)
		;
	return end == VET_OPTION_TEXT_SIZE && size >= (size_t)o->min && size <= (size_t)o->max;
}

static bool is_given(const struct vet_options *options, size_t index)
{
	return (options->given >> index & 1) != 0;
}

static bool is_flawed(const struct vet_options *options, size_t index)
{
	const union vet_option_value *value = &options->value[index];
	const struct vet_option *o = vet_option_at(index);

	if (!is_given(options, index))
		return !is_zero(value);
	if (o == NULL || (o->flags & VET_OPTION_READ_ONLY) != 0)
		return true;
	return o->kind == VET_OPTION_TEXT ? !is_text(o, value->text)
					  : !vet_option_takes(o, value->number);
}

size_t vet_options_flaw(const struct vet_options *options)
{
	for (size_t i = 0; i < VET_INDEX_ROOM; i++)
		if (is_flawed(options, i))
			return i;
	return options->given >> VET_INDEX_ROOM == 0 ? VET_NO_OPTION : VET_INDEX_ROOM;
}

/* ---- set ---- */

static size_t find_unknown(const struct vet_socket *s, const struct vet_options *options)
{
	for (size_t i = 0; i < VET_INDEX_COUNT; i++)
		if (is_given(options, i) && !vet_option_is_known(s, &vet_option_table[i]))
			return i;
	return VET_NO_OPTION;
}

static int set_all(struct vet_socket *s, const struct vet_options *options, size_t *failed)
{
	*failed = vet_options_flaw(options);
	if (*failed != VET_NO_OPTION)
		return -EINVAL;
	*failed = find_unknown(s, options);
	if (*failed != VET_NO_OPTION)
		return -ENOPROTOOPT;
	for (size_t i = 0; i < VET_INDEX_COUNT; i++) {
		int r = 0;

		if (is_given(options, i))
			r = vet_option_set(s, &vet_option_table[i], &options->value[i]);
		if (r < 0) {
			*failed = i;
			return r;
		}
	}
	return 0;
}

int vet_options_apply(struct vet_socket *s, const struct vet_options *options, size_t *failed)
{
	size_t index = VET_NO_OPTION;
	int r = vet_is_open(s) ? set_all(s, options, &index) : -EBADF;

	if (failed != NULL)
		*failed = index;
	return r;
}

/* ---- read ---- */

static int get_all(struct vet_socket *s, struct vet_options *options, size_t *failed)
{
	for (size_t i = 0; i < VET_INDEX_COUNT; i++) {
		const struct vet_option *o = &vet_option_table[i];
		int r = -ENOPROTOOPT;

		if ((o->flags & VET_OPTION_READ_ONLY) == 0)
			r = vet_option_get(s, o, &options->value[i]);
		if (r >= 0) {
			options->given |= UINT64_C(1) << i;
		} else if (r != -ENOPROTOOPT) {
			*failed = i;
			return r;
		}
	}
	return 0;
}

int vet_options_read(struct vet_socket *s, struct vet_options *options, size_t *failed)
{
	size_t index = VET_NO_OPTION;
	int r;

	*options = (struct vet_options){ 0 };
	r = vet_is_open(s) ? get_all(s, options, &index) : -EBADF;
	if (r < 0)
		*options = (struct vet_options){ 0 };
	if (failed != NULL)
		*failed = index;
	return r;
}
