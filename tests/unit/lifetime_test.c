/* SPDX-License-Identifier: 0BSD */
/* Rules 11 and 12: how sockets are made, adopted, cloned, released and closed, and what they are
 * called. */
#include "stage.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void rule_11_a_socket_is_made_by_one_call(void **state)
{
	static const struct row rows[] = {
		{ "stream, IPv4", "stream 4; fd; family; kind; deadline",
		  "socket INET STREAM 0 = fd", "0; 1; 4; 1; 0 at greatest" },
		{ "stream, IPv6", "stream 6; family; kind", "socket INET6 STREAM 0 = fd",
		  "0; 6; 1" },
		{ "datagram, IPv4", "datagram 4; family; kind", "socket INET DGRAM 0 = fd",
		  "0; 4; 2" },
		{ "datagram, IPv6", "datagram 6; family; kind", "socket INET6 DGRAM 0 = fd",
		  "0; 6; 2" },
		{ "descriptor 0 is one", "stream 4; fd; write 8; release",
		  "socket INET STREAM 0 = fd0; send 8 = 8", "0; 1; 0 done 8; 1" },
		{ "raw, the least protocol", "raw 4 0; family; kind", "socket INET RAW 0 = fd",
		  "0; 4; 3" },
		{ "raw, the greatest protocol", "raw 6 255; kind", "socket INET6 RAW 255 = fd",
		  "0; 3" },
		{ "raw, too great a protocol", "raw 4 256; fd", "", "EINVAL; EBADF" },
		{ "raw, a protocol that would wrap", "raw 4 4294967297", "", "EINVAL" },
		{ "raw, a negative protocol", "raw 4 -1", "", "EINVAL" },
		{ "no such family", "stream 5; fd", "", "EAFNOSUPPORT; EBADF" },
		{ "no family", "datagram 0", "", "EAFNOSUPPORT" },
		{ "no such family, raw", "raw 10 1", "", "EAFNOSUPPORT" },
		{ "failed: closed", "stream 4; fd; close", "socket INET STREAM 0 = EMFILE",
		  "EMFILE; EBADF; EBADF" },
		{ "failed, then made", "stream 6; stream 4; family",
		  "socket INET6 STREAM 0 = EAFNOSUPPORT; socket INET STREAM 0 = fd",
		  "EAFNOSUPPORT; 0; 4" },
	};
	(void)state;
	play(&closed, rows, COUNT(rows));
}

