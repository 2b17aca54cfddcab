/* SPDX-License-Identifier: 0BSD */
/* The bytes that a pipe holds: from the first that is not read to the last that was written. */
#include "pipe.h"

/* `size` bytes of the ring from a position on are at most two pieces. */
void vetsim_pipe_parts(const struct sim_pipe *pipe, uint64_t position, uint32_t size,
		       struct iovec part[2])
{
	uint32_t at = pipe->room == 0 ? 0 : (uint32_t)position & (pipe->room - 1);
	uint32_t first = pipe->room - at < size ? pipe->room - at : size;
	part[0] = (struct iovec){ pipe->bytes == NULL ? NULL : pipe->bytes + at, first };
	part[1] = (struct iovec){ pipe->bytes, size - first };
}

static bool grow(struct sim_pipe *pipe, size_t needed)
{
	struct iovec part[2];
	uint32_t room;
	uint32_t held = (uint32_t)(pipe->written - pipe->read);
	unsigned char *bytes = vetsim_pool_take(pipe->sim->pool, needed, &room);
	if (bytes == NULL)
		return false;
	vetsim_pipe_parts(pipe, pipe->read, held, part);
	/* Each is a whole there, too: both sizes are powers of 2. */
	for (uint64_t i = 0, at = pipe->read; i < 2; at += part[i].iov_len, i++)
		if (part[i].iov_len > 0)
			memcpy(bytes + ((uint32_t)at & (room - 1)), part[i].iov_base,
			       part[i].iov_len);
	vetsim_pool_give(pipe->sim->pool, pipe->bytes, pipe->room);
	pipe->bytes = bytes;
	pipe->room = room;
	return true;
}

size_t vetsim_pipe_write(struct sim_pipe *pipe, const void *data, size_t size)
{
	size_t held = (size_t)(pipe->written - pipe->read);
	const unsigned char *from = data;
	struct iovec part[2];
	if (size > sim_memory_left(pipe->from_host))
		size = (size_t)sim_memory_left(pipe->from_host);
	if (size == 0 || (held + size > pipe->room && !grow(pipe, held + size)))
		return 0;
	pipe->from_host->buffered += size;
	pipe->charged += size;
	vetsim_pipe_parts(pipe, pipe->written, (uint32_t)size, part);
	memcpy(part[0].iov_base, from, part[0].iov_len);
	if (part[1].iov_len > 0)
		memcpy(part[1].iov_base, from + part[0].iov_len, part[1].iov_len);
	pipe->written += size;
	return size;
}

void vetsim_pipe_peek(const struct sim_pipe *pipe, void *data, size_t size)
{
	unsigned char *to = data;
	struct iovec part[2];
	if (size == 0)
		return;
	vetsim_pipe_parts(pipe, pipe->read, (uint32_t)size, part);
	memcpy(to, part[0].iov_base, part[0].iov_len);
	if (part[1].iov_len > 0)
		memcpy(to + part[0].iov_len, part[1].iov_base, part[1].iov_len);
}

/* An empty ring is given back: what is idle holds no memory. */
void vetsim_pipe_skip(struct sim_pipe *pipe, size_t size)
{
	uint64_t charged = size < pipe->charged ? size : pipe->charged;
	pipe->from_host->buffered -= charged;
	pipe->charged -= charged;
	pipe->read += size;
	if (pipe->read != pipe->written)
		return;
	vetsim_pool_give(pipe->sim->pool, pipe->bytes, pipe->room);
	pipe->bytes = NULL;
	pipe->room = 0;
}
