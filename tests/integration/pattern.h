/* SPDX-License-Identifier: 0BSD */
/*
 * A stream of bytes in which every byte says where it belongs, so that any loss, repetition or
 * change of order is seen.
 */
#ifndef PATTERN_H
#define PATTERN_H

#include <stddef.h>
#include <stdint.h>

struct vet_socket;

/* The bytes at `position` and after.  line: 0, or each line-th byte is a newline and no other is
 * sure not to be. */
void pattern_fill(unsigned char *data, size_t size, uint64_t position, uint64_t line);
/* Reads a whole stream to its end and checks every byte of it; the number of bytes. */
uint64_t pattern_receive(struct vet_socket *s, uint64_t position, uint64_t line);
/* Reads and checks so many bytes. */
void pattern_receive_exactly(struct vet_socket *s, uint64_t position, size_t size);
/* A file without a name (the caller closes it) that holds the pattern from 0 on. */
int pattern_file(uint64_t size);
/* Appends the pattern's next bytes to such a file. */
void pattern_file_grow(int file, uint64_t from, uint64_t to);

#endif
