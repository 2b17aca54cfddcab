/* SPDX-License-Identifier: 0BSD */
/*
 * What cannot fail proves nothing: the explorer finds every specimen's bug, by itself, with a plan of
 * as few rules as the bug takes, which replayed alone shows it again; and finds nothing in the version
 * without the bug.  Prints what it found as a table.
 *
 *	specimens_test README.md [NAME]
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "specimens.h"

enum { LEAST = 36 /* specimens */ };

static unsigned failures;
static char plan_text[VET_PLAN_TEXT_SIZE];

static void fail(const char *name, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	printf("FAILED %s: ", name);
	vprintf(format, arguments);
	printf("\n");
	va_end(arguments);
	failures++;
}

static const char *text_of(const struct vet_plan *plan)
{
	if (vet_plan_format(plan, plan_text, sizeof plan_text) < 0)
		return "(a plan without text)";
	return plan_text;
}

/* ---- one exploration ---- */

/* What is looked for, and what was found. */
struct finding {
	unsigned check;
	bool is_found;
	struct vet_violation first; /* with that check */
	unsigned others;
	struct vet_violation other; /* the first with another */
};

static void found(void *context, const struct vet_violation *violation)
{
	struct finding *finding = context;
	if (violation->check != finding->check) {
		if (finding->others++ == 0)
			finding->other = *violation;
	} else if (!finding->is_found) {
		finding->is_found = true;
		finding->first = *violation;
	}
}

/* The violations, or a negative error. */
static int explore(const struct specimen *specimen, bool fixed, unsigned depth,
		   const struct vet_plan *plan, struct finding *finding)
{
	struct vet_scenario scenario = specimen_scenario(specimen, fixed, specimen->name);
	struct vet_explore_options options = {
		.depth = depth,
		.plan = plan,
		.found = found,
		.context = finding,
	};
	*finding = (struct finding){ .check = specimen->check };
	return vet_explore(&scenario, 1, &options, NULL);
}

static const struct vet_violation *any_of(const struct finding *finding)
{
	return finding->is_found ? &finding->first : &finding->other;
}

static void tell_unexpected(const struct specimen *specimen, const char *what, int result,
			    const struct finding *finding)
{
	const struct vet_violation *v = any_of(finding);
	if (finding->is_found || finding->others > 0)
		fail(specimen->name, "%s: %s, %s, by '%s'", what, vet_check_name(v->check),
		     v->message, text_of(&v->plan));
	else
		fail(specimen->name, "%s: %d, and nothing was told", what, result);
}

/* ---- what is asked of each specimen ---- */

static void the_bug_is_found(const struct specimen *specimen, struct finding *finding)
{
	int r = explore(specimen, false, 1, NULL, finding);
	if (r >= 0 && !finding->is_found)
		r = explore(specimen, false, 2, NULL, finding);
	if (r < 0 || !finding->is_found) {
		tell_unexpected(specimen, "its bug was not found", r, finding);
		return;
	}
	if (finding->others > 0)
		fail(specimen->name, "another bug, too: %s, %s, by '%s'",
		     vet_check_name(finding->other.check), finding->other.message,
		     text_of(&finding->other.plan));
	if (finding->first.plan.count != specimen->rules)
		fail(specimen->name, "%u rules, not %u: '%s'", finding->first.plan.count,
		     specimen->rules, text_of(&finding->first.plan));
	printf("%-36s %-9s %s\n", specimen->name, vet_check_name(specimen->check),
	       text_of(&finding->first.plan));
}

static void the_plan_shows_it_again(const struct specimen *specimen, const struct vet_plan *plan)
{
	struct finding finding;
	int r = explore(specimen, false, 1, plan, &finding);
	if (r < 0 || !finding.is_found || finding.others > 0) {
		tell_unexpected(specimen, "a plan alone did not show the bug, and only it", r,
				&finding);
		printf("\tthe plan: '%s'\n", text_of(plan));
	}
}

static void the_fixed_version_stands_it(const struct specimen *specimen,
					const struct vet_plan *plan)
{
	struct finding finding;
	int r = explore(specimen, true, 1, plan, &finding);
	if (r != 0)
		tell_unexpected(specimen, "the fixed version does not stand its plan", r, &finding);
}

static void the_fixed_version_holds(const struct specimen *specimen)
{
	struct finding finding;
	int r = explore(specimen, true, 2, NULL, &finding);
	if (r != 0)
		tell_unexpected(specimen, "the fixed version does not hold", r, &finding);
}

static void try_specimen(const struct specimen *specimen)
{
	struct finding finding;
	struct vet_plan plan;
	if (vet_plan_parse(specimen->plan, strlen(specimen->plan), &plan, NULL) < 0) {
		fail(specimen->name, "'%s' is no plan", specimen->plan);
		return;
	}
	the_bug_is_found(specimen, &finding);
	if (finding.is_found)
		the_plan_shows_it_again(specimen, &finding.first.plan);
	the_plan_shows_it_again(specimen, &plan);
	the_fixed_version_stands_it(specimen, &plan);
	the_fixed_version_holds(specimen);
}

/* ---- the list ---- */

/* Each is told of in the README, under its own name, which no other has. */
static void the_list_is_complete(const char *readme)
{
	const struct specimen *at, *other;
	static char text[1 << 17];
	char entry[128];
	FILE *file = fopen(readme, "r");
	size_t count = 0, rows = 0;
	if (file == NULL) {
		fail(readme, "cannot be read");
		return;
	}
	text[fread(text, 1, sizeof text - 1, file)] = '\0';
	fclose(file);
	for (; (at = specimen_at(count)) != NULL; count++) {
		(void)snprintf(entry, sizeof entry, "`%s`", at->name);
		if (strstr(text, entry) == NULL)
			fail(at->name, "is missing in %s", readme);
		for (size_t i = 0; (other = specimen_at(i)) != at; i++)
			if (strcmp(other->name, at->name) == 0)
				fail(at->name, "is there twice");
	}
	for (const char *row = text; (row = strstr(row, "\n| `")) != NULL; row++)
		rows++;
	if (rows != count)
		fail(readme, "it tells of %zu specimens, and there are %zu", rows, count);
	if (count < LEAST)
		fail("the list", "%zu specimens, fewer than %d", count, LEAST);
	printf("%zu specimens\n", count);
}

int main(int argc, char **argv)
{
	const struct specimen *at;
	bool without_silent = argc == 3 && strcmp(argv[2], "--without-silent") == 0;
	if (argc < 2) {
		fprintf(stderr, "usage: specimens_test README.md [NAME | --without-silent]\n");
		return 2;
	}
	the_list_is_complete(argv[1]);
	for (size_t i = 0; (at = specimen_at(i)) != NULL; i++) {
		if (without_silent && at->check == VET_CHECK_SILENT)
			printf("skipped: %s: no signal interrupts a program that makes no call, under "
			       "this sanitizer\n",
			       at->name);
		else if (argc < 3 || without_silent || strcmp(argv[2], at->name) == 0)
			try_specimen(at);
	}
	printf("%u failures\n", failures);
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
