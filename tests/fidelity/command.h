/* SPDX-License-Identifier: 0BSD */
/* What the command was told to do. */
#ifndef FIDELITY_COMMAND_H
#define FIDELITY_COMMAND_H

#include "follow.h"

enum { KINDS = 1000 }; /* of differences that are kept apart */

struct command {
	uint64_t seed, programs, shard, shards, steps, stop_after;
	const char *text; /* one program, or "-" */
	const char *file; /* of programs */
	const char *slow; /* likewise, that run all at once */
	bool kernel_only, histogram, verbose;
};

/* 0; 1: there are unexplained differences; or minus an errno: it could not be run. */
int command_run(const struct command *command);

/* A program step by step, on both sides (other NULL: on the kernel alone).  1: they differ. */
int table_print(struct place_to_run *kernel, struct place_to_run *other,
		const struct program *program);

#endif
