/* SPDX-License-Identifier: 0BSD */
/*
 * What this kernel really does where the catalogue says what stays after a fault: plain system
 * calls over the loopback, and nothing of vetsock's but its names.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <vetsock/catalogue.h>
#include <vetsock/error.h>

enum {
	ASKED = POLLIN | POLLOUT | POLLRDHUP,
	LIMIT = 5000, /* milliseconds that the loopback may take, and never does */
};

/* ---- results ---- */

static void check(int line, const char *what, long result, long want)
{
	long got = result < 0 ? -errno : result;
	if (got == want)
		return;
	fail_msg("line %d: %s: %ld %s, not %ld %s", line, what, got, vet_error_name((int)got), want,
		 vet_error_name((int)want));
}
#define is(call, want) check(__LINE__, #call, (call), (want))

static short bits(int fd)
{
	struct pollfd p = { .fd = fd, .events = ASKED };
	assert_true(poll(&p, 1, 0) >= 0);
	return p.revents;
}

/* Waits until poll shows at least these. */
static void until(int fd, short wanted)
{
	struct pollfd p = { .fd = fd, .events = wanted };
	for (int turn = 0; turn < 100; turn++) {
		assert_int_equal(poll(&p, 1, LIMIT), 1);
		if ((p.revents & wanted) == wanted)
			return;
	}
	fail_msg("poll shows 0x%x, and never all of 0x%x", (unsigned)p.revents, (unsigned)wanted);
}

/* ---- calls ---- */

static struct sockaddr_in address_of(int fd)
{
	struct sockaddr_in address;
	socklen_t length = sizeof address;
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	return address;
}

static int bound(int type)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	return fd;
}

static int made(int type)
{
	int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	return fd;
}

static int listener(int backlog)
{
	int fd = bound(SOCK_STREAM);
	assert_int_equal(listen(fd, backlog), 0);
	return fd;
}

static int connect_to(int fd, const struct sockaddr_in *to)
{
	return connect(fd, (const struct sockaddr *)to, sizeof *to);
}

/* Where nobody listens: bound, so that nobody else can. */
struct nowhere {
	int fd;
	struct sockaddr_in address;
};

static struct nowhere nowhere(int type)
{
	struct nowhere n = { .fd = bound(type) };
	n.address = address_of(n.fd);
	if (type == SOCK_DGRAM) { /* a bound one would take it */
		close(n.fd);
		n.fd = -1;
	}
	return n;
}

static int peer_of(int fd)
{
	struct sockaddr_in address;
	socklen_t length = sizeof address;
	return getpeername(fd, (struct sockaddr *)&address, &length);
}

static long take(int fd, int flags)
{
	char data[16];
	return (long)recv(fd, data, sizeof data, flags);
}

static long receive(int fd)
{
	return take(fd, 0);
}

static long peek(int fd)
{
	return take(fd, MSG_PEEK);
}

static long give(int fd)
{
	return (long)send(fd, "x", 1, MSG_NOSIGNAL);
}

static long give_file(int fd)
{
	off_t offset = 0;
	int file = memfd_create("file", MFD_CLOEXEC);
	assert_int_equal(write(file, "x", 1), 1);
	long n = (long)sendfile(fd, file, &offset, 1);
	int error = errno;
	close(file);
	errno = error;
	return n;
}

/* SO_ERROR as the others tell it. */
static long ask_error(int fd)
{
	int error = 0;
	socklen_t length = sizeof error;
	assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length), 0);
	errno = error;
	return error != 0 ? -1 : 0;
}

/* A call that tells a pending error, and what it gives once that is told. */
static const struct teller {
	unsigned entry;
	long (*call)(int fd);
	long afterwards;
} tellers[] = {
	{ VET_CALL_recv, receive, 0 },         { VET_CALL_recv, peek, 0 },
	{ VET_CALL_send, give, -EPIPE },       { VET_CALL_sendfile, give_file, -EPIPE },
	{ VET_CALL_getsockopt, ask_error, 0 },
};

enum { TELLERS = sizeof tellers / sizeof tellers[0] };

