/* SPDX-License-Identifier: 0BSD */
/* The catalogue of lawful faults: its rows, each alone and against each other, and what they allow
 * in situations written by hand. */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <vetsock/catalogue.h>
#include <vetsock/error.h>

/* ---- the rows ---- */

static void name_row(size_t index)
{
	const struct vet_lawful *row = vet_lawful_at(index);
	print_error("row %zu: %s action %u argument %lld, \"%s\"\n", index,
		    vet_entry_name(row->entry), row->action, (long long)row->argument, row->clause);
}

/* Says which row, then fails. */
#define row_check(index, condition) \
	do { \
		if (!(condition)) { \
			name_row(index); \
			fail_msg("not so: %s", #condition); \
		} \
	} while (0)

static void rows_are_in_the_order_of_the_entries(void **state)
{
	size_t i;
	(void)state;
	assert_non_null(vet_lawful_at(0));
	for (i = 1; vet_lawful_at(i) != NULL; i++)
		row_check(i, vet_lawful_at(i - 1)->entry <= vet_lawful_at(i)->entry);
	assert_true(i > 200);
	assert_null(vet_lawful_at(i + 1));
	assert_null(vet_lawful_at(SIZE_MAX));
	assert_true(vet_lawful_at(i - 1)->entry < VET_CALL_COUNT);
}

static void the_rows_of_the_entries_are_all_the_rows(void **state)
{
	size_t next = 0, first = 99;
	(void)state;
	for (unsigned entry = 0; entry < VET_CALL_COUNT; entry++) {
		size_t count = vet_lawful_of(entry, &first);
		assert_int_equal(first, next);
		next += count;
		for (size_t i = first; i < next; i++)
			row_check(i, vet_lawful_at(i)->entry == entry);
	}
	assert_null(vet_lawful_at(next));
	assert_int_equal(vet_lawful_of(VET_CALL_COUNT, &first), 0);
	assert_int_equal(vet_lawful_of(VET_CALL_ANY, &first), 0);
}

static void every_entry_has_rows_but_those_that_cannot_fail_of_themselves(void **state)
{
	/* adopt: fcntl() of a valid descriptor, with right arguments, has no errors (POSIX). */
	static const unsigned without[] = { VET_CALL_adopt };
	size_t first, is_without = 0;
	(void)state;
	for (unsigned entry = 0; entry < VET_CALL_COUNT; entry++) {
		bool wanted = true;
		for (size_t i = 0; i < sizeof without / sizeof without[0]; i++)
			wanted = wanted && without[i] != entry;
		if (wanted != (vet_lawful_of(entry, &first) > 0))
			fail_msg("%s", vet_entry_name(entry));
		is_without += !wanted;
	}
	assert_int_equal(is_without, sizeof without / sizeof without[0]);
}

static bool is_an_error(int64_t argument)
{
	return argument < 0 && argument > VET_EOF &&
	       strcmp(vet_error_name((int)argument), "UNKNOWN") != 0;
}

static bool is_sane(const struct vet_lawful *row)
{
	const int64_t all = POLLIN | POLLPRI | POLLOUT | POLLERR | POLLHUP | POLLRDHUP;
	switch (row->action) {
	case VET_ACTION_ERROR:
	case VET_ACTION_VALUE_OF:
		return is_an_error(row->argument);
	case VET_ACTION_EVENTS:
		return row->argument > 0 && (row->argument & ~all) == 0;
	case VET_ACTION_DELAY:
	case VET_ACTION_JUMP:
		return row->argument == INT64_C(3600000000000);
	case VET_ACTION_SHORT:
		return row->argument == 0 && row->effect == VET_EFFECT_PART &&
		       (row->needs & VET_NEEDS_MORE);
	case VET_ACTION_VALUE:
	case VET_ACTION_ZERO:
	case VET_ACTION_TIMEOUT:
	case VET_ACTION_SPURIOUS:
		return row->argument == 0;
	default: /* length, family, freeze, signal, pass */
		return false;
	}
}

static void every_row_is_sane_alone(void **state)
{
	const struct vet_lawful *row;
	(void)state;
	for (size_t i = 0; (row = vet_lawful_at(i)) != NULL; i++) {
		row_check(i, vet_action_fits(row->entry, row->action));
		row_check(i, is_sane(row));
		row_check(i, row->kinds != 0 &&
				     (row->kinds & ~(VET_KIND_SOCKET | VET_KIND_OTHER)) == 0);
		row_check(i, row->phases != 0 && (row->phases & ~VET_PHASE_ANY) == 0);
		row_check(i, row->lasts != 0 && (row->lasts & ~VET_LASTS_EITHER) == 0);
		row_check(i, vet_effect_name(row->effect) != NULL);
		row_check(i, vet_latch_name(row->latch) != NULL);
		row_check(i, vet_handling_name(row->handling) != NULL);
		row_check(i, row->after <= 1);
	}
}

static bool ends_with(const char *text, size_t length, const char *end)
{
	return length >= strlen(end) && strncmp(text + length - strlen(end), end, strlen(end)) == 0;
}

/* "POSIX ...", or "page(2)": the source comes first. */
static bool names_its_source(const char *clause)
{
	size_t page = strspn(clause, "abcdefghijklmnopqrstuvwxyz_0123456789");
	size_t word = page + strspn(clause + page, "(237)");
	if (strncmp(clause, "POSIX ", 6) == 0)
		return clause[6] != '\0';
	return page > 0 && (ends_with(clause, word, "(2)") || ends_with(clause, word, "(3)") ||
			    ends_with(clause, word, "(7)"));
}

static void every_clause_names_its_source(void **state)
{
	const struct vet_lawful *row;
	(void)state;
	assert_false(names_its_source("posix"));
	assert_false(names_its_source("POSIX "));
	assert_false(names_its_source("(2): x"));
	assert_false(names_its_source("recv(4): x"));
	for (size_t i = 0; (row = vet_lawful_at(i)) != NULL; i++)
		row_check(i, names_its_source(row->clause));
}

/* The kernel tells a fatal error once; and a few more things go together. */
static void what_goes_together(void **state)
{
	const struct vet_lawful *row;
	(void)state;
	for (size_t i = 0; (row = vet_lawful_at(i)) != NULL; i++) {
		if (row->latch != VET_LATCH_NONE) {
			row_check(i, row->lasts == VET_LASTS_ONCE);
			row_check(i, (row->kinds & (VET_KIND_OTHER | VET_KIND_RAW)) == 0);
		}
		if (row->effect == VET_EFFECT_TAKEN)
			row_check(i, row->entry == VET_CALL_accept);
		if (row->effect == VET_EFFECT_BEGUN)
			row_check(i, row->entry == VET_CALL_connect);
		if (row->entry == VET_CALL_close)
			row_check(i, row->effect == VET_EFFECT_WHOLE);
		if (row->handling == VET_HANDLING_PASSES_OVER)
			row_check(i, row->effect == VET_EFFECT_TAKEN);
		if (row->handling == VET_HANDLING_FALLS_BACK)
			row_check(i, row->entry == VET_CALL_sendfile);
		if (row->handling == VET_HANDLING_ENDS)
			row_check(i, row->action == VET_ACTION_ZERO);
		if (row->action == VET_ACTION_ERROR && row->argument == -EAGAIN &&
		    row->handling == VET_HANDLING_WAITS)
			row_check(i, row->effect == VET_EFFECT_NONE &&
					     (row->lasts & VET_LASTS_FOR_EVER));
	}
}

static bool overlap(const struct vet_lawful *a, const struct vet_lawful *b)
{
	unsigned kinds = a->kinds & b->kinds;
	return a->entry == b->entry && a->action == b->action && a->after == b->after &&
	       a->argument == b->argument && (a->lasts & b->lasts) != 0 && kinds != 0 &&
	       (kinds == VET_KIND_OTHER || (a->phases & b->phases) != 0);
}

/* No call asks both for SO_ERROR and another option, and no socket is bound and unbound. */
static bool exclude_each_other(const struct vet_lawful *a, const struct vet_lawful *b)
{
	static const unsigned pairs[][2] = { { VET_NEEDS_SO_ERROR, VET_NEEDS_OPTION },
					     { VET_NEEDS_BOUND, VET_NEEDS_UNBOUND } };
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
		if (((a->needs & pairs[i][0]) && (b->needs & pairs[i][1])) ||
		    ((a->needs & pairs[i][1]) && (b->needs & pairs[i][0])))
			return true;
	return false;
}

static void no_two_rows_say_the_same_in_one_situation(void **state)
{
	const struct vet_lawful *row;
	(void)state;
	for (size_t i = 0; (row = vet_lawful_at(i)) != NULL; i++)
		for (size_t j = 0; j < i; j++)
			row_check(i, !overlap(row, vet_lawful_at(j)) ||
					     exclude_each_other(row, vet_lawful_at(j)));
}

/* ---- situations ---- */

enum {
	S = VET_KIND_STREAM,
	D = VET_KIND_DATAGRAM,
	R = VET_KIND_RAW,
	O = VET_KIND_OTHER,
	FRESH = VET_PHASE_FRESH,
	LISTENING = VET_PHASE_LISTENING,
	CONNECTING = VET_PHASE_CONNECTING,
	CONNECTED = VET_PHASE_CONNECTED,
	FAILED = VET_PHASE_FAILED,
	DEAD = VET_PHASE_DEAD,
	/* what holds of a read, a write and a wait that are nothing special */
	IO = VET_NEEDS_BYTES | VET_NEEDS_MORE | VET_NEEDS_READABLE | VET_NEEDS_WRITABLE |
	     VET_NEEDS_UNSEEN,
	PEEKED = VET_NEEDS_BYTES | VET_NEEDS_MORE | VET_NEEDS_READABLE | VET_NEEDS_WRITABLE,
	ONE = VET_NEEDS_BYTES | VET_NEEDS_READABLE | VET_NEEDS_WRITABLE,
	SHUT = VET_NEEDS_BYTES | VET_NEEDS_MORE,
	WAIT = VET_NEEDS_WAIT | VET_NEEDS_IN | VET_NEEDS_DESCRIPTOR | VET_NEEDS_READABLE |
	       VET_NEEDS_WRITABLE | VET_NEEDS_UNSEEN,
	LIMITED = WAIT | VET_NEEDS_LIMIT,
	SLEEP = VET_NEEDS_WAIT | VET_NEEDS_LIMIT,
	GLANCE = VET_NEEDS_IN | VET_NEEDS_DESCRIPTOR,
	SO_ERR = VET_NEEDS_SO_ERROR,
	OPTION = VET_NEEDS_OPTION,
	UNBOUND = VET_NEEDS_UNBOUND,
	BOUND = VET_NEEDS_BOUND,
	IPV6 = VET_NEEDS_IPV6,
	/* not lawful */
	NO = -1,
};

static const struct place {
	const char *plan; /* one rule, for the call that its name says */
	int kind, phase, holds;
	int latch;    /* of the row; NO: there is none */
	int handling; /* of the row */
} places[] = {
	/* clang-format off */
	{ "socket@1=EMFILE",           S, FRESH, 0, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "socket=ENFILE",             D, FRESH, 0, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "socket@1=EPERM",            R, FRESH, 0, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "socket@1=EPERM",            S, FRESH, 0, NO, NO },
	{ "socket@1=ECONNRESET",       S, FRESH, 0, NO, NO },
	{ "close@1=EINTR",             S, CONNECTED, 0, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "close@1=EINTR after",       S, CONNECTED, 0, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "close@1=EBADF",             S, CONNECTED, 0, NO, NO },
	{ "dup@1=EMFILE",              S, CONNECTED, 0, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "dup@1=ENOTSOCK",            S, CONNECTED, 0, NO, NO },
	{ "bind@1=EADDRINUSE",         S, FRESH, UNBOUND, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "bind@1=EADDRINUSE",         S, FRESH, BOUND, NO, NO },
	{ "bind@1=EINVAL",             S, FRESH, BOUND, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "bind@1=EINVAL",             S, FRESH, UNBOUND, NO, NO },
	{ "bind@1=ENODEV",             S, FRESH, UNBOUND, NO, NO },
	{ "bind@1=ENODEV",             S, FRESH, UNBOUND | IPV6, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "connect@1=ECONNREFUSED",    S, FRESH, 0, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "connect@1=ECONNREFUSED",    D, FRESH, 0, NO, NO },
	{ "connect@1=ECONNREFUSED",    D, CONNECTED, 0, NO, NO },
	{ "connect@1=ENETUNREACH",     D, CONNECTED, 0, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "connect@1=EINPROGRESS",     S, FRESH, 0, VET_LATCH_NONE, VET_HANDLING_ASKS },
	{ "connect@1=EINTR after",     S, FRESH, 0, VET_LATCH_NONE, VET_HANDLING_ASKS },
	{ "connect@1=EINTR",           D, FRESH, 0, NO, NO },
	{ "connect@1=ECONNABORTED",    S, FRESH, 0, NO, NO },
	{ "connect@1=ECONNABORTED",    S, FAILED, 0, VET_LATCH_NONE, VET_HANDLING_RETRIES },
	{ "connect=ECONNABORTED",      S, FAILED, 0, NO, NO },
	{ "connect@1=EALREADY",        S, FRESH, 0, NO, NO },
	{ "connect@1=EALREADY",        S, CONNECTING, 0, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "connect@1=EISCONN",         S, FRESH, 0, NO, NO },
	{ "listen@1=EADDRINUSE",       S, FRESH, 0, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "listen@1=EINVAL",           S, FRESH, 0, NO, NO },
	{ "accept@1=ECONNABORTED",     S, LISTENING, 0, VET_LATCH_NONE, VET_HANDLING_PASSES_OVER },
	{ "accept=EMFILE",             S, LISTENING, 0, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "accept@1=EINVAL",           S, LISTENING, 0, VET_LATCH_SHUT, VET_HANDLING_PASSES_ON },
	{ "accept=EINVAL",             S, LISTENING, 0, VET_LATCH_SHUT, VET_HANDLING_PASSES_ON },
	{ "accept@1=EAGAIN",           S, FRESH, 0, NO, NO },
	{ "accept=EAGAIN",             S, LISTENING, 0, VET_LATCH_NONE, VET_HANDLING_WAITS },
	{ "shutdown@1=ENOTCONN",       S, CONNECTED, 0, VET_LATCH_ERROR, VET_HANDLING_PASSES_ON },
	{ "shutdown@1=ENOTCONN",       D, CONNECTED, 0, NO, NO },
	{ "getsockname@1=ENOBUFS",     D, FRESH, 0, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "getpeername@1=ENOTCONN",    S, CONNECTING, 0, VET_LATCH_REFUSED, VET_HANDLING_ASKS },
	{ "getpeername@1=ENOTCONN",    S, CONNECTED, 0, VET_LATCH_ERROR, VET_HANDLING_PASSES_ON },
	{ "getpeername@1=EINVAL",      S, CONNECTED, 0, NO, NO },
	{ "getsockopt@1=value:ECONNREFUSED", S, CONNECTING, SO_ERR, VET_LATCH_FAILED, VET_HANDLING_PASSES_ON },
	{ "getsockopt@1=value:ECONNREFUSED", S, CONNECTING, OPTION, NO, NO },
	{ "getsockopt=value:ECONNREFUSED",   S, CONNECTING, SO_ERR, VET_LATCH_FAILED, VET_HANDLING_PASSES_ON },
	{ "getsockopt@1=value:ECONNREFUSED", S, CONNECTED, SO_ERR, NO, NO },
	{ "getsockopt@1=value:ECONNREFUSED", D, CONNECTED, SO_ERR, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "getsockopt@1=value:ECONNRESET",   S, CONNECTED, SO_ERR, VET_LATCH_DEAD, VET_HANDLING_PASSES_ON },
	{ "getsockopt@1=value:0",      S, FAILED, SO_ERR, VET_LATCH_FAILED, VET_HANDLING_ASKS },
	{ "getsockopt@1=value:0",      S, CONNECTED, SO_ERR, NO, NO },
	{ "getsockopt@1=value:1",      S, FAILED, SO_ERR, NO, NO },
	{ "getsockopt@1=ENOPROTOOPT",  S, FRESH, SO_ERR, NO, NO },
	{ "getsockopt@1=ENOPROTOOPT",  S, FRESH, OPTION, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "setsockopt@1=EISCONN",      S, FRESH, OPTION, NO, NO },
	{ "setsockopt@1=EISCONN",      S, CONNECTED, OPTION, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "recv@1=EAGAIN",             S, CONNECTED, IO, VET_LATCH_NONE, VET_HANDLING_WAITS },
	{ "recv=EAGAIN",               S, CONNECTED, IO, VET_LATCH_NONE, VET_HANDLING_WAITS },
	{ "recv@1=EAGAIN",             S, CONNECTED, SHUT, NO, NO },
	{ "recv@1=EAGAIN",             S, DEAD, IO, NO, NO },
	{ "recv@1=EAGAIN",             S, FRESH, IO, NO, NO },
	{ "recv@1=ECONNRESET",         S, CONNECTED, IO, VET_LATCH_DEAD, VET_HANDLING_PASSES_ON },
	{ "recv@1=EAGAIN",             S, CONNECTED, PEEKED, NO, NO },
	{ "recv@1=ECONNRESET",         S, CONNECTED, PEEKED, NO, NO },
	{ "recv@1=zero",               S, CONNECTED, PEEKED, NO, NO },
	{ "recv=ECONNRESET",           S, CONNECTED, IO, VET_LATCH_DEAD, VET_HANDLING_PASSES_ON },
	{ "recv@1-3=ECONNRESET",       S, CONNECTED, IO, VET_LATCH_DEAD, VET_HANDLING_PASSES_ON },
	{ "recv@10%=ECONNRESET",       S, CONNECTED, IO, VET_LATCH_DEAD, VET_HANDLING_PASSES_ON },
	{ "recv@byte:7=ECONNRESET",    S, CONNECTED, IO, VET_LATCH_DEAD, VET_HANDLING_PASSES_ON },
	{ "recv@10%=EINTR",            S, CONNECTED, IO, VET_LATCH_NONE, VET_HANDLING_RETRIES },
	{ "recv@1=EINTR after",        S, CONNECTED, IO, NO, NO },
	{ "recv@1=ECONNRESET",         S, DEAD, IO, NO, NO },
	{ "recv@1=ECONNRESET",         D, CONNECTED, IO, NO, NO },
	{ "recv@1=ENOTCONN",           S, CONNECTED, IO, NO, NO },
	{ "recv@1=zero",               S, CONNECTED, IO, VET_LATCH_END, VET_HANDLING_ENDS },
	{ "recv@1=zero",               D, CONNECTED, IO, NO, NO },
	{ "recv@2+=short:1",           S, CONNECTED, IO, VET_LATCH_NONE, VET_HANDLING_GOES_ON },
	{ "recv@1=short:1",            S, CONNECTED, ONE, NO, NO },
	{ "recvfrom@1=short:1",        D, CONNECTED, IO, NO, NO },
	{ "recvfrom@1=ECONNREFUSED",   D, CONNECTED, IO, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "recvfrom@1-2=ECONNREFUSED", D, CONNECTED, IO, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "recvfrom=ECONNREFUSED",     D, CONNECTED, IO, NO, NO },
	{ "recvfrom@1=ECONNREFUSED",   D, FRESH, IO, NO, NO },
	{ "recvfrom@1=EPROTO",         R, CONNECTED, IO, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "recvfrom@1=ECONNREFUSED",   R, CONNECTED, IO, NO, NO },
	{ "send@1=EPIPE",              S, CONNECTED, IO, VET_LATCH_DEAD, VET_HANDLING_PASSES_ON },
	{ "send@1=EPIPE",              D, CONNECTED, IO, NO, NO },
	{ "send@1=EMSGSIZE",           S, CONNECTED, IO, NO, NO },
	{ "send@1=EMSGSIZE",           D, CONNECTED, IO, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "send@1=zero",               S, CONNECTED, IO, VET_LATCH_NONE, VET_HANDLING_WAITS },
	{ "send@1=zero",               D, CONNECTED, IO, NO, NO },
	{ "send@1=ENETUNREACH",        D, FRESH, IO, NO, NO },
	{ "sendto=ENETUNREACH",        D, FRESH, IO, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "sendto@1=EISCONN",          S, CONNECTED, IO, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "sendv@1=short:3",           S, CONNECTED, IO, VET_LATCH_NONE, VET_HANDLING_GOES_ON },
	{ "sendv@1=short:3",           D, CONNECTED, IO, NO, NO },
	{ "pread@1=EIO",               O, 0, IO, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "pread@1=zero",              O, DEAD, IO, VET_LATCH_NONE, VET_HANDLING_ENDS },
	{ "pread@1=ECONNRESET",        O, FRESH, IO, NO, NO },
	{ "sendfile@1=EINVAL",         S, CONNECTED, IO, VET_LATCH_NONE, VET_HANDLING_FALLS_BACK },
	{ "sendfile@1=zero",           S, CONNECTED, IO, VET_LATCH_NONE, VET_HANDLING_ENDS },
	{ "poll@1=EINTR",              S, CONNECTED, WAIT, VET_LATCH_NONE, VET_HANDLING_GOES_ON },
	{ "poll@1=EINTR after",        S, CONNECTED, WAIT, VET_LATCH_NONE, VET_HANDLING_GOES_ON },
	{ "poll@1=EINTR",              S, CONNECTED, GLANCE, NO, NO },
	{ "poll@1=EINTR",              O, FRESH, SLEEP, VET_LATCH_NONE, VET_HANDLING_GOES_ON },
	{ "poll@1=timeout",            S, CONNECTED, LIMITED, VET_LATCH_NONE, VET_HANDLING_GOES_ON },
	{ "poll@1+=timeout",           S, CONNECTED, LIMITED, VET_LATCH_NONE, VET_HANDLING_GOES_ON },
	{ "poll@1=timeout",            S, CONNECTED, WAIT, NO, NO },
	{ "poll@1=zero",               S, CONNECTED, LIMITED, VET_LATCH_NONE, VET_HANDLING_GOES_ON },
	{ "poll@1=zero",               S, CONNECTED, WAIT, NO, NO },
	{ "poll=zero",                 S, CONNECTED, LIMITED, NO, NO },
	{ "poll@1=EAGAIN",             S, CONNECTED, WAIT, VET_LATCH_NONE, VET_HANDLING_GOES_ON },
	{ "poll=EAGAIN",               S, CONNECTED, WAIT, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "poll@1=spurious",           D, FRESH, WAIT, VET_LATCH_NONE, VET_HANDLING_RETRIES },
	{ "poll@1=spurious",           O, FRESH, SLEEP, NO, NO },
	{ "poll@1=events:HUP",         S, LISTENING, WAIT, VET_LATCH_SHUT, VET_HANDLING_RETRIES },
	{ "poll@1=events:HUP",         S, CONNECTED, WAIT, NO, NO },
	{ "poll@1=events:NVAL",        S, CONNECTED, WAIT, NO, NO },
	{ "poll@1=events:ERR",         D, CONNECTED, WAIT, VET_LATCH_ERROR, VET_HANDLING_RETRIES },
	{ "poll@1=events:ERR",         D, FRESH, WAIT, NO, NO },
	{ "poll@1=events:OUT|ERR|HUP", S, CONNECTING, WAIT, VET_LATCH_REFUSED, VET_HANDLING_ASKS },
	{ "poll@1=events:OUT|ERR|HUP", S, CONNECTED, WAIT, NO, NO },
	{ "poll@1=events:IN|OUT|ERR|HUP|RDHUP", S, CONNECTED, WAIT, VET_LATCH_ERROR, VET_HANDLING_RETRIES },
	{ "poll@1=delay:3s",           S, DEAD, GLANCE, VET_LATCH_NONE, VET_HANDLING_GOES_ON },
	{ "recv=delay:1ns",            D, FRESH, 0, VET_LATCH_NONE, VET_HANDLING_GOES_ON },
	{ "now@1=EINVAL",              O, FRESH, 0, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "now@1=jump:40s",            O, FRESH, 0, VET_LATCH_NONE, VET_HANDLING_GOES_ON },
	{ "now@1=jump:-40s",           O, FRESH, 0, NO, NO },
	{ "now@1=freeze",              O, FRESH, 0, NO, NO },
	{ "realloc@1=ENOMEM",          O, FRESH, VET_NEEDS_BYTES, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "realloc@1=ENOMEM",          O, FRESH, 0, NO, NO },
	{ "interface_index@1=ENODEV",  O, FRESH, 0, VET_LATCH_NONE, VET_HANDLING_PASSES_ON },
	{ "recvfrom@1=family:3",       D, FRESH, IO, NO, NO },
	{ "recvfrom@1=length:3",       D, FRESH, IO, NO, NO },
	/* they have no rows, and are lawful everywhere */
	{ "recv@1=pass",               S, CONNECTED, IO, NO, NO },
	{ "recv@1=signal:SIGUSR1",     S, CONNECTED, IO, NO, NO },
	/* clang-format on */
};

static struct vet_rule rule_of(const char *text)
{
	struct vet_plan plan;
	struct vet_text_error error;
	if (vet_plan_parse(text, strlen(text), &plan, &error) != 0)
		fail_msg("'%s' at %zu: %s", text, error.offset, error.reason);
	assert_int_equal(plan.count, 1);
	return plan.rules[0];
}

static struct vet_situation situation_of(const struct place *place, unsigned entry)
{
	return (struct vet_situation){
		.entry = (uint8_t)entry,
		.kind = (uint8_t)place->kind,
		.phase = (uint8_t)place->phase,
		.holds = (uint16_t)place->holds,
	};
}

static void try_place(const struct place *place)
{
	struct vet_rule rule = rule_of(place->plan), any = rule;
	struct vet_situation at = situation_of(place, rule.entry);
	const struct vet_lawful *row = vet_lawful_find(&rule, &at);
	if (row == NULL && place->latch == NO)
		return;
	if (row == NULL)
		fail_msg("%s: kind %d, phase %d, holds 0x%x: no row", place->plan, place->kind,
			 place->phase, (unsigned)place->holds);
	if (row->latch != place->latch || row->handling != place->handling)
		fail_msg("%s: kind %d, phase %d: stays %s, %s", place->plan, place->kind,
			 place->phase, vet_latch_name(row->latch),
			 vet_handling_name(row->handling));
	assert_true(vet_lawful_applies(row, &at));
	assert_true(vet_lawful_anywhere(&rule));
	/* "*" is each call, and another call's rule is none of this one's. */
	any.entry = VET_CALL_ANY;
	assert_ptr_equal(vet_lawful_find(&any, &at), row);
	assert_true(vet_lawful_anywhere(&any));
	rule.entry = rule.entry == VET_CALL_adopt ? VET_CALL_recv : VET_CALL_adopt;
	assert_null(vet_lawful_find(&rule, &at));
}

static void what_is_lawful_in_which_situation(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
		try_place(&places[i]);
}

/* Without its kind, its phase or one of its needs no row applies. */
static void a_row_applies_where_all_that_it_asks_for_holds(void **state)
{
	const struct vet_lawful *row;
	(void)state;
	for (size_t i = 0; (row = vet_lawful_at(i)) != NULL; i++) {
		for (unsigned bit = 1; bit <= VET_KIND_OTHER; bit <<= 1) {
			struct vet_situation at = { .entry = row->entry, .kind = (uint8_t)bit };
			at.phase = row->phases & (uint8_t)-row->phases;
			at.holds = row->needs;
			row_check(i, vet_lawful_applies(row, &at) == ((row->kinds & bit) != 0));
			at.phase = (uint8_t)(VET_PHASE_ANY & ~row->phases);
			row_check(i, !vet_lawful_applies(row, &at) || bit == VET_KIND_OTHER);
			at.phase = VET_PHASE_ANY;
			at.holds = (uint16_t)(row->needs & (row->needs - 1U));
			row_check(i, row->needs == 0 || !vet_lawful_applies(row, &at));
			at.holds = UINT16_MAX;
			at.entry++;
			row_check(i, !vet_lawful_applies(row, &at));
		}
	}
}

static void what_is_lawful_anywhere(void **state)
{
	static const char *const lawful[] = {
		"recv=EINTR",
		"*=EINTR",
		"*@1=ECONNRESET",
		"*@1=timeout",
		"connect@1-5=EAGAIN",
		"*=delay:1s",
		"*@1=jump:1s",
		"*=pass",
		"adopt=pass",
		"adopt=signal:SIGINT",
		"poll@1=EAGAIN",
		"getsockopt@1=value:EPIPE",
		"close=EIO after",
		"sendv@1%=short:7",
		/* what latches happens once to each socket, however long the rule lasts */
		"*=EPIPE",
		"recv=zero",
	};
	static const char *const unlawful[] = {
		"recv=EBADF",   "adopt@1=EMFILE",        "*=freeze",          "*@1=jump:-1s",
		"*@1=EFAULT",   "getsockopt@1=value:2",  "accept@1=family:4", "recv@1=EINTR after",
		"now@1=ENOMEM", "getsockopt@1=length:2",
	};
	(void)state;
	for (size_t i = 0; i < sizeof lawful / sizeof lawful[0]; i++) {
		struct vet_rule rule = rule_of(lawful[i]);
		if (!vet_lawful_anywhere(&rule))
			fail_msg("%s is lawful", lawful[i]);
	}
	for (size_t i = 0; i < sizeof unlawful / sizeof unlawful[0]; i++) {
		struct vet_rule rule = rule_of(unlawful[i]);
		if (vet_lawful_anywhere(&rule))
			fail_msg("%s is not lawful", unlawful[i]);
	}
}

static void every_row_is_found_as_a_rule(void **state)
{
	const struct vet_lawful *row;
	(void)state;
	for (size_t i = 0; (row = vet_lawful_at(i)) != NULL; i++) {
		struct vet_rule rule = {
			.entry = row->entry,
			.action = row->action,
			.after = row->after,
			.from = 1,
			.to = row->lasts & VET_LASTS_ONCE ? 1 : UINT64_MAX,
			.argument = row->argument,
		};
		struct vet_situation at = {
			.entry = row->entry,
			.kind = row->kinds & (uint8_t)-row->kinds,
			.phase = row->phases & (uint8_t)-row->phases,
			.holds = row->needs,
		};
		row_check(i, vet_lawful_find(&rule, &at) == row);
		row_check(i, vet_lawful_anywhere(&rule));
	}
}

static void names_end_where_the_enums_end(void **state)
{
	(void)state;
	assert_string_equal(vet_effect_name(VET_EFFECT_NONE), "none");
	assert_string_equal(vet_effect_name(VET_EFFECT_TAKEN), "taken");
	assert_null(vet_effect_name(VET_EFFECT_TAKEN + 1));
	assert_string_equal(vet_latch_name(VET_LATCH_NONE), "nothing");
	assert_string_equal(vet_latch_name(VET_LATCH_SHUT), "shut");
	assert_null(vet_latch_name(VET_LATCH_SHUT + 1));
	assert_string_equal(vet_handling_name(VET_HANDLING_RETRIES), "retries");
	assert_string_equal(vet_handling_name(VET_HANDLING_PASSES_ON), "passes on");
	assert_null(vet_handling_name(VET_HANDLING_PASSES_ON + 1));
	assert_null(vet_handling_name(UINT32_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_in_the_order_of_the_entries),
		cmocka_unit_test(the_rows_of_the_entries_are_all_the_rows),
		cmocka_unit_test(every_entry_has_rows_but_those_that_cannot_fail_of_themselves),
		cmocka_unit_test(every_row_is_sane_alone),
		cmocka_unit_test(every_clause_names_its_source),
		cmocka_unit_test(what_goes_together),
		cmocka_unit_test(no_two_rows_say_the_same_in_one_situation),
		cmocka_unit_test(what_is_lawful_in_which_situation),
		cmocka_unit_test(a_row_applies_where_all_that_it_asks_for_holds),
		cmocka_unit_test(what_is_lawful_anywhere),
		cmocka_unit_test(every_row_is_found_as_a_rule),
		cmocka_unit_test(names_end_where_the_enums_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
