/* SPDX-License-Identifier: 0BSD */
#undef _GNU_SOURCE
#define _POSIX_C_SOURCE   200809L
#define _FILE_OFFSET_BITS 64

#include "common.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* A flag that is set already is not set again: an adopted descriptor may be shared. */
int vet_common_adopt(struct vet_sys *self, int fd)
{
	(void)self;
	int status = fcntl(fd, F_GETFL), descriptor = fcntl(fd, F_GETFD);
	if (status < 0 || descriptor < 0)
		return -errno;
	if (!(status & O_NONBLOCK) && fcntl(fd, F_SETFL, status | O_NONBLOCK) < 0)
		return -errno;
	if (!(descriptor & FD_CLOEXEC) && fcntl(fd, F_SETFD, descriptor | FD_CLOEXEC) < 0)
		return -errno;
	return fd;
}

int vet_common_close(struct vet_sys *self, int fd)
{
	(void)self;
	return close(fd) < 0 ? -errno : 0;
}

int vet_common_dup(struct vet_sys *self, int fd)
{
	(void)self;
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return copy < 0 ? -errno : copy;
}

int vet_common_bind(struct vet_sys *self, int fd, const struct sockaddr *address, socklen_t length)
{
	(void)self;
	return bind(fd, address, length) < 0 ? -errno : 0;
}

int vet_common_connect(struct vet_sys *self, int fd, const struct sockaddr *address,
		       socklen_t length)
{
	(void)self;
	return connect(fd, address, length) < 0 ? -errno : 0;
}

int vet_common_listen(struct vet_sys *self, int fd, int backlog)
{
	(void)self;
	return listen(fd, backlog) < 0 ? -errno : 0;
}

int vet_common_shutdown(struct vet_sys *self, int fd, int how)
{
	(void)self;
	return shutdown(fd, how) < 0 ? -errno : 0;
}

int vet_common_getsockname(struct vet_sys *self, int fd, struct sockaddr *address,
			   socklen_t *length)
{
	(void)self;
	return getsockname(fd, address, length) < 0 ? -errno : 0;
}

int vet_common_getpeername(struct vet_sys *self, int fd, struct sockaddr *address,
			   socklen_t *length)
{
	(void)self;
	return getpeername(fd, address, length) < 0 ? -errno : 0;
}

int vet_common_getsockopt(struct vet_sys *self, int fd, int level, int name, void *value,
			  socklen_t *length)
{
	(void)self;
	return getsockopt(fd, level, name, value, length) < 0 ? -errno : 0;
}

int vet_common_setsockopt(struct vet_sys *self, int fd, int level, int name, const void *value,
			  socklen_t length)
{
	(void)self;
	return setsockopt(fd, level, name, value, length) < 0 ? -errno : 0;
}

ssize_t vet_common_recv(struct vet_sys *self, int fd, void *data, size_t size, int flags)
{
	(void)self;
	ssize_t n = recv(fd, data, size, flags);
	return n < 0 ? -errno : n;
}

/* recvmsg, because only its flags say that a datagram was cut (POSIX recvmsg(): MSG_TRUNC). */
ssize_t vet_common_recvfrom(struct vet_sys *self, int fd, void *data, size_t size, int flags,
			    struct sockaddr *address, socklen_t *length, int *truncated)
{
	(void)self;
	struct iovec part = { data, size };
	struct msghdr message = {
		.msg_name = address,
		.msg_namelen = length != NULL ? *length : 0,
		.msg_iov = &part,
		.msg_iovlen = 1,
	};
	ssize_t n = recvmsg(fd, &message, flags);
	if (n < 0)
		return -errno;
	if (length != NULL)
		*length = message.msg_namelen;
	if (truncated != NULL)
		*truncated = (message.msg_flags & MSG_TRUNC) != 0;
	return n;
}

ssize_t vet_common_pread(struct vet_sys *self, int file, void *data, size_t size, int64_t offset)
{
	(void)self;
	if ((off_t)offset != offset)
		return -EOVERFLOW;
	ssize_t n = pread(file, data, size, (off_t)offset);
	return n < 0 ? -errno : n;
}

int vet_common_now(struct vet_sys *self, int64_t *nanoseconds)
{
	(void)self;
	struct timespec time;
	if (clock_gettime(CLOCK_MONOTONIC, &time) < 0)
		return -errno;
	*nanoseconds = (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
	return 0;
}

int vet_common_realloc(struct vet_sys *self, void **memory, size_t size)
{
	(void)self;
	if (size == 0) {
		free(*memory);
		*memory = NULL;
		return 0;
	}
	void *moved = realloc(*memory, size);
	if (moved == NULL)
		return -ENOMEM;
	*memory = moved;
	return 0;
}

/* POSIX names no errno for if_nametoindex(); some systems say ENXIO. */
int vet_common_interface_index(struct vet_sys *self, const char *name)
{
	(void)self;
	errno = 0;
	unsigned index = if_nametoindex(name);
	if (index != 0)
		return (int)index;
	return errno == 0 || errno == ENXIO ? -ENODEV : -errno;
}
