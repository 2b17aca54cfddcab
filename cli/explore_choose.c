/* SPDX-License-Identifier: 0BSD */
/* Which scenarios are explored. */
#define _POSIX_C_SOURCE 200809L

#include <fnmatch.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "explore.h"
#include "scenarios.h"
#include "tables.h"

/* Those that there are. */
struct choice {
	const struct vet_scenario **of;
	size_t count, room;
	size_t loaded; /* of them, by plug-ins: they come first */
};

static bool add(struct choice *choice, const struct vet_scenario *scenario)
{
	if (choice->count == choice->room) {
		size_t room = choice->room == 0 ? 256 : 2 * choice->room;
		const struct vet_scenario **more =
			realloc((void *)(uintptr_t)choice->of, room * sizeof(*more));

		if (more == NULL)
			return false;
		choice->of = more;
		choice->room = room;
	}
	choice->of[choice->count++] = scenario;
	return true;
}

static bool has_name(const struct choice *choice, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(choice->of[i]->name, name) == 0)
			return true;
	return false;
}

static int no_memory(void)
{
	fprintf(stderr, "%s: there is no memory\n", explore_command);
	return CLI_BROKE;
}

static int refuse(const char *path, const char *why)
{
	fprintf(stderr, "%s: %s %s\n", explore_command, path, why);
	return CLI_USAGE;
}

static int load(struct choice *choice, const char *path)
{
	vet_scenarios_plugin plugin;
	const struct vet_scenario *scenarios;
	size_t count = 0;

	if (!cli_load(explore_command, path, "vetsock_scenarios", &plugin, sizeof(plugin)))
		return CLI_USAGE;
	scenarios = plugin(VET_SYS_VERSION, &count);
	if (scenarios == NULL || count == 0)
		return refuse(path, "brings no scenario for this version of vetsock");
	for (size_t i = 0; i < count; i++) {
		if (scenarios[i].name == NULL || scenarios[i].run == NULL)
			return refuse(path, "brings a scenario without a name, or nothing to run");
		if (has_name(choice, choice->count, scenarios[i].name)) {
			fprintf(stderr, "%s: %s brings '%s', a name that was there before\n",
				explore_command, path, scenarios[i].name);
			return CLI_USAGE;
		}
		if (!add(choice, &scenarios[i]))
			return no_memory();
	}
	return 0;
}

/* What is loaded stands before one of vetsock's own that has the same name. */
static int gather(const struct request *request, struct choice *choice)
{
	size_t count;
	const struct vet_scenario *own = scenarios_all(&count);
	int status = 0;

	for (size_t i = 0; request->loads != NULL && request->loads[i] != NULL && status == 0; i++)
		status = load(choice, request->loads[i]);
	choice->loaded = choice->count;
	for (size_t i = 0; i < count && status == 0; i++)
		if (!has_name(choice, choice->loaded, own[i].name) && !add(choice, &own[i]))
			status = no_memory();
	return status;
}

static int no_such(const struct choice *choice, const char *typed)
{
	const char **names = calloc(choice->count, sizeof(*names));
	const char *nearest;

	if (names == NULL)
		return no_memory();
	for (size_t i = 0; i < choice->count; i++)
		names[i] = choice->of[i]->name;
	nearest = cli_nearest(typed, names, choice->count);
	fprintf(stderr, "%s: there is no scenario '%s'", explore_command, typed);
	if (nearest != NULL)
		fprintf(stderr, "; did you mean '%s'?\n", nearest);
	else
		fprintf(stderr, "; %s --list tells them all\n", explore_command);
	free((void *)(uintptr_t)names);
	return CLI_USAGE;
}

/* A whole name means that one alone, though it may be a glob, too. */
static int mark(const struct choice *choice, const char *glob, bool *chosen)
{
	bool is_name = has_name(choice, choice->count, glob);
	bool any = false;

	for (size_t i = 0; i < choice->count; i++) {
		const char *name = choice->of[i]->name;

		if (is_name ? strcmp(glob, name) == 0 : fnmatch(glob, name, 0) == 0)
			any = chosen[i] = true;
	}
	return any ? 0 : no_such(choice, glob);
}

static int mark_all(const struct request *request, const struct choice *choice, bool *chosen)
{
	int status = 0;

	for (size_t i = 0; request->scenarios == NULL && i < choice->count; i++)
		chosen[i] = choice->loaded == 0 || i < choice->loaded;
	for (size_t i = 0; request->scenarios != NULL && request->scenarios[i] != NULL; i++)
		if (status == 0)
			status = mark(choice, request->scenarios[i], chosen);
	return status;
}

static int take(const struct choice *choice, const bool *chosen, struct exploration *exploration)
{
	exploration->outcomes = calloc(choice->count, sizeof(*exploration->outcomes));
	if (exploration->outcomes == NULL)
		return no_memory();
	for (size_t i = 0; i < choice->count; i++)
		if (chosen[i])
			exploration->outcomes[exploration->count++].scenario = choice->of[i];
	return CLI_HELD;
}

int explore_choose(struct exploration *exploration)
{
	struct choice choice = { 0 };
	bool *chosen = NULL;
	int status = gather(exploration->request, &choice);

	if (status == 0) {
		chosen = calloc(choice.count, sizeof(*chosen));
		status = chosen == NULL ? no_memory()
					: mark_all(exploration->request, &choice, chosen);
	}
	if (status == 0)
		status = take(&choice, chosen, exploration);
	free(chosen);
	free((void *)(uintptr_t)choice.of);
	return status;
}
