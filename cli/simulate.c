/* SPDX-License-Identifier: 0BSD */
/* vetsock sim: the command line, and what is done with it. */
#include "simulate.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <popt.h>

#include "cli.h"
#include "process.h"
#include "typed.h"

const char simulate_command[] = "vetsock sim";

/* ---- numbers and names, as they are typed ---- */

static int read_number(const char *option, const char *text, const struct vet_bounds *bounds,
		       uint64_t *number)
{
	return cli_read_number(simulate_command, option, text, bounds, number);
}

static int read_word(const char *option, const char *typed, const char *const *words, size_t count,
		     unsigned *index)
{
	const char *nearest;

	if (typed == NULL)
		return 0;
	for (size_t i = 0; i < count; i++) {
		*index = (unsigned)i;
		if (strcmp(typed, words[i]) == 0)
			return 0;
	}
	fprintf(stderr, "%s: %s has no '%s':", simulate_command, option, typed);
	for (size_t i = 0; i < count; i++)
		fprintf(stderr, "%s %s", i == 0 ? "" : i + 1 == count ? " or" : ",", words[i]);
	nearest = cli_nearest(typed, words, count);
	fprintf(stderr, "%s%s%s\n", nearest == NULL ? "" : "; did you mean '",
		nearest == NULL ? "" : nearest, nearest == NULL ? "" : "'?");
	return CLI_USAGE;
}

static int read_ways(const struct simulate_request *request, struct vet_simulate_options *options)
{
	static const char *const schedules[] = { "uniform", "priorities", "in-turn" };
	static const char *const coroutines[] = { "best", "switch", "ucontext", "threads" };
	unsigned schedule = VET_SIM_UNIFORM, coroutine = VET_SIM_BEST;
	int status = read_word("--schedule", request->schedule, schedules, 3, &schedule);

	if (status == 0)
		status = read_word("--coroutines", request->coroutines, coroutines, 4, &coroutine);
	options->schedule = (enum vet_sim_schedule)schedule;
	options->coroutines = (enum vet_sim_coroutines)coroutine;
	return status;
}

/* ---- longer texts ---- */

static int read_mischief(struct simulating *simulating, const char *text)
{
	struct vet_text_error error;

	if (text == NULL)
		return 0;
	if (vet_mischief_parse(&simulating->mischief, text, strlen(text), &error) < 0)
		return cli_refuse_typed(simulate_command, "--mischief", text, &error);
	simulating->options.mischief = &simulating->mischief;
	return 0;
}

static int read_tape(struct simulating *simulating, const char *text)
{
	size_t size = text == NULL ? 0 : strlen(text);
	struct vet_text_error error;

	if (text == NULL)
		return 0;
	simulating->tape = calloc(size + 1, sizeof(*simulating->tape)); /* each takes some bytes */
	if (simulating->tape == NULL) {
		fprintf(stderr, "%s: there is no memory\n", simulate_command);
		return CLI_BROKE;
	}
	if (vet_sim_tape_parse(text, size, simulating->tape, size + 1,
			       &simulating->options.tape_size, &error) < 0)
		return cli_refuse_typed(simulate_command, "--tape", text, &error);
	simulating->options.tape = simulating->tape;
	return 0;
}

/* ---- what goes together ---- */

static int contradicts(const char *why)
{
	fprintf(stderr, "%s: %s\n", simulate_command, why);
	return CLI_USAGE;
}

static int look_for_contradiction(const struct simulating *simulating)
{
	const struct simulate_request *request = simulating->request;
	bool looks = request->log || request->pcap != NULL || request->timeline != NULL;
	bool is_one = simulating->runs == 1 && simulating->count == 1;

	if (looks && !is_one)
		return contradicts("--log, --pcap and --timeline look at one run of one scenario");
	if (request->tape != NULL && !is_one)
		return contradicts("--tape is of one run of one scenario");
	if (simulating->from > simulating->until)
		return contradicts("--from is behind --until");
	if (request->pcap != NULL && request->timeline != NULL &&
	    strcmp(request->pcap, request->timeline) == 0)
		return contradicts("--pcap and --timeline are two files");
	if (!request->log &&
	    (request->from != NULL || request->until != NULL || request->actor != NULL))
		return contradicts("--from, --until and --actor choose among what --log tells");
	if (request->log && request->json)
		return contradicts("--log is text: --json has no part in it");
	return 0;
}

