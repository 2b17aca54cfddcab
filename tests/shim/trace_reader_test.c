/* SPDX-License-Identifier: 0BSD */
/* Which texts are traces, and what is said of others. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "trace_rows.h"

#define HEADING "vetsock trace 1\n"

static int start(const char *text, size_t size, struct vet_text_error *error)
{
	struct vet_replay replay;
	char *exact = exactly(text, size);
	int r = vet_replay_start(&replay, size > 0 ? exact : exact + 1, size, error);
	free(exact);
	return r;
}

static void every_beginning_of_a_trace_is_one_if_its_lines_are_whole(void **state)
{
	struct kept text = { 0 };
	(void)state;
	rows_expect(rows, rows_count, &text);
	for (size_t size = 0; size <= text.size; size++) {
		struct vet_text_error error;
		bool is_whole = size > 0 && text.text[size - 1] == '\n';
		int r = start(text.text, size, &error);
		assert_int_equal(r, is_whole ? 0 : -EINVAL);
		assert_int_equal(error.reason == NULL, is_whole);
		assert_int_equal(error.length == 0, is_whole);
		assert_true(error.offset <= size);
	}
	kept_free(&text);
}

/* Whatever stands there: an answer, and an error that points into the text. */
static void no_byte_anywhere_is_more_than_the_reader_can_bear(void **state)
{
	static const char bytes[] = {
		'\0', '\n', ' ', '#', '"', '\\', '9', '-', ':', '/', '|', 'x'
	};
	(void)state;
	for (size_t i = 0; i < rows_count; i++) {
		char text[512];
		int size = snprintf(text, sizeof text, HEADING "%s\n%s\n%s\n", rows[0].line,
				    rows[1].line, rows[i].line);
		size_t length = strlen(rows[i].line);
		for (size_t at = (size_t)size - length - 1; at < (size_t)size; at++)
			for (size_t j = 0; j < sizeof bytes; j++) {
				struct vet_text_error error;
				char was = text[at];
				text[at] = bytes[j];
				int r = start(text, (size_t)size, &error);
				text[at] = was;
				assert_int_equal(r < 0, error.reason != NULL);
				assert_true(error.offset <= (size_t)size);
				assert_int_equal(r<0, error.length> 0);
			}
	}
}

