/* SPDX-License-Identifier: 0BSD */
/* The fault layer: on which calls a rule acts, which rule acts, and what is told of it. */
#include "fault_check.h"

#include <errno.h>
#include <string.h>

#include <vetsock/peer.h>

#include "caller.h"

/* clang-format off */
static const struct fault_row counts[] = {
	{ "the second", "recv@2=EINTR", CONNECTED, "send 9; 3x recv 1", "9, 1, EINTR, 1", 0, 0, 0 },
	{ "a range", "recv@2-3=EINTR", CONNECTED, "send 9; 4x recv 1", "9, 1, EINTR, EINTR, 1", 0, 0, 0 },
	{ "from one on", "recv@3+=EINTR", CONNECTED, "send 9; 5x recv 1", "9, 1, 1, EINTR, EINTR, EINTR", 0, 0, 0 },
	{ "every one", "recv=EINTR", CONNECTED, "send 9; 3x recv 1", "9, EINTR, EINTR, EINTR", 0, 0, 0 },
	{ "it never came", "recv@4=EINTR", CONNECTED, "send 9; 3x recv 1", "9, 1, 1, 1", 1, 0, 0 },
	{ "calls are counted by name", "recv@2=EINTR", CONNECTED, "send 9; recvfrom 1; recv 1; recv 1", "9, 1 other/0, 1, EINTR", 0, 0, 0 },
	{ "over all descriptors", "recv@2=EINTR", CONNECTED "; socket; connect#2", "send 9; send#2 9; recv#2 1; recv 1; recv#2 1", "9, 9, 1, EINTR, 1", 0, 0, 0 },
	{ "faults are counted too", "recv@1=EINTR; recv@2=ENOMEM", CONNECTED, "send 9; 3x recv 1", "9, EINTR, ENOMEM, 1", 0, 0, 0 },
	{ "those that fail by themselves too", "recv@3=EINTR", CONNECTED, "2x recv 1; send 1; 2x recv 1", "EAGAIN, EAGAIN, 1, EINTR, 1", 0, 0, 0 },
	{ "every call of any name", "*@4=EINTR", CONNECTED, "send 9; recv 1; recv 1", "9, EINTR, 1", 0, 0, 0 },
	{ "any name, where it is not lawful", "*@3=EINTR", CONNECTED, "getsockname; recv 1", "0 INET/16, EAGAIN", 1, 0, 0 },
	{ "any name, each where it is lawful", "*@3+=ENOBUFS", CONNECTED, "send 1; getsockname; pread 1; realloc 1; now; close", "ENOBUFS, ENOBUFS, ENOBUFS, 0, 0, 0", 0, 0, 0 },
};

