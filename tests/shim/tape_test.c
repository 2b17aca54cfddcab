/* SPDX-License-Identifier: 0BSD */
/* Tapes: bytes as choices, choices as plans, and plans as the same runs again. */
#include "explorer.h"

#include <stdio.h>
#include <string.h>

#include <vetsock/tape.h>

#include "../scenarios/scenarios.h"
#include "../specimens/specimens.h"

enum { TAPE = 40, TAPES = 12 };

static struct vet_player *player;

/* ---- bytes as choices ---- */

#define FRONT VET_TAPE_PROGRAM
#define BACK  VET_TAPE_FAULTS

struct choice {
	enum vet_tape_stream stream;
	uint32_t n, want;
};

static const struct choice_row {
	const char *name;
	size_t size;
	unsigned char bytes[8];
	struct choice choices[4];
} choice_rows[] = {
	{ "a byte each, from both ends",
	  4,
	  { 1, 2, 3, 4 },
	  { { FRONT, 256, 1 }, { BACK, 256, 4 }, { FRONT, 256, 2 }, { BACK, 256, 3 } } },
	{ "of n, what is left over", 2, { 200, 7 }, { { FRONT, 7, 4 }, { BACK, 7, 0 } } },
	{ "of none and of one no byte is read",
	  1,
	  { 9 },
	  { { FRONT, 0, 0 }, { FRONT, 1, 0 }, { BACK, 1, 0 }, { FRONT, 256, 9 } } },
	{ "two bytes from 257 on, the lower first",
	  4,
	  { 1, 2, 3, 4 },
	  { { FRONT, 257, 0x0201 % 257 }, { BACK, 0x10000, 0x0304 }, { FRONT, 256, 0 } } },
	{ "four bytes from 65,537 on",
	  8,
	  { 1, 2, 3, 4, 5, 6, 7, 8 },
	  { { FRONT, 0x10001, 0x04030201 % 0x10001 }, { BACK, UINT32_MAX, 0x05060708 } } },
	{ "what is too little is used up",
	  3,
	  { 1, 2, 3 },
	  { { FRONT, 0x10001, 0x030201 % 0x10001 }, { FRONT, 256, 0 }, { BACK, 256, 0 } } },
	{ "they meet in the middle of a number",
	  3,
	  { 1, 2, 3 },
	  { { BACK, 0x10000, 0x0203 }, { FRONT, 0x10000, 1 }, { BACK, 256, 0 } } },
	{ "an empty one", 0, { 9 }, { { FRONT, 256, 0 }, { BACK, 256, 0 } } },
};

static void each_choice_is_read_from_its_end_of_the_tape(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(choice_rows); i++) {
		const struct choice_row *row = &choice_rows[i];
		struct vet_tape tape;
		vet_tape_begin(&tape, row->bytes, row->size);
		for (size_t j = 0; j < COUNT(row->choices); j++) {
			const struct choice *c = &row->choices[j];
			uint32_t got = vet_tape_choose(&tape, c->stream, c->n);
			if (got != c->want)
				fail_msg("%s: choice %zu is %u, not %u", row->name, j, got,
					 c->want);
		}
		assert_true(tape.front <= tape.back);
	}
}

/* ---- choices as plans ---- */

enum { MANY = 400 };

static void asks_often(struct vet_trial *trial)
{
	for (int i = 0; i < MANY; i++) {
		vet_trial_begin(trial, &(struct vet_operation){ .name = NULL });
		(void)raw_index(trial);
	}
}

static void asks_and_is_calm(struct vet_trial *trial)
{
	(void)raw_index(trial);
	vet_trial_calm(trial);
	(void)raw_index(trial);
}

/* More than there is. */
static void receives(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	if (fd >= 0) {
		(void)raw_send(trial, fd, TEXT_SIZE);
		(void)raw_recv(trial, fd, 64);
		(void)raw_close(trial, fd);
	}
}

/* Nothing has come, nor will any connection: what only hides it changes nothing. */
static void finds_nothing(struct vet_trial *trial)
{
	int fd = raw_listen(trial);
	struct sockaddr_storage from;
	socklen_t length = sizeof from;
	if (fd < 0)
		return;
	(void)CALL(trial, accept, fd, (struct sockaddr *)&from, &length);
	(void)raw_close(trial, fd);
}

