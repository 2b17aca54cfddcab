/* SPDX-License-Identifier: 0BSD */
/* What is typed behind an option of the command line, read as every text of vetsock's is. */
#ifndef CLI_TYPED_H
#define CLI_TYPED_H

#include "../src/scan.h"

/* CLI_USAGE; where the text is wrong and why is on stderr. */
int cli_refuse_typed(const char *command, const char *option, const char *text,
		     const struct vet_text_error *error);
/* Reads all of a text by `read`, which gives false and fills in s->error where that is wrong.  0 (a
 * text of NULL, too: nothing was typed, and nothing is read), or as cli_refuse_typed(). */
int cli_read_typed(const char *command, const char *option, const char *text,
		   bool (*read)(struct vet_scan *s, void *value), void *value);

/* The same of a number within bounds (*number stays as it is if nothing was typed), and of the Ith of N
 * parts, "1/3". */
int cli_read_number(const char *command, const char *option, const char *text,
		    const struct vet_bounds *bounds, uint64_t *number);
int cli_read_shard(const char *command, const char *text, unsigned *shard, unsigned *shards);

#endif
