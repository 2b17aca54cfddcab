/* SPDX-License-Identifier: 0BSD */
/* connect. */
#include "steps.h"

#define SLOW \
	{ \
		.latency = VET_MILLISECONDS(1) \
	}

/* Once; and after an error, in calm, once more. */
static void once(struct vet_trial *t)
{
	struct vet_address server = step_server(t), peer;
	struct vet_socket s;
	if (step_stream(t, &s)) {
		int64_t r = STEP(t, connect, &s, &server);
		expect(t, r == 0);
		if (r < 0 && step_calm(t, &s))
			vet_trial_check(t, (r = STEP(t, connect, &s, &server)) == 0);
		if (r == 0) {
			r = STEP(t, peer_address, &s, &peer);
			vet_trial_check(t, r < 0 || vet_address_equal(&peer, &server));
			vet_trial_check(t, r != -ENOTCONN || vet_trial_is_broken(t));
		}
	}
	step_close(t, &s);
}

/* Without calm, so that more faults can follow. */
static void and_leave_it(struct vet_trial *t)
{
	struct vet_socket s;
	step_connected(t, &s);
	step_close(t, &s);
}

/* Poll, getpeername or SO_ERROR has failed: why the attempt did is still to be told. */
static bool is_of_the_waiting(int64_t error)
{
	return error == -ENOBUFS || error == -ENOMEM || error == -EINVAL || error == -EAGAIN;
}

/* After the error of an attempt the socket is fresh. */
static void until_it_succeeds(struct vet_trial *t)
{
	struct vet_address server = step_server(t);
	struct vet_socket s;
	if (step_stream(t, &s)) {
		int64_t r = STEP(t, connect, &s, &server);
		expect(t, r == 0);
		if (r < 0)
			step_calm(t, &s);
		if (is_of_the_waiting(r))
			r = STEP(t, connect, &s, &server);
		if (r < 0)
			r = STEP(t, connect, &s, &server);
		/* EIO and ENOMEM: a fault had no end, and the explorer makes one. */
		vet_trial_check(t, r == 0 || r == -EIO || r == -ENOMEM);
	}
	step_close(t, &s);
}

/* The attempt outlives the deadline, and is waited for again. */
static void again_after_deadline(struct vet_trial *t)
{
	struct vet_address server = step_server(t);
	struct vet_socket s;
	if (step_stream(t, &s)) {
		step_deadline(t, &s, VET_MILLISECONDS(2));
		int64_t r = STEP(t, connect, &s, &server);
		expect(t, r == VET_EDEADLINE);
		if (r < 0 && step_calm(t, &s))
			vet_trial_check(t, STEP(t, connect, &s, &server) == 0);
	}
	step_close(t, &s);
}

/* A deadline that has passed still gets one try, which begins the attempt. */
static void deadline_passed(struct vet_trial *t)
{
	struct vet_address server = step_server(t);
	struct vet_socket s;
	if (step_stream(t, &s)) {
		step_deadline(t, &s, 0);
		expect(t, STEP(t, connect, &s, &server) == VET_EDEADLINE);
		step_deadline(t, &s, VET_MILLISECONDS(10));
		expect(t, STEP(t, connect, &s, &server) == 0);
	}
	step_close(t, &s);
}

static void given_up(struct vet_trial *t)
{
	struct vet_address server = step_server(t), other = step_own(t);
	struct vet_socket s;
	if (step_stream(t, &s)) {
		step_deadline(t, &s, VET_MICROSECONDS(1));
		int64_t r = STEP(t, connect, &s, &server);
		expect(t, r == VET_EDEADLINE);
		if (r == VET_EDEADLINE)
			vet_trial_check(t, STEP(t, connect, &s, &other) == -EALREADY);
	}
	step_close(t, &s);
}

static void twice(struct vet_trial *t)
{
	struct vet_address server = step_server(t), other = step_own(t);
	struct vet_socket s;
	if (step_connected(t, &s)) {
		vet_trial_check(t, STEP(t, connect, &s, &server) == -EISCONN);
		vet_trial_check(t, STEP(t, connect, &s, &other) == -EISCONN);
	}
	step_close(t, &s);
}

/* The other descriptor of it is asked first. */
static void by_a_clone(struct vet_trial *t)
{
	struct vet_address server = step_server(t);
	struct vet_socket s, clone = { 0 };
	if (step_stream(t, &s) && STEP(t, try_clone, &s, &clone) == 0) {
		int64_t r = STEP(t, connect, &clone, &server);
		expect(t, r == 0);
		expect(t, STEP(t, connect, &s, &server) == -EISCONN);
	}
	step_close(t, &clone);
	step_close(t, &s);
}

static void refused(struct vet_trial *t)
{
	struct vet_address server = step_server(t);
	struct vet_address far = server,
			   foreign = vet_address_of(vet_ipv6(0, 0, 0, 0, 0, 0, 0, 1), 7);
	struct vet_socket s;
	far.port = 65536;
	if (step_stream(t, &s)) {
		vet_trial_check(t, STEP(t, connect, &s, &far) == -EINVAL);
		vet_trial_check(t, STEP(t, connect, &s, &foreign) == -EAFNOSUPPORT);
		expect(t, STEP(t, connect, &s, &server) == 0);
	}
	step_close(t, &s);
}

/* A datagram socket only notes its peer, as often as is wished. */
static void datagram(struct vet_trial *t)
{
	struct vet_address server = step_server(t), other = step_own(t);
	struct vet_socket s;
	if (step_datagram(t, &s)) {
		expect(t, STEP(t, connect, &s, &server) == 0);
		expect(t, STEP(t, connect, &s, &other) == 0);
	}
	step_close(t, &s);
}

static const struct vet_scenario scenarios[] = {
	{ NAMED("connect at once", once) },
	{ NAMED("connect at once over IPv6", once), .context = &on_ipv6 },
	{ NAMED("connect at once within a deadline", once), .context = &within_10_ms },
	{ NAMED("connect after a while", once), .world = SLOW },
	{ NAMED("connect after a while within a deadline", once), .world = SLOW,
	  .context = &within_10_ms },
	{ NAMED("connect and close", and_leave_it), .world = SLOW },
	{ NAMED("connect and close within a deadline", and_leave_it), .world = SLOW,
	  .context = &within_10_ms },
	{ NAMED("connect until it succeeds at once", until_it_succeeds) },
	{ NAMED("connect until it succeeds", until_it_succeeds), .world = SLOW },
	{ NAMED("connect again after a deadline", again_after_deadline),
	  .world = { .latency = VET_MILLISECONDS(5) } },
	{ NAMED("connect with a deadline that has passed", deadline_passed), .world = SLOW },
	{ NAMED("connect elsewhere while an attempt is under way", given_up), .world = SLOW },
	{ NAMED("connect a connection", twice) },
	{ NAMED("connect a clone and then the original", by_a_clone) },
	{ NAMED("connect a clone after a while and then the original", by_a_clone), .world = SLOW },
	{ NAMED("connect to addresses that are refused", refused) },
	{ NAMED("connect a datagram socket", datagram) },
	{ NAMED("connect a datagram socket of IPv6", datagram), .context = &on_ipv6 },
};

const struct subject connecting = SUBJECT(scenarios);
