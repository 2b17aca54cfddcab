/* SPDX-License-Identifier: 0BSD */
/* The C library's inet_pton(3) and inet_ntop(3) as a second opinion, on generated texts and values. */
#include "rows.h"

#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT_MAX = 80 };

struct line {
	char bytes[TEXT_MAX + 1];
	size_t size;
};

/* ---- texts ---- */

static void append(struct line *line, const char *text)
{
	size_t length = strlen(text), room = TEXT_MAX - line->size;

	if (length > room)
		length = room;
	memcpy(line->bytes + line->size, text, length);
	line->size += length;
}

static void append_ipv4(struct line *line, uint64_t *random)
{
	static const char *const formats[] = { "%s%u", "%s%u", "%s%u", "%s%u", "%s0%u", "%s%x" };
	const unsigned parts = pick(random, 8) == 0 ? pick(random, 6) : 4;

	for (unsigned i = 0; i < parts; i++) {
		const char *format = formats[pick(random, pick(random, 8) == 0 ? 6 : 4)];
		unsigned bound = pick(random, 16) == 0 ? 400 : 256;
		char part[16];

		(void)snprintf(part, sizeof(part), format, i > 0 ? "." : "", pick(random, bound));
		append(line, part);
	}
}

static void append_ipv6(struct line *line, uint64_t *random)
{
	const unsigned gap = pick(random, 10), groups = gap < 8 ? pick(random, 9) : 8;

	for (unsigned i = 0; i < groups; i++) {
		char group[16];

		if (i == gap)
			append(line, i > 0 ? ":" : "::");
		if (i > 0)
			append(line, ":");
		if (i + 2 >= groups && pick(random, 6) == 0) {
			append_ipv4(line, random);
			return;
		}
		(void)snprintf(group, sizeof(group), pick(random, 2) ? "%x" : "%04X",
			       pick(random, 0x10000) >> pick(random, 17));
		append(line, group);
	}
	if (gap == groups)
		append(line, "::");
}

/* One byte is taken out, put in, or changed; or two change places. */
static void mutate(struct line *line, uint64_t *random)
{
	static const char alphabet[] = "0123456789abcdefABCDEF::::....%/[]gx- \xff";
	size_t at = line->size > 0 ? pick(random, (unsigned)line->size) : 0;
	char byte = alphabet[pick(random, sizeof(alphabet) - 1)];

	switch (line->size > 1 && line->size < TEXT_MAX ? pick(random, 4) : 4) {
	case 0:
		memmove(line->bytes + at, line->bytes + at + 1, --line->size - at);
		break;
	case 1:
		memmove(line->bytes + at + 1, line->bytes + at, line->size++ - at);
		line->bytes[at] = byte;
		break;
	case 2:
		line->bytes[at] = byte;
		break;
	case 3:
		byte = line->bytes[at];
		line->bytes[at] = line->bytes[line->size - 1];
		line->bytes[line->size - 1] = byte;
		break;
	default:
		break;
	}
}

static struct line make_text(uint64_t *random)
{
	struct line line = { .size = 0 };
	unsigned mutations = pick(random, 2) ? 0 : pick(random, 4);

	if (pick(random, 3) == 0)
		append_ipv4(&line, random);
	else
		append_ipv6(&line, random);
	while (mutations-- > 0)
		mutate(&line, random);
	line.bytes[line.size] = '\0';
	return line;
}

static struct vet_ip second_opinion(const char *text)
{
	struct vet_ip ip = { 0 };

	if (inet_pton(AF_INET, text, ip.bytes) == 1)
		ip.family = 4;
	else if (inet_pton(AF_INET6, text, ip.bytes) == 1)
		ip.family = 6;
	else
		memset(&ip, 0, sizeof(ip));
	return ip;
}

