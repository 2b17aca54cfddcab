/* SPDX-License-Identifier: 0BSD */
/* What the cases need of a process: files, a count of SIGPIPE, and an end to what hangs. */
#ifndef CONFORMANCE_PROCESS_H
#define CONFORMANCE_PROCESS_H

#include "conformance.h"

/* An environment for a table, with temporary files of this system. */
struct conformance_environment process_environment(struct vet_sys *sys);

/* Counts SIGPIPE from now on, instead of dying of it, and ends the program with status 1 when a
 * case that is watched does not return. */
int process_watch_signals(void);
/* NULL: nothing is watched. */
void process_watch(const char *id);

/* Seconds on a clock that only goes forward. */
double process_seconds(void);

#endif
