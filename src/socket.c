/* SPDX-License-Identifier: 0BSD */
/* The life of a socket: made, adopted, cloned, released, closed; its addresses; half closes. */
#include "socket.h"

#include <errno.h>

#include "deadline.h"
#include "option.h"
#include "sockaddr.h"

_Static_assert(sizeof(struct vet_socket) == 96, "the size is the same on every ABI");
_Static_assert(_Alignof(struct vet_socket) == 8, "the deadline is loaded atomically");

void vet_socket_init(struct vet_socket *s, struct vet_sys *sys, int fd, int family, int type,
		     int state)
{
	memset(s, 0, sizeof *s);
	s->table.sys = sys;
	s->deadline = VET_NO_DEADLINE;
	s->fd = fd;
	s->family = (uint8_t)family;
	s->type = (uint8_t)type;
	s->state = (uint8_t)state;
}

static void become_closed(struct vet_socket *s)
{
	memset(s, 0, sizeof *s);
}

/* ---- made ---- */

static const int types[] = {
	[VET_STREAM] = SOCK_STREAM, [VET_DATAGRAM] = SOCK_DGRAM, [VET_RAW] = SOCK_RAW
};

static int make(struct vet_socket *s, struct vet_sys *sys, int family, int type, int protocol)
{
	become_closed(s);
	int r = vet_sys_check(sys, NULL);
	if (r < 0)
		return r;
	if (family != 4 && family != 6)
		return -EAFNOSUPPORT;
	int fd = (sys->calls->socket)(sys, family == 4 ? AF_INET : AF_INET6, types[type], protocol);
	if (fd < 0)
		return fd;
	vet_socket_init(s, sys, fd, family, type, VET_STATE_FRESH);
	return 0;
}

int vet_socket_stream_on(struct vet_socket *s, struct vet_sys *sys, int family)
{
	return make(s, sys, family, VET_STREAM, 0);
}

int vet_socket_datagram_on(struct vet_socket *s, struct vet_sys *sys, int family)
{
	return make(s, sys, family, VET_DATAGRAM, 0);
}

int vet_socket_raw_on(struct vet_socket *s, struct vet_sys *sys, int family, int64_t protocol)
{
	if (protocol < 0 || protocol > 255) {
		become_closed(s);
		return -EINVAL;
	}
	return make(s, sys, family, VET_RAW, (int)protocol);
}

/* ---- adopted ---- */

static int adopted_type(const struct vet_socket *s)
{
	int64_t number;
	int r = vet_option_get_number(s, SOL_SOCKET, SO_TYPE, &number);
	if (r < 0)
		return r;
	for (int type = VET_STREAM; type <= VET_RAW; type++)
		if (types[type] == number)
			return type;
	return -EPROTOTYPE;
}

/* getsockname, and not SO_DOMAIN, which POSIX got only in 2024. */
static int adopted_family(const struct vet_socket *s)
{
	union vet_sockaddr address;
	socklen_t length = sizeof address;
	memset(&address, 0, sizeof address);
	int r = (s->table.sys->calls->getsockname)(s->table.sys, s->fd, &address.any, &length);
	if (r < 0)
		return r;
	if (length < offsetof(struct sockaddr, sa_data))
		return -EAFNOSUPPORT;
	return address.any.sa_family == AF_INET    ? 4
	       : address.any.sa_family == AF_INET6 ? 6
						   : -EAFNOSUPPORT;
}

/* A descriptor that is not connected may have failed to connect before: vetsock cannot know. */
static int adopted_state(const struct vet_socket *s)
{
	int64_t listening;
	union vet_sockaddr peer;
	socklen_t length = sizeof peer;
	if (!vet_is_stream(s))
		return VET_STATE_TRIED;
	int r = vet_option_get_number(s, SOL_SOCKET, SO_ACCEPTCONN, &listening);
	if (r < 0)
		return r;
	if (listening != 0)
		return VET_STATE_LISTENING;
	r = (s->table.sys->calls->getpeername)(s->table.sys, s->fd, &peer.any, &length);
	return r == 0 ? VET_STATE_CONNECTED : VET_STATE_TRIED;
}

static int learn(struct vet_socket *s)
{
	int r = adopted_type(s);
	if (r < 0)
		return r;
	s->type = (uint8_t)r;
	r = adopted_family(s);
	if (r < 0)
		return r;
	s->family = (uint8_t)r;
	r = adopted_state(s);
	if (r < 0)
		return r;
	s->state = (uint8_t)r;
	return 0;
}

