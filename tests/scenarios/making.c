/* SPDX-License-Identifier: 0BSD */
/* Sockets made, adopted, cloned, released, shut down and closed. */
#include "steps.h"

static void stream(struct vet_trial *t)
{
	struct vet_socket s;
	step_stream(t, &s);
	step_close(t, &s);
}

static void datagram(struct vet_trial *t)
{
	struct vet_socket s;
	step_datagram(t, &s);
	step_close(t, &s);
}

static void raw(struct vet_trial *t)
{
	struct vet_socket s;
	int64_t r = STEP(t, raw_on, &s, vet_trial_sys(t), 4, 1);
	expect(t, r == 0);
	vet_trial_check(t, (r == 0) == (vet_socket_fd(&s) >= 0));
	vet_trial_check(t, r < 0 || vet_socket_kind(&s) == VET_RAW);
	step_close(t, &s);
}

static void what_it_is(struct vet_trial *t)
{
	struct vet_socket s;
	if (step_stream(t, &s)) {
		vet_trial_check(t, STEP(t, family, &s) == 4);
		vet_trial_check(t, STEP(t, kind, &s) == VET_STREAM);
		vet_trial_check(t, STEP(t, fd, &s) >= 0);
		vet_trial_check(t, STEP(t, flush, &s) == 0);
	}
	step_close(t, &s);
	vet_trial_check(t, STEP(t, family, &s) == -EBADF);
	vet_trial_check(t, STEP(t, kind, &s) == -EBADF);
	vet_trial_check(t, STEP(t, fd, &s) == -EBADF);
	vet_trial_check(t, STEP(t, flush, &s) == -EBADF);
}

/* No argument that is refused leads to a call, and so to a fault. */
static void refused(struct vet_trial *t)
{
	struct vet_socket s;
	struct vet_sys *sys = vet_trial_sys(t);
	vet_trial_check(t, STEP(t, stream_on, &s, sys, 5) == -EAFNOSUPPORT);
	vet_trial_check(t, STEP(t, datagram_on, &s, sys, 0) == -EAFNOSUPPORT);
	vet_trial_check(t, STEP(t, raw_on, &s, sys, 4, 256) == -EINVAL);
	vet_trial_check(t, STEP(t, stream_on, &s, NULL, 4) == VET_ETABLE);
	vet_trial_check(t, STEP(t, close, &s) == -EBADF);
	step_stream(t, &s);
	step_close(t, &s);
}

/* ---- adopted ---- */

static void drop_foreign(struct vet_trial *t, int fd)
{
	struct vet_sys *sys = vet_trial_sys(t);
	vet_trial_begin(t, &operations[OPERATION_close]);
	(void)vet_trial_end(t, (sys->calls->close)(sys, fd));
}

/* True, or the descriptor was the caller's again, and was closed. */
static bool adopt(struct vet_trial *t, struct vet_socket *s)
{
	int64_t r = STEP(t, adopt, s, vet_trial_sys(t), VET_PEER_FOREIGN);
	expect(t, r == 0);
	vet_trial_check(t, (r == 0) == (vet_socket_fd(s) >= 0));
	vet_trial_check(t, r < 0 || vet_socket_kind(s) == VET_STREAM);
	vet_trial_check(t, r < 0 || vet_socket_family(s) == 4);
	if (r < 0)
		drop_foreign(t, VET_PEER_FOREIGN);
	return r == 0;
}

static void adopted(struct vet_trial *t)
{
	struct inbox in = INBOX_OF("hello");
	struct vet_socket s;
	if (adopt(t, &s))
		expect(t, step_read(t, &s, &in, 8) == 5);
	step_close(t, &s);
}

/* What is connected already is not connected anew, whoever connected it. */
static void adopted_connected(struct vet_trial *t)
{
	struct vet_socket s;
	struct vet_address server = step_server(t);
	if (adopt(t, &s))
		expect(t, STEP(t, connect, &s, &server) == -EISCONN);
	step_close(t, &s);
}

