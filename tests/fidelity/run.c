/* SPDX-License-Identifier: 0BSD */
/* Runs a program on a table, call by call. */
#include "run.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <string.h>

enum {
	NO_SUCH_DESCRIPTOR = 1000000, /* of a slot that is closed: beyond every limit */
};

static int64_t milliseconds(const struct run *run)
{
	int64_t now = 0;
	(void)(run->side->sys->calls->now)(run->side->sys, &now);
	return now / 1000000;
}

static unsigned char received[LARGEST];

/* What a description sends from a position on: each has bytes of its own. */
static const void *bytes_of(const struct run *run, unsigned slot)
{
	uint32_t stream = run->stream[slot];
	return pattern_bytes(stream, run->sent[stream]);
}

static size_t clamped(int32_t size)
{
	return size < 0 ? 0 : size > LARGEST ? LARGEST : (size_t)size;
}

/* What a call works on, beside the run: as long as one step. */
struct work {
	struct vet_call call;
	struct sockaddr_storage name;
	socklen_t length;
	int64_t offset, time;
	int truncated;
	unsigned char value[NAME_ROOM];
	struct iovec part[PARTS];
	struct pollfd polled[SLOTS];
	struct pollfd led[SLOTS];
};

static int descriptor(const struct run *run, unsigned slot)
{
	if (slot == SLOT_FILE)
		return run->side->file;
	return slot >= SLOTS || run->fd[slot] < 0 ? NO_SUCH_DESCRIPTOR : run->fd[slot];
}

/* ---- arguments ---- */

/* Room for a name, as a step says it. */
static void room_make(const struct step *step, struct work *work, struct sockaddr **address,
		      socklen_t **length)
{
	work->length = step->length >= 0 ? (socklen_t)step->length : NAME_ROOM;
	*address = step->length == NAME_NONE ? NULL : (struct sockaddr *)&work->name;
	*length = step->length == NAME_NONE ? NULL : &work->length;
}

static void to_make(struct run *run, const struct step *step, struct work *work)
{
	work->call.u.to.length =
		place_make(run, &step->place, &work->name, &work->call.u.to.address);
}

static void option_make(const struct step *step, struct work *work)
{
	const struct option_row *row = &option_rows[step->option];
	int32_t pair[2] = { step->number, step->second };
	socklen_t most = step->entry == VET_CALL_getsockopt ? VALUE_ROOM : NAME_ROOM;
	work->length = step->length >= 0 ? (socklen_t)step->length : row->size;
	if (work->length > most)
		work->length = most;
	if (step->entry == VET_CALL_getsockopt) {
		work->call.u.get.level = row->level;
		work->call.u.get.name = row->option;
		work->call.u.get.value = work->value;
		work->call.u.get.length = &work->length;
		return;
	}
	memcpy(work->value, pair, sizeof(pair));
	work->call.u.set.level = row->level;
	work->call.u.set.name = row->option;
	work->call.u.set.value = work->value;
	work->call.u.set.length = work->length;
}

static void in_make(const struct step *step, struct work *work)
{
	struct vet_call *call = &work->call;
	call->u.in.data = received;
	call->u.in.size = clamped(step->number);
	call->u.in.flags = step->peek ? MSG_PEEK : 0;
	if (step->entry != VET_CALL_recvfrom)
		return;
	room_make(step, work, &call->u.in.address, &call->u.in.length);
	call->u.in.truncated = &work->truncated;
}

static void out_make(struct run *run, const struct step *step, struct work *work)
{
	struct vet_call *call = &work->call;
	call->u.out.data = bytes_of(run, step->slot);
	call->u.out.size = clamped(step->number);
	if (step->entry == VET_CALL_sendto)
		call->u.out.length =
			place_make(run, &step->place, &work->name, &call->u.out.address);
}

