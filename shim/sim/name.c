/* SPDX-License-Identifier: 0BSD */
#include "name.h"

#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

/* ---- classes ---- */

bool vetsim_ip_is_multicast(struct sim_ip ip)
{
	if (sim_ip_is_v4(ip)) /* 224.0.0.0/4: RFC 5771 */
		return (ip.low >> 28 & 0xf) == 0xe;
	return ip.high >> 56 == 0xff; /* RFC 4291 2.7 */
}

bool vetsim_ip_needs_scope(struct sim_ip ip)
{
	if (ip.high >> 54 == 0xfe80 >> 6) /* fe80::/10: RFC 4291 2.5.6 */
		return true;
	/* The scope of a multicast address: 1 is the interface's, 2 the link's (RFC 4291 2.7). */
	return ip.high >> 56 == 0xff && ((ip.high >> 48 & 0xf) == 1 || (ip.high >> 48 & 0xf) == 2);
}

/* ---- numbers and bytes ---- */

static uint64_t number_of(const uint8_t *bytes, unsigned count)
{
	uint64_t number = 0;
	for (unsigned i = 0; i < count; i++)
		number = number << 8 | bytes[i];
	return number;
}

static void put_number(uint8_t *bytes, unsigned count, uint64_t number)
{
	for (unsigned i = count; i > 0; i--, number >>= 8)
		bytes[i - 1] = (uint8_t)number;
}

static struct sim_ip of_v4(const uint8_t bytes[4])
{
	return (struct sim_ip){ 0, SIM_IPV4_ANY.low | number_of(bytes, 4) };
}

static struct sim_ip of_v6(const uint8_t bytes[16])
{
	return (struct sim_ip){ number_of(bytes, 8), number_of(bytes + 8, 8) };
}

static void put_v6(uint8_t bytes[16], struct sim_ip ip)
{
	put_number(bytes, 8, ip.high);
	put_number(bytes + 8, 8, ip.low);
}

struct sim_ip vetsim_ip_of(const struct vet_ip *ip)
{
	return ip->family == 4 ? of_v4(ip->bytes) : of_v6(ip->bytes);
}

struct vet_ip vetsim_ip_outside(struct sim_ip ip)
{
	struct vet_ip outside = { .family = sim_ip_is_v4(ip) ? 4 : 6 };
	if (outside.family == 4)
		put_number(outside.bytes, 4, ip.low);
	else
		put_v6(outside.bytes, ip);
	return outside;
}

struct vet_address vetsim_name_outside(const struct sim_name *name)
{
	return (struct vet_address){
		.ip = vetsim_ip_outside(name->ip),
		.port = name->port,
		.scope_id = name->scope,
	};
}

/* ---- struct sockaddr ---- */

/* Members are copied: what the caller gave need not be aligned, nor be as long as its struct. */
#define MEMBER(type, member, from) \
	memcpy(&(member), (const char *)(from) + offsetof(struct type, member), sizeof(member))

int vetsim_sockaddr_family(const struct sockaddr *address, socklen_t length)
{
	sa_family_t sa_family;
	if (length < offsetof(struct sockaddr, sa_data))
		return AF_UNSPEC;
	MEMBER(sockaddr, sa_family, address);
	return sa_family;
}

uint32_t vetsim_sockaddr_scope(const struct sockaddr *address, socklen_t length)
{
	uint32_t sin6_scope_id;
	if (length < sizeof(struct sockaddr_in6) ||
	    vetsim_sockaddr_family(address, length) != AF_INET6)
		return 0;
	MEMBER(sockaddr_in6, sin6_scope_id, address);
	return sin6_scope_id;
}

static void read_v4(struct sim_name *name, const struct sockaddr *address)
{
	in_port_t sin_port;
	struct in_addr sin_addr;
	uint8_t bytes[4];
	MEMBER(sockaddr_in, sin_port, address);
	MEMBER(sockaddr_in, sin_addr, address);
	memcpy(bytes, &sin_addr, sizeof bytes);
	name->ip = of_v4(bytes);
	name->port = ntohs(sin_port);
}

static void read_v6(struct sim_name *name, const struct sockaddr *address)
{
	in_port_t sin6_port;
	struct in6_addr sin6_addr;
	MEMBER(sockaddr_in6, sin6_port, address);
	MEMBER(sockaddr_in6, sin6_addr, address);
	name->ip = of_v6(sin6_addr.s6_addr);
	name->port = ntohs(sin6_port);
}

void vetsim_name_read(struct sim_name *name, const struct sockaddr *address)
{
	name->scope = 0;
	if (vetsim_sockaddr_family(address, sizeof *address) == AF_INET6)
		read_v6(name, address);
	else
		read_v4(name, address);
}

static void hand_over(const void *all, socklen_t size, struct sockaddr *address, socklen_t *length)
{
	socklen_t room = *length < size ? *length : size;
	if (room > 0) /* with no room, `address` may be NULL */
		memcpy(address, all, room);
	*length = size;
}

void vetsim_name_write(const struct sim_name *name, int family, struct sockaddr *address,
		       socklen_t *length)
{
	if (family == 4) {
		struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(name->port) };
		uint8_t bytes[4];
		put_number(bytes, sizeof bytes, name->ip.low);
		memcpy(&in.sin_addr, bytes, sizeof bytes);
		hand_over(&in, sizeof in, address, length);
	} else {
		struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
					    .sin6_port = htons(name->port),
					    .sin6_scope_id = name->scope };
		put_v6(in6.sin6_addr.s6_addr, name->ip);
		hand_over(&in6, sizeof in6, address, length);
	}
}
