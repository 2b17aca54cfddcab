/* SPDX-License-Identifier: 0BSD */
/* Endpoints as text: what is good and what it means, what is bad, where and why; which values
 * have none. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <vetsock/endpoint.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool same_endpoint(const struct vet_endpoint *a, const struct vet_endpoint *b)
{
	return a->kind == b->kind && a->role == b->role && a->protocol == b->protocol &&
	       a->has_backlog == b->has_backlog && a->backlog == b->backlog &&
	       vet_address_equal(&a->address, &b->address) &&
	       memcmp(a->zone, b->zone, sizeof a->zone) == 0 &&
	       memcmp(&a->options, &b->options, sizeof a->options) == 0;
}

/* ---- what is good ---- */

#define FLAG(name) .options = { UINT64_C(1) << VET_INDEX_##name, { [VET_INDEX_##name] = { 1 } } }
#define VALUE(name, value) \
	.options = { UINT64_C(1) << VET_INDEX_##name, { [VET_INDEX_##name] = { value } } }
#define IPV4(...) .ip = { 4, { __VA_ARGS__ } }
#define IPV6(...) .ip = { 6, { __VA_ARGS__ } }
#define LOOPBACK6 IPV6([15] = 1)

static const struct good {
	const char *text;
	struct vet_endpoint want;
	const char *canonical; /* NULL: the same */
} good[] = {
	{ "tcp://127.0.0.1:80",
	  { .kind = VET_STREAM, .address = { IPV4(127, 0, 0, 1), 80 } },
	  NULL },
	{ "TCP://127.0.0.1:080",
	  { .kind = VET_STREAM, .address = { IPV4(127, 0, 0, 1), 80 } },
	  "tcp://127.0.0.1:80" },
	{ "tcp-listen://[::]:8080?reuse-address&backlog=128",
	  { .kind = VET_STREAM,
	    .role = VET_ROLE_LISTEN,
	    .has_backlog = 1,
	    .backlog = 128,
	    .address = { IPV6(0), 8080 },
	    FLAG(reuse_address) },
	  NULL },
	{ "tcp-listen://[::]:8080?backlog=128&reuse-address=on",
	  { .kind = VET_STREAM,
	    .role = VET_ROLE_LISTEN,
	    .has_backlog = 1,
	    .backlog = 128,
	    .address = { IPV6(0), 8080 },
	    FLAG(reuse_address) },
	  "tcp-listen://[::]:8080?reuse-address&backlog=128" },
	{ "tcp-listen://0.0.0.0:0?backlog=0",
	  { .kind = VET_STREAM,
	    .role = VET_ROLE_LISTEN,
	    .has_backlog = 1,
	    .address = { IPV4(0), 0 } },
	  NULL },
	{ "tcp-listen://0.0.0.0:0?backlog=2147483647",
	  { .kind = VET_STREAM,
	    .role = VET_ROLE_LISTEN,
	    .has_backlog = 1,
	    .backlog = INT32_MAX,
	    .address = { IPV4(0), 0 } },
	  NULL },
	{ "udp://[::1%lo]:53?broadcast",
	  { .kind = VET_DATAGRAM, .zone = "lo", .address = { LOOPBACK6, 53 }, FLAG(broadcast) },
	  NULL },
	{ "udp-bind://0.0.0.0:53",
	  { .kind = VET_DATAGRAM, .role = VET_ROLE_BIND, .address = { IPV4(0), 53 } },
	  NULL },
	{ "raw+icmp://127.0.0.1?ttl=64",
	  { .kind = VET_RAW, .protocol = 1, .address = { IPV4(127, 0, 0, 1), 0 }, VALUE(ttl, 64) },
	  NULL },
	{ "raw-bind+58://[::]",
	  { .kind = VET_RAW, .role = VET_ROLE_BIND, .protocol = 58, .address = { IPV6(0), 0 } },
	  "raw-bind+icmpv6://[::]" },
	{ "Raw+UdpLite://1.2.3.4",
	  { .kind = VET_RAW, .protocol = 136, .address = { IPV4(1, 2, 3, 4), 0 } },
	  "raw+udplite://1.2.3.4" },
	{ "raw+0://1.2.3.4", { .kind = VET_RAW, .address = { IPV4(1, 2, 3, 4), 0 } }, NULL },
	{ "raw+255://1.2.3.4",
	  { .kind = VET_RAW, .protocol = 255, .address = { IPV4(1, 2, 3, 4), 0 } },
	  NULL },
	{ "raw+tcp://1.2.3.4",
	  { .kind = VET_RAW, .protocol = 6, .address = { IPV4(1, 2, 3, 4), 0 } },
	  NULL },
	{ "tcp://[::1%2]:1", { .kind = VET_STREAM, .address = { LOOPBACK6, 1, 2 } }, NULL },
	{ "tcp://[::1%0]:1", { .kind = VET_STREAM, .address = { LOOPBACK6, 1 } }, "tcp://[::1]:1" },
	{ "tcp://[::1%25]:1", { .kind = VET_STREAM, .address = { LOOPBACK6, 1, 25 } }, NULL },
	{ "tcp://[::1%252]:1", { .kind = VET_STREAM, .address = { LOOPBACK6, 1, 252 } }, NULL },
	{ "tcp://[::1%?/#@&\xff]:1?ttl=9",
	  { .kind = VET_STREAM, .zone = "?/#@&\xff", .address = { LOOPBACK6, 1 }, VALUE(ttl, 9) },
	  NULL },
	{ "tcp://[::1%abcdefghijklmno]:1",
	  { .kind = VET_STREAM, .zone = "abcdefghijklmno", .address = { LOOPBACK6, 1 } },
	  NULL },
	{ "tcp://[0:0::1]:1?only-ipv6=off",
	  { .kind = VET_STREAM, .address = { LOOPBACK6, 1 }, VALUE(only_ipv6, 0) },
	  "tcp://[::1]:1?only-ipv6=off" },
	{ "tcp://1.2.3.4:1?send-buffer-size=1024kB",
	  { .kind = VET_STREAM,
	    .address = { IPV4(1, 2, 3, 4), 1 },
	    VALUE(send_buffer_size, 1024000) },
	  "tcp://1.2.3.4:1?send-buffer=1000KiB" },
};

static void good_endpoints_mean_what_they_say(void **state)
{
	static const struct vet_text_error none;
	unsigned failed = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		const struct good *row = &good[i];
		const char *canonical = row->canonical != NULL ? row->canonical : row->text;
		struct vet_text_error error = { 1, 1, "unset" };
		struct vet_endpoint got;
		char text[VET_ENDPOINT_TEXT_SIZE];

		memset(&got, 0xaa, sizeof got);
		if (vet_endpoint_parse(row->text, strlen(row->text), &got, &error) != 0 ||
		    !same_endpoint(&got, &row->want) || memcmp(&error, &none, sizeof none) != 0) {
			print_error("%s: is not read as it is written (%s)\n", row->text,
				    error.reason != NULL ? error.reason : "no reason");
			failed++;
		} else if (vet_endpoint_format(&row->want, text, sizeof text) !=
				   (int)strlen(canonical) ||
			   strcmp(text, canonical) != 0) {
			print_error("%s: printed %s\n", row->text, text);
			failed++;
		}
	}
	assert_int_equal(failed, 0);
}

