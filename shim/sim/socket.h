/* SPDX-License-Identifier: 0BSD */
/* Sockets of simulated hosts, and what connects them. */
#ifndef VETSOCK_SIM_SOCKET_H
#define VETSOCK_SIM_SOCKET_H

#include "heap.h"
#include "name.h"
#include "option.h"

#include <vetsock/sim.h>

/* What a descriptor is of. */
enum sim_kind { SIM_FILE = 1, SIM_STREAM, SIM_DATAGRAM, SIM_RAW };

/* First member of whatever descriptors are of. */
struct sim_node {
	uint8_t kind;
	uint32_t references; /* descriptors */
};

struct sim_file {
	struct sim_node node;
	const unsigned char *bytes;
	uint64_t size;
	struct vet_sys *sys; /* of bytes NULL: the table that reads `file` */
	int file;
};

/* An actor that waits for a socket; in the list of it, in the order in which they came. */
struct sim_waiter {
	struct sim_waiter *next, **back;
	struct sim_actor *actor;
	struct sim_socket *socket; /* NULL: of no socket */
	short events;
};

/* RFC 9293 3.3.2, and TIME_WAIT apart: Linux frees the socket then, and so a descriptor that is open
 * sees CLOSED. */
enum sim_state {
	SIM_CLOSED,
	SIM_LISTEN,
	SIM_SYN_SENT,
	SIM_SYN_RECEIVED,
	SIM_ESTABLISHED,
	SIM_FIN_WAIT_1,
	SIM_FIN_WAIT_2,
	SIM_CLOSE_WAIT,
	SIM_CLOSING,
	SIM_LAST_ACK,
	SIM_TIME_WAIT,
};

/* How far connect(2) has come, as its caller knows it: apart from the state of the protocol. */
enum sim_progress { SIM_UNCONNECTED, SIM_CONNECTING, SIM_CONNECTED, SIM_DISCONNECTING };

enum { SIM_SHUT_READ = 1, SIM_SHUT_WRITE = 2, SIM_SHUT_BOTH = 3 };

/* Under way in a pipe: what it carries is bytes position to position + size of the pipe. */
struct sim_segment {
	int64_t at;       /* it arrives, or (lost) is sent again */
	int64_t again_at; /* 0, or when it is sent again in any case, should it not arrive */
	uint64_t number;  /* of the packet */
	uint64_t position;
	uint64_t acknowledgement; /* position in the other pipe, up to which all has arrived */
	uint32_t initial; /* of the other pipe, as its sender knows it */
	uint32_t size;
	uint32_t window;
	uint8_t flags;   /* VET_SIM_FIN, ... */
	uint8_t attempt; /* 0: sent for the first time */
	bool is_probed;  /* the first time again was only to ask what has arrived */
	bool is_lost, has_ack_of_fin;
	bool is_probe; /* of keepalive, or of a closed window: it is to be answered */
};

/* One direction of a connection: bytes and segments.  It lives as long as any of its two ends has it,
 * or a segment is under way. */
struct sim_pipe {
	struct sim_timer timer;
	struct vet_sim *sim;
	struct sim_socket *from, *to; /* NULL: gone, or (to, of a SYN) not there yet */
	struct vet_sim_host *from_host, *to_host;
	struct sim_name source, destination;
	uint32_t initial; /* sequence number */
	/* Positions: read <= arrived <= sent <= written; acknowledged <= arrived. */
	uint64_t written, sent, acknowledged, arrived, read;
	/* The right edge of the receiver's window: as the sender knows it, as was last told. */
	uint64_t allowed, promised;
	uint32_t widest; /* the greatest window that the receiver has told */
	/* With a kernel that leads: before which Nagle's rule keeps nothing back, and before which all is
	 * acknowledged. */
	uint64_t sure, settled;
	bool fin_wanted, fin_sent, fin_arrived, fin_acknowledged;
	bool is_due;  /* in the world's list of those that arrive now */
	bool is_void; /* nothing of it arrives anywhere */
	bool is_kept; /* its receiver's connection is over, and it reads what is there */
	bool is_busy; /* its first segment is being delivered */
	struct sim_pipe *next_due;
	struct sim_pipe *next, **back; /* all of the world's */
	/* The bytes from `read` on, in a ring; `charged` of them count as buffered by from_host. */
	uint64_t charged;
	unsigned char *bytes;
	uint32_t room; /* 0, or a power of 2 */
	/* The segments under way, in a ring. */
	struct sim_segment *segment;
	uint32_t segment_room, head, count;
	int64_t last; /* when the last of them arrives */
};

