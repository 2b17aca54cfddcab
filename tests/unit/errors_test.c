/* SPDX-License-Identifier: 0BSD */
/* Every errno that POSIX.1-2008 and the Linux manual pages list for a call, and that vetsock does
 * not handle itself, reaches the caller as it is. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* POSIX send(), sendto(), sendmsg(); send(2), ip(7), tcp(7), udp(7); but EAGAIN and EINTR. */
static const char send_errors[] =
	"EACCES EAFNOSUPPORT EALREADY EBADF ECONNABORTED ECONNREFUSED ECONNRESET EDESTADDRREQ EFAULT "
	"EHOSTDOWN EHOSTUNREACH EINVAL EIO EISCONN ELOOP EMSGSIZE ENAMETOOLONG ENETDOWN ENETUNREACH "
	"ENOBUFS ENODEV ENOENT ENOMEM ENONET ENOPROTOOPT ENOTCONN ENOTDIR ENOTSOCK EOPNOTSUPP EPERM EPIPE "
	"EPROTO ETIMEDOUT";
/* POSIX recv(), recvfrom(); recv(2), ip(7), tcp(7), udp(7). */
static const char receive_errors[] =
	"EBADF ECONNABORTED ECONNREFUSED ECONNRESET EFAULT EHOSTDOWN EHOSTUNREACH EINVAL EIO EMSGSIZE "
	"ENETDOWN ENETUNREACH ENOBUFS ENOMEM ENONET ENOPROTOOPT ENOTCONN ENOTSOCK EOPNOTSUPP EPIPE EPROTO "
	"ETIMEDOUT";
/* POSIX pread(); pread(2), read(2).  EAGAIN of a file is nothing that poll would wait for. */
static const char pread_errors[] =
	"EAGAIN EBADF ECONNRESET EFAULT EINVAL EIO EISDIR ENOBUFS ENOMEM ENOTCONN ENXIO EOVERFLOW ESPIPE "
	"ETIMEDOUT";
/* sendfile(2), and what its send may say; EINVAL, ENOSYS, EOPNOTSUPP and EOVERFLOW lead on to
 * chunks. */
static const char sendfile_errors[] =
	"EBADF ECONNABORTED ECONNRESET EFAULT EHOSTUNREACH EIO ENETDOWN ENETUNREACH ENOBUFS ENOMEM ENOTCONN "
	"EPERM EPIPE ESPIPE ETIMEDOUT";
/* POSIX poll(); poll(2); but EINTR and EAGAIN. */
static const char poll_errors[] = "EFAULT EINVAL ENOMEM";
/* POSIX clock_gettime(); clock_gettime(2). */
static const char now_errors[] = "EACCES EFAULT EINVAL EOVERFLOW EPERM";

