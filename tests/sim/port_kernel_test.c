/* SPDX-License-Identifier: 0BSD */
/* Ports of the simulator and of Linux: random sequences of calls on both, result by result; and who
 * hears what arrives.  A choice that is the kernel's own (a port) is followed, where it is lawful. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <sched.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "port_world.h"

enum {
	SLOTS = 14, /* 6 that the sequence opens, and what comes of connections */
	OPENED = 6,
	STEPS = 24,
	PER_NAMESPACE = 6000, /* sequences: as many ports as there are */
	LINUX_IP_LOCAL_PORT_RANGE = 51,
	LATE = 50, /* milliseconds that the kernel may take to deliver */
};

/* A socket of both worlds; fd -1 and s not NULL: it has no descriptor, and lives on. */
struct pair {
	int fd;
	struct sim_socket *s;
	struct pair *peer;
	bool has_heard; /* while it was connected */
	uint8_t tried; /* the family of where it was connected to first */
};

static struct pair pairs[SLOTS];
static int sender[2]; /* of IPv4, IPv6 */
static union port_sockaddr sender_at[2];
static char ip_of[2][16]; /* 127.a.b.c, of this sequence alone */
static uint16_t port_of[2], sender_port, range_low, range_high;
static uint32_t message;
static char lines[8192];
static size_t lines_size;
static unsigned long calls, refused, heard, differences, explained;
static unsigned long counted[8][2];

__attribute__((format(printf, 1, 2))) static void note(const char *format, ...)
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

static bool differ; /* in this sequence: it ends */

enum call { SOCKET, OPTION, BIND, LISTEN, CONNECT, DATAGRAM_CONNECT, SEND, CLOSE };
static const char *const call_names[] = { "socket", "setsockopt", "bind", "listen", "connect",
					  "connect (datagram)", "send", "close" };

static void compare(enum call call, int kernel, int simulator)
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

static int answer(int result)
{
	return result < 0 ? -errno : 0;
}

/* ---- names ---- */

static const char *const odd_ips[] = { "127.0.0.6", "224.0.0.1", "255.255.255.255", "0.0.0.9",
				       "127.255.255.255", "10.9.8.7", "127.0.0.1" };
static const char *const odd_ips6[] = { "::ffff:0.0.0.0", "ff02::1", "ff0e::1", "fe80::1",
					"2001:db8::1", "::ffff:10.9.8.7", "::ffff:224.0.0.1",
					"::ffff:127.0.0.6", "::127.0.0.1" };
#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof(array)[0]))

static const char *pick_ip(struct port_random *random, uint8_t family)
{
	static char text[64];
	uint32_t which = port_below(random, 16);
	const char *own = ip_of[port_below(random, 2)];
	if (family == 4)
		return which < 6 ? "0.0.0.0" : which < 14 ? own : odd_ips[port_below(random, COUNT(odd_ips))];
	if (which < 6)
		return "::";
	if (which < 10)
		return "::1";
	if (which == 15)
		return odd_ips6[port_below(random, COUNT(odd_ips6))];
	snprintf(text, sizeof text, "::ffff:%s", own);
	return text;
}

static struct sim_name name_of(const union port_sockaddr *a)
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

static void lead(const struct pair *p)
{
	port_sim.oracle.port = kernel_port(p->fd);
}

/* A port was chosen as the kernel chose it, and the local names are the same. */
static void compare_names(const struct pair *p)
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

/* ---- steps ---- */

static struct pair *vacant(void)
{
	for (struct pair *p = pairs; p < pairs + SLOTS; p++)
		if (p->s == NULL)
			return p;
	return NULL;
}

static struct pair *pick(struct port_random *random)
{
	for (unsigned tries = 0; tries < 20; tries++) {
		struct pair *p = &pairs[port_below(random, SLOTS)];
		if (p->s != NULL && p->fd >= 0)
			return p;
	}
	return NULL;
}

static int number_of(const struct pair *p)
{
	return (int)(p - pairs);
}

static void set_option(struct pair *p, int level, int name, int value)
{
	if (setsockopt(p->fd, level, name, &value, sizeof value) < 0)
		differ = true;
}