/* ---- what is bad ---- */

#define NO_SCHEME "an endpoint begins with a scheme: tcp://127.0.0.1:80"
#define NO_PLUS   "a raw socket has a protocol: raw+icmp"
#define UNKNOWN \
	"there is no scheme of this name: tcp, tcp-listen, udp, udp-bind, raw+icmp or raw-bind+icmp"
#define FAMILY     "the address says the family: tcp or udp"
#define SLASHES    "two slashes stand behind the colon"
#define COLON      "a scheme ends with \"://\""
#define HOST       "this is a host name, and names are not resolved here"
#define ENCODED    "a zone is written as it is, not percent-encoded"
#define ONLY_IPV6  "only an IPv6 socket has this option"
#define BACKLOG    "only a stream that listens has a backlog"
#define NUL        "a NUL byte cannot stand here"
#define BLANK      "no blank stands here"
#define FRAGMENT   "an endpoint has no fragment"
#define PATH       "an endpoint has no path"
#define TEXT(text) text, sizeof(text) - 1

static const struct bad {
	const char *text;
	size_t size;
	struct vet_text_error want;
} bad[] = {
	/* the scheme */
	{ TEXT(""), { 0, 1, NO_SCHEME } },
	{ TEXT("127.0.0.1:80"), { 0, 9, NO_SCHEME } },
	{ TEXT("localhost:80"), { 0, 9, NO_SCHEME } },
	{ TEXT("[::1]:80"), { 0, 1, NO_SCHEME } },
	{ TEXT("://1.2.3.4:80"), { 0, 1, NO_SCHEME } },
	{ TEXT("a+b"), { 0, 1, NO_SCHEME } },
	{ TEXT("foo://1.2.3.4:80"), { 0, 3, UNKNOWN } },
	{ TEXT("foo+icmp://1.2.3.4"), { 0, 3, UNKNOWN } },
	{ TEXT("tcps://1.2.3.4:80"), { 0, 4, UNKNOWN } },
	{ TEXT("http://1.2.3.4:80"),
	  { 0, 4, "a scheme names a kind of socket, not what is said over it: tcp" } },
	{ TEXT("HTTPS://example.com/"),
	  { 0, 5, "a scheme names a kind of socket, not what is said over it: tcp" } },
	{ TEXT("tcp4://1.2.3.4:80"), { 0, 4, FAMILY } },
	{ TEXT("udp6://[::1]:80"), { 0, 4, FAMILY } },
	{ TEXT("udp-listen://1.2.3.4:80"),
	  { 0, 10, "a datagram socket does not listen: udp-bind" } },
	{ TEXT("tcp-bind://1.2.3.4:80"), { 0, 8, "a stream that is bound listens: tcp-listen" } },
	{ TEXT("raw-listen+icmp://1.2.3.4"), { 0, 10, "a raw socket does not listen: raw-bind" } },
	{ TEXT("unix:///run/socket"), { 0, 4, "only IPv4 and IPv6 are spoken here" } },
	{ TEXT("sctp://1.2.3.4:80"),
	  { 0, 4, "the protocol of a raw socket stands behind it: raw+icmp" } },
	{ TEXT("t\0cp://1.2.3.4:80"), { 1, 1, NUL } },
	{ TEXT(" tcp://1.2.3.4:80"), { 0, 1, BLANK } },
	{ TEXT("\xe9://1.2.3.4:80"), { 0, 1, "only ASCII characters can stand here" } },
	{ TEXT("tcp"), { 3, 1, COLON } },
	{ TEXT("tcp "), { 3, 1, BLANK } },
	{ TEXT("tcp?ttl=9"), { 3, 1, COLON } },
	{ TEXT("tcp:"), { 4, 1, SLASHES } },
	{ TEXT("tcp:1.2.3.4:80"), { 4, 1, SLASHES } },
	{ TEXT("tcp:/1.2.3.4:80"), { 5, 1, SLASHES } },
	/* the protocol */
	{ TEXT("raw://1.2.3.4"), { 0, 3, NO_PLUS } },
	{ TEXT("raw-bind"), { 0, 8, NO_PLUS } },
	{ TEXT("raw+"), { 4, 1, NO_PLUS } },
	{ TEXT("raw+://1.2.3.4"), { 4, 1, NO_PLUS } },
	{ TEXT("raw+foo://1.2.3.4"),
	  { 4, 3,
	    "there is no protocol of this name; the number of any other stands here as well" } },
	{ TEXT("raw+ipv6-icmp://[::1]"), { 4, 9, "this protocol is called icmpv6 here" } },
	{ TEXT("raw+udp-lite://[::1]"), { 4, 8, "this protocol is called udplite here" } },
	{ TEXT("raw+256://1.2.3.4"), { 4, 3, "a protocol is at most 255" } },
	{ TEXT("raw+18446744073709551617://1.2.3.4"), { 4, 20, "a protocol is at most 255" } },
	{ TEXT("raw+01://1.2.3.4"), { 4, 2, "a number has no leading zeros" } },
	{ TEXT("raw+1x://1.2.3.4"), { 4, 2, "a number is decimal digits" } },
	{ TEXT("raw+1-2://1.2.3.4"), { 5, 1, COLON } },
	{ TEXT("tcp+icmp://1.2.3.4:80"), { 3, 5, "only a raw socket has a protocol" } },
	{ TEXT("udp-bind+://1.2.3.4:80"), { 8, 1, "only a raw socket has a protocol" } },
	/* the address */
	{ TEXT("tcp://"), { 6, 1, "an address is missing" } },
	{ TEXT("tcp://?ttl=9"), { 6, 1, "an address is missing" } },
	{ TEXT("tcp://localhost:80"), { 6, 9, HOST } },
	{ TEXT("tcp://example.com/path"), { 6, 11, HOST } },
	{ TEXT("tcp://1.2.3.4"), { 13, 1, "a port is missing" } },
	{ TEXT("tcp://1.2.3.4?ttl=9"), { 13, 1, "a port is missing" } },
	{ TEXT("tcp://1.2.3.4:65536"), { 14, 5, "a port is at most 65535" } },
	{ TEXT("raw+icmp://1.2.3.4:80"), { 18, 3, "no port stands here" } },
	{ TEXT("raw+icmp://[::1]:80?ttl=9"), { 16, 3, "no port stands here" } },
	{ TEXT("raw+icmp://::1"), { 11, 3, "an IPv6 address stands in brackets here: [::1]" } },
	{ TEXT("tcp://::1:80"),
	  { 6, 6, "an IPv6 address stands in brackets before its port: [::1]:80" } },
	{ TEXT("tcp://user@1.2.3.4:80"), { 6, 5, "an endpoint has no user" } },
	{ TEXT("tcp://user:secret@[::1]:80"), { 6, 12, "an endpoint has no user" } },
	{ TEXT("tcp://@1.2.3.4:80"), { 6, 1, "an endpoint has no user" } },
	{ TEXT("tcp://[::1?ttl=9"), { 10, 1, "a closing bracket is missing" } },
	{ TEXT("tcp://1.2.3.4%lo:80"), { 13, 1, "only an IPv6 address has a zone" } },
	{ TEXT("tcp://[::1%abcdefghijklmnop]:80"),
	  { 11, 16, "the name of an interface has at most 15 bytes" } },
	{ TEXT("tcp://[::1%l\0]:80"), { 12, 1, NUL } },
	{ TEXT("tcp://[::1%]:80"), { 11, 1, "a zone is missing" } },
	{ TEXT("tcp://[::1%25lo]:80"), { 11, 4, ENCODED } },
	{ TEXT("tcp://[::1%25x]:80"), { 11, 3, ENCODED } },
	{ TEXT("tcp://[::1%4294967296]:80"), { 11, 10, "a zone is at most 4294967295" } },
	/* what a URI has besides */
	{ TEXT("tcp://1.2.3.4:80/"), { 16, 1, PATH } },
	{ TEXT("tcp://1.2.3.4:80/a/b?ttl=9"), { 16, 4, PATH } },
	{ TEXT("tcp://1.2.3.4:80/a#b"), { 16, 2, PATH } },
	{ TEXT("raw+icmp://1.2.3.4/8"), { 18, 2, PATH } },
	{ TEXT("tcp://1.2.3.4:80#a"), { 16, 2, FRAGMENT } },
	{ TEXT("tcp://1.2.3.4:80?ttl=9#"), { 22, 1, FRAGMENT } },
	{ TEXT("tcp://1.2.3.4:80?ttl=9#a?b"), { 22, 4, FRAGMENT } },
	/* options */
	{ TEXT("tcp://1.2.3.4:80?"), { 17, 1, "an option is missing behind the question mark" } },
	{ TEXT("tcp://1.2.3.4:80?#"), { 17, 1, "an option is missing behind the question mark" } },
	{ TEXT("tcp://1.2.3.4:80?no-delay,cork"), { 25, 1, "options are separated by '&'" } },
	{ TEXT("tcp://1.2.3.4:80?no-delay;cork"),
	  { 25, 1, "only '=' or '&' stands behind a name" } },
	{ TEXT("tcp://1.2.3.4:80?ttl=9;cork"), { 22, 1, "only '&' stands behind a value" } },
	{ TEXT("tcp://1.2.3.4:80?no-delay&"), { 26, 1, "an option is missing after '&'" } },
	{ TEXT("tcp://1.2.3.4:80?ttl=9?cork"), { 22, 1, "only '&' stands behind a value" } },
	{ TEXT("tcp://1.2.3.4:80?ttl=0"), { 21, 1, "ttl is at least 1" } },
	{ TEXT("tcp://1.2.3.4:80?ttl=9&ttl=9"), { 23, 3, "this option was given before" } },
	{ TEXT("tcp://1.2.3.4:80?only-ipv6"), { 17, 9, ONLY_IPV6 } },
	{ TEXT("udp://1.2.3.4:80?ttl=9&only-ipv6=off&broadcast"), { 23, 9, ONLY_IPV6 } },
	{ TEXT("tcp-listen://1.2.3.4:80?backlog=1&no-only-ipv6"), { 34, 12, ONLY_IPV6 } },
	/* the backlog */
	{ TEXT("tcp://1.2.3.4:80?backlog=5"), { 17, 7, BACKLOG } },
	{ TEXT("udp-bind://1.2.3.4:80?ttl=9&backlog=5"), { 28, 7, BACKLOG } },
	{ TEXT("tcp-listen://1.2.3.4:80?backlog"), { 24, 7, "a value is missing" } },
	{ TEXT("tcp-listen://1.2.3.4:80?backlog="), { 32, 1, "a value is missing" } },
	{ TEXT("tcp-listen://1.2.3.4:80?backlog=1&backlog=1"),
	  { 34, 7, "this option was given before" } },
	{ TEXT("tcp-listen://1.2.3.4:80?backlog=2147483648"),
	  { 32, 10, "backlog is at most 2147483647" } },
	{ TEXT("tcp-listen://1.2.3.4:80?backlog=18446744073709551616"),
	  { 32, 20, "backlog is at most 2147483647" } },
	{ TEXT("tcp-listen://1.2.3.4:80?backlog=-1"), { 32, 1, "a number has no sign" } },
	{ TEXT("tcp-listen://1.2.3.4:80?backlog=5s"), { 33, 1, "this number has no unit" } },
	{ TEXT("tcp-listen://1.2.3.4:80?backlog=1.5"), { 33, 1, "this number is a whole number" } },
	{ TEXT("tcp-listen://1.2.3.4:80?backlog=off"),
	  { 32, 3, "only a flag or linger is 'off'" } },
	{ TEXT("tcp-listen://1.2.3.4:80?backlog=05"), { 32, 2, "a number has no leading zeros" } },
	{ TEXT("tcp-listen://1.2.3.4:80?backlgo=5"),
	  { 24, 7, "there is no option of this name; did you mean 'backlog'?" } },
};

