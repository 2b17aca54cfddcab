/* SPDX-License-Identifier: 0BSD */
/* A growing buffer of bytes: the only memory that vetsock ever asks for, and always through a
 * table's realloc. */
#ifndef VETSOCK_BUFFER_H
#define VETSOCK_BUFFER_H

#include <stddef.h>

#include <vetsock/attributes.h>

VET_BEGIN_DECLS

struct vet_sys;

/* All zero is an empty buffer.  The first operation that fills it sets `sys` to the socket's table;
 * from then on that table owns the memory.  Setting size to 0 keeps the memory for the next use. */
struct vet_buffer {
	unsigned char *data;
	size_t size;     /* bytes held */
	size_t capacity; /* bytes there is room for */
	struct vet_sys *sys;
};

/* Gives the memory back; the buffer is empty, all zero.  Freeing an empty one does nothing. */
VET_API void vet_buffer_free(struct vet_buffer *buffer);

VET_END_DECLS

#endif
