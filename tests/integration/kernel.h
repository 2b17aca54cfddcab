/* SPDX-License-Identifier: 0BSD */
/*
 * What the tests on the real kernel share: worlds (a table of system calls and a family) to run
 * each test in, checks that work in the test, in its threads and in its forked children, sockets on
 * loopback, and clocks.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include <vetsock/vetsock.h>

/* ---- tests and the worlds that they run in ---- */

struct world {
	const char *name; /* "host, IPv4" */
	struct vet_sys *sys;
	int family;
};

/* How many worlds a test runs in. */
enum spread {
	EVERY_WORLD, /* each table with each family */
	EVERY_TABLE, /* each table, on IPv4 */
	HOST_ALONE,  /* vet_sys_host() on IPv4: what is tested is the kernel */
};

struct kernel_test {
	const char *name; /* a sentence */
	void (*run)(const struct world *world);
	enum spread spread;
};

/* A test's name is its function's. */
#define KERNEL_TEST(function, spread) \
	{ \
#function, function, spread \
	}

/* Runs the tests in their worlds, counts the open descriptors before and after each, and returns
 * what main returns.  The program is killed if it takes longer than any honest run. */
int kernel_run(const char *group, const struct kernel_test *tests, size_t count);

/* Ends the test as skipped, and says why on the screen. */
void skip_because(const char *reason);

/* Whether ::1 can be bound. */
bool ipv6_is_there(void);
/* Whether the run is slowed down (Valgrind): fewer bytes, longer patience. */
bool slow_run(void);
/* How late a deadline may fire: by scheduling, and by what the kernel adds. */
int64_t lateness(void);

/* ---- checks: they end the test, the child (exit status 1) or the thread that makes them ---- */

enum role { IN_TEST, IN_CHILD, IN_WORKER };
void checks_end(enum role role);
/* How many threads are running beside the test: +1, -1. */
void checks_beside(int change);

void check_(bool holds, const char *what, const char *file, int line);
int64_t must_(int64_t result, const char *what, const char *file, int line);
void same_(int64_t got, int64_t want, const char *what, const char *file, int line);

#define CHECK(condition) check_((condition), #condition, __FILE__, __LINE__)
/* A call that must not fail; its result. */
#define MUST(call) must_((call), #call, __FILE__, __LINE__)
/* A result that must be this count or this error; errors are printed by name. */
#define SAME(call, want) same_((call), (want), #call, __FILE__, __LINE__)

/* ---- sockets on loopback, each with a deadline beyond all patience, so that nothing hangs ---- */

/* A connection: near made it, far was accepted. */
struct pair {
	struct vet_socket near, far;
};

struct vet_address loopback(int family, uint32_t port);
void patient(struct vet_socket *s);
void listener_open(const struct world *world, struct vet_socket *listener,
		   struct vet_address *where);
void datagram_open(const struct world *world, struct vet_socket *s, struct vet_address *where);
void pair_open(const struct world *world, struct pair *pair);
/* With buffers so small that the sender can be little ahead of the receiver. */
void pair_open_small(const struct world *world, struct pair *pair);
void pair_close(struct pair *pair);
/* An address on loopback that refuses streams and datagrams as long as both holders are open. */
void refused_open(const struct world *world, struct vet_socket holders[2],
		  struct vet_address *where);
void refused_close(struct vet_socket holders[2]);
/* A listener whose queue is full, so that a further connect stays under way; fillers hold it. */
void full_listener_open(const struct world *world, struct vet_socket *listener,
			struct vet_socket fillers[2], struct vet_address *where);

/* ---- clocks and counts ---- */

/* One of clock_gettime(2)'s clocks, in nanoseconds. */
int64_t clock_read(clockid_t clock);
/* That a deadline of `after`, set at `start` on CLOCK_MONOTONIC, fired just now: not early and not
 * late. */
void check_on_time(int64_t start, int64_t after);
unsigned descriptors_open(void);

#endif
