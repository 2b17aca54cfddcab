/* SPDX-License-Identifier: 0BSD */
#include "trial.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *family_prefix(const struct trial *t)
{
	return t->family == 6 ? "over IPv6: " : "";
}

static void decide(struct trial *t, enum conformance_verdict verdict)
{
	t->decided = true;
	t->ledger.cut = true;
	t->result->verdict = verdict;
}

/* What the ledger saw comes before what the case saw: it is the cause. */
static void blame_table(struct trial *t)
{
	char *message = t->result->message;
	size_t used = strlen(message);

	if (t->ledger.violation != NULL)
		(void)snprintf(message + used, CONFORMANCE_MESSAGE_SIZE - used,
			       " (the table's %s %s)", ledger_entry_name(t->ledger.culprit),
			       t->ledger.violation);
}

void trial_fail(struct trial *t, const char *format, ...)
{
	struct conformance_result *result = t->result;
	va_list arguments;
	int used;

	if (t->decided)
		return;
	decide(t, CONFORMANCE_FAILED);
	used = snprintf(result->message, sizeof(result->message), "%s", family_prefix(t));
	va_start(arguments, format);
	(void)vsnprintf(result->message + used, sizeof(result->message) - (size_t)used, format,
			arguments);
	va_end(arguments);
	blame_table(t);
}

void skip(struct trial *t, const char *reason)
{
	if (t->decided)
		return;
	decide(t, CONFORMANCE_SKIPPED);
	(void)snprintf(t->result->message, sizeof(t->result->message), "%s%s", family_prefix(t),
		       reason);
}

void skip_error(struct trial *t, const char *what, int error)
{
	char reason[CONFORMANCE_MESSAGE_SIZE / 2];

	(void)snprintf(reason, sizeof(reason), "%s: %s", what, vet_error_name(error));
	skip(t, reason);
}

/* A count as a number, an error as its name. */
struct value {
	char text[32];
};

static struct value value_of(int64_t result)
{
	struct value value;

	/* The ledger's answer when it lets nothing through any more. */
	if (result == -ECANCELED)
		(void)snprintf(value.text, sizeof(value.text), "nothing");
	else if (result >= 0 || result < -100000)
		(void)snprintf(value.text, sizeof(value.text), "%lld", (long long)result);
	else
		(void)snprintf(value.text, sizeof(value.text), "%s", vet_error_name((int)result));
	return value;
}

bool expect(struct trial *t, const char *what, int64_t got, int64_t want)
{
	if (!t->decided && got != want)
		trial_fail(t, "%s: expected %s, got %s", what, value_of(want).text,
			   value_of(got).text);
	return !t->decided;
}

bool expect_either(struct trial *t, const char *what, int64_t got, int64_t one, int64_t other)
{
	if (!t->decided && got != one && got != other)
		trial_fail(t, "%s: expected %s or %s, got %s", what, value_of(one).text,
			   value_of(other).text, value_of(got).text);
	return !t->decided;
}

bool expect_true(struct trial *t, const char *what, bool holds)
{
	if (!t->decided && !holds)
		trial_fail(t, "expected that %s", what);
	return !t->decided;
}

bool expect_bytes(struct trial *t, const char *what, const void *got, const void *want, size_t size)
{
	const unsigned char *a = got;
	const unsigned char *b = want;
	size_t at = 0;

	if (t->decided)
		return false;
	while (at < size && a[at] == b[at])
		at++;
	if (at < size)
		trial_fail(t, "%s: byte %zu of %zu: expected 0x%02x, got 0x%02x", what, at, size,
			   b[at], a[at]);
	return !t->decided;
}

static const char *address_text(const struct vet_address *address, char *text, size_t size)
{
	if (address->ip.family == 0)
		return "none";
	return vet_address_format(address, text, size) < 0 ? "no address at all" : text;
}

bool expect_address(struct trial *t, const char *what, const struct vet_address *got,
		    const struct vet_address *want)
{
	char a[VET_ADDRESS_TEXT_SIZE];
	char b[VET_ADDRESS_TEXT_SIZE];

	if (!t->decided && !vet_address_equal(got, want))
		trial_fail(t, "%s: expected %s, got %s", what, address_text(want, a, sizeof(a)),
			   address_text(got, b, sizeof(b)));
	return !t->decided;
}

bool expect_calls(struct trial *t, const char *what, unsigned long before, unsigned long calls)
{
	unsigned long made = calls_made(t) - before;

	if (!t->decided && made != calls)
		trial_fail(t, "%s: expected %lu calls of the table, saw %lu", what, calls, made);
	return !t->decided;
}

unsigned long calls_of(const struct trial *t, enum ledger_entry entry)
{
	return t->ledger.made[entry];
}

unsigned long calls_made(const struct trial *t)
{
	return t->ledger.made_in_all;
}
