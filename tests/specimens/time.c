/* SPDX-License-Identifier: 0BSD */
/* Deadlines: how the time that is left is counted. */
#include "client.h"
#include "specimens.h"

/* ---- each byte that comes gives the rest the whole time again ---- */

static int receive_slowly(struct client *c, char *data)
{
	size_t done = 0;
	while (done < TEXT_SIZE) {
		ssize_t n = (c->sys->calls->recv)(c->sys, c->fd, data + done, TEXT_SIZE - done, 0);
		if (n == 0)
			return VET_EOF;
		if (n > 0) {
			client_progress(c);
			done += (size_t)n;
			if (!c->fixed)
				c->left = VET_SECONDS(1);
			continue;
		}
		int r = client_again(c, n, POLLIN);
		if (r < 0)
			return r;
	}
	return 0;
}

static void timeout_restarted_by_each_byte(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(1));
	int r = client_dial(&c);
	char data[TEXT_SIZE];
	if (r == 0)
		r = receive_slowly(&c, data);
	client_end(&c, r);
}

/* ---- each step is given the time that all of them together have ---- */

static void timeout_for_each_step(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(1));
	int r = client_dial(&c);
	char data[TEXT_SIZE];
	if (r == 0 && !c.fixed) {
		r = (c.sys->calls->now)(c.sys, &c.clock);
		c.left = VET_SECONDS(1);
	}
	if (r == 0)
		r = client_receive(&c, data, sizeof data);
	client_end(&c, r);
}

/* ---- the limit of one poll, made of the time that is left ---- */

/* poll(2) counts milliseconds, and a part of one is none. */
static int64_t in_whole_milliseconds(int64_t left)
{
	return left / VET_MILLISECONDS(1) * VET_MILLISECONDS(1);
}

static void timeout_rounded_down_to_zero(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_MICROSECONDS(20500));
	int64_t r = client_dial(&c);
	struct pollfd p = { .fd = c.fd, .events = POLLIN };
	char byte;
	while (r == 0) {
		r = (c.sys->calls->recv)(c.sys, c.fd, &byte, 1, 0);
		if (r >= 0)
			break;
		if (r == -EAGAIN && !c.fixed) {
			r = client_look_at_clock(&c);
			if (r == 0)
				r = (c.sys->calls->poll)(c.sys, &p, 1,
							 in_whole_milliseconds(c.left));
			r = r > 0 ? client_rest(&c) : r == -EINTR ? 0 : r;
		} else {
			r = client_again(&c, r, POLLIN);
		}
	}
	client_end(&c, r);
}

/*
 * The time is up if what is left is 0: so it is thought.  Less than 0 is poll's word for no limit; and
 * where the integer has no sign, it is very much.
 */
static int wait_until_none_is_left(struct client *c, bool is_signed)
{
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	for (;;) {
		int r = client_look_at_clock(c);
		if (r < 0 && r != VET_EDEADLINE)
			return r;
		int64_t left = is_signed ? c->left : (uint32_t)(c->left / VET_MILLISECONDS(1));
		if (c->fixed ? r < 0 : left == 0)
			return VET_EDEADLINE;
		if (!is_signed)
			left = c->fixed ? c->left : left * VET_MILLISECONDS(1);
		r = (c->sys->calls->poll)(c->sys, &p, 1, left);
		if (r != 0 && r != -EINTR)
			return r < 0 ? r : 0;
	}
}

static void timeout_below_zero_is_none(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(1));
	int r = client_dial(&c);
	if (r == 0)
		r = wait_until_none_is_left(&c, true);
	client_end(&c, r);
}

static void timeout_wraps(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(1));
	int r = client_dial(&c);
	if (r == 0)
		r = wait_until_none_is_left(&c, false);
	client_end(&c, r);
}

/* ---- the clock has jumped, as after a suspension, and the timeout begins anew ---- */

