/* SPDX-License-Identifier: 0BSD */
/*
 * A trace that is accepted is replayed: to a small program of vetsock's own, which it seldom fits; and to
 * the calls that its own lines ask for, recorded anew, which it fits to its end: what is recorded is the
 * same text, and gives the same hash.
 * Aims at: vet_replay_start, vet_replay_failure, vet_replay_hash, vet_trace_start, vet_trace_hash
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <vetsock/trace.h>
#include <vetsock/vetsock.h>

#include "asker.h"
#include "fuzz.h"

enum { TEXT_MAX = 2048, RECORD_MAX = 1 << 16 };

/* ---- a program ---- */

static int exchange(struct vet_socket *s)
{
	const struct vet_address to = vet_address_of(vet_ipv4(127, 0, 0, 1), 80);
	char data[16];
	size_t done;

	int r = vet_socket_connect(s, &to);

	if (r == 0)
		r = vet_socket_write(s, "hello", 5, &done);
	return r == 0 ? vet_socket_read_exact(s, data, sizeof(data), &done) : r;
}

static void run_program(const char *text, size_t size)
{
	static struct vet_replay replay;
	struct vet_socket s = { .fd = 0 };

	must(vet_replay_start(&replay, text, size, NULL) == 0);
	if (vet_socket_stream_on(&s, vet_replay_sys(&replay), 4) != 0)
		return;
	vet_socket_timeout_after(&s, VET_SECONDS(1));
	must(exchange(&s) <= 0);
	(void)vet_socket_close(&s);
}

/* ---- calls that a trace asks for ---- */

struct record {
	char text[RECORD_MAX];
	size_t size;
};

static int keep(void *context, const char *text, size_t size)
{
	struct record *record = context;

	if (size > sizeof(record->text) - record->size)
		return -ENOSPC;
	memcpy(record->text + record->size, text, size);
	record->size += size;
	return 0;
}

static void replay_anew(const char *text, size_t size)
{
	static struct vet_replay replay;
	static struct vet_trace trace;
	static struct record record;
	struct vet_sys *sys;

	record.size = 0;
	must(vet_replay_start(&replay, text, size, NULL) == 0);
	sys = vet_trace_start(&trace, vet_replay_sys(&replay), keep, &record);
	if (!vet_fuzz_follow(text, size, sys) || vet_trace_error(&trace) != 0)
		return; /* not all calls could be made, or recorded */
	must(vet_replay_failure(&replay) == NULL);
	must(vet_trace_hash(&trace) == vet_replay_hash(&replay));
	must(record.size == size && memcmp(record.text, text, size) == 0);
	/* A call more is one that the trace has not. */
	sys = vet_replay_sys(&replay);
	must((sys->calls->send)(sys, 0, text, size, 0) < 0);
	must(strstr(vet_replay_failure(&replay), "the trace has ended") != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct vet_replay replay;
	const char *text = (const char *)data;

	if (size > TEXT_MAX || vet_replay_start(&replay, text, size, NULL) != 0)
		return 0;
	run_program(text, size);
	replay_anew(text, size);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	return vet_fuzz_mutate_tokens("replay", '\n', data, size, max_size, seed);
}
