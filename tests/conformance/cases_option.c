/* SPDX-License-Identifier: 0BSD */
/* Options that only tell, options of text, multicast groups, and what options do. */
#include "trial.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

static void every_name_is_found(struct trial *t)
{
	const struct vet_option *o;
	size_t i = 0;

	for (; (o = vet_option_at(i)) != NULL && !t->decided; i++) {
		expect_true(t, "an option is found by its name",
			    vet_option_find(o->name, strlen(o->name)) == o);
		expect_true(t, "an option has a range and a help",
			    o->min <= o->max && o->help != NULL && o->help[0] != '\0');
	}
	expect_true(t, "there are options", i >= 25);
	expect_true(t, "part of a name is no name",
		    vet_option_find("ttl_", 4) == NULL && vet_option_find("tt", 2) == NULL);
}

static void tells_type(struct trial *t)
{
	int64_t value = -1;

	expect(t, "type", vet_socket_type(open_stream(t), &value), 0);
	expect(t, "the type of a stream", value, SOCK_STREAM);
	expect(t, "type", vet_socket_type(open_datagram(t), &value), 0);
	expect(t, "the type of a datagram socket", value, SOCK_DGRAM);
}

static void tells_domain(struct trial *t)
{
	int64_t value = -1;
	int result = vet_socket_domain(open_stream(t), &value);

	if (result == -ENOPROTOOPT)
		skip_error(t, "not known here", result);
	expect(t, "domain", result, 0);
	expect(t, "the domain", value, t->family == 4 ? AF_INET : AF_INET6);
}

static void tells_protocol(struct trial *t)
{
	int64_t value = -1;
	int result = vet_socket_protocol(open_stream(t), &value);

	if (result == -ENOPROTOOPT)
		skip_error(t, "not known here", result);
	expect(t, "protocol", result, 0);
	expect(t, "the protocol of a stream", value, IPPROTO_TCP);
	expect(t, "protocol", vet_socket_protocol(open_datagram(t), &value), 0);
	expect(t, "the protocol of a datagram socket", value, IPPROTO_UDP);
}

static void tells_accepting(struct trial *t)
{
	struct vet_address at;
	bool value = true;

	expect(t, "accepting", vet_socket_accepting(stream_pair(t).server, &value), 0);
	expect_true(t, "a connection does not accept", !value);
	expect(t, "accepting", vet_socket_accepting(open_listener(t, &at), &value), 0);
	expect_true(t, "a listener accepts", value);
}

static void tells_an_error_once(struct trial *t)
{
	struct pair pair = datagram_pair(t);
	int64_t value = 1;

	expect(t, "error", vet_socket_error(pair.client, &value), 0);
	expect(t, "the error of a socket in order", value, 0);
	close_socket(t, pair.server);
	write_text(t, pair.client, "anybody?");
	(void)wait_for(t, descriptor(t, pair.client), 0);
	expect(t, "error", vet_socket_error(pair.client, &value), 0);
	expect(t, "the pending error", value, -ECONNREFUSED);
	expect(t, "error", vet_socket_error(pair.client, &value), 0);
	expect(t, "the pending error, taken", value, 0);
}

static void only_ipv6_is_for_ipv6(struct trial *t)
{
	struct vet_socket *s = open_stream(t);
	bool value = true;

	expect(t, "set_only_ipv6", vet_socket_set_only_ipv6(s, true), -ENOPROTOOPT);
	expect(t, "only_ipv6", vet_socket_only_ipv6(s, &value), -ENOPROTOOPT);
	expect_true(t, "the value is left alone", value);
}

static void streams_have_their_own(struct trial *t)
{
	struct vet_socket *s = open_datagram(t);
	bool value = true;

	expect_either(t, "set_no_delay of a datagram socket", vet_socket_set_no_delay(s, true),
		      -ENOPROTOOPT, -EOPNOTSUPP);
	expect(t, "no_delay of a datagram socket", vet_socket_no_delay(s, &value), -ENOPROTOOPT);
	expect_true(t, "the value is left alone", value);
}

static int number_of(struct trial *t, struct vet_socket *s, int level, int name)
{
	int value = -1;
	socklen_t length = sizeof(value);

	expect(t, "getsockopt",
	       (t->sys->calls->getsockopt)(t->sys, descriptor(t, s), level, name, &value, &length),
	       0);
	return value;
}

static void ttl_is_for_both_families(struct trial *t)
{
	struct vet_socket *s = open_datagram(t);

	expect(t, "set_ttl", vet_socket_set_ttl(s, 33), 0);
	expect(t, "IPV6_UNICAST_HOPS", number_of(t, s, IPPROTO_IPV6, IPV6_UNICAST_HOPS), 33);
	expect(t, "IP_TTL", number_of(t, s, IPPROTO_IP, IP_TTL), 33);
	expect(t, "set_type_of_service", vet_socket_set_type_of_service(s, 0x20), 0);
	expect(t, "IP_TOS", number_of(t, s, IPPROTO_IP, IP_TOS), 0x20);
}

