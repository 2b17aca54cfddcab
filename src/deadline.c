/* SPDX-License-Identifier: 0BSD */
#include "deadline.h"

#include <errno.h>

#include <vetsock/sys.h>

int vet_socket_now(struct vet_socket *s, struct vet_instant *now)
{
	int r;
	now->nanoseconds = 0;
	if (s->table.sys == NULL)
		return -EBADF;
	r = (s->table.sys->calls->now)(s->table.sys, &now->nanoseconds);
	if (r < 0)
		now->nanoseconds = 0;
	return r < 0 ? r : 0;
}

void vet_socket_deadline_at(struct vet_socket *s, struct vet_instant instant)
{
	if (s->table.sys != NULL)
		vet_deadline_store(s, instant.nanoseconds);
}

void vet_socket_timeout_after(struct vet_socket *s, vet_duration duration)
{
	struct vet_instant now, deadline = vet_instant_never();
	if (duration == VET_DURATION_MAX)
		vet_socket_deadline_at(s, deadline);
	else if (vet_socket_now(s, &now) == 0)
		vet_socket_deadline_at(s, vet_instant_add(now, duration));
	else /* better one try than no limit */
		vet_socket_deadline_at(s, (struct vet_instant){ INT64_MIN });
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
