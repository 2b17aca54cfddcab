/* SPDX-License-Identifier: 0BSD */
/* An endpoint becomes a socket, step by step; what one step has made is undone if the next one fails. */
#include "endpoint.h"

#include <errno.h>

#include "deadline.h"
#include "socket.h"
#include "text.h"

struct opening {
	const struct vet_endpoint *endpoint;
	struct vet_sys *sys;
	struct vet_socket *s;
	struct vet_address address; /* with the number of its zone */
	int64_t deadline;
	size_t option; /* that failed */
};

static int look_up_zone(struct opening *o)
{
	const char *reason;
	int64_t index;

	if (o->endpoint->zone[0] == '\0')
		return 0;
	index = vet_find_interface(o->sys, o->endpoint->zone, &reason);
	if (index < 0)
		return (int)index;
	o->address.scope_id = (uint32_t)index;
	return 0;
}

static int make_socket(struct opening *o)
{
	int family = o->address.ip.family;

	if (o->endpoint->kind == VET_RAW)
		return vet_socket_raw_on(o->s, o->sys, family, o->endpoint->protocol);
	return o->endpoint->kind == VET_STREAM ? vet_socket_stream_on(o->s, o->sys, family)
					       : vet_socket_datagram_on(o->s, o->sys, family);
}

static int set_options(struct opening *o)
{
	return vet_options_apply(o->s, &o->endpoint->options, &o->option);
}

static int bind_it(struct opening *o)
{
	return vet_socket_bind(o->s, &o->address);
}

static int listen_on_it(struct opening *o)
{
	return o->endpoint->has_backlog ? vet_socket_listen_backlog(o->s, o->endpoint->backlog)
					: vet_socket_listen(o->s);
}

static int connect_it(struct opening *o)
{
	int result;

	vet_deadline_store(o->s, o->deadline);
	result = vet_socket_connect(o->s, &o->address);
	vet_socket_reset_deadline(o->s);
	return result;
}

#define TO_CONNECT (1U << VET_ROLE_CONNECT)
#define TO_LISTEN  (1U << VET_ROLE_LISTEN)
#define TO_BIND    (1U << VET_ROLE_BIND | TO_LISTEN)
#define ALWAYS     (TO_CONNECT | TO_BIND)

/* clang-format off */
static const struct {
	const char *name;
	unsigned roles; /* in which it is taken */
	int (*take)(struct opening *o);
} steps[VET_STEP_COUNT] = {
	[VET_STEP_NONE]     = { "none",     0,          NULL },
	[VET_STEP_ENDPOINT] = { "endpoint", 0,          NULL },
	[VET_STEP_ZONE]     = { "zone",     ALWAYS,     look_up_zone },
	[VET_STEP_SOCKET]   = { "socket",   ALWAYS,     make_socket },
	[VET_STEP_OPTION]   = { "option",   ALWAYS,     set_options },
	[VET_STEP_BIND]     = { "bind",     TO_BIND,    bind_it },
	[VET_STEP_LISTEN]   = { "listen",   TO_LISTEN,  listen_on_it },
	[VET_STEP_CONNECT]  = { "connect",  TO_CONNECT, connect_it },
};
/* clang-format on */

const char *vet_step_name(unsigned step)
{
	return step < VET_STEP_COUNT ? steps[step].name : NULL;
}

/* The step that failed, or VET_STEP_NONE. */
static unsigned take_steps(struct opening *o, int *result)
{
	unsigned role = 1U << o->endpoint->role;

	for (unsigned step = VET_STEP_ZONE; step < VET_STEP_COUNT; step++) {
		*result = (steps[step].roles & role) != 0 ? (steps[step].take)(o) : 0;
		if (*result < 0)
			return step;
	}
	return VET_STEP_NONE;
}

static unsigned open_it(struct opening *o, vet_duration timeout, int *result)
{
	unsigned step;

	*result = vet_sys_check(o->sys, NULL);
	if (*result < 0)
		return VET_STEP_SOCKET;
	o->address = o->endpoint->address;
	/* Nothing else waits, and so needs the clock. */
	if (o->endpoint->role == VET_ROLE_CONNECT)
		o->deadline = vet_deadline_after(o->sys, timeout);
	step = take_steps(o, result);
	if (step != VET_STEP_NONE)
		(void)vet_socket_close(o->s); /* the error is that of the step */
	return step;
}

int vet_endpoint_open(const struct vet_endpoint *endpoint, struct vet_sys *sys,
		      vet_duration timeout, struct vet_socket *s,
		      struct vet_endpoint_failure *failure)
{
	struct opening o = { .endpoint = endpoint, .sys = sys, .s = s, .option = VET_NO_OPTION };
	unsigned step = VET_STEP_ENDPOINT;
	int result = -EINVAL;

	if (!vet_is_open(s) && vet_is_endpoint(endpoint))
		step = open_it(&o, timeout, &result);
	if (failure != NULL)
		*failure = (struct vet_endpoint_failure){ step, o.option };
	return result;
}
