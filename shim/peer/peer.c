/* SPDX-License-Identifier: 0BSD */
/* The world in memory: its clock, its memory and its descriptors, and the way from a call to what
 * answers it. */
#include "peer.h"

#include <errno.h>
#include <stdlib.h>

#include "../call/call.h"

enum { START = 1000, IDLE_CALLS = 8, NOT_MADE = -2 };

unsigned char vet_peer_byte(uint64_t position)
{
	uint64_t z = (position + 1) * UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 32) * UINT64_C(0xd1342543de82ef95);
	/* Of neighbours one is odd. */
	return (unsigned char)((z >> 56 & 0xfe) | (position & 1));
}

/* ---- time ---- */

/* Where the clock ends: a latency later is still a time. */
static const int64_t latest = INT64_MAX / 2;

void vet_peer_happened(struct vet_peer *peer)
{
	peer->idle = 0;
	peer->tick = peer->world->tick > 0 ? peer->world->tick : 1;
}

static void pass(struct vet_peer *peer, int64_t nanoseconds)
{
	peer->clock = nanoseconds > latest - peer->clock ? latest : peer->clock + nanoseconds;
}

static int now(struct vet_peer *peer, int64_t *nanoseconds)
{
	*nanoseconds = peer->clock;
	if (peer->world->tick == 0 && ++peer->idle % IDLE_CALLS == 0 && peer->tick < INT64_MAX / 2)
		peer->tick *= 2;
	return 0;
}

/* ---- descriptors ---- */

struct vet_peer_end *vet_peer_end_of(struct vet_peer *peer, int fd)
{
	uint32_t index = (uint32_t)(fd - VET_PEER_FIRST);
	int16_t end = index < peer->made ? peer->end_of[index] : -1;
	if (fd == VET_PEER_FOREIGN) {
		if (peer->end_of_foreign == NOT_MADE)
			vet_peer_make_foreign(peer);
		end = peer->end_of_foreign;
	}
	return end < 0 ? NULL : &peer->end[end];
}

int vet_peer_hand_out(struct vet_peer *peer, struct vet_peer_end *end)
{
	if (peer->made == VET_PEER_DESCRIPTORS)
		return -EMFILE;
	end->references++;
	peer->end_of[peer->made] = (int16_t)(end - peer->end);
	vet_peer_happened(peer);
	return VET_PEER_FIRST + (int)peer->made++;
}

static int close_one(struct vet_peer *peer, int fd)
{
	struct vet_peer_end *end = vet_peer_end_of(peer, fd);
	if (end == NULL)
		return -EBADF;
	end->references--;
	if (fd == VET_PEER_FOREIGN)
		peer->end_of_foreign = -1;
	else
		peer->end_of[fd - VET_PEER_FIRST] = -1;
	return 0;
}

static int dup_one(struct vet_peer *peer, int fd)
{
	struct vet_peer_end *end = vet_peer_end_of(peer, fd);
	return end == NULL ? -EBADF : vet_peer_hand_out(peer, end);
}

/* ---- memory ---- */

static size_t block_of(const struct vet_peer *peer, const void *memory)
{
	for (size_t i = 0; i < VET_PEER_BLOCKS; i++)
		if (peer->block[i] == memory)
			return i;
	return VET_PEER_BLOCKS;
}

/* AddressSanitizer's, if it watches: who goes beyond a block in the room is caught all the same. */
__attribute__((weak)) void __asan_poison_memory_region(void const volatile *memory, size_t size);
__attribute__((weak)) void __asan_unpoison_memory_region(void const volatile *memory, size_t size);

static unsigned char *place_of(const struct vet_peer *peer, size_t i)
{
	return peer->room == NULL ? NULL : peer->room + i * VET_PEER_BLOCK;
}

/* Of a place in the room so many bytes may be used. */
static void open_up(unsigned char *place, size_t size)
{
	if (__asan_poison_memory_region == NULL || __asan_unpoison_memory_region == NULL)
		return;
	__asan_unpoison_memory_region(place, size);
	__asan_poison_memory_region(place + size, VET_PEER_BLOCK - size);
}

