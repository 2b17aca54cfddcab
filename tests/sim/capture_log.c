/* SPDX-License-Identifier: 0BSD */
#include "capture_log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <vetsock/layer.h>

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static int write_to(void *context, const void *bytes, size_t size)
{
	return fwrite(bytes, 1, size, context) == size ? 0 : -EIO;
}

static int forget(void *context, const void *bytes, size_t size)
{
	(void)context;
	(void)bytes;
	(void)size;
	return 0;
}

/* ---- lines: JSON, with texts and bytes in hexadecimal ---- */

static void put_hex(FILE *out, const char *key, const void *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *at = bytes;
	fprintf(out, ",\"%s\":\"", key);
	for (size_t i = 0; i < size; i++) {
		putc(digits[at[i] >> 4], out);
		putc(digits[at[i] & 15], out);
	}
	putc('"', out);
}

static void put_text(FILE *out, const char *key, const char *text)
{
	if (text != NULL)
		put_hex(out, key, text, strlen(text));
}

static void put_host(FILE *out, const char *key, const struct vet_sim_host *host)
{
	if (host != NULL)
		put_text(out, key, vet_sim_host_name(host));
}

static void put_address(FILE *out, const char *key, const struct vet_address *address)
{
	char text[VET_IP_TEXT_SIZE];
	must(vet_ip_format(&address->ip, text, sizeof text) > 0, "an address");
	fprintf(out, ",\"%s\":[\"%s\",%" PRIu32 "]", key, text, address->port);
}

static void put_bytes(FILE *out, const struct vet_sim_packet *packet)
{
	size_t first = packet->part[0].iov_len, second = packet->part[1].iov_len;
	unsigned char *bytes = malloc(first + second + 1);
	must(bytes != NULL, "memory");
	if (first > 0)
		memcpy(bytes, packet->part[0].iov_base, first);
	if (second > 0)
		memcpy(bytes + first, packet->part[1].iov_base, second);
	put_hex(out, "bytes", bytes, first + second);
	free(bytes);
}

static void put_packet(FILE *out, const struct vet_sim_packet *packet)
{
	static const char *const fates[] = { "sent", "lost", "doubled", "arrived", "dropped" };
	fprintf(out,
		",\"fate\":\"%s\",\"number\":%" PRIu64 ",\"protocol\":%d,\"flags\":%" PRIu32
		",\"sequence\":%" PRIu32 ",\"acknowledgement\":%" PRIu32 ",\"window\":%" PRIu32
		",\"attempt\":%" PRIu32 ",\"keepalive\":%d,\"size\":%zu",
		fates[packet->fate], packet->number, (int)packet->protocol, packet->flags,
		packet->sequence, packet->acknowledgement, packet->window, packet->attempt,
		(int)packet->is_keepalive, packet->part[0].iov_len + packet->part[1].iov_len);
	put_host(out, "from", packet->from);
	put_host(out, "to", packet->to);
	put_address(out, "source", &packet->source);
	put_address(out, "destination", &packet->destination);
}

static void put_event(void *context, const struct vet_sim_event *event)
{
	static const char *const kinds[] = { "packet",  "call", "begins",  "waits",
					     "goes on", "ends", "crashes", "restarts",
					     "link",    "jump", "mark",    "failure" };
	struct recording *recording = context;
	FILE *out = recording->lines;
	uint64_t frames = vet_sim_capture_count(recording->capture);
	fprintf(out,
		"{\"kind\":\"%s\",\"time\":%" PRId64 ",\"step\":%" PRIu64 ",\"actor\":%" PRIu32
		",\"frames\":%" PRIu64,
		kinds[event->kind], event->time, event->step, event->actor,
		frames - recording->frames);
	recording->frames = frames;
	put_text(out, "actor_name", event->actor_name);
	put_host(out, "host", event->host);
	put_host(out, "other", event->other);
	put_text(out, "name", event->name);
	if (event->kind == VET_SIM_PACKET)
		put_packet(out, event->packet);
	if (event->kind == VET_SIM_PACKET && !recording->is_large)
		put_bytes(out, event->packet);
	if (event->kind == VET_SIM_CALL)
		fprintf(out, ",\"entry\":\"%s\",\"fd\":%d,\"result\":%" PRId64,
			vet_entry_name(event->call->entry), event->call->fd, event->result);
	fputs("}\n", out);
}

/* ---- files ---- */

static FILE *file(const struct recorded *recorded, const char *suffix)
{
	char path[1024];
	FILE *opened;
	(void)snprintf(path, sizeof path, "%s/%s.%s", recorded->directory, recorded->name, suffix);
	opened = fopen(path, "wb");
	must(opened != NULL, path);
	return opened;
}

void recording_begin(struct recording *recording, const struct recorded *recorded)
{
	struct vet_sim_capture_options of_capture = {
		.vantage = recorded->vantage,
		.title = recorded->title,
		.next = &recording->log,
	};
	struct vet_sim_timeline_options of_timeline = {
		.title = recorded->title,
		.events = recorded->events,
		.calls = true,
		.sim = recorded->sim,
	};
	memset(recording, 0, sizeof *recording);
	recording->is_large = recorded->is_large;
	recording->packets = file(recorded, "pcapng");
	recording->page = file(recorded, "html");
	recording->lines = file(recorded, "jsonl");
	recording->log = (struct vet_sim_observer){ .event = put_event, .context = recording };
	must(vet_sim_capture_make(&recording->capture, recorded->is_large ? forget : write_to,
				  recording->packets, &of_capture) == 0,
	     "a capture");
	of_timeline.next = vet_sim_capture_observer(recording->capture);
	must(vet_sim_timeline_make(&recording->timeline, &of_timeline) == 0, "a time line");
	recording->observer = vet_sim_timeline_observer(recording->timeline);
}

void recording_end(struct recording *recording)
{
	must(vet_sim_timeline_write(recording->timeline, write_to, recording->page) == 0,
	     "writing the page");
	must(vet_sim_capture_finish(recording->capture) == 0, "writing packets");
	vet_sim_timeline_free(recording->timeline);
	must(fclose(recording->packets) == 0 && fclose(recording->page) == 0 &&
		     fclose(recording->lines) == 0,
	     "writing files");
}
