/* SPDX-License-Identifier: 0BSD */
/* Each option: readable from the start, and what is set is what is got. */
#include "trial.h"

#include <errno.h>

enum { ANY = -2 }; /* an initial value that the standards leave open */

struct flag_option {
	const char *name;
	int (*set)(struct vet_socket *s, bool value);
	int (*get)(struct vet_socket *s, bool *value);
	enum vet_type type;
	int initial;
};

static void flag(struct trial *t)
{
	const struct flag_option *o = t->row;
	struct vet_socket *s = open_family(t, o->type, t->family);
	bool value = false;
	int result = o->get(s, &value);

	if (result == -ENOPROTOOPT)
		skip_error(t, "not known here", result);
	expect(t, "the getter, at first", result, 0);
	if (o->initial != ANY)
		expect(t, "the value at first", value, o->initial);
	for (int i = 0; i < 4; i++) {
		bool want = i % 2 == 0;

		expect(t, "the setter", o->set(s, want), 0);
		value = !want;
		expect(t, "the getter", o->get(s, &value), 0);
		expect(t, "the value", value, want);
	}
}

struct number_option {
	const char *name;
	int (*set)(struct vet_socket *s, int64_t value);
	int (*get)(struct vet_socket *s, int64_t *value);
	enum vet_type type;
	int64_t initial;
	int64_t first, second; /* values that every system takes */
	int64_t below, above;  /* values next to the range */
	bool may_grow;         /* the system may hold more than was set */
};

static void expect_number(struct trial *t, const struct number_option *o, struct vet_socket *s,
			  int64_t want)
{
	int64_t value = INT64_MIN;

	expect(t, "the setter", o->set(s, want), 0);
	expect(t, "the getter", o->get(s, &value), 0);
	if (o->may_grow)
		expect_true(t, "the value is at least what was set", value >= want);
	else
		expect(t, "the value", value, want);
}

static void number(struct trial *t)
{
	const struct number_option *o = t->row;
	struct vet_socket *s = open_family(t, o->type, t->family);
	int64_t value = 0;
	int result = o->get(s, &value);

	if (result == -ENOPROTOOPT)
		skip_error(t, "not known here", result);
	expect(t, "the getter, at first", result, 0);
	if (o->initial != ANY)
		expect(t, "the value at first", value, o->initial);
	expect_number(t, o, s, o->first);
	expect_number(t, o, s, o->second);
	expect_number(t, o, s, o->first);
}

/* What lies outside is refused before any call; so is what would fit if it were cut to 32 bits. */
static void number_range(struct trial *t)
{
	const struct number_option *o = t->row;
	struct vet_socket *s = open_family(t, o->type, t->family);
	unsigned long before = calls_made(t);

	expect(t, "a value below", o->set(s, o->below), -EINVAL);
	expect(t, "a value above", o->set(s, o->above), -EINVAL);
	expect(t, "the least value of all", o->set(s, INT64_MIN), -EINVAL);
	expect(t, "the greatest value of all", o->set(s, INT64_MAX), -EINVAL);
	if (o->above <= INT64_C(1) << 31)
		expect(t, "a value with a bit above the 32nd",
		       o->set(s, o->first | INT64_C(1) << 32), -EINVAL);
	expect_calls(t, "values out of range", before, 0);
}

/* What is set in nanoseconds, and what the system then holds, in its own unit. */
struct rounding {
	const char *name;
	int (*set)(struct vet_socket *s, int64_t value);
	int (*get)(struct vet_socket *s, int64_t *value);
	vet_duration unit;
};

static void rounded_up(struct trial *t)
{
	const struct rounding *o = t->row;
	const vet_duration set[] = { 1, o->unit, o->unit + 1, 2 * o->unit - 1, 7 * o->unit };
	const vet_duration got[] = { o->unit, o->unit, 2 * o->unit, 2 * o->unit, 7 * o->unit };
	struct vet_socket *s = open_stream(t);

	for (size_t i = 0; i < sizeof(set) / sizeof(set[0]) && !t->decided; i++) {
		int64_t value = 0;
		int result = o->set(s, set[i]);

		if (result == -ENOPROTOOPT)
			skip_error(t, "not known here", result);
		expect(t, "the setter", result, 0);
		expect(t, "the getter", o->get(s, &value), 0);
		expect(t, "the value, rounded up", value, got[i]);
	}
}

static const struct flag_option broadcast = { "broadcast", vet_socket_set_broadcast,
					      vet_socket_broadcast, VET_DATAGRAM, false };
static const struct flag_option keepalive = { "keepalive", vet_socket_set_keepalive,
					      vet_socket_keepalive, VET_STREAM, false };
