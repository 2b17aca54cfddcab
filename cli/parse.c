/* SPDX-License-Identifier: 0BSD */
/* `vetsock parse`: says what an address or a fault plan is, or where and why it is none. */
#define _POSIX_C_SOURCE 200809L /* getline */

#include "parse.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <popt.h>

#include <vetsock/address.h>
#include <vetsock/host.h>
#include <vetsock/plan.h>

#include "text.h"

enum kind { UNSAID, IP, ADDRESS, PLAN };

/* Room for the canonical text of anything. */
#define ROOM VET_PLAN_TEXT_SIZE

struct answer {
	const char *kind;           /* "ipv4", "ipv6", "address" or "plan"; NULL: the text is bad */
	bool is_plan;               /* of the two below, this one */
	struct vet_address address; /* port and scope_id 0 unless kind is "address" */
	struct vet_plan plan;
	struct vet_text_error error;
};

static const struct class
{
	const char *name;
	bool (*holds)(const struct vet_ip *);
} classes[] = {
	{ "unspecified", vet_ip_is_unspecified },
	{ "loopback", vet_ip_is_loopback },
	{ "private", vet_ip_is_private },
	{ "link-local", vet_ip_is_link_local },
	{ "multicast", vet_ip_is_multicast },
	{ "broadcast", vet_ip_is_broadcast },
	{ "documentation", vet_ip_is_documentation },
	{ "ipv4-mapped", vet_ip_is_ipv4_mapped },
	{ "ipv4-compatible", vet_ip_is_ipv4_compatible },
};

#define CLASSES (sizeof(classes) / sizeof(classes[0]))

/* ---- what a text is ---- */

static struct answer read_as_ip(const char *text, size_t size)
{
	struct answer answer = { 0 };

	if (vet_ip_parse_explain(text, size, &answer.address.ip, &answer.error) == 0)
		answer.kind = answer.address.ip.family == 4 ? "ipv4" : "ipv6";
	return answer;
}

static struct answer read_as_address(const char *text, size_t size)
{
	struct answer answer = { 0 };

	if (vet_address_parse_on(vet_sys_host(), text, size, &answer.address, &answer.error) == 0)
		answer.kind = "address";
	return answer;
}

static struct answer read_as_plan(const char *text, size_t size)
{
	struct answer answer = { .is_plan = true };

	if (vet_plan_parse(text, size, &answer.plan, &answer.error) == 0)
		answer.kind = "plan";
	return answer;
}

/* An '=' stands in no address but in the name of an interface, which is bracketed.  No plan has a
 * '/', or begins as addresses do. */
static bool looks_like_plan(const char *text, size_t size)
{
	return memchr(text, '=', size) != NULL && memchr(text, '/', size) == NULL &&
	       strchr("[:.0123456789", text[0]) == NULL;
}

/* A bracket, or a dot and then the only colon: what is wrong with it is wrong with an address. */
static bool looks_like_address(const char *text, size_t size)
{
	const char *colon = memchr(text, ':', size);
	size_t before = colon != NULL ? (size_t)(colon - text) : 0;

	if (size > 0 && text[0] == '[')
		return true;
	return colon != NULL && memchr(text, '.', before) != NULL &&
	       memchr(colon + 1, ':', size - before - 1) == NULL;
}

static struct answer read_text(enum kind kind, const char *text, size_t size)
{
	if (kind == UNSAID && looks_like_plan(text, size))
		kind = PLAN;
	if (kind == UNSAID && looks_like_address(text, size))
		kind = ADDRESS;
	if (kind == PLAN)
		return read_as_plan(text, size);
	return kind == ADDRESS ? read_as_address(text, size) : read_as_ip(text, size);
}

static const char *format(const struct answer *answer, char text[ROOM])
{
	int length;

	if (answer->is_plan)
		length = vet_plan_format(&answer->plan, text, ROOM);
	else if (strcmp(answer->kind, "address") == 0)
		length = vet_address_format(&answer->address, text, ROOM);
	else
		length = vet_ip_format(&answer->address.ip, text, ROOM);
	return length >= 0 ? text : "";
}

/* ---- for people ---- */

static void print_classes(const struct vet_ip *ip)
{
	const char *separator = " (";

	for (size_t i = 0; i < CLASSES; i++) {
		if (classes[i].holds(ip)) {
			printf("%s%s", separator, classes[i].name);
			separator = ", ";
		}
	}
	printf("%s\n", *separator == ',' ? ")" : "");
}

static void print_answer(const char *text, size_t size, const struct answer *answer)
{
	char canonical[ROOM];

	cli_put_text(stdout, text, size);
	(void)putchar('\n');
	if (answer->kind == NULL) {
		cli_put_carets(stdout, text, size, &answer->error);
		return;
	}
	(void)format(answer, canonical);
	printf("  %s%s%s", answer->kind, *canonical != '\0' ? " " : "", canonical);
	if (!answer->is_plan)
		print_classes(&answer->address.ip);
	else
		printf("%s\n", answer->plan.count == 0 ? " (changes nothing)" : "");
}

