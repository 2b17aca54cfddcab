/* SPDX-License-Identifier: 0BSD */
/* Programs as text. */
#include "text.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static const struct call_form forms[] = {
	{ VET_CALL_socket, false, true, { OPERAND_FAMILY, OPERAND_TYPE, OPERAND_PROTOCOL } },
	{ VET_CALL_adopt, true, false, { OPERAND_END } },
	{ VET_CALL_close, true, false, { OPERAND_END } },
	{ VET_CALL_dup, true, true, { OPERAND_END } },
	{ VET_CALL_bind, true, false, { OPERAND_PLACE } },
	{ VET_CALL_connect, true, false, { OPERAND_PLACE } },
	{ VET_CALL_listen, true, false, { OPERAND_NUMBER } },
	{ VET_CALL_accept, true, true, { OPERAND_NAME } },
	{ VET_CALL_shutdown, true, false, { OPERAND_HOW } },
	{ VET_CALL_getsockname, true, false, { OPERAND_NAME } },
	{ VET_CALL_getpeername, true, false, { OPERAND_NAME } },
	{ VET_CALL_getsockopt, true, false, { OPERAND_OPTION, OPERAND_LENGTH } },
	{ VET_CALL_setsockopt, true, false, { OPERAND_OPTION, OPERAND_VALUE, OPERAND_LENGTH } },
	{ VET_CALL_recv, true, false, { OPERAND_NUMBER, OPERAND_PEEK } },
	{ VET_CALL_send, true, false, { OPERAND_NUMBER } },
	{ VET_CALL_recvfrom, true, false, { OPERAND_NUMBER, OPERAND_PEEK, OPERAND_NAME } },
	{ VET_CALL_sendto, true, false, { OPERAND_NUMBER, OPERAND_PLACE } },
	{ VET_CALL_sendv, true, false, { OPERAND_PARTS } },
	{ VET_CALL_pread, true, false, { OPERAND_NUMBER, OPERAND_OFFSET } },
	{ VET_CALL_sendfile, true, false, { OPERAND_NUMBER, OPERAND_OFFSET } },
	{ VET_CALL_poll, false, false, { OPERAND_POLLED, OPERAND_LIMIT } },
	{ VET_CALL_now, false, false, { OPERAND_END } },
	{ VET_CALL_realloc, false, false, { OPERAND_NUMBER } },
	{ VET_CALL_interface_index, false, false, { OPERAND_NUMBER } },
};

const struct word family_words[] = {
	{ "4", AF_INET }, { "6", AF_INET6 }, { "unix", AF_UNIX }, { NULL, 0 }
};
const struct word type_words[] = {
	{ "stream", SOCK_STREAM }, { "datagram", SOCK_DGRAM }, { "raw", SOCK_RAW }, { NULL, 0 }
};
const struct word how_words[] = {
	{ "read", SHUT_RD }, { "write", SHUT_WR }, { "both", SHUT_RDWR }, { NULL, 0 }
};
const struct word event_words[] = {
	{ "in", POLLIN },         { "pri", POLLPRI },       { "out", POLLOUT },
	{ "err", POLLERR },       { "hup", POLLHUP },       { "nval", POLLNVAL },
	{ "rdnorm", POLLRDNORM }, { "rdband", POLLRDBAND }, { "wrnorm", POLLWRNORM },
	{ "wrband", POLLWRBAND }, { "rdhup", POLLRDHUP },   { NULL, 0 },
};
const char *const host_words[HOSTS] = {
	[HOST_A] = "A",       [HOST_B] = "B",           [HOST_C] = "C",
	[HOST_ANY] = "any",   [HOST_LOOP] = "loop",     [HOST_FOREIGN] = "foreign",
	[HOST_SOCKET] = "s",  [HOST_UNSPEC] = "unspec", [HOST_ALIEN] = "alien",
	[HOST_NONE] = "none",
};

const struct call_form *call_form(unsigned entry)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (forms[i].entry == entry)
			return &forms[i];
	return NULL;
}

void put(struct out *out, const char *format, ...)
{
	va_list arguments;
	int n;
	va_start(arguments, format);
	n = vsnprintf(out->text + out->used, out->size - out->used, format, arguments);
	va_end(arguments);
	if (n > 0)
		out->used +=
			(size_t)n < out->size - out->used ? (size_t)n : out->size - out->used - 1;
}

