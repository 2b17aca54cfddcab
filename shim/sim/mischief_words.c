/* SPDX-License-Identifier: 0BSD */
/* The words and the quantities of the language of mischief. */
#include <stddef.h>
#include <string.h>

#include "mischief_text.h"

/* Mischief is compared as bytes. */
_Static_assert(sizeof(struct vet_mischief_item) == 7 * sizeof(uint64_t), "an item has padding");
_Static_assert(sizeof(struct vet_mischief) ==
		       offsetof(struct vet_mischief, item) +
			       VET_MISCHIEF_ITEMS * sizeof(struct vet_mischief_item),
	       "a mischief has padding");
_Static_assert(offsetof(struct vet_mischief, within) == 8 * sizeof(uint32_t),
	       "a mischief has padding");
_Static_assert(VET_MISCHIEF_NAMES < 63, "a name has no bit");

#define SHARE \
	{ \
		0, 100 * SIM_PERCENT, NULL, "percent go up to 100%" \
	}
#define HOURS INT64_C(3600000000000)

/* clang-format off */
const struct sim_mischief_kind vetsim_mischief_kinds[VET_MISCHIEF_KINDS] = {
	[VET_MISCHIEF_LATENCY] = { "latency", SIM_NEAR("latency"), SIM_FORM_LATENCY,
		SIM_CLASS_LATENCY, NULL,
		{ 0, 24 * HOURS, NULL, "a packet is under way for at most 24h" } },
	[VET_MISCHIEF_RATE] = { "rate", SIM_NEAR("rate"), SIM_FORM_SIZE,
		SIM_CLASS_RATE, NULL, { 0, INT64_MAX, NULL, NULL } },
	[VET_MISCHIEF_LOSS] = { "loss", SIM_NEAR("loss"), SIM_FORM_SHARE,
		SIM_CLASS_LOSS, NULL, SHARE },
	[VET_MISCHIEF_DUPLICATION] = { "duplication", SIM_NEAR("duplication"), SIM_FORM_SHARE,
		SIM_CLASS_DUPLICATION, NULL, SHARE },
	[VET_MISCHIEF_REORDERING] = { "reordering", SIM_NEAR("reordering"), SIM_FORM_SHARE,
		SIM_CLASS_REORDERING, NULL, SHARE },
	[VET_MISCHIEF_MTU] = { "mtu", SIM_NEAR("mtu"), SIM_FORM_NUMBER,
		SIM_CLASS_MTU, NULL,
		{ 576, 65535, "an MTU is at least 576 bytes", "an MTU is at most 65535 bytes" } },
	[VET_MISCHIEF_CUT] = { "cut", SIM_NEAR("cut"), SIM_FORM_LINK,
		SIM_CLASS_CUT, NULL, { 0, 0, NULL, NULL } },
	[VET_MISCHIEF_PARTITION] = { "partition", SIM_NEAR("partition"), SIM_FORM_SIDES,
		SIM_CLASS_CUT, NULL, { 0, 0, NULL, NULL } },
	[VET_MISCHIEF_HEAL] = { "heal", SIM_NEAR("heal"), SIM_FORM_ALONE,
		SIM_CLASS_NONE, "what is healed stays so: there is no 'for'", { 0, 0, NULL, NULL } },
	[VET_MISCHIEF_CRASH] = { "crash", SIM_NEAR("crash"), SIM_FORM_CRASH,
		SIM_CLASS_CRASH, NULL, { VET_SIM_SILENT, VET_SIM_RESETS, NULL, NULL } },
	[VET_MISCHIEF_RESTART] = { "restart", SIM_NEAR("restart"), SIM_FORM_HOSTS,
		SIM_CLASS_NONE, "who is up again stays so: there is no 'for'", { 0, 0, NULL, NULL } },
	[VET_MISCHIEF_JUMP] = { "jump", SIM_NEAR("jump"), SIM_FORM_JUMP,
		SIM_CLASS_JUMP, "a jump is over at once: there is no 'for'",
		{ 1, INT64_MAX, "a clock that jumps by nothing does not jump", NULL } },
	[VET_MISCHIEF_DESCRIPTORS] = { "descriptors", SIM_NEAR("descriptors"), SIM_FORM_COUNT,
		SIM_CLASS_LIMIT, NULL,
		{ 1, UINT32_MAX, "a limit is at least 1", "a limit is at most 4294967295" } },
	[VET_MISCHIEF_MEMORY] = { "memory", SIM_NEAR("memory"), SIM_FORM_MEMORY,
		SIM_CLASS_LIMIT, NULL, { 1, INT64_MAX, "a limit is at least 1", NULL } },
};
/* clang-format on */

