/* SPDX-License-Identifier: 0BSD */
/* Programs from text. */
#include "text.h"

#include <errno.h>
#include <string.h>

struct in {
	const char *text, *at;
	const char *token; /* the last one */
	size_t size;       /* of it */
	struct vet_text_error *error;
};

static int wrong(struct in *in, const char *reason)
{
	*in->error = (struct vet_text_error){
		.offset = (size_t)(in->token - in->text),
		.length = in->size == 0 ? 1 : in->size,
		.reason = reason,
	};
	return -EINVAL;
}

/* The next word of a step; nothing is left of it: size 0. */
static void look(struct in *in)
{
	while (*in->at == ' ')
		in->at++;
	in->token = in->at;
	in->size = strcspn(in->at, " ;");
}

static void take(struct in *in)
{
	in->at = in->token + in->size;
}

static bool is(const struct in *in, const char *word)
{
	return strlen(word) == in->size && memcmp(in->token, word, in->size) == 0;
}

/* A number in the token from *offset on, which is moved behind it. */
static bool number(const struct in *in, size_t *offset, int32_t *found)
{
	size_t i = *offset;
	int64_t value = 0;
	bool is_negative = i < in->size && in->token[i] == '-';
	size_t first = i += is_negative;
	for (; i < in->size && in->token[i] >= '0' && in->token[i] <= '9'; i++) {
		value = 10 * value + (in->token[i] - '0');
		if (value > INT32_MAX)
			return false;
	}
	if (i == first)
		return false;
	*offset = i;
	*found = (int32_t)(is_negative ? -value : value);
	return true;
}

/* All of the token, but for what stands in front of it. */
static int whole(struct in *in, size_t offset, int32_t *found)
{
	if (!number(in, &offset, found) || offset != in->size)
		return wrong(in, "a number is wanted");
	take(in);
	return 0;
}

static int word(struct in *in, const struct word *words, int32_t *found)
{
	for (; words->text != NULL; words++) {
		if (is(in, words->text)) {
			*found = words->number;
			take(in);
			return 0;
		}
	}
	if (in->size > 1 && in->token[0] == '#')
		return whole(in, 1, found);
	return wrong(in, "not a word that can stand here");
}

/* "s" and a digit at an offset of the token. */
static bool slot(const struct in *in, size_t offset, uint8_t *found)
{
	if (offset + 2 > in->size || in->token[offset] != 's' || in->token[offset + 1] < '0' ||
	    in->token[offset + 1] >= '0' + SLOTS)
		return false;
	*found = (uint8_t)(in->token[offset + 1] - '0');
	return true;
}

static bool port(const struct in *in, size_t *offset, uint8_t *found)
{
	const char *text = in->token + *offset;
	uint8_t of;
	*offset += 1;
	if (*offset <= in->size && text[0] == '0') {
		*found = PORT_0;
		return true;
	}
	*offset += 1;
	if (*offset > in->size)
		return false;
	if (text[0] == 'p' && text[1] >= '0' && text[1] < '0' + PORTS) {
		*found = (uint8_t)(PORT_P0 + text[1] - '0');
		return true;
	}
	if (!slot(in, *offset - 2, &of))
		return false;
	*found = (uint8_t)(PORT_OF + of);
	return true;
}

static bool host(const struct in *in, size_t *offset, struct place *place)
{
	size_t length = strcspn(in->token + *offset, ":/6 ;");
	if (slot(in, *offset, &place->slot)) {
		place->host = HOST_SOCKET;
		*offset += 2;
		return true;
	}
	for (unsigned i = 0; i < HOSTS; i++) {
		if (i != HOST_SOCKET && strlen(host_words[i]) == length &&
		    memcmp(host_words[i], in->token + *offset, length) == 0) {
			place->host = (uint8_t)i;
			*offset += length;
			return true;
		}
	}
	return false;
}

