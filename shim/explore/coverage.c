/* SPDX-License-Identifier: 0BSD */
#include "coverage.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <vetsock/error.h>

#include "trial.h"

/* ---- operations, and the errors that they document ---- */

static void allow(uint64_t bits[5], int64_t error)
{
	uint64_t number = (uint64_t)-error;
	if (error <= VET_EOF && error > VET_EOF - 64)
		bits[4] |= UINT64_C(1) << (VET_EOF - error);
	else if (error < 0 && number < 256)
		bits[number / 64] |= UINT64_C(1) << number % 64;
}

/* What the catalogue passes on of the calls that the operation makes. */
static void allow_passed_on(uint64_t bits[5], uint32_t calls)
{
	const struct vet_lawful *row;
	for (size_t i = 0; (row = vet_lawful_at(i)) != NULL; i++)
		if ((calls >> row->entry & 1) && row->handling == VET_HANDLING_PASSES_ON &&
		    (row->action == VET_ACTION_ERROR || row->action == VET_ACTION_VALUE_OF))
			allow(bits, row->argument);
}

static void allow_named(uint64_t bits[5], const char *names)
{
	while (names != NULL && *names != '\0') {
		size_t size = strcspn(names, " ");
		allow(bits, vet_error_from_name(names, size));
		names += size + (names[size] == ' ');
	}
}

uint16_t vet_coverage_operation(struct coverage *coverage, const struct vet_operation *operation)
{
	uint16_t i = 0;
	while (i < coverage->operation_count && coverage->operations[i] != operation)
		i++;
	if (i < coverage->operation_count)
		return i;
	if (i == OPERATIONS) { /* more than the coverage has room for: it would not be all of it */
		coverage->has_failed = true;
		return 0;
	}
	coverage->operation_count++;
	coverage->operations[i] = operation;
	allow_passed_on(coverage->allowed[i], operation->calls);
	allow_named(coverage->allowed[i], operation->errors);
	if (operation->calls == 0 && operation->errors == NULL)
		memset(coverage->allowed[i], 0xff, sizeof coverage->allowed[i]);
	return i;
}

bool vet_coverage_allows(const struct coverage *coverage, uint16_t operation, int64_t error)
{
	const uint64_t *bits = coverage->allowed[operation];
	uint64_t number = (uint64_t)-error;
	if (error <= VET_EOF && error > VET_EOF - 64)
		return bits[4] >> (VET_EOF - error) & 1;
	if (number >= 256) /* numbers like these are not looked at */
		return true;
	return bits[number / 64] >> number % 64 & 1;
}

/* ---- rows at calls ---- */

bool vet_row_would_fire(const struct vet_lawful *row, const struct seen *seen)
{
	int64_t result = seen->result;
	if (!vet_lawful_applies(row, &seen->at))
		return false;
	switch (row->action) {
	case VET_ACTION_ERROR:
		if (row->effect == VET_EFFECT_TAKEN)
			return result >= 0;
		if (row->effect == VET_EFFECT_BEGUN)
			return (result == 0 || result == -EINPROGRESS) && result != row->argument;
		return result != row->argument;
	case VET_ACTION_SHORT:
		return result > 1;
	case VET_ACTION_EVENTS:
		return (row->argument & (seen->events | POLLERR | POLLHUP | POLLNVAL)) != 0;
	case VET_ACTION_SPURIOUS:
		return seen->events != 0;
	case VET_ACTION_ZERO: /* of poll it comes at once, which its own 0 did not */
		return result != 0 || row->entry == VET_CALL_poll;
	case VET_ACTION_TIMEOUT:
		return result != 0;
	default:
		return true;
	}
}

int64_t vet_row_argument(const struct vet_lawful *row)
{
	return row->action == VET_ACTION_SHORT ? 1 : row->argument;
}

struct vet_rule vet_row_rule(const struct vet_lawful *row, uint64_t nth, bool for_ever,
			     int64_t argument)
{
	return (struct vet_rule){
		.entry = row->entry,
		.action = row->action,
		.after = row->after,
		.from = nth,
		.to = for_ever ? UINT64_MAX : nth,
		.argument = argument,
	};
}

/* ---- ranks ---- */

/* Errors by their names, so that a hash is the same wherever they have other numbers. */
static uint64_t rank_of(const char *name)
{
	uint64_t rank = UINT64_C(1) << 63;
	for (; *name != '\0'; name++)
		rank = rank * 31 + (unsigned char)*name;
	return rank;
}

