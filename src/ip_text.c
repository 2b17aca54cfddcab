/* SPDX-License-Identifier: 0BSD */
/* IP addresses read from text: IPv4 in its strict form, four decimal parts; IPv6 as RFC 4291 2.2.
 */
#include <errno.h>
#include <string.h>

#include "slow.h"
#include "text.h"

#define NO_GAP 9U /* more groups than there are */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex(char c)
{
	return vet_hex_digits[(uint8_t)c] != 0;
}

/* ---- what is wrong ---- */

static const struct vet_misfit anywhere[] = {
	{ '/', "a prefix length is not part of an address" },
	{ '-', "a sign is not part of an address" },
	{ '+', "a sign is not part of an address" },
	{ 0, NULL },
};

static const char *find_reason(const struct vet_misfit *misfits, char byte)
{
	while (misfits->reason != NULL && misfits->byte != byte)
		misfits++;
	return misfits->reason;
}

VET_SLOW bool vet_address_misfit(struct vet_scan *r, const struct vet_misfit *misfits,
				 const char *missing, const char *otherwise)
{
	const char *reason = NULL;

	if (!vet_scan_at_end(r)) {
		reason = find_reason(misfits, r->text[r->at]);
		if (reason == NULL)
			reason = find_reason(anywhere, r->text[r->at]);
	}
	if (reason != NULL)
		return vet_scan_fail(r, r->at, 1, reason);
	return vet_scan_misfit(r, missing, otherwise);
}

/* All the digits from `start` on, so that the caret is under the whole number. */
static bool fail_run(struct vet_scan *r, size_t start, bool (*belongs)(char), const char *reason)
{
	size_t end = start;

	while (end < r->size && belongs(r->text[end]))
		end++;
	return vet_scan_fail(r, start, end - start, reason);
}

const char vet_names_are_not_resolved[] = "this is a host name, and names are not resolved here";

size_t vet_host_name_length(const struct vet_scan *r)
{
	size_t end = r->at, label = r->at, dots = 0;

	for (; end < r->size && r->text[end] != ':'; end++) {
		char c = r->text[end];

		dots = c == '.' ? dots + 1 : 0;
		if (dots > 1 ||
		    (dots == 0 && !is_letter(c) && !vet_is_digit(c) && c != '-' && c != '_'))
			return 0;
		/* A dot at the very end is the root's, and begins no label. */
		if (c == '.' && end + 1 < r->size && r->text[end + 1] != ':')
			label = end + 1;
	}
	return end - dots >= label + 2 && is_letter(r->text[label]) ? end - r->at : 0;
}

/* ---- IPv4 ---- */

static const char part_missing[] = "a part is missing: an IPv4 address has four";
static const char not_decimal[] = "a part is decimal digits";

/* What may follow an address cannot stand where a part begins, nor before the fourth part. */
static const struct vet_misfit at_part[] = {
	{ '.', "a part is empty" }, { ':', "a part is empty" }, { '%', "a part is empty" },
	{ '/', "a part is empty" }, { ']', "a part is empty" }, { 0, NULL },
};
static const struct vet_misfit between_parts[] = {
	{ ':', part_missing }, { '%', part_missing }, { '/', part_missing },
	{ ']', part_missing }, { 0, NULL },
};

/* The part at `start` is wrong: says how. */
static VET_SLOW bool blame_part(struct vet_scan *r, size_t start)
{
	r->at = start;
	if (start == r->size || !vet_is_digit(r->text[start]))
		return vet_address_misfit(r, at_part, part_missing, not_decimal);
	if (r->text[start] == '0')
		return vet_scan_fail(r, start, 1, "leading zero: it could be read as octal");
	return fail_run(r, start, vet_is_digit, "a part is at most 255");
}

static VET_SLOW bool blame_dot(struct vet_scan *r, size_t at)
{
	r->at = at;
	return vet_address_misfit(r, between_parts, part_missing, not_decimal);
}

/* The digit at a place as a number; what is none, and the end, is above 9. */
static inline unsigned digit_at(const char *text, size_t size, size_t at)
{
	return at < size ? (unsigned)(uint8_t)text[at] - '0' : 10;
}

/* Reads one to three digits, 0 to 255, into *value, and what stands behind them into *next. */
static inline bool read_part(const char *text, size_t size, size_t *at, unsigned *value,
			     unsigned *next)
{
	*value = digit_at(text, size, (*at)++);
	*next = digit_at(text, size, *at);
	if (*next > 9)
		return *value <= 9;
	if (*value == 0 || *value > 9)
		return false;
	*value = *value * 10 + *next;
	*next = digit_at(text, size, ++*at);
	if (*next > 9)
		return true;
	*value = *value * 10 + *next;
	*next = digit_at(text, size, ++*at);
	return *value <= 255 && *next > 9;
}