/* What a tape of these bytes, in the order in which they are read, does to a program. */
static const struct plan_row {
	const char *name;
	void (*run)(struct vet_trial *trial);
	size_t size;
	unsigned char bytes[12];
	const char *plan;
} plan_rows[] = {
	{ "nothing", asks_often, 0, { 0 }, "" },
	{ "choice 0 is an error that stays", asks_often, 2, { 0, 0 }, "interface_index=ENODEV" },
	{ "and so is the end of the tape", asks_often, 1, { 7 }, "interface_index@8+=ENODEV" },
	{ "the others in their order", asks_often, 2, { 0, 1 }, "interface_index@1=ENODEV" },
	{ "for one call and for ever",
	  asks_often,
	  4,
	  { 0, 2, 0, 3 },
	  "interface_index@1=EMFILE; interface_index@2+=EMFILE" },
	{ "one after the other",
	  asks_often,
	  6,
	  { 2, 1, 0, 2, 5, 4 },
	  "interface_index@3=ENODEV; interface_index@4=EMFILE; interface_index@10=ENFILE" },
	{ "a gap of more than a byte", asks_often, 3, { 255, 2, 1 }, "interface_index@258=ENODEV" },
	{ "a gap that is cut off", asks_often, 1, { 255 }, "" },
	{ "of which the rest is none", asks_often, 2, { 255, 0 }, "interface_index@256+=ENODEV" },
	{ "not where a lasting one acts",
	  asks_often,
	  6,
	  { 1, 3, 0, 1, 0, 1 },
	  "interface_index@2+=EMFILE" },
	{ "not in calm", asks_and_is_calm, 2, { 1, 0 }, "" },
	{ "a count from the tape", receives, 3, { 2, 23, 4 }, "send@1=short:5" },
	{ "a count for ever", receives, 3, { 2, 24, 0 }, "send=short:1" },
	{ "one that is less than what is there", receives, 3, { 3, 21, 4 }, "recv@1=short:5" },
	{ "one that is more changes nothing", receives, 3, { 3, 21, 29 }, "" },
	{ "and what comes after it is a rule all the same",
	  receives,
	  5,
	  { 3, 21, 29, 0, 1 },
	  "close@1=EINTR" },
	{ "EAGAIN where nothing is there is no fault", finds_nothing, 2, { 2, 1 }, "" },
	{ "nor a connection lost that has not come", finds_nothing, 2, { 2, 5 }, "" },
	{ "but an error is", finds_nothing, 2, { 2, 0 }, "accept=ENOSR" },
};

/* The faults are read from the back. */
static void lay(struct vet_tape *tape, unsigned char *room, const unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		room[size - 1 - i] = bytes[i];
	vet_tape_begin(tape, room, size);
}

static void each_pair_of_a_gap_and_a_choice_is_a_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(plan_rows); i++) {
		const struct plan_row *row = &plan_rows[i];
		struct vet_scenario scenario = { .name = row->name, .run = row->run };
		unsigned char room[sizeof row->bytes];
		struct vet_tape tape;
		const char *text;
		lay(&tape, room, row->bytes, row->size);
		assert_int_equal(vet_player_play(player, &scenario, &tape, NULL), VET_CHECK_NONE);
		text = explorer_text(vet_player_plan(player));
		if (strcmp(text, row->plan) != 0)
			fail_msg("%s: '%s', not '%s'", row->name, text, row->plan);
	}
}

/* To the last one that the world has room for, and once more. */
static void accepts_many(struct vet_trial *trial)
{
	int fd = raw_listen(trial), peers[VET_PEER_ENDS], count = 0;
	while (fd >= 0 && count < VET_PEER_ENDS) {
		peers[count] = CALL(trial, accept, fd, NULL, NULL);
		if (peers[count++] < 0)
			break;
	}
	(void)raw_now(trial);
	while (count-- > 0)
		if (peers[count] >= 0)
			(void)raw_close(trial, peers[count]);
	if (fd >= 0)
		(void)raw_close(trial, fd);
}

/* Whether there is a connection to lose takes a look, and that takes time: without the rule it would
 * be another run. */
