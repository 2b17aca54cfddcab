/* SPDX-License-Identifier: 0BSD */
/* Addresses as values: made, classified, converted, compared. */
#include "rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A row's address; "" is the one of family 0. */
static struct vet_ip ip_of(const char *text)
{
	struct vet_ip ip = { 0 };

	if (*text != '\0')
		assert_int_equal(vet_ip_parse(text, strlen(text), &ip), 0);
	return ip;
}

void values_are_made_of_their_parts(void **state)
{
	static const struct vet_ip four = { 4, { 1, 20, 200, 255 } };
	static const struct vet_ip six = {
		6, { 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0xff, 0, 0, 0xff, 0x12, 0x34, 0xff, 0xff, 0, 1 }
	};
	struct vet_ip made = vet_ipv4(1, 20, 200, 255);
	struct vet_address address = vet_address_of(made, 65535);

	(void)state;
	assert_memory_equal(&made, &four, sizeof(made));
	assert_memory_equal(&address.ip, &four, sizeof(four));
	assert_int_equal(address.port, 65535);
	assert_int_equal(address.scope_id, 0);
	made = vet_ipv6(0x2001, 0xdb8, 0, 0xff00, 0xff, 0x1234, 0xffff, 1);
	assert_memory_equal(&made, &six, sizeof(made));
}

/* ---- classes ---- */

static const struct class
{
	const char *name;
	bool (*holds)(const struct vet_ip *);
} classes[] = {
	{ "unspecified", vet_ip_is_unspecified },
	{ "loopback", vet_ip_is_loopback },
	{ "private", vet_ip_is_private },
	{ "link-local", vet_ip_is_link_local },
	{ "multicast", vet_ip_is_multicast },
	{ "broadcast", vet_ip_is_broadcast },
	{ "documentation", vet_ip_is_documentation },
	{ "mapped", vet_ip_is_ipv4_mapped },
	{ "compatible", vet_ip_is_ipv4_compatible },
};

