/* SPDX-License-Identifier: 0BSD */
/* A signal every 100 microseconds, whose handler interrupts system calls, while each operation
 * waits: it neither fails nor loses a byte, and its deadline holds. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pattern.h"
#include "worker.h"

enum {
	PART = 100, /* bytes that arrive at a time */
	MUCH = 4 * 1024 * 1024,
	LINE = MUCH,
};

/* Signals that an operation has to live through: 5 ms of them. */
static unsigned rages(void)
{
	return slow_run() ? 5 : 50;
}

static int much_file; /* MUCH bytes of the pattern */

/* What an operation works on, and what the helper does at the other end. */
struct scene {
	struct pair pair;
	struct vet_socket listener;
	struct vet_address where;
	const struct world *world;
};

/* ---- operations of the thread that the signals hit: each checks its whole result ---- */

static void operate_read(struct scene *scene)
{
	unsigned char got[PART], want[PART];
	SAME(vet_socket_read(&scene->pair.near, got, sizeof(got)), PART);
	pattern_fill(want, PART, 0, 0);
	CHECK(memcmp(got, want, PART) == 0);
}

/* Each part as it comes, until the end. */
static void operate_read_into(struct scene *scene)
{
	unsigned char want[3 * PART];
	struct vet_buffer buffer = { 0 };
	ssize_t got;
	do {
		got = vet_socket_read_into(&scene->pair.near, &buffer, PART);
	} while (got > 0 && buffer.size <= sizeof(want));
	SAME(got, 0);
	pattern_fill(want, sizeof(want), 0, 0);
	CHECK(buffer.size == sizeof(want) && memcmp(buffer.data, want, sizeof(want)) == 0);
	vet_buffer_free(&buffer);
}

static void operate_read_exact(struct scene *scene)
{
	pattern_receive_exactly(&scene->pair.near, 0, (size_t)3 * PART);
}

static void operate_read_all(struct scene *scene)
{
	unsigned char want[3 * PART];
	struct vet_buffer buffer = { 0 };
	SAME(vet_socket_read_all(&scene->pair.near, &buffer, 1000), 0);
	pattern_fill(want, sizeof(want), 0, 0);
	CHECK(buffer.size == sizeof(want) && memcmp(buffer.data, want, sizeof(want)) == 0);
	vet_buffer_free(&buffer);
}

static void operate_write(struct scene *scene)
{
	size_t done = 0;
	unsigned char *data = malloc(MUCH);
	CHECK(data != NULL);
	pattern_fill(data, MUCH, 0, 0);
	SAME(vet_socket_write(&scene->pair.near, data, MUCH, &done), 0);
	SAME((int64_t)done, MUCH);
	free(data);
}

static void operate_write_some(struct scene *scene)
{
	unsigned char *data = malloc(MUCH);
	CHECK(data != NULL);
	pattern_fill(data, MUCH, 0, 0);
	for (size_t done = 0; done < MUCH;) {
		ssize_t taken = vet_socket_write_some(&scene->pair.near, data + done, MUCH - done);
		CHECK(taken > 0 && (size_t)taken <= MUCH - done);
		done += (size_t)taken;
	}
	free(data);
}

static void operate_print(struct scene *scene)
{
	size_t done = 0;
	unsigned char *data = malloc(LINE);
	CHECK(data != NULL);
	pattern_fill(data, LINE, 0, LINE);
	SAME(vet_socket_print(&scene->pair.near, data, LINE - 1, &done), 0);
	SAME((int64_t)done, LINE);
	free(data);
}

static void operate_send_file(struct scene *scene)
{
	uint64_t done = 0;
	SAME(vet_socket_send_file(&scene->pair.near, much_file, &done), 0);
	SAME((int64_t)done, MUCH);
}

static void operate_read_datagram(struct scene *scene)
{
	char data[2] = { 0 };
	SAME(vet_socket_read(&scene->listener, data, sizeof(data)), 1);
	SAME(data[0], 'x');
}

static void operate_read_datagram_into(struct scene *scene)
{
	struct vet_buffer buffer = { 0 };
	SAME(vet_socket_read_into(&scene->listener, &buffer, 2), 1);
	CHECK(buffer.size == 1 && buffer.data[0] == 'x');
	vet_buffer_free(&buffer);
}

static void operate_receive_from(struct scene *scene)
{
	char byte = 0;
	struct vet_address from;
	SAME(vet_socket_receive_from(&scene->listener, &byte, 1, &from, NULL), 1);
	SAME(byte, 'x');
	SAME(from.ip.family, scene->world->family);
}

