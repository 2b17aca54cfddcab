/* SPDX-License-Identifier: 0BSD */
/* Runs that are written three times: as pcapng, as a page, and, for a test to compare, as plain
 * lines. */
#ifndef CAPTURE_LOG_H
#define CAPTURE_LOG_H

#include <stdio.h>

#include <vetsock/capture.h>

/* Where a run goes: NAME.pcapng, NAME.html and NAME.jsonl in a directory; of a large one neither
 * packets nor their bytes. */
struct recording {
	FILE *packets, *page, *lines;
	struct vet_sim_capture *capture;
	struct vet_sim_timeline *timeline;
	struct vet_sim_observer log;             /* the last that is told: a line of each event */
	const struct vet_sim_observer *observer; /* the first */
	uint64_t frames;                         /* of the capture, before the event */
	bool is_large;
};

struct recorded {
	const char *directory, *name, *title;
	enum vet_sim_vantage vantage;
	struct vet_sim *sim;
	bool is_large;
	uint32_t events; /* of the page, at most; 0: as many as there are */
};

/* Each stops the program where it fails: without files there is nothing to test. */
void recording_begin(struct recording *recording, const struct recorded *recorded);
void recording_end(struct recording *recording);

/* Odd runs, made by hand, and large ones (capture_busy.c). */
void write_busy(struct vet_sim *sim, const char *directory, bool is_large);

#endif
