/* SPDX-License-Identifier: 0BSD */
/* Any bytes as a trace: what is none is told where and why, and what is one can be replayed.
 * Aims at: vet_replay_start, vet_replay_sys, vet_replay_failure, vet_replay_hash */
#include <errno.h>
#include <string.h>

#include <vetsock/trace.h>

#include "fuzz.h"

static struct vet_replay replay;

/* A replay in which no call is made misses the first line, if there is one. */
static void check_unused(const char *text, size_t size)
{
	static const char heading[] = "vetsock trace 1\n";
	const size_t length = sizeof(heading) - 1;
	const char *failure = vet_replay_failure(&replay);

	must(size >= length && memcmp(text, heading, length) == 0);
	must((failure == NULL) == (size == length));
	must(failure == NULL || strncmp(failure, "line 2: ", 8) == 0);
	must(vet_replay_hash(&replay) == 0);
	must(vet_sys_check(vet_replay_sys(&replay), NULL) == 0);
}

/* A trace is plain text, whatever was sent in it: it goes through mail, and is read by people. */
static void check_plain(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		must((text[i] >= ' ' && text[i] <= '~') || text[i] == '\n');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct vet_text_error error = { size + 1, 0, NULL };
	int result = vet_replay_start(&replay, text, size, &error);

	if (result == 0) {
		vet_fuzz_check_success(&error);
		check_plain(text, size);
		check_unused(text, size);
	} else {
		must(result == -EINVAL);
		vet_fuzz_check_error(&error, size);
		must(vet_replay_start(&replay, text, size, NULL) == result);
	}
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	return vet_fuzz_mutate_tokens("trace", '\n', data, size, max_size, seed);
}
