/* SPDX-License-Identifier: 0BSD */
/*
 * A network of hosts in memory, in one thread, with a clock that obeys.  Each host is a table of
 * system calls, so that any code written against struct vet_sys runs on it unchanged; the same seed
 * gives the same run, bit for bit, on every machine.
 *
 *	static void serve(struct vet_sys *sys, void *context) { ... vet_socket_listen(&s) ... }
 *	static void ask(struct vet_sys *sys, void *context) { ... vet_socket_connect(&s, &to) ... }
 *
 *	struct vet_sim *sim;
 *	vet_sim_make(&sim);
 *	vet_sim_start(sim, &(struct vet_sim_options){ .seed = 1 });
 *	vet_sim_actor(vet_sim_add_host(sim, "server"), "server", serve, NULL);
 *	vet_sim_actor(vet_sim_add_host(sim, "client"), "client", ask, NULL);
 *	vet_sim_run(sim, &report);
 *
 * Actors are coroutines.  One that waits in poll of its table is suspended, and another goes on;
 * time moves when nobody can.  The thread that called vet_sim_start() is an actor too, "main": it may
 * use the tables of the hosts without any vet_sim_run(), and its poll then runs the others.
 *
 * Each call costs one tick: `tick` nanoseconds; or, if that is 0, 1 ns, doubled after every 8 calls
 * of an actor in which no byte moved, no descriptor was made and it did not wait: so that even an
 * endless storm meets any deadline within 500 calls.  Poll's limit counts from its entry.
 *
 * Every choice is one of n, from a named stream, 0 the dullest: a new draw in one stream leaves the
 * others as they were.  docs/simulation.md says what is modelled, and what is only remembered.
 *
 * libvetsock-shim.  One thread.  Memory is the C library's.
 */
#ifndef VETSOCK_SIM_H
#define VETSOCK_SIM_H

#include <stdbool.h>

#include <vetsock/address.h>
#include <vetsock/ip.h>
#include <vetsock/sys.h>
#include <vetsock/text.h>
#include <vetsock/time.h>

VET_BEGIN_DECLS

struct vet_sim;      /* a world */
struct vet_sim_host; /* a host of it, as long as the run */

enum vet_sim_stream {
	VET_SIM_SCHEDULE, /* who goes on */
	VET_SIM_LATENCY,  /* how long a packet is under way, beyond the least */
	VET_SIM_LOSS,     /* whether it is lost, comes twice, is overtaken */
	VET_SIM_COUNTS,   /* how many bytes a call moves */
	VET_SIM_PORTS,    /* which port is chosen, and the first sequence number */
	VET_SIM_FAULTS,   /* what befalls hosts and links, and when */
	VET_SIM_PROGRAM,  /* the program's own: vet_sim_choose() */
	VET_SIM_STREAMS
};

enum vet_sim_schedule {
	VET_SIM_UNIFORM, /* any of those that can go on */
	VET_SIM_PRIORITIES, /* the one of highest priority; priorities are random, and change now and then */
	VET_SIM_IN_TURN, /* who has waited longest: draws nothing */
};

enum vet_sim_coroutines {
	VET_SIM_BEST,     /* the first of these that this system has */
	VET_SIM_SWITCH,   /* a switch written by hand: x86-64, i386, AArch64 */
	VET_SIM_UCONTEXT, /* makecontext(3) */
	VET_SIM_THREADS,  /* a thread each, of which one at a time has the baton */
};

enum {
	VET_SIM_HOSTS = 1000,
	VET_SIM_ADDRESSES = 8,      /* of a host, beside its loopback */
	VET_SIM_ACTORS = 32000,     /* at once; then -EAGAIN */
	VET_SIM_FIRST = 3,          /* the first descriptor of a host */
	VET_SIM_PORT_FIRST = 32768, /* ephemeral ports: ip_local_port_range of Linux */
	VET_SIM_PORT_LAST = 60999,
};

/* A choice that was not 0: the index'th of its stream (from 0) was `value`. */
struct vet_sim_choice {
	uint32_t stream; /* enum vet_sim_stream */
	uint32_t value;
	uint64_t index;
};

struct vet_sim_observer; /* below */

