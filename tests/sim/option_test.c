/* SPDX-License-Identifier: 0BSD */
/*
 * Options of simulated sockets against those of the kernel: each call of getsockopt(2) and
 * setsockopt(2) is made on both, and must have the same result and the same bytes.
 *
 * usage: option_test [--seed N] [--steps N]
 */
#include "option_pair.h"

#include <getopt.h>
#include <stdlib.h>

/* ---- what is given ---- */

static const int32_t numbers[] = {
	INT32_MIN,
	-1000,
	-2,
	-1,
	0,
	1,
	2,
	3,
	4,
	5,
	6,
	7,
	8,
	10,
	11,
	16,
	30,
	31,
	32,
	63,
	64,
	87,
	88,
	100,
	119,
	120,
	121,
	127,
	128,
	200,
	247,
	254,
	255,
	256,
	257,
	511,
	512,
	536,
	1000,
	1024,
	1151,
	1152,
	1153,
	1279,
	1280,
	1460,
	2303,
	2304,
	2305,
	4607,
	4608,
	4609,
	10000,
	16384,
	30000,
	32767,
	32768,
	65535,
	65536,
	100000,
	131072,
	212991,
	212992,
	212993,
	4194303,
	4194304,
	4194305,
	0x01000000,
	16777216,
	16777217,
	33554432,
	0x10000001,
	0x7fff0001,
	INT32_MAX / 2,
	INT32_MAX / 2 + 1,
	INT32_MAX - 1,
	INT32_MAX,
};
enum { NUMBERS = sizeof numbers / sizeof *numbers };

static const int lengths[] = { -1, INT32_MIN, 0,  1,  2,  3,  4,  5,   7,   8,  11,
			       12, 15,        16, 17, 19, 20, 64, 135, 136, 200 };
enum { LENGTHS = sizeof lengths / sizeof *lengths };

/* Numbers in ints, in all lengths, and no value at all. */
static void give_numbers(struct pair *p, int level, int name)
{
	unsigned char bytes[256] = { 0 };
	for (int i = 0; i < NUMBERS; i++) {
		memcpy(bytes, &numbers[i], sizeof numbers[i]);
		pair_set(p, level, name, bytes, sizeof numbers[i]);
		pair_get(p, level, name, 64);
	}
	for (int filler = 0; filler < 3; filler++) {
		memset(bytes, 0, sizeof bytes);
		bytes[0] = (unsigned char)(filler == 2 ? 200 : filler);
		for (int i = 0; i < LENGTHS; i++) {
			pair_set(p, level, name, bytes, lengths[i]);
			pair_get(p, level, name, lengths[i]);
		}
	}
	for (int length = 0; length < 20; length += 4) {
		pair_set(p, level, name, NULL, length);
		pair_get(p, level, name, length);
	}
}

/* ---- every option, in every state ---- */

static const int levels[] = { -1, 0, 1, 2, 6, 17, 41, 58, 132, 136, 255, 262, 263, 270, 285, 1000 };
enum { LEVELS = sizeof levels / sizeof *levels, NAMES = 140 };

static void all_options_of(enum pair_kind kind, int family, enum pair_state state)
{
	struct pair pair;
	for (int i = 0; i < LEVELS; i++) {
		for (int name = -2; name < NAMES; name++) {
			if (is_not_modelled(levels[i], name, kind, family))
				continue;
			pair_make(&pair, kind, family, state);
			pair_get(&pair, levels[i], name, 64);
			give_numbers(&pair, levels[i], name);
			if (pair.was_set)
				pair_compare(&pair);
			pair_close(&pair);
		}
	}
}

static void every_option(void)
{
	for (int kind = PAIR_STREAM; kind <= PAIR_RAW; kind++)
		for (int family = 4; family <= 6; family += 2)
			for (int state = PAIR_FRESH; state <= PAIR_ACCEPTED; state++)
				if (pair_has((enum pair_kind)kind, (enum pair_state)state))
					all_options_of((enum pair_kind)kind, family,
						       (enum pair_state)state);
}

/* ---- values that are no numbers ---- */

