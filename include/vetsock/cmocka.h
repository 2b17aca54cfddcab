/* SPDX-License-Identifier: 0BSD */
/*
 * For tests that use CMocka: exploring as an assertion.
 *
 *	static void no_lawful_fault_breaks_my_client(void **state)
 *	{
 *		(void)state;
 *		vet_explore_assert(&my_client); // a struct vet_scenario, of explore.h
 *	}
 *
 * A test that fails tells each violation with the line that runs it again, alone:
 *
 *	my client: bytes: a byte that was sent is not the one that was expected: byte 1 (from 0)
 *	VETSOCK_SCENARIO='my client' VETSOCK_PLAN='send@1=short:1' ./my_test
 *
 * The environment:
 *	VETSOCK_PLAN      vet_explore_assert() runs only this plan (plan.h), and fails if something does
 *	                  not hold, or if a rule never fired.  '': without faults.
 *	VETSOCK_SCENARIO  the other scenarios of the program are left alone, and it is said.
 *	VETSOCK_TRACE     with VETSOCK_PLAN: not empty, nor 0: each call is printed (trace.h).
 *
 * No assertion of CMocka may fail inside the scenario: it would leave vet_explore() by a jump,
 * whose watchdog then still runs.  vet_trial_check() is for that.  A program that crashes fails as
 * CMocka has it, without a plan: `vetsock explore --load` tells that.
 *
 * Functions of this header alone (inline); needs libvetsock-shim and CMocka.
 */
#ifndef VETSOCK_CMOCKA_H
#define VETSOCK_CMOCKA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <vetsock/error.h>
#include <vetsock/explore.h>
#include <vetsock/fault.h>

VET_BEGIN_DECLS

/* Explores one scenario (a pointer): every lawful fault, one at a time; or up to `depth` at once;
 * and every way of cutting, if it has split_out or split_in. */
#define vet_explore_assert(scenario) vet_explore_assert_deeper(scenario, 1)
#define vet_explore_assert_deeper(scenario, depth) \
	do { \
		const char *vet_cmocka_why = vet_cmocka_explore((scenario), (depth)); \
		if (*vet_cmocka_why) \
			fail_msg("%s", vet_cmocka_why); \
	} while (0)

/* That every rule of a fault layer's plan (a pointer to it) has fired: one that has not tested
 * nothing. */
#define vet_fault_assert_fired(fault) \
	do { \
		const char *vet_cmocka_why = vet_cmocka_unfired((fault)); \
		if (*vet_cmocka_why) \
			fail_msg("%s", vet_cmocka_why); \
	} while (0)

/* ---- what these are made of; C++ may include it: no cast, no NULL ---- */

enum { VET_CMOCKA_TEXT = 512 };

/* A word as a shell wants it, cut if it is very long. */
static inline const char *vet_cmocka_quoted(const char *word, char (*text)[VET_CMOCKA_TEXT])
{
	size_t at = 0;
	(*text)[at++] = '\'';
	for (; *word != '\0' && at + 6 < sizeof *text; word++) {
		(*text)[at++] = *word;
		if (*word == '\'') { /* ends the quotes, says one, and begins them again */
			memcpy(*text + at, "\\''", 3);
			at += 3;
		}
	}
	(*text)[at++] = '\'';
	(*text)[at] = '\0';
	return *text;
}

/* How the program was called.  Only Linux tells it to whoever did not get it from main(). */
static inline const char *vet_cmocka_program(char (*text)[VET_CMOCKA_TEXT])
{
	char name[VET_CMOCKA_TEXT / 2] = "PROGRAM";
	FILE *file = fopen("/proc/self/cmdline", "r");
	if (file) {
		size_t size = fread(name, 1, sizeof name - 1, file);
		name[size] = '\0';
		(void)fclose(file);
	}
	if (strpbrk(name, " \t\n\"#$&'()*;<>?[\\]`{|}~"))
		return vet_cmocka_quoted(name, text);
	(void)snprintf(*text, sizeof *text, "%s", name);
	return *text;
}

