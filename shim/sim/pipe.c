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
	pipe->from_host->buffered -= pipe->charged;
	vetsim_pool_give(sim->pool, pipe->bytes, pipe->room);
	vetsim_pool_give(sim->pool, pipe->segment, pipe->segment_room * sizeof *pipe->segment);
	*pipe->back = pipe->next;
	if (pipe->next != NULL)
		pipe->next->back = pipe->back;
	vetsim_pool_give(sim->pool, pipe, sizeof *pipe);
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

/* What the way there and back takes, as a sender has measured it; of a link that has become slower it
 * knows nothing yet. */
static int64_t way_of(const struct sim_pipe *pipe)
{
	const struct sim_link *link;
	int64_t way;
	if (pipe->from_host == pipe->to_host)
		return 0;
	link = vetsim_link(pipe->sim, pipe->from_host, pipe->to_host);
	way = 2 * (link->set.latency + link->set.jitter);
	return way < VET_MILLISECONDS(SIM_RTO_SYN) ? way : VET_MILLISECONDS(SIM_RTO_SYN);
}

int64_t vetsim_pipe_again(const struct sim_pipe *pipe, bool is_syn, uint32_t doublings)
{
	int64_t after = VET_MILLISECONDS(is_syn ? SIM_RTO_SYN : SIM_RTO);
	if (!is_syn) /* RFC 6298 2, with Linux's least variation */
		after += way_of(pipe);
	for (uint32_t i = 0; i < doublings && after < VET_MILLISECONDS(SIM_RTO_MOST); i++)
		after *= 2;
	if (after > VET_MILLISECONDS(SIM_RTO_MOST))
		after = VET_MILLISECONDS(SIM_RTO_MOST);
	return after;
}

/* RFC 6298 5.5: it doubles. */

static int64_t again_after(const struct sim_pipe *pipe, const struct sim_segment *segment)
{
	int64_t after = vetsim_pipe_again(pipe, (segment->flags & VET_SIM_SYN) != 0,
					  segment->attempt - segment->is_probed);
	return pipe->from == NULL || segment->attempt == 0
		       ? after
		       : vetsim_stream_patience(pipe->from, after);
}

/* When what is lost is sent again. */
static int64_t again_at(const struct sim_pipe *pipe, const struct sim_segment *segment)
{
	return segment->again_at > pipe->sim->now ? segment->again_at
						  : pipe->sim->now + again_after(pipe, segment);
}

/* What is sent again until it is acknowledged. */
static bool is_kept(const struct sim_segment *segment)
{
	return segment->size > 0 || (segment->flags & (VET_SIM_SYN | VET_SIM_FIN)) != 0;
}

bool vetsim_pipe_brings(const struct sim_pipe *pipe)
{
	return pipe->count > 0 && !segment_at(pipe, 0)->is_lost;
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
		packet.acknowledgement = segment->initial + 1 +
					 (uint32_t)segment->acknowledgement +
					 segment->has_ack_of_fin;
	if (fate != VET_SIM_ARRIVED)
		vetsim_pipe_parts(pipe, segment->position, segment->size, packet.part);
	vetsim_packet(pipe->sim, &packet);
}

static void mark_loss(const struct sim_pipe *pipe, const struct sim_segment *segment)
{
	if ((segment->flags & (VET_SIM_SYN | VET_SIM_ACK)) == VET_SIM_SYN)
		SIM_MARK(pipe->sim, SYN_LOST);
	else if (segment->flags & VET_SIM_FIN)
		SIM_MARK(pipe->sim, END_LOST);
	else if (segment->flags & VET_SIM_RST)
		SIM_MARK(pipe->sim, RESET_LOST);
	else if (segment->is_probe)
		SIM_MARK(pipe->sim, PROBE_LOST);
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
		segment->at = segment->is_lost ? again_at(pipe, segment)
					       : vetsim_link_arrival(sim, link, segment->size + 66);
	}
	if (segment->at < pipe->last)
		segment->at = pipe->last; /* nothing overtakes within a stream */
	if (!segment->is_lost)
		pipe->last = segment->at;
	sim_hash(sim, ((uint64_t)segment->flags << 56 | (uint64_t)segment->is_lost << 55) ^
			      (uint64_t)segment->at);
	if (segment->is_lost)
		mark_loss(pipe, segment);
	if (sim_watched(sim, VET_SIM_PACKET))
		tell(pipe, segment, segment->is_lost ? VET_SIM_LOST : VET_SIM_SENT);
}

/* What its sender says of the other direction. */
static void tell_other(struct sim_pipe *pipe, struct sim_segment *segment)
{
	struct sim_pipe *in = pipe->from->u.stream.in;
	if (in == NULL)
		return;
	segment->acknowledgement = in->arrived;
	segment->has_ack_of_fin = in->fin_arrived;
	segment->window = vetsim_stream_window(pipe->from);
	in->promised = in->arrived + segment->window;
	segment->initial = in->initial;
}

/* Something of it was lost: who hopes for it may have to ask again. */
static void lost(const struct sim_pipe *pipe)
{
	const struct sim_socket *from = pipe->from;
	struct sim_socket *to = pipe->to;
	if (to == NULL && from != NULL && from->u.stream.in != NULL) /* the answer to a SYN */
		to = from->u.stream.in->from;
	if (to != NULL)
		vetsim_stream_watch(to);
}

