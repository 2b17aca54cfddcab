/* SPDX-License-Identifier: 0BSD */
/* The calls on datagram sockets (and raw ones, whose datagrams go nowhere): as Linux answers them. */
#include "pipe.h"

#include <netinet/in.h>

enum {
	SIZE_4 = 65535 - 20 - 8, /* what one datagram carries at most: RFC 768, RFC 791 */
	SIZE_6 = 65535 - 8,      /* RFC 8200: without jumbograms */
	SIZE_IPV4 = 65535,       /* Linux: what is longer is too long before all else */
	SIN6_LEAST = 24,         /* RFC 2133 */
	DISCOVER_DO = 2,         /* Linux's IP_PMTUDISC_DO, of both families */
	DISCOVER_OMIT = 5,
};

static int told(struct sim_socket *s)
{
	int error = s->error;
	s->error = 0;
	return -error;
}

/* ---- addresses ---- */

/* Of a caller's address: EINVAL for a length, EAFNOSUPPORT for a family that are not the socket's. */
static int read_name(const struct sim_socket *s, const struct sockaddr *address, socklen_t length,
		     struct sim_name *to)
{
	int family = vetsim_sockaddr_family(address, length);
	bool is_v4 = s->family == 4 || family == AF_INET;
	if (length < (is_v4 ? sizeof(struct sockaddr_in) : (size_t)SIN6_LEAST))
		return -EINVAL;
	if (family != AF_INET && family != (s->family == 4 ? AF_UNSPEC : AF_INET6))
		return -EAFNOSUPPORT;
	vetsim_name_read(to, address);
	return 0;
}

/* To the unspecified address is to oneself. */
static void resolve(const struct sim_socket *s, struct sim_name *to)
{
	if (sim_ip_equal(to->ip, SIM_IPV6_ANY))
		to->ip = sim_ip_is_v4(s->local.ip) ? SIM_IPV4_LOOP : SIM_IPV6_LOOP;
	else if (sim_ip_equal(to->ip, SIM_IPV4_ANY))
		to->ip = sim_ip_is_v4(s->local.ip) && !sim_ip_is_any(s->local.ip) ? s->local.ip
										  : SIM_IPV4_LOOP;
}

/* Whether it can be sent there at all, from where the socket is bound. */
static int check_route(const struct sim_socket *s, const struct sim_name *to)
{
	bool is_v4 = sim_ip_is_v4(to->ip);
	if (s->family == 6 && is_v4 && vetsim_option_only_ipv6(s))
		return -ENETUNREACH;
	if (vetsim_is_broadcast(to->ip))
		return s->options.broadcast ? 0 : -EACCES;
	if (!vetsim_is_reachable(s->host, to->ip) && !vetsim_ip_is_multicast(to->ip))
		return -ENETUNREACH;
	if (sim_ip_equal(s->local.ip, SIM_IPV6_ANY))
		return 0;
	if (sim_ip_is_v4(s->local.ip) && !is_v4)
		return -EAFNOSUPPORT;
	if (sim_ip_is_v4(s->local.ip) == is_v4 && sim_ip_is_loopback(s->local.ip) &&
	    vetsim_route(s->host, to->ip) != s->host)
		return is_v4 ? -EINVAL : -ENETUNREACH;
	return 0;
}

/* ---- connect, shutdown ---- */

static void dissolve(struct sim_socket *s)
{
	s->state = SIM_CLOSED;
	s->remote.port = 0; /* its address stays, and IPv6 goes on hearing from it alone (Linux) */
	s->options.device = 0;
	if (!s->binding.is_explicit_address)
		s->local.ip = s->bound_ip = s->family == 4 ? SIM_IPV4_ANY : SIM_IPV6_ANY;
	if (!s->binding.is_explicit_port) {
		vetsim_port_release(s);
		s->local.port = 0;
	} else if (!s->binding.is_explicit_address) {
		vetsim_port_moved(s);
	}
}

