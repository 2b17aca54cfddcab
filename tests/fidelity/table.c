/* SPDX-License-Identifier: 0BSD */
/* One program, call by call, with what both sides answered. */
#include "command.h"

#include <stdio.h>
#include <string.h>

enum { ANSWER_TEXT = 400 };

static void row(uint32_t index, const struct step *step, const struct answer *kernel,
		const struct answer *other, const char *mark)
{
	char call[512], left[ANSWER_TEXT], right[ANSWER_TEXT] = "";
	step_print(step, call, sizeof(call));
	answer_print(step, kernel, left, sizeof(left));
	if (other != NULL)
		answer_print(step, other, right, sizeof(right));
	printf("%2u  %-36s  %-12s  %-36s  %-36s  %s\n", index + 1, call, state_name(kernel), left,
	       right, mark);
}

static int rows_alone(const struct program *program, const struct record *record)
{
	for (uint32_t i = 0; i < program->count; i++)
		row(i, &program->step[i], &record->answer[i], NULL, "");
	return 0;
}

static int rows_both(struct place_to_run *other, const struct program *program,
		     const struct record *lead)
{
	struct ground ground = lead->ground;
	struct run run;
	int result = other->begin(other, &ground);
	if (result < 0)
		return result;
	run_begin(&run, &other->side, program, &ground);
	for (uint32_t i = 0; i < program->count; i++) {
		const struct step *step = &program->step[i];
		struct answer answer;
		const char *mark = "";
		char kind[KIND_TEXT];
		run_step(&run, i, &lead->answer[i], &answer);
		if (answer_differs(step, &lead->answer[i], &answer) != NULL) {
			const struct explained *why;
			answer_kind(step, &lead->answer[i], &answer, kind, sizeof(kind));
			why = explained_find(program, i, &lead->answer[i], &answer, kind);
			mark = why == NULL ? "<-- differs" : why->id;
			if (other->doubts != NULL && other->doubts(other))
				mark = "differs, in doubt";
			else
				result |= why == NULL;
		}
		row(i, step, &lead->answer[i], &answer, mark);
	}
	run_end(&run);
	return result;
}

int table_print(struct place_to_run *kernel, struct place_to_run *other,
		const struct program *program)
{
	static struct record lead;
	struct tally tally = { 0 };
	int result;
	kernel->side.watches = true;
	result = record_make(kernel, program, &lead, &tally);
	if (result < 0)
		return result;
	return other == NULL ? rows_alone(program, &lead) : rows_both(other, program, &lead);
}
