/* SPDX-License-Identifier: 0BSD */
/* What is done with a stream while its attempt to connect is under way, or after that has failed. */
#include "steps.h"

#define HELLO "hello"
enum { SIZE = sizeof HELLO - 1 };

/* ---- bytes out: they wait until there is a connection ---- */

/* After an error, in calm: the stream is connected after all, and takes the rest. */
static void send_rest(struct vet_trial *t, struct vet_socket *s, const char *data, size_t size,
		      size_t done)
{
	if (step_connect_after_all(t, s))
		step_write_rest(t, s, data, size, done);
}

static void write_it(struct vet_trial *t)
{
	size_t done = 0;
	struct vet_socket s;
	if (step_pending(t, &s)) {
		int64_t r = step_write(t, &s, HELLO, SIZE, &done);
		expect(t, r == 0);
		if (r == 0)
			vet_trial_sent_all(t);
		else
			send_rest(t, &s, HELLO, SIZE, done);
	}
	step_close(t, &s);
}

/* The attempt outlives this deadline too. */
static void write_in_time(struct vet_trial *t)
{
	size_t done = 0;
	struct vet_socket s;
	if (step_pending(t, &s)) {
		step_deadline(t, &s, VET_MICROSECONDS(1));
		int64_t r = step_write(t, &s, HELLO, SIZE, &done);
		expect(t, r == VET_EDEADLINE);
		if (r < 0)
			send_rest(t, &s, HELLO, SIZE, done);
	}
	step_close(t, &s);
}

static void write_some(struct vet_trial *t)
{
	struct vet_socket s;
	if (step_pending(t, &s)) {
		int64_t n = STEP(t, write_some, &s, HELLO, SIZE);
		vet_trial_done(t, n > 0 ? (uint64_t)n : 0);
		expect(t, n == SIZE);
		if (n < 0)
			send_rest(t, &s, HELLO, SIZE, 0);
	}
	step_close(t, &s);
}

static void print(struct vet_trial *t)
{
	size_t done;
	struct vet_socket s;
	if (step_pending(t, &s)) {
		int64_t r = STEP(t, print, &s, HELLO, SIZE, &done);
		vet_trial_done(t, done);
		expect(t, r == 0);
		if (r < 0)
			send_rest(t, &s, HELLO "\n", SIZE + 1, done);
	}
	step_close(t, &s);
}

static void send_to(struct vet_trial *t)
{
	struct vet_address server = step_server(t);
	struct vet_socket s;
	if (step_pending(t, &s)) {
		int64_t n = STEP(t, send_to, &s, HELLO, SIZE, &server);
		vet_trial_done(t, n > 0 ? (uint64_t)n : 0);
		expect(t, n == SIZE);
		if (n < 0)
			send_rest(t, &s, HELLO, SIZE, 0);
	}
	step_close(t, &s);
}

static void send_file(struct vet_trial *t)
{
	uint64_t done;
	struct vet_socket s;
	if (step_pending(t, &s)) {
		int64_t r = STEP(t, send_file, &s, VET_PEER_FILE, &done);
		vet_trial_done(t, done);
		expect(t, r == 0 && done == SIZE);
		if (r < 0)
			send_rest(t, &s, (const char *)pattern, SIZE, (size_t)done);
	}
	step_close(t, &s);
}

/* ---- bytes in ---- */

static void receive_rest(struct vet_trial *t, struct vet_socket *s, struct inbox *in)
{
	if (step_connect_after_all(t, s))
		step_rest(t, s, in);
}

static void read_it(struct vet_trial *t)
{
	struct inbox in = INBOX_OF(HELLO);
	struct vet_socket s;
	if (step_pending(t, &s)) {
		int64_t n = step_read(t, &s, &in, 8);
		expect(t, n == SIZE);
		if (n < 0)
			receive_rest(t, &s, &in);
	}
	step_close(t, &s);
}

static void read_in_time(struct vet_trial *t)
{
	struct inbox in = INBOX_OF(HELLO);
	struct vet_socket s;
	if (step_pending(t, &s)) {
		step_deadline(t, &s, VET_MICROSECONDS(1));
		int64_t n = step_read(t, &s, &in, 8);
		expect(t, n == VET_EDEADLINE);
		if (n < 0)
			receive_rest(t, &s, &in);
	}
	step_close(t, &s);
}

static void read_exactly(struct vet_trial *t)
{
	struct inbox in = INBOX_OF(HELLO);
	struct vet_socket s;
	if (step_pending(t, &s)) {
		int64_t r = step_read_exact(t, &s, &in, SIZE);
		expect(t, r == 0);
		if (r < 0)
			receive_rest(t, &s, &in);
	}
	step_close(t, &s);
}

static void read_into(struct vet_trial *t)
{
	struct vet_buffer buffer = { 0 };
	struct vet_socket s;
	if (step_pending(t, &s))
		expect(t, step_read_into(t, &s, &buffer, 8, HELLO, SIZE) == SIZE);
	step_free(t, &buffer);
	step_close(t, &s);
}

