/* SPDX-License-Identifier: 0BSD */
/* The time line of a run, while it runs: the last events, in a ring. */
#include "timeline.h"

#include <stdlib.h>

#include <vetsock/error.h>

enum { ROOM = 256 };

static void fail(struct vet_sim_timeline *timeline)
{
	if (timeline->error == 0)
		timeline->error = -ENOMEM;
}

/* ---- what is there ---- */

static uint32_t intern(struct vet_sim_timeline *timeline, struct sim_intern *in, const void *bytes,
		       size_t size)
{
	uint32_t number = vetsim_intern(in, bytes, size);
	if (number == SIM_INTERN_NONE)
		fail(timeline);
	return number;
}

static uint32_t text(struct vet_sim_timeline *timeline, const char *words)
{
	return intern(timeline, &timeline->texts, words == NULL ? "" : words,
		      words == NULL ? 1 : strlen(words) + 1);
}

static uint16_t host_of(struct vet_sim_timeline *timeline, const struct vet_sim_host *host)
{
	if (host == NULL)
		return 0;
	timeline->sim = host->sim;
	if (timeline->host[host->number].name[0] == '\0')
		memcpy(timeline->host[host->number].name, host->name, SIM_NAME);
	return (uint16_t)host->number;
}

static uint32_t ip_of(struct vet_sim_timeline *timeline, const struct vet_ip *ip)
{
	unsigned char bytes[17];
	bytes[0] = ip->family;
	memcpy(bytes + 1, ip->bytes, 16);
	return intern(timeline, &timeline->ips, bytes, sizeof bytes);
}

static unsigned char *store(unsigned char *at, uint32_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		at[i] = (unsigned char)(value >> 8 * i);
	return at + size;
}

static uint32_t flow_of(struct vet_sim_timeline *timeline, const struct vet_sim_packet *packet)
{
	unsigned char bytes[SIM_FLOW_BYTES], *at = bytes;
	uint32_t source = ip_of(timeline, &packet->source.ip);
	uint32_t destination = ip_of(timeline, &packet->destination.ip);
	at = store(at, host_of(timeline, packet->from), 2);
	at = store(at, host_of(timeline, packet->to), 2);
	at = store(at, packet->protocol, 1);
	at = store(at, source, 4);
	at = store(at, packet->source.port, 2);
	at = store(at, destination, 4);
	at = store(at, packet->destination.port, 2);
	return intern(timeline, &timeline->flows, bytes, (size_t)(at - bytes));
}

/* ---- actors: their numbers are used again, their names too ---- */

static bool know_actor(struct vet_sim_timeline *timeline, uint32_t index,
		       const struct sim_line_actor *known)
{
	uint32_t room = timeline->actor_room == 0 ? ROOM : timeline->actor_room * 2;
	struct sim_line_actor *actor;
	if (index >= timeline->actor_room) {
		actor = realloc(timeline->actor, room * sizeof *actor);
		if (actor == NULL)
			return false;
		timeline->actor = actor;
		timeline->actor_room = room;
	}
	timeline->actor[index] = *known;
	return true;
}

static bool has_current(struct vet_sim_timeline *timeline, uint32_t number)
{
	uint32_t room = timeline->current_room == 0 ? ROOM : timeline->current_room;
	uint32_t *current;
	if (number < timeline->current_room)
		return true;
	while (room <= number)
		room *= 2;
	current = realloc(timeline->current, room * sizeof *current);
	if (current == NULL)
		return false;
	for (uint32_t i = timeline->current_room; i < room; i++)
		current[i] = SIM_INTERN_NONE;
	timeline->current = current;
	timeline->current_room = room;
	return true;
}

static uint32_t number_actor(struct vet_sim_timeline *timeline, const struct sim_line_actor *known)
{
	unsigned char bytes[10], *at = bytes;
	uint32_t before = timeline->actors.count, index;
	at = store(at, known->number, 4);
	at = store(at, known->name, 4);
	at = store(at, known->host, 2);
	index = intern(timeline, &timeline->actors, bytes, (size_t)(at - bytes));
	if (index == before && !know_actor(timeline, index, known)) {
		fail(timeline);
		return SIM_INTERN_NONE;
	}
	timeline->current[known->number] = index;
	return index;
}

/* Events of actors say on which host it is; others, only who ran.  Who was not seen to begin was
 * there before. */
