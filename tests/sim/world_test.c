/* SPDX-License-Identifier: 0BSD */
/* Runs of the simulator: actors, time, their ends; what a seed decides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vetsock/sim.h>
#include <vetsock/vetsock.h>

#include "one_world.h"

enum { PORT = 80 };

static struct vet_address server_at;

static void start(const struct vet_sim_options *options)
{
	assert_int_equal(vet_sim_start(sim, options), 0);
}

static struct vet_sim_host *host(const char *name)
{
	struct vet_sim_host *made = vet_sim_add_host(sim, name);
	assert_non_null(made);
	return made;
}

static void actor(struct vet_sim_host *on, const char *name, vet_sim_run_function run,
		  void *context)
{
	assert_int_equal(vet_sim_actor(on, name, run, context), 0);
}

/* ---- programs ---- */

#define must(condition) vet_sim_check(sim, condition)

/* Serves one connection: what comes goes back. */
static void echo(struct vet_sys *sys, void *context)
{
	struct vet_socket listener = { 0 }, peer = { 0 };
	struct vet_address any = vet_address_of(vet_ipv4(0, 0, 0, 0), PORT);
	char data[256];
	ssize_t n;
	(void)context;
	must(vet_socket_stream_on(&listener, sys, 4) == 0);
	must(vet_socket_bind(&listener, &any) == 0);
	must(vet_socket_listen(&listener) == 0);
	must(vet_socket_accept(&listener, &peer, NULL) == 0);
	while ((n = vet_socket_read(&peer, data, sizeof data)) > 0)
		must(vet_socket_write(&peer, data, (size_t)n, NULL) == 0);
	must(n == 0);
	must(vet_socket_close(&peer) == 0);
	must(vet_socket_close(&listener) == 0);
}

/* How often it asks. */
static void ask(struct vet_sys *sys, void *context)
{
	unsigned rounds = *(const unsigned *)context;
	struct vet_socket s = { 0 };
	char data[5] = { 0 };
	int result;
	must(vet_socket_stream_on(&s, sys, 4) == 0);
	vet_socket_timeout_after(&s, VET_HOURS(1));
	/* Nobody may listen yet: a refusal is retried, a little later. */
	while ((result = vet_socket_connect(&s, &server_at)) == -ECONNREFUSED)
		(void)(sys->calls->poll)(sys, NULL, 0, VET_MILLISECONDS(10));
	must(result == 0);
	for (unsigned i = 0; i < rounds; i++) {
		must(vet_socket_write(&s, "hello", 5, NULL) == 0);
		must(vet_socket_read_exact(&s, data, 5, NULL) == 0);
		must(memcmp(data, "hello", 5) == 0);
	}
	must(vet_socket_shutdown_write(&s) == 0);
	must(vet_socket_read(&s, data, 1) == 0);
	must(vet_socket_close(&s) == 0);
}

/* For a minute, each time with 30 s of patience. */
static void ask_a_minute(struct vet_sys *sys, void *context)
{
	struct vet_socket s = { 0 };
	char data[5];
	(void)context;
	must((sys->calls->poll)(sys, NULL, 0, VET_MILLISECONDS(1)) == 0);
	must(vet_socket_stream_on(&s, sys, 4) == 0);
	must(vet_socket_connect(&s, &server_at) == 0);
	while (vet_sim_now(sim) < VET_SECONDS(60)) {
		vet_socket_timeout_after(&s, VET_SECONDS(30));
		must(vet_socket_write(&s, "hello", 5, NULL) == 0);
		must(vet_socket_read_exact(&s, data, 5, NULL) == 0);
	}
	must(vet_socket_close(&s) == 0);
}

static void sleep_for(struct vet_sys *sys, void *context)
{
	must((sys->calls->poll)(sys, NULL, 0, *(const vet_duration *)context) == 0);
}

/* Waits for what never comes. */
static void wait_for_ever(struct vet_sys *sys, void *context)
{
	struct vet_socket s = { 0 };
	char byte;
	(void)context;
	if (vet_socket_datagram_on(&s, sys, 4) == 0)
		must(vet_socket_read(&s, &byte, 1) < 0);
	(void)vet_socket_close(&s);
}

