/* SPDX-License-Identifier: 0BSD */
/* Mischief: its text, and what it does to a world. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vetsock/mischief.h>
#include <vetsock/vetsock.h>

#include "one_world.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ---- the text ---- */

static const struct good {
	const char *text, *canonical; /* NULL: the text is */
} goods[] = {
	{ "", NULL },
	{ " \t\n", "" },
	{ "loss=2%", NULL },
	{ "loss = 2.50%", "loss=2.5%" },
	{ "loss=0.0001%; duplication=100%; reordering=0%", NULL },
	{ "loss=100.0000%", "loss=100%" },
	{ "loss=12.3456%", NULL },
	{ "loss=10.01%", NULL },
	{ "latency=20ms..80ms", NULL },
	{ "latency=1000us..1s", "latency=1ms..1s" },
	{ "latency=5ms..5ms", "latency=5ms" },
	{ "latency=0s", NULL },
	{ "latency=24h", NULL },
	{ "rate=1MiB", NULL },
	{ "rate=64kB", "rate=64000" },
	{ "rate=0B", "rate=0" },
	{ "mtu=576; mtu=65535", NULL },
	{ "client->server:loss=10%", "client->server: loss=10%" },
	{ "client <-> server : loss=10%", "client<->server: loss=10%" },
	{ "a,b->c , d: latency=1s", "a, b->c, d: latency=1s" },
	{ "*->server: loss=1%; server->*: loss=2%", NULL },
	{ "*->*: loss=1%", "loss=1%" },
	{ "*<->*: loss=1%", NULL },
	{ "c, b->a: loss=1%; a, b, c->d: loss=2%", "c, b->a: loss=1%; c, b, a->d: loss=2%" },
	{ "@0s=loss=5%", "loss=5%" },
	{ "@ 2s = loss=5% for 3000ms", "@2s=loss=5% for 3s" },
	{ "@2s=a->b: rate=10KiB for 1s", NULL },
	{ "cut a->b", NULL },
	{ "@2s=cut a<->* for 1s", NULL },
	{ "@2s=partition client|server for 1s", "@2s=partition client | server for 1s" },
	{ "partition a,b", "partition a, b" },
	{ "@1s=heal", NULL },
	{ "@3s=crash server for 500ms", NULL },
	{ "@3s=crash server, client with resets for 1s", NULL },
	{ "@3s=crash *", NULL },
	{ "@4s=restart server", NULL },
	{ "@5s=jump client 40s", NULL },
	{ "@5s=jump client -2s", NULL },
	{ "@5s=jump * -9223372036854775807ns", NULL },
	{ "@1s=descriptors server 4", NULL },
	{ "@1s=memory server 64KiB for 2s", NULL },
	{ "random=5 within 10s", NULL },
	{ "calm=10s;random=5", "random=5; calm=10s" },
	{ "swarm", NULL },
	{ "bound=0s; short-counts; calm=0s; swarm", "swarm; short-counts; calm=0s; bound=0s" },
	{ "loss=2%; random=100 within 1ms; swarm; short-counts; calm=10s; bound=30s", NULL },
	/* Names that are words elsewhere, or have signs in them. */
	{ "cut->loss: loss=1%; crash crash; crash for for 1s; partition with | for", NULL },
	{ "web-1.site->a_b: loss=1%; crash 1", NULL },
	{ "crash 0123456789012345678901234567890", NULL },
	{ "@1h=loss=1%; @1m=loss=2%", NULL }, /* the order is the text's */
	/* The table of docs/mischief.md. */
	{ "loss=2.5%; latency=1ms..20ms", NULL },
	{ "client->server: loss=10%", NULL },
	{ "client<->server: rate=100KiB; *->server: mtu=1280", NULL },
	{ "@2s=partition client, proxy | server for 5s", NULL },
	{ "@2s=partition server", NULL },
	{ "@2s=cut client->server for 1s", NULL },
	{ "@3s=heal", NULL },
	{ "@3s=crash server for 500ms", NULL },
	{ "@3s=crash server with resets; @4s=restart server", NULL },
	{ "@1s=descriptors server 4 for 10s", NULL },
	{ "@1s=memory server 64KiB", NULL },
	{ "@5s=jump client 40s; @6s=jump client -2s", NULL },
	{ "short-counts", NULL },
	{ "random=5 within 10s", NULL },
	{ "loss=2%; random=5; swarm; calm=10s; bound=30s", NULL },
};