const struct vet_hint vetsim_mischief_onces[SIM_ONCES] = {
	[SIM_ONCE_RANDOM] = { "random", SIM_NEAR("random") },
	[SIM_ONCE_SWARM] = { "swarm", SIM_NEAR("swarm") },
	[SIM_ONCE_SHORT_COUNTS] = { "short-counts", SIM_NEAR("short-counts") },
	[SIM_ONCE_CALM] = { "calm", SIM_NEAR("calm") },
	[SIM_ONCE_BOUND] = { "bound", SIM_NEAR("bound") },
};

/* ---- what is no name ---- */

static const struct vet_hint no_kind[] = {
	{ "drop", SIM_NEAR("loss") },
	{ "delay", SIM_NEAR("latency") },
	{ "jitter", "jitter is written latency=A..B" },
	{ "bandwidth", SIM_NEAR("rate") },
	{ "duplicate", SIM_NEAR("duplication") },
	{ "reorder", SIM_NEAR("reordering") },
	{ "split", SIM_NEAR("partition") },
	{ "isolate", SIM_NEAR("partition") },
	{ "kill", SIM_NEAR("crash") },
	{ "reboot", SIM_NEAR("restart") },
	{ "start", SIM_NEAR("restart") },
	{ "fds", SIM_NEAR("descriptors") },
	{ "link", "a link is written a->b: loss=5%" },
	{ "seed", "the seed is the run's, and no part of its mischief" },
	{ "short", SIM_NEAR("short-counts") },
	{ "short_counts", SIM_NEAR("short-counts") },
	{ NULL, NULL },
};

/* The name that is the least changed so far. */
struct guess {
	struct vet_typo typo;
	size_t limit; /* a nearer one has fewer changes */
	const char *reason;
};

/* Half of the name must be right: further off it would be a guess. */
static void consider(struct guess *guess, const char *name, const char *reason)
{
	size_t length = strlen(name);
	size_t changes = vet_typo_distance(&guess->typo, name, length);
	if (changes * 2 > length || changes >= guess->limit)
		return;
	guess->limit = changes;
	guess->reason = reason;
}

const char *vetsim_mischief_explain(const struct vet_scan *s, struct vet_span word)
{
	struct guess guess = { .limit = SIZE_MAX, .reason = "there is no mischief of this name" };
	const char *hint = vet_span_hint(s, word, no_kind);
	if (hint != NULL)
		return hint;
	if (word.length == 0 || word.length > VET_TYPO_MAX)
		return guess.reason;
	vet_typo_begin(&guess.typo, s->text + word.offset, word.length);
	for (size_t i = 0; i < VET_MISCHIEF_KINDS; i++)
		consider(&guess, vetsim_mischief_kinds[i].name, vetsim_mischief_kinds[i].near);
	for (size_t i = 0; i < SIM_ONCES; i++)
		consider(&guess, vetsim_mischief_onces[i].name, vetsim_mischief_onces[i].reason);
	return guess.reason;
}

/* ---- names of hosts ---- */

struct vet_span vetsim_mischief_name(struct vet_scan *s)
{
	struct vet_span name = vet_scan_name(s);
	while (name.length > 0 && (vet_scan_sees(s, '-') || vet_scan_sees(s, '.'))) {
		struct vet_scan ahead = *s;
		ahead.at++;
		if (vet_scan_name(&ahead).length == 0) /* "->" is none of it */
			break;
		s->at = ahead.at;
		name.length = s->at - name.offset;
	}
	return name;
}

/* ---- quantities ---- */

