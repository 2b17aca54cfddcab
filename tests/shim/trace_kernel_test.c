/* SPDX-License-Identifier: 0BSD */
/* A session on the real kernel, recorded, and replayed with no socket at all. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <vetsock/trace.h>
#include <vetsock/vetsock.h>

#include "trace_rows.h"

/* What a session brings along, and all that it has seen. */
struct session {
	struct vet_sys *sys;
	int family;
	int file;    /* that is sent */
	int foreign; /* a stream socket that is adopted */
	bool is_replay;
	unsigned open; /* descriptors of the process, which a replay must not change */
	struct kept log;
};

static unsigned descriptors_open(void)
{
	DIR *directory = opendir("/proc/self/fd");
	unsigned count = 0;
	assert_non_null(directory);
	while (readdir(directory) != NULL)
		count++;
	closedir(directory);
	return count;
}

static void saw(struct session *session, const char *what, int64_t result)
{
	char line[128];
	int size = snprintf(line, sizeof line, "%s %" PRId64 "\n", what, result);
	(void)keep(&session->log, line, (size_t)size);
	if (session->is_replay)
		assert_int_equal(descriptors_open(), session->open);
}

static void saw_bytes(struct session *session, const void *data, size_t size)
{
	(void)keep(&session->log, data, size);
	saw(session, "bytes", (int64_t)size);
}

static void saw_address(struct session *session, const struct vet_address *address)
{
	char text[VET_ADDRESS_TEXT_SIZE];
	int size = vet_address_format(address, text, sizeof text);
	saw_bytes(session, text, size > 0 ? (size_t)size : 0);
}

#define SAW(call) saw(session, #call, (call))

static struct vet_address loopback(int family)
{
	return vet_address_of(
		family == 4 ? vet_ipv4(127, 0, 0, 1) : vet_ipv6(0, 0, 0, 0, 0, 0, 0, 1), 0);
}

/* ---- its parts ---- */

static void connect_pair(struct session *session, struct vet_socket *near, struct vet_socket *far)
{
	struct vet_socket listener;
	struct vet_address where = loopback(session->family), from;
	SAW(vet_socket_stream_on(&listener, session->sys, session->family));
	SAW(vet_socket_set_reuse_address(&listener, true));
	SAW(vet_socket_bind(&listener, &where));
	SAW(vet_socket_listen(&listener));
	SAW(vet_socket_local_address(&listener, &where));
	saw_address(session, &where);
	SAW(vet_socket_stream_on(near, session->sys, session->family));
	vet_socket_timeout_after(near, VET_SECONDS(20));
	SAW(vet_socket_connect(near, &where));
	vet_socket_timeout_after(&listener, VET_SECONDS(20));
	SAW(vet_socket_accept(&listener, far, &from));
	vet_socket_timeout_after(far, VET_SECONDS(20));
	saw_address(session, &from);
	SAW(vet_socket_peer_address(near, &from));
	saw_address(session, &from);
	SAW(vet_socket_close(&listener));
}

static void options(struct session *session, struct vet_socket *s)
{
	bool flag = false;
	int64_t number = 0;
	vet_duration time = 0;
	SAW(vet_socket_set_no_delay(s, true));
	SAW(vet_socket_no_delay(s, &flag));
	SAW(flag);
	SAW(vet_socket_set_ttl(s, 33));
	SAW(vet_socket_ttl(s, &number));
	SAW(number);
	SAW(vet_socket_set_linger(s, VET_SECONDS(5)));
	SAW(vet_socket_linger(s, &time));
	SAW(time);
	SAW(vet_socket_set_linger(s, VET_LINGER_OFF));
	SAW(vet_socket_send_buffer_size(s, &number));
	SAW(number);
	SAW(vet_socket_error(s, &number));
	SAW(number);
}

