/* SPDX-License-Identifier: 0BSD */
/*
 * What the fault layer knows of each descriptor, and what it answers in place of one that a fault
 * has broken.
 */
#ifndef VETSOCK_FAULT_AUTOMATON_H
#define VETSOCK_FAULT_AUTOMATON_H

#include <vetsock/fault.h>

/* struct vet_fault_description's `broken` */
enum { INTACT, CONNECTION, LISTENER, ATTEMPT, SHUT_ATTEMPT };
/* and `untold` */
enum { TOLD, UNTOLD, TOLD_BELOW };

/* NULL: not followed. */
struct vet_fault_description *vet_automaton_find(struct vet_fault *fault, int fd, uint32_t *number);
/* What the catalogue looks at; the description of the call's (first) descriptor in *d. */
void vet_automaton_situation(struct vet_fault *fault, const struct vet_call *call,
			     struct vet_fault_description **d);
/* The call as it goes without a fault: of the table below, or in place of what is broken. */
int64_t vet_automaton_make(struct vet_fault *fault, struct vet_call *call,
			   struct vet_fault_description *d);
/* What a call's result says of its descriptor. */
void vet_automaton_learn(struct vet_fault *fault, const struct vet_call *call,
			 struct vet_fault_description *d, int64_t result);
/* automaton_broken.c: what stays after a fault, what it answers (false: nothing of this call), and
 * back to how it was made. */
void vet_automaton_latch(struct vet_fault *fault, const struct vet_call *call,
			 struct vet_fault_description *d, unsigned latch);
bool vet_automaton_answer(struct vet_fault *fault, struct vet_fault_description *d,
			  const struct vet_call *call, int64_t *result);
void vet_automaton_begin_anew(struct vet_fault_description *d);
/* automaton_poll.c */
int64_t vet_automaton_poll(struct vet_fault *fault, struct vet_call *call);
/* Lets time pass below. */
int64_t vet_automaton_sleep(struct vet_fault *fault, int64_t nanoseconds);

#endif
