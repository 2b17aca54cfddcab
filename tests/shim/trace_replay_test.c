/* SPDX-License-Identifier: 0BSD */
/* Traces as tables: what they answer, and how differences are told. */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "trace_rows.h"

#define HEADING "vetsock trace 1\n"

/* ---- what is recorded is answered ---- */

enum { MOST_ROWS = 256 };

/* What the program sees of each call. */
struct seen {
	struct memory memory[MOST_ROWS];
	int64_t result[MOST_ROWS];
	size_t count;
};
static struct seen recorded, replayed, *seeing;

static void see(const struct row *row, int64_t result)
{
	struct memory *m = &seeing->memory[seeing->count];
	*m = memory;
	m->block = NULL;
	for (unsigned i = 0; i < 3; i++)
		m->descriptors[i].fd = 0; /* those may be others */
	if (row->call.entry == VET_CALL_now)
		m->number = 0; /* and so may the clock's beginning */
	bool makes = row->call.entry == VET_CALL_socket || row->call.entry == VET_CALL_dup ||
		     row->call.entry == VET_CALL_accept || row->call.entry == VET_CALL_adopt;
	seeing->result[seeing->count++] = makes && result >= 0 ? 0 : result;
}

static void a_replay_answers_bit_for_bit_what_was_recorded(void **state)
{
	struct kept text = { 0 }, again = { 0 };
	struct fake fake;
	struct vet_trace trace;
	struct vet_replay replay;
	(void)state;
	seeing = &recorded;
	struct vet_sys *sys = fake_start(&fake, rows, rows_count);
	rows_run(vet_trace_start(&trace, sys, keep, &text), rows, rows_count, see);
	uint64_t hash = vet_trace_hash(&trace);

	seeing = &replayed;
	assert_int_equal(vet_replay_start(&replay, text.text, text.size, NULL), 0);
	sys = vet_replay_sys(&replay);
	rows_run(vet_trace_start(&trace, sys, keep, &again), rows, rows_count, see);
	if (vet_replay_failure(&replay) != NULL)
		print_error("%s\n", vet_replay_failure(&replay));
	assert_null(vet_replay_failure(&replay));
	assert_true(vet_replay_hash(&replay) == hash);
	assert_true(vet_trace_hash(&trace) == hash);
	assert_int_equal(again.size, text.size);
	assert_memory_equal(again.text, text.text, text.size);
	assert_int_equal(recorded.count, replayed.count);
	for (size_t i = 0; i < rows_count; i++) {
		if (memcmp(&recorded.memory[i], &replayed.memory[i], sizeof(struct memory)) != 0 ||
		    recorded.result[i] != replayed.result[i])
			print_error("%s: something else was seen\n", rows[i].line);
		assert_memory_equal(&recorded.memory[i], &replayed.memory[i],
				    sizeof(struct memory));
		assert_int_equal(recorded.result[i], replayed.result[i]);
	}
	assert_int_equal(replay.blocks, 0);
	kept_free(&text);
	kept_free(&again);
}

static void the_clock_of_a_replay_goes_as_the_recorded_one(void **state)
{
	static const char text[] = HEADING "now = 0s\nnow = 1234ns\nnow = -5ms\n";
	struct vet_replay replay;
	int64_t first = 0, second = 0, third = 0;
	(void)state;
	assert_int_equal(vet_replay_start(&replay, text, strlen(text), NULL), 0);
	struct vet_sys *sys = vet_replay_sys(&replay);
	assert_int_equal((sys->calls->now)(sys, &first), 0);
	assert_int_equal((sys->calls->now)(sys, &second), 0);
	assert_int_equal((sys->calls->now)(sys, &third), 0);
	assert_int_equal(second - first, 1234);
	assert_int_equal(third - first, -5000000);
	assert_null(vet_replay_failure(&replay));
}

