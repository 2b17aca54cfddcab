/* SPDX-License-Identifier: 0BSD */
/* Fault plans as canonical text. */
#include <errno.h>
#include <string.h>

#include <vetsock/error.h>
#include <vetsock/layer.h>

#include "../../src/print.h"
#include "plan_text.h"

/* ---- which values a text can give ---- */

static bool is_calls(const struct vet_rule *rule)
{
	return rule->from >= 1 && rule->from <= VET_PLAN_COUNT_MAX && rule->to >= rule->from &&
	       (rule->to <= VET_PLAN_COUNT_MAX || rule->to == VET_PLAN_FOR_EVER);
}

static bool is_when(const struct vet_rule *rule)
{
	switch (rule->when) {
	case VET_WHEN_CALLS:
		return is_calls(rule);
	case VET_WHEN_PERCENT:
		return rule->from >= 1 && rule->from <= 100 && rule->to == 0;
	case VET_WHEN_BYTE:
		return rule->from >= 1 && rule->from <= VET_PLAN_COUNT_MAX && rule->to == 0 &&
		       vet_plan_is_one_of(rule->entry, vet_plan_of_bytes);
	default:
		return false;
	}
}

/* An errno of the system that has a name, and the name gives that number back. */
static bool is_error(int64_t error)
{
	const char *name;

	if (error >= 0 || error < -INT32_MAX)
		return false;
	name = vet_error_name((int)error);
	return strncmp(name, "VET_", 4) != 0 && vet_error_from_name(name, strlen(name)) == error;
}

static bool is_events(int64_t events)
{
	int64_t all = 0;

	for (const struct vet_plan_name *e = vet_plan_events; e->name != NULL; e++)
		all |= e->number;
	return events != 0 && (events & ~all) == 0;
}

static const char *signal_name(int64_t number)
{
	const struct vet_plan_name *s = vet_plan_signals;

	while (s->name != NULL && s->number != number)
		s++;
	return s->name;
}

static bool is_argument(const struct vet_plan_action *action, int64_t argument)
{
	switch (action->form) {
	case VET_FORM_ERROR:
		return is_error(argument);
	case VET_FORM_EVENTS:
		return is_events(argument);
	case VET_FORM_SIGNAL:
		return signal_name(argument) != NULL;
	default:
		return argument >= action->min && argument <= action->max;
	}
}

static bool is_rule(const struct vet_rule *rule)
{
	if (!vet_action_fits(rule->entry, rule->action) || !is_when(rule))
		return false;
	if (rule->descriptor != 0 && !vet_plan_is_one_of(rule->entry, vet_plan_on_descriptor))
		return false;
	if (rule->after > (vet_plan_actions[rule->action].no_after == NULL))
		return false;
	return is_argument(&vet_plan_actions[rule->action], rule->argument);
}

static bool is_plan(const struct vet_plan *plan)
{
	if (plan->has_seed > 1 || (plan->has_seed == 0 && plan->seed != 0) ||
	    plan->count > VET_PLAN_RULES)
		return false;
	for (uint32_t i = 0; i < plan->count; i++) {
		if (!is_rule(&plan->rules[i]))
			return false;
	}
	return true;
}

/* ---- their text ---- */

static void put_time(struct vet_printer *out, int64_t nanoseconds)
{
	bool goes_back = nanoseconds < 0;

	vet_put(out, goes_back ? "-" : "");
	vet_put_quantity(out, &vet_duration_measure,
			 (uint64_t)(goes_back ? -nanoseconds : nanoseconds));
}

static void put_events(struct vet_printer *out, int64_t events)
{
	const char *between = "";

	for (const struct vet_plan_name *e = vet_plan_events; e->name != NULL; e++) {
		if ((events & e->number) == 0)
			continue;
		vet_put(out, between);
		vet_put(out, e->name);
		between = "|";
	}
}

static void put_argument(struct vet_printer *out, enum vet_plan_form form, int64_t argument)
{
	switch (form) {
	case VET_FORM_NOTHING:
		break;
	case VET_FORM_NUMBER:
	case VET_FORM_VALUE:
		vet_put_number(out, (uint64_t)argument);
		break;
	case VET_FORM_ERROR:
		vet_put(out, vet_error_name((int)argument));
		break;
	case VET_FORM_EVENTS:
		put_events(out, argument);
		break;
	case VET_FORM_TIME:
		put_time(out, argument);
		break;
	case VET_FORM_SIGNAL:
		vet_put(out, signal_name(argument));
		break;
	}
}

static void put_calls(struct vet_printer *out, const struct vet_rule *rule)
{
	if (rule->from == 1 && rule->to == VET_PLAN_FOR_EVER)
		return;
	vet_put(out, "@");
	vet_put_number(out, rule->from);
	if (rule->to == VET_PLAN_FOR_EVER) {
		vet_put(out, "+");
	} else if (rule->to != rule->from) {
		vet_put(out, "-");
		vet_put_number(out, rule->to);
	}
}

static void put_when(struct vet_printer *out, const struct vet_rule *rule)
{
	if (rule->when == VET_WHEN_CALLS) {
		put_calls(out, rule);
		return;
	}
	vet_put(out, rule->when == VET_WHEN_BYTE ? "@byte:" : "@");
	vet_put_number(out, rule->from);
	vet_put(out, rule->when == VET_WHEN_BYTE ? "" : "%");
}

static void put_rule(struct vet_printer *out, const struct vet_rule *rule)
{
	const struct vet_plan_action *action = &vet_plan_actions[rule->action];

	vet_put(out, rule->entry == VET_CALL_ANY ? "*" : vet_entry_name(rule->entry));
	if (rule->descriptor != 0) {
		vet_put(out, "#");
		vet_put_number(out, rule->descriptor);
	}
	put_when(out, rule);
	vet_put(out, "=");
	if (action->name != NULL) {
		vet_put(out, action->name);
		vet_put(out, action->form != VET_FORM_NOTHING ? ":" : "");
	}
	put_argument(out, action->form, rule->argument);
	vet_put(out, rule->after != 0 ? " after" : "");
}

static void put_plan(struct vet_printer *out, const void *value)
{
	const struct vet_plan *plan = value;

	if (plan->has_seed != 0) {
		vet_put(out, "seed:");
		vet_put_number(out, plan->seed);
	}
	for (uint32_t i = 0; i < plan->count; i++) {
		vet_put(out, out->length > 0 ? "; " : "");
		put_rule(out, &plan->rules[i]);
	}
}

int vet_plan_format(const struct vet_plan *plan, char *text, size_t size)
{
	return is_plan(plan) ? vet_print(put_plan, plan, text, size)
			     : vet_print_refuse(text, size, -EINVAL);
}
