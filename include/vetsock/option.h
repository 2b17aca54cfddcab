/* SPDX-License-Identifier: 0BSD */
/*
 * Socket options: one table, from which every setter and getter follows.
 *
 * What holds for all of them:
 *  - A value out of the option's range is -EINVAL before any call.
 *  - A duration is rounded UP to the unit in which the operating system takes it (seconds, or
 *    milliseconds), so that a non-zero one never becomes zero.  A getter gives what the system
 *    holds, in nanoseconds.
 *  - -ENOPROTOOPT: this system, this kernel or a socket of this family or type does not know the
 *    option (where the getters of Linux say EOPNOTSUPP, vetsock's say this; but its setter of
 *    multicast_ttl says EINVAL for an IPv4 stream)
 *  - -EIO from a getter: the table answered with a value of an impossible size, a negative linger
 *    time or a pending error that is no errno.
 *  - -EBADF without a call: the socket is closed.  Getters leave *value alone on failure.
 *  - From setsockopt(2): -EINVAL (not in this state), -ENOPROTOOPT, -ENOMEM, -ENOBUFS, -EPERM,
 *    -EACCES, -EISCONN.  Others as said.
 *  - From getsockopt(2): -EINVAL, -ENOPROTOOPT, -EACCES, -ENOBUFS.
 */
#ifndef VETSOCK_OPTION_H
#define VETSOCK_OPTION_H

#include <vetsock/socket.h>

VET_BEGIN_DECLS

/* ---- the table ---- */

enum vet_option_kind {
	VET_OPTION_FLAG,     /* bool */
	VET_OPTION_INTEGER,  /* int64_t, a plain number */
	VET_OPTION_SIZE,     /* int64_t, bytes */
	VET_OPTION_DURATION, /* vet_duration; `unit` is what the system counts in */
	VET_OPTION_LINGER,   /* vet_duration or VET_LINGER_OFF */
	VET_OPTION_ERROR,    /* int64_t: 0, or a negative error */
	VET_OPTION_TEXT,     /* bytes without NUL */
};

enum {
	VET_OPTION_ON_IPV4 = 1 << 0,   /* sockets of family 4 have it */
	VET_OPTION_ON_IPV6 = 1 << 1,   /* sockets of family 6 have it */
	VET_OPTION_READ_ONLY = 1 << 2, /* there is no setter */
};

/* Which option of the operating system: what setsockopt(2) takes.  name is -1 where this system has
 * none. */
struct vet_option_number {
	int level;
	int name;
};

struct vet_option {
	const char *name; /* "keepalive_time": vet_socket_set_keepalive_time() and
			     vet_socket_keepalive_time() */
	const char *text; /* "keepalive-time": its name in texts (options.h); no text gives one that
			     is only read, but the error says so */
	enum vet_option_kind kind;
	unsigned flags; /* VET_OPTION_ON_IPV4 | ... */
	/* The least and the greatest value: of a flag 0 and 1, of a text its length in bytes, of a
	 * duration or linger in its unit. */
	int64_t min, max;
	vet_duration unit;             /* of a duration or linger; 0 for others */
	struct vet_option_number ipv4; /* on a socket of family 4 */
	struct vet_option_number ipv6; /* on a socket of family 6 */
	/* On a socket of family 6 also this one, which governs peers that are IPv4-mapped; name -1:
	 * none. */
	struct vet_option_number mapped;
	const char *help; /* one line, with its source */
};

/* The options, in the table's order: NULL from the index after the last on. */
VET_API const struct vet_option *vet_option_at(size_t index);
/* The option of a name of `size` bytes; NULL if there is none. */
VET_API const struct vet_option *vet_option_find(const char *name, size_t size);

/* ---- flags ---- */

/* Datagrams may be sent to a broadcast address: SO_BROADCAST (POSIX). */
VET_API VET_CHECKED int vet_socket_set_broadcast(struct vet_socket *s, bool value);
VET_API VET_CHECKED int vet_socket_broadcast(struct vet_socket *s, bool *value);
/* An idle connection is probed, and ended when nobody answers: SO_KEEPALIVE (POSIX). */
VET_API VET_CHECKED int vet_socket_set_keepalive(struct vet_socket *s, bool value);
VET_API VET_CHECKED int vet_socket_keepalive(struct vet_socket *s, bool *value);
/* Small segments leave at once (Nagle's algorithm is off): TCP_NODELAY (POSIX, RFC 896). */
VET_API VET_CHECKED int vet_socket_set_no_delay(struct vet_socket *s, bool value);
VET_API VET_CHECKED int vet_socket_no_delay(struct vet_socket *s, bool *value);
/* An IPv6 socket has no IPv4-mapped peers: IPV6_V6ONLY (RFC 3493 5.3).  Before bind (Linux: -EINVAL
 * afterwards, and always on a raw socket); -ENOPROTOOPT on IPv4. */
