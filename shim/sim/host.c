/* SPDX-License-Identifier: 0BSD */
/* Hosts: their addresses, descriptors, files; how they crash and come back. */
#include "world.h"

#include <stdlib.h>

enum { DESCRIPTORS = 1048576, LOOPBACKS = 2 };

#define CLOCK_MOST (INT64_C(1) << 62)

/* ---- addresses ---- */

static struct sim_ip first_4(uint64_t number)
{
	return (struct sim_ip){ 0, UINT64_C(0xffff0a000000) + number };
}

static struct sim_ip first_6(uint64_t number)
{
	return (struct sim_ip){ UINT64_C(0xfd00) << 48, number };
}

bool vetsim_host_has(const struct vet_sim_host *host, struct sim_ip ip)
{
	if (sim_ip_is_loopback(ip))
		return true;
	for (uint32_t i = 0; i < host->ips; i++)
		if (sim_ip_equal(host->ip[i], ip))
			return true;
	return false;
}

/* Hosts are found by their number, which their first addresses hold; the others one by one. */
static struct vet_sim_host *by_number(const struct vet_sim *sim, struct sim_ip ip)
{
	uint64_t number = ip.low & 0xffff;
	struct vet_sim_host *host;
	if (number == 0 || number > sim->hosts)
		return NULL;
	host = sim->host[number - 1];
	return vetsim_host_has(host, ip) ? host : NULL;
}

struct vet_sim_host *vetsim_route(struct vet_sim_host *from, struct sim_ip to)
{
	const struct vet_sim *sim = from->sim;
	struct vet_sim_host *host;
	if (vetsim_host_has(from, to))
		return from;
	host = by_number(sim, to);
	for (uint32_t i = 0; host == NULL && i < sim->hosts; i++)
		if (sim->host[i]->ips > 2 && vetsim_host_has(sim->host[i], to))
			host = sim->host[i];
	return host;
}

bool vetsim_is_broadcast(struct sim_ip ip)
{
	uint32_t low = (uint32_t)ip.low;
	return sim_ip_is_v4(ip) &&
	       (low == 0xffffffff || low == 0x7fffffff || low == 0x0affffff);
}

bool vetsim_is_reachable(struct vet_sim_host *from, struct sim_ip to)
{
	bool is_near = sim_ip_is_v4(to) ? (to.low >> 24 & 0xff) == 10 : to.high >> 56 == 0xfd;
	return is_near || vetsim_route(from, to) != NULL;
}

struct sim_ip vetsim_source(const struct vet_sim_host *from, struct sim_ip to)
{
	bool is_v4 = sim_ip_is_v4(to);
	if (sim_ip_is_loopback(to))
		return is_v4 ? SIM_IPV4_LOOP : SIM_IPV6_LOOP;
	if (vetsim_host_has(from, to))
		return to; /* what is sent to oneself comes from there */
	return from->ip[is_v4 ? 0 : 1];
}

struct vet_ip vet_sim_host_ip(const struct vet_sim_host *host, int family)
{
	return vetsim_ip_outside(host->ip[family == 4 ? 0 : 1]);
}

/* RFC 6890: what stands for no one host. */
static bool is_nobodys(struct sim_ip ip)
{
	uint32_t first = (uint32_t)ip.low >> 24;
	return sim_ip_is_any(ip) || sim_ip_is_loopback(ip) || vetsim_ip_is_multicast(ip) ||
	       vetsim_is_broadcast(ip) || (sim_ip_is_v4(ip) && (first == 0 || first >= 240));
}

static bool is_first_of_any(struct sim_ip ip)
{
	uint64_t number = ip.low & 0xffff;
	return number >= 1 && number <= VET_SIM_HOSTS &&
	       (sim_ip_equal(ip, first_4(number)) || sim_ip_equal(ip, first_6(number)));
}