static void a_fault_that_only_took_a_look_is_in_the_plan(void **state)
{
	static const unsigned char bytes[] = { 2 + VET_PEER_ENDS - 1, 5 };
	struct vet_scenario scenario = {
		.name = "accepts",
		.run = accepts_many,
		.world.connections = 2 * VET_PEER_ENDS,
	};
	unsigned char room[sizeof bytes];
	struct vet_plan plan;
	struct vet_tape tape;
	uint64_t hash;
	(void)state;
	lay(&tape, room, bytes, sizeof bytes);
	assert_int_equal(vet_player_play(player, &scenario, &tape, NULL), VET_CHECK_NONE);
	plan = *vet_player_plan(player);
	hash = vet_player_hash(player);
	assert_string_equal(explorer_text(&plan), "accept@24=ECONNABORTED");
	vet_tape_begin(&tape, NULL, 0);
	assert_int_equal(vet_player_replay(player, &scenario, &tape, &plan, NULL), VET_CHECK_NONE);
	assert_true(vet_player_hash(player) == hash);
}

static void a_plan_is_full_after_so_many_rules(void **state)
{
	struct vet_scenario scenario = { .name = "many", .run = asks_often };
	unsigned char bytes[4 * VET_PLAN_RULES], laid[sizeof bytes];
	struct vet_tape tape;
	uint64_t runs, calls, runs_before, calls_before;
	(void)state;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = i % 2; /* gap 0, the first row once */
	lay(&tape, laid, bytes, sizeof bytes);
	vet_player_count(player, &runs_before, &calls_before);
	assert_int_equal(vet_player_play(player, &scenario, &tape, NULL), VET_CHECK_NONE);
	assert_int_equal(vet_player_plan(player)->count, VET_PLAN_RULES);
	vet_player_count(player, &runs, &calls);
	assert_int_equal(runs - runs_before, 1);
	assert_int_equal(calls - calls_before, MANY);
}

/* The same on every machine. */
static void fill(unsigned char *bytes, size_t size, uint64_t seed)
{
	for (size_t i = 0; i < size; i++) {
		seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		bytes[i] = (unsigned char)(seed >> 56);
		if (i % 2 == 1) /* near one another, or few would be met */
			bytes[i] %= 8;
	}
}

/* ---- the program's half ---- */

static uint32_t chosen[3];

static void chooses(struct vet_trial *trial)
{
	struct vet_tape *tape = vet_trial_tape(trial);
	for (size_t i = 0; i < COUNT(chosen); i++)
		chosen[i] = vet_trial_choose(trial, 100);
	vet_trial_check(trial, tape == NULL || tape->front == 3);
}

static void a_program_chooses_from_the_front(void **state)
{
	static const unsigned char bytes[] = { 5, 6, 7, 0, 0 };
	static const uint32_t want[] = { 5, 6, 7 };
	struct vet_scenario scenario = { .name = "chooses", .run = chooses };
	struct vet_plan none = { 0 };
	struct vet_tape tape;
	(void)state;
	vet_tape_begin(&tape, bytes, sizeof bytes);
	assert_int_equal(vet_player_play(player, &scenario, &tape, NULL), VET_CHECK_NONE);
	assert_memory_equal(chosen, want, sizeof want);
	memset(chosen, 0, sizeof chosen);
	vet_tape_begin(&tape, bytes, sizeof bytes);
	assert_int_equal(vet_player_replay(player, &scenario, &tape, &none, NULL), VET_CHECK_NONE);
	assert_memory_equal(chosen, want, sizeof want);
}

/* What it does follows from its half of the tape, to the end; the faults eat that up from behind. */
static void goes_on_to_the_end(struct vet_trial *trial)
{
	struct vet_tape *tape = vet_trial_tape(trial);
	while (tape->front < tape->back) {
		vet_trial_begin(trial, &(struct vet_operation){ .name = NULL });
		if (vet_trial_choose(trial, 100) < 50)
			(void)raw_index(trial);
		else
			(void)raw_now(trial);
	}
}