VET_API VET_CHECKED int vet_socket_set_only_ipv6(struct vet_socket *s, bool value);
VET_API VET_CHECKED int vet_socket_only_ipv6(struct vet_socket *s, bool *value);
/* bind may take an address whose last connections are in TIME_WAIT: SO_REUSEADDR (POSIX). */
VET_API VET_CHECKED int vet_socket_set_reuse_address(struct vet_socket *s, bool value);
VET_API VET_CHECKED int vet_socket_reuse_address(struct vet_socket *s, bool *value);
/* Several sockets may be bound to one address, and share its load: SO_REUSEPORT (socket(7)). */
VET_API VET_CHECKED int vet_socket_set_reuse_port(struct vet_socket *s, bool value);
VET_API VET_CHECKED int vet_socket_reuse_port(struct vet_socket *s, bool *value);
/* Multicast datagrams sent here are also heard here: IP_MULTICAST_LOOP, IPV6_MULTICAST_LOOP (RFC
 * 3493 5.2). */
VET_API VET_CHECKED int vet_socket_set_multicast_loop(struct vet_socket *s, bool value);
VET_API VET_CHECKED int vet_socket_multicast_loop(struct vet_socket *s, bool *value);
/* Acknowledgements leave at once, until the system thinks better of it: TCP_QUICKACK (tcp(7)). */
VET_API VET_CHECKED int vet_socket_set_quick_ack(struct vet_socket *s, bool value);
VET_API VET_CHECKED int vet_socket_quick_ack(struct vet_socket *s, bool *value);
/* Partial segments are held back until this is off again, 200 ms at most: TCP_CORK (tcp(7)). */
VET_API VET_CHECKED int vet_socket_set_cork(struct vet_socket *s, bool value);
VET_API VET_CHECKED int vet_socket_cork(struct vet_socket *s, bool *value);
/* Whether the socket is listening: SO_ACCEPTCONN (POSIX).  Read only. */
VET_API VET_CHECKED int vet_socket_accepting(struct vet_socket *s, bool *value);

/* ---- numbers ---- */

/* How often a silent peer is probed before the connection is ended, 1 to 127: TCP_KEEPCNT (tcp(7),
 * POSIX.1-2024). */
VET_API VET_CHECKED int vet_socket_set_keepalive_count(struct vet_socket *s, int64_t value);
VET_API VET_CHECKED int vet_socket_keepalive_count(struct vet_socket *s, int64_t *value);
/* Bytes of the receive and the send buffer, 0 to 2^31 - 1: SO_RCVBUF, SO_SNDBUF (POSIX).  Linux
 * doubles what is set, for its bookkeeping, keeps it within net.core limits, and the getter shows
 * the result (socket(7)). */
VET_API VET_CHECKED int vet_socket_set_receive_buffer_size(struct vet_socket *s, int64_t value);
VET_API VET_CHECKED int vet_socket_receive_buffer_size(struct vet_socket *s, int64_t *value);
VET_API VET_CHECKED int vet_socket_set_send_buffer_size(struct vet_socket *s, int64_t value);
VET_API VET_CHECKED int vet_socket_send_buffer_size(struct vet_socket *s, int64_t *value);
/* A stream is readable from so many bytes on, 1 to 2^31 - 1: SO_RCVLOWAT (POSIX). */
VET_API VET_CHECKED int vet_socket_set_receive_low_water(struct vet_socket *s, int64_t value);
VET_API VET_CHECKED int vet_socket_receive_low_water(struct vet_socket *s, int64_t *value);
/* Hops a packet may make, 1 to 255: IP_TTL; on IPv6 IPV6_UNICAST_HOPS, and IP_TTL for mapped peers
 * (ip(7), RFC 3493 5.1). The getter shows that of the socket's own family. */
VET_API VET_CHECKED int vet_socket_set_ttl(struct vet_socket *s, int64_t value);
VET_API VET_CHECKED int vet_socket_ttl(struct vet_socket *s, int64_t *value);
/* The byte of type of service, or traffic class, 0 to 255: IP_TOS; on IPv6 IPV6_TCLASS, and IP_TOS
 * for mapped peers (ip(7), RFC 3542 6.5).  On a stream Linux keeps the two low bits (ECN, RFC 3168)
 * for itself. */
VET_API VET_CHECKED int vet_socket_set_type_of_service(struct vet_socket *s, int64_t value);
VET_API VET_CHECKED int vet_socket_type_of_service(struct vet_socket *s, int64_t *value);
/* Hops a multicast datagram may make, 0 (this host) to 255: IP_MULTICAST_TTL, IPV6_MULTICAST_HOPS
 * (RFC 3493 5.2). */
VET_API VET_CHECKED int vet_socket_set_multicast_ttl(struct vet_socket *s, int64_t value);
VET_API VET_CHECKED int vet_socket_multicast_ttl(struct vet_socket *s, int64_t *value);
/* A listener lets so many connections bring data in their first segment, 0 to 2^31 - 1:
 * TCP_FASTOPEN (RFC 7413, tcp(7)). */
VET_API VET_CHECKED int vet_socket_set_fast_open(struct vet_socket *s, int64_t value);
VET_API VET_CHECKED int vet_socket_fast_open(struct vet_socket *s, int64_t *value);
/* The priority of what is sent, 0 to 2^31 - 1; above 6 needs a privilege (-EPERM): SO_PRIORITY
 * (socket(7)). */
