/* SPDX-License-Identifier: 0BSD */
/* The world: hosts, actors, the clock; what every part of the simulator knows of the others. */
#ifndef VETSOCK_SIM_WORLD_H
#define VETSOCK_SIM_WORLD_H

#include <errno.h>
#include <string.h>

#include <vetsock/layer.h>

#include "../../src/os.h"
#include "../host/coroutine.h"
#include "choose.h"
#include "heap.h"
#include "mark.h"
#include "pool.h"
#include "port.h"
#include "socket.h"

enum {
	SIM_NAME = 32,
	SIM_WAITS_TO_CLOSE = -2,  /* struct sim_actor: waits_for */
	SIM_STOPPED_CALLS = 1000, /* after so many an actor that was told is abandoned */
	/* What Linux has at first: net.core.somaxconn, net.ipv4.tcp_keepalive_... in seconds. */
	SIM_SOMAXCONN = 4096,
	SIM_KEEPALIVE_TIME = 7200,
	SIM_KEEPALIVE_INTERVAL = 75,
	SIM_KEEPALIVE_COUNT = 9,
	SIM_MSS_DEFAULT = 536,     /* RFC 9293 3.7.1 */
	SIM_TIMESTAMPS = 12,       /* of every segment, as Linux sends them */
	SIM_NEIGHBOUR_SECONDS = 3, /* Linux gives up a neighbour after three tries, a second each */
	SIM_MOST = 0x7ffff000,     /* that one call moves (read(2), write(2): NOTES) */
};

/* What a call answers when all is over; what one of a host that has crashed does. */
enum { SIM_OVER = -ECANCELED, SIM_CRASHED = -EIO };

struct vet_sim_host {
	struct vet_sys sys;
	struct vet_sys *upper;
	struct vet_sim *sim;
	uint32_t number; /* from 1 */
	char name[SIM_NAME];
	struct sim_ip ip[2 + VET_SIM_ADDRESSES];
	uint32_t ips;
	bool is_down;    /* crashed, and not up again */
	uint32_t actors; /* of it, that have not returned */
	int64_t clock;   /* ahead of the world's */
	struct sim_node **descriptor;
	uint32_t descriptors, descriptor_room; /* handed out so far (from 0), and room for */
	uint32_t lowest;                       /* none below it is free */
	uint32_t open, open_most;
	uint64_t memory, memory_most;
	uint32_t blocks; /* of realloc, not given back */
	uint64_t
		buffered; /* bytes that its streams have taken, and its datagram sockets received, and nobody has read */
	uint64_t taken, given; /* bytes that went into its sockets, and came out */
	struct sim_ports streams, datagrams;
	struct sim_socket *sockets;
	/* Who is started again when it comes back. */
	struct sim_again {
		vet_sim_run_function run;
		void *context;
		char name[SIM_NAME];
	} * again;
	uint32_t agains, again_room;
	struct vet_layer watch; /* tells the observer of calls, where he wants them */
};

struct sim_actor {
	struct sim_timer timer; /* SIM_TIMER_ACTOR */
	struct sim_actor *next; /* of the spare ones */
	uint32_t number;        /* in vet_sim.actor; 0: main */
	bool is_runnable;
	struct vet_coroutine *coroutine;
	struct vet_sim_host *host;
	vet_sim_run_function run;
	void *context;
	char name[SIM_NAME];
	bool is_waiting, has_ended, was_crashed;
	uint32_t priority;
	/* The doubling tick. */
	int64_t tick;
	uint32_t idle;
	uint32_t stopped_calls; /* since it was told that all is over */
	int64_t since;          /* it waits */
	/* What it waits for. */
	struct sim_waiter *waiter;
	uint32_t waiters, waiter_room;
	int waits_for; /* the first descriptor; -1: it sleeps */
	short waits_events;
};

/* What the network answers in place of choosing, where a kernel led: for tests of fidelity.  Each
 * member is looked at by the next call alone, and only where its state allows it. */
struct sim_oracle {
	bool is_on;
	int64_t result;              /* a count, or minus an errno */
	uint16_t port;               /* that was chosen; 0: none */
	const struct pollfd *polled; /* with their revents */
};

struct sim_link {
	struct vet_sim_link set;
	int64_t free_at; /* with a rate: when what was sent before is through */
};