static void step_socket(struct port_random *random, int wanted)
{
	struct pair *p = vacant();
	unsigned open = 0;
	uint8_t family = port_below(random, 2) ? 4 : 6;
	enum sim_kind kind = wanted ? SIM_STREAM : SIM_DATAGRAM;
	for (unsigned i = 0; i < SLOTS; i++)
		open += pairs[i].s != NULL && pairs[i].fd >= 0;
	if (p == NULL || open >= OPENED)
		return;
	p->fd = socket(family == 4 ? AF_INET : AF_INET6,
		       (kind == SIM_STREAM ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK, 0);
	if (p->fd < 0)
		abort();
	p->s = port_socket(kind, family);
	p->peer = NULL;
	p->has_heard = false;
	p->tried = 0;
	p->s->options.port_range = (int32_t)((uint32_t)range_high << 16 | range_low);
	set_option(p, IPPROTO_IP, LINUX_IP_LOCAL_PORT_RANGE, p->s->options.port_range);
	note("%d: socket(%s, %d)", number_of(p), kind == SIM_STREAM ? "stream" : "datagram", family);
	compare(SOCKET, 0, 0);
}

static void step_option(struct port_random *random, struct pair *p)
{
	uint32_t which = port_below(random, 10);
	int on = port_below(random, 4) != 0;
	bool only_ipv6 = which == 8 && p->s->family == 6 && p->s->binding.port == NULL &&
			 p->s->state == SIM_CLOSED;
	if (which < 4) {
		note("%d: SO_REUSEADDR %d", number_of(p), on);
		set_option(p, SOL_SOCKET, SO_REUSEADDR, on);
		p->s->options.reuse_address = on;
	} else if (which < 8) {
		note("%d: SO_REUSEPORT %d", number_of(p), on);
		set_option(p, SOL_SOCKET, SO_REUSEPORT, on);
		p->s->options.reuse_port = on;
	} else if (only_ipv6) {
		note("%d: IPV6_V6ONLY %d", number_of(p), on);
		set_option(p, IPPROTO_IPV6, IPV6_V6ONLY, on);
		p->s->options.only_ipv6 = on;
	} else if (which == 9) {
		note("%d: IP_BIND_ADDRESS_NO_PORT %d", number_of(p), !on);
		set_option(p, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, !on);
		p->s->options.bind_without_port = !on;
	} else {
		return;
	}
	compare(OPTION, 0, 0);
}

static void step_bind(struct port_random *random, struct pair *p)
{
	bool is_mixed = port_below(random, 40) == 0;
	uint8_t family = is_mixed ? (uint8_t)(10 - p->s->family) : p->s->family;
	const char *ip = pick_ip(random, family);
	uint16_t port = port_below(random, 8) == 0 ? 0 : port_of[port_below(random, 5) == 0];
	socklen_t length;
	union port_sockaddr a = port_address(family, ip, port, &length);
	int kernel, simulator;
	if (port_below(random, 40) == 0)
		length = (socklen_t)(14 + port_below(random, 16));
	if (port_below(random, 40) == 0)
		a.any.sa_family = AF_UNSPEC;
	if (family == 6 && port_below(random, 3) == 0)
		a.in6.sin6_scope_id = port_below(random, 3) == 0 ? 77 : 1;
	note("%d: bind(%s, %u, length %u, family %u)", number_of(p), ip, port, length,
	     a.any.sa_family);
	kernel = answer(bind(p->fd, &a.any, length));
	lead(p);
	simulator = vetsim_bind(p->s, &a.any, length);
	compare(BIND, kernel, simulator);
	if (kernel == 0)
		compare_names(p);
}

/* One that tried IPv4 before does not: the children of Linux's are of IPv4 in part, and their resets
 * do not arrive. */
static void step_listen(struct pair *p)
{
	int kernel, simulator;
	if (p->s->family == 6 && p->tried == 4)
		return;
	if (p->s->node.kind != SIM_STREAM || p->s->state != SIM_CLOSED || p->s->remote.port != 0)
		return;
	note("%d: listen", number_of(p));
	kernel = answer(listen(p->fd, 10));
	lead(p);
	simulator = vetsim_port_listen(p->s);
	if (simulator == 0)
		p->s->state = SIM_LISTEN;
	compare(LISTEN, kernel, simulator);
	if (kernel == 0)
		compare_names(p);
}

/* ---- datagrams ---- */

static void dissolve(struct pair *p)
{
	struct sim_socket *s = p->s;
	const struct sockaddr none = { .sa_family = AF_UNSPEC };
	note("%d: connect(AF_UNSPEC)", number_of(p));
	compare(DATAGRAM_CONNECT, answer(connect(p->fd, &none, sizeof none)), 0);
	s->state = SIM_CLOSED;
	s->options.device = 0; /* Linux's __udp_disconnect() */
	s->remote.port = 0;
	if (!s->binding.is_explicit_address) {
		s->local.ip = s->bound_ip = s->family == 4 ? SIM_IPV4_ANY : SIM_IPV6_ANY;
		if (s->binding.is_explicit_port)
			vetsim_port_moved(s);
	}
	if (!s->binding.is_explicit_port) {
		vetsim_port_release(s);
		s->local.port = 0;
	}
}

/* Where there is a way at all; on an interface that does not exist there is none. */
static bool can_reach(const struct sim_socket *s, struct sim_ip ip)
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

static struct sim_ip source_of(struct sim_ip to)
{
	return sim_ip_is_v4(to) ? SIM_IPV4_LOOP : SIM_IPV6_LOOP;
}

static void step_datagram_connect(struct port_random *random, struct pair *p)
{
	struct sim_socket *s = p->s;
	bool v4 = s->family == 4 || port_below(random, 2);
	char text[64];
	socklen_t length;
	union port_sockaddr a;
	struct sim_name to;
	int kernel, simulator;
	if (port_below(random, 5) == 0) {
		dissolve(p);
		return;
	}
	snprintf(text, sizeof text, "%s%s", s->family == 6 && v4 ? "::ffff:" : "",
		 !v4 ? "::1" : port_below(random, 3) ? ip_of[0] : ip_of[1]);
	a = port_address(s->family, text,
			 port_below(random, 4) == 0 ? port_of[1] : sender_port, &length);
	to = name_of(&a);
	if (!can_reach(s, to.ip) || (s->state == SIM_ESTABLISHED && sim_ip_is_v4(s->remote.ip) != v4))
		return;
	note("%d: connect(%s, %u)", number_of(p), text, to.port);
	kernel = answer(connect(p->fd, &a.any, length));
	lead(p);
	simulator = vetsim_port_autobind(s);
	compare(DATAGRAM_CONNECT, kernel, simulator);
	if (simulator < 0)
		return;
	s->remote = to;
	s->state = SIM_ESTABLISHED;
	if (sim_ip_is_any(s->local.ip)) {
		s->local.ip = source_of(to.ip);
		vetsim_port_moved(s);
	}
	compare_names(p);
}

static struct pair *receiver(bool *is_late)
{
	for (struct pair *p = pairs; p < pairs + SLOTS; p++) {
		uint32_t got = 0;
		if (p->s == NULL || p->fd < 0 || p->s->node.kind != SIM_DATAGRAM)
			continue;
		while (recv(p->fd, &got, sizeof got, 0) == (ssize_t)sizeof got) {
			if (got == message)
				return p;
			*is_late = true;
		}
	}
	return NULL;
}

static bool are_one_group(const struct sim_socket *a, const struct sim_socket *b)
{
	return a != NULL && b != NULL && a->binding.is_grouped && b->binding.is_grouped &&
	       a->state == b->state && vetsim_port_are_alike(a, b);
}

/* Explained: Linux prefers who has heard something on this CPU while it was connected
 * (sk_incoming_cpu), which is no matter of calls; and a socket that was connected first, and then came
 * into a group, does not keep the group from choosing (has_conns), which the simulator does not
 * remember. */
static bool is_group_of_connected(const struct sim_socket *got, const struct sim_socket *expected)
{
	return got->binding.is_grouped && expected != NULL && expected->binding.is_grouped &&
	       expected->state == SIM_ESTABLISHED && vetsim_port_are_alike(got, expected);
}

/* From the sender: who hears it?  Of a group with SO_REUSEPORT any does. */
static void step_send(struct port_random *random)
{
	bool is_v4 = port_below(random, 3) != 0;
	const char *ip = !is_v4 ? "::1" : port_below(random, 5) == 0 ? "127.0.0.1" : ip_of[port_below(random, 2)];
	uint16_t port = port_of[port_below(random, 5) == 0];
	socklen_t length;
	union port_sockaddr to = port_address(is_v4 ? 4 : 6, ip, port, &length);
	struct sim_name destination = name_of(&to), source = name_of(&sender_at[!is_v4]);
	struct sim_socket *expected = vetsim_port_datagram(&port_host, &destination, &source);
	struct pair *got = NULL;
	bool is_late = false;
	int waits = expected != NULL ? LATE : 1;
	message++;
	note("send to %s %u", ip, port);
	(void)sendto(sender[!is_v4], &message, sizeof message, 0, &to.any, length);
	for (int i = 0; got == NULL && i < waits; i++) {
		got = receiver(&is_late);
		if (got == NULL && expected != NULL)
			usleep(1000);
	}
	heard += got != NULL;
	compare(SEND, got != NULL ? 0 : -EAGAIN, expected != NULL ? 0 : -EAGAIN);
	if (got != NULL && got->s->state == SIM_ESTABLISHED)
		got->has_heard = true;
	if (got == NULL || got->s == expected || are_one_group(got->s, expected))
		return;
	if (got->has_heard || is_group_of_connected(got->s, expected)) {
		explained++;
		return;
	}
	note("   the kernel: %d\n", number_of(got));
	for (unsigned i = 0; i < SLOTS; i++)
		if (pairs[i].s == expected)
			note("   the simulator: %u\n", i);
	differ = true;
}

/* ---- connections ---- */

static struct pair *pair_of(const struct sim_socket *s)
{
	for (struct pair *p = pairs; p < pairs + SLOTS; p++)
		if (p->s == s)
			return p;
	return NULL;
}

static int take_from(const struct pair *listener)
{
	int fd = -1;
	for (int i = 0; fd < 0 && i < LATE; i++) {
		fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK);
		if (fd < 0 && errno == EAGAIN)
			usleep(200);
	}
	return fd;
}

