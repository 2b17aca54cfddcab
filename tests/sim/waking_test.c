/* SPDX-License-Identifier: 0BSD */
/* Who waits on a simulated host goes on as soon as he can: all who wait for a socket, a close that
 * lingers, a connection whose names are in TIME_WAIT; and who is answered waits on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include <vetsock/sim.h>
#include <vetsock/vetsock.h>

enum {
	READERS = 3,
	PORT = 7,
	OWN_PORT = 20000,
	IDLE = 60,
	LINGER = 30,
	MUCH = 400000,
	PIECE = 4000
};

struct stage {
	struct vet_sim *sim;
	struct vet_sim_host *server, *client;
	struct vet_socket shared;
	unsigned woken;
	int64_t took; /* nanoseconds */
	int result;
};

static struct stage stage;

static int begin(void **state)
{
	const struct vet_sim_options options = { .seed = 1 };
	(void)state;
	memset(&stage, 0, sizeof stage);
	assert_int_equal(vet_sim_make(&stage.sim), 0);
	assert_int_equal(vet_sim_start(stage.sim, &options), 0);
	stage.server = vet_sim_add_host(stage.sim, "server");
	stage.client = vet_sim_add_host(stage.sim, "client");
	return 0;
}

static int end(void **state)
{
	(void)state;
	vet_sim_free(stage.sim);
	return 0;
}

static void play(vet_sim_run_function serve, vet_sim_run_function ask)
{
	struct vet_sim_report report;
	assert_int_equal(vet_sim_actor(stage.server, "server", serve, NULL), 0);
	assert_int_equal(vet_sim_actor(stage.client, "client", ask, NULL), 0);
	if (vet_sim_run(stage.sim, &report) < 0)
		fail_msg("%s", report.why);
	assert_int_equal(report.open, 0);
}

static void sleep_for(struct vet_sys *sys, vet_duration duration)
{
	(void)(sys->calls->poll)(sys, NULL, 0, duration);
}

static struct vet_address server_at(void)
{
	return vet_address_of(vet_sim_host_ip(stage.server, 4), PORT);
}

static int accept_one(struct vet_sys *sys, struct vet_socket *s)
{
	struct vet_socket listener = { 0 };
	struct vet_address any = { .ip.family = 4, .port = PORT };
	int result = vet_socket_stream_on(&listener, sys, 4);
	result = result < 0 ? result : vet_socket_bind(&listener, &any);
	result = result < 0 ? result : vet_socket_listen(&listener);
	result = result < 0 ? result : vet_socket_accept(&listener, s, NULL);
	(void)vet_socket_close(&listener);
	return result;
}

static int dial(struct vet_sys *sys, struct vet_socket *s)
{
	struct vet_address to = server_at();
	int result;
	sleep_for(sys, VET_MILLISECONDS(1)); /* until somebody listens */
	result = vet_socket_stream_on(s, sys, 4);
	return result < 0 ? result : vet_socket_connect(s, &to);
}

/* ---- all who wait for a socket that is shut down ---- */

static void read_shared(struct vet_sys *sys, void *context)
{
	char byte;
	(void)sys;
	(void)context;
	vet_sim_check(stage.sim, vet_socket_read(&stage.shared, &byte, 1) == 0);
	stage.woken++;
}

static void shut_down_shared(struct vet_sys *sys, void *context)
{
	(void)context;
	vet_sim_check(stage.sim, dial(sys, &stage.shared) == 0);
	for (unsigned i = 0; i < READERS; i++)
		vet_sim_check(stage.sim,
			      vet_sim_actor(stage.client, "reader", read_shared, NULL) == 0);
	sleep_for(sys, VET_SECONDS(1));
	vet_sim_check(stage.sim, vet_socket_shutdown_read(&stage.shared) == 0);
	sleep_for(sys, VET_SECONDS(1));
	vet_sim_check(stage.sim, vet_socket_close(&stage.shared) == 0);
}

static void hold(struct vet_sys *sys, void *context)
{
	struct vet_socket s = { 0 };
	char byte;
	(void)context;
	vet_sim_check(stage.sim, accept_one(sys, &s) == 0);
	vet_sim_check(stage.sim, vet_socket_read(&s, &byte, 1) == 0);
	vet_sim_check(stage.sim, vet_socket_close(&s) == 0);
}

static void all_who_wait_for_a_socket_are_woken(void **state)
{
	(void)state;
	play(hold, shut_down_shared);
	assert_int_equal(stage.woken, READERS);
}

/* ---- a close that lingers ---- */