static const struct fault_row descriptors[] = {
	{ "calls on the second", "recv#2@1=EINTR", CONNECTED "; socket; connect#2", "send 9; send#2 9; recv 1; recv#2 1; recv#2 1; recv 1", "9, 9, 1, EINTR, 1, 1", 0, 0, 0 },
	{ "counted for it alone", "recv#2@2=EINTR", CONNECTED "; socket; connect#2", "send 9; send#2 9; 3x recv 1; 3x recv#2 1", "9, 9, 1, 1, 1, 1, EINTR, 1", 0, 0, 0 },
	{ "any call of one", "*#2@2=ENOBUFS", CONNECTED "; socket; connect#2", "5x send 1; send#2 1; send#2 1", "1, 1, 1, 1, 1, ENOBUFS, 1", 0, 0, 0 },
	{ "a clone has a number of its own", "recv#2@1=EINTR", CONNECTED "; dup", "send 9; recv 1; recv#2 1; recv#2 1", "9, 1, EINTR, 1", 0, 0, 0 },
	{ "what is accepted too", "recv#3@1=EINTR", LISTENING "; accept; accept", "send#2 1; send#3 1; recv#2 1; recv#3 1; recv#3 1", "1, 1, 1, EINTR, 1", 0, 0, 0 },
	{ "and what is adopted", "recv#2@1=EINTR", "socket; adopt 901", "send#2 1; recv#2 1; recv#2 1", "1, EINTR, 1", 0, 0, 0 },
	{ "numbers are not used again", "send#2@1=EINTR", CONNECTED "; close; socket; connect#2; socket; connect#3", "send#3 1; send#2 1; send#2 1", "1, EINTR, 1", 0, 0, 0 },
	{ "of poll its first", "poll#2@1=EINTR", CONNECTED "; socket; connect#2", "poll#1+2 OUT 1ms; poll#2+1 OUT 1ms; poll#2 OUT 1ms", "2 OUT/OUT, EINTR, 1 OUT", 0, 0, 0 },
	{ "of sendfile the socket", "sendfile#1@1=EINTR", CONNECTED, "sendfile 1; sendfile 1", "EINTR, 1", 0, 0, 0 },
	{ "what has no descriptor has no number", "*#1@2=ENOMEM", "", "realloc 1; pread 1; socket; type; set", "0, 1, #1, 1, ENOMEM", 0, 0, 0 },
	{ "one that was not handed out", "recv#3@1=EINTR", CONNECTED "; dup", "recv 1; recv#2 1", "EAGAIN, EAGAIN", 1, 0, 0 },
};

static const struct fault_row bytes[] = {
	{ "the byte sent, in the first call", "send@byte:1=EINTR", CONNECTED, "send 3; send 3", "EINTR, 3", 0, 0, 0 },
	{ "in the call that would move it", "send@byte:5=EINTR", CONNECTED, "send 3; send 3; send 3", "3, EINTR, 3", 0, 0, 0 },
	{ "the last of a call", "send@byte:6=EINTR", CONNECTED, "send 3; send 3; send 3", "3, EINTR, 3", 0, 0, 0 },
	{ "the first of the next", "send@byte:4=EINTR", CONNECTED, "send 3; send 3; send 3", "3, EINTR, 3", 0, 0, 0 },
	{ "it was never reached", "send@byte:10=EINTR", CONNECTED, "3x send 3", "3, 3, 3", 1, 0, 0 },
	{ "counted over all ways to send", "sendfile@byte:7=EINTR", CONNECTED, "send 2; sendto 2; sendv 1+1; sendfile 2; sendfile 2", "2, 2, 2, EINTR, 2", 0, 0, 0 },
	{ "what is received is counted apart", "recv@byte:2=EINTR", CONNECTED, "send 9; 3x recv 1", "9, 1, EINTR, 1", 0, 0, 0 },
	{ "received in any way", "recvfrom@byte:2=EINTR", CONNECTED, "send 9; recv 1; recvfrom 1; recvfrom 1", "9, 1, EINTR, 1 other/0", 0, 0, 0 },
	{ "a peek moves none", "recv@byte:2=EINTR", CONNECTED, "send 9; peek 5; peek 5; recv 1; recv 5; recv 5", "9, 5, 5, 1, EINTR, 5", 0, 0, 0 },
	{ "either way", "*@byte:3=EINTR", CONNECTED, "send 2; recv 2; recv 1; send 2; send 2", "2, 2, EINTR, 2, 2", 0, 0, 0 },
	{ "of one descriptor", "send#2@byte:2=EINTR", CONNECTED "; socket; connect#2", "send 9; send#2 1; send#2 1; send#2 1", "9, 1, EINTR, 1", 0, 0, 0 },
	{ "a clone's bytes are the same stream's", "send#2@byte:4=EINTR", CONNECTED "; dup", "send 3; send#2 3; send#2 3", "3, EINTR, 3", 0, 0, 0 },
	{ "short, at a byte", "send@byte:4=short:1", CONNECTED, "send 3; send 3; send 3; took", "3, 1, 3, 7", 0, 0, 0 },
};

