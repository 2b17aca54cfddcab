/* SPDX-License-Identifier: 0BSD */
/* Several threads on one socket: a reader beside a writer, and who shuts it down under both. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "pattern.h"
#include "worker.h"

/* ---- a reader and a writer on each end ---- */

enum { PIECE = 300007, MIB = 1024 * 1024 };

struct flow {
	struct vet_socket *s;
	uint64_t begins; /* the position in the pattern, so that the two ways differ */
	uint64_t size;
};

static void flow_out(void *data)
{
	struct flow *flow = data;
	unsigned char *piece = malloc(PIECE);
	CHECK(piece != NULL);
	for (uint64_t sent = 0; sent < flow->size;) {
		size_t part = flow->size - sent < PIECE ? (size_t)(flow->size - sent) : PIECE;
		pattern_fill(piece, part, flow->begins + sent, 0);
		MUST(vet_socket_write(flow->s, piece, part, NULL));
		sent += part;
	}
	free(piece);
	MUST(vet_socket_shutdown_write(flow->s));
}

static void flow_in(void *data)
{
	struct flow *flow = data;
	SAME((int64_t)pattern_receive(flow->s, flow->begins, 0), (int64_t)flow->size);
}

static void a_reader_and_a_writer_share_a_socket(const struct world *world)
{
	uint64_t size = slow_run() ? MIB : 16 * MIB;
	struct pair pair;
	struct worker workers[4];
	pair_open(world, &pair);
	struct flow near_out = { &pair.near, 1000003, size }, far_in = { &pair.far, 1000003, size };
	struct flow far_out = { &pair.far, 5, size }, near_in = { &pair.near, 5, size };
	worker_start(&workers[0], flow_in, &near_in);
	worker_start(&workers[1], flow_in, &far_in);
	worker_start(&workers[2], flow_out, &near_out);
	worker_start(&workers[3], flow_out, &far_out);
	for (int i = 0; i < 4; i++) {
		worker_join(&workers[i]);
	}
	pair_close(&pair);
}

/* ---- shutting down wakes whoever waits ---- */

struct waiter {
	struct vet_socket *s;
	int64_t result;
	size_t done;
};

static void wait_in_read(void *data)
{
	struct waiter *waiter = data;
	char byte;
	waiter->result = vet_socket_read(waiter->s, &byte, 1);
}

static void wait_in_write(void *data)
{
	enum { MUCH = 8 * MIB };
	struct waiter *waiter = data;
	char *much = calloc(1, MUCH);
	CHECK(much != NULL);
	waiter->result = vet_socket_write(waiter->s, much, MUCH, &waiter->done);
	CHECK(waiter->done < MUCH);
	free(much);
}

static void wait_in_accept(void *data)
{
	struct waiter *waiter = data;
	struct vet_socket peer = { 0 };
	struct vet_address from;
	waiter->result = vet_socket_accept(waiter->s, &peer, &from);
	SAME(vet_socket_fd(&peer), -EBADF);
	SAME(from.ip.family, 0);
}

static void wait_in_receive_from(void *data)
{
	struct waiter *waiter = data;
	char byte;
	waiter->result = vet_socket_receive_from(waiter->s, &byte, 1, NULL, NULL);
}

static void shutdown_from_a_third_thread_wakes_reader_and_writer(const struct world *world)
{
	struct pair pair;
	struct worker reading, writing;
	pair_open_small(world, &pair);
	struct waiter reader = { .s = &pair.near, .result = 1 };
	struct waiter writer = { .s = &pair.near, .result = 1 };
	worker_start(&reading, wait_in_read, &reader);
	worker_start(&writing, wait_in_write, &writer);
	worker_wait_asleep(&reading);
	worker_wait_asleep(&writing);
	MUST(vet_socket_shutdown(&pair.near));
	worker_join(&reading);
	worker_join(&writing);
	SAME(reader.result, 0);
	SAME(writer.result, -EPIPE);
	pair_close(&pair);
}

static void shutdown_of_each_half_wakes_the_one_that_waits_for_it(const struct world *world)
{
	struct pair pair;
	struct worker reading, writing;
	pair_open_small(world, &pair);
	struct waiter reader = { .s = &pair.near, .result = 1 };
	struct waiter writer = { .s = &pair.near, .result = 1 };
	worker_start(&reading, wait_in_read, &reader);
	worker_wait_asleep(&reading);
	MUST(vet_socket_shutdown_read(&pair.near));
	worker_join(&reading);
	SAME(reader.result, 0);
	worker_start(&writing, wait_in_write, &writer);
	worker_wait_asleep(&writing);
	MUST(vet_socket_shutdown_write(&pair.near));
	worker_join(&writing);
	SAME(writer.result, -EPIPE);
	pair_close(&pair);
}

