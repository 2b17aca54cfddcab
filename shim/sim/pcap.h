/* SPDX-License-Identifier: 0BSD */
/* Packets of the simulator as they would be on an Ethernet. */
#ifndef VETSOCK_SIM_PCAP_H
#define VETSOCK_SIM_PCAP_H

#include <vetsock/sim.h>

enum {
	SIM_ETHERNET = 14,
	SIM_IP_MOST = 65535, /* the length in IPv4's header; in IPv6's, of what follows it */
	SIM_FRAME_MOST = SIM_ETHERNET + 40 + SIM_IP_MOST,
	SIM_QUOTED_MOST = 128, /* of a packet, in an ICMP message about it */
	SIM_QUOTES = 256,
	SIM_MTU = 1500,
	SIM_MTU_LOOPBACK = 65536, /* of Linux's lo */
};

/* The beginning of a packet that was sent lately: what an ICMP message about it quotes. */
struct sim_quote {
	struct vet_address source, destination;
	uint32_t size;
	unsigned char bytes[SIM_QUOTED_MOST];
};

/* Makes frames of packets. */
struct sim_wire {
	void (*emit)(void *context, const unsigned char *frame, size_t size);
	void *context;
	uint32_t identification; /* of the next packet of the network layer */
	struct sim_quote quote[SIM_QUOTES];
	unsigned char frame[SIM_FRAME_MOST];
	unsigned char transport[SIM_IP_MOST]; /* with its header */
};

/* Each frame of a packet, in its order, is given to `emit`; none if it has no addresses of one
 * family, or is larger than any packet. */
void vetsim_wire_packet(struct sim_wire *wire, const struct vet_sim_packet *packet, uint32_t mtu);

/* Locally administered (IEEE 802: the second bit), with the host's number; 0: nobody. */
void vetsim_wire_mac(unsigned char mac[6], uint32_t host);

#endif
