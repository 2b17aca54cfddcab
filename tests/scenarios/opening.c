/* SPDX-License-Identifier: 0BSD */
/* Endpoints that are opened: the whole of it is one operation. */
#include <vetsock/endpoint.h>

#include "steps.h"

/* Which endpoint, how long it may take (0: no limit), and what comes of that without faults. */
struct opened {
	const char *text;
	vet_duration timeout;
	int want;
};

static const struct opened connecting_stream = { "tcp://192.0.2.1:7?no-delay&keepalive-time=30s", 0,
						 0 };
static const struct opened plain_stream = { "tcp://192.0.2.1:7", 0, 0 };
static const struct opened in_time = { "tcp://[2001:db8::1]:7?ttl=64", VET_MILLISECONDS(10), 0 };
static const struct opened too_late = { "tcp://192.0.2.1:7", VET_MILLISECONDS(2), VET_EDEADLINE };
static const struct opened passed = { "tcp://192.0.2.1:7", -1, VET_EDEADLINE };
static const struct opened listening = {
	"tcp-listen://192.0.2.9:4000?reuse-address&send-buffer=4KiB&backlog=5",
	VET_MILLISECONDS(10), 0
};
static const struct opened bound = { "udp-bind://192.0.2.9:4000?broadcast", 0, 0 };
static const struct opened datagram = { "udp://[fe80::1%eth0]:7?linger=1s", VET_MILLISECONDS(10),
					0 };
static const struct opened raw = { "raw+253://192.0.2.1?ttl=9", 0, 0 };
static const struct opened bound_raw = { "raw-bind+253://[::]", 0, 0 };
static const struct opened no_zone = { "tcp://[fe80::1%eth1]:7", 0, -ENODEV };

/* ---- what holds of each ---- */

static void check_failure(struct vet_trial *t, const struct vet_socket *s, int64_t result,
			  const struct vet_endpoint_failure *failure)
{
	static const struct vet_socket closed;

	if (result == 0) {
		vet_trial_check(t, failure->step == VET_STEP_NONE && vet_socket_fd(s) >= 0);
		vet_trial_check(t, vet_socket_deadline(s).nanoseconds ==
					   vet_instant_never().nanoseconds);
	} else {
		vet_trial_check(t, failure->step > VET_STEP_ENDPOINT);
		vet_trial_check(t, memcmp(s, &closed, sizeof closed) == 0);
	}
	vet_trial_check(t,
			(failure->step == VET_STEP_OPTION) == (failure->option != VET_NO_OPTION));
	vet_trial_check(t, result != VET_EDEADLINE || failure->step == VET_STEP_CONNECT);
}

/* True, or *s is closed. */
static bool open_it(struct vet_trial *t, struct vet_socket *s)
{
	const struct opened *how = vet_trial_context(t);
	struct vet_endpoint endpoint;
	struct vet_endpoint_failure failure;
	vet_duration timeout = how->timeout != 0 ? how->timeout : VET_DURATION_MAX;
	int64_t r;

	memset(s, 0, sizeof *s);
	r = vet_endpoint_parse(how->text, strlen(how->text), &endpoint, NULL);
	vet_trial_check(t, r == 0);
	if (how->timeout != 0)
		vet_trial_deadline(t, how->timeout);
	vet_trial_begin(t, &operations[OPERATION_endpoint_open]);
	r = vet_endpoint_open(&endpoint, vet_trial_sys(t), timeout, s, &failure);
	r = vet_trial_end(t, r);
	vet_trial_deadline(t, VET_DURATION_MAX);
	check_failure(t, s, r, &failure);
	expect(t, r == how->want);
	return r == 0;
}

/* ---- what is done with them ---- */

static void and_close(struct vet_trial *t)
{
	struct vet_socket s;

	open_it(t, &s);
	step_close(t, &s);
}

static void and_exchange(struct vet_trial *t)
{
	struct inbox in = INBOX_OF("hello");
	struct vet_socket s;
	size_t done = 0;

	if (open_it(t, &s) && step_write(t, &s, "hello", 5, &done) == 0)
		expect(t, step_read_exact(t, &s, &in, 5) == 0);
	step_close(t, &s);
}

static void and_accept(struct vet_trial *t)
{
	struct vet_socket s, peer = { 0 };

	if (open_it(t, &s))
		expect(t, STEP(t, accept, &s, &peer, NULL) == 0);
	step_close(t, &peer);
	step_close(t, &s);
}

/* After a failure, in calm, it can be opened all the same. */
static void and_again(struct vet_trial *t)
{
	struct vet_socket s;

	if (!open_it(t, &s)) {
		vet_trial_calm(t);
		if (!vet_trial_is_broken(t))
			vet_trial_check(t, open_it(t, &s));
	}
	step_close(t, &s);
}

#define SLOW .world = { .latency = VET_MILLISECONDS(1) }

static const struct vet_scenario scenarios[] = {
	{ NAMED("open a stream that connects", and_close), .context = &connecting_stream },
	{ NAMED("open a stream that connects after a while", and_close), SLOW,
	  .context = &plain_stream },
	{ NAMED("open a stream that connects within a deadline", and_close), SLOW,
	  .context = &in_time },
	{ NAMED("open a stream that connects too late", and_close),
	  .world = { .latency = VET_MILLISECONDS(5) }, .context = &too_late },
	{ NAMED("open a stream whose deadline has passed", and_close), SLOW, .context = &passed },
	{ NAMED("open a stream again", and_again), SLOW, .context = &plain_stream },
	{ NAMED("open a stream and exchange", and_exchange), .context = &connecting_stream },
	{ NAMED("open a stream that listens", and_close), .context = &listening },
	{ NAMED("open a stream that listens and accept", and_accept), .world = { .connections = 1 },
	  .context = &listening },
	{ NAMED("open a stream that listens again", and_again), .context = &listening },
	{ NAMED("open a datagram socket that is bound", and_close), .context = &bound },
	{ NAMED("open a datagram socket with a peer and the name of a zone", and_close),
	  .context = &datagram },
	{ NAMED("open a raw socket with a peer", and_close), .context = &raw },
	{ NAMED("open a raw socket that is bound", and_close), .context = &bound_raw },
	{ NAMED("open an endpoint whose zone is not there", and_close), .context = &no_zone },
};

const struct subject opening = SUBJECT(scenarios);
