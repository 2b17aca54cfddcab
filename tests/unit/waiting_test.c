/* SPDX-License-Identifier: 0BSD */
/* Rules 1 to 4: what every operation that may wait does while it waits.  Each row is played with
 * each of them, so that no operation has a way of its own. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* In a row $X is the act, $B what comes before its call $C, $O the answer that ends it well, $P
 * what poll is asked for, $R what it reports, $W the good result and $F what follows an error. */
struct waiter {
	const struct given *given;
	const char *x, *b, *c, *o, *p, *r, *w, *f;
};

static const struct waiter waiters[] = {
	{ &stream4, "read 8", "", "recv 8", "8", "IN", "IN", "8", "" },
	{ &stream4, "read_into 8", "realloc 8 = 0;", "recv 8", "8", "IN", "IN", "8 held 8",
	  " held 0" },
	{ &stream4, "read_exact 8", "", "recv 8", "8", "IN", "IN", "0 done 8", " done 0" },
	{ &stream4, "read_all 8", "realloc 8 = 0;", "recv 8", "0", "IN", "IN", "0 held 0",
	  " held 0" },
	{ &stream4, "read_all 0", "", "recv 1 peek", "1", "IN", "IN", "EFBIG held 0", " held 0" },
	{ &stream4, "receive_from 8", "", "recvfrom 8", "8", "IN", "IN", "8 from none",
	  " from none" },
	{ &stream6, "write 8", "", "send 8", "8", "OUT", "OUT", "0 done 8", " done 0" },
	{ &stream4, "write_some 8", "", "send 8", "8", "OUT", "OUT", "8", "" },
	{ &stream4, "print 7", "", "sendv 7+1", "8", "OUT", "OUT", "0 done 8", " done 0" },
	{ &stream4, "send_to 8 1.2.3.4:80", "", "sendto 8 1.2.3.4:80", "8", "OUT", "OUT", "8", "" },
	{ &stream4, "send_file_range 3 8", "", "sendfile @3 8", "8", "OUT", "OUT", "0 done 8",
	  " done 0" },
	{ &stream4_lacking_sendfile, "send_file_range 3 8", "pread @3 8 = 8;", "send 8", "8", "OUT",
	  "OUT", "0 done 8", " done 0" },
	{ &listener, "accept", "", "accept", "fd 1.2.3.4:80", "IN", "IN", "0 from 1.2.3.4:80",
	  " from none" },
	{ &datagram4, "read 8", "", "recvfrom 8", "8", "IN|RDHUP", "IN", "8", "" },
	{ &datagram4, "read_into 8", "realloc 8 = 0;", "recvfrom 8", "8", "IN|RDHUP", "IN",
	  "8 held 8", " held 0" },
	{ &datagram4, "receive_from 8", "", "recvfrom 8", "8 1.2.3.4:80", "IN|RDHUP", "IN",
	  "8 from 1.2.3.4:80", " from none" },
	{ &datagram6, "write 8", "", "send 8", "8", "OUT", "OUT", "0 done 8", " done 0" },
	{ &datagram4, "write_some 8", "", "send 8", "8", "OUT", "OUT", "8", "" },
	{ &datagram4, "print 7", "", "sendv 7+1", "8", "OUT", "OUT", "0 done 8", " done 0" },
	{ &datagram6, "send_to 8 [::1]:80", "", "sendto 8 [::1]:80", "8", "OUT", "OUT", "8", "" },
	{ &raw6, "send_to 8 [::1]:0", "", "sendto 8 [::1]:0", "8", "OUT", "OUT", "8", "" },
	{ &datagram4, "send_file_range 3 8", "pread @3 8 = 8;", "send 8", "8", "OUT", "OUT",
	  "0 done 8", " done 0" },
};

static const char *piece(const struct waiter *waiter, char letter)
{
	switch (letter) {
	case 'X':
		return waiter->x;
	case 'B':
		return waiter->b;
	case 'C':
		return waiter->c;
	case 'O':
		return waiter->o;
	case 'P':
		return waiter->p;
	case 'R':
		return waiter->r;
	case 'W':
		return waiter->w;
	default:
		return waiter->f;
	}
}

static const char *fill_in(const struct waiter *waiter, const char *pattern, char *room,
			   size_t size)
{
	struct text text = text_in(room, size);
	for (; *pattern != '\0'; pattern++) {
		if (*pattern == '$')
			text_add(&text, "%s", piece(waiter, *++pattern));
		else
			text_add(&text, "%c", *pattern);
	}
	assert_true(text.left > 1);
	return room;
}

