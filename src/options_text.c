/* SPDX-License-Identifier: 0BSD */
/* The parser of options.  options.h has the grammar; each function here reads one part of it from
 * left to right, or says where and why it cannot. */
#include <errno.h>
#include <string.h>

#include "option.h"
#include "option_table.h"
#include "options.h"

/* ---- what is said of each option, and of each separator ---- */

struct reasons {
	const char *missing, *below, *above;
};

/* clang-format off */
#define EXAMPLE_FLAG     "on"
#define EXAMPLE_INTEGER  "N"
#define EXAMPLE_SIZE     "64KiB"
#define EXAMPLE_DURATION "30s"
#define EXAMPLE_LINGER   "5s"
#define EXAMPLE_TEXT     "NAME"
/* What a limit is counted in. */
#define IN_FLAG     ""
#define IN_INTEGER  ""
#define IN_SIZE     "B"
#define IN_DURATION ""
#define IN_LINGER   ""
#define IN_TEXT     " bytes long"
#define UNIT_0           ""
#define UNIT_SECOND      "s"
#define UNIT_MILLISECOND "ms"

#define SAID(text, example, least, greatest, unit) \
	"a value is missing: " text "=" example, \
	text " is at least " #least unit, \
	text " is at most " #greatest unit
#define SAID_NOTHING NULL, NULL, NULL
#define REASONS(name, text, kind, flags, least, greatest, unit, ...) \
	{ VET_IF_SET_##flags(SAID(text, EXAMPLE_##kind, least, greatest, IN_##kind UNIT_##unit), SAID_NOTHING) },
static const struct reasons said[] = { VET_OPTIONS(REASONS) };
/* clang-format on */

struct style {
	char separator, other;
	const char *before, *after, *instead, *behind_name, *behind_value;
};

/* ',' and '&': the same is said of both. */
#define STYLE(separator, other) \
	{ \
		separator[0], other[0], "an option is missing before '" separator "'", \
			"an option is missing after '" separator "'", \
			"options are separated by '" separator "'", \
			"only '=' or '" separator "' stands behind a name", \
			"only '" separator "' stands behind a value" \
	}
static const struct style styles[] = { STYLE(",", "&"), STYLE("&", ",") };

/* What is being read. */
struct reader {
	struct vet_scan *s;
	const struct style *style;
	struct vet_options *options;
	const struct vet_other_item *other; /* NULL: none */
	void *context;
	unsigned families;
	bool other_is_given;
	size_t start;
};

/* ---- values ---- */

static bool read_flag(struct vet_scan *s, int64_t *value)
{
	static const char either[] = "a flag is 'on' or 'off'";
	struct vet_span word = vet_scan_name(s);

	*value = vet_span_is(s, word, "on");
	if (*value != 0 || vet_span_is(s, word, "off"))
		return true;
	return word.length > 0 ? vet_scan_unknown(s, word, either)
			       : vet_scan_misfit(s, NULL, either);
}

static const struct vet_hint no_number[] = {
	{ "on", "only a flag is 'on'" },
	{ "off", "only a flag or linger is 'off'" },
	{ NULL, NULL },
};

/* Where a number stands: whether there is another word, that means something elsewhere. */
static bool refuse_word(struct vet_scan *s)
{
	struct vet_scan ahead = *s;
	struct vet_span word = vet_scan_name(&ahead);
	const char *reason = vet_span_hint(s, word, no_number);

	return reason == NULL || vet_scan_fail_span(s, word, reason);
}

bool vet_read_integer(struct vet_scan *s, const struct vet_bounds *bounds, uint64_t *value)
{
	struct vet_scan ahead = *s;
	struct vet_number number;
	struct vet_span unit;

	if (!refuse_word(s))
		return false;
	vet_scan_run(&ahead, &number);
	unit = vet_scan_name(&ahead);
	if (number.span.length > 0 && number.value > 0 && unit.length > 0)
		return vet_scan_fail_span(s, unit, "this number has no unit");
	if (!vet_scan_within(s, bounds, value))
		return false;
	return !vet_scan_sees(s, '.') ||
	       vet_scan_fail(s, s->at, 1, "this number is a whole number");
}

static bool read_amount(struct vet_scan *s, const struct vet_option *o, uint64_t *value)
{
	static const struct vet_bounds any = { 0, INT64_MAX, NULL,
					       "a number is at most 9223372036854775807" };

	if (o->kind == VET_OPTION_INTEGER)
		return vet_read_integer(s, &any, value);
	return refuse_word(s) &&
	       vet_scan_quantity(
		       s, o->kind == VET_OPTION_SIZE ? &vet_size_measure : &vet_duration_measure,
		       INT64_MAX, value);
}

/* A number, a size or a duration, in the range of the option. */
static bool read_number(struct vet_scan *s, size_t index, int64_t *value)
{
	const struct vet_option *o = &vet_option_table[index];
	struct vet_span span = { s->at, 0 };
	uint64_t amount;

	if (!read_amount(s, o, &amount))
		return false;
	span.length = s->at - span.offset;
	*value = (int64_t)amount;
	if (vet_option_in_units(o, *value) < o->min)
		return vet_scan_fail_span(s, span, said[index].below);
	if (vet_option_in_units(o, *value) > o->max)
		return vet_scan_fail_span(s, span, said[index].above);
	return true;
}

static bool read_linger(struct vet_scan *s, size_t index, int64_t *value)
{
	struct vet_scan ahead = *s;

	*value = VET_LINGER_OFF;
	if (!vet_span_is(s, vet_scan_name(&ahead), "off"))
		return read_number(s, index, value);
	s->at = ahead.at;
	return true;
}

static bool read_text(struct vet_scan *s, size_t index, char text[VET_OPTION_TEXT_SIZE])
{
	struct vet_span span = { s->at, 0 };

	while (!vet_scan_at_end(s) && vet_is_of_text(s->text[s->at]))
		s->at++;
	span.length = s->at - span.offset;
	if (span.length > (size_t)vet_option_table[index].max)
		return vet_scan_fail_span(s, span, said[index].above);
	memcpy(text, s->text + span.offset, span.length);
	return true;
}

static bool read_value(struct vet_scan *s, size_t index, union vet_option_value *value)
{
	switch (vet_option_table[index].kind) {
	case VET_OPTION_FLAG:
		return read_flag(s, &value->number);
	case VET_OPTION_LINGER:
		return read_linger(s, index, &value->number);
	case VET_OPTION_TEXT:
		return read_text(s, index, value->text);
	default:
		return read_number(s, index, &value->number);
	}
}

/* ---- items ---- */

/* Letters, digits, '_' and '-'. */
static struct vet_span read_name(struct vet_scan *s)
{
	size_t start = s->at;

	do
		(void)vet_scan_name(s);
	while (vet_scan_take(s, '-'));
	return (struct vet_span){ start, s->at - start };
}

static bool is_at_end(const struct reader *r)
{
	return vet_scan_at_end(r->s) || vet_scan_sees(r->s, r->style->separator);
}

static bool read_end(const struct reader *r, const char *otherwise)
{
	struct vet_scan *s = r->s;

	if (is_at_end(r))
		return true;
	if (vet_scan_sees(s, r->style->other))
		return vet_scan_fail(s, s->at, 1, r->style->instead);
	if (vet_scan_sees(s, '='))
		return vet_scan_fail(s, s->at, 1, "an option has one '='");
	return vet_scan_misfit(s, NULL, otherwise);
}

static const char given_before[] = "this option was given before";

static bool read_other(struct reader *r, struct vet_span name)
{
	static const char missing[] = "a value is missing";
	struct vet_scan *s = r->s;

	if (r->other_is_given)
		return vet_scan_fail_span(s, name, given_before);
	r->other_is_given = true;
	if (!vet_scan_take(s, '='))
		return is_at_end(r) ? vet_scan_fail_span(s, name, missing)
				    : read_end(r, r->style->behind_name);
	if (is_at_end(r))
		return vet_scan_fail(s, s->at, 1, missing);
	return r->other->read(s, name, r->context) && read_end(r, r->style->behind_value);
}

/* A name alone: a flag. */
static bool read_bare(const struct reader *r, struct vet_span name, size_t index, bool is_off)
{
	if (!is_at_end(r))
		return read_end(r, r->style->behind_name);
	if (vet_option_table[index].kind != VET_OPTION_FLAG)
		return vet_scan_fail_span(r->s, name, said[index].missing);
	r->options->value[index].number = !is_off;
	return true;
}

static bool read_assigned(const struct reader *r, size_t index)
{
	const struct vet_option *o = &vet_option_table[index];

	if (is_at_end(r) && (o->kind != VET_OPTION_TEXT || o->min > 0))
		return vet_scan_fail(r->s, r->s->at, 1, said[index].missing);
	return read_value(r->s, index, &r->options->value[index]) &&
	       read_end(r, o->kind == VET_OPTION_TEXT ? "a text has no '#' and no '%'"
						      : r->style->behind_value);
}

static bool read_option(const struct reader *r, struct vet_span name, size_t index, bool is_off)
{
	const struct vet_option *o = &vet_option_table[index];
	struct vet_scan *s = r->s;

	if ((o->flags & VET_OPTION_READ_ONLY) != 0)
		return vet_scan_fail_span(s, name, "this option is only read");
	if ((o->flags & r->families) != r->families) /* every option is one of IPv6 */
		return vet_scan_fail_span(s, name, "only an IPv6 socket has this option");
	if (is_off && o->kind != VET_OPTION_FLAG)
		return vet_scan_fail_span(s, name, "'no-' stands before a flag alone");
	if ((r->options->given >> index & 1) != 0)
		return vet_scan_fail_span(s, name, given_before);
	r->options->given |= UINT64_C(1) << index;
	if (!vet_scan_take(s, '='))
		return read_bare(r, name, index, is_off);
	if (is_off)
		return vet_scan_fail(s, s->at - 1, 1, "a flag with 'no-' has no value");
	return read_assigned(r, index);
}

static bool refuse_no_name(const struct reader *r)
{
	const char *missing = r->s->at > r->start ? r->style->after : "an option is missing";

	if (vet_scan_sees(r->s, r->style->separator))
		return vet_scan_misfit(r->s, NULL, r->style->before);
	if (vet_scan_sees(r->s, '='))
		return vet_scan_misfit(r->s, NULL, "the name of an option is missing");
	return vet_scan_misfit(r->s, missing, "an option begins with its name");
}

static bool read_item(struct reader *r)
{
	struct vet_scan *s = r->s;
	struct vet_span name = read_name(s);
	size_t index;
	bool is_off;

	if (name.length == 0)
		return refuse_no_name(r);
	if (r->other != NULL && vet_span_is(s, name, r->other->name))
		return read_other(r, name);
	index = vet_options_find(s->text + name.offset, name.length, &is_off);
	if (index == VET_NO_OPTION)
		return vet_scan_unknown(s, name, vet_options_explain_name(s, name, r->other));
	return read_option(r, name, index, is_off);
}

bool vet_read_options(struct vet_scan *s, char separator, unsigned families,
		      struct vet_options *options, const struct vet_other_item *other,
		      void *context)
{
	struct reader r = {
		s, &styles[separator == '&'], options, other, context, families, false, s->at
	};

	do
		if (!read_item(&r))
			return false;
	while (vet_scan_take(s, separator));
	return true;
}

int vet_options_parse(const char *text, size_t size, struct vet_options *options,
		      struct vet_text_error *error)
{
	struct vet_scan s = { .text = text, .size = size };
	bool good;

	*options = (struct vet_options){ 0 };
	good = size == 0 || vet_read_options(&s, ',', 0, options, NULL, NULL);
	if (!good)
		*options = (struct vet_options){ 0 };
	if (error != NULL)
		*error = s.error;
	return good ? 0 : -EINVAL;
}