static void low_water_holds_back(struct trial *t)
{
	struct pair pair = stream_pair(t);
	struct pollfd one = { .fd = descriptor(t, pair.server), .events = POLLIN };

	expect(t, "low water of 5", vet_socket_set_receive_low_water(pair.server, 5), 0);
	write_text(t, pair.client, "abc");
	expect(t, "poll", (t->sys->calls->poll)(t->sys, &one, 1, VET_MILLISECONDS(1)), 0);
	write_text(t, pair.client, "de");
	expect_true(t, "poll says POLLIN from 5 bytes on", wait_for(t, one.fd, POLLIN) & POLLIN);
	expect_text(t, pair.server, "abcde");
}

static void accepted_has_the_listeners(struct trial *t)
{
	struct vet_address at;
	struct vet_socket *listener = open_listener(t, &at);
	bool value = false;

	expect(t, "keepalive", vet_socket_set_keepalive(listener, true), 0);
	(void)connect_to(t, &at);
	expect(t, "keepalive of the accepted side",
	       vet_socket_keepalive(accept_from(t, listener), &value), 0);
	expect_true(t, "it is on", value);
}

static void congestion_round_trip(struct trial *t)
{
	struct vet_socket *s = open_stream(t);
	char first[VET_OPTION_TEXT_SIZE] = "";
	char again[VET_OPTION_TEXT_SIZE] = "";
	int size = vet_socket_congestion(s, first, sizeof(first));

	if (size == -ENOPROTOOPT)
		skip_error(t, "not known here", size);
	if (!expect_true(t, "the name has 1 to 15 bytes", size >= 1 && size <= 15))
		return;
	expect(t, "the length of the name", (int64_t)strlen(first), size);
	expect(t, "the setter", vet_socket_set_congestion(s, first, (size_t)size), 0);
	expect(t, "the getter", vet_socket_congestion(s, again, sizeof(again)), size);
	expect_bytes(t, "the name", again, first, (size_t)size + 1);
	expect(t, "a buffer without room for the NUL",
	       vet_socket_congestion(s, again, (size_t)size), -ENOSPC);
	expect(t, "a name of nothing", vet_socket_set_congestion(s, "no-such-thing", 13), -ENOENT);
}

static void device_round_trip(struct trial *t)
{
	struct vet_socket *s = open_stream(t);
	char text[VET_OPTION_TEXT_SIZE] = "x";
	int size = vet_socket_bind_to_device(s, text, sizeof(text));
	int result;

	if (size == -ENOPROTOOPT)
		skip_error(t, "not known here", size);
	expect(t, "the length of the name at first", size, 0);
	expect(t, "the name at first", text[0], 0);
	result = vet_socket_set_bind_to_device(s, "no-such-if0", 11);
	if (result == -EPERM)
		skip_error(t, "needs a privilege", result);
	expect(t, "an interface that is not there", result, -ENODEV);
	expect(t, "any interface again", vet_socket_set_bind_to_device(s, "", 0), 0);
}

static void text_has_a_range(struct trial *t)
{
	struct vet_socket *s = open_stream(t);
	unsigned long before = calls_made(t);

	expect(t, "an empty name", vet_socket_set_congestion(s, "", 0), -EINVAL);
	expect(t, "a name of 16 bytes", vet_socket_set_congestion(s, "abcdefghijklmnop", 16),
	       -EINVAL);
	expect(t, "a name with a NUL", vet_socket_set_congestion(s, "cu\0ic", 5), -EINVAL);
	expect(t, "an interface of 16 bytes",
	       vet_socket_set_bind_to_device(s, "abcdefghijklmnop", 16), -EINVAL);
	expect(t, "an interface with a NUL", vet_socket_set_bind_to_device(s, "l\0", 2), -EINVAL);
	expect_calls(t, "texts out of range", before, 0);
}

static struct vet_ip group_of(const struct trial *t)
{
	return t->family == 4 ? vet_ipv4(239, 255, 77, 78)
			      : vet_ipv6(0xff11, 0, 0, 0, 0, 0, 0x77, 0x78);
}

/* The index of the loopback interface, under one of its names. */
static uint32_t loopback_index(struct trial *t)
{
	static const char *const names[] = { "lo", "lo0" };

	for (size_t i = 0; VET_SYS_HAS(t->sys, interface_index) && i < 2; i++) {
		int index = (t->sys->calls->interface_index)(t->sys, names[i]);

		if (index > 0)
			return (uint32_t)index;
	}
	skip(t, "the loopback interface is not known by its name");
	return 0;
}

