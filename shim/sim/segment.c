/* SPDX-License-Identifier: 0BSD */
/* What a segment does where it arrives: RFC 9293 3.10.7, as Linux follows it. */
#include "pipe.h"

/* ---- a connection begins ---- */

static void establish(struct sim_socket *s)
{
	s->state = SIM_ESTABLISHED;
	s->u.stream.mss = vetsim_stream_mss(s);
	vetsim_option_connected(s, s->u.stream.in->from);
	vetsim_stream_answered(s);
	vetsim_stream_watch(s);
}

/* Linux: one that was shut down for writing before its handshake ends its half then. */
static void end_if_shut(struct sim_socket *s)
{
	if (s->shut & SIM_SHUT_WRITE)
		vetsim_stream_end(s);
}

/* The queue of a listener is full with one more than its backlog (listen(2); Linux's
 * sk_acceptq_is_full). */
static bool is_full(const struct sim_socket *listener)
{
	return listener->u.stream.queued > listener->u.stream.backlog;
}

/* The handshake is done: it can be accepted.  False: there is no room, and the last step of the
 * handshake was as if lost. */
static bool enlist(struct sim_socket *s)
{
	struct sim_socket *listener = s->u.stream.listener;
	if (listener == NULL) {
		establish(s);
		return true;
	}
	if (is_full(listener)) {
		SIM_MARK(s->host->sim, HANDSHAKE_WITHOUT_ROOM);
		return false;
	}
	if (listener->options.defer_accept > 0) /* Linux waits for data */
		s->host->sim->is_doubtful = s->host->sim->oracle.is_on;
	vetsim_stream_unlist(s);
	establish(s);
	/* Linux: all but the answer to the SYN, which is no affair of the socket's. */
	s->u.stream.out->is_void = s->u.stream.was_mapped && !sim_ip_is_v4(s->remote.ip);
	s->u.stream.listener = listener;
	s->u.stream.next = NULL;
	s->u.stream.back = listener->u.stream.queue_end;
	*listener->u.stream.queue_end = s;
	listener->u.stream.queue_end = &s->u.stream.next;
	listener->u.stream.queued++;
	vetsim_wake(listener);
	return true;
}

static struct sim_socket *embryo(struct sim_socket *listener, struct sim_pipe *in)
{
	struct sim_socket *s = vetsim_socket_make(listener->host, SIM_STREAM, listener->family);
	if (s == NULL)
		return NULL;
	vetsim_options_inherit(s, listener);
	s->local = in->destination;
	s->remote = in->source;
	s->bound_ip = in->destination.ip;
	s->is_orphan = s->u.stream.is_embryo = true;
	s->state = SIM_SYN_RECEIVED;
	s->u.stream.progress = SIM_CONNECTED;
	s->u.stream.was_mapped = listener->u.stream.was_mapped ||
				 (s->family == 6 && sim_ip_is_v4(s->remote.ip));
	s->is_deaf = listener->is_deaf;
	s->shut = listener->shut; /* as Linux clones it: a listener may be shut down for writing */
	s->binding.is_explicit_address = listener->binding.is_explicit_address;
	s->u.stream.out = vetsim_pipe_make(listener->host->sim, s, &s->local, &s->remote);
	if (s->u.stream.out == NULL || vetsim_port_inherit(s, listener) < 0) {
		if (s->u.stream.out != NULL)
			vetsim_pipe_leave_from(s->u.stream.out);
		vetsim_socket_free(s);
		return NULL;
	}
	s->u.stream.listener = listener;
	s->u.stream.next = listener->u.stream.embryos;
	s->u.stream.back = &listener->u.stream.embryos;
	if (s->u.stream.next != NULL)
		s->u.stream.next->u.stream.back = &s->u.stream.next;
	listener->u.stream.embryos = s;
	return s;
}

static bool listener_hears(struct sim_socket *listener, struct sim_pipe *pipe)
{
	struct sim_socket *s;
	if (is_full(listener)) {
		SIM_MARK(listener->host->sim, SYN_WITHOUT_ROOM);
		return false;
	}
	s = embryo(listener, pipe);
	if (s == NULL)
		return false;
	s->u.stream.in = pipe;
	s->u.stream.heard_at = listener->host->sim->now;
	pipe->to = s;
	vetsim_pipe_send(s->u.stream.out, VET_SIM_SYN | VET_SIM_ACK, 0, false);
	return true;
}

