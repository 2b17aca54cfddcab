/* SPDX-License-Identifier: 0BSD */
#include "stage.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const struct given closed = { "", "", false };
const struct given stream4 = { "stream 4", "socket INET STREAM 0 = fd", false };
const struct given stream6 = { "stream 6", "socket INET6 STREAM 0 = fd", false };
const struct given datagram4 = { "datagram 4", "socket INET DGRAM 0 = fd", false };
const struct given datagram6 = { "datagram 6", "socket INET6 DGRAM 0 = fd", false };
const struct given raw6 = { "raw 6 58", "socket INET6 RAW 58 = fd", false };
const struct given stream4_lacking_sendfile = { "stream 4", "socket INET STREAM 0 = fd", true };
const struct given connected = { "stream 4; connect 1.2.3.4:80",
				 "socket INET STREAM 0 = fd; connect 1.2.3.4:80 = 0", false };
const struct given listener = { "stream 4; listen", "socket INET STREAM 0 = fd; listen 65535 = 0",
				false };

/* ---- words of an act ---- */

int64_t stage_number(const struct stage *stage, int argument)
{
	int64_t value = 0;
	if (!read_number(stage->words[argument], &value))
		fail_msg("`%s`: argument %d is no number", stage->words[0], argument);
	return value;
}

int64_t stage_time(const struct stage *stage, int argument)
{
	int64_t value = 0;
	if (!read_time(stage->words[argument], &value))
		fail_msg("`%s`: argument %d is no time", stage->words[0], argument);
	return value;
}

/* "1.2.3.4:80", "[fe80::1%2]:80", or without a port; also what no address may be: "1.2.3.4%2:65536". */
struct vet_address stage_address(const struct stage *stage, int argument)
{
	struct vet_address address = { .port = 0 };
	char ip[96];
	const char *text = stage->words[argument], *port = strrchr(text, ':');
	size_t skip = text[0] == '[', length = strcspn(text + skip, skip ? "%]" : "%:");
	const char *zone = strchr(text, '%');
	memcpy(ip, text + skip, length);
	ip[length] = '\0';
	address.ip.family = skip ? 6 : 4;
	if (inet_pton(skip ? AF_INET6 : AF_INET, ip, address.ip.bytes) != 1)
		address.ip.family = 0;
	if (zone != NULL)
		address.scope_id = (uint32_t)strtoul(zone + 1, NULL, 10);
	if (port != NULL && port[1] != '\0')
		address.port = (uint32_t)strtoul(port + 1, NULL, 10);
	return address;
}

/* ---- results ---- */

void stage_say(struct stage *stage, int64_t value)
{
	if (stage->result_room[0] != '\0')
		text_add(&stage->result, "; ");
	add_error(&stage->result, value);
}

/* Written without the library's own formatting. */
void stage_say_address(struct stage *stage, const struct vet_address *address)
{
	char ip[INET6_ADDRSTRLEN];
	bool is_ipv6 = address->ip.family == 6;
	static const struct vet_address none;
	text_add(&stage->result, " from ");
	if (address->ip.family == 0) {
		text_add(&stage->result,
			 memcmp(address, &none, sizeof none) ? "not all zero" : "none");
		return;
	}
	inet_ntop(is_ipv6 ? AF_INET6 : AF_INET, address->ip.bytes, ip, sizeof ip);
	text_add(&stage->result, is_ipv6 ? "[%s" : "%s", ip);
	if (address->scope_id != 0)
		text_add(&stage->result, "%%%u", address->scope_id);
	text_add(&stage->result, is_ipv6 ? "]:%u" : ":%u", address->port);
}

/* ---- acting ---- */

static const struct act *find_act(const char *name)
{
	const struct act *lists[] = { socket_acts, byte_acts, option_acts };
	for (size_t i = 0; i < COUNT(lists); i++)
		for (const struct act *act = lists[i]; act->name != NULL; act++)
			if (strcmp(act->name, name) == 0)
				return act;
	fail_msg("`%s` is no act", name);
	return NULL;
}

