/* SPDX-License-Identifier: 0BSD */
/* The options: one row each.  Facts are those of Linux 6.18, held against it by the test. */
#include <netinet/in.h>
#include <netinet/tcp.h>

#include "option_row.h"

/* Numbers of Linux (asm-generic/socket.h, linux/in.h, linux/in6.h, linux/tcp.h, linux/udp.h), which
 * not every C library names: who uses them writes numbers. */
enum {
	LINUX_SO_NO_CHECK = 11,
	LINUX_SO_PRIORITY = 12,
	LINUX_SO_BSDCOMPAT = 14,
	LINUX_SO_PASSCRED = 16,
	LINUX_SO_PEERCRED = 17,
	LINUX_SO_PEERNAME = 28,
	LINUX_SO_TIMESTAMP = 29,
	LINUX_SO_SNDBUFFORCE = 32,
	LINUX_SO_RCVBUFFORCE = 33,
	LINUX_SO_PASSSEC = 34,
	LINUX_SO_TIMESTAMPNS = 35,
	LINUX_SO_MARK = 36,
	LINUX_SO_RXQ_OVFL = 40,
	LINUX_SO_WIFI_STATUS = 41,
	LINUX_SO_PEEK_OFF = 42,
	LINUX_SO_NOFCS = 43,
	LINUX_SO_SELECT_ERR_QUEUE = 45,
	LINUX_SO_INCOMING_NAPI_ID = 56,
	LINUX_SO_COOKIE = 57,
	LINUX_SO_ZEROCOPY = 60,
	LINUX_SO_BINDTOIFINDEX = 62,
	LINUX_SO_TIMESTAMP_NEW = 63,
	LINUX_SO_TIMESTAMPNS_NEW = 64,
	LINUX_SO_BUF_LOCK = 72,
	LINUX_SO_TXREHASH = 74,
	LINUX_SO_RCVMARK = 75,
	LINUX_SO_PASSPIDFD = 76,
	LINUX_SO_RCVPRIORITY = 82,
	LINUX_SO_PASSRIGHTS = 83,
	LINUX_IP_HDRINCL = 3,
	LINUX_IP_RECVOPTS = 6,
	LINUX_IP_RETOPTS = 7,
	LINUX_IP_PKTINFO = 8,
	LINUX_IP_MTU_DISCOVER = 10,
	LINUX_IP_RECVERR = 11,
	LINUX_IP_RECVTTL = 12,
	LINUX_IP_RECVTOS = 13,
	LINUX_IP_MTU = 14,
	LINUX_IP_FREEBIND = 15,
	LINUX_IP_PASSSEC = 18,
	LINUX_IP_TRANSPARENT = 19,
	LINUX_IP_RECVORIGDSTADDR = 20,
	LINUX_IP_MINTTL = 21,
	LINUX_IP_NODEFRAG = 22,
	LINUX_IP_BIND_ADDRESS_NO_PORT = 24,
	LINUX_IP_RECVFRAGSIZE = 25,
	LINUX_IP_RECVERR_RFC4884 = 26,
	LINUX_IP_MULTICAST_ALL = 49,
	LINUX_IP_UNICAST_IF = 50,
	LINUX_IP_LOCAL_PORT_RANGE = 51,
	LINUX_IP_PROTOCOL = 52,
	LINUX_IPV6_2292PKTINFO = 2,
	LINUX_IPV6_2292HOPOPTS = 3,
	LINUX_IPV6_2292DSTOPTS = 4,
	LINUX_IPV6_2292RTHDR = 5,
	LINUX_IPV6_CHECKSUM = 7,
	LINUX_IPV6_2292HOPLIMIT = 8,
	LINUX_IPV6_FLOWINFO = 11,
	LINUX_IPV6_MTU_DISCOVER = 23,
	LINUX_IPV6_MTU = 24,
	LINUX_IPV6_RECVERR = 25,
	LINUX_IPV6_MULTICAST_ALL = 29,
	LINUX_IPV6_ROUTER_ALERT_ISOLATE = 30,
	LINUX_IPV6_RECVERR_RFC4884 = 31,
	LINUX_IPV6_FLOWINFO_SEND = 33,
	LINUX_IPV6_HDRINCL = 36,
	LINUX_IPV6_RECVPKTINFO = 49,
	LINUX_IPV6_RECVHOPLIMIT = 51,
	LINUX_IPV6_RECVHOPOPTS = 53,
	LINUX_IPV6_RECVRTHDR = 56,
	LINUX_IPV6_RECVDSTOPTS = 58,
	LINUX_IPV6_RECVPATHMTU = 60,
	LINUX_IPV6_DONTFRAG = 62,
	LINUX_IPV6_RECVTCLASS = 66,
	LINUX_IPV6_AUTOFLOWLABEL = 70,
	LINUX_IPV6_ADDR_PREFERENCES = 72,
	LINUX_IPV6_MINHOPCOUNT = 73,
	LINUX_IPV6_RECVORIGDSTADDR = 74,
	LINUX_IPV6_TRANSPARENT = 75,
	LINUX_IPV6_UNICAST_IF = 76,
	LINUX_IPV6_RECVFRAGSIZE = 77,
	LINUX_IPV6_FREEBIND = 78,
	LINUX_TCP_SYNCNT = 7,
	LINUX_TCP_LINGER2 = 8,
	LINUX_TCP_WINDOW_CLAMP = 10,
	LINUX_TCP_INFO = 11,
	LINUX_TCP_THIN_LINEAR_TIMEOUTS = 16,
	LINUX_TCP_THIN_DUPACK = 17,
	LINUX_TCP_NOTSENT_LOWAT = 25,
	LINUX_TCP_SAVE_SYN = 27,
	LINUX_TCP_FASTOPEN_CONNECT = 30,
	LINUX_TCP_FASTOPEN_NO_COOKIE = 34,
	LINUX_TCP_INQ = 36,
	LINUX_UDP_CORK = 1,
	LINUX_UDPLITE_SEND_CSCOV = 10,
	LINUX_UDPLITE_RECV_CSCOV = 11,
	LINUX_UDP_NO_CHECK6_TX = 101,
	LINUX_UDP_NO_CHECK6_RX = 102,
	LINUX_UDP_SEGMENT = 103,
	LINUX_UDP_GRO = 104,
};