static void the_half_of_the_program_and_the_plan_are_the_same_run(void **state)
{
	struct vet_scenario scenario = { .name = "to the end", .run = goes_on_to_the_end };
	unsigned char bytes[TAPE];
	size_t shortest = TAPE;
	(void)state;
	for (uint64_t i = 0; i < 200; i++) {
		struct vet_tape tape;
		struct vet_plan plan;
		uint64_t hash;
		size_t half;
		fill(bytes, sizeof bytes, i);
		vet_tape_begin(&tape, bytes, sizeof bytes);
		assert_int_equal(vet_player_play(player, &scenario, &tape, NULL), VET_CHECK_NONE);
		plan = *vet_player_plan(player);
		hash = vet_player_hash(player);
		half = tape.front;
		shortest = half < shortest ? half : shortest;
		vet_tape_begin(&tape, bytes, half);
		assert_int_equal(vet_player_replay(player, &scenario, &tape, &plan, NULL),
				 VET_CHECK_NONE);
		assert_true(vet_player_hash(player) == hash);
	}
	assert_true(shortest < TAPE); /* they have met */
}

/* ---- memory ---- */

/* From small to large, beyond what the player keeps room for, and back to another block. */
static void grows(struct vet_trial *trial)
{
	static const size_t sizes[] = { 1, 100, VET_PEER_BLOCK, VET_PEER_BLOCK + 1, 3, 0 };
	void *memory = NULL, *other = NULL;
	(void)CALL(trial, realloc, &other, 10);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		size_t kept = i == 0 ? 0 : sizes[i - 1] < sizes[i] ? sizes[i - 1] : sizes[i];
		(void)CALL(trial, realloc, &memory, sizes[i]);
		for (size_t j = 0; j < kept; j++)
			vet_trial_check(trial, ((unsigned char *)memory)[j] == j % 251);
		for (size_t j = 0; j < sizes[i]; j++)
			((unsigned char *)memory)[j] = (unsigned char)(j % 251);
	}
	vet_trial_check(trial, memory == NULL && other != NULL);
	if (vet_trial_choose(trial, 2) == 0)
		(void)CALL(trial, realloc, &other, 0);
}

static void memory_is_the_players_and_what_is_left_is_found(void **state)
{
	static const unsigned char gives_back[] = { 0, 200 }, keeps[] = { 1, 200 };
	struct vet_scenario scenario = { .name = "grows", .run = grows };
	struct vet_tape tape;
	(void)state;
	for (int i = 0; i < 3; i++) {
		vet_tape_begin(&tape, gives_back, sizeof gives_back);
		assert_int_equal(vet_player_play(player, &scenario, &tape, NULL), VET_CHECK_NONE);
		vet_tape_begin(&tape, keeps, sizeof keeps);
		assert_int_equal(vet_player_play(player, &scenario, &tape, NULL), VET_CHECK_MEMORY);
	}
}

static void without_a_tape_every_choice_is_the_dullest(void **state)
{
	static const uint32_t want[] = { 0, 0, 0 };
	(void)state;
	memset(chosen, 0xff, sizeof chosen);
	assert_int_equal(explore_one(chooses, NULL, NULL)->result, 0);
	assert_memory_equal(chosen, want, sizeof want);
}

/* ---- plans as runs ---- */

struct outcome {
	unsigned check;
	uint64_t hash;
	struct vet_violation violation;
};

static struct outcome play(const struct vet_scenario *scenario, const unsigned char *bytes)
{
	struct outcome o = { 0 };
	struct vet_tape tape;
	vet_tape_begin(&tape, bytes, TAPE);
	o.check = vet_player_play(player, scenario, &tape, &o.violation);
	o.violation.plan = *vet_player_plan(player);
	o.hash = vet_player_hash(player);
	return o;
}

static void check_again(const struct vet_scenario *scenario, const unsigned char *bytes)
{
	struct outcome first = play(scenario, bytes);
	struct vet_violation violation = { 0 };
	struct vet_tape tape;
	unsigned check;
	vet_tape_begin(&tape, bytes, TAPE);
	check = vet_player_replay(player, scenario, &tape, &first.violation.plan, &violation);
	if (check != first.check || vet_player_hash(player) != first.hash ||
	    strcmp(violation.message, first.violation.message) != 0)
		fail_msg("%s: under '%s' it is another run: %s (%s), and was %s (%s)",
			 scenario->name, explorer_text(&first.violation.plan),
			 vet_check_name(check), violation.message, vet_check_name(first.check),
			 first.violation.message);
	assert_true(play(scenario, bytes).hash == first.hash);
}

static void a_tape_and_its_plan_are_the_same_run(void **state)
{
	size_t count;
	const struct vet_scenario *all = scenarios_all(&count);
	unsigned char bytes[TAPE];
	(void)state;
	for (size_t i = 0; i < count; i++) {
		for (uint64_t tape = 0; tape < TAPES; tape++) {
			fill(bytes, sizeof bytes, i * TAPES + tape);
			check_again(&all[i], bytes);
		}
	}
}

