/* SPDX-License-Identifier: 0BSD */
/* A file, or a part of it, out through a socket; the file's own offset is never used. */
#include <errno.h>
#include <poll.h>

#include "socket.h"
#include "wait.h"

enum { CHUNK = 16384, DATAGRAM = 65536 };

struct sending {
	struct vet_socket *s;
	int file;
	int64_t offset; /* where the range begins */
	uint64_t count; /* its length */
	uint64_t *done;
	struct vet_wait wait;
};

static int64_t position(const struct sending *f)
{
	return f->offset + (int64_t)*f->done;
}

static size_t remaining(const struct sending *f, size_t most)
{
	uint64_t rest = f->count - *f->done;
	return rest < most ? (size_t)rest : most;
}

/* What the file has at the position: pread, again after EINTR; 0 at its end. */
static ssize_t read_file(struct sending *f, void *data, size_t size)
{
	struct vet_sys *sys = f->s->table.sys;
	for (;;) {
		ssize_t n = (sys->calls->pread)(sys, f->file, data, size, position(f));
		if ((size_t)n <= size)
			return n;
		/* EAGAIN of a file is no matter of the socket's: nothing could be waited for. */
		int r = n == -EINTR ? vet_wait_interrupted(&f->wait) : n < 0 ? (int)n : -EIO;
		if (r < 0)
			return r;
	}
}

static int send_chunk(struct sending *f, const unsigned char *data, size_t size)
{
	struct vet_sys *sys = f->s->table.sys;
	size_t sent = 0;
	while (sent < size) {
		ssize_t n = (sys->calls->send)(sys, f->s->fd, data + sent, size - sent, 0);
		int r = vet_wait_after_send(&f->wait, n, size - sent);
		if (n > 0 && (size_t)n <= size - sent) {
			sent += (size_t)n;
			*f->done += (uint64_t)n;
			r = *f->done < f->count ? r : 0;
		}
		if (r < 0)
			return r;
	}
	return 0;
}

static int send_by_chunks(struct sending *f)
{
	unsigned char chunk[CHUNK];
	while (*f->done < f->count) {
		ssize_t n = read_file(f, chunk, remaining(f, sizeof chunk));
		if (n <= 0)
			return (int)n;
		int r = send_chunk(f, chunk, (size_t)n);
		if (r < 0)
			return r;
	}
	return 0;
}

/* sendfile(2), NOTES: with these it says that it cannot do it for this file, and read and write
 * may. */
static bool wants_chunks(ssize_t error)
{
	return error == -EINVAL || error == -ENOSYS || error == -EOPNOTSUPP || error == -EOVERFLOW;
}

static int send_by_kernel(struct sending *f)
{
	struct vet_sys *sys = f->s->table.sys;
	while (*f->done < f->count) {
		size_t asked = remaining(f, VET_COUNT_MAX);
		int64_t offset = position(f);
		ssize_t n = (sys->calls->sendfile)(sys, f->s->fd, f->file, &offset, asked);
		if (n == 0) /* the file ends here */
			return 0;
		if (wants_chunks(n))
			return send_by_chunks(f);
		int r = vet_wait_after_send(&f->wait, n, asked);
		if (n > 0 && (size_t)n <= asked) {
			*f->done += (uint64_t)n;
			r = *f->done < f->count ? r : 0;
		}
		if (r < 0)
			return r;
	}
	return 0;
}

/* One pread, one datagram; nothing for an empty file. */
static int send_datagram(struct sending *f)
{
	unsigned char datagram[DATAGRAM];
	size_t sent;
	if (f->count == 0)
		return 0;
	ssize_t n = read_file(f, datagram, remaining(f, sizeof datagram));
	if (n <= 0)
		return (int)n;
	int r = vet_datagram_result(vet_datagram_send(f->s, &f->wait, datagram, (size_t)n),
				    (size_t)n, &sent);
	*f->done = sent;
	return r;
}

int vet_socket_send_file_range(struct vet_socket *s, int file, int64_t offset, int64_t count,
			       uint64_t *done)
{
	uint64_t unasked;
	done = done != NULL ? done : &unasked;
	*done = 0;
	if (!vet_is_open(s))
		return -EBADF;
	if (offset < 0 || count < 0)
		return -EINVAL;
	if (count > INT64_MAX - offset) /* no file goes further */
		count = INT64_MAX - offset;
	struct sending f = { s,      file,
			     offset, (uint64_t)count,
			     done,   vet_wait_begin(s, vet_deadline_load(s)) };
	if (!vet_is_stream(s))
		return send_datagram(&f);
	return VET_SYS_HAS(s->table.sys, sendfile) ? send_by_kernel(&f) : send_by_chunks(&f);
}

int vet_socket_send_file(struct vet_socket *s, int file, uint64_t *done)
{
	return vet_socket_send_file_range(s, file, 0, INT64_MAX, done);
}
