/* SPDX-License-Identifier: 0BSD */
/* Which rule of a plan acts on a call. */
#include "rule.h"

#include <stddef.h>

#include "../call/call.h"

/* SplitMix64: each rule has a stream of its own, the same on every machine. */
static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* Whether the call would move byte `wanted` of what goes through the description, in its direction.
 * */
static bool moves_byte(const struct vet_call *call, const struct vet_fault_description *d,
		       uint64_t wanted)
{
	uint32_t bit = UINT32_C(1) << call->entry;
	uint64_t so_far;
	if (d == NULL || !(bit & (VET_CALLS_IN | VET_CALLS_OUT)) ||
	    (bit & VET_CALLS_IN && call->u.in.flags & MSG_PEEK))
		return false;
	so_far = bit & VET_CALLS_IN ? d->in : d->out;
	return wanted > so_far && wanted - so_far <= vet_call_asked(call);
}

/* The rule's turn has come; called once for each call that the rule counts. */
static bool is_due(struct vet_fault *fault, size_t i, uint64_t count, const struct vet_call *call,
		   const struct vet_fault_description *d)
{
	const struct vet_rule *rule = &fault->plan->rules[i];
	switch (rule->when) {
	case VET_WHEN_PERCENT:
		return draw(&fault->draws[i]) % 100 < rule->from;
	case VET_WHEN_BYTE:
		return fault->fired[i] == 0 && moves_byte(call, d, rule->from);
	default:
		return count >= rule->from && count <= rule->to;
	}
}

/* The row that allows the rule where the call is; as a rule the one that did the last time. */
static const struct vet_lawful *find_row(struct vet_fault *fault, int i)
{
	const struct vet_rule *rule = &fault->plan->rules[i];
	const struct vet_lawful *row = fault->row_of[i];
	if (row == NULL || !vet_lawful_allows(row, rule, &fault->situation))
		row = fault->row_of[i] = vet_lawful_find(rule, &fault->situation);
	return row;
}

bool vet_rule_can_act(struct vet_fault *fault, int i, const struct vet_call *call)
{
	const struct vet_rule *rule = &fault->plan->rules[i];
	if (!vet_action_fits(call->entry, rule->action))
		return false;
	fault->row = find_row(fault, i);
	if (fault->row == NULL && !(fault->flags & VET_FAULT_UNLAWFUL) &&
	    rule->action != VET_ACTION_PASS && rule->action != VET_ACTION_SIGNAL)
		return false;
	return vet_rule_would_change(fault, rule, call);
}

int32_t vet_rule_pick(struct vet_fault *fault, const struct vet_call *call,
		      const struct vet_fault_description *d)
{
	int32_t chosen = -1;
	for (int i = fault->first_rule[call->entry]; i >= 0; i = fault->next_rule[i]) {
		const struct vet_rule *rule = &fault->plan->rules[i];
		uint64_t count = fault->counts[call->entry];
		if (rule->entry == VET_CALL_ANY)
			count = fault->calls;
		else if (rule->entry != call->entry)
			continue;
		if (rule->descriptor != 0) {
			if (rule->descriptor != fault->number)
				continue;
			count = ++fault->matched[i];
		}
		if (is_due(fault, (size_t)i, count, call, d) && chosen < 0 &&
		    vet_rule_can_act(fault, i, call))
			chosen = i;
	}
	if (chosen < 0)
		fault->row = NULL;
	return chosen;
}
