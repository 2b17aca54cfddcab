/* SPDX-License-Identifier: 0BSD */
#define _GNU_SOURCE

#include "raw.h"

#include <errno.h>
#include <poll.h>
#include <sys/sendfile.h>
#include <unistd.h>

static int await(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };
	for (;;) {
		int n = poll(&p, 1, -1);
		if (n > 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return -errno;
	}
}

/* After a call that failed: 0 to try it again. */
static int again(int fd, short events)
{
	if (errno == EINTR)
		return 0;
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return await(fd, events);
	return -errno;
}

int raw_write(int fd, const void *data, size_t size, size_t *done)
{
	const char *bytes = data;
	size_t sent = 0;
	int error = 0;
	while (sent < size && error == 0) {
		ssize_t n = send(fd, bytes + sent, size - sent, MSG_NOSIGNAL);
		if (n >= 0)
			sent += (size_t)n;
		else
			error = again(fd, POLLOUT);
	}
	if (done != NULL)
		*done = sent;
	return error;
}

ssize_t raw_read(int fd, void *data, size_t size)
{
	for (;;) {
		ssize_t n = recv(fd, data, size, 0);
		if (n >= 0)
			return n;
		int error = again(fd, POLLIN);
		if (error < 0)
			return error;
	}
}

ssize_t raw_send_to(int fd, const void *data, size_t size, const struct sockaddr *to,
		    socklen_t length)
{
	for (;;) {
		ssize_t n = sendto(fd, data, size, MSG_NOSIGNAL, to, length);
		if (n >= 0)
			return n;
		int error = again(fd, POLLOUT);
		if (error < 0)
			return error;
	}
}

ssize_t raw_receive_from(int fd, void *data, size_t size, struct sockaddr *from, socklen_t *length,
			 bool *truncated)
{
	struct iovec part = { data, size };
	struct msghdr message = {
		.msg_name = from,
		.msg_namelen = *length,
		.msg_iov = &part,
		.msg_iovlen = 1,
	};
	for (;;) {
		ssize_t n = recvmsg(fd, &message, 0);
		if (n >= 0) {
			*length = message.msg_namelen;
			*truncated = (message.msg_flags & MSG_TRUNC) != 0;
			return n;
		}
		int error = again(fd, POLLIN);
		if (error < 0)
			return error;
	}
}

/* What became of a connection that was under way. */
static int outcome(int fd)
{
	int error = await(fd, POLLOUT), pending = 0;
	socklen_t length = sizeof(pending);
	if (error == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &pending, &length) < 0)
		error = -errno;
	return error < 0 ? error : -pending;
}

int raw_connect(const struct sockaddr *to, socklen_t length, int flags)
{
	int error = 0, fd = socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, to, length) < 0)
		error = errno == EINPROGRESS || errno == EINTR ? outcome(fd) : -errno;
	if (error == 0)
		return fd;
	close(fd);
	return error;
}

int raw_accept(int listener, int flags)
{
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | flags);
		if (fd >= 0)
			return fd;
		int error = errno == ECONNABORTED ? 0 : again(listener, POLLIN);
		if (error < 0)
			return error;
	}
}

int raw_send_file(int fd, int file, uint64_t *done)
{
	const size_t most = 0x7ffff000; /* what Linux takes at once */
	off_t offset = 0;
	int error = 0;
	while (error == 0) {
		ssize_t n = sendfile(fd, file, &offset, most);
		if (n == 0)
			break;
		if (n < 0)
			error = again(fd, POLLOUT);
	}
	*done = (uint64_t)offset;
	return error;
}
