/* SPDX-License-Identifier: 0BSD */
/* The parser of fault plans: actions and their arguments. */
#include <vetsock/error.h>

#include "plan_text.h"

/* ---- errors ---- */

/* Why a name is no error; `otherwise` if it does not even look like one. */
static const char *explain_error(const struct vet_scan *s, struct vet_span name,
				 const char *otherwise)
{
	char first = s->text[name.offset], capitals[VET_TURNED_SIZE];
	size_t length = vet_span_turn(s, name, 'a', 'A', capitals);

	if (first >= 'A' && first <= 'Z')
		return "no error has this name";
	if (length > 0 && vet_error_from_name(capitals, length) != 0)
		return "the names of errors are written in capitals";
	return otherwise;
}

static bool read_error(struct vet_scan *s, struct vet_span name, const char *otherwise,
		       int64_t *error)
{
	*error = vet_error_from_name(s->text + name.offset, name.length);
	if (*error == 0)
		return vet_scan_unknown(s, name, explain_error(s, name, otherwise));
	if (vet_span_begins(s, name, "VET_"))
		return vet_scan_fail_span(s, name, "this error is vetsock's own: no call gives it");
	return true;
}

/* ---- arguments ---- */

static bool read_number(struct vet_scan *s, const struct vet_plan_action *action, int64_t *argument)
{
	const struct vet_bounds bounds = { (uint64_t)action->min, (uint64_t)action->max,
					   action->below, action->above };
	uint64_t value;

	if (!vet_scan_within(s, &bounds, &value))
		return false;
	*argument = (int64_t)value;
	return true;
}

/* A number, or the name of an error, which makes another action of it. */
static bool read_value(struct vet_scan *s, struct vet_rule *rule)
{
	static const char neither[] = "a value is a number or the name of an error";
	struct vet_span name;

	if (vet_scan_sees(s, '-') || vet_scan_sees(s, '+') ||
	    (!vet_scan_at_end(s) && vet_is_digit(s->text[s->at])))
		return read_number(s, &vet_plan_actions[VET_ACTION_VALUE], &rule->argument);
	name = vet_scan_name(s);
	if (name.length == 0)
		return vet_scan_misfit(s, "a value is missing", neither);
	if (!read_error(s, name, neither, &rule->argument))
		return false;
	rule->action = VET_ACTION_VALUE_OF;
	if (!vet_action_fits(rule->entry, rule->action))
		return vet_scan_fail_span(s, name, vet_plan_actions[rule->action].elsewhere);
	return true;
}

static const struct vet_plan_name *find_name(const struct vet_scan *s, struct vet_span span,
					     const struct vet_plan_name *names)
{
	while (names->name != NULL && !vet_span_is(s, span, names->name))
		names++;
	return names->name != NULL ? names : NULL;
}

static bool read_event(struct vet_scan *s, int64_t *events)
{
	struct vet_span name = vet_scan_name(s);
	const struct vet_plan_name *event = find_name(s, name, vet_plan_events);

	if (name.length == 0)
		return vet_scan_misfit(s, "an event is missing", "an event is missing");
	if (event == NULL)
		return vet_scan_unknown(s, name, "the events are IN PRI OUT ERR HUP NVAL RDHUP");
	if ((*events & event->number) ==
	    event->number) /* a system that lacks one gives it no bit */
		return vet_scan_fail_span(s, name,
					  "this event is named twice, or unknown to this system");
	*events |= event->number;
	return true;
}

static bool read_events(struct vet_scan *s, int64_t *events)
{
	do {
		if (!read_event(s, events))
			return false;
	} while (vet_scan_take(s, '|'));
	return true;
}

static bool read_time(struct vet_scan *s, const struct vet_plan_action *action, int64_t *argument)
{
	bool goes_back = false;
	uint64_t time;

	if (action->min < 0)
		goes_back = vet_scan_take(s, '-');
	else if (vet_scan_sees(s, '-'))
		return vet_scan_fail(s, s->at, 1, "only 'jump' goes back in time");
	if (!vet_scan_quantity(s, &vet_duration_measure, INT64_MAX, &time))
		return false;
	*argument = (int64_t)time * (goes_back ? -1 : 1);
	return true;
}