static size_t play_with(const struct waiter *waiter, const struct row *row)
{
	char act[128], script[1024], want[64];
	struct row filled = {
		.name = row->name,
		.act = fill_in(waiter, row->act, act, sizeof act),
		.script = fill_in(waiter, row->script, script, sizeof script),
		.want = fill_in(waiter, row->want, want, sizeof want),
	};
	const char *failure = play_row(waiter->given, &filled);
	if (failure != NULL)
		print_error("%s", failure);
	return failure != NULL;
}

static void play_with_each(const struct row *rows, size_t count)
{
	size_t failures = 0;
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < COUNT(waiters); j++)
			failures += play_with(&waiters[j], &rows[i]);
	if (failures > 0)
		fail_msg("%zu of %zu plays failed", failures, count * COUNT(waiters));
}

static void rule_1_the_call_is_tried_first_and_only_eagain_waits(void **state)
{
	static const struct row rows[] = {
		{ "the first try does it, with no look at the clock", "deadline_at 10ms; $X",
		  "$B $C = $O", "$W" },
		{ "though the deadline passed", "deadline_at least; $X", "$B $C = $O", "$W" },
		{ "an expired deadline still gets one try", "deadline_at 10ms; $X",
		  "$B $C = EAGAIN; now = 10ms", "VET_EDEADLINE$F" },
		{ "and that is all", "deadline_at least; $X", "$B $C = EAGAIN; now = 0",
		  "VET_EDEADLINE$F" },
		{ "EAGAIN once", "$X", "$B $C = EAGAIN; poll $P forever = $R; $C = $O", "$W" },
		{ "EAGAIN once, within a deadline", "deadline_at 10ms; $X",
		  "$B $C = EAGAIN; now = 1ms; poll $P 9ms = $R; $C = $O", "$W" },
		{ "EAGAIN twice", "$X", "$B ( $C = EAGAIN; poll $P forever = $R ) x2; $C = $O",
		  "$W" },
		{ "EAGAIN twice, within a deadline", "deadline_at 10ms; $X",
		  "$B $C = EAGAIN; now = 1ms; poll $P 9ms = $R; $C = EAGAIN; now = 3ms; poll $P 7ms = $R; $C = $O",
		  "$W" },
		{ "EAGAIN for ever", "deadline_at 10ms; $X",
		  "$B $C = EAGAIN; now = 0; poll $P 10ms = 0; now = 10ms", "VET_EDEADLINE$F" },
		{ "ready too late: the call is tried, then no more", "deadline_at 10ms; $X",
		  "$B $C = EAGAIN; now = 0; poll $P 10ms = $R; $C = EAGAIN; now = 11ms",
		  "VET_EDEADLINE$F" },
		{ "a deadline that was taken back", "deadline_at 10ms; reset_deadline; $X",
		  "$B $C = EAGAIN; poll $P forever = $R; $C = $O", "$W" },
	};
	(void)state;
	play_with_each(rows, COUNT(rows));
}

static void rule_1_moving_the_deadline_affects_later_operations_only(void **state)
{
	static const struct row rows[] = {
		{ "set at all, in the first try", "$X; deadline",
		  "$B $C = EAGAIN then 1ms; poll $P forever = $R; $C = $O", "$W; 0 at 1ms" },
		{ "taken away, in the first try", "deadline_at 10ms; $X",
		  "$B $C = EAGAIN then 9223372036854775807ns; now = 10ms", "VET_EDEADLINE$F" },
		{ "nearer, while it waits", "deadline_at 10ms; $X; deadline",
		  "$B $C = EAGAIN; now = 0; poll $P 10ms = EINTR then 1ms; now = 2ms; poll $P 8ms = $R; $C = $O",
		  "$W; 0 at 1ms" },
		{ "further, while it waits", "deadline_at 10ms; $X",
		  "$B $C = EAGAIN; now = 0; poll $P 10ms = 0 then 50ms; now = 10ms",
		  "VET_EDEADLINE$F" },
		{ "set at all, in the first wait", "$X; deadline",
		  "$B $C = EAGAIN; poll $P forever = EINTR then 1ms; poll $P forever = $R; $C = $O",
		  "$W; 0 at 1ms" },
		{ "set at all, and then ready", "$X",
		  "$B $C = EAGAIN; poll $P forever = $R then 1ms; $C = EAGAIN; poll $P forever = $R; $C = $O",
		  "$W" },
		{ "taken away, at a later try", "deadline_at 10ms; $X; deadline",
		  "$B $C = EAGAIN; now = 0; poll $P 10ms = $R; $C = EINTR then greatest; now = 1ms; $C = EAGAIN; now = 2ms; poll $P 8ms = 0; now = 10ms",
		  "VET_EDEADLINE$F; 0 at greatest" },
	};
	(void)state;
	play_with_each(rows, COUNT(rows));
}