static uint32_t actor_of(struct vet_sim_timeline *timeline, const struct vet_sim_event *event)
{
	bool is_about = event->kind >= VET_SIM_ACTOR_BEGINS && event->kind <= VET_SIM_ACTOR_ENDS;
	struct sim_line_actor known = { .number = event->actor };
	uint32_t current;
	if (event->actor_name == NULL)
		return SIM_INTERN_NONE;
	known.name = text(timeline, event->actor_name);
	if (known.name == SIM_INTERN_NONE || !has_current(timeline, event->actor)) {
		fail(timeline);
		return SIM_INTERN_NONE;
	}
	current = timeline->current[event->actor];
	if (!is_about && current != SIM_INTERN_NONE && timeline->actor[current].name == known.name)
		return current;
	if (is_about)
		known.host = host_of(timeline, event->host);
	known.state = event->kind == VET_SIM_ACTOR_BEGINS ? SIM_LINE_ABSENT : SIM_LINE_RUNNING;
	return number_actor(timeline, &known);
}

void vetsim_line_apply(const struct sim_line_event *event, struct sim_line_actor *actor,
		       struct sim_line_host *host)
{
	if (event->kind == SIM_LINE_CRASHES || event->kind == SIM_LINE_RESTARTS)
		host[event->host].is_down = event->kind == SIM_LINE_CRASHES;
	if (event->actor == SIM_INTERN_NONE)
		return;
	if (event->kind == SIM_LINE_BEGINS || event->kind == SIM_LINE_GOES_ON)
		actor[event->actor].state = SIM_LINE_RUNNING;
	else if (event->kind == SIM_LINE_WAITS)
		actor[event->actor].state = SIM_LINE_WAITING;
	else if (event->kind == SIM_LINE_ENDS)
		actor[event->actor].state = SIM_LINE_ABSENT;
}

/* ---- the ring ---- */

static bool grow(struct vet_sim_timeline *timeline)
{
	uint32_t room = timeline->room == 0 ? ROOM : timeline->room * 2;
	struct sim_line_event *event;
	if (room > timeline->most)
		room = timeline->most;
	event = realloc(timeline->event, room * sizeof *event);
	if (event == NULL) {
		fail(timeline);
		return false;
	}
	timeline->event = event;
	timeline->room = room;
	return true;
}

static void keep(struct vet_sim_timeline *timeline, const struct sim_line_event *event)
{
	if (timeline->count == timeline->most) {
		struct sim_line_event *oldest = &timeline->event[timeline->first];
		vetsim_line_apply(oldest, timeline->actor, timeline->host);
		*oldest = *event;
		timeline->first = (timeline->first + 1) % timeline->room;
		timeline->left_out++;
		return;
	}
	if (timeline->count == timeline->room && !grow(timeline))
		return;
	timeline->event[timeline->count++] = *event;
}

/* ---- events ---- */

static uint32_t link_text(struct vet_sim_timeline *timeline, const struct vet_sim_event *event)
{
	char words[SIM_LINE_LINK_TEXT];
	(void)host_of(timeline, event->host);
	(void)host_of(timeline, event->other);
	if (timeline->sim == NULL)
		return text(timeline, "");
	vetsim_line_link(timeline->sim, event->host, event->other, words);
	return text(timeline, words);
}

static void take_packet(struct vet_sim_timeline *timeline, const struct vet_sim_packet *packet,
			struct sim_line_event *to)
{
	static const uint8_t kinds[] = {
		[VET_SIM_SENT] = SIM_LINE_SENT,       [VET_SIM_LOST] = SIM_LINE_LOST,
		[VET_SIM_DOUBLED] = SIM_LINE_DOUBLED, [VET_SIM_ARRIVED] = SIM_LINE_ARRIVED,
		[VET_SIM_DROPPED] = SIM_LINE_DROPPED,
	};
	to->kind = kinds[packet->fate];
	to->number = (int64_t)packet->number;
	to->subject = flow_of(timeline, packet);
	to->flags = (uint8_t)(packet->flags & 0x1f);
	to->flags |= packet->is_keepalive ? SIM_LINE_KEEPALIVE : 0;
	to->size = (uint32_t)(packet->part[0].iov_len + packet->part[1].iov_len);
	to->sequence = packet->sequence;
	to->acknowledgement = packet->acknowledgement;
	to->window = packet->window;
	to->attempt = packet->attempt;
}

