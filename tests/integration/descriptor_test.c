/* SPDX-License-Identifier: 0BSD */
/* Descriptors: none leaks through exec, a forked child shares the description, and running out of
 * them is an answer that breaks nothing.  The argument is the program that lists what it inherits. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "worker.h"

static const char *lister;

/* What the lister prints when it is executed now. */
static void inherited(char *list, size_t size)
{
	int out[2], status = 0;
	size_t length = 0;
	CHECK(pipe2(out, O_CLOEXEC) == 0);
	pid_t child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		if (dup2(out[1], STDOUT_FILENO) == STDOUT_FILENO) {
			(void)execl(lister, lister, (char *)NULL);
		}
		_exit(127);
	}
	close(out[1]);
	for (ssize_t got; (got = read(out[0], list + length, size - 1 - length)) > 0;) {
		length += (size_t)got;
	}
	list[length] = '\0';
	close(out[0]);
	CHECK(waitpid(child, &status, 0) == child);
	SAME(status, 0);
	CHECK(length > 0 && length < size - 1);
}

/* One of each kind in which a descriptor is come by. */
struct kinds {
	struct vet_socket listener, clone, adopted, datagram;
	struct pair pair;
	struct vet_address where;
};

static void kinds_open(const struct world *world, struct kinds *kinds)
{
	*kinds = (struct kinds){ 0 };
	listener_open(world, &kinds->listener, &kinds->where);
	datagram_open(world, &kinds->datagram, &kinds->where);
	pair_open(world, &kinds->pair);
	MUST(vet_socket_try_clone(&kinds->pair.near, &kinds->clone));
	int fd = socket(world->family == 4 ? AF_INET : AF_INET6, SOCK_STREAM, 0);
	CHECK(fd >= 0);
	MUST(vet_socket_adopt(&kinds->adopted, world->sys, fd));
}

static void kinds_close(struct kinds *kinds)
{
	pair_close(&kinds->pair);
	MUST(vet_socket_close(&kinds->listener));
	MUST(vet_socket_close(&kinds->clone));
	MUST(vet_socket_close(&kinds->adopted));
	MUST(vet_socket_close(&kinds->datagram));
}

static void an_executed_program_inherits_no_descriptor(const struct world *world)
{
	char before[1024], after[1024];
	struct kinds kinds;
	inherited(before, sizeof(before));
	kinds_open(world, &kinds);
	inherited(after, sizeof(after));
	if (strcmp(before, after) != 0) {
		print_error("inherited before: %s\nand after: %s\n", before, after);
	}
	CHECK(strcmp(before, after) == 0);
	kinds_close(&kinds);
}

static void every_descriptor_is_non_blocking(const struct world *world)
{
	struct kinds kinds;
	kinds_open(world, &kinds);
	struct vet_socket *const all[] = { &kinds.listener, &kinds.datagram, &kinds.pair.near,
					   &kinds.pair.far, &kinds.clone,    &kinds.adopted };
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		int fd = vet_socket_fd(all[i]);
		CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
		CHECK((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	}
	kinds_close(&kinds);
}

static void operations_that_fail_leak_no_descriptor(const struct world *world)
{
	struct vet_socket holders[2], listener, s, open_already;
	struct vet_address refused, where;
	refused_open(world, holders, &refused);
	listener_open(world, &listener, &where);
	MUST(vet_socket_stream_on(&open_already, world->sys, world->family));
	unsigned before = descriptors_open();
	vet_socket_timeout_after(&listener, 0);
	MUST(vet_socket_stream_on(&s, world->sys, world->family));
	SAME(vet_socket_connect(&s, &refused), -ECONNREFUSED);
	MUST(vet_socket_close(&s));
	SAME(vet_socket_accept(&listener, &s, NULL), VET_EDEADLINE);
	SAME(vet_socket_accept(&listener, &open_already, NULL), -EINVAL);
	SAME(vet_socket_try_clone(&listener, &open_already), -EINVAL);
	SAME(vet_socket_adopt(&s, world->sys, STDIN_FILENO), -ENOTSOCK);
	SAME(vet_socket_stream_on(&s, world->sys, 5), -EAFNOSUPPORT);
	SAME(descriptors_open(), before);
	MUST(vet_socket_close(&open_already));
	MUST(vet_socket_close(&listener));
	refused_close(holders);
}

/* ---- fork ---- */

struct held {
	struct pair pair;
	int go[2]; /* its end tells the child to go */
};

static void hold_until_told(struct held *held)
{
	char byte;
	close(held->go[1]);
	vet_socket_close(&held->pair.far);
	ssize_t got = read(held->go[0], &byte, 1);
	_exit(got == 0 && vet_socket_close(&held->pair.near) == 0 ? 0 : 1);
}

static void the_end_is_seen_when_a_forked_child_closes_too(const struct world *world)
{
	struct held held;
	char byte;
	int status = 0;
	CHECK(pipe2(held.go, O_CLOEXEC) == 0);
	pair_open(world, &held.pair);
	pid_t child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		hold_until_told(&held);
	}
	close(held.go[0]);
	MUST(vet_socket_close(&held.pair.near));
	vet_socket_timeout_after(&held.pair.far, VET_MILLISECONDS(20));
	SAME(vet_socket_read(&held.pair.far, &byte, 1), VET_EDEADLINE);
	close(held.go[1]);
	patient(&held.pair.far);
	SAME(vet_socket_read(&held.pair.far, &byte, 1), 0);
	CHECK(waitpid(child, &status, 0) == child);
	SAME(status, 0);
	MUST(vet_socket_close(&held.pair.far));
}

