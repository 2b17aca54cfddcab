/* SPDX-License-Identifier: 0BSD */
/* Deadlines: on the table's own clock, never early. */
#include "trial.h"

#include <errno.h>

/* Something that has to wait, and what it waits on. */
struct waiting {
	const char *name;
	int64_t (*wait)(struct trial *t, struct vet_socket *s);
	struct vet_socket *(*prepare)(struct trial *t);
};

static struct vet_socket *silent_stream(struct trial *t)
{
	return stream_pair(t).client;
}

static struct vet_socket *full_stream(struct trial *t)
{
	struct vet_socket *s = narrow_pair(t).client;

	(void)fill_stream(t, s);
	return s;
}

static struct vet_socket *silent_datagrams(struct trial *t)
{
	struct vet_socket *s = open_datagram(t);

	(void)bind_loopback(t, s);
	return s;
}

static struct vet_socket *idle_listener(struct trial *t)
{
	struct vet_address at;

	return open_listener(t, &at);
}

static int64_t wait_in_read(struct trial *t, struct vet_socket *s)
{
	char byte;

	(void)t;
	return vet_socket_read(s, &byte, 1);
}

static int64_t wait_in_read_exact(struct trial *t, struct vet_socket *s)
{
	char data[4];

	(void)t;
	return vet_socket_read_exact(s, data, sizeof(data), NULL);
}

static int64_t wait_in_read_all(struct trial *t, struct vet_socket *s)
{
	struct vet_buffer buffer = { 0 };
	int result = vet_socket_read_all(s, &buffer, 100);

	(void)t;
	vet_buffer_free(&buffer);
	return result;
}

static int64_t wait_in_write(struct trial *t, struct vet_socket *s)
{
	(void)t;
	return vet_socket_write(s, "abc", 3, NULL);
}

static int64_t wait_in_print(struct trial *t, struct vet_socket *s)
{
	(void)t;
	return vet_socket_print(s, "abc", 3, NULL);
}

static int64_t wait_in_receive_from(struct trial *t, struct vet_socket *s)
{
	char byte;

	(void)t;
	return vet_socket_receive_from(s, &byte, 1, NULL, NULL);
}

static int64_t wait_in_accept(struct trial *t, struct vet_socket *s)
{
	return vet_socket_accept(s, closed_socket(t), NULL);
}

static int64_t wait_in_send_file(struct trial *t, struct vet_socket *s)
{
	return vet_socket_send_file(s, make_file(t, 8), NULL);
}

static const struct waiting in_read = { "read", wait_in_read, silent_stream };
static const struct waiting in_read_exact = { "read_exact", wait_in_read_exact, silent_stream };
static const struct waiting in_read_all = { "read_all", wait_in_read_all, silent_stream };
static const struct waiting in_write = { "write", wait_in_write, full_stream };
static const struct waiting in_print = { "print", wait_in_print, full_stream };
static const struct waiting in_send_file = { "send_file", wait_in_send_file, full_stream };
static const struct waiting in_accept = { "accept", wait_in_accept, idle_listener };
static const struct waiting in_receive = { "receive_from", wait_in_receive_from, silent_datagrams };

static struct vet_instant now_of(struct trial *t, struct vet_socket *s)
{
	struct vet_instant now = { 0 };

	expect(t, "now", vet_socket_now(s, &now), 0);
	return now;
}

/* The whole time and not much more: a second of it is a machine that is busy, not a late table. */
static void never_early(struct trial *t)
{
	const struct waiting *row = t->row;
	struct vet_socket *s = row->prepare(t);
	struct vet_instant start = now_of(t, s);
	struct vet_instant deadline = vet_instant_add(start, VET_MILLISECONDS(3) + 1);
	struct vet_instant end;

	vet_socket_deadline_at(s, deadline);
	expect(t, row->name, row->wait(t, s), VET_EDEADLINE);
	end = now_of(t, s);
	expect_true(t, "the deadline has come", end.nanoseconds >= deadline.nanoseconds);
	expect_true(t, "and is less than a second ago",
		    vet_instant_difference(end, deadline) < VET_SECONDS(1));
}

