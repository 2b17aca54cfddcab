/* SPDX-License-Identifier: 0BSD */
/* The tests of addresses: the tables that several of them use, and what they share. */
#ifndef VETSOCK_TEST_ADDRESS_ROWS_H
#define VETSOCK_TEST_ADDRESS_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vetsock/address.h>

/* A text that is an address, what it means, and how it is printed. */
struct good_ip {
	const char *text;
	struct vet_ip want;
	const char *canonical;
};

struct good_address {
	const char *text;
	struct vet_address want;
	const char *canonical;
};

/* A text that is none: where, and why. */
struct bad_text {
	const char *name; /* read by a person when the row fails */
	const char *text;
	size_t size;
	struct vet_text_error want;
};

/* A text and its size, which counts a NUL inside. */
#define TEXT(literal) literal, sizeof(literal) - 1

extern const struct good_ip good_ips[];
extern const size_t good_ip_count;
extern const struct good_address good_addresses[];
extern const size_t good_address_count;

/* A small generator with good bits (splitmix64): the same numbers everywhere. */
uint64_t next_random(uint64_t *state);
/* Below `bound`. */
unsigned pick(uint64_t *state, unsigned bound);
/* VETSOCK_TEST_SEED if it is set, else always the same; printed, so that a failure can be repeated. */
uint64_t test_seed(void);
/* A number of repetitions; fewer where VETSOCK_SLOW says that each takes long. */
unsigned repetitions(unsigned count);

/* Prints what differs, and says whether nothing does. */
bool same_error(const char *name, const struct vet_text_error *got,
		const struct vet_text_error *want);
bool in_bounds(const struct vet_text_error *error, size_t size);
/* A copy without a byte behind it, for the checkers of memory; to be freed. */
char *exact_copy(const char *text, size_t size);

/* The tests: a sentence each. */
typedef void test_function(void **state);

test_function rule_14_ip_texts_mean_what_they_say;
test_function rule_14_ip_texts_are_refused_where_they_are_wrong;
test_function ip_is_left_all_zero_by_a_bad_text;
test_function no_ip_is_no_text;
test_function rule_14_ip_is_printed_as_rfc_5952_says;
test_function rule_14_address_texts_mean_what_they_say;
test_function rule_14_address_texts_are_refused_where_they_are_wrong;
test_function address_without_a_text_is_refused;
test_function rule_14_zone_names_are_looked_up_last_and_once;
test_function table_that_cannot_be_used_is_refused;
test_function values_are_made_of_their_parts;
test_function classes_end_where_their_blocks_end;
test_function addresses_pass_between_the_families;
test_function ips_are_ordered_by_family_then_number;
test_function addresses_are_ordered_by_ip_then_port_then_zone;
test_function bytes_behind_an_ipv4_address_do_not_count;
test_function hashes_are_the_same_everywhere;
test_function every_input_bit_changes_half_of_the_hash;
test_function hashes_of_neighbours_spread_evenly;
test_function inet_pton_agrees_about_every_text;
test_function inet_pton_stops_at_a_nul_where_we_refuse;
test_function inet_ntop_agrees_but_for_compatible_addresses;
test_function every_prefix_is_read_to_its_end_and_no_further;
test_function rule_14_what_is_printed_parses_back;
test_function short_room_gives_an_empty_text;

#endif
