/* SPDX-License-Identifier: 0BSD */
/* The one form in which every parser of vetsock says where a text is wrong, and why. */
#ifndef VETSOCK_TEXT_H
#define VETSOCK_TEXT_H

#include <stddef.h>

#include <vetsock/attributes.h>

VET_BEGIN_DECLS

/*
 * The `length` bytes at `offset` are what is wrong: a caret under them is the message.  length is
 * at least 1, and offset at most the size of the text: an offset equal to the size says that
 * something is missing at the end.  reason is a phrase for a person, in constant memory.  After a
 * success, all zero.
 */
struct vet_text_error {
	size_t offset;
	size_t length;
	const char *reason;
};

VET_END_DECLS

#endif
