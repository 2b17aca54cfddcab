/* SPDX-License-Identifier: 0BSD */
/* The texts of fault plans: which are good and what they mean, which are bad, where and why. */
#include <limits.h>
#include <poll.h>
#include <stdio.h>

#include "plan_check.h"
#include "plan_rows.h"

/* ---- rows ---- */

static void a_bad_plan_is_told_where_and_why(void **state)
{
	struct vet_text_error error;
	struct vet_plan plan;
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(bad_rows); i++) {
		const struct bad_row *row = &bad_rows[i];
		int result = parse(row->text, row->size, &plan, &error);

		if (result == -EINVAL && error.offset == row->offset &&
		    error.length == row->length && strcmp(error.reason, row->reason) == 0) {
			must_explain(row->text, row->size, &plan, &error);
			continue;
		}
		failed++;
		print_error("\"%s\": %d, %zu bytes at %zu: %s\n", row->text, result, error.length,
			    error.offset, error.reason != NULL ? error.reason : "nothing");
	}
	assert_int_equal(failed, 0);
}

static void a_good_plan_has_one_canonical_text(void **state)
{
	char text[VET_PLAN_TEXT_SIZE];
	struct vet_text_error error;
	struct vet_plan plan, again;

	(void)state;
	for (size_t i = 0; i < COUNT(good_rows); i++) {
		const struct good_row *row = &good_rows[i];
		const char *want = row->canonical != NULL ? row->canonical : row->text;

		if (parse(row->text, row->size, &plan, &error) != 0)
			fail_msg("\"%s\" at %zu: %s", row->text, error.offset, error.reason);
		assert_memory_equal(&error, &no_error, sizeof(error));
		assert_int_equal(vet_plan_format(&plan, text, sizeof(text)), strlen(want));
		assert_string_equal(text, want);
		again = must_parse(want);
		must_equal(want, &again, &plan);
	}
}

static void each_text_is_told_without_an_error_to_fill_in(void **state)
{
	struct vet_text_error error;
	struct vet_plan plan, told;

	(void)state;
	for (size_t i = 0; i < COUNT(bad_rows); i++) {
		memset(&plan, 0xa5, sizeof(plan));
		assert_int_equal(vet_plan_parse(bad_rows[i].text, bad_rows[i].size, &plan, NULL),
				 -EINVAL);
		must_equal(bad_rows[i].text, &plan, &no_rules);
	}
	for (size_t i = 0; i < COUNT(good_rows); i++) {
		assert_int_equal(vet_plan_parse(good_rows[i].text, good_rows[i].size, &plan, NULL),
				 0);
		assert_int_equal(parse(good_rows[i].text, good_rows[i].size, &told, &error), 0);
		must_equal(good_rows[i].text, &plan, &told);
	}
	assert_int_equal(vet_plan_parse(NULL, 0, &plan, NULL), 0);
	must_equal("", &plan, &no_rules);
}

/* ---- values ---- */

