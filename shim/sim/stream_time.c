/* SPDX-License-Identifier: 0BSD */
/* How connections end, and what they wait for: TIME_WAIT, keepalive, a window that stays closed. */
#include "pipe.h"

/* ---- over ---- */

void vetsim_stream_done(struct sim_socket *s, int error)
{
	struct sim_pipe *out = s->u.stream.out, *in = s->u.stream.in;
	if (error != 0)
		s->error = error;
	if (s->state == SIM_SYN_RECEIVED && s->u.stream.listener != NULL) {
		vetsim_stream_unlist(s); /* its handshake was never done: nobody will hear of it */
		s->u.stream.is_embryo = false;
	}
	s->state = SIM_CLOSED;
	s->shut = SIM_SHUT_BOTH;
	s->u.stream.probe_at = s->u.stream.end_at = INT64_MAX;
	vetsim_heap_remove(&s->host->sim->heap, &s->timer);
	vetsim_port_disconnect(s);
	if (!s->binding.is_explicit_port)
		vetsim_port_release(s);
	s->u.stream.out = NULL;
	if (in != NULL)
		vetsim_pipe_keep(in);
	if (out != NULL)
		vetsim_pipe_leave_from(out);
	if (!s->is_orphan || s->u.stream.is_embryo) {
		vetsim_wake(s);
		return;
	}
	if (in != NULL)
		vetsim_pipe_leave_to(in);
	vetsim_port_release(s);
	vetsim_socket_free(s);
}

void vetsim_stream_abort(struct sim_socket *s, int error)
{
	if (s->u.stream.out != NULL && s->state != SIM_SYN_SENT)
		vetsim_pipe_send(s->u.stream.out, VET_SIM_RST | VET_SIM_ACK, 0, false);
	vetsim_stream_done(s, error);
}

/* Of two that have both ended the first keeps the names for a while (RFC 9293 3.6.1): an orphan, as
 * Linux has it, while a descriptor sees a closed socket. */
void vetsim_stream_time_wait(struct sim_socket *s)
{
	struct sim_socket *left = vetsim_socket_make(s->host, SIM_STREAM, s->family);
	if (left != NULL) {
		vetsim_options_inherit(left, s);
		left->local = s->local;
		left->remote = s->remote;
		left->bound_ip = s->bound_ip;
		vetsim_port_disconnect(s);
		if (vetsim_port_inherit(left, s) < 0) {
			vetsim_socket_free(left);
			left = NULL;
		}
	}
	if (left != NULL) {
		left->is_orphan = true;
		left->state = SIM_TIME_WAIT;
		left->u.stream.end_at =
			s->host->sim->now + VET_SECONDS(SIM_TIME_WAIT_SECONDS);
		vetsim_stream_arm(left);
	}
	vetsim_stream_done(s, 0);
}

void vetsim_stream_vanish(struct sim_socket *s, bool reset)
{
	struct sim_pipe *out = s->u.stream.out, *in = s->u.stream.in;
	if (out != NULL && reset && s->state != SIM_SYN_SENT)
		vetsim_pipe_send(out, VET_SIM_RST | VET_SIM_ACK, 0, false);
	s->u.stream.out = s->u.stream.in = NULL;
	if (out != NULL)
		vetsim_pipe_leave_from(out);
	if (in != NULL)
		vetsim_pipe_leave_to(in);
	vetsim_port_release(s);
	vetsim_socket_free(s);
}

void vetsim_segment_given_up(struct sim_pipe *pipe, const struct sim_segment *segment)
{
	struct sim_socket *s = pipe->from;
	if (s == NULL)
		return;
	if (segment->flags & VET_SIM_SYN)
		SIM_MARK(pipe->sim, SYN_GIVEN_UP);
	else
		SIM_MARK(pipe->sim, DATA_GIVEN_UP);
	vetsim_stream_done(s, pipe->to_host == NULL ? EHOSTUNREACH : ETIMEDOUT);
}

bool vetsim_stream_is_tired(const struct sim_socket *s)
{
	int64_t patience = VET_MILLISECONDS(s->options.user_timeout);
	return patience > 0 && s->host->sim->now - s->u.stream.out->oldest >= patience;
}

/* ---- its timer ---- */

void vetsim_stream_arm(struct sim_socket *s)
{
	struct sim_heap *heap = &s->host->sim->heap;
	int64_t at = s->u.stream.probe_at < s->u.stream.end_at ? s->u.stream.probe_at
							       : s->u.stream.end_at;
	if (at == INT64_MAX)
		vetsim_heap_remove(heap, &s->timer);
	else if (!vetsim_heap_set(heap, &s->timer, at))
		vetsim_over(s->host->sim, VET_SIM_FAILED, "no memory for a timer");
}

