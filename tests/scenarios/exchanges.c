/* SPDX-License-Identifier: 0BSD */
/* What clients and servers do: several operations, one after the other. */
#include "steps.h"

#define HELLO "hello"
enum { SIZE = sizeof HELLO - 1 };

/* ---- clients ---- */

/* The smallest one: five calls where nothing goes wrong. */
static void connect_write_read_close(struct vet_trial *t)
{
	size_t done = 0;
	struct inbox in = INBOX_OF(HELLO);
	struct vet_socket s;
	if (step_connected(t, &s) && step_write(t, &s, HELLO, SIZE, &done) == 0) {
		vet_trial_sent_all(t);
		expect(t, step_read(t, &s, &in, SIZE) == SIZE);
	}
	expect(t, done == SIZE);
	step_close(t, &s);
}

static void echo_12(struct vet_trial *t)
{
	enum { TWELVE = 12 };
	size_t done = 0;
	struct inbox in = INBOX_OF("hello, world");
	struct vet_socket s;
	if (step_connected(t, &s) && step_write(t, &s, in.due, TWELVE, &done) == 0) {
		vet_trial_sent_all(t);
		expect(t, step_read_exact(t, &s, &in, TWELVE) == 0);
	}
	expect(t, in.size == TWELVE);
	step_close(t, &s);
}

/* One request and its answer.  True: go on. */
static bool ask(struct vet_trial *t, struct vet_socket *s, struct inbox *in)
{
	size_t done = in->size;
	int64_t r = step_write(t, s, in->due, in->size + 2, &done);
	expect(t, r == 0);
	if (r == 0)
		r = step_read_exact(t, s, in, 2);
	expect(t, r == 0);
	return r == 0;
}

static void session(struct vet_trial *t)
{
	struct inbox in = INBOX_OF("abcdef");
	struct vet_socket s;
	if (step_connected(t, &s) && ask(t, &s, &in) && ask(t, &s, &in) && ask(t, &s, &in)) {
		vet_trial_check(t, in.size == 6);
		vet_trial_sent_all(t);
	}
	step_close(t, &s);
}

/* Says all, ends its half, and hears all. */
static void half_close(struct vet_trial *t)
{
	size_t done = 0;
	struct vet_buffer buffer = { 0 };
	struct vet_socket s;
	if (step_connected(t, &s) && step_write(t, &s, HELLO, SIZE, &done) == 0) {
		vet_trial_sent_all(t);
		int64_t r = STEP(t, shutdown_write, &s);
		expect(t, r == 0);
		if (r == 0) {
			r = step_read_all(t, &s, &buffer, 100, HELLO, SIZE);
			expect(t, r == 0 && buffer.size == SIZE);
		}
	}
	step_free(t, &buffer);
	step_close(t, &s);
}

static void line_client(struct vet_trial *t)
{
	size_t done = 0;
	struct inbox in = INBOX_OF(HELLO "\n");
	struct vet_socket s;
	if (step_connected(t, &s)) {
		int64_t r = STEP(t, print, &s, HELLO, SIZE, &done);
		vet_trial_done(t, done);
		expect(t, r == 0);
		while (r >= 0 && (in.size == 0 || in.data[in.size - 1] != '\n')) {
			r = step_read(t, &s, &in, INBOX - in.size);
			if (r == 0)
				break;
		}
		expect(t, in.size == SIZE + 1);
	}
	step_close(t, &s);
}

/* The peer takes 16 bytes at a time, and sends them back. */
static void slow_echo(struct vet_trial *t)
{
	enum { LONG = 100 };
	size_t done = 0;
	struct inbox in = { .due = pattern, .due_size = LONG };
	struct vet_socket s;
	if (step_connected(t, &s) && step_write(t, &s, pattern, LONG, &done) == 0) {
		vet_trial_sent_all(t);
		expect(t, step_read_exact(t, &s, &in, LONG) == 0);
	}
	expect(t, in.size == LONG);
	step_close(t, &s);
}

/* The peer's half stays open until this one ends. */
static void listen_to_a_talker(struct vet_trial *t)
{
	char byte;
	struct inbox in = INBOX_OF(HELLO);
	struct vet_socket s;
	if (step_connected(t, &s) && step_read_exact(t, &s, &in, SIZE) == 0) {
		int64_t r = STEP(t, shutdown_write, &s);
		expect(t, r == 0);
		if (r == 0)
			expect(t, STEP(t, read, &s, &byte, 1) == 0);
	}
	expect(t, in.size == SIZE);
	step_close(t, &s);
}

/* Nothing ever comes: the deadline is all that ends it. */
static void silent_peer(struct vet_trial *t)
{
	struct inbox in = INBOX_OF("");
	struct vet_socket s;
	if (step_connected(t, &s))
		expect(t, step_read(t, &s, &in, 1) == VET_EDEADLINE);
	step_close(t, &s);
}

