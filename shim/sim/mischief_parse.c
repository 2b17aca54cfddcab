/* SPDX-License-Identifier: 0BSD */
/* The parser of mischief.  mischief.h has the grammar; each function here reads one part of it from
 * left to right, or says where and why it cannot. */
#include <errno.h>
#include <string.h>

#include "mischief_text.h"

struct reader {
	struct vet_scan *s;
	struct vet_mischief *m;
	struct sim_mischief_places places;
};

static const char link_ends[] = "a link has two ends: a->b, or a<->b";

/* ---- signs and words, with free blanks before them ---- */

static bool take(struct vet_scan *s, char sign)
{
	struct vet_scan ahead = *s;
	vet_scan_skip_blanks(&ahead);
	if (!vet_scan_take(&ahead, sign))
		return false;
	*s = ahead;
	return true;
}

static bool take_word(struct vet_scan *s, const char *word)
{
	struct vet_scan ahead = *s;
	vet_scan_skip_blanks(&ahead);
	if (!vet_span_is(&ahead, vetsim_mischief_name(&ahead), word))
		return false;
	*s = ahead;
	return true;
}

/* "->", "<->": 1, 2; 0: neither. */
static unsigned take_arrow(struct vet_scan *s)
{
	struct vet_scan ahead = *s;
	unsigned ways;
	vet_scan_skip_blanks(&ahead);
	ways = vet_scan_take(&ahead, '<') ? 2 : 1;
	if (!vet_scan_take(&ahead, '-') || !vet_scan_take(&ahead, '>'))
		return 0;
	*s = ahead;
	return ways;
}

/* Blames what comes next: a whole word, or a byte. */
static bool misfit(struct vet_scan *s, const char *missing, const char *otherwise)
{
	struct vet_span word;
	vet_scan_skip_blanks(s);
	word = vetsim_mischief_name(s);
	return word.length > 0 ? vet_scan_unknown(s, word, otherwise)
			       : vet_scan_misfit(s, missing, otherwise);
}

/* ---- quantities ---- */

/* T, or T..T */
static bool read_latency(struct vet_scan *s, const struct vet_bounds *bounds,
			 struct vet_mischief_item *item)
{
	size_t start;
	vet_scan_skip_blanks(s);
	start = s->at;
	if (!vetsim_mischief_quantity(s, &vet_duration_measure, bounds, &item->value))
		return false;
	if (!vet_scan_take(s, '.'))
		return true;
	if (!vet_scan_take(s, '.'))
		return vet_scan_misfit(s, "a range is written 20ms..80ms",
				       "a range is written 20ms..80ms");
	if (vet_scan_at_end(s) || !vet_is_digit(s->text[s->at]))
		return vet_scan_misfit(s, "the end of the range is missing",
				       "the end of the range is missing");
	if (!vetsim_mischief_quantity(s, &vet_duration_measure, bounds, &item->more))
		return false;
	if (item->more < item->value)
		return vet_scan_fail(s, start, s->at - start, "this range runs backwards");
	item->more -= item->value;
	return true;
}

static bool read_jump(struct vet_scan *s, const struct vet_bounds *bounds,
		      struct vet_mischief_item *item)
{
	bool goes_back = take(s, '-');
	if (!vetsim_mischief_quantity(s, &vet_duration_measure, bounds, &item->value))
		return false;
	item->value = goes_back ? -item->value : item->value;
	return true;
}

/* ---- hosts and links ---- */

static bool add_host(struct reader *r, struct vet_span name, uint64_t *hosts)
{
	struct vet_mischief *m = r->m;
	uint32_t i = 0;
	if (name.length >= VET_MISCHIEF_NAME)
		return vet_scan_fail_span(r->s, name, "the name of a host is at most 31 bytes");
	while (i < m->names && !vet_span_is(r->s, name, m->name[i]))
		i++;
	if (i == VET_MISCHIEF_NAMES)
		return vet_scan_fail_span(r->s, name, "a mischief names at most 32 hosts");
	if ((*hosts >> i & 1) != 0)
		return vet_scan_fail_span(r->s, name, "this host is said twice");
	if (i == m->names)
		memcpy(m->name[m->names++], r->s->text + name.offset, name.length);
	*hosts |= UINT64_C(1) << i;
	return true;
}