int vetsim_datagram_connect(struct sim_socket *s, const struct sockaddr *address, socklen_t length)
{
	struct sim_name to;
	int result;
	if (length < offsetof(struct sockaddr, sa_data))
		return -EINVAL;
	if (vetsim_sockaddr_family(address, length) == AF_UNSPEC) {
		dissolve(s);
		return 0;
	}
	if (s->node.kind == SIM_DATAGRAM && vetsim_port_autobind(s) < 0)
		return -EAGAIN;
	if (s->family == 6 && vetsim_sockaddr_family(address, length) == AF_INET &&
	    vetsim_option_only_ipv6(s))
		return -EAFNOSUPPORT;
	result = read_name(s, address, length, &to);
	if (result < 0)
		return result;
	resolve(s, &to);
	result = check_route(s, &to);
	if (result == -ENETUNREACH && s->state == SIM_ESTABLISHED)
		s->host->sim->is_doubtful = s->host->sim->oracle.is_on; /* docs/fidelity.md */
	if (result < 0)
		return result;
	s->remote = to;
	s->state = SIM_ESTABLISHED;
	if (sim_ip_is_any(s->local.ip)) { /* Linux: the first source stays, until it is dissolved */
		s->local.ip = vetsim_source(s->host, to.ip);
		vetsim_port_moved(s);
	}
	return 0;
}

int vetsim_datagram_shutdown(struct sim_socket *s, int how)
{
	if (how != SHUT_RD && how != SHUT_WR && how != SHUT_RDWR)
		return -EINVAL;
	s->shut |= how == SHUT_RD ? SIM_SHUT_READ : how == SHUT_WR ? SIM_SHUT_WRITE : SIM_SHUT_BOTH;
	vetsim_wake(s);
	return s->state == SIM_ESTABLISHED ? 0 : -ENOTCONN;
}

void vetsim_datagram_close(struct sim_socket *s)
{
	while (s->u.datagram.first != NULL) {
		struct sim_message *next = s->u.datagram.first->next;
		s->host->buffered -= s->u.datagram.first->size;
		vetsim_message_free(s->host->sim, s->u.datagram.first);
		s->u.datagram.first = next;
	}
	vetsim_port_release(s);
	vetsim_socket_free(s);
}

/* ---- receive ---- */

static size_t copy_out(const struct sim_message *message, void *data, size_t size)
{
	size_t copied = message->size < size ? message->size : size;
	if (copied > 0)
		memcpy(data, message->data, copied);
	return copied;
}

static void drop_first(struct sim_socket *s)
{
	struct sim_datagram_part *part = &s->u.datagram;
	struct sim_message *first = part->first;
	bool is_end = first == part->batch_end;
	part->first = first->next;
	part->read_bytes += sim_datagram_cost(first);
	if (is_end || part->read_bytes >= (uint32_t)s->options.receive_buffer / 4) {
		part->queued_bytes -= part->read_bytes;
		part->read_bytes = 0;
	}
	if (is_end)
		part->batch_end = NULL;
	s->host->buffered -= first->size;
	vetsim_message_free(s->host->sim, first);
}

ssize_t vetsim_datagram_receive(struct sim_socket *s, void *data, size_t size, int flags,
				struct sockaddr *address, socklen_t *length, int *truncated)
{
	struct sim_message *first = s->u.datagram.first;
	size_t copied;
	if (s->error != 0)
		return told(s);
	if (first == NULL)
		return -EAGAIN; /* Linux: though it was shut down for reading, too */
	if (s->u.datagram.batch_end == NULL)
		s->u.datagram.batch_end = s->u.datagram.last;
	copied = copy_out(first, data, size);
	if (first->size > size)
		SIM_MARK(s->host->sim, DATAGRAM_TRUNCATED);
	if (truncated != NULL)
		*truncated = first->size > size;
	if (address != NULL && length != NULL)
		vetsim_name_write(&first->source, s->family, address, length);
	if (!(flags & MSG_PEEK))
		drop_first(s);
	return (ssize_t)copied;
}

/* ---- send ---- */

static struct sim_message *gather(struct sim_socket *s, const struct iovec *parts, int count,
				  size_t size)
{
	struct sim_message *message = NULL;
	size_t at = 0;
	if (sim_has_memory(s->host, size))
		message = vetsim_message_make(s->host->sim, (uint32_t)size);
	if (message == NULL)
		return NULL;
	for (int i = 0; i < count; i++) {
		if (parts[i].iov_len > 0)
			memcpy(message->data + at, parts[i].iov_base, parts[i].iov_len);
		at += parts[i].iov_len;
	}
	return message;
}

static size_t total(const struct iovec *parts, int count)
{
	size_t sum = 0;
	for (int i = 0; i < count; i++)
		sum = parts[i].iov_len > SIM_MOST - sum ? SIM_MOST : sum + parts[i].iov_len;
	return sum;
}

/* Where a datagram goes. */
struct target {
	struct sim_name to;
	bool is_named; /* by the call, or (of IPv6, by IPv4) as if it were */
	bool is_v4;    /* it goes by IPv4 */
};

