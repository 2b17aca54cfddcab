/* SPDX-License-Identifier: 0BSD */
/* Any bytes as a socket address, with and without a table that knows interfaces; and getaddrinfo(3) as
 * a second opinion.
 * Aims at: vet_address_parse, vet_address_parse_explain, vet_address_parse_on, vet_address_format */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <vetsock/address.h>
#include <vetsock/host.h>

#include "fuzz.h"

enum { TEXT_MAX = 96 };

/* ---- the round trip ---- */

static int parse(const char *text, size_t size, void *address, struct vet_text_error *error)
{
	return vet_address_parse_explain(text, size, address, error);
}

static int format(const void *address, char *text, size_t size)
{
	return vet_address_format(address, text, size);
}

static bool equal(const void *a, const void *b)
{
	return vet_address_equal(a, b) && vet_address_hash(a, 1) == vet_address_hash(b, 1);
}

static const struct vet_fuzz_language language = {
	sizeof(struct vet_address), VET_ADDRESS_TEXT_SIZE, parse, format, equal,
};

/* ---- names of interfaces ---- */

/* Interfaces have the number of their name's first byte, in this table; some are missing. */
static int first_byte(struct vet_sys *sys, const char *name)
{
	int index = (unsigned char)name[0] % 32;

	(void)sys;
	must(strlen(name) >= 1 && strlen(name) <= 15);
	return index != 0 ? index : -ENODEV;
}

/* Made once: tables of which no other entry is called; one looks up interfaces, one cannot. */
static struct vet_sys_calls knowing, ignorant;

static void make_tables(void)
{
	if (knowing.size > 0)
		return;
	knowing = ignorant = *vet_sys_posix()->calls;
	knowing.size = sizeof(knowing);
	knowing.interface_index = first_byte;
	ignorant.interface_index = NULL;
}

/* What is an address without a table is the same with one. */
static void check_on(const struct vet_sys_calls *calls, const char *text, size_t size,
		     const struct vet_address *without)
{
	static const struct vet_address none;
	struct vet_sys sys = { calls };
	struct vet_address address;
	struct vet_text_error error;
	int result = vet_address_parse_on(&sys, text, size, &address, &error);

	must(without->ip.family == 0 || (result == 0 && equal(&address, without)));
	if (result == 0) {
		must(calls == &knowing || without->ip.family != 0);
		vet_fuzz_check_success(&error);
		vet_fuzz_check_value(&language, &address);
		return;
	}
	must(result == -EINVAL || (result == -ENODEV && calls == &knowing));
	must(equal(&address, &none));
	vet_fuzz_check_error(&error, size);
}

/* ---- getaddrinfo(3), which is given a host and a port ---- */

/* What is read here and there; family 0: nothing. */
struct opinions {
	struct vet_address ours, theirs;
	const char *host, *port; /* as the C library was given them */
	bool is_bracketed;
};

static bool is_number_of_inet_aton(const struct opinions *o)
{
	return o->theirs.ip.family == 4 && o->ours.ip.family == 0;
}

static bool is_naked(const struct opinions *o)
{
	return o->theirs.ip.family == 6 && o->ours.ip.family == 0 && !o->is_bracketed;
}

static bool is_number_of_strtoul(const struct opinions *o)
{
	size_t digits = strspn(o->port, "0123456789");

	/* Any digits are a port there, cut to 16 bits. */
	return o->ours.ip.family == 0 &&
	       (o->port[digits] != '\0' || digits == 0 || strtoul(o->port, NULL, 10) > 65535);
}

static bool is_name_of_zone(const struct opinions *o)
{
	const char *zone = strchr(o->host, '%');

	return zone != NULL && zone[1 + strspn(zone + 1, "0123456789")] != '\0';
}

static const struct disagreement {
	bool (*is_so)(const struct opinions *opinions);
	const char *reason;
} disagreements[] = {
	{ is_number_of_inet_aton, "1.2, 0x7f.1 and 010.1.1.1 of inet_aton(3); [1.2.3.4]" },
	{ is_naked,
	  "::1:80: without brackets nobody knows where the port begins (RFC 3986 3.2.2)" },
	{ is_number_of_strtoul, "+80, -1, 70000 and nothing are ports of strtoul(3)" },
	{ is_name_of_zone,
	  "a zone's name is looked up there, and only in the table that is given here" },
	{ NULL, NULL },
};

