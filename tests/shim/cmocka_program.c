/* SPDX-License-Identifier: 0BSD */
/* What a user of CMocka writes; four of its tests fail, and cmocka_test.py reads what they say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <vetsock/cmocka.h>
#include <vetsock/vetsock.h>

#include "../specimens/specimens.h"

static struct vet_scenario scenario(const char *specimen, bool fixed, const char *name)
{
	const struct specimen *at;
	for (size_t i = 0; (at = specimen_at(i)) != NULL; i++)
		if (strcmp(at->name, specimen) == 0)
			return specimen_scenario(at, fixed, name);
	fail_msg("there is no specimen %s", specimen);
	return (struct vet_scenario){ 0 };
}

static void a_client_with_a_bug_is_told(void **state)
{
	struct vet_scenario broken = scenario("short-write-ignored", false, "it's cut");
	(void)state;
	vet_explore_assert(&broken);
}

static void a_client_without_it_passes(void **state)
{
	struct vet_scenario fixed = scenario("short-write-ignored", true, "it is not");
	(void)state;
	vet_explore_assert_deeper(&fixed, 2);
}

static void what_needs_two_faults_is_told_deeper(void **state)
{
	struct vet_scenario broken = scenario("prefix-sent-twice", false, "sent twice");
	(void)state;
	vet_explore_assert_deeper(&broken, 2);
}

static void leak(struct vet_trial *trial)
{
	struct vet_socket s;
	vet_trial_check(trial, vet_socket_stream_on(&s, vet_trial_sys(trial), 4) == 0);
}

static void what_fails_without_faults_is_told(void **state)
{
	static const struct vet_scenario leaks = { .name = "leaks", .run = leak };
	(void)state;
	vet_explore_assert(&leaks);
}

/* What a layer did to two calls of the clock. */
static void look_at_clock(struct vet_fault *fault, const struct vet_plan *plan)
{
	struct vet_sys *sys = vet_fault_start(fault, vet_sys_host(), plan, 0);
	int64_t now;
	assert_non_null(sys);
	for (int i = 0; i < 2; i++)
		assert_int_equal((sys->calls->now)(sys, &now), 0);
}

static void a_rule_that_fired_is_no_failure(void **state)
{
	static struct vet_fault fault;
	struct vet_plan plan;
	(void)state;
	assert_int_equal(vet_plan_parse("now@2=jump:1h", 13, &plan, NULL), 0);
	look_at_clock(&fault, &plan);
	vet_fault_assert_fired(&fault);
}

static void a_rule_that_never_fired_is_told(void **state)
{
	static struct vet_fault fault;
	struct vet_plan plan;
	(void)state;
	assert_int_equal(vet_plan_parse("now@2=jump:1h; now@3=jump:2h", 28, &plan, NULL), 0);
	look_at_clock(&fault, &plan);
	vet_fault_assert_fired(&fault);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_client_with_a_bug_is_told),
		cmocka_unit_test(a_client_without_it_passes),
		cmocka_unit_test(what_needs_two_faults_is_told_deeper),
		cmocka_unit_test(what_fails_without_faults_is_told),
		cmocka_unit_test(a_rule_that_fired_is_no_failure),
		cmocka_unit_test(a_rule_that_never_fired_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
