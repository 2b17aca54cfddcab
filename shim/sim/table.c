/* SPDX-License-Identifier: 0BSD */
/* The table of system calls of a simulated host. */
#include "table.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>

#include <vetsock/error.h>

#include "option_row.h"

enum {
	TYPES = 11, /* Linux's SOCK_MAX, IPPROTO_MAX */
	PROTOCOLS = 263,
};

/* ---- sockets ---- */

static int check_kind(int domain, int type, int protocol, enum sim_kind *kind)
{
	if (domain != AF_INET && domain != AF_INET6)
		return -EAFNOSUPPORT;
	if (type < 0 || type >= TYPES || protocol < 0 || protocol >= PROTOCOLS)
		return -EINVAL;
	if (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_RAW)
		return -ESOCKTNOSUPPORT;
	*kind = type == SOCK_STREAM ? SIM_STREAM : type == SOCK_DGRAM ? SIM_DATAGRAM : SIM_RAW;
	if (*kind == SIM_RAW)
		return protocol > 0 && protocol < 256 ? 0 : -EPROTONOSUPPORT;
	if (protocol != 0 && protocol != (*kind == SIM_STREAM ? IPPROTO_TCP : IPPROTO_UDP))
		return -EPROTONOSUPPORT;
	return 0;
}

static int make_socket(struct vet_sim_host *host, int domain, int type, int protocol)
{
	enum sim_kind kind;
	struct sim_socket *s;
	int fd = check_kind(domain, type, protocol, &kind);
	if (fd < 0)
		return fd;
	s = vetsim_socket_make(host, kind, domain == AF_INET ? 4 : 6);
	if (s == NULL)
		return -ENOMEM;
	s->protocol = kind == SIM_RAW ? protocol : kind == SIM_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
	vetsim_options_begin(&s->options, s);
	fd = vetsim_descriptor_make(host, &s->node);
	if (fd < 0)
		vetsim_socket_free(s);
	return fd;
}

/* What was asked for, by numbers of ours. */
static uint64_t kind_of(int domain, int type)
{
	uint64_t family = domain == AF_INET ? 4 : domain == AF_INET6 ? 6 : 0;
	uint64_t kind = type == SOCK_STREAM ? 1 : type == SOCK_DGRAM ? 2 : type == SOCK_RAW ? 3 : 0;
	return family << 40 | kind << 32;
}

static int sim_socket(struct vet_sys *self, int domain, int type, int protocol)
{
	struct vet_sim_host *host = sim_host_of(self);
	int result = vetsim_enter(host);
	if (result == 0)
		result = make_socket(host, domain, type, protocol);
	sim_hash(host->sim, kind_of(domain, type) ^ (uint64_t)(uint32_t)protocol);
	if (result >= 0)
		sim_progress(host->sim);
	return (int)vetsim_leave(host, VET_CALL_socket, -1, result);
}

/* Every descriptor is as the table promises it, already. */
static int sim_adopt(struct vet_sys *self, int fd)
{
	struct vet_sim_host *host = sim_host_of(self);
	struct sim_node *node;
	int result = vetsim_enter(host);
	if (result == 0)
		result = vetsim_find_node(host, fd, &node);
	return (int)vetsim_leave(host, VET_CALL_adopt, fd, result < 0 ? result : fd);
}

static int sim_close(struct vet_sys *self, int fd)
{
	struct vet_sim_host *host = sim_host_of(self);
	struct sim_node *node;
	int result = vetsim_enter(host);
	if (result < 0 && (host->is_down || host->sim->running->was_crashed))
		return 0; /* it is gone already */
	result = vetsim_find_node(host, fd, &node);
	if (result == 0) {
		vetsim_descriptor_close(host, fd);
		sim_progress(host->sim);
	}
	return (int)vetsim_leave(host, VET_CALL_close, fd, result);
}

