/* SPDX-License-Identifier: 0BSD */
/* Datagrams: one call, one datagram. */
#include "steps.h"

#define HELLO "hello"
enum { SIZE = sizeof HELLO - 1, ROOM = 16 };

/* ---- both ways; the peer is an echo ---- */

static int64_t send_to(struct vet_trial *t, struct vet_socket *s, const void *data, size_t size)
{
	struct vet_address server = step_server(t);
	int64_t n = STEP(t, send_to, s, data, size, &server);
	vet_trial_done(t, n > 0 ? (uint64_t)n : 0);
	vet_trial_check(t, n < 0 || n == (int64_t)size);
	expect(t, n == (int64_t)size);
	return n;
}

/* What comes is the datagram that was sent, or what there is room for. */
static int64_t receive(struct vet_trial *t, struct vet_socket *s, const void *due, size_t due_size,
		       size_t room)
{
	char data[ROOM];
	bool truncated;
	struct vet_address from, server = step_server(t);
	int64_t n = STEP(t, receive_from, s, data, room, &from, &truncated);
	size_t size = n > 0 ? (size_t)n : 0;
	vet_trial_done(t, size);
	vet_trial_check(t, size <= room && size <= due_size && memcmp(data, due, size) == 0);
	vet_trial_check(t, n >= 0 || (from.ip.family == 0 && !truncated));
	expect(t, n == (int64_t)(room < due_size ? room : due_size));
	expect(t, truncated == (room < due_size) && vet_address_equal(&from, &server));
	return n;
}

static void both_ways(struct vet_trial *t)
{
	struct vet_socket s;
	if (step_bound(t, &s) && send_to(t, &s, HELLO, SIZE) >= 0)
		receive(t, &s, HELLO, SIZE, ROOM);
	step_close(t, &s);
}

static void truncated(struct vet_trial *t)
{
	struct vet_socket s;
	if (step_datagram(t, &s) && send_to(t, &s, HELLO, SIZE) >= 0)
		receive(t, &s, HELLO, SIZE, 3);
	step_close(t, &s);
}

static void of_no_bytes(struct vet_trial *t)
{
	struct vet_socket s;
	if (step_datagram(t, &s) && send_to(t, &s, "", 0) >= 0)
		receive(t, &s, "", 0, ROOM);
	step_close(t, &s);
}

/* None is lost or cut by another. */
static void two(struct vet_trial *t)
{
	struct vet_socket s;
	if (step_datagram(t, &s) && send_to(t, &s, HELLO, 3) >= 0 &&
	    send_to(t, &s, &HELLO[3], 2) >= 0) {
		if (receive(t, &s, HELLO, 3, ROOM) >= 0)
			receive(t, &s, &HELLO[3], 2, ROOM);
	}
	step_close(t, &s);
}

static void too_long(struct vet_trial *t)
{
	struct vet_address server = step_server(t);
	struct vet_socket s;
	if (step_datagram(t, &s))
		expect(t, STEP(t, send_to, &s, pattern, 2049, &server) == -EMSGSIZE);
	step_close(t, &s);
}

static void to_addresses_that_are_refused(struct vet_trial *t)
{
	struct vet_address far = step_server(t), none = { 0 };
	struct vet_socket s;
	far.port = 65536;
	if (step_datagram(t, &s)) {
		vet_trial_check(t, STEP(t, send_to, &s, HELLO, SIZE, &far) == -EINVAL);
		vet_trial_check(t, STEP(t, send_to, &s, HELLO, SIZE, &none) == -EAFNOSUPPORT);
	}
	step_close(t, &s);
}

/* ---- with a peer that is set ---- */

static bool with_peer(struct vet_trial *t, struct vet_socket *s)
{
	struct vet_address server = step_server(t);
	if (!step_datagram(t, s))
		return false;
	int64_t r = STEP(t, connect, s, &server);
	expect(t, r == 0);
	return r == 0;
}

static int64_t write_one(struct vet_trial *t, struct vet_socket *s)
{
	size_t done;
	int64_t r = STEP(t, write, s, HELLO, SIZE, &done);
	vet_trial_done(t, done);
	vet_trial_check(t, done == (r == 0 ? SIZE : 0));
	expect(t, r == 0);
	if (r == 0)
		vet_trial_sent_all(t);
	return r;
}

