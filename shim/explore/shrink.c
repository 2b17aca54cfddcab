/* SPDX-License-Identifier: 0BSD */
/* From a plan that fails to one from which nothing can be taken away. */
#include <string.h>

#include "search.h"

enum { SINGLES = 8 /* calls of a fault that lasts: whether one of them is enough */ };

/* Fails in the same way; then this is the violation. */
static bool still_fails(struct search *search, struct vet_violation *violation,
			const struct vet_plan *plan)
{
	unsigned check = vet_search_try(search, plan);
	if (!vet_search_is_same(violation, check, search->trial.message))
		return false;
	for (uint32_t i = 0; i < plan->count; i++)
		if (search->trial.fault.fired[i] == 0)
			return false;
	violation->plan = *plan;
	memcpy(violation->message, search->trial.message, sizeof violation->message);
	return true;
}

static void remove_rule(struct vet_plan *plan, uint32_t at)
{
	plan->count--;
	memmove(&plan->rules[at], &plan->rules[at + 1], (plan->count - at) * sizeof plan->rules[0]);
	memset(&plan->rules[plan->count], 0, sizeof plan->rules[0]);
}

/* Moves a rule to call N of its name; one that lasts goes on lasting. */
static void move(struct vet_rule *rule, uint64_t to)
{
	if (rule->to != UINT64_MAX)
		rule->to = rule->to - rule->from + to;
	rule->from = to;
}

/* The calls have other numbers without the rule that is gone: the others may have to move. */
static bool fails_renumbered(struct search *search, struct vet_violation *violation,
			     struct vet_plan *plan)
{
	if (still_fails(search, violation, plan))
		return true;
	for (uint32_t i = 0; i < plan->count; i++) {
		struct vet_rule whole = plan->rules[i];
		for (uint64_t n = whole.from; n-- > 1;) {
			move(&plan->rules[i], n);
			if (still_fails(search, violation, plan))
				return true;
		}
		plan->rules[i] = whole;
	}
	return false;
}

static bool remove_any(struct search *search, struct vet_violation *violation)
{
	for (uint32_t i = 0; i < violation->plan.count; i++) {
		struct vet_plan plan = violation->plan;
		remove_rule(&plan, i);
		if (fails_renumbered(search, violation, &plan))
			return true;
	}
	return false;
}

/* For one call only, if that is enough; at the first such call; the smallest number. */
static void lower(struct search *search, struct vet_violation *violation, uint32_t i)
{
	struct vet_plan plan = violation->plan;
	for (uint64_t n = 0; n < SINGLES && violation->plan.rules[i].to == UINT64_MAX; n++) {
		plan.rules[i].from = plan.rules[i].to = violation->plan.rules[i].from + n;
		(void)still_fails(search, violation, &plan);
	}
	plan = violation->plan;
	for (uint64_t n = 1; n < violation->plan.rules[i].from; n++) {
		move(&plan.rules[i], n);
		if (still_fails(search, violation, &plan))
			break;
	}
	plan = violation->plan;
	for (int64_t n = 1; plan.rules[i].action == VET_ACTION_SHORT &&
			    n < violation->plan.rules[i].argument && n <= 8;
	     n++) {
		plan.rules[i].argument = n;
		if (still_fails(search, violation, &plan))
			break;
	}
}

void vet_search_shrink(struct search *search, struct vet_violation *violation)
{
	struct vet_plan before;
	while (remove_any(search, violation))
		continue;
	if (violation->check == VET_CHECK_SILENT) /* each try takes the watchdog's time */
		return;
	do {
		before = violation->plan;
		for (uint32_t i = 0; i < violation->plan.count; i++)
			lower(search, violation, i);
	} while (memcmp(&before, &violation->plan, sizeof before) != 0);
}
