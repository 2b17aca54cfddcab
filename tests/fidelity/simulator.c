/* SPDX-License-Identifier: 0BSD */
/* The simulator as a side: one host, anew for each run, which is told what the kernel answered. */
#include "follow.h"

#include <errno.h>

#include "../../shim/sim/world.h"

static struct vet_sim *world;
static unsigned char file_bytes[FILE_SIZE];

/* Where the network, or the kernel, may choose (how many bytes fit, which port), it chooses as the
 * kernel did. */
static void simulator_before(struct side *side, const struct answer *led,
			     const struct pollfd *polled)
{
	(void)side;
	world->oracle = (struct sim_oracle){ .is_on = true };
	if (led == NULL)
		return;
	world->oracle.result = led->result;
	world->oracle.port = led->port;
	world->oracle.polled = polled;
}

static int simulator_deafen(struct side *side, int fd, bool deaf)
{
	struct vet_sim_host *host = sim_host_of(side->sys);
	struct sim_node *node =
		fd >= 0 && (uint32_t)fd < host->descriptors ? host->descriptor[fd] : NULL;
	if (node == NULL || node->kind != SIM_STREAM)
		return -EBADF;
	((struct sim_socket *)(void *)node)->is_deaf = deaf;
	return 0;
}

static int simulator_begin(struct place_to_run *self, struct ground *ground)
{
	const struct vet_sim_options options = { .seed = 1 };
	struct vet_sim_host *host;
	int result = vet_sim_start(world, &options);
	(void)ground; /* the kernel's: nobody else is in this world */
	if (result < 0)
		return result;
	host = vet_sim_add_host(world, "host");
	if (host == NULL)
		return -ENOMEM;
	result = vet_sim_file(host, file_bytes, sizeof(file_bytes));
	if (result < 0)
		return result;
	self->side.file = result;
	self->side.sys = vet_sim_sys(host);
	world->oracle = (struct sim_oracle){ .is_on = true };
	return 0;
}

static bool simulator_doubts(const struct place_to_run *self)
{
	(void)self;
	return world->is_doubtful;
}

int simulator_open(struct place_to_run *simulator)
{
	for (uint32_t i = 0; i < FILE_SIZE; i++)
		file_bytes[i] = file_byte(i);
	*simulator = (struct place_to_run){
		.side = { .before = simulator_before, .deafen = simulator_deafen },
		.begin = simulator_begin,
		.doubts = simulator_doubts,
	};
	return vet_sim_make(&world);
}

void simulator_close(struct place_to_run *simulator)
{
	(void)simulator;
	vet_sim_free(world);
	world = NULL;
}
