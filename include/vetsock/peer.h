/* SPDX-License-Identifier: 0BSD */
/*
 * The peer: a small world in memory, as a table of system calls.  A program that runs on it finds
 * somebody at the other end of each stream and behind each datagram, and a listener's queue full of
 * connections; its clock is virtual, so that waiting takes no time.
 *
 * Whatever address a stream connects to, the same peer is there.  It takes what it is sent at once
 * (or `window` bytes at a time), and what it sends arrives `latency` later.  A poll that nothing
 * can end any more, without a limit, gives -EDEADLK, and vet_peer_is_blocked() says so.
 *
 * The clock starts at 1,000 s.  Each call costs one tick: `tick` nanoseconds; or, if that is 0, 1
 * ns, doubled after every 8 calls of `now` in a row between which no byte moved, no descriptor was
 * made and no time was waited: so whoever looks at the clock reaches any deadline within 500 calls.
 * It ends after 146 years.
 *
 * Not modelled, though a kernel has it: shutting down an attempt that is under way, or a stream
 * that has no connection (ENOTCONN here, and no effect); addresses that are in use or another
 * host's; options that have an effect.
 *
 * libvetsock-shim.  No allocation but what the program asks of `realloc`.  One thread.
 */
#ifndef VETSOCK_PEER_H
#define VETSOCK_PEER_H

#include <vetsock/layer.h>
#include <vetsock/time.h>

VET_BEGIN_DECLS

enum vet_peer_manner {
	VET_PEER_ECHO, /* sends back what it is sent; ends its half when the program ends its own */
	VET_PEER_SOURCE, /* sends `sends`, then ends its half; takes what it is sent */
	VET_PEER_TALKER, /* sends `sends`, and keeps its half open until the program ends its own */
};

enum {
	VET_PEER_FILE = 900,       /* the descriptor of the world's file, for pread and sendfile */
	VET_PEER_FOREIGN = 901,    /* that of a connected IPv4 stream made elsewhere, for adopt */
	VET_PEER_FIRST = 3,        /* the first descriptor that is handed out; none is used again */
	VET_PEER_DESCRIPTORS = 64, /* the most in one run; then EMFILE */
	/* Sockets, clones counted once, and the one for adopt if it is used; then ENFILE. */
	VET_PEER_ENDS = 24,
	VET_PEER_OPTIONS = 32,    /* that are set on one socket; then ENOBUFS */
	VET_PEER_DATAGRAM = 2048, /* the longest datagram; a longer one is EMSGSIZE */
	VET_PEER_ROOM = 32768,    /* bytes that an echo holds, at most, of one socket */
	VET_PEER_BLOCKS = 32,     /* of memory at once; then ENOMEM */
	VET_PEER_BLOCK = 16384,   /* bytes of a block in `room`; larger ones are the C library's */
};

/* All zero: an echo that answers at once. */
struct vet_world {
	enum vet_peer_manner manner;
	const void *sends; /* what a SOURCE or TALKER sends on each stream, and as one datagram */
	size_t sends_size;
	/* What the program is to send through each of its sockets; NULL: anything.  Another byte,
	 * or one more, is a finding (vet_peer_finding()). */
	const void *expects;
	size_t expects_size;
	vet_duration latency; /* of connecting (0: at once) and of all that the peer sends */
	size_t window;        /* bytes that it takes within one latency, if that is not 0; 0: any */
	unsigned connections; /* in the queue of each listener, one each latency */
	unsigned datagrams;   /* how often a SOURCE or TALKER sends `sends` as a datagram */
	uint64_t file_size;   /* byte N (from 0) of the file is vet_peer_byte(N) */
	bool lacks_sendfile;
	vet_duration tick;
};

/* A pattern in which neighbours differ, and no short piece comes twice soon. */
VET_API unsigned char vet_peer_byte(uint64_t position);

/* The members are vetsock's own; it is large (some 800 KiB), and better static than on a stack. */
struct vet_peer {
	struct vet_layer layer;
	const struct vet_world *world;
	int64_t clock;
	int64_t tick;
	uint32_t idle;   /* calls of `now` since something happened */
	uint32_t made;   /* descriptors in this run */
	uint32_t ends;   /* and what they are of */
	uint32_t blocks; /* of memory, in use */
	uint64_t taken, given;
	uint32_t complete; /* sockets through which all that is expected was sent */
	bool is_blocked;
	const char *finding;
	uint64_t finding_at;
	void *block[VET_PEER_BLOCKS];
	unsigned char *room; /* for VET_PEER_BLOCKS blocks (tape.h); NULL: the C library's */
	int16_t end_of[VET_PEER_DESCRIPTORS]; /* by descriptor; -1: closed */
	int16_t end_of_foreign;
	struct vet_peer_end {
		uint8_t kind, is_ipv6, state;
		bool shut_read, shut_write, will_end, has_peer;
		bool unseen; /* it is connected, and no connect has said so yet */
		int32_t references;
		int64_t since;      /* connecting ends, or the listener began */
		int64_t arrives_at; /* what is under way to the program */
		int64_t ends_at;    /* the peer's half, if it will_end */
		int64_t frees_at;   /* the window */
		uint32_t window_used;
		uint32_t accepted;
		uint64_t read; /* of `sends` */
		uint64_t sent;
		uint32_t head, count,
			visible;    /* of the ring: echoed bytes, or datagrams with their sizes */
		uint32_t datagrams; /* that came of the world's own */
		uint32_t options;
		unsigned char local[28], remote[28]; /* as struct sockaddr_in or _in6 */
		unsigned char ring[VET_PEER_ROOM];
		struct {
			int level, name;
			uint32_t length;
			unsigned char value[32];
		} option[VET_PEER_OPTIONS];
	} end[VET_PEER_ENDS];
};

/* Begins a run: nothing is left of the one before.  *peer is all zero the first time.  The world
 * must outlive it.  Returns the table. */
VET_API struct vet_sys *vet_peer_start(struct vet_peer *peer, const struct vet_world *world);
/* Gives back what a program left: before *peer goes. */
VET_API void vet_peer_finish(struct vet_peer *peer);

/* Bytes that the program has sent, and received, so far. */
VET_API uint64_t vet_peer_taken(const struct vet_peer *peer);
VET_API uint64_t vet_peer_given(const struct vet_peer *peer);
VET_API int64_t vet_peer_now(const struct vet_peer *peer);
/* Whether a poll was ended because nothing could end it. */
VET_API bool vet_peer_is_blocked(const struct vet_peer *peer);
/* NULL, or what the program did that it should not: "byte 3 of what was sent is not the one that
 * was expected"; *at (unless NULL) is the byte, from 0. */
VET_API const char *vet_peer_finding(const struct vet_peer *peer, uint64_t *at);

VET_END_DECLS

#endif
