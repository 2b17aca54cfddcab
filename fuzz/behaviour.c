/* SPDX-License-Identifier: 0BSD */
#include "behaviour.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <vetsock/error.h>

static struct vet_player *player;
static struct vet_scenario scenario; /* of this input; its context is the target */

unsigned char vet_fuzz_pattern[VET_FUZZ_BYTES], vet_fuzz_file[VET_FUZZ_BYTES];
bool vet_fuzz_is_telling;

/* ---- telling ---- */

static const char *of_result(int64_t result, char text[24])
{
	if (result < 0)
		return vet_error_name((int)result);
	(void)snprintf(text, 24, "%lld", (long long)result);
	return text;
}

void vet_fuzz_tell(const struct vet_fuzz_run *run, const struct vet_fuzz_slot *slot,
		   const char *verb, int64_t result, const char *format, ...)
{
	char number[24];
	va_list list;
	(void)fprintf(stderr, "  %s(#%d, ", verb, (int)(slot - run->slots) + 1);
	va_start(list, format);
	(void)vfprintf(stderr, format, list);
	va_end(list);
	(void)fprintf(stderr, ") = %s\n", of_result(result, number));
}

/* ---- what deeds choose ---- */

size_t vet_fuzz_size(struct vet_fuzz_run *run, const struct vet_fuzz_slot *slot)
{
	static const uint16_t sizes[2][4] = { { 41, 80, 200, 256 }, { 256, 2047, 2048, 2049 } };
	uint32_t byte = vet_trial_choose(run->trial, 256);
	return byte < 252 ? byte % 40
			  : sizes[vet_socket_kind(&slot->socket) > VET_STREAM][byte - 252];
}

struct vet_fuzz_slot *vet_fuzz_closed_slot(struct vet_fuzz_run *run)
{
	for (size_t i = 0; i < VET_FUZZ_SOCKETS; i++)
		if (!vet_fuzz_is_open(&run->slots[i]))
			return &run->slots[i];
	return NULL;
}

/* One that is open, or seldom (and if none is) one that is closed. */
static struct vet_fuzz_slot *choose_slot(struct vet_fuzz_run *run, unsigned which)
{
	struct vet_fuzz_slot *open[VET_FUZZ_SOCKETS];
	unsigned count = 0;
	for (size_t i = 0; i < VET_FUZZ_SOCKETS; i++)
		if (vet_fuzz_is_open(&run->slots[i]))
			open[count++] = &run->slots[i];
	if (count == 0 || (which == 15 && count < VET_FUZZ_SOCKETS))
		return vet_fuzz_closed_slot(run);
	return open[which % count];
}

struct vet_fuzz_flow *vet_fuzz_new_flow(struct vet_fuzz_run *run)
{
	struct vet_fuzz_flow *flow = &run->flows[run->flow_count++];
	flow->sent = flow->received = 0;
	flow->has_ended = flow->is_listening = flow->is_unsure = false;
	flow->queued = flow->taken = 0;
	return flow;
}

bool vet_fuzz_has_met(int error)
{
	const struct vet_plan *plan = vet_player_plan(player);
	uint32_t i = 0;
	while (i < plan->count && plan->rules[i].argument != -error &&
	       (error != EIO || plan->rules[i].action != VET_ACTION_ZERO))
		i++;
	return i < plan->count;
}

/* ---- deadlines ---- */

void vet_fuzz_promise(struct vet_fuzz_run *run, const struct vet_fuzz_slot *slot,
		      vet_duration from_now)
{
	if (run->promise != NULL || from_now != VET_DURATION_MAX)
		vet_trial_deadline(run->trial, from_now);
	run->promise = from_now == VET_DURATION_MAX ? NULL : slot;
}

static void set_deadline(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot, vet_duration d)
{
	STEP_VOID(run->trial, timeout_after, &slot->socket, d);
	slot->has_deadline = true;
	vet_fuzz_promise(run, slot, d > 0 ? d : 0);
	TELL(run, slot, "timeout_after", 0, "%lld ns", (long long)d);
}

void vet_fuzz_arm(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot, bool is_to_end)
{
	static const vet_duration durations[] = {
		VET_MILLISECONDS(10), 0,  VET_MILLISECONDS(2), VET_MICROSECONDS(300),
		VET_MILLISECONDS(40), -1,
	};
	unsigned how = run->who_and_when / 16;
	if (!vet_fuzz_is_open(slot))
		return;
	if (how < 8 && run->promise == slot) /* the one that it has */
		return;
	if (how < 8 && !is_to_end) {
		if (slot->has_deadline)
			STEP_VOID(run->trial, reset_deadline, &slot->socket);
		slot->has_deadline = false;
		vet_fuzz_promise(run, slot, VET_DURATION_MAX);
	} else {
		set_deadline(run, slot, durations[how % (sizeof durations / sizeof durations[0])]);
	}
}

void vet_fuzz_forget_deadline(struct vet_fuzz_run *run, const struct vet_fuzz_slot *slot)
{
	if (run->promise == slot)
		vet_fuzz_promise(run, NULL, VET_DURATION_MAX);
}

/* ---- a run ---- */

static void do_deed(struct vet_fuzz_run *run)
{
	const struct vet_fuzz_target *target = run->target;
	const struct vet_fuzz_deed *deed =
		&target->deeds[vet_trial_choose(run->trial, target->deed_count)];
	run->who_and_when = (unsigned char)vet_trial_choose(run->trial, 256);
	deed->act(run, choose_slot(run, run->who_and_when % 16));
}

/* A change in one deed leaves the others where they were. */
static void go_to(struct vet_tape *tape, size_t at)
{
	tape->front = at < tape->back ? at : tape->back;
}

