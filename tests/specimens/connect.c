/* SPDX-License-Identifier: 0BSD */
/* Connecting: an attempt that is under way, and how it is known what became of it. */
#include "client.h"
#include "specimens.h"

/* A client that says it is connected has a peer. */
static void end_connecting(struct client *c, int result)
{
	vet_trial_calm(c->trial);
	vet_trial_check(c->trial, result < 0 || client_ask_peer(c) == 0);
	client_end(c, result);
}

static bool is_under_way(int error)
{
	return error == -EINPROGRESS || error == -EINTR;
}

/* ---- writable is taken for connected ---- */

static void so_error_never_read(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_open(&c, SOCK_STREAM);
	if (r == 0) {
		r = client_connect_once(&c);
		if (is_under_way(r))
			r = c.fixed ? client_connect_rest(&c) : client_wait(&c, POLLOUT);
	}
	end_connecting(&c, r);
}

/* ---- the error is asked for before there can be one ---- */

static void so_error_read_before_waiting(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_open(&c, SOCK_STREAM);
	if (r == 0) {
		r = client_connect_once(&c);
		if (r == -EINTR && !c.fixed)
			r = client_socket_error(&c);
		else if (is_under_way(r))
			r = client_connect_rest(&c);
	}
	end_connecting(&c, r);
}

/* ---- connect is made again until it gives 0 ---- */

/* As it does on Linux, once; elsewhere a connection is told by EISCONN from the first time on. */
static void eisconn_taken_for_failure(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_open(&c, SOCK_STREAM);
	if (r == 0) {
		r = client_connect_once(&c);
		if (r == -EINPROGRESS)
			r = client_connect_rest(&c);
		while (r == -EINTR || r == -EALREADY) {
			r = client_wait(&c, POLLOUT);
			r = r < 0 ? r : client_connect_once(&c);
		}
		if (r == -EISCONN && c.fixed)
			r = 0;
	}
	vet_trial_check(trial, r != -EISCONN);
	end_connecting(&c, r);
}

/* ---- connect is made again after EINTR, as if the first attempt had ended ---- */

static void ealready_taken_for_failure(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_open(&c, SOCK_STREAM);
	if (r == 0) {
		do
			r = client_connect_once(&c);
		while (r == -EINTR && !c.fixed);
		if (is_under_way(r))
			r = client_connect_rest(&c);
	}
	vet_trial_check(trial, r != -EALREADY);
	end_connecting(&c, r);
}

/* ---- the way out of a failure misses what is open ---- */

static void leaked_when_connect_fails(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_open(&c, SOCK_STREAM);
	if (r == 0) {
		r = client_connect(&c);
		if (r == -ECONNREFUSED && !c.fixed)
			c.fd = -1;
	}
	client_end(&c, r);
}

static void leaked_when_setsockopt_fails(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_open(&c, SOCK_STREAM);
	if (r == 0) {
		r = client_set_no_delay(&c);
		if (r < 0 && !c.fixed)
			c.fd = -1;
	}
	if (r == 0)
		r = client_connect(&c);
	client_end(&c, r);
}

/* ---- the next address is tried on the socket of the one before ---- */

/* -ETIMEDOUT: it has not been reported. */
static int wait_two_seconds(struct client *c)
{
	struct pollfd p = { .fd = c->fd, .events = POLLOUT };
	int r = client_look_at_clock(c);
	if (r < 0)
		return r;
	r = (c->sys->calls->poll)(c->sys, &p, 1,
				  c->left < VET_SECONDS(2) ? c->left : VET_SECONDS(2));
	return r > 0 ? 0 : r == 0 ? -ETIMEDOUT : r;
}

static void attempt_not_given_up(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_open(&c, SOCK_STREAM);
	for (int address = 0; r == 0 && address < 2; address++) {
		r = client_connect_once(&c);
		if (is_under_way(r)) {
			r = wait_two_seconds(&c);
			r = r == 0 ? client_connect_rest(&c) : r;
		}
		if (r == 0)
			break;
		if (r == -ETIMEDOUT && address == 0) {
			if (c.fixed)
				client_close(&c);
			r = c.fixed ? client_open(&c, SOCK_STREAM) : 0;
		}
	}
	vet_trial_check(trial, r != -EALREADY && r != -EISCONN);
	client_end(&c, r);
}

/* clang-format off */
const struct specimen specimens_connect[] = {
	{ "so-error-never-read", "a descriptor that is writable is taken for connected",
	  so_error_never_read, { LATE },
	  VET_SECONDS(10), VET_CHECK_OWN, 1, "poll@1=events:OUT|ERR|HUP" },
	{ "so-error-read-before-waiting", "after EINTR the error is asked for at once; there is none yet",
	  so_error_read_before_waiting, { LATE },
	  VET_SECONDS(10), VET_CHECK_OWN, 1, "connect@1=EINTR" },
	{ "eisconn-taken-for-failure", "connect is made again after EINTR, and its EISCONN is reported as an error",
	  eisconn_taken_for_failure, { LATE },
	  VET_SECONDS(10), VET_CHECK_OWN, 2, "connect@1=EINTR; connect@2=EISCONN" },
	{ "ealready-taken-for-failure", "connect is made again after EINTR, and its EALREADY is reported as an error",
	  ealready_taken_for_failure, { LATE },
	  VET_SECONDS(10), VET_CHECK_OWN, 1, "connect@1=EINTR" },
	{ "leaked-when-connect-fails", "a socket that could not be connected is not closed",
	  leaked_when_connect_fails, { LATE },
	  VET_SECONDS(10), VET_CHECK_LEAK, 1, "connect@1=ECONNREFUSED" },
	{ "leaked-when-setsockopt-fails", "a socket that did not take an option is not closed",
	  leaked_when_setsockopt_fails, { LATE },
	  VET_SECONDS(10), VET_CHECK_LEAK, 1, "setsockopt@1=ENOBUFS" },
	{ "attempt-not-given-up", "after a timeout the next address is tried on the same socket",
	  attempt_not_given_up, { LATE },
	  VET_SECONDS(10), VET_CHECK_OWN, 1, "poll@1=zero" },
	{ 0 },
};
