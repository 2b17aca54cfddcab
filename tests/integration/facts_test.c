/* SPDX-License-Identifier: 0BSD */
/* What the kernel itself does, by its own calls: the facts that the library's rules rest on.  One
 * that ceases to hold is no fault of the library's, but a rule to think about. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <netinet/in.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "pattern.h"
#include "worker.h"

/* What a call that gave -1 says; else its result. */
static int64_t answer(ssize_t result)
{
	return result == -1 ? -errno : result;
}

static short polled(const struct vet_socket *s, short events)
{
	struct pollfd one = { .fd = vet_socket_fd(s), .events = events };
	CHECK(poll(&one, 1, 0) >= 0);
	return one.revents;
}

static void a_read_of_no_bytes_says_eagain_on_an_empty_stream(const struct world *world)
{
	struct pair pair;
	char byte;
	pair_open(world, &pair);
	SAME(answer(recv(vet_socket_fd(&pair.near), &byte, 0, 0)), -EAGAIN);
	SAME(vet_socket_read(&pair.near, &byte, 0), 0);
	pair_close(&pair);
}

/* Of an attempt that was under way, the next connect(2) tells the success, wherever it was to go. */
static void connect_after_success_says_0_once_to_any_address(const struct world *world)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	struct vet_socket listener, far = { 0 };
	struct vet_address where;
	socklen_t length = sizeof(to);
	listener_open(world, &listener, &where);
	CHECK(getsockname(vet_socket_fd(&listener), (struct sockaddr *)&to, &length) == 0);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	CHECK(fd >= 0);
	SAME(answer(connect(fd, (struct sockaddr *)&to, length)), -EINPROGRESS);
	MUST(vet_socket_accept(&listener, &far, NULL));
	to.sin_port ^= 1; /* somewhere else */
	SAME(answer(connect(fd, (struct sockaddr *)&to, length)), 0);
	SAME(answer(connect(fd, (struct sockaddr *)&to, length)), -EISCONN);
	CHECK(close(fd) == 0);
	MUST(vet_socket_close(&far));
	MUST(vet_socket_close(&listener));
}

/* How a child ends that sends a file past what its connection takes, SIGPIPE at its default. */
static int sendfile_status(const struct pair *pair)
{
	int status = 0;
	int file = pattern_file(100);
	pid_t child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		off_t offset = 0;
		signal(SIGPIPE, SIG_DFL);
		(void)!sendfile(vet_socket_fd(&pair->near), file, &offset, 100);
		_exit(0);
	}
	CHECK(waitpid(child, &status, 0) == child);
	CHECK(close(file) == 0);
	return status;
}

static void linux_sendfile_raises_sigpipe(const struct world *world)
{
	struct pair pair;
	pair_open(world, &pair);
	MUST(vet_socket_shutdown_write(&pair.near));
	int status = sendfile_status(&pair);
	CHECK(WIFSIGNALED(status));
	SAME(WTERMSIG(status), SIGPIPE);
	pair_close(&pair);
}

/* The first pages are answered with a reset, the next meet it; the count is that of the first. */
static void linux_sendfile_raises_sigpipe_though_it_returns_a_count(const struct world *world)
{
	enum { SIZE = 1000000 };
	static const struct timespec at_once = { 0, 0 };
	struct pair pair;
	sigset_t sigpipe;
	off_t offset = 0;
	int file = pattern_file(SIZE);
	pair_open(world, &pair);
	MUST(vet_socket_close(&pair.far));
	sigemptyset(&sigpipe);
	sigaddset(&sigpipe, SIGPIPE);
	CHECK(pthread_sigmask(SIG_BLOCK, &sigpipe, NULL) == 0);
	ssize_t sent = sendfile(vet_socket_fd(&pair.near), file, &offset, SIZE);
	CHECK(sent > 0 && sent < SIZE);
	SAME(answer(sigtimedwait(&sigpipe, NULL, &at_once)), SIGPIPE);
	CHECK(pthread_sigmask(SIG_UNBLOCK, &sigpipe, NULL) == 0);
	CHECK(close(file) == 0);
	MUST(vet_socket_close(&pair.near));
}

