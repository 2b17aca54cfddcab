/* SPDX-License-Identifier: 0BSD */
/*
 * The fault layer: what a fatal fault leaves behind.  Every answer here is one that Linux 6.18 gave
 * on its loopback interface, in the same order of asking.
 */
#include "fault_check.h"

#define UNDER_WAY "socket; connect"

/* What is told and over, of a connection that connect has said to be one. */
#define OVER \
	"recv 1; send 1; error; poll IN|OUT|RDHUP 0; getpeername; shutdown WR; connect; connect; listen; accept"
#define OVER_ \
	"0, EPIPE, 0, 1 IN|OUT|HUP|RDHUP, ENOTCONN, ENOTCONN, EISCONN, EISCONN, EINVAL, EINVAL"
/* The same of an attempt. */
#define FAILED \
	"recv 1; send 1; error; poll IN|OUT|RDHUP 0; getpeername; listen; accept; connect; poll IN|OUT|RDHUP 0; connect; poll OUT never; getpeername"
#define FAILED_ \
	"0, EPIPE, 0, 1 IN|OUT|HUP|RDHUP, ENOTCONN, EINVAL, EINVAL, ECONNABORTED, 1 OUT|HUP, EINPROGRESS, 1 OUT, 0 INET/16"
#define ALL      "IN|OUT|RDHUP 0"
#define PENDING_ "1 IN|OUT|ERR|HUP|RDHUP"
#define TOLD_    "1 IN|OUT|HUP|RDHUP"

/* clang-format off */
/* The fault told it. */
static const struct fault_row dead[] = {
	{ "by recv", "recv@1=ECONNRESET", CONNECTED, "recv 1; " OVER, "ECONNRESET, " OVER_, 0, 0, 0 },
	{ "by recvfrom", "recvfrom@1=ETIMEDOUT", CONNECTED, "recvfrom 1; " OVER, "ETIMEDOUT, " OVER_, 0, 0, 0 },
	{ "by peek", "recv@1=ECONNRESET", CONNECTED, "peek 1; peek 1; " OVER, "ECONNRESET, 0, " OVER_, 0, 0, 0 },
	{ "by send", "send@1=ECONNRESET", CONNECTED, "send 1; took; " OVER, "ECONNRESET, 0, " OVER_, 0, 0, 0 },
	{ "by EPIPE", "send@1=EPIPE", CONNECTED, "send 1; " OVER, "EPIPE, " OVER_, 0, 0, 0 },
	{ "by sendto", "sendto@1=EHOSTUNREACH", CONNECTED, "sendto 1; sendto 1; " OVER, "EHOSTUNREACH, EPIPE, " OVER_, 0, 0, 0 },
	{ "by sendv", "sendv@1=ETIMEDOUT", CONNECTED, "sendv 1+1; sendv 1; " OVER, "ETIMEDOUT, EPIPE, " OVER_, 0, 0, 0 },
	{ "by sendfile", "sendfile@1=ECONNRESET", CONNECTED, "sendfile 1; sendfile 1; " OVER, "ECONNRESET, EPIPE, " OVER_, 0, 0, 0 },
	{ "by SO_ERROR", "getsockopt@1=value:ECONNRESET", CONNECTED, "error; " OVER, "ECONNRESET, " OVER_, 0, 0, 0 },
	{ "what is still underway is lost", "send@2=ECONNRESET", CONNECTED, "send 5; send 5; took; recv 5", "5, ECONNRESET, 5, 0", 0, 0, 0 },
	{ "of an accepted one", "recv@1=ECONNRESET", LISTENING "; accept", "recv#2 1; send#2 1; poll#2 " ALL "; connect#2; accept", "ECONNRESET, EPIPE, " TOLD_ ", EISCONN, #3", 0, 0, 0 },
	{ "of an adopted one", "recv@1=ECONNRESET", "adopt 901", "recv 1; " OVER, "ECONNRESET, " OVER_, 0, 0, 0 },
	{ "its name is still known", "recv@1=ECONNRESET", CONNECTED, "recv 1; getsockname; type; set; close; close", "ECONNRESET, 0 INET/16, 1, 0, 0, EBADF", 0, 0, 0 },
	{ "clones are dead too", "recv@1=ECONNRESET", CONNECTED "; dup", "recv 1; recv#2 1; send#2 1; poll#2 " ALL "; getpeername#2", "ECONNRESET, 0, EPIPE, " TOLD_ ", ENOTCONN", 0, 0, 0 },
	{ "and those that are made then", "recv@1=ECONNRESET", CONNECTED, "recv 1; dup; close; recv#2 1; send#2 1", "ECONNRESET, #2, 0, 0, EPIPE", 0, 0, 0 },
	{ "others live on", "recv#1@1=ECONNRESET", CONNECTED "; socket; connect#2", "recv 1; send#2 3; recv#2 3; send 1", "ECONNRESET, 3, 3, EPIPE", 0, 0, 0 },
	{ "no further fault is lawful", "recv@1=ECONNRESET; send=EINTR; recv@2=EAGAIN", CONNECTED, "recv 1; recv 1; send 1", "ECONNRESET, 0, EPIPE", 2, 0, 0 },
	{ "polled as asked", "recv@1=ECONNRESET", CONNECTED, "recv 1; poll IN never; poll OUT 5s; poll none 5s; clock", "ECONNRESET, 1 IN|HUP, 1 OUT|HUP, 1 HUP, 0", 0, 0, 0 },
	{ "polled beside others", "recv@1=ECONNRESET", CONNECTED "; socket; connect#2", "recv 1; poll#1+2 IN never; send#2 1; poll#2+1 IN|OUT never", "ECONNRESET, 1 IN|HUP/none, 1, 2 IN|OUT/IN|OUT|HUP", 0, 0, 0 },
	{ "dissolved, it is new", "recv@1=ECONNRESET", CONNECTED, "recv 1; connect none; poll " ALL "; recv 1; connect; send 1; took", "ECONNRESET, 0, 1 OUT|HUP, ENOTCONN, 0, 1, 1", 0, 0, 0 },
	/* Where no connect() has returned 0, the next one begins anew. */
	{ "one that came to be unseen", "recv@1=ECONNRESET", UNDER_WAY "; poll OUT never", "recv 1; " FAILED, "ECONNRESET, " FAILED_, 0, LATE, 0 },
	{ "seen by getpeername alone", "send@1=EPIPE", UNDER_WAY "; poll OUT never; getpeername", "send 1; " FAILED, "EPIPE, " FAILED_, 0, LATE, 0 },
	{ "seen by connect", "recv@1=ECONNRESET", UNDER_WAY "; poll OUT never; connect", "recv 1; " OVER, "ECONNRESET, " OVER_, 0, LATE, 0 },
	{ "after connect=EINTR", "connect@1=EINTR; recv@1=ECONNRESET", UNDER_WAY "; poll OUT never", "recv 1; connect; connect; send 1", "ECONNRESET, ECONNABORTED, 0, 1", 0, 0, 0 },
	{ "after connect=EINTR, and then seen", "connect@1=EINTR; recv@1=ECONNRESET", UNDER_WAY "; connect", "recv 1; connect; connect", "ECONNRESET, EISCONN, EISCONN", 0, 0, 0 },
	{ "shut down then, it is of no use", "recv@1=ECONNRESET", UNDER_WAY "; poll OUT never", "recv 1; shutdown WR; connect; connect; poll " ALL "; connect none; connect", "ECONNRESET, ENOTCONN, EINVAL, EINVAL, " TOLD_ ", 0, EINPROGRESS", 0, LATE, 0 },
};