#define KEPT(kept, field) .store = kept, .offset = offsetof(struct sim_options, field)
#define RANGE(from, to)   .least = (from), .greatest = (to)
#define CALLS(setter, getter) .set = vetsim_set_##setter, .get = vetsim_get_##getter
#define REFUSES(kind, with)   .refuses = (kind), .refusal = with
/* Whatever is not 0 is 1. */
#define FLAG(field) KEPT(SIM_FLAG, field), CALLS(flag, number)
#define NUMBER(kept, field, from, to) KEPT(kept, field), RANGE(from, to), CALLS(number, number)
#define ANY(field)                    NUMBER(SIM_INT, field, INT32_MIN, INT32_MAX)
#define READ(getter)                  REFUSES(SIM_ALL, ENOPROTOOPT), CALLS(nothing, getter)
#define BYTES                         .takes_bytes = true
#define NOT_EMPTY                     .needs_a_byte = true
#define SHORT_IS_0                    .short_is_0 = true
/* Sockets that answer EOPNOTSUPP whatever is asked of it. */
#define LACKS(kind)                   .lacks = kind
#define UNSUPPORTED                   LACKS(SIM_ALL), CALLS(nothing, nothing)

/* Those of a level: of its number, and of the sockets that have it. */
#define SOCKET   .at = SIM_LEVEL_SOCKET, .level = SOL_SOCKET, .kinds = SIM_ALL
#define IP       .at = SIM_LEVEL_IP, .level = IPPROTO_IP, .kinds = SIM_4
#define IPV6     .at = SIM_LEVEL_IPV6, .level = IPPROTO_IPV6, .kinds = SIM_6
#define IPV6_RAW .at = SIM_LEVEL_RAW, .level = IPPROTO_IPV6, .kinds = SIM_R6
#define TCP      .at = SIM_LEVEL_TCP, .level = IPPROTO_TCP, .kinds = SIM_T
#define UDP      .at = SIM_LEVEL_UDP, .level = IPPROTO_UDP, .kinds = SIM_U
#define RAW      .at = SIM_LEVEL_RAW, .level = IPPROTO_RAW, .kinds = SIM_R6

/* The order is that of the numbers which hashes get (vetsim_option_number): new rows come last.
 * clang-format would put each row on many lines. */