struct vet_sim {
	struct vet_sim_options options;
	int64_t now;
	uint64_t calls, switches, packets;
	uint64_t hash;
	struct sim_choices choices;
	struct sim_heap heap;
	struct sim_pipe *due_first, **due_last; /* pipes whose first segment arrives now */
	struct sim_oracle oracle;
	bool is_doubtful; /* with it: what follows depends on when the kernel acknowledges, which is not
			     modelled */
	struct vet_sim_host **host;
	uint32_t hosts, hosts_made, host_room;
	struct sim_actor **actor;
	uint32_t actors, actor_room, living;
	struct sim_actor *running;
	struct sim_actor **runnable; /* a ring: who was woken first comes first */
	uint32_t runnable_first, runnables, runnable_room;
	uint32_t sockets; /* made in the run */
	bool is_over;     /* every call gives SIM_OVER */
	bool is_blocked;  /* main waited for what nothing could end */
	struct vet_sim_report report;
	struct vet_coroutines *coroutines;
	enum vet_sim_coroutines coroutine_kind; /* of them */
	uint32_t stack;
	uint32_t actors_made; /* slots of `actor` that have a struct */
	uint64_t marks[SIM_MARKS];
	struct sim_actor *corpse;          /* has ended, and still has the stack it ran on */
	struct sim_actor *spare;           /* ended ones, to be used again */
	struct sim_actor *awaited;         /* main, in vet_sim_run() */
	struct sim_link every_link, *link; /* by (from, to): see link.c */
	uint32_t link_rows;
	struct sim_pipe *pipes;
	struct sim_pool *pool; /* blocks that are used again (pool.c) */
	uint32_t spares;
	struct sim_mischief *mischief; /* NULL: none */
	char *last_words;              /* of a run that failed: what each actor did then */
	size_t last_words_size;
};

/* A name, cut where there is no room. */
static inline void sim_name_copy(char to[SIM_NAME], const char *from)
{
	size_t size = strnlen(from, SIM_NAME - 1);
	memcpy(to, from, size);
	to[size] = '\0';
}

/* ---- the parts, for each other ---- */

static inline struct vet_sim_host *sim_host_of(struct vet_sys *sys)
{
	return (struct vet_sim_host *)(void *)sys;
}

/* The running actor did something: its tick is as it was at first. */
static inline void sim_progress(struct vet_sim *sim)
{
	sim->running->idle = 0;
	sim->running->tick = 1;
}

/* Whether who calls is told that all is over, or that the host has crashed. */
static inline bool sim_is_told(const struct vet_sim_host *host)
{
	return host->sim->is_over || host->is_down || host->sim->running->was_crashed;
}

/* How many bytes more are within its limit (vet_sim_limit()); whether so many are. */
static inline uint64_t sim_memory_left(const struct vet_sim_host *host)
{
	uint64_t used = host->memory + host->buffered;
	return used <= host->memory_most ? host->memory_most - used : 0;
}

static inline bool sim_has_memory(const struct vet_sim_host *host, uint64_t size)
{
	return size <= sim_memory_left(host);
}

/* Whether the address is one of the host's own, loopback included. */
bool vetsim_host_has(const struct vet_sim_host *host, struct sim_ip ip);
/* Where packets from a host to an address go: itself for its own, and NULL where nobody has it. */
struct vet_sim_host *vetsim_route(struct vet_sim_host *from, struct sim_ip to);
/* 255.255.255.255, and that of the loopback's network and of the host's own. */
bool vetsim_is_broadcast(struct sim_ip ip);
/* Whether there is a route to it at all (ENETUNREACH): to the host itself, its network (10.0.0.0/8,
 * fd00::/8), and what other hosts were given. */
bool vetsim_is_reachable(struct vet_sim_host *from, struct sim_ip to);
/* The source address that a host takes for a destination (ip(7)). */
struct sim_ip vetsim_source(const struct vet_sim_host *from, struct sim_ip to);

void vetsim_descriptor_close(struct vet_sim_host *host, int fd);
void vetsim_host_clear(struct vet_sim_host *host, bool reset);
const struct vet_sys_calls *vetsim_calls(void); /* table.c */
/* A descriptor of it; its references count it.  Or -EMFILE. */
int vetsim_descriptor_make(struct vet_sim_host *host, struct sim_node *node);
/* A socket on no descriptor yet, fresh: its options are the caller's to begin.  NULL: no memory. */
struct sim_socket *vetsim_socket_make(struct vet_sim_host *host, enum sim_kind kind,
				      uint8_t family);
void vetsim_socket_free(struct sim_socket *socket);

/* ---- actors and time (actor.c) ---- */