int vet_socket_adopt(struct vet_socket *s, struct vet_sys *sys, int fd)
{
	become_closed(s);
	int r = vet_sys_check(sys, NULL);
	if (r < 0)
		return r;
	r = (sys->calls->adopt)(sys, fd);
	if (r < 0)
		return r;
	vet_socket_init(s, sys, r, 0, 0, VET_STATE_TRIED);
	s->shared = true;
	r = learn(s);
	if (r == 0)
		return 0;
	int made = s->fd;
	become_closed(s);
	if (made != fd)
		(sys->calls->close)(sys, made);
	return r;
}

int vet_socket_fd(const struct vet_socket *s)
{
	return vet_is_open(s) ? s->fd : -EBADF;
}

int vet_socket_family(const struct vet_socket *s)
{
	return vet_is_open(s) ? s->family : -EBADF;
}

int vet_socket_kind(const struct vet_socket *s)
{
	return vet_is_open(s) ? s->type : -EBADF;
}

int vet_socket_release(struct vet_socket *s)
{
	int fd = vet_socket_fd(s);
	become_closed(s);
	return fd;
}

/* ---- cloned and closed ---- */

int vet_socket_try_clone(struct vet_socket *s, struct vet_socket *clone)
{
	if (!vet_is_open(s))
		return -EBADF;
	if (vet_is_open(clone))
		return -EINVAL;
	int fd = (s->table.sys->calls->dup)(s->table.sys, s->fd);
	if (fd < 0)
		return fd;
	vet_socket_init(clone, s->table.sys, fd, s->family, s->type, s->state);
	clone->pending = s->pending;
	clone->shared = s->shared = true;
	return 0;
}

int vet_socket_close(struct vet_socket *s)
{
	if (!vet_is_open(s))
		return -EBADF;
	struct vet_sys *sys = s->table.sys;
	int fd = s->fd;
	become_closed(s);
	return vet_done((sys->calls->close)(sys, fd));
}

/* ---- bound and listening ---- */

int vet_socket_bind(struct vet_socket *s, const struct vet_address *address)
{
	union vet_sockaddr to;
	if (!vet_is_open(s))
		return -EBADF;
	int length = vet_sockaddr_from(&to, address, s->family);
	if (length < 0)
		return length;
	return vet_done(
		(s->table.sys->calls->bind)(s->table.sys, s->fd, &to.any, (socklen_t)length));
}

int vet_socket_listen(struct vet_socket *s)
{
	return vet_socket_listen_backlog(s, 65535);
}

int vet_socket_listen_backlog(struct vet_socket *s, int64_t backlog)
{
	if (!vet_is_open(s))
		return -EBADF;
	if (backlog < 0 || backlog > INT32_MAX)
		return -EINVAL;
	int r = vet_done((s->table.sys->calls->listen)(s->table.sys, s->fd, (int)backlog));
	if (r == 0)
		s->state = VET_STATE_LISTENING;
	return r;
}

/* ---- addresses ---- */

typedef int (*name_call)(struct vet_sys *, int, struct sockaddr *, socklen_t *);

static int ask(const struct vet_socket *s, name_call call, struct vet_address *address)
{
	union vet_sockaddr in;
	socklen_t length = sizeof in;
	memset(&in, 0, sizeof in);
	int r = call(s->table.sys, s->fd, &in.any, &length);
	return r < 0 ? r : vet_sockaddr_to(&in, length, s->family, address);
}

int vet_socket_local_address(struct vet_socket *s, struct vet_address *address)
{
	memset(address, 0, sizeof *address);
	return vet_is_open(s) ? ask(s, s->table.sys->calls->getsockname, address) : -EBADF;
}

int vet_socket_peer_address(struct vet_socket *s, struct vet_address *address)
{
	memset(address, 0, sizeof *address);
	return vet_is_open(s) ? ask(s, s->table.sys->calls->getpeername, address) : -EBADF;
}

/* ---- half closes ---- */

static int shut_down(struct vet_socket *s, int how)
{
	if (!vet_is_open(s))
		return -EBADF;
	return vet_done((s->table.sys->calls->shutdown)(s->table.sys, s->fd, how));
}

int vet_socket_shutdown(struct vet_socket *s)
{
	return shut_down(s, SHUT_RDWR);
}

int vet_socket_shutdown_read(struct vet_socket *s)
{
	return shut_down(s, SHUT_RD);
}

int vet_socket_shutdown_write(struct vet_socket *s)
{
	return shut_down(s, SHUT_WR);
}
