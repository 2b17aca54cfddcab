/* SPDX-License-Identifier: 0BSD */
/* The chat, as its guests (chat.c) and its server (chat_server.c) have it. */
#ifndef VETSOCK_SIMULATIONS_CHAT_H
#define VETSOCK_SIMULATIONS_CHAT_H

#include "subjects.h"

enum { CHAT_GUESTS = 16, CHAT_PORT = 150, CHAT_WORD = 60, CHAT_SEATS = CHAT_GUESTS + 4 };

struct chat_guest {
	struct chat *chat;
	uint32_t number;
	uint32_t heard;  /* of his own words, that came back to him */
	uint32_t spoken; /* of his words, that the server has passed on: on its disk */
	bool is_done;
};

struct chat {
	struct play play;
	struct vet_sim_host *host;
	uint64_t words; /* that the server has numbered, from 1: on its disk */
	uint32_t guests;
	struct chat_guest guest[CHAT_GUESTS];
};

void chat_serve(struct vet_sys *sys, void *context);

#endif
