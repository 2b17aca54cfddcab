/* SPDX-License-Identifier: 0BSD */
/* What a fault has broken stays broken: what it answers from then on, and what it was before. */
#include "automaton.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "../call/call.h"

/* ---- in place of what is broken: each answer as Linux 6.18 gives it ---- */

static int64_t tell(struct vet_fault_description *d, int64_t otherwise)
{
	int64_t error = d->pending != 0 ? d->pending : otherwise;
	d->pending = 0;
	return error;
}

void vet_automaton_begin_anew(struct vet_fault_description *d)
{
	d->phase = VET_PHASE_FRESH;
	d->broken = INTACT;
	d->pending = 0;
	d->untold = TOLD;
	d->write_over = d->read_over = d->read_ended = false;
}

/* connect(2): an address of family AF_UNSPEC dissolves what there is.  Linux leaves an error
 * behind, which nobody above is to see. */
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

/*
 * connect(2) after an attempt that failed, or came to be and ended without a connect that said so,
 * tells why (ECONNABORTED: it has been told), and only the next one tries; if it was shut down
 * since then, none does.  After another connection that is over it finds one, and a listener that
 * was shut down is as good as new.
 */
static bool connect_again(struct vet_fault *fault, const struct vet_call *call,
			  struct vet_fault_description *d, int64_t *result)
{
	if (d->broken == LISTENER) {
		vet_automaton_begin_anew(d);
		return false;
	}
	*result = vet_call_dissolves(call)    ? 0
		  : d->broken == CONNECTION   ? -EISCONN
		  : d->broken == SHUT_ATTEMPT ? -EINVAL
					      : tell(d, -ECONNABORTED);
	if (!vet_call_dissolves(call) && d->broken != ATTEMPT)
		return true;
	dissolve_below(fault, call->fd);
	vet_automaton_begin_anew(d);
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
			vet_automaton_begin_anew(d);
			return false;
		}
		*result = -EINVAL;
		return true;
	case VET_CALL_accept:
		*result = -EINVAL;
		return true;
	case VET_CALL_getsockopt:
		if (!vet_call_is_so_error(call))
			return false;
		*result = vet_call_answer_int(call, (int)-tell(d, 0));
		return true;
	default:
		return false;
	}
}

/* What a socket that works below has pending by a fault: told by the next call that moves bytes,
 * and by SO_ERROR. */
static bool tell_pending(struct vet_fault_description *d, const struct vet_call *call,
			 int64_t *result)
{
	uint32_t bit = UINT32_C(1) << call->entry;
	if (bit & (VET_CALLS_IN | VET_CALLS_OUT)) {
		*result = tell(d, 0);
		return true;
	}
	if (call->entry != VET_CALL_getsockopt || !vet_call_is_so_error(call))
		return false;
	*result = vet_call_answer_int(call, (int)-tell(d, 0));
	return true;
}

/* What a fault has left of the description answers; false: nothing of this call. */
bool vet_automaton_answer(struct vet_fault *fault, struct vet_fault_description *d,
			  const struct vet_call *call, int64_t *result)
{
	if (d->broken) {
		bool answered = answer(fault, d, call, result);
		settle(d);
		return answered;
	}
	if (d->pending != 0)
		return tell_pending(d, call, result);
	if (d->read_ended && vet_call_receives(call)) {
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
	int fd = vet_call_descriptor(call);
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
