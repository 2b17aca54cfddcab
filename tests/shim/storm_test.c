/* SPDX-License-Identifier: 0BSD */
/*
 * Storms of EINTR, and of readiness that comes to nothing, in every operation of vetsock that waits:
 * over the fault layer over the peer, so that each call can be counted and takes no time.  The
 * argument is how many interruptions in a row an operation has to live through (10^6).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vetsock/fault.h>
#include <vetsock/peer.h>

#include "storm_operations.h"

enum { AT_MOST = 500 }; /* readings of the clock to any deadline, where the tick doubles */

static uint64_t rages = 1000000;

static struct vet_peer peer;
static struct vet_fault fault;

/* ---- a run ---- */

static const struct operation *current;
static char plan_text[200];
static struct vet_plan plan;
static struct vet_world world;
static struct vet_socket s;

/* Each failure says which operation, under which plan. */
static void check(int line, bool holds, const char *what)
{
	if (!holds)
		fail_msg("%s, under '%s' (line %d): %s", current->name, plan_text, line, what);
}

static void check_number(int line, int64_t got, int64_t want, const char *what)
{
	if (got != want)
		fail_msg("%s, under '%s' (line %d): %s is %lld (%s), not %lld", current->name,
			 plan_text, line, what, (long long)got,
			 got < 0 ? vet_error_name((int)got) : "no error", (long long)want);
}

#define CHECK(condition) check(__LINE__, (condition), #condition)
#define SAME(got, want)  check_number(__LINE__, (int64_t)(got), (int64_t)(want), #got)

static void open_socket(struct vet_sys *sys)
{
	struct vet_address to = somewhere();
	memset(&s, 0, sizeof s);
	switch (current->kind) {
	case STREAM:
		SAME(vet_socket_adopt(&s, sys, VET_PEER_FOREIGN), 0);
		break;
	case DATAGRAM:
		SAME(vet_socket_datagram_on(&s, sys, 4), 0);
		SAME(vet_socket_connect(&s, &to), 0);
		break;
	default:
		SAME(vet_socket_stream_on(&s, sys, 4), 0);
		if (current->kind == LISTENER)
			SAME(vet_socket_listen(&s), 0);
	}
}

/* A socket of the operation's, where what it waits for comes `latency` after its beginning. */
static void begin(const struct operation *operation, int64_t latency, int64_t tick)
{
	struct vet_sys *sys;
	current = operation;
	memset(&world, 0, sizeof world);
	world.manner = VET_PEER_SOURCE;
	world.sends = pattern;
	world.sends_size = SIZE;
	world.expects = pattern;
	world.expects_size = operation->is_print ? SIZE + 1 : SIZE;
	world.latency = latency;
	world.connections = 1;
	world.datagrams = 1;
	world.file_size = SIZE;
	world.lacks_sendfile = operation->lacks_sendfile;
	world.tick = tick;
	SAME(vet_plan_parse(plan_text, strlen(plan_text), &plan, NULL), 0);
	/* Readiness that is none for ever is no lawful world of a stream; vetsock bears it all the same. */
	sys = vet_fault_start(&fault, vet_peer_start(&peer, &world), &plan, VET_FAULT_UNLAWFUL);
	CHECK(sys != NULL);
	open_socket(sys);
}

static void end(void)
{
	vet_socket_close(&s);
	vet_peer_finish(&peer);
}

static void write_plan(const char *waits, const char *when_waiting, const char *call,
		       const char *when)
{
	char first[100] = "";
	if (waits != NULL && waits[0] != '\0') {
		const char *at = strstr(waits, "@%s");
		(void)snprintf(first, sizeof first, "%.*s%s%s", (int)(at - waits), waits,
			       when_waiting, at + 3);
	}
	(void)snprintf(plan_text, sizeof plan_text, "%s%s%s=EINTR", first, call, when);
}

static unsigned entry_of(const char *call)
{
	return (unsigned)vet_entry_find(call, strlen(call));
}