/* The catalogue's row for what a teller has just told. */
static void has_row(unsigned entry, int error, unsigned phase, unsigned latch)
{
	bool option = entry == VET_CALL_getsockopt;
	struct vet_rule rule = {
		.entry = (uint8_t)entry,
		.action = option ? VET_ACTION_VALUE_OF : VET_ACTION_ERROR,
		.from = 1,
		.to = 1,
		.argument = error,
	};
	struct vet_situation at = {
		.entry = (uint8_t)entry,
		.kind = VET_KIND_STREAM,
		.phase = (uint8_t)phase,
		.holds = VET_NEEDS_BYTES | VET_NEEDS_READABLE | VET_NEEDS_WRITABLE |
			 (option ? VET_NEEDS_SO_ERROR : 0),
	};
	const struct vet_lawful *row = vet_lawful_find(&rule, &at);
	assert_non_null(row);
	assert_int_equal(row->latch, latch);
}

/* ---- connections ---- */

/* here: connected by a call that waited, so that the kernel knows that the caller knows. */
static void make_pair(int *here, int *there)
{
	int l = listener(1);
	struct sockaddr_in to = address_of(l);
	*here = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect_to(*here, &to), 0);
	*there = accept4(l, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	assert_true(*there >= 0);
	assert_int_equal(fcntl(*here, F_SETFL, O_NONBLOCK), 0);
	close(l);
}

static void reset(int fd)
{
	struct linger now = { 1, 0 };
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now), 0);
	close(fd);
}

static int connection_reset(void)
{
	int here, there;
	make_pair(&here, &there);
	reset(there);
	until(here, POLLHUP);
	return here;
}

static void is_dead(int fd)
{
	is(bits(fd), POLLIN | POLLOUT | POLLRDHUP | POLLHUP);
	is(receive(fd), 0);
	is(give(fd), -EPIPE);
	is(ask_error(fd), 0);
	is(peer_of(fd), -ENOTCONN);
	is(listen(fd, 1), -EINVAL);
}

static void a_reset_is_told_once_by_the_first_call_that_can(void **state)
{
	(void)state;
	for (size_t i = 0; i < TELLERS; i++) {
		struct nowhere to = nowhere(SOCK_STREAM);
		int fd = connection_reset();
		is(bits(fd), POLLIN | POLLOUT | POLLRDHUP | POLLERR | POLLHUP);
		is(tellers[i].call(fd), -ECONNRESET);
		has_row(tellers[i].entry, -ECONNRESET, VET_PHASE_CONNECTED, VET_LATCH_DEAD);
		is(tellers[i].call(fd), tellers[i].afterwards);
		is_dead(fd);
		is(shutdown(fd, SHUT_RDWR), -ENOTCONN);
		is_dead(fd);
		is(connect_to(fd, &to.address), -EISCONN);
		is(connect_to(fd, &to.address), -EISCONN);
		close(fd);
		close(to.fd);
	}
}

static void a_reset_is_not_told_by_getpeername_and_shutdown(void **state)
{
	int fd = connection_reset();
	(void)state;
	is(peer_of(fd), -ENOTCONN);
	is(shutdown(fd, SHUT_WR), -ENOTCONN);
	is(bits(fd), POLLIN | POLLOUT | POLLRDHUP | POLLERR | POLLHUP);
	is(receive(fd), -ECONNRESET);
	is_dead(fd);
	close(fd);
}

static void poll_shows_of_a_reset_what_was_asked_for_and_err_and_hup(void **state)
{
	int fd = connection_reset();
	struct pollfd p = { .fd = fd, .events = POLLIN };
	(void)state;
	is(poll(&p, 1, 0), 1);
	assert_int_equal(p.revents, POLLIN | POLLERR | POLLHUP);
	p.events = POLLOUT;
	is(poll(&p, 1, 0), 1);
	assert_int_equal(p.revents, POLLOUT | POLLERR | POLLHUP);
	p.events = 0;
	is(poll(&p, 1, 0), 1);
	assert_int_equal(p.revents, POLLERR | POLLHUP);
	close(fd);
}

static void bytes_that_came_before_a_reset_are_read_before_it_is_told(void **state)
{
	int here, there;
	(void)state;
	make_pair(&here, &there);
	is(send(there, "abc", 3, 0), 3);
	until(here, POLLIN);
	reset(there);
	until(here, POLLHUP);
	is(receive(here), 3);
	is(receive(here), -ECONNRESET);
	is_dead(here);
	close(here);
}

