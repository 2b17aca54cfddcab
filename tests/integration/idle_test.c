/* SPDX-License-Identifier: 0BSD */
/* Sockets that poll ready for ever while their calls say EAGAIN: waiting on them costs no processor
 * time. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include "worker.h"

struct effort {
	int64_t start, used; /* on the clock, and of the processor by this thread */
};

static struct effort effort_begin(void)
{
	return (struct effort){ clock_read(CLOCK_MONOTONIC), clock_read(CLOCK_THREAD_CPUTIME_ID) };
}

enum {
	WAIT_MS = 200, /* a deadline, which a spinning wait would spend on the processor */
	IDLE_MS = 20,
	/* Of some fifteen tries: in each the kernel searches the ports for 1.2 ms. */
	SEARCH_MS = 60,
	SLOW_MS = 150, /* under an emulator */
};

static void check_idle(struct effort effort, int64_t milliseconds)
{
	int64_t limit = VET_MILLISECONDS(slow_run() ? SLOW_MS : milliseconds);
	int64_t used = clock_read(CLOCK_THREAD_CPUTIME_ID) - effort.used;
	if (used >= limit) {
		print_error("waiting used %" PRId64 " ns of the processor\n", used);
	}
	CHECK(used < limit);
	check_on_time(effort.start, VET_MILLISECONDS(WAIT_MS));
}

/* That the socket is one of these: poll reports it at once, and goes on to. */
static void check_always_ready(const struct vet_socket *s, short events)
{
	for (int i = 0; i < 3; i++) {
		struct pollfd ready = { .fd = vet_socket_fd(s), .events = events };
		CHECK(poll(&ready, 1, 0) == 1);
	}
}

static void a_datagram_socket_shut_down_for_reading_is_at_its_end(const struct world *world)
{
	struct vet_socket s;
	struct vet_address where;
	char byte;
	datagram_open(world, &s, &where);
	MUST(vet_socket_connect(&s, &where));
	MUST(vet_socket_shutdown_read(&s));
	check_always_ready(&s, POLLIN);
	int64_t used = clock_read(CLOCK_THREAD_CPUTIME_ID);
	SAME(vet_socket_receive_from(&s, &byte, 1, NULL, NULL), VET_EOF);
	SAME(vet_socket_read(&s, &byte, 1), VET_EOF);
	CHECK(clock_read(CLOCK_THREAD_CPUTIME_ID) - used <
	      VET_MILLISECONDS(slow_run() ? SLOW_MS : IDLE_MS));
	MUST(vet_socket_close(&s));
}

static void a_datagram_that_came_before_the_shutdown_is_still_read(const struct world *world)
{
	struct vet_socket s;
	struct vet_address where;
	char byte = 0;
	datagram_open(world, &s, &where);
	MUST(vet_socket_connect(&s, &where));
	MUST(vet_socket_write(&s, "x", 1, NULL));
	struct pollfd arrival = { .fd = vet_socket_fd(&s), .events = POLLIN };
	CHECK(poll(&arrival, 1, 20000) == 1);
	MUST(vet_socket_shutdown_read(&s));
	SAME(vet_socket_read(&s, &byte, 1), 1);
	SAME(vet_socket_read(&s, &byte, 1), VET_EOF);
	MUST(vet_socket_close(&s));
}

static void queued_errors_of_ip_recverr_cost_no_time(const struct world *world)
{
	int on = 1;
	struct vet_socket holders[2], s;
	struct vet_address refused, where;
	char byte;
	refused_open(world, holders, &refused);
	datagram_open(world, &s, &where);
	int result = world->family == 4 ? setsockopt(vet_socket_fd(&s), IPPROTO_IP, IP_RECVERR, &on,
						     sizeof(on))
					: setsockopt(vet_socket_fd(&s), IPPROTO_IPV6, IPV6_RECVERR,
						     &on, sizeof(on));
	CHECK(result == 0);
	MUST(vet_socket_connect(&s, &refused));
	MUST(vet_socket_write(&s, "x", 1, NULL));
	SAME(vet_socket_read(&s, &byte, 1), -ECONNREFUSED);
	check_always_ready(&s, POLLIN); /* POLLERR, until someone reads the queue (ip(7)) */
	struct effort effort = effort_begin();
	vet_socket_timeout_after(&s, VET_MILLISECONDS(WAIT_MS));
	SAME(vet_socket_read(&s, &byte, 1), VET_EDEADLINE);
	check_idle(effort, IDLE_MS);
	MUST(vet_socket_close(&s));
	refused_close(holders);
}