static void write_and_read(struct vet_trial *t)
{
	struct inbox in = INBOX_OF(HELLO);
	struct vet_socket s;
	if (with_peer(t, &s) && write_one(t, &s) == 0)
		expect(t, step_read(t, &s, &in, ROOM) == SIZE);
	step_close(t, &s);
}

static void write_and_read_too_little(struct vet_trial *t)
{
	char data[3];
	struct vet_socket s;
	if (with_peer(t, &s) && write_one(t, &s) == 0)
		expect(t, STEP(t, read, &s, data, sizeof data) == -EMSGSIZE);
	step_close(t, &s);
}

static void write_some_and_read_into(struct vet_trial *t)
{
	struct vet_buffer buffer = { 0 };
	struct vet_socket s;
	if (with_peer(t, &s)) {
		int64_t n = STEP(t, write_some, &s, HELLO, SIZE);
		vet_trial_done(t, n > 0 ? SIZE : 0);
		vet_trial_check(t, n < 0 || n == SIZE);
		if (n == SIZE)
			expect(t, step_read_into(t, &s, &buffer, ROOM, HELLO, SIZE) == SIZE);
	}
	step_free(t, &buffer);
	step_close(t, &s);
}

static void print(struct vet_trial *t)
{
	size_t done;
	struct vet_socket s;
	if (with_peer(t, &s)) {
		int64_t r = STEP(t, print, &s, HELLO, SIZE, &done);
		vet_trial_done(t, done);
		vet_trial_check(t, done == (r == 0 ? SIZE + 1 : 0));
		expect(t, r == 0);
	}
	step_close(t, &s);
}

static void without_peer(struct vet_trial *t)
{
	size_t done;
	struct vet_socket s;
	if (step_datagram(t, &s))
		expect(t, STEP(t, write, &s, HELLO, SIZE, &done) == -EDESTADDRREQ);
	step_close(t, &s);
}

/* An address of its own for one datagram: that of the peer, which is all that this one has. */
static void send_to_with_peer(struct vet_trial *t)
{
	char data[ROOM];
	struct vet_address from;
	struct vet_socket s;
	if (with_peer(t, &s) && send_to(t, &s, HELLO, SIZE) >= 0) {
		int64_t n = STEP(t, receive_from, &s, data, ROOM, &from, NULL);
		vet_trial_done(t, n > 0 ? (uint64_t)n : 0);
		vet_trial_check(t, n < 0 ? from.ip.family == 0 : n == SIZE);
		expect(t, n == SIZE);
	}
	step_close(t, &s);
}

/* ---- what is asked and set ---- */

static void pending_error(struct vet_trial *t)
{
	int64_t told = 1;
	struct vet_socket s;
	if (with_peer(t, &s) && write_one(t, &s) == 0) {
		int64_t r = STEP(t, error, &s, &told);
		vet_trial_check(t, r < 0 ? told == 1 : told <= 0);
		expect(t, r == 0 && told == 0);
	}
	step_close(t, &s);
}

/* Both before and after there is a peer. */
static void options_of(struct vet_trial *t)
{
	struct vet_address server = step_server(t);
	struct vet_socket s;
	if (step_datagram(t, &s)) {
		SET_AND_GET(t, &s, broadcast, bool, true);
		expect(t, STEP(t, connect, &s, &server) == 0);
		SET_AND_GET(t, &s, ttl, int64_t, 64);
		SET_AND_GET(t, &s, send_buffer_size, int64_t, 4096);
	}
	step_close(t, &s);
}

static void addresses_of(struct vet_trial *t)
{
	struct vet_address own = step_own(t), server = step_server(t), local, peer;
	struct vet_socket s;
	if (step_bound(t, &s)) {
		expect(t, STEP(t, peer_address, &s, &peer) == -ENOTCONN);
		expect(t, STEP(t, connect, &s, &server) == 0);
		expect(t, STEP(t, bind, &s, &own) == -EINVAL);
		int64_t r = STEP(t, local_address, &s, &local);
		expect(t, r == 0 && vet_address_equal(&local, &own));
		r = STEP(t, peer_address, &s, &peer);
		vet_trial_check(t, r == 0 || peer.ip.family == 0);
		expect(t, r == 0 && vet_address_equal(&peer, &server));
	}
	step_close(t, &s);
}

