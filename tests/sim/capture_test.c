/* SPDX-License-Identifier: 0BSD */
/* Files of runs, byte by byte: what needs no other program to be looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vetsock/capture.h>
#include <vetsock/layer.h>

#include "../../shim/sim/intern.h"
#include "../../shim/sim/utf8.h"

enum { ROOM = 1 << 20, ANY = -1 };

static struct vet_sim *sim;
static struct vet_sim_host *a, *b;

/* What is written. */
struct file {
	unsigned char *bytes;
	size_t size;
	int calls, fails_at; /* the first is 1; 0: never */
};
static struct file file;

static int write_to(void *context, const void *bytes, size_t size)
{
	struct file *to = context;
	if (++to->calls == to->fails_at)
		return -ENOSPC;
	assert_true(to->size + size <= ROOM);
	memcpy(to->bytes + to->size, bytes, size);
	to->size += size;
	return 0;
}

static int set_up(void **state)
{
	(void)state;
	file.bytes = malloc(ROOM);
	return file.bytes == NULL ? -1 : vet_sim_make(&sim);
}

static int tear_down(void **state)
{
	(void)state;
	free(file.bytes);
	vet_sim_free(sim);
	return 0;
}

static int begin(void **state)
{
	(void)state;
	file.size = 0;
	file.calls = file.fails_at = 0;
	if (vet_sim_start(sim, &(struct vet_sim_options){ .seed = 1 }) < 0)
		return -1;
	a = vet_sim_add_host(sim, "a");
	b = vet_sim_add_host(sim, "b");
	return a == NULL || b == NULL;
}

static void tell(const struct vet_sim_observer *observer, enum vet_sim_event_kind kind,
		 const struct vet_sim_packet *packet)
{
	static const struct vet_call call = { .entry = VET_CALL_now, .fd = -1 };
	struct vet_sim_event event = { .kind = kind,
				       .time = 1500000007,
				       .step = 3,
				       .actor = 1,
				       .actor_name = "actor",
				       .host = a,
				       .name = "a text",
				       .packet = packet,
				       .call = &call };
	observer->event(observer->context, &event);
}

static struct vet_sim_packet datagram(const char *text)
{
	return (struct vet_sim_packet){
		.number = 1,
		.protocol = VET_SIM_UDP,
		.from = a,
		.to = b,
		.source = vet_address_of(vet_sim_host_ip(a, 4), 1000),
		.destination = vet_address_of(vet_sim_host_ip(b, 4), 2000),
		.part = { { (void *)(uintptr_t)text, strlen(text) }, { NULL, 0 } },
	};
}

static struct vet_sim_capture *capture(const struct vet_sim_capture_options *options)
{
	struct vet_sim_capture *made;
	assert_int_equal(vet_sim_capture_make(&made, write_to, &file, options), 0);
	return made;
}

/* ---- blocks ---- */

static uint32_t number_at(size_t at, size_t size)
{
	uint32_t value = 0;
	assert_true(at + size <= file.size);
	for (size_t i = 0; i < size; i++)
		value |= (uint32_t)file.bytes[at + i] << 8 * i;
	return value;
}

/* Where the `index`th block of a type begins; its length at both ends is looked at. */
static size_t block(uint32_t type, int index)
{
	size_t at = 0;
	while (at < file.size) {
		uint32_t size = number_at(at + 4, 4);
		assert_true(size >= 12 && size % 4 == 0 && at + size <= file.size);
		assert_int_equal(number_at(at + size - 4, 4), size);
		if (number_at(at, 4) == type && index-- == 0)
			return at;
		at += size;
	}
	return SIZE_MAX;
}

static int blocks(uint32_t type)
{
	int count = 0;
	while (block(type, count) != SIZE_MAX)
		count++;
	return count;
}

