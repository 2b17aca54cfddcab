/* SPDX-License-Identifier: 0BSD */
/* write, write_some, print and send_to, on streams. */
#include "steps.h"

#define HELLO "hello, world"
enum { SIZE = sizeof HELLO - 1, LONG = 100 };

/* Once; and after an error, in calm, the rest. */
static void all_of(struct vet_trial *t, struct vet_socket *s, const void *data, size_t size)
{
	size_t done = 0;
	int64_t r = step_write(t, s, data, size, &done);
	expect(t, r == 0);
	if (r == 0)
		vet_trial_sent_all(t);
	else if (step_calm(t, s))
		step_write_rest(t, s, data, size, done);
}

static void once(struct vet_trial *t)
{
	struct vet_socket s;
	if (step_connected(t, &s))
		all_of(t, &s, HELLO, SIZE);
	step_close(t, &s);
}

static void much(struct vet_trial *t)
{
	struct vet_socket s;
	if (step_connected(t, &s))
		all_of(t, &s, pattern, LONG);
	step_close(t, &s);
}

/* Without calm, so that more faults can follow. */
static void in_two(struct vet_trial *t)
{
	size_t done = 0;
	struct vet_socket s;
	if (step_connected(t, &s)) {
		int64_t r = step_write(t, &s, HELLO, 7, &done);
		expect(t, r == 0);
		if (r == 0)
			r = step_write(t, &s, HELLO, SIZE, &done);
		expect(t, r == 0);
		if (r == 0)
			vet_trial_sent_all(t);
	}
	step_close(t, &s);
}

/* The peer takes so little that the deadline passes; the rest is still to be sent. */
static void again_after_deadline(struct vet_trial *t)
{
	size_t done = 0;
	struct vet_socket s;
	if (step_connected(t, &s)) {
		step_deadline(t, &s, VET_MICROSECONDS(1500));
		int64_t r = step_write(t, &s, pattern, LONG, &done);
		expect(t, r == VET_EDEADLINE && done == 64);
		if (r < 0 && step_calm(t, &s))
			step_write_rest(t, &s, pattern, LONG, done);
	}
	step_close(t, &s);
}

static void some(struct vet_trial *t)
{
	struct vet_socket s;
	if (step_connected(t, &s)) {
		int64_t n = STEP(t, write_some, &s, HELLO, SIZE);
		vet_trial_done(t, n > 0 ? (uint64_t)n : 0);
		vet_trial_check(t, n != 0 && n <= SIZE);
		expect(t, n == SIZE);
		if (n < 0 && step_calm(t, &s))
			step_write_rest(t, &s, HELLO, SIZE, 0);
	}
	step_close(t, &s);
}

/* The window is full at first. */
static void some_later(struct vet_trial *t)
{
	size_t done = 0;
	struct vet_socket s;
	if (step_connected(t, &s) && step_write(t, &s, pattern, 16, &done) == 0) {
		int64_t n = STEP(t, write_some, &s, pattern + 16, LONG - 16);
		vet_trial_done(t, n > 0 ? (uint64_t)n : 0);
		vet_trial_check(t, n != 0 && n <= LONG - 16);
		expect(t, n == 16);
	}
	step_close(t, &s);
}

static void nothing(struct vet_trial *t)
{
	size_t done = 1;
	struct vet_socket s;
	if (step_connected(t, &s)) {
		vet_trial_check(t, STEP(t, write, &s, NULL, 0, &done) == 0 && done == 0);
		vet_trial_check(t, STEP(t, write_some, &s, NULL, 0) == 0);
	}
	step_close(t, &s);
}

static void after_the_end(struct vet_trial *t)
{
	size_t done = 0;
	struct vet_socket s;
	if (step_connected(t, &s)) {
		int64_t r = STEP(t, shutdown_write, &s);
		expect(t, r == 0);
		if (r == 0)
			expect(t, step_write(t, &s, HELLO, SIZE, &done) == -EPIPE);
	}
	step_close(t, &s);
}

/* ---- print ---- */

