/* SPDX-License-Identifier: 0BSD */
/* One direction of a connection: bytes in a ring, and segments under way. */
#ifndef VETSOCK_SIM_PIPE_H
#define VETSOCK_SIM_PIPE_H

#include "world.h"

enum {
	SIM_RTO = 200,              /* milliseconds: TCP_RTO_MIN of Linux */
	SIM_RTO_SYN = 1000,         /* RFC 6298 2.1 */
	SIM_RTO_MOST = 120000,      /* TCP_RTO_MAX of Linux */
	SIM_RETRIES = 15,           /* net.ipv4.tcp_retries2 */
	SIM_RETRIES_SYN = 6,        /* net.ipv4.tcp_syn_retries */
	SIM_RETRIES_SYN_ACK = 5,    /* net.ipv4.tcp_synack_retries */
	SIM_RETRIES_ORPHAN = 8,     /* net.ipv4.tcp_orphan_retries */
	SIM_TIME_WAIT_SECONDS = 60, /* TCP_TIMEWAIT_LEN of Linux */
	SIM_FIN_WAIT_SECONDS = 60,  /* net.ipv4.tcp_fin_timeout */
};

/* From `from` (or, NULL, from nobody that is there any more) to whoever is at the destination.  NULL:
 * no memory. */
struct sim_pipe *vetsim_pipe_make(struct vet_sim *sim, struct sim_socket *from,
				  const struct sim_name *source,
				  const struct sim_name *destination);
/* An end lets it go; without ends, and with nothing under way, it is freed. */
void vetsim_pipe_leave_from(struct sim_pipe *pipe);
void vetsim_pipe_leave_to(struct sim_pipe *pipe);
/* Nothing arrives any more, and what has arrived can still be read, until vetsim_pipe_leave_to(). */
void vetsim_pipe_keep(struct sim_pipe *pipe);
/* Whatever it is in the middle of: at the end of a run. */
void vetsim_pipe_free(struct sim_pipe *pipe);

/* Bytes are taken in, as many as there is memory for; and out, from `read` on. */
size_t vetsim_pipe_write(struct sim_pipe *pipe, const void *data, size_t size);
void vetsim_pipe_peek(const struct sim_pipe *pipe, void *data, size_t size);
void vetsim_pipe_skip(struct sim_pipe *pipe, size_t size);
/* The bytes of a segment, where they lie. */
void vetsim_pipe_parts(const struct sim_pipe *pipe, uint64_t position, uint32_t size,
		       struct iovec part[2]);

/* Puts a segment on the wire, of the bytes from `sent` on, which it moves. */
void vetsim_pipe_send(struct sim_pipe *pipe, uint8_t flags, uint32_t size, bool is_probe);
/* A segment, from a host that has no socket for it any more, which says what has come of `other`.
 * False: it was lost. */
bool vetsim_pipe_answer(struct sim_pipe *pipe, uint8_t flags, const struct sim_pipe *other);
/* Once more, for the attempt'th time: a SYN, or its answer. */
void vetsim_pipe_repeat(struct sim_pipe *pipe, uint8_t flags, uint32_t attempt);
/* What was lost of it goes out again at once, if it is the first.  False: nothing was. */
bool vetsim_pipe_hurry(struct sim_pipe *pipe);
/* Whether something is under way that will arrive. */
bool vetsim_pipe_brings(const struct sim_pipe *pipe);
/* How long until what was sent is sent again, after so many doublings. */
int64_t vetsim_pipe_again(const struct sim_pipe *pipe, bool is_syn, uint32_t doublings);
/* What was lost of it is not sent again, if it is the first. */
void vetsim_pipe_overtake(struct sim_pipe *pipe);
/* Nothing that is under way arrives any more (its sender has given up). */
void vetsim_pipe_forget(struct sim_pipe *pipe);
/* Its first segment arrives, or is sent again. */
void vetsim_pipe_due(struct sim_pipe *pipe);

/* A segment has arrived: of the bytes that it carries all are in the ring.  False: nobody took it,
 * and it is as if it were lost.  (segment.c) */
bool vetsim_segment_arrives(struct sim_pipe *pipe, const struct sim_segment *segment);
/* Its sender has sent it often enough, or is gone.  (stream_time.c) */
void vetsim_segment_given_up(struct sim_pipe *pipe, const struct sim_segment *segment);

/* ---- streams, for one another ---- */

/* What of it can go out does: as the window, Nagle's rule and the cork let it. */
void vetsim_stream_push(struct sim_socket *socket);
/* The window that it tells: how many bytes more it takes than have arrived. */
uint32_t vetsim_stream_window(const struct sim_socket *socket);
/* With a kernel that leads: the state changes while it is unknown what has arrived. */
void vetsim_stream_doubt(const struct sim_socket *socket);
/* ---- stream_again.c ---- */

/* Since when it is tried in vain counts, from now on. */
void vetsim_stream_try(struct sim_socket *socket);
/* It was answered. */
void vetsim_stream_answered(struct sim_socket *socket);
/* It is tried in vain for longer than TCP_USER_TIMEOUT; and what of a time that allows. */
bool vetsim_stream_is_tired(const struct sim_socket *socket);
int64_t vetsim_stream_patience(const struct sim_socket *socket, int64_t time);
/* How often it is sent again at most: a SYN, or anything else. */
uint32_t vetsim_stream_retries(const struct sim_socket *socket);
/* What it waits for has changed: a silent peer, or one that does not answer, is watched. */
void vetsim_stream_watch(struct sim_socket *socket);
/* TCP_KEEPIDLE has. */
void vetsim_stream_idle_changed(struct sim_socket *socket);
/* One of the two times has come. */
void vetsim_stream_again(struct sim_socket *socket);

/* ---- */

/* The connection is over (RFC 9293 CLOSED); with `error` to be told.  An orphan is freed. */
void vetsim_stream_done(struct sim_socket *socket, int error);
/* The same, and the other side is told by a reset. */
void vetsim_stream_abort(struct sim_socket *socket, int error);
/* It was the first to end, and the other has ended too. */
void vetsim_stream_time_wait(struct sim_socket *socket);
/* Without a descriptor, and in FIN_WAIT_2: not for ever. */
void vetsim_stream_fin_wait(struct sim_socket *socket);
/* The protocol's half of a close for writing: the end is sent after all that was written. */
void vetsim_stream_end(struct sim_socket *socket);
/* Its timer is set to the earliest of what it waits for. */
void vetsim_stream_arm(struct sim_socket *socket);
/* A listener's embryo is one no more. */
void vetsim_stream_unlist(struct sim_socket *socket);

#endif