/* What does not work is closed, and made anew. */
static void three_attempts(struct vet_trial *t)
{
	int64_t r = -1;
	size_t done = 0;
	struct vet_address server = step_server(t);
	struct vet_socket s;
	for (int i = 0; i < 3 && r < 0; i++) {
		r = -1;
		if (step_stream(t, &s))
			r = STEP(t, connect, &s, &server);
		if (r < 0)
			step_close(t, &s);
	}
	expect(t, r == 0);
	if (r == 0 && step_write(t, &s, HELLO, SIZE, &done) == 0)
		vet_trial_sent_all(t);
	step_close(t, &s);
}

static void two_at_once(struct vet_trial *t)
{
	size_t done = 0;
	struct inbox first = INBOX_OF("abc"), second = INBOX_OF("abcdef");
	struct vet_socket a = { 0 }, b = { 0 };
	if (step_connected(t, &a) && step_connected(t, &b)) {
		if (step_write(t, &a, "abc", 3, &done) == 0) {
			done = 0;
			(void)step_write(t, &b, "abcdef", 6, &done);
			(void)step_read_exact(t, &b, &second, done);
			(void)step_read_exact(t, &a, &first, 3);
		}
		expect(t, first.size == 3 && second.size == 6);
	}
	step_close(t, &a);
	step_close(t, &b);
}

/* One descriptor writes, the other reads. */
static void clone_reads(struct vet_trial *t)
{
	size_t done = 0;
	struct inbox in = INBOX_OF(HELLO);
	struct vet_socket s, clone = { 0 };
	if (step_connected(t, &s) && STEP(t, try_clone, &s, &clone) == 0) {
		if (step_write(t, &s, HELLO, SIZE, &done) == 0) {
			vet_trial_sent_all(t);
			expect(t, STEP(t, shutdown_write, &s) == 0);
			step_close(t, &s);
			expect(t, step_read(t, &clone, &in, SIZE) == SIZE);
		}
	}
	expect(t, in.size == SIZE);
	step_close(t, &clone);
	step_close(t, &s);
}

static void adopted_echo(struct vet_trial *t)
{
	size_t done = 0;
	struct inbox in = INBOX_OF(HELLO);
	struct vet_sys *sys = vet_trial_sys(t);
	struct vet_socket s;
	int64_t fd = VET_PEER_FOREIGN;
	if (STEP(t, adopt, &s, sys, VET_PEER_FOREIGN) == 0) {
		if (step_write(t, &s, HELLO, SIZE, &done) == 0)
			expect(t, step_read_exact(t, &s, &in, SIZE) == 0);
		fd = STEP(t, release, &s);
	}
	expect(t, in.size == SIZE);
	vet_trial_begin(t, &operations[OPERATION_close]);
	(void)vet_trial_end(t, (sys->calls->close)(sys, (int)fd));
}

/* As a careful client begins. */
static void with_options(struct vet_trial *t)
{
	size_t done = 0;
	struct vet_address server = step_server(t);
	struct vet_socket s;
	if (step_stream(t, &s) && STEP(t, set_no_delay, &s, true) == 0 &&
	    STEP(t, set_keepalive_time, &s, VET_SECONDS(30)) == 0 &&
	    STEP(t, connect, &s, &server) == 0)
		if (step_write(t, &s, HELLO, SIZE, &done) == 0)
			vet_trial_sent_all(t);
	expect(t, done == SIZE);
	step_close(t, &s);
}

/* ---- servers ---- */

/* Takes what one says and answers; what fails is that one's matter alone. */
static bool serve(struct vet_trial *t, struct vet_socket *peer)
{
	size_t done = 0;
	struct inbox in = INBOX_OF(HELLO);
	bool served = step_read_exact(t, peer, &in, SIZE) == 0 &&
		      step_write(t, peer, "ok", 2, &done) == 0;
	step_close(t, peer);
	return served;
}

static void accept_loop(struct vet_trial *t)
{
	int served = 0;
	struct vet_socket s, peer = { 0 };
	if (step_listening(t, &s))
		for (int i = 0; i < 3 && step_accept(t, &s, &peer, NULL) == 0; i++)
			served += serve(t, &peer);
	expect(t, served == 3);
	step_close(t, &s);
}

/* No more descriptors, or memory: the next turn may succeed. */
static void accept_loop_goes_on(struct vet_trial *t)
{
	struct vet_socket s, peer = { 0 };
	if (step_listening(t, &s)) {
		int64_t r = step_accept(t, &s, &peer, NULL);
		if ((r == -EMFILE || r == -ENFILE || r == -ENOBUFS || r == -ENOMEM) &&
		    step_calm(t, &s))
			vet_trial_check(t, (r = step_accept(t, &s, &peer, NULL)) == 0);
		if (r == 0)
			expect(t, serve(t, &peer));
		expect(t, r == 0);
	}
	step_close(t, &s);
}

static void file_server(struct vet_trial *t)
{
	uint64_t done = 0;
	struct vet_address from;
	struct vet_socket s, peer = { 0 };
	if (step_listening(t, &s) && step_accept(t, &s, &peer, &from) == 0) {
		int64_t r = STEP(t, send_file, &peer, VET_PEER_FILE, &done);
		vet_trial_done(t, done);
		expect(t, r == 0);
		if (r == 0)
			expect(t, STEP(t, shutdown_write, &peer) == 0);
	}
	expect(t, done == 20);
	step_close(t, &peer);
	step_close(t, &s);
}

