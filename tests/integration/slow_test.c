/* SPDX-License-Identifier: 0BSD */
/* What only the kernel's own timers bring about: seconds each. */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "pattern.h"
#include "worker.h"

/* A neighbour whose address is known and who never answers. */
static const char *const silent_neighbour[] = {
	"ip link set lo up",
	"ip link add v0 type veth peer name v1",
	"ip link set v1 up",
	"ip link set v0 up",
	"ip address add 10.9.0.1/24 dev v0",
	"ip -6 address add fd00:9::1/64 dev v0 nodad",
	"ip neighbour add 10.9.0.2 lladdr 02:00:00:00:00:02 dev v0 nud permanent",
	"ip -6 neighbour add fd00:9::2 lladdr 02:00:00:00:00:02 dev v0 nud permanent",
	"echo 1 > /proc/sys/net/ipv4/tcp_syn_retries",
	NULL,
};

static void connect_to_the_silent(const struct world *world)
{
	struct vet_socket s;
	struct vet_address silent = vet_address_of(
		world->family == 4 ? vet_ipv4(10, 9, 0, 2) : vet_ipv6(0xfd00, 9, 0, 0, 0, 0, 0, 2),
		80);
	MUST(vet_socket_stream_on(&s, world->sys, world->family));
	vet_socket_timeout_after(&s, VET_MILLISECONDS(50));
	SAME(vet_socket_connect(&s, &silent), VET_EDEADLINE);
	patient(&s);
	SAME(vet_socket_connect(&s, &silent), -ETIMEDOUT);
	MUST(vet_socket_close(&s));
}

static void a_connect_that_nobody_answers_is_etimedout_and_no_deadline(const struct world *world)
{
	in_namespace(silent_neighbour, connect_to_the_silent, world);
}

static const char *const plain_loopback[] = { "ip link set lo up", NULL };

static void lose_the_network(const struct world *world)
{
	struct pair pair;
	char byte;
	pair_open(world, &pair);
	MUST(vet_socket_set_user_timeout(&pair.near, VET_MILLISECONDS(300)));
	shell("tc qdisc replace dev lo root pfifo limit 0"); /* takes no packet any more */
	MUST(vet_socket_write(&pair.near, "x", 1, NULL));
	SAME(vet_socket_read(&pair.near, &byte, 1), -ETIMEDOUT);
	SAME(vet_socket_write(&pair.near, "x", 1, NULL), -EPIPE);
	pair_close(&pair);
}

static void an_unacknowledged_connection_is_given_up_as_etimedout(const struct world *world)
{
	in_namespace(plain_loopback, lose_the_network, world);
}

/* The SYN that was dropped is sent again after a second, and then there is room in the queue. */
static void a_pending_connect_to_a_full_queue_goes_on_when_there_is_room(const struct world *world)
{
	struct vet_socket listener, fillers[2], far = { 0 };
	struct vet_address where;
	full_listener_open(world, &listener, fillers, &where);
	MUST(vet_socket_accept(&listener, &far, NULL));
	patient(&fillers[1]);
	SAME(vet_socket_connect(&fillers[1], &where), 0);
	MUST(vet_socket_close(&far));
	MUST(vet_socket_close(&fillers[0]));
	MUST(vet_socket_close(&fillers[1]));
	MUST(vet_socket_close(&listener));
}

/* Linux: even on a non-blocking descriptor (the design's "close may block that long"). */
static void close_lingers_as_long_as_it_was_told(const struct world *world)
{
	static char much[1024 * 1024];
	struct pair pair;
	pair_open_small(world, &pair);
	MUST(vet_socket_set_linger(&pair.near, VET_SECONDS(1)));
	vet_socket_timeout_after(&pair.near, VET_MILLISECONDS(1));
	SAME(vet_socket_write(&pair.near, much, sizeof(much), NULL), VET_EDEADLINE);
	int64_t start = clock_read(CLOCK_MONOTONIC);
	vet_socket_close(&pair.near);
	check_on_time(start, VET_MILLISECONDS(990)); /* the kernel counts in its own ticks */
	MUST(vet_socket_close(&pair.far));
}

static const struct kernel_test tests[] = {
	KERNEL_TEST(a_connect_that_nobody_answers_is_etimedout_and_no_deadline, EVERY_WORLD),
	KERNEL_TEST(an_unacknowledged_connection_is_given_up_as_etimedout, EVERY_WORLD),
	KERNEL_TEST(a_pending_connect_to_a_full_queue_goes_on_when_there_is_room, EVERY_WORLD),
	KERNEL_TEST(close_lingers_as_long_as_it_was_told, EVERY_WORLD),
};

int main(void)
{
	return kernel_run("slow", tests, sizeof(tests) / sizeof(tests[0]));
}
