/* SPDX-License-Identifier: 0BSD */
/* Descriptors that never were, what is left after a crash, and memory that counts buffers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <vetsock/mischief.h>

#include "found_world.h"

enum { LIMIT = 1000, DATAGRAM = 9000 };

static char bytes[65536];

/* ---- descriptors ---- */

static void descriptor_that_never_was_is_no_pointer(void **state)
{
	struct vet_sim_report report;
	(void)state;
	begin(1);
	(void)open_on(sys[0], 4, SOCK_STREAM, 0);
	for (int fd = -1; fd <= 20; fd++) {
		char byte;
		if (fd == VET_SIM_FIRST)
			continue;
		assert_int_equal(near_call(send, fd, "x", 1, 0), -EBADF);
		assert_int_equal(near_call(recv, fd, &byte, 1, 0), -EBADF);
		assert_int_equal(near_call(dup, fd), -EBADF);
		assert_int_equal(near_call(close, fd), -EBADF);
		if (fd >= 0)
			assert_int_equal(ready_within(sys[0], fd, POLLIN, 0), POLLNVAL);
	}
	vet_sim_conclude(sim, &report);
	assert_int_equal(report.misused, 21 * 4 + 20);
}

static void crashed_host_begins_with_its_lowest_descriptor(void **state)
{
	const struct vet_sim_options options = { .seed = 1, .reuse_descriptors = true };
	(void)state;
	assert_int_equal(vet_sim_start(sim, &options), 0);
	near = vet_sim_add_host(sim, "near");
	sys[0] = vet_sim_sys(near);
	for (int life = 0; life < 3; life++) {
		for (int i = 0; i < 13; i++)
			assert_int_equal(open_on(sys[0], 4, SOCK_STREAM, 0), VET_SIM_FIRST + i);
		assert_int_equal(near_call(close, VET_SIM_FIRST + 4), 0);
		vet_sim_crash(near, VET_SIM_SILENT);
		assert_int_equal(vet_sim_open(near), 0);
		assert_int_equal(vet_sim_restart(near), 0);
	}
}

static void host_that_is_down_opens_no_file(void **state)
{
	int file;
	(void)state;
	begin(1);
	file = vet_sim_file(far, bytes, 1);
	vet_sim_crash(near, VET_SIM_SILENT);
	assert_int_equal(vet_sim_file(near, bytes, 1), -EIO);
	assert_int_equal(vet_sim_file_of(near, sys[1], file), -EIO);
	assert_int_equal(vet_sim_restart(near), 0);
	assert_int_equal(vet_sim_open(near), 0);
}

/* ---- sendfile of another host's file ---- */

/* Its pread lets time pass, in which the sender's host goes down: this many nanoseconds after
 * sendfile has begun. */
static ssize_t send_until_crash(int type, int64_t after)
{
	struct vet_mischief mischief;
	struct vet_ip ip;
	char text[64];
	int64_t offset = 0;
	ssize_t result;
	int size, file, fd[2];
	begin(1);
	ip = vet_sim_host_ip(far, 4);
	if (type == SOCK_STREAM)
		connected_pair(fd);
	else
		fd[0] = connected_on(sys[0], &ip, PORT);
	file = vet_sim_file(far, bytes, sizeof bytes);
	file = vet_sim_file_of(near, sys[1], file);
	assert_true(file >= 0);
	after += vet_sim_now(sim);
	size = snprintf(text, sizeof text, "@%lldns=crash near for 1ms", (long long)after);
	assert_int_equal(vet_mischief_parse(&mischief, text, (size_t)size, NULL), 0);
	assert_int_equal(vet_mischief_begin(sim, &mischief), 0);
	result = near_call(sendfile, fd[0], file, &offset,
			   type == SOCK_STREAM ? sizeof bytes : DATAGRAM);
	assert_true(result < 0 || result == offset);
	assert_int_equal(vet_sim_open(near), vet_sim_now(sim) < after ? 2 : 0);
	return result;
}

