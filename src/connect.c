/* SPDX-License-Identifier: 0BSD */
#include <errno.h>
#include <poll.h>

#include "option.h"
#include "sockaddr.h"
#include "socket.h"
#include "wait.h"

static int answer(struct vet_socket *s, int error)
{
	s->state = error == 0 ? VET_STATE_CONNECTED : VET_STATE_TRIED;
	memset(&s->pending, 0, sizeof s->pending);
	return error;
}

static bool has_peer(const struct vet_socket *s)
{
	union vet_sockaddr peer;
	socklen_t length = sizeof peer;
	return (s->table.sys->calls->getpeername)(s->table.sys, s->fd, &peer.any, &length) == 0;
}

/*
 * poll has reported a pending attempt.  A peer is the connection; without one SO_ERROR says what happened,
 * unless someone else has asked before: then only the hang-up remains of it.  1: nothing has happened yet.
 */
static int outcome(struct vet_socket *s, const struct vet_wait *w)
{
	int64_t error;
	if (has_peer(s))
		return answer(s, 0);
	int r = vet_option_get_error(s, &error);
	if (r < 0)
		return r;
	if (error != 0)
		return answer(s, (int)error);
	if (w->revents & (POLLHUP | POLLERR))
		return answer(s, -ENOTCONN);
	return 1;
}

static int finish(struct vet_socket *s, int64_t deadline)
{
	struct vet_wait w = vet_wait_begin(s, deadline);
	w.polls_expired = true;
	for (;;) {
		int r = vet_wait_ready(&w, POLLOUT);
		if (r < 0)
			return r;
		r = outcome(s, &w);
		if (r <= 0)
			return r;
	}
}

static int start(struct vet_socket *s, const struct vet_address *address, int64_t deadline)
{
	union vet_sockaddr to;
	struct vet_sys *sys = s->table.sys;
	int length = vet_sockaddr_from(&to, address, s->family);
	if (length < 0)
		return length;
	int r = (sys->calls->connect)(sys, s->fd, &to.any, (socklen_t)length);
	/* Linux: the first connect(2) after a failed attempt may do no more than clear that away. */
	if (r == -ECONNABORTED && s->state == VET_STATE_TRIED)
		r = (sys->calls->connect)(sys, s->fd, &to.any, (socklen_t)length);
	if (r != -EINPROGRESS && r != -EINTR)
		return answer(s, r);
	s->state = VET_STATE_PENDING;
	s->pending = *address;
	return finish(s, deadline);
}

int vet_socket_connect(struct vet_socket *s, const struct vet_address *address)
{
	if (!vet_is_open(s))
		return -EBADF;
	int64_t deadline = vet_deadline_load(s);
	if (s->state == VET_STATE_PENDING)
		return vet_address_equal(&s->pending, address) ? finish(s, deadline) : -EALREADY;
	if (vet_is_stream(s) &&
	    (s->state == VET_STATE_CONNECTED || s->state == VET_STATE_LISTENING))
		return -EISCONN;
	return start(s, address, deadline);
}