/* All zero: the defaults. */
struct vet_sim_options {
	uint64_t seed;
	vet_duration tick;
	uint64_t calls;    /* of the table, in the run; 0: 1,000,000,000 */
	vet_duration time; /* of the run; 0: 100 years, which is the most */
	enum vet_sim_schedule schedule;
	enum vet_sim_coroutines coroutines;
	uint32_t stack; /* bytes of an actor's; 0: 262,144 */
	/* Descriptors are the lowest free ones, as in POSIX.  Else none is used again: one that is
	 * used after it was closed shows. */
	bool reuse_descriptors;
	/* Calls move fewer bytes than they could, now and then. */
	bool short_counts;
	/* The choices, in place of those that the seed would draw: what is not there is 0. */
	const struct vet_sim_choice *tape;
	size_t tape_size;                        /* with tape NULL: the seed draws */
	bool record;                             /* keep the choices: vet_sim_tape() */
	const struct vet_sim_observer *observer; /* NULL: nobody */
};

/* 0 or -ENOMEM. */
VET_API VET_CHECKED int vet_sim_make(struct vet_sim **sim);
VET_API void vet_sim_free(struct vet_sim *sim);

/* Begins a run: nothing is left of the one before, but memory.  0; -EINVAL: options that there are
 * not (coroutines that this system has not); -ENOMEM. */
VET_API VET_CHECKED int vet_sim_start(struct vet_sim *sim, const struct vet_sim_options *options);

/* ---- hosts ---- */

/* A new host, which has 127.0.0.0/8, ::1, and (the Nth, from 1) 10.0.x.y and fd00::xxyy, x.y being N.
 * The name is copied.  NULL: no memory, or VET_SIM_HOSTS there are. */
VET_API struct vet_sim_host *vet_sim_add_host(struct vet_sim *sim, const char *name);
/* The hosts in the order of their making: NULL from the index after the last. */
VET_API struct vet_sim_host *vet_sim_host_at(const struct vet_sim *sim, uint32_t index);
VET_API const char *vet_sim_host_name(const struct vet_sim_host *host);
/* Its first address of a family, 4 or 6. */
VET_API struct vet_ip vet_sim_host_ip(const struct vet_sim_host *host, int family);
/* One more address.  0; -EADDRINUSE: a host has it, or it is the first of one to come; -EINVAL: it can
 * be no host's (loopback, multicast, broadcast, 0.0.0.0/8, 240.0.0.0/4, mapped, "::"); -ENOSPC. */
VET_API VET_CHECKED int vet_sim_add_ip(struct vet_sim_host *host, const struct vet_ip *ip);

/* The host's table; or the uppermost of the layers over it. */
VET_API struct vet_sys *vet_sim_sys(struct vet_sim_host *host);
/* Layers (fault.h, trace.h) over the host's table: `sys`, the uppermost, is what vet_sim_sys() gives
 * and actors get from now on. */
VET_API void vet_sim_set_sys(struct vet_sim_host *host, struct vet_sys *sys);

/* At most so many descriptors open at once (EMFILE), and bytes of realloc (ENOMEM) together with those
 * that its sockets have taken and nobody has read (ENOBUFS); 0: as it was at first, 1,048,576 and any. */
VET_API void vet_sim_limit(struct vet_sim_host *host, uint32_t descriptors, uint64_t memory);
/* Descriptors that are open now. */
VET_API uint32_t vet_sim_open(const struct vet_sim_host *host);
/* The host's clock (`now` of its table) goes forward by so much, or back; no timer moves.  It is never
 * more than 146 years away from the world's. */
VET_API void vet_sim_jump(struct vet_sim_host *host, vet_duration by);

/* A descriptor of a file, for pread and sendfile: of bytes that stay where they are; or of a file of
 * another table, read by its pread.  Or -EMFILE, -ENOMEM; -EIO: the host is down. */
VET_API VET_CHECKED int vet_sim_file(struct vet_sim_host *host, const void *bytes, uint64_t size);
VET_API VET_CHECKED int vet_sim_file_of(struct vet_sim_host *host, struct vet_sys *sys, int file);

/* ---- actors ---- */

typedef void (*vet_sim_run_function)(struct vet_sys *sys, void *context);

