/* SPDX-License-Identifier: 0BSD */
/*
 * The time line: what is kept of a run, and how its page has it.
 *
 * The page (timeline.html; timeline_page.c is the same as C) has two blocks of data.  `head` is
 * JSON:
 *
 *	{ "format": 1, "title": TEXT, "events": N, "left_out": N,
 *	  "start": [SECONDS, NANOSECONDS], "step": N, "entries": [NAME, ...],
 *	  "hosts": [[NAME, NUMBER, DOWN], ...],
 *	  "actors": [[TEXT, HOST, NUMBER, STATE], ...], "ips": [IP, ...], "texts": [TEXT, ...] }
 *
 * left_out: events before those.  entries: the calls of the table.  The name of an actor is an
 * index of `texts`; HOST of `hosts` and 1 more, 0 for none.  DOWN (0, 1) and STATE (0 not there, 1
 * running, 2 waiting) are as they were before the first event.  `data` is base64 of the events,
 * one after the other.  Numbers in it are unsigned LEB128 unless it is said: the least seven bits
 * first, the highest bit of a byte says that there are more; `signed` ones are n >= 0 ? 2 * n : -2
 * * n - 1.  A host or an actor is its index and 1 more, 0 for none; an ip or a text its index.  An
 * event is
 *
 *	one byte: kind | 32 if the actor is the event before's | 64 if its step is | 128 if its
 *	time is; [nanoseconds since the event before] [steps since then] [actor]; and by kind:
 *
 *	0      seconds that are added to the time (before an event; nothing else is there)
 *	1-3    a packet was sent, was lost, was doubled: signed number (less that of the packet
 *	       before), flow, one byte of TCP flags | 32 if an attempt follows | 64 for a
 *	       keepalive, [attempt,] size; and of TCP signed sequence less where the flow's packet
 *	       before ended, signed acknowledgement less that packet's, signed window less that
 *	       packet's
 *	4, 5   a packet arrived, was dropped on arrival: signed number (less that of the arrival
 *	       before), flow
 *	6      a call: its entry (one byte), signed descriptor, its result and 1 more; 0: an error,
 *	       whose name follows (text)
 *	7-10   the actor begins, waits, goes on, ends
 *	11, 12 a host crashes, is up again: host
 *	13     a link changes: from, to (hosts; none: all), text
 *	14     a clock jumps: host, signed nanoseconds that it is now ahead of the world's
 *	15, 16 a mark, a failure: text
 *
 * A flow is an index of those that came before; their number begins a new one: from, to (hosts),
 * protocol, ip and port of the source, the same of the destination; its sequence, acknowledgement
 * and window were 0.  A packet ends after its bytes, and 1 more if it has SYN or FIN.
 */
#ifndef VETSOCK_SIM_TIMELINE_H
#define VETSOCK_SIM_TIMELINE_H

#include <vetsock/capture.h>

#include "intern.h"
#include "world.h"

enum sim_line_kind {
	SIM_LINE_PAUSE,
	SIM_LINE_SENT,
	SIM_LINE_LOST,
	SIM_LINE_DOUBLED,
	SIM_LINE_ARRIVED,
	SIM_LINE_DROPPED,
	SIM_LINE_CALL,
	SIM_LINE_BEGINS,
	SIM_LINE_WAITS,
	SIM_LINE_GOES_ON,
	SIM_LINE_ENDS,
	SIM_LINE_CRASHES,
	SIM_LINE_RESTARTS,
	SIM_LINE_LINK,
	SIM_LINE_JUMP,
	SIM_LINE_MARK,
	SIM_LINE_FAILURE,
};

enum { SIM_LINE_ABSENT, SIM_LINE_RUNNING, SIM_LINE_WAITING }; /* states of an actor */

enum {
	SIM_LINE_SAME_ACTOR = 32,
	SIM_LINE_SAME_STEP = 64,
	SIM_LINE_SAME_TIME = 128,
	SIM_LINE_HAS_ATTEMPT = 32,
	SIM_LINE_KEEPALIVE = 64,
};

