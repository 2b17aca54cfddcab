/* SPDX-License-Identifier: 0BSD */
/* Deeds: bytes and datagrams, out and in; a description's flow is the model of what must come. */
#include "behaviour.h"

static bool is_stream(const struct vet_fuzz_slot *slot)
{
	return vet_socket_kind(&slot->socket) == VET_STREAM;
}

static bool is_echo(const struct vet_fuzz_run *run)
{
	return run->world->manner == VET_PEER_ECHO;
}

static const struct vet_fuzz_flow closed_flow;

static const struct vet_fuzz_flow *flow_of(const struct vet_fuzz_slot *slot)
{
	return vet_fuzz_is_open(slot) ? slot->flow : &closed_flow;
}

/* ---- out ---- */

/* What comes next of the description's bytes, so many of the wanted as there still are. */
static const unsigned char *next_bytes(const struct vet_fuzz_run *run,
				       const struct vet_fuzz_slot *slot, size_t *size)
{
	size_t sent = flow_of(slot)->sent, left = VET_FUZZ_BYTES - sent;
	*size = *size < left ? *size : left;
	return run->pattern + sent;
}

/* So many bytes went out: as one datagram, or some of a stream's. */
static void went_out(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot, size_t done,
		     bool is_whole)
{
	struct vet_fuzz_flow *flow = slot->flow;
	vet_trial_done(run->trial, done);
	if (!vet_fuzz_is_open(slot))
		return;
	if (is_whole && !is_stream(slot)) {
		flow->queue[flow->queued].at = (uint16_t)flow->sent;
		flow->queue[flow->queued++].size = (uint16_t)done;
	}
	flow->sent += done;
}

/* Of what sends all: a count that fits the result. */
static void check_all(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot, int64_t r, size_t done,
		      size_t size)
{
	CHECK(run, r == 0 ? done == size : done < size || size == 0);
	CHECK(run, r >= 0 || done == 0 || is_stream(slot));
	CHECK(run, r != -EIO || vet_fuzz_has_met(EIO));
	CHECK(run, vet_fuzz_is_open(slot) || r == -EBADF);
}

void vet_fuzz_do_write(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	size_t size = vet_fuzz_size(run, slot), done = 99;
	const unsigned char *data = next_bytes(run, slot, &size);
	int64_t r;
	vet_fuzz_arm(run, slot, false);
	r = DO(run, slot, write, data, size, &done);
	check_all(run, slot, r, done, size);
	went_out(run, slot, done, r == 0);
	TELL(run, slot, "write", r, "%zu bytes, %zu done", size, done);
}

/* A count, or an error; more than nothing of something, on a stream. */
static void check_some(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot, int64_t n, size_t size)
{
	CHECK(run, n <= (int64_t)size);
	CHECK(run, n != 0 || size == 0 || !is_stream(slot));
	CHECK(run, n != -EIO || vet_fuzz_has_met(EIO));
	CHECK(run, vet_fuzz_is_open(slot) || n == -EBADF);
	went_out(run, slot, n > 0 ? (size_t)n : 0, n >= 0);
}

void vet_fuzz_do_write_some(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	size_t size = vet_fuzz_size(run, slot);
	const unsigned char *data = next_bytes(run, slot, &size);
	int64_t n;
	vet_fuzz_arm(run, slot, false);
	n = DO(run, slot, write_some, data, size);
	check_some(run, slot, n, size);
	TELL(run, slot, "write_some", n, "%zu bytes", size);
}

void vet_fuzz_do_send_to(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	size_t size = vet_fuzz_size(run, slot);
	const unsigned char *data = next_bytes(run, slot, &size);
	uint32_t byte = vet_trial_choose(run->trial, 256);
	int family = vet_socket_family(&slot->socket);
	struct vet_address to = vet_fuzz_address(byte < 250 ? family : 10 - family, byte % 4);
	int64_t n;
	vet_fuzz_arm(run, slot, false);
	n = DO(run, slot, send_to, data, size, &to);
	check_some(run, slot, n, size);
	TELL(run, slot, "send_to", n, "%zu bytes", size);
}

/* Up to the next newline of the pattern. */
void vet_fuzz_do_print(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	size_t lines = vet_trial_choose(run->trial, 8), done = 99;
	size_t sent = flow_of(slot)->sent;
	size_t size = VET_FUZZ_LINE * lines + VET_FUZZ_LINE - 1 - sent % VET_FUZZ_LINE;
	int64_t r;
	if (run->pattern != vet_fuzz_pattern || sent + size + 1 > VET_FUZZ_BYTES)
		return;
	vet_fuzz_arm(run, slot, false);
	r = DO(run, slot, print, run->pattern + sent, size, &done);
	check_all(run, slot, r, done, size + 1);
	went_out(run, slot, done, r == 0);
	TELL(run, slot, "print", r, "%zu bytes, %zu done", size, done);
}

