/* SPDX-License-Identifier: 0BSD */
/* Tables whose every entry packs its arguments into a call and hands that to the layer's one
 * function. */
#include <errno.h>

#include <vetsock/layer.h>

/* All that an entry does: it hands its arguments to the layer as a call, and returns what that
 * gives. */
#define LAYER ((struct vet_layer *)self)
#define MAKE(type, ...) \
	struct vet_call call = { __VA_ARGS__ }; \
	return (type)LAYER->make(LAYER, &call)

static int layer_socket(struct vet_sys *self, int domain, int type, int protocol)
{
	MAKE(int, VET_CALL_socket, -1, { .socket = { domain, type, protocol } });
}

static int layer_adopt(struct vet_sys *self, int fd)
{
	MAKE(int, VET_CALL_adopt, fd, { .how = 0 });
}

static int layer_close(struct vet_sys *self, int fd)
{
	MAKE(int, VET_CALL_close, fd, { .how = 0 });
}

static int layer_dup(struct vet_sys *self, int fd)
{
	MAKE(int, VET_CALL_dup, fd, { .how = 0 });
}

static int layer_bind(struct vet_sys *self, int fd, const struct sockaddr *address,
		      socklen_t length)
{
	MAKE(int, VET_CALL_bind, fd, { .to = { address, length } });
}

static int layer_connect(struct vet_sys *self, int fd, const struct sockaddr *address,
			 socklen_t length)
{
	MAKE(int, VET_CALL_connect, fd, { .to = { address, length } });
}

static int layer_listen(struct vet_sys *self, int fd, int backlog)
{
	MAKE(int, VET_CALL_listen, fd, { .backlog = backlog });
}

static int layer_accept(struct vet_sys *self, int fd, struct sockaddr *address, socklen_t *length)
{
	MAKE(int, VET_CALL_accept, fd, { .name = { address, length } });
}

static int layer_shutdown(struct vet_sys *self, int fd, int how)
{
	MAKE(int, VET_CALL_shutdown, fd, { .how = how });
}

static int layer_getsockname(struct vet_sys *self, int fd, struct sockaddr *address,
			     socklen_t *length)
{
	MAKE(int, VET_CALL_getsockname, fd, { .name = { address, length } });
}

static int layer_getpeername(struct vet_sys *self, int fd, struct sockaddr *address,
			     socklen_t *length)
{
	MAKE(int, VET_CALL_getpeername, fd, { .name = { address, length } });
}

static int layer_getsockopt(struct vet_sys *self, int fd, int level, int name, void *value,
			    socklen_t *length)
{
	MAKE(int, VET_CALL_getsockopt, fd, { .get = { level, name, value, length } });
}

static int layer_setsockopt(struct vet_sys *self, int fd, int level, int name, const void *value,
			    socklen_t length)
{
	MAKE(int, VET_CALL_setsockopt, fd, { .set = { level, name, value, length } });
}

static ssize_t layer_recv(struct vet_sys *self, int fd, void *data, size_t size, int flags)
{
	MAKE(ssize_t, VET_CALL_recv, fd, { .in = { data, size, flags, NULL, NULL, NULL } });
}

static ssize_t layer_send(struct vet_sys *self, int fd, const void *data, size_t size, int flags)
{
	MAKE(ssize_t, VET_CALL_send, fd, { .out = { data, size, flags, NULL, 0 } });
}

static ssize_t layer_recvfrom(struct vet_sys *self, int fd, void *data, size_t size, int flags,
			      struct sockaddr *address, socklen_t *length, int *truncated)
{
	MAKE(ssize_t, VET_CALL_recvfrom, fd,
	     { .in = { data, size, flags, address, length, truncated } });
}

static ssize_t layer_sendto(struct vet_sys *self, int fd, const void *data, size_t size, int flags,
			    const struct sockaddr *address, socklen_t length)
{
	MAKE(ssize_t, VET_CALL_sendto, fd, { .out = { data, size, flags, address, length } });
}