static void spin(struct vet_sys *sys, void *context)
{
	int64_t now;
	(void)context;
	while ((sys->calls->now)(sys, &now) == 0)
		;
}

/* Never returns, whatever it is told. */
static void never_return(struct vet_sys *sys, void *context)
{
	int64_t now;
	(void)context;
	for (;;)
		(void)(sys->calls->now)(sys, &now);
}

static void nothing(struct vet_sys *sys, void *context)
{
	(void)sys;
	(void)context;
}

/* ---- a run of two ---- */

static unsigned three_rounds = 3;

static void prepare_echo(const struct vet_sim_options *options)
{
	struct vet_sim_host *server, *client;
	start(options);
	server = host("server");
	client = host("client");
	server_at = vet_address_of(vet_sim_host_ip(server, 4), PORT);
	actor(server, "server", echo, NULL);
	actor(client, "client", ask, &three_rounds);
}

static struct vet_sim_report run_echo(const struct vet_sim_options *options)
{
	struct vet_sim_report report;
	prepare_echo(options);
	if (vet_sim_run(sim, &report) != 0)
		print_message("%s\n", report.why);
	assert_int_equal(report.end, VET_SIM_ENDED);
	assert_int_equal(report.open, 0);
	assert_int_equal(report.misused, 0);
	return report;
}

static void two_hosts_talk(void **state)
{
	struct vet_sim_report report = run_echo(&(struct vet_sim_options){ .seed = 1 });
	(void)state;
	assert_int_equal(report.actors, 2);
	assert_int_equal(report.abandoned, 0);
	assert_true(report.calls > 20);
	assert_true(report.packets > 10);
	/* Connecting, three rounds and an end: each there and back over links of 100 us. */
	assert_true(report.time >= VET_MICROSECONDS(1000));
	assert_true(report.time < VET_MILLISECONDS(20));
}

static void same_seed_same_run(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 50; seed++) {
		const struct vet_sim_options options = { .seed = seed, .short_counts = true };
		struct vet_sim_report one = run_echo(&options), other = run_echo(&options);
		assert_true(one.hash == other.hash);
		assert_true(one.states == other.states);
		assert_true(one.time == other.time);
	}
}

static void seeds_differ(void **state)
{
	uint64_t hash[20];
	(void)state;
	for (unsigned i = 0; i < 20; i++) {
		hash[i] = run_echo(&(struct vet_sim_options){ .seed = i }).hash;
		for (unsigned j = 0; j < i; j++)
			assert_true(hash[i] != hash[j]);
	}
}

static void every_schedule_gets_there(void **state)
{
	(void)state;
	for (enum vet_sim_schedule how = VET_SIM_UNIFORM; how <= VET_SIM_IN_TURN; how++)
		for (uint64_t seed = 0; seed < 20; seed++)
			(void)run_echo(&(struct vet_sim_options){ .seed = seed, .schedule = how });
}

static void every_coroutine_gives_the_same_run(void **state)
{
	static const char *const names[] = { "best", "switch", "ucontext", "threads" };
	struct vet_sim_report best = run_echo(&(struct vet_sim_options){ .seed = 7 });
	(void)state;
	for (enum vet_sim_coroutines kind = VET_SIM_SWITCH; kind <= VET_SIM_THREADS; kind++) {
		struct vet_sim_options options = { .seed = 7, .coroutines = kind };
		int result = vet_sim_start(sim, &options);
		if (result == -EINVAL) {
			print_message("skipped: this system has no coroutines by %s\n",
				      names[kind]);
			continue;
		}
		assert_int_equal(result, 0);
		assert_true(run_echo(&options).hash == best.hash);
	}
}

/* ---- choices ---- */

static void draw_extra(struct vet_sys *sys, void *context)
{
	(void)sys;
	for (unsigned i = 0; i < *(const unsigned *)context; i++)
		(void)vet_sim_choose(sim, 1000);
}

static void draw_in_one_stream_leaves_the_others(void **state)
{
	unsigned none = 0, many = 17;
	uint64_t hash[2];
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct vet_sim_report report;
		prepare_echo(&(struct vet_sim_options){ .seed = 3 });
		actor(host("third"), "third", draw_extra, i == 0 ? &none : &many);
		assert_int_equal(vet_sim_run(sim, &report), 0);
		hash[i] = report.hash;
	}
	assert_true(hash[0] == hash[1]);
}

