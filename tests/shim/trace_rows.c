/* SPDX-License-Identifier: 0BSD */
#include <errno.h>
#include <netinet/tcp.h>
#include <stddef.h>

#include <vetsock/error.h>
#include <vetsock/time.h>

#include "trace_rows.h"

/* ---- addresses, byte by byte: what is in network order looks the same everywhere ---- */

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct {
		sa_family_t family;
		char bytes[26];
	} raw;
};
/* clang-format off */
static const union address ipv4 = { .raw = { AF_INET, "\0\120\1\2\3\4" } }; /* 1.2.3.4:80 */
static const union address ipv6 = { .raw = { AF_INET6,                     /* [2001:db8::1]:443 */
	"\1\273" "\0\0\0\0" "\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1" } };
static const union address flow = { .raw = { AF_INET6,
	"\1\273" "\0\0\0\7" "\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1" } };
static const union address mapped = { .raw = { AF_INET6,
	"\0\1" "\0\0\0\0" "\0\0\0\0\0\0\0\0\0\0\xff\xff\x7f\0\0\1" } };
static const union address local = { .raw = { AF_UNIX, "/x\n" } };
static const union address strange = { .raw = { 250, "\1" } };
static const struct sockaddr_in6 zone = { .sin6_family = AF_INET6, .sin6_scope_id = 70000,
	.sin6_addr = { { { 0xfe, 0x80 } } } };

/* ---- values ---- */

static const int zero, one = 1, refused = ECONNREFUSED, unknown = 532, negative = -5, stream = SOCK_STREAM,
	inet6 = AF_INET6;
static const struct linger lingers = { 1, 5 };
/* A group_req begins with its number; where its address is, differs. */
static const union {
	struct group_req request;
	struct {
		uint32_t number;
		_Alignas(struct sockaddr_storage) union address address;
	} parts;
} group = { .parts = { 2, { .raw = { AF_INET, "\0\120\1\2\3\4" } } } };
static struct iovec pieces[] = { { (void *)(uintptr_t)"hello", 5 }, { (void *)(uintptr_t)"\n", 1 }, { NULL, 0 }, { NULL, 3 } };
static struct pollfd two[] = { { 1, POLLIN, 0 }, { 2, POLLOUT | POLLPRI, 0 }, { NONE, 0, 0 } };
static struct pollfd others[] = { { 1, POLLIN | 0x0800, 0 }, { FOREIGN + 9, POLLRDHUP | POLLERR, 0 }, { 1, 0x0800, 0 } };

#define PEER (struct sockaddr *)&memory.address, &memory.length
#define VALUE(v)       .bytes = (const char *)&(v), .size = sizeof (v)
#define GET(n, l, o)   VET_CALL_getsockopt, n, { .get = { l, o, memory.data, &memory.length } }
#define SET(n, l, o, v) VET_CALL_setsockopt, n, { .set = { l, o, &(v), sizeof (v) } }

