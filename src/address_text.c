/* SPDX-License-Identifier: 0BSD */
/* Socket addresses as text: "1.2.3.4:80", "[::1]:80", "[fe80::1%2]:80". */
#include <errno.h>
#include <string.h>

#include <vetsock/address.h>
#include <vetsock/sys.h>

#include "text.h"

#define PORT_MAX 65535
static size_t digits_end(const struct vet_scan *r, size_t at)
{
	while (at < r->size && vet_is_digit(r->text[at]))
		at++;
	return at;
}

/* ---- the port ---- */

static const char port_missing[] = "a port is missing";

static const struct vet_misfit after_ipv4[] = {
	{ '.', "an IPv4 address has no more than four parts" },
	{ '%', "only an IPv6 address has a zone" },
	{ ']', "an opening bracket is missing" },
	{ 0, NULL },
};
static const struct vet_misfit after_bracket[] = {
	{ '%', "the zone stands inside the brackets" },
	{ 0, NULL },
};
static const struct vet_misfit no_misfits[] = { { 0, NULL } };

/* From the colon to the end of the text. */
static bool read_port(struct vet_scan *r, const struct vet_misfit *misfits, uint32_t *port)
{
	struct vet_number number;

	if (!vet_scan_take(r, ':'))
		return vet_address_misfit(r, misfits, port_missing,
					  "a colon stands between an address and its port");
	vet_scan_run(r, &number);
	if (!vet_scan_at_end(r) || number.span.length == 0)
		return vet_address_misfit(r, no_misfits, port_missing, "a port is decimal digits");
	if (number.is_huge || number.value > PORT_MAX)
		return vet_scan_fail_span(r, number.span, "a port is at most 65535");
	*port = (uint32_t)number.value;
	return true;
}

/* Behind an address that has none. */
static bool read_no_port(struct vet_scan *r, const struct vet_misfit *misfits)
{
	if (vet_scan_at_end(r))
		return true;
	if (vet_scan_sees(r, ':'))
		return vet_scan_fail(r, r->at, r->size - r->at, "no port stands here");
	return vet_address_misfit(r, misfits, NULL, "nothing stands behind an address here");
}

static bool read_rest(struct vet_scan *r, bool has_port, const struct vet_misfit *misfits,
		      uint32_t *port)
{
	return has_port ? read_port(r, misfits, port) : read_no_port(r, misfits);
}

/* ---- the address and its zone ---- */

/* From the percent sign to the closing bracket. */
static bool read_zone(struct vet_scan *r, struct vet_span *zone, uint32_t *scope_id)
{
	struct vet_scan inside = { .text = r->text, .size = ++r->at, .at = r->at };
	struct vet_number number;

	while (inside.size < r->size && r->text[inside.size] != ']')
		inside.size++;
	r->at = inside.size;
	if (r->at == r->size)
		return true; /* the bracket will be missed */
	if (r->at == inside.at)
		return vet_scan_fail(r, r->at, 1, "a zone is missing");
	vet_scan_run(&inside, &number);
	if (!vet_scan_at_end(&inside)) {
		*zone = (struct vet_span){ number.span.offset, r->at - number.span.offset };
		return true;
	}
	if (number.is_huge || number.value > UINT32_MAX)
		return vet_scan_fail_span(r, number.span, "a zone is at most 4294967295");
	*scope_id = (uint32_t)number.value;
	return true;
}

static const struct vet_misfit in_brackets[] = {
	{ ':', "a port stands after the closing bracket" },
	{ '.', "an IPv4 address has no more than four parts" },
	{ 0, NULL },
};

static bool read_bracketed(struct vet_scan *r, bool has_port, struct vet_address *address,
			   struct vet_span *zone)
{
	size_t bracket = r->at++;

	if (vet_guess_family(r) == 4)
		return vet_scan_fail(r, bracket, 1, "brackets are for an IPv6 address");
	if (!vet_read_ipv6(r, address->ip.bytes))
		return false;
	if (vet_scan_sees(r, '%') && !read_zone(r, zone, &address->scope_id))
		return false;
	if (!vet_scan_take(r, ']'))
		return vet_address_misfit(r, in_brackets, "a closing bracket is missing",
					  "a group is hexadecimal digits");
	address->ip.family = 6;
	return read_rest(r, has_port, after_bracket, &address->port);
}

/* How much of the text, from its place, is made of hexadecimal digits, dots and two colons or more:
 * 0 if there are fewer. */
static size_t naked_ipv6_length(const struct vet_scan *r)
{
	static const char allowed[] = "0123456789abcdefABCDEF.:";
	size_t colons = 0, end = r->at;

	for (; end < r->size && memchr(allowed, r->text[end], sizeof(allowed) - 1) != NULL; end++)
		colons += r->text[end] == ':';
	return colons >= 2 ? end - r->at : 0;
}

static const struct vet_misfit at_start[] = {
	{ ':', "an address is missing before the port" },
	{ ']', "an opening bracket is missing" },
	{ '%', "an address is missing before the zone" },
	{ 0, NULL },
};

/* What has no bracket and is no IPv4 address: often another thing that people write there. */
static bool explain_naked(struct vet_scan *r, size_t start, bool has_port)
{
	size_t ipv6, name;

	r->at = start;
	ipv6 = naked_ipv6_length(r);
	if (ipv6 > 0)
		return vet_scan_fail(
			r, start, ipv6,
			has_port ? "an IPv6 address stands in brackets before its port: [::1]:80"
				 : "an IPv6 address stands in brackets here: [::1]");
	name = vet_host_name_length(r);
	if (name > 0)
		return vet_scan_fail(r, start, name, vet_names_are_not_resolved);
	if (digits_end(r, start) > start || vet_scan_sees(r, '.'))
		return false; /* as the reader of IPv4 said */
	return vet_address_misfit(r, at_start, "an address is missing",
				  "an address begins with a digit or a bracket");
}

