/* SPDX-License-Identifier: 0BSD */
/* `vetsock parse`: says what a text is, or where and why it is nothing. */
#define _POSIX_C_SOURCE 200809L /* getline */

#include "parse.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <popt.h>

#include <vetsock/host.h>

#include "cli.h"

#define KINDS "ip|address|options|endpoint|plan"

/* ---- what a text is ---- */

static int read_ip(const char *text, size_t size, struct cli_answer *answer)
{
	struct vet_ip *ip = &answer->value.address.ip;
	int r = vet_ip_parse_explain(text, size, ip, &answer->error);

	answer->name = ip->family == 4 ? "ipv4" : "ipv6";
	return r < 0 ? r : vet_ip_format(ip, answer->text, sizeof answer->text);
}

static int read_address(const char *text, size_t size, struct cli_answer *answer)
{
	struct vet_address *address = &answer->value.address;
	int r = vet_address_parse_on(vet_sys_host(), text, size, address, &answer->error);

	return r < 0 ? r : vet_address_format(address, answer->text, sizeof answer->text);
}

static int read_options(const char *text, size_t size, struct cli_answer *answer)
{
	struct vet_options *options = &answer->value.options;
	int r = vet_options_parse(text, size, options, &answer->error);

	return r < 0 ? r : vet_options_format(options, answer->text, sizeof answer->text);
}

static int read_endpoint(const char *text, size_t size, struct cli_answer *answer)
{
	struct vet_endpoint *endpoint = &answer->value.endpoint;
	int r = vet_endpoint_parse(text, size, endpoint, &answer->error);

	return r < 0 ? r : vet_endpoint_format(endpoint, answer->text, sizeof answer->text);
}

static int read_plan(const char *text, size_t size, struct cli_answer *answer)
{
	struct vet_plan *plan = &answer->value.plan;
	int r = vet_plan_parse(text, size, plan, &answer->error);

	return r < 0 ? r : vet_plan_format(plan, answer->text, sizeof answer->text);
}

static const struct {
	const char *name;
	int (*read)(const char *text, size_t size, struct cli_answer *answer);
} kinds[CLI_TEXT_KINDS] = {
	[CLI_TEXT_IP] = { "ip", read_ip },
	[CLI_TEXT_ADDRESS] = { "address", read_address },
	[CLI_TEXT_OPTIONS] = { "options", read_options },
	[CLI_TEXT_ENDPOINT] = { "endpoint", read_endpoint },
	[CLI_TEXT_PLAN] = { "plan", read_plan },
};

/* ---- the command ---- */

struct request {
	enum cli_text_kind kind;
	int json;
};

static bool print_json(const char *text, size_t size, const struct cli_answer *answer)
{
	json_t *object = cli_json_answer(text, size, answer);
	bool printed =
		object != NULL && json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII) == 0;

	json_decref(object);
	(void)putchar('\n');
	return printed;
}

/* Whether the text is good. */
static bool parse_one(const struct request *request, const char *text, size_t size)
{
	struct cli_answer answer = { .kind = request->kind };
	bool printed = true, good;

	if (answer.kind == CLI_TEXT_KINDS)
		answer.kind = cli_guess_kind(text, size);
	answer.name = kinds[answer.kind].name;
	good = kinds[answer.kind].read(text, size, &answer) >= 0;
	if (request->json != 0)
		printed = print_json(text, size, &answer);
	else
		cli_show_answer(text, size, &answer);
	return good && printed;
}

/* Lines may hold any byte, and the last one need not end. */
static bool parse_lines(const struct request *request, FILE *in)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	bool good = true;

	while ((length = getline(&line, &room, in)) > 0) {
		size_t size = (size_t)length - (line[length - 1] == '\n' ? 1 : 0);

		good = parse_one(request, line, size) && good;
	}
	free(line);
	if (ferror(in) != 0) {
		fprintf(stderr, "vetsock parse: standard input: %s\n", strerror(errno));
		good = false;
	}
	return good;
}

static int parse_all(const struct request *request, const char **texts)
{
	bool good = true;

	for (; *texts != NULL; texts++)
		good = (strcmp(*texts, "-") == 0 ? parse_lines(request, stdin)
						 : parse_one(request, *texts, strlen(*texts))) &&
		       good;
	if (fflush(stdout) != 0 || ferror(stdout) != 0) {
		fprintf(stderr, "vetsock parse: standard output: %s\n", strerror(errno));
		good = false;
	}
	return good ? CLI_HELD : CLI_BROKE;
}

static int refuse(const char *what, const char *why)
{
	fprintf(stderr, "vetsock parse: %s: %s\nTry 'vetsock parse --help'.\n", what, why);
	return CLI_USAGE;
}

static bool find_kind(const char *name, enum cli_text_kind *kind)
{
	*kind = CLI_TEXT_KINDS;
	if (name == NULL)
		return true;
	for (unsigned i = 0; i < CLI_TEXT_KINDS; i++)
		if (strcmp(name, kinds[i].name) == 0)
			*kind = (enum cli_text_kind)i;
	if (strcmp(name, "option") == 0) /* one is several, too */
		*kind = CLI_TEXT_OPTIONS;
	return *kind != CLI_TEXT_KINDS;
}

static int run(poptContext context, struct request *request, char *const *kind)
{
	int result = poptGetNextOpt(context);
	const char **texts;

	if (result != -1)
		return refuse(poptBadOption(context, POPT_BADOPTION_NOALIAS), poptStrerror(result));
	if (!find_kind(*kind, &request->kind))
		return refuse(*kind, "a kind is 'ip', 'address', 'options', 'endpoint' or 'plan'");
	texts = poptGetArgs(context);
	if (texts == NULL || *texts == NULL)
		return refuse("nothing to parse",
			      "give a text, or - for one per line from standard input");
	return parse_all(request, texts);
}

int cli_parse(int argc, const char **argv)
{
	struct request request = { .kind = CLI_TEXT_KINDS };
	char *kind = NULL;
	struct poptOption options[] = {
		{ "kind", '\0', POPT_ARG_STRING, &kind, 0,
		  "what each text is to be; without this, what it looks like", KINDS },
		{ "json", '\0', POPT_ARG_NONE, &request.json, 0, "print one JSON object a line",
		  NULL },
		POPT_AUTOHELP POPT_TABLEEND
	};
	poptContext context = poptGetContext(NULL, argc, argv, options, 0);
	int status;

	poptSetOtherOptionHelp(context,
			       "[--kind " KINDS "] [--json] TEXT...  (- reads one per line "
			       "from standard input)");
	status = run(context, &request, &kind);
	poptFreeContext(context);
	free(kind);
	return status;
}
