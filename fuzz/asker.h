/* SPDX-License-Identifier: 0BSD */
/* Makes the calls that the lines of a trace ask for. */
#ifndef VETSOCK_FUZZ_ASKER_H
#define VETSOCK_FUZZ_ASKER_H

#include <stdbool.h>
#include <stddef.h>

#include <vetsock/sys.h>

/* The text is a trace.  false: it has a call that is not made here (of more bytes than there is room for
 * here, of memory that was never given, of a group of multicast), and those behind it were not made. */
bool vet_fuzz_follow(const char *text, size_t size, struct vet_sys *sys);

#endif