static void gather_make(struct run *run, const struct step *step, struct work *work)
{
	const unsigned char *from = bytes_of(run, step->slot);
	size_t at = 0;
	for (unsigned i = 0; i < step->count; i++) {
		size_t size = clamped(step->u.part[i]);
		if (size > LARGEST - at)
			size = LARGEST - at;
		work->part[i] = (struct iovec){ (void *)(uintptr_t)(from + at), size };
		at += size;
	}
	work->call.u.gather.parts = work->part;
	work->call.u.gather.count = step->count;
}

static void polled_make(const struct run *run, const struct step *step, const struct answer *led,
			struct work *work)
{
	for (unsigned i = 0; i < step->count; i++) {
		const struct polled *polled = &step->u.polled[i];
		work->polled[i] = (struct pollfd){
			.fd = polled->slot >= SLOTS ? -1 : descriptor(run, polled->slot),
			.events = polled->events,
		};
		work->led[i] = work->polled[i];
		if (led != NULL)
			work->led[i].revents = led->revents[i];
	}
	work->call.u.poll.descriptors = work->polled;
	work->call.u.poll.count = step->count;
	work->call.u.poll.nanoseconds = step->number * INT64_C(1000000);
}

static void file_make(const struct run *run, const struct step *step, struct work *work)
{
	work->offset = step->second;
	work->call.u.file.file = run->side->file;
	work->call.u.file.offset = &work->offset;
	work->call.u.file.size = clamped(step->number);
}

static void read_make(const struct step *step, struct work *work)
{
	work->call.u.read.data = received;
	work->call.u.read.size = clamped(step->number);
	work->call.u.read.offset = step->second;
}

static void call_make(struct run *run, const struct step *step, const struct answer *led,
		      struct work *work)
{
	struct vet_call *call = &work->call;
	*call = (struct vet_call){ .entry = step->entry, .fd = descriptor(run, step->slot) };
	switch (step->entry) {
	case VET_CALL_socket:
		call->u.socket.domain = step->number;
		call->u.socket.type = step->second;
		call->u.socket.protocol = step->third;
		break;
	case VET_CALL_bind:
	case VET_CALL_connect:
		to_make(run, step, work);
		break;
	case VET_CALL_listen:
		call->u.backlog = step->number;
		break;
	case VET_CALL_shutdown:
		call->u.how = step->number;
		break;
	case VET_CALL_accept:
	case VET_CALL_getsockname:
	case VET_CALL_getpeername:
		room_make(step, work, &call->u.name.address, &call->u.name.length);
		break;
	case VET_CALL_getsockopt:
	case VET_CALL_setsockopt:
		option_make(step, work);
		break;
	case VET_CALL_recv:
	case VET_CALL_recvfrom:
		in_make(step, work);
		break;
	case VET_CALL_send:
	case VET_CALL_sendto:
		out_make(run, step, work);
		break;
	case VET_CALL_sendv:
		gather_make(run, step, work);
		break;
	case VET_CALL_pread:
		read_make(step, work);
		break;
	case VET_CALL_sendfile:
		file_make(run, step, work);
		break;
	case VET_CALL_poll:
		polled_make(run, step, led, work);
		break;
	case VET_CALL_now:
		call->u.nanoseconds = &work->time;
		break;
	case VET_CALL_realloc:
		call->u.block.memory = &run->block;
		call->u.block.size = clamped(step->number);
		break;
	case VET_CALL_interface_index:
		call->u.name_of_interface = step->number == 0 ? "lo" : "no-such-link";
		break;
	default:
		break;
	}
}

/* ---- answers ---- */

/* The new descriptor goes into its slot. */
static void made(struct run *run, const struct step *step, int fd)
{
	unsigned slot = step->made, stream = run->streams;
	if (run->fd[slot] >= 0)
		(void)(run->side->sys->calls->close)(run->side->sys, run->fd[slot]);
	run->fd[slot] = fd;
	run->kind[slot] = step->entry == VET_CALL_socket
				  ? (step->second == SOCK_STREAM ? OPTION_STREAM : OPTION_DATAGRAM)
				  : run->kind[step->slot];
	if (step->entry == VET_CALL_dup) {
		run->stream[slot] = run->stream[step->slot];
		return;
	}
	run->port[stream] = step->entry == VET_CALL_accept ? run->port[run->stream[step->slot]] : 0;
	run->sent[stream] = 0;
	run->stream[slot] = (uint8_t)stream;
	run->streams++;
}

