/* SPDX-License-Identifier: 0BSD */
/* The fault layer: readiness that is hidden or made up, time, and signals. */
#include "fault_check.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include <vetsock/peer.h>

#include "caller.h"

#define TWO CONNECTED "; socket; connect#2"

/* clang-format off */
/* 1 ms of the first poll after an injected EAGAIN; or for ever. */
static const struct fault_row hidden[] = {
	{ "not readable for 1 ms", "recv@1=EAGAIN", CONNECTED, "send 3; recv 3; poll IN never; clock; recv 3", "3, EAGAIN, 1 IN, 1ms, 3", 0, 0, 0 },
	{ "once", "recv@1=EAGAIN", CONNECTED, "send 3; recv 3; poll IN never; poll IN never; clock", "3, EAGAIN, 1 IN, 1 IN, 1ms", 0, 0, 0 },
	{ "within a longer limit", "recv@1=EAGAIN", CONNECTED, "send 3; recv 3; poll IN 5ms; clock", "3, EAGAIN, 1 IN, 1ms", 0, 0, 0 },
	{ "longer than a shorter limit", "recv@1=EAGAIN", CONNECTED, "send 3; recv 3; poll IN 300us; clock; poll IN never; clock", "3, EAGAIN, 0, 300us, 1 IN, 300us", 0, 0, 0 },
	{ "as long as the limit", "recv@1=EAGAIN", CONNECTED, "send 3; recv 3; poll IN 1ms; clock; poll IN never; clock", "3, EAGAIN, 0, 1ms, 1 IN, 1ms", 0, 0, 0 },
	{ "a look is a poll", "recv@1=EAGAIN", CONNECTED, "send 3; recv 3; poll IN 0; poll IN 0; clock", "3, EAGAIN, 0, 1 IN, 0", 0, 0, 0 },
	{ "a sleep is none of this descriptor", "recv@1=EAGAIN", CONNECTED, "send 3; recv 3; poll sleep 5ms; poll IN 0", "3, EAGAIN, 0, 0", 0, 0, 0 },
	{ "nor is another's poll", "recv#1@1=EAGAIN", TWO, "send 3; send#2 3; recv 3; poll#2 IN never; clock; poll IN never; clock", "3, 3, EAGAIN, 1 IN, 0, 1 IN, 1ms", 0, 0, 0 },
	{ "a range hides once for each", "recv@1-2=EAGAIN", CONNECTED, "send 3; recv 3; poll IN never; recv 3; poll IN never; recv 3; clock", "3, EAGAIN, 1 IN, EAGAIN, 1 IN, 3, 2ms", 0, 0, 0 },
	{ "the rest of the limit is kept", "recv@1=EAGAIN", CONNECTED, "send 1; recv 1; recv 1; recv 1; poll IN 5ms; clock", "1, EAGAIN, 1, EAGAIN, 0, 5ms", 0, 0, 0 },
	{ "the other direction is not hidden", "recv@1=EAGAIN", CONNECTED, "send 3; recv 3; poll IN|OUT never; clock; poll IN|OUT 0", "3, EAGAIN, 1 OUT, 0, 1 IN|OUT", 0, 0, 0 },
	{ "not writable for 1 ms", "send@1=EAGAIN", CONNECTED, "send 3; poll OUT never; clock; send 3", "EAGAIN, 1 OUT, 1ms, 3", 0, 0, 0 },
	{ "but readable", "send@2=EAGAIN", CONNECTED, "send 3; send 3; poll IN|OUT never; clock", "3, EAGAIN, 1 IN, 0", 0, 0, 0 },
	{ "by sendto, sendv, sendfile", "sendto@1=EAGAIN; sendv@1=EAGAIN; sendfile@1=EAGAIN", CONNECTED, "sendto 1; poll OUT 0; sendv 1; poll OUT 0; sendfile 1; poll OUT 0; poll OUT 0", "EAGAIN, 0, EAGAIN, 0, EAGAIN, 0, 1 OUT", 0, 0, 0 },
	{ "by recvfrom", "recvfrom@1=EAGAIN", DATAGRAM, "send 3; recvfrom 3; poll IN|OUT 0; poll IN|OUT 0", "3, EAGAIN, 1 OUT, 1 IN|OUT", 0, 0, 0 },
	{ "a listener", "accept@1=EAGAIN", LISTENING, "accept; poll IN never; clock; accept", "EAGAIN, 1 IN, 1ms, #2", 0, 0, 0 },
	{ "a clone", "recv@1=EAGAIN", CONNECTED "; dup", "send 3; recv 3; poll#2 IN 0; poll#2 IN 0", "3, EAGAIN, 0, 1 IN", 0, 0, 0 },
	{ "for ever", "recv=EAGAIN", CONNECTED, "send 3; recv 3; poll IN 5ms; poll IN 5ms; clock; poll IN|OUT 0", "3, EAGAIN, 0, 0, 10ms, 1 OUT", 0, 0, 0 },
	{ "for ever, without a limit", "recv=EAGAIN", CONNECTED, "send 3; recv 3; poll IN never; blocked", "3, EAGAIN, EDEADLK, yes", 0, 0, 0 },
	{ "for ever, from the second on", "recv@2+=EAGAIN", CONNECTED, "send 3; recv 1; recv 1; poll IN 5ms; recv 1", "3, 1, EAGAIN, 0, EAGAIN", 0, 0, 0 },
	{ "the end is seen all the same", "recv@1=EAGAIN", CONNECTED "; shutdown WR", "recv 3; poll IN|RDHUP never; clock", "EAGAIN, 1 HUP|RDHUP, 0", 0, 0, 0 },
	{ "and what is reported always", "send=EAGAIN", CONNECTED "; shutdown RDWR", "poll OUT never; send 1", "1 OUT|HUP, EPIPE", 1, 0, 0 },
	{ "another descriptor ends the poll", "recv#1@1=EAGAIN", TWO, "send 3; send#2 3; recv 3; poll#1+2 IN never; clock; poll#1+2 IN never", "3, 3, EAGAIN, 1 none/IN, 0, 2 IN/IN", 0, 0, 0 },
	{ "two hidden together", "recv@1-2=EAGAIN", TWO, "send 3; send#2 3; recv 3; recv#2 3; poll#2+1 IN never; clock; poll#2+1 IN 0", "3, 3, EAGAIN, EAGAIN, 2 IN/IN, 1ms, 2 IN/IN", 0, 0, 0 },
	{ "one for a while, one for ever", "recv#1=EAGAIN; recv#2@1=EAGAIN", TWO, "send 3; send#2 3; recv 3; recv#2 3; poll#1+2 IN never; clock", "3, 3, EAGAIN, EAGAIN, 1 none/IN, 1ms", 0, 0, 0 },
	{ "the third of three", "recv#3@1=EAGAIN", TWO "; socket; connect#3", "send#3 3; recv#3 1; poll#1+2+3 IN never; clock", "3, EAGAIN, 1 none/none/IN, 1ms", 0, 0, 0 },
	{ "a poll that a rule answers hides on", "recv@1=EAGAIN; poll@1=EINTR", CONNECTED, "send 3; recv 3; poll IN never; poll IN 0; poll IN 0", "3, EAGAIN, EINTR, 0, 1 IN", 0, 0, 0 },
	{ "beside one that is broken", "recv#1@1=EAGAIN; recv#2@1=ECONNRESET", TWO, "send 3; recv 3; recv#2 1; poll#1+2 IN never; poll#1+2 IN 0; clock", "3, EAGAIN, ECONNRESET, 1 none/IN|HUP, 2 IN/IN|HUP, 0", 0, 0, 0 },
	{ "nothing to hide where nothing is there", "recv=EAGAIN", CONNECTED, "recv 3; send 3; poll IN 0", "EAGAIN, 3, 1 IN", 1, 0, 0 },
};

