/* SPDX-License-Identifier: 0BSD */
/*
 * Listeners: bound, accepting in turn, cloned; what they accepted is used and closed.
 *
 * Aims at: vet_socket_bind, _listen, _listen_backlog, _accept, _try_clone, _accepting, _shutdown, _close;
 * _read and _write of what was accepted; vet_endpoint_open.
 */
#include "behaviour.h"

static void set(struct vet_world *world, struct vet_tape *tape)
{
	world->connections = 1 + vet_tape_choose(tape, VET_TAPE_PROGRAM, 256) % 8;
}

/* As a rule it listens. */
static void begin(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	uint32_t byte = vet_trial_choose(run->trial, 256);
	if (vet_fuzz_make(run, slot, VET_STREAM, byte % 4 == 3 ? 6 : 4) != 0 || byte >= 240)
		return;
	vet_fuzz_do_bind(run, slot);
	vet_fuzz_do_listen(run, slot);
}

/* clang-format off */
static const struct vet_fuzz_deed deeds[] = {
	DEED(accept), DEED(accept), DEED(write), DEED(read), DEED(close), DEED(try_clone),
	DEED(accept), DEED(shutdown), DEED(shutdown_read), DEED(shutdown_write), DEED(listen),
	DEED(bind), DEED(make_stream), DEED(make_datagram), DEED(readopt), DEED(connect),
	DEED(print), DEED(read_all), DEED(read_exact), DEED(addresses), DEED(ask),
	DEED(deadlines), DEED(option), DEED(free), DEED(open),
};
/* clang-format on */

static const struct vet_fuzz_target target = {
	.name = "listener",
	.deeds = deeds,
	.deed_count = sizeof deeds / sizeof deeds[0],
	.set = set,
	.begin = begin,
};

VET_FUZZ_HARNESS(target)
