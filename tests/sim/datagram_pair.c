/* SPDX-License-Identifier: 0BSD */
#include "datagram_pair.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <vetsock/error.h>

struct vet_sim *sim;
struct side sides[SIDES];
uint8_t family[SLOTS];
uint64_t state;
uint32_t own_ip;
uint16_t own_port;
bool differs;
int64_t answers[SIDES];
unsigned long calls, refused;
char lines[16384];
size_t lines_size;

uint32_t below(uint32_t n)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((state >> 32) * n >> 32);
}

void note(const char *format, ...)
{
	va_list list;
	int size;
	va_start(list, format);
	size = vsnprintf(lines + lines_size, sizeof lines - lines_size, format, list);
	va_end(list);
	if (size > 0 && (size_t)size < sizeof lines - lines_size)
		lines_size += (size_t)size;
}

/* ---- what both answered ---- */

static const char *result_text(int64_t result, char text[24])
{
	snprintf(text, 24, "%lld", (long long)result);
	return result < 0 ? vet_error_name((int)result) : text;
}

void compare(const char *what, int64_t kernel, int64_t simulator)
{
	char a[24], b[24];
	if (kernel == simulator)
		return;
	differs = true;
	note("   <-- %s: %s, simulator %s", what, result_text(kernel, a),
	     result_text(simulator, b));
}

void compare_answers(void)
{
	char text[24];
	calls++;
	refused += answers[KERNEL] < 0;
	note(" = %s", result_text(answers[KERNEL], text));
	compare("result", answers[KERNEL], answers[SIMULATOR]);
}

void named_begin(struct named name[SIDES])
{
	static const socklen_t lengths[] = { 64, 28, 16, 15, 24, 8, 2, 1, 0 };
	socklen_t length = below(3) ? 64 : lengths[below(9)];
	memset(name, 0xa5, SIDES * sizeof name[0]);
	name[KERNEL].length = name[SIMULATOR].length = length;
}

void compare_named(const struct named name[SIDES])
{
	for (unsigned i = 0; i < sizeof name[0].u.bytes; i++)
		if (name[KERNEL].u.bytes[i] != name[SIMULATOR].u.bytes[i]) {
			note("   <-- byte %u of the name: %02x, simulator %02x", i,
			     name[KERNEL].u.bytes[i], name[SIMULATOR].u.bytes[i]);
			differs = true;
			break;
		}
	compare("the name's length", name[KERNEL].length, name[SIMULATOR].length);
}

/* ---- addresses ---- */

static const uint32_t v4_ips[] = { 0x7f000001, INADDR_ANY, 0xc0000201 }; /* RFC 5737, RFC 3849 */
enum { LOOPBACK_6, ANY_6, MAPPED_ANY, MAPPED_LOOPBACK, FOREIGN_6 };

static uint16_t some_port(void)
{
	struct named name = { .length = sizeof name.u };
	unsigned slot = below(SLOTS);
	if (below(4) == 0 && family[slot] != 0 &&
	    getsockname(sides[KERNEL].fd[slot], &name.u.any, &name.length) == 0)
		return ntohs(name.u.in.sin_port);
	return below(20) == 0 ? 0 : (uint16_t)(own_port + below(PORTS));
}

static uint32_t some_ip(void)
{
	if (below(8) != 0)
		return own_ip + (below(4) == 0);
	return v4_ips[below(3)];
}

static void some_in6(struct sockaddr_in6 *in6)
{
	static const unsigned char v6[][16] = {
		[LOOPBACK_6] = { [15] = 1 },
		[ANY_6] = { 0 },
		[MAPPED_ANY] = { [10] = 0xff, 0xff },
		[MAPPED_LOOPBACK] = { [10] = 0xff, 0xff, 127, 0, 0, 1 },
		[FOREIGN_6] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 },
	};
	uint32_t ip = htonl(own_ip + (below(4) == 0));
	unsigned which = below(10);
	memcpy(&in6->sin6_addr, v6[which < 4 ? LOOPBACK_6 : MAPPED_ANY], 16);
	if (which >= 4 && which < 8)
		memcpy((unsigned char *)&in6->sin6_addr + 12, &ip, 4);
	else if (which >= 8)
		memcpy(&in6->sin6_addr, v6[below(sizeof v6 / sizeof v6[0])], 16);
	if (below(10) == 0)
		in6->sin6_scope_id = below(2) ? 1 : 77;
}

