/* SPDX-License-Identifier: 0BSD */
/* poll(2): what is ready, and waiting until something is. */
#include "world.h"

#include <limits.h>
#include <stdlib.h>

/* What poll(2) reports though nobody asked. */
enum { ALWAYS = POLLERR | POLLHUP | POLLNVAL };

short vetsim_socket_ready(const struct sim_socket *socket)
{
	return socket->node.kind == SIM_STREAM ? vetsim_stream_ready(socket)
					       : vetsim_datagram_ready(socket);
}

static struct sim_node *node_of(const struct vet_sim_host *host, int fd)
{
	return fd >= 0 && (uint32_t)fd < host->descriptors ? host->descriptor[fd] : NULL;
}

/* A file is always ready (POSIX poll()). */
static short ready(struct vet_sim_host *host, const struct pollfd *one)
{
	const short file = POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;
	struct sim_node *node = node_of(host, one->fd);
	short now;
	if (one->fd < 0)
		return 0;
	if (node == NULL) {
		host->sim->report.misused++;
		return POLLNVAL;
	}
	now = node->kind == SIM_FILE ? file
				     : vetsim_socket_ready((struct sim_socket *)(void *)node);
	return (short)(now & (one->events | ALWAYS));
}

/* With a kernel that leads: its bits, where they are its own affair. */
static short led(const struct vet_sim_host *host, const struct pollfd *one, short led, short ours)
{
	struct sim_node *node = node_of(host, one->fd);
	short doubtful;
	if (node == NULL || node->kind != SIM_STREAM)
		return ours;
	doubtful = vetsim_stream_doubtful((struct sim_socket *)(void *)node) & one->events;
	return (short)((ours & ~doubtful) | (led & doubtful));
}

/* How many of them have something to report: all of them are looked at. */
static int look(struct vet_sim_host *host, struct pollfd *descriptors, nfds_t count)
{
	const struct pollfd *polled = host->sim->oracle.polled;
	int reported = 0;
	for (nfds_t i = 0; i < count; i++) {
		descriptors[i].revents = ready(host, &descriptors[i]);
		if (polled != NULL)
			descriptors[i].revents = led(host, &descriptors[i], polled[i].revents,
						     descriptors[i].revents);
		reported += descriptors[i].revents != 0;
	}
	return reported;
}

/* ---- waiters ---- */

static void add_waiter(struct sim_actor *actor, struct sim_socket *socket, short events)
{
	struct sim_waiter *waiter = &actor->waiter[actor->waiters++];
	waiter->actor = actor;
	waiter->socket = socket;
	waiter->events = events;
	waiter->next = NULL;
	waiter->back = socket->waiters_end;
	*socket->waiters_end = waiter;
	socket->waiters_end = &waiter->next;
}

void vetsim_forget_waiters(struct sim_actor *actor)
{
	for (uint32_t i = 0; i < actor->waiters; i++) {
		struct sim_waiter *waiter = &actor->waiter[i];
		if (waiter->socket == NULL)
			continue;
		*waiter->back = waiter->next;
		if (waiter->next != NULL)
			waiter->next->back = waiter->back;
		else
			waiter->socket->waiters_end = waiter->back;
	}
	actor->waiters = 0;
}

static bool make_room(struct sim_actor *actor, nfds_t count)
{
	uint32_t room = actor->waiter_room == 0 ? 2 : actor->waiter_room;
	void *moved;
	if (count <= actor->waiter_room)
		return true;
	while (room < count)
		room *= 2;
	moved = realloc(actor->waiter, room * sizeof *actor->waiter);
	if (moved == NULL)
		return false;
	actor->waiter = moved;
	actor->waiter_room = room;
	return true;
}

