/* SPDX-License-Identifier: 0BSD */
/* The fault layer: which rule acts on a call, and what it then does. */
#include <vetsock/fault.h>

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <vetsock/error.h>

#include "../../src/os.h"
#include "../call/call.h"
#include "automaton.h"

enum { PARTS = 64 }; /* of a gather write that is cut */

/* ---- which rule acts ---- */

/* SplitMix64: each rule has a stream of its own, the same on every machine. */
static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* Whether the call would move byte `wanted` of what goes through the description, in its direction. */
static bool moves_byte(const struct vet_call *call, const struct vet_fault_description *d,
		       uint64_t wanted)
{
	uint32_t bit = UINT32_C(1) << call->entry;
	uint64_t so_far;
	if (d == NULL || !(bit & (VET_CALLS_IN | VET_CALLS_OUT)) ||
	    (bit & VET_CALLS_IN && call->u.in.flags & MSG_PEEK))
		return false;
	so_far = bit & VET_CALLS_IN ? d->in : d->out;
	return wanted > so_far && wanted - so_far <= vet_call_asked(call);
}

/* The rule's turn has come; called once for each call that the rule counts. */
static bool is_due(struct vet_fault *fault, size_t i, uint64_t count, const struct vet_call *call,
		   const struct vet_fault_description *d)
{
	const struct vet_rule *rule = &fault->plan->rules[i];
	switch (rule->when) {
	case VET_WHEN_PERCENT:
		return draw(&fault->draws[i]) % 100 < rule->from;
	case VET_WHEN_BYTE:
		return fault->fired[i] == 0 && moves_byte(call, d, rule->from);
	default:
		return count >= rule->from && count <= rule->to;
	}
}

/* poll reports what was asked for, and ERR HUP NVAL always (poll(2)). */
static short visible_events(const struct vet_call *call, int64_t events)
{
	short asked = call->u.poll.descriptors[0].events;
	return (short)(events & (asked | POLLERR | POLLHUP | POLLNVAL));
}

/* Readiness may turn out to be none; that somebody has ended his half is true when it is said. */
static short spurious_events(const struct vet_call *call)
{
	return (short)(call->u.poll.descriptors[0].events & ~POLLRDHUP);
}

/* EAGAIN changes nothing where the call would block anyway, and no connection that did not come can
 * be lost. */
static bool would_block(struct vet_fault *fault, const struct vet_call *call)
{
	uint32_t bit = UINT32_C(1) << call->entry;
	struct pollfd p = { .fd = call->fd };
	struct vet_call look = { .entry = VET_CALL_poll, .fd = -1 };
	if (bit & VET_CALLS_OUT)
		p.events = POLLOUT;
	else if (bit & (VET_CALLS_IN | VET_BIT(accept)))
		p.events = POLLIN;
	else
		return false;
	look.u.poll.descriptors = &p;
	look.u.poll.count = 1;
	look.u.poll.nanoseconds = 0;
	return vet_call_make(fault->layer.next, &look) == 0;
}

static bool takes_away(const struct vet_fault *fault)
{
	return fault->row != NULL && fault->row->effect == VET_EFFECT_TAKEN;
}

static socklen_t *length_of(const struct vet_call *call)
{
	switch (call->entry) {
	case VET_CALL_getsockopt:
		return call->u.get.length;
	case VET_CALL_recvfrom:
		return call->u.in.length;
	default:
		return call->u.name.length;
	}
}

static struct sockaddr *address_of(const struct vet_call *call)
{
	return call->entry == VET_CALL_recvfrom ? call->u.in.address : call->u.name.address;
}

