/* SPDX-License-Identifier: 0BSD */
/* Of streams, what programs beside the kernel cannot see: they wait for nothing, and lead no window to
 * its last byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <vetsock/mischief.h>
#include <vetsock/sim.h>
#include <vetsock/vetsock.h>

#include "one_world.h"

enum {
	FIRST_PORT = 100,
	LATENCY = 50, /* milliseconds */
	SEGMENT = 1448,
	BUFFER = 20017, /* doubled, of which 125/128 are window: 39,095 bytes, */
	WINDOW = 39095, /* one less than 27 segments */
	PORT_RANGE = 51 /* Linux's IP_LOCAL_PORT_RANGE */
};

static struct vet_sim_host *near, *far;
static struct vet_sys *sys; /* of near */
static struct vet_socket listener, s, peer;

static void begin(void)
{
	const struct vet_sim_link slow = { .latency = VET_MILLISECONDS(LATENCY) };
	assert_int_equal(vet_sim_start(sim, &(struct vet_sim_options){ .seed = 1 }), 0);
	near = vet_sim_add_host(sim, "near");
	far = vet_sim_add_host(sim, "far");
	sys = vet_sim_sys(near);
	assert_int_equal(vet_sim_set_link(sim, NULL, NULL, &slow), 0);
}

static void wait_for(vet_duration time)
{
	assert_int_equal((sys->calls->poll)(sys, NULL, 0, time), 0);
}

static void listen_on(const struct vet_address *at)
{
	assert_int_equal(vet_socket_stream_on(&listener, vet_sim_sys(far), 4), 0);
	assert_int_equal(vet_socket_set_reuse_address(&listener, true), 0);
	assert_int_equal(vet_socket_bind(&listener, at), 0);
	assert_int_equal(vet_socket_listen(&listener), 0);
}

/* s of near and peer of far. */
static void connect_both(int buffer)
{
	struct vet_address at = vet_address_of(vet_ipv4(0, 0, 0, 0), FIRST_PORT);
	listen_on(&at);
	assert_int_equal(vet_socket_stream_on(&s, sys, 4), 0);
	if (buffer > 0)
		assert_int_equal(vet_socket_set_receive_buffer_size(&s, (uint32_t)buffer), 0);
	at.ip = vet_sim_host_ip(far, 4);
	assert_int_equal(vet_socket_connect(&s, &at), 0);
	assert_int_equal(vet_socket_accept(&listener, &peer, NULL), 0);
	assert_int_equal(vet_socket_close(&listener), 0);
}

static ssize_t arrived(void)
{
	static char bytes[4 * WINDOW];
	return (sys->calls->recv)(sys, vet_socket_fd(&s), bytes, sizeof bytes, MSG_PEEK);
}

/* ---- ends ---- */

/* The end goes there, and its acknowledgement back. */
static void lingering_close_takes_the_way_there_and_back(void **state)
{
	int64_t began;
	(void)state;
	begin();
	connect_both(0);
	assert_int_equal(vet_socket_set_linger(&s, VET_SECONDS(5)), 0);
	began = vet_sim_now(sim);
	assert_int_equal(vet_socket_close(&s), 0);
	assert_in_range(vet_sim_now(sim) - began, VET_MILLISECONDS(2 * LATENCY),
			VET_MILLISECONDS(2 * LATENCY + 1));
	assert_int_equal(vet_socket_close(&peer), 0);
}

/* Acknowledgements of what went before are none of the end. */
static void lingering_close_waits_for_all_that_went_before(void **state)
{
	const struct vet_sim_link thin = { .latency = VET_MILLISECONDS(LATENCY), .rate = 100000 };
	static const char bytes[30000];
	int64_t began;
	(void)state;
	begin();
	assert_int_equal(vet_sim_set_link(sim, near, far, &thin), 0);
	connect_both(0);
	assert_int_equal(vet_socket_set_linger(&s, VET_SECONDS(5)), 0);
	began = vet_sim_now(sim);
	assert_int_equal(vet_socket_write(&s, bytes, sizeof bytes, NULL), 0);
	assert_int_equal(vet_socket_close(&s), 0);
	assert_true(vet_sim_now(sim) - began >= VET_MILLISECONDS(300 + 2 * LATENCY));
	assert_int_equal(vet_socket_close(&peer), 0);
}