static void operate_accept(struct scene *scene)
{
	struct vet_socket peer = { 0 };
	SAME(vet_socket_accept(&scene->listener, &peer, NULL), 0);
	MUST(vet_socket_close(&peer));
}

/* ---- helpers: threads that let the storm rage before they give what is waited for ---- */

static void help_part(struct scene *scene, uint64_t position)
{
	unsigned char data[PART];
	pattern_fill(data, sizeof(data), position, 0);
	storm_endure(rages());
	MUST(vet_socket_write(&scene->pair.far, data, sizeof(data), NULL));
}

static void help_once(void *data)
{
	help_part(data, 0);
}

static void help_thrice_and_end(void *data)
{
	struct scene *scene = data;
	for (uint64_t i = 0; i < 3; i++) {
		help_part(scene, i * PART);
	}
	storm_endure(rages());
	MUST(vet_socket_shutdown_write(&scene->pair.far));
}

static void help_by_receiving(void *data)
{
	struct scene *scene = data;
	storm_endure(rages());
	pattern_receive_exactly(&scene->pair.far, 0, MUCH - 1);
	char last;
	storm_endure(rages());
	MUST(vet_socket_read_exact(&scene->pair.far, &last, 1, NULL));
}

static void help_by_sending_to(void *data)
{
	struct scene *scene = data;
	struct vet_socket s;
	struct vet_address own;
	datagram_open(scene->world, &s, &own);
	storm_endure(rages());
	SAME(vet_socket_send_to(&s, "x", 1, &scene->where), 1);
	MUST(vet_socket_close(&s));
}

static void help_by_connecting(void *data)
{
	struct scene *scene = data;
	struct vet_socket s;
	MUST(vet_socket_stream_on(&s, scene->world->sys, scene->world->family));
	patient(&s);
	storm_endure(rages());
	MUST(vet_socket_connect(&s, &scene->where));
	MUST(vet_socket_close(&s));
}

/* ---- the scenes ---- */

static void open_pair(struct scene *scene)
{
	pair_open_small(scene->world, &scene->pair);
}

static void open_listener(struct scene *scene)
{
	listener_open(scene->world, &scene->listener, &scene->where);
}

static void open_datagram(struct scene *scene)
{
	datagram_open(scene->world, &scene->listener, &scene->where);
}

static const struct storm_row {
	const char *name;
	void (*open)(struct scene *scene);
	void (*operate)(struct scene *scene);
	void (*help)(void *scene);
} storm_rows[] = {
	{ "read", open_pair, operate_read, help_once },
	{ "read_into", open_pair, operate_read_into, help_thrice_and_end },
	{ "read_exact", open_pair, operate_read_exact, help_thrice_and_end },
	{ "read_all", open_pair, operate_read_all, help_thrice_and_end },
	{ "write", open_pair, operate_write, help_by_receiving },
	{ "write_some", open_pair, operate_write_some, help_by_receiving },
	{ "print", open_pair, operate_print, help_by_receiving },
	{ "send_file", open_pair, operate_send_file, help_by_receiving },
	{ "read of a datagram", open_datagram, operate_read_datagram, help_by_sending_to },
	{ "read_into of a datagram", open_datagram, operate_read_datagram_into,
	  help_by_sending_to },
	{ "receive_from", open_datagram, operate_receive_from, help_by_sending_to },
	{ "accept", open_listener, operate_accept, help_by_connecting },
};

static void scene_close(struct scene *scene)
{
	vet_socket_close(&scene->listener);
	vet_socket_close(&scene->pair.near);
	vet_socket_close(&scene->pair.far);
}

static void no_operation_fails_in_a_storm(const struct world *world)
{
	for (size_t i = 0; i < sizeof(storm_rows) / sizeof(storm_rows[0]); i++) {
		const struct storm_row *row = &storm_rows[i];
		struct scene scene = { .world = world };
		struct worker helper;
		print_message("  %s\n", row->name);
		row->open(&scene);
		storm_start();
		worker_start(&helper, row->help, &scene);
		row->operate(&scene);
		worker_join(&helper);
		CHECK(storm_stop() >= rages());
		scene_close(&scene);
	}
}

/* ---- deadlines: nobody helps ---- */

static char bytes[MUCH];

