/* SPDX-License-Identifier: 0BSD */
/*
 * Endpoints are opened: which calls are made, in which order, and what each of them leads to.
 *
 *	step      call, and when            gives               leads to
 *	endpoint  none                      no text gives it    -EINVAL, nothing is made
 *	                                    *s is open          -EINVAL, *s as it was
 *	(table)   none                      it is refused       VET_ETABLE at "socket"
 *	(clock)   now: a peer and a timeout a time              the deadline of connect
 *	                                    an error            the deadline has passed: one try
 *	zone      interface_index, if it    N > 0               the scope of bind and connect
 *	          has a name                0                   -ENODEV
 *	                                    an error            that error
 *	                                    (is not there)      -EINVAL
 *	socket    socket                    a descriptor        on
 *	                                    an error            that error
 *	option    setsockopt, one or more   0                   on
 *	          of each (option.h)        an error            closed once; that error, which option
 *	bind      bind: no peer             0                   on: listen, or done
 *	                                    an error, or more   closed; that error, or -EIO
 *	listen    listen: of a stream       0                   done
 *	                                    an error, or more   closed; that error, or -EIO
 *	connect   connect, poll, ... as     0                   done, without a deadline
 *	          socket.h says             an error            closed; that error
 *	                                    the deadline        closed: the attempt is given up
 *	(failed)  close                     anything            the error is the step's all the same
 */
#include "stage.h"

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct row roles[] = {
	{ "a stream that connects", "open tcp://1.2.3.4:80; kind; family; deadline",
	  "socket INET STREAM 0 = fd; connect 1.2.3.4:80 = 0", "0; 1; 4; 0 at greatest" },
	{ "of IPv6", "open tcp://[::1]:80; family",
	  "socket INET6 STREAM 0 = fd; connect [::1]:80 = 0", "0; 6" },
	{ "to a scope that is a number", "open tcp://[fe80::1%7]:80",
	  "socket INET6 STREAM 0 = fd; connect [fe80::1%7]:80 = 0", "0" },
	{ "a stream that listens", "open tcp-listen://0.0.0.0:0; connect 1.2.3.4:80",
	  "socket INET STREAM 0 = fd; bind 0.0.0.0:0 = 0; listen 65535 = 0", "0; EISCONN" },
	{ "with a backlog", "open tcp-listen://[::]:8080?backlog=128",
	  "socket INET6 STREAM 0 = fd; bind [::]:8080 = 0; listen 128 = 0", "0" },
	{ "with a backlog of 0, which is given", "open tcp-listen://1.2.3.4:80?backlog=0",
	  "socket INET STREAM 0 = fd; bind 1.2.3.4:80 = 0; listen 0 = 0", "0" },
	{ "with the greatest backlog", "open tcp-listen://1.2.3.4:80?backlog=2147483647",
	  "socket INET STREAM 0 = fd; bind 1.2.3.4:80 = 0; listen 2147483647 = 0", "0" },
	{ "datagrams with a peer", "open udp://1.2.3.4:53; kind",
	  "socket INET DGRAM 0 = fd; connect 1.2.3.4:53 = 0", "0; 2" },
	{ "datagrams without", "open udp-bind://[::]:53; kind",
	  "socket INET6 DGRAM 0 = fd; bind [::]:53 = 0", "0; 2" },
	{ "raw with a peer", "open raw+icmp://1.2.3.4; kind",
	  "socket INET RAW 1 = fd; connect 1.2.3.4:0 = 0", "0; 3" },
	{ "raw without", "open raw-bind+58://[::]; kind",
	  "socket INET6 RAW 58 = fd; bind [::]:0 = 0", "0; 3" },
	{ "the least and the greatest protocol",
	  "open raw+0://1.2.3.4; close; open raw-bind+255://1.2.3.4",
	  "socket INET RAW 0 = fd; connect 1.2.3.4:0 = 0; close = 0; socket INET RAW 255 = fd; bind #2 1.2.3.4:0 = 0",
	  "0; 0; 0" },
};

static void each_role_makes_its_calls_in_order(void **state)
{
	(void)state;
	play(&closed, roles, COUNT(roles));
}