bool vet_read_ipv4(struct vet_scan *r, uint8_t *bytes)
{
	const char *text = r->text;
	size_t at = r->at, size = r->size;

	for (size_t part = 0;; part++) {
		size_t start = at;
		unsigned value, next;

		if (!read_part(text, size, &at, &value, &next))
			return blame_part(r, start);
		bytes[part] = (uint8_t)value;
		if (part == 3)
			break;
		if (next != (unsigned)'.' - '0')
			return blame_dot(r, at);
		at++;
	}
	r->at = at;
	return true;
}

/* ---- IPv6 ---- */

/* An address under way.  Its place is kept here and not in the reader, so that it can live in a
 * register: through memory, reading takes half as long again. */
struct ipv6 {
	size_t at;
	uint8_t *bytes; /* 16 of them, zero where none was written */
	size_t count;   /* groups read */
	size_t gap;     /* how many of them stand before "::"; NO_GAP without one */
	size_t gap_at;  /* where it stands */
	bool dotted;    /* the IPv4 address has been read, which comes last */
};

static const char group_missing[] = "a group is missing: an IPv6 address has eight, or \"::\"";
static const char not_hex[] = "a group is hexadecimal digits";
static const char gap_for_nothing[] =
	"\"::\" stands for one group or more, and all eight are there";

static const struct vet_misfit in_ipv6[] = {
	{ ']', group_missing },
	{ '%', group_missing },
	{ 0, NULL },
};

static inline bool sees(const struct vet_scan *r, size_t at, char byte)
{
	return at < r->size && r->text[at] == byte;
}

/* The second colon of two. */
static inline bool read_gap(struct vet_scan *r, struct ipv6 *v)
{
	if (v->gap != NO_GAP)
		return vet_scan_fail(r, v->at - 1, 2, "\"::\" can stand only once");
	v->gap = v->count;
	v->gap_at = v->at - 1;
	v->at++;
	if (sees(r, v->at, ':'))
		return vet_scan_fail(r, v->at, 1, "a third colon in a row");
	return true;
}

/* One colon or two, after a group. */
static inline bool read_colons(struct vet_scan *r, struct ipv6 *v)
{
	if (v->count == 8)
		return sees(r, v->at + 1, ':')
			       ? vet_scan_fail(r, v->at, 2, gap_for_nothing)
			       : vet_scan_fail(r, v->at, 1,
					       "an IPv6 address has no more than eight groups");
	v->at++;
	return !sees(r, v->at, ':') || read_gap(r, v);
}

static inline bool read_first_colons(struct vet_scan *r, struct ipv6 *v)
{
	if (!sees(r, v->at + 1, ':'))
		return vet_scan_fail(r, v->at, 1, "a group is missing before the colon");
	v->at++;
	return read_gap(r, v);
}

/* The last 32 bits may be written as an IPv4 address (RFC 4291 2.2, 3). */
static inline bool read_embedded(struct vet_scan *r, struct ipv6 *v)
{
	r->at = v->at;
	/* Where there is no room for it, what is overwritten is refused all the same. */
	if (!vet_read_ipv4(r, v->bytes + 2 * (v->count < 6 ? v->count : 6)))
		return false;
	if (v->count > 6)
		return vet_scan_fail(r, v->at, r->at - v->at,
				     "an IPv4 address takes two groups, and there is room for one");
	if (v->count < 6 && v->gap == NO_GAP)
		return vet_scan_fail(r, v->at, r->at - v->at,
				     "six groups, or \"::\", come before an IPv4 address");
	v->at = r->at;
	v->count += 2;
	v->dotted = true;
	return true;
}

static inline bool blame_group(struct vet_scan *r, const struct ipv6 *v)
{
	r->at = v->at;
	return vet_address_misfit(
		r, in_ipv6, v->count == 0 ? group_missing : "a group is missing after the colon",
		not_hex);
}

/* A group, or the IPv4 address at the end; none may follow "::". */
static inline bool read_group(struct vet_scan *r, struct ipv6 *v)
{
	const char *text = r->text;
	size_t at = v->at, size = r->size;
	unsigned value = 0, digit;

	while (at < size && (digit = vet_hex_digits[(uint8_t)text[at]]) != 0) {
		value = value << 4 | (digit - 1);
		at++;
	}
	if (at == v->at) {
		if (v->gap != v->count)
			return blame_group(r, v);
		return true;
	}
	if (at - v->at > 4)
		return fail_run(r, v->at, is_hex, "a group has at most four digits");
	if (at < size && text[at] == '.')
		return read_embedded(r, v);
	v->bytes[2 * v->count] = (uint8_t)(value >> 8);
	v->bytes[2 * v->count + 1] = (uint8_t)(value & 0xff);
	v->count++;
	v->at = at;
	return true;
}

