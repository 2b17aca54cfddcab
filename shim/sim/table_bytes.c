/* SPDX-License-Identifier: 0BSD */
/* The entries that move bytes: out of sockets, into them, from files. */
#include "table.h"

enum { PAGE = 4096, PIPE_PAGES = 16, PARTS_MOST = 1024 /* Linux's UIO_MAXIOV */ };

static ssize_t receive(struct vet_sim_host *host, unsigned entry, int fd, void *data, size_t size,
		       int flags, struct sockaddr *address, socklen_t *length, int *truncated)
{
	struct sim_socket *s;
	ssize_t result = vetsim_begin(host, fd, &s);
	if (truncated != NULL)
		*truncated = 0;
	if (result == 0 && s->node.kind == SIM_STREAM) {
		result = vetsim_stream_receive(s, data, size, flags);
		if (result >= 0 && length != NULL)
			*length = 0; /* Linux: of a stream no name is told */
	} else if (result == 0) {
		result = vetsim_datagram_receive(s, data, size, flags, address, length, truncated);
	}
	sim_hash(host->sim, (uint64_t)size << 1 | ((flags & MSG_PEEK) != 0));
	if (result > 0) {
		vetsim_hash_bytes(host->sim, data, (size_t)result);
		if (!(flags & MSG_PEEK)) {
			host->given += (uint64_t)result;
			sim_progress(host->sim);
		}
	}
	return (ssize_t)vetsim_leave(host, entry, fd, result);
}

ssize_t vetsim_recv(struct vet_sys *self, int fd, void *data, size_t size, int flags)
{
	return receive(sim_host_of(self), VET_CALL_recv, fd, data, size, flags, NULL, NULL, NULL);
}

ssize_t vetsim_recvfrom(struct vet_sys *self, int fd, void *data, size_t size, int flags,
			struct sockaddr *address, socklen_t *length, int *truncated)
{
	return receive(sim_host_of(self), VET_CALL_recvfrom, fd, data, size, flags, address, length,
		       truncated);
}

static void hash_sent(struct vet_sim *sim, const struct iovec *parts, int count, size_t size)
{
	for (int i = 0; i < count && size > 0; i++) {
		size_t part = parts[i].iov_len < size ? parts[i].iov_len : size;
		vetsim_hash_bytes(sim, parts[i].iov_base, part);
		size -= part;
	}
}

static ssize_t send_parts(struct vet_sim_host *host, unsigned entry, int fd,
			  const struct iovec *parts, int count, const struct sockaddr *address,
			  socklen_t length)
{
	struct sim_socket *s;
	ssize_t result = vetsim_begin(host, fd, &s);
	if (result == 0 && (count < 0 || count > PARTS_MOST))
		result = -EMSGSIZE; /* POSIX sendmsg() */
	else if (result == 0)
		result = s->node.kind == SIM_STREAM
				 ? vetsim_stream_send(s, parts, count)
				 : vetsim_datagram_send(s, parts, count, address, length);
	if (address != NULL)
		vetsim_hash_address(host->sim, address, length);
	if (result > 0) {
		hash_sent(host->sim, parts, count, (size_t)result);
		host->taken += (uint64_t)result;
		sim_progress(host->sim);
	}
	return (ssize_t)vetsim_leave(host, entry, fd, result);
}

static struct iovec part_of(const void *data, size_t size)
{
	return (struct iovec){ (void *)(uintptr_t)data, size };
}

ssize_t vetsim_send(struct vet_sys *self, int fd, const void *data, size_t size, int flags)
{
	struct iovec part = part_of(data, size);
	(void)flags;
	return send_parts(sim_host_of(self), VET_CALL_send, fd, &part, 1, NULL, 0);
}

ssize_t vetsim_sendto(struct vet_sys *self, int fd, const void *data, size_t size, int flags,
		      const struct sockaddr *address, socklen_t length)
{
	struct iovec part = part_of(data, size);
	(void)flags;
	return send_parts(sim_host_of(self), VET_CALL_sendto, fd, &part, 1, address, length);
}

ssize_t vetsim_sendv(struct vet_sys *self, int fd, const struct iovec *parts, int count, int flags)
{
	struct vet_sim_host *host = sim_host_of(self);
	(void)flags;
	return send_parts(host, VET_CALL_sendv, fd, parts, count, NULL, 0);
}

/* ---- files ---- */

static ssize_t read_file(const struct sim_file *file, void *data, size_t size, int64_t offset)
{
	uint64_t left;
	if (offset < 0)
		return -EINVAL;
	if (file->sys != NULL)
		return (file->sys->calls->pread)(file->sys, file->file, data, size, offset);
	left = (uint64_t)offset < file->size ? file->size - (uint64_t)offset : 0;
	if (size > left)
		size = (size_t)left;
	if (size > SIM_MOST)
		size = SIM_MOST;
	if (size > 0)
		memcpy(data, file->bytes + offset, size);
	return (ssize_t)size;
}