static void sendfile_ends_with_its_host(void **state)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM };
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		unsigned crashed = 0, cut = 0, whole = 0;
		for (int64_t after = 1; after < 40; after++) {
			ssize_t n = send_until_crash(types[i], after);
			crashed += n == -EIO;
			cut += n > 0 && vet_sim_open(near) == 0;
			whole += n > 0 && vet_sim_open(near) > 0;
		}
		assert_true(crashed > 0);
		assert_true(whole > 0);
		if (types[i] == SOCK_STREAM)
			assert_true(cut > 0);
	}
}

/* ---- memory ---- */

/* What is left of near's limit. */
static size_t memory_left(void)
{
	size_t least = 0, most = 4 * LIMIT;
	void *memory = NULL;
	while (least < most) {
		size_t middle = least + (most - least + 1) / 2;
		if (near_call(realloc, &memory, middle) == 0)
			least = middle;
		else
			most = middle - 1;
		assert_int_equal(near_call(realloc, &memory, 0), 0);
	}
	return least;
}

static void bytes_that_a_stream_has_taken_count(void **state)
{
	int fd[2];
	(void)state;
	begin(1);
	connected_pair(fd);
	vet_sim_limit(near, 0, LIMIT);
	assert_int_equal(memory_left(), LIMIT);
	assert_int_equal(near_call(send, fd[0], bytes, 600, 0), 600);
	assert_int_equal(memory_left(), LIMIT - 600);
	assert_int_equal(near_call(send, fd[0], bytes, LIMIT, 0), LIMIT - 600); /* what there is */
	assert_int_equal(near_call(send, fd[0], bytes, 1, 0), -ENOBUFS);
	assert_int_equal(near_call(sendv, fd[0], &(struct iovec){ bytes, 1 }, 1, 0), -ENOBUFS);
	assert_int_equal(near_call(send, fd[0], bytes, 0, 0), 0);
	wait_for(VET_MILLISECONDS(1));
	assert_int_equal(far_call(recv, fd[1], bytes, 250, 0), 250);
	assert_int_equal(memory_left(), 250);
	assert_int_equal(far_call(close, fd[1]), 0); /* with unread data: it resets */
	wait_for(VET_MILLISECONDS(1));
	assert_int_equal(memory_left(), LIMIT);
	assert_int_equal(near_call(close, fd[0]), 0);
	nothing_is_left();
}

/* How near's connection comes to its end, with bytes that far has not read, or never gets. */
static void crash_silently(const int fd[2])
{
	(void)fd;
	vet_sim_crash(near, VET_SIM_SILENT);
	assert_int_equal(vet_sim_restart(near), 0);
}

static void crash_with_resets(const int fd[2])
{
	(void)fd;
	vet_sim_crash(near, VET_SIM_RESETS);
	assert_int_equal(vet_sim_restart(near), 0);
}

static void crash_far(const int fd[2])
{
	(void)fd;
	vet_sim_crash(far, VET_SIM_RESETS);
}

