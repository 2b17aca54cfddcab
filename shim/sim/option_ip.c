/* SPDX-License-Identifier: 0BSD */
/* Options of IPPROTO_IP and IPPROTO_IPV6 that are more than a number (ip(7), ipv6(7), RFC 3493). */
#include <netinet/in.h>

#include "option_row.h"

enum {
	MTU_LOOPBACK = 65536,
	MTU_MOST = 65535 /* of IPv4 */,
	MTU = 1500,
	LEAST_MTU6 = 1280 /* RFC 8200 5 */
};

/* The bits of congestion notification are TCP's (RFC 3168 5). */
enum { ECN = 3 };

/* ---- hops ---- */

int vetsim_set_ttl(struct sim_socket *s, const struct sim_option *row,
		   const struct sim_given *given)
{
	if (given->number != -1 && (given->number < 1 || given->number > 255))
		return -EINVAL;
	vetsim_option_write(&s->options, row, given->number);
	return 0;
}

int vetsim_get_hops(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	int32_t hops = vetsim_option_read(&s->options, row);
	return sim_tell(told, hops < 0 ? SIM_HOPS : hops);
}

/* -1 is the default, which is 1 for multicast (RFC 3493 5.2). */
int vetsim_set_multicast_hops(struct sim_socket *s, const struct sim_option *row,
			      const struct sim_given *given)
{
	if (given->number < -1 || given->number > 255)
		return -EINVAL;
	vetsim_option_write(&s->options, row, given->number == -1 ? 1 : given->number);
	return 0;
}

/* ---- type of service ---- */

/* What Linux makes of it for queues: SO_PRIORITY follows, by the four bits of RFC 1349. */
static int32_t priority_of(int32_t tos)
{
	static const uint8_t priorities[16] = { 0, 0, 0, 0, 2, 2, 2, 2, 6, 6, 6, 6, 4, 4, 4, 4 };
	return priorities[(tos & 0x1e) >> 1];
}

int vetsim_set_tos(struct sim_socket *s, const struct sim_option *row,
		   const struct sim_given *given)
{
	int32_t tos = given->number;
	(void)row;
	if (s->node.kind == SIM_STREAM)
		tos = (tos & ~ECN) | (s->options.tos & ECN);
	if (s->options.tos != tos) {
		s->options.tos = (uint8_t)tos;
		s->options.priority = priority_of(tos);
	}
	return 0;
}

int vetsim_set_traffic_class(struct sim_socket *s, const struct sim_option *row,
			     const struct sim_given *given)
{
	int32_t class = given->number;
	(void)row;
	if (class < -1 || class > 255)
		return -EINVAL;
	if (class == -1)
		class = 0;
	if (s->node.kind == SIM_STREAM)
		class = (class & ~ECN) | (s->options.traffic_class & ECN);
	s->options.traffic_class = (uint8_t) class;
	return 0;
}

/* ---- paths ---- */

/* Of the way to the peer; of none there is none. */
static int32_t path_mtu(const struct sim_socket *s)
{
	const struct vet_sim_host *to;
	uint32_t mtu;
	if (sim_ip_is_any(s->remote.ip) || s->remote.port == 0 || s->state == SIM_CLOSED)
		return 0;
	to = vetsim_route(s->host, s->remote.ip);
	if (to == s->host)
		return sim_ip_is_v4(s->remote.ip) ? MTU_MOST : MTU_LOOPBACK;
	mtu = vetsim_link(s->host->sim, s->host, to)->set.mtu;
	return mtu == 0 ? MTU : (int32_t)mtu;
}

int vetsim_get_mtu(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	int32_t mtu = path_mtu(s);
	(void)row;
	return mtu == 0 ? -ENOTCONN : sim_tell(told, mtu);
}

int vetsim_set_mtu6(struct sim_socket *s, const struct sim_option *row,
		    const struct sim_given *given)
{
	if (given->number != 0 && given->number < LEAST_MTU6)
		return -EINVAL;
	vetsim_option_write(&s->options, row, given->number);
	return 0;
}

/* The two low halves are the least and the greatest port; 0 is any. */
int vetsim_set_port_range(struct sim_socket *s, const struct sim_option *row,
			  const struct sim_given *given)
{
	uint32_t range = (uint32_t)given->number, least = range & 0xffff, greatest = range >> 16;
	if (given->length != sizeof given->number)
		return -EINVAL;
	if (least != 0 && greatest != 0 && least > greatest)
		return -EINVAL;
	vetsim_option_write(&s->options, row, given->number);
	return 0;
}

int vetsim_get_port(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	(void)row;
	return sim_tell(told, sim_option_port(s));
}

/* Once it has a port, it is too late: who else may have it was decided (RFC 3493 5.3, Linux). */
int vetsim_set_only_ipv6(struct sim_socket *s, const struct sim_option *row,
			 const struct sim_given *given)
{
	(void)row;
	if (sim_option_port(s) != 0)
		return -EINVAL;
	s->options.only_ipv6 = given->number != 0;
	return 0;
}

bool vetsim_option_only_ipv6(const struct sim_socket *s)
{
	return s->options.only_ipv6;
}

int vetsim_get_only_ipv6(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	(void)row;
	return sim_tell(told, vetsim_option_only_ipv6(s));
}