static const struct fault_row orders[] = {
	{ "the first that matches acts", "recv@1=EINTR; recv@1-2=ENOMEM", CONNECTED, "send 9; 3x recv 1", "9, EINTR, ENOMEM, 1", 0, 0, 0 },
	{ "the other way round", "recv@1-2=ENOMEM; recv@1=EINTR", CONNECTED, "send 9; 3x recv 1", "9, ENOMEM, ENOMEM, 1", 1, 0, 0 },
	{ "pass shields", "send@2=pass; send=EINTR", CONNECTED, "3x send 1", "EINTR, 1, EINTR", 0, 0, 0 },
	{ "pass shields one descriptor", "send#1=pass; send=EINTR", CONNECTED "; socket; connect#2", "send 1; send#2 1", "1, EINTR", 0, 0, 0 },
	{ "pass, behind", "send=EINTR; send@2=pass", CONNECTED, "2x send 1", "EINTR, EINTR", 1, 0, 0 },
	{ "any name before a name", "*@3=EINTR; send@1=ENOBUFS", CONNECTED, "2x send 1", "EINTR, 1", 1, 0, 0 },
	{ "a name before any name", "send@1=ENOBUFS; *@3=EINTR", CONNECTED, "2x send 1", "ENOBUFS, 1", 1, 0, 0 },
	{ "names and any name, in their order", "recv@1=EINTR; *@5=ENOMEM; send@2=ENOBUFS", CONNECTED, "send 1; recv 1; send 1; send 1", "1, EINTR, ENOMEM, 1", 1, 0, 0 },
	{ "what would change nothing leaves it to the next", "send@1=short:5; send@1=EINTR", CONNECTED, "send 5; send 5", "EINTR, 5", 1, 0, 0 },
	{ "EAGAIN where it blocks anyway", "recv@1=EAGAIN; recv@1=EINTR", CONNECTED, "recv 1; recv 1", "EINTR, EAGAIN", 1, 0, 0 },
	{ "what is not lawful here too", "recv@1=ECONNREFUSED; recv@1=EINTR", CONNECTED, "send 1; recv 1; recv 1", "1, EINTR, 1", 1, 0, 0 },
	{ "a poll without limit has no timeout", "poll@1=timeout; poll@1=EINTR", CONNECTED, "poll OUT never", "EINTR", 1, 0, 0 },
	{ "no time at all is no change", "recv@1=delay:0s; recv@1=EINTR", CONNECTED, "recv 1", "EINTR", 1, 0, 0 },
	{ "nor is a jump by nothing", "now@1=jump:0s; now@1=EINVAL", "", "now", "EINVAL", 1, 0, 0 },
	{ "a clock that stands can stand no more", "now@1=freeze; now@2=freeze; now@2=EINVAL", "", "now; now; now", "0, EINVAL, 0", 1, 0, ANYHOW },
};