static void end_comes_after_the_way_there(void **state)
{
	int64_t began;
	char byte;
	(void)state;
	begin();
	connect_both(0);
	began = vet_sim_now(sim);
	assert_int_equal(vet_socket_close(&peer), 0);
	assert_int_equal(vet_socket_read(&s, &byte, 1), 0);
	assert_in_range(vet_sim_now(sim) - began, VET_MILLISECONDS(LATENCY),
			VET_MILLISECONDS(LATENCY + 1));
	assert_int_equal(vet_socket_close(&s), 0);
}

static uint64_t times(const char *mark)
{
	for (unsigned i = 0; vet_sim_mark_name(i) != NULL; i++)
		if (strcmp(vet_sim_mark_name(i), mark) == 0)
			return vet_sim_mark_count(sim, i);
	fail_msg("no rare state is called '%s'", mark);
	return 0;
}

/* The last acknowledgement is lost: the end comes again, and TIME_WAIT acknowledges it once more. */
static void time_wait_answers(void **state)
{
	const uint64_t before = times("TIME_WAIT acknowledges an end once more");
	struct vet_mischief cut;
	char text[64];
	int64_t began;
	int size;
	(void)state;
	begin();
	connect_both(0);
	assert_int_equal(vet_socket_close(&s), 0);
	wait_for(VET_MILLISECONDS(LATENCY + 1));
	size = snprintf(text, sizeof text, "@%lldns=cut near->far for 120ms",
			(long long)vet_sim_now(sim));
	assert_int_equal(vet_mischief_parse(&cut, text, (size_t)size, NULL), 0);
	assert_int_equal(vet_mischief_begin(sim, &cut), 0);
	assert_int_equal(vet_socket_set_linger(&peer, VET_SECONDS(5)), 0);
	began = vet_sim_now(sim);
	assert_int_equal(vet_socket_close(&peer), 0);
	assert_in_range(vet_sim_now(sim) - began, VET_MILLISECONDS(200 + 2 * LATENCY),
			VET_SECONDS(1));
	assert_int_equal(times("TIME_WAIT acknowledges an end once more"), before + 1);
}

/* ---- names that are used again ---- */

/* Who closes first keeps the names (RFC 9293 3.6.1): a SYN with the same ones makes a connection, and
 * at once. */
static void names_in_time_wait_can_be_connected(void **state)
{
	struct vet_address from, to;
	int64_t began;
	(void)state;
	begin();
	connect_both(0);
	assert_int_equal(vet_socket_local_address(&s, &from), 0);
	assert_int_equal(vet_socket_peer_address(&s, &to), 0);
	assert_int_equal(vet_socket_close(&peer), 0);
	assert_int_equal(vet_socket_read(&s, &(char){ 0 }, 1), 0);
	assert_int_equal(vet_socket_close(&s), 0);
	wait_for(VET_SECONDS(1));
	listen_on(&to);
	assert_int_equal(vet_socket_stream_on(&s, sys, 4), 0);
	assert_int_equal(vet_socket_bind(&s, &from), 0);
	began = vet_sim_now(sim);
	assert_int_equal(vet_socket_connect(&s, &to), 0);
	assert_in_range(vet_sim_now(sim) - began, VET_MILLISECONDS(2 * LATENCY),
			VET_MILLISECONDS(2 * LATENCY + 1));
	assert_int_equal(vet_socket_accept(&listener, &peer, NULL), 0);
	assert_int_equal(vet_socket_close(&listener), 0);
	assert_int_equal(vet_socket_close(&peer), 0);
	assert_int_equal(vet_socket_close(&s), 0);
}

/* Begins to connect, from a port of its own. */
static void attempt(struct vet_socket *on, struct vet_sim_host *from, uint16_t own,
		    struct vet_sim_host *to, uint16_t port)
{
	struct vet_address here = vet_address_of(vet_sim_host_ip(from, 4), own);
	struct vet_address there = vet_address_of(vet_sim_host_ip(to, 4), port);
	assert_int_equal(vet_socket_stream_on(on, vet_sim_sys(from), 4), 0);
	assert_int_equal(vet_socket_set_reuse_address(on, true), 0);
	assert_int_equal(vet_socket_bind(on, &here), 0);
	vet_socket_timeout_after(on, 0);
	assert_int_equal(vet_socket_connect(on, &there), VET_EDEADLINE);
	vet_socket_reset_deadline(on);
}

