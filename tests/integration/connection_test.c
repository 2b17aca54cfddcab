/* SPDX-License-Identifier: 0BSD */
/* How connections begin and end: refused, reset, half closed, given up, and a thousand of them. */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "worker.h"

static void
a_refused_connection_is_econnrefused_and_the_socket_connects_later(const struct world *world)
{
	struct vet_socket holders[2], s, listener, far = { 0 };
	struct vet_address refused, where;
	refused_open(world, holders, &refused);
	listener_open(world, &listener, &where);
	MUST(vet_socket_stream_on(&s, world->sys, world->family));
	patient(&s);
	for (int attempt = 0; attempt < 3; attempt++) {
		SAME(vet_socket_connect(&s, &refused), -ECONNREFUSED);
	}
	SAME(vet_socket_connect(&s, &where), 0);
	SAME(vet_socket_connect(&s, &where), -EISCONN);
	MUST(vet_socket_accept(&listener, &far, NULL));
	MUST(vet_socket_close(&far));
	MUST(vet_socket_close(&s));
	MUST(vet_socket_close(&listener));
	refused_close(holders);
}

/* Linux would say 0 once to the second connect, whatever the address. */
static void a_clone_of_a_connected_stream_is_not_connected_elsewhere(const struct world *world)
{
	struct vet_socket listener, s, clone = { 0 };
	struct vet_address where, elsewhere;
	listener_open(world, &listener, &where);
	elsewhere = where;
	elsewhere.port ^= 1;
	MUST(vet_socket_stream_on(&s, world->sys, world->family));
	MUST(vet_socket_try_clone(&s, &clone));
	patient(&s);
	patient(&clone);
	MUST(vet_socket_connect(&s, &where));
	SAME(vet_socket_connect(&clone, &elsewhere), -EISCONN);
	MUST(vet_socket_close(&clone));
	MUST(vet_socket_close(&s));
	MUST(vet_socket_close(&listener));
}

static void a_clone_connects_after_the_other_was_refused(const struct world *world)
{
	struct vet_socket listener, holders[2], s, clone = { 0 };
	struct vet_address where, refused;
	listener_open(world, &listener, &where);
	refused_open(world, holders, &refused);
	MUST(vet_socket_stream_on(&s, world->sys, world->family));
	MUST(vet_socket_try_clone(&s, &clone));
	patient(&s);
	patient(&clone);
	SAME(vet_socket_connect(&s, &refused), -ECONNREFUSED);
	MUST(vet_socket_connect(&clone, &where));
	MUST(vet_socket_close(&clone));
	MUST(vet_socket_close(&s));
	refused_close(holders);
	MUST(vet_socket_close(&listener));
}

/* The two ends know each other by the same two addresses. */
static void both_ends_agree_about_their_addresses(const struct world *world)
{
	struct vet_socket listener, near, far = { 0 };
	struct vet_address where, from, local, peer;
	listener_open(world, &listener, &where);
	MUST(vet_socket_stream_on(&near, world->sys, world->family));
	MUST(vet_socket_connect(&near, &where));
	MUST(vet_socket_accept(&listener, &far, &from));
	MUST(vet_socket_local_address(&near, &local));
	MUST(vet_socket_peer_address(&far, &peer));
	CHECK(vet_address_equal(&from, &local));
	CHECK(vet_address_equal(&peer, &local));
	MUST(vet_socket_peer_address(&near, &peer));
	CHECK(vet_address_equal(&peer, &where));
	MUST(vet_socket_close(&near));
	MUST(vet_socket_close(&far));
	MUST(vet_socket_close(&listener));
}

static void a_connection_to_oneself_is_a_connection(const struct world *world)
{
	static const char text[] = "to myself";
	char got[sizeof(text)];
	struct vet_socket s;
	struct vet_address own = loopback(world->family, 0);
	MUST(vet_socket_stream_on(&s, world->sys, world->family));
	patient(&s);
	MUST(vet_socket_bind(&s, &own));
	MUST(vet_socket_local_address(&s, &own));
	SAME(vet_socket_connect(&s, &own), 0);
	MUST(vet_socket_write(&s, text, sizeof(text), NULL));
	MUST(vet_socket_read_exact(&s, got, sizeof(got), NULL));
	CHECK(memcmp(got, text, sizeof(text)) == 0);
	MUST(vet_socket_close(&s));
}

/* ---- ends ---- */

static void a_close_with_linger_0_resets_the_reader(const struct world *world)
{
	struct pair pair;
	char byte;
	pair_open(world, &pair);
	MUST(vet_socket_set_linger(&pair.far, 0));
	MUST(vet_socket_close(&pair.far));
	SAME(vet_socket_read(&pair.near, &byte, 1), -ECONNRESET);
	SAME(vet_socket_read(&pair.near, &byte, 1), 0); /* the error is told once */
	MUST(vet_socket_close(&pair.near));
}

