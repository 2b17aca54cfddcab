/* SPDX-License-Identifier: 0BSD */
/* The grammar of what is answered, where a call has not failed. */
#include <string.h>

#include "text.h"

void vet_answer_count(struct vet_line *line)
{
	vet_line_signed(line, &line->result, 0, INT64_MAX);
}

static void answer_address(struct vet_line *line, struct sockaddr *address, socklen_t *length)
{
	if (!line->before.has_room)
		return;
	socklen_t said = length != NULL ? *length : 0;
	vet_line_literal(line, " ");
	vet_line_address(line, address, line->before.room, &said);
	if (line->is_filling && !vet_line_is_wrong(line))
		*length = said;
}

void vet_answer_accept(struct vet_line *line)
{
	vet_line_handed_out(line);
	answer_address(line, line->call->u.name.address, line->call->u.name.length);
}

void vet_answer_name(struct vet_line *line)
{
	vet_answer_count(line);
	answer_address(line, line->call->u.name.address, line->call->u.name.length);
}

void vet_answer_getsockopt(struct vet_line *line)
{
	struct vet_call *call = line->call;
	vet_answer_count(line);
	if (!line->before.has_room)
		return;
	socklen_t said = call->u.get.length != NULL ? *call->u.get.length : 0;
	vet_line_literal(line, " ");
	vet_line_value(line, line->shape, call->u.get.value, line->before.room, &said);
	if (line->is_filling && !vet_line_is_wrong(line))
		*call->u.get.length = said;
}

/* What was received: as much as the result says, but not more than was asked for. */
static void received(struct vet_line *line, void *data, size_t size)
{
	vet_answer_count(line);
	if (line->result == 0 || vet_line_is_wrong(line))
		return;
	uint64_t moved = (uint64_t)line->result < size ? (uint64_t)line->result : size;
	vet_line_literal(line, " ");
	size_t begin = line->in.at;
	bool is_kept = data != NULL && (!line->is_reading || line->is_filling);
	uint64_t came = vet_line_bytes(line, is_kept ? data : NULL, is_kept ? moved : 0);
	if (line->is_reading && came != moved && came != 0)
		vet_line_wrong(line, begin, line->in.at - begin,
			       "these are not as many bytes as the result says");
}

void vet_answer_recv(struct vet_line *line)
{
	received(line, line->call->u.in.data, line->call->u.in.size);
}

void vet_answer_recvfrom(struct vet_line *line)
{
	struct vet_call *call = line->call;
	vet_answer_recv(line);
	answer_address(line, call->u.in.address, call->u.in.length);
	if (!line->before.tells)
		return;
	bool is_truncated = !line->is_reading && *call->u.in.truncated != 0;
	vet_line_literal(line, " ");
	is_truncated = vet_line_choice(line, is_truncated, "truncated");
	if (!is_truncated)
		vet_line_literal(line, "whole");
	if (line->is_filling && !vet_line_is_wrong(line))
		*call->u.in.truncated = is_truncated;
}

void vet_answer_pread(struct vet_line *line)
{
	received(line, line->call->u.read.data, line->call->u.read.size);
}

void vet_answer_sendfile(struct vet_line *line)
{
	struct vet_call *call = line->call;
	vet_answer_count(line);
	if (!line->before.has_offset)
		return;
	int64_t offset = line->is_reading ? 0 : *call->u.file.offset;
	vet_line_literal(line, " ");
	vet_line_signed(line, &offset, INT64_MIN, INT64_MAX);
	if (line->is_filling && !vet_line_is_wrong(line))
		*call->u.file.offset = offset;
}

/* Each descriptor is named again as it was asked for. */
static void answered_descriptor(struct vet_line *line, int fd)
{
	if (!line->is_reading) {
		vet_line_descriptor(line, &fd);
		vet_line_literal(line, ":");
		return;
	}
	size_t size = 0;
	while (line->in.text[line->asked + size] != ':')
		size++;
	size++;
	if (line->in.size - line->in.at < size ||
	    memcmp(line->in.text + line->in.at, line->in.text + line->asked, size) != 0)
		vet_line_wrong(line, line->in.at, vet_line_word(line),
			       "the descriptors are not those that were asked for");
	line->in.at += size;
	while (line->in.text[line->asked] != ' ')
		line->asked++;
	line->asked++;
}

void vet_answer_poll(struct vet_line *line)
{
	struct vet_call *call = line->call;
	struct pollfd *descriptors = call->u.poll.descriptors;
	bool is_kept = descriptors != NULL;
	nfds_t entries = is_kept || line->is_reading ? call->u.poll.count : 0;
	vet_answer_count(line);
	if (line->is_filling && !is_kept)
		entries = 0;
	for (nfds_t i = 0; i < entries && !vet_line_is_wrong(line); i++) {
		struct pollfd entry = { -1, 0, 0 };
		if (is_kept)
			entry = descriptors[i];
		vet_line_literal(line, " ");
		if (vet_line_is_wrong(line))
			return;
		answered_descriptor(line, entry.fd);
		if (vet_line_is_wrong(line))
			return;
		vet_line_events(line, &entry.revents);
		if (line->is_filling && !vet_line_is_wrong(line))
			descriptors[i].revents = entry.revents;
	}
}

/* The time alone, if the result is 0 as it should be. */
static bool has_count_before_time(const struct vet_line *line)
{
	if (!line->is_reading)
		return line->result != 0;
	struct vet_scan ahead = line->in;
	struct vet_number count;
	vet_scan_run(&ahead, &count);
	return count.span.length > 0 && vet_scan_sees(&ahead, ' ');
}

void vet_answer_now(struct vet_line *line)
{
	enum { START = 1000 }; /* seconds: what a replay's clock shows first; any will do */
	struct vet_trace_names *names = line->names;
	int64_t *clock = line->call->u.nanoseconds;
	int64_t since = 0;
	if (has_count_before_time(line)) {
		size_t first = line->in.at;
		vet_answer_count(line);
		if (line->is_reading && line->result == 0)
			vet_line_wrong(line, first, line->in.at - first,
				       "a result of 0 is not written here");
		vet_line_literal(line, " ");
	} else {
		line->result = 0;
	}
	if (!line->is_reading && names->has_clock == 0)
		names->clock = *clock;
	if (!line->is_reading)
		since = (int64_t)((uint64_t)*clock - (uint64_t)names->clock);
	size_t begin = line->in.at;
	vet_line_duration(line, &since);
	if (line->is_reading && names->has_clock == 0) {
		names->clock = INT64_C(1000000000) * START;
		if (since != 0)
			vet_line_wrong(line, begin, line->in.at - begin,
				       "the clock's first reading is 0s");
	}
	names->has_clock = 1;
	if (line->is_filling && !vet_line_is_wrong(line))
		*clock = (int64_t)((uint64_t)names->clock + (uint64_t)since);
}
