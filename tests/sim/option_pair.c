/* SPDX-License-Identifier: 0BSD */
#include "option_pair.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <net/route.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <vetsock/sim.h>

static struct vet_sim *sim;
static struct vet_sys *sys;
static unsigned open_pairs;
static unsigned long calls, differences, explained_away;
static bool is_root, has_ethernet;

/* ---- what is explained ---- */

enum how {
	NOT_MODELLED, /* the simulator knows it not */
	OTHER_VALUE, /* what getsockopt tells differs; whether it does, and how much, is the same */
	AFTER_SET,   /* as OTHER_VALUE and results, too, once an option was set */
	NO_ETHERNET, /* there is no second interface here */
	PRIVILEGED,  /* the kernel asks for a capability, which a simulated program has */
};

static const struct explanation {
	int level, first, last;
	enum how how;
	const char *why;
} explanations[] = {
	{ SOL_SOCKET, 26, 27, NOT_MODELLED,
	  "filters are programs of the kernel's (SO_ATTACH_FILTER)" },
	{ SOL_SOCKET, 37, 37, NOT_MODELLED, "SO_TIMESTAMPING is of network devices" },
	{ SOL_SOCKET, 44, 44, NOT_MODELLED, "SO_LOCK_FILTER, as filters" },
	{ SOL_SOCKET, 46, 52, NOT_MODELLED, "busy polling, pacing, BPF, CPUs" },
	{ SOL_SOCKET, 53, 53, NOT_MODELLED, "SO_CNX_ADVICE is told to a neighbour cache" },
	{ SOL_SOCKET, 55, 55, NOT_MODELLED, "SO_MEMINFO counts the kernel's own memory" },
	{ SOL_SOCKET, 57, 57, OTHER_VALUE, "SO_COOKIE counts sockets of the system" },
	{ SOL_SOCKET, 59, 59, NOT_MODELLED, "SO_PEERGROUPS is of local sockets" },
	{ SOL_SOCKET, 61, 61, NOT_MODELLED, "SO_TXTIME is of queues" },
	{ SOL_SOCKET, 65, 65, NOT_MODELLED, "SO_TIMESTAMPING_NEW" },
	{ SOL_SOCKET, 66, 67, NOT_MODELLED, "SO_RCVTIMEO and SO_SNDTIMEO have one number each" },
	{ SOL_SOCKET, 68, 71, NOT_MODELLED, "BPF, busy polling, SO_NETNS_COOKIE" },
	{ SOL_SOCKET, 73, 73, NOT_MODELLED, "SO_RESERVE_MEM" },
	{ SOL_SOCKET, 77, 81, NOT_MODELLED, "processes, memory of devices" },
	{ SOL_SOCKET, 1, 1, PRIVILEGED, "SO_DEBUG" },
	{ SOL_SOCKET, 12, 12, PRIVILEGED, "SO_PRIORITY over 6" },
	{ SOL_SOCKET, 32, 33, PRIVILEGED, "SO_SNDBUFFORCE, SO_RCVBUFFORCE" },
	{ SOL_SOCKET, 36, 36, PRIVILEGED, "SO_MARK" },
	{ IPPROTO_IP, 4, 5, NOT_MODELLED, "options in IP headers, router alerts" },
	{ IPPROTO_IP, 9, 9, NOT_MODELLED, "IP_PKTOPTIONS" },
	{ IPPROTO_IP, 16, 17, NOT_MODELLED, "IPsec" },
	{ IPPROTO_IP, 19, 19, PRIVILEGED, "IP_TRANSPARENT" },
	{ IPPROTO_IP, 23, 23, NOT_MODELLED, "IP_CHECKSUM is told by recvmsg" },
	{ IPPROTO_IP, 37, 41, NOT_MODELLED, "sources of multicast (RFC 3376)" },
	{ IPPROTO_IP, 43, 44, NOT_MODELLED, "sources of multicast" },
	{ IPPROTO_IP, 46, 48, NOT_MODELLED, "sources of multicast" },
	{ IPPROTO_IP, 32, 50, NO_ETHERNET,
	  "an interface of the number 2, or a route of multicast" },
	{ IPPROTO_IP, 64, 127, NOT_MODELLED, "netfilter, by the kernel's configuration" },
	{ IPPROTO_IPV6, 1, 1, NOT_MODELLED, "IPV6_ADDRFORM" },
	{ IPPROTO_IPV6, 6, 6, NOT_MODELLED, "ancillary data by setsockopt (RFC 2292)" },
	{ IPPROTO_IPV6, 22, 22, NOT_MODELLED, "router alerts" },
	{ IPPROTO_IPV6, 27, 28, NOT_MODELLED, "anycast" },
	{ IPPROTO_IPV6, 32, 32, NOT_MODELLED, "flow labels are leased" },
	{ IPPROTO_IPV6, 34, 35, NOT_MODELLED, "IPsec" },
	{ IPPROTO_IPV6, 43, 44, NOT_MODELLED, "sources of multicast (RFC 3810)" },
	{ IPPROTO_IPV6, 46, 48, NOT_MODELLED, "sources of multicast" },
	{ IPPROTO_IPV6, 50, 50, NOT_MODELLED, "ancillary data by setsockopt (RFC 3542)" },
	{ IPPROTO_IPV6, 54, 55, NOT_MODELLED, "extension headers" },
	{ IPPROTO_IPV6, 57, 57, NOT_MODELLED, "extension headers" },
	{ IPPROTO_IPV6, 59, 59, NOT_MODELLED, "extension headers" },
	{ IPPROTO_IPV6, 61, 61, NOT_MODELLED, "IPV6_PATHMTU" },
	{ IPPROTO_IPV6, 17, 17, NO_ETHERNET, "an interface of the number 2" },
	{ IPPROTO_IPV6, 20, 21, NO_ETHERNET, "a route of multicast" },
	{ IPPROTO_IPV6, 42, 45, NO_ETHERNET, "a route of multicast" },
	{ IPPROTO_IPV6, 76, 76, NO_ETHERNET, "an interface of the number 2" },
	{ IPPROTO_IPV6, 64, 65, NOT_MODELLED, "netfilter, by the kernel's configuration" },
	{ IPPROTO_IPV6, 68, 69, NOT_MODELLED, "netfilter" },
	{ IPPROTO_IPV6, 75, 75, PRIVILEGED, "IPV6_TRANSPARENT" },
	{ IPPROTO_IPV6, 80, 80, NOT_MODELLED, "netfilter" },
	{ IPPROTO_TCP, 11, 11, OTHER_VALUE, "of TCP_INFO the state and the size are modelled" },
	{ IPPROTO_TCP, 14, 14, NOT_MODELLED, "TCP_MD5SIG" },
	{ IPPROTO_TCP, 18, 24, NOT_MODELLED, "TCP_REPAIR and what goes with it, TCP_TIMESTAMP" },
	{ IPPROTO_TCP, 26, 26, NOT_MODELLED, "TCP_CC_INFO" },
	{ IPPROTO_TCP, 28, 29, NOT_MODELLED, "TCP_SAVED_SYN, TCP_REPAIR_WINDOW" },
	{ IPPROTO_TCP, 31, 33, NOT_MODELLED, "upper layers, keys" },
	{ IPPROTO_TCP, 35, 35, NOT_MODELLED, "TCP_ZEROCOPY_RECEIVE" },
	{ IPPROTO_TCP, 37, 46, NOT_MODELLED, "TCP_TX_DELAY, TCP-AO, timers of the kernel's" },
	{ IPPROTO_IP, 14, 14, AFTER_SET,
	  "IP_MTU is of a route, which IP_TOS and others take away" },
	{ IPPROTO_IPV6, 24, 24, AFTER_SET, "IPV6_MTU, as IP_MTU" },
	{ 136, 100, 100, NOT_MODELLED, "UDP_ENCAP, as the level of UDP-Lite has it" },
	{ IPPROTO_UDP, 100, 100, NOT_MODELLED, "UDP_ENCAP is IPsec's and of tunnels" },
	{ 262, 0, 1000, NOT_MODELLED, "other protocols" },
};

