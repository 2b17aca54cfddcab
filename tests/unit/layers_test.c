/* SPDX-License-Identifier: 0BSD */
/* A layer that was built against an older table works over a newer one, and the other way round. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "layer.h"

enum { NAMED = 7 };

/* One of everything that matters: the first entry, an optional one in the middle, the last
 * required. */
static void assert_works(struct script *script, struct vet_sys *sys, bool has_sendfile)
{
	struct vet_socket s;
	struct vet_buffer buffer = { .data = NULL };
	uint64_t done;
	assert_int_equal(vet_sys_check(sys, NULL), 0);
	assert_int_equal(VET_SYS_HAS(sys, sendfile), has_sendfile);
	script_follow(
		script,
		has_sendfile
			? "socket INET STREAM 0 = fd; connect 1.2.3.4:80 = 0; sendfile @0 8 = 8; realloc 8 = 0; recv 8 = 8; close = 0"
			: "socket INET STREAM 0 = fd; connect 1.2.3.4:80 = 0; pread @0 8 = 8; send 8 = 8; realloc 8 = 0; recv 8 = 8; close = 0");
	struct vet_address to = vet_address_of(vet_ipv4(1, 2, 3, 4), 80);
	assert_int_equal(vet_socket_stream_on(&s, sys, 4), 0);
	assert_int_equal(vet_socket_connect(&s, &to), 0);
	assert_int_equal(vet_socket_send_file_range(&s, SCRIPT_FILE, 0, 8, &done), 0);
	assert_int_equal(vet_socket_read_into(&s, &buffer, 8), 8);
	vet_buffer_free(&buffer);
	assert_int_equal(vet_socket_close(&s), 0);
	const char *failure = script_verdict(script);
	if (failure == NULL)
		failure = script_leak(script);
	if (failure != NULL)
		fail_msg("%s", failure);
}

static void assert_names_interfaces(struct script *script, struct vet_sys *sys, bool has)
{
	struct vet_address address;
	script_follow(script, has ? "interface_index eth0 = 7" : "");
	int r = vet_address_parse_on(sys, "[fe80::1%eth0]:80", 17, &address, NULL);
	assert_string_equal(vet_error_name(r), has ? "OK" : "EINVAL");
	assert_int_equal(address.scope_id, has ? NAMED : 0);
	assert_null(script_verdict(script));
}

static void the_headers_really_differ(void **state)
{
	struct script script;
	(void)state;
	script_start(&script, true);
	uint32_t older = older_layer(&script.sys)->calls->size;
	uint32_t newer = newer_layer(&script.sys)->calls->size;
	assert_int_equal(older, sizeof(struct vet_sys_calls) - sizeof(void *));
	assert_int_equal(newer, sizeof(struct vet_sys_calls) + sizeof(void *));
}

static void an_older_layer_works_over_this_table_and_over_a_newer_layer(void **state)
{
	struct script script;
	(void)state;
	script_start(&script, true);
	struct vet_sys *older = older_layer(&script.sys);
	assert_works(&script, older, true);
	assert_names_interfaces(&script, older, false);
	assert_int_equal(older_layer_calls(), 7);
	script_start(&script, true);
	older = older_layer(newer_layer(&script.sys));
	assert_works(&script, older, true);
	assert_names_interfaces(&script, older, false);
	assert_int_equal(older_layer_calls(), 7);
	assert_int_equal(newer_layer_calls(), 7);
}

static void a_newer_layer_works_over_this_table_and_over_an_older_layer(void **state)
{
	struct script script;
	(void)state;
	script_start(&script, true);
	struct vet_sys *newer = newer_layer(&script.sys);
	assert_works(&script, newer, true);
	assert_names_interfaces(&script, newer, true);
	script_start(&script, true);
	newer = newer_layer(older_layer(&script.sys));
	assert_works(&script, newer, true);
	assert_names_interfaces(&script, newer, false);
	assert_int_equal(newer_layer_calls(), 7);
}

static void what_the_lowest_table_lacks_every_layer_leaves_out(void **state)
{
	struct script script;
	(void)state;
	script_start(&script, false);
	assert_works(&script, newer_layer(older_layer(&script.sys)), false);
	script_start(&script, false);
	assert_works(&script, older_layer(newer_layer(&script.sys)), false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_headers_really_differ),
		cmocka_unit_test(an_older_layer_works_over_this_table_and_over_a_newer_layer),
		cmocka_unit_test(a_newer_layer_works_over_this_table_and_over_an_older_layer),
		cmocka_unit_test(what_the_lowest_table_lacks_every_layer_leaves_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
