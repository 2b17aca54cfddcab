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

#include "../../src/os.h"

/* ---- the words of the rows ---- */

enum {
	/* kinds */
	STREAM = VET_KIND_STREAM,
	DATAGRAM = VET_KIND_DATAGRAM,
	RAW = VET_KIND_RAW,
	MESSAGES = VET_KIND_MESSAGES,
	SOCKET = VET_KIND_SOCKET,
	OTHER = VET_KIND_OTHER,
	EVERY = VET_KIND_SOCKET | VET_KIND_OTHER,
	/* phases */
	FRESH = VET_PHASE_FRESH,
	LISTENING = VET_PHASE_LISTENING,
	CONNECTING = VET_PHASE_CONNECTING,
	CONNECTED = VET_PHASE_CONNECTED,
	FAILED = VET_PHASE_FAILED,
	DEAD = VET_PHASE_DEAD,
	ANY = VET_PHASE_ANY,
	OPEN = VET_PHASE_FRESH | VET_PHASE_CONNECTED,      /* of messages */
	LIVE = VET_PHASE_CONNECTING | VET_PHASE_CONNECTED, /* of a stream */
	ATTEMPT = VET_PHASE_CONNECTING | VET_PHASE_FAILED,
	/* needs */
	BYTES = VET_NEEDS_BYTES,
	MORE = VET_NEEDS_MORE,
	LIMIT = VET_NEEDS_LIMIT,
	WAIT = VET_NEEDS_WAIT,
	DESCRIPTOR = VET_NEEDS_DESCRIPTOR,
	SO_ERROR_ASKED = VET_NEEDS_SO_ERROR,
	OPTION = VET_NEEDS_OPTION,
	BOUND = VET_NEEDS_BOUND,
	UNBOUND = VET_NEEDS_UNBOUND,
	READABLE = VET_NEEDS_READABLE,
	WRITABLE = VET_NEEDS_WRITABLE,
	TO_READ = VET_NEEDS_READABLE | VET_NEEDS_BYTES,
	TO_WRITE = VET_NEEDS_WRITABLE | VET_NEEDS_BYTES,
	IPV6 = VET_NEEDS_IPV6,
	/* lasts */
	ONCE = VET_LASTS_ONCE,
	EVER = VET_LASTS_FOR_EVER,
	EITHER = VET_LASTS_EITHER,
};

#define HOUR INT64_C(3600000000000)

/* What is given: action, after, argument. */
#define ERR(name)      VET_ACTION_ERROR, 0, -(name)
#define ERR_LATE(name) VET_ACTION_ERROR, 1, -(name)
#define CUT            VET_ACTION_SHORT, 0, 0
#define ZERO           VET_ACTION_ZERO, 0, 0
#define TIMEOUT        VET_ACTION_TIMEOUT, 0, 0
#define SPURIOUS       VET_ACTION_SPURIOUS, 0, 0
#define EVENTS(bits)   VET_ACTION_EVENTS, 0, bits
#define VALUE(number)  VET_ACTION_VALUE, 0, number
#define VALUE_OF(name) VET_ACTION_VALUE_OF, 0, -(name)
#define DELAY          VET_ACTION_DELAY, 0, HOUR
#define JUMP           VET_ACTION_JUMP, 0, HOUR

#define ROW(...) ROW_OF(__VA_ARGS__)
#define ROW_OF(call, act, late, value, kind, phase, need, done, last, stays, does, text) \
	{ \
		.entry = VET_CALL_##call, .action = act, .after = late, .argument = value, \
		.kinds = kind, .phases = phase, .needs = need, .effect = VET_EFFECT_##done, \
		.lasts = last, .latch = VET_LATCH_##stays, .handling = VET_HANDLING_##does, \
		.clause = text \
	}

#define POSIX(call, name) "POSIX " #call "(): " #name

/* No call is promised to return in any time: the thread may wait for a processor, the process be
 * stopped, the machine suspended. */
#define LATENESS(call, kind) \
	ROW(call, DELAY, kind, ANY, 0, NONE, EITHER, NONE, GOES_ON, \
	    "POSIX 2.8.4 (process scheduling): a thread runs when it is scheduled")

/* ---- what calls have in common ---- */

/*
 * The errors of the network that a protocol passes on, but for those that a call has by name: on a
 * connection the last one received ends it.  SAY(call, name) is a row.
 */
#define NETWORK(SAY, call) \
	SAY(call, ENETDOWN) \
	SAY(call, ENETUNREACH) \
	SAY(call, EHOSTDOWN) \
	SAY(call, EHOSTUNREACH) \
	SAY(call, ENONET) \
	SAY(call, ENOPROTOOPT) \
	SAY(call, EPROTO)