static void bad_endpoints_are_refused_where_they_are_wrong(void **state)
{
	static const struct vet_endpoint none;
	unsigned failed = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		const struct vet_text_error *want = &bad[i].want;
		struct vet_text_error error = { 0 };
		struct vet_endpoint got, same;

		memset(&got, 0xaa, sizeof got);
		memset(&same, 0x55, sizeof same);
		if (vet_endpoint_parse(bad[i].text, bad[i].size, &got, &error) != -EINVAL ||
		    vet_endpoint_parse(bad[i].text, bad[i].size, &same, NULL) != -EINVAL ||
		    memcmp(&got, &none, sizeof none) != 0 ||
		    memcmp(&same, &none, sizeof none) != 0) {
			print_error("%s: is not -EINVAL and all zero\n", bad[i].text);
			failed++;
		} else if (error.offset != want->offset || error.length != want->length ||
			   strcmp(error.reason, want->reason) != 0) {
			print_error("%s: %zu+%zu %s\n", bad[i].text, error.offset, error.length,
				    error.reason);
			failed++;
		}
	}
	assert_int_equal(failed, 0);
}

/* ---- values that no text gives ---- */

#define MEMBER(member) \
	offsetof(struct vet_endpoint, member), sizeof((struct vet_endpoint *)0)->member