static void
a_datagram_socket_shut_down_for_reading_polls_ready_and_has_nothing(const struct world *world)
{
	struct vet_socket s;
	struct vet_address where;
	char byte;
	datagram_open(world, &s, &where);
	MUST(vet_socket_connect(&s, &where));
	MUST(vet_socket_shutdown_read(&s));
	for (int i = 0; i < 3; i++) {
		CHECK((polled(&s, POLLIN | POLLRDHUP) & (POLLIN | POLLRDHUP)) ==
		      (POLLIN | POLLRDHUP));
		SAME(answer(recv(vet_socket_fd(&s), &byte, 1, MSG_DONTWAIT)), -EAGAIN);
	}
	MUST(vet_socket_close(&s));
}

static void a_queued_error_polls_pollerr_until_it_is_read(const struct world *world)
{
	int on = 1;
	struct vet_socket holders[2], s;
	struct vet_address refused, where;
	char byte;
	struct msghdr nothing = { 0 };
	refused_open(world, holders, &refused);
	datagram_open(world, &s, &where);
	CHECK(setsockopt(vet_socket_fd(&s), IPPROTO_IP, IP_RECVERR, &on, sizeof(on)) == 0);
	MUST(vet_socket_connect(&s, &refused));
	MUST(vet_socket_write(&s, "x", 1, NULL));
	SAME(vet_socket_read(&s, &byte, 1), -ECONNREFUSED);
	for (int i = 0; i < 3; i++) {
		CHECK((polled(&s, POLLIN) & POLLERR) != 0);
		SAME(answer(recv(vet_socket_fd(&s), &byte, 1, MSG_DONTWAIT)), -EAGAIN);
	}
	CHECK(recvmsg(vet_socket_fd(&s), &nothing, MSG_ERRQUEUE) >= 0);
	SAME(polled(&s, POLLIN), 0);
	MUST(vet_socket_close(&s));
	refused_close(holders);
}

static void a_listener_shut_down_polls_pollhup(const struct world *world)
{
	struct vet_socket listener;
	struct vet_address where;
	listener_open(world, &listener, &where);
	MUST(vet_socket_shutdown(&listener));
	CHECK((polled(&listener, POLLIN) & POLLHUP) != 0);
	SAME(answer(accept(vet_socket_fd(&listener), NULL, NULL)), -EINVAL);
	MUST(vet_socket_close(&listener));
}

static void the_pending_error_is_told_once(const struct world *world)
{
	struct pair pair;
	int64_t error = 0;
	pair_open(world, &pair);
	MUST(vet_socket_set_linger(&pair.far, 0));
	MUST(vet_socket_close(&pair.far));
	CHECK((polled(&pair.near, POLLIN) & (POLLERR | POLLHUP)) == (POLLERR | POLLHUP));
	MUST(vet_socket_error(&pair.near, &error));
	SAME(error, -ECONNRESET);
	MUST(vet_socket_error(&pair.near, &error));
	SAME(error, 0);
	CHECK((polled(&pair.near, POLLIN) & (POLLERR | POLLHUP)) == POLLHUP);
	MUST(vet_socket_close(&pair.near));
}

static const struct kernel_test tests[] = {
	KERNEL_TEST(a_read_of_no_bytes_says_eagain_on_an_empty_stream, HOST_ALONE),
	KERNEL_TEST(connect_after_success_says_0_once_to_any_address, HOST_ALONE),
	KERNEL_TEST(linux_sendfile_raises_sigpipe, HOST_ALONE),
	KERNEL_TEST(linux_sendfile_raises_sigpipe_though_it_returns_a_count, HOST_ALONE),
	KERNEL_TEST(a_datagram_socket_shut_down_for_reading_polls_ready_and_has_nothing,
		    HOST_ALONE),
	KERNEL_TEST(a_queued_error_polls_pollerr_until_it_is_read, HOST_ALONE),
	KERNEL_TEST(a_listener_shut_down_polls_pollhup, HOST_ALONE),
	KERNEL_TEST(the_pending_error_is_told_once, HOST_ALONE),
};

int main(void)
{
	return kernel_run("facts", tests, sizeof(tests) / sizeof(tests[0]));
}
