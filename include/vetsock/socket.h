/* SPDX-License-Identifier: 0BSD */
/*
 * Sockets: IPv4 and IPv6, stream, datagram and raw; blocking in style, bounded by absolute
 * deadlines, over non-blocking descriptors.
 *
 * What holds for every function here (the exceptions are said where they are):
 *
 * Results.  0 or a count on success, a negative error otherwise (error.h).  -EBADF without any call
 * for a closed socket.  What the operating system answers and vetsock does not handle reaches the
 * caller as it is.  -EIO also for an answer that cannot be: a count beyond what was asked for, more
 * than 0 where only 0 can be.
 *
 * Waiting.  Each operation first tries its call.  Only EAGAIN waits, in poll, within the socket's
 * deadline; EINTR is retried with the time that is left.  An operation that never has to wait
 * succeeds though its deadline has passed, and an expired deadline still gets one try; then
 * VET_EDEADLINE.  To wake a waiting thread, shut the socket down.
 *
 * Readiness is a hint.  When poll reports the socket but the call still says EAGAIN, that turn was
 * fruitless.  Four in a row are retried at once; from then on the operation sleeps before it polls
 * again, 1 ms doubling to 64 ms, never past the deadline.
 *
 * Errors of calls.  What is listed below as from a call is all that POSIX and the manual of Linux
 * let it say to that operation where arguments are right; `vetsock catalogue` tells the clause of
 * each.  The errors of the network are -ENETDOWN, -ENETUNREACH, -EHOSTDOWN, -EHOSTUNREACH, -ENONET,
 * -ENOPROTOOPT and -EPROTO: what became of the way to the peer (accept(2), tcp(7) and udp(7),
 * "Error handling").
 *
 * Errors of waiting.  Any waiting operation may also return -EBADF (POLLNVAL: the descriptor was
 * closed behind its back).  From poll(2): -ENOMEM, -EINVAL (RLIMIT_NOFILE is 0), -EAGAIN (no
 * memory, even for a second try).  From clock_gettime(2), if there is a deadline: -EINVAL,
 * -EOVERFLOW.
 *
 * Threads.  One thread may read while another writes the same socket, and any may shut it down,
 * which wakes both, or move its deadline, which later operations see.  Anything else at once, and
 * closing while another thread is inside an operation, is the caller's error.
 *
 * The process.  No signal disposition is touched and SIGPIPE is never raised; no global is written;
 * errno means nothing afterwards.
 *
 * done.  Operations that move all of something set *done (unless done is NULL) to the bytes moved,
 * whatever happens.
 */
#ifndef VETSOCK_SOCKET_H
#define VETSOCK_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <vetsock/address.h>
#include <vetsock/buffer.h>
#include <vetsock/error.h>
#include <vetsock/time.h>

VET_BEGIN_DECLS

struct vet_sys;

/* All zero is a closed socket, and so is one whose making failed.  Never copy one: pass a pointer.
 * The members are vetsock's own; the size is the same on every ABI. */
struct vet_socket {
	union {
		struct vet_sys *sys; /* NULL: closed */
		uint64_t width;
	} table;
	VET_ALIGNED_8 int64_t deadline; /* an instant; loaded and stored atomically, relaxed */
	int32_t fd;
	uint8_t family;             /* 4 or 6 */
	uint8_t type;               /* enum vet_type */
	uint8_t state;              /* fresh, tried, pending, connected, listening */
	uint8_t shared;             /* other descriptors of it may exist, and connect it */
	struct vet_address pending; /* where to, while pending */
	uint8_t reserved[44];
};

enum vet_type {
	VET_STREAM = 1,
	VET_DATAGRAM = 2,
	VET_RAW = 3, /* behaves as a datagram socket; needs a privilege */
};

/* ---- making and ending ---- */

/*
 * A new socket on vet_sys_host(), or on a given table, without deadline.  family: 4 or 6, else
 * -EAFNOSUPPORT without a call.  protocol: 0 to 255, an IP protocol number, else -EINVAL without a
 * call.  What *s held is overwritten: it must be a closed socket, or memory that held none yet.
 * VET_ETABLE: the table was refused.  From socket(2): -EACCES, -EPERM (raw, without privilege),
 * -EAFNOSUPPORT (no such family here), -EMFILE, -ENFILE, -ENOBUFS, -ENOMEM, -EPROTONOSUPPORT,
 * -EPROTOTYPE, -ESOCKTNOSUPPORT, -EINVAL.
 */