static void join_and_leave(struct trial *t)
{
	struct vet_socket *s = open_datagram(t);
	struct vet_ip group = group_of(t);
	uint32_t lo = loopback_index(t);

	expect(t, "leave, not joined", vet_socket_leave(s, &group, lo), -EADDRNOTAVAIL);
	expect(t, "join", vet_socket_join(s, &group, lo), 0);
	expect(t, "join again", vet_socket_join(s, &group, lo), -EADDRINUSE);
	expect(t, "leave", vet_socket_leave(s, &group, lo), 0);
	expect(t, "leave again", vet_socket_leave(s, &group, lo), -EADDRNOTAVAIL);
}

static void join_where_nothing_is(struct trial *t)
{
	struct vet_socket *s = open_datagram(t);
	struct vet_ip group = group_of(t);

	expect(t, "join on an interface that is not there", vet_socket_join(s, &group, 0x7ffffffe),
	       -ENODEV);
}

static void join_what_is_no_group(struct trial *t)
{
	struct vet_socket *s = open_datagram(t);
	struct vet_ip group = loopback(t, 0).ip;
	struct vet_ip other =
		t->family == 4 ? vet_ipv6(0xff11, 0, 0, 0, 0, 0, 0, 7) : vet_ipv4(239, 1, 2, 3);
	unsigned long before = calls_made(t);

	expect(t, "join of no group", vet_socket_join(s, &group, 0), -EINVAL);
	expect(t, "leave of no group", vet_socket_leave(s, &group, 0), -EINVAL);
	expect(t, "join of the other family's group", vet_socket_join(s, &other, 0), -EAFNOSUPPORT);
	expect_calls(t, "groups that are none", before, 0);
}

static const struct conformance_case cases[] = {
	{ "option/names", "each option is found by its whole name alone", "option.h", MUST, ONCE,
	  every_name_is_found, NULL },
	{ "option/type", "a socket tells its type", "POSIX SO_TYPE", MUST, BOTH, tells_type, NULL },
	{ "option/domain", "a socket tells its domain", "socket(7) SO_DOMAIN; POSIX.1-2024", MAY,
	  BOTH, tells_domain, NULL },
	{ "option/protocol", "a socket tells its protocol", "socket(7) SO_PROTOCOL; POSIX.1-2024",
	  MAY, BOTH, tells_protocol, NULL },
	{ "option/accepting", "a listener accepts, a connection does not", "POSIX SO_ACCEPTCONN",
	  MUST, BOTH, tells_accepting, NULL },
	{ "option/error", "a pending error is told once", "POSIX SO_ERROR", MUST, BOTH,
	  tells_an_error_once, NULL },
	{ "option/only-ipv6-on-ipv4", "only_ipv6 is ENOPROTOOPT on IPv4", "option.h only_ipv6",
	  MUST, ONCE, only_ipv6_is_for_ipv6, NULL },
	{ "option/no-delay-datagram", "no_delay is refused on a datagram socket",
	  "POSIX setsockopt, ENOPROTOOPT", MAY, BOTH, streams_have_their_own, NULL },
	{ "option/ttl-mapped", "on IPv6 ttl and type_of_service are set for mapped peers too",
	  "option.h ttl; RFC 3493 5.1; ip(7)", MUST, DUAL, ttl_is_for_both_families, NULL },
	{ "option/low-water-effect", "below the low water mark a stream is not readable",
	  "POSIX SO_RCVLOWAT; socket(7)", MAY, BOTH, low_water_holds_back, NULL },
	{ "option/inherited", "what is accepted has the listener's keepalive",
	  "POSIX accept; tcp(7)", MAY, BOTH, accepted_has_the_listeners, NULL },
	{ "option/congestion", "the congestion control can be read and set by name",
	  "tcp(7) TCP_CONGESTION", MAY, BOTH, congestion_round_trip, NULL },
	{ "option/bind-to-device", "no interface is bound at first, and none that is not there",
	  "socket(7) SO_BINDTODEVICE", MAY, BOTH, device_round_trip, NULL },
	{ "option/text-range", "texts out of range are EINVAL without a call", "option.h texts",
	  MUST, ONCE, text_has_a_range, NULL },
	{ "option/join", "a group is joined once and left once", "RFC 3678 5.1; ip(7)", MUST, BOTH,
	  join_and_leave, NULL },
	{ "option/join-nowhere", "joining on an interface that is not there is ENODEV",
	  "RFC 3678 5.1; ip(7)", MUST, BOTH, join_where_nothing_is, NULL },
	{ "option/join-refused", "what is no group of this family is refused without a call",
	  "option.h vet_socket_join", MUST, BOTH, join_what_is_no_group, NULL },
};

const struct conformance_group conformance_option = CONFORMANCE_GROUP(cases);
