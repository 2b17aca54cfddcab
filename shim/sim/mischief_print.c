/* SPDX-License-Identifier: 0BSD */
/* Mischief as canonical text. */
#include <errno.h>
#include <string.h>

#include "../../src/print.h"
#include "mischief_text.h"

/* ---- which values a text can give ---- */

/* Some of the names, or each host. */
static bool is_hosts(const struct vet_mischief *m, uint64_t hosts)
{
	return hosts == VET_MISCHIEF_EVERY || (hosts != 0 && hosts >> m->names == 0);
}

static bool is_link(const struct vet_mischief *m, const struct vet_mischief_item *item)
{
	return item->both_ways <= 1 && is_hosts(m, item->from) && is_hosts(m, item->to) &&
	       (item->from & item->to & ~VET_MISCHIEF_EVERY) == 0;
}

static bool is_sides(const struct vet_mischief *m, const struct vet_mischief_item *item)
{
	return item->both_ways == 0 && is_hosts(m, item->from) &&
	       (item->to == 0 || is_hosts(m, item->to)) && (item->from & item->to) == 0 &&
	       ((item->from | item->to) & VET_MISCHIEF_EVERY) == 0;
}

static bool is_whom(const struct vet_mischief *m, const struct vet_mischief_item *item)
{
	enum sim_mischief_form form = vetsim_mischief_kinds[item->kind].form;
	if (sim_form_is_quality(form) || form == SIM_FORM_LINK)
		return is_link(m, item);
	if (form == SIM_FORM_SIDES)
		return is_sides(m, item);
	if (item->both_ways != 0 || item->to != 0)
		return false;
	return form == SIM_FORM_ALONE ? item->from == 0 : is_hosts(m, item->from);
}

static bool is_value(const struct vet_mischief_item *item)
{
	const struct sim_mischief_kind *kind = &vetsim_mischief_kinds[item->kind];
	int64_t value = item->value;
	if (kind->form == SIM_FORM_JUMP && value < 0 && value >= -INT64_MAX)
		value = -value;
	if (value < 0 || (uint64_t)value < kind->value.min || (uint64_t)value > kind->value.max)
		return false;
	return item->more == 0 || (kind->form == SIM_FORM_LATENCY && item->more > 0 &&
				   (uint64_t)item->more <= kind->value.max - (uint64_t)value);
}

static bool is_item(const struct vet_mischief *m, const struct vet_mischief_item *item)
{
	if (item->kind >= VET_MISCHIEF_KINDS || item->at < 0 || item->length < 0)
		return false;
	return is_whom(m, item) && is_value(item) &&
	       (item->length == 0 || vetsim_mischief_kinds[item->kind].once == NULL);
}

/* Those that are new are the next ones. */
static bool is_in_order(uint64_t hosts, uint32_t *seen)
{
	uint64_t fresh = (hosts & ~VET_MISCHIEF_EVERY) >> *seen;
	while ((fresh & 1) != 0) {
		fresh >>= 1;
		++*seen;
	}
	return fresh == 0;
}

static bool is_name(const struct vet_mischief *m, uint32_t i)
{
	size_t size = strnlen(m->name[i], VET_MISCHIEF_NAME);
	struct vet_scan s = { .text = m->name[i], .size = size };
	if (size == 0 || size == VET_MISCHIEF_NAME || vetsim_mischief_name(&s).length != size)
		return false;
	for (size_t at = size; at < VET_MISCHIEF_NAME; at++)
		if (m->name[i][at] != '\0')
			return false;
	for (uint32_t other = 0; other < i; other++)
		if (strcmp(m->name[other], m->name[i]) == 0)
			return false;
	return true;
}

/* In the order in which they are said first, and no others. */
static bool is_named(const struct vet_mischief *m)
{
	uint32_t seen = 0;
	for (uint32_t i = 0; i < m->names; i++)
		if (!is_name(m, i))
			return false;
	for (uint32_t i = 0; i < m->count; i++)
		if (!is_in_order(m->item[i].from, &seen) || !is_in_order(m->item[i].to, &seen))
			return false;
	return seen == m->names;
}

static bool is_said(uint32_t flag, int64_t value)
{
	return flag <= 1 && value >= 0 && (flag == 1 || value == 0);
}

static bool is_mischief(const struct vet_mischief *m)
{
	static const struct sim_mischief_places nowhere;
	struct vet_scan s = { .size = 0 };
	if (m->count > VET_MISCHIEF_ITEMS || m->names > VET_MISCHIEF_NAMES || m->swarm > 1 ||
	    m->short_counts > 1 || m->random > VET_MISCHIEF_RANDOM ||
	    !is_said(m->has_calm, m->calm) || !is_said(m->has_bound, m->bound) ||
	    !is_said(m->has_within, m->within) || (m->random == 0 && m->has_within != 0))
		return false;
	for (uint32_t i = 0; i < m->count; i++)
		if (!is_item(m, &m->item[i]))
			return false;
	return is_named(m) && vetsim_mischief_check(m, &nowhere, &s);
}

/* ---- their text ---- */

static void put_time(struct vet_printer *out, int64_t time)
{
	vet_put_quantity(out, &vet_duration_measure, (uint64_t)time);
}

static void put_hosts(struct vet_printer *out, const struct vet_mischief *m, uint64_t hosts)
{
	const char *between = "";
	vet_put(out, hosts == VET_MISCHIEF_EVERY ? "*" : "");
	for (uint32_t i = 0; i < m->names; i++) {
		if ((hosts >> i & 1) == 0)
			continue;
		vet_put(out, between);
		vet_put(out, m->name[i]);
		between = ", ";
	}
}

