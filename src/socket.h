/* SPDX-License-Identifier: 0BSD */
/* What the operations on sockets share. */
#ifndef VETSOCK_SRC_SOCKET_H
#define VETSOCK_SRC_SOCKET_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <vetsock/socket.h>
#include <vetsock/sys.h>

#include "slow.h"

/* What a socket remembers of its connection (struct vet_socket's `state`). */
enum {
	VET_STATE_FRESH,
	VET_STATE_TRIED, /* fresh again: an attempt to connect has failed, or may have */
	VET_STATE_PENDING,
	VET_STATE_CONNECTED,
	VET_STATE_LISTENING,
};

/* The greatest count that a call is given: what Linux moves in one call, on every ABI (read(2),
 * NOTES). */
#define VET_COUNT_MAX ((size_t)0x7ffff000)

/* A stream, open, and a count that one call may be given as it is. */
static inline bool vet_is_common(const struct vet_socket *s, size_t size)
{
	return s->type == VET_STREAM && size - 1 < VET_COUNT_MAX;
}

/* What a call that answers 0 or an error gave; more than 0 is no answer. */
static inline int vet_done(int result)
{
	return result > 0 ? -EIO : result;
}

static inline size_t vet_clamp(size_t size)
{
	return size < VET_COUNT_MAX ? size : VET_COUNT_MAX;
}

static inline bool vet_is_open(const struct vet_socket *s)
{
	return s->table.sys != NULL;
}

static inline bool vet_is_stream(const struct vet_socket *s)
{
	return s->type == VET_STREAM;
}

/* Makes *s a socket around a descriptor. */
void vet_socket_init(struct vet_socket *s, struct vet_sys *sys, int fd, int family, int type,
		     int state);

struct vet_wait;

/* One datagram in and out, of an open socket; a truncated one is -EMSGSIZE. */
ssize_t vet_datagram_read(struct vet_socket *s, void *data, size_t size);
ssize_t vet_datagram_send(struct vet_socket *s, struct vet_wait *w, const void *data, size_t size);
int vet_datagram_print(struct vet_socket *s, const void *data, size_t size, size_t *done);
/* Stores the count in *done and says whether a whole datagram left: 0, -EMSGSIZE or the error. */
int vet_datagram_result(ssize_t sent, size_t size, size_t *done);

#endif
