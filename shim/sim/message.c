/* SPDX-License-Identifier: 0BSD */
/* What is under way outside of connections: datagrams, resets of connections that nobody has, and what
 * routers and hosts say of what they could not deliver (ICMP). */
#include "pipe.h"

enum {
	HEADERS_4 = 20 + 8, /* of IPv4 and UDP */
	HEADERS_6 = 40 + 8,
	FRAGMENT_HEADER = 8, /* IPv6: RFC 8200 4.5 */
	MTU = 1500,
	PARTS = 1000000,
};

struct sim_message *vetsim_message_make(struct vet_sim *sim, uint32_t size)
{
	struct sim_message *message = vetsim_pool_take(sim->pool, sizeof *message + size, NULL);
	if (message == NULL)
		return NULL;
	memset(message, 0, sizeof *message);
	message->timer.kind = SIM_TIMER_MESSAGE;
	message->size = message->room = size;
	return message;
}

void vetsim_message_free(struct vet_sim *sim, struct sim_message *message)
{
	vetsim_heap_remove(&sim->heap, &message->timer);
	vetsim_pool_give(sim->pool, message, sizeof *message + message->room);
}

static void show(struct vet_sim *sim, const struct sim_message *message, enum vet_sim_fate fate)
{
	struct vet_sim_packet packet = {
		.number = message->number,
		.fate = fate,
		.protocol = VET_SIM_UDP,
		.from = message->from,
		.to = message->to,
		.source = vetsim_name_outside(&message->source),
		.destination = vetsim_name_outside(&message->destination),
		.part[0] = { (void *)(uintptr_t)message->data, message->size },
	};
	if (message->kind == SIM_MESSAGE_UNREACHABLE)
		packet.protocol = VET_SIM_ICMP;
	if (message->kind == SIM_MESSAGE_RESET) {
		packet.protocol = VET_SIM_TCP;
		packet.flags = VET_SIM_RST | VET_SIM_ACK;
		packet.acknowledgement = message->acknowledgement;
	}
	vetsim_packet(sim, &packet);
}

static void tell(struct vet_sim *sim, const struct sim_message *message, enum vet_sim_fate fate)
{
	if (sim_watched(sim, VET_SIM_PACKET))
		show(sim, message, fate);
}

/* ---- on its way ---- */

static uint32_t headers_of(const struct sim_message *message)
{
	return sim_ip_is_v4(message->destination.ip) ? HEADERS_4 : HEADERS_6;
}

/* A datagram larger than the link takes goes in pieces, each of which may be lost. */
static uint32_t pieces_of(const struct sim_message *message, const struct sim_link *link)
{
	bool is_v4 = sim_ip_is_v4(message->destination.ip);
	uint32_t mtu = link->set.mtu == 0 ? MTU : link->set.mtu;
	uint32_t header = is_v4 ? HEADERS_4 - 8 : HEADERS_6 - 8 + FRAGMENT_HEADER;
	uint32_t most = (mtu - header) & ~7U; /* fragments are cut at multiples of 8 */
	if (message->size + headers_of(message) <= mtu)
		return 1;
	return (message->size + 8 + most - 1) / most;
}

static bool is_lost(struct vet_sim *sim, const struct sim_message *message,
		    const struct sim_link *link)
{
	for (uint32_t i = pieces_of(message, link); i > 0; i--)
		if (vetsim_link_loses(sim, link))
			return true;
	return false;
}

static void launch(struct vet_sim *sim, struct sim_message *message, int64_t at)
{
	sim_hash(sim, (uint64_t)message->kind << 56 ^ (uint64_t)at);
	if (!vetsim_heap_set(&sim->heap, &message->timer, at)) {
		vetsim_over(sim, VET_SIM_FAILED, "no memory for a timer");
		vetsim_message_free(sim, message);
	}
}

