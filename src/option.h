/* SPDX-License-Identifier: 0BSD */
#ifndef VETSOCK_SRC_OPTION_H
#define VETSOCK_SRC_OPTION_H

#include <vetsock/option.h>

/* An option that is an int, of an open socket: 0, what the table says, or -EIO for a value of an
 * impossible size. */
int vet_option_get_number(const struct vet_socket *s, int level, int name, int64_t *value);

/* SO_ERROR as a negative error, or 0; -EIO for a number that is no errno. */
int vet_option_get_error(const struct vet_socket *s, int64_t *error);

#endif
