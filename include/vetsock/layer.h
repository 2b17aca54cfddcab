/* SPDX-License-Identifier: 0BSD */
/*
 * Layers: tables of system calls that stand over another one, written as one function.
 *
 * A call is a value, struct vet_call: which entry of the table, with which arguments.  A layer is
 * asked to make it; it may make it of the table below (vet_call_make), as it is or changed, once,
 * never or several times, and returns what the caller is to get.  Layers stack in any order, and a
 * layer over a layer is handed the same value.
 *
 *	struct counter { struct vet_layer layer; unsigned long sends; };
 *
 *	static int64_t count(struct vet_layer *layer, struct vet_call *call)
 *	{
 *		struct counter *counter = (struct counter *)layer;
 *		counter->sends += call->entry == VET_CALL_send;
 *		return vet_call_make(layer->next, call);
 *	}
 *
 *	struct vet_sys *sys = vet_layer_over(&counter.layer, vet_sys_host(), count);
 *
 * libvetsock-shim.  A layer may be used by as many threads as its function allows.
 */
#ifndef VETSOCK_LAYER_H
#define VETSOCK_LAYER_H

#include <stdbool.h>

#include <vetsock/sys.h>

VET_BEGIN_DECLS

/* VET_CALL_socket, ...: the entries, numbered in their order from 0. */
#define VET_CALL_NUMBER(name, required) VET_CALL_##name,
enum vet_entry { VET_SYS_ENTRIES(VET_CALL_NUMBER) VET_CALL_COUNT };

/* "connect"; NULL from VET_CALL_COUNT on. */
VET_API const char *vet_entry_name(unsigned entry);
/* The entry of a name of `size` bytes, or -1. */
VET_API int vet_entry_find(const char *name, size_t size);

/* The members are the arguments of the entry, by the names that they have in sys.h; which of the
 * union are there follows from `entry`. */
struct vet_call {
	unsigned entry; /* enum vet_entry */
	int fd;         /* of pread and sendfile too: the first argument; poll, now, realloc, socket
			   and interface_index: -1 */
	union {
		struct {
			int domain, type, protocol;
		} socket;
		struct { /* bind, connect */
			const struct sockaddr *address;
			socklen_t length;
		} to;
		int backlog;
		int how; /* shutdown */
		struct { /* accept, getsockname, getpeername */
			struct sockaddr *address;
			socklen_t *length;
		} name;
		struct { /* getsockopt */
			int level, name;
			void *value;
			socklen_t *length;
		} get;
		struct { /* setsockopt */
			int level, name;
			const void *value;
			socklen_t length;
		} set;
		struct { /* recv, recvfrom; of recv the last three are NULL */
			void *data;
			size_t size;
			int flags;
			struct sockaddr *address;
			socklen_t *length;
			int *truncated;
		} in;
		struct { /* send, sendto; of send the last two are NULL and 0 */
			const void *data;
			size_t size;
			int flags;
			const struct sockaddr *address;
			socklen_t length;
		} out;
		struct { /* sendv */
			const struct iovec *parts;
			int count, flags;
		} gather;
		struct { /* pread */
			void *data;
			size_t size;
			int64_t offset;
		} read;
		struct { /* sendfile */
			int file;
			int64_t *offset;
			size_t size;
		} file;
		struct { /* poll */
			struct pollfd *descriptors;
			nfds_t count;
			int64_t nanoseconds;
		} poll;
		int64_t *nanoseconds; /* now */
		struct {              /* realloc */
			void **memory;
			size_t size;
		} block;
		const char *name_of_interface; /* interface_index */
	} u;
};

/* Makes the call of a table, and returns what that returned.  -ENOSYS for an optional entry that
 * the table lacks. */
VET_API int64_t vet_call_make(struct vet_sys *sys, struct vet_call *call);

struct vet_layer {
	struct vet_sys sys; /* what is handed on */
	struct vet_sys *next;
	int64_t (*make)(struct vet_layer *layer, struct vet_call *call);
};

/* Makes *layer a table over `next`, which must have been checked (vet_sys_check()) and outlive it;
 * it has the optional entries that next has.  Returns &layer->sys.  next may be NULL: a lowest
 * layer, which then has them all. */
VET_API struct vet_sys *vet_layer_over(struct vet_layer *layer, struct vet_sys *next,
				       int64_t (*make)(struct vet_layer *layer,
						       struct vet_call *call));
/* The same with the optional entries that are said: has_sendfile, has_interface_index. */
VET_API struct vet_sys *vet_layer_with(struct vet_layer *layer, struct vet_sys *next,
				       int64_t (*make)(struct vet_layer *layer,
						       struct vet_call *call),
				       bool has_sendfile, bool has_interface_index);

VET_END_DECLS

#endif
