/* SPDX-License-Identifier: 0BSD */
/*
 * What this kernel really does where the catalogue says what stays after a fault, of streams: plain
 * system calls over the loopback, and nothing of vetsock's but its names.
 */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include <vetsock/catalogue.h>

#include "loopback.h"

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
			 VET_NEEDS_UNSEEN | (option ? VET_NEEDS_SO_ERROR : 0),
	};
	const struct vet_lawful *row = vet_lawful_find(&rule, &at);
	assert_non_null(row);
	assert_int_equal(row->latch, latch);
}

/* ---- connections ---- */

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
	};
	(void)signal(SIGPIPE, SIG_IGN); /* sendfile(2) has no MSG_NOSIGNAL */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
