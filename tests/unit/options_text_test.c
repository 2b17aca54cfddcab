/* SPDX-License-Identifier: 0BSD */
/* Options as text: what is read, what is printed, and what is said of a text that is wrong.  More of
 * them are in tests/vectors/options.json. */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <vetsock/options.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define BIT(name)    (UINT64_C(1) << VET_INDEX_##name)

static const char long_text[] =
	"no-delay,keepalive=off,no-cork,keepalive-time=32766001ms,linger=off,ttl=64,"
	"send-buffer-size=256KiB,receive-buffer=1000kB,only-ipv6=off,user-timeout=1ns,"
	"congestion=cubic,bind-to-device=,priority=2147483647,quick-ack=on,defer-accept=1h";

/* ---- texts that are read ---- */

static const struct good_row {
	const char *text, *canonical;
	uint64_t given;
	enum vet_option_index index; /* of the one that is looked at */
	int64_t number;
} good[] = {
	{ "", "", 0, VET_INDEX_ttl, 0 },
	{ "no-delay", "no-delay", BIT(no_delay), VET_INDEX_no_delay, 1 },
	{ "no-no-delay", "no-delay=off", BIT(no_delay), VET_INDEX_no_delay, 0 },
	{ "cork=on,no-quick-ack", "quick-ack=off,cork", BIT(quick_ack) | BIT(cork), VET_INDEX_cork,
	  1 },
	{ "ttl=255", "ttl=255", BIT(ttl), VET_INDEX_ttl, 255 },
	{ "send-buffer=1MiB", "send-buffer=1MiB", BIT(send_buffer_size), VET_INDEX_send_buffer_size,
	  1048576 },
	{ "send-buffer-size=1000B", "send-buffer=1000", BIT(send_buffer_size),
	  VET_INDEX_send_buffer_size, 1000 },
	{ "keepalive-time=1ns", "keepalive-time=1ns", BIT(keepalive_time), VET_INDEX_keepalive_time,
	  1 },
	{ "keepalive-time=90000ms", "keepalive-time=90s", BIT(keepalive_time),
	  VET_INDEX_keepalive_time, 90000000000 },
	{ "linger=off", "linger=off", BIT(linger), VET_INDEX_linger, VET_LINGER_OFF },
	{ "linger=0h", "linger=0s", BIT(linger), VET_INDEX_linger, 0 },
	{ "linger=2147483647s", "linger=2147483647s", BIT(linger), VET_INDEX_linger,
	  INT64_C(2147483647000000000) },
};

static void parse(const char *text, size_t size, struct vet_options *options)
{
	struct vet_text_error error = { 77, 77, "untouched" };

	if (vet_options_parse(text, size, options, &error) != 0)
		fail_msg("\"%.*s\": %zu+%zu: %s", (int)size, text, error.offset, error.length,
			 error.reason);
	assert_true(error.offset == 0 && error.length == 0 && error.reason == NULL);
}

static void what_is_read_is_printed_canonically(void **state)
{
	char text[VET_OPTIONS_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		const struct good_row *row = &good[i];
		struct vet_options options;

		parse(row->text, strlen(row->text), &options);
		assert_true(options.given == row->given);
		assert_true(options.value[row->index].number == row->number);
		assert_int_equal(vet_options_format(&options, text, sizeof text),
				 strlen(row->canonical));
		assert_string_equal(text, row->canonical);
	}
}

static void a_text_is_kept_with_zeros_behind_it(void **state)
{
	static const char text[] = "bind-to-device=,congestion=abcdefghijklmno";
	static const char longest[VET_OPTION_TEXT_SIZE] = "abcdefghijklmno",
			  empty[VET_OPTION_TEXT_SIZE];
	struct vet_options options;

	(void)state;
	parse(text, sizeof text - 1, &options);
	assert_true(options.given == (BIT(congestion) | BIT(bind_to_device)));
	assert_memory_equal(options.value[VET_INDEX_congestion].text, longest, sizeof longest);
	assert_memory_equal(options.value[VET_INDEX_bind_to_device].text, empty, sizeof empty);
}

/* ---- texts that are wrong ---- */

#define NO_NAME "there is no option of this name"

static const struct bad_row {
	const char *text;
	size_t offset, length;
	const char *reason;
} bad[] = {
	{ ",", 0, 1, "an option is missing before ','" },
	{ "cork,,ttl=1", 5, 1, "an option is missing before ','" },
	{ "cork,", 5, 1, "an option is missing after ','" },
	{ "=1", 0, 1, "the name of an option is missing" },
	{ "?", 0, 1, "an option begins with its name" },
	{ "cork&ttl=1", 4, 1, "options are separated by ','" },
	{ "ttl=1&cork", 5, 1, "options are separated by ','" },
	{ "cork;ttl=1", 4, 1, "only '=' or ',' stands behind a name" },
	{ "ttl=1;cork", 5, 1, "only ',' stands behind a value" },
	{ "cork, ttl=1", 5, 1, "no blank stands here" },
	{ "cork\n", 4, 1, "no line end stands here" },
	{ "co\x01rk", 2, 1, "a control character cannot stand here" },
	{ "cork=\xff", 5, 1, "only ASCII characters can stand here" },
	{ "frobnicate", 0, 10, NO_NAME },
	{ "cork,nodelay=1", 5, 7, NO_NAME "; did you mean 'no-delay'?" },
	{ "no_delay", 0, 8, NO_NAME "; did you mean 'no-delay'?" },
	{ "receive_buffer_size=1", 0, 19, NO_NAME "; did you mean 'receive-buffer'?" },
	{ "cork,reuseaddr", 5, 9, NO_NAME "; did you mean 'reuse-address'?" },
	{ "kepalive-tme=3s", 0, 12, NO_NAME "; did you mean 'keepalive-time'?" },
	{ "erro", 0, 4, NO_NAME },
	{ "no_cork", 0, 7, "'-' stands in a name, and no '_'" },
	{ "cork,TTL=1", 5, 3, "the names of options are written in small letters" },
	{ "protocol=6", 0, 8, "this option is only read" },
	{ "cork,no-cork", 5, 7, "this option was given before" },
	{ "cork=yes", 5, 3, "a flag is 'on' or 'off'" },
	{ "cork=!", 5, 1, "a flag is 'on' or 'off'" },
	{ "cork=on=on", 7, 1, "an option has one '='" },
	{ "cork=", 5, 1, "a value is missing: cork=on" },
	{ "no-cork=on", 7, 1, "a flag with 'no-' has no value" },
	{ "no-linger", 0, 9, "'no-' stands before a flag alone" },
	{ "linger", 0, 6, "a value is missing: linger=5s" },
	{ "ttl=,cork", 4, 1, "a value is missing: ttl=N" },
	{ "congestion=", 11, 1, "a value is missing: congestion=NAME" },
	{ "ttl=-1", 4, 1, "a number has no sign" },
	{ "ttl=01", 4, 2, "a number has no leading zeros" },
	{ "ttl=1.5", 5, 1, "this number is a whole number" },
	{ "ttl=64s", 6, 1, "this number has no unit" },
	{ "ttl=0x40", 4, 4, "a number is decimal digits" },
	{ "ttl=on", 4, 2, "only a flag is 'on'" },
	{ "user-timeout=off", 13, 3, "only a flag or linger is 'off'" },
	{ "linger=on", 7, 2, "only a flag is 'on'" },
	{ "ttl=18446744073709551616", 4, 20, "a number is at most 9223372036854775807" },
	{ "send-buffer=64K", 14, 1, "this could be 1024 or 1000 bytes: KiB or kB" },
	{ "send-buffer=1TiB", 13, 3, "a size has a unit B, kB, KiB, MB, MiB, GB or GiB, or none" },
	{ "send-buffer=1.5KiB", 13, 1, "a size is a whole number: 1536KiB for 1.5MiB" },
	{ "send-buffer=9000000000GiB", 12, 13, "a size is at most 9223372036854775807 bytes" },
	{ "send-buffer=2GiB", 12, 4, "send-buffer is at most 2147483647B" },
	{ "keepalive-time=30", 17, 1, "a duration has a unit: ns, us, ms, s, m or h" },
	{ "keepalive-time=30,cork", 17, 1, "a duration has a unit: ns, us, ms, s, m or h" },
	{ "keepalive-time=1m30s", 16, 4, "a duration is one number and one unit" },
	{ "keepalive-time=0ns", 15, 3, "keepalive-time is at least 1s" },
	{ "keepalive-time=32767001ms", 15, 10, "keepalive-time is at most 32767s" },
	{ "linger=2562048h", 7, 8, "a duration is at most 9223372036854775807ns: 292 years" },
	{ "congestion=abcdefghijklmnop", 11, 16, "congestion is at most 15 bytes long" },
	{ "bind-to-device=a%1", 16, 1, "a text has no '#' and no '%'" },
	{ "bind-to-device=a\x7f", 16, 1, "a control character cannot stand here" },
};

static bool is_zero(const struct vet_options *options)
{
	static const struct vet_options zero;

	return memcmp(options, &zero, sizeof zero) == 0;
}

static void refuse(const char *text, size_t offset, size_t length, const char *reason)
{
	struct vet_text_error error;
	struct vet_options options;

	memset(&options, 0xa5, sizeof options);
	assert_int_equal(vet_options_parse(text, strlen(text), &options, &error), -EINVAL);
	if (error.offset != offset || error.length != length || strcmp(error.reason, reason) != 0)
		fail_msg("\"%s\": %zu+%zu: %s\n not %zu+%zu: %s", text, error.offset, error.length,
			 error.reason, offset, length, reason);
	assert_true(is_zero(&options));
	assert_int_equal(vet_options_parse(text, strlen(text), &options, NULL), -EINVAL);
}

static void what_is_wrong_is_said_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		refuse(bad[i].text, bad[i].offset, bad[i].length, bad[i].reason);
}

