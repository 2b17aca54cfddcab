/* SPDX-License-Identifier: 0BSD */
#include "caller_words.h"

#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <vetsock/error.h>
#include <vetsock/peer.h>

/* ---- what is said ---- */

void caller_say(struct caller *caller, const char *text)
{
	size_t size = strlen(text);
	assert_true(caller->length + size < sizeof caller->said);
	memcpy(caller->said + caller->length, text, size + 1);
	caller->length += size;
}

void caller_say_number(struct caller *caller, int64_t number)
{
	char text[32];
	(void)snprintf(text, sizeof text, "%" PRId64, number);
	caller_say(caller, text);
}

void caller_say_result(struct caller *caller, int64_t result)
{
	if (result < 0)
		caller_say(caller, vet_error_name((int)result));
	else
		caller_say_number(caller, result);
}

void caller_say_time(struct caller *caller, int64_t nanoseconds)
{
	static const struct {
		int64_t microseconds;
		const char *name;
	} units[] = { { 3600000000, "h" }, { 1000000, "s" }, { 1000, "ms" }, { 1, "us" } };
	int64_t n = nanoseconds / 1000 + nanoseconds % 1000 / 500;
	size_t i = 0;
	if (n == 0) {
		caller_say(caller, "0");
		return;
	}
	while (n % units[i].microseconds != 0)
		i++;
	caller_say_number(caller, n / units[i].microseconds);
	caller_say(caller, units[i].name);
}

static const struct {
	short bit;
	const char *name;
} events[] = { { POLLIN, "IN" },   { POLLPRI, "PRI" },   { POLLOUT, "OUT" },    { POLLERR, "ERR" },
	       { POLLHUP, "HUP" }, { POLLNVAL, "NVAL" }, { POLLRDHUP, "RDHUP" } };

void caller_say_events(struct caller *caller, short bits)
{
	const char *between = "";
	for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
		if (!(bits & events[i].bit))
			continue;
		caller_say(caller, between);
		caller_say(caller, events[i].name);
		between = "|";
	}
	if (bits == 0)
		caller_say(caller, "none");
}

void caller_say_address(struct caller *caller, const struct sockaddr_storage *address,
			socklen_t length)
{
	caller_say(caller, address->ss_family == AF_INET    ? " INET/"
			   : address->ss_family == AF_INET6 ? " INET6/"
							    : " other/");
	caller_say_number(caller, length);
}

short caller_bits(const char *text, size_t size)
{
	short bits = 0;
	for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
		size_t length = strlen(events[i].name);
		for (const char *at = text; at + length <= text + size; at++)
			if ((at == text || at[-1] == '|') &&
			    memcmp(at, events[i].name, length) == 0 &&
			    (at + length == text + size || at[length] == '|'))
				bits |= events[i].bit;
	}
	return bits;
}

/* ---- scripts ---- */

static void make(struct caller *caller, const char *word, struct caller_line *line)
{
	for (const struct caller_word *w = caller_words; w->word != NULL; w++)
		if (strcmp(w->word, word) == 0) {
			w->make(caller, line);
			return;
		}
	if (caller->other == NULL || !caller->other(caller, word, line->rest))
		fail_msg("there is no call '%s'", word);
}

/* One statement: [COUNT "x "] WORD ["#" N {"+" N}] [" " REST]. */
static void make_statement(struct caller *caller, char *text)
{
	struct caller_line line = { .caller = caller, .on = 1 };
	char *end, *on;
	unsigned long times = strtoul(text, &end, 10);
	if (end != text && end[0] == 'x' && end[1] == ' ')
		text = end + 2;
	else
		times = 1;
	end = strchr(text, ' ');
	line.rest = end == NULL ? "" : end + 1;
	if (end != NULL)
		*end = '\0';
	on = strchr(text, '#');
	if (on != NULL) {
		*on = '\0';
		line.on = (unsigned)strtoul(on + 1, &on, 10);
		while (*on == '+')
			line.others[line.count++] = (unsigned)strtoul(on + 1, &on, 10);
	}
	for (unsigned long i = 0; i < times; i++) {
		size_t before = caller->length;
		if (caller->length > 0)
			caller_say(caller, ", ");
		size_t said = caller->length;
		make(caller, text, &line);
		if (caller->length == said) /* it had nothing to say */
			caller->said[caller->length = before] = '\0';
	}
}

const char *caller_make(struct caller *caller, const char *script)
{
	char text[1024];
	char *next = text;
	assert_true(strlen(script) < sizeof text);
	strcpy(text, script);
	while (next != NULL && *next != '\0') {
		char *statement = next;
		next = strchr(next, ';');
		if (next != NULL) {
			*next++ = '\0';
			next += strspn(next, " ");
		}
		make_statement(caller, statement);
	}
	return caller->said;
}

void caller_prepare(struct caller *caller, const char *script)
{
	(void)caller_make(caller, script);
	caller->length = 0;
	caller->said[0] = '\0';
}

void caller_begin(struct caller *caller, struct vet_sys *sys)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(80) };
	caller->sys = sys;
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	memset(&caller->to, 0, sizeof caller->to);
	memset(&caller->at, 0, sizeof caller->at);
	memcpy(&caller->to, &to, sizeof to);
	to.sin_port = 0;
	memcpy(&caller->at, &to, sizeof to);
	caller->to_length = caller->at_length = sizeof to;
	caller->file = VET_PEER_FILE;
	caller->made = 0;
	caller->memory = NULL;
	caller->length = 0;
	caller->said[0] = '\0';
	caller->other = NULL;
	caller->context = NULL;
	caller->began = 0;
}

void caller_end(struct caller *caller)
{
	for (unsigned i = 1; i <= caller->made; i++)
		if (!caller->is_closed[i])
			(void)(caller->sys->calls->close)(caller->sys, caller->fd[i]);
	if (caller->memory != NULL)
		(void)(caller->sys->calls->realloc)(caller->sys, &caller->memory, 0);
}