static int64_t seconds_or(int32_t seconds, int32_t otherwise)
{
	return VET_SECONDS(seconds != 0 ? seconds : otherwise);
}

/* Bytes wait for a window that is closed, or for an acknowledgement that was lost with its sender, and
 * nothing is under way that would tell. */
static bool is_shut_out(const struct sim_socket *s)
{
	const struct sim_pipe *out = s->u.stream.out, *in = s->u.stream.in;
	if (out == NULL || in == NULL || out->from_host == out->to_host)
		return false;
	return (out->written > out->acknowledged || (out->fin_sent && !out->fin_acknowledged)) &&
	       out->count == 0 && in->count == 0;
}

/* RFC 9293 3.8.6.1: at the time of a retransmission, and doubling. */
static int64_t after_shut_out(const struct sim_socket *s)
{
	int64_t after = VET_MILLISECONDS(SIM_RTO);
	for (uint32_t i = 0; i < s->u.stream.probes && after < VET_MILLISECONDS(SIM_RTO_MOST); i++)
		after *= 2;
	return after < VET_MILLISECONDS(SIM_RTO_MOST) ? after : VET_MILLISECONDS(SIM_RTO_MOST);
}

static bool is_watched(const struct sim_socket *s)
{
	return s->options.keepalive && s->u.stream.out != NULL && s->u.stream.in != NULL;
}

void vetsim_stream_probe(struct sim_socket *s)
{
	int64_t now = s->host->sim->now;
	int64_t at = INT64_MAX;
	if (is_watched(s))
		at = s->u.stream.probes > 0
			     ? now + seconds_or(s->options.keepalive_interval, SIM_KEEPALIVE_INTERVAL)
			     : s->u.stream.heard_at +
				       seconds_or(s->options.keepalive_time, SIM_KEEPALIVE_TIME);
	if (is_shut_out(s) && now + after_shut_out(s) < at)
		at = now + after_shut_out(s);
	if (at == s->u.stream.probe_at)
		return;
	s->u.stream.probe_at = at;
	vetsim_stream_arm(s);
}

/* Whether nobody has answered for as long as is allowed. */
static bool is_lost(const struct sim_socket *s)
{
	uint32_t most = s->options.keepalive_count != 0 ? (uint32_t)s->options.keepalive_count
							: SIM_KEEPALIVE_COUNT;
	if (is_shut_out(s))
		return s->u.stream.probes >= SIM_RETRIES;
	if (s->options.user_timeout > 0)
		return s->u.stream.probes > 0 &&
		       s->host->sim->now - s->u.stream.heard_at >=
			       VET_MILLISECONDS(s->options.user_timeout);
	return s->u.stream.probes >= most;
}

static void probe(struct sim_socket *s)
{
	const struct sim_pipe *out = s->u.stream.out;
	int64_t quiet_until = s->u.stream.heard_at +
			      seconds_or(s->options.keepalive_time, SIM_KEEPALIVE_TIME);
	bool is_idle = out != NULL && out->sent == out->acknowledged && out->written == out->sent;
	s->u.stream.probe_at = INT64_MAX;
	if (out == NULL || s->u.stream.in == NULL)
		return;
	if (is_lost(s)) {
		SIM_MARK(s->host->sim, PEER_FOUND_DEAD);
		vetsim_stream_abort(s, ETIMEDOUT);
		return;
	}
	/* What is under way has a timer of its own; who was heard is not asked. */
	if (is_shut_out(s) ||
	    (is_idle && (s->u.stream.probes > 0 || quiet_until <= s->host->sim->now))) {
		s->u.stream.probes++;
		if (is_shut_out(s))
			SIM_MARK(s->host->sim, WINDOW_PROBED);
		else
			SIM_MARK(s->host->sim, KEEPALIVE_SENT);
		vetsim_pipe_send(s->u.stream.out, VET_SIM_ACK, 0, true);
	} else if (!is_idle) {
		s->u.stream.heard_at = s->host->sim->now;
	}
	vetsim_stream_probe(s);
}

void vetsim_stream_due(struct sim_socket *s)
{
	if (s->u.stream.end_at <= s->host->sim->now) {
		if (s->state == SIM_TIME_WAIT)
			SIM_MARK(s->host->sim, TIME_WAIT_OVER);
		else
			SIM_MARK(s->host->sim, FIN_WAIT_2_OVER);
		vetsim_stream_done(s, 0);
	} else {
		probe(s);
	}
}

void vetsim_stream_options(struct sim_socket *s)
{
	if (s->u.stream.out == NULL)
		return;
	vetsim_stream_push(s);
	vetsim_stream_probe(s);
}