ssize_t vetsim_pread(struct vet_sys *self, int fd, void *data, size_t size, int64_t offset)
{
	struct vet_sim_host *host = sim_host_of(self);
	struct sim_node *node;
	ssize_t result = vetsim_enter(host);
	if (result == 0)
		result = vetsim_find_node(host, fd, &node);
	if (result == 0 && node->kind != SIM_FILE)
		result = offset < 0 ? -EINVAL : -ESPIPE;
	else if (result == 0)
		result = read_file((struct sim_file *)(void *)node, data, size, offset);
	sim_hash(host->sim, (uint64_t)offset);
	if (result > 0) {
		vetsim_hash_bytes(host->sim, data, (size_t)result);
		sim_progress(host->sim);
	}
	return (ssize_t)vetsim_leave(host, VET_CALL_pread, fd, result);
}

/* What sendfile goes on. */
struct sending {
	struct vet_sim_host *host;
	struct sim_socket *to;
	const struct sim_file *from;
	int to_fd, from_fd;
	bool is_of_table; /* the file is */
};

/* Reads a piece.  The pread of another table lets time pass, in which the two may be closed. */
static ssize_t read_piece(const struct sending *s, void *data, size_t size, int64_t offset)
{
	ssize_t n = read_file(s->from, data, size, offset);
	struct sim_node *node;
	if (!s->is_of_table)
		return n;
	if (sim_is_told(s->host))
		return s->host->sim->is_over ? SIM_OVER : SIM_CRASHED;
	if (vetsim_find_node(s->host, s->to_fd, &node) < 0 || node != &s->to->node ||
	    vetsim_find_node(s->host, s->from_fd, &node) < 0 || node != &s->from->node)
		return -EBADF;
	return n;
}

/* One piece of a file.  How many bytes went out; 0: the file has ended. */
static ssize_t send_piece(const struct sending *s, int64_t offset, size_t size, size_t *had)
{
	unsigned char piece[PAGE];
	ssize_t n = read_piece(s, piece, size < PAGE ? size : PAGE, offset);
	struct iovec part = { piece, n > 0 ? (size_t)n : 0 };
	*had = part.iov_len;
	if (n <= 0)
		return n;
	n = vetsim_stream_send(s->to, &part, 1);
	if (n > 0)
		vetsim_hash_bytes(s->host->sim, piece, (size_t)n);
	return n;
}

/* A datagram is as much as the pipe holds. */
static ssize_t send_datagram(const struct sending *s, int64_t *offset, size_t size)
{
	struct sim_pool *pool = s->host->sim->pool;
	size_t holds = PAGE * PIPE_PAGES - (size_t)(*offset % PAGE);
	size_t most = size < holds ? size : holds;
	unsigned char *bytes = vetsim_pool_take(pool, most, NULL);
	ssize_t n = bytes == NULL ? -ENOBUFS : read_piece(s, bytes, most, *offset);
	struct iovec part = { bytes, n > 0 ? (size_t)n : 0 };
	if (n > 0 && (size_t)n == size)
		n = vetsim_datagram_send(s->to, &part, 1, NULL, 0);
	else if (n > 0) /* Linux waits for the rest, which does not come */
		s->host->sim->is_doubtful = s->host->sim->oracle.is_on;
	if (n > 0)
		vetsim_hash_bytes(s->host->sim, bytes, (size_t)n);
	*offset += n > 0 ? n : 0;
	if (bytes != NULL)
		vetsim_pool_give(pool, bytes, most);
	return n;
}

/* As much as goes out at once, page by page.  After 16 pages (Linux: the pipe that it goes through
 * holds so many) what they have caused happens. */
static ssize_t send_pieces(const struct sending *s, int64_t *offset, size_t size)
{
	size_t done = 0, had = 0, most_of_all = vetsim_stream_led(s->to, size);
	ssize_t n = 0;
	if (most_of_all > 0) /* 0: the first piece is told so */
		size = most_of_all;
	while (done < size) {
		size_t to_page = PAGE - (size_t)(*offset % PAGE);
		size_t most = size - done < to_page ? size - done : to_page;
		n = send_piece(s, *offset, most, &had);
		if (n <= 0)
			break;
		done += (size_t)n;
		*offset += n;
		if ((size_t)n < had)
			break;
		if (*offset / PAGE % PIPE_PAGES == (*offset - (int64_t)done) / PAGE % PIPE_PAGES)
			vetsim_settle(s->host->sim);
		if (sim_is_told(s->host))
			break;
	}
	return done > 0 ? (ssize_t)done : n;
}

ssize_t vetsim_sendfile(struct vet_sys *self, int fd, int from, int64_t *offset, size_t size)
{
	struct vet_sim_host *host = sim_host_of(self);
	struct sending s = { .host = host, .to_fd = fd, .from_fd = from };
	struct sim_node *node;
	ssize_t result = vetsim_enter(host);
	if (result == 0)
		result = vetsim_find_node(host, from, &node);
	if (result == 0 && (node->kind != SIM_FILE || *offset < 0))
		result = node->kind != SIM_FILE ? -ESPIPE : -EINVAL;
	else if (result == 0)
		result = vetsim_find(host, fd, &s.to);
	if (result == 0) {
		s.from = (struct sim_file *)(void *)node;
		s.is_of_table = s.from->sys != NULL;
		result = (s.to->node.kind == SIM_STREAM ? send_pieces : send_datagram)(
			&s, offset, size < SIM_MOST ? size : SIM_MOST);
	}
	if (result > 0) {
		host->taken += (uint64_t)result;
		sim_progress(host->sim);
	}
	return (ssize_t)vetsim_leave(host, VET_CALL_sendfile, fd, result);
}