/* The connection is accepted where the simulator says that it is; or by another of its group. */
static void accept_from(struct pair *client, struct sim_socket *expected)
{
	struct pair *child = vacant(), *from = pair_of(expected);
	struct pollfd polled[SLOTS];
	for (unsigned i = 0; i < SLOTS; i++)
		polled[i] = (struct pollfd){ .fd = -1, .events = POLLIN };
	for (unsigned i = 0; i < SLOTS; i++)
		if (pairs[i].s != NULL && pairs[i].fd >= 0 && pairs[i].s->state == SIM_LISTEN)
			polled[i].fd = pairs[i].fd;
	if (poll(polled, SLOTS, LATE) > 0)
		for (unsigned i = 0; i < SLOTS; i++)
			if (polled[i].revents != 0)
				from = &pairs[i];
	if (from->s != expected && !are_one_group(from->s, expected)) {
		note("   accepted by %d; the simulator: %d\n", number_of(from),
		     number_of(pair_of(expected)));
		differ = true;
	}
	child->fd = take_from(from);
	if (child->fd < 0) {
		note("   nobody has it\n");
		differ = true;
		return;
	}
	child->s = port_socket(SIM_STREAM, from->s->family);
	child->s->options = from->s->options;
	child->s->options.only_ipv6 = vetsim_option_only_ipv6(from->s);
	child->s->options.is_child = true;
	child->s->local = client->s->remote;
	child->s->remote = client->s->local;
	child->s->state = SIM_ESTABLISHED;
	child->peer = client;
	client->peer = child;
	note("   accepted: %d\n", number_of(child));
	if (vetsim_port_inherit(child->s, from->s) != 0)
		differ = true;
}

