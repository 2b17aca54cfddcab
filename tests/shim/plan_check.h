/* SPDX-License-Identifier: 0BSD */
/* What the tests of fault plans share. */
#ifndef VETSOCK_TEST_PLAN_CHECK_H
#define VETSOCK_TEST_PLAN_CHECK_H

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <vetsock/layer.h>
#include <vetsock/plan.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define COUNT_MOST   UINT64_C(9223372036854775807)
#define FOR_EVER     UINT64_MAX

static const struct vet_text_error no_error;
static const struct vet_plan no_rules;

/* A small generator with good bits (splitmix64): the same numbers everywhere. */
static inline uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static inline size_t pick(uint64_t *state, size_t bound)
{
	return (size_t)(next_random(state) % bound);
}

/* Small numbers as often as great ones; from 1 to `most`. */
static inline uint64_t pick_count(uint64_t *state, uint64_t most)
{
	uint64_t number = next_random(state) >> pick(state, 64);

	return number % most + 1;
}

/* Parses the last bytes of a block of memory, so that a checker sees each read past them, into a
 * plan that holds other things. */
static inline int parse(const char *text, size_t size, struct vet_plan *plan,
			struct vet_text_error *error)
{
	char *copy = malloc(size);
	int result;

	assert_true(copy != NULL || size == 0);
	if (size > 0)
		memcpy(copy, text, size);
	memset(plan, 0xa5, sizeof(*plan));
	memset(error, 0xa5, sizeof(*error));
	result = vet_plan_parse(copy, size, plan, error);
	free(copy);
	return result;
}

static inline struct vet_plan must_parse(const char *text)
{
	struct vet_text_error error;
	struct vet_plan plan;

	if (parse(text, strlen(text), &plan, &error) != 0)
		fail_msg("\"%s\" at %zu: %s", text, error.offset, error.reason);
	return plan;
}

static inline void must_equal(const char *text, const struct vet_plan *got,
			      const struct vet_plan *want)
{
	if (memcmp(got, want, sizeof(*got)) != 0)
		fail_msg("\"%s\" means another plan", text);
}

/* A failure says where within the text, or right behind it, and gives no plan. */
static inline void must_explain(const char *text, size_t size, const struct vet_plan *plan,
				const struct vet_text_error *error)
{
	if (error->offset > size || error->length == 0 ||
	    error->length > size - error->offset + (error->offset == size) ||
	    error->reason == NULL || error->reason[0] == '\0')
		fail_msg("\"%.*s\": %zu bytes at %zu are to blame", (int)size, text, error->length,
			 error->offset);
	must_equal(text, plan, &no_rules);
}

/* What is good is printed, and what is printed means the same and is printed as it is. */
static inline void must_come_back(const struct vet_plan *plan)
{
	char text[VET_PLAN_TEXT_SIZE], again[VET_PLAN_TEXT_SIZE];
	int length = vet_plan_format(plan, text, sizeof(text));
	struct vet_plan read;

	assert_true(length >= 0);
	assert_int_equal(length, strlen(text));
	read = must_parse(text);
	must_equal(text, &read, plan);
	assert_int_equal(vet_plan_format(&read, again, sizeof(again)), length);
	assert_string_equal(again, text);
}

/* For rows of rules: from and to of every call. */
#define ALWAYS       1, FOR_EVER
#define CALL(name)   VET_CALL_##name
#define ACTION(name) VET_ACTION_##name

/* Something of everything. */
static const char long_plan[] =
	" seed:18446744073709551615 ; send#12@2-34=short:5; recv@1+ = EINTR after\t; "
	"getsockopt@1=value:ECONNREFUSED; interface_index=value:7; poll@50%=events:IN|OUT|RDHUP; "
	"accept=length:12; getpeername=family:2;\r\n*@3=delay:1500ms; now=jump:-40s; now=freeze; "
	"send@byte:9=signal:SIGUSR1; *=pass; poll=timeout; poll=spurious after; pread=zero\n";

/* clang-format off */
static const struct { const char *name; int number; } signals[] = {
	{ "HUP", SIGHUP }, { "INT", SIGINT }, { "QUIT", SIGQUIT }, { "USR1", SIGUSR1 }, { "USR2", SIGUSR2 },
	{ "PIPE", SIGPIPE }, { "ALRM", SIGALRM }, { "TERM", SIGTERM }, { "CHLD", SIGCHLD }, { "CONT", SIGCONT },
	{ "URG", SIGURG }, { "IO", SIGIO }, { "WINCH", SIGWINCH }, { "VTALRM", SIGVTALRM }, { "PROF", SIGPROF },
};
/* clang-format on */

#endif
