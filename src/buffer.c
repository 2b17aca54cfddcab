/* SPDX-License-Identifier: 0BSD */
#include "buffer.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <vetsock/sys.h>

static int resize(struct vet_buffer *buffer, struct vet_sys *sys, size_t capacity)
{
	void *memory = buffer->data;
	int r = (sys->calls->realloc)(sys, &memory, capacity);
	if (r < 0 || memory == NULL)
		return r < 0 ? r : -ENOMEM;
	buffer->data = memory;
	buffer->capacity = capacity;
	buffer->sys = sys;
	return 0;
}

int vet_buffer_reserve(struct vet_buffer *buffer, struct vet_sys *sys, size_t more)
{
	if (more <= buffer->capacity - buffer->size)
		return 0;
	if (more > SIZE_MAX - buffer->size)
		return -ENOMEM;
	return resize(buffer, buffer->sys ? buffer->sys : sys, buffer->size + more);
}

void vet_buffer_free(struct vet_buffer *buffer)
{
	void *memory = buffer->data;
	if (memory != NULL)
		(buffer->sys->calls->realloc)(buffer->sys, &memory, 0);
	memset(buffer, 0, sizeof *buffer);
}