/* Both have sent a SYN (RFC 9293 3.5); or one to itself. */
static bool crossed(struct sim_socket *s, struct sim_pipe *pipe)
{
	if (pipe == s->u.stream.out)
		SIM_MARK(s->host->sim, CONNECTED_TO_ITSELF);
	else
		SIM_MARK(s->host->sim, SIMULTANEOUS_CONNECT);
	pipe->to = s;
	s->u.stream.in = pipe;
	s->state = SIM_SYN_RECEIVED;
	vetsim_pipe_overtake(
		s->u.stream.out); /* its own SYN, if that was lost, need not come again */
	vetsim_pipe_send(s->u.stream.out, VET_SIM_SYN | VET_SIM_ACK, 0, false);
	return true;
}

/* A reset goes back.  The SYN stays, as one that is lost: should the reset not arrive, it is sent
 * again. */
static bool refuse(struct sim_pipe *pipe)
{
	struct sim_message *reset = vetsim_message_make(pipe->sim, 0);
	if (reset == NULL)
		return false;
	SIM_MARK(pipe->sim, SYN_REFUSED);
	reset->kind = SIM_MESSAGE_RESET;
	reset->protocol = VET_SIM_TCP;
	reset->from = pipe->to_host;
	reset->to = pipe->from_host;
	reset->source = pipe->destination;
	reset->destination = pipe->source;
	reset->acknowledgement = pipe->initial + 1;
	(void)vetsim_message_send(pipe->sim, reset);
	return false;
}

static bool syn_arrives(struct sim_pipe *pipe)
{
	struct vet_sim_host *host = pipe->to_host;
	struct sim_socket *old = vetsim_port_connection(host, &pipe->destination, &pipe->source);
	struct sim_socket *listener = vetsim_port_listener(host, &pipe->destination, &pipe->source);
	if (old != NULL ? old->is_deaf : listener != NULL && listener->is_deaf)
		return false;
	if (old != NULL && old->state == SIM_SYN_SENT)
		return crossed(old, pipe);
	if (old != NULL && old->state == SIM_SYN_RECEIVED && old->u.stream.in == pipe) {
		SIM_MARK(pipe->sim, SYN_AGAIN);
		if (!vetsim_pipe_hurry(old->u.stream.out))
			vetsim_pipe_repeat(old->u.stream.out, VET_SIM_SYN | VET_SIM_ACK,
					   old->u.stream.attempts);
		return true;
	}
	if (old != NULL && old->state == SIM_TIME_WAIT) {
		SIM_MARK(pipe->sim, SYN_MEETS_TIME_WAIT);
		vetsim_stream_done(old, 0);
		return listener != NULL && listener_hears(listener, pipe);
	}
	if (old != NULL) {
		/* One half of a connection whose other host has crashed: what its ACK would be answered
		 * with resets it, and the SYN comes again (RFC 9293 3.5.1). */
		SIM_MARK(pipe->sim, SYN_MEETS_HALF_OPEN);
		vetsim_stream_done(old, ECONNRESET);
		return false;
	}
	return listener != NULL ? listener_hears(listener, pipe) : refuse(pipe);
}

static bool syn_ack_arrives(struct sim_socket *s, struct sim_pipe *pipe,
			    const struct sim_segment *segment)
{
	struct sim_pipe *out = s->u.stream.out;
	bool had_crossed;
	if (s->state != SIM_SYN_SENT && s->state != SIM_SYN_RECEIVED) {
		/* The last step of the handshake was lost. */
		vetsim_pipe_send(out, VET_SIM_ACK, 0, false);
		return true;
	}
	/* The SYN that had crossed was of one who is gone: his port has another now. */
	if (s->u.stream.in != NULL && s->u.stream.in != pipe)
		vetsim_pipe_leave_to(s->u.stream.in);
	s->u.stream.in = pipe;
	pipe->to = s;
	out->allowed = out->widest = segment->window;
	had_crossed = s->state == SIM_SYN_RECEIVED;
	establish(s);
	vetsim_pipe_send(out, VET_SIM_ACK, 0, false);
	if (had_crossed)
		end_if_shut(s);
	vetsim_wake(s);
	return true;
}

/* ---- it goes on ---- */