static void released(struct vet_trial *t)
{
	struct vet_socket s;
	if (!adopt(t, &s))
		return;
	int64_t fd = STEP(t, release, &s);
	vet_trial_check(t, fd >= 0 && vet_socket_fd(&s) == -EBADF);
	drop_foreign(t, (int)fd);
}

/* ---- cloned ---- */

/* True, or it was not cloned. */
static bool cloned(struct vet_trial *t, struct vet_socket *s, struct vet_socket *clone)
{
	memset(clone, 0, sizeof *clone);
	if (!step_connected(t, s))
		return false;
	int64_t r = STEP(t, try_clone, s, clone);
	expect(t, r == 0);
	vet_trial_check(t, (r == 0) == (vet_socket_fd(clone) >= 0));
	return r == 0;
}

/* What is left of the two is the connection. */
static void write_and_close(struct vet_trial *t, struct vet_socket *s)
{
	size_t done = 0;
	int64_t r = step_write(t, s, "hello", 5, &done);
	expect(t, r == 0);
	if (r == 0)
		vet_trial_sent_all(t);
	step_close(t, s);
}

static void clone_closed_first(struct vet_trial *t)
{
	struct vet_socket s, clone;
	if (cloned(t, &s, &clone)) {
		step_close(t, &clone);
		write_and_close(t, &s);
	}
	step_close(t, &s);
}

static void original_closed_first(struct vet_trial *t)
{
	struct vet_socket s, clone;
	if (cloned(t, &s, &clone)) {
		vet_trial_check(t, STEP(t, try_clone, &s, &clone) == -EINVAL);
		step_close(t, &s);
		write_and_close(t, &clone);
	}
	step_close(t, &s);
	step_close(t, &clone);
}

/* ---- shut down ---- */

static void shut_down(struct vet_trial *t)
{
	char byte;
	struct vet_socket s;
	if (step_connected(t, &s)) {
		int64_t r = STEP(t, shutdown, &s);
		expect(t, r == 0);
		if (r == 0) {
			expect(t, STEP(t, write_some, &s, "x", 1) == -EPIPE);
			expect(t, STEP(t, read, &s, &byte, 1) == 0);
		}
	}
	step_close(t, &s);
}

static void shut_down_read(struct vet_trial *t)
{
	size_t done = 0;
	char byte;
	struct vet_socket s;
	if (step_connected(t, &s)) {
		int64_t r = STEP(t, shutdown_read, &s);
		expect(t, r == 0);
		if (r == 0)
			expect(t, STEP(t, read, &s, &byte, 1) == 0);
		expect(t, step_write(t, &s, "hello", 5, &done) == 0);
	}
	step_close(t, &s);
}

static void shut_down_unconnected(struct vet_trial *t)
{
	struct vet_socket s;
	if (step_stream(t, &s))
		expect(t, STEP(t, shutdown_write, &s) == -ENOTCONN);
	step_close(t, &s);
}

#define HELLO .expects = "hello", .expects_size = 5

static const struct vet_scenario scenarios[] = {
	{ NAMED("make a stream of IPv4", stream) },
	{ NAMED("make a stream of IPv6", stream), .context = &on_ipv6 },
	{ NAMED("make a datagram socket of IPv4", datagram) },
	{ NAMED("make a datagram socket of IPv6", datagram), .context = &on_ipv6 },
	{ NAMED("make a raw socket", raw) },
	{ NAMED("make with arguments that are refused", refused) },
	{ NAMED("ask what a socket is", what_it_is) },
	{ NAMED("adopt a connection and read", adopted),
	  .world = { .manner = VET_PEER_SOURCE, .sends = "hello", .sends_size = 5 } },
	{ NAMED("adopt a connection and connect", adopted_connected) },
	{ NAMED("adopt a connection and release it", released) },
	{ NAMED("clone and close the clone first", clone_closed_first), .world = { HELLO } },
	{ NAMED("clone and close the original first", original_closed_first), .world = { HELLO } },
	{ NAMED("shut down", shut_down), .world = { .expects = "" } },
	{ NAMED("shut down for reading", shut_down_read), .world = { HELLO } },
	{ NAMED("shut down without a connection", shut_down_unconnected) },
};

const struct subject making = SUBJECT(scenarios);
