/* SPDX-License-Identifier: 0BSD */
/* vetsock explore: the command line, and what is done with it. */
#include "explore.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <popt.h>

#include <vetsock/fault.h>

#include "cli.h"
#include "process.h"
#include "typed.h"

const char explore_command[] = "vetsock explore";

/* ---- numbers, as they are typed ---- */

static int read_number(const char *option, const char *text, const struct vet_bounds *bounds,
		       unsigned *number)
{
	uint64_t typed = *number;
	int status = cli_read_number(explore_command, option, text, bounds, &typed);

	*number = (unsigned)typed;
	return status;
}

static const char budget_of_nothing[] = "a budget of nothing explores nothing";

/* A number of runs, or a time. */
static bool read_budget(struct vet_scan *s, void *value)
{
	static const struct vet_bounds runs = { 1, UINT64_MAX, budget_of_nothing,
						"a budget is at most 18446744073709551615 runs" };
	struct exploration *exploration = value;
	struct vet_scan ahead = *s;
	struct vet_number number;
	uint64_t time;

	vet_scan_run(&ahead, &number);
	if (number.span.length > 0 && vet_scan_at_end(&ahead))
		return vet_scan_within(s, &runs, &exploration->options.budget);
	if (!vet_scan_quantity(s, &vet_duration_measure, INT64_MAX, &time))
		return false;
	if (time == 0)
		return vet_scan_fail(s, 0, s->at, budget_of_nothing);
	exploration->limit = (double)time / 1e9;
	return true;
}

/* ---- the plan ---- */

static int refuse_plan(const struct exploration *exploration)
{
	const struct vet_plan *plan = &exploration->plan;
	struct vet_plan one = { .count = 1 };
	char rule[VET_PLAN_TEXT_SIZE];
	size_t first = 0;

	(void)vet_plan_lawful(plan, &first);
	one.rules[0] = plan->rules[first];
	if (vet_plan_format(&one, rule, sizeof(rule)) < 0)
		rule[0] = '\0';
	fprintf(stderr,
		"%s: rule %zu of the plan, '%s', leaves the catalogue: nowhere may that happen\n"
		"%s: --unlawful runs it all the same\n",
		explore_command, first + 1, rule, explore_command);
	return CLI_USAGE;
}

static int read_plan(const char *text, struct exploration *exploration)
{
	struct vet_text_error error;

	if (text == NULL)
		return 0;
	if (vet_plan_parse(text, strlen(text), &exploration->plan, &error) < 0)
		return cli_refuse_typed(explore_command, "--plan", text, &error);
	exploration->options.plan = &exploration->plan;
	if (!exploration->options.unlawful && !vet_plan_lawful(&exploration->plan, NULL))
		return refuse_plan(exploration);
	return 0;
}

/* ---- what goes together ---- */

static int contradicts(const char *why)
{
	fprintf(stderr, "%s: %s\n", explore_command, why);
	return CLI_USAGE;
}

static int look_for_contradiction(const struct request *request)
{
	bool has_plan = request->plan != NULL;

	if (!has_plan && request->trace)
		return contradicts("--trace tells the calls of one run: it needs --plan");
	if (!has_plan && request->unlawful)
		return contradicts("--unlawful is about a plan: it needs --plan");
	if (!has_plan)
		return 0;
	if (request->scenarios == NULL && request->loads == NULL)
		return contradicts("--plan needs to know of which scenarios: --scenario GLOB");
	if (request->depth != NULL || request->deepest != NULL || request->budget != NULL ||
	    request->shard != NULL)
		return contradicts("--plan is one run: --depth, --deepest, --budget and --shard "
				   "have no part in it");
	return 0;
}

static const struct vet_bounds depths = { 0, 4, NULL, "a depth is at most 4" };
static const struct vet_bounds deepest = { 1, 4, "a depth of 0 is --depth's alone",
					   "a depth is at most 4" };
static const struct vet_bounds jobs = { 1, 64, "jobs are counted from 1",
					"there are at most 64 jobs" };

