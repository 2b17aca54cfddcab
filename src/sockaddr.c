/* SPDX-License-Identifier: 0BSD */
#include "sockaddr.h"

#include <errno.h>
#include <string.h>

/* htons and htonl may be calls of the C library; these are not. */
static in_port_t port_out(uint32_t port)
{
	unsigned char bytes[2] = { (unsigned char)(port >> 8), (unsigned char)port };
	in_port_t out;
	memcpy(&out, bytes, sizeof out);
	return out;
}

static uint32_t port_in(in_port_t port)
{
	unsigned char bytes[2];
	memcpy(bytes, &port, sizeof bytes);
	return (uint32_t)bytes[0] << 8 | bytes[1];
}

int vet_sockaddr_from(union vet_sockaddr *out, const struct vet_address *address, int family)
{
	if (address->ip.family != family)
		return -EAFNOSUPPORT;
	if (address->port > 65535 || (family == 4 && address->scope_id != 0))
		return -EINVAL;
	if (family == 4) {
		memset(&out->ipv4, 0, sizeof out->ipv4);
		out->ipv4.sin_family = AF_INET;
		out->ipv4.sin_port = port_out(address->port);
		memcpy(&out->ipv4.sin_addr, address->ip.bytes, 4);
		return (int)sizeof out->ipv4;
	}
	memset(&out->ipv6, 0, sizeof out->ipv6);
	out->ipv6.sin6_family = AF_INET6;
	out->ipv6.sin6_port = port_out(address->port);
	out->ipv6.sin6_scope_id = address->scope_id;
	memcpy(&out->ipv6.sin6_addr, address->ip.bytes, 16);
	return (int)sizeof out->ipv6;
}

int vet_sockaddr_to(const union vet_sockaddr *in, socklen_t length, int family,
		    struct vet_address *address)
{
	memset(address, 0, sizeof *address);
	if (family == 4) {
		if (length < sizeof in->ipv4 || in->ipv4.sin_family != AF_INET)
			return -EAFNOSUPPORT;
		memcpy(address->ip.bytes, &in->ipv4.sin_addr, 4);
		address->port = port_in(in->ipv4.sin_port);
	} else {
		if (length < sizeof in->ipv6 || in->ipv6.sin6_family != AF_INET6)
			return -EAFNOSUPPORT;
		memcpy(address->ip.bytes, &in->ipv6.sin6_addr, 16);
		address->port = port_in(in->ipv6.sin6_port);
		address->scope_id = in->ipv6.sin6_scope_id;
	}
	address->ip.family = (uint8_t)family;
	return 0;
}
