/* SPDX-License-Identifier: 0BSD */
/* The entries that every real table shares: plain POSIX.1-2008. */
#ifndef VETSOCK_HOST_COMMON_H
#define VETSOCK_HOST_COMMON_H

#include <vetsock/host.h>

int vet_common_adopt(struct vet_sys *self, int fd);
int vet_common_close(struct vet_sys *self, int fd);
int vet_common_dup(struct vet_sys *self, int fd);
int vet_common_bind(struct vet_sys *self, int fd, const struct sockaddr *address, socklen_t length);
int vet_common_connect(struct vet_sys *self, int fd, const struct sockaddr *address,
		       socklen_t length);
int vet_common_listen(struct vet_sys *self, int fd, int backlog);
int vet_common_shutdown(struct vet_sys *self, int fd, int how);
int vet_common_getsockname(struct vet_sys *self, int fd, struct sockaddr *address,
			   socklen_t *length);
int vet_common_getpeername(struct vet_sys *self, int fd, struct sockaddr *address,
			   socklen_t *length);
int vet_common_getsockopt(struct vet_sys *self, int fd, int level, int name, void *value,
			  socklen_t *length);
int vet_common_setsockopt(struct vet_sys *self, int fd, int level, int name, const void *value,
			  socklen_t length);
ssize_t vet_common_recv(struct vet_sys *self, int fd, void *data, size_t size, int flags);
ssize_t vet_common_recvfrom(struct vet_sys *self, int fd, void *data, size_t size, int flags,
			    struct sockaddr *address, socklen_t *length, int *truncated);
ssize_t vet_common_pread(struct vet_sys *self, int file, void *data, size_t size, int64_t offset);
int vet_common_now(struct vet_sys *self, int64_t *nanoseconds);
int vet_common_realloc(struct vet_sys *self, void **memory, size_t size);
int vet_common_interface_index(struct vet_sys *self, const char *name);

#endif
