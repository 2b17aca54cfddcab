/* SPDX-License-Identifier: 0BSD */
/* vetsock-bench: vetsock beside the calls that a careful programmer would make by hand. */
#define _GNU_SOURCE

#include <jansson.h>
#include <popt.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "cases.h"
#include "deadline.h"
#include "measure.h"

struct options {
	int rounds, json;
	const char *only;    /* this case alone */
	const char *one;     /* no measurement: operations of this case */
	const char *variant; /* in this way */
	long count;          /* so many */
	long echo_delay;     /* with a peer that waits so long */
};

/* Everything on one processor, the processes at the other end too: no figure then depends on where
 * they happen to run. */
static int pin(void)
{
	cpu_set_t one;
	int cpu = sched_getcpu();
	CPU_ZERO(&one);
	if (cpu >= 0)
		CPU_SET((size_t)cpu, &one);
	return cpu < 0 ? -1 : sched_setaffinity(0, sizeof(one), &one);
}

static int complain(const char *what, int error)
{
	fprintf(stderr, "vetsock-bench: %s: %s (%s)\n", what, vet_error_message(error),
		vet_error_name(error));
	return 1;
}

static json_t *spread_json(struct spread s)
{
	return json_pack("{s:f, s:f, s:f}", "low", s.low, "median", s.median, "high", s.high);
}

static void print_comparison(const struct bench_case *c, const struct comparison *r, json_t *cases)
{
	if (cases != NULL) {
		json_array_append_new(cases, json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "name",
						       c->name, "operation", c->operation, "raw_ns",
						       spread_json(r->raw), "vetsock",
						       spread_json(r->vetsock), "noise",
						       spread_json(r->noise), "blocking",
						       spread_json(r->blocking)));
		return;
	}
	printf("%-20s %7.2f us   %.3f (%.3f to %.3f)   %.3f (%.3f to %.3f) %9.3f\n", c->name,
	       r->raw.median / 1e3, r->vetsock.median, r->vetsock.low, r->vetsock.high,
	       r->noise.median, r->noise.low, r->noise.high, r->blocking.median);
}

static int compare_all(const struct options *o, json_t *report)
{
	json_t *cases = report != NULL ? json_array() : NULL;
	if (report != NULL)
		json_object_set_new(report, "cases", cases);
	else
		printf("%-20s %10s   %-22s   %-22s %9s\n", "medians (middle half)", "raw",
		       "vetsock", "raw once more", "blocking");
	for (const struct bench_case *c = bench_cases; c->name != NULL; c++) {
		struct comparison result;
		if (o->only != NULL && strcmp(o->only, c->name) != 0)
			continue;
		int error = measure(c, o->rounds, &result);
		if (error < 0)
			return complain(c->name, error);
		print_comparison(c, &result, cases);
	}
	return 0;
}

static json_t *lateness_json(const struct lateness *l)
{
	return json_pack("{s:f, s:f, s:f}", "least", l->least, "median", l->late.median, "most",
			 l->most);
}

static void print_lateness(const char *who, const struct lateness *l)
{
	printf("  %-12s ends late by %.3f ms (median; %.3f to %.3f)\n", who, l->late.median / 1e6,
	       l->least / 1e6, l->most / 1e6);
}

static int compare_deadlines(const struct options *o, json_t *report)
{
	struct lateness vetsock, raw;
	struct trickle by_deadline, by_rcvtimeo;
	int error = measure_lateness(o->rounds, &vetsock, &raw);
	if (error == 0)
		error = measure_trickle(&by_deadline, &by_rcvtimeo);
	if (error < 0)
		return complain("deadline", error);
	if (report != NULL) {
		json_object_set_new(report, "late_ns",
				    json_pack("{s:o, s:o}", "vetsock", lateness_json(&vetsock),
					      "ppoll", lateness_json(&raw)));
		json_object_set_new(report, "trickle_ms",
				    json_pack("{s:f, s:f}", "vetsock", by_deadline.milliseconds,
					      "rcvtimeo", by_rcvtimeo.milliseconds));
		return 0;
	}
	printf("\na receive with %d ms to go:\n", DEADLINE_MILLISECONDS);
	print_lateness("vetsock", &vetsock);
	print_lateness("ppoll", &raw);
	printf("%d bytes wanted within %d ms, one comes every %d ms:\n", TRICKLE_BYTES,
	       TRICKLE_LIMIT_MILLISECONDS, TRICKLE_MILLISECONDS);
	printf("  %-12s ends after %.1f ms, with %zu bytes\n", "vetsock", by_deadline.milliseconds,
	       by_deadline.arrived);
	printf("  %-12s ends after %.1f ms, with %zu bytes\n", "SO_RCVTIMEO",
	       by_rcvtimeo.milliseconds, by_rcvtimeo.arrived);
	return 0;
}

