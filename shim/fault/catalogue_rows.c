/* SPDX-License-Identifier: 0BSD */
/*
 * The catalogue of lawful faults: the data.
 *
 * Descriptors are valid and non-blocking, and arguments are right: EBADF, EFAULT, ENOTSOCK, ESPIPE
 * and the like are the caller's errors and no faults.  What a socket's own state makes certain
 * (ENOTCONN of a fresh stream) comes by itself and has no row, but where the same may come by a
 * fault.
 *
 * A fault that breaks a connection is ONCE: the kernel tells a fatal error once, and what comes
 * after it follows from the latch (probed on Linux 6.18).
 */
#include "catalogue_rows.h"

#include "catalogue_words.h"

/* clang-format off */

/* ---- what calls have in common ---- */

/* Of the network's errors the last one that was received ends a connection.  SAY(call, name): a
 * row. */
#define NETWORK(SAY, call) \
	SAY(call, ENETDOWN) \
	SAY(call, ENETUNREACH) \
	SAY(call, EHOSTDOWN) \
	SAY(call, EHOSTUNREACH) \
	SAY(call, ENONET) \
	SAY(call, ENOPROTOOPT) \
	SAY(call, EPROTO)

#define LAST_RECEIVED "tcp(7), Error handling: the last error received; accept(2): "
#define DESTROYED     "tcp(7): ECONNABORTED of ip(7); Linux: it was destroyed"
#define ENDS_SENDING(call, name) FATAL(call, name, 0, LAST_RECEIVED #name),
#define ENDS_READING(call, name) FATAL(call, name, READABLE | UNSEEN, LAST_RECEIVED #name),
#define ENDS_ATTEMPT(call, name) ATTEMPT_FAILED(name, "connect(2): SO_ERROR; accept(2): " #name),
#define HAS_ENDED(call, name) CONNECTION_OVER(name, LAST_RECEIVED #name),
#define IS_PASSED_OVER(call, name) \
	ROW(call, ERR(name), STREAM, LISTENING, 0, TAKEN, EITHER, NONE, PASSES_OVER, \
	    "accept(2), Error handling: " #name),

#define EVERY_REFLECTED(call) \
	REFLECTED(call, ECONNREFUSED, DATAGRAM, "udp(7): ECONNREFUSED, by an earlier packet"), \
	REFLECTED(call, EHOSTDOWN, DATAGRAM, "udp(7), Error handling; accept(2): EHOSTDOWN"), \
	REFLECTED(call, ENONET, DATAGRAM, "udp(7), Error handling; accept(2): ENONET"), \
	REFLECTED(call, ENOPROTOOPT, DATAGRAM, "udp(7), Error handling; accept(2): ENOPROTOOPT"), \
	REFLECTED(call, EPROTO, MESSAGES, "raw(7): EPROTO, a parameter problem; udp(7)")

/* recv, recvfrom */
#define RECEIVING(call) \
	ROW(call, ERR(EAGAIN), STREAM, LIVE, READABLE | UNSEEN, NONE, EITHER, NONE, WAITS, \
	    POSIX(call, EAGAIN)), \
	ROW(call, ERR(EAGAIN), MESSAGES, OPEN, READABLE, NONE, EITHER, NONE, WAITS, \
	    POSIX(call, EAGAIN)), \
	ROW(call, ERR(EINTR), STREAM, LIVE, READABLE, NONE, EITHER, NONE, RETRIES, \
	    POSIX(call, EINTR)), \
	ROW(call, ERR(EINTR), MESSAGES, OPEN, READABLE, NONE, EITHER, NONE, RETRIES, \
	    POSIX(call, EINTR)), \
	FATAL(call, ECONNRESET, READABLE | UNSEEN, POSIX(call, ECONNRESET)), \
	FATAL(call, ETIMEDOUT, READABLE | UNSEEN, POSIX(call, ETIMEDOUT) "; tcp(7)"), \
	FATAL(call, ECONNABORTED, READABLE | UNSEEN, DESTROYED), \
	NETWORK(ENDS_READING, call) \
	UNTOLD(call, ECONNREFUSED, "recv(2): ECONNREFUSED"), \
	UNTOLD(call, ETIMEDOUT, POSIX(call, ETIMEDOUT) ", during connection establishment"), \
	EVERY_REFLECTED(call), \
	REFLECTED(call, EHOSTUNREACH, DATAGRAM, "udp(7), Error handling; ip(7): EHOSTUNREACH"), \
	REFLECTED(call, ENETUNREACH, DATAGRAM, "udp(7), Error handling; accept(2): ENETUNREACH"), \
	REFLECTED(call, EMSGSIZE, MESSAGES, "raw(7): EMSGSIZE; udp(7), Error handling"), \
	PASSED_ON(call, ENOMEM, STREAM, CONNECTED, 0, POSIX(call, ENOMEM)), \
	PASSED_ON(call, ENOMEM, MESSAGES, OPEN, 0, POSIX(call, ENOMEM) "; recv(2)"), \
	PASSED_ON(call, ENOBUFS, STREAM, CONNECTED, 0, POSIX(call, ENOBUFS)), \
	PASSED_ON(call, ENOBUFS, MESSAGES, OPEN, 0, POSIX(call, ENOBUFS)), \
	PASSED_ON(call, EIO, STREAM, CONNECTED, 0, POSIX(call, EIO)), \
	PASSED_ON(call, EIO, MESSAGES, OPEN, 0, POSIX(call, EIO)), \
	ROW(call, ZERO, STREAM, CONNECTED, READABLE | BYTES | UNSEEN, NONE, ONCE, END, ENDS, \
	    "POSIX " #call "(): 0 when the peer has shut down in order"), \
	ROW(call, CUT, STREAM, CONNECTED, READABLE | MORE, PART, EITHER, NONE, GOES_ON, \
	    "POSIX " #call "(): what is there, up to the size"), \
	LATENESS(call, SOCKET)

/* connect: a stream that has no connection, or a datagram socket at any time. */
#define UNCONNECTED(name, text) \
	PASSED_ON(connect, name, STREAM, FRESH, 0, text), \
		PASSED_ON(connect, name, MESSAGES, OPEN, 0, text)

/* send, sendto, sendv, sendfile.  page: what the clauses begin with. */
#define SENDING_STREAM(call, page) \
	ROW(call, ERR(EAGAIN), STREAM, LIVE, WRITABLE | BYTES, NONE, EITHER, NONE, WAITS, \
	    page "EAGAIN"), \
	ROW(call, ERR(EINTR), STREAM, LIVE, WRITABLE, NONE, EITHER, NONE, RETRIES, page "EINTR"), \
	FATAL(call, EPIPE, WRITABLE, page "EPIPE; tcp(7)"), \
	FATAL(call, ECONNRESET, 0, page "ECONNRESET"), \
	FATAL(call, ETIMEDOUT, 0, "tcp(7): ETIMEDOUT"), \
	FATAL(call, ECONNABORTED, 0, DESTROYED), \
	NETWORK(ENDS_SENDING, call) \
	UNTOLD(call, ECONNREFUSED, "tcp(7), Error handling; connect(2): ECONNREFUSED"), \
	UNTOLD(call, ETIMEDOUT, "tcp(7), Error handling; connect(2): ETIMEDOUT"), \
	PASSED_ON(call, EACCES, STREAM, CONNECTED, 0, page "EACCES"), \
	PASSED_ON(call, ENOBUFS, STREAM, CONNECTED, 0, page "ENOBUFS"), \
	PASSED_ON(call, ENOMEM, STREAM, CONNECTED, 0, "send(2): ENOMEM"), \
	PASSED_ON(call, EIO, STREAM, CONNECTED, 0, page "EIO"), \
	ROW(call, CUT, STREAM, CONNECTED, WRITABLE | MORE, PART, EITHER, NONE, GOES_ON, \
	    page "the number of bytes sent")

/* where: the phases in which there is somewhere to send to */
#define SENDING_MESSAGES(call, page, where) \
	ROW(call, ERR(EAGAIN), MESSAGES, where, WRITABLE, NONE, EITHER, NONE, WAITS, \
	    page "EAGAIN"), \
	ROW(call, ERR(EINTR), MESSAGES, where, WRITABLE, NONE, EITHER, NONE, RETRIES, \
	    page "EINTR"), \
	EVERY_REFLECTED(call), \
	PASSED_ON(call, ENETDOWN, MESSAGES, where, 0, page "ENETDOWN"), \
	PASSED_ON(call, ENETUNREACH, MESSAGES, where, 0, page "ENETUNREACH"), \
	PASSED_ON(call, EHOSTUNREACH, MESSAGES, where, 0, POSIX(sendto, EHOSTUNREACH) "; ip(7)"), \
	PASSED_ON(call, EACCES, MESSAGES, where, 0, page "EACCES; send(2); ip(7)"), \
	PASSED_ON(call, EPERM, MESSAGES, where, 0, \
		  "send(2): errors of the protocol; connect(2): EPERM, a firewall's rule"), \
	PASSED_ON(call, EMSGSIZE, MESSAGES, where, 0, page "EMSGSIZE; ip(7)"), \
	PASSED_ON(call, EINVAL, MESSAGES, where, 0, "ip(7): EINVAL, a blackhole route"), \
	PASSED_ON(call, ENOBUFS, MESSAGES, where, 0, page "ENOBUFS; send(2)"), \
	PASSED_ON(call, ENOMEM, MESSAGES, where, 0, "send(2): ENOMEM"), \
	PASSED_ON(call, EIO, MESSAGES, where, 0, page "EIO")

#define NONE_SENT(call, page) \
	ROW(call, ZERO, STREAM, CONNECTED, WRITABLE | BYTES, NONE, EITHER, NONE, WAITS, \
	    page "the number of bytes sent, of which 0 is not excluded; Linux gives none")

/* ---- the rows ---- */

const struct vet_lawful vet_lawful_rows[] = {
	PASSED_ON(socket, EACCES, SOCKET, ANY, 0, POSIX(socket, EACCES)),
	PASSED_ON(socket, EPERM, RAW, ANY, 0, "raw(7): EPERM"),
	PASSED_ON(socket, EAFNOSUPPORT, SOCKET, ANY, 0, POSIX(socket, EAFNOSUPPORT)),
	PASSED_ON(socket, EMFILE, SOCKET, ANY, 0, POSIX(socket, EMFILE)),
	PASSED_ON(socket, ENFILE, SOCKET, ANY, 0, POSIX(socket, ENFILE)),
	PASSED_ON(socket, ENOBUFS, SOCKET, ANY, 0, POSIX(socket, ENOBUFS)),
	PASSED_ON(socket, ENOMEM, SOCKET, ANY, 0, POSIX(socket, ENOMEM)),
	PASSED_ON(socket, EPROTONOSUPPORT, SOCKET, ANY, 0, POSIX(socket, EPROTONOSUPPORT)),
	PASSED_ON(socket, EPROTOTYPE, SOCKET, ANY, 0, POSIX(socket, EPROTOTYPE)),
	PASSED_ON(socket, EINVAL, SOCKET, ANY, 0,
	    "socket(2): EINVAL, protocol family not available"),
	PASSED_ON(socket, ESOCKTNOSUPPORT, SOCKET, ANY, 0, "ip(7): ESOCKTNOSUPPORT"),

	/* adopt: fcntl() of a right descriptor fails of no fault of its own. */

	/* The descriptor is gone whatever is said (close(2), NOTES). */
	ROW(close, ERR(EINTR), SOCKET, ANY, 0, WHOLE, EITHER, NONE, PASSES_ON,
	    POSIX(close, EINTR) "; close(2), NOTES"),
	ROW(close, ERR(EINPROGRESS), SOCKET, ANY, 0, WHOLE, EITHER, NONE, PASSES_ON,
	    "POSIX close(), 2024: EINPROGRESS"),
	ROW(close, ERR(EIO), SOCKET, ANY, 0, WHOLE, EITHER, NONE, PASSES_ON, POSIX(close, EIO)),

	PASSED_ON(dup, EMFILE, SOCKET, ANY, 0, POSIX(fcntl, EMFILE)),
	PASSED_ON(dup, ENOMEM, SOCKET, ANY, 0,
	    "POSIX 2.3 (errors beyond those listed); Linux: no memory for more descriptors"),

	PASSED_ON(bind, EACCES, SOCKET, FRESH, UNBOUND, POSIX(bind, EACCES)),
	PASSED_ON(bind, EADDRINUSE, SOCKET, FRESH, UNBOUND, POSIX(bind, EADDRINUSE)),
	PASSED_ON(bind, EADDRNOTAVAIL, SOCKET, FRESH, UNBOUND, POSIX(bind, EADDRNOTAVAIL)),
	PASSED_ON(bind, ENOBUFS, SOCKET, FRESH, 0, POSIX(bind, ENOBUFS)),
	PASSED_ON(bind, ENODEV, SOCKET, FRESH, UNBOUND | IPV6, "ipv6(7): ENODEV"),
	ROW(bind, ERR(EINPROGRESS), SOCKET, FRESH, UNBOUND, WHOLE, ONCE, NONE, PASSES_ON,
	    POSIX(bind, EINPROGRESS)),
	PASSED_ON(bind, EINVAL, SOCKET, ANY, BOUND, POSIX(bind, EINVAL) ", bound already"),
	PASSED_ON(bind, EISCONN, SOCKET, CONNECTED, 0, POSIX(bind, EISCONN)),

	/* A stream, where no attempt begins. */
	PASSED_ON(connect, ECONNREFUSED, STREAM, FRESH, 0,
	    POSIX(connect, ECONNREFUSED) "; connect(2)"),
	PASSED_ON(connect, ETIMEDOUT, STREAM, FRESH, 0, POSIX(connect, ETIMEDOUT) "; connect(2)"),
	PASSED_ON(connect, ECONNRESET, STREAM, FRESH, 0, POSIX(connect, ECONNRESET)),
	UNCONNECTED(ENETUNREACH, POSIX(connect, ENETUNREACH) "; connect(2)"),
	UNCONNECTED(EHOSTUNREACH, POSIX(connect, EHOSTUNREACH) "; ip(7)"),
	UNCONNECTED(ENETDOWN, POSIX(connect, ENETDOWN)),
	UNCONNECTED(EADDRINUSE, POSIX(connect, EADDRINUSE) "; connect(2)"),
	UNCONNECTED(EADDRNOTAVAIL, POSIX(connect, EADDRNOTAVAIL) "; connect(2)"),
	UNCONNECTED(EAGAIN, "connect(2): EAGAIN"),
	UNCONNECTED(EACCES, POSIX(connect, EACCES) "; connect(2)"),
	UNCONNECTED(EPERM, "connect(2): EPERM"),
	UNCONNECTED(EINVAL, POSIX(connect, EINVAL) "; ip(7), a blackhole route"),
	UNCONNECTED(EPROTOTYPE, POSIX(connect, EPROTOTYPE) "; connect(2)"),
	UNCONNECTED(ENOBUFS, POSIX(connect, ENOBUFS) "; ip(7)"),
	UNCONNECTED(ENOMEM, "ip(7): ENOMEM"),
	/* Under way, and looked after by poll. */
	ROW(connect, ERR(EINPROGRESS), STREAM, FRESH, 0, BEGUN, EITHER, NONE, ASKS,
	    POSIX(connect, EINPROGRESS)),
	ROW(connect, ERR(EINTR), STREAM, FRESH, 0, BEGUN, EITHER, NONE, ASKS,
	    POSIX(connect, EINTR) ": the attempt goes on"),
	ROW(connect, ERR(EALREADY), STREAM, CONNECTING, 0, NONE, ONCE, NONE, PASSES_ON,
	    POSIX(connect, EALREADY)),
	/* What vetsock says without the call, where it knows. */
	PASSED_ON(connect, EISCONN, STREAM, CONNECTED, 0, POSIX(connect, EISCONN)),
	/* Linux: an attempt failed, its error was told to someone, and this only clears it away. */
	ROW(connect, ERR(ECONNABORTED), STREAM, FAILED, 0, NONE, ONCE, NONE, RETRIES,
	    "connect(2), NOTES: after a failure the state is unspecified; ip(7): ECONNABORTED"),
	LATENESS(connect, SOCKET),

	PASSED_ON(listen, EADDRINUSE, STREAM, FRESH, 0, "listen(2): EADDRINUSE"),
	PASSED_ON(listen, EACCES, STREAM, FRESH, 0, POSIX(listen, EACCES)),
	PASSED_ON(listen, EDESTADDRREQ, STREAM, FRESH, UNBOUND, POSIX(listen, EDESTADDRREQ)),
	PASSED_ON(listen, ENOBUFS, STREAM, FRESH | LISTENING, 0, POSIX(listen, ENOBUFS)),
	PASSED_ON(listen, EINVAL, STREAM, LIVE | FAILED | DEAD, 0, POSIX(listen, EINVAL)),
	PASSED_ON(listen, EOPNOTSUPP, MESSAGES, ANY, 0, POSIX(listen, EOPNOTSUPP)),

	ROW(accept, ERR(EAGAIN), STREAM, LISTENING, 0, NONE, EITHER, NONE, WAITS,
	    POSIX(accept, EAGAIN)),
	ROW(accept, ERR(EINTR), STREAM, LISTENING, 0, NONE, EITHER, NONE, RETRIES,
	    POSIX(accept, EINTR)),
	ROW(accept, ERR(ECONNABORTED), STREAM, LISTENING, 0, TAKEN, EITHER, NONE, PASSES_OVER,
	    POSIX(accept, ECONNABORTED)),
	NETWORK(IS_PASSED_OVER, accept)
	ROW(accept, ERR(EOPNOTSUPP), STREAM, LISTENING, 0, TAKEN, EITHER, NONE, PASSES_ON,
	    "accept(2), Error handling: EOPNOTSUPP"),
	ROW(accept, ERR(ETIMEDOUT), STREAM, LISTENING, 0, TAKEN, EITHER, NONE, PASSES_ON,
	    "accept(2), ERRORS: ETIMEDOUT of some kernels"),
	PASSED_ON(accept, ENOSR, STREAM, LISTENING, 0, "accept(2), ERRORS: ENOSR of some kernels"),
	PASSED_ON(accept, ESOCKTNOSUPPORT, STREAM, LISTENING, 0,
	    "accept(2), ERRORS: ESOCKTNOSUPPORT of some kernels"),
	PASSED_ON(accept, EPROTONOSUPPORT, STREAM, LISTENING, 0,
	    "accept(2), ERRORS: EPROTONOSUPPORT of some kernels"),
	PASSED_ON(accept, EMFILE, STREAM, LISTENING, 0, POSIX(accept, EMFILE)),
	PASSED_ON(accept, ENFILE, STREAM, LISTENING, 0, POSIX(accept, ENFILE)),
	PASSED_ON(accept, ENOBUFS, STREAM, LISTENING, 0, POSIX(accept, ENOBUFS)),
	PASSED_ON(accept, ENOMEM, STREAM, LISTENING, 0, POSIX(accept, ENOMEM)),
	PASSED_ON(accept, EPERM, STREAM, LISTENING, 0, "accept(2): EPERM"),
	ROW(accept, ERR(EINVAL), STREAM, LISTENING, 0, NONE, ONCE, SHUT, PASSES_ON,
	    POSIX(accept, EINVAL) ": no longer listening"),
	LATENESS(accept, STREAM),

	/* The connection is reset under the call; why is told by the next one. */
	ROW(shutdown, ERR(ENOTCONN), STREAM, CONNECTED, 0, NONE, ONCE, ERROR, PASSES_ON,
	    POSIX(shutdown, ENOTCONN)),
	PASSED_ON(shutdown, ENOBUFS, SOCKET, ANY, 0, POSIX(shutdown, ENOBUFS)),

	PASSED_ON(getsockname, ENOBUFS, SOCKET, ANY, 0, POSIX(getsockname, ENOBUFS)),
	PASSED_ON(getsockname, EINVAL, SOCKET, DEAD, 0, POSIX(getsockname, EINVAL) ", shut down"),

	ROW(getpeername, ERR(ENOTCONN), STREAM, CONNECTED, 0, NONE, ONCE, ERROR, PASSES_ON,
	    POSIX(getpeername, ENOTCONN)),
	ROW(getpeername, ERR(ENOTCONN), STREAM, CONNECTING, 0, NONE, ONCE, REFUSED, ASKS,
	    POSIX(getpeername, ENOTCONN)),
	PASSED_ON(getpeername, EINVAL, STREAM, DEAD, 0, POSIX(getpeername, EINVAL) ", shut down"),
	PASSED_ON(getpeername, ENOBUFS, SOCKET, ANY, 0, POSIX(getpeername, ENOBUFS)),
	LATENESS(getpeername, SOCKET),

	/* SO_ERROR, of an attempt to connect. */
	ATTEMPT_FAILED(ECONNREFUSED, POSIX(connect, ECONNREFUSED) "; connect(2): SO_ERROR"),
	ATTEMPT_FAILED(ETIMEDOUT, POSIX(connect, ETIMEDOUT) "; connect(2): SO_ERROR"),
	ATTEMPT_FAILED(ECONNRESET, POSIX(connect, ECONNRESET)),
	ATTEMPT_FAILED(ECONNABORTED, DESTROYED),
	NETWORK(ENDS_ATTEMPT, getsockopt)
	ATTEMPT_FAILED(EACCES, "connect(2): SO_ERROR; EACCES"),
	ATTEMPT_FAILED(EPERM, "connect(2): SO_ERROR; EPERM"),
	ATTEMPT_FAILED(EADDRINUSE, "connect(2): SO_ERROR; EADDRINUSE"),
	ATTEMPT_FAILED(EADDRNOTAVAIL, "connect(2): SO_ERROR; EADDRNOTAVAIL"),
	/* Someone else was told. */
	ROW(getsockopt, VALUE(0), STREAM, FAILED, SO_ERROR_ASKED, NONE, ONCE, FAILED, ASKS,
	    "POSIX 2.10.16 (SO_ERROR): asking clears it"),
	/* SO_ERROR, of a connection. */
	CONNECTION_OVER(ECONNRESET, "POSIX 2.10.16 (SO_ERROR): the pending error"),
	CONNECTION_OVER(ETIMEDOUT,
	    "POSIX 2.10.16 (SO_ERROR): the pending error; tcp(7): ETIMEDOUT"),
	CONNECTION_OVER(EPIPE, "tcp(7): EPIPE, closed unexpectedly by the other end"),
	CONNECTION_OVER(ECONNABORTED, DESTROYED),
	NETWORK(HAS_ENDED, getsockopt)
	/* SO_ERROR, of a datagram that came to nothing. */
	DATAGRAM_LOST(ECONNREFUSED, DATAGRAM, "udp(7): ECONNREFUSED, by an earlier packet"),
	DATAGRAM_LOST(EHOSTUNREACH, DATAGRAM, "udp(7), Error handling; ip(7): EHOSTUNREACH"),
	DATAGRAM_LOST(EMSGSIZE, MESSAGES, "raw(7): EMSGSIZE; udp(7), Error handling"),
	DATAGRAM_LOST(EPROTO, MESSAGES, "raw(7): EPROTO, a parameter problem; udp(7)"),
	/* The call itself. */
	PASSED_ON(getsockopt, ENOBUFS, SOCKET, ANY, 0, POSIX(getsockopt, ENOBUFS)),
	PASSED_ON(getsockopt, EINVAL, SOCKET, FAILED | DEAD, SO_ERROR_ASKED,
	    POSIX(getsockopt, EINVAL) ", shut down"),
	PASSED_ON(getsockopt, EINVAL, SOCKET, ANY, OPTION, POSIX(getsockopt, EINVAL)),
	PASSED_ON(getsockopt, EACCES, SOCKET, ANY, OPTION, POSIX(getsockopt, EACCES)),
	PASSED_ON(getsockopt, ENOPROTOOPT, SOCKET, ANY, OPTION, POSIX(getsockopt, ENOPROTOOPT)),
	PASSED_ON(getsockopt, EOPNOTSUPP, MESSAGES, ANY, OPTION,
	    "ip(7): EOPNOTSUPP, which vetsock calls ENOPROTOOPT"),
	LATENESS(getsockopt, SOCKET),

	PASSED_ON(setsockopt, EINVAL, SOCKET, ANY, OPTION, POSIX(setsockopt, EINVAL)),
	PASSED_ON(setsockopt, ENOPROTOOPT, SOCKET, ANY, OPTION, POSIX(setsockopt, ENOPROTOOPT)),
	PASSED_ON(setsockopt, EISCONN, SOCKET, LIVE, OPTION, POSIX(setsockopt, EISCONN)),
	PASSED_ON(setsockopt, ENOMEM, SOCKET, ANY, OPTION, POSIX(setsockopt, ENOMEM)),
	PASSED_ON(setsockopt, ENOBUFS, SOCKET, ANY, OPTION, POSIX(setsockopt, ENOBUFS)),
	PASSED_ON(setsockopt, EPERM, SOCKET, ANY, OPTION, "ip(7): EPERM"),
	PASSED_ON(setsockopt, EACCES, SOCKET, ANY, OPTION, "ip(7): EACCES"),

	RECEIVING(recv),

	SENDING_STREAM(send, "POSIX send(): "),
	NONE_SENT(send, "POSIX send(): "),
	SENDING_MESSAGES(send, "POSIX send(): ", CONNECTED),
	LATENESS(send, SOCKET),

	RECEIVING(recvfrom),

	SENDING_STREAM(sendto, "POSIX sendto(): "),
	NONE_SENT(sendto, "POSIX sendto(): "),
	SENDING_MESSAGES(sendto, "POSIX sendto(): ", OPEN),
	PASSED_ON(sendto, EISCONN, SOCKET, CONNECTED, 0, POSIX(sendto, EISCONN) "; send(2)"),
	LATENESS(sendto, SOCKET),

	SENDING_STREAM(sendv, "POSIX sendmsg(): "),
	NONE_SENT(sendv, "POSIX sendmsg(): "),
	SENDING_MESSAGES(sendv, "POSIX sendmsg(): ", CONNECTED),
	LATENESS(sendv, SOCKET),

	/* Of a file.  EAGAIN: of one of the system's own, opened non-blocking. */
	ROW(pread, ERR(EINTR), OTHER, ANY, 0, NONE, EITHER, NONE, RETRIES, POSIX(read, EINTR)),
	PASSED_ON(pread, EIO, OTHER, ANY, 0, POSIX(read, EIO)),
	PASSED_ON(pread, EAGAIN, OTHER, ANY, 0, POSIX(read, EAGAIN)),
	PASSED_ON(pread, EINVAL, OTHER, ANY, 0, "read(2): EINVAL, unsuitable for reading"),
	PASSED_ON(pread, EOVERFLOW, OTHER, ANY, 0, POSIX(read, EOVERFLOW)),
	PASSED_ON(pread, ENOBUFS, OTHER, ANY, 0, POSIX(read, ENOBUFS)),
	PASSED_ON(pread, ENOMEM, OTHER, ANY, 0, POSIX(read, ENOMEM)),
	PASSED_ON(pread, ENXIO, OTHER, ANY, 0, POSIX(read, ENXIO)),
	ROW(pread, ZERO, OTHER, ANY, BYTES, NONE, EITHER, NONE, ENDS,
	    "POSIX read(): 0 at the end of the file, which may have shrunk"),
	ROW(pread, CUT, OTHER, ANY, MORE, PART, EITHER, NONE, GOES_ON,
	    "POSIX read(): fewer bytes than asked for"),
	LATENESS(pread, OTHER),

	SENDING_STREAM(sendfile, "sendfile(2); send(2): "),
	ROW(sendfile, ERR(EINVAL), STREAM, CONNECTED, 0, NONE, EITHER, NONE, FALLS_BACK,
	    "sendfile(2): EINVAL; NOTES"),
	ROW(sendfile, ERR(ENOSYS), STREAM, CONNECTED, 0, NONE, EITHER, NONE, FALLS_BACK,
	    "sendfile(2), NOTES: ENOSYS"),
	ROW(sendfile, ERR(EOVERFLOW), STREAM, CONNECTED, 0, NONE, EITHER, NONE, FALLS_BACK,
	    "sendfile(2): EOVERFLOW"),
	ROW(sendfile, ZERO, STREAM, CONNECTED, WRITABLE | BYTES, NONE, EITHER, NONE, ENDS,
	    "sendfile(2): the bytes written: none where the file has ended, which may have shrunk"),
	LATENESS(sendfile, STREAM),

	ROW(poll, ERR(EINTR), EVERY, ANY, WAIT, NONE, EITHER, NONE, GOES_ON, POSIX(poll, EINTR)),
	ROW(poll, ERR_LATE(EINTR), EVERY, ANY, WAIT, NONE, EITHER, NONE, GOES_ON,
	    POSIX(poll, EINTR) ", when the wait was almost over"),
	ROW(poll, ERR(EAGAIN), EVERY, ANY, 0, NONE, ONCE, NONE, GOES_ON,
	    POSIX(poll, EAGAIN) ", later ones may succeed"),
	ROW(poll, ERR(EAGAIN), EVERY, ANY, 0, NONE, EVER, NONE, PASSES_ON, POSIX(poll, EAGAIN)),
	PASSED_ON(poll, ENOMEM, EVERY, ANY, 0, "poll(2): ENOMEM"),
	PASSED_ON(poll, EINVAL, SOCKET, ANY, DESCRIPTOR,
	    "poll(2): EINVAL, more descriptors than RLIMIT_NOFILE, which may be 0"),
	ROW(poll, ZERO, EVERY, ANY, LIMIT, NONE, ONCE, NONE, GOES_ON,
	    "POSIX poll(): 0, at a granularity of the system's; this table may be early"),
	ROW(poll, TIMEOUT, SOCKET, ANY, LIMIT | DESCRIPTOR, NONE, EITHER, NONE, GOES_ON,
	    "POSIX poll(): 0 when the time has passed"),
	ROW(poll, SPURIOUS, MESSAGES, ANY, DESCRIPTOR, NONE, EITHER, NONE, RETRIES,
	    "select(2), BUGS: ready, and then it would block"),
	ROW(poll, SPURIOUS, STREAM, LISTENING, DESCRIPTOR, NONE, EITHER, NONE, RETRIES,
	    "accept(2), NOTES: another thread was faster"),
	ROW(poll, SPURIOUS, STREAM, FRESH | CONNECTING | CONNECTED, DESCRIPTOR, NONE, ONCE, NONE, RETRIES,
	    "select(2), BUGS: ready, and then it would block"),
	ROW(poll, EVENTS(POLLIN | POLLOUT | POLLRDHUP | POLLERR | POLLHUP), STREAM, CONNECTED,
	    DESCRIPTOR | UNSEEN, NONE, ONCE, ERROR, RETRIES,
	    "poll(2): POLLERR, POLLHUP; tcp(7)"),
	ROW(poll, EVENTS(POLLIN | POLLRDHUP), STREAM, CONNECTED, DESCRIPTOR | READABLE | UNSEEN, NONE,
	    ONCE, END, RETRIES,
	    "poll(2): POLLRDHUP"),
	ROW(poll, EVENTS(POLLHUP), STREAM, LISTENING, DESCRIPTOR, NONE, ONCE, SHUT, RETRIES,
	    "poll(2): POLLHUP; Linux: a listener that was shut down"),
	ROW(poll, EVENTS(POLLOUT | POLLERR | POLLHUP), STREAM, CONNECTING, DESCRIPTOR, NONE, ONCE,
	    REFUSED, ASKS,
	    POSIX(connect, EINPROGRESS) "; poll(2): POLLERR, POLLHUP"),
	ROW(poll, EVENTS(POLLERR), DATAGRAM, CONNECTED, DESCRIPTOR, NONE, ONCE, ERROR, RETRIES,
	    "poll(2): POLLERR; udp(7), Error handling"),
	LATENESS(poll, EVERY),

	PASSED_ON(now, EINVAL, OTHER, ANY, 0, POSIX(clock_gettime, EINVAL)),
	PASSED_ON(now, EOVERFLOW, OTHER, ANY, 0, POSIX(clock_gettime, EOVERFLOW)),
	ROW(now, JUMP, OTHER, ANY, 0, NONE, ONCE, NONE, GOES_ON,
	    "POSIX clock_gettime(): no bound on how far it goes between two calls"),
	LATENESS(now, OTHER),

	PASSED_ON(realloc, ENOMEM, OTHER, ANY, BYTES, POSIX(realloc, ENOMEM)),
	LATENESS(realloc, OTHER),

	PASSED_ON(interface_index, ENODEV, OTHER, ANY, 0, "if_nametoindex(3): ENODEV"),
	PASSED_ON(interface_index, EMFILE, OTHER, ANY, 0,
	    "if_nametoindex(3): errors of socket(2): EMFILE"),
	PASSED_ON(interface_index, ENFILE, OTHER, ANY, 0,
	    "if_nametoindex(3): errors of socket(2): ENFILE"),
	PASSED_ON(interface_index, ENOBUFS, OTHER, ANY, 0,
	    "if_nametoindex(3): errors of socket(2): ENOBUFS"),
	PASSED_ON(interface_index, ENOMEM, OTHER, ANY, 0,
	    "if_nametoindex(3): errors of socket(2): ENOMEM"),
};
/* clang-format on */

const size_t vet_lawful_count = sizeof vet_lawful_rows / sizeof vet_lawful_rows[0];