static void run_one(struct stage *stage, const char *text, size_t length)
{
	size_t word = 0;
	memset(stage->words, 0, sizeof stage->words);
	for (const char *at = text, *end = text + length; at < end && word <= STAGE_ARGUMENTS;
	     word++) {
		at += strspn(at, " ");
		size_t size = strcspn(at, " ;");
		snprintf(stage->words[word], sizeof stage->words[word], "%.*s", (int)size, at);
		at += size;
		at += strspn(at, " ");
	}
	if (stage->words[0][0] != '\0')
		find_act(stage->words[0])->run(stage);
}

/* Plays acts against a script: NULL, or what went wrong with the calls. */
static const char *act_out(struct stage *stage, const char *acts, const char *script)
{
	stage->result = text_in(stage->result_room, sizeof stage->result_room);
	script_follow(&stage->script, script);
	while (*acts != '\0') {
		size_t length = strcspn(acts, ";");
		run_one(stage, acts, length);
		acts += length + (acts[length] == ';');
	}
	return script_verdict(&stage->script);
}

static const char *close_if_open(struct stage *stage, struct vet_socket *s)
{
	char script[32] = "close = 0";
	int number;
	if (s->table.sys == NULL)
		return NULL;
	number = script_open_number(&stage->script, vet_socket_fd(s));
	if (number > 1)
		snprintf(script, sizeof script, "close #%d = 0", number);
	script_follow(&stage->script, script);
	vet_socket_close(s);
	return script_verdict(&stage->script);
}

/* Nothing may be left after it. */
static const char *clear_up(struct stage *stage)
{
	const char *reason;
	vet_buffer_free(&stage->buffer);
	reason = close_if_open(stage, &stage->sockets[0]);
	if (reason == NULL)
		reason = close_if_open(stage, &stage->sockets[1]);
	return reason != NULL ? reason : script_leak(&stage->script);
}

static char report[2048];

static const char *report_of(const struct row *row, const char *act, const char *reason)
{
	snprintf(report, sizeof report, "\"%s\": %s\n    %s\n", row->name, act, reason);
	return report;
}

static const char *compare(const struct stage *stage, const struct row *row)
{
	char reason[1200];
	if (strcmp(stage->result_room, row->want) == 0)
		return NULL;
	snprintf(reason, sizeof reason, "gave `%s`, not `%s`\n    %s", stage->result_room,
		 row->want, row->script);
	return report_of(row, row->act, reason);
}

/* "then 5ms": the deadline is moved while an operation is under way, as another thread may do. */
static void move_deadline(void *context, int64_t instant)
{
	struct stage *stage = context;
	vet_socket_deadline_at(stage->socket, (struct vet_instant){ instant });
}

const char *play_row(const struct given *given, const struct row *row)
{
	static struct stage stage;
	const char *failure = NULL;
	memset(&stage, 0, sizeof stage);
	stage.socket = &stage.sockets[0];
	stage.other = &stage.sockets[1];
	script_start(&stage.script, !given->lacks_sendfile);
	stage.script.then = move_deadline;
	stage.script.context = &stage;
	const char *reason = act_out(&stage, given->act, given->script);
	if (reason != NULL)
		failure = report_of(row, given->act, reason);
	if (failure == NULL && (reason = act_out(&stage, row->act, row->script)) != NULL)
		failure = report_of(row, row->act, reason);
	if (failure == NULL)
		failure = compare(&stage, row);
	reason = clear_up(&stage);
	return failure == NULL && reason != NULL ? report_of(row, row->act, reason) : failure;
}

void play(const struct given *given, const struct row *rows, size_t count)
{
	size_t failures = 0;
	for (size_t i = 0; i < count; i++) {
		const char *failure = play_row(given, &rows[i]);
		if (failure != NULL)
			print_error("%s", failure);
		failures += failure != NULL;
	}
	if (failures > 0)
		fail_msg("%zu of %zu rows failed", failures, count);
}

void play_made(const struct given *given, const char *act, const char *want, const char *script,
	       ...)
{
	char text[1024];
	va_list list;
	va_start(list, script);
	vsnprintf(text, sizeof text, script, list);
	va_end(list);
	play(given, &(struct row){ "made of pieces", act, text, want }, 1);
}
