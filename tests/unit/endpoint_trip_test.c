/* SPDX-License-Identifier: 0BSD */
/* Endpoints there and back: what holds for every value, every text and every size of room. */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <vetsock/endpoint.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool same_endpoint(const struct vet_endpoint *a, const struct vet_endpoint *b)
{
	return a->kind == b->kind && a->role == b->role && a->protocol == b->protocol &&
	       a->has_backlog == b->has_backlog && a->backlog == b->backlog &&
	       vet_address_equal(&a->address, &b->address) &&
	       memcmp(a->zone, b->zone, sizeof a->zone) == 0 &&
	       memcmp(&a->options, &b->options, sizeof a->options) == 0;
}

/* ---- made at random (splitmix64: the same numbers everywhere) ---- */

static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static unsigned pick(uint64_t *random, unsigned bound)
{
	return (unsigned)(next_random(random) >> 32) % bound;
}

static uint64_t test_seed(void)
{
	const char *given = getenv("VETSOCK_TEST_SEED");
	uint64_t seed = given != NULL ? strtoull(given, NULL, 0) : 6874;

	print_message("VETSOCK_TEST_SEED=%" PRIu64 "\n", seed);
	return seed;
}

static unsigned repetitions(unsigned count)
{
	return getenv("VETSOCK_SLOW") != NULL ? count / 20 : count;
}

static void make_text(uint64_t *random, const struct vet_option *o, char *text)
{
	static const char bytes[] = "abcxyzABCXYZ0189-_.:/?=@!~";
	size_t size = (size_t)o->min + pick(random, (unsigned)(o->max - o->min) + 1);

	for (size_t i = 0; i < size; i++)
		text[i] = bytes[pick(random, sizeof bytes - 1)];
}

/* Near the limits as often as between them; a duration may end between two units. */
static int64_t make_number(uint64_t *random, const struct vet_option *o)
{
	int64_t unit = o->unit != 0 ? o->unit : 1;
	uint64_t span = (uint64_t)(o->max - o->min) + 1;
	int64_t value;

	if (o->kind == VET_OPTION_LINGER && pick(random, 4) == 0)
		return VET_LINGER_OFF;
	value = o->min + (int64_t)(next_random(random) % span >> pick(random, 20));
	if (pick(random, 4) == 0)
		value = pick(random, 2) ? o->max : o->min;
	value *= unit;
	return unit > 1 && value > 0 && pick(random, 2) ? value - pick(random, (unsigned)unit)
							: value;
}

static void make_options(uint64_t *random, struct vet_endpoint *e, unsigned one_in)
{
	unsigned family = e->address.ip.family == 4 ? VET_OPTION_ON_IPV4 : VET_OPTION_ON_IPV6;

	for (size_t i = 0; vet_option_at(i) != NULL; i++) {
		const struct vet_option *o = vet_option_at(i);

		if ((o->flags & (family | VET_OPTION_READ_ONLY)) != family ||
		    pick(random, one_in) != 0)
			continue;
		e->options.given |= UINT64_C(1) << i;
		if (o->kind == VET_OPTION_TEXT)
			make_text(random, o, e->options.value[i].text);
		else
			e->options.value[i].number = make_number(random, o);
	}
}

static void make_zone(uint64_t *random, struct vet_endpoint *e)
{
	size_t size = 1 + pick(random, 15);

	if (pick(random, 2)) {
		e->address.scope_id = (uint32_t)next_random(random) >> pick(random, 32);
		return;
	}
	for (size_t i = 0; i < size; i++) {
		char c = (char)(1 + pick(random, 255));

		e->zone[i] = c == ']' ? '[' : c;
	}
	if (e->zone[0] >= '0' && e->zone[0] <= '9')
		e->zone[0] = 'e';
}

static struct vet_endpoint make_endpoint(uint64_t *random)
{
	static const struct {
		uint8_t kind, role;
	} schemes[] = { { VET_STREAM, VET_ROLE_CONNECT },   { VET_STREAM, VET_ROLE_LISTEN },
			{ VET_DATAGRAM, VET_ROLE_CONNECT }, { VET_DATAGRAM, VET_ROLE_BIND },
			{ VET_RAW, VET_ROLE_CONNECT },      { VET_RAW, VET_ROLE_BIND } };
	unsigned scheme = pick(random, COUNT(schemes)), zeros = pick(random, 0x10000);
	struct vet_endpoint e = { .kind = schemes[scheme].kind, .role = schemes[scheme].role };

