/* SPDX-License-Identifier: 0BSD */
/* IP addresses: which texts are good and what they mean, which are bad, where and why. */
#include "rows.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

const struct good_ip good_ips[] = {
	{ "0.0.0.0", { 4, { 0, 0, 0, 0 } }, "0.0.0.0" },
	{ "1.2.3.4", { 4, { 1, 2, 3, 4 } }, "1.2.3.4" },
	{ "9.10.99.100", { 4, { 9, 10, 99, 100 } }, "9.10.99.100" },
	{ "127.0.0.1", { 4, { 127, 0, 0, 1 } }, "127.0.0.1" },
	{ "199.200.249.250", { 4, { 199, 200, 249, 250 } }, "199.200.249.250" },
	{ "255.255.255.255", { 4, { 255, 255, 255, 255 } }, "255.255.255.255" },
	{ "10.0.100.0", { 4, { 10, 0, 100, 0 } }, "10.0.100.0" },
	{ "::", { 6, { 0 } }, "::" },
	{ "::1", { 6, { [15] = 0x01 } }, "::1" },
	{ "1::", { 6, { 0, 0x01 } }, "1::" },
	{ "::0", { 6, { 0 } }, "::" },
	{ "0::", { 6, { 0 } }, "::" },
	{ "0::0", { 6, { 0 } }, "::" },
	{ "0:0:0:0:0:0:0:0", { 6, { 0 } }, "::" },
	{ "0000:0000:0000:0000:0000:0000:0000:0001", { 6, { [15] = 0x01 } }, "::1" },
	{ "1:2:3:4:5:6:7:8",
	  { 6, { 0, 0x01, 0, 0x02, 0, 0x03, 0, 0x04, 0, 0x05, 0, 0x06, 0, 0x07, 0, 0x08 } },
	  "1:2:3:4:5:6:7:8" },
	{ "fe80::1",
	  { 6, { 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01 } },
	  "fe80::1" },
	{ "FE80::ABCD",
	  { 6, { 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xab, 0xcd } },
	  "fe80::abcd" },
	{ "aBcD:Ef01::", { 6, { 0xab, 0xcd, 0xef, 0x01 } }, "abcd:ef01::" },
	{ "2001:db8::8a2e:370:7334",
	  { 6, { 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0x8a, 0x2e, 0x03, 0x70, 0x73, 0x34 } },
	  "2001:db8::8a2e:370:7334" },
	{ "2001:0db8:0000:0000:0000:ff00:0042:8329",
	  { 6, { 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0xff, 0, 0, 0x42, 0x83, 0x29 } },
	  "2001:db8::ff00:42:8329" },
	{ "1:2:3:4:5:6:7::",
	  { 6, { 0, 0x01, 0, 0x02, 0, 0x03, 0, 0x04, 0, 0x05, 0, 0x06, 0, 0x07 } },
	  "1:2:3:4:5:6:7:0" },
	{ "::2:3:4:5:6:7:8",
	  { 6, { 0, 0, 0, 0x02, 0, 0x03, 0, 0x04, 0, 0x05, 0, 0x06, 0, 0x07, 0, 0x08 } },
	  "0:2:3:4:5:6:7:8" },
	{ "1::3:4:5:6:7:8",
	  { 6, { 0, 0x01, 0, 0, 0, 0x03, 0, 0x04, 0, 0x05, 0, 0x06, 0, 0x07, 0, 0x08 } },
	  "1:0:3:4:5:6:7:8" },
	{ "1:2:3:4:5:6::8",
	  { 6, { 0, 0x01, 0, 0x02, 0, 0x03, 0, 0x04, 0, 0x05, 0, 0x06, 0, 0, 0, 0x08 } },
	  "1:2:3:4:5:6:0:8" },
	{ "1:2:3:4:5:6::",
	  { 6, { 0, 0x01, 0, 0x02, 0, 0x03, 0, 0x04, 0, 0x05, 0, 0x06 } },
	  "1:2:3:4:5:6::" },
	{ "::3:4:5:6:7:8",
	  { 6, { [5] = 0x03, 0x00, 0x04, 0x00, 0x05, 0x00, 0x06, 0x00, 0x07, 0x00, 0x08 } },
	  "::3:4:5:6:7:8" },
	{ "1:0:0:4:0:0:0:8",
	  { 6, { 0, 0x01, 0, 0, 0, 0, 0, 0x04, 0, 0, 0, 0, 0, 0, 0, 0x08 } },
	  "1:0:0:4::8" },
	{ "1:0:0:0:5:0:0:8",
	  { 6, { 0, 0x01, 0, 0, 0, 0, 0, 0, 0, 0x05, 0, 0, 0, 0, 0, 0x08 } },
	  "1::5:0:0:8" },
	{ "1:0:0:4:5:0:0:8",
	  { 6, { 0, 0x01, 0, 0, 0, 0, 0, 0x04, 0, 0x05, 0, 0, 0, 0, 0, 0x08 } },
	  "1::4:5:0:0:8" },
	{ "0:0:3:4:5:0:0:0", { 6, { [5] = 0x03, 0x00, 0x04, 0x00, 0x05 } }, "0:0:3:4:5::" },
	{ "1:0:3:0:5:0:7:0",
	  { 6, { 0, 0x01, 0, 0, 0, 0x03, 0, 0, 0, 0x05, 0, 0, 0, 0x07 } },
	  "1:0:3:0:5:0:7:0" },
	{ "0:2:0:0:5:6:7:8",
	  { 6, { 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0x05, 0, 0x06, 0, 0x07, 0, 0x08 } },
	  "0:2::5:6:7:8" },
	{ "2001:db8::0:1:0:0:1",
	  { 6, { 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0x01, 0, 0, 0, 0, 0, 0x01 } },
	  "2001:db8::1:0:0:1" },
	{ "2001:0:0:1:0:0:0:1",
	  { 6, { 0x20, 0x01, 0, 0, 0, 0, 0, 0x01, 0, 0, 0, 0, 0, 0, 0, 0x01 } },
	  "2001:0:0:1::1" },
	{ "10:100:1000:f:ff:fff:ffff:0",
	  { 6, { 0, 0x10, 0x01, 0, 0x10, 0, 0, 0x0f, 0, 0xff, 0x0f, 0xff, 0xff, 0xff } },
	  "10:100:1000:f:ff:fff:ffff:0" },
	{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	  { 6,
	    { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	      0xff, 0xff } },
	  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
	{ "::1.2.3.4", { 6, { [12] = 0x01, 0x02, 0x03, 0x04 } }, "::102:304" },
	{ "::0.0.0.1", { 6, { [15] = 0x01 } }, "::1" },
	{ "::0.0.0.0", { 6, { 0 } }, "::" },
	{ "::ffff:1.2.3.4",
	  { 6, { [10] = 0xff, 0xff, 0x01, 0x02, 0x03, 0x04 } },
	  "::ffff:1.2.3.4" },
	{ "::FFFF:102:304",
	  { 6, { [10] = 0xff, 0xff, 0x01, 0x02, 0x03, 0x04 } },
	  "::ffff:1.2.3.4" },
	{ "::ffff:0:0", { 6, { [10] = 0xff, 0xff } }, "::ffff:0.0.0.0" },
	{ "::ffff:255.255.255.255",
	  { 6, { [10] = 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } },
	  "::ffff:255.255.255.255" },
	{ "0:0:0:0:0:ffff:1.2.3.4",
	  { 6, { [10] = 0xff, 0xff, 0x01, 0x02, 0x03, 0x04 } },
	  "::ffff:1.2.3.4" },
	{ "1:2:3:4:5:6:1.2.3.4",
	  { 6, { 0, 0x01, 0, 0x02, 0, 0x03, 0, 0x04, 0, 0x05, 0, 0x06, 0x01, 0x02, 0x03, 0x04 } },
	  "1:2:3:4:5:6:102:304" },
	{ "1::1.2.3.4",
	  { 6, { 0, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01, 0x02, 0x03, 0x04 } },
	  "1::102:304" },
	{ "1:2:3:4:5::1.2.3.4",
	  { 6, { 0, 0x01, 0, 0x02, 0, 0x03, 0, 0x04, 0, 0x05, 0, 0, 0x01, 0x02, 0x03, 0x04 } },
	  "1:2:3:4:5:0:102:304" },
	{ "::2:3:4:5:6:1.2.3.4",
	  { 6, { 0, 0, 0, 0x02, 0, 0x03, 0, 0x04, 0, 0x05, 0, 0x06, 0x01, 0x02, 0x03, 0x04 } },
	  "0:2:3:4:5:6:102:304" },
	{ "64:ff9b::192.0.2.33",
	  { 6, { 0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0x02, 0x21 } },
	  "64:ff9b::c000:221" },
	{ "::ffff:0:1.2.3.4",
	  { 6, { [8] = 0xff, 0xff, 0x00, 0x00, 0x01, 0x02, 0x03, 0x04 } },
	  "::ffff:0:102:304" },
	{ "::fffe:1.2.3.4",
	  { 6, { [10] = 0xff, 0xfe, 0x01, 0x02, 0x03, 0x04 } },
	  "::fffe:102:304" },
	{ "1::ffff:1.2.3.4",
	  { 6, { 0, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0x01, 0x02, 0x03, 0x04 } },
	  "1::ffff:102:304" },
};
const size_t good_ip_count = sizeof(good_ips) / sizeof(good_ips[0]);

static const struct bad_text bad_ips[] = {
	{ "nothing", TEXT(""), { 0, 1, "an address is missing" } },
	{ "IPv4: one part", TEXT("127"), { 3, 1, "a part is missing: an IPv4 address has four" } },
	{ "IPv4: three parts",
	  TEXT("1.2.3"),
	  { 5, 1, "a part is missing: an IPv4 address has four" } },
	{ "IPv4: a dot at the end",
	  TEXT("1.2.3."),
	  { 6, 1, "a part is missing: an IPv4 address has four" } },
	{ "IPv4: three parts and a port",
	  TEXT("1.2.3:80"),
	  { 5, 1, "a part is missing: an IPv4 address has four" } },
	{ "IPv4: three parts and a prefix",
	  TEXT("1.2.3/8"),
	  { 5, 1, "a part is missing: an IPv4 address has four" } },
	{ "IPv4: three parts and a zone",
	  TEXT("1.2.3%1"),
	  { 5, 1, "a part is missing: an IPv4 address has four" } },
	{ "IPv4: three parts and a bracket",
	  TEXT("1.2.3]"),
	  { 5, 1, "a part is missing: an IPv4 address has four" } },
	{ "IPv4: empty part", TEXT("1..3.4"), { 2, 1, "a part is empty" } },
	{ "IPv4: empty first part", TEXT(".1.2.3"), { 0, 1, "a part is empty" } },
	{ "IPv4: two dots alone", TEXT(".."), { 0, 1, "a part is empty" } },
	{ "IPv4: empty last part before a prefix", TEXT("1.2.3./8"), { 6, 1, "a part is empty" } },
	{ "IPv4: empty last part before a port", TEXT("1.2.3.:80"), { 6, 1, "a part is empty" } },
	{ "IPv4: empty last part before a zone", TEXT("1.2.3.%1"), { 6, 1, "a part is empty" } },
	{ "IPv4: empty last part before a bracket", TEXT("1.2.3.]"), { 6, 1, "a part is empty" } },
	{ "IPv4: 256 first", TEXT("256.2.3.4"), { 0, 3, "a part is at most 255" } },
	{ "IPv4: 256 last", TEXT("1.2.3.256"), { 6, 3, "a part is at most 255" } },
	{ "IPv4: 300", TEXT("1.300.3.4"), { 2, 3, "a part is at most 255" } },
	{ "IPv4: 999", TEXT("1.2.999.4"), { 4, 3, "a part is at most 255" } },
	{ "IPv4: four digits", TEXT("1.2.3.1000"), { 6, 4, "a part is at most 255" } },
	{ "IPv4: 2 to the 32nd, and 1",
	  TEXT("4294967297.2.3.4"),
	  { 0, 10, "a part is at most 255" } },
	{ "IPv4: 2 to the 64th, and 1",
	  TEXT("1.2.3.18446744073709551617"),
	  { 6, 20, "a part is at most 255" } },
	{ "IPv4: leading zero",
	  TEXT("01.2.3.4"),
	  { 0, 1, "leading zero: it could be read as octal" } },
	{ "IPv4: leading zero, last",
	  TEXT("1.2.3.04"),
	  { 6, 1, "leading zero: it could be read as octal" } },
	{ "IPv4: two zeros",
	  TEXT("00.0.0.0"),
	  { 0, 1, "leading zero: it could be read as octal" } },
	{ "IPv4: leading zero and too large",
	  TEXT("1.0999.3.4"),
	  { 2, 1, "leading zero: it could be read as octal" } },
	{ "IPv4: leading zeros to no end",
	  TEXT("1.2.3.00000000000000000004"),
	  { 6, 1, "leading zero: it could be read as octal" } },
	{ "IPv4: five parts",
	  TEXT("1.2.3.4.5"),
	  { 7, 1, "an IPv4 address has no more than four parts" } },
	{ "IPv4: a dot behind",
	  TEXT("1.2.3.4."),
	  { 7, 1, "an IPv4 address has no more than four parts" } },
	{ "IPv4: a port", TEXT("1.2.3.4:80"), { 7, 1, "a port is not part of an IP address" } },
	{ "IPv4: a prefix",
	  TEXT("1.2.3.4/8"),
	  { 7, 1, "a prefix length is not part of an address" } },
	{ "IPv4: a zone", TEXT("1.2.3.4%1"), { 7, 1, "a zone is not part of an IP address" } },
	{ "IPv4: a bracket behind",
	  TEXT("1.2.3.4]"),
	  { 7, 1, "brackets are not part of an IP address" } },
	{ "IPv4: blank behind", TEXT("1.2.3.4 "), { 7, 1, "no blank stands here" } },
	{ "IPv4: blank before", TEXT(" 1.2.3.4"), { 0, 1, "no blank stands here" } },
	{ "IPv4: blank within", TEXT("1.2 .3.4"), { 3, 1, "no blank stands here" } },
	{ "IPv4: tab", TEXT("1.2.3.4\t"), { 7, 1, "no blank stands here" } },
	{ "IPv4: newline", TEXT("1.2.3.4\n"), { 7, 1, "no line end stands here" } },
	{ "IPv4: carriage return",
	  TEXT("1.2.3.4\r"),
	  { 7, 1, "no line end stands here" } },
	{ "IPv4: NUL behind",
	  TEXT("1.2.3.4\000"),
	  { 7, 1, "a NUL byte cannot stand here" } },
	{ "IPv4: NUL before",
	  TEXT("\0001.2.3.4"),
	  { 0, 1, "a NUL byte cannot stand here" } },
	{ "IPv4: NUL for a dot",
	  TEXT("1.2.3\0004"),
	  { 5, 1, "a NUL byte cannot stand here" } },
	{ "IPv4: letter for a part", TEXT("1.2.3.x"), { 6, 1, "a part is decimal digits" } },
	{ "IPv4: letter behind a part", TEXT("1.2x.3.4"), { 3, 1, "a part is decimal digits" } },
	{ "IPv4: letter behind", TEXT("1.2.3.4x"), { 7, 1, "a part is decimal digits" } },
	{ "IPv4: hexadecimal", TEXT("0x7f.0.0.1"), { 1, 1, "a part is decimal digits" } },
	{ "IPv4: hexadecimal digits", TEXT("a.b.c.d"), { 0, 1, "a part is decimal digits" } },
	{ "IPv4: minus", TEXT("1.2.3.-4"), { 6, 1, "a sign is not part of an address" } },
	{ "IPv4: plus", TEXT("+1.2.3.4"), { 0, 1, "a sign is not part of an address" } },
	{ "IPv4: comma", TEXT("1,2.3.4"), { 1, 1, "a part is decimal digits" } },
	{ "IPv4: a digit of Arabic",
	  TEXT("1.2.3.\331\244"),
	  { 6, 1, "only ASCII characters can stand here" } },
	{ "a name",
	  TEXT("localhost"),
	  { 0, 9, "this is a host name, and names are not resolved here" } },
	{ "a name with dots",
	  TEXT("example.com"),
	  { 0, 11, "this is a host name, and names are not resolved here" } },
	{ "a name with the root's dot",
	  TEXT("example.com."),
	  { 0, 12, "this is a host name, and names are not resolved here" } },
	{ "a name in capitals",
	  TEXT("EXAMPLE.ORG"),
	  { 0, 11, "this is a host name, and names are not resolved here" } },
	{ "a name beyond Z",
	  TEXT("host[1]"),
	  { 0, 1, "an address begins with a digit or a colon" } },
	{ "a name that begins with digits",
	  TEXT("163.com"),
	  { 0, 7, "this is a host name, and names are not resolved here" } },
	{ "a name with a hyphen",
	  TEXT("my-host.example"),
	  { 0, 15, "this is a host name, and names are not resolved here" } },
	{ "a name with an underscore",
	  TEXT("my_host"),
	  { 0, 7, "this is a host name, and names are not resolved here" } },
	{ "a name and a port",
	  TEXT("localhost:80"),
	  { 0, 9, "this is a host name, and names are not resolved here" } },
	{ "a name of hexadecimal digits",
	  TEXT("fe80"),
	  { 0, 4, "this is a host name, and names are not resolved here" } },
	{ "one letter is no name",
	  TEXT("x"),
	  { 0, 1, "an address begins with a digit or a colon" } },
	{ "one letter at the end is no name", TEXT("a.b.c"), { 0, 1, "a part is decimal digits" } },
	{ "two dots make no name", TEXT("a..com"), { 0, 1, "a part is decimal digits" } },
	{ "digits, then letters",
	  TEXT("12ab"),
	  { 4, 1, "a group is missing: an IPv6 address has eight, or \"::\"" } },
	{ "another letter of Latin",
	  TEXT("\351"),
	  { 0, 1, "only ASCII characters can stand here" } },
	{ "a bracket", TEXT("[::1]"), { 0, 1, "brackets are not part of an IP address" } },
	{ "a closing bracket", TEXT("]"), { 0, 1, "brackets are not part of an IP address" } },
	{ "a zone alone", TEXT("%1"), { 0, 1, "an address is missing before the zone" } },
	{ "a slash alone", TEXT("/"), { 0, 1, "a prefix length is not part of an address" } },
	{ "letter beyond f", TEXT("g::"), { 0, 1, "an address begins with a digit or a colon" } },
	{ "IPv6: one colon", TEXT(":"), { 0, 1, "a group is missing before the colon" } },
	{ "IPv6: colon first", TEXT(":1"), { 0, 1, "a group is missing before the colon" } },
	{ "IPv6: colon first, eight groups",
	  TEXT(":1:2:3:4:5:6:7:8"),
	  { 0, 1, "a group is missing before the colon" } },
	{ "IPv6: colon last", TEXT("1:"), { 2, 1, "a group is missing after the colon" } },
	{ "IPv6: colon last behind ::",
	  TEXT("1::2:"),
	  { 5, 1, "a group is missing after the colon" } },
	{ "IPv6: colon last behind seven",
	  TEXT("1:2:3:4:5:6:7:"),
	  { 14, 1, "a group is missing after the colon" } },
	{ "IPv6: three colons", TEXT(":::"), { 2, 1, "a third colon in a row" } },
	{ "IPv6: three colons within", TEXT("1:::2"), { 3, 1, "a third colon in a row" } },
	{ "IPv6: :: twice", TEXT("1::2::3"), { 4, 2, "\"::\" can stand only once" } },
	{ "IPv6: :: twice, first and last", TEXT("::1::"), { 3, 2, "\"::\" can stand only once" } },
	{ "IPv6: two groups",
	  TEXT("1:2"),
	  { 3, 1, "a group is missing: an IPv6 address has eight, or \"::\"" } },
	{ "IPv6: two words",
	  TEXT("dead:beef"),
	  { 9, 1, "a group is missing: an IPv6 address has eight, or \"::\"" } },
	{ "IPv6: seven groups",
	  TEXT("1:2:3:4:5:6:7"),
	  { 13, 1, "a group is missing: an IPv6 address has eight, or \"::\"" } },
	{ "IPv6: nine groups",
	  TEXT("1:2:3:4:5:6:7:8:9"),
	  { 15, 1, "an IPv6 address has no more than eight groups" } },
	{ "IPv6: eight groups and a colon",
	  TEXT("1:2:3:4:5:6:7:8:"),
	  { 15, 1, "an IPv6 address has no more than eight groups" } },
	{ "IPv6: nine groups with ::",
	  TEXT("1::3:4:5:6:7:8:9:0"),
	  { 16, 1, "an IPv6 address has no more than eight groups" } },
	{ "IPv6: :: for nothing at the end",
	  TEXT("1:2:3:4:5:6:7:8::"),
	  { 15, 2, "\"::\" stands for one group or more, and all eight are there" } },
	{ "IPv6: :: for nothing at the start",
	  TEXT("::1:2:3:4:5:6:7:8"),
	  { 0, 2, "\"::\" stands for one group or more, and all eight are there" } },
	{ "IPv6: :: for nothing within",
	  TEXT("1:2:3::4:5:6:7:8"),
	  { 5, 2, "\"::\" stands for one group or more, and all eight are there" } },
	{ "IPv6: five digits first", TEXT("12345::"), { 0, 5, "a group has at most four digits" } },
	{ "IPv6: five digits last", TEXT("::12345"), { 2, 5, "a group has at most four digits" } },
	{ "IPv6: five zeros", TEXT("1:00000:3::"), { 2, 5, "a group has at most four digits" } },
	{ "IPv6: many digits",
	  TEXT("::ffffffffffffffffffff1"),
	  { 2, 21, "a group has at most four digits" } },
	{ "IPv6: letter beyond f", TEXT("1:2g::"), { 3, 1, "a group is hexadecimal digits" } },
	{ "IPv6: letter for a group", TEXT("1:g::"), { 2, 1, "a group is hexadecimal digits" } },
	{ "IPv6: letter behind ::", TEXT("fe80::g"), { 6, 1, "a group is hexadecimal digits" } },
	{ "IPv6: letter behind eight",
	  TEXT("1:2:3:4:5:6:7:8x"),
	  { 15, 1, "a group is hexadecimal digits" } },
	{ "IPv6: minus", TEXT("::-1"), { 2, 1, "a sign is not part of an address" } },
	{ "IPv6: blank", TEXT("::1 "), { 3, 1, "no blank stands here" } },
	{ "IPv6: NUL", TEXT("::1\000"), { 3, 1, "a NUL byte cannot stand here" } },
	{ "IPv6: NUL within",
	  TEXT("1:\000:3::"),
	  { 2, 1, "a NUL byte cannot stand here" } },
	{ "IPv6: not ASCII",
	  TEXT("::\377"),
	  { 2, 1, "only ASCII characters can stand here" } },
	{ "IPv6: a zone", TEXT("fe80::1%eth0"), { 7, 1, "a zone is not part of an IP address" } },
	{ "IPv6: a zone behind too few",
	  TEXT("1:2%1"),
	  { 3, 1, "a group is missing: an IPv6 address has eight, or \"::\"" } },
	{ "IPv6: a zone behind a colon",
	  TEXT("1:%1"),
	  { 2, 1, "a group is missing: an IPv6 address has eight, or \"::\"" } },
	{ "IPv6: a prefix", TEXT("::1/64"), { 3, 1, "a prefix length is not part of an address" } },
	{ "IPv6: a bracket behind",
	  TEXT("::1]"),
	  { 3, 1, "brackets are not part of an IP address" } },
	{ "IPv6: a bracket behind too few",
	  TEXT("1:2]"),
	  { 3, 1, "a group is missing: an IPv6 address has eight, or \"::\"" } },
	{ "IPv6: a port behind a bracket",
	  TEXT("::1]:80"),
	  { 3, 1, "brackets are not part of an IP address" } },
	{ "embedded: part over 255", TEXT("::1.2.3.256"), { 8, 3, "a part is at most 255" } },
	{ "embedded: leading zero",
	  TEXT("::01.2.3.4"),
	  { 2, 1, "leading zero: it could be read as octal" } },
	{ "embedded: three parts",
	  TEXT("::1.2.3"),
	  { 7, 1, "a part is missing: an IPv4 address has four" } },
	{ "embedded: five parts",
	  TEXT("::1.2.3.4.5"),
	  { 9, 1, "an IPv4 address has no more than four parts" } },
	{ "embedded: a group behind",
	  TEXT("::1.2.3.4:5"),
	  { 9, 1, "a port is not part of an IP address" } },
	{ "embedded: hexadecimal part", TEXT("::a.2.3.4"), { 2, 1, "a part is decimal digits" } },
	{ "embedded: four digits, the dot after",
	  TEXT("::1234.1.1.1"),
	  { 2, 4, "a part is at most 255" } },
	{ "embedded: after five groups",
	  TEXT("1:2:3:4:5:1.2.3.4"),
	  { 10, 7, "six groups, or \"::\", come before an IPv4 address" } },
	{ "embedded: after seven groups",
	  TEXT("1:2:3:4:5:6:7:1.2.3.4"),
	  { 14, 7, "an IPv4 address takes two groups, and there is room for one" } },
	{ "embedded: after one",
	  TEXT("a:1.2.3.4"),
	  { 2, 7, "six groups, or \"::\", come before an IPv4 address" } },
	{ "embedded: :: for nothing",
	  TEXT("::2:3:4:5:6:7:1.2.3.4"),
	  { 0, 2, "\"::\" stands for one group or more, and all eight are there" } },
	{ "embedded: in the last group",
	  TEXT("1:2:3:4:5:6:7:8.9"),
	  { 17, 1, "a part is missing: an IPv4 address has four" } },
	{ "embedded: after ::, seven groups",
	  TEXT("::2:3:4:5:6:7:8:1.2.3.4"),
	  { 16, 7, "an IPv4 address takes two groups, and there is room for one" } },
};

void rule_14_ip_texts_mean_what_they_say(void **state)
{
	unsigned failed = 0;

	(void)state;
	for (size_t i = 0; i < good_ip_count; i++) {
		const struct good_ip *row = &good_ips[i];
		static const struct vet_text_error none;
		struct vet_text_error error = { 1, 1, "unset" };
		struct vet_ip got, plain;

		if (vet_ip_parse_explain(row->text, strlen(row->text), &got, &error) != 0 ||
		    vet_ip_parse(row->text, strlen(row->text), &plain) != 0 ||
		    memcmp(&got, &row->want, sizeof(got)) != 0 ||
		    memcmp(&plain, &row->want, sizeof(plain)) != 0) {
			print_error("%s: is not read as it is written\n", row->text);
			failed++;
		}
		failed += !same_error(row->text, &error, &none);
	}
	assert_int_equal(failed, 0);
}

void rule_14_ip_texts_are_refused_where_they_are_wrong(void **state)
{
	unsigned failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(bad_ips) / sizeof(bad_ips[0]); i++) {
		const struct bad_text *row = &bad_ips[i];
		struct vet_text_error error = { 0 };
		struct vet_ip ip;
		int result = vet_ip_parse_explain(row->text, row->size, &ip, &error);

		if (result != -EINVAL) {
			print_error("%s: returned %d, want -EINVAL\n", row->name, result);
			failed++;
		}
		failed += !same_error(row->name, &error, &row->want);
	}
	assert_int_equal(failed, 0);
}

