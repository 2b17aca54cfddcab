/* SPDX-License-Identifier: 0BSD */
/* What a trace says, and its hash, over a table that follows rows (trace_rows.c). */
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
			print_error("got  %.*s\nwant %.*s\n", (int)strcspn(got->text + line, "\n"),
				    got->text + line, (int)strcspn(want->text + line, "\n"),
				    want->text + line);
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

static void every_option_has_a_name(void **state)
{
	(void)state;
	for (size_t i = 0; vet_option_at(i) != NULL; i++) {
		const struct vet_option *option = vet_option_at(i);
		const struct vet_option_number numbers[] = { option->ipv4, option->ipv6,
							     option->mapped };
		for (unsigned j = 0; j < 3; j++) {
			struct kept kept = { 0 };
			const struct row row = {
				.call = { VET_CALL_setsockopt,
					  NONE,
					  { .set = { numbers[j].level, numbers[j].name, "", 0 } } },
			};
			rows_record(&row, 1, &kept);
			(void)keep(&kept, "", 1);
			if (numbers[j].name != -1 && strstr(kept.text, "level:") != NULL) {
				print_error("%s: %s", option->name, kept.text);
				fail();
			}
			kept_free(&kept);
		}
	}
}

/* A call of each kind alone, behind two sockets. */
enum { PRELUDE = 2 };

static uint64_t record_alone(size_t i, struct kept *kept)
{
	const struct row program[PRELUDE + 1] = { rows[0], rows[1], rows[i] };
	return rows_record(program, PRELUDE + 1, kept);
}

static void the_hash_tells_apart_what_the_text_tells_apart_and_nothing_else(void **state)
{
	static struct kept kept[256];
	static uint64_t hash[256];
	(void)state;
	assert_true(rows_count < 256);
	for (size_t i = 0; i < rows_count; i++)
		hash[i] = record_alone(i, &kept[i]);
	for (size_t i = 0; i < rows_count; i++)
		for (size_t j = 0; j < i; j++) {
			bool same = kept[i].size == kept[j].size &&
				    memcmp(kept[i].text, kept[j].text, kept[i].size) == 0;
			if (same != (hash[i] == hash[j]))
				print_error("%s | %s\n", rows[i].line, rows[j].line);
			assert_int_equal(same, hash[i] == hash[j]);
		}
	for (size_t i = 0; i < rows_count; i++)
		kept_free(&kept[i]);
}

/* On another machine, by another compiler: this number.  It changes with the rows alone. */
static void the_same_run_has_the_same_text_and_hash_everywhere(void **state)
{
	struct kept first = { 0 }, second = { 0 };
	(void)state;
	uint64_t hash = rows_record(rows, rows_count, &first);
	assert_true(hash == rows_record(rows, rows_count, &second));
	assert_true(hash == rows_record(rows, rows_count, NULL)); /* without a text */
	assert_int_equal(first.size, second.size);
	assert_memory_equal(first.text, second.text, first.size);
	if (hash != UINT64_C(0xa6282877759d935a))
		print_error("the hash is 0x%llx\n", (unsigned long long)hash);
	assert_true(hash == UINT64_C(0xa6282877759d935a));
	kept_free(&first);
	kept_free(&second);
}

/* Two runs that differ in one thing. */
static const struct pair_of_rows {
	const char *name;
	struct row rows[2];
} pairs[] = {
#define RECV(b) \
	{ \
		.call = { VET_CALL_recv, \
			  NONE, \
			  { .in = { memory.data, 16, 0, NULL, NULL, NULL } } }, \
		.answer = { \
			.result = 9, \
			.bytes = b, \
			.size = 9 \
		} \
	}
#define LISTEN(r) \
	{ \
		.call = { VET_CALL_listen, NONE, { .backlog = 5 } }, .answer = {.result = r } \
	}
#define NOBODY(r) \
	{ \
		.call = { VET_CALL_poll, -1, { .poll = { nobody, 1, -1 } } }, .answer = { \
			.result = 1, \
			.revents = { r } \
		} \
	}
#define SEND(bytes) \
	{ \
		.call = { VET_CALL_send, NONE, { .out = { bytes, 3, 0, NULL, 0 } } } \
	}
	{ "the last byte", { RECV("abcdefghi"), RECV("abcdefghj") } },
	{ "one bit", { RECV("abcdefghi"), RECV("abcd\345fghi") } },
	{ "a byte that is sent", { SEND("abc"), SEND("abd") } },
	{ "an errno", { LISTEN(-EINVAL), LISTEN(-EBADF) } },
	{ "an errno without a name", { LISTEN(-532), LISTEN(-533) } },
	{ "success", { LISTEN(-EINVAL), LISTEN(0) } },
	{ "a count", { LISTEN(0), LISTEN(1) } },
};

