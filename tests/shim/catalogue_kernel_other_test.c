/* SPDX-License-Identifier: 0BSD */
/* As catalogue_kernel_test.c, of listeners and datagrams, and of errors that leave all as it was. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "loopback.h"

/* ---- listeners ---- */

static void a_listener_that_was_shut_down_hangs_up_and_accept_is_einval(void **state)
{
	int l = listener(1);
	struct pollfd p = { .fd = l, .events = POLLIN };
	(void)state;
	is(accept(l, NULL, NULL), -EAGAIN);
	is(shutdown(l, SHUT_WR), 0);
	is(accept(l, NULL, NULL), -EAGAIN);
	is(shutdown(l, SHUT_RDWR), 0);
	is(poll(&p, 1, LIMIT), 1);
	assert_int_equal(p.revents, POLLHUP);
	is(accept(l, NULL, NULL), -EINVAL);
	is(accept(l, NULL, NULL), -EINVAL);
	is(receive(l), -ENOTCONN);
	is(give(l), -EPIPE);
	is(listen(l, 1), 0);
	is(accept(l, NULL, NULL), -EAGAIN);
	close(l);
}

/* Valgrind has descriptors of its own in the process, and a limit of its own making. */
static void skip_where_descriptors_are_not_its_own(void)
{
	if (getenv("VETSOCK_SLOW") == NULL)
		return;
	print_message("skipped: under Valgrind the limit of descriptors is not the kernel's\n");
	skip();
}

/* In a child: what it says on the way out is the line that failed, or 0. */
static int without_descriptors(int l, int other)
{
	int fd = made(SOCK_STREAM);
	struct sockaddr_in to = address_of(l);
	struct rlimit few = { (rlim_t)fd + 1, (rlim_t)fd + 1 };
	struct pollfd p = { .fd = l, .events = POLLIN };
	if (connect_to(fd, &to) == 0 || errno != EINPROGRESS || poll(&p, 1, LIMIT) != 1)
		return __LINE__;
	while (dup(fd) >= 0) /* fill what is free below */
		if (setrlimit(RLIMIT_NOFILE, &few) < 0)
			return __LINE__;
	if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EMFILE)
		return __LINE__;
	if (fcntl(fd, F_DUPFD_CLOEXEC, 0) >= 0 || errno != EMFILE)
		return __LINE__;
	if (accept(l, NULL, NULL) >= 0 || errno != EMFILE)
		return __LINE__;
	if (poll(&p, 1, 0) != 1 || p.revents != POLLIN)
		return __LINE__;
	close(other);
	return accept(l, NULL, NULL) >= 0 ? 0 : __LINE__; /* it was still there */
}

