/* SPDX-License-Identifier: 0BSD */
/* Mischief: what its parser, its printer and the world share. */
#ifndef VETSOCK_SIM_MISCHIEF_H
#define VETSOCK_SIM_MISCHIEF_H

#include <vetsock/mischief.h>

#include "../../src/scan.h"
#include "heap.h"

/* ---- the language ---- */

/* What is written beside the name of a kind. */
enum sim_mischief_form {
	SIM_FORM_LATENCY, /* of a link, "=" and T or T..T */
	SIM_FORM_SIZE,    /* of a link, "=" and a size */
	SIM_FORM_SHARE,   /* of a link, "=" and percent */
	SIM_FORM_NUMBER,  /* of a link, "=" and a number */
	SIM_FORM_LINK,    /* the name, a link */
	SIM_FORM_SIDES,   /* the name, hosts, "|" and hosts */
	SIM_FORM_ALONE,   /* the name */
	SIM_FORM_CRASH,   /* the name, hosts, "with resets" */
	SIM_FORM_HOSTS,   /* the name, hosts */
	SIM_FORM_JUMP,    /* the name, hosts, a time with a sign */
	SIM_FORM_COUNT,   /* the name, hosts, a number */
	SIM_FORM_MEMORY,  /* the name, hosts, a size */
};

static inline bool sim_form_is_quality(enum sim_mischief_form form)
{
	return form <= SIM_FORM_NUMBER;
}

/* What swarm switches off together: bit N. */
enum sim_mischief_class {
	SIM_CLASS_LATENCY,
	SIM_CLASS_RATE,
	SIM_CLASS_LOSS,
	SIM_CLASS_DUPLICATION,
	SIM_CLASS_REORDERING,
	SIM_CLASS_MTU,
	SIM_CLASS_CUT,
	SIM_CLASS_CRASH,
	SIM_CLASS_JUMP,
	SIM_CLASS_LIMIT,
	SIM_CLASS_SHORT,
	SIM_CLASSES,
	SIM_CLASS_NONE = SIM_CLASSES, /* what ends mischief is always there */
};

struct sim_mischief_kind {
	const char *name;
	const char *near; /* what to say of a name that is nearly this one */
	enum sim_mischief_form form;
	enum sim_mischief_class class;
	const char *once;        /* why it has no "for"; NULL: it has */
	struct vet_bounds value; /* and what is wrong with one outside */
};

/* By enum vet_mischief_kind. */
extern const struct sim_mischief_kind vetsim_mischief_kinds[VET_MISCHIEF_KINDS];

enum { SIM_SHARE_DECIMALS = 4, SIM_PERCENT = 10000 }; /* parts in a million of a percent */
#define SIM_WITHIN_LEAST INT64_C(1000000)

/* ---- in a world ---- */

/* An item that has a time of its own: of the text, or drawn. */
struct sim_deed {
	struct vet_mischief_item item;
	uint32_t from_host,
		to_host; /* numbers of hosts, in place of the item's sets; 0: the sets */
	int64_t end;     /* INT64_MAX: it lasts */
	uint8_t stage;   /* enum sim_deed_stage */
};

enum sim_deed_stage { SIM_DEED_TO_COME, SIM_DEED_LASTS, SIM_DEED_OVER };

/* What a host was before, and is now. */
struct sim_victim {
	uint64_t names; /* bits of its names, and VET_MISCHIEF_EVERY */
	uint32_t descriptors;
	uint64_t memory;
	uint32_t crash; /* the deed by which it is down, from 1; 0: none */
};

struct sim_mischief {
	struct sim_timer timer; /* SIM_TIMER_WORLD */
	bool is_on, is_calm;
	bool has_bound;
	int64_t calm, bound;   /* INT64_MAX: never */
	bool short_counts;     /* there were, before */
	uint32_t off;          /* classes that swarm has switched off */
	struct sim_deed *deed; /* in the order in which they begin */
	uint32_t deeds, deed_room;
	struct sim_victim *victim; /* of each host, by its number - 1 */
	uint32_t victims, victim_room;
	struct vet_sim_link every_link, *link; /* as before: rows and columns as the world's */
	uint32_t link_rows;
};

/* mischief_draw.c: in a fixed order.  False: no memory. */
void vetsim_mischief_swarm(struct vet_sim *sim, struct sim_mischief *mischief);
bool vetsim_mischief_random(struct vet_sim *sim, struct sim_mischief *mischief, uint32_t count,
			    int64_t within);
/* One more, before those that begin later.  False: no memory. */
bool vetsim_mischief_add(struct sim_mischief *mischief, const struct sim_deed *deed);

/* mischief_link.c: links are made what they now are. */
bool vetsim_mischief_keep_links(struct vet_sim *sim, struct sim_mischief *mischief);
void vetsim_mischief_links(struct vet_sim *sim, struct sim_mischief *mischief,
			   const struct sim_deed *deed);
void vetsim_mischief_calm_links(struct vet_sim *sim, struct sim_mischief *mischief);
/* Whether a host is one of those that it befalls. */
bool vetsim_deed_befalls(const struct sim_mischief *mischief, const struct sim_deed *deed,
			 uint32_t host);
bool vetsim_deed_is_of_links(const struct sim_deed *deed);

#endif
