/* SPDX-License-Identifier: 0BSD */
/* Fault plans as values: what is printed reads back as the same value, always, and what cannot be
 * read is not printed. */
#include <poll.h>

#include "plan_check.h"

/* ---- there and back ---- */

static const int errors[] = { EINTR,         EAGAIN, ECONNRESET,      EPIPE,      ETIMEDOUT,
			      EADDRNOTAVAIL, EIO,    ENOTRECOVERABLE, EOPNOTSUPP, E2BIG };
static const short events[] = { POLLIN, POLLPRI, POLLOUT, POLLERR, POLLHUP, POLLNVAL, POLLRDHUP };

static int64_t pick_events(uint64_t *random)
{
	size_t chosen = pick(random, (1U << COUNT(events)) - 1) + 1;
	int64_t bits = 0;

	for (size_t i = 0; i < COUNT(events); i++)
		if ((chosen >> i & 1) != 0)
			bits |= events[i];
	return bits;
}

static int64_t pick_argument(uint64_t *random, unsigned action)
{
	switch (action) {
	case VET_ACTION_ERROR:
	case VET_ACTION_VALUE_OF:
		return -errors[pick(random, COUNT(errors))];
	case VET_ACTION_SHORT:
		return (int64_t)pick_count(random, COUNT_MOST);
	case VET_ACTION_EVENTS:
		return pick_events(random);
	case VET_ACTION_VALUE:
	case VET_ACTION_LENGTH:
		return (int64_t)pick_count(random, UINT64_C(1) << 31) - 1;
	case VET_ACTION_FAMILY:
		return (int64_t)pick_count(random, 1 << 16) - 1;
	case VET_ACTION_DELAY:
	case VET_ACTION_JUMP: {
		static const int64_t units[] = { 1, 1000, 1000000, 1000000000, 60000000000 };
		int64_t unit = units[pick(random, COUNT(units))];
		int64_t time = (int64_t)pick_count(random, (uint64_t)(INT64_MAX / unit)) * unit;

		return action == VET_ACTION_JUMP && pick(random, 2) != 0 ? -time : time - unit;
	}
	case VET_ACTION_SIGNAL:
		return signals[pick(random, COUNT(signals))].number;
	default:
		return 0;
	}
}

static bool replaces(unsigned action)
{
	return action == VET_ACTION_ERROR || action == VET_ACTION_ZERO ||
	       action == VET_ACTION_SPURIOUS || action == VET_ACTION_EVENTS ||
	       action == VET_ACTION_VALUE || action == VET_ACTION_VALUE_OF;
}

static void pick_when(uint64_t *random, struct vet_rule *rule)
{
	rule->from = pick_count(random, COUNT_MOST);
	switch (pick(random, 6)) {
	case 0:
		rule->from = 1;
		rule->to = FOR_EVER;
		break;
	case 1:
		rule->to = FOR_EVER;
		break;
	case 2:
		rule->to = rule->from;
		break;
	case 3:
		rule->when = VET_WHEN_PERCENT;
		rule->from = pick_count(random, 100);
		break;
	case 4:
		if (rule->entry == VET_CALL_ANY ||
		    (vet_action_fits(rule->entry, VET_ACTION_SHORT) &&
		     rule->entry != VET_CALL_pread)) {
			rule->when = VET_WHEN_BYTE;
			break;
		} /* fall through */
	default:
		rule->to = rule->from - 1 + pick_count(random, COUNT_MOST - rule->from + 1);
	}
}

static struct vet_rule pick_rule(uint64_t *random)
{
	struct vet_rule rule = { 0 };
	unsigned entry = (unsigned)pick(random, VET_CALL_COUNT + 1), action;

	if (entry == VET_CALL_COUNT)
		entry = VET_CALL_ANY;
	do
		action = (unsigned)pick(random, VET_ACTION_COUNT);
	while (!vet_action_fits(entry, action));
	rule.entry = (uint8_t)entry;
	rule.action = (uint8_t)action;
	rule.argument = pick_argument(random, action);
	rule.after = replaces(action) && pick(random, 4) == 0;
	if (entry != VET_CALL_socket && entry != VET_CALL_pread && entry != VET_CALL_now &&
	    entry != VET_CALL_realloc && entry != VET_CALL_interface_index && pick(random, 3) == 0)
		rule.descriptor = (uint32_t)pick_count(random, UINT32_MAX);
	pick_when(random, &rule);
	return rule;
}

static void every_plan_comes_back_from_its_text(void **state)
{
	uint64_t random = 3;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct vet_plan plan = no_rules;

		plan.has_seed = pick(&random, 2) != 0;
		if (plan.has_seed != 0)
			plan.seed = next_random(&random) >> pick(&random, 64);
		plan.count = (uint32_t)(i % 1000 == 0 ? VET_PLAN_RULES : pick(&random, 6));
		for (uint32_t rule = 0; rule < plan.count; rule++)
			plan.rules[rule] = pick_rule(&random);
		must_come_back(&plan);
	}
}