static void refused_by_nobody(struct pair *p, const union port_sockaddr *a, socklen_t length)
{
	struct sim_socket *s = p->s;
	int kernel = -EALREADY;
	for (int i = 0; kernel == -EALREADY && i < LATE; i++) {
		kernel = answer(connect(p->fd, &a->any, length));
		if (kernel == -EALREADY)
			usleep(200);
	}
	note("   again");
	compare(CONNECT, kernel, -ECONNREFUSED);
	s->state = SIM_CLOSED;
	vetsim_port_disconnect(s);
	if (!s->binding.is_explicit_port)
		vetsim_port_release(s);
	s->remote.port = 0;
	if (!s->binding.is_explicit_address)
		s->local.ip = s->bound_ip = s->family == 4 ? SIM_IPV4_ANY : SIM_IPV6_ANY;
}

static void attempt(struct pair *p, const union port_sockaddr *a, socklen_t length)
{
	struct sim_socket *s = p->s, *listener;
	struct sim_ip before = s->local.ip;
	struct sim_name to = name_of(a);
	int kernel = answer(connect(p->fd, &a->any, length)), simulator;
	lead(p);
	s->remote = to;
	if (sim_ip_is_any(s->bound_ip))
		s->local.ip = source_of(to.ip);
	listener = vetsim_port_listener(&port_host, &s->remote, &s->local);
	simulator = vetsim_port_connect(s);
	if (simulator == 0)
		listener = vetsim_port_listener(&port_host, &s->remote, &s->local);
	if (kernel == -EINPROGRESS || kernel == -ECONNREFUSED)
		kernel = 0;
	compare(CONNECT, kernel, simulator);
	if (simulator < 0) {
		s->local.ip = before;
		s->remote.port = 0;
		return;
	}
	s->state = SIM_ESTABLISHED;
	compare_names(p);
	if (differ)
		return;
	if (listener != NULL)
		accept_from(p, listener);
	else
		refused_by_nobody(p, a, length);
}