#define BIT(name) UINT64_C(1) << VET_INDEX_##name

/* A good endpoint, and one member of it that becomes what makes it none. */
static const struct spoiled {
	const char *name;
	const char *text;
	size_t offset, size;
	uint64_t value;
} spoiled[] = {
	{ "no kind", "tcp://[::1]:80", MEMBER(kind), 0 },
	{ "a kind that there is not", "tcp://[::1]:80", MEMBER(kind), 4 },
	{ "a stream that is only bound", "udp-bind://[::1]:80", MEMBER(kind), VET_STREAM },
	{ "datagrams that listen", "tcp-listen://[::1]:80", MEMBER(kind), VET_DATAGRAM },
	{ "a raw socket that listens", "raw-bind+6://[::1]", MEMBER(role), VET_ROLE_LISTEN },
	{ "a role that there is not", "tcp://[::1]:80", MEMBER(role), 3 },
	{ "a protocol of a stream", "tcp://[::1]:80", MEMBER(protocol), 6 },
	{ "a protocol of datagrams", "udp://[::1]:80", MEMBER(protocol), 17 },
	{ "no address", "tcp://[::1]:80", MEMBER(address.ip.family), 0 },
	{ "a family that there is not", "tcp://[::1]:80", MEMBER(address.ip.family), 5 },
	{ "a port beyond all", "tcp://[::1]:80", MEMBER(address.port), 65536 },
	{ "a port of a raw socket", "raw+icmp://[::1]", MEMBER(address.port), 80 },
	{ "a scope of IPv4", "tcp://1.2.3.4:80", MEMBER(address.scope_id), 1 },
	{ "a zone of IPv4", "tcp://1.2.3.4:80", MEMBER(zone[0]), 'l' },
	{ "a zone and a scope", "tcp://[::1%lo]:80", MEMBER(address.scope_id), 1 },
	{ "a zone of digits", "tcp://[::1%l2]:80", MEMBER(zone[0]), '1' },
	{ "a zone with a bracket", "tcp://[::1%lo]:80", MEMBER(zone[1]), ']' },
	{ "a zone that looks encoded", "tcp://[::1%x5l]:80", MEMBER(zone[0]), '2' },
	{ "a zone without an end", "tcp://[::1%abcdefghijklmno]:80", MEMBER(zone[15]), 'p' },
	{ "a byte behind a zone", "tcp://[::1%lo]:80", MEMBER(zone[15]), 'x' },
	{ "a byte behind no zone", "tcp://[::1%lo]:80", MEMBER(zone[0]), 0 },
	{ "a backlog of what connects", "tcp-listen://[::1]:80?backlog=5", MEMBER(role), 0 },
	{ "a backlog of datagrams", "udp-bind://[::1]:80", MEMBER(has_backlog), 1 },
	{ "a backlog that is given twice", "tcp-listen://[::1]:80", MEMBER(has_backlog), 2 },
	{ "a backlog that is not given", "tcp-listen://[::1]:80?backlog=5", MEMBER(has_backlog),
	  0 },
	{ "a backlog below 0", "tcp-listen://[::1]:80?backlog=5", MEMBER(backlog), UINT32_MAX },
	{ "an option out of range", "tcp://[::1]:80?ttl=9",
	  MEMBER(options.value[VET_INDEX_ttl].number), 256 },
	{ "an option that is not given", "tcp://[::1]:80?ttl=9", MEMBER(options.given), 0 },
	{ "an option that is only read", "tcp://[::1]:80", MEMBER(options.given), BIT(type) },
	{ "an option that there is not", "tcp://[::1]:80", MEMBER(options.given),
	  UINT64_C(1) << 63 },
	{ "an option of IPv6 alone", "tcp://1.2.3.4:80", MEMBER(options.given), BIT(only_ipv6) },
};