static void a_name_of_any_length_is_blamed_as_a_whole(void **state)
{
	static char text[100001];

	(void)state;
	memset(text, 'a', sizeof text - 1);
	refuse(text, 0, sizeof text - 1, NO_NAME);
	memcpy(text, "congestion=", 11);
	refuse(text, 11, sizeof text - 12, "congestion is at most 15 bytes long");
}

/* ---- each option of the table ---- */

static const char *unit_of(const struct vet_option *o)
{
	if (o->kind == VET_OPTION_SIZE)
		return "B";
	return o->unit == 0 ? "" : o->unit == VET_SECONDS(1) ? "s" : "ms";
}

static void take(const struct vet_option *o, size_t index, int64_t units)
{
	struct vet_options options;
	char text[96];
	int size = snprintf(text, sizeof text, "%s=%" PRId64 "%s", o->text, units, unit_of(o));

	parse(text, (size_t)size, &options);
	assert_true(options.value[index].number == units * (o->unit == 0 ? 1 : o->unit));
}

static void refuse_beyond(const struct vet_option *o, int64_t units, const char *limit, int64_t at)
{
	char text[96], reason[96];
	size_t name = strlen(o->text) + 1;
	int size = snprintf(text, sizeof text, "%s=%" PRId64 "%s", o->text, units, unit_of(o));

	(void)snprintf(reason, sizeof reason, "%s is at %s %" PRId64 "%s", o->text, limit, at,
		       unit_of(o));
	refuse(text, name, (size_t)size - name, reason);
}