static bool check(struct vet_scan *s, size_t start, uint64_t value, const struct vet_bounds *bounds)
{
	if (value >= bounds->min && value <= bounds->max)
		return true;
	return vet_scan_fail(s, start, s->at - start,
			     value < bounds->min ? bounds->below : bounds->above);
}

bool vetsim_mischief_quantity(struct vet_scan *s, const struct vet_measure *measure,
			      const struct vet_bounds *bounds, int64_t *value)
{
	uint64_t number;
	size_t start;
	vet_scan_skip_blanks(s);
	start = s->at;
	if (!vet_scan_quantity(s, measure, INT64_MAX, &number) || !check(s, start, number, bounds))
		return false;
	*value = (int64_t)number;
	return true;
}

bool vetsim_mischief_time(struct vet_scan *s, uint64_t least, const char *below, int64_t *value)
{
	const struct vet_bounds bounds = { least, INT64_MAX, below, NULL };
	return vetsim_mischief_quantity(s, &vet_duration_measure, &bounds, value);
}

bool vetsim_mischief_number(struct vet_scan *s, const struct vet_bounds *bounds, int64_t *value)
{
	uint64_t number;
	vet_scan_skip_blanks(s);
	if (!vet_scan_within(s, bounds, &number))
		return false;
	*value = (int64_t)number;
	return true;
}

/* At least one decimal, and at most four, if there is a point. */
static bool read_decimals(struct vet_scan *s, uint64_t *parts)
{
	struct vet_number number;
	*parts = 0;
	if (!vet_scan_take(s, '.'))
		return true;
	vet_scan_run(s, &number);
	if (number.span.length == 0)
		return vet_scan_misfit(s, "decimals are missing", "decimals are missing");
	if (number.span.length > SIM_SHARE_DECIMALS)
		return vet_scan_fail_span(s, number.span, "percent have at most four decimals");
	*parts = number.value;
	for (size_t i = number.span.length; i < SIM_SHARE_DECIMALS; i++)
		*parts *= 10;
	return true;
}

bool vetsim_mischief_share(struct vet_scan *s, const struct vet_bounds *bounds, int64_t *value)
{
	static const char percent[] = "a share is in percent: 2.5%";
	struct vet_number whole;
	uint64_t parts;
	size_t start;
	vet_scan_skip_blanks(s);
	start = s->at;
	if (!vet_scan_digits(s, &whole) || !read_decimals(s, &parts))
		return false;
	if (!vet_scan_take(s, '%'))
		return vet_scan_misfit(s, percent, percent);
	if (whole.is_huge || whole.value > 100)
		return vet_scan_fail(s, start, s->at - start, bounds->above);
	parts += whole.value * SIM_PERCENT;
	*value = (int64_t)parts;
	return check(s, start, parts, bounds);
}

/* ---- what must hold of the whole ---- */

static bool is_late(const struct vet_mischief *m, const struct sim_mischief_places *places,
		    struct vet_scan *s)
{
	for (uint32_t i = 0; m->has_calm != 0 && i < m->count; i++)
		if (m->item[i].at >= m->calm)
			return !vet_scan_fail_span(s, places->at[i], "all is calm by then");
	return false;
}

bool vetsim_mischief_check(const struct vet_mischief *m, const struct sim_mischief_places *places,
			   struct vet_scan *s)
{
	if (is_late(m, places, s))
		return false;
	if (m->has_bound != 0 && m->has_calm == 0)
		return vet_scan_fail_span(s, places->once[SIM_ONCE_BOUND],
					  "a bound counts from the calm: calm=T is missing");
	if (m->random == 0)
		return true;
	if (m->has_within == 0 && m->has_calm == 0)
		return vet_scan_fail_span(s, places->once[SIM_ONCE_RANDOM],
					  "random things have an end: 'within T', or calm=T");
	if (m->has_within != 0 && m->has_calm != 0 && m->within > m->calm)
		return vet_scan_fail_span(s, places->once[SIM_ONCE_RANDOM],
					  "all is calm before that");
	if ((m->has_within != 0 ? m->within : m->calm) < SIM_WITHIN_LEAST)
		return vet_scan_fail_span(s, places->once[SIM_ONCE_RANDOM],
					  "random things need at least 1ms");
	return true;
}
