/* SPDX-License-Identifier: 0BSD */
/* The words of the caller: each makes one call. */
#include "caller_words.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <vetsock/peer.h>

enum { MOST = 5000, PARTS = 100 };

/* ---- what a call is on ---- */

static int fd_of(const struct caller_line *line)
{
	assert_in_range(line->on, 1, line->caller->made);
	return line->caller->fd[line->on];
}

static void made(const struct caller_line *line, int fd, unsigned description)
{
	struct caller *caller = line->caller;
	if (fd < 0) {
		caller_say_result(caller, fd);
		return;
	}
	assert_true(caller->made < CALLER_DESCRIPTORS);
	caller->made++;
	caller->fd[caller->made] = fd;
	caller->is_closed[caller->made] = false;
	caller->description[caller->made] = description != 0 ? description : caller->made;
	caller->sent[caller->made] = caller->received[caller->made] = 0;
	caller_say(caller, "#");
	caller_say_number(caller, caller->made);
}

static size_t number(const struct caller_line *line)
{
	return (size_t)strtoull(line->rest, NULL, 10);
}

static bool says(const struct caller_line *line, const char *word)
{
	return strcmp(line->rest, word) == 0;
}

/* ---- the calls ---- */

#define CALLS (caller->sys->calls)

static void do_socket(struct caller *caller, struct caller_line *line)
{
	int domain = strchr(line->rest, '6') != NULL ? AF_INET6 : AF_INET;
	int type = strncmp(line->rest, "datagram", 8) == 0 ? SOCK_DGRAM : SOCK_STREAM;
	made(line, (CALLS->socket)(caller->sys, domain, type, 0), 0);
}

static void do_adopt(struct caller *caller, struct caller_line *line)
{
	made(line, (CALLS->adopt)(caller->sys, (int)number(line)), 0);
}

static void do_dup(struct caller *caller, struct caller_line *line)
{
	made(line, (CALLS->dup)(caller->sys, fd_of(line)), caller->description[line->on]);
}

static void do_accept(struct caller *caller, struct caller_line *line)
{
	struct sockaddr_storage from = { .ss_family = AF_UNSPEC };
	socklen_t length = sizeof from;
	if (!says(line, "name")) {
		made(line, (CALLS->accept)(caller->sys, fd_of(line), NULL, NULL), 0);
		return;
	}
	made(line, (CALLS->accept)(caller->sys, fd_of(line), (struct sockaddr *)&from, &length), 0);
	caller_say_address(caller, &from, length);
}

static void do_close(struct caller *caller, struct caller_line *line)
{
	caller_say_result(caller, (CALLS->close)(caller->sys, fd_of(line)));
	caller->is_closed[line->on] = true; /* the number stays: it may be tried again */
}

static void do_bind(struct caller *caller, struct caller_line *line)
{
	caller_say_result(caller,
			  (CALLS->bind)(caller->sys, fd_of(line),
					(const struct sockaddr *)&caller->at, caller->at_length));
}

static void do_connect(struct caller *caller, struct caller_line *line)
{
	struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	caller_say_result(
		caller, says(line, "none")
				? (CALLS->connect)(caller->sys, fd_of(line), &nobody, sizeof nobody)
				: (CALLS->connect)(caller->sys, fd_of(line),
						   (const struct sockaddr *)&caller->to,
						   caller->to_length));
}

static void do_listen(struct caller *caller, struct caller_line *line)
{
	caller_say_result(caller, (CALLS->listen)(caller->sys, fd_of(line), 8));
}

static void do_shutdown(struct caller *caller, struct caller_line *line)
{
	int how = says(line, "RD") ? SHUT_RD : says(line, "WR") ? SHUT_WR : SHUT_RDWR;
	caller_say_result(caller, (CALLS->shutdown)(caller->sys, fd_of(line), how));
}

static void do_name(struct caller *caller, struct caller_line *line, bool of_peer)
{
	struct sockaddr_storage name = { .ss_family = AF_UNSPEC };
	socklen_t length = sizeof name;
	int r = ((of_peer ? CALLS->getpeername : CALLS->getsockname))(
		caller->sys, fd_of(line), (struct sockaddr *)&name, &length);
	caller_say_result(caller, r);
	if (r == 0)
		caller_say_address(caller, &name, length);
}

static void do_getsockname(struct caller *caller, struct caller_line *line)
{
	do_name(caller, line, false);
}

static void do_getpeername(struct caller *caller, struct caller_line *line)
{
	do_name(caller, line, true);
}

