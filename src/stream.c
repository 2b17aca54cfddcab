/* SPDX-License-Identifier: 0BSD */
/*
 * Bytes in and out of a stream; read and write lead on to datagram.c for the other kinds.
 *
 * The first try of a call comes before anything else is set up.  `(size_t)n <= size` holds for
 * every count that a call may return and for no error.
 */
#include <errno.h>
#include <poll.h>
#include <stdint.h>

#include "buffer.h"
#include "socket.h"
#include "wait.h"

/* ---- in ---- */

/* Some bytes of a stream, or 0 at its end. */
static ssize_t read_some(struct vet_socket *s, struct vet_wait *w, void *data, size_t size,
			 int flags)
{
	struct vet_sys *sys = s->table.sys;
	size = vet_clamp(size);
	for (;;) {
		ssize_t n = (sys->calls->recv)(sys, s->fd, data, size, flags);
		if ((size_t)n <= size)
			return n;
		int r = vet_wait_after(w, n, POLLIN);
		if (r < 0)
			return r;
	}
}

static VET_SLOW ssize_t read_later(struct vet_socket *s, void *data, size_t size, int64_t deadline,
				   ssize_t error)
{
	struct vet_wait w = vet_wait_begin(s, deadline);
	int r = vet_wait_after(&w, error, POLLIN);
	return r < 0 ? r : read_some(s, &w, data, size, 0);
}

static VET_SLOW ssize_t read_polled(struct vet_socket *s, void *data, size_t size, int polled,
				    short revents)
{
	struct vet_wait w = vet_wait_begin(s, VET_NO_DEADLINE);
	int r = vet_wait_polled(&w, POLLIN, polled, revents);
	return r < 0 ? r : read_some(s, &w, data, size, 0);
}

/* poll had reported it, and no more: this turn was fruitless, or came to an error. */
static VET_SLOW ssize_t read_in_vain(struct vet_socket *s, void *data, size_t size, ssize_t error)
{
	struct vet_wait w = vet_wait_begin(s, VET_NO_DEADLINE);
	int r = vet_wait_polled(&w, POLLIN, 1, POLLIN);
	if (r == 0)
		r = vet_wait_after(&w, error, POLLIN);
	return r < 0 ? r : read_some(s, &w, data, size, 0);
}

static VET_SLOW ssize_t read_otherwise(struct vet_socket *s, void *data, size_t size)
{
	if (!vet_is_open(s))
		return -EBADF;
	if (!vet_is_stream(s))
		return vet_datagram_read(s, data, size);
	/* Of size 0 Linux would say EAGAIN if nothing has come. */
	return size == 0 ? 0 : vet_socket_read(s, data, VET_COUNT_MAX);
}

ssize_t vet_socket_read(struct vet_socket *s, void *data, size_t size)
{
	struct pollfd p;
	int polled;
	if (!vet_is_common(s, size))
		return read_otherwise(s, data, size);
	int64_t deadline = vet_deadline_load(s);
	ssize_t n = (s->table.sys->calls->recv)(s->table.sys, s->fd, data, size, 0);
	if ((size_t)n <= size)
		return n;
	if (n != -EAGAIN || deadline != VET_NO_DEADLINE)
		return read_later(s, data, size, deadline, n);
	if (!vet_wait_first(s, &p, &polled, POLLIN))
		return read_polled(s, data, size, polled, p.revents);
	n = (s->table.sys->calls->recv)(s->table.sys, s->fd, data, size, 0);
	if ((size_t)n <= size)
		return n;
	return read_in_vain(s, data, size, n);
}

ssize_t vet_socket_read_into(struct vet_socket *s, struct vet_buffer *buffer, size_t size)
{
	if (!vet_is_open(s))
		return -EBADF;
	size = vet_clamp(size);
	int r = vet_buffer_reserve(buffer, s->table.sys, size);
	if (r < 0)
		return r;
	ssize_t n =
		vet_socket_read(s, buffer->data != NULL ? buffer->data + buffer->size : NULL, size);
	if (n > 0)
		buffer->size += (size_t)n;
	return n;
}

