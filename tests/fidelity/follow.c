/* SPDX-License-Identifier: 0BSD */
/* A program on the kernel, twice, and then on the one that follows. */
#include "follow.h"

#include <string.h>

enum { COINCIDENCES = 5 }; /* runs of one program, until no two ports are the same by chance */

int record_make(struct place_to_run *place, const struct program *program, struct record *record,
		struct tally *tally)
{
	struct run run;
	for (int tries = 0; tries < COINCIDENCES; tries++) {
		int result = place->begin(place, &record->ground);
		if (result < 0)
			return result;
		run_begin(&run, &place->side, program, &record->ground);
		for (uint32_t i = 0; i < program->count; i++)
			run_step(&run, i, NULL, &record->answer[i]);
		run_end(&run);
		tally->calls += program->count;
		if (!run.is_coincidence)
			break;
		tally->coincidences++;
	}
	return 0;
}

static void differs(const struct program *program, uint32_t step, const struct answer *kernel,
		    const struct answer *other, struct verdict *verdict)
{
	verdict->step = step;
	verdict->kernel = *kernel;
	verdict->other = *other;
	answer_kind(&program->step[step], kernel, other, verdict->kind, sizeof(verdict->kind));
}

static bool is_stable(const struct program *program, const struct record *a, const struct record *b,
		      struct verdict *verdict)
{
	for (uint32_t i = 0; i < program->count; i++) {
		if (answer_differs(&program->step[i], &a->answer[i], &b->answer[i]) == NULL)
			continue;
		differs(program, i, &a->answer[i], &b->answer[i], verdict);
		verdict->outcome = UNSTABLE;
		return false;
	}
	return true;
}

/* Whether the run goes on after a difference of the step. */
static bool goes_on(const struct place_to_run *follower, const struct program *program,
		    uint32_t step, const struct answer *kernel, const struct answer *other,
		    struct verdict *verdict)
{
	const struct explained *why;
	differs(program, step, kernel, other, verdict);
	if (follower->doubts != NULL && follower->doubts(follower)) {
		verdict->outcome = DOUBTED;
		return false;
	}
	why = explained_find(program, step, kernel, other, verdict->kind);
	verdict->outcome = why == NULL ? DIFFERENT : EXPLAINED;
	if (why == NULL || !why->goes_on)
		return false;
	verdict->outcome = FOLLOWED;
	return true;
}

static void follow_once(struct place_to_run *other, const struct program *program,
			const struct record *lead, struct verdict *verdict)
{
	struct ground ground = lead->ground;
	struct run run;
	verdict->error = other->begin(other, &ground);
	if (verdict->error < 0) {
		verdict->outcome = BROKEN;
		return;
	}
	run_begin(&run, &other->side, program, &ground);
	for (uint32_t i = 0; i < program->count; i++) {
		struct answer answer;
		run_step(&run, i, &lead->answer[i], &answer);
		if (answer_differs(&program->step[i], &lead->answer[i], &answer) != NULL &&
		    !goes_on(other, program, i, &lead->answer[i], &answer, verdict))
			break;
	}
	run_end(&run);
}

void tally_add(struct tally *tally, const struct tally *more)
{
	tally->programs += more->programs;
	tally->calls += more->calls;
	tally->followed += more->followed;
	tally->unstable += more->unstable;
	tally->different += more->different;
	tally->coincidences += more->coincidences;
	tally->ended_explained += more->ended_explained;
	tally->doubted += more->doubted;
}

void judge(struct place_to_run *other, const struct program *program, const struct record *lead,
	   const struct record *again, struct verdict *verdict, struct tally *tally)
{
	memset(verdict, 0, sizeof(*verdict));
	tally->programs++;
	if (is_stable(program, lead, again, verdict) && other != NULL)
		follow_once(other, program, lead, verdict);
	tally->unstable += verdict->outcome == UNSTABLE;
	tally->different += verdict->outcome == DIFFERENT;
	tally->ended_explained += verdict->outcome == EXPLAINED;
	tally->doubted += verdict->outcome == DOUBTED;
	tally->followed += verdict->outcome == FOLLOWED;
}

void follow(struct place_to_run *kernel, struct place_to_run *other, const struct program *program,
	    struct verdict *verdict, struct record *lead, struct tally *tally)
{
	static struct record again;
	verdict->error = record_make(kernel, program, lead, tally);
	if (verdict->error == 0)
		verdict->error = record_make(kernel, program, &again, tally);
	if (verdict->error < 0) {
		verdict->outcome = BROKEN;
		return;
	}
	judge(other, program, lead, &again, verdict, tally);
}