static void a_specimen_and_its_plan_are_the_same_run(void **state)
{
	const struct specimen *specimen;
	unsigned char bytes[TAPE];
	(void)state;
	for (size_t i = 0; (specimen = specimen_at(i)) != NULL; i++) {
		struct vet_scenario scenario = specimen_scenario(specimen, false, specimen->name);
		if (specimen->check == VET_CHECK_SILENT) /* nobody would end it */
			continue;
		for (uint64_t tape = 0; tape < TAPES; tape++) {
			fill(bytes, sizeof bytes, i * TAPES + tape);
			check_again(&scenario, bytes);
		}
	}
}

/* No scenario of vetsock's own is broken by what tapes do to it. */
static void no_tape_breaks_vetsock(void **state)
{
	size_t count;
	const struct vet_scenario *all = scenarios_all(&count);
	unsigned char bytes[TAPE];
	(void)state;
	for (size_t i = 0; i < count * TAPES; i++) {
		fill(bytes, sizeof bytes, i);
		struct outcome o = play(&all[i % count], bytes);
		if (o.check != VET_CHECK_NONE)
			fail_msg("%s: %s: %s: '%s'", all[i % count].name, vet_check_name(o.check),
				 o.violation.message, explorer_text(&o.violation.plan));
	}
}

/* ---- what tapes find ---- */

static struct vet_scenario specimen_of(const char *name, bool fixed)
{
	size_t i = 0;
	while (specimen_at(i) != NULL && strcmp(specimen_at(i)->name, name) != 0)
		i++;
	assert_non_null(specimen_at(i));
	return specimen_scenario(specimen_at(i), fixed, name);
}

/* In so many tapes the bug is found, and its plan, in words and back, breaks it again; it spares the
 * version without the bug. */
static void random_tapes_find_a_specimen(void **state)
{
	struct vet_scenario buggy = specimen_of("short-write-ignored", false);
	struct vet_scenario fixed = specimen_of("short-write-ignored", true);
	struct outcome o = { 0 };
	struct vet_violation again;
	struct vet_plan plan;
	struct vet_tape none;
	unsigned char bytes[TAPE];
	(void)state;
	for (uint64_t tape = 0; tape < 1000 && o.check == VET_CHECK_NONE; tape++) {
		fill(bytes, sizeof bytes, tape);
		o = play(&buggy, bytes);
	}
	assert_int_equal(o.check, VET_CHECK_BYTES);
	assert_ptr_equal(o.violation.scenario, &buggy);
	plan = explorer_plan(explorer_text(&o.violation.plan));
	vet_tape_begin(&none, NULL, 0);
	assert_int_equal(vet_player_replay(player, &buggy, &none, &plan, &again), o.check);
	assert_string_equal(again.message, o.violation.message);
	assert_memory_equal(&again.plan, &plan, sizeof plan);
	assert_int_equal(vet_player_replay(player, &fixed, &none, &plan, NULL), VET_CHECK_NONE);
}

static int make_player(void **state)
{
	(void)state;
	return vet_player_make(&player);
}

static int free_player(void **state)
{
	(void)state;
	vet_player_free(player);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_choice_is_read_from_its_end_of_the_tape),
		cmocka_unit_test(each_pair_of_a_gap_and_a_choice_is_a_rule),
		cmocka_unit_test(a_fault_that_only_took_a_look_is_in_the_plan),
		cmocka_unit_test(a_plan_is_full_after_so_many_rules),
		cmocka_unit_test(a_program_chooses_from_the_front),
		cmocka_unit_test(the_half_of_the_program_and_the_plan_are_the_same_run),
		cmocka_unit_test(memory_is_the_players_and_what_is_left_is_found),
		cmocka_unit_test(without_a_tape_every_choice_is_the_dullest),
		cmocka_unit_test(a_tape_and_its_plan_are_the_same_run),
		cmocka_unit_test(a_specimen_and_its_plan_are_the_same_run),
		cmocka_unit_test(no_tape_breaks_vetsock),
		cmocka_unit_test(random_tapes_find_a_specimen),
	};
	return cmocka_run_group_tests(tests, make_player, free_player);
}
