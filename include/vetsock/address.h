/* SPDX-License-Identifier: 0BSD */
/* Socket addresses: an IP address, a port, and for IPv6 a zone. */
#ifndef VETSOCK_ADDRESS_H
#define VETSOCK_ADDRESS_H

#include <vetsock/ip.h>

VET_BEGIN_DECLS

struct vet_sys;

/* ip.family 0: no address.  port: 0 to 65,535; a greater one is -EINVAL wherever it is used, before
 * any call. scope_id: the index of the interface of an IPv6 address with a zone (RFC 4007), 0 for
 * none and for IPv4. */
struct vet_address {
	struct vet_ip ip;
	uint32_t port;
	uint32_t scope_id;
};

VET_API struct vet_address vet_address_of(struct vet_ip ip, uint32_t port);

/* compare: by IP address, then port, then scope_id.  hash: as vet_ip_hash(). */
VET_API bool vet_address_equal(const struct vet_address *a, const struct vet_address *b);
VET_API int vet_address_compare(const struct vet_address *a, const struct vet_address *b);
VET_API uint64_t vet_address_hash(const struct vet_address *address, uint64_t seed);

/*
 * Reads "1.2.3.4:80", "[::1]:80" or "[fe80::1%2]:80" from `size` bytes, all of them.  The port is
 * decimal digits (leading zeros allowed, RFC 3986 3.2.3), 0 to 65535.  The zone is a decimal
 * number, 0 to 4294967295.  Returns 0, or -EINVAL with *address all zero; the second form also says
 * where and why (error may be NULL).
 */
VET_API VET_CHECKED int vet_address_parse(const char *text, size_t size,
					  struct vet_address *address);
VET_API VET_CHECKED int vet_address_parse_explain(const char *text, size_t size,
						  struct vet_address *address,
						  struct vet_text_error *error);
/* The same, and a zone may also be the name of an interface ("[fe80::1%eth0]:80"), at most 15
 * bytes, which is looked up through the table: -ENODEV (what the table says) if there is none,
 * -EINVAL too if the table has no interface_index. */
VET_API VET_CHECKED int vet_address_parse_on(struct vet_sys *sys, const char *text, size_t size,
					     struct vet_address *address,
					     struct vet_text_error *error);

/* Room for the longest text, the terminator included. */
#define VET_ADDRESS_TEXT_SIZE 65

/* Prints the canonical text, which parses back to the same value, and a NUL.  Returns and errors as
 * vet_ip_format(); -EINVAL also for a port above 65,535 and for IPv4 with a zone. */
VET_API VET_CHECKED int vet_address_format(const struct vet_address *address, char *text,
					   size_t size);

VET_END_DECLS

#endif