static void tape_repeats_a_run(void **state)
{
	struct vet_sim_link link = { .latency = VET_MILLISECONDS(1),
				     .jitter = VET_MILLISECONDS(30),
				     .loss = 200000 };
	(void)state;
	for (uint64_t seed = 0; seed < 20; seed++) {
		struct vet_sim_report seeded, taped;
		struct vet_sim_options options = { .seed = seed,
						   .record = true,
						   .short_counts = true };
		const struct vet_sim_choice *kept;
		struct vet_sim_choice *tape;
		size_t count;
		prepare_echo(&options);
		assert_int_equal(vet_sim_set_link(sim, NULL, NULL, &link), 0);
		assert_int_equal(vet_sim_run(sim, &seeded), 0);
		kept = vet_sim_tape(sim, &count);
		assert_true(count > 0);
		tape = malloc(count * sizeof *tape);
		assert_non_null(tape);
		memcpy(tape, kept, count * sizeof *tape);
		options = (struct vet_sim_options){
			.seed = seed + 1000, .tape = tape, .tape_size = count, .short_counts = true
		};
		prepare_echo(&options);
		assert_int_equal(vet_sim_set_link(sim, NULL, NULL, &link), 0);
		assert_int_equal(vet_sim_run(sim, &taped), 0);
		assert_true(taped.hash == seeded.hash);
		free(tape);
	}
}

static void empty_tape_is_the_dullest_run(void **state)
{
	struct vet_sim_choice none;
	struct vet_sim_options options = { .seed = 1, .tape = &none, .tape_size = 0 };
	struct vet_sim_report one, other;
	(void)state;
	prepare_echo(&options);
	assert_int_equal(
		vet_sim_set_link(sim, NULL, NULL, &(struct vet_sim_link){ .loss = 900000 }), 0);
	assert_int_equal(vet_sim_run(sim, &one), 0);
	options.seed = 2;
	prepare_echo(&options);
	assert_int_equal(vet_sim_run(sim, &other), 0);
	assert_int_equal(one.packets, other.packets);
}

/* ---- how runs end ---- */

static int keep_text(void *context, const char *text, size_t size)
{
	char *all = context;
	size_t held = strlen(all);
	if (held + size < 4096) {
		memcpy(all + held, text, size);
		all[held + size] = '\0';
	}
	return 0;
}

static void deadlock_is_told_with_names(void **state)
{
	struct vet_sim_report report;
	char text[4096] = "";
	(void)state;
	start(&(struct vet_sim_options){ .seed = 1 });
	actor(host("a"), "patient", wait_for_ever, NULL);
	assert_int_equal(vet_sim_run(sim, &report), -EINVAL);
	assert_int_equal(report.end, VET_SIM_DEADLOCK);
	assert_non_null(strstr(report.why, "patient"));
	assert_int_equal(report.abandoned, 0);
	assert_int_equal(report.open, 0);
	vet_sim_describe(sim, keep_text, text);
	assert_non_null(
		strstr(text, "actor patient of a waits for descriptor 3 to be read, since "));
}

static void calls_are_a_budget(void **state)
{
	struct vet_sim_report report;
	(void)state;
	start(&(struct vet_sim_options){ .seed = 1, .calls = 10000, .tick = 1 });
	actor(host("a"), "spinner", spin, NULL);
	assert_int_equal(vet_sim_run(sim, &report), -EINVAL);
	assert_int_equal(report.end, VET_SIM_CALLS);
	assert_in_range(report.calls, 10000, 10010);
}

static void time_is_a_budget(void **state)
{
	vet_duration day = VET_HOURS(24);
	struct vet_sim_report report;
	(void)state;
	start(&(struct vet_sim_options){ .seed = 1, .time = VET_HOURS(23) });
	actor(host("a"), "sleeper", sleep_for, &day);
	assert_int_equal(vet_sim_run(sim, &report), -EINVAL);
	assert_int_equal(report.end, VET_SIM_TIME);
}

