/* SPDX-License-Identifier: 0BSD */
/*
 * The fault layer over the real kernel.  Side by side: what the kernel answers when something
 * really breaks, and what the layer answers, over a connection that is whole, when a plan says that
 * it has broken; and what really arrives at the other end.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include <vetsock/fault.h>
#include <vetsock/host.h>
#include <vetsock/peer.h>
#include <vetsock/trace.h>
#include <vetsock/vetsock.h>

#include "caller.h"

enum {
	LIMIT = 5000 /* milliseconds that the loopback may take, and never does */,
	FILE_SIZE = 100
};

static struct vet_fault fault;
static struct caller caller;
static int listener = -1, other = -1, file = -1;
static struct sockaddr_in where; /* of the listener */

/* ---- the other end: plain system calls ---- */

static void name_of(int fd, struct sockaddr_in *address)
{
	socklen_t length = sizeof *address;
	assert_int_equal(getsockname(fd, (struct sockaddr *)address, &length), 0);
}

static int bound(int type)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	return fd;
}

static void until(int fd, short event)
{
	struct pollfd p = { .fd = fd, .events = event };
	assert_int_equal(poll(&p, 1, LIMIT), 1);
}

static void take_other(void)
{
	assert_int_equal(other, -1);
	until(listener, POLLIN);
	other = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	assert_true(other >= 0);
}

static void drop_other(bool reset)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };
	if (reset)
		assert_int_equal(setsockopt(other, SOL_SOCKET, SO_LINGER, &now, sizeof now), 0);
	assert_int_equal(close(other), 0);
	other = -1;
}

