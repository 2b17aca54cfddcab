/* SPDX-License-Identifier: 0BSD */
/* Any bytes as a fault plan.
 * Aims at: vet_plan_parse, vet_plan_format, vet_plan_lawful, vet_action_fits */
#include <errno.h>
#include <string.h>

#include <vetsock/fault.h>
#include <vetsock/plan.h>

#include "fuzz.h"

static int parse(const char *text, size_t size, void *plan, struct vet_text_error *error)
{
	return vet_plan_parse(text, size, plan, error);
}

static int format(const void *plan, char *text, size_t size)
{
	return vet_plan_format(plan, text, size);
}

/* A plan has no padding. */
static bool equal(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct vet_plan)) == 0;
}

static const struct vet_fuzz_language language = {
	sizeof(struct vet_plan), VET_PLAN_TEXT_SIZE, parse, format, equal,
};

/* A plan is lawful if each of its rules is, and the first that is not is named. */
static void check_lawful(const struct vet_plan *plan)
{
	size_t first = VET_PLAN_RULES;
	bool is_lawful = vet_plan_lawful(plan, &first);
	static struct vet_plan part;

	for (uint32_t i = 0; i < plan->count; i++)
		must(vet_action_fits(plan->rules[i].entry, plan->rules[i].action));
	if (is_lawful)
		return;
	must(first < plan->count);
	part.count = (uint32_t)first;
	memcpy(part.rules, plan->rules, first * sizeof(part.rules[0]));
	must(vet_plan_lawful(&part, NULL));
	part.count = 1;
	part.rules[0] = plan->rules[first];
	must(!vet_plan_lawful(&part, NULL));
}

/* Numbers have no leading zeros, and no plan holds one above 2^64 - 1: else it would have been read as
 * another one, which no round trip shows. */
static void check_numbers(const char *text, size_t size)
{
	static const char greatest[] = "18446744073709551615";
	const size_t most = sizeof(greatest) - 1;

	for (size_t at = 0, digits; at < size; at += digits + 1) {
		for (digits = 0;
		     at + digits < size && text[at + digits] >= '0' && text[at + digits] <= '9';)
			digits++;
		must(digits <= most && (digits < most || memcmp(text + at, greatest, most) <= 0));
	}
}

/* A rule as often as there may be rules is a plan, and once more is none.  It is seldom done: else it would
 * take most of the time. */
static void check_limit(const char *text, size_t size)
{
	enum { LONGEST = 64, ONE_IN = 64 };
	static char many[(VET_PLAN_RULES + 1) * (LONGEST + 1)];
	static struct vet_plan plan;
	const size_t length = size + 1;
	struct vet_text_error error;

	if (size > LONGEST || (unsigned char)text[size / 2] % ONE_IN != size % ONE_IN)
		return;
	for (size_t i = 0; i <= VET_PLAN_RULES; i++) {
		memcpy(many + i * length, text, size);
		many[i * length + size] = ';';
	}
	must(vet_plan_parse(many, VET_PLAN_RULES * length - 1, &plan, &error) == 0);
	must(plan.count == VET_PLAN_RULES);
	must(vet_plan_parse(many, (VET_PLAN_RULES + 1) * length - 1, &plan, &error) == -EINVAL);
	must(error.offset >= VET_PLAN_RULES * length);
}

/* The same bytes as rules: a plan that no text gives is refused, any other has one. */
static void check_value(const uint8_t *data, size_t size)
{
	static struct vet_plan plan;
	static char text[VET_PLAN_TEXT_SIZE];
	size_t count = size / sizeof(plan.rules[0]);
	int result;

	if (count == 0 || count > VET_PLAN_RULES)
		return;
	plan.count = (uint32_t)count;
	plan.seed = plan.has_seed = data[0] >> 7;
	memcpy(plan.rules, data, count * sizeof(plan.rules[0]));
	plan.rules[0].entry &= 0x7f; /* its highest bit is the seed */
	result = vet_plan_format(&plan, text, sizeof(text));
	must(result > 0 || (result == -EINVAL && text[0] == '\0'));
	memset(plan.rules + count, 0, (VET_PLAN_RULES - count) * sizeof(plan.rules[0]));
	if (result > 0)
		vet_fuzz_check_value(&language, &plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct vet_plan plan;

	if (vet_fuzz_round_trip(&language, (const char *)data, size, &plan)) {
		check_numbers((const char *)data, size);
		check_lawful(&plan);
		if (plan.count == 1 && plan.has_seed == 0)
			check_limit((const char *)data, size);
	}
	check_value(data, size);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	return vet_fuzz_mutate_tokens("plan", ';', data, size, max_size, seed);
}