/* clang-format off */
static const struct value_row {
	const char *text;
	struct vet_rule rule; /* entry, action, when, after, D, from, to, argument */
} value_rows[] = {
	{ "socket=EMFILE", { CALL(socket), ACTION(ERROR), VET_WHEN_CALLS, 0, 0, ALWAYS, -EMFILE } },
	{ "*=EINTR after", { VET_CALL_ANY, ACTION(ERROR), VET_WHEN_CALLS, 1, 0, ALWAYS, -EINTR } },
	{ "send@2=short:3", { CALL(send), ACTION(SHORT), VET_WHEN_CALLS, 0, 0, 2, 2, 3 } },
	{ "recv@1-3=zero", { CALL(recv), ACTION(ZERO), VET_WHEN_CALLS, 0, 0, 1, 3, 0 } },
	{ "poll#4@7+=timeout",
	  { CALL(poll), ACTION(TIMEOUT), VET_WHEN_CALLS, 0, 4, 7, FOR_EVER, 0 } },
	{ "poll@5%=spurious", { CALL(poll), ACTION(SPURIOUS), VET_WHEN_PERCENT, 0, 0, 5, 0, 0 } },
	{ "poll@9-9=events:IN|ERR",
	  { CALL(poll), ACTION(EVENTS), VET_WHEN_CALLS, 0, 0, 9, 9, POLLIN | POLLERR } },
	{ "poll@1=events:PRI|OUT|HUP|NVAL|RDHUP",
	  { CALL(poll), ACTION(EVENTS), VET_WHEN_CALLS, 0, 0, 1, 1,
		POLLPRI | POLLOUT | POLLHUP | POLLNVAL | POLLRDHUP } },
	{ "getsockopt=value:0",
	  { CALL(getsockopt), ACTION(VALUE), VET_WHEN_CALLS, 0, 0, ALWAYS, 0 } },
	{ "interface_index@1=value:12 after",
	  { CALL(interface_index), ACTION(VALUE), VET_WHEN_CALLS, 1, 0, 1, 1, 12 } },
	{ "getsockopt=value:EPIPE",
	  { CALL(getsockopt), ACTION(VALUE_OF), VET_WHEN_CALLS, 0, 0, ALWAYS, -EPIPE } },
	{ "accept=length:2", { CALL(accept), ACTION(LENGTH), VET_WHEN_CALLS, 0, 0, ALWAYS, 2 } },
	{ "recvfrom=family:1",
	  { CALL(recvfrom), ACTION(FAMILY), VET_WHEN_CALLS, 0, 0, ALWAYS, 1 } },
	{ "connect=delay:2h",
	  { CALL(connect), ACTION(DELAY), VET_WHEN_CALLS, 0, 0, ALWAYS, 7200000000000 } },
	{ "connect=delay:3m",
	  { CALL(connect), ACTION(DELAY), VET_WHEN_CALLS, 0, 0, ALWAYS, 180000000000 } },
	{ "connect=delay:4s",
	  { CALL(connect), ACTION(DELAY), VET_WHEN_CALLS, 0, 0, ALWAYS, 4000000000 } },
	{ "connect=delay:5ms",
	  { CALL(connect), ACTION(DELAY), VET_WHEN_CALLS, 0, 0, ALWAYS, 5000000 } },
	{ "connect=delay:6us",
	  { CALL(connect), ACTION(DELAY), VET_WHEN_CALLS, 0, 0, ALWAYS, 6000 } },
	{ "connect=delay:7ns", { CALL(connect), ACTION(DELAY), VET_WHEN_CALLS, 0, 0, ALWAYS, 7 } },
	{ "now=jump:-1us", { CALL(now), ACTION(JUMP), VET_WHEN_CALLS, 0, 0, ALWAYS, -1000 } },
	{ "now=jump:1us", { CALL(now), ACTION(JUMP), VET_WHEN_CALLS, 0, 0, ALWAYS, 1000 } },
	{ "now=jump:-9223372036854775807ns",
	  { CALL(now), ACTION(JUMP), VET_WHEN_CALLS, 0, 0, ALWAYS, -INT64_MAX } },
	{ "now=freeze", { CALL(now), ACTION(FREEZE), VET_WHEN_CALLS, 0, 0, ALWAYS, 0 } },
	{ "send@byte:6=signal:SIGURG",
	  { CALL(send), ACTION(SIGNAL), VET_WHEN_BYTE, 0, 0, 6, 0, SIGURG } },
	{ "*#4294967295=pass",
	  { VET_CALL_ANY, ACTION(PASS), VET_WHEN_CALLS, 0, UINT32_MAX, ALWAYS, 0 } },
};
/* clang-format on */

static void a_text_means_what_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(value_rows); i++) {
		struct vet_plan want = { .count = 1, .rules = { value_rows[i].rule } };
		struct vet_plan plan = must_parse(value_rows[i].text);

		must_equal(value_rows[i].text, &plan, &want);
	}
	for (size_t i = 0; i < COUNT(signals); i++) {
		char text[64];

		for (int prefix = 0; prefix <= 1; prefix++) {
			(void)snprintf(text, sizeof(text), "*=signal:%s%s", prefix ? "SIG" : "",
				       signals[i].name);
			assert_int_equal(must_parse(text).rules[0].argument, signals[i].number);
		}
	}
}

static void every_call_is_known_by_its_name(void **state)
{
	char text[64];

	(void)state;
	for (unsigned entry = 0; entry < VET_CALL_COUNT; entry++) {
		(void)snprintf(text, sizeof(text), "%s=EINTR", vet_entry_name(entry));
		assert_int_equal(must_parse(text).rules[0].entry, entry);
	}
}

static void rules_keep_their_order_and_the_seed_goes_first(void **state)
{
	struct vet_plan plan = must_parse("send=EINTR; seed:18446744073709551615; recv=zero");

	(void)state;
	assert_int_equal(plan.count, 2);
	assert_int_equal(plan.has_seed, 1);
	assert_true(plan.seed == UINT64_MAX);
	assert_int_equal(plan.rules[0].entry, VET_CALL_send);
	assert_int_equal(plan.rules[1].entry, VET_CALL_recv);
	assert_int_equal(must_parse("seed:0").has_seed, 1);
	assert_int_equal(must_parse("send=EINTR").has_seed, 0);
}

/* ---- which call has which action ---- */

#define EVERY \
	"socket adopt close dup bind connect listen accept shutdown getsockname getpeername " \
	"getsockopt setsockopt recv send recvfrom sendto sendv pread sendfile poll now realloc " \
	"interface_index"

static const struct fit_row {
	unsigned action;
	const char *calls;
} fit_rows[] = {
	{ VET_ACTION_ERROR, EVERY },
	{ VET_ACTION_SHORT, "recv recvfrom send sendto sendv pread sendfile" },
	{ VET_ACTION_ZERO, "recv recvfrom send sendto sendv pread sendfile poll" },
	{ VET_ACTION_TIMEOUT, "poll" },
	{ VET_ACTION_SPURIOUS, "poll" },
	{ VET_ACTION_EVENTS, "poll" },
	{ VET_ACTION_VALUE, "getsockopt interface_index" },
	{ VET_ACTION_VALUE_OF, "getsockopt" },
	{ VET_ACTION_LENGTH, "getsockopt getsockname getpeername accept recvfrom" },
	{ VET_ACTION_FAMILY, "getsockname getpeername accept recvfrom" },
	{ VET_ACTION_DELAY, EVERY },
	{ VET_ACTION_JUMP, EVERY },
	{ VET_ACTION_FREEZE, EVERY },
	{ VET_ACTION_SIGNAL, EVERY },
	{ VET_ACTION_PASS, EVERY },
};

