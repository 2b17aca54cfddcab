/* SPDX-License-Identifier: 0BSD */
/* Texts of users, in files that are UTF-8: what is none is replaced. */
#ifndef VETSOCK_SIM_UTF8_H
#define VETSOCK_SIM_UTF8_H

#include <stddef.h>
#include <stdint.h>

enum { SIM_NOT_A_CHARACTER = 0xfffd };

/* The next character of a text that ends with NUL, and its length in bytes: of a byte that
 * begins none (RFC 3629), that one. */
static inline uint32_t sim_utf8_next(const char *text, size_t *length)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *at = (const unsigned char *)text;
	size_t size = at[0] < 0x80 ? 1 : at[0] < 0xc0 ? 0 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
	uint32_t character = size < 2 ? at[0] : at[0] & (0x7fU >> size);
	*length = 1;
	if (size == 0 || at[0] >= 0xf8)
		return SIM_NOT_A_CHARACTER;
	for (size_t i = 1; i < size; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return SIM_NOT_A_CHARACTER;
		character = character << 6 | (at[i] & 0x3f);
	}
	if (character < least[size] || character > 0x10ffff || (character >> 11) == 0x1b)
		return SIM_NOT_A_CHARACTER;
	*length = size;
	return character;
}

#endif