/* Of the options from `at` on, the `index`th of a code: its text. */
static const char *option(size_t at, uint32_t code, int index)
{
	static char text[256];
	while (number_at(at, 2) != 0) {
		uint32_t size = number_at(at + 2, 2);
		if (number_at(at, 2) == code && index-- == 0) {
			assert_true(size < sizeof text);
			memcpy(text, file.bytes + at + 4, size);
			text[size] = '\0';
			return text;
		}
		at += 4 + (size + 3) / 4 * 4;
	}
	return NULL;
}

static const char *comment(int packet, int index)
{
	size_t at = block(6, packet);
	assert_true(at != SIZE_MAX);
	return option(at + 28 + (number_at(at + 20, 4) + 3) / 4 * 4, 1, index);
}

/* ---- pcapng ---- */

static void a_datagram_is_these_bytes(void **state)
{
	static const unsigned char
		frame
			[] = {
				2,    0,    0,   0,    0, 2,  2,    0,    0,   0,   0,
				1,    8,    0, /* Ethernet */
				0x45, 0,    0,   31,   0, 1,  0,    0,    64,  17,  0x66,
				0xcb, 10,   0,   0,    1, 10, 0,    0,    2,             /* IPv4 */
				0x3,  0xe8, 0x7, 0xd0, 0, 11, 0x1b, 0xbb, 'a', 'b', 'c', /* UDP */
			};
	struct vet_sim_packet packet = datagram("abc");
	struct vet_sim_capture *made = capture(NULL);
	uint64_t time = (UINT64_C(946684800) + 1) * 1000000000 + 500000007;
	size_t at;
	(void)state;
	tell(vet_sim_capture_observer(made), VET_SIM_PACKET, &packet);
	assert_int_equal(vet_sim_capture_count(made), 1);
	assert_int_equal(vet_sim_capture_finish(made), 0);
	at = block(6, 0);
	assert_int_equal(number_at(at + 12, 4), time >> 32);
	assert_int_equal(number_at(at + 16, 4), time & UINT32_MAX);
	assert_int_equal(number_at(at + 20, 4), sizeof frame);
	assert_int_equal(number_at(at + 24, 4), sizeof frame);
	assert_memory_equal(file.bytes + at + 28, frame, sizeof frame);
}

static void a_file_begins_with_a_section_and_describes_each_host_once(void **state)
{
	struct vet_sim_packet there = datagram("there"), back = datagram("back");
	struct vet_sim_capture *made =
		capture(&(struct vet_sim_capture_options){ .title = "the \x01 line \xff" });
	(void)state;
	back.from = b;
	back.to = a;
	for (int i = 0; i < 3; i++) {
		tell(vet_sim_capture_observer(made), VET_SIM_PACKET, &there);
		tell(vet_sim_capture_observer(made), VET_SIM_PACKET, &back);
	}
	assert_int_equal(vet_sim_capture_finish(made), 0);
	assert_int_equal(block(0x0a0d0d0a, 0), 0);
	assert_int_equal(blocks(0x0a0d0d0a), 1);
	assert_int_equal(number_at(8, 4), 0x1a2b3c4d);
	assert_string_equal(option(24, 1, 1), "the ? line ?");
	assert_int_equal(blocks(1), 2);
	assert_string_equal(option(block(1, 0) + 16, 2, 0), "a");
	assert_string_equal(option(block(1, 1) + 16, 2, 0), "b");
	assert_int_equal(blocks(6), 6);
	for (int i = 0; i < 6; i++)
		assert_int_equal(number_at(block(6, i) + 8, 4), i % 2);
	assert_true(block(1, 1) > block(6, 0) && block(1, 1) < block(6, 1));
}