/* clang-format off */
#define OPTIONS(ROW) \
	ROW(SOCKET, SO_ERROR, READ(error)) \
	ROW(SOCKET, SO_REUSEADDR, FLAG(reuse_address)) \
	ROW(SOCKET, SO_REUSEPORT, FLAG(reuse_port)) \
	ROW(SOCKET, SO_KEEPALIVE, FLAG(keepalive)) \
	ROW(SOCKET, SO_BROADCAST, FLAG(broadcast)) \
	ROW(SOCKET, SO_LINGER, CALLS(linger, linger)) \
	ROW(SOCKET, SO_RCVBUF, KEPT(SIM_INT, receive_buffer), RANGE(0, SIM_RECEIVE_BUFFER_MOST), \
	    CALLS(receive_buffer, number)) \
	ROW(SOCKET, SO_SNDBUF, KEPT(SIM_INT, send_buffer), RANGE(0, SIM_SEND_BUFFER_MOST), \
	    CALLS(send_buffer, number)) \
	/* As a host's root: limits of its own there are not (socket(7)). */ \
	ROW(SOCKET, LINUX_SO_RCVBUFFORCE, RANGE(1, 0), CALLS(receive_buffer, refused)) \
	ROW(SOCKET, LINUX_SO_SNDBUFFORCE, RANGE(1, 0), CALLS(send_buffer, refused)) \
	ROW(SOCKET, SO_RCVLOWAT, KEPT(SIM_INT, receive_low), CALLS(receive_low, number)) \
	ROW(SOCKET, SO_SNDLOWAT, RANGE(1, 0), READ(nothing)) \
	ROW(SOCKET, SO_RCVTIMEO, KEPT(SIM_LONG, receive_timeout), CALLS(timeout, timeout)) \
	ROW(SOCKET, SO_SNDTIMEO, KEPT(SIM_LONG, send_timeout), CALLS(timeout, timeout)) \
	ROW(SOCKET, SO_TYPE, READ(type)) \
	ROW(SOCKET, SO_DOMAIN, READ(domain)) \
	ROW(SOCKET, SO_PROTOCOL, READ(protocol)) \
	ROW(SOCKET, SO_ACCEPTCONN, READ(accepting)) \
	ROW(SOCKET, SO_BINDTODEVICE, BYTES, CALLS(device, device)) \
	ROW(SOCKET, SO_OOBINLINE, FLAG(oob_inline)) \
	ROW(SOCKET, SO_DONTROUTE, FLAG(dont_route)) \
	ROW(SOCKET, SO_DEBUG, FLAG(debug)) \
	ROW(SOCKET, LINUX_SO_NO_CHECK, FLAG(no_check)) \
	ROW(SOCKET, LINUX_SO_PRIORITY, ANY(priority)) \
	ROW(SOCKET, LINUX_SO_BSDCOMPAT, CALLS(nothing, nothing)) \
	ROW(SOCKET, LINUX_SO_PASSCRED, UNSUPPORTED) \
	ROW(SOCKET, LINUX_SO_PEERCRED, READ(credentials)) \
	ROW(SOCKET, LINUX_SO_PEERNAME, READ(peer)) \
	ROW(SOCKET, LINUX_SO_TIMESTAMP, RANGE(SIM_STAMP, 0), CALLS(stamp, stamp)) \
	ROW(SOCKET, LINUX_SO_TIMESTAMPNS, RANGE(SIM_STAMP | SIM_STAMP_NANOSECONDS, 0), \
	    CALLS(stamp, stamp)) \
	ROW(SOCKET, LINUX_SO_TIMESTAMP_NEW, RANGE(SIM_STAMP | SIM_STAMP_NEW, 0), CALLS(stamp, stamp)) \
	ROW(SOCKET, LINUX_SO_TIMESTAMPNS_NEW, \
	    RANGE(SIM_STAMP | SIM_STAMP_NANOSECONDS | SIM_STAMP_NEW, 0), CALLS(stamp, stamp)) \
	ROW(SOCKET, LINUX_SO_PASSSEC, UNSUPPORTED) \
	ROW(SOCKET, LINUX_SO_MARK, ANY(mark)) \
	ROW(SOCKET, LINUX_SO_RXQ_OVFL, FLAG(overflow)) \
	ROW(SOCKET, LINUX_SO_WIFI_STATUS, FLAG(wifi_status)) \
	ROW(SOCKET, LINUX_SO_PEEK_OFF, LACKS(SIM_R), ANY(peek_offset)) \
	ROW(SOCKET, LINUX_SO_NOFCS, FLAG(no_fcs)) \
	ROW(SOCKET, LINUX_SO_SELECT_ERR_QUEUE, FLAG(select_errors)) \
	ROW(SOCKET, LINUX_SO_INCOMING_NAPI_ID, READ(nothing)) \
	ROW(SOCKET, LINUX_SO_COOKIE, READ(cookie)) \
	ROW(SOCKET, LINUX_SO_ZEROCOPY, REFUSES(SIM_R, EOPNOTSUPP), NUMBER(SIM_FLAG, zero_copy, 0, 1)) \
	ROW(SOCKET, LINUX_SO_BINDTOIFINDEX, KEPT(SIM_INT, device), CALLS(device_index, number)) \
	ROW(SOCKET, LINUX_SO_BUF_LOCK, CALLS(locks, locks)) \
	ROW(SOCKET, LINUX_SO_TXREHASH, LACKS(SIM_UR), KEPT(SIM_BYTE, rehash), CALLS(rehash, number)) \
	ROW(SOCKET, LINUX_SO_RCVMARK, FLAG(receive_mark)) \
	ROW(SOCKET, LINUX_SO_PASSPIDFD, UNSUPPORTED) \
	ROW(SOCKET, LINUX_SO_RCVPRIORITY, FLAG(receive_priority)) \
	ROW(SOCKET, LINUX_SO_PASSRIGHTS, UNSUPPORTED) \
	ROW(IP, IP_TOS, KEPT(SIM_BYTE, tos), CALLS(tos, number)) \
	ROW(IP, IP_TTL, NOT_EMPTY, KEPT(SIM_SHORT, ttl), RANGE(SIM_HOPS, 0), CALLS(ttl, hops)) \
	ROW(IP, LINUX_IP_HDRINCL, REFUSES(SIM_TU, ENOPROTOOPT), FLAG(header_included)) \
	ROW(IP, LINUX_IP_RECVOPTS, FLAG(receive_options)) \
	ROW(IP, LINUX_IP_RETOPTS, FLAG(returned_options)) \
	ROW(IP, LINUX_IP_PKTINFO, FLAG(packet_info)) \
	ROW(IP, LINUX_IP_MTU_DISCOVER, NUMBER(SIM_BYTE, mtu_discover, 0, 5)) \
	ROW(IP, LINUX_IP_RECVERR, FLAG(receive_errors)) \
	ROW(IP, LINUX_IP_RECVTTL, FLAG(receive_ttl)) \
	ROW(IP, LINUX_IP_RECVTOS, FLAG(receive_tos)) \
	ROW(IP, LINUX_IP_MTU, READ(mtu)) \
	ROW(IP, LINUX_IP_FREEBIND, NOT_EMPTY, FLAG(free_bind)) \
	ROW(IP, LINUX_IP_PASSSEC, FLAG(receive_security)) \
	ROW(IP, LINUX_IP_TRANSPARENT, NOT_EMPTY, FLAG(transparent)) \
	ROW(IP, LINUX_IP_RECVORIGDSTADDR, FLAG(original_destination)) \
	ROW(IP, LINUX_IP_MINTTL, NOT_EMPTY, NUMBER(SIM_BYTE, minimum_ttl, 0, 255)) \
	ROW(IP, LINUX_IP_NODEFRAG, REFUSES(SIM_TU, ENOPROTOOPT), FLAG(no_defragment)) \
	ROW(IP, LINUX_IP_BIND_ADDRESS_NO_PORT, FLAG(bind_without_port)) \
	ROW(IP, LINUX_IP_RECVFRAGSIZE, REFUSES(SIM_T, EINVAL), FLAG(fragment_size)) \
	ROW(IP, LINUX_IP_RECVERR_RFC4884, NUMBER(SIM_FLAG, rfc4884, 0, 1)) \
	ROW(IP, IP_MULTICAST_IF, BYTES, REFUSES(SIM_T, EINVAL), \
	    CALLS(multicast_interface, multicast_interface)) \
	ROW(IP, IP_MULTICAST_TTL, NOT_EMPTY, REFUSES(SIM_T, EINVAL), KEPT(SIM_SHORT, multicast_ttl), \
	    CALLS(multicast_hops, number)) \
	ROW(IP, IP_MULTICAST_LOOP, NOT_EMPTY, FLAG(multicast_loop)) \
	ROW(IP, IP_ADD_MEMBERSHIP, BYTES, REFUSES(SIM_T, EPROTO), RANGE(1, 0), \
	    CALLS(membership, refused)) \
	ROW(IP, IP_DROP_MEMBERSHIP, BYTES, REFUSES(SIM_T, EPROTO), RANGE(0, 0), \
	    CALLS(membership, refused)) \
	ROW(IP, MCAST_JOIN_GROUP, BYTES, RANGE(1, 4), CALLS(group, refused)) \
	ROW(IP, MCAST_LEAVE_GROUP, BYTES, RANGE(0, 4), CALLS(group, refused)) \
	ROW(IP, LINUX_IP_MULTICAST_ALL, NOT_EMPTY, NUMBER(SIM_FLAG, multicast_all, 0, 1)) \
	ROW(IP, LINUX_IP_UNICAST_IF, KEPT(SIM_INT, unicast_interface), \
	    CALLS(unicast_interface, unicast_interface)) \
	ROW(IP, LINUX_IP_LOCAL_PORT_RANGE, KEPT(SIM_INT, port_range), CALLS(port_range, number)) \
	ROW(IP, LINUX_IP_PROTOCOL, READ(port)) \
	ROW(IPV6, LINUX_IPV6_2292PKTINFO, FLAG(packet_info_2292)) \
	ROW(IPV6, LINUX_IPV6_2292HOPOPTS, FLAG(hop_options_2292)) \
	ROW(IPV6, LINUX_IPV6_2292DSTOPTS, FLAG(destination_2292)) \
	ROW(IPV6, LINUX_IPV6_2292RTHDR, FLAG(routing_2292)) \
	ROW(IPV6, LINUX_IPV6_2292HOPLIMIT, FLAG(hop_limit_2292)) \
	ROW(IPV6, LINUX_IPV6_FLOWINFO, FLAG(flow_info)) \
	ROW(IPV6, IPV6_UNICAST_HOPS, KEPT(SIM_SHORT, hops), RANGE(-1, 255), CALLS(number, hops)) \
	ROW(IPV6, IPV6_MULTICAST_IF, REFUSES(SIM_T, ENOPROTOOPT), KEPT(SIM_INT, multicast_interface6), \
	    CALLS(multicast_interface6, number)) \
	ROW(IPV6, IPV6_MULTICAST_HOPS, REFUSES(SIM_T, ENOPROTOOPT), KEPT(SIM_SHORT, multicast_hops), \
	    CALLS(multicast_hops, number)) \
	ROW(IPV6, IPV6_MULTICAST_LOOP, NUMBER(SIM_FLAG, multicast_loop6, 0, 1)) \
	ROW(IPV6, IPV6_JOIN_GROUP, BYTES, RANGE(1, 0), \
	    CALLS(membership6, refused)) \
	ROW(IPV6, IPV6_LEAVE_GROUP, BYTES, RANGE(0, 0), \
	    CALLS(membership6, refused)) \
	ROW(IPV6, LINUX_IPV6_MTU_DISCOVER, NUMBER(SIM_BYTE, mtu_discover6, 0, 5)) \
	ROW(IPV6, LINUX_IPV6_MTU, KEPT(SIM_INT, mtu6), CALLS(mtu6, mtu)) \
	ROW(IPV6, LINUX_IPV6_RECVERR, FLAG(receive_errors6)) \
	ROW(IPV6, IPV6_V6ONLY, KEPT(SIM_FLAG, only_ipv6), CALLS(only_ipv6, only_ipv6)) \
	ROW(IPV6, LINUX_IPV6_MULTICAST_ALL, FLAG(multicast_all6)) \
	ROW(IPV6, LINUX_IPV6_ROUTER_ALERT_ISOLATE, FLAG(alert_isolate)) \
	ROW(IPV6, LINUX_IPV6_RECVERR_RFC4884, NUMBER(SIM_FLAG, rfc4884_6, 0, 1)) \
	ROW(IPV6, LINUX_IPV6_FLOWINFO_SEND, FLAG(flow_info_send)) \
	ROW(IPV6, MCAST_JOIN_GROUP, BYTES, RANGE(1, 6), CALLS(group, refused)) \
	ROW(IPV6, MCAST_LEAVE_GROUP, BYTES, RANGE(0, 6), CALLS(group, refused)) \
	ROW(IPV6, LINUX_IPV6_RECVPKTINFO, FLAG(packet_info6)) \
	ROW(IPV6, LINUX_IPV6_RECVHOPLIMIT, FLAG(hop_limit6)) \
	ROW(IPV6, LINUX_IPV6_RECVHOPOPTS, FLAG(hop_options6)) \
	ROW(IPV6, LINUX_IPV6_RECVRTHDR, FLAG(routing6)) \
	ROW(IPV6, LINUX_IPV6_RECVDSTOPTS, FLAG(destination6)) \
	ROW(IPV6, LINUX_IPV6_RECVPATHMTU, FLAG(path_mtu6)) \
	ROW(IPV6, LINUX_IPV6_DONTFRAG, SHORT_IS_0, FLAG(dont_fragment)) \
	ROW(IPV6, LINUX_IPV6_RECVTCLASS, FLAG(traffic_class6)) \
	ROW(IPV6, IPV6_TCLASS, KEPT(SIM_BYTE, traffic_class), CALLS(traffic_class, number)) \
	ROW(IPV6, LINUX_IPV6_AUTOFLOWLABEL, SHORT_IS_0, FLAG(flow_label)) \
	ROW(IPV6, LINUX_IPV6_ADDR_PREFERENCES, KEPT(SIM_INT, address_preferences), \
	    CALLS(preferences, preferences)) \
	ROW(IPV6, LINUX_IPV6_MINHOPCOUNT, NUMBER(SIM_BYTE, minimum_hops, 0, 255)) \
	ROW(IPV6, LINUX_IPV6_RECVORIGDSTADDR, FLAG(original_destination6)) \
	/* One flag of the kernel's for both levels. */ \
	ROW(IPV6, LINUX_IPV6_TRANSPARENT, FLAG(transparent)) \
	ROW(IPV6, LINUX_IPV6_UNICAST_IF, KEPT(SIM_INT, unicast_interface6), \
	    CALLS(unicast_interface, unicast_interface)) \
	ROW(IPV6, LINUX_IPV6_RECVFRAGSIZE, SHORT_IS_0, FLAG(fragment_size6)) \
	ROW(IPV6, LINUX_IPV6_FREEBIND, FLAG(free_bind)) \
	ROW(IPV6_RAW, LINUX_IPV6_CHECKSUM, KEPT(SIM_INT, checksum6), CALLS(checksum6, number)) \
	ROW(IPV6_RAW, LINUX_IPV6_HDRINCL, FLAG(header_included6)) \
	ROW(RAW, LINUX_IPV6_CHECKSUM, KEPT(SIM_INT, checksum6), CALLS(checksum6, number)) \
	ROW(RAW, LINUX_IPV6_HDRINCL, FLAG(header_included6)) \
	ROW(TCP, TCP_NODELAY, FLAG(no_delay)) \
	ROW(TCP, TCP_MAXSEG, KEPT(SIM_INT, maximum_segment), CALLS(maximum_segment, maximum_segment)) \
	ROW(TCP, TCP_CORK, FLAG(cork)) \
	ROW(TCP, TCP_KEEPIDLE, KEPT(SIM_INT, keepalive_time), RANGE(1, 32767), CALLS(number, or_default)) \
	ROW(TCP, TCP_KEEPINTVL, KEPT(SIM_INT, keepalive_interval), RANGE(1, 32767), \
	    CALLS(number, or_default)) \
	ROW(TCP, TCP_KEEPCNT, KEPT(SIM_INT, keepalive_count), RANGE(1, 127), CALLS(number, or_default)) \
	ROW(TCP, LINUX_TCP_SYNCNT, KEPT(SIM_INT, syn_count), RANGE(1, 127), CALLS(number, or_default)) \
	ROW(TCP, LINUX_TCP_LINGER2, KEPT(SIM_INT, linger2), CALLS(linger2, linger2)) \
	ROW(TCP, TCP_DEFER_ACCEPT, KEPT(SIM_BYTE, defer_accept), CALLS(defer_accept, defer_accept)) \
	ROW(TCP, LINUX_TCP_WINDOW_CLAMP, KEPT(SIM_INT, window_clamp), CALLS(window_clamp, number)) \
	ROW(TCP, LINUX_TCP_INFO, READ(info)) \
	ROW(TCP, TCP_QUICKACK, KEPT(SIM_FLAG, quick_ack), CALLS(flag, number)) \
	ROW(TCP, TCP_CONGESTION, BYTES, CALLS(congestion, congestion)) \
	ROW(TCP, LINUX_TCP_THIN_LINEAR_TIMEOUTS, NUMBER(SIM_FLAG, thin_linear, 0, 1)) \
	ROW(TCP, LINUX_TCP_THIN_DUPACK, RANGE(0, 1), CALLS(number, nothing)) \
	ROW(TCP, TCP_USER_TIMEOUT, NUMBER(SIM_INT, user_timeout, 0, INT32_MAX)) \
	ROW(TCP, TCP_FASTOPEN, KEPT(SIM_INT, fast_open), CALLS(fast_open, number)) \
	ROW(TCP, LINUX_TCP_NOTSENT_LOWAT, ANY(unsent_low)) \
	ROW(TCP, LINUX_TCP_SAVE_SYN, NUMBER(SIM_BYTE, save_syn, 0, 2)) \
	ROW(TCP, LINUX_TCP_FASTOPEN_CONNECT, KEPT(SIM_FLAG, fast_open_connect), RANGE(0, 1), \
	    CALLS(fast_open_connect, number)) \
	ROW(TCP, LINUX_TCP_FASTOPEN_NO_COOKIE, KEPT(SIM_FLAG, fast_open_no_cookie), RANGE(0, 1), \
	    CALLS(fast_open_no_cookie, number)) \
	ROW(TCP, LINUX_TCP_INQ, NUMBER(SIM_FLAG, inquire, 0, 1)) \
	ROW(UDP, LINUX_UDP_CORK, FLAG(udp_cork)) \
	/* Of UDP-Lite, which Linux has no more: told, and not set. */ \
	ROW(UDP, LINUX_UDPLITE_SEND_CSCOV, READ(nothing)) \
	ROW(UDP, LINUX_UDPLITE_RECV_CSCOV, READ(nothing)) \
	ROW(UDP, LINUX_UDP_NO_CHECK6_TX, FLAG(udp_no_check_sent)) \
	ROW(UDP, LINUX_UDP_NO_CHECK6_RX, FLAG(udp_no_check_received)) \
	ROW(UDP, LINUX_UDP_SEGMENT, NUMBER(SIM_WORD, udp_segment, 0, 65535)) \
	ROW(UDP, LINUX_UDP_GRO, FLAG(udp_gather))
