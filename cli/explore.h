/* SPDX-License-Identifier: 0BSD */
/* What the parts of `vetsock explore` have in common. */
#ifndef CLI_EXPLORE_H
#define CLI_EXPLORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <vetsock/explore.h>

#include "progress.h"

extern const char explore_command[]; /* "vetsock explore" */

/* ---- what the command line says (explore.c) ---- */

struct request {
	const char **scenarios;                               /* NULL-terminated; NULL: every one */
	const char **loads;                                   /* the same; NULL: none */
	char *depth, *deepest, *budget, *plan, *shard, *jobs; /* as typed; NULL: not */
	int unlawful, splits, no_splits, trace, coverage, json, list;
};

/* ---- what came of it ---- */

enum cell { CELL_NONE, CELL_OBSERVED, CELL_FIRED };

/* Fault coverage: for each operation, by name ("": calls that belong to none), a state for each row
 * of the catalogue. */
struct cells_of {
	char *operation;
	unsigned char *rows; /* enum cell */
};
struct cells {
	size_t count;
	struct cells_of *of;
};

/* What came of one scenario. */
struct outcome {
	const struct vet_scenario *scenario;
	bool is_done;
	const char *trouble; /* NULL; or why nothing came of it, in a word, and: */
	char trouble_message[160];
	const struct vet_plan *trouble_plan; /* that was being run; NULL: none that is known */
	struct vet_explore_report report;
	struct vet_violation *violations;
	size_t violation_count;
	struct cells cells;
	char *trace; /* only of a plan that is told as JSON */
	size_t trace_size;
	double seconds;
};

/* The whole of it. */
struct exploration {
	const struct request *request;
	struct vet_explore_options options; /* without callbacks */
	struct vet_plan plan;               /* that options.plan points to */
	struct outcome *outcomes;           /* one for each scenario that was chosen */
	size_t count;
	unsigned jobs;
	double limit; /* seconds for all; 0: none */
	double until; /* process_seconds() at which they are over */
	struct progress progress;
	void (*look_up)(void); /* called now and then; NULL: not */
	size_t told;           /* outcomes whose violations have been told */

	/* when all are done */
	struct vet_explore_report report;
	struct cells cells;
	size_t troubles;
	double seconds;
};

/* ---- explore_choose.c ---- */

/* Makes exploration->outcomes of the scenarios that are asked for: CLI_HELD; CLI_USAGE, and why has
 * been said; or CLI_BROKE. */
int explore_choose(struct exploration *exploration);

/* ---- explore_run.c ---- */

size_t explore_rows(void); /* of the catalogue */
/* Explores one scenario, in this process. */
void explore_one(struct exploration *exploration, struct outcome *outcome);
/* The state of a cell becomes at least `state`.  False: there is no memory. */
bool explore_see_cell(struct cells *cells, const char *operation, size_t row, enum cell state);
void explore_free_outcome(struct outcome *outcome);
void explore_free_cells(struct cells *cells);

/* ---- explore_jobs.c, explore_parcel.c ---- */

/* Explores all of them in worker processes, and tells of violations as soon as it is their turn.
 * False: no process could be made, and why has been said. */
bool explore_in_workers(struct exploration *exploration);

/* Sends an outcome through a pipe; whether it arrived. */
bool explore_send(int fd, const struct outcome *outcomes, size_t index);
/* Receives one into the place that it belongs to among `outcomes`; false: there is none any more.
 * */
bool explore_receive(int fd, struct outcome *outcomes, size_t count);

/* ---- explore_text.c, explore_json.c ---- */

/* What plan a trouble came under, as far as it is known; NULL: not. */
const struct vet_plan *explore_trouble_plan(const struct exploration *exploration,
					    const struct outcome *outcome);
/* The command that explores this again, quoted for a shell: the plan's run or (NULL) all of it. */
void explore_put_again(FILE *out, const struct exploration *exploration,
		       const struct vet_scenario *scenario, const struct vet_plan *plan);
/* Violations that it is time for: those of the outcomes before which all are done. */
void explore_tell_violations(struct exploration *exploration);
void explore_tell_figures(const struct exploration *exploration);
void explore_list(const struct exploration *exploration);

/* False: there is no memory, or it could not be written. */
bool explore_tell_json(const struct exploration *exploration);
bool explore_list_json(const struct exploration *exploration);

#endif
