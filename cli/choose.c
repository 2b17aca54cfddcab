/* SPDX-License-Identifier: 0BSD */
#define _POSIX_C_SOURCE 200809L

#include "choose.h"

#include <fnmatch.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

int choose_no_memory(const char *command)
{
	fprintf(stderr, "%s: there is no memory\n", command);
	return CLI_BROKE;
}

/* ---- what there is ---- */

static bool has_name(const struct choice *choice, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(choice->of[i].name, name) == 0)
			return true;
	return false;
}

static int add(struct choice *choice, const char *name, const void *scenario)
{
	if (choice->count == choice->room) {
		size_t room = choice->room == 0 ? 256 : 2 * choice->room;
		void *more = realloc(choice->of, room * sizeof(*choice->of));

		if (more == NULL)
			return choose_no_memory(choice->command);
		choice->of = more;
		choice->room = room;
	}
	choice->of[choice->count++] = (struct choosable){ .name = name, .scenario = scenario };
	return 0;
}

static int refuse(const struct choice *choice, const char *path, const char *why)
{
	fprintf(stderr, "%s: %s %s\n", choice->command, path, why);
	return CLI_USAGE;
}

int choose_none(const struct choice *choice, const char *path)
{
	return refuse(choice, path, "brings no scenario for this version of vetsock");
}

int choose_loaded(struct choice *choice, const char *path, const char *name, const void *scenario)
{
	if (name == NULL || scenario == NULL)
		return refuse(choice, path, "brings a scenario without a name, or nothing to run");
	if (has_name(choice, choice->count, name)) {
		fprintf(stderr, "%s: %s brings '%s', a name that was there before\n",
			choice->command, path, name);
		return CLI_USAGE;
	}
	choice->loaded++;
	return add(choice, name, scenario);
}

int choose_own(struct choice *choice, const char *name, const void *scenario)
{
	return has_name(choice, choice->loaded, name) ? 0 : add(choice, name, scenario);
}

/* ---- which ---- */

static int no_such(const struct choice *choice, const char *typed)
{
	const char **names = calloc(choice->count, sizeof(*names));
	const char *nearest;

	if (names == NULL)
		return choose_no_memory(choice->command);
	for (size_t i = 0; i < choice->count; i++)
		names[i] = choice->of[i].name;
	nearest = cli_nearest(typed, names, choice->count);
	fprintf(stderr, "%s: there is no scenario '%s'", choice->command, typed);
	if (nearest != NULL)
		fprintf(stderr, "; did you mean '%s'?\n", nearest);
	else
		fprintf(stderr, "; %s --list tells them all\n", choice->command);
	free((void *)(uintptr_t)names);
	return CLI_USAGE;
}

/* A whole name means that one alone, though it may be a glob, too. */
int choose_by(struct choice *choice, const char *glob)
{
	bool is_name = has_name(choice, choice->count, glob);
	bool any = false;

	for (size_t i = 0; i < choice->count; i++) {
		struct choosable *one = &choice->of[i];

		if (is_name ? strcmp(glob, one->name) == 0 : fnmatch(glob, one->name, 0) == 0)
			any = one->is_chosen = true;
	}
	return any ? 0 : no_such(choice, glob);
}

void choose_end(struct choice *choice)
{
	free(choice->of);
}