static const struct explanation *explanation_of(int level, int name)
{
	for (size_t i = 0; i < sizeof explanations / sizeof *explanations; i++) {
		const struct explanation *e = &explanations[i];
		if (e->level == level && name >= e->first && name <= e->last &&
		    (e->how != PRIVILEGED || !is_root) && (e->how != NO_ETHERNET || !has_ethernet))
			return e;
	}
	return NULL;
}

bool is_not_modelled(int level, int name, enum pair_kind kind, int family)
{
	const struct explanation *e = explanation_of(level, name);
	(void)kind;
	(void)family;
	return e != NULL && (e->how == NOT_MODELLED || e->how == PRIVILEGED);
}

bool keeps_from_connecting(int level, int name)
{
	static const struct {
		int level, name;
	} those[] = {
		{ SOL_SOCKET, SO_BINDTODEVICE },
		{ SOL_SOCKET, 62 },
		{ IPPROTO_IP, 21 },
		{ IPPROTO_IP, 50 },
		{ IPPROTO_IPV6, 73 },
		{ IPPROTO_IPV6, 76 },
		{ IPPROTO_TCP, TCP_DEFER_ACCEPT },
	};
	for (size_t i = 0; i < sizeof those / sizeof *those; i++)
		if (those[i].level == level && those[i].name == name)
			return true;
	return false;
}