static int read_request(const struct request *request, struct exploration *exploration)
{
	struct vet_explore_options *options = &exploration->options;
	int status = look_for_contradiction(request);

	exploration->request = request;
	exploration->jobs = options->depth = 1;
	options->unlawful = request->unlawful;
	if (status == 0)
		status = read_number("--depth", request->depth, &depths, &options->depth);
	if (status == 0)
		status = read_number("--deepest", request->deepest, &deepest, &options->deepest);
	if (status == 0)
		status = read_number("--jobs", request->jobs, &jobs, &exploration->jobs);
	if (status == 0)
		status = cli_read_shard(explore_command, request->shard, &options->shard,
					&options->shards);
	if (status == 0)
		status = cli_read_typed(explore_command, "--budget", request->budget, read_budget,
					exploration);
	if (status == 0)
		status = read_plan(request->plan, exploration);
	/* Most runs by far: only where so many are made anyway. */
	options->splits = request->splits || (options->depth >= 2 && !request->no_splits);
	if (options->depth == 0)
		options->depth = VET_EXPLORE_BASE;
	return status;
}

/* ---- doing it ---- */

/* A plan is run in this process, where a debugger finds it, and a trace is seen up to a crash. */
static void run_plan(struct exploration *exploration)
{
	for (size_t i = 0; i < exploration->count; i++) {
		if (exploration->request->trace && !exploration->request->json &&
		    exploration->count > 1)
			printf("%s:\n", exploration->outcomes[i].scenario->name);
		(void)fflush(stdout);
		explore_one(exploration, &exploration->outcomes[i]);
		if (!exploration->request->json)
			explore_tell_violations(exploration);
	}
}

static bool add_cells(struct cells *sum, const struct cells *cells)
{
	for (size_t i = 0; i < cells->count; i++)
		for (size_t j = 0; j < explore_rows(); j++)
			if (!explore_see_cell(sum, cells->of[i].operation, j, cells->of[i].rows[j]))
				return false;
	return true;
}

/* Field by field: cells are a union, and no sum. */
static void add_report(struct vet_explore_report *sum, const struct vet_explore_report *one)
{
	sum->scenarios += one->scenarios;
	sum->runs += one->runs;
	sum->calls += one->calls;
	sum->violations += one->violations;
	sum->traces += one->traces;
	sum->hash += one->hash;
	sum->split_runs += one->split_runs;
	sum->closing_runs += one->closing_runs;
	sum->ended += one->ended;
	sum->no_change += one->no_change;
	sum->beyond_window += one->beyond_window;
	sum->beyond_log += one->beyond_log;
	sum->beyond_budget += one->beyond_budget;
}

/* In the order of the scenarios, whoever explored them.  False: there is no memory. */
static bool sum_up(struct exploration *exploration)
{
	struct vet_explore_report *sum = &exploration->report;

	for (size_t i = 0; i < exploration->count; i++) {
		const struct outcome *outcome = &exploration->outcomes[i];

		add_report(sum, &outcome->report);
		exploration->troubles += outcome->trouble != NULL;
		if (!add_cells(&exploration->cells, &outcome->cells))
			return false;
	}
	for (size_t i = 0; i < exploration->cells.count; i++) {
		for (size_t j = 0; j < explore_rows(); j++) {
			sum->cells += exploration->cells.of[i].rows[j] != CELL_NONE;
			sum->fired += exploration->cells.of[i].rows[j] == CELL_FIRED;
		}
	}
	return true;
}

/* A report that nobody could read to its end is no report. */
static int finish(int status, bool is_written)
{
	if (fflush(stdout) == 0 && !ferror(stdout) && is_written)
		return status;
	fprintf(stderr, "%s: the report could not be made or written\n", explore_command);
	return CLI_BROKE;
}

static int tell(const struct exploration *exploration)
{
	bool broke = exploration->report.violations > 0 || exploration->troubles > 0;
	bool is_written = true;

	if (exploration->request->json)
		is_written = explore_tell_json(exploration);
	else
		explore_tell_figures(exploration);
	return finish(broke ? CLI_BROKE : CLI_HELD, is_written);
}

static int list(const struct exploration *exploration)
{
	if (exploration->request->json)
		return finish(CLI_HELD, explore_list_json(exploration));
	explore_list(exploration);
	return finish(CLI_HELD, true);
}

static int obey(const struct request *request, struct exploration *exploration)
{
	int status = read_request(request, exploration);
	double start = process_seconds();

	if (status == 0)
		status = explore_choose(exploration);
	if (status != 0)
		return status;
	if (request->list)
		return list(exploration);
	exploration->until = start + exploration->limit;
	if (request->plan != NULL)
		run_plan(exploration);
	else if (!explore_in_workers(exploration))
		return CLI_BROKE;
	exploration->seconds = process_seconds() - start;
	if (!sum_up(exploration))
		return finish(CLI_BROKE, false);
	return tell(exploration);
}