/* The fault left an error to tell. */
static const struct fault_row pending[] = {
	{ "poll shows it", "poll@1=events:IN|OUT|RDHUP|ERR|HUP", CONNECTED, "poll " ALL "; poll " ALL "; poll IN 0; poll OUT 0; recv 1; " OVER, PENDING_ ", " PENDING_ ", 1 IN|ERR|HUP, 1 OUT|ERR|HUP, ECONNRESET, " OVER_, 0, 0, 0 },
	{ "told by recv", "getpeername@1=ENOTCONN", CONNECTED, "getpeername; getpeername; poll " ALL "; recv 1; " OVER, "ENOTCONN, ENOTCONN, " PENDING_ ", ECONNRESET, " OVER_, 0, 0, 0 },
	{ "told by peek", "getpeername@1=ENOTCONN", CONNECTED, "getpeername; peek 1; " OVER, "ENOTCONN, ECONNRESET, " OVER_, 0, 0, 0 },
	{ "told by recvfrom", "getpeername@1=ENOTCONN", CONNECTED, "getpeername; recvfrom 1; " OVER, "ENOTCONN, ECONNRESET, " OVER_, 0, 0, 0 },
	{ "told by send", "getpeername@1=ENOTCONN", CONNECTED, "getpeername; send 1; " OVER, "ENOTCONN, ECONNRESET, " OVER_, 0, 0, 0 },
	{ "told by sendto", "getpeername@1=ENOTCONN", CONNECTED, "getpeername; sendto 1; " OVER, "ENOTCONN, ECONNRESET, " OVER_, 0, 0, 0 },
	{ "told by sendv", "getpeername@1=ENOTCONN", CONNECTED, "getpeername; sendv 1; " OVER, "ENOTCONN, ECONNRESET, " OVER_, 0, 0, 0 },
	{ "told by sendfile", "getpeername@1=ENOTCONN", CONNECTED, "getpeername; sendfile 1; sendfile 1", "ENOTCONN, ECONNRESET, EPIPE", 0, 0, 0 },
	{ "told by SO_ERROR", "getpeername@1=ENOTCONN", CONNECTED, "getpeername; error; " OVER, "ENOTCONN, ECONNRESET, " OVER_, 0, 0, 0 },
	{ "told by another SO_ERROR", "getpeername@1=ENOTCONN; getsockopt@1=value:0", CONNECTED, "getpeername; error; recv 1", "ENOTCONN, 0, 0", 0, 0, ANYHOW },
	{ "not by another option", "getpeername@1=ENOTCONN", CONNECTED, "getpeername; type; set; recv 1", "ENOTCONN, 1, 0, ECONNRESET", 0, 0, 0 },
	{ "shutdown does not take it", "shutdown@1=ENOTCONN", CONNECTED, "shutdown WR; shutdown RD; poll " ALL "; send 1; " OVER, "ENOTCONN, ENOTCONN, " PENDING_ ", ECONNRESET, " OVER_, 0, 0, 0 },
	{ "nor does connect", "shutdown@1=ENOTCONN", CONNECTED, "shutdown WR; connect; recv 1; connect", "ENOTCONN, EISCONN, ECONNRESET, EISCONN", 0, 0, 0 },
	{ "but it does where none has been said", "shutdown@1=ENOTCONN", UNDER_WAY "; poll OUT never", "shutdown WR; connect; poll " ALL "; connect", "ENOTCONN, ECONNRESET, 1 OUT|HUP, EINPROGRESS", 0, LATE, 0 },
	{ "a clone may tell it", "getpeername@1=ENOTCONN", CONNECTED "; dup", "getpeername; send#2 1; recv 1; send 1", "ENOTCONN, ECONNRESET, 0, EPIPE", 0, 0, 0 },
	{ "of an accepted one", "getpeername@1=ENOTCONN", LISTENING "; accept", "getpeername#2; recv#2 1; connect#2", "ENOTCONN, ECONNRESET, EISCONN", 0, 0, 0 },
};

