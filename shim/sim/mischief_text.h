/* SPDX-License-Identifier: 0BSD */
/* What the parser and the printer of mischief share beside its table. */
#ifndef VETSOCK_SIM_MISCHIEF_TEXT_H
#define VETSOCK_SIM_MISCHIEF_TEXT_H

#include "mischief.h"

#define SIM_NEAR(name) "there is no mischief of this name; did you mean '" name "'?"

/* What is said once, in the order in which it is printed. */
enum sim_mischief_once {
	SIM_ONCE_RANDOM,
	SIM_ONCE_SWARM,
	SIM_ONCE_SHORT_COUNTS,
	SIM_ONCE_CALM,
	SIM_ONCE_BOUND,
	SIM_ONCES
};
extern const struct vet_hint vetsim_mischief_onces[SIM_ONCES]; /* with what is near to it */

/* Where each part stands in a text. */
struct sim_mischief_places {
	/* An item's time; or, without one, the whole item.  One may be read that is too many. */
	struct vet_span at[VET_MISCHIEF_ITEMS + 1];
	struct vet_span once[SIM_ONCES];
};

/* Why a word is the name of none. */
const char *vetsim_mischief_explain(const struct vet_scan *s, struct vet_span word);
/* A host's, which may be empty. */
struct vet_span vetsim_mischief_name(struct vet_scan *s);
/* Quantities, with free blanks before them; what is out of bounds is told. */
bool vetsim_mischief_quantity(struct vet_scan *s, const struct vet_measure *measure,
			      const struct vet_bounds *bounds, int64_t *value);
bool vetsim_mischief_time(struct vet_scan *s, uint64_t least, const char *below, int64_t *value);
bool vetsim_mischief_number(struct vet_scan *s, const struct vet_bounds *bounds, int64_t *value);
/* Percent, as parts in a million. */
bool vetsim_mischief_share(struct vet_scan *s, const struct vet_bounds *bounds, int64_t *value);
/* What must hold of the whole.  False: the error is filled in. */
bool vetsim_mischief_check(const struct vet_mischief *mischief,
			   const struct sim_mischief_places *places, struct vet_scan *s);

#endif