static void put_word(struct out *out, const struct word *words, int32_t number)
{
	for (; words->text != NULL; words++) {
		if (words->number == number) {
			put(out, " %s", words->text);
			return;
		}
	}
	put(out, " #%d", (int)number);
}

static void put_place(struct out *out, const struct place *place)
{
	put(out, " %s%s", place->form == FORM_MAPPED ? "m:" : "", host_words[place->host]);
	if (place->host == HOST_SOCKET)
		put(out, "%u", place->slot);
	else if (place->form == FORM_6)
		put(out, "6");
	if (place->host < HOST_SOCKET) {
		if (place->port >= PORT_OF)
			put(out, ":s%u", place->port - PORT_OF);
		else if (place->port >= PORT_P0)
			put(out, ":p%u", place->port - PORT_P0);
		else
			put(out, ":0");
	}
	if (place->length != LENGTH_RIGHT)
		put(out, "/%d", place->length);
}

static void put_polled(struct out *out, const struct polled *polled)
{
	const char *between = ":";
	if (polled->slot >= SLOTS)
		put(out, " -");
	else
		put(out, " s%u", polled->slot);
	if (polled->events == (short)ALL_EVENTS)
		return;
	if (polled->events == 0)
		put(out, ":0");
	for (const struct word *word = event_words; word->text != NULL; word++) {
		if (polled->events & word->number) {
			put(out, "%s%s", between, word->text);
			between = ",";
		}
	}
}

static void put_length(struct out *out, int length)
{
	if (length == NAME_NONE)
		put(out, " noname");
	else if (length != LENGTH_RIGHT)
		put(out, " /%d", length);
}

static void put_value(struct out *out, const struct step *step)
{
	put(out, " %d", (int)step->number);
	if (option_rows[step->option].size == 8)
		put(out, ",%d", (int)step->second);
}

static void put_operand(struct out *out, enum operand operand, const struct step *step)
{
	switch (operand) {
	case OPERAND_FAMILY:
		put_word(out, family_words, step->number);
		break;
	case OPERAND_TYPE:
		put_word(out, type_words, step->second);
		break;
	case OPERAND_PROTOCOL:
		if (step->third != 0)
			put(out, " %d", (int)step->third);
		break;
	case OPERAND_PLACE:
		put_place(out, &step->place);
		break;
	case OPERAND_NUMBER:
		put(out, " %d", (int)step->number);
		break;
	case OPERAND_HOW:
		put_word(out, how_words, step->number);
		break;
	case OPERAND_NAME:
	case OPERAND_LENGTH:
		put_length(out, step->length);
		break;
	case OPERAND_PEEK:
		put(out, "%s", step->peek ? " peek" : "");
		break;
	case OPERAND_OPTION:
		put(out, " %s", option_rows[step->option].name);
		break;
	case OPERAND_VALUE:
		put_value(out, step);
		break;
	case OPERAND_PARTS:
		for (unsigned i = 0; i < step->count; i++)
			put(out, "%s%d", i == 0 ? " " : ",", (int)step->u.part[i]);
		break;
	case OPERAND_OFFSET:
		put(out, " @%d", (int)step->second);
		break;
	case OPERAND_POLLED:
		for (unsigned i = 0; i < step->count; i++)
			put_polled(out, &step->u.polled[i]);
		break;
	case OPERAND_LIMIT:
		if (step->number != 0)
			put(out, " @%d", (int)step->number);
		break;
	case OPERAND_END:
		break;
	}
}

static void put_step(struct out *out, const struct step *step)
{
	const struct call_form *form = call_form(step->entry);
	if (form->makes)
		put(out, "s%u=", step->made);
	if (form->names && step->slot == SLOT_FILE)
		put(out, "file ");
	else if (form->names)
		put(out, "s%u ", step->slot);
	put(out, "%s", vet_entry_name(step->entry));
	for (const uint8_t *operand = form->operand; *operand != OPERAND_END; operand++)
		put_operand(out, (enum operand) * operand, step);
}

void step_print(const struct step *step, char *text, size_t size)
{
	struct out out = { text, size, 0 };
	put_step(&out, step);
}

void program_print(const struct program *program, char *text, size_t size)
{
	struct out out = { text, size, 0 };
	text[0] = '\0';
	for (uint32_t i = 0; i < program->count; i++) {
		put(&out, "%s", i == 0 ? "" : "; ");
		put_step(&out, &program->step[i]);
	}
}
