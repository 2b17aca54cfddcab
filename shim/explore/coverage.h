/* SPDX-License-Identifier: 0BSD */
/*
 * Fault coverage: which lawful results of which calls of which operations have been seen to be
 * possible, and which have been given.
 */
#ifndef VETSOCK_EXPLORE_COVERAGE_H
#define VETSOCK_EXPLORE_COVERAGE_H

#include <vetsock/explore.h>

struct seen;
struct vet_trial;

enum { OPERATIONS = 128, ROWS = 768, NAMES = 4096, WITNESS_RULES = 6 };

/* A run in which a cell could have been fired: its plan, and one rule more. */
struct witness {
	uint16_t operation, row;
	uint16_t rules;
	struct vet_rule rule[WITNESS_RULES];
};

struct coverage {
	const struct vet_operation *operations[OPERATIONS]; /* 0: NULL, no operation */
	uint64_t allowed[OPERATIONS][5]; /* errnos by number, then vetsock's own */
	uint16_t operation_count;
	uint16_t row_count;
	uint64_t rank[256]; /* of errnos, by their names */
	/* Situations that were looked at, by a hash: a cache, not the truth. */
	uint64_t known[NAMES];
	uint8_t observed[OPERATIONS][ROWS];
	uint8_t fired[OPERATIONS][ROWS];
	struct witness *witnesses; /* of observed cells, in the order in which they were */
	size_t witness_count, witness_room;
	bool has_failed; /* no memory */
};

/* All zero until then. */
void vet_coverage_begin(struct coverage *coverage);
void vet_coverage_end(struct coverage *coverage);
uint16_t vet_coverage_operation(struct coverage *coverage, const struct vet_operation *operation);
bool vet_coverage_allows(const struct coverage *coverage, uint16_t operation, int64_t error);

/* A row would change something at a call that has been seen. */
bool vet_row_would_fire(const struct vet_lawful *row, const struct seen *seen);
/* The first argument for a rule of the row. */
int64_t vet_row_argument(const struct vet_lawful *row);
/* A rule of the row for call N of its name, or from that on. */
struct vet_rule vet_row_rule(const struct vet_lawful *row, uint64_t nth, bool for_ever,
			     int64_t argument);

/* Notes which cells could be fired at a call, and, if a rule acted, which one was. */
void vet_coverage_see(struct vet_trial *trial, const struct seen *seen);
void vet_coverage_fire(struct vet_trial *trial, const struct seen *seen,
		       const struct vet_lawful *row);
/* A word for a negative error that is the same on every machine. */
uint64_t vet_coverage_rank(struct coverage *coverage, int64_t error);
void vet_coverage_count(const struct coverage *coverage, uint64_t *cells, uint64_t *fired);

#endif