static const struct fault_row made_up[] = {
	{ "spurious", "poll@1=spurious", CONNECTED, "poll IN 5ms; clock; recv 1; poll IN 5ms; clock", "1 IN, 0, EAGAIN, 0, 5ms", 0, 0, 0 },
	{ "spurious, all that was asked", "poll@1=spurious", CONNECTED, "poll IN|PRI|OUT 0", "1 IN|PRI|OUT", 0, 0, 0 },
	{ "an end is never spurious", "poll@1-2=spurious", CONNECTED, "poll IN|RDHUP 0; poll RDHUP 0", "1 IN, 0", 0, 0, 0 },
	{ "of a poll without limit too", "poll@1=spurious", CONNECTED, "poll IN never", "1 IN", 0, 0, 0 },
	{ "of the first of several", "poll@1=spurious", TWO, "send#2 1; poll#1+2 IN never; poll#1+2 IN never", "1, 1 IN/none, 1 none/IN", 0, 0, 0 },
	{ "of no descriptor", "poll@1=spurious", CONNECTED, "poll sleep 5ms; clock", "0, 5ms", 1, 0, 0 },
	{ "of nothing asked", "poll@1=spurious", CONNECTED, "poll none 0", "0", 1, 0, 0 },
	{ "the end", "poll@1=events:IN|RDHUP", CONNECTED, "send 3; poll IN|OUT never; recv 3; poll IN|OUT|RDHUP 0; send 1; took", "3, 1 IN, 0, 1 IN|OUT|RDHUP, 1, 4", 0, 0, 0 },
	{ "a reset", "poll@1=events:IN|OUT|ERR|HUP|RDHUP", CONNECTED, "poll OUT 0; recv 1; recv 1; send 1", "1 OUT|ERR|HUP, ECONNRESET, 0, EPIPE", 0, 0, 0 },
	{ "what is not asked for is not shown", "poll@1=events:IN|RDHUP; poll@1=EINTR", CONNECTED, "poll OUT 5ms; recv 1", "EINTR, EAGAIN", 1, 0, 0 },
	{ "unless the plan is unlawful", "poll@1=events:PRI", CONNECTED, "poll OUT 5ms", "1 PRI", 0, 0, ANYHOW },
	{ "NVAL", "poll@1=events:NVAL", CONNECTED, "poll OUT 5ms; send 1", "1 NVAL, 1", 0, 0, ANYHOW },
	{ "a listener hung up", "poll@1=events:HUP", LISTENING, "poll IN never; accept; poll IN never", "1 HUP, EINVAL, 1 HUP", 0, 0, 0 },
	{ "an attempt refused", "poll@1=events:OUT|ERR|HUP", "socket; connect", "poll OUT never; error; error", "1 OUT|ERR|HUP, ECONNREFUSED, 0", 0, LATE, 0 },
	{ "a datagram refused", "poll@1=events:ERR", DATAGRAM, "poll IN never; recv 1; recv 1", "1 ERR, ECONNREFUSED, EAGAIN", 0, 0, 0 },
	{ "not lawful of a stream", "poll@1=events:ERR", CONNECTED, "poll OUT 0", "1 OUT", 1, 0, 0 },
};