static void without_descriptors_accept_leaves_the_connection_in_the_queue(void **state)
{
	int l = listener(1), other = made(SOCK_DGRAM), status;
	(void)state;
	skip_where_descriptors_are_not_its_own();
	pid_t child = fork();
	if (child == 0)
		_exit(without_descriptors(l, other) != 0);
	is(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	close(other);
	close(l);
}

static void a_connection_reset_in_the_queue_is_accepted_and_tells_then(void **state)
{
	int l = listener(1);
	struct sockaddr_in to = address_of(l);
	int fd = connection_unsaid(&to);
	(void)state;
	until(l, POLLIN);
	reset(fd);
	int there = accept4(l, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	assert_true(there >= 0);
	until(there, POLLHUP);
	is(receive(there), -ECONNRESET);
	close(there);
	close(l);
}

/* ---- datagrams ---- */

static int refused(const struct nowhere *to)
{
	int fd = made(SOCK_DGRAM);
	is(connect_to(fd, &to->address), 0);
	is(give(fd), 1);
	until(fd, POLLERR);
	return fd;
}

static void a_refused_datagram_is_told_once_to_a_connected_socket(void **state)
{
	static const struct {
		long (*call)(int fd);
		long afterwards;
	} told_by[] = { { receive, -EAGAIN }, { peek, -EAGAIN }, { ask_error, 0 }, { give, 1 } };
	(void)state;
	for (size_t i = 0; i < sizeof told_by / sizeof told_by[0]; i++) {
		struct nowhere to = nowhere(SOCK_DGRAM);
		int fd = refused(&to);
		struct pollfd p = { .fd = fd, .events = POLLIN };
		is(poll(&p, 1, 0), 1);
		assert_int_equal(p.revents, POLLERR);
		is(bits(fd), POLLOUT | POLLERR);
		is(told_by[i].call(fd), -ECONNREFUSED);
		is(told_by[i].call(fd), told_by[i].afterwards);
		close(fd);
	}
}

static void a_refused_datagram_is_told_even_after_another_connect(void **state)
{
	struct nowhere to = nowhere(SOCK_DGRAM);
	int fd = refused(&to);
	(void)state;
	is(connect_to(fd, &to.address), 0);
	is(receive(fd), -ECONNREFUSED);
	is(receive(fd), -EAGAIN);
	is(bits(fd), POLLOUT);
	is(peer_of(fd), 0);
	close(fd);
}

static void a_datagram_socket_shut_down_for_reading_blocks_and_polls_ready(void **state)
{
	struct nowhere to = nowhere(SOCK_DGRAM);
	int fd = made(SOCK_DGRAM);
	(void)state;
	is(connect_to(fd, &to.address), 0);
	is(shutdown(fd, SHUT_RD), 0);
	is(bits(fd), POLLIN | POLLOUT | POLLRDHUP);
	is(receive(fd), -EAGAIN);
	is(shutdown(fd, SHUT_WR), 0);
	is(bits(fd), POLLIN | POLLOUT | POLLRDHUP | POLLHUP);
	is(give(fd), -EPIPE);
	close(fd);
}

/* ---- errors that leave everything as it was ---- */

static int bind_to(int fd, const struct sockaddr_in *to)
{
	return bind(fd, (const struct sockaddr *)to, sizeof *to);
}

static void bind_and_listen_fail_for_what_is_taken_or_not_here(void **state)
{
	int on = 1, fd = made(SOCK_STREAM), other = made(SOCK_STREAM), l = listener(1);
	struct sockaddr_in to = address_of(l), elsewhere = { .sin_family = AF_INET };
	(void)state;
	elsewhere.sin_addr.s_addr = htonl(0xc0000201); /* 192.0.2.1: documentation (RFC 5737) */
	is(bind_to(fd, &to), -EADDRINUSE);
	is(bind_to(fd, &elsewhere), -EADDRNOTAVAIL);
	to.sin_port = 0;
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
	assert_int_equal(setsockopt(other, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
	is(bind_to(fd, &to), 0);
	is(bind_to(fd, &to), -EINVAL);
	to = address_of(fd);
	is(bind_to(other, &to), 0);
	is(listen(fd, 1), 0);
	is(listen(other, 1), -EADDRINUSE);
	close(fd);
	close(other);
	close(l);
	fd = made(SOCK_DGRAM);
	is(listen(fd, 1), -EOPNOTSUPP);
	close(fd);
}

static void datagrams_that_cannot_go_are_refused_at_once(void **state)
{
	static const char big[65536];
	int fd = made(SOCK_DGRAM), there = bound(SOCK_DGRAM);
	struct sockaddr_in to = address_of(there);
	(void)state;
	is(give(fd), -EDESTADDRREQ);
	is(sendto(fd, big, sizeof big, 0, (struct sockaddr *)&to, sizeof to), -EMSGSIZE);
	to.sin_addr.s_addr = htonl(INADDR_BROADCAST);
	is(connect_to(fd, &to), -EACCES);
	is(receive(fd), -EAGAIN);
	close(fd);
	close(there);
}

static void a_file_that_has_ended_gives_sendfile_0(void **state)
{
	int here, there, file = memfd_create("file", MFD_CLOEXEC);
	off_t offset = 0;
	(void)state;
	make_pair(&here, &there);
	is(sendfile(here, file, &offset, 10), 0);
	close(file);
	close(here);
	close(there);
}

static int without_any_descriptor(void)
{
	struct pollfd p = { .fd = made(SOCK_STREAM), .events = POLLIN };
	struct rlimit none = { 0, 0 };
	if (setrlimit(RLIMIT_NOFILE, &none) < 0 || poll(NULL, 0, 0) != 0)
		return __LINE__;
	return poll(&p, 1, 0) >= 0 || errno != EINVAL ? __LINE__ : 0;
}

static void with_a_limit_of_no_descriptors_poll_of_one_is_einval(void **state)
{
	int status;
	(void)state;
	skip_where_descriptors_are_not_its_own();
	pid_t child = fork();
	if (child == 0)
		_exit(without_any_descriptor() != 0);
	is(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_listener_that_was_shut_down_hangs_up_and_accept_is_einval),
		cmocka_unit_test(without_descriptors_accept_leaves_the_connection_in_the_queue),
		cmocka_unit_test(a_connection_reset_in_the_queue_is_accepted_and_tells_then),
		cmocka_unit_test(a_refused_datagram_is_told_once_to_a_connected_socket),
		cmocka_unit_test(a_refused_datagram_is_told_even_after_another_connect),
		cmocka_unit_test(a_datagram_socket_shut_down_for_reading_blocks_and_polls_ready),
		cmocka_unit_test(bind_and_listen_fail_for_what_is_taken_or_not_here),
		cmocka_unit_test(datagrams_that_cannot_go_are_refused_at_once),
		cmocka_unit_test(a_file_that_has_ended_gives_sendfile_0),
		cmocka_unit_test(with_a_limit_of_no_descriptors_poll_of_one_is_einval),
	};
	(void)signal(SIGPIPE, SIG_IGN); /* sendfile(2) has no MSG_NOSIGNAL */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