static int sim_dup(struct vet_sys *self, int fd)
{
	struct vet_sim_host *host = sim_host_of(self);
	struct sim_node *node;
	int result = vetsim_enter(host);
	if (result == 0)
		result = vetsim_find_node(host, fd, &node);
	if (result == 0)
		result = vetsim_descriptor_make(host, node);
	if (result >= 0)
		sim_progress(host->sim);
	return (int)vetsim_leave(host, VET_CALL_dup, fd, result);
}

static int sim_bind(struct vet_sys *self, int fd, const struct sockaddr *address, socklen_t length)
{
	struct vet_sim_host *host = sim_host_of(self);
	struct sim_socket *s;
	int result = vetsim_begin(host, fd, &s);
	if (result == 0)
		result = vetsim_bind(s, address, length);
	vetsim_hash_address(host->sim, address, length);
	if (result == 0)
		vetsim_hash_name(host->sim, &s->local);
	return (int)vetsim_leave(host, VET_CALL_bind, fd, result);
}

static int sim_connect(struct vet_sys *self, int fd, const struct sockaddr *address,
		       socklen_t length)
{
	struct vet_sim_host *host = sim_host_of(self);
	struct sim_socket *s;
	int result = vetsim_begin(host, fd, &s);
	if (result == 0) {
		result = s->node.kind == SIM_STREAM ? vetsim_stream_connect(s, address, length)
						    : vetsim_datagram_connect(s, address, length);
		vetsim_hash_name(host->sim, &s->remote);
	}
	vetsim_hash_address(host->sim, address, length);
	return (int)vetsim_leave(host, VET_CALL_connect, fd, result);
}

static int sim_listen(struct vet_sys *self, int fd, int backlog)
{
	struct vet_sim_host *host = sim_host_of(self);
	struct sim_socket *s;
	int result = vetsim_begin(host, fd, &s);
	if (result == 0)
		result =
			s->node.kind == SIM_STREAM ? vetsim_stream_listen(s, backlog) : -EOPNOTSUPP;
	sim_hash(host->sim, (uint32_t)backlog);
	return (int)vetsim_leave(host, VET_CALL_listen, fd, result);
}

/* As Linux: the descriptor comes before the connection. */
static int accept_one(struct vet_sim_host *host, struct sim_socket *listener,
		      struct sim_socket **taken)
{
	int result;
	if (listener->node.kind != SIM_STREAM)
		return -EOPNOTSUPP;
	if (host->open >= host->open_most) {
		if (listener->u.stream.queue != NULL)
			SIM_MARK(host->sim, ACCEPT_WITHOUT_DESCRIPTOR);
		return -EMFILE;
	}
	result = vetsim_stream_accept(listener, taken);
	if (result < 0)
		return result;
	result = vetsim_descriptor_make(host, &(*taken)->node);
	if (result < 0)
		vetsim_stream_close(*taken);
	return result;
}

static int sim_accept(struct vet_sys *self, int fd, struct sockaddr *address, socklen_t *length)
{
	struct vet_sim_host *host = sim_host_of(self);
	struct sim_socket *s, *taken = NULL;
	int result = vetsim_begin(host, fd, &s);
	if (result == 0)
		result = accept_one(host, s, &taken);
	if (result >= 0) {
		sim_progress(host->sim);
		vetsim_hash_name(host->sim, &taken->remote);
		if (address != NULL)
			vetsim_name_write(&taken->remote, taken->family, address, length);
	}
	return (int)vetsim_leave(host, VET_CALL_accept, fd, result);
}

static int sim_shutdown(struct vet_sys *self, int fd, int how)
{
	struct vet_sim_host *host = sim_host_of(self);
	struct sim_socket *s;
	int result = vetsim_begin(host, fd, &s);
	if (result == 0)
		result = s->node.kind == SIM_STREAM ? vetsim_stream_shutdown(s, how)
						    : vetsim_datagram_shutdown(s, how);
	sim_hash(host->sim, (uint32_t)how);
	return (int)vetsim_leave(host, VET_CALL_shutdown, fd, result);
}

