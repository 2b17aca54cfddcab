/* SPDX-License-Identifier: 0BSD */
/* The grammar of what is asked: the arguments of each call of the table. */
#include <string.h>

#include "text.h"

void vet_ask_descriptor(struct vet_line *line)
{
	vet_line_literal(line, " ");
	vet_line_descriptor(line, &line->call->fd);
}

static void number(struct vet_line *line, int *value)
{
	vet_line_literal(line, " ");
	vet_line_int(line, value);
}

static void size(struct vet_line *line, size_t *value)
{
	vet_line_literal(line, " ");
	vet_line_size(line, value);
}

static void flags(struct vet_line *line, int *value)
{
	vet_line_literal(line, " ");
	vet_line_flags(line, value);
}

/* How much room there is for an address, or a value; "none" where none is wanted. */
static void room(struct vet_line *line)
{
	uint64_t wide = line->before.room;
	vet_line_literal(line, " ");
	line->before.has_room = !vet_line_choice(line, !line->before.has_room, "none");
	if (line->before.has_room)
		vet_line_unsigned(line, &wide, UINT32_MAX);
	line->before.room = (uint32_t)wide;
}

/* An address that is an argument: as long as its length says. */
static void destination(struct vet_line *line, const struct sockaddr *address, socklen_t *length)
{
	vet_line_literal(line, " ");
	vet_line_address(line, (struct sockaddr *)(uintptr_t)address, VET_ROOM_OF_ARGUMENT, length);
}

/* What is sent, and its size; no bytes where there is only NULL. */
static void sent(struct vet_line *line, const void *data, size_t *size)
{
	vet_line_literal(line, " ");
	size_t begin = line->in.at;
	uint64_t count = vet_line_bytes(line, (void *)(uintptr_t)data, data != NULL ? *size : 0);
	size_t end = line->in.at;
	vet_line_literal(line, " ");
	vet_line_size(line, size);
	if (line->is_reading && count != *size && count != 0)
		vet_line_wrong(line, begin, end - begin,
			       "these are not as many bytes as the size says");
}

void vet_ask_socket(struct vet_line *line)
{
	struct vet_call *call = line->call;
	vet_line_literal(line, " ");
	vet_line_family(line, &call->u.socket.domain);
	vet_line_literal(line, " ");
	vet_line_type(line, &call->u.socket.type);
	number(line, &call->u.socket.protocol);
}

void vet_ask_to(struct vet_line *line)
{
	vet_ask_descriptor(line);
	destination(line, line->call->u.to.address, &line->call->u.to.length);
}

void vet_ask_listen(struct vet_line *line)
{
	vet_ask_descriptor(line);
	number(line, &line->call->u.backlog);
}

void vet_ask_shutdown(struct vet_line *line)
{
	vet_ask_descriptor(line);
	vet_line_literal(line, " ");
	vet_line_how(line, &line->call->u.how);
}

void vet_ask_name(struct vet_line *line)
{
	vet_ask_descriptor(line);
	room(line);
}

void vet_ask_getsockopt(struct vet_line *line)
{
	vet_ask_descriptor(line);
	vet_line_literal(line, " ");
	line->shape = vet_line_option(line, &line->call->u.get.level, &line->call->u.get.name);
	if (line->shape == VET_SHAPE_GROUP) /* nobody answers one: it can only be joined, or left */
		line->shape = VET_SHAPE_BYTES;
	room(line);
}

void vet_ask_setsockopt(struct vet_line *line)
{
	struct vet_call *call = line->call;
	vet_ask_descriptor(line);
	vet_line_literal(line, " ");
	line->shape = vet_line_option(line, &call->u.set.level, &call->u.set.name);
	vet_line_literal(line, " ");
	vet_line_value(line, line->shape, (void *)(uintptr_t)call->u.set.value,
		       VET_ROOM_OF_ARGUMENT, &call->u.set.length);
}

void vet_ask_recv(struct vet_line *line)
{
	vet_ask_descriptor(line);
	size(line, &line->call->u.in.size);
	flags(line, &line->call->u.in.flags);
}

