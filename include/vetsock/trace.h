/* SPDX-License-Identifier: 0BSD */
/*
 * Traces: every call of a table, as text that a person can read and a program can replay.
 *
 *	vetsock trace 1
 *	socket INET STREAM 0 = #1
 *	connect #1 127.0.0.1:80 = 0
 *	send #1 "hello" 5 0 = 3
 *	recv #1 5 0 = EAGAIN
 *	poll #1:IN 10ms = 1 #1:IN
 *	recv #1 5 0 = 2 "he"
 *	now = 1234ns
 *	close #1 = 0
 *
 * Descriptors are numbered as they were handed out, errors, options and bits of poll are named, the
 * clock counts from its first reading, and memory has no addresses: the same run gives the same
 * text on every machine.  The grammar is in docs/trace.md.
 *
 * libvetsock-shim.
 */
#ifndef VETSOCK_TRACE_H
#define VETSOCK_TRACE_H

#include <vetsock/layer.h>
#include <vetsock/text.h>

VET_BEGIN_DECLS

enum {
	VET_TRACE_DESCRIPTORS = 1024, /* handed out in one trace; what is beyond is written #0 */
	VET_TRACE_FILES = 64, /* made elsewhere and read; what is beyond is written file 0 */
};

/* Which number each descriptor has, and each file. */
struct vet_trace_names {
	uint32_t count;
	uint32_t files;
	int32_t fd[VET_TRACE_DESCRIPTORS]; /* of number i + 1; ~fd: closed */
	int32_t file[VET_TRACE_FILES];
	int64_t clock; /* the first reading */
	uint32_t has_clock;
	uint32_t unused;
};

/* ---- recording ---- */

/* Takes some more of the text; not 0: it could not be kept, and the trace has failed. */
typedef int (*vet_trace_sink)(void *context, const char *text, size_t size);

/* The members are vetsock's own. */
struct vet_trace {
	struct vet_layer layer;
	vet_trace_sink sink;
	void *context;
	uint64_t calls;
	uint64_t hash;
	int failed;
	struct vet_trace_names names;
};

/* Makes *trace a table over `next` that writes each call to the sink (NULL: only the hash is made).
 * Returns the table.  No allocation.  One thread at a time. */
VET_API struct vet_sys *vet_trace_start(struct vet_trace *trace, struct vet_sys *next,
					vet_trace_sink sink, void *context);
/* The hash of all calls so far, with their arguments, bytes and results: the same for the same
 * text, on every machine. */
VET_API uint64_t vet_trace_hash(const struct vet_trace *trace);
/* 0, or what the sink returned first. */
VET_API VET_CHECKED int vet_trace_error(const struct vet_trace *trace);

/* ---- replaying ---- */

/* The members are vetsock's own. */
struct vet_replay {
	struct vet_layer layer;
	const char *text;
	size_t size, at; /* the next line */
	uint64_t line;   /* of `at`, from 1 */
	uint64_t hash;
	char failure[512]; /* "": none */
	struct vet_trace_names names;
	uint32_t blocks;     /* of memory, not given back */
	uint32_t has_failed; /* the run has differed */
};

/* Makes *replay a table that answers as a trace says, without any operating system: each call must
 * be the trace's next one, with the same arguments and bytes, to the letter.  0, or -EINVAL: the
 * text is no trace, *error (may be NULL) says where and why (every line is looked at).  The text
 * must outlive it.  It has the optional entries that the trace has calls of.  From the first call
 * that is another one on, every call gives -EIO, but close gives 0 and realloc to 0 frees. */
VET_API VET_CHECKED int vet_replay_start(struct vet_replay *replay, const char *text, size_t size,
					 struct vet_text_error *error);
/* Only after success. */
VET_API struct vet_sys *vet_replay_sys(struct vet_replay *replay);
/* NULL, or how the run differed: "line 7: the trace has 'send #1 "hello" 5 0', the program made
 * 'close #1'"; a call that never came, too, when all is over. */
VET_API const char *vet_replay_failure(struct vet_replay *replay);
VET_API uint64_t vet_replay_hash(const struct vet_replay *replay);

VET_END_DECLS

#endif
