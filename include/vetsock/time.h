/* SPDX-License-Identifier: 0BSD */
/*
 * Durations and instants.  A duration is a signed number of nanoseconds; an instant is a point on
 * the clock of one table of system calls (the table's `now`).  They are different types, so that
 * they cannot be mixed up.
 */
#ifndef VETSOCK_TIME_H
#define VETSOCK_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include <vetsock/attributes.h>

VET_BEGIN_DECLS

typedef int64_t vet_duration;

struct vet_instant {
	int64_t nanoseconds;
};

#define VET_DURATION_MAX INT64_MAX
#define VET_DURATION_MIN INT64_MIN

/* n units (n of any integer type; evaluated more than once) as a duration, constant where n is;
 * what does not fit is the greatest or the least duration.  (Divided, not compared: of a type that is
 * too small for that compilers would warn.) */
#define VET_DURATION_BEYOND(n, unit) ((n) / ((uint64_t)(VET_DURATION_MAX / (unit)) + 1) != 0)
#define VET_DURATION_OF(n, unit) \
	((n) > 0 ? VET_DURATION_BEYOND((uint64_t)(n), unit) ? VET_DURATION_MAX \
							    : (vet_duration)(n) * (unit) \
	 : VET_DURATION_BEYOND(0 - (uint64_t)(n), unit) ? VET_DURATION_MIN \
							: (vet_duration)(n) * (unit))
#define VET_NANOSECONDS(n)  VET_DURATION_OF(n, INT64_C(1))
#define VET_MICROSECONDS(n) VET_DURATION_OF(n, INT64_C(1000))
#define VET_MILLISECONDS(n) VET_DURATION_OF(n, INT64_C(1000000))
#define VET_SECONDS(n)      VET_DURATION_OF(n, INT64_C(1000000000))
#define VET_MINUTES(n)      VET_DURATION_OF(n, INT64_C(60000000000))
#define VET_HOURS(n)        VET_DURATION_OF(n, INT64_C(3600000000000))

/* The greatest instant: as a deadline, none. */
VET_API struct vet_instant vet_instant_never(void);

/* instant + duration and later - earlier; both saturate. */
VET_API struct vet_instant vet_instant_add(struct vet_instant instant, vet_duration duration);
VET_API vet_duration vet_instant_difference(struct vet_instant later, struct vet_instant earlier);

VET_END_DECLS

#endif
