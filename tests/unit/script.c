/* SPDX-License-Identifier: 0BSD */
#include "script.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned char script_byte(size_t position)
{
	/* 251 is a prime, so that no two positions that are a power of two apart hold the same. */
	return (unsigned char)(position % 251 + position / 65521);
}

void script_start(struct script *script, bool has_sendfile)
{
	memset(script, 0, sizeof *script);
	script->sys.calls = has_sendfile ? &script_calls : &script_calls_without_sendfile;
	script->newline_at = SIZE_MAX;
	script_follow(script, "");
}

void script_follow(struct script *script, const char *text)
{
	script->text = script->next = text;
	script->group = NULL;
	script->entry_rounds = script->group_rounds = 0;
}

/* ---- failing ---- */

/* The script with a caret under the entry that was to come: the one line that shows it again. */
static void add_place(struct script *script, struct text *text)
{
	text_add(text, "\n    %s\n    %*s^", script->text, (int)(script->next - script->text), "");
}

void script_fail(struct script *script, const char *format, ...)
{
	char reason[512];
	va_list list;
	if (script->failure[0] != '\0')
		return;
	va_start(list, format);
	vsnprintf(reason, sizeof reason, format, list);
	va_end(list);
	struct text text = text_in(script->failure, sizeof script->failure);
	text_add(&text, "call %ld: %s", script->calls, reason);
	add_place(script, &text);
}

/* ---- reading the script ---- */

static const char *skip_blanks(const char *at)
{
	while (isspace((unsigned char)*at))
		at++;
	return at;
}

static long rounds(const char *word)
{
	char *end;
	long n = word[0] == 'x' ? strtol(word + 1, &end, 10) : 0;
	return n > 0 && (*end == '\0' || isspace((unsigned char)*end) || *end == ';') ? n : 0;
}

/* A group is over: once more, or on. */
static void leave_group(struct script *script)
{
	const char *word = skip_blanks(script->next + 1);
	long wanted = rounds(word);
	if (script->group == NULL || wanted == 0)
		script_fail(script, "a group is not well formed: ( ... ) x5");
	if (script->group != NULL && ++script->group_rounds < wanted) {
		script->next = script->group;
		return;
	}
	script->next = word + strcspn(word, ";");
	script->group = NULL;
	script->group_rounds = 0;
}

/* Comes to rest at an entry, or at the end. */
static void find_entry(struct script *script)
{
	for (;;) {
		script->next = skip_blanks(script->next);
		if (*script->next == ';') {
			script->next++;
		} else if (*script->next == '(') {
			script->group = ++script->next;
		} else if (*script->next == ')') {
			leave_group(script);
		} else {
			return;
		}
	}
}

static size_t entry_length(const struct script *script)
{
	return strcspn(script->next, ";)");
}

/* The length of the call of the entry to come, without the blanks before "=". */
static size_t call_length(const struct script *script)
{
	size_t length = strcspn(script->next, "=");
	if (length >= entry_length(script))
		return 0;
	while (length > 0 && isspace((unsigned char)script->next[length - 1]))
		length--;
	return length;
}

static void split(struct answer *answer)
{
	char *rest = answer->room;
	answer->count = answer->taken = 0;
	for (char *word; (word = strtok_r(rest, " \t", &rest)) != NULL;)
		if (answer->count < sizeof answer->words / sizeof answer->words[0])
			answer->words[answer->count++] = word;
}

/* The entry has been met; it stays if it is to be met again. */
static void move_on(struct script *script, struct answer *answer)
{
	long wanted = answer->count > 1 ? rounds(answer->words[answer->count - 1]) : 0;
	if (wanted > 0)
		answer->count--;
	if (++script->entry_rounds < wanted)
		return;
	script->entry_rounds = 0;
	script->next += entry_length(script);
}

static void read_answer(struct script *script, struct answer *answer)
{
	size_t equals = strcspn(script->next, "=") + 1;
	size_t length = entry_length(script) - equals;
	struct text room = text_in(answer->room, sizeof answer->room);
	text_add(&room, "%.*s", (int)length, script->next + equals);
	split(answer);
	if (answer->count == 0)
		script_fail(script, "the script gives no answer");
}

bool script_expects(struct script *script, const char *name)
{
	find_entry(script);
	size_t length = strlen(name);
	return strncmp(script->next, name, length) == 0 &&
	       !isalnum((unsigned char)script->next[length]);
}

static void count_call(struct script *script)
{
	if (++script->calls > SCRIPT_CALLS)
		script_fail(script, "`%s`: this does not end", script->call);
	if (script->calls <= 2 * SCRIPT_CALLS)
		return;
	fprintf(stderr, "even permanent errors do not end it: %s\n", script->failure);
	abort();
}

bool script_step(struct script *script, struct answer *answer)
{
	count_call(script);
	if (script->failure[0] != '\0')
		return false;
	find_entry(script);
	size_t length = call_length(script);
	if (*script->next == '\0') {
		script_fail(script, "`%s` came, and nothing was to come", script->call);
	} else if (length != strlen(script->call) ||
		   memcmp(script->next, script->call, length) != 0) {
		script_fail(script, "`%s` came, not `%.*s`", script->call, (int)length,
			    script->next);
	} else {
		read_answer(script, answer);
		if (script->failure[0] == '\0')
			move_on(script, answer);
	}
	return script->failure[0] == '\0';
}

const char *script_verdict(struct script *script)
{
	find_entry(script);
	if (*script->next != '\0')
		script_fail(script, "`%.*s` never came", (int)entry_length(script), script->next);
	return script->failure[0] == '\0' ? NULL : script->failure;
}

/* ---- books ---- */

int script_open_number(const struct script *script, int fd)
{
	for (int i = 0; i < script->handed_out; i++)
		if (script->descriptors[i].fd == fd && script->descriptors[i].open)
			return i + 1;
	return 0;
}

int script_hand_out(struct script *script, int fd)
{
	if (script->handed_out == SCRIPT_DESCRIPTORS) {
		script_fail(script, "the script hands out too many descriptors");
		return -EIO;
	}
	/* Never the same number again, so that use after close shows. */
	int number = fd >= 0 ? fd : 100 + script->handed_out;
	script->descriptors[script->handed_out].fd = number;
	script->descriptors[script->handed_out++].open = true;
	return number;
}

int script_close(struct script *script, int fd)
{
	int number = script_open_number(script, fd);
	if (number == 0)
		return -EBADF;
	script->descriptors[number - 1].open = false;
	return 0;
}

void script_take_back(struct script *script, int fd)
{
	if (script_close(script, fd) != 0)
		script_fail(script, "descriptor %d should still be open", fd);
}

const char *script_leak(struct script *script)
{
	for (int i = 0; i < script->handed_out; i++)
		if (script->descriptors[i].open)
			script_fail(script, "descriptor #%d was never closed", i + 1);
	if (script->memory != 0)
		script_fail(script, "%ld blocks of memory were never given back", script->memory);
	return script->failure[0] == '\0' ? NULL : script->failure;
}