/* ---- where ---- */

static bool write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));
	if (fd >= 0)
		(void)close(fd);
	return n == (ssize_t)strlen(text);
}

static void bring_up(const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	(void)snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
	if (ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		perror(name);
	(void)close(fd);
}

/* An interface of the number 2 with an address and the route to all, as a simulated host has: its
 * other end is here, and nobody reads it. */
static bool make_ethernet(void)
{
	struct ifreq request = { .ifr_name = "eth0", .ifr_flags = IFF_TUN | IFF_NO_PI };
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(0x0a000001) };
	struct sockaddr_in any = { .sin_family = AF_INET };
	struct rtentry route = { .rt_flags = RTF_UP, .rt_dev = request.ifr_name };
	int tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool is_made = tun >= 0 && ioctl(tun, TUNSETIFF, &request) == 0;
	memcpy(&request.ifr_addr, &address, sizeof address);
	is_made = is_made && ioctl(fd, SIOCSIFADDR, &request) == 0;
	if (is_made)
		bring_up("eth0");
	memcpy(&route.rt_dst, &any, sizeof any);
	memcpy(&route.rt_genmask, &any, sizeof any);
	is_made = is_made && ioctl(fd, SIOCADDRT, &route) == 0;
	(void)close(fd);
	return is_made && if_nametoindex("eth0") == 2;
}

/* What a simulated host has (option.h): written where a namespace has its own, and looked at. */
static bool pin(void)
{
	static const struct {
		const char *path, *text;
	} pins[] = {
		{ "/proc/sys/net/core/rmem_default", "212992" },
		{ "/proc/sys/net/core/wmem_default", "212992" },
		{ "/proc/sys/net/core/rmem_max", "4194304" },
		{ "/proc/sys/net/core/wmem_max", "4194304" },
		{ "/proc/sys/net/core/somaxconn", "4096" },
		{ "/proc/sys/net/ipv4/tcp_rmem", "4096\t131072\t33554432" },
		{ "/proc/sys/net/ipv4/tcp_wmem", "4096\t16384\t4194304" },
		{ "/proc/sys/net/ipv4/ip_default_ttl", "64" },
		{ "/proc/sys/net/ipv4/tcp_fin_timeout", "60" },
		{ "/proc/sys/net/ipv4/tcp_keepalive_time", "7200" },
		{ "/proc/sys/net/ipv4/tcp_keepalive_intvl", "75" },
		{ "/proc/sys/net/ipv4/tcp_keepalive_probes", "9" },
		{ "/proc/sys/net/ipv4/tcp_syn_retries", "6" },
		{ "/proc/sys/net/ipv4/tcp_fastopen", "1" },
		{ "/proc/sys/net/ipv4/igmp_max_memberships", "20" },
		{ "/proc/sys/net/ipv6/bindv6only", "0" },
		{ "/proc/sys/net/ipv6/auto_flowlabels", "1" },
	};
	char text[64];
	bool all = true;
	for (size_t i = 0; i < sizeof pins / sizeof *pins; i++) {
		FILE *file;
		(void)write_text(pins[i].path, pins[i].text);
		file = fopen(pins[i].path, "r");
		if (file == NULL || fgets(text, sizeof text, file) == NULL)
			text[0] = '\0';
		if (file != NULL)
			(void)fclose(file);
		text[strcspn(text, "\n")] = '\0';
		if (strcmp(text, pins[i].text) == 0)
			continue;
		printf("%s is \"%s\", not \"%s\"\n", pins[i].path, text, pins[i].text);
		all = false;
	}
	return all;
}