VET_API VET_CHECKED int vet_socket_set_priority(struct vet_socket *s, int64_t value);
VET_API VET_CHECKED int vet_socket_priority(struct vet_socket *s, int64_t *value);
/* The pending error, 0 or negative, which asking takes away: SO_ERROR (POSIX).  Read only. */
VET_API VET_CHECKED int vet_socket_error(struct vet_socket *s, int64_t *value);
/* SOCK_STREAM, AF_INET, IPPROTO_TCP, ... as this system numbers them: SO_TYPE (POSIX), SO_DOMAIN,
 * SO_PROTOCOL (socket(7), POSIX.1-2024).  Read only. */
VET_API VET_CHECKED int vet_socket_type(struct vet_socket *s, int64_t *value);
VET_API VET_CHECKED int vet_socket_domain(struct vet_socket *s, int64_t *value);
VET_API VET_CHECKED int vet_socket_protocol(struct vet_socket *s, int64_t *value);

/* ---- durations ---- */

/* An idle connection is first probed after this, then at this interval, 1 s to 32,767 s:
 * TCP_KEEPIDLE, TCP_KEEPINTVL (tcp(7), POSIX.1-2024).  In whole seconds. */
VET_API VET_CHECKED int vet_socket_set_keepalive_time(struct vet_socket *s, vet_duration value);
VET_API VET_CHECKED int vet_socket_keepalive_time(struct vet_socket *s, vet_duration *value);
VET_API VET_CHECKED int vet_socket_set_keepalive_interval(struct vet_socket *s, vet_duration value);
VET_API VET_CHECKED int vet_socket_keepalive_interval(struct vet_socket *s, vet_duration *value);
/* The linger that is none: close returns at once and the system delivers what it still holds. */
#define VET_LINGER_OFF ((vet_duration)-1)
/* VET_LINGER_OFF; or close waits so long for delivery; 0: close throws away what is unsent and
 * resets the connection. SO_LINGER (POSIX).  In whole seconds, up to 2^31 - 1. */
VET_API VET_CHECKED int vet_socket_set_linger(struct vet_socket *s, vet_duration value);
VET_API VET_CHECKED int vet_socket_linger(struct vet_socket *s, vet_duration *value);
/* What was sent may be without acknowledgement for so long until the connection is given up, 0 for
 * the system's own limit: TCP_USER_TIMEOUT (RFC 5482, tcp(7)).  In whole milliseconds, up to 2^31
 * - 1. */
VET_API VET_CHECKED int vet_socket_set_user_timeout(struct vet_socket *s, vet_duration value);
VET_API VET_CHECKED int vet_socket_user_timeout(struct vet_socket *s, vet_duration *value);
/* A listener keeps a connection to itself until it has data, or about so long: TCP_DEFER_ACCEPT
 * (tcp(7)).  In whole seconds; 0 is off; Linux rounds up further, to a time of retransmission, and
 * the getter shows that. */
VET_API VET_CHECKED int vet_socket_set_defer_accept(struct vet_socket *s, vet_duration value);
VET_API VET_CHECKED int vet_socket_defer_accept(struct vet_socket *s, vet_duration *value);

/* ---- texts: `size` bytes in, without NUL (-EINVAL); out with a NUL added, the length returned,
 * -ENOSPC if `size` is too small, nothing written ---- */

#define VET_OPTION_TEXT_SIZE 16 /* room for the longest, the terminator included */
/* The congestion control, 1 to 15 bytes, "cubic": TCP_CONGESTION (tcp(7)).  -ENOENT: there is none
 * of that name. */
VET_API VET_CHECKED int vet_socket_set_congestion(struct vet_socket *s, const char *text,
						  size_t size);
VET_API VET_CHECKED int vet_socket_congestion(struct vet_socket *s, char *text, size_t size);
/* The only interface that is used, 0 (any again) to 15 bytes, "eth0": SO_BINDTODEVICE (socket(7)).
 * -ENODEV: there is none; -EPERM. */
VET_API VET_CHECKED int vet_socket_set_bind_to_device(struct vet_socket *s, const char *text,
						      size_t size);
VET_API VET_CHECKED int vet_socket_bind_to_device(struct vet_socket *s, char *text, size_t size);

/* ---- multicast groups ---- */

/*
 * The socket hears datagrams sent to a group, on the interface of that index (0: the system
 * chooses), or no longer: MCAST_JOIN_GROUP, MCAST_LEAVE_GROUP (RFC 3678 5.1).  -EINVAL without a
 * call: not a multicast address; -EAFNOSUPPORT without a call: not of the socket's family.
 * -EADDRINUSE: joined already; -EADDRNOTAVAIL: not joined; -ENODEV: no such interface; -ENOBUFS:
 * too many groups.
 */
VET_API VET_CHECKED int vet_socket_join(struct vet_socket *s, const struct vet_ip *group,
					uint32_t interface_index);
VET_API VET_CHECKED int vet_socket_leave(struct vet_socket *s, const struct vet_ip *group,
					 uint32_t interface_index);

VET_END_DECLS

#endif
