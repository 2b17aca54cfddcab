/* SPDX-License-Identifier: 0BSD */
/*
 * A call of the table as a value: which entry, with which arguments.  A layer over a table is then
 * one function, and what stands above it hands the same value down without taking it apart.
 */
#ifndef VETSOCK_CALL_H
#define VETSOCK_CALL_H

#include <vetsock/layer.h>

/* How many bytes a call asks to move; 0 for a call that moves none. */
size_t vet_call_asked(const struct vet_call *call);

/* getsockopt: answers an int, as much of it as there is room for; 0. */
int64_t vet_call_answer_int(const struct vet_call *call, int value);
/* Whether it moved bytes, from a file too; to peek at some moves none. */
bool vet_call_moved(const struct vet_call *call, int64_t result);
/* The socket that it is about, of poll the first one; -1: none (pread names a file). */
int vet_call_descriptor(const struct vet_call *call);
/* recv and recvfrom. */
bool vet_call_receives(const struct vet_call *call);
/* getsockopt, setsockopt: of SO_ERROR. */
bool vet_call_is_so_error(const struct vet_call *call);
/* connect(2) to an address of family AF_UNSPEC: what there is, is dissolved. */
bool vet_call_dissolves(const struct vet_call *call);

/* The kinds of calls that move bytes, as bits of their entries. */
#define VET_BIT(name) (UINT32_C(1) << VET_CALL_##name)
#define VET_CALLS_IN  (VET_BIT(recv) | VET_BIT(recvfrom))
#define VET_CALLS_OUT (VET_BIT(send) | VET_BIT(sendto) | VET_BIT(sendv) | VET_BIT(sendfile))
/* Those that name a socket (poll may name several, pread names a file). */
#define VET_CALLS_OF_A_SOCKET \
	(VET_CALLS_IN | VET_CALLS_OUT | VET_BIT(adopt) | VET_BIT(close) | VET_BIT(dup) | \
	 VET_BIT(bind) | VET_BIT(connect) | VET_BIT(listen) | VET_BIT(accept) | \
	 VET_BIT(shutdown) | VET_BIT(getsockname) | VET_BIT(getpeername) | VET_BIT(getsockopt) | \
	 VET_BIT(setsockopt))

#endif
