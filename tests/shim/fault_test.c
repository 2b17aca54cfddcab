/* SPDX-License-Identifier: 0BSD */
/* The fault layer: each action, on the entries that have it. */
#include "fault_check.h"

/* clang-format off */
static const struct fault_row errors[] = {
	{ "no plan", "", "socket", "connect; send 5; recv 5; took; poll IN|OUT 0", "0, 5, 5, 5, 1 OUT", 0, 0, 0 },
	{ "socket fails, and no descriptor is counted", "socket@1=EMFILE; recv#1@1=EINTR", "", "socket; socket; connect; send 1; recv 1; recv 1", "EMFILE, #1, 0, 1, EINTR, 1", 0, 0, 0 },
	{ "socket: raw alone may be forbidden so", "socket=EPERM", "", "socket; socket datagram", "#1, #2", 1, 0, 0 },
	{ "socket of a family", "socket@2=EAFNOSUPPORT", "", "socket 6; socket 6; socket 6", "#1, EAFNOSUPPORT, #2", 0, 0, 0 },
	{ "adopt fails, which the catalogue has not", "adopt@1=EIO", "", "adopt 901; adopt 901; send 3; took", "EIO, #1, 3, 3", 0, 0, ANYHOW },
	{ "close fails, and has closed", "close@1=EINTR", "socket", "close; close", "EINTR, EBADF", 0, 0, 0 },
	{ "close=EIO has closed too", "close=EIO", CONNECTED, "close; send 1; close", "EIO, EBADF, EBADF", 0, 0, 0 },
	{ "a close that says anything has closed", "close@1=EPERM", "socket", "close; close", "EPERM, EBADF", 0, 0, ANYHOW },
	{ "dup fails", "dup@1=EMFILE", CONNECTED, "dup; dup; send#2 3; took", "EMFILE, #2, 3, 3", 0, 0, 0 },
	{ "bind fails, and may be tried again", "bind@1=EADDRINUSE", "socket", "bind; bind; bind", "EADDRINUSE, 0, EINVAL", 0, 0, 0 },
	{ "bind=EINPROGRESS has bound", "bind@1=EINPROGRESS", "socket", "bind; bind", "EINPROGRESS, EINVAL", 0, 0, 0 },
	{ "and the layer knows it", "bind@1=EINPROGRESS; bind@2=EADDRINUSE", "socket", "bind; bind", "EINPROGRESS, EINVAL", 1, 0, 0 },
	{ "of IPv6 alone", "bind=ENODEV", "socket", "bind", "0", 1, 0, 0 },
	{ "connect fails, and begins nothing", "connect@1=ECONNREFUSED", "socket", "connect; getpeername; connect; getpeername", "ECONNREFUSED, ENOTCONN, 0, 0 INET/16", 0, 0, 0 },
	{ "connect=EAGAIN is an answer", "connect@1=EAGAIN", "socket", "connect; poll OUT 0; connect", "EAGAIN, 1 OUT|HUP, 0", 0, 0, 0 },
	{ "connect of a datagram socket", "connect@1=ENETUNREACH", "socket datagram", "connect; send 1; connect; send 1", "ENETUNREACH, EDESTADDRREQ, 0, 1", 0, 0, 0 },
	{ "connect=EINTR goes on", "connect=EINTR", "socket", "connect; poll OUT never; getpeername; send 3; took", "EINTR, 1 OUT, 0 INET/16, 3, 3", 0, 0, 0 },
	{ "connect=EINPROGRESS goes on", "connect@1=EINPROGRESS", "socket", "connect; connect; connect", "EINPROGRESS, 0, EISCONN", 0, 0, 0 },
	{ "connect=EINTR, where the attempt really takes time", "connect=EINTR", "socket", "connect; poll OUT never; clock; connect; connect", "EINTR, 1 OUT, 10ms, 0, EISCONN", 0, LATE, 0 },
	{ "connect=EINPROGRESS where it says so anyway", "connect=EINPROGRESS", "socket", "connect", "EINPROGRESS", 1, LATE, 0 },
	{ "connect=EINTR of an attempt that fails at once", "connect=EINTR", "socket 6", "connect", "EAFNOSUPPORT", 1, 0, 0 },
	{ "listen fails", "listen@1=EADDRINUSE", "socket", "listen; accept; listen; accept", "EADDRINUSE, EINVAL, 0, #2", 0, 0, 0 },
	{ "accept=EMFILE leaves the queue alone", "accept@1=EMFILE", LISTENING, "5x accept", "EMFILE, #2, #3, #4, EAGAIN", 0, 0, 0 },
	{ "accept=ECONNABORTED takes one away", "accept@1=ECONNABORTED", LISTENING, "4x accept", "ECONNABORTED, #2, #3, EAGAIN", 0, 0, 0 },
	{ "and each time", "accept=EPROTO", LISTENING, "4x accept", "EPROTO, EPROTO, EPROTO, EAGAIN", 0, 0, 0 },
	{ "what it takes has no number", "accept@1=ECONNABORTED; recv#2@1=EINTR", LISTENING, "accept; accept; send#2 1; recv#2 1; recv#2 1", "ECONNABORTED, #2, 1, EINTR, 1", 0, 0, 0 },
	{ "nor an address", "accept@1=ECONNABORTED", LISTENING, "accept name; accept name", "ECONNABORTED other/128, #2 INET/16", 0, 0, 0 },
	{ "with nobody in the queue there is nobody to lose", "accept@4=ECONNABORTED", LISTENING, "4x accept", "#2, #3, #4, EAGAIN", 1, 0, 0 },
	{ "and the next rule acts", "accept@4=ECONNABORTED; accept@4=EMFILE", LISTENING, "4x accept", "#2, #3, #4, EMFILE", 1, 0, 0 },
	{ "accept interrupted", "accept@1-2=EINTR", LISTENING, "3x accept", "EINTR, EINTR, #2", 0, 0, 0 },
	{ "shutdown fails, and shuts nothing", "shutdown@1=ENOBUFS", CONNECTED, "shutdown WR; send 1; shutdown WR; send 1", "ENOBUFS, 1, 0, EPIPE", 0, 0, 0 },
	{ "getsockname fails", "getsockname@1=ENOBUFS", CONNECTED, "2x getsockname", "ENOBUFS, 0 INET/16", 0, 0, 0 },
	{ "getpeername fails", "getpeername@1=ENOBUFS", CONNECTED, "2x getpeername", "ENOBUFS, 0 INET/16", 0, 0, 0 },
	{ "getsockopt fails", "getsockopt@1=ENOPROTOOPT", "socket", "2x type", "ENOPROTOOPT, 1", 0, 0, 0 },
	{ "but not of SO_ERROR with that", "getsockopt=ENOPROTOOPT", "socket", "error; type", "0, ENOPROTOOPT", 0, 0, 0 },
	{ "getsockopt of SO_ERROR fails", "getsockopt@1=ENOBUFS", "socket", "2x error", "failed ENOBUFS, 0", 0, 0, 0 },
	{ "setsockopt fails", "setsockopt@1=ENOMEM", "socket", "2x set", "ENOMEM, 0", 0, 0, 0 },
	{ "recv interrupted", "recv@1=EINTR", CONNECTED, "send 3; recv 3; recv 3", "3, EINTR, 3", 0, 0, 0 },
	{ "recv without memory, for ever", "recv=ENOMEM", CONNECTED, "send 3; 3x recv 3", "3, ENOMEM, ENOMEM, ENOMEM", 0, 0, 0 },
	{ "recvfrom interrupted", "recvfrom@1=EINTR", DATAGRAM, "send 3; recvfrom 3; recvfrom 3", "3, EINTR, 3 INET/16", 0, 0, 0 },
	{ "send interrupted takes nothing", "send@1=EINTR", CONNECTED, "send 3; took; send 3; took", "EINTR, 0, 3, 3", 0, 0, 0 },
	{ "sendto fails", "sendto@1=EHOSTUNREACH", "socket datagram", "sendto 3; took; sendto 3; took", "EHOSTUNREACH, 0, 3, 3", 0, 0, 0 },
	{ "sendv fails", "sendv@1=ENOBUFS", CONNECTED, "sendv 1+2; took; sendv 1+2; took", "ENOBUFS, 0, 3, 3", 0, 0, 0 },
	{ "pread fails", "pread@1=EIO", "", "2x pread 5", "EIO, 5", 0, 0, 0 },
	{ "sendfile cannot", "sendfile@1=EINVAL", CONNECTED, "sendfile 5; took; sendfile 5; took", "EINVAL, 0, 5, 5", 0, 0, 0 },
	{ "sendfile can never", "sendfile=ENOSYS", CONNECTED, "2x sendfile 5", "ENOSYS, ENOSYS", 0, 0, 0 },
	{ "poll interrupted", "poll@1=EINTR", CONNECTED, "poll OUT 5ms; poll OUT 5ms", "EINTR, 1 OUT", 0, 0, 0 },
	{ "not where it does not wait", "poll=EINTR", CONNECTED, "poll OUT 0", "1 OUT", 1, 0, 0 },
	{ "poll interrupted in the end", "poll@1=EINTR after", CONNECTED, "poll IN 5ms; clock; poll IN 5ms; clock", "EINTR, 5ms, 0, 10ms", 0, 0, 0 },
	{ "a sleep interrupted", "poll@1=EINTR", "", "poll sleep 5ms; clock; poll sleep 5ms; clock", "EINTR, 0, 0, 5ms", 0, 0, 0 },
	{ "poll without memory", "poll@1=ENOMEM", CONNECTED, "poll OUT 0; poll OUT 0", "ENOMEM, 1 OUT", 0, 0, 0 },
	{ "now fails", "now@2=EINVAL", "", "3x now", "0, EINVAL, 0", 0, 0, 0 },
	{ "realloc fails, and keeps what there is", "realloc@2=ENOMEM", "", "realloc 10; realloc 20; realloc 30", "0, ENOMEM, 0", 0, 0, 0 },
	{ "giving back cannot fail", "realloc=ENOMEM", "", "realloc 0; realloc 10", "0, ENOMEM", 0, 0, 0 },
	{ "an interface is not there", "interface_index@1=ENODEV", "", "2x interface eth0", "ENODEV, 2", 0, 0, 0 },
};

