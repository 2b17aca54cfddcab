/* SPDX-License-Identifier: 0BSD */
/* What a rule of a plan does to a call. */
#include "rule.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>

#include <vetsock/time.h>

#include "../../src/os.h"
#include "../call/call.h"
#include "automaton.h"

enum { PARTS = 64 }; /* of a gather write that is cut */

/* ---- whether it would change anything ---- */

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
	fault->has_looked = true;
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

bool vet_rule_would_change(struct vet_fault *fault, const struct vet_rule *rule,
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

/* ---- what it does ---- */

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
	if (act->call->entry == VET_CALL_interface_index)
		return value;
	if (act->d != NULL) /* what was pending is told with it */
		act->d->pending = 0;
	return vet_call_answer_int(act->call, (int)value);
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
	act->fault->shift =
		vet_instant_add((struct vet_instant){ act->fault->shift }, act->rule->argument)
			.nanoseconds;
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

int64_t vet_rule_act(struct act *act)
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