static void an_end_stays_and_sending_to_it_is_epipe_once_the_peer_has_reset(void **state)
{
	int here, there;
	(void)state;
	make_pair(&here, &there);
	close(there);
	until(here, POLLRDHUP);
	is(bits(here), POLLIN | POLLOUT | POLLRDHUP);
	is(receive(here), 0);
	is(receive(here), 0);
	is(peer_of(here), 0);
	is(ask_error(here), 0);
	is(give(here), 1);
	until(here, POLLHUP);
	is(bits(here), POLLIN | POLLOUT | POLLRDHUP | POLLERR | POLLHUP);
	is(receive(here), 0);
	is(ask_error(here), -EPIPE);
	is_dead(here);
	close(here);
}

static void both_halves_shut_down_is_hup(void **state)
{
	int here, there;
	(void)state;
	make_pair(&here, &there);
	is(shutdown(here, SHUT_RDWR), 0);
	is(bits(here), POLLIN | POLLOUT | POLLRDHUP | POLLHUP);
	is(receive(here), 0);
	is(give(here), -EPIPE);
	is(peer_of(here), 0);
	is(shutdown(here, SHUT_RDWR), 0);
	close(here);
	close(there);
}

/* ---- attempts ---- */

static int attempt_failed(const struct nowhere *to)
{
	int fd = made(SOCK_STREAM);
	is(connect_to(fd, &to->address), -EINPROGRESS);
	until(fd, POLLHUP);
	return fd;
}

static void is_fresh(int fd)
{
	is(bits(fd), POLLOUT | POLLHUP);
	is(receive(fd), -ENOTCONN);
	is(give(fd), -EPIPE);
	is(peer_of(fd), -ENOTCONN);
	is(ask_error(fd), 0);
}

static void a_failure_is_told_once_and_the_next_connect_only_clears_it(void **state)
{
	struct nowhere to = nowhere(SOCK_STREAM);
	(void)state;
	for (size_t i = 0; i < TELLERS; i++) {
		int fd = attempt_failed(&to);
		is(bits(fd), POLLIN | POLLOUT | POLLRDHUP | POLLERR | POLLHUP);
		is(peer_of(fd), -ENOTCONN);
		is(tellers[i].call(fd), -ECONNREFUSED);
		has_row(tellers[i].entry, -ECONNREFUSED, VET_PHASE_FAILED, VET_LATCH_FAILED);
		is(tellers[i].call(fd), tellers[i].afterwards);
		is(bits(fd), POLLIN | POLLOUT | POLLRDHUP | POLLHUP);
		is(receive(fd), 0);
		is(give(fd), -EPIPE);
		is(peer_of(fd), -ENOTCONN);
		is(listen(fd, 1), -EINVAL);
		is(connect_to(fd, &to.address), -ECONNABORTED);
		is_fresh(fd);
		is(connect_to(fd, &to.address), -EINPROGRESS);
		close(fd);
	}
	close(to.fd);
}

static void a_failure_told_by_connect_leaves_a_fresh_socket(void **state)
{
	struct nowhere to = nowhere(SOCK_STREAM);
	int fd = attempt_failed(&to);
	(void)state;
	is(connect_to(fd, &to.address), -ECONNREFUSED);
	is_fresh(fd);
	is(connect_to(fd, &to.address), -EINPROGRESS);
	close(fd);
	close(to.fd);
}

/* An attempt of which connect has never said that it succeeded. */
static int connection_unsaid(const struct sockaddr_in *to)
{
	int fd = made(SOCK_STREAM);
	is(connect_to(fd, to), -EINPROGRESS);
	until(fd, POLLOUT);
	is(bits(fd), POLLOUT);
	is(peer_of(fd), 0);
	return fd;
}

static void a_connection_that_connect_has_not_told_is_told_once(void **state)
{
	int l = listener(1);
	struct sockaddr_in to = address_of(l);
	int fd = connection_unsaid(&to);
	(void)state;
	is(connect_to(fd, &to), 0);
	is(connect_to(fd, &to), -EISCONN);
	close(fd);
	close(l);
}