/* What the operation is for has come to be. */
static void check_success(int64_t result)
{
	SAME(result, 0);
	CHECK(vet_peer_finding(&peer, NULL) == NULL);
	if (current->is_out)
		SAME(vet_peer_taken(&peer), world.expects_size);
}

static void check_none_moved(void)
{
	SAME(vet_peer_taken(&peer), 0);
	SAME(vet_peer_given(&peer), 0);
}

static bool has_call(const struct operation *o)
{
	return o->call != NULL;
}

static bool waits(const struct operation *o)
{
	return o->waits != NULL;
}

/* ---- without a deadline ---- */

static void a_storm_that_ends_is_lived_through(void **state)
{
	char when[40];
	(void)state;
	(void)snprintf(when, sizeof when, "@1-%llu", (unsigned long long)rages);
	for (size_t i = 0; i < operation_count; i++) {
		if (!has_call(&operations[i]))
			continue;
		write_plan(NULL, "", operations[i].call, when);
		begin(&operations[i], 0, VET_MICROSECONDS(1));
		check_success(current->run(&s));
		SAME(vet_fault_fired(&fault, 0), rages);
		SAME(fault.counts[VET_CALL_now], 0); /* nobody needs the time */
		SAME(fault.counts[VET_CALL_poll], 0);
		end();
	}
}

static void so_is_one_in_its_wait(void **state)
{
	char when[40];
	(void)state;
	(void)snprintf(when, sizeof when, "@1-%llu", (unsigned long long)rages);
	for (size_t i = 0; i < operation_count; i++) {
		if (!waits(&operations[i]))
			continue;
		write_plan(operations[i].waits, "@1", "poll", when);
		begin(&operations[i], VET_SECONDS(5), VET_MICROSECONDS(1));
		check_success(current->run(&s));
		SAME(vet_fault_fired(&fault, plan.count - 1), rages);
		SAME(vet_fault_unfired(&fault, NULL), 0);
		SAME(fault.counts[VET_CALL_poll], rages + 1);
		SAME(fault.counts[VET_CALL_now], 0);
		end();
	}
}

/* ---- with one, and a tick of 1 us ---- */

static void a_storm_that_ends_before_the_deadline_is_lived_through(void **state)
{
	char when[40];
	(void)state;
	(void)snprintf(when, sizeof when, "@1-%llu", (unsigned long long)rages);
	for (size_t i = 0; i < operation_count; i++) {
		if (!has_call(&operations[i]))
			continue;
		write_plan(NULL, "", operations[i].call, when);
		begin(&operations[i], 0, VET_MICROSECONDS(1));
		vet_socket_timeout_after(&s, VET_MICROSECONDS((int64_t)rages + 1000));
		check_success(current->run(&s));
		SAME(vet_fault_fired(&fault, 0), rages);
		SAME(fault.counts[VET_CALL_now], rages + 1); /* the first set the deadline */
		end();
	}
}

/*
 * Of the calls only those that reach the peer take time: 1 us for each reading of the clock.  The one
 * that shows the deadline is the last, and after it the call is tried once more.
 */
static void a_storm_meets_its_deadline_after_so_many_calls(void **state)
{
	const uint64_t left = rages / 2;
	(void)state;
	for (size_t i = 0; i < operation_count; i++) {
		uint64_t before, readings = left - operations[i].spends;
		if (!has_call(&operations[i]))
			continue;
		write_plan(NULL, "", operations[i].call, "");
		begin(&operations[i], 0, VET_MICROSECONDS(1));
		vet_socket_timeout_after(&s, VET_MICROSECONDS((int64_t)left));
		before = fault.counts[VET_CALL_now];
		SAME(current->run(&s), VET_EDEADLINE);
		SAME(fault.counts[VET_CALL_now] - before, readings);
		SAME(fault.counts[entry_of(current->call)], readings + 1);
		SAME(fault.counts[VET_CALL_poll], 0);
		check_none_moved();
		end();
	}
}

