/* SPDX-License-Identifier: 0BSD */
/* Lines: a call, its arguments, the mark, its answer; which words these are is in ask.c and
 * answer.c. */
#include <string.h>

#include "text.h"

/* clang-format off */
static const struct grammar {
	void (*ask)(struct vet_line *line);
	void (*answer)(struct vet_line *line);
} grammar[VET_CALL_COUNT] = {
	[VET_CALL_socket]          = { vet_ask_socket,          vet_line_handed_out },
	[VET_CALL_adopt]           = { vet_ask_descriptor,      vet_line_handed_out },
	[VET_CALL_close]           = { vet_ask_descriptor,      vet_answer_count },
	[VET_CALL_dup]             = { vet_ask_descriptor,      vet_line_handed_out },
	[VET_CALL_bind]            = { vet_ask_to,              vet_answer_count },
	[VET_CALL_connect]         = { vet_ask_to,              vet_answer_count },
	[VET_CALL_listen]          = { vet_ask_listen,          vet_answer_count },
	[VET_CALL_accept]          = { vet_ask_name,            vet_answer_accept },
	[VET_CALL_shutdown]        = { vet_ask_shutdown,        vet_answer_count },
	[VET_CALL_getsockname]     = { vet_ask_name,            vet_answer_name },
	[VET_CALL_getpeername]     = { vet_ask_name,            vet_answer_name },
	[VET_CALL_getsockopt]      = { vet_ask_getsockopt,      vet_answer_getsockopt },
	[VET_CALL_setsockopt]      = { vet_ask_setsockopt,      vet_answer_count },
	[VET_CALL_recv]            = { vet_ask_recv,            vet_answer_recv },
	[VET_CALL_send]            = { vet_ask_send,            vet_answer_count },
	[VET_CALL_recvfrom]        = { vet_ask_recvfrom,        vet_answer_recvfrom },
	[VET_CALL_sendto]          = { vet_ask_sendto,          vet_answer_count },
	[VET_CALL_sendv]           = { vet_ask_sendv,           vet_answer_count },
	[VET_CALL_pread]           = { vet_ask_pread,           vet_answer_pread },
	[VET_CALL_sendfile]        = { vet_ask_sendfile,        vet_answer_sendfile },
	[VET_CALL_poll]            = { vet_ask_poll,            vet_answer_poll },
	[VET_CALL_now]             = { vet_ask_nothing,         vet_answer_now },
	[VET_CALL_realloc]         = { vet_ask_realloc,         vet_answer_count },
	[VET_CALL_interface_index] = { vet_ask_interface_index, vet_answer_count },
};
/* clang-format on */

const char vet_trace_heading[] = "vetsock trace 1\n";

void vet_line_write(struct vet_line *line, struct vet_trace_names *names, struct vet_call *call)
{
	memset(line, 0, offsetof(struct vet_line, piece));
	line->names = names;
	line->call = call;
}

void vet_line_read(struct vet_line *line, struct vet_trace_names *names, struct vet_call *call,
		   const char *text, size_t at, size_t end)
{
	vet_line_write(line, names, call);
	line->is_reading = true;
	line->in.text = text;
	line->in.at = at;
	line->in.size = end;
}

static struct vet_before room_before(const void *where, const socklen_t *length)
{
	struct vet_before before = { .has_room = where != NULL && length != NULL };
	if (before.has_room)
		before.room = *length;
	return before;
}

struct vet_before vet_line_before(const struct vet_call *call)
{
	struct vet_before before = { .has_room = false };
	switch (call->entry) {
	case VET_CALL_accept:
	case VET_CALL_getsockname:
	case VET_CALL_getpeername:
		return room_before(call->u.name.address, call->u.name.length);
	case VET_CALL_getsockopt:
		return room_before(call->u.get.value, call->u.get.length);
	case VET_CALL_recvfrom:
		before = room_before(call->u.in.address, call->u.in.length);
		before.tells = call->u.in.truncated != NULL;
		break;
	case VET_CALL_sendfile:
		before.has_offset = call->u.file.offset != NULL;
		before.offset = before.has_offset ? *call->u.file.offset : 0;
		break;
	case VET_CALL_realloc:
		before.has_block = *call->u.block.memory != NULL;
		break;
	default:
		break;
	}
	return before;
}

void vet_line_call(struct vet_line *line)
{
	unsigned entry = line->call->entry;
	if (line->is_reading) {
		size_t size = vet_line_word(line);
		int found = vet_entry_find(line->in.text + line->in.at, size);
		if (found < 0) {
			vet_line_wrong(line, line->in.at, size,
				       "no call of the table has this name");
			return;
		}
		line->in.at += size;
		entry = (unsigned)found;
		line->call->entry = entry;
	} else {
		vet_line_hash(line, VET_THING_ENTRY, entry);
		vet_line_literal(line, vet_entry_name(entry));
	}
	line->asked = line->in.at + 1;
	grammar[entry].ask(line);
}

void vet_line_mark(struct vet_line *line)
{
	if (line->is_reading && !vet_line_is_wrong(line) && !vet_line_sees(line, " = "))
		vet_line_wrong(line, line->in.at, 1, "' = ' and the result are missing here");
	vet_line_literal(line, " = ");
}

/* Results are digits, '#' or small letters; but for "error:N", errors are great letters. */
static bool begins_error(const struct vet_line *line)
{
	if (!line->is_reading)
		return line->result < 0;
	char first = '\0';
	if (line->in.at < line->in.size)
		first = line->in.text[line->in.at];
	return (first >= 'A' && first <= 'Z') || vet_line_sees(line, "error:");
}

void vet_line_answer(struct vet_line *line)
{
	if (vet_line_is_wrong(line))
		return;
	size_t begin = line->in.at;
	if (!begins_error(line)) {
		grammar[line->call->entry].answer(line);
		return;
	}
	vet_line_error(line, &line->result);
	if (line->is_reading && line->result > 0)
		vet_line_wrong(line, begin, line->in.at - begin,
			       "what a call gives as an error has no sign");
}

void vet_line_check(struct vet_line *line)
{
	vet_line_call(line);
	vet_line_mark(line);
	vet_line_answer(line);
	if (line->in.at < line->in.size)
		vet_line_wrong(line, line->in.at, line->in.size - line->in.at,
			       "nothing more is expected on this line");
	if (!vet_line_is_wrong(line) && line->call->entry == VET_CALL_close)
		vet_numbers_close(line->names, line->call->fd);
}