static int read_exactly(struct vet_socket *s, unsigned char *data, size_t size, size_t *done)
{
	struct vet_wait w = vet_wait_begin(s, vet_deadline_load(s));
	while (*done < size) {
		ssize_t n = read_some(s, &w, data + *done, size - *done, 0);
		if (n <= 0)
			return n < 0 ? (int)n : VET_EOF;
		*done += (size_t)n;
		int r = *done < size ? vet_wait_progress(&w) : 0;
		if (r < 0)
			return r;
	}
	return 0;
}

int vet_socket_read_exact(struct vet_socket *s, void *data, size_t size, size_t *done)
{
	size_t unasked;
	done = done != NULL ? done : &unasked;
	*done = 0;
	if (!vet_is_open(s))
		return -EBADF;
	if (!vet_is_stream(s))
		return -EOPNOTSUPP;
	return read_exactly(s, data, size, done);
}

/* The buffer is full: twice as much room, or what is still allowed. */
static int grow(struct vet_buffer *buffer, struct vet_sys *sys, size_t allowed)
{
	size_t more = buffer->capacity < 4096 ? 4096 - buffer->capacity : buffer->capacity;
	return vet_buffer_reserve(buffer, sys, more < allowed ? more : allowed);
}

/* All that was allowed has come: is there more? */
static int end_or_more(struct vet_socket *s, struct vet_wait *w)
{
	char next;
	ssize_t n = read_some(s, w, &next, 1, MSG_PEEK);
	return n > 0 ? -EFBIG : (int)n;
}

static int read_to_end(struct vet_socket *s, struct vet_buffer *buffer, size_t limit)
{
	struct vet_wait w = vet_wait_begin(s, vet_deadline_load(s));
	while (limit > 0) {
		int r = buffer->size < buffer->capacity ? 0 : grow(buffer, s->table.sys, limit);
		if (r < 0)
			return r;
		size_t room = buffer->capacity - buffer->size;
		ssize_t n = read_some(s, &w, buffer->data + buffer->size,
				      room < limit ? room : limit, 0);
		if (n <= 0)
			return (int)n;
		buffer->size += (size_t)n;
		limit -= (size_t)n;
		r = vet_wait_progress(&w);
		if (r < 0)
			return r;
	}
	return end_or_more(s, &w);
}

int vet_socket_read_all(struct vet_socket *s, struct vet_buffer *buffer, size_t limit)
{
	if (!vet_is_open(s))
		return -EBADF;
	if (!vet_is_stream(s))
		return -EOPNOTSUPP;
	return read_to_end(s, buffer, limit);
}

/* ---- out ---- */

/* The first send, of a deadline loaded before it, has returned n, and that was not all. */
static int write_rest(struct vet_socket *s, const unsigned char *data, size_t size, size_t *done,
		      int64_t deadline, ssize_t n)
{
	struct vet_sys *sys = s->table.sys;
	struct vet_wait w = vet_wait_begin(s, deadline);
	size_t asked = vet_clamp(size);
	for (;;) {
		if (n > 0 && (size_t)n <= asked)
			*done += (size_t)n;
		if (*done == size)
			return 0;
		int r = vet_wait_after_send(&w, n, asked);
		if (r < 0)
			return r;
		asked = vet_clamp(size - *done);
		n = (sys->calls->send)(sys, s->fd, data + *done, asked, 0);
	}
}

static VET_SLOW int write_later(struct vet_socket *s, const void *data, size_t size, size_t *done,
				int64_t deadline, ssize_t n)
{
	size_t unasked;
	done = done != NULL ? done : &unasked;
	*done = 0;
	return write_rest(s, data, size, done, deadline, n);
}

static VET_SLOW int write_otherwise(struct vet_socket *s, const void *data, size_t size,
				    size_t *done)
{
	size_t unasked;
	done = done != NULL ? done : &unasked;
	*done = 0;
	if (!vet_is_open(s))
		return -EBADF;
	int64_t deadline = vet_deadline_load(s);
	if (!vet_is_stream(s)) {
		struct vet_wait w = vet_wait_begin(s, deadline);
		return vet_datagram_result(vet_datagram_send(s, &w, data, size), size, done);
	}
	if (size == 0)
		return 0;
	ssize_t n = (s->table.sys->calls->send)(s->table.sys, s->fd, data, VET_COUNT_MAX, 0);
	return write_rest(s, data, size, done, deadline, n);
}

