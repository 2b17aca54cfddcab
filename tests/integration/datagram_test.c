/* SPDX-License-Identifier: 0BSD */
/* Datagrams: whole, cut, empty, refused; and a raw echo. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include "pattern.h"
#include "worker.h"

/* Two datagram sockets; each knows where the other is. */
struct two {
	struct vet_socket a, b;
	struct vet_address at_a, at_b;
};

static void two_open(const struct world *world, struct two *two)
{
	datagram_open(world, &two->a, &two->at_a);
	datagram_open(world, &two->b, &two->at_b);
}

static void two_close(struct two *two)
{
	MUST(vet_socket_close(&two->a));
	MUST(vet_socket_close(&two->b));
}

static void datagrams_arrive_whole_or_cut_and_say_so(const struct world *world)
{
	static const struct row {
		const char *name;
		size_t sent, room, got;
		bool truncated;
	} rows[] = {
		{ "whole", 8, 100, 8, false },
		{ "exactly the room", 8, 8, 8, false },
		{ "one byte too long", 9, 8, 8, true },
		{ "much too long", 9000, 10, 10, true },
		{ "empty", 0, 8, 0, false },
		{ "empty, into no room", 0, 0, 0, false },
		{ "into no room", 8, 0, 0, true },
	};
	static unsigned char data[9000], got[9000];
	struct two two;
	pattern_fill(data, sizeof(data), 0, 0);
	two_open(world, &two);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct vet_address from;
		bool truncated = !row->truncated;
		print_message("  %s\n", row->name);
		memset(got, 0, sizeof(got));
		SAME(vet_socket_send_to(&two.a, data, row->sent, &two.at_b), (int64_t)row->sent);
		SAME(vet_socket_receive_from(&two.b, got, row->room, &from, &truncated),
		     (int64_t)row->got);
		SAME(truncated, row->truncated);
		CHECK(vet_address_equal(&from, &two.at_a));
		CHECK(memcmp(got, data, row->got) == 0);
		CHECK(got[row->got] == 0);
	}
	two_close(&two);
}

static void a_read_that_cuts_a_datagram_is_emsgsize_and_the_next_is_whole(const struct world *world)
{
	struct two two;
	char got[4];
	two_open(world, &two);
	MUST(vet_socket_connect(&two.a, &two.at_b));
	MUST(vet_socket_write(&two.a, "too long", 8, NULL));
	MUST(vet_socket_write(&two.a, "next", 4, NULL));
	SAME(vet_socket_read(&two.b, got, sizeof(got)), -EMSGSIZE);
	SAME(vet_socket_read(&two.b, got, sizeof(got)), 4);
	CHECK(memcmp(got, "next", 4) == 0);
	two_close(&two);
}

static void write_and_print_send_one_datagram_each(const struct world *world)
{
	struct two two;
	char got[16];
	size_t done = 9;
	two_open(world, &two);
	MUST(vet_socket_connect(&two.a, &two.at_b));
	MUST(vet_socket_write(&two.a, NULL, 0, &done));
	SAME((int64_t)done, 0);
	SAME(vet_socket_read(&two.b, got, sizeof(got)), 0);
	MUST(vet_socket_print(&two.a, "line", 4, &done));
	SAME((int64_t)done, 5);
	SAME(vet_socket_read(&two.b, got, sizeof(got)), 5);
	CHECK(memcmp(got, "line\n", 5) == 0);
	two_close(&two);
}

static void send_file_sends_one_datagram_and_nothing_for_an_empty_file(const struct world *world)
{
	static unsigned char got[2048], want[1000];
	struct two two;
	uint64_t done = 9;
	int empty = pattern_file(0), file = pattern_file(1000);
	two_open(world, &two);
	MUST(vet_socket_connect(&two.a, &two.at_b));
	MUST(vet_socket_send_file(&two.a, empty, &done));
	SAME((int64_t)done, 0);
	MUST(vet_socket_send_file_range(&two.a, file, 1, INT64_MAX, &done));
	SAME((int64_t)done, 999);
	pattern_fill(want, sizeof(want), 0, 0);
	SAME(vet_socket_read(&two.b, got, sizeof(got)), 999);
	CHECK(memcmp(got, want + 1, 999) == 0);
	CHECK(close(empty) == 0 && close(file) == 0);
	two_close(&two);
}

static void what_is_too_large_is_emsgsize_and_the_greatest_is_sent(const struct world *world)
{
	/* 65,535 less the headers of UDP and, as its length counts it too, of IPv4. */
	static unsigned char data[65536];
	size_t greatest = world->family == 4 ? 65535 - 8 - 20 : 65535 - 8;
	struct two two;
	size_t done = 9;
	two_open(world, &two);
	SAME(vet_socket_send_to(&two.a, data, greatest + 1, &two.at_b), -EMSGSIZE);
	SAME(vet_socket_send_to(&two.a, data, greatest, &two.at_b), (int64_t)greatest);
	SAME(vet_socket_receive_from(&two.b, data, sizeof(data), NULL, NULL), (int64_t)greatest);
	MUST(vet_socket_connect(&two.a, &two.at_b));
	SAME(vet_socket_write(&two.a, data, sizeof(data), &done), -EMSGSIZE);
	SAME((int64_t)done, 0);
	two_close(&two);
}

