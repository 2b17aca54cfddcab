/* SPDX-License-Identifier: 0BSD */
/* Bytes and datagrams in the world in memory, and what poll says of them. */
#include "peer.h"

#include <errno.h>

#include "../../src/os.h"
#include "../call/call.h"

/* On the ring of a datagram socket each datagram stands behind its size, in two bytes. */
enum { SIZE_BYTES = 2, NO_LATENCY_WINDOW = 1000000 };

static bool is_stream(const struct vet_peer_end *end)
{
	return end->kind == SOCK_STREAM;
}

static bool echoes(const struct vet_peer *peer)
{
	return peer->world->manner == VET_PEER_ECHO;
}

/* ---- the ring ---- */

static void put(struct vet_peer_end *end, const unsigned char *data, size_t size)
{
	if (size == 0) /* data may be NULL */
		return;
	uint32_t at = (end->head + end->count) % VET_PEER_ROOM;
	size_t first = VET_PEER_ROOM - at < size ? VET_PEER_ROOM - at : size;
	memcpy(end->ring + at, data, first);
	memcpy(end->ring, data + first, size - first);
	end->count += (uint32_t)size;
}

static void copy_out(const struct vet_peer_end *end, uint32_t from, unsigned char *data,
		     size_t size)
{
	uint32_t at = (end->head + from) % VET_PEER_ROOM;
	size_t first = VET_PEER_ROOM - at < size ? VET_PEER_ROOM - at : size;
	if (size == 0)
		return;
	memcpy(data, end->ring + at, first);
	memcpy(data + first, end->ring, size - first);
}

static void drop(struct vet_peer_end *end, size_t size)
{
	end->head = (end->head + (uint32_t)size) % VET_PEER_ROOM;
	end->count -= (uint32_t)size;
	end->visible -= end->visible < size ? end->visible : (uint32_t)size;
}

/* ---- what has come ---- */

/* Bytes of the ring that have arrived. */
static uint32_t arrived(const struct vet_peer *peer, const struct vet_peer_end *end)
{
	return peer->clock >= end->arrives_at ? end->count : end->visible;
}

/* Something goes to the program, and arrives a latency from now. */
static void under_way(struct vet_peer *peer, struct vet_peer_end *end)
{
	end->visible = arrived(peer, end);
	end->arrives_at = peer->clock + peer->world->latency;
}

static size_t bytes_there(const struct vet_peer *peer, const struct vet_peer_end *end)
{
	if (echoes(peer))
		return arrived(peer, end);
	return peer->clock >= end->arrives_at ? peer->world->sends_size - (size_t)end->read : 0;
}

static bool has_ended(const struct vet_peer *peer, const struct vet_peer_end *end)
{
	return end->shut_read || (end->will_end && peer->clock >= end->ends_at);
}

static bool has_own_datagram(const struct vet_peer *peer, const struct vet_peer_end *end)
{
	return !echoes(peer) && end->datagrams < peer->world->datagrams &&
	       peer->clock >= end->arrives_at;
}

bool vet_peer_is_over(const struct vet_peer *peer, const struct vet_peer_end *end)
{
	return end->shut_write && end->will_end && peer->clock >= end->ends_at;
}

void vet_peer_half_closed(struct vet_peer *peer, struct vet_peer_end *end)
{
	int64_t at = peer->clock + peer->world->latency;
	if (end->will_end)
		return;
	end->will_end = true;
	end->ends_at = at > end->arrives_at ? at : end->arrives_at;
}

/* ---- out ---- */

static void find(struct vet_peer *peer, const char *finding, uint64_t at)
{
	peer->finding = finding;
	peer->finding_at = at;
}

/* Is it what was expected? */
static void look_at(struct vet_peer *peer, const struct vet_peer_end *end,
		    const unsigned char *data, size_t size)
{
	const unsigned char *want = peer->world->expects;
	size_t expected = peer->world->expects_size;
	size_t left = expected > end->sent ? expected - (size_t)end->sent : 0;
	size_t common = size < left ? size : left, i = 0;
	if (want == NULL || peer->finding != NULL || size == 0)
		return;
	if (memcmp(data, want + end->sent, common) != 0) {
		while (data[i] == want[end->sent + i])
			i++;
		find(peer, "a byte that was sent is not the one that was expected", end->sent + i);
	} else if (size > left) {
		find(peer, "more was sent than was expected", expected);
	}
}

static size_t room_for(struct vet_peer *peer, struct vet_peer_end *end)
{
	size_t room = VET_PEER_ROOM - end->count, window = peer->world->window;
	if (window == 0)
		return room;
	if (peer->clock >= end->frees_at)
		end->window_used = 0;
	return window - end->window_used < room ? window - end->window_used : room;
}

static void use_window(struct vet_peer *peer, struct vet_peer_end *end, size_t size)
{
	int64_t latency = peer->world->latency;
	if (peer->world->window == 0)
		return;
	if (end->window_used == 0)
		end->frees_at = peer->clock + (latency > 0 ? latency : NO_LATENCY_WINDOW);
	end->window_used += (uint32_t)size;
}

