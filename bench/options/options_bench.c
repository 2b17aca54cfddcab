/* SPDX-License-Identifier: 0BSD */
/*
 * Options read from a text and printed, beside getsubopt(3) and strtoul(3), which read the same text
 * without checking anything: in one run, in turns, so that whatever disturbs the machine disturbs all
 * of them.  Each row ends with the ratio of vetsock to the C library, and with the ratio of the C
 * library to itself, which is the noise.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <vetsock/options.h>

enum { ROUNDS = 31, CALLS = 5000 };

#define GOAL 5e6 /* items a second, at least */

static struct subject {
	const char *name, *text;
	size_t size, items;
	struct vet_options options;
} subjects[] = {
	{ .name = "flags", .text = "no-delay,keepalive,reuse-address,cork=off,broadcast" },
	{ .name = "mixed",
	  .text = "no-delay,keepalive,keepalive-time=30s,linger=5s,ttl=64,send-buffer=256KiB,"
		  "only-ipv6=off" },
	{ .name = "numbers",
	  .text = "ttl=64,priority=6,multicast-ttl=255,keepalive-count=9,fast-open=5" },
	{ .name = "texts", .text = "congestion=cubic,bind-to-device=eth0" },
	{ .name = "the end of the table",
	  .text = "priority=1,bind-to-device=lo,congestion=bbr,fast-open=1" },
	{ .name = "other spellings",
	  .text = "no-cork,no-quick-ack,send-buffer-size=1MiB,receive-buffer-size=1MB" },
};

static volatile unsigned sink; /* so that no call is optimised away */

static char *names[VET_INDEX_COUNT + 1];

static void read_libc(const struct subject *s)
{
	char copy[256], *at = copy, *value;

	memcpy(copy, s->text, s->size + 1);
	while (*at != '\0') {
		int index = getsubopt(&at, names, &value);

		sink += (unsigned)index + (unsigned)(value != NULL ? strtoul(value, NULL, 10) : 1);
	}
}

static void read_vetsock(const struct subject *s)
{
	struct vet_options options;

	sink += (unsigned)vet_options_parse(s->text, s->size, &options, NULL) +
		(unsigned)options.given;
}

static void print_vetsock(const struct subject *s)
{
	char text[VET_OPTIONS_TEXT_SIZE];

	sink += (unsigned)vet_options_format(&s->options, text, sizeof(text));
}

typedef void operation(const struct subject *s);

static double nanoseconds_per_item(operation *call, const struct subject *s)
{
	struct timespec from, to;

	(void)clock_gettime(CLOCK_MONOTONIC, &from);
	for (int i = 0; i < CALLS; i++)
		call(s);
	(void)clock_gettime(CLOCK_MONOTONIC, &to);
	return ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) /
	       CALLS / (double)s->items;
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values)
{
	qsort(values, ROUNDS, sizeof(*values), compare_doubles);
	return values[ROUNDS / 2];
}

static bool run(const struct subject *s)
{
	double libc[ROUNDS], vetsock[ROUNDS], printed[ROUNDS], ratio[ROUNDS], noise[ROUNDS], rate;
	bool reached;

	for (int i = 0; i < ROUNDS; i++) {
		double again;

		/* First one, then the other comes first, so that neither always has the warm
		 * cache. */
		if (i % 2 == 0)
			vetsock[i] = nanoseconds_per_item(read_vetsock, s);
		libc[i] = nanoseconds_per_item(read_libc, s);
		again = nanoseconds_per_item(read_libc, s);
		if (i % 2 != 0)
			vetsock[i] = nanoseconds_per_item(read_vetsock, s);
		printed[i] = nanoseconds_per_item(print_vetsock, s);
		ratio[i] = vetsock[i] / libc[i];
		noise[i] = again / libc[i];
	}
	rate = 1e9 / median(vetsock);
	reached = rate >= GOAL;
	printf("%-21s %5zu %7.1f %8.1f %7.1f %6.2f %6.2f  %8.1f  %s\n", s->name, s->items,
	       median(libc), median(vetsock), median(printed), median(ratio), median(noise),
	       rate / 1e6, reached ? "reached" : "MISSED");
	return reached;
}

static bool prepare(struct subject *s)
{
	s->size = strlen(s->text);
	s->items = 1;
	for (size_t i = 0; i < s->size; i++)
		s->items += s->text[i] == ',';
	return vet_options_parse(s->text, s->size, &s->options, NULL) == 0;
}

int main(void)
{
	bool reached = true;

	for (size_t i = 0; i < VET_INDEX_COUNT; i++)
		names[i] = (char *)(size_t)vet_option_at(i)->text; /* getsubopt leaves them alone */
	printf("%d rounds in turns of %d calls; medians, in nanoseconds an item; the goal is %.0f "
	       "million items a second\n",
	       ROUNDS, CALLS, GOAL / 1e6);
	printf("%-21s %5s %7s %8s %7s %6s %6s  %8s\n", "", "items", "libc", "vetsock", "printed",
	       "ratio", "noise", "millions");
	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
		if (!prepare(&subjects[i]))
			return 2;
		reached = run(&subjects[i]) && reached;
	}
	return reached ? 0 : 1;
}