static void structs_of(enum pair_kind kind, int family)
{
	static const int seconds[] = { INT32_MIN, -1, 0, 1, 2, 100, 65536, INT32_MAX };
	static const long parts[] = { -1, 0, 1, 3999, 4000, 4001, 500000, 999999, 1000000 };
	static const char *const texts[] = { "reno", "cubic", "",       "lo",
					     "none", "ren",   "renown", "a very long name of it" };
	struct pair p;
	pair_make(&p, kind, family, PAIR_FRESH);
	for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
		for (int on = -1; on < 3; on++) {
			struct linger linger = { .l_onoff = on, .l_linger = seconds[i] };
			pair_set(&p, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
			pair_get(&p, SOL_SOCKET, SO_LINGER, 64);
			pair_get(&p, SOL_SOCKET, SO_LINGER, 5);
		}
		for (size_t j = 0; j < sizeof parts / sizeof *parts; j++) {
			struct timeval time = { .tv_sec = seconds[i], .tv_usec = parts[j] };
			pair_set(&p, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
			pair_get(&p, SOL_SOCKET, SO_RCVTIMEO, 64);
			pair_set(&p, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
			pair_get(&p, SOL_SOCKET, SO_SNDTIMEO, 11);
		}
	}
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		for (int length = 0; length <= (int)strlen(texts[i]) + 1; length++) {
			pair_set(&p, IPPROTO_TCP, TCP_CONGESTION, texts[i], length);
			pair_set(&p, SOL_SOCKET, SO_BINDTODEVICE, texts[i], length);
			for (int room = 0; room < 20; room += 3) {
				pair_get(&p, IPPROTO_TCP, TCP_CONGESTION, room);
				pair_get(&p, SOL_SOCKET, SO_BINDTODEVICE, room);
			}
		}
	}
	pair_close(&p);
}

/* ---- multicast groups ---- */

static void change_group4(struct pair *p, uint32_t group, uint32_t interface_ip, int index,
			  int form)
{
	static const int names[] = { IP_ADD_MEMBERSHIP, IP_DROP_MEMBERSHIP, MCAST_JOIN_GROUP,
				     MCAST_LEAVE_GROUP, IP_MULTICAST_IF };
	struct ip_mreqn request = { .imr_multiaddr.s_addr = htonl(group),
				    .imr_address.s_addr = htonl(interface_ip),
				    .imr_ifindex = index };
	struct group_req new_request;
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(group) };
	memset(&new_request, 0, sizeof new_request);
	memcpy(&new_request.gr_group, &to, sizeof to);
	new_request.gr_interface = (uint32_t)index;
	if (form % 5 == 2 || form % 5 == 3)
		pair_set(p, IPPROTO_IP, names[form % 5], &new_request, sizeof new_request);
	else
		pair_set(p, IPPROTO_IP, names[form % 5], &request, form < 5 ? 12 : 8);
	pair_get(p, IPPROTO_IP, IP_MULTICAST_IF, 4);
}

static void change_group6(struct pair *p, uint8_t first, uint8_t last, int index, int form)
{
	static const int names[] = { IPV6_JOIN_GROUP, IPV6_LEAVE_GROUP, MCAST_JOIN_GROUP,
				     MCAST_LEAVE_GROUP };
	struct ipv6_mreq request = { .ipv6mr_interface = (unsigned)index };
	struct group_req new_request;
	struct sockaddr_in6 to = { .sin6_family = AF_INET6 };
	request.ipv6mr_multiaddr.s6_addr[0] = to.sin6_addr.s6_addr[0] = first;
	request.ipv6mr_multiaddr.s6_addr[1] = to.sin6_addr.s6_addr[1] = 1;
	request.ipv6mr_multiaddr.s6_addr[15] = to.sin6_addr.s6_addr[15] = last;
	memset(&new_request, 0, sizeof new_request);
	memcpy(&new_request.gr_group, &to, sizeof to);
	new_request.gr_interface = (uint32_t)index;
	if (form > 1)
		pair_set(p, IPPROTO_IPV6, names[form], &new_request, sizeof new_request);
	else
		pair_set(p, IPPROTO_IPV6, names[form], &request, sizeof request);
}

/* Without a network there is no route for multicast: an interface is named, by index or address, in
 * all but what is refused before. */
