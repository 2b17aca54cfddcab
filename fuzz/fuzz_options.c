/* SPDX-License-Identifier: 0BSD */
/*
 * Any bytes as options, which are then applied to a socket over a table that knows what must come: each
 * option that is given once, in the table's order, with its level, name, size, and the value that it has
 * there; and read back from it.
 * Aims at: vet_options_parse, vet_options_format, vet_options_apply, vet_options_read
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <vetsock/layer.h>
#include <vetsock/options.h>

#include "fuzz.h"

enum { DESCRIPTOR = 7, NEVER = 1000 };

/* ---- the round trip ---- */

static int parse(const char *text, size_t size, void *options, struct vet_text_error *error)
{
	return vet_options_parse(text, size, options, error);
}

static int format(const void *options, char *text, size_t size)
{
	return vet_options_format(options, text, size);
}

static bool equal(const void *a, const void *b)
{
	return vet_fuzz_same_options(a, b);
}

static const struct vet_fuzz_language language = {
	sizeof(struct vet_options), VET_OPTIONS_TEXT_SIZE, parse, format, equal,
};

/* ---- the table ---- */

/* A value as the system holds it. */
struct held {
	unsigned char bytes[VET_OPTION_TEXT_SIZE];
	socklen_t size;
	bool is_set;
};

struct table {
	struct vet_layer layer;
	const struct vet_options *options;
	int family;
	unsigned calls, fails_at;    /* of setsockopt; the one that fails */
	unsigned gets, get_fails_at; /* of getsockopt likewise */
	size_t last;                 /* what was set last; VET_NO_OPTION: nothing */
	bool wants_mapped;           /* the same again, for mapped peers */
	size_t next;                 /* what is to be got next, at least */
	struct held held[VET_INDEX_COUNT];
};

static bool is_given(const struct vet_options *options, size_t index)
{
	return (options->given >> index & 1) != 0;
}

static size_t next_given(const struct vet_options *options, size_t index)
{
	while (index < VET_INDEX_COUNT && !is_given(options, index))
		index++;
	return index;
}

static struct vet_option_number number_of(const struct table *table, size_t index)
{
	const struct vet_option *o = vet_option_at(index);

	return table->family == 4 ? o->ipv4 : o->ipv6;
}

/* Up, as is documented. */
static int64_t in_units(const struct vet_option *o, int64_t value)
{
	return o->unit == 0 ? value : value / o->unit + (value % o->unit != 0);
}

static void check_number(const struct vet_option *o, int64_t value, int number)
{
	must(o->min <= number && number <= o->max);
	must(number == in_units(o, value));
}

static void check_value(const struct vet_option *o, const union vet_option_value *value,
			const void *bytes, socklen_t size)
{
	struct linger linger;
	int number;

	if (o->kind == VET_OPTION_TEXT) {
		must(size == strlen(value->text) && memcmp(value->text, bytes, size) == 0);
		must(o->min <= (int64_t)size && (int64_t)size <= o->max);
	} else if (o->kind == VET_OPTION_LINGER) {
		must(size == sizeof(linger));
		memcpy(&linger, bytes, sizeof(linger));
		must((linger.l_onoff == 1) == (value->number != VET_LINGER_OFF));
		if (linger.l_onoff != 0)
			check_number(o, value->number, linger.l_linger);
	} else {
		must(size == sizeof(number));
		memcpy(&number, bytes, sizeof(number));
		check_number(o, value->number, number);
	}
}

static int set(struct table *table, const struct vet_call *call)
{
	size_t index = table->last;
	struct vet_option_number want;
	struct held *held;

	if (!table->wants_mapped)
		index = next_given(table->options, index == VET_NO_OPTION ? 0 : index + 1);
	must(index < VET_INDEX_COUNT);
	want = table->wants_mapped ? vet_option_at(index)->mapped : number_of(table, index);
	must(call->u.set.level == want.level && call->u.set.name == want.name);
	check_value(vet_option_at(index), &table->options->value[index], call->u.set.value,
		    call->u.set.length);
	table->last = index;
	table->wants_mapped = !table->wants_mapped && table->family == 6 &&
			      vet_option_at(index)->mapped.name != -1;
	if (table->calls++ == table->fails_at)
		return -EPERM;
	held = &table->held[index];
	memcpy(held->bytes, call->u.set.value, call->u.set.length);
	held->size = call->u.set.length;
	held->is_set = true;
	return 0;
}