static void *resized(struct vet_peer *peer, size_t i, size_t size)
{
	unsigned char *place = place_of(peer, i);
	void *was = peer->block[i], *moved;
	if (place == NULL || (was != place && (was != NULL || size > VET_PEER_BLOCK)))
		return realloc(was, size);
	if (size <= VET_PEER_BLOCK) {
		open_up(place, size);
		return place;
	}
	moved = malloc(size);
	if (moved == NULL)
		return NULL;
	open_up(place, VET_PEER_BLOCK);
	memcpy(moved, place, VET_PEER_BLOCK);
	open_up(place, 0);
	return moved;
}

static void give_back(struct vet_peer *peer, size_t i)
{
	if (peer->block[i] != NULL && peer->block[i] == place_of(peer, i))
		open_up(place_of(peer, i), 0);
	else
		free(peer->block[i]);
	peer->block[i] = NULL;
}

static int resize(struct vet_peer *peer, void **memory, size_t size)
{
	size_t i = block_of(peer, *memory); /* of NULL: a free place */
	void *moved;
	if (size == 0 && *memory == NULL)
		return 0;
	if (i == VET_PEER_BLOCKS)
		return *memory == NULL ? -ENOMEM : -EINVAL;
	peer->blocks += *memory == NULL;
	if (size == 0) {
		give_back(peer, i);
		peer->blocks--;
		*memory = NULL;
		return 0;
	}
	moved = resized(peer, i, size);
	if (moved == NULL) {
		peer->blocks -= *memory == NULL;
		return -ENOMEM;
	}
	*memory = peer->block[i] = moved;
	return 0;
}

static void free_blocks(struct vet_peer *peer)
{
	for (size_t i = 0; peer->blocks > 0 && i < VET_PEER_BLOCKS; i++) {
		peer->blocks -= peer->block[i] != NULL;
		give_back(peer, i);
	}
}

/* ---- files, interfaces ---- */

static int64_t read_file(struct vet_peer *peer, int file, unsigned char *data, size_t size,
			 int64_t offset)
{
	uint64_t at = (uint64_t)offset, n;
	if (file != VET_PEER_FILE)
		return vet_peer_end_of(peer, file) != NULL ? -ESPIPE : -EBADF;
	if (offset < 0)
		return -EINVAL;
	n = at < peer->world->file_size ? peer->world->file_size - at : 0;
	n = n < size ? n : size;
	for (uint64_t i = 0; i < n; i++)
		data[i] = vet_peer_byte(at + i);
	return (int64_t)n;
}

static int64_t send_file(struct vet_peer *peer, const struct vet_call *call)
{
	unsigned char chunk[1024];
	size_t asked = call->u.file.size < sizeof chunk ? call->u.file.size : sizeof chunk;
	struct vet_call out = { .entry = VET_CALL_send, .fd = call->fd };
	int64_t n = read_file(peer, call->u.file.file, chunk, asked, *call->u.file.offset);
	if (n <= 0)
		return n;
	out.u.out.data = chunk;
	out.u.out.size = (size_t)n;
	n = vet_peer_send(peer, &out);
	if (n > 0)
		*call->u.file.offset += n;
	return n;
}

static int interface_index(const char *name)
{
	static const char *const names[] = { "lo", "eth0" };
	for (int i = 0; i < 2; i++)
		if (strcmp(name, names[i]) == 0)
			return i + 1;
	return -ENODEV;
}

/* ---- polling ---- */

static int count_ready(struct vet_peer *peer, struct pollfd *descriptors, nfds_t count)
{
	int ready = 0;
	for (nfds_t i = 0; i < count; i++) {
		struct vet_peer_end *end = vet_peer_end_of(peer, descriptors[i].fd);
		descriptors[i].revents = 0;
		if (descriptors[i].fd < 0)
			continue;
		descriptors[i].revents =
			end == NULL ? POLLNVAL
				    : vet_peer_readiness(peer, end, descriptors[i].events);
		ready += descriptors[i].revents != 0;
	}
	return ready;
}