/* clang-format on */

#define ROW_NUMBER(level_of, number, ...) NUMBER_##level_of##_##number,
enum row_number { NO_ROW, OPTIONS(ROW_NUMBER) ROWS };

#define ROW(level_of, number, ...) [NUMBER_##level_of##_##number] = \
	{ level_of, .name = number, __VA_ARGS__ },
static const struct sim_option table[ROWS] = { OPTIONS(ROW) };

/* Rows by level and the low bits of their numbers, which differ on Linux. */
enum { SLOTS = 128 };
enum sim_slot_level { SLOT_SOCKET, SLOT_IP, SLOT_IPV6, SLOT_TCP, SLOT_UDP, SLOT_RAW, SLOT_LEVELS };
#define SLOT_IPV6_RAW SLOT_IPV6
#define SLOT(level_of, number, ...) \
	[SLOT_##level_of][(number) & (SLOTS - 1)] = NUMBER_##level_of##_##number,
static const uint8_t slot[SLOT_LEVELS][SLOTS] = { OPTIONS(SLOT) };

static int slot_level(int level)
{
	switch (level) {
	case SOL_SOCKET:
		return SLOT_SOCKET;
	case IPPROTO_IP:
		return SLOT_IP;
	case IPPROTO_IPV6:
		return SLOT_IPV6;
	case IPPROTO_TCP:
		return SLOT_TCP;
	case IPPROTO_UDP:
		return SLOT_UDP;
	case IPPROTO_RAW:
		return SLOT_RAW;
	default:
		return -1;
	}
}

static uint32_t row_of(int level, int name)
{
	int at = slot_level(level);
	uint32_t row;
	if (at < 0 || name < 0)
		return NO_ROW;
	row = slot[at][name & (SLOTS - 1)];
	if (row != NO_ROW && table[row].name == name)
		return row;
	/* Elsewhere than on Linux two may share a slot. */
	for (row = NO_ROW + 1; row < ROWS; row++)
		if (table[row].level == level && table[row].name == name)
			return row;
	return NO_ROW;
}

const struct sim_option *vetsim_option_find(int level, int name)
{
	uint32_t row = row_of(level, name);
	return row == NO_ROW ? NULL : &table[row];
}

uint32_t vetsim_option_number(int level, int name)
{
	return row_of(level, name);
}