/* ---- every port of the system's own choice is taken ---- */

static const char *const two_ports[] = {
	"ip link set lo up",
	"echo '40000 40001' > /proc/sys/net/ipv4/ip_local_port_range",
	NULL,
};

static void send_without_a_port(const struct world *world)
{
	struct vet_socket takers[2], s;
	struct vet_address where;
	for (int i = 0; i < 2; i++) {
		datagram_open(world, &takers[i], &where);
	}
	MUST(vet_socket_datagram_on(&s, world->sys, world->family));
	check_always_ready(&s, POLLOUT);
	struct effort effort = effort_begin();
	vet_socket_timeout_after(&s, VET_MILLISECONDS(WAIT_MS));
	SAME(vet_socket_send_to(&s, "x", 1, &where), VET_EDEADLINE);
	check_idle(effort, SEARCH_MS);
	MUST(vet_socket_close(&takers[0]));
	SAME(vet_socket_send_to(&s, "x", 1, &where), 1); /* on the port that is free again */
	MUST(vet_socket_close(&takers[1]));
	MUST(vet_socket_close(&s));
}

static void sending_without_a_free_port_costs_no_time(const struct world *world)
{
	in_namespace(two_ports, send_without_a_port, world);
}

/* Nobody else is in the namespace, so a port outside the range is free. */
static void listen_outside_the_range(const struct world *world, struct vet_socket *listener,
				     struct vet_address *where)
{
	*where = loopback(world->family, 30000);
	MUST(vet_socket_stream_on(listener, world->sys, world->family));
	MUST(vet_socket_bind(listener, where));
	MUST(vet_socket_listen(listener));
}

static void connect_without_a_port(const struct world *world)
{
	struct vet_socket takers[2], listener, s;
	struct vet_address where, any_port = loopback(world->family, 0);
	listen_outside_the_range(world, &listener, &where);
	for (int i = 0; i < 2; i++) {
		MUST(vet_socket_stream_on(&takers[i], world->sys, world->family));
		MUST(vet_socket_bind(&takers[i], &any_port));
	}
	MUST(vet_socket_stream_on(&s, world->sys, world->family));
	patient(&s);
	SAME(vet_socket_bind(&s, &any_port), -EADDRINUSE);
	SAME(vet_socket_connect(&s, &where), -EADDRNOTAVAIL);
	MUST(vet_socket_close(&takers[0]));
	SAME(vet_socket_connect(&s, &where), 0); /* from the port that is free again */
	MUST(vet_socket_close(&s));
	MUST(vet_socket_close(&takers[1]));
	MUST(vet_socket_close(&listener));
}

static void connecting_without_a_free_port_is_an_answer(const struct world *world)
{
	in_namespace(two_ports, connect_without_a_port, world);
}

static const struct kernel_test tests[] = {
	KERNEL_TEST(a_datagram_socket_shut_down_for_reading_is_at_its_end, EVERY_WORLD),
	KERNEL_TEST(a_datagram_that_came_before_the_shutdown_is_still_read, EVERY_WORLD),
	KERNEL_TEST(queued_errors_of_ip_recverr_cost_no_time, EVERY_WORLD),
	KERNEL_TEST(sending_without_a_free_port_costs_no_time, EVERY_WORLD),
	KERNEL_TEST(connecting_without_a_free_port_is_an_answer, EVERY_WORLD),
};

int main(void)
{
	return kernel_run("idle", tests, sizeof(tests) / sizeof(tests[0]));
}