static void comments_go_with_the_next_packet_and_the_last_with_an_interface(void **state)
{
	struct vet_sim_packet packet = datagram("x");
	struct vet_sim_capture *made = capture(NULL);
	const struct vet_sim_observer *observer = vet_sim_capture_observer(made);
	(void)state;
	tell(observer, VET_SIM_MARK, NULL);
	tell(observer, VET_SIM_HOST_CRASHES, NULL);
	packet.fate = VET_SIM_LOST;
	tell(observer, VET_SIM_PACKET, &packet);
	packet.fate = VET_SIM_SENT;
	tell(observer, VET_SIM_PACKET, &packet);
	tell(observer, VET_SIM_FAILURE, NULL);
	assert_int_equal(vet_sim_capture_finish(made), 0);
	assert_string_equal(comment(0, 0), "reached: a text");
	assert_string_equal(comment(0, 1), "a crashes");
	assert_string_equal(comment(0, 2), "lost by the network");
	assert_null(comment(1, 0));
	assert_int_equal(blocks(5), 1);
	assert_string_equal(option(block(5, 0) + 20, 1, 0), "failed: a text");
}

static void a_plain_file_has_no_comments(void **state)
{
	struct vet_sim_packet packet = datagram("x");
	struct vet_sim_capture *made = capture(&(struct vet_sim_capture_options){ .plain = true });
	(void)state;
	packet.fate = VET_SIM_LOST;
	tell(vet_sim_capture_observer(made), VET_SIM_MARK, NULL);
	tell(vet_sim_capture_observer(made), VET_SIM_PACKET, &packet);
	assert_int_equal(vet_sim_capture_finish(made), 0);
	assert_int_equal(blocks(6), 1);
	assert_null(comment(0, 0));
}

/* More than any packet's comments can be. */
static void too_many_comments_are_left_out(void **state)
{
	struct vet_sim_packet packet = datagram("x");
	struct vet_sim_capture *made = capture(NULL);
	int count = 0;
	(void)state;
	for (int i = 0; i < 5000; i++)
		tell(vet_sim_capture_observer(made), VET_SIM_MARK, NULL);
	tell(vet_sim_capture_observer(made), VET_SIM_PACKET, &packet);
	assert_int_equal(vet_sim_capture_finish(made), 0);
	assert_int_equal(blocks(6), 1);
	while (comment(0, count) != NULL)
		count++;
	assert_in_range(count, 100, 300);
}

static void an_open_window_is_never_told_as_closed(void **state)
{
	static const struct {
		uint32_t window, flags, want;
	} rows[] = {
		{ 0, VET_SIM_ACK, 0 },
		{ 1, VET_SIM_ACK, 1 },
		{ 512, VET_SIM_ACK, 1 },
		{ 513, VET_SIM_ACK, 2 },
		{ 33553920, VET_SIM_ACK, 65535 },
		{ UINT32_MAX, VET_SIM_ACK, 65535 },
		{ 513, VET_SIM_SYN, 513 },
		{ 70000, VET_SIM_SYN, 65535 },
		{ 0, VET_SIM_SYN, 65535 },
		{ 0, VET_SIM_SYN | VET_SIM_ACK, 0 },
	};
	struct vet_sim_capture *made = capture(NULL);
	struct vet_sim_packet packet = datagram("");
	(void)state;
	packet.protocol = VET_SIM_TCP;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		packet.window = rows[i].window;
		packet.flags = rows[i].flags;
		tell(vet_sim_capture_observer(made), VET_SIM_PACKET, &packet);
	}
	assert_int_equal(vet_sim_capture_finish(made), 0);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const unsigned char *tcp = file.bytes + block(6, (int)i) + 28 + 34;
		assert_int_equal(tcp[14] << 8 | tcp[15], rows[i].want);
	}
}

