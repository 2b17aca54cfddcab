/* SPDX-License-Identifier: 0BSD */
/* The names and sentences of errors. */
#include "stage.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void every_errno_of_posix_and_of_linux_sockets_has_its_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < errno_names_count; i++) {
		const struct errno_name *e = &errno_names[i];
		size_t first = 0;
		while (errno_names[first].number != e->number)
			first++; /* of two names for one number the one of the socket interface */
		assert_string_equal(vet_error_name(-e->number), errno_names[first].name);
	}
}

static void every_name_leads_back_to_its_number(void **state)
{
	(void)state;
	for (size_t i = 0; i < errno_names_count; i++) {
		const struct errno_name *e = &errno_names[i];
		int error = vet_error_from_name(e->name, strlen(e->name));
		if (error != -e->number)
			fail_msg("%s gives %d, not %d", e->name, error, -e->number);
	}
	assert_int_equal(vet_error_from_name("VET_EOF", 7), VET_EOF);
	assert_int_equal(vet_error_from_name("VET_EDEADLINE", 13), VET_EDEADLINE);
	assert_int_equal(vet_error_from_name("VET_ETABLE", 10), VET_ETABLE);
}

static void what_is_no_name_gives_0(void **state)
{
	static const char *const texts[] = {
		"",   "E",       "EPIP", "EPIPES", "epipe",         " EPIPE",
		"OK", "UNKNOWN", "32",   "VET_",   "VET_EDEADLINES"
	};
	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_int_equal(vet_error_from_name(texts[i], strlen(texts[i])), 0);
	assert_int_equal(vet_error_from_name("EPIPE of which no more is read", 5), -EPIPE);
	assert_int_equal(vet_error_from_name("EPIPE\0", 6), 0);
}

static void every_number_has_one_name_which_leads_back(void **state)
{
	(void)state;
	for (int error = -1; error > -6000; error--) {
		const char *name = vet_error_name(error);
		assert_non_null(name);
		if (strcmp(name, "UNKNOWN") != 0)
			assert_int_equal(vet_error_from_name(name, strlen(name)), error);
	}
}

static void vetsocks_own_errors_are_beyond_every_errno(void **state)
{
	(void)state;
	assert_string_equal(vet_error_name(VET_EOF), "VET_EOF");
	assert_string_equal(vet_error_name(VET_EDEADLINE), "VET_EDEADLINE");
	assert_string_equal(vet_error_name(VET_ETABLE), "VET_ETABLE");
	assert_true(VET_EOF < -5000 && VET_EDEADLINE < -5000 && VET_ETABLE < -5000);
}

static void success_is_ok_and_what_is_no_error_is_unknown(void **state)
{
	static const int good[] = { 0, 1, EPIPE, INT_MAX };
	static const int unknown[] = { -4095, -5000, -5999, INT_MIN };
	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_string_equal(vet_error_name(good[i]), "OK");
	for (size_t i = 0; i < COUNT(unknown); i++)
		assert_string_equal(vet_error_name(unknown[i]), "UNKNOWN");
}

static void assert_sentence(int error)
{
	const char *message = vet_error_message(error);
	assert_non_null(message);
	size_t length = strlen(message);
	assert_true(length > 0);
	assert_true(message[length - 1] != '.');
	for (size_t i = 0; i < length; i++)
		assert_true(isprint((unsigned char)message[i]));
}

static void every_error_has_a_sentence_without_a_final_stop(void **state)
{
	(void)state;
	for (size_t i = 0; i < errno_names_count; i++) {
		assert_sentence(-errno_names[i].number);
		assert_string_not_equal(vet_error_message(-errno_names[i].number),
					vet_error_message(-4095));
	}
	assert_sentence(VET_EOF);
	assert_sentence(VET_EDEADLINE);
	assert_sentence(VET_ETABLE);
	assert_sentence(0);
	assert_sentence(INT_MIN);
}

static void errors_that_are_not_merged_have_sentences_of_their_own(void **state)
{
	static const int errors[] = { -EPIPE,        -ECONNRESET, -ECONNABORTED, -ETIMEDOUT,
				      VET_EDEADLINE, VET_EOF,     VET_ETABLE };
	(void)state;
	for (size_t i = 0; i < COUNT(errors); i++)
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(vet_error_message(errors[i]),
						vet_error_message(errors[j]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_errno_of_posix_and_of_linux_sockets_has_its_name),
		cmocka_unit_test(every_name_leads_back_to_its_number),
		cmocka_unit_test(what_is_no_name_gives_0),
		cmocka_unit_test(every_number_has_one_name_which_leads_back),
		cmocka_unit_test(vetsocks_own_errors_are_beyond_every_errno),
		cmocka_unit_test(success_is_ok_and_what_is_no_error_is_unknown),
		cmocka_unit_test(every_error_has_a_sentence_without_a_final_stop),
		cmocka_unit_test(errors_that_are_not_merged_have_sentences_of_their_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
