/* SPDX-License-Identifier: 0BSD */
/* Bytes into a stream, and out of it. */
#include "pipe.h"

/* With a kernel that leads (fidelity), how much fits in its buffers is the kernel's affair: from so
 * many bytes on that nobody has read, it may take less than is asked, or none. */
enum {
	ORACLE_LEAST = 1024,
	WINDOW_LEAST = 1152,
	SMALL_BUFFER = 65536,
	WINDOW_DOUBT =
		48000, /* bytes that all of the kernel's windows take, as they are at first */
	SEGMENT_LEAST = 68 - 20, /* Linux's TCP_MIN_MSS, less options */
	QUICK_MILLISECONDS = 40,
};

/* ---- windows ---- */

uint32_t vetsim_stream_window(const struct sim_socket *s)
{
	const struct sim_pipe *in = s->u.stream.in;
	/* Linux's buffer of 131,072 takes 127,973 bytes (sent in large pieces, over loopback). */
	uint64_t capacity = (uint64_t)s->options.receive_buffer * 125 / 128;
	uint64_t used = in->arrived - in->read;
	uint64_t window;
	if (capacity < WINDOW_LEAST)
		capacity = WINDOW_LEAST;
	window = capacity > used ? capacity - used : 0;
	/* The edge never goes back (RFC 9293 3.8.6). */
	if (in->arrived + window < in->promised)
		window = in->promised - in->arrived;
	return (uint32_t)window;
}

/* After a read: the sender hears of room when it is worth a segment (RFC 9293 3.8.6.2.2). */
static void tell_window(struct sim_socket *s)
{
	const struct sim_pipe *in = s->u.stream.in;
	uint64_t worth = (uint64_t)s->options.receive_buffer / 4;
	uint64_t edge;
	if (s->u.stream.out == NULL || in->from == NULL || in->fin_arrived)
		return;
	if (s->shut & SIM_SHUT_READ) { /* as Linux: of what nobody waits for no more is asked */
		s->host->sim->is_doubtful |= s->host->sim->oracle.is_on && in->written > in->sent;
		return;
	}
	if (worth > 2 * (uint64_t)s->u.stream.mss)
		worth = 2 * (uint64_t)s->u.stream.mss;
	edge = in->arrived + vetsim_stream_window(s);
	if (edge - in->promised >= worth) {
		if (in->promised - in->arrived < s->u.stream.mss) /* no segment found room */
			SIM_MARK(s->host->sim, WINDOW_OPENED);
		vetsim_pipe_send(s->u.stream.out, VET_SIM_ACK, 0, false);
	}
}

/* ---- what goes out ---- */

/* A segment is at most half of the greatest window (RFC 9293 3.8.6.2.1; Linux: at all times). */
static uint64_t segment_of(const struct sim_socket *s)
{
	uint64_t half = s->u.stream.out->widest / 2;
	return half > SEGMENT_LEAST && half < s->u.stream.mss ? half : s->u.stream.mss;
}

/* Nagle's rule (RFC 9293 3.7.4): less than a full segment waits while anything is unacknowledged. */
static bool waits(const struct sim_socket *s, uint64_t size)
{
	const struct sim_pipe *out = s->u.stream.out;
	bool is_held;
	if (size >= segment_of(s) || out->fin_wanted)
		return false;
	is_held = s->options.cork || (!s->options.no_delay && out->sent > out->acknowledged);
	if (is_held)
		SIM_MARK(s->host->sim, PIECE_HELD_BACK);
	return is_held;
}

void vetsim_stream_push(struct sim_socket *s)
{
	struct sim_pipe *out = s->u.stream.out;
	if (s->state < SIM_ESTABLISHED)
		return;
	while (out->sent < out->written) {
		uint64_t left = out->written - out->sent;
		uint64_t size = left < segment_of(s) ? left : segment_of(s);
		/* What the window would cut waits until it does not: the window is not silly. */
		if (out->sent + size > out->allowed || waits(s, size))
			break;
		vetsim_pipe_send(out, VET_SIM_ACK | (size == left ? VET_SIM_PSH : 0),
				 (uint32_t)size, false);
		if (out->written - out->sent == left) /* no memory: the run is over */
			break;
	}
	if (out->fin_wanted && !out->fin_sent && out->sent == out->written)
		vetsim_pipe_send(out, VET_SIM_FIN | VET_SIM_ACK, 0, false);
	else if (out->sent < out->written && out->sent == out->acknowledged)
		vetsim_stream_watch(s);
}

