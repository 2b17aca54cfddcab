/* SPDX-License-Identifier: 0BSD */
/*
 * The operations of vetsock, as the explorer is told of them: which calls each makes, and which
 * errors of its own it documents (socket.h, option.h) besides those that it passes on.  ENOTCONN
 * and EDESTADDRREQ are among them: no fault, but what comes by itself of a socket in no state for
 * it.
 */
#ifndef VETSOCK_SCENARIOS_OPERATIONS_H
#define VETSOCK_SCENARIOS_OPERATIONS_H

#include <stddef.h>

#include <vetsock/explore.h>

/* What every waiting operation may add: EAGAIN is that of a second poll in a row without memory. */
#define WAITS  (CALL(poll) | CALL(now))
#define WAITED " VET_EDEADLINE EAGAIN"

#define CALL(entry) (UINT32_C(1) << VET_CALL_##entry)

/* OPERATION(verb, calls, errors) of vet_socket_<verb>(). */
/* clang-format off */
#define SOCKET_OPERATIONS(OPERATION) \
	/* making and ending */ \
	OPERATION(stream, CALL(socket), "EAFNOSUPPORT VET_ETABLE") \
	OPERATION(datagram, CALL(socket), "EAFNOSUPPORT VET_ETABLE") \
	OPERATION(raw, CALL(socket), "EAFNOSUPPORT EINVAL VET_ETABLE") \
	OPERATION(stream_on, CALL(socket), "EAFNOSUPPORT VET_ETABLE") \
	OPERATION(datagram_on, CALL(socket), "EAFNOSUPPORT VET_ETABLE") \
	OPERATION(raw_on, CALL(socket), "EAFNOSUPPORT EINVAL VET_ETABLE") \
	OPERATION(adopt, CALL(adopt) | CALL(getsockopt) | CALL(getsockname) | CALL(getpeername) | \
		  CALL(close), "EBADF ENOTSOCK EAFNOSUPPORT EPROTOTYPE VET_ETABLE") \
	OPERATION(release, 0, "EBADF") \
	OPERATION(fd, 0, "EBADF") \
	OPERATION(family, 0, "EBADF") \
	OPERATION(kind, 0, "EBADF") \
	OPERATION(try_clone, CALL(dup), "EBADF EINVAL") \
	OPERATION(close, CALL(close), "EBADF") \
	/* addresses and connections */ \
	OPERATION(bind, CALL(bind), "EBADF EAFNOSUPPORT EINVAL") \
	OPERATION(listen, CALL(listen), "EBADF") \
	OPERATION(listen_backlog, CALL(listen), "EBADF EINVAL") \
	OPERATION(accept, CALL(accept) | CALL(close) | WAITS, "EBADF EINVAL EAFNOSUPPORT" WAITED) \
	OPERATION(connect, CALL(connect) | CALL(getpeername) | CALL(getsockopt) | WAITS, \
		  "EBADF EAFNOSUPPORT EINVAL EISCONN EALREADY ENOTCONN" WAITED) \
	OPERATION(local_address, CALL(getsockname), "EBADF EAFNOSUPPORT") \
	OPERATION(peer_address, CALL(getpeername), "EBADF EAFNOSUPPORT") \
	OPERATION(shutdown, CALL(shutdown), "EBADF") \
	OPERATION(shutdown_read, CALL(shutdown), "EBADF") \
	OPERATION(shutdown_write, CALL(shutdown), "EBADF") \
	/* bytes in */ \
	OPERATION(read, CALL(recv) | CALL(recvfrom) | WAITS, "EBADF ENOTCONN EMSGSIZE VET_EOF" WAITED) \
	OPERATION(read_into, CALL(recv) | CALL(recvfrom) | CALL(realloc) | WAITS, \
		  "EBADF ENOTCONN EMSGSIZE VET_EOF ENOMEM" WAITED) \
	OPERATION(read_exact, CALL(recv) | WAITS, "EBADF ENOTCONN EOPNOTSUPP VET_EOF" WAITED) \
	OPERATION(read_all, CALL(recv) | CALL(realloc) | WAITS, \
		  "EBADF ENOTCONN EOPNOTSUPP EFBIG ENOMEM" WAITED) \
	OPERATION(receive_from, CALL(recvfrom) | WAITS, "EBADF ENOTCONN EAFNOSUPPORT VET_EOF" WAITED) \
	/* bytes out */ \
	OPERATION(write, CALL(send) | WAITS, "EBADF ENOTCONN EDESTADDRREQ EMSGSIZE EIO" WAITED) \
	OPERATION(write_some, CALL(send) | WAITS, "EBADF ENOTCONN EDESTADDRREQ EMSGSIZE EIO" WAITED) \
	OPERATION(print, CALL(sendv) | WAITS, "EBADF ENOTCONN EDESTADDRREQ EINVAL EMSGSIZE EIO" WAITED) \
	OPERATION(flush, 0, "EBADF") \
	OPERATION(send_to, CALL(sendto) | WAITS, \
		  "EBADF ENOTCONN EDESTADDRREQ EAFNOSUPPORT EINVAL EMSGSIZE EIO" WAITED) \
	OPERATION(send_file, CALL(sendfile) | CALL(pread) | CALL(send) | WAITS, \
		  "EBADF ENOTCONN EDESTADDRREQ ESPIPE EISDIR EMSGSIZE EIO" WAITED) \
	OPERATION(send_file_range, CALL(sendfile) | CALL(pread) | CALL(send) | WAITS, \
		  "EBADF ENOTCONN EDESTADDRREQ EINVAL ESPIPE EISDIR EMSGSIZE EIO" WAITED) \
	/* deadlines: without a result, but for now, and so without an error */ \
	OPERATION(timeout_after, CALL(now), "") \
	OPERATION(deadline_at, 0, "") \
	OPERATION(reset_deadline, 0, "") \
	OPERATION(deadline, 0, "") \
	OPERATION(now, CALL(now), "EBADF")