static const struct bad {
	const char *line; /* behind "socket INET STREAM 0 = #1" */
	size_t offset, length;
	const char *reason;
} bad[] = {
#define NUMBER   "a number is missing"
#define SIGN     "a number has no sign"
#define ANOTHER  "this is written in another way"
#define UNIT     "a duration has a unit: ns, us, ms, s, m or h"
#define CALL     "no call of the table has this name"
#define BLANK    "a blank is missing here"
#define LENGTH   "these are not as many bytes as the length says"
#define TOO_BIG  "the number is too large here"
#define ERROR    "no error has this name"
#define TOO_LONG "a duration is at most 9223372036854775807ns: 292 years"
#define MARK     "' = ' and the result are missing here"
#define MORE     "nothing more is expected on this line"
#define UNKNOWN  "no descriptor was handed out as this one"
#define ESCAPE   "an escape is \\n, \\\", \\\\ or \\x and two digits (0-9, a-f)"
#define FAMILY   "an address family is INET, INET6, UNIX, UNSPEC or family:N"
#define BITS     "bits of poll are IN|PRI|OUT|ERR|HUP|NVAL|RDHUP|bits:N in this order, or -"
	/* calls */
	{ "", 0, 1, CALL },
	{ "fork", 0, 4, CALL },
	{ "CLOSE #1 = 0", 0, 5, CALL },
	{ " close #1 = 0", 0, 1, CALL },
	{ "closed #1 = 0", 0, 6, CALL },
	{ "close", 5, 1, BLANK },
	{ "close #1", 8, 1, MARK },
	{ "close #1= 0", 8, 1, MARK },
	{ "close #1 =0", 8, 1, MARK },
	{ "close #1 #1 = 0", 8, 1, MARK },
	{ "close #1 = ", 11, 1, NUMBER },
	{ "close #1 = 0 ", 12, 1, MORE },
	{ "close #1 = 0 \"x\"", 12, 4, MORE },
	{ "close #1 = 0\r", 12, 1, MORE },
	{ "close  #1 = 0", 6, 1, "a descriptor (#1) is missing here" },
	{ "close\x01#1 = 0", 5, 1, "a control character cannot stand here" },
	{ "\xc3lose #1 = 0", 0, 1, "only ASCII characters can stand here" },
	/* results */
	{ "close #1 = ENOSUCH", 11, 7, ERROR },
	{ "close #1 = EWOULDBLOCK", 11, 11, "this error goes by another name here" },
	{ "close #1 = error:x", 17, 1, NUMBER },
	{ "close #1 = error:-32", 11, 9, "what a call gives as an error has no sign" },
	{ "now = 0 0s", 6, 1, "a result of 0 is not written here" },
	{ "getsockname #1 28 = 0 other:none/1\"\"", 28, 8, LENGTH },
	{ "getsockopt #1 TCP_CONGESTION 16 = 0 \"\"/6", 36, 4, LENGTH },
	{ "close #1 = error:5", 11, 7, "this error has a name" },
	{ "close #1 = error:0", 11, 7, "0 is no error" },
	{ "close #1 = error:9223372036854775808", 17, 19, TOO_BIG },
	{ "close #1 = 9223372036854775808", 11, 19, TOO_BIG },
	{ "close #1 = 99999999999999999999999", 11, 23, TOO_BIG },
	{ "close #1 = 00", 11, 2, "a number has no leading zeros" },
	{ "close #1 = -1", 11, 1, SIGN },
	{ "close #1 = EBADF 0", 16, 2, MORE },
	/* descriptors */
	{ "close 1 = 0", 6, 1, "a descriptor (#1) is missing here" },
	{ "close #2 = 0", 6, 2, UNKNOWN },
	{ "close #0 = 0", 6, 2, UNKNOWN },
	{ "close #-1 = 0", 7, 1, SIGN },
	{ "close #01 = 0", 7, 2, "a number has no leading zeros" },
	{ "close #4294967297 = 0", 7, 10, TOO_BIG },
	{ "dup #1 = #3", 9, 2, "descriptors are numbered as they are handed out" },
	{ "dup #1 = #0", 9, 2, "descriptors are numbered as they are handed out" },
	{ "dup #1 = 2", 9, 1, "a descriptor (#1) is missing here" },
	{ "close #1 = 0\ndup #1 = #1", 22, 2, "this descriptor was closed" },
	{ "adopt foreign = #1", 16, 2, "what is adopted has another number" },
	{ "adopt #1 = #2", 11, 2, "what is adopted has another number" },
	{ "adopt none = #2", 13, 2, "what is adopted has another number" },
	{ "adopt #1 = #1 moved", 11, 8, "this is where it was" },
	{ "dup #1 = #2 moved", 11, 6, MORE },
	/* names and numbers */
	{ "socket AF_INET STREAM 0 = EINVAL", 7, 7, FAMILY },
	{ "socket 2 STREAM 0 = EINVAL", 7, 1, FAMILY },
	{ "socket family:0 STREAM 0 = EINVAL", 7, 8, "this number has a name" },
	{ "socket INET stream 0 = EINVAL", 12, 6,
	  "a type of socket is STREAM, DGRAM, RAW, SEQPACKET or type:N" },
	{ "socket INET STREAM 2147483648 = EINVAL", 19, 10, TOO_BIG },
	{ "socket INET STREAM -2147483649 = EINVAL", 20, 10, TOO_BIG },
	{ "socket INET STREAM -0 = EINVAL", 19, 2, "0 has no sign" },
	{ "shutdown #1 2 = 0", 12, 1, "what is shut down is RD, WR, RDWR or how:N" },
	{ "recv #1 5 MSG_PEEK = 0", 10, 8, "flags are 0, PEEK or flags:N" },
	{ "recv #1 5 flags:0 = 0", 10, 7, "this number has a name" },
	{ "recv #1 -5 0 = 0", 8, 1, SIGN },
	{ "recv #1 18446744073709551616 0 = 0", 8, 20, TOO_BIG },
	/* strings */
	{ "send #1 hello 5 0 = 5", 8, 1, "a string in double quotes is missing here" },
	{ "send #1 \"hello 5 0 = 5", 8, 14, "the string has no end" },
	{ "send #1 \"hello\" 4 0 = 5", 8, 7, "these are not as many bytes as the size says" },
	{ "send #1 \"hel\tlo\" 6 0 = 5", 12, 1, "this byte is written with \\x" },
	{ "send #1 \"\303\" 1 0 = 5", 9, 1, "only ASCII characters can stand here" },
	{ "send #1 \"\\x41\" 1 0 = 5", 9, 4, ANOTHER },
	{ "send #1 \"\\x0a\" 1 0 = 5", 9, 4, ANOTHER },
	{ "send #1 \"\\xFF\" 1 0 = 5", 9, 4, ANOTHER },
	{ "send #1 \"\\xag\" 1 0 = 5", 9, 2, ESCAPE },
	{ "send #1 \"\\x4", 9, 2, ESCAPE },
	{ "send #1 \"\\t\" 1 0 = 5", 9, 2, ESCAPE },
	{ "send #1 \"\\", 9, 1, ESCAPE },
	{ "recv #1 5 0 = 3 \"he\"", 16, 4, "these are not as many bytes as the result says" },
	{ "recv #1 2 0 = 3 \"hey\"", 16, 5, "these are not as many bytes as the result says" },
	{ "recv #1 5 0 = 2", 15, 1, BLANK },
	{ "recv #1 5 0 = 0 \"\"", 15, 3, MORE },
	{ "recv #1 5 0 = EAGAIN \"he\"", 20, 5, MORE },
	{ "sendv #1 2 \"hello\" 5 0 = 5", 21, 1, "a string in double quotes is missing here" },
	{ "sendv #1 99999 0 = 5", 15, 1, "a string in double quotes is missing here" },
	/* addresses */
	{ "bind #1 1.2.3.4 = 0", 15, 1, "a port is missing" },
	{ "bind #1 1.2.3.400:80 = 0", 14, 3, "a part is at most 255" },
	{ "bind #1 1.2.3.4:080 = 0", 8, 11, ANOTHER },
	{ "bind #1 [0::1]:80 = 0", 8, 9, ANOTHER },
	{ "bind #1 1.2.3.4:80/16 = 0", 18, 3, "this is its length anyway" },
	{ "bind #1 1.2.3.4:80/15 = 0", 8, 13, "there is no room for so much" },
	{ "bind #1 1.2.3.4:80+flow:1 = 0", 18, 1, MARK },
	{ "bind #1 [::1]:80+flow:0 = 0", 8, 15, "a flow of 0 is not written" },
	{ "bind #1 other:INET/16\"\\x00P\\x01\\x02\\x03\\x04\" = 0", 14, 7,
	  "so much of an IP address is written as one" },
	{ "bind #1 other:UNIX/1\"\" = 0", 14, 6, "there is no room for so much" },
	{ "bind #1 other:family:65536/2\"\" = 0", 14, 14, "no address has such a family" },
	{ "bind #1 other:family:-1/2\"\" = 0", 14, 11, "no address has such a family" },
	{ "bind #1 other:none/2\"#2\" = 0", 14, 10, "so many bytes have a family" },
	{ "getsockname #1 28 = 0 other:none/2\"#2\"", 28, 10, "so many bytes have a family" },
	{ "bind #1 other:none/0\"\" = 0", 14, 6, "no address at all is written: none" },
	{ "bind #1 other:UNIX/5\"/x\" = 0", 14, 10, LENGTH },
	{ "bind #1 other:UNIX = 0", 18, 1, "another character is expected here" },
	{ "getsockname #1 8 = 0 1.2.3.4:80", 21, 10, "there is no room for so much" },
	{ "getsockname #1 none = 0 1.2.3.4:80", 23, 11, MORE },
	{ "getsockname #1 28 = 0", 21, 1, BLANK },
	{ "getsockname #1 4294967296 = 0 none", 15, 10, TOO_BIG },
	/* options */
	{ "getsockopt #1 SO_NONE 4 = 0 1", 14, 7,
	  "there is no option of this name; one without is level:N name:N" },
	{ "getsockopt #1 level:0 4 = 0 1", 21, 1, BLANK },
	{ "getsockopt #1 level:6 name:1 4 = 0 1", 14, 14, "this option has a name" },
	{ "getsockopt #1 SO_ERROR 4 = 0 111", 29, 3, ERROR },
	{ "getsockopt #1 SO_ERROR 4 = 0 error:2147483648", 29, 16, TOO_BIG },
	{ "getsockopt #1 SO_KEEPALIVE 4 = 0 1/4", 34, 2, "this is its length anyway" },
	{ "getsockopt #1 SO_KEEPALIVE 4 = 0 1/3", 33, 3,
	  "a value of another length is written as a string" },
	{ "getsockopt #1 SO_KEEPALIVE 2 = 0 1", 33, 1,
	  "a value of another length is written as a string" },
	{ "getsockopt #1 SO_KEEPALIVE 4 = 0 \"\\x01\\x00\\x00\\x00\"", 33, 18,
	  "a value of this length is not written as a string" },
	{ "getsockopt #1 SO_LINGER 8 = 0 1", 30, 1, "another character is expected here" },
	{ "setsockopt #1 TCP_CONGESTION \"cubic\"/5 = 0", 36, 2, "this is its length anyway" },
	{ "setsockopt #1 TCP_CONGESTION 5 = 0", 29, 1,
	  "a string in double quotes is missing here" },
	/* poll and time */
	{ "poll #1 10ms = 0", 5, 1, NUMBER },
	{ "poll #1:IN = 0", 11, 1, NUMBER },
	{ "poll #1:POLLIN 10ms = 0 #1:-", 8, 6, BITS },
	{ "poll #1:OUT|IN 10ms = 0 #1:-", 12, 2, BITS },
	{ "poll #1:IN| 10ms = 0 #1:-", 11, 1, BITS },
	{ "poll #1:bits:1 10ms = 0 #1:-", 8, 6, "these are no bits without a name" },
	{ "poll #1:IN 10ms = 1", 19, 1, BLANK },
	{ "poll #1:IN 10ms = 1 #2:IN", 20, 1, "the descriptors are not those that were asked for" },
	{ "poll #1:IN 10ms = 1 #1:IN #1:IN", 25, 6, MORE },
	{ "poll 10 = 0", 7, 1, UNIT },
	{ "poll 10S = 0", 7, 1, "seconds are written s" },
	{ "poll 1d = 0", 6, 1, "days are written as hours: 24h" },
	{ "poll 1.5s = 0", 6, 1, "a duration is a whole number: 1500ms for 1.5s" },
	{ "poll 1m30s = 0", 6, 4, "a duration is one number and one unit" },
	{ "poll 010ms = 0", 5, 3, "a number has no leading zeros" },
	{ "poll +1s = 0", 5, 1, SIGN },
	{ "poll 1000us = 0", 5, 6, ANOTHER },
	{ "poll 60s = 0", 5, 3, ANOTHER },
	{ "poll 120m = 0", 5, 4, ANOTHER },
	{ "poll 0ns = 0", 5, 3, ANOTHER },
	{ "poll -1s = 0", 5, 3, "no limit is written: forever" },
	{ "poll 9223372036854775808ns = 0", 5, 21, TOO_LONG },
	{ "poll 2562048h = 0", 5, 8, TOO_LONG },
	{ "now = 1s", 6, 2, "the clock's first reading is 0s" },
	{ "now = 0s\nnow = -9223372036854775809ns", 16, 21, TOO_LONG },
	{ "now = -0s", 6, 3, ANOTHER },
	{ "now = --1s", 7, 1, SIGN },
	{ "now = 0", 7, 1, UNIT },
	/* files and memory */
	{ "pread file 2 1 0 = 0", 6, 6, "files are numbered in the order of their first use" },
	{ "pread file 0 1 0 = 0", 6, 6, "files are numbered in the order of their first use" },
	{ "pread file 1 1 9223372036854775808 = 0", 15, 19, TOO_BIG },
	{ "close #1 = 0\npread #1 1 0 = 0", 19, 2,
	  "this one is not open: it would be a file (file 1)" },
	{ "sendfile #1 file 1 0 5 = 5", 26, 1, BLANK },
	{ "realloc null 5 = 0", 8, 1, "another character is expected here" },
	{ "interface_index eth0 = 1", 16, 1, "a string in double quotes is missing here" },
};