/* Puts zeros where "::" stood: the groups behind it move to the end. */
static inline bool expand(struct vet_scan *r, const struct ipv6 *v)
{
	size_t from = 2 * v->count, to = 16;

	if (v->count == 8)
		return vet_scan_fail(r, v->gap_at, 2, gap_for_nothing);
	/* Byte by byte, as they were written: a wider read would wait for the writes to land. */
	while (from > 2 * v->gap) {
		v->bytes[--to] = v->bytes[--from];
		v->bytes[from] = 0;
	}
	return true;
}

bool vet_read_ipv6(struct vet_scan *r, uint8_t *bytes)
{
	struct ipv6 v = { .at = r->at, .bytes = bytes, .gap = NO_GAP };

	if (sees(r, v.at, ':') && !read_first_colons(r, &v))
		return false;
	for (;;) {
		if (!read_group(r, &v))
			return false;
		if (v.dotted || !sees(r, v.at, ':'))
			break;
		if (!read_colons(r, &v))
			return false;
	}
	r->at = v.at;
	if (v.gap != NO_GAP)
		return expand(r, &v);
	if (v.count < 8)
		return vet_address_misfit(r, in_ipv6, group_missing, not_hex);
	return true;
}

/* ---- the whole text ---- */

static const struct vet_misfit at_start[] = {
	{ '[', "brackets are not part of an IP address" },
	{ ']', "brackets are not part of an IP address" },
	{ '%', "an address is missing before the zone" },
	{ 0, NULL },
};
static const struct vet_misfit after_ip[] = {
	{ '%', "a zone is not part of an IP address" },
	{ ':', "a port is not part of an IP address" },
	{ ']', "brackets are not part of an IP address" },
	{ '.', "an IPv4 address has no more than four parts" },
	{ 0, NULL },
};

int vet_guess_family(const struct vet_scan *r)
{
	size_t at = r->at;

	while (at < r->size && is_hex(r->text[at]))
		at++;
	if (at < r->size && r->text[at] == ':')
		return 6;
	if (at < r->size && r->text[at] == '.')
		return 4;
	while (at > r->at && vet_is_digit(r->text[at - 1]))
		at--;
	return at == r->at && at < r->size && vet_is_digit(r->text[at]) ? 4 : 0;
}

static bool read_family(struct vet_scan *r, int family, uint8_t *bytes)
{
	return family == 4 ? vet_read_ipv4(r, bytes) : vet_read_ipv6(r, bytes);
}

/* Neither family by its look: what begins with a digit is read as IPv6, for what that will say. */
static void explain_unknown(struct vet_scan *r, uint8_t *scratch)
{
	if (r->size > 0 && is_hex(r->text[0]))
		(void)vet_read_ipv6(r, scratch);
	else
		(void)vet_address_misfit(r, at_start, "an address is missing",
					 "an address begins with a digit or a colon");
}

/* The text is no address, and r->error says why not of family `tried`: says it of what the writer
 * had in mind.  Always false. */
static VET_SLOW bool explain(struct vet_scan *r, int tried)
{
	uint8_t scratch[16] = { 0 };
	int family;
	size_t name;

	r->at = 0;
	family = vet_guess_family(r);
	name = family == 6 ? 0 : vet_host_name_length(r);
	if (name > 0)
		return vet_scan_fail(r, 0, name, vet_names_are_not_resolved);
	if (family == 0)
		explain_unknown(r, scratch);
	else if (family != tried)
		(void)read_family(r, family, scratch);
	return false;
}

/* Enough to be right about every good address: so early a dot stands in IPv4, and in IPv6 only
 * behind "::". */
static inline int quick_guess(const char *text, size_t size)
{
	return size > 3 && text[0] != ':' && (text[1] == '.' || text[2] == '.' || text[3] == '.')
		       ? 4
		       : 6;
}

static bool read_ip(struct vet_scan *r, struct vet_ip *ip)
{
	int family = quick_guess(r->text, r->size);

	if (read_family(r, family, ip->bytes)) {
		if (r->at == r->size) {
			ip->family = (uint8_t)family;
			return true;
		}
		(void)vet_address_misfit(r, after_ip, NULL, family == 6 ? not_hex : not_decimal);
	}
	return explain(r, family);
}

static inline int parse(const char *text, size_t size, struct vet_ip *ip,
			struct vet_text_error *error)
{
	struct vet_scan r = { .text = text, .size = size };

	*ip = (struct vet_ip){ 0 };
	if (read_ip(&r, ip)) {
		if (error != NULL)
			*error = (struct vet_text_error){ 0 };
		return 0;
	}
	*ip = (struct vet_ip){ 0 };
	if (error != NULL)
		*error = r.error;
	return -EINVAL;
}

int vet_ip_parse(const char *text, size_t size, struct vet_ip *ip)
{
	return parse(text, size, ip, NULL);
}

int vet_ip_parse_explain(const char *text, size_t size, struct vet_ip *ip,
			 struct vet_text_error *error)
{
	return parse(text, size, ip, error);
}
