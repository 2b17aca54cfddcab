/* SPDX-License-Identifier: 0BSD */
/* Mischief in a world: what begins, ends, and is calm, in virtual time. */
#include "mischief.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../src/print.h"
#include "pipe.h"

/* ---- hosts ---- */

static bool is_in_transfer(const struct vet_sim *sim, const struct vet_sim_host *host)
{
	for (const struct sim_pipe *pipe = sim->pipes; pipe != NULL; pipe = pipe->next)
		if (pipe->sent > pipe->acknowledged &&
		    (pipe->from_host == host || pipe->to_host == host))
			return true;
	return false;
}

static void crash(struct vet_sim *sim, struct sim_mischief *m, uint32_t i, uint32_t deed)
{
	struct vet_sim_host *host = sim->host[i];
	if (host->is_down) {
		SIM_MARK(sim, CRASH_WHILE_DOWN);
		return;
	}
	if (is_in_transfer(sim, host))
		SIM_MARK(sim, CRASH_IN_TRANSFER);
	m->victim[i].crash = deed + 1;
	vet_sim_crash(host, (enum vet_sim_crash)m->deed[deed].item.value);
}

static void bring_up(struct vet_sim *sim, struct sim_mischief *m, uint32_t i)
{
	m->victim[i].crash = 0;
	if (vet_sim_restart(sim->host[i]) < 0)
		vet_sim_fail(sim, "mischief: a host cannot be started again");
}

static void jump(struct vet_sim *sim, struct vet_sim_host *host, int64_t by)
{
	if (by < 0)
		SIM_MARK(sim, JUMP_BACK);
	vet_sim_jump(host, by);
}

/* As before, or as the last one says that lasts. */
static void limit(struct vet_sim *sim, struct sim_mischief *m, uint32_t i)
{
	uint32_t descriptors = m->victim[i].descriptors;
	uint64_t memory = m->victim[i].memory;
	for (uint32_t n = 0; n < m->deeds; n++) {
		const struct sim_deed *deed = &m->deed[n];
		if (deed->stage != SIM_DEED_LASTS || !vetsim_deed_befalls(m, deed, i + 1))
			continue;
		if (deed->item.kind == VET_MISCHIEF_DESCRIPTORS)
			descriptors = (uint32_t)deed->item.value;
		if (deed->item.kind == VET_MISCHIEF_MEMORY)
			memory = (uint64_t)deed->item.value;
	}
	if (sim->host[i]->open > descriptors)
		SIM_MARK(sim, LIMIT_BELOW_OPEN);
	vet_sim_limit(sim->host[i], descriptors, memory);
}

/* ---- what begins ---- */

static void heal(struct vet_sim *sim, struct sim_mischief *m)
{
	for (uint32_t i = 0; i < m->deeds; i++) {
		struct sim_deed *deed = &m->deed[i];
		if (deed->stage != SIM_DEED_LASTS || (deed->item.kind != VET_MISCHIEF_CUT &&
						      deed->item.kind != VET_MISCHIEF_PARTITION))
			continue;
		deed->stage = SIM_DEED_OVER;
		vetsim_mischief_links(sim, m, deed);
	}
}

static void befall(struct vet_sim *sim, struct sim_mischief *m, uint32_t deed, uint32_t i)
{
	const struct vet_mischief_item *item = &m->deed[deed].item;
	switch (item->kind) {
	case VET_MISCHIEF_CRASH:
		crash(sim, m, i, deed);
		break;
	case VET_MISCHIEF_RESTART:
		bring_up(sim, m, i);
		break;
	case VET_MISCHIEF_JUMP:
		jump(sim, sim->host[i], item->value);
		break;
	default:
		limit(sim, m, i);
		break;
	}
}

static bool is_off(const struct sim_mischief *m, const struct sim_deed *deed)
{
	return (m->off >> vetsim_mischief_kinds[deed->item.kind].class & 1) != 0;
}