static const struct fault_row shorts[] = {
	{ "short recv", "recv@1=short:2", CONNECTED, "send 5; recv 5; recv 5", "5, 2, 3", 0, 0, 0 },
	{ "short recv, always", "recv=short:1", CONNECTED, "send 3; 4x recv 5", "3, 1, 1, 1, EAGAIN", 0, 0, 0 },
	{ "short peek", "recv@1=short:2", CONNECTED, "send 5; peek 5; recv 5", "5, 2, 5", 0, 0, 0 },
	{ "short recvfrom of a stream", "recvfrom@1=short:2", CONNECTED, "send 5; recvfrom 5; recv 5", "5, 2 other/0, 3", 0, 0, 0 },
	{ "a datagram is not cut", "recvfrom=short:2", DATAGRAM, "send 5; recvfrom 5", "5, 5 INET/16", 1, 0, 0 },
	{ "unless the plan is unlawful", "recvfrom=short:2", DATAGRAM, "send 5; recvfrom 5", "5, 2 INET/16 truncated", 0, 0, ANYHOW },
	{ "short send passes the shortened part on", "send@1=short:2", CONNECTED, "send 5; took; send 5; took; recv 9", "2, 2, 5, 7, 7", 0, 0, 0 },
	{ "short sendto of a stream", "sendto@1=short:3", CONNECTED, "sendto 5; took", "3, 3", 0, 0, 0 },
	{ "a gather write cut in its first part", "sendv=short:1", CONNECTED, "sendv 2+3+4; took", "1, 1", 0, 0, 0 },
	{ "at the end of one", "sendv=short:2", CONNECTED, "sendv 2+3+4; took", "2, 2", 0, 0, 0 },
	{ "in its second", "sendv=short:4", CONNECTED, "sendv 2+3+4; took", "4, 4", 0, 0, 0 },
	{ "in its last", "sendv=short:8", CONNECTED, "sendv 2+3+4; took; recv 9", "8, 8, 8", 0, 0, 0 },
	{ "with empty parts between", "sendv=short:3", CONNECTED, "sendv 0+2+0+3; took", "3, 3", 0, 0, 0 },
	{ "with many parts", "sendv=short:70", CONNECTED, "sendv 1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1; took", "64, 64", 0, 0, 0 },
	{ "short pread", "pread@1=short:3", "", "2x pread 5", "3, 5", 0, 0, 0 },
	{ "short sendfile", "sendfile@1=short:3", CONNECTED, "sendfile 5; sendfile 5; took", "3, 5, 8", 0, 0, 0 },
	{ "not less than asked", "send@1=short:5", CONNECTED, "send 5; took", "5, 5", 1, 0, 0 },
	{ "more than asked", "recv@1=short:9", CONNECTED, "send 5; recv 5", "5, 5", 1, 0, 0 },
	{ "one byte cannot be cut", "send=short:1", CONNECTED, "send 1; took", "1, 1", 1, 0, 0 },
	{ "there was less than that anyway", "recv@1=short:3", CONNECTED, "send 2; recv 9", "2, 2", 1, 0, 0 },
	{ "there was nothing", "recv@1=short:3", CONNECTED, "recv 9", "EAGAIN", 1, 0, 0 },
	{ "the file has ended", "pread@1=short:3", "", "pread 0; pread 9", "0, 9", 1, 0, 0 },
};