/* What can be set, in the table's order too. */
static size_t next_to_get(const struct table *table)
{
	size_t index = table->next;

	while (number_of(table, index).name == -1)
		index++;
	return index;
}

static int get(struct table *table, const struct vet_call *call)
{
	size_t index = next_to_get(table);

	must(index < VET_INDEX_COUNT && (vet_option_at(index)->flags & VET_OPTION_READ_ONLY) == 0);
	must(number_of(table, index).level == call->u.get.level);
	must(number_of(table, index).name == call->u.get.name);
	table->next = index + 1;
	if (table->gets++ == table->get_fails_at)
		return -EIO;
	if (!table->held[index].is_set)
		return -ENOPROTOOPT;
	must(*call->u.get.length >= table->held[index].size);
	memcpy(call->u.get.value, table->held[index].bytes, table->held[index].size);
	*call->u.get.length = table->held[index].size;
	return 0;
}

static int64_t answer(struct vet_layer *layer, struct vet_call *call)
{
	struct table *table = (struct table *)layer;

	if (call->entry == VET_CALL_socket)
		return DESCRIPTOR;
	must(call->fd == DESCRIPTOR);
	if (call->entry == VET_CALL_close)
		return 0;
	must(call->entry == VET_CALL_getsockopt || call->entry == VET_CALL_setsockopt);
	return call->entry == VET_CALL_setsockopt ? set(table, call) : get(table, call);
}

/* ---- applied, and read back ---- */

static unsigned calls_for(const struct table *table)
{
	unsigned calls = 0;

	for (size_t i = 0; i < VET_INDEX_COUNT; i++) {
		if (!is_given(table->options, i))
			continue;
		calls += table->family == 6 && vet_option_at(i)->mapped.name != -1 ? 2 : 1;
	}
	return calls;
}

/* Only a duration is another than was set, and nothing is there that was not. */
static void check_read(const struct table *table, struct vet_socket *s)
{
	static const struct vet_options none;
	struct vet_options options;
	size_t failed = 0;

	if (vet_options_read(s, &options, &failed) != 0) {
		must(table->gets > table->get_fails_at && failed == table->next - 1);
		must(equal(&options, &none));
		return;
	}
	must(table->gets <= table->get_fails_at);
	must(failed == VET_NO_OPTION && options.given == table->options->given);
	for (size_t i = 0; i < VET_INDEX_COUNT; i++) {
		const union vet_option_value *want = &table->options->value[i];
		const struct vet_option *o = vet_option_at(i);

		if (o->unit == 0 || want->number == VET_LINGER_OFF)
			must(memcmp(&options.value[i], want, sizeof(*want)) == 0);
		else
			must(options.value[i].number == in_units(o, want->number) * o->unit);
	}
}

static void open_over(struct table *table, struct vet_socket *s)
{
	table->last = VET_NO_OPTION;
	must(vet_socket_stream_on(s, vet_layer_with(&table->layer, NULL, answer, false, false),
				  table->family) == 0);
}

/* Over a table whose socket, and calls that fail, have been chosen. */
static void check_apply(struct table *table)
{
	struct vet_socket s = { .fd = 0 };
	size_t failed = 0;
	int result;

	open_over(table, &s);
	result = vet_options_apply(&s, table->options, &failed);
	if (table->family == 4 && is_given(table->options, VET_INDEX_only_ipv6)) {
		must(result == -ENOPROTOOPT && failed == VET_INDEX_only_ipv6 && table->calls == 0);
	} else if (table->fails_at < calls_for(table)) {
		must(result == -EPERM && failed == table->last &&
		     table->calls == table->fails_at + 1);
	} else {
		must(result == 0 && failed == VET_NO_OPTION && table->calls == calls_for(table));
		check_read(table, &s);
	}
	must(vet_socket_close(&s) == 0);
	must(vet_options_apply(&s, table->options, NULL) == -EBADF);
}