static void
a_connected_socket_hears_that_the_port_is_unreachable_and_goes_on(const struct world *world)
{
	struct vet_socket holders[2], s;
	struct vet_address refused, where;
	char byte;
	refused_open(world, holders, &refused);
	datagram_open(world, &s, &where);
	MUST(vet_socket_connect(&s, &refused));
	MUST(vet_socket_write(&s, "x", 1, NULL));
	SAME(vet_socket_read(&s, &byte, 1), -ECONNREFUSED);
	MUST(vet_socket_write(&s, "x", 1, NULL));
	struct pollfd arrival = { .fd = vet_socket_fd(&s), .events = 0 };
	CHECK(poll(&arrival, 1, 20000) == 1);
	SAME(vet_socket_write(&s, "x", 1, NULL), -ECONNREFUSED);
	/* Connected again, to itself, it is as good as new. */
	MUST(vet_socket_connect(&s, &where));
	MUST(vet_socket_write(&s, "y", 1, NULL));
	SAME(vet_socket_read(&s, &byte, 1), 1);
	MUST(vet_socket_close(&s));
	refused_close(holders);
}

static void an_unconnected_socket_does_not_hear_it_and_meets_its_deadline(const struct world *world)
{
	struct vet_socket holders[2], s;
	struct vet_address refused, where;
	char byte;
	refused_open(world, holders, &refused);
	datagram_open(world, &s, &where);
	SAME(vet_socket_send_to(&s, "x", 1, &refused), 1);
	int64_t start = clock_read(CLOCK_MONOTONIC);
	vet_socket_timeout_after(&s, VET_MILLISECONDS(20));
	SAME(vet_socket_receive_from(&s, &byte, 1, NULL, NULL), VET_EDEADLINE);
	check_on_time(start, VET_MILLISECONDS(20));
	MUST(vet_socket_close(&s));
	refused_close(holders);
}

/* ---- a raw echo: RFC 792, RFC 4443 4 ---- */

static const struct echo {
	int64_t protocol;
	unsigned char request, reply; /* types of message */
} echoes[] = {
	{ IPPROTO_ICMP, 8, 0 },
	{ IPPROTO_ICMPV6, 128, 129 },
};

/* The Internet checksum (RFC 1071); of ICMPv6 the kernel makes it (RFC 3542 3.1). */
static void checksum_set(unsigned char *message, size_t size)
{
	uint32_t sum = 0;
	for (size_t i = 0; i + 1 < size; i += 2) {
		sum += (uint32_t)message[i] << 8 | message[i + 1];
	}
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~(sum + (sum >> 16)) & 0xffff;
	message[2] = (unsigned char)(sum >> 8);
	message[3] = (unsigned char)sum;
}

/* A raw IPv4 socket gives the header too (raw(7)), an IPv6 one does not (RFC 3542 3). */
static size_t header_size(const struct world *world, const unsigned char *packet)
{
	return world->family == 4 ? (size_t)(packet[0] & 0x0f) * 4 : 0;
}

static void a_raw_socket_gets_its_echo(const struct world *world)
{
	const struct echo *echo = &echoes[world->family == 4 ? 0 : 1];
	unsigned char message[16] = { echo->request, 0, 0, 0, 'v', 'e', 0, 1, 't', 's', 'o', 'c' };
	struct vet_socket s;
	int result = vet_socket_raw_on(&s, world->sys, world->family, echo->protocol);
	if (result == -EPERM || result == -EACCES) {
		skip_because("a raw socket needs a privilege (CAP_NET_RAW)");
	}
	SAME(result, 0);
	patient(&s);
	struct vet_address to = loopback(world->family, 0);
	checksum_set(message, sizeof(message));
	SAME(vet_socket_send_to(&s, message, sizeof(message), &to), sizeof(message));
	bool replied = false;
	/* The socket hears the request too, and what others say meanwhile. */
	for (int i = 0; i < 1000 && !replied; i++) {
		unsigned char packet[2048];
		struct vet_address from;
		size_t size = (size_t)MUST(
			vet_socket_receive_from(&s, packet, sizeof(packet), &from, NULL));
		CHECK(size > 0);
		size_t header = header_size(world, packet);
		replied = size == header + sizeof(message) && packet[header] == echo->reply &&
			  memcmp(packet + header + 4, message + 4, sizeof(message) - 4) == 0;
		CHECK(!replied || vet_ip_equal(&from.ip, &to.ip));
	}
	CHECK(replied);
	MUST(vet_socket_close(&s));
}

static const struct kernel_test tests[] = {
	KERNEL_TEST(datagrams_arrive_whole_or_cut_and_say_so, EVERY_WORLD),
	KERNEL_TEST(a_read_that_cuts_a_datagram_is_emsgsize_and_the_next_is_whole, EVERY_WORLD),
	KERNEL_TEST(write_and_print_send_one_datagram_each, EVERY_WORLD),
	KERNEL_TEST(send_file_sends_one_datagram_and_nothing_for_an_empty_file, EVERY_WORLD),
	KERNEL_TEST(what_is_too_large_is_emsgsize_and_the_greatest_is_sent, EVERY_WORLD),
	KERNEL_TEST(a_connected_socket_hears_that_the_port_is_unreachable_and_goes_on, EVERY_WORLD),
	KERNEL_TEST(an_unconnected_socket_does_not_hear_it_and_meets_its_deadline, EVERY_WORLD),
	KERNEL_TEST(a_raw_socket_gets_its_echo, EVERY_WORLD),
};

int main(void)
{
	return kernel_run("datagram", tests, sizeof(tests) / sizeof(tests[0]));
}