/* The first and the last address of each block, and those just outside, with all their classes. */
static const struct class_row {
	const char *ip, *want;
} class_rows[] = {
	{ "", "" },
	{ "0.0.0.0", "unspecified" },
	{ "0.0.0.1", "" },
	{ "1.0.0.0", "" },
	{ "126.255.255.255", "" },
	{ "127.0.0.0", "loopback" },
	{ "127.0.0.1", "loopback" },
	{ "127.255.255.255", "loopback" },
	{ "128.0.0.0", "" },
	{ "9.255.255.255", "" },
	{ "10.0.0.0", "private" },
	{ "10.255.255.255", "private" },
	{ "11.0.0.0", "" },
	{ "172.15.255.255", "" },
	{ "172.16.0.0", "private" },
	{ "172.31.255.255", "private" },
	{ "172.32.0.0", "" },
	{ "173.16.0.0", "" },
	{ "192.167.255.255", "" },
	{ "192.168.0.0", "private" },
	{ "192.168.255.255", "private" },
	{ "192.169.0.0", "" },
	{ "169.253.255.255", "" },
	{ "169.254.0.0", "link-local" },
	{ "169.254.255.255", "link-local" },
	{ "169.255.0.0", "" },
	{ "223.255.255.255", "" },
	{ "224.0.0.0", "multicast" },
	{ "239.255.255.255", "multicast" },
	{ "240.0.0.0", "" },
	{ "255.255.255.254", "" },
	{ "255.255.255.255", "broadcast" },
	{ "192.0.1.255", "" },
	{ "192.0.2.0", "documentation" },
	{ "192.0.2.255", "documentation" },
	{ "192.0.3.0", "" },
	{ "198.51.99.255", "" },
	{ "198.51.100.0", "documentation" },
	{ "198.51.100.255", "documentation" },
	{ "198.51.101.0", "" },
	{ "203.0.112.255", "" },
	{ "203.0.113.0", "documentation" },
	{ "203.0.113.255", "documentation" },
	{ "203.0.114.0", "" },
	{ "8.8.8.8", "" },
	{ "::", "unspecified" },
	{ "::1", "loopback" },
	{ "::2", "compatible" },
	{ "::1:0", "compatible" },
	{ "::127.0.0.1", "compatible" },
	{ "::ffff:ffff", "compatible" },
	{ "::1:0:0", "" },
	{ "::1:0:1", "" },
	{ "::fffe:ffff:ffff", "" },
	{ "::ffff:0:0", "mapped" },
	{ "::ffff:127.0.0.1", "mapped" },
	{ "::ffff:10.0.0.1", "mapped" },
	{ "::ffff:255.255.255.255", "mapped" },
	{ "::1:0:0:0", "" },
	{ "0:0:0:1:0:ffff:1.2.3.4", "" },
	{ "8000::1", "" },
	{ "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "" },
	{ "fc00::", "private" },
	{ "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "private" },
	{ "fe00::", "" },
	{ "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "" },
	{ "fe80::", "link-local" },
	{ "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "link-local" },
	{ "fec0::", "" },
	{ "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "" },
	{ "ff00::", "multicast" },
	{ "ff02::1", "multicast" },
	{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "multicast" },
	{ "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "" },
	{ "2001:db8::", "documentation" },
	{ "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "documentation" },
	{ "2001:db9::", "" },
	{ "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "" },
	{ "3fff::", "documentation" },
	{ "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "documentation" },
	{ "3fff:1000::", "" },
	{ "2606:4700::1111", "" },
};

static bool class_row_holds(const struct class_row *row)
{
	struct vet_ip ip = ip_of(row->ip);
	char got[256] = "";

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		size_t length = strlen(got);

		if (classes[i].holds(&ip))
			(void)snprintf(got + length, sizeof(got) - length, "%s%s",
				       length > 0 ? " " : "", classes[i].name);
	}
	if (strcmp(got, row->want) == 0)
		return true;
	print_error("%s: is \"%s\", want \"%s\"\n", row->ip, got, row->want);
	return false;
}

void classes_end_where_their_blocks_end(void **state)
{
	/* What the bytes say is not asked where the family says nothing. */
	static const struct vet_ip odd = { 5, { 127 } }, none = { 0, { 127 } };
	unsigned failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(class_rows) / sizeof(class_rows[0]); i++)
		failed += !class_row_holds(&class_rows[i]);
	assert_int_equal(failed, 0);
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		assert_false(classes[i].holds(&odd));
		assert_false(classes[i].holds(&none));
	}
}

/* ---- between the families ---- */

void addresses_pass_between_the_families(void **state)
{
	static const struct conversion {
		const char *ip, *mapped, *compatible, *ipv4;
	} rows[] = {
		{ "", "", "", "" },
		{ "1.2.3.4", "::ffff:1.2.3.4", "::1.2.3.4", "1.2.3.4" },
		{ "0.0.0.0", "::ffff:0.0.0.0", "::", "0.0.0.0" },
		{ "0.0.0.1", "::ffff:0.0.0.1", "::1", "0.0.0.1" },
		{ "255.255.255.255", "::ffff:255.255.255.255", "::255.255.255.255",
		  "255.255.255.255" },
		{ "::", "::", "::", "::" },
		{ "::1", "::1", "::1", "::1" },
		{ "::2", "::2", "::2", "0.0.0.2" },
		{ "::1.2.3.4", "::1.2.3.4", "::1.2.3.4", "1.2.3.4" },
		{ "::ffff:1.2.3.4", "::ffff:1.2.3.4", "::ffff:1.2.3.4", "1.2.3.4" },
		{ "::ffff:0.0.0.0", "::ffff:0:0", "::ffff:0:0", "0.0.0.0" },
		{ "::fffe:1.2.3.4", "::fffe:1.2.3.4", "::fffe:1.2.3.4", "::fffe:1.2.3.4" },
		{ "2001:db8::1", "2001:db8::1", "2001:db8::1", "2001:db8::1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct vet_ip ip = ip_of(rows[i].ip);
		struct vet_ip got[] = { vet_ip_to_ipv6_mapped(&ip), vet_ip_to_ipv6_compatible(&ip),
					vet_ip_to_ipv4(&ip) };
		struct vet_ip want[] = { ip_of(rows[i].mapped), ip_of(rows[i].compatible),
					 ip_of(rows[i].ipv4) };

		if (memcmp(got, want, sizeof(got)) != 0)
			fail_msg("\"%s\": becomes another address", rows[i].ip);
	}
}

/* ---- order ---- */

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

void ips_are_ordered_by_family_then_number(void **state)
{
	static const char *const ascending[] = {
		"",          "0.0.0.0",
		"0.0.0.255", "0.0.1.0",
		"1.0.0.0",   "127.255.255.255",
		"128.0.0.0", "255.255.255.255",
		"::",        "::1",
		"::ff",      "::100",
		"::1.2.3.4", "::ffff:1.2.3.4",
		"1::",       "7fff::",
		"8000::",    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	};
	const int count = sizeof(ascending) / sizeof(ascending[0]);

	(void)state;
	for (int i = 0; i < count; i++) {
		for (int j = 0; j < count; j++) {
			struct vet_ip a = ip_of(ascending[i]), b = ip_of(ascending[j]);

			if (sign(vet_ip_compare(&a, &b)) != sign(i - j) ||
			    vet_ip_equal(&a, &b) != (i == j))
				fail_msg("\"%s\" and \"%s\"", ascending[i], ascending[j]);
		}
	}
}

void addresses_are_ordered_by_ip_then_port_then_zone(void **state)
{
	static const struct vet_address ascending[] = {
		{ { 0, { 0 } }, 0, 0 },
		{ { 0, { 0 } }, 0, 1 },
		{ { 4, { 1, 2, 3, 4 } }, 0, 0 },
		{ { 4, { 1, 2, 3, 4 } }, 80, 0 },
		{ { 4, { 1, 2, 3, 4 } }, 256, 0 },
		{ { 4, { 1, 2, 3, 5 } }, 0, 0 },
		{ { 6, { [15] = 1 } }, 80, 0 },
		{ { 6, { [15] = 1 } }, 80, 1 },
		{ { 6, { [15] = 1 } }, 80, 0x7fffffff },
		{ { 6, { [15] = 1 } }, 80, 0x80000000 },
		{ { 6, { [15] = 1 } }, 80, UINT32_MAX },
		{ { 6, { [15] = 1 } }, 81, 0 },
		{ { 6, { [15] = 1 } }, UINT32_MAX, 0 },
		{ { 6, { [15] = 2 } }, 0, 0 },
	};
	const int count = sizeof(ascending) / sizeof(ascending[0]);

	(void)state;
	for (int i = 0; i < count; i++) {
		for (int j = 0; j < count; j++) {
			const struct vet_address *a = &ascending[i], *b = &ascending[j];

			if (sign(vet_address_compare(a, b)) != sign(i - j) ||
			    vet_address_equal(a, b) != (i == j))
				fail_msg("rows %d and %d", i, j);
		}
	}
}

void bytes_behind_an_ipv4_address_do_not_count(void **state)
{
	struct vet_ip clean = vet_ipv4(1, 2, 3, 4), dirty = clean;
	struct vet_ip none = { 0 }, dirty_none = { 0, { 1 } };
	char text[VET_IP_TEXT_SIZE];

	(void)state;
	memset(dirty.bytes + 4, 0xff, 12);
	assert_true(vet_ip_equal(&clean, &dirty));
	assert_int_equal(vet_ip_compare(&clean, &dirty), 0);
	assert_true(vet_ip_hash(&clean, 1) == vet_ip_hash(&dirty, 1));
	assert_int_equal(vet_ip_format(&dirty, text, sizeof(text)), 7);
	assert_string_equal(text, "1.2.3.4");
	assert_true(vet_ip_equal(&none, &dirty_none));
	assert_int_equal(vet_ip_compare(&none, &dirty_none), 0);
	assert_true(vet_ip_hash(&none, 1) == vet_ip_hash(&dirty_none, 1));
	dirty = vet_ip_to_ipv6_mapped(&dirty);
	clean = vet_ip_to_ipv6_mapped(&clean);
	assert_memory_equal(&dirty, &clean, sizeof(clean));
}
