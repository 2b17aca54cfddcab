/* SPDX-License-Identifier: 0BSD */
/*
 * Datagram and raw sockets: sent to addresses and to one peer, empty, truncated, too large.
 *
 * Aims at: vet_socket_datagram_on, _raw_on, _connect, _bind, _send_to, _receive_from, _write, _write_some,
 * _print, _read, _read_into, _join, _leave, _error, _shutdown, _try_clone, _close; vet_endpoint_open.
 */
#include "behaviour.h"

static void set(struct vet_world *world, struct vet_tape *tape)
{
	(void)world;
	(void)tape;
}

/* Half of them with a peer. */
static void begin(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	uint32_t byte = vet_trial_choose(run->trial, 256);
	int family = byte % 4 == 3 ? 6 : 4, kind = byte / 4 % 4 == 3 ? VET_RAW : VET_DATAGRAM;
	if (vet_fuzz_make(run, slot, kind, family) == 0 && byte < 128)
		vet_fuzz_dial(run, slot);
}

/* clang-format off */
static const struct vet_fuzz_deed deeds[] = {
	DEED(send_to), DEED(receive_from), DEED(send_to), DEED(read), DEED(write),
	DEED(receive_from), DEED(write_some), DEED(print), DEED(read_into), DEED(connect),
	DEED(bind), DEED(make_datagram), DEED(make_raw), DEED(try_clone), DEED(close),
	DEED(shutdown), DEED(shutdown_read), DEED(shutdown_write), DEED(readopt),
	DEED(read_exact), DEED(read_all), DEED(listen), DEED(addresses), DEED(ask),
	DEED(deadlines), DEED(option), DEED(text), DEED(group), DEED(free), DEED(open),
};
/* clang-format on */

static const struct vet_fuzz_target target = {
	.name = "datagram",
	.deeds = deeds,
	.deed_count = sizeof deeds / sizeof deeds[0],
	.set = set,
	.begin = begin,
};

VET_FUZZ_HARNESS(target)