static void read_all(struct vet_trial *t)
{
	struct vet_buffer buffer = { 0 };
	struct vet_socket s;
	if (step_pending(t, &s)) {
		int64_t r = step_read_all(t, &s, &buffer, 100, HELLO, SIZE);
		expect(t, r == 0 && buffer.size == SIZE);
		if (r < 0 && step_connect_after_all(t, &s)) {
			r = step_read_all(t, &s, &buffer, 100, HELLO, SIZE);
			vet_trial_check(t, r == 0 && buffer.size == SIZE);
		}
	}
	step_free(t, &buffer);
	step_close(t, &s);
}

static void receive_from(struct vet_trial *t)
{
	bool truncated = true;
	char data[8];
	struct vet_address from;
	struct inbox in = INBOX_OF(HELLO);
	struct vet_socket s;
	if (step_pending(t, &s)) {
		int64_t n = STEP(t, receive_from, &s, data, sizeof data, &from, &truncated);
		vet_trial_done(t, n > 0 ? (uint64_t)n : 0);
		vet_trial_check(t, from.ip.family == 0 && !truncated);
		vet_trial_check(t, n <= 0 || (n <= SIZE && memcmp(data, HELLO, (size_t)n) == 0));
		expect(t, n == SIZE);
		if (n < 0)
			receive_rest(t, &s, &in);
	}
	step_close(t, &s);
}

/* ---- what is asked and set: the attempt goes on ---- */

static void go_on(struct vet_trial *t, struct vet_socket *s)
{
	struct vet_address server = step_server(t);
	int64_t r = STEP(t, connect, s, &server);
	expect(t, r == 0);
	if (r < 0)
		(void)step_connect_after_all(t, s);
}

static void addresses_of(struct vet_trial *t)
{
	struct vet_address local, peer;
	struct vet_socket s;
	if (step_pending(t, &s)) {
		int64_t r = STEP(t, local_address, &s, &local);
		expect(t, r == 0 && local.port != 0);
		r = STEP(t, peer_address, &s, &peer);
		vet_trial_check(t, r == 0 || peer.ip.family == 0);
		expect(t, r == -ENOTCONN);
		go_on(t, &s);
	}
	step_close(t, &s);
}

/* Who asks is told, and connect no more. */
static void error(struct vet_trial *t)
{
	int64_t told = 1;
	struct vet_address server = step_server(t);
	struct vet_socket s;
	if (step_pending(t, &s)) {
		int64_t r = STEP(t, error, &s, &told);
		expect(t, r == 0 && told == 0);
		r = STEP(t, connect, &s, &server);
		expect(t, r == 0);
		vet_trial_check(t, r != 0 || told >= 0 || !vet_trial_is_broken(t));
	}
	step_close(t, &s);
}

static void options_of(struct vet_trial *t)
{
	bool got = false;
	struct vet_socket s;
	if (step_pending(t, &s)) {
		int64_t set = STEP(t, set_no_delay, &s, true);
		expect(t, set == 0);
		int64_t r = STEP(t, no_delay, &s, &got);
		expect(t, r == 0);
		vet_trial_check(t, set < 0 || r < 0 || got);
		go_on(t, &s);
	}
	step_close(t, &s);
}

/* Neither is possible, nor does it harm. */
static void bind_and_listen(struct vet_trial *t)
{
	struct vet_address own = step_own(t);
	struct vet_socket s;
	if (step_pending(t, &s)) {
		expect(t, STEP(t, bind, &s, &own) == -EINVAL);
		expect(t, STEP(t, listen, &s) == -EINVAL);
		expect(t, STEP(t, connect, &s, &own) == -EALREADY);
		expect(t, STEP(t, listen_backlog, &s, 1) == -EINVAL);
	}
	step_close(t, &s);
}

/* ---- shut down: systems differ in whether that ends the attempt ---- */

static void shut_down(struct vet_trial *t)
{
	struct vet_address server = step_server(t);
	struct vet_socket s;
	if (step_pending(t, &s)) {
		int64_t r = STEP(t, shutdown, &s);
		expect(t, r == 0 || r == -ENOTCONN);
		r = STEP(t, connect, &s, &server);
		expect(t, r == 0 || r == -ECONNRESET || r == -ENOTCONN);
	}
	step_close(t, &s);
}

static void shut_down_halves(struct vet_trial *t)
{
	char byte;
	size_t done = 0;
	struct vet_socket s;
	if (step_pending(t, &s)) {
		(void)STEP(t, shutdown_read, &s);
		(void)STEP(t, shutdown_write, &s);
		step_deadline(t, &s, VET_MILLISECONDS(2));
		(void)step_write(t, &s, HELLO, SIZE, &done);
		int64_t n = STEP(t, read, &s, &byte, 1);
		vet_trial_check(t, n <= 1);
	}
	step_close(t, &s);
}

