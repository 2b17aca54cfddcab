/* SPDX-License-Identifier: 0BSD */
/* Dual stack: IPv6 sockets with IPv4 peers, and the options that govern what those see. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include "worker.h"

static struct vet_address mapped_loopback(uint32_t port)
{
	struct vet_ip ip = vet_ipv4(127, 0, 0, 1);
	return vet_address_of(vet_ip_to_ipv6_mapped(&ip), port);
}

static void need_ipv6(void)
{
	if (!ipv6_is_there()) {
		skip_because("::1 cannot be bound: no IPv6 here");
	}
}

/* A listener on [::], for both families or for one. */
static void dual_open(const struct world *world, struct vet_socket *listener, bool only_ipv6,
		      uint32_t *port)
{
	struct vet_address where = vet_address_of(vet_ipv6(0, 0, 0, 0, 0, 0, 0, 0), 0);
	MUST(vet_socket_stream_on(listener, world->sys, 6));
	MUST(vet_socket_set_only_ipv6(listener, only_ipv6));
	MUST(vet_socket_bind(listener, &where));
	MUST(vet_socket_listen(listener));
	MUST(vet_socket_local_address(listener, &where));
	patient(listener);
	*port = where.port;
}

static void an_ipv4_peer_of_a_dual_listener_has_a_mapped_address(const struct world *world)
{
	static const int families[] = { 4, 6 };
	struct vet_socket listener;
	uint32_t port;
	need_ipv6();
	dual_open(world, &listener, false, &port);
	for (size_t i = 0; i < 2; i++) {
		struct vet_socket near, far = { 0 };
		struct vet_address where = loopback(families[i], port), from, peer;
		MUST(vet_socket_stream_on(&near, world->sys, families[i]));
		MUST(vet_socket_connect(&near, &where));
		MUST(vet_socket_accept(&listener, &far, &from));
		SAME(from.ip.family, 6);
		SAME(vet_ip_is_ipv4_mapped(&from.ip), families[i] == 4);
		struct vet_ip plain = vet_ip_to_ipv4(&from.ip);
		CHECK(families[i] == 6 || vet_ip_equal(&plain, &where.ip));
		MUST(vet_socket_peer_address(&far, &peer));
		CHECK(vet_address_equal(&peer, &from));
		MUST(vet_socket_close(&near));
		MUST(vet_socket_close(&far));
	}
	MUST(vet_socket_close(&listener));
}

/* An address of loopback that no other test uses: what another program has at 127.0.0.1 and the
 * same port does not matter there. */
static struct vet_address own_loopback(uint32_t port)
{
	uint8_t high = (uint8_t)(1 + getpid() % 250), low = (uint8_t)(1 + getpid() / 250 % 250);
	return vet_address_of(vet_ipv4(127, 1, high, low), port);
}

static void only_ipv6_refuses_ipv4_peers_and_leaves_them_the_port(const struct world *world)
{
	struct vet_socket listener, other, s;
	struct vet_address where;
	uint32_t port;
	need_ipv6();
	dual_open(world, &listener, true, &port);
	where = own_loopback(port);
	MUST(vet_socket_stream_on(&s, world->sys, 4));
	SAME(vet_socket_connect(&s, &where), -ECONNREFUSED);
	MUST(vet_socket_close(&s));
	MUST(vet_socket_stream_on(&other, world->sys, 4));
	SAME(vet_socket_bind(&other, &where), 0);
	MUST(vet_socket_close(&other));
	MUST(vet_socket_stream_on(&s, world->sys, 6));
	where = mapped_loopback(port);
	MUST(vet_socket_set_only_ipv6(&s, true));
	SAME(vet_socket_connect(&s, &where), -ENETUNREACH);
	MUST(vet_socket_close(&s));
	MUST(vet_socket_close(&listener));
}

static void an_ipv6_socket_connects_to_a_mapped_address(const struct world *world)
{
	struct vet_socket listener, near, far = { 0 };
	struct vet_address where, peer;
	need_ipv6();
	listener_open(world, &listener, &where);
	where = mapped_loopback(where.port);
	MUST(vet_socket_stream_on(&near, world->sys, 6));
	MUST(vet_socket_connect(&near, &where));
	MUST(vet_socket_accept(&listener, &far, NULL));
	MUST(vet_socket_peer_address(&near, &peer));
	CHECK(vet_address_equal(&peer, &where));
	MUST(vet_socket_close(&near));
	MUST(vet_socket_close(&far));
	MUST(vet_socket_close(&listener));
}

static void an_address_of_the_other_family_is_eafnosupport(const struct world *world)
{
	static const int families[] = { 4, 6 };
	need_ipv6();
	for (size_t i = 0; i < 2; i++) {
		struct vet_socket s;
		struct vet_address foreign = loopback(families[1 - i], 1);
		MUST(vet_socket_datagram_on(&s, world->sys, families[i]));
		SAME(vet_socket_bind(&s, &foreign), -EAFNOSUPPORT);
		SAME(vet_socket_connect(&s, &foreign), -EAFNOSUPPORT);
		SAME(vet_socket_send_to(&s, "x", 1, &foreign), -EAFNOSUPPORT);
		MUST(vet_socket_close(&s));
	}
}

