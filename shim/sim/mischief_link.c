/* SPDX-License-Identifier: 0BSD */
/* What mischief does to links: each is what it was before, and what lasts now. */
#include <stdlib.h>

#include "mischief.h"
#include "pipe.h"

/* ---- whom it befalls ---- */

/* host: a number; 0 is nobody's, and one of "*" alone. */
static bool is_in(const struct sim_mischief *m, uint64_t set, uint32_t number, uint32_t host)
{
	if (number != 0)
		return host == number;
	if (host == 0 || host > m->victims)
		return set == VET_MISCHIEF_EVERY;
	return (set & m->victim[host - 1].names) != 0;
}

bool vetsim_deed_befalls(const struct sim_mischief *m, const struct sim_deed *deed, uint32_t host)
{
	return is_in(m, deed->item.from, deed->from_host, host);
}

static bool is_partition_of_others(const struct sim_deed *deed)
{
	return deed->item.kind == VET_MISCHIEF_PARTITION && deed->item.to == 0;
}

static bool goes(const struct sim_mischief *m, const struct sim_deed *deed, uint32_t from,
		 uint32_t to)
{
	if (!vetsim_deed_befalls(m, deed, from))
		return false;
	if (is_partition_of_others(deed))
		return !vetsim_deed_befalls(m, deed, to);
	return is_in(m, deed->item.to, deed->to_host, to);
}

static bool covers(const struct sim_mischief *m, const struct sim_deed *deed, uint32_t from,
		   uint32_t to)
{
	if (goes(m, deed, from, to))
		return true;
	return (deed->item.both_ways != 0 || deed->item.kind == VET_MISCHIEF_PARTITION) &&
	       goes(m, deed, to, from);
}

bool vetsim_deed_is_of_links(const struct sim_deed *deed)
{
	return deed->item.kind <= VET_MISCHIEF_PARTITION;
}

static bool is_of_all(const struct sim_deed *deed)
{
	return deed->from_host == 0 && deed->to_host == 0 &&
	       deed->item.from == VET_MISCHIEF_EVERY && deed->item.to == VET_MISCHIEF_EVERY;
}

/* ---- what a link is ---- */

static void apply(struct vet_sim_link *link, const struct vet_mischief_item *item)
{
	switch (item->kind) {
	case VET_MISCHIEF_LATENCY:
		link->latency = item->value;
		link->jitter = item->more;
		break;
	case VET_MISCHIEF_RATE:
		link->rate = (uint64_t)item->value;
		break;
	case VET_MISCHIEF_LOSS:
		link->loss = (uint32_t)item->value;
		break;
	case VET_MISCHIEF_DUPLICATION:
		link->duplication = (uint32_t)item->value;
		break;
	case VET_MISCHIEF_REORDERING:
		link->reordering = (uint32_t)item->value;
		break;
	case VET_MISCHIEF_MTU:
		link->mtu = (uint32_t)item->value;
		break;
	default: /* a cut, a partition */
		link->is_down = true;
		break;
	}
}

static struct vet_sim_link before(const struct sim_mischief *m, uint32_t from, uint32_t to)
{
	struct vet_sim_link link = m->every_link;
	if (m->link_rows > 0)
		link = m->link[(size_t)(from < m->link_rows ? from : 0) * m->link_rows +
			       (to < m->link_rows ? to : 0)];
	if (!m->is_calm)
		return link;
	link.loss = link.duplication = link.reordering = 0;
	link.is_down = false;
	return link;
}

static struct vet_sim_link now(const struct sim_mischief *m, uint32_t from, uint32_t to)
{
	struct vet_sim_link link = before(m, from, to);
	for (uint32_t i = 0; i < m->deeds; i++) {
		const struct sim_deed *deed = &m->deed[i];
		if (deed->stage == SIM_DEED_LASTS && vetsim_deed_is_of_links(deed) &&
		    covers(m, deed, from, to))
			apply(&link, &deed->item);
	}
	return link;
}

static bool is_same(const struct vet_sim_link *a, const struct vet_sim_link *b)
{
	return a->latency == b->latency && a->jitter == b->jitter && a->rate == b->rate &&
	       a->loss == b->loss && a->duplication == b->duplication &&
	       a->reordering == b->reordering && a->mtu == b->mtu && a->is_down == b->is_down;
}

/* ---- and is made ---- */

static struct vet_sim_host *host_of(struct vet_sim *sim, uint32_t number)
{
	return number == 0 ? NULL : sim->host[number - 1];
}