static const struct row adoptions[] = {
	{ "a fresh stream", "adopt; fd; family; kind; deadline",
	  "adopt = same; getsockopt SO_TYPE = value STREAM; getsockname = 0 0.0.0.0:0; getsockopt SO_ACCEPTCONN = value 0; getpeername = ENOTCONN",
	  "0; 1; 4; 1; 0 at greatest" },
	{ "a connected stream", "adopt; family; connect [::1]:80",
	  "adopt = same; getsockopt SO_TYPE = value STREAM; getsockname = 0 [::1]:80; getsockopt SO_ACCEPTCONN = value 0; getpeername = 0 [::1]:81",
	  "0; 6; EISCONN" },
	{ "a listener", "adopt; connect 1.2.3.4:80",
	  "adopt = same; getsockopt SO_TYPE = value STREAM; getsockname = 0 1.2.3.4:80; getsockopt SO_ACCEPTCONN = value 1",
	  "0; EISCONN" },
	{ "a stream that may have failed before", "adopt; connect 1.2.3.4:80",
	  "adopt = same; getsockopt SO_TYPE = value STREAM; getsockname = 0 0.0.0.0:0; getsockopt SO_ACCEPTCONN = value 0; getpeername = ENOTCONN; getpeername = ENOTCONN; connect 1.2.3.4:80 = ECONNABORTED; connect 1.2.3.4:80 = 0",
	  "0; 0" },
	{ "a datagram socket", "adopt; kind; connect 1.2.3.4:80",
	  "adopt = same; getsockopt SO_TYPE = value DGRAM; getsockname = 0 1.2.3.4:80; connect 1.2.3.4:80 = 0",
	  "0; 2; 0" },
	{ "a raw socket", "adopt; kind; family",
	  "adopt = same; getsockopt SO_TYPE = value RAW; getsockname = 0 [::]:0", "0; 3; 6" },
	{ "another descriptor from then on", "adopt; fd; close",
	  "adopt = fd; getsockopt SO_TYPE = value DGRAM; getsockname = 0 1.2.3.4:80; close = 0",
	  "0; 1; 0" },
	{ "descriptor 0", "adopt; fd; close",
	  "adopt = fd0; getsockopt SO_TYPE = value DGRAM; getsockname = 0 1.2.3.4:80; close = 0",
	  "0; 1; 0" },
	{ "not open", "adopt; fd", "adopt = EBADF", "EBADF; EBADF" },
	{ "not a socket: still the caller's", "adopt; fd",
	  "adopt = same; getsockopt SO_TYPE = ENOTSOCK", "ENOTSOCK; EBADF" },
	{ "not a socket, and another descriptor: that one is closed", "adopt; fd",
	  "adopt = fd; getsockopt SO_TYPE = ENOTSOCK; close = 0", "ENOTSOCK; EBADF" },
	{ "of another type", "adopt", "adopt = same; getsockopt SO_TYPE = value SEQPACKET",
	  "EPROTOTYPE" },
	{ "a type of an impossible size", "adopt",
	  "adopt = same; getsockopt SO_TYPE = value STREAM length 8", "EIO" },
	{ "of another family", "adopt",
	  "adopt = same; getsockopt SO_TYPE = value STREAM; getsockname = 0 unix", "EAFNOSUPPORT" },
	{ "without an address", "adopt",
	  "adopt = same; getsockopt SO_TYPE = value STREAM; getsockname = 0 none", "EAFNOSUPPORT" },
	{ "with no more than a family", "adopt; family",
	  "adopt = same; getsockopt SO_TYPE = value DGRAM; getsockname = 0 1.2.3.4:80/2", "0; 4" },
	{ "with half a family", "adopt",
	  "adopt = same; getsockopt SO_TYPE = value STREAM; getsockname = 0 1.2.3.4:80/1",
	  "EAFNOSUPPORT" },
	{ "its address cannot be got", "adopt",
	  "adopt = same; getsockopt SO_TYPE = value STREAM; getsockname = ENOBUFS", "ENOBUFS" },
	{ "its state cannot be got", "adopt; fd",
	  "adopt = same; getsockopt SO_TYPE = value STREAM; getsockname = 0 1.2.3.4:80; getsockopt SO_ACCEPTCONN = ENOBUFS",
	  "ENOBUFS; EBADF" },
};

static void rule_11_a_descriptor_is_adopted_as_what_it_is(void **state)
{
	(void)state;
	play(&closed, adoptions, COUNT(adoptions));
}

static void rule_11_close_is_called_once(void **state)
{
	static const struct row rows[] = {
		{ "and then there is nothing to close", "close; close; fd; deadline", "close = 0",
		  "0; EBADF; EBADF; 0 at greatest" },
		{ "never again after a signal", "close; close", "close = EINTR", "EINTR; EBADF" },
		{ "never again after an error", "close; close", "close = EIO", "EIO; EBADF" },
		{ "what is released is open, and the caller's", "release; close; fd", "",
		  "1; EBADF; EBADF" },
		{ "closed, then made anew", "close; datagram 6; kind",
		  "close = 0; socket INET6 DGRAM 0 = fd", "0; 0; 2" },
		{ "nothing is left of a deadline", "deadline_at 10ms; close; stream 4; deadline",
		  "close = 0; socket INET STREAM 0 = fd", "0; 0; 0 at greatest" },
	};
	(void)state;
	play(&stream4, rows, COUNT(rows));
}

static void rule_11_a_clone_is_a_descriptor_of_its_own(void **state)
{
	static const struct row rows[] = {
		{ "of the same kind", "try_clone; other; fd; family; kind", "dup = fd",
		  "0; 2; 6; 1" },
		{ "without deadline", "deadline_at 10ms; try_clone; deadline; other; deadline",
		  "dup = fd", "0; 0 at 10ms; 0 at greatest" },
		{ "each is closed once", "try_clone; close; other; close",
		  "dup = fd; close = 0; close #2 = 0", "0; 0; 0" },
		{ "each works", "try_clone; other; write 8; other; write 8",
		  "dup = fd; send #2 8 = 8; send 8 = 8", "0; 0 done 8; 0 done 8" },
		{ "into an open socket: no call", "try_clone; try_clone", "dup = fd", "0; EINVAL" },
		{ "into itself, as it were: the clone's clone", "try_clone; other; try_clone",
		  "dup = fd", "0; EINVAL" },
		{ "descriptor 0 is one", "try_clone; other; fd; close", "dup = fd0; close #2 = 0",
		  "0; 2; 0" },
		{ "no descriptor left", "try_clone; other; fd", "dup = EMFILE", "EMFILE; EBADF" },
		{ "of a listener is a listener", "listen; try_clone; other; connect [::1]:80",
		  "listen 65535 = 0; dup = fd", "0; 0; EISCONN" },
	};
	(void)state;
	play(&stream6, rows, COUNT(rows));
}

