/* SPDX-License-Identifier: 0BSD */
#include <errno.h>

#include "os.h"
#include "sockaddr.h"
#include "socket.h"
#include "wait.h"

/* A connection that died in the queue: nothing of the listener's (accept(2), "Error handling";
 * POSIX). */
static bool is_of_the_connection(int error)
{
	static const int errors[] = { ECONNABORTED, EPROTO,       ENETDOWN, ENETUNREACH,
				      EHOSTDOWN,    EHOSTUNREACH, ENONET,   ENOPROTOOPT };
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
		if (error == -errors[i])
			return true;
	return false;
}

static int wait_for_next(struct vet_wait *w, int error)
{
	if (is_of_the_connection(error))
		return vet_wait_passed_over(w, POLLIN);
	/* Elsewhere than on Linux, a listener that was shut down may go on to say EAGAIN. */
	if (error == -EAGAIN && (w->revents & (POLLHUP | POLLIN)) == POLLHUP)
		return -EINVAL;
	return vet_wait_after(w, error, POLLIN);
}

static int accept_any(struct vet_socket *s, struct sockaddr *address, socklen_t *length)
{
	struct vet_sys *sys = s->table.sys;
	int64_t deadline = vet_deadline_load(s);
	socklen_t room = length != NULL ? *length : 0;
	int fd = (sys->calls->accept)(sys, s->fd, address, length);
	if (fd >= 0)
		return fd;
	struct vet_wait w = vet_wait_begin(s, deadline);
	for (;;) {
		int r = wait_for_next(&w, fd);
		if (r < 0)
			return r;
		if (length != NULL)
			*length = room;
		fd = (sys->calls->accept)(sys, s->fd, address, length);
		if (fd >= 0)
			return fd;
	}
}

int vet_socket_accept(struct vet_socket *s, struct vet_socket *peer, struct vet_address *from)
{
	union vet_sockaddr in;
	socklen_t length = sizeof in;
	if (from != NULL)
		memset(from, 0, sizeof *from);
	if (!vet_is_open(s))
		return -EBADF;
	if (vet_is_open(peer))
		return -EINVAL;
	memset(&in, 0, sizeof in);
	int fd = accept_any(s, from != NULL ? &in.any : NULL, from != NULL ? &length : NULL);
	if (fd < 0)
		return fd;
	int r = from != NULL ? vet_sockaddr_to(&in, length, s->family, from) : 0;
	if (r < 0) {
		(s->table.sys->calls->close)(s->table.sys, fd);
		return r;
	}
	vet_socket_init(peer, s->table.sys, fd, s->family, VET_STREAM, VET_STATE_CONNECTED);
	return 0;
}
