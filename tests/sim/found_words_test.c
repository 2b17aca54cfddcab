/* SPDX-License-Identifier: 0BSD */
/* What is said of a run in which nobody can go on: of each actor, what it waits for and since when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "found_world.h"

enum { TEXT = 4096 };

static char text[TEXT];

static int keep(void *context, const char *line, size_t size)
{
	size_t held = strlen(text);
	(void)context;
	assert_true(size > 0 && line[size - 1] == '\n');
	if (held + size < TEXT) {
		memcpy(text + held, line, size);
		text[held + size] = '\0';
	}
	return 0;
}

static const char *described(void)
{
	text[0] = '\0';
	vet_sim_describe(sim, keep, NULL);
	return text;
}

static void check_says(const char *line)
{
	if (strstr(text, line) == NULL)
		fail_msg("'%s' is not said of:\n%s", line, text);
}

/* ---- programs ---- */

static void read_for_ever(struct vet_sys *on, void *context)
{
	struct pollfd one = { .events = POLLIN };
	(void)context;
	one.fd = (on->calls->socket)(on, AF_INET, SOCK_DGRAM, 0);
	(void)(on->calls->poll)(on, &one, 1, -1);
	(void)(on->calls->close)(on, one.fd);
}

/* For one of two, from a second after the start. */
static void hear_for_ever(struct vet_sys *on, void *context)
{
	struct pollfd two[] = { { .events = POLLIN }, { .events = POLLIN } };
	(void)context;
	(void)(on->calls->poll)(on, NULL, 0, VET_SECONDS(1));
	for (unsigned i = 0; i < 2; i++)
		two[i].fd = (on->calls->socket)(on, AF_INET, SOCK_DGRAM, 0);
	(void)(on->calls->poll)(on, two, 2, -1);
	for (unsigned i = 0; i < 2; i++)
		(void)(on->calls->close)(on, two[i].fd);
}

static void return_at_once(struct vet_sys *on, void *context)
{
	(void)on;
	(void)context;
}

static void fail_after_a_second(struct vet_sys *on, void *context)
{
	(void)(on->calls->poll)(on, NULL, 0, VET_SECONDS(1));
	vet_sim_fail(sim, context);
}

static void actor(struct vet_sim_host *host, const char *name, vet_sim_run_function run)
{
	static char why[] = "enough";
	assert_int_equal(vet_sim_actor(host, name, run, why), 0);
}

/* ---- tests ---- */

/* As the observer has it when it happens. */
static char told[TEXT];

static void see_failure(void *context, const struct vet_sim_event *event)
{
	(void)context;
	assert_int_equal(event->kind, VET_SIM_FAILURE);
	assert_string_equal(told, ""); /* once */
	memcpy(told, described(), TEXT);
}

static void start_and_fail(const struct vet_sim_observer *observer)
{
	const struct vet_sim_options options = { .seed = 1, .observer = observer };
	struct vet_sim_report report;
	assert_int_equal(vet_sim_start(sim, &options), 0);
	near = vet_sim_add_host(sim, "near");
	far = vet_sim_add_host(sim, "far");
	actor(near, "reader", read_for_ever);
	actor(far, "hearer", hear_for_ever);
	actor(far, "quick", return_at_once);
	assert_int_equal(vet_sim_run(sim, &report), -EINVAL);
	assert_int_equal(report.end, VET_SIM_DEADLOCK);
	assert_int_equal(report.open, 0);
}

static void check_words(void)
{
	check_says("actor main waits for the others, since 0s\n");
	check_says("actor reader of near waits for descriptor 3 to be read, since 0.0000000");
	check_says("actor hearer of far waits for descriptor 3 to be read, or another of 2, "
		   "since 1.0000000");
	check_says("actor quick of far has ended\n");
	assert_null(strstr(text, " runs"));
}

static void deadlock_keeps_what_each_actor_waits_for(void **state)
{
	(void)state;
	start_and_fail(NULL);
	described();
	check_words();
}

static void deadlock_is_described_to_its_observer(void **state)
{
	static const struct vet_sim_observer observer = { .event = see_failure,
							  .wants = 1U << VET_SIM_FAILURE };
	(void)state;
	told[0] = '\0';
	start_and_fail(&observer);
	memcpy(text, told, TEXT);
	check_words();
	check_says("datagram socket 1 of near: "); /* sockets are told as they are */
	assert_null(strstr(described(), "socket "));
}

static void words_go_with_the_run(void **state)
{
	(void)state;
	start_and_fail(NULL);
	assert_int_equal(vet_sim_start(sim, &(struct vet_sim_options){ .seed = 1 }), 0);
	assert_string_equal(described(), "actor main runs\n");
	near = vet_sim_add_host(sim, "near");
	actor(near, "quick", return_at_once);
	assert_int_equal(vet_sim_run(sim, NULL), 0);
	assert_string_equal(described(), "actor main runs\nactor quick of near has ended\n");
}

static void failure_keeps_them_as_well(void **state)
{
	struct vet_sim_report report;
	(void)state;
	assert_int_equal(vet_sim_start(sim, &(struct vet_sim_options){ .seed = 1 }), 0);
	near = vet_sim_add_host(sim, "near");
	actor(near, "reader", read_for_ever);
	actor(near, "judge", fail_after_a_second);
	assert_int_equal(vet_sim_run(sim, &report), -EINVAL);
	assert_string_equal(report.why, "enough");
	described();
	check_says("actor reader of near waits for descriptor 3 to be read, since 0.0000000");
	check_says("actor judge of near runs\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deadlock_keeps_what_each_actor_waits_for),
		cmocka_unit_test(deadlock_is_described_to_its_observer),
		cmocka_unit_test(words_go_with_the_run),
		cmocka_unit_test(failure_keeps_them_as_well),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
