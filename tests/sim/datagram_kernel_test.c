/* SPDX-License-Identifier: 0BSD */
/* Datagrams of the simulator and of Linux: random sequences of calls on both tables, result by
 * result, with bytes, names and what poll reports.  A port that the kernel chose is chosen again.
 *	datagram_kernel_test --seed N --first I --runs N */
#include "datagram_pair.h"

#include <errno.h>
#include <getopt.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <vetsock/host.h>

enum {
	STEPS = 40,
	PLACES = 9000, /* sequences, until their ports come again */
	FIRST_PORT = 2000,
	ROOM = 131072,
	FILE_SIZE = 100000,
	TRIES = 3, /* of a sequence that differs: what the kernel does but once is its own affair */
};

/* Linux: when connect fails for want of a way, an IPv4 socket keeps its peer; but what it sends there
 * goes to the address that failed, from the second datagram on (inet->cork has that address, and
 * the first datagram has found a way again).  The simulator's goes to the peer: not compared. */
static bool is_astray[SLOTS];
static unsigned char file_bytes[FILE_SIZE], sent[ROOM], got[SIDES][ROOM];
static uint32_t like;         /* how many of 20 sockets are of IPv4 */
static bool has_small_buffer; /* in this sequence, some may get one */
static unsigned long moved;

/* ---- calls ---- */

static void step_socket(unsigned slot)
{
	uint8_t wanted = below(20) < like ? 4 : 6;
	int domain = wanted == 4 ? AF_INET : AF_INET6;
	note("\n%u: socket %u", slot, wanted);
	for (int i = 0; i < SIDES; i++) {
		struct vet_sys *sys = sides[i].sys;
		sides[i].fd[slot] = (sys->calls->socket)(sys, domain, SOCK_DGRAM, 0);
		if (sides[i].fd[slot] < 0)
			abort();
	}
	family[slot] = wanted;
	is_astray[slot] = false;
}

static void step_close(unsigned slot)
{
	note("\n%u: close", slot);
	BOTH(slot, (c->close)(sys, fd));
	family[slot] = 0;
}

static void step_bind(unsigned slot)
{
	struct named name;
	some_address(slot, &name, 10);
	note("\n%u: bind", slot);
	note_address(&name);
	BOTH(slot, (c->bind)(sys, fd, &name.u.any, name.length));
	compare_local(slot);
}

static void step_connect(unsigned slot)
{
	struct named name;
	some_address(slot, &name, 2);
	if (below(6) == 0)
		name.u.any.sa_family = AF_UNSPEC;
	note("\n%u: connect", slot);
	note_address(&name);
	BOTH(slot, (c->connect)(sys, fd, &name.u.any, name.length));
	is_astray[slot] = answers[KERNEL] < 0 && family[slot] == 4;
	compare_local(slot);
}

static void step_shutdown(unsigned slot)
{
	int how = (int)below(16) - 1;
	how = how > SHUT_RDWR ? SHUT_WR : how;
	if (how != SHUT_WR && below(3) != 0)
		return; /* it is for good */
	note("\n%u: shutdown %d", slot, how);
	BOTH(slot, (c->shutdown)(sys, fd, how));
}

static void step_names(unsigned slot)
{
	struct named name[SIDES];
	bool of_peer = below(2);
	named_begin(name);
	note("\n%u: %s room %u", slot, of_peer ? "getpeername" : "getsockname",
	     name[KERNEL].length);
	if (of_peer)
		BOTH(slot, (c->getpeername)(sys, fd, &name[side].u.any, &name[side].length));
	else
		BOTH(slot, (c->getsockname)(sys, fd, &name[side].u.any, &name[side].length));
	compare_named(name);
}

static size_t some_size(void)
{
	static const size_t sizes[] = { 0,     0,     1,     184,   185,   198,   5000,
					9000,  16000, 40000, 65487, 65488, 65507, 65508,
					65527, 65528, 65535, 65536, 100000 };
	return below(4) ? 1 + below(600) : sizes[below(sizeof sizes / sizeof sizes[0])];
}

/* Each datagram has bytes of its own. */
static void some_bytes(size_t size)
{
	static uint32_t serial;
	serial++;
	for (size_t i = 0; i < size && i < 16; i++)
		sent[i] = (unsigned char)(serial >> i % 4 * 8);
	if (size > 16)
		sent[size - 1] = (unsigned char)serial;
}

static void step_send(unsigned slot)
{
	struct named to;
	size_t size = some_size(), half = size / 2;
	struct iovec parts[] = { { sent, half }, { NULL, 0 }, { sent + half, size - half } };
	unsigned how = below(8);
	some_bytes(size);
	some_address(slot, &to, below(4) == 0 ? 10 : 1);
	if (is_astray[slot])
		how = 4;
	if (how == 0) {
		note("\n%u: sendv %zu", slot, size);
		BOTH(slot, (c->sendv)(sys, fd, parts, 3, 0));
	} else if (how < 4) {
		note("\n%u: send %zu", slot, size);
		BOTH(slot, (c->send)(sys, fd, sent, size, 0));
	} else {
		note("\n%u: sendto %zu", slot, size);
		note_address(&to);
		BOTH(slot, (c->sendto)(sys, fd, sent, size, 0, &to.u.any, to.length));
	}
	compare_local(slot);
}

