/* SPDX-License-Identifier: 0BSD */
/* The replayer: a lowest layer that has nothing but a trace. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* ---- the text, before it is used ---- */

/* Where a line ends: at its line end, or with the text. */
static size_t end_of_line(const char *text, size_t at, size_t size)
{
	const char *end = memchr(text + at, '\n', size - at);
	return end != NULL ? (size_t)(end - text) : size;
}

/* The first line.  Returns where the second begins. */
static size_t check_heading(const char *text, size_t size, struct vet_text_error *error)
{
	static const char name[] = "vetsock trace ";
	size_t length = strlen(vet_trace_heading);
	if (size >= length && memcmp(text, vet_trace_heading, length) == 0)
		return length;
	size_t known = strlen(name);
	size_t end = size > 0 ? end_of_line(text, 0, size) : 0;
	if (end > known && memcmp(text, name, known) == 0 && text[known] != '1')
		*error = (struct vet_text_error){ known, end - known,
						  "traces of this version are not known" };
	else
		*error =
			(struct vet_text_error){ 0, end > 0 ? end : 1,
						 "a trace begins with the line 'vetsock trace 1'" };
	return 0;
}

/* One line, into a call without memory.  Returns where the next begins. */
static size_t check_line(struct vet_replay *replay, size_t begin, struct vet_text_error *error,
			 uint32_t *entries)
{
	size_t end = end_of_line(replay->text, begin, replay->size);
	struct vet_call call;
	struct vet_line line;
	memset(&call, 0, sizeof call);
	call.fd = -1;
	vet_line_read(&line, &replay->names, &call, replay->text, begin, end);
	vet_line_check(&line);
	if (end == replay->size)
		vet_line_wrong(&line, end, 1, "the last line has no end");
	*error = line.in.error;
	*entries |= UINT32_C(1) << call.entry;
	return end + 1;
}

static int check_text(struct vet_replay *replay, struct vet_text_error *error, uint32_t *entries)
{
	replay->at = check_heading(replay->text, replay->size, error);
	for (size_t at = replay->at; error->reason == NULL && at < replay->size;)
		at = check_line(replay, at, error, entries);
	return error->reason == NULL ? 0 : -EINVAL;
}

/* ---- differences ---- */

/* Compares a line's call with what the program makes, as it comes. */
struct comparison {
	const char *text;
	size_t size, at;
};

static int compare(void *context, const char *text, size_t size)
{
	struct comparison *comparison = context;
	for (size_t i = 0; i < size; i++, comparison->at++)
		if (comparison->at == comparison->size ||
		    text[i] != comparison->text[comparison->at])
			return -1;
	return 0;
}

/* So much of a text as a person wants to see of it: around the place of a difference. */
struct view {
	char text[160];
	size_t size, from, at;
	bool is_cut;
};

enum { VIEW_BEFORE = 60 }; /* bytes before the difference, if not all fit */

static int look(void *context, const char *text, size_t size)
{
	struct view *view = context;
	for (size_t i = 0; i < size; i++, view->at++) {
		if (view->at < view->from)
			continue;
		if (view->size < sizeof view->text)
			view->text[view->size++] = text[i];
		else
			view->is_cut = true;
	}
	return 0;
}

static void view_start(struct view *view, size_t difference)
{
	view->size = view->at = 0;
	view->is_cut = false;
	view->from = difference > sizeof view->text - VIEW_BEFORE ? difference - VIEW_BEFORE : 0;
}

/* How much of a line is its call: up to the mark, which every line has, and no string is. */
static size_t size_of_call(const char *text)
{
	bool is_quoted = false;
	size_t i = 0;
	for (; is_quoted || text[i] != '='; i++) {
		if (text[i] == '"')
			is_quoted = !is_quoted;
		else if (text[i] == '\\')
			i++;
	}
	return i - 1;
}

static void say(char *failure, size_t size, uint64_t line, const struct view *have,
		const struct view *made)
{
	(void)snprintf(failure, size,
		       "line %llu: the trace has '%s%.*s%s', the program made '%s%.*s%s'",
		       (unsigned long long)line, have->from > 0 ? "..." : "", (int)have->size,
		       have->text, have->is_cut ? "..." : "", made->from > 0 ? "..." : "",
		       (int)made->size, made->text, made->is_cut ? "..." : "");
}

static void write_call(struct vet_replay *replay, struct vet_call *call, vet_trace_sink sink,
		       void *context, struct vet_line *line)
{
	vet_line_write(line, &replay->names, call);
	line->before = vet_line_before(call);
	line->hash = replay->hash;
	line->sink = sink;
	line->context = context;
	vet_line_call(line);
}