static void moved(struct run *run, const struct step *step, const struct work *work,
		  struct answer *answer)
{
	switch (step->entry) {
	case VET_CALL_recv:
	case VET_CALL_recvfrom:
	case VET_CALL_pread:
		answer->bytes = pattern_hash(received, (size_t)answer->result);
		break;
	case VET_CALL_send:
	case VET_CALL_sendto:
	case VET_CALL_sendv:
		run->sent[run->stream[step->slot]] += (uint32_t)answer->result;
		break;
	default:
		break;
	}
	answer->truncated = work->truncated;
}

static void named(struct run *run, const struct step *step, const struct work *work,
		  struct answer *answer)
{
	int kind = step->slot < SLOTS && run->kind[step->slot] == OPTION_DATAGRAM;
	socklen_t there = step->length >= 0 ? (socklen_t)step->length : NAME_ROOM;
	answer->length = (int32_t)work->length;
	name_normalise(run, kind, &work->name, work->length < there ? work->length : there,
		       &answer->name);
}

/* Whether a port was met before by sockets of that kind; `but`: the last of them does not count. */
static bool is_known(const struct run *run, int kind, int but, uint16_t port)
{
	for (int i = 0; i + but < run->ephemerals[kind]; i++)
		if (run->ephemeral[kind][i] == port)
			return true;
	return false;
}

/* Whether the call said which port it wants. */
static bool says_port(const struct step *step, const struct work *work)
{
	return step->entry == VET_CALL_bind &&
	       ((const struct sockaddr_in *)(const void *)&work->name)->sin_port != 0;
}

/* What getsockname says after a call that may have bound the socket. */
static void local(struct run *run, const struct step *step, const struct work *work,
		  struct answer *answer)
{
	struct vet_sys *sys = run->side->sys;
	struct sockaddr_storage name;
	socklen_t length = sizeof(name);
	unsigned stream = run->stream[step->slot];
	int kind = run->kind[step->slot] == OPTION_DATAGRAM, is_new;
	memset(&name, 0, sizeof(name));
	if (run->fd[step->slot] < 0 ||
	    (sys->calls->getsockname)(sys, run->fd[step->slot], (struct sockaddr *)&name, &length) <
		    0)
		return;
	answer->local_length = (int32_t)length;
	is_new = run->ephemerals[kind];
	name_normalise(run, kind, &name, length, &answer->local);
	is_new = run->ephemerals[kind] - is_new;
	answer->port = ntohs(((struct sockaddr_in *)(void *)&name)->sin_port);
	if (answer->port != run->port[stream] && !says_port(step, work) &&
	    (is_known(run, kind, is_new, answer->port) || is_known(run, !kind, 0, answer->port)))
		run->is_coincidence = true;
	run->port[stream] = answer->port;
}

/* Linux binds a datagram socket before it looks at what is to be sent (inet_autobind). */
static bool may_bind(const struct run *run, const struct step *step)
{
	switch (step->entry) {
	case VET_CALL_bind:
	case VET_CALL_connect:
	case VET_CALL_listen:
	case VET_CALL_sendto:
		return true;
	case VET_CALL_send:
	case VET_CALL_sendv:
	case VET_CALL_sendfile:
		return run->kind[step->slot] == OPTION_DATAGRAM;
	default:
		return false;
	}
}

static void option_got(const struct work *work, struct answer *answer)
{
	answer->length = (int32_t)work->length;
	if (work->length <= VALUE_ROOM)
		memcpy(answer->value, work->value, work->length);
}

