/* SPDX-License-Identifier: 0BSD */
/*
 * What the explorer holds a program to because it has promised it: bytes, counts, errors, checks of
 * its own; and what makes a run say nothing: a rule that does not fire, a program that is another
 * one each time.
 */
#include "explorer.h"

static const struct vet_world source = {
	.manner = VET_PEER_SOURCE,
	.sends = TEXT,
	.sends_size = TEXT_SIZE,
};
static const struct vet_world sink = { .expects = TEXT, .expects_size = TEXT_SIZE };

static const struct vet_operation any = { .name = "any" };

/* ---- bytes ---- */

static void sends(struct vet_trial *trial, const char *text, size_t size)
{
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	(void)CALL(trial, send, fd, text, size, 0);
	(void)raw_close(trial, fd);
}

static void sends_another_byte(struct vet_trial *trial)
{
	sends(trial, "twelve-bytes", TEXT_SIZE);
}

static void sends_one_too_many(struct vet_trial *trial)
{
	sends(trial, TEXT "!", TEXT_SIZE + 1);
}

static void sends_a_part(struct vet_trial *trial)
{
	sends(trial, TEXT, 5);
}

static void begins_again_after_a_part(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	if (raw_send(trial, fd, TEXT_SIZE) == 6)
		(void)raw_send(trial, fd, TEXT_SIZE);
	(void)raw_close(trial, fd);
}

static void says_that_all_was_sent(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	if (raw_send(trial, fd, TEXT_SIZE) > 0)
		vet_trial_sent_all(trial);
	(void)raw_close(trial, fd);
}

static void says_it_if_it_was(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	if (raw_send(trial, fd, TEXT_SIZE) == TEXT_SIZE)
		vet_trial_sent_all(trial);
	(void)raw_close(trial, fd);
}

/* ---- done ---- */

/* What is said of a call that gave n. */
static void say(struct vet_trial *trial, int fd, ssize_t n, bool lies)
{
	uint64_t done = n < 0 ? 0 : (uint64_t)n;
	vet_trial_done(trial, lies && n > 0 ? TEXT_SIZE : done);
	(void)vet_trial_end(trial, n);
	(void)raw_close(trial, fd);
}

static void move_bytes(struct vet_trial *trial, bool out, bool lies)
{
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	if (!out) /* before the operation: it does not count */
		(void)raw_send(trial, fd, TEXT_SIZE);
	vet_trial_begin(trial, &any);
	say(trial, fd, out ? raw_send(trial, fd, TEXT_SIZE) : raw_recv(trial, fd, TEXT_SIZE), lies);
}

static void says_all_was_sent(struct vet_trial *trial)
{
	move_bytes(trial, true, true);
}

static void says_what_was_sent(struct vet_trial *trial)
{
	move_bytes(trial, true, false);
}

static void says_all_was_received(struct vet_trial *trial)
{
	move_bytes(trial, false, true);
}

static void says_what_was_received(struct vet_trial *trial)
{
	move_bytes(trial, false, false);
}

/* ---- errors ---- */

static const struct vet_operation reading = {
	.name = "reading",
	.calls = 1 << VET_CALL_recv,
	.errors = "EBADF EPERM",
};
static const struct vet_operation reading_on = {
	.name = "reading_on",
	.calls = 1 << VET_CALL_recv,
	.errors = "EAGAIN EINTR EPERM",
	.gets_over = true,
};

/* Gives `instead` for each error; 0: the error itself; 1: nothing of it. */
static void read_as(struct vet_trial *trial, const struct vet_operation *operation, int instead)
{
	int fd = raw_dial(trial);
	ssize_t n;
	if (fd < 0)
		return;
	vet_trial_begin(trial, operation);
	n = raw_recv(trial, fd, TEXT_SIZE);
	(void)vet_trial_end(trial, n < 0 && instead != 0 ? instead : n);
	(void)raw_close(trial, fd);
}

