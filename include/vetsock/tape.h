/* SPDX-License-Identifier: 0BSD */
/*
 * Tapes: a run whose every choice is read from bytes, as fuzzers make them.
 *
 * A tape is a sequence of choices, each one of n, 0 the dullest; when it ends, every further choice
 * is 0.  It has two streams, so that a change in one leaves the other as it was: what the program
 * does is read from the front, which faults its calls meet from the back.
 *
 *	static void drive(struct vet_trial *trial)       a scenario, as in explore.h
 *	{
 *		for (unsigned left = 1 + vet_trial_choose(trial, 16); left > 0; left--)
 *			... one of the operations, by vet_trial_choose(trial, ...) ...
 *	}
 *
 *	struct vet_tape tape;
 *	vet_tape_begin(&tape, data, size);
 *	if (vet_player_play(player, &scenario, &tape, &violation) != VET_CHECK_NONE)
 *		... violation.plan is what the tape did to it, and violation.message what broke ...
 *
 * The faults are those of the catalogue, each lawful where it comes: of them a tape holds how many
 * calls go by undisturbed, then which of the lawful results the next one gets, and so on.  Of errors
 * the choice 0 is one that stays, so that a tape that ends in the middle of a fault brings the
 * program to its end.  The same tape gives the same run on every machine.
 *
 * libvetsock-shim.  One thread.
 */
#ifndef VETSOCK_TAPE_H
#define VETSOCK_TAPE_H

#include <vetsock/explore.h>

VET_BEGIN_DECLS

enum vet_tape_stream {
	VET_TAPE_PROGRAM, /* from the front */
	VET_TAPE_FAULTS,  /* from the back */
};

/* The bytes are the caller's, and must stay. */
struct vet_tape {
	const unsigned char *bytes;
	size_t front, back; /* what is left lies between them */
};

VET_API void vet_tape_begin(struct vet_tape *tape, const void *bytes, size_t size);
/* One of 0 to n - 1: one byte of the tape for n up to 256, two up to 65,536, else four; of n 0 and 1
 * it is 0, and none is read.  What is left is used up where it is too little. */
VET_API uint32_t vet_tape_choose(struct vet_tape *tape, enum vet_tape_stream stream, uint32_t n);

/* The scenario's own choices: 0 in a run without a tape. */
VET_API uint32_t vet_trial_choose(struct vet_trial *trial, uint32_t n);
/* The tape itself, for more than that; NULL in a run without one. */
VET_API struct vet_tape *vet_trial_tape(struct vet_trial *trial);

/* What plays: the world, the fault layer and the checks of the explorer (explore.h), without its
 * watchdog.  Some megabytes, made once; a run allocates nothing. */
struct vet_player;
VET_API VET_CHECKED int vet_player_make(struct vet_player **player); /* 0 or -ENOMEM */
VET_API void vet_player_free(struct vet_player *player);

/*
 * Runs the scenario once, under the faults of the tape.  What failed, as VET_CHECK_..., with all of
 * it in *violation (may be NULL); VET_CHECK_NONE: nothing.  The plan of a violation is what happened,
 * not shrunk: with it, and the program's half of the tape (its first `front` bytes, as they are after
 * the run), the run comes again (vet_player_replay()).  A fault that would have changed nothing is not
 * in it; after VET_PLAN_RULES of them there are no more.  The scenario may differ from run to run, but
 * its operations must stay as long as the player; nothing is kept of the run before.
 *
 * Of the faults the tape holds, again and again: one byte, how many calls go by undisturbed (255: that
 * many, and the next byte says how many more; where there is none, all do); one of the lawful results
 * of the next call, as the catalogue has them in their order, each for once and for ever, but that the
 * first error that is passed on and lasts comes before them all; of a short count one of 1 to what was
 * asked less one, or to 65,536.  A program that does not end is ended as by the explorer, but each
 * operation (vet_trial_begin()) has its calls anew.
 */
VET_API unsigned vet_player_play(struct vet_player *player, const struct vet_scenario *scenario,
				 struct vet_tape *tape, struct vet_violation *violation);
/* The same under a plan: of the tape only the program's half is read. */
VET_API unsigned vet_player_replay(struct vet_player *player, const struct vet_scenario *scenario,
				   struct vet_tape *tape, const struct vet_plan *plan,
				   struct vet_violation *violation);
/* So far: runs, and calls of the table in them. */
VET_API void vet_player_count(const struct vet_player *player, uint64_t *runs, uint64_t *calls);
/* What the last run did to the program: its plan. */
VET_API const struct vet_plan *vet_player_plan(const struct vet_player *player);
/* Of all calls of the last run, as the program saw them: the same on every machine. */
VET_API uint64_t vet_player_hash(const struct vet_player *player);

VET_END_DECLS

#endif