/* ---- datagrams ---- */

/* Asks once more if no answer came in time. */
static void ask_twice(struct vet_trial *t)
{
	char data[SIZE];
	int64_t n = -1;
	struct vet_address server = step_server(t), from;
	struct vet_socket s;
	if (step_datagram(t, &s))
		for (int i = 0; i < 2 && n < 0; i++) {
			n = STEP(t, send_to, &s, HELLO, SIZE, &server);
			if (n < 0)
				continue;
			step_deadline(t, &s, VET_MILLISECONDS(5));
			n = STEP(t, receive_from, &s, data, sizeof data, &from, NULL);
			vet_trial_check(t, n <= 0 || memcmp(data, HELLO, (size_t)n) == 0);
		}
	expect(t, n == SIZE);
	step_close(t, &s);
}

#define ECHO         .expects = HELLO, .expects_size = SIZE
#define LATER        .latency = VET_MILLISECONDS(1)
#define TWELVE_BYTES .expects = "hello, world", .expects_size = 12
#define SESSION      .expects = "abcdef", .expects_size = 6
#define LINE         .expects = HELLO "\n", .expects_size = SIZE + 1
#define HUNDRED      .expects = pattern, .expects_size = 100, .window = 16, LATER
#define TALKER(text) .manner = VET_PEER_TALKER, .sends = (text), .sends_size = sizeof(text) - 1
/* More than are served: a fault may take one away. */
#define CLIENTS .connections = 8, TALKER(HELLO), .expects = "ok", .expects_size = 2
#define A_FILE  .connections = 8, .file_size = 20, .expects = pattern, .expects_size = 20
#define TWICE   .expects = HELLO HELLO, .expects_size = 2 * SIZE

static const struct terms within_20_ms = { .deadline = VET_MILLISECONDS(20) };

static const struct vet_scenario scenarios[] = {
	{ NAMED("connect-write-read-close", connect_write_read_close), .world = { ECHO } },
	{ NAMED("connect-write-read-close within a deadline", connect_write_read_close),
	  .world = { ECHO, LATER }, .context = &within_10_ms },
	{ NAMED("echo of 12 bytes", echo_12), .world = { TWELVE_BYTES }, .split_out = 12,
	  .split_in = 12 },
	{ NAMED("echo session", session), .world = { SESSION, LATER } },
	{ NAMED("echo session within a deadline", session), .world = { SESSION, LATER },
	  .deadline = VET_MILLISECONDS(10), .context = &within_10_ms },
	{ NAMED("half close", half_close), .world = { ECHO, LATER } },
	{ NAMED("half close within a deadline", half_close), .world = { ECHO, LATER },
	  .context = &within_10_ms },
	{ NAMED("line client", line_client), .world = { LINE, LATER } },
	{ NAMED("line client within a deadline", line_client), .world = { LINE, LATER },
	  .context = &within_10_ms },
	{ NAMED("echo of 100 bytes, 16 at a time", slow_echo), .world = { HUNDRED } },
	{ NAMED("echo of 100 bytes, 16 at a time, in time", slow_echo), .world = { HUNDRED },
	  .context = &within_20_ms },
	{ NAMED("listen to a talker", listen_to_a_talker), .world = { TALKER(HELLO), LATER } },
	{ NAMED("listen to a talker in time", listen_to_a_talker),
	  .world = { TALKER(HELLO), LATER }, .context = &within_10_ms },
	{ NAMED("listen to one who says nothing", silent_peer), .world = { TALKER("") },
	  .context = &within_10_ms },
	{ NAMED("connect in three attempts", three_attempts), .world = { ECHO, LATER } },
	{ NAMED("connect in three attempts, each in time", three_attempts),
	  .world = { ECHO, LATER }, .context = &within_10_ms },
	{ NAMED("two connections at once", two_at_once), .world = { SESSION } },
	{ NAMED("clone to read and close the original", clone_reads), .world = { ECHO, LATER } },
	{ NAMED("adopt, echo and release", adopted_echo), .world = { ECHO } },
	{ NAMED("set options, connect and write", with_options), .world = { ECHO } },
	{ NAMED("accept loop that serves three", accept_loop), .world = { CLIENTS } },
	{ NAMED("accept loop that serves three who come later", accept_loop),
	  .world = { CLIENTS, LATER } },
	{ NAMED("accept loop that runs out of descriptors", accept_loop_goes_on),
	  .world = { CLIENTS } },
	{ NAMED("send a file to a client", file_server), .world = { A_FILE } },
	{ NAMED("send a file to a client by chunks", file_server),
	  .world = { A_FILE, .lacks_sendfile = true } },
	{ NAMED("ask by datagram, and once more", ask_twice),
	  .world = { TWICE, .latency = VET_MILLISECONDS(2) } },
};

const struct subject exchanges = SUBJECT(scenarios);