/* ---- for programs ---- */

static json_t *json_classes(const struct vet_ip *ip)
{
	json_t *list = json_array();

	for (size_t i = 0; list != NULL && i < CLASSES; i++) {
		if (classes[i].holds(ip) &&
		    json_array_append_new(list, json_string(classes[i].name)) != 0) {
			json_decref(list);
			list = NULL;
		}
	}
	return list;
}

static void format_bytes(const struct vet_ip *ip, char hex[33])
{
	size_t count = ip->family == 4 ? 4 : 16;

	for (size_t i = 0; i < count; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", (unsigned)ip->bytes[i]);
}

static json_t *json_answer(const char *text, size_t size, const struct answer *answer)
{
	char canonical[ROOM], bytes[33];

	if (answer->kind == NULL)
		return json_pack("{s:o, s:b, s:I, s:I, s:s}", "input", cli_json_text(text, size),
				 "ok", 0, "offset", (json_int_t)answer->error.offset, "length",
				 (json_int_t)answer->error.length, "reason", answer->error.reason);
	if (answer->is_plan)
		return json_pack("{s:o, s:b, s:s, s:s, s:I}", "input", cli_json_text(text, size),
				 "ok", 1, "kind", answer->kind, "text", format(answer, canonical),
				 "rules", (json_int_t)answer->plan.count);
	format_bytes(&answer->address.ip, bytes);
	return json_pack(
		"{s:o, s:b, s:s, s:s, s:s, s:I, s:I, s:o}", "input", cli_json_text(text, size),
		"ok", 1, "kind", answer->kind, "text", format(answer, canonical), "bytes", bytes,
		"port", (json_int_t)answer->address.port, "scope_id",
		(json_int_t)answer->address.scope_id, "classes", json_classes(&answer->address.ip));
}

static bool print_json(const char *text, size_t size, const struct answer *answer)
{
	json_t *object = json_answer(text, size, answer);
	bool printed =
		object != NULL && json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII) == 0;

	json_decref(object);
	(void)putchar('\n');
	return printed;
}

/* ---- the command ---- */

struct request {
	enum kind kind;
	int json;
};

/* Whether the text is good. */
static bool parse_one(const struct request *request, const char *text, size_t size)
{
	struct answer answer = read_text(request->kind, text, size);

	if (request->json != 0)
		return print_json(text, size, &answer) && answer.kind != NULL;
	print_answer(text, size, &answer);
	return answer.kind != NULL;
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
	return good ? 0 : 1;
}

static int refuse(const char *what, const char *why)
{
	fprintf(stderr, "vetsock parse: %s: %s\nTry 'vetsock parse --help'.\n", what, why);
	return 2;
}

static bool find_kind(const char *name, enum kind *kind)
{
	if (name == NULL)
		*kind = UNSAID;
	else if (strcmp(name, "ip") == 0)
		*kind = IP;
	else if (strcmp(name, "address") == 0)
		*kind = ADDRESS;
	else if (strcmp(name, "plan") == 0)
		*kind = PLAN;
	else
		return false;
	return true;
}

static int run(poptContext context, struct request *request, char *const *kind)
{
	int result = poptGetNextOpt(context);
	const char **texts;

	if (result != -1)
		return refuse(poptBadOption(context, POPT_BADOPTION_NOALIAS), poptStrerror(result));
	if (!find_kind(*kind, &request->kind))
		return refuse(*kind, "a kind is 'ip', 'address' or 'plan'");
	texts = poptGetArgs(context);
	if (texts == NULL || *texts == NULL)
		return refuse("nothing to parse",
			      "give a text, or - for one per line from standard input");
	return parse_all(request, texts);
}

int cli_parse(int argc, const char **argv)
{
	struct request request = { .kind = UNSAID };
	char *kind = NULL;
	struct poptOption options[] = {
		{ "kind", '\0', POPT_ARG_STRING, &kind, 0,
		  "what each text is to be; without this, what it looks like", "ip|address|plan" },
		{ "json", '\0', POPT_ARG_NONE, &request.json, 0, "print one JSON object a line",
		  NULL },
		POPT_AUTOHELP POPT_TABLEEND
	};
	poptContext context = poptGetContext(NULL, argc, argv, options, 0);
	int status;

	poptSetOtherOptionHelp(
		context,
		"[--kind ip|address|plan] [--json] TEXT...  (- reads one per line from standard "
		"input)");
	status = run(context, &request, &kind);
	poptFreeContext(context);
	free(kind);
	return status;
}
