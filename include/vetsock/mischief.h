/* SPDX-License-Identifier: 0BSD */
/*
 * The mischief of a simulated world (sim.h): what befalls its links and hosts, and when, as a small
 * text: on the command line, in tests, in bug reports.
 *
 *	loss=2%; client<->server: latency=20ms..80ms; @2s=crash server for 500ms; calm=10s; bound=30s
 *
 *	mischief = [ item { ";" item } ]
 *	item     = [ "@" T "=" ] ( lasting [ "for" T ] | once )
 *	         | "random=" N [ "within" T ] | "swarm" | "short-counts" | "calm=" T | "bound=" T
 *	lasting  = [ link ":" ] quality | "cut" link | "partition" hosts [ "|" hosts ]
 *	         | "crash" hosts [ "with" "resets" ] | "descriptors" hosts N | "memory" hosts SIZE
 *	once     = "heal" | "restart" hosts | "jump" hosts [ "-" ] T
 *	quality  = "latency=" T [ ".." T ] | "rate=" SIZE | "loss=" P | "duplication=" P
 *	         | "reordering=" P | "mtu=" N
 *	link     = hosts ( "->" | "<->" ) hosts
 *	hosts    = NAME { "," NAME } | "*" (each)
 *
 * Blanks (space, tab, line ends) are free between words and signs; there is none within a number,
 * its unit, and "..".  No item at all is a world without mischief.  An empty item is an error.
 * Numbers are decimal digits without sign; leading zeros are refused.
 *
 * @T       The virtual time of the world, from its start; without it, from the beginning.
 * for T    It ends then, and all is as it would be without it.  Without "for" it lasts.
 * T        One whole number with ns, us, ms, s, m or h, 0 to 9223372036854775807 ns.
 * NAME     Letters, digits and '_', with '-' and '.' within: at most 31 bytes.  It is all hosts
 *          that have the name.
 *
 * Qualities are those of struct vet_sim_link; without a link they are every link's.  Of two for the
 * same link the one that begins later counts; of those that begin together, the later in the text.
 * latency=A..B    At least A, at most B, up to 24h.
 * rate=SIZE       Bytes a second, of any unit of sizes (KiB, MB, ...); 0: as many as there are.
 * loss=P          P: percent, 0% to 100%, with at most four decimals: parts in a million.
 * duplication=P, reordering=P    Of datagrams.
 * mtu=N           576 to 65535.
 *
 * cut             Nothing arrives that goes that way ("->"), or both ways ("<->").
 * partition       Nothing passes between these and those; of these alone, all the others.
 * heal            Each cut and each partition ends.
 * crash           vet_sim_crash(); when it ends, vet_sim_restart().  A host that is down already is
 *                 left alone.
 * restart         Each crash of them ends.
 * jump            vet_sim_jump(), forward or back.
 * descriptors, memory    vet_sim_limit(): at most so many, from 1 on, or so many bytes.
 * short-counts    Calls move fewer bytes than they could, now and then.
 * random=N        At most N things more, N from 1 to 100, befall links and hosts, and end, within T
 *                 (at least 1ms; without it: until all is calm).  What, when, how long, whom, how
 *                 widely and how badly is drawn from VET_SIM_FAULTS: at most seven choices each,
 *                 and nothing if the first is 0.  There are latency, rate, loss, duplication,
 *                 reordering, cuts and partitions, crashes, few descriptors, and clocks that jump
 *                 forward (one that goes back is not monotonic).
 * swarm           Each kind (latency, rate, loss, duplication, reordering, mtu, cuts and
 *                 partitions, crashes, jumps, limits, short counts) is off in one of two runs,
 *                 whoever asks for it: eleven choices, drawn first, of which 0 is off.
 * calm=T          All mischief stops: links are as they were before it began, but whole, and lose,
 *                 double and reorder nothing; hosts are up, with the limits that they had.  What
 *                 jumped stays.  Nothing is said to begin then, or later.
 * bound=T         Every actor but "main" has returned within T of the calm, or the run has failed.
 *
 * random, swarm, short-counts, calm and bound are said once.
 *
 * Canonical text: items joined by "; ", those with a time or a quality first, in their order, then
 * random, swarm, short-counts, calm and bound; no "@0s="; one blank after ":" and ",", and around
 * "|"; a time, a size in the greatest unit that divides it; "latency=A" for A..A.
 *
 * libvetsock-shim.  Values; no allocation, but for vet_mischief_begin(); any thread.
 */