static const struct fault_row lawful[] = {
	{ "not in this phase", "recv@1=ECONNRESET", "socket", "recv 1", "ENOTCONN", 1, 0, 0 },
	{ "unlawfully it is", "recv@1=ECONNRESET", "socket", "recv 1; connect; send 1", "ECONNRESET, 0, 1", 0, 0, ANYHOW },
	{ "not of this kind", "recv@1=ECONNRESET", DATAGRAM, "recv 1", "EAGAIN", 1, 0, 0 },
	{ "not of a half that is shut", "send@1=EPIPE; recv@1=EINTR", CONNECTED, "shutdown WR; send 1; recv 1", "0, EPIPE, EINTR", 1, 0, 0 },
	{ "EPIPE of one's own making kills nothing", "recv@1=EINTR", CONNECTED, "send 3; shutdown WR; send 1; recv 9; recv 9", "3, 0, EPIPE, EINTR, 3", 0, 0, 0 },
	{ "not at the end", "recv@3=EINTR", CONNECTED, "send 1; shutdown WR; 3x recv 9", "1, 0, 1, 0, 0", 1, 0, 0 },
	{ "phases go over to clones", "recv@2=ECONNRESET", CONNECTED "; dup", "recv 1; recv#2 1; recv 1; send 1; send#2 1", "EAGAIN, ECONNRESET, 0, EPIPE, EPIPE", 0, 0, 0 },
	{ "what a clone does is known", "recv#1@1=ECONNRESET", "socket; dup; connect#2", "recv#1 1", "ECONNRESET", 0, 0, 0 },
	{ "a stream under way", "send@1=ECONNREFUSED", "socket; connect", "send 1", "ECONNREFUSED", 0, LATE, 0 },
	{ "no more, once poll has shown it writable", "send@1=ECONNREFUSED", "socket; connect; poll OUT never", "send 1", "1", 1, LATE, 0 },
	{ "a spurious poll shows nothing", "poll@1=spurious; send@1=ECONNREFUSED", "socket; connect; poll OUT 0", "send 1", "ECONNREFUSED", 0, LATE, 0 },
	{ "nor does one that failed", "poll@1=EINTR; send@1=ECONNREFUSED", "socket; connect; poll OUT 1ms", "send 1", "ECONNREFUSED", 0, LATE, 0 },
	{ "getpeername has shown it", "send@1=ECONNREFUSED", "socket; connect; poll sleep 10ms; getpeername", "send 1", "1", 1, LATE, 0 },
	{ "an adopted one is taken for connected", "send@1=EPIPE", "adopt 901", "send 1; send 1", "EPIPE, EPIPE", 0, 0, 0 },
	{ "a dissolved one is fresh", "recv@1=ECONNRESET", CONNECTED "; connect none", "recv 1", "ENOTCONN", 1, 0, 0 },
	{ "a dissolved datagram socket too", "recv@1=ECONNREFUSED", DATAGRAM "; connect none", "recv 1", "EAGAIN", 1, 0, 0 },
	{ "a listener that was shut down is none", "accept@1=EMFILE", LISTENING "; shutdown RD", "accept", "EINVAL", 1, 0, 0 },
	{ "one that was shut for writing is one", "accept@1=EMFILE", LISTENING "; shutdown WR", "accept; accept", "EMFILE, #2", 0, 0, 0 },
	{ "until it listens again", "accept@2=EMFILE", LISTENING "; shutdown RD", "accept; listen; accept; accept", "EINVAL, 0, EMFILE, #2", 0, 0, 0 },
};

/* SplitMix64, from the seed and the index of the rule: the sequences were made by another program. */
static const struct fault_row chances[] = {
	{ "one in ten", "send@10%=EINTR", CONNECTED, "20x send 1", "1, 1, 1, 1, 1, EINTR, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1", 0, 0, 0 },
	{ "half, with a seed", "seed:1; send@50%=EINTR", CONNECTED, "20x send 1", "1, 1, EINTR, EINTR, EINTR, EINTR, EINTR, 1, 1, EINTR, 1, EINTR, 1, EINTR, EINTR, EINTR, EINTR, 1, EINTR, 1", 0, 0, 0 },
	{ "with another", "seed:2; send@50%=EINTR", CONNECTED, "20x send 1", "EINTR, 1, EINTR, 1, EINTR, 1, EINTR, 1, 1, EINTR, EINTR, 1, 1, 1, EINTR, EINTR, 1, EINTR, EINTR, 1", 0, 0, 0 },
	{ "seed 0 is none", "seed:0; send@10%=EINTR", CONNECTED, "20x send 1", "1, 1, 1, 1, 1, EINTR, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1", 0, 0, 0 },
	{ "always", "send@100%=EINTR", CONNECTED, "5x send 1", "EINTR, EINTR, EINTR, EINTR, EINTR", 0, 0, 0 },
	{ "the second rule's stream is another", "seed:1; recv@50%=EINTR; send@50%=EINTR", CONNECTED, "20x send 1", "EINTR, EINTR, EINTR, EINTR, 1, 1, 1, 1, EINTR, 1, EINTR, 1, EINTR, EINTR, EINTR, EINTR, 1, EINTR, EINTR, EINTR", 1, 0, 0 },
	{ "and does not depend on what the first one draws", "seed:1; recv@50%=EINTR; send@50%=EINTR", CONNECTED, "3x recv 1; 20x send 1", "EAGAIN, EAGAIN, EINTR, EINTR, EINTR, EINTR, EINTR, 1, 1, 1, 1, EINTR, 1, EINTR, 1, EINTR, EINTR, EINTR, EINTR, 1, EINTR, EINTR, EINTR", 0, 0, 0 },
	{ "calls that another rule answers draw all the same", "seed:1; send@1-2=ENOBUFS; send@50%=EINTR", CONNECTED, "20x send 1", "ENOBUFS, ENOBUFS, EINTR, EINTR, 1, 1, 1, 1, EINTR, 1, EINTR, 1, EINTR, EINTR, EINTR, EINTR, 1, EINTR, EINTR, EINTR", 0, 0, 0 },
};
/* clang-format on */