/* ---- send ---- */

/* How many bytes more the socket takes: what is not acknowledged fills its buffer. */
static uint64_t room(const struct sim_socket *s)
{
	const struct sim_pipe *out = s->u.stream.out;
	uint64_t held = out->written - out->acknowledged;
	uint64_t most = (uint64_t)s->options.send_buffer;
	return held < most ? most - held : 0;
}

/* Where a kernel leads, how much its buffers hold is its own affair, from so many bytes on that nobody
 * has read. */
static bool is_led(const struct sim_socket *s, uint64_t held)
{
	return s->host->sim->oracle.is_on && held >= ORACLE_LEAST;
}

/* Of what was sent: that which nobody has read, or, where the buffer was made small, acknowledged. */
static uint64_t held_by(const struct sim_socket *s)
{
	const struct sim_pipe *out = s->u.stream.out;
	return s->options.send_buffer_locked ? out->written : out->written - out->read;
}

/* So much waits to be read that the kernel may let no more in, or drop what it has let go. */
static bool is_crowded(const struct sim_pipe *pipe)
{
	uint64_t held = pipe->written - pipe->read;
	uint64_t room = pipe->to == NULL ? UINT64_MAX : (uint64_t)pipe->to->options.receive_buffer;
	/* A few small segments take all of a small one. */
	return held > WINDOW_DOUBT || held > (room < SMALL_BUFFER ? room / 4 : room);
}

static bool is_corked(const struct sim_pipe *pipe)
{
	return pipe->from != NULL && pipe->from->options.cork;
}

/* And it may acknowledge late (not modelled here), so that Nagle's rule keeps back what is sent after
 * the first small piece: until the other side sends something itself. */
static void be_sure(struct sim_socket *s, size_t size)
{
	struct sim_pipe *out = s->u.stream.out, *in = s->u.stream.in;
	if (!s->options.cork && (s->options.no_delay || out->settled + size == out->written))
		out->sure = out->written;
	else if (out->to == NULL || (out->to->shut & SIM_SHUT_READ))
		s->host->sim->is_doubtful = true;
	/* What goes out now (the window lets it) acknowledges all, and what was kept back comes. */
	if (in != NULL && in != out && out->sure == out->written && !is_corked(in) &&
	    out->written - out->read < ORACLE_LEAST && !is_crowded(in)) {
		in->settled = in->sure;
		in->sure = in->written;
	}
}

void vetsim_stream_doubt(const struct sim_socket *s)
{
	const struct sim_pipe *in = s->u.stream.in, *out = s->u.stream.out;
	if ((in != NULL && (in->written > in->sure || is_crowded(in))) ||
	    (out != NULL && (out->written > out->sure || is_crowded(out))))
		s->host->sim->is_doubtful = s->host->sim->oracle.is_on;
}

/* Whether so many more bytes may be all that has arrived. */
static bool may_be_all(const struct sim_pipe *in, uint64_t size)
{
	return (in->read + size >= in->sure || is_crowded(in)) && !in->fin_arrived;
}

/* Of so many: as many as the kernel took. */
static size_t led(const struct sim_socket *s, uint64_t held, size_t size)
{
	int64_t result = s->host->sim->oracle.result;
	if (result <= 0 && is_led(s, held))
		return 0;
	if (result > 0 && (uint64_t)result < size && is_led(s, held + (uint64_t)result))
		return (size_t)result;
	return size;
}

/* Likewise of what can be read: where Nagle's rule may keep some of it back, too. */
static size_t led_in(const struct sim_socket *s, size_t size)
{
	const struct sim_pipe *in = s->u.stream.in;
	int64_t result = s->host->sim->oracle.result;
	if (result <= 0 && may_be_all(in, 0))
		return 0;
	if (result <= 0 || (uint64_t)result >= size || !may_be_all(in, (uint64_t)result))
		size = led(s, in->written - in->read, size);
	else
		size = (size_t)result;
	return size;
}