static const struct row zones[] = {
	{ "a name is looked up before the socket is made", "open tcp://[fe80::1%eth0]:80",
	  "interface_index eth0 = 2; socket INET6 STREAM 0 = fd; connect [fe80::1%2]:80 = 0", "0" },
	{ "to bind too", "open udp-bind://[fe80::1%eth0]:80",
	  "interface_index eth0 = 2147483647; socket INET6 DGRAM 0 = fd; bind [fe80::1%2147483647]:80 = 0",
	  "0" },
	{ "there is none of that name", "open tcp://[fe80::1%eth0]:80", "interface_index eth0 = 0",
	  "ENODEV at zone" },
	{ "as the table says", "open tcp-listen://[fe80::1%eth0]:80",
	  "interface_index eth0 = ENODEV", "ENODEV at zone" },
	{ "it cannot be looked up", "open raw+icmpv6://[fe80::1%eth0]",
	  "interface_index eth0 = EMFILE", "EMFILE at zone" },
	{ "after the clock was read", "open tcp://[fe80::1%eth0]:80 10ms",
	  "now = 0; interface_index eth0 = ENODEV", "ENODEV at zone" },
};

static void the_name_of_a_zone_is_looked_up_before_the_socket_is_made(void **state)
{
	(void)state;
	play(&closed, zones, COUNT(zones));
}

static const struct row options[] = {
	{ "before connect, in the order of their table", "open tcp://1.2.3.4:80?ttl=9&no-delay",
	  "socket INET STREAM 0 = fd; setsockopt TCP_NODELAY 1 = 0; setsockopt IP_TTL 9 = 0; connect 1.2.3.4:80 = 0",
	  "0" },
	{ "before bind", "open tcp-listen://1.2.3.4:80?backlog=5&reuse-address",
	  "socket INET STREAM 0 = fd; setsockopt SO_REUSEADDR 1 = 0; bind 1.2.3.4:80 = 0; listen 5 = 0",
	  "0" },
	{ "the first fails: the second is not set", "open tcp://1.2.3.4:80?ttl=9&no-delay",
	  "socket INET STREAM 0 = fd; setsockopt TCP_NODELAY 1 = ENOMEM; close = 0",
	  "ENOMEM at option no_delay" },
	{ "the second fails", "open udp://1.2.3.4:80?broadcast&ttl=9",
	  "socket INET DGRAM 0 = fd; setsockopt SO_BROADCAST 1 = 0; setsockopt IP_TTL 9 = EINVAL; close = 0",
	  "EINVAL at option ttl" },
	{ "the table knows none of that name", "open udp-bind://1.2.3.4:80?no-delay",
	  "socket INET DGRAM 0 = fd; setsockopt TCP_NODELAY 1 = ENOPROTOOPT; close = EINTR",
	  "ENOPROTOOPT at option no_delay" },
	{ "a linger that is set need not delay the close", "open tcp://1.2.3.4:80?linger=5s",
	  "socket INET STREAM 0 = fd; setsockopt SO_LINGER linger 1 5 = 0; connect 1.2.3.4:80 = ECONNREFUSED; close = EINTR",
	  "ECONNREFUSED at connect" },
};

static void options_are_set_before_anything_is_bound_or_connected(void **state)
{
	(void)state;
	play(&closed, options, COUNT(options));
}

