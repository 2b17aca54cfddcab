/* SPDX-License-Identifier: 0BSD */
/* Time that saturates, storms of calls that meet their deadlines, and who may run a world. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "found_world.h"

#define HUNDRED_YEARS (VET_HOURS(24) * 365 * 100)
#define CLOCK_MOST    (INT64_C(1) << 62) /* 146 years */

#define must(condition) vet_sim_check(sim, condition)

static void start(const struct vet_sim_options *options)
{
	assert_int_equal(vet_sim_start(sim, options), 0);
	near = vet_sim_add_host(sim, "near");
	assert_non_null(near);
	sys[0] = vet_sim_sys(near);
}

static void actor(const char *name, vet_sim_run_function run, void *context)
{
	assert_int_equal(vet_sim_actor(near, name, run, context), 0);
}

/* ---- the end of time ---- */

/* Calls on and on, whatever they answer. */
static void call_on(struct vet_sys *on, void *context)
{
	int64_t before = INT64_MIN, now = 0;
	(void)context;
	for (int i = 0; i < 900; i++) {
		(void)(on->calls->now)(on, &now);
		must(now >= before);
		before = now;
	}
}

static void check_storm(const char *row, vet_duration tick, vet_duration time)
{
	vet_duration most = time == 0 ? HUNDRED_YEARS : time;
	struct vet_sim_report report;
	start(&(struct vet_sim_options){ .seed = 1, .tick = tick, .time = time });
	actor("storm", call_on, NULL);
	check_result(row, "run", vet_sim_run(sim, &report), -EINVAL);
	check_result(row, "end", (int)report.end, VET_SIM_TIME);
	call_on(sys[0], NULL); /* main goes on as well */
	vet_sim_conclude(sim, &report);
	check_result(row, "end after it", (int)report.end, VET_SIM_TIME);
	if (report.time != most + 1)
		fail_msg("%s: the time is %lld", row, (long long)report.time);
}

static void time_ends_and_never_goes_back(void **state)
{
	(void)state;
	check_storm("as it is at first", 0, 0);
	check_storm("ticks as long as can be", INT64_MAX, 0);
	check_storm("a short run", INT64_MAX, 5);
	check_storm("as long as can be", 0, HUNDRED_YEARS);
	assert_int_equal(vet_sim_start(sim, &(struct vet_sim_options){ .time = HUNDRED_YEARS + 1 }),
			 -EINVAL);
}

static int64_t clock_of(struct vet_sys *on)
{
	int64_t now;
	assert_int_equal((on->calls->now)(on, &now), 0);
	return now;
}

static void clock_that_jumps_saturates(void **state)
{
	(void)state;
	for (int sign = -1; sign <= 1; sign += 2) {
		start(&(struct vet_sim_options){ .seed = 1 });
		for (int i = 0; i < 3; i++)
			vet_sim_jump(near, sign * INT64_MAX);
		assert_true(clock_of(sys[0]) ==
			    (sign < 0 ? -CLOCK_MOST : CLOCK_MOST) + vet_sim_now(sim));
		vet_sim_jump(near, INT64_MIN);
		assert_true(clock_of(sys[0]) == -CLOCK_MOST + vet_sim_now(sim));
		vet_sim_jump(near, CLOCK_MOST);
		assert_true(clock_of(sys[0]) == vet_sim_now(sim));
	}
}

/* ---- storms ---- */

struct storm {
	unsigned calls;
	bool is_over; /* its deadline was met */
};

/* Never waits: poll with no limit of time, recv, and the clock, until 30 s have passed. */
static void look_again_and_again(struct vet_sys *on, void *context)
{
	struct storm *storm = context;
	int64_t now = 0, end;
	int fd = (on->calls->socket)(on, AF_INET, SOCK_DGRAM, 0);
	must((on->calls->now)(on, &now) == 0);
	for (end = now + VET_SECONDS(30); now < end; storm->calls += 3) {
		struct pollfd one = { .fd = fd, .events = POLLIN };
		char byte;
		if ((on->calls->poll)(on, &one, 1, 0) < 0)
			return;
		(void)(on->calls->recv)(on, fd, &byte, 1, 0);
		(void)(on->calls->now)(on, &now);
	}
	storm->is_over = true;
	must((on->calls->close)(on, fd) == 0);
}

static void storms_of_several_meet_their_deadlines(void **state)
{
	(void)state;
	for (int how = VET_SIM_UNIFORM; how <= VET_SIM_IN_TURN; how++) {
		struct storm storm[3] = { { 0, false } };
		struct vet_sim_report report;
		start(&(struct vet_sim_options){
			.seed = 1, .calls = 20000, .schedule = (enum vet_sim_schedule)how });
		for (unsigned i = 0; i < 3; i++)
			actor("storm", look_again_and_again, &storm[i]);
		assert_int_equal(vet_sim_run(sim, &report), 0);
		for (unsigned i = 0; i < 3; i++) {
			assert_true(storm[i].is_over);
			assert_true(storm[i].calls < 500); /* sim.h */
		}
	}
}

/* ---- vet_sim_run() ---- */

static void run_inside(struct vet_sys *on, void *context)
{
	struct vet_sim_report inner;
	int *result = context;
	(void)on;
	*result = vet_sim_run(sim, &inner);
	must(inner.end == VET_SIM_FAILED && inner.why[0] != '\0');
	must(vet_sim_run(sim, NULL) == *result);
}

static void run_from_an_actor_is_refused(void **state)
{
	struct vet_sim_report report;
	int result = 0;
	(void)state;
	start(&(struct vet_sim_options){ .seed = 1 });
	actor("runner", run_inside, &result);
	assert_int_equal(vet_sim_run(sim, &report), 0);
	assert_int_equal(result, -EINVAL);
	assert_string_equal(report.why, "");
}

static void run_before_the_start_is_refused(void **state)
{
	struct vet_sim_report report;
	struct vet_sim *other;
	(void)state;
	assert_int_equal(vet_sim_make(&other), 0);
	assert_int_equal(vet_sim_run(other, &report), -EINVAL);
	assert_int_equal(report.end, VET_SIM_FAILED);
	assert_true(report.why[0] != '\0');
	vet_sim_free(other);
}

/* ---- a neighbour that there is not ---- */

/* Linux gives up after three tries, a second each; and so much before its first SYN would. */
static void stream_to_nobody_fails_with_its_neighbour(void **state)
{
	struct vet_ip nobody[] = { vet_ipv4(10, 0, 0, 99), vet_ipv6(0xfd00, 0, 0, 0, 0, 0, 0, 99) };
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		int64_t began;
		int fd;
		begin(1);
		began = vet_sim_now(sim);
		fd = connecting_to(sys[0], &nobody[i]);
		assert_true(ready_within(sys[0], fd, POLLOUT, VET_SECONDS(200)) & POLLERR);
		assert_in_range(vet_sim_now(sim) - began, VET_SECONDS(3), VET_SECONDS(3) + 100);
		assert_int_equal(take_error(sys[0], fd), EHOSTUNREACH);
		assert_int_equal(near_call(close, fd), 0);
		nothing_is_left();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_ends_and_never_goes_back),
		cmocka_unit_test(clock_that_jumps_saturates),
		cmocka_unit_test(storms_of_several_meet_their_deadlines),
		cmocka_unit_test(run_from_an_actor_is_refused),
		cmocka_unit_test(run_before_the_start_is_refused),
		cmocka_unit_test(stream_to_nobody_fails_with_its_neighbour),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
