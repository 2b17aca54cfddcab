/* SPDX-License-Identifier: 0BSD */
/* The parser of fault plans.  plan.h has the grammar; each function here reads one part of it from
 * left to right, or says where and why it cannot. */
#include <errno.h>
#include <string.h>

#include <vetsock/layer.h>

#include "plan_text.h"

/* ---- which calls ---- */

static const char too_many_calls[] = "a count is at most 9223372036854775807";
static const struct vet_bounds calls = { 1, VET_PLAN_COUNT_MAX, "calls are counted from 1",
					 too_many_calls };
static const struct vet_bounds bytes = { 1, VET_PLAN_COUNT_MAX, "bytes are counted from 1",
					 too_many_calls };
static const struct vet_bounds percent = { 1, 100, "a chance of 0% is none",
					   "a chance is at most 100%" };
static const struct vet_bounds descriptors = { 1, UINT32_MAX, "descriptors are counted from 1",
					       "a descriptor is at most 4294967295" };
static const struct vet_bounds seeds = { 0, UINT64_MAX, NULL,
					 "a seed is at most 18446744073709551615" };

static const char use_send[] = "the calls that write are send, sendto and sendv";
static const char use_recv[] = "the calls that read are recv, recvfrom and pread";
static const char use_realloc[] = "the call for memory is realloc";
static const struct vet_hint no_call[] = {
	{ "write", use_send },
	{ "writev", use_send },
	{ "sendmsg", use_send },
	{ "read", use_recv },
	{ "readv", use_recv },
	{ "recvmsg", use_recv },
	{ "accept4", "the call is accept" },
	{ "select", "the call that waits is poll" },
	{ "ppoll", "the call that waits is poll" },
	{ "epoll_wait", "the call that waits is poll" },
	{ "clock_gettime", "the call for the clock is now" },
	{ "malloc", use_realloc },
	{ "free", use_realloc },
	{ "if_nametoindex", "the call is interface_index" },
	{ NULL, "no call of the table has this name" },
};

static const char *explain_call(const struct vet_scan *s, struct vet_span name)
{
	char small[VET_TURNED_SIZE];

	if (vet_entry_find(small, vet_span_turn(s, name, 'A', 'a', small)) >= 0)
		return "the names of calls are written in small letters";
	return vet_span_hint(s, name, no_call);
}

static bool read_call(struct vet_scan *s, struct vet_span name, struct vet_rule *rule)
{
	int entry = vet_span_is(s, name, "*") ? VET_CALL_ANY
					      : vet_entry_find(s->text + name.offset, name.length);

	if (entry < 0)
		return vet_scan_unknown(s, name, explain_call(s, name));
	rule->entry = (uint8_t)entry;
	return true;
}

static bool read_descriptor(struct vet_scan *s, struct vet_rule *rule)
{
	size_t start = s->at;
	uint64_t descriptor;

	if (!vet_scan_take(s, '#'))
		return true;
	if (!vet_scan_within(s, &descriptors, &descriptor))
		return false;
	if (!vet_plan_is_one_of(rule->entry, vet_plan_on_descriptor))
		return vet_scan_fail(s, start, s->at - start,
				     "this call is on no descriptor that was handed out");
	rule->descriptor = (uint32_t)descriptor;
	return true;
}

/* byte:N */
static bool read_byte(struct vet_scan *s, struct vet_span name, struct vet_rule *rule)
{
	if (!vet_span_is(s, name, "byte"))
		return vet_scan_unknown(s, name, "behind '@' stands N, N-M, N+, N% or byte:N");
	if (!vet_plan_is_one_of(rule->entry, vet_plan_of_bytes))
		return vet_scan_fail_span(s, name, "this call moves no bytes of a socket");
	if (!vet_scan_take(s, ':'))
		return vet_scan_fail_span(s, name, "a byte is written byte:N");
	rule->when = VET_WHEN_BYTE;
	return vet_scan_within(s, &bytes, &rule->from);
}

/* N, N-M, N+ or N% */
static bool read_calls(struct vet_scan *s, struct vet_rule *rule)
{
	struct vet_number number;
	size_t start = s->at;

	if (!vet_scan_number(s, &number))
		return false;
	rule->from = number.value;
	if (vet_scan_take(s, '%')) {
		rule->when = VET_WHEN_PERCENT;
		return vet_number_check(s, &number, &percent);
	}
	if (!vet_number_check(s, &number, &calls))
		return false;
	rule->to = vet_scan_take(s, '+') ? VET_PLAN_FOR_EVER : rule->from;
	if (rule->to == VET_PLAN_FOR_EVER || !vet_scan_take(s, '-'))
		return true;
	if (!vet_scan_within(s, &calls, &rule->to))
		return false;
	return rule->from <= rule->to ||
	       vet_scan_fail(s, start, s->at - start, "this range runs backwards");
}