static const struct call_row {
	const struct given *given;
	const char *act, *before, *call, *want_after;
	const char *errors;
} rows[] = {
	{ &closed, "stream 4", "", "socket INET STREAM 0", "",
	  "EACCES EAFNOSUPPORT EINVAL EMFILE ENFILE ENOBUFS ENOMEM EPERM EPROTONOSUPPORT EPROTOTYPE" },
	{ &closed, "raw 6 58", "", "socket INET6 RAW 58", "",
	  "EACCES EPERM EPROTONOSUPPORT ESOCKTNOSUPPORT" },
	{ &closed, "adopt; fd", "", "adopt", "; EBADF", "EBADF EINVAL EMFILE ENFILE ENOTSOCK" },
	{ &closed, "adopt; fd", "adopt = same;", "getsockopt SO_TYPE", "; EBADF",
	  "EBADF EINVAL ENOBUFS ENOPROTOOPT ENOTSOCK" },
	{ &stream4, "close; fd", "", "close", "; EBADF", "EBADF EDQUOT EINTR EIO ENOSPC" },
	{ &stream4, "try_clone; fd", "", "dup", "; 1", "EBADF EINVAL EMFILE ENFILE EPERM" },
	{ &stream4, "bind 1.2.3.4:80", "", "bind 1.2.3.4:80", "",
	  "EACCES EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EALREADY EBADF EDESTADDRREQ EFAULT EINPROGRESS EINVAL EIO EISCONN EISDIR ELOOP ENAMETOOLONG ENOBUFS ENODEV ENOENT ENOMEM ENOTDIR ENOTSOCK EOPNOTSUPP EPERM EROFS" },
	{ &stream4, "listen", "", "listen 65535", "",
	  "EACCES EADDRINUSE EBADF EDESTADDRREQ EINVAL ENOBUFS ENOTSOCK EOPNOTSUPP" },
	{ &listener, "accept", "", "accept", " from none",
	  "EBADF EFAULT EINVAL EMFILE ENFILE ENOBUFS ENOMEM ENOSR ENOTSOCK EOPNOTSUPP EPERM EPROTONOSUPPORT ESOCKTNOSUPPORT ETIMEDOUT" },
	{ &listener, "accept", "accept = EAGAIN;", "poll IN forever", " from none", poll_errors },
	{ &stream4, "connect 1.2.3.4:80", "", "connect 1.2.3.4:80", "",
	  "EACCES EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EAGAIN EALREADY EBADF ECONNABORTED ECONNREFUSED ECONNRESET EFAULT EHOSTDOWN EHOSTUNREACH EINVAL EIO EISCONN ELOOP ENAMETOOLONG ENETDOWN ENETUNREACH ENOBUFS ENOENT ENOMEM ENONET ENOTDIR ENOTSOCK EOPNOTSUPP EPERM EPROTO EPROTOTYPE ETIMEDOUT" },
	{ &datagram4, "connect 1.2.3.4:80", "", "connect 1.2.3.4:80", "",
	  "EACCES EADDRNOTAVAIL EAGAIN EHOSTUNREACH ENETUNREACH ENOBUFS EPERM" },
	{ &stream4, "connect 1.2.3.4:80", "connect 1.2.3.4:80 = EINPROGRESS;", "poll OUT forever",
	  "", poll_errors },
	{ &stream4, "connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; poll OUT forever = OUT|ERR|HUP; getpeername = ENOTCONN;",
	  "getsockopt SO_ERROR", "", "EBADF EFAULT EINVAL ENOBUFS ENOPROTOOPT ENOTSOCK" },
	{ &stream4, "connect 1.2.3.4:80",
	  "connect 1.2.3.4:80 = EINPROGRESS; poll OUT forever = OUT|ERR|HUP; getpeername = ENOTCONN;",
	  "getsockopt SO_ERROR = value", "",
	  "EACCES ECONNABORTED ECONNREFUSED ECONNRESET EHOSTDOWN EHOSTUNREACH EIO ENETDOWN ENETUNREACH ENOBUFS ENOMEM ENONET ENOPROTOOPT EPERM EPIPE EPROTO ETIMEDOUT" },
	{ &stream4, "local_address", "", "getsockname", " from none",
	  "EBADF EFAULT EINVAL ENOBUFS ENOTSOCK EOPNOTSUPP" },
	{ &stream4, "peer_address", "", "getpeername", " from none",
	  "EBADF EFAULT EINVAL ENOBUFS ENOTCONN ENOTSOCK EOPNOTSUPP" },
	{ &stream4, "shutdown", "", "shutdown RDWR", "", "EBADF EINVAL ENOBUFS ENOTCONN ENOTSOCK" },
	{ &stream4, "get ttl", "", "getsockopt IP_TTL", "",
	  "EACCES EBADF EFAULT EINVAL ENOBUFS ENOPROTOOPT ENOTSOCK" },
	{ &stream4, "set ttl 5", "", "setsockopt IP_TTL 5", "",
	  "EACCES EBADF EBUSY EDOM EFAULT EINVAL EISCONN ENOBUFS ENODEV ENOMEM ENOPROTOOPT ENOTCONN ENOTSOCK EPERM" },
	{ &datagram4, "join 224.0.0.1:0 0", "",
	  "setsockopt IP.MCAST_JOIN_GROUP group 0 224.0.0.1:0", "",
	  "EADDRINUSE EADDRNOTAVAIL EINVAL ENOBUFS ENODEV ENOMEM ENOPROTOOPT" },
	{ &connected, "read 8", "", "recv 8", "", receive_errors },
	{ &connected, "read_into 8", "realloc 8 = 0;", "recv 8", " held 0", receive_errors },
	{ &connected, "read_exact 8", "recv 8 = 3;", "recv 5", " done 3", receive_errors },
	{ &connected, "read_all 8", "realloc 8 = 0; recv 8 = 3;", "recv 5", " held 3",
	  receive_errors },
	{ &connected, "read_all 8", "realloc 8 = 0; recv 8 = 8;", "recv 1 peek", " held 8",
	  receive_errors },
	{ &connected, "read 8", "recv 8 = EAGAIN;", "poll IN forever", "", poll_errors },
	{ &datagram4, "receive_from 8", "", "recvfrom 8", " from none", receive_errors },
	{ &datagram4, "read_into 8", "realloc 8 = 0;", "recvfrom 8", " held 0", receive_errors },
	{ &datagram4, "read 8", "recvfrom 8 = EAGAIN; poll IN|RDHUP forever = ERR;", "recvfrom 8",
	  "", receive_errors },
	{ &connected, "write 8", "", "send 8", " done 0", send_errors },
	{ &connected, "write 8", "send 8 = 3;", "send 5", " done 3", send_errors },
	{ &connected, "write_some 8", "send 8 = EAGAIN; poll OUT forever = ERR;", "send 8", "",
	  send_errors },
	{ &connected, "print 7", "sendv 7+1 = 7;", "sendv 1", " done 7", send_errors },
	{ &connected, "write 8", "send 8 = 3; send 5 = EAGAIN;", "poll OUT forever", " done 3",
	  poll_errors },
	{ &connected, "write 8",
	  "send 8 = 3; ( send 5 = EAGAIN; poll OUT forever = OUT ) x5; send 5 = EAGAIN;",
	  "poll - 1ms", " done 3", poll_errors },
	{ &connected, "deadline_at 10ms; write 8", "send 8 = 3; send 5 = EINTR;", "now", " done 3",
	  now_errors },
	{ &datagram4, "write 8", "", "send 8", " done 0", send_errors },
	{ &datagram4, "write_some 8", "", "send 8", "", send_errors },
	{ &datagram4, "print 7", "", "sendv 7+1", " done 0", send_errors },
	{ &datagram6, "send_to 8 [::1]:80", "", "sendto 8 [::1]:80", "", send_errors },
	{ &connected, "send_file_range 3 8", "", "sendfile @3 8", " done 0", sendfile_errors },
	{ &connected, "send_file_range 3 8", "sendfile @3 8 = 2;", "sendfile @5 6", " done 2",
	  sendfile_errors },
	{ &connected, "send_file_range 3 8", "sendfile @3 8 = 2; sendfile @5 6 = EINVAL;",
	  "pread @5 6", " done 2", pread_errors },
	{ &connected, "send_file_range 3 8", "sendfile @3 8 = EINVAL; pread @3 8 = 8; send 8 = 2;",
	  "send 6", " done 2", send_errors },
	{ &datagram4, "send_file_range 3 8", "", "pread @3 8", " done 0", pread_errors },
	{ &datagram4, "send_file_range 3 8", "pread @3 8 = 8;", "send 8", " done 0", send_errors },
	{ &stream4, "now", "", "now", " at 0", now_errors },
};