static unsigned open_descriptors(void)
{
	unsigned count = 0;
	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* Waits until the first descriptor shows something of this. */
static void settle(struct caller *c, short events)
{
	until(c->fd[1], events);
}

/* What comes at the other end, within a moment: all of it is of the pattern. */
static void say_arrived(struct caller *c)
{
	unsigned char bytes[5000];
	size_t size = 0;
	ssize_t n = 1;
	while (n > 0 && size < sizeof bytes && size < c->sent[1]) {
		until(other, POLLIN);
		n = recv(other, bytes + size, sizeof bytes - size, 0);
		size += n > 0 ? (size_t)n : 0;
	}
	n = recv(other, bytes, 1, MSG_PEEK);
	caller_say_number(c, (int64_t)size);
	if (n >= 0 || errno != EAGAIN)
		caller_say(c, " and ");
	if (n >= 0)
		caller_say(c, n > 0 ? "more" : "the end");
	else if (errno != EAGAIN)
		caller_say(c, vet_error_name(-errno));
	for (size_t i = 0; i < size; i++)
		if (bytes[i] != vet_peer_byte(i)) {
			caller_say(c, " wrong");
			return;
		}
}

/*
 * Words beside the calls.  Of a real run and an injected one both make the same calls; what happens
 * at the other end happens in the real one alone ("real ..."), or in both.
 */
static bool is_real;

static bool do_other(struct caller *c, const char *word, const char *rest)
{
	if (strcmp(word, "real") == 0 && !is_real)
		return true;
	word = strcmp(word, "real") == 0 ? rest : word;
	if (strcmp(word, "take") == 0) {
		take_other();
	} else if (strcmp(word, "reset") == 0) {
		drop_other(true);
		settle(c, POLLHUP);
	} else if (strcmp(word, "end") == 0) {
		assert_int_equal(shutdown(other, SHUT_WR), 0);
		settle(c, POLLIN);
	} else if (strcmp(word, "refused") == 0) { /* a datagram came to nothing */
		int n = (int)send(c->fd[1], "x", 1, 0);
		assert_int_equal(n, 1);
		settle(c, POLLERR);
	} else if (strcmp(word, "nowhere") == 0) { /* connect goes where nobody listens */
		struct sockaddr_in address;
		int fd = bound(SOCK_STREAM);
		name_of(fd, &address);
		assert_int_equal(close(fd), 0);
		memcpy(&c->to, &address, sizeof address);
	} else if (strcmp(word, "somewhere") == 0) {
		memcpy(&c->to, &where, sizeof where);
	} else if (strcmp(word, "failed") == 0) {
		settle(c, POLLERR);
	} else if (strcmp(word, "shut") == 0) { /* by another thread */
		assert_int_equal(shutdown(c->fd[1], SHUT_RD), 0);
	} else if (strcmp(word, "arrived") == 0) {
		say_arrived(c);
	} else if (strcmp(word, "answer") == 0) { /* the other end sends so much, and it is here */
		unsigned char bytes[16];
		for (size_t i = 0; i < sizeof bytes; i++)
			bytes[i] = vet_peer_byte(i);
		assert_int_equal(send(other, bytes, 9, 0), 9);
		settle(c, POLLIN);
	} else {
		return false;
	}
	return true;
}

/* ---- a run ---- */

static void begin(struct vet_sys *sys)
{
	caller_begin(&caller, sys);
	caller.other = do_other;
	caller.file = file;
	memcpy(&caller.to, &where, sizeof where);
}

static void end(void)
{
	caller_end(&caller);
	if (other >= 0)
		drop_other(false);
	for (int fd; (fd = accept(listener, NULL, NULL)) >= 0;)
		(void)close(fd);
}

static struct vet_sys *with(const char *plan, unsigned flags)
{
	static struct vet_plan parsed;
	assert_int_equal(vet_plan_parse(plan, strlen(plan), &parsed, NULL), 0);
	return vet_fault_start(&fault, vet_sys_host(), &parsed, flags);
}

static void open_listener(void)
{
	listener = bound(SOCK_STREAM);
	assert_int_equal(listen(listener, 64), 0);
	name_of(listener, &where);
	file = memfd_create("file", MFD_CLOEXEC);
	for (unsigned i = 0; i < FILE_SIZE; i++) {
		unsigned char byte = vet_peer_byte(i);
		assert_int_equal(write(file, &byte, 1), 1);
	}
}

/* ---- side by side ---- */

#define CONNECTED "socket; connect; poll OUT never; connect; take; "
/* Its attempt was never told to have come to be. */
#define UNSEEN    "socket; connect; poll OUT never; getpeername; take; "
#define ATTEMPT   "socket; connect; "
#define LISTENING "socket; bind; listen; "
#define DATAGRAM  "nowhere; socket datagram; connect; "
#define ALL       "poll IN|OUT|RDHUP 0; poll IN 0; poll OUT 0; "

/* What is left to ask of a connection. */
#define REST "recv 1; send 1; error; " ALL "getpeername; connect; connect; listen; accept"

/* clang-format off */
static const struct side {
	const char *name, *plan, *script;
} sides[] = {
	{ "reset, told by recv", "recv@1=ECONNRESET", CONNECTED "real reset; recv 1; recv 1; send 1; recv 1; " REST },
	{ "by peek", "recv@1=ECONNRESET", CONNECTED "real reset; peek 1; peek 1; " REST },
	{ "by send", "send@1=ECONNRESET", CONNECTED "real reset; send 1; send 1; " REST },
	{ "by sendv", "sendv@1=ECONNRESET", CONNECTED "real reset; sendv 1+1; sendv 1+1; " REST },
	{ "by sendto", "sendto@1=ECONNRESET", CONNECTED "real reset; sendto 1; sendto 1; " REST },
	{ "by sendfile", "sendfile@1=ECONNRESET", CONNECTED "real reset; sendfile 1; sendfile 1; " REST },
	{ "by SO_ERROR", "getsockopt@1=value:ECONNRESET", CONNECTED "real reset; error; error; " REST },
	{ "pending, seen by poll", "poll@2=events:IN|OUT|RDHUP|ERR|HUP", CONNECTED "real reset; " ALL "recv 1; " REST },
	{ "pending, seen by getpeername", "getpeername@1=ENOTCONN", CONNECTED "real reset; getpeername; getpeername; " ALL "send 1; " REST },
	{ "pending, seen by shutdown", "shutdown@1=ENOTCONN", CONNECTED "real reset; shutdown WR; shutdown RD; " ALL "error; " REST },
	{ "pending, connect finds one", "getpeername@1=ENOTCONN", CONNECTED "real reset; getpeername; connect; connect; recv 1; connect" },
	{ "reset, unseen: told, then anew", "recv@1=ECONNRESET", UNSEEN "real reset; recv 1; recv 1; " ALL "connect; " ALL "getpeername; recv 1; connect; poll OUT never; getpeername" },
	{ "reset, unseen, and shut down", "recv@1=ECONNRESET", UNSEEN "real reset; recv 1; shutdown WR; connect; connect; " ALL "connect none; " ALL "connect" },
	{ "reset, and dissolved", "recv@1=ECONNRESET", CONNECTED "real reset; recv 1; connect none; " ALL "recv 1; connect; poll OUT never; send 1" },
	{ "the end", "recv@1=zero", CONNECTED "real end; recv 1; recv 1; " ALL "send 1; getpeername; error; recv 1" },
	{ "the end, seen by poll", "poll@2=events:IN|RDHUP", CONNECTED "real end; poll IN|RDHUP never; " ALL "recv 1; recv 1; send 1" },
	{ "refused, told by SO_ERROR", "getsockopt@1=value:ECONNREFUSED", "real nowhere; " ATTEMPT "real failed; error; " ALL "recv 1; send 1; error; getpeername; listen; accept; somewhere; connect; " ALL "connect; poll OUT never; getpeername" },
	{ "told by recv", "recv@1=ECONNREFUSED", "real nowhere; " ATTEMPT "real failed; recv 1; recv 1; send 1; " ALL "somewhere; connect; connect; poll OUT never; connect; connect" },
	{ "told by send", "send@1=ECONNREFUSED", "real nowhere; " ATTEMPT "real failed; send 1; recv 1; send 1; " ALL "somewhere; connect; connect; poll OUT never; connect; connect" },
	{ "pending, told by connect", "getpeername@1=ENOTCONN", "real nowhere; " ATTEMPT "real failed; getpeername; " ALL "somewhere; connect; " ALL "connect; poll OUT never; getpeername" },
	{ "pending, told by SO_ERROR", "getpeername@1=ENOTCONN", "real nowhere; " ATTEMPT "real failed; getpeername; " ALL "error; error; " ALL "getsockname; listen" },
	{ "told, and shut down", "getsockopt@1=value:ECONNREFUSED", "real nowhere; " ATTEMPT "real failed; error; shutdown WR; somewhere; connect; connect; connect none; connect" },
	{ "pending, and shut down", "getpeername@1=ENOTCONN", "real nowhere; " ATTEMPT "real failed; getpeername; shutdown WR; somewhere; connect; error; connect" },
	{ "an attempt that goes on", "connect@1=EINPROGRESS", "socket; connect; poll OUT never; connect; connect; getpeername" },
	{ "a listener shut down", "accept@1=EINVAL", LISTENING "real shut; accept; accept; " ALL "recv 1; send 1; error; getpeername; listen; accept; poll IN 0" },
	{ "seen by poll", "poll@1=events:HUP", LISTENING "real shut; poll IN never; accept; " ALL "listen; accept" },
	{ "a datagram refused, told by recv", "recv@1=ECONNREFUSED", DATAGRAM "real refused; recv 1; recv 1; " ALL "error; getpeername" },
	{ "by send", "send@1=ECONNREFUSED", DATAGRAM "real refused; send 1" },
	{ "by SO_ERROR", "getsockopt@1=value:ECONNREFUSED", DATAGRAM "real refused; error; error; recv 1; " ALL },
	{ "seen by poll", "poll@1=events:ERR", DATAGRAM "real refused; poll IN never; " ALL "recv 1; recv 1; " ALL },
	{ "seen by poll, and connected again", "poll@1=events:ERR", DATAGRAM "real refused; poll IN never; connect; recv 1; recv 1" },
};

/* Of those that end in one step more than shows: what the plans do to real sockets. */
static const struct effect {
	const char *name, *plan, *script, *want;
} effects[] = {
	{ "short sends arrive short", "send=short:3", CONNECTED "send 5; send 5; send 1; arrived", "0, 3, 3, 1, 7" },
	{ "short sendto", "sendto@1=short:2", CONNECTED "sendto 5; arrived", "0, 2, 2" },
	{ "short gather writes", "sendv@1=short:4; sendv@2=short:1", CONNECTED "sendv 1+2+3; sendv 1+2; sendv 1+2; arrived", "0, 4, 1, 3, 8" },
	{ "short sendfile", "sendfile@1=short:10", CONNECTED "sendfile 50; sendfile 50; arrived", "0, 10, 50, 60" },
	{ "a send that failed has sent nothing", "send@1=ENOBUFS", CONNECTED "send 5; send 2; arrived", "0, ENOBUFS, 2, 2" },
	{ "short reads leave the rest", "recv@1=short:3", CONNECTED "answer; recv 9; recv 9", "0, 3, 6" },
	{ "a dead connection is really over", "send@2=ECONNRESET", CONNECTED "send 3; send 3; arrived", "0, 3, ECONNRESET, 3 and the end" },
	{ "what is at its end may be sent to", "recv@1=zero", CONNECTED "answer; recv 9; send 3; arrived", "0, 0, 3, 3" },
	{ "connect=EINTR has begun", "connect@1=EINTR", "socket; connect; poll OUT never; getpeername; take; send 3; arrived", "#1, EINTR, 1 OUT, 0 INET/16, 3, 3" },
	{ "connect=ECONNREFUSED has not", "connect@1=ECONNREFUSED", "socket; connect; " ALL "connect; poll OUT never; take; send 1; arrived", "#1, ECONNREFUSED, 1 OUT|HUP, 1 HUP, 1 OUT|HUP, EINPROGRESS, 1 OUT, 1, 1" },
	{ "an attempt is given up", "getsockopt@1=value:ETIMEDOUT", "socket; connect; error; take; arrived", "#1, EINPROGRESS, ETIMEDOUT, 0 and ECONNRESET" },
	{ "EAGAIN hides what has come for 1 ms", "recv@1=EAGAIN", CONNECTED "answer; recv 9; poll IN 0; poll IN 0; recv 9", "0, EAGAIN, 0, 1 IN, 9" },
	{ "EAGAIN where it blocks is none", "recv@1=EAGAIN", CONNECTED "recv 9", "0, EAGAIN" },
	{ "pread", "pread@1=short:5; pread@3=zero; pread@4=EIO", "pread 9; pread 9; pread 9; pread 9; pread 200", "5, 9, 0, EIO, 100" },
	{ "times are shown otherwise", "now@1=jump:1h", "poll sleep 0", "0" },
};
/* clang-format on */

static void run_of(const char *script, bool real, char said[CALLER_SAYS])
{
	is_real = real;
	strcpy(said, caller_make(&caller, script));
	end();
}

static void what_is_injected_is_what_the_kernel_does(void **state)
{
	static char real[CALLER_SAYS], injected[CALLER_SAYS];
	int failed = 0;
	(void)state;
	for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++) {
		size_t unfired, first = 0;
		begin(vet_sys_host());
		run_of(sides[i].script, true, real);
		begin(with(sides[i].plan, 0));
		run_of(sides[i].script, false, injected);
		unfired = vet_fault_unfired(&fault, &first);
		if (strcmp(real, injected) == 0 &&
		    unfired == (strcmp(sides[i].plan, "connect@1=EINPROGRESS") == 0))
			continue;
		failed++;
		print_error("%s\n\tplan     %s\n\tscript   %s\n\treal     %s\n\tinjected %s\n"
			    "\t%zu rules have not fired\n",
			    sides[i].name, sides[i].plan, sides[i].script, real, injected, unfired);
	}
	assert_int_equal(failed, 0);
}