static const struct fault_row zeros[] = {
	{ "the end, in recv, stays", "recv@2=zero", CONNECTED, "send 9; 4x recv 2; send 1; took", "9, 2, 0, 0, 0, 1, 10", 0, 0, 0 },
	{ "in recvfrom", "recvfrom@1=zero", CONNECTED, "send 9; recvfrom 2; recv 2", "9, 0 other/128, 0", 0, 0, 0 },
	{ "a datagram socket has no end", "recv=zero", DATAGRAM, "send 9; recv 9", "9, 9", 1, 0, 0 },
	{ "a connection that has ended cannot end again", "recv@2=zero; recv@3=zero", CONNECTED, "send 9; 3x recv 2", "9, 2, 0, 0", 1, 0, 0 },
	{ "nothing sent", "send@1=zero", CONNECTED, "send 5; took; send 5; took", "0, 0, 5, 5", 0, 0, 0 },
	{ "nothing sent by sendto", "sendto=zero", CONNECTED, "sendto 5; took", "0, 0", 0, 0, 0 },
	{ "nothing sent by sendv", "sendv@1=zero", CONNECTED, "sendv 2+3; took; sendv 2+3; took", "0, 0, 5, 5", 0, 0, 0 },
	{ "of nothing, nothing is no fault", "send=zero", CONNECTED, "send 0", "0", 1, 0, 0 },
	{ "the file has shrunk, for pread", "pread@2=zero", "", "3x pread 5", "5, 0, 5", 0, 0, 0 },
	{ "for sendfile", "sendfile@1=zero", CONNECTED, "sendfile 5; took; sendfile 5; took", "0, 0, 5, 5", 0, 0, 0 },
	{ "poll early", "poll@1=zero", CONNECTED, "poll OUT 5ms; clock; poll OUT 5ms", "0, 0, 1 OUT", 0, 0, 0 },
	{ "not where it has no limit", "poll@1=zero", CONNECTED, "poll OUT never", "1 OUT", 1, 0, 0 },
};