static bool read_host(struct reader *r, uint64_t *hosts)
{
	static const char no_host[] = "the name of a host is missing";
	struct vet_span name;
	vet_scan_skip_blanks(r->s);
	name = vetsim_mischief_name(r->s);
	if (name.length > 0)
		return add_host(r, name, hosts);
	if (vet_scan_sees(r->s, '*'))
		return vet_scan_fail(r->s, r->s->at, 1, "'*' is each host, and stands alone");
	return vet_scan_misfit(r->s, no_host, no_host);
}

static bool read_hosts(struct reader *r, uint64_t *hosts)
{
	*hosts = 0;
	if (take(r->s, '*')) {
		*hosts = VET_MISCHIEF_EVERY;
		return true;
	}
	do {
		if (!read_host(r, hosts))
			return false;
	} while (take(r->s, ','));
	return true;
}

static bool read_link(struct reader *r, struct vet_mischief_item *item)
{
	size_t start;
	unsigned ways;
	vet_scan_skip_blanks(r->s);
	start = r->s->at;
	if (!read_hosts(r, &item->from))
		return false;
	ways = take_arrow(r->s);
	if (ways == 0)
		return misfit(r->s, link_ends, link_ends);
	item->both_ways = ways == 2;
	if (!read_hosts(r, &item->to))
		return false;
	return (item->from & item->to & ~VET_MISCHIEF_EVERY) == 0 ||
	       vet_scan_fail(r->s, start, r->s->at - start, "no link goes from a host to itself");
}

static bool read_sides(struct reader *r, struct vet_mischief_item *item)
{
	static const char names[] = "a partition names its hosts";
	size_t start;
	vet_scan_skip_blanks(r->s);
	start = r->s->at;
	if (vet_scan_sees(r->s, '*'))
		return vet_scan_fail(r->s, start, 1, names);
	if (!read_hosts(r, &item->from))
		return false;
	if (!take(r->s, '|'))
		return true;
	vet_scan_skip_blanks(r->s);
	if (vet_scan_sees(r->s, '*'))
		return vet_scan_fail(r->s, r->s->at, 1, names);
	return read_hosts(r, &item->to) &&
	       ((item->from & item->to) == 0 ||
		vet_scan_fail(r->s, start, r->s->at - start, "a host is on one side"));
}

/* ---- what befalls ---- */

/* What stands behind the name of a kind. */
static bool read_rest(struct reader *r, struct vet_mischief_item *item)
{
	const struct sim_mischief_kind *kind = &vetsim_mischief_kinds[item->kind];
	const struct vet_bounds *bounds = &kind->value;
	switch (kind->form) {
	case SIM_FORM_LATENCY:
		return read_latency(r->s, bounds, item);
	case SIM_FORM_SIZE:
		return vetsim_mischief_quantity(r->s, &vet_size_measure, bounds, &item->value);
	case SIM_FORM_SHARE:
		return vetsim_mischief_share(r->s, bounds, &item->value);
	case SIM_FORM_NUMBER:
		return vetsim_mischief_number(r->s, bounds, &item->value);
	case SIM_FORM_LINK:
		return read_link(r, item);
	case SIM_FORM_SIDES:
		return read_sides(r, item);
	case SIM_FORM_ALONE:
		return true;
	case SIM_FORM_CRASH:
		if (!read_hosts(r, &item->from))
			return false;
		item->value = take_word(r->s, "with") ? VET_SIM_RESETS : VET_SIM_SILENT;
		return item->value == VET_SIM_SILENT || take_word(r->s, "resets") ||
		       misfit(r->s, "'resets' is missing", "behind 'with' stands 'resets'");
	case SIM_FORM_JUMP:
		return read_hosts(r, &item->from) && read_jump(r->s, bounds, item);
	case SIM_FORM_COUNT:
		return read_hosts(r, &item->from) &&
		       vetsim_mischief_number(r->s, bounds, &item->value);
	case SIM_FORM_MEMORY:
		return read_hosts(r, &item->from) &&
		       vetsim_mischief_quantity(r->s, &vet_size_measure, bounds, &item->value);
	case SIM_FORM_HOSTS:
	default:
		return read_hosts(r, &item->from);
	}
}

