/* SPDX-License-Identifier: 0BSD */
#include "pipe.h"

/* ---- its life ---- */

struct sim_pipe *vetsim_pipe_make(struct vet_sim *sim, struct sim_socket *from,
				  const struct sim_name *source, const struct sim_name *destination)
{
	struct sim_pipe *pipe = vetsim_pool_take(sim->pool, sizeof *pipe, NULL);
	if (pipe == NULL)
		return NULL;
	memset(pipe, 0, sizeof *pipe);
	pipe->timer.kind = SIM_TIMER_PIPE;
	pipe->sim = sim;
	pipe->from = from;
	pipe->from_host = from->host;
	pipe->source = *source;
	pipe->destination = *destination;
	pipe->to_host = vetsim_route(from->host, destination->ip);
	pipe->initial = vetsim_choose(&sim->choices, VET_SIM_PORTS, UINT32_MAX);
	sim_hash(sim, pipe->initial);
	pipe->next = sim->pipes;
	pipe->back = &sim->pipes;
	if (sim->pipes != NULL)
		sim->pipes->back = &pipe->next;
	sim->pipes = pipe;
	return pipe;
}

static void take_from_due(struct sim_pipe *pipe)
{
	struct sim_pipe **at = &pipe->sim->due_first;
	while (*at != pipe)
		at = &(*at)->next_due;
	*at = pipe->next_due;
	if (*at == NULL)
		pipe->sim->due_last = at;
	pipe->is_due = false;
}

void vetsim_pipe_free(struct sim_pipe *pipe)
{
	struct vet_sim *sim = pipe->sim;
	if (pipe->is_due)
		take_from_due(pipe);
	vetsim_heap_remove(&sim->heap, &pipe->timer);
	vetsim_pool_give(sim->pool, pipe->bytes, pipe->room);
	vetsim_pool_give(sim->pool, pipe->segment, pipe->segment_room * sizeof *pipe->segment);
	*pipe->back = pipe->next;
	if (pipe->next != NULL)
		pipe->next->back = pipe->back;
	vetsim_pool_give(sim->pool, pipe, sizeof *pipe);
}

/* ---- bytes ---- */

/* `size` bytes of the ring from a position on are at most two pieces. */
void vetsim_pipe_parts(const struct sim_pipe *pipe, uint64_t position, uint32_t size,
		       struct iovec part[2])
{
	uint32_t at = pipe->room == 0 ? 0 : (uint32_t)position & (pipe->room - 1);
	uint32_t first = pipe->room - at < size ? pipe->room - at : size;
	part[0] = (struct iovec){ pipe->bytes == NULL ? NULL : pipe->bytes + at, first };
	part[1] = (struct iovec){ pipe->bytes, size - first };
}

static bool grow(struct sim_pipe *pipe, size_t needed)
{
	struct iovec part[2];
	uint32_t room;
	uint32_t held = (uint32_t)(pipe->written - pipe->read);
	unsigned char *bytes = vetsim_pool_take(pipe->sim->pool, needed, &room);
	if (bytes == NULL)
		return false;
	vetsim_pipe_parts(pipe, pipe->read, held, part);
	for (uint64_t i = 0, at = pipe->read; i < 2; at += part[i].iov_len, i++) {
		uint32_t to = (uint32_t)at & (room - 1);
		size_t first = room - to < part[i].iov_len ? room - to : part[i].iov_len;
		if (part[i].iov_len == 0)
			continue;
		memcpy(bytes + to, part[i].iov_base, first);
		memcpy(bytes, (unsigned char *)part[i].iov_base + first, part[i].iov_len - first);
	}
	vetsim_pool_give(pipe->sim->pool, pipe->bytes, pipe->room);
	pipe->bytes = bytes;
	pipe->room = room;
	return true;
}

size_t vetsim_pipe_write(struct sim_pipe *pipe, const void *data, size_t size)
{
	size_t held = (size_t)(pipe->written - pipe->read);
	const unsigned char *from = data;
	struct iovec part[2];
	if (size == 0 || (held + size > pipe->room && !grow(pipe, held + size)))
		return 0;
	vetsim_pipe_parts(pipe, pipe->written, (uint32_t)size, part);
	memcpy(part[0].iov_base, from, part[0].iov_len);
	if (part[1].iov_len > 0)
		memcpy(part[1].iov_base, from + part[0].iov_len, part[1].iov_len);
	pipe->written += size;
	return size;
}