/* ---- the command ---- */

/* 0, or CLI_USAGE with the reason on stderr. */
static int read_options(poptContext context)
{
	int result = poptGetNextOpt(context);

	if (result < -1) {
		fprintf(stderr, "%s: %s: %s\n", explore_command,
			poptBadOption(context, POPT_BADOPTION_NOALIAS), poptStrerror(result));
	} else if (poptPeekArg(context) != NULL) {
		fprintf(stderr, "%s: '%s' is one argument too many\n", explore_command,
			poptPeekArg(context));
	} else {
		return 0;
	}
	fprintf(stderr, "%s --help tells the options\n", explore_command);
	return CLI_USAGE;
}

static void free_words(const char **words)
{
	for (size_t i = 0; words != NULL && words[i] != NULL; i++)
		free((void *)(uintptr_t)words[i]);
	free((void *)(uintptr_t)words);
}

static void end(struct request *request, struct exploration *exploration)
{
	for (size_t i = 0; i < exploration->count; i++)
		explore_free_outcome(&exploration->outcomes[i]);
	explore_free_cells(&exploration->cells);
	free(exploration->outcomes);
	free_words(request->scenarios);
	free_words(request->loads);
	free(request->depth);
	free(request->deepest);
	free(request->budget);
	free(request->plan);
	free(request->shard);
	free(request->jobs);
}

int cli_explore(int argc, const char **argv)
{
	struct request request = { 0 };
	struct exploration exploration = { 0 };
	/* clang-format off */
	const struct poptOption options[] = {
		{ "scenario", '\0', POPT_ARG_ARGV, &request.scenarios, 0,
		  "only the scenarios of this name, or that match, as 'accept *'; may be given again", "GLOB" },
		{ "depth", '\0', POPT_ARG_STRING, &request.depth, 0,
		  "up to so many faults in one run: 0 (only without faults) to 4; without this, 1", "N" },
		{ "deepest", '\0', POPT_ARG_STRING, &request.deepest, 0,
		  "up to so many where the run without faults has at most 20 calls: 1 to 4", "N" },
		{ "budget", '\0', POPT_ARG_STRING, &request.budget, 0,
		  "at most so many runs of each scenario; or, with a unit, so much time for all, as '30s'", "N|TIME" },
		{ "splits", '\0', POPT_ARG_NONE, &request.splits, 0,
		  "also every way of cutting what is sent and received; from depth 2 on they are made anyway", NULL },
		{ "no-splits", '\0', POPT_ARG_NONE, &request.no_splits, 0, "without them", NULL },
		{ "shard", '\0', POPT_ARG_STRING, &request.shard, 0,
		  "only the Ith of N parts of all runs, as '1/3'", "I/N" },
		{ "jobs", '\0', POPT_ARG_STRING, &request.jobs, 0,
		  "in so many processes: 1 to 64; without this, 1", "N" },
		{ "load", '\0', POPT_ARG_ARGV, &request.loads, 0,
		  "the scenarios of a shared object, and without --scenario no others; may be given again", "FILE.so" },
		{ "plan", '\0', POPT_ARG_STRING, &request.plan, 0,
		  "run only this plan, as 'send@2=short:1; recv@1=EINTR'", "PLAN" },
		{ "unlawful", '\0', POPT_ARG_NONE, &request.unlawful, 0,
		  "the plan may leave the catalogue of lawful faults (vetsock catalogue)", NULL },
		{ "trace", '\0', POPT_ARG_NONE, &request.trace, 0, "tell the calls of the plan's run", NULL },
		{ "coverage", '\0', POPT_ARG_NONE, &request.coverage, 0,
		  "tell each lawful result of each call of each operation, and whether it was given", NULL },
		{ "list", '\0', POPT_ARG_NONE, &request.list, 0, "tell the scenarios and explore none", NULL },
		{ "json", '\0', POPT_ARG_NONE, &request.json, 0, "tell all as one JSON object", NULL },
		POPT_AUTOHELP POPT_TABLEEND,
	};
	/* clang-format on */
	poptContext context = poptGetContext("vetsock", argc, argv, options, 0);
	int status = read_options(context);

	if (status == 0)
		status = obey(&request, &exploration);
	end(&request, &exploration);
	(void)poptFreeContext(context);
	return status;
}
