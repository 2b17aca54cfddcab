/* SPDX-License-Identifier: 0BSD */
/* Streams between the two hosts of datagram_world.h, for tests of what was once wrong. */
#ifndef VETSOCK_TESTS_SIM_FOUND_WORLD_H
#define VETSOCK_TESTS_SIM_FOUND_WORLD_H

#include <stdbool.h>

#include "datagram_world.h"

/* A call of near's table, or of far's. */
#define near_call(entry, ...) (sys[0]->calls->entry)(sys[0], __VA_ARGS__)
#define far_call(entry, ...)  (sys[1]->calls->entry)(sys[1], __VA_ARGS__)

/* A listener on PORT of every address. */
int listening_on(struct vet_sys *on, int backlog);
/* A stream whose connect(2) to PORT of an address is under way. */
int connecting_to(struct vet_sys *on, const struct vet_ip *ip);
/* What poll(2) says of it within a time. */
short ready_within(struct vet_sys *on, int fd, short events, vet_duration time);
/* A stream of near (fd[0]) and one of far (fd[1]), connected; the listener is closed. */
void connected_pair(int fd[2]);
/* The run is concluded: all is well, and nothing of it is open. */
void nothing_is_left(void);

#endif