static void end_is_acknowledged(struct sim_socket *s)
{
	s->u.stream.out->fin_acknowledged = true;
	switch (s->state) {
	case SIM_FIN_WAIT_1:
		if (s->is_orphan && s->options.linger2 < 0) {
			vetsim_stream_abort(s, 0);
			return;
		}
		s->state = SIM_FIN_WAIT_2;
		if (s->is_orphan) {
			vetsim_stream_fin_wait(s);
		}
		vetsim_wake(s);
		break;
	case SIM_CLOSING:
		vetsim_stream_time_wait(s);
		break;
	case SIM_LAST_ACK:
		vetsim_stream_done(s, 0);
		break;
	default:
		break;
	}
}

/* False: the connection is over, and the socket may be gone. */
static bool acknowledge(struct sim_socket *s, const struct sim_segment *segment)
{
	struct sim_pipe *out = s->u.stream.out;
	uint64_t edge = segment->acknowledgement + segment->window;
	bool is_news = segment->acknowledgement > out->acknowledged;
	if (is_news)
		out->acknowledged = segment->acknowledgement;
	if (is_news || (edge > out->allowed && out->sent == out->acknowledged))
		vetsim_stream_answered(s);
	if (edge > out->allowed)
		out->allowed = edge;
	if (segment->window > out->widest)
		out->widest = segment->window;
	if (segment->has_ack_of_fin && out->fin_sent && !out->fin_acknowledged) {
		bool ends = s->state == SIM_CLOSING || s->state == SIM_LAST_ACK ||
			    (s->state == SIM_FIN_WAIT_1 && s->is_orphan && s->options.linger2 < 0);
		end_is_acknowledged(s);
		return !ends;
	}
	vetsim_stream_push(s);
	if (is_news)
		vetsim_wake(s);
	return true;
}

/* What arrives when nobody can read it any more is answered with a reset (RFC 1122 4.2.2.13). */
static bool is_unwanted(const struct sim_socket *s)
{
	return (s->shut & SIM_SHUT_READ) != 0 &&
	       (s->state == SIM_FIN_WAIT_1 || s->state == SIM_FIN_WAIT_2);
}

static void fin_arrives(struct sim_socket *s)
{
	s->u.stream.in->fin_arrived = true;
	s->u.stream.is_done = true;
	s->shut |= SIM_SHUT_READ;
	if (s->u.stream.is_embryo)
		SIM_MARK(s->host->sim, END_BEFORE_ACCEPTED);
	if (s->state == SIM_ESTABLISHED || s->state == SIM_SYN_RECEIVED) {
		s->state = SIM_CLOSE_WAIT;
		s->options.quick_ack = false; /* Linux: what is left to it is to answer */
	} else if (s->state == SIM_FIN_WAIT_1) {
		SIM_MARK(s->host->sim, BOTH_END_AT_ONCE);
		s->state = SIM_CLOSING;
	}
}

static void take_content(struct sim_socket *s, struct sim_pipe *pipe,
			 const struct sim_segment *segment)
{
	bool waited = s->state == SIM_FIN_WAIT_2;
	if (segment->size > 0 && is_unwanted(s)) {
		SIM_MARK(s->host->sim, DATA_AFTER_CLOSE);
		vetsim_stream_abort(s, ECONNRESET);
		return;
	}
	if (segment->size > 0 && waited)
		SIM_MARK(s->host->sim, DATA_AFTER_OWN_END);
	if (segment->size > 0 && (s->shut & SIM_SHUT_READ))
		SIM_MARK(s->host->sim, DATA_AFTER_SHUTDOWN);
	pipe->arrived += segment->size;
	if (segment->flags & VET_SIM_FIN)
		fin_arrives(s);
	vetsim_pipe_send(s->u.stream.out, VET_SIM_ACK, 0, false);
	vetsim_wake(s);
	if (waited && pipe->fin_arrived)
		vetsim_stream_time_wait(s);
}

