/* SPDX-License-Identifier: 0BSD */
/* A run as pcapng: draft-ietf-opsawg-pcapng, whose names of blocks and options these are. */
#include <vetsock/capture.h>

#include <stdlib.h>
#include <string.h>

#include "pcap.h"
#include "utf8.h"
#include "world.h"

enum {
	SECTION_HEADER = 0x0a0d0d0a,
	INTERFACE_DESCRIPTION = 1,
	INTERFACE_STATISTICS = 5,
	ENHANCED_PACKET = 6,
	BYTE_ORDER_MAGIC = 0x1a2b3c4d,
	LINKTYPE_ETHERNET = 1,

	END_OF_OPTIONS = 0,
	COMMENT = 1,
	IF_NAME = 2,
	IF_MAC = 6,
	IF_RESOLUTION = 9,
	SHB_PROGRAM = 4,
	EPB_FLAGS = 2,

	INBOUND = 1,
	OUTBOUND = 2,

	COMMENT_MOST = 1024,
	COMMENTS_MOST = 4096, /* of one packet */
	BLOCK_MOST = SIM_FRAME_MOST + 2 * COMMENTS_MOST,
	BUCKETS = 1024,
};

/* 2000-01-01 00:00:00 UTC, in nanoseconds. */
#define EPOCH (UINT64_C(946684800) * 1000000000)

/* What a packet carries, until it arrives. */
struct held {
	struct held *next;
	uint64_t number;
	uint32_t copies; /* under way */
	size_t size;
	unsigned char bytes[];
};

/* Of a block, or of its end. */
struct piece {
	size_t size;
	unsigned char bytes[COMMENTS_MOST];
};

struct vet_sim_capture {
	struct vet_sim_observer observer;
	struct vet_sim_capture_options options;
	vet_sim_write write;
	void *write_context;
	int error;
	uint64_t count;
	int64_t time;       /* of what is written */
	uint32_t interface; /* that it is at */
	uint32_t interfaces;
	uint16_t interface_of[VET_SIM_HOSTS + 1]; /* of a host, from 1; 0: none yet */
	const char *fate;                         /* NULL, or a comment */
	struct piece comments;                    /* of the next packet: options */
	struct held *held[BUCKETS];
	size_t size;
	unsigned char block[BLOCK_MOST];
	struct sim_wire wire;
};

/* ---- blocks: numbers are little-endian, and everything begins at a multiple of 4 ---- */

static void store(unsigned char *at, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		at[i] = (unsigned char)(value >> 8 * i);
}

static void add(struct vet_sim_capture *capture, uint64_t value, size_t size)
{
	store(capture->block + capture->size, value, size);
	capture->size += size;
}

static void add_bytes(struct vet_sim_capture *capture, const void *bytes, size_t size)
{
	if (size > 0)
		memcpy(capture->block + capture->size, bytes, size);
	capture->size += size;
	while (capture->size % 4 != 0)
		capture->block[capture->size++] = 0;
}

static void add_option(struct vet_sim_capture *capture, uint32_t code, const void *bytes,
		       size_t size)
{
	add(capture, code, 2);
	add(capture, size, 2);
	add_bytes(capture, bytes, size);
}

static void begin_block(struct vet_sim_capture *capture, uint32_t type)
{
	capture->size = 0;
	add(capture, type, 4);
	add(capture, 0, 4); /* its length, at the end */
}

static void end_block(struct vet_sim_capture *capture)
{
	add(capture, END_OF_OPTIONS, 4);
	add(capture, capture->size + 4, 4);
	store(capture->block + 4, capture->size, 4);
	if (capture->error == 0)
		capture->error =
			capture->write(capture->write_context, capture->block, capture->size);
}

/* ---- texts ---- */

