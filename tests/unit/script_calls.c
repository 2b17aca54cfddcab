/* SPDX-License-Identifier: 0BSD */
/* The entries of the scripted table: each writes down the call as it came, and gives its answer.
 * Those of options and of bytes are in files of their own. */
#include "script_entry.h"

#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

struct script *script_of(struct vet_sys *sys)
{
	return (struct script *)sys;
}

/* ---- what came ---- */

struct text call_begin(struct script *script, const char *name)
{
	struct text text = text_in(script->call, sizeof script->call);
	text_add(&text, "%s", name);
	return text;
}

struct text call_begin_on(struct script *script, const char *name, int fd)
{
	struct text text = call_begin(script, name);
	int number = script_open_number(script, fd);
	if (number == 0)
		text_add(&text, " (on descriptor %d, which is not open)", fd);
	else if (number > 1)
		text_add(&text, " #%d", number);
	return text;
}

void call_add_flags(struct text *text, int flags)
{
	if (flags == MSG_PEEK)
		text_add(text, " peek");
	else if (flags != 0)
		text_add(text, " flags %#x", (unsigned)flags);
}

/* ---- what it gives ---- */

const char *answer_take(struct answer *answer)
{
	return answer->taken < answer->count ? answer->words[answer->taken++] : NULL;
}

bool answer_take_word(struct answer *answer, const char *word)
{
	bool is_it =
		answer->taken < answer->count && strcmp(answer->words[answer->taken], word) == 0;
	answer->taken += is_it;
	return is_it;
}

void answer_end(struct script *script, struct answer *answer)
{
	int64_t instant;
	if (script->then != NULL && answer_take_word(answer, "then") &&
	    answer->taken < answer->count && read_time(answer->words[answer->taken], &instant)) {
		answer->taken++;
		script->then(script->context, instant);
	}
	if (answer->taken < answer->count)
		script_fail(script, "`%s`: the answer's word `%s` is not understood", script->call,
			    answer->words[answer->taken]);
}

int64_t answer_take_count(struct script *script, struct answer *answer)
{
	int64_t value = 0;
	const char *word = answer_take(answer);
	if (word == NULL || (!read_number(word, &value) && !read_error(word, &value))) {
		script_fail(script, "`%s`: `%s` is no answer", script->call, word ? word : "");
		return -EIO;
	}
	return value;
}

int64_t call_plain(struct script *script)
{
	struct answer answer;
	if (!script_step(script, &answer))
		return -EIO;
	int64_t value = answer_take_count(script, &answer);
	answer_end(script, &answer);
	return value;
}

int answer_take_descriptor(struct script *script, struct answer *answer)
{
	if (answer_take_word(answer, "fd0"))
		return script_hand_out(script, 0);
	return answer_take_word(answer, "fd") ? script_hand_out(script, -1)
					      : (int)answer_take_count(script, answer);
}

void answer_take_address(struct script *script, struct answer *answer, void *address,
			 socklen_t *length)
{
	struct sockaddr_storage given;
	socklen_t size = 0, room = length != NULL ? *length : 0;
	bool has = answer->taken < answer->count &&
		   read_sockaddr(answer->words[answer->taken], &given, &size);
	answer->taken += has;
	if (has && address == NULL)
		script_fail(script, "`%s`: nobody asked for the address", script->call);
	if (address == NULL || length == NULL)
		return;
	if (room < sizeof(struct sockaddr_in6))
		script_fail(script, "`%s`: no room for an address", script->call);
	memset(address, 0xa5, room); /* what the call leaves alone is no address */
	if (has)
		memcpy(address, &given, size < room ? size : room);
	*length = size;
}

/* ---- descriptors ---- */

static int socket_entry(struct vet_sys *sys, int domain, int type, int protocol)
{
	struct script *script = script_of(sys);
	struct text text = call_begin(script, "socket");
	struct answer answer;
	text_add(&text, domain == AF_INET ? " INET" : domain == AF_INET6 ? " INET6" : " (domain)");
	text_add(&text, type == SOCK_STREAM  ? " STREAM"
			: type == SOCK_DGRAM ? " DGRAM"
			: type == SOCK_RAW   ? " RAW"
					     : " (type)");
	text_add(&text, " %d", protocol);
	if (!script_step(script, &answer))
		return -EIO;
	int fd = answer_take_descriptor(script, &answer);
	answer_end(script, &answer);
	return fd;
}

