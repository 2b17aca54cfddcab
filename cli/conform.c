/* SPDX-License-Identifier: 0BSD */
/* vetsock conform: runs the conformance cases against a table, and tells what held. */
#define _POSIX_C_SOURCE 200809L

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <popt.h>

#include "cli.h"
#include "conformance.h"
#include "process.h"
#include "progress.h"
#include "report.h"
#include "simulated.h"
#include "tables.h"

static const char command[] = "vetsock conform";

static const struct report *const reports[] = { &report_table, &report_tap, &report_junit,
						&report_json };

enum { REPORTS = sizeof(reports) / sizeof(reports[0]) };

/* What the command line says. */
struct request {
	const char *on;
	const char *format;
	const char **globs; /* NULL-terminated; NULL: every case */
	int list;
};

static const struct report *find_report(const char *name)
{
	const char *names[REPORTS];
	const char *nearest;

	for (size_t i = 0; i < REPORTS; i++) {
		names[i] = reports[i]->name;
		if (strcmp(name, names[i]) == 0)
			return reports[i];
	}
	nearest = cli_nearest(name, names, REPORTS);
	fprintf(stderr, "%s: there is no format '%s': table, tap, junit or json%s%s\n", command,
		name, nearest == NULL ? "" : "; did you mean ", nearest == NULL ? "" : nearest);
	return NULL;
}

static bool chosen(const struct request *request, const char *id)
{
	if (request->globs == NULL)
		return true;
	for (size_t i = 0; request->globs[i] != NULL; i++)
		if (fnmatch(request->globs[i], id, 0) == 0)
			return true;
	return false;
}

/* The cases that were asked for; outcomes is NULL if there is no memory. */
static void choose(const struct request *request, struct run *run)
{
	const struct conformance_case *one;
	size_t all = 0;

	while (conformance_case_at(all) != NULL)
		all++;
	run->outcomes = calloc(all, sizeof(*run->outcomes));
	if (run->outcomes == NULL)
		return;
	for (size_t i = 0; (one = conformance_case_at(i)) != NULL; i++)
		if (chosen(request, one->id))
			run->outcomes[run->count++].one = one;
}

static void count_verdict(struct run *run, const struct outcome *outcome)
{
	run->finished++;
	run->held += outcome->result.verdict == CONFORMANCE_HELD;
	run->skipped += outcome->result.verdict == CONFORMANCE_SKIPPED;
	run->failed += outcome_failed(outcome);
	run->not_held += outcome->result.verdict == CONFORMANCE_FAILED && !outcome_failed(outcome);
}

static void run_cases(struct run *run, const struct report *report,
		      struct conformance_environment *environment)
{
	struct progress progress;
	double start = process_seconds();

	progress_begin(&progress, run->count);
	if (report->begin != NULL)
		report->begin(run);
	for (size_t i = 0; i < run->count; i++) {
		struct outcome *outcome = &run->outcomes[i];
		double before = process_seconds();

		progress_show(&progress, i, outcome->one->id);
		(void)fflush(stdout); /* what has been told stays told, whatever happens now */
		process_watch(outcome->one->id, environment);
		conformance_run(outcome->one, environment, &outcome->result);
		process_watch(NULL, environment);
		outcome->seconds = process_seconds() - before;
		count_verdict(run, outcome);
		if (report->finish_one != NULL) {
			progress_clear(&progress);
			report->finish_one(run, outcome);
		}
	}
	progress_clear(&progress);
	run->seconds = process_seconds() - start;
	if (report->end != NULL)
		report->end(run);
}

static int list_cases(const struct run *run, const struct report *report)
{
	if (report->list == NULL) {
		fprintf(stderr, "%s: --list has the formats table and json\n", command);
		return CLI_USAGE;
	}
	report->list(run);
	return CLI_HELD;
}

/* A report that nobody could read to its end is no report. */
static int flushed(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "%s: the report could not be written\n", command);
	return CLI_BROKE;
}

static int obey(const struct request *request, struct run *run)
{
	const struct report *report = find_report(request->format);
	struct conformance_environment environment;
	struct vet_sys *sys;

	if (report == NULL)
		return CLI_USAGE;
	choose(request, run);
	if (run->count == 0) {
		fprintf(stderr, "%s: no case matches; %s --list tells them all\n", command,
			command);
		return CLI_USAGE;
	}
	if (request->list)
		return flushed(list_cases(run, report));
	sys = cli_table(command, request->on);
	if (sys == NULL)
		return CLI_USAGE;
	if (process_watch_signals() < 0) {
		fprintf(stderr, "%s: signals cannot be watched\n", command);
		return CLI_BROKE;
	}
	environment = process_environment(sys);
	if (strcmp(request->on, "sim") == 0)
		cli_simulated_files(&environment);
	run->on = request->on;
	run_cases(run, report, &environment);
	return flushed(run->failed > 0 ? CLI_BROKE : CLI_HELD);
}

/* 0, or CLI_USAGE with the reason on stderr. */
static int read_options(poptContext context)
{
	int result = poptGetNextOpt(context);

	if (result < -1) {
		fprintf(stderr, "%s: %s: %s\n", command,
			poptBadOption(context, POPT_BADOPTION_NOALIAS), poptStrerror(result));
	} else if (poptPeekArg(context) != NULL) {
		fprintf(stderr, "%s: '%s' is one argument too many\n", command,
			poptPeekArg(context));
	} else {
		return 0;
	}
	fprintf(stderr, "%s --help tells the options\n", command);
	return CLI_USAGE;
}

int cli_conform(int argc, const char **argv)
{
	char *on = NULL;
	char *format = NULL;
	struct request request = { 0 };
	struct run run = { 0 };
	const struct poptOption options[] = {
		{ "on", '\0', POPT_ARG_STRING, &on, 0,
		  "the table to run on: host (the default), posix, sim (the simulator), or a shared object "
		  "that brings one",
		  "host|posix|sim|FILE.so" },
		{ "case", '\0', POPT_ARG_ARGV, &request.globs, 0,
		  "only the cases whose name matches, as 'connect/*'; may be given again", "GLOB" },
		{ "list", '\0', POPT_ARG_NONE, &request.list, 0, "tell the cases and run none",
		  NULL },
		{ "format", '\0', POPT_ARG_STRING, &format, 0, "how to tell what held",
		  "table|tap|junit|json" },
		POPT_AUTOHELP POPT_TABLEEND,
	};
	poptContext context = poptGetContext("vetsock", argc, argv, options, 0);
	int status = read_options(context);

	if (status == 0) {
		request.on = on == NULL ? "host" : on;
		request.format = format == NULL ? "table" : format;
		status = obey(&request, &run);
	}
	free(run.outcomes);
	free(on);
	free(format);
	for (size_t i = 0; request.globs != NULL && request.globs[i] != NULL; i++)
		free((void *)(uintptr_t)request.globs[i]);
	free((void *)(uintptr_t)request.globs);
	(void)poptFreeContext(context);
	return status;
}