static void rule_2_signals_are_retried_but_never_outlast_the_deadline(void **state)
{
	static const struct row rows[] = {
		{ "a signal", "$X", "$B $C = EINTR; $C = $O", "$W" },
		{ "two signals, then clear", "deadline_at 10ms; $X",
		  "$B ( $C = EINTR; now = 0 ) x2; $C = $O", "$W" },
		{ "a thousand", "$X", "$B $C = EINTR x1000; $C = $O", "$W" },
		{ "a thousand, within a deadline", "deadline_at 10ms; $X",
		  "$B ( $C = EINTR; now = 9ms ) x1000; $C = $O", "$W" },
		{ "until the deadline: one more try, which does it", "deadline_at 10ms; $X",
		  "$B $C = EINTR; now = 10ms; $C = $O", "$W" },
		{ "one more try, interrupted again", "deadline_at 10ms; $X",
		  "$B $C = EINTR; now = 5ms; $C = EINTR; now = 10ms; $C = EINTR",
		  "VET_EDEADLINE$F" },
		{ "one more try that would wait", "deadline_at 10ms; $X",
		  "$B $C = EINTR; now = 10ms; $C = EAGAIN", "VET_EDEADLINE$F" },
		{ "a signal, then a wait for what is left", "deadline_at 10ms; $X",
		  "$B $C = EINTR; now = 4ms; $C = EAGAIN; now = 5ms; poll $P 5ms = $R; $C = $O",
		  "$W" },
		{ "after a wait", "$X", "$B $C = EAGAIN; poll $P forever = $R; $C = EINTR; $C = $O",
		  "$W" },
		{ "in poll", "$X",
		  "$B $C = EAGAIN; poll $P forever = EINTR; poll $P forever = $R; $C = $O", "$W" },
		{ "a thousand in poll", "$X",
		  "$B $C = EAGAIN; poll $P forever = EINTR x1000; poll $P forever = $R; $C = $O",
		  "$W" },
		{ "in poll, the time left computed anew", "deadline_at 10ms; $X",
		  "$B $C = EAGAIN; now = 0; poll $P 10ms = EINTR; now = 3ms; poll $P 7ms = $R; $C = $O",
		  "$W" },
		{ "in poll, until the deadline", "deadline_at 10ms; $X",
		  "$B $C = EAGAIN; now = 0; poll $P 10ms = EINTR; now = 9ms; poll $P 1ms = EINTR; now = 10ms",
		  "VET_EDEADLINE$F" },
	};
	(void)state;
	play_with_each(rows, COUNT(rows));
}

