/* SPDX-License-Identifier: 0BSD */
/* How every printer of texts writes: first the bytes are counted, then they are written, if there is
 * room for all of them and a NUL. */
#ifndef VETSOCK_SRC_PRINT_H
#define VETSOCK_SRC_PRINT_H

#include <stddef.h>
#include <stdint.h>

#include "scan.h"

/* text NULL: the bytes are only counted. */
struct vet_printer {
	char *text;
	size_t length;
};

void vet_put_bytes(struct vet_printer *out, const char *bytes, size_t size);
void vet_put(struct vet_printer *out, const char *text);
void vet_put_number(struct vet_printer *out, uint64_t value);
/* In the greatest unit that divides it. */
void vet_put_quantity(struct vet_printer *out, const struct vet_measure *measure, uint64_t value);

/* How every format function ends: with the text that `put` makes of a value and a NUL, and its
 * length; -ENOSPC if size is too small, with nothing written but, if size is not 0, a NUL. */
int vet_print(void (*put)(struct vet_printer *out, const void *value), const void *value,
	      char *text, size_t size);
/* What cannot be printed is an empty text, and an error. */
int vet_print_refuse(char *text, size_t size, int error);

#endif