static const struct row on_closed[] = {
	{ "release", "release", "", "EBADF" },
	{ "fd", "fd", "", "EBADF" },
	{ "family", "family", "", "EBADF" },
	{ "kind", "kind", "", "EBADF" },
	{ "try_clone", "try_clone", "", "EBADF" },
	{ "close", "close", "", "EBADF" },
	{ "bind", "bind 1.2.3.4:80", "", "EBADF" },
	{ "listen", "listen", "", "EBADF" },
	{ "listen_backlog", "listen 5", "", "EBADF" },
	{ "accept", "accept", "", "EBADF from none" },
	{ "connect", "connect 1.2.3.4:80", "", "EBADF" },
	{ "local_address", "local_address", "", "EBADF from none" },
	{ "peer_address", "peer_address", "", "EBADF from none" },
	{ "shutdown", "shutdown", "", "EBADF" },
	{ "shutdown_read", "shutdown_read", "", "EBADF" },
	{ "shutdown_write", "shutdown_write", "", "EBADF" },
	{ "read", "read 8", "", "EBADF" },
	{ "read of nothing", "read 0", "", "EBADF" },
	{ "read_into", "read_into 8", "", "EBADF held 0" },
	{ "read_exact", "read_exact 8", "", "EBADF done 0" },
	{ "read_all", "read_all 8", "", "EBADF held 0" },
	{ "receive_from", "receive_from 8", "", "EBADF from none" },
	{ "write", "write 8", "", "EBADF done 0" },
	{ "write of nothing", "write 0", "", "EBADF done 0" },
	{ "write_some", "write_some 8", "", "EBADF" },
	{ "print", "print 8", "", "EBADF done 0" },
	{ "flush", "flush", "", "EBADF" },
	{ "send_to", "send_to 8 1.2.3.4:80", "", "EBADF" },
	{ "send_file", "send_file", "", "EBADF done 0" },
	{ "send_file_range", "send_file_range 0 8", "", "EBADF done 0" },
	{ "now", "now", "", "EBADF at 0" },
	{ "deadlines have no effect",
	  "deadline_at 10ms; timeout_after 10ms; reset_deadline; deadline", "", "0 at greatest" },
	{ "setters", "set ttl 5; set broadcast 1; set linger 5s; set congestion cubic", "",
	  "EBADF; EBADF; EBADF; EBADF" },
	{ "getters", "get ttl; get broadcast; get linger; get error; get congestion", "",
	  "EBADF; EBADF; EBADF; EBADF; EBADF untouched" },
	{ "groups", "join 224.0.0.1:0 0; leave 224.0.0.1:0 0", "", "EBADF; EBADF" },
};

static void rule_11_a_closed_socket_gives_ebadf_without_a_call(void **state)
{
	(void)state;
	play(&closed, on_closed, COUNT(on_closed));
}

static void rule_11_deadlines_are_the_sockets_own(void **state)
{
	static const struct row rows[] = {
		{ "at an instant", "deadline_at 10ms; deadline", "", "0 at 10ms" },
		{ "after a while", "timeout_after 3s; deadline", "now = 4s", "0 at 7s" },
		{ "after longer than time lasts", "timeout_after greatest; deadline", "",
		  "0 at greatest" },
		{ "after nearly so long: it saturates",
		  "timeout_after 9223372036854775806ns; deadline", "now = 5s", "0 at greatest" },
		{ "before time began: it saturates", "timeout_after least; deadline", "now = -1ns",
		  "0 at least" },
		{ "taken back", "deadline_at 10ms; reset_deadline; deadline", "", "0 at greatest" },
		{ "the clock", "now", "now = -5ms", "0 at -5ms" },
		{ "the clock fails", "now", "now = EINVAL", "EINVAL at 0" },
	};
	(void)state;
	play(&stream4, rows, COUNT(rows));
}

