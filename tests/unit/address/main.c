/* SPDX-License-Identifier: 0BSD */
/* Addresses: values and texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "rows.h"

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule_14_ip_texts_mean_what_they_say),
		cmocka_unit_test(rule_14_ip_texts_are_refused_where_they_are_wrong),
		cmocka_unit_test(ip_is_left_all_zero_by_a_bad_text),
		cmocka_unit_test(no_ip_is_no_text),
		cmocka_unit_test(rule_14_ip_is_printed_as_rfc_5952_says),
		cmocka_unit_test(rule_14_address_texts_mean_what_they_say),
		cmocka_unit_test(rule_14_address_texts_are_refused_where_they_are_wrong),
		cmocka_unit_test(address_without_a_text_is_refused),
		cmocka_unit_test(rule_14_zone_names_are_looked_up_last_and_once),
		cmocka_unit_test(table_that_cannot_be_used_is_refused),
		cmocka_unit_test(values_are_made_of_their_parts),
		cmocka_unit_test(classes_end_where_their_blocks_end),
		cmocka_unit_test(addresses_pass_between_the_families),
		cmocka_unit_test(ips_are_ordered_by_family_then_number),
		cmocka_unit_test(addresses_are_ordered_by_ip_then_port_then_zone),
		cmocka_unit_test(bytes_behind_an_ipv4_address_do_not_count),
		cmocka_unit_test(hashes_are_the_same_everywhere),
		cmocka_unit_test(every_input_bit_changes_half_of_the_hash),
		cmocka_unit_test(hashes_of_neighbours_spread_evenly),
		cmocka_unit_test(inet_pton_agrees_about_every_text),
		cmocka_unit_test(inet_pton_stops_at_a_nul_where_we_refuse),
		cmocka_unit_test(inet_ntop_agrees_but_for_compatible_addresses),
		cmocka_unit_test(every_prefix_is_read_to_its_end_and_no_further),
		cmocka_unit_test(rule_14_what_is_printed_parses_back),
		cmocka_unit_test(short_room_gives_an_empty_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
