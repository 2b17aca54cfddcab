/* SPDX-License-Identifier: 0BSD */
/* Endpoints read from text. */
#include <errno.h>
#include <string.h>

#include "endpoint.h"
#include "options.h"
#include "text.h"

/* ---- words of the scheme ---- */

/* What a scheme is made of (RFC 3986 3.1) but for '+', and '_', which people write. */
static bool is_of_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || vet_is_digit(c) || c == '-' ||
	       c == '.' || c == '_';
}

/* May be empty. */
static struct vet_span scan_word(struct vet_scan *s)
{
	size_t start = s->at;

	while (!vet_scan_at_end(s) && is_of_word(s->text[s->at]))
		s->at++;
	return (struct vet_span){ start, s->at - start };
}

/* Capitals are the same letters (RFC 3986 3.1). */
static bool is_named(const struct vet_scan *s, struct vet_span word, const char *name)
{
	if (strlen(name) != word.length)
		return false;
	for (size_t i = 0; i < word.length; i++) {
		char c = s->text[word.offset + i];

		if (name[i] != (c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c))
			return false;
	}
	return true;
}

static const char *find_hint(const struct vet_scan *s, struct vet_span word,
			     const struct vet_hint *hints)
{
	while (hints->name != NULL && !is_named(s, word, hints->name))
		hints++;
	return hints->reason;
}

/* ---- the protocol ---- */

static const struct vet_protocol *find_protocol(const struct vet_scan *s, struct vet_span word)
{
	const struct vet_protocol *protocol = vet_protocols;

	while (protocol->name != NULL && !is_named(s, word, protocol->name))
		protocol++;
	return protocol;
}

static const char protocol_missing[] = "a raw socket has a protocol: raw+icmp";
static const char is_icmpv6[] = "this protocol is called icmpv6 here";
static const struct vet_hint no_protocol[] = {
	{ "icmp6", is_icmpv6 },
	{ "ipv6-icmp", is_icmpv6 },
	{ "udp-lite", "this protocol is called udplite here" },
	{ NULL, "there is no protocol of this name; the number of any other stands here as well" },
};

/* From behind the plus sign. */
static bool read_protocol(struct vet_scan *s, struct vet_endpoint *e)
{
	static const struct vet_bounds bounds = { 0, UINT8_MAX, NULL, "a protocol is at most 255" };
	const struct vet_protocol *protocol;
	struct vet_span word;
	uint64_t number;

	if (!vet_scan_at_end(s) && vet_is_digit(s->text[s->at])) {
		if (!vet_scan_within(s, &bounds, &number))
			return false;
		e->protocol = (uint8_t)number;
		return true;
	}
	word = scan_word(s);
	if (word.length == 0)
		return vet_scan_misfit(s, protocol_missing, protocol_missing);
	protocol = find_protocol(s, word);
	e->protocol = protocol->number;
	return protocol->name != NULL || vet_scan_unknown(s, word, find_hint(s, word, no_protocol));
}

/* ---- the scheme ---- */

static const char scheme_missing[] = "an endpoint begins with a scheme: tcp://127.0.0.1:80";
static const char says_the_family[] = "the address says the family: tcp or udp";
static const char no_service[] = "a scheme names a kind of socket, not what is said over it: tcp";
static const char not_by_path[] = "only IPv4 and IPv6 are spoken here";
static const struct vet_hint no_scheme[] = {
	{ "tcp4", says_the_family },
	{ "tcp6", says_the_family },
	{ "udp4", says_the_family },
	{ "udp6", says_the_family },
	{ "tcp-bind", "a stream that is bound listens: tcp-listen" },
	{ "tcp-connect", "a stream that connects is tcp" },
	{ "tcp-server", "a stream that listens is tcp-listen" },
	{ "tcp_listen", "a stream that listens is tcp-listen" },
	{ "tcplisten", "a stream that listens is tcp-listen" },
	{ "udp-listen", "a datagram socket does not listen: udp-bind" },
	{ "udp_bind", "a datagram socket that has no peer is udp-bind" },
	{ "udp-connect", "a datagram socket that has a peer is udp" },
	{ "raw-listen", "a raw socket does not listen: raw-bind" },
	{ "http", no_service },
	{ "https", no_service },
	{ "ws", no_service },
	{ "ftp", no_service },
	{ "tls", no_service },
	{ "unix", not_by_path },
	{ "file", not_by_path },
	{ NULL, NULL },
};

static const struct vet_scheme *find_scheme(const struct vet_scan *s, struct vet_span word)
{
	const struct vet_scheme *scheme = vet_schemes;

	while (scheme->name != NULL && !is_named(s, word, scheme->name))
		scheme++;
	return scheme;
}

static bool sees_colon_and_slashes(const struct vet_scan *s)
{
	return s->size - s->at >= 3 && memcmp(s->text + s->at, "://", 3) == 0;
}

/* A word that is no scheme: another text, if none is meant. */
static bool blame_scheme(struct vet_scan *s, struct vet_span word)
{
	const char *reason = find_hint(s, word, no_scheme);

	if (word.length == 0)
		return vet_scan_misfit(s, scheme_missing, scheme_missing);
	if (vet_scan_take(s, '+'))
		(void)scan_word(s);
	if (reason == NULL && find_protocol(s, word)->name != NULL)
		reason = "the protocol of a raw socket stands behind it: raw+icmp";
	if (reason == NULL && sees_colon_and_slashes(s))
		reason =
			"there is no scheme of this name: tcp, tcp-listen, udp, udp-bind, raw+icmp or raw-bind+icmp";
	return vet_scan_unknown(s, word, reason != NULL ? reason : scheme_missing);
}

