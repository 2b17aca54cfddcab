/* SPDX-License-Identifier: 0BSD */
/* What the parts of `vetsock sim` have in common. */
#ifndef CLI_SIMULATE_H
#define CLI_SIMULATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <vetsock/simulate.h>

#include "progress.h"

extern const char simulate_command[]; /* "vetsock sim" */

/* ---- what the command line says (simulate.c) ---- */

struct simulate_request {
	const char **loads; /* NULL-terminated; NULL: none */
	/* As typed; NULL: not. */
	char *seed, *runs, *shard, *hosts, *mischief, *tape, *schedule, *coroutines;
	char *pcap, *timeline, *until, *from, *actor;
	int once, keep_going, no_shrink, marks, log, json, list;
};

/* ---- what came of it ---- */

/* A run that broke. */
struct broken {
	const struct vet_simulation *simulation;
	uint64_t seed;
	struct vet_sim_report report;
	struct vet_sim_choice *tape; /* shrunk; NULL: not */
	size_t choices;
	char *said; /* what each actor did when it broke, and every socket; NULL: it had ended */
	size_t said_size;
	struct broken *next;
};

struct simulating {
	const struct simulate_request *request;
	const struct vet_simulation **chosen;
	size_t count;
	uint64_t seed, runs;
	unsigned shard, shards; /* the shard'th (from 1) of so many parts */
	struct vet_simulate_options options;
	struct vet_mischief mischief; /* that options.mischief points to */
	struct vet_sim_choice *tape;  /* that options.tape points to */
	uint64_t from, until;         /* calls that are logged */
	struct vet_sim *sim;
	bool told_actor; /* --actor: there was one of that name */

	/* when all are done */
	struct vet_sim_report last;
	uint64_t made, calls; /* runs, and calls of tables in them */
	uint64_t hash;        /* the sum of all runs' */
	struct broken *broken, **broken_end;
	size_t broken_count;
	unsigned missed; /* marks that were not reached, with --marks */
	double seconds;
};

/* ---- simulate_choose.c ---- */

/* Those of that name, or that match: 0; CLI_USAGE, and why has been said; or CLI_BROKE. */
int simulate_choose(struct simulating *simulating, const char **names);
void simulate_list(const struct simulating *simulating);

/* ---- simulate_run.c ---- */

/* All runs.  0, or CLI_BROKE, and why has been said. */
int simulate_all(struct simulating *simulating);

/* ---- simulate_log.c: every call and packet as a line, of one run ---- */

struct simulate_log;
/* NULL: no memory. */
struct simulate_log *simulate_log_begin(struct simulating *simulating);
void simulate_log_end(struct simulate_log *log);

/* ---- simulate_text.c, simulate_json.c ---- */

/* The command that makes a run again, quoted for a shell. */
void simulate_put_again(FILE *out, const struct simulating *simulating,
			const struct vet_simulation *simulation, uint64_t seed,
			const struct vet_sim_choice *tape, size_t count);
void simulate_tell_broken(const struct simulating *simulating, const struct broken *broken);
void simulate_tell(const struct simulating *simulating);
const char *simulate_end_name(enum vet_sim_end end);
/* False: there is no memory, or it could not be written. */
bool simulate_list_json(const struct simulating *simulating);
bool simulate_tell_json(const struct simulating *simulating);

#endif