static inline void vet_cmocka_found(void *context, const struct vet_violation *violation)
{
	char plan[VET_PLAN_TEXT_SIZE], name[VET_CMOCKA_TEXT], program[VET_CMOCKA_TEXT];
	(void)context;
	print_error("%s: %s: %s\n", violation->scenario->name, vet_check_name(violation->check),
		    violation->message);
	if (vet_plan_format(&violation->plan, plan, sizeof plan) < 0)
		return;
	print_error("VETSOCK_SCENARIO=%s ", vet_cmocka_quoted(violation->scenario->name, &name));
	print_error("VETSOCK_PLAN='%s' %s\n", plan, vet_cmocka_program(&program));
}

static inline int vet_cmocka_print(void *context, const char *text, size_t size)
{
	(void)context;
	return fwrite(text, 1, size, stdout) == size ? 0 : -1;
}

/* Whether VETSOCK_PLAN holds a plan; if not, a caret is put under what is wrong. */
static inline bool vet_cmocka_plan(const char *text, struct vet_plan *plan)
{
	struct vet_text_error error;
	struct vet_plan one;
	size_t first;
	if (vet_plan_parse(text, strlen(text), plan, &error) < 0) {
		print_error("VETSOCK_PLAN: %s\n%s\n", error.reason, text);
		for (size_t i = 0; i < error.offset; i++)
			print_error(" ");
		print_error("^\n");
		return false;
	}
	if (vet_plan_lawful(plan, &first))
		return true;
	memset(&one, 0, sizeof one);
	one.count = 1;
	one.rules[0] = plan->rules[first];
	{
		char rule[VET_PLAN_TEXT_SIZE];
		if (vet_plan_format(&one, rule, sizeof rule) < 0)
			rule[0] = '\0';
		print_error("VETSOCK_PLAN: '%s' is nowhere lawful (vetsock catalogue)\n", rule);
	}
	return false;
}

/* "", or how it ended. */
static inline const char *vet_cmocka_explore(const struct vet_scenario *scenario, unsigned depth)
{
	static char why[VET_CMOCKA_TEXT];
	struct vet_plan plan;
	struct vet_explore_options options;
	struct vet_explore_report report;
	const char *only = getenv("VETSOCK_SCENARIO"), *given = getenv("VETSOCK_PLAN"),
		   *trace = getenv("VETSOCK_TRACE");
	int found;
	if (only && strcmp(only, scenario->name) != 0) {
		print_message("%s: left alone (VETSOCK_SCENARIO)\n", scenario->name);
		return "";
	}
	memset(&options, 0, sizeof options);
	memset(&report, 0, sizeof report);
	options.depth = depth;
	options.splits = true;
	options.found = vet_cmocka_found;
	if (given) {
		if (!vet_cmocka_plan(given, &plan))
			return "VETSOCK_PLAN is no plan that can be run";
		options.plan = &plan;
		if (trace && trace[0] != '\0' && strcmp(trace, "0") != 0)
			options.trace = vet_cmocka_print;
	}
	found = vet_explore(scenario, 1, &options, &report);
	(void)fflush(stdout);
	if (found == 0)
		return "";
	if (found > 0)
		(void)snprintf(why, sizeof why, "%.200s: violations: %d", scenario->name, found);
	else if (report.violations > 0)
		(void)snprintf(why, sizeof why, "%.200s: it fails without any fault",
			       scenario->name);
	else
		(void)snprintf(why, sizeof why, "%.200s: could not be explored: %s", scenario->name,
			       vet_error_name(found));
	return why;
}

static inline const char *vet_cmocka_unfired(const struct vet_fault *fault)
{
	static char why[VET_CMOCKA_TEXT];
	char text[VET_PLAN_TEXT_SIZE];
	struct vet_plan one;
	size_t first;
	if (vet_fault_unfired(fault, &first) == 0)
		return "";
	memset(&one, 0, sizeof one);
	one.count = 1;
	one.rules[0] = fault->plan->rules[first];
	if (vet_plan_format(&one, text, sizeof text) < 0)
		text[0] = '\0';
	(void)snprintf(why, sizeof why, "rule %zu, '%.200s', never fired", first + 1, text);
	return why;
}

VET_END_DECLS

#endif
