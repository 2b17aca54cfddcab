/* SPDX-License-Identifier: 0BSD */
/* Socket addresses: which texts are good and what they mean, which are bad, where and why. */
#include "rows.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

const struct good_address good_addresses[] = {
	{ "1.2.3.4:80", { { 4, { 1, 2, 3, 4 } }, 80, 0U }, "1.2.3.4:80" },
	{ "1.2.3.4:0", { { 4, { 1, 2, 3, 4 } }, 0, 0U }, "1.2.3.4:0" },
	{ "0.0.0.0:65535", { { 4, { 0, 0, 0, 0 } }, 65535, 0U }, "0.0.0.0:65535" },
	{ "1.2.3.4:00080", { { 4, { 1, 2, 3, 4 } }, 80, 0U }, "1.2.3.4:80" },
	{ "1.2.3.4:00000000000000000000000000000000000000001",
	  { { 4, { 1, 2, 3, 4 } }, 1, 0U },
	  "1.2.3.4:1" },
	{ "1.2.3.4:000", { { 4, { 1, 2, 3, 4 } }, 0, 0U }, "1.2.3.4:0" },
	{ "255.255.255.255:10000",
	  { { 4, { 255, 255, 255, 255 } }, 10000, 0U },
	  "255.255.255.255:10000" },
	{ "[::]:0", { { 6, { 0 } }, 0, 0U }, "[::]:0" },
	{ "[::1]:80", { { 6, { [15] = 0x01 } }, 80, 0U }, "[::1]:80" },
	{ "[0:0::1]:080", { { 6, { [15] = 0x01 } }, 80, 0U }, "[::1]:80" },
	{ "[fe80::1%2]:80",
	  { { 6, { 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01 } }, 80, 2U },
	  "[fe80::1%2]:80" },
	{ "[fe80::1%002]:80",
	  { { 6, { 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01 } }, 80, 2U },
	  "[fe80::1%2]:80" },
	{ "[fe80::1%0]:80",
	  { { 6, { 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01 } }, 80, 0U },
	  "[fe80::1]:80" },
	{ "[fe80::1%4294967295]:80",
	  { { 6, { 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01 } }, 80, 4294967295U },
	  "[fe80::1%4294967295]:80" },
	{ "[ff02::1%10]:5353",
	  { { 6, { 0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01 } }, 5353, 10U },
	  "[ff02::1%10]:5353" },
	{ "[::ffff:1.2.3.4]:80",
	  { { 6, { [10] = 0xff, 0xff, 0x01, 0x02, 0x03, 0x04 } }, 80, 0U },
	  "[::ffff:1.2.3.4]:80" },
	{ "[::ffff:102:304%7]:80",
	  { { 6, { [10] = 0xff, 0xff, 0x01, 0x02, 0x03, 0x04 } }, 80, 7U },
	  "[::ffff:1.2.3.4%7]:80" },
	{ "[::1.2.3.4]:80",
	  { { 6, { [12] = 0x01, 0x02, 0x03, 0x04 } }, 80, 0U },
	  "[::102:304]:80" },
	{ "[1:2:3:4:5:6:7:8]:65535",
	  { { 6, { 0, 0x01, 0, 0x02, 0, 0x03, 0, 0x04, 0, 0x05, 0, 0x06, 0, 0x07, 0, 0x08 } },
	    65535,
	    0U },
	  "[1:2:3:4:5:6:7:8]:65535" },
	{ "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295]:65535",
	  { { 6,
	      { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff } },
	    65535,
	    4294967295U },
	  "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295]:65535" },
};
const size_t good_address_count = sizeof(good_addresses) / sizeof(good_addresses[0]);