static void step_connect(struct port_random *random, struct pair *p)
{
	struct sim_socket *s = p->s;
	bool v4 = s->family == 4 || port_below(random, 2);
	char text[64];
	socklen_t length;
	union port_sockaddr a;
	struct sim_name to;
	if (s->state != SIM_CLOSED || p->peer != NULL || s->remote.port != 0 || vacant() == NULL)
		return;
	snprintf(text, sizeof text, "%s%s", s->family == 6 && v4 ? "::ffff:" : "",
		 v4 ? ip_of[port_below(random, 2)] : "::1");
	a = port_address(s->family, text, port_of[port_below(random, 5) == 0], &length);
	to = name_of(&a);
	/* To itself is a matter of streams, not of ports.  And Linux's stream of IPv6 that was refused by
	 * IPv4 never gets an answer of IPv6 any more. */
	if (!can_reach(s, to.ip) || (p->tried != 0 && p->tried != (v4 ? 4 : 6)) || (s->binding.port != NULL && s->local.port == to.port))
		return;
	note("%d: connect(%s, %u)", number_of(p), text, to.port);
	p->tried = v4 ? 4 : 6;
	attempt(p, &a, length);
}

/* ---- the end of a socket ---- */

static void forget(struct pair *p)
{
	port_socket_end(p->s);
	if (p->peer != NULL)
		p->peer->peer = NULL;
	*p = (struct pair){ .fd = -1 };
}

/* The other end has a connection that is over. */
static void reset_peer(struct pair *peer)
{
	struct sim_socket *s = peer->s;
	struct pollfd told = { .fd = peer->fd };
	(void)poll(&told, 1, LATE);
	vetsim_port_disconnect(s);
	s->state = SIM_CLOSED;
	if (!s->binding.is_explicit_port)
		vetsim_port_release(s);
}

/* Who closes first stays, without a descriptor: then in TIME_WAIT. */
static void close_connection(struct pair *p, bool reset)
{
	struct pair *peer = p->peer;
	const struct linger at_once = { 1, 0 };
	if (peer->fd < 0) { /* it was closed before: both ends are, in order */
		close(p->fd);
		peer->s->state = SIM_TIME_WAIT;
		peer->s->u.stream.end_at = port_sim.now + VET_SECONDS(60);
		forget(p);
		return;
	}
	if (reset) {
		if (setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) < 0)
			abort();
		close(p->fd);
		reset_peer(peer);
		forget(p);
		return;
	}
	close(p->fd);
	p->fd = -1;
	p->s->state = SIM_FIN_WAIT_2;
}

static void step_close(struct port_random *random, struct pair *p)
{
	bool reset = port_below(random, 3) == 0;
	note("%d: close%s", number_of(p), p->peer != NULL && reset ? " with linger 0" : "");
	compare(CLOSE, 0, 0);
	if (p->peer != NULL) {
		close_connection(p, reset);
		return;
	}
	close(p->fd);
	forget(p);
}

/* ---- sequences ---- */

static void step(struct port_random *random, bool are_streams)
{
	uint32_t which = port_below(random, 20);
	struct pair *p = pick(random);
	bool is_stream;
	if (p == NULL || which < 4) {
		step_socket(random, port_below(random, 8) != 0 ? are_streams : !are_streams);
		return;
	}
	is_stream = p->s->node.kind == SIM_STREAM;
	if (which < 8)
		step_option(random, p);
	else if (which < 12)
		step_bind(random, p);
	else if (which < 15 && is_stream)
		step_listen(p);
	else if (which < 19 && is_stream)
		step_connect(random, p);
	else if (which < 15)
		step_datagram_connect(random, p);
	else if (which < 19)
		step_send(random);
	else
		step_close(random, p);
}

