/* SPDX-License-Identifier: 0BSD */
/* bind, listen, accept. */
#include "steps.h"

/* One; and after an error, in calm, the same. */
static void one(struct vet_trial *t)
{
	struct vet_socket s, peer = { 0 };
	if (step_listening(t, &s)) {
		int64_t r = step_accept(t, &s, &peer, NULL);
		expect(t, r == 0);
		if (r < 0 && step_calm(t, &s))
			vet_trial_check(t, step_accept(t, &s, &peer, NULL) == 0);
	}
	step_close(t, &peer);
	step_close(t, &s);
}

/* Without calm, so that more faults can follow. */
static void one_with_its_address(struct vet_trial *t)
{
	struct vet_address from;
	struct vet_socket s, peer = { 0 };
	if (step_listening(t, &s)) {
		expect(t, step_accept(t, &s, &peer, &from) == 0);
		if (vet_socket_fd(&peer) >= 0)
			vet_trial_check(t, from.port != 0);
	}
	step_close(t, &peer);
	step_close(t, &s);
}

static void three(struct vet_trial *t)
{
	struct vet_socket s, peers[3];
	memset(peers, 0, sizeof peers);
	if (step_listening(t, &s))
		for (int i = 0; i < 3; i++)
			expect(t, step_accept(t, &s, &peers[i], NULL) == 0);
	for (int i = 0; i < 3; i++)
		step_close(t, &peers[i]);
	step_close(t, &s);
}

static void none_in_time(struct vet_trial *t)
{
	struct vet_socket s, peer = { 0 };
	if (step_listening(t, &s))
		expect(t, step_accept(t, &s, &peer, NULL) == VET_EDEADLINE);
	step_close(t, &peer);
	step_close(t, &s);
}

/* Nobody came in time: the listener goes on. */
static void after_deadline(struct vet_trial *t)
{
	struct vet_socket s, peer = { 0 };
	if (step_listening(t, &s)) {
		step_deadline(t, &s, VET_MILLISECONDS(1));
		int64_t r = step_accept(t, &s, &peer, NULL);
		expect(t, r == VET_EDEADLINE);
		if (r < 0 && step_calm(t, &s))
			vet_trial_check(t, step_accept(t, &s, &peer, NULL) == 0);
	}
	step_close(t, &peer);
	step_close(t, &s);
}

static void into_an_open_one(struct vet_trial *t)
{
	struct vet_socket s, peer = { 0 };
	if (step_listening(t, &s) && step_accept(t, &s, &peer, NULL) == 0) {
		int fd = vet_socket_fd(&peer);
		vet_trial_check(t, STEP(t, accept, &s, &peer, NULL) == -EINVAL);
		vet_trial_check(t, vet_socket_fd(&peer) == fd);
	}
	step_close(t, &peer);
	step_close(t, &s);
}

static void when_shut_down(struct vet_trial *t)
{
	struct vet_socket s, peer = { 0 };
	if (step_listening(t, &s)) {
		int64_t r = STEP(t, shutdown_read, &s);
		expect(t, r == 0);
		if (r == 0)
			expect(t, step_accept(t, &s, &peer, NULL) == -EINVAL);
	}
	step_close(t, &peer);
	step_close(t, &s);
}

static void not_listening(struct vet_trial *t)
{
	struct vet_socket s, peer = { 0 };
	if (step_stream(t, &s)) {
		int64_t r = step_accept(t, &s, &peer, NULL);
		expect(t, r == -EINVAL);
	}
	step_close(t, &peer);
	step_close(t, &s);
}

static void backlog(struct vet_trial *t)
{
	struct vet_socket s;
	if (step_stream(t, &s)) {
		vet_trial_check(t, STEP(t, listen_backlog, &s, -1) == -EINVAL);
		expect(t, STEP(t, listen_backlog, &s, 0) == 0);
	}
	step_close(t, &s);
}

static void datagram_cannot(struct vet_trial *t)
{
	struct vet_socket s;
	if (step_datagram(t, &s))
		expect(t, STEP(t, listen, &s) == -EOPNOTSUPP);
	step_close(t, &s);
}

static const struct terms not_for_ever = { .deadline = VET_MILLISECONDS(1) };

#define ONE \
	{ \
		.connections = 1 \
	}
#define ONE_LATER \
	{ \
		.connections = 1, .latency = VET_MILLISECONDS(1) \
	}
/* Spares for those that a fault takes away. */
#define MANY \
	{ \
		.connections = 8 \
	}
#define MANY_LATER \
	{ \
		.connections = 8, .latency = VET_MILLISECONDS(1) \
	}

static const struct vet_scenario scenarios[] = {
	{ NAMED("accept a connection that waits", one), .world = MANY },
	{ NAMED("accept a connection that comes later", one), .world = MANY_LATER },
	{ NAMED("accept a connection that comes in time", one), .world = MANY_LATER,
	  .context = &within_10_ms },
	{ NAMED("accept and learn the address", one_with_its_address), .world = MANY },
	{ NAMED("accept and learn the address over IPv6", one_with_its_address),
	  .world = MANY_LATER, .context = &on_ipv6 },
	{ NAMED("accept the only connection", one_with_its_address), .world = ONE,
	  .context = &within_10_ms },
	{ NAMED("accept the only connection, which comes later", one_with_its_address),
	  .world = ONE_LATER, .context = &within_10_ms },
	{ NAMED("accept three", three), .world = MANY },
	{ NAMED("accept three that come later", three), .world = MANY_LATER },
	{ NAMED("accept when nobody comes", none_in_time), .context = &not_for_ever },
	{ NAMED("accept again after a deadline", after_deadline),
	  .world = { .connections = 8, .latency = VET_MILLISECONDS(2) } },
	{ NAMED("accept into a socket that is open", into_an_open_one), .world = MANY },
	{ NAMED("accept from a listener that was shut down", when_shut_down), .world = MANY },
	{ NAMED("accept without listening", not_listening) },
	{ NAMED("listen with a backlog", backlog) },
	{ NAMED("listen with a datagram socket", datagram_cannot) },
};

const struct subject accepting = SUBJECT(scenarios);
