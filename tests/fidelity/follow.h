/* SPDX-License-Identifier: 0BSD */
/* The kernel leads, another table follows; and what becomes of a difference. */
#ifndef FIDELITY_FOLLOW_H
#define FIDELITY_FOLLOW_H

#include "run.h"

enum { KIND_TEXT = 160 };

/* A side and where its runs take place. */
struct place_to_run {
	struct side side;
	/* Before each run: makes all as it was at first, and says what the run has for itself; the
	 * kernel's run's own is in *ground.  0, or minus an errno. */
	int (*begin)(struct place_to_run *self, struct ground *ground);
	/* Whether its run has come to where the kernel's answers depend on what it does not
	 * model, and says so: a difference from then on proves nothing.  NULL: never. */
	bool (*doubts)(const struct place_to_run *self);
};

/* What a run answered to each step. */
struct record {
	struct ground ground;
	struct answer answer[STEPS];
};

enum outcome {
	FOLLOWED,  /* both answered the same to every step */
	UNSTABLE,  /* the kernel does not answer the same twice */
	DIFFERENT, /* step `step` was answered otherwise, and nobody has said why */
	EXPLAINED, /* it was, as is documented; what came after it was not looked at */
	DOUBTED,   /* it was, after the one that follows had said that it could not know */
	BROKEN,    /* a side could not be begun: `error` */
};

struct verdict {
	enum outcome outcome;
	uint32_t step;
	int error;
	struct answer kernel, other;
	char kind[KIND_TEXT]; /* of the difference, as text */
};

/* Counters of a session. */
struct tally {
	uint64_t programs, calls, followed, unstable, different, coincidences, ended_explained,
		doubted;
};

void tally_add(struct tally *tally, const struct tally *more);

/* A difference that is documented. */
struct explained {
	const char *id;   /* as in docs/fidelity.md */
	const char *kind; /* as answer_kind() says it; "*" at its end is anything */
	bool goes_on;     /* what follows is compared all the same */
	/* Whether it is this one; NULL: always. */
	bool (*when)(const struct program *program, uint32_t step, const struct answer *kernel,
		     const struct answer *other);
	const char *why;
};

extern const struct explained explained_rows[];
extern const unsigned explained_count;
extern uint64_t explained_met[];

/* The row for a difference, counted; NULL: nobody has explained it. */
const struct explained *explained_find(const struct program *program, uint32_t step,
				       const struct answer *kernel, const struct answer *other,
				       const char *kind);

/* Runs the program once.  0 or minus an errno. */
int record_make(struct place_to_run *place, const struct program *program, struct record *record,
		struct tally *tally);

/* Twice on the kernel, then on the other (NULL: not). *lead is the kernel's first run. */
void follow(struct place_to_run *kernel, struct place_to_run *other, const struct program *program,
	    struct verdict *verdict, struct record *lead, struct tally *tally);

/* What two runs of the kernel, and then the other one's (NULL: none), make of a program. */
void judge(struct place_to_run *other, const struct program *program, const struct record *lead,
	   const struct record *again, struct verdict *verdict, struct tally *tally);

/* Makes a program that has a difference, or is unstable, small, as long as the kind of it stays. */
void shrink(struct place_to_run *kernel, struct place_to_run *other, struct program *program,
	    struct verdict *verdict);

/* The kernel: in a network of its own, where one may be made; else *why_not says why not.  0 or
 * minus an errno. */
int kernel_open(struct place_to_run *kernel, const char **why_not);
void kernel_close(struct place_to_run *kernel);
/* The simulator. */
int simulator_open(struct place_to_run *simulator);
void simulator_close(struct place_to_run *simulator);

/* ---- histogram.c ---- */

struct histogram;
struct histogram *histogram_make(void); /* NULL: no memory */
void histogram_free(struct histogram *histogram);
void histogram_add(struct histogram *histogram, const struct program *program,
		   const struct record *record);
/* What was answered how often, and which rows of the catalogue were seen. */
void histogram_print(const struct histogram *histogram);

#endif
