/* SPDX-License-Identifier: 0BSD */
/* Which scenarios: those of plug-ins, and vetsock's own, by their names or globs. */
#ifndef VETSOCK_CLI_CHOOSE_H
#define VETSOCK_CLI_CHOOSE_H

#include <stdbool.h>
#include <stddef.h>

struct choosable {
	const char *name;
	const void *scenario;
	bool is_chosen;
};

/* Those that there are: all loaded ones come first, and hide vetsock's own of the same name. */
struct choice {
	const char *command;
	struct choosable *of;
	size_t count, room;
	size_t loaded;
};

/* Each is 0, or the exit status with its reason on stderr. */
int choose_no_memory(const char *command);
/* One that a plug-in brings; scenario NULL: with nothing to run. */
int choose_loaded(struct choice *choice, const char *path, const char *name, const void *scenario);
/* A plug-in that brings none. */
int choose_none(const struct choice *choice, const char *path);
/* One of vetsock's own: behind all that is loaded. */
int choose_own(struct choice *choice, const char *name, const void *scenario);
/* Chooses those of a name; or, if that is nobody's, of a glob. */
int choose_by(struct choice *choice, const char *glob);

void choose_end(struct choice *choice);

#endif
