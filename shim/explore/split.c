/* SPDX-License-Identifier: 0BSD */
/* Every way of cutting the bytes that are sent, and those that are received, into pieces. */
#include "search.h"

#include "../call/call.h"

/* The first call of the run without faults that moves bytes in that direction; -1: none does. */
static int entry_of(const struct search *search, uint32_t calls)
{
	const struct level *base = &search->level[0];
	for (uint32_t i = 0; i < base->until; i++)
		if ((calls >> base->log[i].at.entry & 1) && base->log[i].asked > 0)
			return base->log[i].at.entry;
	return -1;
}

/* Bit N of `cuts` cuts behind byte N: one rule for each piece but the last. */
static uint32_t add_pieces(struct vet_plan *plan, uint32_t count, int entry, unsigned bytes,
			   uint32_t cuts)
{
	uint64_t call = 0;
	unsigned begun = 0;
	for (unsigned i = 0; i + 1 < bytes; i++) {
		if (!(cuts >> i & 1))
			continue;
		call++;
		plan->rules[count++] = (struct vet_rule){
			.entry = (uint8_t)entry,
			.action = VET_ACTION_SHORT,
			.from = call,
			.to = call,
			.argument = i + 1 - begun,
		};
		begun = i + 1;
	}
	return count;
}

static uint32_t ways(unsigned bytes)
{
	return bytes > 1 ? UINT32_C(1) << (bytes - 1) : 1;
}

void vet_search_splits(struct search *search)
{
	const struct vet_scenario *scenario = search->trial.scenario;
	int out = entry_of(search, VET_CALLS_OUT), in = entry_of(search, VET_CALLS_IN);
	unsigned most_out = out < 0 ? 0 : scenario->split_out;
	unsigned most_in = in < 0 ? 0 : scenario->split_in;
	if (most_out == 0 && most_in == 0)
		return;
	search->child = 0;
	for (uint32_t i = 0; i < ways(most_out); i++) {
		uint32_t sent = add_pieces(&search->plan, 0, out, most_out, i);
		search->thousandths = 1000 * i / ways(most_out);
		for (uint32_t j = 0; j < ways(most_in); j++) {
			search->plan.count = add_pieces(&search->plan, sent, in, most_in, j);
			if (!vet_search_is_mine(search))
				continue;
			if (search->is_stopped) {
				search->report->beyond_budget++;
			} else {
				(void)vet_search_run(search);
				search->report->split_runs++;
			}
		}
	}
	search->plan = (struct vet_plan){ 0 };
}
