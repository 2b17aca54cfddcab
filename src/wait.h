/* SPDX-License-Identifier: 0BSD */
/*
 * Waiting, in one place: what one operation does between two tries of its call.
 *
 *	struct vet_wait w = vet_wait_begin(s);
 *	for (;;) {
 *		n = (the call);
 *		if (n >= 0)
 *			return n;
 *		r = vet_wait_after(&w, n, POLLIN);
 *		if (r < 0)
 *			return r;
 *	}
 *
 * Each function returns 0 to try the call again, or the error that ends the operation.
 */
#ifndef VETSOCK_SRC_WAIT_H
#define VETSOCK_SRC_WAIT_H

#include <stdbool.h>
#include <sys/types.h>

#include <vetsock/socket.h>

struct vet_wait {
	struct vet_sys *sys;
	int fd;
	short revents;      /* what the poll just before this try reported; 0: there was none */
	bool reported;      /* that poll reported something */
	bool expired;       /* the clock has shown the deadline: this is the last try */
	bool polls_expired; /* an expired deadline still polls once, with a limit of 0 */
	bool has_read_clock;
	bool clock_moved; /* forward, between its last two readings */
	unsigned char
		stalls; /* polls in a row that waited out the time left with the clock unmoved */
	unsigned char zeros; /* sends in a row that took nothing */
	unsigned fruitless;  /* turns in a row */
	int64_t deadline;
	int64_t clock; /* its last reading */
	int64_t left;  /* never grows; with no deadline INT64_MAX */
};

struct vet_wait vet_wait_begin(const struct vet_socket *s);

/*
 * The first wait of a socket without deadline, ahead of everything above and as short as can be: one poll,
 * of which the bits come back if it reported something, else what it returned; or VET_NOT_POLLED, if there
 * is a deadline.  Whatever is not the plain good case goes on in vet_wait_resume(), which judges that poll.
 */
#define VET_NOT_POLLED 0x10000
int vet_wait_first(const struct vet_socket *s, short events);
/* error: of the call; first: of vet_wait_first(). */
int vet_wait_resume(struct vet_wait *w, ssize_t error, short events, int first);

/* After a call that failed: -EINTR and -EAGAIN lead on (as below), others are the end.  -EIO: an impossible result. */
int vet_wait_after(struct vet_wait *w, ssize_t error, short events);
/* The call was interrupted: it is tried again at once, but only once more if the deadline has passed. */
int vet_wait_interrupted(struct vet_wait *w);
/* The call found a dead connection: as interrupted, but from the fifth in a row on through a sleep and poll. */
int vet_wait_passed_over(struct vet_wait *w, short events);
/* The call would block. */
int vet_wait_ready(struct vet_wait *w, short events);
/* After a send of `asked` bytes, not 0, on a stream, unless it was the last: all that it can return. */
int vet_wait_after_send(struct vet_wait *w, ssize_t n, size_t asked);
/* Some bytes moved, and more are to. */
int vet_wait_progress(struct vet_wait *w);

#endif
