/* SPDX-License-Identifier: 0BSD */
/* The table of a simulated host: what each entry begins and ends with, and those of bytes. */
#ifndef VETSOCK_SIM_TABLE_H
#define VETSOCK_SIM_TABLE_H

#include "world.h"

/* Time passes, what is due happens: 0, or what every call answers now. */
int vetsim_enter(struct vet_sim_host *host);
/* The call goes into the hash of the run, and what it has caused happens. */
int64_t vetsim_leave(struct vet_sim_host *host, unsigned entry, int fd, int64_t result);
/* What it was given goes there, too. */
void vetsim_hash_address(struct vet_sim *sim, const struct sockaddr *address, socklen_t length);
void vetsim_hash_name(struct vet_sim *sim, const struct sim_name *name);
void vetsim_hash_bytes(struct vet_sim *sim, const unsigned char *bytes, size_t size);
void vetsim_hash_value(struct vet_sim *sim, int level, int name, const void *value,
		       socklen_t length);

/* What a descriptor is of: 0 or -EBADF; a socket: -ENOTSOCK too; enter, and a socket. */
int vetsim_find_node(struct vet_sim_host *host, int fd, struct sim_node **node);
int vetsim_find(struct vet_sim_host *host, int fd, struct sim_socket **socket);
int vetsim_begin(struct vet_sim_host *host, int fd, struct sim_socket **socket);

/* table_bytes.c */
ssize_t vetsim_recv(struct vet_sys *self, int fd, void *data, size_t size, int flags);
ssize_t vetsim_recvfrom(struct vet_sys *self, int fd, void *data, size_t size, int flags,
			struct sockaddr *address, socklen_t *length, int *truncated);
ssize_t vetsim_send(struct vet_sys *self, int fd, const void *data, size_t size, int flags);
ssize_t vetsim_sendto(struct vet_sys *self, int fd, const void *data, size_t size, int flags,
		      const struct sockaddr *address, socklen_t length);
ssize_t vetsim_sendv(struct vet_sys *self, int fd, const struct iovec *parts, int count, int flags);
ssize_t vetsim_pread(struct vet_sys *self, int fd, void *data, size_t size, int64_t offset);
ssize_t vetsim_sendfile(struct vet_sys *self, int fd, int file, int64_t *offset, size_t size);

#endif