static const struct bad {
	const char *text;
	size_t offset, length;
	const char *reason;
} bads[] = {
	{ ";", 0, 1, "an item is missing before ';'" },
	{ "heal;", 5, 1, "an item is missing after ';'" },
	{ "heal;;heal", 5, 1, "an item is missing before ';'" },
	{ "heal heal", 5, 4, "only ';' stands behind an item" },
	{ "heal, heal", 6, 4, "this host is said twice" } /* of a link */,
	{ "lss=2%", 0, 3, "there is no mischief of this name; did you mean 'loss'?" },
	{ "swrm", 0, 4, "there is no mischief of this name; did you mean 'swarm'?" },
	{ "drop=2%", 0, 4, "there is no mischief of this name; did you mean 'loss'?" },
	{ "jitter=2ms", 0, 6, "jitter is written latency=A..B" },
	{ "short_counts", 0, 12,
	  "there is no mischief of this name; did you mean 'short-counts'?" },
	{ "xyzzyxyzzy=2%", 0, 10, "there is no mischief of this name" },
	{ "loss", 4, 1, "'=' and a value are missing" },
	{ "loss 2%", 5, 1, "'=' stands between a quality and its value" },
	{ "loss=", 5, 1, "a number is missing" },
	{ "loss=2", 6, 1, "a share is in percent: 2.5%" },
	{ "loss=2.", 7, 1, "decimals are missing" },
	{ "loss=2.%", 7, 1, "decimals are missing" },
	{ "loss=2.00001%", 7, 5, "percent have at most four decimals" },
	{ "loss=101%", 5, 4, "percent go up to 100%" },
	{ "loss=100.0001%", 5, 9, "percent go up to 100%" },
	{ "loss=99999999999999999999%", 5, 21, "percent go up to 100%" },
	{ "loss=-1%", 5, 1, "a number has no sign" },
	{ "loss=01%", 5, 2, "a number has no leading zeros" },
	{ "loss=1 %", 6, 1, "no blank stands here" },
	{ "latency=20", 10, 1, "a duration has a unit: ns, us, ms, s, m or h" },
	{ "latency=25h", 8, 3, "a packet is under way for at most 24h" },
	{ "latency=2ms.3ms", 12, 1, "a range is written 20ms..80ms" },
	{ "latency=2ms..", 13, 1, "the end of the range is missing" },
	{ "latency=2ms.. 3ms", 13, 1, "no blank stands here" },
	{ "latency=2ms..1ms", 8, 8, "this range runs backwards" },
	{ "rate=1M", 6, 1, "this could be 1048576 or 1000000 bytes: MiB or MB" },
	{ "mtu=575", 4, 3, "an MTU is at least 576 bytes" },
	{ "mtu=65536", 4, 5, "an MTU is at most 65535 bytes" },
	{ "client: loss=1%", 0, 6, "a link has two ends: a->b, or a<->b" },
	{ "client<server: loss=1%", 0, 6, "a link has two ends: a->b, or a<->b" },
	{ "a, b: loss=1%", 4, 1, "a link has two ends: a->b, or a<->b" },
	{ "a->b", 4, 1, "':' and a quality are missing" },
	{ "a->b loss=1%", 5, 4, "between a link and its quality stands ':'" },
	{ "a->b:", 5, 1, "a quality is missing" },
	{ "a->b: heal", 6, 4, "behind a link and ':' stands a quality" },
	{ "a->b: loss=1%, latency=1s", 13, 1, NULL },
	{ "a->a: loss=1%", 0, 4, "no link goes from a host to itself" },
	{ "a, a->b: loss=1%", 3, 1, "this host is said twice" },
	{ "a, *->b: loss=1%", 3, 1, "'*' is each host, and stands alone" },
	{ "->b: loss=1%", 0, 1, "the name of a host is missing" },
	{ "cut a", 5, 1, "a link has two ends: a->b, or a<->b" },
	{ "cut a->", 7, 1, "the name of a host is missing" },
	{ "cut", 3, 1, "the name of a host is missing" },
	{ "cut=a->b", 3, 1, "this one has no '='" },
	{ "partition *", 10, 1, "a partition names its hosts" },
	{ "partition a | *", 14, 1, "a partition names its hosts" },
	{ "partition a | b, a", 10, 8, "a host is on one side" },
	{ "heal for 1s", 5, 3, "what is healed stays so: there is no 'for'" },
	{ "jump a 1s for 1s", 10, 3, "a jump is over at once: there is no 'for'" },
	{ "restart a for 1s", 10, 3, "who is up again stays so: there is no 'for'" },
	{ "crash a for 0s", 12, 2, "what lasts 0s does not happen" },
	{ "crash a with", 12, 1, "'resets' is missing" },
	{ "crash a with care", 13, 4, "behind 'with' stands 'resets'" },
	{ "crash 01234567890123456789012345678901", 6, 32,
	  "the name of a host is at most 31 bytes" },
	{ "jump a", 6, 1, "a number is missing" },
	{ "jump a 0s", 7, 2, "a clock that jumps by nothing does not jump" },
	{ "jump a --1s", 8, 1, "a number has no sign" },
	{ "descriptors a 0", 14, 1, "a limit is at least 1" },
	{ "descriptors a 4294967296", 14, 10, "a limit is at most 4294967295" },
	{ "memory a 0B", 9, 2, "a limit is at least 1" },
	{ "@", 1, 1, "a number is missing" },
	{ "@1s", 3, 1, "'=' and what befalls are missing" },
	{ "@1s heal", 4, 4, "between a time and what befalls stands '='" },
	{ "@1s=", 4, 1, "what befalls is missing" },
	{ "@1s=@2s=heal", 4, 1, "an item has one '@'" },
	{ "@1s=swarm", 4, 5, "this one has no '@'" },
	{ "@1s=calm=2s", 4, 4, "this one has no '@'" },
	{ "@-1s=heal", 1, 1, "a number has no sign" },
	{ "swarm; swarm", 7, 5, "this is said once" },
	{ "calm=1s; calm=1s", 9, 4, "this is said once" },
	{ "swarm=1", 5, 1, "this one has no '='" },
	{ "random=0 within 1s", 7, 1, "0 random things are none" },
	{ "random=101 within 1s", 7, 3, "at most 100 random things" },
	{ "random=5", 0, 8, "random things have an end: 'within T', or calm=T" },
	{ "random=5 within 1us", 16, 3, "random things need at least 1ms" },
	{ "random=5; calm=1us", 0, 8, "random things need at least 1ms" },
	{ "calm=1s; random=5 within 2s", 9, 18, "all is calm before that" },
	{ "bound=2s", 0, 8, "a bound counts from the calm: calm=T is missing" },
	{ "heal; @2s=crash a; calm=2s", 6, 3, "all is calm by then" },
	{ "loss=1%; calm=0s", 0, 7, "all is calm by then" },
	{ "loss=1%\x01", 7, 1, "a control character cannot stand here" },
	{ "cut a->\xc3\xa4", 7, 1, "only ASCII characters can stand here" },
};

/* In a block of exactly its size, so that a tool sees each byte that is read beyond it. */
static int parse(struct vet_mischief *m, const char *text, size_t size,
		 struct vet_text_error *error)
{
	char *block = malloc(size == 0 ? 1 : size);
	int result;
	assert_non_null(block);
	memcpy(block, text, size);
	result = vet_mischief_parse(m, size == 0 ? block + 1 : block, size, error);
	free(block);
	return result;
}

static char printed[VET_MISCHIEF_TEXT_SIZE];

static void assert_round_trip(const struct vet_mischief *m)
{
	static struct vet_mischief again;
	int length = vet_mischief_format(m, printed, sizeof printed);
	assert_true(length >= 0);
	assert_int_equal(parse(&again, printed, (size_t)length, NULL), 0);
	assert_memory_equal(&again, m, sizeof again);
}

static void each_good_text_has_its_canonical_form(void **state)
{
	static struct vet_mischief m;
	(void)state;
	for (size_t i = 0; i < COUNT(goods); i++) {
		const struct good *good = &goods[i];
		struct vet_text_error error = { 1, 1, "" };
		if (parse(&m, good->text, strlen(good->text), &error) != 0)
			fail_msg("%s: %zu+%zu %s", good->text, error.offset, error.length,
				 error.reason);
		assert_null(error.reason);
		assert_round_trip(&m);
		assert_string_equal(printed,
				    good->canonical == NULL ? good->text : good->canonical);
	}
}