/* The running actor cannot go on until it is woken: the others do, and time. */
void vetsim_block(struct vet_sim *sim);
/* It can, but others get their turn: where the schedule says so. */
void vetsim_yield(struct vet_sim *sim);
void vetsim_wake_actor(struct vet_sim *sim, struct sim_actor *actor);
/* What is due by now happens. */
void vetsim_settle(struct vet_sim *sim);
void vetsim_timer_due(struct vet_sim *sim, struct sim_timer *timer);
/* The run is over, for that reason: everybody is woken to be told. */
void vetsim_over(struct vet_sim *sim, enum vet_sim_end end, const char *why);
/* Actors of before are gone, and "main" is there.  0, -ENOMEM, -EINVAL. */
int vetsim_actors_begin(struct vet_sim *sim);
/* Abandons who is left. */
void vetsim_actors_end(struct vet_sim *sim);
void vetsim_actors_free(struct vet_sim *sim);
/* The actor has been told often enough that all is over: it is abandoned (and never goes on). */
void vetsim_abandon(struct vet_sim *sim);

/* Actors as lines (describe.c): kept as they are now, to be told by vet_sim_describe(). */
void vetsim_keep_words(struct vet_sim *sim);

/* ---- waiting (poll.c) ---- */

void vetsim_forget_waiters(struct sim_actor *actor);
void vetsim_drop_waiters(struct sim_socket *socket);

int vetsim_poll(struct vet_sim_host *host, struct pollfd *descriptors, nfds_t count,
		int64_t nanoseconds);
/* Waits until the socket's readiness has one of the events, or a time has come.  False: the socket is
 * gone (its host has crashed). */
bool vetsim_wait(struct sim_socket *socket, short events, int64_t until);

/* What poll reports of it now: bits of poll(2). */
short vetsim_socket_ready(const struct sim_socket *socket);
/* Its readiness may have changed: whoever waits for it looks again. */
void vetsim_wake(struct sim_socket *socket);

/* ---- streams (stream.c, stream_bytes.c): each as the call of that name ---- */

uint16_t vetsim_stream_mss(const struct sim_socket *socket);
int vetsim_stream_connect(struct sim_socket *socket, const struct sockaddr *address,
			  socklen_t length);
int vetsim_stream_listen(struct sim_socket *socket, int backlog);
/* The next connection, taken out of the queue: 0 or minus the errno. */
int vetsim_stream_accept(struct sim_socket *socket, struct sim_socket **taken);
int vetsim_stream_shutdown(struct sim_socket *socket, int how);
ssize_t vetsim_stream_receive(struct sim_socket *socket, void *data, size_t size, int flags);
ssize_t vetsim_stream_send(struct sim_socket *socket, const struct iovec *parts, int count);
short vetsim_stream_ready(const struct sim_socket *socket);
size_t vetsim_stream_led(const struct sim_socket *socket, size_t size);
short vetsim_stream_doubtful(const struct sim_socket *socket);
/* The last descriptor has gone.  The socket is freed when its protocol is done. */
void vetsim_stream_close(struct sim_socket *socket);
/* The host has crashed: it is gone, without a word. */
void vetsim_stream_vanish(struct sim_socket *socket, bool reset);
void vetsim_stream_due(struct sim_socket *socket); /* its timer */
/* An option that tells when bytes go out, or a connection is looked after, may have changed; idle: what
 * TCP_KEEPIDLE was before; is_no_delay: it is TCP_NODELAY. */
void vetsim_stream_options(struct sim_socket *socket, int32_t idle, bool is_no_delay);
void vetsim_stream_reset_arrives(struct vet_sim_host *host, const struct sim_message *message);

/* ---- datagrams (datagram.c): each as the call of that name, but for the descriptor ---- */

int vetsim_datagram_connect(struct sim_socket *socket, const struct sockaddr *address,
			    socklen_t length);
int vetsim_datagram_shutdown(struct sim_socket *socket, int how);
ssize_t vetsim_datagram_receive(struct sim_socket *socket, void *data, size_t size, int flags,
				struct sockaddr *address, socklen_t *length, int *truncated);
/* address NULL: to the peer. */
ssize_t vetsim_datagram_send(struct sim_socket *socket, const struct iovec *parts, int count,
			     const struct sockaddr *address, socklen_t length);
short vetsim_datagram_ready(const struct sim_socket *socket);
/* The last descriptor has gone: what it holds is given back. */
void vetsim_datagram_close(struct sim_socket *socket);

/* ---- messages: what is under way outside of connections (message.c) ---- */