static void a_connection_that_connect_has_not_told_can_connect_again_after_a_reset(void **state)
{
	int l = listener(1);
	struct sockaddr_in to = address_of(l);
	int fd = connection_unsaid(&to);
	int there = accept(l, NULL, NULL);
	(void)state;
	reset(there);
	until(fd, POLLHUP);
	is(receive(fd), -ECONNRESET);
	is_dead(fd);
	is(connect_to(fd, &to), -ECONNABORTED);
	is(connect_to(fd, &to), -EINPROGRESS);
	close(fd);
	close(l);
}

static void a_failure_and_then_a_shutdown_make_connect_einval_for_good(void **state)
{
	struct nowhere to = nowhere(SOCK_STREAM);
	int fd = attempt_failed(&to);
	(void)state;
	is(ask_error(fd), -ECONNREFUSED);
	is(shutdown(fd, SHUT_RDWR), -ENOTCONN);
	is(connect_to(fd, &to.address), -EINVAL);
	is(connect_to(fd, &to.address), -EINVAL);
	close(fd);
	close(to.fd);
}

static void an_attempt_under_way_blocks(void **state)
{
	int l = listener(0);
	struct sockaddr_in to = address_of(l);
	int first = connection_unsaid(&to);
	int fd = made(SOCK_STREAM);
	(void)state;
	is(connect_to(fd, &to), -EINPROGRESS);
	is(bits(fd), 0);
	is(receive(fd), -EAGAIN);
	is(give(fd), -EAGAIN);
	is(connect_to(fd, &to), -EALREADY);
	is(peer_of(fd), -ENOTCONN);
	is(ask_error(fd), 0);
	is(listen(fd, 1), -EINVAL);
	is(shutdown(fd, SHUT_RDWR), 0);
	is(bits(fd), POLLOUT | POLLERR | POLLHUP);
	is(ask_error(fd), -ECONNRESET);
	is(connect_to(fd, &to), -EINPROGRESS);
	close(fd);
	close(first);
	close(l);
}

static void a_fresh_stream_hangs_up(void **state)
{
	int fd = made(SOCK_STREAM);
	(void)state;
	is_fresh(fd);
	is(accept(fd, NULL, NULL), -EINVAL);
	is(shutdown(fd, SHUT_RDWR), -ENOTCONN);
	close(fd);
}

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reset_is_told_once_by_the_first_call_that_can),
		cmocka_unit_test(a_reset_is_not_told_by_getpeername_and_shutdown),
		cmocka_unit_test(poll_shows_of_a_reset_what_was_asked_for_and_err_and_hup),
		cmocka_unit_test(bytes_that_came_before_a_reset_are_read_before_it_is_told),
		cmocka_unit_test(an_end_stays_and_sending_to_it_is_epipe_once_the_peer_has_reset),
		cmocka_unit_test(both_halves_shut_down_is_hup),
		cmocka_unit_test(a_failure_is_told_once_and_the_next_connect_only_clears_it),
		cmocka_unit_test(a_failure_told_by_connect_leaves_a_fresh_socket),
		cmocka_unit_test(a_connection_that_connect_has_not_told_is_told_once),
		cmocka_unit_test(
			a_connection_that_connect_has_not_told_can_connect_again_after_a_reset),
		cmocka_unit_test(a_failure_and_then_a_shutdown_make_connect_einval_for_good),
		cmocka_unit_test(an_attempt_under_way_blocks),
		cmocka_unit_test(a_fresh_stream_hangs_up),
		cmocka_unit_test(a_listener_that_was_shut_down_hangs_up_and_accept_is_einval),
		cmocka_unit_test(without_descriptors_accept_leaves_the_connection_in_the_queue),
		cmocka_unit_test(a_connection_reset_in_the_queue_is_accepted_and_tells_then),
		cmocka_unit_test(a_refused_datagram_is_told_once_to_a_connected_socket),
		cmocka_unit_test(a_refused_datagram_is_told_even_after_another_connect),
		cmocka_unit_test(a_datagram_socket_shut_down_for_reading_blocks_and_polls_ready),
	};
	(void)signal(SIGPIPE, SIG_IGN); /* sendfile(2) has no MSG_NOSIGNAL */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
