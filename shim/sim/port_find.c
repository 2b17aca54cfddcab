/* SPDX-License-Identifier: 0BSD */
/* Who hears what arrives: as Linux scores them.  Of equals it is who comes first in the port's
 * list: who was bound last. */
#include "port_table.h"

/* What has arrived, and the address that is looked for: its own, or any. */
struct arrival {
	const struct sim_name *local, *remote;
	struct sim_ip at;
	int32_t interface;
};

typedef int (*score_function)(const struct sim_socket *s, const struct arrival *arrival);

/* -1: it is not for it.  IPv4 before IPv6. */
static int score_listener(const struct sim_socket *s, const struct arrival *arrival)
{
	bool is_v4 = sim_ip_is_v4(arrival->local->ip);
	int score = 1;
	if (is_v4 ? vetsim_option_only_ipv6(s) : s->family != 6)
		return -1;
	if (!sim_ip_equal(s->local.ip, arrival->at) &&
	    !(is_v4 && sim_ip_is_any(s->local.ip) && sim_ip_is_any(arrival->at)))
		return -1;
	if (s->options.device != 0 && s->options.device != arrival->interface)
		return -1;
	if (s->options.device != 0)
		score++;
	return is_v4 && s->family == 4 ? score + 1 : score;
}

/* A peer that connect gave.  When it is dissolved Linux goes on to hear from its address alone
 * where that is of IPv6: __udp_disconnect() forgets the one of IPv4, and the port. */
static bool has_peer_ip(const struct sim_socket *s, const struct arrival *arrival)
{
	bool is_kept = s->family == 6 && !sim_ip_is_v4(arrival->local->ip);
	return (s->state == SIM_ESTABLISHED || is_kept) && !sim_ip_is_any(s->remote.ip);
}

/* Each of what a datagram socket is particular about counts more than its family. */
static int score_datagram(const struct sim_socket *s, const struct arrival *arrival)
{
	int score = score_listener(s, arrival);
	if (score < 0)
		return -1;
	if (s->options.device != 0)
		score += 3;
	if (s->state == SIM_ESTABLISHED && s->remote.port != 0) {
		if (s->remote.port != arrival->remote->port)
			return -1;
		score += 4;
	}
	if (has_peer_ip(s, arrival)) {
		if (!sim_ip_equal(s->remote.ip, arrival->remote->ip))
			return -1;
		score += 4;
	}
	return score;
}

/* ---- groups (SO_REUSEPORT) ---- */

static bool is_of_group(const struct sim_socket *s, const struct sim_socket *member)
{
	return s->binding.is_grouped && vetsim_port_are_alike(s, member);
}

/* One of a group, by a hash of both names (Linux's is keyed, and so another); those that are
 * connected are passed over.  NULL: all are.  *has_peers: whether some are. */
static struct sim_socket *choose_of_group(struct sim_socket *member, const struct arrival *arrival,
					  bool *has_peers)
{
	uint64_t count = 0, index;
	struct sim_socket *s;
	*has_peers = false;
	for (s = member; s != NULL; s = s->binding.next_same)
		if (is_of_group(s, member)) {
			*has_peers = *has_peers || s->state == SIM_ESTABLISHED;
			count += s->state != SIM_ESTABLISHED;
		}
	index = vetsim_port_hash(arrival->local, arrival->remote) * count >> 32;
	for (s = member; s != NULL; s = s->binding.next_same)
		if (is_of_group(s, member) && s->state != SIM_ESTABLISHED && index-- == 0)
			return s;
	return NULL;
}

/* ---- both ---- */

/* Linux's udp4_lib_lookup2(), inet_lhash2_lookup(): the first group that is met decides, unless one
 * of it is connected. */
static struct sim_socket *best(struct sim_socket *hearer, const struct arrival *arrival,
			       score_function score_of)
{
	struct sim_socket *found = NULL;
	int most = -1;
	for (struct sim_socket *s = hearer; s != NULL; s = s->binding.next_same) {
		struct sim_socket *chosen = NULL;
		bool has_peers = false;
		int score = score_of(s, arrival);
		if (score <= most)
			continue;
		most = score;
		if (s->state != SIM_ESTABLISHED && s->binding.is_grouped)
			chosen = choose_of_group(s, arrival, &has_peers);
		if (chosen != NULL && !has_peers)
			return chosen;
		found = chosen != NULL ? chosen : s;
	}
	return found;
}

/* Those that have the address itself come before those that have any. */
static struct sim_socket *find(struct vet_sim_host *host, const struct sim_ports *ports,
			       const struct sim_name *local, const struct sim_name *remote,
			       score_function score_of)
{
	const struct sim_port *port = vetsim_port_find(ports, local->port);
	struct arrival arrival = { local, remote, local->ip, SIM_INTERFACE_ETHERNET };
	struct sim_socket *found;
	if (port == NULL)
		return NULL;
	if (vetsim_host_has(host, remote->ip))
		arrival.interface = SIM_INTERFACE_LOOPBACK;
	found = best(port->hearer, &arrival, score_of);
	if (found != NULL)
		return found;
	arrival.at = sim_ip_is_v4(local->ip) ? SIM_IPV4_ANY : SIM_IPV6_ANY;
	return best(port->hearer, &arrival, score_of);
}

struct sim_socket *vetsim_port_listener(struct vet_sim_host *host, const struct sim_name *local,
					const struct sim_name *remote)
{
	return find(host, &host->streams, local, remote, score_listener);
}

struct sim_socket *vetsim_port_datagram(struct vet_sim_host *host, const struct sim_name *local,
					const struct sim_name *remote)
{
	return find(host, &host->datagrams, local, remote, score_datagram);
}