/* ---- two descriptors of it ---- */

/* Made while it is under way, it waits for the same attempt. */
static void clone_waits(struct vet_trial *t)
{
	struct vet_address server = step_server(t);
	struct vet_socket s, clone = { 0 };
	if (step_pending(t, &s) && STEP(t, try_clone, &s, &clone) == 0) {
		expect(t, STEP(t, connect, &clone, &server) == 0);
		expect(t, STEP(t, connect, &s, &server) == 0);
	}
	step_close(t, &clone);
	step_close(t, &s);
}

/* The attempt that is under way may be that of either. */
static void connect_either(struct vet_trial *t, struct vet_socket *s, struct vet_socket *clone)
{
	struct vet_address server = step_server(t);
	int64_t r = STEP(t, connect, s, &server);
	if (r == -EALREADY)
		r = STEP(t, connect, clone, &server);
	vet_trial_check(t, r == 0 || r == -EISCONN);
}

/* Made before, it does not know of the attempt, and asks. */
static void clone_of_before(struct vet_trial *t, int64_t due)
{
	struct vet_address server = step_server(t);
	struct vet_socket s, clone = { 0 };
	if (step_stream(t, &s) && STEP(t, try_clone, &s, &clone) == 0) {
		STEP_VOID(t, timeout_after, &s, 0);
		expect(t, STEP(t, connect, &s, &server) == VET_EDEADLINE);
		STEP_VOID(t, reset_deadline, &s);
		expect(t, STEP(t, connect, &clone, &server) == due);
		int64_t r = STEP(t, connect, &s, &server);
		expect(t, r == 0);
		if (r < 0 && step_calm(t, &s))
			connect_either(t, &s, &clone);
	}
	step_close(t, &clone);
	step_close(t, &s);
}

static void clone_while_under_way(struct vet_trial *t)
{
	clone_of_before(t, -EALREADY);
}

/* The time for it is what the calls take. */
static void clone_when_it_has_come_to_be(struct vet_trial *t)
{
	clone_of_before(t, -EISCONN);
}

#define LATER     .latency = VET_MILLISECONDS(1)
#define SENT      .expects = HELLO, .expects_size = SIZE
#define LINE      .expects = HELLO "\n", .expects_size = SIZE + 1
#define A_FILE    .file_size = SIZE, .expects = pattern, .expects_size = SIZE
#define BY_CHUNKS .lacks_sendfile = true
#define COMES     .manner = VET_PEER_SOURCE, .sends = HELLO, .sends_size = SIZE

static const struct vet_scenario scenarios[] = {
	{ NAMED("write before connected", write_it), .world = { SENT, LATER } },
	{ NAMED("write before connected, over IPv6", write_it), .world = { SENT, LATER },
	  .context = &on_ipv6 },
	{ NAMED("write before connected, in time", write_in_time), .world = { SENT, LATER } },
	{ NAMED("write some before connected", write_some), .world = { SENT, LATER } },
	{ NAMED("print before connected", print), .world = { LINE, LATER } },
	{ NAMED("send to an address before connected", send_to), .world = { SENT, LATER } },
	{ NAMED("send a file by the kernel before connected", send_file),
	  .world = { A_FILE, LATER } },
	{ NAMED("send a file by chunks before connected", send_file),
	  .world = { A_FILE, LATER, BY_CHUNKS } },
	{ NAMED("read before connected", read_it), .world = { COMES, LATER } },
	{ NAMED("read before connected, in time", read_in_time), .world = { COMES, LATER } },
	{ NAMED("read exactly before connected", read_exactly), .world = { COMES, LATER } },
	{ NAMED("read into a buffer before connected", read_into), .world = { COMES, LATER } },
	{ NAMED("read all before connected", read_all), .world = { COMES, LATER } },
	{ NAMED("receive on a stream before connected", receive_from), .world = { COMES, LATER } },
	{ NAMED("ask for addresses while an attempt is under way", addresses_of),
	  .world = { LATER } },
	{ NAMED("ask for the error while an attempt is under way", error), .world = { LATER } },
	{ NAMED("set and get an option while an attempt is under way", options_of),
	  .world = { LATER } },
	{ NAMED("bind and listen while an attempt is under way", bind_and_listen),
	  .world = { LATER } },
	{ NAMED("shut down while an attempt is under way", shut_down), .world = { LATER } },
	{ NAMED("shut down each half while an attempt is under way", shut_down_halves),
	  .world = { LATER } },
	{ NAMED("clone while an attempt is under way", clone_waits), .world = { LATER } },
	{ NAMED("connect a clone of before while an attempt is under way", clone_while_under_way),
	  .world = { LATER } },
	{ NAMED("connect a clone of before when the attempt has come to be",
		clone_when_it_has_come_to_be),
	  .world = { .latency = VET_MILLISECONDS(25), .tick = VET_MILLISECONDS(10) } },
};

const struct subject attempting = SUBJECT(scenarios);
