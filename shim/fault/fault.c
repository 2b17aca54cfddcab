/* SPDX-License-Identifier: 0BSD */
/* The fault layer: a call on its way through it, and what a run leaves behind. */
#include <vetsock/fault.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <vetsock/error.h>

#include "automaton.h"
#include "rule.h"

/* The layer does not believe what it made up itself: what stays of it is the row's affair. */
static bool is_made_up(const struct vet_rule *rule)
{
	const unsigned actions = 1U << VET_ACTION_SPURIOUS | 1U << VET_ACTION_EVENTS |
				 1U << VET_ACTION_VALUE | 1U << VET_ACTION_VALUE_OF;
	return (actions >> rule->action & 1U) != 0;
}

static void note(struct vet_fault *fault, const struct vet_call *call, int64_t result)
{
	struct vet_fault_act *act = &fault->log[fault->acts++ % VET_FAULT_ACTS];
	act->call = fault->calls;
	act->nth = fault->counts[call->entry];
	act->rule = (uint32_t)fault->acted;
	act->descriptor = fault->number;
	act->entry = call->entry;
	act->result = result;
}

static int64_t make_undisturbed(struct vet_fault *fault, struct vet_call *call,
				struct vet_fault_description *d)
{
	int64_t result = vet_automaton_make(fault, call, d);
	vet_automaton_learn(fault, call, d, result);
	return result;
}

static int64_t act_by_rule(struct vet_fault *fault, struct vet_call *call,
			   struct vet_fault_description *d)
{
	struct act act = { fault, &fault->plan->rules[fault->acted], call, d, true };
	const struct vet_lawful *row = fault->row;
	int64_t result = vet_rule_act(&act);
	if (!act.fired) {
		fault->acted = -1;
		fault->row = NULL;
		vet_automaton_learn(fault, call, d, result);
		return result;
	}
	fault->fired[fault->acted]++;
	note(fault, call, result);
	if (!is_made_up(act.rule))
		vet_automaton_learn(fault, call, d, result);
	if (row != NULL && row->latch != VET_LATCH_NONE)
		vet_automaton_latch(fault, call, d, row->latch);
	return result;
}

/* ---- a plan that grows ---- */

/* Where the list of an entry's rules ends. */
static int8_t *end_of_list(struct vet_fault *fault, unsigned entry)
{
	int8_t *at = &fault->first_rule[entry];
	while (*at >= 0)
		at = &fault->next_rule[*at];
	return at;
}

static void arm(struct vet_fault *fault, uint32_t i, unsigned entry)
{
	fault->fired[i] = fault->matched[i] = 0;
	fault->next_rule[i] = -1;
	*end_of_list(fault, entry) = (int8_t)i;
}

/* What has changed nothing is no part of the plan: but if it has asked below whether the call would
 * block, which takes time. */
static void take_back(struct vet_fault *fault, unsigned entry)
{
	uint32_t last = fault->plan->count - 1;
	int8_t *at = &fault->first_rule[entry];
	if (fault->fired[last] > 0 || fault->has_looked)
		return;
	while (*at != (int8_t)last)
		at = &fault->next_rule[*at];
	*at = -1;
	fault->growing->count = last;
}

/* The call, under the rule that is made for it, if one is. */
static int64_t make_by_new_rule(struct vet_fault *fault, struct vet_call *call,
				struct vet_fault_description *d)
{
	uint32_t last = fault->plan->count;
	int64_t result;
	if (last == VET_PLAN_RULES ||
	    !fault->ask(fault->ask_context, call, &fault->growing->rules[last]))
		return make_undisturbed(fault, call, d);
	fault->growing->count = last + 1;
	fault->has_looked = false;
	arm(fault, last, call->entry);
	if (vet_rule_can_act(fault, (int)last, call))
		fault->acted = (int32_t)last;
	else
		fault->row = NULL;
	result = fault->acted >= 0 ? act_by_rule(fault, call, d) : make_undisturbed(fault, call, d);
	take_back(fault, call->entry);
	return result;
}

static int64_t make(struct vet_layer *layer, struct vet_call *call)
{
	struct vet_fault *fault = (struct vet_fault *)layer;
	struct vet_fault_description *d;
	vet_automaton_situation(fault, call, &d);
	fault->calls++;
	fault->counts[call->entry]++;
	fault->acted = -1;
	fault->row = NULL;
	if (fault->first_rule[call->entry] >= 0 && !fault->is_calm)
		fault->acted = vet_rule_pick(fault, call, d);
	if (fault->acted >= 0)
		return act_by_rule(fault, call, d);
	if (fault->calls >= fault->asks_at && !fault->is_calm)
		return make_by_new_rule(fault, call, d);
	return make_undisturbed(fault, call, d);
}

/* ---- a run ---- */