static ssize_t layer_sendv(struct vet_sys *self, int fd, const struct iovec *parts, int count,
			   int flags)
{
	MAKE(ssize_t, VET_CALL_sendv, fd, { .gather = { parts, count, flags } });
}

static ssize_t layer_pread(struct vet_sys *self, int file, void *data, size_t size, int64_t offset)
{
	MAKE(ssize_t, VET_CALL_pread, file, { .read = { data, size, offset } });
}

static ssize_t layer_sendfile(struct vet_sys *self, int fd, int file, int64_t *offset, size_t size)
{
	MAKE(ssize_t, VET_CALL_sendfile, fd, { .file = { file, offset, size } });
}

static int layer_poll(struct vet_sys *self, struct pollfd *descriptors, nfds_t count,
		      int64_t nanoseconds)
{
	MAKE(int, VET_CALL_poll, -1, { .poll = { descriptors, count, nanoseconds } });
}

static int layer_now(struct vet_sys *self, int64_t *nanoseconds)
{
	MAKE(int, VET_CALL_now, -1, { .nanoseconds = nanoseconds });
}

static int layer_realloc(struct vet_sys *self, void **memory, size_t size)
{
	MAKE(int, VET_CALL_realloc, -1, { .block = { memory, size } });
}

static int layer_interface_index(struct vet_sys *self, const char *name)
{
	MAKE(int, VET_CALL_interface_index, -1, { .name_of_interface = name });
}

/* The same table four times: with and without what is optional. */
#define TABLE(has_sendfile, has_interface_index) \
	{ \
		.version = VET_SYS_VERSION, .size = sizeof(struct vet_sys_calls), \
		.socket = layer_socket, .adopt = layer_adopt, .close = layer_close, \
		.dup = layer_dup, .bind = layer_bind, .connect = layer_connect, \
		.listen = layer_listen, .accept = layer_accept, .shutdown = layer_shutdown, \
		.getsockname = layer_getsockname, .getpeername = layer_getpeername, \
		.getsockopt = layer_getsockopt, .setsockopt = layer_setsockopt, \
		.recv = layer_recv, .send = layer_send, .recvfrom = layer_recvfrom, \
		.sendto = layer_sendto, .sendv = layer_sendv, .pread = layer_pread, \
		.sendfile = (has_sendfile) ? layer_sendfile : NULL, .poll = layer_poll, \
		.now = layer_now, .realloc = layer_realloc, \
		.interface_index = (has_interface_index) ? layer_interface_index : NULL, \
	}
static const struct vet_sys_calls tables[2][2] = {
	{ TABLE(0, 0), TABLE(0, 1) },
	{ TABLE(1, 0), TABLE(1, 1) },
};

struct vet_sys *vet_layer_with(struct vet_layer *layer, struct vet_sys *next,
			       int64_t (*make)(struct vet_layer *layer, struct vet_call *call),
			       bool has_sendfile, bool has_interface_index)
{
	layer->sys.calls = &tables[has_sendfile][has_interface_index];
	layer->next = next;
	layer->make = make;
	return &layer->sys;
}

struct vet_sys *vet_layer_over(struct vet_layer *layer, struct vet_sys *next,
			       int64_t (*make)(struct vet_layer *layer, struct vet_call *call))
{
	return vet_layer_with(layer, next, make, next == NULL || VET_SYS_HAS(next, sendfile),
			      next == NULL || VET_SYS_HAS(next, interface_index));
}

/* ---- the other way ---- */

#define CALL(entry) (sys->calls->entry)
#define FD          call->fd