static const struct flag_option no_delay = { "no_delay", vet_socket_set_no_delay,
					     vet_socket_no_delay, VET_STREAM, false };
static const struct flag_option only_ipv6 = { "only_ipv6", vet_socket_set_only_ipv6,
					      vet_socket_only_ipv6, VET_STREAM, ANY };
static const struct flag_option reuse_address = { "reuse_address", vet_socket_set_reuse_address,
						  vet_socket_reuse_address, VET_STREAM, false };
static const struct flag_option reuse_port = { "reuse_port", vet_socket_set_reuse_port,
					       vet_socket_reuse_port, VET_STREAM, false };
static const struct flag_option multicast_loop = { "multicast_loop", vet_socket_set_multicast_loop,
						   vet_socket_multicast_loop, VET_DATAGRAM, true };
static const struct flag_option quick_ack = { "quick_ack", vet_socket_set_quick_ack,
					      vet_socket_quick_ack, VET_STREAM, ANY };
static const struct flag_option cork = { "cork", vet_socket_set_cork, vet_socket_cork, VET_STREAM,
					 false };

/* clang-format off */
static const struct number_option keepalive_count = {
	"keepalive_count", vet_socket_set_keepalive_count, vet_socket_keepalive_count,
	VET_STREAM, ANY, 5, 127, 0, 128, false };
static const struct number_option receive_buffer = {
	"receive_buffer_size", vet_socket_set_receive_buffer_size, vet_socket_receive_buffer_size,
	VET_STREAM, ANY, 16384, 32768, -1, INT64_C(1) << 31, true };
static const struct number_option send_buffer = {
	"send_buffer_size", vet_socket_set_send_buffer_size, vet_socket_send_buffer_size,
	VET_STREAM, ANY, 16384, 32768, -1, INT64_C(1) << 31, true };
static const struct number_option low_water = {
	"receive_low_water", vet_socket_set_receive_low_water, vet_socket_receive_low_water,
	VET_STREAM, 1, 5, 100, 0, INT64_C(1) << 31, false };
static const struct number_option ttl = {
	"ttl", vet_socket_set_ttl, vet_socket_ttl, VET_STREAM, ANY, 1, 255, 0, 256, false };
static const struct number_option type_of_service = {
	"type_of_service", vet_socket_set_type_of_service, vet_socket_type_of_service,
	VET_DATAGRAM, 0, 0xb8, 0x10, -1, 256, false };
static const struct number_option multicast_ttl = {
	"multicast_ttl", vet_socket_set_multicast_ttl, vet_socket_multicast_ttl,
	VET_DATAGRAM, 1, 0, 255, -1, 256, false };
static const struct number_option fast_open = {
	"fast_open", vet_socket_set_fast_open, vet_socket_fast_open,
	VET_STREAM, 0, 5, 16, -1, INT64_C(1) << 31, false };
static const struct number_option priority = {
	"priority", vet_socket_set_priority, vet_socket_priority,
	VET_STREAM, 0, 3, 6, -1, INT64_C(1) << 31, false };
static const struct number_option keepalive_time = {
	"keepalive_time", vet_socket_set_keepalive_time, vet_socket_keepalive_time,
	VET_STREAM, ANY, VET_SECONDS(1), VET_SECONDS(32767), 0,
	VET_SECONDS(32767) + 1, false };
static const struct number_option keepalive_interval = {
	"keepalive_interval", vet_socket_set_keepalive_interval, vet_socket_keepalive_interval,
	VET_STREAM, ANY, VET_SECONDS(1), VET_SECONDS(32767), 0, VET_SECONDS(32767) + 1, false };
static const struct number_option linger = {
	"linger", vet_socket_set_linger, vet_socket_linger,
	VET_STREAM, VET_LINGER_OFF, 0, VET_LINGER_OFF, -2, VET_SECONDS(2147483647) + 1, false };
static const struct number_option user_timeout = {
	"user_timeout", vet_socket_set_user_timeout, vet_socket_user_timeout,
	VET_STREAM, 0, VET_MILLISECONDS(1), VET_MINUTES(7), -1,
	VET_MILLISECONDS(2147483647) + 1, false };
static const struct number_option defer_accept = {
	"defer_accept", vet_socket_set_defer_accept, vet_socket_defer_accept,
	VET_STREAM, 0, VET_SECONDS(1), VET_SECONDS(5), -1, VET_SECONDS(2147483647) + 1, true };

static const struct rounding round_linger = {
	"linger", vet_socket_set_linger, vet_socket_linger, VET_SECONDS(1) };
static const struct rounding round_keepalive_time = {
	"keepalive_time", vet_socket_set_keepalive_time, vet_socket_keepalive_time,
	VET_SECONDS(1) };
