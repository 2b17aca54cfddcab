/* SPDX-License-Identifier: 0BSD */
/*
 * Files, and ranges of them, out through streams and as datagrams, by the kernel and by chunks.
 *
 * Aims at: vet_socket_send_file, _send_file_range.
 */
#include "behaviour.h"

/* From anywhere; or where the description is in the file, so that all bytes are known. */
static void set(struct vet_world *world, struct vet_tape *tape)
{
	uint32_t byte = vet_tape_choose(tape, VET_TAPE_PROGRAM, 256);
	world->sends = vet_fuzz_file;
	world->expects = byte % 2 == 0 ? vet_fuzz_file : NULL;
	world->expects_size = byte % 2 == 0 ? VET_FUZZ_BYTES : 0;
	world->file_size = byte / 2 * (world->window == 7 ? 1 : 2); /* not in too many pieces */
}

/* As a rule with a connection. */
static void begin(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	uint32_t byte = vet_trial_choose(run->trial, 256);
	int kind = byte % 8 == 7 ? VET_DATAGRAM : VET_STREAM;
	if (vet_fuzz_make(run, slot, kind, 4) == 0 && byte < 240)
		vet_fuzz_dial(run, slot);
}

/* clang-format off */
static const struct vet_fuzz_deed deeds[] = {
	DEED(send_file_range), DEED(send_file), DEED(send_file_range), DEED(write), DEED(read),
	DEED(read_all), DEED(send_file_range), DEED(make_stream), DEED(make_datagram),
	DEED(connect), DEED(close), DEED(try_clone), DEED(shutdown_write), DEED(shutdown_read),
	DEED(read_into), DEED(receive_from), DEED(write_some), DEED(deadlines), DEED(free),
};
/* clang-format on */

static const struct vet_fuzz_target target = {
	.name = "file",
	.deeds = deeds,
	.deed_count = sizeof deeds / sizeof deeds[0],
	.set = set,
	.begin = begin,
};

VET_FUZZ_HARNESS(target)
