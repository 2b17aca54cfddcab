/* SPDX-License-Identifier: 0BSD */
/* Connections whose ends were wrong once; their inside is looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "../../shim/sim/pipe.h"
#include "found_world.h"

/* Directions that the world has. */
static unsigned pipes(void)
{
	unsigned count = 0;
	for (const struct sim_pipe *pipe = sim->pipes; pipe != NULL; pipe = pipe->next) {
		if (pipe->to != NULL)
			assert_ptr_equal(pipe->to->u.stream.in, pipe);
		if (pipe->from != NULL)
			assert_ptr_equal(pipe->from->u.stream.out, pipe);
		count++;
	}
	return count;
}

/* A stream of a port that connects to the other host's. */
static int connecting_from(struct vet_sys *on, uint16_t port, struct vet_sim_host *to)
{
	struct vet_ip any = vet_ipv4(0, 0, 0, 0), ip = vet_sim_host_ip(to, 4);
	union name from, peer;
	socklen_t length = name_of(&any, port, &from);
	int fd = open_on(on, 4, SOCK_STREAM, 0);
	assert_int_equal((on->calls->bind)(on, fd, &from.any, length), 0);
	length = name_of(&ip, PORT, &peer);
	assert_int_equal((on->calls->connect)(on, fd, &peer.any, length), -EINPROGRESS);
	return fd;
}

/* Both connect, from PORT to PORT; the SYN of near that far hears first is of a socket that was closed,
 * that of its successor is lost. */
static void successor_of_a_crossed_connect_leaves_nothing_behind(void **state)
{
	struct vet_sim_link link;
	int fd[2];
	(void)state;
	begin(1);
	link = vet_sim_get_link(sim, near, far);
	fd[0] = connecting_from(sys[0], PORT, far);
	assert_int_equal(near_call(close, fd[0]), 0);
	link.is_down = true;
	link_both(&link);
	fd[0] = connecting_from(sys[0], PORT, far);
	link.is_down = false;
	link_both(&link);
	fd[1] = connecting_from(sys[1], PORT, near);
	wait_for(VET_MILLISECONDS(10));
	assert_int_equal(ready_within(sys[0], fd[0], POLLOUT, 0), POLLOUT);
	assert_int_equal(ready_within(sys[1], fd[1], POLLOUT, 0), POLLOUT);
	assert_int_equal(pipes(), 2);
	assert_int_equal(near_call(send, fd[0], "near", 4, 0), 4);
	wait_for(VET_MILLISECONDS(10));
	assert_int_equal(ready_within(sys[1], fd[1], POLLIN, 0), POLLIN);
	assert_int_equal(near_call(close, fd[0]), 0);
	assert_int_equal(far_call(close, fd[1]), 0);
	wait_for(VET_SECONDS(100));
	assert_int_equal(pipes(), 0);
	assert_null(near->sockets);
	assert_null(far->sockets);
	nothing_is_left();
}

static void host_that_is_down_opens_no_file(void **state)
{
	int file;
	(void)state;
	begin(1);
	file = vet_sim_file(far, "x", 1);
	vet_sim_crash(near, VET_SIM_SILENT);
	assert_int_equal(vet_sim_file(near, "x", 1), -EIO);
	assert_int_equal(vet_sim_file_of(near, sys[1], file), -EIO);
	assert_int_equal(vet_sim_restart(near), 0);
	assert_int_equal(vet_sim_open(near), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(successor_of_a_crossed_connect_leaves_nothing_behind),
		cmocka_unit_test(host_that_is_down_opens_no_file),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