/* Only what is behind the preparation is compared. */
static const char *behind(const char *said, const char *want)
{
	size_t size = strlen(said), wanted = strlen(want);
	return size > wanted ? said + (size - wanted) : said;
}

static void effects_are_real(void **state)
{
	static char said[CALLER_SAYS];
	int failed = 0;
	(void)state;
	for (size_t i = 0; i < sizeof effects / sizeof effects[0]; i++) {
		begin(with(effects[i].plan, 0));
		run_of(effects[i].script, false, said);
		if (strcmp(behind(said, effects[i].want), effects[i].want) == 0)
			continue;
		failed++;
		print_error("%s\n\tplan   %s\n\tscript %s\n\tgot    %s\n\twant   %s\n",
			    effects[i].name, effects[i].plan, effects[i].script, said,
			    effects[i].want);
	}
	assert_int_equal(failed, 0);
}

/* ---- descriptors ---- */

static void a_close_that_fails_leaves_no_descriptor(void **state)
{
	static const char *const plans[] = { "close=EINTR", "close=EIO after",
					     "close=EINPROGRESS" };
	(void)state;
	for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
		unsigned before = open_descriptors();
		begin(with(plans[i], 0));
		caller_prepare(&caller, CONNECTED "dup; dup");
		assert_int_equal(open_descriptors(), before + 4);
		caller_prepare(&caller, "close; close#2; close#3");
		assert_int_equal(vet_fault_fired(&fault, 0), 3);
		assert_int_equal(open_descriptors(), before + 1);
		end();
		assert_int_equal(open_descriptors(), before);
	}
}

