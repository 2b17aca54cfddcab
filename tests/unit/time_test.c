/* SPDX-License-Identifier: 0BSD */
/* Durations and instants saturate: nothing wraps. */
#include "stage.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct sum {
	int64_t instant, duration, want;
} sums[] = {
	{ 0, 0, 0 },
	{ 1, 2, 3 },
	{ 1, -2, -1 },
	{ INT64_MAX, 1, INT64_MAX },
	{ INT64_MAX - 1, 1, INT64_MAX },
	{ INT64_MAX - 1, 2, INT64_MAX },
	{ INT64_MAX, INT64_MAX, INT64_MAX },
	{ INT64_MAX, -1, INT64_MAX - 1 },
	{ INT64_MIN, -1, INT64_MIN },
	{ INT64_MIN + 1, -1, INT64_MIN },
	{ INT64_MIN, INT64_MIN, INT64_MIN },
	{ INT64_MIN, INT64_MAX, -1 },
	{ INT64_MAX, INT64_MIN, -1 },
	{ -1, INT64_MIN, INT64_MIN },
};

static const struct difference {
	int64_t later, earlier, want;
} differences[] = {
	{ 0, 0, 0 },
	{ 5, 3, 2 },
	{ 3, 5, -2 },
	{ INT64_MAX, 0, INT64_MAX },
	{ INT64_MAX, -1, INT64_MAX },
	{ INT64_MAX, INT64_MIN, INT64_MAX },
	{ INT64_MAX, INT64_MAX, 0 },
	{ 0, INT64_MIN, INT64_MAX },
	{ -1, INT64_MIN, INT64_MAX },
	{ -2, INT64_MIN, INT64_MAX - 1 },
	{ INT64_MIN, INT64_MIN, 0 },
	{ INT64_MIN, 0, INT64_MIN },
	{ INT64_MIN, 1, INT64_MIN },
	{ INT64_MIN, INT64_MAX, INT64_MIN },
	{ -2, INT64_MAX, INT64_MIN },
	{ -1, INT64_MAX, INT64_MIN },
	{ 0, INT64_MAX, INT64_MIN + 1 },
};

static const struct macro {
	const char *name;
	vet_duration value, want;
} macros[] = {
	{ "nanoseconds", VET_NANOSECONDS(5), 5 },
	{ "microseconds", VET_MICROSECONDS(5), 5000 },
	{ "milliseconds", VET_MILLISECONDS(-5), -5000000 },
	{ "seconds", VET_SECONDS(5), 5000000000 },
	{ "minutes", VET_MINUTES(5), 300000000000 },
	{ "hours", VET_HOURS(5), 18000000000000 },
	{ "the most seconds", VET_SECONDS(9223372036), 9223372036000000000 },
	{ "one more", VET_SECONDS(9223372037), VET_DURATION_MAX },
	{ "the most of an unsigned number", VET_SECONDS(UINT64_MAX), VET_DURATION_MAX },
	{ "the most nanoseconds of an unsigned number", VET_NANOSECONDS(UINT64_MAX),
	  VET_DURATION_MAX },
	{ "the fewest seconds", VET_SECONDS(-9223372036), -9223372036000000000 },
	{ "one less", VET_SECONDS(-9223372037), VET_DURATION_MIN },
	{ "far too many hours", VET_HOURS(INT64_MAX), VET_DURATION_MAX },
	{ "far too few microseconds", VET_MICROSECONDS(INT64_MIN), VET_DURATION_MIN },
	{ "of an int", VET_SECONDS(2147483647), 2147483647000000000 },
};

static void check(const char *what, int64_t a, int64_t b, int64_t got, int64_t want)
{
	if (got != want)
		fail_msg("%s %" PRId64 ", %" PRId64 " is %" PRId64 ", not %" PRId64, what, a, b,
			 got, want);
}

static void an_instant_and_a_duration_add_up_and_saturate(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(sums); i++) {
		const struct sum *row = &sums[i];
		struct vet_instant got =
			vet_instant_add((struct vet_instant){ row->instant }, row->duration);
		check("the sum of", row->instant, row->duration, got.nanoseconds, row->want);
	}
}

static void the_difference_of_instants_saturates(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(differences); i++) {
		const struct difference *row = &differences[i];
		vet_duration got = vet_instant_difference((struct vet_instant){ row->later },
							  (struct vet_instant){ row->earlier });
		check("the difference of", row->later, row->earlier, got, row->want);
	}
}

static void the_units_saturate(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(macros); i++)
		check(macros[i].name, 0, 0, macros[i].value, macros[i].want);
}

static void never_is_the_greatest_instant(void **state)
{
	(void)state;
	assert_true(vet_instant_never().nanoseconds == INT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_instant_and_a_duration_add_up_and_saturate),
		cmocka_unit_test(the_difference_of_instants_saturates),
		cmocka_unit_test(the_units_saturate),
		cmocka_unit_test(never_is_the_greatest_instant),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