/* The peer that was set last is the one. */
static void another_peer(struct vet_trial *t)
{
	struct vet_address server = step_server(t), own = step_own(t), peer;
	struct vet_socket s;
	if (step_datagram(t, &s) && STEP(t, connect, &s, &own) == 0) {
		int64_t again = STEP(t, connect, &s, &server);
		expect(t, again == 0);
		int64_t r = STEP(t, peer_address, &s, &peer);
		expect(t, r == 0);
		vet_trial_check(t, r < 0 || vet_address_equal(&peer, again == 0 ? &server : &own));
		(void)write_one(t, &s);
	}
	step_close(t, &s);
}

static void cloned(struct vet_trial *t)
{
	struct inbox in = INBOX_OF(HELLO);
	struct vet_socket s, clone = { 0 };
	if (with_peer(t, &s) && STEP(t, try_clone, &s, &clone) == 0 && write_one(t, &s) == 0)
		expect(t, step_read(t, &clone, &in, ROOM) == SIZE);
	step_close(t, &clone);
	step_close(t, &s);
}

static void shut_down_for_writing(struct vet_trial *t)
{
	size_t done;
	struct vet_socket s;
	if (with_peer(t, &s)) {
		int64_t r = STEP(t, shutdown_write, &s);
		expect(t, r == 0);
		if (r == 0)
			expect(t, STEP(t, write, &s, HELLO, SIZE, &done) == -EPIPE);
		expect(t, STEP(t, shutdown, &s) == 0);
	}
	step_close(t, &s);
}

/* Linux: it is shut down all the same. */
static void shut_down_without_a_peer(struct vet_trial *t)
{
	struct vet_socket s;
	if (step_bound(t, &s)) {
		expect(t, STEP(t, shutdown, &s) == -ENOTCONN);
		expect(t, STEP(t, listen, &s) == -EOPNOTSUPP);
	}
	step_close(t, &s);
}

static void not_as_a_stream(struct vet_trial *t)
{
	char data[4];
	size_t done;
	struct vet_buffer buffer = { 0 };
	struct vet_socket s;
	if (step_datagram(t, &s)) {
		vet_trial_check(t, STEP(t, read_exact, &s, data, 4, &done) == -EOPNOTSUPP);
		vet_trial_check(t, STEP(t, read_all, &s, &buffer, 4) == -EOPNOTSUPP);
	}
	vet_trial_check(t, buffer.data == NULL);
	step_close(t, &s);
}

static void shut_down_for_reading(struct vet_trial *t)
{
	char byte;
	struct vet_socket s;
	if (with_peer(t, &s)) {
		int64_t r = STEP(t, shutdown_read, &s);
		expect(t, r == 0);
		if (r == 0)
			expect(t, STEP(t, read, &s, &byte, 1) == VET_EOF);
	}
	step_close(t, &s);
}

/* ---- what comes by itself ---- */

/* Two, the second a while after the first. */
static void receive_two(struct vet_trial *t)
{
	struct inbox in = INBOX_OF(HELLO HELLO);
	struct vet_socket s;
	if (step_bound(t, &s)) {
		expect(t, step_read(t, &s, &in, ROOM) == SIZE);
		expect(t, step_read(t, &s, &in, ROOM) == SIZE);
	}
	step_close(t, &s);
}

/* None has come before the deadline; it comes after it. */
static void again_after_deadline(struct vet_trial *t)
{
	struct inbox in = INBOX_OF(HELLO HELLO);
	struct vet_socket s;
	if (step_bound(t, &s) && step_read(t, &s, &in, ROOM) == SIZE) {
		step_deadline(t, &s, VET_MILLISECONDS(1));
		int64_t n = step_read(t, &s, &in, ROOM);
		expect(t, n == VET_EDEADLINE);
		if (n < 0 && step_calm(t, &s))
			vet_trial_check(t, step_read(t, &s, &in, ROOM) == SIZE);
	}
	step_close(t, &s);
}

#define SENT  .expects = HELLO, .expects_size = SIZE
#define LATER .latency = VET_MILLISECONDS(2)
#define COME \
	{ \
		.manner = VET_PEER_TALKER, .sends = HELLO, .sends_size = SIZE, .datagrams = 2, \
		LATER \
	}

