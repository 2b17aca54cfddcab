/* SPDX-License-Identifier: 0BSD */
/* What is sent because no answer comes: what was lost, a probe of a closed window, keepalive. */
#include "pipe.h"

/* ---- patience ---- */

void vetsim_stream_try(struct sim_socket *s)
{
	if (s->u.stream.trying_since == INT64_MAX)
		s->u.stream.trying_since = s->host->sim->now;
}

void vetsim_stream_answered(struct sim_socket *s)
{
	s->u.stream.trying_since = INT64_MAX;
	s->u.stream.attempts = 0;
	s->u.stream.again_at = INT64_MAX;
}

static int64_t patience_of(const struct sim_socket *s)
{
	return VET_MILLISECONDS(s->options.user_timeout);
}

bool vetsim_stream_is_tired(const struct sim_socket *s)
{
	return s->options.user_timeout > 0 && s->u.stream.trying_since != INT64_MAX &&
	       s->host->sim->now - s->u.stream.trying_since >= patience_of(s);
}

int64_t vetsim_stream_patience(const struct sim_socket *s, int64_t time)
{
	int64_t left;
	if (s->options.user_timeout == 0 || s->u.stream.trying_since == INT64_MAX)
		return time;
	left = s->u.stream.trying_since + patience_of(s) - s->host->sim->now;
	if (left < 0)
		left = 0;
	return left < time ? left : time;
}

/* Its owner has closed it (one that waits to be accepted has none yet). */
static bool is_left_alone(const struct sim_socket *s)
{
	return s->is_orphan && !s->u.stream.is_embryo;
}

uint32_t vetsim_stream_retries(const struct sim_socket *s)
{
	if (s->state == SIM_SYN_SENT)
		return s->options.syn_count != 0 ? (uint32_t)s->options.syn_count : SIM_RETRIES_SYN;
	if (s->state == SIM_SYN_RECEIVED)
		return SIM_RETRIES_SYN_ACK;
	return is_left_alone(s) ? SIM_RETRIES_ORPHAN : SIM_RETRIES;
}

/* ---- no answer ---- */

/* What may bring one. */
static const struct sim_pipe *answering(const struct sim_socket *s)
{
	const struct sim_socket *other;
	if (s->state != SIM_SYN_SENT)
		return s->u.stream.in;
	other = s->u.stream.out->to;
	return other == NULL ? NULL : other->u.stream.out;
}

static bool is_unacknowledged(const struct sim_pipe *out)
{
	return out->sent > out->acknowledged || (out->fin_sent && !out->fin_acknowledged);
}

/* It has sent, or would like to, and nothing is under way there or back that would bring an answer. */
static bool lacks_answer(const struct sim_socket *s)
{
	const struct sim_pipe *out = s->u.stream.out, *in;
	if (out == NULL || out->count > 0)
		return false;
	if (s->state >= SIM_ESTABLISHED && !is_unacknowledged(out) && out->written == out->sent)
		return false;
	in = answering(s);
	return in == NULL || !vetsim_pipe_brings(in);
}

static bool is_handshake(const struct sim_socket *s)
{
	return s->state == SIM_SYN_SENT || s->state == SIM_SYN_RECEIVED;
}

/* A closed window is probed at the time of a retransmission, and doubling (RFC 9293 3.8.6.1); of what
 * is not acknowledged the first time is as in send_again() of pipe.c. */
static uint32_t doublings(const struct sim_socket *s)
{
	bool is_probed = !is_handshake(s) && is_unacknowledged(s->u.stream.out);
	return s->u.stream.attempts - (is_probed && s->u.stream.attempts > 0);
}

static int64_t after(const struct sim_socket *s)
{
	int64_t time = vetsim_pipe_again(s->u.stream.out, is_handshake(s), doublings(s));
	return s->u.stream.attempts == 0 ? time : vetsim_stream_patience(s, time);
}

/* A piece that the window has room for goes out, though it is small: so Linux ends what a cork holds
 * back, and what would be a silly piece. */
static bool push_piece(struct sim_pipe *out)
{
	uint64_t room = out->allowed > out->sent ? out->allowed - out->sent : 0;
	uint64_t left = out->written - out->sent;
	if (room == 0 || left == 0)
		return false;
	vetsim_pipe_send(out, VET_SIM_ACK | VET_SIM_PSH, (uint32_t)(left < room ? left : room), false);
	return true;
}

static void ask(struct sim_socket *s)
{
	struct sim_pipe *out = s->u.stream.out;
	if (s->state == SIM_SYN_SENT) {
		vetsim_pipe_repeat(out, VET_SIM_SYN, s->u.stream.attempts);
	} else if (s->state == SIM_SYN_RECEIVED) {
		SIM_MARK(s->host->sim, HANDSHAKE_ASKED);
		vetsim_pipe_repeat(out, VET_SIM_SYN | VET_SIM_ACK, s->u.stream.attempts);
	} else if ((is_unacknowledged(out) && s->u.stream.attempts > 1) || !push_piece(out)) {
		if (is_unacknowledged(out))
			SIM_MARK(s->host->sim, ACKNOWLEDGEMENT_LOST);
		else
			SIM_MARK(s->host->sim, WINDOW_PROBED);
		s->u.stream.probes++;
		vetsim_pipe_send(out, VET_SIM_ACK, 0, true);
	}
}