static void a_replay_has_the_optional_entries_that_were_called(void **state)
{
	static const struct {
		const char *text;
		bool has_sendfile, has_interface_index;
	} cases[] = {
		{ HEADING, false, false },
		{ HEADING "sendfile none none none 1 = EBADF\n", true, false },
		{ HEADING "interface_index \"lo\" = 1\n", false, true },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct vet_replay replay;
		assert_int_equal(
			vet_replay_start(&replay, cases[i].text, strlen(cases[i].text), NULL), 0);
		struct vet_sys *sys = vet_replay_sys(&replay);
		assert_int_equal(vet_sys_check(sys, NULL), 0);
		assert_int_equal(VET_SYS_HAS(sys, sendfile), cases[i].has_sendfile);
		assert_int_equal(VET_SYS_HAS(sys, interface_index), cases[i].has_interface_index);
	}
}

/* ---- differences ---- */

static struct pollfd in[] = { { 1, POLLIN, 0 } }, out[] = { { 1, POLLOUT, 0 } };
#define SOCKET(f) \
	{ \
		VET_CALL_socket, -1, \
		{ \
			.socket = { f, SOCK_STREAM, 0 } \
		} \
	}
#define SEND(d, b) \
	{ \
		VET_CALL_send, d, \
		{ \
			.out = { b, 5, 0, NULL, 0 } \
		} \
	}
#define RECV(size) \
	{ \
		VET_CALL_recv, 1, \
		{ \
			.in = { memory.data, size, 0, NULL, NULL, NULL } \
		} \
	}
#define POLL(e, t) \
	{ \
		VET_CALL_poll, -1, \
		{ \
			.poll = { e, 1, t } \
		} \
	}
#define BLOCK(size) \
	{ \
		VET_CALL_realloc, -1, \
		{ \
			.block = { &memory.block, size } \
		} \
	}
#define NOW \
	{ \
		VET_CALL_now, -1, \
		{ \
			.nanoseconds = &memory.number \
		} \
	}
#define CLOSE(d) \
	{ \
		VET_CALL_close, d, \
		{ \
			.how = 0 \
		} \
	}
#define END \
	{ \
		VET_CALL_COUNT, -1, \
		{ \
			.how = 0 \
		} \
	}

static const char short_trace[] = HEADING "socket INET STREAM 0 = #1\n"
					  "send #1 \"hello\" 5 0 = 5\n"
					  "poll #1:IN 10ms = 1 #1:IN\n"
					  "recv #1 5 0 = 2 \"he\"\n"
					  "realloc none 64 = 0\n"
					  "realloc block 0 = 0\n"
					  "close #1 = 0\n";

