/* SPDX-License-Identifier: 0BSD */
/* Which scenarios are explored. */
#include <stdlib.h>

#include "choose.h"
#include "cli.h"
#include "explore.h"
#include "scenarios.h"
#include "tables.h"

static int load(struct choice *choice, const char *path)
{
	vet_scenarios_plugin plugin;
	const struct vet_scenario *brought;
	size_t count = 0;
	int status = 0;

	if (!cli_load(explore_command, path, "vetsock_scenarios", &plugin, sizeof(plugin)))
		return CLI_USAGE;
	brought = plugin(VET_SYS_VERSION, &count);
	if (brought == NULL || count == 0)
		return choose_none(choice, path);
	for (size_t i = 0; i < count && status == 0; i++)
		status = choose_loaded(choice, path, brought[i].name,
				       brought[i].run == NULL ? NULL : &brought[i]);
	return status;
}

static int gather(const struct request *request, struct choice *choice)
{
	size_t count;
	const struct vet_scenario *own = scenarios_all(&count);
	int status = 0;

	for (size_t i = 0; request->loads != NULL && request->loads[i] != NULL && status == 0; i++)
		status = load(choice, request->loads[i]);
	for (size_t i = 0; i < count && status == 0; i++)
		status = choose_own(choice, own[i].name, &own[i]);
	return status;
}

/* Without --scenario all; or those alone that are loaded, if any are. */
static int choose(struct choice *choice, const struct request *request)
{
	int status = 0;

	for (size_t i = 0; request->scenarios == NULL && i < choice->count; i++)
		choice->of[i].is_chosen = choice->loaded == 0 || i < choice->loaded;
	for (size_t i = 0; request->scenarios != NULL && request->scenarios[i] != NULL; i++)
		if (status == 0)
			status = choose_by(choice, request->scenarios[i]);
	return status;
}

static int take(const struct choice *choice, struct exploration *exploration)
{
	exploration->outcomes = calloc(choice->count, sizeof(*exploration->outcomes));
	if (exploration->outcomes == NULL)
		return choose_no_memory(explore_command);
	for (size_t i = 0; i < choice->count; i++)
		if (choice->of[i].is_chosen)
			exploration->outcomes[exploration->count++].scenario =
				choice->of[i].scenario;
	return CLI_HELD;
}

int explore_choose(struct exploration *exploration)
{
	struct choice choice = { .command = explore_command };
	int status = gather(exploration->request, &choice);

	if (status == 0)
		status = choose(&choice, exploration->request);
	if (status == 0)
		status = take(&choice, exploration);
	choose_end(&choice);
	return status;
}
