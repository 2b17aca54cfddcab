/* SPDX-License-Identifier: 0BSD */
/* Mischief that the seed draws.  The order of the draws is part of what a seed means. */
#include <stdlib.h>

#include "mischief.h"
#include "world.h"

enum { STEPS = 1024, LENGTHS = 6, LONGEST_BITS = 2, SEVERITIES = 4 };

#define MS(n)      ((n)*INT64_C(1000000))
#define SECONDS(n) MS(INT64_C(1000) * (n))

/* What happens, from the mildest to the worst.  A clock jumps forward alone: CLOCK_MONOTONIC never
 * goes back (clock_gettime(2)). */
static const struct misfortune {
	enum vet_mischief_kind kind;
	struct {
		int64_t value, more;
	} severity[SEVERITIES];
} misfortunes[] = {
	{ VET_MISCHIEF_LATENCY,
	  { { MS(1), 0 }, { MS(10), MS(40) }, { MS(100), MS(300) }, { SECONDS(1), SECONDS(2) } } },
	{ VET_MISCHIEF_RATE, { { 1048576, 0 }, { 131072, 0 }, { 16384, 0 }, { 1024, 0 } } },
	{ VET_MISCHIEF_LOSS, { { 10000, 0 }, { 50000, 0 }, { 200000, 0 }, { 500000, 0 } } },
	{ VET_MISCHIEF_DUPLICATION,
	  { { 10000, 0 }, { 100000, 0 }, { 300000, 0 }, { 1000000, 0 } } },
	{ VET_MISCHIEF_REORDERING, { { 10000, 0 }, { 100000, 0 }, { 300000, 0 }, { 1000000, 0 } } },
	{ VET_MISCHIEF_CUT, { { 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 0 } } },
	{ VET_MISCHIEF_CRASH,
	  { { VET_SIM_RESETS, 0 },
	    { VET_SIM_SILENT, 0 },
	    { VET_SIM_RESETS, 0 },
	    { VET_SIM_SILENT, 0 } } },
	{ VET_MISCHIEF_JUMP,
	  { { MS(10), 0 }, { SECONDS(1), 0 }, { SECONDS(60), 0 }, { SECONDS(3600), 0 } } },
	{ VET_MISCHIEF_DESCRIPTORS, { { 64, 0 }, { 16, 0 }, { 8, 0 }, { 4, 0 } } },
};
enum { MISFORTUNES = sizeof misfortunes / sizeof misfortunes[0] };

/* One of two runs does without each kind. */
void vetsim_mischief_swarm(struct vet_sim *sim, struct sim_mischief *m)
{
	m->off = 0;
	for (uint32_t class = 0; class < SIM_CLASSES; class ++)
		if (vetsim_choose(&sim->choices, VET_SIM_FAULTS, 2) == 0)
			m->off |= UINT32_C(1) << class;
	if (m->off == (UINT32_C(1) << SIM_CLASSES) - 1)
		SIM_MARK(sim, SWARM_LEFT_NOTHING);
}

bool vetsim_mischief_add(struct sim_mischief *m, const struct sim_deed *deed)
{
	uint32_t at = m->deeds;
	if (m->deeds == m->deed_room) {
		uint32_t room = m->deed_room == 0 ? 8 : m->deed_room * 2;
		void *moved = realloc(m->deed, room * sizeof *m->deed);
		if (moved == NULL)
			return false;
		m->deed = moved;
		m->deed_room = room;
	}
	for (; at > 0 && m->deed[at - 1].item.at > deed->item.at; at--)
		m->deed[at] = m->deed[at - 1];
	m->deed[at] = *deed;
	m->deeds++;
	return true;
}

/* Where it is: on the link from one host to another, both ways, on all of one host, on all. */
static void place_links(struct sim_deed *deed, uint32_t first, uint32_t second, uint32_t scope)
{
	struct vet_mischief_item *item = &deed->item;
	deed->from_host = first;
	deed->to_host = second;
	item->both_ways = scope == 1 || scope == 2;
	if (scope < 2)
		return;
	deed->to_host = 0;
	item->to = VET_MISCHIEF_EVERY;
	if (scope == 2)
		return;
	deed->from_host = 0;
	item->from = VET_MISCHIEF_EVERY;
}

/* Each draw is made, whatever it is for: what is taken off a tape leaves the others in place. */
static bool draw(struct vet_sim *sim, struct sim_mischief *m, int64_t within)
{
	struct sim_choices *choices = &sim->choices;
	uint32_t kind = vetsim_choose(choices, VET_SIM_FAULTS, MISFORTUNES + 1);
	uint32_t step = vetsim_choose(choices, VET_SIM_FAULTS, STEPS);
	uint32_t length = vetsim_choose(choices, VET_SIM_FAULTS, LENGTHS);
	uint32_t first = vetsim_choose(choices, VET_SIM_FAULTS, m->victims);
	uint32_t second = vetsim_choose(choices, VET_SIM_FAULTS, m->victims - 1);
	uint32_t scope = vetsim_choose(choices, VET_SIM_FAULTS, 4);
	uint32_t severity = vetsim_choose(choices, VET_SIM_FAULTS, SEVERITIES);
	const struct misfortune *what = &misfortunes[kind - (kind > 0)];
	struct sim_deed deed = { .from_host = first + 1 };
	if (kind == 0)
		return true;
	deed.item.kind = what->kind;
	deed.item.value = what->severity[severity].value;
	deed.item.more = what->severity[severity].more;
	deed.item.at = within / STEPS * step;
	/* Each length is twice the one before, up to a quarter of all the time. */
	deed.end = deed.item.at + (within >> (LENGTHS - 1 - length + LONGEST_BITS));
	if (deed.end > within)
		deed.end = within;
	if (vetsim_deed_is_of_links(&deed))
		place_links(&deed, first + 1, (first + 1 + second) % m->victims + 1, scope);
	return vetsim_mischief_add(m, &deed);
}

bool vetsim_mischief_random(struct vet_sim *sim, struct sim_mischief *m, uint32_t count,
			    int64_t within)
{
	if (m->victims == 0)
		return true;
	while (count-- > 0)
		if (!draw(sim, m, within))
			return false;
	return true;
}
