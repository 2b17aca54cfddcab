/* SPDX-License-Identifier: 0BSD */
#include "simulated.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vetsock/sim.h>

/* One world, with one host: as long as the program. */
static struct vet_sim *sim;
static struct vet_sim_host *host;

static void end(void)
{
	vet_sim_free(sim);
	sim = NULL;
}

struct vet_sys *cli_simulated(void)
{
	const struct vet_sim_options options = { .seed = 1 };

	if (host != NULL)
		return vet_sim_sys(host);
	if (atexit(end) == 0 && vet_sim_make(&sim) == 0 && vet_sim_start(sim, &options) == 0)
		host = vet_sim_add_host(sim, "here");
	if (host == NULL)
		fputs("vetsock: the simulator cannot be started\n", stderr);
	return host == NULL ? NULL : vet_sim_sys(host);
}

/* A file's bytes, for as long as it is open. */
static struct held {
	int file;
	void *bytes;
} files[16];

enum { FILES = sizeof(files) / sizeof(files[0]) };

static int make_file(struct conformance_environment *self, const void *data, size_t size)
{
	size_t i = 0;

	(void)self;
	while (i < FILES && files[i].bytes != NULL)
		i++;
	if (i == FILES)
		return -EMFILE;
	files[i].bytes = malloc(size == 0 ? 1 : size);
	if (files[i].bytes == NULL)
		return -ENOMEM;
	if (size > 0)
		memcpy(files[i].bytes, data, size);
	files[i].file = vet_sim_file(host, files[i].bytes, size);
	if (files[i].file < 0) {
		free(files[i].bytes);
		files[i].bytes = NULL;
	}
	return files[i].file;
}

/* A simulated file has none: nothing can have moved it. */
static int64_t file_offset(struct conformance_environment *self, int file)
{
	(void)self;
	(void)file;
	return 0;
}

static void drop_file(struct conformance_environment *self, int file)
{
	(void)(self->sys->calls->close)(self->sys, file);
	for (size_t i = 0; i < FILES; i++) {
		if (files[i].bytes == NULL || files[i].file != file)
			continue;
		free(files[i].bytes);
		files[i].bytes = NULL;
	}
}

void cli_simulated_files(struct conformance_environment *environment)
{
	environment->make_file = make_file;
	environment->file_offset = file_offset;
	environment->drop_file = drop_file;
}
