/* SPDX-License-Identifier: 0BSD */
#include "specimens.h"

static const struct specimen *const lists[] = {
	specimens_signal, specimens_time, specimens_poll,    specimens_connect,  specimens_accept,
	specimens_send,   specimens_file, specimens_receive, specimens_datagram, specimens_close,
};

const struct specimen *specimen_at(size_t index)
{
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		for (const struct specimen *at = lists[i]; at->name != NULL; at++)
			if (index-- == 0)
				return at;
	return NULL;
}

struct vet_scenario specimen_scenario(const struct specimen *specimen, bool fixed, const char *name)
{
	static const bool versions[] = { false, true };
	return (struct vet_scenario){
		.name = name,
		.run = specimen->run,
		.world = specimen->world,
		.deadline = specimen->deadline,
		.context = &versions[fixed],
	};
}