static const struct rounding round_keepalive_interval = {
	"keepalive_interval", vet_socket_set_keepalive_interval, vet_socket_keepalive_interval,
	VET_SECONDS(1) };
static const struct rounding round_user_timeout = {
	"user_timeout", vet_socket_set_user_timeout, vet_socket_user_timeout,
	VET_MILLISECONDS(1) };

/* ---- options do not stand for each other ---- */

static const struct flag_option *const stream_flags[] = { &keepalive, &no_delay, &reuse_address,
							  &reuse_port, &quick_ack, &cork };

/* Each flag is set to one bit of its own number: over all bits no two are always set alike. */
static void flags_are_independent(struct trial *t)
{
	const size_t count = sizeof(stream_flags) / sizeof(stream_flags[0]);
	struct vet_socket *s = open_stream(t);

	for (unsigned bit = 0; bit < 3 && !t->decided; bit++) {
		for (size_t i = 0; i < count; i++)
			expect_either(t, stream_flags[i]->name,
				      stream_flags[i]->set(s, (i + 1) >> bit & 1), 0, -ENOPROTOOPT);
		for (size_t i = 0; i < count; i++) {
			bool value = (i + 1) >> bit & 1;

			expect_either(t, stream_flags[i]->name, stream_flags[i]->get(s, &value), 0,
				      -ENOPROTOOPT);
			expect(t, stream_flags[i]->name, value, (i + 1) >> bit & 1);
		}
	}
}

static const struct {
	const struct number_option *option;
	int64_t value; /* another one for each, in its unit */
} stream_numbers[] = {
	{ &keepalive_time, VET_SECONDS(21) },
	{ &keepalive_interval, VET_SECONDS(22) },
	{ &keepalive_count, 23 },
	{ &user_timeout, VET_MILLISECONDS(24) },
	{ &low_water, 25 },
	{ &ttl, 26 },
	{ &fast_open, 27 },
	{ &priority, 5 },
};

static void numbers_are_independent(struct trial *t)
{
	const size_t count = sizeof(stream_numbers) / sizeof(stream_numbers[0]);
	struct vet_socket *s = open_stream(t);

	for (size_t i = 0; i < count; i++) {
		const struct number_option *o = stream_numbers[i].option;

		expect_either(t, o->name, o->set(s, stream_numbers[i].value), 0, -ENOPROTOOPT);
	}
	for (size_t i = 0; i < count; i++) {
		const struct number_option *o = stream_numbers[i].option;
		int64_t value = stream_numbers[i].value;

		expect_either(t, o->name, o->get(s, &value), 0, -ENOPROTOOPT);
		expect(t, o->name, value, stream_numbers[i].value);
	}
}

static const char flag_round_trip[] = "the flag can be read, set and cleared";
static const char number_round_trip[] = "the value can be read and set, and is got as it was set";
static const char at_least[] = "the value can be read and set, and the system holds no less";
static const char out_of_range[] = "values out of range are EINVAL without a call";
static const char rounds_up[] = "a duration is rounded up to the system's unit, never to 0";

