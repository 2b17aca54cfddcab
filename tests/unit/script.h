/* SPDX-License-Identifier: 0BSD */
/*
 * A table of system calls that follows a script: which calls are to come, in which order, with
 * which arguments, and what each gives.
 *
 *	send 8 = 3; send 5 = EAGAIN; now = 0; poll OUT 10ms = OUT; send 5 = 5
 *
 * script = item { ";" item }     item = entry | "(" entry { ";" entry } ")" "x" N
 * entry  = call [ "#" D ] { argument } "=" answer { "x" N }         xN: so many times in a row
 *
 * A call is written as it comes, and its text must be the script's, to the letter; #D is the Dth
 * descriptor that the script handed out, and is left out for the first.
 *
 *	socket INET STREAM 0 = fd | fd0 (number 0)   bind 1.2.3.4:80 = 0       listen 5 = 0
 *	adopt = same | fd (6000 is what is adopted)  connect [::1]:80 = 0      shutdown RDWR = 0
 *	dup = fd                                     accept = fd 1.2.3.4:80    close #2 = EINTR
 *	getsockname = 0 1.2.3.4:80                   getpeername = 0 unix      (address "/N": its length)
 *	getsockopt SO_ERROR = value 0 length 4       setsockopt SO_LINGER linger 1 5 = 0
 *	getsockopt TCP_CONGESTION = text cubic       setsockopt TCP_CONGESTION text cubic = 0
 *	setsockopt IP.MCAST_JOIN_GROUP group 2 224.0.0.1:0 = 0
 *	recv 8 = 3    recv 1 peek = 1                recvfrom 8 = 8 1.2.3.4:80 truncated
 *	send 8 = 3    sendv 7+1 = 8                  sendto 8 1.2.3.4:80 = 8
 *	pread @0 16384 = 100                         sendfile @0 100 = 50
 *	poll IN|RDHUP 10ms = IN|HUP                  poll OUT forever = OUT    poll - 1ms = 0
 *	now = 10ms    realloc 4096 = ENOMEM          interface_index eth0 = 2
 *	send 8 = 9 beyond                            (a table that lies: it moves nothing)
 *	send 8 = EAGAIN then 5ms                     (meanwhile, `then` is called with that instant)
 *
 * What is sent must be the next bytes of one stream, byte N being script_byte(N); what is received
 * is the next bytes of another of the same kind.  The table keeps books of its descriptors and of
 * its memory.  The first thing that goes wrong is kept as `failure`; from then on every call answers
 * EIO, so that the operation ends and the test can tell.
 */
#ifndef VETSOCK_TESTS_SCRIPT_H
#define VETSOCK_TESTS_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vetsock/sys.h>

#include "names.h"

enum {
	SCRIPT_FOREIGN = 6000, /* the descriptor that is adopted */
	SCRIPT_FILE = 7000,    /* the file that is sent */
	SCRIPT_DESCRIPTORS = 8,
	SCRIPT_CALLS = 10000,     /* more of them are a loop without end */
	SCRIPT_CHECKED = 1 << 17, /* so many bytes of one call are looked at */
};

struct script {
	struct vet_sys sys;
	const char *text;  /* the whole script, for the report */
	const char *next;  /* the entry to come */
	const char *group; /* where the group began that `next` is in */
	long entry_rounds, group_rounds;
	long calls;
	size_t sent, received; /* positions in the two streams */
	size_t newline_at;     /* in the stream that is sent; SIZE_MAX: nowhere */
	int handed_out;
	struct {
		int fd;
		bool open;
	} descriptors[SCRIPT_DESCRIPTORS];
	long memory; /* blocks that are not given back */
	void (*then)(void *context, int64_t instant);
	void *context;
	char call[256];
	char failure[1024]; /* "": none */
};

/* With or without the optional entry that sends files. */
void script_start(struct script *script, bool has_sendfile);
/* The next script to follow; descriptors, memory and streams go on. */
void script_follow(struct script *script, const char *text);
/* NULL, or what went wrong so far: also the call that never came. */
const char *script_verdict(struct script *script);
/* NULL, or what was not given back. */
const char *script_leak(struct script *script);
/* The test closes, or keeps, a descriptor itself. */
void script_take_back(struct script *script, int fd);
unsigned char script_byte(size_t position);

/* ---- for the entries alone ---- */

struct answer {
	char room[256];
	const char *words[16];
	size_t count, taken;
};

extern const struct vet_sys_calls script_calls, script_calls_without_sendfile;
void script_fail(struct script *script, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Is the call that `script->call` describes the one to come?  Then its answer; else the failure. */
bool script_step(struct script *script, struct answer *answer);
/* Whether the call to come is of that name. */
bool script_expects(struct script *script, const char *name);
/* Descriptors: D of a descriptor, 0 if it was never handed out or is closed. */
int script_open_number(const struct script *script, int fd);
int script_hand_out(struct script *script, int fd);
int script_close(struct script *script, int fd);

#endif