/* Plays one row with each of its errors; how many of them failed. */
static size_t play_errors(const struct call_row *row)
{
	char errors[512], script[512], want[64], *rest = errors;
	size_t failures = 0;
	snprintf(errors, sizeof errors, "%s", row->errors);
	for (char *error; (error = strtok_r(rest, " ", &rest)) != NULL;) {
		bool is_value = strchr(row->call, '=') != NULL;
		snprintf(script, sizeof script, "%s %s %s%s", row->before, row->call,
			 is_value ? "" : "= ", error);
		snprintf(want, sizeof want, "%s%s", error, row->want_after);
		const char *failure =
			play_row(row->given, &(struct row){ error, row->act, script, want });
		if (failure != NULL)
			print_error("%s", failure);
		failures += failure != NULL;
	}
	return failures;
}

static void every_errno_that_is_not_handled_reaches_the_caller(void **state)
{
	size_t failures = 0;
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		failures += play_errors(&rows[i]);
	assert_int_equal(failures, 0);
}

static void an_errno_that_nobody_knows_reaches_the_caller_too(void **state)
{
	static const struct row unknown[] = {
		{ "read", "read 8", "recv 8 = -4095", "-4095" },
		{ "write", "write 8", "send 8 = -4095", "-4095 done 0" },
		{ "connect", "connect 1.2.3.4:80", "connect 1.2.3.4:80 = -4095", "-4095" },
		{ "accept", "accept", "accept = -4095", "-4095 from none" },
		{ "poll", "read 8", "recv 8 = EAGAIN; poll IN forever = -4095", "-4095" },
	};
	(void)state;
	play(&stream4, unknown, COUNT(unknown));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_errno_that_is_not_handled_reaches_the_caller),
		cmocka_unit_test(an_errno_that_nobody_knows_reaches_the_caller_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