static bool would_change(struct vet_fault *fault, const struct vet_rule *rule,
			 const struct vet_call *call)
{
	bool unlawful = fault->flags & VET_FAULT_UNLAWFUL;
	switch (rule->action) {
	case VET_ACTION_ERROR:
		return (rule->argument != -EAGAIN && !takes_away(fault)) ||
		       !would_block(fault, call);
	case VET_ACTION_SHORT:
		return (uint64_t)rule->argument < vet_call_asked(call);
	case VET_ACTION_TIMEOUT:
		return call->u.poll.nanoseconds > 0;
	case VET_ACTION_SPURIOUS:
		return call->u.poll.count > 0 && spurious_events(call) != 0;
	case VET_ACTION_EVENTS:
		return call->u.poll.count > 0 &&
		       (unlawful || visible_events(call, rule->argument) != 0);
	case VET_ACTION_LENGTH:
		return length_of(call) != NULL;
	case VET_ACTION_FAMILY:
		return length_of(call) != NULL && address_of(call) != NULL;
	case VET_ACTION_DELAY:
	case VET_ACTION_JUMP:
		return rule->argument != 0;
	case VET_ACTION_FREEZE:
		return !fault->is_frozen;
	default:
		return true;
	}
}

/* The row that allows the rule where the call is; as a rule the one that did the last time. */
static const struct vet_lawful *find_row(struct vet_fault *fault, int i)
{
	const struct vet_rule *rule = &fault->plan->rules[i];
	const struct vet_lawful *row = fault->row_of[i];
	if (row == NULL || !vet_lawful_allows(row, rule, &fault->situation))
		row = fault->row_of[i] = vet_lawful_find(rule, &fault->situation);
	return row;
}

/* Whether the rule, whose turn it is, acts: fault->row is then the row that allows it. */
static bool can_act(struct vet_fault *fault, int i, const struct vet_call *call)
{
	const struct vet_rule *rule = &fault->plan->rules[i];
	if (!vet_action_fits(call->entry, rule->action))
		return false;
	fault->row = find_row(fault, i);
	if (fault->row == NULL && !(fault->flags & VET_FAULT_UNLAWFUL) &&
	    rule->action != VET_ACTION_PASS && rule->action != VET_ACTION_SIGNAL)
		return false;
	return would_change(fault, rule, call);
}

static int32_t pick(struct vet_fault *fault, const struct vet_call *call,
		    const struct vet_fault_description *d)
{
	int32_t chosen = -1;
	for (int i = fault->first_rule[call->entry]; i >= 0; i = fault->next_rule[i]) {
		const struct vet_rule *rule = &fault->plan->rules[i];
		uint64_t count = fault->counts[call->entry];
		if (rule->entry == VET_CALL_ANY)
			count = fault->calls;
		else if (rule->entry != call->entry)
			continue;
		if (rule->descriptor != 0) {
			if (rule->descriptor != fault->number)
				continue;
			count = ++fault->matched[i];
		}
		if (is_due(fault, (size_t)i, count, call, d) && chosen < 0 &&
		    can_act(fault, i, call))
			chosen = i;
	}
	if (chosen < 0)
		fault->row = NULL;
	return chosen;
}

/* ---- what it does ---- */

/* What one act works on. */
struct act {
	struct vet_fault *fault;
	const struct vet_rule *rule;
	struct vet_call *call;
	struct vet_fault_description *d;
	bool fired;
};

static int64_t make_below(struct act *act)
{
	return vet_automaton_make(act->fault, act->call, act->d);
}

/* Something else came of it: the call goes as it would have. */
static int64_t let_go(struct act *act, int64_t result)
{
	act->fired = false;
	return result;
}

static bool lasts(const struct vet_rule *rule)
{
	return rule->when == VET_WHEN_CALLS && rule->to == UINT64_MAX;
}

/* After an EAGAIN readiness comes later, or never. */
static void hide(struct act *act)
{
	uint32_t bit = UINT32_C(1) << act->call->entry;
	uint8_t how = lasts(act->rule) ? 2 : 1;
	if (act->d == NULL)
		return;
	if (bit & VET_CALLS_OUT)
		act->d->hidden_out = how;
	else if (bit & (VET_CALLS_IN | VET_BIT(accept)))
		act->d->hidden_in = how;
}