static bool read_scheme(struct vet_scan *s, struct vet_endpoint *e)
{
	struct vet_span word = scan_word(s), protocol = { s->at, 0 };
	const struct vet_scheme *scheme = find_scheme(s, word);

	if (scheme->name == NULL)
		return blame_scheme(s, word);
	e->kind = scheme->kind;
	e->role = scheme->role;
	if (e->kind == VET_RAW)
		return vet_scan_take(s, '+') ? read_protocol(s, e)
					     : vet_scan_unknown(s, word, protocol_missing);
	if (!vet_scan_take(s, '+'))
		return true;
	(void)scan_word(s);
	protocol.length = s->at - protocol.offset;
	return vet_scan_unknown(s, protocol, "only a raw socket has a protocol");
}

static bool read_slashes(struct vet_scan *s)
{
	static const char colon_missing[] = "a scheme ends with \"://\"";
	static const char slash_missing[] = "two slashes stand behind the colon";

	if (!vet_scan_take(s, ':'))
		return vet_scan_misfit(s, colon_missing, colon_missing);
	return (vet_scan_take(s, '/') && vet_scan_take(s, '/')) ||
	       vet_scan_misfit(s, slash_missing, slash_missing);
}

/* ---- the address ---- */

/* Before the next of these bytes, or the end. */
static size_t end_before(const struct vet_scan *s, size_t from, const char *bytes)
{
	size_t count = strlen(bytes), end = from;

	while (end < s->size && memchr(bytes, s->text[end], count) == NULL)
		end++;
	return end;
}

/* A zone may hold all that ends an address elsewhere. */
static size_t address_end(const struct vet_scan *s)
{
	const char *here = s->text + s->at, *close = NULL;

	if (vet_scan_sees(s, '['))
		close = memchr(here, ']', s->size - s->at);
	return end_before(s, close != NULL ? s->at + (size_t)(close - here) : s->at, "?/#@&,;");
}

static bool read_zone(struct vet_scan *s, struct vet_span zone, struct vet_endpoint *e)
{
	const char *name = s->text + zone.offset;

	if (!vet_check_zone(s, zone))
		return false;
	if (vet_is_encoded_zone(name, zone.length))
		return vet_scan_fail_span(s, zone,
					  "a zone is written as it is, not percent-encoded");
	memcpy(e->zone, name, zone.length);
	return true;
}

static bool read_address(struct vet_scan *s, struct vet_endpoint *e)
{
	struct vet_scan part = { .text = s->text, .size = address_end(s), .at = s->at };
	struct vet_span zone = { s->at, 0 };

	if (part.size < s->size && s->text[part.size] == '@')
		return vet_scan_fail(s, s->at, part.size + 1 - s->at, "an endpoint has no user");
	if (!vet_read_address(&part, e->kind != VET_RAW, &e->address, &zone) ||
	    !read_zone(&part, zone, e)) {
		s->error = part.error;
		return false;
	}
	s->at = part.size;
	return true;
}

/* ---- options and the backlog ---- */

static bool read_backlog(struct vet_scan *s, struct vet_span name, void *context)
{
	static const struct vet_bounds bounds = { 0, INT32_MAX, NULL,
						  "backlog is at most 2147483647" };
	struct vet_endpoint *e = context;
	uint64_t number;

	if (e->role != VET_ROLE_LISTEN)
		return vet_scan_fail_span(s, name, "only a stream that listens has a backlog");
	if (!vet_read_integer(s, &bounds, &number))
		return false;
	e->has_backlog = 1;
	e->backlog = (int32_t)number;
	return true;
}

/* From behind the question mark to the end. */
static bool read_options(struct vet_scan *s, struct vet_endpoint *e)
{
	static const struct vet_other_item backlog = {
		.name = vet_backlog_name,
		.near = "there is no option of this name; did you mean 'backlog'?",
		.read = read_backlog,
	};

	if (vet_scan_at_end(s))
		return vet_scan_fail(s, s->at, 1, "an option is missing behind the question mark");
	return vet_read_options(s, '&', vet_endpoint_families(e), &e->options, &backlog, e);
}

/* ---- the whole text ---- */

/* From behind the address to the end, or to a fragment, as which it is not read. */
static bool read_rest(struct vet_scan *s, struct vet_endpoint *e)
{
	struct vet_scan part = { .text = s->text, .size = end_before(s, s->at, "#"), .at = s->at };
	size_t path = end_before(s, s->at, "?#");

	if (path > s->at && s->text[s->at] != '/')
		return vet_scan_fail(s, s->at, 1, "'?' stands between an address and its options");
	if (path > s->at)
		return vet_scan_fail(s, s->at, path - s->at, "an endpoint has no path");
	if (vet_scan_take(&part, '?') && !read_options(&part, e)) {
		s->error = part.error;
		return false;
	}
	s->at = part.size;
	return vet_scan_at_end(s) ||
	       vet_scan_fail(s, s->at, s->size - s->at, "an endpoint has no fragment");
}

int vet_endpoint_parse(const char *text, size_t size, struct vet_endpoint *endpoint,
		       struct vet_text_error *error)
{
	struct vet_scan s = { .text = text, .size = size };
	bool good;

	memset(endpoint, 0, sizeof(*endpoint));
	good = read_scheme(&s, endpoint) && read_slashes(&s) && read_address(&s, endpoint) &&
	       read_rest(&s, endpoint);
	if (!good)
		memset(endpoint, 0, sizeof(*endpoint));
	if (error != NULL)
		*error = s.error;
	return good ? 0 : -EINVAL;
}