static void stream_bytes(struct session *session, struct vet_socket *near, struct vet_socket *far)
{
	char data[64];
	size_t done = 0;
	uint64_t sent = 0;
	struct vet_buffer buffer = { .data = NULL };
	SAW(vet_socket_write(near, "all bytes\0\xff\n\"\\", 14, &done));
	SAW(vet_socket_read_exact(far, data, 14, &done));
	saw_bytes(session, data, done);
	SAW(vet_socket_print(near, "a line", 6, &done));
	SAW(vet_socket_read_exact(far, data, 7, &done));
	saw_bytes(session, data, done);
	vet_socket_timeout_after(far, VET_MILLISECONDS(3));
	SAW(vet_socket_read(far, data, sizeof data)); /* waits in vain */
	vet_socket_timeout_after(far, VET_SECONDS(20));
	SAW(vet_socket_send_file(near, session->file, &sent));
	SAW((int64_t)sent);
	SAW(vet_socket_send_file_range(near, session->file, 5, 10, &sent));
	SAW(vet_socket_shutdown_write(near));
	SAW(vet_socket_read_all(far, &buffer, 1 << 20));
	saw_bytes(session, buffer.data, buffer.size);
	vet_buffer_free(&buffer);
	SAW(vet_socket_write(near, "too late", 8, &done));
}

static void clones_and_adopted_ones(struct session *session, struct vet_socket *near,
				    struct vet_socket *far)
{
	struct vet_socket clone = { 0 }, adopted;
	struct vet_address from;
	char byte;
	SAW(vet_socket_try_clone(far, &clone));
	SAW(vet_socket_close(far));
	SAW(vet_socket_write_some(&clone, "x", 1));
	SAW(vet_socket_read(near, &byte, 1));
	SAW(vet_socket_close(&clone));
	SAW(vet_socket_close(near));
	SAW(vet_socket_adopt(&adopted, session->sys, session->foreign));
	SAW(vet_socket_local_address(&adopted, &from));
	SAW(vet_socket_close(&adopted));
}

static void datagrams(struct session *session)
{
	struct vet_socket s;
	struct vet_address where = loopback(session->family), from;
	bool truncated = false;
	char data[32];
	SAW(vet_socket_datagram_on(&s, session->sys, session->family));
	vet_socket_timeout_after(&s, VET_SECONDS(20));
	SAW(vet_socket_bind(&s, &where));
	SAW(vet_socket_local_address(&s, &where));
	SAW(vet_socket_send_to(&s, "too long for it", 15, &where));
	SAW(vet_socket_send_to(&s, "", 0, &where));
	SAW(vet_socket_receive_from(&s, data, 8, &from, &truncated));
	saw_bytes(session, data, 8);
	SAW(truncated);
	saw_address(session, &from);
	SAW(vet_socket_receive_from(&s, data, 8, &from, &truncated));
	SAW(truncated);
	SAW(vet_socket_send_to(&s, "x", 1, &(struct vet_address){ 0 }));
	SAW(vet_socket_close(&s));
}

static void session_run(struct session *session)
{
	static const char text[] = "[fe80::1%lo]:80";
	struct vet_socket near = { 0 }, far = { 0 };
	struct vet_address zone;
	connect_pair(session, &near, &far);
	options(session, &near);
	stream_bytes(session, &near, &far);
	clones_and_adopted_ones(session, &near, &far);
	datagrams(session);
	SAW(vet_address_parse_on(session->sys, text, strlen(text), &zone, NULL));
	saw_address(session, &zone);
}

/* ---- recording, and replaying ---- */

/* That the session was one: else a replay of it would show nothing. */
static void check_log(const struct kept *log)
{
	static const char *const lines[] = {
		"vet_socket_connect(near, &where) 0\n",
		"vet_socket_accept(&listener, far, &from) 0\n",
		"vet_socket_no_delay(s, &flag) 0\nflag 1\n",
		"vet_socket_ttl(s, &number) 0\nnumber 33\n",
		"vet_socket_read(far, data, sizeof data) -5002\n",
		"(int64_t)sent 40000\n",
		"a line\nbytes 7\n",
		"too longbytes 8\ntruncated 1\n",
		"receive_from(&s, data, 8, &from, &truncated) 0\ntruncated 0\n",
		"vet_socket_read(near, &byte, 1) 1\n",
		"vet_socket_adopt(&adopted, session->sys, session->foreign) 0\n",
	};
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		if (memmem(log->text, log->size, lines[i], strlen(lines[i])) == NULL)
			print_error("missing: %s", lines[i]);
		assert_non_null(memmem(log->text, log->size, lines[i], strlen(lines[i])));
	}
}

