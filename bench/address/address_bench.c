/* SPDX-License-Identifier: 0BSD */
/*
 * Addresses read and printed, beside inet_pton(3) and inet_ntop(3): in one run, in turns, so that
 * whatever disturbs the machine disturbs all of them.  Each row ends with the ratio of vetsock to
 * the C library, and with the ratio of the C library to itself, which is the noise.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <vetsock/address.h>

enum { ROUNDS = 31, CALLS = 20000 };

struct subject {
	const char *text;
	int domain;
	size_t size;
	struct vet_ip ip;
	unsigned char raw[16];
};

static volatile unsigned sink; /* so that no call is optimised away */

static void parse_libc(const struct subject *s)
{
	unsigned char out[16];

	sink += (unsigned)inet_pton(s->domain, s->text, out) + out[3];
}

static void parse_vetsock(const struct subject *s)
{
	struct vet_ip ip;

	sink += (unsigned)vet_ip_parse(s->text, s->size, &ip) + ip.bytes[3];
}

static void format_libc(const struct subject *s)
{
	char out[INET6_ADDRSTRLEN];

	sink += inet_ntop(s->domain, s->raw, out, sizeof(out)) != NULL;
}

static void format_vetsock(const struct subject *s)
{
	char out[VET_IP_TEXT_SIZE];

	sink += (unsigned)vet_ip_format(&s->ip, out, sizeof(out));
}

typedef void operation(const struct subject *s);

static const struct bench {
	const char *name;
	operation *libc, *vetsock;
	double goal; /* the greatest ratio that is good enough */
} benches[] = {
	{ "parse", parse_libc, parse_vetsock, 1.0 },
	{ "format", format_libc, format_vetsock, 0.25 },
};

static struct subject subjects[] = {
	{ .text = "127.0.0.1", .domain = AF_INET },
	{ .text = "192.168.100.200", .domain = AF_INET },
	{ .text = "::1", .domain = AF_INET6 },
	{ .text = "fe80::1", .domain = AF_INET6 },
	{ .text = "2001:db8::8a2e:370:7334", .domain = AF_INET6 },
	{ .text = "2001:db8:85a3:1234:5678:8a2e:370:7334", .domain = AF_INET6 },
	{ .text = "::ffff:192.168.100.200", .domain = AF_INET6 },
};

static double nanoseconds_per_call(operation *call, const struct subject *s)
{
	struct timespec from, to;

	(void)clock_gettime(CLOCK_MONOTONIC, &from);
	for (int i = 0; i < CALLS; i++)
		call(s);
	(void)clock_gettime(CLOCK_MONOTONIC, &to);
	return ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) /
	       CALLS;
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

static bool run(const struct bench *b, const struct subject *s)
{
	double libc[ROUNDS], vetsock[ROUNDS], ratio[ROUNDS], noise[ROUNDS], result;
	bool reached;

	for (int i = 0; i < ROUNDS; i++) {
		double again;

		/* First one, then the other comes first, so that neither always has the warm
		 * cache. */
		if (i % 2 == 0)
			vetsock[i] = nanoseconds_per_call(b->vetsock, s);
		libc[i] = nanoseconds_per_call(b->libc, s);
		again = nanoseconds_per_call(b->libc, s);
		if (i % 2 != 0)
			vetsock[i] = nanoseconds_per_call(b->vetsock, s);
		ratio[i] = vetsock[i] / libc[i];
		noise[i] = again / libc[i];
	}
	result = median(ratio);
	reached = result < b->goal + 0.005; /* as it is printed */
	printf("%-7s %-38s %7.1f %8.1f %6.2f %6.2f   %4.2f  %s\n", b->name, s->text, median(libc),
	       median(vetsock), result, median(noise), b->goal, reached ? "reached" : "MISSED");
	return reached;
}

int main(void)
{
	bool reached = true;

	printf("%d rounds in turns of %d calls; medians, in nanoseconds a call\n", ROUNDS, CALLS);
	printf("%-7s %-38s %7s %8s %6s %6s   %4s\n", "", "", "libc", "vetsock", "ratio", "noise",
	       "goal");
	for (size_t b = 0; b < sizeof(benches) / sizeof(benches[0]); b++) {
		for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
			struct subject *s = &subjects[i];

			s->size = strlen(s->text);
			if (vet_ip_parse(s->text, s->size, &s->ip) != 0 ||
			    inet_pton(s->domain, s->text, s->raw) != 1)
				return 2;
			reached = run(&benches[b], s) && reached;
		}
	}
	return reached ? 0 : 1;
}