static void take(struct vet_peer *peer, struct vet_peer_end *end, const unsigned char *data,
		 size_t size, bool back)
{
	look_at(peer, end, data, size);
	peer->taken += size;
	end->sent += size;
	peer->complete += end->sent == peer->world->expects_size && size > 0;
	if (back) {
		under_way(peer, end);
		put(end, data, size);
	}
}

static int64_t send_parts(struct vet_peer *peer, struct vet_peer_end *end,
			  const struct iovec *parts, int count, size_t room, bool back)
{
	size_t sent = 0;
	for (int i = 0; i < count && sent < room; i++) {
		size_t n = parts[i].iov_len < room - sent ? parts[i].iov_len : room - sent;
		take(peer, end, parts[i].iov_base, n, back);
		sent += n;
	}
	use_window(peer, end, sent);
	vet_peer_happened(peer);
	return (int64_t)sent;
}

static int64_t send_stream(struct vet_peer *peer, struct vet_peer_end *end,
			   const struct iovec *parts, int count, size_t size)
{
	size_t room;
	vet_peer_settle(peer, end);
	if (end->state == CONNECTING)
		return -EAGAIN;
	if (end->state != CONNECTED || end->shut_write)
		return -EPIPE; /* as Linux */
	if (size == 0)
		return 0;
	room = room_for(peer, end);
	return room == 0 ? -EAGAIN : send_parts(peer, end, parts, count, room, echoes(peer));
}

static int64_t send_datagram(struct vet_peer *peer, struct vet_peer_end *end,
			     const struct iovec *parts, int count, size_t size)
{
	unsigned char prefix[SIZE_BYTES] = { (unsigned char)(size >> 8), (unsigned char)size };
	bool back;
	if (end->shut_write)
		return -EPIPE;
	if (size > VET_PEER_DATAGRAM)
		return -EMSGSIZE;
	back = echoes(peer) && VET_PEER_ROOM - end->count >= size + SIZE_BYTES;
	if (back) { /* or the echo is lost, as datagrams may be */
		under_way(peer, end);
		put(end, prefix, SIZE_BYTES);
	}
	return send_parts(peer, end, parts, count, size, back);
}

/* A socket that has no peer remembers who was sent something: the answer comes from there. */
static int address_datagram(struct vet_peer_end *end, const struct vet_call *call)
{
	int r;
	if (call->entry != VET_CALL_sendto || call->u.out.address == NULL)
		return end->has_peer ? 0 : -EDESTADDRREQ;
	r = vet_peer_check_address(end, call->u.out.address, call->u.out.length);
	if (r == 0 && !end->has_peer)
		memcpy(end->remote, call->u.out.address,
		       end->is_ipv6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in));
	return r;
}

int64_t vet_peer_send(struct vet_peer *peer, struct vet_call *call)
{
	struct vet_peer_end *end = vet_peer_end_of(peer, call->fd);
	struct iovec whole, *parts = &whole;
	int count = 1;
	size_t size = vet_call_asked(call);
	int r;
	if (end == NULL)
		return -EBADF;
	if (call->entry == VET_CALL_sendv) {
		parts = (struct iovec *)(uintptr_t)call->u.gather.parts;
		count = call->u.gather.count;
	} else {
		whole.iov_base = (void *)(uintptr_t)call->u.out.data;
		whole.iov_len = size;
	}
	if (is_stream(end))
		return send_stream(peer, end, parts, count, size);
	r = address_datagram(end, call);
	return r < 0 ? r : send_datagram(peer, end, parts, count, size);
}

/* ---- in ---- */

static bool is_peek(const struct vet_call *call)
{
	return (call->u.in.flags & MSG_PEEK) != 0;
}

static int64_t receive_stream(struct vet_peer *peer, struct vet_peer_end *end,
			      const struct vet_call *call)
{
	size_t there, n = call->u.in.size;
	vet_peer_settle(peer, end);
	if (end->state != CONNECTED)
		return end->state == CONNECTING ? -EAGAIN : -ENOTCONN;
	there = bytes_there(peer, end);
	if (there == 0)
		return has_ended(peer, end) ? 0 : -EAGAIN;
	if (n == 0) /* as Linux */
		return 0;
	n = n < there ? n : there;
	if (echoes(peer))
		copy_out(end, 0, call->u.in.data, n);
	else
		memcpy(call->u.in.data,
		       (const unsigned char *)peer->world->sends + (size_t)end->read, n);
	if (is_peek(call))
		return (int64_t)n;
	if (echoes(peer))
		drop(end, n);
	else
		end->read += n;
	peer->given += n;
	vet_peer_happened(peer);
	return (int64_t)n;
}