/* One try, no wait. */
static void tries_once(struct trial *t, vet_duration duration)
{
	struct pair pair = stream_pair(t);
	unsigned long recvs, polls;
	char byte;

	vet_socket_timeout_after(pair.client, duration);
	recvs = calls_of(t, LEDGER_recv);
	polls = calls_of(t, LEDGER_poll);
	expect(t, "read", vet_socket_read(pair.client, &byte, 1), VET_EDEADLINE);
	expect(t, "calls of recv", (int64_t)(calls_of(t, LEDGER_recv) - recvs), 1);
	expect(t, "calls of poll", (int64_t)(calls_of(t, LEDGER_poll) - polls), 0);
}

static void of_zero(struct trial *t)
{
	tries_once(t, 0);
}

static void of_a_negative_time(struct trial *t)
{
	tries_once(t, -1);
	tries_once(t, VET_DURATION_MIN);
}

static void of_the_greatest_time(struct trial *t)
{
	struct vet_socket *s = open_stream(t);

	vet_socket_timeout_after(s, VET_DURATION_MAX);
	expect(t, "the deadline", vet_socket_deadline(s).nanoseconds,
	       vet_instant_never().nanoseconds);
}

static void set_and_reset(struct trial *t)
{
	struct vet_socket *s = open_stream(t);
	struct vet_instant now = now_of(t, s);
	struct vet_instant at = vet_instant_add(now, VET_MINUTES(5));

	vet_socket_deadline_at(s, at);
	expect(t, "the deadline", vet_socket_deadline(s).nanoseconds, at.nanoseconds);
	vet_socket_reset_deadline(s);
	expect(t, "the deadline, reset", vet_socket_deadline(s).nanoseconds,
	       vet_instant_never().nanoseconds);
	vet_socket_timeout_after(s, VET_MINUTES(5));
	expect_true(t, "a timeout counts from now on",
		    vet_socket_deadline(s).nanoseconds >= at.nanoseconds);
}

static void expired_and_not_needed(struct trial *t)
{
	struct pair pair = stream_pair(t);

	write_text(t, pair.client, "there");
	(void)wait_for(t, descriptor(t, pair.server), POLLIN);
	vet_socket_timeout_after(pair.client, -1);
	vet_socket_timeout_after(pair.server, -1);
	expect_text(t, pair.server, "there");
	write_text(t, pair.client, "too");
}

static void over_the_whole_operation(struct trial *t)
{
	struct pair pair = stream_pair(t);
	char data[8];
	size_t done = 0;

	write_text(t, pair.client, "half");
	(void)wait_for(t, descriptor(t, pair.server), POLLIN);
	vet_socket_timeout_after(pair.server, VET_MILLISECONDS(2));
	expect(t, "read_exact", vet_socket_read_exact(pair.server, data, 8, &done), VET_EDEADLINE);
	expect(t, "done", (int64_t)done, 4);
}

static void shared_by_sockets(struct trial *t)
{
	struct pair pair = stream_pair(t);
	struct vet_instant start = now_of(t, pair.client);
	struct vet_instant at = vet_instant_add(start, VET_MILLISECONDS(2));
	char byte;

	vet_socket_deadline_at(pair.client, at);
	vet_socket_deadline_at(pair.server, at);
	expect(t, "read on one side", vet_socket_read(pair.client, &byte, 1), VET_EDEADLINE);
	expect(t, "read on the other", vet_socket_read(pair.server, &byte, 1), VET_EDEADLINE);
	expect_true(t, "both ended at the one deadline",
		    now_of(t, pair.client).nanoseconds >= at.nanoseconds);
}

