/* SPDX-License-Identifier: 0BSD */
/* getsockopt and setsockopt of the scripted table, with their values as text. */
#include "script_entry.h"

#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <string.h>

static void add_option(struct text *text, int level, int number)
{
	const struct option_name *option = option_numbered(level, number);
	if (option != NULL)
		text_add(text, " %s", option->name);
	else
		text_add(text, " (level %d, option %d)", level, number);
}

/* What SO_TYPE may say: a number, which differs between systems, is no name. */
static const struct type_name {
	const char *name;
	int number;
} type_names[] = {
	{ "STREAM", SOCK_STREAM },
	{ "DGRAM", SOCK_DGRAM },
	{ "RAW", SOCK_RAW },
	{ "SEQPACKET", SOCK_SEQPACKET },
};

/* A number, the name of an errno, which is positive here, or of a type. */
static int take_int(struct script *script, struct answer *answer)
{
	int64_t error;
	for (size_t i = 0; i < sizeof type_names / sizeof type_names[0]; i++)
		if (answer_take_word(answer, type_names[i].name))
			return type_names[i].number;
	bool is_error =
		answer->taken < answer->count && read_error(answer->words[answer->taken], &error);
	int value = (int)answer_take_count(script, answer);
	return is_error ? -value : value;
}

/* The bytes of an answered value; "length N" says that so many came. */
struct option_value {
	unsigned char bytes[64];
	socklen_t length;
};

static void take_value(struct script *script, struct answer *answer, struct option_value *value)
{
	int64_t number = 0;
	const char *word;
	if (answer_take_word(answer, "value")) {
		int n = take_int(script, answer);
		value->length = sizeof n;
		memcpy(value->bytes, &n, sizeof n);
	} else if (answer_take_word(answer, "linger")) {
		struct linger linger = { .l_onoff = (int)answer_take_count(script, answer) };
		linger.l_linger = (int)answer_take_count(script, answer);
		value->length = sizeof linger;
		memcpy(value->bytes, &linger, sizeof linger);
	} else if (answer_take_word(answer, "text")) {
		struct text text = text_in((char *)value->bytes, sizeof value->bytes);
		bool empty = answer->taken == answer->count ||
			     strcmp(answer->words[answer->taken], "length") == 0;
		text_add(&text, "%s", empty ? "" : answer_take(answer));
		value->length = (socklen_t)strlen((char *)value->bytes) + 1;
	}
	if (!answer_take_word(answer, "length"))
		return;
	word = answer_take(answer);
	if (word != NULL && read_number(word, &number) && number >= 0)
		value->length = (socklen_t)number;
	else
		script_fail(script, "`%s`: `length` wants a number", script->call);
}

int getsockopt_entry(struct vet_sys *sys, int fd, int level, int number, void *value,
		     socklen_t *length)
{
	struct script *script = script_of(sys);
	struct text text = call_begin_on(script, "getsockopt", fd);
	struct answer answer;
	struct option_value given = { .length = 0 };
	int64_t error;
	add_option(&text, level, number);
	if (!script_step(script, &answer))
		return -EIO;
	if (read_error(answer.words[0], &error)) {
		answer.taken = 1;
	} else {
		error = 0;
		take_value(script, &answer, &given);
		if (answer.taken == 0)
			script_fail(script, "`%s`: the answer has no value", script->call);
		size_t room = *length < sizeof given.bytes ? *length : sizeof given.bytes;
		memcpy(value, given.bytes, given.length < room ? given.length : room);
		*length = given.length;
	}
	answer_end(script, &answer);
	return (int)error;
}

static void add_group(struct text *text, const void *value, socklen_t length)
{
	struct group_req group;
	if (length != sizeof group) {
		text_add(text, " group of length %u", (unsigned)length);
		return;
	}
	memcpy(&group, value, sizeof group);
	text_add(text, " group %" PRIu32 " ", group.gr_interface);
	add_sockaddr(text, &group.gr_group,
		     group.gr_group.ss_family == AF_INET ? sizeof(struct sockaddr_in)
							 : sizeof(struct sockaddr_in6));
}

static void add_value(struct text *text, enum option_shape shape, const void *value,
		      socklen_t length)
{
	int number;
	struct linger linger;
	if (shape == SHAPE_GROUP) {
		add_group(text, value, length);
	} else if (shape == SHAPE_TEXT) {
		text_add(text, " text%s%.*s", length > 0 ? " " : "", (int)length,
			 (const char *)value);
	} else if (shape == SHAPE_LINGER && length == sizeof linger) {
		memcpy(&linger, value, sizeof linger);
		text_add(text, " linger %d %d", linger.l_onoff, linger.l_linger);
	} else if (shape == SHAPE_INT && length == sizeof number) {
		memcpy(&number, value, sizeof number);
		text_add(text, " %d", number);
	} else {
		text_add(text, " (a value of length %u)", (unsigned)length);
	}
}

int setsockopt_entry(struct vet_sys *sys, int fd, int level, int number, const void *value,
		     socklen_t length)
{
	struct script *script = script_of(sys);
	struct text text = call_begin_on(script, "setsockopt", fd);
	const struct option_name *option = option_numbered(level, number);
	add_option(&text, level, number);
	if (option != NULL)
		add_value(&text, option->shape, value, length);
	return (int)call_plain(script);
}
