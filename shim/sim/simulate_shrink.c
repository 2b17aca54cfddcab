/* SPDX-License-Identifier: 0BSD */
/* A run that breaks is made small: on its tape. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "simulate.h"

struct shrinking {
	struct vet_sim *sim;
	const struct vet_simulation *simulation;
	struct vet_simulate_options options;
	struct vet_sim_report broken; /* as it broke first */
	struct vet_sim_choice *tape, *attempt;
	size_t count;
	unsigned runs; /* that may still be made */
};

/* Two reasons are one if they differ in numbers alone. */
static bool is_same_reason(const char *a, const char *b)
{
	const char *digits = "0123456789";
	for (;;) {
		a += strspn(a, digits);
		b += strspn(b, digits);
		if (*a != *b)
			return false;
		if (*a == '\0')
			return true;
		a++;
		b++;
	}
}

static bool breaks(struct shrinking *s, const struct vet_sim_choice *tape, size_t count)
{
	struct vet_sim_report report;
	if (s->runs == 0)
		return false;
	s->runs--;
	s->options.tape = tape;
	s->options.tape_size = count;
	(void)vetsim_run_once(s->sim, s->simulation, &s->options, &report);
	return report.end == s->broken.end && is_same_reason(report.why, s->broken.why);
}

/* Whether it breaks without `size` choices from `at` on: then they are gone. */
static bool remove_some(struct shrinking *s, size_t at, size_t size)
{
	memcpy(s->attempt, s->tape, at * sizeof *s->tape);
	memcpy(s->attempt + at, s->tape + at + size, (s->count - at - size) * sizeof *s->tape);
	if (!breaks(s, s->attempt, s->count - size))
		return false;
	memcpy(s->tape, s->attempt, (s->count - size) * sizeof *s->tape);
	s->count -= size;
	return true;
}

/* Large pieces first, then ever smaller ones, until no single one can go. */
static void remove_choices(struct shrinking *s)
{
	bool is_less = false;
	for (size_t size = s->count; size > 0; size = is_less ? size : size / 2) {
		is_less = false;
		for (size_t end = s->count; end >= size && s->runs > 0;) {
			if (remove_some(s, end - size, size))
				is_less = true;
			end = end - size < s->count ? end - size : s->count;
		}
		if (size > s->count)
			is_less = false;
		if (s->runs == 0)
			return;
	}
}

static void lower_choices(struct shrinking *s)
{
	for (size_t i = 0; i < s->count; i++) {
		uint32_t least = 1, value = s->tape[i].value;
		while (least < value && s->runs > 0) {
			uint32_t middle = least + (value - least) / 2;
			s->tape[i].value = middle;
			if (breaks(s, s->tape, s->count))
				value = middle;
			else
				least = middle + 1;
		}
		s->tape[i].value = value;
	}
}

static int record(struct shrinking *s)
{
	const struct vet_sim_choice *kept;
	s->options.record = true;
	if (vetsim_run_once(s->sim, s->simulation, &s->options, &s->broken) == 0)
		return -EINVAL;
	s->options.record = false;
	kept = vet_sim_tape(s->sim, &s->count);
	s->tape = malloc((s->count + 1) * sizeof *s->tape);
	s->attempt = malloc((s->count + 1) * sizeof *s->attempt);
	if (s->tape == NULL || s->attempt == NULL)
		return -ENOMEM;
	if (s->count > 0)
		memcpy(s->tape, kept, s->count * sizeof *s->tape);
	return 0;
}

int vet_simulate_shrink(struct vet_sim *sim, const struct vet_simulation *simulation,
			const struct vet_simulate_options *options, unsigned runs,
			struct vet_sim_report *report, struct vet_sim_choice **tape, size_t *count)
{
	struct shrinking s = {
		.sim = sim, .simulation = simulation, .options = *options, .runs = runs
	};
	int result;
	s.options.observer = NULL;
	s.options.prepared = NULL;
	result = record(&s);
	/* A tape of one seed must break under another, or seeds decide what tapes do not. */
	if (result == 0 && breaks(&s, s.tape, s.count)) {
		remove_choices(&s);
		lower_choices(&s);
	}
	free(s.attempt);
	if (result < 0) {
		free(s.tape);
		return result;
	}
	s.options.tape = s.tape;
	s.options.tape_size = s.count;
	(void)vetsim_run_once(sim, simulation, &s.options, report);
	*tape = s.tape;
	*count = s.count;
	return 0;
}
