/* SPDX-License-Identifier: 0BSD */
/* Options as text on sockets of each kind: what is applied is what the kernel holds. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kernel.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct kind {
	const char *name;
	int (*open)(struct vet_socket *s, const struct world *world);
	const char *text;
	const char *held; /* the same, where the kernel rounds it */
	uint64_t absent;  /* what such a socket does not know */
};

static int open_stream(struct vet_socket *s, const struct world *world)
{
	return vet_socket_stream_on(s, world->sys, world->family);
}

static int open_datagram(struct vet_socket *s, const struct world *world)
{
	return vet_socket_datagram_on(s, world->sys, world->family);
}

static int open_raw(struct vet_socket *s, const struct world *world)
{
	return vet_socket_raw_on(s, world->sys, world->family, 253); /* for experiments: RFC 3692 */
}

#define BIT(name) (UINT64_C(1) << VET_INDEX_##name)
#define ON_TCP \
	(BIT(no_delay) | BIT(keepalive_time) | BIT(keepalive_interval) | BIT(keepalive_count) | \
	 BIT(user_timeout) | BIT(quick_ack) | BIT(cork) | BIT(defer_accept) | BIT(fast_open) | \
	 BIT(congestion))

static const struct kind kinds[] = {
	{ "stream", open_stream,
	  "keepalive,keepalive-time=1001ms,keepalive-interval=7s,keepalive-count=3,linger=4500ms,"
	  "no-delay,reuse-address,reuse-port,ttl=33,user-timeout=1999us,receive-low-water=2,"
	  "type-of-service=16,multicast-loop=off,cork=off,bind-to-device=,priority=3",
	  "keepalive,keepalive-time=2s,keepalive-interval=7s,keepalive-count=3,linger=5s,"
	  "no-delay,reuse-address,reuse-port,ttl=33,user-timeout=2ms,receive-low-water=2,"
	  "type-of-service=16,multicast-loop=off,cork=off,bind-to-device=,priority=3",
	  0 },
	{ "datagram", open_datagram,
	  "broadcast,linger=off,reuse-address,ttl=255,type-of-service=255,multicast-ttl=0,"
	  "multicast-loop=off,priority=6",
	  NULL, ON_TCP },
	{ "raw", open_raw,
	  "broadcast,linger=0s,ttl=1,multicast-ttl=255,multicast-loop=off,priority=0", NULL,
	  ON_TCP },
};

static void read_text(const char *text, struct vet_options *options)
{
	struct vet_text_error error;

	if (vet_options_parse(text, strlen(text), options, &error) != 0)
		printf("%s: at %zu: %s\n", text, error.offset, error.reason);
	CHECK(error.reason == NULL);
}

/* Of what was read, those that were set, as text. */
static void check_held(const struct vet_options *set, const struct vet_options *held)
{
	struct vet_options part = { .given = set->given & held->given };
	char want[VET_OPTIONS_TEXT_SIZE], got[VET_OPTIONS_TEXT_SIZE];

	for (size_t i = 0; i < VET_INDEX_COUNT; i++)
		if ((part.given >> i & 1) != 0)
			part.value[i] = held->value[i];
	MUST(vet_options_format(set, want, sizeof want));
	MUST(vet_options_format(&part, got, sizeof got));
	if (strcmp(want, got) != 0)
		printf("set:  %s\nheld: %s\n", want, got);
	CHECK(strcmp(want, got) == 0);
}

static void try_kind(const struct world *world, const struct kind *kind)
{
	struct vet_options options, held;
	struct vet_socket s = { 0 };
	size_t failed = 77;
	int r = kind->open(&s, world);

	if (r == -EPERM) {
		printf("%s: not tried: it needs a privilege\n", kind->name);
		return;
	}
	MUST(r);
	read_text(kind->text, &options);
	r = vet_options_apply(&s, &options, &failed);
	if (r < 0 && failed < VET_INDEX_COUNT)
		printf("%s: %s: %s\n", kind->name, vet_option_at(failed)->text, vet_error_name(r));
	SAME(r, 0);
	CHECK(failed == VET_NO_OPTION);
	SAME(vet_options_read(&s, &held, &failed), 0);
	CHECK(failed == VET_NO_OPTION);
	CHECK((held.given & kind->absent) == 0);
	CHECK((held.given >> VET_INDEX_only_ipv6 & 1) == (world->family == 6));
	if (kind->held != NULL)
		read_text(kind->held, &options);
	check_held(&options, &held);
	MUST(vet_socket_close(&s));
}

