/* SPDX-License-Identifier: 0BSD */
/* `vetsock parse`: its parts, and what passes between them. */
#ifndef VETSOCK_CLI_PARSE_H
#define VETSOCK_CLI_PARSE_H

#include <stdbool.h>

#include <jansson.h>

#include <vetsock/endpoint.h>
#include <vetsock/plan.h>

enum cli_text_kind {
	CLI_TEXT_IP,
	CLI_TEXT_ADDRESS,
	CLI_TEXT_OPTIONS,
	CLI_TEXT_ENDPOINT,
	CLI_TEXT_PLAN,
	CLI_TEXT_KINDS, /* not said: what the text looks like */
};

/* What a text is. */
struct cli_answer {
	enum cli_text_kind kind;
	const char *name;            /* "ipv4", "ipv6", "address", "options", "endpoint", "plan" */
	struct vet_text_error error; /* without a reason: the text is good */
	char text[VET_PLAN_TEXT_SIZE]; /* canonical; the longest of all */
	union {
		struct vet_address address; /* of an IP address too: port and scope_id 0 */
		struct vet_options options;
		struct vet_endpoint endpoint;
		struct vet_plan plan;
	} value;
};

/* What a text looks like (parse_guess.c). */
enum cli_text_kind cli_guess_kind(const char *text, size_t size);

/* Prints an answer for people (parse_show.c). */
void cli_show_answer(const char *text, size_t size, const struct cli_answer *answer);
/* As an object for programs; NULL: no memory (parse_json.c). */
json_t *cli_json_answer(const char *text, size_t size, const struct cli_answer *answer);

/* The classes of IP addresses, in the order in which they are shown; the last has no name. */
struct cli_ip_class {
	const char *name;
	bool (*holds)(const struct vet_ip *ip);
};
extern const struct cli_ip_class cli_ip_classes[];

extern const char *const cli_socket_kinds[]; /* by enum vet_type: "stream" */

/* `vetsock parse`; argv[0] is "vetsock parse". */
int cli_parse(int argc, const char **argv);

#endif
