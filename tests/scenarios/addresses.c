/* SPDX-License-Identifier: 0BSD */
/* Addresses that are bound and asked for; deadlines that are set and asked for. */
#include "steps.h"

static bool is_none(const struct vet_address *address)
{
	static const struct vet_address none;
	return vet_address_equal(address, &none);
}

static void bound(struct vet_trial *t)
{
	struct vet_address own = step_own(t), got;
	struct vet_socket s;
	if (step_stream(t, &s)) {
		int64_t bound = STEP(t, bind, &s, &own);
		expect(t, bound == 0);
		int64_t r = STEP(t, local_address, &s, &got);
		expect(t, r == 0);
		vet_trial_check(t, r == 0 || is_none(&got));
		vet_trial_check(t, bound < 0 || r < 0 || vet_address_equal(&got, &own));
	}
	step_close(t, &s);
}

static void bound_by_the_system(struct vet_trial *t)
{
	struct vet_address own = step_own(t), got;
	struct vet_socket s;
	own.port = 0;
	if (step_datagram(t, &s)) {
		expect(t, STEP(t, bind, &s, &own) == 0);
		int64_t r = STEP(t, local_address, &s, &got);
		vet_trial_check(t, r == 0 || is_none(&got));
		expect(t, r == 0 && got.port != 0);
	}
	step_close(t, &s);
}

static void bound_twice(struct vet_trial *t)
{
	struct vet_address own = step_own(t), far = own;
	struct vet_socket s;
	far.port = 70000;
	if (step_stream(t, &s)) {
		vet_trial_check(t, STEP(t, bind, &s, &far) == -EINVAL);
		int64_t r = STEP(t, bind, &s, &own);
		expect(t, r == 0);
		if (r == 0)
			expect(t, STEP(t, bind, &s, &own) == -EINVAL);
	}
	step_close(t, &s);
}

static void both_ends(struct vet_trial *t)
{
	struct vet_address server = step_server(t), local, peer;
	struct vet_socket s;
	if (step_connected(t, &s)) {
		int64_t r = STEP(t, local_address, &s, &local);
		vet_trial_check(t, r == 0 || is_none(&local));
		expect(t, r == 0 && local.port != 0);
		r = STEP(t, peer_address, &s, &peer);
		vet_trial_check(t, r == 0 || is_none(&peer));
		expect(t, r == 0 && vet_address_equal(&peer, &server));
	}
	step_close(t, &s);
}

static void no_peer(struct vet_trial *t)
{
	struct vet_address peer;
	struct vet_socket s;
	if (step_stream(t, &s)) {
		expect(t, STEP(t, peer_address, &s, &peer) == -ENOTCONN);
		vet_trial_check(t, is_none(&peer) || vet_trial_is_faulted(t));
	}
	step_close(t, &s);
}

static void deadlines(struct vet_trial *t)
{
	struct vet_instant now, never = vet_instant_never(), later;
	struct vet_socket s;
	if (step_stream(t, &s)) {
		vet_trial_check(t, vet_socket_deadline(&s).nanoseconds == never.nanoseconds);
		int64_t r = STEP(t, now, &s, &now);
		vet_trial_check(t, r == 0 || now.nanoseconds == 0);
		expect(t, r == 0);
		later = vet_instant_add(now, VET_SECONDS(1));
		STEP_VOID(t, deadline_at, &s, later);
		vet_trial_check(t, vet_socket_deadline(&s).nanoseconds == later.nanoseconds);
		STEP_VOID(t, timeout_after, &s, VET_SECONDS(2));
		expect(t, vet_socket_deadline(&s).nanoseconds > later.nanoseconds);
		STEP_VOID(t, timeout_after, &s, VET_DURATION_MAX);
		vet_trial_check(t, vet_socket_deadline(&s).nanoseconds == never.nanoseconds);
		STEP_VOID(t, reset_deadline, &s);
		vet_trial_check(t, vet_socket_deadline(&s).nanoseconds == never.nanoseconds);
	}
	step_close(t, &s);
}

/* ---- addresses in words, whose zone is looked up ---- */

static int64_t parse(struct vet_trial *t, const char *text, struct vet_address *address)
{
	vet_trial_begin(t, &operations[OPERATION_parse_on]);
	int64_t r = vet_trial_end(
		t, vet_address_parse_on(vet_trial_sys(t), text, strlen(text), address, NULL));
	vet_trial_check(t, r == 0 || is_none(address));
	return r;
}

static void zone(struct vet_trial *t)
{
	struct vet_address got;
	struct vet_ip ip = vet_ipv6(0xfe80, 0, 0, 0, 0, 0, 0, 1);
	int64_t r = parse(t, "[fe80::1%eth0]:80", &got);
	expect(t, r == 0);
	vet_trial_check(t, r < 0 || (vet_ip_equal(&got.ip, &ip) && got.port == 80));
	vet_trial_check(t, r < 0 || got.scope_id == 2);
	r = parse(t, "[fe80::1%lo]:80", &got);
	expect(t, r == 0);
	vet_trial_check(t, r < 0 || got.scope_id == 1);
}

/* A number, and what is no address, is looked up nowhere. */
static void no_zone(struct vet_trial *t)
{
	struct vet_address got;
	vet_trial_check(t, parse(t, "[fe80::1%7]:80", &got) == 0 && got.scope_id == 7);
	vet_trial_check(t, parse(t, "192.0.2.1:80", &got) == 0 && got.scope_id == 0);
	vet_trial_check(t, parse(t, "[fe80::1%eth0]", &got) == -EINVAL);
	expect(t, parse(t, "[fe80::1%eth1]:80", &got) == -ENODEV);
}

static void zone_and_bind(struct vet_trial *t)
{
	struct vet_address address, got;
	struct vet_socket s;
	if (parse(t, "[fe80::1%eth0]:4000", &address) < 0)
		return;
	if (step_stream(t, &s) && STEP(t, bind, &s, &address) == 0) {
		int64_t r = STEP(t, local_address, &s, &got);
		expect(t, r == 0);
		vet_trial_check(t, r < 0 || vet_address_equal(&got, &address));
	}
	step_close(t, &s);
}

static const struct vet_scenario scenarios[] = {
	{ NAMED("bind and ask for the address", bound) },
	{ NAMED("bind and ask for the address of IPv6", bound), .context = &on_ipv6 },
	{ NAMED("bind a datagram socket to any port", bound_by_the_system) },
	{ NAMED("bind twice", bound_twice) },
	{ NAMED("ask for the addresses of a connection", both_ends) },
	{ NAMED("ask for the addresses of a connection over IPv6", both_ends),
	  .context = &on_ipv6 },
	{ NAMED("ask for a peer when there is none", no_peer) },
	{ NAMED("set and ask for deadlines", deadlines) },
	{ NAMED("read an address with the name of an interface", zone) },
	{ NAMED("read an address without the name of an interface that is there", no_zone) },
	{ NAMED("read an address with the name of an interface and bind to it", zone_and_bind),
	  .context = &on_ipv6 },
};

const struct subject addresses = SUBJECT(scenarios);