static void gives_what_recv_gives(struct vet_trial *trial)
{
	read_as(trial, &reading, 0);
}

static void gives_one_of_its_own(struct vet_trial *trial)
{
	read_as(trial, &reading, -EPERM);
}

static void gives_another(struct vet_trial *trial)
{
	read_as(trial, &reading, -ENOENT);
}

static void gives_anything(struct vet_trial *trial)
{
	read_as(trial, &any, -ENOENT);
}

static void gives_up(struct vet_trial *trial)
{
	read_as(trial, &reading_on, 0);
}

static void keeps_it_to_itself(struct vet_trial *trial)
{
	read_as(trial, &reading_on, 1);
}

/* As it should: an interruption is got over, once and again; for bytes it waits. */
static void gets_over_it(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	ssize_t n;
	if (fd < 0)
		return;
	vet_trial_begin(trial, &reading_on);
	do {
		n = raw_recv(trial, fd, TEXT_SIZE);
		if (n == -EAGAIN && raw_wait(trial, fd, POLLIN, VET_SECONDS(1)) < 1)
			n = -EPERM;
	} while (n == -EINTR || n == -EAGAIN);
	(void)vet_trial_end(trial, n);
	(void)raw_close(trial, fd);
}

/* ---- its own checks, and what says nothing ---- */

static void thinks_that_all_calls_succeed(struct vet_trial *trial)
{
	vet_trial_check(trial, raw_index(trial) == 1);
}

static void fails_of_itself(struct vet_trial *trial)
{
	vet_trial_fail(trial, "the first counts");
	vet_trial_fail(trial, "the second does not");
}

static void knows_of_faults(struct vet_trial *trial)
{
	vet_trial_check(trial, raw_index(trial) == 1 || vet_trial_is_faulted(trial));
}

static void fails_where_there_are_none(struct vet_trial *trial)
{
	(void)raw_index(trial);
	vet_trial_check(trial, vet_trial_is_faulted(trial));
}

static void is_calm_later(struct vet_trial *trial)
{
	(void)raw_index(trial);
	vet_trial_calm(trial);
	vet_trial_check(trial, raw_index(trial) == 1);
}

static void is_another_each_time(struct vet_trial *trial)
{
	static int runs;
	for (int i = runs++; i >= 0; i--)
		(void)raw_index(trial);
}

static void is_another_after_an_error(struct vet_trial *trial)
{
	static int runs;
	if (raw_index(trial) < 0 && runs++ % 2 == 0)
		vet_trial_fail(trial, "this time");
}

static void fails_each_second_time(struct vet_trial *trial)
{
	static int runs;
	(void)raw_index(trial);
	vet_trial_check(trial, runs++ % 2 == 0);
}

/* clang-format off */
static const struct explorer_row bytes[] = {
	{ "another byte", sends_another_byte, NULL, "bytes ''", "byte 6 (from 0)", &sink, 0 },
	{ "one too many", sends_one_too_many, NULL, "bytes ''", "more was sent than was expected: byte 12", &sink, 0 },
	{ "a part", sends_a_part, NULL, "", NULL, &sink, 0 },
	{ "the same again", begins_again_after_a_part, NULL, "bytes 'send@1=short:6'", "byte 6 (from 0)", &sink, 0 },
	{ "all, it says", says_that_all_was_sent, NULL, "bytes 'send@1=short:1'", "it says that all was sent: 1 of 12 bytes were", &sink, 0 },
	{ "and it is so", says_it_if_it_was, NULL, "", NULL, &sink, 0 },
};

static const struct explorer_row done[] = {
	{ "sent, it says", says_all_was_sent, NULL, "done 'send@1=short:1'", "it says that 12 bytes were moved, and 1 were", NULL, 0 },
	{ "sent", says_what_was_sent, NULL, "", NULL, NULL, 0 },
	{ "received, it says", says_all_was_received, NULL, "done 'send@1=short:1', done 'recv@1=short:1'", "it says that 12 bytes were moved, and 1 were", NULL, 0 },
	{ "received", says_what_was_received, NULL, "", NULL, NULL, 0 },
};

