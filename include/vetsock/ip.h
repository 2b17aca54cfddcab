/* SPDX-License-Identifier: 0BSD */
/*
 * IP addresses as values: made, compared, classified, parsed and printed without the operating
 * system, without allocation, without locale.
 *
 * An IPv4-mapped IPv6 address (::ffff:1.2.3.4) stays an IPv6 address until vet_ip_to_ipv4() is
 * asked: it equals no IPv4 address and belongs to none of the classes of the IPv4 address in it.
 */
#ifndef VETSOCK_IP_H
#define VETSOCK_IP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vetsock/attributes.h>
#include <vetsock/text.h>

VET_BEGIN_DECLS

/* family: 0 none, 4 or 6.  bytes: network order; for IPv4 the first four, the others zero. */
struct vet_ip {
	uint8_t family;
	uint8_t bytes[16];
};

VET_API struct vet_ip vet_ipv4(uint8_t a, uint8_t b, uint8_t c, uint8_t d);
/* The eight groups, each in the host's order: vet_ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1). */
VET_API struct vet_ip vet_ipv6(uint16_t a, uint16_t b, uint16_t c, uint16_t d, uint16_t e,
			       uint16_t f, uint16_t g, uint16_t h);

/* compare: below, equal to or above 0; by family (none, 4, 6), then by number.  hash: the same on
 * every machine; give a random seed where strangers choose the addresses. */
VET_API bool vet_ip_equal(const struct vet_ip *a, const struct vet_ip *b);
VET_API int vet_ip_compare(const struct vet_ip *a, const struct vet_ip *b);
VET_API uint64_t vet_ip_hash(const struct vet_ip *ip, uint64_t seed);

/* The classes; each is false for an address of family 0. */

/* 0.0.0.0, :: (RFC 1122 3.2.1.3, RFC 4291 2.5.2) */
VET_API bool vet_ip_is_unspecified(const struct vet_ip *ip);
/* 127.0.0.0/8, ::1 (RFC 1122 3.2.1.3, RFC 4291 2.5.3) */
VET_API bool vet_ip_is_loopback(const struct vet_ip *ip);
/* 10/8, 172.16/12, 192.168/16 (RFC 1918), fc00::/7 (RFC 4193) */
VET_API bool vet_ip_is_private(const struct vet_ip *ip);
/* 169.254/16 (RFC 3927), fe80::/10 (RFC 4291 2.5.6) */
VET_API bool vet_ip_is_link_local(const struct vet_ip *ip);
/* 224/4 (RFC 5771), ff00::/8 (RFC 4291 2.7) */
VET_API bool vet_ip_is_multicast(const struct vet_ip *ip);
/* 255.255.255.255 (RFC 919) */
VET_API bool vet_ip_is_broadcast(const struct vet_ip *ip);
/* 192.0.2/24, 198.51.100/24, 203.0.113/24 (RFC 5737), 2001:db8::/32 (RFC 3849), 3fff::/20
 * (RFC 9637) */
VET_API bool vet_ip_is_documentation(const struct vet_ip *ip);
/* ::ffff:0:0/96 (RFC 4291 2.5.5.2) */
VET_API bool vet_ip_is_ipv4_mapped(const struct vet_ip *ip);
/* ::/96 without :: and ::1 (RFC 4291 2.5.5.1) */
VET_API bool vet_ip_is_ipv4_compatible(const struct vet_ip *ip);

/* An IPv4 address as ::ffff:a.b.c.d and as ::a.b.c.d; an IPv6 address (and none) as it is. */
VET_API struct vet_ip vet_ip_to_ipv6_mapped(const struct vet_ip *ip);
VET_API struct vet_ip vet_ip_to_ipv6_compatible(const struct vet_ip *ip);
/* A mapped or compatible address as the IPv4 address in it; any other as it is. */
VET_API struct vet_ip vet_ip_to_ipv4(const struct vet_ip *ip);

/*
 * Reads an address from `size` bytes, all of them; no terminator is needed and none is looked for.
 * IPv4: four decimal parts without leading zeros (so that no octal reading is possible).  IPv6: RFC
 * 4291 2.2, at most four hexadecimal digits a group, "::" for one group or more, the last 32 bits
 * as an IPv4 address if wanted.  Neither zone, brackets, port nor prefix.  Returns 0, or -EINVAL
 * with *ip all zero; the second form also says where and why (error may be NULL).
 */
VET_API VET_CHECKED int vet_ip_parse(const char *text, size_t size, struct vet_ip *ip);
VET_API VET_CHECKED int vet_ip_parse_explain(const char *text, size_t size, struct vet_ip *ip,
					     struct vet_text_error *error);

/* Room for the longest text, the terminator included. */
#define VET_IP_TEXT_SIZE 46

/* Prints the canonical text (RFC 5952: lower case, no leading zeros, "::" for the first of the
 * longest runs of two zero groups or more, dotted only for mapped addresses) and a NUL.  Returns
 * its length without the NUL; -ENOSPC if `size` is too small (nothing is written but, if size is
 * not 0, a NUL), -EINVAL for family 0 or unknown. */
VET_API VET_CHECKED int vet_ip_format(const struct vet_ip *ip, char *text, size_t size);

VET_END_DECLS

#endif