/* The attempt goes on, whatever the caller is told. */
static int64_t begin(struct act *act)
{
	int64_t result = make_below(act);
	if ((result != 0 && result != -EINPROGRESS) || result == act->rule->argument)
		return let_go(act, result);
	act->d->untold = result == 0 ? TOLD_BELOW : UNTOLD;
	return act->rule->argument;
}

/* accept(2): one connection is taken out of the queue, and is lost. */
static int64_t take_away(struct act *act)
{
	struct vet_call taken = { .entry = VET_CALL_accept, .fd = act->call->fd };
	struct vet_call close = { .entry = VET_CALL_close };
	int64_t fd = vet_automaton_make(act->fault, &taken, act->d);
	if (fd < 0)
		return let_go(act, fd);
	close.fd = (int)fd;
	(void)vet_call_make(act->fault->layer.next, &close);
	return act->rule->argument;
}

static void clear_revents(const struct vet_call *call)
{
	for (nfds_t i = 0; i < call->u.poll.count; i++)
		call->u.poll.descriptors[i].revents = 0;
}

static int64_t act_error(struct act *act)
{
	unsigned effect = act->fault->row != NULL ? act->fault->row->effect : VET_EFFECT_NONE;
	if (effect == VET_EFFECT_BEGUN && act->d != NULL)
		return begin(act);
	if (effect == VET_EFFECT_TAKEN)
		return take_away(act);
	if (effect == VET_EFFECT_WHOLE || act->rule->after || act->call->entry == VET_CALL_close) {
		int64_t result = make_below(act);
		if (result == act->rule->argument ||
		    (act->call->entry == VET_CALL_bind && result < 0)) /* nothing has begun */
			return let_go(act, result);
		if (act->call->entry == VET_CALL_poll)
			clear_revents(act->call);
	}
	if (act->rule->argument == -EAGAIN)
		hide(act);
	return act->rule->argument;
}

/* *most becomes what really was asked for, which is less where the parts are many. */
static int64_t cut_gather(struct act *act, size_t *most)
{
	struct iovec parts[PARTS];
	struct vet_call cut = *act->call;
	size_t left = *most;
	int count = 0;
	for (; left > 0 && count < act->call->u.gather.count && count < PARTS; count++) {
		parts[count] = act->call->u.gather.parts[count];
		if (parts[count].iov_len > left)
			parts[count].iov_len = left;
		left -= parts[count].iov_len;
	}
	*most -= left;
	cut.u.gather.parts = parts;
	cut.u.gather.count = count;
	return vet_automaton_make(act->fault, &cut, act->d);
}

static int64_t act_short(struct act *act)
{
	size_t most = (size_t)act->rule->argument;
	struct vet_call cut = *act->call;
	int64_t result;
	switch (cut.entry) {
	case VET_CALL_recv:
	case VET_CALL_recvfrom:
		cut.u.in.size = most;
		break;
	case VET_CALL_send:
	case VET_CALL_sendto:
		cut.u.out.size = most;
		break;
	case VET_CALL_pread:
		cut.u.read.size = most;
		break;
	default:
		cut.u.file.size = most;
	}
	result = cut.entry == VET_CALL_sendv ? cut_gather(act, &most)
					     : vet_automaton_make(act->fault, &cut, act->d);
	act->fired = result == (int64_t)most; /* less, or an error: it was not the cut */
	return result;
}

static int64_t report(const struct act *act, short events)
{
	clear_revents(act->call);
	act->call->u.poll.descriptors[0].revents = events;
	return 1;
}

static int64_t act_events(struct act *act)
{
	return report(act, act->fault->flags & VET_FAULT_UNLAWFUL
				   ? (short)act->rule->argument
				   : visible_events(act->call, act->rule->argument));
}

