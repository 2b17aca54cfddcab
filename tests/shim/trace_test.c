/* SPDX-License-Identifier: 0BSD */
/* What a trace says, over a table that follows rows (trace_rows.c). */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <vetsock/option.h>

#include "trace_rows.h"

/* The first line that is not as it should be. */
static void check_text(const struct kept *got, const struct kept *want)
{
	size_t line = 0, size = got->size < want->size ? got->size : want->size;
	for (size_t i = 0; i < size; i++) {
		if (got->text[i] != want->text[i]) {
			print_error("got  %.*s\nwant %.*s\n",
				    (int)strcspn(got->text + line, "\n"), got->text + line,
				    (int)strcspn(want->text + line, "\n"), want->text + line);
			fail();
		}
		if (got->text[i] == '\n')
			line = i + 1;
	}
	assert_int_equal(got->size, want->size);
}

static void each_call_and_answer_has_its_line(void **state)
{
	struct kept got = { 0 }, want = { 0 };
	(void)state;
	rows_record(rows, rows_count, &got);
	rows_expect(rows, rows_count, &want);
	check_text(&got, &want);
	kept_free(&got);
	kept_free(&want);
}

static void every_entry_of_the_table_is_among_the_rows_failing_and_not(void **state)
{
	(void)state;
	for (unsigned entry = 0; entry < VET_CALL_COUNT; entry++) {
		unsigned failing = 0, good = 0;
		for (size_t i = 0; i < rows_count; i++)
			if (rows[i].call.entry == entry)
				*(rows[i].answer.result < 0 ? &failing : &good) += 1;
		if (failing == 0 || good == 0)
			print_error("%s: %u failing, %u not\n", vet_entry_name(entry), failing,
				    good);
		assert_true(failing > 0 && good > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_call_and_answer_has_its_line),
		cmocka_unit_test(every_entry_of_the_table_is_among_the_rows_failing_and_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