static void
a_close_with_linger_0_resets_the_writer_and_then_breaks_the_pipe(const struct world *world)
{
	struct pair pair;
	size_t done = 9;
	pair_open(world, &pair);
	MUST(vet_socket_set_linger(&pair.far, 0));
	MUST(vet_socket_close(&pair.far));
	SAME(vet_socket_write(&pair.near, "x", 1, &done), -ECONNRESET);
	SAME((int64_t)done, 0);
	SAME(vet_socket_write(&pair.near, "x", 1, &done), -EPIPE);
	MUST(vet_socket_close(&pair.near));
}

static void a_close_with_bytes_unread_resets_the_peer(const struct world *world)
{
	struct pair pair;
	char bytes[8];
	size_t done = 9;
	pair_open(world, &pair);
	MUST(vet_socket_write(&pair.near, "unread", 6, NULL));
	MUST(vet_socket_read_exact(&pair.far, bytes, 1, NULL)); /* they have arrived */
	MUST(vet_socket_close(&pair.far));
	SAME(vet_socket_read_exact(&pair.near, bytes, 8, &done), -ECONNRESET);
	SAME((int64_t)done, 0);
	MUST(vet_socket_close(&pair.near));
}

static void a_connection_reset_in_the_queue_is_accepted_and_then_reset(const struct world *world)
{
	struct vet_socket listener, near, far = { 0 };
	struct vet_address where;
	char byte;
	listener_open(world, &listener, &where);
	MUST(vet_socket_stream_on(&near, world->sys, world->family));
	MUST(vet_socket_connect(&near, &where));
	MUST(vet_socket_set_linger(&near, 0));
	MUST(vet_socket_close(&near));
	MUST(vet_socket_accept(&listener, &far, NULL));
	patient(&far);
	SAME(vet_socket_read(&far, &byte, 1), -ECONNRESET);
	MUST(vet_socket_close(&far));
	MUST(vet_socket_close(&listener));
}

static void a_half_closed_stream_still_carries_the_other_way(const struct world *world)
{
	struct pair pair;
	struct vet_buffer buffer = { 0 };
	char byte;
	size_t done = 9;
	pair_open(world, &pair);
	MUST(vet_socket_write(&pair.near, "question", 8, NULL));
	MUST(vet_socket_shutdown_write(&pair.near));
	SAME(vet_socket_write(&pair.near, "x", 1, &done), -EPIPE);
	MUST(vet_socket_read_all(&pair.far, &buffer, 100));
	SAME((int64_t)buffer.size, 8);
	MUST(vet_socket_write(&pair.far, "answer", 6, NULL));
	MUST(vet_socket_close(&pair.far));
	buffer.size = 0;
	MUST(vet_socket_read_all(&pair.near, &buffer, 100));
	CHECK(buffer.size == 6 && memcmp(buffer.data, "answer", 6) == 0);
	SAME(vet_socket_read(&pair.near, &byte, 1), 0);
	SAME(vet_socket_read_exact(&pair.near, &byte, 1, &done), VET_EOF);
	vet_buffer_free(&buffer);
	MUST(vet_socket_close(&pair.near));
}

static void a_socket_shut_down_for_reading_has_what_came_and_then_the_end(const struct world *world)
{
	struct pair pair;
	char bytes[4];
	size_t done = 9;
	pair_open(world, &pair);
	MUST(vet_socket_write(&pair.far, "ab", 2, NULL));
	MUST(vet_socket_read_exact(&pair.near, bytes, 1, NULL));
	MUST(vet_socket_shutdown_read(&pair.near));
	SAME(vet_socket_read_exact(&pair.near, bytes, 4, &done), VET_EOF);
	SAME((int64_t)done, 1);
	pair_close(&pair);
}

static void the_end_is_seen_when_the_last_clone_is_closed(const struct world *world)
{
	struct pair pair;
	struct vet_socket clone = { 0 };
	char byte;
	pair_open(world, &pair);
	MUST(vet_socket_try_clone(&pair.near, &clone));
	MUST(vet_socket_close(&pair.near));
	vet_socket_timeout_after(&pair.far, 0);
	SAME(vet_socket_read(&pair.far, &byte, 1), VET_EDEADLINE);
	MUST(vet_socket_write(&clone, "x", 1, NULL));
	MUST(vet_socket_close(&clone));
	patient(&pair.far);
	SAME(vet_socket_read(&pair.far, &byte, 1), 1);
	SAME(vet_socket_read(&pair.far, &byte, 1), 0);
	MUST(vet_socket_close(&pair.far));
}