static const struct explorer_row errors[] = {
	{ "what is passed on, and what is not", gives_what_recv_gives, NULL, "error 'recv@1=EAGAIN'", "reading gave EAGAIN, which it does not document", &source, 0 },
	{ "what it names", gives_one_of_its_own, NULL, "", NULL, &source, 0 },
	{ "what it does not name", gives_another, NULL, "error 'recv@1=EAGAIN'", "reading gave ENOENT, which it does not document", &source, 0 },
	{ "it says nothing of errors", gives_anything, NULL, "", NULL, &source, 0 },
	{ "it gives up", gives_up, NULL, "error 'recv@1=EAGAIN'", "reading_on gave up for a single EAGAIN, which it is to get over", &source, 0 },
	{ "for the other, too", gives_up, "recv@1=EINTR", "error 'recv@1=EINTR'", "reading_on gave up for a single EINTR", &source, 0 },
	{ "it passes it on", gives_up, "recv@1=ECONNRESET", "", NULL, &source, 0 },
	{ "it keeps it to itself", keeps_it_to_itself, NULL, "error 'recv@1=ECONNRESET'", "reading_on did not pass on ECONNRESET", &source, 0 },
	{ "it gets over it", gets_over_it, NULL, "", NULL, &source, 0 },
};

static const struct explorer_row others[] = {
	{ "its own", thinks_that_all_calls_succeed, NULL, "own 'interface_index@1=ENODEV'", "raw_index(trial) == 1", NULL, 0 },
	{ "the first of two", fails_of_itself, NULL, "own ''", "the first counts", NULL, 0 },
	{ "it may fail in a fault", knows_of_faults, NULL, "", NULL, NULL, 0 },
	{ "there are none", fails_where_there_are_none, NULL, "own ''", NULL, NULL, 0 },
	{ "there is one", fails_where_there_are_none, "interface_index@1=EMFILE", "own ''", NULL, NULL, 0 },
	{ "calm, none at all", is_calm_later, "interface_index=EMFILE", "", NULL, NULL, 0 },
	{ "a rule that did not fire", knows_of_faults, "interface_index@2=EMFILE", "unfired 'interface_index@2=EMFILE'", "rule 1, 'interface_index@2=EMFILE', never fired", NULL, 0 },
	{ "the second of two", knows_of_faults, "interface_index@1=EMFILE; send=EPIPE", "unfired 'interface_index@1=EMFILE; send=EPIPE'", "rule 2, 'send=EPIPE', never fired", NULL, 0 },
	{ "another each time", is_another_each_time, NULL, "unsteady ''", "with the same answers it does something else", NULL, 0 },
	{ "after an error", is_another_after_an_error, NULL, "unsteady 'interface_index@1=ENODEV'", "it failed, and run again with the same answers it does something else", NULL, 0 },
	{ "with the same calls", fails_each_second_time, NULL, "unsteady ''", NULL, NULL, 0 },
};
/* clang-format on */

static void what_is_sent_is_what_is_expected(void **state)
{
	(void)state;
	CHECK_ROWS(bytes);
}

static void what_is_done_is_what_was_moved(void **state)
{
	(void)state;
	CHECK_ROWS(done);
}

static void errors_are_those_that_are_documented(void **state)
{
	(void)state;
	CHECK_ROWS(errors);
}

static void its_own_checks_hold_and_runs_are_steady(void **state)
{
	(void)state;
	CHECK_ROWS(others);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_sent_is_what_is_expected),
		cmocka_unit_test(what_is_done_is_what_was_moved),
		cmocka_unit_test(errors_are_those_that_are_documented),
		cmocka_unit_test(its_own_checks_hold_and_runs_are_steady),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
