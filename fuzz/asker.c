/* SPDX-License-Identifier: 0BSD */
/*
 * The grammar of traces itself reads what a line asks for (shim/trace/text.h), into memory that is laid
 * out here before.  What it does not keep, as a trace is only compared, is read here once more: the parts
 * of a sendv, the descriptors of a poll, the number of a file, and whether there was memory at all.
 */
#include "asker.h"

#include <stdlib.h>
#include <string.h>

#include "../shim/trace/text.h"
#include "fuzz.h"

enum { ROOM = 1 << 12, GUARD = 8, PARTS = 16, BLOCKS = 16 };
/* Descriptors that were made elsewhere: one that is never adopted, and those that are; and files. */
enum { STRANGER = 99, ADOPTED = 1000, FILES = 100 };

/* Memory of one call; what is answered goes here too. */
static struct memory {
	_Alignas(max_align_t) unsigned char data[ROOM + GUARD];
	_Alignas(max_align_t) unsigned char address[ROOM + GUARD];
	size_t data_room, address_room; /* for the answer; what lies behind is not touched */
	socklen_t length;
	int truncated;
	int64_t number;
	int brought; /* descriptors that were made elsewhere, so far */
	struct iovec parts[PARTS];
	struct pollfd descriptors[PARTS];
	void *blocks
		[BLOCKS]; /* what was given by realloc and not given back; the last one is used */
	size_t count;
	void *block;
} memory;

/* A line: where its words are. */
struct source {
	const char *text;
	size_t begin;  /* behind the name of the call */
	size_t asked;  /* behind what is asked with */
	size_t answer; /* behind the mark */
	size_t end;
	struct vet_trace_names *names;
};

/* ---- what is read here ---- */

/* Begins to read a line once more, somewhere in it. */
static void read_again(struct vet_line *line, const struct source *from, size_t at)
{
	static struct vet_call unused;

	vet_line_read(line, from->names, &unused, from->text, at, from->end);
}

/* The parts of a sendv, whose bytes are cut from one block of memory. */
static bool read_parts(const struct source *from)
{
	struct vet_line at;
	size_t used = 0;
	int fd, count;

	read_again(&at, from, from->begin);
	vet_line_literal(&at, " ");
	vet_line_descriptor(&at, &fd);
	vet_line_literal(&at, " ");
	vet_line_int(&at, &count);
	for (int i = 0; i < count; i++) {
		uint64_t bytes;
		struct iovec *part = &memory.parts[i];

		if (i == PARTS)
			return false;
		part->iov_base = memory.data + used;
		vet_line_literal(&at, " ");
		bytes = vet_line_bytes(&at, part->iov_base, ROOM - used);
		vet_line_literal(&at, " ");
		vet_line_size(&at, &part->iov_len);
		if (bytes > ROOM - used)
			return false;
		used += (size_t)bytes;
		if (bytes == 0 && part->iov_len > 0)
			part->iov_base = NULL;
	}
	return true;
}

static bool read_descriptors(const struct source *from, nfds_t count)
{
	struct vet_line at;

	read_again(&at, from, from->begin);
	vet_line_literal(&at, " ");
	if (count > PARTS)
		return false;
	for (nfds_t i = 0; i < count; i++) {
		memory.descriptors[i].revents = 0;
		vet_line_descriptor(&at, &memory.descriptors[i].fd);
		if (memory.descriptors[i].fd == VET_REPLAY_FOREIGN)
			memory.descriptors[i].fd = STRANGER;
		vet_line_literal(&at, ":");
		vet_line_events(&at, &memory.descriptors[i].events);
		vet_line_literal(&at, " ");
	}
	return true;
}

/* Files that were made elsewhere differ by their number; "file N" is the last or the first word. */
static int read_file(const struct source *from, int fd)
{
	static const char word[] = " file ";
	const size_t length = sizeof(word) - 1;
	struct vet_line line;
	int number = 0;

	for (size_t at = from->begin; at + length < from->asked; at++)
		if (memcmp(from->text + at, word, length) == 0) {
			read_again(&line, from, at + length);
			vet_line_int(&line, &number);
			return FILES + number;
		}
	return fd;
}

/* Whether the first string from there on is empty. */
static bool is_empty_string(const struct source *from, size_t at)
{
	const char *quote = memchr(from->text + at, '"', from->end - at);

	return quote != NULL && quote + 1 < from->text + from->end && quote[1] == '"';
}

