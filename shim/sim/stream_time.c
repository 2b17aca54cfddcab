/* SPDX-License-Identifier: 0BSD */
/* How connections end, and what they wait for when they have. */
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
	s->u.stream.keep_at = s->u.stream.again_at = s->u.stream.end_at = INT64_MAX;
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
		left->u.stream.end_at = s->host->sim->now + VET_SECONDS(SIM_TIME_WAIT_SECONDS);
		vetsim_stream_arm(left);
	}
	vetsim_stream_done(s, 0);
}

void vetsim_stream_vanish(struct sim_socket *s, bool reset)
{
	struct sim_pipe *out = s->u.stream.out, *in = s->u.stream.in;
	if (s->state == SIM_LISTEN && s->u.stream.queue != NULL)
		SIM_MARK(s->host->sim, CRASH_BEFORE_ACCEPTED);
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
	vetsim_stream_done(s, ETIMEDOUT);
}

/* ---- its timer ---- */

/* Linux's tcp_fin_time(): as long as TCP_LINGER2 says, and some times a retransmission at least. */
void vetsim_stream_fin_wait(struct sim_socket *s)
{
	int64_t least = vetsim_pipe_again(s->u.stream.out, false, 0) * 7 / 2;
	int64_t time =
		VET_SECONDS(s->options.linger2 > 0 ? s->options.linger2 : SIM_FIN_WAIT_SECONDS);
	s->u.stream.end_at = s->host->sim->now + (time > least ? time : least);
	vetsim_stream_arm(s);
}

void vetsim_stream_arm(struct sim_socket *s)
{
	struct sim_heap *heap = &s->host->sim->heap;
	int64_t at = s->u.stream.keep_at < s->u.stream.again_at ? s->u.stream.keep_at
								: s->u.stream.again_at;
	if (s->u.stream.end_at < at)
		at = s->u.stream.end_at;
	if (at == INT64_MAX)
		vetsim_heap_remove(heap, &s->timer);
	else if (!vetsim_heap_set(heap, &s->timer, at))
		vetsim_over(s->host->sim, VET_SIM_FAILED, "no memory for a timer");
}

void vetsim_stream_due(struct sim_socket *s)
{
	if (s->u.stream.end_at <= s->host->sim->now) {
		bool is_attempt = s->state == SIM_SYN_SENT; /* to where there is no host */
		if (s->state == SIM_TIME_WAIT)
			SIM_MARK(s->host->sim, TIME_WAIT_OVER);
		else if (s->state == SIM_FIN_WAIT_2)
			SIM_MARK(s->host->sim, FIN_WAIT_2_OVER);
		if (is_attempt)
			SIM_MARK(s->host->sim, NO_SUCH_HOST);
		vetsim_stream_done(s, is_attempt ? EHOSTUNREACH : 0);
	} else {
		vetsim_stream_again(s);
	}
}

void vetsim_stream_options(struct sim_socket *s, int32_t idle, bool is_no_delay)
{
	bool cork = s->options.cork;
	if (s->u.stream.out == NULL)
		return;
	if (s->options.keepalive_time != idle)
		vetsim_stream_idle_changed(s);
	/* tcp(7), as Linux has it: each time that TCP_NODELAY is set what is there goes out, though it be
	 * corked. */
	s->options.cork = cork && !(is_no_delay && s->options.no_delay);
	vetsim_stream_push(s);
	s->options.cork = cork;
	vetsim_stream_watch(s);
}