static void begin(struct vet_sim *sim, struct sim_mischief *m, uint32_t n)
{
	struct sim_deed *deed = &m->deed[n];
	deed->stage = SIM_DEED_OVER;
	if (is_off(m, deed))
		return;
	if (vetsim_mischief_kinds[deed->item.kind].once == NULL)
		deed->stage = SIM_DEED_LASTS;
	if (vetsim_deed_is_of_links(deed)) {
		vetsim_mischief_links(sim, m, deed);
		return;
	}
	if (deed->item.kind == VET_MISCHIEF_HEAL)
		heal(sim, m);
	else
		for (uint32_t i = 0; i < m->victims; i++)
			if (vetsim_deed_befalls(m, deed, i + 1))
				befall(sim, m, n, i);
}

/* ---- what ends ---- */

static void finish(struct vet_sim *sim, struct sim_mischief *m, uint32_t n)
{
	struct sim_deed *deed = &m->deed[n];
	deed->stage = SIM_DEED_OVER;
	if (vetsim_deed_is_of_links(deed)) {
		vetsim_mischief_links(sim, m, deed);
		return;
	}
	for (uint32_t i = 0; i < m->victims; i++) {
		if (deed->item.kind == VET_MISCHIEF_CRASH && m->victim[i].crash == n + 1)
			bring_up(sim, m, i);
		else if (deed->item.kind != VET_MISCHIEF_CRASH &&
			 vetsim_deed_befalls(m, deed, i + 1))
			limit(sim, m, i);
	}
}

static void become_calm(struct vet_sim *sim, struct sim_mischief *m)
{
	m->is_calm = true;
	for (uint32_t i = 0; i < m->deeds; i++)
		m->deed[i].stage = SIM_DEED_OVER;
	sim->options.short_counts = m->short_counts;
	vetsim_mischief_calm_links(sim, m);
	if (sim->living > 1)
		SIM_MARK(sim, CALM_WITH_WORK);
	for (uint32_t i = 0; i < m->victims; i++) {
		limit(sim, m, i);
		if (!sim->host[i]->is_down)
			continue;
		SIM_MARK(sim, CALM_BRINGS_UP);
		bring_up(sim, m, i);
	}
}

static void put_duration(struct vet_printer *out, const void *value)
{
	vet_put_quantity(out, &vet_duration_measure, *(const uint64_t *)value);
}

/* Whoever has not ended by now never may. */
static void judge(struct vet_sim *sim, struct sim_mischief *m)
{
	uint64_t time = (uint64_t)(m->bound - m->calm);
	char duration[32], why[80];
	m->bound = INT64_MAX;
	if (sim->living <= 1)
		return;
	if (vet_print(put_duration, &time, duration, sizeof duration) < 0)
		return;
	(void)snprintf(why, sizeof why, "not done %s after all was calm", duration);
	vet_sim_fail(sim, why);
}

/* ---- time ---- */

/* When something happens next; INT64_MAX: nothing does. */
static int64_t next(const struct sim_mischief *m)
{
	int64_t at = m->is_calm ? m->bound : m->calm;
	for (uint32_t i = 0; i < m->deeds; i++) {
		const struct sim_deed *deed = &m->deed[i];
		if (deed->stage == SIM_DEED_TO_COME && deed->item.at < at)
			at = deed->item.at;
		if (deed->stage == SIM_DEED_LASTS && deed->end < at)
			at = deed->end;
	}
	return at;
}

/* What ends at a time ends before anything begins. */
static void happen(struct vet_sim *sim, struct sim_mischief *m, int64_t at)
{
	for (uint32_t i = 0; i < m->deeds; i++)
		if (m->deed[i].stage == SIM_DEED_LASTS && m->deed[i].end <= at)
			finish(sim, m, i);
	if (!m->is_calm && m->calm <= at)
		become_calm(sim, m);
	for (uint32_t i = 0; i < m->deeds; i++)
		if (m->deed[i].stage == SIM_DEED_TO_COME && m->deed[i].item.at <= at)
			begin(sim, m, i);
	if (m->is_calm && m->bound <= at)
		judge(sim, m);
}