/* `clock`: the time that has really passed; `now`: what is shown of it. */
static const struct fault_row times[] = {
	{ "timeout waits the whole limit", "poll@1=timeout", CONNECTED, "send 1; poll IN 5ms; clock; poll IN 5ms; clock", "1, 0, 5ms, 1 IN, 5ms", 0, 0, 0 },
	{ "for ever", "poll=timeout", CONNECTED, "2x poll OUT 1s; clock", "0, 0, 2s", 0, 0, 0 },
	{ "not of a look", "poll=timeout", CONNECTED, "poll OUT 0", "1 OUT", 1, 0, 0 },
	{ "not without limit", "poll=timeout", CONNECTED, "poll OUT never; clock", "1 OUT, 0", 1, 0, 0 },
	{ "not of a sleep", "poll=timeout", "", "poll sleep 5ms; clock", "0, 5ms", 1, 0, 0 },
	{ "of a sleep, unlawfully", "poll=timeout", "", "poll sleep 5ms; clock", "0, 5ms", 0, 0, ANYHOW },
	{ "a delay comes before the call", "send@1=delay:40s", CONNECTED, "send 1; clock; now; took", "1, 40s, 40s, 1", 0, 0, 0 },
	{ "a delay in recv: what comes meanwhile is there", "recv@1=delay:10ms", "socket; connect; poll OUT never", "send 3; recv 3; clock", "3, 3, 10ms", 0, LATE, 0 },
	{ "in poll, before its own limit", "poll@1=delay:1s", CONNECTED, "poll IN 5ms; clock", "0, 1005ms", 0, 0, 0 },
	{ "in now", "now@2=delay:1m", "", "now; now; clock", "0, 60s, 60s", 0, 0, 0 },
	{ "in each", "*@3+=delay:1ms", CONNECTED, "send 1; recv 1; getpeername; clock", "1, 1, 0 INET/16, 3ms", 0, 0, 0 },
	{ "a jump moves what is shown", "now@2=jump:40s", "", "3x now; clock", "0, 40s, 40s, 0", 0, 0, 0 },
	{ "and no wait", "now@1=jump:40s", CONNECTED, "now; poll IN 5ms; now; clock", "40s, 0, 40005ms, 5ms", 0, 0, 0 },
	{ "jumps add up", "now@1-3=jump:1h", "", "4x now", "1h, 2h, 3h, 3h", 0, 0, 0 },
	{ "back, unlawfully", "now@2=jump:-5s", "", "3x now", "0, -5s, -5s", 0, 0, ANYHOW },
	{ "in another call", "send@1=jump:2s", CONNECTED, "send 1; now", "1, 2s", 0, 0, ANYHOW },
	{ "to the end of time, and not beyond", "now@1-2=jump:9223372036854775807ns", "now", "now", "9223371036854776us", 0, 0, 0 },
	{ "freeze", "now@2=freeze", CONNECTED, "now; now; poll IN 5s; now; clock", "0, 0, 0, 0, 5s", 0, 0, ANYHOW },
	{ "freeze after a jump", "now@1=jump:1s; now@2=freeze", "", "now; now; poll sleep 5s; now", "1s, 1s, 0, 1s", 0, 0, ANYHOW },
	{ "freeze in another call", "poll@1=freeze", "", "now; poll sleep 5s; now", "0, 0, 0", 0, 0, ANYHOW },
};

