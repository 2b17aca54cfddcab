/* SPDX-License-Identifier: 0BSD */
/* The table of Linux: one call where POSIX needs several, nanoseconds in poll, sendfile. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#define _FILE_OFFSET_BITS 64

#include "common.h"

#ifdef __linux__

#include <errno.h>
#include <signal.h>
#include <sys/sendfile.h>
#include <time.h>
#include <unistd.h>

#include "sigpipe.h"

static int linux_socket(struct vet_sys *self, int domain, int type, int protocol)
{
	(void)self;
	int fd = socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
	return fd < 0 ? -errno : fd;
}

static int linux_accept(struct vet_sys *self, int fd, struct sockaddr *address, socklen_t *length)
{
	(void)self;
	int peer = accept4(fd, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
	return peer < 0 ? -errno : peer;
}

static ssize_t linux_send(struct vet_sys *self, int fd, const void *data, size_t size, int flags)
{
	(void)self;
	ssize_t n = send(fd, data, size, flags | MSG_NOSIGNAL);
	return n < 0 ? -errno : n;
}

static ssize_t linux_sendto(struct vet_sys *self, int fd, const void *data, size_t size, int flags,
			    const struct sockaddr *address, socklen_t length)
{
	(void)self;
	ssize_t n = sendto(fd, data, size, flags | MSG_NOSIGNAL, address, length);
	return n < 0 ? -errno : n;
}

static ssize_t linux_sendv(struct vet_sys *self, int fd, const struct iovec *parts, int count,
			   int flags)
{
	(void)self;
	struct msghdr message = { .msg_iov = (struct iovec *)(uintptr_t)parts };
	message.msg_iovlen = (unsigned)count;
	ssize_t n = sendmsg(fd, &message, flags | MSG_NOSIGNAL);
	return n < 0 ? -errno : n;
}

/*
 * sendfile has no MSG_NOSIGNAL, and raises SIGPIPE; not only with EPIPE, but with a short count
 * too, where the connection broke between two of its steps (both seen on Linux 6.18).
 */
static ssize_t linux_sendfile(struct vet_sys *self, int fd, int file, int64_t *offset, size_t size)
{
	(void)self;
	struct vet_sigpipe held;
	off_t at = (off_t)*offset;
	if (at != *offset)
		return -EOVERFLOW;
	vet_sigpipe_hold(&held);
	ssize_t n = sendfile(fd, file, &at, size);
	if (n < 0)
		n = -errno;
	vet_sigpipe_release(&held, n == -EPIPE || (n > 0 && (size_t)n < size));
	*offset = at;
	return n;
}

/* Without a limit the C library's poll is the shorter way to the same wait. */
static int linux_poll(struct vet_sys *self, struct pollfd *descriptors, nfds_t count,
		      int64_t nanoseconds)
{
	(void)self;
	if (nanoseconds < 0) {
		int n = poll(descriptors, count, -1);
		return n < 0 ? -errno : n;
	}
	const int64_t most = 1000000000; /* seconds: fits every time_t, and an early 0 is allowed */
	int64_t seconds = nanoseconds / 1000000000;
	struct timespec limit = { (time_t)(seconds < most ? seconds : most),
				  (long)(nanoseconds % 1000000000) };
	int n = ppoll(descriptors, count, &limit, NULL);
	return n < 0 ? -errno : n;
}

static const struct vet_sys_calls calls = {
	.version = VET_SYS_VERSION,
	.size = sizeof calls,
	.socket = linux_socket,
	.adopt = vet_common_adopt,
	.close = vet_common_close,
	.dup = vet_common_dup,
	.bind = vet_common_bind,
	.connect = vet_common_connect,
	.listen = vet_common_listen,
	.accept = linux_accept,
	.shutdown = vet_common_shutdown,
	.getsockname = vet_common_getsockname,
	.getpeername = vet_common_getpeername,
	.getsockopt = vet_common_getsockopt,
	.setsockopt = vet_common_setsockopt,
	.recv = vet_common_recv,
	.send = linux_send,
	.recvfrom = vet_common_recvfrom,
	.sendto = linux_sendto,
	.sendv = linux_sendv,
	.pread = vet_common_pread,
	.sendfile = linux_sendfile,
	.poll = linux_poll,
	.now = vet_common_now,
	.realloc = vet_common_realloc,
	.interface_index = vet_common_interface_index,
};

static struct vet_sys table = { &calls };

struct vet_sys *vet_sys_host(void)
{
	return &table;
}

#else

struct vet_sys *vet_sys_host(void)
{
	return vet_sys_posix();
}

#endif
