/* SPDX-License-Identifier: 0BSD */
/* What is asked of, and done to, a stream that listens, is connected, or is over. */
#include "steps.h"

static void ask_for_addresses(struct vet_trial *t, struct vet_socket *s, int64_t due)
{
	struct vet_address local, peer;
	int64_t r = STEP(t, local_address, s, &local);
	vet_trial_check(t, (r == 0) == (local.ip.family != 0));
	expect(t, r == 0);
	r = STEP(t, peer_address, s, &peer);
	vet_trial_check(t, (r == 0) == (peer.ip.family != 0));
	expect(t, r == due);
}

static void ask_for_error(struct vet_trial *t, struct vet_socket *s)
{
	int64_t told = 1;
	int64_t r = STEP(t, error, s, &told);
	vet_trial_check(t, r < 0 ? told == 1 : told <= 0);
	expect(t, r == 0 && told == 0);
}

static void ask_for_accepting(struct vet_trial *t, struct vet_socket *s, bool due)
{
	bool got = !due;
	int64_t r = STEP(t, accepting, s, &got);
	expect(t, r == 0);
	vet_trial_check(t, r < 0 || got == due || vet_trial_is_broken(t));
}

static void try_bytes(struct vet_trial *t, struct vet_socket *s, int64_t in, int64_t out)
{
	char byte;
	size_t done = 0;
	expect(t, STEP(t, read, s, &byte, 1) == in);
	expect(t, step_write(t, s, "x", 1, &done) == out);
}

/* ---- a listener ---- */

static void listener_is_asked(struct vet_trial *t)
{
	struct vet_socket s;
	if (step_listening(t, &s)) {
		ask_for_addresses(t, &s, -ENOTCONN);
		ask_for_accepting(t, &s, true);
		ask_for_error(t, &s);
		SET_AND_GET(t, &s, no_delay, bool, true);
	}
	step_close(t, &s);
}

/* What is no matter of a listener's leaves it as it is. */
static void listener_goes_on(struct vet_trial *t)
{
	struct vet_address own = step_own(t), server = step_server(t);
	struct vet_socket s, peer = { 0 };
	if (step_listening(t, &s)) {
		expect(t, STEP(t, bind, &s, &own) == -EINVAL);
		vet_trial_check(t, STEP(t, connect, &s, &server) == -EISCONN);
		try_bytes(t, &s, -ENOTCONN, -EPIPE);
		expect(t, STEP(t, shutdown_write, &s) == 0);
		expect(t, STEP(t, listen_backlog, &s, 2) == 0);
		int64_t r = step_accept(t, &s, &peer, NULL);
		expect(t, r == 0);
		if (r < 0 && step_calm(t, &s))
			vet_trial_check(t, step_accept(t, &s, &peer, NULL) == 0);
	}
	step_close(t, &peer);
	step_close(t, &s);
}

static void clone_of_a_listener(struct vet_trial *t)
{
	struct vet_address server = step_server(t);
	struct vet_socket s, clone = { 0 }, peer = { 0 };
	if (step_stream(t, &s) && STEP(t, try_clone, &s, &clone) == 0 && STEP(t, listen, &s) == 0) {
		expect(t, STEP(t, connect, &clone, &server) == -EISCONN);
		expect(t, step_accept(t, &clone, &peer, NULL) == 0);
	}
	step_close(t, &peer);
	step_close(t, &clone);
	step_close(t, &s);
}

/* ---- one that was shut down ---- */

static bool shut_listener(struct vet_trial *t, struct vet_socket *s)
{
	if (!step_listening(t, s))
		return false;
	int64_t r = STEP(t, shutdown, s);
	expect(t, r == 0);
	return r == 0;
}

static void shut_listener_is_asked(struct vet_trial *t)
{
	struct vet_socket s;
	if (shut_listener(t, &s)) {
		ask_for_addresses(t, &s, -ENOTCONN);
		ask_for_accepting(t, &s, false);
		ask_for_error(t, &s);
		SET_AND_GET(t, &s, no_delay, bool, true);
		expect(t, STEP(t, shutdown_read, &s) == -ENOTCONN);
	}
	step_close(t, &s);
}

static void shut_listener_listens_again(struct vet_trial *t)
{
	struct vet_socket s, peer = { 0 };
	if (shut_listener(t, &s)) {
		int64_t r = STEP(t, listen, &s);
		expect(t, r == 0);
		if (r == 0)
			expect(t, step_accept(t, &s, &peer, NULL) == 0);
	}
	step_close(t, &peer);
	step_close(t, &s);
}

static void shut_listener_with_a_backlog(struct vet_trial *t)
{
	struct vet_socket s;
	if (shut_listener(t, &s)) {
		try_bytes(t, &s, -ENOTCONN, -EPIPE);
		expect(t, STEP(t, listen_backlog, &s, 1) == 0);
	}
	step_close(t, &s);
}