static void take_other(struct vet_sim_timeline *timeline, const struct vet_sim_event *event,
		       struct sim_line_event *to)
{
	static const uint8_t kinds[] = {
		[VET_SIM_CALL] = SIM_LINE_CALL,
		[VET_SIM_ACTOR_BEGINS] = SIM_LINE_BEGINS,
		[VET_SIM_ACTOR_WAITS] = SIM_LINE_WAITS,
		[VET_SIM_ACTOR_GOES_ON] = SIM_LINE_GOES_ON,
		[VET_SIM_ACTOR_ENDS] = SIM_LINE_ENDS,
		[VET_SIM_HOST_CRASHES] = SIM_LINE_CRASHES,
		[VET_SIM_HOST_RESTARTS] = SIM_LINE_RESTARTS,
		[VET_SIM_LINK_CHANGES] = SIM_LINE_LINK,
		[VET_SIM_CLOCK_JUMPS] = SIM_LINE_JUMP,
		[VET_SIM_MARK] = SIM_LINE_MARK,
		[VET_SIM_FAILURE] = SIM_LINE_FAILURE,
	};
	to->kind = kinds[event->kind];
	to->host = host_of(timeline, event->host);
	to->other = host_of(timeline, event->other);
	if (event->kind == VET_SIM_CALL) {
		to->entry = (uint8_t)event->call->entry;
		to->subject = (uint32_t)event->call->fd;
		to->number = event->result;
		if (event->result < 0)
			to->size = text(timeline, vet_error_name((int)event->result));
	} else if (event->kind == VET_SIM_CLOCK_JUMPS && event->host != NULL) {
		to->number = event->host->clock;
	} else if (event->kind == VET_SIM_LINK_CHANGES) {
		to->subject = link_text(timeline, event);
	} else if (event->kind == VET_SIM_MARK || event->kind == VET_SIM_FAILURE) {
		to->subject = text(timeline, event->name);
	}
}

static void record(struct vet_sim_timeline *timeline, const struct vet_sim_event *event)
{
	struct sim_line_event kept = { .time = event->time, .step = event->step };
	kept.actor = actor_of(timeline, event);
	if (event->kind == VET_SIM_PACKET)
		take_packet(timeline, event->packet, &kept);
	else
		take_other(timeline, event, &kept);
	if (timeline->error == 0)
		keep(timeline, &kept);
}

static void take(void *context, const struct vet_sim_event *event)
{
	struct vet_sim_timeline *timeline = context;
	const struct vet_sim_observer *next = timeline->next;
	if (event->kind != VET_SIM_CALL || timeline->calls)
		record(timeline, event);
	if (next != NULL && (next->wants == 0 || (next->wants & 1U << event->kind) != 0))
		next->event(next->context, event);
}

/* ---- its life ---- */

int vet_sim_timeline_make(struct vet_sim_timeline **made,
			  const struct vet_sim_timeline_options *options)
{
	static const struct vet_sim_timeline_options defaults = { 0 };
	struct vet_sim_timeline *timeline = calloc(1, sizeof *timeline);
	const char *title;
	uint32_t wants;
	*made = timeline;
	if (timeline == NULL)
		return -ENOMEM;
	if (options == NULL)
		options = &defaults;
	title = options->title == NULL ? "a run" : options->title;
	timeline->title = malloc(strlen(title) + 1);
	if (timeline->title == NULL) {
		free(timeline);
		*made = NULL;
		return -ENOMEM;
	}
	memcpy(timeline->title, title, strlen(title) + 1);
	timeline->most = options->events == 0 || options->events > VET_SIM_TIMELINE_EVENTS
				 ? VET_SIM_TIMELINE_EVENTS
				 : options->events;
	timeline->next = options->next;
	timeline->calls = options->calls;
	timeline->sim = options->sim;
	wants = (1U << (VET_SIM_FAILURE + 1)) - 1;
	if (!options->calls)
		wants &= ~(1U << VET_SIM_CALL);
	if (options->next != NULL)
		wants = options->next->wants == 0 ? 0 : wants | options->next->wants;
	timeline->observer =
		(struct vet_sim_observer){ .event = take, .context = timeline, .wants = wants };
	return 0;
}

const struct vet_sim_observer *vet_sim_timeline_observer(struct vet_sim_timeline *timeline)
{
	return &timeline->observer;
}

void vet_sim_timeline_free(struct vet_sim_timeline *timeline)
{
	if (timeline == NULL)
		return;
	vetsim_intern_free(&timeline->flows);
	vetsim_intern_free(&timeline->ips);
	vetsim_intern_free(&timeline->texts);
	vetsim_intern_free(&timeline->actors);
	free(timeline->event);
	free(timeline->actor);
	free(timeline->current);
	free(timeline->title);
	free(timeline);
}
