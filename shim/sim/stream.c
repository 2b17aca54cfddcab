/* SPDX-License-Identifier: 0BSD */
/* The calls on streams, but for bytes: each answers as Linux does, in every state. */
#include "pipe.h"

#include <netinet/in.h>

enum {
	MSS_IPV6 = 1280 - 40 - 20, /* RFC 8200 5 */
	WINDOW_MOST = 65535 << 10, /* as Linux scales it, of a buffer as large as it gets */
	MTU = 1500,
	MTU_LOOPBACK = 65536,
	SIZE_MOST = 65535, /* of a packet of IPv4 (RFC 791), with its header */
	HEADER_4 = 20,
	HEADER_6 = 40,
	HEADER = 20 + SIM_TIMESTAMPS, /* of TCP */
};

/* What Linux lets a sockaddr_in6 be cut to: without its scope (RFC 2133). */
enum { SIN6_LEAST = 24 };

uint16_t vetsim_stream_mss(const struct sim_socket *s)
{
	bool is_v4 = sim_ip_is_v4(s->remote.ip);
	const struct vet_sim_host *to = vetsim_route(s->host, s->remote.ip);
	const struct sim_link *link;
	uint32_t mtu = MTU_LOOPBACK;
	if (to != s->host) {
		link = vetsim_link(s->host->sim, s->host, to);
		mtu = link->set.mtu == 0 ? MTU : link->set.mtu;
	}
	if (is_v4 && mtu > SIZE_MOST)
		mtu = SIZE_MOST;
	return (uint16_t)(mtu - (is_v4 ? HEADER_4 : HEADER_6) - HEADER);
}

/* ---- connect ---- */

/* Linux's tcp_need_reset(). */
static bool needs_reset(const struct sim_socket *s)
{
	switch (s->state) {
	case SIM_ESTABLISHED:
	case SIM_CLOSE_WAIT:
	case SIM_FIN_WAIT_1:
	case SIM_FIN_WAIT_2:
	case SIM_SYN_RECEIVED:
		return true;
	default:
		return false;
	}
}

static void drop_child(struct sim_socket *child)
{
	vetsim_stream_unlist(child);
	child->u.stream.is_embryo = false;
	vetsim_stream_abort(child, 0);
}

static void close_children(struct sim_socket *listener)
{
	while (listener->u.stream.embryos != NULL)
		drop_child(listener->u.stream.embryos);
	while (listener->u.stream.queue != NULL) {
		SIM_MARK(listener->host->sim, CLOSED_BEFORE_ACCEPTED);
		drop_child(listener->u.stream.queue);
	}
	listener->u.stream.queued = 0;
}

/* connect(2) to AF_UNSPEC, and what follows a failed attempt: all is as before the first connect, but
 * for what bind was given. */
static void disconnect(struct sim_socket *s)
{
	int error = s->error;
	vetsim_stream_doubt(s);
	if (s->state == SIM_LISTEN)
		close_children(s);
	if (needs_reset(s)) {
		vetsim_stream_abort(s, ECONNRESET);
		error = ECONNRESET;
	} else if (s->state != SIM_CLOSED) {
		if (s->state == SIM_SYN_SENT)
			error = ECONNRESET;
		vetsim_stream_done(s, 0);
	}
	if (s->u.stream.in != NULL)
		vetsim_pipe_leave_to(s->u.stream.in);
	s->u.stream.in = NULL;
	s->error = error;
	s->shut = 0;
	s->u.stream.is_done = false;
	s->options.quick_ack = true;
	s->options.window_clamp = 0;
	s->remote.port = 0;
	if (!s->binding.is_explicit_address)
		s->local.ip = s->bound_ip = s->family == 4 ? SIM_IPV4_ANY : SIM_IPV6_ANY;
}

static int taken_back(struct sim_socket *s)
{
	int error = s->error;
	s->error = 0;
	s->u.stream.progress = SIM_UNCONNECTED;
	disconnect(s);
	return error != 0 ? -error : -ECONNABORTED;
}