static void at_the_receiver_only_what_arrives_is_there_with_its_bytes(void **state)
{
	static const struct {
		uint64_t number;
		enum vet_sim_fate fate;
		const char *text, *want; /* NULL: nothing is written */
	} rows[] = {
		{ 1, VET_SIM_SENT, "one", NULL },      { 2, VET_SIM_LOST, "two", NULL },
		{ 3, VET_SIM_SENT, "three", NULL },    { 3, VET_SIM_DOUBLED, "three", NULL },
		{ 1025, VET_SIM_SENT, "other", NULL }, { 3, VET_SIM_ARRIVED, "", "three" },
		{ 2, VET_SIM_SENT, "two", NULL },      { 1, VET_SIM_ARRIVED, "", "one" },
		{ 3, VET_SIM_DROPPED, "", "three" },   { 2, VET_SIM_ARRIVED, "", "two" },
		{ 7, VET_SIM_ARRIVED, "own", "own" },
	};
	struct vet_sim_capture *made =
		capture(&(struct vet_sim_capture_options){ .vantage = VET_SIM_AT_RECEIVER });
	int seen = 0;
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct vet_sim_packet packet = datagram(rows[i].text);
		uint64_t before = vet_sim_capture_count(made);
		packet.number = rows[i].number;
		packet.fate = rows[i].fate;
		tell(vet_sim_capture_observer(made), VET_SIM_PACKET, &packet);
		assert_int_equal(vet_sim_capture_count(made) - before, rows[i].want != NULL);
		if (rows[i].want == NULL)
			continue;
		assert_memory_equal(file.bytes + block(6, seen++) + 28 + 42, rows[i].want,
				    strlen(rows[i].want));
	}
	assert_int_equal(vet_sim_capture_finish(made), 0); /* what is still held is given back */
	assert_int_equal(blocks(1), 1);
	assert_string_equal(option(block(1, 0) + 16, 2, 0), "b");
}

static void what_no_wire_carries_is_not_there(void **state)
{
	struct vet_sim_packet packet = datagram("x");
	struct vet_sim_capture *made = capture(NULL);
	const struct vet_sim_observer *observer = vet_sim_capture_observer(made);
	static char large[65536];
	(void)state;
	packet.from = NULL;
	tell(observer, VET_SIM_PACKET, &packet);
	packet = datagram("x");
	packet.destination.ip = vet_sim_host_ip(b, 6);
	tell(observer, VET_SIM_PACKET, &packet);
	packet = datagram("x");
	packet.source.ip.family = packet.destination.ip.family = 0;
	tell(observer, VET_SIM_PACKET, &packet);
	packet = datagram("x");
	packet.part[0] = (struct iovec){ large, 65508 };
	tell(observer, VET_SIM_PACKET, &packet);
	assert_int_equal(vet_sim_capture_count(made), 0);
	packet.part[0].iov_len = 65507;
	tell(observer, VET_SIM_PACKET, &packet);
	assert_int_equal(vet_sim_capture_count(made), 45); /* of 1,480 bytes each */
	packet = datagram("x");
	packet.to = NULL; /* it is sent all the same */
	tell(observer, VET_SIM_PACKET, &packet);
	assert_int_equal(vet_sim_capture_count(made), 46);
	assert_int_equal(vet_sim_capture_finish(made), 0);
}

/* What it is about was too long ago, or is not known: a datagram that could have been it. */
static void unreachable_without_a_datagram_quotes_an_empty_one(void **state)
{
	struct vet_sim_packet packet = datagram("");
	struct vet_sim_capture *made = capture(NULL);
	const unsigned char *quoted;
	(void)state;
	packet.protocol = VET_SIM_ICMP;
	tell(vet_sim_capture_observer(made), VET_SIM_PACKET, &packet);
	assert_int_equal(vet_sim_capture_finish(made), 0);
	quoted = file.bytes + block(6, 0) + 28 + 42;
	assert_int_equal(number_at(block(6, 0) + 20, 4), 42 + 28);
	assert_int_equal(quoted[0], 0x45);
	assert_int_equal(quoted[9], VET_SIM_UDP);
	assert_memory_equal(quoted + 12, packet.destination.ip.bytes, 4);
	assert_memory_equal(quoted + 16, packet.source.ip.bytes, 4);
	assert_int_equal(quoted[20] << 8 | quoted[21], 2000);
	assert_int_equal(quoted[22] << 8 | quoted[23], 1000);
}

/* ---- sinks that fail ---- */