/* The same in poll, where nothing is tried again: the wait was all that was left.  The first try took
 * 1 us too, and one reading comes before the first poll. */
static void a_storm_in_the_wait_meets_it_too(void **state)
{
	const uint64_t left = rages / 2;
	(void)state;
	for (size_t i = 0; i < operation_count; i++) {
		uint64_t before;
		int64_t deadline;
		if (!waits(&operations[i]))
			continue;
		write_plan(operations[i].waits, "", "poll", "");
		begin(&operations[i], VET_HOURS(1), VET_MICROSECONDS(1));
		vet_socket_timeout_after(&s, VET_MICROSECONDS((int64_t)left));
		deadline = vet_socket_deadline(&s).nanoseconds;
		before = fault.counts[VET_CALL_now];
		SAME(current->run(&s), VET_EDEADLINE);
		CHECK(vet_peer_now(&peer) >= deadline);
		CHECK(vet_peer_now(&peer) <=
		      deadline + VET_MICROSECONDS(1)); /* memory given back */
		SAME(fault.counts[VET_CALL_now] - before, left - operations[i].spends - 1);
		SAME(fault.counts[VET_CALL_poll], left - operations[i].spends - 2);
		check_none_moved();
		end();
	}
}

/* ---- with one, and the tick that doubles ---- */

/* What is interrupted does not reach the peer: only the readings of the clock count. */
static void check_deadline_met(int64_t deadline, uint64_t calls)
{
	CHECK(fault.counts[VET_CALL_now] <= AT_MOST);
	CHECK(calls <= 2 * AT_MOST);
	CHECK(vet_peer_now(&peer) >= deadline);
	check_none_moved();
}

/* When the storm is over the socket is as good as before. */
static void check_usable(void)
{
	vet_fault_calm(&fault);
	vet_socket_reset_deadline(&s);
	check_success(current->run(&s));
}

static void an_endless_storm_meets_any_deadline(void **state)
{
	static const vet_duration limits[] = { VET_MILLISECONDS(1), VET_SECONDS(1), VET_HOURS(1),
					       VET_HOURS(1000000) };
	(void)state;
	for (size_t i = 0; i < operation_count; i++) {
		for (size_t j = 0; j < sizeof limits / sizeof limits[0]; j++) {
			uint64_t calls;
			if (!has_call(&operations[i]))
				continue;
			write_plan(NULL, "", operations[i].call, "");
			begin(&operations[i], 0, 0);
			vet_socket_timeout_after(&s, limits[j]);
			calls = fault.calls;
			SAME(current->run(&s), VET_EDEADLINE);
			check_deadline_met(vet_socket_deadline(&s).nanoseconds,
					   fault.calls - calls);
			check_usable();
			end();
		}
	}
}

static void so_it_does_in_the_wait(void **state)
{
	static const vet_duration limits[] = { VET_MILLISECONDS(1), VET_SECONDS(1), VET_HOURS(1) };
	(void)state;
	for (size_t i = 0; i < operation_count; i++) {
		for (size_t j = 0; j < sizeof limits / sizeof limits[0]; j++) {
			uint64_t calls;
			if (!waits(&operations[i]))
				continue;
			write_plan(operations[i].waits, "", "poll", "");
			begin(&operations[i], VET_HOURS(100), 0);
			vet_socket_timeout_after(&s, limits[j]);
			calls = fault.calls;
			SAME(current->run(&s), VET_EDEADLINE);
			check_deadline_met(vet_socket_deadline(&s).nanoseconds,
					   fault.calls - calls);
			check_usable();
			end();
		}
	}
}

