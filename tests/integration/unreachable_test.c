/* SPDX-License-Identifier: 0BSD */
/* Networks and hosts that cannot be reached, and connections that are slow to come about: each in a
 * namespace of its own. */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "worker.h"

static const char *const routes[] = {
	"ip link set lo up",
	"ip route add unreachable 198.51.100.0/24",
	"ip route add prohibit 203.0.113.0/24",
	"ip route add blackhole 192.0.2.0/24",
	"ip -6 route add unreachable 2001:db8:1::/48",
	"ip -6 route add prohibit 2001:db8:2::/48",
	"ip -6 route add blackhole 2001:db8:3::/48",
	NULL,
};

static const struct route_row {
	const char *name;
	const char *ipv4, *ipv6; /* where to */
	int want;
} route_rows[] = {
	{ "no route", "10.0.0.1:80", "[2001:db8::1]:80", -ENETUNREACH },
	{ "unreachable (RTN_UNREACHABLE)", "198.51.100.1:80", "[2001:db8:1::1]:80", -EHOSTUNREACH },
	{ "prohibited (RTN_PROHIBIT)", "203.0.113.1:80", "[2001:db8:2::1]:80", -EACCES },
	{ "a black hole (RTN_BLACKHOLE)", "192.0.2.1:80", "[2001:db8:3::1]:80", -EINVAL },
};

static void try_route(const struct world *world, const struct route_row *row)
{
	struct vet_socket stream, datagram;
	struct vet_address to;
	const char *text = world->family == 4 ? row->ipv4 : row->ipv6;
	print_message("  %s\n", row->name);
	MUST(vet_address_parse(text, strlen(text), &to));
	MUST(vet_socket_stream_on(&stream, world->sys, world->family));
	patient(&stream);
	SAME(vet_socket_connect(&stream, &to), row->want);
	SAME(vet_socket_connect(&stream, &to), row->want);
	MUST(vet_socket_close(&stream));
	MUST(vet_socket_datagram_on(&datagram, world->sys, world->family));
	patient(&datagram);
	SAME(vet_socket_connect(&datagram, &to), row->want);
	SAME(vet_socket_send_to(&datagram, "x", 1, &to), row->want);
	MUST(vet_socket_close(&datagram));
}

static void try_routes(const struct world *world)
{
	for (size_t i = 0; i < sizeof(route_rows) / sizeof(route_rows[0]); i++) {
		try_route(world, &route_rows[i]);
	}
}

static void what_the_routes_say_reaches_the_caller_by_its_name(const struct world *world)
{
	in_namespace(routes, try_routes, world);
}

/* ---- a neighbour who is not there: nobody answers the question for his hardware address ---- */

static const char *const absent_neighbour[] = {
	"ip link set lo up",
	"ip link add v0 type veth peer name v1",
	"ip link set v1 up",
	"ip link set v0 up",
	"ip address add 10.9.0.1/24 dev v0",
	"ip -6 address add fd00:9::1/64 dev v0 nodad",
	"echo 20 > /proc/sys/net/ipv4/neigh/v0/retrans_time_ms",
	"echo 20 > /proc/sys/net/ipv6/neigh/v0/retrans_time_ms",
	NULL,
};

static void try_the_absent(const struct world *world)
{
	struct vet_socket s;
	struct vet_address absent = vet_address_of(
		world->family == 4 ? vet_ipv4(10, 9, 0, 2) : vet_ipv6(0xfd00, 9, 0, 0, 0, 0, 0, 2),
		80);
	MUST(vet_socket_stream_on(&s, world->sys, world->family));
	patient(&s);
	SAME(vet_socket_connect(&s, &absent), -EHOSTUNREACH);
	MUST(vet_socket_close(&s));
}

static void an_absent_neighbour_is_ehostunreach(const struct world *world)
{
	in_namespace(absent_neighbour, try_the_absent, world);
}

/* ---- pending connections, on a loopback that is slow ---- */

static void finish_pending(const struct world *world)
{
	struct vet_socket listener, near, far = { 0 };
	struct vet_address where, other;
	listener_open(world, &listener, &where);
	other = vet_address_of(where.ip, where.port - 1);
	fill_loopback(world);
	MUST(vet_socket_stream_on(&near, world->sys, world->family));
	vet_socket_timeout_after(&near, 0);
	SAME(vet_socket_connect(&near, &where), VET_EDEADLINE);
	SAME(vet_socket_connect(&near, &other), -EALREADY);
	patient(&near);
	SAME(vet_socket_connect(&near, &where), 0);
	SAME(vet_socket_connect(&near, &where), -EISCONN);
	MUST(vet_socket_accept(&listener, &far, NULL));
}

static void a_pending_connect_goes_on_where_its_deadline_left_it(const struct world *world)
{
	in_namespace(slow_loopback, finish_pending, world);
}

/* A connection under way to a port that refuses it, whose clone takes the error. */
static void take_error_by_clone(const struct world *world)
{
	struct vet_socket holders[2], s, clone = { 0 }, listener;
	struct vet_address refused, where;
	int64_t error = 0;
	refused_open(world, holders, &refused);
	listener_open(world, &listener, &where);
	fill_loopback(world);
	MUST(vet_socket_stream_on(&s, world->sys, world->family));
	vet_socket_timeout_after(&s, 0);
	SAME(vet_socket_connect(&s, &refused), VET_EDEADLINE);
	MUST(vet_socket_try_clone(&s, &clone));
	struct pollfd refusal = { .fd = vet_socket_fd(&clone), .events = POLLOUT };
	CHECK(poll(&refusal, 1, 20000) == 1);
	MUST(vet_socket_error(&clone, &error));
	SAME(error, -ECONNREFUSED);
	patient(&s);
	SAME(vet_socket_connect(&s, &refused), -ENOTCONN);
	/* The socket is fresh, and may connect where it is wanted. */
	SAME(vet_socket_connect(&s, &where), 0);
}

static void a_pending_connect_whose_error_a_clone_took_is_enotconn(const struct world *world)
{
	in_namespace(slow_loopback, take_error_by_clone, world);
}

static void be_refused_late(const struct world *world)
{
	struct vet_socket holders[2], s;
	struct vet_address refused;
	refused_open(world, holders, &refused);
	fill_loopback(world);
	MUST(vet_socket_stream_on(&s, world->sys, world->family));
	patient(&s);
	SAME(vet_socket_connect(&s, &refused), -ECONNREFUSED);
}

static void a_late_refusal_is_econnrefused(const struct world *world)
{
	in_namespace(slow_loopback, be_refused_late, world);
}

static const struct kernel_test tests[] = {
	KERNEL_TEST(what_the_routes_say_reaches_the_caller_by_its_name, EVERY_WORLD),
	KERNEL_TEST(an_absent_neighbour_is_ehostunreach, EVERY_WORLD),
	KERNEL_TEST(a_pending_connect_goes_on_where_its_deadline_left_it, EVERY_WORLD),
	KERNEL_TEST(a_pending_connect_whose_error_a_clone_took_is_enotconn, EVERY_WORLD),
	KERNEL_TEST(a_late_refusal_is_econnrefused, EVERY_WORLD),
};

int main(void)
{
	return kernel_run("unreachable", tests, sizeof(tests) / sizeof(tests[0]));
}
