/* SPDX-License-Identifier: 0BSD */
/* What became of the runs, as text. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "simulate.h"
#include "text.h"

const char *simulate_end_name(enum vet_sim_end end)
{
	static const char *const names[] = {
		[VET_SIM_ENDED] = "ended",   [VET_SIM_DEADLOCK] = "deadlock",
		[VET_SIM_CALLS] = "calls",   [VET_SIM_TIME] = "time",
		[VET_SIM_FAILED] = "failed",
	};

	return names[end];
}

static void put_option(FILE *out, const char *option, const char *value)
{
	if (value == NULL)
		return;
	fprintf(out, " %s ", option);
	cli_put_word(out, value);
}

static void put_tape(FILE *out, const struct vet_sim_choice *tape, size_t count)
{
	size_t size = 64 * count + 64; /* more than any choice takes */
	char *text = malloc(size);

	if (text != NULL && vet_sim_tape_format(tape, count, text, size) >= 0)
		put_option(out, "--tape", text);
	free(text);
}

void simulate_put_again(FILE *out, const struct simulating *simulating,
			const struct vet_simulation *simulation, uint64_t seed,
			const struct vet_sim_choice *tape, size_t count)
{
	const struct simulate_request *request = simulating->request;

	cli_put_word(out, cli_program);
	fputs(" sim", out);
	for (size_t i = 0; request->loads != NULL && request->loads[i] != NULL; i++)
		put_option(out, "--load", request->loads[i]);
	fprintf(out, " --seed %" PRIu64, seed);
	put_option(out, "--hosts", request->hosts);
	put_option(out, "--mischief", request->mischief);
	put_option(out, "--schedule", request->schedule);
	if (tape != NULL)
		put_tape(out, tape, count);
	else
		put_option(out, "--tape", request->tape);
	fputc(' ', out);
	cli_put_word(out, simulation->name);
}

void simulate_tell_broken(const struct simulating *simulating, const struct broken *broken)
{
	printf("%s, seed %" PRIu64 ": %s: %s\n", broken->simulation->name, broken->seed,
	       simulate_end_name(broken->report.end), broken->report.why);
	for (const char *line = broken->said; line != NULL && *line != '\0';
	     line = strchr(line, '\n') + 1)
		printf("  %.*s\n", (int)strcspn(line, "\n"), line);
	fputs("  ", stdout);
	simulate_put_again(stdout, simulating, broken->simulation, broken->seed, NULL, 0);
	if (broken->tape != NULL) {
		printf("\n  shrunk to %zu choices:\n  ", broken->choices);
		simulate_put_again(stdout, simulating, broken->simulation, broken->seed,
				   broken->tape, broken->choices);
	}
	putchar('\n');
}

static int put_line(void *context, const char *text, size_t size)
{
	(void)context;
	fputs("  ", stdout);
	return fwrite(text, 1, size, stdout) == size ? 0 : -1;
}

/* One run: all of it. */
static void tell_one(const struct simulating *simulating)
{
	const struct vet_sim_report *last = &simulating->last;

	vet_sim_describe(simulating->sim, put_line, NULL);
	printf("%s, seed %" PRIu64 ": %s after %" PRId64 ".%09" PRId64 " s of virtual time\n",
	       simulating->chosen[0]->name, simulating->seed, simulate_end_name(last->end),
	       last->time / 1000000000, last->time % 1000000000);
	printf("%" PRIu32 " actors, %" PRIu64 " calls, %" PRIu64 " switches, %" PRIu64
	       " packets, hash %016" PRIx64 ", states %016" PRIx64 "%s\n",
	       last->actors, last->calls, last->switches, last->packets, last->hash, last->states,
	       simulating->options.once ? "" : ", the same twice");
}

static void tell_marks(const struct simulating *simulating)
{
	const char *name;

	for (unsigned i = 0; (name = vet_sim_mark_name(i)) != NULL; i++)
		printf("%12" PRIu64 "  %s\n", vet_sim_mark_count(simulating->sim, i), name);
	if (simulating->missed > 0)
		printf("rare states that were not reached: %u\n", simulating->missed);
}

void simulate_tell(const struct simulating *simulating)
{
	if (simulating->made == 1 && simulating->broken_count == 0)
		tell_one(simulating);
	if (simulating->request->marks)
		tell_marks(simulating);
	printf("%" PRIu64 " runs from seed %" PRIu64 ", %" PRIu64
	       " calls, %zu broke, hash %016" PRIx64 " (%.2f s)\n",
	       simulating->made, simulating->seed, simulating->calls, simulating->broken_count,
	       simulating->hash, simulating->seconds);
}
