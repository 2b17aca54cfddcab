/* SPDX-License-Identifier: 0BSD */
/* poll: what it reports, and what it does not. */
#include "client.h"
#include "specimens.h"

/* ---- only POLLIN is looked for ---- */

/* As client_wait, but that readiness to read is all that it knows. */
static int wait_for_pollin(struct client *c)
{
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	int r = client_rest(c);
	while (r == 0) {
		r = (c->sys->calls->poll)(c->sys, &p, 1, c->left);
		if (r > 0 && p.revents & POLLIN)
			return 0;
		if (r >= 0 || r == -EINTR)
			r = client_look_at_clock(c);
	}
	return r;
}

static void hup_spun_on(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_listen(&c);
	while (r == 0) {
		int fd = (c.sys->calls->accept)(c.sys, c.fd, NULL, NULL);
		if (fd >= 0) {
			(void)(c.sys->calls->close)(c.sys, fd);
			break;
		}
		if (fd == -EAGAIN && !c.fixed)
			r = wait_for_pollin(&c);
		else /* accept tells what is wrong, however poll has put it */
			r = client_again(&c, fd, POLLIN);
	}
	client_end(&c, r);
}

/* A datagram that nobody took is told by POLLERR, and only to who makes a call. */
static void err_spun_on(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int64_t r = client_open(&c, SOCK_DGRAM);
	char data[TEXT_SIZE];
	if (r == 0)
		r = client_connect_once(&c);
	if (r == 0)
		r = client_send(&c, TEXT, TEXT_SIZE);
	while (r == 0) {
		r = (c.sys->calls->recv)(c.sys, c.fd, data, sizeof data, 0);
		if (r == -EAGAIN && !c.fixed)
			r = wait_for_pollin(&c);
		else if (r < 0)
			r = client_again(&c, r, POLLIN);
	}
	client_end(&c, r);
}

/* ---- a connection is closed, and stays among those that are polled ---- */

/* A byte, or the reason why there is none, for which the connection is closed. */
static int64_t serve_once(struct client *c, int fd)
{
	char byte;
	int64_t r = (c->sys->calls->recv)(c->sys, fd, &byte, 1, 0);
	if (r == -EAGAIN || r == -EINTR)
		return 0;
	if (r <= 0)
		client_close(c);
	return r == 0 ? VET_EOF : r;
}

static void nval_spun_on(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int64_t r = client_dial(&c);
	struct pollfd p = { .fd = c.fd, .events = POLLIN };
	while (r == 0) {
		r = client_rest(&c);
		if (r == 0)
			r = (c.sys->calls->poll)(c.sys, &p, 1, c.left);
		if (r > 0) {
			r = p.revents & (POLLIN | POLLHUP) ? serve_once(&c, p.fd) : 0;
			if (r < 0 && !c.fixed)
				r = 0; /* the others are still to be served */
		}
		r = r == -EINTR ? 0 : r;
	}
	client_end(&c, r);
}

/* ---- an error of poll is taken for nothing yet ---- */

static void poll_failure_spun_on(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_dial(&c);
	struct pollfd p = { .fd = c.fd, .events = POLLIN };
	if (r == 0)
		r = client_look_at_clock(&c);
	while (r == 0) {
		int n = (c.sys->calls->poll)(c.sys, &p, 1, c.left);
		if (n > 0)
			break;
		if (n < 0 && n != -EINTR && c.fixed)
			r = n;
		else
			r = client_look_at_clock(&c);
	}
	client_end(&c, r);
}

/* ---- poll may return 0 before its time ---- */

static void early_zero_taken_for_timeout(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_dial(&c);
	struct pollfd p = { .fd = c.fd, .events = POLLIN };
	if (r == 0)
		r = client_look_at_clock(&c);
	while (r == 0) {
		r = (c.sys->calls->poll)(c.sys, &p, 1, c.left);
		if (r == -EINTR || (r == 0 && c.fixed))
			r = client_look_at_clock(&c);
		else if (r == 0)
			r = VET_EDEADLINE;
	}
	vet_trial_check(trial, r != VET_EDEADLINE || c.expired);
	client_end(&c, r);
}