	e.address.ip.family = pick(random, 2) ? 4 : 6;
	for (size_t i = 0; i < (e.address.ip.family == 4 ? 4U : 16U); i++)
		e.address.ip.bytes[i] = zeros >> i & 1 ? 0 : (uint8_t)next_random(random);
	if (e.kind == VET_RAW)
		e.protocol = (uint8_t)(next_random(random) >> (56 + pick(random, 3)));
	else
		e.address.port = pick(random, 65536) >> pick(random, 17);
	if (e.address.ip.family == 6 && pick(random, 2))
		make_zone(random, &e);
	if (e.role == VET_ROLE_LISTEN && pick(random, 2)) {
		e.has_backlog = 1;
		e.backlog = (int32_t)(next_random(random) >> (33 + pick(random, 31)));
	}
	make_options(random, &e, 1 + pick(random, 12));
	return e;
}

static void what_is_printed_parses_back_to_the_same_value(void **state)
{
	const unsigned rounds = repetitions(20000);
	uint64_t random = test_seed();
	int longest = 0;

	(void)state;
	for (unsigned i = 0; i < rounds; i++) {
		struct vet_endpoint endpoint = make_endpoint(&random), back;
		struct vet_text_error error = { 0 };
		char text[VET_ENDPOINT_TEXT_SIZE], again[VET_ENDPOINT_TEXT_SIZE];
		int length = vet_endpoint_format(&endpoint, text, sizeof text);

		if (length <= 0)
			fail_msg("round %u: %d", i, length);
		if (vet_endpoint_parse(text, (size_t)length, &back, &error) != 0)
			fail_msg("round %u: %s: %zu %s", i, text, error.offset, error.reason);
		if (!same_endpoint(&endpoint, &back) ||
		    vet_endpoint_format(&back, again, sizeof again) != length ||
		    memcmp(text, again, (size_t)length + 1) != 0)
			fail_msg("round %u: %s is another", i, text);
		longest = length > longest ? length : longest;
	}
	print_message("%u endpoints, the longest of %d bytes\n", rounds, longest);
}

/* ---- the edges of texts ---- */

/* As text.h promises. */
static bool in_bounds(const struct vet_text_error *error, size_t size)
{
	if (error->reason == NULL || error->length == 0 || error->offset > size)
		return false;
	return error->offset == size ? error->length == 1 : error->length <= size - error->offset;
}

/* A text in memory of just its size, for the checkers of memory. */
static void check_bytes(const char *text, size_t size)
{
	char *exact = malloc(size), printed[VET_ENDPOINT_TEXT_SIZE];
	struct vet_text_error error, same_error;
	struct vet_endpoint alone, within, back;
	int result, length;

	if (size > 0) {
		assert_non_null(exact);
		memcpy(exact, text, size);
	}
	result = vet_endpoint_parse(exact, size, &alone, &error);
	assert_int_equal(vet_endpoint_parse(text, size, &within, &same_error), result);
	assert_true(same_endpoint(&alone, &within));
	assert_memory_equal(&error, &same_error, sizeof error);
	free(exact);
	if (result != 0) {
		assert_true(in_bounds(&error, size));
		return;
	}
	length = vet_endpoint_format(&alone, printed, sizeof printed);
	assert_true(length > 0);
	assert_int_equal(vet_endpoint_parse(printed, (size_t)length, &back, NULL), 0);
	assert_true(same_endpoint(&alone, &back));
}