/* A new actor, which begins as soon as the others let it.  The name is copied (cut at 31 bytes).  0;
 * -EAGAIN: VET_SIM_ACTORS there are, or no more stacks can be had; -ENOMEM. */
VET_API VET_CHECKED int vet_sim_actor(struct vet_sim_host *host, const char *name,
				      vet_sim_run_function run, void *context);
/* One of n, for the program's own choices. */
VET_API uint32_t vet_sim_choose(struct vet_sim *sim, uint32_t n);
/* The run has failed: the first reason counts, and is copied. */
VET_API void vet_sim_fail(struct vet_sim *sim, const char *why);
#define VET_SIM_TEXT_OF(x) #x
#define VET_SIM_TEXT(x)    VET_SIM_TEXT_OF(x)
#define vet_sim_check(sim, condition) \
	((condition) ? (void)0 \
		     : vet_sim_fail(sim, __FILE__ ":" VET_SIM_TEXT(__LINE__) ": " #condition))
/* The name of the actor that runs. */
VET_API const char *vet_sim_actor_name(const struct vet_sim *sim);
/* The clock of the world, from 0; and calls of tables so far. */
VET_API int64_t vet_sim_now(const struct vet_sim *sim);
VET_API uint64_t vet_sim_calls(const struct vet_sim *sim);

/* ---- the world's mischief ---- */

/* From one host to another; loopback has none of it.  All zero but `latency`: a good link. */
struct vet_sim_link {
	vet_duration latency; /* the least; at first 100 us */
	vet_duration jitter;  /* and as much more at most */
	uint64_t rate; /* bytes a second, of which packets wait for one second at most; 0: any */
	uint32_t loss; /* in a million packets */
	uint32_t duplication, reordering; /* in a million datagrams */
	uint32_t mtu;                     /* 0: 1,500 */
	bool is_down;                     /* nothing arrives */
};
/* From `from` to `to`; NULL: from, or to, every host, those that are to come as well.  0; -EINVAL: a
 * latency or jitter below 0 or beyond a day, parts beyond a million, an MTU that is not 0 and below 576
 * or beyond 65,535; -ENOMEM. */
VET_API VET_CHECKED int vet_sim_set_link(struct vet_sim *sim, struct vet_sim_host *from,
					 struct vet_sim_host *to, const struct vet_sim_link *link);
VET_API struct vet_sim_link vet_sim_get_link(struct vet_sim *sim, struct vet_sim_host *from,
					     struct vet_sim_host *to);

enum vet_sim_crash {
	VET_SIM_SILENT, /* its connections are gone without a word */
	VET_SIM_RESETS, /* each is reset */
};
/* A host dies: every call of its table gives -EIO (but close and realloc to 0, which give back) until
 * its actors have returned; an actor that has not within 1,000 calls is abandoned. */
VET_API void vet_sim_crash(struct vet_sim_host *host, enum vet_sim_crash how);
/* It is up again, and the actors that it had when it crashed are started anew.  0, or as
 * vet_sim_actor(). */
VET_API VET_CHECKED int vet_sim_restart(struct vet_sim_host *host);

/* ---- running ---- */

enum vet_sim_end {
	VET_SIM_ENDED,    /* every actor has returned */
	VET_SIM_DEADLOCK, /* nobody can go on, ever */
	VET_SIM_CALLS,    /* the budget of calls, or of time, was used up */
	VET_SIM_TIME,
	VET_SIM_FAILED, /* vet_sim_fail() */
};

struct vet_sim_report {
	enum vet_sim_end end;
	uint32_t actors;    /* there have been */
	uint32_t abandoned; /* of them: did not return when told that all is over */
	uint32_t open;      /* descriptors left open by hosts that are up */
	uint32_t misused;   /* calls on a descriptor that was closed, or never handed out */
	uint64_t calls;
	uint64_t switches; /* from one actor to another */
	uint64_t packets;
	int64_t time;
	uint64_t hash;   /* of every call (arguments, bytes, result) and of every packet */
	uint64_t states; /* of the state of every socket at the end */
	uint64_t timers; /* the most that were held at once */
	uint64_t memory; /* bytes of realloc that hosts have not given back */
	char why[512];   /* what went wrong; "": nothing */
};

/*
 * Lets the actors run until all have returned, or the run is over for another reason (then every
 * call gives -ECANCELED, so that they return; one that has not within 1,000 calls is abandoned:
 * what it had from malloc() is lost).  0, or -EINVAL if it did not end well: *report (may be NULL)
 * says how.
 */
VET_API VET_CHECKED int vet_sim_run(struct vet_sim *sim, struct vet_sim_report *report);
/* The report once more, with what has been said since by vet_sim_fail(). */
VET_API void vet_sim_conclude(struct vet_sim *sim, struct vet_sim_report *report);
/* The choices that were not 0, of a run that was recorded; good until the next start. */
VET_API const struct vet_sim_choice *vet_sim_tape(const struct vet_sim *sim, size_t *count);
/* Every actor (what it waits for, since when) and every socket (its state), as lines of text; of a run
 * that failed the actors as they were then. */
typedef int (*vet_sim_sink)(void *context, const char *text, size_t size);
VET_API void vet_sim_describe(const struct vet_sim *sim, vet_sim_sink sink, void *context);

/* ---- watching ---- */

enum {
	VET_SIM_FIN = 1 << 0,
	VET_SIM_SYN = 1 << 1,
	VET_SIM_RST = 1 << 2,
	VET_SIM_PSH = 1 << 3,
	VET_SIM_ACK = 1 << 4,
};

enum vet_sim_fate {
	VET_SIM_SENT,    /* it was put on the wire, and will arrive */
	VET_SIM_LOST,    /* it was put on the wire, and will not */
	VET_SIM_DOUBLED, /* it was put on the wire a second time by the network */
	VET_SIM_ARRIVED,
	VET_SIM_DROPPED, /* it arrived, and there was no room, or nobody */
};

enum vet_sim_protocol { VET_SIM_TCP = 6, VET_SIM_UDP = 17, VET_SIM_ICMP = 1, VET_SIM_RAW = 255 };

struct vet_sim_packet {
	uint64_t number; /* of the packet, from 1; the same when it arrives */
	enum vet_sim_fate fate;
	enum vet_sim_protocol protocol;
	const struct vet_sim_host *from, *to; /* to: NULL where there is no such host */
	struct vet_address source, destination;
	/* TCP. */
	uint32_t flags;
	uint32_t sequence, acknowledgement;
	uint32_t window;   /* in bytes */
	uint32_t attempt;  /* 0: sent for the first time */
	bool is_keepalive; /* of either side */
	/* What it carries, in at most two pieces. */
	struct iovec part[2];
};

enum vet_sim_event_kind {
	VET_SIM_PACKET,
	VET_SIM_CALL, /* has been made: `call`, `result` */
	VET_SIM_ACTOR_BEGINS,
	VET_SIM_ACTOR_WAITS,
	VET_SIM_ACTOR_GOES_ON,
	VET_SIM_ACTOR_ENDS,
	VET_SIM_HOST_CRASHES,
	VET_SIM_HOST_RESTARTS,
	VET_SIM_LINK_CHANGES, /* from `host` to `other` */
	VET_SIM_CLOCK_JUMPS,
	VET_SIM_MARK,    /* a rare state was reached: `name` */
	VET_SIM_FAILURE, /* vet_sim_fail(): `name` is why */
};

struct vet_sim_event {
	enum vet_sim_event_kind kind;
	uint32_t actor; /* its number, from 0 (main) */
	int64_t time;
	uint64_t step;          /* calls so far */
	const char *actor_name; /* of whoever runs, or the event is about */
	const struct vet_sim_host *host, *other;
	const struct vet_sim_packet *packet;
	const struct vet_call *call;
	int64_t result;
	const char *name;
};

/* Called for each event as it happens, in the order of their times; what it is given is good until it
 * returns.  It may make no call of a table. */
struct vet_sim_observer {
	void (*event)(void *context, const struct vet_sim_event *event);
	void *context;
	uint32_t wants; /* 1 << VET_SIM_PACKET, ...; 0: all */
};

/* ---- rare states ---- */

/* How often each of them was reached since the world was made: NULL from the index after the last. */
VET_API const char *vet_sim_mark_name(unsigned mark);
VET_API uint64_t vet_sim_mark_count(const struct vet_sim *sim, unsigned mark);

VET_END_DECLS

#endif