int vet_socket_write(struct vet_socket *s, const void *data, size_t size, size_t *done)
{
	if (!vet_is_common(s, size))
		return write_otherwise(s, data, size, done);
	int64_t deadline = vet_deadline_load(s);
	ssize_t n = (s->table.sys->calls->send)(s->table.sys, s->fd, data, size, 0);
	if ((size_t)n != size)
		return write_later(s, data, size, done, deadline, n);
	if (done != NULL)
		*done = size;
	return 0;
}

static VET_SLOW ssize_t write_some_later(struct vet_socket *s, const void *data, size_t size,
					 int64_t deadline, ssize_t n)
{
	struct vet_sys *sys = s->table.sys;
	struct vet_wait w = vet_wait_begin(s, deadline);
	for (;;) {
		int r = vet_wait_after_send(&w, n, size);
		if (r < 0)
			return r;
		n = (sys->calls->send)(sys, s->fd, data, size, 0);
		if (n > 0 && (size_t)n <= size)
			return n;
	}
}

static VET_SLOW ssize_t write_some_otherwise(struct vet_socket *s, const void *data, size_t size)
{
	if (!vet_is_open(s))
		return -EBADF;
	if (!vet_is_stream(s)) {
		struct vet_wait w = vet_wait_begin(s, vet_deadline_load(s));
		return vet_datagram_send(s, &w, data, size);
	}
	return size == 0 ? 0 : vet_socket_write_some(s, data, VET_COUNT_MAX);
}

ssize_t vet_socket_write_some(struct vet_socket *s, const void *data, size_t size)
{
	if (!vet_is_common(s, size))
		return write_some_otherwise(s, data, size);
	int64_t deadline = vet_deadline_load(s);
	ssize_t n = (s->table.sys->calls->send)(s->table.sys, s->fd, data, size, 0);
	if (n > 0 && (size_t)n <= size)
		return n;
	return write_some_later(s, data, size, deadline, n);
}

/* ---- out, with a newline ---- */

struct line {
	const unsigned char *data;
	size_t size; /* without the newline */
};

/* What is still to be sent from `sent` on, in one gather write where a count allows it. */
static ssize_t send_line(struct vet_socket *s, const struct line *line, size_t sent, size_t *asked)
{
	struct vet_sys *sys = s->table.sys;
	struct iovec parts[2];
	int count = 0;
	*asked = 0;
	if (sent < line->size) {
		*asked = vet_clamp(line->size - sent);
		parts[count++] = (struct iovec){ (void *)(uintptr_t)(line->data + sent), *asked };
	}
	if (sent + *asked == line->size && *asked < VET_COUNT_MAX) {
		*asked += 1;
		parts[count++] = (struct iovec){ (void *)(uintptr_t) "\n", 1 };
	}
	return (sys->calls->sendv)(sys, s->fd, parts, count, 0);
}

static int print_stream(struct vet_socket *s, const struct line *line, size_t *done)
{
	size_t asked;
	struct vet_wait w = vet_wait_begin(s, vet_deadline_load(s));
	ssize_t n = send_line(s, line, 0, &asked);
	for (;;) {
		if (n > 0 && (size_t)n <= asked)
			*done += (size_t)n;
		if (*done == line->size + 1)
			return 0;
		int r = vet_wait_after_send(&w, n, asked);
		if (r < 0)
			return r;
		n = send_line(s, line, *done, &asked);
	}
}

int vet_socket_print(struct vet_socket *s, const void *data, size_t size, size_t *done)
{
	size_t unasked;
	done = done != NULL ? done : &unasked;
	*done = 0;
	if (!vet_is_open(s))
		return -EBADF;
	if (!vet_is_stream(s))
		return vet_datagram_print(s, data, size, done);
	if (size == SIZE_MAX) /* with the newline it could not be counted */
		return -EINVAL;
	return print_stream(s, &(struct line){ data, size }, done);
}

int vet_socket_flush(struct vet_socket *s)
{
	return vet_is_open(s) ? 0 : -EBADF;
}