static void what_the_sink_says_first_is_what_the_end_says(void **state)
{
	struct vet_sim_packet packet = datagram("x");
	struct vet_sim_capture *made;
	(void)state;
	file.fails_at = 1;
	assert_int_equal(vet_sim_capture_make(&made, write_to, &file, NULL), -ENOSPC);
	assert_null(made);
	for (int fails_at = 2; fails_at <= 4; fails_at++) {
		file = (struct file){ .bytes = file.bytes, .fails_at = fails_at };
		made = capture(NULL);
		for (int i = 0; i < 3; i++)
			tell(vet_sim_capture_observer(made), VET_SIM_PACKET, &packet);
		assert_int_equal(vet_sim_capture_finish(made), -ENOSPC);
		assert_int_equal(file.calls, fails_at); /* and it is not asked again */
	}
	assert_int_equal(vet_sim_capture_finish(NULL), 0);
}

static void a_page_that_cannot_be_written_is_an_error_and_can_be_written_again(void **state)
{
	struct vet_sim_timeline *made;
	int calls;
	(void)state;
	assert_int_equal(vet_sim_timeline_make(&made, NULL), 0);
	tell(vet_sim_timeline_observer(made), VET_SIM_MARK, NULL);
	assert_int_equal(vet_sim_timeline_write(made, write_to, &file), 0);
	calls = file.calls;
	for (int fails_at = 1; fails_at <= calls; fails_at++) {
		file = (struct file){ .bytes = file.bytes, .fails_at = fails_at };
		assert_int_equal(vet_sim_timeline_write(made, write_to, &file), -ENOSPC);
		assert_int_equal(file.calls, fails_at);
	}
	vet_sim_timeline_free(made);
	vet_sim_timeline_free(NULL);
}

static void a_run_without_events_is_a_page_too(void **state)
{
	struct vet_sim_timeline *made;
	(void)state;
	assert_int_equal(vet_sim_timeline_make(&made, NULL), 0);
	assert_int_equal(vet_sim_timeline_write(made, write_to, &file), 0);
	vet_sim_timeline_free(made);
	file.bytes[file.size] = '\0';
	assert_non_null(strstr((const char *)file.bytes, "\"title\":\"a run\",\n\"events\":0"));
	assert_memory_equal(file.bytes + file.size - 8, "</html>\n", 8);
}

/* ---- observers in a row ---- */

static unsigned told[VET_SIM_FAILURE + 1];

static void count(void *context, const struct vet_sim_event *event)
{
	(void)context;
	told[event->kind]++;
}

static void each_observer_is_told_what_it_wants(void **state)
{
	const uint32_t packets = 1U << VET_SIM_PACKET, calls = 1U << VET_SIM_CALL;
	struct vet_sim_observer last = { .event = count, .wants = calls };
	struct vet_sim_packet packet = datagram("x");
	struct vet_sim_capture *made =
		capture(&(struct vet_sim_capture_options){ .plain = true, .next = &last });
	struct vet_sim_timeline *over;
	(void)state;
	assert_int_equal(vet_sim_capture_observer(made)->wants, packets | calls);
	assert_int_equal(vet_sim_timeline_make(&over,
					       &(struct vet_sim_timeline_options){
						       .next = vet_sim_capture_observer(made) }),
			 0);
	assert_int_equal(vet_sim_timeline_observer(over)->wants, (1U << (VET_SIM_FAILURE + 1)) - 1);
	memset(told, 0, sizeof told);
	tell(vet_sim_timeline_observer(over), VET_SIM_PACKET, &packet);
	tell(vet_sim_timeline_observer(over), VET_SIM_CALL, NULL);
	tell(vet_sim_timeline_observer(over), VET_SIM_MARK, NULL);
	assert_int_equal(told[VET_SIM_CALL], 1);
	assert_int_equal(told[VET_SIM_PACKET] + told[VET_SIM_MARK], 0);
	assert_int_equal(vet_sim_capture_count(made), 1);
	vet_sim_timeline_free(over);
	last.wants = 0;
	assert_int_equal(vet_sim_capture_finish(made), 0);
	made = capture(&(struct vet_sim_capture_options){ .next = &last });
	assert_int_equal(vet_sim_capture_observer(made)->wants, 0);
	assert_int_equal(vet_sim_capture_finish(made), 0);
	made = capture(NULL);
	assert_int_equal(vet_sim_capture_observer(made)->wants & (calls | packets), packets);
	assert_int_equal(vet_sim_capture_finish(made), 0);
}