static void storm_of_calls_meets_any_deadline(void **state)
{
	struct vet_sim_report report;
	(void)state;
	start(&(struct vet_sim_options){ .seed = 1, .time = VET_HOURS(24) * 365 });
	actor(host("a"), "spinner", spin, NULL);
	assert_int_equal(vet_sim_run(sim, &report), -EINVAL);
	assert_int_equal(report.end, VET_SIM_TIME);
	assert_true(report.calls < 500);
}

static void who_never_returns_is_abandoned(void **state)
{
	struct vet_sim_report report;
	(void)state;
	start(&(struct vet_sim_options){ .seed = 1, .calls = 100 });
	actor(host("a"), "stubborn", never_return, NULL);
	actor(host("b"), "patient", wait_for_ever, NULL);
	assert_int_equal(vet_sim_run(sim, &report), -EINVAL);
	assert_int_equal(report.abandoned, 1);
	assert_true(report.calls < 3000);
}

static void failure_ends_the_run(void **state)
{
	struct vet_sim_report report;
	(void)state;
	prepare_echo(&(struct vet_sim_options){ .seed = 1 });
	vet_sim_fail(sim, "first");
	vet_sim_fail(sim, "second");
	assert_int_equal(vet_sim_run(sim, &report), -EINVAL);
	assert_int_equal(report.end, VET_SIM_FAILED);
	assert_string_equal(report.why, "first");
}

static void years_pass_at_once(void **state)
{
	vet_duration decade = VET_HOURS(24) * 3650;
	struct vet_sim_report report;
	(void)state;
	start(&(struct vet_sim_options){ .seed = 1 });
	actor(host("a"), "sleeper", sleep_for, &decade);
	assert_int_equal(vet_sim_run(sim, &report), 0);
	assert_true(report.time >= decade && report.time < decade + VET_SECONDS(1));
}

/* Deadlines that were not needed leave nothing behind: there are no more timers than actors and
 * directions of a stream. */
static void deadlines_leave_no_timers(void **state)
{
	struct vet_sim_report report;
	struct vet_sim_host *server;
	(void)state;
	start(&(struct vet_sim_options){ .seed = 1 });
	assert_int_equal(vet_sim_set_link(sim, NULL, NULL,
					  &(struct vet_sim_link){ .latency = VET_MILLISECONDS(5) }),
			 0);
	server = host("server");
	server_at = vet_address_of(vet_sim_host_ip(server, 4), PORT);
	actor(server, "server", echo, NULL);
	actor(host("client"), "client", ask_a_minute, NULL);
	assert_int_equal(vet_sim_run(sim, &report), 0);
	assert_true(report.calls > 20000);
	assert_in_range(report.timers, 1, 4);
}

/* ---- waiting ---- */

static void wait_for_a_datagram(struct vet_sys *sys, void *context)
{
	struct pollfd one = { .fd = *(const int *)context, .events = POLLIN };
	must((sys->calls->poll)(sys, &one, 1, VET_HOURS(1)) == 1);
	must(vet_sim_now(sim) < VET_SECONDS(2));
}

static void one_event_wakes_all_who_wait_for_it(void **state)
{
	struct vet_sim_host *a;
	struct vet_socket s = { 0 }, other = { 0 };
	struct vet_address at = vet_address_of(vet_ipv4(127, 0, 0, 1), PORT);
	struct vet_sys *sys;
	int fd;
	(void)state;
	start(&(struct vet_sim_options){ .seed = 1 });
	a = host("a");
	sys = vet_sim_sys(a);
	assert_int_equal(vet_socket_datagram_on(&s, sys, 4), 0);
	assert_int_equal(vet_socket_bind(&s, &at), 0);
	fd = vet_socket_fd(&s);
	for (int i = 0; i < 3; i++)
		actor(a, "one of three", wait_for_a_datagram, &fd);
	assert_int_equal((sys->calls->poll)(sys, NULL, 0, VET_SECONDS(1)), 0);
	assert_int_equal(vet_socket_datagram_on(&other, sys, 4), 0);
	assert_int_equal(vet_socket_send_to(&other, "x", 1, &at), 1);
	assert_int_equal(vet_sim_run(sim, NULL), 0);
	assert_int_equal(vet_socket_close(&other), 0);
	assert_int_equal(vet_socket_close(&s), 0);
}