/* As much as the file has: for what it has not Linux waits, with the datagram unsent.  Where room is
 * short no more than a small block holds: what comes by splice is in pages, and takes less. */
static void step_sendfile(unsigned slot)
{
	int64_t from = below(FILE_SIZE - 20000), offset[SIDES] = { from, from };
	size_t size = below(3) == 0 ? below(20000) : below(300);
	if (is_astray[slot])
		return;
	if (has_small_buffer)
		size %= 150;
	note("\n%u: sendfile %zu from %lld", slot, size, (long long)from);
	BOTH(slot, (c->sendfile)(sys, fd, sides[side].file, &offset[side], size));
	compare("offset", offset[KERNEL], offset[SIMULATOR]);
	compare_local(slot);
}

static void compare_bytes(void)
{
	int64_t result = answers[KERNEL];
	moved += result > 0;
	if (result > 0 && memcmp(got[KERNEL], got[SIMULATOR], (size_t)result) != 0) {
		note("   <-- other bytes");
		differs = true;
	}
}

static void step_receive(unsigned slot)
{
	struct named name[SIDES];
	size_t room = below(3) == 0 ? below(200) : below(12) == 0 ? 0 : ROOM;
	int flags = below(5) == 0 ? MSG_PEEK : 0, truncated[SIDES] = { 77, 77 };
	named_begin(name);
	note("\n%u: %s %zu%s", slot, "receive", room, flags ? " peek" : "");
	if (below(3) == 0) {
		BOTH(slot, (c->recv)(sys, fd, got[side], room, flags));
		compare_bytes();
		return;
	}
	note(" room %u", name[KERNEL].length);
	BOTH(slot, (c->recvfrom)(sys, fd, got[side], room, flags, &name[side].u.any,
				 &name[side].length, &truncated[side]));
	compare_bytes();
	if (answers[KERNEL] < 0)
		return;
	compare("truncated", truncated[KERNEL], truncated[SIMULATOR]);
	compare_named(name);
}

static void step_poll(void)
{
	static const short events[] = { 0,          POLLIN,    POLLOUT,    POLLIN | POLLOUT,
					POLLRDNORM, POLLRDHUP, POLLWRNORM, 0x7fff };
	struct pollfd polled[SIDES][SLOTS];
	nfds_t count = 0;
	for (unsigned i = 0; i < SLOTS; i++) {
		short wanted = below(3) ? 0x7fff : events[below(8)];
		if (family[i] == 0)
			continue;
		for (int side = 0; side < SIDES; side++)
			polled[side][count] =
				(struct pollfd){ .fd = sides[side].fd[i], .events = wanted };
		count++;
	}
	if (count == 0)
		return;
	note("\npoll");
	BOTH(0, (c->poll)(sys, polled[side], count, 0));
	for (nfds_t i = 0; i < count; i++) {
		note(" %x", (unsigned)polled[KERNEL][i].revents);
		compare("revents", polled[KERNEL][i].revents, polled[SIMULATOR][i].revents);
	}
}

static void step_option(unsigned slot)
{
	static const struct {
		const char *name;
		int level, option, most;
	} row[] = {
		{ "SO_ERROR", SOL_SOCKET, SO_ERROR, 0 },
		{ "SO_ERROR", SOL_SOCKET, SO_ERROR, 0 },
		{ "IPV6_V6ONLY", IPPROTO_IPV6, IPV6_V6ONLY, 1 },
		{ "SO_BROADCAST", SOL_SOCKET, SO_BROADCAST, 1 },
		{ "SO_REUSEADDR", SOL_SOCKET, SO_REUSEADDR, 1 },
		{ "SO_RCVBUF", SOL_SOCKET, SO_RCVBUF, 20000 },
	};
	unsigned i = below(6);
	int value[SIDES] = { 0, 0 }, set = (int)below((uint32_t)row[i].most + 1);
	socklen_t length[SIDES] = { sizeof(int), sizeof(int) };
	if (row[i].option == IPV6_V6ONLY && row[i].level == IPPROTO_IPV6 && is_of_ipv6(slot))
		return;
	if (row[i].most > 1 && !has_small_buffer)
		return;
	if (row[i].most > 0) {
		note("\n%u: %s %d", slot, row[i].name, set);
		BOTH(slot, (c->setsockopt)(sys, fd, row[i].level, row[i].option, &set, sizeof set));
	}
	note("\n%u: get %s", slot, row[i].name);
	BOTH(slot,
	     (c->getsockopt)(sys, fd, row[i].level, row[i].option, &value[side], &length[side]));
	compare("value", value[KERNEL], value[SIMULATOR]);
}