/* tcp(7), and what Linux tells: a refusal, a reset, or (the other side had ended) a broken pipe. */
static void reset_arrives(struct sim_socket *s)
{
	if (s->is_orphan && !s->u.stream.is_embryo && s->state != SIM_TIME_WAIT)
		SIM_MARK(s->host->sim, RESET_AFTER_CLOSE);
	switch (s->state) {
	case SIM_SYN_SENT:
		vetsim_stream_done(s, ECONNREFUSED);
		break;
	case SIM_CLOSE_WAIT:
		SIM_MARK(s->host->sim, RESET_AFTER_END);
		vetsim_stream_done(s, EPIPE);
		break;
	case SIM_CLOSED:
	case SIM_TIME_WAIT:
		break;
	case SIM_SYN_RECEIVED:
		if (s->u.stream.is_embryo)
			SIM_MARK(s->host->sim, EMBRYO_RESET);
		vetsim_stream_done(s, ECONNRESET);
		break;
	default:
		if (s->u.stream.in != NULL && s->u.stream.in->arrived > s->u.stream.in->read)
			SIM_MARK(s->host->sim, RESET_WITH_UNREAD_DATA);
		vetsim_stream_done(s, ECONNRESET);
	}
}

/* A host that knows of no such connection says so, or, in TIME_WAIT, that all has arrived; if that is
 * lost, what came will come again. */
static bool nobody(struct sim_pipe *pipe, const struct sim_segment *segment)
{
	struct sim_pipe *back = pipe->from == NULL ? NULL : pipe->from->u.stream.in;
	struct sim_socket *left;
	if (back == NULL || (segment->flags & VET_SIM_RST) || back->from != NULL)
		return true;
	left = vetsim_port_connection(pipe->to_host, &pipe->destination, &pipe->source);
	if (left != NULL && left->state == SIM_TIME_WAIT && pipe->fin_arrived) {
		SIM_MARK(pipe->sim, TIME_WAIT_ANSWERS);
		return vetsim_pipe_answer(back, VET_SIM_ACK, pipe);
	}
	SIM_MARK(pipe->sim, SEGMENT_FOR_NOBODY);
	return vetsim_pipe_answer(back, VET_SIM_RST | VET_SIM_ACK, pipe);
}

/* Who a segment is for.  Of the answer to a SYN it is who sent that, if he still wants it. */
static struct sim_socket *receiver_of(const struct sim_pipe *pipe,
				      const struct sim_segment *segment)
{
	const struct sim_socket *other = pipe->from;
	if (pipe->to != NULL || !(segment->flags & VET_SIM_SYN) || other == NULL ||
	    other->u.stream.in == NULL)
		return pipe->to;
	return other->u.stream.in->from;
}

bool vetsim_segment_arrives(struct sim_pipe *pipe, const struct sim_segment *segment)
{
	struct sim_socket *s = receiver_of(pipe, segment);
	if ((segment->flags & VET_SIM_SYN) && pipe->from != NULL)
		pipe->from->u.stream.attempts = segment->attempt;
	if ((segment->flags & (VET_SIM_SYN | VET_SIM_ACK)) == VET_SIM_SYN)
		return syn_arrives(pipe);
	if (s == NULL)
		return nobody(pipe, segment);
	if (s->is_deaf)
		return false;
	s->u.stream.heard_at = pipe->sim->now;
	s->u.stream.probes = 0;
	if (segment->flags & VET_SIM_RST) {
		reset_arrives(s);
		return true;
	}
	if (s->state == SIM_CLOSED || s->state == SIM_TIME_WAIT)
		return true;
	if (segment->flags & VET_SIM_SYN) {
		/* Of a SYN of somebody else's, who had the name before (RFC 9293 3.10.7.3). */
		if (s->u.stream.out != NULL && segment->initial != s->u.stream.out->initial)
			return nobody(pipe, segment);
		return syn_ack_arrives(s, pipe, segment);
	}
	if (s->state == SIM_SYN_RECEIVED) {
		if (!enlist(s))
			return false;
		if (segment->size > 0 || (segment->flags & VET_SIM_FIN))
			SIM_MARK(pipe->sim, HANDSHAKE_DONE_BY_DATA);
		end_if_shut(s);
	}
	if (!acknowledge(s, segment))
		return true;
	if (segment->size > 0 || (segment->flags & VET_SIM_FIN))
		take_content(s, pipe, segment);
	else if (segment->is_probe)
		vetsim_pipe_send(s->u.stream.out, VET_SIM_ACK, 0, false);
	return true;
}

void vetsim_stream_reset_arrives(struct vet_sim_host *host, const struct sim_message *message)
{
	struct sim_socket *s =
		vetsim_port_connection(host, &message->destination, &message->source);
	if (s != NULL && !s->is_deaf)
		reset_arrives(s);
}
