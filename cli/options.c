/* SPDX-License-Identifier: 0BSD */
/* `vetsock options`: prints the table of options. */
#include "options.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>
#include <popt.h>

#include <vetsock/options.h>

#include "cli.h"
#include "text.h"

static const char command[] = "vetsock options";

enum { NAME_WIDTH = 20, LINE_WIDTH = 100, RANGE_SIZE = 64 };

struct request {
	const struct vet_option *options[VET_INDEX_ROOM];
	size_t count; /* 0: all */
	int json;
};

/* ---- words ---- */

/* clang-format off */
static const struct kind {
	const char *word;
	const char *value;    /* behind the name, in a text */
	const char *written;
	const char *in, *out; /* what setter and getter take behind the socket */
} kinds[] = {
	[VET_OPTION_FLAG] = { "flag", "[=on|off]", "on (or the name alone), off (or no-NAME)",
		"bool value", "bool *value" },
	[VET_OPTION_INTEGER] = { "integer", "=N", "a number",
		"int64_t value", "int64_t *value" },
	[VET_OPTION_SIZE] = { "size", "=SIZE",
		"a number of bytes, or one with B, kB, KiB, MB, MiB, GB or GiB",
		"int64_t value", "int64_t *value" },
	[VET_OPTION_DURATION] = { "duration", "=DURATION",
		"a number with ns, us, ms, s, m or h, never without",
		"vet_duration value", "vet_duration *value" },
	[VET_OPTION_LINGER] = { "linger", "=DURATION|off",
		"off (VET_LINGER_OFF), or a number with ns, us, ms, s, m or h, never without",
		"vet_duration value", "vet_duration *value" },
	[VET_OPTION_ERROR] = { "error", "", "0, or a negative error",
		NULL, "int64_t *value" },
	[VET_OPTION_TEXT] = { "text", "=TEXT", "printable ASCII without , & # and %",
		"const char *text, size_t size", "char *text, size_t size" },
};

/* In which the options are shown to people. */
static const struct group {
	const char *heading;
	unsigned kinds; /* bits */
	bool read_only;
} groups[] = {
	{ "flags: NAME or NAME=on, no-NAME or NAME=off", 1 << VET_OPTION_FLAG, false },
	{ "numbers: NAME=N", 1 << VET_OPTION_INTEGER, false },
	{ "sizes: NAME=N in bytes, or with B, kB, MB, GB (of 1000), KiB, MiB, GiB (of 1024)",
	  1 << VET_OPTION_SIZE, false },
	{ "durations: NAME=N with ns, us, ms, s, m or h; rounded up to the unit shown when set",
	  1 << VET_OPTION_DURATION | 1 << VET_OPTION_LINGER, false },
	{ "texts: NAME=TEXT, printable ASCII without , & # and %", 1 << VET_OPTION_TEXT, false },
	{ "only read, so never in a text", ~0U, true },
};
/* clang-format on */

static const struct unit {
	vet_duration nanoseconds;
	const char *name, *whole;
} units[] = {
	{ VET_SECONDS(1), " s", "whole seconds" },
	{ VET_MILLISECONDS(1), " ms", "whole milliseconds" },
};

static const struct unit *unit_of(const struct vet_option *o)
{
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (units[i].nanoseconds == o->unit)
			return &units[i];
	return NULL;
}

static bool is_read_only(const struct vet_option *o)
{
	return (o->flags & VET_OPTION_READ_ONLY) != 0;
}

static const char *range_of(const struct vet_option *o, char range[RANGE_SIZE])
{
	const struct unit *unit = unit_of(o);
	const char *name = unit != NULL ? unit->name : "";

	if (o->kind == VET_OPTION_FLAG)
		return "";
	if (o->kind == VET_OPTION_SIZE || o->kind == VET_OPTION_TEXT)
		name = " bytes";
	(void)snprintf(range, RANGE_SIZE, "%s%" PRId64 " to %" PRId64 "%s",
		       o->kind == VET_OPTION_LINGER ? "off, " : "", o->min, o->max, name);
	return range;
}

/* NULL: sockets of both have it. */
static const char *only_family(const struct vet_option *o)
{
	unsigned on = o->flags & (VET_OPTION_ON_IPV4 | VET_OPTION_ON_IPV6);

	if (on == (VET_OPTION_ON_IPV4 | VET_OPTION_ON_IPV6))
		return NULL;
	return on == VET_OPTION_ON_IPV4 ? "IPv4" : "IPv6";
}

