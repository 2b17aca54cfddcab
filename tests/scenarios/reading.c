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
};

const struct subject reading = SUBJECT(scenarios);