void vet_fuzz_do_flush(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	int64_t r = DO_ALONE(run, slot, flush);
	CHECK(run, r == (vet_fuzz_is_open(slot) ? 0 : -EBADF));
	TELL(run, slot, "flush", r, "nothing");
}

/* ---- files ---- */

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* What must come of a range, of a file that may be told to end early. */
static void check_file(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot, int64_t r,
		       uint64_t done, uint64_t offset, uint64_t count)
{
	uint64_t size = run->world->file_size,
		 due = least(offset < size ? size - offset : 0, count);
	CHECK(run, done <= due);
	CHECK(run, r >= 0 || done < count || count == 0);
	CHECK(run, r != -EIO || vet_fuzz_has_met(EIO));
	CHECK(run, vet_fuzz_is_open(slot) || r == -EBADF);
	if (r == 0 && is_stream(slot))
		expect(run->trial, done == due);
	went_out(run, slot, (size_t)done, r == 0 && (done > 0 || due > 0));
}

/* Whether all of the file can go out from there. */
static bool has_room(const struct vet_fuzz_run *run, const struct vet_fuzz_slot *slot)
{
	return flow_of(slot)->sent + run->world->file_size <= VET_FUZZ_BYTES;
}

void vet_fuzz_do_send_file(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	uint64_t done = 99;
	int64_t r;
	if (!has_room(run, slot) || (run->world->expects != NULL && flow_of(slot)->sent > 0))
		return;
	vet_fuzz_arm(run, slot, false);
	r = DO(run, slot, send_file, VET_PEER_FILE, &done);
	check_file(run, slot, r, done, 0, UINT64_MAX);
	TELL(run, slot, "send_file", r, "%llu done", (unsigned long long)done);
}

static int64_t choose_offset(struct vet_fuzz_run *run, const struct vet_fuzz_slot *slot)
{
	uint32_t byte = vet_trial_choose(run->trial, 256);
	if (byte == 255)
		return -1;
	if (run->world->expects != NULL) /* where the pattern goes on */
		return (int64_t)flow_of(slot)->sent;
	return byte == 254 ? INT64_MAX - 3 : (int64_t)byte * 3;
}

void vet_fuzz_do_send_file_range(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	int64_t offset = choose_offset(run, slot);
	uint32_t byte = vet_trial_choose(run->trial, 256);
	int64_t count = byte == 255 ? -1 : byte == 254 ? INT64_MAX : (int64_t)byte * 5, r;
	uint64_t done = 99;
	if (!has_room(run, slot))
		return;
	vet_fuzz_arm(run, slot, false);
	r = DO(run, slot, send_file_range, VET_PEER_FILE, offset, count, &done);
	if (offset < 0 || count < 0)
		CHECK(run, r == (vet_fuzz_is_open(slot) ? -EINVAL : -EBADF) && done == 0);
	else
		check_file(run, slot, r, done, (uint64_t)offset, (uint64_t)count);
	TELL(run, slot, "send_file_range", r, "%lld bytes from %lld, %llu done", (long long)count,
	     (long long)offset, (unsigned long long)done);
}

/* ---- in: a stream's ---- */

/* How much of the pattern has been, or will be, sent to it. */
static size_t due(const struct vet_fuzz_run *run, const struct vet_fuzz_slot *slot)
{
	return is_echo(run) ? flow_of(slot)->sent : run->world->sends_size;
}

static void came_of_stream(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot, const void *data,
			   size_t size)
{
	struct vet_fuzz_flow *flow = slot->flow;
	if (size == 0 || flow->is_unsure)
		return;
	CHECK(run, flow->received + size <= due(run, slot));
	if (!is_echo(run) ||
	    run->world->expects != NULL) /* else files from anywhere came before it */
		CHECK(run, memcmp(data, run->pattern + flow->received, size) == 0);
	flow->received += size;
}

/* A datagram is one of those that were sent, in their order; or the world's own. */
static void came_of_datagrams(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot,
			      const void *data, size_t size, bool is_cut)
{
	struct vet_fuzz_flow *flow = slot->flow;
	const struct vet_world *world = run->world;
	if (!is_echo(run)) {
		CHECK(run, is_cut ? size < world->sends_size : size == world->sends_size);
		CHECK(run, size == 0 || memcmp(data, run->pattern, size) == 0);
		return;
	}
	for (; flow->taken < flow->queued; flow->taken++) {
		size_t at = flow->queue[flow->taken].at;
		size_t whole = flow->queue[flow->taken].size;
		if ((is_cut ? size < whole : size == whole) &&
		    (size == 0 || world->expects == NULL ||
		     memcmp(data, run->pattern + at, size) == 0))
			break;
	}
	CHECK(run, flow->taken < flow->queued);
	flow->taken++;
}