static const struct row clocks[] = {
	{ "poll early by a nanosecond", "deadline_at 10ms; $X",
	  "$B $C = EAGAIN; now = 0; poll $P 10ms = 0; now = 9999999ns; poll $P 1ns = 0; now = 10ms",
	  "VET_EDEADLINE$F" },
	{ "poll early, then ready", "deadline_at 10ms; $X",
	  "$B $C = EAGAIN; now = 0; poll $P 10ms = 0; now = 4ms; poll $P 6ms = $R; $C = $O", "$W" },
	{ "the clock stands still: three full waits end it", "deadline_at 10ms; $X",
	  "$B $C = EAGAIN; now = 0; ( poll $P 10ms = 0; now = 0 ) x3", "VET_EDEADLINE$F" },
	{ "two full waits, then it moves", "deadline_at 10ms; $X",
	  "$B $C = EAGAIN; now = 0; ( poll $P 10ms = 0; now = 0 ) x2; poll $P 10ms = 0; now = 1ms; ( poll $P 9ms = 0; now = 1ms ) x2; poll $P 9ms = $R; $C = $O",
	  "$W" },
	{ "it moved and stands still again: three more", "deadline_at 10ms; $X",
	  "$B $C = EAGAIN; now = 0; ( poll $P 10ms = 0; now = 0 ) x2; poll $P 10ms = 0; now = 1ms; ( poll $P 9ms = 0; now = 1ms ) x3",
	  "VET_EDEADLINE$F" },
	{ "two full waits, a signal, three full waits", "deadline_at 10ms; $X",
	  "$B $C = EAGAIN; now = 0; ( poll $P 10ms = 0; now = 0 ) x2; poll $P 10ms = EINTR; now = 0; ( poll $P 10ms = 0; now = 0 ) x3",
	  "VET_EDEADLINE$F" },
	{ "a clock that crawls does not stand still", "deadline_at 10ms; $X",
	  "$B $C = EAGAIN; now = 0; poll $P 10ms = 0; now = 1ns; poll $P 9999999ns = 0; now = 2ns; poll $P 9999998ns = 0; now = 3ns; poll $P 9999997ns = $R; $C = $O",
	  "$W" },
	{ "two full waits, ready in vain, three full waits", "deadline_at 10ms; $X",
	  "$B $C = EAGAIN; now = 0; ( poll $P 10ms = 0; now = 0 ) x2; poll $P 10ms = $R; $C = EAGAIN; now = 0; ( poll $P 10ms = 0; now = 0 ) x3",
	  "VET_EDEADLINE$F" },
	{ "signals alone do not stop a clock", "deadline_at 10ms; $X",
	  "$B $C = EAGAIN; now = 0; ( poll $P 10ms = EINTR; now = 0 ) x1000; poll $P 10ms = $R; $C = $O",
	  "$W" },
	{ "jumps past the deadline", "deadline_at 10ms; $X",
	  "$B $C = EAGAIN; now = 0; poll $P 10ms = EINTR; now = 40s", "VET_EDEADLINE$F" },
	{ "goes back: the time left does not grow", "deadline_at 10ms; $X",
	  "$B $C = EAGAIN; now = 5ms; poll $P 5ms = EINTR; now = 0; poll $P 5ms = EINTR; now = 2ms; poll $P 3ms = 0; now = 5ms",
	  "VET_EDEADLINE$F" },
	{ "goes back between two calls", "deadline_at 10ms; $X",
	  "$B $C = EINTR; now = 5ms; $C = EINTR; now = -40s; $C = EINTR; now = -39998ms; $C = EAGAIN; now = -39996ms; poll $P 1ms = 0; now = -39995ms",
	  "VET_EDEADLINE$F" },
	{ "goes back and stands still: three full waits", "deadline_at 10ms; $X",
	  "$B $C = EAGAIN; now = 5ms; poll $P 5ms = 0; now = 0; ( poll $P 5ms = 0; now = 0 ) x2",
	  "VET_EDEADLINE$F" },
	{ "fails at the first look", "deadline_at 10ms; $X", "$B $C = EAGAIN; now = EIO", "EIO$F" },
	{ "fails after a signal", "deadline_at 10ms; $X", "$B $C = EINTR; now = EINVAL",
	  "EINVAL$F" },
	{ "fails after a wait", "deadline_at 10ms; $X",
	  "$B $C = EAGAIN; now = 0; poll $P 10ms = 0; now = EFAULT", "EFAULT$F" },
	{ "the greatest instant is no deadline", "deadline_at greatest; $X",
	  "$B $C = EAGAIN; poll $P forever = $R; $C = $O", "$W" },
	{ "a deadline before zero", "deadline_at -5s; $X",
	  "$B $C = EAGAIN; now = -6s; poll $P 1s = 0; now = -5s", "VET_EDEADLINE$F" },
	{ "the clock's least reading", "deadline_at 10ms; $X",
	  "$B $C = EAGAIN; now = least; poll $P greatest = $R; $C = $O", "$W" },
	{ "the clock's greatest reading", "deadline_at least; $X", "$B $C = EAGAIN; now = greatest",
	  "VET_EDEADLINE$F" },
	{ "a duration of zero: one try", "timeout_after 0; $X",
	  "now = 7ms; $B $C = EAGAIN; now = 7ms", "VET_EDEADLINE$F" },
	{ "a negative duration: one try", "timeout_after -3s; $X",
	  "now = 7ms; $B $C = EAGAIN; now = 7ms", "VET_EDEADLINE$F" },
	{ "the least duration: one try", "timeout_after least; $X",
	  "now = -7ms; $B $C = EAGAIN; now = -7ms", "VET_EDEADLINE$F" },
	{ "the greatest duration: no deadline", "timeout_after greatest; $X",
	  "$B $C = EAGAIN; poll $P forever = $R; $C = $O", "$W" },
	{ "a duration", "timeout_after 3s; $X",
	  "now = 7s; $B $C = EAGAIN; now = 8s; poll $P 2s = $R; $C = $O", "$W" },
	{ "a duration when the clock fails: one try", "timeout_after 3s; $X",
	  "now = EIO; $B $C = EAGAIN; now = 0", "VET_EDEADLINE$F" },
};

