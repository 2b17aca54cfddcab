/* SPDX-License-Identifier: 0BSD */
/* The options that programs set and ask for, with the values that are worth it. */
#include "program.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

/* clang-format off */
/* Options that no kernel has: of a level that it knows, and of one that it does not. */
enum { UNKNOWN = 99, ALIEN = 1 };

#define SOCKET(name, kinds, weight, ...) ROW(#name, SOL_SOCKET, name, 4, kinds, weight, __VA_ARGS__)
#define TCP(name, weight, ...) ROW(#name, IPPROTO_TCP, name, 4, OPTION_STREAM, weight, __VA_ARGS__)
#define IP(name, weight, ...)  ROW(#name, IPPROTO_IP, name, 4, OPTION_4, weight, __VA_ARGS__)
#define IP6(name, weight, ...) ROW(#name, IPPROTO_IPV6, name, 4, OPTION_6, weight, __VA_ARGS__)
#define ROW(text, level, name, size, kinds, weight, ...) \
	{ text, level, name, size, kinds, weight, \
	  (int8_t)(sizeof((int32_t[]){ __VA_ARGS__ }) / sizeof(int32_t)), { __VA_ARGS__ } },

const struct option_row option_rows[] = {
	SOCKET(SO_ERROR, OPTION_ANY, 30, 0)
	SOCKET(SO_REUSEADDR, OPTION_ANY, 24, 1, 1, 1, 0, 2, -1)
	SOCKET(SO_REUSEPORT, OPTION_ANY, 8, 1, 0)
	ROW("SO_LINGER", SOL_SOCKET, SO_LINGER, 8, OPTION_ANY, 12, 1, 1, 1, 0)
	SOCKET(SO_KEEPALIVE, OPTION_ANY, 4, 1, 0, 7)
	SOCKET(SO_RCVBUF, OPTION_ANY, 6, 0, 1, 4096, 65536, 1000000, -1)
	SOCKET(SO_SNDBUF, OPTION_ANY, 6, 0, 1, 4096, 65536, 1000000, -1)
	SOCKET(SO_RCVLOWAT, OPTION_ANY, 3, 0, 1, 10, 5000, -1)
	SOCKET(SO_SNDLOWAT, OPTION_ANY, 1, 1, 10)
	SOCKET(SO_BROADCAST, OPTION_ANY, 4, 1, 0)
	SOCKET(SO_ACCEPTCONN, OPTION_ANY, 4, 1)
	SOCKET(SO_TYPE, OPTION_ANY, 4, 1)
	SOCKET(SO_DOMAIN, OPTION_ANY, 3, 2)
	SOCKET(SO_PROTOCOL, OPTION_ANY, 3, 6)
	SOCKET(SO_PRIORITY, OPTION_ANY, 2, 0, 3, 6, 7, -1)
	SOCKET(SO_OOBINLINE, OPTION_ANY, 2, 1, 0)
	SOCKET(SO_DONTROUTE, OPTION_ANY, 2, 1, 0)
	TCP(TCP_NODELAY, 8, 1, 0, 5)
	TCP(TCP_CORK, 6, 1, 0)
	TCP(TCP_KEEPIDLE, 3, 1, 0, 32767, 32768, 100)
	TCP(TCP_KEEPINTVL, 3, 1, 0, 32767, 32768, 100)
	TCP(TCP_KEEPCNT, 3, 1, 0, 127, 128, 5)
	TCP(TCP_USER_TIMEOUT, 3, 0, 1, 10000, -1)
	TCP(TCP_QUICKACK, 3, 1, 0)
	TCP(TCP_MAXSEG, 3, 0, 1, 88, 536, 32767, 32768)
	TCP(TCP_DEFER_ACCEPT, 2, 0, 1)
	TCP(TCP_SYNCNT, 2, 0, 1, 127, 128)
	TCP(TCP_LINGER2, 2, 0, 1, -1, 60, 100000)
	TCP(TCP_WINDOW_CLAMP, 1, 0, 100000)
	IP(IP_TTL, 6, 1, 64, 255, 0, 256, -1)
	IP(IP_TOS, 6, 0, 16, 255, 256, 3, -1)
	IP(IP_MULTICAST_TTL, 3, 1, 0, 255, 256, -1)
	IP(IP_MULTICAST_LOOP, 3, 0, 1, 2)
	IP(IP_RECVERR, 1, 0)
	IP6(IPV6_V6ONLY, 12, 1, 0, 2, -1)
	IP6(IPV6_UNICAST_HOPS, 5, 1, 255, 256, -1, -2, 0)
	IP6(IPV6_TCLASS, 5, 0, 255, 256, -1, 4)
	IP6(IPV6_MULTICAST_HOPS, 3, 1, 255, 256, -1, 0)
	IP6(IPV6_MULTICAST_LOOP, 3, 0, 1, 2)
	ROW("deaf", LEVEL_DEAF, 0, 4, 0, 0, 1, 0)
	ROW("UDP_UNKNOWN", IPPROTO_UDP, UNKNOWN, 4, OPTION_DATAGRAM, 1, 1)
	ROW("ALIEN", 77, ALIEN, 4, OPTION_ANY, 1, 1)
};
/* clang-format on */

const unsigned option_count = sizeof(option_rows) / sizeof(option_rows[0]);

int option_find(const char *name, size_t size)
{
	for (unsigned i = 0; i < option_count; i++)
		if (strlen(option_rows[i].name) == size &&
		    memcmp(option_rows[i].name, name, size) == 0)
			return (int)i;
	return -1;
}