static void each_bad_text_says_where_and_why(void **state)
{
	static struct vet_mischief m;
	static const struct vet_mischief none;
	(void)state;
	for (size_t i = 0; i < COUNT(bads); i++) {
		const struct bad *bad = &bads[i];
		struct vet_text_error error = { 0 };
		memset(&m, 0xaa, sizeof m);
		if (parse(&m, bad->text, strlen(bad->text), &error) != -EINVAL)
			fail_msg("%s was read", bad->text);
		assert_memory_equal(&m, &none, sizeof m);
		if (error.offset != bad->offset || error.length != bad->length ||
		    (bad->reason != NULL && strcmp(error.reason, bad->reason) != 0))
			fail_msg("%s: %zu+%zu %s", bad->text, error.offset, error.length,
				 error.reason);
	}
}

static void assert_read_or_told(const char *text, size_t size)
{
	static struct vet_mischief m;
	struct vet_text_error error = { 0 };
	if (parse(&m, text, size, &error) == 0) {
		assert_round_trip(&m);
		return;
	}
	assert_non_null(error.reason);
	assert_true(error.length >= 1);
	assert_true(error.offset <= size);
}

static void each_prefix_is_read_or_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(goods); i++)
		for (size_t size = 0; size <= strlen(goods[i].text); size++)
			assert_read_or_told(goods[i].text, size);
	for (size_t i = 0; i < COUNT(bads); i++)
		for (size_t size = 0; size <= strlen(bads[i].text); size++)
			assert_read_or_told(bads[i].text, size);
}

/* Each byte of each good text in turn is another: mostly nonsense, never misread. */
static void each_changed_byte_is_read_or_told(void **state)
{
	static const char others[] = ";=:,@|*%.-<> 0as\x7f";
	char text[128];
	(void)state;
	for (size_t i = 0; i < COUNT(goods); i++) {
		size_t size = strlen(goods[i].text);
		assert_true(size < sizeof text);
		for (size_t at = 0; at < size; at++)
			for (size_t other = 0; other < sizeof others; other++) {
				memcpy(text, goods[i].text, size);
				text[at] = others[other];
				assert_read_or_told(text, size);
			}
	}
}

static void a_mischief_has_64_items_and_32_names(void **state)
{
	static struct vet_mischief m;
	static char text[4096];
	struct vet_text_error error;
	int size = 0;
	(void)state;
	for (unsigned i = 0; i < 64; i++)
		size += snprintf(text + size, sizeof text - (size_t)size, "%scrash host%u",
				 i == 0 ? "" : ";", i % 32);
	assert_int_equal(parse(&m, text, (size_t)size, NULL), 0);
	assert_round_trip(&m);
	(void)snprintf(text + size, sizeof text - (size_t)size, ";swarm");
	assert_int_equal(parse(&m, text, strlen(text), NULL), 0);
	(void)snprintf(text + size, sizeof text - (size_t)size, ";heal");
	assert_int_equal(parse(&m, text, strlen(text), &error), -EINVAL);
	assert_int_equal(error.offset, size + 1);
	assert_int_equal(error.length, 4);
	(void)snprintf(text + size, sizeof text - (size_t)size, ";crash host32");
	assert_int_equal(parse(&m, text, strlen(text), &error), -EINVAL);
	assert_int_equal(error.offset, size + 7);
	assert_string_equal(error.reason, "a mischief names at most 32 hosts");
}

static void the_longest_text_has_room(void **state)
{
	static struct vet_mischief m;
	int length;
	(void)state;
	memset(&m, 0, sizeof m);
	m.count = VET_MISCHIEF_ITEMS;
	m.names = VET_MISCHIEF_NAMES;
	for (unsigned i = 0; i < VET_MISCHIEF_NAMES; i++)
		(void)snprintf(m.name[i], sizeof m.name[i], "%031u", i);
	for (unsigned i = 0; i < VET_MISCHIEF_ITEMS; i++)
		m.item[i] = (struct vet_mischief_item){
			.kind = VET_MISCHIEF_LATENCY,
			.both_ways = 1,
			.from = 0xffff,
			.to = 0xffff0000,
			.at = INT64_MAX - 1,
			.length = INT64_MAX,
			.value = 86399999999999,
			.more = 1,
		};
	m.random = 100;
	m.has_within = m.swarm = m.short_counts = m.has_calm = m.has_bound = 1;
	m.within = m.calm = m.bound = INT64_MAX;
	length = vet_mischief_format(&m, printed, sizeof printed);
	assert_true(length > 64 * 32 * 33);
	assert_round_trip(&m);
	assert_int_equal(vet_mischief_format(&m, printed, (size_t)length), -ENOSPC);
	assert_string_equal(printed, "");
	assert_int_equal(vet_mischief_format(&m, printed, (size_t)length + 1), length);
	assert_int_equal(vet_mischief_format(&m, NULL, 0), -ENOSPC);
}

/* One member of a good one is changed to what no text gives. */
static void what_no_text_gives_is_not_printed(void **state)
{
	static struct vet_mischief good, m;
	static const char text[] =
		"a->b: latency=1s..2s; crash a; @1s=jump b 1s; random=1 within 1s";
	(void)state;
	assert_int_equal(parse(&good, text, strlen(text), NULL), 0);
	assert_round_trip(&good);
#define NOT_PRINTED(change) \
	do { \
		m = good; \
		change; \
		assert_int_equal(vet_mischief_format(&m, printed, sizeof printed), -EINVAL); \
		assert_string_equal(printed, ""); \
	} while (0)
	NOT_PRINTED(m.count = 65);
	NOT_PRINTED(m.names = 33);
	NOT_PRINTED(m.names = 1);
	NOT_PRINTED(m.swarm = 2);
	NOT_PRINTED(m.calm = 1);
	NOT_PRINTED(m.has_bound = 1);
	NOT_PRINTED(m.has_within = 0);
	NOT_PRINTED(m.within = 1);
	NOT_PRINTED(m.random = 101);
	NOT_PRINTED(m.item[0].kind = VET_MISCHIEF_KINDS);
	NOT_PRINTED(m.item[0].both_ways = 2);
	NOT_PRINTED(m.item[0].to = 1);
	NOT_PRINTED(m.item[0].to = 0);
	NOT_PRINTED(m.item[0].from = VET_MISCHIEF_EVERY | 1);
	NOT_PRINTED(m.item[0].from = 4);
	NOT_PRINTED((m.item[0].from = 2, m.item[0].to = 1)); /* not in their order */
	NOT_PRINTED(m.item[0].more = -1);
	NOT_PRINTED(m.item[0].more = 24 * VET_HOURS(1));
	NOT_PRINTED(m.item[1].more = 1);
	NOT_PRINTED(m.item[1].to = 2);
	NOT_PRINTED(m.item[1].value = 2);
	NOT_PRINTED(m.item[1].at = -1);
	NOT_PRINTED(m.item[1].length = -1);
	NOT_PRINTED(m.item[2].length = 1);
	NOT_PRINTED(m.item[2].value = INT64_MIN);
	NOT_PRINTED((m.names = 3, m.name[2][0] = 'z')); /* which nobody says */
	NOT_PRINTED(m.name[0][0] = ';');
	NOT_PRINTED(m.name[0][0] = '\0');
	NOT_PRINTED(m.name[1][0] = 'a');
	NOT_PRINTED(m.name[1][31] = 'a');
	NOT_PRINTED(memset(m.name[1], 'b', sizeof m.name[1]));
}