/* One that was accepted nowhere else, and sees that it is over. */
static void a_connection_that_is_taken_away_is_closed(void **state)
{
	unsigned before = open_descriptors();
	struct sockaddr_in address;
	int client = bound(SOCK_STREAM), second = bound(SOCK_STREAM);
	char byte;
	(void)state;
	begin(with("accept@1=ECONNABORTED", 0));
	caller_prepare(&caller, "socket; bind; listen");
	name_of(caller.fd[1], &address);
	(void)connect(client, (const struct sockaddr *)&address, sizeof address);
	until(client, POLLOUT);
	assert_string_equal(caller_make(&caller, "poll IN never; accept"), "1 IN, ECONNABORTED");
	until(client, POLLIN);
	assert_int_equal(recv(client, &byte, 1, 0), 0);
	(void)connect(second, (const struct sockaddr *)&address, sizeof address);
	until(second, POLLOUT);
	assert_string_equal(caller_make(&caller, "accept; accept"),
			    "1 IN, ECONNABORTED, #2, EAGAIN");
	assert_int_equal(recv(second, &byte, 1, 0), -1);
	assert_int_equal(close(client), 0);
	assert_int_equal(close(second), 0);
	end();
	assert_int_equal(open_descriptors(), before);
}

/* ---- vetsock over the fault layer over the kernel ---- */