/* ---- no descriptor left ---- */

/* Leaves room for `more` descriptors beyond those that are open. */
static void descriptors_limit(rlim_t more)
{
	struct rlimit limit;
	CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	limit.rlim_cur = limit.rlim_max;
	CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	/* The lowest free number: all below are taken, so it is the limit. */
	int free_number = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
	CHECK(free_number >= 0);
	close(free_number);
	limit.rlim_cur = (rlim_t)free_number + more;
	CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

static void run_out_in_making(const struct world *world)
{
	struct vet_socket datagram, s = { 0 };
	struct vet_address where;
	datagram_open(world, &datagram, &where);
	descriptors_limit(0);
	SAME(vet_socket_stream_on(&s, world->sys, world->family), -EMFILE);
	SAME(vet_socket_fd(&s), -EBADF);
	SAME(vet_socket_datagram_on(&s, world->sys, world->family), -EMFILE);
	SAME(vet_socket_fd(&s), -EBADF);
	SAME(vet_socket_try_clone(&datagram, &s), -EMFILE);
	SAME(vet_socket_fd(&s), -EBADF);
	descriptors_limit(1);
	SAME(vet_socket_try_clone(&datagram, &s), 0);
	SAME(vet_socket_send_to(&s, "x", 1, &where), 1);
}

static void run_out_in_accept(const struct world *world)
{
	struct vet_socket listener, near, s = { 0 };
	struct vet_address where, from;
	char byte;
	listener_open(world, &listener, &where);
	MUST(vet_socket_stream_on(&near, world->sys, world->family));
	MUST(vet_socket_connect(&near, &where));
	descriptors_limit(0);
	for (int i = 0; i < 2; i++) {
		SAME(vet_socket_accept(&listener, &s, &from), -EMFILE);
		SAME(vet_socket_fd(&s), -EBADF);
		SAME(from.ip.family, 0);
	}
	/* The listener is intact, and the connection still waits in its queue. */
	descriptors_limit(1);
	SAME(vet_socket_accept(&listener, &s, &from), 0);
	patient(&s);
	MUST(vet_socket_write(&near, "x", 1, NULL));
	SAME(vet_socket_read(&s, &byte, 1), 1);
}

static void a_socket_without_a_descriptor_left_is_emfile_and_closed(const struct world *world)
{
	in_child(run_out_in_making, world);
}

static void
accept_without_a_descriptor_left_is_emfile_and_the_listener_intact(const struct world *world)
{
	if (slow_run()) {
		skip_because("an emulator may apply RLIMIT_NOFILE after the call: the connection "
			     "is lost");
	}
	in_child(run_out_in_accept, world);
}

static const struct kernel_test tests[] = {
	KERNEL_TEST(an_executed_program_inherits_no_descriptor, EVERY_WORLD),
	KERNEL_TEST(every_descriptor_is_non_blocking, EVERY_WORLD),
	KERNEL_TEST(operations_that_fail_leak_no_descriptor, EVERY_WORLD),
	KERNEL_TEST(the_end_is_seen_when_a_forked_child_closes_too, EVERY_WORLD),
	KERNEL_TEST(a_socket_without_a_descriptor_left_is_emfile_and_closed, EVERY_WORLD),
	KERNEL_TEST(accept_without_a_descriptor_left_is_emfile_and_the_listener_intact,
		    EVERY_WORLD),
};

int main(int argc, char **argv)
{
	if (argc != 2) {
		(void)fprintf(stderr, "usage: %s LISTER\n", argv[0]);
		return 2;
	}
	lister = argv[1];
	return kernel_run("descriptor", tests, sizeof(tests) / sizeof(tests[0]));
}
