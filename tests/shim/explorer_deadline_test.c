/* SPDX-License-Identifier: 0BSD */
/* Programs that have promised to keep a deadline of 10 s: which do, and which do not. */
#include "explorer.h"

#define SECONDS(n) VET_SECONDS(n)

static const struct vet_world silence = { .manner = VET_PEER_TALKER };

static void waits_without_limit(struct vet_trial *trial)
{
	(void)raw_sleep(trial, -1);
}

static void waits_so_long(struct vet_trial *trial, int64_t limit)
{
	(void)raw_sleep(trial, limit);
}

static void waits_10_s(struct vet_trial *trial)
{
	waits_so_long(trial, SECONDS(10));
}

/* As one does whose poll counts milliseconds. */
static void waits_10_s_and_a_millisecond(struct vet_trial *trial)
{
	waits_so_long(trial, SECONDS(10) + VET_MILLISECONDS(1));
}

static void waits_a_little_longer(struct vet_trial *trial)
{
	waits_so_long(trial, SECONDS(10) + VET_MILLISECONDS(1) + 1);
}

static void waits_twice(struct vet_trial *trial)
{
	waits_so_long(trial, SECONDS(6));
	waits_so_long(trial, SECONDS(6));
}

static void waits_in_parts(struct vet_trial *trial)
{
	waits_so_long(trial, SECONDS(6));
	waits_so_long(trial, SECONDS(4));
}

static void starts_anew_after_a_signal(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	while (raw_wait(trial, fd, POLLIN, SECONDS(10)) == -EINTR)
		continue;
	(void)raw_close(trial, fd);
}

static void goes_on_after_a_signal(struct vet_trial *trial)
{
	int64_t end = raw_now(trial) + SECONDS(10), now = end - SECONDS(10);
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	while (now >= 0 && now < end && raw_wait(trial, fd, POLLIN, end - now) == -EINTR)
		now = raw_now(trial);
	(void)raw_close(trial, fd);
}

/* Until the clock has shown the deadline. */
static void expire(struct vet_trial *trial)
{
	(void)raw_now(trial);
	(void)raw_sleep(trial, SECONDS(10));
	(void)raw_now(trial);
}

static void waits_after_it(struct vet_trial *trial)
{
	expire(trial);
	(void)raw_sleep(trial, 1);
}

static void looks_after_it(struct vet_trial *trial)
{
	expire(trial);
	for (int i = 0; i < 5; i++)
		(void)raw_sleep(trial, 0);
}

static void tries_after_it(struct vet_trial *trial, int tries)
{
	int fd = raw_dial(trial);
	expire(trial);
	while (tries-- > 0)
		(void)raw_recv(trial, fd, 1);
	(void)raw_close(trial, fd);
}

static void tries_8_times(struct vet_trial *trial)
{
	tries_after_it(trial, 8);
}

static void tries_9_times(struct vet_trial *trial)
{
	tries_after_it(trial, 9);
}

static const struct vet_operation any = { .name = "any" };

static void tries_in_an_operation(struct vet_trial *trial, int tries)
{
	int fd = raw_dial(trial);
	vet_trial_begin(trial, &any);
	expire(trial);
	while (tries-- > 0)
		(void)raw_recv(trial, fd, 1);
	(void)vet_trial_end(trial, 0);
	(void)raw_close(trial, fd);
}

static void tries_once_in_an_operation(struct vet_trial *trial)
{
	tries_in_an_operation(trial, 1);
}

static void tries_twice_in_an_operation(struct vet_trial *trial)
{
	tries_in_an_operation(trial, 2);
}

/* Each looks at the clock after its own try, as the first it does. */
static void tries_once_in_each_of_three(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	expire(trial);
	for (int i = 0; i < 3; i++) {
		vet_trial_begin(trial, &any);
		(void)raw_recv(trial, fd, 1);
		(void)raw_now(trial);
		(void)vet_trial_end(trial, 0);
	}
	(void)raw_close(trial, fd);
}

