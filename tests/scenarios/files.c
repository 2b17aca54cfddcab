/* SPDX-License-Identifier: 0BSD */
/* send_file and send_file_range. */
#include "steps.h"

enum { SIZE = 20, FROM = 4, RANGE = 10, LONG = 16400 }; /* LONG: more than one chunk */

/* After an error, in calm, the rest of `end` bytes is sent from there on. */
static void rest(struct vet_trial *t, struct vet_socket *s, int64_t from, int64_t end)
{
	uint64_t done = 0;
	if (!step_calm(t, s))
		return;
	int64_t r = STEP(t, send_file_range, s, VET_PEER_FILE, from, end - from, &done);
	vet_trial_done(t, done);
	vet_trial_check(t, r == 0 && done == (uint64_t)(end - from));
}

static void file_of(struct vet_trial *t, uint64_t size)
{
	uint64_t done = 0;
	struct vet_socket s;
	if (step_connected(t, &s)) {
		int64_t r = STEP(t, send_file, &s, VET_PEER_FILE, &done);
		vet_trial_done(t, done);
		vet_trial_check(t, done <= size);
		expect(t, r == 0 && done == size);
		if (r == 0 && done == size)
			vet_trial_sent_all(t);
		if (r < 0)
			rest(t, &s, (int64_t)done, (int64_t)size);
	}
	step_close(t, &s);
}

static void whole(struct vet_trial *t)
{
	file_of(t, SIZE);
}

static void long_one(struct vet_trial *t)
{
	file_of(t, LONG);
}

static void empty(struct vet_trial *t)
{
	file_of(t, 0);
}

static void range_of(struct vet_trial *t, int64_t count, uint64_t due)
{
	uint64_t done = 0;
	struct vet_socket s;
	if (step_connected(t, &s)) {
		int64_t r = STEP(t, send_file_range, &s, VET_PEER_FILE, FROM, count, &done);
		vet_trial_done(t, done);
		vet_trial_check(t, done <= due);
		expect(t, r == 0 && done == due);
	}
	step_close(t, &s);
}

static void range(struct vet_trial *t)
{
	range_of(t, RANGE, RANGE);
}

static void range_beyond_the_end(struct vet_trial *t)
{
	range_of(t, 1000, SIZE - FROM);
}

static void refused(struct vet_trial *t)
{
	uint64_t done = 1;
	struct vet_socket s;
	if (step_connected(t, &s)) {
		int64_t r = STEP(t, send_file_range, &s, VET_PEER_FILE, -1, 1, &done);
		vet_trial_check(t, r == -EINVAL && done == 0);
		r = STEP(t, send_file_range, &s, VET_PEER_FILE, 0, -1, &done);
		vet_trial_check(t, r == -EINVAL && done == 0);
	}
	step_close(t, &s);
}

static void datagram(struct vet_trial *t)
{
	uint64_t done = 0;
	struct vet_address server = step_server(t);
	struct vet_socket s;
	if (step_datagram(t, &s) && STEP(t, connect, &s, &server) == 0) {
		int64_t r = STEP(t, send_file, &s, VET_PEER_FILE, &done);
		vet_trial_done(t, done);
		vet_trial_check(t, r == 0 || done == 0);
		expect(t, r == 0 && done == SIZE);
	}
	step_close(t, &s);
}

/* The deadline passes in the middle: `done` says where to go on. */
static void again_after_deadline(struct vet_trial *t)
{
	uint64_t done = 0;
	struct vet_socket s;
	if (step_connected(t, &s)) {
		step_deadline(t, &s, VET_MICROSECONDS(1500));
		int64_t r = STEP(t, send_file, &s, VET_PEER_FILE, &done);
		vet_trial_done(t, done);
		expect(t, r == VET_EDEADLINE && done == 10);
		if (r < 0)
			rest(t, &s, (int64_t)done, SIZE);
	}
	step_close(t, &s);
}

#define FILE_OF(size)    .file_size = (size), .expects = pattern, .expects_size = (size)
#define FILE_RANGE(size) .file_size = SIZE, .expects = pattern + FROM, .expects_size = (size)
#define BY_CHUNKS        .lacks_sendfile = true
#define SLOW(bytes)      .window = (bytes), .latency = VET_MILLISECONDS(1)

static const struct vet_scenario scenarios[] = {
	{ NAMED("send a file by the kernel", whole), .world = { FILE_OF(SIZE) } },
	{ NAMED("send a file by chunks", whole), .world = { FILE_OF(SIZE), BY_CHUNKS } },
	{ NAMED("send a file by the kernel, in pieces", whole),
	  .world = { FILE_OF(SIZE), SLOW(8) } },
	{ NAMED("send a file by chunks, in pieces", whole),
	  .world = { FILE_OF(SIZE), SLOW(8), BY_CHUNKS } },
	{ NAMED("send a file by the kernel in time", whole), .world = { FILE_OF(SIZE), SLOW(8) },
	  .context = &within_10_ms },
	{ NAMED("send a file by chunks in time", whole),
	  .world = { FILE_OF(SIZE), SLOW(8), BY_CHUNKS }, .context = &within_10_ms },
	{ NAMED("send a file of two chunks", long_one), .world = { FILE_OF(LONG), BY_CHUNKS } },
	{ NAMED("send an empty file by the kernel", empty), .world = { FILE_OF(0) } },
	{ NAMED("send an empty file by chunks", empty), .world = { FILE_OF(0), BY_CHUNKS } },
	{ NAMED("send a range of a file by the kernel", range), .world = { FILE_RANGE(RANGE) } },
	{ NAMED("send a range of a file by chunks", range),
	  .world = { FILE_RANGE(RANGE), BY_CHUNKS } },
	{ NAMED("send a range that goes beyond the file", range_beyond_the_end),
	  .world = { FILE_RANGE(SIZE - FROM) } },
	{ NAMED("send a range that is refused", refused), .world = { FILE_RANGE(0) } },
	{ NAMED("send a file as a datagram", datagram), .world = { FILE_OF(SIZE) } },
	{ NAMED("send a file again after a deadline", again_after_deadline),
	  .world = { FILE_OF(SIZE), SLOW(5) } },
	{ NAMED("send a file by chunks again after a deadline", again_after_deadline),
	  .world = { FILE_OF(SIZE), SLOW(5), BY_CHUNKS } },
};

const struct subject files = SUBJECT(scenarios);