/* As UTF-8 without control characters, cut to `room`: its size. */
static size_t clean(const char *text, char *to, size_t room)
{
	size_t size = 0, length;
	for (; *text != '\0'; text += length) {
		uint32_t character = sim_utf8_next(text, &length);
		bool is_one =
			character >= ' ' && character != 0x7f && character != SIM_NOT_A_CHARACTER;
		if (size + length > room)
			break;
		memcpy(to + size, is_one ? text : "?", is_one ? length : 1);
		size += is_one ? length : 1;
	}
	return size;
}

/* A comment of the next packet, of so many parts (NULL: the last was before); what is too much
 * is left out. */
static void comment(struct vet_sim_capture *capture, const char *const parts[4])
{
	struct piece *comments = &capture->comments;
	char text[COMMENT_MOST];
	size_t size = 0, padded;
	for (int i = 0; i < 4 && parts[i] != NULL; i++)
		size += clean(parts[i], text + size, sizeof text - size);
	padded = (size + 3) / 4 * 4;
	if (capture->options.plain || comments->size + 4 + padded > COMMENTS_MOST)
		return;
	store(comments->bytes + comments->size, COMMENT, 2);
	store(comments->bytes + comments->size + 2, size, 2);
	memset(comments->bytes + comments->size + 4, 0, padded);
	memcpy(comments->bytes + comments->size + 4, text, size);
	comments->size += 4 + padded;
}

/* ---- the file ---- */

static void put_section(struct vet_sim_capture *capture, const char *title)
{
	static const char clock[] = "virtual time 0 is 2000-01-01 00:00:00 UTC";
	char text[COMMENT_MOST];
	size_t size = clean("vetsock sim", text, sizeof text);
	begin_block(capture, SECTION_HEADER);
	add(capture, BYTE_ORDER_MAGIC, 4);
	add(capture, 1, 2); /* the format's version: 1.0 */
	add(capture, 0, 2);
	add(capture, UINT64_MAX, 8); /* how long it will be is not known */
	add_option(capture, SHB_PROGRAM, text, size);
	add_option(capture, COMMENT, clock, sizeof clock - 1);
	if (title != NULL) {
		size = clean(title, text, sizeof text);
		add_option(capture, COMMENT, text, size);
	}
	end_block(capture);
}

/* Interfaces are numbered as they are described: each when its first packet comes. */
static uint32_t interface_of(struct vet_sim_capture *capture, const struct vet_sim_host *host)
{
	static const unsigned char nanoseconds = 9;
	unsigned char mac[6];
	char name[SIM_NAME];
	uint16_t *interface = &capture->interface_of[host->number];
	if (*interface != 0)
		return *interface - 1U;
	*interface = (uint16_t)++capture->interfaces;
	vetsim_wire_mac(mac, host->number);
	begin_block(capture, INTERFACE_DESCRIPTION);
	add(capture, LINKTYPE_ETHERNET, 2);
	add(capture, 0, 2);
	add(capture, 0, 4); /* packets are whole, whatever their size */
	add_option(capture, IF_NAME, name, clean(host->name, name, sizeof name));
	add_option(capture, IF_MAC, mac, sizeof mac);
	add_option(capture, IF_RESOLUTION, &nanoseconds, 1);
	end_block(capture);
	return *interface - 1U;
}

static void put_frame(void *context, const unsigned char *frame, size_t size)
{
	struct vet_sim_capture *capture = context;
	uint64_t time = EPOCH + (uint64_t)capture->time;
	unsigned char flags[4];
	store(flags, capture->options.vantage == VET_SIM_AT_SENDER ? OUTBOUND : INBOUND, 4);
	if (capture->fate != NULL)
		comment(capture, (const char *[4]){ capture->fate });
	begin_block(capture, ENHANCED_PACKET);
	add(capture, capture->interface, 4);
	add(capture, time >> 32, 4);
	add(capture, time & UINT32_MAX, 4);
	add(capture, size, 4);
	add(capture, size, 4);
	add_bytes(capture, frame, size);
	add_option(capture, EPB_FLAGS, flags, 4);
	add_bytes(capture, capture->comments.bytes, capture->comments.size);
	end_block(capture);
	capture->comments.size = 0;
	capture->count++;
}

