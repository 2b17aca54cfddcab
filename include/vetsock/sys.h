/* SPDX-License-Identifier: 0BSD */
/*
 * The table of system calls: the only way in which vetsock reaches an operating system.
 *
 * A table is an object whose only member points to its calls, which are constant.  Whoever wants to
 * stand where the operating system stands (a fault injector, a recorder, a simulated network,
 * another TCP stack) embeds a `struct vet_sys` as the first member of his own object, fills in a
 * `struct vet_sys_calls` of his own, and hands &object.sys to vet_socket_stream_on() and its kin:
 *
 *	struct counter { struct vet_sys sys; struct vet_sys *next; unsigned long calls; };
 *
 * Rules for every table:
 *  - Each entry returns 0, a count or a descriptor, or MINUS the errno; nobody reads the variable
 *    errno after it.
 *  - Entries are only ever added at the end of the struct, and every added one is optional.  Use
 *    VET_SYS_HAS() before calling an optional entry.  A layer leaves out what the table under it
 *    lacks.
 *  - Quirks of an OS belong to its table; policy (retries, waiting, deadlines, partial progress)
 *    belongs to vetsock.
 *  - A call may be made from several threads at once where the OS would allow it.
 *
 * Call entries with the name in parentheses, because C libraries may define the bare names as
 * macros:
 *	(sys->calls->accept)(sys, fd, address, &length)
 */
#ifndef VETSOCK_SYS_H
#define VETSOCK_SYS_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

#include <vetsock/attributes.h>

VET_BEGIN_DECLS

/* The version of this header's table.  It changes only if an entry changes its meaning; added
 * entries change `size`. */
#define VET_SYS_VERSION 1U

struct vet_sys_calls;

/* First member of every layer, and never more than this pointer. */
struct vet_sys {
	const struct vet_sys_calls *calls;
};

struct vet_sys_calls {
	uint32_t version; /* VET_SYS_VERSION of the header that the table was compiled with */
	uint32_t size;    /* sizeof(struct vet_sys_calls) there */

	/* ---- descriptors.  What socket, accept, dup and adopt give is non-blocking and
	 * close-on-exec. ---- */

	/* socket(2): a new descriptor; domain AF_INET or AF_INET6, type SOCK_STREAM, SOCK_DGRAM or
	 * SOCK_RAW, no flags. */
	int (*socket)(struct vet_sys *self, int domain, int type, int protocol);
	/* Takes a descriptor that was made elsewhere and makes it what this table's own are.
	 * Returns the descriptor to use from now on: as a rule the same; another one is closed again
	 * if it turns out to be of no use.  On failure fd stays as it is, the caller's. */
	int (*adopt)(struct vet_sys *self, int fd);
	/* close(2).  The descriptor is gone whatever is returned; the caller never calls twice. */
	int (*close)(struct vet_sys *self, int fd);
	/* A new descriptor for the same description: fcntl(2) F_DUPFD_CLOEXEC. */
	int (*dup)(struct vet_sys *self, int fd);

	/* ---- addresses and connections ---- */

	int (*bind)(struct vet_sys *self, int fd, const struct sockaddr *address, socklen_t length);
	/* connect(2).  -EINPROGRESS and -EINTR: the attempt is under way. */
	int (*connect)(struct vet_sys *self, int fd, const struct sockaddr *address,
		       socklen_t length);
	int (*listen)(struct vet_sys *self, int fd, int backlog);
	/* accept(2): a descriptor.  address and length may both be NULL. */
	int (*accept)(struct vet_sys *self, int fd, struct sockaddr *address, socklen_t *length);
	/* how: SHUT_RD, SHUT_WR or SHUT_RDWR. */
	int (*shutdown)(struct vet_sys *self, int fd, int how);
	int (*getsockname)(struct vet_sys *self, int fd, struct sockaddr *address,
			   socklen_t *length);
	int (*getpeername)(struct vet_sys *self, int fd, struct sockaddr *address,
			   socklen_t *length);
	int (*getsockopt)(struct vet_sys *self, int fd, int level, int name, void *value,
			  socklen_t *length);
	int (*setsockopt)(struct vet_sys *self, int fd, int level, int name, const void *value,
			  socklen_t length);

	/* ---- bytes.  Nothing here ever raises SIGPIPE. ---- */