#ifndef VETSOCK_MISCHIEF_H
#define VETSOCK_MISCHIEF_H

#include <stddef.h>
#include <stdint.h>

#include <vetsock/attributes.h>
#include <vetsock/sim.h>
#include <vetsock/text.h>

VET_BEGIN_DECLS

enum vet_mischief_kind {
	VET_MISCHIEF_LATENCY,     /* value: nanoseconds, the least; more: beyond it, at most */
	VET_MISCHIEF_RATE,        /* value: bytes a second; 0: any */
	VET_MISCHIEF_LOSS,        /* value: parts in a million */
	VET_MISCHIEF_DUPLICATION, /* likewise */
	VET_MISCHIEF_REORDERING,  /* likewise */
	VET_MISCHIEF_MTU,         /* value: bytes */
	VET_MISCHIEF_CUT,
	VET_MISCHIEF_PARTITION, /* to 0: all others */
	VET_MISCHIEF_HEAL,      /* of no host */
	VET_MISCHIEF_CRASH,     /* value: enum vet_sim_crash */
	VET_MISCHIEF_RESTART,
	VET_MISCHIEF_JUMP,        /* value: nanoseconds, of either sign */
	VET_MISCHIEF_DESCRIPTORS, /* value: how many */
	VET_MISCHIEF_MEMORY,      /* value: bytes */
	VET_MISCHIEF_KINDS
};

enum {
	VET_MISCHIEF_ITEMS = 64,        /* the most that a mischief holds */
	VET_MISCHIEF_NAMES = 32,        /* of hosts, different ones */
	VET_MISCHIEF_NAME = 32,         /* bytes of one, its NUL included */
	VET_MISCHIEF_RANDOM = 100,      /* random things at most */
	VET_MISCHIEF_TEXT_SIZE = 81920, /* room for the longest canonical text, its NUL included */
};
#define VET_MISCHIEF_EVERY (UINT64_C(1) << 63) /* of a set of hosts: "*", alone */

/* Sets of hosts: bit N is those that have name N. */
struct vet_mischief_item {
	uint32_t kind;      /* enum vet_mischief_kind */
	uint32_t both_ways; /* 0 or 1, of a quality and a cut */
	uint64_t from,
		to;     /* of a link, or the sides of a partition; of others the hosts are `from` */
	int64_t at;     /* nanoseconds */
	int64_t length; /* likewise; 0: it lasts */
	int64_t value, more;
};

/* All zero is no mischief. */
struct vet_mischief {
	uint32_t count, names;
	uint32_t random;                                               /* 0: none */
	uint32_t swarm, short_counts, has_calm, has_bound, has_within; /* 0 or 1 */
	int64_t within, calm, bound;                                   /* nanoseconds */
	char name[VET_MISCHIEF_NAMES]
		 [VET_MISCHIEF_NAME]; /* in the order in which they are said first */
	struct vet_mischief_item item[VET_MISCHIEF_ITEMS];
};

/*
 * Reads `size` bytes, all of them.  0, or -EINVAL with *mischief all zero and *error (may be NULL)
 * saying where and why: also for what never happens (a time after "calm="), a bound without a calm,
 * random things without an end, a link from a host to itself.
 */
VET_API VET_CHECKED int vet_mischief_parse(struct vet_mischief *mischief, const char *text,
					   size_t size, struct vet_text_error *error);

/* Prints the canonical text, which parses back to the same value, and a NUL.  Its length without
 * the NUL; -ENOSPC if `size` is too small (nothing is written but, if size is not 0, a NUL);
 * -EINVAL for a mischief that no text gives. */
VET_API VET_CHECKED int vet_mischief_format(const struct vet_mischief *mischief, char *text,
					    size_t size);

/*
 * It begins: one that has a text, after the hosts were made, and before they run.  It is copied.
 * 0; -EINVAL: a host that it names is not there (the run has failed, and vet_sim_conclude() says
 * which one); -ENOMEM, likewise; -EALREADY: one has begun in this run.
 */
VET_API VET_CHECKED int vet_mischief_begin(struct vet_sim *sim,
					   const struct vet_mischief *mischief);

VET_END_DECLS

#endif