/* ---- what the peer sees of ttl and type_of_service ---- */

/* Of one datagram, as the receiver's kernel tells it. */
struct seen {
	int ttl, service;
};

static int control_value(const struct cmsghdr *item)
{
	int value = -1;
	/* IP_TOS comes as one byte, all others as an int. */
	if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_TOS) {
		return *CMSG_DATA(item);
	}
	memcpy(&value, CMSG_DATA(item), sizeof(value));
	return value;
}

static bool is_one_of(const struct cmsghdr *item, int ipv4, int ipv6)
{
	return (item->cmsg_level == IPPROTO_IP && item->cmsg_type == ipv4) ||
	       (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == ipv6);
}

static struct seen receive_seen(const struct vet_socket *s)
{
	struct seen seen = { -1, -1 };
	char byte;
	union {
		struct cmsghdr align;
		char room[256];
	} control;
	struct iovec part = { &byte, 1 };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = control.room,
				  .msg_controllen = sizeof(control.room) };
	CHECK(recvmsg(vet_socket_fd(s), &message, 0) == 1);
	for (struct cmsghdr *item = CMSG_FIRSTHDR(&message); item != NULL;
	     item = CMSG_NXTHDR(&message, item)) {
		if (is_one_of(item, IP_TTL, IPV6_HOPLIMIT)) {
			seen.ttl = control_value(item);
		} else if (is_one_of(item, IP_TOS, IPV6_TCLASS)) {
			seen.service = control_value(item);
		}
	}
	return seen;
}

static void flag_set(const struct vet_socket *s, int level, int name)
{
	int on = 1;
	CHECK(setsockopt(vet_socket_fd(s), level, name, &on, sizeof(on)) == 0);
}

static void watcher_open(struct vet_sys *sys, int family, struct vet_socket *s,
			 struct vet_address *where)
{
	const struct world world = { "the receiver", sys, family };
	datagram_open(&world, s, where);
	if (family == 4) {
		flag_set(s, IPPROTO_IP, IP_RECVTTL);
		flag_set(s, IPPROTO_IP, IP_RECVTOS);
	} else {
		flag_set(s, IPPROTO_IPV6, IPV6_RECVHOPLIMIT);
		flag_set(s, IPPROTO_IPV6, IPV6_RECVTCLASS);
	}
}

static void ttl_and_type_of_service_are_seen_by_every_peer(const struct world *world)
{
	static const struct row {
		const char *name;
		int sender, receiver; /* families */
	} rows[] = {
		{ "IPv4", 4, 4 },
		{ "IPv6", 6, 6 },
		{ "a mapped peer of an IPv6 socket", 6, 4 },
	};
	need_ipv6();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct vet_socket from, to;
		struct vet_address where;
		print_message("  %s\n", rows[i].name);
		watcher_open(world->sys, rows[i].receiver, &to, &where);
		if (rows[i].sender != rows[i].receiver) {
			where = mapped_loopback(where.port);
		}
		MUST(vet_socket_datagram_on(&from, world->sys, rows[i].sender));
		MUST(vet_socket_set_ttl(&from, 33));
		MUST(vet_socket_set_type_of_service(&from, 0x28));
		SAME(vet_socket_send_to(&from, "x", 1, &where), 1);
		struct pollfd arrival = { .fd = vet_socket_fd(&to), .events = POLLIN };
		CHECK(poll(&arrival, 1, 20000) == 1);
		struct seen seen = receive_seen(&to);
		SAME(seen.ttl, 33);
		SAME(seen.service, 0x28);
		MUST(vet_socket_close(&from));
		MUST(vet_socket_close(&to));
	}
}

static void ttl_can_be_set_though_only_ipv6_refuses_mapped_peers(const struct world *world)
{
	struct vet_socket s;
	int64_t value = 0;
	need_ipv6();
	MUST(vet_socket_datagram_on(&s, world->sys, 6));
	MUST(vet_socket_set_only_ipv6(&s, true));
	MUST(vet_socket_set_ttl(&s, 33));
	MUST(vet_socket_ttl(&s, &value));
	SAME(value, 33);
	MUST(vet_socket_close(&s));
}

static const struct kernel_test tests[] = {
	KERNEL_TEST(an_ipv4_peer_of_a_dual_listener_has_a_mapped_address, EVERY_TABLE),
	KERNEL_TEST(only_ipv6_refuses_ipv4_peers_and_leaves_them_the_port, EVERY_TABLE),
	KERNEL_TEST(an_ipv6_socket_connects_to_a_mapped_address, EVERY_TABLE),
	KERNEL_TEST(an_address_of_the_other_family_is_eafnosupport, EVERY_TABLE),
	KERNEL_TEST(ttl_and_type_of_service_are_seen_by_every_peer, EVERY_TABLE),
	KERNEL_TEST(ttl_can_be_set_though_only_ipv6_refuses_mapped_peers, EVERY_TABLE),
};

int main(void)
{
	return kernel_run("mapped", tests, sizeof(tests) / sizeof(tests[0]));
}