size_t cli_option_help_size(const struct vet_option *o)
{
	const char *end = o->help + strlen(o->help), *at;

	for (at = strstr(o->help, " ("); at != NULL; at = strstr(at + 1, " ("))
		end = at;
	return (size_t)(end - o->help);
}

/* ---- for people ---- */

/* The words of a text, in lines that end before LINE_WIDTH; the first begins at this column. */
static void put_wrapped(const char *text, size_t column)
{
	size_t at = column;

	while (*text != '\0') {
		size_t word = strcspn(text, " ");

		if (at > column && at + 1 + word > LINE_WIDTH) {
			printf("\n%*s", (int)column, "");
			at = column;
		}
		if (at > column)
			at += (size_t)printf(" ");
		at += (size_t)printf("%.*s", (int)word, text);
		text += word + (text[word] == ' ' ? 1 : 0);
	}
	(void)putchar('\n');
}

static void show_row(const struct vet_option *o, size_t range_width)
{
	const char *family = only_family(o);
	char range[RANGE_SIZE], help[256];

	(void)snprintf(help, sizeof help, "%s%s%s", o->help, family != NULL ? "; only on " : "",
		       family != NULL ? family : "");
	printf("  %-*s%-*s", NAME_WIDTH, o->text, (int)range_width, range_of(o, range));
	put_wrapped(help, 2 + NAME_WIDTH + range_width);
}

static bool is_in(const struct group *group, const struct vet_option *o)
{
	return (group->kinds >> o->kind & 1) != 0 && is_read_only(o) == group->read_only;
}

static void show_group(const struct group *group)
{
	const struct vet_option *o;
	char range[RANGE_SIZE];
	size_t width = 0;

	puts(group->heading);
	for (size_t i = 0; (o = vet_option_at(i)) != NULL; i++)
		if (is_in(group, o) && strlen(range_of(o, range)) > width)
			width = strlen(range_of(o, range));
	for (size_t i = 0; (o = vet_option_at(i)) != NULL; i++)
		if (is_in(group, o))
			show_row(o, width > 0 ? width + 2 : 0);
}

static void show_whole(const struct vet_option *o)
{
	const struct kind *kind = &kinds[o->kind];
	const struct unit *unit = unit_of(o);
	const char *family = only_family(o);
	char range[RANGE_SIZE];

	printf("%s%s\n  %s\n", o->text, is_read_only(o) ? "" : kind->value, o->help);
	printf("  value    %s%s%s\n", range_of(o, range), o->kind != VET_OPTION_FLAG ? ": " : "",
	       o->kind == VET_OPTION_FLAG && is_read_only(o) ? "on or off" : kind->written);
	if (unit != NULL)
		printf("  rounded  up to %s when it is set\n", unit->whole);
	printf("  sockets  %s\n", family != NULL ? family : "IPv4 and IPv6");
	if (is_read_only(o))
		printf("  set      never: it is only read, and no text gives it\n");
	else
		printf("  set      vet_socket_set_%s(struct vet_socket *, %s)\n", o->name,
		       kind->in);
	printf("  read     vet_socket_%s(struct vet_socket *, %s)\n", o->name, kind->out);
}

static void show(const struct request *request)
{
	for (size_t i = 0; request->count == 0 && i < sizeof groups / sizeof groups[0]; i++) {
		if (i > 0)
			(void)putchar('\n');
		show_group(&groups[i]);
	}
	for (size_t i = 0; i < request->count; i++) {
		if (i > 0)
			(void)putchar('\n');
		show_whole(request->options[i]);
	}
}

/* ---- for programs ---- */

static json_t *families_of(const struct vet_option *o)
{
	json_t *families = json_array();

	if ((o->flags & VET_OPTION_ON_IPV4) != 0)
		(void)json_array_append_new(families, json_integer(4));
	if ((o->flags & VET_OPTION_ON_IPV6) != 0)
		(void)json_array_append_new(families, json_integer(6));
	return families;
}

/* The words of the help's source that are names in C: SO_LINGER. */
static json_t *system_names(const struct vet_option *o)
{
	json_t *names = json_array();
	const char *at = o->help + cli_option_help_size(o);

	while (*at != '\0') {
		size_t length = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

		if (memchr(at, '_', length) != NULL)
			(void)json_array_append_new(names, json_stringn(at, length));
		at += length > 0 ? length : 1;
	}
	return names;
}

