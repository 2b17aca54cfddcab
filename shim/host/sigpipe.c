/* SPDX-License-Identifier: 0BSD */
#undef _GNU_SOURCE
#define _POSIX_C_SOURCE 200809L

#include "sigpipe.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

static bool is_pending(void)
{
	sigset_t pending;
	return sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
}

void vet_sigpipe_hold(struct vet_sigpipe *held)
{
	sigset_t sigpipe;
	sigemptyset(&sigpipe);
	sigaddset(&sigpipe, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &sigpipe, &held->mask);
	held->blocked = sigismember(&held->mask, SIGPIPE) == 1;
	held->pending = held->blocked && is_pending();
}

/* Without sigtimedwait (macOS, OpenBSD, and tests that ask for it) nobody can tell whose it is. */
#if defined _POSIX_REALTIME_SIGNALS && _POSIX_REALTIME_SIGNALS > 0 && \
	!defined VET_WITHOUT_SIGTIMEDWAIT

/* Takes one that is pending, and says in *sender whose it is; false if there is none. */
static bool take(const sigset_t *sigpipe, pid_t *sender)
{
	static const struct timespec at_once = { 0, 0 };
	siginfo_t info;
	int taken;
	/* Ends: EINTR is another signal's handler, and then the next try; EAGAIN is that there is none. */
	do
		taken = sigtimedwait(sigpipe, &info, &at_once);
	while (taken < 0 && errno == EINTR);
	*sender = taken < 0 ? 0 : info.si_pid;
	return taken >= 0;
}

#else

static bool take(const sigset_t *sigpipe, pid_t *sender)
{
	int taken;
	*sender = 0;
	return is_pending() && sigwait(sigpipe, &taken) == 0;
}

#endif

/* What the kernel raises for a call looks as if this process, or nobody, had sent it; another's is
 * put back. */
static bool take_away(void)
{
	sigset_t sigpipe;
	pid_t sender;
	sigemptyset(&sigpipe);
	sigaddset(&sigpipe, SIGPIPE);
	if (!take(&sigpipe, &sender))
		return false;
	if (sender == getpid() || sender == 0)
		return true;
	kill(getpid(), SIGPIPE);
	return false;
}

void vet_sigpipe_release(struct vet_sigpipe *held, bool raised)
{
	/* One that was pending for the thread, and so took up the call's own, is raised again. */
	if (raised && take_away() && held->pending && !is_pending())
		pthread_kill(pthread_self(), SIGPIPE);
	if (!held->blocked)
		pthread_sigmask(SIG_SETMASK, &held->mask, NULL);
}