static const struct fault_row values[] = {
	{ "SO_ERROR of an attempt", "getsockopt@1=value:ECONNREFUSED", CONNECTED, "error; error", "ECONNREFUSED, 0", 0, LATE, 0 },
	{ "of a connection", "getsockopt@1=value:ETIMEDOUT", CONNECTED, "error; error; send 1", "ETIMEDOUT, 0, EPIPE", 0, 0, 0 },
	{ "not of a fresh socket", "getsockopt=value:ECONNREFUSED", "socket", "error", "0", 1, 0, 0 },
	{ "any option, unlawfully", "getsockopt@1=value:77", "socket", "2x type", "77, 1", 0, 0, ANYHOW },
	{ "of a datagram", "getsockopt@1=value:EHOSTUNREACH", DATAGRAM, "error; error; send 1", "EHOSTUNREACH, 0, 1", 0, 0, 0 },
	{ "an index", "interface_index@1=value:9", "", "2x interface lo", "9, 1", 0, 0, ANYHOW },
	{ "the length of a value", "getsockopt@1=length:3", "socket", "2x type", "1/3, 1", 0, 0, ANYHOW },
	{ "the same length", "getsockopt@1=length:4", "socket", "type", "1", 1, 0, ANYHOW },
	{ "of an address", "getsockname@1=length:5", CONNECTED, "2x getsockname", "0 INET/5, 0 INET/16", 0, 0, ANYHOW },
	{ "of the peer's", "getpeername@1=length:200", CONNECTED, "2x getpeername", "0 INET/200, 0 INET/16", 0, 0, ANYHOW },
	{ "of who is accepted", "accept=length:2", LISTENING, "accept name; accept; send#2 1", "#2 INET/2, #3, 1", 0, 0, ANYHOW },
	{ "of a sender", "recvfrom=length:0", DATAGRAM, "send 1; recvfrom 1", "1, 1 INET/0", 0, 0, ANYHOW },
	{ "where no address is asked for", "accept@1=length:2; accept@1=EMFILE", LISTENING, "accept", "EMFILE", 1, 0, ANYHOW },
	{ "of nothing", "getpeername=length:2", "socket", "getpeername", "ENOTCONN", 1, 0, ANYHOW },
	{ "a foreign family", "getsockname@1=family:77", CONNECTED, "2x getsockname", "0 other/16, 0 INET/16", 0, 0, ANYHOW },
	{ "of the peer", "getpeername@1=family:0", CONNECTED, "2x getpeername", "0 other/16, 0 INET/16", 0, 0, ANYHOW },
	{ "the right family", "getpeername=family:2", CONNECTED, "getpeername", "0 INET/16", 1, 0, ANYHOW },
	{ "of who is accepted", "accept@1=family:10", LISTENING, "2x accept name", "#2 INET6/16, #3 INET/16", 0, 0, ANYHOW },
	{ "of a sender", "recvfrom=family:10", DATAGRAM, "send 1; recvfrom 1", "1, 1 INET6/16", 0, 0, ANYHOW },
	{ "a stream's recvfrom has none", "recvfrom=family:10", CONNECTED, "send 1; recvfrom 1", "1, 1 other/0", 1, 0, ANYHOW },
};