/* ---- deadlines ---- */

static char room[1024];

/* Each of these waits for more than the three bytes that the peer has sent. */
static int64_t operate_read(struct pair *pair)
{
	MUST(vet_socket_read_exact(&pair->near, room, 3, NULL));
	return vet_socket_read(&pair->near, room, sizeof(room));
}

static int64_t operate_read_exact(struct pair *pair)
{
	size_t done = 9;
	int result = vet_socket_read_exact(&pair->near, room, sizeof(room), &done);
	SAME((int64_t)done, 3);
	return result;
}

static int64_t operate_read_all(struct pair *pair)
{
	struct vet_buffer buffer = { 0 };
	int result = vet_socket_read_all(&pair->near, &buffer, sizeof(room));
	SAME((int64_t)buffer.size, 3);
	vet_buffer_free(&buffer);
	return result;
}

/* More than the buffers can hold; done says how much they do. */
static int64_t operate_write(struct pair *pair)
{
	static char much[1024 * 1024];
	size_t done = 0;
	int result = vet_socket_write(&pair->near, much, sizeof(much), &done);
	CHECK(done > 0 && done < sizeof(much));
	return result;
}

static const struct waiting_row {
	const char *name;
	int64_t (*operate)(struct pair *pair);
} waiting_rows[] = {
	{ "read", operate_read },
	{ "read_exact", operate_read_exact },
	{ "read_all", operate_read_all },
	{ "write", operate_write },
};

static void deadline_fires(const struct world *world, const struct waiting_row *row)
{
	struct pair pair;
	print_message("  %s\n", row->name);
	pair_open_small(world, &pair);
	MUST(vet_socket_write(&pair.far, "abc", 3, NULL));
	int64_t start = clock_read(CLOCK_MONOTONIC);
	vet_socket_timeout_after(&pair.near, VET_MILLISECONDS(20));
	SAME(row->operate(&pair), VET_EDEADLINE);
	check_on_time(start, VET_MILLISECONDS(20));
	pair_close(&pair);
}

static void deadlines_of_stream_operations_fire_on_time(const struct world *world)
{
	for (size_t i = 0; i < sizeof(waiting_rows) / sizeof(waiting_rows[0]); i++) {
		deadline_fires(world, &waiting_rows[i]);
	}
}

static void what_need_not_wait_succeeds_though_the_deadline_has_passed(const struct world *world)
{
	struct pair pair;
	char byte;
	pair_open(world, &pair);
	vet_socket_timeout_after(&pair.near, 0);
	SAME(vet_socket_read(&pair.near, &byte, 1), VET_EDEADLINE);
	MUST(vet_socket_write(&pair.far, "x", 1, NULL));
	struct pollfd arrival = { .fd = vet_socket_fd(&pair.near), .events = POLLIN };
	CHECK(poll(&arrival, 1, 20000) == 1);
	SAME(vet_socket_read(&pair.near, &byte, 1), 1);
	SAME(vet_socket_write(&pair.near, &byte, 1, NULL), 0);
	pair_close(&pair);
}

static void accept_and_a_pending_connect_meet_their_deadlines(const struct world *world)
{
	struct vet_socket listener, fillers[2], s, far = { 0 };
	struct vet_address where, other;
	full_listener_open(world, &listener, fillers, &where);
	other = vet_address_of(where.ip, where.port == 1 ? 2 : where.port - 1);
	MUST(vet_socket_stream_on(&s, world->sys, world->family));
	int64_t start = clock_read(CLOCK_MONOTONIC);
	vet_socket_timeout_after(&s, VET_MILLISECONDS(30));
	SAME(vet_socket_connect(&s, &where), VET_EDEADLINE);
	check_on_time(start, VET_MILLISECONDS(30));
	SAME(vet_socket_connect(&s, &other), -EALREADY);
	SAME(vet_socket_connect(&s, &where), VET_EDEADLINE);
	MUST(vet_socket_accept(&listener, &far, NULL)); /* the first filler */
	start = clock_read(CLOCK_MONOTONIC);
	vet_socket_timeout_after(&listener, VET_MILLISECONDS(30));
	struct vet_socket none = { 0 };
	SAME(vet_socket_accept(&listener, &none, NULL), VET_EDEADLINE);
	check_on_time(start, VET_MILLISECONDS(30));
	SAME(vet_socket_fd(&none), -EBADF);
	MUST(vet_socket_close(&far));
	MUST(vet_socket_close(&s));
	MUST(vet_socket_close(&fillers[0]));
	MUST(vet_socket_close(&fillers[1]));
	MUST(vet_socket_close(&listener));
}

/* ---- a thousand ---- */

struct crowd {
	const struct world *world;
	struct vet_address where;
	uint32_t count;
};