/* Two connect to each other; the SYN that one of them meets first is of somebody who had the other's
 * name before him, and has gone. */
static void successor_answers_for_a_syn_of_his_predecessor(void **state)
{
	const struct vet_sim_link down = { .latency = VET_MILLISECONDS(LATENCY), .is_down = true };
	const struct vet_sim_link up = { .latency = VET_MILLISECONDS(LATENCY) };
	struct vet_address name;
	(void)state;
	begin();
	attempt(&s, near, FIRST_PORT, far, FIRST_PORT + 1);
	assert_int_equal(vet_socket_close(&s), 0);
	assert_int_equal(vet_sim_set_link(sim, near, far, &down), 0);
	attempt(&s, near, FIRST_PORT, far, FIRST_PORT + 1);
	assert_int_equal(vet_sim_set_link(sim, near, far, &up), 0);
	attempt(&peer, far, FIRST_PORT + 1, near, FIRST_PORT);
	wait_for(VET_SECONDS(30));
	assert_int_equal(vet_socket_peer_address(&s, &name), 0);
	assert_int_equal(vet_socket_peer_address(&peer, &name), 0);
	assert_int_equal(vet_socket_write(&s, "a", 1, NULL), 0);
	assert_int_equal(vet_socket_read(&peer, &(char){ 0 }, 1), 1);
	assert_int_equal(vet_socket_close(&peer), 0);
	assert_int_equal(vet_socket_close(&s), 0);
	wait_for(VET_HOURS(1));
}

/* ---- windows ---- */

/* Nothing is sent that the window does not take: whole segments at first (RFC 9293 3.8.6.2.1), and then
 * to its last byte. */
static void window_is_filled_to_its_last_byte(void **state)
{
	static const char bytes[2 * WINDOW];
	size_t done = 0;
	(void)state;
	begin();
	connect_both(BUFFER);
	vet_socket_timeout_after(&peer, VET_MILLISECONDS(1));
	/* It is taken into the buffer; more than the window, less than both. */
	assert_int_equal(vet_socket_write(&peer, bytes, sizeof bytes / 2 + SEGMENT, &done), 0);
	wait_for(VET_MILLISECONDS(LATENCY + 10));
	assert_int_equal(arrived(), WINDOW / SEGMENT * SEGMENT);
	wait_for(VET_SECONDS(10));
	assert_int_equal(arrived(), WINDOW);
	assert_int_equal(vet_socket_close(&peer), 0);
	assert_int_equal(vet_socket_close(&s), 0);
}

static void window_opens_when_it_is_read(void **state)
{
	static const char bytes[2 * WINDOW];
	static char read[sizeof bytes];
	(void)state;
	begin();
	connect_both(BUFFER);
	assert_int_equal(vet_socket_write(&peer, bytes, sizeof bytes, NULL), 0);
	wait_for(VET_SECONDS(10));
	assert_int_equal(arrived(), WINDOW);
	assert_int_equal(vet_socket_read_exact(&s, read, sizeof read, NULL), 0);
	assert_int_equal(vet_socket_close(&peer), 0);
	assert_int_equal(vet_socket_close(&s), 0);
}

/* RFC 9293 3.8.6: what was promised stays so, though the buffer was made smaller since. */
static void edge_of_a_window_never_goes_back(void **state)
{
	static const char bytes[2 * WINDOW];
	(void)state;
	begin();
	connect_both(0);
	assert_int_equal(vet_socket_set_receive_buffer_size(&s, 4096), 0);
	assert_int_equal(vet_socket_write(&peer, bytes, sizeof bytes, NULL), 0);
	wait_for(VET_SECONDS(10));
	assert_int_equal(arrived(), sizeof bytes);
	assert_int_equal(vet_socket_close(&peer), 0);
	assert_int_equal(vet_socket_close(&s), 0);
}

/* ---- bytes ---- */