/* Limits as values are (nanoseconds, bytes); of a text its length. */
static json_t *option_object(const struct vet_option *o)
{
	int64_t unit = o->unit != 0 ? o->unit : 1;
	json_t *object =
		json_pack("{s:s, s:s, s:I, s:I, s:o, s:b, s:o, s:s}", "name", o->text, "kind",
			  kinds[o->kind].word, "least", (json_int_t)(o->min * unit), "greatest",
			  (json_int_t)(o->max * unit), "families", families_of(o), "read_only",
			  is_read_only(o) ? 1 : 0, "system", system_names(o), "help", o->help);

	if (o->unit != 0)
		(void)json_object_set_new(object, "rounded_up_to", json_integer(o->unit));
	if (!is_read_only(o))
		(void)json_object_set_new(object, "setter",
					  json_sprintf("vet_socket_set_%s", o->name));
	(void)json_object_set_new(object, "getter", json_sprintf("vet_socket_%s", o->name));
	return object;
}

/* False: there is no memory, or the output is closed. */
static bool print_json(const struct request *request)
{
	json_t *array = json_array();

	for (size_t i = 0; request->count == 0 && vet_option_at(i) != NULL; i++)
		(void)json_array_append_new(array, option_object(vet_option_at(i)));
	for (size_t i = 0; i < request->count; i++)
		(void)json_array_append_new(array, option_object(request->options[i]));
	return cli_json_print(array);
}

/* ---- the command ---- */

/* By the name in texts; or that of the functions, with '_' or '-'. */
static bool is_name(const struct vet_option *o, const char *typed)
{
	size_t i = 0;

	if (strcmp(o->text, typed) == 0)
		return true;
	while (o->name[i] != '\0' &&
	       (o->name[i] == typed[i] || (o->name[i] == '_' && typed[i] == '-')))
		i++;
	return o->name[i] == '\0' && typed[i] == '\0';
}

static int refuse(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s: %s\n%s --help tells the options\n", command, what, why, command);
	return CLI_USAGE;
}

static int unknown(const char *typed)
{
	const char *names[VET_INDEX_ROOM];
	const char *nearest;
	size_t count = 0;

	for (; vet_option_at(count) != NULL; count++)
		names[count] = vet_option_at(count)->text;
	nearest = cli_nearest(typed, names, count);
	fprintf(stderr, "%s: there is no option '%s'", command, typed);
	if (nearest != NULL)
		fprintf(stderr, "; did you mean '%s'?\n", nearest);
	else
		fprintf(stderr, "; %s lists them\n", command);
	return CLI_USAGE;
}

/* 0, or CLI_USAGE with the reason on stderr. */
static int add_option(struct request *request, const char *typed)
{
	const struct vet_option *o;

	for (size_t i = 0; (o = vet_option_at(i)) != NULL; i++) {
		if (!is_name(o, typed))
			continue;
		if (request->count == VET_INDEX_ROOM)
			return refuse(typed, "this is one name too many");
		request->options[request->count++] = o;
		return 0;
	}
	return unknown(typed);
}

static int read_arguments(poptContext context, struct request *request)
{
	int result = poptGetNextOpt(context), status = 0;
	const char *typed;

	if (result < -1)
		return refuse(poptBadOption(context, POPT_BADOPTION_NOALIAS), poptStrerror(result));
	while (status == 0 && (typed = poptGetArg(context)) != NULL)
		status = add_option(request, typed);
	return status;
}

static int obey(const struct request *request)
{
	bool printed = true;

	if (request->json != 0)
		printed = print_json(request);
	else
		show(request);
	if (fflush(stdout) == 0 && !ferror(stdout) && printed)
		return CLI_HELD;
	fprintf(stderr, "%s: the options could not be written\n", command);
	return CLI_BROKE;
}

int cli_options(int argc, const char **argv)
{
	struct request request = { .count = 0 };
	const struct poptOption options[] = {
		{ "json", '\0', POPT_ARG_NONE, &request.json, 0, "as one JSON array", NULL },
		POPT_AUTOHELP POPT_TABLEEND,
	};
	poptContext context = poptGetContext(NULL, argc, argv, options, 0);
	int status;

	poptSetOtherOptionHelp(context, "[--json] [NAME...]  (without a NAME: all, by their kind)");
	status = read_arguments(context, &request);
	if (status == 0)
		status = obey(&request);
	(void)poptFreeContext(context);
	return status;
}