static int adopt_entry(struct vet_sys *sys, int fd)
{
	struct script *script = script_of(sys);
	struct text text = call_begin(script, "adopt");
	struct answer answer;
	if (fd != SCRIPT_FOREIGN)
		text_add(&text, " %d", fd);
	if (!script_step(script, &answer))
		return -EIO;
	int given = answer_take_word(&answer, "same") ? script_hand_out(script, fd)
						      : answer_take_descriptor(script, &answer);
	answer_end(script, &answer);
	return given;
}

static int close_entry(struct vet_sys *sys, int fd)
{
	struct script *script = script_of(sys);
	call_begin_on(script, "close", fd);
	int value = (int)call_plain(script);
	script_close(script, fd); /* it is gone whatever the answer */
	return value;
}

static int dup_entry(struct vet_sys *sys, int fd)
{
	struct script *script = script_of(sys);
	struct answer answer;
	call_begin_on(script, "dup", fd);
	if (!script_step(script, &answer))
		return -EIO;
	int given = answer_take_descriptor(script, &answer);
	answer_end(script, &answer);
	return given;
}

/* ---- addresses and connections ---- */

static int with_address(struct script *script, const char *name, int fd, const void *address,
			socklen_t length)
{
	struct text text = call_begin_on(script, name, fd);
	text_add(&text, " ");
	add_sockaddr(&text, address, length);
	return (int)call_plain(script);
}

static int bind_entry(struct vet_sys *sys, int fd, const struct sockaddr *address, socklen_t length)
{
	return with_address(script_of(sys), "bind", fd, address, length);
}

static int connect_entry(struct vet_sys *sys, int fd, const struct sockaddr *address,
			 socklen_t length)
{
	return with_address(script_of(sys), "connect", fd, address, length);
}

static int listen_entry(struct vet_sys *sys, int fd, int backlog)
{
	struct text text = call_begin_on(script_of(sys), "listen", fd);
	text_add(&text, " %d", backlog);
	return (int)call_plain(script_of(sys));
}

static int accept_entry(struct vet_sys *sys, int fd, struct sockaddr *address, socklen_t *length)
{
	struct script *script = script_of(sys);
	struct answer answer;
	call_begin_on(script, "accept", fd);
	if (!script_step(script, &answer))
		return -EIO;
	int given = answer_take_descriptor(script, &answer);
	if (given >= 0)
		answer_take_address(script, &answer, address, length);
	else if (length != NULL)
		*length = 0; /* POSIX says nothing of it: who tries again says how much room there is */
	answer_end(script, &answer);
	return given;
}

static int shutdown_entry(struct vet_sys *sys, int fd, int how)
{
	struct text text = call_begin_on(script_of(sys), "shutdown", fd);
	text_add(&text, how == SHUT_RD     ? " RD"
			: how == SHUT_WR   ? " WR"
			: how == SHUT_RDWR ? " RDWR"
					   : " (how)");
	return (int)call_plain(script_of(sys));
}

static int get_name(struct script *script, const char *name, int fd, struct sockaddr *address,
		    socklen_t *length)
{
	struct answer answer;
	call_begin_on(script, name, fd);
	if (!script_step(script, &answer))
		return -EIO;
	int value = (int)answer_take_count(script, &answer);
	if (value == 0)
		answer_take_address(script, &answer, address, length);
	answer_end(script, &answer);
	return value;
}

static int getsockname_entry(struct vet_sys *sys, int fd, struct sockaddr *address,
			     socklen_t *length)
{
	return get_name(script_of(sys), "getsockname", fd, address, length);
}

static int getpeername_entry(struct vet_sys *sys, int fd, struct sockaddr *address,
			     socklen_t *length)
{
	return get_name(script_of(sys), "getpeername", fd, address, length);
}

/* ---- time and the rest ---- */