static int compare(const struct options *o)
{
	json_t *report = o->json ? json_pack("{s:i}", "rounds", o->rounds) : NULL;
	int status = compare_all(o, report);
	if (status == 0 && (o->only == NULL || strcmp(o->only, "deadline") == 0))
		status = compare_deadlines(o, report);
	if (status == 0 && report != NULL) {
		json_dumpf(report, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
		putchar('\n');
	}
	json_decref(report);
	return status;
}

static int list(void)
{
	for (const struct bench_case *c = bench_cases; c->name != NULL; c++)
		printf("%s\t%g\t%s\n", c->name, c->own_calls, c->operation);
	return 0;
}

/* For tools that count: nothing but the operations, without warm-up, clock or output. */
static int run_one(const struct options *o)
{
	const struct bench_case *c = bench_case_find(o->one);
	struct fixture f;
	int variant = 0;
	while (variant < VARIANTS && strcmp(o->variant, variant_names[variant]) != 0)
		variant++;
	if (c == NULL || variant == VARIANTS || o->count < 0 || o->count % c->multiple != 0) {
		fputs("vetsock-bench: no such case or variant, or no such count of it\n", stderr);
		return 2;
	}
	int error = fixture_open(&f, c->kind, (enum variant)variant, o->echo_delay);
	if (error < 0)
		return complain(c->name, error);
	error = bench_case_run(c, &f, o->count);
	fixture_close(&f);
	return error < 0 ? complain(c->name, error) : 0;
}

static int dispatch(const struct options *o, int show_list)
{
	if (show_list)
		return list();
	if (o->one != NULL)
		return run_one(o);
	if (o->rounds < 1 || o->rounds > MOST_ROUNDS) {
		fprintf(stderr, "vetsock-bench: 1 to %d rounds\n", MOST_ROUNDS);
		return 2;
	}
	if (o->only != NULL && strcmp(o->only, "deadline") != 0 &&
	    bench_case_find(o->only) == NULL) {
		fprintf(stderr, "vetsock-bench: no case %s; see --list\n", o->only);
		return 2;
	}
	return compare(o);
}

int main(int argc, char **argv)
{
	struct options o = { .rounds = 31, .variant = "vetsock", .count = 1 };
	int show_list = 0;
	const struct poptOption table[] = {
		{ "rounds", 'r', POPT_ARG_INT, &o.rounds, 0, "rounds (31)", "N" },
		{ "case", 'c', POPT_ARG_STRING, &o.only, 0, "only this case, or 'deadline'",
		  "NAME" },
		{ "json", 'j', POPT_ARG_NONE, &o.json, 0, "print JSON", NULL },
		{ "list", 'l', POPT_ARG_NONE, &show_list, 0,
		  "print the cases: name, calls of its own, operation", NULL },
		{ "one", '1', POPT_ARG_STRING, &o.one, 0, "do operations of a case, and no more",
		  "NAME" },
		{ "variant", 'v', POPT_ARG_STRING, &o.variant, 0,
		  "with --one: vetsock, raw, blocking", "NAME" },
		{ "count", 'n', POPT_ARG_LONG, &o.count, 0, "with --one: so many", "N" },
		{ "echo-delay", 'd', POPT_ARG_LONG, &o.echo_delay, 0,
		  "with --one: an echo waits so long before it answers", "MICROSECONDS" },
		POPT_AUTOHELP POPT_TABLEEND,
	};
	poptContext context = poptGetContext(NULL, argc, (const char **)argv, table, 0);
	int status, parsed = poptGetNextOpt(context);
	if (parsed < -1 || poptPeekArg(context) != NULL) {
		fprintf(stderr, "vetsock-bench: %s\n",
			parsed < -1 ? poptStrerror(parsed) : "too many arguments");
		status = 2;
	} else {
		if (pin() < 0)
			fputs("vetsock-bench: not pinned to one processor\n", stderr);
		status = dispatch(&o, show_list);
	}
	poptFreeContext(context);
	return status;
}