#define NETWORK_ENDS(call, name) \
	ROW(call, ERR(name), STREAM, CONNECTED, 0, NONE, ONCE, DEAD, PASSES_ON, \
	    "tcp(7), Error handling: the last error received; accept(2), Error handling: " #name),
#define NETWORK_ENDS_READING(call, name) \
	ROW(call, ERR(name), STREAM, CONNECTED, READABLE, NONE, ONCE, DEAD, PASSES_ON, \
	    "tcp(7), Error handling: the last error received; accept(2), Error handling: " #name),
#define NETWORK_FAILS(call, name) \
	ROW(call, VALUE_OF(name), STREAM, ATTEMPT, SO_ERROR_ASKED, NONE, ONCE, FAILED, PASSES_ON, \
	    "connect(2): SO_ERROR tells why; accept(2), Error handling: " #name),
#define NETWORK_HAS_ENDED(call, name) \
	ROW(call, VALUE_OF(name), STREAM, CONNECTED, SO_ERROR_ASKED, NONE, ONCE, DEAD, PASSES_ON, \
	    "POSIX 2.10.16 (SO_ERROR): the pending error; accept(2), Error handling: " #name),
#define NETWORK_PASSED_OVER(call, name) \
	ROW(call, ERR(name), STREAM, LISTENING, 0, TAKEN, EITHER, NONE, PASSES_OVER, \
	    "accept(2), Error handling: " #name),

/* The error of an attempt to connect that nobody has asked about: the first call tells it. */
#define UNTOLD(call, name, text) \
	ROW(call, ERR(name), STREAM, ATTEMPT, 0, NONE, ONCE, FAILED, PASSES_ON, text)

/* A datagram sent earlier came to nothing (ICMP): told once, to a socket that has a peer. */
#define REFLECTED(call, name, kind, text) \
	ROW(call, ERR(name), kind, CONNECTED, 0, NONE, ONCE, NONE, PASSES_ON, text)
#define EVERY_REFLECTED(call) \
	REFLECTED(call, ECONNREFUSED, DATAGRAM, "udp(7): ECONNREFUSED, by an earlier packet"), \
		REFLECTED(call, EHOSTDOWN, DATAGRAM, \
			  "udp(7), Error handling; accept(2): EHOSTDOWN"), \
		REFLECTED(call, ENONET, DATAGRAM, "udp(7), Error handling; accept(2): ENONET"), \
		REFLECTED(call, ENOPROTOOPT, DATAGRAM, \
			  "udp(7), Error handling; accept(2): ENOPROTOOPT"), \
		REFLECTED(call, EPROTO, MESSAGES, "raw(7): EPROTO, a parameter problem; udp(7)")

/* ---- receiving: recv, recvfrom ---- */

#define RECEIVING(call) \
	ROW(call, ERR(EAGAIN), STREAM, LIVE, READABLE, NONE, EITHER, NONE, WAITS, \
	    POSIX(call, EAGAIN)), \
		ROW(call, ERR(EAGAIN), MESSAGES, OPEN, READABLE, NONE, EITHER, NONE, WAITS, \
		    POSIX(call, EAGAIN)), \
		ROW(call, ERR(EINTR), STREAM, LIVE, READABLE, NONE, EITHER, NONE, RETRIES, \
		    POSIX(call, EINTR)), \
		ROW(call, ERR(EINTR), MESSAGES, OPEN, READABLE, NONE, EITHER, NONE, RETRIES, \
		    POSIX(call, EINTR)), \
		ROW(call, ERR(ECONNRESET), STREAM, CONNECTED, READABLE, NONE, ONCE, DEAD, \
		    PASSES_ON, POSIX(call, ECONNRESET)), \
		ROW(call, ERR(ETIMEDOUT), STREAM, CONNECTED, READABLE, NONE, ONCE, DEAD, \
		    PASSES_ON, POSIX(call, ETIMEDOUT) "; tcp(7)"), \
		ROW(call, ERR(ECONNABORTED), STREAM, CONNECTED, READABLE, NONE, ONCE, DEAD, \
		    PASSES_ON, \
		    "tcp(7): errors of ip(7): ECONNABORTED (Linux: the connection was destroyed)"), \
		NETWORK(NETWORK_ENDS_READING, call) \
			UNTOLD(call, ECONNREFUSED, "recv(2): ECONNREFUSED"), \
		UNTOLD(call, ETIMEDOUT, \
		       POSIX(call, ETIMEDOUT) ", during connection establishment"), \
		EVERY_REFLECTED(call), \
		REFLECTED(call, EHOSTUNREACH, DATAGRAM, \
			  "udp(7), Error handling; ip(7): EHOSTUNREACH"), \
		REFLECTED(call, ENETUNREACH, DATAGRAM, \
			  "udp(7), Error handling; accept(2): ENETUNREACH"), \
		REFLECTED(call, EMSGSIZE, MESSAGES, "raw(7): EMSGSIZE; udp(7), Error handling"), \
		ROW(call, ERR(ENOMEM), STREAM, CONNECTED, 0, NONE, EITHER, NONE, PASSES_ON, \
		    POSIX(call, ENOMEM)), \
		ROW(call, ERR(ENOMEM), MESSAGES, OPEN, 0, NONE, EITHER, NONE, PASSES_ON, \
		    POSIX(call, ENOMEM) "; recv(2)"), \
		ROW(call, ERR(ENOBUFS), STREAM, CONNECTED, 0, NONE, EITHER, NONE, PASSES_ON, \
		    POSIX(call, ENOBUFS)), \
		ROW(call, ERR(ENOBUFS), MESSAGES, OPEN, 0, NONE, EITHER, NONE, PASSES_ON, \
		    POSIX(call, ENOBUFS)), \
		ROW(call, ERR(EIO), STREAM, CONNECTED, 0, NONE, EITHER, NONE, PASSES_ON, \
		    POSIX(call, EIO)), \
		ROW(call, ERR(EIO), MESSAGES, OPEN, 0, NONE, EITHER, NONE, PASSES_ON, \
		    POSIX(call, EIO)), \
		ROW(call, ZERO, STREAM, CONNECTED, TO_READ, NONE, ONCE, END, ENDS, \
		    "POSIX " #call "(): 0 when the peer has shut down in order"), \
		ROW(call, CUT, STREAM, CONNECTED, READABLE | MORE, PART, EITHER, NONE, GOES_ON, \
		    "POSIX " #call "(): what is there, up to the size"), \
		LATENESS(call, SOCKET)

/* ---- sending: send, sendto, sendv, sendfile ---- */

/* Of a stream.  page: where Linux documents the call; text: what POSIX calls it. */
#define SENDING_STREAM(call, posix) \
	ROW(call, ERR(EAGAIN), STREAM, LIVE, TO_WRITE, NONE, EITHER, NONE, WAITS, posix "EAGAIN"), \
		ROW(call, ERR(EINTR), STREAM, LIVE, WRITABLE, NONE, EITHER, NONE, RETRIES, \
		    posix "EINTR"), \
		ROW(call, ERR(EPIPE), STREAM, CONNECTED, WRITABLE, NONE, ONCE, DEAD, PASSES_ON, \
		    posix "EPIPE; tcp(7)"), \
		ROW(call, ERR(ECONNRESET), STREAM, CONNECTED, 0, NONE, ONCE, DEAD, PASSES_ON, \
		    posix "ECONNRESET"), \
		ROW(call, ERR(ETIMEDOUT), STREAM, CONNECTED, 0, NONE, ONCE, DEAD, PASSES_ON, \
		    "tcp(7): ETIMEDOUT"), \
		ROW(call, ERR(ECONNABORTED), STREAM, CONNECTED, 0, NONE, ONCE, DEAD, PASSES_ON, \
		    "tcp(7): errors of ip(7): ECONNABORTED (Linux: the connection was destroyed)"), \
		NETWORK(NETWORK_ENDS, call) UNTOLD( \
			call, ECONNREFUSED, "tcp(7), Error handling; connect(2): ECONNREFUSED"), \
		UNTOLD(call, ETIMEDOUT, "tcp(7), Error handling; connect(2): ETIMEDOUT"), \
		ROW(call, ERR(EACCES), STREAM, CONNECTED, 0, NONE, EITHER, NONE, PASSES_ON, \
		    posix "EACCES"), \
		ROW(call, ERR(ENOBUFS), STREAM, CONNECTED, 0, NONE, EITHER, NONE, PASSES_ON, \
		    posix "ENOBUFS"), \
		ROW(call, ERR(ENOMEM), STREAM, CONNECTED, 0, NONE, EITHER, NONE, PASSES_ON, \
		    "send(2): ENOMEM"), \
		ROW(call, ERR(EIO), STREAM, CONNECTED, 0, NONE, EITHER, NONE, PASSES_ON, \
		    posix "EIO"), \
		ROW(call, CUT, STREAM, CONNECTED, WRITABLE | MORE, PART, EITHER, NONE, GOES_ON, \
		    posix "the number of bytes sent")

/* Of messages, in the phases where there is somewhere to send them. */
#define SENDING_MESSAGES(call, posix, where) \
	ROW(call, ERR(EAGAIN), MESSAGES, where, WRITABLE, NONE, EITHER, NONE, WAITS, \
	    posix "EAGAIN"), \
		ROW(call, ERR(EINTR), MESSAGES, where, WRITABLE, NONE, EITHER, NONE, RETRIES, \
		    posix "EINTR"), \
		EVERY_REFLECTED(call), \
		ROW(call, ERR(ENETDOWN), MESSAGES, where, 0, NONE, EITHER, NONE, PASSES_ON, \
		    posix "ENETDOWN"), \
		ROW(call, ERR(ENETUNREACH), MESSAGES, where, 0, NONE, EITHER, NONE, PASSES_ON, \
		    posix "ENETUNREACH"), \
		ROW(call, ERR(EHOSTUNREACH), MESSAGES, where, 0, NONE, EITHER, NONE, PASSES_ON, \
		    "POSIX sendto(): EHOSTUNREACH; ip(7)"), \
		ROW(call, ERR(EACCES), MESSAGES, where, 0, NONE, EITHER, NONE, PASSES_ON, \
		    posix "EACCES; send(2); ip(7)"), \
		ROW(call, ERR(EPERM), MESSAGES, where, 0, NONE, EITHER, NONE, PASSES_ON, \
		    "send(2): errors of the protocol; connect(2): EPERM, a firewall's rule"), \
		ROW(call, ERR(EMSGSIZE), MESSAGES, where, 0, NONE, EITHER, NONE, PASSES_ON, \
		    posix "EMSGSIZE; ip(7)"), \
		ROW(call, ERR(EINVAL), MESSAGES, where, 0, NONE, EITHER, NONE, PASSES_ON, \
		    "ip(7): EINVAL, a blackhole route"), \
		ROW(call, ERR(ENOBUFS), MESSAGES, where, 0, NONE, EITHER, NONE, PASSES_ON, \
		    posix "ENOBUFS; send(2)"), \
		ROW(call, ERR(ENOMEM), MESSAGES, where, 0, NONE, EITHER, NONE, PASSES_ON, \
		    "send(2): ENOMEM"), \
		ROW(call, ERR(EIO), MESSAGES, where, 0, NONE, EITHER, NONE, PASSES_ON, \
		    posix "EIO")

#define NONE_SENT(call, posix) \
	ROW(call, ZERO, STREAM, CONNECTED, TO_WRITE, NONE, EITHER, NONE, WAITS, \
	    posix "the number of bytes sent, of which 0 is not excluded; Linux gives none")

/* ---- the rows ---- */

/* clang-format off */
const struct vet_lawful vet_lawful_rows[] = {
	ROW(socket, ERR(EACCES), SOCKET, ANY, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(socket, EACCES)),
	ROW(socket, ERR(EPERM), RAW, ANY, 0, NONE, EITHER, NONE, PASSES_ON, "raw(7): EPERM"),
	ROW(socket, ERR(EAFNOSUPPORT), SOCKET, ANY, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(socket, EAFNOSUPPORT)),
	ROW(socket, ERR(EMFILE), SOCKET, ANY, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(socket, EMFILE)),
	ROW(socket, ERR(ENFILE), SOCKET, ANY, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(socket, ENFILE)),
	ROW(socket, ERR(ENOBUFS), SOCKET, ANY, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(socket, ENOBUFS)),
	ROW(socket, ERR(ENOMEM), SOCKET, ANY, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(socket, ENOMEM)),
	ROW(socket, ERR(EPROTONOSUPPORT), SOCKET, ANY, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(socket, EPROTONOSUPPORT)),
	ROW(socket, ERR(EPROTOTYPE), SOCKET, ANY, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(socket, EPROTOTYPE)),
	ROW(socket, ERR(EINVAL), SOCKET, ANY, 0, NONE, EITHER, NONE, PASSES_ON, "socket(2): EINVAL, protocol family not available"),
	ROW(socket, ERR(ESOCKTNOSUPPORT), SOCKET, ANY, 0, NONE, EITHER, NONE, PASSES_ON, "ip(7): ESOCKTNOSUPPORT"),

	/* adopt: fcntl() of a right descriptor fails of no fault of its own. */

	/* The descriptor is gone whatever is said (close(2), NOTES). */
	ROW(close, ERR(EINTR), SOCKET, ANY, 0, WHOLE, EITHER, NONE, PASSES_ON, POSIX(close, EINTR) "; close(2), NOTES"),
	ROW(close, ERR(EINPROGRESS), SOCKET, ANY, 0, WHOLE, EITHER, NONE, PASSES_ON, "POSIX close(), 2024: EINPROGRESS"),
	ROW(close, ERR(EIO), SOCKET, ANY, 0, WHOLE, EITHER, NONE, PASSES_ON, POSIX(close, EIO)),

	ROW(dup, ERR(EMFILE), SOCKET, ANY, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(fcntl, EMFILE)),
	ROW(dup, ERR(ENOMEM), SOCKET, ANY, 0, NONE, EITHER, NONE, PASSES_ON, "POSIX 2.3 (errors beyond those listed); Linux: no memory for more descriptors"),

	ROW(bind, ERR(EACCES), SOCKET, FRESH, UNBOUND, NONE, EITHER, NONE, PASSES_ON, POSIX(bind, EACCES)),
	ROW(bind, ERR(EADDRINUSE), SOCKET, FRESH, UNBOUND, NONE, EITHER, NONE, PASSES_ON, POSIX(bind, EADDRINUSE)),
	ROW(bind, ERR(EADDRNOTAVAIL), SOCKET, FRESH, UNBOUND, NONE, EITHER, NONE, PASSES_ON, POSIX(bind, EADDRNOTAVAIL)),
	ROW(bind, ERR(ENOBUFS), SOCKET, FRESH, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(bind, ENOBUFS)),
	ROW(bind, ERR(ENODEV), SOCKET, FRESH, UNBOUND | IPV6, NONE, EITHER, NONE, PASSES_ON, "ipv6(7): ENODEV"),
	ROW(bind, ERR(EINPROGRESS), SOCKET, FRESH, UNBOUND, WHOLE, ONCE, NONE, PASSES_ON, POSIX(bind, EINPROGRESS)),
	ROW(bind, ERR(EINVAL), SOCKET, ANY, BOUND, NONE, EITHER, NONE, PASSES_ON, POSIX(bind, EINVAL) ", bound already"),
	ROW(bind, ERR(EISCONN), SOCKET, CONNECTED, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(bind, EISCONN)),

	/* A stream, where no attempt begins. */
	ROW(connect, ERR(ECONNREFUSED), STREAM, FRESH, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(connect, ECONNREFUSED) "; connect(2)"),
	ROW(connect, ERR(ETIMEDOUT), STREAM, FRESH, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(connect, ETIMEDOUT) "; connect(2)"),
	ROW(connect, ERR(ECONNRESET), STREAM, FRESH, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(connect, ECONNRESET)),
	ROW(connect, ERR(ENETUNREACH), SOCKET, OPEN, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(connect, ENETUNREACH) "; connect(2)"),
	ROW(connect, ERR(EHOSTUNREACH), SOCKET, OPEN, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(connect, EHOSTUNREACH) "; ip(7)"),
	ROW(connect, ERR(ENETDOWN), SOCKET, OPEN, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(connect, ENETDOWN)),
	ROW(connect, ERR(EADDRINUSE), SOCKET, OPEN, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(connect, EADDRINUSE) "; connect(2)"),
	ROW(connect, ERR(EADDRNOTAVAIL), SOCKET, OPEN, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(connect, EADDRNOTAVAIL) "; connect(2)"),
	ROW(connect, ERR(EAGAIN), SOCKET, OPEN, 0, NONE, EITHER, NONE, PASSES_ON, "connect(2): EAGAIN"),
	ROW(connect, ERR(EACCES), SOCKET, OPEN, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(connect, EACCES) "; connect(2)"),
	ROW(connect, ERR(EPERM), SOCKET, OPEN, 0, NONE, EITHER, NONE, PASSES_ON, "connect(2): EPERM"),
	ROW(connect, ERR(EINVAL), SOCKET, OPEN, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(connect, EINVAL) "; ip(7), a blackhole route"),
	ROW(connect, ERR(EPROTOTYPE), SOCKET, OPEN, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(connect, EPROTOTYPE) "; connect(2)"),
	ROW(connect, ERR(ENOBUFS), SOCKET, OPEN, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(connect, ENOBUFS) "; ip(7)"),
	ROW(connect, ERR(ENOMEM), SOCKET, OPEN, 0, NONE, EITHER, NONE, PASSES_ON, "ip(7): ENOMEM"),
	/* Under way, and looked after by poll. */
	ROW(connect, ERR(EINPROGRESS), STREAM, FRESH, 0, BEGUN, EITHER, NONE, ASKS, POSIX(connect, EINPROGRESS)),
	ROW(connect, ERR(EINTR), STREAM, FRESH, 0, BEGUN, EITHER, NONE, ASKS, POSIX(connect, EINTR) ": the attempt goes on"),
	ROW(connect, ERR(EALREADY), STREAM, CONNECTING, 0, NONE, ONCE, NONE, PASSES_ON, POSIX(connect, EALREADY)),
	/* What vetsock says without the call, where it knows. */
	ROW(connect, ERR(EISCONN), STREAM, CONNECTED, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(connect, EISCONN)),
	/* Linux: an attempt failed, its error was told to someone, and this only clears it away. */
	ROW(connect, ERR(ECONNABORTED), STREAM, FAILED, 0, NONE, ONCE, NONE, RETRIES, "connect(2), NOTES: after a failure the state is unspecified; ip(7): ECONNABORTED"),
	LATENESS(connect, SOCKET),

	ROW(listen, ERR(EADDRINUSE), STREAM, FRESH, 0, NONE, EITHER, NONE, PASSES_ON, "listen(2): EADDRINUSE"),
	ROW(listen, ERR(EACCES), STREAM, FRESH, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(listen, EACCES)),
	ROW(listen, ERR(EDESTADDRREQ), STREAM, FRESH, UNBOUND, NONE, EITHER, NONE, PASSES_ON, POSIX(listen, EDESTADDRREQ)),
	ROW(listen, ERR(ENOBUFS), STREAM, FRESH | LISTENING, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(listen, ENOBUFS)),
	ROW(listen, ERR(EINVAL), STREAM, LIVE | FAILED | DEAD, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(listen, EINVAL)),
	ROW(listen, ERR(EOPNOTSUPP), MESSAGES, ANY, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(listen, EOPNOTSUPP)),

	ROW(accept, ERR(EAGAIN), STREAM, LISTENING, 0, NONE, EITHER, NONE, WAITS, POSIX(accept, EAGAIN)),
	ROW(accept, ERR(EINTR), STREAM, LISTENING, 0, NONE, EITHER, NONE, RETRIES, POSIX(accept, EINTR)),
	ROW(accept, ERR(ECONNABORTED), STREAM, LISTENING, 0, TAKEN, EITHER, NONE, PASSES_OVER, POSIX(accept, ECONNABORTED)),
	NETWORK(NETWORK_PASSED_OVER, accept)
	ROW(accept, ERR(EOPNOTSUPP), STREAM, LISTENING, 0, TAKEN, EITHER, NONE, PASSES_ON, "accept(2), Error handling: EOPNOTSUPP"),
	ROW(accept, ERR(ETIMEDOUT), STREAM, LISTENING, 0, TAKEN, EITHER, NONE, PASSES_ON, "accept(2), ERRORS: ETIMEDOUT of some kernels"),
	ROW(accept, ERR(ENOSR), STREAM, LISTENING, 0, NONE, EITHER, NONE, PASSES_ON, "accept(2), ERRORS: ENOSR of some kernels"),
	ROW(accept, ERR(ESOCKTNOSUPPORT), STREAM, LISTENING, 0, NONE, EITHER, NONE, PASSES_ON, "accept(2), ERRORS: ESOCKTNOSUPPORT of some kernels"),
	ROW(accept, ERR(EPROTONOSUPPORT), STREAM, LISTENING, 0, NONE, EITHER, NONE, PASSES_ON, "accept(2), ERRORS: EPROTONOSUPPORT of some kernels"),
	ROW(accept, ERR(EMFILE), STREAM, LISTENING, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(accept, EMFILE)),
	ROW(accept, ERR(ENFILE), STREAM, LISTENING, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(accept, ENFILE)),
	ROW(accept, ERR(ENOBUFS), STREAM, LISTENING, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(accept, ENOBUFS)),
	ROW(accept, ERR(ENOMEM), STREAM, LISTENING, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(accept, ENOMEM)),
	ROW(accept, ERR(EPERM), STREAM, LISTENING, 0, NONE, EITHER, NONE, PASSES_ON, "accept(2): EPERM"),
	ROW(accept, ERR(EINVAL), STREAM, LISTENING, 0, NONE, ONCE, SHUT, PASSES_ON, POSIX(accept, EINVAL) ": no longer listening"),
	LATENESS(accept, STREAM),

	/* The connection is reset under the call; why is told by the next one. */
	ROW(shutdown, ERR(ENOTCONN), STREAM, CONNECTED, 0, NONE, ONCE, ERROR, PASSES_ON, POSIX(shutdown, ENOTCONN)),
	ROW(shutdown, ERR(ENOBUFS), SOCKET, ANY, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(shutdown, ENOBUFS)),

	ROW(getsockname, ERR(ENOBUFS), SOCKET, ANY, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(getsockname, ENOBUFS)),
	ROW(getsockname, ERR(EINVAL), SOCKET, DEAD, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(getsockname, EINVAL) ", shut down"),

	ROW(getpeername, ERR(ENOTCONN), STREAM, CONNECTED, 0, NONE, ONCE, ERROR, PASSES_ON, POSIX(getpeername, ENOTCONN)),
	ROW(getpeername, ERR(ENOTCONN), STREAM, CONNECTING, 0, NONE, ONCE, REFUSED, ASKS, POSIX(getpeername, ENOTCONN)),
	ROW(getpeername, ERR(EINVAL), STREAM, DEAD, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(getpeername, EINVAL) ", shut down"),
	ROW(getpeername, ERR(ENOBUFS), SOCKET, ANY, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(getpeername, ENOBUFS)),
	LATENESS(getpeername, SOCKET),

	/* SO_ERROR, of an attempt to connect. */
	ROW(getsockopt, VALUE_OF(ECONNREFUSED), STREAM, ATTEMPT, SO_ERROR_ASKED, NONE, ONCE, FAILED, PASSES_ON, POSIX(connect, ECONNREFUSED) "; connect(2): SO_ERROR"),
	ROW(getsockopt, VALUE_OF(ETIMEDOUT), STREAM, ATTEMPT, SO_ERROR_ASKED, NONE, ONCE, FAILED, PASSES_ON, POSIX(connect, ETIMEDOUT) "; connect(2): SO_ERROR"),
	ROW(getsockopt, VALUE_OF(ECONNRESET), STREAM, ATTEMPT, SO_ERROR_ASKED, NONE, ONCE, FAILED, PASSES_ON, POSIX(connect, ECONNRESET)),
	ROW(getsockopt, VALUE_OF(ECONNABORTED), STREAM, ATTEMPT, SO_ERROR_ASKED, NONE, ONCE, FAILED, PASSES_ON, "tcp(7): errors of ip(7): ECONNABORTED (Linux: the attempt was destroyed)"),
	NETWORK(NETWORK_FAILS, getsockopt)
	ROW(getsockopt, VALUE_OF(EACCES), STREAM, ATTEMPT, SO_ERROR_ASKED, NONE, ONCE, FAILED, PASSES_ON, "connect(2): SO_ERROR; EACCES"),
	ROW(getsockopt, VALUE_OF(EPERM), STREAM, ATTEMPT, SO_ERROR_ASKED, NONE, ONCE, FAILED, PASSES_ON, "connect(2): SO_ERROR; EPERM"),
	ROW(getsockopt, VALUE_OF(EADDRINUSE), STREAM, ATTEMPT, SO_ERROR_ASKED, NONE, ONCE, FAILED, PASSES_ON, "connect(2): SO_ERROR; EADDRINUSE"),
	ROW(getsockopt, VALUE_OF(EADDRNOTAVAIL), STREAM, ATTEMPT, SO_ERROR_ASKED, NONE, ONCE, FAILED, PASSES_ON, "connect(2): SO_ERROR; EADDRNOTAVAIL"),
	/* Someone else was told. */
	ROW(getsockopt, VALUE(0), STREAM, FAILED, SO_ERROR_ASKED, NONE, ONCE, FAILED, ASKS, "POSIX 2.10.16 (SO_ERROR): asking clears it"),
	/* SO_ERROR, of a connection. */
	ROW(getsockopt, VALUE_OF(ECONNRESET), STREAM, CONNECTED, SO_ERROR_ASKED, NONE, ONCE, DEAD, PASSES_ON, "POSIX 2.10.16 (SO_ERROR): the pending error"),
	ROW(getsockopt, VALUE_OF(ETIMEDOUT), STREAM, CONNECTED, SO_ERROR_ASKED, NONE, ONCE, DEAD, PASSES_ON, "POSIX 2.10.16 (SO_ERROR): the pending error; tcp(7): ETIMEDOUT"),
	ROW(getsockopt, VALUE_OF(EPIPE), STREAM, CONNECTED, SO_ERROR_ASKED, NONE, ONCE, DEAD, PASSES_ON, "tcp(7): EPIPE, closed unexpectedly by the other end"),
	ROW(getsockopt, VALUE_OF(ECONNABORTED), STREAM, CONNECTED, SO_ERROR_ASKED, NONE, ONCE, DEAD, PASSES_ON, "tcp(7): errors of ip(7): ECONNABORTED (Linux: the connection was destroyed)"),
	NETWORK(NETWORK_HAS_ENDED, getsockopt)
	/* SO_ERROR, of a datagram that came to nothing. */
	ROW(getsockopt, VALUE_OF(ECONNREFUSED), DATAGRAM, CONNECTED, SO_ERROR_ASKED, NONE, ONCE, NONE, PASSES_ON, "udp(7): ECONNREFUSED, by an earlier packet"),
	ROW(getsockopt, VALUE_OF(EHOSTUNREACH), DATAGRAM, CONNECTED, SO_ERROR_ASKED, NONE, ONCE, NONE, PASSES_ON, "udp(7), Error handling; ip(7): EHOSTUNREACH"),
	ROW(getsockopt, VALUE_OF(EMSGSIZE), MESSAGES, CONNECTED, SO_ERROR_ASKED, NONE, ONCE, NONE, PASSES_ON, "raw(7): EMSGSIZE; udp(7), Error handling"),
	ROW(getsockopt, VALUE_OF(EPROTO), MESSAGES, CONNECTED, SO_ERROR_ASKED, NONE, ONCE, NONE, PASSES_ON, "raw(7): EPROTO, a parameter problem; udp(7)"),
	/* The call itself. */
	ROW(getsockopt, ERR(ENOBUFS), SOCKET, ANY, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(getsockopt, ENOBUFS)),
	ROW(getsockopt, ERR(EINVAL), SOCKET, FAILED | DEAD, SO_ERROR_ASKED, NONE, EITHER, NONE, PASSES_ON, POSIX(getsockopt, EINVAL) ", shut down"),
	ROW(getsockopt, ERR(EINVAL), SOCKET, ANY, OPTION, NONE, EITHER, NONE, PASSES_ON, POSIX(getsockopt, EINVAL)),
	ROW(getsockopt, ERR(EACCES), SOCKET, ANY, OPTION, NONE, EITHER, NONE, PASSES_ON, POSIX(getsockopt, EACCES)),
	ROW(getsockopt, ERR(ENOPROTOOPT), SOCKET, ANY, OPTION, NONE, EITHER, NONE, PASSES_ON, POSIX(getsockopt, ENOPROTOOPT)),
	ROW(getsockopt, ERR(EOPNOTSUPP), MESSAGES, ANY, OPTION, NONE, EITHER, NONE, PASSES_ON, "ip(7): EOPNOTSUPP, which vetsock calls ENOPROTOOPT"),
	LATENESS(getsockopt, SOCKET),

	ROW(setsockopt, ERR(EINVAL), SOCKET, ANY, OPTION, NONE, EITHER, NONE, PASSES_ON, POSIX(setsockopt, EINVAL)),
	ROW(setsockopt, ERR(ENOPROTOOPT), SOCKET, ANY, OPTION, NONE, EITHER, NONE, PASSES_ON, POSIX(setsockopt, ENOPROTOOPT)),
	ROW(setsockopt, ERR(EISCONN), SOCKET, LIVE, OPTION, NONE, EITHER, NONE, PASSES_ON, POSIX(setsockopt, EISCONN)),
	ROW(setsockopt, ERR(ENOMEM), SOCKET, ANY, OPTION, NONE, EITHER, NONE, PASSES_ON, POSIX(setsockopt, ENOMEM)),
	ROW(setsockopt, ERR(ENOBUFS), SOCKET, ANY, OPTION, NONE, EITHER, NONE, PASSES_ON, POSIX(setsockopt, ENOBUFS)),
	ROW(setsockopt, ERR(EPERM), SOCKET, ANY, OPTION, NONE, EITHER, NONE, PASSES_ON, "ip(7): EPERM"),
	ROW(setsockopt, ERR(EACCES), SOCKET, ANY, OPTION, NONE, EITHER, NONE, PASSES_ON, "ip(7): EACCES"),

	RECEIVING(recv),

	SENDING_STREAM(send, "POSIX send(): "),
	NONE_SENT(send, "POSIX send(): "),
	SENDING_MESSAGES(send, "POSIX send(): ", CONNECTED),
	LATENESS(send, SOCKET),

	RECEIVING(recvfrom),

	SENDING_STREAM(sendto, "POSIX sendto(): "),
	NONE_SENT(sendto, "POSIX sendto(): "),
	SENDING_MESSAGES(sendto, "POSIX sendto(): ", OPEN),
	ROW(sendto, ERR(EISCONN), SOCKET, CONNECTED, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(sendto, EISCONN) "; send(2)"),
	LATENESS(sendto, SOCKET),

	SENDING_STREAM(sendv, "POSIX sendmsg(): "),
	NONE_SENT(sendv, "POSIX sendmsg(): "),
	SENDING_MESSAGES(sendv, "POSIX sendmsg(): ", CONNECTED),
	LATENESS(sendv, SOCKET),

	/* Of a file.  EAGAIN: of one of the system's own, opened non-blocking. */
	ROW(pread, ERR(EINTR), OTHER, ANY, 0, NONE, EITHER, NONE, RETRIES, POSIX(read, EINTR)),
	ROW(pread, ERR(EIO), OTHER, ANY, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(read, EIO)),
	ROW(pread, ERR(EAGAIN), OTHER, ANY, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(read, EAGAIN)),
	ROW(pread, ERR(EINVAL), OTHER, ANY, 0, NONE, EITHER, NONE, PASSES_ON, "read(2): EINVAL, unsuitable for reading"),
	ROW(pread, ERR(EOVERFLOW), OTHER, ANY, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(read, EOVERFLOW)),
	ROW(pread, ERR(ENOBUFS), OTHER, ANY, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(read, ENOBUFS)),
	ROW(pread, ERR(ENOMEM), OTHER, ANY, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(read, ENOMEM)),
	ROW(pread, ERR(ENXIO), OTHER, ANY, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(read, ENXIO)),
	ROW(pread, ZERO, OTHER, ANY, BYTES, NONE, EITHER, NONE, ENDS, "POSIX read(): 0 at the end of the file, which may have shrunk"),
	ROW(pread, CUT, OTHER, ANY, MORE, PART, EITHER, NONE, GOES_ON, "POSIX read(): fewer bytes than asked for"),
	LATENESS(pread, OTHER),

	SENDING_STREAM(sendfile, "sendfile(2); send(2): "),
	ROW(sendfile, ERR(EINVAL), STREAM, CONNECTED, 0, NONE, EITHER, NONE, FALLS_BACK, "sendfile(2): EINVAL; NOTES"),
	ROW(sendfile, ERR(ENOSYS), STREAM, CONNECTED, 0, NONE, EITHER, NONE, FALLS_BACK, "sendfile(2), NOTES: ENOSYS"),
	ROW(sendfile, ERR(EOVERFLOW), STREAM, CONNECTED, 0, NONE, EITHER, NONE, FALLS_BACK, "sendfile(2): EOVERFLOW"),
	ROW(sendfile, ZERO, STREAM, CONNECTED, TO_WRITE, NONE, EITHER, NONE, ENDS, "sendfile(2): the bytes written: none where the file has ended, which may have shrunk"),
	LATENESS(sendfile, STREAM),

	ROW(poll, ERR(EINTR), EVERY, ANY, WAIT, NONE, EITHER, NONE, GOES_ON, POSIX(poll, EINTR)),
	ROW(poll, ERR_LATE(EINTR), EVERY, ANY, WAIT, NONE, EITHER, NONE, GOES_ON, POSIX(poll, EINTR) ", when the wait was almost over"),
	ROW(poll, ERR(EAGAIN), EVERY, ANY, 0, NONE, ONCE, NONE, GOES_ON, POSIX(poll, EAGAIN) ", later ones may succeed"),
	ROW(poll, ERR(EAGAIN), EVERY, ANY, 0, NONE, EVER, NONE, PASSES_ON, POSIX(poll, EAGAIN)),
	ROW(poll, ERR(ENOMEM), EVERY, ANY, 0, NONE, EITHER, NONE, PASSES_ON, "poll(2): ENOMEM"),
	ROW(poll, ERR(EINVAL), SOCKET, ANY, DESCRIPTOR, NONE, EITHER, NONE, PASSES_ON, "poll(2): EINVAL, more descriptors than RLIMIT_NOFILE, which may be 0"),
	ROW(poll, ZERO, EVERY, ANY, LIMIT, NONE, ONCE, NONE, GOES_ON, "POSIX poll(): 0, at a granularity of the system's; this table may be early"),
	ROW(poll, TIMEOUT, SOCKET, ANY, LIMIT | DESCRIPTOR, NONE, EITHER, NONE, GOES_ON, "POSIX poll(): 0 when the time has passed"),
	ROW(poll, SPURIOUS, SOCKET, ANY, DESCRIPTOR, NONE, EITHER, NONE, RETRIES, "select(2), BUGS: ready, and then it would block; accept(2), NOTES"),
	ROW(poll, EVENTS(POLLIN | POLLOUT | POLLRDHUP | POLLERR | POLLHUP), STREAM, CONNECTED, DESCRIPTOR, NONE, ONCE, ERROR, RETRIES, "poll(2): POLLERR, POLLHUP; tcp(7)"),
	ROW(poll, EVENTS(POLLIN | POLLRDHUP), STREAM, CONNECTED, DESCRIPTOR | READABLE, NONE, ONCE, END, RETRIES, "poll(2): POLLRDHUP"),
	ROW(poll, EVENTS(POLLHUP), STREAM, LISTENING, DESCRIPTOR, NONE, ONCE, SHUT, RETRIES, "poll(2): POLLHUP; Linux: a listener that was shut down"),
	ROW(poll, EVENTS(POLLOUT | POLLERR | POLLHUP), STREAM, CONNECTING, DESCRIPTOR, NONE, ONCE, REFUSED, ASKS, POSIX(connect, EINPROGRESS) "; poll(2): POLLERR, POLLHUP"),
	ROW(poll, EVENTS(POLLERR), DATAGRAM, CONNECTED, DESCRIPTOR, NONE, ONCE, ERROR, RETRIES, "poll(2): POLLERR; udp(7), Error handling"),
	LATENESS(poll, EVERY),

	ROW(now, ERR(EINVAL), OTHER, ANY, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(clock_gettime, EINVAL)),
	ROW(now, ERR(EOVERFLOW), OTHER, ANY, 0, NONE, EITHER, NONE, PASSES_ON, POSIX(clock_gettime, EOVERFLOW)),
	ROW(now, JUMP, OTHER, ANY, 0, NONE, ONCE, NONE, GOES_ON, "POSIX clock_gettime(): CLOCK_MONOTONIC has no bound on how far it goes between two calls"),
	LATENESS(now, OTHER),

	ROW(realloc, ERR(ENOMEM), OTHER, ANY, BYTES, NONE, EITHER, NONE, PASSES_ON, POSIX(realloc, ENOMEM)),
	LATENESS(realloc, OTHER),

	ROW(interface_index, ERR(ENODEV), OTHER, ANY, 0, NONE, EITHER, NONE, PASSES_ON, "if_nametoindex(3): ENODEV"),
	ROW(interface_index, ERR(EMFILE), OTHER, ANY, 0, NONE, EITHER, NONE, PASSES_ON, "if_nametoindex(3): errors of socket(2): EMFILE"),
	ROW(interface_index, ERR(ENFILE), OTHER, ANY, 0, NONE, EITHER, NONE, PASSES_ON, "if_nametoindex(3): errors of socket(2): ENFILE"),
	ROW(interface_index, ERR(ENOBUFS), OTHER, ANY, 0, NONE, EITHER, NONE, PASSES_ON, "if_nametoindex(3): errors of socket(2): ENOBUFS"),
	ROW(interface_index, ERR(ENOMEM), OTHER, ANY, 0, NONE, EITHER, NONE, PASSES_ON, "if_nametoindex(3): errors of socket(2): ENOMEM"),
};
/* clang-format on */

const size_t vet_lawful_count = sizeof vet_lawful_rows / sizeof vet_lawful_rows[0];