static void compile(struct vet_fault *fault)
{
	const struct vet_plan *plan = fault->plan;
	memset(fault->first_rule, -1, sizeof fault->first_rule);
	fault->has_any = false;
	for (uint32_t i = 0; i < plan->count; i++) {
		fault->has_any |= plan->rules[i].entry == VET_CALL_ANY;
		fault->fired[i] = fault->matched[i] = 0;
		fault->draws[i] = plan->seed + (i + 1) * UINT64_C(0xd1342543de82ef95);
	}
	for (int i = (int)plan->count - 1; i >= 0; i--) {
		int8_t *first = &fault->first_rule[plan->rules[i].entry % VET_CALL_COUNT];
		if (!fault->has_any) {
			fault->next_rule[i] = *first;
			*first = (int8_t)i;
			continue;
		}
		/* A rule for "*" is in every list, and so is every other then. */
		fault->next_rule[i] = (int8_t)(i + 1 < (int)plan->count ? i + 1 : -1);
		memset(fault->first_rule, 0, sizeof fault->first_rule);
	}
}

void vet_fault_restart(struct vet_fault *fault, const struct vet_plan *plan)
{
	fault->plan = plan;
	fault->growing = NULL;
	fault->asks_at = UINT64_MAX;
	fault->generation++;
	fault->calls = 0;
	memset(fault->counts, 0, sizeof fault->counts);
	fault->shift = fault->lateness = 0;
	fault->is_frozen = fault->is_calm = fault->has_broken = false;
	fault->handed_out = fault->descriptions_used = fault->acts = 0;
	fault->acted = -1;
	fault->row = NULL;
	compile(fault);
}

bool vet_plan_lawful(const struct vet_plan *plan, size_t *first)
{
	if (plan->count > VET_PLAN_RULES) {
		if (first != NULL)
			*first = VET_PLAN_RULES;
		return false;
	}
	for (uint32_t i = 0; i < plan->count; i++) {
		if (vet_lawful_anywhere(&plan->rules[i]))
			continue;
		if (first != NULL)
			*first = i;
		return false;
	}
	return true;
}

struct vet_sys *vet_fault_start(struct vet_fault *fault, struct vet_sys *next,
				const struct vet_plan *plan, unsigned flags)
{
	if (vet_sys_check(next, NULL) != 0 || plan->count > VET_PLAN_RULES ||
	    (!(flags & VET_FAULT_UNLAWFUL) && !vet_plan_lawful(plan, NULL)))
		return NULL;
	memset(fault, 0, sizeof *fault);
	fault->flags = flags;
	vet_fault_restart(fault, plan);
	return vet_layer_over(&fault->layer, next, make);
}

size_t vet_fault_unfired(const struct vet_fault *fault, size_t *first)
{
	size_t unfired = 0;
	for (size_t i = fault->plan->count; i-- > 0;) {
		if (fault->fired[i] != 0)
			continue;
		unfired++;
		if (first != NULL)
			*first = i;
	}
	return unfired;
}

uint64_t vet_fault_fired(const struct vet_fault *fault, size_t rule)
{
	return rule < fault->plan->count ? fault->fired[rule] : 0;
}

const struct vet_fault_act *vet_fault_act_at(const struct vet_fault *fault, size_t index)
{
	size_t kept = fault->acts < VET_FAULT_ACTS ? fault->acts : VET_FAULT_ACTS;
	return index < kept ? &fault->log[(fault->acts - kept + index) % VET_FAULT_ACTS] : NULL;
}

int vet_fault_act_format(const struct vet_fault *fault, const struct vet_fault_act *act, char *text,
			 size_t size)
{
	char rule[256], on[24] = "", result[32];
	struct vet_plan one = { .count = 1 };
	int length;
	one.rules[0] = fault->plan->rules[act->rule];
	if (vet_plan_format(&one, rule, sizeof rule) < 0)
		return -ENOSPC;
	if (act->descriptor != 0)
		(void)snprintf(on, sizeof on, " of #%" PRIu32, act->descriptor);
	(void)snprintf(result, sizeof result, "%" PRId64, act->result);
	length = snprintf(text, size,
			  "call %" PRIu64 ", %s %" PRIu64 "%s, rule %" PRIu32 " '%s': %s",
			  act->call, vet_entry_name(act->entry), act->nth, on, act->rule + 1, rule,
			  act->result < 0 ? vet_error_name((int)act->result) : result);
	return length < 0 || (size_t)length >= size ? -ENOSPC : length;
}

void vet_fault_calm(struct vet_fault *fault)
{
	fault->is_calm = true;
	for (uint32_t i = 0; i < fault->descriptions_used; i++)
		fault->descriptions[i].hidden_in = fault->descriptions[i].hidden_out = 0;
}