/* To the peer.  Of IPv6 an address of AF_UNSPEC is as none, but that Linux then looks for an
 * IPv4-mapped peer in vain. */
static int find_peer(const struct sim_socket *s, bool is_unspecified, struct target *target)
{
	if (s->state != SIM_ESTABLISHED)
		return -EDESTADDRREQ;
	target->to = s->remote;
	target->is_v4 = sim_ip_is_v4(s->remote.ip);
	target->is_named = s->family == 6 && target->is_v4;
	return is_unspecified && target->is_v4 ? -ENETUNREACH : 0;
}

/* By IPv4, before its address is looked at. */
static int check_ipv4(const struct sim_socket *s, size_t size)
{
	if (s->family == 6 && vetsim_option_only_ipv6(s))
		return -ENETUNREACH;
	return size > SIZE_IPV4 ? -EMSGSIZE : 0;
}

static int find_target(const struct sim_socket *s, const struct sockaddr *address, socklen_t length,
		       size_t size, struct target *target)
{
	int family, result = 0;
	if (address == NULL)
		return find_peer(s, false, target);
	family = vetsim_sockaddr_family(address, length);
	if (s->family == 6 && family == AF_UNSPEC && length >= offsetof(struct sockaddr, sa_data))
		return find_peer(s, true, target);
	if (s->family == 6 && family == AF_INET)
		result = check_ipv4(s, size);
	else if (s->family == 6 && family != AF_INET6)
		result = -EINVAL;
	if (result == 0)
		result = read_name(s, address, length, &target->to);
	if (result < 0)
		return result;
	if (s->family == 6)
		resolve(s, &target->to); /* before all else (Linux) */
	target->is_v4 = sim_ip_is_v4(target->to.ip);
	target->is_named = true;
	return 0;
}

/* IP_MTU_DISCOVER, IPV6_MTU_DISCOVER (from IP_PMTUDISC_DO on, but for IP_PMTUDISC_OMIT) and
 * IPV6_DONTFRAG: it is not to be cut into fragments (ip(7), RFC 3542 11.2). */
static bool is_whole(const struct sim_socket *s, const struct sim_name *to)
{
	bool is_v4 = sim_ip_is_v4(to->ip);
	uint8_t discover = is_v4 ? s->options.mtu_discover : s->options.mtu_discover6;
	if (!is_v4 && s->options.dont_fragment)
		return true;
	return discover >= DISCOVER_DO && discover != DISCOVER_OMIT;
}

static int put_on_wire(struct sim_socket *s, const struct sim_name *to, const struct iovec *parts,
		       int count, size_t size)
{
	struct sim_message *message = gather(s, parts, count, size);
	if (message == NULL)
		return -ENOBUFS;
	message->kind = SIM_MESSAGE_DATAGRAM;
	message->protocol = (uint8_t)s->protocol;
	message->from = s->host;
	message->source = s->local;
	if (sim_ip_is_any(s->local.ip) || sim_ip_is_v4(s->local.ip) != sim_ip_is_v4(to->ip))
		message->source.ip = vetsim_source(s->host, to->ip);
	message->destination = *to;
	message->is_whole = is_whole(s, to);
	if (size == 0)
		SIM_MARK(s->host->sim, DATAGRAM_EMPTY);
	if (vetsim_ip_is_multicast(to->ip) || vetsim_is_broadcast(to->ip) ||
	    (s->node.kind == SIM_RAW && vetsim_route(s->host, to->ip) != s->host)) {
		vetsim_message_free(s->host->sim, message); /* it is heard by nobody */
		return 0;
	}
	return vetsim_message_send(s->host->sim, message);
}

/* What Linux looks at before it looks for a way, in its order. */
static int check_target(const struct sim_socket *s, const struct target *target, size_t size)
{
	int result = target->is_v4 ? check_ipv4(s, size) : 0;
	if (result == 0 && target->is_named && target->to.port == 0 && s->node.kind == SIM_DATAGRAM)
		result = -EINVAL;
	return result;
}

static int prepare(struct sim_socket *s, const struct sockaddr *address, socklen_t length,
		   size_t size, struct target *target)
{
	int result;
	if (s->node.kind == SIM_DATAGRAM && vetsim_port_autobind(s) < 0)
		return -EAGAIN;
	if (s->family == 4 && size > SIZE_IPV4)
		return -EMSGSIZE;
	result = find_target(s, address, length, size, target);
	if (result == 0)
		result = check_target(s, target, size);
	if (result < 0)
		return result;
	resolve(s, &target->to);
	result = check_route(s, &target->to);
	if (result < 0)
		return result;
	return size > (target->is_v4 ? (size_t)SIZE_4 : (size_t)SIZE_6) ? -EMSGSIZE : 0;
}