static const struct difference {
	const char *name;
	struct vet_call calls[10];
	const char *want;
} differences[] = {
	{ "none",
	  { SOCKET(AF_INET), SEND(1, "hello"), POLL(in, 10000000), RECV(5), BLOCK(64), BLOCK(0),
	    CLOSE(1), END },
	  NULL },
	{ "another call",
	  { SOCKET(AF_INET), CLOSE(1), END },
	  "line 3: the trace has 'send #1 \"hello\" 5 0', the program made 'close #1'" },
	{ "another family",
	  { SOCKET(AF_INET6), END },
	  "line 2: the trace has 'socket INET STREAM 0', the program made 'socket INET6 STREAM 0'" },
	{ "another byte",
	  { SOCKET(AF_INET), SEND(1, "hellO"), END },
	  "line 3: the trace has 'send #1 \"hello\" 5 0', the program made 'send #1 \"hellO\" 5 0'" },
	{ "another descriptor",
	  { SOCKET(AF_INET), SEND(FOREIGN, "hello"), END },
	  "line 3: the trace has 'send #1 \"hello\" 5 0', the program made 'send foreign \"hello\" 5 0'" },
	{ "another bit",
	  { SOCKET(AF_INET), SEND(1, "hello"), POLL(out, 10000000), END },
	  "line 4: the trace has 'poll #1:IN 10ms', the program made 'poll #1:OUT 10ms'" },
	{ "another limit",
	  { SOCKET(AF_INET), SEND(1, "hello"), POLL(in, 10000001), END },
	  "line 4: the trace has 'poll #1:IN 10ms', the program made 'poll #1:IN 10000001ns'" },
	{ "a size that begins alike",
	  { SOCKET(AF_INET), SEND(1, "hello"), POLL(in, 10000000), RECV(50), END },
	  "line 5: the trace has 'recv #1 5 0', the program made 'recv #1 50 0'" },
	{ "no block yet",
	  { SOCKET(AF_INET), SEND(1, "hello"), POLL(in, 10000000), RECV(5), BLOCK(0), END },
	  "line 6: the trace has 'realloc none 64', the program made 'realloc none 0'" },
	{ "a call left out",
	  { SOCKET(AF_INET), SEND(1, "hello"), RECV(5), END },
	  "line 4: the trace has 'poll #1:IN 10ms', the program made 'recv #1 5 0'" },
	{ "one call less",
	  { SOCKET(AF_INET), SEND(1, "hello"), POLL(in, 10000000), RECV(5), BLOCK(64), BLOCK(0),
	    END },
	  "line 8: the trace has 'close #1', the program has ended" },
	{ "no call at all",
	  { END },
	  "line 2: the trace has 'socket INET STREAM 0', the program has ended" },
	{ "one call more",
	  { SOCKET(AF_INET), SEND(1, "hello"), POLL(in, 10000000), RECV(5), BLOCK(64), BLOCK(0),
	    CLOSE(1), CLOSE(1), END },
	  "line 9: the trace has ended, the program made 'close #1'" },
};

static void each_difference_is_told_with_its_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof differences / sizeof differences[0]; i++) {
		struct row program[10];
		struct vet_replay replay;
		size_t count = 0;
		memset(program, 0, sizeof program);
		for (; differences[i].calls[count].entry != VET_CALL_COUNT; count++)
			program[count].call = differences[i].calls[count];
		size_t size = strlen(short_trace);
		char *exact = exactly(short_trace, size);
		assert_int_equal(vet_replay_start(&replay, exact, size, NULL), 0);
		rows_run(vet_replay_sys(&replay), program, count, NULL);
		const char *failure = vet_replay_failure(&replay);
		free(exact);
		if (differences[i].want == NULL) {
			assert_null(failure);
			continue;
		}
		if (failure == NULL || strcmp(failure, differences[i].want) != 0)
			print_error("%s\n", differences[i].name);
		assert_non_null(failure);
		assert_string_equal(failure, differences[i].want);
	}
}

static void after_a_difference_every_call_fails_but_those_that_give_back(void **state)
{
	static const char text[] = HEADING "realloc none 64 = 0\nclose foreign = 0\n";
	struct vet_replay replay;
	void *block = NULL, *none = NULL;
	int64_t time = 0;
	(void)state;
	assert_int_equal(vet_replay_start(&replay, text, strlen(text), NULL), 0);
	struct vet_sys *sys = vet_replay_sys(&replay);
	assert_int_equal((sys->calls->realloc)(sys, &block, 64), 0);
	memset(block, 1, 64);
	assert_int_equal(replay.blocks, 1);
	uint64_t hash = vet_replay_hash(&replay);
	assert_int_equal((sys->calls->now)(sys, &time), -EIO);
	assert_int_equal((sys->calls->socket)(sys, AF_INET, SOCK_STREAM, 0), -EIO);
	assert_int_equal((sys->calls->poll)(sys, NULL, 0, 5), -EIO);
	assert_int_equal((sys->calls->realloc)(sys, &none, 5), -EIO);
	assert_null(none);
	assert_int_equal((sys->calls->realloc)(sys, &block, 128), -EIO);
	assert_non_null(block);
	assert_int_equal((sys->calls->realloc)(sys, &block, 0), 0);
	assert_null(block);
	assert_int_equal((sys->calls->close)(sys, 5), 0); /* though it is the trace's next */
	assert_int_equal(replay.blocks, 0);
	assert_true(vet_replay_hash(&replay) == hash);
	assert_string_equal(vet_replay_failure(&replay),
			    "line 3: the trace has 'close foreign', the program made 'now'");
}

