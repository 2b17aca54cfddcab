/* SPDX-License-Identifier: 0BSD */
/* read_into and read_all: what comes, into a buffer that grows. */
#include "steps.h"

#define HELLO "hello, world"
enum { SIZE = sizeof HELLO - 1 };

/* In calm all that was due is in the buffer, whatever error there was before. */
static void rest(struct vet_trial *t, struct vet_socket *s, struct vet_buffer *buffer)
{
	if (!step_calm(t, s))
		return;
	vet_trial_check(t, step_read_all(t, s, buffer, 100, HELLO, SIZE) == 0);
	vet_trial_check(t, buffer->size == SIZE);
}

static void into(struct vet_trial *t)
{
	struct vet_buffer buffer = { 0 };
	struct vet_socket s;
	if (step_connected(t, &s)) {
		int64_t n = step_read_into(t, &s, &buffer, 20, HELLO, SIZE);
		expect(t, n == SIZE);
		if (n < 0)
			rest(t, &s, &buffer);
	}
	step_free(t, &buffer);
	step_close(t, &s);
}

/* The second time it must grow. */
static void into_twice(struct vet_trial *t)
{
	struct vet_buffer buffer = { 0 };
	struct vet_socket s;
	if (step_connected(t, &s)) {
		expect(t, step_read_into(t, &s, &buffer, 4, HELLO, SIZE) == 4);
		expect(t, step_read_into(t, &s, &buffer, 20, HELLO, SIZE) == SIZE - 4);
	}
	step_free(t, &buffer);
	step_close(t, &s);
}

static void all(struct vet_trial *t)
{
	struct vet_buffer buffer = { 0 };
	struct vet_socket s;
	if (step_connected(t, &s)) {
		int64_t r = step_read_all(t, &s, &buffer, 100, HELLO, SIZE);
		expect(t, r == 0 && buffer.size == SIZE);
		if (r < 0)
			rest(t, &s, &buffer);
	}
	step_free(t, &buffer);
	step_close(t, &s);
}

/* Two allocations, each of which may fail: what had come is kept. */
static void all_growing(struct vet_trial *t)
{
	struct vet_buffer buffer = { 0 };
	struct vet_socket s;
	if (step_connected(t, &s)) {
		int64_t n = step_read_into(t, &s, &buffer, 4, HELLO, SIZE);
		expect(t, n == 4);
		int64_t r = step_read_all(t, &s, &buffer, 100, HELLO, SIZE);
		expect(t, r == 0 && buffer.size == SIZE);
		if (r < 0)
			rest(t, &s, &buffer);
	}
	step_free(t, &buffer);
	step_close(t, &s);
}

static void all_and_no_more(struct vet_trial *t)
{
	struct vet_buffer buffer = { 0 };
	struct vet_socket s;
	if (step_connected(t, &s))
		expect(t, step_read_all(t, &s, &buffer, SIZE, HELLO, SIZE) == 0);
	expect(t, buffer.size == SIZE);
	step_free(t, &buffer);
	step_close(t, &s);
}

/* One byte too many: it is not taken, and can still be read. */
static void too_much(struct vet_trial *t)
{
	char byte = 0;
	struct vet_buffer buffer = { 0 };
	struct vet_socket s;
	if (step_connected(t, &s)) {
		int64_t r = step_read_all(t, &s, &buffer, SIZE - 1, HELLO, SIZE);
		expect(t, r == -EFBIG && buffer.size == SIZE - 1);
		if (r == -EFBIG && step_calm(t, &s)) {
			vet_trial_check(t, STEP(t, read, &s, &byte, 1) == 1);
			vet_trial_check(t, byte == 'd');
		}
	}
	step_free(t, &buffer);
	step_close(t, &s);
}

/* Room that is left from before is no leave to take more; the peer is an echo. */
static void into_room_that_is_left(struct vet_trial *t)
{
	int64_t n = 0;
	size_t done = 0, again = 0;
	struct vet_buffer buffer = { 0 };
	struct vet_socket s;
	if (step_connected(t, &s) && step_write(t, &s, HELLO, SIZE, &done) == 0)
		n = step_read_into(t, &s, &buffer, 100, HELLO, SIZE);
	expect(t, n == SIZE);
	if (n == SIZE && step_write(t, &s, HELLO, SIZE, &again) == 0) {
		buffer.size = 0;
		expect(t, step_read_all(t, &s, &buffer, 5, HELLO, SIZE) == -EFBIG);
	}
	step_free(t, &buffer);
	step_close(t, &s);
}

static void none_allowed(struct vet_trial *t)
{
	struct vet_buffer buffer = { 0 };
	struct vet_socket s;
	if (step_connected(t, &s))
		expect(t, step_read_all(t, &s, &buffer, 0, HELLO, SIZE) == -EFBIG);
	vet_trial_check(t, buffer.size == 0);
	step_free(t, &buffer);
	step_close(t, &s);
}

/* From 4,096 bytes on a buffer grows by as much as it holds. */
static void long_one(struct vet_trial *t)
{
	enum { LONG = 5000 };
	struct vet_buffer buffer = { 0 };
	struct vet_socket s;
	if (step_connected(t, &s)) {
		int64_t r = step_read_all(t, &s, &buffer, PATTERN, pattern, LONG);
		expect(t, r == 0 && buffer.size == LONG);
	}
	step_free(t, &buffer);
	step_close(t, &s);
}

static void all_after_deadline(struct vet_trial *t)
{
	struct vet_buffer buffer = { 0 };
	struct vet_socket s;
	if (step_connected(t, &s)) {
		step_deadline(t, &s, VET_MILLISECONDS(1));
		int64_t r = step_read_all(t, &s, &buffer, 100, HELLO, SIZE);
		expect(t, r == VET_EDEADLINE && buffer.size == 0);
		if (r < 0)
			rest(t, &s, &buffer);
	}
	step_free(t, &buffer);
	step_close(t, &s);
}

#define SENT     .manner = VET_PEER_SOURCE, .sends = HELLO, .sends_size = SIZE
#define LATER    .latency = VET_MILLISECONDS(1)
#define LONG_ONE .manner = VET_PEER_SOURCE, .sends = pattern, .sends_size = 5000

static const struct vet_scenario scenarios[] = {
	{ NAMED("read into a buffer", into), .world = { SENT } },
	{ NAMED("read into a buffer in time", into), .world = { SENT, LATER },
	  .context = &within_10_ms },
	{ NAMED("read into a buffer that grows", into_twice), .world = { SENT, LATER } },
	{ NAMED("read all", all), .world = { SENT }, .split_in = SIZE },
	{ NAMED("read all that comes later", all), .world = { SENT, LATER } },
	{ NAMED("read all that comes in time", all), .world = { SENT, LATER },
	  .context = &within_10_ms },
	{ NAMED("read all into a buffer that grows", all_growing), .world = { SENT } },
	{ NAMED("read all and find no more", all_and_no_more), .world = { SENT, LATER } },
	{ NAMED("read all and find too much", too_much), .world = { SENT, LATER } },
	{ NAMED("read all and find too much in time", too_much), .world = { SENT, LATER },
	  .context = &within_10_ms },
	{ NAMED("read all into room that is left", into_room_that_is_left) },
	{ NAMED("read all when nothing is allowed", none_allowed), .world = { SENT } },
	{ NAMED("read all of 5000 bytes", long_one), .world = { LONG_ONE } },
	{ NAMED("read all again after a deadline", all_after_deadline),
	  .world = { SENT, .latency = VET_MILLISECONDS(3) } },
};

const struct subject buffering = SUBJECT(scenarios);