static bool read_when(struct vet_scan *s, struct vet_rule *rule)
{
	rule->when = VET_WHEN_CALLS;
	if (!vet_scan_take(s, '@')) {
		rule->from = 1;
		rule->to = VET_PLAN_FOR_EVER;
		return true;
	}
	if (!vet_scan_at_end(s) && s->text[s->at] >= 'A') {
		struct vet_span name = vet_scan_name(s);

		if (name.length > 0)
			return read_byte(s, name, rule);
	}
	return read_calls(s, rule);
}

/* ---- rules and plans ---- */

static const char *instead_of_equals(char c)
{
	switch (c) {
	case '@':
		return "a rule has one '@'";
	case '#':
		return "'#' stands once, before '@'";
	case ';':
		return "'=' and an action are missing";
	default:
		return "'=' stands between a call and its action";
	}
}

static bool read_equals(struct vet_scan *s)
{
	size_t start = s->at;

	vet_scan_skip_blanks(s);
	if (s->at > start && (vet_scan_sees(s, '@') || vet_scan_sees(s, '#')))
		return vet_scan_fail(s, start, s->at - start, "no blank stands here");
	if (!vet_scan_take(s, '='))
		return vet_scan_misfit(
			s, "'=' and an action are missing",
			instead_of_equals(vet_scan_at_end(s) ? '\0' : s->text[s->at]));
	vet_scan_skip_blanks(s);
	return true;
}

/* To the end of the item. */
static bool read_end(struct vet_scan *s, const char *otherwise)
{
	struct vet_span name;

	vet_scan_skip_blanks(s);
	if (vet_scan_at_end(s) || vet_scan_sees(s, ';'))
		return true;
	name = vet_scan_name(s);
	return name.length > 0 ? vet_scan_unknown(s, name, otherwise)
			       : vet_scan_misfit(s, NULL, otherwise);
}

static bool read_after(struct vet_scan *s, struct vet_rule *rule)
{
	static const char only[] = "only 'after' or ';' stands behind an action";
	static const char joined[] = "only events are joined by '|', without blanks";
	const char *no_after = vet_plan_actions[rule->action].no_after;
	struct vet_scan ahead = *s;
	struct vet_span name;

	vet_scan_skip_blanks(&ahead);
	name = vet_scan_name(&ahead);
	if (!vet_span_is(s, name, "after"))
		return read_end(s, vet_scan_sees(&ahead, '|') ? joined : only);
	s->at = ahead.at;
	if (no_after != NULL)
		return vet_scan_fail_span(s, name, no_after);
	rule->after = 1;
	return read_end(s, "only ';' stands behind 'after'");
}

static bool read_rule(struct vet_scan *s, struct vet_span name, struct vet_plan *plan)
{
	struct vet_rule *rule = &plan->rules[plan->count];

	if (plan->count == VET_PLAN_RULES)
		return vet_scan_fail_span(s, name, "a plan has at most 64 rules");
	plan->count++;
	return read_call(s, name, rule) && read_descriptor(s, rule) && read_when(s, rule) &&
	       read_equals(s) && vet_plan_read_action(s, rule) && read_after(s, rule);
}

static bool read_seed(struct vet_scan *s, struct vet_span name, struct vet_plan *plan)
{
	if (plan->has_seed != 0)
		return vet_scan_fail_span(s, name, "a plan has one seed");
	if (!vet_scan_take(s, ':'))
		return vet_scan_fail_span(s, name, "a seed is written seed:N");
	plan->has_seed = 1;
	return vet_scan_within(s, &seeds, &plan->seed) &&
	       read_end(s, "only ';' stands behind a seed");
}

static const char *instead_of_call(char c)
{
	switch (c) {
	case '@':
	case '#':
	case '=':
		return "a call is missing";
	case ';':
		return "a rule is missing before ';'";
	default:
		return "a rule begins with the name of a call, or '*'";
	}
}

static bool read_item(struct vet_scan *s, struct vet_plan *plan)
{
	struct vet_span name = vet_scan_name(s);

	if (name.length == 0 && vet_scan_take(s, '*'))
		name.length = 1;
	if (name.length == 0)
		return vet_scan_misfit(s, "a rule is missing after ';'",
				       instead_of_call(vet_scan_at_end(s) ? '\0' : s->text[s->at]));
	if (vet_span_is(s, name, "seed"))
		return read_seed(s, name, plan);
	return read_rule(s, name, plan);
}

static bool read_plan(struct vet_scan *s, struct vet_plan *plan)
{
	vet_scan_skip_blanks(s);
	if (vet_scan_at_end(s))
		return true;
	do {
		vet_scan_skip_blanks(s);
		if (!read_item(s, plan))
			return false;
	} while (vet_scan_take(s, ';'));
	return true;
}

int vet_plan_parse(const char *text, size_t size, struct vet_plan *plan,
		   struct vet_text_error *error)
{
	struct vet_scan s = { .text = text, .size = size };
	bool good;

	memset(plan, 0, sizeof(*plan));
	good = read_plan(&s, plan);
	if (!good)
		memset(plan, 0, sizeof(*plan));
	if (error != NULL)
		*error = s.error;
	return good ? 0 : -EINVAL;
}
