/* SPDX-License-Identifier: 0BSD */
/* Addresses within the simulator, and as struct sockaddr outside. */
#ifndef VETSOCK_SIM_NAME_H
#define VETSOCK_SIM_NAME_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include <vetsock/address.h>

/* Both families in one form: an IPv4 address is the IPv4-mapped IPv6 one (RFC 4291 2.5.5.2), as two
 * numbers. */
struct sim_ip {
	uint64_t high, low;
};

struct sim_name {
	struct sim_ip ip;
	uint32_t scope;
	uint16_t port;
};

#define SIM_IPV4_ANY  ((struct sim_ip){ 0, UINT64_C(0xffff00000000) })
#define SIM_IPV4_LOOP ((struct sim_ip){ 0, UINT64_C(0xffff7f000001) })
/* What Linux has as the IPv4 address of a socket that is bound to one of IPv6 (LOOPBACK4_IPV6). */
#define SIM_IPV4_FOR_IPV6 ((struct sim_ip){ 0, UINT64_C(0xffff7f000006) })
#define SIM_IPV6_ANY      ((struct sim_ip){ 0, 0 })
#define SIM_IPV6_LOOP     ((struct sim_ip){ 0, 1 })

static inline bool sim_ip_is_v4(struct sim_ip ip)
{
	return ip.high == 0 && ip.low >> 32 == 0xffff;
}

static inline bool sim_ip_equal(struct sim_ip a, struct sim_ip b)
{
	return a.low == b.low && a.high == b.high;
}

static inline bool sim_name_equal(const struct sim_name *a, const struct sim_name *b)
{
	return a->port == b->port && sim_ip_equal(a->ip, b->ip);
}

/* 0.0.0.0 (in either form), or ::. */
static inline bool sim_ip_is_any(struct sim_ip ip)
{
	return ip.high == 0 && (ip.low == 0 || ip.low == UINT64_C(0xffff00000000));
}

/* 127.0.0.0/8 or ::1. */
static inline bool sim_ip_is_loopback(struct sim_ip ip)
{
	return ip.high == 0 && (ip.low == 1 || ip.low >> 24 == UINT64_C(0xffff7f));
}

bool vetsim_ip_is_multicast(struct sim_ip ip);
/* Whether it says nothing without an interface: fe80::/10, and multicast of an interface or a
 * link. */
bool vetsim_ip_needs_scope(struct sim_ip ip);

struct sim_ip vetsim_ip_of(const struct vet_ip *ip);
/* As the family of the wire has it. */
struct vet_ip vetsim_ip_outside(struct sim_ip ip);
struct vet_address vetsim_name_outside(const struct sim_name *name);

/* The family that a caller's sockaddr says; AF_UNSPEC for one that is too short to say. */
int vetsim_sockaddr_family(const struct sockaddr *address, socklen_t length);
/* The interface that a sockaddr_in6 says; 0 for one that ends before it (RFC 2133 had none). */
uint32_t vetsim_sockaddr_scope(const struct sockaddr *address, socklen_t length);
/* A sockaddr_in (AF_UNSPEC, too: bind(2) takes that) or sockaddr_in6 as a name, without its
 * scope; its length must be enough for its family: 16, or 24 bytes. */
void vetsim_name_read(struct sim_name *name, const struct sockaddr *address);
/* Writes it as a socket of the family (4, 6) has it: cut to *length, which then says how long it is
 * (getsockname(2)).  An IPv4 name on a socket of 6 is mapped; `::` in place of 0.0.0.0 is the
 * caller's affair. */
void vetsim_name_write(const struct sim_name *name, int family, struct sockaddr *address,
		       socklen_t *length);

#endif