void vet_ask_recvfrom(struct vet_line *line)
{
	vet_ask_recv(line);
	room(line);
	vet_line_literal(line, " ");
	line->before.tells = vet_line_choice(line, line->before.tells, "tell");
	if (!line->before.tells)
		vet_line_literal(line, "none");
}

void vet_ask_send(struct vet_line *line)
{
	vet_ask_descriptor(line);
	sent(line, line->call->u.out.data, &line->call->u.out.size);
	flags(line, &line->call->u.out.flags);
}

void vet_ask_sendto(struct vet_line *line)
{
	vet_ask_send(line);
	destination(line, line->call->u.out.address, &line->call->u.out.length);
}

void vet_ask_sendv(struct vet_line *line)
{
	struct vet_call *call = line->call;
	const struct iovec *parts = call->u.gather.parts;
	vet_ask_descriptor(line);
	number(line, &call->u.gather.count);
	for (int i = 0; i < call->u.gather.count && !vet_line_is_wrong(line); i++) {
		struct iovec part = { NULL, 0 };
		if (parts != NULL)
			part = parts[i];
		sent(line, part.iov_base, &part.iov_len);
	}
	flags(line, &call->u.gather.flags);
}

void vet_ask_pread(struct vet_line *line)
{
	struct vet_call *call = line->call;
	vet_line_literal(line, " ");
	vet_line_file(line, &call->fd);
	size(line, &call->u.read.size);
	vet_line_literal(line, " ");
	vet_line_signed(line, &call->u.read.offset, INT64_MIN, INT64_MAX);
}

void vet_ask_sendfile(struct vet_line *line)
{
	struct vet_call *call = line->call;
	vet_ask_descriptor(line);
	vet_line_literal(line, " ");
	vet_line_file(line, &call->u.file.file);
	vet_line_literal(line, " ");
	line->before.has_offset = !vet_line_choice(line, !line->before.has_offset, "none");
	if (line->before.has_offset)
		vet_line_signed(line, &line->before.offset, INT64_MIN, INT64_MAX);
	size(line, &call->u.file.size);
}

static bool is_entry_of_poll(const struct vet_line *line)
{
	size_t at = line->in.at;
	while (at < line->in.size && line->in.text[at] != ' ' && line->in.text[at] != ':')
		at++;
	return at < line->in.size && line->in.text[at] == ':';
}

/* The descriptors of a poll and what they are asked for; reading, they are only counted. */
static void asked_descriptors(struct vet_line *line)
{
	struct vet_call *call = line->call;
	struct pollfd *descriptors = call->u.poll.descriptors;
	nfds_t count = descriptors != NULL ? call->u.poll.count : 0;
	for (nfds_t i = 0; line->is_reading ? is_entry_of_poll(line) : i < count; i++) {
		struct pollfd entry = { -1, 0, 0 };
		if (!line->is_reading)
			entry = descriptors[i];
		vet_line_descriptor(line, &entry.fd);
		vet_line_literal(line, ":");
		vet_line_events(line, &entry.events);
		vet_line_literal(line, " ");
		if (vet_line_is_wrong(line))
			return;
		if (line->is_reading)
			call->u.poll.count = i + 1;
	}
}

void vet_ask_poll(struct vet_line *line)
{
	struct vet_call *call = line->call;
	vet_line_literal(line, " ");
	asked_descriptors(line);
	if (vet_line_choice(line, call->u.poll.nanoseconds < 0, "forever"))
		return;
	size_t begin = line->in.at;
	vet_line_duration(line, &call->u.poll.nanoseconds);
	if (line->is_reading && call->u.poll.nanoseconds < 0)
		vet_line_wrong(line, begin, line->in.at - begin, "no limit is written: forever");
}

void vet_ask_nothing(struct vet_line *line)
{
	(void)line;
}

void vet_ask_realloc(struct vet_line *line)
{
	vet_line_literal(line, " ");
	line->before.has_block = vet_line_choice(line, line->before.has_block, "block");
	if (!line->before.has_block)
		vet_line_literal(line, "none");
	size(line, &line->call->u.block.size);
}

void vet_ask_interface_index(struct vet_line *line)
{
	const char *name = line->call->u.name_of_interface;
	vet_line_literal(line, " ");
	(void)vet_line_bytes(line, (void *)(uintptr_t)name, name != NULL ? strlen(name) : 0);
}