static void launch_again(struct vet_sim *sim, const struct sim_message *message, int64_t at)
{
	struct sim_message *copy = vetsim_message_make(sim, message->size);
	if (copy == NULL)
		return; /* as if the network had not doubled it */
	memcpy((char *)copy + sizeof copy->timer, (const char *)message + sizeof message->timer,
	       sizeof *message - sizeof message->timer + message->size);
	SIM_MARK(sim, DATAGRAM_DOUBLED);
	tell(sim, copy, VET_SIM_DOUBLED);
	launch(sim, copy, at);
}

static void send_over(struct vet_sim *sim, struct sim_message *message, struct sim_link *link)
{
	bool is_datagram = message->kind == SIM_MESSAGE_DATAGRAM;
	int64_t at;
	if (is_datagram ? is_lost(sim, message, link) : link->set.is_down) {
		tell(sim, message, VET_SIM_LOST);
		vetsim_message_free(sim, message);
		return;
	}
	at = vetsim_link_arrival(sim, link, message->size + headers_of(message));
	if (is_datagram &&
	    vetsim_chance(&sim->choices, VET_SIM_LOSS, link->set.reordering, PARTS)) {
		SIM_MARK(sim, DATAGRAM_HELD_BACK); /* later ones overtake it */
		at += link->set.latency + link->set.jitter;
	}
	tell(sim, message, VET_SIM_SENT);
	if (is_datagram && vetsim_chance(&sim->choices, VET_SIM_LOSS, link->set.duplication, PARTS))
		launch_again(sim, message,
			     vetsim_link_arrival(sim, link, message->size + headers_of(message)));
	launch(sim, message, at);
}

/* Nobody answers for the address: whoever sent is told, later. */
static void fail_later(struct vet_sim *sim, struct sim_message *message)
{
	struct sim_name source = message->source;
	if (message->kind != SIM_MESSAGE_DATAGRAM) {
		vetsim_message_free(sim, message);
		return;
	}
	tell(sim, message, VET_SIM_LOST);
	message->kind = SIM_MESSAGE_UNREACHABLE;
	message->protocol = VET_SIM_UDP;
	message->error = EHOSTUNREACH;
	message->source = message->destination;
	message->destination = source;
	message->to = message->from;
	launch(sim, message, sim->now + VET_SECONDS(SIM_NEIGHBOUR_SECONDS));
}

int vetsim_message_send(struct vet_sim *sim, struct sim_message *message)
{
	if (!vetsim_is_reachable(message->from, message->destination.ip)) {
		vetsim_message_free(sim, message);
		return -ENETUNREACH;
	}
	message->to = vetsim_route(message->from, message->destination.ip);
	if (message->is_whole && message->to != message->from &&
	    pieces_of(message, vetsim_link(sim, message->from, message->to)) > 1) {
		vetsim_message_free(sim, message);
		return -EMSGSIZE;
	}
	message->number = ++sim->packets;
	if (message->to == NULL) {
		fail_later(sim, message);
	} else if (message->to == message->from) {
		tell(sim, message, VET_SIM_SENT);
		launch(sim, message, sim->now);
	} else {
		send_over(sim, message, vetsim_link(sim, message->from, message->to));
	}
	return 0;
}

/* ---- it arrives ---- */

static void deliver(struct vet_sim *sim, struct sim_message *message)
{
	switch (message->kind) {
	case SIM_MESSAGE_DATAGRAM:
		vetsim_datagram_arrives(message->to, message);
		return;
	case SIM_MESSAGE_RESET:
		vetsim_stream_reset_arrives(message->to, message);
		break;
	default:
		vetsim_datagram_unreachable(message->to, message);
	}
	vetsim_message_free(sim, message);
}

void vetsim_message_due(struct sim_message *message)
{
	struct vet_sim *sim = message->to->sim;
	bool is_local = message->from == message->to;
	bool is_cut = !is_local && message->error != EHOSTUNREACH &&
		      vetsim_link(sim, message->from, message->to)->set.is_down;
	if (message->to->is_down || is_cut) {
		tell(sim, message, VET_SIM_DROPPED);
		vetsim_message_free(sim, message);
		return;
	}
	if (message->kind != SIM_MESSAGE_DATAGRAM)
		tell(sim, message, VET_SIM_ARRIVED);
	deliver(sim, message);
}
