/* SPDX-License-Identifier: 0BSD */
/* What the calls through the fault layer have shown of each descriptor. */
#include "automaton.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include <vetsock/time.h>

#include "../call/call.h"

/* ---- descriptors ---- */

struct vet_fault_description *vet_automaton_find(struct vet_fault *fault, int fd, uint32_t *number)
{
	if ((unsigned)fd >= VET_FAULT_DESCRIPTORS ||
	    fault->descriptors[fd].generation != fault->generation)
		return NULL;
	*number = fault->descriptors[fd].number;
	return &fault->descriptions[fault->descriptors[fd].description];
}

static void follow(struct vet_fault *fault, int64_t fd, uint32_t description)
{
	uint32_t number = ++fault->handed_out;
	if ((uint64_t)fd >= VET_FAULT_DESCRIPTORS || description >= VET_FAULT_DESCRIPTORS)
		return;
	fault->descriptors[fd].generation = fault->generation;
	fault->descriptors[fd].number = number;
	fault->descriptors[fd].description = description;
}

static void follow_new(struct vet_fault *fault, int64_t fd, unsigned kind, bool is_ipv6,
		       unsigned phase)
{
	uint32_t index = fault->descriptions_used;
	if (index < VET_FAULT_DESCRIPTORS) {
		fault->descriptions_used++;
		memset(&fault->descriptions[index], 0, sizeof fault->descriptions[index]);
		fault->descriptions[index].kind = (uint8_t)kind;
		fault->descriptions[index].phase = (uint8_t)phase;
		fault->descriptions[index].is_ipv6 = is_ipv6;
	}
	follow(fault, fd, index);
}

static unsigned kind_of_type(int type)
{
	return type == SOCK_STREAM  ? VET_KIND_STREAM
	       : type == SOCK_DGRAM ? VET_KIND_DATAGRAM
				    : VET_KIND_RAW;
}

/* ---- situations ---- */

static unsigned holds_of_poll(const struct vet_call *call)
{
	const struct pollfd *first = call->u.poll.descriptors;
	unsigned holds = 0;
	if (call->u.poll.nanoseconds != 0)
		holds |= VET_NEEDS_WAIT;
	if (call->u.poll.nanoseconds > 0)
		holds |= VET_NEEDS_LIMIT;
	if (call->u.poll.count == 0)
		return holds;
	holds |= VET_NEEDS_DESCRIPTOR;
	holds |= first->events & POLLIN ? VET_NEEDS_IN : 0;
	return first->events & POLLOUT ? holds | VET_NEEDS_OUT : holds;
}

static unsigned holds_of_call(const struct vet_call *call, size_t asked)
{
	switch (call->entry) {
	case VET_CALL_poll:
		return holds_of_poll(call);
	case VET_CALL_getsockopt:
		return vet_call_is_so_error(call) ? VET_NEEDS_SO_ERROR : VET_NEEDS_OPTION;
	case VET_CALL_setsockopt:
		return VET_NEEDS_OPTION;
	case VET_CALL_socket:
		return call->u.socket.domain == AF_INET6 ? VET_NEEDS_IPV6 : 0;
	case VET_CALL_realloc: /* giving back asks for nothing */
		return call->u.block.size > 0 ? VET_NEEDS_BYTES : 0;
	default:
		return asked > 1   ? VET_NEEDS_BYTES | VET_NEEDS_MORE
		       : asked > 0 ? VET_NEEDS_BYTES
				   : 0;
	}
}

static unsigned holds_of_description(const struct vet_fault_description *d)
{
	unsigned holds = d->is_bound ? VET_NEEDS_BOUND : VET_NEEDS_UNBOUND;
	holds |= d->read_over ? 0 : VET_NEEDS_READABLE;
	holds |= d->write_over ? 0 : VET_NEEDS_WRITABLE;
	holds |= d->is_ipv6 ? VET_NEEDS_IPV6 : 0;
	holds |= d->has_peeked ? 0 : VET_NEEDS_UNSEEN;
	if (d->kind == VET_KIND_STREAM && d->phase == VET_PHASE_FRESH)
		holds |= VET_NEEDS_NO_PEER;
	return holds;
}

