/* SPDX-License-Identifier: 0BSD */
/*
 * How fast the explorer is: connect-write-read-close over the world in memory, every single fault,
 * all checks on, on one processor.
 *	vetsock-bench-explore [ROUNDS]      one line a round: runs, calls, seconds;
 *	                                    nanoseconds of one call of the table alone
 *	vetsock-bench-explore --one PORT    the same exchange once, with an echo at 127.0.0.1:PORT: what
 *	                                    a tool that starts a process for each fault runs
 */
#define _POSIX_C_SOURCE 200809L
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <vetsock/explore.h>
#include <vetsock/vetsock.h>

#include "scenarios.h"

enum { COPIES = 2000, ROUNDS = 11, TURNS = 20000, REPEATS = 10 };

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static const struct vet_scenario *find(const char *name)
{
	size_t count;
	const struct vet_scenario *all = scenarios_all(&count);
	for (size_t i = 0; i < count; i++)
		if (strcmp(all[i].name, name) == 0)
			return &all[i];
	fprintf(stderr, "there is no scenario '%s'\n", name);
	exit(1);
}

/* Nothing but calls of the table: what one costs, down to the world in memory and back. */
static void many_calls(struct vet_trial *trial)
{
	struct vet_sys *sys = vet_trial_sys(trial);
	struct sockaddr_in to = { .sin_family = AF_INET };
	char byte = 'x';
	int fd = (sys->calls->socket)(sys, AF_INET, SOCK_STREAM, 0);
	int error = (sys->calls->connect)(sys, fd, (struct sockaddr *)&to, sizeof to);
	for (int i = 0; i < TURNS && error == 0; i++) {
		error = (sys->calls->send)(sys, fd, &byte, 1, 0) != 1;
		if (error == 0)
			error = (sys->calls->recv)(sys, fd, &byte, 1, 0) != 1;
	}
	vet_trial_check(trial, error == 0);
	(sys->calls->close)(sys, fd);
}

static double measure_calls(void)
{
	static const struct vet_scenario scenario = { .name = "calls", .run = many_calls };
	const struct vet_explore_options options = { .depth = VET_EXPLORE_BASE };
	struct vet_explore_report report = { 0 };
	double start = seconds();
	for (int i = 0; i < REPEATS; i++)
		if (vet_explore(&scenario, 1, &options, &report) != 0)
			exit(1);
	/* Each is run twice, and counted once. */
	return (seconds() - start) / (2.0 * (double)report.calls) * 1e9;
}

/* The same scenario many times: long enough to be timed, and the explorer is made once. */
static int measure(int rounds)
{
	static struct vet_scenario copies[COPIES];
	const struct vet_explore_options options = { .depth = 1 };
	const struct vet_scenario *one = find("connect-write-read-close");
	for (size_t i = 0; i < COPIES; i++)
		memcpy(&copies[i], one, sizeof *one);
	for (int i = 0; i < rounds; i++) {
		struct vet_explore_report report = { 0 };
		double start = seconds();
		int broken = vet_explore(copies, COPIES, &options, &report);
		double took = seconds() - start;
		if (broken != 0)
			return fprintf(stderr, "it broke: %d\n", broken), 1;
		printf("%llu\t%llu\t%.6f\t%.2f\n", (unsigned long long)report.runs,
		       (unsigned long long)report.calls, took, measure_calls());
	}
	return 0;
}

static int exchange(unsigned port)
{
	char back[5];
	struct vet_socket s;
	struct vet_address to = vet_address_of(vet_ipv4(127, 0, 0, 1), port);
	int error = vet_socket_stream(&s, 4);
	if (error == 0)
		error = vet_socket_connect(&s, &to);
	if (error == 0)
		error = vet_socket_write(&s, "hello", sizeof back, NULL);
	if (error == 0)
		error = vet_socket_read_exact(&s, back, sizeof back, NULL);
	vet_socket_close(&s);
	return error != 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--one") == 0)
		return exchange((unsigned)strtoul(argv[2], NULL, 10));
	return measure(argc > 1 ? (int)strtol(argv[1], NULL, 10) : ROUNDS);
}