static const char *const texts[] = {
	"tcp://127.0.0.1:80?no-delay&keepalive-time=1500ms&linger=off&congestion=cubic",
	"tcp-listen://[::]:8080?backlog=128&reuse-address&receive-buffer=64KiB",
	"tcp-listen://[fe80::1%eth0]:0?no-only-ipv6&backlog=0&defer-accept=3s",
	"udp://[::1%?/#@&]:53?broadcast=off&bind-to-device=",
	"udp-bind://[ff02::fb%4294967295]:5353?multicast-ttl=255",
	"raw+icmp://127.0.0.1?ttl=64&priority=6",
	"raw-bind+255://[::ffff:1.2.3.4]?send-buffer=1MB",
	"tcp://user@localhost:80/path?ttl=9#fragment",
	"http://[::1%25lo]:80/",
	"foo+icmp://1.2.3.4",
};

static void every_prefix_is_read_to_its_end_and_no_further(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		for (size_t size = 0; size <= strlen(texts[i]); size++)
			check_bytes(texts[i], size);
}

/* One byte of a text is changed, put in or taken away: its new size. */
static size_t mutate(uint64_t *random, char *text, size_t size)
{
	static const char bytes[] = "0123456789abcdeltcpudrwb:/?&=#@[]%-+._,; \0\xff";
	size_t at = pick(random, (unsigned)size);

	switch (pick(random, 3)) {
	case 0:
		memmove(text + at, text + at + 1, size - at - 1);
		return size - 1;
	case 1:
		memmove(text + at + 1, text + at, size - at);
		size++;
		break;
	}
	text[at] = bytes[pick(random, sizeof bytes - 1)];
	return size;
}

static void texts_with_some_bytes_changed_are_good_or_have_an_error(void **state)
{
	const unsigned rounds = repetitions(20000);
	uint64_t random = test_seed();

	(void)state;
	for (unsigned i = 0; i < rounds; i++) {
		const char *from = texts[pick(&random, COUNT(texts))];
		size_t size = strlen(from);
		char text[128];

		memcpy(text, from, size);
		for (unsigned left = 1 + pick(&random, 3); left > 0; left--)
			size = mutate(&random, text, size);
		check_bytes(text, size);
	}
}

/* ---- room ---- */

/* Its longest value. */
static void fill_option(struct vet_options *options, size_t index)
{
	const struct vet_option *o = vet_option_at(index);
	union vet_option_value *value = &options->value[index];

	options->given |= UINT64_C(1) << index;
	if (o->kind == VET_OPTION_TEXT)
		memset(value->text, 'x', (size_t)o->max);
	else if (o->kind != VET_OPTION_FLAG) /* off is longer */
		value->number = o->unit != 0 ? o->max * o->unit - 1 : o->max;
}

static void there_is_room_for_the_longest_text_and_less_gives_an_empty_one(void **state)
{
	static const char base[] =
		"tcp-listen://[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%abcdefghijklmno]:65535?backlog=2147483647";
	struct vet_endpoint endpoint;
	char text[VET_ENDPOINT_TEXT_SIZE];
	int length;

	(void)state;
	assert_int_equal(vet_endpoint_parse(base, sizeof base - 1, &endpoint, NULL), 0);
	for (size_t i = 0; vet_option_at(i) != NULL; i++)
		if ((vet_option_at(i)->flags & VET_OPTION_READ_ONLY) == 0)
			fill_option(&endpoint.options, i);
	length = vet_endpoint_format(&endpoint, text, sizeof text);
	assert_true(length > 0);
	print_message("the longest text has %d bytes, there is room for %d\n", length,
		      VET_ENDPOINT_TEXT_SIZE - 1);
	for (size_t size = 0; size <= (size_t)length + 1; size++) {
		char *room = malloc(size);
		int want = size > (size_t)length ? length : -ENOSPC;

		if (size > 0) {
			assert_non_null(room);
			memset(room, 0x7f, size);
		}
		assert_int_equal(vet_endpoint_format(&endpoint, room, size), want);
		if (want < 0 && size > 0)
			assert_true(room[0] == '\0' && (size == 1 || room[size - 1] == 0x7f));
		else if (want > 0)
			assert_string_equal(room, text);
		free(room);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_printed_parses_back_to_the_same_value),
		cmocka_unit_test(every_prefix_is_read_to_its_end_and_no_further),
		cmocka_unit_test(texts_with_some_bytes_changed_are_good_or_have_an_error),
		cmocka_unit_test(there_is_room_for_the_longest_text_and_less_gives_an_empty_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