static void open_pair(struct vet_socket pair[2], struct vet_sys *near, struct vet_sys *far)
{
	struct vet_socket waiting = { 0 };
	struct vet_address at = { .ip = vet_ipv4(127, 0, 0, 1) };
	memset(pair, 0, 2 * sizeof *pair);
	assert_int_equal(vet_socket_stream_on(&waiting, far, 4), 0);
	assert_int_equal(vet_socket_bind(&waiting, &at), 0);
	assert_int_equal(vet_socket_listen(&waiting), 0);
	assert_int_equal(vet_socket_local_address(&waiting, &at), 0);
	assert_int_equal(vet_socket_stream_on(&pair[0], near, 4), 0);
	assert_int_equal(vet_socket_connect(&pair[0], &at), 0);
	assert_int_equal(vet_socket_accept(&waiting, &pair[1], NULL), 0);
	(void)vet_socket_close(&waiting);
}

/* Whatever happens to the calls, what arrives is what was sent. */
static void vetsock_sends_and_receives_all_of_it(void **state)
{
	static const char *const plans[] = {
		"",
		"send=short:7; recv=short:3",
		"send@30%=EINTR; send@50%=short:100; recv@30%=EINTR; recv@50%=short:100",
		"seed:5; send@20%=EAGAIN; recv@20%=EAGAIN; poll@50%=EINTR; poll@20%=spurious",
		"*@1-3=EINTR; send@3=zero; send@1-20=short:1; recv@1-20=short:1",
		"connect@1=EINTR; poll@1-5=EINTR; recv@1-9=EINTR; getsockopt@1=delay:1ms",
	};
	static unsigned char sent[3000], got[sizeof sent];
	(void)state;
	for (size_t i = 0; i < sizeof sent; i++)
		sent[i] = vet_peer_byte(i);
	for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
		struct vet_sys *sys = with(plans[i], 0);
		struct vet_socket pair[2];
		size_t done;
		if (sys == NULL)
			fail_msg("'%s' is lawful nowhere", plans[i]);
		open_pair(pair, sys, sys);
		assert_int_equal(vet_socket_write(&pair[0], sent, sizeof sent, &done), 0);
		assert_int_equal(done, sizeof sent);
		memset(got, 0, sizeof got);
		if (vet_socket_read_exact(&pair[1], got, sizeof got, &done) != 0 ||
		    memcmp(got, sent, sizeof sent) != 0)
			fail_msg("under '%s' %zu bytes arrived", plans[i], done);
		(void)vet_socket_close(&pair[0]);
		assert_int_equal(vet_socket_read(&pair[1], got, 1), 0);
		(void)vet_socket_close(&pair[1]);
	}
}

