/* SPDX-License-Identifier: 0BSD */
/* Options as text, for every text that holds some. */
#ifndef VETSOCK_SRC_OPTIONS_H
#define VETSOCK_SRC_OPTIONS_H

#include <vetsock/options.h>

#include "print.h"

/* An item of a text that is none of the options: NAME=VALUE, once. */
struct vet_other_item {
	const char *name; /* "backlog" */
	const char *near; /* what is said of a name like it: "...; did you mean 'backlog'?" */
	/* Reads the value, which begins at the place and has a byte at least; what is behind it is
	 * seen to.  Or fails, also by blaming the name. */
	bool (*read)(struct vet_scan *s, struct vet_span name, void *context);
};

/* Reads one item or more from the place to the end, with `separator` between them (',' or '&'), into
 * options that are all zero.  Each is one that sockets of these families have (VET_OPTION_ON_IPV4, 0:
 * any).  `other` may be NULL. */
bool vet_read_options(struct vet_scan *s, char separator, unsigned families,
		      struct vet_options *options, const struct vet_other_item *other,
		      void *context);

/* A number as the value of an item; what is behind it is the caller's, but for a unit or a fraction. */
bool vet_read_integer(struct vet_scan *s, const struct vet_bounds *bounds, uint64_t *value);

/* The index of an option's name, or of "no-" and one (is_off); VET_NO_OPTION if it is none. */
size_t vet_options_find(const char *text, size_t size, bool *is_off);
/* Why a name is none. */
const char *vet_options_explain_name(const struct vet_scan *s, struct vet_span name,
				     const struct vet_other_item *other);

/* What a text can hold: printable ASCII but what ends an item, here or in an endpoint. */
static inline bool vet_is_of_text(char c)
{
	return c > ' ' && c < 0x7f && c != ',' && c != '&' && c != '#' && c != '%';
}

/* The index of the first that no text gives, VET_NO_OPTION if all of them can be given. */
size_t vet_options_flaw(const struct vet_options *options);

/* Whether a text gives these options. */
static inline bool vet_are_options(const struct vet_options *options)
{
	return vet_options_flaw(options) == VET_NO_OPTION;
}

/* With `first` before the first of them, and `separator` before each other. */
void vet_put_options(struct vet_printer *out, const char *first, const char *separator,
		     const struct vet_options *options);

#endif