static const struct row single_calls[] = {
	{ "bind", "bind 1.2.3.4:80", "bind 1.2.3.4:80 = 0", "0" },
	{ "an answer that is none", "bind 1.2.3.4:80; connect 1.2.3.4:80; connect 1.2.3.4:80",
	  "bind 1.2.3.4:80 = 1; connect 1.2.3.4:80 = 1; connect 1.2.3.4:80 = 0", "EIO; EIO; 0" },
	{ "bind to another family", "bind [::1]:80", "", "EAFNOSUPPORT" },
	{ "bind to a port that is none", "bind 1.2.3.4:65536", "", "EINVAL" },
	{ "bind to IPv4 with a zone", "bind 1.2.3.4%1:80", "", "EINVAL" },
	{ "listen", "listen", "listen 65535 = 0", "0" },
	{ "listen with the least backlog", "listen 0", "listen 0 = 0", "0" },
	{ "listen with the greatest", "listen 2147483647", "listen 2147483647 = 0", "0" },
	{ "listen with more", "listen 2147483648", "", "EINVAL" },
	{ "listen with a backlog that would wrap", "listen 4294967297", "", "EINVAL" },
	{ "listen with less", "listen -1", "", "EINVAL" },
	{ "local_address", "local_address", "getsockname = 0 1.2.3.4:80", "0 from 1.2.3.4:80" },
	{ "local_address of another family", "local_address", "getsockname = 0 [::1]:80",
	  "EAFNOSUPPORT from none" },
	{ "local_address too short", "local_address", "getsockname = 0 1.2.3.4:80/15",
	  "EAFNOSUPPORT from none" },
	{ "local_address longer than its room", "local_address", "getsockname = 0 1.2.3.4:80/129",
	  "0 from 1.2.3.4:80" },
	{ "peer_address", "peer_address", "getpeername = 0 1.2.3.4:65535", "0 from 1.2.3.4:65535" },
	{ "peer_address of another family", "peer_address", "getpeername = 0 unix",
	  "EAFNOSUPPORT from none" },
	{ "peer_address too short", "peer_address", "getpeername = 0 none",
	  "EAFNOSUPPORT from none" },
	{ "no peer", "peer_address", "getpeername = ENOTCONN", "ENOTCONN from none" },
	{ "shutdown", "shutdown", "shutdown RDWR = 0", "0" },
	{ "shutdown_read", "shutdown_read", "shutdown RD = 0", "0" },
	{ "shutdown_write, and a write then", "shutdown_write; write 8",
	  "shutdown WR = 0; send 8 = EPIPE", "0; EPIPE done 0" },
	{ "five errors stay five", "write 8; write 8; write 8; write 8; deadline_at 0; write 8",
	  "send 8 = EPIPE; send 8 = ECONNRESET; send 8 = ECONNABORTED; send 8 = ETIMEDOUT; send 8 = EAGAIN; now = 0",
	  "EPIPE done 0; ECONNRESET done 0; ECONNABORTED done 0; ETIMEDOUT done 0; VET_EDEADLINE done 0" },
};

static const struct row single_calls_on_ipv6[] = {
	{ "bind to a zone", "bind [fe80::1%2]:80", "bind [fe80::1%2]:80 = 0", "0" },
	{ "local_address", "local_address", "getsockname = 0 [fe80::1%2]:80",
	  "0 from [fe80::1%2]:80" },
	{ "peer_address too short", "peer_address", "getpeername = 0 [::1]:80/27",
	  "EAFNOSUPPORT from none" },
	{ "peer_address of IPv4", "peer_address", "getpeername = 0 1.2.3.4:80",
	  "EAFNOSUPPORT from none" },
};

static void rule_12_the_operations_that_never_wait_are_one_call(void **state)
{
	(void)state;
	play(&stream4, single_calls, COUNT(single_calls));
	play(&stream6, single_calls_on_ipv6, COUNT(single_calls_on_ipv6));
}

