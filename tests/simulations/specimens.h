/* SPDX-License-Identifier: 0BSD */
/* Programs with one classic bug each, which the simulations' own checks must find; without it they
 * hold.  For simulations_test. */
#ifndef VETSOCK_SIMULATIONS_SPECIMENS_H
#define VETSOCK_SIMULATIONS_SPECIMENS_H

#include "play.h"

enum specimen_bug {
	BUG_NONE,
	BUG_SHORT_WRITE,   /* a short write is taken for a whole one */
	BUG_UNREAD,        /* closes with unread data: the answer is lost */
	BUG_NO_NUMBER,     /* what is asked again is done again */
	BUG_RESET_IS_END,  /* a reset is taken for the end */
	BUG_DEADLINE_ANEW, /* each hop gives itself the whole time */
	BUG_ACCEPT_DIES,   /* one EMFILE, and nobody is served any more */
	BUG_LEAK,          /* an error path forgets to close */
};

/* Which one the programs have now. */
extern enum specimen_bug specimen_bug;
/* There is no mischief that a program would notice: nothing may fail. */
extern bool specimen_is_quiet;

extern const struct vet_simulation specimen_courier; /* all but BUG_DEADLINE_ANEW */
extern const struct vet_simulation specimen_relay;   /* BUG_DEADLINE_ANEW */

#endif