bool pair_begin(void)
{
	is_root = geteuid() == 0;
	if (unshare(CLONE_NEWNET) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0) {
		printf("skipped: no network namespace can be made: %s\n", strerror(errno));
		return false;
	}
	bring_up("lo");
	has_ethernet = make_ethernet();
	if (!has_ethernet)
		printf("no interface but lo can be had: options of others are left out\n");
	if (!pin()) {
		printf("skipped: this kernel has other defaults than a simulated host\n");
		return false;
	}
	if (vet_sim_make(&sim) < 0)
		abort();
	return true;
}

bool pair_end(void)
{
	vet_sim_free(sim);
	printf("%lu calls, %lu differences, %lu explained\n", calls, differences, explained_away);
	return differences == 0;
}

/* ---- pairs ---- */

bool pair_has(enum pair_kind kind, enum pair_state state)
{
	return state == PAIR_FRESH || kind == PAIR_STREAM ||
	       (kind == PAIR_DATAGRAM && (state == PAIR_BOUND || state == PAIR_CONNECTED));
}

static void must(bool condition, const char *what)
{
	if (!condition) {
		printf("cannot go on: %s: %s\n", what, strerror(errno));
		abort();
	}
}

static void open_both(const struct pair *p, int *real, int *simulated)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_RAW };
	int domain = p->family == 4 ? AF_INET : AF_INET6, protocol = p->kind == PAIR_RAW ? 253 : 0;
	*real = socket(domain, types[p->kind] | SOCK_CLOEXEC, protocol);
	*simulated = (sys->calls->socket)(sys, domain, types[p->kind], protocol);
	must(*real >= 0, "socket");
	must(*simulated >= 0, "simulated socket");
	/* The kernel's default is one of its configuration. */
	if (p->kind == PAIR_STREAM) {
		(void)setsockopt(*real, IPPROTO_TCP, TCP_CONGESTION, "reno", 4);
		(void)(sys->calls->setsockopt)(sys, *simulated, IPPROTO_TCP, TCP_CONGESTION, "reno",
					       4);
	}
}

struct place {
	union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
	} u;
	socklen_t length;
};

/* A port of its own each time. */
static struct place loopback(int family)
{
	static uint16_t port;
	struct place at;
	port = port < 20000 || port > 30000 ? 20000 : (uint16_t)(port + 1);
	memset(&at, 0, sizeof at);
	at.length = family == 4 ? sizeof at.u.four : sizeof at.u.six;
	at.u.any.sa_family = family == 4 ? AF_INET : AF_INET6;
	if (family == 4) {
		at.u.four.sin_port = htons(port);
		at.u.four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	} else {
		at.u.six.sin6_port = htons(port);
		at.u.six.sin6_addr = (struct in6_addr)IN6ADDR_LOOPBACK_INIT;
	}
	return at;
}

static void bind_both(int family, int real, int simulated)
{
	struct place at = loopback(family);
	int result = bind(real, &at.u.any, at.length);
	must(result == 0, "bind");
	result = (sys->calls->bind)(sys, simulated, &at.u.any, at.length);
	must(result == 0, "simulated bind");
}