/* An event, as it is kept. */
struct sim_line_event {
	int64_t time;
	uint64_t step;
	int64_t number; /* of a packet; a call's result; how far a clock is ahead */
	uint32_t actor; /* of the timeline's; SIM_INTERN_NONE: none */
	uint8_t kind;   /* enum sim_line_kind */
	uint8_t flags;  /* of TCP; SIM_LINE_KEEPALIVE */
	uint8_t entry;  /* of a call */
	uint8_t unused;
	uint32_t subject;     /* a flow; a text; a call's descriptor */
	uint16_t host, other; /* numbers, 0: none, or all */
	uint32_t size;        /* a call's: the name of its error, a text */
	uint32_t sequence, acknowledgement, window, attempt;
};

struct sim_line_actor {
	uint32_t name; /* a text */
	uint32_t number;
	uint16_t host;
	uint8_t state; /* before the first event that is kept */
};

struct sim_line_host {
	char name[SIM_NAME]; /* "": not seen yet */
	bool is_down;        /* before the first event that is kept */
};

/* A packet's ends: kept as these bytes in `flows`. */
enum {
	SIM_FLOW_BYTES = 17
}; /* from 2, to 2, protocol 1; source: ip 4, port 2; destination: the same */

struct vet_sim_timeline {
	struct vet_sim_observer observer;
	const struct vet_sim_observer *next;
	bool calls;
	int error;
	char *title;
	struct vet_sim *sim;          /* of the hosts that were seen */
	struct sim_line_event *event; /* a ring */
	uint32_t count, room, first, most;
	uint64_t left_out;
	struct sim_intern flows, ips, texts, actors;
	struct sim_line_actor *actor; /* by their number in `actors` */
	uint32_t actor_room;
	uint32_t *current; /* the actor that has that number now; SIM_INTERN_NONE: none */
	uint32_t current_room;
	struct sim_line_host host[VET_SIM_HOSTS + 1];
};

static inline const struct sim_line_event *sim_line_at(const struct vet_sim_timeline *timeline,
						       uint32_t index)
{
	return &timeline->event[(timeline->first + index) % timeline->room];
}

/* What an event makes of the states. */
void vetsim_line_apply(const struct sim_line_event *event, struct sim_line_actor *actor,
		       struct sim_line_host *host);

enum { SIM_LINE_LINK_TEXT = 320 };
/* What a link has become, in words. */
void vetsim_line_link(struct vet_sim *sim, const struct vet_sim_host *from,
		      const struct vet_sim_host *to, char text[SIM_LINE_LINK_TEXT]);

/* ---- the page ---- */

/* Its beginning, "@TITLE@", ... "@HEAD@", ... "@DATA@", and its end; NULL. */
extern const char *const vetsim_timeline_page[];

/* ---- the events as the page has them (timeline_encode.c) ---- */

/* Which of the timeline's tables the page has, and where: in the order of their first use. */
struct sim_line_order {
	uint32_t *index;  /* of each; SIM_INTERN_NONE: not there */
	uint32_t *number; /* of each that is there */
	uint32_t count;
};

struct sim_line_code {
	const struct vet_sim_timeline *timeline;
	uint32_t first; /* event */
	struct sim_line_order hosts, actors, ips, texts;
	struct sim_line_flow {
		uint32_t index;
		uint32_t sequence, acknowledgement, window;
	} * flow;
	uint32_t flows;
	uint32_t actor;
	int64_t time, number, arrived;
	uint64_t step;
	void (*put)(void *context, uint8_t byte);
	void *context;
};

/* From an event on.  False: no memory. */
bool vetsim_line_code_begin(struct sim_line_code *code, const struct vet_sim_timeline *timeline,
			    uint32_t first);
/* All events, byte by byte; as often as wanted: what is in the tables stays. */
void vetsim_line_code(struct sim_line_code *code, void (*put)(void *context, uint8_t byte),
		      void *context);
void vetsim_line_code_end(struct sim_line_code *code);

#endif
