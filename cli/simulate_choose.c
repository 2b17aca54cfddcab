/* SPDX-License-Identifier: 0BSD */
/* Which scenarios are simulated. */
#include <stdlib.h>

#include "choose.h"
#include "cli.h"
#include "simulate.h"
#include "simulations.h"
#include "tables.h"

static int load(struct choice *choice, const char *path)
{
	vet_simulations_plugin plugin;
	const struct vet_simulation *brought;
	size_t count = 0;
	int status = 0;

	if (!cli_load(simulate_command, path, "vetsock_simulations", &plugin, sizeof(plugin)))
		return CLI_USAGE;
	brought = plugin(VET_SYS_VERSION, &count);
	if (brought == NULL || count == 0)
		return choose_none(choice, path);
	for (size_t i = 0; i < count && status == 0; i++)
		status = choose_loaded(choice, path, brought[i].name,
				       brought[i].prepare == NULL ? NULL : &brought[i]);
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
		status = choose_own(choice, own[i].name, &own[i]);
	return status;
}

/* Without names (--list) all of them. */
static int take(struct simulating *simulating, const struct choice *choice, bool takes_all)
{
	simulating->chosen = calloc(choice->count, sizeof(*simulating->chosen));
	if (simulating->chosen == NULL)
		return choose_no_memory(simulate_command);
	for (size_t i = 0; i < choice->count; i++)
		if (takes_all || choice->of[i].is_chosen)
			simulating->chosen[simulating->count++] = choice->of[i].scenario;
	return 0;
}

int simulate_choose(struct simulating *simulating, const char **names)
{
	struct choice choice = { .command = simulate_command };
	int status = gather(simulating->request, &choice);

	for (size_t i = 0; names != NULL && names[i] != NULL && status == 0; i++)
		status = choose_by(&choice, names[i]);
	if (status == 0)
		status = take(simulating, &choice, names == NULL);
	choose_end(&choice);
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