/* The call takes a nanosecond, and then it waits. */
static void poll_waits_to_the_nanosecond(void **state)
{
	struct vet_sys *sys;
	(void)state;
	start(&(struct vet_sim_options){ .seed = 1, .tick = 1 });
	sys = vet_sim_sys(host("a"));
	assert_int_equal((sys->calls->poll)(sys, NULL, 0, VET_SECONDS(5)), 0);
	assert_true(vet_sim_now(sim) == VET_SECONDS(5) + 1);
}

static void main_needs_no_run(void **state)
{
	struct vet_sys *sys;
	int64_t before, after;
	(void)state;
	start(&(struct vet_sim_options){ .seed = 1 });
	sys = vet_sim_sys(host("a"));
	assert_int_equal(vet_sys_check(sys, NULL), 0);
	assert_int_equal((sys->calls->now)(sys, &before), 0);
	assert_int_equal((sys->calls->poll)(sys, NULL, 0, VET_SECONDS(5)), 0);
	assert_int_equal((sys->calls->now)(sys, &after), 0);
	assert_true(after - before >= VET_SECONDS(5) && after - before < VET_SECONDS(6));
}

static void too_many_actors_are_an_error(void **state)
{
	struct vet_sim_host *a;
	struct vet_sim_report report;
	int result = 0;
	unsigned made = 0;
	(void)state;
	start(&(struct vet_sim_options){ .seed = 1, .stack = 16384 });
	a = host("a");
	while (result == 0 && made < 33000)
		if ((result = vet_sim_actor(a, "one of many", nothing, NULL)) == 0)
			made++;
	assert_int_equal(result, -EAGAIN);
	assert_true(made > 1000);
	assert_int_equal(vet_sim_run(sim, &report), 0);
	assert_int_equal(report.actors, made);
}

/* ---- crashes ---- */

static unsigned lives;

static void live(struct vet_sys *sys, void *context)
{
	lives++;
	if (lives == 1)
		wait_for_ever(sys, context);
}

static void crash_and_restart(struct vet_sys *sys, void *context)
{
	struct vet_sim_host *victim = context;
	must((sys->calls->poll)(sys, NULL, 0, VET_SECONDS(1)) == 0);
	vet_sim_crash(victim, VET_SIM_SILENT);
	must((sys->calls->poll)(sys, NULL, 0, VET_SECONDS(1)) == 0);
	must(vet_sim_restart(victim) == 0);
}

static void actors_start_again_with_their_host(void **state)
{
	struct vet_sim_report report;
	struct vet_sim_host *victim;
	(void)state;
	lives = 0;
	start(&(struct vet_sim_options){ .seed = 1 });
	victim = host("victim");
	actor(victim, "phoenix", live, NULL);
	actor(host("other"), "nemesis", crash_and_restart, victim);
	assert_int_equal(vet_sim_run(sim, &report), 0);
	assert_int_equal(lives, 2);
	assert_int_equal(report.abandoned, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_hosts_talk),
		cmocka_unit_test(same_seed_same_run),
		cmocka_unit_test(seeds_differ),
		cmocka_unit_test(every_schedule_gets_there),
		cmocka_unit_test(every_coroutine_gives_the_same_run),
		cmocka_unit_test(draw_in_one_stream_leaves_the_others),
		cmocka_unit_test(tape_repeats_a_run),
		cmocka_unit_test(empty_tape_is_the_dullest_run),
		cmocka_unit_test(deadlock_is_told_with_names),
		cmocka_unit_test(calls_are_a_budget),
		cmocka_unit_test(time_is_a_budget),
		cmocka_unit_test(storm_of_calls_meets_any_deadline),
		cmocka_unit_test(who_never_returns_is_abandoned),
		cmocka_unit_test(failure_ends_the_run),
		cmocka_unit_test(years_pass_at_once),
		cmocka_unit_test(deadlines_leave_no_timers),
		cmocka_unit_test(one_event_wakes_all_who_wait_for_it),
		cmocka_unit_test(poll_waits_to_the_nanosecond),
		cmocka_unit_test(main_needs_no_run),
		cmocka_unit_test(too_many_actors_are_an_error),
		cmocka_unit_test(actors_start_again_with_their_host),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
