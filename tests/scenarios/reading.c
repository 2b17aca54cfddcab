/* SPDX-License-Identifier: 0BSD */
/* read and read_exact, on streams. */
#include "steps.h"

/* Once; and after an error, in calm, all the rest. */
static void once(struct vet_trial *t)
{
	struct inbox in = INBOX_OF("hello");
	struct vet_socket s;
	if (step_connected(t, &s)) {
		int64_t n = step_read(t, &s, &in, 8);
		expect(t, n == 5);
		if (n < 0 && step_calm(t, &s))
			step_rest(t, &s, &in);
	}
	step_close(t, &s);
}

/* Without calm, so that more faults can follow. */
static void to_the_end(struct vet_trial *t)
{
	int64_t n = -1;
	struct inbox in = INBOX_OF("hello");
	struct vet_socket s;
	if (step_connected(t, &s))
		while ((n = step_read(t, &s, &in, 3)) > 0)
			;
	expect(t, n == 0 && in.size == 5);
	step_close(t, &s);
}

/* It comes after the deadline, and is not lost by that. */
static void again_after_deadline(struct vet_trial *t)
{
	struct inbox in = INBOX_OF("hello");
	struct vet_socket s;
	if (step_connected(t, &s)) {
		step_deadline(t, &s, VET_MILLISECONDS(1));
		int64_t n = step_read(t, &s, &in, 8);
		expect(t, n == VET_EDEADLINE);
		if (n < 0 && step_calm(t, &s))
			step_rest(t, &s, &in);
	}
	step_close(t, &s);
}

/* A deadline that has passed does not keep from what is there. */
static void deadline_passed(struct vet_trial *t)
{
	struct inbox in = INBOX_OF("hello");
	struct vet_socket s;
	if (step_connected(t, &s)) {
		step_deadline(t, &s, -1);
		expect(t, step_read(t, &s, &in, 8) == 5);
	}
	step_close(t, &s);
}

static void nothing(struct vet_trial *t)
{
	char byte;
	struct vet_socket s;
	if (step_connected(t, &s))
		vet_trial_check(t, STEP(t, read, &s, &byte, 0) == 0);
	step_close(t, &s);
}

static void unconnected(struct vet_trial *t)
{
	char byte;
	struct vet_socket s;
	if (step_stream(t, &s))
		expect(t, STEP(t, read, &s, &byte, 1) == -ENOTCONN);
	step_close(t, &s);
}

/* ---- read_exact ---- */

static void exactly(struct vet_trial *t)
{
	struct inbox in = INBOX_OF("hello, world");
	struct vet_socket s;
	if (step_connected(t, &s)) {
		int64_t r = step_read_exact(t, &s, &in, 12);
		expect(t, r == 0);
		if (r < 0 && step_calm(t, &s))
			step_rest(t, &s, &in);
	}
	step_close(t, &s);
}

static void exactly_in_two(struct vet_trial *t)
{
	struct inbox in = INBOX_OF("hello");
	struct vet_socket s;
	if (step_connected(t, &s)) {
		expect(t, step_read_exact(t, &s, &in, 2) == 0);
		expect(t, step_read_exact(t, &s, &in, 3) == 0);
		expect(t, in.size == 5);
	}
	step_close(t, &s);
}

/* What had come before the end is told. */
static void exactly_too_much(struct vet_trial *t)
{
	struct inbox in = INBOX_OF("hello");
	struct vet_socket s;
	if (step_connected(t, &s)) {
		expect(t, step_read_exact(t, &s, &in, 8) == VET_EOF);
		expect(t, in.size == 5);
	}
	step_close(t, &s);
}

/* ---- receive_from: on a stream there is no sender, and nothing is cut ---- */

static int64_t receive(struct vet_trial *t, struct vet_socket *s, struct inbox *in, size_t size)
{
	bool truncated = true;
	struct vet_address from = step_server(t);
	size_t before = in->size;
	int64_t n = STEP(t, receive_from, s, in->data + before, size, &from, &truncated);
	vet_trial_done(t, n > 0 ? (uint64_t)n : 0);
	vet_trial_check(t, from.ip.family == 0 && !truncated && n <= (int64_t)size);
	in->size += n > 0 ? (size_t)n : 0;
	vet_trial_check(t, in->size <= in->due_size && memcmp(in->data, in->due, in->size) == 0);
	return n;
}

