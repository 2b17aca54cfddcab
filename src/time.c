/* SPDX-License-Identifier: 0BSD */
#include <vetsock/time.h>

struct vet_instant vet_instant_never(void)
{
	return (struct vet_instant){ INT64_MAX };
}

static int64_t add(int64_t a, int64_t b)
{
	if (b > 0 && a > INT64_MAX - b)
		return INT64_MAX;
	if (b < 0 && a < INT64_MIN - b)
		return INT64_MIN;
	return a + b;
}

struct vet_instant vet_instant_add(struct vet_instant instant, vet_duration duration)
{
	return (struct vet_instant){ add(instant.nanoseconds, duration) };
}

vet_duration vet_instant_difference(struct vet_instant later, struct vet_instant earlier)
{
	int64_t a = later.nanoseconds, b = earlier.nanoseconds;
	if (b == INT64_MIN) /* -b does not exist: a - b = (a + 1) + INT64_MAX */
		return a >= 0 ? INT64_MAX : a + 1 + INT64_MAX;
	return add(a, -b);
}
