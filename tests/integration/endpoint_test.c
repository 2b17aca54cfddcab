/* SPDX-License-Identifier: 0BSD */
/* Endpoints opened on the kernel: what listens, what connects to it, datagrams, raw sockets, zones. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kernel.h"

static const char *loopback_text(const struct world *world)
{
	return world->family == 4 ? "127.0.0.1" : "[::1]";
}

static int try_open(const struct world *world, const char *text, vet_duration timeout,
		    struct vet_socket *s, struct vet_endpoint_failure *failure)
{
	struct vet_endpoint endpoint;
	MUST(vet_endpoint_parse(text, strlen(text), &endpoint, NULL));
	*s = (struct vet_socket){ 0 };
	return vet_endpoint_open(&endpoint, world->sys, timeout, s, failure);
}

static void must_open(const struct world *world, const char *text, struct vet_socket *s)
{
	struct vet_endpoint_failure failure;
	int result = try_open(world, text, VET_SECONDS(20), s, &failure);
	if (result < 0)
		print_error("%s failed at %s\n", text, vet_step_name(failure.step));
	MUST(result);
	CHECK(vet_socket_deadline(s).nanoseconds == vet_instant_never().nanoseconds);
	patient(s);
}

static void must_fail(const struct world *world, const char *text, vet_duration timeout, int want,
		      unsigned step)
{
	struct vet_endpoint_failure failure;
	struct vet_socket s;
	SAME(try_open(world, text, timeout, &s, &failure), want);
	SAME(failure.step, step);
	CHECK(vet_socket_fd(&s) == -EBADF);
}

/* The text of an endpoint on loopback, on any port: SCHEME://127.0.0.1:0TAIL. */
static void on_any_port(const struct world *world, const char *scheme, const char *tail, char *text,
			size_t size)
{
	(void)snprintf(text, size, "%s://%s:0%s", scheme, loopback_text(world), tail);
}

/* And that of one where a socket is. */
static void where_it_is(struct vet_socket *s, const char *scheme, const char *tail, char *text,
			size_t size)
{
	struct vet_address where;
	char address[VET_ADDRESS_TEXT_SIZE];
	MUST(vet_socket_local_address(s, &where));
	MUST(vet_address_format(&where, address, sizeof(address)));
	(void)snprintf(text, size, "%s://%s%s", scheme, address, tail);
}

static void byte_passes(struct vet_socket *from, struct vet_socket *to)
{
	char byte = 0;
	MUST(vet_socket_write(from, "x", 1, NULL));
	SAME(vet_socket_read(to, &byte, 1), 1);
	CHECK(byte == 'x');
}

static void a_stream_connects_to_one_that_listens(const struct world *world)
{
	struct vet_socket listener, near, far = { 0 };
	char text[128];
	bool no_delay = false;
	int64_t ttl = 0;
	on_any_port(world, "tcp-listen", "?reuse-address&backlog=5", text, sizeof(text));
	must_open(world, text, &listener);
	where_it_is(&listener, "tcp", "?no-delay&ttl=7", text, sizeof(text));
	must_open(world, text, &near);
	MUST(vet_socket_accept(&listener, &far, NULL));
	patient(&far);
	MUST(vet_socket_no_delay(&near, &no_delay));
	MUST(vet_socket_ttl(&near, &ttl));
	CHECK(no_delay && ttl == 7);
	byte_passes(&near, &far);
	byte_passes(&far, &near);
	MUST(vet_socket_close(&far));
	MUST(vet_socket_close(&near));
	MUST(vet_socket_close(&listener));
}

static void datagrams_go_to_one_that_is_bound_and_back(const struct world *world)
{
	struct vet_socket bound, peer;
	struct vet_address from;
	char text[128], byte;
	on_any_port(world, "udp-bind", "", text, sizeof(text));
	must_open(world, text, &bound);
	where_it_is(&bound, "udp", "?send-buffer=64KiB", text, sizeof(text));
	must_open(world, text, &peer);
	MUST(vet_socket_write(&peer, "x", 1, NULL));
	SAME(vet_socket_receive_from(&bound, &byte, 1, &from, NULL), 1);
	SAME(vet_socket_send_to(&bound, "y", 1, &from), 1);
	SAME(vet_socket_read(&peer, &byte, 1), 1);
	CHECK(byte == 'y');
	MUST(vet_socket_close(&peer));
	MUST(vet_socket_close(&bound));
}