/* A value below 0 is that of an errno in SO_ERROR. */
static void do_error(struct caller *caller, struct caller_line *line)
{
	int value = 4711;
	socklen_t length = sizeof value;
	int r = (CALLS->getsockopt)(caller->sys, fd_of(line), SOL_SOCKET, SO_ERROR, &value,
				    &length);
	if (r < 0)
		caller_say(caller, "failed ");
	caller_say_result(caller, r < 0 ? r : -value);
	if (r == 0 && length != sizeof value) {
		caller_say(caller, "/");
		caller_say_number(caller, length);
	}
}

static void do_type(struct caller *caller, struct caller_line *line)
{
	int value = 4711;
	socklen_t length = sizeof value;
	int r = (CALLS->getsockopt)(caller->sys, fd_of(line), SOL_SOCKET, SO_TYPE, &value, &length);
	caller_say_result(caller, r < 0 ? r : value == SOCK_STREAM ? 1 : value);
	if (r == 0 && length != sizeof value) {
		caller_say(caller, "/");
		caller_say_number(caller, length);
	}
}

static void do_set(struct caller *caller, struct caller_line *line)
{
	int value = 1;
	caller_say_result(caller, (CALLS->setsockopt)(caller->sys, fd_of(line), SOL_SOCKET,
						      SO_KEEPALIVE, &value, sizeof value));
}

/* ---- bytes ---- */

static unsigned char data[MOST];

static void fill(struct caller *caller, struct caller_line *line)
{
	uint64_t at = caller->sent[caller->description[line->on]];
	for (size_t i = 0; i < MOST; i++)
		data[i] = vet_peer_byte(at + i);
}

static void say_sent(struct caller *caller, struct caller_line *line, ssize_t n)
{
	caller_say_result(caller, n);
	if (n > 0)
		caller->sent[caller->description[line->on]] += (uint64_t)n;
}

static void do_send(struct caller *caller, struct caller_line *line)
{
	fill(caller, line);
	say_sent(caller, line, (CALLS->send)(caller->sys, fd_of(line), data, number(line), 0));
}

static void do_sendto(struct caller *caller, struct caller_line *line)
{
	fill(caller, line);
	say_sent(caller, line,
		 (CALLS->sendto)(caller->sys, fd_of(line), data, number(line), 0,
				 (const struct sockaddr *)&caller->to, caller->to_length));
}

static void do_sendv(struct caller *caller, struct caller_line *line)
{
	struct iovec parts[PARTS];
	size_t at = 0;
	int count = 0;
	const char *next = line->rest;
	fill(caller, line);
	while (*next != '\0') {
		char *end;
		assert_in_range(count, 0, PARTS - 1);
		parts[count].iov_base = data + at;
		parts[count].iov_len = (size_t)strtoull(next, &end, 10);
		at += parts[count++].iov_len;
		next = *end == '+' ? end + 1 : end;
	}
	say_sent(caller, line, (CALLS->sendv)(caller->sys, fd_of(line), parts, count, 0));
}

static void do_sendfile(struct caller *caller, struct caller_line *line)
{
	uint64_t *sent = &caller->sent[caller->description[line->on]];
	int64_t offset = (int64_t)*sent;
	ssize_t n = VET_SYS_HAS(caller->sys, sendfile)
			    ? (CALLS->sendfile)(caller->sys, fd_of(line), caller->file, &offset,
						number(line))
			    : -ENOSYS;
	if (offset != (int64_t)*sent + (n > 0 ? n : 0))
		caller_say(caller, "(the offset is wrong) ");
	say_sent(caller, line, n);
}

static void say_received(struct caller *caller, ssize_t n, uint64_t at)
{
	caller_say_result(caller, n);
	for (ssize_t i = 0; i < n; i++)
		if (data[i] != vet_peer_byte(at + (uint64_t)i)) {
			caller_say(caller, " wrong");
			return;
		}
}

static void do_pread(struct caller *caller, struct caller_line *line)
{
	memset(data, 0, sizeof data);
	say_received(caller, (CALLS->pread)(caller->sys, caller->file, data, number(line), 0), 0);
}

static ssize_t receive(struct caller *caller, struct caller_line *line, int flags)
{
	uint64_t *received = &caller->received[caller->description[line->on]];
	ssize_t n;
	memset(data, 0, sizeof data);
	n = (CALLS->recv)(caller->sys, fd_of(line), data, number(line), flags);
	say_received(caller, n, *received);
	return n > 0 && flags == 0 ? n : 0;
}