static FILE *file_of_bytes(void)
{
	FILE *file = tmpfile();
	assert_non_null(file);
	for (int i = 0; i < 40000; i++)
		(void)putc(i * 31 >> 2 & 0xff, file);
	assert_int_equal(fflush(file), 0);
	return file;
}

static uint64_t record(struct session *session, struct vet_sys *sys, int family, struct kept *text)
{
	struct vet_trace trace;
	FILE *file = file_of_bytes();
	int foreign = socket(family == 4 ? AF_INET : AF_INET6, SOCK_STREAM, 0);
	assert_true(foreign >= 0);
	*session = (struct session){
		.sys = vet_trace_start(&trace, sys, keep, text),
		.family = family,
		.file = fileno(file),
		.foreign = foreign,
	};
	session_run(session);
	assert_int_equal(vet_trace_error(&trace), 0);
	(void)fclose(file);
	return vet_trace_hash(&trace);
}

static void check_replay(const struct session *recorded, const struct kept *text, uint64_t hash)
{
	struct vet_replay replay;
	struct vet_trace trace;
	struct vet_text_error error;
	struct kept again = { 0 };
	if (vet_replay_start(&replay, text->text, text->size, &error) < 0)
		print_error("%zu: %s\n%.*s\n", error.offset, error.reason, 200,
			    text->text + error.offset);
	assert_int_equal(vet_replay_start(&replay, text->text, text->size, &error), 0);
	struct session session = {
		.sys = vet_trace_start(&trace, vet_replay_sys(&replay), keep, &again),
		.family = recorded->family,
		.file = 30000, /* neither is open */
		.foreign = 30001,
		.is_replay = true,
		.open = descriptors_open(),
	};
	session_run(&session);
	if (vet_replay_failure(&replay) != NULL)
		print_error("%s\n", vet_replay_failure(&replay));
	assert_null(vet_replay_failure(&replay));
	assert_true(vet_replay_hash(&replay) == hash);
	assert_true(vet_trace_hash(&trace) == hash);
	assert_int_equal(session.log.size, recorded->log.size);
	assert_memory_equal(session.log.text, recorded->log.text, recorded->log.size);
	assert_int_equal(again.size, text->size);
	assert_memory_equal(again.text, text->text, text->size);
	assert_int_equal(replay.blocks, 0);
	kept_free(&session.log);
	kept_free(&again);
}

static bool family_is_there(int family)
{
	struct vet_socket s;
	struct vet_address where = loopback(family);
	bool there = vet_socket_stream(&s, family) == 0 && vet_socket_bind(&s, &where) == 0;
	vet_socket_close(&s);
	return there;
}

static void check_session(struct vet_sys *sys, int family)
{
	struct session session;
	struct kept text = { 0 };
	if (!family_is_there(family)) {
		print_message("skipped: IPv%d has no loopback here\n", family);
		skip();
	}
	unsigned open = descriptors_open();
	uint64_t hash = record(&session, sys, family, &text);
	assert_int_equal(descriptors_open(), open);
	check_log(&session.log);
	check_replay(&session, &text, hash);
	kept_free(&session.log);
	kept_free(&text);
}

static void a_session_on_the_host_table_over_ipv4_is_replayed_without_a_socket(void **state)
{
	(void)state;
	check_session(vet_sys_host(), 4);
}

static void a_session_on_the_host_table_over_ipv6_is_replayed_without_a_socket(void **state)
{
	(void)state;
	check_session(vet_sys_host(), 6);
}

static void a_session_on_the_posix_table_is_replayed_without_a_socket(void **state)
{
	(void)state;
	check_session(vet_sys_posix(), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_session_on_the_host_table_over_ipv4_is_replayed_without_a_socket),
		cmocka_unit_test(
			a_session_on_the_host_table_over_ipv6_is_replayed_without_a_socket),
		cmocka_unit_test(a_session_on_the_posix_table_is_replayed_without_a_socket),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