static int read_request(const struct simulate_request *request, struct simulating *simulating)
{
	static const struct vet_bounds any = { 0, UINT64_MAX, NULL, "no seed is as great" };
	static const struct vet_bounds some = { 1, UINT64_MAX, "no run tells nothing",
						"there cannot be as many runs" };
	static const struct vet_bounds hosts = { 1, VET_SIM_HOSTS, "there is at least one host",
						 "there are at most 1000 hosts" };
	uint64_t number = 0;
	int status;

	simulating->request = request;
	simulating->seed = simulating->runs = simulating->shard = simulating->shards = 1;
	simulating->until = UINT64_MAX;
	simulating->broken_end = &simulating->broken;
	status = read_number("--seed", request->seed, &any, &simulating->seed);
	if (status == 0)
		status = read_number("--runs", request->runs, &some, &simulating->runs);
	if (status == 0)
		status = read_number("--hosts", request->hosts, &hosts, &number);
	simulating->options.hosts = (unsigned)number;
	if (status == 0)
		status = read_number("--from", request->from, &any, &simulating->from);
	if (status == 0)
		status = read_number("--until", request->until, &any, &simulating->until);
	if (status == 0)
		status = cli_read_shard(simulate_command, request->shard, &simulating->shard,
					&simulating->shards);
	if (status == 0)
		status = read_ways(request, &simulating->options);
	if (status == 0)
		status = read_mischief(simulating, request->mischief);
	if (status == 0)
		status = read_tape(simulating, request->tape);
	simulating->options.once = request->once;
	return status;
}

/* ---- doing it ---- */

/* A report that nobody could read to its end is no report. */
static int finish(int status, bool is_written)
{
	if (fflush(stdout) == 0 && !ferror(stdout) && is_written)
		return status;
	fprintf(stderr, "%s: the report could not be made or written\n", simulate_command);
	return CLI_BROKE;
}

static int obey(const struct simulate_request *request, struct simulating *simulating,
		const char **names)
{
	int status = read_request(request, simulating);
	double start = process_seconds();
	bool is_written = true;

	if (status == 0)
		status = simulate_choose(simulating, names);
	if (status == 0 && request->list) {
		if (request->json)
			is_written = simulate_list_json(simulating);
		else
			simulate_list(simulating);
		return finish(CLI_HELD, is_written);
	}
	if (status == 0)
		status = look_for_contradiction(simulating);
	if (status == 0)
		status = simulate_all(simulating);
	if (status != 0)
		return status;
	simulating->seconds = process_seconds() - start;
	if (request->json)
		is_written = simulate_tell_json(simulating);
	else
		simulate_tell(simulating);
	return finish(simulating->broken_count > 0 || simulating->missed > 0 ? CLI_BROKE : CLI_HELD,
		      is_written);
}

/* ---- the command ---- */

/* 0, or CLI_USAGE with the reason on stderr. */
static int read_options(poptContext context, const struct simulate_request *request)
{
	int result = poptGetNextOpt(context);

	if (result < -1)
		fprintf(stderr, "%s: %s: %s\n", simulate_command,
			poptBadOption(context, POPT_BADOPTION_NOALIAS), poptStrerror(result));
	else if (poptPeekArg(context) == NULL && !request->list)
		fprintf(stderr, "%s: which scenario? --list tells them\n", simulate_command);
	else
		return 0;
	fprintf(stderr, "%s --help tells the options\n", simulate_command);
	return CLI_USAGE;
}