static const struct bad_text bad_addresses[] = {
	{ "nothing", TEXT(""), { 0, 1, "an address is missing" } },
	{ "NUL alone", TEXT("\000"), { 0, 1, "a NUL byte cannot stand here" } },
	{ "port: missing with its colon", TEXT("1.2.3.4"), { 7, 1, "a port is missing" } },
	{ "port: missing", TEXT("1.2.3.4:"), { 8, 1, "a port is missing" } },
	{ "port: missing behind a bracket", TEXT("[::1]"), { 5, 1, "a port is missing" } },
	{ "port: missing behind bracket and colon", TEXT("[::1]:"), { 6, 1, "a port is missing" } },
	{ "port: 65536", TEXT("1.2.3.4:65536"), { 8, 5, "a port is at most 65535" } },
	{ "port: 2 to the 32nd, and 80",
	  TEXT("1.2.3.4:4294967376"),
	  { 8, 10, "a port is at most 65535" } },
	{ "port: 2 to the 64th, and 80",
	  TEXT("[::1]:18446744073709551696"),
	  { 6, 20, "a port is at most 65535" } },
	{ "port: a name", TEXT("1.2.3.4:http"), { 8, 1, "a port is decimal digits" } },
	{ "port: letter behind", TEXT("1.2.3.4:80x"), { 10, 1, "a port is decimal digits" } },
	{ "port: hexadecimal", TEXT("1.2.3.4:0x50"), { 9, 1, "a port is decimal digits" } },
	{ "port: minus", TEXT("1.2.3.4:-1"), { 8, 1, "a sign is not part of an address" } },
	{ "port: plus", TEXT("1.2.3.4:+80"), { 8, 1, "a sign is not part of an address" } },
	{ "port: blank before",
	  TEXT("1.2.3.4: 80"),
	  { 8, 1, "no blank stands here" } },
	{ "port: blank behind",
	  TEXT("1.2.3.4:80 "),
	  { 10, 1, "no blank stands here" } },
	{ "port: newline behind",
	  TEXT("1.2.3.4:80\n"),
	  { 10, 1, "no line end stands here" } },
	{ "port: NUL behind",
	  TEXT("1.2.3.4:80\000"),
	  { 10, 1, "a NUL byte cannot stand here" } },
	{ "port: two", TEXT("1.2.3.4:80:90"), { 10, 1, "a port is decimal digits" } },
	{ "port: a prefix behind",
	  TEXT("1.2.3.4:80/24"),
	  { 10, 1, "a prefix length is not part of an address" } },
	{ "port: without a colon",
	  TEXT("[::1]80"),
	  { 5, 1, "a colon stands between an address and its port" } },
	{ "IPv4: part over 255", TEXT("1.2.3.256:80"), { 6, 3, "a part is at most 255" } },
	{ "IPv4: leading zero",
	  TEXT("1.2.03.4:80"),
	  { 4, 1, "leading zero: it could be read as octal" } },
	{ "IPv4: three parts",
	  TEXT("1.2.3:80"),
	  { 5, 1, "a part is missing: an IPv4 address has four" } },
	{ "IPv4: one part",
	  TEXT("12:80"),
	  { 2, 1, "a part is missing: an IPv4 address has four" } },
	{ "IPv4: empty part", TEXT("1..3.4:80"), { 2, 1, "a part is empty" } },
	{ "IPv4: a dot first", TEXT(".1.2.3:80"), { 0, 1, "a part is empty" } },
	{ "IPv4: five parts",
	  TEXT("1.2.3.4.5:80"),
	  { 7, 1, "an IPv4 address has no more than four parts" } },
	{ "IPv4: a prefix",
	  TEXT("1.2.3.4/8:80"),
	  { 7, 1, "a prefix length is not part of an address" } },
	{ "IPv4: a prefix, no port",
	  TEXT("1.2.3.4/8"),
	  { 7, 1, "a prefix length is not part of an address" } },
	{ "IPv4: a zone", TEXT("1.2.3.4%1:80"), { 7, 1, "only an IPv6 address has a zone" } },
	{ "IPv4: a bracket behind",
	  TEXT("1.2.3.4]:80"),
	  { 7, 1, "an opening bracket is missing" } },
	{ "IPv4: blank before",
	  TEXT(" 1.2.3.4:80"),
	  { 0, 1, "no blank stands here" } },
	{ "IPv4: blank before the colon",
	  TEXT("1.2.3.4 :80"),
	  { 7, 1, "no blank stands here" } },
	{ "IPv4: other text behind",
	  TEXT("1.2.3.4x80"),
	  { 7, 1, "a colon stands between an address and its port" } },
	{ "IPv4: hexadecimal", TEXT("1f.2.3.4:80"), { 1, 1, "a part is decimal digits" } },
	{ "no address before the port",
	  TEXT(":80"),
	  { 0, 1, "an address is missing before the port" } },
	{ "bracket first", TEXT("]:80"), { 0, 1, "an opening bracket is missing" } },
	{ "zone first", TEXT("%1:80"), { 0, 1, "an address is missing before the zone" } },
	{ "one letter", TEXT("f:1"), { 0, 1, "an address begins with a digit or a bracket" } },
	{ "not ASCII", TEXT("\351:80"), { 0, 1, "only ASCII characters can stand here" } },
	{ "a name and a port",
	  TEXT("localhost:80"),
	  { 0, 9, "this is a host name, and names are not resolved here" } },
	{ "a name",
	  TEXT("example.com"),
	  { 0, 11, "this is a host name, and names are not resolved here" } },
	{ "a name with the root's dot and a port",
	  TEXT("example.com.:80"),
	  { 0, 12, "this is a host name, and names are not resolved here" } },
	{ "a name of hexadecimal digits",
	  TEXT("fe80:1"),
	  { 0, 4, "this is a host name, and names are not resolved here" } },
	{ "naked IPv6 and a port",
	  TEXT("::1:80"),
	  { 0, 6, "an IPv6 address stands in brackets before its port: [::1]:80" } },
	{ "naked IPv6",
	  TEXT("::1"),
	  { 0, 3, "an IPv6 address stands in brackets before its port: [::1]:80" } },
	{ "naked IPv6, full",
	  TEXT("1:2:3:4:5:6:7:8"),
	  { 0, 15, "an IPv6 address stands in brackets before its port: [::1]:80" } },
	{ "naked IPv6, zone and port",
	  TEXT("fe80::1%2:80"),
	  { 0, 7, "an IPv6 address stands in brackets before its port: [::1]:80" } },
	{ "naked IPv6, embedded",
	  TEXT("::ffff:1.2.3.4:80"),
	  { 0, 17, "an IPv6 address stands in brackets before its port: [::1]:80" } },
	{ "brackets: none closed", TEXT("[::1"), { 4, 1, "a closing bracket is missing" } },
	{ "brackets: none closed before a port",
	  TEXT("[::1:80"),
	  { 7, 1, "a closing bracket is missing" } },
	{ "brackets: a port inside",
	  TEXT("[::1.2.3.4:80"),
	  { 10, 1, "a port stands after the closing bracket" } },
	{ "brackets: empty",
	  TEXT("[]:80"),
	  { 1, 1, "a group is missing: an IPv6 address has eight, or \"::\"" } },
	{ "brackets: an opening one alone",
	  TEXT("["),
	  { 1, 1, "a group is missing: an IPv6 address has eight, or \"::\"" } },
	{ "brackets: a colon alone",
	  TEXT("[:80"),
	  { 1, 1, "a group is missing before the colon" } },
	{ "brackets: twice", TEXT("[[::1]]:80"), { 1, 1, "a group is hexadecimal digits" } },
	{ "brackets: closed twice",
	  TEXT("[::1]]:80"),
	  { 5, 1, "a colon stands between an address and its port" } },
	{ "brackets: around IPv4",
	  TEXT("[1.2.3.4]:80"),
	  { 0, 1, "brackets are for an IPv6 address" } },
	{ "brackets: around a name",
	  TEXT("[localhost]:80"),
	  { 1, 1, "a group is hexadecimal digits" } },
	{ "brackets: blank inside",
	  TEXT("[ ::1]:80"),
	  { 1, 1, "no blank stands here" } },
	{ "brackets: NUL inside",
	  TEXT("[::1\000]:80"),
	  { 4, 1, "a NUL byte cannot stand here" } },
	{ "brackets: blank behind",
	  TEXT("[::1] :80"),
	  { 5, 1, "no blank stands here" } },
	{ "IPv6: letter behind", TEXT("[::1x]:80"), { 4, 1, "a group is hexadecimal digits" } },
	{ "IPv6: letter first", TEXT("[g::]:80"), { 1, 1, "a group is hexadecimal digits" } },
	{ "IPv6: :: twice", TEXT("[1::2::3]:80"), { 5, 2, "\"::\" can stand only once" } },
	{ "IPv6: :: for nothing",
	  TEXT("[1:2:3:4:5:6:7:8::]:80"),
	  { 16, 2, "\"::\" stands for one group or more, and all eight are there" } },
	{ "IPv6: three groups",
	  TEXT("[1:2:3]:80"),
	  { 6, 1, "a group is missing: an IPv6 address has eight, or \"::\"" } },
	{ "IPv6: nine groups",
	  TEXT("[1:2:3:4:5:6:7:8:9]:80"),
	  { 16, 1, "an IPv6 address has no more than eight groups" } },
	{ "IPv6: a group missing at the end",
	  TEXT("[1:2:]:80"),
	  { 5, 1, "a group is missing: an IPv6 address has eight, or \"::\"" } },
	{ "IPv6: five digits", TEXT("[12345::]:80"), { 1, 5, "a group has at most four digits" } },
	{ "IPv6: five parts",
	  TEXT("[::1.2.3.4.5]:80"),
	  { 10, 1, "an IPv4 address has no more than four parts" } },
	{ "IPv6: a prefix",
	  TEXT("[::1/64]:80"),
	  { 4, 1, "a prefix length is not part of an address" } },
	{ "IPv6: a prefix behind",
	  TEXT("[::1]/64"),
	  { 5, 1, "a prefix length is not part of an address" } },
	{ "zone: empty", TEXT("[fe80::1%]:80"), { 9, 1, "a zone is missing" } },
	{ "zone: behind the brackets",
	  TEXT("[::1]%2:80"),
	  { 5, 1, "the zone stands inside the brackets" } },
	{ "zone: 2 to the 32nd",
	  TEXT("[fe80::1%4294967296]:80"),
	  { 9, 10, "a zone is at most 4294967295" } },
	{ "zone: 2 to the 64th, and 1",
	  TEXT("[fe80::1%18446744073709551617]:80"),
	  { 9, 20, "a zone is at most 4294967295" } },
	{ "zone: a name",
	  TEXT("[fe80::1%eth0]:80"),
	  { 9, 4, "a zone is a number: names of interfaces are not looked up here" } },
	{ "zone: a number and more",
	  TEXT("[fe80::1%2x]:80"),
	  { 9, 2, "a zone is a number: names of interfaces are not looked up here" } },
	{ "zone: minus",
	  TEXT("[fe80::1%-1]:80"),
	  { 9, 2, "a zone is a number: names of interfaces are not looked up here" } },
	{ "zone: bracket missing", TEXT("[fe80::1%2"), { 10, 1, "a closing bracket is missing" } },
	{ "zone: bracket missing before a port",
	  TEXT("[fe80::1%2:80"),
	  { 13, 1, "a closing bracket is missing" } },
	{ "zone: empty, bracket missing",
	  TEXT("[fe80::1%"),
	  { 9, 1, "a closing bracket is missing" } },
	{ "zone: a name, port missing", TEXT("[fe80::1%eth0]"), { 14, 1, "a port is missing" } },
	{ "zone: too few groups",
	  TEXT("[1:2%2]:80"),
	  { 4, 1, "a group is missing: an IPv6 address has eight, or \"::\"" } },
};

