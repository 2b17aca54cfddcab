/* SPDX-License-Identifier: 0BSD */
/* Each allocation of a world and its runs fails, alone and with all that follow: no run crashes, none goes
 * on for ever, and whoever is told of it gets whole lines.  (malloc and its kin are wrapped by the linker.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <vetsock/mischief.h>
#include <vetsock/sim.h>
#include <vetsock/vetsock.h>

enum { PORT = 80, SIZE = 20000, DEADLOCKED = 10 };

/* ---- the allocator ---- */

static unsigned long made, failing; /* so far; the first that fails, from 1; 0: none */
static bool all_that_follow;

static bool fails(void)
{
	made++;
	return failing > 0 && (all_that_follow ? made >= failing : made == failing);
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
	return fails() ? NULL : __real_realloc(memory, size);
}

/* ---- programs ---- */

static struct vet_sim *sim;

static void echo(struct vet_sys *sys, void *context)
{
	static char data[SIZE];
	struct vet_socket listener = { 0 }, peer = { 0 };
	struct vet_address any = vet_address_of(vet_ipv4(0, 0, 0, 0), PORT);
	ssize_t n = 0;
	(void)context;
	if (vet_socket_stream_on(&listener, sys, 4) < 0)
		return;
	vet_socket_timeout_after(&listener, VET_SECONDS(20));
	if (vet_socket_bind(&listener, &any) == 0 && vet_socket_listen(&listener) == 0 &&
	    vet_socket_accept(&listener, &peer, NULL) == 0) {
		vet_socket_timeout_after(&peer, VET_SECONDS(20));
		while ((n = vet_socket_read(&peer, data, sizeof data)) > 0)
			if (vet_socket_write(&peer, data, (size_t)n, NULL) < 0)
				break;
		(void)vet_socket_close(&peer);
	}
	(void)vet_socket_close(&listener);
}

static void ask(struct vet_sys *sys, void *context)
{
	static char data[SIZE];
	struct vet_socket s = { 0 };
	struct vet_address to = vet_address_of(vet_ipv4(10, 0, 0, 1), PORT);
	(void)context;
	(void)(sys->calls->poll)(sys, NULL, 0, VET_MILLISECONDS(1));
	if (vet_socket_stream_on(&s, sys, 4) < 0)
		return;
	vet_socket_timeout_after(&s, VET_SECONDS(20));
	if (vet_socket_connect(&s, &to) == 0 && vet_socket_write(&s, data, SIZE, NULL) == 0 &&
	    vet_socket_read_exact(&s, data, SIZE, NULL) == 0)
		(void)vet_socket_shutdown_write(&s);
	(void)vet_socket_close(&s);
}

static void send_datagrams(struct vet_sys *sys, void *context)
{
	struct vet_socket s = { 0 };
	struct vet_address to = vet_address_of(vet_ipv4(10, 0, 0, 1), PORT);
	void *memory = NULL;
	(void)context;
	if (vet_socket_datagram_on(&s, sys, 4) < 0)
		return;
	for (int i = 0; i < 5; i++)
		(void)!vet_socket_send_to(&s, "hello", 5, &to);
	if ((sys->calls->realloc)(sys, &memory, 100) == 0)
		(void)(sys->calls->realloc)(sys, &memory, 0);
	(void)vet_socket_close(&s);
}

static void wait_for_ever(struct vet_sys *sys, void *context)
{
	struct pollfd three[3];
	(void)context;
	for (unsigned i = 0; i < 3; i++) {
		int fd = (sys->calls->socket)(sys, AF_INET, SOCK_DGRAM, 0);
		three[i] = (struct pollfd){ .fd = fd, .events = POLLIN };
	}
	(void)(sys->calls->poll)(sys, three, 3, -1);
	for (unsigned i = 0; i < 3; i++)
		if (three[i].fd >= 0)
			(void)(sys->calls->close)(sys, three[i].fd);
}

/* ---- runs ---- */

static int see_line(void *context, const char *text, size_t size)
{
	assert_true(size > 1 && text[size - 1] == '\n');
	assert_true(memchr(text, '\n', size - 1) == NULL);
	++*(unsigned *)context;
	return 0;
}

/* Runs what there is of it. */
static void run(void)
{
	unsigned lines = 0;
	(void)!vet_sim_run(sim, NULL);
	vet_sim_describe(sim, see_line, &lines);
	assert_true(lines > 0); /* of main, at least */
}

static void talk(void)
{
	static const char text[] = "@20ms=crash server for 1s; random=5 within 2s; swarm; calm=5s";
	const struct vet_sim_link slow = { .latency = 1000000, .loss = 100000, .rate = 100000000 };
	struct vet_sim_host *server = vet_sim_add_host(sim, "server"), *client;
	struct vet_mischief mischief;
	client = vet_sim_add_host(sim, "client");
	if (server == NULL || client == NULL || vet_sim_set_link(sim, client, NULL, &slow) < 0 ||
	    vet_sim_actor(server, "server", echo, NULL) < 0 ||
	    vet_sim_actor(client, "client", ask, NULL) < 0 ||
	    vet_sim_actor(client, "sender", send_datagrams, NULL) < 0)
		return;
	if (vet_mischief_parse(&mischief, text, sizeof text - 1, NULL) == 0)
		(void)!vet_mischief_begin(sim, &mischief);
}

static void lock(void)
{
	struct vet_sim_host *host = vet_sim_add_host(sim, "host");
	for (unsigned i = 0; host != NULL && i < DEADLOCKED; i++)
		(void)!vet_sim_actor(host, "patient", wait_for_ever, NULL);
}

/* A world with one run of each kind. */
static void live(void)
{
	const struct vet_sim_options options = { .seed = 3, .record = true, .time = VET_HOURS(1) };
	static void (*const begin[])(void) = { talk, lock, talk };
	if (vet_sim_make(&sim) < 0)
		return;
	for (unsigned i = 0; i < sizeof begin / sizeof begin[0]; i++) {
		if (vet_sim_start(sim, &options) < 0)
			continue;
		begin[i]();
		run();
	}
	vet_sim_free(sim);
}

static void every_run_ends_whatever_allocation_fails(void **state)
{
	unsigned long all;
	(void)state;
	failing = made = 0;
	live();
	all = made;
	assert_in_range(all, 100, 2000);
	for (unsigned i = 0; i < 2; i++) {
		all_that_follow = i == 1;
		for (unsigned long at = 1; at <= all; at++) {
			failing = at;
			made = 0;
			live();
			failing = 0; /* cmocka has its own */
			assert_true(made >= at);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_run_ends_whatever_allocation_fails),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
