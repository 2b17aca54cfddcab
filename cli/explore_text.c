/* SPDX-License-Identifier: 0BSD */
/* What the explorer found, for people. */
#include <inttypes.h>
#include <string.h>

#include "cli.h"
#include "explore.h"
#include "text.h"

/* ---- the command that does it again ---- */

static void put_option(FILE *out, const char *option, const char *text)
{
	if (text == NULL)
		return;
	fprintf(out, " %s ", option);
	cli_put_word(out, text);
}

/* What decides which runs are made. */
static void put_search(FILE *out, const struct request *request)
{
	put_option(out, "--depth", request->depth);
	put_option(out, "--deepest", request->deepest);
	put_option(out, "--budget", request->budget);
	put_option(out, "--shard", request->shard);
	if (request->splits)
		fputs(" --splits", out);
	if (request->no_splits)
		fputs(" --no-splits", out);
}

static void put_plan(FILE *out, const struct vet_plan *plan, bool is_unlawful)
{
	char text[VET_PLAN_TEXT_SIZE];

	if (vet_plan_format(plan, text, sizeof(text)) < 0)
		text[0] = '\0';
	fputs(" --plan ", out);
	cli_put_quoted(out, text);
	if (is_unlawful)
		fputs(" --unlawful", out);
}

void explore_put_again(FILE *out, const struct exploration *exploration,
		       const struct vet_scenario *scenario, const struct vet_plan *plan)
{
	const struct request *request = exploration->request;

	cli_put_word(out, cli_program);
	fputs(" explore", out);
	for (size_t i = 0; request->loads != NULL && request->loads[i] != NULL; i++)
		put_option(out, "--load", request->loads[i]);
	fputs(" --scenario ", out);
	cli_put_quoted(out, scenario->name);
	if (plan != NULL)
		put_plan(out, plan, request->unlawful);
	else
		put_search(out, request);
}

/* ---- violations ---- */

static void tell_one(const struct exploration *exploration, const struct vet_scenario *scenario,
		     const char *check, const char *message, const struct vet_plan *plan)
{
	printf("FAILED ");
	cli_put_text(stdout, scenario->name, strlen(scenario->name));
	printf(": %s: ", check);
	cli_put_text(stdout, message, strlen(message));
	printf("\n  ");
	explore_put_again(stdout, exploration, scenario, plan);
	(void)putchar('\n');
}

/* A plan of the user's own is told as it was given, whatever it is that failed. */
static const struct vet_plan *plan_of(const struct exploration *exploration,
				      const struct vet_violation *violation)
{
	return exploration->options.plan != NULL ? exploration->options.plan : &violation->plan;
}

const struct vet_plan *explore_trouble_plan(const struct exploration *exploration,
					    const struct outcome *outcome)
{
	return outcome->trouble_plan != NULL ? outcome->trouble_plan : exploration->options.plan;
}

static void tell_outcome(const struct exploration *exploration, const struct outcome *outcome)
{
	for (size_t i = 0; i < outcome->violation_count; i++) {
		const struct vet_violation *violation = &outcome->violations[i];

		tell_one(exploration, outcome->scenario, vet_check_name(violation->check),
			 violation->message, plan_of(exploration, violation));
	}
	if (outcome->trouble != NULL)
		tell_one(exploration, outcome->scenario, outcome->trouble, outcome->trouble_message,
			 explore_trouble_plan(exploration, outcome));
}

void explore_tell_violations(struct exploration *exploration)
{
	for (; exploration->told < exploration->count; exploration->told++) {
		const struct outcome *outcome = &exploration->outcomes[exploration->told];

		if (!outcome->is_done)
			return;
		if (outcome->violation_count == 0 && outcome->trouble == NULL)
			continue;
		progress_clear(&exploration->progress);
		tell_outcome(exploration, outcome);
		(void)fflush(stdout);
	}
}

/* ---- figures ---- */

static void tell_cell(const char *operation, const struct vet_lawful *row, bool is_fired)
{
	char text[CLI_LAWFUL_SIZE];

	printf("%-30s %-15s %-34s %-5s %s\n", operation[0] == '\0' ? "-" : operation,
	       vet_entry_name(row->entry), cli_lawful_text(row, text), is_fired ? "yes" : "no",
	       row->clause);
}

static void tell_coverage(const struct exploration *exploration)
{
	printf("%-30s %-15s %-34s %-5s %s\n", "operation", "call", "result", "fired", "clause");
	for (size_t i = 0; i < exploration->cells.count; i++) {
		const struct cells_of *one = &exploration->cells.of[i];

		for (size_t j = 0; j < explore_rows(); j++)
			if (one->rows[j] != CELL_NONE)
				tell_cell(one->operation, vet_lawful_at(j),
					  one->rows[j] == CELL_FIRED);
	}
}

/* Each on a line, and with its reason in words, but for those that are none. */
static void tell_not_made(const struct vet_explore_report *r)
{
	const struct {
		uint64_t count;
		const char *why;
	} reasons[] = {
		{ r->no_change, "would change nothing" },
		{ r->beyond_window,
		  "calls beyond six after the first firing of a lasting fault, with no further rule" },
		{ r->beyond_log, "calls behind the 512th call of a run, with no further rule" },
		{ r->beyond_budget,
		  "beyond the budget, or the violations that are looked for in each scenario" },
	};
	const char *title = "not made";

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].count == 0)
			continue;
		printf("%-16s %" PRIu64 " %s\n", title, reasons[i].count, reasons[i].why);
		title = "";
	}
}

static uint64_t a_second(uint64_t count, double seconds)
{
	return seconds > 0 ? (uint64_t)((double)count / seconds) : 0;
}

/* Rounded down, so that 100 is all of them. */
static void tell_fired(const struct vet_explore_report *r)
{
	printf("%-16s %" PRIu64 " of %" PRIu64 " cells", "fault coverage", r->fired, r->cells);
	if (r->cells > 0)
		printf(" (%" PRIu64 ".%02" PRIu64 " %%)", 100 * r->fired / r->cells,
		       10000 * r->fired / r->cells % 100);
	(void)putchar('\n');
}

void explore_tell_figures(const struct exploration *exploration)
{
	const struct vet_explore_report *r = &exploration->report;
	double seconds = exploration->seconds;

	if (exploration->request->coverage)
		tell_coverage(exploration);
	printf("%-16s %" PRIu64 "\n", "scenarios", r->scenarios);
	printf("%-16s %" PRIu64, "violations", r->violations + exploration->troubles);
	if (r->like_known > 0)
		printf(", and %" PRIu64 " runs that failed like one of them", r->like_known);
	(void)putchar('\n');
	printf("%-16s %" PRIu64 ", of them %" PRIu64 " by splits and %" PRIu64
	       " to close the coverage; %" PRIu64 " were ended by the explorer\n",
	       "runs", r->runs, r->split_runs, r->closing_runs, r->ended);
	printf("%-16s %" PRIu64 "\n", "calls", r->calls);
	printf("%-16s %" PRIu64 "\n", "distinct traces", r->traces);
	tell_fired(r);
	tell_not_made(r);
	printf("%-16s %016" PRIx64 "\n", "hash", r->hash);
	printf("%-16s %.2f s (%" PRIu64 " runs and %" PRIu64 " calls a second)\n", "time", seconds,
	       a_second(r->runs, seconds), a_second(r->calls, seconds));
}

void explore_list(const struct exploration *exploration)
{
	for (size_t i = 0; i < exploration->count; i++)
		printf("%s\n", exploration->outcomes[i].scenario->name);
}