static int poll_entry(struct vet_sys *sys, struct pollfd *descriptors, nfds_t count,
		      int64_t nanoseconds)
{
	struct script *script = script_of(sys);
	struct text text = count == 1 ? call_begin_on(script, "poll", descriptors->fd)
				      : call_begin(script, "poll");
	struct answer answer;
	if (count > 1)
		text_add(&text, " (%u descriptors)", (unsigned)count);
	text_add(&text, " ");
	add_events(&text, count == 1 ? descriptors->events : 0);
	text_add(&text, " ");
	if (nanoseconds < 0)
		text_add(&text, "forever");
	else
		add_time(&text, nanoseconds);
	if (!script_step(script, &answer))
		return -EIO;
	short revents = 0;
	bool ready = count == 1 && read_events(answer.words[0], &revents);
	if (count == 1)
		descriptors->revents = revents;
	answer.taken += ready;
	int value = ready ? 1 : (int)answer_take_count(script, &answer);
	answer_end(script, &answer);
	return value;
}

static int now_entry(struct vet_sys *sys, int64_t *nanoseconds)
{
	struct script *script = script_of(sys);
	struct answer answer;
	call_begin(script, "now");
	if (!script_step(script, &answer))
		return -EIO;
	bool is_time = read_time(answer.words[0], nanoseconds);
	answer.taken += is_time;
	int value = is_time ? 0 : (int)answer_take_count(script, &answer);
	answer_end(script, &answer);
	return value;
}

/* Each block carries its size, and each growth moves it: a stale pointer shows. */
static int move_block(struct script *script, void **memory, size_t size)
{
	struct block {
		max_align_t size[1];
	} *old = *memory ? (struct block *)*memory - 1 : NULL, *fresh = NULL;
	size_t had = 0;
	if (old != NULL)
		memcpy(&had, old, sizeof had);
	if (size > 0) {
		fresh = malloc(sizeof *fresh + size);
		if (fresh == NULL)
			return -ENOMEM;
		memcpy(fresh, &size, sizeof size);
		memset(fresh + 1, 0xa5, size);
		if (old != NULL)
			memcpy(fresh + 1, old + 1, had < size ? had : size);
	}
	script->memory += (fresh != NULL) - (old != NULL);
	free(old);
	*memory = fresh != NULL ? fresh + 1 : NULL;
	return 0;
}

static int realloc_entry(struct vet_sys *sys, void **memory, size_t size)
{
	struct script *script = script_of(sys);
	struct text text = call_begin(script, "realloc");
	text_add(&text, " %zu", size);
	/* Giving back is always lawful, and only written where it matters when. */
	if (size == 0 && !script_expects(script, "realloc"))
		return move_block(script, memory, size);
	int64_t value = call_plain(script);
	if (script->failure[0] != '\0' && size > 0)
		return -ENOMEM;
	return value < 0 && size > 0 ? (int)value : move_block(script, memory, size);
}

static int interface_index_entry(struct vet_sys *sys, const char *name)
{
	struct text text = call_begin(script_of(sys), "interface_index");
	text_add(&text, " %s", name);
	return (int)call_plain(script_of(sys));
}

#define ENTRIES_BUT_SENDFILE \
	.version = VET_SYS_VERSION, .size = sizeof(struct vet_sys_calls), .socket = socket_entry, \
	.adopt = adopt_entry, .close = close_entry, .dup = dup_entry, .bind = bind_entry, \
	.connect = connect_entry, .listen = listen_entry, .accept = accept_entry, \
	.shutdown = shutdown_entry, .getsockname = getsockname_entry, \
	.getpeername = getpeername_entry, .getsockopt = getsockopt_entry, \
	.setsockopt = setsockopt_entry, .recv = recv_entry, .send = send_entry, \
	.recvfrom = recvfrom_entry, .sendto = sendto_entry, .sendv = sendv_entry, \
	.pread = pread_entry, .poll = poll_entry, .now = now_entry, .realloc = realloc_entry, \
	.interface_index = interface_index_entry

const struct vet_sys_calls script_calls = { ENTRIES_BUT_SENDFILE, .sendfile = sendfile_entry };
const struct vet_sys_calls script_calls_without_sendfile = { ENTRIES_BUT_SENDFILE };