ssize_t vetsim_datagram_send(struct sim_socket *s, const struct iovec *parts, int count,
			     const struct sockaddr *address, socklen_t length)
{
	size_t size = total(parts, count);
	struct target target;
	int result = prepare(s, address, length, size, &target);
	if (result < 0)
		return result;
	if (s->error != 0)
		return told(s);
	if (s->shut & SIM_SHUT_WRITE)
		return -EPIPE;
	result = put_on_wire(s, &target.to, parts, count, size);
	return result < 0 ? result : (ssize_t)size;
}

/* ---- poll ---- */

/* Linux's udp_poll(), datagram_poll(). */
short vetsim_datagram_ready(const struct sim_socket *s)
{
	int ready = POLLOUT | POLLWRNORM | POLLWRBAND;
	if (s->u.datagram.first != NULL)
		ready |= POLLIN | POLLRDNORM;
	if (s->shut & SIM_SHUT_READ)
		ready |= POLLRDHUP | POLLIN | POLLRDNORM;
	if (s->shut == SIM_SHUT_BOTH)
		ready |= POLLHUP;
	if (s->error != 0)
		ready |= POLLERR;
	return (short)ready;
}

/* ---- arrivals ---- */

static void say_unreachable(struct vet_sim_host *host, const struct sim_message *message)
{
	struct sim_message *answer = vetsim_message_make(host->sim, 0);
	if (answer == NULL)
		return;
	answer->kind = SIM_MESSAGE_UNREACHABLE;
	answer->protocol = VET_SIM_UDP;
	answer->error = ECONNREFUSED;
	answer->from = host;
	answer->source = message->destination;
	answer->destination = message->source;
	(void)vetsim_message_send(host->sim, answer);
}

static void report(const struct sim_message *message, enum vet_sim_fate fate)
{
	struct vet_sim *sim = message->to->sim;
	struct vet_sim_packet packet;
	if (!sim_watched(sim, VET_SIM_PACKET))
		return;
	packet = (struct vet_sim_packet){
		.number = message->number,
		.fate = fate,
		.protocol = VET_SIM_UDP,
		.from = message->from,
		.to = message->to,
		.source = vetsim_name_outside(&message->source),
		.destination = vetsim_name_outside(&message->destination),
	};
	vetsim_packet(sim, &packet);
}

bool vetsim_datagram_queue(struct sim_socket *s, struct sim_message *message)
{
	uint32_t cost = sim_datagram_cost(message), queued = s->u.datagram.queued_bytes;
	/* One has room in an empty queue, however large (Linux). */
	if ((queued > 0 && queued + cost > (uint32_t)s->options.receive_buffer) ||
	    !sim_has_memory(s->host, message->size)) {
		SIM_MARK(s->host->sim, DATAGRAM_NO_ROOM);
		return false;
	}
	message->next = NULL;
	if (s->u.datagram.first == NULL)
		s->u.datagram.first = message;
	else
		s->u.datagram.last->next = message;
	s->u.datagram.last = message;
	s->u.datagram.queued_bytes += cost;
	s->host->buffered += message->size;
	vetsim_wake(s);
	return true;
}

void vetsim_datagram_arrives(struct vet_sim_host *host, struct sim_message *message)
{
	struct sim_socket *s;
	if (message->protocol != VET_SIM_UDP) {
		vetsim_raw_arrives(host, message);
		return;
	}
	s = vetsim_port_datagram(host, &message->destination, &message->source);
	if (s != NULL && vetsim_datagram_queue(s, message)) {
		report(message, VET_SIM_ARRIVED);
		return;
	}
	if (s == NULL)
		say_unreachable(host, message);
	report(message, VET_SIM_DROPPED);
	vetsim_message_free(host->sim, message);
}
/* Only one that has that peer is told (udp(7)). */
void vetsim_datagram_unreachable(struct vet_sim_host *host, const struct sim_message *message)
{
	struct sim_socket *s = vetsim_port_datagram(host, &message->destination, &message->source);
	if (s == NULL || s->state != SIM_ESTABLISHED ||
	    !sim_ip_equal(s->remote.ip, message->source.ip) ||
	    (s->remote.port != 0 && s->remote.port != message->source.port))
		return;
	SIM_MARK(host->sim, PORT_UNREACHABLE);
	s->error = message->error;
	vetsim_wake(s);
}