void vetsim_pipe_peek(const struct sim_pipe *pipe, void *data, size_t size)
{
	unsigned char *to = data;
	struct iovec part[2];
	if (size == 0)
		return;
	vetsim_pipe_parts(pipe, pipe->read, (uint32_t)size, part);
	memcpy(to, part[0].iov_base, part[0].iov_len);
	if (part[1].iov_len > 0)
		memcpy(to + part[0].iov_len, part[1].iov_base, part[1].iov_len);
}

/* An empty ring is given back: what is idle holds no memory. */
void vetsim_pipe_skip(struct sim_pipe *pipe, size_t size)
{
	pipe->read += size;
	if (pipe->read != pipe->written)
		return;
	vetsim_pool_give(pipe->sim->pool, pipe->bytes, pipe->room);
	pipe->bytes = NULL;
	pipe->room = 0;
}

/* ---- segments ---- */

static struct sim_segment *segment_at(const struct sim_pipe *pipe, uint32_t index)
{
	return &pipe->segment[(pipe->head + index) & (pipe->segment_room - 1)];
}

static bool make_room(struct sim_pipe *pipe)
{
	uint32_t room = pipe->segment_room == 0 ? 2 : pipe->segment_room * 2;
	struct sim_segment *segment;
	if (pipe->count < pipe->segment_room)
		return true;
	segment = vetsim_pool_take(pipe->sim->pool, room * sizeof *segment, NULL);
	if (segment == NULL)
		return false;
	for (uint32_t i = 0; i < pipe->count; i++)
		segment[i] = *segment_at(pipe, i);
	vetsim_pool_give(pipe->sim->pool, pipe->segment,
			 pipe->segment_room * sizeof *pipe->segment);
	pipe->segment = segment;
	pipe->segment_room = room;
	pipe->head = 0;
	return true;
}

/* The first one's time: at once, or by the clock. */
static void arm(struct sim_pipe *pipe)
{
	struct vet_sim *sim = pipe->sim;
	int64_t at;
	if (pipe->is_due || pipe->count == 0)
		return;
	at = segment_at(pipe, 0)->at;
	if (at > sim->now && !vetsim_heap_set(&sim->heap, &pipe->timer, at))
		vetsim_over(sim, VET_SIM_FAILED, "no memory for a timer");
	if (at > sim->now)
		return;
	pipe->is_due = true;
	pipe->next_due = NULL;
	*sim->due_last = pipe;
	sim->due_last = &pipe->next_due;
}

/* How long until it is sent again: doubling (RFC 6298 5.5), from the time of the way there and back. */
static int64_t again_after(const struct sim_pipe *pipe, const struct sim_segment *segment)
{
	bool is_syn = (segment->flags & VET_SIM_SYN) != 0;
	const struct sim_link *link = vetsim_link(pipe->sim, pipe->from_host, pipe->to_host);
	int64_t first = VET_MILLISECONDS(is_syn ? SIM_RTO_SYN : SIM_RTO);
	int64_t way = 2 * (link->set.latency + link->set.jitter);
	/* What a sender has measured of the way; of a link that has become slower it knows nothing yet. */
	if (first < way)
		first = way < VET_MILLISECONDS(SIM_RTO_SYN) ? way : VET_MILLISECONDS(SIM_RTO_SYN);
	for (unsigned i = 0; i < segment->attempt && first < VET_MILLISECONDS(SIM_RTO_MOST); i++)
		first *= 2;
	return first < VET_MILLISECONDS(SIM_RTO_MOST) ? first : VET_MILLISECONDS(SIM_RTO_MOST);
}

