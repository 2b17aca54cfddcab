/* SPDX-License-Identifier: 0BSD */
/* The tables: who is in which port, and which streams are connected to whom. */
#include "port_table.h"

#include <stdlib.h>

enum { BUCKETS = 8 }; /* of a new table: most hosts have a handful of sockets */

/* ---- ports by their number ---- */

static struct sim_port **bucket_of(const struct sim_ports *ports, uint16_t number)
{
	return &ports->bucket[number & (ports->buckets - 1)];
}

struct sim_port *vetsim_port_find(const struct sim_ports *ports, uint16_t number)
{
	struct sim_port *port;
	if (ports->ports == 0)
		return NULL;
	port = *bucket_of(ports, number);
	while (port != NULL && port->number != number)
		port = port->next;
	return port;
}

static bool grow_ports(struct sim_ports *ports)
{
	uint32_t old = ports->buckets, room = old == 0 ? BUCKETS : old * 2;
	struct sim_port **bucket = ports->bucket;
	if (ports->ports < old)
		return true;
	ports->bucket = calloc(room, sizeof *bucket);
	if (ports->bucket == NULL) {
		ports->bucket = bucket;
		return false;
	}
	ports->buckets = room;
	for (uint32_t i = 0; i < old; i++)
		while (bucket[i] != NULL) {
			struct sim_port *moved = bucket[i], **to = bucket_of(ports, moved->number);
			bucket[i] = moved->next;
			moved->next = *to;
			*to = moved;
		}
	free(bucket);
	return true;
}

static struct sim_port *find_or_make(struct sim_socket *s, uint16_t number)
{
	struct sim_ports *ports = sim_ports_of(s);
	struct sim_port *port = vetsim_port_find(ports, number), **to;
	if (port != NULL)
		return port;
	if (!grow_ports(ports))
		return NULL;
	port = vetsim_pool_take(s->host->sim->pool, sizeof *port, NULL);
	if (port == NULL)
		return NULL;
	to = bucket_of(ports, number);
	*port = (struct sim_port){ .number = number, .next = *to };
	*to = port;
	ports->ports++;
	return port;
}

static void drop(struct sim_socket *s, struct sim_port *port)
{
	struct sim_ports *ports = sim_ports_of(s);
	struct sim_port **at = bucket_of(ports, port->number);
	while (*at != port)
		at = &(*at)->next;
	*at = port->next;
	ports->ports--;
	vetsim_pool_give(s->host->sim->pool, port, sizeof *port);
}

/* ---- who is in a port ---- */

/* Datagram sockets are asked in this order whether they let somebody in: who came last first,
 * but one of IPv6 with SO_REUSEPORT after all others (Linux's sk_add_node_rcu()). */
static struct sim_socket **place_of(const struct sim_socket *s, struct sim_port *port)
{
	struct sim_socket **at = &port->first;
	if (s->node.kind == SIM_DATAGRAM && s->family == 6 && s->options.reuse_port)
		while (*at != NULL)
			at = &(*at)->binding.next;
	return at;
}

int vetsim_port_enter(struct sim_socket *s, uint16_t number)
{
	struct sim_port *port = find_or_make(s, number);
	struct sim_socket **at;
	if (port == NULL)
		return -ENOMEM;
	at = place_of(s, port);
	s->binding.port = port;
	s->binding.next = *at;
	s->binding.back = at;
	if (*at != NULL)
		(*at)->binding.back = &s->binding.next;
	*at = s;
	if (!s->binding.is_shared)
		port->owned++;
	s->local.port = number;
	return 0;
}

static void leave(struct sim_socket *s)
{
	struct sim_port *port = s->binding.port;
	if (port == NULL)
		return;
	*s->binding.back = s->binding.next;
	if (s->binding.next != NULL)
		s->binding.next->binding.back = s->binding.back;
	s->binding.port = NULL;
	if (!s->binding.is_shared)
		port->owned--;
	/* Linux 6.18: with the last that connect did not bring, what they let in is forgotten. */
	if (port->owned == 0)
		port->is_open = false;
	s->binding.is_shared = false;
	if (port->first == NULL)
		drop(s, port);
}

static void link_same(struct sim_socket *s, struct sim_socket **at)
{
	s->binding.next_same = *at;
	s->binding.back_same = at;
	if (*at != NULL)
		(*at)->binding.back_same = &s->binding.next_same;
	*at = s;
}

/* As Linux's udp_reuseport_add_sock() and inet_reuseport_add_sock(): it joins those that have its
 * address and asked for the same. */