static int place(struct in *in, struct place *found)
{
	size_t at = 0;
	*found = (struct place){ .length = LENGTH_RIGHT };
	if (in->size > 2 && memcmp(in->token, "m:", 2) == 0) {
		found->form = FORM_MAPPED;
		at = 2;
	}
	if (!host(in, &at, found))
		return wrong(in, "an address is wanted");
	if (found->form == FORM_4 && at < in->size && in->token[at] == '6') {
		found->form = FORM_6;
		at++;
	}
	if (found->host < HOST_SOCKET && at < in->size && in->token[at] == ':') {
		at++;
		if (!port(in, &at, &found->port))
			return wrong(in, "a port is wanted: 0, p0, s0");
	}
	if (at < in->size && in->token[at] == '/') {
		int32_t length;
		at++;
		if (!number(in, &at, &length) || length < 0 || length > 128)
			return wrong(in, "a length is wanted");
		found->length = (int16_t)length;
	}
	if (at != in->size)
		return wrong(in, "an address is wanted");
	take(in);
	return 0;
}

static int list(struct in *in, int32_t *found, unsigned most, uint8_t *count)
{
	size_t at = 0;
	*count = 0;
	do {
		if (*count == most || !number(in, &at, &found[*count]))
			return wrong(in, "numbers with commas between them are wanted");
		++*count;
	} while (at < in->size && in->token[at++] == ',');
	if (at != in->size)
		return wrong(in, "numbers with commas between them are wanted");
	take(in);
	return 0;
}

static int events(struct in *in, size_t at, short *found)
{
	*found = 0;
	if (at + 1 == in->size && in->token[at] == '0')
		return 0;
	while (at < in->size) {
		size_t length = strcspn(in->token + at, ", ;");
		const struct word *word = event_words;
		while (word->text != NULL && (strlen(word->text) != length ||
					      memcmp(word->text, in->token + at, length) != 0))
			word++;
		if (word->text == NULL)
			return wrong(in, "no event of poll");
		*found = (short)(*found | word->number);
		at += length + 1;
	}
	return 0;
}

static int polled(struct in *in, struct step *step)
{
	for (look(in); in->size > 0 && in->token[0] != '@'; look(in)) {
		struct polled *polled = &step->u.polled[step->count];
		size_t at = 2;
		int result = 0;
		if (step->count == SLOTS)
			return wrong(in, "too many sockets");
		polled->events = (short)ALL_EVENTS;
		polled->slot = SLOT_NONE;
		if (in->token[0] == '-')
			at = 1;
		else if (!slot(in, 0, &polled->slot))
			return wrong(in, "a socket is wanted: s0");
		if (at < in->size && in->token[at] == ':')
			result = events(in, at + 1, &polled->events);
		else if (at != in->size)
			return wrong(in, "a socket is wanted: s0, s0:in,out");
		if (result < 0)
			return result;
		step->count++;
		take(in);
	}
	return 0;
}

static int length(struct in *in, bool may_be_none, int16_t *found)
{
	int32_t said;
	int result;
	if (may_be_none && is(in, "noname")) {
		*found = NAME_NONE;
		take(in);
		return 0;
	}
	if (in->size == 0 || in->token[0] != '/')
		return 0;
	result = whole(in, 1, &said);
	if (result == 0 && (said < 0 || said > 128))
		return wrong(in, "a length of 0 to 128 is wanted");
	if (result == 0)
		*found = (int16_t)said;
	return result;
}

static int option(struct in *in, uint8_t *found)
{
	int index = option_find(in->token, in->size);
	if (index < 0)
		return wrong(in, "no option that programs know");
	*found = (uint8_t)index;
	take(in);
	return 0;
}

static int value(struct in *in, struct step *step)
{
	int32_t pair[2] = { 0, 0 };
	uint8_t count;
	int result = list(in, pair, option_rows[step->option].size / 4, &count);
	step->number = pair[0];
	step->second = pair[1];
	return result;
}