VET_API VET_CHECKED int vet_socket_stream(struct vet_socket *s, int family);
VET_API VET_CHECKED int vet_socket_datagram(struct vet_socket *s, int family);
VET_API VET_CHECKED int vet_socket_raw(struct vet_socket *s, int family, int64_t protocol);
VET_API VET_CHECKED int vet_socket_stream_on(struct vet_socket *s, struct vet_sys *sys, int family);
VET_API VET_CHECKED int vet_socket_datagram_on(struct vet_socket *s, struct vet_sys *sys,
					       int family);
VET_API VET_CHECKED int vet_socket_raw_on(struct vet_socket *s, struct vet_sys *sys, int family,
					  int64_t protocol);

/*
 * Takes over a descriptor made elsewhere: it becomes non-blocking and close-on-exec, and *s owns
 * it.  Its family, type and state (listening, connected) are asked for.  On failure *s is closed
 * and fd still the caller's, open, though it may have become non-blocking.  -EBADF, -ENOTSOCK;
 * -EAFNOSUPPORT: neither IPv4 nor IPv6; -EPROTOTYPE: neither stream, datagram nor raw; VET_ETABLE.
 * From getsockname(2): -ENOBUFS, -EINVAL.  From getsockopt(2): -ENOBUFS, -EINVAL, -EACCES,
 * -ENOPROTOOPT.
 */
VET_API VET_CHECKED int vet_socket_adopt(struct vet_socket *s, struct vet_sys *sys, int fd);
/* The reverse: returns the descriptor, still open and non-blocking, for the caller to own; *s is
 * closed. */
VET_API VET_CHECKED int vet_socket_release(struct vet_socket *s);
/* The descriptor, which stays the socket's own. */
VET_API VET_CHECKED int vet_socket_fd(const struct vet_socket *s);
/* What the socket is: 4 or 6, and one of enum vet_type. */
VET_API VET_CHECKED int vet_socket_family(const struct vet_socket *s);
VET_API VET_CHECKED int vet_socket_kind(const struct vet_socket *s);

/* *clone becomes a second descriptor of the same socket, without deadline, on the same table.  It
 * must be closed: -EINVAL without a call if it is open.  Shutting one down shuts both; linger acts
 * when the last one is closed.  From fcntl(2): -EMFILE, -ENOMEM. */
VET_API VET_CHECKED int vet_socket_try_clone(struct vet_socket *s, struct vet_socket *clone);

/* Closes, once: the socket is closed whatever is returned, and close(2) is never called again after
 * -EINTR, because the descriptor is gone (Linux) or in an unknown state (POSIX).  With linger set
 * the call may block that long.  From close(2): -EINTR, -EINPROGRESS, -EIO. */
VET_API int vet_socket_close(struct vet_socket *s);

/* ---- addresses and connections ---- */

/* Wherever an address is given: -EAFNOSUPPORT if its family is not the socket's, -EINVAL if its
 * port is above 65,535, both without a call.  Wherever one is answered: -EAFNOSUPPORT if it is not
 * of the socket's family or too short. -EINVAL without a call: IPv4 with a scope_id. */

/* From bind(2): -EACCES (a privileged port), -EADDRINUSE, -EADDRNOTAVAIL, -EINVAL (already bound),
 * -EISCONN, -EINPROGRESS (it will be bound), -ENOBUFS, -ENODEV (an unknown zone). */
VET_API VET_CHECKED int vet_socket_bind(struct vet_socket *s, const struct vet_address *address);

/* A queue for 65,535 connections, which the system cuts to its own limit; or for `backlog`, 0 to
 * 2^31 - 1, else -EINVAL without a call.  From listen(2): -EADDRINUSE, -EOPNOTSUPP (not a stream),
 * -EINVAL (connected), -EDESTADDRREQ (not bound; Linux binds it), -EACCES, -ENOBUFS. */
VET_API VET_CHECKED int vet_socket_listen(struct vet_socket *s);
VET_API VET_CHECKED int vet_socket_listen_backlog(struct vet_socket *s, int64_t backlog);

/*
 * Waits for a connection and makes it *peer: connected, on the same table, without deadline.  *from
 * (unless NULL) is who connected.  *peer must be closed: -EINVAL without a call if it is open.
 * Connections that died in the queue are passed over: ECONNABORTED, EPROTO, ENETDOWN, ENETUNREACH,
 * EHOSTDOWN, EHOSTUNREACH, ENONET, ENOPROTOOPT (accept(2), "Error handling").  From accept(2), at
 * once and with the listener intact: -EMFILE, -ENFILE, -ENOBUFS, -ENOMEM, -EPERM, -EOPNOTSUPP (not
 * a stream), -EINVAL (not listening, or shut down meanwhile by another thread), -ETIMEDOUT, -ENOSR,
 * -ESOCKTNOSUPPORT, -EPROTONOSUPPORT (some kernels of Linux).  On any error *peer is closed and
 * *from family 0.
 */