void vet_automaton_situation(struct vet_fault *fault, const struct vet_call *call,
			     struct vet_fault_description **d)
{
	struct vet_situation *at = &fault->situation;
	unsigned holds;
	fault->asked = vet_call_asked(call);
	holds = holds_of_call(call, fault->asked);
	at->entry = (uint8_t)call->entry;
	at->kind = VET_KIND_OTHER;
	at->phase = VET_PHASE_FRESH;
	fault->number = 0;
	*d = vet_automaton_find(fault, vet_call_descriptor(call), &fault->number);
	if (*d != NULL) {
		at->kind = (*d)->kind;
		at->phase = (*d)->phase;
		holds |= holds_of_description(*d);
	} else if (call->entry == VET_CALL_socket) {
		at->kind = (uint8_t)kind_of_type(call->u.socket.type);
	} else if (call->entry == VET_CALL_adopt) {
		at->kind = VET_KIND_STREAM;
		at->phase = VET_PHASE_CONNECTED;
	}
	at->holds = (uint16_t)holds;
}

/* ---- making a call ---- */

static int64_t tell_time(struct vet_fault *fault, struct vet_call *call)
{
	int64_t result;
	if (fault->is_frozen) {
		*call->u.nanoseconds = fault->frozen_at;
		return 0;
	}
	result = vet_call_make(fault->layer.next, call);
	if (result >= 0) /* a jump leads to the end of time, not beyond */
		*call->u.nanoseconds =
			vet_instant_add((struct vet_instant){ *call->u.nanoseconds }, fault->shift)
				.nanoseconds;
	return result;
}

int64_t vet_automaton_make(struct vet_fault *fault, struct vet_call *call,
			   struct vet_fault_description *d)
{
	int64_t result;
	if (call->entry == VET_CALL_poll)
		return vet_automaton_poll(fault, call);
	if (call->entry == VET_CALL_now)
		return tell_time(fault, call);
	if (d != NULL && vet_automaton_answer(fault, d, call, &result))
		return result;
	result = vet_call_make(fault->layer.next, call);
	/* Linux: connect(2) says once more that the attempt came to be. */
	if (call->entry == VET_CALL_connect && result == -EISCONN && d != NULL &&
	    d->untold == TOLD_BELOW)
		return 0;
	return result;
}

/* ---- learning ---- */

static void learn_connect(struct vet_fault_description *d, const struct vet_call *call,
			  int64_t result)
{
	int32_t pending = d->pending;
	if (result == 0 && vet_call_dissolves(call)) {
		vet_automaton_begin_anew(d);
		d->pending = pending; /* a datagram socket's is told all the same */
	} else if (result == 0) {
		d->phase = VET_PHASE_CONNECTED;
		d->untold = TOLD;
	} else if (d->kind == VET_KIND_STREAM && (result == -EINPROGRESS || result == -EINTR)) {
		d->phase = VET_PHASE_CONNECTING;
		d->untold = d->untold == TOLD ? UNTOLD : d->untold;
	} else if (d->broken == ATTEMPT && result == -ECONNABORTED) {
		vet_automaton_begin_anew(d);
	} else if (d->phase == VET_PHASE_CONNECTING && result != -EALREADY && result != -EISCONN) {
		d->phase = VET_PHASE_FRESH;
	}
}

static void learn_shutdown(struct vet_fault_description *d, int how)
{
	d->read_over |= how != SHUT_WR;
	d->write_over |= how != SHUT_RD;
	if (d->phase == VET_PHASE_LISTENING && how != SHUT_WR)
		d->phase = VET_PHASE_DEAD;
}

/* EPIPE after one's own shutdown says nothing of the connection. */
static bool is_fatal(const struct vet_fault_description *d, int64_t result)
{
	return result == -ECONNRESET || result == -ETIMEDOUT ||
	       (result == -EPIPE && !d->write_over);
}

static void learn_bytes(struct vet_fault_description *d, const struct vet_call *call,
			int64_t result)
{
	bool in = vet_call_receives(call);
	if (result > 0 && in)
		d->has_peeked = (call->u.in.flags & MSG_PEEK) != 0;
	if (result > 0 && in && !d->has_peeked)
		d->in += (uint64_t)result;
	else if (result > 0 && !in)
		d->out += (uint64_t)result;
	else if (result == 0 && in && d->kind == VET_KIND_STREAM && call->u.in.size > 0)
		d->read_over = true;
	else if (d->phase == VET_PHASE_CONNECTED && d->kind == VET_KIND_STREAM &&
		 is_fatal(d, result))
		d->phase = VET_PHASE_DEAD;
}