static void rule_3_a_deadline_is_never_early_whatever_the_clock_does(void **state)
{
	(void)state;
	play_with_each(clocks, COUNT(clocks));
}

static const struct row readiness[] = {
	{ "ERR leads to the call and its error", "$X",
	  "$B $C = EAGAIN; poll $P forever = ERR; $C = ECONNRESET", "ECONNRESET$F" },
	{ "HUP leads to the call and its error", "$X",
	  "$B $C = EAGAIN; poll $P forever = HUP; $C = ETIMEDOUT", "ETIMEDOUT$F" },
	{ "HUP leads to the call, which may do well", "$X",
	  "$B $C = EAGAIN; poll $P forever = ERR|HUP; $C = $O", "$W" },
	{ "NVAL is EBADF", "$X", "$B $C = EAGAIN; poll $P forever = NVAL", "EBADF$F" },
	{ "no memory for poll", "$X", "$B $C = EAGAIN; poll $P forever = ENOMEM", "ENOMEM$F" },
	{ "poll refuses", "deadline_at 10ms; $X", "$B $C = EAGAIN; now = 0; poll $P 10ms = EINVAL",
	  "EINVAL$F" },
	{ "poll's EAGAIN is a fruitless turn", "$X",
	  "$B $C = EAGAIN; poll $P forever = EAGAIN x5; poll - 1ms = 0; poll $P forever = $R; $C = $O",
	  "$W" },
	{ "so it is within a deadline", "deadline_at 10ms; $X",
	  "$B $C = EAGAIN; now = 0; ( poll $P 10ms = EAGAIN; now = 0 ) x5; poll - 1ms = 0; now = 1ms; poll $P 9ms = $R; $C = $O",
	  "$W" },
	{ "and so on, up to 64 ms", "$X",
	  "$B $C = EAGAIN; poll $P forever = EAGAIN x5; poll - 1ms = 0; poll $P forever = EAGAIN; poll - 2ms = 0; poll $P forever = EAGAIN; poll - 4ms = 0; poll $P forever = EAGAIN; poll - 8ms = 0; poll $P forever = EAGAIN; "
	  "poll - 16ms = 0; poll $P forever = EAGAIN; poll - 32ms = 0; ( poll $P forever = EAGAIN; poll - 64ms = 0 ) x100; poll $P forever = $R; $C = $O",
	  "$W" },
	{ "and EAGAIN if the sleep fails too", "$X",
	  "$B $C = EAGAIN; poll $P forever = EAGAIN x5; poll - 1ms = EAGAIN", "EAGAIN$F" },
	{ "poll gives 0 without a limit: a fruitless turn", "$X",
	  "$B $C = EAGAIN; poll $P forever = 0 x5; poll - 1ms = 0; poll $P forever = 0; poll - 2ms = 0; poll $P forever = $R; $C = $O",
	  "$W" },
	{ "four fruitless turns are retried at once", "$X",
	  "$B ( $C = EAGAIN; poll $P forever = $R ) x5; $C = $O", "$W" },
	{ "from the fifth on it sleeps, 1 ms to 64 ms", "$X",
	  "$B ( $C = EAGAIN; poll $P forever = $R ) x5; $C = EAGAIN; poll - 1ms = 0; poll $P forever = $R; $C = EAGAIN; poll - 2ms = 0; poll $P forever = $R; $C = EAGAIN; poll - 4ms = 0; poll $P forever = $R; "
	  "$C = EAGAIN; poll - 8ms = 0; poll $P forever = $R; $C = EAGAIN; poll - 16ms = 0; poll $P forever = $R; $C = EAGAIN; poll - 32ms = 0; poll $P forever = $R; ( $C = EAGAIN; poll - 64ms = 0; poll $P forever = $R ) x100; $C = $O",
	  "$W" },
	{ "a sleep that is interrupted is over", "$X",
	  "$B ( $C = EAGAIN; poll $P forever = $R ) x5; $C = EAGAIN; poll - 1ms = EINTR; poll $P forever = $R; $C = $O",
	  "$W" },
	{ "no memory for the sleep", "$X",
	  "$B ( $C = EAGAIN; poll $P forever = $R ) x5; $C = EAGAIN; poll - 1ms = EAGAIN; poll $P forever = $R; $C = $O",
	  "$W" },
	{ "no memory for the rest, twice in a row: turning without it would be spinning", "$X",
	  "$B ( $C = EAGAIN; poll $P forever = $R ) x5; $C = EAGAIN; poll - 1ms = EAGAIN; poll $P forever = $R; $C = EAGAIN; poll - 2ms = EAGAIN",
	  "EAGAIN$F" },
	{ "nor for every other rest", "$X",
	  "$B ( $C = EAGAIN; poll $P forever = $R ) x5; $C = EAGAIN; poll - 1ms = EAGAIN; poll $P forever = $R; $C = EAGAIN; poll - 2ms = 0; poll $P forever = $R; $C = EAGAIN; poll - 4ms = EAGAIN; poll $P forever = $R; $C = $O",
	  "$W" },
	{ "no memory for the sleep, and then none for the poll", "$X",
	  "$B ( $C = EAGAIN; poll $P forever = $R ) x5; $C = EAGAIN; poll - 1ms = EAGAIN; poll $P forever = EAGAIN; poll - 2ms = EAGAIN",
	  "EAGAIN$F" },
	{ "a sleep that fails", "$X",
	  "$B ( $C = EAGAIN; poll $P forever = $R ) x5; $C = EAGAIN; poll - 1ms = ENOMEM",
	  "ENOMEM$F" },
	{ "within a deadline the clock is read before and after", "deadline_at 10ms; $X",
	  "$B ( $C = EAGAIN; now = 0; poll $P 10ms = $R ) x5; $C = EAGAIN; now = 2ms; poll - 1ms = 0; now = 3ms; poll $P 7ms = $R; $C = $O",
	  "$W" },
	{ "no sleep goes past the deadline: then one last try", "deadline_at 10ms; $X",
	  "$B ( $C = EAGAIN; now = 0; poll $P 10ms = $R ) x5; $C = EAGAIN; now = 9500us; poll - 500us = 0; now = 10ms; $C = $O",
	  "$W" },
	{ "a last try in vain", "deadline_at 10ms; $X",
	  "$B ( $C = EAGAIN; now = 0; poll $P 10ms = $R ) x5; $C = EAGAIN; now = 9500us; poll - 500us = 0; now = 10ms; $C = EAGAIN",
	  "VET_EDEADLINE$F" },
	{ "a last try that is interrupted", "deadline_at 10ms; $X",
	  "$B ( $C = EAGAIN; now = 0; poll $P 10ms = $R ) x5; $C = EAGAIN; now = 9500us; poll - 500us = 0; now = 10ms; $C = EINTR",
	  "VET_EDEADLINE$F" },
	{ "the clock fails after the sleep", "deadline_at 10ms; $X",
	  "$B ( $C = EAGAIN; now = 0; poll $P 10ms = $R ) x5; $C = EAGAIN; now = 2ms; poll - 1ms = 0; now = EIO",
	  "EIO$F" },
	{ "a turn in which nobody was reported is not fruitless", "deadline_at 10ms; $X",
	  "$B ( $C = EAGAIN; now = 0; poll $P 10ms = $R ) x4; $C = EAGAIN; now = 0; poll $P 10ms = EINTR; now = 0; poll $P 10ms = $R; $C = $O",
	  "$W" },
};

