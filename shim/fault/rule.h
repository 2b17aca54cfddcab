/* SPDX-License-Identifier: 0BSD */
/* The rules of a plan at work. */
#ifndef VETSOCK_FAULT_RULE_H
#define VETSOCK_FAULT_RULE_H

#include <vetsock/fault.h>

/* The rule that acts on the call, which all rules have counted now; fault->row is then the row of
 * the catalogue that allows it (NULL: it has none).  -1: none does. */
int32_t vet_rule_pick(struct vet_fault *fault, const struct vet_call *call,
		      const struct vet_fault_description *d);

/* Whether the rule, whose turn it is, acts: fault->row is then the row that allows it. */
bool vet_rule_can_act(struct vet_fault *fault, int i, const struct vet_call *call);

/* Whether the call would go otherwise with the rule, as far as that can be told before. */
bool vet_rule_would_change(struct vet_fault *fault, const struct vet_rule *rule,
			   const struct vet_call *call);

/* What one act works on. */
struct act {
	struct vet_fault *fault;
	const struct vet_rule *rule;
	struct vet_call *call;
	struct vet_fault_description *d;
	bool fired; /* it changed something after all */
};

/* What the caller gets. */
int64_t vet_rule_act(struct act *act);

#endif
