/* SPDX-License-Identifier: 0BSD */
/* The runs of `vetsock sim`, one after the other. */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "cli.h"
#include "simulate.h"
#include "simulate_files.h"

enum { SHRINKING_RUNS = 5000, SHOW_EVERY = 64 };

static int put_words(void *context, const char *text, size_t size)
{
	return fwrite(text, 1, size, context) == size ? 0 : -1;
}

static int no_memory(void)
{
	fprintf(stderr, "%s: there is no memory\n", simulate_command);
	return CLI_BROKE;
}

/* What actors did when all was over. */
static bool keep_words(const struct vet_sim *sim, struct broken *broken)
{
	FILE *out = open_memstream(&broken->said, &broken->said_size);

	if (out == NULL)
		return false;
	vet_sim_describe(sim, put_words, out);
	return fclose(out) == 0;
}

static int keep_broken(struct simulating *simulating, const struct vet_simulation *simulation,
		       uint64_t seed, const struct vet_sim_report *report)
{
	struct vet_simulate_options options = simulating->options;
	struct vet_sim_report ignored;
	struct broken *broken = calloc(1, sizeof(*broken));

	if (broken == NULL)
		return no_memory();
	broken->simulation = simulation;
	broken->seed = options.seed = seed;
	broken->report = *report;
	*simulating->broken_end = broken;
	simulating->broken_end = &broken->next;
	simulating->broken_count++;
	if (report->end != VET_SIM_ENDED && !keep_words(simulating->sim, broken))
		return no_memory();
	if (!simulating->request->no_shrink && options.tape == NULL &&
	    vet_simulate_shrink(simulating->sim, simulation, &options, SHRINKING_RUNS, &ignored,
				&broken->tape, &broken->choices) == -ENOMEM)
		return no_memory();
	if (!simulating->request->json)
		simulate_tell_broken(simulating, broken);
	return 0;
}

/* One run.  CLI_BROKE: it could not be made; else 0, and what broke is kept. */
static int run(struct simulating *simulating, const struct vet_simulation *simulation,
	       uint64_t seed)
{
	struct vet_simulate_options options = simulating->options;
	struct vet_sim_report *report = &simulating->last;
	int result;

	options.seed = seed;
	result = vet_simulate(simulating->sim, simulation, &options, report);
	simulating->made++;
	simulating->calls += report->calls;
	simulating->hash += report->hash;
	if (result == 0)
		return 0;
	if (result != -EINVAL) {
		fprintf(stderr, "%s: %s cannot be run: %s\n", simulate_command, simulation->name,
			report->why);
		return CLI_BROKE;
	}
	return keep_broken(simulating, simulation, seed, report);
}

static int run_all(struct simulating *simulating, struct progress *progress)
{
	size_t all = (size_t)(simulating->runs / simulating->shards) * simulating->count;
	int status = 0;

	progress_begin(progress, all == 0 ? 1 : all);
	for (size_t i = 0; i < simulating->count; i++) {
		for (uint64_t n = simulating->shard - 1; n < simulating->runs && status == 0;
		     n += simulating->shards) {
			if (simulating->made % SHOW_EVERY == 0)
				progress_show(progress, (size_t)simulating->made,
					      simulating->chosen[i]->name);
			status = run(simulating, simulating->chosen[i], simulating->seed + n);
			if (simulating->broken_count > 0 && !simulating->request->keep_going)
				return status;
		}
	}
	return status;
}

static int count_marks(struct simulating *simulating)
{
	if (simulating->request->marks)
		for (unsigned i = 0; vet_sim_mark_name(i) != NULL; i++)
			simulating->missed += vet_sim_mark_count(simulating->sim, i) == 0;
	return 0;
}

int simulate_all(struct simulating *simulating)
{
	struct progress progress;
	struct simulate_files *files = NULL;
	struct simulate_log *log = NULL;
	int status = 0;

	if (vet_sim_make(&simulating->sim) < 0)
		return no_memory();
	if (simulating->request->log) {
		log = simulate_log_begin(simulating);
		status = log == NULL ? no_memory() : 0;
	}
	if (status == 0)
		status = simulate_files_begin(simulating, &files);
	if (status == 0)
		status = run_all(simulating, &progress);
	progress_clear(&progress);
	if (status == 0 && simulating->request->actor != NULL && !simulating->told_actor) {
		fprintf(stderr, "%s: --actor: there is no actor '%s'\n", simulate_command,
			simulating->request->actor);
		status = CLI_USAGE;
	}
	simulate_log_end(log);
	if (!simulate_files_end(files))
		status = CLI_BROKE;
	return status == 0 ? count_marks(simulating) : status;
}
