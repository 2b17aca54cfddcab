/* SPDX-License-Identifier: 0BSD */
/*
 * Waiting, in one place: what one operation does between two tries of its call.
 *
 *	struct vet_wait w = vet_wait_begin(s, vet_deadline_load(s));
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

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/types.h>

#include <vetsock/socket.h>
#include <vetsock/sys.h>

#include "deadline.h"

struct vet_wait {
	struct vet_sys *sys;
	int fd;
	short revents;      /* what the poll just before this try reported; 0: there was none */
	bool reported;      /* that poll reported something */
	bool expired;       /* the clock has shown the deadline: this is the last try */
	bool polls_expired; /* an expired deadline still polls once, with a limit of 0 */
	bool starved;       /* the last poll of the descriptor found no memory */
	bool sleepless;     /* the last sleep found none */
	bool has_read_clock;
	bool clock_moved;    /* forward, at its last reading */
	unsigned stalls;     /* polls in a row that waited out the time left, the clock unmoved */
	unsigned char zeros; /* sends that took nothing since one took something */
	unsigned fruitless;  /* turns in a row */
	int64_t deadline;
	int64_t clock; /* its last reading */
	int64_t left;  /* never grows; with no deadline INT64_MAX */
};

/* The deadline is loaded before the first try: moved later, it is for later operations. */
struct vet_wait vet_wait_begin(const struct vet_socket *s, int64_t deadline);

/*
 * The first wait of an operation without deadline, as short as can be: one poll.  True is the plain
 * good case, in which the call is tried again; all else goes on in vet_wait_polled(), which judges
 * that poll.
 */
static inline bool vet_wait_first(const struct vet_socket *s, struct pollfd *p, int *polled,
				  short events)
{
	*p = (struct pollfd){ .fd = s->fd, .events = events };
	*polled = (s->table.sys->calls->poll)(s->table.sys, p, 1, -1);
	return *polled > 0 && p->revents == events;
}
int vet_wait_polled(struct vet_wait *w, short events, int polled, short revents);

/* After a call that failed: -EINTR and -EAGAIN lead on (as below), others are the end.  -EIO: an
 * impossible result. */
int vet_wait_after(struct vet_wait *w, ssize_t error, short events);
/* The call was interrupted: it is tried again at once, but only once more if the deadline has
 * passed. */
int vet_wait_interrupted(struct vet_wait *w);
/* The call found a dead connection: as interrupted, but from the fifth in a row on through a sleep
 * and poll. */
int vet_wait_passed_over(struct vet_wait *w, short events);
/* The call would block. */
int vet_wait_ready(struct vet_wait *w, short events);
/* After a send of `asked` bytes, not 0, on a stream, unless it was the last: all that it can
 * return. */
int vet_wait_after_send(struct vet_wait *w, ssize_t n, size_t asked);
/* Some bytes moved, and more are to. */
int vet_wait_progress(struct vet_wait *w);

#endif