static void the_least_and_the_greatest_are_read_and_one_beyond_is_not(void **state)
{
	const struct vet_option *o;

	(void)state;
	for (size_t i = 0; (o = vet_option_at(i)) != NULL; i++) {
		if (o->kind == VET_OPTION_FLAG || o->kind == VET_OPTION_TEXT ||
		    (o->flags & VET_OPTION_READ_ONLY) != 0)
			continue;
		take(o, i, o->min);
		take(o, i, o->max);
		refuse_beyond(o, o->max + 1, "most", o->max);
		if (o->min > 0)
			refuse_beyond(o, o->min - 1, "least", o->min);
	}
}

/* "send_buffer_size" is "send-buffer" and "send-buffer-size" here. */
static void each_option_has_the_name_of_its_setter_with_hyphens(void **state)
{
	static const char *const values[] = {
		[VET_OPTION_FLAG] = "on",     [VET_OPTION_INTEGER] = "1",  [VET_OPTION_SIZE] = "1",
		[VET_OPTION_DURATION] = "1s", [VET_OPTION_LINGER] = "off", [VET_OPTION_TEXT] = "x"
	};
	const struct vet_option *o;

	(void)state;
	for (size_t i = 0; (o = vet_option_at(i)) != NULL; i++) {
		char name[40], text[64];
		struct vet_options options;

		assert_true(strlen(o->name) < sizeof name);
		strcpy(name, o->name);
		for (char *at = name; (at = strchr(at, '_')) != NULL;)
			*at = '-';
		assert_memory_equal(name, o->text, strlen(o->text));
		if ((o->flags & VET_OPTION_READ_ONLY) != 0) {
			refuse(name, 0, strlen(name), "this option is only read");
			continue;
		}
		(void)snprintf(text, sizeof text, "%s=%s", name, values[o->kind]);
		parse(text, strlen(text), &options);
		assert_true(options.given == UINT64_C(1) << i);
		(void)snprintf(text, sizeof text, "%s=%s", o->text, values[o->kind]);
		parse(text, strlen(text), &options);
		assert_true(options.given == UINT64_C(1) << i);
	}
}

