/* SPDX-License-Identifier: 0BSD */
/* Whose SIGPIPE it is: the call's own is taken away, every other one stays (shim/host/sigpipe.h).
 * BLIND: with the half of sigpipe.c for systems that cannot tell. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <sys/wait.h>

#include "sigpipe.h"
#include "worker.h"

static const struct mask_case {
	const char *name;
	bool before_by_itself, before_by_another; /* pending already */
	bool raised, meanwhile_by_another;        /* while it is held */
	unsigned want;                            /* pending afterwards */
	unsigned want_blind;                      /* the same, where nobody can tell whose it is */
} cases[] = {
	{ "nothing happens", false, false, false, false, 0, 0 },
	{ "the call raises it", false, false, true, false, 0, 0 },
	{ "another process sends it", false, false, false, true, 1, 0 },
	{ "both", false, false, true, true, 1, 1 },
	{ "its own was pending", true, false, false, false, 1, 1 },
	{ "its own was pending, and the call raises one", true, false, true, false, 1, 1 },
	{ "another's was pending", false, true, false, false, 1, 1 },
	{ "another's was pending, and the call raises one", false, true, true, false, 1, 1 },
	/* Which of the two is left nobody can say. */
	{ "both were pending, and the call raises one", true, true, true, false, 1, 1 },
};

static void send_from_another_process(void)
{
	int status;
	pid_t child = fork();
	CHECK(child >= 0);
	if (child == 0)
		_exit(kill(getppid(), SIGPIPE) == 0 ? 0 : 1);
	CHECK(waitpid(child, &status, 0) == child && status == 0);
}

/* As the kernel does for a call: a write to a pipe that nobody reads. */
static void raise_by_a_call(void)
{
	int ends[2];
	CHECK(pipe(ends) == 0);
	CHECK(close(ends[0]) == 0);
	CHECK(write(ends[1], "x", 1) == -1 && errno == EPIPE);
	CHECK(close(ends[1]) == 0);
}

static unsigned take_all(const sigset_t *sigpipe)
{
	static const struct timespec at_once = { 0, 0 };
	unsigned count = 0;
	while (count < 10 && sigtimedwait(sigpipe, NULL, &at_once) == SIGPIPE)
		count++;
	return count;
}

static unsigned pending_after(const struct mask_case *row, const sigset_t *sigpipe)
{
	struct vet_sigpipe held;
	if (row->before_by_itself)
		CHECK(pthread_kill(pthread_self(), SIGPIPE) == 0);
	if (row->before_by_another)
		send_from_another_process();
	vet_sigpipe_hold(&held);
	if (row->raised)
		raise_by_a_call();
	if (row->meanwhile_by_another)
		send_from_another_process();
	vet_sigpipe_release(&held, true);
	return take_all(sigpipe);
}

static void play_cases(const struct world *world)
{
	sigset_t sigpipe;
	(void)world;
	sigemptyset(&sigpipe);
	sigaddset(&sigpipe, SIGPIPE);
	CHECK(pthread_sigmask(SIG_BLOCK, &sigpipe, NULL) == 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("  %s\n", cases[i].name);
		SAME(pending_after(&cases[i], &sigpipe),
		     BLIND ? cases[i].want_blind : cases[i].want);
	}
}

static void only_the_calls_own_sigpipe_is_taken_away(const struct world *world)
{
	in_child(play_cases, world);
}

static void the_mask_is_as_it_was(const struct world *world)
{
	struct vet_sigpipe held;
	sigset_t mask;
	(void)world;
	CHECK(pthread_sigmask(SIG_BLOCK, NULL, &mask) == 0 && sigismember(&mask, SIGPIPE) == 0);
	vet_sigpipe_hold(&held);
	CHECK(pthread_sigmask(SIG_BLOCK, NULL, &mask) == 0 && sigismember(&mask, SIGPIPE) == 1);
	raise_by_a_call();
	vet_sigpipe_release(&held, true);
	CHECK(pthread_sigmask(SIG_BLOCK, NULL, &mask) == 0 && sigismember(&mask, SIGPIPE) == 0);
}

static const struct kernel_test tests[] = {
	KERNEL_TEST(only_the_calls_own_sigpipe_is_taken_away, HOST_ALONE),
	KERNEL_TEST(the_mask_is_as_it_was, HOST_ALONE),
};

int main(void)
{
	return kernel_run("mask", tests, sizeof(tests) / sizeof(tests[0]));
}