static void finish(struct run *run, const struct step *step, struct work *work,
		   struct answer *answer)
{
	const uint32_t bit = UINT32_C(1) << step->entry;
	const uint32_t names =
		UINT32_C(1) << VET_CALL_accept | UINT32_C(1) << VET_CALL_getsockname |
		UINT32_C(1) << VET_CALL_getpeername | UINT32_C(1) << VET_CALL_recvfrom;
	if (answer->result >= 0) {
		moved(run, step, work, answer);
		if ((bit & names) && step->length != NAME_NONE)
			named(run, step, work, answer);
		if (step->made != SLOT_NONE)
			made(run, step, (int)answer->result);
		if (step->made != SLOT_NONE || step->entry == VET_CALL_adopt)
			answer->result = 0;
		if (step->entry == VET_CALL_interface_index)
			answer->result = 1;
		if (step->entry == VET_CALL_getsockopt)
			option_got(work, answer);
		if (step->entry == VET_CALL_sendfile)
			answer->offset = (int32_t)work->offset;
	}
	if (may_bind(run, step))
		local(run, step, work, answer);
	for (unsigned i = 0; step->entry == VET_CALL_poll && i < step->count; i++)
		answer->revents[i] = work->polled[i].revents;
	if (step->entry == VET_CALL_close)
		run->fd[step->slot] = -1;
}

static void watch(struct run *run, const struct step *step, struct answer *answer)
{
	struct vet_sys *sys = run->side->sys;
	unsigned char state = 0;
	socklen_t length = 1;
	if (step->slot >= SLOTS || run->fd[step->slot] < 0)
		return;
	answer->kind = run->kind[step->slot];
	if (answer->kind == OPTION_STREAM &&
	    (sys->calls->getsockopt)(sys, run->fd[step->slot], IPPROTO_TCP, TCP_INFO, &state,
				     &length) == 0)
		answer->state = state;
}

static bool is_deaf_step(const struct step *step)
{
	return step->entry == VET_CALL_setsockopt && option_rows[step->option].level == LEVEL_DEAF;
}

void run_step(struct run *run, uint32_t index, const struct answer *led, struct answer *answer)
{
	const struct step *step = &run->program->step[index];
	struct work work;
	int64_t began;
	memset(&work.name, 0, sizeof(work.name));
	memset(work.value, 0, sizeof(work.value));
	work.truncated = 0;
	memset(answer, 0, sizeof(*answer));
	answer->length = answer->local_length = -1;
	if (run->side->watches)
		watch(run, step, answer);
	call_make(run, step, led, &work);
	began = run->waits ? milliseconds(run) : 0;
	if (run->side->before != NULL)
		run->side->before(run->side, led, step->number > 0 ? NULL : work.led);
	if (is_deaf_step(step))
		answer->result = run->side->deafen(run->side, work.call.fd, step->number != 0);
	else
		answer->result = vet_call_make(run->side->sys, &work.call);
	if (run->waits) {
		int64_t now = milliseconds(run);
		answer->elapsed = (int32_t)(now - began);
		answer->at = (int32_t)(now - run->began);
	}
	finish(run, step, &work, answer);
}

int64_t program_waits(const struct program *program)
{
	int64_t sum = 0;
	for (uint32_t i = 0; i < program->count; i++)
		if (program->step[i].entry == VET_CALL_poll)
			sum += program->step[i].number;
	return sum;
}

void run_begin(struct run *run, struct side *side, const struct program *program,
	       const struct ground *ground)
{
	run->side = side;
	run->program = program;
	run->ground = *ground;
	for (unsigned i = 0; i < SLOTS; i++) {
		run->fd[i] = -1;
		run->kind[i] = 0;
		run->stream[i] = 0;
	}
	run->streams = 1;
	run->port[0] = 0;
	run->sent[0] = 0;
	run->ephemerals[0] = run->ephemerals[1] = 0;
	run->is_coincidence = false;
	run->block = NULL;
	run->waits = program_waits(program) > 0;
	run->began = run->waits ? milliseconds(run) : 0;
}

void run_end(struct run *run)
{
	struct vet_sys *sys = run->side->sys;
	for (unsigned i = 0; i < SLOTS; i++)
		if (run->fd[i] >= 0)
			(void)(sys->calls->close)(sys, run->fd[i]);
	if (run->block != NULL)
		(void)(sys->calls->realloc)(sys, &run->block, 0);
}