static void rule_4_readiness_is_a_hint(void **state)
{
	(void)state;
	play_with_each(readiness, COUNT(readiness));
}

static void rule_4_progress_starts_the_count_of_fruitless_turns_anew(void **state)
{
	static const struct row rows[] = {
		{ "write", "write 8",
		  "( send 8 = EAGAIN; poll OUT forever = OUT ) x5; send 8 = 1; ( send 7 = EAGAIN; poll OUT forever = OUT ) x5; send 7 = 7",
		  "0 done 8" },
		{ "print", "print 7",
		  "( sendv 7+1 = EAGAIN; poll OUT forever = OUT ) x5; sendv 7+1 = 7; ( sendv 1 = EAGAIN; poll OUT forever = OUT ) x5; sendv 1 = 1",
		  "0 done 8" },
		{ "read_exact", "read_exact 8",
		  "( recv 8 = EAGAIN; poll IN forever = IN ) x5; recv 8 = 1; ( recv 7 = EAGAIN; poll IN forever = IN ) x5; recv 7 = 7",
		  "0 done 8" },
		{ "read_all", "read_all 8",
		  "realloc 8 = 0; ( recv 8 = EAGAIN; poll IN forever = IN ) x5; recv 8 = 1; ( recv 7 = EAGAIN; poll IN forever = IN ) x5; recv 7 = 0",
		  "0 held 1" },
		{ "send_file", "send_file_range 0 8",
		  "( sendfile @0 8 = EAGAIN; poll OUT forever = OUT ) x5; sendfile @0 8 = 1; ( sendfile @1 7 = EAGAIN; poll OUT forever = OUT ) x5; sendfile @1 7 = 7",
		  "0 done 8" },
		{ "one turn after progress is the first", "write 8",
		  "send 8 = EAGAIN; poll OUT forever = OUT; send 8 = 1; ( send 7 = EAGAIN; poll OUT forever = OUT ) x5; send 7 = EAGAIN; poll - 1ms = 0; poll OUT forever = OUT; send 7 = 7",
		  "0 done 8" },
	};
	(void)state;
	play(&stream4, rows, COUNT(rows));
}

