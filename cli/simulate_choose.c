/* SPDX-License-Identifier: 0BSD */
/* Which scenarios are simulated. */
#define _POSIX_C_SOURCE 200809L

#include <fnmatch.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "simulate.h"
#include "simulations.h"
#include "tables.h"

/* Those that there are: loaded ones come first, and hide vetsock's own of the same name. */
struct choice {
	const struct vet_simulation **of;
	size_t count, room;
};

static int no_memory(void)
{
	fprintf(stderr, "%s: there is no memory\n", simulate_command);
	return CLI_BROKE;
}

static bool has_name(const struct choice *choice, const char *name)
{
	for (size_t i = 0; i < choice->count; i++)
		if (strcmp(choice->of[i]->name, name) == 0)
			return true;
	return false;
}

static int add(struct choice *choice, const struct vet_simulation *simulation)
{
	if (choice->count == choice->room) {
		size_t room = choice->room == 0 ? 32 : 2 * choice->room;
		void *more = realloc((void *)(uintptr_t)choice->of, room * sizeof(*choice->of));

		if (more == NULL)
			return no_memory();
		choice->of = more;
		choice->room = room;
	}
	choice->of[choice->count++] = simulation;
	return 0;
}

static int refuse(const char *path, const char *why)
{
	fprintf(stderr, "%s: %s %s\n", simulate_command, path, why);
	return CLI_USAGE;
}

static int load(struct choice *choice, const char *path)
{
	vet_simulations_plugin plugin;
	const struct vet_simulation *simulations;
	size_t count = 0;
	int status = 0;

	if (!cli_load(simulate_command, path, "vetsock_simulations", &plugin, sizeof(plugin)))
		return CLI_USAGE;
	simulations = plugin(VET_SYS_VERSION, &count);
	if (simulations == NULL || count == 0)
		return refuse(path, "brings no scenario for this version of vetsock");
	for (size_t i = 0; i < count && status == 0; i++) {
		if (simulations[i].name == NULL || simulations[i].prepare == NULL)
			return refuse(path, "brings a scenario without a name, or nothing to run");
		if (has_name(choice, simulations[i].name))
			return refuse(path, "brings a name that was there before");
		status = add(choice, &simulations[i]);
	}
	return status;
}

static int gather(const struct simulate_request *request, struct choice *choice)
{
	size_t count;
	const struct vet_simulation *own = simulations_all(&count);
	int status = 0;

	for (size_t i = 0; request->loads != NULL && request->loads[i] != NULL && status == 0; i++)
		status = load(choice, request->loads[i]);
	for (size_t i = 0; i < count && status == 0; i++)
		if (!has_name(choice, own[i].name))
			status = add(choice, &own[i]);
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
	fprintf(stderr, "%s: there is no scenario '%s'", simulate_command, typed);
	if (nearest != NULL)
		fprintf(stderr, "; did you mean '%s'?\n", nearest);
	else
		fprintf(stderr, "; %s --list tells them all\n", simulate_command);
	free((void *)(uintptr_t)names);
	return CLI_USAGE;
}

static int mark(const struct choice *choice, const char *glob, bool *chosen)
{
	bool is_name = has_name(choice, glob);
	bool any = false;

	for (size_t i = 0; i < choice->count; i++) {
		const char *name = choice->of[i]->name;

		if (is_name ? strcmp(glob, name) == 0 : fnmatch(glob, name, 0) == 0)
			any = chosen[i] = true;
	}
	return any ? 0 : no_such(choice, glob);
}

/* Without names (--list) all of them. */
static int mark_all(struct simulating *simulating, const struct choice *choice, const char **names)
{
	bool *chosen = calloc(choice->count, sizeof(*chosen));
	int status = 0;

	simulating->chosen = calloc(choice->count, sizeof(*simulating->chosen));
	if (chosen == NULL || simulating->chosen == NULL)
		status = no_memory();
	for (size_t i = 0; names != NULL && names[i] != NULL && status == 0; i++)
		status = mark(choice, names[i], chosen);
	for (size_t i = 0; i < choice->count && status == 0; i++)
		if (names == NULL || chosen[i])
			simulating->chosen[simulating->count++] = choice->of[i];
	free(chosen);
	return status;
}

int simulate_choose(struct simulating *simulating, const char **names)
{
	struct choice choice = { 0 };
	int status = gather(simulating->request, &choice);

	if (status == 0)
		status = mark_all(simulating, &choice, names);
	free((void *)(uintptr_t)choice.of);
	return status;
}

void simulate_list(const struct simulating *simulating)
{
	for (size_t i = 0; i < simulating->count; i++) {
		const struct vet_simulation *one = simulating->chosen[i];

		printf("%-14s %s\n", one->name, one->what == NULL ? "" : one->what);
		if (one->mischief != NULL)
			printf("%-14s %s\n", "", one->mischief);
	}
}