/* Each tells its number, gets it back, and sees the end. */
static void crowd_connect(void *data)
{
	struct crowd *crowd = data;
	for (uint32_t i = 0; i < crowd->count; i++) {
		struct vet_socket s;
		uint32_t answer[2];
		size_t done = 0;
		MUST(vet_socket_stream_on(&s, crowd->world->sys, crowd->world->family));
		patient(&s);
		MUST(vet_socket_connect(&s, &crowd->where));
		MUST(vet_socket_write(&s, &i, sizeof(i), NULL));
		SAME(vet_socket_read_exact(&s, answer, sizeof(answer), &done), VET_EOF);
		SAME((int64_t)done, sizeof(i));
		SAME(answer[0], i);
		MUST(vet_socket_close(&s));
	}
}

static void a_thousand_connections_come_through_one_listener_in_order(const struct world *world)
{
	struct crowd crowd = { .world = world, .count = slow_run() ? 100 : 1000 };
	struct vet_socket listener;
	struct worker worker;
	listener_open(world, &listener, &crowd.where);
	worker_start(&worker, crowd_connect, &crowd);
	for (uint32_t i = 0; i < crowd.count; i++) {
		struct vet_socket peer = { 0 };
		uint32_t number = 0;
		MUST(vet_socket_accept(&listener, &peer, NULL));
		patient(&peer);
		MUST(vet_socket_read_exact(&peer, &number, sizeof(number), NULL));
		SAME(number, i);
		MUST(vet_socket_write(&peer, &number, sizeof(number), NULL));
		MUST(vet_socket_close(&peer));
	}
	worker_join(&worker);
	MUST(vet_socket_close(&listener));
}

static void a_hundred_connections_wait_in_the_queue_together(const struct world *world)
{
	enum { TOGETHER = 100 };
	static struct vet_socket near[TOGETHER];
	struct vet_socket listener;
	struct vet_address where, local, from;
	listener_open(world, &listener, &where);
	for (int i = 0; i < TOGETHER; i++) {
		MUST(vet_socket_stream_on(&near[i], world->sys, world->family));
		patient(&near[i]);
		MUST(vet_socket_connect(&near[i], &where));
	}
	for (int i = 0; i < TOGETHER; i++) {
		struct vet_socket peer = { 0 };
		MUST(vet_socket_accept(&listener, &peer, &from));
		MUST(vet_socket_local_address(&near[i], &local));
		CHECK(vet_address_equal(&from, &local));
		MUST(vet_socket_close(&peer));
		MUST(vet_socket_close(&near[i]));
	}
	MUST(vet_socket_close(&listener));
}

static const struct kernel_test tests[] = {
	KERNEL_TEST(a_refused_connection_is_econnrefused_and_the_socket_connects_later,
		    EVERY_WORLD),
	KERNEL_TEST(a_clone_of_a_connected_stream_is_not_connected_elsewhere, EVERY_WORLD),
	KERNEL_TEST(a_clone_connects_after_the_other_was_refused, EVERY_WORLD),
	KERNEL_TEST(both_ends_agree_about_their_addresses, EVERY_WORLD),
	KERNEL_TEST(a_connection_to_oneself_is_a_connection, EVERY_WORLD),
	KERNEL_TEST(a_close_with_linger_0_resets_the_reader, EVERY_WORLD),
	KERNEL_TEST(a_close_with_linger_0_resets_the_writer_and_then_breaks_the_pipe, EVERY_WORLD),
	KERNEL_TEST(a_close_with_bytes_unread_resets_the_peer, EVERY_WORLD),
	KERNEL_TEST(a_connection_reset_in_the_queue_is_accepted_and_then_reset, EVERY_WORLD),
	KERNEL_TEST(a_half_closed_stream_still_carries_the_other_way, EVERY_WORLD),
	KERNEL_TEST(a_socket_shut_down_for_reading_has_what_came_and_then_the_end, EVERY_WORLD),
	KERNEL_TEST(the_end_is_seen_when_the_last_clone_is_closed, EVERY_WORLD),
	KERNEL_TEST(deadlines_of_stream_operations_fire_on_time, EVERY_WORLD),
	KERNEL_TEST(what_need_not_wait_succeeds_though_the_deadline_has_passed, EVERY_WORLD),
	KERNEL_TEST(accept_and_a_pending_connect_meet_their_deadlines, EVERY_WORLD),
	KERNEL_TEST(a_thousand_connections_come_through_one_listener_in_order, EVERY_WORLD),
	KERNEL_TEST(a_hundred_connections_wait_in_the_queue_together, EVERY_WORLD),
};

int main(void)
{
	return kernel_run("connection", tests, sizeof(tests) / sizeof(tests[0]));
}
