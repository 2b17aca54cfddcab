/* SPDX-License-Identifier: 0BSD */
/* What the entries of the scripted table share: the call as it came, and the words of its answer.
 */
#ifndef VETSOCK_TESTS_SCRIPT_ENTRY_H
#define VETSOCK_TESTS_SCRIPT_ENTRY_H

#include "script.h"

/* The script of a table. */
struct script *script_of(struct vet_sys *sys);

/* The text of a call: its name, and the descriptor unless it is the first. */
struct text call_begin(struct script *script, const char *name);
struct text call_begin_on(struct script *script, const char *name, int fd);
void call_add_flags(struct text *text, int flags);
/* The whole of a call that gives nothing but a number or an error. */
int64_t call_plain(struct script *script);

/* The next word of an answer, NULL after the last; whether it is a certain one. */
const char *answer_take(struct answer *answer);
bool answer_take_word(struct answer *answer, const char *word);
int64_t answer_take_count(struct script *script, struct answer *answer);
int answer_take_descriptor(struct script *script, struct answer *answer);
/* The answer's address, if it has one, is written as far as there is room. */
void answer_take_address(struct script *script, struct answer *answer, void *address,
			 socklen_t *length);
/* No word is left, but "then". */
void answer_end(struct script *script, struct answer *answer);

/* The entries that do not stand beside the table itself. */
int getsockopt_entry(struct vet_sys *sys, int fd, int level, int number, void *value,
		     socklen_t *length);
int setsockopt_entry(struct vet_sys *sys, int fd, int level, int number, const void *value,
		     socklen_t length);
ssize_t send_entry(struct vet_sys *sys, int fd, const void *data, size_t size, int flags);
ssize_t sendto_entry(struct vet_sys *sys, int fd, const void *data, size_t size, int flags,
		     const struct sockaddr *address, socklen_t length);
ssize_t sendv_entry(struct vet_sys *sys, int fd, const struct iovec *parts, int count, int flags);
ssize_t recv_entry(struct vet_sys *sys, int fd, void *data, size_t size, int flags);
ssize_t recvfrom_entry(struct vet_sys *sys, int fd, void *data, size_t size, int flags,
		       struct sockaddr *address, socklen_t *length, int *truncated);
ssize_t pread_entry(struct vet_sys *sys, int file, void *data, size_t size, int64_t offset);
ssize_t sendfile_entry(struct vet_sys *sys, int fd, int file, int64_t *offset, size_t size);

#endif