/* ---- whatever poll returns but an error is taken for a connection ---- */

static int connect_and_wait(struct client *c)
{
	int r = client_connect_once(c);
	if (r != -EINPROGRESS && r != -EINTR)
		return r;
	if (c->fixed)
		return client_connect_rest(c);
	struct pollfd p = { .fd = c->fd, .events = POLLOUT };
	do {
		r = client_look_at_clock(c);
		if (r == 0)
			r = (c->sys->calls->poll)(c->sys, &p, 1, c->left);
	} while (r == -EINTR);
	return r < 0 ? r : client_socket_error(c);
}

static void early_zero_taken_for_connection(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_open(&c, SOCK_STREAM);
	if (r == 0)
		r = connect_and_wait(&c);
	vet_trial_calm(trial);
	vet_trial_check(trial, r < 0 || client_ask_peer(&c) == 0);
	client_end(&c, r);
}

/* ---- a lingering close that waits for POLLHUP, which comes when both halves are ended ---- */

static int linger(struct client *c)
{
	struct pollfd p = { .fd = c->fd, .events = 0 };
	char data[TEXT_SIZE];
	int r = (c->sys->calls->shutdown)(c->sys, c->fd, SHUT_WR);
	if (c->fixed) {
		while (r == 0) {
			ssize_t n = client_receive_some(c, data, sizeof data);
			if (n <= 0)
				return (int)n;
		}
		return r;
	}
	do { /* whatever shutdown gave: the socket is to be closed anyway */
		r = (c->sys->calls->poll)(c->sys, &p, 1, -1);
	} while (r == -EINTR || (r > 0 && !(p.revents & POLLHUP)));
	return r < 0 ? r : 0;
}

static void hup_alone_awaited(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_dial(&c);
	if (r == 0)
		r = linger(&c);
	client_end(&c, r);
}

/* clang-format off */
const struct specimen specimens_poll[] = {
	{ "hup-spun-on", "a listener that is over is reported by POLLHUP; the loop looks for POLLIN",
	  hup_spun_on, { .manner = VET_PEER_ECHO, .connections = 1, LATE },
	  VET_SECONDS(10), VET_CHECK_SPIN, 1, "poll@1=events:HUP" },
	{ "err-spun-on", "a datagram that nobody took is reported by POLLERR; the loop looks for POLLIN",
	  err_spun_on, { TAKES_TEXT, LATE },
	  VET_SECONDS(10), VET_CHECK_SPIN, 1, "poll@1=events:ERR" },
	{ "nval-spun-on", "a connection is closed, and polled on: POLLNVAL, again and again",
	  nval_spun_on, { SENDS_TEXT, LATE },
	  VET_SECONDS(10), VET_CHECK_CLOSED, 1, "recv@1=ECONNRESET" },
	{ "poll-failure-spun-on", "an error of poll is taken for nothing yet, and polled away",
	  poll_failure_spun_on, { SENDS_TEXT, LATE },
	  VET_SECONDS(10), VET_CHECK_SPIN, 1, "poll@2+=ENOMEM" },
	{ "early-zero-taken-for-timeout", "poll that returned 0 is taken for the deadline, without a look at the clock",
	  early_zero_taken_for_timeout, { SENDS_TEXT, LATE },
	  VET_SECONDS(10), VET_CHECK_OWN, 1, "poll@2=zero" },
	{ "early-zero-taken-for-connection", "poll that returned 0 is taken for readiness, and no error for a connection",
	  early_zero_taken_for_connection, { SENDS_TEXT, LATE },
	  VET_SECONDS(10), VET_CHECK_OWN, 1, "poll@1=zero" },
	{ "hup-alone-awaited", "closing waits without limit for POLLHUP, though shutdown may have failed",
	  hup_alone_awaited, { .manner = VET_PEER_ECHO, LATE },
	  0, VET_CHECK_STUCK, 1, "shutdown@1=ENOBUFS" },
	{ 0 },
};