static uint32_t big_endian(const unsigned char *bytes, size_t count)
{
	uint32_t number = 0;

	for (size_t i = 0; i < count; i++)
		number = number << 8 | bytes[i];
	return number;
}

static struct vet_address of_sockaddr(const struct sockaddr *address)
{
	struct vet_address out = { .ip.family = address->sa_family == AF_INET ? 4 : 6 };
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (out.ip.family == 4) {
		memcpy(&in, address, sizeof(in));
		memcpy(out.ip.bytes, &in.sin_addr, 4);
		out.port = big_endian((const unsigned char *)&in.sin_port, 2);
	} else {
		memcpy(&in6, address, sizeof(in6));
		memcpy(out.ip.bytes, &in6.sin6_addr, 16);
		out.port = big_endian((const unsigned char *)&in6.sin6_port, 2);
		out.scope_id = in6.sin6_scope_id;
	}
	return out;
}

static struct vet_address look_up(const char *host, const char *port)
{
	const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
					.ai_socktype = SOCK_STREAM };
	struct addrinfo *found;
	struct vet_address address = { .port = 0 };

	if (getaddrinfo(host, port, &hints, &found) == 0) {
		address = of_sockaddr(found->ai_addr);
		freeaddrinfo(found);
	}
	return address;
}

static void settle(const struct opinions *o)
{
	const struct disagreement *row = disagreements;

	if (equal(&o->ours, &o->theirs))
		return;
	while (row->is_so != NULL && !row->is_so(o))
		row++;
	must(row->is_so != NULL); /* else another row is needed, or there is a bug */
}

/* One input in so many: it is slow, as it asks for memory, and for the system's interfaces. */
static bool is_chosen(const char *text, size_t size, unsigned one_in)
{
	unsigned sum = 0;

	for (size_t i = 0; i < size; i++)
		sum = sum * 31 + (unsigned char)text[i];
	return sum % one_in == 0;
}

/* The text is cut at its last colon; what holds a NUL cannot be given to the C library. */
static void ask_the_c_library(const char *text, size_t size, const struct vet_address *address)
{
	char host[TEXT_MAX + 1], *port;
	struct opinions opinions = { .ours = *address };
	size_t length;

	if (size > TEXT_MAX || !is_chosen(text, size, 8) || memchr(text, '\0', size) != NULL)
		return;
	memcpy(host, text, size);
	host[size] = '\0';
	port = strrchr(host, ':');
	if (port == NULL)
		return;
	*port++ = '\0';
	length = strlen(host);
	opinions.is_bracketed = length >= 2 && host[0] == '[' && host[length - 1] == ']';
	if (opinions.is_bracketed)
		host[length - 1] = '\0';
	opinions.host = opinions.is_bracketed ? host + 1 : host;
	opinions.port = port;
	opinions.theirs = look_up(opinions.host, port);
	settle(&opinions);
}

/* The same bytes as a value: it has a text, or is refused. */
static void check_value(const uint8_t *data, size_t size)
{
	struct vet_address address = { .port = 0 };
	char text[VET_ADDRESS_TEXT_SIZE];
	bool is_good;

	if (size < 1 + 16 + 4 + 4)
		return;
	address.ip.family = data[0];
	memcpy(address.ip.bytes, data + 1, 16);
	address.port = big_endian(data + 17, 4);
	address.scope_id = big_endian(data + 21, 4);
	is_good = address.port <= 65535 &&
		  (address.ip.family == 6 || (address.ip.family == 4 && address.scope_id == 0));
	if (is_good)
		vet_fuzz_check_value(&language, &address);
	else
		must(vet_address_format(&address, text, sizeof(text)) == -EINVAL &&
		     text[0] == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct vet_address address, same;
	struct vet_ip ip;
	bool good = vet_fuzz_round_trip(&language, text, size, &address);

	must((vet_address_parse(text, size, &same) == 0) == good && equal(&address, &same));
	must(vet_ip_parse(text, size, &ip) != 0 || !good); /* no text is both */
	make_tables();
	check_on(&knowing, text, size, &address);
	check_on(&ignorant, text, size, &address);
	ask_the_c_library(text, size, &address);
	check_value(data, size);
	return 0;
}