int vet_sim_add_ip(struct vet_sim_host *host, const struct vet_ip *ip)
{
	struct sim_ip inside = vetsim_ip_of(ip);
	if ((ip->family != 4 && ip->family != 6) || is_nobodys(inside) ||
	    (ip->family == 6 && sim_ip_is_v4(inside)))
		return -EINVAL;
	if (vetsim_route(host, inside) != NULL || is_first_of_any(inside))
		return -EADDRINUSE;
	if (host->ips == 2 + VET_SIM_ADDRESSES)
		return -ENOSPC;
	host->ip[host->ips++] = inside;
	return 0;
}

/* ---- hosts ---- */

static struct vet_sim_host *slot(struct vet_sim *sim)
{
	struct vet_sim_host *host;
	if (sim->hosts < sim->hosts_made)
		return sim->host[sim->hosts];
	if (sim->hosts == sim->host_room) {
		uint32_t room = sim->host_room == 0 ? 4 : sim->host_room * 2;
		void *moved = realloc(sim->host, room * sizeof(struct vet_sim_host *));
		if (moved == NULL)
			return NULL;
		sim->host = moved;
		sim->host_room = room;
	}
	host = calloc(1, sizeof *host);
	if (host == NULL)
		return NULL;
	host->sim = sim;
	sim->host[sim->hosts_made++] = host;
	return host;
}

struct vet_sim_host *vet_sim_add_host(struct vet_sim *sim, const char *name)
{
	struct vet_sim_host *host;
	if (sim->hosts == VET_SIM_HOSTS)
		return NULL;
	host = slot(sim);
	if (host == NULL)
		return NULL;
	host->number = ++sim->hosts;
	host->sys.calls = vetsim_calls();
	host->upper = &host->sys;
	sim_name_copy(host->name, name);
	host->ip[0] = first_4(host->number);
	host->ip[1] = first_6(host->number);
	host->ips = LOOPBACKS;
	host->is_down = false;
	host->actors = 0;
	host->clock = 0;
	host->descriptors = host->lowest = VET_SIM_FIRST;
	host->open = 0;
	host->open_most = DESCRIPTORS;
	host->memory = host->buffered = host->taken = host->given = 0;
	host->blocks = 0;
	host->memory_most = UINT64_MAX;
	host->sockets = NULL;
	host->agains = 0;
	vetsim_watch_host(host);
	return host;
}

struct vet_sim_host *vet_sim_host_at(const struct vet_sim *sim, uint32_t index)
{
	return index < sim->hosts ? sim->host[index] : NULL;
}

const char *vet_sim_host_name(const struct vet_sim_host *host)
{
	return host->name;
}

struct vet_sys *vet_sim_sys(struct vet_sim_host *host)
{
	return host->upper;
}

void vet_sim_set_sys(struct vet_sim_host *host, struct vet_sys *sys)
{
	host->upper = sys;
}

void vet_sim_limit(struct vet_sim_host *host, uint32_t descriptors, uint64_t memory)
{
	host->open_most = descriptors == 0 ? DESCRIPTORS : descriptors;
	host->memory_most = memory == 0 ? UINT64_MAX : memory;
}

uint32_t vet_sim_open(const struct vet_sim_host *host)
{
	return host->open;
}

void vet_sim_jump(struct vet_sim_host *host, vet_duration by)
{
	if (by > 0)
		host->clock = host->clock > CLOCK_MOST - by ? CLOCK_MOST : host->clock + by;
	else
		host->clock = host->clock < -CLOCK_MOST - by ? -CLOCK_MOST : host->clock + by;
	if (sim_watched(host->sim, VET_SIM_CLOCK_JUMPS))
		vetsim_event(host->sim, VET_SIM_CLOCK_JUMPS, host->sim->running, host);
}

/* ---- descriptors ---- */

static bool make_room(struct vet_sim_host *host, uint32_t fd)
{
	uint32_t room = host->descriptor_room == 0 ? 16 : host->descriptor_room * 2;
	void *moved;
	if (fd < host->descriptor_room)
		return true;
	moved = realloc(host->descriptor, room * sizeof(struct sim_node *));
	if (moved == NULL)
		return false;
	host->descriptor = moved;
	memset(host->descriptor + host->descriptor_room, 0,
	       (room - host->descriptor_room) * sizeof(struct sim_node *));
	host->descriptor_room = room;
	return true;
}