static const struct fault_row attempts[] = {
	{ "told by SO_ERROR", "getsockopt@1=value:ECONNREFUSED", UNDER_WAY, "error; " FAILED, "ECONNREFUSED, " FAILED_, 0, LATE, 0 },
	{ "told by recv", "recv@1=ECONNREFUSED", UNDER_WAY, "recv 1; " FAILED, "ECONNREFUSED, " FAILED_, 0, LATE, 0 },
	{ "told by send", "send@1=ETIMEDOUT", UNDER_WAY, "send 1; " FAILED, "ETIMEDOUT, " FAILED_, 0, LATE, 0 },
	{ "bound then, and connected anew", "getsockopt@1=value:ECONNREFUSED", UNDER_WAY, "error; getsockname; connect; connect; connect", "ECONNREFUSED, 0 INET/16, ECONNABORTED, EINPROGRESS, EALREADY", 0, LATE, 0 },
	{ "shut down then, it is of no use", "getsockopt@1=value:ECONNREFUSED", UNDER_WAY, "error; shutdown WR; connect; connect; listen; connect none; connect", "ECONNREFUSED, ENOTCONN, EINVAL, EINVAL, EINVAL, 0, EINPROGRESS", 0, LATE, 0 },
	{ "pending, by getpeername", "getpeername@1=ENOTCONN", UNDER_WAY, "getpeername; getpeername; poll " ALL "; poll IN 0; poll OUT 0; error; " FAILED, "ENOTCONN, ENOTCONN, " PENDING_ ", 1 IN|ERR|HUP, 1 OUT|ERR|HUP, ECONNREFUSED, " FAILED_, 0, LATE, 0 },
	{ "pending, told by recv", "poll@1=events:OUT|ERR|HUP", UNDER_WAY, "poll OUT never; clock; recv 1; " FAILED, "1 OUT|ERR|HUP, 0, ECONNREFUSED, " FAILED_, 0, LATE, 0 },
	{ "pending, told by send", "poll@1=events:OUT|ERR|HUP", UNDER_WAY, "poll OUT never; send 1; " FAILED, "1 OUT|ERR|HUP, ECONNREFUSED, " FAILED_, 0, LATE, 0 },
	{ "pending, told by connect: fresh at once", "poll@1=events:OUT|ERR|HUP", UNDER_WAY, "poll OUT never; connect; poll " ALL "; connect; poll OUT never; send 1; took", "1 OUT|ERR|HUP, ECONNREFUSED, 1 OUT|HUP, EINPROGRESS, 1 OUT, 1, 1", 0, LATE, 0 },
	{ "pending, shut down", "getpeername@1=ENOTCONN", UNDER_WAY, "getpeername; shutdown WR; poll " ALL "; connect; error; connect", "ENOTCONN, ENOTCONN, " PENDING_ ", EINVAL, ECONNREFUSED, EINVAL", 0, LATE, 0 },
	{ "pending, listen and accept", "getpeername@1=ENOTCONN", UNDER_WAY, "getpeername; listen; accept; error", "ENOTCONN, EINVAL, EINVAL, ECONNREFUSED", 0, LATE, 0 },
	{ "pending, told to someone else", "getpeername@1=ENOTCONN; getsockopt@1=value:0", UNDER_WAY, "getpeername; error; " FAILED, "ENOTCONN, 0, " FAILED_, 0, LATE, 0 },
	{ "pending, and connect clears it away", "getpeername@1=ENOTCONN; connect@2=ECONNABORTED", UNDER_WAY, "getpeername; connect; connect; connect", "ENOTCONN, ECONNABORTED, EINPROGRESS, EALREADY", 0, LATE, 0 },
	{ "it never connects below", "getsockopt@1=value:ECONNREFUSED", UNDER_WAY, "error; poll sleep 1s; recv 1; send 1; getpeername", "ECONNREFUSED, 0, 0, EPIPE, ENOTCONN", 0, LATE, 0 },
	{ "a clone knows", "getsockopt@1=value:ECONNREFUSED", UNDER_WAY "; dup", "error; send#2 1; connect#2; connect; connect#2", "ECONNREFUSED, EPIPE, ECONNABORTED, EINPROGRESS, EALREADY", 0, LATE, 0 },
	{ "the new connection can be broken too", "getsockopt@1=value:ECONNREFUSED; recv@1=ECONNRESET", UNDER_WAY, "error; connect; connect; poll OUT never; recv 1; send 1", "ECONNREFUSED, ECONNABORTED, EINPROGRESS, 1 OUT, ECONNRESET, EPIPE", 0, LATE, 0 },
	{ "refused by connect itself: fresh", "connect@1=ECONNREFUSED", "socket", "connect; poll " ALL "; error; recv 1; connect", "ECONNREFUSED, 1 OUT|HUP, 0, ENOTCONN, EINPROGRESS", 0, LATE, 0 },
};

