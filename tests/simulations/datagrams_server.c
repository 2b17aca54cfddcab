/* SPDX-License-Identifier: 0BSD */
/* The server of datagrams: one socket for both families; now and then it is closed for a while. */
#include "datagrams.h"

enum {
	LOOK_AROUND = 1000, /* milliseconds */
	SHUT = 80,          /* likewise, that nobody has its port */
	BUFFER = 2304,      /* bytes: Linux's least, of the sink */
};

uint64_t datagrams_answer(const struct request *question)
{
	return question->number * 7 + question->value;
}

size_t datagrams_put(unsigned char *data, const struct request *request)
{
	request_put(data, request);
	play_fill(data + REQUEST_HEAD, request->size, request->number, 0);
	return REQUEST_HEAD + (size_t)request->size;
}

bool datagrams_get(struct play *play, const unsigned char *data, size_t size,
		   struct request *request)
{
	*request = (struct request){ 0 };
	if (size >= REQUEST_HEAD)
		request_get(data, request);
	if (size == REQUEST_HEAD + (size_t)request->size &&
	    play_is_filled(data + REQUEST_HEAD, request->size, request->number, 0))
		return true;
	play_fail(play, "a datagram came other than it was sent", (int64_t)size);
	return false;
}

/* A question that came before is answered, and not counted again: it was asked again, or the
 * network doubled it. */
static void count(struct datagrams *datagrams, const struct request *question)
{
	uint32_t client = (uint32_t)(question->number >> 32), k = (uint32_t)question->number;
	uint32_t *booked = &datagrams->client[client < datagrams->clients ? client : 0].booked;
	if (client >= datagrams->clients || k > *booked)
		play_fail(&datagrams->play, "a question that nobody asked",
			  (int64_t)question->number);
	else if (k == *booked)
		++*booked;
}

static int answer_one(struct datagrams *datagrams, struct wire *wire)
{
	unsigned char data[REQUEST_HEAD + DATAGRAMS_MOST];
	struct request question;
	struct vet_address from;
	bool truncated;
	ssize_t n;
	wire_limit(wire, VET_MILLISECONDS(LOOK_AROUND));
	n = wire_receive_from(wire, data, sizeof data, &from, &truncated);
	if (n < 0)
		return (int)n;
	play_check(&datagrams->play, !truncated && from.ip.family == 6 && from.port != 0);
	if (n == 0) /* who says nothing hears nothing */
		return (int)wire_send_to(wire, data, 0, &from);
	if (!datagrams_get(&datagrams->play, data, (size_t)n, &question))
		return 0;
	count(datagrams, &question);
	question.value = datagrams_answer(&question);
	question.size = (uint32_t)(question.left % DATAGRAMS_MOST);
	n = (ssize_t)datagrams_put(data, &question);
	return (int)wire_send_to(wire, data, (size_t)n, &from);
}

static int open_at(struct wire *wire, struct play *play, struct vet_sys *sys, uint16_t port)
{
	struct vet_address any = { .ip.family = 6, .port = port };
	int result = wire_datagram(wire, play, sys, 6);
	if (result < 0)
		return result;
	wire_set(wire, vet_socket_set_only_ipv6(&wire->s, false));
	result = wire_bind(wire, &any);
	if (result < 0)
		wire_close(wire);
	return result;
}

/* What goes wrong with one datagram is no reason to stop: an answer that cannot be sent is asked
 * for again. */
static void serve_for_a_while(struct datagrams *datagrams, struct wire *wire)
{
	struct play *play = &datagrams->play;
	int result = 0;
	while (!play_is_over(result) && play->left > 0 && play_choose(play, 20) > 0)
		result = answer_one(datagrams, wire);
	wire_close(wire);
}

void datagrams_serve(struct vet_sys *sys, void *context)
{
	struct datagrams *datagrams = context;
	struct wire wire;
	do
		if (open_at(&wire, &datagrams->play, sys, DATAGRAMS_PORT) == 0) {
			datagrams->served = &wire;
			serve_for_a_while(datagrams, &wire);
			datagrams->served = NULL;
		}
	while (play_nap(&datagrams->play, sys, SHUT) && datagrams->play.left > 0);
}

/* Shares the server's socket: a datagram wakes both, and one of them in vain. */
void datagrams_help(struct vet_sys *sys, void *context)
{
	struct datagrams *datagrams = context;
	struct play *play = &datagrams->play;
	while (play->left > 0 && play_nap(play, sys, SHUT)) {
		struct wire wire = { .play = play, .due = INT64_MAX };
		if (datagrams->served == NULL ||
		    vet_socket_try_clone(&datagrams->served->s, &wire.s) < 0)
			continue;
		serve_for_a_while(datagrams, &wire);
	}
}

/* Has a small buffer, and reads nothing of it. */
void datagrams_sink(struct vet_sys *sys, void *context)
{
	struct datagrams *datagrams = context;
	struct wire wire;
	int result = open_at(&wire, &datagrams->play, sys, DATAGRAMS_SINK_PORT);
	if (result < 0)
		return;
	wire_set(&wire, vet_socket_set_receive_buffer_size(&wire.s, BUFFER));
	while (datagrams->play.left > 0 && play_pause(sys, VET_SECONDS(1)))
		;
	wire_close(&wire);
}
