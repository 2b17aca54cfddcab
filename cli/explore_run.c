/* SPDX-License-Identifier: 0BSD */
/* One scenario is explored, and what comes of it is kept. */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>

#include <vetsock/error.h>

#include "explore.h"
#include "process.h"

/* ---- cells ---- */

size_t explore_rows(void)
{
	static size_t rows;

	while (vet_lawful_at(rows) != NULL)
		rows++;
	return rows;
}

/* The operation's rows, new if it was not there; NULL: there is no memory. */
static unsigned char *rows_of(struct cells *cells, const char *operation)
{
	struct cells_of *more;
	struct cells_of one;

	for (size_t i = 0; i < cells->count; i++)
		if (strcmp(cells->of[i].operation, operation) == 0)
			return cells->of[i].rows;
	more = realloc(cells->of, (cells->count + 1) * sizeof(*more));
	if (more == NULL)
		return NULL;
	cells->of = more;
	one.operation = strdup(operation);
	one.rows = calloc(explore_rows(), 1);
	if (one.operation == NULL || one.rows == NULL) {
		free(one.operation);
		free(one.rows);
		return NULL;
	}
	cells->of[cells->count++] = one;
	return one.rows;
}

bool explore_see_cell(struct cells *cells, const char *operation, size_t row, enum cell state)
{
	unsigned char *rows = state == CELL_NONE ? NULL : rows_of(cells, operation);

	if (rows != NULL && rows[row] < state)
		rows[row] = (unsigned char)state;
	return rows != NULL || state == CELL_NONE;
}

void explore_free_cells(struct cells *cells)
{
	for (size_t i = 0; i < cells->count; i++) {
		free(cells->of[i].operation);
		free(cells->of[i].rows);
	}
	free(cells->of);
}

/* ---- exploring ---- */

/* What the callbacks of one exploration share. */
struct keeping {
	struct exploration *exploration;
	struct outcome *outcome;
	bool has_failed; /* there is no memory */
	FILE *trace;
};

static void keep_violation(void *context, const struct vet_violation *violation)
{
	struct keeping *keeping = context;
	struct outcome *outcome = keeping->outcome;
	struct vet_violation *more =
		realloc(outcome->violations, (outcome->violation_count + 1) * sizeof(*more));

	if (more == NULL) {
		keeping->has_failed = true;
		return;
	}
	outcome->violations = more;
	outcome->violations[outcome->violation_count++] = *violation;
}

static void keep_cell(void *context, const struct vet_operation *operation,
		      const struct vet_lawful *row, bool fired)
{
	struct keeping *keeping = context;
	size_t index = (size_t)(row - vet_lawful_at(0));

	if (!explore_see_cell(&keeping->outcome->cells, operation == NULL ? "" : operation->name,
			      index, fired ? CELL_FIRED : CELL_OBSERVED))
		keeping->has_failed = true;
}

static int keep_trace(void *context, const char *text, size_t size)
{
	struct keeping *keeping = context;

	/* What has been told stays told, whatever happens in the next call. */
	return fwrite(text, 1, size, keeping->trace) == size && fflush(keeping->trace) == 0 ? 0
											    : -1;
}

static int look_at_clock(void *context, const struct vet_scenario *scenario, unsigned thousandths)
{
	const struct keeping *keeping = context;
	const struct exploration *exploration = keeping->exploration;

	(void)scenario;
	(void)thousandths;
	if (exploration->look_up != NULL)
		exploration->look_up();
	return exploration->limit > 0 && process_seconds() >= exploration->until;
}

/* Where no time is left a scenario is begun all the same, so that what is not made is counted. */
static struct vet_explore_options options_for(struct keeping *keeping)
{
	const struct exploration *exploration = keeping->exploration;
	struct vet_explore_options options = exploration->options;

	options.found = keep_violation;
	options.cell = keep_cell;
	options.progress = look_at_clock;
	options.context = keeping;
	if (keeping->trace != NULL)
		options.trace = keep_trace;
	if (exploration->limit > 0 && process_seconds() >= exploration->until)
		options.budget = 1;
	return options;
}

static void judge(struct outcome *outcome, int result, bool has_failed)
{
	if (result >= 0 && !has_failed)
		return;
	if (!has_failed && outcome->violation_count > 0)
		return; /* it fails without any fault: a violation says so */
	outcome->trouble = "unexplored";
	(void)snprintf(outcome->trouble_message, sizeof(outcome->trouble_message),
		       "it could not be explored: %s",
		       has_failed ? "there is no memory" : vet_error_name(result));
}

void explore_one(struct exploration *exploration, struct outcome *outcome)
{
	struct keeping keeping = { .exploration = exploration, .outcome = outcome };
	struct vet_explore_options options;
	double start = process_seconds();
	int result;

	if (exploration->request->trace)
		keeping.trace = exploration->request->json
					? open_memstream(&outcome->trace, &outcome->trace_size)
					: stdout;
	options = options_for(&keeping);
	result = vet_explore(outcome->scenario, 1, &options, &outcome->report);
	judge(outcome, result, keeping.has_failed);
	if (keeping.trace != NULL && keeping.trace != stdout)
		(void)fclose(keeping.trace);
	outcome->seconds = process_seconds() - start;
	outcome->is_done = true;
}

void explore_free_outcome(struct outcome *outcome)
{
	explore_free_cells(&outcome->cells);
	free(outcome->violations);
	free(outcome->trace);
}