/* NULL, NULL: each. */
static void set(struct vet_sim *sim, struct vet_sim_host *from, struct vet_sim_host *to,
		const struct vet_sim_link *link)
{
	if (vetsim_link(sim, from, to)->set.is_down && !link->is_down)
		SIM_MARK(sim, LINK_WHOLE_AGAIN);
	if (vet_sim_set_link(sim, from, to, link) < 0)
		vet_sim_fail(sim, "mischief: no memory for links");
}

/* The first is set in any case: there is a table of links then, and each is apart from what others
 * will be. */
static void set_each(struct vet_sim *sim, struct sim_mischief *m, const struct sim_deed *deed)
{
	for (uint32_t from = 1; from <= m->victims; from++)
		for (uint32_t to = 1; to <= m->victims; to++) {
			const struct sim_link *is =
				vetsim_link(sim, host_of(sim, from), host_of(sim, to));
			struct vet_sim_link link;
			if (deed != NULL && !covers(m, deed, from, to))
				continue;
			link = now(m, from, to);
			if (sim->link_rows == 0 || !is_same(&is->set, &link))
				set(sim, host_of(sim, from), host_of(sim, to), &link);
		}
}

static bool is_victim(const struct sim_mischief *m, uint32_t host)
{
	return host > 0 && host <= m->victims;
}

/* And of hosts that come later. */
static void set_later(struct vet_sim *sim, struct sim_mischief *m)
{
	for (uint32_t from = 0; from < sim->link_rows; from++)
		for (uint32_t to = 0; to < sim->link_rows; to++)
			if (!is_victim(m, from) || !is_victim(m, to))
				sim->link[(size_t)from * sim->link_rows + to].set =
					now(m, from, to);
	sim->every_link.set = now(m, 0, 0);
}

static bool all_are_alike(const struct vet_sim *sim, const struct sim_mischief *m)
{
	for (uint32_t i = 0; i < m->deeds; i++)
		if (m->deed[i].stage == SIM_DEED_LASTS && vetsim_deed_is_of_links(&m->deed[i]) &&
		    !is_of_all(&m->deed[i]))
			return false;
	return sim->link_rows == 0;
}

/* deed NULL: whatever may have changed. */
static void make(struct vet_sim *sim, struct sim_mischief *m, const struct sim_deed *deed)
{
	const struct vet_sim_link link = now(m, 0, 0);
	if (all_are_alike(sim, m)) {
		if (!is_same(&sim->every_link.set, &link))
			set(sim, NULL, NULL, &link);
		return;
	}
	set_each(sim, m, deed);
	set_later(sim, m);
}

/* ---- rare states ---- */

static bool is_in_transfer(const struct vet_sim *sim, const struct sim_mischief *m,
			   const struct sim_deed *deed)
{
	for (const struct sim_pipe *pipe = sim->pipes; pipe != NULL; pipe = pipe->next)
		if (pipe->sent > pipe->acknowledged && pipe->from_host != NULL &&
		    pipe->to_host != NULL && pipe->from_host != pipe->to_host &&
		    covers(m, deed, pipe->from_host->number, pipe->to_host->number))
			return true;
	return false;
}

static bool is_one_way(struct vet_sim *sim, const struct sim_mischief *m,
		       const struct sim_deed *deed)
{
	for (uint32_t from = 1; from <= m->victims; from++)
		for (uint32_t to = 1; to <= m->victims; to++)
			if (from != to && covers(m, deed, from, to) &&
			    !vetsim_link(sim, host_of(sim, to), host_of(sim, from))->set.is_down)
				return true;
	return false;
}

void vetsim_mischief_links(struct vet_sim *sim, struct sim_mischief *m, const struct sim_deed *deed)
{
	bool is_cut = deed->stage == SIM_DEED_LASTS && (deed->item.kind == VET_MISCHIEF_CUT ||
							deed->item.kind == VET_MISCHIEF_PARTITION);
	if (is_cut && is_in_transfer(sim, m, deed))
		SIM_MARK(sim, CUT_IN_TRANSFER);
	make(sim, m, deed);
	if (is_cut && is_one_way(sim, m, deed))
		SIM_MARK(sim, CUT_ONE_WAY);
}

void vetsim_mischief_calm_links(struct vet_sim *sim, struct sim_mischief *m)
{
	make(sim, m, NULL);
}

bool vetsim_mischief_keep_links(struct vet_sim *sim, struct sim_mischief *m)
{
	size_t count = (size_t)sim->link_rows * sim->link_rows;
	struct vet_sim_link *link = NULL;
	m->every_link = sim->every_link.set;
	if (count > 0) {
		link = realloc(m->link, count * sizeof *link);
		if (link == NULL)
			return false;
		m->link = link;
	}
	m->link_rows = sim->link_rows;
	for (size_t i = 0; i < count; i++)
		m->link[i] = sim->link[i].set;
	return true;
}