static void rule_11_a_refused_table_makes_no_socket(void **state)
{
	struct vet_sys_calls calls = script_calls;
	struct vet_sys sys = { &calls };
	struct vet_socket s;
	(void)state;
	calls.version++;
	memset(&s, 0x5a, sizeof s);
	assert_int_equal(vet_socket_stream_on(&s, &sys, 4), VET_ETABLE);
	assert_int_equal(vet_socket_fd(&s), -EBADF);
	assert_int_equal(vet_socket_datagram_on(&s, NULL, 4), VET_ETABLE);
	assert_int_equal(vet_socket_raw_on(&s, &sys, 4, 1), VET_ETABLE);
	memset(&s, 0x5a, sizeof s);
	assert_int_equal(vet_socket_adopt(&s, &sys, SCRIPT_FOREIGN), VET_ETABLE);
	assert_int_equal(vet_socket_fd(&s), -EBADF);
}

static void assert_closed(const struct vet_socket *s)
{
	static const struct vet_socket zero;
	assert_memory_equal(s, &zero, sizeof zero);
}

static void rule_11_a_closed_socket_is_all_zero(void **state)
{
	struct script script;
	struct vet_socket s;
	(void)state;
	script_start(&script, true);
	script_follow(
		&script,
		"socket INET STREAM 0 = EMFILE; adopt = EBADF; socket INET STREAM 0 = fd; socket INET STREAM 0 = fd; close #2 = EIO");
	memset(&s, 0x5a, sizeof s);
	assert_int_equal(vet_socket_stream_on(&s, &script.sys, 4), -EMFILE);
	assert_closed(&s);
	memset(&s, 0x5a, sizeof s);
	assert_int_equal(vet_socket_raw_on(&s, &script.sys, 4, 256), -EINVAL);
	assert_closed(&s);
	memset(&s, 0x5a, sizeof s);
	assert_int_equal(vet_socket_adopt(&s, &script.sys, SCRIPT_FOREIGN), -EBADF);
	assert_closed(&s);
	assert_int_equal(vet_socket_stream_on(&s, &script.sys, 4), 0);
	script_take_back(&script, vet_socket_release(&s));
	assert_closed(&s);
	assert_int_equal(vet_socket_stream_on(&s, &script.sys, 4), 0);
	assert_int_equal(vet_socket_close(&s), -EIO);
	assert_closed(&s);
	assert_null(script_verdict(&script));
	assert_null(script_leak(&script));
}

static void an_empty_buffer_can_be_freed(void **state)
{
	static const struct vet_buffer empty;
	struct vet_buffer buffer = empty;
	(void)state;
	vet_buffer_free(&buffer);
	assert_memory_equal(&buffer, &empty, sizeof buffer);
}

/* Of a size that no machine has: nothing of it is touched. */
static void a_buffer_that_cannot_grow_further_is_left_as_it_is(void **state)
{
	struct script script;
	struct vet_socket s;
	unsigned char byte;
	(void)state;
	script_start(&script, true);
	script_follow(&script, "socket INET STREAM 0 = fd");
	assert_int_equal(vet_socket_stream_on(&s, &script.sys, 4), 0);
	struct vet_buffer buffer = { &byte, SIZE_MAX - 7, SIZE_MAX - 7, &script.sys };
	assert_int_equal(vet_socket_read_into(&s, &buffer, 8), -ENOMEM);
	assert_int_equal(vet_socket_read_all(&s, &buffer, 8), -ENOMEM);
	assert_ptr_equal(buffer.data, &byte);
	assert_true(buffer.size == SIZE_MAX - 7 && buffer.capacity == SIZE_MAX - 7);
	assert_null(script_verdict(&script));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule_11_a_socket_is_made_by_one_call),
		cmocka_unit_test(rule_11_a_descriptor_is_adopted_as_what_it_is),
		cmocka_unit_test(rule_11_close_is_called_once),
		cmocka_unit_test(rule_11_a_clone_is_a_descriptor_of_its_own),
		cmocka_unit_test(rule_11_a_closed_socket_gives_ebadf_without_a_call),
		cmocka_unit_test(rule_11_deadlines_are_the_sockets_own),
		cmocka_unit_test(rule_12_the_operations_that_never_wait_are_one_call),
		cmocka_unit_test(rule_11_a_refused_table_makes_no_socket),
		cmocka_unit_test(rule_11_a_closed_socket_is_all_zero),
		cmocka_unit_test(an_empty_buffer_can_be_freed),
		cmocka_unit_test(a_buffer_that_cannot_grow_further_is_left_as_it_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