/* So many last looks at each connection. */
static void tries_each_of_four(struct vet_trial *trial, const struct vet_operation *operation,
			       int tries)
{
	int fd[4];
	for (int i = 0; i < 4; i++)
		fd[i] = raw_dial(trial);
	vet_trial_begin(trial, operation);
	expire(trial);
	for (int i = 0; i < 4 * tries; i++)
		(void)raw_recv(trial, fd[i / tries], 1);
	(void)vet_trial_end(trial, 0);
	for (int i = 0; i < 4; i++)
		(void)raw_close(trial, fd[i]);
}

static void tries_each_once_in_an_operation(struct vet_trial *trial)
{
	tries_each_of_four(trial, &any, 1);
}

static void tries_each_five_times(struct vet_trial *trial)
{
	tries_each_of_four(trial, NULL, 5);
}

static void promises_less(struct vet_trial *trial)
{
	vet_trial_deadline(trial, SECONDS(5));
	waits_so_long(trial, SECONDS(6));
}

static void promises_it_again(struct vet_trial *trial)
{
	expire(trial);
	vet_trial_deadline(trial, SECONDS(5));
	waits_so_long(trial, SECONDS(5));
}

static void promises_no_more(struct vet_trial *trial)
{
	vet_trial_deadline(trial, VET_DURATION_MAX);
	waits_so_long(trial, SECONDS(11));
}

/* clang-format off */
static const struct explorer_row deadlines[] = {
	{ "without limit", waits_without_limit, NULL, "deadline ''", "it waits without limit, though there is a deadline", NULL, SECONDS(10) },
	{ "all that is left", waits_10_s, NULL, "", NULL, NULL, SECONDS(10) },
	{ "rounded up", waits_10_s_and_a_millisecond, NULL, "", NULL, NULL, SECONDS(10) },
	{ "and no more", waits_a_little_longer, NULL, "deadline ''", "it waits 10001000001 ns with 10000000000 ns left", NULL, SECONDS(10) },
	{ "twice", waits_twice, NULL, "deadline ''", "it waits 6000000000 ns with 4000000000 ns left", NULL, SECONDS(10) },
	{ "in parts", waits_in_parts, "", "", NULL, NULL, SECONDS(10) },
	{ "from the beginning again", starts_anew_after_a_signal, NULL, "endless 'poll=EINTR', deadline 'poll@1=EINTR after'", NULL, &silence, SECONDS(10) },
	{ "that alone", starts_anew_after_a_signal, "poll@1=EINTR after", "deadline 'poll@1=EINTR after'", "it waits 10000000000 ns with 0 ns left", &silence, SECONDS(10) },
	{ "for the rest", goes_on_after_a_signal, NULL, "", NULL, &silence, SECONDS(10) },
	{ "after it", waits_after_it, NULL, "deadline ''", "it waits after the clock has shown the deadline", NULL, SECONDS(10) },
	{ "no wait", looks_after_it, "", "", NULL, NULL, SECONDS(10) },
	{ "eight tries after it", tries_8_times, "", "", NULL, &silence, SECONDS(10) },
	{ "nine", tries_9_times, NULL, "deadline ''", "more than one try of recv after the clock has shown the deadline", &silence, SECONDS(10) },
	{ "one try in an operation", tries_once_in_an_operation, "", "", NULL, &silence, SECONDS(10) },
	{ "two", tries_twice_in_an_operation, NULL, "deadline ''", "more than one try of recv", &silence, SECONDS(10) },
	{ "one in each", tries_once_in_each_of_three, "", "", NULL, &silence, SECONDS(10) },
	{ "one for each descriptor", tries_each_once_in_an_operation, "", "", NULL, &silence, SECONDS(10) },
	{ "five for each", tries_each_five_times, "", "", NULL, &silence, SECONDS(10) },
	{ "no promise", tries_9_times, "", "", NULL, &silence, 0 },
	{ "a shorter one", promises_less, NULL, "deadline ''", "it waits 6000000000 ns with 5000000000 ns left", NULL, SECONDS(10) },
	{ "another one", promises_it_again, "", "", NULL, NULL, SECONDS(10) },
	{ "none any more", promises_no_more, NULL, "", NULL, NULL, SECONDS(10) },
};
/* clang-format on */

static void a_deadline_is_kept(void **state)
{
	(void)state;
	CHECK_ROWS(deadlines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_deadline_is_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