/* Of an adopted descriptor more is shown bit by bit. */
static void learn_by_option(struct vet_fault_description *d, const struct vet_call *call)
{
	int value = 0;
	if (!d->is_adopted || call->u.get.level != SOL_SOCKET || *call->u.get.length < sizeof value)
		return;
	memcpy(&value, call->u.get.value, sizeof value);
	if (call->u.get.name == SO_TYPE)
		d->kind = (uint8_t)kind_of_type(value);
	if (call->u.get.name == SO_ACCEPTCONN && value != 0)
		d->phase = VET_PHASE_LISTENING;
}

static void learn_of_socket(struct vet_fault *fault, const struct vet_call *call,
			    struct vet_fault_description *d, int64_t result)
{
	switch (call->entry) {
	case VET_CALL_close:
		fault->descriptors[call->fd].generation = fault->generation - 1;
		return;
	case VET_CALL_dup:
		if (result >= 0)
			follow(fault, result, (uint32_t)(d - fault->descriptions));
		return;
	case VET_CALL_accept:
		if (result >= 0)
			follow_new(fault, result, VET_KIND_STREAM, d->is_ipv6, VET_PHASE_CONNECTED);
		return;
	case VET_CALL_bind:
		d->is_bound |= result == 0 || result == -EINPROGRESS;
		return;
	case VET_CALL_listen:
		if (result == 0) {
			d->phase = VET_PHASE_LISTENING;
			d->read_over = d->write_over = false;
		}
		return;
	case VET_CALL_connect:
		learn_connect(d, call, result);
		return;
	case VET_CALL_shutdown:
		if (result == 0)
			learn_shutdown(d, call->u.how);
		return;
	case VET_CALL_getpeername:
		if (result == 0 && d->phase == VET_PHASE_CONNECTING)
			d->phase = VET_PHASE_CONNECTED;
		else if (result == -ENOTCONN && d->is_adopted && d->phase == VET_PHASE_CONNECTED)
			d->phase = VET_PHASE_FRESH;
		return;
	case VET_CALL_getsockopt:
		if (result == 0)
			learn_by_option(d, call);
		return;
	default:
		return;
	}
}

/* Writable and nothing else: the attempt has succeeded. */
static void learn_of_poll(struct vet_fault *fault, const struct vet_call *call, int64_t result)
{
	for (nfds_t i = 0; result > 0 && i < call->u.poll.count; i++) {
		const struct pollfd *p = &call->u.poll.descriptors[i];
		uint32_t number;
		struct vet_fault_description *d = vet_automaton_find(fault, p->fd, &number);
		if (d != NULL && d->phase == VET_PHASE_CONNECTING &&
		    (p->revents & (POLLOUT | POLLERR | POLLHUP)) == POLLOUT)
			d->phase = VET_PHASE_CONNECTED;
	}
}

static void learn_new(struct vet_fault *fault, const struct vet_call *call, int64_t result)
{
	if (result < 0)
		return;
	if (call->entry == VET_CALL_socket) {
		follow_new(fault, result, kind_of_type(call->u.socket.type),
			   call->u.socket.domain == AF_INET6, VET_PHASE_FRESH);
	} else if (call->entry == VET_CALL_adopt) {
		follow_new(fault, result, VET_KIND_STREAM, false, VET_PHASE_CONNECTED);
		if (fault->descriptions_used < VET_FAULT_DESCRIPTORS)
			fault->descriptions[fault->descriptions_used - 1].is_adopted = true;
	} else if (call->entry == VET_CALL_accept || call->entry == VET_CALL_dup) {
		follow(fault, result, VET_FAULT_DESCRIPTORS); /* of what is not followed */
	}
}

void vet_automaton_learn(struct vet_fault *fault, const struct vet_call *call,
			 struct vet_fault_description *d, int64_t result)
{
	uint32_t bit = UINT32_C(1) << call->entry;
	if (d == NULL)
		learn_new(fault, call, result);
	else if (bit & (VET_CALLS_IN | VET_CALLS_OUT))
		learn_bytes(d, call, result);
	else if (call->entry == VET_CALL_poll)
		learn_of_poll(fault, call, result);
	else
		learn_of_socket(fault, call, d, result);
}