/* Each to the one that is bound, or listens. */
static void connect_both(int real, int simulated, int real_to, int simulated_to, bool is_stream)
{
	struct place real_at = { .length = sizeof real_at.u }, at = { .length = sizeof at.u };
	int result = getsockname(real_to, &real_at.u.any, &real_at.length);
	must(result == 0, "getsockname");
	bind_both(real_at.u.any.sa_family == AF_INET ? 4 : 6, real, simulated);
	result = connect(real, &real_at.u.any, real_at.length);
	must(result == 0, "connect");
	result = (sys->calls->getsockname)(sys, simulated_to, &at.u.any, &at.length);
	must(result == 0, "simulated getsockname");
	result = (sys->calls->connect)(sys, simulated, &at.u.any, at.length);
	must(result == 0 || (is_stream && result == -EINPROGRESS), "simulated connect");
	(void)(sys->calls->poll)(sys, NULL, 0, 1000000);
}

static void listen_both(int family, int real, int simulated)
{
	int result;
	bind_both(family, real, simulated);
	result = listen(real, 8);
	must(result == 0, "listen");
	result = (sys->calls->listen)(sys, simulated, 8);
	must(result == 0, "simulated listen");
}

static void accept_both(int real, int simulated, int *real_taken, int *simulated_taken)
{
	*real_taken = accept4(real, NULL, NULL, SOCK_CLOEXEC);
	must(*real_taken >= 0, "accept");
	*simulated_taken = (sys->calls->accept)(sys, simulated, NULL, NULL);
	must(*simulated_taken >= 0, "simulated accept");
}

static void make_connection(struct pair *p)
{
	int real, simulated, real_taken, simulated_taken;
	open_both(p, &p->real, &p->simulated);
	open_both(p, &real, &simulated);
	if (p->kind == PAIR_DATAGRAM) {
		bind_both(p->family, real, simulated);
		connect_both(p->real, p->simulated, real, simulated, false);
		p->real_other = real;
		p->simulated_other = simulated;
		return;
	}
	listen_both(p->family, real, simulated);
	connect_both(p->real, p->simulated, real, simulated, true);
	accept_both(real, simulated, &real_taken, &simulated_taken);
	(void)close(real);
	(void)(sys->calls->close)(sys, simulated);
	p->real_other = p->state == PAIR_ACCEPTED ? p->real : real_taken;
	p->simulated_other = p->state == PAIR_ACCEPTED ? p->simulated : simulated_taken;
	if (p->state == PAIR_ACCEPTED) {
		p->real = real_taken;
		p->simulated = simulated_taken;
	}
}

static void start_anew(void)
{
	int result = vet_sim_start(
		sim, &(struct vet_sim_options){ .reuse_descriptors = true, .tick = 1 });
	must(result == 0, "vet_sim_start");
	sys = vet_sim_sys(vet_sim_add_host(sim, "host"));
}

void pair_make(struct pair *p, enum pair_kind kind, int family, enum pair_state state)
{
	if (open_pairs++ == 0)
		start_anew();
	memset(p, 0, sizeof *p);
	p->kind = kind;
	p->family = family;
	p->state = state;
	p->real_other = p->simulated_other = -1;
	if (state == PAIR_CONNECTED || state == PAIR_ACCEPTED) {
		make_connection(p);
		return;
	}
	open_both(p, &p->real, &p->simulated);
	if (state == PAIR_BOUND)
		bind_both(family, p->real, p->simulated);
	else if (state == PAIR_LISTENING)
		listen_both(family, p->real, p->simulated);
}

void pair_accept(struct pair *p, struct pair *listener)
{
	open_pairs++;
	*p = *listener;
	p->state = PAIR_ACCEPTED;
	open_both(p, &p->real_other, &p->simulated_other);
	connect_both(p->real_other, p->simulated_other, listener->real, listener->simulated, true);
	accept_both(listener->real, listener->simulated, &p->real, &p->simulated);
}

/* With a reset, for the ports' sake. */
static void close_real(int fd)
{
	struct linger now = { .l_onoff = 1 };
	if (fd < 0)
		return;
	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	(void)close(fd);
}

