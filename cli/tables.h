/* SPDX-License-Identifier: 0BSD */
/* The tables of system calls that the command can be pointed at. */
#ifndef CLI_TABLES_H
#define CLI_TABLES_H

#include <stdbool.h>
#include <stddef.h>

#include <vetsock/sys.h>

/* The table of a name ("host"), or of a shared object that brings one ("./stack.so"): checked, and
 * good until the program ends.  NULL: why not has been said on stderr. */
struct vet_sys *cli_table(const char *command, const char *name);

/* A function that a shared object exports is put into *function, `size` bytes of pointer, with the
 * object there until the program ends.  False: why not has been said on stderr. */
bool cli_load(const char *command, const char *path, const char *symbol, void *function,
	      size_t size);

#endif
