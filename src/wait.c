/* SPDX-License-Identifier: 0BSD */
#include "wait.h"

#include <limits.h>

enum {
	FRUITLESS_AT_ONCE = 4, /* turns in a row that are retried without a sleep */
	DOUBLINGS = 6,         /* of the sleep: 1 ms to 64 ms */
	STALLS = 3,            /* full waits in which the clock stood still: it has stopped */
};

struct vet_wait vet_wait_begin(const struct vet_socket *s, int64_t deadline)
{
	return (struct vet_wait){
		.sys = s->table.sys,
		.fd = s->fd,
		.deadline = deadline,
		.left = INT64_MAX,
	};
}

static bool has_deadline(const struct vet_wait *w)
{
	return w->deadline != VET_NO_DEADLINE;
}

/*
 * Reads the clock, if there is a deadline, and says in `expired` what it showed.  The time left is
 * a budget: each step forward is taken off it, so that a clock that goes back adds nothing to the
 * wait.
 */
static int look_at_clock(struct vet_wait *w)
{
	int64_t now, forward = 0;
	if (!has_deadline(w))
		return 0;
	int r = (w->sys->calls->now)(w->sys, &now);
	if (r < 0)
		return r;
	if (w->has_read_clock && now > w->clock)
		forward = vet_time_difference(now, w->clock);
	w->clock_moved = forward > 0;
	w->left = w->left > forward ? w->left - forward : 0;
	int64_t until = vet_time_difference(w->deadline, now);
	if (w->left > until)
		w->left = until;
	w->clock = now;
	w->has_read_clock = true;
	if (w->left <= 0)
		w->expired = true;
	return 0;
}

/* The limit for a poll that waits as long as it may. */
static int64_t time_left(const struct vet_wait *w)
{
	if (!has_deadline(w))
		return -1;
	return w->left > 0 ? w->left : 0;
}

static void count_fruitless(struct vet_wait *w)
{
	if (w->fruitless < FRUITLESS_AT_ONCE + 1 + DOUBLINGS)
		w->fruitless++;
}

static bool is_weary(const struct vet_wait *w)
{
	return w->fruitless > FRUITLESS_AT_ONCE;
}

/* Readiness led to nothing again and again: rest, so that whatever is wrong costs no processor
 * time.  Without memory even for that, twice in a row, there is no rest, and it ends here. */
static int sleep_a_little(struct vet_wait *w)
{
	unsigned turn = w->fruitless - FRUITLESS_AT_ONCE - 1;
	int64_t rest = VET_MILLISECONDS(1) << (turn < DOUBLINGS ? turn : DOUBLINGS);
	if (has_deadline(w) && rest > w->left)
		rest = w->left;
	int n = (w->sys->calls->poll)(w->sys, NULL, 0, rest);
	if (n < 0 && n != -EINTR && (n != -EAGAIN || w->starved || w->sleepless))
		return n;
	w->sleepless = n == -EAGAIN;
	return look_at_clock(w);
}

/*
 * poll has reported nothing, and the clock was read after it.  To return 0 before the deadline is
 * its right, but not three times in a row while the clock stands still: that has stopped.
 */
static int poll_again(struct vet_wait *w, int n)
{
	if (n == -EAGAIN || (n == 0 && !has_deadline(w)))
		count_fruitless(w);
	w->stalls = n == 0 && has_deadline(w) && !w->clock_moved ? w->stalls + 1U : 0;
	return w->stalls >= STALLS ? VET_EDEADLINE : 0;
}

/* What a poll of the descriptor gave: 1 it reported it, 0 poll again, or an error. */
static int judge(struct vet_wait *w, int n, short revents)
{
	if (n < 0 && n != -EINTR && n != -EAGAIN)
		return n;
	w->starved = n == -EAGAIN; /* POSIX poll(): no memory for it now, a later one may succeed */
	if (n > 0) {
		w->revents = revents;
		w->reported = true;
		w->stalls = 0;
		return revents & POLLNVAL ? -EBADF : 1;
	}
	if (w->expired)
		return VET_EDEADLINE;
	int r = look_at_clock(w);
	if (r < 0)
		return r;
	return w->expired ? VET_EDEADLINE : poll_again(w, n);
}

/* Polls, with a rest before it if need be, until something is to be done. */
static int poll_until_reported(struct vet_wait *w, short events)
{
	for (;;) {
		if (is_weary(w) && !w->expired) {
			int r = sleep_a_little(w);
			if (r < 0)
				return r;
			if (w->expired)
				return 0; /* nobody looked during the sleep: one last try */
		}
		struct pollfd p = { .fd = w->fd, .events = events };
		int n = (w->sys->calls->poll)(w->sys, &p, 1, time_left(w));
		int r = judge(w, n, p.revents);
		if (r != 0)
			return r < 0 ? r : 0;
	}
}

static void forget_poll(struct vet_wait *w)
{
	w->revents = 0;
	w->reported = false;
}

int vet_wait_ready(struct vet_wait *w, short events)
{
	int r;
	if (w->reported)
		count_fruitless(w);
	forget_poll(w);
	if (w->expired)
		return VET_EDEADLINE;
	r = look_at_clock(w);
	if (r < 0)
		return r;
	if (w->expired && !w->polls_expired)
		return VET_EDEADLINE;
	return poll_until_reported(w, events);
}

int vet_wait_polled(struct vet_wait *w, short events, int polled, short revents)
{
	int r = judge(w, polled, revents);
	return r == 0 ? poll_until_reported(w, events) : r < 0 ? r : 0;
}

int vet_wait_interrupted(struct vet_wait *w)
{
	return w->expired ? VET_EDEADLINE : look_at_clock(w);
}

int vet_wait_passed_over(struct vet_wait *w, short events)
{
	forget_poll(w);
	count_fruitless(w);
	return is_weary(w) ? vet_wait_ready(w, events) : vet_wait_interrupted(w);
}

int vet_wait_progress(struct vet_wait *w)
{
	w->fruitless = 0;
	w->zeros = 0;
	forget_poll(w);
	return w->expired ? VET_EDEADLINE : 0;
}

int vet_wait_after(struct vet_wait *w, ssize_t error, short events)
{
	if (error == -EAGAIN || error == -EWOULDBLOCK)
		return vet_wait_ready(w, events);
	if (error == -EINTR)
		return vet_wait_interrupted(w);
	/* A count beyond what was asked for, or no number of an error: the table cannot be
	 * believed. */
	return error >= 0 || error < INT_MIN ? -EIO : (int)error;
}

int vet_wait_after_send(struct vet_wait *w, ssize_t n, size_t asked)
{
	if (n > 0 && (size_t)n <= asked)
		return vet_wait_progress(w);
	if (n == 0)
		return ++w->zeros >= 2 ? -EIO : vet_wait_ready(w, POLLOUT);
	return vet_wait_after(w, n, POLLOUT);
}