/* A receive of no bytes tells whether there are any (Linux). */
static bool is_told_empty(const struct sim_socket *s)
{
	const struct sim_oracle *oracle = &s->host->sim->oracle;
	return oracle->is_on && oracle->result == -EAGAIN && may_be_all(s->u.stream.in, 0);
}

/* Likewise that there are some, of those that a cork or Nagle's rule may have kept back. */
static bool is_told_some(const struct sim_socket *s)
{
	const struct sim_oracle *oracle = &s->host->sim->oracle;
	const struct sim_pipe *in = s->u.stream.in;
	return oracle->is_on && oracle->result == 0 && in != NULL && in->written > in->sure;
}

/* What has not arrived by the end of the connection never does. */
static void cut_off(struct sim_pipe *in, size_t taken)
{
	if (in->from == NULL && !in->fin_sent && in->sim->oracle.is_on)
		in->written = in->sent = in->arrived = in->read + taken;
}

/* The kernel has let more arrive than the window here does. */
static void let_arrive(struct sim_pipe *in, uint64_t size)
{
	uint64_t to = in->read + size;
	if (to > in->written || to <= in->arrived)
		return;
	in->arrived = in->acknowledged = to;
	if (in->sent < to)
		in->sent = to;
}

static size_t fewer(struct vet_sim *sim, size_t size)
{
	if (size > 1 && sim->options.short_counts &&
	    vetsim_chance(&sim->choices, VET_SIM_COUNTS, 1, 4))
		size -= vetsim_choose(&sim->choices, VET_SIM_COUNTS,
				      size > UINT32_MAX ? UINT32_MAX : (uint32_t)size);
	return size;
}

static size_t accepted(const struct sim_socket *s, size_t size)
{
	uint64_t free = room(s);
	if (s->host->sim->oracle.is_on)
		return led(s, held_by(s), size);
	return fewer(s->host->sim, free < size ? (size_t)free : size);
}

static size_t total(const struct iovec *parts, int count)
{
	size_t sum = 0;
	for (int i = 0; i < count; i++)
		sum = parts[i].iov_len > SIM_MOST - sum ? SIM_MOST : sum + parts[i].iov_len;
	return sum;
}

static int told(struct sim_socket *s)
{
	int error = s->error;
	s->error = 0;
	return -error;
}

/* POSIX send(): EPIPE, ENOTCONN; Linux has EPIPE for both, and tells a pending error first. */
static int unwilling(struct sim_socket *s)
{
	if (s->error != 0)
		return told(s);
	if (s->state == SIM_SYN_SENT || s->state == SIM_SYN_RECEIVED)
		return -EAGAIN;
	if ((s->state != SIM_ESTABLISHED && s->state != SIM_CLOSE_WAIT) ||
	    (s->shut & SIM_SHUT_WRITE))
		return -EPIPE;
	return 0;
}

/* Of a file, which goes out in pieces: as much of all of it as the kernel took. */
size_t vetsim_stream_led(const struct sim_socket *s, size_t size)
{
	const struct sim_pipe *out = s->u.stream.out;
	if (out == NULL || !s->host->sim->oracle.is_on)
		return size;
	return led(s, held_by(s), size);
}

ssize_t vetsim_stream_send(struct sim_socket *s, const struct iovec *parts, int count)
{
	struct sim_pipe *out = s->u.stream.out;
	size_t size = total(parts, count), left, done = 0;
	int result = unwilling(s);
	if (result < 0)
		return result;
	left = accepted(s, size);
	for (int i = 0; i < count && left > 0; i++) {
		size_t part = parts[i].iov_len < left ? parts[i].iov_len : left;
		size_t written = vetsim_pipe_write(out, parts[i].iov_base, part);
		left -= written;
		done += written;
		if (written < part) /* no memory is left */
			break;
	}
	if (done == 0 && size > 0)
		return left > 0 ? -ENOBUFS : -EAGAIN;
	if (done < size)
		SIM_MARK(s->host->sim, SHORT_SEND);
	if (s->host->sim->oracle.is_on && done > 0)
		be_sure(s, done);
	/* Linux: who answers at once what has just come does not acknowledge it apart any more. */
	if (done > 0 && s->u.stream.in->arrived > 0 &&
	    s->host->sim->now - s->u.stream.heard_at < VET_MILLISECONDS(QUICK_MILLISECONDS))
		s->options.quick_ack = false;
	vetsim_stream_push(s);
	return (ssize_t)done;
}

