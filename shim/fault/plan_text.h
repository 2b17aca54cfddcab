/* SPDX-License-Identifier: 0BSD */
/* What the parser and the printer of fault plans share: the names of the language, and which values
 * stand with them. */
#ifndef VETSOCK_FAULT_PLAN_TEXT_H
#define VETSOCK_FAULT_PLAN_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vetsock/plan.h>

#include "../../src/scan.h"

/* The greatest count: of calls, of bytes.  VET_PLAN_FOR_EVER is `to` of "N+". */
#define VET_PLAN_COUNT_MAX INT64_MAX
#define VET_PLAN_FOR_EVER  UINT64_MAX

/* What stands behind the name of an action. */
enum vet_plan_form {
	VET_FORM_NOTHING,
	VET_FORM_NUMBER,
	VET_FORM_VALUE, /* a number, or the name of an error */
	VET_FORM_ERROR,
	VET_FORM_EVENTS,
	VET_FORM_TIME, /* with a sign where `min` is negative */
	VET_FORM_SIGNAL,
};

struct vet_plan_action {
	const char *name; /* NULL: the name of an error stands alone */
	enum vet_plan_form form;
	const char *no_after;      /* why it does not stand with "after"; NULL: it does */
	uint32_t entries;          /* bits of the calls that have it */
	int64_t min, max;          /* of the argument, where it is a number or a time */
	const char *elsewhere;     /* why other calls do not have it */
	const char *below, *above; /* what is wrong with a number outside */
};

/* By enum vet_action; VALUE and VALUE_OF have one name, and the first is the one that is found. */
extern const struct vet_plan_action vet_plan_actions[VET_ACTION_COUNT];

/* The calls that name a descriptor which the table can have handed out. */
extern const uint32_t vet_plan_on_descriptor;
/* The calls that move bytes of a socket. */
extern const uint32_t vet_plan_of_bytes;

/* Whether an entry is one of them; "*" always is. */
bool vet_plan_is_one_of(unsigned entry, uint32_t entries);

/* A name and the system's number for it; the last has none. */
struct vet_plan_name {
	const char *name;
	int number;
};

extern const struct vet_plan_name vet_plan_events[];  /* in the order in which they are printed */
extern const struct vet_plan_name vet_plan_signals[]; /* without SIG */

/* Reads an action with its argument into the rule, whose entry is known. */
bool vet_plan_read_action(struct vet_scan *s, struct vet_rule *rule);

#endif