static void close_simulated(int fd)
{
	struct linger now = { .l_onoff = 1 };
	if (fd < 0)
		return;
	(void)(sys->calls->setsockopt)(sys, fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	(void)(sys->calls->close)(sys, fd);
}

void pair_close(struct pair *p)
{
	close_real(p->real_other);
	close_real(p->real);
	close_simulated(p->simulated_other);
	close_simulated(p->simulated);
	open_pairs--;
}

/* ---- the same is done to both ---- */

static const char *name_of(int result)
{
	return result == 0 ? "0" : result > 0 ? "+" : strerrorname_np(-result);
}

static void print_bytes(const unsigned char *bytes, socklen_t length)
{
	for (socklen_t i = 0; i < length && i < 24; i++)
		printf("%02x", bytes[i]);
}

/* One difference of each option, kind of socket and call is enough to read. */
static bool was_told(int level, int name, unsigned of)
{
	static uint16_t told[512][256];
	uint16_t *at = &told[(unsigned)level & 511][(unsigned)name & 255];
	bool was = (*at >> of & 1) != 0;
	*at = (uint16_t)(*at | 1U << of);
	return was;
}

static bool differs(const struct pair *p, const char *call, int level, int name, int length)
{
	static const char *const kinds[] = { "stream", "datagram", "raw" };
	static const char *const states[] = { "fresh", "bound", "listening", "connected",
					      "accepted" };
	const struct explanation *e = explanation_of(level, name);
	if (e != NULL && (e->how != AFTER_SET || p->was_set)) {
		explained_away++;
		return false;
	}
	differences++;
	if (was_told(level, name,
		     ((unsigned)p->kind * 2 + (p->family == 6)) * 2 + (call[0] == 's')))
		return false;
	printf("%s%d %s: %s%s(%d, %d, length %d): ", kinds[p->kind], p->family, states[p->state],
	       p->history, call, level, name, length);
	return true;
}

static void note(struct pair *p, int level, int name, const void *value, int length)
{
	size_t used = strlen(p->history);
	int32_t number = 0;
	if (used > sizeof p->history - 64)
		p->history[used = 0] = '\0';
	if (value != NULL && length > 0)
		memcpy(&number, value, length < 4 ? (size_t)length : 4);
	(void)snprintf(p->history + used, sizeof p->history - used, "set(%d, %d, %d/%d) ", level,
		       name, number, length);
}

void pair_set(struct pair *p, int level, int name, const void *value, int length)
{
	int real = setsockopt(p->real, level, name, value, (socklen_t)length) < 0 ? -errno : 0;
	int simulated =
		(sys->calls->setsockopt)(sys, p->simulated, level, name, value, (socklen_t)length);
	calls++;
	if (real != simulated && differs(p, "set", level, name, length)) {
		printf("value ");
		print_bytes(value, value != NULL && length > 0 ? (socklen_t)length : 0);
		printf(" is %s, simulated %s\n", name_of(real), name_of(simulated));
	}
	if (real == 0) {
		p->was_set = true;
		note(p, level, name, value, length);
	}
}

void pair_get(struct pair *p, int level, int name, int length)
{
	unsigned char real_bytes[1024], bytes[1024];
	socklen_t real_length = (socklen_t)length, simulated_length = (socklen_t)length;
	int real, simulated;
	memset(real_bytes, 0xee, sizeof real_bytes);
	memset(bytes, 0xee, sizeof bytes);
	real = getsockopt(p->real, level, name, real_bytes, &real_length) < 0 ? -errno : 0;
	simulated =
		(sys->calls->getsockopt)(sys, p->simulated, level, name, bytes, &simulated_length);
	calls++;
	if (real == simulated && (real != 0 || (real_length == simulated_length &&
						memcmp(real_bytes, bytes, sizeof bytes) == 0)))
		return;
	if (!differs(p, "get", level, name, length))
		return;
	printf("is %s ", name_of(real));
	print_bytes(real_bytes, real == 0 ? real_length : 0);
	printf("/%u, simulated %s ", real_length, name_of(simulated));
	print_bytes(bytes, simulated == 0 ? simulated_length : 0);
	printf("/%u\n", simulated_length);
}

void pair_compare(struct pair *p)
{
	static const int all[] = { SOL_SOCKET, IPPROTO_IP, IPPROTO_IPV6, IPPROTO_TCP, IPPROTO_UDP };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		for (int name = 0; name < 110; name++)
			if (!is_not_modelled(all[i], name, p->kind, p->family))
				pair_get(p, all[i], name, 64);
}