static void another_byte_errno_or_bit_gives_another_hash(void **state)
{
	static struct pollfd nobody[] = { { NONE, POLLIN, 0 } };
	const struct row bits[] = { NOBODY(POLLIN), NOBODY(POLLIN | POLLERR), NOBODY(0) };
	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		uint64_t first = rows_record(&pairs[i].rows[0], 1, NULL);
		if (first == rows_record(&pairs[i].rows[1], 1, NULL))
			print_error("%s: no other hash\n", pairs[i].name);
		assert_false(first == rows_record(&pairs[i].rows[1], 1, NULL));
	}
	uint64_t in = rows_record(&bits[0], 1, NULL);
	assert_false(in == rows_record(&bits[1], 1, NULL));
	assert_false(in == rows_record(&bits[2], 1, NULL));
}

static void numbers_are_whole_wherever_a_piece_of_their_line_ends(void **state)
{
	static char data[600], line[700];
	(void)state;
	memset(data, 'a', sizeof data);
	for (size_t size = 1; size < sizeof data; size++) {
		struct kept got = { 0 }, want = { 0 };
		const struct row row = {
			line,
			{ VET_CALL_send, NONE, { .out = { data, size, 0, NULL, 0 } } },
			.answer = { .result = INT64_MAX },
		};
		(void)snprintf(line, sizeof line, "send none \"%.*s\" %zu 0 = 9223372036854775807",
			       (int)size, data, size);
		rows_expect(&row, 1, &want);
		(void)rows_record(&row, 1, &got);
		check_text(&got, &want);
		assert_true(got.greatest <= 256); /* there is room for no more */
		kept_free(&got);
		kept_free(&want);
	}
}

static void a_mebibyte_in_one_call_goes_to_the_sink_in_pieces(void **state)
{
	enum { SIZE = 1 << 20 };
	static unsigned char out[SIZE], in[SIZE];
	struct kept kept = { 0 };
	struct vet_replay replay;
	(void)state;
	for (size_t i = 0; i < SIZE; i++)
		out[i] = (unsigned char)(i * 7 >> 3);
	const struct row program[] = {
		{ .call = { VET_CALL_recv, NONE, { .in = { in, SIZE, 0, NULL, NULL, NULL } } },
		  .answer = { .result = SIZE, .bytes = (const char *)out, .size = SIZE } },
		{ .call = { VET_CALL_send, NONE, { .out = { out, SIZE, 0, NULL, 0 } } },
		  .answer = { .result = SIZE } },
	};
	uint64_t hash = rows_record(program, 2, &kept);
	assert_true(kept.size > 2 * SIZE);
	assert_true(kept.greatest <= 4096);
	memset(in, 0, sizeof in);
	assert_int_equal(vet_replay_start(&replay, kept.text, kept.size, NULL), 0);
	rows_run(vet_replay_sys(&replay), program, 2, NULL);
	assert_null(vet_replay_failure(&replay));
	assert_memory_equal(in, out, SIZE);
	assert_true(hash == vet_replay_hash(&replay));
	kept_free(&kept);
}

/* ---- sinks that fail ---- */

struct brittle {
	unsigned pieces, good;
};

static int break_at(void *context, const char *text, size_t size)
{
	struct brittle *brittle = context;
	(void)text;
	(void)size;
	return brittle->pieces++ < brittle->good ? 0 : -ENOSPC - (int)brittle->pieces;
}

static void a_failing_sink_is_told_and_harms_no_call(void **state)
{
	uint64_t hash = rows_record(rows, rows_count, NULL);
	(void)state;
	for (unsigned good = 0; good < 20; good++) {
		struct brittle brittle = { 0, good };
		struct fake fake;
		struct vet_trace trace;
		struct vet_sys *sys = fake_start(&fake, rows, rows_count);
		rows_run(vet_trace_start(&trace, sys, break_at, &brittle), rows, rows_count, NULL);
		assert_int_equal(fake.at, rows_count);
		assert_int_equal(vet_trace_error(&trace), -ENOSPC - (int)good - 1);
		assert_int_equal(brittle.pieces, good + 1); /* and is left alone */
		assert_true(vet_trace_hash(&trace) == hash);
	}
}