static void read_to_end(struct vet_sys *sys, void *context)
{
	struct vet_socket s = { 0 };
	char byte;
	(void)context;
	vet_sim_check(stage.sim, dial(sys, &s) == 0);
	vet_sim_check(stage.sim, vet_socket_read(&s, &byte, 1) == 1);
	vet_sim_check(stage.sim, vet_socket_read(&s, &byte, 1) == 0);
	sleep_for(sys, VET_SECONDS(2 * LINGER)); /* and does not end its own half */
	vet_sim_check(stage.sim, vet_socket_close(&s) == 0);
}

static void close_lingering(struct vet_sys *sys, void *context)
{
	struct vet_socket s = { 0 };
	int64_t began;
	(void)context;
	vet_sim_check(stage.sim, accept_one(sys, &s) == 0);
	vet_sim_check(stage.sim, vet_socket_set_linger(&s, VET_SECONDS(LINGER)) == 0);
	vet_sim_check(stage.sim, vet_socket_write(&s, "x", 1, NULL) == 0);
	began = vet_sim_now(stage.sim);
	vet_sim_check(stage.sim, vet_socket_close(&s) == 0);
	stage.took = vet_sim_now(stage.sim) - began;
}

/* socket(7): until all is sent, or the time has passed.  All is acknowledged after one way there
 * and back, of 100 us each. */
static void a_close_that_lingers_ends_when_all_is_acknowledged(void **state)
{
	(void)state;
	play(close_lingering, read_to_end);
	assert_true(stage.took >= VET_MICROSECONDS(200));
	assert_true(stage.took < VET_MILLISECONDS(1));
}

/* ---- keepalive ---- */

static void be_kept_alive(struct vet_sys *sys, void *context)
{
	struct vet_socket s = { 0 };
	char byte;
	(void)context;
	vet_sim_check(stage.sim, dial(sys, &s) == 0);
	vet_sim_check(stage.sim, vet_socket_set_keepalive(&s, true) == 0);
	vet_sim_check(stage.sim, vet_socket_set_keepalive_time(&s, VET_SECONDS(1)) == 0);
	vet_sim_check(stage.sim, vet_socket_set_keepalive_interval(&s, VET_SECONDS(1)) == 0);
	vet_sim_check(stage.sim, vet_socket_set_keepalive_count(&s, 3) == 0);
	vet_sim_check(stage.sim, vet_socket_read(&s, &byte, 1) == 1);
	vet_sim_check(stage.sim, vet_socket_close(&s) == 0);
}

static void say_something_late(struct vet_sys *sys, void *context)
{
	struct vet_socket s = { 0 };
	char byte;
	(void)context;
	vet_sim_check(stage.sim, accept_one(sys, &s) == 0);
	sleep_for(sys, VET_SECONDS(IDLE));
	vet_sim_check(stage.sim, vet_socket_write(&s, "x", 1, NULL) == 0);
	vet_sim_check(stage.sim, vet_socket_read(&s, &byte, 1) == 0);
	vet_sim_check(stage.sim, vet_socket_close(&s) == 0);
}

static void a_peer_that_answers_keepalive_is_not_found_dead(void **state)
{
	(void)state;
	play(say_something_late, be_kept_alive);
}

/* ---- TIME_WAIT ---- */

static void end_two(struct vet_sys *sys, void *context)
{
	struct vet_socket listener = { 0 }, s = { 0 };
	struct vet_address any = { .ip.family = 4, .port = PORT };
	(void)context;
	vet_sim_check(stage.sim, vet_socket_stream_on(&listener, sys, 4) == 0);
	vet_sim_check(stage.sim, vet_socket_bind(&listener, &any) == 0);
	vet_sim_check(stage.sim, vet_socket_listen(&listener) == 0);
	for (unsigned i = 0; i < 2; i++) {
		vet_sim_check(stage.sim, vet_socket_accept(&listener, &s, NULL) == 0);
		vet_sim_check(stage.sim, vet_socket_close(&s) == 0); /* the first to end */
	}
	vet_sim_check(stage.sim, vet_socket_close(&listener) == 0);
}

static void come_from_one_port(struct vet_sys *sys, void *context)
{
	struct vet_address own = { .ip.family = 4, .port = OWN_PORT }, to = server_at();
	char byte;
	(void)context;
	sleep_for(sys, VET_MILLISECONDS(1));
	for (unsigned i = 0; i < 2; i++) {
		struct vet_socket s = { 0 };
		int64_t began = vet_sim_now(stage.sim);
		vet_sim_check(stage.sim, vet_socket_stream_on(&s, sys, 4) == 0);
		vet_sim_check(stage.sim, vet_socket_set_reuse_address(&s, true) == 0);
		vet_sim_check(stage.sim, vet_socket_bind(&s, &own) == 0);
		vet_sim_check(stage.sim, vet_socket_connect(&s, &to) == 0);
		stage.took = vet_sim_now(stage.sim) - began;
		vet_sim_check(stage.sim, vet_socket_read(&s, &byte, 1) == 0);
		vet_sim_check(stage.sim, vet_socket_close(&s) == 0);
		sleep_for(sys, VET_SECONDS(1));
	}
}