/* However much is held when more comes: the ring that holds it goes around, and grows. */
static void bytes_stay_in_order(void **state)
{
	enum { MOST = 200 };
	unsigned char bytes[3 * MOST], got[3 * MOST];
	(void)state;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)(i * 7 + i / 256);
	begin();
	connect_both(0);
	assert_int_equal(vet_socket_set_no_delay(&peer, true), 0);
	for (size_t first = 1; first < MOST; first += 3)
		for (size_t read = 0; read < first; read += 7) {
			size_t all = first + MOST + MOST / 2;
			assert_int_equal(vet_socket_write(&peer, bytes, first, NULL), 0);
			assert_int_equal(vet_socket_read_exact(&s, got, read, NULL), 0);
			assert_int_equal(vet_socket_write(&peer, bytes + first, MOST / 2, NULL), 0);
			assert_int_equal(
				vet_socket_write(&peer, bytes + first + MOST / 2, MOST, NULL), 0);
			assert_int_equal(vet_socket_read_exact(&s, got + read, all - read, NULL),
					 0);
			assert_memory_equal(got, bytes, all);
		}
	assert_int_equal(vet_socket_close(&peer), 0);
	assert_int_equal(vet_socket_close(&s), 0);
}

/* ---- ports ---- */

enum { ALONE = 40000 }; /* the port that may be chosen */

static void listen_at(struct vet_socket *on, uint16_t port)
{
	struct vet_address at = vet_address_of(vet_ipv4(127, 0, 0, 1), port);
	assert_int_equal(vet_socket_stream_on(on, sys, 4), 0);
	assert_int_equal(vet_socket_bind(on, &at), 0);
	assert_int_equal(vet_socket_listen(on), 0);
}

static void open_with_one_port(struct vet_socket *on)
{
	const uint32_t range = (uint32_t)ALONE << 16 | ALONE;
	assert_int_equal(vet_socket_stream_on(on, sys, 4), 0);
	assert_int_equal(vet_socket_set_reuse_address(on, true), 0);
	assert_int_equal((sys->calls->setsockopt)(sys, vet_socket_fd(on), IPPROTO_IP, PORT_RANGE,
						  &range, sizeof range),
			 0);
}

static int connect_to(struct vet_socket *on, uint16_t port)
{
	struct vet_address to = vet_address_of(vet_ipv4(127, 0, 0, 1), port);
	return vet_socket_connect(on, &to);
}

/* Connect chooses no port that somebody has by bind; one that connect chose may be shared, by
 * connections to elsewhere. */
static void ports_are_given_back(void **state)
{
	struct vet_address own = vet_address_of(vet_ipv4(127, 0, 0, 1), ALONE);
	struct vet_socket first = { 0 }, second = { 0 }, one, two;
	(void)state;
	begin();
	listen_at(&one, FIRST_PORT);
	listen_at(&two, FIRST_PORT + 1);
	open_with_one_port(&first);
	assert_int_equal(connect_to(&first, FIRST_PORT), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(vet_socket_stream_on(&s, sys, 4), 0);
		assert_int_equal(vet_socket_set_reuse_address(&s, true), 0);
		assert_int_equal(vet_socket_bind(&s, &own), 0);
		open_with_one_port(&second);
		assert_int_equal(connect_to(&second, FIRST_PORT + 1), -EADDRNOTAVAIL);
		assert_int_equal(vet_socket_close(&s), 0);
		assert_int_equal(connect_to(&second, FIRST_PORT + 1), 0);
		assert_int_equal(vet_socket_set_linger(&second, 0), 0); /* no TIME_WAIT */
		assert_int_equal(vet_socket_close(&second), 0);
	}
	assert_int_equal(vet_socket_close(&first), 0);
	assert_int_equal(vet_socket_close(&one), 0);
	assert_int_equal(vet_socket_close(&two), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lingering_close_takes_the_way_there_and_back),
		cmocka_unit_test(lingering_close_waits_for_all_that_went_before),
		cmocka_unit_test(end_comes_after_the_way_there),
		cmocka_unit_test(time_wait_answers),
		cmocka_unit_test(names_in_time_wait_can_be_connected),
		cmocka_unit_test(successor_answers_for_a_syn_of_his_predecessor),
		cmocka_unit_test(window_is_filled_to_its_last_byte),
		cmocka_unit_test(window_opens_when_it_is_read),
		cmocka_unit_test(edge_of_a_window_never_goes_back),
		cmocka_unit_test(bytes_stay_in_order),
		cmocka_unit_test(ports_are_given_back),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