/* When something of these descriptors changes next; INT64_MAX: never. */
static int64_t next_event(struct vet_peer *peer, const struct pollfd *descriptors, nfds_t count)
{
	int64_t next = INT64_MAX;
	for (nfds_t i = 0; i < count; i++) {
		struct vet_peer_end *end = vet_peer_end_of(peer, descriptors[i].fd);
		int64_t at = end == NULL ? INT64_MAX : vet_peer_next_event(peer, end);
		next = at < next ? at : next;
	}
	return next;
}

static int blocked(struct vet_peer *peer)
{
	peer->is_blocked = true;
	return -EDEADLK;
}

static int wait_for(struct vet_peer *peer, struct pollfd *descriptors, nfds_t count, int64_t limit)
{
	for (;;) {
		int ready = count_ready(peer, descriptors, count);
		if (ready > 0 || limit == 0)
			return ready;
		int64_t next = next_event(peer, descriptors, count);
		if (next == INT64_MAX && limit < 0)
			return blocked(peer);
		vet_peer_happened(peer);
		if (limit > 0 && (next == INT64_MAX || next - peer->clock > limit)) {
			pass(peer, limit);
			return 0;
		}
		limit -= limit > 0 ? next - peer->clock : 0;
		if (next > peer->clock)
			peer->clock = next;
	}
}

/* ---- calls ---- */

static int64_t answer(struct vet_layer *layer, struct vet_call *call)
{
	struct vet_peer *peer = (struct vet_peer *)layer;
	pass(peer, peer->tick);
	switch (call->entry) {
	case VET_CALL_send:
	case VET_CALL_sendto:
	case VET_CALL_sendv:
		return vet_peer_send(peer, call);
	case VET_CALL_recv:
	case VET_CALL_recvfrom:
		return vet_peer_receive(peer, call);
	case VET_CALL_close:
		return close_one(peer, call->fd);
	case VET_CALL_dup:
		return dup_one(peer, call->fd);
	case VET_CALL_poll:
		return wait_for(peer, call->u.poll.descriptors, call->u.poll.count,
				call->u.poll.nanoseconds);
	case VET_CALL_now:
		return now(peer, call->u.nanoseconds);
	case VET_CALL_realloc:
		return resize(peer, call->u.block.memory, call->u.block.size);
	case VET_CALL_pread:
		return read_file(peer, call->fd, call->u.read.data, call->u.read.size,
				 call->u.read.offset);
	case VET_CALL_sendfile:
		return send_file(peer, call);
	case VET_CALL_interface_index:
		return interface_index(call->u.name_of_interface);
	default:
		return vet_peer_connection_call(peer, call);
	}
}

struct vet_sys *vet_peer_start(struct vet_peer *peer, const struct vet_world *world)
{
	free_blocks(peer);
	peer->world = world;
	peer->clock = VET_SECONDS(START);
	peer->made = peer->ends = 0;
	peer->taken = peer->given = 0;
	peer->complete = 0;
	peer->is_blocked = false;
	peer->finding = NULL;
	peer->end_of_foreign = NOT_MADE;
	vet_peer_happened(peer);
	return vet_layer_with(&peer->layer, NULL, answer, !world->lacks_sendfile, true);
}

void vet_peer_finish(struct vet_peer *peer)
{
	free_blocks(peer);
}

uint64_t vet_peer_taken(const struct vet_peer *peer)
{
	return peer->taken;
}

uint64_t vet_peer_given(const struct vet_peer *peer)
{
	return peer->given;
}

int64_t vet_peer_now(const struct vet_peer *peer)
{
	return peer->clock;
}

bool vet_peer_is_blocked(const struct vet_peer *peer)
{
	return peer->is_blocked;
}

const char *vet_peer_finding(const struct vet_peer *peer, uint64_t *at)
{
	if (at != NULL)
		*at = peer->finding_at;
	return peer->finding;
}