static void raw_sockets_are_made_where_they_may_be(const struct world *world)
{
	struct vet_endpoint_failure failure;
	struct vet_socket with_peer, without;
	char text[128];
	(void)snprintf(text, sizeof(text), "raw+253://%s?ttl=9", loopback_text(world));
	int result = try_open(world, text, VET_SECONDS(20), &with_peer, &failure);
	if (result == -EPERM || result == -EACCES) {
		SAME(failure.step, VET_STEP_SOCKET);
		CHECK(vet_socket_fd(&with_peer) == -EBADF);
		skip_because("a raw socket needs a privilege (CAP_NET_RAW)");
	}
	SAME(result, 0);
	if (world->family == 6) /* for Linux a raw socket is bound from the beginning */
		must_fail(world, "raw+253://[::1]?only-ipv6", VET_SECONDS(20), -EINVAL,
			  VET_STEP_OPTION);
	patient(&with_peer);
	(void)snprintf(text, sizeof(text), "raw-bind+253://%s", loopback_text(world));
	must_open(world, text, &without);
	MUST(vet_socket_write(&with_peer, "x", 1, NULL));
	/* It hears nothing else: no other program speaks an experimental protocol (RFC 3692). */
	char packet[128];
	ssize_t size = vet_socket_read(&without, packet, sizeof(packet));
	SAME(size, world->family == 4 ? 21 : 1);
	CHECK(packet[size - 1] == 'x');
	MUST(vet_socket_close(&without));
	MUST(vet_socket_close(&with_peer));
}

static void the_name_of_a_zone_is_that_of_an_interface(const struct world *world)
{
	struct vet_socket listener, near, far = { 0 };
	char text[128];
	if (world->family == 4) {
		must_fail(world, "tcp://[::1%nonesuch]:80", VET_SECONDS(20), -ENODEV,
			  VET_STEP_ZONE);
		return;
	}
	must_open(world, "tcp-listen://[::1%lo]:0", &listener);
	struct vet_address where;
	MUST(vet_socket_local_address(&listener, &where));
	(void)snprintf(text, sizeof(text), "tcp://[::1%%lo]:%u", where.port);
	must_open(world, text, &near);
	MUST(vet_socket_accept(&listener, &far, NULL));
	patient(&far);
	byte_passes(&near, &far);
	MUST(vet_socket_close(&far));
	MUST(vet_socket_close(&near));
	MUST(vet_socket_close(&listener));
}

static void failures_say_at_which_step_and_leave_nothing(const struct world *world)
{
	struct vet_socket holders[2], listener;
	struct vet_address refused;
	char text[128], address[VET_ADDRESS_TEXT_SIZE];
	refused_open(world, holders, &refused);
	MUST(vet_address_format(&refused, address, sizeof(address)));
	(void)snprintf(text, sizeof(text), "tcp://%s", address);
	must_fail(world, text, VET_SECONDS(20), -ECONNREFUSED, VET_STEP_CONNECT);
	(void)snprintf(text, sizeof(text), "tcp://%s?congestion=nonesuch", address);
	must_fail(world, text, VET_SECONDS(20), -ENOENT, VET_STEP_OPTION);
	(void)snprintf(text, sizeof(text), "udp-bind://%s", address);
	must_fail(world, text, VET_SECONDS(20), -EADDRINUSE, VET_STEP_BIND);
	refused_close(holders);
	/* It is no last connection that is in the way (socket(7), SO_REUSEADDR). */
	on_any_port(world, "tcp-listen", "?reuse-address", text, sizeof(text));
	must_open(world, text, &listener);
	where_it_is(&listener, "tcp-listen", "?reuse-address", text, sizeof(text));
	must_fail(world, text, VET_SECONDS(20), -EADDRINUSE, VET_STEP_BIND);
	MUST(vet_socket_close(&listener));
}

static void connecting_ends_at_the_deadline_and_the_attempt_is_given_up(const struct world *world)
{
	struct vet_socket listener, fillers[2];
	struct vet_address where;
	char text[128], address[VET_ADDRESS_TEXT_SIZE];
	full_listener_open(world, &listener, fillers, &where);
	MUST(vet_address_format(&where, address, sizeof(address)));
	(void)snprintf(text, sizeof(text), "tcp://%s", address);
	int64_t start = clock_read(CLOCK_MONOTONIC);
	must_fail(world, text, VET_MILLISECONDS(20), VET_EDEADLINE, VET_STEP_CONNECT);
	check_on_time(start, VET_MILLISECONDS(20));
	MUST(vet_socket_close(&fillers[0]));
	MUST(vet_socket_close(&fillers[1]));
	MUST(vet_socket_close(&listener));
}

static const struct kernel_test tests[] = {
	KERNEL_TEST(a_stream_connects_to_one_that_listens, EVERY_WORLD),
	KERNEL_TEST(datagrams_go_to_one_that_is_bound_and_back, EVERY_WORLD),
	KERNEL_TEST(raw_sockets_are_made_where_they_may_be, EVERY_WORLD),
	KERNEL_TEST(the_name_of_a_zone_is_that_of_an_interface, EVERY_WORLD),
	KERNEL_TEST(failures_say_at_which_step_and_leave_nothing, EVERY_WORLD),
	KERNEL_TEST(connecting_ends_at_the_deadline_and_the_attempt_is_given_up, EVERY_WORLD),
};

int main(void)
{
	return kernel_run("endpoint", tests, sizeof(tests) / sizeof(tests[0]));
}
