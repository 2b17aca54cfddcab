/* SPDX-License-Identifier: 0BSD */
#include "port_world.h"

#include <arpa/inet.h>
#include <stdlib.h>

struct vet_sim port_sim;
struct vet_sim_host port_host;
struct port_random *port_choices;

uint32_t port_below(struct port_random *random, uint32_t n)
{
	random->state =
		random->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((random->state >> 32) * n >> 32);
}

/* ---- stubs ---- */

uint32_t vetsim_choose(struct sim_choices *choices, enum vet_sim_stream stream, uint32_t n)
{
	(void)choices;
	(void)stream;
	return port_choices == NULL || n <= 1 ? 0 : port_below(port_choices, n);
}

void vetsim_mark(struct vet_sim *sim, enum sim_mark mark)
{
	sim->marks[mark]++;
}

bool vetsim_host_has(const struct vet_sim_host *host, struct sim_ip ip)
{
	for (uint32_t i = 0; i < host->ips; i++)
		if (sim_ip_equal(host->ip[i], ip))
			return true;
	return sim_ip_is_loopback(ip);
}

bool vetsim_option_only_ipv6(const struct sim_socket *s)
{
	return s->options.only_ipv6;
}

/* ---- the world ---- */

void port_world_begin(void)
{
	memset(&port_sim, 0, sizeof port_sim);
	memset(&port_host, 0, sizeof port_host);
	port_sim.pool = vetsim_pool_make();
	port_host.sim = &port_sim;
	port_sim.now = VET_SECONDS(1000);
}

void port_world_end(void)
{
	vetsim_ports_free(&port_host.streams);
	vetsim_ports_free(&port_host.datagrams);
	vetsim_pool_free(port_sim.pool);
}

struct sim_socket *port_socket(enum sim_kind kind, uint8_t family)
{
	struct sim_socket *s = calloc(1, sizeof *s);
	if (s == NULL)
		abort();
	s->node.kind = (uint8_t)kind;
	s->family = family;
	s->host = &port_host;
	s->bound_ip = s->local.ip = family == 4 ? SIM_IPV4_ANY : SIM_IPV6_ANY;
	return s;
}

void port_socket_end(struct sim_socket *s)
{
	vetsim_port_release(s);
	free(s);
}

union port_sockaddr port_address(uint8_t family, const char *ip, uint16_t port, socklen_t *length)
{
	union port_sockaddr a;
	memset(&a, 0, sizeof a);
	if (family == 4) {
		a.in.sin_family = AF_INET;
		a.in.sin_port = htons(port);
		if (inet_pton(AF_INET, ip, &a.in.sin_addr) != 1)
			abort();
	} else {
		a.in6.sin6_family = AF_INET6;
		a.in6.sin6_port = htons(port);
		if (inet_pton(AF_INET6, ip, &a.in6.sin6_addr) != 1)
			abort();
	}
	if (length != NULL)
		*length = family == 4 ? sizeof a.in : sizeof a.in6;
	return a;
}

int port_bind(struct sim_socket *s, const char *ip, uint16_t port)
{
	socklen_t length;
	union port_sockaddr a = port_address(s->family, ip, port, &length);
	return vetsim_bind(s, &a.any, length);
}
