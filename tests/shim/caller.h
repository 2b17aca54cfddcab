/* SPDX-License-Identifier: 0BSD */
/*
 * Calls of a table, made as a short text says, and what each of them gave, as text too:
 *
 *	"socket; connect; send 5; recv 3; poll IN|OUT 5ms"  gives  "#1, 0, 5, 3, 1 IN|OUT"
 *
 * Descriptors are numbered as they are made; a call is on #1 unless it says another: "send#2 3",
 * "poll#1+2 IN 0" ("1 none/IN").  "3x recv 1" is three calls.  What is sent is the pattern
 * vet_peer_byte(), and what is received must be, byte for byte: it says "wrong" behind what is not.
 *
 *	socket, socket 6, socket datagram, socket datagram6     bind  connect  connect none  listen
 *	adopt N (the number of a descriptor made elsewhere)
 *	accept, accept name                                     dup  close  shutdown RD|WR|RDWR
 *	send N  sendto N  sendv A+B+...  sendfile N  pread N    recv N  peek N  recvfrom N
 *	getsockname  getpeername  error (SO_ERROR)  type (SO_TYPE)  set (SO_KEEPALIVE)
 *	poll EVENTS LIMIT (0, never, or as in 5ms)              now (since the beginning)
 *	realloc N  interface NAME
 */
#ifndef CALLER_H
#define CALLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vetsock/sys.h>

enum { CALLER_DESCRIPTORS = 80, CALLER_SAYS = 4096 };

struct caller {
	struct vet_sys *sys;
	/* Where connect and sendto go; where bind does. */
	struct sockaddr_storage to, at;
	socklen_t to_length, at_length;
	int file; /* of pread and sendfile */
	/* Makes what is no call, and may say something; false: it does not know the word. */
	bool (*other)(struct caller *caller, const char *word, const char *rest);
	void *context;
	/* Since caller_begin(). */
	unsigned made;
	int fd[CALLER_DESCRIPTORS + 1];
	bool is_closed[CALLER_DESCRIPTORS + 1];
	unsigned description[CALLER_DESCRIPTORS + 1]; /* the descriptor that it was made of */
	uint64_t sent[CALLER_DESCRIPTORS + 1], received[CALLER_DESCRIPTORS + 1];
	int64_t began;
	void *memory;
	char said[CALLER_SAYS];
	size_t length;
};

/* A table, and nothing made on it yet; where it connects to is 127.0.0.1:80, the file is 900. */
void caller_begin(struct caller *caller, struct vet_sys *sys);
/* Makes the calls, and returns what they gave. */
const char *caller_make(struct caller *caller, const char *script);
/* The same, and nothing is said of it. */
void caller_prepare(struct caller *caller, const char *script);
/* Closes what is open, and gives memory back. */
void caller_end(struct caller *caller);

void caller_say(struct caller *caller, const char *text);
void caller_say_number(struct caller *caller, int64_t number);
/* "40s", "-1ms", "0": rounded to microseconds. */
void caller_say_time(struct caller *caller, int64_t nanoseconds);

#endif
