/* SPDX-License-Identifier: 0BSD */
/* poll through the fault layer: what faults have broken is reported, what they hide is not. */
#include "automaton.h"

#include <vetsock/time.h>

#include "../../src/os.h"

enum { HIDING = VET_FAULT_DESCRIPTORS }; /* so many descriptors of one poll are looked at */

static const int64_t hidden_for = VET_MILLISECONDS(1);

int64_t vet_automaton_sleep(struct vet_fault *fault, int64_t nanoseconds)
{
	struct vet_call call = { .entry = VET_CALL_poll, .fd = -1 };
	call.u.poll.descriptors = NULL;
	call.u.poll.count = 0;
	call.u.poll.nanoseconds = nanoseconds;
	return vet_call_make(fault->layer.next, &call);
}

/* What is broken reports this, whatever the table below would; what is intact, this too. */
static short reports(const struct vet_fault_description *d, short events)
{
	const short readable = (short)(events & (POLLIN | POLLRDHUP));
	short error = d->pending != 0 ? POLLERR : 0;
	if (d->broken == LISTENER)
		return (short)(POLLHUP | (events & POLLOUT));
	if (d->broken)
		return (short)(readable | (events & POLLOUT) | POLLHUP | error);
	if (d->read_ended)
		return (short)(readable | (d->write_over ? POLLHUP : 0) | error);
	return error;
}

struct view {
	struct vet_fault *fault;
	struct pollfd *descriptors;
	nfds_t count;           /* of those that are looked at */
	short events[HIDING];   /* as they were asked for */
	short reported[HIDING]; /* by this layer, and is_all there is to say */
	bool is_all[HIDING];
	int reports;
	bool hides_a_while;
};

static void look(struct view *view)
{
	view->reports = 0;
	view->hides_a_while = false;
	for (nfds_t i = 0; i < view->count; i++) {
		uint32_t number;
		struct pollfd *p = &view->descriptors[i];
		struct vet_fault_description *d = vet_automaton_find(view->fault, p->fd, &number);
		view->events[i] = p->events;
		view->reported[i] = d == NULL ? 0 : reports(d, p->events);
		view->is_all[i] = d != NULL && d->broken;
		view->reports += view->reported[i] != 0;
		if (d == NULL)
			continue;
		if (d->hidden_in)
			p->events &= (short)~(POLLIN | POLLRDNORM);
		if (d->hidden_out)
			p->events &= (short)~(POLLOUT | POLLWRNORM);
		view->hides_a_while |= d->hidden_in == 1 || d->hidden_out == 1;
	}
}

static void show(struct view *view)
{
	for (nfds_t i = 0; i < view->count; i++)
		view->descriptors[i].events = view->events[i];
}

/* What is hidden for a while only is shown from now on. */
static void stop_hiding(struct view *view)
{
	for (nfds_t i = 0; i < view->count; i++) {
		uint32_t number;
		struct vet_fault_description *d =
			vet_automaton_find(view->fault, view->descriptors[i].fd, &number);
		if (d != NULL && d->hidden_in == 1)
			d->hidden_in = 0;
		if (d != NULL && d->hidden_out == 1)
			d->hidden_out = 0;
	}
}

static int64_t poll_below(struct view *view, struct vet_call *call, int64_t limit)
{
	int64_t asked = call->u.poll.nanoseconds, n;
	call->u.poll.nanoseconds = limit;
	n = vet_call_make(view->fault->layer.next, call);
	call->u.poll.nanoseconds = asked;
	return n;
}

/* Something is broken: nobody waits. */
static int64_t report(struct view *view, struct vet_call *call)
{
	int64_t n = poll_below(view, call, 0);
	int64_t ready = 0;
	for (nfds_t i = 0; i < call->u.poll.count; i++) {
		struct pollfd *p = &view->descriptors[i];
		if (n < 0 || (i < view->count && view->is_all[i]))
			p->revents = 0;
		if (i < view->count)
			p->revents |= view->reported[i];
		ready += p->revents != 0;
	}
	stop_hiding(view);
	return ready;
}

static int64_t wait_hidden(struct view *view, struct vet_call *call)
{
	int64_t limit = call->u.poll.nanoseconds;
	int64_t first = limit < 0 || limit > hidden_for ? hidden_for : limit;
	int64_t n = poll_below(view, call, first);
	show(view);
	stop_hiding(view);
	if (n != 0 || first == limit)
		return n;
	look(view); /* what is hidden for ever still is */
	return poll_below(view, call, limit < 0 ? limit : limit - first);
}

int64_t vet_automaton_poll(struct vet_fault *fault, struct vet_call *call)
{
	struct view view;
	int64_t n;
	view.fault = fault;
	view.descriptors = call->u.poll.descriptors;
	view.count = call->u.poll.count < HIDING ? call->u.poll.count : HIDING;
	look(&view);
	if (view.reports > 0)
		n = report(&view, call);
	else if (view.hides_a_while)
		n = wait_hidden(&view, call);
	else
		n = poll_below(&view, call, call->u.poll.nanoseconds);
	show(&view);
	return n;
}