/* What an operation that takes at most one datagram gave. */
static void came(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot, int64_t n, const void *data,
		 bool is_cut)
{
	size_t size = n > 0 ? (size_t)n : 0;
	if (n != -EMSGSIZE) /* of which some came, and is lost */
		vet_trial_done(run->trial, size);
	CHECK(run, vet_fuzz_is_open(slot) || n == -EBADF);
	if (!vet_fuzz_is_open(slot))
		return;
	if (is_stream(slot))
		came_of_stream(run, slot, data, size);
	else if (n >= 0)
		came_of_datagrams(run, slot, data, size, is_cut);
}

/* Whether `size` bytes, or the end, will come of a stream by themselves. */
static bool will_come(const struct vet_fuzz_run *run, const struct vet_fuzz_slot *slot, size_t size)
{
	const struct vet_fuzz_flow *flow = flow_of(slot);
	return is_stream(slot) && !flow->is_listening && !flow->is_unsure &&
	       (flow->has_ended || run->world->manner == VET_PEER_SOURCE ||
		due(run, slot) - flow->received >= size);
}

void vet_fuzz_do_read(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	size_t size = vet_fuzz_size(run, slot);
	int64_t n;
	vet_fuzz_arm(run, slot, !will_come(run, slot, 1));
	n = DO(run, slot, read, run->room, size);
	CHECK(run, n <= (int64_t)size);
	came(run, slot, n, run->room, false);
	TELL(run, slot, "read", n, "%zu bytes", size);
}

void vet_fuzz_do_receive_from(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	size_t size = vet_fuzz_size(run, slot);
	struct vet_address from = { { 9, { 9 } }, 9, 9 }, *asked = &from;
	bool truncated = true;
	int64_t n;
	if (vet_trial_choose(run->trial, 4) == 3)
		asked = NULL;
	vet_fuzz_arm(run, slot, !will_come(run, slot, 1));
	n = DO(run, slot, receive_from, run->room, size, asked, &truncated);
	CHECK(run, n <= (int64_t)size);
	CHECK(run, n >= 0 || !truncated);
	CHECK(run, n >= 0 || asked == NULL || from.ip.family == 0);
	came(run, slot, n, run->room, truncated);
	TELL(run, slot, "receive_from", n, "%zu bytes", size);
}

void vet_fuzz_do_read_exact(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	size_t size = vet_fuzz_size(run, slot), done = 99;
	int64_t r;
	vet_fuzz_arm(run, slot, !will_come(run, slot, size));
	r = DO(run, slot, read_exact, run->room, size, &done);
	CHECK(run, r == 0 ? done == size : done < size || size == 0);
	CHECK(run, is_stream(slot) || r == (vet_fuzz_is_open(slot) ? -EOPNOTSUPP : -EBADF));
	vet_trial_done(run->trial, done);
	if (vet_fuzz_is_open(slot) && is_stream(slot))
		came_of_stream(run, slot, run->room, done);
	TELL(run, slot, "read_exact", r, "%zu bytes, %zu done", size, done);
}

void vet_fuzz_do_read_into(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	struct vet_buffer *buffer = &run->buffer;
	size_t size = vet_fuzz_size(run, slot), before = buffer->size;
	int64_t n;
	vet_fuzz_arm(run, slot, !will_come(run, slot, 1));
	n = DO(run, slot, read_into, buffer, size);
	CHECK(run, buffer->size == before + (n > 0 ? (size_t)n : 0));
	CHECK(run, buffer->size <= buffer->capacity);
	came(run, slot, n, buffer->data == NULL ? NULL : buffer->data + before, false);
	TELL(run, slot, "read_into", n, "%zu bytes", size);
}

void vet_fuzz_do_read_all(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	struct vet_buffer *buffer = &run->buffer;
	size_t limit = vet_fuzz_size(run, slot), before = buffer->size, size;
	int64_t r;
	vet_fuzz_arm(run, slot, !will_come(run, slot, limit + 1));
	r = DO(run, slot, read_all, buffer, limit);
	size = buffer->size - before;
	CHECK(run, size <= limit && buffer->size <= buffer->capacity);
	CHECK(run, r != -EFBIG || size == limit);
	CHECK(run, vet_fuzz_is_open(slot) || r == -EBADF);
	CHECK(run, is_stream(slot) || size == 0);
	vet_trial_done(run->trial, size);
	if (vet_fuzz_is_open(slot) && is_stream(slot))
		came_of_stream(run, slot, buffer->data == NULL ? NULL : buffer->data + before,
			       size);
	TELL(run, slot, "read_all", r, "%zu bytes at most, %zu came", limit, size);
}

void vet_fuzz_do_free(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	if (run->buffer.data == NULL)
		return;
	vet_trial_begin(run->trial, &operations[OPERATION_buffer_free]);
	vet_buffer_free(&run->buffer);
	(void)vet_trial_end(run->trial, 0);
	CHECK(run, run->buffer.data == NULL && run->buffer.size == 0 && run->buffer.capacity == 0);
	TELL(run, slot, "buffer_free", 0, "the buffer");
}