/* What was due at several times happens in their order. */
static void happen_until_now(struct vet_sim *sim, struct sim_mischief *m)
{
	int64_t at;
	for (at = next(m); at <= sim->now && !sim->is_over; at = next(m))
		happen(sim, m, at);
	if (at == INT64_MAX || sim->is_over)
		return;
	if (!vetsim_heap_set(&sim->heap, &m->timer, at))
		vet_sim_fail(sim, "mischief: no memory");
}

void vetsim_mischief_due(struct vet_sim *sim)
{
	if (sim->mischief != NULL && sim->mischief->is_on && !sim->is_over)
		happen_until_now(sim, sim->mischief);
}

/* ---- it is read ---- */

/* The nearest name that a host has; NULL: none is near. */
static const char *nearest(const struct vet_sim *sim, const char *name)
{
	const char *best = NULL;
	size_t least = SIZE_MAX;
	struct vet_typo typo;
	vet_typo_begin(&typo, name, strlen(name));
	for (uint32_t i = 0; i < sim->hosts; i++) {
		size_t length = strlen(sim->host[i]->name);
		size_t changes = vet_typo_distance(&typo, sim->host[i]->name, length);
		/* Half of it must be right: further off it would be a guess. */
		if (changes * 2 <= length && changes < least) {
			best = sim->host[i]->name;
			least = changes;
		}
	}
	return best;
}

static int refuse_name(struct vet_sim *sim, const char *name)
{
	const char *near = nearest(sim, name);
	char why[160];
	if (near == NULL)
		(void)snprintf(why, sizeof why, "mischief: there is no host '%s'", name);
	else
		(void)snprintf(why, sizeof why,
			       "mischief: there is no host '%s'; did you mean '%s'?", name, near);
	vet_sim_fail(sim, why);
	return -EINVAL;
}

static bool make_room(struct sim_mischief *m, uint32_t hosts)
{
	void *moved;
	if (hosts <= m->victim_room)
		return true;
	moved = realloc(m->victim, hosts * sizeof *m->victim);
	if (moved == NULL)
		return false;
	m->victim = moved;
	m->victim_room = hosts;
	return true;
}

/* Which hosts have which of the names: each name must have one. */
static int find_victims(struct vet_sim *sim, struct sim_mischief *m,
			const struct vet_mischief *text)
{
	uint64_t found = 0;
	if (!make_room(m, sim->hosts))
		return -ENOMEM;
	m->victims = sim->hosts;
	for (uint32_t i = 0; i < sim->hosts; i++) {
		struct sim_victim *victim = &m->victim[i];
		*victim = (struct sim_victim){ .names = VET_MISCHIEF_EVERY,
					       .descriptors = sim->host[i]->open_most,
					       .memory = sim->host[i]->memory_most };
		for (uint32_t name = 0; name < text->names; name++)
			if (strcmp(text->name[name], sim->host[i]->name) == 0)
				victim->names |= UINT64_C(1) << name;
		found |= victim->names;
	}
	for (uint32_t name = 0; name < text->names; name++)
		if ((found >> name & 1) == 0)
			return refuse_name(sim, text->name[name]);
	return 0;
}

static int64_t sum(int64_t a, int64_t b)
{
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}

static bool add_items(struct sim_mischief *m, const struct vet_mischief *text)
{
	for (uint32_t i = 0; i < text->count; i++) {
		const struct vet_mischief_item *item = &text->item[i];
		const struct sim_deed deed = {
			.item = *item,
			.end = item->length == 0 ? INT64_MAX : sum(item->at, item->length),
		};
		if (!vetsim_mischief_add(m, &deed))
			return false;
	}
	return true;
}