/* Whether what is asked with ends with an address that was NULL: other:none/16"". */
static bool ends_with_no_address(const struct source *from)
{
	static const char none[] = "other:none/";
	const char *text = from->text;
	size_t end = from->asked;

	if (text[end - 1] != '"' || text[end - 2] != '"')
		return false;
	end -= 2;
	while (text[end - 1] >= '0' && text[end - 1] <= '9')
		end--;
	return end > sizeof(none) &&
	       memcmp(text + end - (sizeof(none) - 1), none, sizeof(none) - 1) == 0;
}

/* ---- memory, before a line is read and after ---- */

static void lay_out(struct vet_call *call, unsigned entry)
{
	memset(call, 0, sizeof(*call));
	call->fd = -1;
	memory.data_room = memory.address_room = ROOM;
	switch (entry) {
	case VET_CALL_bind:
	case VET_CALL_connect:
		call->u.to.address = (struct sockaddr *)(void *)memory.address;
		break;
	case VET_CALL_setsockopt:
		call->u.set.value = memory.data;
		break;
	case VET_CALL_sendto:
		call->u.out.address = (struct sockaddr *)(void *)memory.address;
		/* fallthrough */
	case VET_CALL_send:
		call->u.out.data = memory.data;
		call->u.out.size = ROOM;
		break;
	case VET_CALL_interface_index:
		call->u.name_of_interface = (char *)memory.data;
		/* There is as much room as the name is long that stands there. */
		memset(memory.data, 'x', ROOM - 1);
		memory.data[ROOM - 1] = '\0';
		break;
	default:
		break;
	}
}

/* Room for an address: as much as the line says. */
static bool give_room(const struct vet_line *line, struct sockaddr **address, socklen_t **length)
{
	memory.length = line->before.room;
	if (!line->before.has_room)
		return true;
	*address = (struct sockaddr *)(void *)memory.address;
	*length = &memory.length;
	memory.address_room = line->before.room;
	return line->before.room <= ROOM;
}

static bool give_in(const struct source *from, const struct vet_line *line, struct vet_call *call)
{
	/* Bytes that came and were not kept: the caller gave NULL. */
	bool is_null =
		line->result > 0 && call->u.in.size > 0 && is_empty_string(from, from->answer);

	call->u.in.data = is_null ? NULL : memory.data;
	call->u.in.truncated = line->before.tells ? &memory.truncated : NULL;
	memory.data_room = call->u.in.size;
	return call->u.in.size <= ROOM && give_room(line, &call->u.in.address, &call->u.in.length);
}

static bool give_option(const struct vet_line *line, struct vet_call *call)
{
	memory.length = line->before.room;
	if (line->before.has_room) {
		call->u.get.value = memory.data;
		call->u.get.length = &memory.length;
		memory.data_room = line->before.room;
	}
	return line->before.room <= ROOM;
}

static bool give_block(const struct vet_line *line, struct vet_call *call)
{
	bool is_there = line->before.has_block;

	if (is_there ? memory.count == 0 : memory.count == BLOCKS)
		return false;
	memory.block = is_there ? memory.blocks[--memory.count] : NULL;
	call->u.block.memory = &memory.block;
	if (call->u.block.size <= ROOM)
		return true;
	if (is_there)
		memory.count++;
	return false;
}

/* A name with a NUL in it is no text of C. */
static bool give_name(const struct source *from)
{
	struct vet_line line;
	uint64_t length;

	read_again(&line, from, from->begin + 1);
	length = vet_line_bytes(&line, NULL, 0);
	memory.data[length] = '\0';
	return strlen((const char *)memory.data) == length;
}