static void say_difference(struct vet_replay *replay, struct vet_call *call, size_t difference)
{
	struct view have, made;
	struct vet_line line;
	const char *text = replay->text + replay->at;
	view_start(&made, difference);
	write_call(replay, call, look, &made, &line);
	vet_line_flush(&line);
	if (replay->at == replay->size) {
		(void)snprintf(replay->failure, sizeof replay->failure,
			       "line %llu: the trace has ended, the program made '%.*s%s'",
			       (unsigned long long)replay->line, (int)made.size, made.text,
			       made.is_cut ? "..." : "");
		return;
	}
	view_start(&have, difference);
	(void)look(&have, text, size_of_call(text));
	say(replay->failure, sizeof replay->failure, replay->line, &have, &made);
}

/* ---- memory ---- */

static void give_back(struct vet_replay *replay, void **memory)
{
	replay->blocks -= *memory != NULL && replay->blocks > 0;
	free(*memory);
	*memory = NULL;
}

/* The trace says that it went well, so here it must. */
static int64_t reallocate(struct vet_replay *replay, void **memory, size_t size, int64_t result)
{
	if (size == 0) {
		give_back(replay, memory);
		return result;
	}
	void *moved = realloc(*memory, size);
	if (moved == NULL) {
		(void)snprintf(replay->failure, sizeof replay->failure,
			       "line %llu: there is no memory for what the trace has",
			       (unsigned long long)replay->line);
		replay->has_failed = 1;
		return -ENOMEM;
	}
	replay->blocks += *memory == NULL;
	*memory = moved;
	return result;
}

/* ---- calls ---- */

/* What gives back still does. */
static int64_t after_difference(struct vet_replay *replay, struct vet_call *call)
{
	if (call->entry == VET_CALL_close)
		return 0;
	if (call->entry != VET_CALL_realloc || call->u.block.size > 0)
		return -EIO;
	give_back(replay, call->u.block.memory);
	return 0;
}

/* The call has been found in the trace: fills in what was answered, from `at` on. */
static int64_t answer(struct vet_replay *replay, struct vet_line *line, size_t at, size_t end)
{
	struct vet_call *call = line->call;
	line->is_reading = line->is_filling = true;
	line->in.text = replay->text;
	line->in.at = at;
	line->in.size = end;
	line->asked = replay->at + strlen("poll ");
	vet_line_answer(line);
	line->is_reading = line->is_filling = false;
	line->sink = NULL;
	vet_line_answer(line); /* for the hash */
	replay->hash = line->hash;
	int64_t result = line->result;
	if (call->entry == VET_CALL_close)
		vet_numbers_close(&replay->names, call->fd);
	if (call->entry == VET_CALL_realloc && result >= 0)
		result = reallocate(replay, call->u.block.memory, call->u.block.size, result);
	replay->at = end + 1;
	replay->line++;
	return result;
}

static int64_t replay_call(struct vet_layer *layer, struct vet_call *call)
{
	struct vet_replay *replay = (struct vet_replay *)layer;
	struct vet_line line;
	if (replay->has_failed)
		return after_difference(replay, call);
	size_t end = replay->at < replay->size ? end_of_line(replay->text, replay->at, replay->size)
					       : replay->size;
	struct comparison comparison = { replay->text + replay->at, end - replay->at, 0 };
	write_call(replay, call, compare, &comparison, &line);
	vet_line_mark(&line);
	vet_line_flush(&line);
	if (line.error == 0)
		return answer(replay, &line, replay->at + comparison.at, end);
	replay->has_failed = 1;
	say_difference(replay, call, comparison.at);
	return after_difference(replay, call);
}

/* ---- the whole ---- */

int vet_replay_start(struct vet_replay *replay, const char *text, size_t size,
		     struct vet_text_error *error)
{
	struct vet_text_error wrong = { 0, 0, NULL };
	uint32_t entries = 0;
	replay->text = text;
	replay->size = size;
	replay->line = 2;
	replay->hash = 0;
	replay->failure[0] = '\0';
	replay->blocks = 0;
	replay->has_failed = 0;
	vet_numbers_start(&replay->names);
	int r = check_text(replay, &wrong, &entries);
	vet_numbers_start(&replay->names);
	if (error != NULL)
		*error = wrong;
	/* The recorded table had what was called of it; had it had more, more would have been
	   called. */
	(void)vet_layer_with(&replay->layer, NULL, replay_call,
			     (entries >> VET_CALL_sendfile & 1) != 0,
			     (entries >> VET_CALL_interface_index & 1) != 0);
	return r;
}

struct vet_sys *vet_replay_sys(struct vet_replay *replay)
{
	return &replay->layer.sys;
}

const char *vet_replay_failure(struct vet_replay *replay)
{
	if (replay->has_failed)
		return replay->failure;
	if (replay->at >= replay->size)
		return NULL;
	struct view have;
	const char *text = replay->text + replay->at;
	view_start(&have, 0);
	(void)look(&have, text, size_of_call(text));
	(void)snprintf(replay->failure, sizeof replay->failure,
		       "line %llu: the trace has '%.*s%s', the program has ended",
		       (unsigned long long)replay->line, (int)have.size, have.text,
		       have.is_cut ? "..." : "");
	return replay->failure;
}

uint64_t vet_replay_hash(const struct vet_replay *replay)
{
	return replay->hash;
}