/* Ten times (four, where all is slow) as long as rages() signals take, because those that come while
 * the thread is not run are merged into one: POSIX timer_getoverrun(). */
static int64_t raging_time(void)
{
	return VET_MILLISECONDS(slow_run() ? 200 : 50);
}

static int64_t wait_read(struct scene *scene)
{
	return vet_socket_read(&scene->pair.near, bytes, 1);
}

static int64_t wait_into_buffer(struct vet_socket *s)
{
	struct vet_buffer buffer = { 0 };
	ssize_t result = vet_socket_read_into(s, &buffer, 1);
	vet_buffer_free(&buffer);
	return result;
}

static int64_t wait_read_into(struct scene *scene)
{
	return wait_into_buffer(&scene->pair.near);
}

static int64_t wait_read_exact(struct scene *scene)
{
	return vet_socket_read_exact(&scene->pair.near, bytes, 10, NULL);
}

static int64_t wait_read_all(struct scene *scene)
{
	struct vet_buffer buffer = { 0 };
	int result = vet_socket_read_all(&scene->pair.near, &buffer, 10);
	vet_buffer_free(&buffer);
	return result;
}

static int64_t wait_write(struct scene *scene)
{
	return vet_socket_write(&scene->pair.near, bytes, sizeof(bytes), NULL);
}

/* Only what finds no room at all waits: the first takes what there is. */
static int64_t wait_write_some(struct scene *scene)
{
	ssize_t result;
	size_t left = MUCH;
	do {
		result = vet_socket_write_some(&scene->pair.near, bytes, left);
		left -= result > 0 ? (size_t)result : 0;
	} while (result > 0 && left > 0);
	return result;
}

static int64_t wait_print(struct scene *scene)
{
	return vet_socket_print(&scene->pair.near, bytes, sizeof(bytes), NULL);
}

static int64_t wait_send_file(struct scene *scene)
{
	return vet_socket_send_file(&scene->pair.near, much_file, NULL);
}

static int64_t wait_read_datagram(struct scene *scene)
{
	return vet_socket_read(&scene->listener, bytes, 1);
}

static int64_t wait_read_datagram_into(struct scene *scene)
{
	return wait_into_buffer(&scene->listener);
}

static int64_t wait_receive_from(struct scene *scene)
{
	return vet_socket_receive_from(&scene->listener, bytes, 1, NULL, NULL);
}

static int64_t wait_accept(struct scene *scene)
{
	struct vet_socket peer = { 0 };
	return vet_socket_accept(&scene->listener, &peer, NULL);
}

/* The pair's sockets fill the listener's queue. */
static void open_full_listener(struct scene *scene)
{
	struct vet_socket fillers[2];
	full_listener_open(scene->world, &scene->listener, fillers, &scene->where);
	MUST(vet_socket_adopt(&scene->pair.near, scene->world->sys,
			      vet_socket_release(&fillers[0])));
	MUST(vet_socket_adopt(&scene->pair.far, scene->world->sys,
			      vet_socket_release(&fillers[1])));
}

static int64_t wait_connect(struct scene *scene)
{
	struct vet_socket s;
	MUST(vet_socket_stream_on(&s, scene->world->sys, scene->world->family));
	vet_socket_deadline_at(&s, vet_socket_deadline(&scene->listener));
	int result = vet_socket_connect(&s, &scene->where);
	vet_socket_close(&s);
	return result;
}

static const struct deadline_row {
	const char *name;
	void (*open)(struct scene *scene);
	int64_t (*operate)(struct scene *scene);
} deadline_rows[] = {
	{ "read", open_pair, wait_read },
	{ "read_into", open_pair, wait_read_into },
	{ "read_exact", open_pair, wait_read_exact },
	{ "read_all", open_pair, wait_read_all },
	{ "write", open_pair, wait_write },
	{ "write_some", open_pair, wait_write_some },
	{ "print", open_pair, wait_print },
	{ "send_file", open_pair, wait_send_file },
	{ "read of a datagram", open_datagram, wait_read_datagram },
	{ "read_into of a datagram", open_datagram, wait_read_datagram_into },
	{ "receive_from", open_datagram, wait_receive_from },
	{ "accept", open_listener, wait_accept },
	{ "connect", open_full_listener, wait_connect },
};

