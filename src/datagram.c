/* SPDX-License-Identifier: 0BSD */
/* Datagram and raw sockets: one call, one datagram. */
#include <errno.h>

#include "os.h"
#include "sockaddr.h"
#include "socket.h"
#include "wait.h"

/* Linux says EAGAIN for ever on a datagram socket that was shut down for reading, with poll
 * reporting it. */
static int wait_for_datagram(struct vet_wait *w, bool stream, ssize_t error)
{
	if (!stream && error == -EAGAIN && (w->revents & (POLLHUP | POLLRDHUP)))
		return VET_EOF;
	return vet_wait_after(w, error, stream ? POLLIN : POLLIN | POLLRDHUP);
}

/* Who sent a datagram, and whether it was cut. */
struct sender {
	union vet_sockaddr address;
	socklen_t length;
	int truncated;
	bool asked; /* for the address */
};

static ssize_t receive_once(struct vet_socket *s, void *data, size_t size, struct sender *from)
{
	from->length = sizeof from->address;
	from->truncated = 0;
	return (s->table.sys->calls->recvfrom)(
		s->table.sys, s->fd, data, size, 0, from->asked ? &from->address.any : NULL,
		from->asked ? &from->length : NULL, &from->truncated);
}

static VET_SLOW ssize_t receive_later(struct vet_socket *s, void *data, size_t size,
				      struct sender *from, int64_t deadline, ssize_t n)
{
	struct vet_wait w = vet_wait_begin(s, deadline);
	for (;;) {
		int r = wait_for_datagram(&w, vet_is_stream(s), n);
		if (r < 0)
			return r;
		n = receive_once(s, data, size, from);
		if ((size_t)n <= size)
			return n;
	}
}

static ssize_t receive(struct vet_socket *s, void *data, size_t size, struct sender *from)
{
	int64_t deadline = vet_deadline_load(s);
	ssize_t n = receive_once(s, data, size, from);
	return (size_t)n <= size ? n : receive_later(s, data, size, from, deadline, n);
}

ssize_t vet_datagram_read(struct vet_socket *s, void *data, size_t size)
{
	struct sender from;
	from.asked = false;
	ssize_t n = receive(s, data, vet_clamp(size), &from);
	return n >= 0 && from.truncated ? -EMSGSIZE : n;
}

static ssize_t receive_from(struct vet_socket *s, void *data, size_t size,
			    struct vet_address *address, bool *truncated)
{
	struct sender from;
	from.asked = address != NULL &&
		     !vet_is_stream(s); /* POSIX recvfrom(): a stream may leave it alone */
	memset(&from.address, 0, sizeof from.address);
	ssize_t n = receive(s, data, vet_clamp(size), &from);
	if (n < 0)
		return n;
	if (truncated != NULL)
		*truncated = from.truncated != 0;
	if (!from.asked || from.length == 0) /* 0: there is no sender */
		return n;
	int r = vet_sockaddr_to(&from.address, from.length, s->family, address);
	return r < 0 ? r : n;
}

ssize_t vet_socket_receive_from(struct vet_socket *s, void *data, size_t size,
				struct vet_address *from, bool *truncated)
{
	if (from != NULL)
		memset(from, 0, sizeof *from);
	if (truncated != NULL)
		*truncated = false;
	if (!vet_is_open(s))
		return -EBADF;
	if (size == 0 && vet_is_stream(s))
		return 0;
	return receive_from(s, data, size, from, truncated);
}

/* ---- out ---- */

ssize_t vet_datagram_send(struct vet_socket *s, struct vet_wait *w, const void *data, size_t size)
{
	struct vet_sys *sys = s->table.sys;
	if (size > VET_COUNT_MAX) /* the kernel would cut it */
		return -EMSGSIZE;
	for (;;) {
		ssize_t n = (sys->calls->send)(sys, s->fd, data, size, 0);
		if ((size_t)n <= size)
			return n;
		int r = vet_wait_after(w, n, POLLOUT);
		if (r < 0)
			return r;
	}
}

int vet_datagram_result(ssize_t sent, size_t size, size_t *done)
{
	*done = sent > 0 ? (size_t)sent : 0;
	if (sent < 0)
		return (int)sent;
	return (size_t)sent == size ? 0 : -EMSGSIZE;
}

int vet_datagram_print(struct vet_socket *s, const void *data, size_t size, size_t *done)
{
	struct vet_sys *sys = s->table.sys;
	struct iovec parts[2] = { { (void *)(uintptr_t)data, size },
				  { (void *)(uintptr_t) "\n", 1 } };
	if (size >= VET_COUNT_MAX)
		return -EMSGSIZE;
	struct vet_wait w = vet_wait_begin(s, vet_deadline_load(s));
	ssize_t n = (sys->calls->sendv)(sys, s->fd, parts, 2, 0);
	while ((size_t)n > size + 1) {
		int r = vet_wait_after(&w, n, POLLOUT);
		if (r < 0)
			return r;
		n = (sys->calls->sendv)(sys, s->fd, parts, 2, 0);
	}
	return vet_datagram_result(n, size + 1, done);
}

/* A count that ends a send: on a stream 0 does not. */
static bool is_sent(const struct vet_socket *s, ssize_t n, size_t size)
{
	return (size_t)n <= size && (n > 0 || !vet_is_stream(s));
}

static ssize_t send_to(struct vet_socket *s, const void *data, size_t size,
		       const union vet_sockaddr *to, socklen_t length)
{
	struct vet_sys *sys = s->table.sys;
	int64_t deadline = vet_deadline_load(s);
	ssize_t n = (sys->calls->sendto)(sys, s->fd, data, size, 0, &to->any, length);
	if (is_sent(s, n, size))
		return n;
	struct vet_wait w = vet_wait_begin(s, deadline);
	for (;;) {
		int r = vet_wait_after_send(&w, n, size);
		if (r < 0)
			return r;
		n = (sys->calls->sendto)(sys, s->fd, data, size, 0, &to->any, length);
		if (is_sent(s, n, size))
			return n;
	}
}

ssize_t vet_socket_send_to(struct vet_socket *s, const void *data, size_t size,
			   const struct vet_address *to)
{
	union vet_sockaddr out;
	if (!vet_is_open(s))
		return -EBADF;
	int length = vet_sockaddr_from(&out, to, s->family);
	if (length < 0)
		return length;
	if (vet_is_stream(s) && size == 0)
		return 0;
	if (size > VET_COUNT_MAX) {
		if (!vet_is_stream(s)) /* the kernel would cut it */
			return -EMSGSIZE;
		size = VET_COUNT_MAX;
	}
	return send_to(s, data, size, &out, (socklen_t)length);
}