void rule_14_address_texts_mean_what_they_say(void **state)
{
	static const struct vet_text_error none;
	unsigned failed = 0;

	(void)state;
	for (size_t i = 0; i < good_address_count; i++) {
		const struct good_address *row = &good_addresses[i];
		struct vet_text_error error = { 1, 1, "unset" };
		struct vet_address got, plain;
		char text[VET_ADDRESS_TEXT_SIZE];

		if (vet_address_parse_explain(row->text, strlen(row->text), &got, &error) != 0 ||
		    vet_address_parse(row->text, strlen(row->text), &plain) != 0 ||
		    !vet_address_equal(&got, &row->want) ||
		    !vet_address_equal(&plain, &row->want)) {
			print_error("%s: is not read as it is written\n", row->text);
			failed++;
		}
		failed += !same_error(row->text, &error, &none);
		if (vet_address_format(&row->want, text, sizeof(text)) !=
			    (int)strlen(row->canonical) ||
		    strcmp(text, row->canonical) != 0) {
			print_error("%s: printed %s, want %s\n", row->text, text, row->canonical);
			failed++;
		}
	}
	assert_int_equal(failed, 0);
}

void rule_14_address_texts_are_refused_where_they_are_wrong(void **state)
{
	static const struct vet_address zero;
	unsigned failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(bad_addresses) / sizeof(bad_addresses[0]); i++) {
		const struct bad_text *row = &bad_addresses[i];
		struct vet_text_error error = { 0 };
		struct vet_address got, plain;

		memset(&got, 0xaa, sizeof(got));
		memset(&plain, 0xaa, sizeof(plain));
		if (vet_address_parse_explain(row->text, row->size, &got, &error) != -EINVAL ||
		    vet_address_parse(row->text, row->size, &plain) != -EINVAL ||
		    !vet_address_equal(&got, &zero) || !vet_address_equal(&plain, &zero)) {
			print_error("%s: is not -EINVAL with no address\n", row->name);
			failed++;
		}
		failed += !same_error(row->name, &error, &row->want);
	}
	assert_int_equal(failed, 0);
}

void address_without_a_text_is_refused(void **state)
{
	static const struct unprintable {
		const char *name;
		struct vet_address address;
	} rows[] = {
		{ "no family", { { 0, { 0 } }, 80, 0 } },
		{ "unknown family", { { 5, { 0 } }, 80, 0 } },
		{ "port 65536", { { 4, { 1, 2, 3, 4 } }, 65536, 0 } },
		{ "greatest port", { { 6, { [15] = 1 } }, UINT32_MAX, 0 } },
		{ "IPv4 with a zone", { { 4, { 1, 2, 3, 4 } }, 80, 1 } },
	};
	struct vet_address address;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[VET_ADDRESS_TEXT_SIZE] = "unset";

		if (vet_address_format(&rows[i].address, text, sizeof(text)) != -EINVAL ||
		    text[0] != '\0')
			fail_msg("%s: is printed", rows[i].name);
		assert_int_equal(vet_address_format(&rows[i].address, NULL, 0), -EINVAL);
	}
	assert_int_equal(vet_address_parse(NULL, 0, &address), -EINVAL);
}
