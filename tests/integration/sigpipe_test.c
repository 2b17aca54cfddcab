/* SPDX-License-Identifier: 0BSD */
/* SIGPIPE never reaches the process: each test runs in a child where it is at its default and
 * would end it. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "pattern.h"
#include "worker.h"

/* ---- ways of sending into a connection whose peer is gone ---- */

static int file_to_send;

static int64_t send_by_write(struct vet_socket *s)
{
	return vet_socket_write(s, "x", 1, NULL);
}

static int64_t send_by_write_some(struct vet_socket *s)
{
	return vet_socket_write_some(s, "x", 1);
}

static int64_t send_by_print(struct vet_socket *s)
{
	return vet_socket_print(s, "x", 1, NULL);
}

/* A stream ignores the address (Linux) or answers -EISCONN (POSIX allows it): it is the peer's. */
static int64_t send_by_send_to(struct vet_socket *s)
{
	struct vet_address any = loopback(vet_socket_family(s), 1);
	return vet_socket_send_to(s, "x", 1, &any);
}

static int64_t send_by_send_file(struct vet_socket *s)
{
	return vet_socket_send_file(s, file_to_send, NULL);
}

static const struct way {
	const char *name;
	int64_t (*send)(struct vet_socket *s);
} ways[] = {
	{ "write", send_by_write },         { "write_some", send_by_write_some },
	{ "print", send_by_print },         { "send_to", send_by_send_to },
	{ "send_file", send_by_send_file },
};

/* ---- what the caller has made of the signal ---- */

static void check_untouched(const sigset_t *mask)
{
	struct sigaction action;
	sigset_t now;
	CHECK(sigaction(SIGPIPE, NULL, &action) == 0);
	CHECK(action.sa_handler == SIG_DFL);
	CHECK(pthread_sigmask(SIG_BLOCK, NULL, &now) == 0);
	for (int number = 1; number < 32; number++) {
		CHECK(sigismember(&now, number) == sigismember(mask, number));
	}
}

static bool is_pending(void)
{
	sigset_t pending;
	CHECK(sigpending(&pending) == 0);
	return sigismember(&pending, SIGPIPE) == 1;
}

static void for_every_way(const struct world *world,
			  void (*use)(const struct world *, const struct way *))
{
	file_to_send = pattern_file(100000);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		sigset_t mask;
		print_message("  %s\n", ways[i].name);
		CHECK(pthread_sigmask(SIG_BLOCK, NULL, &mask) == 0);
		use(world, &ways[i]);
		check_untouched(&mask);
	}
	close(file_to_send);
}

/* ---- the peer is gone ---- */

static void send_after_own_end(const struct world *world, const struct way *way)
{
	struct pair pair;
	pair_open(world, &pair);
	MUST(vet_socket_shutdown_write(&pair.near));
	for (int i = 0; i < 2; i++) {
		SAME(way->send(&pair.near), -EPIPE);
	}
	pair_close(&pair);
}

static void send_after_reset(const struct world *world, const struct way *way)
{
	struct pair pair;
	pair_open(world, &pair);
	MUST(vet_socket_set_linger(&pair.far, 0));
	MUST(vet_socket_close(&pair.far));
	SAME(way->send(&pair.near), -ECONNRESET);
	SAME(way->send(&pair.near), -EPIPE);
	MUST(vet_socket_close(&pair.near));
}

/* The peer has closed: what is sent first is taken, answered with a reset, and then told. */
static void send_after_close(const struct world *world, const struct way *way)
{
	struct pair pair;
	char byte;
	pair_open(world, &pair);
	MUST(vet_socket_close(&pair.far));
	SAME(vet_socket_read(&pair.near, &byte, 1), 0);
	int64_t result = 0;
	/* The reset comes at once on loopback; but that is not promised. */
	for (int i = 0; i < 100000 && result >= 0; i++) {
		result = way->send(&pair.near);
	}
	SAME(result, -EPIPE);
	MUST(vet_socket_close(&pair.near));
}

static void send_all_after_own_end(const struct world *world)
{
	for_every_way(world, send_after_own_end);
}

static void send_all_after_reset(const struct world *world)
{
	for_every_way(world, send_after_reset);
}

static void send_all_after_close(const struct world *world)
{
	for_every_way(world, send_after_close);
}

static void a_process_lives_after_sending_past_its_own_end(const struct world *world)
{
	in_child(send_all_after_own_end, world);
}

static void a_process_lives_after_sending_into_a_reset_connection(const struct world *world)
{
	in_child(send_all_after_reset, world);
}

static void a_process_lives_after_sending_to_a_peer_that_closed(const struct world *world)
{
	in_child(send_all_after_close, world);
}

/* ---- a caller who blocks the signal himself ---- */

static void block_sigpipe(void)
{
	sigset_t mask;
	sigemptyset(&mask);
	sigaddset(&mask, SIGPIPE);
	CHECK(pthread_sigmask(SIG_BLOCK, &mask, NULL) == 0);
}

static void leaves_none_pending(const struct world *world, const struct way *way)
{
	send_after_own_end(world, way);
	CHECK(!is_pending());
}

static void leaves_the_pending_one(const struct world *world, const struct way *way)
{
	send_after_own_end(world, way);
	CHECK(is_pending());
}

static void block_and_send(const struct world *world)
{
	block_sigpipe();
	for_every_way(world, leaves_none_pending);
}

static void block_raise_and_send(const struct world *world)
{
	block_sigpipe();
	CHECK(raise(SIGPIPE) == 0);
	for_every_way(world, leaves_the_pending_one);
}

static void no_signal_stays_pending_for_a_caller_who_blocks_it(const struct world *world)
{
	in_child(block_and_send, world);
}

static void a_callers_own_pending_signal_survives(const struct world *world)
{
	in_child(block_raise_and_send, world);
}

/* ---- datagrams ---- */

static void send_datagrams_after_own_end(const struct world *world)
{
	struct vet_socket s;
	struct vet_address where;
	file_to_send = pattern_file(100);
	datagram_open(world, &s, &where);
	MUST(vet_socket_connect(&s, &where));
	MUST(vet_socket_shutdown_write(&s));
	SAME(vet_socket_send_to(&s, "x", 1, &where), -EPIPE);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (ways[i].send != send_by_send_to) {
			SAME(ways[i].send(&s), -EPIPE);
		}
	}
	MUST(vet_socket_close(&s));
	close(file_to_send);
}

static void a_datagram_past_the_own_end_is_epipe(const struct world *world)
{
	in_child(send_datagrams_after_own_end, world);
}

static const struct kernel_test tests[] = {
	KERNEL_TEST(a_process_lives_after_sending_past_its_own_end, EVERY_WORLD),
	KERNEL_TEST(a_process_lives_after_sending_into_a_reset_connection, EVERY_WORLD),
	KERNEL_TEST(a_process_lives_after_sending_to_a_peer_that_closed, EVERY_WORLD),
	KERNEL_TEST(no_signal_stays_pending_for_a_caller_who_blocks_it, EVERY_WORLD),
	KERNEL_TEST(a_callers_own_pending_signal_survives, EVERY_WORLD),
	KERNEL_TEST(a_datagram_past_the_own_end_is_epipe, EVERY_WORLD),
};

int main(void)
{
	return kernel_run("sigpipe", tests, sizeof(tests) / sizeof(tests[0]));
}
