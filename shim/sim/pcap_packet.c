/* SPDX-License-Identifier: 0BSD */
/* Headers of Ethernet, IPv4 and IPv6, TCP, UDP and ICMP around what a packet carries. */
#include "pcap.h"

#include <string.h>

#include "world.h"

enum {
	IPV4_HEADER = 20,
	IPV6_HEADER = 40,
	FRAGMENT_HEADER = 8, /* of IPv6 */
	TCP_HEADER = 20,
	UDP_HEADER = 8,
	ICMP_HEADER = 8,
	HOPS = 64, /* net.ipv4.ip_default_ttl of Linux */
	ICMPV6 = 58,
	IPV6_FRAGMENT = 44,
	/* Of every window but a SYN's: the least with which the largest window (half of tcp_rmem's
	 * largest buffer) can be told. */
	WINDOW_SHIFT = 9,
};

static void put16(unsigned char *at, uint32_t value)
{
	at[0] = (unsigned char)(value >> 8);
	at[1] = (unsigned char)value;
}

static void put32(unsigned char *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

/* ---- the checksum of the Internet (RFC 1071) ---- */

static uint64_t sum(uint64_t so_far, const unsigned char *bytes, size_t size)
{
	size_t i;
	for (i = 0; i + 1 < size; i += 2)
		so_far += (uint64_t)bytes[i] << 8 | bytes[i + 1];
	return i < size ? so_far + ((uint64_t)bytes[i] << 8) : so_far;
}

static uint16_t fold(uint64_t so_far)
{
	while (so_far >> 16 != 0)
		so_far = (so_far & 0xffff) + (so_far >> 16);
	return (uint16_t)~so_far;
}

/* With the addresses, the protocol and the length in front (RFC 9293 3.1, RFC 8200 8.1). */
static uint16_t transport_sum(const struct vet_ip *source, const struct vet_ip *destination,
			      uint32_t protocol, const unsigned char *bytes, size_t size)
{
	size_t length = source->family == 4 ? 4 : 16;
	uint64_t so_far = protocol + size;
	so_far = sum(so_far, source->bytes, length);
	so_far = sum(so_far, destination->bytes, length);
	return fold(sum(so_far, bytes, size));
}

/* ---- Ethernet ---- */

void vetsim_wire_mac(unsigned char mac[6], uint32_t host)
{
	memset(mac, 0, 6);
	mac[0] = 2;
	put16(mac + 4, host);
}

static uint32_t number_of(const struct vet_sim_host *host)
{
	return host == NULL ? 0 : host->number;
}

/* ---- IPv4 (RFC 791), IPv6 (RFC 8200) ---- */

/* A packet of the network layer, or a part of one. */
struct part {
	uint32_t protocol;
	uint32_t offset, size; /* of what it carries */
	bool is_last;
	bool is_whole;
	uint32_t identification;
};

static size_t put_ipv4(unsigned char *at, const struct vet_sim_packet *packet,
		       const struct part *part)
{
	uint32_t flags = part->is_last ? 0 : 0x2000;
	/* TCP of Linux finds the path's MTU: its packets are not to be fragmented (ip(7)). */
	if (packet->protocol == VET_SIM_TCP && part->is_whole)
		flags = 0x4000;
	memset(at, 0, IPV4_HEADER);
	at[0] = 0x45;
	put16(at + 2, IPV4_HEADER + part->size);
	put16(at + 4, part->identification);
	put16(at + 6, flags | part->offset / 8);
	at[8] = HOPS;
	at[9] = (unsigned char)part->protocol;
	memcpy(at + 12, packet->source.ip.bytes, 4);
	memcpy(at + 16, packet->destination.ip.bytes, 4);
	put16(at + 10, fold(sum(0, at, IPV4_HEADER)));
	return IPV4_HEADER;
}

static size_t put_ipv6(unsigned char *at, const struct vet_sim_packet *packet,
		       const struct part *part)
{
	uint32_t extra = part->is_whole ? 0 : FRAGMENT_HEADER;
	memset(at, 0, IPV6_HEADER + FRAGMENT_HEADER);
	at[0] = 0x60;
	put16(at + 4, extra + part->size);
	at[6] = part->is_whole ? (unsigned char)part->protocol : IPV6_FRAGMENT;
	at[7] = HOPS;
	memcpy(at + 8, packet->source.ip.bytes, 16);
	memcpy(at + 24, packet->destination.ip.bytes, 16);
	if (part->is_whole)
		return IPV6_HEADER;
	at[40] = (unsigned char)part->protocol;
	put16(at + 42, part->offset | (part->is_last ? 0 : 1));
	put32(at + 44, part->identification);
	return IPV6_HEADER + FRAGMENT_HEADER;
}

/* ---- what ICMP messages quote ---- */

static struct sim_quote *quote_of(struct sim_wire *wire, const struct vet_address *source,
				  const struct vet_address *destination)
{
	uint64_t hash = vet_address_hash(destination, vet_address_hash(source, 0));
	return &wire->quote[hash % SIM_QUOTES];
}

/* As whoever has put its fragments together again sees it. */
static void remember(struct sim_wire *wire, const struct vet_sim_packet *packet, struct part whole,
		     size_t size)
{
	struct sim_quote *quote = quote_of(wire, &packet->source, &packet->destination);
	bool is_v4 = packet->source.ip.family == 4;
	size_t header;
	whole.size = (uint32_t)size;
	whole.is_whole = whole.is_last = true;
	quote->source = packet->source;
	quote->destination = packet->destination;
	header = is_v4 ? put_ipv4(quote->bytes, packet, &whole)
		       : put_ipv6(quote->bytes, packet, &whole);
	if (size > SIM_QUOTED_MOST - header)
		size = SIM_QUOTED_MOST - header;
	memcpy(quote->bytes + header, wire->transport, size);
	quote->size = (uint32_t)(header + size);
}

/* ---- one frame, or a few ---- */

static void emit_part(struct sim_wire *wire, const struct vet_sim_packet *packet,
		      const struct part *part)
{
	bool is_v4 = packet->source.ip.family == 4;
	unsigned char *at = wire->frame;
	size_t size = SIM_ETHERNET;
	vetsim_wire_mac(at, number_of(packet->to));
	vetsim_wire_mac(at + 6, number_of(packet->from));
	put16(at + 12, is_v4 ? 0x0800 : 0x86dd);
	size += is_v4 ? put_ipv4(at + size, packet, part) : put_ipv6(at + size, packet, part);
	memcpy(at + size, wire->transport + part->offset, part->size);
	size += part->size;
	wire->emit(wire->context, wire->frame, size);
}

/* Every fragment but the last carries a multiple of 8 bytes (RFC 791 3.2, RFC 8200 4.5). */
static void emit(struct sim_wire *wire, const struct vet_sim_packet *packet, uint32_t protocol,
		 size_t size, uint32_t mtu)
{
	bool is_v4 = packet->source.ip.family == 4;
	uint32_t header = is_v4 ? IPV4_HEADER : IPV6_HEADER;
	uint32_t most = mtu - header;
	struct part part = {
		.protocol = protocol,
		.is_whole = size <= most,
		.identification = ++wire->identification,
	};
	if (packet->protocol != VET_SIM_ICMP)
		remember(wire, packet, part, size);
	if (!part.is_whole)
		most = (most - (is_v4 ? 0 : FRAGMENT_HEADER)) / 8 * 8;
	do {
		part.size =
			(uint32_t)size - part.offset < most ? (uint32_t)size - part.offset : most;
		part.is_last = part.offset + part.size == size;
		emit_part(wire, packet, &part);
		part.offset += part.size;
	} while (part.offset < size);
}

/* ---- what is carried ---- */

static size_t size_of(const struct vet_sim_packet *packet)
{
	return packet->part[0].iov_len + packet->part[1].iov_len;
}

/* `size` bytes of it, from `offset` on. */
static void copy(const struct vet_sim_packet *packet, size_t offset, size_t size, unsigned char *to)
{
	for (int i = 0; i < 2; i++) {
		size_t length = packet->part[i].iov_len;
		size_t here = offset < length ? length - offset : 0;
		if (here > size)
			here = size;
		if (here > 0)
			memcpy(to, (const unsigned char *)packet->part[i].iov_base + offset, here);
		to += here;
		size -= here;
		offset = offset > length ? offset - length : 0;
	}
}

/* ---- TCP (RFC 9293; window scale: RFC 7323) ---- */

/* The largest segment that fits (RFC 9293 3.7.1), and how windows are to be read. */
static size_t put_syn_options(unsigned char *at, uint32_t mss)
{
	at[0] = 2;
	at[1] = 4;
	put16(at + 2, mss);
	at[4] = 1;
	at[5] = 3;
	at[6] = 3;
	at[7] = WINDOW_SHIFT;
	return 8;
}

/* Rounded up, as Linux does it too: no open window is told as closed. */
static uint32_t window_of(const struct vet_sim_packet *packet)
{
	uint32_t window = packet->window;
	if (packet->flags & VET_SIM_SYN) {
		/* Before it has heard of the other the simulator knows none. */
		if (window == 0 && !(packet->flags & VET_SIM_ACK))
			return 65535;
	} else {
		window = window / (1U << WINDOW_SHIFT) + (window % (1U << WINDOW_SHIFT) != 0);
	}
	return window < 65535 ? window : 65535;
}

static void emit_segment(struct sim_wire *wire, const struct vet_sim_packet *packet,
			 uint32_t offset, uint32_t size, uint32_t mtu)
{
	unsigned char *at = wire->transport;
	uint32_t mss =
		mtu - TCP_HEADER - (packet->source.ip.family == 4 ? IPV4_HEADER : IPV6_HEADER);
	bool is_last = offset + size == size_of(packet);
	size_t header = TCP_HEADER;
	memset(at, 0, TCP_HEADER);
	put16(at, packet->source.port);
	put16(at + 2, packet->destination.port);
	put32(at + 4, packet->sequence + offset);
	put32(at + 8, packet->flags & VET_SIM_ACK ? packet->acknowledgement : 0);
	at[13] =
		(unsigned char)(packet->flags &
				(is_last ? 0x1fU : ~(uint32_t)(VET_SIM_FIN | VET_SIM_PSH) & 0x1fU));
	put16(at + 14, window_of(packet));
	if (packet->flags & VET_SIM_SYN)
		header += put_syn_options(at + header, mss < 65535 ? mss : 65535);
	at[12] = (unsigned char)(header / 4 << 4);
	copy(packet, offset, size, at + header);
	put16(at + 16, transport_sum(&packet->source.ip, &packet->destination.ip, VET_SIM_TCP, at,
				     header + size));
	emit(wire, packet, VET_SIM_TCP, header + size, mtu);
}

static void emit_tcp(struct sim_wire *wire, const struct vet_sim_packet *packet, uint32_t mtu)
{
	uint32_t header = packet->source.ip.family == 4 ? IPV4_HEADER : IPV6_HEADER;
	uint32_t most = (mtu < SIM_IP_MOST ? mtu : SIM_IP_MOST) - header - TCP_HEADER;
	uint32_t size = (uint32_t)size_of(packet), offset = 0;
	do {
		uint32_t here = size - offset < most ? size - offset : most;
		emit_segment(wire, packet, offset, here, mtu);
		offset += here;
	} while (offset < size);
}

/* ---- UDP (RFC 768), ICMP (RFC 792, RFC 4443), anything ---- */

/* A sum of 0 is sent as 65,535: 0 says that there is none. */
static size_t put_udp(unsigned char *at, const struct vet_ip *source,
		      const struct vet_ip *destination, uint32_t from_port, uint32_t to_port,
		      size_t size)
{
	uint16_t check;
	put16(at, from_port);
	put16(at + 2, to_port);
	put16(at + 4, (uint32_t)(UDP_HEADER + size));
	put16(at + 6, 0);
	check = transport_sum(source, destination, VET_SIM_UDP, at, UDP_HEADER + size);
	put16(at + 6, check == 0 ? 0xffff : check);
	return UDP_HEADER + size;
}

/* The packet that was not delivered, which went the other way; if it was too long ago, an empty
 * datagram that could have been it. */
static size_t put_quoted(struct sim_wire *wire, const struct vet_sim_packet *packet,
			 unsigned char *at)
{
	const struct sim_quote *quote = quote_of(wire, &packet->destination, &packet->source);
	struct vet_sim_packet gone = { .protocol = VET_SIM_UDP };
	struct part part = {
		.protocol = VET_SIM_UDP, .size = UDP_HEADER, .is_last = true, .is_whole = true
	};
	size_t size;
	if (quote->size > 0 && vet_address_equal(&quote->source, &packet->destination) &&
	    vet_address_equal(&quote->destination, &packet->source)) {
		memcpy(at, quote->bytes, quote->size);
		return quote->size;
	}
	gone.source = packet->destination;
	gone.destination = packet->source;
	size = gone.source.ip.family == 4 ? put_ipv4(at, &gone, &part) : put_ipv6(at, &gone, &part);
	return size + put_udp(at + size, &gone.source.ip, &gone.destination.ip, gone.source.port,
			      gone.destination.port, 0);
}

static void emit_unreachable(struct sim_wire *wire, const struct vet_sim_packet *packet,
			     uint32_t mtu)
{
	bool is_v4 = packet->source.ip.family == 4;
	unsigned char *at = wire->transport;
	size_t size = ICMP_HEADER;
	memset(at, 0, ICMP_HEADER);
	at[0] = is_v4 ? 3 : 1;
	at[1] = is_v4 ? 3 : 4; /* port unreachable */
	size += put_quoted(wire, packet, at + size);
	put16(at + 2,
	      is_v4 ? fold(sum(0, at, size))
		    : transport_sum(&packet->source.ip, &packet->destination.ip, ICMPV6, at, size));
	emit(wire, packet, is_v4 ? (uint32_t)VET_SIM_ICMP : ICMPV6, size, mtu);
}

static void emit_udp(struct sim_wire *wire, const struct vet_sim_packet *packet, uint32_t mtu)
{
	size_t size = size_of(packet);
	copy(packet, 0, size, wire->transport + UDP_HEADER);
	size = put_udp(wire->transport, &packet->source.ip, &packet->destination.ip,
		       packet->source.port, packet->destination.port, size);
	emit(wire, packet, VET_SIM_UDP, size, mtu);
}

static void emit_raw(struct sim_wire *wire, const struct vet_sim_packet *packet, uint32_t mtu)
{
	copy(packet, 0, size_of(packet), wire->transport);
	emit(wire, packet, packet->protocol, size_of(packet), mtu);
}

void vetsim_wire_packet(struct sim_wire *wire, const struct vet_sim_packet *packet, uint32_t mtu)
{
	uint8_t family = packet->source.ip.family;
	uint32_t header = family == 4 ? IPV4_HEADER : 0;
	if ((family != 4 && family != 6) || packet->destination.ip.family != family)
		return;
	if (packet->protocol == VET_SIM_TCP)
		emit_tcp(wire, packet, mtu);
	else if (size_of(packet) > SIM_IP_MOST - header - UDP_HEADER)
		return;
	else if (packet->protocol == VET_SIM_UDP)
		emit_udp(wire, packet, mtu);
	else if (packet->protocol == VET_SIM_ICMP)
		emit_unreachable(wire, packet, mtu);
	else
		emit_raw(wire, packet, mtu);
}
