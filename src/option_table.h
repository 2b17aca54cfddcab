/* SPDX-License-Identifier: 0BSD */
/*
 * The options: the one table from which vet_option_at(), every setter and every getter follow.
 *
 * OPTION(name, text, kind, flags, least, greatest, unit, ipv4, ipv6, mapped, help), each number as
 * AT(level, name) or NONE.  The limits are decimal digits: what is said of a text that goes beyond
 * them is made of them by the preprocessor.
 */
#ifndef VETSOCK_SRC_OPTION_TABLE_H
#define VETSOCK_SRC_OPTION_TABLE_H

#include <vetsock/options.h>

#include "os.h"

#define AT(level, name) \
	{ \
		level, name \
	}
#define NONE \
	{ \
		0, -1 \
	}
#define BOTH        (VET_OPTION_ON_IPV4 | VET_OPTION_ON_IPV6)
#define READ_ONLY   (BOTH | VET_OPTION_READ_ONLY)
#define SECOND      VET_SECONDS(1)
#define MILLISECOND VET_MILLISECONDS(1)

/* VET_IF_SET_##flags(yes, no): yes of an option that can be set, no of one that is only read. */
#define VET_IF_SET_BOTH(yes, no)               yes
#define VET_IF_SET_VET_OPTION_ON_IPV4(yes, no) yes
#define VET_IF_SET_VET_OPTION_ON_IPV6(yes, no) yes
#define VET_IF_SET_READ_ONLY(yes, no)          no

