/* SPDX-License-Identifier: 0BSD */
/* One run of a simulation, and what must hold of any. */
#include <vetsock/simulate.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simulate.h"

enum { CALLS = 100000 };

/* The first finding counts. */
static void find(struct vet_sim_report *report, const char *format, uint64_t number)
{
	if (report->end != VET_SIM_ENDED)
		return;
	report->end = VET_SIM_FAILED;
	(void)snprintf(report->why, sizeof report->why, format, number);
}

static void check(struct vet_sim_report *report)
{
	if (report->abandoned > 0)
		find(report, "%" PRIu64 " actors did not return", report->abandoned);
	if (report->misused > 0)
		find(report, "%" PRIu64 " calls on descriptors that were closed, or never made",
		     report->misused);
	if (report->open > 0)
		find(report, "%" PRIu64 " descriptors were left open", report->open);
	if (report->memory > 0)
		find(report, "%" PRIu64 " bytes of memory were not given back", report->memory);
}

static int refuse(struct vet_sim_report *report, const char *why, int error)
{
	memset(report, 0, sizeof *report);
	report->end = VET_SIM_FAILED;
	(void)snprintf(report->why, sizeof report->why, "%s", why);
	return error;
}

static int read_mischief(const struct vet_simulation *simulation,
			 const struct vet_simulate_options *options, struct vet_mischief *mischief,
			 struct vet_sim_report *report)
{
	struct vet_text_error error;
	if (options->mischief != NULL) {
		*mischief = *options->mischief;
		return 0;
	}
	memset(mischief, 0, sizeof *mischief);
	if (simulation->mischief == NULL ||
	    vet_mischief_parse(mischief, simulation->mischief, strlen(simulation->mischief),
			       &error) == 0)
		return 0;
	return refuse(report, error.reason, -EINVAL);
}

static struct vet_sim_options world_of(const struct vet_simulation *simulation,
				       const struct vet_simulate_options *options)
{
	return (struct vet_sim_options){
		.seed = options->seed,
		.calls = simulation->calls == 0 ? CALLS : simulation->calls,
		.time = simulation->time == 0 ? VET_HOURS(24) : simulation->time,
		.schedule = options->schedule,
		.coroutines = options->coroutines,
		.tape = options->tape,
		.tape_size = options->tape_size,
		.record = options->record,
		.observer = options->observer,
	};
}

/* *has_begun: it could be prepared. */
static int run_once(struct vet_sim *sim, const struct vet_simulation *simulation,
		    const struct vet_simulate_options *options, struct vet_sim_report *report,
		    bool *has_begun)
{
	struct vet_sim_options world = world_of(simulation, options);
	struct vet_mischief mischief;
	unsigned hosts = options->hosts == 0 ? simulation->hosts : options->hosts;
	void *state;
	int result = read_mischief(simulation, options, &mischief, report);
	*has_begun = false;
	if (result < 0)
		return result;
	result = vet_sim_start(sim, &world);
	if (result < 0)
		return refuse(report, "the simulator cannot start", result);
	state = calloc(1, simulation->state == 0 ? 1 : simulation->state);
	if (state == NULL)
		return refuse(report, "no memory", -ENOMEM);
	result = simulation->prepare(sim, hosts, state);
	if (result == 0)
		result = vet_mischief_begin(sim, &mischief);
	if (result == 0 && options->prepared != NULL)
		result = options->prepared(sim, options->context);
	*has_begun = result == 0;
	if (result != 0) {
		vet_sim_conclude(sim, report);
		if (report->why[0] == '\0')
			(void)refuse(report, "the simulation cannot be prepared", result);
	} else {
		result = vet_sim_run(sim, report) == -ENOMEM ? -ENOMEM : 0;
	}
	if (simulation->finish != NULL)
		simulation->finish(sim, state);
	if (result == 0) {
		vet_sim_conclude(sim, report);
		check(report);
		result = report->end == VET_SIM_ENDED ? 0 : -EINVAL;
	}
	free(state);
	return result;
}

int vetsim_run_once(struct vet_sim *sim, const struct vet_simulation *simulation,
		    const struct vet_simulate_options *options, struct vet_sim_report *report)
{
	bool has_begun;
	return run_once(sim, simulation, options, report, &has_begun);
}

int vet_simulate(struct vet_sim *sim, const struct vet_simulation *simulation,
		 const struct vet_simulate_options *options, struct vet_sim_report *report)
{
	struct vet_simulate_options again = *options;
	struct vet_sim_report other;
	bool has_begun;
	int result = run_once(sim, simulation, options, report, &has_begun);
	int second;
	if (options->once || !has_begun)
		return result;
	again.observer = NULL;
	again.prepared = NULL;
	second = vetsim_run_once(sim, simulation, &again, &other);
	if (result != second || report->hash != other.hash || report->states != other.states ||
	    report->time != other.time)
		return refuse(report,
			      "the same seed gave two runs: the program's behaviour depends "
			      "on something beside its calls",
			      -EINVAL);
	return result;
}