void inet_pton_agrees_about_every_text(void **state)
{
	const unsigned rounds = repetitions(200000);
	uint64_t random = test_seed();
	unsigned good[7] = { 0 };

	(void)state;
	for (unsigned i = 0; i < rounds; i++) {
		struct line line = make_text(&random);
		struct vet_ip want = second_opinion(line.bytes), got;
		struct vet_text_error error;
		int result = vet_ip_parse_explain(line.bytes, line.size, &got, &error);

		if (memcmp(&got, &want, sizeof(got)) != 0 ||
		    result != (want.family != 0 ? 0 : -EINVAL))
			fail_msg("round %u: \"%s\": family %u, inet_pton says %u", i, line.bytes,
				 got.family, want.family);
		if (result != 0 && !in_bounds(&error, line.size))
			fail_msg("round %u: \"%s\": the error is out of bounds", i, line.bytes);
		good[got.family]++;
	}
	print_message("%u texts: %u IPv4, %u IPv6, %u neither\n", rounds, good[4], good[6],
		      good[0]);
	/* What never happens is not tested. */
	assert_true(good[4] > rounds / 10 && good[6] > rounds / 10 && good[0] > rounds / 10);
}

void inet_pton_stops_at_a_nul_where_we_refuse(void **state)
{
	static const char text[] = "1.2.3.4\0.5";
	unsigned char raw[4];
	struct vet_ip ip;

	(void)state;
	assert_int_equal(inet_pton(AF_INET, text, raw), 1);
	assert_int_equal(vet_ip_parse(text, sizeof(text) - 1, &ip), -EINVAL);
}

/* ---- values ---- */

/* Groups of zero and small ones are as likely as others, so that every "::" is met. */
static struct vet_ip make_value(uint64_t *random)
{
	struct vet_ip ip = { .family = pick(random, 4) == 0 ? 4 : 6 };
	unsigned zeros = pick(random, 256), zero_front = pick(random, 4) == 0 ? 5 : 0;

	for (unsigned i = 0; i < (ip.family == 4 ? 2 : 8); i++) {
		unsigned group = pick(random, 0x10000) >> pick(random, 17);

		if (ip.family == 6 && (i < zero_front || (zeros >> i & 1) != 0))
			group = i == 5 && zero_front != 0 ? 0xffff : 0;
		ip.bytes[2 * i] = (uint8_t)(group >> 8);
		ip.bytes[2 * i + 1] = (uint8_t)(group & 0xff);
	}
	return ip;
}

/* The one class of addresses that inet_ntop may print otherwise: glibc and the BSDs write
 * IPv4-compatible ones dotted, which RFC 5952 5 recommends only for prefixes that are known to hold
 * IPv4 addresses, and which RFC 4291 2.5.5.1 deprecates. */
static bool may_differ(const struct vet_ip *ip)
{
	return vet_ip_is_ipv4_compatible(ip) && (ip->bytes[12] != 0 || ip->bytes[13] != 0);
}

void inet_ntop_agrees_but_for_compatible_addresses(void **state)
{
	const unsigned rounds = repetitions(200000);
	uint64_t random = test_seed();
	unsigned compatible = 0, mapped = 0, compressed = 0;

	(void)state;
	for (unsigned i = 0; i < rounds; i++) {
		struct vet_ip ip = make_value(&random);
		char want[INET6_ADDRSTRLEN], got[VET_IP_TEXT_SIZE];
		int length;

		assert_non_null(inet_ntop(ip.family == 4 ? AF_INET : AF_INET6, ip.bytes, want,
					  sizeof(want)));
		length = vet_ip_format(&ip, got, sizeof(got));
		assert_int_equal(length, strlen(got));
		mapped += vet_ip_is_ipv4_mapped(&ip);
		compressed += strstr(got, "::") != NULL;
		if (may_differ(&ip)) {
			compatible++;
			assert_null(strchr(got, '.'));
		} else if (strcmp(got, want) != 0) {
			fail_msg("round %u: %s, inet_ntop says %s", i, got, want);
		}
	}
	print_message("%u values: %u with \"::\", %u mapped; %u compatible ones not compared\n",
		      rounds, compressed, mapped, compatible);
	assert_true(compressed > rounds / 10 && mapped > rounds / 100 && compatible > 0);
}