/* The options, one or two of each kind. */
#define SET "EBADF EINVAL ENOPROTOOPT"
#define GOT "EBADF ENOPROTOOPT EIO"
#define OPTION_OPERATIONS(OPERATION) \
	OPERATION(set_no_delay, CALL(setsockopt), SET) \
	OPERATION(no_delay, CALL(getsockopt), GOT) \
	OPERATION(set_reuse_address, CALL(setsockopt), SET) \
	OPERATION(set_send_buffer_size, CALL(setsockopt), SET) \
	OPERATION(send_buffer_size, CALL(getsockopt), GOT) \
	OPERATION(set_keepalive_count, CALL(setsockopt), SET) \
	OPERATION(keepalive_count, CALL(getsockopt), GOT) \
	OPERATION(set_ttl, CALL(setsockopt) | CALL(getsockopt), SET) \
	OPERATION(ttl, CALL(getsockopt), GOT) \
	OPERATION(set_keepalive_time, CALL(setsockopt), SET) \
	OPERATION(keepalive_time, CALL(getsockopt), GOT) \
	OPERATION(set_linger, CALL(setsockopt), SET) \
	OPERATION(linger, CALL(getsockopt), GOT) \
	OPERATION(set_congestion, CALL(setsockopt), SET) \
	OPERATION(congestion, CALL(getsockopt), GOT " ENOSPC") \
	OPERATION(error, CALL(getsockopt), GOT) \
	OPERATION(join, CALL(setsockopt), SET " EAFNOSUPPORT") \
	OPERATION(leave, CALL(setsockopt), SET " EAFNOSUPPORT") \
	OPERATION(set_broadcast, CALL(setsockopt), SET) \
	OPERATION(broadcast, CALL(getsockopt), GOT) \
	OPERATION(accepting, CALL(getsockopt), GOT)
/* clang-format on */

#define OPERATION_NUMBER(verb, calls, errors) OPERATION_##verb,
enum operation {
	SOCKET_OPERATIONS(OPERATION_NUMBER) OPTION_OPERATIONS(OPERATION_NUMBER)
		OPERATION_buffer_free,
	OPERATION_parse_on,
	OPERATION_endpoint_open,
	OPERATION_COUNT
};

extern const struct vet_operation operations[OPERATION_COUNT];

#endif