static const struct row deadlines[] = {
	{ "without a timeout the clock is not read", "open tcp://1.2.3.4:80; deadline",
	  "socket INET STREAM 0 = fd; connect 1.2.3.4:80 = EINPROGRESS; poll OUT forever = OUT; getpeername = 0 1.2.3.4:80",
	  "0; 0 at greatest" },
	{ "it counts from the beginning: a slow look-up takes of it",
	  "open tcp://[fe80::1%eth0]:80 10ms; deadline",
	  "now = 5ms; interface_index eth0 = 2; socket INET6 STREAM 0 = fd; connect [fe80::1%2]:80 = EINPROGRESS; now = 12ms; poll OUT 3ms = OUT; getpeername = 0 [fe80::1%2]:80",
	  "0; 0 at greatest" },
	{ "it passes: the attempt is given up", "open tcp://1.2.3.4:80 10ms",
	  "now = 0; socket INET STREAM 0 = fd; connect 1.2.3.4:80 = EINPROGRESS; now = 1ms; poll OUT 9ms = 0; now = 10ms; close = 0",
	  "VET_EDEADLINE at connect" },
	{ "it had passed before: one try", "open tcp://1.2.3.4:80 0; deadline",
	  "now = 7ms; socket INET STREAM 0 = fd; connect 1.2.3.4:80 = 0", "0; 0 at greatest" },
	{ "a negative one too", "open tcp://1.2.3.4:80 -5s",
	  "now = 7ms; socket INET STREAM 0 = fd; connect 1.2.3.4:80 = EINTR; now = 7ms; poll OUT 0 = 0; close = 0",
	  "VET_EDEADLINE at connect" },
	{ "a clock that cannot be read: as if it had passed", "open tcp://1.2.3.4:80 10ms",
	  "now = EIO; socket INET STREAM 0 = fd; connect 1.2.3.4:80 = EINPROGRESS; now = 0; poll OUT 0 = 0; close = 0",
	  "VET_EDEADLINE at connect" },
	{ "or not even then: that error", "open tcp://1.2.3.4:80 10ms",
	  "now = EOVERFLOW; socket INET STREAM 0 = fd; connect 1.2.3.4:80 = EINPROGRESS; now = EOVERFLOW; close = 0",
	  "EOVERFLOW at connect" },
	{ "a clock near its end: no limit", "open tcp://1.2.3.4:80 5s; deadline",
	  "now = greatest; socket INET STREAM 0 = fd; connect 1.2.3.4:80 = EINPROGRESS; poll OUT forever = OUT; getpeername = 0 1.2.3.4:80",
	  "0; 0 at greatest" },
	{ "what neither waits needs none", "open tcp-listen://1.2.3.4:80 10ms; deadline",
	  "socket INET STREAM 0 = fd; bind 1.2.3.4:80 = 0; listen 65535 = 0", "0; 0 at greatest" },
	{ "nor does what is bound alone", "open udp-bind://1.2.3.4:80 0; deadline",
	  "socket INET DGRAM 0 = fd; bind 1.2.3.4:80 = 0", "0; 0 at greatest" },
};

static void connect_may_take_the_timeout_from_the_beginning_and_no_deadline_stays(void **state)
{
	(void)state;
	play(&closed, deadlines, COUNT(deadlines));
}

static const struct row closings[] = {
	{ "bind", "open tcp-listen://1.2.3.4:80; fd",
	  "socket INET STREAM 0 = fd; bind 1.2.3.4:80 = EADDRINUSE; close = EIO",
	  "EADDRINUSE at bind; EBADF" },
	{ "an impossible answer of bind", "open udp-bind://1.2.3.4:80",
	  "socket INET DGRAM 0 = fd; bind 1.2.3.4:80 = 1; close = 0", "EIO at bind" },
	{ "listen", "open tcp-listen://1.2.3.4:80; fd",
	  "socket INET STREAM 0 = fd; bind 1.2.3.4:80 = 0; listen 65535 = EADDRINUSE; close = EINTR",
	  "EADDRINUSE at listen; EBADF" },
	{ "an impossible answer of listen", "open tcp-listen://1.2.3.4:80",
	  "socket INET STREAM 0 = fd; bind 1.2.3.4:80 = 0; listen 65535 = 1; close = 0",
	  "EIO at listen" },
	{ "connect", "open tcp://1.2.3.4:80; fd",
	  "socket INET STREAM 0 = fd; connect 1.2.3.4:80 = ECONNREFUSED; close = EIO",
	  "ECONNREFUSED at connect; EBADF" },
	{ "connect, later", "open tcp://1.2.3.4:80",
	  "socket INET STREAM 0 = fd; connect 1.2.3.4:80 = EINPROGRESS; poll OUT forever = OUT|ERR|HUP; getpeername = ENOTCONN; getsockopt SO_ERROR = value ETIMEDOUT; close = 0",
	  "ETIMEDOUT at connect" },
	{ "and it can be opened anew", "open tcp://1.2.3.4:80; open tcp://1.2.3.5:80; fd",
	  "socket INET STREAM 0 = fd; connect 1.2.3.4:80 = ENETUNREACH; close = 0; socket INET STREAM 0 = fd; connect #2 1.2.3.5:80 = 0",
	  "ENETUNREACH at connect; 0; 2" },
	{ "an open socket stays as it is",
	  "stream 4; open udp://1.2.3.4:80; kind; connect 1.2.3.4:80",
	  "socket INET STREAM 0 = fd; connect 1.2.3.4:80 = 0", "0; EINVAL at endpoint; 1; 0" },
};

static void a_failure_closes_once_and_is_the_error_of_its_step(void **state)
{
	(void)state;
	play(&closed, closings, COUNT(closings));
}

/* ---- every error of every call ---- */

/* As in errors_test.c. */
static const char socket_errors[] =
	"EACCES EAFNOSUPPORT EINVAL EMFILE ENFILE ENOBUFS ENOMEM EPERM EPROTONOSUPPORT EPROTOTYPE "
	"ESOCKTNOSUPPORT";