VET_API VET_CHECKED int vet_socket_accept(struct vet_socket *s, struct vet_socket *peer,
					  struct vet_address *from);

/*
 * Connects a stream, or sets (again and again, if wished) the only peer of a datagram or raw
 * socket.
 * VET_EDEADLINE: the attempt lives on; connect again to the same address waits for it anew (to
 * another: -EALREADY without a call), close gives it up.  So it does if the waiting itself fails:
 * poll, the clock, getpeername or SO_ERROR.  From getpeername(2): -ENOBUFS.  From getsockopt(2):
 * -ENOBUFS, -EINVAL.  After the error of an attempt the socket is fresh and may connect again.
 * -EISCONN without a call: the stream is connected or listening already.  (A stream that was
 * cloned or adopted is asked, one call of getpeername: another descriptor may have connected it.)
 * -ENOTCONN: the attempt failed, and someone else (a clone, SO_ERROR) was told why.
 * -EPIPE: the peer ended, and then reset, before the answer was looked at (Linux: whatever a
 * connection's error is, SO_ERROR tells it).
 * From connect(2), at once or as the error of the attempt: -ECONNREFUSED, -ETIMEDOUT, the errors of
 * the network, -ECONNRESET, -ECONNABORTED, -EADDRINUSE, -EADDRNOTAVAIL, -EAGAIN (no free local
 * port), -EACCES, -EPERM (broadcast, firewall), -EINVAL, -EPROTOTYPE, -EALREADY (another
 * descriptor's attempt is under way), -EISCONN (another descriptor has just connected it),
 * -ENOBUFS, -ENOMEM.
 */
VET_API VET_CHECKED int vet_socket_connect(struct vet_socket *s, const struct vet_address *address);

/* *address is all zero on failure.  From getsockname(2): -ENOBUFS, -EINVAL (shut down). */
VET_API VET_CHECKED int vet_socket_local_address(struct vet_socket *s, struct vet_address *address);
/* The same.  From getpeername(2): -ENOTCONN, -ENOBUFS, -EINVAL (shut down). */
VET_API VET_CHECKED int vet_socket_peer_address(struct vet_socket *s, struct vet_address *address);

/* Shuts down both halves, reading, writing; acts on every clone.  From shutdown(2): -ENOTCONN,
 * -ENOBUFS. */
VET_API int vet_socket_shutdown(struct vet_socket *s);
VET_API int vet_socket_shutdown_read(struct vet_socket *s);
VET_API int vet_socket_shutdown_write(struct vet_socket *s);

/* ---- bytes in ---- */

/*
 * Waits for some bytes and returns how many came, at most `size` (and at most 0x7ffff000); 0: the
 * stream has ended, or size is 0 (no call is made).  On a datagram socket one datagram, an empty
 * one included (0, and a size of 0 takes one too); -EMSGSIZE if it was longer than size (its rest
 * is lost); VET_EOF if shut down for reading.  -ENOTCONN: a stream without connection.  From
 * recv(2): -ECONNRESET, -ETIMEDOUT, -ECONNABORTED, the errors of the network, -ECONNREFUSED (a
 * datagram sent earlier, or the attempt to connect, was refused), -EMSGSIZE (a datagram sent
 * earlier was too large), -ENOMEM, -ENOBUFS, -EIO.
 */
VET_API VET_CHECKED ssize_t vet_socket_read(struct vet_socket *s, void *data, size_t size);
/* The same, appended to a buffer, which grows to hold `size` more; -ENOMEM (without a call of recv)
 * with the buffer as it was if it cannot. */
VET_API VET_CHECKED ssize_t vet_socket_read_into(struct vet_socket *s, struct vet_buffer *buffer,
						 size_t size);

/* Reads exactly `size` bytes: 0, or an error with *done bytes already in data; VET_EOF: the stream
 * ended before. -EOPNOTSUPP without a call on a datagram or raw socket. */
VET_API VET_CHECKED int vet_socket_read_exact(struct vet_socket *s, void *data, size_t size,
					      size_t *done);

/*
 * Appends all that comes until the stream ends: 0.  -EFBIG: more than `limit` bytes were coming;
 * the first `limit` are in the buffer, the rest is still to be read.  -ENOMEM: the buffer could not
 * grow; what had come is in it, and the rest still to be read.  Other errors too leave what had
 * come.  -EOPNOTSUPP without a call on a datagram or raw socket.
 */
VET_API VET_CHECKED int vet_socket_read_all(struct vet_socket *s, struct vet_buffer *buffer,
					    size_t limit);