/* ---- a world ---- */

static struct vet_sim_host *a, *b, *c, *watch; /* main looks at the world from `watch` */

static void make_world(const struct vet_sim_options *options)
{
	assert_int_equal(vet_sim_start(sim, options), 0);
	a = vet_sim_add_host(sim, "a");
	b = vet_sim_add_host(sim, "b");
	c = vet_sim_add_host(sim, "c");
	watch = vet_sim_add_host(sim, "watch");
	assert_non_null(watch);
}

static int begin(const char *text)
{
	static struct vet_mischief m;
	assert_int_equal(vet_mischief_parse(&m, text, strlen(text), NULL), 0);
	return vet_mischief_begin(sim, &m);
}

static void start(const char *text)
{
	make_world(&(struct vet_sim_options){ .seed = 1 });
	assert_int_equal(begin(text), 0);
}

/* Until a time of the world. */
static void wait_until(int64_t milliseconds)
{
	struct vet_sys *sys = vet_sim_sys(watch);
	int64_t left = VET_MILLISECONDS(milliseconds) - vet_sim_now(sim);
	assert_true(left > 0);
	assert_int_equal((sys->calls->poll)(sys, NULL, 0, left), 0);
}

static struct vet_sim_report concluded(void)
{
	struct vet_sim_report report;
	vet_sim_conclude(sim, &report);
	return report;
}

static uint64_t marks(const char *name)
{
	unsigned mark = 0;
	while (vet_sim_mark_name(mark) != NULL && strcmp(vet_sim_mark_name(mark), name) != 0)
		mark++;
	assert_non_null(vet_sim_mark_name(mark));
	return vet_sim_mark_count(sim, mark);
}

#define loss(from, to)    vet_sim_get_link(sim, from, to).loss
#define is_down(from, to) vet_sim_get_link(sim, from, to).is_down

static void qualities_are_every_links_or_one_links(void **state)
{
	struct vet_sim_link link;
	(void)state;
	start("loss=2.5%; a->b: latency=20ms..80ms; *->c: mtu=1000; b<->c: rate=1KiB;"
	      "a, b->c: duplication=0.0001%; reordering=100%");
	link = vet_sim_get_link(sim, a, b);
	assert_int_equal(link.latency, VET_MILLISECONDS(20));
	assert_int_equal(link.jitter, VET_MILLISECONDS(60));
	assert_int_equal(link.loss, 25000);
	assert_int_equal(link.reordering, 1000000);
	assert_int_equal(link.duplication, 0);
	assert_int_equal(link.rate, 0);
	link = vet_sim_get_link(sim, b, c);
	assert_int_equal(link.latency, VET_MICROSECONDS(100));
	assert_int_equal(link.rate, 1024);
	assert_int_equal(link.mtu, 1000);
	assert_int_equal(link.duplication, 1);
	link = vet_sim_get_link(sim, c, b);
	assert_int_equal(link.rate, 1024);
	assert_int_equal(link.mtu, 0);
	assert_int_equal(link.loss, 25000);
	assert_int_equal(vet_sim_get_link(sim, a, c).rate, 0);
	assert_int_equal(vet_sim_get_link(sim, a, c).duplication, 1);
	/* And of those that come later. */
	assert_int_equal(loss(vet_sim_add_host(sim, "late"), a), 25000);
}

static void the_later_one_counts_while_it_lasts(void **state)
{
	(void)state;
	start("@2s=loss=30% for 2s; @1s=loss=20% for 4s; loss=10%; @6s=a->b: loss=50%");
	assert_int_equal(loss(a, b), 100000);
	wait_until(1500);
	assert_int_equal(loss(a, b), 200000);
	wait_until(2500);
	assert_int_equal(loss(a, b), 300000);
	wait_until(4500);
	assert_int_equal(loss(a, b), 200000);
	wait_until(5500);
	assert_int_equal(loss(a, b), 100000);
	wait_until(6500);
	assert_int_equal(loss(a, b), 500000);
	assert_int_equal(loss(b, a), 100000);
}

/* Two that say the same of a link: one ends, the other lasts. */
static void what_lasts_is_not_ended_by_another(void **state)
{
	(void)state;
	start("loss=5% for 1s; a->b: loss=5%; b->a: loss=5% for 2s");
	assert_int_equal(loss(a, b), 50000);
	wait_until(1500);
	assert_int_equal(loss(a, b), 50000);
	assert_int_equal(loss(b, a), 50000);
	assert_int_equal(loss(a, c), 0);
	wait_until(2500);
	assert_int_equal(loss(a, b), 50000);
	assert_int_equal(loss(b, a), 0);
}

/* So is each link of its own, and all together as they were: yet they are not every link. */
static void what_is_said_of_each_link_is_not_said_of_all(void **state)
{
	struct vet_sim_host *late;
	(void)state;
	start("loss=5% for 1s; *->a, b, c, watch: loss=5%");
	late = vet_sim_add_host(sim, "late");
	assert_int_equal(loss(late, a), 50000);
	wait_until(1500);
	assert_int_equal(loss(a, b), 50000);
	assert_int_equal(loss(watch, c), 50000);
	assert_int_equal(loss(a, late), 0);
	start("a->b: loss=1%; loss=2%; loss=3%"); /* the later one counts */
	assert_int_equal(loss(a, b), 30000);
	assert_int_equal(loss(c, vet_sim_add_host(sim, "late")), 30000);
}