static const struct conformance_case cases[] = {
	{ "option/broadcast", flag_round_trip, "POSIX SO_BROADCAST", MUST, BOTH, flag, &broadcast },
	{ "option/keepalive", flag_round_trip, "POSIX SO_KEEPALIVE", MUST, BOTH, flag, &keepalive },
	{ "option/no-delay", flag_round_trip, "POSIX TCP_NODELAY; RFC 896", MUST, BOTH, flag, &no_delay },
	{ "option/only-ipv6", flag_round_trip, "RFC 3493 5.3 IPV6_V6ONLY", MUST, DUAL, flag, &only_ipv6 },
	{ "option/reuse-address", flag_round_trip, "POSIX SO_REUSEADDR", MUST, BOTH, flag, &reuse_address },
	{ "option/reuse-port", flag_round_trip, "socket(7) SO_REUSEPORT", MAY, BOTH, flag, &reuse_port },
	{ "option/multicast-loop", flag_round_trip, "RFC 3493 5.2; ip(7) IP_MULTICAST_LOOP", MUST, BOTH,
	  flag, &multicast_loop },
	{ "option/quick-ack", flag_round_trip, "tcp(7) TCP_QUICKACK", MAY, BOTH, flag, &quick_ack },
	{ "option/cork", flag_round_trip, "tcp(7) TCP_CORK", MAY, BOTH, flag, &cork },
	{ "option/flags-independent", "setting one flag changes no other", "POSIX setsockopt", MUST, BOTH,
	  flags_are_independent, NULL },
	{ "option/numbers-independent", "setting one number changes no other", "POSIX setsockopt", MUST, BOTH,
	  numbers_are_independent, NULL },
	{ "option/keepalive-count", number_round_trip, "tcp(7) TCP_KEEPCNT; POSIX.1-2024", MUST, BOTH,
	  number, &keepalive_count },
	{ "option/keepalive-time", number_round_trip, "tcp(7) TCP_KEEPIDLE; RFC 1122 4.2.3.6", MUST, BOTH,
	  number, &keepalive_time },
	{ "option/keepalive-interval", number_round_trip, "tcp(7) TCP_KEEPINTVL", MUST, BOTH,
	  number, &keepalive_interval },
	{ "option/receive-buffer-size", at_least, "POSIX SO_RCVBUF; socket(7)", MUST, BOTH,
	  number, &receive_buffer },
	{ "option/send-buffer-size", at_least, "POSIX SO_SNDBUF; socket(7)", MUST, BOTH,
	  number, &send_buffer },
	{ "option/receive-low-water", number_round_trip, "POSIX SO_RCVLOWAT", MUST, BOTH, number, &low_water },
	{ "option/ttl", number_round_trip, "RFC 3493 5.1; ip(7) IP_TTL", MUST, BOTH, number, &ttl },
	{ "option/type-of-service", number_round_trip, "RFC 3542 6.5; ip(7) IP_TOS", MUST, BOTH,
	  number, &type_of_service },
	{ "option/multicast-ttl", number_round_trip, "RFC 3493 5.2; ip(7) IP_MULTICAST_TTL", MUST, BOTH,
	  number, &multicast_ttl },
	{ "option/fast-open", number_round_trip, "RFC 7413; tcp(7) TCP_FASTOPEN", MAY, BOTH,
	  number, &fast_open },
	{ "option/priority", number_round_trip, "socket(7) SO_PRIORITY", MAY, BOTH, number, &priority },
	{ "option/linger", number_round_trip, "POSIX SO_LINGER", MUST, BOTH, number, &linger },
	{ "option/user-timeout", number_round_trip, "RFC 5482; tcp(7) TCP_USER_TIMEOUT", MAY, BOTH,
	  number, &user_timeout },
	{ "option/defer-accept", at_least, "tcp(7) TCP_DEFER_ACCEPT", MAY, BOTH, number, &defer_accept },
	{ "option/keepalive-count-range", out_of_range, "option.h", MUST, ONCE, number_range, &keepalive_count },
	{ "option/keepalive-time-range", out_of_range, "option.h", MUST, ONCE, number_range, &keepalive_time },
	{ "option/keepalive-interval-range", out_of_range, "option.h", MUST, ONCE,
	  number_range, &keepalive_interval },
	{ "option/receive-buffer-size-range", out_of_range, "option.h", MUST, ONCE,
	  number_range, &receive_buffer },
	{ "option/send-buffer-size-range", out_of_range, "option.h", MUST, ONCE, number_range, &send_buffer },
	{ "option/receive-low-water-range", out_of_range, "option.h", MUST, ONCE, number_range, &low_water },
	{ "option/ttl-range", out_of_range, "option.h", MUST, BOTH, number_range, &ttl },
	{ "option/type-of-service-range", out_of_range, "option.h", MUST, BOTH,
	  number_range, &type_of_service },
	{ "option/multicast-ttl-range", out_of_range, "option.h", MUST, BOTH, number_range, &multicast_ttl },
	{ "option/fast-open-range", out_of_range, "option.h", MUST, ONCE, number_range, &fast_open },
	{ "option/priority-range", out_of_range, "option.h", MUST, ONCE, number_range, &priority },
	{ "option/linger-range", out_of_range, "option.h", MUST, ONCE, number_range, &linger },
	{ "option/user-timeout-range", out_of_range, "option.h", MUST, ONCE, number_range, &user_timeout },
	{ "option/defer-accept-range", out_of_range, "option.h", MUST, ONCE, number_range, &defer_accept },
	{ "option/linger-rounding", rounds_up, "option.h; POSIX SO_LINGER", MUST, ONCE,
	  rounded_up, &round_linger },
	{ "option/keepalive-time-rounding", rounds_up, "option.h; tcp(7)", MUST, ONCE,
	  rounded_up, &round_keepalive_time },
	{ "option/keepalive-interval-rounding", rounds_up, "option.h; tcp(7)", MUST, ONCE,
	  rounded_up, &round_keepalive_interval },
	{ "option/user-timeout-rounding", rounds_up, "option.h; tcp(7)", MAY, ONCE,
	  rounded_up, &round_user_timeout },
};
/* clang-format on */

const struct conformance_group conformance_option_value = CONFORMANCE_GROUP(cases);