void ip_is_left_all_zero_by_a_bad_text(void **state)
{
	static const struct vet_ip zero;

	(void)state;
	for (size_t i = 0; i < sizeof(bad_ips) / sizeof(bad_ips[0]); i++) {
		struct vet_ip ip, explained;

		memset(&ip, 0xaa, sizeof(ip));
		memset(&explained, 0xaa, sizeof(explained));
		assert_int_equal(vet_ip_parse(bad_ips[i].text, bad_ips[i].size, &ip), -EINVAL);
		assert_int_equal(
			vet_ip_parse_explain(bad_ips[i].text, bad_ips[i].size, &explained, NULL),
			-EINVAL);
		assert_memory_equal(&ip, &zero, sizeof(ip));
		assert_memory_equal(&explained, &zero, sizeof(explained));
	}
}

void no_ip_is_no_text(void **state)
{
	struct vet_ip ip;

	(void)state;
	assert_int_equal(vet_ip_parse(NULL, 0, &ip), -EINVAL);
}

void rule_14_ip_is_printed_as_rfc_5952_says(void **state)
{
	static const uint8_t unknown[] = { 0, 1, 5, 7, 255 };
	char text[VET_IP_TEXT_SIZE];
	unsigned failed = 0;

	(void)state;
	for (size_t i = 0; i < good_ip_count; i++) {
		const struct good_ip *row = &good_ips[i];
		int length = vet_ip_format(&row->want, text, sizeof(text));

		if (length != (int)strlen(row->canonical) || strcmp(text, row->canonical) != 0) {
			print_error("%s: printed %s, want %s\n", row->text, text, row->canonical);
			failed++;
		}
	}
	assert_int_equal(failed, 0);
	for (size_t i = 0; i < sizeof(unknown); i++) {
		struct vet_ip ip = { .family = unknown[i] };

		assert_int_equal(vet_ip_format(&ip, text, sizeof(text)), -EINVAL);
		assert_string_equal(text, "");
	}
}