static const struct fault_row ended[] = {
	{ "the end stays", "recv@1=zero", CONNECTED, "send 9; 3x recv 1; recvfrom 1; poll " ALL "; poll IN never; poll RDHUP never", "9, 0, 0, 0, 0 other/128, 1 IN|OUT|RDHUP, 1 IN, 1 RDHUP", 0, 0, 0 },
	{ "one may go on sending", "recv@1=zero", CONNECTED, "recv 1; send 3; took; getpeername; error", "0, 3, 3, 0 INET/16, 0", 0, 0, 0 },
	{ "until that is over too", "recv@1=zero", CONNECTED, "recv 1; shutdown WR; poll " ALL "; getpeername; shutdown RDWR; send 1; recv 1", "0, 0, " TOLD_ ", ENOTCONN, ENOTCONN, EPIPE, 0", 0, TALKER, 0 },
	{ "though the other end is not there yet", "recv@1=zero", UNDER_WAY "; poll OUT never", "recv 1; shutdown WR; poll " ALL "; poll OUT 0; getpeername; shutdown RD", "0, 0, " TOLD_ ", 1 OUT|HUP, ENOTCONN, ENOTCONN", 0, LATE, 0 },
	{ "of a clone", "recv@1=zero", CONNECTED "; dup", "send 3; recv 1; recv#2 1; poll#2 IN 0", "3, 0, 0, 1 IN", 0, 0, 0 },
	{ "connected anew it is another stream", "recv@1=zero", CONNECTED, "recv 1; connect none; connect; send 3; recv 3", "0, 0, 0, 3, 3", 0, 0, 0 },
	{ "it can still be reset, by send", "recv@1=zero; send@1=ECONNRESET", CONNECTED, "recv 1; send 3; send 3; recv 1; poll " ALL, "0, ECONNRESET, EPIPE, 0, " TOLD_, 0, 0, 0 },
	{ "poll that waits for room still waits", "recv@1=zero; send@1=EAGAIN", CONNECTED, "recv 1; send 1; poll OUT never; clock", "0, EAGAIN, 1 OUT, 1ms", 0, 0, 0 },
};