static const char setsockopt_errors[] =
	"EACCES EBADF EDOM EFAULT EINVAL EISCONN ENOBUFS ENODEV ENOENT ENOMEM ENOPROTOOPT ENOTSOCK EPERM";
static const char bind_errors[] =
	"EACCES EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EALREADY EBADF EDESTADDRREQ EFAULT EINPROGRESS "
	"EINVAL EIO EISCONN EISDIR ELOOP ENAMETOOLONG ENOBUFS ENODEV ENOENT ENOMEM ENOTDIR ENOTSOCK "
	"EOPNOTSUPP EPERM EROFS";
static const char listen_errors[] =
	"EACCES EADDRINUSE EBADF EDESTADDRREQ EINVAL ENOBUFS ENOTSOCK EOPNOTSUPP";
static const char connect_errors[] =
	"EACCES EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EAGAIN EALREADY EBADF ECONNABORTED ECONNREFUSED "
	"ECONNRESET EFAULT EHOSTDOWN EHOSTUNREACH EINVAL EIO EISCONN ELOOP ENAMETOOLONG ENETDOWN "
	"ENETUNREACH ENOBUFS ENOENT ENOMEM ENONET ENOTDIR ENOTSOCK EOPNOTSUPP EPERM EPROTO EPROTOTYPE "
	"ETIMEDOUT";

static const struct failing {
	const char *act, *before, *call, *after, *at, *errors;
} failing[] = {
	{ "open tcp://[fe80::1%eth0]:80", "", "interface_index eth0", "", "zone",
	  "EACCES EINVAL EIO EMFILE ENFILE ENOBUFS ENODEV ENOMEM ENXIO" },
	{ "open tcp://1.2.3.4:80", "", "socket INET STREAM 0", "", "socket", socket_errors },
	{ "open raw-bind+icmp://1.2.3.4", "", "socket INET RAW 1", "", "socket", socket_errors },
	{ "open tcp://1.2.3.4:80?keepalive", "socket INET STREAM 0 = fd;",
	  "setsockopt SO_KEEPALIVE 1", "; close = 0", "option keepalive", setsockopt_errors },
	{ "open udp-bind://1.2.3.4:80", "socket INET DGRAM 0 = fd;", "bind 1.2.3.4:80",
	  "; close = 0", "bind", bind_errors },
	{ "open tcp-listen://1.2.3.4:80", "socket INET STREAM 0 = fd;", "bind 1.2.3.4:80",
	  "; close = 0", "bind", bind_errors },
	{ "open tcp-listen://1.2.3.4:80", "socket INET STREAM 0 = fd; bind 1.2.3.4:80 = 0;",
	  "listen 65535", "; close = 0", "listen", listen_errors },
	{ "open tcp://1.2.3.4:80", "socket INET STREAM 0 = fd;", "connect 1.2.3.4:80",
	  "; close = 0", "connect", connect_errors },
	{ "open udp://1.2.3.4:80", "socket INET DGRAM 0 = fd;", "connect 1.2.3.4:80", "; close = 0",
	  "connect", connect_errors },
	{ "open raw+icmp://1.2.3.4", "socket INET RAW 1 = fd;", "connect 1.2.3.4:0", "; close = 0",
	  "connect", connect_errors },
};

static void every_error_of_every_step_is_told_with_the_step_and_nothing_is_left(void **state)
{
	char error[32], want[64];
	(void)state;
	for (size_t i = 0; i < COUNT(failing); i++) {
		const struct failing *row = &failing[i];
		for (const char *at = row->errors; *at != '\0';) {
			size_t length = strcspn(at, " ");
			snprintf(error, sizeof error, "%.*s", (int)length, at);
			snprintf(want, sizeof want, "%s at %s", error, row->at);
			play_made(&closed, row->act, want, "%s %s = %s%s", row->before, row->call,
				  error, row->after);
			at += length;
			at += strspn(at, " ");
		}
	}
}

/* ---- values that no text gives, and tables that are refused ---- */

static struct vet_endpoint endpoint_of(const char *text)
{
	struct vet_endpoint endpoint;
	if (vet_endpoint_parse(text, strlen(text), &endpoint, NULL) < 0)
		fail_msg("%s is no endpoint", text);
	return endpoint;
}