/* How many signals came while an operation ran into its deadline. */
static unsigned run_into_deadline(const struct deadline_row *row, const struct world *world)
{
	struct scene scene = { .world = world };
	row->open(&scene);
	storm_start();
	int64_t start = clock_read(CLOCK_MONOTONIC);
	vet_socket_timeout_after(&scene.pair.near, raging_time());
	vet_socket_timeout_after(&scene.listener, raging_time());
	SAME(row->operate(&scene), VET_EDEADLINE);
	check_on_time(start, raging_time());
	unsigned signals = storm_stop();
	scene_close(&scene);
	return signals;
}

/* A busy machine may keep the process from running, and so from being interrupted: then again. */
static void deadlines_hold_in_a_storm(const struct world *world)
{
	for (size_t i = 0; i < sizeof(deadline_rows) / sizeof(deadline_rows[0]); i++) {
		unsigned signals = 0, tries = 0;
		print_message("  %s\n", deadline_rows[i].name);
		while (signals < rages() && tries++ < 10)
			signals = run_into_deadline(&deadline_rows[i], world);
		CHECK(signals >= rages());
	}
}

/* ---- what waits only where the network is slow ---- */

enum { DATAGRAMS = 20, DATAGRAM = 1000 };

static void send_slowly(const struct world *world)
{
	static const char data[DATAGRAM];
	static char got[DATAGRAM];
	struct vet_socket from, to;
	struct vet_address where, own;
	datagram_open(world, &to, &where);
	datagram_open(world, &from, &own);
	MUST(vet_socket_set_send_buffer_size(&from, 0)); /* the least: three or so of these */
	storm_start();
	for (int i = 0; i < DATAGRAMS; i++) {
		SAME(vet_socket_send_to(&from, data, sizeof(data), &where), DATAGRAM);
	}
	CHECK(storm_stop() >= rages()); /* so they waited */
	for (int i = 0; i < DATAGRAMS; i++) {
		SAME(vet_socket_receive_from(&to, got, sizeof(got), NULL, NULL), DATAGRAM);
	}
	MUST(vet_socket_close(&from));
	MUST(vet_socket_close(&to));
}

static void send_to_waits_for_room_in_a_storm(const struct world *world)
{
	in_namespace(slow_loopback, send_slowly, world);
}

static void send_until_the_deadline(const struct world *world)
{
	static const char data[DATAGRAM];
	struct vet_socket from, to;
	struct vet_address where, own;
	ssize_t result = 0;
	int64_t start = 0;
	datagram_open(world, &to, &where);
	datagram_open(world, &from, &own);
	MUST(vet_socket_set_send_buffer_size(&from, 0));
	storm_start();
	for (int i = 0; i < DATAGRAMS && result >= 0; i++) {
		start = clock_read(CLOCK_MONOTONIC);
		vet_socket_timeout_after(&from, raging_time());
		result = vet_socket_send_to(&from, data, sizeof(data), &where);
	}
	SAME(result, VET_EDEADLINE);
	check_on_time(start, raging_time());
	CHECK(storm_stop() > 0); /* how many depends on how often a busy machine lets this run */
	MUST(vet_socket_close(&from));
	MUST(vet_socket_close(&to));
}

static void the_deadline_of_send_to_holds_in_a_storm(const struct world *world)
{
	in_namespace(very_slow_loopback, send_until_the_deadline, world);
}

static void connect_slowly(const struct world *world)
{
	struct vet_socket listener, near;
	struct vet_address where;
	listener_open(world, &listener, &where);
	MUST(vet_socket_stream_on(&near, world->sys, world->family));
	patient(&near);
	fill_loopback(world);
	storm_start();
	SAME(vet_socket_connect(&near, &where), 0);
	CHECK(storm_stop() >= rages());
	MUST(vet_socket_close(&near));
	MUST(vet_socket_close(&listener));
}

static void connect_goes_on_in_a_storm(const struct world *world)
{
	in_namespace(slow_loopback, connect_slowly, world);
}

static const struct kernel_test tests[] = {
	KERNEL_TEST(no_operation_fails_in_a_storm, EVERY_WORLD),
	KERNEL_TEST(deadlines_hold_in_a_storm, EVERY_WORLD),
	KERNEL_TEST(send_to_waits_for_room_in_a_storm, EVERY_WORLD),
	KERNEL_TEST(the_deadline_of_send_to_holds_in_a_storm, EVERY_WORLD),
	KERNEL_TEST(connect_goes_on_in_a_storm, EVERY_WORLD),
};

int main(void)
{
	much_file = pattern_file(MUCH);
	return kernel_run("storm", tests, sizeof(tests) / sizeof(tests[0]));
}
