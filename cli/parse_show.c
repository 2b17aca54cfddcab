/* SPDX-License-Identifier: 0BSD */
/* `vetsock parse` for people: what a text is, and what it does. */
#include <stdio.h>
#include <string.h>

#include "options.h"
#include "parse.h"
#include "text.h"

const struct cli_ip_class cli_ip_classes[] = {
	{ "unspecified", vet_ip_is_unspecified },
	{ "loopback", vet_ip_is_loopback },
	{ "private", vet_ip_is_private },
	{ "link-local", vet_ip_is_link_local },
	{ "multicast", vet_ip_is_multicast },
	{ "broadcast", vet_ip_is_broadcast },
	{ "documentation", vet_ip_is_documentation },
	{ "ipv4-mapped", vet_ip_is_ipv4_mapped },
	{ "ipv4-compatible", vet_ip_is_ipv4_compatible },
	{ NULL, NULL },
};

static void show_classes(const struct vet_ip *ip)
{
	const char *separator = " (";

	for (const struct cli_ip_class *row = cli_ip_classes; row->name != NULL; row++) {
		if (row->holds(ip)) {
			printf("%s%s", separator, row->name);
			separator = ", ";
		}
	}
	printf("%s\n", *separator == ',' ? ")" : "");
}

/* ---- options ---- */

#define ANY INT64_MIN

/* What the system makes of a value, where it is not what it says. */
static const struct {
	size_t index;
	int64_t value;
	const char *note;
} notes[] = {
	{ VET_INDEX_linger, VET_LINGER_OFF, "close returns at once" },
	{ VET_INDEX_linger, 0, "close throws away what is unsent, and resets" },
	{ VET_INDEX_receive_buffer_size, ANY, "Linux doubles it" },
	{ VET_INDEX_send_buffer_size, ANY, "Linux doubles it" },
	{ VET_INDEX_user_timeout, 0, "the system's own limit" },
	{ VET_INDEX_defer_accept, 0, "off" },
	{ VET_INDEX_defer_accept, ANY, "Linux rounds it up to a time of retransmission" },
};

/* The option alone, as a text of it: "linger=5s". */
static int format_one(size_t index, union vet_option_value value, char text[VET_OPTIONS_TEXT_SIZE])
{
	struct vet_options one = { .given = UINT64_C(1) << index };

	one.value[index] = value;
	return vet_options_format(&one, text, VET_OPTIONS_TEXT_SIZE);
}

/* A duration that is not a whole number of the system's units is set as the next one. */
static void show_rounding(size_t index, union vet_option_value value)
{
	vet_duration unit = vet_option_at(index)->unit;
	char text[VET_OPTIONS_TEXT_SIZE];

	if (unit == 0 || value.number <= 0 || value.number % unit == 0)
		return;
	value.number += unit - value.number % unit;
	if (format_one(index, value, text) > 0)
		printf("; set as %s", strchr(text, '=') + 1);
}

static void show_note(size_t index, int64_t value)
{
	for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++) {
		if (notes[i].index == index && (notes[i].value == value || notes[i].value == ANY)) {
			printf("; %s", notes[i].note);
			return;
		}
	}
}

static void show_option(const char *before, size_t index, union vet_option_value value, int width)
{
	const struct vet_option *o = vet_option_at(index);
	char text[VET_OPTIONS_TEXT_SIZE];

	(void)format_one(index, value, text);
	printf("%s%-*s  %s%.*s", before, width, text,
	       o->kind == VET_OPTION_FLAG && value.number == 0 ? "not: " : "",
	       (int)cli_option_help_size(o), o->help);
	if (o->kind != VET_OPTION_TEXT) {
		show_rounding(index, value);
		show_note(index, value.number);
	}
	(void)putchar('\n');
}

static bool is_given(const struct vet_options *options, size_t index)
{
	return (options->given >> index & 1) != 0;
}

static void show_options(const char *before, const struct vet_options *options)
{
	char text[VET_OPTIONS_TEXT_SIZE];
	int width = 0;

	for (size_t i = 0; i < VET_INDEX_COUNT; i++) {
		int length = is_given(options, i) ? format_one(i, options->value[i], text) : 0;

		width = length > width ? length : width;
	}
	for (size_t i = 0; i < VET_INDEX_COUNT; i++)
		if (is_given(options, i))
			show_option(before, i, options->value[i], width);
}

/* ---- endpoints ---- */

/* Of what stands before the options.  A zone, in brackets, may have a question mark too. */
static size_t address_length(const char *peer)
{
	size_t zone = peer[0] == '[' ? strcspn(peer, "]") : 0;

	return zone + strcspn(peer + zone, "?");
}

/* What opening does, in the order of enum vet_step.  The names of protocol and peer are those of the
 * canonical text. */
static void show_steps(const struct vet_endpoint *endpoint, const char *text)
{
	const char *peer = strstr(text, "://") + 3;
	const char *plus = memchr(text, '+', (size_t)(peer - text));

	if (endpoint->zone[0] != '\0') {
		printf("    looks up the interface ");
		cli_put_text(stdout, endpoint->zone, strlen(endpoint->zone));
		(void)putchar('\n');
	}
	printf("    makes an IPv%u %s socket", (unsigned)endpoint->address.ip.family,
	       cli_socket_kinds[endpoint->kind]);
	if (plus != NULL)
		printf(" of protocol %.*s", (int)(peer - 3 - (plus + 1)), plus + 1);
	(void)putchar('\n');
	show_options("    sets ", &endpoint->options);
	printf("    %s ", endpoint->role == VET_ROLE_CONNECT ? "connects to" : "binds to");
	cli_put_text(stdout, peer, address_length(peer));
	(void)putchar('\n');
	if (endpoint->role == VET_ROLE_LISTEN && endpoint->has_backlog)
		printf("    listens, with a backlog of %ld\n", (long)endpoint->backlog);
	else if (endpoint->role == VET_ROLE_LISTEN)
		printf("    listens\n");
}

/* ---- all ---- */

static void show_value(const struct cli_answer *answer)
{
	bool is_empty = answer->text[0] == '\0';

	switch (answer->kind) {
	case CLI_TEXT_OPTIONS:
		puts(is_empty ? " (sets nothing)" : "");
		show_options("    ", &answer->value.options);
		break;
	case CLI_TEXT_ENDPOINT:
		show_classes(&answer->value.endpoint.address.ip);
		if (!is_empty)
			show_steps(&answer->value.endpoint, answer->text);
		break;
	case CLI_TEXT_PLAN:
		puts(answer->value.plan.count == 0 ? " (changes nothing)" : "");
		break;
	default:
		show_classes(&answer->value.address.ip);
	}
}

void cli_show_answer(const char *text, size_t size, const struct cli_answer *answer)
{
	cli_put_text(stdout, text, size);
	(void)putchar('\n');
	if (answer->error.reason != NULL) {
		cli_put_carets(stdout, text, size, &answer->error);
		return;
	}
	printf("  %s%s", answer->name, answer->text[0] != '\0' ? " " : "");
	cli_put_text(stdout, answer->text, strlen(answer->text));
	show_value(answer);
}