static void put_packet(struct vet_sim_capture *capture, const struct vet_sim_packet *packet,
		       const struct vet_sim_host *at, const char *fate)
{
	uint32_t mtu = SIM_MTU_LOOPBACK;
	if (packet->from != packet->to) {
		mtu = vetsim_link(at->sim, packet->from, packet->to)->set.mtu;
		mtu = mtu == 0 ? SIM_MTU : mtu;
	}
	capture->interface = interface_of(capture, at);
	capture->fate = fate;
	vetsim_wire_packet(&capture->wire, packet, mtu);
}

/* ---- at the receiver: what is under way is held ---- */

static struct held **find(struct vet_sim_capture *capture, uint64_t number)
{
	struct held **at = &capture->held[number % BUCKETS];
	while (*at != NULL && (*at)->number != number)
		at = &(*at)->next;
	return at;
}

static void drop(struct held **at)
{
	struct held *held = *at;
	*at = held->next;
	free(held);
}

static void hold(struct vet_sim_capture *capture, const struct vet_sim_packet *packet)
{
	size_t first = packet->part[0].iov_len, second = packet->part[1].iov_len;
	struct held **at = find(capture, packet->number);
	struct held *held;
	if (*at != NULL && packet->fate == VET_SIM_DOUBLED) {
		(*at)->copies++;
		return;
	}
	if (*at != NULL)
		drop(at);
	held = malloc(sizeof *held + first + second);
	if (held == NULL) {
		capture->error = capture->error == 0 ? -ENOMEM : capture->error;
		return;
	}
	*held = (struct held){
		.next = *at, .number = packet->number, .copies = 1, .size = first + second
	};
	if (first > 0)
		memcpy(held->bytes, packet->part[0].iov_base, first);
	if (second > 0)
		memcpy(held->bytes + first, packet->part[1].iov_base, second);
	*at = held;
}

static void arrive(struct vet_sim_capture *capture, const struct vet_sim_packet *packet)
{
	struct held **at = find(capture, packet->number);
	struct vet_sim_packet whole = *packet;
	if (packet->to == NULL)
		return;
	if (*at != NULL)
		whole.part[0] = (struct iovec){ (*at)->bytes, (*at)->size };
	if (*at != NULL)
		whole.part[1] = (struct iovec){ NULL, 0 };
	put_packet(capture, &whole, packet->to,
		   packet->fate == VET_SIM_DROPPED ? "dropped where it arrived" : NULL);
	if (*at != NULL && --(*at)->copies == 0)
		drop(at);
}

/* ---- events ---- */

static void take_packet(struct vet_sim_capture *capture, const struct vet_sim_packet *packet)
{
	static const char *const fates[] = {
		[VET_SIM_SENT] = NULL,
		[VET_SIM_LOST] = "lost by the network",
		[VET_SIM_DOUBLED] = "doubled by the network",
	};
	bool is_sent = packet->fate < VET_SIM_ARRIVED;
	/* What a host that does not exist would have said was never on a wire. */
	if (packet->from == NULL)
		return;
	if (capture->options.vantage == VET_SIM_AT_SENDER && is_sent)
		put_packet(capture, packet, packet->from, fates[packet->fate]);
	if (capture->options.vantage == VET_SIM_AT_SENDER)
		return;
	if (!is_sent)
		arrive(capture, packet);
	else if (packet->fate != VET_SIM_LOST)
		hold(capture, packet);
}

static const char *name_of(const struct vet_sim_host *host)
{
	return host == NULL ? "any host" : host->name;
}

