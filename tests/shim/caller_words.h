/* SPDX-License-Identifier: 0BSD */
/* What the files of the caller share. */
#ifndef CALLER_WORDS_H
#define CALLER_WORDS_H

#include "caller.h"

/* One statement's descriptors and arguments. */
struct caller_line {
	struct caller *caller;
	unsigned on; /* the first descriptor's number */
	unsigned others[4], count;
	const char *rest; /* behind the word */
};

struct caller_word {
	const char *word;
	void (*make)(struct caller *caller, struct caller_line *line);
};
extern const struct caller_word caller_words[]; /* the last has no word */

void caller_say_result(struct caller *caller, int64_t result);
void caller_say_events(struct caller *caller, short bits);
void caller_say_address(struct caller *caller, const struct sockaddr_storage *address,
			socklen_t length);
short caller_bits(const char *text, size_t size);

#endif