static int64_t look_again(struct client *c, int64_t *until)
{
	int64_t before = c->clock;
	int r = client_look_at_clock(c);
	if (c->fixed || (r < 0 && r != VET_EDEADLINE))
		return r;
	if (c->clock < before || c->clock - before > VET_SECONDS(30))
		*until = c->clock + VET_SECONDS(10);
	return c->clock >= *until ? VET_EDEADLINE : 0;
}

static void clock_jump_restarts_timeout(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int64_t until = c.clock + VET_SECONDS(10);
	int64_t r = client_dial(&c);
	struct pollfd p = { .fd = c.fd, .events = POLLIN };
	if (r == 0)
		r = look_again(&c, &until);
	while (r == 0) {
		r = (c.sys->calls->poll)(c.sys, &p, 1, c.fixed ? c.left : until - c.clock);
		if (r == 0 || r == -EINTR)
			r = look_again(&c, &until);
	}
	client_end(&c, r);
}

/* ---- the loop counts its turns, and takes each for as long as it was to be ---- */

static void turns_taken_for_time(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(1));
	int r = client_dial(&c);
	struct pollfd p = { .fd = c.fd, .events = POLLIN };
	for (unsigned turn = 0; r == 0; turn++) {
		vet_duration slice = VET_MILLISECONDS(100);
		r = c.fixed ? client_look_at_clock(&c) : turn < 10 ? 0 : VET_EDEADLINE;
		if (c.fixed && slice > c.left)
			slice = c.left;
		if (r == 0)
			r = (c.sys->calls->poll)(c.sys, &p, 1, slice);
		r = r == -EINTR ? 0 : r;
	}
	vet_trial_check(trial, r != VET_EDEADLINE || c.expired);
	client_end(&c, r);
}

/* clang-format off */
const struct specimen specimens_time[] = {
	{ "timeout-restarted-by-each-byte", "whoever sends a byte now and then is waited for without end",
	  timeout_restarted_by_each_byte, { SENDS_TEXT, .latency = VET_MILLISECONDS(400) },
	  VET_SECONDS(1), VET_CHECK_DEADLINE, 2, "recv@2=short:1; recv@3+=EAGAIN" },
	{ "timeout-for-each-step", "connecting and receiving have a second each; together they were to have one",
	  timeout_for_each_step, { SENDS_TEXT, LATE },
	  VET_SECONDS(1), VET_CHECK_DEADLINE, 1, "now@3=jump:1h" },
	{ "timeout-rounded-down-to-zero", "less than a millisecond becomes 0: poll does not wait, the loop does not end",
	  timeout_rounded_down_to_zero, { SENDS_TEXT, .latency = VET_MILLISECONDS(5) },
	  VET_MICROSECONDS(20500), VET_CHECK_SPIN, 1, "recv@1+=EAGAIN" },
	{ "timeout-below-zero-is-none", "time that is up becomes a negative limit: poll waits for ever",
	  timeout_below_zero_is_none, { SENDS_TEXT, LATE },
	  VET_SECONDS(1), VET_CHECK_DEADLINE, 1, "poll@2=timeout" },
	{ "timeout-wraps", "time that is up is negative, and without a sign more than a month",
	  timeout_wraps, { SENDS_TEXT, LATE },
	  VET_SECONDS(1), VET_CHECK_DEADLINE, 1, "now@3=jump:1h" },
	{ "clock-jump-restarts-timeout", "after a jump of the clock the whole timeout is waited for again",
	  clock_jump_restarts_timeout, { SENDS_TEXT, LATE },
	  VET_SECONDS(10), VET_CHECK_DEADLINE, 1, "now@3=jump:1h" },
	{ "turns-taken-for-time", "ten waits of 100 ms are taken for a second, however long they were",
	  turns_taken_for_time, { SENDS_TEXT, LATE },
	  VET_SECONDS(1), VET_CHECK_OWN, 1, "poll@2+=EINTR" },
	{ 0 },
};