/* What befalls others than packets, as a comment. */
static void take_other(struct vet_sim_capture *capture, const struct vet_sim_event *event)
{
	const char *host = name_of(event->host);
	const char *name = event->name == NULL ? "" : event->name;
	switch (event->kind) {
	case VET_SIM_HOST_CRASHES:
		comment(capture, (const char *[4]){ host, " crashes" });
		break;
	case VET_SIM_HOST_RESTARTS:
		comment(capture, (const char *[4]){ host, " is up again" });
		break;
	case VET_SIM_CLOCK_JUMPS:
		comment(capture, (const char *[4]){ "the clock of ", host, " jumps" });
		break;
	case VET_SIM_LINK_CHANGES:
		comment(capture, (const char *[4]){ "the link changes from ", host, " to ",
						    name_of(event->other) });
		break;
	case VET_SIM_MARK:
		comment(capture, (const char *[4]){ "reached: ", name });
		break;
	case VET_SIM_FAILURE:
		comment(capture, (const char *[4]){ "failed: ", name });
		break;
	default:
		break;
	}
}

static void take(void *context, const struct vet_sim_event *event)
{
	struct vet_sim_capture *capture = context;
	const struct vet_sim_observer *next = capture->options.next;
	capture->time = event->time;
	if (event->kind == VET_SIM_PACKET)
		take_packet(capture, event->packet);
	else
		take_other(capture, event);
	if (next != NULL && (next->wants == 0 || (next->wants & 1U << event->kind) != 0))
		next->event(next->context, event);
}

/* ---- its life ---- */

static void release(struct vet_sim_capture *capture)
{
	for (size_t i = 0; i < BUCKETS; i++)
		while (capture->held[i] != NULL)
			drop(&capture->held[i]);
	free(capture);
}

/* What it looks at, and what the next one does. */
static uint32_t wants_of(const struct vet_sim_capture_options *options)
{
	uint32_t wants = 1U << VET_SIM_PACKET;
	if (!options->plain)
		wants |= 1U << VET_SIM_HOST_CRASHES | 1U << VET_SIM_HOST_RESTARTS |
			 1U << VET_SIM_LINK_CHANGES | 1U << VET_SIM_CLOCK_JUMPS |
			 1U << VET_SIM_MARK | 1U << VET_SIM_FAILURE;
	if (options->next == NULL)
		return wants;
	return options->next->wants == 0 ? 0 : wants | options->next->wants;
}

int vet_sim_capture_make(struct vet_sim_capture **made, vet_sim_write write, void *context,
			 const struct vet_sim_capture_options *options)
{
	struct vet_sim_capture *capture = calloc(1, sizeof *capture);
	int error;
	*made = NULL;
	if (capture == NULL)
		return -ENOMEM;
	if (options != NULL)
		capture->options = *options;
	capture->write = write;
	capture->write_context = context;
	capture->observer = (struct vet_sim_observer){
		.event = take,
		.context = capture,
		.wants = wants_of(&capture->options),
	};
	capture->wire.emit = put_frame;
	capture->wire.context = capture;
	put_section(capture, capture->options.title);
	capture->options.title = NULL;
	error = capture->error;
	if (error == 0)
		*made = capture;
	else
		release(capture);
	return error;
}

const struct vet_sim_observer *vet_sim_capture_observer(struct vet_sim_capture *capture)
{
	return &capture->observer;
}

uint64_t vet_sim_capture_count(const struct vet_sim_capture *capture)
{
	return capture->count;
}

/* What came after the last packet (why the run failed, above all) is said of the first
 * interface. */
static void put_rest(struct vet_sim_capture *capture)
{
	uint64_t time = EPOCH + (uint64_t)capture->time;
	begin_block(capture, INTERFACE_STATISTICS);
	add(capture, 0, 4);
	add(capture, time >> 32, 4);
	add(capture, time & UINT32_MAX, 4);
	add_bytes(capture, capture->comments.bytes, capture->comments.size);
	end_block(capture);
}

int vet_sim_capture_finish(struct vet_sim_capture *capture)
{
	int error;
	if (capture == NULL)
		return 0;
	if (capture->comments.size > 0 && capture->interfaces > 0)
		put_rest(capture);
	error = capture->error;
	release(capture);
	return error;
}
