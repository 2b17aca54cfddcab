/* SPDX-License-Identifier: 0BSD */
/* `vetsock parse --json`: what a text is, as an object.  tests/vectors/README.md has the form. */
#include <stdio.h>
#include <string.h>

#include <vetsock/layer.h>

#include "parse.h"
#include "text.h"

/* ---- addresses ---- */

static json_t *classes_of(const struct vet_ip *ip)
{
	json_t *list = json_array();

	for (const struct cli_ip_class *row = cli_ip_classes; row->name != NULL; row++)
		if (row->holds(ip))
			(void)json_array_append_new(list, json_string(row->name));
	return list;
}

static json_t *bytes_of(const struct vet_ip *ip)
{
	size_t count = ip->family == 4 ? 4 : 16;
	char hex[33];

	for (size_t i = 0; i < count; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", (unsigned)ip->bytes[i]);
	return json_string(hex);
}

/* False: no memory. */
static bool set_address(json_t *object, const struct vet_address *address)
{
	json_t *members =
		json_pack("{s:o, s:I, s:I}", "bytes", bytes_of(&address->ip), "port",
			  (json_int_t)address->port, "scope_id", (json_int_t)address->scope_id);
	bool is_set = json_object_update(object, members) == 0;

	json_decref(members);
	return is_set;
}

/* ---- options ---- */

static json_t *option_value(const struct vet_option *o, const union vet_option_value *value)
{
	if (o->kind == VET_OPTION_FLAG)
		return json_boolean(value->number);
	if (o->kind == VET_OPTION_TEXT)
		return json_string(value->text);
	if (o->kind == VET_OPTION_LINGER && value->number == VET_LINGER_OFF)
		return json_string("off");
	return json_integer(value->number);
}

static json_t *options_object(const struct vet_options *options)
{
	json_t *object = json_object();

	for (size_t i = 0; i < VET_INDEX_COUNT; i++) {
		const struct vet_option *o = vet_option_at(i);

		if ((options->given >> i & 1) != 0)
			(void)json_object_set_new(object, o->text,
						  option_value(o, &options->value[i]));
	}
	return object;
}

/* ---- endpoints ---- */

const char *const cli_socket_kinds[] = {
	[VET_STREAM] = "stream",
	[VET_DATAGRAM] = "datagram",
	[VET_RAW] = "raw",
};
static const char *const roles[] = {
	[VET_ROLE_CONNECT] = "connect",
	[VET_ROLE_BIND] = "bind",
	[VET_ROLE_LISTEN] = "listen",
};

static json_t *endpoint_object(const struct vet_endpoint *endpoint)
{
	json_t *object = json_pack("{s:s, s:s}", "kind", cli_socket_kinds[endpoint->kind], "role",
				   roles[endpoint->role]);

	if (endpoint->kind == VET_RAW)
		(void)json_object_set_new(object, "protocol", json_integer(endpoint->protocol));
	(void)set_address(object, &endpoint->address);
	if (endpoint->zone[0] != '\0')
		(void)json_object_set_new(object, "zone",
					  cli_json_text(endpoint->zone, strlen(endpoint->zone)));
	if (endpoint->has_backlog)
		(void)json_object_set_new(object, "backlog", json_integer(endpoint->backlog));
	(void)json_object_set_new(object, "options", options_object(&endpoint->options));
	return object;
}

/* ---- plans ---- */

/* JSON has no integers of its own; those of 64 bits and a sign are what programs read. */
static json_t *unsigned_value(uint64_t value)
{
	return value <= INT64_MAX ? json_integer((json_int_t)value)
				  : json_sprintf("%llu", (unsigned long long)value);
}

/* What a rule does, as a plan writes it: "events:IN|HUP", without "after". */
static const char *action_text(const struct vet_rule *rule, char text[VET_PLAN_TEXT_SIZE])
{
	struct vet_plan one = { .count = 1, .rules = { *rule } };

	one.rules[0].after = 0;
	if (vet_plan_format(&one, text, VET_PLAN_TEXT_SIZE) < 0)
		return "";
	return strchr(text, '=') + 1;
}

static json_t *event_list(const char *text)
{
	json_t *list = json_array();

	while (*text != '\0') {
		size_t length = strcspn(text, "|");

		(void)json_array_append_new(list, json_stringn(text, length));
		text += length + (text[length] == '|' ? 1 : 0);
	}
	return list;
}

static void set_action(json_t *object, const struct vet_rule *rule)
{
	char room[VET_PLAN_TEXT_SIZE];
	const char *text = action_text(rule, room);
	size_t name = strcspn(text, ":");
	const char *argument = text + name + (text[name] == ':' ? 1 : 0);
	json_t *value = NULL;

	if (rule->action == VET_ACTION_ERROR)
		value = json_string(text);
	else if (rule->action == VET_ACTION_EVENTS)
		value = event_list(argument);
	else if (rule->action == VET_ACTION_SIGNAL || rule->action == VET_ACTION_VALUE_OF)
		value = json_string(argument);
	else if (*argument != '\0')
		value = json_integer(rule->argument);
	(void)json_object_set_new(object, "action",
				  rule->action == VET_ACTION_ERROR ? json_string("error")
								   : json_stringn(text, name));
	if (value != NULL)
		(void)json_object_set_new(object, "argument", value);
}

static void set_when(json_t *object, const struct vet_rule *rule)
{
	if (rule->when != VET_WHEN_CALLS) {
		(void)json_object_set_new(object, rule->when == VET_WHEN_BYTE ? "byte" : "percent",
					  unsigned_value(rule->from));
		return;
	}
	(void)json_object_set_new(object, "from", unsigned_value(rule->from));
	(void)json_object_set_new(object, "to",
				  rule->to == UINT64_MAX ? json_string("for ever")
							 : unsigned_value(rule->to));
}

static json_t *rule_object(const struct vet_rule *rule)
{
	const char *call = rule->entry == VET_CALL_ANY ? "*" : vet_entry_name(rule->entry);
	json_t *object = json_pack("{s:s}", "call", call);

	if (rule->descriptor != 0)
		(void)json_object_set_new(object, "descriptor", json_integer(rule->descriptor));
	set_when(object, rule);
	set_action(object, rule);
	if (rule->after)
		(void)json_object_set_new(object, "after", json_true());
	return object;
}

static json_t *plan_object(const struct vet_plan *plan)
{
	json_t *object = json_object(), *rules = json_array();

	if (plan->has_seed)
		(void)json_object_set_new(object, "seed", unsigned_value(plan->seed));
	for (uint32_t i = 0; i < plan->count; i++)
		(void)json_array_append_new(rules, rule_object(&plan->rules[i]));
	(void)json_object_set_new(object, "rules", rules);
	return object;
}

/* ---- all ---- */

static bool set_value(json_t *object, const struct cli_answer *answer)
{
	switch (answer->kind) {
	case CLI_TEXT_OPTIONS:
		return json_object_set_new(object, "options",
					   options_object(&answer->value.options)) == 0;
	case CLI_TEXT_ENDPOINT:
		return json_object_set_new(object, "endpoint",
					   endpoint_object(&answer->value.endpoint)) == 0;
	case CLI_TEXT_PLAN:
		return json_object_set_new(object, "plan", plan_object(&answer->value.plan)) == 0;
	default:
		return set_address(object, &answer->value.address) &&
		       json_object_set_new(object, "classes",
					   classes_of(&answer->value.address.ip)) == 0;
	}
}

json_t *cli_json_answer(const char *text, size_t size, const struct cli_answer *answer)
{
	json_t *object;

	if (answer->error.reason != NULL)
		return json_pack("{s:o, s:b, s:I, s:I, s:s}", "input", cli_json_text(text, size),
				 "ok", 0, "offset", (json_int_t)answer->error.offset, "length",
				 (json_int_t)answer->error.length, "reason", answer->error.reason);
	object = json_pack("{s:o, s:b, s:s, s:o}", "input", cli_json_text(text, size), "ok", 1,
			   "kind", answer->name, "text",
			   cli_json_text(answer->text, strlen(answer->text)));
	if (object != NULL && !set_value(object, answer)) {
		json_decref(object);
		object = NULL;
	}
	return object;
}