static void step(void)
{
	unsigned slot = below(SLOTS), which = below(40);
	if (family[slot] == 0)
		step_socket(slot);
	else if (which < 3)
		step_bind(slot);
	else if (which < 8)
		step_connect(slot);
	else if (which < 19)
		step_send(slot);
	else if (which < 29)
		step_receive(slot);
	else if (which < 33)
		step_poll();
	else if (which < 35)
		step_names(slot);
	else if (which < 37)
		step_option(slot);
	else if (which < 38)
		step_sendfile(slot);
	else if (which < 39)
		step_shutdown(slot);
	else
		step_close(slot);
}

/* As programs begin: all are open, most bound, some connected. */
static void usual_opening(void)
{
	for (unsigned i = 0; i < SLOTS && !differs; i++) {
		step_socket(i);
		if (below(4) != 0)
			step_bind(i);
	}
	for (unsigned i = 0; i < SLOTS && !differs; i++)
		if (below(3) == 0)
			step_connect(i);
}

/* ---- sequences ---- */

static void simulator_begin(void)
{
	const struct vet_sim_options options = { .seed = 1 };
	struct vet_sim_host *host;
	if (vet_sim_start(sim, &options) < 0)
		abort();
	host = vet_sim_add_host(sim, "host");
	if (host == NULL)
		abort();
	sides[SIMULATOR].sys = vet_sim_sys(host);
	sides[SIMULATOR].file = vet_sim_file(host, file_bytes, sizeof file_bytes);
	sim->oracle.is_on = true;
}

static void close_all(void)
{
	for (unsigned slot = 0; slot < SLOTS; slot++)
		for (int i = 0; i < SIDES && family[slot] != 0; i++) {
			struct vet_sys *sys = sides[i].sys;
			(void)(sys->calls->close)(sys, sides[i].fd[slot]);
		}
	memset(family, 0, sizeof family);
}

/* Names of its own: two addresses of 127.0.0.0/8 and three ports. */
static bool sequence(uint64_t seed, unsigned index)
{
	static unsigned place;
	place++;
	state = (seed << 32 | index) * UINT64_C(0x9e3779b97f4a7c15);
	own_ip = 0x7f010000 + place % 0x700000 * 2;
	own_port = (uint16_t)(FIRST_PORT + place % PLACES * PORTS);
	like = (uint32_t[]){ 20, 0, 10 }[below(3)];
	lines_size = 0;
	differs = false;
	has_small_buffer = below(2);
	simulator_begin();
	if (below(4) != 0)
		usual_opening();
	for (unsigned i = 0; i < STEPS && !differs; i++)
		step();
	close_all();
	return !differs;
}

/* A network of its own, whose only interface is the loopback. */
static bool enter_network(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
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

static void kernel_begin(void)
{
	sides[KERNEL].sys = vet_sys_host();
	sides[KERNEL].file = memfd_create("datagram_kernel_test", MFD_CLOEXEC);
	for (unsigned i = 0; i < sizeof file_bytes; i++)
		file_bytes[i] = (unsigned char)(i % 251 + i / 251);
	if (write(sides[KERNEL].file, file_bytes, sizeof file_bytes) != (ssize_t)sizeof file_bytes)
		abort();
}

static int run(unsigned long long seed, unsigned first, unsigned runs)
{
	unsigned differences = 0, unstable = 0, done = 0;
	bool is_enough;
	for (; done < runs && differences < 10; done++) {
		unsigned tries = 0;
		while (tries < TRIES && !sequence(seed, first + done))
			tries++;
		unstable += tries > 0 && tries < TRIES;
		if (tries == TRIES) {
			differences++;
			printf("datagram_kernel_test --seed %llu --first %u --runs 1%s\n\n", seed,
			       first + done, lines);
		}
	}
	printf("%u sequences, %lu calls, %lu refused, %lu received; %u differences, "
	       "%u that the kernel did not repeat\n",
	       done, calls, refused, moved, differences, unstable);
	is_enough = runs < 1000 || (moved > runs / 2 && refused > runs);
	return differences == 0 && is_enough && unstable <= 1 + runs / 10000 ? 0 : 1;
}

int main(int count, char **arguments)
{
	static const struct option names[] = { { "seed", 1, NULL, 's' },
					       { "first", 1, NULL, 'f' },
					       { "runs", 1, NULL, 'n' },
					       { NULL, 0, NULL, 0 } };
	unsigned long long seed = 1;
	unsigned first = 0, runs = 20000;
	int result;
	for (int c; (c = getopt_long(count, arguments, "", names, NULL)) != -1;) {
		if (c == 's')
			seed = strtoull(optarg, NULL, 10);
		else if (c == 'f')
			first = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == 'n')
			runs = (unsigned)strtoul(optarg, NULL, 10);
		else
			return 2;
	}
	printf("datagram_kernel_test --seed %llu --first %u --runs %u\n", seed, first, runs);
	if (!enter_network()) {
		printf("no network namespace: %s\n", strerror(errno));
		return 77;
	}
	if (vet_sim_make(&sim) < 0)
		return 1;
	kernel_begin();
	result = run(seed, first, runs);
	vet_sim_free(sim);
	close(sides[KERNEL].file);
	return result;
}
