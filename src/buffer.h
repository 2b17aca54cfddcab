/* SPDX-License-Identifier: 0BSD */
#ifndef VETSOCK_SRC_BUFFER_H
#define VETSOCK_SRC_BUFFER_H

#include <vetsock/buffer.h>

/* Makes room for `more` bytes after those held, through the buffer's own table, or `sys` if it has
 * none yet. 0, or -ENOMEM with the buffer as it was. */
int vet_buffer_reserve(struct vet_buffer *buffer, struct vet_sys *sys, size_t more);

#endif