static void check_refused(const struct vet_endpoint *endpoint, struct vet_sys *sys, int want,
			  unsigned step)
{
	static const struct vet_socket none;
	struct vet_endpoint_failure failure = { 77, 77 };
	struct vet_socket s = { 0 };
	assert_int_equal(vet_endpoint_open(endpoint, sys, VET_SECONDS(1), &s, &failure), want);
	assert_int_equal(failure.step, step);
	assert_true(failure.option == VET_NO_OPTION);
	assert_memory_equal(&s, &none, sizeof s);
	assert_int_equal(vet_endpoint_open(endpoint, sys, VET_SECONDS(1), &s, NULL), want);
}

/* Any call would be a failure of the empty script. */
static void a_value_that_no_text_gives_is_refused_without_a_call(void **state)
{
	struct script script;
	struct vet_endpoint endpoint = endpoint_of("tcp://1.2.3.4:80");
	(void)state;
	script_start(&script, true);
	script_follow(&script, "");
	endpoint.role = VET_ROLE_BIND;
	check_refused(&endpoint, &script.sys, -EINVAL, VET_STEP_ENDPOINT);
	endpoint.role = 255;
	check_refused(&endpoint, &script.sys, -EINVAL, VET_STEP_ENDPOINT);
	endpoint = (struct vet_endpoint){ 0 };
	check_refused(&endpoint, &script.sys, -EINVAL, VET_STEP_ENDPOINT);
	endpoint = endpoint_of("tcp://1.2.3.4:80?ttl=9");
	endpoint.options.value[VET_INDEX_ttl].number = 256;
	check_refused(&endpoint, &script.sys, -EINVAL, VET_STEP_ENDPOINT);
	check_refused(&endpoint, NULL, -EINVAL, VET_STEP_ENDPOINT);
	assert_null(script_verdict(&script));
}

static void a_table_that_cannot_be_used_is_refused_without_a_call(void **state)
{
	struct script script;
	struct vet_sys_calls calls;
	struct vet_endpoint endpoint = endpoint_of("tcp://[fe80::1%eth0]:80");
	(void)state;
	script_start(&script, true);
	script_follow(&script, "");
	calls = *script.sys.calls;
	script.sys.calls = &calls;
	calls.version++;
	check_refused(&endpoint, &script.sys, VET_ETABLE, VET_STEP_SOCKET);
	check_refused(&endpoint, NULL, VET_ETABLE, VET_STEP_SOCKET);
	assert_null(script_verdict(&script));
}

/* The clock is read all the same: it counts from the beginning. */
static void a_table_that_looks_up_no_interfaces_is_einval_at_the_zone(void **state)
{
	struct script script;
	struct vet_sys_calls calls;
	struct vet_endpoint endpoint = endpoint_of("tcp://[fe80::1%eth0]:80");
	(void)state;
	script_start(&script, true);
	script_follow(&script, "now = 0; now = 0");
	calls = *script.sys.calls;
	script.sys.calls = &calls;
	calls.interface_index = NULL;
	check_refused(&endpoint, &script.sys, -EINVAL, VET_STEP_ZONE);
	assert_null(script_verdict(&script));
}

static void steps_have_names(void **state)
{
	static const char *const names[] = { "none",   "endpoint", "zone",   "socket",
					     "option", "bind",     "listen", "connect" };
	(void)state;
	assert_int_equal(COUNT(names), VET_STEP_COUNT);
	for (unsigned i = 0; i < VET_STEP_COUNT; i++)
		assert_string_equal(vet_step_name(i), names[i]);
	assert_null(vet_step_name(VET_STEP_COUNT));
	assert_null(vet_step_name(UINT_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_role_makes_its_calls_in_order),
		cmocka_unit_test(the_name_of_a_zone_is_looked_up_before_the_socket_is_made),
		cmocka_unit_test(options_are_set_before_anything_is_bound_or_connected),
		cmocka_unit_test(
			connect_may_take_the_timeout_from_the_beginning_and_no_deadline_stays),
		cmocka_unit_test(a_failure_closes_once_and_is_the_error_of_its_step),
		cmocka_unit_test(
			every_error_of_every_step_is_told_with_the_step_and_nothing_is_left),
		cmocka_unit_test(a_value_that_no_text_gives_is_refused_without_a_call),
		cmocka_unit_test(a_table_that_cannot_be_used_is_refused_without_a_call),
		cmocka_unit_test(a_table_that_looks_up_no_interfaces_is_einval_at_the_zone),
		cmocka_unit_test(steps_have_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
