/* SPDX-License-Identifier: 0BSD */
/* Options: one or two of each kind, set and got; what was set is got. */
#include <netinet/in.h>

#include "steps.h"

static void flag(struct vet_trial *t)
{
	struct vet_socket s;
	if (step_stream(t, &s))
		SET_AND_GET(t, &s, no_delay, bool, true);
	step_close(t, &s);
}

static void integer(struct vet_trial *t)
{
	struct vet_socket s;
	if (step_stream(t, &s)) {
		vet_trial_check(t, STEP(t, set_keepalive_count, &s, 128) == -EINVAL);
		SET_AND_GET(t, &s, keepalive_count, int64_t, 3);
	}
	step_close(t, &s);
}

/* What the system makes of it is its own affair. */
static void size(struct vet_trial *t)
{
	int64_t got = 0;
	struct vet_socket s;
	if (step_stream(t, &s)) {
		expect(t, STEP(t, set_send_buffer_size, &s, 4096) == 0);
		expect(t, STEP(t, send_buffer_size, &s, &got) == 0 && got >= 4096);
	}
	step_close(t, &s);
}

/* Of an IPv6 socket also for peers that are IPv4-mapped: nothing of vetsock shows that one. */
static void check_for_mapped(struct vet_trial *t, struct vet_socket *s, int value)
{
	int got = value;
	socklen_t size = sizeof got;
	struct vet_sys *sys = vet_trial_sys(t);
	vet_trial_begin(t, &operations[OPERATION_ttl]);
	(void)vet_trial_end(t, (sys->calls->getsockopt)(sys, vet_socket_fd(s), IPPROTO_IP, IP_TTL,
							&got, &size));
	vet_trial_check(t, got == value);
}

static void ttl_on_ipv6(struct vet_trial *t)
{
	struct vet_socket s;
	if (step_stream(t, &s) && STEP(t, set_ttl, &s, 64) == 0)
		check_for_mapped(t, &s, 64);
	step_close(t, &s);
}

static void ttl(struct vet_trial *t)
{
	struct vet_socket s;
	if (step_stream(t, &s)) {
		vet_trial_check(t, STEP(t, set_ttl, &s, 0) == -EINVAL);
		SET_AND_GET(t, &s, ttl, int64_t, 64);
	}
	step_close(t, &s);
}

/* Up to whole seconds. */
static void duration(struct vet_trial *t)
{
	vet_duration got = 0;
	struct vet_socket s;
	if (step_stream(t, &s)) {
		int64_t set = STEP(t, set_keepalive_time, &s, VET_MILLISECONDS(1500));
		expect(t, set == 0);
		int64_t r = STEP(t, keepalive_time, &s, &got);
		expect(t, r == 0);
		vet_trial_check(t, set < 0 || r < 0 || got == VET_SECONDS(2));
	}
	step_close(t, &s);
}

static void linger(struct vet_trial *t)
{
	struct vet_socket s;
	if (step_stream(t, &s)) {
		SET_AND_GET(t, &s, linger, vet_duration, VET_SECONDS(1));
		SET_AND_GET(t, &s, linger, vet_duration, VET_LINGER_OFF);
	}
	step_close(t, &s);
}

static void text(struct vet_trial *t)
{
	char name[VET_OPTION_TEXT_SIZE];
	struct vet_socket s;
	if (step_stream(t, &s)) {
		int64_t set = STEP(t, set_congestion, &s, "reno", 4);
		expect(t, set == 0);
		int64_t n = STEP(t, congestion, &s, name, sizeof name);
		expect(t, n == 4);
		vet_trial_check(t, set < 0 || n < 0 || (n == 4 && memcmp(name, "reno", 5) == 0));
		n = STEP(t, congestion, &s, name, 2);
		vet_trial_check(t, n < 0);
		expect(t, n == -ENOSPC);
	}
	step_close(t, &s);
}

static void error(struct vet_trial *t)
{
	int64_t got = 1;
	struct vet_socket s;
	if (step_connected(t, &s)) {
		int64_t r = STEP(t, error, &s, &got);
		vet_trial_check(t, r < 0 ? got == 1 : got <= 0);
		expect(t, r == 0 && got == 0);
	}
	step_close(t, &s);
}

static void unknown(struct vet_trial *t)
{
	bool got = true;
	struct vet_socket s;
	if (step_datagram(t, &s)) {
		expect(t, STEP(t, set_no_delay, &s, true) == -ENOPROTOOPT);
		expect(t, STEP(t, no_delay, &s, &got) == -ENOPROTOOPT && got);
	}
	step_close(t, &s);
}

static void group(struct vet_trial *t)
{
	struct vet_ip all_hosts = step_server(t).ip.family == 4
					  ? vet_ipv4(224, 0, 0, 1)
					  : vet_ipv6(0xff02, 0, 0, 0, 0, 0, 0, 1);
	struct vet_ip none = vet_ipv4(192, 0, 2, 1),
		      foreign = vet_ipv6(0xff02, 0, 0, 0, 0, 0, 0, 2);
	struct vet_socket s;
	if (step_datagram(t, &s)) {
		if (vet_socket_family(&s) == 4) {
			vet_trial_check(t, STEP(t, join, &s, &none, 0) == -EINVAL);
			vet_trial_check(t, STEP(t, join, &s, &foreign, 0) == -EAFNOSUPPORT);
		}
		int64_t r = STEP(t, join, &s, &all_hosts, 0);
		expect(t, r == 0);
		if (r == 0)
			expect(t, STEP(t, leave, &s, &all_hosts, 0) == 0);
	}
	step_close(t, &s);
}

/* A peer is no reason to hear no others. */
static void group_with_peer(struct vet_trial *t)
{
	struct vet_ip group = vet_ipv4(224, 0, 0, 1);
	struct vet_address server = step_server(t);
	struct vet_socket s;
	if (step_datagram(t, &s) && STEP(t, connect, &s, &server) == 0) {
		int64_t r = STEP(t, join, &s, &group, 0);
		expect(t, r == 0);
		if (r == 0)
			expect(t, STEP(t, leave, &s, &group, 0) == 0);
	}
	step_close(t, &s);
}

static void before_binding(struct vet_trial *t)
{
	struct vet_address own = step_own(t);
	struct vet_socket s;
	if (step_stream(t, &s)) {
		expect(t, STEP(t, set_reuse_address, &s, true) == 0);
		expect(t, STEP(t, bind, &s, &own) == 0);
	}
	step_close(t, &s);
}

static const struct vet_scenario scenarios[] = {
	{ NAMED("set and get a flag", flag) },
	{ NAMED("set and get an integer", integer) },
	{ NAMED("set and get a size", size) },
	{ NAMED("set and get the time to live", ttl) },
	{ NAMED("set and get the time to live on IPv6", ttl), .context = &on_ipv6 },
	{ NAMED("set the time to live for mapped peers", ttl_on_ipv6), .context = &on_ipv6 },
	{ NAMED("set and get a duration", duration) },
	{ NAMED("set and get linger", linger) },
	{ NAMED("set and get a text", text) },
	{ NAMED("get the pending error", error) },
	{ NAMED("set and get what a socket does not know", unknown) },
	{ NAMED("join and leave a group", group) },
	{ NAMED("join and leave a group of IPv6", group), .context = &on_ipv6 },
	{ NAMED("join and leave a group with a peer", group_with_peer) },
	{ NAMED("reuse an address", before_binding) },
};

const struct subject options = SUBJECT(scenarios);
