/* SPDX-License-Identifier: 0BSD */
#include "layer.h"

#include HEADER

static struct layer {
	struct vet_sys sys;
	struct vet_sys *next;
	struct vet_sys_calls calls;
	long count;
} layer;

/* The table under the layer of an entry. */
static struct vet_sys *under(struct vet_sys *self)
{
	struct layer *l = (struct layer *)self;
	l->count++;
	return l->next;
}

#define PASS(type, name, parameters, ...) \
	static type name##_on parameters \
	{ \
		struct vet_sys *next = under(self); \
		return (next->calls->name)(next, __VA_ARGS__); \
	}

/* clang-format off */
PASS(int, socket, (struct vet_sys *self, int domain, int type, int protocol), domain, type, protocol)
PASS(int, adopt, (struct vet_sys *self, int fd), fd)
PASS(int, close, (struct vet_sys *self, int fd), fd)
PASS(int, dup, (struct vet_sys *self, int fd), fd)
PASS(int, bind, (struct vet_sys *self, int fd, const struct sockaddr *a, socklen_t l), fd, a, l)
PASS(int, connect, (struct vet_sys *self, int fd, const struct sockaddr *a, socklen_t l), fd, a, l)
PASS(int, listen, (struct vet_sys *self, int fd, int backlog), fd, backlog)
PASS(int, accept, (struct vet_sys *self, int fd, struct sockaddr *a, socklen_t *l), fd, a, l)
PASS(int, shutdown, (struct vet_sys *self, int fd, int how), fd, how)
PASS(int, getsockname, (struct vet_sys *self, int fd, struct sockaddr *a, socklen_t *l), fd, a, l)
PASS(int, getpeername, (struct vet_sys *self, int fd, struct sockaddr *a, socklen_t *l), fd, a, l)
PASS(int, getsockopt, (struct vet_sys *self, int fd, int level, int name, void *v, socklen_t *l), fd, level, name, v, l)
PASS(int, setsockopt, (struct vet_sys *self, int fd, int level, int name, const void *v, socklen_t l), fd, level, name, v, l)
PASS(ssize_t, recv, (struct vet_sys *self, int fd, void *d, size_t n, int flags), fd, d, n, flags)
PASS(ssize_t, send, (struct vet_sys *self, int fd, const void *d, size_t n, int flags), fd, d, n, flags)
PASS(ssize_t, recvfrom, (struct vet_sys *self, int fd, void *d, size_t n, int flags, struct sockaddr *a, socklen_t *l, int *cut), fd, d, n, flags, a, l, cut)
PASS(ssize_t, sendto, (struct vet_sys *self, int fd, const void *d, size_t n, int flags, const struct sockaddr *a, socklen_t l), fd, d, n, flags, a, l)
PASS(ssize_t, sendv, (struct vet_sys *self, int fd, const struct iovec *p, int n, int flags), fd, p, n, flags)
PASS(ssize_t, pread, (struct vet_sys *self, int file, void *d, size_t n, int64_t offset), file, d, n, offset)
PASS(ssize_t, sendfile, (struct vet_sys *self, int fd, int file, int64_t *offset, size_t n), fd, file, offset, n)
PASS(int, poll, (struct vet_sys *self, struct pollfd *p, nfds_t n, int64_t limit), p, n, limit)
PASS(int, now, (struct vet_sys *self, int64_t *nanoseconds), nanoseconds)
PASS(int, realloc, (struct vet_sys *self, void **memory, size_t size), memory, size)
#ifdef NEWER
PASS(int, interface_index, (struct vet_sys *self, const char *name), name)
PASS(int, added, (struct vet_sys *self, int value), value)
#define LAYER newer_layer
#define LAYER_CALLS newer_layer_calls
#else
#define LAYER older_layer
#define LAYER_CALLS older_layer_calls
#endif

/* What the table under it lacks, the layer leaves out. */
#define FILL_1(name) name##_on
#define FILL_0(name) VET_SYS_HAS(next, name) ? name##_on : NULL
#define FILL(name, required) .name = FILL_##required(name),

struct vet_sys *LAYER(struct vet_sys *next)
{
	layer.count = 0;
	layer.next = next;
	layer.calls = (struct vet_sys_calls){ VET_SYS_VERSION, sizeof layer.calls,
					      VET_SYS_ENTRIES(FILL) };
	layer.sys.calls = &layer.calls;
	return &layer.sys;
}
/* clang-format on */

long LAYER_CALLS(void)
{
	return layer.count;
}
