/* SPDX-License-Identifier: 0BSD */
/* What the parsers and printers of addresses share. */
#ifndef VETSOCK_SRC_TEXT_H
#define VETSOCK_SRC_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vetsock/address.h>

#include "print.h"

/* Why a byte cannot stand where it stands. */
struct vet_misfit {
	char byte;
	const char *reason;
};

/* Blames the next byte, as vet_scan_misfit(), with the reason of `misfits` (until reason NULL)
 * first, and with those that hold anywhere in an address.  Always false. */
bool vet_address_misfit(struct vet_scan *s, const struct vet_misfit *misfits, const char *missing,
			const char *otherwise);

/* Read the longest address that stands at the place into bytes that are all zero; what
 * comes after it is the caller's.  A failure leaves s->error filled. */
bool vet_read_ipv4(struct vet_scan *s, uint8_t *bytes);
bool vet_read_ipv6(struct vet_scan *s, uint8_t *bytes);

/* The family of the address that begins at the place, by its first byte that is no
 * hexadecimal digit: 6 before a colon, 4 before a dot or if all are decimal, else 0. */
int vet_guess_family(const struct vet_scan *s);
/* The length of the host name that reaches from the place to a colon or the end, 0 if it
 * is none: labels of letters, digits, '-' and '_', the last of two characters or more and
 * alphabetic at its start, as no number is (RFC 3696 2). */
size_t vet_host_name_length(const struct vet_scan *s);

extern const char vet_names_are_not_resolved[];

/* The longest name of an interface, in bytes: IFNAMSIZ on Linux and the BSDs is 16, its NUL
 * included. */
enum { VET_INTERFACE_NAME_MAX = 15 };

/* Reads an address from the place to the end: with a port, or with none.  A zone that is not a number
 * becomes *zone, of length 0 if there is none, which vet_check_zone() then looks at. */
bool vet_read_address(struct vet_scan *s, bool has_port, struct vet_address *address,
		      struct vet_span *zone);
/* Whether it can be the name of an interface. */
bool vet_check_zone(struct vet_scan *s, struct vet_span zone);
/* The index of the interface of that name (a string), at least 1; or a negative error: -ENODEV,
 * -EINVAL where the table looks up none; *reason says more. */
int64_t vet_find_interface(struct vet_sys *sys, const char *name, const char **reason);

/* Writes the canonical text, at most VET_IP_TEXT_SIZE - 1 bytes and no NUL, of an address of family
 * 4 or 6; returns its length. */
size_t vet_print_ip(const struct vet_ip *ip, char *text);
/* The address without its port, in brackets if it is IPv6; zone "": the number of the zone. */
void vet_put_host(struct vet_printer *out, const struct vet_address *address, const char *zone);
/* Whether a text gives this address. */
bool vet_is_printable(const struct vet_address *address);

/* A text that is made already, given as vet_print() gives one. */
int vet_text_give(const char *from, size_t length, char *text, size_t size);

#endif
