/* SPDX-License-Identifier: 0BSD */
/*
 * What a careful programmer writes by hand: the same calls, every result looked at, EINTR retried,
 * EAGAIN waited for in poll, and no deadline.  On a blocking descriptor they are the blocking calls.
 * Each returns 0, a count or a descriptor, or minus the errno.
 */
#ifndef BENCH_RAW_H
#define BENCH_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

int raw_write(int fd, const void *data, size_t size, size_t *done);
ssize_t raw_read(int fd, void *data, size_t size);
ssize_t raw_send_to(int fd, const void *data, size_t size, const struct sockaddr *to,
		    socklen_t length);
ssize_t raw_receive_from(int fd, void *data, size_t size, struct sockaddr *from, socklen_t *length,
			 bool *truncated);
/* flags: 0, or SOCK_NONBLOCK for what they make. */
int raw_connect(const struct sockaddr *to, socklen_t length, int flags);
int raw_accept(int listener, int flags);
/* From its start to its end. */
int raw_send_file(int fd, int file, uint64_t *done);

#endif