static void random_groups(struct random *random, unsigned steps)
{
	static const uint32_t ips[] = { 0x7f000001, 0x7f010203, 0x08080808 };
	struct pair pairs[4];
	pair_make(&pairs[0], PAIR_DATAGRAM, 4, PAIR_FRESH);
	pair_make(&pairs[1], PAIR_DATAGRAM, 6, PAIR_FRESH);
	pair_make(&pairs[2], PAIR_STREAM, 4, PAIR_FRESH);
	pair_make(&pairs[3], PAIR_STREAM, 6, PAIR_FRESH);
	for (unsigned i = 0; i < steps; i++) {
		struct pair *p = &pairs[random_of(random, 8) % 5 % 4];
		uint32_t group = 0xe0010200 + random_of(random, 24);
		uint32_t ip = ips[random_of(random, 3)];
		int index = random_of(random, 3) == 0 ? 0 : random_of(random, 8) == 0 ? 77 : 1;
		int form = (int)random_of(random, 10);
		if (random_of(random, 20) == 0)
			group = 0x0a000001;
		/* These have an index alone. */
		if (form % 5 == 2 || form % 5 == 3)
			index = index == 0 ? 1 : index;
		if (p->family == 6 && random_of(random, 2) == 0)
			change_group6(p, random_of(random, 20) == 0 ? 0x20 : 0xff,
				      (uint8_t)random_of(random, 8), index == 0 ? 1 : index,
				      form % 4);
		else
			change_group4(p, group, ip, index, form);
	}
	for (int i = 0; i < 4; i++)
		pair_close(&pairs[i]);
}

/* ---- in any order, on one socket ---- */

static void random_options(struct random *random, unsigned steps)
{
	struct pair p;
	for (unsigned i = 0; i < steps; i++) {
		enum pair_kind kind = (enum pair_kind)random_of(random, 3);
		enum pair_state state = (enum pair_state)random_of(random, PAIR_STATES);
		int family = random_of(random, 2) == 0 ? 4 : 6;
		if (!pair_has(kind, state))
			state = PAIR_FRESH;
		pair_make(&p, kind, family, state);
		for (unsigned j = 0; j < 20; j++) {
			int level = levels[1 + random_of(random, 6)];
			int name = (int)random_of(random, 84);
			int32_t number = numbers[random_of(random, NUMBERS)];
			if (is_not_modelled(level, name, kind, family))
				continue;
			pair_set(&p, level, name, &number, random_of(random, 9) == 0 ? 1 : 4);
			pair_get(&p, level, name, 64);
		}
		pair_compare(&p);
		pair_close(&p);
	}
}

/* What a listener was given, its children have, or have not: as the kernel says. */
static void inherited_options(struct random *random, unsigned steps)
{
	struct pair listener, child;
	for (unsigned i = 0; i < steps; i++) {
		int family = i % 2 == 0 ? 4 : 6;
		pair_make(&listener, PAIR_STREAM, family, PAIR_LISTENING);
		for (unsigned j = 0; j < 1 + i % 6; j++) {
			int level = levels[1 + random_of(random, 6)];
			int name = (int)random_of(random, 84);
			int32_t number = numbers[random_of(random, NUMBERS)];
			if (!is_not_modelled(level, name, PAIR_STREAM, family) &&
			    !keeps_from_connecting(level, name))
				pair_set(&listener, level, name, &number, 4);
		}
		pair_accept(&child, &listener);
		pair_compare(&child);
		pair_close(&child);
		pair_close(&listener);
	}
}

int main(int count, char **arguments)
{
	static const struct option names[] = { { "seed", 1, NULL, 's' },
					       { "steps", 1, NULL, 'n' },
					       { NULL, 0, NULL, 0 } };
	struct random random = { 1 };
	unsigned steps = 300;
	for (int c; (c = getopt_long(count, arguments, "", names, NULL)) != -1;) {
		if (c == 's')
			random.state = strtoull(optarg, NULL, 10);
		else if (c == 'n')
			steps = (unsigned)strtoul(optarg, NULL, 10);
		else
			return 2;
	}
	printf("option_test --seed %llu --steps %u\n", (unsigned long long)random.state, steps);
	if (!pair_begin())
		return 77;
	every_option();
	for (int kind = PAIR_STREAM; kind <= PAIR_RAW; kind++) {
		structs_of((enum pair_kind)kind, 4);
		structs_of((enum pair_kind)kind, 6);
	}
	random_groups(&random, steps * 20);
	random_options(&random, steps);
	inherited_options(&random, steps);
	return pair_end() ? 0 : 1;
}