static int sim_getsockname(struct vet_sys *self, int fd, struct sockaddr *address,
			   socklen_t *length)
{
	struct vet_sim_host *host = sim_host_of(self);
	struct sim_socket *s;
	int result = vetsim_begin(host, fd, &s);
	if (result == 0 && (int32_t)*length < 0)
		result = -EINVAL;
	if (result == 0) {
		vetsim_hash_name(host->sim, &s->local);
		vetsim_name_write(&s->local, s->family, address, length);
	}
	return (int)vetsim_leave(host, VET_CALL_getsockname, fd, result);
}

static bool has_peer(const struct sim_socket *s)
{
	if (s->node.kind != SIM_STREAM)
		return s->state == SIM_ESTABLISHED && s->remote.port != 0;
	return s->remote.port != 0 && s->state != SIM_CLOSED && s->state != SIM_SYN_SENT;
}

static int sim_getpeername(struct vet_sys *self, int fd, struct sockaddr *address,
			   socklen_t *length)
{
	struct vet_sim_host *host = sim_host_of(self);
	struct sim_socket *s;
	int result = vetsim_begin(host, fd, &s);
	if (result == 0 && !has_peer(s))
		result = -ENOTCONN;
	if (result == 0 && (int32_t)*length < 0)
		result = -EINVAL;
	if (result == 0) {
		vetsim_hash_name(host->sim, &s->remote);
		vetsim_name_write(&s->remote, s->family, address, length);
	}
	return (int)vetsim_leave(host, VET_CALL_getpeername, fd, result);
}

static int sim_getsockopt(struct vet_sys *self, int fd, int level, int name, void *value,
			  socklen_t *length)
{
	struct vet_sim_host *host = sim_host_of(self);
	struct sim_socket *s;
	int result = vetsim_begin(host, fd, &s);
	if (result == 0) {
		result = vetsim_option_get(s, level, name, value, length);
		sim_hash(host->sim, vetsim_option_number(level, name));
		if (result == 0)
			vetsim_hash_value(host->sim, level, name, value, *length);
	}
	return (int)vetsim_leave(host, VET_CALL_getsockopt, fd, result);
}

static bool is_no_delay(int level, int name)
{
	return level == IPPROTO_TCP && name == TCP_NODELAY;
}

static int sim_setsockopt(struct vet_sys *self, int fd, int level, int name, const void *value,
			  socklen_t length)
{
	struct vet_sim_host *host = sim_host_of(self);
	struct sim_socket *s;
	int result = vetsim_begin(host, fd, &s);
	if (result == 0) {
		int32_t idle = s->options.keepalive_time;
		result = vetsim_option_set(s, level, name, value, length);
		sim_hash(host->sim, vetsim_option_number(level, name));
		if (result == 0)
			vetsim_hash_value(host->sim, level, name, value, length);
		if (result == 0 && s->node.kind == SIM_STREAM)
			vetsim_stream_options(s, idle, is_no_delay(level, name));
	}
	return (int)vetsim_leave(host, VET_CALL_setsockopt, fd, result);
}

/* ---- time and the rest ---- */

/* Bits of poll, by names of ours: theirs differ between systems. */
static uint64_t bits_of(short events)
{
	static const short bits[] = { POLLIN,  POLLPRI,  POLLOUT,  POLLERR,
				      POLLHUP, POLLNVAL, POLLRDHUP };
	uint64_t word = 0;
	for (unsigned i = 0; i < sizeof bits / sizeof bits[0]; i++)
		word |= (uint64_t)((events & bits[i]) != 0) << i;
	return word;
}

