/* SPDX-License-Identifier: 0BSD */
/*
 * What the targets of vetsock's behaviour share.  An input is a tape (tape.h): from its front the
 * world, then what the program does, a deed in four bytes; from its back the faults.  The checks are
 * the explorer's, and those of a small model of what each description has sent and received.
 *
 * VETSOCK_FUZZ_TELL=1 tells each deed as it is done: for an input that ends the program itself.
 */
#ifndef VETSOCK_FUZZ_BEHAVIOUR_H
#define VETSOCK_FUZZ_BEHAVIOUR_H

#include <vetsock/tape.h>

#include "../tests/scenarios/steps.h"

enum {
	VET_FUZZ_SOCKETS = 6,
	VET_FUZZ_BYTES = 8192, /* that go out through one description, at most */
	VET_FUZZ_DEEDS = 18,   /* of one run, at most */
	VET_FUZZ_WORLD = 8,    /* bytes of the tape, for the world and how the run begins */
	VET_FUZZ_DEED = 4,     /* and for a deed */
};

/* What goes through one description: shared by the clones of a socket. */
struct vet_fuzz_flow {
	size_t sent, received; /* bytes */
	bool has_ended;        /* its writing half was shut down */
	bool is_unsure;        /* it may be another connection than that of which this is known */
	bool is_listening;
	/* Datagrams on their way back: where each begins in the pattern, and how long it is. */
	unsigned queued, taken;
	struct {
		uint16_t at, size;
	} queue[VET_FUZZ_DEEDS];
};

struct vet_fuzz_slot {
	struct vet_socket socket;
	struct vet_fuzz_flow *flow;
	bool has_deadline;
	bool is_connected; /* and a stream: it cannot be connected again */
};

struct vet_fuzz_target;

/* One run. */
struct vet_fuzz_run {
	struct vet_trial *trial;
	const struct vet_fuzz_target *target;
	const struct vet_world *world;
	const unsigned char *pattern; /* what is sent and received, but for files from elsewhere */
	struct vet_fuzz_slot slots[VET_FUZZ_SOCKETS];
	struct vet_fuzz_flow flows[VET_FUZZ_SOCKETS + VET_FUZZ_DEEDS + 1];
	unsigned flow_count;
	unsigned accepted;
	bool has_adopted;
	unsigned char who_and_when;          /* of this deed */
	const struct vet_fuzz_slot *promise; /* whose deadline the explorer holds it to */
	struct vet_buffer buffer;
	unsigned char room[VET_FUZZ_BYTES];
};

struct vet_fuzz_deed {
	const char *name;
	void (*act)(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot);
};

struct vet_fuzz_target {
	const char *name;
	const struct vet_fuzz_deed *deeds;
	unsigned deed_count;
	/* What the world has besides; reads at most 2 bytes. */
	void (*set)(struct vet_world *world, struct vet_tape *tape);
	/* How the program begins. */
	void (*begin)(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot);
};

/* Runs one input; a violation is told, and ends the program. */
void vet_fuzz_behave(const struct vet_fuzz_target *target, const void *data, size_t size);

/* mutate.c: LLVMFuzzerCustomMutator() of a tape. */
size_t vet_fuzz_mutate_tape(uint8_t *data, size_t size, size_t max_size, unsigned seed);

/* What libFuzzer calls, of a target. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
/* clang-format off */
#define VET_FUZZ_HARNESS(target) \
	int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) \
	{ vet_fuzz_behave(&(target), data, size); return 0; } \
	size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed) \
	{ return vet_fuzz_mutate_tape(data, size, max_size, seed); }
/* clang-format on */

/* ---- for deeds ---- */

/* What goes through each description: vet_peer_byte(), as files have it, or the same with a newline at
 * the end of every 16 bytes, for print. */
enum { VET_FUZZ_LINE = 16 };
extern unsigned char vet_fuzz_pattern[VET_FUZZ_BYTES], vet_fuzz_file[VET_FUZZ_BYTES];

