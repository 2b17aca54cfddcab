/* SPDX-License-Identifier: 0BSD */
/* What the scripted table is to detect, it detects. */
#include "stage.h"

#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Rows that must fail, and what their report says. */
static const struct broken {
	struct row row;
	const char *phrase;
} broken[] = {
	{ { "a call too many", "write 8", "", "0 done 8" },
	  "`send 8` came, and nothing was to come" },
	{ { "another size", "write 8", "send 9 = 9", "0 done 8" }, "`send 8` came, not `send 9`" },
	{ { "another call", "write 8", "sendv 8 = 8", "0 done 8" },
	  "`send 8` came, not `sendv 8`" },
	{ { "another address", "connect 1.2.3.4:80", "connect 1.2.3.4:81 = 0", "0" },
	  "`connect 1.2.3.4:80` came, not `connect 1.2.3.4:81`" },
	{ { "another option", "set ttl 5", "setsockopt IP_TOS 5 = 0", "0" },
	  "`setsockopt IP_TTL 5` came, not `setsockopt IP_TOS 5`" },
	{ { "another value", "set ttl 5", "setsockopt IP_TTL 6 = 0", "0" },
	  "`setsockopt IP_TTL 5` came, not" },
	{ { "other events", "read 8", "recv 8 = EAGAIN; poll OUT forever = OUT", "8" },
	  "`poll IN forever` came, not `poll OUT forever`" },
	{ { "another limit", "deadline_at 10ms; read 8",
	    "recv 8 = EAGAIN; now = 0; poll IN 9ms = IN", "8" },
	  "`poll IN 10ms` came, not `poll IN 9ms`" },
	{ { "no peek", "read_all 0", "recv 1 = 0", "0 held 0" },
	  "`recv 1 peek` came, not `recv 1`" },
	{ { "another offset", "send_file_range 3 8", "sendfile @4 8 = 8", "0 done 8" },
	  "`sendfile @3 8` came, not `sendfile @4 8`" },
	{ { "other parts", "print 7", "sendv 8 = 8", "0 done 8" },
	  "`sendv 7+1` came, not `sendv 8`" },
	{ { "another descriptor", "try_clone; other; close", "dup = fd; close = 0", "0; 0" },
	  "`close #2` came, not `close`" },
	{ { "a call too few", "write 8", "send 8 = 8; poll OUT forever = OUT", "0 done 8" },
	  "`poll OUT forever = OUT` never came" },
	{ { "a round too few", "write 8", "send 8 = 8 x2", "0 done 8" },
	  "`send 8 = 8 x2` never came" },
	{ { "a round of a group too few", "deadline_at 10ms; write 8", "( send 8 = 8 ) x2",
	    "0 done 8" },
	  "never came" },
	{ { "another result", "write 8", "send 8 = EPIPE", "ECONNRESET done 0" },
	  "gave `EPIPE done 0`, not `ECONNRESET done 0`" },
	{ { "a loop without end", "write 8", "send 8 = EINTR x20000", "0 done 8" },
	  "this does not end" },
	{ { "memory that nobody asked for", "read_into 8", "recv 8 = 8", "8 held 8" },
	  "`realloc 8` came, not `recv 8`" },
	{ { "more than was asked for", "write 8", "send 8 = 9", "0 done 8" },
	  "the script moves more than that" },
	{ { "beyond, but it is not", "write 8", "send 8 = 8 beyond", "0 done 8" },
	  "the script moves more than that" },
	{ { "a misspelt answer", "write 8", "send 8 = EPIP", "EPIPE done 0" },
	  "`EPIP` is no answer" },
	{ { "a word too many", "write 8", "send 8 = 8 truncated", "0 done 8" },
	  "word `truncated` is not understood" },
	{ { "no answer", "write 8", "send 8 =", "0 done 8" }, "gives no answer" },
	{ { "an open group", "write 8", "( send 8 = 8 )", "0 done 8" }, "not well formed" },
	{ { "an address for nobody", "accept blind", "accept = fd 1.2.3.4:80", "0" },
	  "nobody asked for the address" },
	{ { "the whole script, and where", "write 8", "send 8 = 3; send 6 = 6", "0 done 8" },
	  "    send 8 = 3; send 6 = 6\n                ^" },
};

static void a_row_that_does_not_hold_says_why(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(broken); i++) {
		const char *report = play_row(&stream4, &broken[i].row);
		if (report == NULL)
			fail_msg("\"%s\" was not detected", broken[i].row.name);
		if (strstr(report, broken[i].phrase) == NULL ||
		    strstr(report, broken[i].row.name) == NULL)
			fail_msg("\"%s\" is missing in:\n%s", broken[i].phrase, report);
	}
}

/* ---- what no operation of vetsock does, done by hand ---- */

static int fd_of(struct vet_sys *sys)
{
	return (sys->calls->socket)(sys, AF_INET, SOCK_STREAM, 0);
}