static int limit(struct in *in, int32_t *found)
{
	int result = 0;
	if (in->size > 0 && in->token[0] == '@') {
		result = whole(in, 1, found);
		if (result == 0 && (*found < 0 || *found > LONGEST))
			return wrong(in, "0 to 90000 milliseconds are wanted");
	}
	return result;
}

static int operand(struct in *in, enum operand operand, struct step *step)
{
	look(in);
	switch (operand) {
	case OPERAND_FAMILY:
		return word(in, family_words, &step->number);
	case OPERAND_TYPE:
		return word(in, type_words, &step->second);
	case OPERAND_PROTOCOL:
		return in->size == 0 ? 0 : whole(in, 0, &step->third);
	case OPERAND_PLACE:
		return place(in, &step->place);
	case OPERAND_NUMBER:
		return whole(in, 0, &step->number);
	case OPERAND_HOW:
		return word(in, how_words, &step->number);
	case OPERAND_NAME:
		return length(in, true, &step->length);
	case OPERAND_LENGTH:
		return length(in, false, &step->length);
	case OPERAND_PEEK:
		step->peek = is(in, "peek");
		if (step->peek)
			take(in);
		return 0;
	case OPERAND_OPTION:
		return option(in, &step->option);
	case OPERAND_VALUE:
		return value(in, step);
	case OPERAND_PARTS:
		return list(in, step->u.part, PARTS, &step->count);
	case OPERAND_OFFSET:
		if (in->size == 0 || in->token[0] != '@')
			return wrong(in, "an offset is wanted: @0");
		return whole(in, 1, &step->second);
	case OPERAND_POLLED:
		return polled(in, step);
	case OPERAND_LIMIT:
		return limit(in, &step->number);
	case OPERAND_END:
		break;
	}
	return 0;
}

/* "s2=s0 accept", up to the name of the call. */
static int head(struct in *in, struct step *step)
{
	look(in);
	if (slot(in, 0, &step->made) && in->size > 2 && in->token[2] == '=') {
		in->at = in->token + 3;
		look(in);
	} else {
		step->made = SLOT_NONE;
	}
	if (is(in, "file")) {
		step->slot = SLOT_FILE;
		take(in);
		look(in);
	} else if (in->size == 2 && slot(in, 0, &step->slot)) {
		take(in);
		look(in);
	}
	return 0;
}

static int one(struct in *in, struct step *step)
{
	const struct call_form *form;
	int entry, result;
	*step = (struct step){ .slot = SLOT_NONE, .made = SLOT_NONE, .length = LENGTH_RIGHT };
	head(in, step);
	entry = vet_entry_find(in->token, in->size);
	form = entry < 0 ? NULL : call_form((unsigned)entry);
	if (form == NULL)
		return wrong(in, "a call is wanted");
	if (form->makes != (step->made != SLOT_NONE))
		return wrong(in, form->makes ? "it makes a socket: s0= is missing before it"
					     : "it makes no socket");
	if (form->names != (step->slot != SLOT_NONE) ||
	    (step->slot == SLOT_FILE && form->entry != VET_CALL_pread))
		return wrong(in, form->names ? "a socket is missing before it" : "it names none");
	step->entry = form->entry;
	take(in);
	for (const uint8_t *next = form->operand; *next != OPERAND_END; next++) {
		result = operand(in, (enum operand) * next, step);
		if (result < 0)
			return result;
	}
	look(in);
	return in->size == 0 ? 0 : wrong(in, "nothing more is wanted");
}

int program_parse(struct program *program, const char *text, struct vet_text_error *error)
{
	struct in in = { .text = text, .at = text, .error = error };
	*error = (struct vet_text_error){ 0 };
	program->count = 0;
	for (look(&in); *in.at != '\0'; look(&in)) {
		int result;
		if (program->count == STEPS)
			return wrong(&in, "too many steps");
		result = one(&in, &program->step[program->count]);
		if (result < 0)
			return result;
		program->count++;
		if (*in.at == ';')
			in.at++;
	}
	return 0;
}