/* The lowest that is free (POSIX 2.14), or one that never was. */
static uint32_t next_descriptor(const struct vet_sim_host *host)
{
	uint32_t fd = host->descriptors; /* none below `lowest` is free */
	if (host->sim->options.reuse_descriptors && host->open + VET_SIM_FIRST < fd)
		for (fd = host->lowest; host->descriptor[fd] != NULL; fd++)
			;
	return fd;
}

int vetsim_descriptor_make(struct vet_sim_host *host, struct sim_node *node)
{
	uint32_t fd;
	if (host->open >= host->open_most || host->descriptors > INT32_MAX - 1) {
		SIM_MARK(host->sim, DESCRIPTORS_USED_UP);
		return -EMFILE;
	}
	fd = next_descriptor(host);
	if (!make_room(host, fd))
		return -ENOMEM;
	if (fd == host->descriptors)
		host->descriptors++;
	host->lowest = fd + 1;
	host->descriptor[fd] = node;
	host->open++;
	node->references++;
	return (int)fd;
}

/* The last one takes what it is of with it. */
void vetsim_descriptor_close(struct vet_sim_host *host, int fd)
{
	struct sim_node *node = host->descriptor[fd];
	host->descriptor[fd] = NULL;
	host->open--;
	if ((uint32_t)fd < host->lowest)
		host->lowest = (uint32_t)fd;
	if (--node->references > 0)
		return;
	if (node->kind == SIM_FILE) {
		vetsim_pool_give(host->sim->pool, node, sizeof(struct sim_file));
		return;
	}
	vetsim_drop_waiters((struct sim_socket *)(void *)node);
	if (node->kind == SIM_STREAM)
		vetsim_stream_close((struct sim_socket *)(void *)node);
	else
		vetsim_datagram_close((struct sim_socket *)(void *)node);
}

/* ---- files ---- */

static int open_file(struct vet_sim_host *host, struct sim_file what)
{
	struct sim_file *file;
	int fd;
	if (host->is_down)
		return SIM_CRASHED;
	file = vetsim_pool_take(host->sim->pool, sizeof *file, NULL);
	if (file == NULL)
		return -ENOMEM;
	*file = what;
	file->node = (struct sim_node){ .kind = SIM_FILE };
	fd = vetsim_descriptor_make(host, &file->node);
	if (fd < 0)
		vetsim_pool_give(host->sim->pool, file, sizeof *file);
	return fd;
}

int vet_sim_file(struct vet_sim_host *host, const void *bytes, uint64_t size)
{
	return open_file(host, (struct sim_file){ .bytes = bytes, .size = size });
}

int vet_sim_file_of(struct vet_sim_host *host, struct vet_sys *sys, int file)
{
	return open_file(host, (struct sim_file){ .sys = sys, .file = file });
}

/* ---- sockets ---- */

struct sim_socket *vetsim_socket_make(struct vet_sim_host *host, enum sim_kind kind, uint8_t family)
{
	struct sim_socket *s = vetsim_pool_take(host->sim->pool, sizeof *s, NULL);
	if (s == NULL)
		return NULL;
	memset(s, 0, sizeof *s);
	s->node.kind = (uint8_t)kind;
	s->family = family;
	s->host = host;
	s->waiters_end = &s->waiters;
	s->serial = ++host->sim->sockets;
	s->bound_ip = s->local.ip = family == 4 ? SIM_IPV4_ANY : SIM_IPV6_ANY;
	s->timer.kind = SIM_TIMER_SOCKET;
	if (kind == SIM_STREAM) {
		s->u.stream.keep_at = s->u.stream.again_at = s->u.stream.end_at = INT64_MAX;
		s->u.stream.trying_since = INT64_MAX;
		s->u.stream.mss = SIM_MSS_DEFAULT;
	}
	s->next_of_host = host->sockets;
	s->back_of_host = &host->sockets;
	if (host->sockets != NULL)
		host->sockets->back_of_host = &s->next_of_host;
	host->sockets = s;
	return s;
}