/* Where to: the family, the length and the address are such as connect(2) takes. */
static int read_peer(struct sim_socket *s, const struct sockaddr *address, socklen_t length,
		     struct sim_name *to)
{
	int family = vetsim_sockaddr_family(address, length);
	if (length < (s->family == 4 ? sizeof(struct sockaddr_in) : (size_t)SIN6_LEAST))
		return -EINVAL;
	if (family != (s->family == 4 ? AF_INET : AF_INET6))
		return -EAFNOSUPPORT;
	vetsim_name_read(to, address);
	/* To the unspecified address is to oneself (tcp(7)). */
	if (sim_ip_equal(to->ip, SIM_IPV6_ANY))
		to->ip = sim_ip_is_v4(s->bound_ip) ? SIM_IPV4_LOOP : SIM_IPV6_LOOP;
	else if (sim_ip_equal(to->ip, SIM_IPV4_ANY))
		to->ip = sim_ip_is_v4(s->bound_ip) && !sim_ip_is_any(s->bound_ip) ? s->bound_ip
										  : SIM_IPV4_LOOP;
	if (vetsim_ip_is_multicast(to->ip) || vetsim_is_broadcast(to->ip))
		return -ENETUNREACH;
	if (s->family == 6 && sim_ip_is_v4(to->ip) && s->options.only_ipv6)
		return -ENETUNREACH;
	return 0;
}

static int begin_attempt(struct sim_socket *s, const struct sim_name *to)
{
	struct sim_name local = s->local;
	int result;
	s->remote = *to;
	if (sim_ip_is_any(s->bound_ip))
		s->local.ip = vetsim_source(s->host, to->ip);
	else if (sim_ip_is_v4(s->bound_ip) != sim_ip_is_v4(to->ip))
		s->local.ip = SIM_IPV4_FOR_IPV6;
	else
		s->local.ip = s->bound_ip;
	if (sim_ip_is_any(s->local.ip))
		result = -ENETUNREACH;
	else
		result = vetsim_port_connect(s);
	if (result == 0) {
		s->u.stream.out = vetsim_pipe_make(s->host->sim, s, &s->local, &s->remote);
		if (s->u.stream.out == NULL) {
			vetsim_port_disconnect(s);
			result = -ENOBUFS;
		}
	}
	if (result < 0) {
		/* Linux: bound to an IPv4-mapped 0.0.0.0, the source that was chosen is kept. */
		if (s->binding.is_explicit_address && result != -ENETUNREACH)
			s->bound_ip = s->local.ip;
		else
			s->local = local;
		s->remote.port = 0;
		return result;
	}
	/* Linux: once a socket of IPv6 has tried an IPv4-mapped address, its packets go by IPv4, and a
	 * later attempt by IPv6 goes nowhere. */
	s->u.stream.out->is_void = s->u.stream.was_mapped && !sim_ip_is_v4(to->ip);
	s->u.stream.was_mapped |= s->family == 6 && sim_ip_is_v4(to->ip);
	/* Linux puts off the last step of its handshake then. */
	if (!s->options.quick_ack || s->options.defer_accept > 0)
		s->host->sim->is_doubtful = s->host->sim->oracle.is_on;
	s->state = SIM_SYN_SENT;
	s->u.stream.mss = (sim_ip_is_v4(to->ip) ? SIM_MSS_DEFAULT : MSS_IPV6) - SIM_TIMESTAMPS;
	s->u.stream.progress = SIM_CONNECTING;
	s->u.stream.is_done = false;
	if (s->options.window_clamp == 0)
		s->options.window_clamp = WINDOW_MOST;
	s->error = 0;
	vetsim_stream_answered(s);
	vetsim_stream_try(s);
	vetsim_pipe_send(s->u.stream.out, VET_SIM_SYN, 0, false);
	if (s->u.stream.out->to_host == NULL) {
		s->u.stream.end_at = s->host->sim->now + VET_SECONDS(SIM_NEIGHBOUR_SECONDS);
		vetsim_stream_arm(s);
	}
	return -EINPROGRESS;
}

/* Whether an address can be reached, and from the one that bind was given. */
static int check_source(const struct sim_socket *s, const struct sim_name *to)
{
	if (!vetsim_is_reachable(s->host, to->ip))
		return -ENETUNREACH;
	if (sim_ip_equal(s->bound_ip, SIM_IPV6_ANY))
		return 0;
	if (sim_ip_is_v4(s->bound_ip) && !sim_ip_is_v4(to->ip))
		return -EAFNOSUPPORT;
	if ((sim_ip_is_loopback(s->bound_ip) ||
	     sim_ip_is_v4(to->ip) != sim_ip_is_v4(s->bound_ip)) &&
	    vetsim_route(s->host, to->ip) != s->host)
		return sim_ip_is_v4(to->ip) ? -EINVAL : -ENETUNREACH;
	return 0;
}

