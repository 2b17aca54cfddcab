/* SPDX-License-Identifier: 0BSD */
/* Descriptors and files by the order in which they were first seen. */
#include "text.h"

void vet_numbers_start(struct vet_trace_names *names)
{
	/* The arrays are only looked at as far as they are filled. */
	names->count = 0;
	names->files = 0;
	names->clock = 0;
	names->has_clock = 0;
	names->unused = 0;
}

static bool is_full(const struct vet_trace_names *names)
{
	return names->count == VET_TRACE_DESCRIPTORS;
}

/* The number of an open descriptor (`kept` is fd) or a closed one (~fd): the latest; 0: none. */
static uint32_t find(const struct vet_trace_names *names, int32_t kept)
{
	for (uint32_t i = names->count; i > 0; i--)
		if (names->fd[i - 1] == kept)
			return i;
	return 0;
}

void vet_numbers_close(struct vet_trace_names *names, int fd)
{
	uint32_t number = fd >= 0 ? find(names, fd) : 0;
	if (number > 0)
		names->fd[number - 1] = ~fd;
}

/* ---- arguments ---- */

enum { NUMBER_NONE = -1, NUMBER_FOREIGN = -2 };

/* A closed descriptor keeps its number, so that whoever uses it again can be told.  Where the table
 * is full nobody knows what an unknown one is. */
static int64_t number_of(const struct vet_trace_names *names, int fd)
{
	if (fd < 0)
		return NUMBER_NONE;
	uint32_t open = find(names, fd);
	if (open > 0 || is_full(names))
		return open;
	uint32_t closed = find(names, ~fd);
	return closed > 0 ? (int64_t)closed : NUMBER_FOREIGN;
}

static void put_descriptor(struct vet_line *line, int64_t number)
{
	vet_line_hash(line, VET_THING_DESCRIPTOR, (uint64_t)(number + 2));
	if (number < 0) {
		vet_line_literal(line, number == NUMBER_NONE ? "none" : "foreign");
		return;
	}
	vet_line_put(line, "#", 1);
	vet_line_put_number(line, (uint64_t)number);
}

/* The number behind '#', at most `greatest`; #0 only where no number is left. */
static uint32_t take_number(struct vet_line *line, uint32_t greatest, const char *reason)
{
	size_t begin = line->in.at;
	uint64_t number = 0;
	if (!vet_line_takes(line, "#")) {
		vet_line_wrong(line, begin, vet_line_word(line),
			       "a descriptor (#1) is missing here");
		return 0;
	}
	vet_line_unsigned(line, &number, UINT32_MAX);
	if (number > greatest || (number == 0 && !is_full(line->names)))
		vet_line_wrong(line, begin, line->in.at - begin, reason);
	return vet_line_is_wrong(line) ? 0 : (uint32_t)number;
}

static int fd_of(const struct vet_trace_names *names, uint32_t number)
{
	if (number == 0)
		return VET_REPLAY_BASE;
	int fd = names->fd[number - 1];
	return fd >= 0 ? fd : ~fd;
}

static int take_descriptor(struct vet_line *line)
{
	if (vet_line_takes(line, "none"))
		return -1;
	if (vet_line_takes(line, "foreign")) {
		if (is_full(line->names))
			vet_line_wrong(line, line->in.at - 7, 7,
				       "this is #0, as no number is left");
		return VET_REPLAY_FOREIGN;
	}
	uint32_t number =
		take_number(line, line->names->count, "no descriptor was handed out as this one");
	return vet_line_is_wrong(line) ? -1 : fd_of(line->names, number);
}

void vet_line_descriptor(struct vet_line *line, int *fd)
{
	if (!line->is_reading)
		put_descriptor(line, number_of(line->names, *fd));
	else
		*fd = vet_line_is_wrong(line) ? -1 : take_descriptor(line);
}

/* ---- files ---- */

/* 0: there are too many. */
static uint32_t number_of_file(struct vet_trace_names *names, int file)
{
	for (uint32_t i = 0; i < names->files; i++)
		if (names->file[i] == file)
			return i + 1;
	if (names->files == VET_TRACE_FILES)
		return 0;
	names->file[names->files++] = file;
	return names->files;
}

