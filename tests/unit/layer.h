/* SPDX-License-Identifier: 0BSD */
/* One layer that passes every call on, compiled twice: against a header that ends before
 * interface_index, and against one that has an entry more. */
#ifndef VETSOCK_TESTS_LAYER_H
#define VETSOCK_TESTS_LAYER_H

struct vet_sys;

struct vet_sys *older_layer(struct vet_sys *next);
struct vet_sys *newer_layer(struct vet_sys *next);
/* How many calls each has passed on. */
long older_layer_calls(void);
long newer_layer_calls(void);

#endif