static void tell(const struct sim_pipe *pipe, const struct sim_segment *segment,
		 enum vet_sim_fate fate)
{
	struct vet_sim_packet packet = {
		.number = segment->number,
		.fate = fate,
		.protocol = VET_SIM_TCP,
		.from = pipe->from_host,
		.to = pipe->to_host,
		.source = vetsim_name_outside(&pipe->source),
		.destination = vetsim_name_outside(&pipe->destination),
		.flags = segment->flags,
		.window = segment->window,
		.attempt = segment->attempt,
		.is_keepalive = segment->is_probe,
	};
	packet.sequence = pipe->initial + 1 + (uint32_t)segment->position -
			  ((segment->flags & VET_SIM_SYN) != 0) - segment->is_probe;
	if (segment->flags & VET_SIM_ACK)
		packet.acknowledgement = pipe->other_initial + 1 +
					 (uint32_t)segment->acknowledgement +
					 segment->has_ack_of_fin;
	if (fate != VET_SIM_ARRIVED)
		vetsim_pipe_parts(pipe, segment->position, segment->size, packet.part);
	vetsim_packet(pipe->sim, &packet);
}

/* It goes on its way, now: when it arrives, or that it does not. */
static void launch(struct sim_pipe *pipe, struct sim_segment *segment)
{
	struct vet_sim *sim = pipe->sim;
	if (pipe->from_host == pipe->to_host) {
		segment->at = sim->now;
		segment->is_lost = false;
	} else {
		struct sim_link *link = vetsim_link(sim, pipe->from_host, pipe->to_host);
		segment->is_lost = pipe->to_host == NULL || vetsim_link_loses(sim, link);
		segment->at = segment->is_lost ? sim->now + again_after(pipe, segment)
					       : vetsim_link_arrival(sim, link, segment->size + 66);
	}
	if (segment->at < pipe->last)
		segment->at = pipe->last; /* nothing overtakes within a stream */
	if (!segment->is_lost)
		pipe->last = segment->at;
	sim_hash(sim, ((uint64_t)segment->flags << 56 | (uint64_t)segment->is_lost << 55) ^
			      (uint64_t)segment->at);
	if (sim_watched(sim, VET_SIM_PACKET))
		tell(pipe, segment, segment->is_lost ? VET_SIM_LOST : VET_SIM_SENT);
}

void vetsim_pipe_send(struct sim_pipe *pipe, uint8_t flags, uint32_t size, bool is_probe)
{
	struct sim_socket *from = pipe->from;
	struct sim_pipe *in = from->u.stream.in;
	struct sim_segment *segment;
	if (!make_room(pipe)) {
		vetsim_over(pipe->sim, VET_SIM_FAILED, "no memory for a segment");
		return;
	}
	segment = segment_at(pipe, pipe->count);
	*segment = (struct sim_segment){
		.number = ++pipe->sim->packets,
		.position = pipe->sent,
		.size = size,
		.flags = flags,
		.is_probe = is_probe,
	};
	if (in != NULL) {
		segment->acknowledgement = in->arrived;
		segment->has_ack_of_fin = in->fin_arrived;
		segment->window = vetsim_stream_window(from);
		in->promised = in->arrived + segment->window;
		pipe->other_initial = in->initial;
	}
	if (pipe->sent == pipe->acknowledged)
		pipe->oldest = pipe->sim->now;
	pipe->sent += size;
	pipe->fin_sent = pipe->fin_sent || (flags & VET_SIM_FIN) != 0;
	launch(pipe, segment);
	if (pipe->count++ == 0)
		arm(pipe);
}

void vetsim_pipe_forget(struct sim_pipe *pipe)
{
	struct vet_sim *sim = pipe->sim;
	if (pipe->is_due)
		take_from_due(pipe);
	vetsim_heap_remove(&sim->heap, &pipe->timer);
	pipe->head += pipe->count;
	pipe->count = 0;
}

/* ---- its ends ---- */

static void free_if_left(struct sim_pipe *pipe)
{
	if (pipe->from == NULL && pipe->to == NULL && pipe->count == 0 && !pipe->is_busy &&
	    !pipe->is_kept)
		vetsim_pipe_free(pipe);
}

/* Of a sender that is gone nothing is sent again: what is behind the first that was lost never
 * arrives, but for a reset. */
static void drop_behind_loss(struct sim_pipe *pipe)
{
	struct sim_segment last;
	if (pipe->count == 0 || !segment_at(pipe, 0)->is_lost)
		return;
	last = *segment_at(pipe, pipe->count - 1);
	vetsim_pipe_forget(pipe);
	if (pipe->to != NULL) /* who waits for it will ask */
		vetsim_stream_probe(pipe->to);
	if (!(last.flags & VET_SIM_RST) || last.is_lost || !make_room(pipe))
		return;
	*segment_at(pipe, 0) = last;
	pipe->count = 1;
	arm(pipe);
}