uint64_t vet_coverage_rank(struct coverage *coverage, int64_t error)
{
	uint64_t *known = error > -256 ? &coverage->rank[-error] : NULL;
	if (known == NULL)
		return rank_of(vet_error_name((int)error));
	if (*known == 0)
		*known = rank_of(vet_error_name((int)error));
	return *known;
}

/* ---- cells ---- */

void vet_coverage_begin(struct coverage *coverage)
{
	coverage->operation_count = 1; /* no operation: calls that belong to none */
	memset(coverage->allowed[0], 0xff, sizeof coverage->allowed[0]);
	while (coverage->row_count < ROWS && vet_lawful_at(coverage->row_count) != NULL)
		coverage->row_count++;
	coverage->has_failed = vet_lawful_at(coverage->row_count) != NULL;
}

void vet_coverage_end(struct coverage *coverage)
{
	free(coverage->witnesses);
}

static bool has_room(struct coverage *coverage)
{
	size_t room = coverage->witness_room;
	struct witness *more;
	if (coverage->witness_count < room)
		return true;
	room = room == 0 ? 256 : 2 * room;
	more = realloc(coverage->witnesses, room * sizeof *more);
	if (more == NULL) {
		coverage->has_failed = true;
		return false;
	}
	coverage->witnesses = more;
	coverage->witness_room = room;
	return true;
}

/* How the cell can be fired: the rules of this run, and one more. */
static void bear_witness(struct vet_trial *trial, const struct seen *seen,
			 const struct vet_lawful *row, uint16_t index)
{
	struct coverage *coverage = trial->coverage;
	struct witness *witness;
	if (trial->plan->count >= WITNESS_RULES || !has_room(coverage))
		return;
	witness = &coverage->witnesses[coverage->witness_count++];
	witness->operation = seen->operation;
	witness->row = index;
	witness->rules = (uint16_t)(trial->plan->count + 1);
	memcpy(witness->rule, trial->plan->rules, trial->plan->count * sizeof *witness->rule);
	witness->rule[trial->plan->count] =
		vet_row_rule(row, seen->nth, !(row->lasts & VET_LASTS_ONCE), vet_row_argument(row));
}

static void look_at_rows(struct vet_trial *trial, const struct seen *seen)
{
	struct coverage *coverage = trial->coverage;
	size_t first, count = vet_lawful_of(seen->at.entry, &first);
	for (size_t i = first; i < first + count && i < ROWS; i++) {
		const struct vet_lawful *row = vet_lawful_at(i);
		uint8_t *observed = &coverage->observed[seen->operation][i];
		if (*observed || !vet_row_would_fire(row, seen))
			continue;
		*observed = 1;
		bear_witness(trial, seen, row, (uint16_t)i);
	}
}

/* What of a call decides which rows would fire there, in one word that is not 0. */
static uint64_t word_of(const struct seen *seen)
{
	uint64_t result = seen->result < 0   ? (uint64_t)-seen->result % 1024
			  : seen->result > 1 ? 1024 + 2
					     : 1024 + (uint64_t)seen->result;
	return UINT64_C(1) << 63 | (uint64_t)seen->operation << 56 |
	       (uint64_t)seen->at.entry << 51 | (uint64_t)seen->at.kind << 47 |
	       (uint64_t)seen->at.phase << 41 | (uint64_t)seen->at.holds << 25 |
	       (uint64_t)(seen->events & 0xfff) << 12 | result;
}

void vet_coverage_see(struct vet_trial *trial, const struct seen *seen)
{
	uint64_t word = word_of(seen);
	uint64_t *known = &trial->coverage->known[(word * UINT64_C(0x9e3779b97f4a7c15)) >> 52];
	if (*known == word)
		return;
	*known = word;
	look_at_rows(trial, seen);
}

void vet_coverage_fire(struct vet_trial *trial, const struct seen *seen,
		       const struct vet_lawful *row)
{
	size_t index = (size_t)(row - vet_lawful_at(0));
	if (index >= ROWS)
		return;
	trial->coverage->observed[seen->operation][index] = 1;
	trial->coverage->fired[seen->operation][index] = 1;
}

void vet_coverage_count(const struct coverage *coverage, uint64_t *cells, uint64_t *fired)
{
	*cells = *fired = 0;
	for (size_t i = 0; i < coverage->operation_count; i++) {
		for (size_t j = 0; j < coverage->row_count; j++) {
			*cells += coverage->observed[i][j];
			*fired += coverage->fired[i][j];
		}
	}
}