void vetsim_wake(struct sim_socket *socket)
{
	struct sim_waiter *waiter = socket->waiters;
	short now;
	if (waiter == NULL)
		return;
	now = vetsim_socket_ready(socket);
	for (; waiter != NULL; waiter = waiter->next) {
		if ((now & (waiter->events | ALWAYS)) == 0)
			continue;
		if (waiter->next != NULL)
			SIM_MARK(socket->host->sim, MANY_WOKEN);
		vetsim_wake_actor(socket->host->sim, waiter->actor);
	}
}

/* The socket goes: whoever waited for it waits for nothing there, as in the kernel for one that
 * another thread has closed; he is woken, and finds the descriptor closed. */
void vetsim_drop_waiters(struct sim_socket *socket)
{
	for (struct sim_waiter *waiter = socket->waiters; waiter != NULL; waiter = waiter->next) {
		waiter->socket = NULL;
		vetsim_wake_actor(socket->host->sim, waiter->actor);
	}
	socket->waiters = NULL;
	socket->waiters_end = &socket->waiters;
}

/* ---- the call ---- */

static int wait_for(struct vet_sim_host *host, struct pollfd *descriptors, nfds_t count,
		    int64_t until)
{
	struct vet_sim *sim = host->sim;
	struct sim_actor *self = sim->running;
	int64_t began;
	int reported;
	if (!make_room(self, count) ||
	    (until != INT64_MAX && !vetsim_heap_set(&sim->heap, &self->timer, until)))
		return -ENOMEM;
	for (nfds_t i = 0; i < count; i++) {
		struct sim_node *node = node_of(host, descriptors[i].fd);
		if (node != NULL && node->kind != SIM_FILE)
			add_waiter(self, (struct sim_socket *)(void *)node, descriptors[i].events);
	}
	self->waits_for = count > 0 ? descriptors[0].fd : -1;
	self->waits_events = count > 0 ? descriptors[0].events : 0;
	began = self->since = sim->now;
	do {
		vetsim_block(sim);
		reported = sim_is_told(host) ? 0 : look(host, descriptors, count);
		if (reported == 0 && sim->now < until && !sim_is_told(host))
			SIM_MARK(sim, WOKEN_IN_VAIN);
	} while (reported == 0 && sim->now < until && !sim_is_told(host));
	self->since = -1;
	vetsim_forget_waiters(self);
	vetsim_heap_remove(&sim->heap, &self->timer);
	if (sim->now > began) /* it has waited */
		sim_progress(sim);
	return reported;
}

int vetsim_poll(struct vet_sim_host *host, struct pollfd *descriptors, nfds_t count,
		int64_t nanoseconds)
{
	struct vet_sim *sim = host->sim;
	int64_t until = INT64_MAX;
	int reported = look(host, descriptors, count);
	if (nanoseconds >= 0 && nanoseconds < INT64_MAX - sim->now)
		until = sim->now + nanoseconds;
	if (reported > 0 || nanoseconds == 0)
		vetsim_yield(sim);
	else
		reported = wait_for(host, descriptors, count, until);
	if (!sim_is_told(host))
		return reported;
	if (sim->is_over && sim->report.end == VET_SIM_DEADLOCK && sim->running->number == 0) {
		sim->is_blocked = true; /* as of the peer (peer.h) */
		return -EDEADLK;
	}
	return sim->is_over ? SIM_OVER : SIM_CRASHED;
}

bool vetsim_wait(struct sim_socket *socket, short events, int64_t until)
{
	bool is_there;
	struct vet_sim *sim = socket->host->sim;
	struct sim_actor *self = sim->running;
	if (!make_room(self, 1) || !vetsim_heap_set(&sim->heap, &self->timer, until))
		return false; /* it does not wait: as if it were gone */
	add_waiter(self, socket, events);
	self->waits_for = SIM_WAITS_TO_CLOSE;
	vetsim_block(sim);
	is_there = self->waiter[0].socket != NULL;
	vetsim_forget_waiters(self);
	vetsim_heap_remove(&sim->heap, &self->timer);
	return is_there;
}