/* Tells what was done, when somebody listens: "write(#1, 12 bytes) = 12". */
#define TELL(run, slot, verb, result, ...) \
	(vet_fuzz_is_telling ? vet_fuzz_tell(run, slot, verb, result, __VA_ARGS__) : (void)0)
extern bool vet_fuzz_is_telling;
void vet_fuzz_tell(const struct vet_fuzz_run *run, const struct vet_fuzz_slot *slot,
		   const char *verb, int64_t result, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* DO(run, slot, write, data, size, &done): an operation on the slot's socket, told to the explorer. */
#define DO(run, slot, verb, ...)  STEP((run)->trial, verb, &(slot)->socket, __VA_ARGS__)
#define DO_ALONE(run, slot, verb) STEP((run)->trial, verb, &(slot)->socket)
#define CHECK(run, condition)     vet_trial_check((run)->trial, condition)

static inline bool vet_fuzz_is_open(const struct vet_fuzz_slot *slot)
{
	return slot->socket.table.sys != NULL;
}

/* Small as a rule; seldom more, of datagrams than the peer takes. */
size_t vet_fuzz_size(struct vet_fuzz_run *run, const struct vet_fuzz_slot *slot);
/* A closed slot, or NULL. */
struct vet_fuzz_slot *vet_fuzz_closed_slot(struct vet_fuzz_run *run);
/* A flow of its own for what has just been made. */
struct vet_fuzz_flow *vet_fuzz_new_flow(struct vet_fuzz_run *run);
/* Whether a call gave the error, or took nothing of something, of which EIO is made: for those that this
 * world does not give by itself. */
bool vet_fuzz_has_met(int error);
/* Before an operation that may wait: a deadline, or none if it need not end by one. */
void vet_fuzz_arm(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot, bool is_to_end);
/* So long from now the explorer holds the program to (VET_DURATION_MAX: no longer), for this slot. */
void vet_fuzz_promise(struct vet_fuzz_run *run, const struct vet_fuzz_slot *slot,
		      vet_duration from_now);
/* The socket is closed. */
void vet_fuzz_forget_deadline(struct vet_fuzz_run *run, const struct vet_fuzz_slot *slot);
/* Makes a stream, datagram or raw socket; 0, or an error. */
int64_t vet_fuzz_make(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot, int kind, int family);
/* Connects to the server. */
void vet_fuzz_dial(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot);
struct vet_address vet_fuzz_address(int family, unsigned host);

/* ---- deeds: deeds_socket.c, deeds_bytes.c ---- */

/* clang-format off */
#define VET_FUZZ_SOCKET_DEEDS(DEED) \
	DEED(make_stream) DEED(make_datagram) DEED(make_raw) DEED(adopt) DEED(readopt) \
	DEED(try_clone) DEED(close) DEED(bind) DEED(listen) DEED(accept) DEED(connect) \
	DEED(addresses) DEED(ask) DEED(shutdown) DEED(shutdown_read) DEED(shutdown_write) \
	DEED(deadlines) DEED(option) DEED(text) DEED(group) DEED(open)
#define VET_FUZZ_BYTE_DEEDS(DEED) \
	DEED(write) DEED(write_some) DEED(print) DEED(send_to) DEED(send_file) \
	DEED(send_file_range) DEED(flush) DEED(read) DEED(read_exact) DEED(read_into) \
	DEED(read_all) DEED(receive_from) DEED(free)
/* A row of a target's table. */
#define DEED(name) { #name, vet_fuzz_do_##name }
/* clang-format on */
#define VET_FUZZ_DECLARE(name) \
	void vet_fuzz_do_##name(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot);
VET_FUZZ_SOCKET_DEEDS(VET_FUZZ_DECLARE)
VET_FUZZ_BYTE_DEEDS(VET_FUZZ_DECLARE)

#endif