/* Whether a word stands in a list of words. */
static bool lists(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = list; (at = strstr(at, word)) != NULL; at += length)
		if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
			return true;
	return false;
}

static void an_action_fits_the_calls_that_can_do_it(void **state)
{
	(void)state;
	assert_int_equal(COUNT(fit_rows), VET_ACTION_COUNT);
	for (size_t i = 0; i < COUNT(fit_rows); i++) {
		unsigned action = fit_rows[i].action;

		for (unsigned entry = 0; entry < VET_CALL_COUNT; entry++)
			if (vet_action_fits(entry, action) !=
			    lists(fit_rows[i].calls, vet_entry_name(entry)))
				fail_msg("%s and action %u", vet_entry_name(entry), action);
		assert_true(vet_action_fits(VET_CALL_ANY, action));
		for (unsigned entry = VET_CALL_COUNT; entry < 1000; entry++)
			assert_true(entry == VET_CALL_ANY || !vet_action_fits(entry, action));
		assert_false(vet_action_fits(UINT_MAX, action));
	}
	for (unsigned action = VET_ACTION_COUNT; action < 1000; action++) {
		assert_false(vet_action_fits(VET_CALL_poll, action));
		assert_false(vet_action_fits(VET_CALL_ANY, action));
	}
	assert_false(vet_action_fits(VET_CALL_poll, UINT_MAX));
}

/* ---- cut and spoilt texts ---- */

/* Texts of every size, read to their end and no further, whatever stands behind it. */
static void check_prefix(const char *text, size_t size)
{
	struct vet_plan plan, within;
	struct vet_text_error error, error_within;
	int result = parse(text, size, &plan, &error);

	assert_int_equal(vet_plan_parse(text, size, &within, &error_within), result);
	must_equal(text, &within, &plan);
	assert_memory_equal(&error, &error_within, sizeof(error));
	if (result == 0) {
		must_come_back(&plan);
		return;
	}
	assert_int_equal(result, -EINVAL);
	must_explain(text, size, &plan, &error);
}

static void a_plan_cut_anywhere_is_good_or_told_where(void **state)
{
	(void)state;
	(void)must_parse(long_plan);
	for (size_t size = 0; size < sizeof(long_plan); size++)
		check_prefix(long_plan, size);
	for (size_t i = 0; i < COUNT(good_rows); i++)
		for (size_t size = 0; size <= good_rows[i].size; size++)
			check_prefix(good_rows[i].text, size);
	for (size_t i = 0; i < COUNT(bad_rows); i++)
		for (size_t size = 0; size <= bad_rows[i].size; size++)
			check_prefix(bad_rows[i].text, size);
}

/* Replaces, removes or adds a byte: one of the language, or any. */
static size_t spoil(uint64_t *random, char *text, size_t size)
{
	static const char alphabet[] = ";;==@@##%%++--::||** \t0123456789EINTRafterbytesg";
	size_t kind = pick(random, 4), at = pick(random, size + 1);
	char byte = pick(random, 5) != 0 ? alphabet[pick(random, sizeof(alphabet))]
					 : (char)(unsigned char)pick(random, 256);

	if (kind == 0 && at < size) {
		memmove(text + at, text + at + 1, size - at - 1);
		return size - 1;
	}
	if (kind != 1 || at == size) {
		memmove(text + at + 1, text + at, size - at);
		size++;
	}
	text[at] = byte;
	return size;
}

static void a_spoilt_plan_is_good_or_told_where(void **state)
{
	uint64_t random = 1;
	char text[sizeof(long_plan) + 8];

	(void)state;
	for (int i = 0; i < 20000; i++) {
		const struct good_row *row = &good_rows[pick(&random, COUNT(good_rows))];
		bool is_long = pick(&random, 8) == 0;
		size_t size = is_long ? sizeof(long_plan) - 1 : row->size;

		memcpy(text, is_long ? long_plan : row->text, size);
		for (size_t times = pick(&random, 8); times > 0; times--)
			size = spoil(&random, text, size);
		check_prefix(text, size);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bad_plan_is_told_where_and_why),
		cmocka_unit_test(a_good_plan_has_one_canonical_text),
		cmocka_unit_test(each_text_is_told_without_an_error_to_fill_in),
		cmocka_unit_test(a_text_means_what_it_says),
		cmocka_unit_test(every_call_is_known_by_its_name),
		cmocka_unit_test(rules_keep_their_order_and_the_seed_goes_first),
		cmocka_unit_test(an_action_fits_the_calls_that_can_do_it),
		cmocka_unit_test(a_plan_cut_anywhere_is_good_or_told_where),
		cmocka_unit_test(a_spoilt_plan_is_good_or_told_where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
