/* SPDX-License-Identifier: 0BSD */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "found_world.h"

int listening_on(struct vet_sys *on, int backlog)
{
	struct vet_ip any = vet_ipv4(0, 0, 0, 0);
	union name name;
	socklen_t length = name_of(&any, PORT, &name);
	int fd = open_on(on, 4, SOCK_STREAM, 0);
	assert_int_equal((on->calls->bind)(on, fd, &name.any, length), 0);
	assert_int_equal((on->calls->listen)(on, fd, backlog), 0);
	return fd;
}

int connecting_to(struct vet_sys *on, const struct vet_ip *ip)
{
	union name name;
	socklen_t length = name_of(ip, PORT, &name);
	int fd = open_on(on, ip->family, SOCK_STREAM, 0);
	assert_int_equal((on->calls->connect)(on, fd, &name.any, length), -EINPROGRESS);
	return fd;
}

short ready_within(struct vet_sys *on, int fd, short events, vet_duration time)
{
	struct pollfd one = { .fd = fd, .events = events };
	int result = (on->calls->poll)(on, &one, 1, time);
	assert_true(result >= 0);
	return result > 0 ? one.revents : 0;
}

void connected_pair(int fd[2])
{
	struct vet_ip ip = vet_sim_host_ip(far, 4);
	int listener = listening_on(sys[1], 1);
	fd[0] = connecting_to(sys[0], &ip);
	assert_int_equal(ready_within(sys[1], listener, POLLIN, VET_SECONDS(1)), POLLIN);
	fd[1] = far_call(accept, listener, NULL, NULL);
	assert_true(fd[1] >= 0);
	assert_int_equal(far_call(close, listener), 0);
}

void nothing_is_left(void)
{
	struct vet_sim_report report;
	assert_int_equal(vet_sim_run(sim, &report), 0);
	assert_int_equal(report.open, 0);
	assert_int_equal(report.misused, 0);
	assert_true(report.memory == 0);
}
