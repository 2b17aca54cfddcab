/* SPDX-License-Identifier: 0BSD */
/*
 * Runs of the simulator (sim.h) to look at: as pcapng, for Wireshark and its kin, and as a time
 * line, one page of HTML that a browser opens from disk.  Both are observers, which write through
 * a function of the caller's.
 *
 *	static int write_to(void *file, const void *bytes, size_t size)
 *	{
 *		return fwrite(bytes, 1, size, file) == size ? 0 : -EIO;
 *	}
 *
 *	struct vet_sim_capture *capture;
 *	struct vet_sim_timeline *timeline;
 *	vet_sim_capture_make(&capture, write_to, packets, NULL);
 *	vet_sim_timeline_make(&timeline, &(struct vet_sim_timeline_options){
 *		.title = "echo, seed 7", .next = vet_sim_capture_observer(capture) });
 *	options.observer = vet_sim_timeline_observer(timeline);
 *	vet_sim_start(sim, &options);
 *	... the run ...
 *	result = vet_sim_capture_finish(capture);
 *	result = vet_sim_timeline_write(timeline, write_to, page);
 *
 * Each is of one run.  What is written follows from the events alone: the same run gives the same
 * bytes on every machine.
 *
 * libvetsock-shim.  One thread.  Memory is the C library's.
 */
#ifndef VETSOCK_CAPTURE_H
#define VETSOCK_CAPTURE_H

#include <stdbool.h>

#include <vetsock/sim.h>

VET_BEGIN_DECLS

/* Takes some more of the file; not 0: it could not be kept, and nothing more is written. */
typedef int (*vet_sim_write)(void *context, const void *bytes, size_t size);

/* ---- pcapng (draft-ietf-opsawg-pcapng) ---- */

/*
 * Each host is an interface, with the host's name.  Packets have Ethernet, IPv4 or IPv6, and TCP,
 * UDP or ICMP headers with right checksums; what is larger than the link's MTU is in fragments.
 * Virtual time 0 is 2000-01-01 00:00:00 UTC, so that tools show sane dates; the unit is the
 * nanosecond.  Lost packets say so in a comment; what befalls hosts and links, marks and failures
 * are comments of the next packet.
 */
enum vet_sim_vantage {
	/* As they are sent: those that are lost too, and again; doubled ones twice. */
	VET_SIM_AT_SENDER,
	VET_SIM_AT_RECEIVER, /* as they arrive, at the receiver's interface */
};

/* All zero: the defaults. */
struct vet_sim_capture_options {
	enum vet_sim_vantage vantage;
	bool plain; /* no comments */
	/* A comment of the file: the line that makes the run again; NULL: none. */
	const char *title;
	const struct vet_sim_observer *next; /* is told of all that it wants; NULL: nobody */
};

struct vet_sim_capture;

/* Begins a file.  options NULL: the defaults; they are copied, and the title is not needed any
 * more. 0; -ENOMEM; or what `write` returned (then there is no capture). */
VET_API VET_CHECKED int vet_sim_capture_make(struct vet_sim_capture **capture, vet_sim_write write,
					     void *context,
					     const struct vet_sim_capture_options *options);
/* For struct vet_sim_options; good until the end. */
VET_API const struct vet_sim_observer *vet_sim_capture_observer(struct vet_sim_capture *capture);
/* Packets written so far: fragments and doubled ones counted. */
VET_API uint64_t vet_sim_capture_count(const struct vet_sim_capture *capture);
/* Ends the file, after the run: the capture is gone.  0; or what `write` returned first, or
 * -ENOMEM: the file is not whole.  NULL: 0. */
VET_API VET_CHECKED int vet_sim_capture_finish(struct vet_sim_capture *capture);

/* ---- a time line ---- */

enum {
	VET_SIM_TIMELINE_EVENTS = 200000, /* so many are kept: the last ones */
	VET_SIM_TIMELINE_BYTES = 5000000, /* a page is never larger: fewer are kept if need be */
};

/* All zero: the defaults. */
struct vet_sim_timeline_options {
	const char *title;   /* of the page: the line that makes the run again; NULL: "a run" */
	uint32_t events;     /* at most so many; 0, or more: VET_SIM_TIMELINE_EVENTS */
	bool calls;          /* every call of a table, too */
	struct vet_sim *sim; /* to tell what links have become; NULL: only where a host is named */
	const struct vet_sim_observer *next; /* is told of all that it wants; NULL: nobody */
};

struct vet_sim_timeline;

/* 0 or -ENOMEM.  options NULL: the defaults; all is copied. */
VET_API VET_CHECKED int vet_sim_timeline_make(struct vet_sim_timeline **timeline,
					      const struct vet_sim_timeline_options *options);
/* For struct vet_sim_options; good until it is freed. */
VET_API const struct vet_sim_observer *vet_sim_timeline_observer(struct vet_sim_timeline *timeline);
/* The page.  0; what `write` returned; or -ENOMEM: events could not be kept, or not written. */
VET_API VET_CHECKED int vet_sim_timeline_write(const struct vet_sim_timeline *timeline,
					       vet_sim_write write, void *context);
/* NULL is fine. */
VET_API void vet_sim_timeline_free(struct vet_sim_timeline *timeline);

VET_END_DECLS

#endif
