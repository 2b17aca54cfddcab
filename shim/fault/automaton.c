/* SPDX-License-Identifier: 0BSD */
#include "automaton.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

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

static bool is_so_error(const struct vet_call *call)
{
	return call->u.get.level == SOL_SOCKET && call->u.get.name == SO_ERROR;
}

static unsigned holds_of_call(const struct vet_call *call, size_t asked)
{
	switch (call->entry) {
	case VET_CALL_poll:
		return holds_of_poll(call);
	case VET_CALL_getsockopt:
		return is_so_error(call) ? VET_NEEDS_SO_ERROR : VET_NEEDS_OPTION;
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
	if (d->kind == VET_KIND_STREAM && d->phase == VET_PHASE_FRESH)
		holds |= VET_NEEDS_NO_PEER;
	return holds;
}

static int named_descriptor(const struct vet_call *call)
{
	if (call->entry == VET_CALL_poll)
		return call->u.poll.count > 0 ? call->u.poll.descriptors[0].fd : -1;
	return call->entry == VET_CALL_pread ? -1 : call->fd;
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
	*d = vet_automaton_find(fault, named_descriptor(call), &fault->number);
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

/* ---- in place of what is broken: each answer as Linux 6.18 gives it ---- */

static int64_t tell(struct vet_fault_description *d, int64_t otherwise)
{
	int64_t error = d->pending != 0 ? d->pending : otherwise;
	d->pending = 0;
	return error;
}

static void begin_anew(struct vet_fault_description *d)
{
	d->phase = VET_PHASE_FRESH;
	d->broken = INTACT;
	d->pending = 0;
	d->untold = TOLD;
	d->write_over = d->read_over = d->read_ended = false;
}

static bool is_dissolving(const struct vet_call *call)
{
	struct sockaddr to;
	if (call->u.to.length < offsetof(struct sockaddr, sa_data))
		return false;
	memcpy(&to, call->u.to.address, offsetof(struct sockaddr, sa_data));
	return to.sa_family == AF_UNSPEC;
}

/* connect(2): an address of family AF_UNSPEC dissolves what there is.  Linux leaves an error behind,
 * which nobody above is to see. */
static void dissolve_below(struct vet_fault *fault, int fd)
{
	struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	struct vet_call call = { .entry = VET_CALL_connect, .fd = fd };
	struct vet_call ask = { .entry = VET_CALL_getsockopt, .fd = fd };
	int error;
	socklen_t size = sizeof error;
	call.u.to.address = &nobody;
	call.u.to.length = sizeof nobody;
	(void)vet_call_make(fault->layer.next, &call);
	ask.u.get.level = SOL_SOCKET;
	ask.u.get.name = SO_ERROR;
	ask.u.get.value = &error;
	ask.u.get.length = &size;
	(void)vet_call_make(fault->layer.next, &ask);
}

static int64_t answer_int(const struct vet_call *call, int value)
{
	socklen_t size = sizeof value;
	if (*call->u.get.length < size)
		size = *call->u.get.length;
	memcpy(call->u.get.value, &value, size);
	*call->u.get.length = size;
	return 0;
}

/*
 * connect(2) after an attempt that failed, or came to be and ended without a connect that said so,
 * tells why (ECONNABORTED: it has been told), and only the next one tries; if it was shut down since
 * then, none does.  After another connection that is over it finds one, and a listener that was
 * shut down is as good as new.
 */
static bool connect_again(struct vet_fault *fault, const struct vet_call *call,
			  struct vet_fault_description *d, int64_t *result)
{
	if (d->broken == LISTENER) {
		begin_anew(d);
		return false;
	}
	*result = is_dissolving(call)         ? 0
		  : d->broken == CONNECTION   ? -EISCONN
		  : d->broken == SHUT_ATTEMPT ? -EINVAL
					      : tell(d, -ECONNABORTED);
	if (!is_dissolving(call) && d->broken != ATTEMPT)
		return true;
	dissolve_below(fault, call->fd);
	begin_anew(d);
	return true;
}

static int64_t shut_broken(struct vet_fault_description *d)
{
	if (d->broken == ATTEMPT)
		d->broken = SHUT_ATTEMPT;
	return -ENOTCONN;
}

static void settle(struct vet_fault_description *d)
{
	if (d->phase == VET_PHASE_FAILED && d->pending == 0)
		d->phase = VET_PHASE_DEAD;
}

/* False: what is broken does not matter to this call. */
static bool answer(struct vet_fault *fault, struct vet_fault_description *d,
		   const struct vet_call *call, int64_t *result)
{
	switch (call->entry) {
	case VET_CALL_recv:
	case VET_CALL_recvfrom:
		*result = tell(d, d->broken == LISTENER ? -ENOTCONN : 0);
		return true;
	case VET_CALL_send:
	case VET_CALL_sendto:
	case VET_CALL_sendv:
	case VET_CALL_sendfile:
		*result = tell(d, -EPIPE);
		return true;
	case VET_CALL_connect:
		return connect_again(fault, call, d, result);
	case VET_CALL_getpeername:
		*result = -ENOTCONN;
		return true;
	case VET_CALL_shutdown:
		*result = shut_broken(d);
		return true;
	case VET_CALL_listen:
		if (d->broken == LISTENER) { /* it listens again */
			begin_anew(d);
			return false;
		}
		*result = -EINVAL;
		return true;
	case VET_CALL_accept:
		*result = -EINVAL;
		return true;
	case VET_CALL_getsockopt:
		if (!is_so_error(call))
			return false;
		*result = answer_int(call, (int)-tell(d, 0));
		return true;
	default:
		return false;
	}
}

/* What a socket that works below has pending by a fault: told by the next call that moves bytes, and
 * by SO_ERROR. */
static bool tell_pending(struct vet_fault_description *d, const struct vet_call *call,
			 int64_t *result)
{
	uint32_t bit = UINT32_C(1) << call->entry;
	if (bit & (VET_CALLS_IN | VET_CALLS_OUT)) {
		*result = tell(d, 0);
		return true;
	}
	if (call->entry != VET_CALL_getsockopt || !is_so_error(call))
		return false;
	*result = answer_int(call, (int)-tell(d, 0));
	return true;
}

static bool is_receiving(const struct vet_call *call)
{
	return call->entry == VET_CALL_recv || call->entry == VET_CALL_recvfrom;
}

/* What a fault has left of the description answers; false: nothing of this call. */
static bool answer_broken(struct vet_fault *fault, struct vet_fault_description *d,
			  const struct vet_call *call, int64_t *result)
{
	if (d->broken) {
		bool answered = answer(fault, d, call, result);
		settle(d);
		return answered;
	}
	if (d->pending != 0)
		return tell_pending(d, call, result);
	if (d->read_ended && is_receiving(call)) {
		*result = 0;
		return true;
	}
	if (d->read_ended && d->write_over && /* both halves are over */
	    (call->entry == VET_CALL_getpeername || call->entry == VET_CALL_shutdown)) {
		*result = -ENOTCONN;
		return true;
	}
	return false;
}

static int64_t tell_time(struct vet_fault *fault, struct vet_call *call)
{
	int64_t result;
	if (fault->is_frozen) {
		*call->u.nanoseconds = fault->frozen_at;
		return 0;
	}
	result = vet_call_make(fault->layer.next, call);
	if (result >= 0) /* the clock may be anything, and its shift too: no overflow */
		*call->u.nanoseconds =
			(int64_t)((uint64_t)*call->u.nanoseconds + (uint64_t)fault->shift);
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
	if (d != NULL && answer_broken(fault, d, call, &result))
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
	if (result == 0 && is_dissolving(call)) {
		begin_anew(d);
		d->pending = pending; /* a datagram socket's is told all the same */
	} else if (result == 0) {
		d->phase = VET_PHASE_CONNECTED;
		d->untold = TOLD;
	} else if (d->kind == VET_KIND_STREAM && (result == -EINPROGRESS || result == -EINTR)) {
		d->phase = VET_PHASE_CONNECTING;
		d->untold = d->untold == TOLD ? UNTOLD : d->untold;
	} else if (d->broken == ATTEMPT && result == -ECONNABORTED) {
		begin_anew(d);
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
	bool in = is_receiving(call);
	if (result > 0 && in && !(call->u.in.flags & MSG_PEEK))
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

static void learn_of_poll(struct vet_fault_description *d, const struct vet_call *call,
			  int64_t result)
{
	short revents = result > 0 ? call->u.poll.descriptors[0].revents : 0;
	if (d->phase == VET_PHASE_CONNECTING &&
	    (revents & (POLLOUT | POLLERR | POLLHUP)) == POLLOUT)
		d->phase = VET_PHASE_CONNECTED;
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
		learn_of_poll(d, call, result);
	else
		learn_of_socket(fault, call, d, result);
}

/* ---- what stays ---- */

static void shut_below(struct vet_fault *fault, int fd, int how)
{
	struct vet_call call = { .entry = VET_CALL_shutdown, .fd = fd, .u.how = how };
	(void)vet_call_make(fault->layer.next, &call);
}

static void die(struct vet_fault *fault, int fd, struct vet_fault_description *d, int pending)
{
	shut_below(fault, fd, SHUT_RDWR);
	d->broken = d->phase == VET_PHASE_LISTENING ? LISTENER
		    : d->untold != TOLD             ? ATTEMPT
						    : CONNECTION;
	d->phase = VET_PHASE_DEAD;
	d->pending = pending;
	d->read_over = d->write_over = true;
	fault->has_broken = true;
}

static void fail_attempt(struct vet_fault *fault, int fd, struct vet_fault_description *d,
			 int pending)
{
	dissolve_below(fault, fd);
	fault->has_broken = true;
	d->phase = pending != 0 ? VET_PHASE_FAILED : VET_PHASE_DEAD;
	d->broken = ATTEMPT;
	d->pending = pending;
	d->read_over = d->write_over = true;
}

void vet_automaton_latch(struct vet_fault *fault, const struct vet_call *call,
			 struct vet_fault_description *d, unsigned latch)
{
	int fd = named_descriptor(call);
	if (d == NULL)
		return;
	switch (latch) {
	case VET_LATCH_END:
		d->read_ended = d->read_over = true;
		fault->has_broken = true;
		return;
	case VET_LATCH_DEAD:
	case VET_LATCH_SHUT:
		die(fault, fd, d, 0);
		return;
	case VET_LATCH_ERROR:
		if (d->kind == VET_KIND_STREAM)
			die(fault, fd, d, -ECONNRESET);
		else
			d->pending = -ECONNREFUSED;
		fault->has_broken = true;
		return;
	case VET_LATCH_FAILED:
		fail_attempt(fault, fd, d, 0);
		return;
	case VET_LATCH_REFUSED:
		fail_attempt(fault, fd, d, -ECONNREFUSED);
		return;
	default:
		return;
	}
}