static bool read_for(struct reader *r, struct vet_mischief_item *item)
{
	const char *once = vetsim_mischief_kinds[item->kind].once;
	struct vet_scan before = *r->s;
	if (!take_word(r->s, "for"))
		return true;
	if (once != NULL) {
		vet_scan_skip_blanks(&before);
		return vet_scan_fail(r->s, before.at, 3, once);
	}
	return vetsim_mischief_time(r->s, 1, "what lasts 0s does not happen", &item->length);
}

static uint32_t find_kind(const struct vet_scan *s, struct vet_span word)
{
	uint32_t kind = 0;
	while (kind < VET_MISCHIEF_KINDS && !vet_span_is(s, word, vetsim_mischief_kinds[kind].name))
		kind++;
	return kind;
}

/* A word has been read.  Behind a link, it is of a quality. */
static bool read_kind(struct reader *r, struct vet_span word, bool has_link,
		      struct vet_mischief_item *item)
{
	bool is_quality;
	item->kind = find_kind(r->s, word);
	if (item->kind == VET_MISCHIEF_KINDS)
		return vet_scan_unknown(r->s, word, vetsim_mischief_explain(r->s, word));
	is_quality = sim_form_is_quality(vetsim_mischief_kinds[item->kind].form);
	if (has_link && !is_quality)
		return vet_scan_fail_span(r->s, word, "behind a link and ':' stands a quality");
	if (!has_link && is_quality)
		item->from = item->to = VET_MISCHIEF_EVERY;
	if (is_quality && !take(r->s, '='))
		return misfit(r->s, "'=' and a value are missing",
			      "'=' stands between a quality and its value");
	if (!is_quality && take(r->s, '='))
		return vet_scan_fail(r->s, r->s->at - 1, 1, "this one has no '='");
	return read_rest(r, item) && read_for(r, item);
}

static bool is_link(const struct vet_scan *s)
{
	struct vet_scan ahead = *s;
	if (vet_scan_take(&ahead, '*'))
		return true;
	(void)vetsim_mischief_name(&ahead);
	return take(&ahead, ',') || take_arrow(&ahead) != 0;
}

static bool read_linked(struct reader *r, struct vet_mischief_item *item)
{
	static const char colon[] = "between a link and its quality stands ':'";
	struct vet_span word;
	if (!read_link(r, item))
		return false;
	if (!take(r->s, ':'))
		return misfit(r->s, "':' and a quality are missing", colon);
	vet_scan_skip_blanks(r->s);
	word = vetsim_mischief_name(r->s);
	if (word.length == 0)
		return vet_scan_misfit(r->s, "a quality is missing", "a quality is missing");
	return read_kind(r, word, true, item);
}

static bool read_at(struct reader *r, struct vet_mischief_item *item)
{
	static const char equals[] = "between a time and what befalls stands '='";
	size_t start = r->s->at;
	if (!vet_scan_take(r->s, '@'))
		return true;
	if (!vetsim_mischief_time(r->s, 0, NULL, &item->at))
		return false;
	r->places.at[r->m->count] = (struct vet_span){ start, r->s->at - start };
	if (!take(r->s, '='))
		return misfit(r->s, "'=' and what befalls are missing", equals);
	vet_scan_skip_blanks(r->s);
	return true;
}

/* ---- what is said once ---- */

static bool take_equals(struct vet_scan *s)
{
	return take(s, '=') ||
	       misfit(s, "'=' and a value are missing", "'=' and a value stand here");
}

static bool read_random(struct reader *r)
{
	static const struct vet_bounds bounds = { 1, VET_MISCHIEF_RANDOM,
						  "0 random things are none",
						  "at most 100 random things" };
	int64_t number;
	if (!take_equals(r->s) || !vetsim_mischief_number(r->s, &bounds, &number))
		return false;
	r->m->random = (uint32_t)number;
	r->m->has_within = take_word(r->s, "within");
	return r->m->has_within == 0 ||
	       vetsim_mischief_time(r->s, SIM_WITHIN_LEAST, "random things need at least 1ms",
				    &r->m->within);
}

static uint32_t *said(struct vet_mischief *m, enum sim_mischief_once once)
{
	switch (once) {
	case SIM_ONCE_RANDOM:
		return &m->random;
	case SIM_ONCE_SWARM:
		return &m->swarm;
	case SIM_ONCE_SHORT_COUNTS:
		return &m->short_counts;
	case SIM_ONCE_CALM:
		return &m->has_calm;
	case SIM_ONCE_BOUND:
	default:
		return &m->has_bound;
	}
}