int vetsim_stream_connect(struct sim_socket *s, const struct sockaddr *address, socklen_t length)
{
	struct sim_name to;
	int result;
	if (length < offsetof(struct sockaddr, sa_data))
		return -EINVAL;
	if (vetsim_sockaddr_family(address, length) == AF_UNSPEC) {
		disconnect(s);
		s->u.stream.progress = SIM_UNCONNECTED;
		return 0;
	}
	switch (s->u.stream.progress) {
	case SIM_UNCONNECTED:
		if (s->state != SIM_CLOSED)
			return -EISCONN;
		to.ip = SIM_IPV6_ANY;
		result = read_peer(s, address, length, &to);
		if (result == 0)
			result = check_source(s, &to);
		if (result == 0)
			result = begin_attempt(s, &to);
		/* Linux: one that failed at once has not been by IPv4. */
		if (result != -EINPROGRESS && sim_ip_is_v4(to.ip) && !s->options.only_ipv6)
			s->u.stream.was_mapped = false;
		return result;
	case SIM_CONNECTING:
		if (s->state == SIM_SYN_SENT || s->state == SIM_SYN_RECEIVED)
			return -EALREADY;
		if (s->state == SIM_CLOSED)
			return taken_back(s);
		s->u.stream.progress = SIM_CONNECTED;
		return 0;
	case SIM_CONNECTED:
		return -EISCONN;
	default:
		return -EINVAL;
	}
}

/* ---- listen and accept ---- */

int vetsim_stream_listen(struct sim_socket *s, int backlog)
{
	/* A negative one is the largest, as an unsigned number (Linux: net.core.somaxconn). */
	uint32_t most = (uint32_t)backlog > SIM_SOMAXCONN ? SIM_SOMAXCONN : (uint32_t)backlog;
	int result;
	if (s->u.stream.progress != SIM_UNCONNECTED ||
	    (s->state != SIM_CLOSED && s->state != SIM_LISTEN))
		return -EINVAL;
	s->u.stream.backlog = most;
	if (s->state == SIM_LISTEN)
		return 0;
	result = vetsim_port_listen(s);
	if (result < 0)
		return result;
	s->state = SIM_LISTEN;
	s->u.stream.queue = NULL;
	s->u.stream.queue_end = &s->u.stream.queue;
	s->u.stream.queued = 0;
	return 0;
}

void vetsim_stream_unlist(struct sim_socket *s)
{
	struct sim_socket *listener = s->u.stream.listener;
	*s->u.stream.back = s->u.stream.next;
	if (s->u.stream.next != NULL)
		s->u.stream.next->u.stream.back = s->u.stream.back;
	else if (listener->u.stream.queue_end == &s->u.stream.next)
		listener->u.stream.queue_end = s->u.stream.back;
	s->u.stream.listener = NULL;
}

int vetsim_stream_accept(struct sim_socket *s, struct sim_socket **taken)
{
	if (s->state != SIM_LISTEN)
		return -EINVAL;
	*taken = s->u.stream.queue;
	if (*taken == NULL)
		return -EAGAIN;
	vetsim_stream_unlist(*taken);
	s->u.stream.queued--;
	(*taken)->u.stream.is_embryo = false;
	(*taken)->is_orphan = false;
	if ((*taken)->state == SIM_CLOSED)
		SIM_MARK(s->host->sim, ACCEPTED_DEAD);
	return 0;
}

/* ---- its end ---- */

/* RFC 9293 3.10.4: what a close for writing makes of the state; the end goes out. */
void vetsim_stream_end(struct sim_socket *s)
{
	vetsim_stream_doubt(s);
	switch (s->state) {
	case SIM_ESTABLISHED:
	case SIM_SYN_RECEIVED:
		s->state = SIM_FIN_WAIT_1;
		break;
	case SIM_CLOSE_WAIT:
		s->state = SIM_LAST_ACK;
		break;
	default:
		return;
	}
	s->u.stream.out->fin_wanted = true;
	vetsim_stream_push(s);
}

