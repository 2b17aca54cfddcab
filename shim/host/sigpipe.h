/* SPDX-License-Identifier: 0BSD */
/*
 * Keeps SIGPIPE away from the thread around a call that would raise it and has no flag against it.
 *
 * The signal is of the thread (POSIX send(): "generated for the calling thread"), so it is blocked,
 * taken away if the call may have raised it, and the mask put back.  What others send stays: one
 * that is pending before (the caller blocks it himself), and one that comes meanwhile from another
 * process.  (One that a thread of this process sends in that moment cannot be told from the call's.)
 */
#ifndef VETSOCK_HOST_SIGPIPE_H
#define VETSOCK_HOST_SIGPIPE_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

struct vet_sigpipe {
	sigset_t mask; /* the thread's, before */
	bool blocked;  /* SIGPIPE is in it */
	bool pending;  /* and one waits */
};

void vet_sigpipe_hold(struct vet_sigpipe *held);
/* raised: whether the call may have raised it. */
void vet_sigpipe_release(struct vet_sigpipe *held, bool raised);

#endif