static void join_group(struct sim_socket *s)
{
	s->binding.is_grouped = true;
	for (struct sim_socket *o = s->binding.port->hearer; o != NULL; o = o->binding.next_same)
		if (o != s && o->options.reuse_port && vetsim_port_are_alike(s, o)) {
			o->binding.is_grouped = true;
			return;
		}
}

/* Who came last is looked at first; but one of IPv6 with SO_REUSEPORT after all others, so that a
 * group of `::` does not hide sockets of IPv4 (Linux's inet_hash(), udp_lib_get_port()). */
void vetsim_port_hear(struct sim_socket *s)
{
	struct sim_socket **at = &s->binding.port->hearer;
	if (s->family == 6 && s->options.reuse_port)
		while (*at != NULL)
			at = &(*at)->binding.next_same;
	link_same(s, at);
	s->binding.heard_ip = s->local.ip;
	s->binding.is_connection = false;
	s->binding.is_grouped = false;
	if (s->options.reuse_port)
		join_group(s);
}

/* Linux's udp_lib_rehash(). */
void vetsim_port_moved(struct sim_socket *s)
{
	struct sim_ip before = s->binding.heard_ip, now = s->local.ip;
	if (s->node.kind != SIM_DATAGRAM || s->binding.port == NULL)
		return;
	s->binding.is_grouped = false;
	if (sim_ip_equal(before, now) || (sim_ip_is_any(before) && sim_ip_is_any(now)))
		return;
	vetsim_port_disconnect(s);
	s->binding.heard_ip = now;
	link_same(s, &s->binding.port->hearer);
}

/* ---- connections ---- */

uint32_t vetsim_port_hash(const struct sim_name *local, const struct sim_name *remote)
{
	const uint64_t word[] = { local->ip.high, local->ip.low, remote->ip.high, remote->ip.low,
				  (uint64_t)local->port << 16 | remote->port };
	uint64_t hash = 0;
	for (size_t i = 0; i < sizeof word / sizeof word[0]; i++) {
		hash = (hash ^ word[i]) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	return (uint32_t)hash;
}

static struct sim_socket **chain_of(const struct sim_ports *ports, const struct sim_name *local,
				    const struct sim_name *remote)
{
	return &ports->connection[vetsim_port_hash(local, remote) & (ports->connections - 1)];
}

static bool grow_connections(struct sim_ports *ports)
{
	uint32_t old = ports->connections, room = old == 0 ? BUCKETS : old * 2;
	struct sim_socket **chain = ports->connection;
	if (ports->connected < old)
		return true;
	ports->connection = calloc(room, sizeof *chain);
	if (ports->connection == NULL) {
		ports->connection = chain;
		return false;
	}
	ports->connections = room;
	for (uint32_t i = 0; i < old; i++)
		while (chain[i] != NULL) {
			struct sim_socket *moved = chain[i];
			chain[i] = moved->binding.next_same;
			link_same(moved, chain_of(ports, &moved->local, &moved->remote));
		}
	free(chain);
	return true;
}

int vetsim_port_join(struct sim_socket *s)
{
	struct sim_ports *ports = sim_ports_of(s);
	if (!grow_connections(ports))
		return -ENOMEM;
	link_same(s, chain_of(ports, &s->local, &s->remote));
	s->binding.is_connection = true;
	ports->connected++;
	return 0;
}

struct sim_socket *vetsim_port_connection(struct vet_sim_host *host, const struct sim_name *local,
					  const struct sim_name *remote)
{
	const struct sim_ports *ports = &host->streams;
	struct sim_socket *s;
	if (ports->connected == 0)
		return NULL;
	s = *chain_of(ports, local, remote);
	while (s != NULL &&
	       !(sim_name_equal(&s->local, local) && sim_name_equal(&s->remote, remote)))
		s = s->binding.next_same;
	return s;
}

/* ---- the end ---- */

void vetsim_port_disconnect(struct sim_socket *s)
{
	if (s->binding.back_same == NULL)
		return;
	*s->binding.back_same = s->binding.next_same;
	if (s->binding.next_same != NULL)
		s->binding.next_same->binding.back_same = s->binding.back_same;
	s->binding.next_same = NULL;
	s->binding.back_same = NULL;
	if (s->binding.is_connection)
		sim_ports_of(s)->connected--;
	s->binding.is_connection = s->binding.is_grouped = false;
}

void vetsim_port_release(struct sim_socket *s)
{
	vetsim_port_disconnect(s);
	leave(s);
}

void vetsim_ports_free(struct sim_ports *ports)
{
	free(ports->bucket);
	free(ports->connection);
	*ports = (struct sim_ports){ .buckets = 0 };
}

void vetsim_ports_clear(struct sim_ports *ports)
{
	ports->next[0] = ports->next[1] = 0;
}