/* ---- values that no text gives ---- */

/* One of all bytes, or one of a value that is given. */
static unsigned char *choose_byte(struct vet_options *options, unsigned choice)
{
	size_t index = next_given(options, choice / 2 % VET_INDEX_COUNT);

	if (choice % 2 == 0 || index == VET_INDEX_COUNT)
		return (unsigned char *)options + choice / 2 % sizeof(*options);
	return (unsigned char *)&options->value[index] +
	       choice / 64 % sizeof(options->value[index]);
}

/* One byte is another: either they have a text too, or they are refused without a call. */
static void check_spoiled(struct table *table, struct vet_options *options, unsigned choice)
{
	static char text[VET_OPTIONS_TEXT_SIZE];
	struct vet_socket s = { .fd = 0 };
	size_t failed = 0;

	*choose_byte(options, choice) ^= (unsigned char)(1U << choice / 4096 % 8);
	if (vet_options_format(options, text, sizeof(text)) >= 0) {
		vet_fuzz_check_value(&language, options);
		return;
	}
	must(text[0] == '\0');
	open_over(table, &s);
	must(vet_options_apply(&s, options, &failed) == -EINVAL && failed != VET_NO_OPTION);
	must(table->calls == 0);
	must(vet_socket_close(&s) == 0);
}

/* ---- names ---- */

static bool is_spelled(const char *name, const char *text, size_t size)
{
	size_t i = 0;

	while (i < size && name[i] != '\0' && text[i] == (name[i] == '_' ? '-' : name[i]))
		i++;
	return i == size && name[i] == '\0';
}

static bool is_name(const char *text, size_t size)
{
	size_t i = 0;

	while (i < VET_INDEX_COUNT && !is_spelled(vet_option_at(i)->text, text, size) &&
	       !is_spelled(vet_option_at(i)->name, text, size))
		i++;
	return i < VET_INDEX_COUNT;
}

/* An option is named as it is printed or as its functions are: what another name is taken for, no round
 * trip shows. */
static void check_names(const char *text, size_t size)
{
	for (size_t at = 0; at < size;) {
		size_t length = 0;

		while (at + length < size && text[at + length] != ',' && text[at + length] != '=')
			length++;
		must(is_name(text + at, length) ||
		     (length > 3 && memcmp(text + at, "no-", 3) == 0 &&
		      is_name(text + at + 3, length - 3)));
		for (at += length; at < size && text[at] != ',';)
			at++;
		at++;
	}
}

/* ---- the whole input: a text and nothing more, whose bytes choose what else happens ---- */

static unsigned sum_of(const uint8_t *data, size_t size)
{
	unsigned sum = 0;

	for (size_t i = 0; i < size; i++)
		sum = sum * 31 + data[i];
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	static struct vet_options options;
	static struct table table;
	unsigned sum = sum_of(data, size), choice = sum / 8;

	if (!vet_fuzz_round_trip(&language, text, size, &options))
		return 0;
	check_names(text, size);
	memset(&table, 0, sizeof(table));
	table.options = &options;
	table.family = sum % 2 == 0 ? 4 : 6;
	table.fails_at = sum / 2 % 4 == 1 ? choice % 16 : NEVER;
	table.get_fails_at = sum / 2 % 4 == 2 ? choice % VET_INDEX_COUNT : NEVER;
	if (sum / 2 % 4 == 3)
		check_spoiled(&table, &options, choice);
	else
		check_apply(&table);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	return vet_fuzz_mutate_tokens("options", ',', data, size, max_size, seed);
}
