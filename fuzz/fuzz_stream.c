/* SPDX-License-Identifier: 0BSD */
/*
 * The client side of streams: connected, written, read, half closed, cloned, with deadlines and options.
 *
 * Aims at: vet_socket_stream_on, _adopt, _release, _try_clone, _close, _bind, _connect, _write,
 * _write_some, _print, _send_to, _read, _read_exact, _read_into, _read_all, _receive_from, _flush,
 * _shutdown, _shutdown_read, _shutdown_write, _timeout_after, _deadline_at, _reset_deadline, _deadline,
 * _now, _fd, _family, _kind, _local_address, _peer_address, vet_endpoint_open, and setters and getters of options between
 * them.
 */
#include "behaviour.h"

static void set(struct vet_world *world, struct vet_tape *tape)
{
	(void)world;
	(void)tape;
}

/* As a rule with a connection. */
static void begin(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	uint32_t byte = vet_trial_choose(run->trial, 256);
	int family = byte % 4 == 3 ? 6 : 4;
	if (vet_fuzz_make(run, slot, VET_STREAM, family) == 0 && byte < 240)
		vet_fuzz_dial(run, slot);
}

/* clang-format off */
static const struct vet_fuzz_deed deeds[] = {
	DEED(write), DEED(read), DEED(write), DEED(read_exact), DEED(print), DEED(read_all),
	DEED(write_some), DEED(read_into), DEED(receive_from), DEED(send_to), DEED(connect),
	DEED(shutdown_write), DEED(shutdown_read), DEED(shutdown), DEED(try_clone), DEED(close),
	DEED(make_stream), DEED(adopt), DEED(readopt), DEED(flush), DEED(free), DEED(addresses),
	DEED(ask), DEED(deadlines), DEED(option), DEED(text), DEED(group), DEED(bind), DEED(open),
};
/* clang-format on */

static const struct vet_fuzz_target target = {
	.name = "stream",
	.deeds = deeds,
	.deed_count = sizeof deeds / sizeof deeds[0],
	.set = set,
	.begin = begin,
};

VET_FUZZ_HARNESS(target)
