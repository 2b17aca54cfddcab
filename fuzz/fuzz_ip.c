/* SPDX-License-Identifier: 0BSD */
/* Any bytes as an IP address; and the C library as a second opinion.
 * Aims at: vet_ip_parse, vet_ip_parse_explain, vet_ip_format */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include <vetsock/ip.h>

#include "fuzz.h"

enum { TEXT_MAX = 96 };

/* ---- the round trip ---- */

static int parse(const char *text, size_t size, void *ip, struct vet_text_error *error)
{
	return vet_ip_parse_explain(text, size, ip, error);
}

static int format(const void *ip, char *text, size_t size)
{
	return vet_ip_format(ip, text, size);
}

static bool equal(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct vet_ip)) == 0;
}

static const struct vet_fuzz_language language = {
	sizeof(struct vet_ip), VET_IP_TEXT_SIZE, parse, format, equal,
};

/* ---- where the C library is of another opinion, and why ---- */

/* What there is to differ about: a text, what is read from it here and there (family 0: nothing). */
struct opinions {
	const char *text;
	size_t size;
	struct vet_ip ours, theirs;
};

static bool has_nul(const struct opinions *o)
{
	return memchr(o->text, '\0', o->size) != NULL;
}

static bool is_number_of_inet_aton(const struct opinions *o)
{
	return o->ours.family == 0 && o->theirs.family == 4;
}

static bool has_zone(const struct opinions *o)
{
	return o->ours.family == 0 && o->theirs.family == 6 &&
	       memchr(o->text, '%', o->size) != NULL;
}

static const struct disagreement {
	bool (*is_so)(const struct opinions *opinions);
	const char *reason;
} about_pton[] = {
	{ has_nul, "a NUL ends a text of C: what is behind it is not seen" },
	{ NULL, NULL },
}, about_getaddrinfo[] = {
	{ has_nul, "a NUL ends a text of C: what is behind it is not seen" },
	{ is_number_of_inet_aton, "fewer parts, octal, hexadecimal: inet_aton(3) reads them, RFC 6943 3.1.1 says why not" },
	{ has_zone, "a zone is part of a socket address (RFC 4007 11)" },
	{ NULL, NULL },
};

static void settle(const struct opinions *o, const struct disagreement *rows)
{
	if (equal(&o->ours, &o->theirs))
		return;
	while (rows->is_so != NULL && !rows->is_so(o))
		rows++;
	must(rows->is_so != NULL); /* else another row is needed, or there is a bug */
}

static struct vet_ip pton(const char *text)
{
	struct vet_ip ip = { 0 };

	if (inet_pton(AF_INET, text, ip.bytes) == 1)
		ip.family = 4;
	else if (inet_pton(AF_INET6, text, ip.bytes) == 1)
		ip.family = 6;
	else
		memset(&ip, 0, sizeof(ip));
	return ip;
}

static struct vet_ip of_sockaddr(const struct sockaddr *address)
{
	struct vet_ip ip = { .family = address->sa_family == AF_INET ? 4 : 6 };

	if (ip.family == 4)
		memcpy(ip.bytes, (const char *)address + offsetof(struct sockaddr_in, sin_addr), 4);
	else
		memcpy(ip.bytes, (const char *)address + offsetof(struct sockaddr_in6, sin6_addr),
		       16);
	return ip;
}

static struct vet_ip look_up(const char *text)
{
	const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM };
	struct addrinfo *found;
	struct vet_ip ip = { 0 };

	if (getaddrinfo(text, NULL, &hints, &found) == 0) {
		ip = of_sockaddr(found->ai_addr);
		freeaddrinfo(found);
	}
	return ip;
}

/* One input in so many: it is slow, as it asks for memory, and for the system's interfaces. */
static bool is_chosen(const char *text, size_t size, unsigned one_in)
{
	unsigned sum = 0;

	for (size_t i = 0; i < size; i++)
		sum = sum * 31 + (unsigned char)text[i];
	return sum % one_in == 0;
}

static void ask_the_c_library(const char *text, size_t size, const struct vet_ip *ip)
{
	char copy[TEXT_MAX + 1];
	struct opinions opinions = { text, size, *ip, { 0 } };

	if (size > TEXT_MAX)
		return;
	memcpy(copy, text, size);
	copy[size] = '\0';
	opinions.theirs = pton(copy);
	settle(&opinions, about_pton);
	if (!is_chosen(text, size, 8))
		return;
	opinions.theirs = look_up(copy);
	settle(&opinions, about_getaddrinfo);
}

/* inet_ntop(3) writes ::/96 dotted too; RFC 5952 5 wants that only of prefixes known to hold IPv4. */
static void compare_texts(const struct vet_ip *ip)
{
	char ours[VET_IP_TEXT_SIZE], theirs[INET6_ADDRSTRLEN];

	must(vet_ip_format(ip, ours, sizeof(ours)) > 0);
	must(inet_ntop(ip->family == 4 ? AF_INET : AF_INET6, ip->bytes, theirs, sizeof(theirs)) !=
	     NULL);
	must(strcmp(ours, theirs) == 0 || vet_ip_is_ipv4_compatible(ip));
}

/* The same bytes as a value: of IPv4 and IPv6 each has a text. */
static void check_value(const uint8_t *data, size_t size)
{
	struct vet_ip ip;
	char text[VET_IP_TEXT_SIZE];

	if (size < sizeof(ip))
		return;
	memcpy(&ip, data, sizeof(ip));
	if (ip.family == 4)
		memset(ip.bytes + 4, 0, sizeof(ip.bytes) - 4);
	if (ip.family == 4 || ip.family == 6)
		vet_fuzz_check_value(&language, &ip);
	else
		must(vet_ip_format(&ip, text, sizeof(text)) == -EINVAL && text[0] == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct vet_ip ip, same;
	bool good = vet_fuzz_round_trip(&language, text, size, &ip);

	must((vet_ip_parse(text, size, &same) == 0) == good && equal(&ip, &same));
	must(vet_ip_parse_explain(text, size, &same, NULL) == (good ? 0 : -EINVAL));
	ask_the_c_library(text, size, &ip);
	if (good)
		compare_texts(&ip);
	check_value(data, size);
	return 0;
}