static void do_recv(struct caller *caller, struct caller_line *line)
{
	caller->received[caller->description[line->on]] += (uint64_t)receive(caller, line, 0);
}

static void do_peek(struct caller *caller, struct caller_line *line)
{
	(void)receive(caller, line, MSG_PEEK);
}

static void do_recvfrom(struct caller *caller, struct caller_line *line)
{
	struct sockaddr_storage from = { .ss_family = AF_UNSPEC };
	socklen_t length = sizeof from;
	uint64_t *received = &caller->received[caller->description[line->on]];
	int truncated = 0;
	ssize_t n;
	memset(data, 0, sizeof data);
	n = (CALLS->recvfrom)(caller->sys, fd_of(line), data, number(line), 0,
			      (struct sockaddr *)&from, &length, &truncated);
	say_received(caller, n, *received);
	*received += n > 0 ? (uint64_t)n : 0;
	if (n >= 0)
		caller_say_address(caller, &from, length);
	if (n >= 0 && truncated)
		caller_say(caller, " truncated");
}

/* ---- time and the rest ---- */

static int64_t duration(const char *text)
{
	char *unit;
	int64_t n = strtoll(text, &unit, 10);
	if (strcmp(text, "never") == 0)
		return -1;
	return strcmp(unit, "s") == 0    ? n * 1000000000
	       : strcmp(unit, "ms") == 0 ? n * 1000000
	       : strcmp(unit, "us") == 0 ? n * 1000
					 : n;
}

/* "poll IN|OUT 5ms"; "poll sleep 5ms" names no descriptor. */
static void do_poll(struct caller *caller, struct caller_line *line)
{
	struct pollfd polled[5];
	const char *limit = strchr(line->rest, ' ');
	nfds_t count = strncmp(line->rest, "sleep", 5) == 0 ? 0 : line->count + 1;
	int n;
	assert_non_null(limit);
	for (nfds_t i = 0; i < count; i++) {
		unsigned on = i == 0 ? line->on : line->others[i - 1];
		assert_in_range(on, 1, caller->made);
		polled[i].fd = caller->fd[on];
		polled[i].revents = POLLOUT; /* of a poll before: what fails leaves it alone */
		polled[i].events = caller_bits(line->rest, (size_t)(limit - line->rest));
	}
	n = (CALLS->poll)(caller->sys, polled, count, duration(limit + 1));
	caller_say_result(caller, n);
	for (nfds_t i = 0; i < count; i++) {
		if (n == 0)
			assert_int_equal(polled[i].revents, 0);
		if (n <= 0)
			continue;
		assert_int_equal(polled[i].events,
				 caller_bits(line->rest, (size_t)(limit - line->rest)));
		caller_say(caller, i == 0 ? " " : "/");
		caller_say_events(caller, polled[i].revents);
	}
}

static void do_now(struct caller *caller, struct caller_line *line)
{
	int64_t now = 0;
	int r = (CALLS->now)(caller->sys, &now);
	(void)line;
	if (r < 0)
		caller_say_result(caller, r);
	else
		caller_say_time(caller, (int64_t)((uint64_t)now - (uint64_t)caller->began));
}

static void do_realloc(struct caller *caller, struct caller_line *line)
{
	void *was = caller->memory;
	int r = (CALLS->realloc)(caller->sys, &caller->memory, number(line));
	caller_say_result(caller, r);
	if (r < 0 && caller->memory != was)
		caller_say(caller, " lost");
}

static void do_interface(struct caller *caller, struct caller_line *line)
{
	caller_say_result(caller, (CALLS->interface_index)(caller->sys, line->rest));
}

const struct caller_word caller_words[] = {
	{ "socket", do_socket },
	{ "adopt", do_adopt },
	{ "dup", do_dup },
	{ "accept", do_accept },
	{ "close", do_close },
	{ "bind", do_bind },
	{ "connect", do_connect },
	{ "listen", do_listen },
	{ "shutdown", do_shutdown },
	{ "getsockname", do_getsockname },
	{ "getpeername", do_getpeername },
	{ "error", do_error },
	{ "type", do_type },
	{ "set", do_set },
	{ "send", do_send },
	{ "sendto", do_sendto },
	{ "sendv", do_sendv },
	{ "sendfile", do_sendfile },
	{ "pread", do_pread },
	{ "recv", do_recv },
	{ "peek", do_peek },
	{ "recvfrom", do_recvfrom },
	{ "poll", do_poll },
	{ "now", do_now },
	{ "realloc", do_realloc },
	{ "interface", do_interface },
	{ NULL, NULL },
};