/* ---- with a trace above or below ---- */

static char text[20000];
static size_t text_size;

static int keep(void *context, const char *more, size_t size)
{
	(void)context;
	if (text_size + size >= sizeof text)
		return -ENOSPC;
	memcpy(text + text_size, more, size);
	text_size += size;
	text[text_size] = '\0';
	return 0;
}

static const char *const layered =
	"socket; connect; poll OUT never; take; send 5; send 5; arrived; recv 1";
static const char *const layered_gives = "#1, EINPROGRESS, 1 OUT, 2, 5, 7, ECONNRESET";

/* Above, the trace shows what the program got; below, what the kernel was asked. */
static void a_trace_may_be_above_or_below(void **state)
{
	static struct vet_trace trace;
	static struct vet_plan plan;
	const char *faults = "send@1=short:2; recv@1=ECONNRESET";
	(void)state;
	text_size = 0;
	begin(vet_trace_start(&trace, with(faults, 0), keep, NULL));
	assert_string_equal(caller_make(&caller, layered), layered_gives);
	assert_int_equal(vet_trace_error(&trace), 0);
	assert_non_null(strstr(text, " 5 0 = 2\n"));
	assert_non_null(strstr(text, "= ECONNRESET\n"));
	assert_null(strstr(text, "shutdown"));
	end();
	text_size = 0;
	assert_int_equal(vet_plan_parse(faults, strlen(faults), &plan, NULL), 0);
	begin(vet_fault_start(&fault, vet_trace_start(&trace, vet_sys_host(), keep, NULL), &plan,
			      0));
	assert_string_equal(caller_make(&caller, layered), layered_gives);
	assert_non_null(strstr(text, " 2 0 = 2\n"));
	assert_null(strstr(text, "ECONNRESET"));
	assert_non_null(strstr(text, "shutdown #1 RDWR = 0\n")); /* dead below */
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_injected_is_what_the_kernel_does),
		cmocka_unit_test(effects_are_real),
		cmocka_unit_test(a_close_that_fails_leaves_no_descriptor),
		cmocka_unit_test(a_connection_that_is_taken_away_is_closed),
		cmocka_unit_test(vetsock_sends_and_receives_all_of_it),
		cmocka_unit_test(a_trace_may_be_above_or_below),
	};
	open_listener();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