static void leave_open(struct vet_sys *sys)
{
	assert_true(fd_of(sys) >= 0);
}

static void close_twice(struct vet_sys *sys)
{
	int fd = fd_of(sys);
	assert_int_equal((sys->calls->close)(sys, fd), 0);
	assert_true((sys->calls->close)(sys, fd) < 0);
}

static void use_after_close(struct vet_sys *sys)
{
	int fd = fd_of(sys);
	assert_int_equal((sys->calls->close)(sys, fd), -EINTR);
	assert_true((sys->calls->shutdown)(sys, fd, SHUT_WR) < 0);
}

static void use_a_strange_descriptor(struct vet_sys *sys)
{
	assert_true((sys->calls->listen)(sys, 3, 5) < 0);
}

static void send_byte(struct vet_sys *sys, unsigned char byte)
{
	int fd = fd_of(sys);
	assert_int_equal((sys->calls->send)(sys, fd, &byte, 1, 0),
			 byte == script_byte(0) ? 1 : -EIO);
	(sys->calls->close)(sys, fd);
}

static void send_a_wrong_byte(struct vet_sys *sys)
{
	send_byte(sys, (unsigned char)(script_byte(0) + 1));
}

static void send_a_byte_again(struct vet_sys *sys)
{
	unsigned char byte = script_byte(0);
	int fd = fd_of(sys);
	assert_int_equal((sys->calls->send)(sys, fd, &byte, 1, 0), 1);
	assert_int_equal((sys->calls->send)(sys, fd, &byte, 1, 0), -EIO);
}

static void *lost;

static void lose_memory(struct vet_sys *sys)
{
	assert_int_equal((sys->calls->realloc)(sys, &lost, 8), 0);
	assert_non_null(lost);
}

static void give_little_room(struct vet_sys *sys)
{
	struct sockaddr_in address;
	socklen_t length = sizeof address;
	(sys->calls->accept)(sys, fd_of(sys), (struct sockaddr *)&address, &length);
}

static void all_is_well(struct vet_sys *sys)
{
	send_byte(sys, script_byte(0));
}

static void what_vetsock_never_does_is_detected_too(void **state)
{
	static const struct specimen {
		void (*run)(struct vet_sys *sys);
		const char *script, *phrase;
	} specimens[] = {
		{ leave_open, "socket INET STREAM 0 = fd", "descriptor #1 was never closed" },
		{ close_twice, "socket INET STREAM 0 = fd; close = 0; close = 0",
		  "which is not open" },
		{ use_after_close, "socket INET STREAM 0 = fd; close = EINTR; shutdown WR = 0",
		  "which is not open" },
		{ use_a_strange_descriptor, "listen 5 = 0",
		  "`listen (on descriptor 3, which is not open) 5` came" },
		{ send_a_wrong_byte, "socket INET STREAM 0 = fd; send 1 = 1; close = 0",
		  "byte 0 is not byte 0 of the stream" },
		{ send_a_byte_again, "socket INET STREAM 0 = fd; send 1 = 1 x2",
		  "byte 0 is not byte 1 of the stream" },
		{ lose_memory, "realloc 8 = 0", "1 blocks of memory were never given back" },
		{ give_little_room, "socket INET STREAM 0 = fd; accept = fd 1.2.3.4:80",
		  "no room for an address" },
		{ all_is_well, "socket INET STREAM 0 = fd; send 1 = 1; close = 0", NULL },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(specimens); i++) {
		struct script script;
		script_start(&script, true);
		script_follow(&script, specimens[i].script);
		specimens[i].run(&script.sys);
		const char *failure = script_verdict(&script);
		failure = failure != NULL ? failure : script_leak(&script);
		if (lost != NULL) /* after all */
			(script.sys.calls->realloc)(&script.sys, &lost, 0);
		if (specimens[i].phrase == NULL)
			assert_null(failure);
		else if (failure == NULL || strstr(failure, specimens[i].phrase) == NULL)
			fail_msg("\"%s\" is missing in: %s", specimens[i].phrase,
				 failure ? failure : "nothing");
	}
}

static void after_a_failure_every_call_is_a_permanent_error(void **state)
{
	struct script script;
	int64_t now;
	void *memory = NULL;
	(void)state;
	script_start(&script, true);
	assert_int_equal(fd_of(&script.sys), -EIO);
	script_follow(&script, "now = 0; poll - 1ms = 0; realloc 8 = 0");
	assert_int_equal((script.sys.calls->now)(&script.sys, &now), -EIO);
	assert_int_equal((script.sys.calls->poll)(&script.sys, NULL, 0, 1000000), -EIO);
	assert_int_equal((script.sys.calls->realloc)(&script.sys, &memory, 8), -ENOMEM);
	assert_non_null(strstr(script_verdict(&script), "`socket INET STREAM 0` came"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_that_does_not_hold_says_why),
		cmocka_unit_test(what_vetsock_never_does_is_detected_too),
		cmocka_unit_test(after_a_failure_every_call_is_a_permanent_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