static const struct fault_row listeners[] = {
	{ "shut, as accept says", "accept@1=EINVAL", LISTENING, "accept; accept; poll " ALL "; poll IN 0; recv 1; send 1; shutdown RD; getpeername; error", "EINVAL, EINVAL, 1 OUT|HUP, 1 HUP, ENOTCONN, EPIPE, ENOTCONN, ENOTCONN, 0", 0, 0, 0 },
	{ "shut, as poll says", "poll@1=events:HUP", LISTENING, "poll IN never; accept", "1 HUP, EINVAL", 0, 0, 0 },
	{ "it may listen again", "accept@1=EINVAL", LISTENING, "accept; listen; poll " ALL "; accept; accept#2; send#2 1", "EINVAL, 0, 1 IN, #2, EINVAL, 1", 0, 0, 0 },
	{ "or connect", "accept@1=EINVAL", LISTENING, "accept; connect; send 1; took", "EINVAL, 0, 1, 1", 0, 0, 0 },
	{ "what was accepted lives on", "accept@2=EINVAL", LISTENING, "accept; accept; send#2 3; recv#2 3", "#2, EINVAL, 3, 3", 0, 0, 0 },
	{ "its name is known", "accept@1=EINVAL", LISTENING, "accept; getsockname; close; close", "EINVAL, 0 INET/16, 0, EBADF", 0, 0, 0 },
};

static const struct fault_row datagrams[] = {
	{ "told by recv, once", "poll@1=events:ERR", DATAGRAM, "poll IN 0; poll " ALL "; recv 1; recv 1; poll " ALL "; send 1", "1 ERR, 1 OUT|ERR, ECONNREFUSED, EAGAIN, 1 OUT, 1", 0, 0, 0 },
	{ "by send", "poll@1=events:ERR", DATAGRAM, "poll IN 0; send 1; send 1; took", "1 ERR, ECONNREFUSED, 1, 1", 0, 0, 0 },
	{ "by SO_ERROR", "poll@1=events:ERR", DATAGRAM, "poll IN 0; error; error; recv 1", "1 ERR, ECONNREFUSED, 0, EAGAIN", 0, 0, 0 },
	{ "another connect does not clear it", "poll@1=events:ERR", DATAGRAM, "poll IN 0; connect; getpeername; recv 1; recv 1", "1 ERR, 0, 0 INET/16, ECONNREFUSED, EAGAIN", 0, 0, 0 },
	{ "before what has come", "poll@1=events:ERR", DATAGRAM, "send 3; poll IN 0; poll IN|OUT 0; recv 3; recv 3", "3, 1 ERR, 1 IN|OUT|ERR, ECONNREFUSED, 3", 0, 0, 0 },
	{ "told by the fault itself", "recv@1=ECONNREFUSED", DATAGRAM, "recv 1; recv 1; send 1", "ECONNREFUSED, EAGAIN, 1", 0, 0, 0 },
	{ "not where there is no peer", "poll@1=events:ERR", "socket datagram", "poll OUT 0; recv 1", "1 OUT, EAGAIN", 1, 0, 0 },
	{ "a clone tells it", "poll@1=events:ERR", DATAGRAM "; dup", "poll IN 0; recv#2 1; recv 1", "1 ERR, ECONNREFUSED, EAGAIN", 0, 0, 0 },
};
/* clang-format on */

static void a_dead_connection_answers_as_the_kernel_does(void **state)
{
	(void)state;
	CHECK_ROWS(dead);
}

static void a_pending_error_is_told_once(void **state)
{
	(void)state;
	CHECK_ROWS(pending);
}

static void a_failed_attempt_is_told_and_may_be_made_again(void **state)
{
	(void)state;
	CHECK_ROWS(attempts);
}

static void the_end_of_a_stream_stays(void **state)
{
	(void)state;
	CHECK_ROWS(ended);
}

static void a_listener_is_shut(void **state)
{
	(void)state;
	CHECK_ROWS(listeners);
}

static void a_datagram_that_came_to_nothing_is_told_once(void **state)
{
	(void)state;
	CHECK_ROWS(datagrams);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dead_connection_answers_as_the_kernel_does),
		cmocka_unit_test(a_pending_error_is_told_once),
		cmocka_unit_test(a_failed_attempt_is_told_and_may_be_made_again),
		cmocka_unit_test(the_end_of_a_stream_stays),
		cmocka_unit_test(a_listener_is_shut),
		cmocka_unit_test(a_datagram_that_came_to_nothing_is_told_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