static bool read_naked(struct vet_scan *r, bool has_port, struct vet_address *address)
{
	size_t start = r->at;

	if (!vet_read_ipv4(r, address->ip.bytes))
		return explain_naked(r, start, has_port);
	address->ip.family = 4;
	return read_rest(r, has_port, after_ipv4, &address->port);
}

bool vet_read_address(struct vet_scan *r, bool has_port, struct vet_address *address,
		      struct vet_span *zone)
{
	return vet_scan_sees(r, '[') ? read_bracketed(r, has_port, address, zone)
				     : read_naked(r, has_port, address);
}

/* ---- the zone's name ---- */

bool vet_check_zone(struct vet_scan *r, struct vet_span zone)
{
	const char *name = r->text + zone.offset, *nul = memchr(name, '\0', zone.length);

	if (nul != NULL)
		return vet_scan_fail(r, zone.offset + (size_t)(nul - name), 1,
				     vet_scan_foreign('\0'));
	if (zone.length > VET_INTERFACE_NAME_MAX)
		return vet_scan_fail_span(r, zone, "the name of an interface has at most 15 bytes");
	return true;
}

int64_t vet_find_interface(struct vet_sys *sys, const char *name, const char **reason)
{
	int index;

	*reason = "a zone is a number: this table looks up no names of interfaces";
	if (!VET_SYS_HAS(sys, interface_index))
		return -EINVAL;
	index = (sys->calls->interface_index)(sys, name);
	*reason = index == 0 || index == -ENODEV ? "there is no interface of this name"
						 : "the interface could not be looked up";
	return index == 0 ? -ENODEV : index;
}

/* Last of all, so that no call is made for a text that is wrong elsewhere. */
static int name_zone(struct vet_scan *r, struct vet_sys *sys, struct vet_span zone,
		     uint32_t *scope_id)
{
	char name[VET_INTERFACE_NAME_MAX + 1] = "";
	const char *reason = "a zone is a number: names of interfaces are not looked up here";
	int64_t index = -EINVAL;

	if (sys != NULL) {
		if (!vet_check_zone(r, zone))
			return -EINVAL;
		memcpy(name, r->text + zone.offset, zone.length);
		index = vet_find_interface(sys, name, &reason);
	}
	if (index < 0) {
		(void)vet_scan_fail_span(r, zone, reason);
		return (int)index;
	}
	*scope_id = (uint32_t)index;
	return 0;
}

/* ---- the whole text ---- */

/* sys NULL: zones are numbers. */
static int parse(struct vet_sys *sys, const char *text, size_t size, struct vet_address *address,
		 struct vet_text_error *error)
{
	struct vet_scan r = { .text = text, .size = size };
	struct vet_address read = { 0 };
	struct vet_span zone = { 0 };
	int result = vet_read_address(&r, true, &read, &zone) ? 0 : -EINVAL;

	if (result == 0 && zone.length > 0)
		result = name_zone(&r, sys, zone, &read.scope_id);
	*address = result == 0 ? read : (struct vet_address){ 0 };
	if (error != NULL)
		*error = r.error;
	return result;
}

int vet_address_parse(const char *text, size_t size, struct vet_address *address)
{
	return parse(NULL, text, size, address, NULL);
}

int vet_address_parse_explain(const char *text, size_t size, struct vet_address *address,
			      struct vet_text_error *error)
{
	return parse(NULL, text, size, address, error);
}

int vet_address_parse_on(struct vet_sys *sys, const char *text, size_t size,
			 struct vet_address *address, struct vet_text_error *error)
{
	const char *why;
	int result = vet_sys_check(sys, &why);

	if (result == 0)
		return parse(sys, text, size, address, error);
	*address = (struct vet_address){ 0 };
	if (error != NULL)
		*error = (struct vet_text_error){ 0, 1, why };
	return result;
}

/* ---- printing ---- */

void vet_put_host(struct vet_printer *out, const struct vet_address *address, const char *zone)
{
	char ip[VET_IP_TEXT_SIZE];

	vet_put_bytes(out, "[", address->ip.family == 6);
	vet_put_bytes(out, ip, vet_print_ip(&address->ip, ip));
	if (address->scope_id != 0 || zone[0] != '\0')
		vet_put_bytes(out, "%", 1);
	if (zone[0] != '\0')
		vet_put(out, zone);
	else if (address->scope_id != 0)
		vet_put_number(out, address->scope_id);
	vet_put_bytes(out, "]", address->ip.family == 6);
}

bool vet_is_printable(const struct vet_address *address)
{
	if (address->port > PORT_MAX)
		return false;
	return address->ip.family == 6 || (address->ip.family == 4 && address->scope_id == 0);
}

int vet_address_format(const struct vet_address *address, char *text, size_t size)
{
	char all[VET_ADDRESS_TEXT_SIZE];
	struct vet_printer out = { all, 0 };

	if (!vet_is_printable(address))
		return vet_print_refuse(text, size, -EINVAL);
	vet_put_host(&out, address, "");
	vet_put_bytes(&out, ":", 1);
	vet_put_number(&out, address->port);
	return vet_text_give(all, out.length, text, size);
}
