/* SPDX-License-Identifier: 0BSD */
#ifndef VETSOCK_SRC_OPTION_H
#define VETSOCK_SRC_OPTION_H

#include <vetsock/options.h>

/* An option that is an int, of an open socket: 0, what the table says, or -EIO for a value of an
 * impossible size. */
int vet_option_get_number(const struct vet_socket *s, int level, int name, int64_t *value);

/* SO_ERROR as a negative error, or 0; -EIO for a number that is no errno. */
int vet_option_get_error(const struct vet_socket *s, int64_t *error);

/* A value as the system counts it: of a duration or linger its units, up, never down, so that a time
 * that is not zero stays one. */
int64_t vet_option_in_units(const struct vet_option *o, int64_t value);
/* Whether the value is in the range of an option that can be set and is no text. */
bool vet_option_takes(const struct vet_option *o, int64_t value);
/* Whether this system has the option for sockets of this family. */
bool vet_option_is_known(const struct vet_socket *s, const struct vet_option *o);

/* The setter and the getter of an option that can be set, whatever its kind.  *value was all zero. */
int vet_option_set(struct vet_socket *s, const struct vet_option *o,
		   const union vet_option_value *value);
int vet_option_get(struct vet_socket *s, const struct vet_option *o, union vet_option_value *value);

#endif