/* Where another socket is, mapped for one of IPv6.  False: it cannot be had. */
static bool address_of(unsigned slot, unsigned other, struct named *name)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	*name = (struct named){ .length = sizeof name->u };
	if (family[other] == 0 || (family[slot] == 4 && family[other] == 6) ||
	    getsockname(sides[KERNEL].fd[other], &name->u.any, &name->length) < 0)
		return false;
	if (family[slot] == family[other])
		return true;
	in6.sin6_port = name->u.in.sin_port;
	in6.sin6_addr.s6_addr[10] = in6.sin6_addr.s6_addr[11] = 0xff;
	memcpy(in6.sin6_addr.s6_addr + 12, &name->u.in.sin_addr, 4);
	name->u.in6 = in6;
	name->length = sizeof in6;
	return true;
}

bool is_of_ipv6(unsigned slot)
{
	struct sockaddr_in6 own;
	socklen_t length = sizeof own;
	return family[slot] == 6 &&
	       getsockname(sides[KERNEL].fd[slot], (struct sockaddr *)&own, &length) == 0 &&
	       own.sin6_addr.s6_addr[10] == 0 && own.sin6_addr.s6_addr[15] == 1;
}

void some_address(unsigned slot, struct named *name, uint32_t one_in)
{
	static const sa_family_t others[] = { AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6 };
	bool is_v4 = below(15) == 0 ? family[slot] != 4 : family[slot] == 4;
	if (below(one_in) == 0 && address_of(slot, below(SLOTS), name))
		return;
	memset(name, 0, sizeof *name);
	if (is_v4) {
		name->u.in.sin_family = AF_INET;
		name->u.in.sin_addr.s_addr = htonl(some_ip());
		name->length = sizeof name->u.in;
	} else {
		name->u.in6.sin6_family = AF_INET6;
		some_in6(&name->u.in6);
		if (is_of_ipv6(slot) && name->u.in6.sin6_addr.s6_addr[12] == 0)
			name->u.in6.sin6_addr.s6_addr[15] = 1;
		name->length = sizeof name->u.in6;
	}
	name->u.in.sin_port = htons(some_port());
	if (below(40) == 0)
		name->u.any.sa_family = others[below(4)];
	if (below(40) == 0)
		name->length = below(sizeof name->u.bytes + 1);
}

void note_address(const struct named *name)
{
	note(" family %u", name->u.any.sa_family);
	if (name->u.any.sa_family == AF_INET6) {
		for (unsigned i = 0; i < 16; i++)
			note("%s%02x", i % 2 == 0 ? (i == 0 ? " " : ":") : "",
			     name->u.in6.sin6_addr.s6_addr[i]);
		note(" scope %u", name->u.in6.sin6_scope_id);
	} else {
		uint32_t ip = ntohl(name->u.in.sin_addr.s_addr);
		note(" %u.%u.%u.%u", ip >> 24, ip >> 16 & 255, ip >> 8 & 255, ip & 255);
	}
	note(" port %u length %u", ntohs(name->u.in.sin_port), name->length);
}

void lead(unsigned slot, int64_t result)
{
	struct named name = { .length = sizeof name.u };
	sim->oracle = (struct sim_oracle){ .is_on = true, .result = result };
	if (family[slot] != 0 &&
	    getsockname(sides[KERNEL].fd[slot], &name.u.any, &name.length) == 0)
		sim->oracle.port = ntohs(name.u.in.sin_port);
}

void compare_local(unsigned slot)
{
	struct named name[SIDES];
	memset(name, 0, sizeof name);
	for (int i = 0; i < SIDES; i++) {
		struct vet_sys *sys = sides[i].sys;
		name[i].length = sizeof name[i].u;
		if ((sys->calls->getsockname)(sys, sides[i].fd[slot], &name[i].u.any,
					      &name[i].length) < 0)
			abort();
	}
	compare_named(name);
}
