/* SPDX-License-Identifier: 0BSD */
#include "watchdog.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/time.h>

/* Several short ticks, not one long one: a process that was stopped for a while has missed most of
 * them, and is not taken for one that ran. */
enum { TICK_MICROSECONDS = 200000, TICKS = 5 };

/* A signal handler has nowhere else to look. */
static const uint64_t *volatile watched;
static sigjmp_buf *volatile way_out;
static volatile uint64_t calls_at_tick;
static volatile sig_atomic_t silent_ticks;

static volatile sig_atomic_t is_started;
static sigset_t mask_before;
static struct sigaction action_before;
static struct itimerval timer_before;

static void tick(int number)
{
	const uint64_t *calls = watched;
	(void)number;
	if (calls == NULL || *(const volatile uint64_t *)calls != calls_at_tick) {
		calls_at_tick = calls == NULL ? 0 : *(const volatile uint64_t *)calls;
		silent_ticks = 0;
		return;
	}
	silent_ticks = silent_ticks + 1;
	if (silent_ticks < TICKS)
		return;
	watched = NULL;
	siglongjmp(*way_out, WATCHDOG_JUMP);
}

int vet_watchdog_start(void)
{
	struct sigaction action;
	sigset_t alarm_alone;
	struct itimerval timer = { { 0, TICK_MICROSECONDS }, { 0, TICK_MICROSECONDS } };
	if (is_started)
		return -EBUSY;
	memset(&action, 0, sizeof action);
	action.sa_handler = tick;
	action.sa_flags = SA_NODEFER | SA_RESTART; /* the handler may not return */
	(void)sigemptyset(&action.sa_mask);
	if (sigaction(SIGALRM, &action, &action_before) != 0)
		return -errno;
	(void)sigemptyset(&alarm_alone);
	(void)sigaddset(&alarm_alone, SIGALRM);
	(void)pthread_sigmask(SIG_UNBLOCK, &alarm_alone, &mask_before);
	if (setitimer(ITIMER_REAL, &timer, &timer_before) == 0) {
		is_started = 1;
		return 0;
	}
	int error = -errno;
	(void)pthread_sigmask(SIG_SETMASK, &mask_before, NULL);
	(void)sigaction(SIGALRM, &action_before, NULL);
	return error;
}

void vet_watchdog_stop(void)
{
	(void)setitimer(ITIMER_REAL, &timer_before, NULL);
	(void)pthread_sigmask(SIG_SETMASK, &mask_before, NULL);
	(void)sigaction(SIGALRM, &action_before, NULL);
	is_started = 0;
}

void vet_watchdog_begin(const uint64_t *calls, sigjmp_buf *escape)
{
	silent_ticks = 0;
	way_out = escape;
	watched = calls;
}

void vet_watchdog_end(void)
{
	watched = NULL;
}