/* The line and its newline; after an error, in calm, what is left of them. */
static void line(struct vet_trial *t)
{
	static const char whole[] = "hello, you!\n";
	enum { TEXT = 11 };
	size_t done = 0;
	struct vet_socket s;
	if (step_connected(t, &s)) {
		int64_t r = STEP(t, print, &s, whole, TEXT, &done);
		vet_trial_done(t, done);
		vet_trial_check(t, r == 0 ? done == TEXT + 1 : done < TEXT + 1);
		expect(t, r == 0);
		if (r == 0)
			vet_trial_sent_all(t);
		else if (step_calm(t, &s))
			step_write_rest(t, &s, whole, TEXT + 1, done);
	}
	step_close(t, &s);
}

static void empty_line(struct vet_trial *t)
{
	size_t done = 0;
	struct vet_socket s;
	if (step_connected(t, &s)) {
		int64_t r = STEP(t, print, &s, NULL, 0, &done);
		vet_trial_done(t, done);
		vet_trial_check(t, (r == 0) == (done == 1));
		expect(t, r == 0);
	}
	step_close(t, &s);
}

/* ---- send_to: the address is of no use on a stream ---- */

static void to_an_address(struct vet_trial *t)
{
	struct vet_address server = step_server(t);
	struct vet_socket s;
	if (step_connected(t, &s)) {
		int64_t n = STEP(t, send_to, &s, HELLO, SIZE, &server);
		vet_trial_done(t, n > 0 ? (uint64_t)n : 0);
		vet_trial_check(t, n != 0 && n <= SIZE);
		expect(t, n == SIZE);
	}
	step_close(t, &s);
}

#define SENT   .expects = HELLO, .expects_size = SIZE
#define LINE   .expects = "hello, you!\n", .expects_size = SIZE
#define SLOW   .window = 16, .latency = VET_MILLISECONDS(1)
#define NARROW .window = 5, .latency = VET_MILLISECONDS(1)
#define MUCH   .expects = pattern, .expects_size = LONG

static const struct vet_scenario scenarios[] = {
	{ NAMED("write at once", once), .world = { SENT }, .split_out = SIZE },
	{ NAMED("write at once over IPv6", once), .world = { SENT }, .context = &on_ipv6 },
	{ NAMED("write in pieces", once), .world = { SENT, NARROW } },
	{ NAMED("write in pieces within a deadline", once), .world = { SENT, NARROW },
	  .context = &within_10_ms },
	{ NAMED("write twice", in_two), .world = { SENT } },
	{ NAMED("write twice to a peer that takes 5 bytes at a time", in_two),
	  .world = { SENT, NARROW } },
	{ NAMED("write 100 bytes to a peer that takes 16 at a time", much),
	  .world = { MUCH, SLOW } },
	{ NAMED("write 100 bytes to a peer that takes 16 at a time, in time", much),
	  .world = { MUCH, SLOW }, .context = &within_10_ms },
	{ NAMED("write again after a deadline", again_after_deadline),
	  .world = { MUCH, .window = 32, .latency = VET_MILLISECONDS(1) } },
	{ NAMED("write some at once", some), .world = { SENT } },
	{ NAMED("write some later", some_later), .world = { MUCH, SLOW } },
	{ NAMED("write some in time", some_later), .world = { MUCH, SLOW },
	  .context = &within_10_ms },
	{ NAMED("write nothing", nothing), .world = { .expects = "" } },
	{ NAMED("write after shutting down", after_the_end), .world = { .expects = "" } },
	{ NAMED("print a line", line), .world = { LINE }, .split_out = SIZE },
	{ NAMED("print a line in pieces", line), .world = { LINE, NARROW } },
	{ NAMED("print a line in pieces within a deadline", line), .world = { LINE, NARROW },
	  .context = &within_10_ms },
	{ NAMED("print an empty line", empty_line),
	  .world = { .expects = "\n", .expects_size = 1 } },
	{ NAMED("send to an address on a stream", to_an_address), .world = { SENT } },
};

const struct subject writing = SUBJECT(scenarios);