void vetsim_socket_free(struct sim_socket *s)
{
	vetsim_drop_waiters(s);
	vetsim_heap_remove(&s->host->sim->heap, &s->timer);
	vetsim_options_end(s);
	*s->back_of_host = s->next_of_host;
	if (s->next_of_host != NULL)
		s->next_of_host->back_of_host = s->back_of_host;
	vetsim_pool_give(s->host->sim->pool, s, sizeof *s);
}

/* All that a host has is gone, without a word or with resets. */
void vetsim_host_clear(struct vet_sim_host *host, bool reset)
{
	for (uint32_t fd = VET_SIM_FIRST; host->open > 0 && fd < host->descriptors; fd++) {
		struct sim_node *node = host->descriptor[fd];
		host->descriptor[fd] = NULL;
		if (node == NULL)
			continue;
		host->open--;
		if (--node->references == 0 && node->kind == SIM_FILE)
			vetsim_pool_give(host->sim->pool, node, sizeof(struct sim_file));
	}
	host->lowest = VET_SIM_FIRST;
	while (host->sockets != NULL) {
		if (host->sockets->node.kind == SIM_STREAM)
			vetsim_stream_vanish(host->sockets, reset);
		else
			vetsim_datagram_close(host->sockets);
	}
}

/* ---- crashes ---- */

/* Who is to be started again: the actors that it has now. */
static void remember_actors(struct vet_sim_host *host)
{
	struct vet_sim *sim = host->sim;
	host->agains = 0;
	if (host->actors > host->again_room) {
		void *moved = realloc(host->again, host->actors * sizeof *host->again);
		if (moved == NULL) {
			vetsim_over(sim, VET_SIM_FAILED, "no memory for the actors of a crash");
			return;
		}
		host->again = moved;
		host->again_room = host->actors;
	}
	for (uint32_t i = 0; i < sim->actors; i++) {
		struct sim_actor *actor = sim->actor[i];
		struct sim_again *again;
		if (actor->host != host || actor->has_ended || actor->was_crashed)
			continue;
		again = &host->again[host->agains++];
		again->run = actor->run;
		again->context = actor->context;
		memcpy(again->name, actor->name, sizeof again->name);
	}
}

void vet_sim_crash(struct vet_sim_host *host, enum vet_sim_crash how)
{
	struct vet_sim *sim = host->sim;
	if (host->is_down)
		return;
	SIM_MARK(sim, HOST_CRASHED);
	remember_actors(host);
	host->is_down = how == VET_SIM_SILENT; /* resets still go out */
	vetsim_host_clear(host, how == VET_SIM_RESETS);
	host->is_down = true;
	for (uint32_t i = 0; i < sim->actors; i++) {
		struct sim_actor *actor = sim->actor[i];
		if (actor->host != host || actor->has_ended)
			continue;
		actor->was_crashed = true;
		vetsim_wake_actor(sim, actor);
	}
	if (sim_watched(sim, VET_SIM_HOST_CRASHES))
		vetsim_event(sim, VET_SIM_HOST_CRASHES, sim->running, host);
}

int vet_sim_restart(struct vet_sim_host *host)
{
	int result = 0;
	if (!host->is_down)
		return 0;
	host->is_down = false;
	SIM_MARK(host->sim, HOST_RESTARTED);
	if (sim_watched(host->sim, VET_SIM_HOST_RESTARTS))
		vetsim_event(host->sim, VET_SIM_HOST_RESTARTS, host->sim->running, host);
	for (uint32_t i = 0; i < host->agains && result == 0; i++)
		result = vet_sim_actor(host, host->again[i].name, host->again[i].run,
				       host->again[i].context);
	host->agains = 0;
	return result;
}
