/* SPDX-License-Identifier: 0BSD */
#include "print.h"

#include <errno.h>
#include <string.h>

void vet_put_bytes(struct vet_printer *out, const char *bytes, size_t size)
{
	if (out->text != NULL)
		memcpy(out->text + out->length, bytes, size);
	out->length += size;
}

void vet_put(struct vet_printer *out, const char *text)
{
	vet_put_bytes(out, text, strlen(text));
}

void vet_put_number(struct vet_printer *out, uint64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	vet_put_bytes(out, digits + at, sizeof(digits) - at);
}

void vet_put_quantity(struct vet_printer *out, const struct vet_measure *measure, uint64_t value)
{
	const struct vet_unit *unit = measure->units;

	if (value == 0) {
		vet_put(out, measure->zero);
		return;
	}
	while (unit->printed == NULL || value % unit->factor != 0)
		unit++;
	vet_put_number(out, value / unit->factor);
	vet_put(out, unit->printed);
}

int vet_print_refuse(char *text, size_t size, int error)
{
	if (size > 0)
		text[0] = '\0';
	return error;
}

int vet_print(void (*put)(struct vet_printer *out, const void *value), const void *value,
	      char *text, size_t size)
{
	struct vet_printer counted = { NULL, 0 }, out = { text, 0 };

	put(&counted, value);
	if (counted.length >= size)
		return vet_print_refuse(text, size, -ENOSPC);
	put(&out, value);
	text[out.length] = '\0';
	return (int)out.length;
}