/* clang-format off */
#define VET_OPTIONS(OPTION) \
	OPTION(broadcast, "broadcast", FLAG, BOTH, 0, 1, 0, \
	       AT(SOL_SOCKET, SO_BROADCAST), AT(SOL_SOCKET, SO_BROADCAST), NONE, \
	       "datagrams may go to a broadcast address (SO_BROADCAST, POSIX)") \
	OPTION(keepalive, "keepalive", FLAG, BOTH, 0, 1, 0, \
	       AT(SOL_SOCKET, SO_KEEPALIVE), AT(SOL_SOCKET, SO_KEEPALIVE), NONE, \
	       "idle connections are probed (SO_KEEPALIVE, POSIX)") \
	OPTION(keepalive_time, "keepalive-time", DURATION, BOTH, 1, 32767, SECOND, \
	       AT(IPPROTO_TCP, TCP_KEEPIDLE), AT(IPPROTO_TCP, TCP_KEEPIDLE), NONE, \
	       "idle time before the first probe (TCP_KEEPIDLE, tcp(7))") \
	OPTION(keepalive_interval, "keepalive-interval", DURATION, BOTH, 1, 32767, SECOND, \
	       AT(IPPROTO_TCP, TCP_KEEPINTVL), AT(IPPROTO_TCP, TCP_KEEPINTVL), NONE, \
	       "time between probes (TCP_KEEPINTVL, tcp(7))") \
	OPTION(keepalive_count, "keepalive-count", INTEGER, BOTH, 1, 127, 0, \
	       AT(IPPROTO_TCP, TCP_KEEPCNT), AT(IPPROTO_TCP, TCP_KEEPCNT), NONE, \
	       "probes without answer that end a connection (TCP_KEEPCNT, tcp(7))") \
	OPTION(linger, "linger", LINGER, BOTH, 0, 2147483647, SECOND, \
	       AT(SOL_SOCKET, SO_LINGER), AT(SOL_SOCKET, SO_LINGER), NONE, \
	       "how long close waits for delivery (SO_LINGER, POSIX)") \
	OPTION(no_delay, "no-delay", FLAG, BOTH, 0, 1, 0, \
	       AT(IPPROTO_TCP, TCP_NODELAY), AT(IPPROTO_TCP, TCP_NODELAY), NONE, \
	       "small segments leave at once (TCP_NODELAY, POSIX)") \
	OPTION(only_ipv6, "only-ipv6", FLAG, VET_OPTION_ON_IPV6, 0, 1, 0, \
	       NONE, AT(IPPROTO_IPV6, IPV6_V6ONLY), NONE, \
	       "no IPv4-mapped peers (IPV6_V6ONLY, RFC 3493)") \
	OPTION(receive_buffer_size, "receive-buffer", SIZE, BOTH, 0, 2147483647, 0, \
	       AT(SOL_SOCKET, SO_RCVBUF), AT(SOL_SOCKET, SO_RCVBUF), NONE, \
	       "bytes of the receive buffer (SO_RCVBUF, POSIX)") \
	OPTION(send_buffer_size, "send-buffer", SIZE, BOTH, 0, 2147483647, 0, \
	       AT(SOL_SOCKET, SO_SNDBUF), AT(SOL_SOCKET, SO_SNDBUF), NONE, \
	       "bytes of the send buffer (SO_SNDBUF, POSIX)") \
	OPTION(reuse_address, "reuse-address", FLAG, BOTH, 0, 1, 0, \
	       AT(SOL_SOCKET, SO_REUSEADDR), AT(SOL_SOCKET, SO_REUSEADDR), NONE, \
	       "bind takes an address in TIME_WAIT (SO_REUSEADDR, POSIX)") \
	OPTION(reuse_port, "reuse-port", FLAG, BOTH, 0, 1, 0, \
	       AT(SOL_SOCKET, SO_REUSEPORT), AT(SOL_SOCKET, SO_REUSEPORT), NONE, \
	       "several sockets share an address (SO_REUSEPORT, socket(7))") \
	OPTION(ttl, "ttl", INTEGER, BOTH, 1, 255, 0, \
	       AT(IPPROTO_IP, IP_TTL), AT(IPPROTO_IPV6, IPV6_UNICAST_HOPS), AT(IPPROTO_IP, IP_TTL), \
	       "hops of a packet (IP_TTL, ip(7); IPV6_UNICAST_HOPS, RFC 3493)") \
	OPTION(user_timeout, "user-timeout", DURATION, BOTH, 0, 2147483647, MILLISECOND, \
	       AT(IPPROTO_TCP, TCP_USER_TIMEOUT), AT(IPPROTO_TCP, TCP_USER_TIMEOUT), NONE, \
	       "time without acknowledgement that ends a connection (TCP_USER_TIMEOUT, RFC 5482)") \
	OPTION(receive_low_water, "receive-low-water", SIZE, BOTH, 1, 2147483647, 0, \
	       AT(SOL_SOCKET, SO_RCVLOWAT), AT(SOL_SOCKET, SO_RCVLOWAT), NONE, \
	       "bytes that make a stream readable (SO_RCVLOWAT, POSIX)") \
	OPTION(type_of_service, "type-of-service", INTEGER, BOTH, 0, 255, 0, \
	       AT(IPPROTO_IP, IP_TOS), AT(IPPROTO_IPV6, IPV6_TCLASS), AT(IPPROTO_IP, IP_TOS), \
	       "type of service or traffic class (IP_TOS, ip(7); IPV6_TCLASS, RFC 3542)") \
	OPTION(multicast_ttl, "multicast-ttl", INTEGER, BOTH, 0, 255, 0, \
	       AT(IPPROTO_IP, IP_MULTICAST_TTL), AT(IPPROTO_IPV6, IPV6_MULTICAST_HOPS), NONE, \
	       "hops of a multicast datagram (IP_MULTICAST_TTL, ip(7); IPV6_MULTICAST_HOPS, RFC 3493)") \
	OPTION(multicast_loop, "multicast-loop", FLAG, BOTH, 0, 1, 0, \
	       AT(IPPROTO_IP, IP_MULTICAST_LOOP), AT(IPPROTO_IPV6, IPV6_MULTICAST_LOOP), NONE, \
	       "own multicast datagrams are heard here (IP_MULTICAST_LOOP, ip(7); RFC 3493)") \
	OPTION(quick_ack, "quick-ack", FLAG, BOTH, 0, 1, 0, \
	       AT(IPPROTO_TCP, TCP_QUICKACK), AT(IPPROTO_TCP, TCP_QUICKACK), NONE, \
	       "acknowledgements leave at once (TCP_QUICKACK, tcp(7))") \
	OPTION(cork, "cork", FLAG, BOTH, 0, 1, 0, \
	       AT(IPPROTO_TCP, TCP_CORK), AT(IPPROTO_TCP, TCP_CORK), NONE, \
	       "partial segments are held back (TCP_CORK, tcp(7))") \
	OPTION(defer_accept, "defer-accept", DURATION, BOTH, 0, 2147483647, SECOND, \
	       AT(IPPROTO_TCP, TCP_DEFER_ACCEPT), AT(IPPROTO_TCP, TCP_DEFER_ACCEPT), NONE, \
	       "connections are accepted with their first data (TCP_DEFER_ACCEPT, tcp(7))") \
	OPTION(fast_open, "fast-open", INTEGER, BOTH, 0, 2147483647, 0, \
	       AT(IPPROTO_TCP, TCP_FASTOPEN), AT(IPPROTO_TCP, TCP_FASTOPEN), NONE, \
	       "connections that may bring data in their first segment (TCP_FASTOPEN, RFC 7413)") \
	OPTION(congestion, "congestion", TEXT, BOTH, 1, 15, 0, \
	       AT(IPPROTO_TCP, TCP_CONGESTION), AT(IPPROTO_TCP, TCP_CONGESTION), NONE, \
	       "the congestion control (TCP_CONGESTION, tcp(7))") \
	OPTION(bind_to_device, "bind-to-device", TEXT, BOTH, 0, 15, 0, \
	       AT(SOL_SOCKET, SO_BINDTODEVICE), AT(SOL_SOCKET, SO_BINDTODEVICE), NONE, \
	       "the only interface that is used (SO_BINDTODEVICE, socket(7))") \
	OPTION(priority, "priority", INTEGER, BOTH, 0, 2147483647, 0, \
	       AT(SOL_SOCKET, SO_PRIORITY), AT(SOL_SOCKET, SO_PRIORITY), NONE, \
	       "the priority of what is sent (SO_PRIORITY, socket(7))") \
	OPTION(error, "error", ERROR, READ_ONLY, INT32_MIN, 0, 0, \
	       AT(SOL_SOCKET, SO_ERROR), AT(SOL_SOCKET, SO_ERROR), NONE, \
	       "the pending error, taken away by asking (SO_ERROR, POSIX)") \
	OPTION(type, "type", INTEGER, READ_ONLY, 0, 2147483647, 0, \
	       AT(SOL_SOCKET, SO_TYPE), AT(SOL_SOCKET, SO_TYPE), NONE, \
	       "the kind of socket (SO_TYPE, POSIX)") \
	OPTION(domain, "domain", INTEGER, READ_ONLY, 0, 2147483647, 0, \
	       AT(SOL_SOCKET, SO_DOMAIN), AT(SOL_SOCKET, SO_DOMAIN), NONE, \
	       "the address family (SO_DOMAIN, socket(7))") \
	OPTION(protocol, "protocol", INTEGER, READ_ONLY, 0, 2147483647, 0, \
	       AT(SOL_SOCKET, SO_PROTOCOL), AT(SOL_SOCKET, SO_PROTOCOL), NONE, \
	       "the protocol (SO_PROTOCOL, socket(7))") \
	OPTION(accepting, "accepting", FLAG, READ_ONLY, 0, 1, 0, \
	       AT(SOL_SOCKET, SO_ACCEPTCONN), AT(SOL_SOCKET, SO_ACCEPTCONN), NONE, \
	       "whether the socket is listening (SO_ACCEPTCONN, POSIX)")
/* clang-format on */

extern const struct vet_option vet_option_table[VET_INDEX_COUNT];

#endif