static int take_file(struct vet_line *line)
{
	size_t begin = line->in.at;
	uint64_t number = 0;
	struct vet_trace_names *names = line->names;
	if (vet_line_takes(line, "none"))
		return -1;
	if (!vet_line_takes(line, "file ")) {
		uint32_t open =
			take_number(line, names->count, "no descriptor was handed out as this one");
		if (open == 0 || names->fd[open - 1] < 0)
			vet_line_wrong(line, begin, line->in.at - begin,
				       "this one is not open: it would be a file (file 1)");
		return vet_line_is_wrong(line) ? -1 : fd_of(names, open);
	}
	vet_line_unsigned(line, &number, UINT32_MAX);
	bool is_next = number == names->files + 1U && number <= VET_TRACE_FILES;
	bool is_known = number > 0 && number <= names->files;
	bool is_beyond = number == 0 && names->files == VET_TRACE_FILES;
	if (!is_next && !is_known && !is_beyond)
		vet_line_wrong(line, begin, line->in.at - begin,
			       "files are numbered in the order of their first use");
	else if (is_next && !vet_line_is_wrong(line))
		names->file[names->files++] = -1;
	return VET_REPLAY_FOREIGN;
}

void vet_line_file(struct vet_line *line, int *file)
{
	if (line->is_reading) {
		*file = vet_line_is_wrong(line) ? -1 : take_file(line);
		return;
	}
	uint32_t open = *file >= 0 ? find(line->names, *file) : 0;
	if (*file < 0 || open > 0) {
		put_descriptor(line, *file < 0 ? NUMBER_NONE : (int64_t)open);
		return;
	}
	uint32_t number = number_of_file(line->names, *file);
	vet_line_hash(line, VET_THING_FILE, number);
	vet_line_literal(line, "file ");
	vet_line_put_number(line, number);
}

/* ---- what is handed out ---- */

/* A descriptor that is open already (adopted twice; or closed behind the table's back, and its
 * number given away again) keeps its name: what cannot be told apart has one. */
static uint32_t hand_out(struct vet_trace_names *names, int fd)
{
	uint32_t open = find(names, fd);
	if (open == 0 && !is_full(names)) {
		names->fd[names->count++] = fd;
		open = names->count;
	}
	return open;
}

/* What a replay hands out as #number: what the caller brought, unless that was moved. */
static int fd_handed_out(const struct vet_line *line, uint32_t number, bool is_moved)
{
	const struct vet_trace_names *names = line->names;
	bool is_adopted = line->call->entry == VET_CALL_adopt && !is_moved;
	if (number > 0 && number <= names->count)
		return names->fd[number - 1];
	if (is_adopted && line->call->fd != VET_REPLAY_FOREIGN)
		return line->call->fd;
	/* No number is left: any other than the one that was moved. */
	if (number == 0 && line->call->fd == VET_REPLAY_BASE)
		return VET_REPLAY_BASE - 2;
	return VET_REPLAY_BASE + (int)number;
}

/* Whether what was adopted, and is what it was, can have this number. */
static bool is_its_number(const struct vet_line *line, uint32_t number)
{
	int fd = line->call->fd;
	uint32_t open = fd >= 0 && fd != VET_REPLAY_FOREIGN ? find(line->names, fd) : 0;
	if (fd < 0)
		return false;
	return number > 0 && number <= line->names->count ? number == open : open == 0;
}

/* Whether what was adopted is said to have been moved to where it was. */
static bool is_moved_to_itself(const struct vet_line *line, uint32_t number)
{
	int fd = line->call->fd;
	return number > 0 && number <= line->names->count && fd != VET_REPLAY_FOREIGN &&
	       line->names->fd[number - 1] == fd;
}

static void take_handed_out(struct vet_line *line)
{
	struct vet_trace_names *names = line->names;
	uint32_t next = names->count + !is_full(names);
	size_t begin = line->in.at;
	uint32_t number =
		take_number(line, next, "descriptors are numbered as they are handed out");
	if (number > 0 && number <= names->count && names->fd[number - 1] < 0)
		vet_line_wrong(line, begin, line->in.at - begin, "this descriptor was closed");
	size_t size = line->in.at - begin;
	bool is_adopt = line->call->entry == VET_CALL_adopt;
	bool is_moved = is_adopt && vet_line_takes(line, " moved");
	if (is_adopt && !is_moved && !line->is_filling && !is_its_number(line, number))
		vet_line_wrong(line, begin, size, "what is adopted has another number");
	if (is_moved && !line->is_filling && is_moved_to_itself(line, number))
		vet_line_wrong(line, begin, line->in.at - begin, "this is where it was");
	if (vet_line_is_wrong(line))
		return;
	int fd = fd_handed_out(line, number, is_moved);
	line->result = fd;
	if (number > names->count)
		names->fd[names->count++] = fd;
}

void vet_line_handed_out(struct vet_line *line)
{
	if (line->is_reading) {
		take_handed_out(line);
		return;
	}
	int fd = (int)line->result;
	put_descriptor(line, hand_out(line->names, fd));
	if (line->call->entry == VET_CALL_adopt)
		(void)vet_line_choice(line, fd != line->call->fd, " moved");
}
