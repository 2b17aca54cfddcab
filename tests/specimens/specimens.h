/* SPDX-License-Identifier: 0BSD */
/*
 * Specimens: small programs over the table with one classic bug each, which the explorer must find.
 * Each is one function that is run in two versions; they differ in the bug alone, where `fixed` is
 * asked.  README.md says where the bugs come from.
 */
#ifndef SPECIMENS_H
#define SPECIMENS_H

#include <vetsock/explore.h>

struct specimen {
	const char *name; /* "short-write-ignored" */
	const char *what; /* what it does wrong, in one line */
	void (*run)(struct vet_trial *trial);
	struct vet_world world;
	vet_duration deadline; /* that it promises; 0: none */
	unsigned check;        /* VET_CHECK_...: what it breaks */
	unsigned rules;        /* that it takes: 1 or 2 */
	const char *plan;      /* one that breaks it, and that its fixed version stands */
};

/* Each file of specimens has one list, which ends with a name of NULL. */
extern const struct specimen specimens_accept[], specimens_close[], specimens_connect[],
	specimens_datagram[], specimens_file[], specimens_poll[], specimens_receive[],
	specimens_send[], specimens_signal[], specimens_time[];

/* All of them, in one order; NULL from the last on. */
const struct specimen *specimen_at(size_t index);

/* As something to be explored; `name` must outlive it, and is as a rule the specimen's own. */
struct vet_scenario specimen_scenario(const struct specimen *specimen, bool fixed,
				      const char *name);

#endif
