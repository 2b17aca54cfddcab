/* SPDX-License-Identifier: 0BSD */
/* IP addresses printed: IPv6 as RFC 5952, dotted only where mapped. */
#include <errno.h>
#include <string.h>

#include "text.h"

static size_t print_ipv4(const uint8_t *bytes, char *text)
{
	size_t n = 0;

	for (size_t part = 0; part < 4; part++) {
		unsigned value = bytes[part];

		if (part > 0)
			text[n++] = '.';
		if (value >= 100)
			text[n++] = (char)('0' + value / 100);
		if (value >= 10)
			text[n++] = (char)('0' + value / 10 % 10);
		text[n++] = (char)('0' + value % 10);
	}
	return n;
}

static size_t print_group(unsigned value, char *text)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = 0;

	if (value >= 0x1000)
		text[n++] = digits[value >> 12];
	if (value >= 0x100)
		text[n++] = digits[value >> 8 & 15];
	if (value >= 0x10)
		text[n++] = digits[value >> 4 & 15];
	text[n++] = digits[value & 15];
	return n;
}

struct run {
	size_t start, length;
};

/* The first of the longest runs of zero groups; a single one is no run (RFC 5952 4.2). */
static struct run find_run(const unsigned *groups)
{
	struct run best = { 8, 1 };

	for (size_t i = 0; i < 8; i++) {
		size_t start = i;

		while (i < 8 && groups[i] == 0)
			i++;
		if (i - start > best.length)
			best = (struct run){ start, i - start };
	}
	return best;
}

static size_t print_ipv6(const uint8_t *bytes, char *text)
{
	unsigned groups[8];
	struct run run;
	size_t n = 0;

	for (size_t i = 0; i < 8; i++)
		groups[i] = (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
	run = find_run(groups);
	for (size_t i = 0; i < 8; i++) {
		if (i == run.start) {
			text[n++] = ':';
			i += run.length - 1;
			if (i == 7)
				text[n++] = ':';
			continue;
		}
		if (i > 0)
			text[n++] = ':';
		n += print_group(groups[i], text + n);
	}
	return n;
}

size_t vet_print_ip(const struct vet_ip *ip, char *text)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	static const char prefix[] = "::ffff:";

	if (ip->family == 4)
		return print_ipv4(ip->bytes, text);
	if (memcmp(ip->bytes, mapped, sizeof(mapped)) != 0)
		return print_ipv6(ip->bytes, text);
	memcpy(text, prefix, sizeof(prefix) - 1);
	return sizeof(prefix) - 1 + print_ipv4(ip->bytes + 12, text + sizeof(prefix) - 1);
}

int vet_text_give(const char *from, size_t length, char *text, size_t size)
{
	if (length >= size)
		return vet_print_refuse(text, size, -ENOSPC);
	if (from != text)
		memcpy(text, from, length);
	text[length] = '\0';
	return (int)length;
}

int vet_ip_format(const struct vet_ip *ip, char *text, size_t size)
{
	char all[VET_IP_TEXT_SIZE], *out;

	if (ip->family != 4 && ip->family != 6)
		return vet_print_refuse(text, size, -EINVAL);
	/* Where any address fits, the copy is saved. */
	out = size < sizeof(all) ? all : text;
	return vet_text_give(out, vet_print_ip(ip, out), text, size);
}
