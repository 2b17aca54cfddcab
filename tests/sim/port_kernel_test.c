/* SPDX-License-Identifier: 0BSD */
/* Ports of the simulator and of Linux: random sequences of calls on both, result by result; and
 * who hears what arrives.  A choice that is the kernel's own (a port) is followed, where it is
 * lawful. */
#include <errno.h>
#include <getopt.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "port_pair.h"
enum {
	OPENED = 6, /* at once, but for what comes of connections */
	STEPS = 24,
	PER_NAMESPACE = 6000, /* sequences: as many ports as there are */
	LINUX_IP_LOCAL_PORT_RANGE = 51,
};

/* ---- steps ---- */

static struct pair *pick(struct port_random *random)
{
	for (unsigned tries = 0; tries < 20; tries++) {
		struct pair *p = &pairs[port_below(random, SLOTS)];
		if (p->s != NULL && p->fd >= 0)
			return p;
	}
	return NULL;
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
	note("%d: socket(%s, %d)", number_of(p), kind == SIM_STREAM ? "stream" : "datagram",
	     family);
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

/* One that tried IPv4 before does not: the children of Linux's are of IPv4 in part, and their
 * resets do not arrive. */
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
		if (sender[i] < 0 ||
		    bind(sender[i], &sender_at[i].any,
			 i == 0 ? sizeof sender_at[i].in : sizeof sender_at[i].in6) < 0)
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
		snprintf(ip_of[i], sizeof ip_of[i], "127.%u.%u.%u", 1 + place / 250, place % 250,
			 i + 1);
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
	static const struct option names[] = { { "seed", 1, NULL, 's' },
					       { "first", 1, NULL, 'f' },
					       { "runs", 1, NULL, 'n' },
					       { "show", 0, NULL, 'v' },
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
		printf("%-20s %8lu done %8lu refused\n", call_names[i], counted[i][0],
		       counted[i][1]);
	printf("%u sequences, %lu calls, %lu refused, %lu datagrams heard, %lu differences, "
	       "%lu explained\n",
	       runs, calls, refused, heard, differences, explained);
	return differences == 0 && heard > 0 && refused > 0 ? 0 : 1;
}