static void reset_that_is_lost(const int fd[2])
{
	const struct linger at_once = { .l_onoff = 1 };
	link_both(&(struct vet_sim_link){ .is_down = true });
	assert_int_equal(
		near_call(setsockopt, fd[0], SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
	assert_int_equal(near_call(close, fd[0]), 0);
}

static void give_up(const int fd[2])
{
	link_both(&(struct vet_sim_link){ .is_down = true });
	assert_int_equal(near_call(send, fd[0], bytes, 100, 0), 100);
	assert_true(ready_within(sys[0], fd[0], POLLIN, VET_HOURS(1)) & POLLERR);
}

static void bytes_of_a_connection_that_is_gone_count_no_more(void **state)
{
	static const struct {
		const char *name;
		void (*end)(const int fd[2]);
	} rows[] = {
		{ "crash", crash_silently },
		{ "crash with resets", crash_with_resets },
		{ "crash of the other", crash_far },
		{ "reset, and it is lost", reset_that_is_lost },
		{ "given up", give_up },
	};
	(void)state;
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int fd[2];
		begin(1);
		connected_pair(fd);
		vet_sim_limit(near, 0, LIMIT);
		assert_int_equal(near_call(send, fd[0], bytes, 600, 0), 600);
		wait_for(VET_MILLISECONDS(1));
		check_result(rows[i].name, "memory before it", (int)memory_left(), LIMIT - 600);
		rows[i].end(fd);
		wait_for(VET_MILLISECONDS(1));
		check_result(rows[i].name, "memory after it", (int)memory_left(), LIMIT);
	}
}

/* A datagram that finds no memory is not sent, or, where it arrives, is dropped. */
static void bytes_of_datagrams_count(void **state)
{
	struct vet_ip ip;
	int from, to;
	(void)state;
	begin(1);
	ip = vet_sim_host_ip(near, 4);
	to = bound_on(sys[0], &ip, PORT);
	from = connected_on(sys[1], &ip, PORT);
	vet_sim_limit(near, 0, LIMIT);
	vet_sim_limit(far, 0, LIMIT);
	assert_int_equal(far_call(send, from, bytes, LIMIT + 1, 0), -ENOBUFS);
	for (int i = 0; i < 3; i++)
		assert_int_equal(far_call(send, from, bytes, 400, 0), 400);
	wait_for(VET_MILLISECONDS(1));
	assert_int_equal(fates[VET_SIM_ARRIVED][VET_SIM_UDP], 2);
	assert_int_equal(fates[VET_SIM_DROPPED][VET_SIM_UDP], 1);
	assert_int_equal(memory_left(), LIMIT - 800);
	assert_int_equal(near_call(recv, to, bytes, 1, 0), 1); /* the rest of it is gone, too */
	assert_int_equal(memory_left(), LIMIT - 400);
	assert_int_equal(near_call(close, to), 0);
	assert_int_equal(memory_left(), LIMIT);
	assert_int_equal(far_call(close, from), 0);
	nothing_is_left();
}

/* What is open under a limit that is lowered stays, and gives back. */
static void limit_below_what_is_held_lets_nothing_more_in(void **state)
{
	void *memory = NULL;
	int fd[2];
	(void)state;
	begin(1);
	connected_pair(fd);
	assert_int_equal(near_call(realloc, &memory, 500), 0);
	assert_int_equal(near_call(send, fd[0], bytes, 500, 0), 500);
	vet_sim_limit(near, 1, 100);
	assert_int_equal(near_call(send, fd[0], bytes, 1, 0), -ENOBUFS);
	assert_int_equal(near_call(realloc, &memory, 501), -ENOMEM);
	assert_int_equal(near_call(realloc, &memory, 499), 0);
	assert_int_equal(near_call(dup, fd[0]), -EMFILE);
	wait_for(VET_MILLISECONDS(1));
	assert_int_equal(far_call(recv, fd[1], bytes, 500, 0), 500);
	assert_int_equal(near_call(realloc, &memory, 50), 0);
	assert_int_equal(near_call(send, fd[0], bytes, 51, 0), 50);
	assert_int_equal(near_call(send, fd[0], bytes, 1, 0), -ENOBUFS);
	assert_int_equal(near_call(realloc, &memory, 0), 0);
	assert_int_equal(near_call(close, fd[0]), 0);
	assert_int_equal(far_call(close, fd[1]), 0);
	nothing_is_left();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(descriptor_that_never_was_is_no_pointer),
		cmocka_unit_test(crashed_host_begins_with_its_lowest_descriptor),
		cmocka_unit_test(host_that_is_down_opens_no_file),
		cmocka_unit_test(sendfile_ends_with_its_host),
		cmocka_unit_test(bytes_that_a_stream_has_taken_count),
		cmocka_unit_test(bytes_of_a_connection_that_is_gone_count_no_more),
		cmocka_unit_test(bytes_of_datagrams_count),
		cmocka_unit_test(limit_below_what_is_held_lets_nothing_more_in),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