static void links_go_back_to_what_the_program_made_them(void **state)
{
	const struct vet_sim_link slow = { .latency = VET_SECONDS(1), .loss = 7 };
	const struct vet_sim_link dead = { .is_down = true };
	(void)state;
	make_world(&(struct vet_sim_options){ .seed = 1 });
	assert_int_equal(vet_sim_set_link(sim, a, b, &slow), 0);
	assert_int_equal(vet_sim_set_link(sim, c, a, &dead), 0);
	assert_int_equal(begin("loss=5% for 1s; @2s=cut a->b for 1s; calm=5s"), 0);
	assert_int_equal(loss(a, b), 50000);
	assert_int_equal(vet_sim_get_link(sim, a, b).latency, VET_SECONDS(1));
	wait_until(1500);
	assert_int_equal(loss(a, b), 7);
	assert_int_equal(loss(b, a), 0);
	wait_until(2500);
	assert_true(is_down(a, b));
	wait_until(5500);
	assert_false(is_down(a, b));
	assert_int_equal(loss(a, b), 0); /* calm */
	assert_false(is_down(c, a));
	assert_int_equal(vet_sim_get_link(sim, a, b).latency, VET_SECONDS(1));
	assert_int_equal(vet_sim_get_link(sim, b, a).latency, VET_MICROSECONDS(100));
}

static void cuts_overlap_and_end_each_by_itself(void **state)
{
	uint64_t one_way = marks("a link is cut one way");
	(void)state;
	start("cut a->b for 2s; @1s=partition a for 2s; @4s=partition a, c | b; @5s=heal;"
	      "@6s=cut *<->* for 1s");
	assert_true(is_down(a, b));
	assert_false(is_down(b, a));
	assert_true(marks("a link is cut one way") > one_way);
	wait_until(1500);
	assert_true(is_down(a, b) && is_down(b, a) && is_down(a, c) && is_down(watch, a));
	assert_false(is_down(b, c));
	wait_until(2500);
	assert_true(is_down(a, b) && is_down(b, a));
	wait_until(3500);
	assert_false(is_down(a, b) || is_down(b, a) || is_down(a, c));
	wait_until(4500);
	assert_true(is_down(a, b) && is_down(b, c));
	assert_false(is_down(a, c) || is_down(watch, b));
	wait_until(5500);
	assert_false(is_down(a, b) || is_down(b, c));
	wait_until(6500);
	assert_true(is_down(a, b) && is_down(b, c) && is_down(watch, b));
	wait_until(7500);
	assert_false(is_down(a, b) || is_down(b, c) || is_down(watch, b));
	assert_true(marks("a link that was cut is whole again") > 0);
}

static void a_name_is_all_hosts_that_have_it(void **state)
{
	struct vet_sim_host *twin;
	(void)state;
	make_world(&(struct vet_sim_options){ .seed = 1 });
	twin = vet_sim_add_host(sim, "a");
	assert_int_equal(begin("a->b: loss=1%; a<->c: loss=2%"), 0);
	assert_int_equal(loss(a, b), 10000);
	assert_int_equal(loss(twin, b), 10000);
	assert_int_equal(loss(c, twin), 20000);
	assert_int_equal(loss(a, twin), 0);
}

static void a_host_that_is_not_there_is_named(void **state)
{
	struct vet_sim_report report;
	(void)state;
	make_world(&(struct vet_sim_options){ .seed = 1 });
	assert_int_equal(begin("loss=100%; crash wach"), -EINVAL);
	report = concluded();
	assert_int_equal(report.end, VET_SIM_FAILED);
	assert_string_equal(report.why, "mischief: there is no host 'wach'; did you mean 'watch'?");
	assert_int_equal(loss(a, b), 0);
	make_world(&(struct vet_sim_options){ .seed = 1 });
	assert_int_equal(begin("crash nowhere-near"), -EINVAL);
	report = concluded();
	assert_string_equal(report.why, "mischief: there is no host 'nowhere-near'");
}

static void it_begins_once_in_a_run(void **state)
{
	(void)state;
	start("");
	assert_int_equal(begin("loss=1%"), 0);
	assert_int_equal(begin("loss=2%"), -EALREADY);
	assert_int_equal(loss(a, b), 10000);
	start("loss=3%"); /* and anew in the next */
	assert_int_equal(loss(a, b), 30000);
	make_world(&(struct vet_sim_options){ .seed = 1 });
	assert_int_equal(loss(a, b), 0);
}

static int64_t ahead(struct vet_sim_host *host)
{
	struct vet_sys *sys = vet_sim_sys(host);
	int64_t now;
	assert_int_equal((sys->calls->now)(sys, &now), 0);
	return now - vet_sim_now(sim);
}

static void clocks_jump(void **state)
{
	int64_t start_a, start_b;
	(void)state;
	start("@1s=jump a 40s; @2s=jump * -2s; calm=3s");
	start_a = ahead(a);
	start_b = ahead(b);
	wait_until(1500);
	assert_int_equal(ahead(a) - start_a, VET_SECONDS(40));
	assert_int_equal(ahead(b) - start_b, 0);
	wait_until(2500);
	assert_int_equal(ahead(a) - start_a, VET_SECONDS(38));
	assert_int_equal(ahead(b) - start_b, -VET_SECONDS(2));
	wait_until(3500); /* what jumped stays */
	assert_int_equal(ahead(a) - start_a, VET_SECONDS(38));
}

static int make_socket(struct vet_sim_host *host)
{
	struct vet_sys *sys = vet_sim_sys(host);
	return (sys->calls->socket)(sys, AF_INET, SOCK_STREAM, 0);
}

static void hosts_run_out_of_descriptors_and_memory(void **state)
{
	struct vet_sys *sys;
	void *memory = NULL;
	(void)state;
	start("descriptors a 2; @1s=descriptors a 1 for 1s; @3s=memory a 100 for 1s; calm=5s");
	sys = vet_sim_sys(a);
	assert_true(make_socket(a) >= 0);
	assert_true(make_socket(a) >= 0);
	assert_int_equal(make_socket(a), -EMFILE);
	assert_true(make_socket(b) >= 0);
	wait_until(1500);
	assert_true(marks("a limit falls below what is open") > 0);
	assert_int_equal((sys->calls->close)(sys, VET_SIM_FIRST), 0);
	assert_int_equal(make_socket(a), -EMFILE);
	wait_until(2500);
	assert_true(make_socket(a) >= 0);
	assert_int_equal(make_socket(a), -EMFILE);
	wait_until(3500);
	assert_int_equal((sys->calls->realloc)(sys, &memory, 101), -ENOMEM);
	wait_until(4500);
	assert_int_equal((sys->calls->realloc)(sys, &memory, 101), 0);
	assert_int_equal((sys->calls->realloc)(sys, &memory, 0), 0);
	assert_int_equal(make_socket(a), -EMFILE);
	wait_until(5500);
	assert_true(make_socket(a) >= 0);
}