/* ---- texts and their numbers ---- */

static void what_is_no_character_is_one_byte_of_none(void **state)
{
	static const struct {
		const char *text;
		uint32_t want;
		size_t length;
	} rows[] = {
		{ "a", 'a', 1 },
		{ "\x7f", 0x7f, 1 },
		{ "\xc3\xa9", 0xe9, 2 },
		{ "\xe2\x82\xac", 0x20ac, 3 },
		{ "\xf0\x9f\x98\x80", 0x1f600, 4 },
		{ "\xf4\x8f\xbf\xbf", 0x10ffff, 4 },
		{ "\xf4\x90\x80\x80", 0xfffd, 1 }, /* beyond the last */
		{ "\xc1\xbf", 0xfffd, 1 },         /* longer than need be */
		{ "\xe0\x9f\xbf", 0xfffd, 1 },
		{ "\xf0\x8f\xbf\xbf", 0xfffd, 1 },
		{ "\xed\xa0\x80", 0xfffd, 1 }, /* half a pair */
		{ "\xc3", 0xfffd, 1 },         /* the text ends in it */
		{ "\xe2\x82", 0xfffd, 1 },
		{ "\x80", 0xfffd, 1 },
		{ "\xf8\x88\x80\x80\x80", 0xfffd, 1 },
		{ "\xff", 0xfffd, 1 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t length;
		assert_int_equal(sim_utf8_next(rows[i].text, &length), rows[i].want);
		assert_int_equal(length, rows[i].length);
	}
}

static size_t string_of(uint32_t number, char text[64])
{
	int size = snprintf(text, 64, "%u%.*s", number, (int)(number % 40),
			    "........................................");
	assert_in_range(size, 1, 63);
	return (size_t)size;
}

static void strings_keep_their_numbers(void **state)
{
	enum { STRINGS = 5000 };
	struct sim_intern intern = { 0 };
	char text[64];
	size_t size;
	(void)state;
	for (int round = 0; round < 2; round++)
		for (uint32_t i = 0; i < STRINGS; i++)
			assert_int_equal(vetsim_intern(&intern, text, string_of(i, text)), i);
	assert_int_equal(vetsim_intern(&intern, "", 0), STRINGS);
	assert_int_equal(vetsim_intern(&intern, "", 0), STRINGS);
	assert_int_equal(intern.count, STRINGS + 1);
	for (uint32_t i = 0; i < STRINGS; i++) {
		const unsigned char *bytes = vetsim_interned(&intern, i, &size);
		assert_int_equal(size, string_of(i, text));
		assert_memory_equal(bytes, text, size);
	}
	vetsim_intern_free(&intern);
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_datagram_is_these_bytes),
		TEST(a_file_begins_with_a_section_and_describes_each_host_once),
		TEST(comments_go_with_the_next_packet_and_the_last_with_an_interface),
		TEST(a_plain_file_has_no_comments),
		TEST(too_many_comments_are_left_out),
		TEST(an_open_window_is_never_told_as_closed),
		TEST(at_the_receiver_only_what_arrives_is_there_with_its_bytes),
		TEST(what_no_wire_carries_is_not_there),
		TEST(unreachable_without_a_datagram_quotes_an_empty_one),
		TEST(what_the_sink_says_first_is_what_the_end_says),
		TEST(a_page_that_cannot_be_written_is_an_error_and_can_be_written_again),
		TEST(a_run_without_events_is_a_page_too),
		TEST(each_observer_is_told_what_it_wants),
		TEST(what_is_no_character_is_one_byte_of_none),
		TEST(strings_keep_their_numbers),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
