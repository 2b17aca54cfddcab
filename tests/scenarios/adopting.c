/* SPDX-License-Identifier: 0BSD */
/* Descriptors that are released, and adopted again, whatever became of them. */
#include "steps.h"

static void drop(struct vet_trial *t, int fd)
{
	struct vet_sys *sys = vet_trial_sys(t);
	vet_trial_begin(t, &operations[OPERATION_close]);
	(void)vet_trial_end(t, (sys->calls->close)(sys, fd));
}

/* True, or its descriptor was the caller's again, and was closed. */
static bool anew(struct vet_trial *t, struct vet_socket *s)
{
	int family = vet_socket_family(s), kind = vet_socket_kind(s);
	int64_t fd = STEP(t, release, s);
	vet_trial_check(t, fd >= 0 && vet_socket_fd(s) == -EBADF);
	int64_t r = STEP(t, adopt, s, vet_trial_sys(t), (int)fd);
	expect(t, r == 0);
	vet_trial_check(t, (r == 0) == (vet_socket_fd(s) >= 0));
	vet_trial_check(t, r < 0 || vet_socket_family(s) == family);
	vet_trial_check(t, r < 0 || vet_socket_kind(s) == kind);
	if (r < 0)
		drop(t, (int)fd);
	return r == 0;
}

static void fresh(struct vet_trial *t)
{
	struct vet_address server = step_server(t);
	struct vet_socket s = { 0 };
	if (step_stream(t, &s) && anew(t, &s))
		expect(t, STEP(t, connect, &s, &server) == 0);
	step_close(t, &s);
}

static void connected(struct vet_trial *t)
{
	struct inbox in = INBOX_OF("hello");
	struct vet_address server = step_server(t);
	struct vet_socket s = { 0 };
	if (step_connected(t, &s) && anew(t, &s)) {
		expect(t, STEP(t, connect, &s, &server) == -EISCONN);
		expect(t, step_read_exact(t, &s, &in, 5) == 0);
	}
	step_close(t, &s);
}

static void listening(struct vet_trial *t)
{
	struct vet_address server = step_server(t);
	struct vet_socket s = { 0 }, peer = { 0 };
	if (step_listening(t, &s) && anew(t, &s)) {
		vet_trial_check(t, STEP(t, connect, &s, &server) == -EISCONN);
		expect(t, step_accept(t, &s, &peer, NULL) == 0);
	}
	step_close(t, &peer);
	step_close(t, &s);
}

/* Whoever adopts it does not know of the attempt, and asks; later there is a connection. */
static void under_way(struct vet_trial *t)
{
	struct vet_address server = step_server(t);
	struct vet_socket s = { 0 };
	if (step_pending(t, &s) && anew(t, &s)) {
		expect(t, STEP(t, connect, &s, &server) == -EALREADY);
		int64_t n = STEP(t, write_some, &s, "x", 1);
		expect(t, n == 1);
	}
	step_close(t, &s);
}

static void over(struct vet_trial *t)
{
	char byte;
	struct vet_socket s = { 0 };
	if (step_connected(t, &s)) {
		expect(t, STEP(t, read, &s, &byte, 1) == 0);
		expect(t, STEP(t, shutdown_write, &s) == 0);
		if (anew(t, &s))
			expect(t, STEP(t, read, &s, &byte, 1) == 0);
	}
	step_close(t, &s);
}

static void shut_listener(struct vet_trial *t)
{
	struct vet_socket s = { 0 }, peer = { 0 };
	if (step_listening(t, &s)) {
		int64_t r = STEP(t, shutdown_read, &s);
		expect(t, r == 0);
		if (r == 0 && anew(t, &s))
			expect(t, step_accept(t, &s, &peer, NULL) == -EINVAL);
	}
	step_close(t, &peer);
	step_close(t, &s);
}

static void datagram(struct vet_trial *t)
{
	struct inbox in = INBOX_OF("hello");
	size_t done = 0;
	struct vet_address server = step_server(t);
	struct vet_socket s = { 0 };
	if (step_datagram(t, &s) && STEP(t, connect, &s, &server) == 0 && anew(t, &s)) {
		int64_t r = STEP(t, write, &s, "hello", 5, &done);
		vet_trial_done(t, done);
		expect(t, r == 0);
		if (r == 0)
			expect(t, step_read(t, &s, &in, 8) == 5);
	}
	step_close(t, &s);
}

#define COMES .manner = VET_PEER_SOURCE, .sends = "hello", .sends_size = 5
#define ENDS  .manner = VET_PEER_SOURCE, .sends = "", .expects = ""

static const struct vet_scenario scenarios[] = {
	{ NAMED("release a fresh stream and adopt it", fresh) },
	{ NAMED("release a fresh stream of IPv6 and adopt it", fresh), .context = &on_ipv6 },
	{ NAMED("release a connection and adopt it", connected), .world = { COMES } },
	{ NAMED("release a listener and adopt it", listening), .world = { .connections = 8 } },
	{ NAMED("release a stream and adopt it while an attempt is under way", under_way),
	  .world = { .latency = VET_MILLISECONDS(1) } },
	{ NAMED("release a connection that is over and adopt it", over), .world = { ENDS } },
	{ NAMED("release a listener that was shut down and adopt it", shut_listener) },
	{ NAMED("release a datagram socket and adopt it", datagram) },
	{ NAMED("release a raw socket and adopt it", datagram), .context = &on_raw },
};

const struct subject adopting = SUBJECT(scenarios);