static int64_t unpack_connection(struct vet_sys *sys, const struct vet_call *call)
{
	switch (call->entry) {
	case VET_CALL_socket:
		return CALL(socket)(sys, call->u.socket.domain, call->u.socket.type,
				    call->u.socket.protocol);
	case VET_CALL_adopt:
		return CALL(adopt)(sys, FD);
	case VET_CALL_close:
		return CALL(close)(sys, FD);
	case VET_CALL_dup:
		return CALL(dup)(sys, FD);
	case VET_CALL_bind:
		return CALL(bind)(sys, FD, call->u.to.address, call->u.to.length);
	case VET_CALL_connect:
		return CALL(connect)(sys, FD, call->u.to.address, call->u.to.length);
	case VET_CALL_listen:
		return CALL(listen)(sys, FD, call->u.backlog);
	case VET_CALL_accept:
		return CALL(accept)(sys, FD, call->u.name.address, call->u.name.length);
	case VET_CALL_shutdown:
		return CALL(shutdown)(sys, FD, call->u.how);
	case VET_CALL_getsockname:
		return CALL(getsockname)(sys, FD, call->u.name.address, call->u.name.length);
	case VET_CALL_getpeername:
		return CALL(getpeername)(sys, FD, call->u.name.address, call->u.name.length);
	case VET_CALL_getsockopt:
		return CALL(getsockopt)(sys, FD, call->u.get.level, call->u.get.name,
					call->u.get.value, call->u.get.length);
	default:
		return CALL(setsockopt)(sys, FD, call->u.set.level, call->u.set.name,
					call->u.set.value, call->u.set.length);
	}
}

static int64_t unpack_rest(struct vet_sys *sys, const struct vet_call *call)
{
	switch (call->entry) {
	case VET_CALL_recv:
		return CALL(recv)(sys, FD, call->u.in.data, call->u.in.size, call->u.in.flags);
	case VET_CALL_send:
		return CALL(send)(sys, FD, call->u.out.data, call->u.out.size, call->u.out.flags);
	case VET_CALL_recvfrom:
		return CALL(recvfrom)(sys, FD, call->u.in.data, call->u.in.size, call->u.in.flags,
				      call->u.in.address, call->u.in.length, call->u.in.truncated);
	case VET_CALL_sendto:
		return CALL(sendto)(sys, FD, call->u.out.data, call->u.out.size, call->u.out.flags,
				    call->u.out.address, call->u.out.length);
	case VET_CALL_sendv:
		return CALL(sendv)(sys, FD, call->u.gather.parts, call->u.gather.count,
				   call->u.gather.flags);
	case VET_CALL_pread:
		return CALL(pread)(sys, FD, call->u.read.data, call->u.read.size,
				   call->u.read.offset);
	case VET_CALL_sendfile:
		return VET_SYS_HAS(sys, sendfile)
			       ? CALL(sendfile)(sys, FD, call->u.file.file, call->u.file.offset,
						call->u.file.size)
			       : -ENOSYS;
	case VET_CALL_poll:
		return CALL(poll)(sys, call->u.poll.descriptors, call->u.poll.count,
				  call->u.poll.nanoseconds);
	case VET_CALL_now:
		return CALL(now)(sys, call->u.nanoseconds);
	case VET_CALL_realloc:
		return CALL(realloc)(sys, call->u.block.memory, call->u.block.size);
	case VET_CALL_interface_index:
		return VET_SYS_HAS(sys, interface_index)
			       ? CALL(interface_index)(sys, call->u.name_of_interface)
			       : -ENOSYS;
	default:
		return -ENOSYS;
	}
}

static bool is_layer(const struct vet_sys *sys)
{
	uintptr_t at = (uintptr_t)sys->calls;
	return at - (uintptr_t)tables < sizeof tables;
}

int64_t vet_call_make(struct vet_sys *sys, struct vet_call *call)
{
	struct vet_layer *layer = (struct vet_layer *)sys;
	if (is_layer(sys)) /* the call need not be taken apart and packed again */
		return layer->make(layer, call);
	return call->entry <= VET_CALL_setsockopt ? unpack_connection(sys, call)
						  : unpack_rest(sys, call);
}