static void a_listener_shut_down_by_another_thread_answers_einval(const struct world *world)
{
	struct vet_socket listener;
	struct vet_address where;
	struct worker accepting;
	listener_open(world, &listener, &where);
	struct waiter waiter = { .s = &listener, .result = 1 };
	worker_start(&accepting, wait_in_accept, &waiter);
	worker_wait_asleep(&accepting);
	MUST(vet_socket_shutdown(&listener));
	worker_join(&accepting);
	SAME(waiter.result, -EINVAL);
	wait_in_accept(&waiter); /* and again, without anybody's help */
	SAME(waiter.result, -EINVAL);
	MUST(vet_socket_close(&listener));
}

static void a_datagram_socket_shut_down_by_another_thread_answers_eof(const struct world *world)
{
	struct vet_socket s;
	struct vet_address where;
	struct worker receiving;
	datagram_open(world, &s, &where);
	MUST(vet_socket_connect(&s, &where));
	struct waiter waiter = { .s = &s, .result = 1 };
	worker_start(&receiving, wait_in_receive_from, &waiter);
	worker_wait_asleep(&receiving);
	MUST(vet_socket_shutdown_read(&s));
	worker_join(&receiving);
	SAME(waiter.result, VET_EOF);
	MUST(vet_socket_close(&s));
}

/* ---- races ---- */

struct racer {
	struct vet_socket listener, peer; /* a clone of the listener */
	int result;
	int64_t ended;
};

static void race_to_accept(void *data)
{
	struct racer *racer = data;
	racer->result = vet_socket_accept(&racer->listener, &racer->peer, NULL);
	racer->ended = clock_read(CLOCK_MONOTONIC);
}

static void who_loses_the_race_for_a_connection_waits_on(const struct world *world)
{
	enum { RACERS = 4 };
	struct racer racers[RACERS] = { 0 };
	struct worker workers[RACERS];
	struct vet_socket listener, near;
	struct vet_address where;
	int won = 0;
	listener_open(world, &listener, &where);
	MUST(vet_socket_stream_on(&near, world->sys, world->family));
	int64_t start = clock_read(CLOCK_MONOTONIC);
	for (int i = 0; i < RACERS; i++) {
		MUST(vet_socket_try_clone(&listener, &racers[i].listener));
		vet_socket_timeout_after(&racers[i].listener, VET_MILLISECONDS(50));
		worker_start(&workers[i], race_to_accept, &racers[i]);
	}
	MUST(vet_socket_connect(&near, &where));
	for (int i = 0; i < RACERS; i++) {
		worker_join(&workers[i]);
		won += racers[i].result == 0;
		if (racers[i].result != 0) {
			SAME(racers[i].result, VET_EDEADLINE);
			CHECK(racers[i].ended - start >= VET_MILLISECONDS(50));
		}
		vet_socket_close(&racers[i].peer);
		MUST(vet_socket_close(&racers[i].listener));
	}
	SAME(won, 1);
	MUST(vet_socket_close(&near));
	MUST(vet_socket_close(&listener));
}

static void a_deadline_moved_by_another_thread_is_for_later_operations(const struct world *world)
{
	struct pair pair;
	struct worker reading;
	pair_open(world, &pair);
	struct waiter waiter = { .s = &pair.near, .result = 9 };
	worker_start(&reading, wait_in_read, &waiter);
	worker_wait_asleep(&reading);
	vet_socket_timeout_after(&pair.near, 0);
	MUST(vet_socket_write(&pair.far, "x", 1, NULL));
	worker_join(&reading);
	SAME(waiter.result, 1);
	wait_in_read(&waiter);
	SAME(waiter.result, VET_EDEADLINE);
	pair_close(&pair);
}

static const struct kernel_test tests[] = {
	KERNEL_TEST(a_reader_and_a_writer_share_a_socket, EVERY_WORLD),
	KERNEL_TEST(shutdown_from_a_third_thread_wakes_reader_and_writer, EVERY_WORLD),
	KERNEL_TEST(shutdown_of_each_half_wakes_the_one_that_waits_for_it, EVERY_WORLD),
	KERNEL_TEST(a_listener_shut_down_by_another_thread_answers_einval, EVERY_WORLD),
	KERNEL_TEST(a_datagram_socket_shut_down_by_another_thread_answers_eof, EVERY_WORLD),
	KERNEL_TEST(who_loses_the_race_for_a_connection_waits_on, EVERY_WORLD),
	KERNEL_TEST(a_deadline_moved_by_another_thread_is_for_later_operations, EVERY_WORLD),
};

int main(void)
{
	return kernel_run("thread", tests, sizeof(tests) / sizeof(tests[0]));
}
