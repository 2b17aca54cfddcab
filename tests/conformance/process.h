/* SPDX-License-Identifier: 0BSD */
/* What the cases need of a process: files, a count of SIGPIPE, and an end to what hangs. */
#ifndef CONFORMANCE_PROCESS_H
#define CONFORMANCE_PROCESS_H

#include "conformance.h"

/* An environment for a table, with temporary files of this system. */
struct conformance_environment process_environment(struct vet_sys *sys);

/* Counts SIGPIPE from now on, instead of dying of it, and takes SIGALRM for process_watch(). */
int process_watch_signals(void);
/* A case is about to run in an environment, or (NULL) has run.  A call that takes far longer than
 * the environment's patience is interrupted by a signal, so that a descriptor which blocks fails
 * its case; if that does not help, the program ends with status 1 and says which case it was. */
void process_watch(const char *id, const struct conformance_environment *environment);

/* Seconds on a clock that only goes forward. */
double process_seconds(void);

#endif
