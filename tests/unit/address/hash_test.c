/* SPDX-License-Identifier: 0BSD */
/* The hash of addresses: the same on every machine, and spread well over all of its bits. */
#include "rows.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void hashes_are_the_same_everywhere(void **state)
{
	static const struct known {
		const char *name;
		struct vet_address address;
		uint64_t seed, ip, address_hash;
	} rows[] = {
		{ "none, seed 0",
		  { { 0, { 0 } }, 0, 0 },
		  0,
		  UINT64_C(0x1f5f0f8a9be20559),
		  UINT64_C(0x968834ba502d3aae) },
		{ "127.0.0.1:80",
		  { { 4, { 127, 0, 0, 1 } }, 80, 0 },
		  0,
		  UINT64_C(0x32fe6b1c355c3997),
		  UINT64_C(0x030e0475fc39f9e0) },
		{ "127.0.0.1:80, seed 1",
		  { { 4, { 127, 0, 0, 1 } }, 80, 0 },
		  1,
		  UINT64_C(0xc59533db7f03c5ff),
		  UINT64_C(0x54686b2e315dd250) },
		{ "1.0.0.127:80",
		  { { 4, { 1, 0, 0, 127 } }, 80, 0 },
		  0,
		  UINT64_C(0xe463b8f63ffd9cf8),
		  UINT64_C(0x6854ee334b721d5e) },
		{ "::",
		  { { 6, { 0 } }, 0, 0 },
		  0,
		  UINT64_C(0x012575dd730cbf20),
		  UINT64_C(0xb48642ac7b1f82ec) },
		{ "[fe80::1%2]:80",
		  { { 6, { 0xfe, 0x80, [15] = 1 } }, 80, 2 },
		  0,
		  UINT64_C(0xe465e6709280e121),
		  UINT64_C(0x65851e0072ab074d) },
		{ "[fe80::1%80]:2",
		  { { 6, { 0xfe, 0x80, [15] = 1 } }, 2, 80 },
		  0,
		  UINT64_C(0xe465e6709280e121),
		  UINT64_C(0x524e122c02874df2) },
	};
	unsigned failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t ip = vet_ip_hash(&rows[i].address.ip, rows[i].seed);
		uint64_t address = vet_address_hash(&rows[i].address, rows[i].seed);

		if (ip != rows[i].ip || address != rows[i].address_hash) {
			print_error("%s: 0x%016" PRIx64 ", 0x%016" PRIx64 "\n", rows[i].name, ip,
				    address);
			failed++;
		}
	}
	assert_int_equal(failed, 0);
}

static unsigned bits_set(uint64_t word)
{
	unsigned count = 0;

	for (; word != 0; word &= word - 1)
		count++;
	return count;
}

static struct vet_address random_address(uint64_t *random)
{
	struct vet_address address = { .ip.family = 6,
				       .port = (uint32_t)next_random(random) & 0xffff,
				       .scope_id = (uint32_t)next_random(random) };

	for (size_t i = 0; i < 16; i++)
		address.ip.bytes[i] = (uint8_t)next_random(random);
	return address;
}

/* Bits 0 to 127 of the IP address, 128 to 143 of the port, 144 to 175 of the zone, then the seed. */
static void flip(struct vet_address *address, uint64_t *seed, unsigned bit)
{
	if (bit < 128)
		address->ip.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
	else if (bit < 144)
		address->port ^= 1U << (bit - 128);
	else if (bit < 176)
		address->scope_id ^= 1U << (bit - 144);
	else
		*seed ^= UINT64_C(1) << (bit - 176);
}

void every_input_bit_changes_half_of_the_hash(void **state)
{
	uint64_t random = test_seed();
	const unsigned rounds = repetitions(1000);

	(void)state;
	for (unsigned bit = 0; bit < 176 + 64; bit++) {
		unsigned changed = 0;

		for (unsigned i = 0; i < rounds; i++) {
			struct vet_address address = random_address(&random);
			uint64_t seed = next_random(&random);
			uint64_t before = vet_address_hash(&address, seed);

			flip(&address, &seed, bit);
			changed += bits_set(before ^ vet_address_hash(&address, seed));
		}
		/* 32 of 64, and a standard deviation of 4 over the root of the rounds. */
		if (changed < 28 * rounds || changed > 36 * rounds)
			fail_msg("bit %u changes %u bits in %u rounds", bit, changed, rounds);
	}
}

static int compare_words(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

enum { NEIGHBOURS = 1 << 16, BUCKETS = 256 };

/* In `counts` by the low byte; no hash may come twice. */
static void hash_neighbours(bool ipv6, unsigned counts[BUCKETS])
{
	uint64_t *hashes = malloc(NEIGHBOURS * sizeof(*hashes));

	assert_non_null(hashes);
	for (unsigned i = 0; i < NEIGHBOURS; i++) {
		struct vet_ip ip = ipv6 ? vet_ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, (uint16_t)i)
					: vet_ipv4(10, 0, (uint8_t)(i >> 8), (uint8_t)(i & 0xff));

		hashes[i] = vet_ip_hash(&ip, 0);
		counts[hashes[i] % BUCKETS]++;
	}
	qsort(hashes, NEIGHBOURS, sizeof(*hashes), compare_words);
	for (unsigned i = 1; i < NEIGHBOURS; i++)
		assert_true(hashes[i - 1] != hashes[i]);
	free(hashes);
}

void hashes_of_neighbours_spread_evenly(void **state)
{
	(void)state;
	for (int ipv6 = 0; ipv6 <= 1; ipv6++) {
		unsigned counts[BUCKETS] = { 0 };

		hash_neighbours(ipv6, counts);
		/* 256 in each are expected, with a standard deviation of 16: six of them. */
		for (size_t i = 0; i < BUCKETS; i++)
			assert_in_range(counts[i], 256 - 96, 256 + 96);
	}
}
