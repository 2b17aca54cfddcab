/* SPDX-License-Identifier: 0BSD */
/* Links: how long packets are under way from one host to another, and whether they arrive. */
#include "world.h"

#include <stdlib.h>

enum {
	LATENCY = 100000,
	PARTS = 1000000,
	MTU_LEAST = 576,
	STEPS = 1024,
	QUEUE = 1000, /* milliseconds that packets wait for a slow link; what is beyond is lost */
};

/* Rows and columns are hosts; 0 stands for one that is nobody's. */
static struct sim_link *at(const struct vet_sim *sim, uint32_t from, uint32_t to)
{
	return &sim->link[(size_t)from * sim->link_rows + to];
}

static uint32_t number_of(const struct vet_sim_host *host)
{
	return host == NULL ? 0 : host->number;
}

/* Of hosts that came later: as what was said of every host. */
static struct sim_link *as_said(struct vet_sim *sim, uint32_t from, uint32_t to)
{
	if (sim->link_rows == 0)
		return &sim->every_link;
	return at(sim, from < sim->link_rows ? from : 0, to < sim->link_rows ? to : 0);
}

/* A table of their own is made only where links differ: at first all are as the first one. */
static bool make_table(struct vet_sim *sim)
{
	uint32_t rows = 2 * sim->link_rows;
	struct sim_link *table;
	if (sim->link_rows > sim->hosts)
		return true;
	if (rows <= sim->hosts)
		rows = sim->hosts + 1;
	table = malloc((size_t)rows * rows * sizeof *table);
	if (table == NULL)
		return false;
	for (uint32_t from = 0; from < rows; from++)
		for (uint32_t to = 0; to < rows; to++)
			table[(size_t)from * rows + to] = *as_said(sim, from, to);
	free(sim->link);
	sim->link = table;
	sim->link_rows = rows;
	return true;
}

void vetsim_links_begin(struct vet_sim *sim)
{
	free(sim->link);
	sim->link = NULL;
	sim->link_rows = 0;
	sim->every_link = (struct sim_link){ .set.latency = LATENCY };
}

struct sim_link *vetsim_link(struct vet_sim *sim, const struct vet_sim_host *from,
			     const struct vet_sim_host *to)
{
	uint32_t a = number_of(from), b = number_of(to);
	struct sim_link *link;
	if (a < sim->link_rows && b < sim->link_rows)
		return at(sim, a, b);
	link = as_said(sim, a, b);
	/* Each slow link has a queue of its own; without memory for that they share one. */
	return link->set.rate != 0 && make_table(sim) ? at(sim, a, b) : link;
}

struct vet_sim_link vet_sim_get_link(struct vet_sim *sim, struct vet_sim_host *from,
				     struct vet_sim_host *to)
{
	return vetsim_link(sim, from, to)->set;
}

static bool is_valid(const struct vet_sim_link *link)
{
	return link->latency >= 0 && link->jitter >= 0 && link->latency <= VET_HOURS(24) &&
	       link->jitter <= VET_HOURS(24) && link->loss <= PARTS && link->duplication <= PARTS &&
	       link->reordering <= PARTS &&
	       (link->mtu == 0 || (link->mtu >= MTU_LEAST && link->mtu <= 65535));
}

/* The row, or column, after a host's, which number_of() is; NULL: of every host. */
static uint32_t end_of(const struct vet_sim *sim, const struct vet_sim_host *host)
{
	return host == NULL ? sim->link_rows : host->number + 1;
}

int vet_sim_set_link(struct vet_sim *sim, struct vet_sim_host *from, struct vet_sim_host *to,
		     const struct vet_sim_link *link)
{
	if (!is_valid(link))
		return -EINVAL;
	if (from == NULL && to == NULL)
		sim->every_link = (struct sim_link){ .set = *link };
	else if (!make_table(sim))
		return -ENOMEM;
	for (uint32_t a = number_of(from); a < end_of(sim, from); a++)
		for (uint32_t b = number_of(to); b < end_of(sim, to); b++)
			*at(sim, a, b) = (struct sim_link){ .set = *link };
	if (sim_watched(sim, VET_SIM_LINK_CHANGES))
		vetsim_link_event(sim, from, to);
	return 0;
}

/* Beyond the least: one of 1,024 steps, so that a choice is the same number for any jitter. */
static int64_t jitter(struct vet_sim *sim, const struct sim_link *link)
{
	if (link->set.jitter == 0)
		return 0;
	return link->set.jitter / STEPS * vetsim_choose(&sim->choices, VET_SIM_LATENCY, STEPS);
}

int64_t vetsim_link_arrival(struct vet_sim *sim, struct sim_link *link, uint32_t size)
{
	int64_t begin = sim->now > link->free_at ? sim->now : link->free_at;
	if (link->set.rate == 0)
		begin = sim->now;
	else
		link->free_at = begin +=
			(int64_t)((uint64_t)size * UINT64_C(1000000000) / link->set.rate);
	return begin + link->set.latency + jitter(sim, link);
}

bool vetsim_link_loses(struct vet_sim *sim, const struct sim_link *link)
{
	if (link->set.is_down)
		return true;
	if (link->set.rate != 0 && link->free_at - sim->now > VET_MILLISECONDS(QUEUE)) {
		SIM_MARK(sim, LINK_QUEUE_FULL);
		return true;
	}
	return vetsim_chance(&sim->choices, VET_SIM_LOSS, link->set.loss, PARTS);
}