/* ---- crashes, and the end of a run ---- */

struct sleeper {
	unsigned begun, slept;
	vet_duration time;
	int64_t until; /* the world's, when it last ended */
};

static void sleep_well(struct vet_sys *sys, void *context)
{
	struct sleeper *sleeper = context;
	sleeper->begun++;
	if ((sys->calls->poll)(sys, NULL, 0, sleeper->time) == 0)
		sleeper->slept++;
	sleeper->until = vet_sim_now(sim);
}

static void sleeps_on(struct vet_sim_host *host, struct sleeper *sleeper)
{
	assert_int_equal(vet_sim_actor(host, "sleeper", sleep_well, sleeper), 0);
}

static void a_crashed_host_comes_back_with_its_actors(void **state)
{
	struct sleeper one = { .time = VET_SECONDS(10) }, other = one;
	struct vet_sim_report report;
	(void)state;
	start("@1s=crash a for 500ms; @1100ms=crash a for 5s"); /* that is left alone */
	sleeps_on(a, &one);
	sleeps_on(b, &other);
	assert_int_equal(vet_sim_run(sim, &report), 0);
	assert_int_equal(one.begun, 2);
	assert_int_equal(one.slept, 1);
	assert_in_range(one.until, VET_MILLISECONDS(11500), VET_MILLISECONDS(11501));
	assert_int_equal(other.begun, 1);
	assert_true(marks("a host is to crash that is down already") > 0);
}

static void each_crash_ends_by_itself(void **state)
{
	struct sleeper long_one = { .time = VET_SECONDS(10) }, short_one = long_one;
	(void)state;
	start("@1s=crash a for 5s; @2s=crash b for 1s");
	sleeps_on(a, &long_one);
	sleeps_on(b, &short_one);
	assert_int_equal(vet_sim_run(sim, NULL), 0);
	assert_in_range(long_one.until, VET_SECONDS(16), VET_SECONDS(16) + 1000);
	assert_in_range(short_one.until, VET_SECONDS(13), VET_SECONDS(13) + 1000);
}

/* Nobody is left, but somebody will come back. */
static void a_run_waits_for_who_comes_back(void **state)
{
	static const struct {
		const char *text;
		unsigned begun;
		int64_t until;
	} rows[] = {
		{ "@1s=crash * for 1s", 2, VET_SECONDS(12) },
		{ "@1s=crash *; calm=3s", 2, VET_SECONDS(13) },
		{ "@1s=crash *; @4s=restart a, b", 2, VET_SECONDS(14) },
		{ "@1s=crash *; @4s=restart a", 2, VET_SECONDS(14) },
		{ "@1s=crash * with resets for 1s; @3s=crash a for 1s", 3, VET_SECONDS(14) },
		{ "@1s=crash *", 1, VET_SECONDS(1) },
		{ "@1s=crash *; @4s=restart b", 1, VET_SECONDS(1) },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sleeper sleeper = { .time = VET_SECONDS(10) };
		struct vet_sim_report report;
		start(rows[i].text);
		sleeps_on(a, &sleeper);
		assert_int_equal(vet_sim_run(sim, &report), 0);
		assert_int_equal(sleeper.begun, rows[i].begun);
		assert_int_equal(sleeper.slept, rows[i].begun > 1);
		assert_in_range(sleeper.until, rows[i].until, rows[i].until + 1000);
	}
	assert_true(marks("every actor has ended, and a crashed host is still to come back") > 0);
}

static void who_has_not_ended_by_the_bound_has_failed(void **state)
{
	struct sleeper sleeper = { .time = VET_SECONDS(5) };
	struct vet_sim_report report;
	(void)state;
	start("calm=1s; bound=3500ms");
	sleeps_on(a, &sleeper);
	assert_int_equal(vet_sim_run(sim, &report), -EINVAL);
	assert_int_equal(report.end, VET_SIM_FAILED);
	assert_string_equal(report.why, "not done 3500ms after all was calm");
	assert_in_range(report.time, VET_MILLISECONDS(4500), VET_MILLISECONDS(4501));
	start("calm=1s; bound=5s");
	sleeps_on(a, &sleeper);
	assert_int_equal(vet_sim_run(sim, &report), 0);
	assert_true(marks("all is calm while actors still work") > 0);
	start("calm=1s; bound=1s"); /* main alone is not meant */
	wait_until(3000);
	assert_int_equal(concluded().end, VET_SIM_ENDED);
}

static void calm_ends_all(void **state)
{
	struct sleeper sleeper = { .time = VET_SECONDS(1) };
	(void)state;
	start("loss=50%; duplication=10%; a->b: reordering=1%; cut b->a; @1s=crash b;"
	      "descriptors a 1; short-counts; calm=2s");
	sleeps_on(b, &sleeper);
	wait_until(1500);
	assert_int_equal(loss(a, b), 500000);
	wait_until(5000);
	for (unsigned i = 0; i < 4; i++)
		for (unsigned j = 0; j < 4; j++) {
			struct vet_sim_link link = vet_sim_get_link(sim, vet_sim_host_at(sim, i),
								    vet_sim_host_at(sim, j));
			assert_int_equal(link.loss, 0);
			assert_int_equal(link.duplication, 0);
			assert_int_equal(link.reordering, 0);
			assert_false(link.is_down);
		}
	assert_int_equal(sleeper.begun, 2);
	assert_int_equal(sleeper.slept, 1);
	assert_true(make_socket(a) >= 0);
	assert_true(make_socket(a) >= 0);
	assert_true(marks("calm brings a host up") > 0);
}

/* ---- bytes under it ---- */

enum { PORT = 80, BYTES = 100000 };
static struct vet_address server_at;
static unsigned transfers;