static void open_senders(void)
{
	sender_at[0] = port_address(4, ip_of[0], sender_port, NULL);
	sender_at[1] = port_address(6, "::1", sender_port, NULL);
	for (int i = 0; i < 2; i++) {
		sender[i] = socket(i == 0 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0);
		if (sender[i] < 0 || bind(sender[i], &sender_at[i].any,
					  i == 0 ? sizeof sender_at[i].in
						 : sizeof sender_at[i].in6) < 0)
			abort();
	}
}

static void close_all(void)
{
	for (struct pair *p = pairs; p < pairs + SLOTS; p++) {
		if (p->s == NULL)
			continue;
		if (p->fd >= 0)
			close(p->fd);
		p->peer = NULL;
		forget(p);
	}
	close(sender[0]);
	close(sender[1]);
}

/* Names of its own: three ports below the ephemeral ones, up to four of those, two addresses. */
static void sequence(uint64_t seed, unsigned index)
{
	struct port_random random = { (seed << 32 | index) * UINT64_C(0x9e3779b97f4a7c15) };
	unsigned place = index % PER_NAMESPACE;
	bool are_streams = port_below(&random, 2);
	(void)port_below(&random, 2);
	lines_size = 0;
	differ = false;
	port_of[0] = (uint16_t)(1024 + place * 3);
	port_of[1] = (uint16_t)(port_of[0] + 1);
	sender_port = (uint16_t)(port_of[0] + 2);
	range_low = (uint16_t)(VET_SIM_PORT_FIRST + place * 4);
	range_high = (uint16_t)(range_low + port_below(&random, 4));
	for (unsigned i = 0; i < 2; i++)
		snprintf(ip_of[i], sizeof ip_of[i], "127.%u.%u.%u", 1 + place / 250, place % 250, i + 1);
	for (unsigned i = 0; i < SLOTS; i++)
		pairs[i] = (struct pair){ .fd = -1 };
	open_senders();
	for (unsigned i = 0; i < STEPS && !differ; i++)
		step(&random, are_streams);
	if (differ) {
		differences++;
		printf("port_kernel_test --seed %llu --first %u --runs 1\n%s\n",
		       (unsigned long long)seed, index, lines);
	}
	close_all();
	if (port_host.streams.ports != 0 || port_host.datagrams.ports != 0)
		abort(); /* all were released */
	vetsim_ports_clear(&port_host.streams);
	vetsim_ports_clear(&port_host.datagrams);
}

/* A network of its own, whose only interface is the loopback. */
static bool enter_namespace(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd, result;
	if (unshare(CLONE_NEWNET) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return false;
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0)
		return false;
	result = ioctl(fd, SIOCSIFFLAGS, &request);
	close(fd);
	return result == 0;
}

int main(int count, char **arguments)
{
	static const struct option names[] = { { "seed", 1, NULL, 's' }, { "first", 1, NULL, 'f' },
					       { "runs", 1, NULL, 'n' }, { "show", 0, NULL, 'v' },
					       { NULL, 0, NULL, 0 } };
	unsigned long long seed = 1;
	unsigned first = 0, runs = 12000;
	bool show = false;
	for (int c; (c = getopt_long(count, arguments, "", names, NULL)) != -1;) {
		switch (c) {
		case 's':
			seed = strtoull(optarg, NULL, 10);
			break;
		case 'f':
			first = (unsigned)strtoul(optarg, NULL, 10);
			break;
		case 'n':
			runs = (unsigned)strtoul(optarg, NULL, 10);
			break;
		case 'v':
			show = true;
			break;
		default:
			return 2;
		}
	}
	printf("port_kernel_test --seed %llu --first %u --runs %u\n", seed, first, runs);
	port_world_begin();
	port_sim.oracle.is_on = true;
	for (unsigned i = first; i < first + runs && differences < 10; i++) {
		if ((i == first || i % PER_NAMESPACE == 0) && !enter_namespace()) {
			printf("no network namespace: %s\n", strerror(errno));
			return 77;
		}
		sequence(seed, i);
		if (show)
			printf("%s\n", lines);
	}
	port_world_end();
	for (unsigned i = 0; i < sizeof counted / sizeof counted[0]; i++)
		printf("%-20s %8lu done %8lu refused\n", call_names[i], counted[i][0], counted[i][1]);
	printf("%u sequences, %lu calls, %lu refused, %lu datagrams heard: %lu differences, %lu explained\n",
	       runs, calls, refused, heard, differences, explained);
	return differences == 0 && heard > 0 && refused > 0 ? 0 : 1;
}