/* ---- nothing is read beyond the size ---- */

static bool in_bounds(const struct vet_text_error *error, size_t size)
{
	if (error->reason == NULL || error->length == 0 || error->offset > size)
		return false;
	return error->offset == size ? error->length == 1 : error->length <= size - error->offset;
}

/* In memory of just that size, and with other bytes behind it: the same comes of both. */
static void check_bytes(const char *text, size_t size)
{
	char *exact = malloc(size), *longer = malloc(size + 16);
	struct vet_options alone, within;
	struct vet_text_error error, error_within;
	int result;

	assert_true((exact != NULL || size == 0) && longer != NULL);
	if (size > 0)
		memcpy(exact, text, size);
	memcpy(longer, text, size);
	memcpy(longer + size, "1s,ttl=7,cork=on", 16);
	result = vet_options_parse(exact, size, &alone, &error);
	assert_int_equal(vet_options_parse(longer, size, &within, &error_within), result);
	assert_memory_equal(&alone, &within, sizeof alone);
	assert_int_equal(error.offset, error_within.offset);
	assert_int_equal(error.length, error_within.length);
	assert_ptr_equal(error.reason, error_within.reason);
	assert_true(result == 0 ? error.reason == NULL : in_bounds(&error, size));
	free(exact);
	free(longer);
}

static void each_beginning_of_a_text_is_read_to_its_end_and_no_further(void **state)
{
	(void)state;
	for (size_t size = 0; size < sizeof long_text; size++)
		check_bytes(long_text, size);
}

static void each_changed_byte_is_read_or_blamed_within_the_text(void **state)
{
	static const char bytes[] = "\0 ,=-_&%#0z9\n\x7f\xff";
	char text[sizeof long_text];

	(void)state;
	memcpy(text, long_text, sizeof text);
	for (size_t i = 0; i < sizeof text - 1; i++) {
		for (size_t j = 0; j < sizeof bytes - 1; j++) {
			text[i] = bytes[j];
			check_bytes(text, sizeof text - 1);
		}
		text[i] = long_text[i];
	}
}

/* ---- there and back ---- */

static uint64_t next_random(uint64_t *state) /* splitmix64 */
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static uint64_t test_seed(void)
{
	const char *given = getenv("VETSOCK_TEST_SEED");
	uint64_t seed = given != NULL ? strtoull(given, NULL, 0) : 7413;

	print_message("VETSOCK_TEST_SEED=%" PRIu64 "\n", seed);
	return seed;
}