static int64_t act_zero(struct act *act)
{
	if (act->call->entry == VET_CALL_poll)
		clear_revents(act->call);
	return 0;
}

static int64_t act_timeout(struct act *act)
{
	int64_t result = vet_automaton_sleep(act->fault, act->call->u.poll.nanoseconds);
	if (result < 0)
		return let_go(act, result);
	clear_revents(act->call);
	return 0;
}

static int64_t act_value(struct act *act, int64_t value)
{
	struct vet_call *call = act->call;
	int number = (int)value;
	socklen_t size = sizeof number;
	if (call->entry == VET_CALL_interface_index)
		return value;
	if (act->d != NULL) /* what was pending is told with it */
		act->d->pending = 0;
	size = *call->u.get.length < size ? *call->u.get.length : size;
	memcpy(call->u.get.value, &number, size);
	*call->u.get.length = size;
	return 0;
}

static int64_t act_length(struct act *act)
{
	int64_t result = make_below(act);
	socklen_t *length = length_of(act->call);
	if (result < 0 || *length == (socklen_t)act->rule->argument)
		return let_go(act, result);
	*length = (socklen_t)act->rule->argument;
	return result;
}

static int64_t act_family(struct act *act)
{
	const socklen_t *length = length_of(act->call);
	socklen_t room = *length;
	struct sockaddr *address = address_of(act->call);
	int64_t result = make_below(act);
	socklen_t there = *length < room ? *length : room; /* a stream's recvfrom gives none */
	if (result < 0 || there < offsetof(struct sockaddr, sa_data) ||
	    address->sa_family == (sa_family_t)act->rule->argument)
		return let_go(act, result);
	address->sa_family = (sa_family_t)act->rule->argument;
	return result;
}

static void be_late(struct vet_fault *fault, int64_t by)
{
	if (by > 0)
		fault->lateness =
			by > INT64_MAX - fault->lateness ? INT64_MAX : fault->lateness + by;
}

static int64_t act_delay(struct act *act)
{
	be_late(act->fault, act->rule->argument);
	(void)vet_automaton_sleep(act->fault, act->rule->argument);
	return make_below(act);
}

static int64_t act_jump(struct act *act)
{
	be_late(act->fault, act->rule->argument);
	act->fault->shift = (int64_t)((uint64_t)act->fault->shift + (uint64_t)act->rule->argument);
	return make_below(act);
}

static int64_t act_freeze(struct act *act)
{
	struct vet_call now = { .entry = VET_CALL_now, .fd = -1 };
	int64_t time = 0;
	now.u.nanoseconds = &time;
	if (vet_automaton_make(act->fault, &now, NULL) < 0)
		return let_go(act, make_below(act));
	act->fault->frozen_at = time;
	act->fault->is_frozen = true;
	return make_below(act);
}

static int64_t act_signal(struct act *act)
{
	(void)raise((int)act->rule->argument);
	return act->call->entry == VET_CALL_poll ? -EINTR : make_below(act);
}

static int64_t instead(struct act *act)
{
	switch (act->rule->action) {
	case VET_ACTION_ERROR:
		return act_error(act);
	case VET_ACTION_SHORT:
		return act_short(act);
	case VET_ACTION_ZERO:
		return act_zero(act);
	case VET_ACTION_TIMEOUT:
		return act_timeout(act);
	case VET_ACTION_SPURIOUS:
		return report(act, spurious_events(act->call));
	case VET_ACTION_EVENTS:
		return act_events(act);
	case VET_ACTION_VALUE:
		return act_value(act, act->rule->argument);
	case VET_ACTION_VALUE_OF:
		return act_value(act, -act->rule->argument);
	case VET_ACTION_LENGTH:
		return act_length(act);
	case VET_ACTION_FAMILY:
		return act_family(act);
	case VET_ACTION_DELAY:
		return act_delay(act);
	case VET_ACTION_JUMP:
		return act_jump(act);
	case VET_ACTION_FREEZE:
		return act_freeze(act);
	case VET_ACTION_SIGNAL:
		return act_signal(act);
	default:
		return make_below(act);
	}
}