/* A SYN that can be of no earlier connection begins the next at once (RFC 9293 3.10.7.4; time
 * stamps tell: RFC 6191): without the second until it is sent again. */
static void time_wait_gives_way_to_a_new_connection(void **state)
{
	(void)state;
	play(end_two, come_from_one_port);
	assert_true(stage.took < VET_MILLISECONDS(1));
}

/* ---- a window that opens ---- */

static void write_much(struct vet_sys *sys, void *context)
{
	static const unsigned char piece[PIECE];
	struct vet_socket s = { 0 };
	(void)context;
	vet_sim_check(stage.sim, accept_one(sys, &s) == 0);
	for (unsigned i = 0; i < MUCH / PIECE; i++)
		vet_sim_check(stage.sim, vet_socket_write(&s, piece, PIECE, NULL) == 0);
	vet_sim_check(stage.sim, vet_socket_close(&s) == 0);
}

static void read_late(struct vet_sys *sys, void *context)
{
	static unsigned char all[MUCH];
	struct vet_socket s = { 0 };
	int64_t began;
	(void)context;
	vet_sim_check(stage.sim, dial(sys, &s) == 0);
	sleep_for(sys, VET_SECONDS(1)); /* the window has closed */
	began = vet_sim_now(stage.sim);
	vet_sim_check(stage.sim, vet_socket_read_exact(&s, all, MUCH, NULL) == 0);
	stage.took = vet_sim_now(stage.sim) - began;
	vet_sim_check(stage.sim, vet_socket_close(&s) == 0);
}

/* It is told, not found by a probe: those come after 200 ms and more (RFC 9293 3.8.6). */
static void a_window_that_opens_is_told(void **state)
{
	(void)state;
	play(write_much, read_late);
	assert_true(stage.took < VET_MILLISECONDS(50));
}

/* ---- a link that is cut for good ---- */

static void write_in_vain(struct vet_sys *sys, void *context)
{
	const struct vet_sim_link cut = { .latency = VET_MICROSECONDS(100), .is_down = true };
	struct vet_socket s = { 0 };
	int64_t began;
	char byte;
	(void)context;
	vet_sim_check(stage.sim, dial(sys, &s) == 0);
	sleep_for(sys, VET_SECONDS(1));
	vet_sim_check(stage.sim, vet_sim_set_link(stage.sim, NULL, NULL, &cut) == 0);
	began = vet_sim_now(stage.sim);
	vet_sim_check(stage.sim, vet_socket_write(&s, "x", 1, NULL) == 0);
	vet_sim_check(stage.sim, vet_socket_read(&s, &byte, 1) == -ETIMEDOUT);
	stage.took = vet_sim_now(stage.sim) - began;
	vet_sim_check(stage.sim, vet_socket_close(&s) == 0);
}

static void hold_for_an_hour(struct vet_sys *sys, void *context)
{
	struct vet_socket s = { 0 };
	(void)context;
	vet_sim_check(stage.sim, accept_one(sys, &s) == 0);
	sleep_for(sys, VET_SECONDS(3600));
	vet_sim_check(stage.sim, vet_socket_close(&s) == 0);
}

/* The first 200 ms, doubling to 120 s, 15 times again, and the last wait: 924.6 s (Linux's
 * ip-sysctl.rst, tcp_retries2), the first time again to ask what has arrived (RFC 8985 7.2) not
 * counted. */
static void a_link_that_is_cut_for_good_is_given_up_after_15_retries(void **state)
{
	(void)state;
	play(hold_for_an_hour, write_in_vain);
	assert_in_range(stage.took / 1000000, 924600, 925200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_who_wait_for_a_socket_are_woken, begin, end),
		cmocka_unit_test_setup_teardown(a_close_that_lingers_ends_when_all_is_acknowledged,
						begin, end),
		cmocka_unit_test_setup_teardown(a_peer_that_answers_keepalive_is_not_found_dead,
						begin, end),
		cmocka_unit_test_setup_teardown(time_wait_gives_way_to_a_new_connection, begin,
						end),
		cmocka_unit_test_setup_teardown(a_window_that_opens_is_told, begin, end),
		cmocka_unit_test_setup_teardown(
			a_link_that_is_cut_for_good_is_given_up_after_15_retries, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
