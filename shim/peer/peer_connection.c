/* SPDX-License-Identifier: 0BSD */
/* Sockets of the world in memory: made, bound, connected, accepted, shut down; who is where. */
#include "peer.h"

#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>

enum { FIRST_PORT = 40000, PEER_PORT = 7, MEMBERS = offsetof(struct vet_peer_end, ring) };

_Static_assert(sizeof(struct sockaddr_in6) <= 28, "an address fits");

/* ---- addresses ---- */

static void make_address(unsigned char *out, bool is_ipv6, unsigned last, unsigned port)
{
	unsigned char network_port[2] = { (unsigned char)(port >> 8), (unsigned char)port };
	if (is_ipv6) {
		struct sockaddr_in6 address = { .sin6_family = AF_INET6 };
		memcpy(&address.sin6_port, network_port, 2);
		address.sin6_addr.s6_addr[15] = (unsigned char)last;
		memcpy(out, &address, sizeof address);
	} else {
		struct sockaddr_in address = { .sin_family = AF_INET };
		unsigned char ip[4] = { last != 0 ? 127 : 0, 0, 0, (unsigned char)last };
		memcpy(&address.sin_port, network_port, 2);
		memcpy(&address.sin_addr, ip, 4);
		memcpy(out, &address, sizeof address);
	}
}

static int own_length(const struct vet_peer_end *end)
{
	return end->is_ipv6 ? (int)sizeof(struct sockaddr_in6) : (int)sizeof(struct sockaddr_in);
}

static sa_family_t family_of(const void *address)
{
	struct sockaddr any;
	memcpy(&any, address, offsetof(struct sockaddr, sa_data));
	return any.sa_family;
}

static bool port_is_zero(const unsigned char *address)
{
	return address[offsetof(struct sockaddr_in, sin_port)] == 0 &&
	       address[offsetof(struct sockaddr_in, sin_port) + 1] == 0;
}

void vet_peer_put_address(const unsigned char *from, struct sockaddr *address, socklen_t *length)
{
	socklen_t own = family_of(from) == AF_INET6 ? sizeof(struct sockaddr_in6)
						    : sizeof(struct sockaddr_in);
	if (address != NULL && length != NULL) {
		memcpy(address, from, *length < own ? *length : own);
		*length = own;
	}
}

/* ---- made ---- */

static struct vet_peer_end *make_end(struct vet_peer *peer, unsigned kind, bool is_ipv6,
				     unsigned state)
{
	struct vet_peer_end *end;
	if (peer->ends == VET_PEER_ENDS || peer->made == VET_PEER_DESCRIPTORS)
		return NULL;
	end = &peer->end[peer->ends++];
	memset(end, 0, MEMBERS);
	end->kind = (uint8_t)kind;
	end->is_ipv6 = is_ipv6;
	end->state = (uint8_t)state;
	make_address(end->local, is_ipv6, 0, 0);
	end->arrives_at = peer->clock + peer->world->latency; /* of datagrams */
	return end;
}

static int hand_out(struct vet_peer *peer, struct vet_peer_end *end)
{
	if (end != NULL)
		return vet_peer_hand_out(peer, end);
	return peer->made == VET_PEER_DESCRIPTORS ? -EMFILE : -ENFILE;
}

static int make_socket(struct vet_peer *peer, const struct vet_call *call)
{
	int domain = call->u.socket.domain, type = call->u.socket.type;
	if (domain != AF_INET && domain != AF_INET6)
		return -EAFNOSUPPORT;
	if (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_RAW)
		return -EINVAL;
	return hand_out(peer, make_end(peer, (unsigned)type, domain == AF_INET6, FRESH));
}

static void take_port(struct vet_peer *peer, struct vet_peer_end *end)
{
	if (port_is_zero(end->local))
		make_address(end->local, end->is_ipv6, 1, FIRST_PORT + (unsigned)(end - peer->end));
}

/* From now on bytes go both ways. */
static void become_connected(struct vet_peer *peer, struct vet_peer_end *end, int64_t when)
{
	const struct vet_world *world = peer->world;
	end->state = CONNECTED;
	end->arrives_at = when + (world->manner != VET_PEER_ECHO ? world->latency : 0);
	end->will_end = world->manner == VET_PEER_SOURCE;
	end->ends_at = end->arrives_at;
	vet_peer_happened(peer);
}