/* ---- room ---- */

static void a_text_that_does_not_fit_is_not_begun(void **state)
{
	struct vet_plan plan = must_parse(long_plan);
	char text[VET_PLAN_TEXT_SIZE], small[VET_PLAN_TEXT_SIZE], blank[VET_PLAN_TEXT_SIZE];
	int length = vet_plan_format(&plan, text, sizeof(text));

	(void)state;
	assert_true(length > 300);
	memset(blank, 'x', sizeof(blank));
	assert_int_equal(vet_plan_format(&plan, NULL, 0), -ENOSPC);
	for (size_t size = 0; size <= (size_t)length; size++) {
		memset(small, 'x', sizeof(small));
		assert_int_equal(vet_plan_format(&plan, small, size), -ENOSPC);
		assert_true(size == 0 || small[0] == '\0');
		if (size > 0)
			small[0] = 'x';
		assert_memory_equal(small, blank, sizeof(small));
	}
	assert_int_equal(vet_plan_format(&plan, small, (size_t)length + 1), length);
	assert_memory_equal(small, text, (size_t)length + 1);
	assert_memory_equal(small + length + 1, blank, sizeof(small) - (size_t)length - 1);
	assert_int_equal(vet_plan_format(&no_rules, small, 0), -ENOSPC);
	assert_int_equal(vet_plan_format(&no_rules, small, 1), 0);
	assert_string_equal(small, "");
}

/* How long the text of a rule is; 0 if it has none. */
static int text_length(const struct vet_rule *rule)
{
	struct vet_plan plan = { .count = 1, .rules = { *rule } };
	char text[VET_PLAN_TEXT_SIZE];
	int length = vet_plan_format(&plan, text, sizeof(text));

	assert_true(length > 0 || length == -EINVAL);
	return length > 0 ? length : 0;
}

static void keep_longer(struct vet_rule *longest, struct vet_rule rule)
{
	for (int i = 0; i < 4; i++) {
		rule.after = i & 1;
		rule.descriptor = i & 2 ? UINT32_MAX : 0;
		if (text_length(&rule) > text_length(longest))
			*longest = rule;
	}
}

/* The longest of all calls, actions and arguments. */
static struct vet_rule find_longest(void)
{
	static const int64_t arguments[] = { 0,         INT64_MAX,  INT64_MAX - 1, -INT64_MAX,
					     INT32_MAX, UINT16_MAX, SIGVTALRM,     SIGWINCH };
	struct vet_rule longest = { 0 }, rule = { .from = COUNT_MOST - 1, .to = COUNT_MOST };
	int64_t all = 0;

	for (size_t i = 0; i < COUNT(events); i++)
		all |= events[i];
	for (unsigned number = 0; number <= VET_CALL_COUNT; number++) {
		rule.entry = (uint8_t)(number < VET_CALL_COUNT ? number : VET_CALL_ANY);
		for (rule.action = 0; rule.action < VET_ACTION_COUNT; rule.action++) {
			for (size_t i = 0; i < COUNT(arguments); i++) {
				rule.argument = arguments[i];
				keep_longer(&longest, rule);
			}
			for (rule.argument = -200; rule.argument < 0; rule.argument++)
				keep_longer(&longest, rule);
			rule.argument = all;
			keep_longer(&longest, rule);
		}
	}
	return longest;
}

static void the_greatest_plan_fits_its_room(void **state)
{
	struct vet_plan plan = { .seed = UINT64_MAX, .has_seed = 1, .count = VET_PLAN_RULES };
	struct vet_rule longest = find_longest();
	char text[VET_PLAN_TEXT_SIZE];
	int one = text_length(&longest), length;

	(void)state;
	assert_true(one >= 95); /* getsockname#D@N-M=jump:-T */
	for (uint32_t i = 0; i < VET_PLAN_RULES; i++)
		plan.rules[i] = longest;
	length = vet_plan_format(&plan, text, sizeof(text));
	assert_int_equal(length, 25 + 64 * (one + 2));
	must_come_back(&plan);
}

static void a_plan_has_at_most_64_rules(void **state)
{
	static const char item[] = "send=EINTR;", seed[] = "seed:1";
	char text[65 * (sizeof(item) - 1) + sizeof(seed)];
	const size_t each = sizeof(item) - 1;
	struct vet_text_error error;
	struct vet_plan plan;

	(void)state;
	for (size_t i = 0; i < 65; i++)
		memcpy(text + i * each, item, each);
	assert_int_equal(parse(text, 64 * each - 1, &plan, &error), 0);
	assert_int_equal(plan.count, 64);
	must_come_back(&plan);
	assert_int_equal(parse(text, 65 * each - 1, &plan, &error), -EINVAL);
	must_explain(text, 65 * each - 1, &plan, &error);
	assert_int_equal(error.offset, 64 * each);
	assert_int_equal(error.length, 4);
	assert_string_equal(error.reason, "a plan has at most 64 rules");
	memcpy(text + 64 * each, seed, sizeof(seed));
	plan = must_parse(text);
	assert_int_equal(plan.count, 64);
	assert_int_equal(plan.has_seed, 1);
}

