/* SPDX-License-Identifier: 0BSD */
/*
 * What operations say, against what their calls said: a layer of the scenario's own, over the
 * table that it is given, notes the answers.
 */
#include "steps.h"

struct watch {
	struct vet_layer layer;
	bool has_peer;         /* connect or getpeername said that there is one */
	bool has_been_refused; /* sendfile was the last to answer, and cannot do it for this file */
	int told;              /* what SO_ERROR was, the last time that it was asked for */
	bool has_gone_on;      /* after two sends in a row that took none of some bytes */
	unsigned zeros;        /* so many in a row */
	unsigned dead;         /* accepts that failed, since it last polled */
	unsigned most_dead;
};

static bool is_refusal(int64_t result)
{
	return result == -EINVAL || result == -ENOSYS || result == -EOVERFLOW;
}

static void note_accepting(struct watch *watch, const struct vet_call *call, int64_t result)
{
	if (call->entry == VET_CALL_poll)
		watch->dead = 0;
	else if (call->entry == VET_CALL_accept && result < 0 && result != -EINTR)
		watch->dead++;
	if (watch->dead > watch->most_dead)
		watch->most_dead = watch->dead;
}

static int64_t note(struct vet_layer *layer, struct vet_call *call)
{
	struct watch *watch = (struct watch *)layer;
	int64_t result = vet_call_make(layer->next, call);
	if (call->entry == VET_CALL_connect || call->entry == VET_CALL_getpeername)
		watch->has_peer |= result == 0;
	if (call->entry == VET_CALL_getsockopt && result == 0 && call->u.get.name == SO_ERROR)
		memcpy(&watch->told, call->u.get.value, sizeof watch->told);
	watch->has_been_refused = call->entry == VET_CALL_sendfile && is_refusal(result);
	if (call->entry == VET_CALL_send || call->entry == VET_CALL_sendv) {
		watch->has_gone_on |= watch->zeros == 2;
		watch->zeros = result == 0 ? watch->zeros + 1 : 0;
	}
	note_accepting(watch, call, result);
	return result;
}

/* A stream on the watch, and what came of connecting it. */
static int64_t connect_it(struct vet_trial *t, struct watch *watch, struct vet_socket *s)
{
	struct vet_address server = step_server(t);
	memset(watch, 0, sizeof *watch);
	vet_layer_over(&watch->layer, vet_trial_sys(t), note);
	int64_t r = STEP(t, stream_on, s, &watch->layer.sys, 4);
	if (r == 0) {
		r = STEP(t, connect, s, &server);
		vet_trial_check(t, r < 0 || watch->has_peer);
		vet_trial_check(t, watch->told == 0 || r == -watch->told);
	}
	expect(t, r == 0);
	return r;
}

/* An error that was to be told is told; with ENOTCONN somebody else was. */
static void connection(struct vet_trial *t)
{
	int64_t pending = 0;
	struct watch watch;
	struct vet_socket s;
	if (connect_it(t, &watch, &s) == -ENOTCONN) {
		vet_trial_calm(t);
		vet_trial_check(t, STEP(t, error, &s, &pending) < 0 || pending == 0);
	}
	step_close(t, &s);
}

static void pending_error(struct vet_trial *t)
{
	int64_t pending = 0;
	struct watch watch;
	struct vet_socket s;
	if (connect_it(t, &watch, &s) == 0 && STEP(t, error, &s, &pending) == 0)
		vet_trial_check(t, pending == -watch.told);
	step_close(t, &s);
}

static void file(struct vet_trial *t)
{
	uint64_t done;
	struct watch watch;
	struct vet_socket s;
	if (connect_it(t, &watch, &s) == 0) {
		int64_t r = STEP(t, send_file, &s, VET_PEER_FILE, &done);
		vet_trial_done(t, done);
		vet_trial_check(t, r == 0 || !watch.has_been_refused);
	}
	step_close(t, &s);
}

static void writing_zeros(struct vet_trial *t)
{
	size_t done = 0;
	struct watch watch;
	struct vet_socket s;
	if (connect_it(t, &watch, &s) == 0) {
		int64_t r = step_write(t, &s, "hello", 5, &done);
		vet_trial_check(t, !watch.has_gone_on);
		vet_trial_check(t, watch.zeros < 2 || r == -EIO);
	}
	step_close(t, &s);
}

static void printing_zeros(struct vet_trial *t)
{
	size_t done = 0;
	struct watch watch;
	struct vet_socket s;
	if (connect_it(t, &watch, &s) == 0) {
		int64_t r = STEP(t, print, &s, "hello", 5, &done);
		vet_trial_done(t, done);
		vet_trial_check(t, !watch.has_gone_on);
		vet_trial_check(t, watch.zeros < 2 || r == -EIO);
	}
	step_close(t, &s);
}

/* Dead connections without end are passed over with rests: after four, no more without a poll. */
static void accepting_the_dead(struct vet_trial *t)
{
	struct watch watch;
	struct vet_socket s, peer = { 0 };
	memset(&watch, 0, sizeof watch);
	vet_layer_over(&watch.layer, vet_trial_sys(t), note);
	if (STEP(t, stream_on, &s, &watch.layer.sys, 4) == 0 && STEP(t, listen, &s) == 0)
		expect(t, step_accept(t, &s, &peer, NULL) == 0);
	vet_trial_check(t, watch.most_dead <= 5);
	step_close(t, &peer);
	step_close(t, &s);
}

#define LATER  .latency = VET_MILLISECONDS(1)
#define A_FILE .file_size = 20, .expects = pattern, .expects_size = 20

static const struct vet_scenario scenarios[] = {
	{ NAMED("watch an attempt to connect", connection), .world = { LATER } },
	{ NAMED("watch the pending error", pending_error) },
	{ NAMED("watch a file being sent", file), .world = { A_FILE } },
	{ NAMED("watch dead connections being passed over", accepting_the_dead),
	  .world = { .connections = 16 } },
	{ NAMED("watch what is written", writing_zeros),
	  .world = { .expects = "hello", .expects_size = 5 } },
	{ NAMED("watch what is printed", printing_zeros),
	  .world = { .expects = "hello\n", .expects_size = 6 } },
};

const struct subject watching = SUBJECT(scenarios);