void vet_peer_make_foreign(struct vet_peer *peer)
{
	struct vet_peer_end *end = make_end(peer, SOCK_STREAM, false, FRESH);
	peer->end_of_foreign = -1;
	if (end == NULL) /* there are too many others */
		return;
	make_address(end->local, false, 1, FIRST_PORT);
	make_address(end->remote, false, 1, PEER_PORT);
	become_connected(peer, end, peer->clock);
	end->references = 1;
	peer->end_of_foreign = (int16_t)(end - peer->end);
}

static int adopt(struct vet_peer *peer, int fd)
{
	return vet_peer_end_of(peer, fd) == NULL ? -EBADF : fd;
}

/* ---- bound and connected ---- */

int vet_peer_check_address(const struct vet_peer_end *end, const struct sockaddr *address,
			   socklen_t length)
{
	if (length < offsetof(struct sockaddr, sa_data))
		return -EINVAL;
	if (family_of(address) != (end->is_ipv6 ? AF_INET6 : AF_INET))
		return -EAFNOSUPPORT;
	return length < (socklen_t)own_length(end) ? -EINVAL : 0;
}

static int check_address(const struct vet_peer_end *end, const struct vet_call *call)
{
	return vet_peer_check_address(end, call->u.to.address, call->u.to.length);
}

static int bind_to(struct vet_peer *peer, struct vet_peer_end *end, const struct vet_call *call)
{
	int r = check_address(end, call);
	if (r < 0)
		return r;
	if (!port_is_zero(end->local))
		return -EINVAL;
	memcpy(end->local, call->u.to.address, (size_t)own_length(end));
	if (port_is_zero(end->local)) {
		unsigned port = FIRST_PORT + (unsigned)(end - peer->end);
		end->local[offsetof(struct sockaddr_in, sin_port)] = (unsigned char)(port >> 8);
		end->local[offsetof(struct sockaddr_in, sin_port) + 1] = (unsigned char)port;
	}
	return 0;
}

/* connect(2): AF_UNSPEC dissolves what there is. */
static int dissolve(struct vet_peer_end *end)
{
	end->state = FRESH;
	end->has_peer = end->shut_read = end->shut_write = end->unseen = false;
	end->count = end->visible = 0;
	end->read = 0;
	return 0;
}

void vet_peer_settle(struct vet_peer *peer, struct vet_peer_end *end)
{
	if (end->state != CONNECTING || peer->clock < end->since)
		return;
	become_connected(peer, end, end->since);
	end->unseen = true;
}

static int connect_stream(struct vet_peer *peer, struct vet_peer_end *end)
{
	vet_peer_settle(peer, end);
	if (end->state == CONNECTING)
		return -EALREADY;
	if (end->state != FRESH) {
		int r = end->unseen && !vet_peer_is_over(peer, end) ? 0 : -EISCONN;
		end->unseen = false; /* Linux: 0, once */
		return r;
	}
	take_port(peer, end);
	if (peer->world->latency == 0) {
		become_connected(peer, end, peer->clock);
		return 0;
	}
	end->state = CONNECTING;
	end->since = peer->clock + peer->world->latency;
	return -EINPROGRESS;
}

static int connect_to(struct vet_peer *peer, struct vet_peer_end *end, const struct vet_call *call)
{
	int r;
	if (call->u.to.length >= offsetof(struct sockaddr, sa_data) &&
	    family_of(call->u.to.address) == AF_UNSPEC)
		return dissolve(end);
	r = check_address(end, call);
	if (r < 0)
		return r;
	if (end->kind == SOCK_STREAM) {
		if (end->state == FRESH)
			memcpy(end->remote, call->u.to.address, (size_t)own_length(end));
		return connect_stream(peer, end);
	}
	memcpy(end->remote, call->u.to.address, (size_t)own_length(end));
	take_port(peer, end);
	end->has_peer = true;
	return 0;
}

/* ---- listening ---- */

static int listen_on(struct vet_peer *peer, struct vet_peer_end *end)
{
	if (end->kind != SOCK_STREAM)
		return -EOPNOTSUPP;
	if (end->state != FRESH && end->state != LISTENING)
		return -EINVAL;
	take_port(peer, end);
	if (end->state == FRESH)
		end->since = peer->clock;
	end->state = LISTENING;
	return 0;
}

