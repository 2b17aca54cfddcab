/* SPDX-License-Identifier: 0BSD */
#undef _GNU_SOURCE
#define _POSIX_C_SOURCE 200809L

#include "sigpipe.h"

#include <errno.h>
#include <time.h>

void vet_sigpipe_hold(struct vet_sigpipe *held)
{
	sigset_t sigpipe, pending;
	sigemptyset(&sigpipe);
	sigaddset(&sigpipe, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &sigpipe, &held->mask);
	held->blocked = sigismember(&held->mask, SIGPIPE) == 1;
	held->pending =
		held->blocked && sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
}

static void take_away(void)
{
	static const struct timespec at_once = { 0, 0 };
	sigset_t sigpipe;
	sigemptyset(&sigpipe);
	sigaddset(&sigpipe, SIGPIPE);
	/* Ends: EINTR is another signal's handler, and then the next try; EAGAIN is that there is none. */
	while (sigtimedwait(&sigpipe, NULL, &at_once) < 0 && errno == EINTR)
		;
}

void vet_sigpipe_release(struct vet_sigpipe *held, bool raised)
{
	if (raised && !held->pending)
		take_away();
	if (!held->blocked)
		pthread_sigmask(SIG_SETMASK, &held->mask, NULL);
}