/* Where the checksum is in what a raw socket sends (RFC 3542 3.1): ICMPv6 has its own place. */
int vetsim_set_checksum6(struct sim_socket *s, const struct sim_option *row,
			 const struct sim_given *given)
{
	if (s->protocol == IPPROTO_ICMPV6 && row->level == IPPROTO_IPV6)
		return -EINVAL;
	if (given->number > 0 && (given->number & 1) != 0)
		return -EINVAL;
	s->options.checksum6 = given->number < 0 ? -1 : given->number;
	return 0;
}

/* ---- interfaces ---- */

static bool is_bound_elsewhere(const struct sim_socket *s, int32_t interface)
{
	return s->options.device != 0 && s->options.device != interface;
}

/* An interface in the order of the network, as no other option has it. */
int vetsim_set_unicast_interface(struct sim_socket *s, const struct sim_option *row,
				 const struct sim_given *given)
{
	int32_t interface = (int32_t)ntohl((uint32_t)given->number);
	if (given->length != sizeof given->number)
		return -EINVAL;
	if (interface != 0) {
		if (interface < 0 || interface >= SIM_INTERFACES)
			return -EADDRNOTAVAIL;
		if (row->at == SIM_LEVEL_IP ? is_bound_elsewhere(s, interface)
					    : s->options.device != 0)
			return -EINVAL;
	}
	vetsim_option_write(&s->options, row, interface);
	return 0;
}

int vetsim_get_unicast_interface(struct sim_socket *s, const struct sim_option *row,
				 struct sim_told *told)
{
	uint32_t interface = (uint32_t)vetsim_option_read(&s->options, row);
	return sim_tell(told, (int32_t)htonl(interface));
}

int vetsim_set_multicast_interface6(struct sim_socket *s, const struct sim_option *row,
				    const struct sim_given *given)
{
	int32_t interface = given->number;
	if (interface < 0 || interface >= SIM_INTERFACES)
		return -ENODEV;
	if (interface != 0 && is_bound_elsewhere(s, interface))
		return -EINVAL;
	vetsim_option_write(&s->options, row, interface);
	return 0;
}

/* An address, or an ip_mreq, or an ip_mreqn, by its length (ip(7)). */
int vetsim_set_multicast_interface(struct sim_socket *s, const struct sim_option *row,
				   const struct sim_given *given)
{
	struct sim_membership by = { .interface_index = 0 };
	int result = vetsim_read_membership(given, sizeof by.interface_ip, &by);
	(void)row;
	if (result < 0)
		return result;
	if (by.interface_index == 0 && by.interface_ip != 0)
		by.interface_index = vetsim_interface_of(s->host, by.interface_ip);
	else if (by.interface_index == 0)
		by.interface_index = -1;
	if (by.interface_index == 0 || by.interface_index >= SIM_INTERFACES)
		return -EADDRNOTAVAIL;
	if (by.interface_index < -1)
		return -EADDRNOTAVAIL;
	if (by.interface_index == -1) {
		s->options.multicast_interface = 0;
		s->options.multicast_ip = 0;
		return 0;
	}
	if (is_bound_elsewhere(s, by.interface_index))
		return -EINVAL;
	s->options.multicast_interface = by.interface_index;
	s->options.multicast_ip = by.interface_ip;
	return 0;
}

int vetsim_get_multicast_interface(struct sim_socket *s, const struct sim_option *row,
				   struct sim_told *told)
{
	uint32_t ip = htonl(s->options.multicast_ip);
	(void)row;
	memcpy(told->u.bytes, &ip, sizeof ip);
	told->length = sizeof ip;
	return 0;
}

/* ---- source addresses (RFC 5014 3) ---- */

enum {
	TEMPORARY = 0x1,
	PUBLIC = 0x2,
	CARE_OF = 0x4,
	CRYPTOGRAPHIC = 0x8,
	DEFAULT = 0x100,
	HOME = 0x400,
	NOT_CRYPTOGRAPHIC = 0x800,
};

/* Of each group one at most; all that was said before is forgotten. */
int vetsim_set_preferences(struct sim_socket *s, const struct sim_option *row,
			   const struct sim_given *given)
{
	int32_t lifetime = given->number & (PUBLIC | TEMPORARY | DEFAULT);
	int32_t place = given->number & (HOME | CARE_OF);
	int32_t made = given->number & (CRYPTOGRAPHIC | NOT_CRYPTOGRAPHIC);
	(void)row;
	if ((lifetime & (lifetime - 1)) != 0 || (place & (place - 1)) != 0 ||
	    (made & (made - 1)) != 0)
		return -EINVAL;
	s->options.address_preferences = (lifetime | place) & (PUBLIC | TEMPORARY | CARE_OF);
	return 0;
}

int vetsim_get_preferences(struct sim_socket *s, const struct sim_option *row,
			   struct sim_told *told)
{
	int32_t kept = s->options.address_preferences;
	int32_t lifetime =
		(kept & (PUBLIC | TEMPORARY)) != 0 ? kept & (PUBLIC | TEMPORARY) : DEFAULT;
	(void)row;
	return sim_tell(told, lifetime | ((kept & CARE_OF) != 0 ? CARE_OF : HOME));
}
