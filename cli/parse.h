/* SPDX-License-Identifier: 0BSD */
#ifndef VETSOCK_CLI_PARSE_H
#define VETSOCK_CLI_PARSE_H

/* `vetsock parse`: argv[0] is "vetsock parse".  Returns the exit status: 0 all texts are good, 1 one
 * is not (or reading or writing failed), 2 wrong usage. */
int cli_parse(int argc, const char **argv);

#endif
