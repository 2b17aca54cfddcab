/* SPDX-License-Identifier: 0BSD */
/* IP addresses as values: made, compared, hashed, classified, converted. */
#include <string.h>

#include <vetsock/ip.h>

#include "hash.h"

struct vet_ip vet_ipv4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	return (struct vet_ip){ .family = 4, .bytes = { a, b, c, d } };
}

struct vet_ip vet_ipv6(uint16_t a, uint16_t b, uint16_t c, uint16_t d, uint16_t e, uint16_t f,
		       uint16_t g, uint16_t h)
{
	const uint16_t groups[8] = { a, b, c, d, e, f, g, h };
	struct vet_ip ip = { .family = 6 };

	for (size_t i = 0; i < 8; i++) {
		ip.bytes[2 * i] = (uint8_t)(groups[i] >> 8);
		ip.bytes[2 * i + 1] = (uint8_t)(groups[i] & 0xff);
	}
	return ip;
}

/* How many of the bytes count: what lies behind an IPv4 address must not be looked at. */
static size_t width(const struct vet_ip *ip)
{
	return ip->family == 4 ? 4 : ip->family == 6 ? 16 : 0;
}

bool vet_ip_equal(const struct vet_ip *a, const struct vet_ip *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, width(a)) == 0;
}

int vet_ip_compare(const struct vet_ip *a, const struct vet_ip *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->bytes, b->bytes, width(a));
}

uint64_t vet_ip_hash(const struct vet_ip *ip, uint64_t seed)
{
	uint64_t words[2] = { 0, 0 };
	size_t count = width(ip);

	for (size_t i = 0; i < count; i++)
		words[i / 8] |= (uint64_t)ip->bytes[i] << (8 * (i % 8));
	seed = vet_hash_word(seed, ip->family);
	seed = vet_hash_word(seed, words[0]);
	return count == 16 ? vet_hash_word(seed, words[1]) : seed;
}

/* ---- classes: each is a few blocks of addresses that agree in their first bits ---- */

struct block {
	uint8_t family;
	uint8_t bits;
	uint8_t bytes[16];
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool in_block(const struct vet_ip *ip, const struct block *block)
{
	size_t whole = block->bits / 8;
	unsigned rest = block->bits % 8;

	if (ip->family != block->family || memcmp(ip->bytes, block->bytes, whole) != 0)
		return false;
	/* The shift drops the bits beyond the prefix; without a rest there is no such byte. */
	return rest == 0 || (ip->bytes[whole] ^ block->bytes[whole]) >> (8 - rest) == 0;
}

static bool in_any(const struct vet_ip *ip, const struct block *blocks, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (in_block(ip, &blocks[i]))
			return true;
	}
	return false;
}

static const struct block unspecified[] = {
	{ 4, 32, { 0 } },  /* RFC 1122 3.2.1.3 */
	{ 6, 128, { 0 } }, /* RFC 4291 2.5.2 */
};
static const struct block loopback[] = {
	{ 4, 8, { 127 } },        /* RFC 1122 3.2.1.3 */
	{ 6, 128, { [15] = 1 } }, /* RFC 4291 2.5.3 */
};
static const struct block private_use[] = {
	{ 4, 8, { 10 } },        /* RFC 1918 */
	{ 4, 12, { 172, 16 } },  /* RFC 1918 */
	{ 4, 16, { 192, 168 } }, /* RFC 1918 */
	{ 6, 7, { 0xfc } },      /* RFC 4193 */
};
static const struct block link_local[] = {
	{ 4, 16, { 169, 254 } },   /* RFC 3927 */
	{ 6, 10, { 0xfe, 0x80 } }, /* RFC 4291 2.5.6 */
};
static const struct block multicast[] = {
	{ 4, 4, { 224 } },  /* RFC 5771 */
	{ 6, 8, { 0xff } }, /* RFC 4291 2.7 */
};
static const struct block broadcast[] = {
	{ 4, 32, { 255, 255, 255, 255 } }, /* RFC 919 */
};
static const struct block documentation[] = {
	{ 4, 24, { 192, 0, 2 } },              /* RFC 5737 */
	{ 4, 24, { 198, 51, 100 } },           /* RFC 5737 */
	{ 4, 24, { 203, 0, 113 } },            /* RFC 5737 */
	{ 6, 32, { 0x20, 0x01, 0x0d, 0xb8 } }, /* RFC 3849 */
	{ 6, 20, { 0x3f, 0xff } },             /* RFC 9637 */
};
static const struct block mapped[] = {
	{ 6, 96, { [10] = 0xff, [11] = 0xff } }, /* RFC 4291 2.5.5.2 */
};
static const struct block compatible[] = {
	{ 6, 96, { 0 } }, /* RFC 4291 2.5.5.1 */
};

bool vet_ip_is_unspecified(const struct vet_ip *ip)
{
	return in_any(ip, unspecified, COUNT(unspecified));
}

bool vet_ip_is_loopback(const struct vet_ip *ip)
{
	return in_any(ip, loopback, COUNT(loopback));
}

bool vet_ip_is_private(const struct vet_ip *ip)
{
	return in_any(ip, private_use, COUNT(private_use));
}

bool vet_ip_is_link_local(const struct vet_ip *ip)
{
	return in_any(ip, link_local, COUNT(link_local));
}

bool vet_ip_is_multicast(const struct vet_ip *ip)
{
	return in_any(ip, multicast, COUNT(multicast));
}

bool vet_ip_is_broadcast(const struct vet_ip *ip)
{
	return in_any(ip, broadcast, COUNT(broadcast));
}

bool vet_ip_is_documentation(const struct vet_ip *ip)
{
	return in_any(ip, documentation, COUNT(documentation));
}

bool vet_ip_is_ipv4_mapped(const struct vet_ip *ip)
{
	return in_any(ip, mapped, COUNT(mapped));
}

bool vet_ip_is_ipv4_compatible(const struct vet_ip *ip)
{
	return in_any(ip, compatible, COUNT(compatible)) && !vet_ip_is_unspecified(ip) &&
	       !vet_ip_is_loopback(ip);
}

/* ---- between the families ---- */

static struct vet_ip embed(const struct vet_ip *ip, const struct block *prefix)
{
	struct vet_ip out = { .family = 6 };

	if (ip->family != 4)
		return *ip;
	memcpy(out.bytes, prefix->bytes, 12);
	memcpy(out.bytes + 12, ip->bytes, 4);
	return out;
}

struct vet_ip vet_ip_to_ipv6_mapped(const struct vet_ip *ip)
{
	return embed(ip, &mapped[0]);
}

struct vet_ip vet_ip_to_ipv6_compatible(const struct vet_ip *ip)
{
	return embed(ip, &compatible[0]);
}

struct vet_ip vet_ip_to_ipv4(const struct vet_ip *ip)
{
	if (!vet_ip_is_ipv4_mapped(ip) && !vet_ip_is_ipv4_compatible(ip))
		return *ip;
	return vet_ipv4(ip->bytes[12], ip->bytes[13], ip->bytes[14], ip->bytes[15]);
}
