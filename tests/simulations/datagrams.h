/* SPDX-License-Identifier: 0BSD */
/* Questions and answers by datagrams, as clients (datagrams.c) and the server
 * (datagrams_server.c) have them. */
#ifndef VETSOCK_SIMULATIONS_DATAGRAMS_H
#define VETSOCK_SIMULATIONS_DATAGRAMS_H

#include "subjects.h"

enum {
	DATAGRAMS_CLIENTS = 16,
	DATAGRAMS_QUESTIONS = 6,
	DATAGRAMS_PORT = 53,
	DATAGRAMS_CLOSED_PORT = 54, /* nobody has it, ever */
	DATAGRAMS_SINK_PORT = 55,   /* nobody reads there */
	DATAGRAMS_MOST = 1200,      /* bytes of an answer */
};

struct datagrams_client {
	struct datagrams *datagrams;
	uint32_t number;
	uint32_t answered;
	uint32_t booked; /* questions that the server has counted: on its disk */
	uint8_t family;  /* of its socket */
	bool is_mapped;  /* a socket of IPv6 asks an address of IPv4 */
	bool is_connected;
	bool is_done;
};

struct datagrams {
	struct play play;
	struct vet_sim_host *host;
	uint32_t clients;
	bool is_probed;
	struct wire *served; /* the server's; NULL: it has none */
	struct datagrams_client client[DATAGRAMS_CLIENTS];
};

/* What the answer to a question is to say. */
uint64_t datagrams_answer(const struct request *question);
/* A datagram of a head and its bytes; its size. */
size_t datagrams_put(unsigned char *data, const struct request *request);
/* Whether it is whole: its bytes are those that the head foretells.  A run in which one came other
 * than it was sent has failed. */
bool datagrams_get(struct play *play, const unsigned char *data, size_t size,
		   struct request *request);
void datagrams_serve(struct vet_sys *sys, void *context);
void datagrams_help(struct vet_sys *sys, void *context);
void datagrams_sink(struct vet_sys *sys, void *context);

#endif
