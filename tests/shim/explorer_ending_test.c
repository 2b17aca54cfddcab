/* SPDX-License-Identifier: 0BSD */
/* Programs that wait for ever, and those that go on for ever: how they are ended, and accused. */
#include "explorer.h"

static const struct vet_world filed = { .file_size = 5000 };
static const struct vet_world source = {
	.manner = VET_PEER_SOURCE,
	.sends = TEXT,
	.sends_size = TEXT_SIZE,
};
static const struct vet_world silence = { .manner = VET_PEER_TALKER };
static const struct vet_world visited = { .connections = 1 };
/* Its clock goes on by 1 ns a call, and no faster. */
static const struct vet_world slow = {
	.manner = VET_PEER_SOURCE,
	.sends = TEXT,
	.sends_size = TEXT_SIZE,
	.tick = 1,
};

/* ---- waiting for ever ---- */

/* What is there in `size` bytes; waits for it without limit. */
static void receive(struct vet_trial *trial, int fd, ssize_t size)
{
	while (size > 0) {
		ssize_t n = raw_recv(trial, fd, (size_t)size);
		if (n > 0)
			size -= n;
		else if (n != -EAGAIN || raw_wait(trial, fd, POLLIN, -1) < 0)
			return;
	}
}

static void waits_for_what_does_not_come(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	receive(trial, fd, 1);
	(void)raw_close(trial, fd);
}

static void waits_for_an_echo_of_all(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	if (raw_send(trial, fd, TEXT_SIZE) > 0)
		receive(trial, fd, TEXT_SIZE);
	(void)raw_close(trial, fd);
}

static void waits_for_an_echo_of_what_was_sent(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	receive(trial, fd, raw_send(trial, fd, TEXT_SIZE));
	(void)raw_close(trial, fd);
}

static void waits_for_a_visitor(struct vet_trial *trial)
{
	int fd = raw_listen(trial), got;
	if (fd < 0)
		return;
	while ((got = CALL(trial, accept, fd, NULL, NULL)) == -EAGAIN || got == -ECONNABORTED)
		if (raw_wait(trial, fd, POLLIN, -1) < 0)
			break;
	if (got >= 0)
		(void)raw_close(trial, got);
	(void)raw_close(trial, fd);
}

/* ---- going on for ever ---- */

static void is_interrupted(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	while (raw_recv(trial, fd, 1) == -EINTR)
		continue;
	(void)raw_close(trial, fd);
}

static void goes_on_until_calls_fail(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	if (raw_peer(trial, fd) < 0)
		while (raw_option(trial, fd) == 0)
			continue;
	(void)raw_close(trial, fd);
}

static void goes_on_for_ever(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	if (raw_peer(trial, fd) < 0)
		for (;;)
			(void)raw_option(trial, fd);
	(void)raw_close(trial, fd);
}

static void looks_after_each_interruption(struct vet_trial *trial)
{
	int64_t end = raw_now(trial) + VET_HOURS(10);
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	while (raw_recv(trial, fd, 1) == -EINTR)
		if (raw_now(trial) >= end)
			break;
	(void)raw_close(trial, fd);
}

/* Byte by byte, if need be: a deadline is for waiting. */
static void sends_5000_bytes(struct vet_trial *trial)
{
	static const char data[5000];
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	for (ssize_t done = 0, n; done < (ssize_t)sizeof data; done += n) {
		n = CALL(trial, send, fd, data + done, sizeof data - (size_t)done, 0);
		if (n <= 0)
			break;
	}
	(void)raw_close(trial, fd);
}

/* A file is read in as many calls as it takes. */
static void reads_a_file(struct vet_trial *trial)
{
	char data[64];
	int64_t at = 0;
	ssize_t n;
	while ((n = CALL(trial, pread, VET_PEER_FILE, data, sizeof data, at)) > 0)
		at += n;
}

/* clang-format off */
static const struct explorer_row stuck[] = {
	{ "nothing comes", waits_for_what_does_not_come, NULL, "stuck ''", NULL, &silence, 0 },
	{ "it comes", waits_for_what_does_not_come, NULL, "", NULL, &source, 0 },
	{ "not all was sent", waits_for_an_echo_of_all, NULL, "stuck 'send@1=short:1'", NULL, NULL, 0 },
	{ "what was sent comes back", waits_for_an_echo_of_what_was_sent, NULL, "", NULL, NULL, 0 },
	{ "a fault is why", waits_for_a_visitor, NULL, "", NULL, &visited, 0 },
	{ "no fault is", waits_for_a_visitor, NULL, "stuck ''", NULL, NULL, 0 },
};

static const struct explorer_row endless[] = {
	{ "until every call fails", goes_on_until_calls_fail, NULL, "endless 'getpeername@1=ENOTCONN'", "it goes on and on: it only ended when every call failed", NULL, 0 },
	{ "even then", goes_on_for_ever, NULL, "endless 'getpeername@1=ENOTCONN'", "many of which failed, it still makes calls", NULL, 0 },
	{ "a signal after the other", is_interrupted, "recv@1-200=EINTR", "", NULL, &source, 0 },
	{ "the fault is endless", is_interrupted, "recv=EINTR", "", NULL, &source, 0 },
	{ "but there is a deadline", is_interrupted, "recv=EINTR", "endless 'recv=EINTR'", "it goes on though the deadline has long passed", &source, VET_SECONDS(10) },
	{ "only that is", is_interrupted, NULL, "endless 'recv=EINTR'", NULL, &source, VET_SECONDS(10) },
	{ "the deadline comes", looks_after_each_interruption, NULL, "", NULL, &source, VET_HOURS(10) },
	{ "of a slow clock, too", looks_after_each_interruption, NULL, "", NULL, &slow, VET_HOURS(10) },
	{ "byte by byte", sends_5000_bytes, "send=short:1", "", NULL, NULL, VET_SECONDS(10) },
	{ "of a file", reads_a_file, "pread=short:1", "", NULL, &filed, VET_SECONDS(10) },
};
/* clang-format on */

static void what_waits_for_nothing_is_stuck(void **state)
{
	(void)state;
	CHECK_ROWS(stuck);
}

static void what_never_ends_is_ended(void **state)
{
	(void)state;
	CHECK_ROWS(endless);
}

/* The jump of the clock is enough for a program that looks at it. */
static void what_was_ended_is_counted(void **state)
{
	static const struct explorer_row row = { "a slow clock", looks_after_each_interruption,
						 "recv=EINTR",   "",
						 NULL,           &slow,
						 VET_HOURS(10) };
	struct vet_explore_report report;
	(void)state;
	explorer_check(&row, 1, &report);
	assert_int_equal(report.ended, 1);
	assert_int_equal(report.runs, 2);
	assert_in_range(report.calls, 1000, 1100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_waits_for_nothing_is_stuck),
		cmocka_unit_test(what_never_ends_is_ended),
		cmocka_unit_test(what_was_ended_is_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