static const struct fault_row signals[] = {
	{ "a signal in recv: the call is made", "recv@1=signal:USR1", CONNECTED, "send 3; recv 3; caught", "3, 3, 1", 0, 0, 0 },
	{ "in poll: it is interrupted", "poll@1=signal:SIGUSR1", CONNECTED, "poll OUT never; caught; poll OUT never", "EINTR, 1, 1 OUT", 0, 0, 0 },
	{ "in every call", "*@3-6=signal:USR1", CONNECTED, "send 3; getpeername; now; poll OUT 0; caught", "3, 0 INET/16, 0, EINTR, 4", 0, 0, 0 },
	{ "before the call", "send@2=signal:USR1", CONNECTED, "send 1; send 1; caught; took", "1, 1, 1, 2", 0, 0, 0 },
};
/* clang-format on */

static void an_injected_eagain_hides_readiness(void **state)
{
	(void)state;
	CHECK_ROWS(hidden);
}

static void readiness_is_made_up(void **state)
{
	(void)state;
	CHECK_ROWS(made_up);
}

static void time_passes_jumps_and_stands_still(void **state)
{
	(void)state;
	CHECK_ROWS(times);
}

static volatile sig_atomic_t caught;

static void catch_one(int number)
{
	(void)number;
	caught++;
}

/* Since it was asked last. */
static int signals_caught(void)
{
	int n = caught;
	caught = 0;
	return n;
}

static void signals_are_raised(void **state)
{
	struct sigaction action, before;
	(void)state;
	memset(&action, 0, sizeof action);
	action.sa_handler = catch_one;
	(void)sigemptyset(&action.sa_mask);
	assert_int_equal(sigaction(SIGUSR1, &action, &before), 0);
	fault_caught = signals_caught;
	CHECK_ROWS(signals);
	assert_int_equal(sigaction(SIGUSR1, &before, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_injected_eagain_hides_readiness),
		cmocka_unit_test(readiness_is_made_up),
		cmocka_unit_test(time_passes_jumps_and_stands_still),
		cmocka_unit_test(signals_are_raised),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