/* The draws: of swarm first, then of each random thing. */
static int read(struct vet_sim *sim, struct sim_mischief *m, const struct vet_mischief *text)
{
	int result = find_victims(sim, m, text);
	if (result < 0)
		return result;
	m->calm = text->has_calm != 0 ? text->calm : INT64_MAX;
	m->bound = text->has_bound != 0 ? sum(m->calm, text->bound) : INT64_MAX;
	m->is_calm = false;
	m->deeds = 0;
	m->off = 0;
	if (text->swarm != 0)
		vetsim_mischief_swarm(sim, m);
	m->short_counts = sim->options.short_counts;
	if (!vetsim_mischief_keep_links(sim, m) || !add_items(m, text) ||
	    !vetsim_mischief_random(sim, m, text->random,
				    text->has_within != 0 ? text->within : text->calm))
		return -ENOMEM;
	if (text->short_counts != 0 && (m->off >> SIM_CLASS_SHORT & 1) == 0)
		sim->options.short_counts = true;
	return 0;
}

static bool is_nothing(const struct vet_mischief *text)
{
	return text->count == 0 && text->random == 0 && text->swarm == 0 &&
	       text->short_counts == 0 && text->has_calm == 0;
}

static struct sim_mischief *state_of(struct vet_sim *sim)
{
	if (sim->mischief == NULL)
		sim->mischief = calloc(1, sizeof *sim->mischief);
	return sim->mischief;
}

int vet_mischief_begin(struct vet_sim *sim, const struct vet_mischief *text)
{
	struct sim_mischief *m;
	int result;
	if (sim->mischief != NULL && sim->mischief->is_on)
		return -EALREADY;
	if (is_nothing(text))
		return 0;
	m = state_of(sim);
	result = m == NULL ? -ENOMEM : read(sim, m, text);
	if (result == -ENOMEM)
		vet_sim_fail(sim, "mischief: no memory");
	if (result < 0)
		return result;
	m->is_on = true;
	m->timer = (struct sim_timer){ .kind = SIM_TIMER_WORLD };
	happen_until_now(sim, m);
	return 0;
}

void vetsim_mischief_stop(struct vet_sim *sim)
{
	if (sim->mischief == NULL)
		return;
	vetsim_heap_remove(&sim->heap, &sim->mischief->timer);
	sim->mischief->is_on = false;
}

void vetsim_mischief_free(struct vet_sim *sim)
{
	if (sim->mischief == NULL)
		return;
	free(sim->mischief->deed);
	free(sim->mischief->victim);
	free(sim->mischief->link);
	free(sim->mischief);
	sim->mischief = NULL;
}

/* ---- who comes back ---- */

static bool comes_back(const struct sim_mischief *m, uint32_t i)
{
	uint32_t crash_of = m->victim[i].crash;
	if (!m->is_calm && m->calm < INT64_MAX)
		return true;
	if (crash_of != 0 && m->deed[crash_of - 1].stage == SIM_DEED_LASTS &&
	    m->deed[crash_of - 1].end < INT64_MAX)
		return true;
	for (uint32_t n = 0; n < m->deeds; n++)
		if (m->deed[n].stage == SIM_DEED_TO_COME &&
		    m->deed[n].item.kind == VET_MISCHIEF_RESTART &&
		    vetsim_deed_befalls(m, &m->deed[n], i + 1))
			return true;
	return false;
}

bool vetsim_mischief_revives(struct vet_sim *sim)
{
	const struct sim_mischief *m = sim->mischief;
	if (m == NULL || !m->is_on || sim->is_over)
		return false;
	for (uint32_t i = 0; i < m->victims; i++)
		if (sim->host[i]->is_down && sim->host[i]->agains > 0 && comes_back(m, i)) {
			if (sim->living == 1)
				SIM_MARK(sim, NOBODY_LEFT);
			return true;
		}
	return false;
}
