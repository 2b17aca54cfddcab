/* SPDX-License-Identifier: 0BSD */
#ifndef VETSOCK_CLI_OPTIONS_H
#define VETSOCK_CLI_OPTIONS_H

#include <vetsock/option.h>

/* `vetsock options`; argv[0] is "vetsock options". */
int cli_options(int argc, const char **argv);

/* How much of an option's help says what it means; behind it is its source, in brackets. */
size_t cli_option_help_size(const struct vet_option *o);

#endif
