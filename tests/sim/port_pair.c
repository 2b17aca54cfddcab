/* SPDX-License-Identifier: 0BSD */
#include "port_pair.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct pair pairs[SLOTS];
int sender[2]; /* of IPv4, IPv6 */
union port_sockaddr sender_at[2];
char ip_of[2][16]; /* 127.a.b.c, of this sequence alone */
uint16_t port_of[2], sender_port, range_low, range_high;
char lines[8192];
size_t lines_size;
unsigned long calls, refused, heard, differences, explained;
unsigned long counted[8][2];

void note(const char *format, ...)
{
	va_list list;
	size_t room = sizeof lines - lines_size;
	int size;
	va_start(list, format);
	size = vsnprintf(lines + lines_size, room, format, list);
	va_end(list);
	if (size > 0 && (size_t)size < room)
		lines_size += (size_t)size;
}

bool differ; /* in this sequence: it ends */

const char *const call_names[] = { "socket",  "setsockopt",         "bind", "listen",
				   "connect", "connect (datagram)", "send", "close" };

void compare(enum call call, int kernel, int simulator)
{
	calls++;
	counted[call][kernel < 0]++;
	refused += kernel < 0;
	note(" = %s\n", kernel < 0 ? strerrorname_np(-kernel) : "0");
	if (kernel == simulator)
		return;
	note("   the simulator: %s\n", simulator < 0 ? strerrorname_np(-simulator) : "0");
	differ = true;
}

int answer(int result)
{
	return result < 0 ? -errno : 0;
}

/* ---- names ---- */

static const char *const odd_ips[] = { "127.0.0.6",       "224.0.0.1", "255.255.255.255", "0.0.0.9",
				       "127.255.255.255", "10.9.8.7",  "127.0.0.1" };
static const char *const odd_ips6[] = { "::ffff:0.0.0.0",   "ff02::1",          "ff0e::1",
					"fe80::1",          "2001:db8::1",      "::ffff:10.9.8.7",
					"::ffff:224.0.0.1", "::ffff:127.0.0.6", "::127.0.0.1" };
#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof(array)[0]))

const char *pick_ip(struct port_random *random, uint8_t family)
{
	static char text[64];
	uint32_t which = port_below(random, 16);
	const char *own = ip_of[port_below(random, 2)];
	if (family == 4)
		return which < 6    ? "0.0.0.0"
		       : which < 14 ? own
				    : odd_ips[port_below(random, COUNT(odd_ips))];
	if (which < 6)
		return "::";
	if (which < 10)
		return "::1";
	if (which == 15)
		return odd_ips6[port_below(random, COUNT(odd_ips6))];
	snprintf(text, sizeof text, "::ffff:%s", own);
	return text;
}

struct sim_name name_of(const union port_sockaddr *a)
{
	struct sim_name name;
	vetsim_name_read(&name, &a->any);
	return name;
}

static uint16_t kernel_port(int fd)
{
	union port_sockaddr a;
	socklen_t length = sizeof a;
	memset(&a, 0, sizeof a);
	if (getsockname(fd, &a.any, &length) < 0)
		return 0;
	return ntohs(a.in.sin_port); /* at the same place in both */
}

void lead(const struct pair *p)
{
	port_sim.oracle.port = kernel_port(p->fd);
}

/* A port was chosen as the kernel chose it, and the local names are the same. */
void compare_names(const struct pair *p)
{
	union port_sockaddr kernel, own;
	socklen_t length = sizeof kernel, own_length = sizeof own;
	memset(&kernel, 0, sizeof kernel);
	memset(&own, 0, sizeof own);
	if (getsockname(p->fd, &kernel.any, &length) < 0)
		return;
	vetsim_name_write(&p->s->local, p->s->family, &own.any, &own_length);
	if (own_length == length && memcmp(&own, &kernel, length) == 0)
		return;
	note("   names differ: port %u, and %u by the simulator\n", ntohs(kernel.in.sin_port),
	     p->s->local.port);
	differ = true;
}

/* ---- pairs ---- */

struct pair *vacant(void)
{
	for (struct pair *p = pairs; p < pairs + SLOTS; p++)
		if (p->s == NULL)
			return p;
	return NULL;
}

int number_of(const struct pair *p)
{
	return (int)(p - pairs);
}

/* Where there is a way at all; on an interface that does not exist there is none. */
bool can_reach(const struct sim_socket *s, struct sim_ip ip)
{
	if (s->options.device != 0)
		return false;
	if (s->family == 4)
		return sim_ip_is_any(s->local.ip) || sim_ip_is_loopback(s->local.ip);
	if (sim_ip_is_v4(ip) && vetsim_option_only_ipv6(s))
		return false;
	if (sim_ip_equal(s->local.ip, SIM_IPV6_ANY))
		return true;
	return (sim_ip_is_any(s->local.ip) || sim_ip_is_loopback(s->local.ip)) &&
	       sim_ip_is_v4(s->local.ip) == sim_ip_is_v4(ip);
}

struct sim_ip source_of(struct sim_ip to)
{
	return sim_ip_is_v4(to) ? SIM_IPV4_LOOP : SIM_IPV6_LOOP;
}

bool are_one_group(const struct sim_socket *a, const struct sim_socket *b)
{
	return a != NULL && b != NULL && a->binding.is_grouped && b->binding.is_grouped &&
	       a->state == b->state && vetsim_port_are_alike(a, b);
}

void forget(struct pair *p)
{
	port_socket_end(p->s);
	if (p->peer != NULL)
		p->peer->peer = NULL;
	*p = (struct pair){ .fd = -1 };
}