/* Else the sanitizers' allocators end the program where malloc() gives NULL. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}
const char *__msan_default_options(void);
const char *__msan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static void memory_that_is_not_here_ends_a_replay(void **state)
{
	char text[128];
	struct vet_replay replay;
	void *block = NULL;
	int size = snprintf(text, sizeof text, HEADING "realloc none %zu = 0\nnow = 0s\n",
			    SIZE_MAX / 2 - 64);
	(void)state;
	assert_int_equal(vet_replay_start(&replay, text, (size_t)size, NULL), 0);
	struct vet_sys *sys = vet_replay_sys(&replay);
	assert_int_equal((sys->calls->realloc)(sys, &block, SIZE_MAX / 2 - 64), -ENOMEM);
	assert_null(block);
	assert_string_equal(vet_replay_failure(&replay),
			    "line 2: there is no memory for what the trace has");
	assert_int_equal((sys->calls->dup)(sys, 1), -EIO);
}

static void asking_early_does_not_end_a_replay(void **state)
{
	static const char text[] = HEADING "now = 0s\nnow = 1s\n";
	struct vet_replay replay;
	int64_t time = 0;
	(void)state;
	assert_int_equal(vet_replay_start(&replay, text, strlen(text), NULL), 0);
	struct vet_sys *sys = vet_replay_sys(&replay);
	assert_string_equal(vet_replay_failure(&replay),
			    "line 2: the trace has 'now', the program has ended");
	assert_int_equal((sys->calls->now)(sys, &time), 0);
	assert_string_equal(vet_replay_failure(&replay),
			    "line 3: the trace has 'now', the program has ended");
	assert_int_equal((sys->calls->now)(sys, &time), 0);
	assert_null(vet_replay_failure(&replay));
}

static void a_byte_far_inside_is_shown_with_what_is_around_it(void **state)
{
	static char text[4000], data[2000], other[2000];
	struct vet_replay replay;
	(void)state;
	memset(data, 'a', sizeof data); /* and, 1,000 bytes on, "=", and at the end "\"=" */
	memset(other, 'a', sizeof other);
	other[1000] = '"';
	int size = snprintf(text, sizeof text, HEADING "send none \"%.*s=%.*s\\\"=\" %zu 0 = 0\n",
			    1000, data, 997, data, sizeof data);
	assert_int_equal(vet_replay_start(&replay, text, (size_t)size, NULL), 0);
	struct vet_sys *sys = vet_replay_sys(&replay);
	assert_int_equal((sys->calls->send)(sys, -1, other, sizeof other, 0), -EIO);
	const char *failure = vet_replay_failure(&replay);
	assert_non_null(strstr(failure, "line 2: the trace has '...aaa"));
	assert_non_null(strstr(failure, "aaa=aaa"));
	assert_non_null(strstr(failure, "aaa...', the program made '...aaa"));
	assert_non_null(strstr(failure, "aaa\\\"aaa"));
	assert_non_null(strstr(failure, "aaa...'"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_replay_answers_bit_for_bit_what_was_recorded),
		cmocka_unit_test(the_clock_of_a_replay_goes_as_the_recorded_one),
		cmocka_unit_test(a_replay_has_the_optional_entries_that_were_called),
		cmocka_unit_test(each_difference_is_told_with_its_line),
		cmocka_unit_test(after_a_difference_every_call_fails_but_those_that_give_back),
		cmocka_unit_test(memory_that_is_not_here_ends_a_replay),
		cmocka_unit_test(asking_early_does_not_end_a_replay),
		cmocka_unit_test(a_byte_far_inside_is_shown_with_what_is_around_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