/* ---- values that no text gives ---- */

/* clang-format off */
static const struct vet_rule impossible_rules[] = {
	{ VET_CALL_COUNT, ACTION(PASS), VET_WHEN_CALLS, 0, 0, ALWAYS, 0 },
	{ 0xfe, ACTION(PASS), VET_WHEN_CALLS, 0, 0, ALWAYS, 0 },
	{ CALL(send), VET_ACTION_COUNT, VET_WHEN_CALLS, 0, 0, ALWAYS, 0 },
	{ CALL(send), ACTION(TIMEOUT), VET_WHEN_CALLS, 0, 0, ALWAYS, 0 },
	{ CALL(interface_index), ACTION(VALUE_OF), VET_WHEN_CALLS, 0, 0, ALWAYS, -EINTR },
	{ CALL(send), ACTION(PASS), VET_WHEN_BYTE + 1, 0, 0, ALWAYS, 0 },
	{ CALL(send), ACTION(PASS), VET_WHEN_CALLS, 0, 0, 0, 0, 0 },
	{ CALL(send), ACTION(PASS), VET_WHEN_CALLS, 0, 0, 0, FOR_EVER, 0 },
	{ CALL(send), ACTION(PASS), VET_WHEN_CALLS, 0, 0, 3, 2, 0 },
	{ CALL(send), ACTION(PASS), VET_WHEN_CALLS, 0, 0, 1, COUNT_MOST + 1, 0 },
	{ CALL(send), ACTION(PASS), VET_WHEN_CALLS, 0, 0, COUNT_MOST + 1, COUNT_MOST + 1, 0 },
	{ CALL(send), ACTION(PASS), VET_WHEN_CALLS, 0, 0, FOR_EVER, FOR_EVER, 0 },
	{ CALL(send), ACTION(PASS), VET_WHEN_PERCENT, 0, 0, 0, 0, 0 },
	{ CALL(send), ACTION(PASS), VET_WHEN_PERCENT, 0, 0, 101, 0, 0 },
	{ CALL(send), ACTION(PASS), VET_WHEN_PERCENT, 0, 0, 5, 5, 0 },
	{ CALL(send), ACTION(PASS), VET_WHEN_BYTE, 0, 0, 0, 0, 0 },
	{ CALL(send), ACTION(PASS), VET_WHEN_BYTE, 0, 0, COUNT_MOST + 1, 0, 0 },
	{ CALL(send), ACTION(PASS), VET_WHEN_BYTE, 0, 0, 5, 5, 0 },
	{ CALL(poll), ACTION(PASS), VET_WHEN_BYTE, 0, 0, 5, 0, 0 },
	{ CALL(now), ACTION(PASS), VET_WHEN_CALLS, 0, 1, ALWAYS, 0 },
	{ CALL(send), ACTION(PASS), VET_WHEN_CALLS, 1, 0, ALWAYS, 0 },
	{ CALL(send), ACTION(SHORT), VET_WHEN_CALLS, 1, 0, ALWAYS, 1 },
	{ CALL(poll), ACTION(TIMEOUT), VET_WHEN_CALLS, 1, 0, ALWAYS, 0 },
	{ CALL(send), ACTION(ERROR), VET_WHEN_CALLS, 2, 0, ALWAYS, -EINTR },
	{ CALL(send), ACTION(ERROR), VET_WHEN_CALLS, 0, 0, ALWAYS, 0 },
	{ CALL(send), ACTION(ERROR), VET_WHEN_CALLS, 0, 0, ALWAYS, EINTR },
	{ CALL(send), ACTION(ERROR), VET_WHEN_CALLS, 0, 0, ALWAYS, -4000 },
	{ CALL(send), ACTION(ERROR), VET_WHEN_CALLS, 0, 0, ALWAYS, -5001 },
	{ CALL(send), ACTION(ERROR), VET_WHEN_CALLS, 0, 0, ALWAYS, INT64_MIN },
	{ CALL(send), ACTION(ERROR), VET_WHEN_CALLS, 0, 0, ALWAYS, -EINTR - (INT64_C(1) << 32) },
	{ CALL(getsockopt), ACTION(VALUE_OF), VET_WHEN_CALLS, 0, 0, ALWAYS, EINTR },
	{ CALL(send), ACTION(SHORT), VET_WHEN_CALLS, 0, 0, ALWAYS, 0 },
	{ CALL(send), ACTION(SHORT), VET_WHEN_CALLS, 0, 0, ALWAYS, -1 },
	{ CALL(send), ACTION(ZERO), VET_WHEN_CALLS, 0, 0, ALWAYS, 1 },
	{ CALL(poll), ACTION(EVENTS), VET_WHEN_CALLS, 0, 0, ALWAYS, 0 },
	{ CALL(poll), ACTION(EVENTS), VET_WHEN_CALLS, 0, 0, ALWAYS, POLLIN | 0x4000 },
	{ CALL(poll), ACTION(EVENTS), VET_WHEN_CALLS, 0, 0, ALWAYS, -1 },
	{ CALL(getsockopt), ACTION(VALUE), VET_WHEN_CALLS, 0, 0, ALWAYS, -1 },
	{ CALL(getsockopt), ACTION(VALUE), VET_WHEN_CALLS, 0, 0, ALWAYS, INT64_C(2147483648) },
	{ CALL(accept), ACTION(LENGTH), VET_WHEN_CALLS, 0, 0, ALWAYS, -1 },
	{ CALL(accept), ACTION(LENGTH), VET_WHEN_CALLS, 0, 0, ALWAYS, INT64_C(2147483648) },
	{ CALL(accept), ACTION(FAMILY), VET_WHEN_CALLS, 0, 0, ALWAYS, -1 },
	{ CALL(accept), ACTION(FAMILY), VET_WHEN_CALLS, 0, 0, ALWAYS, 65536 },
	{ CALL(send), ACTION(DELAY), VET_WHEN_CALLS, 0, 0, ALWAYS, -1 },
	{ CALL(send), ACTION(JUMP), VET_WHEN_CALLS, 0, 0, ALWAYS, INT64_MIN },
	{ CALL(send), ACTION(FREEZE), VET_WHEN_CALLS, 0, 0, ALWAYS, 1 },
	{ CALL(send), ACTION(SIGNAL), VET_WHEN_CALLS, 0, 0, ALWAYS, 0 },
	{ CALL(send), ACTION(SIGNAL), VET_WHEN_CALLS, 0, 0, ALWAYS, SIGKILL },
	{ CALL(send), ACTION(SIGNAL), VET_WHEN_CALLS, 0, 0, ALWAYS, SIGSEGV },
	{ CALL(send), ACTION(PASS), VET_WHEN_CALLS, 0, 0, ALWAYS, 1 },
};
/* clang-format on */