static bool read_value(struct reader *r, enum sim_mischief_once once)
{
	if (once == SIM_ONCE_RANDOM)
		return read_random(r);
	*said(r->m, once) = 1;
	if (once == SIM_ONCE_CALM)
		return take_equals(r->s) && vetsim_mischief_time(r->s, 0, NULL, &r->m->calm);
	if (once == SIM_ONCE_BOUND)
		return take_equals(r->s) && vetsim_mischief_time(r->s, 0, NULL, &r->m->bound);
	return !take(r->s, '=') || vet_scan_fail(r->s, r->s->at - 1, 1, "this one has no '='");
}

static bool read_once(struct reader *r, struct vet_span word, enum sim_mischief_once once)
{
	if (*said(r->m, once) != 0)
		return vet_scan_fail_span(r->s, word, "this is said once");
	if (!read_value(r, once))
		return false;
	r->places.once[once] = (struct vet_span){ word.offset, r->s->at - word.offset };
	return true;
}

/* ---- items ---- */

static const char *instead_of_item(const struct vet_scan *s)
{
	if (vet_scan_sees(s, ';'))
		return "an item is missing before ';'";
	return vet_scan_sees(s, '@') ? "an item has one '@'"
				     : "an item begins with a name, '*' or '@'";
}

/* An item that begins with no link. */
static bool read_word(struct reader *r, bool has_time, struct vet_mischief_item *item,
		      bool *is_once)
{
	struct vet_span word = vetsim_mischief_name(r->s);
	unsigned once = 0;
	if (word.length == 0)
		return vet_scan_misfit(
			r->s, has_time ? "what befalls is missing" : "an item is missing after ';'",
			instead_of_item(r->s));
	if (vet_scan_sees(r->s, ':') || vet_scan_sees(r->s, '<'))
		return vet_scan_fail_span(r->s, word, link_ends);
	while (once < SIM_ONCES && !vet_span_is(r->s, word, vetsim_mischief_onces[once].name))
		once++;
	*is_once = once < SIM_ONCES;
	if (!*is_once)
		return read_kind(r, word, false, item);
	if (has_time)
		return vet_scan_fail_span(r->s, word, "this one has no '@'");
	return read_once(r, word, (enum sim_mischief_once)once);
}

static bool read_item(struct reader *r)
{
	struct vet_mischief_item item = { 0 };
	size_t start = r->s->at;
	bool has_time = vet_scan_sees(r->s, '@'), is_once = false;
	uint32_t count = r->m->count;
	if (!read_at(r, &item))
		return false;
	if (is_link(r->s) ? !read_linked(r, &item) : !read_word(r, has_time, &item, &is_once))
		return false;
	if (is_once)
		return true;
	if (count == VET_MISCHIEF_ITEMS)
		return vet_scan_fail(r->s, start, r->s->at - start,
				     "a mischief has at most 64 items");
	if (!has_time)
		r->places.at[count] = (struct vet_span){ start, r->s->at - start };
	r->m->item[r->m->count++] = item;
	return true;
}

static bool read_all(struct reader *r)
{
	vet_scan_skip_blanks(r->s);
	if (vet_scan_at_end(r->s))
		return true;
	do {
		vet_scan_skip_blanks(r->s);
		if (!read_item(r))
			return false;
		vet_scan_skip_blanks(r->s);
		if (!vet_scan_at_end(r->s) && !vet_scan_sees(r->s, ';'))
			return misfit(r->s, NULL, "only ';' stands behind an item");
	} while (vet_scan_take(r->s, ';'));
	return vetsim_mischief_check(r->m, &r->places, r->s);
}

int vet_mischief_parse(struct vet_mischief *mischief, const char *text, size_t size,
		       struct vet_text_error *error)
{
	struct vet_scan s = { .text = text, .size = size };
	struct reader r = { .s = &s, .m = mischief };
	bool is_good;
	memset(mischief, 0, sizeof *mischief);
	is_good = read_all(&r);
	if (!is_good)
		memset(mischief, 0, sizeof *mischief);
	if (error != NULL)
		*error = s.error;
	return is_good ? 0 : -EINVAL;
}
