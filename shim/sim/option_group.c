/* SPDX-License-Identifier: 0BSD */
/* Multicast groups of a socket: joined and left, and remembered (ip(7); RFC 3493 5.2, RFC 3678 5). */
#include <netinet/in.h>

#include "option_row.h"

static struct sim_ip ip_of4(uint32_t ip)
{
	return (struct sim_ip){ 0, UINT64_C(0xffff00000000) | ip };
}

static uint64_t word_of(const unsigned char *bytes)
{
	uint64_t word = 0;
	for (int i = 0; i < 8; i++)
		word = word << 8 | bytes[i];
	return word;
}

static uint32_t half_word_of(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

static bool is_multicast4(uint32_t ip)
{
	return ip >> 28 == 0xe;
}

/* ---- interfaces ---- */

int32_t vetsim_interface_of(const struct vet_sim_host *host, uint32_t ip)
{
	if (ip >> 24 == 127)
		return SIM_INTERFACE_LOOPBACK;
	return vetsim_host_has(host, ip_of4(ip)) ? SIM_INTERFACE_ETHERNET : 0;
}

/* An ip_mreqn, an ip_mreq (group, interface's address), or an address alone, in the order of the
 * network; by how many bytes there are, of which there must be `least`. */
int vetsim_read_membership(const struct sim_given *given, size_t least,
			   struct sim_membership *membership)
{
	enum { SHORT = 8, LONG = 12 };
	const unsigned char *bytes = given->bytes;
	if (given->length < least)
		return -EINVAL;
	if (bytes == NULL)
		return -EFAULT;
	memset(membership, 0, sizeof *membership);
	if (given->length < SHORT) {
		membership->interface_ip = half_word_of(bytes);
		return 0;
	}
	membership->group = ip_of4(half_word_of(bytes));
	membership->interface_ip = half_word_of(bytes + 4);
	if (given->length >= LONG)
		memcpy(&membership->interface_index, bytes + 8, 4);
	return 0;
}

/* The interface that is meant: by its index, or its address; or where a route leads, which is the
 * network's.  0: there is none. */
static int32_t interface_for(const struct sim_socket *s, const struct sim_membership *wanted)
{
	int32_t index = wanted->interface_index;
	if (index != 0)
		return index > 0 && index < SIM_INTERFACES ? index : 0;
	if (wanted->interface_ip != 0)
		return vetsim_interface_of(s->host, wanted->interface_ip);
	return SIM_INTERFACE_ETHERNET;
}

/* ---- the list ---- */

static int add(struct sim_socket *s, const struct sim_membership *membership)
{
	struct sim_options *o = &s->options;
	if (o->group == NULL)
		o->group =
			vetsim_pool_take(s->host->sim->pool, SIM_GROUPS * sizeof *o->group, NULL);
	if (o->group == NULL || o->groups == SIM_GROUPS)
		return o->group == NULL ? -ENOMEM : -ENOBUFS;
	o->group[o->groups++] = *membership;
	return 0;
}

static int take_away(struct sim_socket *s, uint32_t which)
{
	struct sim_options *o = &s->options;
	o->groups--;
	memmove(&o->group[which], &o->group[which + 1], (o->groups - which) * sizeof *o->group);
	return 0;
}

/* ---- IPv4 ---- */

static int join4(struct sim_socket *s, const struct sim_membership *wanted)
{
	struct sim_membership made = *wanted;
	uint32_t count = 0;
	if (!is_multicast4((uint32_t)wanted->group.low))
		return -EINVAL;
	made.interface_index = interface_for(s, wanted);
	if (made.interface_index == 0)
		return -ENODEV;
	for (uint32_t i = 0; i < s->options.groups; i++) {
		const struct sim_membership *has = &s->options.group[i];
		if (sim_ip_equal(has->group, made.group) &&
		    has->interface_index == made.interface_index)
			return -EADDRINUSE;
		if (sim_ip_is_v4(has->group))
			count++;
	}
	return count >= SIM_MEMBERSHIPS ? -ENOBUFS : add(s, &made);
}

/* Of the wanted interface; where only an address of one is given, of the one that it was joined by;
 * of neither, that of the route. */
static int leave4(struct sim_socket *s, const struct sim_membership *wanted)
{
	int32_t index = interface_for(s, wanted);
	if (wanted->interface_index != 0)
		index = wanted->interface_index;
	for (uint32_t i = 0; i < s->options.groups; i++) {
		const struct sim_membership *has = &s->options.group[i];
		if (!sim_ip_equal(has->group, wanted->group))
			continue;
		if (index != 0 ? has->interface_index == index
			       : has->interface_ip == wanted->interface_ip)
			return take_away(s, i);
	}
	return -EADDRNOTAVAIL;
}

int vetsim_set_membership(struct sim_socket *s, const struct sim_option *row,
			  const struct sim_given *given)
{
	struct sim_membership wanted;
	int result = vetsim_read_membership(given, 8, &wanted);
	if (result < 0)
		return result;
	return row->least == 1 ? join4(s, &wanted) : leave4(s, &wanted);
}

/* ---- IPv6 ---- */

static bool is_same6(const struct sim_membership *has, const struct sim_membership *wanted)
{
	return sim_ip_equal(has->group, wanted->group) &&
	       (wanted->interface_index == 0 || wanted->interface_index == has->interface_index);
}

static int change6(struct sim_socket *s, const struct sim_membership *wanted, bool joins)
{
	struct sim_membership made = *wanted;
	if (wanted->group.high >> 56 != 0xff)
		return -EINVAL;
	for (uint32_t i = 0; i < s->options.groups; i++) {
		if (is_same6(&s->options.group[i], wanted))
			return joins ? -EADDRINUSE : take_away(s, i);
	}
	if (!joins)
		return -EADDRNOTAVAIL;
	made.interface_index = interface_for(s, wanted);
	return made.interface_index == 0 ? -ENODEV : add(s, &made);
}

int vetsim_set_membership6(struct sim_socket *s, const struct sim_option *row,
			   const struct sim_given *given)
{
	struct ipv6_mreq wanted;
	struct sim_membership membership = { .interface_ip = 0 };
	if (given->length < sizeof wanted)
		return -EINVAL;
	if (s->node.kind == SIM_STREAM)
		return -EPROTO;
	if (given->bytes == NULL)
		return -EFAULT;
	memcpy(&wanted, given->bytes, sizeof wanted);
	membership.group.high = word_of(wanted.ipv6mr_multiaddr.s6_addr);
	membership.group.low = word_of(wanted.ipv6mr_multiaddr.s6_addr + 8);
	membership.interface_index = (int32_t)wanted.ipv6mr_interface;
	return change6(s, &membership, row->least == 1);
}

/* ---- both: a group_req (RFC 3678 5.1) ---- */

int vetsim_set_group(struct sim_socket *s, const struct sim_option *row,
		     const struct sim_given *given)
{
	struct group_req wanted;
	struct sim_membership membership = { .interface_ip = 0 };
	struct sockaddr_in four;
	struct sockaddr_in6 six;
	bool joins = row->least == 1;
	if (given->length < sizeof wanted)
		return -EINVAL;
	if (given->bytes == NULL)
		return -EFAULT;
	memcpy(&wanted, given->bytes, sizeof wanted);
	membership.interface_index = (int32_t)wanted.gr_interface;
	if (row->at == SIM_LEVEL_IP) {
		if (wanted.gr_group.ss_family != AF_INET)
			return -EINVAL;
		memcpy(&four, &wanted.gr_group, sizeof four);
		membership.group = ip_of4(ntohl(four.sin_addr.s_addr));
		return joins ? join4(s, &membership) : leave4(s, &membership);
	}
	if (wanted.gr_group.ss_family != AF_INET6)
		return -EADDRNOTAVAIL;
	memcpy(&six, &wanted.gr_group, sizeof six);
	membership.group.high = word_of(six.sin6_addr.s6_addr);
	membership.group.low = word_of(six.sin6_addr.s6_addr + 8);
	return change6(s, &membership, joins);
}
