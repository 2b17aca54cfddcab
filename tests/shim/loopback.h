/* SPDX-License-Identifier: 0BSD */
/* Plain system calls over the loopback, for tests of what this kernel does. */
#ifndef LOOPBACK_H
#define LOOPBACK_H

#include <netinet/in.h>
#include <poll.h>

enum {
	ASKED = POLLIN | POLLOUT | POLLRDHUP,
	LIMIT = 5000, /* milliseconds that the loopback may take, and never does */
};

/* Fails unless a call has given a result: of -1, minus errno. */
void check(int line, const char *what, long result, long want);
#define is(call, want) check(__LINE__, #call, (call), (want))

/* What poll, asked for ASKED, shows now. */
short bits(int fd);
/* Waits until poll shows at least these. */
void until(int fd, short wanted);

/* New sockets, non-blocking; bound ones to a free port. */
int made(int type);
int bound(int type);
int listener(int backlog);
struct sockaddr_in address_of(int fd);

/* Where nobody listens: a stream's is bound, so that nobody else can. */
struct nowhere {
	int fd;
	struct sockaddr_in address;
};
struct nowhere nowhere(int type);

int connect_to(int fd, const struct sockaddr_in *to);
int peer_of(int fd);
/* One byte out, by send and sendfile; some in, by recv, taken or not; SO_ERROR as they tell it. */
long give(int fd);
long give_file(int fd);
long receive(int fd);
long peek(int fd);
long ask_error(int fd);

/* here: connected by a call that waited, so that the kernel knows that the caller knows. */
void make_pair(int *here, int *there);
/* A connection of which connect(2) has never said that it succeeded. */
int connection_unsaid(const struct sockaddr_in *to);
/* Closes, and resets the connection. */
void reset(int fd);

#endif