static void make_text(const struct vet_option *o, uint64_t *random, char *text)
{
	size_t least = (size_t)o->min, size = least + (size_t)(next_random(random) % (16 - least));

	for (size_t i = 0; i < size; i++) {
		do
			text[i] = (char)('!' + next_random(random) % 94);
		while (strchr(",&#%", text[i]) != NULL);
	}
}

/* Many small ones, and round ones. */
static int64_t make_number(const struct vet_option *o, uint64_t *random)
{
	static const int64_t round[] = {
		1, 1, 1000, 1024, 1000000, 1048576, 1000000000, 60000000000
	};
	int64_t unit = o->unit == 0 ? 1 : o->unit, greatest = o->max * unit;
	int64_t least = o->unit == 0 ? o->min : o->min > 0;
	int64_t value = (int64_t)(next_random(random) >> next_random(random) % 64 >> 1);

	value -= value % round[next_random(random) % COUNT(round)];
	value = value > greatest ? greatest - value % 2 : value;
	if (o->kind == VET_OPTION_LINGER && next_random(random) % 4 == 0)
		return VET_LINGER_OFF;
	return value < least ? least : value;
}

static void make_options(struct vet_options *options, uint64_t *random)
{
	uint64_t wanted = next_random(random) & next_random(random);
	const struct vet_option *o;

	memset(options, 0, sizeof *options);
	for (size_t i = 0; (o = vet_option_at(i)) != NULL; i++) {
		if ((o->flags & VET_OPTION_READ_ONLY) != 0 || (wanted >> i & 1) == 0)
			continue;
		options->given |= UINT64_C(1) << i;
		if (o->kind == VET_OPTION_TEXT)
			make_text(o, random, options->value[i].text);
		else
			options->value[i].number = make_number(o, random);
	}
}

static void what_is_printed_is_read_back_as_the_same_value(void **state)
{
	const unsigned rounds = getenv("VETSOCK_SLOW") != NULL ? 1000 : 20000;
	uint64_t random = test_seed();

	(void)state;
	for (unsigned i = 0; i < rounds; i++) {
		char text[VET_OPTIONS_TEXT_SIZE], again[VET_OPTIONS_TEXT_SIZE];
		struct vet_options options, back;
		int size;

		make_options(&options, &random);
		size = vet_options_format(&options, text, sizeof text);
		if (size < 0)
			fail_msg("round %u is not printed: %d", i, size);
		parse(text, (size_t)size, &back);
		if (memcmp(&options, &back, sizeof back) != 0)
			fail_msg("round %u: \"%s\" is another value", i, text);
		assert_int_equal(vet_options_format(&back, again, sizeof again), size);
		assert_string_equal(text, again);
	}
}

/* ---- room, and values that no text gives ---- */

static void set_longest(struct vet_options *options)
{
	const struct vet_option *o;

	memset(options, 0, sizeof *options);
	for (size_t i = 0; (o = vet_option_at(i)) != NULL; i++) {
		int64_t unit = o->unit == 0 ? 1 : o->unit;

		if ((o->flags & VET_OPTION_READ_ONLY) != 0)
			continue;
		options->given |= UINT64_C(1) << i;
		if (o->kind == VET_OPTION_TEXT)
			memset(options->value[i].text, 'x', VET_OPTION_TEXT_SIZE - 1);
		else if (o->kind != VET_OPTION_FLAG)
			options->value[i].number = o->max * unit - (unit > 1);
	}
}

static void the_longest_text_has_room(void **state)
{
	struct vet_options options;
	char text[VET_OPTIONS_TEXT_SIZE];
	int size;

	(void)state;
	set_longest(&options);
	size = vet_options_format(&options, text, sizeof text);
	print_message("the longest text has %d bytes, its room %zu\n", size, sizeof text);
	assert_in_range(size, 500, sizeof text - 1);
}

