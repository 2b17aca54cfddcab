/* SPDX-License-Identifier: 0BSD */
/* Rare meetings of two sockets: those that need more than a connection (cross.c), and what two do
 * over one (cross_acts.c). */
#ifndef VETSOCK_SIMULATIONS_CROSS_H
#define VETSOCK_SIMULATIONS_CROSS_H

#include "subjects.h"

enum { CROSS_CALLERS = 3, CROSS_PLAYED = 6 };

struct cross;

/* One of two who connect to each other. */
struct meeter {
	struct play *play;
	struct vet_sim_host *host, *other;
	uint32_t number, met, attempts;
	bool is_done;
};

struct cross_caller {
	struct cross *cross;
	uint32_t calls;
	bool is_done;
};

struct cross {
	struct play play;
	struct vet_sim_host *left, *right;
	struct service service;
	struct meeter meeter[2];
	struct cross_caller caller[CROSS_CALLERS];
	uint32_t fickle_calls; /* callers that still call */
	uint32_t played;       /* acts */
	uint16_t port;         /* that is used again */
	bool is_reflected, is_fickle_done, is_played, has_sought;
};

void cross_run_meeter(struct vet_sys *sys, void *context);
void cross_run_narcissus(struct vet_sys *sys, void *context);
void cross_run_seeker(struct vet_sys *sys, void *context);
void cross_run_watchman(struct vet_sys *sys, void *context);
void cross_run_fickle(struct vet_sys *sys, void *context);
void cross_run_caller(struct vet_sys *sys, void *context);

#endif