enum sim_message_kind {
	SIM_MESSAGE_DATAGRAM,
	SIM_MESSAGE_UNREACHABLE, /* ICMP: `error` befell a datagram from destination to source */
	SIM_MESSAGE_RESET,       /* TCP: to whoever has the connection destination, source */
};

struct sim_message {
	struct sim_timer timer;
	struct sim_message *next;
	struct vet_sim_host *from, *to;
	struct sim_name source, destination;
	uint64_t number;          /* of the packet */
	uint32_t acknowledgement; /* of a reset */
	uint8_t kind;
	uint8_t protocol; /* IPPROTO_...: its own, or of what was unreachable */
	bool is_whole;    /* it goes in one piece, or not at all */
	int32_t error;
	uint32_t size;
	uint32_t room;
	unsigned char data[];
};

/* What a datagram takes of its receiver's buffer.  Linux counts its record of 256 bytes, and the
 * block of memory that holds the headers, the bytes, and 320 of its own; many bytes are in pages
 * beside a small block.  Measured on 6.18, x86-64 (SO_MEMINFO). */
static inline uint32_t sim_datagram_cost(const struct sim_message *message)
{
	uint32_t all = message->size + 320 + (sim_ip_is_v4(message->destination.ip) ? 59 : 72);
	uint32_t block = 1024;
	if (all <= 576)
		return 256 + 576;
	if (all >= 16384)
		return 256 + 576 + message->size;
	while (block < all)
		block *= 2;
	return 256 + block;
}

struct sim_message *vetsim_message_make(struct vet_sim *sim, uint32_t size); /* NULL: no memory */
void vetsim_message_free(struct vet_sim *sim, struct sim_message *message);
/* It goes from `from` to whoever has the address of destination: on the way it may be lost, come
 * twice or late.  The message is taken.  0, or what the sender is told at once: -ENETUNREACH,
 * -EMSGSIZE (then it is freed, too). */
int vetsim_message_send(struct vet_sim *sim, struct sim_message *message);
void vetsim_message_due(struct sim_message *message); /* its timer */
/* It has arrived at `to` (datagram.c, stream.c): it is taken. */
void vetsim_datagram_arrives(struct vet_sim_host *host, struct sim_message *message);
/* Puts it at the end of what the socket has received.  False: there is no room. */
bool vetsim_datagram_queue(struct sim_socket *socket, struct sim_message *message);
/* Of another protocol than UDP (raw.c): it is taken. */
void vetsim_raw_arrives(struct vet_sim_host *host, struct sim_message *message);
void vetsim_datagram_unreachable(struct vet_sim_host *host, const struct sim_message *message);

/* ---- links (link.c) ---- */

struct sim_link *vetsim_link(struct vet_sim *sim, const struct vet_sim_host *from,
			     const struct vet_sim_host *to);
/* When what is sent now over a link arrives: `size` bytes of a packet. */
int64_t vetsim_link_arrival(struct vet_sim *sim, struct sim_link *link, uint32_t size);
bool vetsim_link_loses(struct vet_sim *sim, const struct sim_link *link);
void vetsim_links_begin(struct vet_sim *sim);

/* ---- mischief (mischief.c) ---- */

void vetsim_mischief_due(struct vet_sim *sim); /* its timer */
/* It is over with the run; with the world. */
void vetsim_mischief_stop(struct vet_sim *sim);
void vetsim_mischief_free(struct vet_sim *sim);
/* Whether a host that is down will come back, with actors. */
bool vetsim_mischief_revives(struct vet_sim *sim);

/* ---- watching (watch.c) ---- */

void vetsim_packet(struct vet_sim *sim, struct vet_sim_packet *packet);
void vetsim_link_event(struct vet_sim *sim, const struct vet_sim_host *from,
		       const struct vet_sim_host *to);
void vetsim_watch_host(struct vet_sim_host *host);
void vetsim_event(struct vet_sim *sim, enum vet_sim_event_kind kind, const struct sim_actor *actor,
		  const struct vet_sim_host *host);
/* The hash of the run takes one more word. */
static inline void sim_hash(struct vet_sim *sim, uint64_t word)
{
	sim->hash = (sim->hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	sim->hash ^= sim->hash >> 32;
}

static inline bool sim_watched(const struct vet_sim *sim, enum vet_sim_event_kind kind)
{
	const struct vet_sim_observer *observer = sim->options.observer;
	return observer != NULL && (observer->wants == 0 || (observer->wants & 1U << kind) != 0);
}

#endif