static int64_t hand_over(struct vet_peer *peer, struct vet_peer_end *end,
			 const struct vet_call *call, size_t size)
{
	size_t n = size < call->u.in.size ? size : call->u.in.size;
	if (call->u.in.truncated != NULL)
		*call->u.in.truncated = n < size;
	if (end->has_peer || end->remote[0] != 0 || end->remote[1] != 0)
		vet_peer_put_address(end->remote, call->u.in.address, call->u.in.length);
	else /* nobody was sent anything: it comes from oneself */
		vet_peer_put_address(end->local, call->u.in.address, call->u.in.length);
	if (is_peek(call))
		return (int64_t)n;
	peer->given += n;
	vet_peer_happened(peer);
	return (int64_t)n;
}

static int64_t receive_datagram(struct vet_peer *peer, struct vet_peer_end *end,
				const struct vet_call *call)
{
	size_t asked = call->u.in.size, size = peer->world->sends_size;
	unsigned char prefix[SIZE_BYTES];
	if (has_own_datagram(peer, end)) {
		if (size > 0 && asked > 0)
			memcpy(call->u.in.data, peer->world->sends, size < asked ? size : asked);
		if (!is_peek(call)) {
			end->datagrams++;
			end->arrives_at = peer->clock + peer->world->latency;
		}
		return hand_over(peer, end, call, size);
	}
	if (!echoes(peer) || arrived(peer, end) == 0)
		return -EAGAIN; /* shut down too: as Linux */
	copy_out(end, 0, prefix, SIZE_BYTES);
	size = (size_t)prefix[0] << 8 | prefix[1];
	copy_out(end, SIZE_BYTES, call->u.in.data, size < asked ? size : asked);
	if (!is_peek(call))
		drop(end, size + SIZE_BYTES);
	return hand_over(peer, end, call, size);
}

int64_t vet_peer_receive(struct vet_peer *peer, struct vet_call *call)
{
	struct vet_peer_end *end = vet_peer_end_of(peer, call->fd);
	if (end == NULL)
		return -EBADF;
	if (!is_stream(end))
		return receive_datagram(peer, end, call);
	if (call->u.in.length != NULL) /* POSIX recvfrom(): of a stream nothing need be said */
		*call->u.in.length = 0;
	if (call->u.in.truncated != NULL)
		*call->u.in.truncated = 0;
	return receive_stream(peer, end, call);
}

/* ---- poll ---- */

static short stream_readiness(struct vet_peer *peer, struct vet_peer_end *end)
{
	short ready = 0;
	vet_peer_settle(peer, end);
	if (end->state == CONNECTING)
		return 0;
	if (end->state == LISTENING)
		return vet_peer_connections(peer, end) > 0 ? POLLIN : 0;
	if (end->state != CONNECTED)
		return POLLOUT | POLLHUP; /* as Linux */
	if (bytes_there(peer, end) > 0 || has_ended(peer, end))
		ready |= POLLIN;
	if (has_ended(peer, end))
		ready |= end->shut_write ? POLLRDHUP | POLLHUP : POLLRDHUP;
	if (end->shut_write || room_for(peer, end) > 0)
		ready |= POLLOUT;
	return ready;
}

static short datagram_readiness(const struct vet_peer *peer, const struct vet_peer_end *end)
{
	short ready = POLLOUT;
	if (has_own_datagram(peer, end) || (echoes(peer) && arrived(peer, end) > 0))
		ready |= POLLIN;
	if (end->shut_read)
		ready |= end->shut_write ? POLLIN | POLLRDHUP | POLLHUP : POLLIN | POLLRDHUP;
	return ready;
}

short vet_peer_readiness(struct vet_peer *peer, struct vet_peer_end *end, short events)
{
	short ready = is_stream(end) ? stream_readiness(peer, end) : datagram_readiness(peer, end);
	return (short)(ready & (events | POLLERR | POLLHUP | POLLNVAL));
}

static int64_t earlier(const struct vet_peer *peer, int64_t next, bool awaited, int64_t at)
{
	return awaited && at > peer->clock && at < next ? at : next;
}

static int64_t next_connection(const struct vet_peer *peer, const struct vet_peer_end *end)
{
	int64_t latency = peer->world->latency;
	int64_t come = latency > 0 ? (peer->clock - end->since) / latency : 0;
	return latency > 0 && (uint64_t)come < peer->world->connections
		       ? end->since + (come + 1) * latency
		       : INT64_MAX;
}

int64_t vet_peer_next_event(struct vet_peer *peer, struct vet_peer_end *end)
{
	const struct vet_world *world = peer->world;
	int64_t next = INT64_MAX;
	vet_peer_settle(peer, end);
	if (end->state == LISTENING)
		return next_connection(peer, end);
	next = earlier(peer, next, end->state == CONNECTING, end->since);
	next = earlier(peer, next, end->will_end, end->ends_at);
	next = earlier(peer, next, end->window_used > 0, end->frees_at);
	next = earlier(peer, next, echoes(peer) && end->count > end->visible, end->arrives_at);
	next = earlier(peer, next,
		       !echoes(peer) && (is_stream(end) ? end->state == CONNECTED
							: end->datagrams < world->datagrams),
		       end->arrives_at);
	return next;
}