/* What a call has put where the caller looks, of what an action replaces. */
static int shown(const struct vet_call *call)
{
	int value = 0;
	if (call->entry == VET_CALL_poll)
		return call->u.poll.count > 0 ? call->u.poll.descriptors[0].revents : 0;
	if (call->entry == VET_CALL_getsockopt && *call->u.get.length >= sizeof value)
		memcpy(&value, call->u.get.value, sizeof value);
	return value;
}

static int64_t perform(struct act *act)
{
	int64_t first, result;
	int was;
	if (!act->rule->after || act->rule->action == VET_ACTION_ERROR)
		return instead(act);
	first = make_below(act);
	was = first < 0 ? 0 : shown(act->call);
	result = instead(act);
	act->fired = result != first || shown(act->call) != was;
	return result;
}

/* The layer does not believe what it made up itself: what stays of it is the row's affair. */
static bool is_made_up(const struct vet_rule *rule)
{
	const unsigned actions = 1U << VET_ACTION_SPURIOUS | 1U << VET_ACTION_EVENTS |
				 1U << VET_ACTION_VALUE | 1U << VET_ACTION_VALUE_OF;
	return (actions >> rule->action & 1U) != 0;
}

static void note(struct vet_fault *fault, const struct vet_call *call, int64_t result)
{
	struct vet_fault_act *act = &fault->log[fault->acts++ % VET_FAULT_ACTS];
	act->call = fault->calls;
	act->nth = fault->counts[call->entry];
	act->rule = (uint32_t)fault->acted;
	act->descriptor = fault->number;
	act->entry = call->entry;
	act->result = result;
}

static int64_t act_by_rule(struct vet_fault *fault, struct vet_call *call,
			   struct vet_fault_description *d)
{
	struct act act = { fault, &fault->plan->rules[fault->acted], call, d, true };
	const struct vet_lawful *row = fault->row;
	int64_t result = perform(&act);
	if (!act.fired) {
		fault->acted = -1;
		fault->row = NULL;
		vet_automaton_learn(fault, call, d, result);
		return result;
	}
	fault->fired[fault->acted]++;
	note(fault, call, result);
	if (!is_made_up(act.rule))
		vet_automaton_learn(fault, call, d, result);
	if (row != NULL && row->latch != VET_LATCH_NONE)
		vet_automaton_latch(fault, call, d, row->latch);
	return result;
}

static int64_t make(struct vet_layer *layer, struct vet_call *call)
{
	struct vet_fault *fault = (struct vet_fault *)layer;
	struct vet_fault_description *d;
	int64_t result;
	vet_automaton_situation(fault, call, &d);
	fault->calls++;
	fault->counts[call->entry]++;
	fault->acted = -1;
	fault->row = NULL;
	if (fault->first_rule[call->entry] >= 0 && !fault->is_calm)
		fault->acted = pick(fault, call, d);
	if (fault->acted >= 0)
		return act_by_rule(fault, call, d);
	result = vet_automaton_make(fault, call, d);
	vet_automaton_learn(fault, call, d, result);
	return result;
}

/* ---- a run ---- */

static void compile(struct vet_fault *fault)
{
	const struct vet_plan *plan = fault->plan;
	memset(fault->first_rule, -1, sizeof fault->first_rule);
	fault->has_any = false;
	for (uint32_t i = 0; i < plan->count; i++) {
		fault->has_any |= plan->rules[i].entry == VET_CALL_ANY;
		fault->fired[i] = fault->matched[i] = 0;
		fault->draws[i] = plan->seed + (i + 1) * UINT64_C(0xd1342543de82ef95);
	}
	for (int i = (int)plan->count - 1; i >= 0; i--) {
		int8_t *first = &fault->first_rule[plan->rules[i].entry % VET_CALL_COUNT];
		if (!fault->has_any) {
			fault->next_rule[i] = *first;
			*first = (int8_t)i;
			continue;
		}
		/* A rule for "*" is in every list, and so is every other then. */
		fault->next_rule[i] = (int8_t)(i + 1 < (int)plan->count ? i + 1 : -1);
		memset(fault->first_rule, 0, sizeof fault->first_rule);
	}
}

