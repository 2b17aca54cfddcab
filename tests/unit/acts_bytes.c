/* SPDX-License-Identifier: 0BSD */
/* Acts that move bytes: what goes out is made from the stream's position, what comes in is
 * compared. */
#include "stage.h"

#include <string.h>

static unsigned char bytes[STAGE_BYTES];

static bool is_blind(const struct stage *stage, int argument)
{
	return strcmp(stage->words[argument], "blind") == 0;
}

/* ---- in ---- */

static void *room_for_bytes(void)
{
	memset(bytes, 0xa5, sizeof bytes);
	return bytes;
}

static void check_arrived(struct stage *stage, const unsigned char *data, size_t count,
			  size_t position)
{
	for (size_t i = 0; i < count; i++) {
		if (data[i] != script_byte(position + i)) {
			text_add(&stage->result, " with byte %zu wrong", i);
			return;
		}
	}
}

static void read_some(struct stage *stage)
{
	size_t before = stage->script.received;
	ssize_t n =
		vet_socket_read(stage->socket, room_for_bytes(), (size_t)stage_number(stage, 1));
	stage_say(stage, n);
	check_arrived(stage, bytes, n > 0 ? (size_t)n : 0, before);
}

static void say_buffer(struct stage *stage)
{
	text_add(&stage->result, " held %zu", stage->buffer.size);
	if (stage->buffer.size > stage->buffer.capacity)
		text_add(&stage->result, " in room for %zu", stage->buffer.capacity);
	check_arrived(stage, stage->buffer.data, stage->buffer.size, stage->buffer_starts);
}

static void read_into(struct stage *stage)
{
	stage_say(stage, vet_socket_read_into(stage->socket, &stage->buffer,
					      (size_t)stage_number(stage, 1)));
	say_buffer(stage);
}

static void read_exact(struct stage *stage)
{
	size_t before = stage->script.received, done = 77;
	size_t size = (size_t)stage_number(stage, 1);
	bool blind = is_blind(stage, 2);
	stage_say(stage, vet_socket_read_exact(stage->socket, room_for_bytes(), size,
					       blind ? NULL : &done));
	if (blind)
		return;
	text_add(&stage->result, " done %zu", done);
	check_arrived(stage, bytes, stage->script.received - before, before);
}

static void read_all(struct stage *stage)
{
	stage_say(stage, vet_socket_read_all(stage->socket, &stage->buffer,
					     (size_t)stage_number(stage, 1)));
	say_buffer(stage);
}

/* Emptied, but with its memory kept: the next bytes are the first. */
static void empty_buffer(struct stage *stage)
{
	stage->buffer.size = 0;
	stage->buffer_starts = stage->script.received;
}

static void receive_from(struct stage *stage)
{
	struct vet_address from;
	size_t before = stage->script.received, size = (size_t)stage_number(stage, 1);
	bool blind = is_blind(stage, 2), truncated = true;
	memset(&from, 0x5a, sizeof from);
	ssize_t n = vet_socket_receive_from(stage->socket, room_for_bytes(), size,
					    blind ? NULL : &from, blind ? NULL : &truncated);
	stage_say(stage, n);
	check_arrived(stage, bytes, n > 0 ? (size_t)n : 0, before);
	if (blind)
		return;
	stage_say_address(stage, &from);
	text_add(&stage->result, truncated ? " truncated" : "");
}

/* ---- out ---- */

/* The next bytes of the stream; of more than a test can hold only the first are looked at. */
static const void *bytes_to_send(const struct stage *stage, size_t size)
{
	for (size_t i = 0; i < size && i < sizeof bytes; i++)
		bytes[i] = script_byte(stage->script.sent + i);
	return bytes;
}

/* `done` is what the table took, no more and no less. */
static void say_done(struct stage *stage, uint64_t done, size_t before)
{
	text_add(&stage->result, " done %llu", (unsigned long long)done);
	if (done != stage->script.sent - before)
		text_add(&stage->result, " but %zu were taken", stage->script.sent - before);
}

static void write_all(struct stage *stage)
{
	size_t before = stage->script.sent, done = 77, size = (size_t)stage_number(stage, 1);
	bool blind = is_blind(stage, 2);
	stage_say(stage, vet_socket_write(stage->socket, bytes_to_send(stage, size), size,
					  blind ? NULL : &done));
	if (!blind)
		say_done(stage, done, before);
}

static void write_some(struct stage *stage)
{
	size_t size = (size_t)stage_number(stage, 1);
	stage_say(stage, vet_socket_write_some(stage->socket, bytes_to_send(stage, size), size));
}

static void print_line(struct stage *stage)
{
	size_t before = stage->script.sent, done = 77, size = (size_t)stage_number(stage, 1);
	bool blind = is_blind(stage, 2);
	stage->script.newline_at = before + size;
	stage_say(stage, vet_socket_print(stage->socket, bytes_to_send(stage, size), size,
					  blind ? NULL : &done));
	if (!blind)
		say_done(stage, done, before);
}

static void flush(struct stage *stage)
{
	stage_say(stage, vet_socket_flush(stage->socket));
}

static void send_to(struct stage *stage)
{
	struct vet_address to = stage_address(stage, 2);
	size_t size = (size_t)stage_number(stage, 1);
	stage_say(stage, vet_socket_send_to(stage->socket, bytes_to_send(stage, size), size, &to));
}

static void send_file(struct stage *stage)
{
	uint64_t done = 77;
	bool blind = is_blind(stage, 1);
	stage->script.sent = 0;
	stage_say(stage, vet_socket_send_file(stage->socket, SCRIPT_FILE, blind ? NULL : &done));
	if (!blind)
		say_done(stage, done, 0);
}

static void send_file_range(struct stage *stage)
{
	uint64_t done = 77;
	int64_t offset = stage_number(stage, 1), count = stage_number(stage, 2);
	bool blind = is_blind(stage, 3);
	stage->script.sent = offset > 0 ? (size_t)offset : 0;
	size_t before = stage->script.sent;
	stage_say(stage, vet_socket_send_file_range(stage->socket, SCRIPT_FILE, offset, count,
						    blind ? NULL : &done));
	if (!blind)
		say_done(stage, done, before);
}

const struct act byte_acts[] = {
	{ "read", read_some },
	{ "read_into", read_into },
	{ "read_exact", read_exact },
	{ "read_all", read_all },
	{ "empty_buffer", empty_buffer },
	{ "receive_from", receive_from },
	{ "write", write_all },
	{ "write_some", write_some },
	{ "print", print_line },
	{ "flush", flush },
	{ "send_to", send_to },
	{ "send_file", send_file },
	{ "send_file_range", send_file_range },
	{ NULL, NULL },
};