static const struct row last_tries[] = {
	{ "write", "deadline_at 10ms; write 8", "send 8 = EINTR; now = 10ms; send 8 = 3",
	  "VET_EDEADLINE done 3" },
	{ "print", "deadline_at 10ms; print 7", "sendv 7+1 = EINTR; now = 10ms; sendv 7+1 = 7",
	  "VET_EDEADLINE done 7" },
	{ "read_exact", "deadline_at 10ms; read_exact 8", "recv 8 = EINTR; now = 10ms; recv 8 = 3",
	  "VET_EDEADLINE done 3" },
	{ "read_exact meets the end", "deadline_at 10ms; read_exact 8",
	  "recv 8 = EINTR; now = 10ms; recv 8 = 0", "VET_EOF done 0" },
	{ "read_all", "deadline_at 10ms; read_all 8",
	  "realloc 8 = 0; recv 8 = EINTR; now = 10ms; recv 8 = 3", "VET_EDEADLINE held 3" },
	{ "send_file", "deadline_at 10ms; send_file_range 0 8",
	  "sendfile @0 8 = EINTR; now = 10ms; sendfile @0 8 = 3", "VET_EDEADLINE done 3" },
	{ "all of it is success", "deadline_at 10ms; write 8",
	  "send 8 = 3; send 5 = EINTR; now = 10ms; send 5 = 5", "0 done 8" },
	{ "some is all that write_some wants", "deadline_at 10ms; write_some 8",
	  "send 8 = EINTR; now = 10ms; send 8 = 3", "3" },
	{ "none is not", "deadline_at 10ms; write_some 8", "send 8 = EINTR; now = 10ms; send 8 = 0",
	  "VET_EDEADLINE" },
	{ "progress without a wait needs no clock", "deadline_at least; write 8",
	  "send 8 = 3; send 5 = 5", "0 done 8" },
	{ "a deadline over the whole exchange", "deadline_at 40ms; read_exact 64",
	  "recv 64 = 1; recv 63 = EAGAIN; now = 8ms; poll IN 32ms = IN; recv 63 = 1; recv 62 = EAGAIN; now = 16ms; poll IN 24ms = 0; now = 40ms",
	  "VET_EDEADLINE done 2" },
};

static void rule_3_a_last_try_that_leaves_something_over_is_the_end(void **state)
{
	(void)state;
	play(&stream4, last_tries, COUNT(last_tries));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule_1_the_call_is_tried_first_and_only_eagain_waits),
		cmocka_unit_test(rule_1_moving_the_deadline_affects_later_operations_only),
		cmocka_unit_test(rule_2_signals_are_retried_but_never_outlast_the_deadline),
		cmocka_unit_test(rule_3_a_deadline_is_never_early_whatever_the_clock_does),
		cmocka_unit_test(rule_4_readiness_is_a_hint),
		cmocka_unit_test(rule_4_progress_starts_the_count_of_fruitless_turns_anew),
		cmocka_unit_test(rule_3_a_last_try_that_leaves_something_over_is_the_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
