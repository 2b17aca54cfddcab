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

/* 0: there is a peer, and so a connection. */
static int ask_peer(const struct vet_socket *s)
{
	union vet_sockaddr peer;
	socklen_t length = sizeof peer;
	return (s->table.sys->calls->getpeername)(s->table.sys, s->fd, &peer.any, &length);
}

/* POSIX getpeername(): ENOTCONN, and EINVAL once the connection is over. */
static bool has_no_peer(int error)
{
	return error == -ENOTCONN || error == -EINVAL;
}

/*
 * poll has reported a pending attempt.  A peer is the connection; without one SO_ERROR says what
 * happened, unless someone else has asked before: then only the hang-up remains of it.  1: nothing
 * has happened yet.
 */
static int outcome(struct vet_socket *s, const struct vet_wait *w)
{
	int64_t error;
	int peer = ask_peer(s);
	if (peer == 0)
		return answer(s, 0);
	int r = vet_option_get_error(s, &error);
	if (r < 0)
		return r;
	if (error != 0)
		return answer(s, (int)error);
	if (w->revents & (POLLHUP | POLLERR))
		return answer(s, -ENOTCONN);
	return has_no_peer(peer) ? 1 : vet_done(peer);
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

static bool is_connected_or_listening(struct vet_socket *s)
{
	/* Another descriptor may have connected it: Linux would then say 0 once, to any address. */
	if (s->shared && s->state <= VET_STATE_TRIED && ask_peer(s) == 0)
		s->state = VET_STATE_CONNECTED;
	return s->state == VET_STATE_CONNECTED || s->state == VET_STATE_LISTENING;
}

static int start(struct vet_socket *s, const union vet_sockaddr *to, socklen_t length)
{
	struct vet_sys *sys = s->table.sys;
	int r = (sys->calls->connect)(sys, s->fd, &to->any, length);
	/* Linux: the first connect(2) after a failed attempt may only clear that away. */
	if (r == -ECONNABORTED && (s->state == VET_STATE_TRIED || s->shared))
		r = (sys->calls->connect)(sys, s->fd, &to->any, length);
	return vet_done(r);
}

int vet_socket_connect(struct vet_socket *s, const struct vet_address *address)
{
	union vet_sockaddr to;
	if (!vet_is_open(s))
		return -EBADF;
	int64_t deadline = vet_deadline_load(s);
	int length = vet_sockaddr_from(&to, address, s->family);
	if (length < 0)
		return length;
	if (s->state == VET_STATE_PENDING)
		return vet_address_equal(&s->pending, address) ? finish(s, deadline) : -EALREADY;
	if (vet_is_stream(s) && is_connected_or_listening(s))
		return -EISCONN;
	int r = start(s, &to, (socklen_t)length);
	if (r != -EINPROGRESS && r != -EINTR)
		return answer(s, r);
	s->state = VET_STATE_PENDING;
	s->pending = *address;
	return finish(s, deadline);
}