static void calls_are_counted(void **state)
{
	(void)state;
	CHECK_ROWS(counts);
}

static void a_rule_may_name_a_descriptor(void **state)
{
	(void)state;
	CHECK_ROWS(descriptors);
}

static void a_rule_may_name_a_byte(void **state)
{
	(void)state;
	CHECK_ROWS(bytes);
}

static void the_first_rule_that_matches_acts(void **state)
{
	(void)state;
	CHECK_ROWS(orders);
}

static void a_rule_acts_where_it_is_lawful(void **state)
{
	(void)state;
	CHECK_ROWS(lawful);
}

static void chances_are_the_same_everywhere(void **state)
{
	(void)state;
	CHECK_ROWS(chances);
}

/* ---- what is told ---- */

static struct vet_fault fault;
static struct caller caller;

static struct vet_sys *begin(const char *plan, unsigned flags)
{
	struct vet_peer *peer;
	struct vet_sys *sys =
		vet_fault_start(&fault, fault_peer(ECHO, &peer), fault_plan(plan), flags);
	if (sys != NULL)
		caller_begin(&caller, sys);
	return sys;
}

static void a_plan_that_is_nowhere_lawful_is_refused(void **state)
{
	static const char *const refused[] = {
		"socket=EPIPE",
		"poll=zero",
		"bind=EINPROGRESS",
		"now@1=jump:-1s",
		"now=freeze",
		"getsockname=length:5",
		"accept=family:3",
		"poll@1=events:NVAL",
		"recv@1=EIO after",
		"*=EXDEV",
		"interface_index=value:3",
	};
	static const char *const taken[] = {
		"",        "recv=pass",         "poll@1=signal:USR1",
		"*=EINTR", "recv@1=ECONNRESET", "now@1=jump:1s",
	};
	size_t first = 77;
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		if (begin(refused[i], 0) != NULL)
			fail_msg("'%s' was not refused", refused[i]);
		if (begin(refused[i], VET_FAULT_UNLAWFUL) == NULL)
			fail_msg("'%s' was refused all the same", refused[i]);
		assert_false(vet_plan_lawful(fault_plan(refused[i]), &first));
		assert_int_equal(first, 0);
	}
	for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
		if (begin(taken[i], 0) == NULL)
			fail_msg("'%s' was refused", taken[i]);
	assert_true(vet_plan_lawful(fault_plan("recv=EINTR"), &first));
	assert_false(vet_plan_lawful(fault_plan("recv=EINTR; send=EBADF; send=EXDEV"), &first));
	assert_int_equal(first, 1);
	assert_false(vet_plan_lawful(fault_plan("recv=EXDEV"), NULL));
}