static const char never_caught[] = "no program catches this signal";
static const char stops[] = "this signal stops the program, and nothing wakes it";
static const char faults[] = "this signal says that the program itself is at fault";
static const struct vet_hint no_signal[] = {
	{ "KILL", never_caught },
	{ "STOP", never_caught },
	{ "TSTP", stops },
	{ "TTIN", stops },
	{ "TTOU", stops },
	{ "SEGV", faults },
	{ "BUS", faults },
	{ "ILL", faults },
	{ "FPE", faults },
	{ "ABRT", faults },
	{ "TRAP", faults },
	{ "SYS", faults },
	{ NULL, "the signals are HUP INT QUIT USR1 USR2 PIPE ALRM TERM CHLD CONT URG IO WINCH "
		"VTALRM PROF" },
};

static bool read_signal(struct vet_scan *s, int64_t *argument)
{
	struct vet_span name = vet_scan_name(s), bare = name;
	const struct vet_plan_name *signal;

	if (name.length == 0)
		return vet_scan_misfit(s, "a signal is missing", "a signal is missing");
	if (vet_is_digit(s->text[name.offset]))
		return vet_scan_fail_span(s, name, "signals are named, never numbered");
	if (vet_span_begins(s, name, "SIG"))
		bare = (struct vet_span){ name.offset + 3, name.length - 3 };
	signal = find_name(s, bare, vet_plan_signals);
	if (signal == NULL)
		return vet_scan_unknown(s, name, vet_span_hint(s, bare, no_signal));
	*argument = signal->number;
	return true;
}

/* ---- the action ---- */

static const char error_by_name[] = "an error is given by its name: ECONNRESET";
static const struct vet_hint no_action[] = {
	{ "eof", "the end is 'zero'" },
	{ "error", error_by_name },
	{ "errno", error_by_name },
	{ "fail", error_by_name },
	{ "sleep", "time passes with 'delay'" },
	{ "after", "'after' stands behind an action" },
	{ NULL, "no action has this name" },
};

static uint8_t find_action(const struct vet_scan *s, struct vet_span name)
{
	for (uint8_t i = VET_ACTION_ERROR + 1; i < VET_ACTION_COUNT; i++)
		if (vet_span_is(s, name, vet_plan_actions[i].name))
			return i;
	return VET_ACTION_ERROR;
}

static bool read_argument(struct vet_scan *s, struct vet_rule *rule)
{
	const struct vet_plan_action *action = &vet_plan_actions[rule->action];

	if (!vet_scan_take(s, ':'))
		return vet_scan_unknown(s, (struct vet_span){ s->at, 1 },
					"this action needs ':' and an argument");
	switch (action->form) {
	case VET_FORM_NUMBER:
		return read_number(s, action, &rule->argument);
	case VET_FORM_VALUE:
		return read_value(s, rule);
	case VET_FORM_EVENTS:
		return read_events(s, &rule->argument);
	case VET_FORM_TIME:
		return read_time(s, action, &rule->argument);
	default:
		return read_signal(s, &rule->argument);
	}
}

/* The name, and whether the call has the action. */
static bool read_action_name(struct vet_scan *s, struct vet_rule *rule)
{
	struct vet_span name = vet_scan_name(s);

	if (name.length == 0 && vet_scan_sees(s, '-'))
		return vet_scan_fail(s, s->at, 1, "an error is its name alone, without a sign");
	if (name.length == 0)
		return vet_scan_misfit(s, "an action is missing", "an action is missing");
	if (vet_is_digit(s->text[name.offset]))
		return vet_scan_fail_span(s, name, "errors are named, never numbered");
	rule->action = find_action(s, name);
	if (rule->action == VET_ACTION_ERROR)
		return read_error(s, name, vet_span_hint(s, name, no_action), &rule->argument);
	if (!vet_action_fits(rule->entry, rule->action))
		return vet_scan_fail_span(s, name, vet_plan_actions[rule->action].elsewhere);
	return true;
}

bool vet_plan_read_action(struct vet_scan *s, struct vet_rule *rule)
{
	enum vet_plan_form form;

	if (!read_action_name(s, rule))
		return false;
	form = vet_plan_actions[rule->action].form;
	if (form != VET_FORM_ERROR && form != VET_FORM_NOTHING)
		return read_argument(s, rule);
	if (vet_scan_sees(s, ':'))
		return vet_scan_fail(s, s->at, 1,
				     form == VET_FORM_ERROR ? "an error has no argument"
							    : "this action has no argument");
	return true;
}
