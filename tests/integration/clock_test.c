/* SPDX-License-Identifier: 0BSD */
/* Time in the real tables: poll rounds up to what it counts in, and waits on the clock of `now`. */
#include <poll.h>

#include "kernel.h"

static int64_t now(const struct world *world)
{
	int64_t nanoseconds;
	MUST((world->sys->calls->now)(world->sys, &nanoseconds));
	return nanoseconds;
}

/* An early 0 would be lawful for a table, but each one costs its callers a turn more. */
static void poll_takes_all_its_time(const struct world *world)
{
	static const int64_t times[] = { 1, 999, 300000, 999999, 1000000, 1000001, 2500000 };
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		int64_t start = now(world);
		SAME((world->sys->calls->poll)(world->sys, NULL, 0, times[i]), 0);
		int64_t taken = now(world) - start;
		CHECK(taken >= times[i]);
		CHECK(taken <= times[i] + lateness());
	}
}

static void poll_of_no_time_looks_and_returns(const struct world *world)
{
	struct vet_socket s;
	struct vet_address where;
	datagram_open(world, &s, &where);
	struct pollfd p = { .fd = vet_socket_fd(&s), .events = POLLIN | POLLOUT };
	SAME((world->sys->calls->poll)(world->sys, &p, 1, 0), 1);
	CHECK(p.revents == POLLOUT);
	SAME((world->sys->calls->poll)(world->sys, &p, 1, INT64_MAX), 1);
	SAME((world->sys->calls->poll)(world->sys, &p, 1, INT64_MIN), 1);
	MUST(vet_socket_close(&s));
}

/* Three calls that wait nothing: the deadline of a socket is on the clock that is asked here. */
static void the_clock_is_the_one_of_monotonic_time(const struct world *world)
{
	int64_t before = clock_read(CLOCK_MONOTONIC), between = now(world);
	CHECK(before <= between && between <= clock_read(CLOCK_MONOTONIC));
}

static const struct kernel_test tests[] = {
	KERNEL_TEST(poll_takes_all_its_time, EVERY_TABLE),
	KERNEL_TEST(poll_of_no_time_looks_and_returns, EVERY_TABLE),
	KERNEL_TEST(the_clock_is_the_one_of_monotonic_time, EVERY_TABLE),
};

int main(void)
{
	return kernel_run("clock", tests, sizeof(tests) / sizeof(tests[0]));
}