static void put_link(struct vet_printer *out, const struct vet_mischief *m,
		     const struct vet_mischief_item *item)
{
	put_hosts(out, m, item->from);
	vet_put(out, item->both_ways != 0 ? "<->" : "->");
	put_hosts(out, m, item->to);
}

static void put_share(struct vet_printer *out, uint64_t parts)
{
	uint64_t decimals = parts % SIM_PERCENT, unit = SIM_PERCENT / 10;
	vet_put_number(out, parts / SIM_PERCENT);
	vet_put(out, decimals != 0 ? "." : "");
	for (; decimals != 0; decimals %= unit, unit /= 10) {
		vet_put_number(out, decimals / unit);
		if (unit == 1)
			break;
	}
	vet_put(out, "%");
}

static void put_latency(struct vet_printer *out, const struct vet_mischief_item *item)
{
	put_time(out, item->value);
	if (item->more == 0)
		return;
	vet_put(out, "..");
	put_time(out, item->value + item->more);
}

/* What stands behind the hosts. */
static void put_value(struct vet_printer *out, enum sim_mischief_form form,
		      const struct vet_mischief_item *item)
{
	uint64_t value = (uint64_t)(item->value < 0 ? -item->value : item->value);
	switch (form) {
	case SIM_FORM_LATENCY:
		put_latency(out, item);
		break;
	case SIM_FORM_SHARE:
		put_share(out, value);
		break;
	case SIM_FORM_SIZE:
	case SIM_FORM_MEMORY:
		vet_put_quantity(out, &vet_size_measure, value);
		break;
	case SIM_FORM_NUMBER:
	case SIM_FORM_COUNT:
		vet_put_number(out, value);
		break;
	case SIM_FORM_JUMP:
		vet_put(out, item->value < 0 ? "-" : "");
		vet_put_quantity(out, &vet_duration_measure, value);
		break;
	default:
		break;
	}
}

static void put_quality(struct vet_printer *out, const struct vet_mischief *m,
			const struct vet_mischief_item *item, const struct sim_mischief_kind *kind)
{
	if (item->from != VET_MISCHIEF_EVERY || item->to != VET_MISCHIEF_EVERY ||
	    item->both_ways != 0) {
		put_link(out, m, item);
		vet_put(out, ": ");
	}
	vet_put(out, kind->name);
	vet_put(out, "=");
	put_value(out, kind->form, item);
}

static void put_verb(struct vet_printer *out, const struct vet_mischief *m,
		     const struct vet_mischief_item *item, const struct sim_mischief_kind *kind)
{
	vet_put(out, kind->name);
	if (kind->form == SIM_FORM_ALONE)
		return;
	vet_put(out, " ");
	if (kind->form == SIM_FORM_LINK) {
		put_link(out, m, item);
		return;
	}
	put_hosts(out, m, item->from);
	if (kind->form == SIM_FORM_SIDES && item->to != 0) {
		vet_put(out, " | ");
		put_hosts(out, m, item->to);
	}
	if (kind->form == SIM_FORM_CRASH && item->value == VET_SIM_RESETS)
		vet_put(out, " with resets");
	if (kind->form >= SIM_FORM_JUMP)
		vet_put(out, " ");
	put_value(out, kind->form, item);
}

static void put_item(struct vet_printer *out, const struct vet_mischief *m,
		     const struct vet_mischief_item *item)
{
	const struct sim_mischief_kind *kind = &vetsim_mischief_kinds[item->kind];
	if (item->at > 0) {
		vet_put(out, "@");
		put_time(out, item->at);
		vet_put(out, "=");
	}
	if (sim_form_is_quality(kind->form))
		put_quality(out, m, item, kind);
	else
		put_verb(out, m, item, kind);
	if (item->length > 0) {
		vet_put(out, " for ");
		put_time(out, item->length);
	}
}

static void begin_item(struct vet_printer *out)
{
	vet_put(out, out->length > 0 ? "; " : "");
}

static void put_once(struct vet_printer *out, enum sim_mischief_once once, bool has_value,
		     int64_t value)
{
	begin_item(out);
	vet_put(out, vetsim_mischief_onces[once].name);
	if (!has_value)
		return;
	vet_put(out, "=");
	put_time(out, value);
}

static void put_random(struct vet_printer *out, const struct vet_mischief *m)
{
	put_once(out, SIM_ONCE_RANDOM, false, 0);
	vet_put(out, "=");
	vet_put_number(out, m->random);
	if (m->has_within == 0)
		return;
	vet_put(out, " within ");
	put_time(out, m->within);
}

static void put_mischief(struct vet_printer *out, const void *value)
{
	const struct vet_mischief *m = value;
	for (uint32_t i = 0; i < m->count; i++) {
		begin_item(out);
		put_item(out, m, &m->item[i]);
	}
	if (m->random != 0)
		put_random(out, m);
	if (m->swarm != 0)
		put_once(out, SIM_ONCE_SWARM, false, 0);
	if (m->short_counts != 0)
		put_once(out, SIM_ONCE_SHORT_COUNTS, false, 0);
	if (m->has_calm != 0)
		put_once(out, SIM_ONCE_CALM, true, m->calm);
	if (m->has_bound != 0)
		put_once(out, SIM_ONCE_BOUND, true, m->bound);
}

int vet_mischief_format(const struct vet_mischief *mischief, char *text, size_t size)
{
	return is_mischief(mischief) ? vet_print(put_mischief, mischief, text, size)
				     : vet_print_refuse(text, size, -EINVAL);
}
