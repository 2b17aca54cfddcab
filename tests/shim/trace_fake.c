/* SPDX-License-Identifier: 0BSD */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "trace_rows.h"

struct memory memory;

/* ---- the table ---- */

enum { FIRST_FD = 10, FOREIGN_FD = 77, FILE_FD = 90 };

static void fill_address(const struct answer *answer, struct sockaddr *address, socklen_t *length)
{
	if (address == NULL || length == NULL)
		return;
	if (answer->address != NULL)
		memcpy(address, answer->address,
		       answer->size_of_address < *length ? answer->size_of_address : *length);
	*length = answer->is_empty ? 0 : answer->said != 0 ? answer->said : answer->size_of_address;
}

static void fill(const struct answer *answer, struct vet_call *call)
{
	switch (call->entry) {
	case VET_CALL_accept:
	case VET_CALL_getsockname:
	case VET_CALL_getpeername:
		fill_address(answer, call->u.name.address, call->u.name.length);
		break;
	case VET_CALL_getsockopt:
		if (call->u.get.value == NULL)
			break;
		memcpy(call->u.get.value, answer->bytes, answer->size);
		*call->u.get.length = answer->is_empty    ? 0
				      : answer->said != 0 ? answer->said
							  : (socklen_t)answer->size;
		break;
	case VET_CALL_recv:
	case VET_CALL_recvfrom:
		if (call->u.in.data != NULL && answer->size > 0)
			memcpy(call->u.in.data, answer->bytes, answer->size);
		fill_address(answer, call->u.in.address, call->u.in.length);
		if (call->u.in.truncated != NULL)
			*call->u.in.truncated = (int)answer->number;
		break;
	case VET_CALL_pread:
		if (answer->size > 0)
			memcpy(call->u.read.data, answer->bytes, answer->size);
		break;
	case VET_CALL_sendfile:
		if (call->u.file.offset != NULL)
			*call->u.file.offset = answer->number;
		break;
	case VET_CALL_poll:
		for (nfds_t i = 0; i < call->u.poll.count; i++)
			call->u.poll.descriptors[i].revents = answer->revents[i];
		break;
	case VET_CALL_now:
		*call->u.nanoseconds = answer->number;
		break;
	case VET_CALL_realloc: {
		void *moved = call->u.block.size > 0
				      ? realloc(*call->u.block.memory, call->u.block.size)
				      : NULL;
		if (call->u.block.size == 0)
			free(*call->u.block.memory);
		*call->u.block.memory = moved;
		break;
	}
	default:
		break;
	}
}

static int64_t fake_call(struct vet_layer *layer, struct vet_call *call)
{
	struct fake *fake = (struct fake *)layer;
	assert_true(fake->at < fake->count);
	const struct row *row = &fake->rows[fake->at++];
	assert_int_equal(call->entry, row->call.entry);
	bool makes = call->entry == VET_CALL_socket || call->entry == VET_CALL_dup ||
		     call->entry == VET_CALL_accept || call->entry == VET_CALL_adopt;
	if (row->answer.result >= 0)
		fill(&row->answer, call);
	if (!makes || row->answer.result < 0)
		return row->answer.result;
	/* 0: a new one; 1: adopted as it is; from 10 on: that one again. */
	if (row->answer.result >= FIRST_FD)
		return row->answer.result;
	return row->answer.result == 1 ? call->fd : fake->next_fd++;
}

struct vet_sys *fake_start(struct fake *fake, const struct row *program, size_t count)
{
	fake->rows = program;
	fake->count = count;
	fake->at = 0;
	fake->next_fd = FIRST_FD;
	return vet_layer_over(&fake->layer, NULL, fake_call);
}

/* ---- the program ---- */

struct handed {
	int fd[VET_TRACE_DESCRIPTORS + 8];
	int count;
};

static int fd_of(const struct handed *handed, int number)
{
	if (number <= 0)
		return number;
	if (number >= FOREIGN)
		return FOREIGN_FD + number - FOREIGN;
	return number <= handed->count ? handed->fd[number - 1] : -1;
}

static void hand(struct handed *handed, int fd)
{
	for (int i = 0; i < handed->count; i++)
		if (handed->fd[i] == fd)
			return;
	handed->fd[handed->count++] = fd;
}

static void prepare(const struct row *row, struct vet_call *call, const struct handed *handed)
{
	void *block = memory.block;
	memset(&memory, 0xa5, sizeof memory);
	memory.block = block;
	memory.length = row->room;
	memory.number = row->before;
	*call = row->call;
	call->fd = fd_of(handed, row->call.fd);
	if (call->entry == VET_CALL_sendfile)
		call->u.file.file = fd_of(handed, row->call.u.file.file);
	if (call->entry == VET_CALL_poll && call->u.poll.descriptors != NULL) {
		for (nfds_t i = 0; i < call->u.poll.count; i++) {
			memory.descriptors[i] = row->call.u.poll.descriptors[i];
			memory.descriptors[i].fd = fd_of(handed, memory.descriptors[i].fd);
		}
		call->u.poll.descriptors = memory.descriptors;
	}
}

void rows_run(struct vet_sys *sys, const struct row *program, size_t count,
	      void (*after)(const struct row *row, int64_t result))
{
	static struct handed handed;
	handed.count = 0;
	memory.block = NULL;
	for (size_t i = 0; i < count; i++) {
		struct vet_call call;
		prepare(&program[i], &call, &handed);
		int64_t result = vet_call_make(sys, &call);
		if (result >= 0 && (call.entry == VET_CALL_socket || call.entry == VET_CALL_dup ||
				    call.entry == VET_CALL_accept || call.entry == VET_CALL_adopt))
			hand(&handed, (int)result);
		if (after != NULL)
			after(&program[i], result);
	}
	free(memory.block);
	memory.block = NULL;
}

/* ---- texts ---- */

int keep(void *context, const char *text, size_t size)
{
	struct kept *kept = context;
	if (kept->size + size > kept->room) {
		kept->room = (kept->size + size) * 2;
		kept->text = realloc(kept->text, kept->room);
		assert_non_null(kept->text);
	}
	memcpy(kept->text + kept->size, text, size);
	kept->size += size;
	kept->pieces++;
	if (size > kept->greatest)
		kept->greatest = size;
	return 0;
}

void kept_free(struct kept *kept)
{
	free(kept->text);
	memset(kept, 0, sizeof *kept);
}

char *exactly(const char *text, size_t size)
{
	char *exact = malloc(size > 0 ? size : 1);
	assert_non_null(exact);
	memcpy(exact, text, size);
	return exact;
}

uint64_t rows_record(const struct row *program, size_t count, struct kept *kept)
{
	struct fake fake;
	struct vet_trace trace;
	struct vet_sys *sys = fake_start(&fake, program, count);
	rows_run(vet_trace_start(&trace, sys, kept != NULL ? keep : NULL, kept), program, count,
		 NULL);
	assert_int_equal(fake.at, count);
	assert_int_equal(vet_trace_error(&trace), 0);
	return vet_trace_hash(&trace);
}

void rows_expect(const struct row *program, size_t count, struct kept *kept)
{
	(void)keep(kept, "vetsock trace 1\n", 16);
	for (size_t i = 0; i < count; i++) {
		(void)keep(kept, program[i].line, strlen(program[i].line));
		(void)keep(kept, "\n", 1);
	}
}