struct sim_datagram_part {
	struct sim_message *first, *last; /* received, not read */
	uint32_t queued_bytes;            /* of them, as the kernel counts (with its overhead) */
	/* Linux takes all that is there at once, to hand it out one by one; their room is given back
	 * when the last of them, this one, is read, or a quarter of the buffer has been. */
	struct sim_message *batch_end; /* NULL: none were taken */
	uint32_t read_bytes;           /* read, and counted still */
};

struct sim_stream_part {
	struct sim_pipe *out, *in;
	uint8_t progress; /* enum sim_progress */
	bool is_done;     /* the end has come, or the connection is over: Linux's SOCK_DONE */
	bool is_embryo;   /* of a listener, and not handed out: in one of its two lists */
	bool was_mapped;  /* of IPv6, it tried to connect to an IPv4-mapped address */
	uint16_t mss;     /* as TCP_MAXSEG tells it; of a connection what it sends at most */
	/* A listener and those that it has not handed out. */
	struct sim_socket *listener;
	struct sim_socket *queue, **queue_end; /* to be accepted, in their order */
	struct sim_socket *embryos;            /* whose handshake is not done */
	struct sim_socket *next, **back;       /* in one of the two lists */
	uint32_t queued, backlog;
	/* What it waits for; INT64_MAX: nothing. */
	int64_t keep_at;      /* keepalive */
	int64_t again_at;     /* what lacks an answer is sent again */
	int64_t end_at;       /* of FIN_WAIT_2 without a descriptor, and of TIME_WAIT */
	uint32_t probes;      /* that were not answered */
	uint32_t attempts;    /* to send again what lacks an answer */
	int64_t trying_since; /* nothing that is sent again is answered; INT64_MAX: no such thing */
	int64_t heard_at;     /* the last segment from the other side */
};

/* Where a socket is bound: one entry of the host's table of ports (port.c). */
struct sim_binding {
	struct sim_port *port;           /* NULL: bound to none */
	struct sim_socket *next, **back; /* others of the same port */
	/* In a bucket of the table of connections, or among those of its port that hear: listeners, and
	 * datagram sockets.  back_same NULL: in neither. */
	struct sim_socket *next_same, **back_same;
	bool is_connection;     /* in the first of the two */
	struct sim_ip heard_ip; /* where a datagram socket heard when it took its place there */
	bool is_explicit_port, is_explicit_address; /* bind(2) was given it */
	bool is_shared;  /* connect chose the port: other connections may have it, too */
	bool is_grouped; /* it shares what arrives with others (SO_REUSEPORT) */
};

struct sim_socket {
	struct sim_node node;
	uint8_t family; /* 4, 6 */
	uint8_t state;  /* enum sim_state; of a datagram socket ESTABLISHED: it has a peer */
	uint8_t shut;   /* SIM_SHUT_... */
	bool is_deaf;   /* nothing arrives at it: for tests */
	bool is_orphan; /* no descriptor any more: the protocol goes on alone */
	int32_t error;  /* to be told once: SO_ERROR */
	int32_t protocol;
	struct vet_sim_host *host;
	struct sim_waiter *waiters, **waiters_end;
	struct sim_socket *next_of_host,
		**back_of_host; /* all of a host, in the order of their making */
	uint32_t serial;        /* from 1, of the run: names it in reports */
	/* local: what getsockname says; local.ip is `any` while unbound or bound to all. */
	struct sim_name local, remote;
	/* What bind(2) was given: stays when `local` becomes a source.  Of streams that are bound to a
	 * multicast or broadcast address: any. */
	struct sim_ip bound_ip;
	struct sim_binding binding;
	struct sim_timer timer; /* SIM_TIMER_SOCKET */
	struct sim_options options;
	union {
		struct sim_stream_part stream;
		struct sim_datagram_part datagram;
	} u;
};

static inline struct sim_socket *sim_socket_of_timer(struct sim_timer *timer)
{
	return (struct sim_socket *)(void *)((char *)timer - offsetof(struct sim_socket, timer));
}

#endif