static void receive_to_the_end(struct vet_trial *t)
{
	int64_t n = -1;
	struct inbox in = INBOX_OF("hello");
	struct vet_socket s;
	if (step_connected(t, &s)) {
		vet_trial_check(t, STEP(t, receive_from, &s, NULL, 0, NULL, NULL) == 0);
		while ((n = receive(t, &s, &in, 3)) > 0)
			;
		expect(t, n == 0 && in.size == 5);
		if (n < 0 && step_calm(t, &s))
			step_rest(t, &s, &in);
	}
	step_close(t, &s);
}

/* After which it is read in the usual way. */
static void receive_once(struct vet_trial *t)
{
	struct inbox in = INBOX_OF("hello");
	struct vet_socket s;
	if (step_connected(t, &s)) {
		expect(t, receive(t, &s, &in, 2) == 2);
		expect(t, step_read(t, &s, &in, 8) == 3);
	}
	step_close(t, &s);
}

static void receive_unconnected(struct vet_trial *t)
{
	char byte;
	struct vet_socket s;
	if (step_stream(t, &s))
		expect(t, STEP(t, receive_from, &s, &byte, 1, NULL, NULL) == -ENOTCONN);
	step_close(t, &s);
}

#define HELLO(manners) .manner = (manners), .sends = "hello", .sends_size = 5
#define WORLD          .manner = VET_PEER_SOURCE, .sends = "hello, world", .sends_size = 12
#define LATER          .latency = VET_MILLISECONDS(1)

static const struct vet_scenario scenarios[] = {
	{ NAMED("read what is there", once), .world = { HELLO(VET_PEER_SOURCE) } },
	{ NAMED("read what is there over IPv6", once), .world = { HELLO(VET_PEER_SOURCE) },
	  .context = &on_ipv6 },
	{ NAMED("read what comes later", once), .world = { HELLO(VET_PEER_SOURCE), LATER } },
	{ NAMED("read what comes in time", once), .world = { HELLO(VET_PEER_SOURCE), LATER },
	  .context = &within_10_ms },
	{ NAMED("read to the end", to_the_end), .world = { HELLO(VET_PEER_SOURCE), LATER } },
	{ NAMED("read to the end in time", to_the_end), .world = { HELLO(VET_PEER_SOURCE), LATER },
	  .context = &within_10_ms },
	{ NAMED("read again after a deadline", again_after_deadline),
	  .world = { HELLO(VET_PEER_SOURCE), .latency = VET_MILLISECONDS(3) } },
	{ NAMED("read with a deadline that has passed", deadline_passed),
	  .world = { HELLO(VET_PEER_SOURCE) } },
	{ NAMED("read nothing", nothing) },
	{ NAMED("read without a connection", unconnected) },
	{ NAMED("read exactly what is there", exactly), .world = { WORLD }, .split_in = 12 },
	{ NAMED("read exactly what comes later", exactly), .world = { WORLD, LATER } },
	{ NAMED("read exactly what comes in time", exactly), .world = { WORLD, LATER },
	  .context = &within_10_ms },
	{ NAMED("read exactly, in two", exactly_in_two),
	  .world = { HELLO(VET_PEER_SOURCE), LATER } },
	{ NAMED("read exactly more than comes", exactly_too_much),
	  .world = { HELLO(VET_PEER_SOURCE) } },
	{ NAMED("read exactly more than comes in time", exactly_too_much),
	  .world = { HELLO(VET_PEER_SOURCE), LATER }, .context = &within_10_ms },
	{ NAMED("receive on a stream to the end", receive_to_the_end),
	  .world = { HELLO(VET_PEER_SOURCE), LATER } },
	{ NAMED("receive on a stream to the end in time", receive_to_the_end),
	  .world = { HELLO(VET_PEER_SOURCE), LATER }, .context = &within_10_ms },
	{ NAMED("receive on a stream and read", receive_once),
	  .world = { HELLO(VET_PEER_SOURCE) } },
	{ NAMED("receive on a stream without a connection", receive_unconnected) },
};

const struct subject reading = SUBJECT(scenarios);