void vet_fault_restart(struct vet_fault *fault, const struct vet_plan *plan)
{
	fault->plan = plan;
	fault->generation++;
	fault->calls = 0;
	memset(fault->counts, 0, sizeof fault->counts);
	fault->shift = fault->lateness = 0;
	fault->is_frozen = fault->is_calm = fault->has_broken = false;
	fault->handed_out = fault->descriptions_used = fault->acts = 0;
	fault->acted = -1;
	fault->row = NULL;
	compile(fault);
}

bool vet_plan_lawful(const struct vet_plan *plan, size_t *first)
{
	for (uint32_t i = 0; i < plan->count; i++) {
		if (vet_lawful_anywhere(&plan->rules[i]))
			continue;
		if (first != NULL)
			*first = i;
		return false;
	}
	return true;
}

struct vet_sys *vet_fault_start(struct vet_fault *fault, struct vet_sys *next,
				const struct vet_plan *plan, unsigned flags)
{
	if (vet_sys_check(next, NULL) != 0 ||
	    (!(flags & VET_FAULT_UNLAWFUL) && !vet_plan_lawful(plan, NULL)))
		return NULL;
	memset(fault, 0, sizeof *fault);
	fault->flags = flags;
	vet_fault_restart(fault, plan);
	return vet_layer_over(&fault->layer, next, make);
}

size_t vet_fault_unfired(const struct vet_fault *fault, size_t *first)
{
	size_t unfired = 0;
	for (size_t i = fault->plan->count; i-- > 0;) {
		if (fault->fired[i] != 0)
			continue;
		unfired++;
		if (first != NULL)
			*first = i;
	}
	return unfired;
}

uint64_t vet_fault_fired(const struct vet_fault *fault, size_t rule)
{
	return rule < fault->plan->count ? fault->fired[rule] : 0;
}

const struct vet_fault_act *vet_fault_act_at(const struct vet_fault *fault, size_t index)
{
	size_t kept = fault->acts < VET_FAULT_ACTS ? fault->acts : VET_FAULT_ACTS;
	return index < kept ? &fault->log[(fault->acts - kept + index) % VET_FAULT_ACTS] : NULL;
}

int vet_fault_act_format(const struct vet_fault *fault, const struct vet_fault_act *act, char *text,
			 size_t size)
{
	char rule[256], on[24] = "", result[32];
	struct vet_plan one = { .count = 1 };
	int length;
	one.rules[0] = fault->plan->rules[act->rule];
	if (vet_plan_format(&one, rule, sizeof rule) < 0)
		return -ENOSPC;
	if (act->descriptor != 0)
		(void)snprintf(on, sizeof on, " of #%" PRIu32, act->descriptor);
	(void)snprintf(result, sizeof result, "%" PRId64, act->result);
	length = snprintf(text, size,
			  "call %" PRIu64 ", %s %" PRIu64 "%s, rule %" PRIu32 " '%s': %s",
			  act->call, vet_entry_name(act->entry), act->nth, on, act->rule + 1, rule,
			  act->result < 0 ? vet_error_name((int)act->result) : result);
	return length < 0 || (size_t)length >= size ? -ENOSPC : length;
}

void vet_fault_calm(struct vet_fault *fault)
{
	fault->is_calm = true;
	for (uint32_t i = 0; i < fault->descriptions_used; i++)
		fault->descriptions[i].hidden_in = fault->descriptions[i].hidden_out = 0;
}