static void a_table_that_cannot_be_used_is_refused(void **state)
{
	static const struct vet_sys_calls none = { .version = VET_SYS_VERSION + 1 };
	struct vet_sys bad = { &none };
	(void)state;
	assert_null(vet_fault_start(&fault, &bad, fault_plan(""), 0));
}

static void is_act(size_t index, const char *want)
{
	char text[200];
	const struct vet_fault_act *act = vet_fault_act_at(&fault, index);
	assert_non_null(act);
	assert_int_equal(vet_fault_act_format(&fault, act, text, sizeof text), strlen(want));
	assert_string_equal(text, want);
	assert_int_equal(vet_fault_act_format(&fault, act, text, strlen(want)), -ENOSPC);
	assert_int_equal(vet_fault_act_format(&fault, act, text, strlen(want) + 1), strlen(want));
	assert_int_equal(vet_fault_act_format(&fault, act, NULL, 0), -ENOSPC);
}

static void acts_are_listed(void **state)
{
	(void)state;
	begin("send@2=short:1; recv=EINTR; now@1=delay:5ms; *#2@1=ENOBUFS; recv@byte:2=zero after; "
	      "close@1=EIO",
	      VET_FAULT_UNLAWFUL);
	(void)caller_make(&caller,
			  "socket; connect; send 2; send 2; recv 1; recv 1; now; dup; close");
	is_act(0, "call 4, send 2 of #1, rule 1 'send@2=short:1': 1");
	is_act(1, "call 5, recv 1 of #1, rule 2 'recv=EINTR': EINTR");
	is_act(2, "call 6, recv 2 of #1, rule 2 'recv=EINTR': EINTR");
	is_act(3, "call 7, now 1, rule 3 'now@1=delay:5ms': 0");
	is_act(4, "call 9, close 1 of #1, rule 6 'close@1=EIO': EIO");
	assert_null(vet_fault_act_at(&fault, 5));
	assert_null(vet_fault_act_at(&fault, SIZE_MAX));
	assert_int_equal(vet_fault_act_at(&fault, 0)->call, 4);
	assert_int_equal(vet_fault_act_at(&fault, 0)->nth, 2);
	assert_int_equal(vet_fault_act_at(&fault, 0)->rule, 0);
	assert_int_equal(vet_fault_act_at(&fault, 0)->descriptor, 1);
	assert_int_equal(vet_fault_act_at(&fault, 0)->entry, VET_CALL_send);
	assert_int_equal(vet_fault_act_at(&fault, 0)->result, 1);
}

static void what_has_fired_is_counted(void **state)
{
	size_t first = 77;
	(void)state;
	begin("recv@5=EINTR; recv@1-2=EINTR; recv@3=pass; recvfrom=EINTR", 0);
	caller_prepare(&caller, "socket; connect; 4x recv 1");
	assert_int_equal(vet_fault_fired(&fault, 0), 0);
	assert_int_equal(vet_fault_fired(&fault, 1), 2);
	assert_int_equal(vet_fault_fired(&fault, 2), 1);
	assert_int_equal(vet_fault_fired(&fault, 4), 0); /* there is none */
	assert_int_equal(vet_fault_unfired(&fault, &first), 2);
	assert_int_equal(first, 0);
	caller_prepare(&caller, "recv 1");
	assert_int_equal(vet_fault_unfired(&fault, &first), 1);
	assert_int_equal(first, 3);
	caller_prepare(&caller, "recvfrom 1");
	assert_int_equal(vet_fault_unfired(&fault, &first), 0);
	assert_int_equal(vet_fault_unfired(&fault, NULL), 0);
	assert_int_equal(first, 3);
}