static void each_bad_line_is_told_with_its_place_and_reason(void **state)
{
	static const char before[] = HEADING "socket INET STREAM 0 = #1\n";
	unsigned wrong = 0;
	(void)state;
	assert_true(sizeof bad / sizeof bad[0] >= 60);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		char text[256];
		struct vet_text_error error;
		int size = snprintf(text, sizeof text, "%s%s\n", before, bad[i].line);
		int r = start(text, (size_t)size, &error);
		size_t offset = error.offset - strlen(before);
		if (r == -EINVAL && offset == bad[i].offset && error.length == bad[i].length &&
		    strcmp(error.reason, bad[i].reason) == 0)
			continue;
		wrong++;
		print_error("%s\n  gives %zu, %zu, \"%s\"\n", bad[i].line, offset, error.length,
			    error.reason != NULL ? error.reason : "no error");
	}
	assert_int_equal(wrong, 0);
}

static void each_bad_heading_is_told(void **state)
{
	static const struct {
		const char *text;
		size_t offset, length;
		const char *reason;
	} cases[] = {
#define HEADING_REASON "a trace begins with the line 'vetsock trace 1'"
		{ "", 0, 1, HEADING_REASON },
		{ "\n", 0, 1, HEADING_REASON },
		{ "vetsock trace", 0, 13, HEADING_REASON },
		{ "vetsock trace 1", 0, 15, HEADING_REASON },
		{ "vetsock trace 1\r\n", 0, 16, HEADING_REASON },
		{ "vetsock plan 1\n", 0, 14, HEADING_REASON },
		{ "vetsock trace 2\n", 14, 1, "traces of this version are not known" },
		{ "vetsock trace 1\nnow = 0s", 24, 1, "the last line has no end" },
		{ "vetsock trace 1\nclose", 21, 1, "a blank is missing here" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct vet_text_error error;
		assert_int_equal(start(cases[i].text, strlen(cases[i].text), &error), -EINVAL);
		assert_string_equal(error.reason, cases[i].reason);
		assert_int_equal(error.offset, cases[i].offset);
		assert_int_equal(error.length, cases[i].length);
	}
	assert_int_equal(start("", 0, NULL), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_beginning_of_a_trace_is_one_if_its_lines_are_whole),
		cmocka_unit_test(no_byte_anywhere_is_more_than_the_reader_can_bear),
		cmocka_unit_test(each_bad_line_is_told_with_its_place_and_reason),
		cmocka_unit_test(each_bad_heading_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
