/* SPDX-License-Identifier: 0BSD */
/* Addresses between their symbolic form and that of the system. */
#include "run.h"

#include <arpa/inet.h>
#include <string.h>

/* RFC 5737, RFC 3849: addresses for documentation, which no loopback has. */
#define FOREIGN_4 UINT32_C(0xc0000201)
static const unsigned char foreign_6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };

static uint32_t host_4(const struct run *run, unsigned host)
{
	switch (host) {
	case HOST_ANY:
		return INADDR_ANY;
	case HOST_LOOP:
		return INADDR_LOOPBACK;
	case HOST_FOREIGN:
		return FOREIGN_4;
	default:
		return run->ground.party[host];
	}
}

static void host_6(const struct run *run, const struct place *place, unsigned char *bytes)
{
	uint32_t address;
	memset(bytes, 0, 16);
	if (place->form == FORM_6 && place->host == HOST_FOREIGN) {
		memcpy(bytes, foreign_6, 16);
	} else if (place->form == FORM_6) {
		bytes[15] = place->host != HOST_ANY; /* ::1: parties have none of their own */
	} else {
		address = htonl(host_4(run, place->host));
		memset(bytes + 10, 0xff, 2);
		memcpy(bytes + 12, &address, 4);
	}
}

static socklen_t name_of(struct run *run, unsigned slot, struct sockaddr_storage *storage)
{
	socklen_t length = sizeof(*storage);
	struct vet_sys *sys = run->side->sys;
	memset(storage, 0, sizeof(*storage));
	if (run->fd[slot] < 0 ||
	    (sys->calls->getsockname)(sys, run->fd[slot], (struct sockaddr *)storage, &length) <
		    0) {
		storage->ss_family = AF_INET;
		length = sizeof(struct sockaddr_in);
	}
	return length;
}

/* The port is at the same place in both families. */
static uint16_t port_in(const struct sockaddr_storage *storage)
{
	return ntohs(((const struct sockaddr_in *)(const void *)storage)->sin_port);
}

static uint16_t port_of(struct run *run, unsigned port)
{
	struct sockaddr_storage storage;
	if (port == PORT_0)
		return 0;
	if (port < PORT_OF)
		return run->ground.port[port - PORT_P0];
	name_of(run, port - PORT_OF, &storage);
	return port_in(&storage);
}

static void map(struct sockaddr_storage *storage)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	memcpy(&in, storage, sizeof(in));
	if (in.sin_family != AF_INET)
		return;
	in6.sin6_port = in.sin_port;
	memset(&in6.sin6_addr.s6_addr[10], 0xff, 2);
	memcpy(&in6.sin6_addr.s6_addr[12], &in.sin_addr, 4);
	memcpy(storage, &in6, sizeof(in6));
}

static socklen_t right_length(const struct sockaddr_storage *storage)
{
	return storage->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
					      : sizeof(struct sockaddr_in);
}

static void host_make(struct run *run, const struct place *place, struct sockaddr_storage *storage)
{
	if (place->form == FORM_4) {
		struct sockaddr_in in = { .sin_family = AF_INET };
		in.sin_port = htons(port_of(run, place->port));
		in.sin_addr.s_addr = htonl(host_4(run, place->host));
		memcpy(storage, &in, sizeof(in));
	} else {
		struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
		in6.sin6_port = htons(port_of(run, place->port));
		host_6(run, place, in6.sin6_addr.s6_addr);
		memcpy(storage, &in6, sizeof(in6));
	}
}

socklen_t place_make(struct run *run, const struct place *place, struct sockaddr_storage *storage,
		     const struct sockaddr **pointer)
{
	*pointer = (const struct sockaddr *)storage;
	memset(storage, 0, sizeof(*storage));
	switch (place->host) {
	case HOST_NONE:
		*pointer = NULL;
		break;
	case HOST_UNSPEC:
		storage->ss_family = AF_UNSPEC;
		break;
	case HOST_ALIEN:
		storage->ss_family = AF_UNIX;
		break;
	case HOST_SOCKET:
		name_of(run, place->slot, storage);
		if (place->form == FORM_MAPPED)
			map(storage);
		break;
	default:
		host_make(run, place, storage);
		break;
	}
	if (place->length != LENGTH_RIGHT)
		return (socklen_t)place->length;
	return place->host == HOST_NONE ? 0 : right_length(storage);
}

/* ---- what the system gave ---- */

static uint16_t port_symbol(struct run *run, int kind, uint16_t port)
{
	if (port == 0)
		return 0;
	for (unsigned i = 0; i < PORTS; i++)
		if (run->ground.port[i] == port)
			return (uint16_t)(SYMBOL_PORT + i);
	for (unsigned i = 0; i < run->ephemerals[kind]; i++)
		if (run->ephemeral[kind][i] == port)
			return (uint16_t)(SYMBOL_EPHEMERAL + i);
	if (run->ephemerals[kind] == EPHEMERALS)
		return port;
	run->ephemeral[kind][run->ephemerals[kind]] = port;
	return (uint16_t)(SYMBOL_EPHEMERAL + run->ephemerals[kind]++);
}

static void party_symbol(const struct run *run, unsigned char *bytes)
{
	uint32_t address;
	memcpy(&address, bytes, 4);
	for (uint32_t i = 0; i < PARTIES; i++) {
		if (address == htonl(run->ground.party[i])) {
			address = htonl(SYMBOL_PARTY + i);
			memcpy(bytes, &address, 4);
			return;
		}
	}
}

void name_normalise(struct run *run, int kind, const struct sockaddr_storage *given,
		    socklen_t length, struct sockaddr_in6 *name)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct sockaddr_storage all;
	unsigned char *bytes = (unsigned char *)&all;
	memset(&all, 0, sizeof(all));
	memset(name, 0, sizeof(*name));
	if (length > sizeof(*name))
		length = sizeof(*name);
	memcpy(&all, given, length);
	if (length >= 4) {
		uint16_t port = htons(port_symbol(run, kind, port_in(&all)));
		memcpy(bytes + 2, &port, 2);
	}
	if (all.ss_family == AF_INET && length >= 8)
		party_symbol(run, bytes + 4);
	else if (all.ss_family == AF_INET6 && length >= 24 && memcmp(bytes + 8, mapped, 12) == 0)
		party_symbol(run, bytes + 20);
	memcpy(name, &all, sizeof(*name));
}
