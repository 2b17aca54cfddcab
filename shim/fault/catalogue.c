/* SPDX-License-Identifier: 0BSD */
/* The catalogue of lawful faults: looking things up in its rows. */
#include <vetsock/catalogue.h>

#include "catalogue_rows.h"

/* ---- the rows ---- */

const struct vet_lawful *vet_lawful_at(size_t index)
{
	return index < vet_lawful_count ? &vet_lawful_rows[index] : NULL;
}

/* Where an entry's rows begin, or would: they are in the entries' order. */
static size_t first_of(unsigned entry)
{
	size_t low = 0, high = vet_lawful_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (vet_lawful_rows[middle].entry < entry)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t vet_lawful_of(unsigned entry, size_t *first)
{
	*first = first_of(entry);
	return entry < VET_CALL_COUNT ? first_of(entry + 1) - *first : 0;
}

/* ---- rules against rows ---- */

/* Of these any argument of the kind is as lawful as the row's. */
static bool same_argument(const struct vet_lawful *row, int64_t argument)
{
	switch (row->action) {
	case VET_ACTION_ERROR:
	case VET_ACTION_EVENTS:
	case VET_ACTION_VALUE:
	case VET_ACTION_VALUE_OF:
		return argument == row->argument;
	case VET_ACTION_JUMP:
		return argument >= 0; /* a monotonic clock does not go back */
	default:
		return true;
	}
}

static bool is_made_anyway(const struct vet_lawful *row)
{
	return row->effect == VET_EFFECT_WHOLE || row->effect == VET_EFFECT_BEGUN;
}

/* Whether the row can go on as long as the rule.  What latches happens once to each socket anyway;
 * a few calls in a row, and some of many, are as many single ones. */
static bool lasts_as_long(const struct vet_lawful *row, const struct vet_rule *rule)
{
	bool is_once = rule->when == VET_WHEN_BYTE ||
		       (rule->when == VET_WHEN_CALLS && rule->from == rule->to);
	if (is_once)
		return (row->lasts & VET_LASTS_ONCE) != 0;
	return row->latch != VET_LATCH_NONE || rule->when == VET_WHEN_PERCENT ||
	       rule->to != UINT64_MAX || (row->lasts & VET_LASTS_FOR_EVER) != 0;
}

static bool allows(const struct vet_lawful *row, const struct vet_rule *rule)
{
	return row->action == rule->action && same_argument(row, rule->argument) &&
	       (row->after == rule->after || (rule->after && is_made_anyway(row))) &&
	       lasts_as_long(row, rule);
}

bool vet_lawful_applies(const struct vet_lawful *row, const struct vet_situation *at)
{
	return row->entry == at->entry && (row->kinds & at->kind) != 0 &&
	       (at->kind == VET_KIND_OTHER || (row->phases & at->phase) != 0) &&
	       (row->needs & ~at->holds) == 0;
}

static bool is_of(const struct vet_rule *rule, unsigned entry)
{
	return rule->entry == entry || rule->entry == VET_CALL_ANY;
}

bool vet_lawful_allows(const struct vet_lawful *row, const struct vet_rule *rule,
		       const struct vet_situation *at)
{
	return is_of(rule, at->entry) && allows(row, rule) && vet_lawful_applies(row, at);
}

const struct vet_lawful *vet_lawful_find(const struct vet_rule *rule,
					 const struct vet_situation *at)
{
	if (!is_of(rule, at->entry))
		return NULL;
	for (size_t i = first_of(at->entry);
	     i < vet_lawful_count && vet_lawful_rows[i].entry == at->entry; i++)
		if (allows(&vet_lawful_rows[i], rule) &&
		    vet_lawful_applies(&vet_lawful_rows[i], at))
			return &vet_lawful_rows[i];
	return NULL;
}

bool vet_lawful_anywhere(const struct vet_rule *rule)
{
	if (rule->action == VET_ACTION_PASS || rule->action == VET_ACTION_SIGNAL)
		return true;
	for (size_t i = 0; i < vet_lawful_count; i++)
		if (is_of(rule, vet_lawful_rows[i].entry) && allows(&vet_lawful_rows[i], rule))
			return true;
	return false;
}

/* ---- names ---- */

#define NAME_AT(names, index) ((index) < sizeof(names) / sizeof(names)[0] ? (names)[index] : NULL)

const char *vet_effect_name(unsigned effect)
{
	static const char *const names[] = {
		[VET_EFFECT_NONE] = "none",   [VET_EFFECT_WHOLE] = "whole",
		[VET_EFFECT_PART] = "part",   [VET_EFFECT_BEGUN] = "begun",
		[VET_EFFECT_TAKEN] = "taken",
	};
	return NAME_AT(names, effect);
}

const char *vet_latch_name(unsigned latch)
{
	static const char *const names[] = {
		[VET_LATCH_NONE] = "nothing",  [VET_LATCH_END] = "ended",
		[VET_LATCH_DEAD] = "dead",     [VET_LATCH_ERROR] = "error pending",
		[VET_LATCH_FAILED] = "failed", [VET_LATCH_REFUSED] = "failure pending",
		[VET_LATCH_SHUT] = "shut",
	};
	return NAME_AT(names, latch);
}

const char *vet_handling_name(unsigned handling)
{
	static const char *const names[] = {
		[VET_HANDLING_RETRIES] = "retries",
		[VET_HANDLING_WAITS] = "waits",
		[VET_HANDLING_GOES_ON] = "goes on",
		[VET_HANDLING_PASSES_OVER] = "passes over",
		[VET_HANDLING_FALLS_BACK] = "falls back",
		[VET_HANDLING_ASKS] = "asks",
		[VET_HANDLING_ENDS] = "ends",
		[VET_HANDLING_PASSES_ON] = "passes on",
	};
	return NAME_AT(names, handling);
}