static void a_line_that_failed_in_its_middle_is_not_gone_on_with(void **state)
{
	static char data[1000];
	struct brittle brittle = { 0, 2 };
	struct fake fake;
	struct vet_trace trace;
	const struct row row = {
		.call = { VET_CALL_send, NONE, { .out = { data, sizeof data, 0, NULL, 0 } } }
	};
	(void)state;
	struct vet_sys *sys = fake_start(&fake, &row, 1);
	rows_run(vet_trace_start(&trace, sys, break_at, &brittle), &row, 1, NULL);
	assert_int_equal(brittle.pieces, 3);
	assert_int_equal(vet_trace_error(&trace), -ENOSPC - 3);
}

/* ---- more than there are numbers for ---- */

static void descriptors_and_files_without_a_number_left_are_numbered_0(void **state)
{
	enum { SOCKETS = VET_TRACE_DESCRIPTORS + 3, FILES = VET_TRACE_FILES + 2 };
	static struct row program[SOCKETS + FILES + 4];
	size_t count = 0;
	struct kept kept = { 0 }, again = { 0 };
	struct vet_replay replay;
	struct vet_trace trace;
	(void)state;
	for (size_t i = 0; i < SOCKETS; i++)
		program[count++] = rows[0];
	for (int i = 0; i < FILES; i++)
		program[count++] = (struct row){
			.call = { VET_CALL_pread,
				  FOREIGN + 2000 + i,
				  { .read = { memory.data, 1, 0 } } },
		};
	program[count++] = (struct row){ .call = { VET_CALL_adopt, 1025, { .how = 0 } } };
	program[count++] = (struct row){ .call = { VET_CALL_close, 1025, { .how = 0 } } };
	program[count++] = (struct row){ .call = { VET_CALL_close, 1024, { .how = 0 } } };
	program[count++] = (struct row){ .call = { VET_CALL_close, 1024, { .how = 0 } } };
	uint64_t hash = rows_record(program, count, &kept);
	(void)keep(&kept, "", 1);
	assert_non_null(strstr(kept.text, "= #1024\nsocket INET STREAM 0 = #0\n"));
	assert_non_null(strstr(kept.text, "pread file 64 1 0 = 0\npread file 0 1 0 = 0\n"));
	assert_non_null(strstr(
		kept.text, "adopt #0 = #0 moved\nclose #0 = 0\nclose #1024 = 0\nclose #0 = 0\n"));
	struct vet_text_error error;
	if (vet_replay_start(&replay, kept.text, kept.size - 1, &error) < 0)
		print_error("%zu: %s\n", error.offset, error.reason);
	assert_int_equal(vet_replay_start(&replay, kept.text, kept.size - 1, NULL), 0);
	rows_run(vet_trace_start(&trace, vet_replay_sys(&replay), keep, &again), program, count,
		 NULL);
	assert_null(vet_replay_failure(&replay));
	assert_true(vet_trace_hash(&trace) == hash);
	assert_memory_equal(kept.text, again.text, again.size);
	memcpy(strstr(kept.text, "close #1024 "), "bind foreign", 12);
	assert_int_equal(vet_replay_start(&replay, kept.text, kept.size - 1, &error), -EINVAL);
	assert_string_equal(error.reason, "this is #0, as no number is left");
	kept_free(&kept);
	kept_free(&again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_call_and_answer_has_its_line),
		cmocka_unit_test(every_entry_of_the_table_is_among_the_rows_failing_and_not),
		cmocka_unit_test(every_option_has_a_name),
		cmocka_unit_test(the_hash_tells_apart_what_the_text_tells_apart_and_nothing_else),
		cmocka_unit_test(the_same_run_has_the_same_text_and_hash_everywhere),
		cmocka_unit_test(another_byte_errno_or_bit_gives_another_hash),
		cmocka_unit_test(numbers_are_whole_wherever_a_piece_of_their_line_ends),
		cmocka_unit_test(a_mebibyte_in_one_call_goes_to_the_sink_in_pieces),
		cmocka_unit_test(a_failing_sink_is_told_and_harms_no_call),
		cmocka_unit_test(a_line_that_failed_in_its_middle_is_not_gone_on_with),
		cmocka_unit_test(descriptors_and_files_without_a_number_left_are_numbered_0),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
