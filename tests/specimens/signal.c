/* SPDX-License-Identifier: 0BSD */
/* Signals: EINTR, from the call or from the wait for it. */
#include "client.h"
#include "specimens.h"

/* ---- a signal is taken for a failure ---- */

static const struct vet_operation fetch = {
	.name = "fetch",
	.calls = 1U << VET_CALL_recv | 1U << VET_CALL_poll | 1U << VET_CALL_now,
	.errors = "VET_EOF VET_EDEADLINE",
};

static int64_t fetch_text(struct client *c)
{
	char data[TEXT_SIZE];
	size_t done = 0;
	while (done < TEXT_SIZE) {
		ssize_t n = (c->sys->calls->recv)(c->sys, c->fd, data + done, TEXT_SIZE - done, 0);
		if (n == 0)
			return VET_EOF;
		if (n == -EINTR && !c->fixed)
			return n;
		int r = n < 0 ? client_again(c, n, POLLIN) : 0;
		if (r < 0)
			return r;
		if (n > 0)
			client_progress(c);
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static void eintr_not_retried(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int64_t r = client_dial(&c);
	if (r == 0) {
		vet_trial_begin(trial, &fetch);
		r = vet_trial_end(trial, fetch_text(&c));
	}
	client_end(&c, r);
}

/* ---- while ((n = read(...)) > 0): what ends the loop is not looked at ---- */

static void eintr_ends_the_read_loop(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	ssize_t n = client_dial(&c);
	if (n == 0) {
		char data[TEXT_SIZE];
		do {
			n = (c.sys->calls->recv)(c.sys, c.fd, data, sizeof data, 0);
			if (n == -EAGAIN || (n == -EINTR && c.fixed))
				n = client_go_on(&c, n, POLLIN);
			else if (n > 0)
				client_progress(&c);
			c.ended = n == 0;
		} while (n > 0);
		if (n == -EINTR)
			n = 0;
		vet_trial_check(trial, n < 0 || c.ended);
	}
	client_end(&c, n);
}

/* ---- a signal says stop, and the loop goes on with what it has closed ---- */

static int receive_until_signal(struct client *c, void *data, size_t size)
{
	int fd = c->fd;
	for (;;) {
		ssize_t n = (c->sys->calls->recv)(c->sys, fd, data, size, 0);
		if (n == -EINTR) {
			client_close(c);
			if (c->fixed)
				return -ECANCELED;
		}
		if (n >= 0)
			return 0;
		int r = client_again(c, n, POLLIN);
		if (r < 0)
			return r;
	}
}

static void eintr_retried_after_close(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_dial(&c);
	char data[TEXT_SIZE];
	if (r == 0)
		r = receive_until_signal(&c, data, sizeof data);
	client_end(&c, r);
}

/* ---- the deadline is looked at where a wait ends, but not where a call is made again ---- */

static void signals_outlast_the_deadline(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int64_t r = client_dial(&c);
	char byte;
	if (r == 0) {
		do {
			r = (c.sys->calls->recv)(c.sys, c.fd, &byte, 1, 0);
			if (r == -EAGAIN || (r == -EINTR && c.fixed)) {
				int error = client_again(&c, r, POLLIN);
				r = error < 0 ? error : -EINTR;
			}
		} while (r == -EINTR);
	}
	client_end(&c, r);
}

/* ---- poll that a signal ended is taken for one whose time has passed ---- */

static int wait_for_byte(struct client *c)
{
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	for (;;) {
		int n = (c->sys->calls->poll)(c->sys, &p, 1, c->left);
		if (n > 0)
			return p.revents & POLLNVAL ? -EBADF : 0;
		if (n == -EINTR && !c->fixed)
			return VET_EDEADLINE;
		if (n < 0 && n != -EINTR)
			return n;
		int r = client_look_at_clock(c);
		if (r < 0)
			return r;
	}
}

static void poll_eintr_taken_for_timeout(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_dial(&c);
	if (r == 0)
		r = client_look_at_clock(&c);
	if (r == 0)
		r = wait_for_byte(&c);
	vet_trial_check(trial, r != VET_EDEADLINE || c.expired);
	client_end(&c, r);
}

/* ---- close(2) after EINTR: the descriptor is gone, and may be someone else's by now ---- */

static void close_retried_after_eintr(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_dial(&c);
	if (c.fd >= 0) {
		while ((c.sys->calls->close)(c.sys, c.fd) == -EINTR && !c.fixed)
			;
		c.fd = -1;
	}
	client_end(&c, r);
}

/* ---- each signal gives the wait its whole time again ---- */

static int wait_a_second(struct client *c)
{
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	int r = client_look_at_clock(c);
	while (r == 0) {
		int n = (c->sys->calls->poll)(c->sys, &p, 1, c->fixed ? c->left : VET_SECONDS(1));
		if (n != 0 && n != -EINTR)
			return n < 0 ? n : 0;
		r = client_look_at_clock(c);
	}
	return r;
}

static void timeout_restarted_by_eintr(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_dial(&c);
	if (r == 0) {
		vet_trial_deadline(trial, VET_SECONDS(1));
		r = client_look_at_clock(&c);
		c.left = VET_SECONDS(1);
	}
	if (r == 0)
		r = wait_a_second(&c);
	client_end(&c, r);
}

/* clang-format off */
const struct specimen specimens_signal[] = {
	{ "eintr-not-retried", "a signal during recv makes the whole transfer fail",
	  eintr_not_retried, { SENDS_TEXT, LATE },
	  VET_SECONDS(10), VET_CHECK_ERROR, 1, "recv@1=EINTR" },
	{ "eintr-ends-the-read-loop", "the loop ends where recv is not positive, and its end is taken for the stream's",
	  eintr_ends_the_read_loop, { SENDS_TEXT, LATE },
	  VET_SECONDS(10), VET_CHECK_OWN, 1, "recv@1=EINTR" },
	{ "eintr-retried-after-close", "a signal means stop: the socket is closed, and recv made again",
	  eintr_retried_after_close, { SENDS_TEXT },
	  VET_SECONDS(10), VET_CHECK_CLOSED, 1, "recv@1=EINTR" },
	{ "signals-outlast-the-deadline", "recv is made again after EINTR without a look at the clock",
	  signals_outlast_the_deadline, { SENDS_TEXT, LATE },
	  VET_SECONDS(10), VET_CHECK_ENDLESS, 1, "recv@1+=EINTR" },
	{ "poll-eintr-taken-for-timeout", "EINTR from poll is reported as a timeout",
	  poll_eintr_taken_for_timeout, { SENDS_TEXT, LATE },
	  VET_SECONDS(10), VET_CHECK_OWN, 1, "poll@2=EINTR" },
	{ "close-retried-after-eintr", "close is made again after EINTR, on a descriptor that is gone",
	  close_retried_after_eintr, { SENDS_TEXT },
	  VET_SECONDS(10), VET_CHECK_CLOSED, 1, "close@1=EINTR" },
	{ "timeout-restarted-by-eintr", "after EINTR poll is given the whole timeout again",
	  timeout_restarted_by_eintr, { SENDS_TEXT, .latency = VET_MILLISECONDS(400) },
	  VET_SECONDS(10), VET_CHECK_DEADLINE, 1, "poll@2=EINTR after" },
	{ 0 },
};