/*
 * Waits for one datagram: returns its bytes, at most `size`; *from (unless NULL) is the sender,
 * family 0 if there is none (a stream), *truncated (unless NULL) whether it was longer than `size`
 * and its rest is lost.  Errors as vet_socket_read(); on error *from is all zero.  -EAFNOSUPPORT:
 * the datagram was taken, but its sender is not of the socket's family.
 */
VET_API VET_CHECKED ssize_t vet_socket_receive_from(struct vet_socket *s, void *data, size_t size,
						    struct vet_address *from, bool *truncated);

/* ---- bytes out ---- */

/*
 * Writes all: 0 only when every byte was taken by the system.  No byte is sent twice and none
 * skipped.  On a datagram socket one datagram, an empty one included; -EMSGSIZE if it is too large.
 * On a stream, no bytes make no call.  -ENOTCONN, -EDESTADDRREQ: there is no peer.  From send(2):
 * -EPIPE (shut down for writing, or the peer is gone), -ECONNRESET, -ETIMEDOUT, -ECONNABORTED, the
 * errors of the network, -ECONNREFUSED, -EACCES, -EPERM (a firewall), -EMSGSIZE, -EINVAL (a
 * blackhole route), -ENOBUFS, -ENOMEM, -EIO.  -EIO also: a stream took none of some bytes, twice in
 * a row.
 */
VET_API VET_CHECKED int vet_socket_write(struct vet_socket *s, const void *data, size_t size,
					 size_t *done);
/* Waits until some bytes are taken and returns how many; 0 only for a size of 0 on a stream. Errors
 * as vet_socket_write(). */
VET_API VET_CHECKED ssize_t vet_socket_write_some(struct vet_socket *s, const void *data,
						  size_t size);
/* Writes the data and a newline, in one gather write where the system takes all at once; *done
 * counts the newline too.  Errors as vet_socket_write(); -EINVAL without a call: on a stream, size
 * is SIZE_MAX. */
VET_API VET_CHECKED int vet_socket_print(struct vet_socket *s, const void *data, size_t size,
					 size_t *done);
/* There is no buffer in between: 0.  For programs written against an API that has one. */
VET_API int vet_socket_flush(struct vet_socket *s);

/* Sends one datagram to an address and returns its size, that of an empty one too.  On a stream as
 * vet_socket_write_some(), with an address that the system ignores or refuses.  Errors as
 * vet_socket_write().  From sendto(2), besides: -EISCONN. */
VET_API VET_CHECKED ssize_t vet_socket_send_to(struct vet_socket *s, const void *data, size_t size,
					       const struct vet_address *to);

/*
 * Sends a file from its start to its end, or `count` bytes from `offset` on; the file's own offset
 * is neither used nor moved.  0: all was sent that the file has there; a file (or a range) that
 * ends early, by shrinking too, is no error, and *done says where.  The kernel copies where the
 * table has sendfile and the file allows it, else (sendfile says EINVAL, ENOSYS or EOVERFLOW) pread
 * and send in chunks of 16 KiB.  On a
 * datagram or raw socket: one pread of at most 65,536 bytes and one datagram; nothing for an empty
 * file.  -EINVAL without a call: a negative offset or count.  -ESPIPE: a pipe, socket or terminal;
 * -EISDIR: a directory; -EBADF: not open for reading.  From pread(2): -EIO, -EAGAIN (a file of the
 * system's own that has nothing now and was opened non-blocking), -EINVAL, -EOVERFLOW, -ENXIO,
 * -ENOBUFS, -ENOMEM.  Others as vet_socket_write().
 */
VET_API VET_CHECKED int vet_socket_send_file(struct vet_socket *s, int file, uint64_t *done);
VET_API VET_CHECKED int vet_socket_send_file_range(struct vet_socket *s, int file, int64_t offset,
						   int64_t count, uint64_t *done);

/* ---- deadlines, on the clock of the socket's table ---- */

/* Every later operation, as a whole, ends by then.  A negative or zero duration: already passed, so
 * that operations try once.  The greatest: none.  If the clock cannot be read, as if passed. */
VET_API void vet_socket_timeout_after(struct vet_socket *s, vet_duration duration);
VET_API void vet_socket_deadline_at(struct vet_socket *s, struct vet_instant instant);
VET_API void vet_socket_reset_deadline(struct vet_socket *s);
/* The deadline; vet_instant_never() if there is none or the socket is closed. */
VET_API struct vet_instant vet_socket_deadline(const struct vet_socket *s);
/* The time on the table's clock, for a deadline that several sockets or operations share; on
 * failure *now is 0.  From clock_gettime(2): -EINVAL, -EOVERFLOW. */
VET_API VET_CHECKED int vet_socket_now(struct vet_socket *s, struct vet_instant *now);

VET_END_DECLS

#endif