/* Interrupted everywhere, the call and its wait by turns. */
static void so_it_does_in_everything(void **state)
{
	(void)state;
	for (size_t i = 0; i < operation_count; i++) {
		uint64_t calls;
		if (!has_call(&operations[i]) || !waits(&operations[i]))
			continue;
		(void)snprintf(plan_text, sizeof plan_text,
			       "seed:7; poll=EINTR; %s@50%%=EINTR; "
			       "%s=EAGAIN",
			       operations[i].call, operations[i].call);
		begin(&operations[i], 0, 0);
		vet_socket_timeout_after(&s, VET_HOURS(1));
		calls = fault.calls;
		SAME(current->run(&s), VET_EDEADLINE);
		check_deadline_met(vet_socket_deadline(&s).nanoseconds, fault.calls - calls);
		end();
	}
}

/* ---- readiness that comes to nothing ---- */

/*
 * poll says again and again that it is ready, and the call would block.  The first try, and five more
 * after a poll each, come at once: four turns in a row were fruitless.  Then each poll has a rest
 * before it, of 1, 2, 4, ... 64 ms, and 64 from then on: in 0.5 s these are 6 of 63 ms in all, 6 of
 * 64 ms, and one of what is left, which ends with the last try.
 */
static void endless_readiness_costs_no_time_of_the_processor(void **state)
{
	(void)state;
	for (size_t i = 0; i < operation_count; i++) {
		const struct operation *o = &operations[i];
		uint64_t before;
		if (!waits(o) || !has_call(o) || o->lacks_sendfile)
			continue;
		(void)snprintf(plan_text, sizeof plan_text, "%s=EAGAIN; poll=spurious", o->call);
		if (!o->is_out) /* nothing is there anyway */
			(void)snprintf(plan_text, sizeof plan_text, "poll=spurious");
		begin(o, VET_HOURS(1), VET_MICROSECONDS(1));
		vet_socket_timeout_after(&s, VET_MILLISECONDS(500));
		before = fault.counts[entry_of(o->call)];
		SAME(o->run(&s), VET_EDEADLINE);
		CHECK(vet_peer_now(&peer) >= vet_socket_deadline(&s).nanoseconds);
		CHECK(vet_peer_now(&peer) <=
		      vet_socket_deadline(&s).nanoseconds + VET_MICROSECONDS(10));
		SAME(fault.counts[entry_of(o->call)] - before, 1 + 5 + 13);
		SAME(fault.counts[VET_CALL_poll], 5 + 12 + 13); /* a rest is one too */
		check_none_moved();
		end();
	}
}

/* Without a deadline it rests for ever: here until what it waits for comes, after 10 s. */
static void and_it_ends_when_something_comes(void **state)
{
	(void)state;
	for (size_t i = 0; i < operation_count; i++) {
		const struct operation *o = &operations[i];
		if (!waits(o) || !has_call(o) || o->is_out)
			continue;
		(void)snprintf(plan_text, sizeof plan_text, "poll=spurious");
		begin(o, VET_SECONDS(10), VET_MICROSECONDS(1));
		check_success(o->run(&s));
		/* 6 rests are 63 ms, and 156 of 64 ms the rest. */
		SAME(fault.counts[entry_of(o->call)], 1 + 5 + 6 + 156 + o->is_read_all);
		end();
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_storm_that_ends_is_lived_through),
		cmocka_unit_test(so_is_one_in_its_wait),
		cmocka_unit_test(a_storm_that_ends_before_the_deadline_is_lived_through),
		cmocka_unit_test(a_storm_meets_its_deadline_after_so_many_calls),
		cmocka_unit_test(a_storm_in_the_wait_meets_it_too),
		cmocka_unit_test(an_endless_storm_meets_any_deadline),
		cmocka_unit_test(so_it_does_in_the_wait),
		cmocka_unit_test(so_it_does_in_everything),
		cmocka_unit_test(endless_readiness_costs_no_time_of_the_processor),
		cmocka_unit_test(and_it_ends_when_something_comes),
	};
	if (argc > 1)
		rages = strtoull(argv[1], NULL, 10);
	pattern_fill();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