/* Behind those that are under way.  What is not sent again is gone when it is lost. */
static bool add(struct sim_pipe *pipe, const struct sim_segment *added)
{
	struct sim_segment *segment;
	if (!make_room(pipe)) {
		vetsim_over(pipe->sim, VET_SIM_FAILED, "no memory for a segment");
		return false;
	}
	segment = segment_at(pipe, pipe->count);
	*segment = *added;
	segment->number = ++pipe->sim->packets;
	segment->position = pipe->sent;
	pipe->sent += segment->size;
	pipe->fin_sent = pipe->fin_sent || (segment->flags & VET_SIM_FIN) != 0;
	launch(pipe, segment);
	if (!segment->is_lost || is_kept(segment)) {
		if (pipe->count++ == 0)
			arm(pipe);
	}
	if (segment->is_lost)
		lost(pipe);
	return !segment->is_lost;
}

void vetsim_pipe_send(struct sim_pipe *pipe, uint8_t flags, uint32_t size, bool is_probe)
{
	struct sim_segment segment = { .flags = flags, .size = size, .is_probe = is_probe };
	tell_other(pipe, &segment);
	(void)add(pipe, &segment);
}

void vetsim_pipe_repeat(struct sim_pipe *pipe, uint8_t flags, uint32_t attempt)
{
	struct sim_segment segment = { .flags = flags, .attempt = (uint8_t)attempt };
	tell_other(pipe, &segment);
	(void)add(pipe, &segment);
}

bool vetsim_pipe_answer(struct sim_pipe *pipe, uint8_t flags, const struct sim_pipe *other)
{
	const struct sim_segment segment = {
		.flags = flags,
		.initial = other->initial,
		.acknowledgement = other->arrived,
		.has_ack_of_fin = other->fin_arrived,
	};
	pipe->is_void = false; /* it is the host that answers, not the socket */
	return add(pipe, &segment);
}

bool vetsim_pipe_hurry(struct sim_pipe *pipe)
{
	if (pipe->count == 0 || !segment_at(pipe, 0)->is_lost)
		return false;
	if (segment_at(pipe, 0)->at <= pipe->sim->now)
		return true; /* it does so now by itself */
	vetsim_heap_remove(&pipe->sim->heap, &pipe->timer);
	segment_at(pipe, 0)->again_at = segment_at(pipe, 0)->at;
	tell_other(pipe, segment_at(pipe, 0));
	launch(pipe, segment_at(pipe, 0));
	arm(pipe);
	return true;
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
	SIM_MARK(pipe->sim, LOST_WITH_ITS_SENDER);
	last = *segment_at(pipe, pipe->count - 1);
	vetsim_pipe_forget(pipe);
	if (!(last.flags & VET_SIM_RST) || last.is_lost || !make_room(pipe))
		return;
	*segment_at(pipe, 0) = last;
	pipe->count = 1;
	arm(pipe);
}

void vetsim_pipe_leave_from(struct sim_pipe *pipe)
{
	pipe->from = NULL;
	pipe->from_host->buffered -= pipe->charged;
	pipe->charged = 0;
	drop_behind_loss(pipe);
	if (pipe->to != NULL) /* who waits for what does not come will ask */
		vetsim_stream_watch(pipe->to);
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

/* Lost, and time to send it again: by whoever is there to do it. */
static void send_again(struct sim_pipe *pipe, struct sim_segment *segment)
{
	if (pipe->from == NULL ||
	    segment->attempt - segment->is_probed >= (int)vetsim_stream_retries(pipe->from) ||
	    vetsim_stream_is_tired(pipe->from)) {
		struct sim_segment given_up = *segment;
		vetsim_pipe_forget(pipe);
		vetsim_segment_given_up(pipe, &given_up);
		return;
	}
	/* The last one that was sent, as nothing answers, is sent again to ask what has arrived
	 * (RFC 8985 7.2), before all that counts. */
	if (segment->attempt++ == 0)
		segment->is_probed = pipe->count == 1 && !(segment->flags & VET_SIM_SYN);
	if (segment->attempt > segment->is_probed)
		vetsim_stream_try(pipe->from);
	tell_other(pipe, segment);
	launch(pipe, segment);
	if (segment->is_lost)
		lost(pipe);
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
	segment_at(pipe, 0)->at = again_at(pipe, segment);
	segment_at(pipe, 0)->again_at = 0;
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
	if (is_taken || !is_kept(&segment))
		return;
	put_back(pipe, &segment);
	lost(pipe);
	if (pipe->from == NULL)
		drop_behind_loss(pipe);
}

/* Nothing of it is under way any more: whoever lacks an answer sends again what he sent. */
static void ask_if_needed(struct sim_pipe *pipe)
{
	if (pipe->from != NULL)
		vetsim_stream_watch(pipe->from);
	if (pipe->to != NULL && pipe->to != pipe->from)
		vetsim_stream_watch(pipe->to);
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
	if (pipe->count == 0)
		ask_if_needed(pipe);
	free_if_left(pipe);
}