static void on_a_closed_socket(struct trial *t)
{
	struct vet_socket *s = closed_socket(t);
	unsigned long before = calls_made(t);

	vet_socket_timeout_after(s, VET_SECONDS(1));
	vet_socket_deadline_at(s, (struct vet_instant){ 1 });
	vet_socket_reset_deadline(s);
	expect(t, "the deadline of a closed socket", vet_socket_deadline(s).nanoseconds,
	       vet_instant_never().nanoseconds);
	expect_calls(t, "deadlines of a closed socket", before, 0);
}

static void kept_over_operations(struct trial *t)
{
	struct pair pair = stream_pair(t);
	struct vet_instant before;
	char byte;

	vet_socket_timeout_after(pair.client, VET_MILLISECONDS(1));
	before = vet_socket_deadline(pair.client);
	expect(t, "read", vet_socket_read(pair.client, &byte, 1), VET_EDEADLINE);
	expect(t, "the deadline stays", vet_socket_deadline(pair.client).nanoseconds,
	       before.nanoseconds);
	expect(t, "read again", vet_socket_read(pair.client, &byte, 1), VET_EDEADLINE);
}

static const struct conformance_case cases[] = {
	{ "deadline/read", "read ends at its deadline, never before", "socket.h Waiting", MUST,
	  BOTH, never_early, &in_read },
	{ "deadline/read-exact", "read_exact ends at its deadline, never before",
	  "socket.h Waiting", MUST, BOTH, never_early, &in_read_exact },
	{ "deadline/read-all", "read_all ends at its deadline, never before", "socket.h Waiting",
	  MUST, BOTH, never_early, &in_read_all },
	{ "deadline/write", "write ends at its deadline, never before", "socket.h Waiting", MUST,
	  BOTH, never_early, &in_write },
	{ "deadline/print", "print ends at its deadline, never before", "socket.h Waiting", MUST,
	  BOTH, never_early, &in_print },
	{ "deadline/send-file", "send_file ends at its deadline, never before", "socket.h Waiting",
	  MUST, BOTH, never_early, &in_send_file },
	{ "deadline/accept", "accept ends at its deadline, never before", "socket.h Waiting", MUST,
	  BOTH, never_early, &in_accept },
	{ "deadline/receive-from", "receive_from ends at its deadline, never before",
	  "socket.h Waiting", MUST, BOTH, never_early, &in_receive },
	{ "deadline/zero", "a timeout of 0 tries once and does not wait",
	  "socket.h vet_socket_timeout_after", MUST, ONCE, of_zero, NULL },
	{ "deadline/negative", "a negative timeout tries once and does not wait",
	  "socket.h vet_socket_timeout_after", MUST, ONCE, of_a_negative_time, NULL },
	{ "deadline/greatest", "the greatest timeout is none", "socket.h vet_socket_timeout_after",
	  MUST, ONCE, of_the_greatest_time, NULL },
	{ "deadline/set", "a deadline is kept until it is set anew or reset",
	  "socket.h deadlines; sys.h now", MUST, ONCE, set_and_reset, NULL },
	{ "deadline/not-needed", "what needs no waiting succeeds though the deadline passed",
	  "socket.h Waiting", MUST, BOTH, expired_and_not_needed, NULL },
	{ "deadline/whole", "a deadline is over the whole operation, done says how far it came",
	  "socket.h Waiting, done", MUST, BOTH, over_the_whole_operation, NULL },
	{ "deadline/shared", "one instant can be the deadline of several sockets",
	  "socket.h vet_socket_now", MUST, ONCE, shared_by_sockets, NULL },
	{ "deadline/closed", "a closed socket has no deadline, and setting one makes no call",
	  "socket.h vet_socket_deadline", MUST, ONCE, on_a_closed_socket, NULL },
	{ "deadline/kept", "a deadline that passed stays passed", "socket.h deadlines", MUST, ONCE,
	  kept_over_operations, NULL },
};

const struct conformance_group conformance_deadline = CONFORMANCE_GROUP(cases);
