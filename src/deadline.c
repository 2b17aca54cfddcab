/* SPDX-License-Identifier: 0BSD */
#include "deadline.h"

#include <errno.h>

#include <vetsock/sys.h>

static int read_clock(struct vet_sys *sys, struct vet_instant *now)
{
	int r;
	now->nanoseconds = 0;
	r = (sys->calls->now)(sys, &now->nanoseconds);
	if (r < 0)
		now->nanoseconds = 0;
	return r < 0 ? r : 0;
}

int vet_socket_now(struct vet_socket *s, struct vet_instant *now)
{
	now->nanoseconds = 0;
	return s->table.sys != NULL ? read_clock(s->table.sys, now) : -EBADF;
}

int64_t vet_deadline_after(struct vet_sys *sys, vet_duration duration)
{
	struct vet_instant now;
	if (duration == VET_DURATION_MAX)
		return VET_NO_DEADLINE;
	if (read_clock(sys, &now) < 0)
		return INT64_MIN; /* better one try than no limit */
	return vet_instant_add(now, duration).nanoseconds;
}

void vet_socket_deadline_at(struct vet_socket *s, struct vet_instant instant)
{
	if (s->table.sys != NULL)
		vet_deadline_store(s, instant.nanoseconds);
}

void vet_socket_timeout_after(struct vet_socket *s, vet_duration duration)
{
	if (s->table.sys != NULL)
		vet_deadline_store(s, vet_deadline_after(s->table.sys, duration));
}

void vet_socket_reset_deadline(struct vet_socket *s)
{
	vet_socket_deadline_at(s, vet_instant_never());
}

struct vet_instant vet_socket_deadline(const struct vet_socket *s)
{
	if (s->table.sys == NULL)
		return vet_instant_never();
	return (struct vet_instant){ vet_deadline_load(s) };
}