static void store(void *at, size_t size, uint64_t value)
{
	const uint8_t byte = (uint8_t)value;
	const uint32_t word = (uint32_t)value;

	memcpy(at,
	       size == 1   ? (const void *)&byte
	       : size == 4 ? (const void *)&word
			   : &value,
	       size);
}

static void a_value_that_no_text_gives_is_not_printed(void **state)
{
	unsigned failed = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(spoiled); i++) {
		const struct spoiled *row = &spoiled[i];
		struct vet_endpoint endpoint;
		char text[VET_ENDPOINT_TEXT_SIZE];

		assert_int_equal(vet_endpoint_parse(row->text, strlen(row->text), &endpoint, NULL),
				 0);
		assert_true(vet_endpoint_format(&endpoint, text, sizeof text) > 0);
		store((char *)&endpoint + row->offset, row->size, row->value);
		if (vet_endpoint_format(&endpoint, text, sizeof text) != -EINVAL ||
		    text[0] != '\0' || vet_endpoint_format(&endpoint, NULL, 0) != -EINVAL) {
			print_error("%s: is printed as %s\n", row->name, text);
			failed++;
		}
	}
	assert_int_equal(failed, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_endpoints_mean_what_they_say),
		cmocka_unit_test(bad_endpoints_are_refused_where_they_are_wrong),
		cmocka_unit_test(a_value_that_no_text_gives_is_not_printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
