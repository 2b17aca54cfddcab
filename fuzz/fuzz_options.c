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

/* They have no padding. */
static bool equal(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct vet_options)) == 0;
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
	unsigned calls, fails_at; /* of setsockopt; the one that fails */
	size_t last;              /* what was set last; VET_NO_OPTION: nothing */
	bool wants_mapped;        /* the same again, for mapped peers */
	size_t next;              /* what is to be got next, at least */
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
	struct vet_options options;
	size_t failed = 0;

	must(vet_options_read(s, &options, &failed) == 0);
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

static void check_apply(const struct vet_options *options, int family, unsigned fails_at)
{
	static struct table table;
	struct vet_socket s = { .fd = 0 };
	size_t failed = 0;
	int result;

	memset(&table, 0, sizeof(table));
	table.options = options;
	table.family = family;
	table.fails_at = fails_at;
	table.last = VET_NO_OPTION;
	must(vet_socket_stream_on(&s, vet_layer_with(&table.layer, NULL, answer, false, false),
				  family) == 0);
	result = vet_options_apply(&s, options, &failed);
	if (family == 4 && is_given(options, VET_INDEX_only_ipv6)) {
		must(result == -ENOPROTOOPT && failed == VET_INDEX_only_ipv6 && table.calls == 0);
	} else if (fails_at < calls_for(&table)) {
		must(result == -EPERM && failed == table.last && table.calls == fails_at + 1);
	} else {
		must(result == 0 && failed == VET_NO_OPTION && table.calls == calls_for(&table));
		check_read(&table, &s);
	}
	must(vet_socket_close(&s) == 0);
	must(vet_options_apply(&s, options, NULL) == -EBADF);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	static struct vet_options options;

	if (!vet_fuzz_round_trip(&language, text, size, &options))
		return 0;
	/* The size decides what else: so the input is a text and nothing more. */
	check_apply(&options, size % 2 == 0 ? 4 : 6,
		    size % 4 < 2 ? NEVER : (unsigned)(size / 4 % 16));
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	return vet_fuzz_mutate_tokens("options", ',', data, size, max_size, seed);
}
