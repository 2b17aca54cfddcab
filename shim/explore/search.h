/* SPDX-License-Identifier: 0BSD */
/* What the parts of the explorer share: the search over the plans of one scenario. */
#ifndef VETSOCK_EXPLORE_SEARCH_H
#define VETSOCK_EXPLORE_SEARCH_H

#include "hashes.h"
#include "trial.h"

enum { DEEPEST = 4, FOUND = 64 };

struct level {
	uint32_t first, until; /* of the calls that were seen: those that get a rule */
	struct seen log[LOG];
};

struct search {
	const struct vet_explore_options *options;
	struct vet_explore_report *report;
	struct vet_trial trial;
	struct coverage coverage;
	struct hashes hashes;
	struct vet_plan plan;
	struct level level[DEEPEST + 1];
	unsigned depth;       /* of this scenario */
	uint64_t runs;        /* of this scenario */
	uint64_t child;       /* of the first level, and of the splits: for the shards */
	bool is_deepening;    /* the second pass over the rules of a level */
	bool is_stopped;      /* by the budget, the caller, or enough violations */
	unsigned thousandths; /* done */
	unsigned found_count; /* of this scenario */
	struct vet_violation found[FOUND];
};

/* Two runs have failed in the same way: a check of the program's own is another one at another
 * place. */
bool vet_search_is_same(const struct vet_violation *violation, unsigned check, const char *message);
/* Runs search->plan: counts, and looks at what came of it.  False: no further rules on top of it.
 * */
bool vet_search_run(struct search *search);
/* The same without counting or telling: which check fails. */
unsigned vet_search_try(struct search *search, const struct vet_plan *plan);
bool vet_search_is_mine(struct search *search);
/* The run that was just made is one of those that are reported. */
void vet_search_count(struct search *search);
/* A violation of search->plan, as it is. */
void vet_search_violate(struct search *search, unsigned check, const char *message);

/* shrink.c: takes away from a plan what can be, while the same check fails. */
void vet_search_shrink(struct search *search, struct vet_violation *violation);
/* split.c: every way of cutting what is sent and received. */
void vet_search_splits(struct search *search);

#endif
