/* SPDX-License-Identifier: 0BSD */
/* The rows of the catalogue (vetsock/catalogue.h), grouped by entry in the table's order. */
#ifndef VETSOCK_FAULT_CATALOGUE_ROWS_H
#define VETSOCK_FAULT_CATALOGUE_ROWS_H

#include <vetsock/catalogue.h>

extern const struct vet_lawful vet_lawful_rows[];
extern const size_t vet_lawful_count;

#endif