static void the_last_acts_are_kept(void **state)
{
	(void)state;
	begin("now=delay:1ms", 0);
	caller_prepare(&caller, "300x now");
	assert_int_equal(vet_fault_act_at(&fault, 0)->call, 300 - VET_FAULT_ACTS + 1);
	assert_int_equal(vet_fault_act_at(&fault, VET_FAULT_ACTS - 1)->call, 300);
	assert_null(vet_fault_act_at(&fault, VET_FAULT_ACTS));
	assert_int_equal(vet_fault_fired(&fault, 0), 300);
}

/* Nothing of a run before: counts, numbers, phases, what is broken, draws, clock, calm. */
static void a_run_begins_anew(void **state)
{
	static const char *const plans[] = {
		"seed:1; send@50%=EINTR; recv#1@2=ECONNRESET; accept@1=EMFILE",
		"now@1=freeze; now@2+=EINVAL; recv=EAGAIN",
		"recv@2=zero; *@9=EINTR; now@1=jump:1h",
		"",
	};
	const char *script = "socket; connect; 9x send 1; 3x recv 1; poll IN|OUT 1ms; now; dup; "
			     "send#2 1; socket; listen#3; accept#3; close";
	struct vet_plan plan[4];
	char alone[4][CALLER_SAYS];
	struct vet_peer *peer;
	(void)state;
	for (int i = 0; i < 4; i++) {
		assert_non_null(begin(plans[i], VET_FAULT_UNLAWFUL));
		plan[i] = *fault.plan;
		strcpy(alone[i], caller_make(&caller, script));
	}
	for (int i = 0; i < 16; i++) {
		struct vet_sys *sys = &fault.layer.sys;
		(void)fault_peer(ECHO, &peer);
		if (i % 3 == 0)
			vet_fault_calm(&fault);
		vet_fault_restart(&fault, &plan[(i * 7 + i / 4) % 4]);
		caller_begin(&caller, sys);
		assert_string_equal(caller_make(&caller, script), alone[(i * 7 + i / 4) % 4]);
		if (plan[(i * 7 + i / 4) % 4].count == 0)
			assert_null(vet_fault_act_at(&fault, 0));
		for (size_t rule = 0; rule < fault.plan->count; rule++)
			assert_true(vet_fault_fired(&fault, rule) < 20);
	}
}

static void calm_ends_the_faults(void **state)
{
	(void)state;
	begin("send=EINTR; recv@2=EAGAIN; recv@3=ECONNRESET", 0);
	assert_string_equal(caller_make(&caller, "socket; connect; send 1"), "#1, 0, EINTR");
	vet_fault_calm(&fault);
	assert_string_equal(caller_make(&caller, "send 1"), "#1, 0, EINTR, 1");
	begin("recv@1=ECONNRESET", 0);
	caller_prepare(&caller, "socket; connect; recv 1");
	vet_fault_calm(&fault);
	assert_string_equal(caller_make(&caller, "recv 1; send 1"), "0, EPIPE"); /* stays broken */
	begin("recv=EAGAIN", 0);
	caller_prepare(&caller, "socket; connect; send 1; recv 1");
	assert_string_equal(caller_make(&caller, "poll IN 1ms"), "0");
	vet_fault_calm(&fault);
	assert_string_equal(caller_make(&caller, "poll IN 1ms; recv 1"), "0, 1 IN, 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_are_counted),
		cmocka_unit_test(a_rule_may_name_a_descriptor),
		cmocka_unit_test(a_rule_may_name_a_byte),
		cmocka_unit_test(the_first_rule_that_matches_acts),
		cmocka_unit_test(a_rule_acts_where_it_is_lawful),
		cmocka_unit_test(chances_are_the_same_everywhere),
		cmocka_unit_test(a_plan_that_is_nowhere_lawful_is_refused),
		cmocka_unit_test(a_table_that_cannot_be_used_is_refused),
		cmocka_unit_test(acts_are_listed),
		cmocka_unit_test(what_has_fired_is_counted),
		cmocka_unit_test(the_last_acts_are_kept),
		cmocka_unit_test(a_run_begins_anew),
		cmocka_unit_test(calm_ends_the_faults),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