/* Completes a call that was read. */
static bool complete(const struct source *from, const struct vet_line *line, struct vet_call *call)
{
	static const char forever[] = "forever";

	memory.number = line->before.offset;
	switch (call->entry) {
	case VET_CALL_accept:
	case VET_CALL_getsockname:
	case VET_CALL_getpeername:
		return give_room(line, &call->u.name.address, &call->u.name.length);
	case VET_CALL_getsockopt:
		return give_option(line, call);
	case VET_CALL_setsockopt:
		if (is_empty_string(from, from->begin))
			call->u.set.value = NULL;
		return line->shape != VET_SHAPE_GROUP && call->u.set.length <= ROOM;
	case VET_CALL_bind:
	case VET_CALL_connect:
		if (ends_with_no_address(from))
			call->u.to.address = NULL;
		return call->u.to.length <= ROOM;
	case VET_CALL_recv:
	case VET_CALL_recvfrom:
		return give_in(from, line, call);
	case VET_CALL_send:
	case VET_CALL_sendto:
		if (is_empty_string(from, from->begin))
			call->u.out.data = NULL;
		if (ends_with_no_address(from))
			call->u.out.address = NULL;
		return call->u.out.length <= ROOM;
	case VET_CALL_sendv:
		call->u.gather.parts = memory.parts;
		return read_parts(from);
	case VET_CALL_pread:
		call->fd = read_file(from, call->fd);
		call->u.read.data = line->result > 0 && is_empty_string(from, from->answer)
					    ? NULL
					    : memory.data;
		memory.data_room = call->u.read.size;
		return call->u.read.size <= ROOM;
	case VET_CALL_sendfile:
		call->u.file.file = read_file(from, call->u.file.file);
		call->u.file.offset = line->before.has_offset ? &memory.number : NULL;
		return true;
	case VET_CALL_poll:
		call->u.poll.descriptors = memory.descriptors;
		if (memcmp(from->text + from->asked - strlen(forever), forever, strlen(forever)) ==
		    0)
			call->u.poll.nanoseconds = -1;
		return read_descriptors(from, call->u.poll.count);
	case VET_CALL_now:
		call->u.nanoseconds = &memory.number;
		return true;
	case VET_CALL_realloc:
		return give_block(line, call);
	case VET_CALL_interface_index:
		return give_name(from);
	default:
		return true;
	}
}

/* ---- a line, and all ---- */

/* The reader has one number for all that was made elsewhere; a replay keeps the one that is brought, unless
 * the line says that it was moved. */
static void bring(const struct source *from, int64_t result, struct vet_call *call)
{
	struct vet_trace_names *names = from->names;

	if (call->fd != VET_REPLAY_FOREIGN)
		return;
	call->fd = STRANGER;
	if (call->entry != VET_CALL_adopt)
		return;
	call->fd = ADOPTED + memory.brought++;
	if (result >= 0 && names->count > 0 && memcmp(from->text + from->end - 5, "moved", 5) != 0)
		names->fd[names->count - 1] = call->fd;
}

/* Where the call ends and its answer begins: at the first " = " outside a string. */
static size_t end_of_call(const char *text, size_t at)
{
	bool is_quoted = false;

	for (; is_quoted || text[at] != '='; at++) {
		if (text[at] == '"')
			is_quoted = !is_quoted;
		else if (text[at] == '\\')
			at++;
	}
	return at - 1;
}

/* Reads the line into the call; what it asks for goes into the memory that the call has. */
static void read_line(struct vet_line *line, struct source *from, struct vet_call *call, size_t at)
{
	vet_line_read(line, from->names, call, from->text, at, from->end);
	from->begin = at + vet_line_word(line);
	from->asked = end_of_call(from->text, at);
	from->answer = from->asked + strlen(" = ");
	lay_out(call, (unsigned)vet_entry_find(from->text + at, from->begin - at));
	line->is_filling = true;
	vet_line_call(line);
	line->is_filling = false;
	vet_line_mark(line);
	vet_line_answer(line);
	must(!vet_line_is_wrong(line));
}

/* Makes the call, which writes no further than it was told to. */
static void make(struct vet_sys *sys, struct vet_call *call)
{
	static const unsigned char guard[GUARD] = {
		0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5
	};

	memcpy(memory.data + memory.data_room, guard, GUARD);
	memcpy(memory.address + memory.address_room, guard, GUARD);
	(void)vet_call_make(sys, call);
	must(memcmp(memory.data + memory.data_room, guard, GUARD) == 0);
	must(memcmp(memory.address + memory.address_room, guard, GUARD) == 0);
}

static bool ask(struct source *from, size_t at, struct vet_sys *sys)
{
	struct vet_call call;
	struct vet_line line;

	read_line(&line, from, &call, at);
	if (!complete(from, &line, &call))
		return false;
	bring(from, line.result, &call);
	make(sys, &call);
	if (call.entry == VET_CALL_realloc && memory.block != NULL)
		memory.blocks[memory.count++] = memory.block;
	if (call.entry == VET_CALL_close)
		vet_numbers_close(from->names, call.fd);
	return true;
}

bool vet_fuzz_follow(const char *text, size_t size, struct vet_sys *sys)
{
	static struct vet_trace_names names;
	struct source from = { .text = text, .names = &names };
	size_t at = strlen(vet_trace_heading);
	bool is_made = true;

	vet_numbers_start(&names);
	memset(&memory, 0, sizeof(memory));
	for (; is_made && at < size; at = from.end + 1) {
		from.end = (size_t)((const char *)memchr(text + at, '\n', size - at) - text);
		is_made = ask(&from, at, sys);
	}
	while (memory.count > 0)
		free(memory.blocks[--memory.count]);
	return is_made;
}
