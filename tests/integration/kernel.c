/* SPDX-License-Identifier: 0BSD */
#include "kernel.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* shim/host/posix.c as it is compiled where there is no MSG_NOSIGNAL. */
struct vet_sys *vet_sys_posix_masked(void);

static const struct table {
	const char *name;
	struct vet_sys *(*get)(void);
} tables[] = {
	{ "host", vet_sys_host },
	{ "posix", vet_sys_posix },
	{ "posix with a masked SIGPIPE", vet_sys_posix_masked },
};

enum { TABLES = sizeof(tables) / sizeof(tables[0]), WORLDS = 2 * TABLES, MOST_TESTS = 32 };

/* A test in one world, as cmocka is given it. */
struct instance {
	char name[160];
	char world_name[60];
	const struct kernel_test *test;
	struct world world;
	bool missing; /* the family */
};

static _Thread_local enum role role = IN_TEST;
static atomic_int beside;

void checks_end(enum role where)
{
	role = where;
}

void checks_beside(int change)
{
	atomic_fetch_add(&beside, change);
}

static void end_here(const char *file, int line)
{
	if (role == IN_CHILD) {
		_exit(1);
	}
	if (role == IN_WORKER) {
		pthread_exit((void *)1);
	}
	if (atomic_load(&beside) > 0) {
		/* Threads still use what the failing test has on its stack: no test can follow. */
		print_error("%s:%d: fails beside running threads, the program ends\n", file, line);
		_exit(1);
	}
	_fail(file, line);
}

void check_(bool holds, const char *what, const char *file, int line)
{
	if (!holds) {
		print_error("%s:%d: %s does not hold\n", file, line, what);
		end_here(file, line);
	}
}

/* An error by its name, a count as a number. */
static const char *result_text(int64_t result, char text[32])
{
	if (result < 0 && result >= INT32_MIN) {
		return vet_error_name((int)result);
	}
	(void)snprintf(text, 32, "%" PRId64, result);
	return text;
}

int64_t must_(int64_t result, const char *what, const char *file, int line)
{
	if (result < 0) {
		char text[32];
		print_error("%s:%d: %s gave %s\n", file, line, what, result_text(result, text));
		end_here(file, line);
	}
	return result;
}

void same_(int64_t got, int64_t want, const char *what, const char *file, int line)
{
	if (got != want) {
		char got_text[32], want_text[32];
		print_error("%s:%d: %s gave %s, not %s\n", file, line, what,
			    result_text(got, got_text), result_text(want, want_text));
		end_here(file, line);
	}
}

void skip_because(const char *reason)
{
	print_message("skipped: %s\n", reason);
	skip();
}

bool slow_run(void)
{
	return getenv("VETSOCK_SLOW") != NULL;
}

int64_t lateness(void)
{
	return slow_run() ? VET_SECONDS(5) : VET_MILLISECONDS(250);
}

int64_t clock_read(clockid_t clock)
{
	struct timespec now;
	if (clock_gettime(clock, &now) != 0) {
		abort();
	}
	return (int64_t)now.tv_sec * VET_SECONDS(1) + now.tv_nsec;
}

void check_on_time(int64_t start, int64_t after)
{
	int64_t took = clock_read(CLOCK_MONOTONIC) - start;
	if (took < after || took > after + lateness()) {
		print_error("a deadline of %" PRId64 " ns fired after %" PRId64 " ns\n", after,
			    took);
	}
	CHECK(took >= after);
	CHECK(took <= after + lateness());
}

unsigned descriptors_open(void)
{
	DIR *directory = opendir("/proc/self/fd");
	CHECK(directory != NULL);
	unsigned count = 0;
	while (readdir(directory) != NULL) {
		count++;
	}
	closedir(directory);
	return count;
}

bool ipv6_is_there(void)
{
	struct vet_socket s;
	struct vet_address any_port = loopback(6, 0);
	bool there = vet_socket_stream(&s, 6) == 0 && vet_socket_bind(&s, &any_port) == 0;
	vet_socket_close(&s);
	return there;
}

static void run_instance(void **state)
{
	const struct instance *instance = *state;
	if (instance->missing) {
		skip_because("::1 cannot be bound: no IPv6 here");
	}
	unsigned before = descriptors_open();
	instance->test->run(&instance->world);
	SAME(descriptors_open(), before);
}

static void instance_make(struct instance *instance, const struct kernel_test *test, size_t world)
{
	const struct table *table = &tables[world % TABLES];
	int family = world < TABLES ? 4 : 6;
	static int ipv6 = -1;
	if (ipv6 < 0) {
		ipv6 = ipv6_is_there();
	}
	(void)snprintf(instance->world_name, sizeof(instance->world_name), "%s, IPv%d", table->name,
		       family);
	(void)snprintf(instance->name, sizeof(instance->name), "%s [%s]", test->name,
		       instance->world_name);
	instance->test = test;
	instance->world = (struct world){ instance->world_name, table->get(), family };
	instance->missing = family == 6 && !ipv6;
}

int kernel_run(const char *group, const struct kernel_test *tests, size_t count)
{
	static struct instance instances[MOST_TESTS * WORLDS];
	static struct CMUnitTest units[MOST_TESTS * WORLDS];
	static const size_t worlds[] = {
		[EVERY_WORLD] = WORLDS, [EVERY_TABLE] = TABLES, [HOST_ALONE] = 1
	};
	size_t made = 0;

	if (count > MOST_TESTS) {
		(void)fprintf(stderr, "%s: more tests than there is room for\n", group);
		return 1;
	}
	alarm(slow_run() ? 600 : 120);
	for (size_t i = 0; i < count; i++) {
		for (size_t world = 0; world < worlds[tests[i].spread]; world++) {
			struct instance *instance = &instances[made];
			instance_make(instance, &tests[i], world);
			units[made++] = (struct CMUnitTest){ .name = instance->name,
							     .test_func = run_instance,
							     .initial_state = instance };
		}
	}
	return _cmocka_run_group_tests(group, units, made, NULL, NULL);
}
