/* SPDX-License-Identifier: 0BSD */
/* The harness itself: programs as text, and that a table which lies is caught, and the program that
 * shows it made small. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "follow.h"

static void every_program_is_read_as_it_was_printed(void **state)
{
	static char text[PROGRAM_TEXT], again[PROGRAM_TEXT];
	static struct program program, read;
	struct vet_text_error error;
	(void)state;
	for (uint64_t i = 0; i < 20000; i++) {
		program_generate(&program, 7, i, 24);
		program_print(&program, text, sizeof(text));
		if (program_parse(&read, text, &error) < 0)
			fail_msg("%s\nat %zu: %s", text, error.offset, error.reason);
		program_print(&read, again, sizeof(again));
		assert_string_equal(text, again);
		assert_int_equal(program.count, read.count);
		for (uint32_t j = 0; j < read.count; j++)
			if (memcmp(&program.step[j], &read.step[j], sizeof(read.step[j])) != 0)
				fail_msg("step %u of %s", j + 1, text);
	}
}

static void a_program_depends_on_its_seed_and_index_alone(void **state)
{
	static struct program a, b;
	(void)state;
	program_generate(&a, 1, 2, 24);
	program_generate(&b, 1, 3, 24);
	assert_memory_not_equal(&a, &b, sizeof(a.step[0]) * 10);
	program_generate(&b, 1, 2, 24);
	assert_int_equal(a.count, b.count);
	assert_memory_equal(a.step, b.step, sizeof(a.step[0]) * a.count);
}

static void what_is_no_program_is_refused_where_it_is_wrong(void **state)
{
	static const struct {
		const char *text;
		size_t offset;
	} cases[] = {
		{ "s0=socket 4 strem", 12 },  { "s6=socket 4 stream", 0 },
		{ "s0 socket 4 stream", 3 },  { "s0 bind", 7 },
		{ "s0 bind A:p9", 8 },        { "s0 bind A:p0 more", 13 },
		{ "s0 send 99999999999", 8 }, { "s0 getsockopt SO_NONE", 14 },
		{ "poll s0:on", 5 },          { "file send 3", 5 },
		{ "now; s0 nothing", 8 },     { "bind A:p0", 0 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct program program;
		struct vet_text_error error;
		if (program_parse(&program, cases[i].text, &error) == 0)
			fail_msg("taken: %s", cases[i].text);
		if (error.offset != cases[i].offset)
			fail_msg("%s: at %zu: %s", cases[i].text, error.offset, error.reason);
	}
}

/* ---- lies ---- */

static struct place_to_run kernel;

/* A layer over the kernel's table that answers one call otherwise. */
struct liar {
	struct vet_layer layer;
	const struct lie *lie;
};

struct lie {
	const char *name;
	unsigned entry;
	int64_t truth, told; /* INT64_MAX: any truth that is more than 1; one less is told */
	size_t steps;        /* that the smallest program needs, about */
	const char *kind;
};

static int64_t answer(struct vet_layer *layer, struct vet_call *call)
{
	const struct lie *lie = ((struct liar *)layer)->lie;
	int64_t result = vet_call_make(layer->next, call);
	if (call->entry != lie->entry)
		return result;
	if (lie->truth == INT64_MAX)
		return result > 1 ? result - 1 : result;
	return result == lie->truth ? lie->told : result;
}

static const struct lie lies[] = {
	{ "a refusal that says reset", VET_CALL_connect, -ECONNREFUSED, -ECONNRESET, 6,
	  "connect result: ECONNREFUSED / ECONNRESET" },
	{ "a broken pipe that is merely not connected", VET_CALL_send, -EPIPE, -ENOTCONN, 6,
	  "send result: EPIPE / ENOTCONN" },
	{ "a shutdown that always succeeds", VET_CALL_shutdown, -ENOTCONN, 0, 6,
	  "shutdown result: ENOTCONN / 0" },
	{ "a reset that is not told", VET_CALL_recv, -ECONNRESET, 0, 12,
	  "recv result: ECONNRESET / 0" },
	{ "sends that take one byte less", VET_CALL_send, INT64_MAX, 0, 8,
	  "send result: all / part" },
};

static int liar_begin(struct place_to_run *self, struct ground *ground)
{
	(void)self;
	return kernel.begin(&kernel, ground);
}

/* The first program that shows the lie, of those that the seed makes. */
static bool find(struct place_to_run *other, const struct lie *lie, struct program *program,
		 struct verdict *verdict)
{
	static struct record record;
	struct tally tally = { 0 };
	for (uint64_t i = 0; i < 20000; i++) {
		program_generate(program, 11, i, 24);
		follow(&kernel, other, program, verdict, &record, &tally);
		if (verdict->outcome == DIFFERENT && strcmp(verdict->kind, lie->kind) == 0)
			return true;
	}
	return false;
}

static void a_table_that_lies_is_caught_and_the_program_made_small(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		static struct program program;
		struct liar liar = { .lie = &lies[i] };
		struct place_to_run other = { .begin = liar_begin };
		struct verdict verdict;
		char text[PROGRAM_TEXT];
		other.side.sys = vet_layer_over(&liar.layer, kernel.side.sys, answer);
		other.side.file = kernel.side.file;
		if (!find(&other, &lies[i], &program, &verdict))
			fail_msg("%s: not caught", lies[i].name);
		shrink(&kernel, &other, &program, &verdict);
		program_print(&program, text, sizeof(text));
		assert_string_equal(verdict.kind, lies[i].kind);
		assert_int_equal(verdict.outcome, DIFFERENT);
		if (program.count > lies[i].steps)
			fail_msg("%s: %u steps: %s", lies[i].name, program.count, text);
	}
}

/* On a busy machine a run may meet the kernel's timers (an acknowledgement after 40 ms) where two others
 * did not: a difference that does not come again is no failure. */
static void the_kernel_follows_itself(void **state)
{
	static struct record record;
	struct place_to_run other = kernel;
	struct tally tally = { 0 };
	(void)state;
	for (uint64_t i = 0; i < 3000; i++) {
		struct program program;
		struct verdict verdict;
		program_generate(&program, 13, i, 24);
		follow(&kernel, &other, &program, &verdict, &record, &tally);
		if (verdict.outcome == DIFFERENT)
			follow(&kernel, &other, &program, &verdict, &record, &tally);
		if (verdict.outcome == DIFFERENT)
			fail_msg("program %u, step %u: %s", (unsigned)i, verdict.step + 1,
				 verdict.kind);
	}
	assert_in_range(tally.programs, 3000, 3005);
	assert_true(tally.followed >= 2998);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_program_is_read_as_it_was_printed),
		cmocka_unit_test(a_program_depends_on_its_seed_and_index_alone),
		cmocka_unit_test(what_is_no_program_is_refused_where_it_is_wrong),
		cmocka_unit_test(the_kernel_follows_itself),
		cmocka_unit_test(a_table_that_lies_is_caught_and_the_program_made_small),
	};
	const char *why_not;
	int result;
	if (kernel_open(&kernel, &why_not) < 0)
		return 77;
	result = cmocka_run_group_tests(tests, NULL, NULL);
	kernel_close(&kernel);
	return result;
}