static void what_is_applied_is_what_the_kernel_holds(const struct world *world)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		try_kind(world, &kinds[i]);
}

/* Linux doubles them, for its bookkeeping (socket(7)). */
static void buffers_are_as_large_as_was_asked_for(const struct world *world)
{
	struct vet_options options, held;
	struct vet_socket s;

	MUST(vet_socket_datagram_on(&s, world->sys, world->family));
	read_text("receive-buffer-size=16KiB,send-buffer=20kB", &options);
	MUST(vet_options_apply(&s, &options, NULL));
	MUST(vet_options_read(&s, &held, NULL));
	CHECK(held.value[VET_INDEX_receive_buffer_size].number >= 16384);
	CHECK(held.value[VET_INDEX_send_buffer_size].number >= 20000);
	MUST(vet_socket_close(&s));
}

static void what_was_set_before_a_failure_stays_set(const struct world *world)
{
	struct vet_options options;
	struct vet_socket s;
	size_t failed;
	bool keepalive = false, cork = true;
	int64_t ttl = 0, priority = 77;

	MUST(vet_socket_stream_on(&s, world->sys, world->family));
	read_text("keepalive,ttl=7,no-cork,congestion=no-such-one,priority=5", &options);
	SAME(vet_options_apply(&s, &options, &failed), -ENOENT);
	SAME((int64_t)failed, VET_INDEX_congestion);
	MUST(vet_socket_keepalive(&s, &keepalive));
	MUST(vet_socket_ttl(&s, &ttl));
	MUST(vet_socket_cork(&s, &cork));
	MUST(vet_socket_priority(&s, &priority));
	CHECK(keepalive && !cork);
	SAME(ttl, 7);
	SAME(priority, 0);
	MUST(vet_socket_close(&s));
}

static void what_the_family_does_not_have_sets_nothing(const struct world *world)
{
	struct vet_options options;
	struct vet_socket s;
	size_t failed;
	bool broadcast = true, only_ipv6 = false;

	MUST(vet_socket_datagram_on(&s, world->sys, world->family));
	read_text("broadcast,only-ipv6", &options);
	if (world->family == 6) {
		SAME(vet_options_apply(&s, &options, &failed), 0);
		MUST(vet_socket_only_ipv6(&s, &only_ipv6));
		CHECK(only_ipv6);
	} else {
		SAME(vet_options_apply(&s, &options, &failed), -ENOPROTOOPT);
		SAME((int64_t)failed, VET_INDEX_only_ipv6);
		MUST(vet_socket_broadcast(&s, &broadcast));
		CHECK(!broadcast);
	}
	MUST(vet_socket_close(&s));
}

/* SO_ERROR is taken away by asking (POSIX): to read the options is not to ask. */
static void the_pending_error_is_not_taken_away(const struct world *world)
{
	struct vet_socket holders[2], s;
	struct vet_address where;
	struct vet_options options;
	int64_t error = 0;

	refused_open(world, holders, &where);
	MUST(vet_socket_datagram_on(&s, world->sys, world->family));
	MUST(vet_socket_connect(&s, &where));
	SAME(vet_socket_write_some(&s, "x", 1), 1);
	MUST(vet_options_read(&s, &options, NULL));
	MUST(vet_socket_error(&s, &error));
	SAME(error, -ECONNREFUSED);
	MUST(vet_socket_close(&s));
	refused_close(holders);
}

int main(void)
{
	static const struct kernel_test tests[] = {
		KERNEL_TEST(what_is_applied_is_what_the_kernel_holds, EVERY_WORLD),
		KERNEL_TEST(buffers_are_as_large_as_was_asked_for, EVERY_WORLD),
		KERNEL_TEST(what_was_set_before_a_failure_stays_set, EVERY_WORLD),
		KERNEL_TEST(what_the_family_does_not_have_sets_nothing, EVERY_WORLD),
		KERNEL_TEST(the_pending_error_is_not_taken_away, EVERY_WORLD),
	};

	return kernel_run("options", tests, sizeof tests / sizeof tests[0]);
}
