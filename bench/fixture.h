/* SPDX-License-Identifier: 0BSD */
/* What a case works on: sockets on loopback, for one of three ways to use them, and perhaps a
 * process at the other end. */
#ifndef BENCH_FIXTURE_H
#define BENCH_FIXTURE_H

#include <netinet/in.h>
#include <stdio.h>
#include <sys/types.h>

#include <vetsock/vetsock.h>

enum variant {
	VETSOCK,  /* vetsock on the table of this system */
	RAW,      /* raw.h on non-blocking descriptors */
	BLOCKING, /* raw.h on blocking descriptors */
	VARIANTS,
};

extern const char *const variant_names[VARIANTS];

enum fixture_kind {
	PAIR,     /* near and far: a connection, both ends ours */
	ECHO,     /* near: a connection to a process that sends back what comes */
	SINK,     /* near: a connection to a process that throws away what comes, and answers with
		     a byte for each FILE_SIZE of it; and a file of that size */
	TRICKLE,  /* near: a connection to a process that sends a byte every 8 ms, 64 in all */
	DATAGRAM, /* near and far: two bound UDP sockets */
	LISTENER, /* near: a listener; its address in near_address */
};

enum {
	FILE_SIZE = 8 << 20,
	TRICKLE_BYTES = 64,
	TRICKLE_MILLISECONDS = 8,
};

struct fixture {
	enum variant variant;
	int near, far; /* descriptors; -1: none, or taken over by the sockets below */
	struct vet_socket near_socket, far_socket;
	struct sockaddr_in near_address, far_address;
	struct vet_address near_vet_address, far_vet_address;
	FILE *file;
	pid_t peer;
};

/* 0, or a negative error, and then nothing is left open.  An ECHO waits so many microseconds before
 * it answers. */
int fixture_open(struct fixture *f, enum fixture_kind kind, enum variant variant, long echo_delay);
void fixture_close(struct fixture *f);

#endif