	/* flags: 0 or MSG_PEEK. */
	ssize_t (*recv)(struct vet_sys *self, int fd, void *data, size_t size, int flags);
	ssize_t (*send)(struct vet_sys *self, int fd, const void *data, size_t size, int flags);
	/* As recv.  address and length may both be NULL, truncated too; *truncated is set to
	 * whether the rest of a datagram was dropped. */
	ssize_t (*recvfrom)(struct vet_sys *self, int fd, void *data, size_t size, int flags,
			    struct sockaddr *address, socklen_t *length, int *truncated);
	ssize_t (*sendto)(struct vet_sys *self, int fd, const void *data, size_t size, int flags,
			  const struct sockaddr *address, socklen_t length);
	/* A gather write: sendmsg(2) of `count` parts, without address. */
	ssize_t (*sendv)(struct vet_sys *self, int fd, const struct iovec *parts, int count,
			 int flags);
	/* pread(2): the file's own offset is neither used nor moved. */
	ssize_t (*pread)(struct vet_sys *self, int file, void *data, size_t size, int64_t offset);
	/* OPTIONAL.  Linux sendfile(2): from *offset on, which is moved by what was sent; the
	 * file's own offset is neither used nor moved.  0: the file has ended. */
	ssize_t (*sendfile)(struct vet_sys *self, int fd, int file, int64_t *offset, size_t size);

	/* ---- time and the rest ---- */

	/* poll(2) with a limit in nanoseconds: negative is none; a count of 0 sleeps.  It may
	 * return 0 early. */
	int (*poll)(struct vet_sys *self, struct pollfd *descriptors, nfds_t count,
		    int64_t nanoseconds);
	/* The clock that this table's poll waits on; its zero is any. */
	int (*now)(struct vet_sys *self, int64_t *nanoseconds);
	/* Makes *memory `size` bytes long, contents kept, from NULL too; size 0 frees and sets
	 * NULL.  On -ENOMEM *memory is as it was. */
	int (*realloc)(struct vet_sys *self, void **memory, size_t size);
	/* OPTIONAL.  The index of a network interface, or -ENODEV: if_nametoindex(3). */
	int (*interface_index)(struct vet_sys *self, const char *name);
};

/* Every entry in its order: ENTRY(name, 1 if required or 0 if optional). */
#define VET_SYS_ENTRIES(ENTRY) \
	ENTRY(socket, 1) \
	ENTRY(adopt, 1) \
	ENTRY(close, 1) \
	ENTRY(dup, 1) \
	ENTRY(bind, 1) \
	ENTRY(connect, 1) \
	ENTRY(listen, 1) \
	ENTRY(accept, 1) \
	ENTRY(shutdown, 1) \
	ENTRY(getsockname, 1) \
	ENTRY(getpeername, 1) \
	ENTRY(getsockopt, 1) \
	ENTRY(setsockopt, 1) \
	ENTRY(recv, 1) \
	ENTRY(send, 1) \
	ENTRY(recvfrom, 1) \
	ENTRY(sendto, 1) \
	ENTRY(sendv, 1) \
	ENTRY(pread, 1) \
	ENTRY(sendfile, 0) \
	ENTRY(poll, 1) \
	ENTRY(now, 1) \
	ENTRY(realloc, 1) \
	ENTRY(interface_index, 0)

/* Whether a table reaches as far as an entry and has it: needed before each call of an optional
 * one. */
#define VET_SYS_HAS(sys, entry) \
	((sys)->calls->size >= \
		 offsetof(struct vet_sys_calls, entry) + sizeof((sys)->calls->entry) && \
	 (sys)->calls->entry != NULL)

/*
 * Whether a table can be used: 0, or VET_ETABLE, and then *why (unless NULL) is a sentence in
 * constant memory: "entry 'accept' is required and missing".  A table of another version, and one
 * that ends before the last required entry, are refused; one that is longer than this header's, or
 * ends before an optional entry, is as good as any.  Every function that is handed a table checks
 * it.
 */
VET_API VET_CHECKED int vet_sys_check(const struct vet_sys *sys, const char **why);

/* What a plug-in (a shared object that brings a table) exports under the name "vetsock_sys": it is
 * given the caller's VET_SYS_VERSION and returns its table, or NULL if it has none for that
 * version. */
typedef struct vet_sys *(*vet_sys_plugin)(uint32_t version);

VET_END_DECLS

#endif