static void end(struct simulate_request *request, struct simulating *simulating)
{
	char *const typed[] = { request->seed,      request->runs,     request->shard,
				request->hosts,     request->mischief, request->tape,
				request->pcap,      request->timeline, request->until,
				request->from,      request->actor,    request->schedule,
				request->coroutines };

	while (simulating->broken != NULL) {
		struct broken *next = simulating->broken->next;

		free(simulating->broken->tape);
		free(simulating->broken->said);
		free(simulating->broken);
		simulating->broken = next;
	}
	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++)
		free(typed[i]);
	for (size_t i = 0; request->loads != NULL && request->loads[i] != NULL; i++)
		free((void *)(uintptr_t)request->loads[i]);
	free((void *)(uintptr_t)request->loads);
	free((void *)(uintptr_t)simulating->chosen);
	free(simulating->tape);
	vet_sim_free(simulating->sim);
}

int cli_simulate(int argc, const char **argv)
{
	struct simulate_request request = { 0 };
	struct simulating simulating = { 0 };
	/* clang-format off */
	const struct poptOption options[] = {
		{ "seed", '\0', POPT_ARG_STRING, &request.seed, 0,
		  "the seed that decides the run, or the first of several; without this, 1", "N" },
		{ "runs", '\0', POPT_ARG_STRING, &request.runs, 0,
		  "so many runs, each with the next seed; without this, 1", "N" },
		{ "shard", '\0', POPT_ARG_STRING, &request.shard, 0,
		  "only the Ith of N parts of all runs, as '1/3'", "I/N" },
		{ "hosts", '\0', POPT_ARG_STRING, &request.hosts, 0, "so many hosts, where the scenario lets you", "N" },
		{ "mischief", '\0', POPT_ARG_STRING, &request.mischief, 0,
		  "what befalls links and hosts, in place of the scenario's own, as 'loss=5%; @2s=crash server for 1s'",
		  "SPEC" },
		{ "schedule", '\0', POPT_ARG_STRING, &request.schedule, 0, "who goes on; without this, any", "uniform|priorities|in-turn" },
		{ "coroutines", '\0', POPT_ARG_STRING, &request.coroutines, 0, "how actors take turns; without this, best",
		  "best|switch|ucontext|threads" },
		{ "once", '\0', POPT_ARG_NONE, &request.once, 0, "make each run once, not twice to compare", NULL },
		{ "keep-going", '\0', POPT_ARG_NONE, &request.keep_going, 0, "go on after a run that broke", NULL },
		{ "no-shrink", '\0', POPT_ARG_NONE, &request.no_shrink, 0, "do not make what broke small", NULL },
		{ "tape", '\0', POPT_ARG_STRING, &request.tape, 0, "the choices of the run, in place of the seed's", "TAPE" },
		{ "log", '\0', POPT_ARG_NONE, &request.log, 0, "tell every call and packet of the run", NULL },
		{ "from", '\0', POPT_ARG_STRING, &request.from, 0, "of the log, only from this step (call) on", "STEP" },
		{ "until", '\0', POPT_ARG_STRING, &request.until, 0, "of the log, only up to this step", "STEP" },
		{ "actor", '\0', POPT_ARG_STRING, &request.actor, 0, "of the log, only this actor's", "NAME" },
		{ "pcap", '\0', POPT_ARG_STRING, &request.pcap, 0, "write the run's packets to a file, for Wireshark", "FILE" },
		{ "timeline", '\0', POPT_ARG_STRING, &request.timeline, 0, "write the run as a page for a browser", "FILE" },
		{ "marks", '\0', POPT_ARG_NONE, &request.marks, 0,
		  "tell how often each rare state was reached; one that was not is a failure", NULL },
		{ "load", '\0', POPT_ARG_ARGV, &request.loads, 0,
		  "the scenarios of a shared object, too; may be given again", "FILE.so" },
		{ "list", '\0', POPT_ARG_NONE, &request.list, 0, "tell the scenarios and run none", NULL },
		{ "json", '\0', POPT_ARG_NONE, &request.json, 0, "tell all as one JSON object", NULL },
		POPT_AUTOHELP POPT_TABLEEND,
	};
	/* clang-format on */
	poptContext context = poptGetContext("vetsock", argc, argv, options, 0);
	int status;

	poptSetOtherOptionHelp(context, "[OPTION...] SCENARIO...");
	status = read_options(context, &request);
	if (status == 0)
		status = obey(&request, &simulating, poptGetArgs(context));
	end(&request, &simulating);
	(void)poptFreeContext(context);
	return status;
}
