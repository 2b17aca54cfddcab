/* SPDX-License-Identifier: 0BSD */
/* Endpoints as text: the names that they are made of, which values have a text, and printing. */
#include <errno.h>
#include <string.h>

#include "endpoint.h"
#include "options.h"
#include "text.h"

/* clang-format off */
const struct vet_scheme vet_schemes[] = {
	{ "tcp",        VET_STREAM,   VET_ROLE_CONNECT },
	{ "tcp-listen", VET_STREAM,   VET_ROLE_LISTEN },
	{ "udp",        VET_DATAGRAM, VET_ROLE_CONNECT },
	{ "udp-bind",   VET_DATAGRAM, VET_ROLE_BIND },
	{ "raw",        VET_RAW,      VET_ROLE_CONNECT },
	{ "raw-bind",   VET_RAW,      VET_ROLE_BIND },
	{ NULL, 0, 0 },
};

/* IANA, Assigned Internet Protocol Numbers. */
const struct vet_protocol vet_protocols[] = {
	{ "icmp", 1 }, { "igmp", 2 }, { "ipip", 4 }, { "tcp", 6 }, { "udp", 17 }, { "gre", 47 },
	{ "esp", 50 }, { "ah", 51 }, { "icmpv6", 58 }, { "ospf", 89 }, { "pim", 103 },
	{ "sctp", 132 }, { "udplite", 136 }, { NULL, 0 },
};
/* clang-format on */

const char vet_backlog_name[] = "backlog";

/* ---- what has a text ---- */

static const struct vet_scheme *scheme_of(const struct vet_endpoint *e)
{
	const struct vet_scheme *scheme = vet_schemes;

	while (scheme->name != NULL && (scheme->kind != e->kind || scheme->role != e->role))
		scheme++;
	return scheme;
}

bool vet_is_encoded_zone(const char *name, size_t length)
{
	return length > 2 && name[0] == '2' && name[1] == '5';
}

/* One that is all digits would be read as a number. */
static bool has_other_than_digits(const char *name)
{
	while (vet_is_digit(*name))
		name++;
	return *name != '\0';
}

/* Whether all bytes are zero from there on. */
static bool is_zero_from(const char *bytes, size_t size, size_t from)
{
	while (from < size && bytes[from] == '\0')
		from++;
	return from == size;
}

static bool is_zone(const struct vet_endpoint *e)
{
	size_t length = 0;

	while (length < sizeof(e->zone) && e->zone[length] != '\0')
		length++;
	if (length == sizeof(e->zone) || !is_zero_from(e->zone, sizeof(e->zone), length))
		return false;
	return length == 0 ||
	       (e->address.ip.family == 6 && e->address.scope_id == 0 &&
		has_other_than_digits(e->zone) && memchr(e->zone, ']', length) == NULL &&
		!vet_is_encoded_zone(e->zone, length));
}

static bool is_backlog(const struct vet_endpoint *e)
{
	if (e->has_backlog == 0)
		return e->backlog == 0;
	return e->has_backlog == 1 && e->role == VET_ROLE_LISTEN && e->backlog >= 0;
}

unsigned vet_endpoint_families(const struct vet_endpoint *e)
{
	return e->address.ip.family == 4 ? VET_OPTION_ON_IPV4 : VET_OPTION_ON_IPV6;
}

/* Of options that have a text themselves. */
static bool have_foreign(const struct vet_endpoint *e)
{
	unsigned families = vet_endpoint_families(e);
	uint64_t given = e->options.given;
	size_t i = 0;

	while (given >> i != 0 &&
	       ((given >> i & 1) == 0 || (vet_option_at(i)->flags & families) != 0))
		i++;
	return given >> i != 0;
}

bool vet_is_endpoint(const struct vet_endpoint *e)
{
	bool is_raw = e->kind == VET_RAW;

	return scheme_of(e)->name != NULL && (is_raw || e->protocol == 0) &&
	       vet_is_printable(&e->address) && (!is_raw || e->address.port == 0) && is_zone(e) &&
	       is_backlog(e) && vet_are_options(&e->options) && !have_foreign(e);
}

/* ---- printing ---- */

static void put_protocol(struct vet_printer *out, uint8_t number)
{
	const struct vet_protocol *protocol = vet_protocols;

	while (protocol->name != NULL && protocol->number != number)
		protocol++;
	vet_put(out, "+");
	if (protocol->name != NULL)
		vet_put(out, protocol->name);
	else
		vet_put_number(out, number);
}

static void put_endpoint(struct vet_printer *out, const void *value)
{
	const struct vet_endpoint *e = value;

	vet_put(out, scheme_of(e)->name);
	if (e->kind == VET_RAW)
		put_protocol(out, e->protocol);
	vet_put(out, "://");
	vet_put_host(out, &e->address, e->zone);
	if (e->kind != VET_RAW) {
		vet_put(out, ":");
		vet_put_number(out, e->address.port);
	}
	vet_put_options(out, "?", "&", &e->options);
	if (e->has_backlog) {
		vet_put(out, e->options.given != 0 ? "&" : "?");
		vet_put(out, vet_backlog_name);
		vet_put(out, "=");
		vet_put_number(out, (uint64_t)e->backlog);
	}
}

int vet_endpoint_format(const struct vet_endpoint *endpoint, char *text, size_t size)
{
	if (!vet_is_endpoint(endpoint))
		return vet_print_refuse(text, size, -EINVAL);
	return vet_print(put_endpoint, endpoint, text, size);
}