int vetsim_stream_shutdown(struct sim_socket *s, int how)
{
	int result = 0;
	uint8_t bits = how == SHUT_RD   ? SIM_SHUT_READ
		       : how == SHUT_WR ? SIM_SHUT_WRITE
					: SIM_SHUT_BOTH;
	if (how != SHUT_RD && how != SHUT_WR && how != SHUT_RDWR)
		return -EINVAL;
	if (s->u.stream.progress == SIM_CONNECTING)
		s->u.stream.progress = s->state == SIM_SYN_SENT || s->state == SIM_SYN_RECEIVED ||
						       s->state == SIM_CLOSED
					       ? SIM_DISCONNECTING
					       : SIM_CONNECTED;
	switch (s->state) {
	case SIM_LISTEN:
		if (!(bits & SIM_SHUT_READ))
			break;
		disconnect(s);
		s->u.stream.progress = SIM_UNCONNECTED;
		break;
	case SIM_SYN_SENT:
		disconnect(s);
		s->u.stream.progress = SIM_UNCONNECTED;
		break;
	case SIM_CLOSED:
		result = -ENOTCONN;
		s->shut |= bits;
		break;
	default:
		vetsim_stream_doubt(s);
		s->shut |= bits;
		if ((bits & SIM_SHUT_WRITE) && s->state != SIM_SYN_RECEIVED)
			vetsim_stream_end(s);
	}
	vetsim_wake(s);
	return result;
}

/* close(2) waits as long as linger says, though the socket is non-blocking (Linux).  False: the host
 * has crashed meanwhile, and the socket with it. */
static bool linger(struct sim_socket *s)
{
	struct vet_sim *sim = s->host->sim;
	struct sim_actor *self = sim->running;
	int64_t until = sim->now + VET_SECONDS(s->options.linger_seconds);
	self->since = sim->now;
	while ((s->state == SIM_FIN_WAIT_1 || s->state == SIM_CLOSING ||
		s->state == SIM_LAST_ACK) &&
	       sim->now < until && !sim->is_over && !s->host->is_down) {
		SIM_MARK(sim, CLOSE_LINGERS);
		if (!vetsim_wait(s, POLLIN, until)) {
			SIM_MARK(sim, CRASH_WHILE_LINGERING);
			self->since = -1;
			return false;
		}
	}
	self->since = -1;
	if (sim->now >= until && s->state != SIM_CLOSED)
		SIM_MARK(sim, LINGER_OVER);
	return true;
}

/* Nobody has it any more: what is left to do the protocol does alone. */
static void orphan(struct sim_socket *s)
{
	s->is_orphan = true;
	if (s->u.stream.in != NULL && s->state == SIM_CLOSED) {
		vetsim_pipe_leave_to(s->u.stream.in);
		s->u.stream.in = NULL;
	}
	if (s->state == SIM_CLOSED) {
		vetsim_port_release(s);
		vetsim_socket_free(s);
	} else if (s->state == SIM_FIN_WAIT_2 && s->options.linger2 < 0) {
		vetsim_stream_abort(s, 0); /* TCP_LINGER2: it does not wait for the other side */
	} else if (s->state == SIM_FIN_WAIT_2) {
		vetsim_stream_fin_wait(s);
	}
}

void vetsim_stream_close(struct sim_socket *s)
{
	const struct sim_pipe *in = s->u.stream.in;
	bool has_unread = in != NULL && in->arrived > in->read;
	vetsim_stream_doubt(s);
	if (s->options.linger2 < 0 && s->host->sim->oracle.is_on)
		s->host->sim->is_doubtful = true; /* when the end is acknowledged decides */
	if (s->state == SIM_LISTEN) {
		close_children(s);
		vetsim_stream_done(s, 0);
	} else if (s->state == SIM_SYN_SENT) {
		vetsim_stream_done(s, 0);
	} else if (s->state != SIM_CLOSED && has_unread) {
		/* RFC 1122 4.2.2.13 */
		SIM_MARK(s->host->sim, CLOSED_WITH_UNREAD_DATA);
		vetsim_stream_abort(s, 0);
	} else if (s->state != SIM_CLOSED && s->options.linger && s->options.linger_seconds == 0) {
		SIM_MARK(s->host->sim, CLOSED_WITH_LINGER_0);
		vetsim_stream_abort(s, 0);
	} else if (s->state != SIM_CLOSED) {
		s->shut = SIM_SHUT_BOTH;
		vetsim_stream_end(s);
		if (s->options.linger && !linger(s))
			return;
	}
	orphan(s);
}
