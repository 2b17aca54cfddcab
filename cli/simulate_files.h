/* SPDX-License-Identifier: 0BSD */
/* The files that a run is written to: pcapng, and a page with its time line. */
#ifndef CLI_SIMULATE_FILES_H
#define CLI_SIMULATE_FILES_H

#include "simulate.h"

struct simulate_files;

/* Opens what the command line asks for, before the run: its observers stand before that of
 * simulating->options.  0, CLI_USAGE or CLI_BROKE: why has been said. */
int simulate_files_begin(struct simulating *simulating, struct simulate_files **files);
/* False: something could not be written, which has been said.  NULL: true. */
bool simulate_files_end(struct simulate_files *files);

#endif
