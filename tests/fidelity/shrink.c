/* SPDX-License-Identifier: 0BSD */
/* Makes a program with a difference small. */
#include "follow.h"

#include <string.h>

enum { RUNS = 2000 }; /* of candidates, at most */

struct shrinking {
	struct place_to_run *kernel, *other;
	struct program *best;
	struct verdict *verdict;
	char kind[KIND_TEXT];
	enum outcome outcome;
	unsigned runs;
};

/* Whether the candidate still has the difference; then it is the best so far. */
static bool holds(struct shrinking *s, const struct program *candidate)
{
	static struct record record;
	struct verdict verdict;
	struct tally tally = { 0 };
	if (s->runs++ >= RUNS)
		return false;
	follow(s->kernel, s->other, candidate, &verdict, &record, &tally);
	if (verdict.outcome != s->outcome || strcmp(verdict.kind, s->kind) != 0)
		return false;
	*s->best = *candidate;
	*s->verdict = verdict;
	/* What comes after the difference was for nothing. */
	if (s->best->count > verdict.step + 1)
		s->best->count = verdict.step + 1;
	return true;
}

static bool without(struct shrinking *s, uint32_t first, uint32_t count)
{
	struct program candidate = *s->best;
	memmove(&candidate.step[first], &candidate.step[first + count],
		(candidate.count - first - count) * sizeof(candidate.step[0]));
	candidate.count -= count;
	return holds(s, &candidate);
}

/* Pieces of falling size are taken out, from the end, until no step can go. */
static bool remove_steps(struct shrinking *s)
{
	bool any = false;
	for (uint32_t size = s->best->count / 2; size > 0; size /= 2) {
		uint32_t first = s->best->count;
		while (first >= size && s->best->count > size) {
			first -= size;
			if (first + size <= s->best->count && without(s, first, size))
				any = true;
			if (first > s->best->count)
				first = s->best->count;
		}
	}
	return any;
}

/* Each makes a step duller, and says whether it did. */
static bool right_length(struct step *step)
{
	bool is_odd = step->length != LENGTH_RIGHT;
	step->length = LENGTH_RIGHT;
	return is_odd;
}

static bool right_place(struct step *step)
{
	bool is_odd = step->place.length != LENGTH_RIGHT && step->place.length != 0;
	step->place.length = LENGTH_RIGHT;
	return is_odd;
}

static bool no_peek(struct step *step)
{
	bool is_odd = step->peek;
	step->peek = false;
	return is_odd;
}

static bool moves(const struct step *step)
{
	return step->entry == VET_CALL_send || step->entry == VET_CALL_sendto ||
	       step->entry == VET_CALL_recv || step->entry == VET_CALL_recvfrom ||
	       step->entry == VET_CALL_sendfile || step->entry == VET_CALL_pread;
}

static bool one_byte(struct step *step)
{
	bool is_more = moves(step) && step->number > 1;
	if (is_more)
		step->number = 1;
	return is_more;
}

static bool half(struct step *step)
{
	bool is_more = moves(step) && step->number > 1;
	if (is_more)
		step->number /= 2;
	return is_more;
}

static bool fewer(struct step *step)
{
	bool is_more = step->count > 1;
	if (is_more)
		step->count--;
	return is_more;
}

static bool ipv4(struct step *step)
{
	if (step->entry == VET_CALL_socket && step->number == AF_INET6) {
		step->number = AF_INET;
		return true;
	}
	return false;
}

static bool party(struct step *step)
{
	if (step->place.host >= HOST_SOCKET || step->place.host == HOST_A)
		return false;
	step->place.host = HOST_A;
	step->place.form = FORM_4;
	return true;
}

static bool (*const dullers[])(struct step *step) = {
	right_length, right_place, no_peek, one_byte, half, fewer, party, ipv4,
};

static bool simplify(struct shrinking *s)
{
	bool any = false;
	for (uint32_t i = 0; i < s->best->count; i++) {
		for (size_t j = 0; j < sizeof(dullers) / sizeof(dullers[0]); j++) {
			struct program candidate = *s->best;
			if (dullers[j](&candidate.step[i]) && holds(s, &candidate))
				any = true;
			if (i >= s->best->count)
				return any;
		}
	}
	return any;
}

/* A program without IPv6 at all is the easiest to read. */
static void only_ipv4(struct shrinking *s)
{
	struct program candidate = *s->best;
	for (uint32_t i = 0; i < candidate.count; i++) {
		(void)ipv4(&candidate.step[i]);
		candidate.step[i].place.form = FORM_4;
	}
	(void)holds(s, &candidate);
}

void shrink(struct place_to_run *kernel, struct place_to_run *other, struct program *program,
	    struct verdict *verdict)
{
	struct shrinking s = { .kernel = kernel,
			       .other = other,
			       .best = program,
			       .verdict = verdict,
			       .outcome = verdict->outcome };
	bool any = true;
	memcpy(s.kind, verdict->kind, sizeof(s.kind));
	if (program->count > verdict->step + 1)
		program->count = verdict->step + 1;
	only_ipv4(&s);
	while (any && s.runs < RUNS) {
		any = remove_steps(&s);
		any = simplify(&s) || any;
	}
}