static void end(struct vet_fuzz_run *run)
{
	vet_trial_calm(run->trial);
	vet_fuzz_do_free(run, &run->slots[0]);
	for (size_t i = 0; i < VET_FUZZ_SOCKETS; i++)
		if (vet_fuzz_is_open(&run->slots[i]))
			vet_fuzz_do_close(run, &run->slots[i]);
}

static void play(struct vet_trial *trial)
{
	static struct vet_fuzz_run run;
	struct vet_tape *tape = vet_trial_tape(trial);
	memset(run.slots, 0, sizeof run.slots);
	memset(&run.buffer, 0, sizeof run.buffer);
	run.trial = trial;
	run.target = vet_trial_context(trial);
	run.world = &scenario.world;
	run.pattern = scenario.world.sends;
	run.flow_count = run.accepted = 0;
	run.has_adopted = false;
	run.who_and_when = 0;
	run.promise = NULL;
	run.target->begin(&run, &run.slots[0]);
	for (unsigned i = 0; i < VET_FUZZ_DEEDS && tape->front < tape->back; i++) {
		go_to(tape, VET_FUZZ_WORLD + VET_FUZZ_DEED * i);
		do_deed(&run);
	}
	end(&run);
}

/* ---- an input ---- */

static void make_world(const struct vet_fuzz_target *target, struct vet_tape *tape)
{
	static const vet_duration latencies[] = { 0, VET_MILLISECONDS(1), VET_MICROSECONDS(10) };
	/* Long ones, or a call that fails for ever would reach its deadline late. */
	static const vet_duration ticks[] = { VET_MILLISECONDS(1), VET_MICROSECONDS(300),
					      VET_MILLISECONDS(1), 0 };
	static const uint16_t windows[] = { 0, 7, 64, 500 };
	uint32_t byte = vet_tape_choose(tape, VET_TAPE_PROGRAM, 256);
	struct vet_world *world = &scenario.world;
	scenario = (struct vet_scenario){ .name = target->name, .run = play, .context = target };
	world->manner = (enum vet_peer_manner)(byte % 3);
	world->latency = latencies[byte / 3 % 3];
	world->window = windows[byte / 9 % 4];
	world->lacks_sendfile = byte / 36 % 2 != 0;
	world->tick = ticks[byte / 72];
	world->sends = world->expects = vet_fuzz_pattern;
	world->sends_size = vet_tape_choose(tape, VET_TAPE_PROGRAM, 256);
	world->expects_size = VET_FUZZ_BYTES;
	byte = vet_tape_choose(tape, VET_TAPE_PROGRAM, 256);
	world->connections = byte % 8;
	world->datagrams = byte / 8 % 8;
	target->set(world, tape);
}

static void tell_world(const struct vet_world *world)
{
	static const char *const manners[] = { "an echo", "a source", "a talker" };
	(void)fprintf(
		stderr,
		"  the peer is %s of %zu bytes, latency %lld ns, tick %lld ns, window %zu, %u connections, "
		"%u datagrams, a file of %llu bytes%s\n",
		manners[world->manner], world->sends_size, (long long)world->latency,
		(long long)world->tick, world->window, world->connections, world->datagrams,
		(unsigned long long)world->file_size, world->lacks_sendfile ? ", no sendfile" : "");
}

/* The run again, aloud: the program's half of the tape ends where it has been read to. */
static _Noreturn void violated(const struct vet_fuzz_target *target,
			       const struct vet_violation *violation, const void *data,
			       size_t front)
{
	static char text[VET_PLAN_TEXT_SIZE];
	struct vet_tape tape;
	unsigned check;
	vet_tape_begin(&tape, data, front);
	make_world(target, &tape);
	(void)fprintf(stderr, "%s: what the program does:\n", target->name);
	tell_world(&scenario.world);
	vet_fuzz_is_telling = true;
	check = vet_player_replay(player, &scenario, &tape, &violation->plan, NULL);
	if (vet_plan_format(&violation->plan, text, sizeof text) < 0)
		strcpy(text, "(no plan)");
	(void)fprintf(stderr, "%s: %s: %s\n  under the plan '%s'\n", target->name,
		      vet_check_name(violation->check), violation->message, text);
	if (check != violation->check)
		(void)fprintf(stderr, "  (with that plan it is another run: %s)\n",
			      vet_check_name(check));
	abort();
}

/* ---- figures ---- */

static void say_figures(void)
{
	uint64_t runs, calls;
	vet_player_count(player, &runs, &calls);
	(void)fprintf(stderr, "%s: %llu executions, mean %.1f table calls\n", scenario.name,
		      (unsigned long long)runs, runs > 0 ? (double)calls / (double)runs : 0.0);
}

static void begin(void)
{
	const char *tell = getenv("VETSOCK_FUZZ_TELL");
	if (vet_player_make(&player) < 0)
		abort();
	vet_fuzz_is_telling = tell != NULL && strcmp(tell, "1") == 0;
	for (size_t i = 0; i < VET_FUZZ_BYTES; i++) {
		vet_fuzz_file[i] = vet_peer_byte(i);
		vet_fuzz_pattern[i] =
			i % VET_FUZZ_LINE == VET_FUZZ_LINE - 1 ? '\n' : vet_fuzz_file[i];
	}
	(void)atexit(say_figures);
}

void vet_fuzz_behave(const struct vet_fuzz_target *target, const void *data, size_t size)
{
	static struct vet_violation violation;
	struct vet_tape tape;
	if (player == NULL)
		begin();
	vet_tape_begin(&tape, data, size);
	make_world(target, &tape);
	if (vet_fuzz_is_telling)
		tell_world(&scenario.world);
	if (vet_player_play(player, &scenario, &tape, &violation) != VET_CHECK_NONE)
		violated(target, &violation, data, tape.front);
}
