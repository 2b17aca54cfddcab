/* SPDX-License-Identifier: 0BSD */
/*
 * Every scenario of vetsock's own, under every lawful fault at every call: nothing breaks, and no
 * operation was spared anything that its calls may lawfully give.
 *	explore_test [DEPTH [DEEPEST [splits]]]
 * Its last line is the same wherever it runs, the hash included (ci/traces).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vetsock/explore.h>

#include "scenarios.h"

static void tell(void *context, const struct vet_violation *violation)
{
	static char plan[VET_PLAN_TEXT_SIZE];
	(void)context;
	if (vet_plan_format(&violation->plan, plan, sizeof plan) < 0)
		strcpy(plan, "(no plan)");
	printf("%s: %s: %s: %s\n", violation->scenario->name, vet_check_name(violation->check),
	       violation->message, plan);
}

/* What no run had, though it is lawful there. */
static void tell_cell(void *context, const struct vet_operation *operation,
		      const struct vet_lawful *row, bool fired)
{
	static char text[VET_PLAN_TEXT_SIZE];
	struct vet_plan plan = { .count = 1 };
	(void)context;
	plan.rules[0] = (struct vet_rule){ .entry = row->entry,
					   .action = row->action,
					   .after = row->after,
					   .from = 1,
					   .to = UINT64_MAX,
					   .argument = row->argument };
	if (row->action == VET_ACTION_SHORT)
		plan.rules[0].argument = 1;
	if (!fired && vet_plan_format(&plan, text, sizeof text) >= 0)
		printf("%s: %s never fired (%s)\n", operation != NULL ? operation->name : "-", text,
		       row->clause);
}

static void tell_figures(const struct vet_explore_report *r)
{
	printf("%llu scenarios, %llu runs, %llu calls, %llu traces (hash %016llx); %llu of %llu cells "
	       "fired; %llu runs were ended\n",
	       (unsigned long long)r->scenarios, (unsigned long long)r->runs,
	       (unsigned long long)r->calls, (unsigned long long)r->traces,
	       (unsigned long long)r->hash, (unsigned long long)r->fired,
	       (unsigned long long)r->cells, (unsigned long long)r->ended);
}

/* Two scenarios of one name could not be told apart. */
static int names_are_unique(const struct vet_scenario *scenarios, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (strcmp(scenarios[i].name, scenarios[j].name) == 0) {
				printf("two scenarios are named \"%s\"\n", scenarios[i].name);
				return 0;
			}
	return 1;
}

int main(int argc, char **argv)
{
	size_t count;
	const struct vet_scenario *scenarios = scenarios_all(&count);
	struct vet_explore_report report = { 0 };
	struct vet_explore_options options = {
		.depth = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1,
		.deepest = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0,
		.splits = argc > 3 && strcmp(argv[3], "splits") == 0,
		.found = tell,
		.cell = tell_cell,
	};
	int broken = 0;
	if (!names_are_unique(scenarios, count))
		return 1;
	for (size_t i = 0; i < count; i++) {
		int r = vet_explore(&scenarios[i], 1, &options, &report);
		if (r < 0)
			printf("%s: could not be explored\n", scenarios[i].name);
		broken += r != 0;
	}
	tell_figures(&report);
	return broken > 0 || report.fired < report.cells;
}
