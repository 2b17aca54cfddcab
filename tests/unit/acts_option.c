/* SPDX-License-Identifier: 0BSD */
/* Acts on options: "set NAME VALUE", "get NAME", "apply TEXT", "apply TEXT NAME NUMBER" (one more, which
 * may be what no text gives), "read_options", "join" and "leave". */
#include "stage.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* One of the three pairs of functions, and how its values are written: as numbers, or as times. */
struct option_act {
	const char *name;
	int (*set_flag)(struct vet_socket *, bool);
	int (*get_flag)(struct vet_socket *, bool *);
	int (*set)(struct vet_socket *, int64_t);
	int (*get)(struct vet_socket *, int64_t *);
	int (*set_text)(struct vet_socket *, const char *, size_t);
	int (*get_text)(struct vet_socket *, char *, size_t);
	bool is_time;
};

#define FLAG(x) \
	{ \
#x, .set_flag = vet_socket_set_##x, .get_flag = vet_socket_##x \
	}
#define NUMBER(x) \
	{ \
#x, .set = vet_socket_set_##x, .get = vet_socket_##x \
	}
#define SHOWN(x) \
	{ \
#x, .get = vet_socket_##x \
	}
#define TIME(x) \
	{ \
#x, .set = vet_socket_set_##x, .get = vet_socket_##x, .is_time = true \
	}
#define TEXT(x) \
	{ \
#x, .set_text = vet_socket_set_##x, .get_text = vet_socket_##x \
	}
static const struct option_act option_pairs[] = {
	FLAG(broadcast),
	FLAG(keepalive),
	FLAG(no_delay),
	FLAG(only_ipv6),
	FLAG(reuse_address),
	FLAG(reuse_port),
	FLAG(multicast_loop),
	FLAG(quick_ack),
	FLAG(cork),
	{ "accepting", .get_flag = vet_socket_accepting },
	NUMBER(keepalive_count),
	NUMBER(receive_buffer_size),
	NUMBER(send_buffer_size),
	NUMBER(receive_low_water),
	NUMBER(ttl),
	NUMBER(type_of_service),
	NUMBER(multicast_ttl),
	NUMBER(fast_open),
	NUMBER(priority),
	SHOWN(error),
	SHOWN(type),
	SHOWN(domain),
	SHOWN(protocol),
	TIME(keepalive_time),
	TIME(keepalive_interval),
	TIME(linger),
	TIME(user_timeout),
	TIME(defer_accept),
	TEXT(congestion),
	TEXT(bind_to_device),
};

static const struct option_act *find_option(const struct stage *stage)
{
	for (size_t i = 0; i < COUNT(option_pairs); i++)
		if (strcmp(option_pairs[i].name, stage->words[1]) == 0)
			return &option_pairs[i];
	fail_msg("`%s` is no option", stage->words[1]);
	return NULL;
}

static void set(struct stage *stage)
{
	const struct option_act *option = find_option(stage);
	const char *value = stage->words[2];
	struct vet_socket *s = stage->socket;
	if (option->set_flag != NULL)
		stage_say(stage, option->set_flag(s, stage_number(stage, 2) != 0));
	else if (option->set_text != NULL)
		stage_say(stage, option->set_text(s, value, strlen(value)));
	else if (strcmp(value, "off") == 0)
		stage_say(stage, option->set(s, VET_LINGER_OFF));
	else
		stage_say(stage, option->set(s, option->is_time ? stage_time(stage, 2)
								: stage_number(stage, 2)));
}

static void say_number(struct stage *stage, const struct option_act *option, int64_t value)
{
	text_add(&stage->result, " ");
	if (option->is_time && value == VET_LINGER_OFF)
		text_add(&stage->result, "off");
	else if (option->is_time)
		add_time(&stage->result, value);
	else
		add_error(&stage->result, value);
}

static void get_flag(struct stage *stage, const struct option_act *option)
{
	bool value = true;
	int r = option->get_flag(stage->socket, &value);
	stage_say(stage, r);
	if (r == 0)
		text_add(&stage->result, value ? " 1" : " 0");
	else if (!value)
		text_add(&stage->result, " but the value was touched");
}

static void get_text(struct stage *stage, const struct option_act *option)
{
	char value[VET_OPTION_TEXT_SIZE + 1] = "untouched";
	size_t size = stage->words[2][0] ? (size_t)stage_number(stage, 2) : VET_OPTION_TEXT_SIZE;
	int r = option->get_text(stage->socket, value, size);
	stage_say(stage, r);
	text_add(&stage->result, " %s", value);
}

static void get(struct stage *stage)
{
	const struct option_act *option = find_option(stage);
	int64_t value = 77;
	if (option->get_flag != NULL) {
		get_flag(stage, option);
	} else if (option->get_text != NULL) {
		get_text(stage, option);
	} else {
		int r = option->get(stage->socket, &value);
		stage_say(stage, r);
		if (r == 0)
			say_number(stage, option, value);
		else if (value != 77)
			text_add(&stage->result, " but the value was touched");
	}
}

/* An option by its index, or none. */
static void say_failed(struct stage *stage, size_t failed)
{
	if (failed == VET_NO_OPTION)
		return;
	if (vet_option_at(failed) != NULL)
		text_add(&stage->result, " at %s", vet_option_at(failed)->text);
	else
		text_add(&stage->result, " at %zu", failed);
}

static void apply(struct stage *stage)
{
	const char *text = stage->words[1], *name = stage->words[2];
	struct vet_options options;
	size_t failed = 77, index = 0;
	if (vet_options_parse(text, strlen(text), &options, NULL) != 0)
		fail_msg("`%s` are no options", text);
	if (name[0] != '\0') {
		while (index < VET_INDEX_COUNT && strcmp(vet_option_at(index)->text, name) != 0)
			index++;
		options.given |= UINT64_C(1) << index;
		options.value[index].number = stage_number(stage, 3);
	}
	stage_say(stage, vet_options_apply(stage->socket, &options, &failed));
	say_failed(stage, failed);
}

static void read_options(struct stage *stage)
{
	static const struct vet_options zero;
	struct vet_options options;
	char text[VET_OPTIONS_TEXT_SIZE];
	size_t failed = 77;
	memset(&options, 0xa5, sizeof options);
	int r = vet_options_read(stage->socket, &options, &failed);
	stage_say(stage, r);
	say_failed(stage, failed);
	if (r < 0 && memcmp(&options, &zero, sizeof zero) != 0)
		text_add(&stage->result, " but the options are not zero");
	if (r < 0)
		return;
	if (vet_options_format(&options, text, sizeof text) < 0)
		text_add(&stage->result, " (no text)");
	else
		text_add(&stage->result, " %s", text);
}

static void join(struct stage *stage)
{
	struct vet_address group = stage_address(stage, 1);
	stage_say(stage,
		  vet_socket_join(stage->socket, &group.ip, (uint32_t)stage_number(stage, 2)));
}

static void leave(struct stage *stage)
{
	struct vet_address group = stage_address(stage, 1);
	stage_say(stage,
		  vet_socket_leave(stage->socket, &group.ip, (uint32_t)stage_number(stage, 2)));
}

const struct act option_acts[] = {
	{ "set", set },   { "get", get },     { "apply", apply }, { "read_options", read_options },
	{ "join", join }, { "leave", leave }, { NULL, NULL },
};