static void give_up(struct sim_socket *s)
{
	if (s->state == SIM_SYN_SENT)
		SIM_MARK(s->host->sim, SYN_GIVEN_UP);
	else
		SIM_MARK(s->host->sim, DATA_GIVEN_UP);
	vetsim_stream_done(s, ETIMEDOUT);
}

/* Whose owner has gone is not probed for ever: Linux's tcp_probe_timer() ends it when its probes are
 * as far apart as they get. */
static bool is_too_slow(const struct sim_socket *s)
{
	return is_left_alone(s) && vetsim_pipe_again(s->u.stream.out, false, doublings(s)) >=
					   VET_MILLISECONDS(SIM_RTO_MOST);
}

/* A window that stays closed is probed as long as somebody answers (RFC 9293 3.8.6.1). */
static bool is_hopeless(const struct sim_socket *s)
{
	uint32_t tries = is_handshake(s) || is_unacknowledged(s->u.stream.out) ? doublings(s)
									       : s->u.stream.probes;
	return tries >= vetsim_stream_retries(s) || vetsim_stream_is_tired(s) || is_too_slow(s);
}

static void try_again(struct sim_socket *s)
{
	s->u.stream.again_at = INT64_MAX;
	if (!lacks_answer(s)) {
		vetsim_stream_arm(s);
		return;
	}
	if (is_hopeless(s)) {
		give_up(s);
		return;
	}
	s->u.stream.attempts++;
	if (doublings(s) > 0)
		vetsim_stream_try(s);
	ask(s);
	vetsim_stream_watch(s);
	vetsim_stream_arm(s);
}

/* ---- keepalive (RFC 9293 3.8.4; tcp(7)) ---- */

static int64_t seconds_or(int32_t seconds, int32_t otherwise)
{
	return VET_SECONDS(seconds != 0 ? seconds : otherwise);
}

static int64_t idle_of(const struct sim_socket *s)
{
	return seconds_or(s->options.keepalive_time, SIM_KEEPALIVE_TIME);
}

static bool is_kept_alive(const struct sim_socket *s)
{
	return s->options.keepalive && s->u.stream.out != NULL && s->u.stream.in != NULL;
}

/* Nobody has answered for as long as is allowed (tcp(7): TCP_KEEPCNT, TCP_USER_TIMEOUT). */
static bool is_dead(const struct sim_socket *s)
{
	uint32_t most = s->options.keepalive_count != 0 ? (uint32_t)s->options.keepalive_count
							: SIM_KEEPALIVE_COUNT;
	if (s->options.user_timeout > 0)
		return s->u.stream.probes > 0 &&
		       s->host->sim->now - s->u.stream.heard_at >= patience_of(s);
	return s->u.stream.probes >= most;
}

/* When it looks next: as Linux's tcp_keepalive_timer(), which nothing that is heard moves. */
static int64_t look_after(struct sim_socket *s)
{
	const struct sim_pipe *out = s->u.stream.out;
	int64_t quiet = s->host->sim->now - s->u.stream.heard_at;
	/* What is under way has a time of its own. */
	if (is_unacknowledged(out) || out->written > out->sent)
		return idle_of(s);
	if (quiet < idle_of(s))
		return idle_of(s) - quiet;
	if (is_dead(s))
		return -1;
	s->u.stream.probes++;
	SIM_MARK(s->host->sim, KEEPALIVE_SENT);
	vetsim_pipe_send(s->u.stream.out, VET_SIM_ACK, 0, true);
	return seconds_or(s->options.keepalive_interval, SIM_KEEPALIVE_INTERVAL);
}

static void keep_alive(struct sim_socket *s)
{
	int64_t time = look_after(s);
	if (time < 0) {
		SIM_MARK(s->host->sim, PEER_FOUND_DEAD);
		vetsim_stream_abort(s, ETIMEDOUT);
		return;
	}
	s->u.stream.keep_at = s->host->sim->now + time;
	vetsim_stream_arm(s);
}

void vetsim_stream_idle_changed(struct sim_socket *s)
{
	int64_t now = s->host->sim->now, at = s->u.stream.heard_at + idle_of(s);
	if (!is_kept_alive(s))
		return;
	s->u.stream.keep_at = at > now ? at : now;
	vetsim_stream_arm(s);
}

/* ---- both ---- */

void vetsim_stream_watch(struct sim_socket *s)
{
	int64_t again = INT64_MAX, keep = INT64_MAX;
	if (s->u.stream.out == NULL)
		return;
	if (lacks_answer(s))
		again = s->u.stream.again_at != INT64_MAX ? s->u.stream.again_at
							  : s->host->sim->now + after(s);
	if (is_kept_alive(s))
		keep = s->u.stream.keep_at != INT64_MAX ? s->u.stream.keep_at
							: s->host->sim->now + idle_of(s);
	if (again == s->u.stream.again_at && keep == s->u.stream.keep_at)
		return;
	s->u.stream.again_at = again;
	s->u.stream.keep_at = keep;
	vetsim_stream_arm(s);
}

void vetsim_stream_again(struct sim_socket *s)
{
	if (s->u.stream.again_at <= s->host->sim->now)
		try_again(s);
	else if (s->u.stream.keep_at <= s->host->sim->now)
		keep_alive(s);
	else /* it was answered meanwhile */
		vetsim_stream_arm(s);
}