/* ---- receive ---- */

/* What recv answers when there are no bytes: Linux's tcp_recvmsg(). */
static int empty(struct sim_socket *s)
{
	if (s->u.stream.is_done)
		return 0;
	if (s->error != 0)
		return told(s);
	if (s->shut & SIM_SHUT_READ)
		return 0;
	return s->state == SIM_CLOSED ? -ENOTCONN : -EAGAIN;
}

ssize_t vetsim_stream_receive(struct sim_socket *s, void *data, size_t size, int flags)
{
	struct sim_pipe *in = s->u.stream.in;
	uint64_t there;
	size_t asked;
	if (s->state == SIM_LISTEN)
		return -ENOTCONN;
	if (in != NULL && s->host->sim->oracle.is_on && s->host->sim->oracle.result > 0 &&
	    is_led(s, in->written - in->read))
		let_arrive(in, (uint64_t)s->host->sim->oracle.result);
	there = in == NULL ? 0 : in->arrived - in->read;
	if (there == 0)
		return size == 0 && is_told_some(s) ? 0 : empty(s);
	asked = size;
	if (size > there)
		size = (size_t)there;
	if (s->host->sim->oracle.is_on) {
		size = led_in(s, size);
		if ((int64_t)size == s->host->sim->oracle.result && size < asked)
			cut_off(in, size);
	} else {
		size = fewer(s->host->sim, size);
	}
	if (size == 0 && (asked > 0 || is_told_empty(s)))
		return empty(s);
	vetsim_pipe_peek(in, data, size);
	if (flags & MSG_PEEK)
		return (ssize_t)size;
	vetsim_pipe_skip(in, size);
	tell_window(s);
	return (ssize_t)size;
}

/* ---- poll ---- */

/* It can be written while a third of the buffer is free (Linux's sk_stream_is_writeable()). */
static bool is_writable(const struct sim_socket *s)
{
	const struct sim_pipe *out = s->u.stream.out;
	uint64_t held;
	if (out == NULL || s->host->sim->oracle.is_on)
		return true;
	held = out->written - out->acknowledged;
	return room(s) >= held / 2 && room(s) > 0;
}

/* Bits that are the kernel's affair, where one leads: whether more can be written while so much is
 * unread, or read that Nagle's rule may have kept back. */
short vetsim_stream_doubtful(const struct sim_socket *s)
{
	const struct sim_pipe *in = s->u.stream.in, *out = s->u.stream.out;
	int bits = 0;
	if (out != NULL && !(s->shut & SIM_SHUT_WRITE) && is_led(s, held_by(s)))
		bits |= POLLOUT | POLLWRNORM;
	if (in != NULL && !(s->shut & SIM_SHUT_READ) && in->written > in->read &&
	    (may_be_all(in,
			(uint64_t)(s->options.receive_low > 0 ? s->options.receive_low - 1 : 0)) ||
	     is_led(s, in->written - in->read)))
		bits |= POLLIN | POLLRDNORM;
	return (short)bits;
}

/* Linux's tcp_poll(). */
short vetsim_stream_ready(const struct sim_socket *s)
{
	const struct sim_pipe *in = s->u.stream.in;
	int ready = 0;
	if (s->state == SIM_LISTEN)
		return s->u.stream.queue != NULL ? POLLIN | POLLRDNORM : 0;
	if (s->shut == SIM_SHUT_BOTH || s->state == SIM_CLOSED)
		ready |= POLLHUP;
	if (s->shut & SIM_SHUT_READ)
		ready |= POLLIN | POLLRDNORM | POLLRDHUP;
	if (s->state != SIM_SYN_SENT && s->state != SIM_SYN_RECEIVED) {
		if (in != NULL && in->arrived - in->read > 0 &&
		    in->arrived - in->read >= (uint64_t)s->options.receive_low)
			ready |= POLLIN | POLLRDNORM;
		if ((s->shut & SIM_SHUT_WRITE) || is_writable(s))
			ready |= POLLOUT | POLLWRNORM;
	}
	if (s->error != 0)
		ready |= POLLERR;
	return (short)ready;
}