void vetsim_pipe_leave_from(struct sim_pipe *pipe)
{
	pipe->from = NULL;
	drop_behind_loss(pipe);
	free_if_left(pipe);
}

void vetsim_pipe_leave_to(struct sim_pipe *pipe)
{
	pipe->to = NULL;
	pipe->is_kept = false;
	free_if_left(pipe);
}

void vetsim_pipe_keep(struct sim_pipe *pipe)
{
	pipe->to = NULL;
	pipe->is_kept = true;
}

/* ---- what becomes of the first ---- */

void vetsim_pipe_overtake(struct sim_pipe *pipe)
{
	if (pipe->count > 0 && segment_at(pipe, 0)->is_lost)
		vetsim_pipe_forget(pipe);
}

static bool is_final(const struct sim_segment *segment)
{
	unsigned most = SIM_RETRIES;
	if (segment->flags & VET_SIM_SYN)
		most = segment->flags & VET_SIM_ACK ? SIM_RETRIES_SYN_ACK : SIM_RETRIES_SYN;
	return segment->attempt >= most;
}

/* Lost, and time to send it again: by whoever is there to do it. */
static void send_again(struct sim_pipe *pipe, struct sim_segment *segment)
{
	if (pipe->from == NULL || is_final(segment) || vetsim_stream_is_tired(pipe->from)) {
		struct sim_segment given_up = *segment;
		vetsim_pipe_forget(pipe);
		vetsim_segment_given_up(pipe, &given_up);
		return;
	}
	segment->attempt++;
	launch(pipe, segment);
}

/* On the way, the link or the host it was for went down. */
static bool is_cut_off(const struct sim_pipe *pipe)
{
	if (pipe->is_void)
		return true;
	if (pipe->from_host == pipe->to_host)
		return pipe->to_host->is_down;
	return pipe->to_host == NULL || pipe->to_host->is_down ||
	       vetsim_link(pipe->sim, pipe->from_host, pipe->to_host)->set.is_down;
}

/* It was not taken: the first again, as if it had been lost. */
static void put_back(struct sim_pipe *pipe, const struct sim_segment *segment)
{
	if (!make_room(pipe)) {
		vetsim_over(pipe->sim, VET_SIM_FAILED, "no memory for a segment");
		return;
	}
	pipe->head--;
	pipe->count++;
	*segment_at(pipe, 0) = *segment;
	segment_at(pipe, 0)->is_lost = true;
	segment_at(pipe, 0)->at = pipe->sim->now + again_after(pipe, segment);
}

/* What arrives is taken out first: the answer may put more in. */
static void deliver(struct sim_pipe *pipe)
{
	struct sim_segment segment = *segment_at(pipe, 0);
	bool is_taken;
	pipe->head++;
	pipe->count--;
	is_taken = !is_cut_off(pipe) && vetsim_segment_arrives(pipe, &segment);
	if (sim_watched(pipe->sim, VET_SIM_PACKET))
		tell(pipe, &segment, is_taken ? VET_SIM_ARRIVED : VET_SIM_DROPPED);
	if (is_taken)
		return;
	put_back(pipe, &segment);
	if (pipe->from == NULL)
		drop_behind_loss(pipe);
}

void vetsim_pipe_due(struct sim_pipe *pipe)
{
	if (pipe->is_due)
		take_from_due(pipe);
	pipe->is_busy = true;
	if (segment_at(pipe, 0)->is_lost)
		send_again(pipe, segment_at(pipe, 0));
	else
		deliver(pipe);
	pipe->is_busy = false;
	arm(pipe);
	free_if_left(pipe);
}

/* Nobody is there any more to send it; true: it is on its way, false: it is lost. */
bool vetsim_pipe_reset(struct sim_pipe *pipe)
{
	struct sim_segment *segment;
	if (!make_room(pipe))
		return false;
	segment = segment_at(pipe, pipe->count);
	*segment = (struct sim_segment){
		.number = ++pipe->sim->packets,
		.position = pipe->sent,
		.flags = VET_SIM_RST | VET_SIM_ACK,
	};
	launch(pipe, segment);
	if (segment->is_lost)
		return false;
	if (pipe->count++ == 0)
		arm(pipe);
	return true;
}