/* How many have come to a listener that were not accepted yet. */
unsigned vet_peer_connections(const struct vet_peer *peer, const struct vet_peer_end *end)
{
	const struct vet_world *world = peer->world;
	uint64_t come = world->connections;
	if (world->latency > 0 && (uint64_t)((peer->clock - end->since) / world->latency) < come)
		come = (uint64_t)((peer->clock - end->since) / world->latency);
	return (unsigned)(come - (end->accepted < come ? end->accepted : come));
}

static int accept_one(struct vet_peer *peer, struct vet_peer_end *end, const struct vet_call *call)
{
	struct vet_peer_end *made;
	int fd;
	if (end->kind != SOCK_STREAM)
		return -EOPNOTSUPP;
	if (end->state != LISTENING)
		return -EINVAL;
	if (vet_peer_connections(peer, end) == 0)
		return -EAGAIN;
	made = make_end(peer, SOCK_STREAM, end->is_ipv6, FRESH);
	fd = hand_out(peer, made);
	if (fd < 0)
		return fd;
	memcpy(made->local, end->local, sizeof made->local);
	make_address(made->remote, end->is_ipv6, 1, FIRST_PORT + 100 + end->accepted);
	end->accepted++;
	become_connected(peer, made, peer->clock);
	vet_peer_put_address(made->remote, call->u.name.address, call->u.name.length);
	return fd;
}

/* ---- shut down, named ---- */

static bool has_no_peer(const struct vet_peer *peer, const struct vet_peer_end *end)
{
	return end->kind == SOCK_STREAM ? end->state != CONNECTED || vet_peer_is_over(peer, end)
					: !end->has_peer;
}

static int shut_down(struct vet_peer *peer, struct vet_peer_end *end, int how)
{
	vet_peer_settle(peer, end);
	if (end->state == LISTENING) { /* Linux: what was shut down is as good as new */
		end->state = how == SHUT_WR ? LISTENING : FRESH;
		return 0;
	}
	if (has_no_peer(peer, end)) {
		end->shut_read |= end->kind != SOCK_STREAM && how != SHUT_WR;
		end->shut_write |= end->kind != SOCK_STREAM && how != SHUT_RD;
		return -ENOTCONN; /* Linux: of a datagram socket it has been done all the same */
	}
	end->shut_read |= how != SHUT_WR;
	if (how != SHUT_RD && !end->shut_write) {
		end->shut_write = true;
		vet_peer_half_closed(peer, end);
	}
	vet_peer_happened(peer);
	return 0;
}

static int name_peer(struct vet_peer *peer, struct vet_peer_end *end, const struct vet_call *call)
{
	vet_peer_settle(peer, end);
	if (has_no_peer(peer, end))
		return -ENOTCONN;
	vet_peer_put_address(end->remote, call->u.name.address, call->u.name.length);
	return 0;
}

int64_t vet_peer_connection_call(struct vet_peer *peer, struct vet_call *call)
{
	struct vet_peer_end *end;
	if (call->entry == VET_CALL_socket)
		return make_socket(peer, call);
	if (call->entry == VET_CALL_adopt)
		return adopt(peer, call->fd);
	end = vet_peer_end_of(peer, call->fd);
	if (end == NULL)
		return -EBADF;
	switch (call->entry) {
	case VET_CALL_bind:
		return bind_to(peer, end, call);
	case VET_CALL_connect:
		return connect_to(peer, end, call);
	case VET_CALL_listen:
		return listen_on(peer, end);
	case VET_CALL_accept:
		return accept_one(peer, end, call);
	case VET_CALL_shutdown:
		return shut_down(peer, end, call->u.how);
	case VET_CALL_getsockname:
		vet_peer_put_address(end->local, call->u.name.address, call->u.name.length);
		return 0;
	case VET_CALL_getpeername:
		return name_peer(peer, end, call);
	case VET_CALL_getsockopt:
		return vet_peer_get_option(end, call);
	case VET_CALL_setsockopt:
		return vet_peer_set_option(end, call);
	default:
		return -ENOSYS;
	}
}