static int sim_poll(struct vet_sys *self, struct pollfd *descriptors, nfds_t count,
		    int64_t nanoseconds)
{
	struct vet_sim_host *host = sim_host_of(self);
	struct vet_sim *sim = host->sim;
	int result = vetsim_enter(host);
	sim_hash(sim, (uint64_t)nanoseconds);
	for (nfds_t i = 0; i < count; i++)
		sim_hash(sim, (uint64_t)(uint32_t)descriptors[i].fd << 32 |
				      bits_of(descriptors[i].events));
	if (result == 0)
		result = vetsim_poll(host, descriptors, count, nanoseconds);
	for (nfds_t i = 0; result > 0 && i < count; i++)
		sim_hash(sim, bits_of(descriptors[i].revents));
	return (int)vetsim_leave(host, VET_CALL_poll, count > 0 ? descriptors[0].fd : -1, result);
}

static int sim_now(struct vet_sys *self, int64_t *nanoseconds)
{
	struct vet_sim_host *host = sim_host_of(self);
	int result = vetsim_enter(host);
	*nanoseconds = host->sim->now + host->clock;
	sim_hash(host->sim, (uint64_t)*nanoseconds);
	return (int)vetsim_leave(host, VET_CALL_now, -1, result);
}

/* The size stands before the block, so that what a host has is known. */
union header {
	size_t size;
	max_align_t align;
};

static int resize(struct vet_sim_host *host, void **memory, size_t size)
{
	union header *before = *memory == NULL ? NULL : (union header *)*memory - 1;
	union header *moved;
	uint64_t held = before == NULL ? 0 : before->size;
	if (size == 0) {
		host->blocks -= before != NULL;
		host->memory -= held;
		free(before);
		*memory = NULL;
		return 0;
	}
	if ((size > held && !sim_has_memory(host, size - held)) ||
	    size > SIZE_MAX - sizeof *moved) {
		SIM_MARK(host->sim, MEMORY_USED_UP);
		return -ENOMEM;
	}
	moved = realloc(before, sizeof *moved + size);
	if (moved == NULL)
		return -ENOMEM;
	moved->size = size;
	host->blocks += before == NULL;
	host->memory += size - held;
	*memory = moved + 1;
	return 0;
}

static int sim_realloc(struct vet_sys *self, void **memory, size_t size)
{
	struct vet_sim_host *host = sim_host_of(self);
	int result = vetsim_enter(host);
	if (result == 0 || size == 0)
		result = resize(host, memory, size);
	sim_hash(host->sim, size);
	return (int)vetsim_leave(host, VET_CALL_realloc, -1, result);
}

/* Interfaces as Linux has them: lo, and one of ethernet. */
static int sim_interface_index(struct vet_sys *self, const char *name)
{
	struct vet_sim_host *host = sim_host_of(self);
	int result = vetsim_enter(host);
	if (result == 0)
		result = strcmp(name, "lo") == 0 ? 1 : strcmp(name, "eth0") == 0 ? 2 : -ENODEV;
	vetsim_hash_bytes(host->sim, (const unsigned char *)name, strlen(name));
	return (int)vetsim_leave(host, VET_CALL_interface_index, -1, result);
}

static const struct vet_sys_calls calls = {
	.version = VET_SYS_VERSION,
	.size = sizeof calls,
	.socket = sim_socket,
	.adopt = sim_adopt,
	.close = sim_close,
	.dup = sim_dup,
	.bind = sim_bind,
	.connect = sim_connect,
	.listen = sim_listen,
	.accept = sim_accept,
	.shutdown = sim_shutdown,
	.getsockname = sim_getsockname,
	.getpeername = sim_getpeername,
	.getsockopt = sim_getsockopt,
	.setsockopt = sim_setsockopt,
	.recv = vetsim_recv,
	.send = vetsim_send,
	.recvfrom = vetsim_recvfrom,
	.sendto = vetsim_sendto,
	.sendv = vetsim_sendv,
	.pread = vetsim_pread,
	.sendfile = vetsim_sendfile,
	.poll = sim_poll,
	.now = sim_now,
	.realloc = sim_realloc,
	.interface_index = sim_interface_index,
};

const struct vet_sys_calls *vetsim_calls(void)
{
	return &calls;
}
