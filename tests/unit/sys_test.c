/* SPDX-License-Identifier: 0BSD */
/* Which tables of system calls are accepted. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct entry {
	const char *name;
	size_t offset;
	int required;
} entries[] = {
#define ENTRY(name, required) { #name, offsetof(struct vet_sys_calls, name), required },
	VET_SYS_ENTRIES(ENTRY)
};

static void assert_refused(const struct vet_sys_calls *calls, const char *phrase)
{
	const struct vet_sys sys = { calls };
	const char *why = NULL;
	assert_int_equal(vet_sys_check(&sys, &why), VET_ETABLE);
	assert_non_null(why);
	if (strstr(why, phrase) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", why, phrase);
	assert_int_equal(vet_sys_check(&sys, NULL), VET_ETABLE);
}

static void assert_accepted(const struct vet_sys_calls *calls)
{
	const struct vet_sys sys = { calls };
	const char *why = "untouched";
	int r = vet_sys_check(&sys, &why);
	if (r != 0)
		fail_msg("refused: %s", why);
	assert_null(why);
	assert_int_equal(vet_sys_check(&sys, NULL), 0);
}

static void a_table_that_is_absent_is_refused(void **state)
{
	const char *why = NULL;
	(void)state;
	assert_int_equal(vet_sys_check(NULL, &why), VET_ETABLE);
	assert_non_null(why);
	assert_int_equal(vet_sys_check(NULL, NULL), VET_ETABLE);
	assert_refused(NULL, "no table");
}

static void a_table_of_another_version_is_refused(void **state)
{
	struct vet_sys_calls calls = script_calls;
	(void)state;
	calls.version = VET_SYS_VERSION + 1;
	assert_refused(&calls, "version");
	calls.version = 0;
	assert_refused(&calls, "version");
}

static void a_table_that_ends_before_its_last_required_entry_is_refused(void **state)
{
	struct vet_sys_calls calls = script_calls;
	(void)state;
	calls.size = 0;
	assert_refused(&calls, "short");
	calls.size = offsetof(struct vet_sys_calls, socket);
	assert_refused(&calls, "short");
	calls.size = offsetof(struct vet_sys_calls, realloc);
	assert_refused(&calls, "short");
	calls.size = offsetof(struct vet_sys_calls, realloc) + sizeof calls.realloc - 1;
	assert_refused(&calls, "short");
}

static void a_table_without_a_required_entry_is_refused_by_its_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(entries); i++) {
		struct vet_sys_calls calls = script_calls;
		char phrase[32];
		memset((char *)&calls + entries[i].offset, 0, sizeof calls.socket);
		struct text text = text_in(phrase, sizeof phrase);
		text_add(&text, "'%s'", entries[i].name);
		if (entries[i].required)
			assert_refused(&calls, phrase);
		else
			assert_accepted(&calls);
	}
}

static void a_table_may_be_longer_or_end_before_an_optional_entry(void **state)
{
	struct vet_sys_calls calls = script_calls;
	struct vet_sys sys = { &calls };
	(void)state;
	assert_accepted(&calls);
	assert_true(VET_SYS_HAS(&sys, interface_index));
	calls.size = sizeof calls + 8 * (uint32_t)sizeof calls.socket;
	assert_accepted(&calls);
	calls.size = offsetof(struct vet_sys_calls, interface_index);
	assert_accepted(&calls);
	assert_false(VET_SYS_HAS(&sys, interface_index));
	assert_true(VET_SYS_HAS(&sys, sendfile));
	assert_true(VET_SYS_HAS(&sys, realloc));
	calls.sendfile = NULL;
	assert_false(VET_SYS_HAS(&sys, sendfile));
}

/* As much memory as the table says and no more, so that a look past its end is seen. */
static void nothing_is_read_past_the_end_of_a_short_table(void **state)
{
	/* Hidden from the compiler, which would warn of every look at a table that is not whole. */
	volatile size_t size = offsetof(struct vet_sys_calls, interface_index);
	struct vet_sys_calls *calls = malloc(size);
	struct vet_sys sys = { calls };
	struct vet_address address;
	(void)state;
	assert_non_null(calls);
	memcpy(calls, &script_calls, size);
	calls->size = (uint32_t)size;
	assert_int_equal(vet_sys_check(&sys, NULL), 0);
	int r = vet_address_parse_on(&sys, "[fe80::1%eth0]:80", 17, &address, NULL);
	assert_string_equal(vet_error_name(r), "EINVAL");
	free(calls);
}

static void names_of_interfaces_are_looked_up_in_the_table(void **state)
{
	struct script script;
	struct vet_address address;
	(void)state;
	script_start(&script, true);
	script_follow(&script, "interface_index eth0 = 7; interface_index eth1 = ENODEV");
	assert_int_equal(vet_address_parse_on(&script.sys, "[fe80::1%eth0]:80", 17, &address, NULL),
			 0);
	assert_int_equal(address.scope_id, 7);
	int r = vet_address_parse_on(&script.sys, "[fe80::1%eth1]:80", 17, &address, NULL);
	assert_string_equal(vet_error_name(r), "ENODEV");
	assert_null(script_verdict(&script));
}

static void the_real_tables_are_accepted(void **state)
{
	(void)state;
	assert_accepted(vet_sys_host()->calls);
	assert_accepted(vet_sys_posix()->calls);
	assert_false(VET_SYS_HAS(vet_sys_posix(), sendfile));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_that_is_absent_is_refused),
		cmocka_unit_test(a_table_of_another_version_is_refused),
		cmocka_unit_test(a_table_that_ends_before_its_last_required_entry_is_refused),
		cmocka_unit_test(a_table_without_a_required_entry_is_refused_by_its_name),
		cmocka_unit_test(a_table_may_be_longer_or_end_before_an_optional_entry),
		cmocka_unit_test(nothing_is_read_past_the_end_of_a_short_table),
		cmocka_unit_test(names_of_interfaces_are_looked_up_in_the_table),
		cmocka_unit_test(the_real_tables_are_accepted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
