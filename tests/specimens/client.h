/* SPDX-License-Identifier: 0BSD */
/*
 * What specimens share: a client of one descriptor that does everything as it should, so that each
 * specimen shows its own bug and no other.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include <errno.h>
#include <poll.h>
#include <string.h>

#include <vetsock/error.h>
#include <vetsock/explore.h>

/* What is sent and received, by most. */
#define TEXT "twelve bytes"
enum { TEXT_SIZE = 12 };

/* In worlds: what the peer sends, or is to be sent; that it is not there at once. */
#define SENDS_TEXT .manner = VET_PEER_SOURCE, .sends = TEXT, .sends_size = TEXT_SIZE
#define TAKES_TEXT .manner = VET_PEER_ECHO, .expects = TEXT, .expects_size = TEXT_SIZE
#define LATE       .latency = VET_MICROSECONDS(100)

struct client {
	struct vet_trial *trial;
	struct vet_sys *sys;
	int fd;         /* -1: none */
	int error;      /* of the first look at the clock */
	bool fixed;     /* without the bug */
	bool expired;   /* the clock has shown that the time is up */
	bool ended;     /* recv has told the end of the stream */
	unsigned turns; /* waits in a row that have led to nothing */
	int64_t clock;  /* when it was last looked at */
	int64_t left;   /* of the time it has; what a clock gains by going back is no gain */
};

/* Reads the clock: the client is done, or gives up, within `timeout` (its row's deadline) from now
 * on. */
struct client client_begin(struct vet_trial *trial, vet_duration timeout);
/* Closes what is open.  The client says that it has failed (negative), or that all went well, which
 * it must where nothing was broken. */
void client_end(struct client *c, int64_t result);
void client_close(struct client *c);

/* ---- waiting: 0, or a negative error, VET_EDEADLINE among them ---- */

int client_look_at_clock(struct client *c);
/* Something has happened: what was waited for came. */
void client_progress(struct client *c);
/* Until the descriptor is reported. */
int client_wait(struct client *c, short events);
/* Before a wait: looks at the clock, and sleeps if the waits before led to nothing again and again.
 * poll's report is a hint, which must not cost all the time of a processor. */
int client_rest(struct client *c);
/* Without a descriptor, at most so long. */
int client_sleep(struct client *c, vet_duration time);
/* After a call that gave `error`: 0: make it again (EINTR; EAGAIN, after a wait), or the error. */
int client_again(struct client *c, int64_t error, short events);
/* The same, but 1 instead of 0: for loops that go on while what they have is positive. */
int client_go_on(struct client *c, int64_t error, short events);

/* ---- connecting ---- */

int client_open(struct client *c, int type);
/* One connect(2), and what it gave. */
int client_connect_once(struct client *c);
/* Waits until an attempt that is under way has come to an end. */
int client_connect_rest(struct client *c);
int client_connect(struct client *c);
/* Opens a stream and connects it. */
int client_dial(struct client *c);
int client_set_no_delay(struct client *c);
/* The error that the socket tells, as a negative error; 0: none. */
int client_socket_error(struct client *c);
/* 0: there is one. */
int client_ask_peer(struct client *c);
/* A stream that listens at a port of the loopback. */
int client_listen(struct client *c);

/* ---- bytes ---- */

/* One call that took something, or came to an end: a count (receiving, 0: the end), or an error. */
ssize_t client_send_some(struct client *c, const void *data, size_t size);
ssize_t client_receive_some(struct client *c, void *data, size_t size);
/* All of it: 0, or an error; VET_EOF: the stream ended before. */
int client_send(struct client *c, const void *data, size_t size);
int client_receive(struct client *c, void *data, size_t size);

#endif