static const struct vet_scenario scenarios[] = {
	{ NAMED("datagrams both ways", both_ways), .world = { SENT } },
	{ NAMED("datagrams both ways over IPv6", both_ways), .world = { SENT },
	  .context = &on_ipv6 },
	{ NAMED("datagrams both ways, the answer later", both_ways), .world = { SENT, LATER } },
	{ NAMED("datagrams both ways in time", both_ways), .world = { SENT, LATER },
	  .context = &within_10_ms },
	{ NAMED("receive a datagram that is cut", truncated), .world = { SENT } },
	{ NAMED("send and receive a datagram of no bytes", of_no_bytes),
	  .world = { .expects = "" } },
	{ NAMED("send and receive two datagrams", two), .world = { SENT, LATER } },
	{ NAMED("send a datagram that is too long", too_long), .world = { .expects = "" } },
	{ NAMED("send a datagram to addresses that are refused", to_addresses_that_are_refused),
	  .world = { .expects = "" } },
	{ NAMED("write and read a datagram", write_and_read), .world = { SENT } },
	{ NAMED("write and read a datagram later", write_and_read), .world = { SENT, LATER } },
	{ NAMED("write and read a datagram in time", write_and_read), .world = { SENT, LATER },
	  .context = &within_10_ms },
	{ NAMED("read less than a datagram", write_and_read_too_little), .world = { SENT } },
	{ NAMED("write some and read into a buffer, datagrams", write_some_and_read_into),
	  .world = { SENT, LATER } },
	{ NAMED("print a datagram", print),
	  .world = { .expects = HELLO "\n", .expects_size = SIZE + 1 } },
	{ NAMED("print a datagram within a deadline", print),
	  .world = { .expects = HELLO "\n", .expects_size = SIZE + 1 }, .context = &within_10_ms },
	{ NAMED("write a datagram without a peer", without_peer), .world = { .expects = "" } },
	{ NAMED("read exactly and read all, with a datagram socket", not_as_a_stream) },
	{ NAMED("read from a datagram socket that was shut down", shut_down_for_reading) },
	{ NAMED("receive datagrams that come by themselves", receive_two), .world = COME },
	{ NAMED("receive datagrams that come in time", receive_two), .world = COME,
	  .context = &within_10_ms },
	{ NAMED("receive a datagram again after a deadline", again_after_deadline), .world = COME },
	{ NAMED("send to an address with a peer", send_to_with_peer), .world = { SENT } },
	{ NAMED("send to an address with a peer, the answer in time", send_to_with_peer),
	  .world = { SENT, LATER }, .context = &within_10_ms },
	{ NAMED("ask for the error of a datagram", pending_error), .world = { SENT } },
	{ NAMED("set and get options of a datagram socket", options_of) },
	{ NAMED("ask for the addresses of a datagram socket", addresses_of) },
	{ NAMED("set another peer", another_peer), .world = { SENT } },
	{ NAMED("read a datagram by a clone", cloned), .world = { SENT, LATER } },
	{ NAMED("shut down a datagram socket for writing", shut_down_for_writing),
	  .world = { .expects = "" } },
	{ NAMED("shut down a datagram socket without a peer", shut_down_without_a_peer) },
	/* raw sockets: the same, and fewer ways to be lost */
	{ NAMED("raw datagrams both ways", both_ways), .world = { SENT }, .context = &on_raw },
	{ NAMED("raw datagrams both ways over IPv6", both_ways), .world = { SENT, LATER },
	  .context = &on_raw_of_ipv6 },
	{ NAMED("raw datagrams both ways in time", both_ways), .world = { SENT, LATER },
	  .context = &raw_within_10_ms },
	{ NAMED("write and read a raw datagram", write_and_read), .world = { SENT, LATER },
	  .context = &on_raw },
	{ NAMED("write some and read into a buffer, raw", write_some_and_read_into),
	  .world = { SENT, LATER }, .context = &on_raw },
	{ NAMED("print a raw datagram", print),
	  .world = { .expects = HELLO "\n", .expects_size = SIZE + 1 }, .context = &on_raw },
	{ NAMED("send to an address with a peer, raw", send_to_with_peer), .world = { SENT, LATER },
	  .context = &on_raw },
	{ NAMED("ask for the error of a raw datagram", pending_error), .world = { SENT },
	  .context = &on_raw },
	{ NAMED("set and get options of a raw socket", options_of), .context = &on_raw },
	{ NAMED("ask for the addresses of a raw socket", addresses_of), .context = &on_raw },
	{ NAMED("shut down a raw socket for reading", shut_down_for_reading), .context = &on_raw },
	{ NAMED("shut down a raw socket without a peer", shut_down_without_a_peer),
	  .context = &on_raw },
};

const struct subject datagrams = SUBJECT(scenarios);
