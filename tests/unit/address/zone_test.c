/* SPDX-License-Identifier: 0BSD */
/* Names of interfaces as zones, looked up through a table. */
#include "rows.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <vetsock/error.h>
#include <vetsock/host.h>

/* A table that knows one interface, or answers with one error. */
struct directory {
	struct vet_sys sys;
	int answer;
	unsigned lookups;
	char name[32]; /* that was asked for last */
};

static int answer_index(struct vet_sys *sys, const char *name)
{
	struct directory *directory = (struct directory *)sys;

	directory->lookups++;
	(void)snprintf(directory->name, sizeof(directory->name), "%s", name);
	return directory->answer;
}

/* Reading a text makes no other call, so that any function will do for the others. */
static struct vet_sys_calls directory_calls(void)
{
	struct vet_sys_calls calls = *vet_sys_posix()->calls;

	calls.size = sizeof(calls);
	calls.interface_index = answer_index;
	return calls;
}

static const struct zone_row {
	const char *name;
	const char *text;
	size_t size;
	int answer;            /* of the table */
	const char *looked_up; /* NULL: nothing */
	int result;
	uint32_t scope_id;
	struct vet_text_error error;
} rows[] = {
	{ "a name", TEXT("[fe80::1%eth0]:80"), 7, "eth0", 0, 7, { 0, 0, NULL } },
	{ "greatest index",
	  TEXT("[fe80::1%eth0]:80"),
	  INT32_MAX,
	  "eth0",
	  0,
	  INT32_MAX,
	  { 0, 0, NULL } },
	{ "15 bytes",
	  TEXT("[::1%abcdefghijklmno]:80"),
	  3,
	  "abcdefghijklmno",
	  0,
	  3,
	  { 0, 0, NULL } },
	{ "one byte", TEXT("[::1%x]:80"), 3, "x", 0, 3, { 0, 0, NULL } },
	{ "begins with a digit", TEXT("[::1%2x]:80"), 3, "2x", 0, 3, { 0, 0, NULL } },
	{ "other bytes",
	  TEXT("[::1%a.b:c-\xc3\xa9%]:80"),
	  3,
	  "a.b:c-\xc3\xa9%",
	  0,
	  3,
	  { 0, 0, NULL } },
	{ "a number is a number first", TEXT("[fe80::1%12]:80"), 7, NULL, 0, 12, { 0, 0, NULL } },
	{ "no zone", TEXT("[fe80::1]:80"), 7, NULL, 0, 0, { 0, 0, NULL } },
	{ "IPv4", TEXT("1.2.3.4:80"), 7, NULL, 0, 0, { 0, 0, NULL } },
	{ "no such interface",
	  TEXT("[fe80::1%eth9]:80"),
	  -ENODEV,
	  "eth9",
	  -ENODEV,
	  0,
	  { 9, 4, "there is no interface of this name" } },
	{ "index 0 is none",
	  TEXT("[fe80::1%eth9]:80"),
	  0,
	  "eth9",
	  -ENODEV,
	  0,
	  { 9, 4, "there is no interface of this name" } },
	{ "the table fails",
	  TEXT("[fe80::1%eth0]:80"),
	  -EMFILE,
	  "eth0",
	  -EMFILE,
	  0,
	  { 9, 4, "the interface could not be looked up" } },
	{ "16 bytes",
	  TEXT("[::1%abcdefghijklmnop]:80"),
	  3,
	  NULL,
	  -EINVAL,
	  0,
	  { 5, 16, "the name of an interface has at most 15 bytes" } },
	{ "a NUL within",
	  TEXT("[::1%eth\0000]:80"),
	  3,
	  NULL,
	  -EINVAL,
	  0,
	  { 8, 1, "a NUL byte cannot stand here" } },
	{ "wrong before",
	  TEXT("[g::1%eth0]:80"),
	  3,
	  NULL,
	  -EINVAL,
	  0,
	  { 1, 1, "a group is hexadecimal digits" } },
	{ "wrong behind",
	  TEXT("[::1%eth0]:70000"),
	  3,
	  NULL,
	  -EINVAL,
	  0,
	  { 11, 5, "a port is at most 65535" } },
	{ "port missing", TEXT("[::1%eth0]"), 3, NULL, -EINVAL, 0, { 10, 1, "a port is missing" } },
	{ "empty", TEXT("[::1%]:80"), 3, NULL, -EINVAL, 0, { 5, 1, "a zone is missing" } },
	{ "number too large",
	  TEXT("[::1%4294967296]:80"),
	  3,
	  NULL,
	  -EINVAL,
	  0,
	  { 5, 10, "a zone is at most 4294967295" } },
};

static bool row_holds(const struct zone_row *row, const struct vet_sys_calls *calls)
{
	struct directory directory = { .sys = { calls }, .answer = row->answer };
	struct vet_text_error error = { 1, 1, "unset" };
	struct vet_address got;
	int result;

	memset(&got, 0xaa, sizeof(got));
	result = vet_address_parse_on(&directory.sys, row->text, row->size, &got, &error);
	if (result != row->result || got.scope_id != row->scope_id ||
	    got.port != (row->result == 0 ? 80 : 0) || (got.ip.family != 0) != (row->result == 0)) {
		print_error("%s: result %s, zone %u, port %u, family %u\n", row->name,
			    vet_error_name(result), got.scope_id, got.port, got.ip.family);
		return false;
	}
	if (directory.lookups != (row->looked_up != NULL) ||
	    strcmp(directory.name, row->looked_up != NULL ? row->looked_up : "") != 0) {
		print_error("%s: %u lookups, the last of \"%s\"\n", row->name, directory.lookups,
			    directory.name);
		return false;
	}
	return same_error(row->name, &error, &row->error);
}

void rule_14_zone_names_are_looked_up_last_and_once(void **state)
{
	struct vet_sys_calls calls = directory_calls();
	unsigned failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		failed += !row_holds(&rows[i], &calls);
	assert_int_equal(failed, 0);
}

void table_that_cannot_be_used_is_refused(void **state)
{
	static const char text[] = "[fe80::1%eth0]:80", number[] = "[fe80::1%2]:80";
	static const struct vet_text_error lacking = {
		9, 4, "a zone is a number: this table looks up no names of interfaces"
	};
	struct vet_sys_calls shorter = directory_calls(), empty = shorter, older = shorter;
	struct directory tables[] = { { .sys = { &shorter } },
				      { .sys = { &empty } },
				      { .sys = { &older } } };
	struct vet_text_error error;
	struct vet_address got;

	(void)state;
	shorter.size = offsetof(struct vet_sys_calls, interface_index);
	empty.interface_index = NULL;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(
			vet_address_parse_on(&tables[i].sys, text, sizeof(text) - 1, &got, &error),
			-EINVAL);
		assert_true(same_error("without interface_index", &error, &lacking));
		assert_int_equal(vet_address_parse_on(&tables[i].sys, number, sizeof(number) - 1,
						      &got, NULL),
				 0);
		assert_int_equal(got.scope_id, 2);
	}
	older.accept = NULL;
	assert_int_equal(
		vet_address_parse_on(&tables[2].sys, number, sizeof(number) - 1, &got, &error),
		VET_ETABLE);
	assert_true(in_bounds(&error, sizeof(number) - 1));
	assert_non_null(strstr(error.reason, "accept"));
	assert_int_equal(got.ip.family, 0);
	assert_int_equal(vet_address_parse_on(NULL, number, sizeof(number) - 1, &got, NULL),
			 VET_ETABLE);
}