static void must_have_no_text(const struct vet_plan *plan, size_t row)
{
	char text[VET_PLAN_TEXT_SIZE];
	int result;

	memset(text, 'x', sizeof(text));
	result = vet_plan_format(plan, text, sizeof(text));
	if (result != -EINVAL || text[0] != '\0' || text[1] != 'x')
		fail_msg("row %zu: %d, \"%s\"", row, result, text);
	assert_int_equal(vet_plan_format(plan, NULL, 0), -EINVAL);
}

static void a_value_that_no_text_gives_is_not_printed(void **state)
{
	const struct vet_rule good = must_parse("send@1=EINTR").rules[0];
	struct vet_plan plan = no_rules;

	(void)state;
	for (size_t i = 0; i < COUNT(impossible_rules); i++) {
		plan = (struct vet_plan){ .count = 2, .rules = { good, impossible_rules[i] } };
		must_have_no_text(&plan, i);
	}
	plan = (struct vet_plan){ .count = VET_PLAN_RULES + 1 };
	for (size_t i = 0; i < VET_PLAN_RULES; i++)
		plan.rules[i] = good;
	must_have_no_text(&plan, 1000);
	plan = (struct vet_plan){ .seed = 1 };
	must_have_no_text(&plan, 1001);
	plan = (struct vet_plan){ .has_seed = 2 };
	must_have_no_text(&plan, 1002);
}

static void rules_beyond_the_count_are_not_looked_at(void **state)
{
	struct vet_plan plan = must_parse("send@1=EINTR; recv=zero");
	char text[VET_PLAN_TEXT_SIZE];

	(void)state;
	plan.rules[1] = impossible_rules[0];
	plan.count = 1;
	assert_true(vet_plan_format(&plan, text, sizeof(text)) > 0);
	assert_string_equal(text, "send@1=EINTR");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_plan_comes_back_from_its_text),
		cmocka_unit_test(a_text_that_does_not_fit_is_not_begun),
		cmocka_unit_test(the_greatest_plan_fits_its_room),
		cmocka_unit_test(a_plan_has_at_most_64_rules),
		cmocka_unit_test(a_value_that_no_text_gives_is_not_printed),
		cmocka_unit_test(rules_beyond_the_count_are_not_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
