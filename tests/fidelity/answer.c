/* SPDX-License-Identifier: 0BSD */
/* Answers of calls: what differs between two of them, and as text. */
#include "run.h"
#include "text.h"

#include <arpa/inet.h>
#include <string.h>

#include <vetsock/error.h>

/* Linux's timers are as much as an eighth late (its timer wheel), and a busy machine later. */
static bool time_differs(const struct answer *a, const struct answer *b)
{
	int32_t less = a->elapsed < b->elapsed ? a->elapsed : b->elapsed;
	int32_t more = a->elapsed < b->elapsed ? b->elapsed : a->elapsed;
	return more - less > 200 + (a->at > b->at ? a->at : b->at) / 8;
}

const char *answer_differs(const struct step *step, const struct answer *a, const struct answer *b)
{
	if (a->result != b->result)
		return "result";
	if (memcmp(a->revents, b->revents, step->count * sizeof(a->revents[0])) != 0 &&
	    step->entry == VET_CALL_poll)
		return "revents";
	if (a->bytes != b->bytes)
		return "bytes";
	if (a->length != b->length)
		return "length";
	if (memcmp(a->value, b->value, sizeof(a->value)) != 0)
		return "value";
	if (memcmp(&a->name, &b->name, sizeof(a->name)) != 0)
		return "name";
	if (a->truncated != b->truncated)
		return "truncated";
	if (a->offset != b->offset)
		return "offset";
	if (a->local_length != b->local_length ||
	    memcmp(&a->local, &b->local, sizeof(a->local)) != 0)
		return "local";
	if (time_differs(a, b))
		return "time";
	return NULL;
}

/* How much a call was to move; -1: it moves nothing. */
static int64_t asked(const struct step *step)
{
	int64_t sum = 0;
	switch (step->entry) {
	case VET_CALL_send:
	case VET_CALL_sendto:
	case VET_CALL_sendfile:
	case VET_CALL_recv:
	case VET_CALL_recvfrom:
	case VET_CALL_pread:
		return step->number;
	case VET_CALL_sendv:
		for (unsigned i = 0; i < step->count; i++)
			sum += step->u.part[i];
		return sum;
	default:
		return -1;
	}
}

const char *answer_class(const struct step *step, const struct answer *answer)
{
	int64_t wanted = asked(step);
	if (answer->result < 0)
		return vet_error_name((int)answer->result);
	if (answer->result == 0)
		return wanted == 0 ? "all" : "0";
	if (wanted < 0)
		return "n";
	return answer->result == wanted ? "all" : "part";
}

const char *state_name(const struct answer *answer)
{
	/* TCP_ESTABLISHED = 1, ... of <netinet/tcp.h>. */
	static const char *const states[] = {
		"-",         "ESTABLISHED", "SYN_SENT",   "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2",
		"TIME_WAIT", "CLOSE",       "CLOSE_WAIT", "LAST_ACK", "LISTEN",    "CLOSING",
	};
	if (answer->kind == OPTION_DATAGRAM)
		return "datagram";
	return answer->state < sizeof(states) / sizeof(states[0]) ? states[answer->state] : "?";
}

/* ---- text ---- */

/* As name.c made it symbolic. */
static void put_port(struct out *out, uint16_t port)
{
	if (port >= SYMBOL_EPHEMERAL && port < SYMBOL_EPHEMERAL + EPHEMERALS)
		put(out, ":e%u", (unsigned)(port - SYMBOL_EPHEMERAL));
	else if (port >= SYMBOL_PORT && port < SYMBOL_PORT + PORTS)
		put(out, ":p%u", (unsigned)(port - SYMBOL_PORT));
	else
		put(out, ":%u", port);
}

static void put_name(struct out *out, const struct sockaddr_in6 *name)
{
	char text[INET6_ADDRSTRLEN];
	struct sockaddr_in in;
	memcpy(&in, name, sizeof(in));
	if (name->sin6_family == AF_INET) {
		uint32_t address = ntohl(in.sin_addr.s_addr);
		if (address >= SYMBOL_PARTY && address < SYMBOL_PARTY + PARTIES)
			put(out, " %c", (int)('A' + (address - SYMBOL_PARTY)));
		else
			put(out, " %s", inet_ntop(AF_INET, &in.sin_addr, text, sizeof(text)));
	} else if (name->sin6_family == AF_INET6) {
		put(out, " %s", inet_ntop(AF_INET6, &name->sin6_addr, text, sizeof(text)));
		if (name->sin6_scope_id != 0)
			put(out, "%%%u", name->sin6_scope_id);
	} else {
		put(out, " family %d", name->sin6_family);
	}
	put_port(out, ntohs(name->sin6_port));
}

static void put_value(struct out *out, const struct answer *answer)
{
	int32_t pair[VALUE_ROOM / 4];
	memcpy(pair, answer->value, sizeof(pair));
	if (answer->length == 8)
		put(out, " %d,%d", (int)pair[0], (int)pair[1]);
	else if (answer->length > 0)
		put(out, " %d", (int)pair[0]);
	put(out, " /%d", (int)answer->length);
}

static void put_revents(struct out *out, short revents)
{
	const char *between = " ";
	if (revents == 0)
		put(out, " 0");
	for (const struct word *word = event_words; word->text != NULL; word++) {
		if (revents & word->number) {
			put(out, "%s%s", between, word->text);
			between = ",";
		}
	}
}

void answer_print(const struct step *step, const struct answer *answer, char *text, size_t size)
{
	struct out out = { text, size, 0 };
	if (answer->result < 0)
		put(&out, "%s", vet_error_name((int)answer->result));
	else
		put(&out, "%lld", (long long)answer->result);
	if (answer->bytes != 0)
		put(&out, " #%04x", (unsigned)(answer->bytes & 0xffff));
	if (step->entry == VET_CALL_getsockopt && answer->length >= 0)
		put_value(&out, answer);
	else if (answer->length >= 0) {
		put_name(&out, &answer->name);
		put(&out, " /%d", (int)answer->length);
	}
	if (answer->truncated)
		put(&out, " truncated");
	if (answer->local_length >= 0) {
		put(&out, " at");
		put_name(&out, &answer->local);
	}
	for (unsigned i = 0; step->entry == VET_CALL_poll && i < step->count; i++)
		put_revents(&out, answer->revents[i]);
	if (answer->elapsed > 0)
		put(&out, " after %d ms", (int)answer->elapsed);
}

void answer_kind(const struct step *step, const struct answer *a, const struct answer *b,
		 char *text, size_t size)
{
	const char *field = answer_differs(step, a, b);
	struct out out = { text, size, 0 };
	put(&out, "%s", vet_entry_name(step->entry));
	if (step->entry == VET_CALL_getsockopt || step->entry == VET_CALL_setsockopt)
		put(&out, " %s", option_rows[step->option].name);
	put(&out, " %s:", field == NULL ? "nothing" : field);
	if (field != NULL && strcmp(field, "revents") == 0) {
		unsigned i = 0;
		while (a->revents[i] == b->revents[i])
			i++;
		put_revents(&out, a->revents[i]);
		put(&out, " /");
		put_revents(&out, b->revents[i]);
		return;
	}
	put(&out, " %s / %s", answer_class(step, a), answer_class(step, b));
}
