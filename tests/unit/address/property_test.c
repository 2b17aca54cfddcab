/* SPDX-License-Identifier: 0BSD */
/* What holds for every text and every value. */
#include "rows.h"

#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- prefixes: a text of `size` bytes is not read further, whatever follows it ---- */

static void check_ip_prefix(const char *text, size_t size)
{
	char *copy = exact_copy(text, size), terminated[128];
	struct vet_ip alone, within;
	struct vet_text_error error_alone, error_within;
	unsigned char raw[16];
	int result = vet_ip_parse_explain(copy, size, &alone, &error_alone);

	assert_int_equal(vet_ip_parse_explain(text, size, &within, &error_within), result);
	assert_memory_equal(&alone, &within, sizeof(alone));
	assert_true(same_error(text, &error_alone, &error_within));
	assert_true(result == 0 || in_bounds(&error_alone, size));
	memcpy(terminated, text, size);
	terminated[size] = '\0';
	if ((result == 0) !=
	    (inet_pton(AF_INET, terminated, raw) == 1 || inet_pton(AF_INET6, terminated, raw) == 1))
		fail_msg("\"%s\": returned %d", terminated, result);
	free(copy);
}

static void check_address_prefix(const char *text, size_t size)
{
	char *copy = exact_copy(text, size), printed[VET_ADDRESS_TEXT_SIZE];
	struct vet_address alone, within;
	struct vet_text_error error_alone, error_within;
	int result = vet_address_parse_explain(copy, size, &alone, &error_alone);

	assert_int_equal(vet_address_parse_explain(text, size, &within, &error_within), result);
	assert_true(vet_address_equal(&alone, &within));
	assert_true(same_error(text, &error_alone, &error_within));
	if (result == 0)
		assert_true(vet_address_format(&alone, printed, sizeof(printed)) > 0);
	else
		assert_true(in_bounds(&error_alone, size));
	free(copy);
}

void every_prefix_is_read_to_its_end_and_no_further(void **state)
{
	(void)state;
	for (size_t i = 0; i < good_ip_count; i++) {
		for (size_t size = 0; size <= strlen(good_ips[i].text); size++)
			check_ip_prefix(good_ips[i].text, size);
	}
	for (size_t i = 0; i < good_address_count; i++) {
		for (size_t size = 0; size <= strlen(good_addresses[i].text); size++)
			check_address_prefix(good_addresses[i].text, size);
	}
}

/* ---- there and back ---- */

static struct vet_address make_address(uint64_t *random)
{
	struct vet_address address = { .ip.family = pick(random, 2) ? 4 : 6 };
	uint64_t words[2] = { next_random(random), next_random(random) };
	unsigned zeros = pick(random, 0x10000) & pick(random, 0x10000);

	for (size_t i = 0; i < (address.ip.family == 4 ? 4 : 16); i++) {
		if ((zeros >> i & 1) == 0)
			address.ip.bytes[i] = (uint8_t)(words[i / 8] >> (8 * (i % 8)));
	}
	address.port = pick(random, 65536) >> pick(random, 17);
	if (address.ip.family == 6 && pick(random, 2))
		address.scope_id = (uint32_t)next_random(random) >> pick(random, 32);
	return address;
}

void rule_14_what_is_printed_parses_back(void **state)
{
	const unsigned rounds = repetitions(500000);
	uint64_t random = test_seed();

	(void)state;
	for (unsigned i = 0; i < rounds; i++) {
		struct vet_address address = make_address(&random), back;
		struct vet_ip ip;
		char text[VET_ADDRESS_TEXT_SIZE];
		int length = vet_address_format(&address, text, sizeof(text));

		if (length <= 0 || vet_address_parse(text, (size_t)length, &back) != 0 ||
		    !vet_address_equal(&address, &back))
			fail_msg("round %u: \"%s\" is another address", i, text);
		length = vet_ip_format(&address.ip, text, sizeof(text));
		if (length <= 0 || vet_ip_parse(text, (size_t)length, &ip) != 0 ||
		    memcmp(&ip, &address.ip, sizeof(ip)) != 0)
			fail_msg("round %u: \"%s\" is another IP address", i, text);
	}
}

/* ---- room ---- */

typedef int printer(const void *value, char *text, size_t size);

static int print_ip(const void *value, char *text, size_t size)
{
	return vet_ip_format(value, text, size);
}

static int print_address(const void *value, char *text, size_t size)
{
	return vet_address_format(value, text, size);
}

/* Every size up to that of any text, each in memory of just that size. */
static void check_room(printer *print, const void *value, const char *want)
{
	const size_t needed = strlen(want) + 1;

	for (size_t size = 0; size <= VET_ADDRESS_TEXT_SIZE; size++) {
		char *room = malloc(size), untouched[VET_ADDRESS_TEXT_SIZE];
		int result;

		memset(untouched, 0xaa, sizeof(untouched));
		if (size > 0) {
			assert_non_null(room);
			memset(room, 0xaa, size);
		}
		result = print(value, room, size);
		if (size >= needed) {
			assert_int_equal(result, needed - 1);
			assert_string_equal(room, want);
		} else {
			assert_int_equal(result, -ENOSPC);
			if (size > 0) {
				assert_int_equal(room[0], '\0');
				assert_memory_equal(room + 1, untouched, size - 1);
			}
		}
		free(room);
	}
}

void short_room_gives_an_empty_text(void **state)
{
	size_t longest_ip = 0, longest_address = 0;

	(void)state;
	for (size_t i = 0; i < good_ip_count; i++) {
		const struct good_ip *row = &good_ips[i];

		check_room(print_ip, &row->want, row->canonical);
		if (strlen(row->canonical) > longest_ip)
			longest_ip = strlen(row->canonical);
	}
	for (size_t i = 0; i < good_address_count; i++) {
		const struct good_address *row = &good_addresses[i];

		check_room(print_address, &row->want, row->canonical);
		if (strlen(row->canonical) > longest_address)
			longest_address = strlen(row->canonical);
	}
	/* The sizes of the headers leave room for what is never printed: a dotted end behind six
	 * full groups. */
	assert_int_equal(longest_ip, VET_IP_TEXT_SIZE - 1 - 6);
	assert_int_equal(longest_address, VET_ADDRESS_TEXT_SIZE - 1 - 6);
}