static void receive(struct vet_sys *sys, void *context)
{
	struct vet_socket listener = { 0 }, peer = { 0 };
	struct vet_address any = vet_address_of(vet_ipv4(0, 0, 0, 0), PORT);
	unsigned char data[1000];
	size_t all = 0;
	ssize_t n = -1;
	(void)context;
	if (vet_socket_stream_on(&listener, sys, 4) == 0 && vet_socket_bind(&listener, &any) == 0 &&
	    vet_socket_listen(&listener) == 0 && vet_socket_accept(&listener, &peer, NULL) == 0)
		while ((n = vet_socket_read(&peer, data, sizeof data)) > 0)
			for (ssize_t i = 0; i < n; i++, all++)
				vet_sim_check(sim, data[i] == (unsigned char)(all % 251));
	transfers += n == 0 && all == BYTES;
	(void)vet_socket_close(&peer);
	(void)vet_socket_close(&listener);
}

static void transmit(struct vet_sys *sys, void *context)
{
	static unsigned char data[BYTES];
	struct vet_socket s = { 0 };
	int result;
	(void)context;
	for (size_t i = 0; i < BYTES; i++)
		data[i] = (unsigned char)(i % 251);
	do {
		if (vet_socket_stream_on(&s, sys, 4) < 0)
			return;
		(void)vet_socket_timeout_after(&s, VET_HOURS(1));
		result = vet_socket_connect(&s, &server_at);
		if (result == 0)
			result = vet_socket_write(&s, data, BYTES, NULL);
		(void)vet_socket_close(&s);
		if (result == -ECONNREFUSED)
			(void)(sys->calls->poll)(sys, NULL, 0, VET_MILLISECONDS(10));
	} while (result == -ECONNREFUSED);
}

static int transfer(uint64_t seed, const char *text, struct vet_sim_report *report)
{
	transfers = 0;
	make_world(&(struct vet_sim_options){ .seed = seed });
	server_at = vet_address_of(vet_sim_host_ip(a, 4), PORT);
	assert_int_equal(begin(text), 0);
	assert_int_equal(vet_sim_actor(a, "server", receive, NULL), 0);
	assert_int_equal(vet_sim_actor(b, "client", transmit, NULL), 0);
	return vet_sim_run(sim, report);
}

static void a_transfer_outlives_loss_and_partitions(void **state)
{
	struct vet_sim_report report;
	uint64_t cuts = marks("a link is cut while something is under way");
	(void)state;
	for (uint64_t seed = 1; seed <= 50; seed++) {
		if (transfer(seed,
			     "latency=5ms..20ms; loss=10%; rate=100KiB; short-counts;"
			     "@50ms=partition a | b for 3s; calm=20s; bound=10m",
			     &report) < 0)
			fail_msg("seed %u: %s", (unsigned)seed, report.why);
		assert_int_equal(transfers, 1);
		assert_true(report.time > VET_SECONDS(3));
	}
	assert_true(marks("a link is cut while something is under way") > cuts);
}

/* Choices of how many bytes a call moves. */
static size_t counts_chosen(const char *text)
{
	const struct vet_sim_choice *tape;
	size_t size, counts = 0;
	make_world(&(struct vet_sim_options){ .seed = 1, .record = true });
	server_at = vet_address_of(vet_sim_host_ip(a, 4), PORT);
	assert_int_equal(begin(text), 0);
	wait_until(10);
	assert_int_equal(vet_sim_actor(a, "server", receive, NULL), 0);
	assert_int_equal(vet_sim_actor(b, "client", transmit, NULL), 0);
	assert_int_equal(vet_sim_run(sim, NULL), 0);
	tape = vet_sim_tape(sim, &size);
	for (size_t i = 0; i < size; i++)
		counts += tape[i].stream == VET_SIM_COUNTS;
	return counts;
}

static void counts_are_short_until_all_is_calm(void **state)
{
	(void)state;
	assert_true(counts_chosen("short-counts") > 0);
	assert_int_equal(counts_chosen("short-counts; calm=5ms"), 0);
}

static void a_crash_in_mid_transfer_is_told_apart(void **state)
{
	struct vet_sim_report report;
	uint64_t crashes = marks("a host crashes while bytes are under way");
	(void)state;
	(void)transfer(1, "rate=100KiB; @500ms=crash b with resets", &report);
	assert_int_equal(transfers, 0);
	assert_int_equal(report.end, VET_SIM_ENDED);
	assert_int_equal(marks("a host crashes while bytes are under way"), crashes + 1);
}

/* ---- what the seed draws ---- */

struct seen {
	unsigned crashes, restarts, links, jumps;
	int64_t last; /* when */
	bool is_down[4], is_wrong;
};

static void see(void *context, const struct vet_sim_event *event)
{
	struct seen *seen = context;
	unsigned i = 0;
	while (vet_sim_host_at(sim, i) != event->host && i < 3)
		i++;
	seen->last = event->time;
	switch (event->kind) {
	case VET_SIM_HOST_CRASHES:
		seen->is_wrong |= seen->is_down[i];
		seen->is_down[i] = true;
		seen->crashes++;
		break;
	case VET_SIM_HOST_RESTARTS:
		seen->is_wrong |= !seen->is_down[i];
		seen->is_down[i] = false;
		seen->restarts++;
		break;
	case VET_SIM_LINK_CHANGES:
		seen->links++;
		break;
	case VET_SIM_CLOCK_JUMPS:
		seen->jumps++;
		break;
	default:
		break;
	}
}

#define RANDOM_EVENTS \
	(1U << VET_SIM_HOST_CRASHES | 1U << VET_SIM_HOST_RESTARTS | 1U << VET_SIM_LINK_CHANGES | \
	 1U << VET_SIM_CLOCK_JUMPS)

/* A run in which nothing else happens; and all is as before at its end. */
static struct seen draw(const struct vet_sim_options *how, const char *text)
{
	struct seen seen = { 0 };
	struct vet_sim_observer observer = { see, &seen, RANDOM_EVENTS };
	struct sleeper sleepers[3] = { 0 };
	struct vet_sim_options options = *how;
	options.observer = &observer;
	make_world(&options);
	assert_int_equal(begin(text), 0);
	for (unsigned i = 0; i < 3; i++) {
		sleepers[i].time = VET_SECONDS(1000);
		sleeps_on(vet_sim_host_at(sim, i), &sleepers[i]);
	}
	assert_int_equal(vet_sim_run(sim, NULL), 0);
	assert_false(seen.is_wrong);
	assert_int_equal(seen.crashes, seen.restarts);
	for (unsigned i = 0; i < 4; i++)
		for (unsigned j = 0; j < 4; j++) {
			struct vet_sim_link link = vet_sim_get_link(sim, vet_sim_host_at(sim, i),
								    vet_sim_host_at(sim, j));
			assert_false(link.is_down || link.loss || link.duplication || link.rate);
			assert_int_equal(link.latency, VET_MICROSECONDS(100));
		}
	return seen;
}