static void a_text_without_room_is_not_written(void **state)
{
	struct vet_options options;
	char whole[VET_OPTIONS_TEXT_SIZE];
	int length;

	(void)state;
	set_longest(&options);
	length = vet_options_format(&options, whole, sizeof whole);
	for (size_t size = 0; size <= (size_t)length + 1; size++) {
		char *text = malloc(size);

		if (size > 0)
			memset(text, 'x', size);
		assert_int_equal(vet_options_format(&options, text, size),
				 size > (size_t)length ? length : -ENOSPC);
		assert_true(size == 0 || strcmp(text, size > (size_t)length ? whole : "") == 0);
		assert_true(size < 2 || size > (size_t)length || text[1] == 'x');
		free(text);
	}
}

static void a_value_that_no_text_gives_is_not_printed(void **state)
{
	static const struct {
		size_t index;
		int64_t number;
		const char *text; /* NULL: the number */
		bool is_given;
	} rows[] = {
		{ VET_INDEX_ttl, 0, NULL, true },
		{ VET_INDEX_ttl, 256, NULL, true },
		{ VET_INDEX_ttl, 64, NULL, false },
		{ VET_INDEX_cork, 2, NULL, true },
		{ VET_INDEX_cork, -1, NULL, true },
		{ VET_INDEX_keepalive_time, 0, NULL, true },
		{ VET_INDEX_keepalive_time, -1, NULL, true },
		{ VET_INDEX_user_timeout, -1, NULL, true },
		{ VET_INDEX_keepalive_time, INT64_C(32767000000001), NULL, true },
		{ VET_INDEX_linger, -2, NULL, true },
		{ VET_INDEX_send_buffer_size, INT64_C(2147483648), NULL, true },
		{ VET_INDEX_type, 1, NULL, true },
		{ VET_INDEX_COUNT, 0, NULL, true },
		{ VET_INDEX_COUNT, 1, NULL, false },
		{ VET_INDEX_congestion, 0, "", true },
		{ VET_INDEX_congestion, 0, "a,b", true },
		{ VET_INDEX_congestion, 0, "a b", true },
		{ VET_INDEX_congestion, 0, "a\0b", true },
		{ VET_INDEX_congestion, 0, "abcdefghijklmnop", true }, /* no NUL */
	};
	char text[VET_OPTIONS_TEXT_SIZE] = "x";

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct vet_options options = { 0 };

		options.given = rows[i].is_given ? UINT64_C(1) << rows[i].index : 0;
		if (rows[i].text == NULL)
			options.value[rows[i].index].number = rows[i].number;
		else
			memcpy(options.value[rows[i].index].text, rows[i].text,
			       rows[i].text[0] == 'a' && rows[i].text[1] == '\0'
				       ? 3
				       : strlen(rows[i].text));
		text[0] = 'x';
		if (vet_options_format(&options, text, sizeof text) != -EINVAL)
			fail_msg("row %zu is printed: %s", i, text);
		assert_int_equal(text[0], '\0');
		assert_int_equal(vet_options_format(&options, NULL, 0), -EINVAL);
	}
	assert_int_equal(vet_options_format(&(struct vet_options){ .given = UINT64_C(1) << 63 },
					    text, sizeof text),
			 -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_read_is_printed_canonically),
		cmocka_unit_test(a_text_is_kept_with_zeros_behind_it),
		cmocka_unit_test(what_is_wrong_is_said_with_its_place),
		cmocka_unit_test(a_name_of_any_length_is_blamed_as_a_whole),
		cmocka_unit_test(the_least_and_the_greatest_are_read_and_one_beyond_is_not),
		cmocka_unit_test(each_option_has_the_name_of_its_setter_with_hyphens),
		cmocka_unit_test(each_beginning_of_a_text_is_read_to_its_end_and_no_further),
		cmocka_unit_test(each_changed_byte_is_read_or_blamed_within_the_text),
		cmocka_unit_test(what_is_printed_is_read_back_as_the_same_value),
		cmocka_unit_test(the_longest_text_has_room),
		cmocka_unit_test(a_text_without_room_is_not_written),
		cmocka_unit_test(a_value_that_no_text_gives_is_not_printed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
