/* SPDX-License-Identifier: 0BSD */
/* Socket addresses as text: "1.2.3.4:80", "[::1]:80", "[fe80::1%2]:80". */
#include <errno.h>
#include <string.h>

#include <vetsock/address.h>
#include <vetsock/sys.h>

#include "text.h"

#define PORT_MAX 65535
/* IFNAMSIZ on Linux and the BSDs is 16, the terminator included. */
#define INTERFACE_NAME_MAX 15

/* The zone as it is written, until the rest of the text has proved good. */
struct zone {
	size_t at, length; /* length 0: none, or a number that was read */
};

/* A decimal number from `start` to `end`, at most `max`: UINT64_MAX is no number of that kind. */
static uint64_t read_number(const struct vet_reader *r, size_t start, size_t end, uint64_t max)
{
	uint64_t value = 0;

	for (size_t at = start; at < end; at++) {
		value = value * 10 + (uint64_t)(r->text[at] - '0');
		if (value > max)
			return UINT64_MAX;
	}
	return value;
}

static size_t digits_end(const struct vet_reader *r, size_t at)
{
	while (at < r->size && r->text[at] >= '0' && r->text[at] <= '9')
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
static bool read_port(struct vet_reader *r, const struct vet_misfit *misfits, uint32_t *port)
{
	size_t start = r->at + 1;
	uint64_t value;

	if (!vet_reader_sees(r, ':'))
		return vet_reader_misfit(r, misfits, port_missing,
					 "a colon stands between an address and its port");
	r->at = digits_end(r, start);
	if (r->at < r->size || r->at == start)
		return vet_reader_misfit(r, no_misfits, port_missing, "a port is decimal digits");
	value = read_number(r, start, r->at, PORT_MAX);
	if (value > PORT_MAX)
		return vet_reader_fail(r, start, r->at - start, "a port is at most 65535");
	*port = (uint32_t)value;
	return true;
}

/* ---- the address and its zone ---- */

/* From the percent sign to the closing bracket. */
static bool read_zone(struct vet_reader *r, struct zone *zone, uint32_t *scope_id)
{
	size_t start = r->at + 1, end = start;
	uint64_t value;

	while (end < r->size && r->text[end] != ']')
		end++;
	if (end < r->size && end == start)
		return vet_reader_fail(r, start, 1, "a zone is missing");
	r->at = end;
	if (end == r->size)
		return true; /* the bracket will be missed */
	if (digits_end(r, start) < end) {
		*zone = (struct zone){ start, end - start };
		return true;
	}
	value = read_number(r, start, end, UINT32_MAX);
	if (value > UINT32_MAX)
		return vet_reader_fail(r, start, end - start, "a zone is at most 4294967295");
	*scope_id = (uint32_t)value;
	return true;
}

static const struct vet_misfit in_brackets[] = {
	{ ':', "a port stands after the closing bracket" },
	{ '.', "an IPv4 address has no more than four parts" },
	{ 0, NULL },
};

static bool read_bracketed(struct vet_reader *r, struct vet_address *address, struct zone *zone)
{
	r->at++;
	if (vet_guess_family(r) == 4)
		return vet_reader_fail(r, 0, 1, "brackets are for an IPv6 address");
	if (!vet_read_ipv6(r, address->ip.bytes))
		return false;
	if (vet_reader_sees(r, '%') && !read_zone(r, zone, &address->scope_id))
		return false;
	if (!vet_reader_sees(r, ']'))
		return vet_reader_misfit(r, in_brackets, "a closing bracket is missing",
					 "a group is hexadecimal digits");
	r->at++;
	address->ip.family = 6;
	return read_port(r, after_bracket, &address->port);
}

/* How much of the text, from its start, is made of hexadecimal digits, dots and two colons or more:
 * 0 if there are fewer. */
static size_t naked_ipv6_length(const struct vet_reader *r)
{
	static const char allowed[] = "0123456789abcdefABCDEF.:";
	size_t colons = 0, end = 0;

	for (; end < r->size && memchr(allowed, r->text[end], sizeof(allowed) - 1) != NULL; end++)
		colons += r->text[end] == ':';
	return colons >= 2 ? end : 0;
}

static const struct vet_misfit at_start[] = {
	{ ':', "an address is missing before the port" },
	{ ']', "an opening bracket is missing" },
	{ '%', "an address is missing before the zone" },
	{ 0, NULL },
};

/* What has no bracket and is no IPv4 address: often another thing that people write there. */
static bool explain_naked(struct vet_reader *r)
{
	size_t ipv6, name;

	r->at = 0;
	ipv6 = naked_ipv6_length(r);
	if (ipv6 > 0)
		return vet_reader_fail(
			r, 0, ipv6, "an IPv6 address stands in brackets before its port: [::1]:80");
	name = vet_host_name_length(r);
	if (name > 0)
		return vet_reader_fail(r, 0, name, vet_names_are_not_resolved);
	if (digits_end(r, 0) > 0 || vet_reader_sees(r, '.'))
		return false; /* as the reader of IPv4 said */
	return vet_reader_misfit(r, at_start, "an address is missing",
				 "an address begins with a digit or a bracket");
}

static bool read_naked(struct vet_reader *r, struct vet_address *address)
{
	if (!vet_read_ipv4(r, address->ip.bytes))
		return explain_naked(r);
	address->ip.family = 4;
	return read_port(r, after_ipv4, &address->port);
}

static bool read_address(struct vet_reader *r, struct vet_address *address, struct zone *zone)
{
	return vet_reader_sees(r, '[') ? read_bracketed(r, address, zone) : read_naked(r, address);
}

/* ---- the zone's name ---- */

static bool check_name(struct vet_reader *r, const struct zone *zone)
{
	const char *name = r->text + zone->at, *nul = memchr(name, '\0', zone->length);

	if (nul != NULL)
		return vet_reader_fail(r, zone->at + (size_t)(nul - name), 1,
				       "a NUL byte is not part of an address");
	if (zone->length > INTERFACE_NAME_MAX)
		return vet_reader_fail(r, zone->at, zone->length,
				       "the name of an interface has at most 15 bytes");
	return true;
}

/* Last of all, so that no call is made for a text that is wrong elsewhere. */
static int look_up_zone(struct vet_reader *r, struct vet_sys *sys, const struct zone *zone,
			uint32_t *scope_id)
{
	char name[INTERFACE_NAME_MAX + 1] = "";
	const char *reason;
	int index;

	if (!check_name(r, zone))
		return -EINVAL;
	memcpy(name, r->text + zone->at, zone->length);
	index = (sys->calls->interface_index)(sys, name);
	if (index > 0) {
		*scope_id = (uint32_t)index;
		return 0;
	}
	reason = index == 0 || index == -ENODEV ? "there is no interface of this name"
						: "the interface could not be looked up";
	(void)vet_reader_fail(r, zone->at, zone->length, reason);
	return index == 0 ? -ENODEV : index;
}

static int name_zone(struct vet_reader *r, struct vet_sys *sys, const struct zone *zone,
		     uint32_t *scope_id)
{
	const char *reason = NULL;

	if (sys == NULL)
		reason = "a zone is a number: names of interfaces are not looked up here";
	else if (!VET_SYS_HAS(sys, interface_index))
		reason = "a zone is a number: this table looks up no names of interfaces";
	if (reason == NULL)
		return look_up_zone(r, sys, zone, scope_id);
	(void)vet_reader_fail(r, zone->at, zone->length, reason);
	return -EINVAL;
}

/* ---- the whole text ---- */

/* sys NULL: zones are numbers. */
static int parse(struct vet_sys *sys, const char *text, size_t size, struct vet_address *address,
		 struct vet_text_error *error)
{
	struct vet_reader r = { .text = text, .size = size };
	struct vet_address read = { 0 };
	struct zone zone = { 0 };
	int result = read_address(&r, &read, &zone) ? 0 : -EINVAL;

	if (result == 0 && zone.length > 0)
		result = name_zone(&r, sys, &zone, &read.scope_id);
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

static size_t print_number(uint32_t value, char *text)
{
	char backwards[10];
	size_t digits = 0, n = 0;

	do {
		backwards[digits++] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	while (digits > 0)
		text[n++] = backwards[--digits];
	return n;
}

static size_t print_address(const struct vet_address *address, char *text)
{
	size_t n = 0;

	if (address->ip.family == 6)
		text[n++] = '[';
	n += vet_print_ip(&address->ip, text + n);
	if (address->scope_id != 0) {
		text[n++] = '%';
		n += print_number(address->scope_id, text + n);
	}
	if (address->ip.family == 6)
		text[n++] = ']';
	text[n++] = ':';
	return n + print_number(address->port, text + n);
}

static bool is_printable(const struct vet_address *address)
{
	if (address->port > PORT_MAX)
		return false;
	return address->ip.family == 6 || (address->ip.family == 4 && address->scope_id == 0);
}

int vet_address_format(const struct vet_address *address, char *text, size_t size)
{
	char all[VET_ADDRESS_TEXT_SIZE];

	if (!is_printable(address))
		return vet_text_refuse(text, size, -EINVAL);
	return vet_text_give(all, print_address(address, all), text, size);
}