static void random_things_happen_and_end(void **state)
{
	struct seen all = { 0 };
	(void)state;
	for (uint64_t seed = 1; seed <= 300; seed++) {
		const struct vet_sim_options options = { .seed = seed };
		struct seen seen = draw(&options, "random=6 within 100s");
		struct seen again = draw(&options, "random=6; calm=100s");
		assert_true(seen.last <= VET_SECONDS(100));
		assert_int_equal(seen.crashes, again.crashes);
		assert_int_equal(seen.jumps, again.jumps);
		all.crashes += seen.crashes;
		all.links += seen.links;
		all.jumps += seen.jumps;
	}
	/* 1,800 draws of one of ten: about 180 of each. */
	assert_in_range(all.crashes, 100, 260);
	assert_in_range(all.jumps, 100, 260);
	assert_true(all.links > 1000);
}

static void a_tape_without_choices_is_a_world_without_mischief(void **state)
{
	static const struct vet_sim_choice none[1];
	const struct vet_sim_options options = { .seed = 1, .tape = none };
	struct seen seen = draw(&options, "random=100 within 100s");
	(void)state;
	assert_int_equal(seen.crashes + seen.links + seen.jumps, 0);
	seen = draw(&options, "loss=5%; crash a for 1s; swarm; calm=2s");
	assert_int_equal(seen.crashes + seen.links + seen.jumps, 0);
	assert_true(marks("swarm switched all mischief off") > 0);
}

static void a_tape_gives_the_same_mischief_again(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 50; seed++) {
		struct vet_sim_options options = { .seed = seed, .record = true };
		struct seen seen = draw(&options, "random=10 within 100s; swarm"), again;
		uint64_t hash = concluded().hash;
		size_t count;
		const struct vet_sim_choice *kept = vet_sim_tape(sim, &count);
		struct vet_sim_choice *tape = calloc(count + 1, sizeof *tape);
		assert_non_null(tape);
		if (count > 0)
			memcpy(tape, kept, count * sizeof *tape);
		options = (struct vet_sim_options){ .seed = 99, .tape = tape, .tape_size = count };
		again = draw(&options, "random=10 within 100s; swarm");
		free(tape);
		assert_int_equal(seen.crashes, again.crashes);
		assert_int_equal(seen.links, again.links);
		assert_int_equal(seen.jumps, again.jumps);
		assert_int_equal(seen.last, again.last);
		assert_true(hash == concluded().hash);
	}
}

static void swarm_switches_each_kind_off_in_half_of_the_runs(void **state)
{
	unsigned with_loss = 0, with_cuts = 0, with_both = 0, with_crashes = 0;
	(void)state;
	for (uint64_t seed = 1; seed <= 1000; seed++) {
		struct sleeper sleeper = { .time = VET_SECONDS(3) };
		make_world(&(struct vet_sim_options){ .seed = seed });
		assert_int_equal(begin("loss=5%; cut a->b; @1s=crash a for 1s; swarm"), 0);
		with_loss += loss(b, c) > 0;
		with_cuts += is_down(a, b);
		with_both += loss(b, c) > 0 && is_down(a, b);
		sleeps_on(a, &sleeper);
		assert_int_equal(vet_sim_run(sim, NULL), 0);
		with_crashes += sleeper.begun > 1;
	}
	assert_in_range(with_loss, 400, 600);
	assert_in_range(with_cuts, 400, 600);
	assert_in_range(with_both, 180, 320);
	assert_in_range(with_crashes, 400, 600);
}

/* What is drawn for mischief leaves the other streams as they were. */
static void the_same_seed_gives_the_same_run(void **state)
{
	static const char everything[] =
		"latency=1ms..50ms; loss=3%; random=8 within 20s; swarm; short-counts; calm=30s;"
		"bound=20m";
	(void)state;
	for (uint64_t seed = 1; seed <= 100; seed++) {
		struct vet_sim_report first, second;
		int result = transfer(seed, everything, &first);
		assert_int_equal(transfer(seed, everything, &second), result);
		assert_true(first.hash == second.hash && first.states == second.states);
		assert_int_equal(first.time, second.time);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_good_text_has_its_canonical_form),
		cmocka_unit_test(each_bad_text_says_where_and_why),
		cmocka_unit_test(each_prefix_is_read_or_told),
		cmocka_unit_test(each_changed_byte_is_read_or_told),
		cmocka_unit_test(a_mischief_has_64_items_and_32_names),
		cmocka_unit_test(the_longest_text_has_room),
		cmocka_unit_test(what_no_text_gives_is_not_printed),
		cmocka_unit_test(qualities_are_every_links_or_one_links),
		cmocka_unit_test(the_later_one_counts_while_it_lasts),
		cmocka_unit_test(what_lasts_is_not_ended_by_another),
		cmocka_unit_test(what_is_said_of_each_link_is_not_said_of_all),
		cmocka_unit_test(links_go_back_to_what_the_program_made_them),
		cmocka_unit_test(cuts_overlap_and_end_each_by_itself),
		cmocka_unit_test(a_name_is_all_hosts_that_have_it),
		cmocka_unit_test(a_host_that_is_not_there_is_named),
		cmocka_unit_test(it_begins_once_in_a_run),
		cmocka_unit_test(clocks_jump),
		cmocka_unit_test(hosts_run_out_of_descriptors_and_memory),
		cmocka_unit_test(a_crashed_host_comes_back_with_its_actors),
		cmocka_unit_test(each_crash_ends_by_itself),
		cmocka_unit_test(a_run_waits_for_who_comes_back),
		cmocka_unit_test(who_has_not_ended_by_the_bound_has_failed),
		cmocka_unit_test(calm_ends_all),
		cmocka_unit_test(a_transfer_outlives_loss_and_partitions),
		cmocka_unit_test(counts_are_short_until_all_is_calm),
		cmocka_unit_test(a_crash_in_mid_transfer_is_told_apart),
		cmocka_unit_test(random_things_happen_and_end),
		cmocka_unit_test(a_tape_without_choices_is_a_world_without_mischief),
		cmocka_unit_test(a_tape_gives_the_same_mischief_again),
		cmocka_unit_test(swarm_switches_each_kind_off_in_half_of_the_runs),
		cmocka_unit_test(the_same_seed_gives_the_same_run),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