static const struct fault_row afters[] = {
	{ "an error after the call: what it did is done", "send@1=EIO after", CONNECTED, "send 3; took", "EIO, 3", 0, 0, ANYHOW },
	{ "what was received is lost", "recv@1=EIO after", CONNECTED, "send 3; recv 3; recv 3", "3, EIO, EAGAIN", 0, 0, ANYHOW },
	{ "the same error by itself", "recv@1=EAGAIN after", CONNECTED, "recv 3", "EAGAIN", 1, 0, ANYHOW },
	{ "zero after a call", "recv@1=zero after", CONNECTED, "send 3; recv 3; recv 3", "3, 0, EAGAIN", 0, 0, ANYHOW },
	{ "zero after sending", "send@1=zero after", CONNECTED, "send 3; took", "0, 3", 0, 0, ANYHOW },
	{ "zero, which it was", "recv@1=zero after", CONNECTED, "shutdown WR; recv 3", "0, 0", 1, 0, ANYHOW },
	{ "zero after poll waited", "poll@1=zero after", CONNECTED, "poll OUT never; poll OUT never", "0, 1 OUT", 0, 0, ANYHOW },
	{ "zero, after it had waited in vain", "poll@1=zero after", CONNECTED, "poll IN 7ms; clock", "0, 7ms", 1, 0, ANYHOW },
	{ "spurious after the wait", "poll@1=spurious after", CONNECTED, "poll IN 7ms; clock", "1 IN, 7ms", 0, 0, ANYHOW },
	{ "spurious, which it was", "poll@1=spurious after", CONNECTED, "poll OUT 7ms", "1 OUT", 1, 0, ANYHOW },
	{ "events after the wait", "poll@1=events:ERR after", CONNECTED, "poll IN 7ms; clock", "1 ERR, 7ms", 0, 0, ANYHOW },
	{ "a value after the call", "getsockopt@1=value:7 after", "socket", "2x type", "7, 1", 0, 0, ANYHOW },
	{ "the value that it had", "getsockopt@1=value:1 after", "socket", "type", "1", 1, 0, ANYHOW },
	{ "close is made anyway", "close@1=EINTR after", "socket", "2x close", "EINTR, EBADF", 0, 0, 0 },
};
/* clang-format on */

static void errors_are_given_and_keep_real_effects(void **state)
{
	(void)state;
	CHECK_ROWS(errors);
}

static void short_counts_move_what_they_say(void **state)
{
	(void)state;
	CHECK_ROWS(shorts);
}

static void zero_is_an_end_or_nothing_taken(void **state)
{
	(void)state;
	CHECK_ROWS(zeros);
}

static void values_lengths_and_families_are_replaced(void **state)
{
	(void)state;
	CHECK_ROWS(values);
}

static void after_replaces_what_a_call_gave(void **state)
{
	(void)state;
	CHECK_ROWS(afters);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errors_are_given_and_keep_real_effects),
		cmocka_unit_test(short_counts_move_what_they_say),
		cmocka_unit_test(zero_is_an_end_or_nothing_taken),
		cmocka_unit_test(values_lengths_and_families_are_replaced),
		cmocka_unit_test(after_replaces_what_a_call_gave),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