const struct row rows[] = {
	/* descriptors */
	{ "socket INET STREAM 0 = #1", { VET_CALL_socket, -1, { .socket = { AF_INET, SOCK_STREAM, 0 } } }, .answer = { 0 } },
	{ "socket INET6 DGRAM 17 = #2", { VET_CALL_socket, -1, { .socket = { AF_INET6, SOCK_DGRAM, 17 } } }, .answer = { 0 } },
	{ "socket UNIX SEQPACKET 0 = EMFILE", { VET_CALL_socket, -1, { .socket = { AF_UNIX, SOCK_SEQPACKET, 0 } } }, .answer = { .result = -EMFILE } },
	{ "socket UNSPEC RAW -1 = EINVAL", { VET_CALL_socket, -1, { .socket = { AF_UNSPEC, SOCK_RAW, -1 } } }, .answer = { .result = -EINVAL } },
	{ "socket family:250 type:77 0 = error:532", { VET_CALL_socket, -1, { .socket = { 250, 77, 0 } } }, .answer = { .result = -532 } },
	{ "adopt foreign = #3", { VET_CALL_adopt, FOREIGN, { .how = 0 } }, .answer = { .result = 1 } },
	{ "adopt foreign = #4 moved", { VET_CALL_adopt, FOREIGN + 1, { .how = 0 } }, .answer = { 0 } },
	{ "adopt #4 = #4", { VET_CALL_adopt, 4, { .how = 0 } }, .answer = { .result = 1 } },
	{ "adopt foreign = EBADF", { VET_CALL_adopt, FOREIGN + 2, { .how = 0 } }, .answer = { .result = -EBADF } },
	{ "dup #1 = #5", { VET_CALL_dup, 1, { .how = 0 } }, .answer = { 0 } },
	{ "dup #5 = ENFILE", { VET_CALL_dup, 5, { .how = 0 } }, .answer = { .result = -ENFILE } },
	{ "socket INET STREAM 0 = #1", { VET_CALL_socket, -1, { .socket = { AF_INET, SOCK_STREAM, 0 } } }, .answer = { .result = 10 } },
	/* addresses that are given */
	{ "bind #1 1.2.3.4:80 = 0", { VET_CALL_bind, 1, { .to = { &ipv4.any, sizeof ipv4.in } } }, .answer = { 0 } },
	{ "bind #1 1.2.3.4:80/28 = EADDRINUSE", { VET_CALL_bind, 1, { .to = { &ipv4.any, 28 } } }, .answer = { .result = -EADDRINUSE } },
	{ "bind #1 none = EINVAL", { VET_CALL_bind, 1, { .to = { &ipv4.any, 0 } } }, .answer = { .result = -EINVAL } },
	{ "bind #1 other:none/16\"\" = EFAULT", { VET_CALL_bind, 1, { .to = { NULL, 16 } } }, .answer = { .result = -EFAULT } },
	{ "bind #1 other:INET/8\"\\x00P\\x01\\x02\\x03\\x04\" = EINVAL", { VET_CALL_bind, 1, { .to = { &ipv4.any, 8 } } }, .answer = { .result = -EINVAL } },
	{ "bind #1 other:UNIX/5\"/x\\n\" = 7", { VET_CALL_bind, 1, { .to = { &local.any, 5 } } }, .answer = { .result = 7 } },
	{ "connect #1 [2001:db8::1]:443 = EINPROGRESS", { VET_CALL_connect, 1, { .to = { &ipv6.any, 28 } } }, .answer = { .result = -EINPROGRESS } },
	{ "connect #1 [2001:db8::1]:443+flow:7 = 0", { VET_CALL_connect, 1, { .to = { &flow.any, 28 } } }, .answer = { 0 } },
	{ "connect #1 [::ffff:127.0.0.1]:1 = ECONNREFUSED", { VET_CALL_connect, 1, { .to = { &mapped.any, 28 } } }, .answer = { .result = -ECONNREFUSED } },
	{ "connect #1 [fe80::%70000]:0 = 0", { VET_CALL_connect, 1, { .to = { (const struct sockaddr *)&zone, 28 } } }, .answer = { 0 } },
	{ "connect #1 other:family:250/3\"\\x01\" = EAFNOSUPPORT", { VET_CALL_connect, 1, { .to = { &strange.any, 3 } } }, .answer = { .result = -EAFNOSUPPORT } },
	{ "listen #1 65535 = 0", { VET_CALL_listen, 1, { .backlog = 65535 } }, .answer = { 0 } },
	{ "listen #1 -1 = EOPNOTSUPP", { VET_CALL_listen, 1, { .backlog = -1 } }, .answer = { .result = -EOPNOTSUPP } },
	/* addresses that are answered */
	{ "accept #1 28 = #6 1.2.3.4:80", { VET_CALL_accept, 1, { .name = { PEER } } }, .answer = { .address = &ipv4, .size_of_address = 16 }, .room = 28 },
	{ "accept #1 none = #7", { VET_CALL_accept, 1, { .name = { NULL, NULL } } }, .answer = { 0 } },
	{ "accept #1 28 = EAGAIN", { VET_CALL_accept, 1, { .name = { PEER } } }, .answer = { .result = -EAGAIN }, .room = 28 },
	{ "accept #1 16 = #8 none", { VET_CALL_accept, 1, { .name = { PEER } } }, .answer = { .is_empty = true }, .room = 16 },
	{ "getsockname #1 28 = 0 [2001:db8::1]:443", { VET_CALL_getsockname, 1, { .name = { PEER } } }, .answer = { .address = &ipv6, .size_of_address = 28 }, .room = 28 },
	{ "getsockname #1 28 = 0 1.2.3.4:80/110", { VET_CALL_getsockname, 1, { .name = { PEER } } }, .answer = { .address = &ipv4, .size_of_address = 16, .said = 110 }, .room = 28 },
	{ "getsockname #1 28 = 0 other:INET/15\"\\x00P\\x01\\x02\\x03\\x04\\x00\\x00\\x00\\x00\\x00\\x00\\x00\"", { VET_CALL_getsockname, 1, { .name = { PEER } } }, .answer = { .address = &ipv4, .size_of_address = 15 }, .room = 28 },
	{ "getsockname #1 28 = 0 other:none/1\"\\x01\"", { VET_CALL_getsockname, 1, { .name = { PEER } } }, .answer = { .address = "\1", .size_of_address = 1 }, .room = 28 },
	{ "getsockname #1 28 = 0 [2001:db8::1]:443+flow:7", { VET_CALL_getsockname, 1, { .name = { PEER } } }, .answer = { .address = &flow, .size_of_address = 28 }, .room = 28 },
	{ "getsockname #1 30 = 0 [fe80::%70000]:0/30", { VET_CALL_getsockname, 1, { .name = { PEER } } }, .answer = { .address = &zone, .size_of_address = 28, .said = 30 }, .room = 30 },
	{ "getsockname #1 none = EFAULT", { VET_CALL_getsockname, 1, { .name = { NULL, NULL } } }, .answer = { .result = -EFAULT } },
	{ "getpeername #1 4 = 0 other:INET6/28\"\\x01\\xbb\"", { VET_CALL_getpeername, 1, { .name = { PEER } } }, .answer = { .address = &ipv6, .size_of_address = 28 }, .room = 4 },
	{ "getpeername #1 128 = 0 other:UNIX/5\"/x\\n\"", { VET_CALL_getpeername, 1, { .name = { PEER } } }, .answer = { .address = &local, .size_of_address = 5 }, .room = 128 },
	{ "getpeername #1 28 = ENOTCONN", { VET_CALL_getpeername, 1, { .name = { PEER } } }, .answer = { .result = -ENOTCONN }, .room = 28 },
	/* options */
	{ "getsockopt #1 SO_ERROR 4 = 0 ECONNREFUSED", { GET(1, SOL_SOCKET, SO_ERROR) }, .answer = { VALUE(refused) }, .room = 4 },
	{ "getsockopt #1 SO_ERROR 4 = 0 0", { GET(1, SOL_SOCKET, SO_ERROR) }, .answer = { VALUE(zero) }, .room = 4 },
	{ "getsockopt #1 SO_ERROR 4 = 0 error:532", { GET(1, SOL_SOCKET, SO_ERROR) }, .answer = { VALUE(unknown) }, .room = 4 },
	{ "getsockopt #1 SO_ERROR 4 = 0 error:-5", { GET(1, SOL_SOCKET, SO_ERROR) }, .answer = { VALUE(negative) }, .room = 4 },
	{ "getsockopt #1 SO_TYPE 4 = 0 STREAM", { GET(1, SOL_SOCKET, SO_TYPE) }, .answer = { VALUE(stream) }, .room = 4 },
	{ "getsockopt #1 SO_TYPE 4 = 0 type:532", { GET(1, SOL_SOCKET, SO_TYPE) }, .answer = { VALUE(unknown) }, .room = 4 },
	{ "getsockopt #1 SO_DOMAIN 4 = 0 INET6", { GET(1, SOL_SOCKET, SO_DOMAIN) }, .answer = { VALUE(inet6) }, .room = 4 },
	{ "getsockopt #1 TCP_NODELAY 4 = 0 1", { GET(1, IPPROTO_TCP, TCP_NODELAY) }, .answer = { VALUE(one) }, .room = 4 },
	{ "getsockopt #1 TCP_NODELAY 4 = 0 -5/8", { GET(1, IPPROTO_TCP, TCP_NODELAY) }, .answer = { VALUE(negative), .said = 8 }, .room = 4 },
	{ "getsockopt #1 IP_TTL 1 = 0 \"@\"", { GET(1, IPPROTO_IP, IP_TTL) }, .answer = { .bytes = "@", .size = 1 }, .room = 1 },
	{ "getsockopt #1 SO_RCVBUF 8 = 0 \"\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\"", { GET(1, SOL_SOCKET, SO_RCVBUF) }, .answer = { .bytes = "\0\0\0\0\0\0\0", .size = 8 }, .room = 8 },
	{ "getsockopt #1 IP_TTL 4 = 0 \"\"", { GET(1, IPPROTO_IP, IP_TTL) }, .answer = { .is_empty = true, .bytes = "" }, .room = 4 },
	{ "getsockopt #1 SO_LINGER 8 = 0 linger 1 5", { GET(1, SOL_SOCKET, SO_LINGER) }, .answer = { VALUE(lingers) }, .room = 8 },
	{ "getsockopt #1 TCP_CONGESTION 16 = 0 \"cubic\\x00\"", { GET(1, IPPROTO_TCP, TCP_CONGESTION) }, .answer = { .bytes = "cubic", .size = 6 }, .room = 16 },
	{ "getsockopt #1 TCP_CONGESTION 2 = 0 \"cu\"/6", { GET(1, IPPROTO_TCP, TCP_CONGESTION) }, .answer = { .bytes = "cu", .size = 2, .said = 6 }, .room = 2 },
	{ "getsockopt #1 level:77 name:-1 4 = ENOPROTOOPT", { GET(1, 77, -1) }, .answer = { .result = -ENOPROTOOPT }, .room = 4 },
	{ "getsockopt #1 level:77 name:5 none = 3", { VET_CALL_getsockopt, 1, { .get = { 77, 5, NULL, NULL } } }, .answer = { .result = 3 } },
	{ "setsockopt #1 IPV6_V6ONLY 1 = 0", { SET(1, IPPROTO_IPV6, IPV6_V6ONLY, one) }, .answer = { 0 } },
	{ "setsockopt #1 SO_LINGER linger 1 5 = EINVAL", { SET(1, SOL_SOCKET, SO_LINGER, lingers) }, .answer = { .result = -EINVAL } },
	{ "setsockopt #1 SO_BINDTODEVICE \"lo\" = EPERM", { VET_CALL_setsockopt, 1, { .set = { SOL_SOCKET, SO_BINDTODEVICE, "lo", 2 } } }, .answer = { .result = -EPERM } },
	{ "setsockopt #1 SO_KEEPALIVE \"\"/4 = EFAULT", { VET_CALL_setsockopt, 1, { .set = { SOL_SOCKET, SO_KEEPALIVE, NULL, 4 } } }, .answer = { .result = -EFAULT } },
	{ "setsockopt #1 level:77 name:5 \"\\x07\" = 0", { VET_CALL_setsockopt, 1, { .set = { 77, 5, "\7", 1 } } }, .answer = { 0 } },
	{ "setsockopt #1 IP.MCAST_JOIN_GROUP group 2 1.2.3.4:80 = 0", { SET(1, IPPROTO_IP, MCAST_JOIN_GROUP, group) }, .answer = { 0 } },
	{ "setsockopt #1 IPV6.MCAST_LEAVE_GROUP group 2 1.2.3.4:80 = EADDRNOTAVAIL", { SET(1, IPPROTO_IPV6, MCAST_LEAVE_GROUP, group) }, .answer = { .result = -EADDRNOTAVAIL } },
	/* bytes out */
	{ "send #1 \"hello\" 5 0 = 3", { VET_CALL_send, 1, { .out = { "hello", 5, 0, NULL, 0 } } }, .answer = { .result = 3 } },
	{ "send #1 \"\\x00\\x01\\x09\\\"\\\\\\n\\x7f\\xff ~\" 10 PEEK = 11", { VET_CALL_send, 1, { .out = { "\0\1\t\"\\\n\177\377 ~", 10, MSG_PEEK, NULL, 0 } } }, .answer = { .result = 11 } },
	{ "send #1 \"\" 0 flags:5 = 0", { VET_CALL_send, 1, { .out = { "x", 0, 5, NULL, 0 } } }, .answer = { 0 } },
	{ "send #1 \"\" 5 0 = EFAULT", { VET_CALL_send, 1, { .out = { NULL, 5, 0, NULL, 0 } } }, .answer = { .result = -EFAULT } },
	{ "sendto #2 \"hi\" 2 0 [2001:db8::1]:443 = 2", { VET_CALL_sendto, 2, { .out = { "hi", 2, 0, &ipv6.any, 28 } } }, .answer = { .result = 2 } },
	{ "sendto #2 \"hi\" 2 0 none = EDESTADDRREQ", { VET_CALL_sendto, 2, { .out = { "hi", 2, 0, NULL, 0 } } }, .answer = { .result = -EDESTADDRREQ } },
	{ "sendv #1 2 \"hello\" 5 \"\\n\" 1 0 = 6", { VET_CALL_sendv, 1, { .gather = { pieces, 2, 0 } } }, .answer = { .result = 6 } },
	{ "sendv #1 4 \"hello\" 5 \"\\n\" 1 \"\" 0 \"\" 3 0 = EPIPE", { VET_CALL_sendv, 1, { .gather = { pieces, 4, 0 } } }, .answer = { .result = -EPIPE } },
	{ "sendv #1 0 0 = 0", { VET_CALL_sendv, 1, { .gather = { NULL, 0, 0 } } }, .answer = { 0 } },
	{ "sendv #1 -1 0 = EINVAL", { VET_CALL_sendv, 1, { .gather = { pieces, -1, 0 } } }, .answer = { .result = -EINVAL } },
	{ "sendfile #1 file 1 100 4096 = 50 150", { VET_CALL_sendfile, 1, { .file = { FOREIGN + 5, &memory.number, 4096 } } }, .answer = { .result = 50, .number = 150 }, .before = 100 },
	{ "sendfile #1 file 1 -1 1 = EINVAL", { VET_CALL_sendfile, 1, { .file = { FOREIGN + 5, &memory.number, 1 } } }, .answer = { .result = -EINVAL }, .before = -1 },
	{ "sendfile #1 #2 none 1 = 0", { VET_CALL_sendfile, 1, { .file = { 2, NULL, 1 } } }, .answer = { 0 } },
	/* bytes in */
	{ "recv #1 5 0 = 2 \"he\"", { VET_CALL_recv, 1, { .in = { memory.data, 5, 0, NULL, NULL, NULL } } }, .answer = { .result = 2, .bytes = "he", .size = 2 } },
	{ "recv #1 5 0 = EAGAIN", { VET_CALL_recv, 1, { .in = { memory.data, 5, 0, NULL, NULL, NULL } } }, .answer = { .result = -EAGAIN } },
	{ "recv #1 5 PEEK = 0", { VET_CALL_recv, 1, { .in = { memory.data, 5, MSG_PEEK, NULL, NULL, NULL } } }, .answer = { 0 } },
	{ "recv #1 2 0 = 9 \"he\"", { VET_CALL_recv, 1, { .in = { memory.data, 2, 0, NULL, NULL, NULL } } }, .answer = { .result = 9, .bytes = "he", .size = 2 } },
	{ "recv #1 2 0 = 1 \"\"", { VET_CALL_recv, 1, { .in = { NULL, 2, 0, NULL, NULL, NULL } } }, .answer = { .result = 1 } },
	{ "recvfrom #2 8 0 28 tell = 8 \"datagram\" 1.2.3.4:80 truncated", { VET_CALL_recvfrom, 2, { .in = { memory.data, 8, 0, PEER, &memory.truncated } } }, .answer = { .result = 8, .bytes = "datagram", .size = 8, .address = &ipv4, .size_of_address = 16, .number = 1 }, .room = 28 },
	{ "recvfrom #2 8 0 28 tell = 0 none whole", { VET_CALL_recvfrom, 2, { .in = { memory.data, 8, 0, PEER, &memory.truncated } } }, .answer = { .is_empty = true }, .room = 28 },
	{ "recvfrom #2 8 0 none none = 1 \"x\"", { VET_CALL_recvfrom, 2, { .in = { memory.data, 8, 0, NULL, NULL, NULL } } }, .answer = { .result = 1, .bytes = "x", .size = 1 } },
	{ "recvfrom #2 8 0 28 tell = ECONNREFUSED", { VET_CALL_recvfrom, 2, { .in = { memory.data, 8, 0, PEER, &memory.truncated } } }, .answer = { .result = -ECONNREFUSED }, .room = 28 },
	{ "pread file 2 16 -9223372036854775808 = EINVAL", { VET_CALL_pread, FOREIGN + 6, { .read = { memory.data, 16, INT64_MIN } } }, .answer = { .result = -EINVAL } },
	{ "pread file 1 16 5000000000 = 3 \"abc\"", { VET_CALL_pread, FOREIGN + 5, { .read = { memory.data, 16, 5000000000 } } }, .answer = { .result = 3, .bytes = "abc", .size = 3 } },
	{ "pread none 16 0 = EBADF", { VET_CALL_pread, NONE, { .read = { memory.data, 16, 0 } } }, .answer = { .result = -EBADF } },
	{ "pread #1 16 0 = ESPIPE", { VET_CALL_pread, 1, { .read = { memory.data, 16, 0 } } }, .answer = { .result = -ESPIPE } },
	/* waiting and time */
	{ "poll #1:IN 10ms = 1 #1:IN", { VET_CALL_poll, -1, { .poll = { two, 1, VET_MILLISECONDS(10) } } }, .answer = { .result = 1, .revents = { POLLIN } } },
	{ "poll #1:IN #2:PRI|OUT none:- forever = 2 #1:- #2:OUT|ERR|HUP none:NVAL", { VET_CALL_poll, -1, { .poll = { two, 3, -7 } } }, .answer = { .result = 2, .revents = { 0, POLLOUT | POLLERR | POLLHUP, POLLNVAL } } },
	{ "poll #1:IN|bits:2048 foreign:ERR|RDHUP #1:bits:2048 1ns = 0 #1:- foreign:- #1:-", { VET_CALL_poll, -1, { .poll = { others, 3, 1 } } }, .answer = { 0 } },
	{ "poll #1:IN 1001us = EINTR", { VET_CALL_poll, -1, { .poll = { two, 1, 1001000 } } }, .answer = { .result = -EINTR } },
	{ "poll 2s = 0", { VET_CALL_poll, -1, { .poll = { NULL, 0, VET_SECONDS(2) } } }, .answer = { 0 } },
	{ "poll 90m = 0", { VET_CALL_poll, -1, { .poll = { NULL, 0, VET_MINUTES(90) } } }, .answer = { 0 } },
	{ "poll 24h = 0", { VET_CALL_poll, -1, { .poll = { NULL, 0, VET_HOURS(24) } } }, .answer = { 0 } },
	{ "poll 0s = 0", { VET_CALL_poll, -1, { .poll = { NULL, 0, 0 } } }, .answer = { 0 } },
	{ "poll 9223372036854775807ns = EINTR", { VET_CALL_poll, -1, { .poll = { NULL, 0, INT64_MAX } } }, .answer = { .result = -EINTR } },
	{ "now = EINVAL", { VET_CALL_now, -1, { .nanoseconds = &memory.number } }, .answer = { .result = -EINVAL } },
	{ "now = 0s", { VET_CALL_now, -1, { .nanoseconds = &memory.number } }, .answer = { .number = 123456789 } },
	{ "now = 1234ns", { VET_CALL_now, -1, { .nanoseconds = &memory.number } }, .answer = { .number = 123456789 + 1234 } },
	{ "now = -5ms", { VET_CALL_now, -1, { .nanoseconds = &memory.number } }, .answer = { .number = 123456789 - 5000000 } },
	{ "now = 7 40s", { VET_CALL_now, -1, { .nanoseconds = &memory.number } }, .answer = { .result = 7, .number = 123456789 + VET_SECONDS(40) } },
	{ "now = -1h", { VET_CALL_now, -1, { .nanoseconds = &memory.number } }, .answer = { .number = 123456789 - VET_HOURS(1) } },
	{ "now = -9223372036854775808ns", { VET_CALL_now, -1, { .nanoseconds = &memory.number } }, .answer = { .number = INT64_MIN + 123456789 } },
	{ "now = 9223372036731319018ns", { VET_CALL_now, -1, { .nanoseconds = &memory.number } }, .answer = { .number = INT64_MAX } },
	{ "now = 9223372036731319019ns", { VET_CALL_now, -1, { .nanoseconds = &memory.number } }, .answer = { .number = INT64_MIN } },
	/* memory and the rest */
	{ "realloc none 64 = 0", { VET_CALL_realloc, -1, { .block = { &memory.block, 64 } } }, .answer = { 0 } },
	{ "realloc block 4096 = 0", { VET_CALL_realloc, -1, { .block = { &memory.block, 4096 } } }, .answer = { 0 } },
	{ "realloc block 8192 = ENOMEM", { VET_CALL_realloc, -1, { .block = { &memory.block, 8192 } } }, .answer = { .result = -ENOMEM } },
	{ "realloc block 0 = 0", { VET_CALL_realloc, -1, { .block = { &memory.block, 0 } } }, .answer = { 0 } },
	{ "interface_index \"eth0\" = 2", { VET_CALL_interface_index, -1, { .name_of_interface = "eth0" } }, .answer = { .result = 2 } },
	{ "interface_index \"\" = ENODEV", { VET_CALL_interface_index, -1, { .name_of_interface = "" } }, .answer = { .result = -ENODEV } },
	{ "shutdown #1 RD = 0", { VET_CALL_shutdown, 1, { .how = SHUT_RD } }, .answer = { 0 } },
	{ "shutdown #1 WR = ENOTCONN", { VET_CALL_shutdown, 1, { .how = SHUT_WR } }, .answer = { .result = -ENOTCONN } },
	{ "shutdown #1 RDWR = VET_EDEADLINE", { VET_CALL_shutdown, 1, { .how = SHUT_RDWR } }, .answer = { .result = VET_EDEADLINE } },
	{ "shutdown #1 how:9 = EINVAL", { VET_CALL_shutdown, 1, { .how = 9 } }, .answer = { .result = -EINVAL } },
	{ "close #1 = EINTR", { VET_CALL_close, 1, { .how = 0 } }, .answer = { .result = -EINTR } },
	{ "close #1 = EBADF", { VET_CALL_close, 1, { .how = 0 } }, .answer = { .result = -EBADF } },
	{ "close none = EBADF", { VET_CALL_close, NONE, { .how = 0 } }, .answer = { .result = -EBADF } },
	{ "close foreign = EBADF", { VET_CALL_close, FOREIGN + 3, { .how = 0 } }, .answer = { .result = -EBADF } },
	{ "close #2 = 0", { VET_CALL_close, 2, { .how = 0 } }, .answer = { 0 } },
	{ "adopt #2 = #9", { VET_CALL_adopt, 2, { .how = 0 } }, .answer = { .result = 1 } },
	{ "close #9 = 0", { VET_CALL_close, 2, { .how = 0 } }, .answer = { 0 } },
	{ "dup #9 = EBADF", { VET_CALL_dup, 2, { .how = 0 } }, .answer = { .result = -EBADF } },
};
/* clang-format on */
const size_t rows_count = sizeof rows / sizeof rows[0];