/* ---- a connection ---- */

static void connection_is_asked(struct vet_trial *t)
{
	struct vet_socket s;
	if (step_connected(t, &s)) {
		ask_for_accepting(t, &s, false);
		SET_AND_GET(t, &s, no_delay, bool, true);
		SET_AND_GET(t, &s, keepalive_count, int64_t, 3);
		SET_AND_GET(t, &s, linger, vet_duration, VET_SECONDS(1));
		ask_for_error(t, &s);
	}
	step_close(t, &s);
}

static void connection_does_not_listen(struct vet_trial *t)
{
	struct vet_address own = step_own(t);
	struct vet_socket s;
	if (step_connected(t, &s)) {
		expect(t, STEP(t, bind, &s, &own) == -EINVAL);
		expect(t, STEP(t, listen, &s) == -EINVAL);
		expect(t, STEP(t, listen_backlog, &s, 1) == -EINVAL);
		ask_for_addresses(t, &s, 0);
	}
	step_close(t, &s);
}

static void accepted_is_asked(struct vet_trial *t)
{
	struct vet_socket s, peer = { 0 };
	if (step_listening(t, &s) && step_accept(t, &s, &peer, NULL) == 0) {
		ask_for_addresses(t, &peer, 0);
		SET_AND_GET(t, &peer, no_delay, bool, true);
		ask_for_error(t, &peer);
		expect(t, STEP(t, shutdown_write, &peer) == 0);
	}
	step_close(t, &peer);
	step_close(t, &s);
}

/* ---- a connection that is over: by its end, or by a fault of the first read ---- */

static bool over(struct vet_trial *t, struct vet_socket *s)
{
	char byte;
	if (!step_connected(t, s))
		return false;
	expect(t, STEP(t, read, s, &byte, 1) == 0);
	expect(t, STEP(t, shutdown_write, s) == 0);
	return true;
}

static void over_is_asked(struct vet_trial *t)
{
	struct vet_socket s;
	if (over(t, &s)) {
		ask_for_addresses(t, &s, -ENOTCONN);
		ask_for_error(t, &s);
		ask_for_accepting(t, &s, false);
	}
	step_close(t, &s);
}

static void over_has_options(struct vet_trial *t)
{
	struct vet_socket s;
	if (over(t, &s)) {
		SET_AND_GET(t, &s, no_delay, bool, true);
		SET_AND_GET(t, &s, send_buffer_size, int64_t, 4096);
	}
	step_close(t, &s);
}

static void over_is_over(struct vet_trial *t)
{
	struct vet_address own = step_own(t), server = step_server(t);
	struct vet_socket s;
	if (over(t, &s)) {
		try_bytes(t, &s, 0, -EPIPE);
		expect(t, STEP(t, bind, &s, &own) == -EINVAL);
		expect(t, STEP(t, listen, &s) == -EINVAL);
		vet_trial_check(t, STEP(t, connect, &s, &server) == -EISCONN);
		expect(t, STEP(t, shutdown, &s) == -ENOTCONN);
		expect(t, STEP(t, shutdown_read, &s) == -ENOTCONN);
	}
	step_close(t, &s);
}

static void over_is_cloned(struct vet_trial *t)
{
	struct vet_socket s, clone = { 0 };
	if (over(t, &s) && STEP(t, try_clone, &s, &clone) == 0)
		try_bytes(t, &clone, 0, -EPIPE);
	step_close(t, &clone);
	step_close(t, &s);
}

#define ENDS .manner = VET_PEER_SOURCE, .sends = ""
#define MANY .connections = 8

static const struct vet_scenario scenarios[] = {
	{ NAMED("ask a listener", listener_is_asked) },
	{ NAMED("listen whatever else is tried", listener_goes_on), .world = { MANY } },
	{ NAMED("listen with one descriptor and accept with the other", clone_of_a_listener),
	  .world = { MANY } },
	{ NAMED("ask a listener that was shut down", shut_listener_is_asked) },
	{ NAMED("listen again after shutting down", shut_listener_listens_again),
	  .world = { MANY } },
	{ NAMED("listen again with a backlog after shutting down", shut_listener_with_a_backlog) },
	{ NAMED("ask a connection", connection_is_asked) },
	{ NAMED("bind and listen with a connection", connection_does_not_listen) },
	{ NAMED("ask a connection that was accepted", accepted_is_asked), .world = { MANY } },
	{ NAMED("ask a connection that is over", over_is_asked), .world = { ENDS } },
	{ NAMED("set and get options of a connection that is over", over_has_options),
	  .world = { ENDS } },
	{ NAMED("use a connection that is over", over_is_over), .world = { ENDS } },
	{ NAMED("clone a connection that is over", over_is_cloned), .world = { ENDS } },
};

const struct subject states = SUBJECT(scenarios);
