/* SPDX-License-Identifier: 0BSD */
/* What the parsers of addresses share: a place in a text, and how to say that the text is wrong. */
#ifndef VETSOCK_SRC_TEXT_H
#define VETSOCK_SRC_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vetsock/ip.h>

struct vet_reader {
	const char *text;
	size_t size;
	size_t at; /* the next byte to read */
	struct vet_text_error error;
};

/* Why a byte cannot stand where it stands. */
struct vet_misfit {
	char byte;
	const char *reason;
};

/* Each returns false, so that a reader can give up in one line. */
bool vet_reader_fail(struct vet_reader *r, size_t offset, size_t length, const char *reason);
/* Blames the next byte: the reason is the one of `misfits` (until reason NULL), else the one that
 * holds anywhere, else `otherwise`; at the end of the text it is `missing`. */
bool vet_reader_misfit(struct vet_reader *r, const struct vet_misfit *misfits, const char *missing,
		       const char *otherwise);

/* Whether the next byte is this one. */
static inline bool vet_reader_sees(const struct vet_reader *r, char byte)
{
	return r->at < r->size && r->text[r->at] == byte;
}

/* Read the longest address that stands at the reader's place into bytes that are all zero; what
 * comes after it is the caller's.  A failure leaves r->error filled. */
bool vet_read_ipv4(struct vet_reader *r, uint8_t *bytes);
bool vet_read_ipv6(struct vet_reader *r, uint8_t *bytes);

/* The family of the address that begins at the reader's place, by its first byte that is no
 * hexadecimal digit: 6 before a colon, 4 before a dot or if all are decimal, else 0. */
int vet_guess_family(const struct vet_reader *r);
/* The length of the host name that reaches from the reader's place to a colon or the end, 0 if it
 * is none: labels of letters, digits, '-' and '_', the last of two characters or more and
 * alphabetic at its start, as no number is (RFC 3696 2). */
size_t vet_host_name_length(const struct vet_reader *r);

extern const char vet_names_are_not_resolved[];

/* Writes the canonical text, at most VET_IP_TEXT_SIZE - 1 bytes and no NUL, of an address of family
 * 4 or 6; returns its length. */
size_t vet_print_ip(const struct vet_ip *ip, char *text);
/* How every format function ends: with its text and the length, -ENOSPC if that and a NUL do not
 * fit; or with an error.  What is not given is an empty text. */
int vet_text_give(const char *from, size_t length, char *text, size_t size);
int vet_text_refuse(char *text, size_t size, int error);

#endif
