/* SPDX-License-Identifier: 0BSD */
/* The table of strict POSIX.1-2008: what any system has. */
#undef _GNU_SOURCE
#define _POSIX_C_SOURCE   200809L
#define _FILE_OFFSET_BITS 64

#include "common.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "sigpipe.h"

/* Without the flag (macOS, and tests that ask for it) the signal mask keeps SIGPIPE away. */
#if defined MSG_NOSIGNAL && !defined VET_WITHOUT_MSG_NOSIGNAL
#define NO_SIGNAL MSG_NOSIGNAL
static void hold(struct vet_sigpipe *held)
{
	(void)held;
}
static void release(struct vet_sigpipe *held, bool raised)
{
	(void)held;
	(void)raised;
}
#else
#define NO_SIGNAL 0
#define hold      vet_sigpipe_hold
#define release   vet_sigpipe_release
#endif

/* A new descriptor as the table promises it, or none at all. */
static int made(int fd)
{
	if (fd < 0)
		return -errno;
	int r = vet_common_adopt(NULL, fd);
	if (r < 0)
		close(fd);
	return r;
}

static int posix_socket(struct vet_sys *self, int domain, int type, int protocol)
{
	(void)self;
	return made(socket(domain, type, protocol));
}

static int posix_accept(struct vet_sys *self, int fd, struct sockaddr *address, socklen_t *length)
{
	(void)self;
	return made(accept(fd, address, length));
}

static ssize_t posix_send(struct vet_sys *self, int fd, const void *data, size_t size, int flags)
{
	(void)self;
	struct vet_sigpipe held;
	hold(&held);
	ssize_t n = send(fd, data, size, flags | NO_SIGNAL);
	if (n < 0)
		n = -errno;
	release(&held, n == -EPIPE);
	return n;
}

static ssize_t posix_sendto(struct vet_sys *self, int fd, const void *data, size_t size, int flags,
			    const struct sockaddr *address, socklen_t length)
{
	(void)self;
	struct vet_sigpipe held;
	hold(&held);
	ssize_t n = sendto(fd, data, size, flags | NO_SIGNAL, address, length);
	if (n < 0)
		n = -errno;
	release(&held, n == -EPIPE);
	return n;
}

static ssize_t posix_sendv(struct vet_sys *self, int fd, const struct iovec *parts, int count,
			   int flags)
{
	(void)self;
	struct vet_sigpipe held;
	struct msghdr message = { .msg_iov = (struct iovec *)(uintptr_t)parts };
	message.msg_iovlen = (unsigned)count; /* size_t or int, as the system has it */
	hold(&held);
	ssize_t n = sendmsg(fd, &message, flags | NO_SIGNAL);
	if (n < 0)
		n = -errno;
	release(&held, n == -EPIPE);
	return n;
}

/* poll counts whole milliseconds: rounded up, so that it is never early. */
static int posix_poll(struct vet_sys *self, struct pollfd *descriptors, nfds_t count,
		      int64_t nanoseconds)
{
	(void)self;
	int64_t milliseconds = nanoseconds / 1000000 + (nanoseconds % 1000000 > 0);
	int limit = milliseconds < INT_MAX ? (int)milliseconds : INT_MAX;
	int n = poll(descriptors, count, nanoseconds < 0 ? -1 : limit);
	return n < 0 ? -errno : n;
}

static const struct vet_sys_calls calls = {
	.version = VET_SYS_VERSION,
	.size = sizeof calls,
	.socket = posix_socket,
	.adopt = vet_common_adopt,
	.close = vet_common_close,
	.dup = vet_common_dup,
	.bind = vet_common_bind,
	.connect = vet_common_connect,
	.listen = vet_common_listen,
	.accept = posix_accept,
	.shutdown = vet_common_shutdown,
	.getsockname = vet_common_getsockname,
	.getpeername = vet_common_getpeername,
	.getsockopt = vet_common_getsockopt,
	.setsockopt = vet_common_setsockopt,
	.recv = vet_common_recv,
	.send = posix_send,
	.recvfrom = vet_common_recvfrom,
	.sendto = posix_sendto,
	.sendv = posix_sendv,
	.pread = vet_common_pread,
	.poll = posix_poll,
	.now = vet_common_now,
	.realloc = vet_common_realloc,
	.interface_index = vet_common_interface_index,
};

static struct vet_sys table = { &calls };

struct vet_sys *vet_sys_posix(void)
{
	return &table;
}
